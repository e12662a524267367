//! Signing in at a real OpenID Connect provider, walked as a browser does: redirects by hand, cookies kept.
//!
//! `node tests/peers/oidc-provider.mjs` prints its address; YOUCHENG_TEST_OIDC holds it.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use access::*;
use basis::{Fail, Locale, Text};
use store::{Migrations, Query, Via, on_each_engine, testing::TestDb};

const ROOMS: &[Migrations] = &[store::MIGRATIONS, access::MIGRATIONS];
const RETURN: &str = "http://127.0.0.1:9/sign-in/openid/return";

fn config(issuer: String) -> AccessConfig {
    AccessConfig {
        public_url: "http://127.0.0.1:9".into(),
        secure_cookies: false,
        demo: false,
        oidc: Some(OidcConfig {
            issuer,
            client_id: "youcheng".into(),
            client_secret: std::env::var("OIDC_CLIENT_SECRET").unwrap_or_else(|_| "a-secret-for-tests-only".into()),
            name: Text::both("单点登录", "City sign-in"),
        }),
    }
}
fn provider(change: impl FnOnce(&mut OidcConfig)) -> Oidc {
    let issuer = store::testing::peer("YOUCHENG_TEST_OIDC", "an identity provider");
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut c = config(issuer);
    change(c.oidc.as_mut().unwrap());
    Oidc::new(&c).unwrap().unwrap()
}
fn here() -> Origin {
    Origin::here(Locale::En)
}

/// Walks from our redirect through the provider until it sends the browser back to us.
async fn walk(start: &str, hint: &str) -> OidcReturn {
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let mut url = url::Url::parse(start).unwrap();
    url.query_pairs_mut().append_pair("login_hint", hint);
    let mut jar: BTreeMap<String, String> = BTreeMap::new();
    for _ in 0..12 {
        if url.as_str().starts_with(RETURN) {
            let get = |name: &str| {
                let found = url.query_pairs().find(|(k, _)| k == name);
                found.map(|(_, v)| v.into_owned()).unwrap_or_default()
            };
            return OidcReturn {
                state: get("state"),
                code: get("code"),
                error: get("error"),
            };
        }
        let cookie: Vec<String> = jar.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let answer = http
            .get(url.clone())
            .header("cookie", cookie.join("; "))
            .send()
            .await
            .unwrap();
        for set in answer.headers().get_all("set-cookie") {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            jar.insert(name.into(), value.into());
        }
        let next = answer.headers().get("location").map(|l| l.to_str().unwrap().to_owned());
        match next {
            Some(next) => url = url.join(&next).unwrap(),
            None => panic!("the provider stopped at {url}: {}", answer.text().await.unwrap()),
        }
    }
    panic!("too many redirects");
}
async fn through(t: &TestDb, oidc: &Oidc, email: &str) -> Result<OidcSignedIn, Fail> {
    let start = oidc.start(&t.db, "/en/calls").await.unwrap();
    let back = walk(&start.url, email).await;
    oidc.finish(&t.db, &here(), &back, Some(&start.state)).await
}
fn code(r: Result<OidcSignedIn, Fail>) -> &'static str {
    match r {
        Err(Fail::Refused(rs)) => rs[0].code,
        other => panic!("not a refusal: {other:?}"),
    }
}

on_each_engine!(
    ROOMS,
    async fn a_person_of_the_provider_gets_an_account_and_comes_back_to_it(t: TestDb) {
        let oidc = provider(|_| {});
        let first = through(&t, &oidc, "li.wei@example.org").await.unwrap();
        assert_eq!(first.back, "/en/calls");
        let v = load_viewer(&t.db, &first.signed_in.secret, Via::Page).await.unwrap();
        let person = v.person.unwrap();
        assert_eq!(
            (person.name.as_str(), person.zone.as_str()),
            ("li wei", ""),
            "by the clock of the house"
        );
        let again = through(&t, &oidc, "li.wei@example.org").await.unwrap();
        assert_eq!(again.signed_in.account, first.signed_in.account);
        assert_eq!(
            t.db.number("SELECT COUNT(*) AS n FROM account", vec![]).await.unwrap(),
            1
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn a_way_back_is_good_once_and_for_its_own_browser(t: TestDb) {
        let oidc = provider(|_| {});
        let start = oidc.start(&t.db, "https://evil.example/").await.unwrap();
        let back = walk(&start.url, "li@example.org").await;
        for other in [None, Some("another browser's")] {
            assert_eq!(
                code(oidc.finish(&t.db, &here(), &back, other).await),
                "refusal-link-spent"
            );
        }
        let both: Vec<_> = (0..2)
            .map(|_| {
                let (db, oidc, back, state) = (t.db.clone(), oidc.clone(), back.clone(), start.state.clone());
                tokio::spawn(async move { oidc.finish(&db, &here(), &back, Some(&state)).await })
            })
            .collect();
        let mut fine = Vec::new();
        for one in both {
            fine.extend(one.await.unwrap().ok());
        }
        assert_eq!(fine.len(), 1);
        assert_eq!(fine[0].back, "/");
        let late = oidc.start(&t.db, "/").await.unwrap();
        let back = walk(&late.url, "li@example.org").await;
        t.clock.forward(std::time::Duration::from_secs(601));
        assert_eq!(
            code(oidc.finish(&t.db, &here(), &back, Some(&late.state)).await),
            "refusal-link-spent"
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn a_mailbox_counts_only_when_verified_and_opens_its_account(t: TestDb) {
        let oidc = provider(|_| {});
        assert_eq!(
            code(through(&t, &oidc, "unverified@example.org").await),
            "refusal-provider-unverified"
        );
        assert_eq!(
            code(through(&t, &oidc, "refused@example.org").await),
            "refusal-provider-denied"
        );
        let c = config(String::new());
        let input = SignUp {
            name: "Wang".into(),
            email: "wang@example.org".into(),
            zone: String::new(),
        };
        sign_up(&t.db, &c, &here(), &input).await.unwrap();
        let letter = store::testing::letters_whole(&t.db, None, 9).await.unwrap().remove(0);
        let key = letter
            .body_text
            .split("key=")
            .nth(1)
            .unwrap()
            .split_whitespace()
            .next()
            .unwrap();
        // The provider's proof of the mailbox confirms the account; the letter's link is spent then.
        let s = through(&t, &oidc, "wang@example.org").await.unwrap();
        assert!(waiting(&t.db, key).await.is_err());
        let v = load_viewer(&t.db, &s.signed_in.secret, Via::Page).await.unwrap();
        assert_eq!(v.person.unwrap().name, "Wang");
    }
);

on_each_engine!(
    ROOMS,
    async fn a_wrong_secret_or_a_silent_provider_is_told_and_changes_nothing(t: TestDb) {
        let wrong = provider(|c| c.client_secret = "wrong".into());
        assert_eq!(
            code(through(&t, &wrong, "li@example.org").await),
            "refusal-provider-silent"
        );
        let silent = provider(|c| c.issuer = "http://127.0.0.1:9".into());
        assert!(
            matches!(silent.start(&t.db, "/").await, Err(Fail::Refused(rs)) if rs[0].code == "refusal-provider-silent")
        );
        assert_eq!(
            t.db.number("SELECT COUNT(*) AS n FROM account", vec![]).await.unwrap(),
            0
        );
    }
);

#[test]
fn a_provider_must_be_reached_safely() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    assert!(Oidc::new(&config("http://login.example.org".into())).is_err());
    assert!(Oidc::new(&config("https://login.example.org".into())).is_ok());
    let none = AccessConfig {
        oidc: None,
        ..config(String::new())
    };
    assert!(Oidc::new(&none).unwrap().is_none());
    let shown = format!("{:?}", config("https://login.example.org".into()));
    assert!(!shown.contains("a-secret-for-tests-only"));
}
