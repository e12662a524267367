//! Who may offer, be chosen and take work on.

use access::BodyKind;
use basis::{BodyId, Day, Fail};
use store::Query;

use crate::{people, store as sql};

/// Whether this body may offer, be chosen or take work on that day: a partner city's office, or an organisation that the
/// office has checked and whose check has not run out. What was refused, waits under a new name or ran out may not.
///
/// # Errors
/// Faults of the store only.
pub async fn may_take_on(q: &impl Query, body: BodyId, today: Day) -> Result<bool, Fail> {
    let card = people::bodies(q, &[body]).await?.remove(&body);
    match card.filter(|b| b.ended_at.is_none()).map(|b| b.kind) {
        Some(BodyKind::PartnerOffice) => Ok(true),
        Some(BodyKind::Organisation) => Ok(sql::organisation(q, body).await?.is_some_and(|o| o.is_verified(today))),
        _ => Ok(false),
    }
}
