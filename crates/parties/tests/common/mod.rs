//! Who looks, as types of their own: tests say `office(&h)`, not a heap of fields.
#![allow(clippy::unwrap_used, dead_code)]

use access::{Asking, BodyKind, Gate, House, MadeAccount, Mandated, Person, Role, Viewer, make_account};
use basis::{AccountId, Field, GovernmentId, Id, Lang, Locale, Text};
use store::{Act, Blobs, BlobsConfig, Via, testing::TestDb};

pub fn house(t: &TestDb, policies: &[access::PolicyFile]) -> House {
    House {
        db: t.db.clone(),
        gate: Gate::new(policies).unwrap(),
        blobs: Blobs::open(&BlobsConfig::Folder(t.dir.join("blobs"))).unwrap(),
        zone: jiff::tz::TimeZone::get("Asia/Shanghai").unwrap(),
    }
}
pub fn account(name: &str) -> AccountId {
    Id::named(name)
}
/// A person with an account that is there.
pub async fn made(h: &House, name: &str) -> AccountId {
    let tx = h.db.begin(&Act::house(Via::Seed)).await.unwrap();
    let new = MadeAccount {
        id: account(name),
        name: name.into(),
        email: Some(format!("{name}@example.org")),
        locale: Locale::En,
        zone: "Asia/Shanghai".into(),
        illustrative: true,
    };
    make_account(&tx, &new).await.unwrap();
    tx.done(()).await.unwrap();
    account(name)
}
pub fn person(name: &str) -> Viewer {
    Viewer {
        person: Some(Person {
            id: account(name),
            name: name.into(),
            lang: Lang::en(),
            zone: "Asia/Shanghai".into(),
        }),
        ..Viewer::public(Via::Page)
    }
}
pub fn acting(name: &str, kind: BodyKind, role: Role) -> Viewer {
    let mandate = Mandated {
        id: Id::named(&format!("mandate of {name}")),
        body: Id::named(&format!("body of {name}")),
        body_name: Text::both("某单位", "Some body"),
        body_kind: kind,
        role,
        field: None,
        district: None,
        government: None,
        home: role != Role::PartnerOfficer,
        purpose: "work".into(),
        letter: "1".into(),
        until: None,
        illustrative: false,
    };
    Viewer {
        acting: Some(mandate),
        ..person(name)
    }
}
pub fn office() -> Viewer {
    acting("lead", BodyKind::Office, Role::OfficeLead)
}
pub fn second_office() -> Viewer {
    acting("second-lead", BodyKind::Office, Role::OfficeLead)
}
pub fn department(field: Field) -> Viewer {
    let mut v = acting("department", BodyKind::Department, Role::DepartmentOfficer);
    v.acting.as_mut().unwrap().field = Some(field);
    v
}
pub fn district(of: GovernmentId) -> Viewer {
    let mut v = acting("district", BodyKind::DistrictUnit, Role::DistrictOfficer);
    v.acting.as_mut().unwrap().district = Some(of);
    v
}
pub fn partner(of: GovernmentId) -> Viewer {
    let mut v = acting("partner", BodyKind::PartnerOffice, Role::PartnerOfficer);
    v.acting.as_mut().unwrap().government = Some(of);
    v
}
pub fn public() -> Viewer {
    Viewer::public(Via::Page)
}
pub fn ask(v: Viewer) -> Asking {
    Asking::new(v)
}
