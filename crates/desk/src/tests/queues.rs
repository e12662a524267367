//! The queue and one's own page: who is led where, empty states, filters, files, statements.

use ::store::on_each_engine;

use super::*;

on_each_engine!(
    ROOMS,
    async fn everybody_is_led_to_their_own_page(t: TestDb) {
        let town = town(t).await;
        for (name, v) in classes(&town).await {
            for locale in Locale::ALL {
                let (desk, to) = ask(&town, &v, locale, Method::GET, "/desk", "").await;
                let (work, back) = ask(&town, &v, locale, Method::GET, "/my-work", "").await;
                let (csv, _) = ask(&town, &v, locale, Method::GET, "/desk/queue.csv?field=culture", "").await;
                match name {
                    "public" => assert_eq!(
                        (desk, work, csv),
                        (
                            StatusCode::UNAUTHORIZED,
                            StatusCode::UNAUTHORIZED,
                            StatusCode::UNAUTHORIZED
                        )
                    ),
                    "delegate" | "rival" | "citizen" => {
                        assert_eq!(
                            (desk, work, csv),
                            (StatusCode::SEE_OTHER, StatusCode::OK, StatusCode::OK),
                            "{name}"
                        );
                        assert_eq!(to, format!("/{}/my-work", locale.path()));
                        let next = if locale == Locale::En {
                            "See open calls"
                        } else {
                            "查看正在进行的征集"
                        };
                        assert!(back.contains(next), "{name}: the empty page says what comes next");
                    }
                    // A partner city's office has a queue, and offers and undertakings of its own.
                    "partner" => assert_eq!(
                        (desk, work, csv),
                        (StatusCode::OK, StatusCode::OK, StatusCode::OK),
                        "{name}"
                    ),
                    _ => {
                        assert_eq!(
                            (desk, work, csv),
                            (StatusCode::OK, StatusCode::SEE_OTHER, StatusCode::OK),
                            "{name}"
                        );
                        assert_eq!(back, format!("/{}/desk", locale.path()));
                        let none = if locale == Locale::En {
                            "Nothing waits on you."
                        } else {
                            "目前没有待您办理的事项。"
                        };
                        assert!(to.contains(none), "{name}: {to}");
                    }
                }
            }
        }
    }
);

on_each_engine!(
    ROOMS,
    async fn what_waits_is_counted_listed_and_exported(t: TestDb) {
        let town = town(t).await;
        letter(&town, "letter.test", true, "one").await;
        let lead = viewer(&town, "lead").await;
        let (_, text) = get(&town, &lead, "/desk").await;
        assert!(text.contains("Read letters and release them") && text.contains("1 letter"));
        assert!(text.contains("letters held") && text.contains("jobs given up"));
        assert!(
            text.contains("22 November 2026, 16:00 in Chongqing."),
            "one clock without a partner"
        );
        let (_, text) = get(&town, &viewer(&town, "officer").await, "/desk").await;
        assert!(!text.contains("Read letters") && !text.contains("letters held"));
        let (_, text) = get(&town, &lead, "/desk?field=culture").await;
        assert!(!text.contains("Read letters") && text.contains("Nothing of this kind waits on you."));
        let (_, csv) = get(&town, &lead, "/desk/queue.csv").await;
        assert!(
            csv.contains("Read letters and release them") && csv.contains("https://node.example/en/desk/letters"),
            "{csv}"
        );
        let (status, xlsx) = get(&town, &lead, "/desk/queue.xlsx").await;
        assert!(
            status == StatusCode::OK && xlsx.contains("PK"),
            "a workbook is a ZIP file"
        );
        let (_, page) = get(&town, &lead, "/desk").await;
        assert!(page.contains("/en/desk/queue.csv") && page.contains("/en/desk/queue.xlsx"));
        let (_, json) = get(&town, &lead, "/api/v1/duties").await;
        let duties: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(duties["mine"][0]["href"], "/desk/letters");
        assert_eq!(
            get(&town, &Viewer::public(Via::Api), "/api/v1/duties").await.0,
            StatusCode::UNAUTHORIZED
        );
        // What cannot be read narrows nothing and breaks nothing.
        assert_eq!(get(&town, &lead, "/desk?field=%00&relation=x").await.0, StatusCode::OK);
    }
);

on_each_engine!(
    ROOMS,
    async fn a_key_hears_of_the_rooms_it_is_for(t: TestDb) {
        let town = town(t).await;
        let friends = parties::register::Input {
            name_en: "Friends of Düsseldorf".into(),
            legal_form: "association".into(),
            country: "CN".into(),
            purpose: "exchanges".into(),
            letter: "1".into(),
            ..Default::default()
        };
        let citizen = access::Asking::new(viewer(&town, "citizen").await);
        parties::register::register(town.house(), &citizen, &friends, None)
            .await
            .unwrap();
        let lead = viewer(&town, "lead").await;
        let with_key = |v: &Viewer, scopes: &[&str]| Viewer {
            token: Some((Id::named("key"), scopes.iter().map(ToString::to_string).collect())),
            ..v.clone()
        };
        for (scopes, heard) in [
            (&["desk"][..], 0),
            (&["desk", "planning"], 0),
            (&["desk", "parties"], 1),
            (&["read"], 1),
        ] {
            let (status, json) = get(&town, &with_key(&lead, scopes), "/api/v1/duties").await;
            assert_eq!(status, StatusCode::OK, "{scopes:?}");
            let duties: serde_json::Value = serde_json::from_str(&json).unwrap();
            assert_eq!(duties["mine"].as_array().unwrap().len(), heard, "{scopes:?}: {json}");
        }
        // A key that lists no mandates still has the rest of the queue.
        let delegate = viewer(&town, "delegate").await;
        for scopes in [&["desk"][..], &["desk", "parties"]] {
            let (status, _) = get(&town, &with_key(&delegate, scopes), "/api/v1/duties").await;
            assert_eq!(status, StatusCode::OK, "{scopes:?}");
        }
        let (status, _) = get(&town, &with_key(&lead, &["parties"]), "/api/v1/duties").await;
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
);

on_each_engine!(
    ROOMS,
    async fn three_letters_cost_as_many_statements_as_one(t: TestDb) {
        let town = town(t).await;
        let lead = viewer(&town, "lead").await;
        let mut counts = Vec::new();
        for round in 0..3 {
            letter(&town, "letter.test", true, &format!("{round}")).await;
            let (_, desk) = ::store::count_queries(get(&town, &lead, "/desk")).await;
            let (_, outbox) = ::store::count_queries(get(&town, &lead, "/desk/letters")).await;
            counts.push((desk, outbox));
        }
        assert_eq!(counts[0], counts[2]);
        assert!(counts[0].1 <= 4, "{counts:?}");
    }
);

#[test]
fn every_notice_and_kind_of_letter_has_words() {
    for locale in Locale::ALL {
        let has = |key: String| assert!(crate::TEXTS.find(locale, &key, Default::default()).is_some(), "{key}");
        for word in [
            "letters-released",
            "letters-withheld",
            "letters-retried",
            "letters-some",
            "jobs-retried",
        ] {
            has(format!("done-{word}"));
        }
        for status in <::store::LetterStatus as basis::Code>::ALL {
            has(format!("letter-status-{status}"));
        }
        for action in ["letter.released", "letter.withheld", "letter.retried", "job.retried"] {
            has(format!("did-{}", action.replace('.', "-")));
        }
        // What the floor writes about people has its words here; other rooms tell what they write.
        let of_people = |a: &&&str| ["account.", "session.", "token."].iter().any(|p| a.starts_with(p));
        for action in crate::journal::ACTS.iter().filter(of_people) {
            has(format!("did-{}", action.replace('.', "-")));
        }
        for kind in crate::journal::KINDS {
            has(format!("kind-{kind}"));
        }
    }
}
