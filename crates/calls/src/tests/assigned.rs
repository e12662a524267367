//! Work handed to one party: asked, accepted or declined, and awarded without a call for offers.

use super::*;

pub(super) fn assign_to(body: &str) -> AssignInput {
    AssignInput {
        plan_item: plan_item().to_string(),
        organisation: if body.is_empty() {
            String::new()
        } else {
            Id::<basis::Body>::named(body).to_string()
        },
        title_zh: "河水监测".into(),
        title_en: "River".into(),
        brief_zh: "每月取样".into(),
        reason_zh: "唯一有此设备".into(),
        answer_by: "2026-12-01".into(),
        work_from: "2027-01-01".into(),
        work_until: "2027-12-31".into(),
        amount: "5000".into(),
        ..AssignInput::default()
    }
}
pub(super) fn say(answer: &str, reason: &str) -> AnswerInput {
    AnswerInput {
        answer: answer.into(),
        reason: reason.into(),
    }
}
/// The organisation stands so from now on, until then.
pub(super) async fn stands(w: &World<'_>, body: &str, status: &str, until: &str) {
    let tx = w.t.db.begin(&Act::house(Via::Seed)).await.unwrap();
    tx.exec(
        "UPDATE organisation SET status = $1, verified_until = $2 WHERE id = $3",
        vals![status, until, Id::<basis::Body>::named(body)],
    )
    .await
    .unwrap();
    tx.done(()).await.unwrap();
}

on_each_engine!(
    ROOMS,
    async fn work_is_handed_to_one_party_which_accepts(t: TestDb) {
        let w = World::new(&t).await;
        stands(&w, "b", "verified", "2026-11-01").await;
        let officer = w.asking("officer").await;
        // Every fault at its field: a run-out verification, the guiding unit, no party, no reason, a day that has passed.
        for (input, fault) in [
            (assign_to("b"), ("organisation", "refusal-assignment-unverified")),
            (assign_to("culture"), ("organisation", "refusal-assignment-guides")),
            (assign_to("health"), ("organisation", "refusal-not-in-list")),
            (assign_to(""), ("organisation", "refusal-assignment-one-party")),
            (
                AssignInput {
                    reason_zh: String::new(),
                    ..assign_to("a")
                },
                ("reason_en", "refusal-one-language"),
            ),
            (
                AssignInput {
                    answer_by: "2026-11-01".into(),
                    ..assign_to("a")
                },
                ("answer_by", "refusal-assignment-answer-past"),
            ),
            (
                AssignInput {
                    person: "nobody@example.org".into(),
                    ..assign_to("")
                },
                ("person", "refusal-assignment-nobody"),
            ),
            (
                AssignInput {
                    person: "second@example.org".into(),
                    ..assign_to("")
                },
                ("person", "refusal-assignment-guides"),
            ),
        ] {
            let refused = code(assign(&w.h, &officer, &input).await.unwrap_err());
            assert_eq!((refused.0.as_str(), refused.1), fault);
        }
        // Who does not guide learns nothing, not even who has an account.
        let unknown = AssignInput {
            person: "nobody@example.org".into(),
            ..assign_to("")
        };
        assert!(matches!(
            assign(&w.h, &w.asking("stranger").await, &unknown).await.unwrap_err(),
            Fail::Denied(_)
        ));
        let id = assign(&w.h, &officer, &assign_to("a")).await.unwrap();
        assert_eq!(
            call(&t.db, id).await.unwrap().unwrap().phase(w.h.now()),
            Phase::Asked,
            "everybody sees that it was handed on"
        );
        // Its name and the reason are told to those it concerns until it accepts.
        for (who, sees) in [
            ("officer", true),
            ("anna", true),
            ("auditor", true),
            ("ben", false),
            ("ida", false),
        ] {
            let v = call_view(&w.h, &w.viewer(who).await, id).await.unwrap();
            assert_eq!(v.assignment.is_some(), sees, "{who}");
        }
        // Nobody else answers, nobody offers.
        for who in ["ben", "officer", "ida"] {
            let no = answer_assignment(&w.h, &w.asking(who).await, id, &say("accept", "")).await;
            assert!(matches!(no.unwrap_err(), Fail::Denied(_)), "{who}");
        }
        let anna = w.asking("anna").await;
        assert_eq!(
            code(begin(&w.h, &anna, id).await.unwrap_err()).1,
            "refusal-call-assigned"
        );
        let waits = duties(&w.h, &anna.viewer, Locale::En).await.unwrap();
        assert!(
            waits
                .iter()
                .any(|d| d.mine && d.href.ends_with("/answer") && d.due.is_some()),
            "{waits:?}"
        );
        assert!(waits.iter().all(|d| d.matter.fields.len() == 1), "{waits:?}");
        let waits = duties(&w.h, &officer.viewer, Locale::En).await.unwrap();
        assert!(waits.iter().any(|d| !d.mine && d.who.is_some()), "{waits:?}");
        answer_assignment(&w.h, &anna, id, &say("accept", "")).await.unwrap();
        assert_eq!(
            code(
                answer_assignment(&w.h, &anna, id, &say("decline", "x"))
                    .await
                    .unwrap_err()
            )
            .1,
            "refusal-assignment-over"
        );
        let v = call_view(&w.h, &Viewer::public(Via::Page), id).await.unwrap();
        let given = &v.awards[0];
        assert_eq!(
            (
                given.mode,
                given.body,
                given.amount.map(|m| m.minor),
                given.decided_by,
                v.call.status
            ),
            (
                Mode::Assignment,
                Some(Id::named("a")),
                Some(500_000),
                Some(Id::named("officer")),
                CallStatus::Decided
            )
        );
        assert_eq!(given.reason.plain(Locale::Zh), "唯一有此设备");
        let told = journal::history(&t.db, "call", &id.to_string()).await.unwrap();
        let steps: Vec<_> = told.iter().map(|(line, _)| line.action.as_str()).collect();
        assert_eq!(steps, ["call.assigned", "call.assignment-accepted", "call.awarded"]);
        let why = told[0].1.as_ref().and_then(|d| d.reason.as_deref());
        assert_eq!(why, Some("唯一有此设备"), "the journal keeps the reason");
        assert!(sql::loose_ends(&t.db).await.unwrap().is_empty());
        assert_eq!(
            tally(&t.db).await.unwrap().offers,
            0,
            "what was assigned was never an offer"
        );
    }
);
on_each_engine!(
    ROOMS,
    async fn a_party_declines_with_a_reason_or_answers_too_late(t: TestDb) {
        let w = World::new(&t).await;
        let officer = w.asking("officer").await;
        let to_ida = AssignInput {
            person: "ida@example.org".into(),
            ..assign_to("")
        };
        let id = assign(&w.h, &officer, &to_ida).await.unwrap();
        let ida = w.asking("ida").await;
        assert_eq!(
            code(
                answer_assignment(&w.h, &ida, id, &say("decline", " "))
                    .await
                    .unwrap_err()
            ),
            ("reason".into(), "refusal-required")
        );
        assert_eq!(
            code(answer_assignment(&w.h, &ida, id, &say("", "")).await.unwrap_err()).0,
            "answer"
        );
        answer_assignment(&w.h, &ida, id, &say("decline", "没有时间"))
            .await
            .unwrap();
        let v = call_view(&w.h, &Viewer::public(Via::Page), id).await.unwrap();
        assert_eq!(v.call.status, CallStatus::Cancelled);
        assert_eq!(v.call.reason.unwrap().plain(Locale::Zh), "没有时间");
        assert!(v.awards.is_empty());
        // The next one is asked, and lets the day pass.
        let id = assign(&w.h, &officer, &to_ida).await.unwrap();
        w.after_close();
        assert_eq!(
            code(answer_assignment(&w.h, &ida, id, &say("accept", "")).await.unwrap_err()),
            ("answer".into(), "refusal-assignment-late")
        );
        let waits = duties(&w.h, &officer.viewer, Locale::En).await.unwrap();
        assert!(
            waits.iter().any(|d| d.mine && d.href.ends_with(&id.to_string())),
            "{waits:?}"
        );
        let version = call(&t.db, id).await.unwrap().unwrap().version.to_string();
        let reason = "no answer".into();
        cancel(&w.h, &officer, id, &CancelInput { reason, version })
            .await
            .unwrap();
        assert_eq!(
            code(
                answer_assignment(&w.h, &ida, id, &say("decline", "late"))
                    .await
                    .unwrap_err()
            )
            .1,
            "refusal-assignment-over"
        );
        assert!(sql::loose_ends(&t.db).await.unwrap().is_empty());
    }
);
on_each_engine!(
    ROOMS,
    async fn a_partner_citys_office_offers_like_an_organisation(t: TestDb) {
        let w = World::new(&t).await;
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        let office = BodyCard {
            id: Id::named("toulouse"),
            kind: BodyKind::PartnerOffice,
            name: Text::both("图卢兹", "Toulouse"),
            field: None,
            district: None,
            government: Some(Id::named("toulouse")),
            home: false,
            illustrative: true,
            ended_at: None,
        };
        found_body(&tx, &office).await.unwrap();
        person(&tx, "marie").await;
        let g = HouseGrant {
            account: Id::named("marie"),
            body: office.id,
            role: Role::PartnerOfficer,
            purpose: "w".into(),
            letter: "1".into(),
            until: None,
        };
        grant_by_house(&tx, &g).await.unwrap();
        tx.done(()).await.unwrap();
        let id = w.call("outsourcing").await;
        let offer = w.offer("marie", id).await;
        let marie = w.viewer("marie").await;
        let own = offers_of(&t.db, &marie).await.unwrap();
        assert_eq!(
            own.iter().map(|o| (o.id, o.status)).collect::<Vec<_>>(),
            [(offer, OfferStatus::Submitted)]
        );
        assert_eq!(
            call_view(&w.h, &marie, id).await.unwrap().own_offer,
            Some(offer),
            "the call's page leads to it"
        );
        let stored = sql::offer(&t.db, offer).await.unwrap().unwrap();
        assert_eq!(
            (stored.body, stored.account),
            (Some(office.id), None),
            "in the office's name"
        );
        withdraw(&w.h, &w.asking("marie").await, offer, &WithdrawInput::default())
            .await
            .unwrap();
    }
);
