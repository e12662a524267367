//! All SQL about accounts, sessions, secrets, mandates, bodies and keys.

use std::collections::HashMap;

use basis::{AccountId, BodyId, Field, GovernmentId, Lang, MandateId, Moment, SessionId, Text, TokenId};
use store::{Json, Query, StoreFault, ToVal, Tx, Val, row, vals};

use crate::{BodyKind, Mandated, Role};

type Answer<T> = Result<T, StoreFault>;

// --- accounts -------------------------------------------------------------------------------------------------------

row! {
    #[derive(PartialEq)]
    pub struct AccountRow {
        pub id: AccountId, pub email: Option<String>, pub name: String, pub lang: Lang, pub zone: String,
        pub password_hash: Option<String>, pub oidc_issuer: Option<String>, pub confirmed_at: Option<Moment>,
        pub made_at: Moment, pub erased_at: Option<Moment>, pub illustrative: bool, pub letters: Json<Vec<String>>,
    }
}
const ACCOUNT: &str = "SELECT id, email, name, lang, zone, password_hash, oidc_issuer, confirmed_at, made_at, erased_at, illustrative, letters FROM account";

pub struct NewAccount<'a> {
    pub id: AccountId,
    pub email: Option<&'a str>,
    pub name: &'a str,
    pub lang: &'a Lang,
    pub zone: &'a str,
    pub confirmed_at: Option<Moment>,
    pub illustrative: bool,
    pub made_at: Moment,
}
/// One mailbox is one account, however its case is typed.
pub fn email_key(email: &str) -> String {
    email.to_lowercase()
}

pub async fn account_by_email(q: &impl Query, email: &str) -> Answer<Option<AccountRow>> {
    q.one(&format!("{ACCOUNT} WHERE email_key = $1"), vals![email_key(email)])
        .await
}
pub async fn account_by_id(q: &impl Query, id: AccountId) -> Answer<Option<AccountRow>> {
    q.one(&format!("{ACCOUNT} WHERE id = $1"), vals![id]).await
}
pub async fn account_by_subject(q: &impl Query, issuer: &str, subject: &str) -> Answer<Option<AccountRow>> {
    q.one(
        &format!("{ACCOUNT} WHERE oidc_issuer = $1 AND oidc_subject = $2"),
        vals![issuer, subject],
    )
    .await
}
/// `false` if the mailbox has an account already.
pub async fn insert_account(tx: &Tx, a: NewAccount<'_>) -> Answer<bool> {
    let key = a.email.map(email_key);
    let n = tx
        .exec(
            "INSERT INTO account (id, email, email_key, name, lang, zone, confirmed_at, made_at, illustrative, letters) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '[]') ON CONFLICT (email_key) DO NOTHING",
            vals![a.id, a.email, key, a.name, a.lang.clone(), a.zone, a.confirmed_at, a.made_at, a.illustrative],
        )
        .await?;
    Ok(n == 1)
}
/// A second sign-up before the first was confirmed: the newer name and language stand.
pub async fn rename_unconfirmed(tx: &Tx, id: AccountId, name: &str, lang: &Lang, zone: &str) -> Answer<u64> {
    tx.exec(
        "UPDATE account SET name = $1, lang = $2, zone = $3 WHERE id = $4 AND confirmed_at IS NULL",
        vals![name, lang.clone(), zone, id],
    )
    .await
}
/// The mailbox is proved. Confirming twice is confirming once.
pub async fn confirm_account(tx: &Tx, id: AccountId, now: Moment) -> Answer<u64> {
    tx.exec(
        "UPDATE account SET confirmed_at = $1 WHERE id = $2 AND confirmed_at IS NULL AND erased_at IS NULL",
        vals![now, id],
    )
    .await
}
pub async fn set_password(tx: &Tx, id: AccountId, hash: &str) -> Answer<u64> {
    tx.exec(
        "UPDATE account SET password_hash = $1 WHERE id = $2 AND erased_at IS NULL",
        vals![hash, id],
    )
    .await
}
/// The same password under today's parameters; not if it was changed meanwhile.
pub async fn renew_password(tx: &Tx, id: AccountId, old: &str, new: &str) -> Answer<u64> {
    tx.exec(
        "UPDATE account SET password_hash = $1 WHERE id = $2 AND password_hash = $3",
        vals![new, id, old],
    )
    .await
}
pub async fn link_subject(tx: &Tx, id: AccountId, issuer: &str, subject: &str) -> Answer<u64> {
    tx.exec(
        "UPDATE account SET oidc_issuer = $1, oidc_subject = $2 WHERE id = $3 AND erased_at IS NULL AND oidc_subject IS NULL",
        vals![issuer, subject, id],
    )
    .await
}
pub async fn set_profile(
    tx: &Tx,
    id: AccountId,
    name: &str,
    lang: &Lang,
    zone: &str,
    unwanted: &[String],
) -> Answer<u64> {
    tx.exec(
        "UPDATE account SET name = $1, lang = $2, zone = $3, letters = $4 WHERE id = $5 AND erased_at IS NULL",
        vals![name, lang.clone(), zone, Json(unwanted.to_vec()), id],
    )
    .await
}
/// What is left of an erased account: its id.
pub async fn empty_account(tx: &Tx, id: AccountId, now: Moment) -> Answer<u64> {
    tx.exec(
        "UPDATE account SET email = NULL, email_key = NULL, name = '', password_hash = NULL, oidc_issuer = NULL, oidc_subject = NULL, letters = '[]', erased_at = $1 WHERE id = $2 AND erased_at IS NULL",
        vals![now, id],
    )
    .await
}

fn places(from: usize, count: usize) -> String {
    let places: Vec<String> = (from..from + count).map(|n| format!("${n}")).collect();
    places.join(", ")
}
/// Values for an `IN (…)` list, after those given.
fn listed<T: ToVal>(mut before: Vec<Val>, ids: &[T]) -> Vec<Val> {
    before.extend(ids.iter().map(ToVal::to_val));
    before
}
/// At most so many ids a statement.
const CHUNK: usize = 500;

/// Names of people; those erased have an empty one.
pub async fn names_of(q: &impl Query, ids: &[AccountId]) -> Answer<HashMap<AccountId, String>> {
    row! { struct Named { id: AccountId, name: String } }
    let mut out = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        let sql = format!("SELECT id, name FROM account WHERE id IN ({})", places(1, ids.len()));
        let rows: Vec<Named> = q.all(&sql, listed(vec![], ids)).await?;
        out.extend(rows.into_iter().map(|r| (r.id, r.name)));
    }
    Ok(out)
}

row! {
    /// Somebody a letter may go to.
    pub struct Addressee { pub id: AccountId, pub email: String, pub name: String, pub lang: Lang, pub zone: String, pub unwanted: Json<Vec<String>> }
}
const ADDRESSEE: &str = "SELECT a.id, a.email, a.name, a.lang, a.zone, a.letters AS unwanted FROM account a";
const REACHABLE: &str = "a.email IS NOT NULL AND a.confirmed_at IS NOT NULL AND a.erased_at IS NULL";

pub async fn addressees(q: &impl Query, ids: &[AccountId]) -> Answer<Vec<Addressee>> {
    let mut out = Vec::new();
    for ids in ids.chunks(CHUNK) {
        let sql = format!(
            "{ADDRESSEE} WHERE {REACHABLE} AND a.id IN ({}) ORDER BY a.id",
            places(1, ids.len())
        );
        out.extend(q.all::<Addressee>(&sql, listed(vec![], ids)).await?);
    }
    Ok(out)
}
pub async fn addressees_of_body(q: &impl Query, body: BodyId, now: Moment) -> Answer<Vec<Addressee>> {
    q.all(
        &format!("{ADDRESSEE} WHERE {REACHABLE} AND a.id IN (SELECT m.account FROM mandate m JOIN body b ON b.id = m.body WHERE m.body = $1 AND {IN_FORCE}) ORDER BY a.id"),
        vals![body, now],
    )
    .await
}

// --- secrets in letters ------------------------------------------------------------------------------------------------

pub async fn insert_secret(
    tx: &Tx,
    hash: &str,
    purpose: &str,
    account: AccountId,
    now: Moment,
    until: Moment,
) -> Answer<u64> {
    tx.exec(
        "INSERT INTO secret_letter (secret_hash, purpose, account, made_at, expires_at, used_at) VALUES ($1, $2, $3, $4, $5, NULL)",
        vals![hash, purpose, account, now, until],
    )
    .await
}
row! { struct Whose { account: AccountId } }
const FRESH: &str = "secret_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3";
/// Whose secret it is, as long as it can be used.
pub async fn secret_owner(q: &impl Query, hash: &str, purpose: &str, now: Moment) -> Answer<Option<AccountId>> {
    let sql = format!("SELECT account FROM secret_letter WHERE {FRESH}");
    Ok(q.one::<Whose>(&sql, vals![hash, purpose, now])
        .await?
        .map(|w| w.account))
}
/// Uses a secret up: of two who try at once, one gets the account.
pub async fn use_secret(tx: &Tx, hash: &str, purpose: &str, now: Moment) -> Answer<Option<AccountId>> {
    let sql = format!("UPDATE secret_letter SET used_at = $3 WHERE {FRESH} RETURNING account");
    Ok(tx
        .one::<Whose>(&sql, vals![hash, purpose, now])
        .await?
        .map(|w| w.account))
}
/// Makes all of an account's waiting secrets useless.
pub async fn spend_secrets(tx: &Tx, account: AccountId, now: Moment) -> Answer<u64> {
    tx.exec(
        "UPDATE secret_letter SET used_at = $1 WHERE account = $2 AND used_at IS NULL",
        vals![now, account],
    )
    .await
}

// --- sessions ------------------------------------------------------------------------------------------------------------

row! {
    /// A session and its person, as every request asks for them.
    pub struct SessionRow {
        pub id: SessionId, pub account: AccountId, pub acting: Option<MandateId>, pub made_at: Moment, pub seen_at: Moment,
        pub name: String, pub lang: Lang, pub zone: String,
    }
}
pub async fn session_by_secret(q: &impl Query, hash: &str, now: Moment) -> Answer<Option<SessionRow>> {
    q.one(
        "SELECT s.id, s.account, s.acting, s.made_at, s.seen_at, a.name, a.lang, a.zone FROM session s JOIN account a ON a.id = s.account WHERE s.secret_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND a.erased_at IS NULL",
        vals![hash, now],
    )
    .await
}
pub struct NewSession<'a> {
    pub id: SessionId,
    pub hash: &'a str,
    pub account: AccountId,
    pub acting: Option<MandateId>,
    pub now: Moment,
    pub until: Moment,
    pub browser: &'a str,
}
pub async fn insert_session(tx: &Tx, s: NewSession<'_>) -> Answer<u64> {
    tx.exec(
        "INSERT INTO session (id, secret_hash, account, acting, made_at, seen_at, expires_at, ended_at, browser) VALUES ($1, $2, $3, $4, $5, $5, $6, NULL, $7)",
        vals![s.id, s.hash, s.account, s.acting, s.now, s.until, s.browser],
    )
    .await
}
/// Seen again; the session lives on from here.
pub async fn touch_session(tx: &Tx, id: SessionId, now: Moment, until: Moment) -> Answer<u64> {
    tx.exec(
        "UPDATE session SET seen_at = $1, expires_at = $2 WHERE id = $3 AND ended_at IS NULL AND seen_at < $1",
        vals![now, until, id],
    )
    .await
}
row! {
    /// One of a person's sessions, as listed to them.
    pub struct OwnSession { pub id: SessionId, pub made_at: Moment, pub seen_at: Moment, pub expires_at: Moment, pub browser: String, pub secret_hash: String }
}
pub async fn sessions_of(q: &impl Query, account: AccountId, now: Moment) -> Answer<Vec<OwnSession>> {
    q.all(
        "SELECT id, made_at, seen_at, expires_at, browser, secret_hash FROM session WHERE account = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY seen_at DESC, id DESC LIMIT 200",
        vals![account, now],
    )
    .await
}
pub async fn end_session(tx: &Tx, account: AccountId, id: SessionId, now: Moment) -> Answer<u64> {
    tx.exec(
        "UPDATE session SET ended_at = $1 WHERE id = $2 AND account = $3 AND ended_at IS NULL",
        vals![now, id, account],
    )
    .await
}
/// Ends all sessions of a person but the one of this secret; with none, all.
pub async fn end_sessions_but(tx: &Tx, account: AccountId, keep: Option<&str>, now: Moment) -> Answer<u64> {
    tx.exec(
        "UPDATE session SET ended_at = $1 WHERE account = $2 AND ended_at IS NULL AND secret_hash <> $3",
        vals![now, account, keep.unwrap_or("")],
    )
    .await
}
row! { pub struct EndedSession { pub id: SessionId, pub account: AccountId } }
pub async fn end_session_by_secret(tx: &Tx, hash: &str, now: Moment) -> Answer<Option<EndedSession>> {
    tx.one(
        "UPDATE session SET ended_at = $1 WHERE secret_hash = $2 AND ended_at IS NULL RETURNING id, account",
        vals![now, hash],
    )
    .await
}
pub async fn set_acting(tx: &Tx, account: AccountId, hash: &str, mandate: Option<MandateId>) -> Answer<u64> {
    tx.exec(
        "UPDATE session SET acting = $1 WHERE secret_hash = $2 AND account = $3 AND ended_at IS NULL",
        vals![mandate, hash, account],
    )
    .await
}
/// Under which mandate the person acted in their newest session.
pub async fn last_acting(q: &impl Query, account: AccountId) -> Answer<Option<MandateId>> {
    row! { struct Last { acting: Option<MandateId> } }
    let last: Option<Last> = q
        .one(
            "SELECT acting FROM session WHERE account = $1 ORDER BY made_at DESC, id DESC LIMIT 1",
            vals![account],
        )
        .await?;
    Ok(last.and_then(|l| l.acting))
}

// --- mandates and bodies ---------------------------------------------------------------------------------------------------

/// `$2` is now. A mandate of a body that ended is over with it.
const IN_FORCE: &str =
    "m.starts <= $2 AND (m.until IS NULL OR m.until > $2) AND m.ended_at IS NULL AND b.ended_at IS NULL";
const MANDATED: &str = "SELECT m.id, m.account, m.body, m.role, m.purpose, m.letter, m.starts, m.until, m.ended_at, m.granted_by, b.name AS body_name, b.kind AS body_kind, b.field, b.district, b.government, b.home, b.illustrative FROM mandate m JOIN body b ON b.id = m.body";

row! {
    /// A mandate, whether in force or not.
    pub struct MandateRow {
        pub id: MandateId, pub account: AccountId, pub body: BodyId, pub role: Role, pub purpose: String, pub letter: String,
        pub starts: Moment, pub until: Option<Moment>, pub ended_at: Option<Moment>, pub granted_by: Option<AccountId>,
        pub body_name: Text, pub body_kind: BodyKind, pub field: Option<Field>, pub district: Option<GovernmentId>,
        pub government: Option<GovernmentId>, pub home: bool, pub illustrative: bool,
    }
}
impl From<MandateRow> for Mandated {
    fn from(m: MandateRow) -> Mandated {
        Mandated {
            id: m.id,
            body: m.body,
            body_name: m.body_name,
            body_kind: m.body_kind,
            role: m.role,
            field: m.field,
            district: m.district,
            government: m.government,
            home: m.home,
            purpose: m.purpose,
            letter: m.letter,
            until: m.until,
            illustrative: m.illustrative,
        }
    }
}
pub async fn mandates_in_force(q: &impl Query, account: AccountId, now: Moment) -> Answer<Vec<MandateRow>> {
    q.all(
        &format!("{MANDATED} WHERE m.account = $1 AND {IN_FORCE} ORDER BY m.id LIMIT 200"),
        vals![account, now],
    )
    .await
}
/// All a person ever held.
pub async fn mandates_of(q: &impl Query, account: AccountId) -> Answer<Vec<MandateRow>> {
    q.all(
        &format!("{MANDATED} WHERE m.account = $1 ORDER BY m.id DESC LIMIT 500"),
        vals![account],
    )
    .await
}
row! { pub struct Granted { pub id: MandateId, pub made_at: Moment } }
/// Those a person granted to others.
pub async fn mandates_granted_by(q: &impl Query, account: AccountId) -> Answer<Vec<Granted>> {
    q.all(
        "SELECT id, made_at FROM mandate WHERE granted_by = $1 ORDER BY id DESC LIMIT 2000",
        vals![account],
    )
    .await
}
pub async fn mandates_of_body(q: &impl Query, body: BodyId, now: Moment) -> Answer<Vec<MandateRow>> {
    q.all(
        &format!("{MANDATED} WHERE m.body = $1 AND {IN_FORCE} ORDER BY m.id LIMIT 500"),
        vals![body, now],
    )
    .await
}
pub async fn mandate(q: &impl Query, id: MandateId) -> Answer<Option<MandateRow>> {
    q.one(&format!("{MANDATED} WHERE m.id = $1"), vals![id]).await
}
pub struct NewMandate<'a> {
    pub id: MandateId,
    pub account: AccountId,
    pub body: BodyId,
    pub role: Role,
    pub purpose: &'a str,
    pub letter: &'a str,
    pub starts: Moment,
    pub until: Option<Moment>,
    pub granted_by: Option<AccountId>,
    pub now: Moment,
}
pub async fn insert_mandate(tx: &Tx, m: NewMandate<'_>) -> Answer<u64> {
    tx.exec(
        "INSERT INTO mandate (id, account, body, role, purpose, letter, starts, until, granted_by, ended_at, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, $10)",
        vals![m.id, m.account, m.body, m.role, m.purpose, m.letter, m.starts, m.until, m.granted_by, m.now],
    )
    .await
}
pub async fn end_mandate(tx: &Tx, id: MandateId, now: Moment) -> Answer<u64> {
    tx.exec(
        "UPDATE mandate SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL",
        vals![now, id],
    )
    .await
}
/// Ends those of a body that hold or would hold; tells which.
pub async fn end_mandates_of_body(tx: &Tx, body: BodyId, now: Moment) -> Answer<Vec<MandateId>> {
    row! { struct Ended { id: MandateId } }
    let ended: Vec<Ended> = tx
        .all(
            "UPDATE mandate SET ended_at = $1 WHERE body = $2 AND ended_at IS NULL AND (until IS NULL OR until > $1) RETURNING id",
            vals![now, body],
        )
        .await?;
    Ok(ended.into_iter().map(|e| e.id).collect())
}
pub async fn set_mandate_end(tx: &Tx, id: MandateId, until: Moment) -> Answer<u64> {
    tx.exec(
        "UPDATE mandate SET until = $1 WHERE id = $2 AND ended_at IS NULL",
        vals![until, id],
    )
    .await
}
pub async fn end_mandates_of(tx: &Tx, account: AccountId, now: Moment) -> Answer<u64> {
    tx.exec(
        "UPDATE mandate SET ended_at = $1 WHERE account = $2 AND ended_at IS NULL",
        vals![now, account],
    )
    .await
}

row! {
    /// Anything one can act for, as every room may show it.
    pub struct BodyCard {
        pub id: BodyId, pub kind: BodyKind, pub name: Text, pub field: Option<Field>, pub district: Option<GovernmentId>,
        pub government: Option<GovernmentId>, pub home: bool, pub illustrative: bool, pub ended_at: Option<Moment>,
    }
}
const BODY: &str = "SELECT id, kind, name, field, district, government, home, illustrative, ended_at FROM body";

pub async fn insert_body(tx: &Tx, b: &BodyCard, now: Moment) -> Answer<u64> {
    tx.exec(
        "INSERT INTO body (id, kind, name, field, district, government, home, illustrative, made_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL) ON CONFLICT (id) DO NOTHING",
        vals![b.id, b.kind, b.name, b.field, b.district, b.government, b.home, b.illustrative, now],
    )
    .await
}
pub async fn rename_body(tx: &Tx, id: BodyId, name: &Text) -> Answer<u64> {
    tx.exec(
        "UPDATE body SET name = $1 WHERE id = $2 AND ended_at IS NULL",
        vals![name.clone(), id],
    )
    .await
}
pub async fn end_body(tx: &Tx, id: BodyId, now: Moment) -> Answer<u64> {
    tx.exec(
        "UPDATE body SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL",
        vals![now, id],
    )
    .await
}
pub async fn bodies(q: &impl Query, ids: &[BodyId]) -> Answer<HashMap<BodyId, BodyCard>> {
    let mut out = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        let sql = format!("{BODY} WHERE id IN ({})", places(1, ids.len()));
        let rows: Vec<BodyCard> = q.all(&sql, listed(vec![], ids)).await?;
        out.extend(rows.into_iter().map(|b| (b.id, b)));
    }
    Ok(out)
}
/// All bodies of a kind that have not ended.
pub async fn bodies_of_kind(q: &impl Query, kind: BodyKind) -> Answer<Vec<BodyCard>> {
    q.all(
        &format!("{BODY} WHERE kind = $1 AND ended_at IS NULL ORDER BY id LIMIT 5000"),
        vals![kind],
    )
    .await
}

// --- keys to the API ----------------------------------------------------------------------------------------------------------

row! {
    /// A key and its person, as every request asks for them.
    pub struct TokenRow {
        pub id: TokenId, pub account: AccountId, pub mandate: Option<MandateId>, pub scopes: Json<Vec<String>>, pub used_at: Option<Moment>,
        pub name: String, pub lang: Lang, pub zone: String,
    }
}
pub async fn token_by_secret(q: &impl Query, hash: &str, now: Moment) -> Answer<Option<TokenRow>> {
    q.one(
        "SELECT t.id, t.account, t.mandate, t.scopes, t.used_at, a.name, a.lang, a.zone FROM token t JOIN account a ON a.id = t.account WHERE t.secret_hash = $1 AND t.ended_at IS NULL AND t.expires_at > $2 AND a.erased_at IS NULL",
        vals![hash, now],
    )
    .await
}
pub struct NewTokenRow<'a> {
    pub id: TokenId,
    pub hash: &'a str,
    pub account: AccountId,
    pub mandate: Option<MandateId>,
    pub label: &'a str,
    pub scopes: &'a [String],
    pub now: Moment,
    pub until: Moment,
}
pub async fn insert_token(tx: &Tx, t: NewTokenRow<'_>) -> Answer<u64> {
    tx.exec(
        "INSERT INTO token (id, secret_hash, account, mandate, label, scopes, made_at, expires_at, used_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL)",
        vals![t.id, t.hash, t.account, t.mandate, t.label, Json(t.scopes.to_vec()), t.now, t.until],
    )
    .await
}
pub async fn touch_token(tx: &Tx, id: TokenId, now: Moment) -> Answer<u64> {
    tx.exec("UPDATE token SET used_at = $1 WHERE id = $2", vals![now, id])
        .await
}
row! {
    /// One of a person's keys, as listed to them.
    pub struct OwnToken {
        pub id: TokenId, pub label: String, pub scopes: Json<Vec<String>>, pub mandate: Option<MandateId>, pub made_at: Moment,
        pub expires_at: Moment, pub used_at: Option<Moment>,
    }
}
pub async fn tokens_of(q: &impl Query, account: AccountId, now: Moment) -> Answer<Vec<OwnToken>> {
    q.all(
        "SELECT id, label, scopes, mandate, made_at, expires_at, used_at FROM token WHERE account = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY id DESC LIMIT 200",
        vals![account, now],
    )
    .await
}
pub async fn end_token(tx: &Tx, account: AccountId, id: TokenId, now: Moment) -> Answer<u64> {
    tx.exec(
        "UPDATE token SET ended_at = $1 WHERE id = $2 AND account = $3 AND ended_at IS NULL",
        vals![now, id, account],
    )
    .await
}
pub async fn end_tokens_of(tx: &Tx, account: AccountId, now: Moment) -> Answer<u64> {
    tx.exec(
        "UPDATE token SET ended_at = $1 WHERE account = $2 AND ended_at IS NULL",
        vals![now, account],
    )
    .await
}

/// What somebody called their keys, gone with them.
pub async fn unname_tokens_of(tx: &Tx, account: AccountId) -> Answer<u64> {
    tx.exec("UPDATE token SET label = '' WHERE account = $1", vals![account])
        .await
}

// --- throttles, sign-ins at a provider, sweeping ------------------------------------------------------------------------------

/// Counts a try in one statement: begin of the window, and how many tries it has now.
pub async fn count_try(tx: &Tx, key: &str, now: Moment, seconds: i64) -> Answer<(Moment, i64)> {
    row! { struct Tried { starts: Moment, tries: i64 } }
    let over = earlier(now, seconds);
    let tried: Option<Tried> = tx
        .one(
            "INSERT INTO throttle (key, starts, tries) VALUES ($1, $2, 1) ON CONFLICT (key) DO UPDATE SET tries = CASE WHEN throttle.starts <= $3 THEN 1 ELSE throttle.tries + 1 END, starts = CASE WHEN throttle.starts <= $3 THEN $2 ELSE throttle.starts END RETURNING starts, tries",
            vals![key, now, over],
        )
        .await?;
    tried
        .map(|t| (t.starts, t.tries))
        .ok_or_else(|| StoreFault::Other("a throttle gave no row".into()))
}
pub async fn forget_tries(tx: &Tx, key: &str) -> Answer<()> {
    tx.exec("DELETE FROM throttle WHERE key = $1", vals![key]).await?;
    Ok(())
}
fn earlier(now: Moment, seconds: i64) -> Moment {
    now.checked_sub(jiff::SignedDuration::from_secs(seconds)).unwrap_or(now)
}

row! { pub struct Flow { pub nonce: String, pub verifier: String, pub back: String } }
pub async fn insert_flow(tx: &Tx, state: &str, flow: &Flow, until: Moment) -> Answer<u64> {
    tx.exec(
        "INSERT INTO oidc_flow (state, nonce, verifier, back, expires_at) VALUES ($1, $2, $3, $4, $5)",
        vals![state, flow.nonce, flow.verifier, flow.back, until],
    )
    .await
}
/// Takes a flow out: it is good for one return.
pub async fn take_flow(tx: &Tx, state: &str, now: Moment) -> Answer<Option<Flow>> {
    tx.one(
        "DELETE FROM oidc_flow WHERE state = $1 AND expires_at > $2 RETURNING nonce, verifier, back",
        vals![state, now],
    )
    .await
}

/// Takes away what is over: ended sessions after 30 days, used secrets, flows, old throttles, once-keys of last week.
pub async fn sweep(tx: &Tx, now: Moment) -> Answer<u64> {
    let day = 24 * 3600;
    let mut n = 0;
    for (sql, before) in [
        ("DELETE FROM throttle WHERE starts < $1", earlier(now, day)),
        ("DELETE FROM oidc_flow WHERE expires_at < $1", now),
        (
            "DELETE FROM secret_letter WHERE expires_at < $1",
            earlier(now, 30 * day),
        ),
        (
            "DELETE FROM session WHERE expires_at < $1 OR ended_at < $1",
            earlier(now, 30 * day),
        ),
    ] {
        n += tx.exec(sql, vals![before]).await?;
    }
    Ok(n)
}
/// Empties sign-ups that nobody confirmed for a week; says which. Of a confirmation at the same moment one of the two
/// finds the row as it wants it.
pub async fn forget_unconfirmed(tx: &Tx, now: Moment) -> Answer<Vec<AccountId>> {
    row! { struct Forgotten { id: AccountId } }
    let rows: Vec<Forgotten> = tx
        .all(
            "UPDATE account SET email = NULL, email_key = NULL, name = '', erased_at = $2 WHERE confirmed_at IS NULL AND erased_at IS NULL AND made_at < $1 RETURNING id",
            vals![earlier(now, 7 * 24 * 3600), now],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}
pub async fn forget_secrets(tx: &Tx, account: AccountId) -> Answer<u64> {
    tx.exec("DELETE FROM secret_letter WHERE account = $1", vals![account])
        .await
}

/// Rows that break what must always hold, in words.
pub async fn broken(q: &impl Query) -> Answer<Vec<String>> {
    let mut faults = Vec::new();
    for (sql, words) in [
        (
            "SELECT COUNT(*) AS n FROM account WHERE erased_at IS NOT NULL AND (email IS NOT NULL OR name <> '' OR password_hash IS NOT NULL OR oidc_subject IS NOT NULL)",
            "erased accounts still hold personal data",
        ),
        (
            "SELECT COUNT(*) AS n FROM session s JOIN account a ON a.id = s.account WHERE a.erased_at IS NOT NULL AND s.ended_at IS NULL",
            "sessions of erased accounts are open",
        ),
        (
            "SELECT COUNT(*) AS n FROM token t JOIN account a ON a.id = t.account WHERE a.erased_at IS NOT NULL AND t.ended_at IS NULL",
            "keys of erased accounts are open",
        ),
        (
            "SELECT COUNT(*) AS n FROM session s JOIN mandate m ON m.id = s.acting WHERE m.account <> s.account",
            "sessions act under somebody else's mandate",
        ),
        (
            "SELECT COUNT(*) AS n FROM token t JOIN mandate m ON m.id = t.mandate WHERE m.account <> t.account",
            "keys act under somebody else's mandate",
        ),
        (
            "SELECT COUNT(*) AS n FROM mandate WHERE granted_by = account",
            "people granted mandates to themselves",
        ),
    ] {
        let n = q.number(sql, vec![]).await?;
        if n > 0 {
            faults.push(format!("{n} {words}"));
        }
    }
    Ok(faults)
}
