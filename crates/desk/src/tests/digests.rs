//! Digest letters: never empty, once a period, in the person's language, only for who wants them.

use ::store::{LetterRow, on_each_engine};
use std::time::Duration;

use super::*;
use crate::{Period, digest};

async fn digests(town: &Town) -> Vec<LetterRow> {
    ::store::letters(town.db(), None, 100)
        .await
        .unwrap()
        .into_iter()
        .filter(|l| l.kind == "digest" || l.kind == "deadlines")
        .collect()
}

on_each_engine!(
    ROOMS,
    async fn nothing_to_say_is_no_letter_and_a_period_has_one(t: TestDb) {
        let town = town(t).await;
        let run = || digest(town.house(), "https://node.example", Period::Week);
        assert_eq!(run().await.unwrap(), 0);
        assert!(digests(&town).await.is_empty());
        // The week was looked at; the next one has something to say, to the office lead alone, in Chinese.
        letter(&town, "letter.test", true, "one").await;
        assert_eq!(run().await.unwrap(), 0);
        town.t.clock.forward(Duration::from_secs(8 * 24 * 3600));
        assert_eq!(run().await.unwrap(), 1);
        assert_eq!(run().await.unwrap(), 0, "once a period");
        let all = digests(&town).await;
        assert_eq!(
            (all.len(), all[0].to_address.as_str(), all[0].lang.as_str()),
            (1, "lead@example.org", "zh-Hans")
        );
        assert_eq!(all[0].subject, "本周有1项待您办理");
        assert!(
            all[0].body_text.contains("https://node.example/zh/desk/letters") && all[0].body_text.contains("1封邮件")
        );
        // Nothing of it is due these days.
        assert_eq!(
            digest(town.house(), "https://node.example", Period::Day).await.unwrap(),
            0
        );
        assert_eq!(digests(&town).await.len(), 1);
    }
);

on_each_engine!(
    ROOMS,
    async fn who_does_not_want_them_gets_none(t: TestDb) {
        let town = town(t).await;
        letter(&town, "letter.test", true, "one").await;
        let lead = viewer(&town, "lead").await;
        let input = access::ProfileInput {
            name: "Lead".into(),
            lang: "en".into(),
            zone: "Asia/Shanghai".into(),
            letters: vec!["calls".into()],
        };
        access::change_profile(town.house(), &access::Asking::new(lead), &input)
            .await
            .unwrap();
        assert_eq!(
            digest(town.house(), "https://node.example", Period::Week)
                .await
                .unwrap(),
            0
        );
        assert!(digests(&town).await.is_empty());
    }
);

on_each_engine!(
    ROOMS,
    async fn two_schedulers_at_once_make_one_letter(t: TestDb) {
        let town = town(t).await;
        letter(&town, "letter.test", true, "one").await;
        let run = || digest(town.house(), "https://node.example", Period::Week);
        let (a, b) = tokio::join!(run(), run());
        assert_eq!(a.unwrap() + b.unwrap(), 1);
        assert_eq!(digests(&town).await.len(), 1);
        // Long-past periods are forgotten, and only they.
        town.t.clock.forward(Duration::from_secs(500 * 24 * 3600));
        run().await.unwrap();
        assert_eq!(
            number(&town, "SELECT COUNT(*) AS n FROM digest").await,
            PEOPLE.len() as i64
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn one_person_that_fails_keeps_nobody_else_from_theirs(t: TestDb) {
        let town = town(t).await;
        letter(&town, "letter.test", true, "one").await;
        // A mandate that no program of ours can read, of everybody but the one with something to read.
        let tx = town.db().begin(&Act::house(Via::Command)).await.unwrap();
        tx.exec(
            "UPDATE mandate SET role = 'mayor' WHERE account <> $1",
            ::store::vals![person("lead")],
        )
        .await
        .unwrap();
        tx.done(()).await.unwrap();
        let run = || digest(town.house(), "https://node.example", Period::Week);
        assert_eq!(run().await.unwrap(), 1);
        assert_eq!(digests(&town).await[0].to_address, "lead@example.org");
        // Who failed was not looked at, and is tried again; the others are not written to twice.
        assert_eq!(run().await.unwrap(), 0);
        assert!(number(&town, "SELECT COUNT(*) AS n FROM digest").await < PEOPLE.len() as i64);
    }
);
