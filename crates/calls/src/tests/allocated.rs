//! What comes of an allocation: who reads it, what awards take from it, and that nobody gives the same hours twice.

use super::*;
use crate::award::Granted;
use crate::told::{Unlike, told};

/// A call in review by a panel, with two offers; `b` asks for fewer units in all than it offers.
async fn reviewed(w: &World<'_>) -> (CallId, [OfferId; 2]) {
    let officer = w.asking("officer").await;
    let id = w.call("outsourcing").await;
    let offers = [w.offer("anna", id).await, w.offer("ben", id).await];
    for judge in ["judge1", "judge2"] {
        seat(&w.h, &officer, id, &seat_of(judge)).await.unwrap();
    }
    w.after_close();
    open(&w.h, &officer, id).await.unwrap();
    (id, offers)
}
pub(super) fn forbid(offer: OfferId, need: basis::NeedId) -> PinInput {
    PinInput {
        offer: offer.to_string(),
        need: need.to_string(),
        kind: "forbid".into(),
        units: String::new(),
    }
}

on_each_engine!(
    ROOMS,
    async fn a_published_plan_is_read_by_all_and_its_scores_by_those_inside(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let (id, offers) = reviewed(&w).await;
        w.judged(id, &offers).await;
        let plan = solve(&w.h, &officer, id, &SolveInput::default()).await.unwrap();
        let public = Viewer::public(Via::Page);
        for name in [None, Some("ben"), Some("stranger"), Some("judge1")] {
            let viewer = match name {
                Some(n) => w.viewer(n).await,
                None => public.clone(),
            };
            let answer = told(&w.h, &viewer, plan, true).await;
            assert!(matches!(answer, Err(Fail::Denied(_))), "a draft and {name:?}");
        }
        for name in ["officer", "lead", "auditor"] {
            let (_, _, seen) = told(&w.h, &w.viewer(name).await, plan, true).await.unwrap();
            assert!(seen.inside && seen.scored() && seen.proof.unwrap().holds, "{name}");
        }
        publish_plan(&w.h, &officer, plan).await.unwrap();
        let v = call_view(&w.h, &public, id).await.unwrap();
        let seen = v.plan.unwrap();
        assert_eq!((seen.id, seen.proved, seen.inside), (plan, true, false));
        assert!(!seen.lines.is_empty() && seen.lines.iter().all(|l| l.value.is_none() && l.why.is_none()));
        let said = serde_json::to_string(&seen).unwrap();
        assert!(
            seen.marks.is_none()
                && seen.proof.is_none()
                && seen.passed.is_none()
                && seen.scores.is_none()
                && !said.contains("panel\":7"),
            "{said}"
        );
        let (_, _, inside) = told(&w.h, &w.viewer("officer").await, plan, false).await.unwrap();
        let objective = inside.objective.unwrap();
        assert_eq!(seen.objective, None, "the total value holds the panel's points");
        // Once it is decided, the scores are told with everything that the proof stands on.
        award_offer(
            &w.h,
            &officer,
            id,
            &AwardInput {
                offer: offers[0].to_string(),
                reason_en: "best".into(),
                ..Default::default()
            },
        )
        .await
        .unwrap();
        let no = DecideInput {
            reason_en: "places are few".into(),
            ..Default::default()
        };
        decide(&w.h, &officer, id, &no).await.unwrap();
        let (_, _, seen) = told(&w.h, &public, plan, true).await.unwrap();
        assert_eq!(seen.objective, Some(objective));
        assert!(seen.proof.unwrap().holds);
        // Both offer two for each, and the second need takes two: the later one of them is left out there.
        let passed = seen.passed.unwrap();
        let order: Vec<OfferId> = sql::opened_offers(&t.db, id)
            .await
            .unwrap()
            .iter()
            .map(|o| o.id)
            .collect();
        assert_eq!(passed.len(), 1, "{passed:?}");
        assert_eq!((passed[0].offer, passed[0].offered), (order[1], 2));
        assert_eq!(passed[0].why, crate::allocate::WhyNot::Later { than: order[0] });
    }
);
on_each_engine!(
    ROOMS,
    async fn a_plan_is_published_on_all_scores_and_on_what_it_was_worked_out_with(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let (id, [a, b]) = reviewed(&w).await;
        let early = solve(&w.h, &officer, id, &SolveInput::default()).await.unwrap();
        let kept = sql::plan(&t.db, early).await.unwrap().unwrap();
        let none_in = crate::allocate::Scores { handed_in: 0, seats: 2 };
        assert_eq!(kept.outcome.scores, Some(none_in));
        let publish = |plan| {
            let (w, officer) = (&w, &officer);
            async move { code(publish_plan(&w.h, officer, plan).await.unwrap_err()).1 }
        };
        assert_eq!(publish(early).await, "refusal-scores-missing");
        w.judged(id, &[a, b]).await;
        assert_eq!(
            publish(early).await,
            "refusal-plan-marks-changed",
            "worked out before any score"
        );
        let whole = solve(&w.h, &officer, id, &SolveInput::default()).await.unwrap();
        // What was scored since makes their values unlike; other weights do too.
        let viewer = w.viewer("officer").await;
        let read = async |plan| told(&w.h, &viewer, plan, false).await.unwrap().2;
        let otherwise = SolveInput {
            panel: "80".into(),
            skills: "20".into(),
            ..SolveInput::default()
        };
        let otherwise = solve(&w.h, &officer, id, &otherwise).await.unwrap();
        let again = solve(&w.h, &officer, id, &SolveInput::default()).await.unwrap();
        let now = read(whole).await;
        assert_eq!(now.unlike(&read(early).await), Some(Unlike::Scores));
        assert_eq!(read(early).await.unlike(&now), Some(Unlike::Scores));
        assert_eq!(now.unlike(&read(otherwise).await), Some(Unlike::Weights));
        assert_eq!(now.unlike(&read(again).await), None);
        let listed = ShortlistInput {
            offers: vec![b.to_string()],
        };
        shortlist(&w.h, &officer, id, &listed).await.unwrap();
        assert_eq!(publish(whole).await, "refusal-plan-offers-changed");
        // What was fixed about an offer that left the short list is refused at its pin, and can be let go.
        let needs = sql::needs(&t.db, id).await.unwrap();
        let lock = |kind: &str| SolveInput {
            from: whole.to_string(),
            pins: vec![PinInput {
                kind: kind.into(),
                ..forbid(a, needs[0].id)
            }],
            ..Default::default()
        };
        assert_eq!(
            code(solve(&w.h, &officer, id, &lock("lock")).await.unwrap_err()),
            (format!("pin-{a}-{}", needs[0].id), "refusal-pin-gone")
        );
        let fresh = solve(&w.h, &officer, id, &lock("")).await.unwrap();
        publish_plan(&w.h, &officer, fresh).await.unwrap();
    }
);
on_each_engine!(
    ROOMS,
    async fn an_award_takes_the_units_of_the_plan_and_its_sum_follows(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let (id, [a, b]) = reviewed(&w).await;
        w.judged(id, &[a, b]).await;
        let needs = sql::needs(&t.db, id).await.unwrap();
        // Both offer two and two for 1,000.00; a keeps the first need only, b the second.
        let pins = vec![forbid(a, needs[1].id), forbid(b, needs[0].id)];
        let wishes = SolveInput {
            pins,
            ..Default::default()
        };
        let plan = solve(&w.h, &officer, id, &wishes).await.unwrap();
        publish_plan(&w.h, &officer, plan).await.unwrap();
        let give = |offer: OfferId, amount: &str, why: &str| AwardInput {
            offer: offer.to_string(),
            amount: amount.into(),
            amount_reason: why.into(),
            reason_en: "by the plan".into(),
            ..Default::default()
        };
        let first = award_offer(&w.h, &officer, id, &give(a, "", "")).await.unwrap();
        let card = award(&t.db, first).await.unwrap().unwrap();
        assert_eq!(card.units, [(needs[0].id, 2)]);
        assert_eq!(
            (card.amount.unwrap().minor, card.asked.unwrap().minor),
            (50_000, 100_000),
            "half the units, half the sum"
        );
        for (amount, why, field) in [("700", "", "amount_reason"), ("1000.01", "because", "amount")] {
            let refused = award_offer(&w.h, &officer, id, &give(b, amount, why))
                .await
                .unwrap_err();
            assert_eq!(code(refused).0, field);
        }
        let second = award_offer(&w.h, &officer, id, &give(b, "700", "the kit is paid whole"))
            .await
            .unwrap();
        let card = awards_of(&t.db, &[id])
            .await
            .unwrap()
            .into_iter()
            .find(|x| x.id == second);
        let card = card.unwrap();
        assert_eq!((card.amount.unwrap().minor, card.units.len()), (70_000, 1));
        assert_eq!(card.amount_reason.unwrap().plain(Locale::En), "the kit is paid whole");
        assert_eq!(verify(&t.db).await.unwrap(), Vec::<String>::new());
        let held = ::store::letters(&t.db, Some(LetterStatus::Held), 50).await.unwrap();
        assert!(
            held.iter()
                .any(|l| l.body_text.contains("500.00") && l.body_text.contains("teach"))
        );
        let table = export_awards(&w.h, &Viewer::public(Via::Page), Locale::En)
            .await
            .unwrap();
        let csv = String::from_utf8(table.to_csv().unwrap()).unwrap();
        assert!(csv.contains("700") && csv.contains("2 hours (teach)"), "{csv}");
        // An award for more than was offered is found.
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        tx.exec("UPDATE award_line SET units = 9 WHERE award = $1", vals![second])
            .await
            .unwrap();
        tx.done(()).await.unwrap();
        assert_eq!(verify(&t.db).await.unwrap().len(), 1);
        let whole = Granted::whole(
            sql::opened_offer(&t.db, a)
                .await
                .unwrap()
                .unwrap()
                .content
                .as_ref()
                .unwrap(),
        );
        assert_eq!(whole.units.len(), 2);
    }
);
on_each_engine!(
    ROOMS,
    async fn the_same_hours_are_not_given_twice(t: TestDb) {
        let w = World::new(&t).await;
        let (officer, anna) = (w.asking("officer").await, w.asking("anna").await);
        let mut calls_ = Vec::new();
        for _ in 0..2 {
            let id = w.call("assignment").await;
            let needs = sql::needs(&t.db, id).await.unwrap();
            let offer = begin(&w.h, &anna, id).await.unwrap();
            // Two and two offered, three in all.
            let input = OfferInput {
                most: "3".into(),
                ..offer_input(&needs, "anna")
            };
            save(&w, &anna, offer, &input).await.unwrap();
            submit(&w.h, &anna, offer).await.unwrap();
            calls_.push((id, offer));
        }
        w.after_close();
        let mut plans = Vec::new();
        for (id, offer) in &calls_ {
            open(&w.h, &officer, *id).await.unwrap();
            let plan = solve(&w.h, &officer, *id, &SolveInput::default()).await.unwrap();
            let kept = sql::plan(&t.db, plan).await.unwrap().unwrap();
            let given: i64 = kept.outcome.given(*offer).iter().map(|l| l.1).sum();
            assert_eq!((given, kept.outcome.proved), (3, true));
            plans.push(plan);
        }
        // Both plans were worked out while the hours were free; only one can be published.
        publish_plan(&w.h, &officer, plans[0]).await.unwrap();
        assert_eq!(
            code(publish_plan(&w.h, &officer, plans[1]).await.unwrap_err()).1,
            "refusal-plan-over-limit"
        );
        let again = solve(&w.h, &officer, calls_[1].0, &SolveInput::default())
            .await
            .unwrap();
        let kept = sql::plan(&t.db, again).await.unwrap().unwrap();
        assert_eq!(kept.outcome.lines.len(), 0, "what the first call was given is gone");
        publish_plan(&w.h, &officer, again).await.unwrap();
        // What was awarded counts as it was planned.
        let give = AwardInput {
            offer: calls_[0].1.to_string(),
            reason_en: "by the plan".into(),
            ..Default::default()
        };
        award_offer(&w.h, &officer, calls_[0].0, &give).await.unwrap();
        let maker = Offer::maker(Some(Id::named("a")), None);
        let call = sql::load(&t.db, calls_[1].0).await.unwrap().unwrap();
        let makers = sql::makers_of(&t.db, call.id, &[calls_[1].1, calls_[0].1])
            .await
            .unwrap();
        assert_eq!(makers.len(), 1, "offers of this call only");
        let elsewhere = sql::used_units(&t.db, std::slice::from_ref(&maker), Some(call.id), w.h.today())
            .await
            .unwrap();
        let given: i64 = elsewhere.iter().map(|u| u.units).sum();
        assert!(given == 3 && elsewhere.iter().all(|u| u.awarded && u.call == calls_[0].0));
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        sql::hold_makers(&tx, std::slice::from_ref(&maker)).await.unwrap();
        drop(tx);
    }
);
on_each_engine!(
    ROOMS,
    async fn two_plans_at_once_do_not_give_the_same_hours(t: TestDb) {
        let w = World::new(&t).await;
        let (officer, anna) = (w.asking("officer").await, w.asking("anna").await);
        let mut plans = Vec::new();
        let mut calls_ = Vec::new();
        for _ in 0..4 {
            let id = w.call("assignment").await;
            let needs = sql::needs(&t.db, id).await.unwrap();
            let offer = begin(&w.h, &anna, id).await.unwrap();
            let input = OfferInput {
                most: "3".into(),
                ..offer_input(&needs, "anna")
            };
            save(&w, &anna, offer, &input).await.unwrap();
            submit(&w.h, &anna, offer).await.unwrap();
            calls_.push(id);
        }
        w.after_close();
        for id in &calls_ {
            open(&w.h, &officer, *id).await.unwrap();
            plans.push(solve(&w.h, &officer, *id, &SolveInput::default()).await.unwrap());
        }
        let all: Vec<_> = plans
            .into_iter()
            .map(|plan| {
                let (h, officer) = (w.h.clone(), officer.clone());
                tokio::spawn(async move { publish_plan(&h, &officer, plan).await })
            })
            .collect();
        let mut published = 0;
        for one in all {
            match one.await.unwrap() {
                Ok(_) => published += 1,
                Err(e) => assert_eq!(code(e).1, "refusal-plan-over-limit"),
            }
        }
        assert_eq!(published, 1);
    }
);
on_each_engine!(
    ROOMS,
    async fn tables_hold_what_is_public_and_nothing_sealed(t: TestDb) {
        let w = World::new(&t).await;
        let id = w.call("outsourcing").await;
        w.offer("anna", id).await;
        let officer = w.asking("officer").await;
        let hidden = CallInput {
            title_en: "Not out yet".into(),
            ..call_input("outsourcing")
        };
        draft(&w.h, &officer, &hidden).await.unwrap();
        for (name, rows) in [(None, 1), (Some("stranger"), 1), (Some("officer"), 2)] {
            let viewer = match name {
                Some(n) => w.viewer(n).await,
                None => Viewer::public(Via::Page),
            };
            let table = export_calls(&w.h, &viewer, Locale::En).await.unwrap();
            assert_eq!(table.rows.len(), rows, "{name:?}");
            let csv = String::from_utf8(table.to_csv().unwrap()).unwrap();
            assert!(csv.contains("River") && csv.contains("河水监测"));
            assert_eq!(csv.contains("Not out yet"), rows == 2);
            for secret in ["offer of anna", "secret-anna"] {
                assert!(!csv.contains(secret), "{name:?} reads {secret}");
            }
            assert_eq!(export_awards(&w.h, &viewer, Locale::Zh).await.unwrap().rows.len(), 0);
        }
    }
);
on_each_engine!(
    ROOMS,
    async fn working_out_again_twice_under_one_key_is_one_act(t: TestDb) {
        let w = World::new(&t).await;
        let (id, _) = w.three_offers().await;
        let officer = w.asking("officer").await;
        let plan = solve(&w.h, &officer, id, &SolveInput::default()).await.unwrap();
        let made = sql::plan(&t.db, plan).await.unwrap().unwrap().made_at;
        t.clock.forward(Duration::from_secs(600));
        let again = SolveInput {
            from: plan.to_string(),
            replace: "true".into(),
            version: "1".into(),
            ..SolveInput::default()
        };
        let keyed = officer.clone().once("again");
        assert_eq!(solve(&w.h, &keyed, id, &again).await.unwrap(), plan);
        // The version that it names is gone, by its own first time.
        let repeated = solve(&w.h, &keyed, id, &again).await;
        assert!(matches!(repeated, Err(Fail::Repeated(_))));
        assert_eq!(repeated.or_repeat().unwrap(), plan);
        let kept = sql::plan(&t.db, plan).await.unwrap().unwrap();
        assert_eq!(kept.version, 2);
        assert!(kept.made_at > made, "worked out now");
        publish_plan(&w.h, &officer, plan).await.unwrap();
        let repeated = solve(&w.h, &keyed, id, &again).await.or_repeat();
        assert_eq!(repeated.unwrap(), plan, "nor is it refused as fixed");
        assert_eq!(sql::plans(&t.db, id).await.unwrap().len(), 1);
        let elsewhere = Asking {
            asked: Some("POST /elsewhere".into()),
            ..keyed.clone()
        };
        let misused = solve(&w.h, &elsewhere, id, &again).await;
        assert!(matches!(misused, Err(Fail::Changed)), "the key is another act's");
        let other = officer.clone().once("other");
        let refused = solve(&w.h, &other, id, &again).await.unwrap_err();
        assert_eq!(code(refused).1, "refusal-plan-fixed");
    }
);
on_each_engine!(
    ROOMS,
    async fn plans_are_compared_by_value_only_where_they_weigh_alike_and_rest_on_the_same_scores(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let viewer = w.viewer("officer").await;
        let site = super::web::site(&w.h);
        let (id, offers) = reviewed(&w).await;
        let solved = |input: SolveInput| {
            let (h, officer) = (w.h.clone(), officer.clone());
            async move { solve(&h, &officer, id, &input).await.unwrap() }
        };
        let early = solved(SolveInput::default()).await;
        w.judged(id, &offers).await;
        let first = solved(SolveInput::default()).await;
        let needs = sql::needs(&t.db, id).await.unwrap();
        let alike = solved(SolveInput {
            from: first.to_string(),
            pins: needs.iter().map(|n| forbid(offers[0], n.id)).collect(),
            ..SolveInput::default()
        })
        .await;
        let other = solved(SolveInput {
            dates: "100".into(),
            ..SolveInput::default()
        })
        .await;
        let beside = |other: basis::AllocationId, l: Locale| {
            let (site, viewer) = (&site, &viewer);
            async move {
                site.get(viewer, l, &format!("/allocations/{first}?beside={other}"))
                    .await
                    .1
            }
        };
        let (weigh, rest) = ("The plans weigh differently", "The plans rest on different scores");
        let page = beside(alike, Locale::En).await;
        assert!(
            page.contains("Total value ") && !page.contains("cannot be compared"),
            "{page}"
        );
        // Each need with its unit, in the order of the call.
        let places = needs.iter().map(|n| {
            let head = format!("{} ({})", n.title.plain(Locale::En), n.unit.plain(Locale::En));
            page.find(&format!("<th scope=\"row\">{head}</th>"))
        });
        let places: Vec<usize> = places.flatten().collect();
        assert!(!places.is_empty() && places.is_sorted(), "{places:?} {page}");
        for (plan, said, not) in [(other, weigh, rest), (early, rest, weigh)] {
            let page = beside(plan, Locale::En).await;
            assert!(
                page.contains(said) && !page.contains(not) && !page.contains("Total value "),
                "{page}"
            );
            assert!(beside(plan, Locale::Zh).await.contains("总价值不可比较"));
        }
        // Six plans stand in the open, the latest first; more are folded.
        for _ in 0..4 {
            solved(SolveInput::default()).await;
        }
        let (_, page) = site.get(&viewer, Locale::En, &format!("/allocations/{first}")).await;
        let fold = page.find("Beside one more plan").unwrap();
        assert!(
            page[..fold].contains(">Beside plan 8<") && page[fold..].contains(">Beside plan 1<"),
            "{page}"
        );
    }
);
