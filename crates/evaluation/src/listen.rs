//! What this room learns from others: undertakings that came to their end wait for evaluators.

use ::store::{Act, Db, Handlers, Via};
use basis::{Fail, UndertakingId};
use serde::Deserialize;

use crate::store;

#[derive(Deserialize)]
struct Ended {
    undertaking: UndertakingId,
}
async fn ended(db: Db, payload: serde_json::Value) -> Result<(), Fail> {
    let e: Ended = serde_json::from_value(payload).map_err(Fail::fault)?;
    let tx = db.begin(&Act::house(Via::Job)).await?;
    store::await_evaluators(&tx, e.undertaking).await?;
    tx.done(()).await
}
/// Each may be told twice.
pub fn handlers(h: &mut Handlers) {
    h.on("undertaking.settled", "evaluation.await-evaluators", ended);
    h.on("undertaking.stopped", "evaluation.await-evaluators-after-stop", ended);
}
