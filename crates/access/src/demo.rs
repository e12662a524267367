//! Sign-in links of a demonstration: open as often as one likes, only where the node runs as a demonstration, and only
//! for accounts that are marked as made up.

use basis::{AccountId, Fail, Refusal};
use store::{Act, Db, Via};

use crate::config::{AccessConfig, Origin};
use crate::session::{self, DAY, SignedIn, act_of, later};
use crate::{secret, store as rows};

const DEMO: &str = "demo";

/// The secret of a link that signs in a demonstration account.
///
/// # Errors
/// A fault outside a demonstration, or for an account that is not illustrative.
pub async fn demo_link(db: &Db, config: &AccessConfig, account: AccountId) -> Result<String, Fail> {
    let a = rows::account_by_id(db, account).await?.ok_or(Fail::NotFound)?;
    if !config.demo || !a.illustrative {
        return Err(Fail::fault(
            "sign-in links are for demonstration accounts of a demonstration",
        ));
    }
    let tx = db.begin(&Act::house(Via::Seed)).await?;
    let secret = secret::fresh(&*db.env().chance);
    let now = tx.now();
    rows::insert_secret(&tx, &secret::hash(&secret), DEMO, account, now, later(now, 365 * DAY)).await?;
    tx.done(()).await?;
    Ok(secret)
}
/// # Errors
/// A refusal for the page if the link does not hold, or this is no demonstration.
pub async fn demo_sign_in(db: &Db, config: &AccessConfig, origin: &Origin, key: &str) -> Result<SignedIn, Fail> {
    let refused = || Refusal::page("refusal-link-spent");
    if !config.demo {
        return Err(refused().into());
    }
    let id = rows::secret_owner(db, &secret::hash(key), DEMO, db.now())
        .await?
        .ok_or_else(refused)?;
    let tx = db.begin(&act_of(id, Via::Page)).await?;
    let signed_in = session::begin(&tx, id, origin).await?;
    tx.done(()).await?;
    Ok(signed_in)
}
