//! What waits in the store, as figures for those who run it.

use basis::Moment;

use crate::{Db, Migrations, Query, StoreFault, row, vals};

/// Counts of what is under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Jobs to be done, now or later, and events not yet handed on.
    pub jobs: i64,
    /// Jobs that were given up.
    pub jobs_dead: i64,
    /// Letters that an officer must read first.
    pub letters_held: i64,
    /// Letters released and not yet sent.
    pub letters_ready: i64,
    /// Of those, the ones whose time has come.
    pub letters_due: i64,
    /// Letters that were given up.
    pub letters_dead: i64,
}

row! { struct Counted { what: String, n: i64 } }

/// One statement for all of it.
pub async fn waiting(q: &impl Query, now: Moment) -> Result<Waiting, StoreFault> {
    let counted: Vec<Counted> = q
        .all(
            "SELECT 'job-' || status AS what, COUNT(*) AS n FROM job WHERE status <> 'done' GROUP BY status \
             UNION ALL SELECT 'outbox' AS what, COUNT(*) AS n FROM outbox WHERE relayed_at IS NULL \
             UNION ALL SELECT 'letter-' || status AS what, COUNT(*) AS n FROM letter WHERE status <> 'sent' GROUP BY status \
             UNION ALL SELECT 'due' AS what, COUNT(*) AS n FROM letter WHERE status = 'ready' AND next_at <= $1",
            vals![now],
        )
        .await?;
    let of = |what: &str| counted.iter().filter(|c| c.what == what).map(|c| c.n).sum();
    Ok(Waiting {
        jobs: of("job-ready") + of("job-running") + of("outbox"),
        jobs_dead: of("job-dead"),
        letters_held: of("letter-held"),
        letters_ready: of("letter-ready"),
        letters_due: of("due"),
        letters_dead: of("letter-dead"),
    })
}

row! { struct Applied { room: String, name: String } }

/// Whether every step of these rooms has been applied.
pub async fn migrated(q: &impl Query, rooms: &[Migrations]) -> Result<bool, StoreFault> {
    let applied: Vec<Applied> = q.all("SELECT room, name FROM migration", vec![]).await?;
    let is = |room: &str, name: &str| applied.iter().any(|a| a.room == room && a.name == name);
    Ok(rooms.iter().all(|m| m.steps.iter().all(|s| is(m.room, s.name))))
}

/// Takes away what is long over: once-keys, jobs that were done, events that were handed on. Returns how many rows went.
pub async fn sweep(db: &Db) -> Result<u64, StoreFault> {
    let tx = db.begin_plain().await?;
    let now = tx.now();
    let long_ago = now
        .checked_sub(jiff::SignedDuration::from_hours(24 * 60))
        .unwrap_or(now);
    let mut n = 0;
    for sql in [
        "DELETE FROM once WHERE at < $1",
        "DELETE FROM job WHERE status = 'done' AND ended_at < $1",
        "DELETE FROM outbox WHERE relayed_at IS NOT NULL AND relayed_at < $1",
    ] {
        n += tx.exec(sql, vals![long_ago]).await?;
    }
    tx.commit_plain().await?;
    Ok(n)
}
