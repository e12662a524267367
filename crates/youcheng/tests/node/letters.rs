//! Letters leave the house, or wait, or are given up.

use std::future::Future;

use mail::{Mailer, Sender, SmtpConfig};
use store::{Act, Letter, LetterStatus, Via};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
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

/// A mail server with so many minutes for each letter; before it takes the third, `meanwhile` runs. Whom it took letters
/// for comes out of the channel.
async fn slow_server(
    clock: std::sync::Arc<basis::FixedClock>,
    minutes: u64,
    meanwhile: impl Future<Output = ()> + Send + 'static,
) -> (u16, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        let (mut taken, mut meanwhile) = (0, Some(Box::pin(meanwhile)));
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = BufReader::new(stream);
            stream.write_all(b"220 slow\r\n").await.unwrap();
            let (mut line, mut in_text, mut to) = (String::new(), false, String::new());
            while stream.read_line(&mut line).await.unwrap_or(0) > 0 {
                let said = std::mem::take(&mut line);
                let answer = match said.trim_end() {
                    "." if in_text => {
                        in_text = false;
                        taken += 1;
                        clock.forward(std::time::Duration::from_secs(60 * minutes));
                        if taken == 3
                            && let Some(other) = meanwhile.take()
                        {
                            other.await;
                        }
                        tell.send(std::mem::take(&mut to)).unwrap();
                        "250 taken\r\n"
                    }
                    _ if in_text => continue,
                    "DATA" => {
                        in_text = true;
                        "354 go on\r\n"
                    }
                    "QUIT" => "221 bye\r\n",
                    rcpt if rcpt.starts_with("RCPT") => {
                        rcpt.clone_into(&mut to);
                        "250 yes\r\n"
                    }
                    _ => "250 yes\r\n",
                };
                if stream.write_all(answer.as_bytes()).await.is_err() {
                    break;
                }
            }
        }
    });
    (port, told)
}

on_each!(
    async fn two_nodes_on_a_slow_server_send_each_letter_once(engine) {
        let t = store::testing::TestDb::fresh(engine, crate::house::migrations()).await;
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        for n in 0..5 {
            let letter = Letter {
                kind: "x", to_address: format!("wang{n}@example.org"), to_name: None, account: None, lang: "en".into(),
                subject: "s".into(), text: "t".into(), held: false,
            };
            tx.post(letter).await.unwrap();
        }
        tx.done(()).await.unwrap();
        // Twelve minutes after the first node took all five, a second one looks.
        let folder = t.dir.join("second");
        let second = {
            let (db, mailer) = (t.db.clone(), Mailer::folder(&folder));
            async move {
                round(&db, &mailer, &from()).await.unwrap();
            }
        };
        let (port, mut told) = slow_server(t.clock.clone(), 4, second).await;
        let first = Mailer::smtp(&SmtpConfig {
            host: "127.0.0.1".into(),
            port: Some(port),
            security: mail::Security::None,
            user: None,
            password: None,
            timeout_seconds: 20,
            hello: None,
            authority_pem: None,
        })
        .unwrap();
        round(&t.db, &first, &from()).await.unwrap();
        let mut went = 0;
        while told.try_recv().is_ok() {
            went += 1;
        }
        let by_second = std::fs::read_dir(&folder).map_or(0, |d| d.count());
        assert_eq!((went, by_second), (3, 2), "the second took what the first no longer held, and no other");
        assert_eq!(store::letters(&t.db, Some(LetterStatus::Sent), 10).await.unwrap().len(), 5);
    }
);
