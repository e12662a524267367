//! Actors, a house, and one undertaking to act upon; the tests themselves are beside.

mod flow;
mod leaks;
mod races;
mod rules;
mod stores;
mod web;

use ::store::{Blobs, BlobsConfig, Via, testing::TestDb};
use access::{Asking, BodyKind, Gate, House, Mandated, Person, Role, Viewer};
use basis::{
    AccountId, BodyId, Currency, Fail, Field, GovernmentId, Id, Lang, MilestoneId, Money, RelationId, Text,
    UndertakingId,
};

use crate::{Commission, Mode, Terms, agree_on, check_terms, store};

pub const ROOMS: &[::store::Migrations] = &[
    ::store::MIGRATIONS,
    access::MIGRATIONS,
    parties::MIGRATIONS,
    relations::MIGRATIONS,
    planning::MIGRATIONS,
    calls::MIGRATIONS,
    crate::MIGRATIONS,
];

pub fn body(name: &str) -> BodyId {
    Id::named(name)
}
pub fn person(name: &str) -> AccountId {
    Id::named(name)
}
pub fn partner_city() -> GovernmentId {
    Id::named("Düsseldorf")
}
fn mandate(role: Role, kind: BodyKind, of: BodyId) -> Mandated {
    Mandated {
        id: Id::named(&format!("{role} of {of}")),
        body: of,
        body_name: Text::new(Lang::en(), "a body"),
        body_kind: kind,
        role,
        field: None,
        district: None,
        government: None,
        home: kind != BodyKind::PartnerOffice,
        purpose: String::new(),
        letter: String::new(),
        until: None,
        illustrative: false,
    }
}
fn viewer(name: &str, mandates: Vec<Mandated>) -> Viewer {
    let mut v = Viewer::public(Via::Page);
    v.person = Some(Person {
        id: person(name),
        name: name.into(),
        lang: Lang::zh(),
        zone: "Asia/Shanghai".into(),
    });
    v.acting = mandates.first().cloned();
    v.mandates = mandates;
    v
}
pub fn culture() -> BodyId {
    body("culture department")
}
pub fn library() -> BodyId {
    body("library")
}
pub fn officer() -> Viewer {
    viewer(
        "officer",
        vec![mandate(Role::DepartmentOfficer, BodyKind::Department, culture())],
    )
}
pub fn second_officer() -> Viewer {
    viewer(
        "second officer",
        vec![mandate(Role::DepartmentOfficer, BodyKind::Department, culture())],
    )
}
pub fn other_department() -> Viewer {
    viewer(
        "health officer",
        vec![mandate(
            Role::DepartmentOfficer,
            BodyKind::Department,
            body("health department"),
        )],
    )
}
pub fn lead() -> Viewer {
    viewer(
        "lead",
        vec![mandate(Role::OfficeLead, BodyKind::Office, body("office"))],
    )
}
pub fn delegate() -> Viewer {
    viewer(
        "delegate",
        vec![mandate(Role::Delegate, BodyKind::Organisation, library())],
    )
}
pub fn rival() -> Viewer {
    viewer(
        "rival",
        vec![mandate(Role::Delegate, BodyKind::Organisation, body("rival"))],
    )
}
pub fn finance(name: &str) -> Viewer {
    viewer(
        name,
        vec![mandate(Role::Finance, BodyKind::FinanceUnit, body("finance"))],
    )
}
pub fn auditor() -> Viewer {
    viewer(
        "auditor",
        vec![mandate(Role::Auditor, BodyKind::AuditUnit, body("audit"))],
    )
}
pub fn panel_member() -> Viewer {
    viewer(
        "panel",
        vec![mandate(Role::PanelMember, BodyKind::Panel, body("panel"))],
    )
}
pub fn partner_officer(of: GovernmentId) -> Viewer {
    let mut m = mandate(Role::PartnerOfficer, BodyKind::PartnerOffice, body("partner office"));
    m.government = Some(of);
    viewer("partner officer", vec![m])
}
pub fn district_officer(of: GovernmentId) -> Viewer {
    let mut m = mandate(Role::DistrictOfficer, BodyKind::DistrictUnit, body("district office"));
    m.district = Some(of);
    viewer("district officer", vec![m])
}
pub fn citizen(name: &str) -> Viewer {
    viewer(name, vec![])
}
pub fn public() -> Viewer {
    Viewer::public(Via::Page)
}
/// The delegate, who is paid by the finance unit too, and acts for it now.
pub fn delegate_at_finance() -> Viewer {
    let mut v = delegate();
    v.mandates
        .insert(0, mandate(Role::Finance, BodyKind::FinanceUnit, body("finance")));
    v.acting = v.mandates.first().cloned();
    v
}
/// An officer of the guiding unit who acts for the library at the moment.
pub fn officer_at_library() -> Viewer {
    let mut v = officer();
    v.mandates
        .insert(0, mandate(Role::Delegate, BodyKind::Organisation, library()));
    v.acting = v.mandates.first().cloned();
    v
}

/// The other way round: of the library too, acting for the guiding unit now.
pub fn officer_of_library() -> Viewer {
    let mut v = officer();
    v.mandates
        .push(mandate(Role::Delegate, BodyKind::Organisation, library()));
    v
}

pub fn house(t: &TestDb) -> House {
    House {
        db: t.db.clone(),
        gate: Gate::new(&[crate::POLICIES]).unwrap(),
        blobs: Blobs::open(&BlobsConfig::Folder(t.dir.join("blobs"))).unwrap(),
        zone: jiff::tz::TimeZone::get("Asia/Shanghai").unwrap(),
    }
}
pub fn by(v: Viewer) -> Asking {
    Asking::new(v)
}
pub fn commission(name: &str) -> Commission {
    Commission {
        award: Id::named(name),
        call: Id::named("call"),
        plan_item: Id::named("plan item"),
        relation: Some(RelationId::named("CQP009")),
        partner: Some(partner_city()),
        field: Field::Culture,
        district: None,
        body: Some(library()),
        account: None,
        mode: Mode::Outsourcing,
        reason: Some(Text::new(Lang::zh(), "唯一询问读者意见的方案。")),
        guiding: culture(),
        title: Text::both("重庆之窗", "Window of Chongqing"),
        currency: Currency::CNY,
        amount: Some(Money::new(100_000, Currency::CNY)),
        ceiling: None,
        starts: "2026-12-01".parse().unwrap(),
        ends: "2027-06-30".parse().unwrap(),
        illustrative: true,
        executing_members: vec![person("delegate"), person("librarian")],
        guiding_members: vec![person("officer"), person("second officer")],
    }
}
fn strings(all: &[&str]) -> Vec<String> {
    all.iter().map(|s| (*s).to_owned()).collect()
}
/// 450.00 of books and 550.00 of freight; two milestones, an advance of 100.00, 300.00 for the first shelf.
pub fn terms() -> Terms {
    Terms {
        responsible: person("delegate").to_string(),
        starts_on: "2026-12-01".into(),
        ends_on: "2027-06-30".into(),
        line_zh: strings(&["图书", "运费"]),
        line_en: strings(&["Books", ""]),
        line_amount: strings(&["450", "550.00"]),
        milestone_zh: strings(&["首批图书", "", "读者反馈"]),
        milestone_en: strings(&["First shelf"]),
        milestone_due: strings(&["2027-01-31", "", "2027年5月31日"]),
        milestone_amount: strings(&["300"]),
        advance: "100".into(),
        ..Terms::default()
    }
}
pub async fn agreed_as(h: &House, who: Viewer, c: &Commission, t: &Terms) -> Result<UndertakingId, Fail> {
    let checked = check_terms(t, c, Lang::zh())?;
    let asking = by(who);
    let tx = asking.begin(h).await?;
    agree_on(h, &asking, tx, c, checked).await
}
pub async fn agreed(h: &House) -> UndertakingId {
    agreed_as(h, officer(), &commission("award"), &terms()).await.unwrap()
}
pub async fn running(h: &House) -> (UndertakingId, Vec<MilestoneId>) {
    let id = agreed(h).await;
    crate::start(h, &by(delegate()), id).await.unwrap();
    let milestones = store::milestones(&h.db, &[id]).await.unwrap();
    (id, milestones.iter().map(|m| m.id).collect())
}
pub fn said(text: &str) -> crate::HandIn {
    crate::HandIn {
        text: text.into(),
        lang: String::new(),
    }
}
pub fn because(reason: &str) -> crate::Reason {
    crate::Reason { reason: reason.into() }
}
pub fn file(name: &str, bytes: &'static [u8]) -> ::store::Upload {
    ::store::Upload {
        name: name.into(),
        bytes: bytes::Bytes::from_static(bytes),
    }
}
/// The code of the first refusal.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(r: Result<T, Fail>) -> &'static str {
    match r {
        Err(Fail::Refused(all)) => all[0].code,
        other => panic!("expected a refusal, got {other:?}"),
    }
}
#[track_caller]
pub fn denied<T: std::fmt::Debug>(r: Result<T, Fail>) -> Vec<String> {
    match r {
        Err(Fail::Denied(d)) => d.rules,
        other => panic!("expected a denial, got {other:?}"),
    }
}
