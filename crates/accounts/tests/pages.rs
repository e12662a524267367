//! The doors and the account page, walked as a browser without scripts does, in both languages and on both engines.
#![allow(clippy::unwrap_used)]

use access::{AccessConfig, BodyCard, BodyKind, Gate, House, HouseGrant, Role};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
    middleware::from_fn_with_state,
};
use basis::{BodyId, Id, Text};
use pages::{App, Node};
use store::{Act, Migrations, Via, on_each_engine, testing::TestDb};
use tower::ServiceExt;

const ROOMS: &[Migrations] = &[store::MIGRATIONS, access::MIGRATIONS];
const GOOD: &str = "two rivers meet at 朝天门";

struct Site {
    app: App,
    router: Router,
    cookie: Option<String>,
}
struct Answer {
    status: StatusCode,
    to: String,
    body: String,
    kind: String,
}
impl Site {
    fn of(t: &TestDb, demo: bool) -> Site {
        Site::by_the_clock_of(t, demo, "Asia/Shanghai")
    }
    fn by_the_clock_of(t: &TestDb, demo: bool, zone: &str) -> Site {
        let house = House {
            db: t.db.clone(),
            gate: Gate::new(&[accounts::POLICIES]).unwrap(),
            blobs: store::Blobs::open(&store::BlobsConfig::Folder(t.dir.join("blobs"))).unwrap(),
            zone: jiff::tz::TimeZone::get(zone).unwrap(),
        };
        let node = Node {
            city: Text::both("重庆", "Chongqing"),
            office: Text::both("外事办", "Foreign Affairs Office"),
            public_url: "http://127.0.0.1:8080".into(),
            zone_name: zone.into(),
            demo,
            moving_clock: None,
            contact: "office@example.org".into(),
        };
        let access = AccessConfig {
            public_url: node.public_url.clone(),
            secure_cookies: false,
            demo,
            oidc: None,
        };
        let app = App::new(house, node, access, vec![&accounts::TEXTS]);
        let (api, _) = accounts::api().split_for_parts();
        let router = accounts::pages()
            .merge(api)
            .with_state(app.clone())
            .layer(from_fn_with_state(app.clone(), pages::explain));
        Site {
            app,
            router,
            cookie: None,
        }
    }
    async fn ask(&mut self, request: Request<Body>) -> Answer {
        let r = self.router.clone().oneshot(pages::locale_first(request)).await.unwrap();
        for set in r.headers().get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
            self.cookie = (!pair.ends_with('=')).then_some(pair);
        }
        let text = |name| {
            r.headers()
                .get(name)
                .map(|v| v.to_str().unwrap().to_owned())
                .unwrap_or_default()
        };
        let (status, to, kind) = (r.status(), text(header::LOCATION), text(header::CONTENT_TYPE));
        let body = axum::body::to_bytes(r.into_body(), 4_000_000).await.unwrap();
        Answer {
            status,
            to,
            kind,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }
    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let mut r = Request::builder()
            .method(method)
            .uri(path)
            .header("user-agent", "Firefox");
        if let Some(c) = &self.cookie {
            r = r.header(header::COOKIE, c);
        }
        r
    }
    async fn get(&mut self, path: &str) -> Answer {
        let r = self.request("GET", path).body(Body::empty()).unwrap();
        self.ask(r).await
    }
    async fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let form: Vec<String> = pairs
            .iter()
            .map(|(k, v)| format!("{k}={}", pages::parts::encode(v)))
            .collect();
        let r = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.join("&")))
            .unwrap();
        self.ask(r).await
    }
    async fn bearer(&mut self, path: &str, token: &str) -> Answer {
        let r = Request::builder()
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        self.ask(r).await
    }
    async fn key(&self, t: &TestDb, to: &str) -> String {
        let all = store::testing::letters_whole(&t.db, None, 99).await.unwrap();
        let l = all
            .iter()
            .find(|l| l.to_address == to && l.body_text.contains("key="))
            .unwrap();
        let at = l.body_text.find("key=").unwrap() + 4;
        let _ = &self.app;
        l.body_text[at..].split_whitespace().next().unwrap().to_owned()
    }
    async fn sign_up(&mut self, t: &TestDb, locale: &str, name: &str, email: &str) {
        let sent = self
            .post(&format!("/{locale}/sign-up"), &[("name", name), ("email", email)])
            .await;
        assert_eq!(sent.to, format!("/{locale}/sign-up/sent"));
        assert_eq!(self.get(&sent.to).await.status, StatusCode::OK);
        let key = self.key(t, email).await;
        let form = self.get(&format!("/{locale}/confirm?key={key}")).await;
        assert!(form.body.contains(&pages::parts::escape(name)) && form.body.contains(&key));
        let short = self
            .post(
                &format!("/{locale}/confirm"),
                &[("key", &key), ("name", name), ("new_password", "short")],
            )
            .await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(short.body.contains("f-new_password-e") && !short.body.contains("refusal-"));
        let done = self
            .post(
                &format!("/{locale}/confirm"),
                &[("key", &key), ("name", name), ("new_password", GOOD)],
            )
            .await;
        assert_eq!(
            (done.status, done.to),
            (StatusCode::SEE_OTHER, format!("/{locale}/account?done=confirmed"))
        );
    }
}

on_each_engine!(
    ROOMS,
    async fn whoever_names_no_clock_lives_by_the_houses(t: TestDb) {
        let mut s = Site::by_the_clock_of(&t, false, "America/Chicago");
        let form = s.get("/en/sign-up").await.body;
        assert!(form.contains("data-zone") && form.contains("America/Chicago"), "{form}");
        // Eight in the morning by UTC.
        s.sign_up(&t, "en", "Ann", "ann@example.org").await;
        let page = s.get("/en/account").await.body;
        assert!(page.contains("22 Nov 2026, 02:00") && !page.contains("16:00"), "{page}");
        s.cookie = None;
        let zoned = [("name", "Jo"), ("email", "jo@example.org"), ("zone", "Europe/Berlin")];
        assert_eq!(s.post("/en/sign-up", &zoned).await.to, "/en/sign-up/sent");
        let key = s.key(&t, "jo@example.org").await;
        let confirmed = [("key", key.as_str()), ("name", "Jo"), ("new_password", GOOD)];
        assert_eq!(s.post("/en/confirm", &confirmed).await.status, StatusCode::SEE_OTHER);
        let page = s.get("/en/account").await.body;
        assert!(
            page.contains("22 Nov 2026, 09:00") && page.contains("value=\"Europe/Berlin\""),
            "{page}"
        );
        s.cookie = None;
        let wrong = [("name", "Al"), ("email", "al@example.org"), ("zone", "Mars")];
        let bad = s.post("/zh/sign-up", &wrong).await;
        assert!(bad.status == StatusCode::UNPROCESSABLE_ENTITY && bad.body.contains("f-zone-e"));
    }
);

on_each_engine!(
    ROOMS,
    async fn a_person_comes_in_looks_after_the_account_and_goes(t: TestDb) {
        let mut s = Site::of(&t, false);
        for locale in ["zh", "en"] {
            for door in ["sign-in", "sign-up", "recover", "recover/sent", "rules"] {
                let page = s.get(&format!("/{locale}/{door}")).await;
                assert_eq!(page.status, StatusCode::OK, "{door}");
                assert!(page.body.contains("<h1>"), "{door}");
            }
            assert_eq!(
                s.get(&format!("/{locale}/account")).await.status,
                StatusCode::UNAUTHORIZED
            );
            // An address that tells of something done tells it to nobody who is refused.
            let refused = s.get(&format!("/{locale}/account?done=saved")).await;
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
            assert!(
                !refused.body.contains("class=\"saved\" role=\"status\""),
                "{}",
                refused.body
            );
            assert_eq!(
                s.get(&format!("/{locale}/confirm?key=guess")).await.status,
                StatusCode::UNPROCESSABLE_ENTITY
            );
        }
        s.sign_up(&t, "en", "Li <b>Wei</b>", "li@example.org").await;
        for locale in ["zh", "en"] {
            let page = s.get(&format!("/{locale}/account?done=saved")).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.body.contains("Li &lt;b&gt;Wei") && page.body.contains("Firefox"));
            assert!(page.body.contains("class=\"saved\" role=\"status\""), "{}", page.body);
            assert!(!page.body.contains("<b>Wei"));
        }
        // Refused: what was typed is still there.
        let bad = s
            .post(
                "/en/account/profile",
                &[("name", "Li Wei"), ("lang", "en"), ("zone", "Mars")],
            )
            .await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.body.contains("value=\"Mars\"") && bad.body.contains("f-zone-e"));
        let good = [
            ("name", "Li Wei"),
            ("lang", "zh"),
            ("zone", "Europe/Berlin"),
            ("letters", "digest"),
            ("letters", "calls"),
        ];
        assert_eq!(s.post("/en/account/profile", &good).await.to, "/en/account?done=saved");
        let wrong = s
            .post(
                "/en/account/password",
                &[("password", "no"), ("new_password", "a fresh one: 解放碑")],
            )
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let changed = s
            .post(
                "/en/account/password",
                &[("password", GOOD), ("new_password", "a fresh one: 解放碑")],
            )
            .await;
        assert_eq!(changed.to, "/en/account?done=password-changed");

        let out = s.post("/en/sign-out", &[]).await;
        assert_eq!((out.status, s.cookie.clone()), (StatusCode::SEE_OTHER, None));
        for (email, password) in [("li@example.org", "wrong, wrong, wrong"), ("nobody@example.org", GOOD)] {
            let no = s.post("/en/sign-in", &[("email", email), ("password", password)]).await;
            assert_eq!(no.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(no.body.contains(email) && !no.body.contains(password));
        }
        for (back, to) in [
            ("/en/rules?action=own.read", "/en/rules?action=own.read"),
            ("//evil.example", "/en"),
            ("https://evil.example", "/en"),
        ] {
            let typed = [
                ("email", "li@example.org"),
                ("password", "a fresh one: 解放碑"),
                ("back", back),
            ];
            assert_eq!(s.post("/en/sign-in", &typed).await.to, to);
        }
        // Three sign-ins by now; the others end.
        assert_eq!(
            s.post("/en/account/sessions/others/end", &[]).await.to,
            "/en/account?done=session-ended"
        );
        let data = s.get("/en/account/data.json").await;
        assert!(data.kind.starts_with("application/json") && data.body.contains("li@example.org"));
        // What other tables keep about this person goes along, without what signs anybody in.
        let kept: serde_json::Value = serde_json::from_str(&data.body).unwrap();
        assert!(
            kept["tables"]["journal"]
                .as_array()
                .is_some_and(|lines| !lines.is_empty()),
            "{kept}"
        );
        let letters = kept["tables"]["letter"].as_array().unwrap();
        assert!(
            letters.iter().all(|l| l["to_address"] == "li@example.org"),
            "{letters:?}"
        );
        for secret in ["password", "hash\"", "body_text", "salt"] {
            assert!(!data.body.contains(&format!("\"{secret}")), "{secret}: {}", data.body);
        }
        assert_eq!(s.get("/zh/account/erasure").await.status, StatusCode::OK);
        let unsure = s
            .post("/en/account/erasure", &[("password", "a fresh one: 解放碑")])
            .await;
        assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
        let gone = s
            .post(
                "/en/account/erasure",
                &[("password", "a fresh one: 解放碑"), ("sure", "yes")],
            )
            .await;
        assert_eq!((gone.to.as_str(), s.cookie.clone()), ("/en?done=erased", None));
        assert_eq!(s.get("/en/account").await.status, StatusCode::UNAUTHORIZED);
        assert!(accounts::verify(&t.db).await.unwrap().is_empty());
    }
);

on_each_engine!(
    ROOMS,
    async fn a_lost_password_is_found_by_letter(t: TestDb) {
        let mut s = Site::of(&t, false);
        s.sign_up(&t, "zh", "李伟", "li@example.org").await;
        s.cookie = None;
        t.clock.forward(std::time::Duration::from_secs(1));
        for email in ["li@example.org", "nobody@example.org"] {
            assert_eq!(s.post("/zh/recover", &[("email", email)]).await.to, "/zh/recover/sent");
        }
        let key = s.key(&t, "li@example.org").await;
        assert_eq!(
            s.get(&format!("/zh/recover/choose?key={key}")).await.status,
            StatusCode::OK
        );
        let form = [("key", key.as_str()), ("new_password", "another river, 嘉陵江")];
        assert_eq!(
            s.post("/zh/recover/choose", &form).await.to,
            "/zh/account?done=password-changed"
        );
        assert_eq!(
            s.post("/zh/recover/choose", &form).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert!(s.get("/zh/account").await.body.contains("li@example.org"));
    }
);

on_each_engine!(
    ROOMS,
    async fn people_act_for_a_body_and_make_keys(t: TestDb) {
        let mut s = Site::of(&t, false);
        s.sign_up(&t, "en", "Li", "li@example.org").await;
        let secret = s.cookie.clone().unwrap().split_once('=').unwrap().1.to_owned();
        let me = access::load_viewer(&t.db, &secret, Via::Page).await.unwrap();
        let body: BodyId = Id::named("association");
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        let card = BodyCard {
            id: body,
            kind: BodyKind::Organisation,
            name: Text::both("图书馆学会", "Library Association"),
            field: None,
            district: None,
            government: None,
            home: true,
            illustrative: true,
            ended_at: None,
        };
        access::found_body(&tx, &card).await.unwrap();
        let grant = HouseGrant {
            account: me.account().unwrap(),
            body,
            role: Role::Delegate,
            purpose: "the library programme".into(),
            letter: "2026-17".into(),
            until: Some("2027-01-01T00:00:00+08:00".parse().unwrap()),
        };
        let mandate = access::grant_by_house(&tx, &grant).await.unwrap();
        tx.done(()).await.unwrap();

        let m = mandate.to_string();
        let to = s
            .post("/en/acting", &[("mandate", &m), ("back", "/en/account")])
            .await
            .to;
        assert_eq!(to, "/en/account");
        let page = s.get("/zh/account").await.body;
        assert!(
            page.contains("图书馆学会") && page.contains("2026-17") && page.contains("2026年12月31日"),
            "{page}"
        );
        // The band says the last day of the mandate, not the moment after it.
        assert!(
            page.contains("授权至2026年12月31日") && !page.contains("2027年1月1日"),
            "{page}"
        );
        assert!(page.contains("made-up"));
        assert_eq!(
            s.post(
                "/en/acting",
                &[("mandate", &Id::<basis::Mandate>::named("x").to_string())]
            )
            .await
            .status,
            StatusCode::NOT_FOUND
        );

        let bad = s.post("/en/account/tokens", &[("label", ""), ("days", "many")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        let form = [
            ("label", "sheet"),
            ("scopes", "read"),
            ("days", "30"),
            ("mandate", m.as_str()),
            ("once", "k1"),
        ];
        let made = s.post("/en/account/tokens", &form).await.body;
        let at = made.find("yc_").unwrap();
        let token: String = made[at..].chars().take_while(|c| !matches!(c, '<')).collect();
        assert!(
            !s.post("/en/account/tokens", &form).await.body.contains("yc_"),
            "shown once"
        );
        assert!(!s.get("/en/account").await.body.contains(&token));

        let me = s.bearer("/api/v1/me", &token).await;
        assert_eq!(me.status, StatusCode::OK, "{}", me.body);
        assert!(me.body.contains("\"role\":\"delegate\"") && me.body.contains("Library Association"));
        assert!(s.bearer("/api/v1/me/tokens", &token).await.body.contains("sheet"));
        assert!(
            s.bearer("/api/v1/me/data", &token)
                .await
                .body
                .contains("li@example.org")
        );
        let stranger = s.bearer("/api/v1/me", "yc_guess").await;
        assert_eq!(
            (stranger.status, stranger.kind.as_str()),
            (StatusCode::UNAUTHORIZED, "application/problem+json")
        );
        let laid = s.post(&format!("/en/account/mandates/{m}/end"), &[]).await;
        assert_eq!(laid.to, "/en/account?done=mandate-ended");
        assert_eq!(s.bearer("/api/v1/me", &token).await.status, StatusCode::UNAUTHORIZED);
    }
);

on_each_engine!(
    ROOMS,
    async fn rules_are_open_in_words_and_for_machines(t: TestDb) {
        let mut s = Site::of(&t, true);
        let zh = s.get("/zh/rules").await.body;
        assert!(zh.contains("指导单位") && zh.contains("R64"));
        let en = s.get("/en/rules?action=mandate.grant").await.body;
        assert!(
            en.contains("office lead, delegate") && en.contains("not as anyone"),
            "{en}"
        );
        assert!(en.contains("Nobody grants a mandate to themselves."));
        let r = Request::builder()
            .uri("/api/v1/rules?action=mandate.grant")
            .body(Body::empty())
            .unwrap();
        let api = s.ask(r).await;
        assert_eq!(api.status, StatusCode::OK);
        assert!(api.body.contains("\"who_could\":[\"office-lead\",\"delegate\"]"));
    }
);

on_each_engine!(
    ROOMS,
    async fn a_demonstration_link_signs_in(t: TestDb) {
        let mut s = Site::of(&t, true);
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        let made = access::MadeAccount {
            id: Id::named("lead"),
            name: "陈主任".into(),
            email: None,
            locale: basis::Locale::Zh,
            zone: String::new(),
            illustrative: true,
        };
        let lead = access::make_account(&tx, &made).await.unwrap();
        tx.done(()).await.unwrap();
        let key = access::demo_link(&t.db, &s.app.access, lead).await.unwrap();
        assert_eq!(s.get(&format!("/zh/demo/{key}")).await.to, "/zh");
        assert!(s.get("/zh/account").await.body.contains("陈主任"));
        s.cookie = None;
        assert_eq!(s.get("/zh/demo/guess").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(s.get("/zh/sign-in/openid").await.status, StatusCode::NOT_FOUND);
    }
);
