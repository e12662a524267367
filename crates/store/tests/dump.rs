//! The whole store out of one engine and into each.
#![allow(clippy::unwrap_used)]

use basis::{Account, Id};
use store::{
    Act, Db, Engine, Entry, Migrations, Query, Refill, Step, TableShape, Via, dump_table, journal, migrated,
    on_each_engine, shapes, testing::TestDb, vals, waiting,
};

/// A table with a reference to itself and to another, seeded by its migration.
const FAMILY: Migrations = Migrations {
    room: "family",
    steps: &[
        Step {
            name: "0001_family",
            sql: "CREATE TABLE kin (\n id TEXT NOT NULL PRIMARY KEY,\n parent TEXT REFERENCES kin (id),\n alive BOOLEAN NOT NULL,\n born BIGINT\n);\nCREATE TABLE pair (\n a TEXT NOT NULL REFERENCES kin (id),\n n BIGINT NOT NULL,\n PRIMARY KEY (a, n)\n);\nINSERT INTO kin (id, parent, alive, born) VALUES ('seed', NULL, TRUE, NULL);\n",
        },
        Step {
            name: "0002_more",
            sql: "ALTER TABLE kin ADD COLUMN note TEXT;\n",
        },
    ],
};
const ROOMS: &[Migrations] = &[store::MIGRATIONS, FAMILY];

type Dump = Vec<(TableShape, Vec<Vec<serde_json::Value>>)>;
async fn out(db: &Db) -> Dump {
    let tx = db.begin_read().await.unwrap();
    let mut all = Vec::new();
    for shape in shapes(&tx, db.engine()).await.unwrap() {
        let mut rows = Vec::new();
        let n = dump_table(&tx, &shape, |r| {
            rows.push(r);
            Ok(())
        })
        .await
        .unwrap();
        assert_eq!(n as usize, rows.len());
        all.push((shape, rows));
    }
    all
}
async fn fill(db: &Db) {
    for i in 0..30 {
        let tx = db.begin(&Act::house(Via::Seed)).await.unwrap();
        tx.journal(Entry::of::<Account>("account.made", Id::named(&i.to_string())).after(i));
        // Children first by name: "b…" names "z…", which comes later.
        let rows: Vec<_> = (0..150)
            .map(|j| vals![format!("z{i:03}-{j:03}"), Some("seed"), true, i64::MAX - j])
            .chain((0..10).map(|j| {
                vals![
                    format!("b{i:03}-{j:03}"),
                    Some(format!("z{i:03}-{j:03}")),
                    false,
                    None::<i64>
                ]
            }))
            .collect();
        tx.insert_many("INSERT INTO kin (id, parent, alive, born)", 4, rows)
            .await
            .unwrap();
        tx.exec(
            "INSERT INTO pair (a, n) VALUES ($1, $2)",
            vals![format!("z{i:03}-000"), i64::from(i)],
        )
        .await
        .unwrap();
        tx.exec(
            "UPDATE kin SET note = $1 WHERE id = 'seed'",
            vals!["引号\" 和\n换行 \u{1F600}"],
        )
        .await
        .unwrap();
        tx.done(()).await.unwrap();
    }
}
async fn into(db: &Db, dump: &Dump) -> Result<(), store::StoreFault> {
    let text = |v: &serde_json::Value| v.as_str().unwrap().to_owned();
    let (_, applied) = dump.iter().find(|(s, _)| s.name == "migration").unwrap();
    let steps: Vec<(String, String)> = applied.iter().map(|r| (text(&r[0]), text(&r[1]))).collect();
    let refill = Refill::begin(db, ROOMS, &steps).await?;
    for (shape, rows) in dump {
        for chunk in rows.chunks(1000) {
            refill.fill(&shape.name, &shape.columns, chunk).await?;
        }
    }
    refill.finish().await
}

on_each_engine!(
    ROOMS,
    async fn a_store_goes_into_each_engine_unchanged(t: TestDb) {
        fill(&t.db).await;
        let dump = out(&t.db).await;
        let root = journal::verify(&t.db, |_, _| ()).await.unwrap();
        assert!(root.faults.is_empty());
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let blank = TestDb::blank(engine).await;
            into(&blank.db, &dump).await.unwrap();
            let mut again = out(&blank.db).await;
            // Engines order texts differently in their keys; the rows are the same.
            let mut first = dump.clone();
            for (_, rows) in first.iter_mut().chain(&mut again) {
                rows.sort_by_key(|r| serde_json::to_string(r).unwrap());
            }
            assert_eq!(first, again);
            let verified = journal::verify(&blank.db, |_, _| ()).await.unwrap();
            assert!(verified.faults.is_empty());
            assert_eq!(verified.root, root.root);
            assert!(blank.db.inspect().await.unwrap().is_empty());
            // What references held before, they hold again.
            let tx = blank.db.begin(&Act::house(Via::Seed)).await.unwrap();
            assert!(
                tx.exec("INSERT INTO pair (a, n) VALUES ('nobody', 1)", vec![])
                    .await
                    .is_err()
            );
            drop(tx);
            // And it is full now.
            assert!(
                into(&blank.db, &dump)
                    .await
                    .unwrap_err()
                    .to_string()
                    .contains("not empty")
            );
        }
    }
);

on_each_engine!(
    ROOMS,
    async fn a_snapshot_stands_while_others_write(t: TestDb) {
        let tx = t.db.begin_read().await.unwrap();
        let before = tx.number("SELECT COUNT(*) AS n FROM kin", vec![]).await.unwrap();
        fill(&t.db).await;
        assert_eq!(
            tx.number("SELECT COUNT(*) AS n FROM kin", vec![]).await.unwrap(),
            before
        );
        drop(tx);
        assert!(t.db.number("SELECT COUNT(*) AS n FROM kin", vec![]).await.unwrap() > before);
    }
);

on_each_engine!(
    ROOMS,
    async fn a_broken_backup_leaves_nothing_behind(t: TestDb) {
        fill(&t.db).await;
        let dump = out(&t.db).await;
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let mut orphan = dump.clone();
            let kin = orphan.iter_mut().find(|(s, _)| s.name == "kin").unwrap();
            kin.1.retain(|r| r[0] != "z000-000");
            let blank = TestDb::blank(engine).await;
            assert!(into(&blank.db, &orphan).await.is_err());
            let kin = blank.db.number("SELECT COUNT(*) AS n FROM kin", vec![]).await.unwrap();
            assert_eq!(kin, 1, "only what the migration seeded");
            store::unmake(&blank.db).await.unwrap();
            assert!(store::is_blank(&blank.db).await.unwrap());
            into(&blank.db, &dump).await.unwrap();
            let mut newer = dump.clone();
            let steps = newer.iter_mut().find(|(s, _)| s.name == "migration").unwrap();
            let mut more = steps.1[0].clone();
            more[1] = "0099_tomorrow".into();
            steps.1.push(more);
            let blank = TestDb::blank(engine).await;
            let said = into(&blank.db, &newer).await.unwrap_err().to_string();
            assert!(said.contains("newer program"), "{said}");
        }
    }
);

on_each_engine!(
    ROOMS,
    async fn an_older_backup_is_brought_forward_afterwards(t: TestDb) {
        let older: &[Migrations] = &[
            store::MIGRATIONS,
            Migrations {
                room: "family",
                steps: FAMILY.steps.split_at(1).0,
            },
        ];
        let first = TestDb::fresh(t.db.engine(), older).await;
        let dump = out(&first.db).await;
        let blank = TestDb::blank(t.db.engine()).await;
        into(&blank.db, &dump).await.unwrap();
        assert!(!migrated(&blank.db, ROOMS).await.unwrap());
        blank.db.migrate(ROOMS).await.unwrap();
        assert!(migrated(&blank.db, ROOMS).await.unwrap());
    }
);

on_each_engine!(
    ROOMS,
    async fn figures_of_what_waits(t: TestDb) {
        assert_eq!(waiting(&t.db, t.db.now()).await.unwrap(), store::Waiting::default());
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        tx.emit("x.happened", 1).await.unwrap();
        for held in [true, false, false] {
            let letter = store::Letter {
                kind: "x",
                to_address: "a@example.org".into(),
                to_name: None,
                account: None,
                lang: "en".into(),
                subject: "s".into(),
                text: "t".into(),
                held,
            };
            tx.post(letter).await.unwrap();
        }
        tx.done(()).await.unwrap();
        let w = waiting(&t.db, t.db.now()).await.unwrap();
        assert_eq!(
            (w.jobs, w.jobs_dead, w.letters_held, w.letters_ready, w.letters_due),
            (1, 0, 1, 2, 2)
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn what_is_long_over_is_swept(t: TestDb) {
        let once = Act {
            once: Some("k".into()),
            ..Act::house(Via::Job)
        };
        let tx = t.db.begin(&once).await.unwrap();
        tx.emit("x.happened", 1).await.unwrap();
        tx.done(1).await.unwrap();
        let mut handlers = store::Handlers::default();
        handlers.on("x.happened", "test.hears", |_, _| async { Ok(()) });
        store::Worker {
            db: t.db.clone(),
            handlers,
        }
        .drain()
        .await
        .unwrap();
        t.clock.forward(std::time::Duration::from_secs(59 * 24 * 3600));
        assert_eq!(store::sweep(&t.db).await.unwrap(), 0);
        assert!(t.db.begin(&once).await.is_err(), "still the same act");
        t.clock.forward(std::time::Duration::from_secs(2 * 24 * 3600));
        assert_eq!(store::sweep(&t.db).await.unwrap(), 3);
    }
);
