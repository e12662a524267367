//! Plans on the store: solved, fixed, solved again, side by side, published; and with 500 needs and 5,000 offers.

use super::*;
use crate::allocate::Why;

on_each_engine!(
    ROOMS,
    async fn plans_lie_side_by_side_and_the_published_one_binds(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let id = w.call("assignment").await;
        let (a, b) = (w.offer("anna", id).await, w.offer("ben", id).await);
        w.after_close();
        assert_eq!(
            code(solve(&w.h, &officer, id, &SolveInput::default()).await.unwrap_err()).1,
            "refusal-call-not-in-review"
        );
        open(&w.h, &officer, id).await.unwrap();
        let first = solve(&w.h, &officer, id, &SolveInput::default()).await.unwrap();
        let above = call_above(&t.db, "allocation", &first.to_string()).await.unwrap();
        assert_eq!(above, Some(id));
        let plan = sql::plan(&t.db, first).await.unwrap().unwrap();
        assert!(plan.outcome.proved && plan.outcome.short.is_empty() && plan.number == 1);
        let needs = sql::needs(&t.db, id).await.unwrap();
        // needs[1] takes two units at most: give them all to b.
        let pin = PinInput {
            offer: b.to_string(),
            need: needs[1].id.to_string(),
            kind: "lock".into(),
            units: "2".into(),
        };
        let locked = SolveInput {
            from: first.to_string(),
            pins: vec![pin.clone()],
            ..Default::default()
        };
        let second = solve(&w.h, &officer, id, &locked).await.unwrap();
        let plan = sql::plan(&t.db, second).await.unwrap().unwrap();
        let line = plan.outcome.lines.iter().find(|l| l.need == needs[1].id).unwrap();
        assert_eq!((line.offer, line.units, &line.why), (b, 2, &Why::Locked));
        let off = SolveInput {
            from: second.to_string(),
            replace: "true".into(),
            version: "1".into(),
            pins: vec![PinInput {
                kind: "forbid".into(),
                units: String::new(),
                ..pin.clone()
            }],
            ..Default::default()
        };
        assert_eq!(solve(&w.h, &officer, id, &off).await.unwrap(), second);
        assert!(
            matches!(solve(&w.h, &officer, id, &off).await.unwrap_err(), Fail::Changed),
            "another officer was faster"
        );
        let weights = SolveInput {
            panel: "50".into(),
            dates: "50".into(),
            languages: "10".into(),
            promises: "0".into(),
            ..Default::default()
        };
        assert_eq!(
            code(solve(&w.h, &officer, id, &weights).await.unwrap_err()),
            ("panel".into(), "refusal-weights-sum")
        );
        let too_much = SolveInput {
            pins: vec![PinInput {
                units: "9".into(),
                ..pin.clone()
            }],
            ..Default::default()
        };
        // Wishes that do not hold together write nothing, and are told at the pin that holds them.
        let kept = sql::plan(&t.db, second).await.unwrap().unwrap();
        let at_pin = format!("pin-{b}-{}", needs[1].id);
        assert_eq!(
            code(solve(&w.h, &officer, id, &too_much).await.unwrap_err()),
            (at_pin.clone(), "refusal-pin-over-offered")
        );
        let other = PinInput {
            offer: a.to_string(),
            units: "1".into(),
            ..pin.clone()
        };
        for (pins, version, refusal) in [
            (vec![other.clone(), pin.clone()], kept.version, "refusal-pin-need-over"),
            (
                vec![PinInput {
                    units: "abc".into(),
                    ..pin.clone()
                }],
                kept.version,
                "refusal-not-a-number",
            ),
            (
                vec![PinInput {
                    kind: String::new(),
                    ..pin.clone()
                }],
                kept.version,
                "refusal-pin-units-free",
            ),
        ] {
            let over = SolveInput {
                from: second.to_string(),
                replace: "true".into(),
                version: version.to_string(),
                pins,
                ..Default::default()
            };
            assert_eq!(
                code(solve(&w.h, &officer, id, &over).await.unwrap_err()),
                (at_pin.clone(), refusal)
            );
        }
        let now = sql::plan(&t.db, second).await.unwrap().unwrap();
        assert_eq!(
            (now.version, &now.outcome, &now.pins),
            (kept.version, &kept.outcome, &kept.pins)
        );
        // An empty field locks what the plan gives now, and refuses where it gives nothing.
        let as_is = |o: OfferId| SolveInput {
            from: second.to_string(),
            pins: vec![PinInput {
                offer: o.to_string(),
                units: String::new(),
                ..pin.clone()
            }],
            ..Default::default()
        };
        assert_eq!(
            code(solve(&w.h, &officer, id, &as_is(b)).await.unwrap_err()).1,
            "refusal-pin-no-units"
        );
        let third = solve(&w.h, &officer, id, &as_is(a)).await.unwrap();
        let locked = sql::plan(&t.db, third).await.unwrap().unwrap();
        let line = locked.outcome.lines.iter().find(|l| l.need == needs[1].id).unwrap();
        assert_eq!((line.offer, line.units, &line.why), (a, 2, &Why::Locked));
        publish_plan(&w.h, &officer, first).await.unwrap();
        // Only a is wanted from here on.
        let only = |o: OfferId| needs.iter().map(move |n| super::allocated::forbid(o, n.id));
        let alone = solve(
            &w.h,
            &officer,
            id,
            &SolveInput {
                pins: only(b).collect(),
                ..Default::default()
            },
        )
        .await
        .unwrap();
        publish_plan(&w.h, &officer, alone).await.unwrap();
        let states: Vec<_> = sql::plans(&t.db, id)
            .await
            .unwrap()
            .iter()
            .map(|p| (p.number, p.status))
            .collect();
        assert_eq!(
            states,
            [
                (1, PlanStatus::SetAside),
                (2, PlanStatus::Draft),
                (3, PlanStatus::Draft),
                (4, PlanStatus::Published)
            ]
        );
        assert_eq!(sql::published_plan(&t.db, id).await.unwrap().unwrap().id, alone);
        let give = |o: OfferId| AwardInput {
            offer: o.to_string(),
            reason_en: "by the plan".into(),
            ..Default::default()
        };
        assert_eq!(
            code(award_offer(&w.h, &officer, id, &give(b)).await.unwrap_err()).1,
            "refusal-offer-not-in-plan"
        );
        award_offer(&w.h, &officer, id, &give(a)).await.unwrap();
        assert!(matches!(
            solve(&w.h, &w.asking("stranger").await, id, &SolveInput::default())
                .await
                .unwrap_err(),
            Fail::Denied(_)
        ));
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        let kept = sql::plan(&tx, alone).await.unwrap().unwrap();
        assert!(matches!(
            sql::save_plan(
                &tx,
                &Plan {
                    version: 99,
                    ..kept.clone()
                }
            )
            .await
            .unwrap_err(),
            Fail::Changed
        ));
        assert_eq!(
            sql::insert_plan(
                &tx,
                &Plan {
                    id: tx.fresh(),
                    status: PlanStatus::Draft,
                    ..kept
                }
            )
            .await
            .unwrap(),
            5
        );
        sql::set_aside(&tx, id).await.unwrap();
        assert!(sql::published_plan(&tx, id).await.unwrap().is_none());
        sql::set_shortlist(&tx, id, &[b]).await.unwrap();
        assert_eq!(sql::decline_others(&tx, id).await.unwrap(), 1);
        drop(tx);
    }
);
on_each_engine!(
    ROOMS,
    async fn five_hundred_needs_and_five_thousand_offers(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let need = |i: usize| NeedInput {
            title_en: format!("need {i}"),
            channel: "volunteering".into(),
            min: "5".into(),
            max: "12".into(),
            unit_en: "hours".into(),
            priority: (1 + i % 9).to_string(),
            ..Default::default()
        };
        let input = CallInput {
            needs: (0..500).map(need).collect(),
            ..call_input("assignment")
        };
        let id = draft(&w.h, &officer, &input).await.unwrap();
        publish(&w.h, &officer, id).await.unwrap();
        let needs = sql::needs(&t.db, id).await.unwrap();
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        let (mut offers, mut lines) = (Vec::new(), Vec::new());
        for i in 0..5000_usize {
            let offer: OfferId = Id::named(&format!("offer {i}"));
            let maker: AccountId = Id::named(&format!("maker {i}"));
            let day = format!("2027-{:02}-{:02}", 1 + i % 12, 1 + i % 28);
            offers.push(vals![
                offer,
                id,
                format!("account:{maker}"),
                maker,
                "submitted",
                "{}",
                0_i64,
                Text::both("摘", "s"),
                Text::both("划", "p"),
                "people",
                day,
                "2027-12-31",
                "CNY",
                "[]",
                "[\"zh-Hans\"]",
                "s",
                1_i64,
                false,
                false,
                true,
                1_i64
            ]);
            for k in 0..6 {
                lines.push(vals![offer, needs[(i * 7 + k * 23) % 500].id, 1 + (i + k) as i64 % 3]);
            }
        }
        tx.insert_many("INSERT INTO offer (id, call, maker, account, status, draft, saved_at, summary, plan, people, starts, ends, currency, in_kind, languages, seal, submitted_at, shortlisted, imported, illustrative, version)", 21, offers).await.unwrap();
        tx.insert_many("INSERT INTO offer_line (offer, need, units)", 3, lines)
            .await
            .unwrap();
        tx.done(()).await.unwrap();
        w.after_close();
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        tx.exec(
            "UPDATE call SET status = 'in-review', opened_at = closes_at WHERE id = $1",
            vals![id],
        )
        .await
        .unwrap();
        tx.done(()).await.unwrap();
        let begun = std::time::Instant::now();
        let first = solve(&w.h, &officer, id, &SolveInput::default()).await.unwrap();
        let plan = sql::plan(&t.db, first).await.unwrap().unwrap();
        assert!(plan.outcome.proved);
        let given: i64 = plan.outcome.lines.iter().map(|l| l.units).sum();
        assert_eq!(given, 500 * 12, "there is plenty: every need is filled");
        let l = &plan.outcome.lines[0];
        let pin = super::allocated::forbid(l.offer, l.need);
        let again = solve(
            &w.h,
            &officer,
            id,
            &SolveInput {
                from: first.to_string(),
                pins: vec![pin],
                ..Default::default()
            },
        )
        .await
        .unwrap();
        assert!(sql::plan(&t.db, again).await.unwrap().unwrap().outcome.proved);
        assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
        // The pages stay pages: a stretch of needs each, with the names on it and no others.
        let (site, viewer) = (super::web::site(&w.h), w.viewer("officer").await);
        for path in [
            format!("/calls/{id}/allocation"),
            format!("/allocations/{again}"),
            format!("/allocations/{again}?from=250"),
            format!("/allocations/{again}?beside={first}"),
        ] {
            let ((status, page), queries) = ::store::count_queries(site.get(&viewer, Locale::En, &path)).await;
            assert_eq!(status, 200, "{path}");
            assert!(page.len() < 300_000, "{path}: {} bytes", page.len());
            // Three of them tell which groups of makers a limit may count; one for each plan, whether the reader's side offers.
            assert!(queries <= 17, "{path}: {queries} queries");
        }
        // With so many makers names are typed: one that nobody has is told so, and no list is spoken of that is not there.
        let unit = needs[0].id.to_string();
        let typed = [
            ("with-terms", "1"),
            ("quota-0-who", "Nobody called so"),
            ("quota-0-unit", unit.as_str()),
            ("quota-0-least", "1"),
            ("either-0-one", "Nobody called so"),
            ("either-0-other", ""),
            ("fair", "value"),
        ];
        let (status, page) = site.post(&viewer, &format!("/calls/{id}/allocation"), &typed).await;
        assert!(
            status == 422 && page.contains("id=\"f-quota-0-who-e\"") && page.contains("id=\"f-either-0-one-e\""),
            "{page}"
        );
        // Both at their fields, and both led to from above.
        assert_eq!(page.matches("No maker has this name.").count(), 4, "{page}");
        assert_eq!(page.matches("value=\"Nobody called so\"").count(), 2, "{page}");
        assert!(
            page.contains("id=\"list-who\"") && !page.contains("list-offers"),
            "{page}"
        );
        let begun = std::time::Instant::now();
        publish_plan(&w.h, &officer, again).await.unwrap();
        let public = Viewer::public(Via::Page);
        let ((status, page), queries) =
            ::store::count_queries(site.get(&public, Locale::En, &format!("/allocations/{again}"))).await;
        assert_eq!(status, 200);
        assert!(
            page.len() < 300_000 && queries <= 12,
            "{} bytes, {queries} queries",
            page.len()
        );
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    }
);

on_each_engine!(
    ROOMS,
    async fn every_pair_is_fixed_from_the_page_and_nothing_typed_is_lost(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.viewer("officer").await;
        let id = w.call("assignment").await;
        let (a, b) = (w.offer("anna", id).await, w.offer("ben", id).await);
        w.after_close();
        open(&w.h, &w.asking("officer").await, id).await.unwrap();
        let first = solve(&w.h, &w.asking("officer").await, id, &SolveInput::default())
            .await
            .unwrap();
        let needs = sql::needs(&t.db, id).await.unwrap();
        let (site, path) = (super::web::site(&w.h), format!("/calls/{id}/allocation"));
        let (_, page) = site.get(&officer, Locale::En, &format!("/allocations/{first}")).await;
        // Both offers can be fixed at both needs, chosen or not; the one left out says why.
        for (o, n) in [(a, 0), (b, 0), (a, 1), (b, 1)] {
            assert!(page.contains(&format!("name=\"pin-{o}:{}\"", needs[n].id)), "{page}");
        }
        assert!(page.contains("which was handed in earlier") && page.contains("0 of 2"));
        let order: Vec<OfferId> = sql::opened_offers(&t.db, id)
            .await
            .unwrap()
            .iter()
            .map(|o| o.id)
            .collect();
        let plan = sql::plan(&t.db, first).await.unwrap().unwrap();
        let (from, version) = (first.to_string(), plan.version.to_string());
        let send = |pins: Vec<(String, &'static str)>| {
            let (site, path, officer) = (&site, &path, &officer);
            let (from, version) = (from.clone(), version.clone());
            async move {
                let mut pairs = vec![
                    ("from", from.as_str()),
                    ("replace", "true"),
                    ("version", &version),
                    ("at-row", "0"),
                ];
                let need = pins[0].0.split(':').nth(1).unwrap().to_owned();
                pairs.push(("at-need", &need));
                pairs.extend(pins.iter().map(|(k, v)| (k.as_str(), *v)));
                site.post(officer, path, &pairs).await
            }
        };
        let pin = |o: OfferId, n: usize| format!("pin-{o}:{}", needs[n].id);
        let units = |o: OfferId, n: usize| format!("units-{o}:{}", needs[n].id);
        let (late, early) = (order[1], order[0]);
        // A fault at one pin: all that was typed comes back, also what is not on this page, and nothing is written.
        let (status, page) = send(vec![
            (pin(late, 1), "lock"),
            (units(late, 1), "abc"),
            (pin(early, 0), "forbid"),
            ("dates".into(), "99"),
        ])
        .await;
        assert_eq!(status, 422);
        let field = format!("f-pin-{late}-{}", needs[1].id);
        assert!(
            page.contains(&format!("href=\"#{field}\"")) && page.contains(&format!("id=\"{field}\"")),
            "{page}"
        );
        assert!(page.contains("value=\"abc\"") && page.contains("value=\"99\"") && page.contains("add up"));
        assert!(
            page.contains(&format!("name=\"pin-{early}:{}\" value=\"forbid\"", needs[0].id)),
            "carried along: {page}"
        );
        let (status, page) = send(vec![(pin(late, 1), "lock"), (units(late, 1), "9")]).await;
        assert!(
            status == 422 && page.contains("Only 2 units were offered here."),
            "{page}"
        );
        let kept = sql::plan(&t.db, first).await.unwrap().unwrap();
        assert_eq!((kept.version, kept.outcome), (plan.version, plan.outcome));
        // What holds together is worked out with other weights, and one comes back to where one was.
        let (status, to) = send(vec![
            (pin(late, 1), "lock"),
            (units(late, 1), "2"),
            ("dates".into(), "100"),
        ])
        .await;
        assert_eq!(status, 303, "{to}");
        assert!(
            to.contains(&format!("/allocations/{first}?need={}&row=0&done=solved", needs[1].id)),
            "{to}"
        );
        let kept = sql::plan(&t.db, first).await.unwrap().unwrap();
        assert_eq!((kept.outcome.units(late, needs[1].id), kept.weights.dates), (2, 100));
    }
);
