//! Names of bodies and people for every later room, many at once.

use std::collections::HashMap;

use basis::{AccountId, BodyId, Moment};
use serde::Serialize;
use store::{Query, StoreFault, Val, row, vals};

use crate::LegalForm;

pub use access::BodyCard;

row! {
    /// A person as pages name them; somebody erased has an empty name.
    #[derive(PartialEq, Serialize)]
    pub struct PersonCard { pub id: AccountId, pub name: String, pub illustrative: bool }
}

/// Bodies by id; what is not there is not in the answer.
pub async fn bodies(q: &impl Query, ids: &[BodyId]) -> Result<HashMap<BodyId, BodyCard>, basis::Fail> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    access::bodies(q, ids).await
}
/// The legal forms of organisations by id; bodies of other kinds have none.
pub async fn legal_forms(q: &impl Query, ids: &[BodyId]) -> Result<HashMap<BodyId, LegalForm>, StoreFault> {
    row! { struct Form { id: BodyId, legal_form: LegalForm } }
    let mut out = HashMap::new();
    for ids in ids.chunks(5000) {
        let places: Vec<String> = (1..=ids.len()).map(|i| format!("${i}")).collect();
        let v: Vec<Val> = ids.iter().flat_map(|i| vals![*i]).collect();
        let sql = format!(
            "SELECT id, legal_form FROM organisation WHERE id IN ({})",
            places.join(", ")
        );
        out.extend(q.all::<Form>(&sql, v).await?.into_iter().map(|f| (f.id, f.legal_form)));
    }
    Ok(out)
}
/// People by id.
pub async fn people(q: &impl Query, ids: &[AccountId]) -> Result<HashMap<AccountId, PersonCard>, StoreFault> {
    let mut out = HashMap::new();
    for ids in ids.chunks(5000) {
        let places: Vec<String> = (1..=ids.len()).map(|i| format!("${i}")).collect();
        let v: Vec<Val> = ids.iter().flat_map(|i| vals![*i]).collect();
        let sql = format!(
            "SELECT id, name, illustrative FROM account WHERE id IN ({})",
            places.join(", ")
        );
        out.extend(q.all::<PersonCard>(&sql, v).await?.into_iter().map(|p| (p.id, p)));
    }
    Ok(out)
}
/// The bodies that some people may act for at this moment.
pub async fn bodies_of(
    q: &impl Query,
    people: &[AccountId],
    now: Moment,
) -> Result<Vec<(AccountId, BodyId)>, StoreFault> {
    row! { struct Acting { account: AccountId, body: BodyId } }
    let mut out = Vec::new();
    for some in people.chunks(5000) {
        let places: Vec<String> = (2..some.len() + 2).map(|i| format!("${i}")).collect();
        let mut v: Vec<Val> = vals![now];
        v.extend(some.iter().flat_map(|a| vals![*a]));
        let sql = format!(
            "SELECT DISTINCT account, body FROM mandate WHERE starts <= $1 AND ended_at IS NULL AND (until IS NULL OR until > $1) AND account IN ({}) ORDER BY account, body",
            places.join(", ")
        );
        out.extend(q.all::<Acting>(&sql, v).await?.into_iter().map(|a| (a.account, a.body)));
    }
    Ok(out)
}
/// Who may act for a body at this moment.
pub async fn members(q: &impl Query, body: BodyId, now: Moment) -> Result<Vec<AccountId>, StoreFault> {
    row! { struct Member { account: AccountId } }
    let rows: Vec<Member> = q
        .all(
            "SELECT DISTINCT account FROM mandate WHERE body = $1 AND starts <= $2 AND ended_at IS NULL AND (until IS NULL OR until > $2) ORDER BY account",
            vals![body, now],
        )
        .await?;
    Ok(rows.into_iter().map(|m| m.account).collect())
}
