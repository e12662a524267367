//! Calls on both engines: from draft to decision, what stays sealed from whom, and who wins a race.

use std::time::Duration;

use ::store::{
    Act, Blobs, BlobsConfig, LetterStatus, OrRepeat, Query, Via, journal, on_each_engine, testing::TestDb, vals,
};
use access::{
    Asking, BodyCard, BodyKind, Gate, House, HouseGrant, MadeAccount, Role, Viewer, found_body, grant_by_house,
    make_account, viewer_of,
};
use basis::{AccountId, CallId, Fail, Field, Id, Locale, OfferId, PageRequest, PlanItemId, PolicyLineId, Text};

use super::*;
use crate::store as sql;

mod allocated;
mod assigned;
mod authority;
mod fair;
mod leaks;
mod loads;
mod matched;
mod readings;
mod terms;
mod web;
mod world;

use world::*;

on_each_engine!(
    ROOMS,
    async fn from_draft_to_decision(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let id = w.call("outsourcing").await;
        let (a, i) = (w.offer("anna", id).await, w.offer("ida", id).await);
        let b = w.offer("ben", id).await;
        for (who, refusal) in [("officer", "refusal-seat-made-call"), ("second", "refusal-seat-guides")] {
            assert_eq!(
                code(seat(&w.h, &officer, id, &seat_of(who)).await.unwrap_err()),
                ("account".into(), refusal)
            );
        }
        for judge in ["judge1", "judge2", "anna"] {
            seat(&w.h, &officer, id, &seat_of(judge)).await.unwrap();
        }
        assert_eq!(
            code(seat(&w.h, &officer, id, &seat_of("judge1")).await.unwrap_err()).1,
            "refusal-seat-taken"
        );
        assert_eq!(
            code(open(&w.h, &officer, id).await.unwrap_err()).1,
            "refusal-call-still-open"
        );
        w.after_close();
        open(&w.h, &officer, id).await.unwrap();
        let seats = sql::seats(&t.db, id).await.unwrap();
        assert_eq!(
            seats.iter().filter(|s| s.counts()).count(),
            2,
            "anna's body offers: her seat was struck at the opening"
        );
        assert_eq!(
            code(seat(&w.h, &officer, id, &seat_of("ben")).await.unwrap_err()).1,
            "refusal-seat-offers"
        );
        assert_eq!(sql::seats_of(&t.db, Id::named("judge1")).await.unwrap().len(), 1);
        w.judged(id, &[a, b, i]).await;
        assert_eq!(
            code(score(&w.h, &w.asking("judge1").await, a, &marks(1)).await.unwrap_err()).1,
            "refusal-scores-in"
        );
        shortlist(
            &w.h,
            &officer,
            id,
            &ShortlistInput {
                offers: vec![a.to_string(), i.to_string()],
            },
        )
        .await
        .unwrap();
        let give = |o: OfferId| AwardInput {
            offer: o.to_string(),
            reason_en: "best plan".into(),
            ..Default::default()
        };
        assert_eq!(
            code(award_offer(&w.h, &officer, id, &give(b)).await.unwrap_err()).1,
            "refusal-offer-not-shortlisted"
        );
        assert_eq!(
            code(
                award_offer(
                    &w.h,
                    &officer,
                    id,
                    &AwardInput {
                        offer: a.to_string(),
                        ..Default::default()
                    }
                )
                .await
                .unwrap_err()
            )
            .0,
            "reason_en"
        );
        let won = award_offer(&w.h, &officer, id, &give(a)).await.unwrap();
        let above = call_above(&t.db, "award", &won.to_string()).await.unwrap();
        assert_eq!(
            (above, call_above(&t.db, "award", "x").await.unwrap()),
            (Some(id), None)
        );
        let card = award(&t.db, won).await.unwrap().unwrap();
        assert_eq!(
            (card.offer, card.body, card.mode, card.amount.map(|m| m.minor)),
            (a, Some(Id::named("a")), Mode::Outsourcing, Some(100_000))
        );
        decide(
            &w.h,
            &officer,
            id,
            &DecideInput {
                reason_zh: "名额有限".into(),
                ..Default::default()
            },
        )
        .await
        .unwrap();
        let held = ::store::letters(&t.db, Some(LetterStatus::Held), 50).await.unwrap();
        let mut to: Vec<_> = held.iter().map(|l| l.to_address.as_str()).collect();
        to.sort_unstable();
        assert_eq!(
            to,
            ["anna@example.org", "ben@example.org", "ida@example.org"],
            "every maker is answered, held for release"
        );
        assert!(held.iter().all(|l| l.body_text.contains("next step")));
        let public = offers_public(&t.db, id).await.unwrap();
        let mut told: Vec<_> = public.iter().map(|o| (o.status, o.mean)).collect();
        // Equal means stand in no order.
        told.sort_by_key(|o| o.0 != OfferStatus::Awarded);
        assert_eq!(
            told,
            [
                (OfferStatus::Awarded, Some(750)),
                (OfferStatus::Declined, Some(750)),
                (OfferStatus::Declined, Some(750))
            ]
        );
        let topics = t.db.number("SELECT COUNT(*) AS n FROM outbox WHERE topic IN ('call.published', 'call.closed', 'call.awarded', 'promise.made', 'call.decided')", vec![]).await.unwrap();
        assert_eq!(topics, 5);
        assert_eq!(verify(&t.db).await.unwrap(), Vec::<String>::new());
        assert_eq!(
            journal::verify(&t.db, |_, _| {}).await.unwrap().faults,
            Vec::<String>::new()
        );
        assert_eq!(awards_of(&t.db, &[id]).await.unwrap().len(), 1);
        assert!(matches!(
            cancel(&w.h, &officer, id, &because(&w, id, "x").await)
                .await
                .unwrap_err(),
            Fail::Refused(_)
        ));
        // What must never be is found.
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        tx.exec("UPDATE call SET opened_at = 0 WHERE id = $1", vals![id])
            .await
            .unwrap();
        tx.exec("DELETE FROM award_line", vec![]).await.unwrap();
        tx.exec("DELETE FROM award", vec![]).await.unwrap();
        tx.done(()).await.unwrap();
        assert_eq!(sql::loose_ends(&t.db).await.unwrap().len(), 2);
    }
);
on_each_engine!(
    ROOMS,
    async fn an_assignment_needs_no_panel_but_a_reason(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let id = w.call("assignment").await;
        let a = w.offer("anna", id).await;
        w.after_close();
        open(&w.h, &officer, id).await.unwrap();
        let bare = AwardInput {
            offer: a.to_string(),
            ..Default::default()
        };
        assert_eq!(
            code(award_offer(&w.h, &officer, id, &bare).await.unwrap_err()).1,
            "refusal-one-language"
        );
        award_offer(
            &w.h,
            &officer,
            id,
            &AwardInput {
                reason_zh: "唯一有此设备".into(),
                ..bare
            },
        )
        .await
        .unwrap();
    }
);
on_each_engine!(
    ROOMS,
    async fn no_award_without_a_heard_panel(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let id = w.call("outsourcing").await;
        let a = w.offer("anna", id).await;
        for judge in ["judge1", "judge2"] {
            seat(&w.h, &officer, id, &seat_of(judge)).await.unwrap();
        }
        // For the rule on evaluators: everybody seated under the plan item, once each.
        assert_eq!(panel_people(&t.db, plan_item()).await.unwrap().len(), 2);
        assert_eq!(sql::seated_under(&t.db, Id::named("another item")).await.unwrap(), []);
        w.after_close();
        open(&w.h, &officer, id).await.unwrap();
        let give = AwardInput {
            offer: a.to_string(),
            reason_en: "best".into(),
            ..Default::default()
        };
        assert_eq!(
            code(award_offer(&w.h, &officer, id, &give).await.unwrap_err()).1,
            "refusal-scores-missing"
        );
        let judge = w.asking("judge1").await;
        assert_eq!(
            code(score(&w.h, &judge, a, &marks(5)).await.unwrap_err()).1,
            "refusal-panel-not-declared"
        );
        declare(&w.h, &judge, id, &DeclareInput::default()).await.unwrap();
        assert_eq!(
            code(hand_in(&w.h, &judge, id).await.unwrap_err()).1,
            "refusal-offers-unscored"
        );
        let bad = ScoreInput {
            marks: vec![MarkInput {
                criterion: "c1".into(),
                points: "11".into(),
                note: String::new(),
            }],
        };
        assert_eq!(code(score(&w.h, &judge, a, &bad).await.unwrap_err()).0, "points-c1");
        // Somebody who is not on the panel does not score, and somebody who is does not decide.
        assert!(matches!(
            score(&w.h, &officer, a, &marks(5)).await.unwrap_err(),
            Fail::Denied(_)
        ));
        w.judged(id, &[a]).await;
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        let g = HouseGrant {
            account: Id::named("judge2"),
            body: Id::named("culture"),
            role: Role::DepartmentOfficer,
            purpose: "w".into(),
            letter: "2".into(),
            until: None,
        };
        let mandate = grant_by_house(&tx, &g).await.unwrap();
        tx.done(()).await.unwrap();
        let both = Asking::new(
            viewer_of(&t.db, Id::named("judge2"), Some(mandate), Via::Page)
                .await
                .unwrap(),
        );
        let denied = award_offer(&w.h, &both, id, &give).await.unwrap_err();
        assert!(
            matches!(&denied, Fail::Denied(d) if d.rules.contains(&"call.panel-does-not-decide".to_owned())),
            "{denied}"
        );
        let lead = w.asking("lead").await;
        assert!(
            matches!(award_offer(&w.h, &lead, id, &give).await.unwrap_err(), Fail::Denied(_)),
            "the office does not guide this call"
        );
        award_offer(&w.h, &officer, id, &give).await.unwrap();
    }
);
on_each_engine!(
    ROOMS,
    async fn two_who_award_at_once_make_one_award(t: TestDb) {
        let w = World::new(&t).await;
        let id = w.call("assignment").await;
        let a = w.offer("anna", id).await;
        w.after_close();
        open(&w.h, &w.asking("officer").await, id).await.unwrap();
        let give = AwardInput {
            offer: a.to_string(),
            reason_en: "only one".into(),
            ..Default::default()
        };
        let (one, two) = (w.asking("officer").await, w.asking("second").await);
        let tries = (0..10).map(|i| {
            let (h, asking, give) = (
                w.h.clone(),
                if i % 2 == 0 { one.clone() } else { two.clone() },
                give.clone(),
            );
            tokio::spawn(async move { award_offer(&h, &asking, id, &give).await })
        });
        let mut won = 0;
        for r in futures::future::join_all(tries).await {
            match r.unwrap() {
                Ok(_) => won += 1,
                Err(e) => assert_eq!(code(e), ("offer".into(), "refusal-offer-awarded")),
            }
        }
        assert_eq!(won, 1);
        assert_eq!(t.db.number("SELECT COUNT(*) AS n FROM award", vec![]).await.unwrap(), 1);
        assert_eq!(
            t.db.number("SELECT COUNT(*) AS n FROM outbox WHERE topic = 'call.awarded'", vec![])
                .await
                .unwrap(),
            1
        );
        assert_eq!(verify(&t.db).await.unwrap(), Vec::<String>::new());
        // A double click by one person is the same award.
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        assert!(!sql::mark_awarded(&tx, a).await.unwrap());
        let again = sql::insert_award(
            &tx,
            tx.fresh(),
            (id, a),
            Mode::Assignment,
            (&Text::both("因", "why"), None),
            &crate::award::Granted {
                units: Vec::new(),
                asked: None,
                amount: None,
                why: None,
            },
            basis::Currency::CNY,
            true,
        )
        .await;
        assert!(matches!(again, Err(::store::StoreFault::Unique(_))));
    }
);
on_each_engine!(
    ROOMS,
    async fn the_closing_second(t: TestDb) {
        let w = World::new(&t).await;
        let id = w.call("outsourcing").await;
        let anna = w.asking("anna").await;
        let a = begin(&w.h, &anna, id).await.unwrap();
        assert_eq!(begin(&w.h, &anna, id).await.unwrap(), a, "one offer per maker");
        let needs = sql::needs(&t.db, id).await.unwrap();
        save(&w, &anna, a, &offer_input(&needs, "anna")).await.unwrap();
        let call = sql::load(&t.db, id).await.unwrap().unwrap();
        assert_eq!(
            call.closes_at.to_string(),
            "2026-12-02T09:00:00Z",
            "17:00 by Chongqing's clock"
        );
        t.clock
            .set(call.closes_at.checked_sub(Duration::from_micros(1)).unwrap());
        submit(&w.h, &anna, a).await.unwrap();
        submit(&w.h, &anna, a).await.unwrap();
        t.clock.set(call.closes_at);
        assert_eq!(code(submit(&w.h, &anna, a).await.unwrap_err()).1, "refusal-call-closed");
        assert_eq!(
            code(save(&w, &anna, a, &OfferInput::default()).await.unwrap_err()).1,
            "refusal-call-closed"
        );
        assert_eq!(
            code(begin(&w.h, &w.asking("ben").await, id).await.unwrap_err()).1,
            "refusal-call-closed"
        );
        // Whoever submits while somebody opens: either it was in before and is opened, or it is refused.
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        assert!(!sql::hold_open(&tx, id, call.closes_at).await.unwrap());
        assert!(!sql::hold_in_review(&tx, id).await.unwrap());
        drop(tx);
        open(&w.h, &w.asking("officer").await, id).await.unwrap();
        let offers = sql::opened_offers(&t.db, id).await.unwrap();
        assert_eq!(offers.len(), 1);
        assert_eq!(
            offers[0].content.as_ref().unwrap().seal(),
            offers[0].seal.clone().unwrap(),
            "what lay sealed is what was opened"
        );
        assert!(
            matches!(
                open(&w.h, &w.asking("second").await, id).await.unwrap_err(),
                Fail::Refused(_)
            ),
            "opened once"
        );
    }
);
on_each_engine!(
    ROOMS,
    async fn nothing_typed_is_lost_and_two_windows_are_told(t: TestDb) {
        let w = World::new(&t).await;
        let id = w.call("outsourcing").await;
        let anna = w.asking("anna").await;
        let a = begin(&w.h, &anna, id).await.unwrap();
        let half = OfferInput {
            asked: "a lot".into(),
            ends: "31.2.2027".into(),
            version: "1".into(),
            ..Default::default()
        };
        let blank = OfferInput {
            version: String::new(),
            ..half.clone()
        };
        assert_eq!(
            code(save_draft(&w.h, &anna, a, &blank).await.unwrap_err()).1,
            "refusal-version-needed"
        );
        save_draft(&w.h, &anna, a, &half).await.unwrap();
        assert!(
            matches!(save_draft(&w.h, &anna, a, &half).await.unwrap_err(), Fail::Changed),
            "another window was faster"
        );
        let seen = own_view(&w.h, &anna.viewer, a).await.unwrap();
        assert_eq!(
            (seen.offer.draft.asked.as_str(), seen.offer.draft.ends.as_str()),
            ("a lot", "31.2.2027")
        );
        assert!(matches!(submit(&w.h, &anna, a).await.unwrap_err(), Fail::Refused(r) if r.len() > 5));
        let needs = sql::needs(&t.db, id).await.unwrap();
        save(&w, &anna, a, &offer_input(&needs, "anna")).await.unwrap();
        submit(&w.h, &anna, a).await.unwrap();
        assert!(!own_view(&w.h, &anna.viewer, a).await.unwrap().changed);
        save(&w, &anna, a, &offer_input(&needs, "other")).await.unwrap();
        assert!(
            own_view(&w.h, &anna.viewer, a).await.unwrap().changed,
            "the draft differs from what lies sealed"
        );
        withdraw(&w.h, &anna, a, &WithdrawInput::default()).await.unwrap();
        assert_eq!(sql::sealed(&t.db, id).await.unwrap().len(), 0);
        save(&w, &anna, a, &offer_input(&needs, "again")).await.unwrap();
        assert_eq!(
            own_view(&w.h, &anna.viewer, a).await.unwrap().offer.status,
            OfferStatus::Draft
        );
        let key = Asking {
            once: Some("k".into()),
            ..anna.clone()
        };
        let first = submit(&w.h, &key, a).await.unwrap();
        assert_eq!(submit(&w.h, &key, a).await.or_repeat().unwrap(), first);
        assert_eq!(offers_of(&t.db, &anna.viewer).await.unwrap().len(), 1);
        let huge = OfferInput {
            people: "人".repeat(70_000),
            ..Default::default()
        };
        assert_eq!(code(save(&w, &anna, a, &huge).await.unwrap_err()).1, "refusal-too-long");
        let own = sql::own_offer_id(&t.db, id, &Offer::maker(Some(Id::named("a")), None))
            .await
            .unwrap();
        assert_eq!(own, Some(a));
    }
);
on_each_engine!(
    ROOMS,
    async fn who_guides_never_offers_and_only_they_publish(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let id = draft(&w.h, &w.asking("lead").await, &call_input("outsourcing"))
            .await
            .unwrap();
        assert!(
            matches!(
                publish(&w.h, &w.asking("lead").await, id).await.unwrap_err(),
                Fail::Denied(_)
            ),
            "the office drafted it, the department guides it"
        );
        assert!(matches!(
            publish(&w.h, &w.asking("stranger").await, id).await.unwrap_err(),
            Fail::Denied(_)
        ));
        assert!(
            matches!(
                begin(&w.h, &w.asking("anna").await, id).await.unwrap_err(),
                Fail::NotFound
            ),
            "a draft is not there for others"
        );
        assert_eq!(call(&t.db, id).await.unwrap(), None);
        let amended = CallInput {
            title_en: "Rivers".into(),
            version: "1".into(),
            ..call_input("outsourcing")
        };
        amend(&w.h, &officer, id, &amended).await.unwrap();
        assert!(matches!(
            amend(&w.h, &officer, id, &amended).await.unwrap_err(),
            Fail::Changed
        ));
        publish(&w.h, &officer, id).await.unwrap();
        assert_eq!(
            code(amend(&w.h, &officer, id, &call_input("outsourcing")).await.unwrap_err()).1,
            "refusal-version-needed"
        );
        let late = CallInput {
            version: "3".into(),
            ..amended
        };
        assert_eq!(
            code(amend(&w.h, &officer, id, &late).await.unwrap_err()).1,
            "refusal-call-not-draft"
        );
        let denied = begin(&w.h, &officer, id).await.unwrap_err();
        assert!(
            matches!(&denied, Fail::Denied(d) if d.rules.contains(&"house.guide-does-not-execute".to_owned())),
            "{denied}"
        );
        seat(&w.h, &officer, id, &seat_of("ida")).await.unwrap();
        let denied = begin(&w.h, &w.asking("ida").await, id).await.unwrap_err();
        assert!(
            matches!(&denied, Fail::Denied(d) if d.rules.contains(&"house.panel-does-not-execute".to_owned())),
            "{denied}"
        );
        unseat(&w.h, &officer, id, Id::named("ida")).await.unwrap();
        begin(&w.h, &w.asking("ida").await, id).await.unwrap();
        let anonymous = Asking::new(Viewer::public(Via::Api));
        assert!(matches!(begin(&w.h, &anonymous, id).await.unwrap_err(), Fail::Denied(d) if d.anonymous));
        let blank = CancelInput {
            reason: "flood".into(),
            ..Default::default()
        };
        assert_eq!(
            code(cancel(&w.h, &officer, id, &blank).await.unwrap_err()).1,
            "refusal-version-needed",
            "made on which version?"
        );
        cancel(&w.h, &officer, id, &because(&w, id, "flood").await)
            .await
            .unwrap();
        assert_eq!(call(&t.db, id).await.unwrap().unwrap().status, CallStatus::Cancelled);
    }
);
on_each_engine!(
    ROOMS,
    async fn lists_show_open_calls_first(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let mut ids = Vec::new();
        for (closes, opens) in [
            ("2026-12-20", ""),
            ("2026-12-01", ""),
            ("2026-12-30", "2026-12-15"),
            ("2026-11-25", ""),
        ] {
            let input = CallInput {
                closes_on: closes.into(),
                opens_on: opens.into(),
                opens_time: "09:00".into(),
                ..call_input("outsourcing")
            };
            let id = draft(&w.h, &officer, &input).await.unwrap();
            ids.push(publish(&w.h, &officer, id).await.unwrap());
        }
        let hidden = draft(&w.h, &officer, &call_input("outsourcing")).await.unwrap();
        t.clock.forward(Duration::from_secs(5 * 86_400));
        let now = t.db.now();
        let all = list_calls(&t.db, now, None, &PageRequest::first(10))
            .await
            .unwrap()
            .items;
        assert_eq!(
            all.iter().map(|c| c.id).collect::<Vec<_>>(),
            [ids[1], ids[0], ids[2], ids[3]]
        );
        let mut paged = Vec::new();
        let mut page = PageRequest::first(1);
        loop {
            let p = sql::list(&t.db, now, Some(Field::Culture), &page).await.unwrap();
            paged.extend(p.items.iter().map(|c| c.id));
            match p.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        assert_eq!(paged, [ids[1], ids[0], ids[2], ids[3]]);
        assert_eq!(open_calls(&t.db, now, 9).await.unwrap().len(), 2);
        assert_eq!(sql::open_now(&t.db, now, 1).await.unwrap()[0].id, ids[1]);
        assert_eq!(of_plan_items(&t.db, &[plan_item()]).await.unwrap().len(), 4);
        assert_eq!(sql::of_items(&t.db, &[plan_item()]).await.unwrap().len(), 4);
        assert_eq!(sql::cards(&t.db, &[hidden]).await.unwrap().len(), 1);
        assert_eq!(
            sql::unfinished(&t.db, Some(Id::named("culture")), 9)
                .await
                .unwrap()
                .len(),
            5
        );
        assert_eq!(sql::unfinished(&t.db, None, 9).await.unwrap().len(), 5);
        assert_eq!(needs(&t.db, &ids).await.unwrap().len(), 8);
        assert_eq!(sql::needs_of(&t.db, &ids[..1]).await.unwrap().len(), 2);
        let old = sql::load(&t.db, hidden).await.unwrap().unwrap();
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        assert!(matches!(
            sql::save(
                &tx,
                &Call {
                    version: 7,
                    ..old.clone()
                }
            )
            .await
            .unwrap_err(),
            Fail::Changed
        ));
        sql::insert(&tx, &Call { id: tx.fresh(), ..old }).await.unwrap();
        sql::replace_needs(&tx, hidden, &[]).await.unwrap();
        tx.done(()).await.unwrap();
    }
);
on_each_engine!(
    ROOMS,
    async fn paper_offers_go_in_after_the_opening_whole_or_not(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let id = w.call("outsourcing").await;
        w.offer("anna", id).await;
        let good = "单位,收到时间,摘要（中文）,方案（中文）,开始日期,结束日期,申请金额,经费用途,工作语言,人员,需求与数量\nb,2026-11-30 10:00,纸质,方案,2027-02-01,2027-10-01,500,纸,zh-Hans,李四,1: 2；2：1\n";
        assert_eq!(
            code(
                import_offers(&w.h, &officer, id, good.as_bytes(), "o.csv", true)
                    .await
                    .unwrap_err()
            )
            .1,
            "refusal-call-not-in-review"
        );
        assert_eq!(
            code(export_offers(&w.h, &officer.viewer, id, Locale::Zh).await.unwrap_err()).1,
            "refusal-call-sealed"
        );
        w.after_close();
        open(&w.h, &officer, id).await.unwrap();
        let bad = good.replace("b,2026-11-30", "a,2026-12-30").replace("1: 2", "7: 2");
        let report = import_offers(&w.h, &officer, id, bad.as_bytes(), "o.csv", false)
            .await
            .unwrap();
        let at: Vec<_> = report.faults.iter().map(|f| (f.column, f.refusal.code)).collect();
        assert_eq!(
            at,
            [
                ("maker", "refusal-offer-twice"),
                ("received", "refusal-received"),
                ("lines", "refusal-not-in-list")
            ]
        );
        assert!(
            import_offers(&w.h, &officer, id, good.as_bytes(), "o.csv", true)
                .await
                .unwrap()
                .is_clean()
        );
        assert!(matches!(
            import_offers(&w.h, &w.asking("anna").await, id, good.as_bytes(), "o.csv", true)
                .await
                .unwrap_err(),
            Fail::Denied(_)
        ));
        let keyed = officer.clone().once("paper");
        assert_eq!(
            import_offers(&w.h, &keyed, id, good.as_bytes(), "o.csv", false)
                .await
                .unwrap()
                .written,
            1
        );
        let again = import_offers(&w.h, &keyed, id, good.as_bytes(), "o.csv", false).await;
        assert!(
            matches!(&again, Err(Fail::Repeated(first)) if first == "1"),
            "a second click is no second file: {again:?}"
        );
        let look = import_offers(&w.h, &keyed, id, good.as_bytes(), "o.csv", true).await;
        assert!(!look.unwrap().is_clean(), "to look is another act");
        let csv = String::from_utf8(
            export_offers(&w.h, &officer.viewer, id, Locale::Zh)
                .await
                .unwrap()
                .to_csv()
                .unwrap(),
        )
        .unwrap();
        assert!(csv.contains("1: 2; 2: 1") && csv.contains("secret-anna"), "{csv}");
        assert!(matches!(
            export_offers(&w.h, &Viewer::public(Via::Page), id, Locale::Zh)
                .await
                .unwrap_err(),
            Fail::Denied(_)
        ));
        assert_eq!(verify(&t.db).await.unwrap(), Vec::<String>::new());
    }
);
