use std::{
    cell::Cell,
    future::Future,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use basis::{Chance, Clock, Fail, Id, Moment};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, Statement,
    TransactionOptions, TransactionTrait,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Act, Entry, FromRow, Row, StoreFault, Val, journal, vals};

/// Time and chance, as handed to everything below the binary.
#[derive(Clone)]
pub struct Env {
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
}
impl Env {
    /// The machine's own.
    pub fn real() -> Self {
        Env {
            clock: Arc::new(basis::SystemClock),
            chance: Arc::new(OsChance),
        }
    }
}

/// The machine's source of randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsChance;
impl Chance for OsChance {
    fn fill(&self, buffer: &mut [u8]) {
        use rand::Rng;
        rand::rng().fill_bytes(buffer);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Where the store is.
#[derive(Clone, Debug)]
pub enum DbConfig {
    /// A file; made if it is not there.
    Sqlite(PathBuf),
    /// A `postgres://` address.
    Postgres { url: String, connections: u32 },
}

struct Inner {
    engine: Engine,
    write: DatabaseConnection,
    read: DatabaseConnection,
    env: Env,
    wake: tokio::sync::Notify,
    /// Acts that ended through this handle.
    acts: AtomicU64,
    /// How long the journal was, when that was asked, and after how many acts.
    length: Mutex<Option<Length>>,
}
#[derive(Clone, Copy)]
struct Length {
    acts: u64,
    asked: Instant,
    size: u64,
}
/// For so long another process's act may go unseen by [`Db::journal_length`].
const UNSEEN: Duration = Duration::from_millis(20);

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

tokio::task_local! { static QUERIES: Cell<u64>; }

/// Runs a future and tells how many statements it sent to the store.
pub async fn count_queries<F: Future>(f: F) -> (F::Output, u64) {
    QUERIES
        .scope(Cell::new(0), async {
            let out = f.await;
            (out, queries_so_far())
        })
        .await
}
/// Statements sent so far inside [`count_queries`].
pub fn queries_so_far() -> u64 {
    QUERIES.try_with(Cell::get).unwrap_or(0)
}
fn counted() {
    let _ = QUERIES.try_with(|c| c.set(c.get() + 1));
}

crate::row! { struct Before { answer: Option<String>, asked: Option<String> } }
impl Before {
    /// What a repeat is told: the first answer, where the same was asked.
    fn again(self, act: &Act) -> Fail {
        match self.answer.filter(|_| self.asked == act.asked) {
            Some(answer) => Fail::Repeated(answer),
            None => Fail::Changed,
        }
    }
}
async fn before(q: &impl Query, act: &Act, key: &str) -> Result<Option<Before>, StoreFault> {
    q.one("SELECT answer, asked FROM once WHERE key = $1", vals![scoped(key, act)])
        .await
}
impl Db {
    pub async fn open(config: &DbConfig, env: Env) -> Result<Db, StoreFault> {
        let (engine, write, read) = match config {
            DbConfig::Sqlite(path) => {
                if let Some(dir) = path.parent() {
                    std::fs::create_dir_all(dir).map_err(|e| StoreFault::Other(format!("{}: {e}", dir.display())))?;
                }
                let write = sqlite(path, false).await?;
                let read = sqlite(path, true).await?;
                (Engine::Sqlite, write, read)
            }
            DbConfig::Postgres { url, connections } => {
                let mut o = ConnectOptions::new(url.as_str());
                o.max_connections(*connections)
                    .acquire_timeout(Duration::from_secs(20))
                    .sqlx_logging(false);
                let pool = Database::connect(o).await?;
                (Engine::Postgres, pool.clone(), pool)
            }
        };
        Ok(Db(Arc::new(Inner {
            engine,
            write,
            read,
            env,
            wake: tokio::sync::Notify::new(),
            acts: AtomicU64::new(0),
            length: Mutex::new(None),
        })))
    }
    pub fn engine(&self) -> Engine {
        self.0.engine
    }
    pub fn env(&self) -> &Env {
        &self.0.env
    }
    pub fn now(&self) -> Moment {
        self.0.env.clock.now()
    }
    /// Wakes the worker: there is something in the outbox.
    pub(crate) fn wake(&self) -> &tokio::sync::Notify {
        &self.0.wake
    }

    /// How long the journal is, for who only wants to know whether anything changed: at once after an act through this
    /// handle, and a fiftieth of a second late at most after another process's. Many who ask in that time ask the store once.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn journal_length(&self) -> Result<u64, StoreFault> {
        let acts = self.0.acts.load(Ordering::SeqCst);
        let known = *self.0.length.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.filter(|k| k.acts == acts && k.asked.elapsed() < UNSEEN) {
            return Ok(known.size);
        }
        let asked = Instant::now();
        let size = journal::size(self).await?;
        *self.0.length.lock().unwrap_or_else(PoisonError::into_inner) = Some(Length { acts, asked, size });
        Ok(size)
    }

    /// Opens the transaction of one use case. SQLite takes the write lock at once (IMMEDIATE), so what is read inside
    /// stays true until the end. An act whose once-key was answered before ends here with [`Fail::Repeated`];
    /// one whose key was used for something else, with [`Fail::Changed`].
    pub async fn begin(&self, act: &Act) -> Result<Tx, Fail> {
        let mut tx = self.begin_plain().await?;
        tx.act = Some(act.clone());
        if let Some(key) = &act.once {
            let account = act.actor.account;
            let fresh = tx
                .exec("INSERT INTO once (key, account, answer, at, asked) VALUES ($1, $2, NULL, $3, $4) ON CONFLICT (key) DO NOTHING", vals![scoped(key, act), account, self.now(), act.asked.clone()])
                .await?;
            if fresh == 0 {
                return Err(match before(&tx, act, key).await? {
                    Some(before) => before.again(act),
                    None => Fail::Changed,
                });
            }
        }
        Ok(tx)
    }
    /// Whether the act's once-key was answered before, for acts that take long or look at versions before they begin: a repeat
    /// is not worked out anew, nor refused for what its first time changed. [`Self::begin`] still decides.
    ///
    /// # Errors
    /// As [`Self::begin`] for a key that was used before.
    pub async fn not_yet(&self, act: &Act) -> Result<(), Fail> {
        match &act.once {
            Some(key) => before(self, act, key)
                .await?
                .map_or(Ok(()), |before| Err(before.again(act))),
            None => Ok(()),
        }
    }
    pub(crate) async fn begin_plain(&self) -> Result<Tx, StoreFault> {
        let mode = (self.0.engine == Engine::Sqlite).then_some(sea_orm::SqliteTransactionMode::Immediate);
        let inner = self
            .0
            .write
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: mode,
                ..Default::default()
            })
            .await?;
        Ok(Tx {
            inner,
            db: self.clone(),
            act: None,
            entries: std::sync::Mutex::new(Vec::new()),
        })
    }
    /// A snapshot: what is read in it is the store of one moment, while others go on writing.
    pub async fn begin_read(&self) -> Result<Tx, StoreFault> {
        let postgres = self.0.engine == Engine::Postgres;
        let inner = self
            .0
            .read
            .begin_with_options(TransactionOptions {
                isolation_level: postgres.then_some(sea_orm::IsolationLevel::RepeatableRead),
                access_mode: postgres.then_some(sea_orm::AccessMode::ReadOnly),
                ..Default::default()
            })
            .await?;
        Ok(Tx {
            inner,
            db: self.clone(),
            act: None,
            entries: std::sync::Mutex::new(Vec::new()),
        })
    }
    pub async fn close(self) {
        let _ = self.0.write.clone().close().await;
        let _ = self.0.read.clone().close().await;
    }
    /// A copy of the whole SQLite store in one file, taken while it runs.
    pub async fn copy_sqlite_to(&self, target: &std::path::Path) -> Result<(), StoreFault> {
        self.0
            .read
            .execute_raw(Statement::from_sql_and_values(
                DbBackend::Sqlite,
                "VACUUM INTO $1",
                [target.to_string_lossy().into_owned().into()],
            ))
            .await?;
        Ok(())
    }
}
fn scoped(key: &str, act: &Act) -> String {
    format!("{}:{key}", act.actor.account.map(|a| a.to_string()).unwrap_or_default())
}

async fn sqlite(path: &std::path::Path, read: bool) -> Result<DatabaseConnection, StoreFault> {
    use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
    let mut o = ConnectOptions::new(format!("sqlite://{}?mode=rwc", path.display()));
    o.max_connections(if read { 8 } else { 1 })
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(60))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |o| {
            o.journal_mode(SqliteJournalMode::Wal)
                // FULL: what was answered must survive a power cut.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(30))
                .pragma("query_only", if read { "ON" } else { "OFF" })
                .pragma("cache_size", "-8000")
                .statement_cache_capacity(400)
        });
    Ok(Database::connect(o).await?)
}

/// Something one can ask: the store itself (read side) or a transaction.
pub trait Query: Sync {
    fn raw(&self, sql: &str, vals: Vec<Val>) -> impl Future<Output = Result<Vec<Row>, StoreFault>> + Send;
    fn raw_one(&self, sql: &str, vals: Vec<Val>) -> impl Future<Output = Result<Option<Row>, StoreFault>> + Send;

    fn all<T: FromRow + Send>(
        &self,
        sql: &str,
        vals: Vec<Val>,
    ) -> impl Future<Output = Result<Vec<T>, StoreFault>> + Send {
        async move { self.raw(sql, vals).await?.iter().map(T::from_row).collect() }
    }
    /// The first row, if any.
    fn one<T: FromRow + Send>(
        &self,
        sql: &str,
        vals: Vec<Val>,
    ) -> impl Future<Output = Result<Option<T>, StoreFault>> + Send {
        async move { self.raw_one(sql, vals).await?.as_ref().map(T::from_row).transpose() }
    }
    /// `SELECT … AS n`: a count or a cast sum.
    fn number(&self, sql: &str, vals: Vec<Val>) -> impl Future<Output = Result<i64, StoreFault>> + Send {
        async move {
            match self.raw_one(sql, vals).await? {
                Some(r) => Ok(r.get::<Option<i64>>("n")?.unwrap_or(0)),
                None => Ok(0),
            }
        }
    }
}
/// Every value of every statement passes here: the one place where a text can be refused, whatever form, path or query it
/// came in by.
fn statement(backend: DbBackend, sql: &str, vals: Vec<Val>) -> Result<Statement, StoreFault> {
    if vals.iter().any(Val::holds_nul) {
        return Err(StoreFault::NotText);
    }
    counted();
    Ok(Statement::from_sql_and_values(
        backend,
        sql,
        vals.into_iter().map(|v| v.0),
    ))
}
impl Query for Db {
    async fn raw(&self, sql: &str, vals: Vec<Val>) -> Result<Vec<Row>, StoreFault> {
        let c = &self.0.read;
        Ok(c.query_all_raw(statement(c.get_database_backend(), sql, vals)?)
            .await?
            .into_iter()
            .map(Row)
            .collect())
    }
    async fn raw_one(&self, sql: &str, vals: Vec<Val>) -> Result<Option<Row>, StoreFault> {
        let c = &self.0.read;
        Ok(c.query_one_raw(statement(c.get_database_backend(), sql, vals)?)
            .await?
            .map(Row))
    }
}

/// The transaction of one use case. Dropped without [`Tx::done`], nothing happened.
pub struct Tx {
    inner: DatabaseTransaction,
    db: Db,
    act: Option<Act>,
    entries: std::sync::Mutex<Vec<Entry>>,
}
impl Query for Tx {
    async fn raw(&self, sql: &str, vals: Vec<Val>) -> Result<Vec<Row>, StoreFault> {
        Ok(self
            .inner
            .query_all_raw(statement(self.inner.get_database_backend(), sql, vals)?)
            .await?
            .into_iter()
            .map(Row)
            .collect())
    }
    async fn raw_one(&self, sql: &str, vals: Vec<Val>) -> Result<Option<Row>, StoreFault> {
        Ok(self
            .inner
            .query_one_raw(statement(self.inner.get_database_backend(), sql, vals)?)
            .await?
            .map(Row))
    }
}
impl Tx {
    /// Sends one changing statement; returns how many rows it touched. Guarded updates compare that with 1.
    pub async fn exec(&self, sql: &str, vals: Vec<Val>) -> Result<u64, StoreFault> {
        Ok(self
            .inner
            .execute_raw(statement(self.inner.get_database_backend(), sql, vals)?)
            .await?
            .rows_affected())
    }
    /// Many rows in few statements: `sql` up to and without its VALUES; each row as long as `columns`.
    pub async fn insert_many(&self, sql: &str, columns: usize, rows: Vec<Vec<Val>>) -> Result<(), StoreFault> {
        // SQLite takes 32,766 places a statement, PostgreSQL 65,535.
        let per = (30_000 / columns.max(1)).clamp(1, 500);
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<Vec<Val>> = rows.by_ref().take(per).collect();
            let mut text = String::with_capacity(sql.len() + chunk.len() * columns * 6);
            text.push_str(sql);
            text.push_str(" VALUES ");
            let mut n = 0;
            for i in 0..chunk.len() {
                text.push_str(if i == 0 { "(" } else { ", (" });
                for c in 0..columns {
                    n += 1;
                    text.push_str(if c == 0 { "$" } else { ", $" });
                    text.push_str(&n.to_string());
                }
                text.push(')');
            }
            self.exec(&text, chunk.into_iter().flatten().collect()).await?;
        }
        Ok(())
    }
    pub fn db(&self) -> &Db {
        &self.db
    }
    pub fn now(&self) -> Moment {
        self.db.now()
    }
    pub fn fresh<T>(&self) -> Id<T> {
        Id::fresh(self.now(), &*self.db.env().chance)
    }
    pub fn act(&self) -> Option<&Act> {
        self.act.as_ref()
    }
    /// Notes a state change; it is written into the log when the transaction ends.
    pub fn journal(&self, entry: Entry) {
        self.entries.lock().unwrap_or_else(|p| p.into_inner()).push(entry);
    }
    /// Ends the use case: journal entries, the answer under the once-key, commit.
    pub async fn done<T: Serialize>(self, answer: T) -> Result<T, Fail> {
        let entries = std::mem::take(&mut *self.entries.lock().unwrap_or_else(|p| p.into_inner()));
        let act = self.act.clone().unwrap_or_else(|| Act::house(crate::Via::Job));
        journal::append(&self, &act, entries).await?;
        if let Some(key) = &act.once {
            let json = serde_json::to_string(&answer).map_err(Fail::fault)?;
            self.exec(
                "UPDATE once SET answer = $1 WHERE key = $2",
                vals![json, scoped(key, &act)],
            )
            .await?;
        }
        let db = self.db.clone();
        self.inner.commit().await.map_err(StoreFault::from)?;
        db.0.acts.fetch_add(1, Ordering::SeqCst);
        db.wake().notify_one();
        Ok(answer)
    }
    pub(crate) async fn commit_plain(self) -> Result<(), StoreFault> {
        Ok(self.inner.commit().await?)
    }
}

/// The second of two equal acts gets the first one's answer.
pub trait OrRepeat<T> {
    fn or_repeat(self) -> Result<T, Fail>;
}
impl<T: DeserializeOwned> OrRepeat<T> for Result<T, Fail> {
    fn or_repeat(self) -> Result<T, Fail> {
        match self {
            Err(Fail::Repeated(json)) => serde_json::from_str(&json).map_err(Fail::fault),
            other => other,
        }
    }
}
