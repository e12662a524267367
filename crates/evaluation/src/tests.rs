//! Actors, a house, and an undertaking to judge; the tests themselves are beside.

mod flow;
mod rules;
mod stores;
mod web;

use ::store::{Blobs, BlobsConfig, Via, testing::TestDb};
use access::{Asking, BodyKind, Gate, House, Mandated, Person, Role, Viewer};
use basis::{
    AccountId, AimId, BodyId, Currency, EvaluationId, Fail, Field, Id, Lang, Money, PlanItemId, RelationId, Text,
    UndertakingId,
};
use undertakings::{Commission, Mode, Note, Payment, Request, Terms};

use crate::{
    AimInput, AppointInput, Candidate, FindingInput, Programme, SummaryInput, aim::set_aim_of, appoint::appoint_of,
};

pub const ROOMS: &[::store::Migrations] = &[
    ::store::MIGRATIONS,
    access::MIGRATIONS,
    parties::MIGRATIONS,
    relations::MIGRATIONS,
    planning::MIGRATIONS,
    calls::MIGRATIONS,
    undertakings::MIGRATIONS,
    crate::MIGRATIONS,
];

pub fn body(name: &str) -> BodyId {
    Id::named(name)
}
pub fn person(name: &str) -> AccountId {
    Id::named(name)
}
pub fn plan_item() -> PlanItemId {
    Id::named("plan item")
}
fn mandate(role: Role, kind: BodyKind, of: &str) -> Mandated {
    Mandated {
        id: Id::named(&format!("{role} of {of}")),
        body: body(of),
        body_name: Text::new(Lang::en(), of),
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
pub fn officer() -> Viewer {
    viewer(
        "officer",
        vec![mandate(Role::DepartmentOfficer, BodyKind::Department, "culture")],
    )
}
pub fn lead() -> Viewer {
    viewer("lead", vec![mandate(Role::OfficeLead, BodyKind::Office, "office")])
}
/// The lead of the office, of the library too; acting for the office now.
pub fn lead_of_library() -> Viewer {
    let mut v = lead();
    v.mandates
        .push(mandate(Role::Delegate, BodyKind::Organisation, "library"));
    v
}
pub fn delegate() -> Viewer {
    viewer(
        "delegate",
        vec![mandate(Role::Delegate, BodyKind::Organisation, "library")],
    )
}
pub fn rival() -> Viewer {
    viewer("rival", vec![mandate(Role::Delegate, BodyKind::Organisation, "rival")])
}
pub fn finance(name: &str) -> Viewer {
    viewer(name, vec![mandate(Role::Finance, BodyKind::FinanceUnit, "finance")])
}
pub fn auditor() -> Viewer {
    viewer("auditor", vec![mandate(Role::Auditor, BodyKind::AuditUnit, "audit")])
}
pub fn citizen(name: &str) -> Viewer {
    viewer(name, vec![])
}
pub fn public() -> Viewer {
    Viewer::public(Via::Page)
}
pub fn house(t: &TestDb) -> House {
    House {
        db: t.db.clone(),
        gate: Gate::new(&[undertakings::POLICIES, crate::POLICIES]).unwrap(),
        blobs: Blobs::open(&BlobsConfig::Folder(t.dir.join("blobs"))).unwrap(),
        zone: jiff::tz::TimeZone::get("Asia/Shanghai").unwrap(),
    }
}
pub fn by(v: Viewer) -> Asking {
    Asking::new(v)
}
pub fn programme() -> Programme {
    Programme {
        plan_item: plan_item(),
        relation: None,
        field: Field::Culture,
        district: None,
        guiding: body("culture"),
        illustrative: true,
    }
}
pub async fn aim(h: &House, who: Viewer, name: &str) -> Result<AimId, Fail> {
    let input = AimInput {
        text_zh: name.into(),
        measure_zh: "次数".into(),
        target_en: "2 reports".into(),
        ..AimInput::default()
    };
    let asking = by(who);
    let tx = asking.begin(h).await?;
    set_aim_of(h, &asking, tx, &programme(), &input).await
}
fn strings(all: &[&str]) -> Vec<String> {
    all.iter().map(|s| (*s).to_owned()).collect()
}
pub async fn agreed(h: &House, award: &str) -> UndertakingId {
    let c = Commission {
        award: Id::named(award),
        call: Id::named("call"),
        plan_item: plan_item(),
        relation: Some(RelationId::named("CQP009")),
        partner: None,
        field: Field::Culture,
        district: None,
        body: Some(body("library")),
        account: None,
        mode: Mode::Outsourcing,
        reason: Some(Text::new(Lang::zh(), "好")),
        guiding: body("culture"),
        title: Text::both("重庆之窗", "Window of Chongqing"),
        currency: Currency::CNY,
        amount: Some(Money::new(100_000, Currency::CNY)),
        ceiling: None,
        starts: "2026-12-01".parse().unwrap(),
        ends: "2027-06-30".parse().unwrap(),
        illustrative: true,
        executing_members: vec![person("delegate")],
        guiding_members: vec![person("officer")],
    };
    let terms = Terms {
        responsible: person("delegate").to_string(),
        starts_on: "2026-12-01".into(),
        ends_on: "2027-06-30".into(),
        line_zh: strings(&["图书"]),
        line_amount: strings(&["1000"]),
        milestone_zh: strings(&["首批图书"]),
        milestone_due: strings(&["2027-01-31"]),
        milestone_amount: strings(&["300"]),
        ..Terms::default()
    };
    let checked = undertakings::check_terms(&terms, &c, Lang::zh()).unwrap();
    let asking = by(officer());
    let tx = asking.begin(h).await.unwrap();
    undertakings::agree_on(h, &asking, tx, &c, checked).await.unwrap()
}
/// Two aims, an undertaking that runs, everything handed in, accepted, paid; not settled.
pub async fn carried_out(h: &House) -> UndertakingId {
    for name in ["读者被问到", "每册借阅"] {
        aim(h, officer(), name).await.unwrap();
    }
    let id = agreed(h, "award").await;
    undertakings::start(h, &by(delegate()), id).await.unwrap();
    let cards = undertakings::undertakings(&h.db, &officer(), &[id]).await.unwrap();
    let milestone = undertakings::milestones(&h.db, &cards).await.unwrap()[0].id;
    let text = undertakings::HandIn {
        text: "书已送达".into(),
        lang: String::new(),
    };
    let d = undertakings::hand_in(h, &by(delegate()), milestone, &text, &[])
        .await
        .unwrap();
    undertakings::accept(h, &by(officer()), d, &Note::default())
        .await
        .unwrap();
    let asked = Request {
        milestone: milestone.to_string(),
        amount: "5".into(),
        ..Request::default()
    };
    let i = undertakings::request(h, &by(delegate()), id, &asked).await.unwrap();
    undertakings::approve(h, &by(finance("anna")), i).await.unwrap();
    undertakings::pay(h, &by(finance("bo")), i, &Payment { reference: "1".into() })
        .await
        .unwrap();
    id
}
pub async fn settle(h: &House, id: UndertakingId) {
    let cards = undertakings::undertakings(&h.db, &officer(), &[id]).await.unwrap();
    for i in undertakings::money(&h.db, &cards).await.unwrap().remove(0).instalments {
        if i.status == undertakings::InstalmentStatus::Planned {
            let why = undertakings::Reason {
                reason: "不需要".into(),
            };
            undertakings::refuse(h, &by(officer()), i.id, &why).await.unwrap();
        }
    }
    undertakings::settle(h, &by(officer()), id).await.unwrap();
}
pub fn candidate(name: &str, bodies: &[&str]) -> Candidate {
    Candidate {
        account: person(name),
        name: name.into(),
        bodies: bodies.iter().map(|b| body(b)).collect(),
    }
}
pub fn known() -> Vec<Candidate> {
    vec![
        candidate("eva", &["university"]),
        candidate("ulf", &[]),
        candidate("delegate", &["library"]),
        candidate("reader", &["library"]),
        candidate("officer", &["culture"]),
        candidate("clerk", &["culture"]),
        candidate("anna", &["finance"]),
        candidate("bo", &["finance"]),
        candidate("cashier", &["finance"]),
        candidate("judge", &["academy"]),
        candidate("other judge", &["panel"]),
    ]
}
pub async fn appointed_as(h: &House, who: Viewer, id: UndertakingId, names: &[&str]) -> Result<EvaluationId, Fail> {
    let evaluators = names.iter().map(|n| person(n).to_string()).collect();
    let input = AppointInput {
        evaluators,
        others: Vec::new(),
        due_on: "2027-09-30".into(),
    };
    let asking = by(who);
    let tx = asking.begin(h).await?;
    appoint_of(
        h,
        &asking,
        tx,
        id,
        &input,
        &known(),
        (vec![person("judge")], vec![body("panel")]),
    )
    .await
}
pub async fn appointed(h: &House) -> (UndertakingId, EvaluationId) {
    let id = carried_out(h).await;
    (id, appointed_as(h, lead(), id, &["eva", "ulf"]).await.unwrap())
}
pub fn finding(aim: AimId, state: &str) -> FindingInput {
    FindingInput {
        aim: aim.to_string(),
        state: state.into(),
        found_zh: "两份报告".into(),
        source: "报告二〇二七".into(),
        ..FindingInput::default()
    }
}
pub fn summary() -> SummaryInput {
    SummaryInput {
        summary_zh: "总体达到。".into(),
        summary_en: "Reached on the whole.".into(),
    }
}
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
