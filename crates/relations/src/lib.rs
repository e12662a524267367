//! Local governments, own districts, relations and their stages, agreements, and the institutions that work together.
//!
//! Decisions of the field held here: a partner is a local government of any level with successors (9.1); every date,
//! status and count carries source, claimant and confidence, and conflicts are shown (9.2); counts go by filing date
//! and can be made again for any past day (9.3).
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod api;
mod cards;
mod claim;
mod fold;
mod government;
mod index;
mod pages;
mod signed;
mod stage;
mod store;

// Use cases, each named by what a person does.
pub mod add_agreement;
pub mod add_fact;
pub mod add_link;
pub mod add_note;
pub mod edit;
pub mod enter;
pub mod step;

pub mod export;
pub mod home;
pub mod import;
pub mod reference;
mod verify;
mod view;

pub use crate::store::{agreements, cards, count_series, events, institutions, links};
pub use api::api;
pub use cards::{AgreementCard, CountRow, EventRecord, InsideNote, InstitutionCard, LinkCard, RelationCard, Side};
pub use claim::{About, Claims, FactRow};
pub use government::{GovCard, Government, Level, countries, country_name, match_key};
pub use index::{
    Facets, Filter, Index, Order, Register, all_cards, all_cards_for, cards_for, is_partner_officer, look, may_see,
    register, ties_by_own, whole_register,
};
pub use pages::{pages, render_body};
pub use signed::SignedDate;
pub use stage::{Relation, RelationKind, RelationStatus, Step};
pub use verify::verify;
pub use view::{RelationView, facts, facts_for, may_see_inside, notes_for, relation_view};

/// The use cases beside each other: `doing::step(…)` with `doing::step::Input`.
pub mod doing {
    pub use crate::add_agreement::{self, add_agreement};
    pub use crate::add_fact::{self, add_fact};
    pub use crate::add_link::{self, add_link};
    pub use crate::add_note::{self, add_note};
    pub use crate::edit::{self, edit};
    pub use crate::enter::{self, enter};
    pub use crate::step::{self, step};
}

use ::store::{Query, StoreFault};
use basis::{Fail, GovernmentId, Locale};
use i18n_embed_fl::fl;

pub const MIGRATIONS: ::store::Migrations =
    ::store::migrations!("relations", "0001_relations", "0002_note_field", "0003_upgrade");

pub const POLICIES: access::PolicyFile = access::PolicyFile {
    room: "relations",
    text: include_str!("../policies/relations.cedar"),
    actions: &[
        "relation.register",
        "relation.edit",
        "relation.step",
        "relation.import",
        "relation.inside.read",
        "relation.note",
        "relation.notes.read",
        "relation.add-fact",
        "relation.add-link",
        "relation.add-agreement",
    ],
};

::pages::texts!("relations");

/// Listens to nobody: what later rooms do changes no relation.
pub fn handlers(_: &mut ::store::Handlers) {}

/// The relations that a "fact", a "link" or an "agreement" is under: what may be seen of it is what may be seen of them.
pub async fn relations_above(q: &impl Query, kind: &str, id: &str) -> Result<Vec<basis::RelationId>, StoreFault> {
    store::relations_above(q, kind, id).await
}

/// Several local governments; those that are not known are left out.
pub async fn governments(q: &impl Query, ids: &[GovernmentId]) -> Result<Vec<GovCard>, StoreFault> {
    let found = store::governments(q, ids).await?;
    Ok(ids
        .iter()
        .filter_map(|id| found.get(id))
        .map(|g| g.card.clone())
        .collect())
}
/// Relations in which the partner's side wrote and waits for an answer.
pub async fn duties(
    house: &access::House,
    viewer: &access::Viewer,
    locale: Locale,
) -> Result<Vec<::pages::Duty>, Fail> {
    if !viewer.is_signed_in() {
        return Ok(Vec::new());
    }
    let partner = viewer.role() == access::Role::PartnerOfficer;
    let waiting = crate::store::unanswered_notes(&house.db, if partner { Side::Us } else { Side::Them }).await?;
    let mut ids: Vec<basis::RelationId> = waiting.iter().map(|(id, ..)| *id).collect();
    ids.sort();
    ids.dedup();
    let known = crate::store::relations_of(&house.db, &ids).await?;
    let cards = cards(&house.db, &ids).await?;
    let mut out = Vec::new();
    for (id, field, since) in waiting {
        let Some(relation) = known.get(&id) else { continue };
        let thing = view::note_thing(relation, field);
        if !house.gate.may(viewer, "relation.note", &thing) {
            continue;
        }
        let card = cards.get(&id);
        out.push(::pages::Duty {
            what: fl!(t(locale), "duty-answer"),
            about: card
                .map(|c| c.partner.name.plain(locale).to_owned())
                .unwrap_or_default(),
            href: format!("/relations/{id}/notes"),
            // A question is answered within ten days.
            due: since.checked_add(std::time::Duration::from_secs(10 * 86_400)).ok(),
            mine: true,
            who: None,
            illustrative: relation.illustrative,
            matter: ::pages::Matter::of(id).within(field, Some(id)),
        });
    }
    out.sort_by_key(|d| d.due);
    Ok(out)
}

/// The home city; a node without one has not been set up.
pub async fn home(q: &impl Query) -> Result<GovCard, StoreFault> {
    let own = store::own_governments(q).await?;
    own.into_iter()
        .map(|g| g.card)
        .find(|g| !g.district)
        .ok_or_else(|| StoreFault::belief("own", "no home government"))
}
/// The home city with its districts and counties, in one question.
pub async fn own_side(q: &impl Query) -> Result<(GovCard, Vec<GovCard>), StoreFault> {
    let own = store::own_governments(q).await?.into_iter().map(|g| g.card);
    let (districts, mut home): (Vec<_>, Vec<_>) = own.partition(|g| g.district);
    let home = home
        .pop()
        .ok_or_else(|| StoreFault::belief("own", "no home government"))?;
    Ok((home, districts))
}
/// Our own districts and counties, in the order of their official codes.
pub async fn districts(q: &impl Query) -> Result<Vec<GovCard>, StoreFault> {
    let own = store::own_governments(q).await?;
    Ok(own.into_iter().map(|g| g.card).filter(|g| g.district).collect())
}
/// One local government.
pub async fn government(q: &impl Query, id: GovernmentId) -> Result<Option<GovCard>, StoreFault> {
    Ok(store::government(q, id).await?.map(|g| g.card))
}
/// Relations in which the partner's side wrote and none of ours answered yet, each with the moment since when.
pub async fn duties_of(
    q: &impl Query,
) -> Result<std::collections::HashMap<basis::RelationId, basis::Moment>, StoreFault> {
    let waiting = crate::store::unanswered_notes(q, Side::Them).await?;
    // The oldest stands first; a later one of the same relation does not take its place.
    let newest_first = waiting.into_iter().rev();
    Ok(newest_first.map(|(relation, _, since)| (relation, since)).collect())
}
