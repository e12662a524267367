//! What is over is taken away: a job of every night.

use basis::{Account, Fail};
use store::{Act, Db, Entry, Via};

use crate::store as rows;

/// Takes away old throttles, spent secrets, ended sessions, and sign-ups that nobody confirmed within a week. Says how
/// many rows went.
///
/// # Errors
/// Faults of the store only.
pub async fn sweep(db: &Db) -> Result<u64, Fail> {
    let tx = db.begin(&Act::house(Via::Job)).await?;
    let now = tx.now();
    let mut n = rows::sweep(&tx, now).await?;
    // Somebody typed a mailbox that may be a stranger's: after a week nothing names it any more, here as in an erasure.
    for id in rows::forget_unconfirmed(&tx, now).await? {
        n += 1 + rows::forget_secrets(&tx, id).await?;
        // Only what this sign-up caused: the mailbox was never proved, and others may have written to it.
        n += ::store::erase_letters_of(&tx, id, None).await?;
        store::journal::erase_details_of(&tx, id).await?;
        tx.journal(Entry::of::<Account>(store::journal::ERASED, id));
    }
    tx.done(n).await
}

/// What must always hold about accounts: a person who was erased left nothing behind, and no way in.
///
/// # Errors
/// Faults of the store only.
pub async fn verify(db: &Db) -> Result<Vec<String>, store::StoreFault> {
    rows::broken(db).await
}
