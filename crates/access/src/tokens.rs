//! Keys to the API: scoped, expiring, shown once.

use basis::{Check, Fail, MandateId, Moment, Refusal, Token, TokenId};
use serde::Deserialize;
use store::Entry;

use crate::session::{self, DAY, later};
use crate::{Asking, House, secret, store as rows};

/// No key lives longer than a year.
const MOST_DAYS: i64 = 366;
const MOST_TOKENS: usize = 50;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewToken {
    /// What it is for, in the person's words.
    pub label: String,
    /// "read" (look), "write" (look and change), or names of rooms (look and change there).
    pub scopes: Vec<String>,
    /// The mandate it acts under; none for oneself. It ends with the mandate.
    pub mandate: Option<MandateId>,
    pub days: i64,
}
/// One of my keys.
#[derive(Clone, Debug)]
pub struct MyToken {
    pub id: TokenId,
    pub label: String,
    pub scopes: Vec<String>,
    pub mandate: Option<MandateId>,
    pub made_at: Moment,
    pub expires_at: Moment,
    pub used_at: Option<Moment>,
}

/// The scopes a key of this house may have.
pub fn scopes(house: &House) -> Vec<&'static str> {
    let mut rooms: Vec<&'static str> = house.gate.actions().map(|(_, room)| room).collect();
    rooms.sort_unstable();
    rooms.dedup();
    let own = ["read", "write"].into_iter();
    own.chain(rooms.into_iter().filter(|r| *r != "access")).collect()
}

/// Makes a key; the secret is in the answer and nowhere else.
///
/// # Errors
/// Refusals at `label`, `scopes`, `mandate`, `days`; a denial for a key that asks for a key.
pub async fn make_token(house: &House, asking: &Asking, input: &NewToken) -> Result<(TokenId, String), Fail> {
    let me = session::own(house, asking, "own.token")?;
    let known = scopes(house);
    let mut check = Check::new();
    let label = check.line("label", &input.label, 100);
    let fit = !input.scopes.is_empty() && input.scopes.iter().all(|s| known.contains(&s.as_str()));
    check.ensure(fit, || Refusal::at("scopes", "refusal-not-in-list"));
    check.ensure((1..=MOST_DAYS).contains(&input.days), || {
        Refusal::at("days", "refusal-out-of-range")
            .with("min", 1_i64)
            .with("max", MOST_DAYS)
    });
    let tx = asking.begin(house).await?;
    let now = tx.now();
    if let Some(id) = input.mandate {
        let held = rows::mandates_in_force(&tx, me, now).await?;
        check.ensure(held.iter().any(|m| m.id == id), || {
            Refusal::at("mandate", "refusal-not-in-list")
        });
    }
    check.ensure(rows::tokens_of(&tx, me, now).await?.len() < MOST_TOKENS, || {
        Refusal::page("refusal-tokens-many").with("max", MOST_TOKENS)
    });
    check.done(())?;
    // The prefix lets people and scanners see what it is when it lies somewhere it should not.
    let secret = format!("yc_{}", secret::fresh(&*house.db.env().chance));
    let id: TokenId = tx.fresh();
    let mut scopes = input.scopes.clone();
    scopes.sort();
    scopes.dedup();
    let row = rows::NewTokenRow {
        id,
        hash: &secret::hash(&secret),
        account: me,
        mandate: input.mandate,
        label: &label,
        scopes: &scopes,
        now,
        until: later(now, input.days * DAY),
    };
    rows::insert_token(&tx, row).await?;
    tx.journal(
        Entry::of::<Token>("token.made", id)
            .after(serde_json::json!({ "scopes": scopes, "mandate": input.mandate, "days": input.days })),
    );
    // Not under the once-key: the answer kept there would be the secret in the clear.
    tx.done(()).await?;
    Ok((id, secret))
}
/// # Errors
/// A denial for who is not signed in.
pub async fn my_tokens(house: &House, asking: &Asking) -> Result<Vec<MyToken>, Fail> {
    let me = session::own(house, asking, "own.read")?;
    let rows = rows::tokens_of(&house.db, me, house.now()).await?;
    Ok(rows
        .into_iter()
        .map(|t| MyToken {
            id: t.id,
            label: t.label,
            scopes: t.scopes.0,
            mandate: t.mandate,
            made_at: t.made_at,
            expires_at: t.expires_at,
            used_at: t.used_at,
        })
        .collect())
}
/// # Errors
/// [`Fail::NotFound`] if it is not mine or over.
pub async fn end_token(house: &House, asking: &Asking, id: TokenId) -> Result<(), Fail> {
    let me = session::own(house, asking, "own.token")?;
    let tx = asking.begin(house).await?;
    if rows::end_token(&tx, me, id, tx.now()).await? == 0 {
        return Err(Fail::NotFound);
    }
    tx.journal(Entry::of::<Token>("token.ended", id));
    tx.done(()).await
}
