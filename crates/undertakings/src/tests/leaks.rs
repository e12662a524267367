//! What each class of viewer reads, with things there that could leak; and that policies and reads say the same.

use ::store::{Act, Via, on_each_engine};
use basis::UndertakingId;

use super::*;
use crate::{MilestoneStatus, Note, Request, accept, approve, give_back, hand_in, publish_money, request};

const SECRETS: [&str; 5] = ["机密草稿", "缺少签收单", "预付运费", "100.00", "100000"];

/// Everything a viewer can read of one undertaking, as one text.
async fn all_of(h: &House, v: &Viewer, id: UndertakingId) -> String {
    let cards = crate::undertakings(&h.db, v, &[id]).await.unwrap();
    let milestones = crate::milestones(&h.db, &cards).await.unwrap();
    let deliverables = crate::deliverables(&h.db, &milestones).await.unwrap();
    let files = crate::files(&h.db, &deliverables).await.unwrap();
    let money = crate::money(&h.db, &cards).await.unwrap();
    let amendments = crate::amendments(&h.db, &cards).await.unwrap();
    let json = serde_json::json!([cards, milestones, deliverables, money, amendments]);
    format!("{json} {files:?}")
}
fn with_key(v: &Viewer, scope: &str) -> Viewer {
    Viewer {
        token: Some((Id::named("key"), vec![scope.to_owned()])),
        ..v.clone()
    }
}
/// Viewers who read the inside, and those who do not.
fn classes() -> (Vec<(&'static str, Viewer)>, Vec<(&'static str, Viewer)>) {
    let inside = vec![
        ("officer", officer()),
        ("other department", other_department()),
        ("lead", lead()),
        ("finance", finance("f")),
        ("auditor", auditor()),
        ("delegate", delegate()),
        ("responsible person as themselves", citizen("delegate")),
        ("partner officer", partner_officer(partner_city())),
    ];
    let outside = vec![
        ("public", public()),
        ("citizen", citizen("somebody")),
        ("rival", rival()),
        ("panel", panel_member()),
        ("another partner", partner_officer(Id::named("Leicester"))),
        ("a district", district_officer(Id::named("Jiangbei"))),
    ];
    (inside, outside)
}

on_each_engine!(
    ROOMS,
    async fn rounds_and_sums_stay_between_the_two_sides(t: TestDb) {
        let h = house(&t);
        let (id, milestones) = running(&h).await;
        let draft = hand_in(
            &h,
            &by(delegate()),
            milestones[0],
            &said("机密草稿"),
            &[file("draft.txt", b"secret")],
        )
        .await
        .unwrap();
        give_back(&h, &by(officer()), draft, &because("缺少签收单"))
            .await
            .unwrap();
        let advance = store::instalments(&h.db, &[id]).await.unwrap()[0].id;
        let asked = Request {
            instalment: advance.to_string(),
            note: "预付运费".into(),
            ..Request::default()
        };
        request(&h, &by(delegate()), id, &asked).await.unwrap();
        let good = hand_in(
            &h,
            &by(delegate()),
            milestones[1],
            &said("公开成果"),
            &[file("result.txt", b"result")],
        )
        .await
        .unwrap();
        accept(
            &h,
            &by(officer()),
            good,
            &Note {
                note: "内部评语".into(),
            },
        )
        .await
        .unwrap();

        let (inside, outside) = classes();
        for (who, v) in &inside {
            let text = all_of(&h, v, id).await;
            for word in ["机密草稿", "缺少签收单", "预付运费", "draft.txt", "100000", "内部评语"] {
                assert!(text.contains(word), "{who} must read {word}");
            }
        }
        let drafts = ::store::attachments_of(&h.db, &[draft]).await.unwrap();
        let results = ::store::attachments_of(&h.db, &[good]).await.unwrap();
        for (who, v) in &outside {
            let text = all_of(&h, v, id).await;
            for word in SECRETS.iter().chain(&[
                "draft.txt",
                "内部评语",
                &*person("delegate").to_string(),
                &*person("officer").to_string(),
            ]) {
                assert!(!text.contains(word), "{who} must not read {word}: {text}");
            }
            assert!(text.contains("公开成果") && text.contains("result.txt"), "{who}");
            assert!(!crate::readable(&h.db, v, &drafts[0]).await.unwrap(), "{who}");
            assert!(crate::readable(&h.db, v, &results[0]).await.unwrap(), "{who}");
            let cards = crate::undertakings(&h.db, v, &[id]).await.unwrap();
            assert_eq!(
                crate::milestones(&h.db, &cards).await.unwrap()[0].status,
                MilestoneStatus::Open,
                "{who}"
            );
        }
        for (who, v) in &inside {
            assert!(crate::readable(&h.db, v, &drafts[0]).await.unwrap(), "{who}");
        }
        // By a key for another room everybody reads what the public reads.
        let as_public = all_of(&h, &public(), id).await;
        for (who, v) in &inside {
            let by = |scope: &str| with_key(v, scope);
            assert_eq!(all_of(&h, &by("relations"), id).await, as_public, "{who}");
            assert!(
                !crate::readable(&h.db, &by("relations"), &drafts[0]).await.unwrap(),
                "{who}"
            );
            assert!(
                crate::going_on(&h.db, &by("relations")).await.unwrap().is_empty(),
                "{who}"
            );
            for scope in ["read", "write", "undertakings"] {
                assert!(all_of(&h, &by(scope), id).await.contains("机密草稿"), "{who}, {scope}");
            }
        }
        // Published sums are public; who asked and approved, and their words, are not.
        approve(&h, &by(finance("f")), advance).await.unwrap();
        publish_money(&h, &by(officer()), id).await.unwrap();
        assert_eq!(
            refused(publish_money(&h, &by(officer()), id).await),
            "refusal-money-public"
        );
        let text = all_of(&h, &public(), id).await;
        assert!(text.contains("100000") && !text.contains("预付运费") && !text.contains(&person("f").to_string()));
        // An evaluator reads the whole once appointed.
        let tx = h.db.begin(&Act::house(Via::Job)).await.unwrap();
        store::add_onlooker(&tx, id, person("somebody")).await.unwrap();
        tx.done(()).await.unwrap();
        assert!(all_of(&h, &citizen("somebody"), id).await.contains("机密草稿"));
    }
);

#[test]
fn policies_and_reads_say_the_same() {
    let gate = Gate::new(&[crate::POLICIES]).unwrap();
    let mut u = rules::undertaking();
    let (inside, outside) = classes();
    for district in [None, Some(Id::named("Jiangbei"))] {
        u.district = district;
        for (who, v) in inside.iter().chain(&outside) {
            let may = gate.may(v, "undertaking.read", &u.thing());
            assert_eq!(may, crate::sight::stands_inside(v, &u), "{who}, district {district:?}");
        }
    }
    assert!(gate.may(&district_officer(Id::named("Jiangbei")), "undertaking.read", &u.thing()));
}
