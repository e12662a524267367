//! Letters and jobs: who may read them, who may settle them, and that each is settled once.

use ::store::{Handlers, Worker, on_each_engine};
use access::Asking;
use basis::Fail;
use std::time::Duration;

use super::*;
use crate::{
    jobs,
    letters::{self, Input, Settled},
};

fn ticked(ids: &[LetterId], step: &str) -> Input {
    Input {
        letter: ids.iter().map(ToString::to_string).collect(),
        step: step.into(),
    }
}

on_each_engine!(
    ROOMS,
    async fn letters_wait_for_an_officer_and_go_once(t: TestDb) {
        let town = town(t).await;
        let (a, b) = (
            letter(&town, "letter.test", true, "one").await,
            letter(&town, "letter.test", true, "two").await,
        );
        let lead = viewer(&town, "lead").await;
        let asking = Asking::new(lead.clone()).once("key");
        assert_eq!(
            letters::settle(town.house(), &asking, &ticked(&[a, b], ""))
                .await
                .unwrap(),
            Settled { done: 2, missed: 0 }
        );
        // The same click again says the same; another officer's click comes too late and is told.
        assert_eq!(
            letters::settle(town.house(), &asking, &ticked(&[a, b], ""))
                .await
                .unwrap(),
            Settled { done: 2, missed: 0 }
        );
        let late = letters::settle(
            town.house(),
            &Asking::new(lead.clone()).once("late"),
            &ticked(&[a], "withhold"),
        )
        .await
        .unwrap();
        assert_eq!(late, Settled { done: 0, missed: 1 });
        assert_eq!(
            number(
                &town,
                "SELECT COUNT(*) AS n FROM journal WHERE action = 'letter.released'"
            )
            .await,
            2
        );
        for (input, code) in [
            (ticked(&[], ""), "refusal-no-letter"),
            (
                Input {
                    letter: vec!["x".into()],
                    step: String::new(),
                },
                "refusal-letter-unknown",
            ),
            (ticked(&[a], "burn"), "refusal-not-in-list"),
        ] {
            match letters::settle(town.house(), &Asking::new(lead.clone()), &input).await {
                Err(Fail::Refused(r)) => assert_eq!(r[0].code, code),
                other => panic!("{other:?}"),
            }
        }
    }
);

on_each_engine!(
    ROOMS,
    async fn only_the_office_and_auditors_read_the_outbox(t: TestDb) {
        let town = town(t).await;
        let id = letter(&town, "letter.test", true, "a secret matter").await;
        letter(
            &town,
            "account.recover",
            true,
            "https://node.example/recover/choose?key=abc",
        )
        .await;
        for (name, v) in classes(&town).await {
            let may = ["lead", "auditor"].contains(&name);
            for path in ["/desk/letters", "/api/v1/letters"] {
                let (status, text) = get(&town, &v, path).await;
                let expected = match name {
                    _ if may => StatusCode::OK,
                    "public" => StatusCode::UNAUTHORIZED,
                    _ => StatusCode::FORBIDDEN,
                };
                assert_eq!(status, expected, "{name} {path}");
                assert_eq!(text.contains("a secret matter"), may, "{name} {path}");
                assert!(!text.contains("mayor@example.de") || may, "{name} {path}");
                // A link that opens an account is its owner's alone.
                assert!(!text.contains("key=abc"), "{name} {path}");
            }
            if name != "lead" {
                let (status, _) = post(&town, &v, "/desk/letters/decisions", &format!("letter={id}")).await;
                assert!(
                    status == StatusCode::FORBIDDEN || status == StatusCode::UNAUTHORIZED,
                    "{name}"
                );
                let (status, _) = post(&town, &v, &format!("/api/v1/letters/{id}/release"), "").await;
                assert!(
                    status == StatusCode::FORBIDDEN || status == StatusCode::UNAUTHORIZED,
                    "{name}"
                );
            }
        }
        assert_eq!(
            number(&town, "SELECT COUNT(*) AS n FROM letter WHERE status = 'held'").await,
            2
        );
        let lead = viewer(&town, "lead").await;
        let (status, text) = post(&town, &lead, "/desk/letters/decisions", "step=withhold").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains("Choose at least one letter"));
        let (status, text) = post(&town, &lead, &format!("/api/v1/letters/{id}/release"), "").await;
        assert_eq!(status, StatusCode::OK, "{text}");
        let (status, _) = post(&town, &lead, &format!("/api/v1/letters/{id}/withholding"), "").await;
        assert_eq!(status, StatusCode::CONFLICT);
        let (status, _) = post(&town, &lead, "/api/v1/letters/x/release", "").await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let (status, to) = post(&town, &lead, "/desk/letters/decisions", &format!("letter={id}")).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert!(to.contains("done=letters-some"), "{to}");
    }
);

on_each_engine!(
    ROOMS,
    async fn what_is_released_was_read_and_what_is_personal_was_not(t: TestDb) {
        let town = town(t).await;
        // What the rooms hold for release, and what they never show: kinds as they are in use.
        letter(&town, "decisions", true, "Your offer was chosen").await;
        for (kind, words) in [
            ("account.recover", "https://node.example/recover/choose?key=abc"),
            ("account.password-changed", "it was changed"),
            ("deadlines", "two things wait on you"),
            ("digest", "what waits on you this week"),
        ] {
            letter(&town, kind, true, words).await;
        }
        for name in ["lead", "auditor"] {
            let v = viewer(&town, name).await;
            for path in ["/desk/letters", "/api/v1/letters"] {
                let (_, text) = get(&town, &v, path).await;
                assert!(text.contains("Your offer was chosen"), "{name} {path}: {text}");
                assert!(text.contains("mayor@example.de"), "{name} {path}");
                for kept in ["key=abc", "it was changed", "two things", "this week"] {
                    assert!(!text.contains(kept), "{name} {path} {kept}");
                }
            }
        }
        let lead = viewer(&town, "lead").await;
        for (locale, kind) in [(Locale::En, "a decision about a call"), (Locale::Zh, "关于征集的决定")] {
            let (_, page) = ask(&town, &lead, locale, Method::GET, "/desk/letters", "").await;
            assert!(page.contains(kind), "{page}");
        }
        let (_, json) = get(&town, &lead, "/api/v1/letters").await;
        let found: serde_json::Value = serde_json::from_str(&json).unwrap();
        let texts = found["items"].as_array().unwrap().iter();
        assert_eq!(texts.filter(|l| l["text"].is_string()).count(), 1, "{json}");
    }
);

on_each_engine!(
    ROOMS,
    async fn all_letters_of_the_page_go_by_one_button(t: TestDb) {
        let town = town(t).await;
        let (a, b) = (
            letter(&town, "letter.test", true, "one").await,
            letter(&town, "letter.test", true, "two").await,
        );
        let lead = viewer(&town, "lead").await;
        let (_, page) = get(&town, &lead, "/desk/letters").await;
        for id in [a, b] {
            assert!(page.contains(&format!("name=\"shown\" value=\"{id}\"")), "{page}");
        }
        let form = format!("step=release-all&shown={a}&shown={b}");
        let (status, to) = post(&town, &lead, "/desk/letters/decisions", &form).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{to}");
        assert!(to.contains("done=letters-released"), "{to}");
        assert_eq!(
            number(&town, "SELECT COUNT(*) AS n FROM letter WHERE status = 'ready'").await,
            2
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn dead_letters_are_tried_again(t: TestDb) {
        let town = town(t).await;
        let id = letter(&town, "letter.test", false, "unreachable").await;
        let tx = town.db().begin(&Act::house(Via::Job)).await.unwrap();
        tx.letter_went(id, Err(("550 no such mailbox".into(), None)))
            .await
            .unwrap();
        tx.done(()).await.unwrap();
        let lead = viewer(&town, "lead").await;
        let (_, text) = get(&town, &lead, "/desk/letters?status=dead").await;
        assert!(text.contains("550 no such mailbox") && text.contains("Try the chosen letters again"));
        let (status, to) = post(
            &town,
            &lead,
            "/desk/letters/decisions",
            &format!("step=retry&letter={id}"),
        )
        .await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{to}");
        assert_eq!(
            number(
                &town,
                "SELECT COUNT(*) AS n FROM letter WHERE status = 'ready' AND attempts = 0"
            )
            .await,
            1
        );
        let again = letters::settle(town.house(), &Asking::new(lead), &ticked(&[id], "retry"))
            .await
            .unwrap();
        assert_eq!(again, Settled { done: 0, missed: 1 });
    }
);

on_each_engine!(
    ROOMS,
    async fn dead_jobs_are_tried_again(t: TestDb) {
        let town = town(t).await;
        let mut handlers = Handlers::default();
        handlers.on("thing.happened", "test.fails", |_, _| async {
            Err(Fail::fault("the neighbour is away"))
        });
        let worker = Worker {
            db: town.db().clone(),
            handlers,
        };
        let tx = town.db().begin(&Act::house(Via::Job)).await.unwrap();
        tx.emit("thing.happened", serde_json::json!({ "n": 1 })).await.unwrap();
        tx.done(()).await.unwrap();
        for _ in 0..12 {
            worker.round().await.unwrap();
            town.t.clock.forward(Duration::from_secs(7 * 3600));
        }
        let lead = viewer(&town, "lead").await;
        let (_, text) = get(&town, &lead, "/desk").await;
        assert!(text.contains("Jobs were given up"), "the queue says so");
        let (_, text) = get(&town, &lead, "/desk/jobs").await;
        assert!(text.contains("the neighbour is away") && text.contains("test.fails"));
        let dead = jobs::list(town.house(), &lead).await.unwrap();
        let (status, _) = post(
            &town,
            &viewer(&town, "officer").await,
            "/desk/jobs/retries",
            &format!("job={}", dead[0].id),
        )
        .await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        let (status, _) = post(&town, &lead, "/desk/jobs/retries", "").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        let (status, _) = post(&town, &lead, "/desk/jobs/retries", &format!("job={}", dead[0].id)).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert!(jobs::list(town.house(), &lead).await.unwrap().is_empty());
        assert_eq!(
            number(&town, "SELECT COUNT(*) AS n FROM journal WHERE action = 'job.retried'").await,
            1
        );
    }
);
