//! Many at once: one verdict, one approval, and never a cent over the budget.

use std::collections::BTreeMap;

use ::store::{journal, on_each_engine};
use basis::Fail;

use super::*;
use crate::{InstalmentStatus, Note, Request, accept, approve, give_back, hand_in, request};

/// How each went, counted: "done", the refusal's code, "changed".
async fn tally<T, F>(all: Vec<F>) -> BTreeMap<&'static str, usize>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Fail>> + Send + 'static,
{
    let mut out = BTreeMap::new();
    for one in all.into_iter().map(tokio::spawn).collect::<Vec<_>>() {
        let how = match one.await.unwrap() {
            Ok(_) => "done",
            Err(Fail::Refused(r)) => r[0].code,
            Err(Fail::Changed) => "changed",
            Err(other) => panic!("{other:?}"),
        };
        *out.entry(how).or_default() += 1;
    }
    out
}

on_each_engine!(
    ROOMS,
    async fn of_twenty_verdicts_one_stands(t: TestDb) {
        let h = house(&t);
        let (id, milestones) = running(&h).await;
        let d = hand_in(&h, &by(delegate()), milestones[0], &said("x"), &[])
            .await
            .unwrap();
        let all = (0..20).map(|n| {
            let h = h.clone();
            async move {
                match n % 2 {
                    0 => accept(&h, &by(officer()), d, &Note::default()).await,
                    _ => give_back(&h, &by(second_officer()), d, &because("no")).await,
                }
            }
        });
        let how = tally(all.collect()).await;
        assert_eq!(how, BTreeMap::from([("done", 1), ("refusal-deliverable-judged", 19)]));
        let told = journal::history(&h.db, "undertaking", &id.to_string()).await.unwrap();
        let verdicts = told
            .iter()
            .filter(|(l, _)| ["undertaking.accepted", "undertaking.returned"].contains(&l.action.as_str()));
        assert_eq!(verdicts.count(), 1);
        assert_eq!(crate::verify(&h.db).await.unwrap(), Vec::<String>::new());
    }
);

on_each_engine!(
    ROOMS,
    async fn of_twenty_approvals_one_counts(t: TestDb) {
        let h = house(&t);
        let (id, _) = running(&h).await;
        let advance = store::instalments(&h.db, &[id]).await.unwrap()[0].id;
        let asked = Request {
            instalment: advance.to_string(),
            ..Request::default()
        };
        request(&h, &by(delegate()), id, &asked).await.unwrap();
        let all = (0..20).map(|n| {
            let h = h.clone();
            async move { approve(&h, &by(finance(&format!("clerk {n}"))), advance).await }
        });
        assert_eq!(
            tally(all.collect()).await,
            BTreeMap::from([("done", 1), ("refusal-instalment-not-requested", 19)])
        );
        assert_eq!(
            store::instalment(&h.db, advance).await.unwrap().unwrap().status(),
            InstalmentStatus::Approved
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn fifty_ask_for_the_last_yuan_and_one_gets_it(t: TestDb) {
        let h = house(&t);
        let (id, milestones) = running(&h).await;
        let d = hand_in(&h, &by(delegate()), milestones[0], &said("all of it"), &[])
            .await
            .unwrap();
        accept(&h, &by(officer()), d, &Note::default()).await.unwrap();
        let milestone = milestones[0].to_string();
        let most = Request {
            milestone: milestone.clone(),
            amount: "599".into(),
            ..Request::default()
        };
        request(&h, &by(delegate()), id, &most).await.unwrap();
        let all = (0..50).map(|_| {
            let (h, milestone) = (h.clone(), milestone.clone());
            async move {
                request(
                    &h,
                    &by(delegate()),
                    id,
                    &Request {
                        milestone,
                        amount: "1".into(),
                        ..Request::default()
                    },
                )
                .await
            }
        });
        assert_eq!(
            tally(all.collect()).await,
            BTreeMap::from([("done", 1), ("refusal-over-budget", 49)])
        );
        let u = store::load(&h.db, id).await.unwrap().unwrap();
        assert_eq!((u.promised, u.budget), (100_000, 100_000));
        assert_eq!(crate::verify(&h.db).await.unwrap(), Vec::<String>::new());
        assert_eq!(
            journal::verify(&h.db, |_, _| {}).await.unwrap().faults,
            Vec::<String>::new()
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn two_officers_agree_one_award_once(t: TestDb) {
        let h = house(&t);
        let all = (0..8).map(|_| {
            let h = h.clone();
            async move { agreed_as(&h, officer(), &commission("award"), &terms()).await }
        });
        assert_eq!(
            tally(all.collect()).await,
            BTreeMap::from([("done", 1), ("refusal-award-agreed", 7)])
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn of_twenty_who_read_one_version_one_takes_the_step(t: TestDb) {
        let h = house(&t);
        let (id, milestones) = running(&h).await;
        let read = store::load(&h.db, id).await.unwrap().unwrap().version;
        let change = crate::AmendmentInput {
            ends_on: "2027-06-01".into(),
            reason: "sooner".into(),
            ..Default::default()
        };
        // Each of these is another step; without the version several of them would pass.
        let all = (0..20).map(|n| {
            let (h, change, milestone) = (h.clone(), change.clone(), milestones[n % 2]);
            let asking = move |v: Viewer| Asking {
                read: Some(read),
                ..by(v)
            };
            async move {
                match n % 3 {
                    0 => crate::propose_amendment(&h, &asking(officer()), id, &change)
                        .await
                        .map(|_| ()),
                    1 => hand_in(&h, &asking(delegate()), milestone, &said("x"), &[])
                        .await
                        .map(|_| ()),
                    _ => crate::publish_money(&h, &asking(officer()), id).await.map(|_| ()),
                }
            }
        });
        assert_eq!(
            tally(all.collect()).await,
            BTreeMap::from([("done", 1), ("changed", 19)])
        );
        let now = store::load(&h.db, id).await.unwrap().unwrap().version;
        let again = Asking {
            read: Some(now),
            ..by(lead())
        };
        crate::stop(&h, &again, id, &because("enough")).await.unwrap();
        // Who may not take the step is told so, whatever version they name.
        let stranger = Asking {
            read: Some(1),
            ..by(rival())
        };
        let denied = crate::stop(&h, &stranger, id, &because("no")).await.unwrap_err();
        assert!(matches!(denied, Fail::Denied(_)));
    }
);
