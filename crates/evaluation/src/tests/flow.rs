//! Use cases as people do them, on both engines.

use ::store::{OrRepeat, Query, journal, on_each_engine, vals};

use super::*;
use crate::{
    FindingState, ReplyInput, Status, aim::drop_aim_of, declare_no_conflict, find, publish, reply, store, submit,
};

fn answer(text: &str) -> ReplyInput {
    ReplyInput { text: text.into() }
}
async fn judged(h: &House, e: EvaluationId) {
    for name in ["eva", "ulf"] {
        declare_no_conflict(h, &by(citizen(name)), e).await.unwrap();
    }
    for a in store::aims(&h.db, &[plan_item()]).await.unwrap() {
        find(h, &by(citizen("eva")), e, &finding(a.id, "in-part"))
            .await
            .unwrap();
    }
}

on_each_engine!(
    ROOMS,
    async fn aims_are_set_before_the_start(t: TestDb) {
        let h = house(&t);
        for v in [delegate(), finance("anna"), auditor(), citizen("x"), public()] {
            denied(aim(&h, v, "目标").await);
        }
        assert_eq!(refused(aim(&h, officer(), " ").await), "refusal-one-language");
        let first = aim(&h, officer(), "目标一").await.unwrap();
        let second = aim(&h, lead(), "目标二").await.unwrap();
        let asking = by(officer());
        let tx = asking.begin(&h).await.unwrap();
        drop_aim_of(&h, &asking, tx, &programme(), first).await.unwrap();
        assert_eq!(store::aims(&h.db, &[plan_item()]).await.unwrap()[0].id, second);
        let id = agreed(&h, "award").await;
        aim(&h, officer(), "目标三").await.unwrap();
        undertakings::start(&h, &by(delegate()), id).await.unwrap();
        assert_eq!(refused(aim(&h, officer(), "事后").await), "refusal-aims-after-start");
        let tx = asking.begin(&h).await.unwrap();
        assert_eq!(
            refused(drop_aim_of(&h, &asking, tx, &programme(), second).await),
            "refusal-aims-after-start"
        );
        assert_eq!(crate::aims(&h.db, &[plan_item()]).await.unwrap().len(), 2);
    }
);

on_each_engine!(
    ROOMS,
    async fn evaluators_come_from_outside(t: TestDb) {
        let h = house(&t);
        let id = carried_out(&h).await;
        for v in [
            officer(),
            delegate(),
            finance("anna"),
            auditor(),
            citizen("x"),
            public(),
        ] {
            denied(appointed_as(&h, v, id, &["eva"]).await);
        }
        // Who belongs to the executing body appoints nobody, nor does who carried it out and works for the office since.
        let mut since = lead();
        since.person.as_mut().unwrap().id = person("delegate");
        for v in [lead_of_library(), since] {
            assert_eq!(
                denied(appointed_as(&h, v, id, &["eva"]).await),
                ["evaluation.appoint.not-by-executor"]
            );
        }
        for (name, code) in [
            ("delegate", "refusal-evaluator-executed"),
            ("officer", "refusal-evaluator-guided"),
            ("judge", "refusal-evaluator-panel"),
            ("anna", "refusal-evaluator-approved"),
            ("bo", "refusal-evaluator-paid"),
            ("reader", "refusal-evaluator-of-executing"),
            ("clerk", "refusal-evaluator-of-guiding"),
            ("other judge", "refusal-evaluator-of-panel"),
            ("cashier", "refusal-evaluator-of-approving"),
            ("nobody", "refusal-not-in-list"),
        ] {
            assert_eq!(
                refused(appointed_as(&h, lead(), id, &["eva", name]).await),
                code,
                "{name}"
            );
        }
        // Every fault is named at once.
        match appointed_as(&h, lead(), id, &["delegate", "bo"]).await {
            Err(Fail::Refused(all)) => assert_eq!(all.len(), 2),
            other => panic!("{other:?}"),
        }
        assert_eq!(refused(appointed_as(&h, lead(), id, &[]).await), "refusal-required");
        let e = appointed_as(&h, lead(), id, &["eva", "ulf", "eva"]).await.unwrap();
        assert_eq!(store::evaluators(&h.db, &[e]).await.unwrap().len(), 2);
        assert_eq!(
            refused(appointed_as(&h, lead(), id, &["eva"]).await),
            "refusal-evaluation-exists"
        );
        let other = agreed(&h, "later").await;
        assert_eq!(
            refused(appointed_as(&h, lead(), other, &["eva"]).await),
            "refusal-evaluation-before-start"
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn from_appointment_to_publication(t: TestDb) {
        let h = house(&t);
        let (id, e) = appointed(&h).await;
        let aims = store::aims(&h.db, &[plan_item()]).await.unwrap();
        assert_eq!(
            refused(find(&h, &by(citizen("eva")), e, &finding(aims[0].id, "met")).await),
            "refusal-not-declared"
        );
        for v in [
            lead(),
            officer(),
            delegate(),
            rival(),
            auditor(),
            citizen("x"),
            public(),
        ] {
            denied(declare_no_conflict(&h, &by(v.clone()), e).await);
            denied(find(&h, &by(v.clone()), e, &finding(aims[0].id, "met")).await);
            denied(submit(&h, &by(v), e, &summary()).await);
        }
        declare_no_conflict(&h, &by(citizen("eva")), e).await.unwrap();
        assert_eq!(
            refused(declare_no_conflict(&h, &by(citizen("eva")), e).await),
            "refusal-declared"
        );
        // Somebody who joined the executing body after the appointment judges no more.
        let joined = {
            let mut v = citizen("ulf");
            v.mandates.push(delegate().mandates[0].clone());
            v
        };
        assert_eq!(
            denied(declare_no_conflict(&h, &by(joined), e).await),
            [
                "house.evaluator-did-not-execute.body",
                "house.evaluator-did-not-execute.person"
            ]
        );
        find(&h, &by(citizen("eva")), e, &finding(aims[0].id, "met"))
            .await
            .unwrap();
        // Two evaluators on one finding: the second is told.
        assert!(matches!(
            find(&h, &by(citizen("eva")), e, &finding(aims[0].id, "not-met")).await,
            Err(Fail::Changed)
        ));
        let seen = crate::FindingInput {
            version: "1".into(),
            ..finding(aims[0].id, "in-part")
        };
        find(&h, &by(citizen("eva")), e, &seen).await.unwrap();
        assert_eq!(
            refused(find(&h, &by(citizen("eva")), e, &finding(Id::named("no aim"), "met")).await),
            "refusal-not-in-list"
        );
        assert_eq!(
            refused(submit(&h, &by(citizen("eva")), e, &summary()).await),
            "refusal-aims-without-finding"
        );
        find(&h, &by(citizen("eva")), e, &finding(aims[1].id, "met"))
            .await
            .unwrap();
        assert_eq!(
            refused(submit(&h, &by(citizen("eva")), e, &summary()).await),
            "refusal-evaluators-undeclared"
        );
        declare_no_conflict(&h, &by(citizen("ulf")), e).await.unwrap();
        assert_eq!(
            refused(publish(&h, &by(citizen("eva")), e).await),
            "refusal-evaluation-not-drafted"
        );
        assert_eq!(
            refused(reply(&h, &by(delegate()), e, &answer("x")).await),
            "refusal-evaluation-not-drafted"
        );
        submit(&h, &by(citizen("ulf")), e, &summary()).await.unwrap();
        assert_eq!(
            refused(find(&h, &by(citizen("eva")), e, &finding(aims[1].id, "met")).await),
            "refusal-evaluation-drafted"
        );
        for v in [officer(), rival(), citizen("eva"), lead(), public()] {
            denied(reply(&h, &by(v), e, &answer("x")).await);
        }
        assert_eq!(
            refused(publish(&h, &by(lead()), e).await),
            "refusal-undertaking-not-over"
        );
        settle(&h, id).await;
        for v in [officer(), delegate(), rival(), auditor(), citizen("x"), public()] {
            denied(publish(&h, &by(v), e).await);
        }
        let asking = by(lead()).once("k");
        publish(&h, &asking, e).await.unwrap();
        assert_eq!(publish(&h, &asking, e).await.or_repeat().unwrap(), e);
        assert_eq!(
            refused(publish(&h, &by(lead()), e).await),
            "refusal-evaluation-published"
        );
        assert_eq!(
            refused(reply(&h, &by(delegate()), e, &answer(" ")).await),
            "refusal-required"
        );
        reply(&h, &by(delegate()), e, &answer("谢谢")).await.unwrap();
        assert_eq!(
            refused(reply(&h, &by(delegate()), e, &answer("再")).await),
            "refusal-reply-given"
        );
        let card = crate::evaluation(&h.db, &public(), e).await.unwrap().unwrap();
        assert_eq!(
            (card.status, card.reply.unwrap().get("zh-Hans").unwrap().to_owned()),
            (Status::Published, "谢谢".to_owned())
        );
        let told =
            h.db.number(
                "SELECT COUNT(*) AS n FROM outbox WHERE topic = $1",
                vals!["evaluation.published"],
            )
            .await
            .unwrap();
        assert_eq!(told, 1);
        assert_eq!(crate::verify(&h.db).await.unwrap(), Vec::<String>::new());
        assert_eq!(
            journal::verify(&h.db, |_, _| {}).await.unwrap().faults,
            Vec::<String>::new()
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn results_are_read_by_whom_they_concern_until_published(t: TestDb) {
        let h = house(&t);
        let (id, e) = appointed(&h).await;
        judged(&h, e).await;
        let reads = async |v: &Viewer| {
            let known = undertakings::undertakings(&h.db, v, &[id]).await.unwrap();
            let cards = crate::of_plan_items(&h.db, v, &[plan_item()], &known).await.unwrap();
            let findings = crate::findings(&h.db, &cards).await.unwrap();
            let people = crate::evaluators(&h.db, &cards[0]).await.unwrap();
            let text = serde_json::to_string(&(&cards, &findings)).unwrap();
            assert_eq!(findings.len(), if cards[0].readable { 2 } else { 0 });
            assert_eq!(people.is_empty(), !cards[0].readable);
            assert_eq!(text.contains("两份报告"), cards[0].readable);
            assert_eq!(cards[0].evaluators, 2);
            cards[0].readable
        };
        let all = [
            public(),
            citizen("x"),
            rival(),
            delegate(),
            officer(),
            lead(),
            finance("anna"),
            auditor(),
            citizen("eva"),
        ];
        let who = async |h: &House| {
            let _ = h;
            let mut out = Vec::new();
            for v in &all {
                out.push(reads(v).await);
            }
            out
        };
        assert_eq!(
            who(&h).await,
            [false, false, false, false, false, false, false, true, true]
        );
        // By a key only if it is for evaluations; the undertaking they stand inside of is not asked for its own.
        let with_key = |v: &Viewer, scope: &str| Viewer {
            token: Some((Id::named("key"), vec![scope.to_owned()])),
            ..v.clone()
        };
        for v in [auditor(), citizen("eva")] {
            assert!(!reads(&with_key(&v, "undertakings")).await && reads(&with_key(&v, "evaluation")).await);
        }
        submit(&h, &by(citizen("eva")), e, &summary()).await.unwrap();
        assert_eq!(who(&h).await, [false, false, false, true, true, true, true, true, true]);
        for v in &all[3..] {
            assert!(!reads(&with_key(v, "undertakings")).await && !reads(&with_key(v, "relations")).await);
            assert!(reads(&with_key(v, "evaluation")).await && reads(&with_key(v, "read")).await);
        }
        assert_eq!(
            crate::of_evaluator(&h.db, &with_key(&citizen("eva"), "calls"))
                .await
                .unwrap()
                .len(),
            0
        );
        settle(&h, id).await;
        publish(&h, &by(citizen("eva")), e).await.unwrap();
        assert_eq!(who(&h).await, [true; 9]);
        assert_eq!(crate::of_evaluator(&h.db, &citizen("eva")).await.unwrap().len(), 1);
        assert_eq!(crate::of_evaluator(&h.db, &public()).await.unwrap().len(), 0);
        let card = undertakings::undertaking(&h.db, &public(), id).await.unwrap().unwrap();
        assert!(crate::of_undertaking(&h.db, &public(), &card).await.unwrap().is_some());
        let f = store::findings(&h.db, &[e]).await.unwrap();
        assert!(f.iter().all(|f| f.state == FindingState::InPart));
    }
);

on_each_engine!(
    ROOMS,
    async fn of_ten_aims_set_while_the_work_starts_none_comes_after(t: TestDb) {
        let h = house(&t);
        let id = agreed(&h, "award").await;
        let setting: Vec<_> = (0..10)
            .map(|n| {
                let h = h.clone();
                tokio::spawn(async move { aim(&h, officer(), &format!("目标 {n}")).await })
            })
            .collect();
        let starting = {
            let h = h.clone();
            tokio::spawn(async move { undertakings::start(&h, &by(delegate()), id).await })
        };
        let mut kept = 0;
        for one in setting {
            match one.await.unwrap() {
                Ok(_) => kept += 1,
                // Two at once may want the same place in the list; the store takes one, the other asks again.
                Err(Fail::Refused(r)) => assert_eq!(r[0].code, "refusal-aims-after-start"),
                Err(other) => panic!("{other:?}"),
            }
        }
        starting.await.unwrap().unwrap();
        assert_eq!(store::aims(&h.db, &[plan_item()]).await.unwrap().len(), kept);
        assert_eq!(refused(aim(&h, officer(), "事后").await), "refusal-aims-after-start");
    }
);

on_each_engine!(
    ROOMS,
    async fn reading_takes_as_many_queries_for_three_as_for_one(t: TestDb) {
        let h = house(&t);
        for name in ["一", "二"] {
            aim(&h, officer(), name).await.unwrap();
        }
        let all = [agreed(&h, "a").await, agreed(&h, "b").await, agreed(&h, "c").await];
        let mut counts = Vec::new();
        for n in [1, 3] {
            for id in &all[..n] {
                let _ = undertakings::start(&h, &by(delegate()), *id).await;
                let _ = appointed_as(&h, lead(), *id, &["eva"]).await;
            }
            let known = undertakings::of_plan_items(&h.db, &auditor(), &[plan_item()])
                .await
                .unwrap();
            let (found, queries) = ::store::count_queries(async {
                crate::aims(&h.db, &[plan_item()]).await.unwrap();
                let cards = crate::of_plan_items(&h.db, &auditor(), &[plan_item()], &known)
                    .await
                    .unwrap();
                crate::findings(&h.db, &cards).await.unwrap();
                cards.len()
            })
            .await;
            assert_eq!(found, n);
            counts.push(queries);
        }
        assert_eq!(counts, [4, 4]);
    }
);
