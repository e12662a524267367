//! Fairness as a choice of the plan: kept with it, told with its cost, proved where it can be.

use super::*;
use crate::fair::Method;
use crate::told::told;

on_each_engine!(
    ROOMS,
    async fn a_fair_plan_says_what_it_aims_at_and_what_it_costs(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let (id, offers) = w.three_offers().await;
        let wish = |fair: &str, percent: &str| SolveInput {
            fair: fair.into(),
            percent: percent.into(),
            ..Default::default()
        };
        let refused = |fair: &'static str, percent: &'static str| {
            let (h, officer, input) = (w.h.clone(), officer.clone(), wish(fair, percent));
            async move { code(solve(&h, &officer, id, &input).await.unwrap_err()).0 }
        };
        assert_eq!(refused("share", "").await, "percent");
        assert_eq!(refused("luck", "3").await, "fair");
        let plan = |input: SolveInput| {
            let (h, officer) = (w.h.clone(), officer.clone());
            async move {
                let plan = solve(&h, &officer, id, &input).await.unwrap();
                sql::plan(&h.db, plan).await.unwrap().unwrap()
            }
        };
        let best = plan(wish("value", "")).await;
        assert!(best.outcome.fair.is_none());
        let share = plan(wish("share", "34")).await;
        let fair = share.outcome.fair.clone().unwrap();
        assert_eq!(
            (fair.wish.method, fair.best_objective.as_str()),
            (Method::Share, best.outcome.objective.as_str())
        );
        let given: Vec<i64> = offers
            .iter()
            .map(|o| share.outcome.given(*o).iter().map(|l| l.1).sum())
            .collect();
        let all: i64 = given.iter().sum();
        assert!(all > 0 && given.iter().all(|g| g * 100 <= all * 34), "{given:?}");
        // Worked out again from it, with a pin: the aim stays, and its cost is told.
        let needs = sql::needs(&t.db, id).await.unwrap();
        let again = plan(SolveInput {
            from: share.id.to_string(),
            pins: vec![super::allocated::forbid(offers[0], needs[0].id)],
            ..Default::default()
        })
        .await;
        assert_eq!(again.outcome.fair.unwrap().wish.method, Method::Share);
        // A lock that leaves the aim no room is told at its pin, and the plan stays as it was.
        let offered = sql::opened_lines(&t.db, id).await.unwrap();
        let pins = offered[&offers[0]].iter().map(|(need, units)| PinInput {
            offer: offers[0].to_string(),
            need: need.to_string(),
            kind: "lock".into(),
            units: units.to_string(),
        });
        let locked = SolveInput {
            from: share.id.to_string(),
            replace: "true".into(),
            version: share.version.to_string(),
            fair: "share".into(),
            percent: "34".into(),
            pins: pins.collect(),
            ..Default::default()
        };
        let (field, said) = code(solve(&w.h, &officer, id, &locked).await.unwrap_err());
        assert_eq!(said, "refusal-pin-aim");
        assert!(field.starts_with(&format!("pin-{}", offers[0])), "{field}");
        assert_eq!(
            sql::plan(&t.db, share.id).await.unwrap().unwrap().outcome,
            share.outcome
        );
        let drawn = plan(wish("draw", "50")).await;
        let twice = plan(wish("draw", "50")).await;
        assert_eq!(drawn.outcome, twice.outcome, "nobody draws until it suits them");
        let seed = drawn.outcome.fair.unwrap().wish.seed.unwrap();
        let worst = plan(wish("worst", "")).await;
        for (plan, words) in [
            (&share, "at most 34\u{a0}% from one maker"),
            (&worst, "worst-served needs first"),
            (&twice, seed.to_string().as_str()),
        ] {
            let (_, _, seen) = told(&w.h, &w.viewer("officer").await, plan.id, true).await.unwrap();
            assert_eq!(seen.proof.unwrap().holds, plan.outcome.proved, "{words}");
            let site = super::web::site(&w.h);
            let path = format!("/allocations/{}", plan.id);
            let (status, page) = site.get(&w.viewer("officer").await, Locale::En, &path).await;
            assert!(
                status == 200 && page.contains(words) && page.contains("Its cost in value"),
                "{words}: {page}"
            );
        }
        assert!(worst.outcome.proved && share.outcome.proved);
        publish_plan(&w.h, &officer, twice.id).await.unwrap();
    }
);
