//! What a history is about, and who may read it: one answer for pages, lists and the API.

use access::{House, Thing, Viewer};
use basis::{AccountId, BodyId, Fail, Locale, Moment, RelationId};

use crate::rooms;

/// Matters everybody may know of; their details and people are for those who work with them.
pub const PUBLIC: &str = "public";
/// Matters of the two sides' officers.
pub const INSIDE: &str = "inside";
/// A person's own.
pub const PERSONAL: &str = "personal";
/// Under seal until an opening or a release.
pub const SEALED: &str = "sealed";

/// Told by name to everybody, its details read by those whom its own room lets read.
pub const TOLD_ONLY: &str = "told";

/// Something that has a history.
#[derive(Clone, Debug)]
pub struct Subject {
    pub thing: Thing,
    /// Details of what happened before this moment stay with who did it.
    pub details_from: Option<Moment>,
    /// Acts whose details are not for anybody yet: a panel's marks before the decision.
    pub kept_back: &'static [&'static str],
    /// Its name, where it has one.
    pub title: Option<String>,
    /// Its page, without the language.
    pub href: Option<String>,
}
impl Subject {
    pub fn new(kind: &'static str, id: &str, status: &'static str) -> Self {
        let mut thing = Thing::new(kind, id);
        thing.status = Some(status);
        Subject {
            thing,
            details_from: None,
            kept_back: &[],
            title: None,
            href: None,
        }
    }
    /// Whether the details of this line may be shown to who may read details at all.
    pub fn shows(&self, action: &str, at: Moment) -> bool {
        self.details_from.is_none_or(|from| at >= from) && !self.kept_back.iter().any(|p| action.starts_with(p))
    }
    #[must_use]
    /// A part of this, seen as the whole is.
    pub fn part(mut self, kind: &'static str, id: &str) -> Self {
        (self.thing.kind, self.thing.id) = (kind, id.to_owned());
        self
    }
    pub fn titled(mut self, title: impl Into<String>, href: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self.href = Some(href.into());
        self
    }
}

/// Kinds whose history needs no look into a room, with who may read it.
const PLAIN: &[(&str, &str)] = &[
    ("government", PUBLIC),
    ("policy-line", PUBLIC),
    ("letter", INSIDE),
    ("job", INSIDE),
    ("import", INSIDE),
    ("attachment", INSIDE),
    ("mandate", PERSONAL),
    ("session", PERSONAL),
    ("token", PERSONAL),
];

/// Kinds whose history is a person's own.
pub fn is_personal(kind: &str) -> bool {
    kind == "account" || PLAIN.iter().any(|(k, status)| *k == kind && *status == PERSONAL)
}

/// The thing of this kind and id as this viewer may know it; nothing if it is not there, or not for them.
///
/// # Errors
/// Faults of the store.
pub async fn subject(
    house: &House,
    viewer: &Viewer,
    locale: Locale,
    kind: &str,
    id: &str,
) -> Result<Option<Subject>, Fail> {
    if id.len() > 60 {
        return Ok(None);
    }
    if let Some((kind, status)) = PLAIN.iter().find(|(k, _)| *k == kind) {
        return Ok(Some(Subject::new(kind, id, status)));
    }
    let found = match kind {
        "account" => id.parse::<AccountId>().ok().map(|account| {
            let mut s = Subject::new("account", id, PERSONAL);
            s.thing.owner = Some(account);
            s
        }),
        "body" => body(house, locale, id).await?,
        "relation" => relation(house, viewer, locale, id).await?,
        "fact" => under_relation(house, viewer, locale, "fact", id).await?,
        "link" => under_relation(house, viewer, locale, "link", id).await?,
        "agreement" => under_relation(house, viewer, locale, "agreement", id).await?,
        _ => rooms::subject(house, viewer, locale, kind, id).await?,
    };
    Ok(found)
}
async fn body(house: &House, locale: Locale, id: &str) -> Result<Option<Subject>, Fail> {
    let Ok(id) = id.parse::<BodyId>() else { return Ok(None) };
    let Some(card) = parties::bodies(&house.db, &[id]).await?.remove(&id) else {
        return Ok(None);
    };
    let organisation = parties::organisation(&house.db, id).await?;
    let open = organisation.as_ref().is_none_or(parties::Organisation::is_open);
    let mut s = Subject::new("body", &id.to_string(), if open { PUBLIC } else { INSIDE });
    s.thing.owner_body = Some(id);
    s.thing.owner = organisation.as_ref().and_then(|o| o.applicant);
    s.title = Some(card.name.plain(locale).to_owned());
    s.href = organisation.map(|_| format!("/organisations/{id}"));
    Ok(Some(s))
}
async fn relation(house: &House, viewer: &Viewer, locale: Locale, id: &str) -> Result<Option<Subject>, Fail> {
    let Ok(id) = id.parse::<RelationId>() else {
        return Ok(None);
    };
    let Some(card) = relations::cards(&house.db, &[id]).await?.remove(&id) else {
        return Ok(None);
    };
    if !relations::may_see(viewer, &card) {
        return Ok(None);
    }
    let mut inside = Thing::new("relation", id);
    (inside.relation, inside.partner) = (Some(id), Some(card.partner.id));
    inside.district = card.own.district.then_some(card.own.id);
    let may = house.gate.may(viewer, "relation.inside.read", &inside);
    let mut s = Subject::new("relation", &id.to_string(), if may { PUBLIC } else { TOLD_ONLY });
    (s.thing.relation, s.thing.partner) = (inside.relation, inside.partner);
    let title = format!("{} – {}", card.own.name.plain(locale), card.partner.name.plain(locale));
    Ok(Some(s.titled(title, format!("/relations/{id}"))))
}

/// What belongs to a relation is seen as the relation is; where it is under several, as the one its reader sees most of.
async fn under_relation(
    house: &House,
    viewer: &Viewer,
    locale: Locale,
    kind: &'static str,
    id: &str,
) -> Result<Option<Subject>, Fail> {
    let mut best: Option<Subject> = None;
    for above in relations::relations_above(&house.db, kind, id).await? {
        let Some(s) = relation(house, viewer, locale, &above.to_string()).await? else {
            continue;
        };
        if best.is_none() || s.thing.status == Some(PUBLIC) {
            best = Some(s.part(kind, id));
        }
    }
    Ok(best)
}

/// Steps that everybody may know of, whoever took them. What is not named here stays between those who work on it:
/// rounds under review, requests for money, notes between the two sides, steps before a signature.
const TOLD: &[&str] = &[
    "agreement.recorded",
    "body.ended",
    "body.founded",
    "body.renamed",
    "call.amended",
    "call.assigned",
    "call.assignment-accepted",
    "call.assignment-declined",
    "call.awarded",
    "call.cancelled",
    "call.closed",
    "call.decided",
    "call.extended",
    "call.opened",
    "call.published",
    "department.set",
    "evaluation.appointed",
    "evaluation.published",
    "fact.added",
    "government.added",
    "government.succeeded",
    "link.recorded",
    "offer.awarded",
    "offer.declined",
    "offer.submitted",
    "organisation.edited",
    "organisation.registered",
    "organisation.verified",
    "plan-item.added",
    "plan-item.aim-dropped",
    "plan-item.aim-set",
    "plan-item.amended",
    "plan-item.moved",
    "policy-line.added",
    "policy-line.amended",
    "programme.fact-recorded",
    "programme.fact-withdrawn",
    "relation.edited",
    "relation.fact-added",
    "relation.registered",
    "undertaking.accepted",
    "undertaking.agreed",
    "undertaking.money-published",
    "undertaking.settled",
    "undertaking.started",
    "undertaking.stopped",
];
pub fn is_told(action: &str) -> bool {
    TOLD.contains(&action)
}
/// Kinds of objects that may lie under seal: lists name neither them, nor who touched them, nor what was done.
pub const MAY_BE_SEALED: &[&str] = &["offer"];
pub fn may_be_sealed(kind: &str) -> bool {
    MAY_BE_SEALED.contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn what_is_told_is_in_order_and_names_nothing_private() {
        assert!(TOLD.windows(2).all(|w| w[0] < w[1]), "in order, each once");
        for private in [
            "account.",
            "session.",
            "mandate.",
            "token.",
            "letter.",
            "offer.saved",
            "relation.noted",
            "undertaking.requested",
            "undertaking.returned",
        ] {
            assert!(!TOLD.iter().any(|a| a.starts_with(private)), "{private}");
        }
    }
}
