//! Histories and proofs: who reads what, and that the proofs hold.

use ::store::{Entry, journal, on_each_engine};
use basis::{OfferId, RelationId};

use super::*;

/// A change of something, by the officer, for a reason.
async fn changed(town: &Town, entry: Entry) {
    let v = viewer(town, "officer").await;
    let tx = town.db().begin(&v.act(None)).await.unwrap();
    tx.journal(entry);
    tx.done(()).await.unwrap();
}

on_each_engine!(
    ROOMS,
    async fn the_public_reads_what_and_when_and_which_office(t: TestDb) {
        let town = town(t).await;
        let id: basis::PolicyLineId = Id::named("line");
        let entry = Entry::of("policy-line.added", id)
            .after(serde_json::json!({ "title": "internal words", "account": person("delegate") }));
        changed(&town, entry.because("an inner reason")).await;
        changed(&town, Entry::of("policy-line.considered", id)).await;
        for (name, v) in classes(&town).await {
            let (status, text) = get(&town, &v, &format!("/history/policy-line/{id}")).await;
            assert_eq!(status, StatusCode::OK, "{name}");
            let inside = ["lead", "officer", "money", "auditor"].contains(&name);
            for word in [
                "internal words",
                "an inner reason",
                "Person officer",
                "policy-line.considered",
            ] {
                assert_eq!(text.contains(word), inside, "{name}: {word}");
            }
            // Ids of people in the details become names, for those who may.
            assert_eq!(text.contains("Person delegate"), inside || name == "delegate", "{name}");
            assert!(text.contains("Unit culture"), "{name}: the office is told to everybody");
        }
        let (status, _) = get(&town, &viewer(&town, "public").await, "/history/policy-line/nothing").await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
);

on_each_engine!(
    ROOMS,
    async fn accounts_and_letters_have_no_public_history(t: TestDb) {
        let town = town(t).await;
        let id = letter(&town, "letter.test", true, "one").await;
        let lead = viewer(&town, "lead").await;
        ::store::release_letter(town.db(), &lead.act(None), id).await.unwrap();
        for (name, v) in classes(&town).await {
            let (status, text) = get(&town, &v, &format!("/history/account/{}", person("delegate"))).await;
            let may = ["delegate", "auditor"].contains(&name);
            assert_eq!(
                status,
                if may { StatusCode::OK } else { StatusCode::NOT_FOUND },
                "{name}"
            );
            assert_eq!(text.contains("delegate@example.org"), may, "{name}");
            let (status, _) = get(&town, &v, &format!("/history/letter/{id}")).await;
            let may = ["lead", "officer", "money", "auditor"].contains(&name);
            assert_eq!(
                status,
                if may { StatusCode::OK } else { StatusCode::NOT_FOUND },
                "{name}"
            );
        }
    }
);

on_each_engine!(
    ROOMS,
    async fn erased_details_are_said(t: TestDb) {
        let town = town(t).await;
        let tx = town.db().begin(&Act::house(Via::Job)).await.unwrap();
        journal::erase_details_of(&tx, person("citizen")).await.unwrap();
        tx.done(()).await.unwrap();
        let auditor = viewer(&town, "auditor").await;
        let (_, text) = get(&town, &auditor, &format!("/history/account/{}", person("citizen"))).await;
        assert!(text.contains("were erased") && !text.contains("citizen@example.org"));
    }
);

on_each_engine!(
    ROOMS,
    async fn proofs_hold_for_anybody_and_say_no_more_than_they_may(t: TestDb) {
        let town = town(t).await;
        let id: RelationId = Id::named("nobody knows it");
        changed(
            &town,
            Entry::of("relation.noted", id).after("a word between the two sides"),
        )
        .await;
        let size = journal::size(town.db()).await.unwrap();
        for seq in [0, 1, size / 2, size - 1] {
            for (name, v) in classes(&town).await {
                let (status, text) = get(&town, &v, &format!("/api/v1/journal/{seq}")).await;
                assert_eq!(status, StatusCode::OK, "{name}: {text}");
                let p: serde_json::Value = serde_json::from_str(&text).unwrap();
                let hash = |v: &serde_json::Value| v.as_str().unwrap().parse::<merkle::Hash>().unwrap();
                let path: Vec<merkle::Hash> = p["path"].as_array().unwrap().iter().map(hash).collect();
                let leaf = hash(&p["leaf"]);
                assert!(merkle::verify_inclusion(
                    &leaf,
                    seq,
                    p["size"].as_u64().unwrap(),
                    &path,
                    &hash(&p["root"])
                ));
                if let Some(line) = p["line"].as_str() {
                    assert_eq!(merkle::leaf_hash(line.as_bytes()), leaf, "{name}");
                }
                assert!(!text.contains("example.org") && !text.contains("Person "), "{name}");
            }
        }
        // Details never travel with a proof; a page says what one may know.
        let (_, text) = get(&town, &Viewer::public(Via::Page), &format!("/journal/{}", size - 1)).await;
        assert!(!text.contains("relation.noted") && text.contains("How to check this yourself"));
        for path in [
            format!("/journal/{size}"),
            "/journal/x".into(),
            "/api/v1/journal/-1".into(),
            "/api/v1/journal/99999999999999999999999".into(),
        ] {
            assert_eq!(
                get(&town, &Viewer::public(Via::Page), &path).await.0,
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
    }
);

on_each_engine!(
    ROOMS,
    async fn the_whole_journal_is_for_auditors_and_hides_what_may_be_sealed(t: TestDb) {
        let town = town(t).await;
        let offer: OfferId = Id::named("sealed");
        let v = viewer(&town, "delegate").await;
        let tx = town.db().begin(&v.act(None)).await.unwrap();
        tx.journal(Entry::of("offer.submitted", offer).after("our price"));
        tx.done(()).await.unwrap();
        for (name, v) in classes(&town).await {
            let may = ["lead", "auditor"].contains(&name);
            for path in ["/journal", "/api/v1/journal"] {
                let (status, text) = get(&town, &v, path).await;
                let denied = if name == "public" {
                    StatusCode::UNAUTHORIZED
                } else {
                    StatusCode::FORBIDDEN
                };
                assert_eq!(status, if may { StatusCode::OK } else { denied }, "{name} {path}");
                assert!(!text.contains(&offer.to_string()), "{name} {path}");
                if may {
                    assert!(
                        text.contains(
                            &journal::root(town.db(), journal::size(town.db()).await.unwrap())
                                .await
                                .unwrap()
                                .to_string()
                        ),
                        "{path}"
                    );
                }
            }
        }
        let auditor = viewer(&town, "auditor").await;
        // Not what was done, nor, by looking for it, how often.
        for path in ["/journal", "/api/v1/journal"] {
            let (_, text) = get(&town, &auditor, path).await;
            assert!(
                !text.contains("offer.submitted") && !text.contains("submitted an offer"),
                "{path}: {text}"
            );
            for narrowed in [
                format!("account={}", person("delegate")),
                format!("object={offer}"),
                "action=offer.submitted".into(),
                "kind=offer".into(),
            ] {
                let (_, text) = get(&town, &auditor, &format!("{path}?{narrowed}")).await;
                assert!(!text.contains("under seal"), "{path}?{narrowed}");
            }
        }
        for narrowed in [
            format!("account={}", person("delegate")),
            format!("object={offer}"),
            "action=offer.submitted".into(),
            "kind=offer".into(),
        ] {
            let (_, text) = get(&town, &auditor, &format!("/api/v1/journal?{narrowed}")).await;
            let found: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(
                (found["items"].as_array().unwrap().len(), &found["next"]),
                (0, &serde_json::Value::Null)
            );
        }
        let (_, text) = get(&town, &auditor, "/api/v1/journal").await;
        let found: serde_json::Value = serde_json::from_str(&text).unwrap();
        let line = &found["items"][0];
        for member in ["action", "object_kind", "object_id", "account", "body", "role"] {
            assert!(line[member].is_null(), "{member}: {line}");
        }
        let (_, text) = get(&town, &auditor, "/api/v1/journal?action=mandate.granted").await;
        let found: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(found["items"].as_array().unwrap().len(), PEOPLE.len() - 1);
        let before = found["items"][3]["seq"].as_i64().unwrap();
        let (_, text) = get(
            &town,
            &auditor,
            &format!("/api/v1/journal?action=mandate.granted&before={before}"),
        )
        .await;
        let found: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(found["items"].as_array().unwrap().len(), PEOPLE.len() - 5);
        // As many statements for many lines as for one.
        let n = |path: String| {
            let (town, auditor) = (&town, &auditor);
            async move { ::store::count_queries(get(town, auditor, &path)).await.1 }
        };
        let one = n(format!("/journal?object={}", person("lead"))).await;
        assert_eq!(n("/journal".into()).await, one);
        assert!(one <= 8, "{one}");
    }
);

on_each_engine!(
    ROOMS,
    async fn parts_of_a_relation_are_read_by_whom_the_relation_is(t: TestDb) {
        use relations::doing::{add_agreement, add_fact, add_link, enter};
        let town = town(t).await;
        let h = town.house();
        let lead = access::Asking::new(viewer(&town, "lead").await);
        relations::reference::load(h, &access::Asking::new(Viewer::public(Via::Seed)))
            .await
            .unwrap();
        // Not public yet, with a partner that is nobody's here.
        let lyon = enter::Input {
            partner_en: "Lyon".into(),
            partner_level: "city".into(),
            country: "fr".into(),
            kind: "sister".into(),
            status: "lead".into(),
            ..Default::default()
        };
        let relation = enter(h, &lead, &lyon).await.unwrap();
        let said = |about: &str, value: &str| add_fact::Input {
            about: about.into(),
            value: value.into(),
            note: "inner words".into(),
            ..Default::default()
        };
        let of_relation = add_fact(h, &lead, relation, &said("other", "a visit")).await.unwrap();
        let of_partner = add_fact(h, &lead, relation, &said("name-native", "Lyon"))
            .await
            .unwrap();
        let link = add_link::Input {
            field: "culture".into(),
            own_en: "A museum".into(),
            partner_en: "Another".into(),
            what_en: "inner words".into(),
            source: "d".into(),
            ..Default::default()
        };
        let link = add_link(h, &lead, relation, &link).await.unwrap();
        let agreement = add_agreement::Input {
            title_en: "inner words".into(),
            signed: "2026-11".into(),
            source: "archive".into(),
            ..Default::default()
        };
        let agreement = add_agreement(h, &lead, relation, &agreement).await.unwrap();
        for (kind, id) in [
            ("fact", of_relation.to_string()),
            ("fact", of_partner.to_string()),
            ("link", link.to_string()),
            ("agreement", agreement.to_string()),
        ] {
            let entry = journal::history(town.db(), kind, &id).await.unwrap();
            let seq = entry[0].0.seq;
            for (name, v) in classes(&town).await {
                // Finance and audit know that the relation is there; its inside is for the offices, and for who audits.
                let full = ["lead", "officer", "auditor"].contains(&name);
                let knows = full || name == "money";
                let (status, text) = get(&town, &v, &format!("/history/{kind}/{id}")).await;
                assert_eq!(status == StatusCode::OK, knows, "{name} {kind}: {status}");
                assert_eq!(text.contains("inner words"), full, "{name} {kind}");
                let (_, proof) = get(&town, &v, &format!("/api/v1/journal/{seq}")).await;
                assert_eq!(proof.contains(&id), full, "{name} {kind}: {proof}");
                assert_eq!(proof.contains("\"action\""), knows, "{name} {kind}: {proof}");
            }
        }
        let unknown: basis::LinkId = Id::named("nowhere");
        changed(&town, Entry::of("link.recorded", unknown)).await;
        let (status, _) = get(&town, &viewer(&town, "lead").await, &format!("/history/link/{unknown}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
);

on_each_engine!(
    ROOMS,
    async fn what_no_text_may_hold_is_refused_and_no_fault(t: TestDb) {
        let town = town(t).await;
        let anybody = Viewer::public(Via::Page);
        for kind in ["fact", "link", "government", "policy-line", "offer", "nothing"] {
            let (status, _) = get(&town, &anybody, &format!("/history/{kind}/%00")).await;
            assert!(status.is_client_error(), "{kind}: {status}");
        }
        let auditor = viewer(&town, "auditor").await;
        for asked in ["action", "kind", "object", "account", "before"] {
            let (status, _) = get(&town, &auditor, &format!("/api/v1/journal?{asked}=%00")).await;
            assert_eq!(status, StatusCode::OK, "{asked} narrows nothing");
        }
        let id = letter(&town, "letter.test", true, "one").await;
        let lead = viewer(&town, "lead").await;
        for form in [
            format!("step=release&letter={id}&once=%00"),
            "step=release&letter=%00".into(),
        ] {
            let (status, _) = post(&town, &lead, "/desk/letters/decisions", &form).await;
            assert!(!status.is_server_error(), "{form}: {status}");
        }
    }
);
