//! Letters leave the house, or wait, or are given up.

use mail::{Mailer, Sender, SmtpConfig};
use store::{Act, Letter, LetterStatus, Via};
use youcheng::letters::round;

use crate::{house::Node, on_each};

fn from() -> Sender {
    Sender {
        email: "office@cq.example.org".into(),
        name: Some("友城 Youcheng".into()),
    }
}
async fn post(node: &Node, to: &str, held: bool) {
    let tx = node.parts.db().begin(&Act::house(Via::Job)).await.unwrap();
    let letter = Letter {
        kind: "deadlines",
        to_address: to.into(),
        to_name: Some("王芳".into()),
        account: None,
        lang: "zh-Hans".into(),
        subject: "期限将至".into(),
        text: "您好。\n".into(),
        held,
    };
    tx.post(letter).await.unwrap();
    tx.done(()).await.unwrap();
}

on_each!(
    async fn letters_go_out_once_and_held_ones_wait(engine) {
        let node = Node::start(engine, &[]).await;
        post(&node, "wang@example.org", false).await;
        post(&node, "held@example.org", true).await;
        let folder = node.folder.join("letters");
        let mut seen = 0;
        // The node's own mail task finds it.
        for _ in 0..100 {
            seen = std::fs::read_dir(&folder).map_or(0, |d| d.count());
            if seen > 0 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert_eq!(seen, 1);
        let db = node.parts.db();
        for _ in 0..50 {
            if store::letters(db, Some(LetterStatus::Sent), 10).await.unwrap().len() == 1 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert_eq!(store::letters(db, Some(LetterStatus::Sent), 10).await.unwrap().len(), 1);
        assert_eq!(store::letters(db, Some(LetterStatus::Held), 10).await.unwrap().len(), 1);
    }
);

on_each!(
    async fn a_server_that_is_away_is_tried_again_and_a_bad_address_is_not(engine) {
        let db = store::testing::TestDb::fresh(engine, crate::house::migrations()).await;
        let nobody = Mailer::smtp(&SmtpConfig {
            host: "127.0.0.1".into(),
            port: Some(9),
            security: mail::Security::None,
            user: None,
            password: None,
            timeout_seconds: 2,
            hello: None,
            authority_pem: None,
        })
        .unwrap();
        let tx = db.db.begin(&Act::house(Via::Job)).await.unwrap();
        for to in ["wang@example.org", "no address"] {
            let letter = Letter {
                kind: "x", to_address: to.into(), to_name: None, account: None, lang: "en".into(),
                subject: "s".into(), text: "t".into(), held: false,
            };
            tx.post(letter).await.unwrap();
        }
        tx.done(()).await.unwrap();
        assert_eq!(round(&db.db, &nobody, &from()).await.unwrap(), 2);
        let dead = store::letters(&db.db, Some(LetterStatus::Dead), 10).await.unwrap();
        assert_eq!((dead.len(), dead[0].to_address.as_str()), (1, "no address"));
        let waiting = store::letters(&db.db, Some(LetterStatus::Ready), 10).await.unwrap();
        assert!(waiting[0].last_error.as_ref().unwrap().contains("onnect"), "{:?}", waiting[0].last_error);
        // Not at once again: the pause has to pass.
        assert_eq!(round(&db.db, &nobody, &from()).await.unwrap(), 0);
        db.clock.forward(std::time::Duration::from_secs(61));
        assert_eq!(round(&db.db, &nobody, &from()).await.unwrap(), 1);
        // After many tries it is given up.
        for _ in 0..20 {
            db.clock.forward(std::time::Duration::from_secs(9 * 3600));
            round(&db.db, &nobody, &from()).await.unwrap();
        }
        assert_eq!(store::letters(&db.db, Some(LetterStatus::Dead), 10).await.unwrap().len(), 2);
    }
);
