//! The plan on both engines: use cases, what events do to it, the gap finder over a register, files.

use ::store::{
    Act, Blobs, BlobsConfig, Handlers, Query, Via, Worker, count_queries, journal, on_each_engine, testing::TestDb,
    vals,
};
use access::{Asking, BodyKind, Gate, House, Mandated, Person, Role, Viewer};
use basis::{BodyId, Code, Day, Fail, Field, GovernmentId, Id, Lang, PlanItemId, PolicyLineId, RelationId, Text};

mod finding;
mod web;

use super::*;
use crate::store::{self as sql, Cover};

const ROOMS: &[::store::Migrations] = &[
    ::store::MIGRATIONS,
    access::MIGRATIONS,
    parties::MIGRATIONS,
    relations::MIGRATIONS,
    MIGRATIONS,
];

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
        id: Id::named(name),
        body: Id::named(&format!("body {name}")),
        body_name: Text::both("某处", "Unit"),
        body_kind: kind,
        role,
        field: None,
        district: None,
        government: None,
        home: true,
        purpose: "w".into(),
        letter: "1".into(),
        until: None,
        illustrative: true,
    };
    let person = Person {
        id: Id::named(name),
        name: name.into(),
        lang: Lang::en(),
        zone: "Asia/Shanghai".into(),
    };
    Viewer {
        person: Some(person),
        acting: Some(m.clone()),
        mandates: vec![m],
        via: Via::Page,
        token: None,
    }
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
        vals![
            id,
            id.to_string(),
            level,
            Text::both(name, name),
            if own { "CN" } else { "DE" },
            own,
            (own && id != city()).then(city),
            "s",
            false,
            1_i64
        ]
    };
    let mut rows = vec![
        government(city(), "municipality", "home", true),
        government(gov("north"), "district", "north", true),
        government(gov("south"), "county", "south", true),
    ];
    rows.extend((0..=n).map(|i| government(gov(&format!("partner {i}")), "city", &format!("partner {i}"), false)));
    tx.insert_many(
        "INSERT INTO government (id, match_key, level, name, country, own, parent, source, illustrative, version)",
        10,
        rows,
    )
    .await
    .unwrap();
    let relation = |i: usize, own: GovernmentId| {
        vals![
            rel(i),
            format!("T{i:05}"),
            own,
            gov(&format!("partner {i}")),
            (own != city()).then_some(own),
            "sister",
            "active",
            Day::constant(1986, 5, 1),
            "day",
            "s",
            "us",
            "high",
            false,
            false,
            0_i64,
            1_i64
        ]
    };
    let mut rows: Vec<_> = (0..n).map(|i| relation(i, city())).collect();
    rows.push(relation(n, gov("north")));
    tx.insert_many(
        "INSERT INTO relation (id, reference, own_government, partner_government, district, kind, status, signed_from, precision, source, claimant, confidence, disputed, illustrative, listed_at, version)",
        16, rows,
    ).await.unwrap();
    let bodies = Field::ALL
        .iter()
        .map(|f| {
            let id = BodyId::named(&f.to_string());
            vals![
                id,
                "department",
                Text::both("部门", "Department"),
                *f,
                true,
                true,
                0_i64
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO body (id, kind, name, field, home, illustrative, made_at)",
        7,
        bodies,
    )
    .await
    .unwrap();
    let departments = Field::ALL
        .iter()
        .map(|f| vals![*f, BodyId::named(&f.to_string()), 0_i64, 1_i64])
        .collect();
    tx.insert_many("INSERT INTO department (field, body, since, version)", 4, departments)
        .await
        .unwrap();
    let line = PolicyLine {
        id: line_id(),
        code: "R86".into(),
        title: Text::both("友谊", "Friendship"),
        text: Text::both("文", "text"),
        source: "s".into(),
        starts: Day::constant(2020, 1, 1),
        until: Some(Day::constant(2030, 12, 31)),
        illustrative: true,
        version: 1,
    };
    sql::insert_line(&tx, &line).await.unwrap();
    tx.done(()).await.unwrap();
}
fn input() -> PlanItemInput {
    PlanItemInput {
        relation: rel(0).to_string(),
        field: "culture".into(),
        year: "2026".into(),
        policy: line_id().to_string(),
        title_zh: "重庆之窗".into(),
        aim_en: "books".into(),
        supports_zh: "市里".into(),
        due: "2026-12-31".into(),
        ..Default::default()
    }
}
fn codes(f: Fail) -> Vec<(String, &'static str)> {
    match f {
        Fail::Refused(r) => r
            .into_iter()
            .map(|r| (r.field.map(|f| f.into_owned()).unwrap_or_default(), r.code))
            .collect(),
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
        assert_eq!(
            (card.guiding, card.status, card.policy_code.as_str()),
            (Id::named("culture"), PlanStatus::Planned, "R86")
        );
        let step_to = |to: &str| StepInput {
            to: to.into(),
            version: "1".into(),
            ..Default::default()
        };
        step(&h, &department(Field::Culture), id, &step_to("in-progress"))
            .await
            .unwrap();
        assert!(
            matches!(
                step(&h, &office(), id, &step_to("carried-over")).await.unwrap_err(),
                Fail::Refused(_)
            ),
            "a reason is obligatory"
        );
        let over = StepInput {
            reason: "flood".into(),
            carried_to: "2027".into(),
            ..step_to("carried-over")
        };
        assert!(
            matches!(step(&h, &office(), id, &over).await.unwrap_err(), Fail::Changed),
            "read at version 1, now 2"
        );
        step(
            &h,
            &office(),
            id,
            &StepInput {
                version: "2".into(),
                ..over
            },
        )
        .await
        .unwrap();
        let card = items(&t.db, &[id]).await.unwrap().remove(&id).unwrap();
        assert_eq!(
            (
                card.status,
                card.carried_to,
                card.reason.unwrap().plain(basis::Locale::En)
            ),
            (PlanStatus::CarriedOver, Some(2027), "flood")
        );
        amend(
            &h,
            &office(),
            id,
            &PlanItemInput {
                title_en: "Window".into(),
                version: "3".into(),
                ..input()
            },
        )
        .await
        .unwrap();
        assert!(matches!(
            amend(
                &h,
                &office(),
                id,
                &PlanItemInput {
                    version: "3".into(),
                    ..input()
                }
            )
            .await
            .unwrap_err(),
            Fail::Changed
        ));
        let history = journal::history(&t.db, "plan-item", &id.to_string()).await.unwrap();
        let actions: Vec<_> = history.iter().map(|(l, _)| l.action.as_str()).collect();
        assert_eq!(
            actions,
            [
                "plan-item.added",
                "plan-item.moved",
                "plan-item.moved",
                "plan-item.amended"
            ]
        );
        assert_eq!(verify(&t.db).await.unwrap(), Vec::<String>::new());
        assert_eq!(
            journal::verify(&t.db, |_, _| {}).await.unwrap().faults,
            Vec::<String>::new()
        );
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        tx.exec("UPDATE plan_item SET reason = NULL WHERE id = $1", vals![id])
            .await
            .unwrap();
        tx.done(()).await.unwrap();
        assert_eq!(sql::loose_ends(&t.db).await.unwrap().len(), 1);
    }
);
on_each_engine!(
    ROOMS,
    async fn who_plans_where(t: TestDb) {
        let h = house(&t);
        world(&t, 1).await;
        let health = PlanItemInput {
            field: "health".into(),
            ..input()
        };
        assert!(matches!(
            plan(&h, &department(Field::Culture), &health).await.unwrap_err(),
            Fail::Denied(_)
        ));
        let public = Asking::new(Viewer::public(Via::Page));
        assert!(matches!(plan(&h, &public, &input()).await.unwrap_err(), Fail::Denied(d) if d.anonymous));
        let in_south = PlanItemInput {
            relation: String::new(),
            district: gov("south").to_string(),
            ..input()
        };
        assert!(matches!(
            plan(&h, &district_officer(gov("north")), &in_south).await.unwrap_err(),
            Fail::Denied(_)
        ));
        let id = plan(&h, &district_officer(gov("south")), &in_south).await.unwrap();
        let card = item(&t.db, id).await.unwrap().unwrap();
        assert_eq!(
            card.guiding,
            Id::named("body district"),
            "a district's unit guides what it plans"
        );
        let nowhere = PlanItemInput {
            relation: Id::<basis::Relation>::named("x").to_string(),
            district: city().to_string(),
            year: "2031".into(),
            due: String::new(),
            ..input()
        };
        let at = codes(plan(&h, &office(), &nowhere).await.unwrap_err());
        assert_eq!(
            at,
            [
                ("relation".into(), "refusal-not-in-list"),
                ("district".into(), "refusal-not-in-list"),
                ("policy".into(), "refusal-policy-not-in-force")
            ]
        );
        // A tie that is not signed is not there for who may not see it, and is named to nobody who may not.
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        tx.exec("UPDATE relation SET status = 'lead' WHERE id = $1", vals![rel(1)])
            .await
            .unwrap();
        tx.done(()).await.unwrap();
        let under_lead = PlanItemInput {
            relation: rel(1).to_string(),
            ..input()
        };
        let citizen = Asking::new(Viewer::public(Via::Page));
        assert_eq!(
            codes(plan(&h, &citizen, &under_lead).await.unwrap_err()),
            [("relation".to_owned(), "refusal-not-in-list")]
        );
        plan(&h, &office(), &under_lead).await.unwrap();
        for (viewer, named) in [(citizen.viewer, false), (office().viewer, true)] {
            let table = export_items(&t.db, &viewer, &Filter::default(), basis::Locale::En, h.today())
                .await
                .unwrap();
            let csv = String::from_utf8(table.to_csv().unwrap()).unwrap();
            assert_eq!(csv.contains("T00001"), named);
        }
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
        let new = PolicyLineInput {
            code: "R90".into(),
            title_en: "Districts".into(),
            text_en: "First those without".into(),
            source: "R90".into(),
            starts: "2024-01-01".into(),
            ..Default::default()
        };
        let id = add_line(&h, &office(), &new).await.unwrap();
        assert_eq!(
            codes(add_line(&h, &office(), &new).await.unwrap_err()),
            [("code".to_owned(), "refusal-policy-code-taken")]
        );
        assert!(matches!(
            add_line(&h, &department(Field::Culture), &new).await.unwrap_err(),
            Fail::Denied(_)
        ));
        amend_line(
            &h,
            &office(),
            id,
            &PolicyLineInput {
                until: "2025-06-30".into(),
                version: "1".into(),
                ..new.clone()
            },
        )
        .await
        .unwrap();
        assert!(matches!(
            amend_line(
                &h,
                &office(),
                id,
                &PolicyLineInput {
                    version: "1".into(),
                    ..new.clone()
                }
            )
            .await
            .unwrap_err(),
            Fail::Changed
        ));
        let taken = PolicyLineInput {
            code: "R86".into(),
            version: "2".into(),
            ..new
        };
        assert_eq!(
            codes(amend_line(&h, &office(), id, &taken).await.unwrap_err()),
            [("code".to_owned(), "refusal-policy-code-taken")]
        );
        let line = sql::line(&t.db, id).await.unwrap().unwrap();
        assert!(!line.holds_in(2026) && line.version == 2);
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        assert!(matches!(
            sql::save_line(&tx, &PolicyLine { version: 9, ..line })
                .await
                .unwrap_err(),
            Fail::Changed
        ));
        drop(tx);
        assert_eq!(policy_lines(&t.db).await.unwrap().len(), 2);
        assert_eq!(sql::lines(&t.db).await.unwrap().len(), 2);
    }
);
on_each_engine!(
    ROOMS,
    async fn events_told_twice_are_told_once(t: TestDb) {
        assert_eq!(crate::covered_cells(&t.db).await.unwrap(), []);
        let h = house(&t);
        world(&t, 1).await;
        let id = plan(&h, &office(), &input()).await.unwrap();
        let mut all = Handlers::default();
        handlers(&mut all);
        let worker = Worker {
            db: t.db.clone(),
            handlers: all,
        };
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
        assert_eq!(
            tell("call.published", about.clone()).await.status,
            PlanStatus::InProgress
        );
        assert_eq!(tell("call.awarded", about.clone()).await.led_by, Some(Lead::Social));
        let history = journal::history(&t.db, "plan-item", &id.to_string()).await.unwrap();
        let noted = history.iter().filter(|(l, _)| l.action == "plan-item.lead-noted");
        assert_eq!(noted.count(), 1, "who leads is in the history, once");
        assert_eq!(
            tell("undertaking.settled", about.clone()).await.status,
            PlanStatus::NearlyDone
        );
        let card = tell("evaluation.published", about.clone()).await;
        assert_eq!(card.status, PlanStatus::Done);
        assert_eq!(
            tell("call.published", about).await.status,
            PlanStatus::Done,
            "an end stays an end"
        );
        let link = serde_json::json!({ "link": Id::<basis::Link>::named("l"), "relation": rel(0), "field": "health", "year": 2013 });
        tell("link.recorded", link).await;
        let cells = sql::covered(&t.db, None).await.unwrap();
        let mut seen: Vec<_> = cells.iter().map(|c| (c.relation, c.field, c.n, c.last)).collect();
        seen.sort_by_key(|c| c.1);
        assert_eq!(
            seen,
            [
                (Some(rel(0)), Field::Health, 1, Some(2013)),
                (Some(rel(0)), Field::Culture, 1, Some(2026))
            ]
        );
        assert_eq!(
            t.db.number("SELECT COUNT(*) AS n FROM job WHERE status <> 'done'", vec![])
                .await
                .unwrap(),
            0
        );
        assert_eq!(verify(&t.db).await.unwrap(), Vec::<String>::new());
    }
);
on_each_engine!(
    ROOMS,
    async fn what_runs_and_what_is_done_is_told_however_much_is_planned(t: TestDb) {
        let h = house(&t);
        world(&t, 1).await;
        let mut made = Vec::new();
        for (year, field) in [
            ("2025", "culture"),
            ("2026", "culture"),
            ("2027", "culture"),
            ("2027", "education"),
        ] {
            let input = PlanItemInput {
                year: year.into(),
                field: field.into(),
                due: format!("{year}-12-31"),
                ..input()
            };
            made.push(plan(&h, &office(), &input).await.unwrap());
        }
        for (id, to) in [(made[0], "done"), (made[1], "in-progress"), (made[2], "nearly-done")] {
            let way = ["in-progress", "nearly-done", "done"];
            let steps = way.iter().take(1 + way.iter().position(|s| *s == to).unwrap());
            for (version, to) in (1..).zip(steps) {
                let to = StepInput {
                    to: (*to).into(),
                    version: version.to_string(),
                    ..Default::default()
                };
                step(&h, &office(), id, &to).await.unwrap();
            }
        }
        let ids = |of: &[PlanItemCard]| of.iter().map(|i| i.id).collect::<Vec<_>>();
        let (going, done) = going_and_done(&t.db, 6).await.unwrap();
        assert_eq!(
            (ids(&going), ids(&done)),
            (vec![made[2], made[1]], vec![made[0]]),
            "the newest first"
        );
        // What is only planned takes nobody's place, and so many of each are told at most.
        let (going, done) = going_and_done(&t.db, 1).await.unwrap();
        assert_eq!((ids(&going), ids(&done)), (vec![made[2]], vec![made[0]]));
    }
);
