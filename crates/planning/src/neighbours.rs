//! What planning asks of earlier rooms, in one place.

use access::Viewer;
use basis::{BodyId, Fail, Field, GovernmentId, Locale, RelationId, Text};
use std::collections::{HashMap, HashSet};
use store::Query;

use crate::{Lead, PlanItemCard};

/// A living relation, as far as the plan needs it.
pub(crate) struct Tie {
    pub id: RelationId,
    pub own: GovernmentId,
    pub own_name: Text,
    pub of_district: bool,
    pub partner: GovernmentId,
    pub partner_name: Text,
    /// The year it was concluded.
    pub since: Option<i64>,
    pub quiet: bool,
}
/// The living relations this viewer may see, in the order they were signed.
pub(crate) async fn ties(q: &impl Query, viewer: &Viewer) -> Result<Vec<Tie>, Fail> {
    let cards = relations::all_cards_for(q, viewer).await?;
    let living = cards.into_iter().filter(|c| c.is_living());
    Ok(living
        .map(|c| (c.standing() == relations::RelationStatus::Quiet, c))
        .map(|(quiet, c)| Tie {
            id: c.id,
            own: c.own.id,
            of_district: c.own.district,
            own_name: c.own.name,
            partner: c.partner.id,
            partner_name: c.partner.name,
            since: c.signed.map(|s| i64::from(s.year())),
            quiet,
        })
        .collect())
}
/// Whether a relation is there, for this viewer: one that they may not see is not.
pub(crate) async fn relation_is_seen(q: &impl Query, viewer: &Viewer, id: RelationId) -> Result<bool, Fail> {
    Ok(relations::cards_for(q, viewer, &[id]).await?.contains_key(&id))
}
/// The relations of these items that this viewer may see; the plan is public, a tie that is not signed is not.
pub(crate) async fn seen(
    q: &impl Query,
    viewer: &Viewer,
    items: &[PlanItemCard],
) -> Result<HashMap<RelationId, relations::RelationCard>, Fail> {
    let mut ids: Vec<RelationId> = items.iter().filter_map(|i| i.relation).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(relations::cards_for(q, viewer, &ids).await?)
}
/// Our own districts, in the order of their official codes.
pub(crate) async fn districts(q: &impl Query) -> Result<Vec<(GovernmentId, Text)>, Fail> {
    Ok(relations::districts(q)
        .await?
        .into_iter()
        .map(|g| (g.id, g.name))
        .collect())
}
pub(crate) async fn district_exists(q: &impl Query, id: GovernmentId) -> Result<bool, Fail> {
    Ok(relations::districts(q).await?.iter().any(|g| g.id == id))
}
pub(crate) async fn district_names(q: &impl Query) -> Result<HashMap<GovernmentId, Text>, Fail> {
    Ok(districts(q).await?.into_iter().collect())
}
/// How many registered institutions each of these governments has in each field.
pub(crate) async fn institutions(
    q: &impl Query,
    of: HashSet<GovernmentId>,
) -> Result<HashMap<(GovernmentId, Field), i64>, Fail> {
    let of: Vec<GovernmentId> = of.into_iter().collect();
    let mut out = HashMap::new();
    for chunk in of.chunks(30_000) {
        for i in relations::institutions(q, chunk).await? {
            *out.entry((i.government, i.field)).or_default() += 1;
        }
    }
    Ok(out)
}
/// Relations by what people write in files: the reference, in small letters.
pub(crate) async fn relations_by_word(q: &impl Query, viewer: &Viewer) -> Result<HashMap<String, String>, Fail> {
    let cards = relations::all_cards_for(q, viewer).await?;
    Ok(cards
        .into_iter()
        .map(|c| (c.reference.to_lowercase(), c.id.to_string()))
        .collect())
}
/// Districts by their names in either language, in small letters.
pub(crate) async fn districts_by_word(q: &impl Query) -> Result<HashMap<String, String>, Fail> {
    let all = districts(q).await?;
    Ok(all
        .iter()
        .flat_map(|(id, name)| Locale::ALL.map(|l| (name.plain(l).to_lowercase(), id.to_string())))
        .collect())
}
/// References of the relations that these items are under, as far as this viewer may see them.
pub(crate) async fn references(
    q: &impl Query,
    viewer: &Viewer,
    items: &[PlanItemCard],
) -> Result<HashMap<RelationId, String>, Fail> {
    Ok(seen(q, viewer, items)
        .await?
        .into_iter()
        .map(|(id, c)| (id, c.reference))
        .collect())
}
/// The competent department of a field (R62).
pub(crate) async fn department_of(q: &impl Query, field: Field) -> Result<Option<BodyId>, Fail> {
    Ok(parties::department_of(q, field).await?)
}
/// What kind of lead a body is (R87): public institutions are not social forces.
pub(crate) async fn lead_of(q: &impl Query, body: BodyId) -> Result<Lead, Fail> {
    use parties::LegalForm;
    let public = parties::organisation(q, body).await?.is_some_and(|o| {
        matches!(
            o.legal_form,
            LegalForm::PublicInstitution | LegalForm::PeoplesOrganisation
        )
    });
    Ok(if public { Lead::Public } else { Lead::Social })
}
/// The two sides of the relations that these items are under, as far as this viewer may see them.
pub(crate) async fn sides(
    q: &impl Query,
    viewer: &Viewer,
    items: &[PlanItemCard],
) -> Result<HashMap<RelationId, (Text, Text)>, Fail> {
    Ok(seen(q, viewer, items)
        .await?
        .into_iter()
        .map(|(id, c)| (id, (c.own.name, c.partner.name)))
        .collect())
}
/// Names of the units that guide these items.
pub(crate) async fn guides(q: &impl Query, items: &[PlanItemCard]) -> Result<HashMap<BodyId, Text>, Fail> {
    let mut ids: Vec<BodyId> = items.iter().map(|i| i.guiding).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(parties::bodies(q, &ids)
        .await?
        .into_iter()
        .map(|(id, b)| (id, b.name))
        .collect())
}
