//! What later rooms tell: promises made and settled.

use basis::{AccountId, BodyId, Fail, Moment};
use serde::Deserialize;
use store::{Act, Db, Handlers, Query as _, Via};

use crate::{Outcome, outcome, store as sql};

#[derive(Debug, Deserialize)]
struct Made {
    #[serde(default)]
    body: Option<BodyId>,
    #[serde(default)]
    account: Option<AccountId>,
    kind: String,
    object: String,
    #[serde(default)]
    due: Option<serde_json::Value>,
}
#[derive(Debug, Deserialize)]
struct Settled {
    object: String,
    /// "kept", "late" or "broken"; worked out from the due moment when it is not said.
    #[serde(default)]
    outcome: Option<String>,
}

/// A due moment as microseconds, or as a day or instant in text; a day is kept until it is over everywhere.
fn due(value: Option<serde_json::Value>) -> Option<Moment> {
    match value? {
        serde_json::Value::Number(n) => Moment::from_microsecond(n.as_i64()?).ok(),
        serde_json::Value::String(s) => s.parse::<Moment>().ok().or_else(|| {
            let day: basis::Day = s.parse().ok()?;
            let over = day
                .tomorrow()
                .ok()?
                .at(12, 0, 0, 0)
                .to_zoned(jiff::tz::TimeZone::UTC)
                .ok()?;
            Some(over.timestamp())
        }),
        _ => None,
    }
}

async fn made(db: Db, payload: serde_json::Value) -> Result<(), Fail> {
    let m: Made = serde_json::from_value(payload).map_err(Fail::fault)?;
    let tx = db.begin(&Act::house(Via::Job)).await?;
    sql::promise_made(&tx, &m.object, &m.kind, m.body, m.account, due(m.due)).await?;
    tx.done(()).await
}
async fn settled(db: Db, payload: serde_json::Value) -> Result<(), Fail> {
    let s: Settled = serde_json::from_value(payload).map_err(Fail::fault)?;
    let tx = db.begin(&Act::house(Via::Job)).await?;
    let now = tx.now();
    let Some(promise) = sql::promise(&tx, &s.object).await? else {
        // The two events may come in either order: tried again, the promise is there.
        return Err(Fail::fault(format!("no promise {} to settle yet", s.object)));
    };
    let how = match s.outcome.as_deref().and_then(<Outcome as basis::Code>::from_code) {
        Some(said) => said,
        None => outcome(promise.due, now, false),
    };
    sql::promise_settled(&tx, &s.object, how, now).await?;
    tx.done(()).await
}

/// Listens to "promise.made" and "promise.settled".
pub fn handlers(h: &mut Handlers) {
    h.on("promise.made", "parties.promise-made", made);
    h.on("promise.settled", "parties.promise-settled", settled);
}

/// Promises kept by nobody, for the checks of the store.
pub(crate) async fn orphans(db: &Db) -> Result<i64, store::StoreFault> {
    db.number(
        "SELECT COUNT(*) AS n FROM promise WHERE body IS NULL AND account IS NULL",
        vec![],
    )
    .await
}
