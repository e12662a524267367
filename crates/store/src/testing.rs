//! Stores for tests: every test runs on a fresh SQLite file and on a fresh PostgreSQL database.
//!
//! `YOUCHENG_TEST_POSTGRES` holds the address of a server where databases may be made; `cargo xtask test` starts one.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use basis::FixedClock;

use crate::{Db, DbConfig, Engine, Env, Migrations, OsChance};

/// A store of one test, gone with it.
pub struct TestDb {
    pub db: Db,
    pub clock: Arc<FixedClock>,
    pub dir: std::path::PathBuf,
    /// Where it lies, for another process.
    pub config: DbConfig,
    drop_database: Option<(String, String)>,
}
static COUNT: AtomicU64 = AtomicU64::new(0);

/// The moment all tests begin at: 22 November 2026, 08:00 UTC.
pub fn start() -> basis::Moment {
    basis::Moment::from_second(1_795_334_400).unwrap_or(basis::Moment::UNIX_EPOCH)
}

impl TestDb {
    /// A store without any table: what a backup is restored into.
    ///
    /// # Panics
    /// As [`TestDb::fresh`].
    pub async fn blank(engine: Engine) -> TestDb {
        let made = TestDb::fresh(engine, &[]).await;
        let tx = made.db.begin_plain().await.unwrap_or_else(|e| panic!("{e}"));
        tx.exec("DROP TABLE migration", vec![])
            .await
            .unwrap_or_else(|e| panic!("{e}"));
        tx.commit_plain().await.unwrap_or_else(|e| panic!("{e}"));
        made
    }
    /// # Panics
    /// If the store cannot be made: without `YOUCHENG_TEST_POSTGRES` a PostgreSQL test must fail, not pass unseen.
    pub async fn fresh(engine: Engine, rooms: &[Migrations]) -> TestDb {
        let unique = format!(
            "yc_{}_{}_{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::SeqCst),
            nanos()
        );
        let dir = std::env::temp_dir().join(&unique);
        std::fs::create_dir_all(&dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
        let clock = Arc::new(FixedClock::at(start()));
        let env = Env {
            clock: clock.clone(),
            chance: Arc::new(OsChance),
        };
        let (config, drop_database) = match engine {
            Engine::Sqlite => (DbConfig::Sqlite(dir.join("test.sqlite")), None),
            Engine::Postgres => {
                let server = std::env::var("YOUCHENG_TEST_POSTGRES")
                    .unwrap_or_else(|_| panic!("YOUCHENG_TEST_POSTGRES is not set: run tests with `cargo xtask test`, which starts a PostgreSQL"));
                let server = server.trim_end_matches('/').to_owned();
                let admin = Db::open(
                    &DbConfig::Postgres {
                        url: format!("{server}/postgres"),
                        connections: 1,
                    },
                    env.clone(),
                )
                .await
                .unwrap_or_else(|e| panic!("{e}"));
                admin
                    .raw_admin(&format!(
                        "CREATE DATABASE {unique} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' ENCODING 'UTF8'"
                    ))
                    .await;
                admin.close().await;
                (
                    DbConfig::Postgres {
                        url: format!("{server}/{unique}"),
                        connections: 6,
                    },
                    Some((server, unique)),
                )
            }
        };
        let db = Db::open(&config, env).await.unwrap_or_else(|e| panic!("{e}"));
        db.migrate(rooms).await.unwrap_or_else(|e| panic!("{e}"));
        TestDb {
            db,
            clock,
            dir,
            config,
            drop_database,
        }
    }
}
/// Where a peer listens that speaks the other side of a protocol.
///
/// # Panics
/// Without its variable: a test that needs the peer must fail, not pass unseen.
pub fn peer(variable: &str, what: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| {
        panic!("{variable} is not set: it names {what}. Run tests with `cargo xtask test`, which starts one")
    })
}
impl Db {
    async fn raw_admin(&self, sql: &str) {
        use crate::Query;
        self.raw(sql, vec![]).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
    }
}
#[expect(clippy::disallowed_methods, reason = "a name no other test process has")]
fn nanos() -> u128 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |d| d.subsec_nanos().into())
}
impl Drop for TestDb {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
        if let Some((server, name)) = self.drop_database.take() {
            // The runtime of the test is ending; a thread of its own drops the database.
            let db = self.db.clone();
            let _ = std::thread::spawn(move || {
                let Ok(rt) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
                    return;
                };
                rt.block_on(async {
                    drop(db);
                    if let Ok(admin) = Db::open(
                        &DbConfig::Postgres {
                            url: format!("{server}/postgres"),
                            connections: 1,
                        },
                        Env::real(),
                    )
                    .await
                    {
                        use crate::Query;
                        let _ = admin
                            .raw(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), vec![])
                            .await;
                    }
                });
            })
            .join();
        }
    }
}

/// Makes two tests of one body, `name::sqlite` and `name::postgres`:
/// `on_each_engine!(ROOMS, async fn a_thing_holds(t: TestDb) { … });`
#[macro_export]
macro_rules! on_each_engine {
    ($rooms:expr, $(#[$m:meta])* async fn $name:ident($t:ident : TestDb) $body:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            async fn run($t: $crate::testing::TestDb) $body
            $(#[$m])*
            #[test]
            fn sqlite() { go($crate::Engine::Sqlite) }
            $(#[$m])*
            #[test]
            fn postgres() { go($crate::Engine::Postgres) }
            fn go(engine: $crate::Engine) {
                $crate::testing::block_on(async move {
                    let t = $crate::testing::TestDb::fresh(engine, $rooms).await;
                    run(t).await;
                });
            }
        }
    };
}
/// A runtime with two threads, as the server has.
pub fn block_on<F: std::future::Future>(f: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap_or_else(|e| panic!("{e}"))
        .block_on(f)
}

/// The outbox whole, secrets and all: what the addressee reads.
pub async fn letters_whole(
    q: &impl crate::Query,
    status: Option<crate::LetterStatus>,
    limit: u32,
) -> Result<Vec<crate::LetterRow>, crate::StoreFault> {
    let all: Vec<crate::LetterRow> = q
        .all("SELECT * FROM letter ORDER BY id DESC LIMIT $1", crate::vals![limit])
        .await?;
    Ok(all
        .into_iter()
        .filter(|l| status.is_none_or(|s| s == l.status))
        .collect())
}
