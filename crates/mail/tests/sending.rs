//! Sending for real: into a folder always, into an SMTP sink when one is named by `YOUCHENG_TEST_SMTP` (host:port)
//! and `YOUCHENG_TEST_SMTP_HTTP` (host:port of its list of letters). `node tests/peers/smtp-sink.mjs` is such a sink.
#![allow(clippy::unwrap_used)]

use mail::*;
use std::io::{Read, Write};

fn letter(to: &str, id: &str) -> Letter {
    Letter {
        to: to.into(),
        to_name: Some("王芳".into()),
        from: Sender {
            email: "office@example.org".into(),
            name: Some("友城".into()),
        },
        subject: "杜塞尔多夫：您的报名已受理，请于 2026 年 11 月 30 日前确认；逾期名额将给候补者".into(),
        text: "您好，\n.\n..两点\n".to_owned() + &"长行".repeat(600) + "\n",
        list_unsubscribe: Some("https://example.org/u?t=abc".parse().unwrap()),
        message_id: id.into(),
        lang: "zh-Hans".into(),
        date: "2026-11-22T08:00:00Z".parse().unwrap(),
    }
}

fn config(host: &str, port: u16, security: Security) -> SmtpConfig {
    SmtpConfig {
        host: host.into(),
        port: Some(port),
        security,
        user: None,
        password: None,
        timeout_seconds: 5,
        hello: None,
        authority_pem: None,
    }
}

#[tokio::test]
async fn into_a_folder() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("letters");
    let mailer = Mailer::folder(&folder);
    mailer.check().await.unwrap();
    mailer
        .send(&letter("wang@example.org", "<a.b@example.org>"))
        .await
        .unwrap();
    mailer
        .send(&letter("wang@example.org", "a.b@example.org"))
        .await
        .unwrap();
    mailer
        .send(&letter("wang@example.org", "..@example.org"))
        .await
        .unwrap();
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["@example.org.eml", "a.b@example.org.eml"],
        "a second try replaces the first"
    );
    let text = std::fs::read_to_string(folder.join("a.b@example.org.eml")).unwrap();
    assert!(text.contains("To: =?utf-8?b?546L6Iqz?= <wang@example.org>"));
    let blocked = dir.path().join("file");
    std::fs::write(&blocked, "").unwrap();
    assert!(matches!(
        Mailer::folder(blocked).send(&letter("a@example.org", "x@y")).await,
        Err(Fault::Temporary(_))
    ));
}

#[tokio::test]
async fn settings_that_contradict_themselves() {
    let plain = config("mail.example.org", 25, Security::None);
    assert!(matches!(Mailer::smtp(&plain), Err(ConfigFault::PlainElsewhere(_))));
    let half = SmtpConfig {
        user: Some("u".into()),
        ..config("mail.example.org", 587, Security::StartTls)
    };
    assert!(matches!(Mailer::smtp(&half), Err(ConfigFault::HalfCredentials)));
    let pem = SmtpConfig {
        authority_pem: Some("nonsense".into()),
        ..config("mail.example.org", 465, Security::Tls)
    };
    assert!(
        Mailer::smtp(&pem).is_err() || Mailer::smtp(&pem).is_ok(),
        "never a panic"
    );
    let secret = SmtpConfig {
        user: Some("u".into()),
        password: Some("hush".into()),
        ..plain
    };
    assert!(!format!("{secret:?}").contains("hush"));
}

#[tokio::test]
async fn nobody_listens() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let mailer = Mailer::smtp(&config("127.0.0.1", port, Security::None)).unwrap();
    assert!(matches!(
        mailer.send(&letter("a@example.org", "x@y")).await,
        Err(Fault::Temporary(_))
    ));
    assert!(mailer.check().await.is_err());
}

/// A server that only says what it is told to, to see what our side makes of it.
fn scripted(answers: &'static [&'static str]) -> (u16, std::thread::JoinHandle<String>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = std::thread::spawn(move || {
        let (mut peer, _) = listener.accept().unwrap();
        let (mut heard, mut buffer) = (String::new(), [0u8; 4096]);
        for a in answers {
            peer.write_all(a.as_bytes()).unwrap();
            match peer.read(&mut buffer) {
                Ok(n) if n > 0 => heard.push_str(&String::from_utf8_lossy(&buffer[..n])),
                _ => break,
            }
        }
        heard
    });
    (port, heard)
}

#[tokio::test]
async fn a_server_that_hides_starttls_gets_nothing() {
    // What an attacker in between does: strike STARTTLS from the greeting.
    let (port, heard) = scripted(&["220 x\r\n", "250-x\r\n250 AUTH PLAIN\r\n", "220 go\r\n"]);
    let mut c = config("127.0.0.1", port, Security::StartTls);
    (c.user, c.password) = (Some("office".into()), Some("hush".into()));
    let result = Mailer::smtp(&c).unwrap().send(&letter("a@example.org", "x@y")).await;
    assert!(matches!(result, Err(Fault::Temporary(_))), "{result:?}");
    let heard = heard.join().unwrap();
    assert!(!heard.contains("AUTH") && !heard.contains("MAIL FROM"), "{heard}");
}

#[tokio::test]
async fn a_wrong_password_does_not_lose_the_letter() {
    let (port, _) = scripted(&["220 x\r\n", "250-x\r\n250 AUTH PLAIN\r\n", "535 5.7.8 no\r\n"]);
    let mut c = config("127.0.0.1", port, Security::None);
    (c.user, c.password) = (Some("office".into()), Some("wrong".into()));
    let result = Mailer::smtp(&c).unwrap().send(&letter("a@example.org", "x@y")).await;
    assert!(
        matches!(&result, Err(Fault::Temporary(t)) if t.contains("5.7.8")),
        "{result:?}"
    );
}

/// A plain GET, since one line is all that is needed of HTTP here.
fn letters(host: &str) -> Vec<serde_json::Value> {
    let mut peer = std::net::TcpStream::connect(host).unwrap();
    write!(peer, "GET /messages HTTP/1.0\r\nHost: {host}\r\n\r\n").unwrap();
    let mut text = String::new();
    peer.read_to_string(&mut text).unwrap();
    serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[tokio::test]
async fn into_a_real_sink() {
    // A test that needs the sink fails without it; passing unseen would prove nothing.
    let place = |variable: &str| {
        std::env::var(variable).unwrap_or_else(|_| {
            panic!("{variable} is not set: it names a mail sink. Run tests with `cargo xtask test`, which starts one")
        })
    };
    let (smtp, http) = (place("YOUCHENG_TEST_SMTP"), place("YOUCHENG_TEST_SMTP_HTTP"));
    let (host, port) = smtp.rsplit_once(':').unwrap();
    let mailer = Mailer::smtp(&config(host, port.parse().unwrap(), Security::None)).unwrap();
    mailer.check().await.unwrap();
    // Unlike in every run, so that one sink serves many.
    let run = std::process::id();
    let sent = letter(&format!("wang-{run}@example.org"), &format!("{run}@example.org"));
    mailer.send(&sent).await.unwrap();
    let later = letter(&format!("later-{run}@example.org"), &format!("l{run}@example.org"));
    let first = mailer.send(&later).await;
    assert!(
        matches!(&first, Err(Fault::Temporary(t)) if t.contains("451")),
        "{first:?}"
    );
    mailer.send(&later).await.unwrap();
    let never = mailer
        .send(&letter(&format!("never-{run}@example.org"), "n@example.org"))
        .await;
    assert!(
        matches!(&never, Err(Fault::Permanent(t)) if t.contains("550")),
        "{never:?}"
    );
    let got = letters(&http);
    let got: Vec<_> = got
        .iter()
        .filter(|m| m["to"][0].as_str().unwrap().contains(&format!("-{run}@")))
        .collect();
    assert_eq!(got.len(), 2, "one letter each, none for never-");
    let m = got[0];
    assert_eq!(m["subject"], sent.subject.as_str());
    assert_eq!(m["text"].as_str().unwrap().replace("\r\n", "\n"), sent.text);
    assert_eq!(m["fromName"], "友城");
    assert_eq!(m["messageId"], format!("<{run}@example.org>"));
    assert_eq!(m["headers"]["list-unsubscribe-post"], "List-Unsubscribe=One-Click");
    assert_eq!(m["headers"]["content-language"], "zh-Hans");
}
