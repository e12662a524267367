//! Import of 34,000 relations against a bare bulk insert of the same rows, on both engines, rounds interleaved. Prints
//! `ratio NAME MEASURED at-least LIMIT` lines for `cargo xtask bench`.

use std::time::Instant;

use anyhow::{Result, anyhow, ensure};
use store::{Db, Engine, Query, Row, ToVal, Val, testing::TestDb};

const ROWS: usize = 34_000;
const ROUNDS: usize = 3;

const GOVERNMENTS: &str = "id, match_key, level, name, country, lat, lon, source";
const RELATIONS: &str = "id, reference, own_government, partner_government, kind, status, signed_from, precision, source, claimant, confidence, imported_in, listed_at";

/// What one import wrote, row by row, as the engine keeps it.
struct Written {
    own: Vec<Val>,
    governments: Vec<Vec<Val>>,
    relations: Vec<Vec<Val>>,
}

/// The values of a row, by the names of its columns.
fn values(row: &Row, columns: &str) -> Result<Vec<Val>> {
    columns
        .split(", ")
        .map(|column| {
            Ok(match column {
                "lat" | "lon" | "listed_at" => row.get::<Option<i64>>(column)?.to_val(),
                _ => row.get::<Option<String>>(column)?.to_val(),
            })
        })
        .collect()
}
async fn written(db: &Db) -> Result<Written> {
    let read = async |columns: &str, rest: &str| -> Result<Vec<Vec<Val>>> {
        let rows = db.raw(&format!("SELECT {columns} FROM {rest}"), vec![]).await?;
        rows.iter().map(|row| values(row, columns)).collect()
    };
    let brought = "SELECT partner_government FROM relation WHERE imported_in IS NOT NULL";
    let ours = "SELECT own_government FROM relation WHERE imported_in IS NOT NULL";
    let mut own = read(GOVERNMENTS, &format!("government WHERE id IN ({ours})")).await?;
    ensure!(own.len() == 1, "one side of ours in the file");
    Ok(Written {
        own: own.remove(0),
        governments: read(GOVERNMENTS, &format!("government WHERE id IN ({brought})")).await?,
        relations: read(RELATIONS, "relation WHERE imported_in IS NOT NULL").await?,
    })
}

/// The same rows, prepared, into the same tables of an empty store, in statements of 500, in one transaction: what the
/// engine can do at best through this driver. The rows are never read, checked or compared.
async fn bare(engine: Engine, rows: &Written) -> Result<f64> {
    let t = TestDb::fresh(engine, &youcheng::rooms::migrations()).await;
    let (governments, relations) = (rows.governments.clone(), rows.relations.clone());
    let into_governments = format!("INSERT INTO government ({GOVERNMENTS})");
    let begun = Instant::now();
    let tx = t.db.begin(&store::Act::house(store::Via::Command)).await?;
    tx.insert_many(&into_governments, rows.own.len(), vec![rows.own.clone()])
        .await?;
    tx.insert_many(&into_governments, rows.own.len(), governments).await?;
    tx.insert_many(
        &format!("INSERT INTO relation ({RELATIONS})"),
        rows.relations[0].len(),
        relations,
    )
    .await?;
    tx.done(()).await?;
    Ok(ROWS as f64 / begun.elapsed().as_secs_f64())
}
/// The import that everybody uses: bytes read, every cell checked, every row compared, all or nothing, journaled.
async fn ours(engine: Engine, csv: &str) -> Result<(f64, Written)> {
    let t = TestDb::fresh(engine, &youcheng::rooms::migrations()).await;
    let mut config = youcheng::config::Config::plain().map_err(|e| anyhow!("{e}"))?;
    config.attachments.folder = t.dir.join("attachments");
    config.mail.folder = t.dir.join("mail");
    let parts = youcheng::node::Parts::around(config, t.db.clone(), true)?;
    youcheng::demo::stage_only(&parts, &t.clock).await?;
    let asking = youcheng::demo::asks(parts.house(), "office-lead").await?;
    let begun = Instant::now();
    let report = relations::import::run(parts.house(), &asking, csv.as_bytes(), "bench.csv", false).await?;
    let rate = ROWS as f64 / begun.elapsed().as_secs_f64();
    ensure!(report.faults.is_empty(), "{:?}", report.faults.first());
    let written = written(&t.db).await?;
    ensure!(written.relations.len() == ROWS, "{} rows", written.relations.len());
    Ok((rate, written))
}
fn median(mut v: Vec<f64>) -> f64 {
    v.sort_by(f64::total_cmp);
    v[v.len() / 2]
}

#[tokio::main]
async fn main() -> Result<()> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let csv = youcheng::demo::made_up_relations(ROWS);
    let mut engines = vec![("sqlite", Engine::Sqlite)];
    if std::env::var_os("YOUCHENG_TEST_POSTGRES").is_some() {
        engines.push(("postgres", Engine::Postgres));
    }
    for (name, engine) in engines {
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let (rate, written) = ours(engine, &csv).await?;
            a.push(rate);
            b.push(bare(engine, &written).await?);
        }
        let (a, b) = (median(a), median(b));
        println!("figure import-{name}-rows-a-second {a:.0} 1/s");
        println!("figure bulk-insert-{name}-rows-a-second {b:.0} 1/s");
        println!("ratio import-{name}-against-bulk-insert {:.3} at-least 0.50", a / b);
    }
    Ok(())
}
