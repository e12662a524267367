//! Use cases as the two sides do them, on both engines.

use ::store::{OrRepeat, Query, journal, on_each_engine, vals};
use basis::{Fail, Id, Lang, UndertakingId};

use super::*;
use crate::{
    AmendmentInput, AmendmentStatus, Decision, InstalmentStatus, MilestoneStatus, Note, Payment, Request, Side, Status,
    accept, approve, decide_amendment, give_back, hand_in, pay, propose_amendment, publish_money, reconcile, refuse,
    request, settle, start, stop,
};

async fn status(h: &House, id: UndertakingId) -> Status {
    store::load(&h.db, id).await.unwrap().unwrap().status
}
async fn events(h: &House, topic: &str) -> Vec<serde_json::Value> {
    ::store::row! { struct Row { payload: String } }
    let rows: Vec<Row> =
        h.db.all("SELECT payload FROM outbox WHERE topic = $1 ORDER BY id", vals![topic])
            .await
            .unwrap();
    rows.iter().map(|r| serde_json::from_str(&r.payload).unwrap()).collect()
}
fn planned(id: basis::InstalmentId) -> Request {
    Request {
        instalment: id.to_string(),
        ..Request::default()
    }
}
async fn accept_all(h: &House, milestones: &[MilestoneId]) {
    for m in milestones {
        let d = hand_in(h, &by(delegate()), *m, &said("好"), &[]).await.unwrap();
        accept(h, &by(officer()), d, &Note::default()).await.unwrap();
    }
}

on_each_engine!(
    ROOMS,
    async fn from_terms_to_settled(t: TestDb) {
        let h = house(&t);
        let id = agreed(&h).await;
        assert_eq!(
            refused(
                request(
                    &h,
                    &by(delegate()),
                    id,
                    &Request {
                        amount: "1".into(),
                        ..Request::default()
                    }
                )
                .await
            ),
            "refusal-undertaking-not-started"
        );
        start(&h, &by(delegate()), id).await.unwrap();
        assert_eq!(
            refused(start(&h, &by(delegate()), id).await),
            "refusal-undertaking-started"
        );
        // Two milestones, and the whole of it.
        assert_eq!(events(&h, "promise.made").await.len(), 3);
        let milestones = store::milestones(&h.db, &[id]).await.unwrap();
        let (first, second) = (milestones[0].id, milestones[1].id);

        let one = hand_in(
            &h,
            &by(delegate()),
            first,
            &said("首批五十种"),
            &[file("list.txt", b"fifty titles")],
        )
        .await
        .unwrap();
        assert_eq!(
            refused(hand_in(&h, &by(delegate()), first, &said("again"), &[]).await),
            "refusal-milestone-under-review"
        );
        assert_eq!(status(&h, id).await, Status::Running);
        assert_eq!(
            refused(give_back(&h, &by(officer()), one, &because("  ")).await),
            "refusal-required"
        );
        give_back(&h, &by(officer()), one, &because("缺少签收单"))
            .await
            .unwrap();
        assert_eq!(
            store::milestone(&h.db, first).await.unwrap().unwrap().status,
            MilestoneStatus::Returned
        );
        let two = hand_in(&h, &by(delegate()), first, &said("附签收单"), &[])
            .await
            .unwrap();
        assert_eq!(store::deliverable(&h.db, two).await.unwrap().unwrap().round, 2);
        assert_eq!(
            refused(accept(&h, &by(officer()), one, &Note::default()).await),
            "refusal-deliverable-judged"
        );
        accept(&h, &by(second_officer()), two, &Note { note: "谢谢".into() })
            .await
            .unwrap();
        hand_in(&h, &by(delegate()), second, &said("反馈"), &[]).await.unwrap();
        assert_eq!(status(&h, id).await, Status::Delivered);
        assert_eq!(
            refused(settle(&h, &by(officer()), id).await),
            "refusal-settle-not-accepted"
        );
        t.clock.forward(std::time::Duration::from_secs(250 * 86_400));
        let last = store::deliverables(&h.db, &[second]).await.unwrap()[0].id;
        accept(&h, &by(officer()), last, &Note::default()).await.unwrap();
        assert_eq!(status(&h, id).await, Status::Accepted);
        let outcomes: Vec<_> = events(&h, "promise.settled")
            .await
            .iter()
            .map(|e| e["outcome"].clone())
            .collect();
        // Handed in by their days: an officer who takes months to read makes nobody late.
        assert_eq!(outcomes, ["kept", "kept", "kept"]);

        let all = store::instalments(&h.db, &[id]).await.unwrap();
        for i in &all {
            request(&h, &by(delegate()), id, &planned(i.id)).await.unwrap();
        }
        assert_eq!(
            refused(settle(&h, &by(officer()), id).await),
            "refusal-settle-money-open"
        );
        approve(&h, &by(officer()), all[0].id).await.unwrap();
        pay(
            &h,
            &by(finance("cashier")),
            all[0].id,
            &Payment {
                reference: "2026-17".into(),
            },
        )
        .await
        .unwrap();
        refuse(&h, &by(finance("cashier")), all[1].id, &because("票据不全"))
            .await
            .unwrap();
        assert_eq!(store::load(&h.db, id).await.unwrap().unwrap().promised, 10_000);
        settle(&h, &by(officer()), id).await.unwrap();
        assert_eq!(
            refused(settle(&h, &by(officer()), id).await),
            "refusal-undertaking-over"
        );
        assert_eq!(events(&h, "undertaking.settled").await[0]["year"], 2027);
        assert_eq!(crate::verify(&h.db).await.unwrap(), Vec::<String>::new());
        assert_eq!(
            journal::verify(&h.db, |_, _| {}).await.unwrap().faults,
            Vec::<String>::new()
        );
        let told: Vec<String> = journal::history(&h.db, "undertaking", &id.to_string())
            .await
            .unwrap()
            .into_iter()
            .map(|(l, _)| l.action)
            .collect();
        assert_eq!(
            told[..4],
            [
                "undertaking.agreed",
                "undertaking.started",
                "undertaking.handed-in",
                "undertaking.returned"
            ]
        );
        assert_eq!(told.last().unwrap(), "undertaking.settled");
    }
);

on_each_engine!(
    ROOMS,
    async fn one_does_not_do_the_others_part(t: TestDb) {
        let h = house(&t);
        assert!(!denied(agreed_as(&h, delegate(), &commission("award"), &terms()).await).is_empty());
        denied(agreed_as(&h, other_department(), &commission("award"), &terms()).await);
        let id = agreed(&h).await;
        assert_eq!(
            refused(agreed_as(&h, lead(), &commission("award"), &terms()).await),
            "refusal-award-agreed"
        );
        for v in [
            officer(),
            lead(),
            rival(),
            finance("f"),
            citizen("delegate"),
            public(),
            partner_officer(partner_city()),
        ] {
            denied(start(&h, &by(v), id).await);
        }
        // Acting for the library does not help who guides.
        assert_eq!(
            denied(start(&h, &by(officer_at_library()), id).await),
            ["house.guide-does-not-execute"]
        );
        start(&h, &by(delegate()), id).await.unwrap();
        let first = store::milestones(&h.db, &[id]).await.unwrap()[0].id;
        assert_eq!(
            denied(hand_in(&h, &by(officer_at_library()), first, &said("x"), &[]).await),
            ["house.guide-does-not-execute"]
        );
        let d = hand_in(&h, &by(delegate()), first, &said("x"), &[]).await.unwrap();
        for v in [
            delegate(),
            rival(),
            finance("f"),
            other_department(),
            auditor(),
            partner_officer(partner_city()),
            public(),
        ] {
            denied(accept(&h, &by(v.clone()), d, &Note::default()).await);
            denied(give_back(&h, &by(v), d, &because("no")).await);
        }
        // An officer with a mandate of the executing body stays a person who executes.
        let both = {
            let mut v = officer();
            v.mandates.push(delegate().mandates[0].clone());
            v
        };
        assert_eq!(
            denied(accept(&h, &by(both), d, &Note::default()).await),
            ["undertaking.executor-does-not-judge.person"]
        );
        accept(&h, &by(lead()), d, &Note::default()).await.unwrap();
        denied(stop(&h, &by(delegate()), id, &because("x")).await);
        denied(settle(&h, &by(delegate()), id).await);
        denied(publish_money(&h, &by(finance("f")), id).await);
    }
);

on_each_engine!(
    ROOMS,
    async fn three_people_move_money(t: TestDb) {
        let h = house(&t);
        let (id, milestones) = running(&h).await;
        let all = store::instalments(&h.db, &[id]).await.unwrap();
        assert_eq!(
            refused(request(&h, &by(delegate()), id, &planned(all[1].id)).await),
            "refusal-instalment-not-earned"
        );
        denied(request(&h, &by(officer()), id, &planned(all[0].id)).await);
        let one = request(&h, &by(delegate()), id, &planned(all[0].id)).await.unwrap();
        // Not who asked, in whatever role; not who executes, in whatever role.
        let rules = denied(approve(&h, &by(delegate_at_finance()), one).await);
        assert!(
            rules.contains(&"house.four-people".to_owned())
                && rules.contains(&"undertaking.executor-does-not-judge.person".to_owned()),
            "{rules:?}"
        );
        let librarian = {
            let mut v = delegate_at_finance();
            v.person.as_mut().unwrap().id = person("librarian");
            v
        };
        assert_eq!(
            denied(approve(&h, &by(librarian.clone()), one).await),
            ["undertaking.executor-does-not-judge.person"]
        );
        for v in [
            rival(),
            other_department(),
            auditor(),
            citizen("x"),
            partner_officer(partner_city()),
        ] {
            denied(approve(&h, &by(v), one).await);
        }
        assert_eq!(
            refused(pay(&h, &by(finance("anna")), one, &Payment { reference: "1".into() }).await),
            "refusal-instalment-not-approved"
        );
        approve(&h, &by(finance("anna")), one).await.unwrap();
        assert_eq!(
            refused(approve(&h, &by(officer()), one).await),
            "refusal-instalment-not-requested"
        );
        assert_eq!(
            denied(pay(&h, &by(finance("anna")), one, &Payment { reference: "1".into() }).await),
            ["house.four-people"]
        );
        denied(pay(&h, &by(librarian), one, &Payment { reference: "1".into() }).await);
        denied(pay(&h, &by(officer()), one, &Payment { reference: "1".into() }).await);
        assert_eq!(
            refused(pay(&h, &by(finance("bo")), one, &Payment::default()).await),
            "refusal-required"
        );
        pay(&h, &by(finance("bo")), one, &Payment { reference: "1".into() })
            .await
            .unwrap();
        assert_eq!(
            refused(refuse(&h, &by(officer()), one, &because("x")).await),
            "refusal-instalment-closed"
        );
        // The fourth person, counted by person; and the sum of the statement, not the one recorded.
        let seen = |amount: &str| crate::Reconciliation {
            statement: "2027-03 / 4".into(),
            amount: amount.into(),
        };
        for v in [finance("anna"), finance("bo")] {
            assert_eq!(
                denied(reconcile(&h, &by(v), one, &seen("100")).await),
                ["house.four-people"]
            );
        }
        for v in [delegate_at_finance(), officer(), auditor(), delegate()] {
            denied(reconcile(&h, &by(v), one, &seen("100")).await);
        }
        let carla = by(finance("carla"));
        assert_eq!(
            refused(reconcile(&h, &carla, one, &seen("100.01")).await),
            "refusal-reconcile-differs"
        );
        reconcile(&h, &carla, one, &seen("100.00")).await.unwrap();
        let found = store::instalment(&h.db, one).await.unwrap().unwrap();
        assert_eq!(
            (found.status(), found.earlier_people().len()),
            (InstalmentStatus::Reconciled, 4)
        );
        assert_eq!(
            refused(reconcile(&h, &by(lead()), one, &seen("100")).await),
            "refusal-instalment-not-paid"
        );

        accept_all(&h, &milestones[..1]).await;
        let own = Request {
            milestone: milestones[0].to_string(),
            amount: "600.01".into(),
            ..Request::default()
        };
        assert_eq!(
            refused(request(&h, &by(delegate()), id, &own).await),
            "refusal-over-budget"
        );
        let own = Request {
            amount: "600".into(),
            ..own
        };
        let asked = request(&h, &by(delegate()), id, &own).await.unwrap();
        assert_eq!(
            store::instalment(&h.db, asked).await.unwrap().unwrap().status(),
            InstalmentStatus::Requested
        );
        let u = store::load(&h.db, id).await.unwrap().unwrap();
        assert_eq!((u.promised, u.left().minor), (100_000, 0));
        let elsewhere = Request {
            milestone: Id::<basis::Milestone>::named("x").to_string(),
            amount: "1".into(),
            ..Request::default()
        };
        assert_eq!(
            refused(request(&h, &by(delegate()), id, &elsewhere).await),
            "refusal-over-budget"
        );
        refuse(&h, &by(officer()), asked, &because("改为实物")).await.unwrap();
        assert_eq!(
            refused(request(&h, &by(delegate()), id, &elsewhere).await),
            "refusal-not-in-list"
        );
        assert_eq!(
            refused(
                request(
                    &h,
                    &by(delegate()),
                    id,
                    &Request {
                        amount: "0".into(),
                        ..Request::default()
                    }
                )
                .await
            ),
            "refusal-amount-zero"
        );
        assert_eq!(crate::verify(&h.db).await.unwrap(), Vec::<String>::new());
    }
);

on_each_engine!(
    ROOMS,
    async fn a_partner_body_and_a_person_can_execute(t: TestDb) {
        let h = house(&t);
        let mut abroad = commission("abroad");
        let guest = partner_officer(partner_city());
        (abroad.body, abroad.executing_members) = (guest.body(), vec![person("partner officer")]);
        let mut words = terms();
        words.responsible = person("partner officer").to_string();
        let id = agreed_as(&h, officer(), &abroad, &words).await.unwrap();
        start(&h, &by(guest.clone()), id).await.unwrap();
        let first = store::milestones(&h.db, &[id]).await.unwrap()[0].id;
        let text = crate::HandIn {
            text: "Bücher".into(),
            lang: "de".into(),
        };
        let d = hand_in(&h, &by(guest), first, &text, &[]).await.unwrap();
        assert_eq!(
            store::deliverable(&h.db, d).await.unwrap().unwrap().text.source(),
            &"de".parse::<Lang>().unwrap()
        );

        let mut alone = commission("alone");
        (alone.body, alone.account, alone.executing_members) = (None, Some(person("zhang")), vec![]);
        words.responsible = person("zhang").to_string();
        let id = agreed_as(&h, officer(), &alone, &words).await.unwrap();
        denied(start(&h, &by(citizen("li")), id).await);
        start(&h, &by(citizen("zhang")), id).await.unwrap();
        assert_eq!(
            crate::executors(&h.db, id).await.unwrap(),
            (vec![], vec![person("zhang")])
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn terms_change_when_both_sides_agree(t: TestDb) {
        let h = house(&t);
        let (id, milestones) = running(&h).await;
        let change = AmendmentInput {
            ends_on: "2027-08-31".into(),
            milestone: milestones[1].to_string(),
            due_on: "2027-08-15".into(),
            budget: "900".into(),
            reason: "书展改期".into(),
        };
        assert_eq!(
            refused(
                propose_amendment(
                    &h,
                    &by(delegate()),
                    id,
                    &AmendmentInput {
                        reason: "r".into(),
                        ..AmendmentInput::default()
                    }
                )
                .await
            ),
            "refusal-amendment-empty"
        );
        let low = AmendmentInput {
            budget: "399.99".into(),
            reason: "r".into(),
            ..AmendmentInput::default()
        };
        assert_eq!(
            refused(propose_amendment(&h, &by(officer()), id, &low).await),
            "refusal-budget-below-promised"
        );
        denied(propose_amendment(&h, &by(rival()), id, &change).await);
        let a = propose_amendment(&h, &by(delegate()), id, &change).await.unwrap();
        assert_eq!(
            refused(propose_amendment(&h, &by(officer()), id, &change).await),
            "refusal-amendment-open"
        );
        let yes = Decision {
            agree: "yes".into(),
            reason: String::new(),
        };
        assert_eq!(
            refused(decide_amendment(&h, &by(delegate()), a, &yes).await),
            "refusal-amendment-own-side"
        );
        assert_eq!(
            refused(decide_amendment(&h, &by(officer()), a, &Decision::default()).await),
            "refusal-required"
        );
        decide_amendment(&h, &by(officer()), a, &yes).await.unwrap();
        let u = store::load(&h.db, id).await.unwrap().unwrap();
        assert_eq!((u.budget, u.ends.to_string()), (90_000, "2027-08-31".to_owned()));
        assert_eq!(
            store::milestone(&h.db, milestones[1])
                .await
                .unwrap()
                .unwrap()
                .due
                .to_string(),
            "2027-08-15"
        );
        assert_eq!(store::lines(&h.db, &[id]).await.unwrap()[2].1.amount, -10_000);
        let again = propose_amendment(
            &h,
            &by(officer()),
            id,
            &AmendmentInput {
                ends_on: "2027-09-30".into(),
                reason: "r".into(),
                ..AmendmentInput::default()
            },
        )
        .await
        .unwrap();
        assert_eq!(
            store::amendment(&h.db, again).await.unwrap().unwrap().side,
            Side::Guiding
        );
        decide_amendment(
            &h,
            &by(delegate()),
            again,
            &Decision {
                agree: "no".into(),
                reason: "来不及".into(),
            },
        )
        .await
        .unwrap();
        assert_eq!(
            store::amendment(&h.db, again).await.unwrap().unwrap().status,
            AmendmentStatus::Declined
        );
        assert_eq!(store::load(&h.db, id).await.unwrap().unwrap().ends, u.ends);
        assert_eq!(crate::verify(&h.db).await.unwrap(), Vec::<String>::new());
    }
);

on_each_engine!(
    ROOMS,
    async fn nobody_stands_on_both_sides_of_the_terms(t: TestDb) {
        let h = house(&t);
        // Who may act for the executing body agrees no terms with it, whoever they act for now.
        let mut close = commission("close");
        close.executing_members.push(person("officer"));
        assert_eq!(
            denied(agreed_as(&h, officer(), &close, &terms()).await),
            ["undertaking.executor-does-not-judge.person"]
        );
        let (id, milestones) = running(&h).await;
        let later = AmendmentInput {
            ends_on: "2027-08-31".into(),
            reason: "r".into(),
            ..AmendmentInput::default()
        };
        let yes = Decision {
            agree: "yes".into(),
            reason: String::new(),
        };
        let by_itself = ["undertaking.executor-does-not-answer-itself"];
        assert_eq!(
            denied(propose_amendment(&h, &by(officer_of_library()), id, &later).await),
            by_itself
        );
        assert_eq!(
            refused(propose_amendment(&h, &by(officer_at_library()), id, &later).await),
            "refusal-guides-and-executes"
        );
        let a = propose_amendment(&h, &by(delegate()), id, &later).await.unwrap();
        assert_eq!(
            denied(decide_amendment(&h, &by(officer_of_library()), a, &yes).await),
            by_itself
        );
        // A librarian who handed in and works for the office since: their mandate ended, what they did has not.
        let mut librarian = delegate();
        librarian.person.as_mut().unwrap().id = person("librarian");
        hand_in(&h, &by(librarian), milestones[0], &said("好"), &[])
            .await
            .unwrap();
        let mut since = officer();
        since.person.as_mut().unwrap().id = person("librarian");
        assert_eq!(denied(decide_amendment(&h, &by(since), a, &yes).await), by_itself);
        decide_amendment(&h, &by(second_officer()), a, &yes).await.unwrap();
        // The award's own promise follows the agreed end.
        // Both were told within one moment of the clock, so their order says nothing.
        let due: std::collections::BTreeSet<_> = events(&h, "promise.made")
            .await
            .into_iter()
            .filter(|e| e["kind"] == "delivery")
            .map(|e| e["due"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(due.into_iter().collect::<Vec<_>>(), ["2027-06-30", "2027-08-31"]);
    }
);
on_each_engine!(
    ROOMS,
    async fn more_than_the_call_allowed_is_not_agreed_between_two(t: TestDb) {
        let h = house(&t);
        let (id, _) = running(&h).await;
        let tx = h.db.begin(&::store::Act::house(Via::Seed)).await.unwrap();
        let (words, call) = (Text::both("甲", "A"), commission("award").call);
        tx.exec(
            "INSERT INTO call (id, plan_item, field, title, brief, who, status, mode, opens_at, closes_at, currency, ceiling, work_from, work_until, languages, criteria, weights, guiding, made_at, illustrative, version) VALUES ($1, $1, 'culture', $2, $2, $2, 'decided', 'outsourcing', 1, 1, 'CNY', 120000, '2027-01-01', '2027-12-31', '[]', '[]', '{}', $3, 1, $4, 1)",
            vals![call, words, culture(), true],
        )
        .await
        .unwrap();
        tx.done(()).await.unwrap();
        let more = |budget: &str| AmendmentInput {
            budget: budget.into(),
            reason: "r".into(),
            ..AmendmentInput::default()
        };
        assert_eq!(
            refused(propose_amendment(&h, &by(delegate()), id, &more("1200.01")).await),
            "refusal-budget-over-call"
        );
        let a = propose_amendment(&h, &by(delegate()), id, &more("1200")).await.unwrap();
        let yes = Decision {
            agree: "yes".into(),
            reason: String::new(),
        };
        decide_amendment(&h, &by(officer()), a, &yes).await.unwrap();
        assert_eq!(store::load(&h.db, id).await.unwrap().unwrap().budget, 120_000);
    }
);

on_each_engine!(
    ROOMS,
    async fn what_is_stopped_breaks_its_promises_and_frees_its_money(t: TestDb) {
        let h = house(&t);
        let (id, milestones) = running(&h).await;
        accept_all(&h, &milestones[..1]).await;
        let all = store::instalments(&h.db, &[id]).await.unwrap();
        request(&h, &by(delegate()), id, &planned(all[0].id)).await.unwrap();
        approve(&h, &by(officer()), all[0].id).await.unwrap();
        stop(&h, &by(lead()), id, &because("政策调整")).await.unwrap();
        let mut outcomes: Vec<_> = events(&h, "promise.settled")
            .await
            .iter()
            .map(|e| e["outcome"].to_string())
            .collect();
        outcomes.sort();
        assert_eq!(outcomes, ["\"broken\"", "\"broken\"", "\"kept\""]);
        let statuses: Vec<_> = store::instalments(&h.db, &[id])
            .await
            .unwrap()
            .iter()
            .map(crate::Instalment::status)
            .collect();
        assert_eq!(statuses, [InstalmentStatus::Approved, InstalmentStatus::Refused]);
        // What was approved is owed, and still paid.
        pay(&h, &by(finance("anna")), all[0].id, &Payment { reference: "9".into() })
            .await
            .unwrap();
        assert_eq!(
            refused(hand_in(&h, &by(delegate()), milestones[1], &said("x"), &[]).await),
            "refusal-undertaking-over"
        );
        assert_eq!(
            refused(stop(&h, &by(lead()), id, &because("x")).await),
            "refusal-undertaking-over"
        );
        assert_eq!(crate::verify(&h.db).await.unwrap(), Vec::<String>::new());
        let other = agreed_as(&h, officer(), &commission("second"), &terms()).await.unwrap();
        stop(&h, &by(officer()), other, &because("x")).await.unwrap();
        assert_eq!(events(&h, "promise.settled").await.len(), 3);
    }
);

on_each_engine!(
    ROOMS,
    async fn files_are_what_they_say_and_not_too_large(t: TestDb) {
        let h = house(&t);
        let (id, milestones) = running(&h).await;
        let first = milestones[0];
        let send = async |name: &'static str, bytes: bytes::Bytes| {
            hand_in(
                &h,
                &by(delegate()),
                first,
                &said("附件"),
                &[::store::Upload {
                    name: name.into(),
                    bytes,
                }],
            )
            .await
        };
        for (name, bytes) in [
            (
                "picture.png",
                &b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"[..],
            ),
            ("report.pdf", b"<!doctype html><html><script>alert(1)</script></html>"),
            ("page.txt", b"\xef\xbb\xbf  <html>"),
            ("run.exe", b"MZ\x90\x00\x03\x00\x00\x00"),
        ] {
            assert_eq!(
                refused(send(name, bytes::Bytes::from_static(bytes)).await),
                "refusal-file-kind",
                "{name}"
            );
        }
        assert_eq!(
            refused(send("empty.txt", bytes::Bytes::new()).await),
            "refusal-file-empty"
        );
        let most = 20 * 1024 * 1024;
        assert_eq!(
            refused(send("long.txt", vec![b'a'; most + 1].into()).await),
            "refusal-file-too-large"
        );
        assert_eq!(
            store::milestone(&h.db, first).await.unwrap().unwrap().status,
            MilestoneStatus::Open
        );
        assert_eq!(
            h.db.number("SELECT COUNT(*) AS n FROM attachment", vec![])
                .await
                .unwrap(),
            0
        );
        let many: Vec<_> = (0..11).map(|_| file("a.txt", b"a")).collect();
        assert_eq!(
            refused(hand_in(&h, &by(delegate()), first, &said("x"), &many).await),
            "refusal-too-many-files"
        );
        let d = send("../../etc/清单.html", vec![b'a'; most].into()).await.unwrap();
        let kept = ::store::attachments_of(&h.db, &[d]).await.unwrap();
        assert_eq!((kept[0].file_name.as_str(), kept[0].size), ("清单.txt", most as i64));
        assert_eq!(h.blobs.fetch(&kept[0]).await.unwrap().len(), most);
        assert_eq!(status(&h, id).await, Status::Running);
    }
);

on_each_engine!(
    ROOMS,
    async fn a_double_click_is_one_act(t: TestDb) {
        let h = house(&t);
        let (_, milestones) = running(&h).await;
        let asking = by(delegate()).once("click");
        let one = hand_in(&h, &asking, milestones[0], &said("x"), &[]).await.unwrap();
        let two = hand_in(&h, &asking, milestones[0], &said("x"), &[])
            .await
            .or_repeat()
            .unwrap();
        assert_eq!(one, two);
        assert!(matches!(
            hand_in(&h, &by(delegate()), Id::named("none"), &said("x"), &[]).await,
            Err(Fail::NotFound)
        ));
    }
);

on_each_engine!(
    ROOMS,
    async fn the_day_of_the_accepted_round_decides(t: TestDb) {
        let h = house(&t);
        let (_, milestones) = running(&h).await;
        let days = |n: u64| std::time::Duration::from_secs(n * 86_400);
        // In time but not good enough; what is good enough comes after the due day.
        let first = hand_in(&h, &by(delegate()), milestones[0], &said("half"), &[])
            .await
            .unwrap();
        t.clock.forward(days(75));
        give_back(&h, &by(officer()), first, &because("half is missing"))
            .await
            .unwrap();
        let again = hand_in(&h, &by(delegate()), milestones[0], &said("all"), &[])
            .await
            .unwrap();
        accept(&h, &by(officer()), again, &Note::default()).await.unwrap();
        // Handed in by its day and read after the end of everything.
        let last = hand_in(&h, &by(delegate()), milestones[1], &said("feedback"), &[])
            .await
            .unwrap();
        t.clock.forward(days(300));
        accept(&h, &by(officer()), last, &Note::default()).await.unwrap();
        let told = events(&h, "promise.settled").await;
        let told: Vec<_> = told
            .iter()
            .map(|e| (e["object"].as_str().unwrap().to_owned(), e["outcome"].clone()))
            .collect();
        assert_eq!(told.len(), 3);
        let how = |object: String| told.iter().find(|(o, _)| *o == object).unwrap().1.clone();
        assert_eq!(how(milestones[0].to_string()), "late");
        assert_eq!(how(milestones[1].to_string()), "kept");
        let award = Id::<basis::Award>::named("award").to_string();
        assert_eq!(how(award), "kept", "all of it came in by the agreed end");
    }
);

on_each_engine!(
    ROOMS,
    async fn advances_stay_within_the_share_of_the_terms(t: TestDb) {
        let h = house(&t);
        let (id, _) = running(&h).await;
        let advance = |amount: &str| Request {
            amount: amount.into(),
            ..Request::default()
        };
        // 100.00 is planned already, of 300.00 that the terms allow.
        assert_eq!(
            refused(request(&h, &by(delegate()), id, &advance("200.01")).await),
            "refusal-advances-over-share"
        );
        let one = request(&h, &by(delegate()), id, &advance("200")).await.unwrap();
        assert_eq!(
            refused(request(&h, &by(delegate()), id, &advance("0.01")).await),
            "refusal-advances-over-share"
        );
        // A refused one gives its room back.
        refuse(&h, &by(officer()), one, &because("too early")).await.unwrap();
        request(&h, &by(delegate()), id, &advance("0.01")).await.unwrap();
    }
);
