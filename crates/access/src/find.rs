//! Finding an account by its mailbox: for the command line, and for officers who name a person to hand them something. No
//! page tells the public who has one.

use basis::{AccountId, Fail};
use store::Query;

use crate::store as rows;

/// The confirmed or waiting account of a mailbox.
///
/// # Errors
/// Faults of the store only.
pub async fn account_of_mailbox(q: &impl Query, email: &str) -> Result<Option<AccountId>, Fail> {
    Ok(rows::account_by_email(q, email).await?.map(|a| a.id))
}
/// The account of a mailbox whose holder has confirmed it. Ask the gate first: who may not name people learns nothing.
///
/// # Errors
/// Faults of the store only.
pub async fn confirmed_account_of_mailbox(q: &impl Query, email: &str) -> Result<Option<AccountId>, Fail> {
    let found = rows::account_by_email(q, email).await?;
    Ok(found.filter(|a| a.confirmed_at.is_some()).map(|a| a.id))
}
