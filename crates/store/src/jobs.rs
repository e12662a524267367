//! Outbox and jobs: what must follow from a change, written in the same transaction, done later, at least once.
//!
//! An event is relayed to every handler of its topic as one job each; a failing job is tried again with growing
//! pauses and ends on the dead-letter page, where an officer reads why and may try again. Handlers are idempotent.

use basis::{Fail, Id, JobId, Moment};
use futures::FutureExt as _;
use serde::Serialize;
use std::{collections::HashMap, future::Future, panic::AssertUnwindSafe, pin::Pin, sync::Arc, time::Duration};

use crate::{Act, Db, Query, StoreFault, Tx, row, vals};

/// Something that happened, for whoever listens.
#[derive(Clone, Debug)]
pub struct Event {
    pub topic: &'static str,
    pub payload: serde_json::Value,
}

pub type HandlerFuture = Pin<Box<dyn Future<Output = Result<(), Fail>> + Send>>;
/// Does one job; gets the store and the event's payload.
pub type Handler = Arc<dyn Fn(Db, serde_json::Value) -> HandlerFuture + Send + Sync>;

/// Who listens to what: topic -> named handlers.
#[derive(Clone, Default)]
pub struct Handlers {
    by_topic: HashMap<&'static str, Vec<&'static str>>,
    by_name: HashMap<&'static str, Handler>,
}
impl Handlers {
    /// `name` is what the job is called in the store and must stay the same over versions.
    pub fn on<F, R>(&mut self, topic: &'static str, name: &'static str, handler: F)
    where
        F: Fn(Db, serde_json::Value) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Fail>> + Send + 'static,
    {
        self.by_topic.entry(topic).or_default().push(name);
        self.by_name
            .insert(name, Arc::new(move |db, p| Box::pin(handler(db, p))));
    }
}

impl Tx {
    /// Tells later rooms; goes out only if this transaction commits.
    pub async fn emit(&self, topic: &'static str, payload: impl Serialize) -> Result<(), Fail> {
        let payload = serde_json::to_string(&payload).map_err(Fail::fault)?;
        let id: Id<basis::Job> = self.fresh();
        self.exec(
            "INSERT INTO outbox (id, topic, payload, at, relayed_at) VALUES ($1, $2, $3, $4, NULL)",
            vals![id, topic, payload, self.now()],
        )
        .await?;
        Ok(())
    }
}

row! { struct Waiting { id: String, topic: String, payload: String } }
row! { struct GivenUp { id: JobId, kind: String } }
row! { struct Ready { id: JobId, kind: String, payload: String, attempts: i64 } }

/// How often a job is tried before it is laid on the dead-letter page: about a day with the pauses below.
const MOST_ATTEMPTS: i64 = 10;
fn pause(attempts: i64) -> Duration {
    Duration::from_secs(5 * 3_u64.saturating_pow(attempts.clamp(0, 8) as u32)).min(Duration::from_secs(6 * 3600))
}

/// Work in the background, with a panic turned into a fault: a task is begun once and would be gone until the next start.
/// What was under way is dropped, and a transaction in it is rolled back.
///
/// # Errors
/// Those of the work; a fault for a panic.
pub async fn caught<T>(work: impl Future<Output = Result<T, Fail>>) -> Result<T, Fail> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|payload| {
        let words = payload.downcast_ref::<&str>().map(ToString::to_string);
        let words = words.or_else(|| payload.downcast_ref::<String>().cloned());
        Err(Fail::fault(format!("a panic: {}", words.unwrap_or_default())))
    })
}

/// Runs what waits in the store. Several nodes may run one each.
#[derive(Clone)]
pub struct Worker {
    pub db: Db,
    pub handlers: Handlers,
}
impl Worker {
    /// Goes on until told to stop; wakes at every commit and at least every two seconds.
    pub async fn run(&self, mut stop: tokio::sync::watch::Receiver<bool>) {
        while !*stop.borrow() {
            match caught(self.round()).await {
                Ok(0) => {
                    tokio::select! {
                        _ = self.db.wake().notified() => {}
                        _ = tokio::time::sleep(Duration::from_secs(2)) => {}
                        _ = stop.changed() => {}
                    }
                }
                Ok(_) => {}
                Err(e) => {
                    tracing::error!(error = %e, "the worker could not read its jobs");
                    tokio::time::sleep(Duration::from_secs(2)).await;
                }
            }
        }
    }
    /// Relays and does everything that is due now; returns how many jobs were done or failed.
    pub async fn round(&self) -> Result<usize, Fail> {
        self.relay().await?;
        let mut n = 0;
        while let Some(job) = self.take().await? {
            n += 1;
            self.perform(job).await?;
        }
        Ok(n)
    }
    /// Rounds until nothing is left: for tests and for the demo's first start.
    pub async fn drain(&self) -> Result<(), Fail> {
        while self.round().await? > 0 {}
        Ok(())
    }
    async fn relay(&self) -> Result<(), Fail> {
        let db = &self.db;
        if db
            .number("SELECT COUNT(*) AS n FROM outbox WHERE relayed_at IS NULL", vec![])
            .await?
            == 0
        {
            return Ok(());
        }
        let tx = db.begin_plain().await?;
        let now = tx.now();
        let waiting: Vec<Waiting> = tx
            .all(
                "SELECT id, topic, payload FROM outbox WHERE relayed_at IS NULL ORDER BY id LIMIT 500",
                vec![],
            )
            .await?;
        for w in waiting {
            // Guarded: another node may have relayed it meanwhile.
            if tx
                .exec(
                    "UPDATE outbox SET relayed_at = $1 WHERE id = $2 AND relayed_at IS NULL",
                    vals![now, w.id],
                )
                .await?
                == 0
            {
                continue;
            }
            for name in self.handlers.by_topic.get(w.topic.as_str()).into_iter().flatten() {
                let id: JobId = tx.fresh();
                tx.exec(
                    "INSERT INTO job (id, kind, payload, status, run_at, attempts, made_at) VALUES ($1, $2, $3, 'ready', $4, 0, $4)",
                    vals![id, *name, w.payload, now],
                )
                .await?;
            }
        }
        tx.commit_plain().await?;
        Ok(())
    }
    async fn take(&self) -> Result<Option<Ready>, Fail> {
        let now = self.db.now();
        let due = "(status = 'ready' AND run_at <= $1) OR (status = 'running' AND locked_until < $1)";
        if self
            .db
            .number(&format!("SELECT COUNT(*) AS n FROM job WHERE {due}"), vals![now])
            .await?
            == 0
        {
            return Ok(None);
        }
        let tx = self.db.begin_plain().await?;
        // Begun as often as a job may be and never ended: it took the process with it each time, or hung.
        let given_up: Vec<GivenUp> = tx
            .all(
                "UPDATE job SET status = 'dead', ended_at = $1, locked_until = NULL, last_error = COALESCE(last_error, 'begun and never ended') WHERE status = 'running' AND locked_until < $1 AND attempts >= $2 RETURNING id, kind",
                vals![now, MOST_ATTEMPTS],
            )
            .await?;
        for job in given_up {
            tracing::error!(job = %job.id, kind = %job.kind, "a job is dead: it was begun and never ended");
        }
        let until = now.checked_add(jiff::SignedDuration::from_mins(10)).unwrap_or(now);
        let job: Option<Ready> = tx
            .one(
                &format!("UPDATE job SET status = 'running', locked_until = $2, attempts = attempts + 1 WHERE id = (SELECT id FROM job WHERE {due} ORDER BY run_at, id LIMIT 1) AND ({due}) RETURNING id, kind, payload, attempts"),
                vals![now, until],
            )
            .await?;
        tx.commit_plain().await?;
        Ok(job)
    }
    async fn perform(&self, job: Ready) -> Result<(), Fail> {
        let payload = serde_json::from_str(&job.payload).unwrap_or_default();
        let outcome = match self.handlers.by_name.get(job.kind.as_str()) {
            Some(h) => caught(async { h(self.db.clone(), payload).await }).await,
            None => Err(Fail::fault(format!("nothing here handles {}", job.kind))),
        };
        let now = self.db.now();
        let tx = self.db.begin_plain().await?;
        match outcome {
            Ok(()) => {
                tx.exec(
                    "UPDATE job SET status = 'done', ended_at = $1, locked_until = NULL WHERE id = $2",
                    vals![now, job.id],
                )
                .await?;
            }
            Err(e) if job.attempts >= MOST_ATTEMPTS => {
                tracing::error!(job = %job.id, kind = %job.kind, error = %e, "a job is dead");
                tx.exec(
                    "UPDATE job SET status = 'dead', ended_at = $1, last_error = $2, locked_until = NULL WHERE id = $3",
                    vals![now, e.to_string(), job.id],
                )
                .await?;
            }
            Err(e) => {
                tracing::warn!(job = %job.id, kind = %job.kind, error = %e, attempt = job.attempts, "a job failed and will be tried again");
                let again = now.checked_add(pause(job.attempts)).unwrap_or(now);
                tx.exec(
                    "UPDATE job SET status = 'ready', run_at = $1, last_error = $2, locked_until = NULL WHERE id = $3",
                    vals![again, e.to_string(), job.id],
                )
                .await?;
            }
        }
        tx.commit_plain().await?;
        Ok(())
    }
}

row! {
    /// A job that was given up.
    pub struct DeadJob { pub id: JobId, pub kind: String, pub payload: String, pub attempts: i64, pub last_error: Option<String>, pub ended_at: Option<Moment> }
}
pub async fn dead_jobs(q: &impl Query) -> Result<Vec<DeadJob>, StoreFault> {
    q.all("SELECT id, kind, payload, attempts, last_error, ended_at FROM job WHERE status = 'dead' ORDER BY ended_at DESC LIMIT 200", vec![]).await
}
/// Puts a dead job back; `false` if it is not dead any more.
pub async fn retry_job(db: &Db, act: &Act, id: JobId) -> Result<bool, Fail> {
    let tx = db.begin(act).await?;
    let n = tx.exec("UPDATE job SET status = 'ready', attempts = 0, run_at = $1, ended_at = NULL WHERE id = $2 AND status = 'dead'", vals![tx.now(), id]).await?;
    if n == 1 {
        tx.journal(crate::Entry::of("job.retried", id));
    }
    tx.done(n == 1).await
}
