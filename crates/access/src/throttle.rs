//! How often one may try: counted per account and per network address, before the trying.

use basis::Fail;
use sha2::{Digest, Sha256};
use store::{Act, Db, Via};

use crate::{config::Origin, store as rows};

/// So many tries in so many seconds.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    pub name: &'static str,
    pub tries: i64,
    pub seconds: i64,
}
/// Wrong passwords for one account.
pub const SIGN_IN: Limit = Limit {
    name: "sign-in",
    tries: 10,
    seconds: 15 * 60,
};
/// Sign-ins from one address: an office behind one router signs in too.
pub const SIGN_IN_ADDRESS: Limit = Limit {
    name: "sign-in-address",
    tries: 60,
    seconds: 15 * 60,
};
/// Letters to one mailbox: recovery, confirmation.
pub const LETTERS: Limit = Limit {
    name: "letters",
    tries: 3,
    seconds: 3600,
};
pub const LETTERS_ADDRESS: Limit = Limit {
    name: "letters-address",
    tries: 30,
    seconds: 3600,
};
/// Secrets tried from one address.
pub const SECRETS_ADDRESS: Limit = Limit {
    name: "secrets-address",
    tries: 60,
    seconds: 15 * 60,
};

/// Who is counted, as a hash: the table shall not be a list of people and their addresses.
fn key(limit: Limit, who: &str) -> String {
    format!("{}:{}", limit.name, hex::encode(Sha256::digest(who.as_bytes())))
}

/// Counts a try.
///
/// # Errors
/// [`Fail::Slow`] when there were too many; the try must then not happen.
pub async fn count(db: &Db, limit: Limit, who: &str) -> Result<(), Fail> {
    let tx = db.begin(&Act::house(Via::Job)).await?;
    let now = tx.now();
    let (starts, tries) = rows::count_try(&tx, &key(limit, who), now, limit.seconds).await?;
    tx.done(()).await?;
    if tries <= limit.tries {
        return Ok(());
    }
    let left = starts.as_second() + limit.seconds - now.as_second();
    Err(Fail::Slow {
        seconds: left.max(1).unsigned_abs(),
    })
}
/// Counts a try of this origin, where its address is known.
///
/// # Errors
/// As [`count`].
pub async fn count_origin(db: &Db, limit: Limit, origin: &Origin) -> Result<(), Fail> {
    match &origin.address {
        Some(address) => count(db, limit, address).await,
        None => Ok(()),
    }
}
/// It went well: the count begins anew.
pub async fn forget(tx: &store::Tx, limit: Limit, who: &str) -> Result<(), Fail> {
    Ok(rows::forget_tries(tx, &key(limit, who)).await?)
}
