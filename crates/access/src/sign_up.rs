//! Signing up: a name and a mailbox. The password is chosen by whoever opens the letter, so nobody can prepare an
//! account for somebody else's mailbox.

use basis::{Account, AccountId, Check, Fail, Lang, Locale};
use jiff::tz::TimeZone;
use serde::Deserialize;
use store::{Act, Db, Entry, Tx, Via};

use crate::config::{AccessConfig, Origin};
use crate::letters::{self, About};
use crate::session::{DAY, later};
use crate::{secret, store as rows, throttle};

/// What somebody types to sign up.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SignUp {
    pub name: String,
    pub email: String,
    /// IANA zone; empty for the house's.
    pub zone: String,
}

pub(crate) const NAME_MOST: usize = 80;
pub(crate) const CONFIRM: &str = "confirm";

/// A zone by its IANA name; nothing stands for the house's own, whichever that is and becomes.
pub(crate) fn zone(check: &mut Check, raw: &str) -> String {
    let raw = raw.trim();
    if raw.is_empty() {
        return String::new();
    }
    if raw.len() > 60 || TimeZone::get(raw).is_err() {
        check.refuse(basis::Refusal::at("zone", "refusal-not-in-list"));
    }
    raw.to_owned()
}

/// Posts a letter to the mailbox, whoever it belongs to: the answer is the same whether there is an account or not.
///
/// # Errors
/// Refusals at `name`, `email`, `zone`; [`Fail::Slow`] after three letters an hour.
pub async fn sign_up(db: &Db, config: &AccessConfig, origin: &Origin, input: &SignUp) -> Result<(), Fail> {
    let mut check = Check::new();
    let name = check.line("name", &input.name, NAME_MOST);
    let email = check.email("email", &input.email);
    let zone = zone(&mut check, &input.zone);
    check.done(())?;
    throttle::count_origin(db, throttle::LETTERS_ADDRESS, origin).await?;
    throttle::count(db, throttle::LETTERS, &rows::email_key(&email)).await?;

    let tx = db.begin(&Act::house(Via::Page)).await?;
    let lang = origin.locale.lang();
    let id: AccountId = tx.fresh();
    let new = rows::NewAccount {
        id,
        email: Some(&email),
        name: &name,
        lang: &lang,
        zone: &zone,
        confirmed_at: None,
        illustrative: false,
        made_at: tx.now(),
    };
    if rows::insert_account(&tx, new).await? {
        tx.journal(
            Entry::of::<Account>("account.signed-up", id).after(serde_json::json!({ "name": name, "email": email })),
        );
        ask_to_confirm(&tx, config, id, &email, &lang).await?;
    } else if let Some(known) = rows::account_by_email(&tx, &email).await? {
        if known.confirmed_at.is_some() {
            letters::post(&tx, config, known.id, &email, &known.lang, About::HasAccount).await?;
        } else {
            rows::rename_unconfirmed(&tx, known.id, &name, &lang, &zone).await?;
            ask_to_confirm(&tx, config, known.id, &email, &lang).await?;
        }
    }
    tx.done(()).await
}

pub(crate) async fn ask_to_confirm(
    tx: &Tx,
    config: &AccessConfig,
    account: AccountId,
    email: &str,
    lang: &Lang,
) -> Result<(), Fail> {
    let secret = secret::fresh(&*tx.db().env().chance);
    let now = tx.now();
    rows::insert_secret(tx, &secret::hash(&secret), CONFIRM, account, now, later(now, DAY)).await?;
    letters::post(tx, config, account, email, lang, About::Confirm { secret: &secret }).await
}

/// Makes an account without a letter: the command line's first office lead, seeds of a demonstration. It is confirmed,
/// and has no password: a letter of recovery or a demonstration link opens it.
///
/// # Errors
/// A refusal at `email` if the mailbox has an account.
pub async fn make_account(tx: &Tx, new: &MadeAccount) -> Result<AccountId, Fail> {
    let mut check = Check::new();
    let name = check.line("name", &new.name, NAME_MOST);
    let email = new.email.as_ref().map(|e| check.email("email", e));
    let zone = zone(&mut check, &new.zone);
    check.done(())?;
    let now = tx.now();
    let row = rows::NewAccount {
        id: new.id,
        email: email.as_deref(),
        name: &name,
        lang: &new.locale.lang(),
        zone: &zone,
        confirmed_at: Some(now),
        illustrative: new.illustrative,
        made_at: now,
    };
    if !rows::insert_account(tx, row).await? {
        return Err(basis::Refusal::at("email", "refusal-email-taken").into());
    }
    tx.journal(Entry::of::<Account>("account.made", new.id).after(serde_json::json!({ "name": name, "email": email })));
    Ok(new.id)
}
/// An account made by the house.
#[derive(Clone, Debug)]
pub struct MadeAccount {
    /// `Id::named` for reference data, `tx.fresh()` otherwise.
    pub id: AccountId,
    pub name: String,
    pub email: Option<String>,
    pub locale: Locale,
    pub zone: String,
    pub illustrative: bool,
}
