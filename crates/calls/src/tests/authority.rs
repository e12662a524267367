//! Who may decide what about whom, counted by person; and who may take work on, counted by day.

use super::assigned::{assign_to, say, stands};
use super::*;
use crate::panel::Struck;
use crate::told::told;

/// Gives a person one more mandate.
async fn also(w: &World<'_>, name: &str, body: &str, role: Role) {
    let tx = w.t.db.begin(&Act::house(Via::Seed)).await.unwrap();
    let g = HouseGrant {
        account: Id::named(name),
        body: Id::named(body),
        role,
        purpose: "w".into(),
        letter: "3".into(),
        until: None,
    };
    grant_by_house(&tx, &g).await.unwrap();
    tx.done(()).await.unwrap();
}
/// Somebody with several mandates, acting for one of the bodies.
async fn acting(w: &World<'_>, name: &str, body: &str) -> Asking {
    let v = viewer_of(&w.t.db, Id::named(name), None, Via::Page).await.unwrap();
    let acting = v.mandates.iter().find(|m| m.body == Id::named(body)).cloned();
    assert!(acting.is_some() && v.mandates.len() > 1);
    Asking::new(Viewer { acting, ..v })
}
#[track_caller]
fn by_rule(answer: Result<impl std::fmt::Debug, Fail>, rule: &str) {
    match answer {
        Err(Fail::Denied(d)) => assert!(d.rules.iter().any(|r| r == rule), "{:?}", d.rules),
        other => panic!("{other:?}"),
    }
}
fn give(offer: OfferId) -> AwardInput {
    AwardInput {
        offer: offer.to_string(),
        reason_en: "best plan".into(),
        ..Default::default()
    }
}

on_each_engine!(
    ROOMS,
    async fn nobody_hands_work_to_an_organisation_of_their_own(t: TestDb) {
        let w = World::new(&t).await;
        also(&w, "second", "a", Role::Delegate).await;
        let second = acting(&w, "second", "culture").await;
        by_rule(
            assign(&w.h, &second, &assign_to("a")).await,
            "call.maker-does-not-decide",
        );
        assert_eq!(
            t.db.number("SELECT COUNT(*) AS n FROM call", vec![]).await.unwrap(),
            0,
            "nothing was written"
        );
        assign(&w.h, &second, &assign_to("b")).await.unwrap();
        // A colleague who has nothing to do with it may.
        assign(&w.h, &w.asking("officer").await, &assign_to("a")).await.unwrap();
    }
);
on_each_engine!(
    ROOMS,
    async fn an_organisation_nobody_checked_keeps_its_draft_and_is_not_chosen(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let id = w.call("assignment").await;
        let anna = w.asking("anna").await;
        for (status, until) in [
            ("pending", "2027-12-31"),
            ("refused", "2027-12-31"),
            ("verified", "2026-11-21"),
        ] {
            stands(&w, "a", status, until).await;
            let a = begin(&w.h, &anna, id).await.unwrap();
            let needs = sql::needs(&t.db, id).await.unwrap();
            save(&w, &anna, a, &offer_input(&needs, "anna")).await.unwrap();
            let seen = own_view(&w.h, &anna.viewer, a).await.unwrap();
            let missing: Vec<_> = seen.faults.iter().map(|r| r.code).collect();
            assert_eq!(
                missing,
                ["refusal-offer-unverified"],
                "{status}: said before it is submitted"
            );
            assert_eq!(
                code(submit(&w.h, &anna, a).await.unwrap_err()),
                ("organisation".into(), "refusal-offer-unverified"),
                "{status} until {until}"
            );
            assert_eq!(sql::sealed(&t.db, id).await.unwrap(), []);
        }
        // The last day counts whole.
        stands(&w, "a", "verified", "2026-11-22").await;
        let a = begin(&w.h, &anna, id).await.unwrap();
        assert_eq!(own_view(&w.h, &anna.viewer, a).await.unwrap().faults, []);
        submit(&w.h, &anna, a).await.unwrap();
        w.after_close();
        open(&w.h, &officer, id).await.unwrap();
        assert_eq!(
            code(award_offer(&w.h, &officer, id, &give(a)).await.unwrap_err()),
            ("offer".into(), "refusal-award-unverified"),
            "it ran out meanwhile"
        );
        stands(&w, "a", "verified", "2027-12-31").await;
        award_offer(&w.h, &officer, id, &give(a)).await.unwrap();
    }
);
on_each_engine!(
    ROOMS,
    async fn what_was_assigned_to_a_party_refused_meanwhile_is_not_accepted(t: TestDb) {
        let w = World::new(&t).await;
        let id = assign(&w.h, &w.asking("officer").await, &assign_to("a")).await.unwrap();
        stands(&w, "a", "refused", "2027-12-31").await;
        let anna = w.asking("anna").await;
        assert_eq!(
            code(
                answer_assignment(&w.h, &anna, id, &say("accept", ""))
                    .await
                    .unwrap_err()
            ),
            ("answer".into(), "refusal-assignment-unverified")
        );
        answer_assignment(&w.h, &anna, id, &say("decline", "not now"))
            .await
            .unwrap();
    }
);
on_each_engine!(
    ROOMS,
    async fn a_day_to_answer_ends_at_midnight(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let (one, two) = (
            assign(&w.h, &officer, &assign_to("a")).await.unwrap(),
            assign(&w.h, &officer, &assign_to("a")).await.unwrap(),
        );
        let letters = ::store::letters(&t.db, None, 5).await.unwrap();
        assert!(
            letters[0].body_text.contains("by the end of 1 December 2026"),
            "{}",
            letters[0].body_text
        );
        let anna = w.asking("anna").await;
        let waits = duties(&w.h, &anna.viewer, Locale::En).await.unwrap();
        let day = waits[0].due.unwrap().to_zoned(w.h.zone.clone()).date();
        assert_eq!(day.to_string(), "2026-12-01");
        // Half a minute before the day is over in Chongqing.
        t.clock.set("2026-12-01T15:59:30Z".parse().unwrap());
        answer_assignment(&w.h, &anna, one, &say("accept", "")).await.unwrap();
        t.clock.set("2026-12-01T16:00:00Z".parse().unwrap());
        assert_eq!(
            code(
                answer_assignment(&w.h, &anna, two, &say("accept", ""))
                    .await
                    .unwrap_err()
            )
            .1,
            "refusal-assignment-late"
        );
    }
);
on_each_engine!(
    ROOMS,
    async fn a_member_who_vanished_does_not_hold_up_an_award(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let id = w.call("outsourcing").await;
        let a = w.offer("anna", id).await;
        for judge in ["judge1", "judge2", "judge3"] {
            seat(&w.h, &officer, id, &seat_of(judge)).await.unwrap();
        }
        w.after_close();
        open(&w.h, &officer, id).await.unwrap();
        let gone: AccountId = Id::named("judge3");
        declare(&w.h, &w.asking("judge3").await, id, &DeclareInput::default())
            .await
            .unwrap();
        w.judged(id, &[a]).await;
        assert_eq!(
            code(award_offer(&w.h, &officer, id, &give(a)).await.unwrap_err()).1,
            "refusal-scores-missing"
        );
        assert!(
            matches!(unseat(&w.h, &officer, id, gone).await.unwrap_err(), Fail::Changed),
            "a seat on which something was done is not taken away without a word"
        );
        let why = |reason: &str| StrikeInput { reason: reason.into() };
        assert_eq!(
            code(strike(&w.h, &officer, id, gone, &why(" ")).await.unwrap_err()),
            ("reason".into(), "refusal-required")
        );
        assert!(matches!(
            strike(&w.h, &w.asking("stranger").await, id, gone, &why("x"))
                .await
                .unwrap_err(),
            Fail::Denied(_)
        ));
        // Nobody of the house that offers chooses who judges it.
        also(&w, "second", "a", Role::Delegate).await;
        by_rule(
            strike(&w.h, &acting(&w, "second", "culture").await, id, gone, &why("x")).await,
            "call.maker-does-not-decide",
        );
        // Nor do they say what is weighed, who is looked at, and who wins.
        let second = acting(&w, "second", "culture").await;
        let rule = "call.maker-does-not-decide";
        by_rule(seat(&w.h, &second, id, &seat_of("judge3")).await, rule);
        by_rule(shortlist(&w.h, &second, id, &ShortlistInput::default()).await, rule);
        by_rule(solve(&w.h, &second, id, &SolveInput::default()).await, rule);
        by_rule(award_offer(&w.h, &second, id, &give(a)).await, rule);
        let no = DecideInput {
            reason_en: "none fits".into(),
            ..Default::default()
        };
        by_rule(decide(&w.h, &second, id, &no).await, rule);
        strike(&w.h, &officer, id, gone, &why("three letters, no answer"))
            .await
            .unwrap();
        assert_eq!(
            code(strike(&w.h, &officer, id, gone, &why("x")).await.unwrap_err()).1,
            "refusal-strike-twice"
        );
        let told = journal::history(&t.db, "call", &id.to_string()).await.unwrap();
        let struck = told.iter().find(|(line, _)| line.action == "panel.struck").unwrap();
        assert_eq!(
            struck.1.as_ref().and_then(|d| d.reason.as_deref()),
            Some("three letters, no answer")
        );
        assert_eq!(
            code(
                strike(&w.h, &officer, id, Id::named("judge1"), &why("their points are low"))
                    .await
                    .unwrap_err()
            )
            .1,
            "refusal-strike-scored"
        );
        assert_eq!(
            code(score(&w.h, &w.asking("judge3").await, a, &marks(9)).await.unwrap_err()).1,
            "refusal-seat-struck"
        );
        award_offer(&w.h, &officer, id, &give(a)).await.unwrap();
    }
);
on_each_engine!(
    ROOMS,
    async fn whoever_belongs_to_a_maker_looks_at_nothing_before_the_decision(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let id = w.call("outsourcing").await;
        let (a, b) = (w.offer("anna", id).await, w.offer("ben", id).await);
        also(&w, "second", "a", Role::Delegate).await;
        let second = acting(&w, "second", "culture").await.viewer;
        // The lead of the office offers in their own name.
        let lead = w.viewer("lead").await;
        let herself = Asking::new(Viewer {
            acting: None,
            ..lead.clone()
        });
        let own = begin(&w.h, &herself, id).await.unwrap();
        let needs = sql::needs(&t.db, id).await.unwrap();
        save(&w, &herself, own, &offer_input(&needs, "lead")).await.unwrap();
        submit(&w.h, &herself, own).await.unwrap();
        for judge in ["judge1", "judge2"] {
            seat(&w.h, &officer, id, &seat_of(judge)).await.unwrap();
        }
        let kept = sql::load(&t.db, id).await.unwrap().unwrap();
        review_view(&w.h, &second, &kept)
            .await
            .expect("while it is sealed nothing says that a offers");
        w.after_close();
        open(&w.h, &officer, id).await.unwrap();
        w.judged(id, &[a, b, own]).await;
        let plan = solve(&w.h, &officer, id, &SolveInput::default()).await.unwrap();
        let other = solve(&w.h, &officer, id, &SolveInput::default()).await.unwrap();
        let rule = "call.maker-does-not-look";
        let kept = sql::load(&t.db, id).await.unwrap().unwrap();
        for viewer in [&second, &lead] {
            by_rule(told(&w.h, viewer, plan, false).await, rule);
            by_rule(offer_view(&w.h, viewer, b).await, rule);
            by_rule(review_view(&w.h, viewer, &kept).await, rule);
            by_rule(export_offers(&w.h, viewer, id, Locale::En).await.map(|_| ()), rule);
            assert!(!may_look(&w.h, viewer, id).await.unwrap());
            let seen = call_view(&w.h, viewer, id).await.unwrap();
            assert!(seen.inside && !seen.looks, "the call itself is theirs to see");
        }
        offer_view(&w.h, &second, a)
            .await
            .expect("one's own side's is no secret");
        let looks = |name: &'static str, at: &'static str| {
            let (w, kept) = (&w, &kept);
            async move {
                let viewer = w.viewer(name).await;
                let (_, _, seen) = told(&w.h, &viewer, plan, false).await.unwrap();
                assert!(seen.inside && seen.scored(), "{name} {at}");
                offer_view(&w.h, &viewer, b).await.unwrap();
                assert!(!review_view(&w.h, &viewer, kept).await.unwrap().marks.is_empty());
                assert!(call_view(&w.h, &viewer, id).await.unwrap().looks);
            }
        };
        looks("officer", "before").await;
        looks("auditor", "before").await;
        // A published plan they read as everybody does.
        publish_plan(&w.h, &officer, plan).await.unwrap();
        for viewer in [&second, &lead] {
            let (_, _, seen) = told(&w.h, viewer, plan, true).await.unwrap();
            assert!(!seen.inside && !seen.scored() && seen.proof.is_none() && seen.scores.is_none());
            by_rule(told(&w.h, viewer, other, false).await, rule);
        }
        let no = DecideInput {
            reason_en: "none fits".into(),
            ..Default::default()
        };
        decide(&w.h, &officer, id, &no).await.unwrap();
        for viewer in [&second, &lead] {
            let (_, _, seen) = told(&w.h, viewer, plan, true).await.unwrap();
            assert!(seen.inside && seen.scored() && seen.proof.is_some());
            offer_view(&w.h, viewer, b).await.unwrap();
        }
        looks("officer", "after").await;
    }
);
on_each_engine!(
    ROOMS,
    async fn a_judge_who_joined_an_offering_body_scores_nothing(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let id = w.call("outsourcing").await;
        let a = w.offer("anna", id).await;
        let b = w.offer("ben", id).await;
        for judge in ["judge1", "judge2"] {
            seat(&w.h, &officer, id, &seat_of(judge)).await.unwrap();
        }
        w.after_close();
        open(&w.h, &officer, id).await.unwrap();
        let judge = w.asking("judge1").await;
        declare(&w.h, &judge, id, &DeclareInput::default()).await.unwrap();
        score(&w.h, &judge, a, &marks(7)).await.unwrap();
        // Seated, declared, and only then on somebody's side, whoever they act for.
        also(&w, "judge1", "a", Role::Delegate).await;
        for judge in [w.asking("judge1").await, acting(&w, "judge1", "a").await] {
            for offer in [a, b] {
                let answer = score(&w.h, &judge, offer, &marks(3)).await;
                assert!(matches!(answer, Err(Fail::Denied(_))), "{answer:?}");
            }
            assert!(matches!(hand_in(&w.h, &judge, id).await, Err(Fail::Denied(_))));
        }
        let judge = w.asking("judge1").await;
        by_rule(score(&w.h, &judge, b, &marks(3)).await, "call.maker-does-not-judge");
        by_rule(hand_in(&w.h, &judge, id).await, "call.maker-does-not-judge");
        // Who has nothing to do with it goes on; the office strikes the other.
        let other = w.asking("judge2").await;
        declare(&w.h, &other, id, &DeclareInput::default()).await.unwrap();
        for offer in [a, b] {
            score(&w.h, &other, offer, &marks(8)).await.unwrap();
        }
        hand_in(&w.h, &other, id).await.unwrap();
        let why = StrikeInput {
            reason: "has joined a".into(),
        };
        strike(&w.h, &officer, id, Id::named("judge1"), &why).await.unwrap();
    }
);
on_each_engine!(
    ROOMS,
    async fn who_erases_their_account_leaves_no_empty_chair(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let id = w.call("outsourcing").await;
        w.offer("anna", id).await;
        for judge in ["judge1", "judge2"] {
            seat(&w.h, &officer, id, &seat_of(judge)).await.unwrap();
        }
        let mut heard = ::store::Handlers::default();
        handlers(&mut heard);
        let worker = ::store::Worker {
            db: t.db.clone(),
            handlers: heard,
        };
        for _ in 0..2 {
            let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
            tx.emit("account.erased", Id::<basis::Account>::named("judge2"))
                .await
                .unwrap();
            tx.done(()).await.unwrap();
            worker.drain().await.unwrap();
        }
        let struck: Vec<_> = sql::seats(&t.db, id).await.unwrap().iter().map(|s| s.struck).collect();
        assert!(
            struck.contains(&Some(Struck::Gone)) && struck.contains(&None),
            "{struck:?}"
        );
    }
);
on_each_engine!(
    ROOMS,
    async fn an_awarded_call_is_not_cancelled_and_makers_hear_of_a_cancelled_one(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let id = w.call("assignment").await;
        let a = w.offer("anna", id).await;
        w.after_close();
        open(&w.h, &officer, id).await.unwrap();
        award_offer(&w.h, &officer, id, &give(a)).await.unwrap();
        assert_eq!(
            code(
                cancel(&w.h, &officer, id, &because(&w, id, "no money").await)
                    .await
                    .unwrap_err()
            )
            .1,
            "refusal-call-awarded"
        );
        let kept = call(&t.db, id).await.unwrap().unwrap();
        assert_eq!(kept.status, CallStatus::InReview);
    }
);
on_each_engine!(
    ROOMS,
    async fn whoever_wrote_hears_that_a_call_is_cancelled(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        // Sealed: nobody else learns who wrote, so nothing waits for a release. Opened: it waits like every answer.
        for (opened, status) in [(false, LetterStatus::Ready), (true, LetterStatus::Held)] {
            let id = w.call("assignment").await;
            w.offer("anna", id).await;
            begin(&w.h, &w.asking("ida").await, id).await.unwrap();
            let ben = w.offer("ben", id).await;
            withdraw(&w.h, &w.asking("ben").await, ben, &WithdrawInput::default())
                .await
                .unwrap();
            if opened {
                w.after_close();
                open(&w.h, &officer, id).await.unwrap();
            }
            cancel(&w.h, &officer, id, &because(&w, id, "no money this year").await)
                .await
                .unwrap();
            let letters = ::store::letters(&t.db, Some(status), 50).await.unwrap();
            let mut to: Vec<_> = letters.iter().map(|l| l.to_address.as_str()).collect();
            to.sort_unstable();
            assert_eq!(to, ["anna@example.org", "ida@example.org"]);
            assert!(letters.iter().all(|l| l.body_text.contains("no money this year")));
        }
        // Who was asked to take work on hears that it is taken back.
        let id = assign(
            &w.h,
            &officer,
            &AssignInput {
                answer_by: "2026-12-20".into(),
                ..assign_to("b")
            },
        )
        .await
        .unwrap();
        cancel(&w.h, &officer, id, &because(&w, id, "no money this year").await)
            .await
            .unwrap();
        let held = ::store::letters(&t.db, Some(LetterStatus::Held), 50).await.unwrap();
        let told = held
            .iter()
            .filter(|l| l.to_address == "ben@example.org" && l.body_text.contains("no money this year"));
        assert_eq!(told.count(), 1);
    }
);
on_each_engine!(
    ROOMS,
    async fn an_award_and_a_cancellation_at_once_do_not_both_happen(t: TestDb) {
        let w = World::new(&t).await;
        for _ in 0..4 {
            let id = w.call("assignment").await;
            let a = w.offer("ida", id).await;
            let was = w.t.db.now();
            w.after_close();
            let (one, two) = (w.asking("officer").await, w.asking("second").await);
            open(&w.h, &one, id).await.unwrap();
            let (given, reason) = (give(a), because(&w, id, "no money").await);
            let (awarded, cancelled) =
                tokio::join!(award_offer(&w.h, &one, id, &given), cancel(&w.h, &two, id, &reason));
            assert!(!(awarded.is_ok() && cancelled.is_ok()), "{awarded:?} {cancelled:?}");
            let status = call(&t.db, id).await.unwrap().unwrap().status;
            let awards = awards_of(&t.db, &[id]).await.unwrap().len();
            assert!(awards == 0 || status == CallStatus::InReview, "{awards} {status}");
            t.clock.set(was);
        }
    }
);
on_each_engine!(
    ROOMS,
    async fn a_paper_offer_meets_a_panel_that_has_not_handed_in(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let id = w.call("outsourcing").await;
        let a = w.offer("anna", id).await;
        for judge in ["judge1", "judge2", "ben"] {
            seat(&w.h, &officer, id, &seat_of(judge)).await.unwrap();
        }
        w.after_close();
        open(&w.h, &officer, id).await.unwrap();
        let counts = |seats: Vec<Seat>| seats.iter().filter(|s| s.counts()).count();
        assert_eq!(
            counts(sql::seats(&t.db, id).await.unwrap()),
            3,
            "so far b does not offer"
        );
        let paper = "单位,收到时间,摘要（中文）,方案（中文）,开始日期,结束日期,申请金额,经费用途,工作语言,人员,需求与数量\nb,2026-11-30 10:00,纸质,方案,2027-02-01,2027-10-01,500,纸,zh-Hans,李四,1: 2；2：1\n";
        import_offers(&w.h, &officer, id, paper.as_bytes(), "o.csv", false)
            .await
            .unwrap();
        let seats = sql::seats(&t.db, id).await.unwrap();
        let of_ben = seats.iter().find(|s| s.account == Id::named("ben")).unwrap();
        assert_eq!(
            of_ben.struck,
            Some(Struck::Offers),
            "ben judges nothing beside his own offer"
        );
        // A member hands in after the file was looked at and before it is written.
        let b = sql::makers(&t.db, id).await.unwrap().into_iter().map(|m| m.offer);
        w.judged(id, &b.collect::<Vec<_>>()).await;
        assert!(sql::opened_offer(&t.db, a).await.unwrap().is_some());
        let old = sql::load(&t.db, id).await.unwrap().unwrap();
        assert_eq!(
            code(crate::files::write(&w.h, &officer, &old, Vec::new()).await.unwrap_err()).1,
            "refusal-import-late"
        );
    }
);
