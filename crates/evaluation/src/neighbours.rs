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
/// Who scored: the people, and the bodies they belong to.
#[derive(Clone, Debug, Default)]
pub(crate) struct PanelOf {
    pub people: Vec<AccountId>,
    pub bodies: Vec<BodyId>,
}
/// Who sat on a panel of any call of the programme, and whom else they act for, by every mandate in force. The bodies that
/// hold experts ready are not among them: belonging to one of those ties nobody to what another of its people scored.
/// Who sat there themselves appoints nobody.
pub(crate) async fn panel(house: &House, viewer: &Viewer, id: UndertakingId) -> Result<PanelOf, Fail> {
    let Some(u) = undertakings::undertaking(&house.db, viewer, id).await? else {
        return Err(Fail::NotFound);
    };
    let people = calls::panel_people(&house.db, u.plan_item).await?;
    if viewer.account().is_some_and(|me| people.contains(&me)) {
        return Err(Refusal::page("refusal-appointer-on-panel").into());
    }
    let mut bodies: Vec<BodyId> = Vec::new();
    for person in &people {
        match access::viewer_of(&house.db, *person, None, ::store::Via::Job).await {
            Ok(v) => bodies.extend(
                v.mandates
                    .iter()
                    .filter(|m| m.body_kind != BodyKind::Panel)
                    .map(|m| m.body),
            ),
            // Somebody erased belongs to nothing any more.
            Err(Fail::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    bodies.sort();
    bodies.dedup();
    Ok(PanelOf { people, bodies })
}
/// Those of the wanted who are there, each with the bodies of the undertaking, and those of its panel (`more`), that they
/// belong to.
pub(crate) async fn candidates(
    q: &impl Query,
    now: Moment,
    id: UndertakingId,
    wanted: &[AccountId],
    more: &[BodyId],
) -> Result<Vec<Candidate>, Fail> {
    let hands = undertakings::hands(q, id).await?.unwrap_or_default();
    let mut bodies: Vec<BodyId> = [
        hands.executing_bodies,
        hands.guiding_bodies,
        hands.approving_bodies,
        hands.paying_bodies,
        more.to_vec(),
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
/// The accounts behind some addresses; an address that nobody has confirmed is refused by name. Ask the gate before.
pub(crate) async fn by_address(q: &impl Query, addresses: &[String]) -> Result<Vec<AccountId>, Fail> {
    let mut found = Vec::new();
    let mut unknown = Vec::new();
    for raw in addresses.iter().map(|a| a.trim()).filter(|a| !a.is_empty()) {
        match access::confirmed_account_of_mailbox(q, raw).await? {
            Some(id) => found.push(id),
            None => unknown.push(Refusal::at("others", "refusal-nobody-at-address").with("address", raw)),
        }
    }
    if unknown.is_empty() {
        Ok(found)
    } else {
        Err(unknown.into())
    }
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
