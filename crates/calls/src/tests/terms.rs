//! Limits of groups, a budget and exclusions of a plan: what binds is kept, told, published and looked at again; what cannot be
//! kept is refused at its field.

use super::*;
use crate::terms::Term;
use crate::told::told;

/// A call in review without a panel; the first of its three offers is of a maker who kept a promise.
async fn reviewed(w: &World<'_>) -> (CallId, [OfferId; 3]) {
    let tx = w.t.db.begin(&Act::house(Via::Seed)).await.unwrap();
    tx.exec(
        "INSERT INTO promise (object_id, kind, body, account, made_at, settled_at, outcome) VALUES ($1, 'delivery', $2, $3, 0, 1, 'kept')",
        vals!["p1", Id::<basis::Body>::named("a"), Id::<basis::Account>::named("anna")],
    )
    .await
    .unwrap();
    tx.done(()).await.unwrap();
    lies_in(w, "x").await;
    w.three_offers().await
}
/// Organisation b moves.
async fn lies_in(w: &World<'_>, district: &str) {
    let tx = w.t.db.begin(&Act::house(Via::Seed)).await.unwrap();
    tx.exec(
        "UPDATE organisation SET district = $1 WHERE id = $2",
        vals![Id::<basis::Government>::named(district), Id::<basis::Body>::named("b")],
    )
    .await
    .unwrap();
    tx.done(()).await.unwrap();
}
fn row(who: impl ToString, least: &str, most: &str) -> QuotaInput {
    QuotaInput {
        who: who.to_string(),
        unit: String::new(),
        least: least.into(),
        most: most.into(),
    }
}
fn with(terms: TermsInput) -> SolveInput {
    SolveInput {
        terms: Some(terms),
        ..SolveInput::default()
    }
}
fn quotas(quotas: Vec<QuotaInput>) -> SolveInput {
    with(TermsInput {
        quotas,
        ..TermsInput::default()
    })
}
fn given(plan: &Plan, offer: OfferId) -> i64 {
    plan.outcome.given(offer).iter().map(|l| l.1).sum()
}

on_each_engine!(
    ROOMS,
    async fn a_limit_binds_is_told_and_stays_when_worked_out_again(t: TestDb) {
        let w = World::new(&t).await;
        let (id, offers) = reviewed(&w).await;
        let officer = w.asking("officer").await;
        let plan = |input: SolveInput| {
            let (h, officer) = (w.h.clone(), officer.clone());
            async move {
                let plan = solve(&h, &officer, id, &input).await.unwrap();
                sql::plan(&h.db, plan).await.unwrap().unwrap()
            }
        };
        let best = plan(SolveInput::default()).await;
        assert_eq!(given(&best, offers[0]), 4, "who kept a promise comes first");
        let bound = plan(quotas(vec![QuotaInput::default(), row("newcomers", "5", "")])).await;
        assert_eq!(given(&bound, offers[0]), 1);
        assert!(bound.outcome.proved && bound.outcome.order.is_empty());
        let viewer = w.viewer("officer").await;
        let (_, _, seen) = told(&w.h, &viewer, bound.id, true).await.unwrap();
        let proof = seen.proof.unwrap();
        assert!(proof.holds && proof.groups.len() == 1 && proof.groups[0].limit.units == 5);
        let site = super::web::site(&w.h);
        let path = format!("/allocations/{}", bound.id);
        let (status, page) = site.get(&viewer, Locale::En, &path).await;
        assert!(
            status == 200 && page.contains("newcomers: 5 of at least 5 hours"),
            "{page}"
        );
        assert!(
            page.contains("needed for the plan’s limit “newcomers: at least 5 hours”"),
            "{page}"
        );
        assert!(!page.contains("handed in first"), "arrival decided nothing");
        let (_, page) = site.get(&viewer, Locale::Zh, &path).await;
        assert!(page.contains("新参与方：5hours（至少5）"), "{page}");
        let (_, list) = site.get(&viewer, Locale::En, &format!("/calls/{id}/allocation")).await;
        assert!(list.contains("greatest value; keeps one limit"), "{list}");
        // With a pin, and nothing said of limits, they stay; with other weights and no limits said, they go.
        let needs = sql::needs(&t.db, id).await.unwrap();
        let again = plan(SolveInput {
            from: bound.id.to_string(),
            pins: vec![super::allocated::forbid(offers[1], needs[1].id)],
            ..SolveInput::default()
        })
        .await;
        assert_eq!(again.outcome.terms.terms(), bound.outcome.terms.terms());
        let gone = plan(SolveInput {
            from: bound.id.to_string(),
            ..with(TermsInput::default())
        })
        .await;
        assert!(gone.outcome.terms.is_empty());
        assert_eq!(
            gone.outcome.lines, best.outcome.lines,
            "as if it had never been asked for"
        );
        // Published, everybody reads what it keeps.
        publish_plan(&w.h, &officer, bound.id).await.unwrap();
        let public = Viewer::public(Via::Page);
        let (_, page) = site.get(&public, Locale::En, &format!("/calls/{id}")).await;
        assert!(page.contains("newcomers: 5 of at least 5 hours"), "{page}");
        let (status, page) = site.get(&public, Locale::En, &path).await;
        assert!(status == 200 && page.contains("newcomers: 5 of at least 5 hours"));
        assert!(!page.contains("name=\"quota-0-who\""));
        let (_, _, seen) = told(&w.h, &public, bound.id, true).await.unwrap();
        assert!(seen.proof.is_none() && seen.terms.quotas[0].units == 5);
    }
);
on_each_engine!(
    ROOMS,
    async fn what_no_plan_can_keep_is_told_at_its_row_and_nothing_typed_is_lost(t: TestDb) {
        let w = World::new(&t).await;
        let (id, offers) = reviewed(&w).await;
        let (officer, viewer) = (w.asking("officer").await, w.viewer("officer").await);
        let refused = |input: SolveInput| {
            let (h, officer) = (w.h.clone(), officer.clone());
            async move { code(solve(&h, &officer, id, &input).await.unwrap_err()) }
        };
        let over = refused(quotas(vec![QuotaInput::default(), row("newcomers", "9", "")])).await;
        assert_eq!(over, ("quota-1-least".into(), "refusal-term-over"));
        let anna = format!("offer:{}", offers[0]);
        let both = refused(quotas(vec![row("newcomers", "4", ""), row(&anna, "3", "")])).await;
        assert_eq!(both, ("quota-0-least".into(), "refusal-terms-collide"));
        let stranger = refused(quotas(vec![row(format!("offer:{id}"), "1", "")])).await;
        assert_eq!(stranger, ("quota-0-who".into(), "refusal-not-in-list"));
        let aim = SolveInput {
            fair: "worst".into(),
            ..with(TermsInput {
                budget: "2000".into(),
                ..TermsInput::default()
            })
        };
        assert_eq!(refused(aim).await, ("fair".into(), "refusal-fair-terms"));
        // The aim and limits that do not overlap go together.
        let fair = SolveInput {
            fair: "worst".into(),
            ..quotas(vec![row("newcomers", "4", "")])
        };
        let fair = solve(&w.h, &officer, id, &fair).await.unwrap();
        let (_, _, seen) = told(&w.h, &viewer, fair, true).await.unwrap();
        assert!(seen.proved && seen.proof.unwrap().holds && seen.terms.quotas[0].units >= 4);
        assert_eq!(sql::plans(&t.db, id).await.unwrap().len(), 1, "refusals wrote nothing");
        let site = super::web::site(&w.h);
        let typed = [
            ("with-terms", "1"),
            ("quota-0-who", "newcomers"),
            ("quota-0-least", "9"),
            ("quota-0-most", ""),
            ("quota-1-who", anna.as_str()),
            ("quota-1-least", ""),
            ("quota-1-most", "2"),
            ("budget", "1500"),
            ("either-0-one", &offers[1].to_string()),
            ("either-0-other", ""),
            ("fair", "value"),
        ];
        let path = format!("/calls/{id}/allocation");
        let (status, page) = site.post(&viewer, &path, &typed).await;
        assert_eq!(status, 422);
        for kept in [
            "name=\"quota-0-least\" value=\"9\"",
            "name=\"quota-1-most\" value=\"2\"",
            "name=\"budget\" value=\"1500\"",
            "href=\"#f-either-0-other\"",
            "<details class=\"more\" open>",
        ] {
            assert!(page.contains(kept), "{kept}: {page}");
        }
        assert!(page.contains(&format!("<option value=\"{anna}\" selected>")), "{page}");
        // One more row shows the form again, with all that was typed, and refuses nothing.
        let more = [&typed[..], &[("more", "quota")]].concat();
        let (status, page) = site.post(&viewer, &path, &more).await;
        assert!(
            status == 200 && page.contains("name=\"quota-2-who\"") && page.contains("value=\"1500\""),
            "{status} {page}"
        );
        // On a plan's own page too.
        let plan = solve(&w.h, &officer, id, &quotas(vec![row("newcomers", "2", "")]))
            .await
            .unwrap();
        let from = plan.to_string();
        let again = [
            &typed[..],
            &[("from", from.as_str()), ("replace", "true"), ("version", "1")],
        ]
        .concat();
        let (status, page) = site.post(&viewer, &path, &again).await;
        assert!(
            status == 422
                && page.contains("id=\"f-either-0-other\"")
                && page.contains("name=\"quota-1-most\" value=\"2\""),
            "{page}"
        );
        let kept = sql::plan(&t.db, plan).await.unwrap().unwrap();
        assert_eq!((kept.version, kept.outcome.terms.quotas[0].quota.least), (1, Some(2)));
    }
);
on_each_engine!(
    ROOMS,
    async fn one_of_two_is_chosen_within_the_budget_and_groups_are_looked_at_before_publication(t: TestDb) {
        let w = World::new(&t).await;
        let (id, offers) = reviewed(&w).await;
        let officer = w.asking("officer").await;
        let either = TermsInput {
            quotas: vec![
                row(format!("district:{}", Id::<basis::Government>::named("x")), "1", ""),
                row("home", "", "6"),
            ],
            budget: "2000".into(),
            either: vec![EitherInput {
                one: offers[0].to_string(),
                other: offers[2].to_string(),
            }],
        };
        let id = solve(&w.h, &officer, id, &with(either)).await.unwrap();
        let plan = sql::plan(&t.db, id).await.unwrap().unwrap();
        assert!(plan.outcome.proved || plan.outcome.searched);
        let chosen: Vec<bool> = offers.iter().map(|o| given(&plan, *o) > 0).collect();
        assert!(chosen[1] && !(chosen[0] && chosen[2]), "{chosen:?}");
        let terms = &plan.outcome.terms;
        assert!(terms.budget.as_ref().unwrap().asked.minor <= 200_000 && terms.quotas[0].units >= 1);
        let viewer = w.viewer("officer").await;
        let (_, _, seen) = told(&w.h, &viewer, id, true).await.unwrap();
        assert_eq!(seen.proof.unwrap().holds, plan.outcome.proved);
        let site = super::web::site(&w.h);
        let (status, page) = site.get(&viewer, Locale::En, &format!("/allocations/{id}")).await;
        assert!(
            status == 200 && page.contains("not both: a is chosen") && page.contains("Budget: the chosen offers ask"),
            "{page}"
        );
        lies_in(&w, "y").await;
        let refused = publish_plan(&w.h, &officer, id).await.unwrap_err();
        assert_eq!(code(refused).1, "refusal-plan-groups-changed");
        lies_in(&w, "x").await;
        publish_plan(&w.h, &officer, id).await.unwrap();
    }
);
on_each_engine!(
    ROOMS,
    async fn of_a_published_plan_nothing_is_told_that_the_opening_did_not_tell_before_it_is_decided(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let id = w.call("assignment").await;
        // More is needed than the budget lets in.
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        tx.exec("UPDATE need SET min = max WHERE call = $1", vals![id])
            .await
            .unwrap();
        tx.done(()).await.unwrap();
        let offers = [
            w.offer_for("1234.56", "anna", id).await,
            w.offer_for("987.65", "ben", id).await,
        ];
        w.after_close();
        open(&w.h, &officer, id).await.unwrap();
        let terms = TermsInput {
            quotas: vec![row("newcomers", "1", "")],
            budget: "2000".into(),
            ..TermsInput::default()
        };
        let plan = solve(&w.h, &officer, id, &with(terms)).await.unwrap();
        publish_plan(&w.h, &officer, plan).await.unwrap();
        let kept = sql::plan(&t.db, plan).await.unwrap().unwrap();
        assert!(
            offers.iter().filter(|o| given(&kept, **o) > 0).count() == 1
                && kept.outcome.short.iter().any(|s| s.terms == [Term::Budget])
        );
        let site = super::web::site(&w.h);
        let public = Viewer::public(Via::Page);
        let (maker, stranger) = (w.viewer("anna").await, w.viewer("stranger").await);
        for who in [&public, &maker, &stranger] {
            let opening = call_view(&w.h, who, id).await.unwrap().offers;
            let (_, page) = site.get(who, Locale::En, &format!("/allocations/{plan}")).await;
            assert!(
                page.contains("newcomers: 4 of at least 1 hours") && page.contains("“budget of CNY\u{a0}2,000.00”"),
                "{page}"
            );
            let (_, _, seen) = told(&w.h, who, plan, true).await.unwrap();
            assert!(seen.proof.is_none() && seen.marks.is_none() && !seen.scored());
            assert!(seen.terms.quotas[0].offers.is_empty(), "who belongs to a group");
            let costs = seen.terms.budget.unwrap().costs;
            assert_eq!(costs.len(), 2);
            for (offer, cost) in costs {
                let asked = opening.iter().find(|o| o.id == offer).unwrap().asked;
                assert_eq!(asked.unwrap().minor, cost);
            }
        }
        let (_, _, seen) = told(&w.h, &w.viewer("officer").await, plan, true).await.unwrap();
        assert_eq!(seen.terms, kept.outcome.terms);
        decide(
            &w.h,
            &officer,
            id,
            &DecideInput {
                reason_en: "another way was found".into(),
                ..Default::default()
            },
        )
        .await
        .unwrap();
        let (_, _, seen) = told(&w.h, &public, plan, true).await.unwrap();
        assert_eq!(seen.terms, kept.outcome.terms, "with the scores, all that it stands on");
        assert_eq!(seen.proof.unwrap().holds, kept.outcome.proved);
    }
);
on_each_engine!(
    ROOMS,
    async fn a_plan_that_is_not_proved_says_how_much_better_another_could_be(t: TestDb) {
        let w = World::new(&t).await;
        let (id, _) = reviewed(&w).await;
        let officer = w.asking("officer").await;
        let id = solve(&w.h, &officer, id, &quotas(vec![row("newcomers", "2", "")]))
            .await
            .unwrap();
        // As it is kept where the time runs out.
        let mut plan = sql::plan(&t.db, id).await.unwrap().unwrap();
        let worth: i64 = plan.outcome.objective.parse().unwrap();
        plan.outcome.proved = false;
        plan.outcome.bound = Some(crate::allocate::Beyond {
            weighted_unmet: "-1".into(),
            objective: (2 * worth).to_string(),
        });
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        sql::save_plan(&tx, &plan).await.unwrap();
        tx.done(()).await.unwrap();
        let site = super::web::site(&w.h);
        let path = format!("/allocations/{id}");
        let inside = w.viewer("officer").await;
        let (_, page) = site.get(&inside, Locale::En, &path).await;
        for said in ["not proved", "At most 50.000", "than -1", "Nobody has shown"] {
            assert!(page.contains(said), "{said}: {page}");
        }
        let (_, page) = site.get(&inside, Locale::Zh, &path).await;
        assert!(page.contains("至多50.000") && page.contains("均不少于-1"), "{page}");
        // The value holds what the panel scored: with it the bound waits for the decision.
        publish_plan(&w.h, &officer, id).await.unwrap();
        let public = Viewer::public(Via::Page);
        let (status, page) = site.get(&public, Locale::En, &path).await;
        assert!(
            status == 200 && page.contains("not proved") && !page.contains("At most 50.000"),
            "{page}"
        );
        let (_, _, seen) = told(&w.h, &public, id, false).await.unwrap();
        assert_eq!(seen.bound, None);
    }
);
