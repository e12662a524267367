//! What this room asks of earlier ones, in one place.

use std::collections::HashMap;

use ::store::Query;
use access::{BodyKind, House, Viewer};
use basis::{AccountId, BodyId, Fail, Moment, PlanItemId, Refusal, UndertakingId};
use parties::PersonCard;

use crate::{Candidate, Programme};

pub(crate) async fn programme(q: &impl Query, id: PlanItemId) -> Result<Option<Programme>, Fail> {
    Ok(planning::item(q, id).await?.map(|i| Programme {
        plan_item: i.id,
        relation: i.relation,
        field: i.field,
        district: i.district,
        guiding: i.guiding,
        illustrative: i.illustrative,
    }))
}
/// Who sat on the panel that scored the offers. Who sat there themselves sees no other seat, and appoints nobody.
pub(crate) async fn panel(house: &House, viewer: &Viewer, id: UndertakingId) -> Result<Vec<AccountId>, Fail> {
    let Some(u) = undertakings::undertaking(&house.db, viewer, id).await? else {
        return Err(Fail::NotFound);
    };
    let view = match calls::call_view(house, viewer, u.call).await {
        Err(Fail::NotFound) => return Ok(Vec::new()),
        other => other?,
    };
    if view.seat.is_some() {
        return Err(Refusal::page("refusal-appointer-on-panel").into());
    }
    let review = calls::review_view(house, viewer, &view.call).await?;
    Ok(review.seats.iter().map(|s| s.account).collect())
}
/// Those of the wanted who are there, each with the bodies of the undertaking that they belong to.
pub(crate) async fn candidates(
    q: &impl Query,
    now: Moment,
    id: UndertakingId,
    wanted: &[AccountId],
) -> Result<Vec<Candidate>, Fail> {
    let hands = undertakings::hands(q, id).await?.unwrap_or_default();
    let mut bodies: Vec<BodyId> = [
        hands.executing_bodies,
        hands.guiding_bodies,
        hands.approving_bodies,
        hands.paying_bodies,
    ]
    .concat();
    bodies.sort();
    bodies.dedup();
    let mut of: HashMap<AccountId, Vec<BodyId>> = HashMap::new();
    for body in bodies {
        for member in parties::members(q, body, now).await? {
            of.entry(member).or_default().push(body);
        }
    }
    let people = people(q, wanted).await?;
    Ok(wanted
        .iter()
        .filter_map(|a| people.get(a))
        .map(|p| Candidate {
            account: p.id,
            name: p.name.clone(),
            bodies: of.remove(&p.id).unwrap_or_default(),
        })
        .collect())
}
pub(crate) async fn people(q: &impl Query, ids: &[AccountId]) -> Result<HashMap<AccountId, PersonCard>, Fail> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(parties::people(q, ids).await?)
}
/// People who could be asked to evaluate: members of panels and of organisations.
pub(crate) async fn pool(house: &House) -> Result<Vec<AccountId>, Fail> {
    let db = &house.db;
    let mut out = Vec::new();
    for kind in [BodyKind::Panel, BodyKind::Organisation] {
        for body in access::bodies_of_kind(db, kind).await?.into_iter().take(40) {
            out.extend(parties::members(db, body.id, house.now()).await?);
        }
    }
    out.sort();
    out.dedup();
    Ok(out)
}
