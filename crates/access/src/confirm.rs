//! Confirming a mailbox: whoever opens the letter chooses the password and is signed in.

use basis::{Account, Check, Fail, Refusal};
use serde::Deserialize;
use store::{Db, Entry, Via};

use crate::config::Origin;
use crate::session::{self, SignedIn, act_of};
use crate::sign_up::{CONFIRM, NAME_MOST};
use crate::{password, secret, store as rows, throttle};

/// What the letter's reader fills in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Confirm {
    pub key: String,
    pub name: String,
    pub new_password: String,
}
/// Whose account waits behind a letter's link.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub email: String,
    pub name: String,
}

/// A link that was used, is too old, or never was: one answer for all three.
pub(crate) fn spent() -> Fail {
    Refusal::page("refusal-link-spent").into()
}

/// What the page behind the letter's link shows.
///
/// # Errors
/// A refusal for the page if the link is spent.
pub async fn waiting(db: &Db, key: &str) -> Result<Waiting, Fail> {
    behind(db, key, CONFIRM).await
}
pub(crate) async fn behind(db: &Db, key: &str, purpose: &str) -> Result<Waiting, Fail> {
    let id = rows::secret_owner(db, &secret::hash(key), purpose, db.now())
        .await?
        .ok_or_else(spent)?;
    let a = rows::account_by_id(db, id).await?.ok_or_else(spent)?;
    let email = a.email.ok_or_else(spent)?;
    Ok(Waiting { email, name: a.name })
}

/// Proves the mailbox, keeps the password, signs in.
///
/// # Errors
/// Refusals at `name` and `new_password`; for the page if the link is spent, as the second of two at once finds it.
pub async fn confirm(db: &Db, origin: &Origin, input: &Confirm) -> Result<SignedIn, Fail> {
    throttle::count_origin(db, throttle::SECRETS_ADDRESS, origin).await?;
    let Waiting { email, .. } = waiting(db, &input.key).await?;
    let mut check = Check::new();
    let name = check.line("name", &input.name, NAME_MOST);
    let checked = password::checked("new_password", &input.new_password, &[&email, &name]);
    let password = checked.unwrap_or_else(|r| {
        check.refuse(r);
        String::new()
    });
    check.done(())?;
    let hash = password::hash(&password, &*db.env().chance).await?;

    let id = rows::secret_owner(db, &secret::hash(&input.key), CONFIRM, db.now())
        .await?
        .ok_or_else(spent)?;
    let tx = db.begin(&act_of(id, Via::Page)).await?;
    let now = tx.now();
    rows::use_secret(&tx, &secret::hash(&input.key), CONFIRM, now)
        .await?
        .ok_or_else(spent)?;
    // An account that was confirmed by another letter or by a provider meanwhile keeps its ways of signing in.
    if rows::confirm_account(&tx, id, now).await? == 0 {
        return Err(spent());
    }
    let known = rows::account_by_id(&tx, id).await?.ok_or_else(spent)?;
    rows::set_profile(&tx, id, &name, &known.lang, &known.zone, &[]).await?;
    rows::set_password(&tx, id, &hash).await?;
    rows::spend_secrets(&tx, id, now).await?;
    tx.journal(Entry::of::<Account>("account.confirmed", id));
    let signed_in = session::begin(&tx, id, origin).await?;
    tx.done(()).await?;
    Ok(signed_in)
}
