//! A node of every earlier version comes to the tables of today, with rows in them, on both engines.

use indicatif::ProgressBar;
use store::{
    ColumnShape, Db, Engine, Migrations, Query, Refill, Step, TableShape, dump_table, shapes, testing::TestDb,
};
use youcheng::{demo, proof};

use crate::{
    house::{Node, migrations},
    on_each,
};

type Rows = Vec<Vec<serde_json::Value>>;

async fn dump(db: &Db) -> Vec<(TableShape, Rows)> {
    let mut out = Vec::new();
    let tx = db.begin_read().await.unwrap();
    for shape in shapes(&tx, db.engine()).await.unwrap() {
        let mut rows = Vec::new();
        let each = |row| {
            rows.push(row);
            Ok(())
        };
        dump_table(&tx, &shape, each).await.unwrap();
        out.push((shape, rows));
    }
    out
}
/// The cells of these columns, in their order.
fn narrowed((shape, rows): &(TableShape, Rows), to: &[ColumnShape]) -> Rows {
    let at = |c: &ColumnShape| shape.columns.iter().position(|s| s.name == c.name).unwrap();
    let places: Vec<usize> = to.iter().map(at).collect();
    rows.iter()
        .map(|r| places.iter().map(|p| r[*p].clone()).collect())
        .collect()
}
fn in_order(mut rows: Rows) -> Rows {
    rows.sort_by_key(|r| serde_json::to_string(r).unwrap());
    rows
}
/// Tables, columns, keys, references and indexes in the engine's own words.
async fn schema(db: &Db) -> Vec<String> {
    store::row! { struct Said { said: String } }
    let sql = match db.engine() {
        Engine::Sqlite => {
            "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') AS said FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1"
        }
        Engine::Postgres => {
            "SELECT said FROM ( \
             SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || COALESCE(column_default, '') AS said \
               FROM information_schema.columns WHERE table_schema = current_schema() \
             UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() \
             UNION ALL SELECT conrelid::regclass::text || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = current_schema()::regnamespace \
             ) AS all_said ORDER BY 1"
        }
    };
    let found: Vec<Said> = db.all(sql, vec![]).await.unwrap();
    found.into_iter().map(|s| s.said).collect()
}
fn first(steps: &'static [Step], n: usize) -> &'static [Step] {
    &steps[..n.min(steps.len())]
}
/// Steps themselves, and what the node tells anew from all the rest: a step may clear it, and the node may tell it at any time.
const KEPT_BY_THE_NODE: [&str; 3] = ["migration", "programme_part", "programme_story"];

/// The versions before this one, each with its name: all rooms as they were after so many steps of each, and each room
/// alone some steps behind the others.
fn earlier() -> Vec<(String, Vec<Migrations>)> {
    let now = migrations();
    let most = now.iter().map(|m| m.steps.len()).max().unwrap();
    let mut out = Vec::new();
    for n in 1..most {
        let rooms = now.iter().map(|m| Migrations {
            steps: first(m.steps, n),
            ..*m
        });
        out.push((format!("{n} steps of each room"), rooms.collect()));
    }
    for behind in now {
        for n in 1..behind.steps.len() {
            let cut = |m: &Migrations| Migrations {
                steps: if m.room == behind.room {
                    first(m.steps, n)
                } else {
                    m.steps
                },
                ..*m
            };
            let rooms = now.iter().map(cut);
            out.push((format!("{n} steps of {}", behind.room), rooms.collect()));
        }
    }
    out
}

on_each!(
    async fn every_earlier_version_comes_forward_with_its_rows(engine) {
        let node = Node::start(engine, &[]).await;
        demo::seed(&node.parts, &node.clock).await.unwrap();
        // Nobody compared payments with the bank before there were columns to say who: no earlier version holds such a row.
        let tx = node.parts.db().begin(&store::Act::house(store::Via::Seed)).await.unwrap();
        tx.exec(
            "UPDATE instalment SET status = 'paid', reconciled_by = NULL, reconciled_body = NULL, reconciled_at = NULL, statement = NULL WHERE status = 'reconciled'",
            vec![],
        )
        .await
        .unwrap();
        tx.done(()).await.unwrap();
        let full = dump(node.parts.db()).await;
        let filled = full.iter().filter(|(_, rows)| !rows.is_empty()).count();
        assert!(filled * 2 > full.len(), "the stories fill {filled} of {} tables", full.len());
        let wanted = schema(&TestDb::fresh(engine, migrations()).await.db).await;
        let versions = earlier();
        assert!(versions.len() >= 6, "{}", versions.len());
        for (name, rooms) in versions {
            let steps: Vec<(String, String)> = rooms
                .iter()
                .flat_map(|m| m.steps.iter().map(|s| (m.room.to_owned(), s.name.to_owned())))
                .collect();
            let t = TestDb::blank(engine).await;
            let refill = Refill::begin(&t.db, migrations(), &steps).await.unwrap();
            // The tables as they were then: read beside the transaction, which has not ended, from a store like it.
            let like = TestDb::fresh(engine, &rooms).await;
            let then = shapes(&like.db, engine).await.unwrap();
            for shape in &then {
                let table = full.iter().find(|(s, _)| s.name == shape.name);
                let table = table.unwrap_or_else(|| panic!("{name}: {} is gone", shape.name));
                let mut rows = narrowed(table, &shape.columns);
                if shape.name == "migration" {
                    rows.retain(|r| steps.iter().any(|(room, step)| r[0] == room.as_str() && r[1] == step.as_str()));
                }
                for chunk in rows.chunks(1000) {
                    refill.fill(&shape.name, &shape.columns, chunk).await.unwrap();
                }
            }
            refill.finish().await.unwrap();

            let ran = t.db.migrate(migrations()).await.unwrap();
            let all: usize = migrations().iter().map(|m| m.steps.len()).sum();
            assert_eq!(ran, all - steps.len(), "{name}");
            assert_eq!(schema(&t.db).await, wanted, "{name}");
            // What was there is there, as it was.
            let now = dump(&t.db).await;
            for shape in then.iter().filter(|s| !KEPT_BY_THE_NODE.contains(&s.name.as_str())) {
                let of = |all: &[(TableShape, Rows)]| {
                    let table = all.iter().find(|(s, _)| s.name == shape.name).unwrap();
                    in_order(narrowed(table, &shape.columns))
                };
                assert_eq!(of(&now), of(&full), "{name}: {}", shape.name);
            }
            // The journal still proves, and rows still name what is there. What only later columns tell, nobody knew.
            let found = proof::whole(&t.db, node.parts.blobs(), &ProgressBar::hidden()).await.unwrap();
            let faults: Vec<_> = found
                .faults
                .into_iter()
                .filter(|f| f.starts_with("journal") || f.starts_with("store"))
                .collect();
            assert!(faults.is_empty(), "{name}: {faults:?}");
        }
    }
);
