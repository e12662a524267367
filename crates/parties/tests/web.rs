//! Pages, files and the API, asked for as readers do: each class of viewer, both languages.
#![allow(clippy::unwrap_used)]

mod common;

use access::{BodyCard, BodyKind, House, Role, Viewer};
use axum::{
    Extension, Router,
    body::Body,
    http::{Method, Request as Asked, StatusCode, header},
    response::Response,
};
use basis::{BodyId, Code, Field, GovernmentId, Id, Locale, Text};
use common::{account, acting, ask, house, made, office, person, public};
use pages::{App, Ctx, Node};
use parties::{LegalForm, Outcome, Places, Standing, TEXTS, Wanted, decide, organisation, register};
use store::{Act, Migrations, Query, Via, on_each_engine, vals};
use tower::ServiceExt;

const ROOMS: &[Migrations] = &[store::MIGRATIONS, access::MIGRATIONS, parties::MIGRATIONS];

struct Site {
    app: App,
    router: Router,
}
fn site(h: &House) -> Site {
    let node = Node {
        city: Text::both("重庆", "Chongqing"),
        office: Text::both("市外事办", "The office"),
        public_url: "https://node.example".into(),
        zone_name: "Asia/Shanghai".into(),
        demo: false,
        moving_clock: None,
        contact: String::new(),
    };
    let access = access::AccessConfig {
        public_url: "https://node.example".into(),
        secure_cookies: false,
        demo: false,
        oidc: None,
    };
    let app = App::new(h.clone(), node, access, vec![&*TEXTS]);
    let (api, _) = parties::api().split_for_parts();
    let places = Places::new(|_house, wanted| async move {
        let ids = match wanted {
            Wanted::These(ids) => ids,
            Wanted::Districts => vec![Id::named("yuzhong")],
        };
        Ok(ids
            .into_iter()
            .map(|id| (id, Text::both("渝中区", "Yuzhong")))
            .collect())
    });
    let router = parties::pages()
        .merge(api)
        .layer(Extension(places))
        .layer(axum::middleware::from_fn_with_state(app.clone(), pages::explain))
        .with_state(app.clone());
    Site { app, router }
}
impl Site {
    async fn send(
        &self,
        who: &Viewer,
        locale: Locale,
        method: Method,
        path: &str,
        heads: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Response {
        let (plain, query) = path.split_once('?').unwrap_or((path, ""));
        let ctx = Ctx {
            app: self.app.clone(),
            locale,
            viewer: who.clone(),
            path: plain.into(),
            query: query.into(),
            method: method.clone(),
            theme: None,
            notice: None,
        };
        // The layer that explains failures reads the language anew, from what a browser says.
        let mut asked = Asked::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT_LANGUAGE, locale.tag());
        for (k, v) in heads {
            asked = asked.header(*k, *v);
        }
        let mut asked = asked.body(Body::from(body)).unwrap();
        asked.extensions_mut().insert(ctx);
        self.router.clone().oneshot(asked).await.unwrap()
    }
    async fn get(&self, who: &Viewer, locale: Locale, path: &str) -> (StatusCode, String) {
        text_of(self.send(who, locale, Method::GET, path, &[], Vec::new()).await).await
    }
    async fn post(&self, who: &Viewer, path: &str, pairs: &[(&str, &str)]) -> Response {
        let body: Vec<String> = pairs
            .iter()
            .map(|(k, v)| format!("{k}={}", pages::parts::encode(v)))
            .collect();
        let form = [("content-type", "application/x-www-form-urlencoded")];
        self.send(who, Locale::En, Method::POST, path, &form, body.join("&").into_bytes())
            .await
    }
    async fn json(
        &self,
        who: &Viewer,
        method: Method,
        path: &str,
        heads: &[(&str, &str)],
        body: serde_json::Value,
    ) -> Response {
        let heads: Vec<_> = [("content-type", "application/json")]
            .into_iter()
            .chain(heads.iter().copied())
            .collect();
        self.send(who, Locale::En, method, path, &heads, body.to_string().into_bytes())
            .await
    }
}
async fn text_of(r: Response) -> (StatusCode, String) {
    let status = r.status();
    let bytes = axum::body::to_bytes(r.into_body(), 10_000_000).await.unwrap();
    (status, String::from_utf8_lossy(&bytes).into_owned())
}
fn goes_to(r: &Response) -> String {
    assert_eq!(r.status(), StatusCode::SEE_OTHER);
    r.headers()[header::LOCATION].to_str().unwrap().to_owned()
}

fn friends() -> register::Input {
    register::Input {
        name_zh: "书友会".into(),
        name_en: "Book friends".into(),
        legal_form: "association".into(),
        country: "CN".into(),
        website: "https://books.example.org".into(),
        about_en: "We read.".into(),
        fields: vec!["culture".into()],
        capabilities: "two interpreters".into(),
        district: Id::<basis::Government>::named("yuzhong").to_string(),
        purpose: "SECRET-PURPOSE".into(),
        letter: "SECRET-LETTER".into(),
        ..Default::default()
    }
}
/// Registered by Wang with a letter, and verified.
async fn verified(h: &House) -> BodyId {
    let letter = store::Upload {
        name: "信 1.txt".into(),
        bytes: "SECRET-BYTES".into(),
    };
    let id = register::register(h, &ask(person("wang")), &friends(), Some(&letter))
        .await
        .unwrap();
    let decision = decide::Input {
        decision: "verify".into(),
        until: "2028-12-31".into(),
        version: "1".into(),
        ..Default::default()
    };
    decide::decide(h, &ask(office()), id, &decision).await.unwrap();
    id
}
fn delegate(name: &str, of: BodyId) -> Viewer {
    let mut v = acting(name, BodyKind::Organisation, Role::Delegate);
    v.acting.as_mut().unwrap().body = of;
    v
}

#[test]
fn every_word_that_is_made_is_there() {
    let mut keys: Vec<String> = Vec::new();
    keys.extend(LegalForm::ALL.iter().map(|s| format!("legal-form-{s}")));
    keys.extend(Standing::ALL.iter().map(|s| format!("standing-{s}")));
    keys.extend(Outcome::ALL.iter().map(|s| format!("promise-{s}")));
    let done = [
        "registered",
        "organisation-saved",
        "decided",
        "department",
        "mandate-granted",
        "mandate-over",
    ];
    keys.extend(done.iter().map(|d| format!("done-{d}")));
    let did = [
        "organisation-registered",
        "organisation-verified",
        "organisation-refused",
        "organisation-edited",
        "organisation-imported",
        "department-set",
    ];
    keys.extend(did.iter().map(|d| format!("did-{d}")));
    keys.extend(
        [
            "kind-award",
            "kind-delivery",
            "kind-milestone",
            "kind-offer",
            "kind-undertaking",
            "refusal-cursor",
        ]
        .map(str::to_owned),
    );
    for key in keys {
        for l in Locale::ALL {
            assert!(TEXTS.find(l, &key, Default::default()).is_some(), "{key} in {l}");
        }
    }
}
on_each_engine!(
    ROOMS,
    async fn pages_show_in_both_languages_and_tell_nothing_of_the_inside(t: TestDb) {
        let h = house(&t, &[parties::POLICIES]);
        for name in ["wang", "lead", "li"] {
            made(&h, name).await;
        }
        let id = verified(&h).await;
        let waits = register::register(
            &h,
            &ask(person("wang")),
            &register::Input {
                name_en: "WAITING-ORG".into(),
                ..friends()
            },
            None,
        )
        .await
        .unwrap();
        let s = site(&h);
        let one = format!("/organisations/{id}");
        for locale in Locale::ALL {
            let (status, list) = s.get(&public(), locale, "/organisations").await;
            assert_eq!(status, StatusCode::OK, "{list}");
            assert!(
                list.contains("书友会")
                    && list.contains("Book friends")
                    && list.contains("class=\"seal\"")
                    && list.contains("2028"),
                "{list}"
            );
            let (status, page) = s.get(&public(), locale, &one).await;
            assert_eq!(status, StatusCode::OK, "{page}");
            let words = match locale {
                Locale::En => ["The office", "31 December 2028", "milestone", "Nothing promised yet."],
                Locale::Zh => ["市外事办", "2028年12月31日", "节点", "未了结"],
            };
            assert!(words.iter().all(|w| page.contains(w)), "{page}");
            assert!(page.contains(if locale == Locale::En { "Yuzhong" } else { "渝中区" }));
            for v in [public(), person("li"), delegate("li", Id::named("another"))] {
                for path in [
                    one.clone(),
                    "/organisations".into(),
                    "/organisations.csv".into(),
                    format!("/api/v1{one}"),
                    "/api/v1/organisations".into(),
                    format!("/organisations/{waits}"),
                    format!("{one}/letter"),
                ] {
                    let (_, told) = s.get(&v, locale, &path).await;
                    for secret in ["SECRET", "WAITING-ORG", "wang", "信 1.txt", "/end\""] {
                        assert!(!told.contains(secret), "{path} tells {secret}: {told}");
                    }
                }
                assert_eq!(
                    s.get(&v, locale, &format!("/organisations/{waits}")).await.0,
                    StatusCode::NOT_FOUND
                );
                assert_eq!(
                    s.get(&v, locale, &format!("{one}/letter")).await.0,
                    StatusCode::NOT_FOUND
                );
                assert!(s.get(&v, locale, &format!("{one}/profile")).await.0.is_client_error());
            }
            for v in [office(), delegate("wang", id)] {
                let (_, page) = s.get(&v, locale, &one).await;
                for told in [
                    "SECRET-PURPOSE",
                    "SECRET-LETTER",
                    "wang",
                    "信 1.txt",
                    "/letter\"",
                    "name=\"email\"",
                    "/end\"",
                ] {
                    assert!(page.contains(told), "{told} is not in {page}");
                }
            }
            let (_, list) = s.get(&office(), locale, "/organisations").await;
            assert!(list.contains(&format!("/organisations/{waits}/decision")), "{list}");
            for path in [
                "/organisations/new",
                "/departments",
                "/organisations/import",
                &format!("{one}/profile"),
                &format!("/organisations/{waits}/decision"),
            ] {
                let (status, page) = s.get(&office(), locale, path).await;
                assert!(status == StatusCode::OK && page.contains("<form"), "{path} {page}");
            }
        }
        let r = s
            .send(
                &delegate("wang", id),
                Locale::En,
                Method::GET,
                &format!("{one}/letter"),
                &[],
                Vec::new(),
            )
            .await;
        let head = |name: &str| r.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(
            head("content-disposition"),
            "attachment; filename*=UTF-8''%E4%BF%A1%201.txt"
        );
        assert_eq!(
            (head("x-content-type-options"), head("content-security-policy")),
            ("nosniff".into(), "default-src 'none'; sandbox".into())
        );
        assert_eq!(text_of(r).await.1, "SECRET-BYTES");
        assert_eq!(
            s.get(&public(), Locale::En, "/organisations/new").await.0,
            StatusCode::UNAUTHORIZED
        );
        assert_eq!(
            s.get(&person("li"), Locale::En, "/organisations/import").await.0,
            StatusCode::FORBIDDEN
        );
        // Who asked is told by which rule somebody else decides.
        let (status, page) = s
            .get(&person("wang"), Locale::En, &format!("/organisations/{waits}/decision"))
            .await;
        assert!(
            status == StatusCode::FORBIDDEN && page.contains("own application"),
            "{page}"
        );
        let duties = parties::duties(&h, &office(), Locale::En).await.unwrap();
        assert!(
            duties.len() == 1 && duties[0].mine && duties[0].href.ends_with("/decision"),
            "{duties:?}"
        );
        assert!(parties::duties(&h, &public(), Locale::Zh).await.unwrap().is_empty());
    }
);

on_each_engine!(
    ROOMS,
    async fn forms_keep_what_was_typed_and_lead_on(t: TestDb) {
        let h = house(&t, &[parties::POLICIES]);
        for name in ["wang", "lead", "li"] {
            made(&h, name).await;
        }
        let s = site(&h);
        let wang = person("wang");
        let mut pairs = vec![
            ("name_en", "Typed <name>"),
            ("legal_form", "foundation"),
            ("country", "Germany"),
            ("fields", "sport"),
            ("purpose", "typed purpose"),
            ("once", "k1"),
        ];
        let (status, page) = text_of(s.post(&wang, "/organisations", &pairs).await).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        for kept in [
            "Typed &lt;name&gt;",
            "value=\"foundation\" selected",
            "value=\"sport\" checked",
            "typed purpose",
            "href=\"#f-country\"",
            "href=\"#f-letter\"",
        ] {
            assert!(page.contains(kept), "{kept} is not in {page}");
        }
        pairs[2].1 = "DE";
        pairs.push(("letter", "No. 12"));
        let to = goes_to(&s.post(&wang, "/organisations", &pairs).await);
        assert!(to.contains("done=registered"), "{to}");
        // The second click lands on the same page.
        assert_eq!(goes_to(&s.post(&wang, "/organisations", &pairs).await), to);
        let path = to.trim_start_matches("/en").split('?').next().unwrap().to_owned();
        let (_, page) = s.get(&wang, Locale::En, &path).await;
        assert!(
            page.contains("typed purpose") && !page.contains("name=\"email\""),
            "{page}"
        );

        let decision = format!("{path}/decision");
        assert_eq!(
            s.post(
                &wang,
                &decision,
                &[("decision", "verify"), ("until", "2028-12-31"), ("version", "1")]
            )
            .await
            .status(),
            StatusCode::FORBIDDEN
        );
        let (status, page) = text_of(
            s.post(
                &office(),
                &decision,
                &[("decision", "refuse"), ("version", "1"), ("until", "2030-01-02")],
            )
            .await,
        )
        .await;
        assert!(
            status == StatusCode::UNPROCESSABLE_ENTITY
                && page.contains("href=\"#f-reason\"")
                && page.contains("2030-01-02"),
            "{page}"
        );
        goes_to(
            &s.post(
                &office(),
                &decision,
                &[("decision", "verify"), ("until", "2028-12-31"), ("version", "1")],
            )
            .await,
        );
        assert_eq!(
            s.post(
                &office(),
                &decision,
                &[("decision", "verify"), ("until", "2028-12-31"), ("version", "1")]
            )
            .await
            .status(),
            StatusCode::CONFLICT
        );

        let id: BodyId = path.rsplit('/').next().unwrap().parse().unwrap();
        let own = delegate("wang", id);
        let grant = |until: &'static str| {
            [
                ("role", "delegate"),
                ("email", "li@example.org"),
                ("purpose", "reports"),
                ("letter", "No. 13"),
                ("until", until),
            ]
        };
        let (status, page) = text_of(s.post(&own, &format!("{path}/mandates"), &grant("")).await).await;
        assert!(
            status == StatusCode::UNPROCESSABLE_ENTITY
                && page.contains("value=\"reports\"")
                && page.contains("href=\"#f-until\""),
            "{page}"
        );
        goes_to(&s.post(&own, &format!("{path}/mandates"), &grant("2026-12-20")).await);
        assert_eq!(
            s.post(&person("li"), &format!("{path}/mandates"), &grant("2026-12-20"))
                .await
                .status(),
            StatusCode::FORBIDDEN
        );
        let (_, page) = s.get(&own, Locale::Zh, &path).await;
        assert!(page.contains("No. 13") && page.contains("2026年12月20日"), "{page}");
        let duties = parties::duties(&h, &own, Locale::En).await.unwrap();
        assert!(
            duties
                .iter()
                .any(|d| d.mine && d.due.is_some() && d.what.contains("li")),
            "{duties:?}"
        );
        let mandates = parties::mandates_of_body(&h, &ask(own.clone()), id).await.unwrap();
        let of_li = mandates.iter().find(|m| m.account == account("li")).unwrap().mandate.id;
        let end = format!("{path}/mandates/{of_li}/end");
        assert_eq!(
            s.post(&delegate("zhao", Id::named("another")), &end, &[])
                .await
                .status(),
            StatusCode::FORBIDDEN
        );
        // A mandate is ended on the page of its own organisation only.
        let elsewhere = verified(&h).await;
        assert_eq!(
            s.post(&own, &format!("/organisations/{elsewhere}/mandates/{of_li}/end"), &[])
                .await
                .status(),
            StatusCode::NOT_FOUND
        );
        assert!(goes_to(&s.post(&own, &end, &[("once", "e1")]).await).contains("done=mandate-over"));
        assert_eq!(parties::members(&h.db, id, h.now()).await.unwrap(), [account("wang")]);

        let (status, page) = text_of(
            s.post(
                &own,
                &format!("{path}/profile"),
                &[("version", "2"), ("name_en", "N"), ("country", "X")],
            )
            .await,
        )
        .await;
        assert!(
            status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("name=\"version\" value=\"2\""),
            "{page}"
        );
        goes_to(
            &s.post(
                &own,
                &format!("{path}/profile"),
                &[
                    ("version", "2"),
                    ("name_en", "Typed <name>"),
                    ("legal_form", "foundation"),
                    ("country", "DE"),
                    ("about_en", "New words"),
                ],
            )
            .await,
        );
        assert!(s.get(&public(), Locale::En, &path).await.1.contains("New words"));
        assert_eq!(
            s.post(
                &own,
                &format!("{path}/profile"),
                &[
                    ("version", "2"),
                    ("name_en", "N"),
                    ("legal_form", "foundation"),
                    ("country", "DE")
                ]
            )
            .await
            .status(),
            StatusCode::CONFLICT
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn the_list_is_searched_and_costs_the_same_however_long(t: TestDb) {
        let h = house(&t, &[parties::POLICIES]);
        for name in ["wang", "lead"] {
            made(&h, name).await;
        }
        let s = site(&h);
        for total in [1, 3] {
            while h
                .db
                .number("SELECT COUNT(*) AS n FROM organisation", vals![])
                .await
                .unwrap()
                < total
            {
                verified(&h).await;
            }
            for v in [public(), office(), person("wang")] {
                let ((status, page), queries) = store::count_queries(s.get(&v, Locale::En, "/organisations")).await;
                assert!(status == StatusCode::OK && queries <= 8, "{queries}");
                assert!(page.matches("Book friends").count() >= total as usize);
            }
            let id = parties::organisations(&h.db, &parties::Filter::on(h.today()), basis::PageRequest::first(1))
                .await
                .unwrap()
                .items[0]
                .id;
            let (_, queries) =
                store::count_queries(s.get(&office(), Locale::En, &format!("/organisations/{id}"))).await;
            assert!(queries <= 8, "{queries}");
        }
        let file =
            "reference,name_zh,name_en,legal_form,country,fields\nO1,,Stadtbücherei,public-institution,DE,education\n";
        let boundary = "xxB";
        let body = |take: &str| {
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"take\"\r\n\r\n{take}\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"o.csv\"\r\n\r\n{file}\r\n--{boundary}--\r\n").into_bytes()
        };
        let kind = format!("multipart/form-data; boundary={boundary}");
        let heads = [("content-type", kind.as_str())];
        let (status, page) = text_of(
            s.send(
                &office(),
                Locale::En,
                Method::POST,
                "/organisations/import",
                &heads,
                body(""),
            )
            .await,
        )
        .await;
        assert!(status == StatusCode::OK && page.contains("New: 1, to change"), "{page}");
        assert!(
            !s.get(&public(), Locale::En, "/organisations")
                .await
                .1
                .contains("Stadtb")
        );
        let (_, page) = text_of(
            s.send(
                &office(),
                Locale::En,
                Method::POST,
                "/organisations/import",
                &heads,
                body("1"),
            )
            .await,
        )
        .await;
        assert!(page.contains("Imported. New: 1,"), "{page}");
        let (_, page) = s
            .get(&public(), Locale::En, "/organisations?q=STADTB%C3%9CCHEREI")
            .await;
        assert!(page.contains("Stadtb") && !page.contains("Book friends"), "{page}");
        let (_, page) = s.get(&public(), Locale::En, "/organisations?field=culture").await;
        assert!(!page.contains("Stadtb") && page.contains("Book friends"));
        assert_eq!(
            s.get(&public(), Locale::En, "/organisations?after=x").await.0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        // The file holds what the list was narrowed to.
        let (_, list) = s.get(&public(), Locale::En, "/organisations?q=nobody+at+all").await;
        assert!(list.contains("/organisations.csv?q=nobody+at+all"), "{list}");
        let (_, none) = s
            .get(&public(), Locale::En, "/organisations.csv?q=nobody%20at%20all")
            .await;
        let (_, some) = s.get(&public(), Locale::En, "/organisations.csv?q=book").await;
        assert!(
            some.contains("Book friends") && !none.contains("Book friends"),
            "{some}"
        );
        let (_, csv) = s.get(&public(), Locale::Zh, "/organisations/import/template.csv").await;
        assert!(csv.contains("编号"), "{csv}");
        // Verified ones first, and every one once, whatever the length of a stretch.
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let page = parties::organisations(
                &h.db,
                &parties::Filter::on(h.today()),
                basis::PageRequest { after, limit: 1 },
            )
            .await
            .unwrap();
            seen.extend(page.items.iter().map(|o| o.standing));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(
            seen,
            [
                Standing::Verified,
                Standing::Verified,
                Standing::Verified,
                Standing::Unverified
            ]
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn the_lead_names_who_guides_and_others_read_it(t: TestDb) {
        let h = house(&t, &[parties::POLICIES]);
        let (dept, g): (BodyId, Option<GovernmentId>) = (Id::named("dept"), None);
        let tx = h.db.begin(&Act::house(Via::Seed)).await.unwrap();
        let body = BodyCard {
            id: dept,
            kind: BodyKind::Department,
            name: Text::both("文旅委", "Culture commission"),
            field: Some(Field::Culture),
            district: None,
            government: g,
            home: true,
            illustrative: false,
            ended_at: None,
        };
        access::found_body(&tx, &body).await.unwrap();
        tx.done(()).await.unwrap();
        let s = site(&h);
        assert!(
            !s.get(&public(), Locale::En, "/departments")
                .await
                .1
                .contains("name=\"body\"")
        );
        let dept = dept.to_string();
        let pairs = [("field", "culture"), ("body", dept.as_str())];
        assert_eq!(
            s.post(&public(), "/departments", &pairs).await.status(),
            StatusCode::UNAUTHORIZED
        );
        let (status, page) = text_of(
            s.post(&office(), "/departments", &[("field", "culture"), ("body", "")])
                .await,
        )
        .await;
        assert!(
            status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("value=\"culture\" selected"),
            "{page}"
        );
        goes_to(&s.post(&office(), "/departments", &pairs).await);
        assert!(s.get(&public(), Locale::Zh, "/departments").await.1.contains("文旅委"));
    }
);

on_each_engine!(
    ROOMS,
    async fn the_lead_founds_bodies_and_says_who_acts_for_them(t: TestDb) {
        let h = house(&t, &[parties::POLICIES]);
        for name in ["wang", "lead"] {
            made(&h, name).await;
        }
        let s = site(&h);
        let lead = office();
        assert_eq!(
            s.get(&public(), Locale::En, "/offices").await.0,
            StatusCode::UNAUTHORIZED
        );
        assert_eq!(s.get(&lead, Locale::Zh, "/offices").await.0, StatusCode::OK);
        let unit = |kind: &'static str, district: &'static str| {
            [
                ("kind", kind),
                ("name_zh", "渝中区外事办"),
                ("name_en", "Yuzhong office"),
                ("district", district),
            ]
        };
        let stranger = s.post(&public(), "/offices", &unit("panel", "")).await;
        assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
        // A district unit needs its district; what was typed stays.
        let (status, page) = text_of(s.post(&lead, "/offices", &unit("district-unit", "")).await).await;
        assert!(
            status == StatusCode::UNPROCESSABLE_ENTITY
                && page.contains("href=\"#f-district\"")
                && page.contains("value=\"Yuzhong office\""),
            "{page}"
        );
        let elsewhere = s
            .post(&lead, "/offices", &[("kind", "organisation"), ("name_zh", "某单位")])
            .await;
        assert_eq!(elsewhere.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let yuzhong = GovernmentId::named("yuzhong").to_string();
        let of_yuzhong = [&unit("district-unit", "")[..3], &[("district", yuzhong.as_str())]].concat();
        let at = goes_to(&s.post(&lead, "/offices", &of_yuzhong).await);
        let at = at.trim_start_matches("/en").split('?').next().unwrap().to_owned();
        assert!(at.starts_with("/offices/"), "{at}");
        let again = s.post(&lead, "/offices", &of_yuzhong).await;
        assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY, "the same unit twice");
        let list = s.get(&lead, Locale::En, "/offices").await.1;
        assert!(list.contains("district unit") && list.contains("Yuzhong"), "{list}");
        // Nobody else sees who acts for it; the lead gives a mandate, and it shows.
        assert_eq!(s.get(&public(), Locale::En, &at).await.0, StatusCode::NOT_FOUND);
        let mandate = [
            ("role", "district-officer"),
            ("email", "wang@example.org"),
            ("purpose", "relations of the district"),
            ("letter", "letter 7"),
        ];
        let wrong = [&[("role", "finance")][..], &mandate[1..]].concat();
        let refused = s.post(&lead, &format!("{at}/mandates"), &wrong).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        goes_to(&s.post(&lead, &format!("{at}/mandates"), &mandate).await);
        let page = s.get(&lead, Locale::En, &at).await.1;
        assert!(
            page.contains("relations of the district") && page.contains("letter 7"),
            "{page}"
        );
        let end = page.split("action=\"/en").find(|a| a.contains("/end\"")).unwrap();
        let end = end.split('"').next().unwrap().to_owned();
        goes_to(&s.post(&lead, &end, &[]).await);
        assert!(!s.get(&lead, Locale::En, &at).await.1.contains("letter 7"));
    }
);

on_each_engine!(
    ROOMS,
    async fn the_api_keeps_to_the_same_rules(t: TestDb) {
        let h = house(&t, &[parties::POLICIES]);
        for name in ["wang", "lead"] {
            made(&h, name).await;
        }
        let s = site(&h);
        let id = verified(&h).await;
        let one = format!("/api/v1/organisations/{id}");
        let r = s.send(&public(), Locale::En, Method::GET, &one, &[], Vec::new()).await;
        let etag = r.headers()[header::ETAG].to_str().unwrap().to_owned();
        let told: serde_json::Value = serde_json::from_str(&text_of(r).await.1).unwrap();
        assert_eq!(
            (told["standing"].as_str(), told["promises"]["kept"].as_i64()),
            (Some("verified"), Some(0))
        );
        let words = serde_json::json!({ "about_en": "By machine" });
        let own = delegate("wang", id);
        assert_eq!(
            s.json(&public(), Method::PATCH, &one, &[("if-match", &etag)], words.clone())
                .await
                .status(),
            StatusCode::UNAUTHORIZED
        );
        assert_eq!(
            s.json(&own, Method::PATCH, &one, &[], words.clone()).await.status(),
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let r = s
            .json(&own, Method::PATCH, &one, &[("if-match", &etag)], words.clone())
            .await;
        assert_eq!(
            (r.status(), r.headers()[header::ETAG] == etag.as_str()),
            (StatusCode::OK, false)
        );
        assert_eq!(
            s.json(&own, Method::PATCH, &one, &[("if-match", &etag)], words)
                .await
                .status(),
            StatusCode::CONFLICT
        );
        let o = organisation(&h.db, id).await.unwrap().unwrap();
        assert_eq!(
            (o.about.unwrap().get("en"), o.name.get("zh-Hans"), o.standing),
            (Some("By machine"), Some("书友会"), Standing::Verified)
        );
        let new = serde_json::to_value(friends()).unwrap();
        let key = [("idempotency-key", "one")];
        let (status, first) = text_of(
            s.json(
                &person("wang"),
                Method::POST,
                "/api/v1/organisations",
                &key,
                new.clone(),
            )
            .await,
        )
        .await;
        assert_eq!(status, StatusCode::CREATED, "{first}");
        assert_eq!(
            text_of(
                s.json(
                    &person("wang"),
                    Method::POST,
                    "/api/v1/organisations",
                    &key,
                    new.clone()
                )
                .await
            )
            .await
            .1,
            first
        );
        assert_eq!(
            s.json(&public(), Method::POST, "/api/v1/organisations", &[], new)
                .await
                .status(),
            StatusCode::UNAUTHORIZED
        );
        let (status, told) = text_of(
            s.json(
                &person("wang"),
                Method::POST,
                "/api/v1/organisations",
                &[],
                serde_json::json!({ "country": "X" }),
            )
            .await,
        )
        .await;
        assert!(
            status == StatusCode::UNPROCESSABLE_ENTITY && told.contains("\"/country\""),
            "{told}"
        );
        assert_eq!(
            s.get(&public(), Locale::En, "/api/v1/organisations/x").await.0,
            StatusCode::NOT_FOUND
        );
        for bad in [
            "after=x",
            "field=alchemy",
            "standing=x",
            "district=x",
            "country=Germany",
        ] {
            assert_eq!(
                s.get(&public(), Locale::En, &format!("/api/v1/organisations?{bad}"))
                    .await
                    .0,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{bad}"
            );
        }
        let (_, list) = s
            .get(
                &public(),
                Locale::En,
                "/api/v1/organisations?field=culture&q=friends&standing=verified",
            )
            .await;
        assert!(list.contains(&id.to_string()), "{list}");
    }
);
