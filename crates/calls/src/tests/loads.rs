//! What makers give in all, over calls and departments and by unit of measure; and marks that differ from need to need.

use super::*;
use crate::told::told;

/// A plan item of the health department, so that two departments guide calls.
async fn second_item(w: &World<'_>) {
    let tx = w.t.db.begin(&Act::house(Via::Seed)).await.unwrap();
    let (line, both): (PolicyLineId, Text) = (Id::named("line"), Text::both("甲", "A"));
    tx.exec(
        "INSERT INTO plan_item (id, field, district, year, policy, title, aim, supports, guiding, status, made_at, illustrative, version) VALUES ($1, 'health', $5, 2027, $2, $3, $3, $3, $4, 'planned', 0, $6, 1)",
        vals![Id::<basis::PlanItem>::named("item2"), line, both, Id::<basis::Body>::named("health"), Id::<basis::Government>::named("d"), true],
    )
    .await
    .unwrap();
    tx.done(()).await.unwrap();
}
async fn published(w: &World<'_>, officer: &str, input: CallInput) -> CallId {
    let asking = w.asking(officer).await;
    let id = draft(&w.h, &asking, &input).await.unwrap();
    publish(&w.h, &asking, id).await.unwrap()
}
fn of_health() -> CallInput {
    CallInput {
        plan_item: Id::<basis::PlanItem>::named("item2").to_string(),
        ..call_input("assignment")
    }
}
/// Two units for every need, and what is changed of it.
async fn offered(
    w: &World<'_>,
    name: &str,
    call: CallId,
    change: impl Fn(&[Need], OfferInput) -> OfferInput,
) -> OfferId {
    let asking = w.asking(name).await;
    let needs = sql::needs(&w.h.db, call).await.unwrap();
    let id = begin(&w.h, &asking, call).await.unwrap();
    save(w, &asking, id, &change(&needs, offer_input(&needs, name)))
        .await
        .unwrap();
    submit(&w.h, &asking, id).await.unwrap()
}
fn most(n: &'static str) -> impl Fn(&[Need], OfferInput) -> OfferInput {
    move |_, input| OfferInput {
        most: n.into(),
        ..input
    }
}
async fn solved(w: &World<'_>, officer: &str, call: CallId) -> Plan {
    let asking = w.asking(officer).await;
    let id = solve(&w.h, &asking, call, &SolveInput::default()).await.unwrap();
    sql::plan(&w.h.db, id).await.unwrap().unwrap()
}
fn given(plan: &Plan, offer: OfferId) -> i64 {
    plan.outcome.given(offer).iter().map(|l| l.1).sum()
}

on_each_engine!(
    ROOMS,
    async fn the_smallest_limit_binds_all_offers_whoever_guides(t: TestDb) {
        let w = World::new(&t).await;
        second_item(&w).await;
        // The first states nothing, the second three hours in all; another department guides it.
        let a = published(&w, "officer", call_input("assignment")).await;
        let b = published(&w, "stranger", of_health()).await;
        let (first, second) = (
            offered(&w, "anna", a, most("")).await,
            offered(&w, "anna", b, most("3")).await,
        );
        w.after_close();
        open(&w.h, &w.asking("officer").await, a).await.unwrap();
        let sealed = solved(&w, "officer", a).await;
        assert_eq!(
            given(&sealed, first),
            4,
            "what lies sealed elsewhere is not told, not even by a limit"
        );
        open(&w.h, &w.asking("stranger").await, b).await.unwrap();
        // It was worked out before the limit was known.
        let late = publish_plan(&w.h, &w.asking("officer").await, sealed.id).await;
        assert_eq!(code(late.unwrap_err()).1, "refusal-plan-over-limit");
        let plan = solved(&w, "officer", a).await;
        assert_eq!((given(&plan, first), plan.outcome.proved), (3, true));
        publish_plan(&w.h, &w.asking("officer").await, plan.id).await.unwrap();
        let other = solved(&w, "stranger", b).await;
        assert_eq!(
            given(&other, second),
            0,
            "all three went to the other department's call"
        );
        // The maker reads where the limit stands and what uses it; nobody else does.
        let v = own_view(&w.h, &w.viewer("anna").await, first).await.unwrap();
        let limit = &v.limits[0];
        assert_eq!((limit.most, limit.left, limit.stated), (3, 0, b));
        assert_eq!((limit.used.len(), limit.used[0].call, limit.used[0].units), (1, a, 3));
        assert!(!limit.used[0].awarded);
        let site = super::web::site(&w.h);
        let (status, page) = site
            .get(&w.viewer("anna").await, Locale::En, &format!("/offers/{first}"))
            .await;
        assert!(status == 200 && page.contains("0 of 3 hours are left"), "{page}");
        let (status, page) = site
            .get(&w.viewer("officer").await, Locale::En, &format!("/offers/{first}"))
            .await;
        assert!(status == 200 && !page.contains("are left"));
        // Without a plan an award cannot give what is gone either.
        let give = AwardInput {
            offer: second.to_string(),
            reason_en: "needed".into(),
            ..Default::default()
        };
        let refused = award_offer(&w.h, &w.asking("stranger").await, b, &give)
            .await
            .unwrap_err();
        assert_eq!(code(refused), ("offer".into(), "refusal-award-over-limit"));
    }
);
on_each_engine!(
    ROOMS,
    async fn hours_are_no_rooms(t: TestDb) {
        let w = World::new(&t).await;
        let need = |title: &str, unit_zh: &str, unit_en: &str| NeedInput {
            title_en: title.into(),
            channel: "service".into(),
            min: "1".into(),
            max: "4".into(),
            unit_zh: unit_zh.into(),
            unit_en: unit_en.into(),
            priority: "5".into(),
            ..Default::default()
        };
        let input = CallInput {
            needs: vec![
                need("teach", "", "hours"),
                need("sit", "间", "rooms"),
                need("guide", "小时", "hour"),
            ],
            ..call_input("assignment")
        };
        let id = published(&w, "officer", input.clone()).await;
        // Three hours in all, rooms as many as offered: hours and 小时 are the same.
        let anna = w.asking("anna").await;
        let needs = sql::needs(&t.db, id).await.unwrap();
        let offer = begin(&w.h, &anna, id).await.unwrap();
        let limit = |need: &Need, units: &str| OfferLineInput {
            need: need.id.to_string(),
            units: units.into(),
        };
        let twice = OfferInput {
            limits: vec![limit(&needs[0], "3"), limit(&needs[2], "5")],
            ..offer_input(&needs, "anna")
        };
        save(&w, &anna, offer, &twice).await.unwrap();
        let at = format!("most-{}", needs[2].id);
        assert_eq!(
            code(submit(&w.h, &anna, offer).await.unwrap_err()),
            (at, "refusal-need-twice")
        );
        let once = OfferInput {
            limits: vec![limit(&needs[2], "3")],
            ..twice
        };
        save(&w, &anna, offer, &once).await.unwrap();
        submit(&w.h, &anna, offer).await.unwrap();
        let kept = sql::offer(&t.db, offer).await.unwrap().unwrap();
        assert_eq!(kept.content.as_ref().unwrap().limits, [(needs[0].id, 3)]);
        assert_eq!(
            kept.content.unwrap().seal(),
            kept.seal.unwrap(),
            "what is kept is what was sealed"
        );
        w.after_close();
        let officer = w.asking("officer").await;
        open(&w.h, &officer, id).await.unwrap();
        let plan = solved(&w, "officer", id).await;
        let units = |n: &Need| {
            plan.outcome
                .given(offer)
                .iter()
                .filter(|l| l.0 == n.id)
                .map(|l| l.1)
                .sum::<i64>()
        };
        assert_eq!((units(&needs[0]) + units(&needs[2]), units(&needs[1])), (3, 2));
        assert_eq!(plan.outcome.parts.len(), 2);
        let (_, _, seen) = told(&w.h, &w.viewer("officer").await, plan.id, true).await.unwrap();
        let proof = seen.proof.unwrap();
        assert!(proof.holds && proof.offers.len() == 2 && proof.offers.iter().all(|o| o.needs.is_some()));
        // From where it was, with a lock: four hours are more than there are, two rooms are not.
        let pin = |n: &Need, units: &str| PinInput {
            offer: offer.to_string(),
            need: n.id.to_string(),
            kind: "lock".into(),
            units: units.into(),
        };
        for (pins, fits) in [
            (vec![pin(&needs[0], "2"), pin(&needs[2], "2")], false),
            (vec![pin(&needs[0], "2"), pin(&needs[1], "2")], true),
        ] {
            let wishes = SolveInput {
                from: plan.id.to_string(),
                pins,
                ..Default::default()
            };
            let next = solve(&w.h, &officer, id, &wishes).await;
            if !fits {
                assert_eq!(code(next.unwrap_err()).1, "refusal-pin-offer-over");
                continue;
            }
            let next = sql::plan(&t.db, next.unwrap()).await.unwrap().unwrap();
            assert!(next.outcome.faults.is_empty() && next.outcome.proved);
        }
    }
);
on_each_engine!(
    ROOMS,
    async fn marks_follow_the_need_and_people_have_theirs(t: TestDb) {
        let w = World::new(&t).await;
        let mut input = call_input("assignment");
        input.needs[1].field = "health".into();
        let id = published(&w, "officer", input).await;
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        tx.exec(
            "UPDATE organisation SET fields = '[\"culture\"]' WHERE id = $1",
            vals![Id::<basis::Body>::named("a")],
        )
        .await
        .unwrap();
        tx.exec(
            "UPDATE call SET district = $2 WHERE id = $1",
            vals![id, Id::<basis::Government>::named("d")],
        )
        .await
        .unwrap();
        // Ida kept two promises in her own name and one that she made for somebody else.
        for (object, body) in [("p1", None), ("p2", None), ("p3", Some(Id::<basis::Body>::named("b")))] {
            tx.exec(
                "INSERT INTO promise (object_id, kind, body, account, made_at, settled_at, outcome) VALUES ($1, 'delivery', $2, $3, 0, 1, 'kept')",
                vals![object, body, Id::<basis::Account>::named("ida")],
            )
            .await
            .unwrap();
        }
        tx.done(()).await.unwrap();
        let anna = offered(&w, "anna", id, most("")).await;
        let ida = offered(&w, "ida", id, |_, input| OfferInput {
            near: "yes".into(),
            fields: vec!["health".into()],
            ..input
        })
        .await;
        w.after_close();
        open(&w.h, &w.asking("officer").await, id).await.unwrap();
        let plan = solved(&w, "officer", id).await;
        let needs = sql::needs(&t.db, id).await.unwrap();
        let mark = |offer, n: &Need| *plan.outcome.mark(offer, n.id).unwrap();
        assert_eq!((mark(anna, &needs[0]).skills, mark(anna, &needs[1]).skills), (1000, 0));
        assert_eq!((mark(ida, &needs[0]).skills, mark(ida, &needs[1]).skills), (0, 1000));
        assert_eq!((mark(ida, &needs[0]).place, mark(anna, &needs[0]).place), (1000, 500));
        assert_eq!(
            (mark(ida, &needs[0]).promises, mark(anna, &needs[0]).promises),
            (750, 500)
        );
        let value = |offer, n: &Need| {
            plan.outcome
                .lines
                .iter()
                .find(|l| (l.offer, l.need) == (offer, n.id))
                .map(|l| l.value)
        };
        assert_eq!(value(ida, &needs[1]), Some(mark(ida, &needs[1]).value(&plan.weights)));
        let (_, _, seen) = told(&w.h, &w.viewer("officer").await, plan.id, true).await.unwrap();
        assert!(seen.proof.unwrap().holds && plan.outcome.proved);
    }
);
