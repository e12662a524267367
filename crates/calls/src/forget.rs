//! What goes with a person's account: drafts and withdrawn offers in their own name, and offers to calls that are still
//! open, which they might have taken back themselves. What was opened stays: the decision rests on it.

use ::store::{Act, Db, Entry, Handlers, Via};
use basis::{AccountId, Fail};

use crate::store as sql;

async fn forget(db: Db, payload: serde_json::Value) -> Result<(), Fail> {
    let account: AccountId = serde_json::from_value(payload).map_err(Fail::fault)?;
    let tx = db.begin(&Act::house(Via::Job)).await?;
    for id in sql::empty_offers_of(&tx, account).await? {
        sql::replace_lines(&tx, id, &[], &[]).await?;
        tx.journal(Entry::of("offer.emptied", id));
    }
    tx.done(()).await
}

/// May be told twice: what is empty is not emptied again, a seat that was struck is not struck again.
pub fn handlers(h: &mut Handlers) {
    h.on(::store::journal::ERASED, "calls.empty-offers", forget);
    h.on(
        ::store::journal::ERASED,
        "calls.strike-erased",
        crate::review::strike_erased,
    );
}
