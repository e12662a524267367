//! Everything this floor keeps about a person, as they may take it with them (decision 9.9: records of citizens belong to
//! them).

use basis::Fail;
use serde_json::{Value, json};

use crate::{Asking, House, session, store as rows};

/// Tables about a person which [`export_own`] tells in words; what is left out of it are secrets.
pub const TOLD_IN_WORDS: [&str; 6] = ["account", "session", "secret_letter", "oidc_flow", "token", "mandate"];

/// One's own data of this floor; what other tables hold is laid beside it (`store::of_person`).
///
/// # Errors
/// A denial for who is not signed in.
pub async fn export_own(house: &House, asking: &Asking) -> Result<Value, Fail> {
    let me = session::own(house, asking, "own.data.read")?;
    let db = &house.db;
    let a = rows::account_by_id(db, me).await?.ok_or(Fail::NotFound)?;
    let now = house.now();
    let sessions: Vec<Value> = rows::sessions_of(db, me, now)
        .await?
        .into_iter()
        .map(|s| json!({ "id": s.id, "began": s.made_at, "seen": s.seen_at, "ends": s.expires_at, "browser": s.browser }))
        .collect();
    let tokens: Vec<Value> = rows::tokens_of(db, me, now)
        .await?
        .into_iter()
        .map(|t| json!({ "id": t.id, "label": t.label, "scopes": t.scopes.0, "made": t.made_at, "ends": t.expires_at, "used": t.used_at }))
        .collect();
    let mandates: Vec<Value> = rows::mandates_of(db, me)
        .await?
        .into_iter()
        .map(|m| json!({ "id": m.id, "body": m.body, "bodyName": m.body_name, "role": m.role, "purpose": m.purpose, "letter": m.letter, "starts": m.starts, "until": m.until, "ended": m.ended_at }))
        .collect();
    // What one did to others' rows is told by their keys alone, as of every other table.
    let granted: Vec<Value> = rows::mandates_granted_by(db, me)
        .await?
        .into_iter()
        .map(|m| json!({ "id": m.id, "granted": m.made_at }))
        .collect();
    Ok(json!({
        "account": {
            "id": a.id, "email": a.email, "name": a.name, "lang": a.lang, "zone": a.zone,
            "made": a.made_at, "confirmed": a.confirmed_at, "signsInByProvider": a.oidc_issuer, "lettersNotWanted": a.letters.0,
        },
        "sessions": sessions, "tokens": tokens, "mandates": mandates, "mandatesGranted": granted,
    }))
}
