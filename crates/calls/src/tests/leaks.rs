//! What could leak, looked for wherever it could come out.

use super::*;
use crate::panel::unscored;

/// Everything each viewer class can get at, as one text to search in.
async fn seen_by(w: &World<'_>, name: Option<&str>, call_id: CallId, offers: &[OfferId]) -> String {
    let viewer = match name {
        Some(n) => w.viewer(n).await,
        None => Viewer::public(Via::Page),
    };
    let q = &w.h.db;
    let mut out = String::new();
    if let Ok(v) = call_view(&w.h, &viewer, call_id).await {
        out += &format!("{:?} {:?}", v.offers, v.awards);
        if let Ok(r) = review_view(&w.h, &viewer, &v.call).await {
            out += &format!("{:?} {:?} {:?} {:?}", r.offers, r.own, r.marks, r.verdicts);
        }
    }
    for o in offers {
        if let Ok((_, o)) = offer_view(&w.h, &viewer, *o).await {
            out += &format!("{o:?}");
        }
        if let Ok(v) = own_view(&w.h, &viewer, *o).await {
            out += &format!("{v:?}");
        }
    }
    out += &format!(
        "{:?} {:?}",
        offers_public(q, call_id).await.unwrap(),
        offers_of(q, &viewer).await.unwrap()
    );
    if let Ok(table) = export_offers(&w.h, &viewer, call_id, Locale::En).await {
        out += &format!("{table:?}");
    }
    out
}
const CLASSES: [Option<&str>; 9] = [
    None,
    Some("lead"),
    Some("officer"),
    Some("stranger"),
    Some("auditor"),
    Some("judge1"),
    Some("judge3"),
    Some("ben"),
    Some("ida"),
];

on_each_engine!(
    ROOMS,
    async fn sealed_offers_are_sealed_from_everybody(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let id = w.call("outsourcing").await;
        let a = w.offer("anna", id).await;
        let anna_draft = begin(&w.h, &w.asking("ben").await, id).await.unwrap();
        let needs = sql::needs(&t.db, id).await.unwrap();
        save(
            &w,
            &w.asking("ben").await,
            anna_draft,
            &offer_input(&needs, "ben-draft"),
        )
        .await
        .unwrap();
        seat(&w.h, &officer, id, &seat_of("judge1")).await.unwrap();
        seat(&w.h, &officer, id, &seat_of("judge2")).await.unwrap();
        // Open, and closed but not opened: nobody but the maker.
        for moment in 0..2 {
            for class in CLASSES {
                let seen = seen_by(&w, class, id, &[a]).await;
                assert!(
                    !seen.contains("secret-anna") && !seen.contains("offer of anna"),
                    "{class:?} at {moment} sees a sealed offer"
                );
            }
            assert!(seen_by(&w, Some("anna"), id, &[a]).await.contains("secret-anna"));
            assert!(sql::makers(&t.db, id).await.unwrap().is_empty(), "nor who offers");
            assert!(sql::opened_offer(&t.db, a).await.unwrap().is_none());
            assert!(sql::public_offers(&t.db, &[id]).await.unwrap().is_empty());
            w.after_close();
        }
        // Nor does the maker's own key, where it is for something else.
        let anna = w.viewer("anna").await;
        let by_key = |scope: &str| Viewer {
            token: Some((Id::named("key"), vec![scope.to_owned()])),
            ..anna.clone()
        };
        for (scope, seen) in [("planning", false), ("calls", true), ("read", true)] {
            let key = by_key(scope);
            assert_eq!(own_view(&w.h, &key, a).await.is_ok(), seen, "{scope}");
            assert_eq!(
                offers_of(&t.db, &key).await.unwrap().len(),
                usize::from(seen),
                "{scope}"
            );
            let view = call_view(&w.h, &key, id).await.unwrap();
            assert_eq!(view.own_offer.is_some(), seen, "{scope}");
        }
        // The journal and the letters know nothing either.
        for sql in [
            "SELECT COUNT(*) AS n FROM journal_detail WHERE after_json <> replace(after_json, 'secret-', '')",
            "SELECT COUNT(*) AS n FROM outbox WHERE payload <> replace(payload, 'secret-', '')",
        ] {
            assert_eq!(t.db.number(sql, vec![]).await.unwrap(), 0);
        }
        open(&w.h, &officer, id).await.unwrap();
        for (class, whole, public) in [
            (None, false, true),
            (Some("lead"), true, true),
            (Some("officer"), true, true),
            (Some("stranger"), false, true),
            (Some("auditor"), true, true),
            (Some("judge1"), false, true),
            (Some("ben"), false, true),
            (Some("ida"), false, true),
        ] {
            let seen = seen_by(&w, class, id, &[a]).await;
            assert_eq!(
                (seen.contains("secret-anna"), seen.contains("offer of anna")),
                (whole, public),
                "{class:?}"
            );
            assert!(
                class == Some("ben") || !seen.contains("ben-draft"),
                "a draft never leaves its maker: {class:?}"
            );
        }
        declare(&w.h, &w.asking("judge1").await, id, &DeclareInput::default())
            .await
            .unwrap();
        assert!(
            seen_by(&w, Some("judge1"), id, &[a]).await.contains("secret-anna"),
            "declared"
        );
        let close = DeclareInput {
            offers: vec![a.to_string()],
            note: "cousin".into(),
        };
        declare(&w.h, &w.asking("judge2").await, id, &close).await.unwrap();
        assert!(
            !seen_by(&w, Some("judge2"), id, &[a]).await.contains("secret-anna"),
            "stands close to it"
        );
        assert!(matches!(
            score(&w.h, &w.asking("judge2").await, a, &marks(3)).await.unwrap_err(),
            Fail::Refused(_)
        ));
    }
);
on_each_engine!(
    ROOMS,
    async fn scores_are_a_members_own_until_handed_in(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let id = w.call("outsourcing").await;
        let (a, b) = (w.offer("anna", id).await, w.offer("ben", id).await);
        for judge in ["judge1", "judge2"] {
            seat(&w.h, &officer, id, &seat_of(judge)).await.unwrap();
        }
        w.after_close();
        open(&w.h, &officer, id).await.unwrap();
        let (one, two) = (w.asking("judge1").await, w.asking("judge2").await);
        declare(&w.h, &one, id, &DeclareInput::default()).await.unwrap();
        declare(&w.h, &two, id, &DeclareInput::default()).await.unwrap();
        score(&w.h, &one, a, &marks(9)).await.unwrap();
        score(&w.h, &one, b, &marks(4)).await.unwrap();
        for class in [
            None,
            Some("officer"),
            Some("auditor"),
            Some("lead"),
            Some("judge2"),
            Some("anna"),
        ] {
            assert!(
                !seen_by(&w, class, id, &[a, b]).await.contains("note 9"),
                "{class:?} sees marks that are not handed in"
            );
        }
        assert!(seen_by(&w, Some("judge1"), id, &[a]).await.contains("note 9"));
        hand_in(&w.h, &one, id).await.unwrap();
        for (class, sees) in [
            (None, false),
            (Some("officer"), true),
            (Some("auditor"), true),
            (Some("judge2"), false),
            (Some("anna"), false),
            (Some("stranger"), false),
        ] {
            assert_eq!(
                seen_by(&w, class, id, &[a, b]).await.contains("note 9"),
                sees,
                "{class:?}"
            );
        }
        score(&w.h, &two, a, &marks(2)).await.unwrap();
        score(&w.h, &two, b, &marks(2)).await.unwrap();
        assert!(
            !seen_by(&w, Some("judge2"), id, &[a]).await.contains("note 9"),
            "scored, not handed in"
        );
        hand_in(&w.h, &two, id).await.unwrap();
        assert!(
            seen_by(&w, Some("judge2"), id, &[a]).await.contains("note 9"),
            "own scores are in: the others' show"
        );
        let seats = sql::seats(&t.db, id).await.unwrap();
        let (all, criteria) = (
            sql::marks_in(&t.db, id).await.unwrap(),
            sql::load(&t.db, id).await.unwrap().unwrap().criteria,
        );
        assert_eq!((all.len(), unscored(&seats[0], &[a, b], &all, &criteria).len()), (8, 0));
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        assert!(
            !sql::hand_in(&tx, id, Id::named("judge1")).await.unwrap()
                && !sql::hold_seat(&tx, id, Id::named("judge1")).await.unwrap()
        );
        assert!(!sql::remove_seat(&tx, id, Id::named("judge1")).await.unwrap());
        assert!(matches!(
            sql::save_seat(&tx, &seats[0]).await.unwrap_err(),
            Fail::Changed
        ));
        assert!(!sql::insert_seat(&tx, &seats[0]).await.unwrap());
        sql::replace_marks(&tx, a, Id::named("judge1"), &[]).await.unwrap();
        assert!(
            sql::own_marks(&tx, id, Id::named("judge1"))
                .await
                .unwrap()
                .iter()
                .all(|m| m.offer == b)
        );
        drop(tx);
    }
);
on_each_engine!(
    ROOMS,
    async fn reading_costs_the_same_for_one_offer_and_three(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.viewer("officer").await;
        let mut counts = Vec::new();
        for makers in [&["anna"][..], &["anna", "ben", "ida"]] {
            let id = w.call("outsourcing").await;
            for m in makers {
                w.offer(m, id).await;
            }
            let now = t.db.now();
            t.clock.set(sql::load(&t.db, id).await.unwrap().unwrap().closes_at);
            open(&w.h, &w.asking("officer").await, id).await.unwrap();
            let public = Viewer::public(Via::Page);
            let (view, a) = ::store::count_queries(call_view(&w.h, &public, id)).await;
            let (_, b) = ::store::count_queries(review_view(&w.h, &officer, &view.unwrap().call)).await;
            counts.push((a, b));
            t.clock.set(now);
        }
        // One of the review's asks whether the reader's own side offers.
        assert_eq!(counts, [(5, 6), (5, 6)]);
    }
);

on_each_engine!(
    ROOMS,
    async fn with_an_account_go_the_offers_that_nobody_read(t: TestDb) {
        let w = World::new(&t).await;
        let mut handlers = ::store::Handlers::default();
        crate::handlers(&mut handlers);
        let worker = ::store::Worker {
            db: t.db.clone(),
            handlers,
        };
        let erased = async || {
            let ida: AccountId = Id::named("ida");
            let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
            tx.emit(journal::ERASED, ida).await.unwrap();
            tx.done(()).await.unwrap();
            worker.drain().await.unwrap();
        };
        let words = async |id: OfferId| {
            let o = sql::offer(&t.db, id).await.unwrap().unwrap();
            format!("{o:?}")
        };
        // Opened, a draft, sealed while its call is open; and an organisation's, sealed too.
        let first = w.call("outsourcing").await;
        let read = w.offer("ida", first).await;
        t.clock.forward(Duration::from_secs(3600));
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        tx.exec(
            "UPDATE call SET closes_at = $1, opened_at = $1, status = 'in-review' WHERE id = $2",
            vals![tx.now(), first],
        )
        .await
        .unwrap();
        tx.done(()).await.unwrap();
        let (second, third) = (w.call("outsourcing").await, w.call("outsourcing").await);
        let ida = w.asking("ida").await;
        let draft = begin(&w.h, &ida, second).await.unwrap();
        let needs = sql::needs(&t.db, second).await.unwrap();
        save(&w, &ida, draft, &offer_input(&needs, "ida")).await.unwrap();
        let sealed = w.offer("ida", third).await;
        let other = w.offer("anna", third).await;
        for id in [read, draft, sealed] {
            assert!(words(id).await.contains("secret-ida"));
        }
        erased().await;
        assert!(words(read).await.contains("secret-ida"), "the decision rests on it");
        assert!(words(other).await.contains("secret-anna"));
        for id in [draft, sealed] {
            let o = sql::offer(&t.db, id).await.unwrap().unwrap();
            assert_eq!(
                (o.status, o.draft, o.content),
                (OfferStatus::Withdrawn, OfferInput::default(), None)
            );
            let story = journal::history(&t.db, "offer", &id.to_string()).await.unwrap();
            assert_eq!(story.last().unwrap().0.action, "offer.emptied");
        }
        let size = journal::size(&t.db).await.unwrap();
        erased().await;
        assert_eq!(journal::size(&t.db).await.unwrap(), size, "told twice, done once");
        assert_eq!(sql::sealed(&t.db, third).await.unwrap().len(), 1);
        assert_eq!(verify(&t.db).await.unwrap(), Vec::<String>::new());
    }
);
