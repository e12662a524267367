//! What people keep about themselves: name, language, zone, which letters they want, password.

use basis::{Account, Check, Fail, Lang, Moment, Refusal};
use serde::Deserialize;
use store::Entry;

use crate::config::AccessConfig;
use crate::letters::{self, About};
use crate::sign_up::{NAME_MOST, zone};
use crate::{Asking, House, password, secret, session, store as rows, throttle};

/// Kinds of letters a person may do without. Letters about the account itself always go.
pub const LETTER_KINDS: &[&str] = &["deadlines", "decisions", "calls", "digest"];

/// One's own account as one sees it.
#[derive(Clone, Debug)]
pub struct Profile {
    pub email: Option<String>,
    pub name: String,
    pub lang: Lang,
    pub zone: String,
    pub wanted: Vec<String>,
    pub made_at: Moment,
    pub has_password: bool,
    /// Signs in with the provider too.
    pub by_provider: bool,
}
/// # Errors
/// A denial for who is not signed in.
pub async fn my_profile(house: &House, asking: &Asking) -> Result<Profile, Fail> {
    let me = session::own(house, asking, "own.read")?;
    let a = rows::account_by_id(&house.db, me).await?.ok_or(Fail::NotFound)?;
    let wanted = LETTER_KINDS
        .iter()
        .filter(|k| !a.letters.0.iter().any(|u| u == *k))
        .map(ToString::to_string);
    Ok(Profile {
        wanted: wanted.collect(),
        email: a.email,
        name: a.name,
        lang: a.lang,
        zone: a.zone,
        made_at: a.made_at,
        has_password: a.password_hash.is_some(),
        by_provider: a.oidc_issuer.is_some(),
    })
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ProfileInput {
    pub name: String,
    /// "zh" or "en".
    pub lang: String,
    pub zone: String,
    /// Of [`LETTER_KINDS`].
    pub letters: Vec<String>,
}
/// # Errors
/// Refusals at `name`, `lang`, `zone`.
pub async fn change_profile(house: &House, asking: &Asking, input: &ProfileInput) -> Result<(), Fail> {
    let me = session::own(house, asking, "own.change")?;
    let mut check = Check::new();
    let name = check.line("name", &input.name, NAME_MOST);
    let locale = basis::Locale::from_path(&input.lang);
    check.ensure(locale.is_some(), || Refusal::at("lang", "refusal-not-in-list"));
    let zone = zone(&mut check, &input.zone);
    check.done(())?;
    let lang = locale.map_or_else(Lang::en, basis::Locale::lang);
    let unwanted: Vec<String> = LETTER_KINDS
        .iter()
        .filter(|k| !input.letters.iter().any(|w| w == *k))
        .map(ToString::to_string)
        .collect();
    let tx = asking.begin(house).await?;
    let before = rows::account_by_id(&tx, me).await?.ok_or(Fail::NotFound)?;
    rows::set_profile(&tx, me, &name, &lang, &zone, &unwanted).await?;
    let told = |name: &str, lang: &Lang, zone: &str, unwanted: &[String]| serde_json::json!({ "name": name, "lang": lang, "zone": zone, "letters-not-wanted": unwanted });
    tx.journal(
        Entry::of::<Account>("account.profile-changed", me)
            .before(told(&before.name, &before.lang, &before.zone, &before.letters.0))
            .after(told(&name, &lang, &zone, &unwanted)),
    );
    tx.done(()).await
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PasswordInput {
    /// The password so far; empty if the account has none.
    pub password: String,
    pub new_password: String,
}
/// Changes the password, ends all other sessions and all keys to the API, writes to the mailbox that it happened.
///
/// # Errors
/// Refusals at `password` and `new_password`; [`Fail::Slow`] as for signing in.
pub async fn change_password(
    house: &House,
    config: &AccessConfig,
    asking: &Asking,
    session_secret: &str,
    input: &PasswordInput,
) -> Result<(), Fail> {
    let me = session::own(house, asking, "own.session")?;
    let db = &house.db;
    let a = rows::account_by_id(db, me).await?.ok_or(Fail::NotFound)?;
    let email = a.email.clone().unwrap_or_default();
    let new = password::checked("new_password", &input.new_password, &[&email, &a.name])?;
    if a.password_hash.is_some() {
        throttle::count(db, throttle::SIGN_IN, &rows::email_key(&email)).await?;
        if password::compare(&input.password, a.password_hash.clone()).await? == password::Match::No {
            return Err(Refusal::at("password", "refusal-password-wrong").into());
        }
    }
    let hash = password::hash(&new, &*db.env().chance).await?;
    let tx = asking.begin(house).await?;
    let now = tx.now();
    rows::set_password(&tx, me, &hash).await?;
    rows::end_sessions_but(&tx, me, Some(&secret::hash(session_secret)), now).await?;
    rows::end_tokens_of(&tx, me, now).await?;
    rows::spend_secrets(&tx, me, now).await?;
    throttle::forget(&tx, throttle::SIGN_IN, &rows::email_key(&email)).await?;
    if !email.is_empty() {
        letters::post(&tx, config, me, &email, &a.lang, About::PasswordChanged).await?;
    }
    tx.journal(Entry::of::<Account>("account.password-changed", me));
    tx.done(()).await
}
