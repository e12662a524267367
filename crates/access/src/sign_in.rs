//! Signing in with e-mail and password. Neither the answer nor the time it takes tells whether there is an account.

use basis::{Account, Fail, Refusal};
use serde::Deserialize;
use store::{Db, Entry, Via};

use crate::config::Origin;
use crate::password::{self, Match};
use crate::session::{self, SignedIn, act_of};
use crate::{store as rows, throttle};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SignIn {
    pub email: String,
    pub password: String,
}

/// # Errors
/// One refusal at `password` for everything that does not fit; [`Fail::Slow`] after ten wrong passwords in a quarter
/// of an hour, right or wrong the next.
pub async fn sign_in(db: &Db, origin: &Origin, input: &SignIn) -> Result<SignedIn, Fail> {
    let email = basis::clean_line(&input.email);
    if email.is_empty() {
        return Err(Refusal::at("email", "refusal-required").into());
    }
    let key = rows::email_key(&email);
    throttle::count_origin(db, throttle::SIGN_IN_ADDRESS, origin).await?;
    // Counted before the comparison: a thousand guesses at once are a thousand tries.
    throttle::count(db, throttle::SIGN_IN, &key).await?;

    let known = rows::account_by_email(db, &email)
        .await?
        .filter(|a| a.confirmed_at.is_some());
    let kept = known.as_ref().and_then(|a| a.password_hash.clone());
    let fits = password::compare(&input.password, kept.clone()).await?;
    let refused = || Refusal::at("password", "refusal-sign-in");
    let account = known.filter(|_| fits != Match::No).ok_or_else(refused)?;
    let renewed = match (fits, &kept) {
        (Match::Outdated, Some(old)) => {
            let plain: String = unicode_normalization::UnicodeNormalization::nfkc(input.password.as_str()).collect();
            Some((old, password::hash(&plain, &*db.env().chance).await?))
        }
        _ => None,
    };

    let tx = db.begin(&act_of(account.id, Via::Page)).await?;
    if let Some((old, new)) = renewed
        && rows::renew_password(&tx, account.id, old, &new).await? == 1
    {
        tx.journal(Entry::of::<Account>("account.password-hash-renewed", account.id));
    }
    throttle::forget(&tx, throttle::SIGN_IN, &key).await?;
    let signed_in = session::begin(&tx, account.id, origin).await?;
    tx.done(()).await?;
    Ok(signed_in)
}
