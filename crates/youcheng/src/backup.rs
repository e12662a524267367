//! A whole node in one file: every table as lines of JSON, every attachment, and a manifest that counts and hashes them.
//!
//! The file knows nothing of the engine it came from, so it goes back into either.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
};

use anyhow::{Context, Result, bail, ensure};
use basis::Moment;
use indicatif::ProgressBar;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Blobs, Db, Engine, Migrations, Refill, StoreFault, TableShape, journal};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::private_file;

/// What a backup file is, for programs of later years.
const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";

/// What a backup holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// The program that made it.
    pub program: String,
    pub made_at: Moment,
    pub engine: String,
    pub journal: JournalHead,
    pub steps: Vec<AppliedStep>,
    pub tables: Vec<Table>,
    pub attachments: Vec<Attachment>,
}
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalHead {
    pub size: u64,
    pub root: String,
}
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AppliedStep {
    pub room: String,
    pub name: String,
    pub sha256: String,
}
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Table {
    #[serde(flatten)]
    pub shape: TableShape,
    pub rows: u64,
    pub sha256: String,
}
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attachment {
    pub key: String,
    pub size: u64,
    pub sha256: String,
    /// It was gone when the backup was made; `verify` of the node says so, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub missing: bool,
}

fn place_of_table(name: &str) -> String {
    format!("tables/{name}.jsonl")
}
fn place_of_blob(key: &str) -> String {
    format!("attachments/{key}")
}

/// Writes through, counts the hash along the way.
struct Hashed<W> {
    inner: W,
    hash: Sha256,
}
impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        let n = self.inner.write(buf)?;
        self.hash.update(&buf[..n]);
        Ok(n)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

/// Backs a node up while it runs: one snapshot of the store, then the attachments that it names. The file appears
/// whole or not at all.
///
/// # Errors
/// When the file is there already or cannot be written, or the store does not answer.
pub async fn write(db: &Db, blobs: &Blobs, target: &Path, bar: &ProgressBar) -> Result<Manifest> {
    ensure!(!target.exists(), "{} is there already", target.display());
    let aside = target.with_extension("part");
    let written = write_aside(db, blobs, &aside, bar).await;
    match written {
        Ok(manifest) => {
            std::fs::rename(&aside, target).with_context(|| target.display().to_string())?;
            Ok(manifest)
        }
        Err(e) => {
            let _ = std::fs::remove_file(&aside);
            Err(e)
        }
    }
}
async fn write_aside(db: &Db, blobs: &Blobs, aside: &Path, bar: &ProgressBar) -> Result<Manifest> {
    let file = private_file::create(aside).with_context(|| aside.display().to_string())?;
    let mut zip = ZipWriter::new(std::io::BufWriter::new(file));
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .large_file(true);
    let tx = db.begin_read().await?;
    let size = journal::size(&tx).await?;
    let mut manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").into(),
        made_at: db.now(),
        engine: match db.engine() {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        }
        .into(),
        journal: JournalHead {
            size,
            root: journal::root(&tx, size).await?.to_string(),
        },
        steps: store::applied_steps(&tx)
            .await?
            .into_iter()
            .map(|s| AppliedStep {
                room: s.room,
                name: s.name,
                sha256: s.sha256,
            })
            .collect(),
        tables: Vec::new(),
        attachments: Vec::new(),
    };
    let shapes = store::shapes(&tx, db.engine()).await?;
    let kept = store::blob_rows(&tx).await?;
    bar.set_length((shapes.len() + kept.len()) as u64);
    for shape in shapes {
        bar.set_message(shape.name.clone());
        zip.start_file(place_of_table(&shape.name), options)?;
        let mut out = Hashed {
            inner: &mut zip,
            hash: Sha256::new(),
        };
        let rows = store::dump_table(&tx, &shape, |row| {
            let mut line = serde_json::to_vec(&row).map_err(|e| StoreFault::Other(e.to_string()))?;
            line.push(b'\n');
            out.write_all(&line).map_err(|e| StoreFault::Other(e.to_string()))
        })
        .await?;
        let sha256 = hex::encode(out.hash.finalize());
        manifest.tables.push(Table { shape, rows, sha256 });
        bar.inc(1);
    }
    // What attachments hold never changes, so they may be read after the snapshot has ended.
    drop(tx);
    for row in kept {
        bar.set_message(row.blob_key.clone());
        let found = blobs.bytes_at(&row.blob_key).await?;
        if let Some(bytes) = &found {
            zip.start_file(place_of_blob(&row.blob_key), options)?;
            zip.write_all(bytes)?;
        }
        manifest.attachments.push(Attachment {
            key: row.blob_key,
            size: found.as_ref().map_or(row.size as u64, |b| b.len() as u64),
            sha256: found.as_ref().map_or(row.sha256, |b| hex::encode(Sha256::digest(b))),
            missing: found.is_none(),
        });
        bar.inc(1);
    }
    zip.start_file(MANIFEST, options)?;
    zip.write_all(&serde_json::to_vec_pretty(&manifest)?)?;
    let file = zip.finish()?.into_inner().map_err(|e| e.into_error())?;
    // A backup that a power cut can take is none.
    file.sync_all()?;
    Ok(manifest)
}

/// Puts a backup into a blank store, all of it or nothing.
///
/// # Errors
/// When the store is not blank, or the file is not what its manifest says.
pub async fn restore(
    source: &Path,
    db: &Db,
    blobs: &Blobs,
    rooms: &[Migrations],
    bar: &ProgressBar,
) -> Result<Manifest> {
    ensure!(
        store::is_blank(db).await?,
        "the store is not empty: a backup is restored into a new one only"
    );
    let restored = refill(source, db, blobs, rooms, bar).await;
    if restored.is_err() {
        store::unmake(db).await?;
    }
    restored
}
async fn refill(source: &Path, db: &Db, blobs: &Blobs, rooms: &[Migrations], bar: &ProgressBar) -> Result<Manifest> {
    let file = File::open(source).with_context(|| source.display().to_string())?;
    let mut zip =
        ZipArchive::new(BufReader::new(file)).with_context(|| format!("{} is no backup", source.display()))?;
    let manifest: Manifest = {
        let mut text = String::new();
        zip.by_name(MANIFEST)
            .with_context(|| format!("{} is no backup: it has no manifest", source.display()))?
            .read_to_string(&mut text)?;
        serde_json::from_str(&text).context("the manifest")?
    };
    ensure!(
        manifest.format <= FORMAT,
        "the backup was made by a newer program ({})",
        manifest.program
    );
    bar.set_length((manifest.tables.len() + manifest.attachments.len()) as u64);
    let steps: Vec<(String, String)> = manifest
        .steps
        .iter()
        .map(|s| (s.room.clone(), s.name.clone()))
        .collect();
    let refill = Refill::begin(db, rooms, &steps).await?;
    for table in &manifest.tables {
        bar.set_message(table.shape.name.clone());
        fill(&refill, &mut zip, table).await?;
        bar.inc(1);
    }
    for a in manifest.attachments.iter().filter(|a| !a.missing) {
        bar.set_message(a.key.clone());
        let mut bytes = Vec::with_capacity(usize::try_from(a.size).unwrap_or(0).min(64 * 1024 * 1024));
        zip.by_name(&place_of_blob(&a.key))
            .with_context(|| format!("attachment {}", a.key))?
            .read_to_end(&mut bytes)?;
        ensure!(
            hex::encode(Sha256::digest(&bytes)) == a.sha256,
            "attachment {} is not what the manifest says",
            a.key
        );
        blobs.put_back(&a.key, bytes.into()).await?;
        bar.inc(1);
    }
    refill
        .finish()
        .await
        .context("rows name others that are not in the backup")?;
    let size = journal::size(db).await?;
    let root = journal::root(db, size).await?.to_string();
    if manifest.journal != (JournalHead { size, root }) {
        bail!("the restored journal is not the one that was backed up");
    }
    Ok(manifest)
}
/// Rows handed to the store at once.
const AT_ONCE: usize = 500;
async fn fill(refill: &Refill, zip: &mut ZipArchive<BufReader<File>>, table: &Table) -> Result<()> {
    let name = &table.shape.name;
    let mut hash = Sha256::new();
    let (mut seen, mut at_once) = (0_u64, Vec::with_capacity(AT_ONCE));
    let mut lines = BufReader::new(
        zip.by_name(&place_of_table(name))
            .with_context(|| format!("table {name}"))?,
    );
    let mut line = String::new();
    while lines.read_line(&mut line)? > 0 {
        hash.update(line.as_bytes());
        let row: Vec<serde_json::Value> =
            serde_json::from_str(line.trim_end()).with_context(|| format!("table {name}, row {}", seen + 1))?;
        at_once.push(row);
        seen += 1;
        if at_once.len() == AT_ONCE {
            refill.fill(name, &table.shape.columns, &at_once).await?;
            at_once.clear();
        }
        line.clear();
    }
    refill.fill(name, &table.shape.columns, &at_once).await?;
    ensure!(
        seen == table.rows && hex::encode(hash.finalize()) == table.sha256,
        "table {name} is not what the manifest says"
    );
    Ok(())
}
