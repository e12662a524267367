//! The panel's reading, divided by the solver and by an officer.

use super::*;
use std::collections::BTreeSet;

/// A call in review with three offers and three judges; the first declared a tie to the first offer.
async fn reviewed(w: &World<'_>) -> (CallId, [OfferId; 3]) {
    let officer = w.asking("officer").await;
    let id = w.call("outsourcing").await;
    let offers = [
        w.offer("anna", id).await,
        w.offer("ben", id).await,
        w.offer("ida", id).await,
    ];
    for judge in ["judge1", "judge2", "judge3"] {
        seat(&w.h, &officer, id, &seat_of(judge)).await.unwrap();
    }
    w.after_close();
    open(&w.h, &officer, id).await.unwrap();
    let tie = DeclareInput {
        offers: vec![offers[0].to_string()],
        note: "kin".into(),
    };
    declare(&w.h, &w.asking("judge1").await, id, &tie).await.unwrap();
    for judge in ["judge2", "judge3"] {
        declare(&w.h, &w.asking(judge).await, id, &DeclareInput::default())
            .await
            .unwrap();
    }
    (id, offers)
}
async fn read_by(w: &World<'_>, id: CallId) -> Vec<BTreeSet<OfferId>> {
    let seats = sql::seats(&w.h.db, id).await.unwrap();
    let mut seats: Vec<_> = seats.into_iter().collect();
    let order = ["judge1", "judge2", "judge3"].map(Id::<basis::Account>::named);
    seats.sort_by_key(|s| order.iter().position(|a| *a == s.account));
    seats
        .into_iter()
        .map(|s| s.readings.unwrap_or_default().into_iter().collect())
        .collect()
}

on_each_engine!(
    ROOMS,
    async fn the_panels_reading_is_divided_and_each_scores_their_own(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let (id, offers) = reviewed(&w).await;
        let propose = ReadingsInput {
            how: "propose".into(),
            ..Default::default()
        };
        let refused = divide_reading(&w.h, &w.asking("stranger").await, id, &propose).await;
        assert!(matches!(refused, Err(Fail::Denied(_))));
        // The page proposes and changes nothing.
        let site = super::web::site(&w.h);
        let viewer = w.viewer("officer").await;
        let path = format!("/calls/{id}/readings?wanted=2");
        let (status, page) = site.get(&viewer, Locale::En, &path).await;
        assert!(
            status == 200 && page.contains("stands close") && page.contains("Nobody reads more than 2"),
            "{page}"
        );
        let path = format!("/calls/{id}/readings?wanted=");
        let (status, page) = site.get(&viewer, Locale::En, &format!("{path}abc")).await;
        let at_field = "id=\"e-wanted\">Write a whole number.";
        assert!(
            status == 422 && page.contains(at_field) && page.contains("value=\"abc\""),
            "{status} {page}"
        );
        let led = "<a href=\"#f-wanted\">Readers for each offer: Write a whole number.</a>";
        assert!(page.contains(led), "{page}");
        assert_eq!(page.matches("Write a whole number.").count(), 2, "nowhere else: {page}");
        let (_, page) = site.get(&viewer, Locale::En, &format!("{path}9")).await;
        assert!(page.contains("more members than there are (3). Seat more"), "{page}");
        assert!(read_by(&w, id).await.iter().all(BTreeSet::is_empty));
        divide_reading(&w.h, &officer, id, &propose).await.unwrap();
        let by = read_by(&w, id).await;
        assert!(by.iter().all(|r| r.len() == 2), "six readings for three: {by:?}");
        assert!(!by[0].contains(&offers[0]) && by[1].contains(&offers[0]) && by[2].contains(&offers[0]));
        // Each scores what they were given; nothing else.
        let judge2 = w.asking("judge2").await;
        let other = offers.iter().find(|o| !by[1].contains(o)).unwrap();
        let not_theirs = score(&w.h, &judge2, *other, &marks(5)).await.unwrap_err();
        assert_eq!(code(not_theirs).1, "refusal-reading-others");
        let (_, page) = site
            .get(&w.viewer("judge2").await, Locale::En, &format!("/calls/{id}/review"))
            .await;
        assert!(
            page.contains("these are the offers given to you") && page.contains("2 offers are still open"),
            "{page}"
        );
        for o in &by[1] {
            score(&w.h, &judge2, *o, &marks(8)).await.unwrap();
        }
        hand_in(&w.h, &judge2, id).await.unwrap();
        // An officer changes it: with too few readers the offer is named, and what was handed in stays.
        let set = |pairs: Vec<(OfferId, &str)>| ReadingsInput {
            how: "set".into(),
            offers: offers.iter().map(ToString::to_string).collect(),
            readings: pairs
                .into_iter()
                .map(|(o, who)| ReadingInput {
                    offer: o.to_string(),
                    account: Id::<basis::Account>::named(who).to_string(),
                })
                .collect(),
            ..Default::default()
        };
        let few = divide_reading(&w.h, &officer, id, &set(vec![(offers[0], "judge3")])).await;
        let Err(Fail::Refused(few)) = few else { panic!() };
        assert!(
            few.iter().all(|r| r.code == "refusal-readers-few") && few.len() == 2,
            "{few:?}"
        );
        let more: Vec<(OfferId, &str)> = offers
            .iter()
            .flat_map(|o| [(*o, "judge3"), (*o, "judge1")])
            .filter(|p| *p != (offers[0], "judge1"))
            .collect();
        divide_reading(&w.h, &officer, id, &set(more)).await.unwrap();
        let now = read_by(&w, id).await;
        assert_eq!((now[0].len(), &now[1], now[2].len()), (2, &by[1], 3));
        for (judge, own) in [("judge1", &now[0]), ("judge3", &now[2])] {
            let asking = w.asking(judge).await;
            for o in own {
                score(&w.h, &asking, *o, &marks(6)).await.unwrap();
            }
            hand_in(&w.h, &asking, id).await.unwrap();
        }
        let call = sql::load(&t.db, id).await.unwrap().unwrap();
        let v = review_view(&w.h, &viewer, &call).await.unwrap();
        let heard = |o: &OfferId| v.verdicts.iter().find(|x| x.offer == *o).unwrap().totals.len();
        assert_eq!(offers.iter().map(heard).sum::<usize>(), 7);
        let give = AwardInput {
            offer: offers[0].to_string(),
            reason_en: "best".into(),
            ..Default::default()
        };
        award_offer(&w.h, &officer, id, &give).await.unwrap();
    }
);
on_each_engine!(
    ROOMS,
    async fn a_division_is_lifted_and_one_reader_is_no_panel(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let (id, offers) = reviewed(&w).await;
        let how = |how: &str| ReadingsInput {
            how: how.into(),
            ..Default::default()
        };
        divide_reading(&w.h, &officer, id, &how("propose")).await.unwrap();
        let by = read_by(&w, id).await;
        for (judge, own) in ["judge1", "judge2", "judge3"].into_iter().zip(&by) {
            let asking = w.asking(judge).await;
            if judge == "judge3" {
                // Declares a tie only now: one of the offers is left with one reader.
                let tie = DeclareInput {
                    offers: vec![offers[0].to_string()],
                    note: "kin".into(),
                };
                declare(&w.h, &asking, id, &tie).await.unwrap();
            }
            for o in own.iter().filter(|o| judge != "judge3" || **o != offers[0]) {
                score(&w.h, &asking, *o, &marks(6)).await.unwrap();
            }
            if judge != "judge3" {
                hand_in(&w.h, &asking, id).await.unwrap();
            }
        }
        divide_reading(&w.h, &officer, id, &how("lift")).await.unwrap();
        let seats = sql::seats(&t.db, id).await.unwrap();
        assert_eq!(
            seats.iter().filter(|s| s.readings.is_none()).count(),
            1,
            "those who handed in keep theirs"
        );
        let asking = w.asking("judge3").await;
        let missing = hand_in(&w.h, &asking, id).await;
        assert_eq!(code(missing.unwrap_err()).1, "refusal-offers-unscored");
        for o in &offers[1..] {
            score(&w.h, &asking, *o, &marks(6)).await.unwrap();
        }
        hand_in(&w.h, &asking, id).await.unwrap();
        let give = AwardInput {
            offer: offers[0].to_string(),
            reason_en: "best".into(),
            ..Default::default()
        };
        let refused = award_offer(&w.h, &officer, id, &give).await.unwrap_err();
        assert_eq!(code(refused), ("offer".into(), "refusal-readers-few"));
    }
);
