//! A sealed offer's history, per class of viewer: before the opening its maker's alone, after it told to everybody and
//! read by whom the calls' own rules let read; the panel's work stays back until the decision.

use std::time::Duration;

use ::store::{on_each_engine, vals};
use access::Asking;
use basis::{CallId, OfferId, PlanItemId, PolicyLineId};
use calls::{CallInput, CriterionInput, Need, NeedInput, OfferInput, OfferLineInput};

use super::*;

fn call_input(item: PlanItemId) -> CallInput {
    let need = NeedInput {
        title_en: "teach".into(),
        channel: "service".into(),
        min: "1".into(),
        max: "4".into(),
        unit_en: "hours".into(),
        priority: "5".into(),
        ..Default::default()
    };
    CallInput {
        plan_item: item.to_string(),
        title_zh: "河水监测".into(),
        title_en: "River".into(),
        brief_zh: "说明".into(),
        who_zh: "学校".into(),
        mode: "outsourcing".into(),
        closes_on: "2026-12-02".into(),
        closes_time: "17:00".into(),
        ceiling: "60000".into(),
        work_from: "2027-01-01".into(),
        work_until: "2027-12-31".into(),
        languages: vec!["zh-Hans".into()],
        needs: vec![need],
        criteria: vec![CriterionInput {
            title_en: "Quality".into(),
            weight: "100".into(),
            ..Default::default()
        }],
        ..Default::default()
    }
}
fn offer_input(needs: &[Need]) -> OfferInput {
    OfferInput {
        summary_en: "an offer".into(),
        plan_en: "a plan".into(),
        starts: "2027-02-01".into(),
        ends: "2027-11-30".into(),
        asked: "1000".into(),
        spend: "paper".into(),
        lines: needs
            .iter()
            .map(|n| OfferLineInput {
                need: n.id.to_string(),
                units: "2".into(),
            })
            .collect(),
        languages: vec!["zh-Hans".into()],
        people: "somebody".into(),
        conflict: "none".into(),
        ..Default::default()
    }
}
async fn asking(town: &Town, name: &str) -> Asking {
    Asking::new(viewer(town, name).await)
}
/// A published call of the culture department, under a plan item.
async fn call(town: &Town) -> CallId {
    let (line, item): (PolicyLineId, PlanItemId) = (Id::named("line"), Id::named("item"));
    let words = Text::both("甲", "A");
    let tx = town.db().begin(&Act::house(Via::Seed)).await.unwrap();
    tx.exec("INSERT INTO policy_line (id, code, title, text, source, starts, illustrative, version) VALUES ($1, 'R86', $2, $2, 's', '2020-01-01', $3, 1)", vals![line, words, true]).await.unwrap();
    tx.exec(
        "INSERT INTO plan_item (id, field, district, year, policy, title, aim, supports, guiding, status, made_at, illustrative, version) VALUES ($1, 'culture', $5, 2027, $2, $3, $3, $3, $4, 'planned', 1, $6, 1)",
        vals![item, line, words, body("culture"), Id::<basis::Government>::named("d"), true],
    )
    .await
    .unwrap();
    // Whoever offers stands checked by the office.
    tx.exec(
        "INSERT INTO organisation (id, reference, legal_form, country, fields, capabilities, status, verified_until, purpose, letter, made_at, version, illustrative) VALUES ($1, 'ORG', 'association', 'CN', '[]', '[]', 'verified', '2027-12-31', 'p', 'l', 0, 1, $2)",
        vals![body("library"), true],
    )
    .await
    .unwrap();
    tx.done(()).await.unwrap();
    let officer = asking(town, "officer").await;
    let id = calls::draft(town.house(), &officer, &call_input(item)).await.unwrap();
    calls::publish(town.house(), &officer, id).await.unwrap()
}
async fn offer(town: &Town, call: CallId) -> OfferId {
    offer_by(town, call, "delegate").await
}
async fn offer_by(town: &Town, call: CallId, name: &str) -> OfferId {
    let delegate = asking(town, name).await;
    let id = calls::begin(town.house(), &delegate, call).await.unwrap();
    let needs: Vec<Need> = calls::needs(town.db(), &[call])
        .await
        .unwrap()
        .into_iter()
        .map(|n| n.need)
        .collect();
    let input = OfferInput {
        version: "1".into(),
        ..offer_input(&needs)
    };
    calls::save_draft(town.house(), &delegate, id, &input).await.unwrap();
    calls::submit(town.house(), &delegate, id).await.unwrap()
}

on_each_engine!(
    ROOMS,
    async fn an_offer_lies_under_seal_for_everybody_but_its_maker(t: TestDb) {
        let town = town(t).await;
        let call = call(&town).await;
        let offer = offer(&town, call).await;
        let size = ::store::journal::size(town.db()).await.unwrap();
        for (name, v) in classes(&town).await {
            let maker = name == "delegate";
            let (status, text) = get(&town, &v, &format!("/history/offer/{offer}")).await;
            assert_eq!(
                status,
                if maker { StatusCode::OK } else { StatusCode::NOT_FOUND },
                "{name}"
            );
            assert_eq!(text.contains("Unit library"), maker, "{name}");
            for path in [
                format!("/history/call/{call}"),
                "/journal".into(),
                "/api/v1/journal".into(),
            ] {
                let (_, text) = get(&town, &v, &path).await;
                assert!(!text.contains(&offer.to_string()), "{name} {path}");
            }
            // Looking for it by its id finds nothing.
            let (_, text) = get(&town, &v, &format!("/api/v1/journal?object={offer}")).await;
            assert!(!text.contains("offer.submitted"), "{name}");
            // The proof of the submission says that an entry is there, and nothing of it.
            for seq in size - 2..size {
                let (_, text) = get(&town, &v, &format!("/api/v1/journal/{seq}")).await;
                assert_eq!(text.contains("\"action\":\"offer."), maker, "{name} {seq}: {text}");
                assert_eq!(text.contains(&offer.to_string()), maker, "{name} {seq}");
            }
        }
        // One's own page says what comes next; a rival's knows nothing of it.
        let (_, own) = get(&town, &viewer(&town, "delegate").await, "/my-work").await;
        assert!(
            own.contains("Sealed until 2 Dec 2026, 17:00") && own.contains("No open call waits"),
            "{own}"
        );
        let (_, other) = get(&town, &viewer(&town, "rival").await, "/my-work").await;
        assert!(!other.contains("Sealed until") && other.contains("River") && other.contains("Open to you"));

        town.t.clock.forward(Duration::from_secs(11 * 86_400));
        calls::open(town.house(), &asking(&town, "officer").await, call)
            .await
            .unwrap();
        for (name, v) in classes(&town).await {
            let (status, text) = get(&town, &v, &format!("/history/offer/{offer}")).await;
            assert_eq!(status, StatusCode::OK, "{name}: after the opening it is told");
            // Who handed it in by name, for those who may read the offer; the details of what was done under the seal
            // stay its maker's.
            let names = ["delegate", "officer", "lead", "auditor"].contains(&name);
            assert_eq!(
                text.contains("Person delegate"),
                names || ["delegate"].contains(&name),
                "{name}"
            );
            assert_eq!(text.contains("What changed"), name == "delegate", "{name}");
            assert!(!text.contains("were erased"), "{name}: kept back is not erased");
        }
    }
);

on_each_engine!(
    ROOMS,
    async fn what_a_plan_was_worked_out_with_stays_from_whoever_belongs_to_a_maker(t: TestDb) {
        let town = town(t).await;
        let call = call(&town).await;
        offer(&town, call).await;
        town.t.clock.forward(Duration::from_secs(11 * 86_400));
        let officer = asking(&town, "officer").await;
        calls::open(town.house(), &officer, call).await.unwrap();
        let plan = calls::solve(town.house(), &officer, call, &calls::SolveInput::default())
            .await
            .unwrap();
        let path = format!("/history/allocation/{plan}");
        let before = viewer(&town, "officer").await;
        let (_, text) = get(&town, &before, &path).await;
        assert!(text.contains("What changed"), "{text}");
        let tx = town.db().begin(&Act::house(Via::Seed)).await.unwrap();
        let grant = access::HouseGrant {
            account: person("officer"),
            body: body("library"),
            role: access::Role::Delegate,
            purpose: "tests".into(),
            letter: "2".into(),
            until: None,
        };
        access::grant_by_house(&tx, &grant).await.unwrap();
        tx.done(()).await.unwrap();
        let both = viewer(&town, "officer").await;
        let acting = both.mandates.iter().find(|m| m.body == body("culture")).cloned();
        assert!(acting.is_some() && both.mandates.len() == 2);
        let (status, text) = get(&town, &access::Viewer { acting, ..both }, &path).await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            !text.contains("What changed") && !text.contains("were erased"),
            "{text}"
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn a_draft_call_has_no_public_history_and_a_published_one_tells_its_steps(t: TestDb) {
        let town = town(t).await;
        let call = call(&town).await;
        for (name, v) in classes(&town).await {
            let (status, text) = get(&town, &v, &format!("/history/call/{call}")).await;
            assert_eq!(status, StatusCode::OK, "{name}");
            let inside = ["officer", "lead", "auditor"].contains(&name);
            assert_eq!(text.contains("Person officer"), inside, "{name}");
            assert!(text.contains("Unit culture"), "{name}");
        }
        let officer = asking(&town, "officer").await;
        let draft = calls::draft(town.house(), &officer, &call_input(Id::named("item")))
            .await
            .unwrap();
        for (name, v) in classes(&town).await {
            let (status, _) = get(&town, &v, &format!("/history/call/{draft}")).await;
            let may = ["officer", "lead", "auditor"].contains(&name);
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
    async fn a_partner_office_reads_the_history_of_its_own_sealed_offer(t: TestDb) {
        let town = town(t).await;
        let call = call(&town).await;
        let offer = offer_by(&town, call, "partner").await;
        for (name, v) in classes(&town).await {
            let (status, text) = get(&town, &v, &format!("/history/offer/{offer}")).await;
            let maker = name == "partner";
            assert_eq!(
                status,
                if maker { StatusCode::OK } else { StatusCode::NOT_FOUND },
                "{name}"
            );
            assert_eq!(text.contains("Person partner"), maker, "{name}");
        }
        // The link to it from one's own work leads there.
        let (_, own) = get(&town, &viewer(&town, "partner").await, "/my-work").await;
        assert!(own.contains(&format!("/history/offer/{offer}")), "{own}");
    }
);

on_each_engine!(
    ROOMS,
    async fn an_allocation_is_read_by_whom_its_call_is(t: TestDb) {
        let town = town(t).await;
        let call = call(&town).await;
        let plan: basis::AllocationId = Id::named("plan");
        let officer = viewer(&town, "officer").await;
        let tx = town.db().begin(&officer.act(None)).await.unwrap();
        tx.exec(
            "INSERT INTO allocation (id, call, number, status, weights, pins, result, made_at, illustrative, version) VALUES ($1, $2, 1, 'draft', '{}', '[]', '{}', 1, $3, 1)",
            vals![plan, call, true],
        )
        .await
        .unwrap();
        tx.journal(::store::Entry::of("allocation.solved", plan).after("who gets what"));
        tx.done(()).await.unwrap();
        let seq = ::store::journal::size(town.db()).await.unwrap() - 1;
        for (name, v) in classes(&town).await {
            let inside = ["officer", "lead", "auditor"].contains(&name);
            let (status, text) = get(&town, &v, &format!("/history/allocation/{plan}")).await;
            assert_eq!(
                status,
                if inside { StatusCode::OK } else { StatusCode::NOT_FOUND },
                "{name}"
            );
            assert_eq!(text.contains("who gets what"), inside, "{name}");
            let (_, proof) = get(&town, &v, &format!("/api/v1/journal/{seq}")).await;
            assert_eq!(proof.contains(&plan.to_string()), inside, "{name}: {proof}");
        }
    }
);
