//! The register's life, on both engines: stages, facts, links, notes, and who sees what.
#![allow(clippy::unwrap_used)]

mod common;

use access::{BodyKind, Role};
use basis::{AgreementId, Fail, Field, GovernmentId, Id, PageRequest, RelationId};
use common::{acting, ask, department, district, house, made, office, partner, person, public, second_office};
use relations::{
    About, Filter, Order, RelationKind, RelationStatus, Side, add_agreement, add_fact, add_link, add_note, all_cards,
    all_cards_for, cards, edit, enter, facts, home, links, look, reference, register, relation_view, step,
};
use store::{Migrations, Query, count_queries, on_each_engine, testing::TestDb, vals};

const ROOMS: &[Migrations] = &[
    store::MIGRATIONS,
    access::MIGRATIONS,
    parties::MIGRATIONS,
    relations::MIGRATIONS,
];

async fn chongqing(t: &TestDb) -> access::House {
    let h = house(t, &[parties::POLICIES, relations::POLICIES]);
    let loaded = reference::load(&h, &ask(public())).await.unwrap();
    assert_eq!((loaded.relations, loaded.left_out), (42, 6));
    h
}
fn dus() -> RelationId {
    reference::relation_id("CQP008")
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
fn lead_input() -> enter::Input {
    enter::Input {
        partner_zh: "里昂".into(),
        partner_en: "Lyon".into(),
        partner_level: "city".into(),
        country: "fr".into(),
        kind: "sister".into(),
        status: "lead".into(),
        ..Default::default()
    }
}
fn to(status: &str, version: i64) -> step::Input {
    step::Input {
        to: status.into(),
        on: "2026-11-20".into(),
        reason: "why".into(),
        version: version.to_string(),
        ..Default::default()
    }
}

on_each_engine!(
    ROOMS,
    async fn the_reference_data_is_loaded_once_and_every_fact_has_its_source(t: TestDb) {
        let h = chongqing(&t).await;
        assert_eq!(
            reference::load(&h, &ask(public())).await.unwrap(),
            reference::Loaded::default()
        );
        let all = all_cards(&h.db).await.unwrap();
        assert_eq!(all.len(), 42);
        assert!(all.iter().all(|c| !c.source.is_empty()));
        assert!(!all.iter().any(|c| c.partner.name.get("en") == Some("Rennes")));
        assert_eq!(
            all[0].partner.name.get("zh-Hans"),
            Some("图卢兹"),
            "the first is the one signed first"
        );
        assert_eq!(
            home(&h.db).await.unwrap().name.get("en"),
            Some("Chongqing Municipality")
        );
        assert_eq!(relations::districts(&h.db).await.unwrap().len(), 38);
        let toulouse = relation_view(&h, &public(), reference::relation_id("CQP001"))
            .await
            .unwrap();
        let signed = toulouse.claims.iter().find(|c| c.about == About::Signed).unwrap();
        let said: Vec<_> = signed.rows.iter().map(|r| r.value.as_str()).collect();
        assert_eq!((signed.disputed, said), (true, vec!["1982-12", "1981"]));
        let trondelag = relation_view(&h, &public(), reference::relation_id("CQP011"))
            .await
            .unwrap();
        assert!(trondelag.successor.is_some() && trondelag.relation.status == RelationStatus::Succeeded);
        assert_eq!(links(&h.db, &[dus()]).await.unwrap().len(), 3);
        assert_eq!(relations::count_series(&h.db).await.unwrap().len(), 15);
        assert_eq!(relations::events(&h.db).await.unwrap().len(), 7);
        let ours = home(&h.db).await.unwrap().id;
        assert_eq!(relations::institutions(&h.db, &[ours]).await.unwrap().len(), 8);
        let ties = relations::ties_by_own(&h).await.unwrap();
        assert_eq!((ties.len(), ties.values().filter(|n| **n == 0).count()), (39, 35));
        assert_eq!(relations::verify(&h.db).await.unwrap(), Vec::<String>::new());
        assert!(
            store::journal::verify(&h.db, |_, _| {})
                .await
                .unwrap()
                .faults
                .is_empty()
        );
        let told =
            h.db.number("SELECT COUNT(*) AS n FROM outbox WHERE topic = 'link.recorded'", vec![])
                .await
                .unwrap();
        assert_eq!(told, 17);
    }
);

on_each_engine!(
    ROOMS,
    async fn a_lead_grows_into_a_counted_relation_and_is_public_only_when_signed(t: TestDb) {
        let h = chongqing(&t).await;
        let lead = ask(office());
        let id = enter::enter(&h, &lead, &lead_input()).await.unwrap();
        assert_eq!(all_cards(&h.db).await.unwrap().len(), 42);
        assert_eq!(all_cards_for(&h.db, &office()).await.unwrap().len(), 43);
        assert!(matches!(relation_view(&h, &public(), id).await, Err(Fail::NotFound)));
        let seen = relation_view(&h, &office(), id).await.unwrap();
        assert!(seen.may.step && seen.inside.is_some());
        // The partner's own officer knows of it, another partner's does not.
        let lyon = seen.relation.partner;
        // By a key only if it is for relations.
        for (scope, known) in [("planning", 42), ("relations", 43), ("read", 43)] {
            for who in [
                office(),
                acting("money", BodyKind::FinanceUnit, Role::Finance),
                partner(lyon),
            ] {
                let key = access::Viewer {
                    token: Some((Id::named("key"), vec![scope.to_owned()])),
                    ..who
                };
                assert_eq!(all_cards_for(&h.db, &key).await.unwrap().len(), known, "{scope}");
                assert_eq!(relation_view(&h, &key, id).await.is_ok(), known == 43, "{scope}");
            }
        }
        assert!(relation_view(&h, &partner(lyon), id).await.is_ok());
        assert!(matches!(
            relation_view(&h, &partner(reference::partner_id("CQP008")), id).await,
            Err(Fail::NotFound)
        ));
        for (n, status) in ["contact", "intent-signed", "application", "approved"]
            .iter()
            .enumerate()
        {
            step::step(&h, &lead, id, &to(status, n as i64 + 1)).await.unwrap();
        }
        let current = edit::Input::of(&relation_view(&h, &office(), id).await.unwrap().relation);
        assert_eq!(current.version, "5");
        edit::edit(
            &h,
            &lead,
            id,
            &edit::Input {
                source: "https://example.org/signed".into(),
                ..current
            },
        )
        .await
        .unwrap();
        step::step(&h, &lead, id, &to("signed", 6)).await.unwrap();
        step::step(&h, &lead, id, &to("filed", 7)).await.unwrap();
        let card = cards(&h.db, &[id]).await.unwrap().remove(&id).unwrap();
        assert_eq!(
            (card.kind, card.signed.unwrap().text()),
            (RelationKind::Sister, "2026-11-20".into())
        );
        assert!(relation_view(&h, &public(), id).await.is_ok());
        // A tie to the same partner a second time is refused where the partner is named.
        let twice = enter::enter(&h, &lead, &lead_input()).await.unwrap_err();
        assert_eq!(refusals(twice), [("partner_en".to_owned(), "refusal-relation-exists")]);
    }
);

on_each_engine!(
    ROOMS,
    async fn two_officers_take_a_step_and_the_second_is_told(t: TestDb) {
        let h = chongqing(&t).await;
        let (one, two) = (ask(office()), ask(second_office()));
        let (quiet, ended) = (to("quiet", 1), to("suspended", 1));
        let (a, b) = tokio::join!(step::step(&h, &one, dus(), &quiet), step::step(&h, &two, dus(), &ended));
        let changed = [&a, &b].iter().filter(|r| matches!(r, Err(Fail::Changed))).count();
        assert_eq!((changed, a.is_ok() != b.is_ok()), (1, true), "{a:?} {b:?}");
        let steps =
            h.db.number(
                "SELECT COUNT(*) AS n FROM journal WHERE action = 'relation.stepped'",
                vec![],
            )
            .await
            .unwrap();
        assert_eq!(steps, 1);
        let stale = edit::edit(
            &h,
            &one,
            dus(),
            &edit::Input {
                version: "1".into(),
                ..edit::Input::of(&relation_view(&h, &office(), dus()).await.unwrap().relation)
            },
        )
        .await;
        assert!(matches!(stale, Err(Fail::Changed)));
    }
);

on_each_engine!(
    ROOMS,
    async fn the_same_click_twice_is_one_step(t: TestDb) {
        use store::OrRepeat;
        let h = chongqing(&t).await;
        let asking = ask(office()).once("k");
        let first = step::step(&h, &asking, dus(), &to("quiet", 1)).await.unwrap();
        let again = step::step(&h, &asking, dus(), &to("quiet", 1))
            .await
            .or_repeat()
            .unwrap();
        assert_eq!(first, again);
    }
);

on_each_engine!(
    ROOMS,
    async fn who_may_do_what_to_a_relation(t: TestDb) {
        let h = chongqing(&t).await;
        let jiangbei = reference::own_id("500105");
        let piacenza = reference::relation_id("CQP031");
        step::step(&h, &ask(district(jiangbei)), piacenza, &to("quiet", 1))
            .await
            .unwrap();
        for viewer in [
            public(),
            person("wang"),
            district(jiangbei),
            department(Field::Culture),
            partner(reference::partner_id("CQP008")),
        ] {
            let r = step::step(&h, &ask(viewer), dus(), &to("quiet", 1)).await;
            assert!(matches!(r, Err(Fail::Denied(_))), "{r:?}");
        }
        let link = add_link::Input {
            field: "culture".into(),
            own_zh: "某馆".into(),
            partner_en: "Some museum".into(),
            what_zh: "展览".into(),
            source: "https://example.org".into(),
            ..Default::default()
        };
        add_link::add_link(&h, &ask(department(Field::Culture)), dus(), &link)
            .await
            .unwrap();
        let r = add_link::add_link(&h, &ask(department(Field::Health)), dus(), &link).await;
        assert!(matches!(r, Err(Fail::Denied(_))));
        assert_eq!(links(&h.db, &[dus()]).await.unwrap().len(), 4);
        let unknown = add_link::Input {
            own_body: Id::<basis::Body>::named("nobody").to_string(),
            ..link
        };
        let r = add_link::add_link(&h, &ask(office()), dus(), &unknown)
            .await
            .unwrap_err();
        assert_eq!(refusals(r), [("own_body".to_owned(), "refusal-not-in-list")]);
        let agreement = add_agreement::Input {
            title_en: "Plan for 2027".into(),
            signed: "2026-11".into(),
            source: "archive".into(),
            ..Default::default()
        };
        let id: AgreementId = add_agreement::add_agreement(&h, &ask(office()), dus(), &agreement)
            .await
            .unwrap();
        assert_eq!(relations::agreements(&h.db, &[dus()]).await.unwrap()[0].id, id);
        let above = async |kind: &str, id: String| relations::relations_above(&h.db, kind, &id).await.unwrap();
        assert_eq!(above("agreement", id.to_string()).await, [dus()]);
        let link = links(&h.db, &[dus()]).await.unwrap()[0].id;
        assert_eq!(above("link", link.to_string()).await, [dus()]);
        assert!(above("link", id.to_string()).await.is_empty());
        assert!(above("note", link.to_string()).await.is_empty());
    }
);

on_each_engine!(
    ROOMS,
    async fn a_partner_claims_for_its_own_side_and_a_conflict_shows(t: TestDb) {
        let h = chongqing(&t).await;
        made(&h, "partner").await;
        let dusseldorf = partner(reference::partner_id("CQP008"));
        let fact = add_fact::Input {
            about: "signed".into(),
            value: "2004年7月".into(),
            source: "https://duesseldorf.de/x".into(),
            claimant: "us".into(),
            ..Default::default()
        };
        let id = add_fact::add_fact(&h, &ask(dusseldorf.clone()), dus(), &fact)
            .await
            .unwrap();
        // A claim about the partner's name is under every relation with it.
        let named = add_fact::Input {
            about: "name-native".into(),
            value: "Düsseldorf".into(),
            ..fact.clone()
        };
        let name = add_fact::add_fact(&h, &ask(dusseldorf.clone()), dus(), &named)
            .await
            .unwrap();
        for fact in [id, name] {
            let above = relations::relations_above(&h.db, "fact", &fact.to_string()).await;
            assert_eq!(above.unwrap(), [dus()]);
        }
        let claims = facts(&h.db, "relation", &dus().to_string()).await.unwrap();
        let said = claims.iter().find(|f| f.value == "2004-07").unwrap();
        assert_eq!(said.claimant, basis::Claimant::Them);
        assert!(
            !cards(&h.db, &[dus()]).await.unwrap()[&dus()].disputed,
            "a vaguer date agrees"
        );
        let other = add_fact::Input {
            value: "2001".into(),
            ..fact.clone()
        };
        add_fact::add_fact(&h, &ask(dusseldorf.clone()), dus(), &other)
            .await
            .unwrap();
        assert!(cards(&h.db, &[dus()]).await.unwrap()[&dus()].disputed);
        let elsewhere = add_fact::add_fact(&h, &ask(dusseldorf.clone()), reference::relation_id("CQP001"), &fact).await;
        assert!(matches!(elsewhere, Err(Fail::Denied(_))));
        let bad = add_fact::Input {
            value: "long ago".into(),
            ..fact
        };
        let r = add_fact::add_fact(&h, &ask(dusseldorf), dus(), &bad).await.unwrap_err();
        assert_eq!(refusals(r), [("value".to_owned(), "refusal-known-date")]);
    }
);

async fn inside_of(h: &access::House) -> relations::Relation {
    relation_view(h, &office(), dus()).await.unwrap().relation
}
on_each_engine!(
    ROOMS,
    async fn what_is_said_inside_stays_inside(t: TestDb) {
        let h = chongqing(&t).await;
        for name in ["partner", "lead"] {
            made(&h, name).await;
        }
        let dusseldorf = partner(reference::partner_id("CQP008"));
        let note = |words: &str| add_note::Input {
            words: words.into(),
            ..Default::default()
        };
        let asked = add_note::add_note(&h, &ask(dusseldorf.clone()), dus(), &note("SECRET-QUESTION"))
            .await
            .unwrap();
        let waiting = relations::duties_of(&h.db).await.unwrap();
        assert_eq!(waiting.keys().copied().collect::<Vec<_>>(), [dus()]);
        t.clock.forward(std::time::Duration::from_secs(60));
        let answer = add_note::Input {
            answers: asked.to_string(),
            ..note("SECRET-ANSWER")
        };
        add_note::add_note(&h, &ask(office()), dus(), &answer).await.unwrap();
        assert!(relations::duties_of(&h.db).await.unwrap().is_empty());
        let unsourced = add_fact::Input {
            about: "other".into(),
            value: "SECRET-CLAIM".into(),
            ..Default::default()
        };
        add_fact::add_fact(&h, &ask(office()), dus(), &unsourced).await.unwrap();

        let inside = relation_view(&h, &dusseldorf, dus()).await.unwrap().inside.unwrap();
        assert_eq!(
            inside.iter().map(|n| n.side).collect::<Vec<_>>(),
            [Side::Them, Side::Us]
        );
        // A department reads what is about its own field, writes about that field only, and answers nothing else.
        let about = add_note::Input {
            field: "culture".into(),
            ..note("about the window")
        };
        add_note::add_note(&h, &ask(dusseldorf.clone()), dus(), &about)
            .await
            .unwrap();
        let culture = department(Field::Culture);
        made(&h, "department").await;
        let theirs = relation_view(&h, &culture, dus()).await.unwrap().inside.unwrap();
        assert_eq!(
            theirs.iter().map(|n| n.words.as_str()).collect::<Vec<_>>(),
            ["about the window"]
        );
        let health = relation_view(&h, &department(Field::Health), dus()).await.unwrap();
        assert_eq!(health.inside.unwrap().len(), 0);
        let other = add_note::Input {
            field: "health".into(),
            ..note("the library will answer")
        };
        let id = add_note::add_note(&h, &ask(culture.clone()), dus(), &other)
            .await
            .unwrap();
        let read = relations::notes_for(&h, &office(), &inside_of(&h).await).await.unwrap();
        assert_eq!(read.iter().find(|n| n.id == id).unwrap().field, Some(Field::Culture));
        let blind = add_note::Input {
            answers: asked.to_string(),
            ..note("I was not asked")
        };
        let r = add_note::add_note(&h, &ask(culture), dus(), &blind).await.unwrap_err();
        assert_eq!(refusals(r), [("answers".to_owned(), "refusal-not-in-list")]);
        let strangers = [
            public(),
            person("wang"),
            partner(reference::partner_id("CQP001")),
            district(reference::own_id("500105")),
        ];
        for viewer in strangers {
            let seen = relation_view(&h, &viewer, dus()).await.unwrap();
            let words = format!("{seen:?}");
            assert!(seen.inside.is_none() && !words.contains("SECRET"), "{words}");
            for what in relations::export::What::ALL {
                let table = relations::export::table(&h, &viewer, basis::Locale::En, what)
                    .await
                    .unwrap();
                assert!(!String::from_utf8(table.to_csv().unwrap()).unwrap().contains("SECRET"));
            }
        }
        let table = relations::export::table(&h, &office(), basis::Locale::En, relations::export::What::Facts)
            .await
            .unwrap();
        assert!(
            !String::from_utf8(table.to_csv().unwrap()).unwrap().contains("SECRET"),
            "files travel"
        );
        // The log proves that somebody wrote; it does not tell what.
        let told =
            h.db.number(
                "SELECT COUNT(*) AS n FROM journal_detail WHERE after_json = $1",
                vals!["SECRET-ANSWER"],
            )
            .await
            .unwrap();
        assert_eq!(told, 0);
    }
);

on_each_engine!(
    ROOMS,
    async fn the_register_is_searched_filtered_and_paged(t: TestDb) {
        let h = chongqing(&t).await;
        let all = PageRequest::first(200);
        let q = |q: &str| Filter {
            q: q.into(),
            ..Default::default()
        };
        for (words, name) in [
            ("dusseldorf", "Düsseldorf"),
            ("杜塞尔多夫", "Düsseldorf"),
            ("广島 1", ""),
            ("広島", "Hiroshima"),
            ("德国 duis", "Duisburg"),
            ("cqp008", "Düsseldorf"),
        ] {
            let found = register(&h.db, &q(words), all.clone()).await.unwrap().items;
            assert_eq!(
                found.first().and_then(|c| c.partner.name.get("en")).unwrap_or(""),
                name,
                "{words}"
            );
        }
        let (page, facets) = look(
            &h.db,
            &public(),
            &Filter {
                country: vec!["RU".into()],
                ..Default::default()
            },
            all.clone(),
        )
        .await
        .unwrap();
        assert_eq!((page.items.len(), facets.total, facets.all), (5, 5, 42));
        // Countries are counted as if none were chosen; kinds within the choice.
        assert_eq!(facets.country.iter().map(|c| c.1).sum::<usize>(), 42);
        assert_eq!(facets.kind.iter().map(|k| k.1).sum::<usize>(), 5);
        let own = Filter {
            own: vec![reference::own_id("500105")],
            ..Default::default()
        };
        assert_eq!(register(&h.db, &own, all.clone()).await.unwrap().items.len(), 1);
        let disputed = Filter {
            disputed: true,
            ..Default::default()
        };
        assert_eq!(register(&h.db, &disputed, all.clone()).await.unwrap().items.len(), 2);
        for order in [Order::Signed, Order::Newest, Order::Name] {
            let f = Filter {
                order: Some(order),
                ..Default::default()
            };
            let whole: Vec<_> = register(&h.db, &f, all.clone())
                .await
                .unwrap()
                .items
                .iter()
                .map(|c| c.id)
                .collect();
            let (mut paged, mut request) = (Vec::new(), PageRequest::first(10));
            loop {
                let page = register(&h.db, &f, request.clone()).await.unwrap();
                paged.extend(page.items.iter().map(|c| c.id));
                match page.next {
                    Some(next) => request.after = Some(next),
                    None => break,
                }
            }
            assert_eq!(paged, whole);
        }
    }
);

on_each_engine!(
    ROOMS,
    async fn pages_cost_the_same_queries_however_much_there_is(t: TestDb) {
        let h = chongqing(&t).await;
        let mut costs = Vec::new();
        for n in 0..3 {
            let input = enter::Input {
                partner_en: format!("Place {n}"),
                partner_zh: String::new(),
                status: "active".into(),
                source: "https://example.org".into(),
                ..lead_input()
            };
            enter::enter(&h, &ask(office()), &input).await.unwrap();
            let link = add_link::Input {
                field: "culture".into(),
                own_en: "A".into(),
                partner_en: "B".into(),
                what_en: "C".into(),
                source: "d".into(),
                ..Default::default()
            };
            add_link::add_link(&h, &ask(office()), dus(), &link).await.unwrap();
            let first = count_queries(look(&h.db, &public(), &Filter::default(), PageRequest::first(50)))
                .await
                .1;
            let warm = count_queries(look(&h.db, &public(), &Filter::default(), PageRequest::first(50)))
                .await
                .1;
            let one = count_queries(relation_view(&h, &public(), dus())).await.1;
            costs.push((first, warm, one));
        }
        assert_eq!(costs, [(4, 1, 6), (4, 1, 6), (4, 1, 6)]);
    }
);

on_each_engine!(
    ROOMS,
    async fn every_fault_of_a_new_relation_is_told_at_once(t: TestDb) {
        let h = chongqing(&t).await;
        let bad = enter::Input {
            own: "999999".into(),
            country: "XX".into(),
            status: "active".into(),
            signed: "spring".into(),
            lat: "91".into(),
            lon: "0".into(),
            partner_native: "Lyon".into(),
            ..Default::default()
        };
        let said = refusals(enter::enter(&h, &ask(office()), &bad).await.unwrap_err());
        let expected = [
            ("partner_en", "refusal-one-language"),
            ("native_language", "refusal-language-tag"),
            ("partner_level", "refusal-required"),
            ("country", "refusal-country"),
            ("lat", "refusal-point"),
            ("signed", "refusal-known-date"),
            ("source", "refusal-source-required"),
        ];
        assert_eq!(said, expected.map(|(f, c)| (f.to_owned(), c)));
        let nobody: GovernmentId = Id::named("nobody");
        let r = enter::enter(
            &h,
            &ask(office()),
            &enter::Input {
                partner: nobody.to_string(),
                ..lead_input()
            },
        )
        .await;
        assert_eq!(
            refusals(r.unwrap_err()),
            [("partner".to_owned(), "refusal-not-in-list")]
        );
        let heir = step::Input {
            successor: nobody.to_string(),
            ..to("succeeded", 1)
        };
        let r = step::step(&h, &ask(office()), dus(), &heir).await;
        assert_eq!(
            refusals(r.unwrap_err()),
            [("successor".to_owned(), "refusal-not-in-list")]
        );
        let heir = step::Input {
            successor: reference::partner_id("CQP042").to_string(),
            ..to("succeeded", 1)
        };
        step::step(&h, &ask(office()), dus(), &heir).await.unwrap();
        let seen = relation_view(&h, &public(), dus()).await.unwrap();
        assert_eq!(seen.successor.unwrap().card.name.get("en"), Some("Duisburg"));
    }
);
