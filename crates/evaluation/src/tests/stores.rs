//! Every store function on both engines.

use ::store::{Act, Via, on_each_engine};
use basis::{Fail, Id, Text};

use super::*;
use crate::{
    Aim, Evaluation, Evaluator, Finding, FindingState, Status,
    store::{
        self, aims, declare, delete_aim, evaluators, findings, insert, insert_aim, insert_evaluator, load,
        load_of_evaluator, load_of_plan_items, load_of_undertakings, load_unpublished, save, save_finding, take,
    },
};

on_each_engine!(
    ROOMS,
    async fn rows_come_back_as_they_went(t: TestDb) {
        let h = house(&t);
        let tx = h.db.begin(&Act::house(Via::Command)).await.unwrap();
        let text = Text::both("甲", "A");
        let a = Aim {
            id: tx.fresh(),
            plan_item: plan_item(),
            text: text.clone(),
            measure: text.clone(),
            target: text.clone(),
            set: (person("officer"), tx.now()),
            position: 0,
            illustrative: true,
        };
        insert_aim(&tx, &a).await.unwrap();
        let gone = Aim {
            id: Id::named("gone"),
            position: 1,
            ..a.clone()
        };
        insert_aim(&tx, &gone).await.unwrap();
        assert_eq!(store::aim(&tx, gone.id).await.unwrap().unwrap(), gone);
        delete_aim(&tx, gone.id).await.unwrap();
        assert!(matches!(delete_aim(&tx, gone.id).await, Err(Fail::Changed)));
        assert_eq!(aims(&tx, &[plan_item()]).await.unwrap(), [a.clone()]);

        let e = Evaluation {
            plan_item: plan_item(),
            appointed: (person("lead"), tx.now()),
            ..super::rules::evaluation()
        };
        insert(&tx, &e).await.unwrap();
        assert_eq!(load(&tx, e.id).await.unwrap().unwrap(), e);
        let taken = take(&tx, e.id).await.unwrap().unwrap();
        assert_eq!(taken.version, 2);
        assert!(matches!(save(&tx, &e).await, Err(Fail::Changed)));
        let full = Evaluation {
            status: Status::Published,
            summary: Some(text.clone()),
            drafted: Some((person("eva"), tx.now())),
            published: Some((person("lead"), tx.now())),
            reply: Some((text.clone(), person("delegate"), tx.now())),
            ..taken
        };
        assert_eq!(load_unpublished(&tx).await.unwrap().len(), 1);
        save(&tx, &full).await.unwrap();
        assert_eq!(
            load_of_undertakings(&tx, &[e.undertaking]).await.unwrap(),
            [full.clone()]
        );
        assert_eq!(load_of_plan_items(&tx, &[plan_item()]).await.unwrap(), [full.clone()]);
        assert!(load_unpublished(&tx).await.unwrap().is_empty());

        let mut eva = Evaluator {
            evaluation: e.id,
            account: person("eva"),
            body: Some(body("university")),
            no_conflict: None,
        };
        insert_evaluator(&tx, &eva).await.unwrap();
        declare(&tx, e.id, eva.account).await.unwrap();
        assert!(matches!(declare(&tx, e.id, eva.account).await, Err(Fail::Changed)));
        eva.no_conflict = Some(tx.now());
        assert_eq!(evaluators(&tx, &[e.id]).await.unwrap(), [eva]);
        assert_eq!(load_of_evaluator(&tx, person("eva")).await.unwrap(), [full]);
        assert!(load_of_evaluator(&tx, person("ulf")).await.unwrap().is_empty());

        let mut f = Finding {
            evaluation: e.id,
            aim: a.id,
            found: text.clone(),
            state: FindingState::InPart,
            note: Some(text),
            source: Some("s".into()),
            by: person("eva"),
            at: tx.now(),
            version: 1,
        };
        save_finding(&tx, &f, 0).await.unwrap();
        assert!(matches!(save_finding(&tx, &f, 0).await, Err(Fail::Changed)));
        f.state = FindingState::Met;
        save_finding(&tx, &f, 1).await.unwrap();
        assert!(matches!(save_finding(&tx, &f, 1).await, Err(Fail::Changed)));
        f.version = 2;
        assert_eq!(findings(&tx, &[e.id]).await.unwrap(), [f]);
        tx.done(()).await.unwrap();
    }
);
