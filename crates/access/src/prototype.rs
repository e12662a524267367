//! Somebody of each role, and things that stand to them in every way a rule may ask for: the policies themselves are
//! then asked who could.

use basis::{AccountId, BodyId, Code, Field, GovernmentId, Id, Lang, Text};
use store::Via;

use crate::{BodyKind, Mandated, Person, Role, Thing, Viewer};

type Words = [(String, String, String)];

/// Words a policy compares this attribute with, each living as long as the program: there are few, of few policies.
fn words(all: &Words, of: &str, attr: &str) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = all
        .iter()
        .filter(|(a, b, _)| a == of && b == attr)
        .map(|(_, _, w)| interned(w))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}
/// `Thing` holds names of the program's own text; a word of a policy becomes one once.
fn interned(word: &str) -> &'static str {
    static KNOWN: std::sync::Mutex<std::collections::BTreeSet<&'static str>> =
        std::sync::Mutex::new(std::collections::BTreeSet::new());
    let mut known = KNOWN.lock().unwrap_or_else(|p| p.into_inner());
    if let Some(w) = known.get(word) {
        return w;
    }
    let kept: &'static str = Box::leak(word.to_owned().into_boxed_str());
    known.insert(kept);
    kept
}

fn kind_of(role: Role) -> Option<BodyKind> {
    Some(match role {
        Role::OfficeLead => BodyKind::Office,
        Role::DepartmentOfficer => BodyKind::Department,
        Role::DistrictOfficer => BodyKind::DistrictUnit,
        Role::PanelLead | Role::PanelMember => BodyKind::Panel,
        Role::Finance => BodyKind::FinanceUnit,
        Role::Auditor => BodyKind::AuditUnit,
        Role::Delegate => BodyKind::Organisation,
        Role::PartnerOfficer => BodyKind::PartnerOffice,
        Role::Individual | Role::Public => return None,
    })
}

fn somebody(role: Role, field: Field) -> Viewer {
    let mut viewer = Viewer::public(Via::Page);
    if role == Role::Public {
        return viewer;
    }
    viewer.person = Some(Person {
        id: me(),
        name: "prototype".into(),
        lang: Lang::en(),
        zone: "UTC".into(),
    });
    viewer.acting = kind_of(role).map(|body_kind| Mandated {
        id: Id::named("prototype mandate"),
        body: mine(),
        body_name: Text::new(Lang::en(), "prototype"),
        body_kind,
        role,
        field: Some(field),
        district: Some(place()),
        government: Some(place()),
        home: body_kind != BodyKind::PartnerOffice,
        purpose: String::new(),
        letter: String::new(),
        until: None,
        illustrative: false,
    });
    viewer
}
fn me() -> AccountId {
    Id::named("prototype account")
}
fn mine() -> BodyId {
    Id::named("prototype body")
}
fn place() -> GovernmentId {
    Id::named("prototype government")
}

/// How a thing stands to the viewer, a bit each: owned in person, owned by the body, executing, on its panel, guiding.
const STANDINGS: u8 = 32;
fn standing(mut t: Thing, bits: u8) -> Thing {
    let other_body: BodyId = Id::named("another body");
    let other: AccountId = Id::named("another account");
    let [owner, owner_body, executing, panel, guiding] = [1, 2, 4, 8, 16].map(|bit| bits & bit != 0);
    t.owner = Some(if owner { me() } else { other });
    t.owner_body = Some(if owner_body { mine() } else { other_body });
    t.executing_people = vec![if executing { me() } else { other }];
    t.executing_bodies = vec![if executing { mine() } else { other_body }];
    t.panel = vec![if panel { me() } else { other }];
    t.guiding = Some(if guiding { mine() } else { other_body });
    t
}

/// Every pair of somebody of this role and a thing worth asking about.
pub fn pairs(role: Role, all: &Words) -> impl Iterator<Item = (Viewer, Thing)> {
    let or_else = |mut found: Vec<&'static str>, fallback| {
        found.push(fallback);
        found
    };
    let kinds = or_else(words(all, "resource", "kind"), "prototype");
    let statuses = or_else(words(all, "resource", "status"), "prototype");
    let fields = ["principal", "resource"].map(|of| words(all, of, "field"));
    let mut fields: Vec<Field> = fields.concat().into_iter().filter_map(Field::from_code).collect();
    fields.push(Field::Culture);
    fields.dedup();
    let mut out = Vec::new();
    for &kind in &kinds {
        for &status in &statuses {
            for &field in &fields {
                for bits in 0..STANDINGS {
                    let thing = Thing {
                        field: Some(field),
                        district: Some(place()),
                        relation: Some(Id::named("prototype relation")),
                        partner: Some(place()),
                        status: Some(status),
                        ..Thing::new(kind, "prototype")
                    };
                    out.push((field, standing(thing, bits)));
                }
            }
        }
    }
    out.into_iter()
        .map(move |(field, thing)| (somebody(role, field), thing))
}
