//! One relation, as one reader may see it.

use access::{House, Viewer};
use basis::{Claimant, Fail, Field, Id, Moment, RelationId};
use serde::Serialize;
use store::{Query, StoreFault};

use crate::{
    About, AgreementCard, Claims, EventRecord, FactRow, Government, InsideNote, InstitutionCard, LinkCard, Relation,
    RelationCard, claim, store as sql,
};

/// What the viewer may do here; pages show the form or who could.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct May {
    pub edit: bool,
    pub step: bool,
    pub add_fact: bool,
    pub add_link: bool,
    pub add_agreement: bool,
    pub note: bool,
}

/// Everything one reader may see of one relation.
#[derive(Clone, Debug)]
pub struct RelationView {
    pub relation: Relation,
    pub own: Government,
    pub partner: Government,
    /// Who carries on, where the partner was dissolved or merged.
    pub successor: Option<Government>,
    /// Claims by field, the register's own first; those without a source are for the inside only.
    pub claims: Vec<Claims>,
    pub links: Vec<LinkCard>,
    pub agreements: Vec<AgreementCard>,
    /// The partner's institutions.
    pub institutions: Vec<InstitutionCard>,
    /// What happened under it.
    pub events: Vec<EventRecord>,
    /// What officers of both sides told each other; `None` where the reader may not see it.
    pub inside: Option<Vec<InsideNote>>,
    /// The file that last brought or changed it; for officers.
    pub imported: Option<sql::ImportRow>,
    pub may: May,
}

/// Whether this viewer reads what officers of both sides tell each other about a relation.
pub fn may_see_inside(house: &House, viewer: &Viewer, relation: &Relation) -> bool {
    house.gate.may(viewer, "relation.inside.read", &relation.thing())
}

/// As the gate asks about a note between officers: the relation, and the field that the note is about.
pub(crate) fn note_thing(relation: &Relation, field: Option<Field>) -> access::Thing {
    access::Thing {
        field,
        ..relation.thing()
    }
}
/// The notes between officers that this viewer may read: all of them for the two offices, those about its own field for
/// a department.
pub async fn notes_for(house: &House, viewer: &Viewer, relation: &Relation) -> Result<Vec<InsideNote>, StoreFault> {
    let mut notes = sql::inside_notes(&house.db, relation.id).await?;
    notes.retain(|n| {
        house
            .gate
            .may(viewer, "relation.notes.read", &note_thing(relation, n.field))
    });
    Ok(notes)
}

/// What the register itself says, as a claim beside the others.
fn own_claims(r: &Relation) -> Vec<FactRow> {
    let says = |field: About, value: String| FactRow {
        id: Id::named(&format!("register:{}:{field}", r.id)),
        object_kind: "relation".into(),
        object_id: r.id.to_string(),
        field,
        value,
        precision: r.signed.map(|s| s.precision).filter(|_| field == About::Signed),
        source: r.source.clone(),
        claimant: r.claimant,
        confidence: r.confidence,
        as_of: None,
        note: None,
        account: None,
        // Before any claim that came later.
        at: Moment::UNIX_EPOCH,
        illustrative: r.illustrative,
    };
    let mut out = vec![says(About::Kind, r.kind.to_string())];
    out.extend(r.signed.map(|s| says(About::Signed, s.text())));
    out
}

/// Whether the claims about a relation, the register's own among them, contradict each other.
pub(crate) fn is_disputed(r: &Relation, rows: &[FactRow]) -> bool {
    let mut all = own_claims(r);
    all.extend(rows.iter().filter(|f| f.object_kind == "relation").cloned());
    claim::gather(all).iter().any(|c| c.disputed)
}

/// Claims about one object that everybody may see: those with a source.
pub async fn facts(q: &impl Query, object_kind: &str, object_id: &str) -> Result<Vec<FactRow>, StoreFault> {
    let all = sql::claims(q, &[(object_kind, object_id.to_owned())]).await?;
    Ok(all.into_iter().filter(|f| !f.source.is_empty()).collect())
}
/// As [`facts`], with what an officer of either side may see besides.
pub async fn facts_for(house: &House, viewer: &Viewer, relation: &Relation) -> Result<Vec<Claims>, StoreFault> {
    let objects = [
        ("relation", relation.id.to_string()),
        ("government", relation.partner.to_string()),
    ];
    let mut rows = sql::claims(&house.db, &objects).await?;
    if !may_see_inside(house, viewer, relation) {
        rows.retain(|f| !f.source.is_empty());
    }
    rows.extend(own_claims(relation).into_iter().filter(|c| !c.source.is_empty()));
    Ok(claim::gather(rows))
}

/// One relation with all that belongs to it. [`Fail::NotFound`] for who may not know of it.
pub async fn relation_view(house: &House, viewer: &Viewer, id: RelationId) -> Result<RelationView, Fail> {
    let q = &house.db;
    let sql::Whole {
        mut relation,
        mut governments,
        imported,
    } = sql::whole(q, id).await?.ok_or(Fail::NotFound)?;
    let mut take = |id| {
        governments
            .remove(&id)
            .ok_or_else(|| Fail::fault("a relation without its government"))
    };
    let (own, partner) = (take(relation.own)?, take(relation.partner)?);
    let inside = may_see_inside(house, viewer, &relation);
    let open = relation.standing().is_open() && !relation.source.is_empty();
    let knows = inside || viewer.within(crate::POLICIES.room).is_officer();
    if !open && !knows {
        return Err(Fail::NotFound);
    }
    // What is applied for is not told outside, nor since when.
    if !knows && relation.standing() != relation.status {
        (relation.status, relation.since) = (relation.standing(), None);
        relation.upgrade_from = None;
    }
    let successor = partner.successor.and_then(|id| governments.remove(&id));
    let thing = relation.thing();
    let may = |action: &'static str| viewer.is_signed_in() && house.gate.may(viewer, action, &thing);
    Ok(RelationView {
        claims: facts_for(house, viewer, &relation).await?,
        links: sql::links(q, &[id]).await?,
        agreements: sql::agreements(q, &[id]).await?,
        events: sql::events_of(q, id).await?,
        institutions: sql::institutions(q, &[relation.partner]).await?,
        inside: if inside {
            Some(notes_for(house, viewer, &relation).await?)
        } else {
            None
        },
        imported: imported.filter(|_| inside),
        may: May {
            edit: may("relation.edit"),
            step: may("relation.step"),
            add_fact: may("relation.add-fact"),
            // A department may for its own field only; the form offers what the rule then checks.
            add_link: may("relation.add-link") || viewer.role() == access::Role::DepartmentOfficer,
            add_agreement: may("relation.add-agreement"),
            // A department may about its own field only; the note then is about that field.
            note: may("relation.note") || viewer.role() == access::Role::DepartmentOfficer,
        },
        relation,
        own,
        partner,
        successor,
    })
}

impl RelationView {
    pub fn card(&self) -> RelationCard {
        let r = &self.relation;
        RelationCard {
            id: r.id,
            own: self.own.card.clone(),
            partner: self.partner.card.clone(),
            kind: r.kind,
            status: r.status,
            upgrade_from: r.upgrade_from,
            signed: r.signed,
            disputed: r.disputed,
            confidence: r.confidence,
            source: r.source.clone(),
            reference: r.reference.clone(),
            illustrative: r.illustrative,
        }
    }
    /// Notes of the partner's side that wait for an answer of ours, or the other way round.
    pub fn waits_on_us(&self) -> bool {
        self.inside
            .as_ref()
            .and_then(|n| n.last())
            .is_some_and(|n| n.side == crate::Side::Them)
    }
}

/// Whose claim a viewer makes: a partner's officer speaks for the partner, whatever the form says.
pub(crate) fn claimant_of(viewer: &Viewer, said: Option<Claimant>) -> Claimant {
    match viewer.role() {
        access::Role::PartnerOfficer => Claimant::Them,
        _ => said.filter(|c| *c != Claimant::Them).unwrap_or(Claimant::Us),
    }
}
