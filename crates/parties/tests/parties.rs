//! Organisations, mandates, departments and kept promises, on both engines.
#![allow(clippy::unwrap_used)]

mod common;

use access::{BodyCard, BodyKind};
use basis::{BodyId, Fail, Field, Id, PageRequest, Text};
use common::{account, ask, department, house, made, office, person, public, second_office};
use parties::{
    Filter, Standing, decide, department_of, departments, edit, export, handlers, import, members, organisation,
    organisations, organisations_by_id, organisations_of, people, promises, promises_of, register, set_department,
    waiting,
};
use sheets::CellOut;
use store::{Act, Handlers, Migrations, Query, Via, Worker, on_each_engine, vals};

const ROOMS: &[Migrations] = &[store::MIGRATIONS, access::MIGRATIONS, parties::MIGRATIONS];

fn friends() -> register::Input {
    register::Input {
        name_zh: "书友会".into(),
        name_en: "Book friends".into(),
        legal_form: "association".into(),
        country: "cn".into(),
        website: "https://books.example.org".into(),
        about_en: "We read.".into(),
        fields: vec!["culture".into(), "education".into()],
        capabilities: "interpreters\nreaders".into(),
        purpose: "offers".into(),
        letter: "No. 12".into(),
        ..Default::default()
    }
}
fn refusals(f: Fail) -> Vec<(String, &'static str)> {
    match f {
        Fail::Refused(r) => r
            .into_iter()
            .map(|r| (r.field.unwrap_or_default().into_owned(), r.code))
            .collect(),
        other => panic!("{other}"),
    }
}

on_each_engine!(
    ROOMS,
    async fn an_organisation_is_registered_checked_and_gets_its_delegate(t: TestDb) {
        let h = house(&t, &[parties::POLICIES]);
        made(&h, "wang").await;
        made(&h, "lead").await;
        let asking = ask(person("wang"));
        let letter = store::Upload {
            name: "letter.txt".into(),
            bytes: "We ask Wang to act for us.".into(),
        };
        let id = register::register(&h, &asking, &friends(), Some(&letter))
            .await
            .unwrap();
        let o = organisation(&h.db, id).await.unwrap().unwrap();
        assert_eq!(
            (o.standing, o.home, o.country.as_str()),
            (Standing::Pending, true, "CN")
        );
        assert_eq!(waiting(&h.db).await.unwrap().len(), 1);
        assert!(
            organisations(&h.db, &Filter::on(h.today()), PageRequest::first(10))
                .await
                .unwrap()
                .items
                .is_empty()
        );
        assert_eq!(organisations_of(&h.db, account("wang"), &[]).await.unwrap().len(), 1);
        let by_id = organisations_by_id(&h.db, &[id, id, BodyId::named("nobody")])
            .await
            .unwrap();
        assert_eq!(by_id.keys().collect::<Vec<_>>(), [&id]);
        assert_eq!(store::attachments_of(&h.db, &[id]).await.unwrap().len(), 1);

        let decision = decide::Input {
            decision: "verify".into(),
            until: "2028-12-31".into(),
            version: "1".into(),
            ..Default::default()
        };
        let denied = decide::decide(&h, &ask(person("wang")), id, &decision).await;
        assert!(matches!(denied, Err(Fail::Denied(_))));
        decide::decide(&h, &ask(office()), id, &decision).await.unwrap();
        assert_eq!(members(&h.db, id, h.now()).await.unwrap(), [account("wang")]);
        let o = organisation(&h.db, id).await.unwrap().unwrap();
        assert!(o.is_verified(h.today()));
        // Renewing does not give a second mandate.
        let again = decide::Input {
            version: "2".into(),
            ..decision
        };
        decide::decide(&h, &ask(office()), id, &again).await.unwrap();
        assert_eq!(members(&h.db, id, h.now()).await.unwrap().len(), 1);
        assert_eq!(
            people(&h.db, &[account("wang")]).await.unwrap()[&account("wang")].name,
            "wang"
        );
        let shown = organisations(
            &h.db,
            &Filter {
                field: Some(Field::Culture),
                ..Filter::on(h.today())
            },
            PageRequest::first(10),
        )
        .await
        .unwrap();
        assert_eq!(shown.items.len(), 1);
        // The day after its verification ran out it is not found among those that are verified.
        for (on, standing, found) in [
            ("2028-12-31", parties::Standing::Verified, 1),
            ("2029-01-01", parties::Standing::Verified, 0),
            ("2029-01-01", parties::Standing::Unverified, 1),
        ] {
            let filter = Filter {
                standing: Some(standing),
                ..Filter::on(on.parse().unwrap())
            };
            let page = organisations(&h.db, &filter, PageRequest::first(10)).await.unwrap();
            assert_eq!(page.items.len(), found, "{on} {standing}");
        }
        assert_eq!(parties::verify(&h.db).await.unwrap(), Vec::<String>::new());
    }
);

on_each_engine!(
    ROOMS,
    async fn two_officers_decide_and_the_second_is_told(t: TestDb) {
        let h = house(&t, &[parties::POLICIES]);
        made(&h, "wang").await;
        let id = register::register(&h, &ask(person("wang")), &friends(), None)
            .await
            .unwrap();
        let verify = decide::Input {
            decision: "verify".into(),
            until: "2028-12-31".into(),
            version: "1".into(),
            ..Default::default()
        };
        let refuse = decide::Input {
            decision: "refuse".into(),
            reason: "no letter".into(),
            version: "1".into(),
            ..Default::default()
        };
        let (one, two) = (ask(office()), ask(second_office()));
        let (a, b) = tokio::join!(
            decide::decide(&h, &one, id, &verify),
            decide::decide(&h, &two, id, &refuse)
        );
        let changed = [&a, &b].iter().filter(|r| matches!(r, Err(Fail::Changed))).count();
        assert_eq!((changed, a.is_ok() != b.is_ok()), (1, true), "{a:?} {b:?}");
    }
);

on_each_engine!(
    ROOMS,
    async fn every_fault_is_told_at_its_field_at_once(t: TestDb) {
        let h = house(&t, &[parties::POLICIES]);
        let bad = register::Input {
            legal_form: "guild".into(),
            country: "Germany".into(),
            website: "http://localhost/".into(),
            fields: vec!["alchemy".into()],
            ..Default::default()
        };
        let said = refusals(
            register::register(&h, &ask(person("wang")), &bad, None)
                .await
                .unwrap_err(),
        );
        let expected = [
            ("name_zh", "refusal-one-language"),
            ("legal_form", "refusal-not-in-list"),
            ("country", "refusal-country"),
            ("website", "refusal-inside-address"),
            ("fields", "refusal-not-in-list"),
            ("purpose", "refusal-required"),
            ("letter", "refusal-required"),
        ];
        assert_eq!(said, expected.map(|(f, c)| (f.to_owned(), c)));
        let denied = register::register(&h, &ask(public()), &friends(), None).await;
        assert!(matches!(denied, Err(Fail::Denied(d)) if d.anonymous));
    }
);

on_each_engine!(
    ROOMS,
    async fn a_new_name_has_to_be_checked_again_and_an_old_version_is_told(t: TestDb) {
        let h = house(&t, &[parties::POLICIES]);
        made(&h, "wang").await;
        let id = register::register(&h, &ask(person("wang")), &friends(), None)
            .await
            .unwrap();
        let verify = decide::Input {
            decision: "verify".into(),
            until: "2028-12-31".into(),
            version: "1".into(),
            ..Default::default()
        };
        decide::decide(&h, &ask(office()), id, &verify).await.unwrap();
        let mut delegate = common::acting("wang", BodyKind::Organisation, access::Role::Delegate);
        delegate.acting.as_mut().unwrap().body = id;
        let o = organisation(&h.db, id).await.unwrap().unwrap();
        let about = edit::Input {
            about_en: "We read together.".into(),
            ..edit::Input::of(&o)
        };
        edit::edit(&h, &ask(delegate.clone()), id, &about).await.unwrap();
        assert!(organisation(&h.db, id).await.unwrap().unwrap().is_verified(h.today()));
        assert!(matches!(
            edit::edit(&h, &ask(delegate.clone()), id, &about).await,
            Err(Fail::Changed)
        ));
        let o = organisation(&h.db, id).await.unwrap().unwrap();
        let name = edit::Input {
            name_en: "Reading friends".into(),
            ..edit::Input::of(&o)
        };
        edit::edit(&h, &ask(delegate.clone()), id, &name).await.unwrap();
        // It waits for the office: everybody goes on reading the checked name, and nothing new is taken on.
        let o = organisation(&h.db, id).await.unwrap().unwrap();
        assert_eq!(
            (o.standing, o.name.get("en")),
            (Standing::Pending, Some("Book friends"))
        );
        assert_eq!(o.wanted_name.as_ref().unwrap().get("en"), Some("Reading friends"));
        assert!(!parties::may_take_on(&h.db, id, h.today()).await.unwrap());
        assert_eq!(
            parties::bodies(&h.db, &[id]).await.unwrap()[&id].name.get("en"),
            Some("Book friends")
        );
        let again = decide::Input {
            version: o.version.to_string(),
            ..verify
        };
        decide::decide(&h, &ask(office()), id, &again).await.unwrap();
        let o = organisation(&h.db, id).await.unwrap().unwrap();
        assert_eq!((o.name.get("en"), o.wanted_name), (Some("Reading friends"), None));
        assert!(parties::may_take_on(&h.db, id, h.today()).await.unwrap());
        let other = common::acting("li", BodyKind::Organisation, access::Role::Delegate);
        assert!(matches!(
            edit::edit(&h, &ask(other), id, &name).await,
            Err(Fail::Denied(_))
        ));
    }
);

on_each_engine!(
    ROOMS,
    async fn nobody_acts_for_an_organisation_for_longer_than_it_stands_checked(t: TestDb) {
        let h = house(&t, &[parties::POLICIES]);
        for name in ["wang", "li"] {
            made(&h, name).await;
        }
        let id = register::register(&h, &ask(person("wang")), &friends(), None)
            .await
            .unwrap();
        let decision = |decision: &str, until: &str, version: i64| decide::Input {
            decision: decision.into(),
            until: until.into(),
            reason: "the letter was not theirs".into(),
            version: version.to_string(),
        };
        let until = |day: &str| {
            let day: basis::Day = day.parse().unwrap();
            let over = day.tomorrow().unwrap().to_zoned(h.zone.clone()).unwrap();
            Some(over.timestamp())
        };
        decide::decide(&h, &ask(office()), id, &decision("verify", "2027-12-31", 1))
            .await
            .unwrap();
        // A colleague whom the office let in without an end.
        let tx = h.db.begin(&Act::house(Via::Seed)).await.unwrap();
        let open = access::HouseGrant {
            account: account("li"),
            body: id,
            role: access::Role::Delegate,
            purpose: "p".into(),
            letter: "l".into(),
            until: None,
        };
        access::grant_by_house(&tx, &open).await.unwrap();
        tx.done(()).await.unwrap();
        let mut lead = office();
        lead.mandates = lead.acting.iter().cloned().collect();
        for (to, version) in [("2027-06-30", 2), ("2028-06-30", 3)] {
            decide::decide(&h, &ask(office()), id, &decision("verify", to, version))
                .await
                .unwrap();
            let held = access::mandates_of_body(&h, &ask(lead.clone()), id).await.unwrap();
            let ends: Vec<_> = held.iter().map(|m| m.mandate.until).collect();
            assert_eq!(ends, [until(to), until(to)], "{to}: they hold as long as the check");
        }
        decide::decide(&h, &ask(office()), id, &decision("refuse", "", 4))
            .await
            .unwrap();
        assert_eq!(members(&h.db, id, h.now()).await.unwrap(), []);
        assert!(!parties::may_take_on(&h.db, id, h.today()).await.unwrap());
        assert_eq!(
            store::journal::verify(&h.db, |_, _| {}).await.unwrap().faults,
            Vec::<String>::new()
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn a_day_that_both_sides_moved_is_the_day_that_counts(t: TestDb) {
        let h = house(&t, &[parties::POLICIES]);
        let body: BodyId = Id::named("org");
        let mut heard = Handlers::default();
        handlers(&mut heard);
        let worker = Worker {
            db: h.db.clone(),
            handlers: heard,
        };
        // The test's clock stands at 22 November 2026: against the first day it would be late.
        for (topic, told) in [
            (
                "promise.made",
                serde_json::json!({ "body": body, "kind": "milestone", "object": "m", "due": "2026-11-01" }),
            ),
            (
                "promise.made",
                serde_json::json!({ "body": body, "kind": "milestone", "object": "m", "due": "2026-12-31" }),
            ),
            ("promise.settled", serde_json::json!({ "object": "m" })),
            // What is settled stays as it was judged.
            (
                "promise.made",
                serde_json::json!({ "body": body, "kind": "milestone", "object": "m", "due": "2026-11-01" }),
            ),
        ] {
            let tx = h.db.begin(&Act::house(Via::Job)).await.unwrap();
            tx.emit(topic, told).await.unwrap();
            tx.done(()).await.unwrap();
            worker.drain().await.unwrap();
        }
        let all = promises_of(&h.db, body).await.unwrap();
        assert_eq!((all.len(), all[0].outcome), (1, Some(parties::Outcome::Kept)));
        assert_eq!(all[0].due.unwrap().to_string(), "2027-01-01T12:00:00Z");
    }
);

on_each_engine!(
    ROOMS,
    async fn who_guides_a_field_is_an_office_or_department(t: TestDb) {
        let h = house(&t, &[parties::POLICIES]);
        let (dept, org): (BodyId, BodyId) = (Id::named("dept"), Id::named("org"));
        let tx = h.db.begin(&Act::house(Via::Seed)).await.unwrap();
        for (id, kind) in [(dept, BodyKind::Department), (org, BodyKind::Organisation)] {
            let body = BodyCard {
                id,
                kind,
                name: Text::both("某", "Some"),
                field: None,
                district: None,
                government: None,
                home: true,
                illustrative: true,
                ended_at: None,
            };
            access::found_body(&tx, &body).await.unwrap();
        }
        tx.done(()).await.unwrap();
        let name = |body: BodyId| set_department::Input {
            field: "culture".into(),
            body: body.to_string(),
        };
        set_department::set_department(&h, &ask(office()), &name(dept))
            .await
            .unwrap();
        assert_eq!(department_of(&h.db, Field::Culture).await.unwrap(), Some(dept));
        assert_eq!(departments(&h.db).await.unwrap().len(), 1);
        let said = refusals(
            set_department::set_department(&h, &ask(office()), &name(org))
                .await
                .unwrap_err(),
        );
        assert_eq!(said, [("body".to_owned(), "refusal-not-a-department")]);
        let denied = set_department::set_department(&h, &ask(department(Field::Culture)), &name(dept)).await;
        assert!(matches!(denied, Err(Fail::Denied(_))));
        assert_eq!(parties::bodies(&h.db, &[dept, org]).await.unwrap().len(), 2);
    }
);

on_each_engine!(
    ROOMS,
    async fn promises_are_counted_once_however_often_they_are_told(t: TestDb) {
        let h = house(&t, &[parties::POLICIES]);
        let body: BodyId = Id::named("org");
        let mut heard = Handlers::default();
        handlers(&mut heard);
        let worker = Worker {
            db: h.db.clone(),
            handlers: heard,
        };
        let tx = h.db.begin(&Act::house(Via::Job)).await.unwrap();
        for (object, due) in [
            ("a", "2026-11-30"),
            ("b", "2026-11-20"),
            ("c", "2027-01-01"),
            ("d", "2027-01-01"),
        ] {
            let told = serde_json::json!({ "body": body, "kind": "award", "object": object, "due": due });
            tx.emit("promise.made", &told).await.unwrap();
            tx.emit("promise.made", &told).await.unwrap();
        }
        tx.done(()).await.unwrap();
        worker.drain().await.unwrap();
        for told in [
            serde_json::json!({ "object": "a" }),
            serde_json::json!({ "object": "a", "outcome": "broken" }),
            serde_json::json!({ "object": "b" }),
            serde_json::json!({ "object": "c", "outcome": "broken" }),
        ] {
            let tx = h.db.begin(&Act::house(Via::Job)).await.unwrap();
            tx.emit("promise.settled", told).await.unwrap();
            tx.done(()).await.unwrap();
            worker.drain().await.unwrap();
        }
        let r = promises(&h.db, &[body]).await.unwrap()[&body];
        assert_eq!((r.kept, r.late, r.broken, r.open), (1, 1, 1, 1));
        assert_eq!(promises_of(&h.db, body).await.unwrap().len(), 4);
        assert_eq!(parties::verify(&h.db).await.unwrap(), Vec::<String>::new());
        let (_, queries) = store::count_queries(promises(&h.db, &[body, Id::named("x"), Id::named("y")])).await;
        assert_eq!(queries, 1);
        // Of a person, what was promised in their own name; not what they promised for a body.
        let ida: basis::AccountId = Id::named("ida");
        let tx = h.db.begin(&Act::house(Via::Job)).await.unwrap();
        for (object, body) in [("e", None), ("f", Some(body))] {
            let told = serde_json::json!({ "body": body, "account": ida, "kind": "award", "object": object, "due": "2027-01-01" });
            tx.emit("promise.made", told).await.unwrap();
        }
        tx.done(()).await.unwrap();
        worker.drain().await.unwrap();
        let tx = h.db.begin(&Act::house(Via::Job)).await.unwrap();
        for object in ["e", "f"] {
            let told = serde_json::json!({ "object": object });
            tx.emit("promise.settled", told).await.unwrap();
        }
        tx.done(()).await.unwrap();
        worker.drain().await.unwrap();
        let own = parties::promises_of_people(&h.db, &[ida, Id::named("nobody")])
            .await
            .unwrap();
        assert_eq!(
            (own[&ida].kept, own[&ida].settled(), own[&Id::named("nobody")].settled()),
            (1, 1, 0)
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn a_file_goes_in_whole_or_not_and_comes_out_the_same(t: TestDb) {
        let h = house(&t, &[parties::POLICIES]);
        let lead = ask(office());
        let good = "编号,名称（中文）,Name (English),组织形式,国家代码,领域,能做什么\nO1,书友会,Book friends,社会团体,CN,文化,\"口译\n朗读\"\nO2,,Stadtbücherei,public-institution,DE,culture;education,\n";
        let look = import::run(&h, &lead, good.as_bytes(), "o.csv", true).await.unwrap();
        assert_eq!((look.added, look.faults.len(), look.taken()), (2, 0, false), "{look:?}");
        assert!(
            organisations(&h.db, &Filter::on(h.today()), PageRequest::first(10))
                .await
                .unwrap()
                .items
                .is_empty()
        );
        let took = import::run(&h, &lead.clone().once("k"), good.as_bytes(), "o.csv", false)
            .await
            .unwrap();
        assert_eq!((took.added, took.taken()), (2, true));
        let twice = import::run(&h, &lead.clone().once("k"), good.as_bytes(), "o.csv", false)
            .await
            .unwrap();
        assert_eq!(twice.import, took.import);
        let again = import::run(&h, &lead, good.as_bytes(), "o.csv", false).await.unwrap();
        assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 2));

        let bad = "编号,组织形式,国家代码,name_en\nO3,行会,CN,Guild\nO3,社会团体,Germany,\n";
        let look = import::run(&h, &lead, bad.as_bytes(), "o.csv", false).await.unwrap();
        let cells: Vec<_> = look
            .faults
            .iter()
            .map(|f| (f.row, f.column_letter.as_str(), f.code.code))
            .collect();
        let expected = [
            (2, "B", "refusal-not-in-list"),
            (3, "A", "refusal-row-twice"),
            (3, "", "refusal-one-language"),
            (3, "C", "refusal-country"),
        ];
        assert_eq!(cells, expected);
        assert!(!look.taken() && import::by_reference(&h, "O3").await.unwrap().is_none());
        assert!(import::by_reference(&h, "O1").await.unwrap().is_some());

        for locale in basis::Locale::ALL {
            let table = export::organisations(&h, &public(), locale).await.unwrap();
            let back = import::run(&h, &lead, &table.to_csv().unwrap(), "back.csv", true)
                .await
                .unwrap();
            assert_eq!(
                (back.unchanged, back.faults.len(), back.remarks.len()),
                (2, 0, 0),
                "{back:?}"
            );
            let back = import::run(&h, &lead, &table.to_xlsx().unwrap(), "back.xlsx", true)
                .await
                .unwrap();
            assert_eq!((back.unchanged, back.faults.len()), (2, 0), "{back:?}");
        }
        let denied = import::run(&h, &ask(person("wang")), good.as_bytes(), "o.csv", true).await;
        assert!(matches!(denied, Err(Fail::Denied(_))));
        assert_eq!(
            store::journal::verify(&h.db, |_, _| {}).await.unwrap().faults,
            Vec::<String>::new()
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn what_is_between_the_office_and_the_applicant_never_leaves(t: TestDb) {
        let h = house(&t, &[parties::POLICIES]);
        made(&h, "wang").await;
        let secret = register::Input {
            letter: "SECRET-LETTER".into(),
            purpose: "SECRET-PURPOSE".into(),
            name_en: "WAITING-ORG".into(),
            ..friends()
        };
        let waits = register::register(&h, &ask(person("wang")), &secret, None)
            .await
            .unwrap();
        let shown = register::register(
            &h,
            &ask(person("wang")),
            &register::Input {
                name_en: "SHOWN".into(),
                ..secret
            },
            None,
        )
        .await
        .unwrap();
        let verify = decide::Input {
            decision: "verify".into(),
            until: "2028-12-31".into(),
            version: "1".into(),
            ..Default::default()
        };
        decide::decide(&h, &ask(office()), shown, &verify).await.unwrap();
        let table = export::organisations(&h, &public(), basis::Locale::En).await.unwrap();
        let texts: Vec<&str> = table
            .rows
            .iter()
            .flatten()
            .filter_map(|c| match c {
                CellOut::Text(t) => Some(t.as_str()),
                _ => None,
            })
            .collect();
        assert!(texts.contains(&"SHOWN"));
        assert!(
            !texts
                .iter()
                .any(|t| t.contains("SECRET") || t.contains("WAITING") || t.contains("wang"))
        );
        let page = organisations(&h.db, &Filter::on(h.today()), PageRequest::first(10))
            .await
            .unwrap();
        let json = serde_json::to_string(&page).unwrap();
        assert!(!json.contains("SECRET") && !json.contains(&waits.to_string()), "{json}");
        // The log proves the registration; the letter's words are not in what it tells.
        let told =
            h.db.number(
                "SELECT COUNT(*) AS n FROM journal_detail WHERE after_json IS NOT NULL",
                vals![],
            )
            .await
            .unwrap();
        assert!(told >= 2);
    }
);

on_each_engine!(
    ROOMS,
    async fn lists_cost_the_same_queries_however_long(t: TestDb) {
        let h = house(&t, &[parties::POLICIES]);
        made(&h, "wang").await;
        for (n, total) in [(1, 1), (2, 3)] {
            for _ in 0..n {
                register::register(&h, &ask(person("wang")), &friends(), None)
                    .await
                    .unwrap();
            }
            let (list, queries) = store::count_queries(waiting(&h.db)).await;
            assert_eq!((list.unwrap().len(), queries), (total, 1));
            let (_, queries) =
                store::count_queries(organisations(&h.db, &Filter::on(h.today()), PageRequest::first(50))).await;
            assert_eq!(queries, 1);
        }
    }
);
