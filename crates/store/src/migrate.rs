//! Migrations: forward only, run at start, one transaction a step.

use crate::{Db, Query, StoreFault, vals};
use sha2::{Digest, Sha256};

/// One file of one room. An applied step is never edited: its hash is kept and compared at every start.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub name: &'static str,
    pub sql: &'static str,
}
#[derive(Clone, Copy, Debug)]
pub struct Migrations {
    pub room: &'static str,
    pub steps: &'static [Step],
}

/// `migrations!("calls", "0001_calls", "0002_panels")` takes the files of those names from the crate's `migrations/`.
#[macro_export]
macro_rules! migrations {
    ($room:literal $(, $name:literal)* $(,)?) => {
        $crate::Migrations { room: $room, steps: &[$($crate::Step {
            name: $name,
            sql: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $name, ".sql")),
        }),*] }
    };
}

fn hash(sql: &str) -> String {
    hex::encode(Sha256::digest(sql.as_bytes()))
}

impl Db {
    /// Brings the store to the newest step of every room, in the order given. Returns how many steps it ran.
    pub async fn migrate(&self, rooms: &[Migrations]) -> Result<usize, StoreFault> {
        let tx = self.begin_plain().await?;
        tx.exec(
            "CREATE TABLE IF NOT EXISTS migration (room TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (room, name))",
            vec![],
        )
        .await?;
        tx.commit_plain().await?;
        let mut ran = 0;
        for room in rooms {
            for step in room.steps {
                let tx = self.begin_plain().await?;
                // Two nodes that start at once must not both apply a step.
                if self.engine() == crate::Engine::Postgres {
                    tx.exec("SELECT pg_advisory_xact_lock(7240917)", vec![]).await?;
                }
                crate::row! { struct Seen { sha256: String } }
                let seen: Option<Seen> = tx
                    .one(
                        "SELECT sha256 FROM migration WHERE room = $1 AND name = $2",
                        vals![room.room, step.name],
                    )
                    .await?;
                if let Some(seen) = seen {
                    if seen.sha256 != hash(step.sql) {
                        return Err(StoreFault::Other(format!(
                            "migration {}/{} was edited after it was applied",
                            room.room, step.name
                        )));
                    }
                    continue;
                }
                for statement in statements(step.sql) {
                    tx.exec(&statement, vec![]).await.map_err(|e| {
                        StoreFault::Other(format!("migration {}/{}: {e}\n{statement}", room.room, step.name))
                    })?;
                }
                let now = self.env().clock.now();
                tx.exec(
                    "INSERT INTO migration (room, name, sha256, at) VALUES ($1, $2, $3, $4)",
                    vals![room.room, step.name, hash(step.sql), now],
                )
                .await?;
                tx.commit_plain().await?;
                ran += 1;
            }
        }
        Ok(ran)
    }
}

/// Splits a file at semicolons that end a line; comment lines go.
fn statements(sql: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut now = String::new();
    for line in sql.lines() {
        if line.trim_start().starts_with("--") {
            continue;
        }
        now.push_str(line);
        now.push('\n');
        if line.trim_end().ends_with(';') {
            out.push(now.trim().trim_end_matches(';').to_owned());
            now.clear();
        }
    }
    if !now.trim().is_empty() {
        out.push(now.trim().to_owned());
    }
    out
}
