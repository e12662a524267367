//! A lost password: a letter to the mailbox, and a new one for whoever opens it. Asking never tells who has an account.

use basis::{Account, Check, Fail};
use serde::Deserialize;
use store::{Act, Db, Entry, Via};

use crate::config::{AccessConfig, Origin};
use crate::confirm::{Waiting, behind, spent};
use crate::letters::{self, About};
use crate::session::{self, SignedIn, act_of, later};
use crate::{password, secret, store as rows, throttle};

const RECOVER: &str = "recover";

/// Posts a letter if there is an account. The answer is the same if there is none, and so is the time: what makes most
/// of it, a hash and a write, happens either way.
///
/// # Errors
/// A refusal at `email` for what is no address; [`Fail::Slow`] after three letters an hour.
pub async fn recover(db: &Db, config: &AccessConfig, origin: &Origin, email: &str) -> Result<(), Fail> {
    let mut check = Check::new();
    let email = check.email("email", email);
    check.done(())?;
    throttle::count_origin(db, throttle::LETTERS_ADDRESS, origin).await?;
    throttle::count(db, throttle::LETTERS, &rows::email_key(&email)).await?;
    password::compare(&email, None).await?;

    let tx = db.begin(&Act::house(Via::Page)).await?;
    let now = tx.now();
    if let Some(a) = rows::account_by_email(&tx, &email).await? {
        if a.confirmed_at.is_some() {
            let secret = secret::fresh(&*db.env().chance);
            rows::insert_secret(&tx, &secret::hash(&secret), RECOVER, a.id, now, later(now, 3600)).await?;
            letters::post(&tx, config, a.id, &email, &a.lang, About::Recover { secret: &secret }).await?;
            tx.journal(Entry::of::<Account>("account.recovery-asked", a.id));
        } else {
            crate::sign_up::ask_to_confirm(&tx, config, a.id, &email, &a.lang).await?;
        }
    }
    tx.done(()).await
}

/// What the page behind the letter's link shows.
///
/// # Errors
/// A refusal for the page if the link is spent.
pub async fn recovering(db: &Db, key: &str) -> Result<Waiting, Fail> {
    behind(db, key, RECOVER).await
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewPassword {
    pub key: String,
    pub new_password: String,
}
/// Keeps the new password, ends every other session, every key to the API and every waiting letter, signs in, and writes
/// to the mailbox that it happened.
///
/// # Errors
/// A refusal at `new_password`; for the page if the link is spent, as the second of two at once finds it.
pub async fn choose_password(
    db: &Db,
    config: &AccessConfig,
    origin: &Origin,
    input: &NewPassword,
) -> Result<SignedIn, Fail> {
    throttle::count_origin(db, throttle::SECRETS_ADDRESS, origin).await?;
    let who = recovering(db, &input.key).await?;
    let password = password::checked("new_password", &input.new_password, &[&who.email, &who.name])?;
    let hash = password::hash(&password, &*db.env().chance).await?;

    let key = secret::hash(&input.key);
    let id = rows::secret_owner(db, &key, RECOVER, db.now())
        .await?
        .ok_or_else(spent)?;
    let tx = db.begin(&act_of(id, Via::Page)).await?;
    let now = tx.now();
    rows::use_secret(&tx, &key, RECOVER, now).await?.ok_or_else(spent)?;
    let a = rows::account_by_id(&tx, id).await?.ok_or_else(spent)?;
    rows::set_password(&tx, id, &hash).await?;
    rows::end_sessions_but(&tx, id, None, now).await?;
    // Who had the old password may have made a key with it: keys end with it.
    rows::end_tokens_of(&tx, id, now).await?;
    rows::spend_secrets(&tx, id, now).await?;
    throttle::forget(&tx, throttle::SIGN_IN, &rows::email_key(&who.email)).await?;
    letters::post(&tx, config, id, &who.email, &a.lang, About::PasswordChanged).await?;
    tx.journal(Entry::of::<Account>("account.recovered", id));
    let signed_in = session::begin(&tx, id, origin).await?;
    tx.done(()).await?;
    Ok(signed_in)
}
