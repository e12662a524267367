//! The floor holds on both engines: once-keys, journal, guarded counts, outbox and jobs.
#![allow(clippy::unwrap_used)]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use basis::{Account, AccountId, CallId, Fail, Id};
use store::{
    Act, Entry, Handlers, Migrations, Query, Step, Via, Worker, journal, on_each_engine, testing::TestDb, vals,
};

const PLACES: Migrations = Migrations {
    room: "places",
    steps: &[Step {
        name: "0001",
        sql: "CREATE TABLE place (id TEXT NOT NULL PRIMARY KEY, free BIGINT NOT NULL);\nINSERT INTO place (id, free) VALUES ('hall', 10);",
    }],
};
const ROOMS: &[Migrations] = &[store::MIGRATIONS, PLACES];

async fn note(t: &TestDb, n: usize) -> Result<(), Fail> {
    let tx = t.db.begin(&Act::house(Via::Command)).await?;
    for i in 0..n {
        let id: CallId = tx.fresh();
        tx.journal(Entry::of("call.published", id).after(i));
    }
    tx.done(()).await
}

on_each_engine!(
    ROOMS,
    async fn whoever_asks_after_an_act_hears_of_it(t: TestDb) {
        for n in 1..=20 {
            note(&t, 1).await.unwrap();
            assert_eq!(t.db.journal_length().await.unwrap(), n);
            // Asked again at once, the store need not be.
            let (again, asked) = store::count_queries(t.db.journal_length()).await;
            assert!(again.unwrap() == n && asked <= 1);
        }
        // An act that failed changed nothing; another process's act is seen soon.
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        drop(tx);
        assert_eq!(t.db.journal_length().await.unwrap(), 20);
        let other = match t.db.engine() {
            store::Engine::Sqlite => store::DbConfig::Sqlite(t.dir.join("test.sqlite")),
            store::Engine::Postgres => return,
        };
        let other = store::Db::open(&other, store::Env::real()).await.unwrap();
        let tx = other.begin(&Act::house(Via::Seed)).await.unwrap();
        tx.journal(Entry::of("place.noted", Id::<basis::Account>::named("x")));
        tx.done(()).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        assert_eq!(t.db.journal_length().await.unwrap(), 21);
    }
);
on_each_engine!(
    ROOMS,
    async fn the_journal_proves_every_entry_and_finds_a_change(t: TestDb) {
        for n in [1, 2, 5, 9, 3] {
            note(&t, n).await.unwrap();
        }
        let v = journal::verify(&t.db, |_, _| {}).await.unwrap();
        assert_eq!((v.size, v.faults.len()), (20, 0), "{v:?}");
        for seq in 0..20 {
            let p = journal::prove(&t.db, seq).await.unwrap().unwrap();
            let path: Vec<merkle::Hash> = p.path.iter().map(|h| h.parse().unwrap()).collect();
            assert!(merkle::verify_inclusion(
                &p.leaf.parse().unwrap(),
                seq,
                p.size,
                &path,
                &p.root.parse().unwrap()
            ));
        }
        let tx = t.db.begin(&Act::house(Via::Command)).await.unwrap();
        tx.exec("UPDATE journal SET role = 'mayor' WHERE seq = 7", vec![])
            .await
            .unwrap();
        tx.exec("UPDATE journal_detail SET after_json = '9' WHERE seq = 3", vec![])
            .await
            .unwrap();
        tx.done(()).await.unwrap();
        let v = journal::verify(&t.db, |_, _| {}).await.unwrap();
        assert!(
            v.faults.iter().any(|f| f.contains("entry 7")) && v.faults.iter().any(|f| f.contains("entry 3")),
            "{v:?}"
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn erased_details_leave_the_log_provable(t: TestDb) {
        note(&t, 4).await.unwrap();
        let (gone, stays): (AccountId, AccountId) = (Id::named("gone"), Id::named("stays"));
        let tx = t.db.begin(&Act::house(Via::Command)).await.unwrap();
        for id in [gone, stays, gone] {
            tx.journal(Entry::of::<Account>("account.noted", id).after("a name"));
        }
        tx.done(()).await.unwrap();
        let tx = t.db.begin(&Act::house(Via::Command)).await.unwrap();
        journal::erase_details_of(&tx, gone).await.unwrap();
        tx.journal(Entry::of::<Account>(journal::ERASED, gone));
        tx.done(()).await.unwrap();
        let v = journal::verify(&t.db, |_, _| {}).await.unwrap();
        assert_eq!((v.faults.len(), v.erased_details), (0, 2), "{v:?}");
        // What no erasure took is missing: an award's, and an account's that is still there.
        let tx = t.db.begin(&Act::house(Via::Command)).await.unwrap();
        tx.exec("DELETE FROM journal_detail WHERE seq IN (2, 5)", vec![])
            .await
            .unwrap();
        tx.done(()).await.unwrap();
        let v = journal::verify(&t.db, |_, _| {}).await.unwrap();
        assert_eq!((v.faults.len(), v.erased_details), (2, 2), "{v:?}");
        assert!(
            v.faults[0].contains("entry 2 are missing") && v.faults[1].contains("entry 5 are missing"),
            "{v:?}"
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn the_same_act_twice_is_one_act(t: TestDb) {
        let act = Act {
            once: Some("k1".into()),
            ..Act::house(Via::Page)
        };
        let tx = t.db.begin(&act).await.unwrap();
        tx.exec("UPDATE place SET free = free - 1", vec![]).await.unwrap();
        tx.done("first").await.unwrap();
        match t.db.begin(&act).await {
            Err(Fail::Repeated(json)) => assert_eq!(json, "\"first\""),
            _ => panic!("the second act must be answered with the first's answer"),
        }
        let other = Act {
            asked: Some("POST /something-else".into()),
            ..act
        };
        assert!(matches!(t.db.begin(&other).await, Err(Fail::Changed)));
        assert_eq!(t.db.number("SELECT free AS n FROM place", vec![]).await.unwrap(), 9);
    }
);

on_each_engine!(
    ROOMS,
    async fn a_hundred_ask_for_ten_places_and_ten_get_one(t: TestDb) {
        let db = t.db.clone();
        let got = Arc::new(AtomicUsize::new(0));
        let all: Vec<_> = (0..100)
            .map(|_| {
                let (db, got) = (db.clone(), got.clone());
                tokio::spawn(async move {
                    let tx = db.begin(&Act::house(Via::Page)).await.unwrap();
                    if tx
                        .exec(
                            "UPDATE place SET free = free - 1 WHERE id = 'hall' AND free >= 1",
                            vec![],
                        )
                        .await
                        .unwrap()
                        == 1
                    {
                        let id: CallId = tx.fresh();
                        tx.journal(Entry::of("place.taken", id));
                        got.fetch_add(1, Ordering::SeqCst);
                    }
                    tx.done(()).await.unwrap();
                })
            })
            .collect();
        for one in all {
            one.await.unwrap();
        }
        assert_eq!(got.load(Ordering::SeqCst), 10);
        assert_eq!(
            journal::verify(&t.db, |_, _| {}).await.unwrap().faults,
            Vec::<String>::new()
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn events_reach_their_handlers_and_dead_jobs_can_be_tried_again(t: TestDb) {
        let seen = Arc::new(AtomicUsize::new(0));
        let works = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let mut handlers = Handlers::default();
        let (s, w) = (seen.clone(), works.clone());
        handlers.on("call.published", "test.listen", move |_, _| {
            let (s, w) = (s.clone(), w.clone());
            async move {
                if !w.load(Ordering::SeqCst) {
                    return Err(Fail::fault("not now"));
                }
                s.fetch_add(1, Ordering::SeqCst);
                Ok(())
            }
        });
        let worker = Worker {
            db: t.db.clone(),
            handlers,
        };
        let tx = t.db.begin(&Act::house(Via::Page)).await.unwrap();
        tx.emit("call.published", "x").await.unwrap();
        tx.done(()).await.unwrap();
        for _ in 0..12 {
            worker.drain().await.unwrap();
            t.clock.forward(std::time::Duration::from_secs(7 * 3600));
        }
        let dead = store::dead_jobs(&t.db).await.unwrap();
        assert_eq!((dead.len(), dead[0].attempts), (1, 10));
        works.store(true, Ordering::SeqCst);
        assert!(
            store::retry_job(&t.db, &Act::house(Via::Page), dead[0].id)
                .await
                .unwrap()
        );
        worker.drain().await.unwrap();
        assert_eq!(seen.load(Ordering::SeqCst), 1);
        assert_eq!(
            t.db.number("SELECT COUNT(*) AS n FROM job WHERE status = 'done'", vec![])
                .await
                .unwrap(),
            1
        );
        let _ = vals![1_i64];
    }
);

on_each_engine!(
    ROOMS,
    async fn a_job_that_panics_is_a_job_that_fails(t: TestDb) {
        let seen = Arc::new(AtomicUsize::new(0));
        let mut handlers = Handlers::default();
        handlers.on("call.published", "test.panics", |_, _| async { panic!("out of words") });
        let s = seen.clone();
        handlers.on("call.published", "test.goes-on", move |_, _| {
            s.fetch_add(1, Ordering::SeqCst);
            async { Ok(()) }
        });
        let worker = Worker {
            db: t.db.clone(),
            handlers,
        };
        let tx = t.db.begin(&Act::house(Via::Page)).await.unwrap();
        tx.emit("call.published", "x").await.unwrap();
        tx.done(()).await.unwrap();
        for _ in 0..12 {
            worker.drain().await.unwrap();
            t.clock.forward(std::time::Duration::from_secs(7 * 3600));
        }
        let dead = store::dead_jobs(&t.db).await.unwrap();
        assert_eq!(
            (dead.len(), dead[0].kind.as_str(), dead[0].attempts),
            (1, "test.panics", 10)
        );
        assert!(
            dead[0].last_error.as_ref().unwrap().contains("out of words"),
            "{dead:?}"
        );
        assert_eq!(seen.load(Ordering::SeqCst), 1, "the others were done");
    }
);

on_each_engine!(
    ROOMS,
    async fn a_job_that_takes_the_process_with_it_is_given_up(t: TestDb) {
        let begun = Arc::new(AtomicUsize::new(0));
        let mut handlers = Handlers::default();
        let b = begun.clone();
        handlers.on("call.published", "test.never-ends", move |_, _| {
            b.fetch_add(1, Ordering::SeqCst);
            std::future::pending()
        });
        let worker = Worker {
            db: t.db.clone(),
            handlers,
        };
        let tx = t.db.begin(&Act::house(Via::Page)).await.unwrap();
        tx.emit("call.published", "x").await.unwrap();
        tx.done(()).await.unwrap();
        for _ in 0..15 {
            // The process ends in the middle of it, and another is started a while later.
            let _ = tokio::time::timeout(std::time::Duration::from_millis(300), worker.round()).await;
            t.clock.forward(std::time::Duration::from_secs(3600));
        }
        assert_eq!(begun.load(Ordering::SeqCst), 10);
        let dead = store::dead_jobs(&t.db).await.unwrap();
        assert_eq!((dead.len(), dead[0].attempts), (1, 10));
        assert!(dead[0].last_error.is_some() && dead[0].ended_at.is_some(), "{dead:?}");
    }
);

on_each_engine!(
    ROOMS,
    async fn no_store_takes_the_character_nul(t: TestDb) {
        let code = |f: Fail| match f {
            Fail::Refused(r) => r[0].code,
            other => panic!("{other}"),
        };
        // In a question, in a change, and in a once-key.
        let found =
            t.db.number("SELECT COUNT(*) AS n FROM place WHERE id = $1", vals!["\0"])
                .await;
        assert_eq!(code(found.unwrap_err().into()), "refusal-not-text");
        let tx = t.db.begin(&Act::house(Via::Page)).await.unwrap();
        let made = tx
            .exec("INSERT INTO place (id, free) VALUES ($1, 1)", vals!["a\0b"])
            .await;
        assert_eq!(code(made.unwrap_err().into()), "refusal-not-text");
        drop(tx);
        let act = Act {
            once: Some("\0".into()),
            ..Act::house(Via::Page)
        };
        let begun = t.db.begin(&act).await.map(|_| ());
        assert_eq!(code(begun.unwrap_err()), "refusal-not-text");
        // As JSON it is written out, and stays what was typed.
        let tx = t.db.begin(&Act::house(Via::Page)).await.unwrap();
        let id: CallId = tx.fresh();
        tx.journal(Entry::of("call.noted", id).after("a\0b"));
        tx.done(()).await.unwrap();
        assert!(journal::verify(&t.db, |_, _| {}).await.unwrap().faults.is_empty());
    }
);
