//! Attachments: in a local folder or an S3-compatible store. Names are never trusted, content is looked at, and what
//! is served cannot run.

use std::{path::PathBuf, sync::Arc};

use basis::{AccountId, AttachmentId, Fail, Kind, Moment, Refusal, clean_line};
use object_store::{ObjectStore, ObjectStoreExt, path::Path as Key};
use sha2::{Digest, Sha256};

use crate::{Db, Query, StoreFault, Tx, row, vals};

#[derive(Clone, Debug)]
pub enum BlobsConfig {
    Folder(PathBuf),
    S3 {
        endpoint: String,
        bucket: String,
        region: String,
        key_id: String,
        secret: String,
        allow_http: bool,
    },
}

/// What may be handed in.
#[derive(Clone, Copy, Debug)]
pub struct UploadLimits {
    pub bytes: usize,
}
impl Default for UploadLimits {
    fn default() -> Self {
        UploadLimits {
            bytes: 20 * 1024 * 1024,
        }
    }
}

/// A file as a person handed it in.
#[derive(Clone, Debug)]
pub struct Upload {
    pub name: String,
    pub bytes: bytes::Bytes,
}

/// A file whose bytes lie in their place, and which no row names yet.
#[derive(Clone, Debug)]
pub struct Placed {
    file_name: String,
    media_type: &'static str,
    size: i64,
    sha256: String,
    blob_key: String,
}

row! {
    /// A kept file.
    pub struct Kept {
        pub id: AttachmentId, pub object_kind: String, pub object_id: String, pub file_name: String, pub media_type: String,
        pub size: i64, pub sha256: String, pub blob_key: String, pub account: Option<AccountId>, pub at: Moment,
    }
}

#[derive(Clone)]
pub struct Blobs(pub(crate) Arc<dyn ObjectStore>);

/// The kinds that are kept, each by what the bytes say, not by the name. No HTML, no SVG, nothing that runs.
fn media_type(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let kind = infer::get(bytes);
    let found = match kind.map(|k| k.mime_type()) {
        Some("image/png") => ("image/png", "png"),
        Some("image/jpeg") => ("image/jpeg", "jpg"),
        Some("image/gif") => ("image/gif", "gif"),
        Some("image/webp") => ("image/webp", "webp"),
        Some("application/pdf") => ("application/pdf", "pdf"),
        Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document") => (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "docx",
        ),
        Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet") => (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
        ),
        Some("application/vnd.openxmlformats-officedocument.presentationml.presentation") => (
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "pptx",
        ),
        Some("application/vnd.oasis.opendocument.text") => ("application/vnd.oasis.opendocument.text", "odt"),
        Some(_) => return None,
        None => {
            // Plain text: valid UTF-8, no control characters, and not markup by its first sign.
            let s = std::str::from_utf8(bytes).ok()?;
            let start = s.trim_start_matches('\u{feff}').trim_start();
            let markup = start.starts_with('<');
            let control = s.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
            if markup || control || s.is_empty() {
                return None;
            }
            ("text/plain", "txt")
        }
    };
    Some(found)
}

/// A name safe in a header and in any folder, with the ending that the content earns.
fn safe_name(name: &str, ending: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or("");
    let base: String = clean_line(base)
        .chars()
        .map(|c| {
            if c.is_control() || "\"<>:|?*;%".contains(c) {
                '_'
            } else {
                c
            }
        })
        .collect();
    let stem = base
        .rsplit_once('.')
        .map_or(base.as_str(), |(s, _)| s)
        .trim_matches(['.', ' ']);
    let stem: String = stem.chars().take(80).collect();
    format!("{}.{ending}", if stem.is_empty() { "file" } else { &stem })
}

impl Blobs {
    pub fn open(config: &BlobsConfig) -> Result<Blobs, StoreFault> {
        let other = |e: &dyn std::fmt::Display| StoreFault::Other(format!("attachments: {e}"));
        Ok(Blobs(match config {
            BlobsConfig::Folder(path) => {
                std::fs::create_dir_all(path).map_err(|e| other(&e))?;
                Arc::new(
                    object_store::local::LocalFileSystem::new_with_prefix(path)
                        .map_err(|e| other(&e))?
                        .with_fsync(true),
                )
            }
            BlobsConfig::S3 {
                endpoint,
                bucket,
                region,
                key_id,
                secret,
                allow_http,
            } => Arc::new(
                object_store::aws::AmazonS3Builder::new()
                    .with_endpoint(endpoint)
                    .with_bucket_name(bucket)
                    .with_region(region)
                    .with_access_key_id(key_id)
                    .with_secret_access_key(secret)
                    .with_allow_http(*allow_http)
                    .build()
                    .map_err(|e| other(&e))?,
            ),
        }))
    }
    /// Looks at a file and lays its bytes down under their hash. This is done before the transaction that keeps it: a slow
    /// store of files must not hold the lock that every writer waits for. Whoever calls it has asked the gate first; bytes
    /// that no row comes to name are swept away ([`sweep_orphans`]).
    ///
    /// # Errors
    /// Refuses at `field` what is empty, too large or of a kind that is not kept; a fault if the bytes cannot be laid down.
    pub async fn place(
        &self,
        db: &Db,
        field: &'static str,
        upload: &Upload,
        limits: UploadLimits,
    ) -> Result<Placed, Fail> {
        if upload.bytes.is_empty() {
            return Err(Refusal::at(field, "refusal-file-empty").into());
        }
        if upload.bytes.len() > limits.bytes {
            return Err(Refusal::at(field, "refusal-file-too-large")
                .with("max", (limits.bytes / 1024 / 1024) as i64)
                .into());
        }
        let Some((media_type, ending)) = media_type(&upload.bytes) else {
            return Err(Refusal::at(field, "refusal-file-kind").into());
        };
        let sha256 = hex::encode(Sha256::digest(&upload.bytes));
        let blob_key = format!("{}/{sha256}", &sha256[..2]);
        let tx = db.begin_plain().await?;
        tx.exec(
            "INSERT INTO laid_down (blob_key, at) VALUES ($1, $2) ON CONFLICT (blob_key) DO UPDATE SET at = excluded.at",
            vals![blob_key, db.now()],
        )
        .await?;
        tx.commit_plain().await?;
        self.0
            .put(&Key::from(blob_key.as_str()), upload.bytes.clone().into())
            .await
            .map_err(Fail::fault)?;
        Ok(Placed {
            file_name: safe_name(&upload.name, ending),
            media_type,
            size: upload.bytes.len() as i64,
            sha256,
            blob_key,
        })
    }
    /// All files of one hand-in, or none.
    ///
    /// # Errors
    /// As [`Blobs::place`].
    pub async fn place_all(
        &self,
        db: &Db,
        field: &'static str,
        uploads: &[Upload],
        limits: UploadLimits,
    ) -> Result<Vec<Placed>, Fail> {
        let mut out = Vec::with_capacity(uploads.len());
        for upload in uploads {
            out.push(self.place(db, field, upload, limits).await?);
        }
        Ok(out)
    }
    /// The bytes; a fault if they are gone or not the ones that were kept.
    pub async fn fetch(&self, kept: &Kept) -> Result<bytes::Bytes, Fail> {
        let bytes = self
            .0
            .get(&Key::from(kept.blob_key.as_str()))
            .await
            .map_err(Fail::fault)?
            .bytes()
            .await
            .map_err(Fail::fault)?;
        if hex::encode(Sha256::digest(&bytes)) != kept.sha256 {
            return Err(Fail::fault(format!("attachment {} is not what was kept", kept.id)));
        }
        Ok(bytes)
    }
    pub async fn find(&self, q: &impl Query, id: AttachmentId) -> Result<Option<Kept>, StoreFault> {
        q.one("SELECT * FROM attachment WHERE id = $1", vals![id]).await
    }
}
/// Keeps a placed file with its object: the row stands only if the transaction commits, and then its bytes are no orphan.
///
/// # Errors
/// A fault of the store.
pub async fn keep<T: Kind>(tx: &Tx, object: basis::Id<T>, placed: &Placed) -> Result<AttachmentId, StoreFault> {
    let id: AttachmentId = tx.fresh();
    let account = tx.act().and_then(|a| a.actor.account);
    tx.exec("DELETE FROM laid_down WHERE blob_key = $1", vals![placed.blob_key])
        .await?;
    tx.exec(
        "INSERT INTO attachment (id, object_kind, object_id, file_name, media_type, size, sha256, blob_key, account, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vals![id, T::NAME, object, placed.file_name, placed.media_type, placed.size, placed.sha256, placed.blob_key, account, tx.now()],
    )
    .await?;
    Ok(id)
}
/// Takes away bytes that were laid down before `before` and that no row came to name: of a hand-in that was refused, or
/// broken off. Only what this store wrote down as its own is touched. Returns how many went.
///
/// # Errors
/// When the store or the place of the files does not answer.
pub async fn sweep_orphans(db: &Db, blobs: &Blobs, before: Moment) -> Result<u64, StoreFault> {
    row! { struct Waiting { blob_key: String } }
    let waiting: Vec<Waiting> = db
        .all(
            "SELECT blob_key FROM laid_down WHERE at < $1 ORDER BY blob_key",
            vals![before],
        )
        .await?;
    let mut gone = 0;
    for Waiting { blob_key } in waiting {
        // One by one: whoever lays the same bytes down again waits for this row, and finds them gone or not at all.
        let tx = db.begin_plain().await?;
        let taken = "DELETE FROM laid_down WHERE blob_key = $1 AND at < $2";
        if tx.exec(taken, vals![blob_key, before]).await? == 1 {
            let named = "SELECT COUNT(*) AS n FROM attachment WHERE blob_key = $1";
            if tx.number(named, vals![blob_key]).await? == 0 {
                match blobs.0.delete(&Key::from(blob_key.as_str())).await {
                    Ok(()) => gone += 1,
                    Err(object_store::Error::NotFound { .. }) => {}
                    Err(e) => return Err(StoreFault::Other(format!("attachment {blob_key}: {e}"))),
                }
            }
        }
        tx.commit_plain().await?;
    }
    Ok(gone)
}
/// All files of these objects of one kind, oldest first.
pub async fn attachments_of<T: Kind>(q: &impl Query, objects: &[basis::Id<T>]) -> Result<Vec<Kept>, StoreFault> {
    if objects.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (0..objects.len()).map(|i| format!("${}", i + 2)).collect();
    let mut v = vals![T::NAME];
    v.extend(objects.iter().flat_map(|o| vals![*o]));
    q.all(
        &format!(
            "SELECT * FROM attachment WHERE object_kind = $1 AND object_id IN ({}) ORDER BY id",
            places.join(", ")
        ),
        v,
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn content_decides_and_markup_is_refused() {
        assert_eq!(media_type(b"%PDF-1.7 x").map(|m| m.1), Some("pdf"));
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n0000").map(|m| m.1), Some("png"));
        assert_eq!(media_type("你好".as_bytes()).map(|m| m.1), Some("txt"));
        for bad in [
            &b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>"[..],
            b" \n<!doctype html>",
            b"MZ\x90\x00",
            b"\x7fELF",
            b"a\0b",
            b"",
        ] {
            assert_eq!(media_type(bad), None, "{bad:?}");
        }
    }
    #[test]
    fn names_are_tamed() {
        assert_eq!(safe_name("../../etc/passwd", "txt"), "passwd.txt");
        assert_eq!(safe_name("报告\u{202e}fdp.exe", "pdf"), "报告fdp.pdf");
        assert_eq!(safe_name("C:\\x\\a\"b.html", "txt"), "a_b.txt");
        assert_eq!(safe_name("...", "txt"), "file.txt");
    }

    use crate::{Act, MIGRATIONS, Via};
    use object_store::{
        memory::InMemory,
        throttle::{ThrottleConfig, ThrottledStore},
    };
    use std::time::Duration;

    fn file(words: &str) -> Upload {
        Upload {
            name: "words.txt".into(),
            bytes: bytes::Bytes::from(words.to_owned()),
        }
    }
    fn day(n: u64) -> Duration {
        Duration::from_secs(n * 24 * 3600)
    }
    async fn note(db: &Db) {
        let tx = db.begin(&Act::house(Via::Job)).await.unwrap();
        tx.done(()).await.unwrap();
    }

    crate::on_each_engine!(
        &[MIGRATIONS],
        async fn a_slow_store_of_files_keeps_no_writer_waiting(t: TestDb) {
            let config = ThrottleConfig {
                wait_put_per_call: Duration::from_secs(3),
                ..Default::default()
            };
            let slow = Blobs(Arc::new(ThrottledStore::new(InMemory::new(), config)));
            let (db, begun) = (t.db.clone(), std::time::Instant::now());
            let putting =
                tokio::spawn(async move { slow.place(&db, "file", &file("long"), UploadLimits::default()).await });
            tokio::time::sleep(Duration::from_millis(300)).await;
            for _ in 0..3 {
                note(&t.db).await;
            }
            assert!(
                !putting.is_finished() && begun.elapsed() < Duration::from_secs(3),
                "others wrote meanwhile"
            );
            putting.await.unwrap().unwrap();
        }
    );

    crate::on_each_engine!(
        &[MIGRATIONS],
        async fn what_no_row_names_is_swept_and_nothing_else(t: TestDb) {
            let blobs = Blobs(Arc::new(InMemory::new()));
            let place = async |words: &str| {
                let upload = file(words);
                let placed = blobs.place(&t.db, "file", &upload, UploadLimits::default());
                placed.await.unwrap()
            };
            let sweep = async || {
                let before = t.db.now().checked_sub(jiff::SignedDuration::from_hours(48)).unwrap();
                sweep_orphans(&t.db, &blobs, before).await.unwrap()
            };
            let object: basis::DeliverableId = basis::Id::named("d");
            let (kept, orphan, twice) = (place("kept").await, place("orphan").await, place("twice").await);
            let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
            keep(&tx, object, &kept).await.unwrap();
            keep(&tx, object, &twice).await.unwrap();
            tx.done(()).await.unwrap();
            // The same bytes once more, and refused this time: a row names them all the same.
            place("twice").await;
            // Somebody else's things in the same place are nobody's business here.
            blobs.put_back("notes.txt", "mine".into()).await.unwrap();
            assert_eq!(sweep().await, 0, "a hand-in may still be under way");
            t.clock.forward(day(3));
            let again = place("again").await;
            assert_eq!(sweep().await, 1);
            for (key, there) in [
                (&kept.blob_key, true),
                (&twice.blob_key, true),
                (&again.blob_key, true),
                (&orphan.blob_key, false),
                (&"notes.txt".to_owned(), true),
            ] {
                assert_eq!(blobs.bytes_at(key).await.unwrap().is_some(), there, "{key}");
            }
            // A transaction that is dropped keeps nothing.
            let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
            keep(&tx, object, &again).await.unwrap();
            drop(tx);
            t.clock.forward(day(3));
            assert_eq!((sweep().await, sweep().await), (1, 0));
            let n =
                t.db.number("SELECT COUNT(*) AS n FROM laid_down", vec![])
                    .await
                    .unwrap();
            assert_eq!(n, 0);
        }
    );
}
