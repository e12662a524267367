//! The plan on both engines: use cases, what events do to it, the gap finder over a register, files.

use access::{Asking, BodyKind, Gate, House, Mandated, Person, Role, Viewer};
use basis::{BodyId, Code, Day, Fail, Field, GovernmentId, Id, Lang, PlanItemId, PolicyLineId, RelationId, Text};
use ::store::{Act, Blobs, BlobsConfig, Handlers, Query, Via, Worker, count_queries, journal, on_each_engine, testing::TestDb, vals};

mod web;

use super::*;
use crate::store::{self as sql, Cover};

const ROOMS: &[::store::Migrations] = &[::store::MIGRATIONS, access::MIGRATIONS, parties::MIGRATIONS, relations::MIGRATIONS, MIGRATIONS];

fn house(t: &TestDb) -> House {
    House {
        db: t.db.clone(),
        gate: Gate::new(&[POLICIES]).unwrap(),
        blobs: Blobs::open(&BlobsConfig::Folder(t.dir.join("blobs"))).unwrap(),
        zone: jiff::tz::TimeZone::get("Asia/Shanghai").unwrap(),
    }
}
fn acting(name: &str, role: Role, kind: BodyKind) -> Viewer {
    let m = Mandated {
        id: Id::named(name), body: Id::named(&format!("body {name}")), body_name: Text::both("某处", "Unit"), body_kind: kind, role, field: None,
        district: None, government: None, home: true, purpose: "w".into(), letter: "1".into(), until: None, illustrative: true,
    };
    let person = Person { id: Id::named(name), name: name.into(), lang: Lang::en(), zone: "Asia/Shanghai".into() };
    Viewer { person: Some(person), acting: Some(m.clone()), mandates: vec![m], via: Via::Page, token: None }
}
fn office() -> Asking {
    Asking::new(acting("lead", Role::OfficeLead, BodyKind::Office))
}
fn department(field: Field) -> Asking {
    let mut v = acting("officer", Role::DepartmentOfficer, BodyKind::Department);
    v.acting.as_mut().unwrap().field = Some(field);
    Asking::new(v)
}
fn district_officer(of: GovernmentId) -> Asking {
    let mut v = acting("district", Role::DistrictOfficer, BodyKind::DistrictUnit);
    v.acting.as_mut().unwrap().district = Some(of);
    Asking::new(v)
}
fn city() -> GovernmentId {
    Id::named("home")
}
fn gov(name: &str) -> GovernmentId {
    Id::named(name)
}
fn rel(n: usize) -> RelationId {
    Id::named(&format!("relation {n}"))
}
fn line_id() -> PolicyLineId {
    Id::named("line")
}

/// A city with two districts, `n` partners of the city and one of the first district; departments; one policy line.
async fn world(t: &TestDb, n: usize) {
    let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
    let government = |id: GovernmentId, level: &str, name: &str, own: bool| {
        vals![id, id.to_string(), level, Text::both(name, name), if own { "CN" } else { "DE" }, own, (own && id != city()).then(city), "s", false, 1_i64]
    };
    let mut rows = vec![government(city(), "municipality", "home", true), government(gov("north"), "district", "north", true), government(gov("south"), "county", "south", true)];
    rows.extend((0..=n).map(|i| government(gov(&format!("partner {i}")), "city", &format!("partner {i}"), false)));
    tx.insert_many("INSERT INTO government (id, match_key, level, name, country, own, parent, source, illustrative, version)", 10, rows).await.unwrap();
    let relation = |i: usize, own: GovernmentId| {
        vals![rel(i), format!("T{i:05}"), own, gov(&format!("partner {i}")), (own != city()).then_some(own), "sister", "active", Day::constant(1986, 5, 1), "day", "s", "us", "high", false, false, 0_i64, 1_i64]
    };
    let mut rows: Vec<_> = (0..n).map(|i| relation(i, city())).collect();
    rows.push(relation(n, gov("north")));
    tx.insert_many(
        "INSERT INTO relation (id, reference, own_government, partner_government, district, kind, status, signed_from, precision, source, claimant, confidence, disputed, illustrative, listed_at, version)",
        16, rows,
    ).await.unwrap();
    let bodies = Field::ALL.iter().map(|f| {
        let id = BodyId::named(&f.to_string());
        vals![id, "department", Text::both("部门", "Department"), *f, true, true, 0_i64]
    }).collect();
    tx.insert_many("INSERT INTO body (id, kind, name, field, home, illustrative, made_at)", 7, bodies).await.unwrap();
    let departments = Field::ALL.iter().map(|f| vals![*f, BodyId::named(&f.to_string()), 0_i64, 1_i64]).collect();
    tx.insert_many("INSERT INTO department (field, body, since, version)", 4, departments).await.unwrap();
    let line = PolicyLine {
        id: line_id(), code: "R86".into(), title: Text::both("友谊", "Friendship"), text: Text::both("文", "text"), source: "s".into(),
        starts: Day::constant(2020, 1, 1), until: Some(Day::constant(2030, 12, 31)), illustrative: true, version: 1,
    };
    sql::insert_line(&tx, &line).await.unwrap();
    tx.done(()).await.unwrap();
}
fn input() -> PlanItemInput {
    PlanItemInput {
        relation: rel(0).to_string(), field: "culture".into(), year: "2026".into(), policy: line_id().to_string(), title_zh: "重庆之窗".into(),
        aim_en: "books".into(), supports_zh: "市里".into(), due: "2026-12-31".into(), ..Default::default()
    }
}
fn codes(f: Fail) -> Vec<(String, &'static str)> {
    match f {
        Fail::Refused(r) => r.into_iter().map(|r| (r.field.map(|f| f.into_owned()).unwrap_or_default(), r.code)).collect(),
        other => panic!("{other}"),
    }
}

on_each_engine!(
    ROOMS,
    async fn an_item_lives_and_the_second_officer_is_told(t: TestDb) {
        let h = house(&t);
        world(&t, 1).await;
        let id = plan(&h, &office(), &input()).await.unwrap();
        let card = item(&t.db, id).await.unwrap().unwrap();
        assert_eq!((card.guiding, card.status, card.policy_code.as_str()), (Id::named("culture"), PlanStatus::Planned, "R86"));
        let step_to = |to: &str| StepInput { to: to.into(), version: "1".into(), ..Default::default() };
        step(&h, &department(Field::Culture), id, &step_to("in-progress")).await.unwrap();
        assert!(matches!(step(&h, &office(), id, &step_to("carried-over")).await.unwrap_err(), Fail::Refused(_)), "a reason is obligatory");
        let over = StepInput { reason: "flood".into(), carried_to: "2027".into(), ..step_to("carried-over") };
        assert!(matches!(step(&h, &office(), id, &over).await.unwrap_err(), Fail::Changed), "read at version 1, now 2");
        step(&h, &office(), id, &StepInput { version: "2".into(), ..over }).await.unwrap();
        let card = items(&t.db, &[id]).await.unwrap().remove(&id).unwrap();
        assert_eq!((card.status, card.carried_to, card.reason.unwrap().plain(basis::Locale::En)), (PlanStatus::CarriedOver, Some(2027), "flood"));
        amend(&h, &office(), id, &PlanItemInput { title_en: "Window".into(), version: "3".into(), ..input() }).await.unwrap();
        assert!(matches!(amend(&h, &office(), id, &PlanItemInput { version: "3".into(), ..input() }).await.unwrap_err(), Fail::Changed));
        let history = journal::history(&t.db, "plan-item", &id.to_string()).await.unwrap();
        let actions: Vec<_> = history.iter().map(|(l, _)| l.action.as_str()).collect();
        assert_eq!(actions, ["plan-item.added", "plan-item.moved", "plan-item.moved", "plan-item.amended"]);
        assert_eq!(verify(&t.db).await.unwrap(), Vec::<String>::new());
        assert_eq!(journal::verify(&t.db, |_, _| {}).await.unwrap().faults, Vec::<String>::new());
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        tx.exec("UPDATE plan_item SET reason = NULL WHERE id = $1", vals![id]).await.unwrap();
        tx.done(()).await.unwrap();
        assert_eq!(sql::loose_ends(&t.db).await.unwrap().len(), 1);
    }
);
on_each_engine!(
    ROOMS,
    async fn who_plans_where(t: TestDb) {
        let h = house(&t);
        world(&t, 1).await;
        let health = PlanItemInput { field: "health".into(), ..input() };
        assert!(matches!(plan(&h, &department(Field::Culture), &health).await.unwrap_err(), Fail::Denied(_)));
        let public = Asking::new(Viewer::public(Via::Page));
        assert!(matches!(plan(&h, &public, &input()).await.unwrap_err(), Fail::Denied(d) if d.anonymous));
        let in_south = PlanItemInput { relation: String::new(), district: gov("south").to_string(), ..input() };
        assert!(matches!(plan(&h, &district_officer(gov("north")), &in_south).await.unwrap_err(), Fail::Denied(_)));
        let id = plan(&h, &district_officer(gov("south")), &in_south).await.unwrap();
        let card = item(&t.db, id).await.unwrap().unwrap();
        assert_eq!(card.guiding, Id::named("body district"), "a district's unit guides what it plans");
        let nowhere = PlanItemInput { relation: Id::<basis::Relation>::named("x").to_string(), district: city().to_string(), year: "2031".into(), due: String::new(), ..input() };
        let at = codes(plan(&h, &office(), &nowhere).await.unwrap_err());
        assert_eq!(at, [("relation".into(), "refusal-not-in-list"), ("district".into(), "refusal-not-in-list"), ("policy".into(), "refusal-policy-not-in-force")]);
        // The same form sent twice makes one item.
        let twice = office().once("k");
        let a = plan(&h, &twice, &input()).await.unwrap();
        let b: PlanItemId = ::store::OrRepeat::or_repeat(plan(&h, &twice, &input()).await).unwrap();
        assert_eq!(a, b);
    }
);
on_each_engine!(
    ROOMS,
    async fn policy_lines_are_set_by_the_office_once_a_code(t: TestDb) {
        let h = house(&t);
        world(&t, 1).await;
        let new = PolicyLineInput { code: "R90".into(), title_en: "Districts".into(), text_en: "First those without".into(), source: "R90".into(), starts: "2024-01-01".into(), ..Default::default() };
        let id = add_line(&h, &office(), &new).await.unwrap();
        assert_eq!(codes(add_line(&h, &office(), &new).await.unwrap_err()), [("code".to_owned(), "refusal-policy-code-taken")]);
        assert!(matches!(add_line(&h, &department(Field::Culture), &new).await.unwrap_err(), Fail::Denied(_)));
        amend_line(&h, &office(), id, &PolicyLineInput { until: "2025-06-30".into(), version: "1".into(), ..new.clone() }).await.unwrap();
        assert!(matches!(amend_line(&h, &office(), id, &PolicyLineInput { version: "1".into(), ..new.clone() }).await.unwrap_err(), Fail::Changed));
        let taken = PolicyLineInput { code: "R86".into(), version: "2".into(), ..new };
        assert_eq!(codes(amend_line(&h, &office(), id, &taken).await.unwrap_err()), [("code".to_owned(), "refusal-policy-code-taken")]);
        let line = sql::line(&t.db, id).await.unwrap().unwrap();
        assert!(!line.holds_in(2026) && line.version == 2);
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        assert!(matches!(sql::save_line(&tx, &PolicyLine { version: 9, ..line }).await.unwrap_err(), Fail::Changed));
        drop(tx);
        assert_eq!(policy_lines(&t.db).await.unwrap().len(), 2);
        assert_eq!(sql::lines(&t.db).await.unwrap().len(), 2);
    }
);
on_each_engine!(
    ROOMS,
    async fn events_told_twice_are_told_once(t: TestDb) {
        let h = house(&t);
        world(&t, 1).await;
        let id = plan(&h, &office(), &input()).await.unwrap();
        let mut all = Handlers::default();
        handlers(&mut all);
        let worker = Worker { db: t.db.clone(), handlers: all };
        let tell = async |topic: &'static str, payload: serde_json::Value| {
            for _ in 0..2 {
                let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
                tx.emit(topic, &payload).await.unwrap();
                tx.done(()).await.unwrap();
                worker.drain().await.unwrap();
            }
            item(&t.db, id).await.unwrap().unwrap()
        };
        let about = serde_json::json!({ "plan_item": id, "field": "culture", "year": 2026, "body": Id::<basis::Body>::named("culture") });
        assert_eq!(tell("call.published", about.clone()).await.status, PlanStatus::InProgress);
        assert_eq!(tell("call.awarded", about.clone()).await.led_by, Some(Lead::Social));
        assert_eq!(tell("undertaking.settled", about.clone()).await.status, PlanStatus::NearlyDone);
        let card = tell("evaluation.published", about.clone()).await;
        assert_eq!(card.status, PlanStatus::Done);
        assert_eq!(tell("call.published", about).await.status, PlanStatus::Done, "an end stays an end");
        let link = serde_json::json!({ "link": Id::<basis::Link>::named("l"), "relation": rel(0), "field": "health", "year": 2013 });
        tell("link.recorded", link).await;
        let cells = sql::covered(&t.db, None).await.unwrap();
        let mut seen: Vec<_> = cells.iter().map(|c| (c.relation, c.field, c.n, c.last)).collect();
        seen.sort_by_key(|c| c.1);
        assert_eq!(seen, [(Some(rel(0)), Field::Health, 1, Some(2013)), (Some(rel(0)), Field::Culture, 1, Some(2026))]);
        assert_eq!(t.db.number("SELECT COUNT(*) AS n FROM job WHERE status <> 'done'", vec![]).await.unwrap(), 0);
        assert_eq!(verify(&t.db).await.unwrap(), Vec::<String>::new());
    }
);
on_each_engine!(
    ROOMS,
    async fn the_gap_finder_shows_empty_cells_and_forgets_planned_ones(t: TestDb) {
        let h = house(&t);
        world(&t, 2).await;
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        for (g, n) in [(gov("partner 1"), 2), (city(), 1)] {
            let rows = (0..n).map(|i| vals![Id::<basis::Import>::named(&format!("{g}{i}")), g, Field::Culture, "library", Text::both("馆", "Library"), "s", false]).collect();
            tx.insert_many("INSERT INTO institution (id, government, field, kind, name, source, illustrative)", 7, rows).await.unwrap();
        }
        let c = |relation, field, object: &str| Cover { relation, district: None, field, year: Some(2013), kind: "link", object_kind: "link", object_id: object.into() };
        sql::cover(&tx, &c(Some(rel(0)), Field::Culture, "a")).await.unwrap();
        sql::cover(&tx, &c(Some(rel(2)), Field::Health, "b")).await.unwrap();
        tx.done(()).await.unwrap();
        let public = Viewer::public(Via::Page);
        let found = find(&t.db, &public, &Ask::default(), 2026).await.unwrap();
        assert_eq!(found.rows.len(), 2, "the city's own relations");
        let first = &found.gaps[0];
        assert_eq!((first.place, first.field), (gaps::Place::Relation(rel(1)), Field::Culture));
        assert!(first.reasons.iter().any(|(r, _)| *r == gaps::Reason::PartnerHas { count: 2 }));
        assert!(first.reasons.iter().any(|(r, _)| *r == gaps::Reason::Anniversary { years: 40, year: 2026 }));
        let culture = Field::ALL.iter().position(|f| *f == Field::Culture).unwrap();
        assert_eq!((found.rows[0].cells[culture].count, found.rows[0].cells[culture].rank, found.rows[1].cells[culture].rank), (1, None, Some(1)));
        assert!(found.rows[1].cells[culture].partner_has);
        assert_eq!(found.totals[culture], 1);
        plan(&h, &office(), &PlanItemInput { relation: rel(1).to_string(), ..input() }).await.unwrap();
        let again = find(&t.db, &public, &Ask { year: Some(2026), ..Default::default() }, 2026).await.unwrap();
        let cell = again.rows[1].cells[culture];
        assert_eq!((cell.planned, cell.rank), (true, None), "planned is no gap");
        assert!(again.rows[0].cells[culture].rank.is_some(), "2013 does not cover 2026");
        let districts = find(&t.db, &public, &Ask { view: View::Districts, ..Default::default() }, 2026).await.unwrap();
        assert_eq!(districts.gaps[0].place, gaps::Place::District(gov("south")), "no relation reaches it (R90)");
        let health = Field::ALL.iter().position(|f| *f == Field::Health).unwrap();
        let north = districts.rows.iter().find(|r| r.place == gaps::Place::District(gov("north"))).unwrap();
        assert_eq!(north.cells[health].count, 1, "what the district's relation does is done in the district");
        let planned = sql::planned(&t.db, Some(2026), Some(line_id())).await.unwrap();
        assert_eq!(planned.len(), 1);
    }
);
on_each_engine!(
    ROOMS,
    async fn the_gap_finder_asks_the_same_of_three_and_of_many(t: TestDb) {
        world(&t, 3).await;
        let public = Viewer::public(Via::Page);
        let (_, few) = count_queries(find(&t.db, &public, &Ask { level: Scope::All, ..Default::default() }, 2026)).await;
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        for table in ["relation", "government", "department", "policy_line", "body"] {
            tx.exec(&format!("DELETE FROM {table}"), vec![]).await.unwrap();
        }
        tx.done(()).await.unwrap();
        world(&t, 300).await;
        let (found, many) = count_queries(find(&t.db, &public, &Ask { level: Scope::All, ..Default::default() }, 2026)).await;
        assert_eq!(found.unwrap().rows.len(), 301);
        assert_eq!((few, many), (5, 5));
    }
);
on_each_engine!(
    ROOMS,
    async fn lists_and_portfolio(t: TestDb) {
        let h = house(&t);
        world(&t, 3).await;
        for (i, field) in ["economy", "economy", "culture"].into_iter().enumerate() {
            plan(&h, &office(), &PlanItemInput { relation: rel(i % 2).to_string(), field: field.into(), ..input() }).await.unwrap();
        }
        let old = plan(&h, &office(), &PlanItemInput { year: "2025".into(), due: String::new(), ..input() }).await.unwrap();
        let p = portfolio_of(&t.db, 2026).await.unwrap();
        assert_eq!((p.items, p.economy, p.culture), (3, Share { part: 2, whole: 3 }, Share { part: 1, whole: 2 }));
        assert_eq!(sql::counted(&t.db, 2025).await.unwrap().len(), 1);
        assert_eq!(years(&t.db).await.unwrap(), [2026, 2025]);
        let first = list(&t.db, &Filter { limit: Some(3), ..Default::default() }).await.unwrap();
        let second = list(&t.db, &Filter { limit: Some(3), after: first.next.clone(), ..Default::default() }).await.unwrap();
        assert_eq!((first.items.len(), second.items.len(), second.items[0].id, second.next), (3, 1, old, None));
        let only = list(&t.db, &Filter { field: Some(Field::Economy), year: Some(2026), policy: Some(line_id()), status: Some(PlanStatus::Planned), relation: Some(rel(0)), ..Default::default() }).await.unwrap();
        assert_eq!(only.items.len(), 1);
        assert_eq!(sql::cards(&t.db, &[old]).await.unwrap().len(), 1);
        let (_, one) = count_queries(list(&t.db, &Filter { year: Some(2025), ..Default::default() })).await;
        let (_, three) = count_queries(list(&t.db, &Filter { year: Some(2026), ..Default::default() })).await;
        assert_eq!((one, three), (1, 1));
        assert_eq!(sql::years(&t.db).await.unwrap().len(), 2);
        let loaded = sql::load(&t.db, old).await.unwrap().unwrap();
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        sql::note_lead(&tx, old, Lead::Individual).await.unwrap();
        sql::save(&tx, &Item { led_by: Some(Lead::Public), ..loaded.clone() }).await.unwrap();
        assert!(matches!(sql::save(&tx, &loaded).await.unwrap_err(), Fail::Changed));
        sql::insert(&tx, &[Item { id: tx.fresh(), ..loaded }]).await.unwrap();
        tx.done(()).await.unwrap();
        assert_eq!(sql::list(&t.db, &Filter { year: Some(2025), ..Default::default() }).await.unwrap().items.len(), 2);
    }
);
on_each_engine!(
    ROOMS,
    async fn a_plan_comes_in_whole_or_not_and_goes_out_readable(t: TestDb) {
        let h = house(&t);
        world(&t, 3).await;
        let good = "年份,领域,关系编号,政策条目,名称（中文）,目标（中文）,服务于（中文）,完成期限\n2026,文化,T00001,r86,书,读书,市里,2026-11-30\n2026,culture,t00002,R86,=1+1,读书,市里,\n";
        let bad = good.replace("T00001", "T99999").replace("2026-11-30", "soon");
        let report = import_items(&h, &office(), bad.as_bytes(), "p.csv", false).await.unwrap();
        let at: Vec<_> = report.faults.iter().map(|f| (f.row, f.letter.as_str(), f.value.as_str(), f.refusal.code)).collect();
        assert_eq!(at, [(Some(2), "C", "T99999", "refusal-not-in-list"), (Some(2), "H", "soon", "refusal-not-a-date")]);
        assert_eq!(list(&t.db, &Filter::default()).await.unwrap().items.len(), 0, "all or nothing");
        let dry = import_items(&h, &office(), good.as_bytes(), "p.csv", true).await.unwrap();
        assert_eq!((dry.is_clean(), dry.rows, dry.written), (true, 2, 0));
        assert!(matches!(import_items(&h, &department(Field::Culture), good.as_bytes(), "p.csv", true).await.unwrap_err(), Fail::Denied(_)));
        let done = import_items(&h, &office(), good.as_bytes(), "p.csv", false).await.unwrap();
        assert_eq!(done.written, 2);
        let table = export_items(&t.db, &Filter::default(), basis::Locale::Zh, Day::constant(2026, 11, 22)).await.unwrap();
        let csv = String::from_utf8(table.to_csv().unwrap()).unwrap();
        assert!(csv.contains("'=1+1"), "no formula runs in the officer's Excel");
        let again = import_items(&h, &office(), csv.as_bytes(), "again.csv", true).await.unwrap();
        assert!(again.is_clean(), "{:?}", again.faults);
        assert_eq!(again.unread, ["状态", "原因"]);
    }
);
