//! What is over is taken away: a job of every night.

use basis::Fail;
use store::{Act, Db, Via};

use crate::store as rows;

/// Takes away old throttles, spent secrets, ended sessions, and sign-ups that nobody confirmed within a week. Says how
/// many rows went.
///
/// # Errors
/// Faults of the store only.
pub async fn sweep(db: &Db) -> Result<u64, Fail> {
    let tx = db.begin(&Act::house(Via::Job)).await?;
    let n = rows::sweep(&tx, tx.now()).await?;
    tx.done(n).await
}

/// What must always hold about accounts: a person who was erased left nothing behind, and no way in.
///
/// # Errors
/// Faults of the store only.
pub async fn verify(db: &Db) -> Result<Vec<String>, store::StoreFault> {
    rows::broken(db).await
}
