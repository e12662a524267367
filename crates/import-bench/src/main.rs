//! Import of 34,000 relations against a bare bulk insert of the same rows, on both engines, rounds interleaved. Prints
//! `ratio NAME MEASURED at-least LIMIT` lines for `cargo xtask bench`.

use std::time::Instant;

use anyhow::{Result, ensure};
use store::{Engine, testing::TestDb, vals};

const ROWS: usize = 34_000;
const ROUNDS: usize = 3;

/// The same rows, prepared, in statements of 500, in one transaction: what the engine can do at best through this driver.
async fn bare(engine: Engine) -> Result<f64> {
    let t = TestDb::fresh(engine, &youcheng::rooms::migrations()).await;
    let text = |i: usize| {
        format!(
            "{{\"source\":\"en\",\"by_lang\":{{\"en\":{{\"text\":\"Made-up City {i}\"}},\"zh-Hans\":{{\"text\":\"虚构市{i}\"}}}}}}"
        )
    };
    let begun = Instant::now();
    let tx =
        t.db.begin(&store::Act::house(store::Via::Command))
            .await
            .map_err(|e| anyhow::anyhow!("{e}"))?;
    tx.exec("CREATE TABLE bare_government (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL, level TEXT NOT NULL, lat BIGINT, lon BIGINT, source TEXT NOT NULL, match_key TEXT NOT NULL UNIQUE)", vec![]).await?;
    tx.exec("CREATE TABLE bare_relation (id TEXT NOT NULL PRIMARY KEY, reference TEXT NOT NULL UNIQUE, own TEXT NOT NULL, partner TEXT NOT NULL REFERENCES bare_government (id), kind TEXT NOT NULL, status TEXT NOT NULL, signed TEXT, source TEXT NOT NULL, note TEXT, version BIGINT NOT NULL)", vec![]).await?;
    let governments = (0..ROWS)
        .map(|i| {
            vals![
                format!("{i:036}"),
                text(i),
                "FR",
                "city",
                43.5_f64,
                1.5_f64,
                "made up for the bench",
                format!("FR|city|made-up city {i}")
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO bare_government (id, name, country, level, lat, lon, source, match_key)",
        8,
        governments,
    )
    .await?;
    let relations = (0..ROWS)
        .map(|i| {
            vals![
                format!("{i:036}"),
                format!("BENCH-{i:05}"),
                "home",
                format!("{i:036}"),
                "sister",
                "signed",
                "2001-01-01",
                "made up for the bench",
                None::<String>,
                1_i64
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO bare_relation (id, reference, own, partner, kind, status, signed, source, note, version)",
        10,
        relations,
    )
    .await?;
    tx.done(()).await.map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok(ROWS as f64 / begun.elapsed().as_secs_f64())
}
async fn ours(engine: Engine, csv: &str) -> Result<f64> {
    let t = TestDb::fresh(engine, &youcheng::rooms::migrations()).await;
    let config = youcheng::config::Config::plain().map_err(|e| anyhow::anyhow!("{e}"))?;
    let mut config = config;
    config.attachments.folder = t.dir.join("attachments");
    config.mail.folder = t.dir.join("mail");
    let parts = youcheng::node::Parts::around(config, t.db.clone(), true)?;
    youcheng::demo::stage_only(&parts, &t.clock).await?;
    let asking = youcheng::demo::asks(parts.house(), "office-lead").await?;
    let begun = Instant::now();
    let report = relations::import::run(parts.house(), &asking, csv.as_bytes(), "bench.csv", false)
        .await
        .map_err(|e| anyhow::anyhow!("{e}"))?;
    let rate = ROWS as f64 / begun.elapsed().as_secs_f64();
    ensure!(report.faults.is_empty(), "{:?}", report.faults.first());
    Ok(rate)
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
            b.push(bare(engine).await?);
            a.push(ours(engine, &csv).await?);
        }
        let (a, b) = (median(a), median(b));
        println!("figure import-{name}-rows-a-second {a:.0} 1/s");
        println!("figure bulk-insert-{name}-rows-a-second {b:.0} 1/s");
        println!("ratio import-{name}-against-bulk-insert {:.3} at-least 0.50", a / b);
    }
    Ok(())
}
