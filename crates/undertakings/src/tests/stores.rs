//! Every store function on both engines.

use ::store::{Act, Query, Via, on_each_engine, vals};
use basis::{Currency, Fail, Id, Money, Text};

use super::{
    ROOMS, agreed, agreed_as, body, by, commission, delegate, house, library, officer, person, running, said, terms,
};
use crate::{
    Amendment, AmendmentStatus, BudgetLine, Change, Deliverable, Done, Instalment, InstalmentStatus, MilestoneStatus,
    Mode, Side, Stage, Status, Verdict,
    store::{self, Awaiting, add_onlooker, await_terms, awaiting, load_going_on, looked_on_by},
};

on_each_engine!(
    ROOMS,
    async fn undertakings_are_kept_taken_and_found(t: TestDb) {
        let h = house(&t);
        let id = agreed(&h).await;
        let u = store::load(&h.db, id).await.unwrap().unwrap();
        assert_eq!(
            (u.status, u.budget, u.promised, u.version),
            (Status::Agreed, 100_000, 40_000, 1)
        );
        assert_eq!(u.title, commission("award").title);
        assert_eq!(store::load_many(&h.db, &[id]).await.unwrap(), [u.clone()]);
        assert_eq!(store::load_of_award(&h.db, u.award).await.unwrap().unwrap(), u);
        assert_eq!(
            store::load_of_plan_items(&h.db, &[u.plan_item]).await.unwrap(),
            [u.clone()]
        );
        assert_eq!(
            store::load_of_executor(&h.db, Some(library()), None).await.unwrap(),
            [u.clone()]
        );
        assert!(
            store::load_of_executor(&h.db, None, Some(person("delegate")))
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(load_going_on(&h.db).await.unwrap(), [u.clone()]);
        assert!(store::load(&h.db, Id::named("nothing")).await.unwrap().is_none());

        let tx = h.db.begin(&Act::house(Via::Command)).await.unwrap();
        assert_eq!(store::hold(&tx, u.plan_item).await.unwrap(), [(id, None)]);
        let taken = store::take(&tx, id).await.unwrap().unwrap();
        assert_eq!(taken.version, 2);
        assert!(matches!(store::save(&tx, &u).await, Err(Fail::Changed)));
        store::save(
            &tx,
            &crate::Undertaking {
                money_public: Some(tx.now()),
                ..taken
            },
        )
        .await
        .unwrap();
        let again = Done {
            by: person("officer"),
            body: None,
            at: tx.now(),
        };
        assert!(
            store::insert(
                &tx,
                &crate::Undertaking {
                    id: Id::named("b"),
                    award: Id::named("b"),
                    agreed: again,
                    ..u.clone()
                }
            )
            .await
            .is_ok()
        );
        tx.done(()).await.unwrap();
        assert!(store::load(&h.db, id).await.unwrap().unwrap().money_public.is_some());
    }
);

on_each_engine!(
    ROOMS,
    async fn sums_stay_within_the_budget(t: TestDb) {
        let h = house(&t);
        let id = agreed(&h).await;
        let tx = h.db.begin(&Act::house(Via::Command)).await.unwrap();
        assert!(store::promise_money(&tx, id, 60_000).await.unwrap());
        assert!(!store::promise_money(&tx, id, 1).await.unwrap());
        store::release_money(&tx, id, 60_000).await.unwrap();
        assert!(matches!(
            store::release_money(&tx, id, 40_001).await,
            Err(Fail::Changed)
        ));
        assert!(!store::change_budget(&tx, id, 39_999).await.unwrap());
        assert!(store::change_budget(&tx, id, 40_000).await.unwrap());
        let line = BudgetLine {
            title: Text::both("减", "Less"),
            amount: -60_000,
        };
        store::insert_lines(&tx, id, &[line], 2).await.unwrap();
        tx.done(()).await.unwrap();
        let lines = store::lines(&h.db, &[id]).await.unwrap();
        assert_eq!(
            lines.iter().map(|l| l.1.amount).collect::<Vec<_>>(),
            [45_000, 55_000, -60_000]
        );
        assert_eq!(crate::verify(&h.db).await.unwrap(), Vec::<String>::new());
        // The table itself refuses what no statement of ours would try.
        let tx = h.db.begin(&Act::house(Via::Command)).await.unwrap();
        assert!(
            tx.exec("UPDATE undertaking SET promised = budget + 1 WHERE id = $1", vals![id])
                .await
                .is_err()
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn instalments_are_kept_with_the_facts_of_their_stage(t: TestDb) {
        let h = house(&t);
        let id = agreed(&h).await;
        let all = store::instalments(&h.db, &[id]).await.unwrap();
        assert_eq!(
            all.iter()
                .map(|i| (i.amount.minor, i.milestone.is_some()))
                .collect::<Vec<_>>(),
            [(10_000, false), (30_000, true)]
        );
        let tx = h.db.begin(&Act::house(Via::Command)).await.unwrap();
        let done = |name: &str| Done {
            by: person(name),
            body: Some(body(name)),
            at: tx.now(),
        };
        let one = store::instalment(&tx, all[0].id).await.unwrap().unwrap();
        let asked = one.request(done("a"), Some("note".into()), true).unwrap();
        store::save_instalment(&tx, &asked, InstalmentStatus::Planned)
            .await
            .unwrap();
        // The version has moved on: the same step again changes nothing.
        assert!(matches!(
            store::save_instalment(&tx, &asked, InstalmentStatus::Planned).await,
            Err(Fail::Changed)
        ));
        let mut now = store::instalment(&tx, asked.id).await.unwrap().unwrap();
        assert_eq!((now.version, now.stage.clone()), (2, asked.stage));
        now = now.approve(done("b")).unwrap();
        store::save_instalment(&tx, &now, InstalmentStatus::Requested)
            .await
            .unwrap();
        now = store::instalment(&tx, now.id)
            .await
            .unwrap()
            .unwrap()
            .pay(done("c"), Some("V-1".into()))
            .unwrap();
        store::save_instalment(&tx, &now, InstalmentStatus::Approved)
            .await
            .unwrap();
        assert_eq!(store::instalment(&tx, now.id).await.unwrap().unwrap().stage, now.stage);
        now = store::instalment(&tx, now.id)
            .await
            .unwrap()
            .unwrap()
            .reconcile(done("d"), "statement 3".into())
            .unwrap();
        store::save_instalment(&tx, &now, InstalmentStatus::Paid).await.unwrap();
        assert_eq!(store::instalment(&tx, now.id).await.unwrap().unwrap().stage, now.stage);
        let refused = all[1].clone().refuse(done("b"), "no".into()).unwrap();
        store::save_instalment(&tx, &refused, InstalmentStatus::Planned)
            .await
            .unwrap();
        assert_eq!(
            store::instalment(&tx, refused.id).await.unwrap().unwrap().stage,
            refused.stage
        );
        let amount = Money::new(1, Currency::CNY);
        let fresh = Instalment {
            id: tx.fresh(),
            undertaking: id,
            milestone: None,
            amount,
            position: 2,
            note: None,
            stage: Stage::Planned,
            version: 1,
        };
        store::insert_instalment(&tx, &fresh).await.unwrap();
        assert_eq!(store::instalment(&tx, fresh.id).await.unwrap().unwrap(), fresh);
    }
);

on_each_engine!(
    ROOMS,
    async fn milestones_rounds_and_verdicts_are_kept(t: TestDb) {
        let h = house(&t);
        let (id, milestones) = running(&h).await;
        let m = store::milestone(&h.db, milestones[0]).await.unwrap().unwrap();
        assert_eq!((m.undertaking, m.status, m.position), (id, MilestoneStatus::Open, 0));
        let tx = h.db.begin(&Act::house(Via::Command)).await.unwrap();
        let done = Done {
            by: person("delegate"),
            body: Some(library()),
            at: tx.now(),
        };
        let d = Deliverable {
            id: tx.fresh(),
            milestone: m.id,
            round: 1,
            text: Text::both("书", "Books"),
            handed: done,
            verdict: Verdict::Awaited,
        };
        store::insert_deliverable(&tx, &d).await.unwrap();
        assert_eq!(store::deliverable(&tx, d.id).await.unwrap().unwrap(), d);
        let judged = d.clone().judge(Verdict::Accepted { done, note: None }).unwrap();
        store::save_verdict(&tx, &judged).await.unwrap();
        assert!(matches!(store::save_verdict(&tx, &judged).await, Err(Fail::Changed)));
        assert_eq!(store::deliverables(&tx, &[m.id]).await.unwrap(), [judged]);
        let next = m.clone().hand_in().unwrap();
        store::save_milestone(&tx, &next, MilestoneStatus::Open).await.unwrap();
        assert!(matches!(
            store::save_milestone(&tx, &next, MilestoneStatus::Open).await,
            Err(Fail::Changed)
        ));
        let extra = crate::Milestone {
            id: tx.fresh(),
            position: 7,
            ..m
        };
        store::insert_milestones(&tx, &[extra]).await.unwrap();
        assert_eq!(store::milestones(&tx, &[id]).await.unwrap().len(), 3);
    }
);

on_each_engine!(
    ROOMS,
    async fn amendments_are_kept_and_decided_once(t: TestDb) {
        let h = house(&t);
        let (id, milestones) = running(&h).await;
        let tx = h.db.begin(&Act::house(Via::Command)).await.unwrap();
        let done = |name: &str| Done {
            by: person(name),
            body: None,
            at: tx.now(),
        };
        let change = Change {
            ends: Some("2027-12-31".parse().unwrap()),
            due: Some((milestones[0], "2027-02-28".parse().unwrap())),
            budget: Some(5),
        };
        let a = Amendment {
            id: tx.fresh(),
            undertaking: id,
            change,
            reason: "late".into(),
            side: Side::Executing,
            proposed: done("delegate"),
            status: AmendmentStatus::Proposed,
            decided: None,
            decision_reason: None,
        };
        store::insert_amendment(&tx, &a).await.unwrap();
        assert_eq!(store::amendment(&tx, a.id).await.unwrap().unwrap(), a);
        let decided = a
            .clone()
            .decide(Side::Guiding, done("officer"), false, Some("no".into()))
            .unwrap();
        store::save_amendment(&tx, &decided).await.unwrap();
        assert!(matches!(store::save_amendment(&tx, &decided).await, Err(Fail::Changed)));
        assert_eq!(store::amendments(&tx, &[id]).await.unwrap(), [decided]);
    }
);

on_each_engine!(
    ROOMS,
    async fn what_other_rooms_tell_is_kept_once(t: TestDb) {
        let h = house(&t);
        let mut handlers = ::store::Handlers::default();
        crate::handlers(&mut handlers);
        let worker = ::store::Worker {
            db: h.db.clone(),
            handlers,
        };
        let c = commission("award");
        let tx = h.db.begin(&Act::house(Via::Job)).await.unwrap();
        for _ in 0..2 {
            tx.emit("call.awarded", serde_json::json!({ "award": c.award, "call": c.call, "plan_item": c.plan_item, "offer": "x", "body": c.body, "account": null, "mode": "outsourcing", "guiding": c.guiding })).await.unwrap();
        }
        let waiting = Awaiting {
            award: Id::named("other"),
            call: c.call,
            plan_item: c.plan_item,
            body: None,
            account: Some(person("a")),
            mode: Mode::Assignment,
            guiding: c.guiding,
            at: tx.now(),
        };
        await_terms(&tx, &waiting).await.unwrap();
        tx.done(()).await.unwrap();
        worker.drain().await.unwrap();
        assert_eq!(awaiting(&h.db).await.unwrap().len(), 2);
        let id = agreed(&h).await;
        assert_eq!(awaiting(&h.db).await.unwrap()[0].award, waiting.award);

        let tx = h.db.begin(&Act::house(Via::Job)).await.unwrap();
        tx.emit(
            "evaluation.appointed",
            serde_json::json!({ "undertaking": id, "accounts": [person("eva"), person("eva")] }),
        )
        .await
        .unwrap();
        add_onlooker(&tx, id, person("ulf")).await.unwrap();
        tx.done(()).await.unwrap();
        worker.drain().await.unwrap();
        for name in ["eva", "ulf"] {
            assert_eq!(looked_on_by(&h.db, person(name)).await.unwrap(), [id]);
        }
        assert_eq!(
            h.db.number("SELECT COUNT(*) AS n FROM job WHERE status <> 'done'", vec![])
                .await
                .unwrap(),
            0
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn reading_takes_as_many_queries_for_three_as_for_one(t: TestDb) {
        let h = house(&t);
        let mut counts = Vec::new();
        for n in [1, 3] {
            while store::load_going_on(&h.db).await.unwrap().len() < n {
                let name = format!("award {}", store::load_going_on(&h.db).await.unwrap().len());
                let id = agreed_as(&h, officer(), &commission(&name), &terms()).await.unwrap();
                crate::start(&h, &by(delegate()), id).await.unwrap();
                for m in store::milestones(&h.db, &[id]).await.unwrap() {
                    crate::hand_in(&h, &by(delegate()), m.id, &said("给您"), &[])
                        .await
                        .unwrap();
                }
            }
            let item = commission("award").plan_item;
            let (found, queries) = ::store::count_queries(async {
                let cards = crate::of_plan_items(&h.db, &officer(), &[item]).await.unwrap();
                let milestones = crate::milestones(&h.db, &cards).await.unwrap();
                let deliverables = crate::deliverables(&h.db, &milestones).await.unwrap();
                crate::files(&h.db, &deliverables).await.unwrap();
                crate::money(&h.db, &cards).await.unwrap();
                (cards.len(), deliverables.len())
            })
            .await;
            assert_eq!(found, (n, n * 2));
            counts.push(queries);
        }
        assert_eq!(counts, [6, 6]);
    }
);
