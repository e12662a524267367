//! Finding an account by its mailbox: for the command line only, since a page must never tell who has one.

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
