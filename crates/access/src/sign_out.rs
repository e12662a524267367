//! Signing out: the session ends in the store, not only in the browser.

use basis::{Fail, Session};
use store::{Db, Entry, Via};

use crate::session::act_of;
use crate::{secret, store as rows};

/// Ends the session of this secret. Signing out twice is signing out once.
///
/// # Errors
/// Faults of the store only.
pub async fn sign_out(db: &Db, session_secret: &str) -> Result<(), Fail> {
    let hash = secret::hash(session_secret);
    let Some(s) = rows::session_by_secret(db, &hash, db.now()).await? else {
        return Ok(());
    };
    let tx = db.begin(&act_of(s.account, Via::Page)).await?;
    if let Some(ended) = rows::end_session_by_secret(&tx, &hash, tx.now()).await? {
        tx.journal(Entry::of::<Session>("session.ended", ended.id));
    }
    tx.done(()).await
}
