//! What this room learns from others: awards that wait for terms, and who evaluates what.

use ::store::{Act, Db, Handlers, Via};
use basis::{AccountId, AwardId, BodyId, CallId, Fail, PlanItemId, UndertakingId};
use serde::Deserialize;

use crate::{Mode, store};

#[derive(Deserialize)]
struct Awarded {
    award: AwardId,
    call: CallId,
    plan_item: PlanItemId,
    body: Option<BodyId>,
    account: Option<AccountId>,
    mode: Mode,
    guiding: BodyId,
}
#[derive(Deserialize)]
struct Appointed {
    undertaking: UndertakingId,
    accounts: Vec<AccountId>,
}

async fn awarded(db: Db, payload: serde_json::Value) -> Result<(), Fail> {
    let a: Awarded = serde_json::from_value(payload).map_err(Fail::fault)?;
    let tx = db.begin(&Act::house(Via::Job)).await?;
    let at = tx.now();
    let waiting = store::Awaiting {
        award: a.award,
        call: a.call,
        plan_item: a.plan_item,
        body: a.body,
        account: a.account,
        mode: a.mode,
        guiding: a.guiding,
        at,
    };
    store::await_terms(&tx, &waiting).await?;
    tx.done(()).await
}
async fn appointed(db: Db, payload: serde_json::Value) -> Result<(), Fail> {
    let a: Appointed = serde_json::from_value(payload).map_err(Fail::fault)?;
    let tx = db.begin(&Act::house(Via::Job)).await?;
    for account in a.accounts {
        store::add_onlooker(&tx, a.undertaking, account).await?;
    }
    tx.done(()).await
}

/// Both may be told twice.
pub fn handlers(h: &mut Handlers) {
    h.on("call.awarded", "undertakings.await-terms", awarded);
    h.on("evaluation.appointed", "undertakings.let-evaluators-read", appointed);
}
