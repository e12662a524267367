//! Pages and the API, asked for as readers do: each class of viewer, both languages, with what strangers type.
#![allow(clippy::unwrap_used)]

mod common;

use ::pages::{App, Ctx, Node, Problem};
use access::Viewer;
use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{HeaderMap, Method, Request, StatusCode, header},
    response::Response,
};
use basis::{Field, Locale, Text};
use common::{ask, department, house, made, office, partner, person, public};
use relations::{enter, reference, relation_view};
use store::{Migrations, count_queries, on_each_engine, testing::TestDb};
use tower::ServiceExt;

const ROOMS: &[Migrations] = &[
    store::MIGRATIONS,
    access::MIGRATIONS,
    parties::MIGRATIONS,
    relations::MIGRATIONS,
];

struct Site {
    app: App,
    router: Router,
}
struct Answer {
    status: StatusCode,
    head: HeaderMap,
    text: String,
}
/// The page of one relation, as the later room shows it.
async fn whole(ctx: Ctx, Path(id): Path<basis::RelationId>) -> Result<Response, Problem> {
    let v = relation_view(ctx.house(), &ctx.viewer, id).await?;
    let body = relations::render_body(&ctx, &v)?;
    ctx.show_html(::pages::Page::new("x"), &body.0)
}
async fn site(t: &TestDb) -> Site {
    let h = house(t, &[parties::POLICIES, relations::POLICIES]);
    reference::load(&h, &ask(public())).await.unwrap();
    let node = Node {
        city: Text::both("重庆", "Chongqing"),
        office: Text::both("外办", "Office"),
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
    let app = App::new(h, node, access, vec![&*relations::TEXTS, &*parties::TEXTS]);
    let (api, _) = relations::api().split_for_parts();
    let router = relations::pages()
        .merge(api)
        .route("/relations/{id}", axum::routing::get(whole))
        .layer(axum::middleware::from_fn_with_state(app.clone(), ::pages::explain))
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
        head: &[(&str, &str)],
        body: String,
    ) -> Answer {
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
        let mut asked = Request::builder()
            .method(method)
            .uri(path)
            .header("accept-language", locale.tag());
        for (k, v) in head {
            asked = asked.header(*k, *v);
        }
        let mut asked = asked.body(Body::from(body)).unwrap();
        asked.extensions_mut().insert(ctx);
        let r = self.router.clone().oneshot(asked).await.unwrap();
        let (status, head) = (r.status(), r.headers().clone());
        let bytes = axum::body::to_bytes(r.into_body(), 10_000_000).await.unwrap();
        Answer {
            status,
            head,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
    async fn get(&self, who: &Viewer, locale: Locale, path: &str) -> Answer {
        self.send(who, locale, Method::GET, path, &[], String::new()).await
    }
    async fn post(&self, who: &Viewer, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = pairs
            .iter()
            .map(|(k, v)| format!("{k}={}", ::pages::parts::encode(v)))
            .collect();
        let head = [("content-type", "application/x-www-form-urlencoded")];
        self.send(who, Locale::En, Method::POST, path, &head, body.join("&"))
            .await
    }
    async fn json(
        &self,
        who: &Viewer,
        method: Method,
        path: &str,
        head: &[(&str, &str)],
        body: serde_json::Value,
    ) -> (Answer, serde_json::Value) {
        let head = [head, &[("content-type", "application/json")]].concat();
        let a = self.send(who, Locale::En, method, path, &head, body.to_string()).await;
        let v = serde_json::from_str(&a.text).unwrap_or_default();
        (a, v)
    }
}
fn dus(what: &str) -> String {
    format!("/relations/{}{what}", reference::relation_id("CQP008"))
}
fn upload(bytes: &str, look: bool) -> String {
    let mut out = format!(
        "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"r<b>.csv\"\r\ncontent-type: text/csv\r\n\r\n{bytes}\r\n"
    );
    if look {
        out.push_str("--b\r\ncontent-disposition: form-data; name=\"look\"\r\n\r\n1\r\n");
    }
    out + "--b--\r\n"
}

on_each_engine!(
    ROOMS,
    async fn everybody_reads_the_register_in_both_languages(t: TestDb) {
        let s = site(&t).await;
        for l in Locale::ALL {
            for path in [
                "/relations",
                "/relations?q=d%C3%BCss",
                "/relations?kind=sister&status=active&country=DE",
                "/relations?order=name&after=nonsense",
            ] {
                let a = s.get(&public(), l, path).await;
                assert_eq!(a.status, StatusCode::OK, "{path}: {}", a.text);
                assert_eq!(a.text.matches("<h1>").count(), 1);
            }
            for reference in ["CQP001", "CQP008", "CQP011", "CQP013", "CQP031", "CQP040"] {
                let a = s
                    .get(
                        &public(),
                        l,
                        &format!("/relations/{}", reference::relation_id(reference)),
                    )
                    .await;
                assert_eq!(a.status, StatusCode::OK);
                assert!(
                    a.text.contains("id=\"claims\"") && !a.text.contains("/steps"),
                    "{reference}"
                );
            }
        }
        let found = s.get(&public(), Locale::Zh, "/relations?q=dusseldorf").await.text;
        assert!(found.contains("杜塞尔多夫") && found.contains("Düsseldorf") && found.contains("友好城市"));
        assert!(found.contains("共42条关系，符合的1条"), "{found}");
        let page = s
            .get(
                &public(),
                Locale::En,
                &format!("/relations/{}", reference::relation_id("CQP001")),
            )
            .await
            .text;
        assert!(page.contains("Sources disagree on") && page.contains("December 1982") && page.contains("1981"));
        let page = s.get(&public(), Locale::Zh, &dus("")).await.text;
        for word in ["“重庆之窗”", "机器翻译", "文化", "href=\"#s1\"", "id=\"s1\""] {
            assert!(page.contains(word), "{word}");
        }
        // Words of strangers stay words.
        let evil = s
            .get(
                &public(),
                Locale::En,
                "/relations?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&country=%3Cb%3E",
            )
            .await;
        assert!(evil.status == StatusCode::OK && !evil.text.contains("<script>alert"));
        assert_eq!(
            s.get(&public(), Locale::En, "/relations/nonsense/steps").await.status,
            StatusCode::NOT_FOUND
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn who_may_not_is_told_the_rule_before_typing(t: TestDb) {
        let s = site(&t).await;
        for what in ["/steps", "/edit", "/facts", "/links", "/agreements", "/notes"] {
            assert_eq!(
                s.get(&public(), Locale::En, &dus(what)).await.status,
                StatusCode::UNAUTHORIZED,
                "{what}"
            );
            let a = s.get(&person("wang"), Locale::Zh, &dus(what)).await;
            assert_eq!(a.status, StatusCode::FORBIDDEN, "{what}");
            assert_eq!(
                s.get(&office(), Locale::Zh, &dus(what)).await.status,
                StatusCode::OK,
                "{what}"
            );
        }
        for path in ["/relations/new", "/relations/import"] {
            assert_eq!(
                s.get(&public(), Locale::En, path).await.status,
                StatusCode::UNAUTHORIZED
            );
            assert_eq!(s.get(&office(), Locale::En, path).await.status, StatusCode::OK);
        }
        assert_eq!(
            s.get(&department(Field::Culture), Locale::En, &dus("/links"))
                .await
                .status,
            StatusCode::OK
        );
        let theirs = partner(reference::partner_id("CQP008"));
        for what in ["/facts", "/notes"] {
            assert_eq!(
                s.get(&theirs, Locale::En, &dus(what)).await.status,
                StatusCode::OK,
                "{what}"
            );
        }
        assert_eq!(
            s.get(&theirs, Locale::En, &dus("/steps")).await.status,
            StatusCode::FORBIDDEN
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn a_form_keeps_what_was_typed_and_says_what_is_wrong(t: TestDb) {
        let s = site(&t).await;
        let bad = s
            .post(
                &office(),
                &dus("/steps"),
                &[("to", "suspended"), ("on", "2027-05-05"), ("version", "1")],
            )
            .await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        for word in [
            "2027-05-05",
            "href=\"#f-reason\"",
            "Say why.",
            "This day is still to come.",
        ] {
            assert!(bad.text.contains(word), "{word}: {}", bad.text);
        }
        let good = s
            .post(
                &office(),
                &dus("/steps"),
                &[
                    ("to", "quiet"),
                    ("reason", "no visit since 2019"),
                    ("version", "1"),
                    ("once", "k"),
                ],
            )
            .await;
        assert_eq!(good.status, StatusCode::SEE_OTHER, "{}", good.text);
        let click = s
            .post(
                &office(),
                &dus("/steps"),
                &[
                    ("to", "quiet"),
                    ("reason", "no visit since 2019"),
                    ("version", "1"),
                    ("once", "k"),
                ],
            )
            .await;
        assert_eq!(click.head.get(header::LOCATION), good.head.get(header::LOCATION));
        let late = s
            .post(
                &common::second_office(),
                &dus("/steps"),
                &[("to", "ended"), ("reason", "x"), ("version", "1")],
            )
            .await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        let seen = s.get(&public(), Locale::En, &dus("")).await.text;
        assert!(
            seen.contains("quiet") && !seen.contains("no visit since 2019"),
            "reasons are for officers"
        );
        assert!(
            s.get(&office(), Locale::En, &dus(""))
                .await
                .text
                .contains("no visit since 2019")
        );
        let new = s
            .post(
                &office(),
                "/relations/new",
                &[
                    ("partner_en", "Lyon"),
                    ("partner_level", "city"),
                    ("country", "FR"),
                    ("status", "lead"),
                    ("kind", ""),
                ],
            )
            .await;
        assert_eq!(new.status, StatusCode::SEE_OTHER, "{}", new.text);
        let twice = s
            .post(
                &office(),
                "/relations/new",
                &[
                    ("partner_en", "<i>Lyon"),
                    ("partner_level", "city"),
                    ("country", "FR"),
                    ("status", "active"),
                ],
            )
            .await;
        assert!(twice.status == StatusCode::UNPROCESSABLE_ENTITY && twice.text.contains("&lt;i&gt;Lyon"));
        assert_eq!(
            s.get(&office(), Locale::En, "/relations?q=lyon")
                .await
                .text
                .matches("<tr><th scope=\"row\">")
                .count(),
            1
        );
        assert_eq!(
            s.get(&public(), Locale::En, "/relations?q=lyon")
                .await
                .text
                .matches("<tr><th scope=\"row\">")
                .count(),
            0
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn officers_of_both_sides_write_to_each_other(t: TestDb) {
        let s = site(&t).await;
        for name in ["partner", "lead"] {
            made(&s.app.house, name).await;
        }
        let theirs = partner(reference::partner_id("CQP008"));
        let sent = s
            .post(&theirs, &dus("/notes"), &[("words", "Was <ist> mit 2027?")])
            .await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        let duties = relations::duties(&s.app.house, &office(), Locale::Zh).await.unwrap();
        assert_eq!(
            (duties.len(), duties[0].mine, duties[0].about.as_str()),
            (1, true, "杜塞尔多夫")
        );
        assert!(duties[0].matter.relation.is_some(), "{duties:?}");
        assert!(
            relations::duties(&s.app.house, &public(), Locale::En)
                .await
                .unwrap()
                .is_empty()
        );
        let read = s.get(&office(), Locale::En, &dus("/notes")).await.text;
        assert!(read.contains("Was &lt;ist&gt; mit 2027?") && read.contains("partner, Düsseldorf"));
        t.clock.forward(std::time::Duration::from_secs(5));
        s.post(&office(), &dus("/notes"), &[("words", "Soon.")]).await;
        assert!(
            relations::duties(&s.app.house, &office(), Locale::Zh)
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(
            relations::duties(&s.app.house, &theirs, Locale::En)
                .await
                .unwrap()
                .len(),
            1
        );
        assert!(!s.get(&public(), Locale::En, &dus("")).await.text.contains("/notes"));
    }
);

on_each_engine!(
    ROOMS,
    async fn each_field_that_was_written_about_waits_by_itself(t: TestDb) {
        let s = site(&t).await;
        for name in ["partner", "lead"] {
            made(&s.app.house, name).await;
        }
        let theirs = partner(reference::partner_id("CQP008"));
        let write = async |who: &access::Viewer, field: &str| {
            t.clock.forward(std::time::Duration::from_secs(5));
            let form = [("words", "A word about it."), ("field", field)];
            let sent = s.post(who, &dus("/notes"), &form).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        };
        let (lead, house) = (office(), &s.app.house);
        let waits = async || {
            let (duties, asked) = store::count_queries(relations::duties(house, &lead, Locale::En)).await;
            let fields: Vec<_> = duties.unwrap().iter().map(|d| d.matter.fields.clone()).collect();
            (fields, asked)
        };
        write(&theirs, "culture").await;
        let (one, asked_for_one) = waits().await;
        assert_eq!(one, [vec![basis::Field::Culture]]);
        write(&theirs, "health").await;
        write(&theirs, "sport").await;
        let (three, asked_for_three) = waits().await;
        assert_eq!(three.len(), 3, "{three:?}");
        assert_eq!(asked_for_one, asked_for_three);
        write(&lead, "health").await;
        let (two, _) = waits().await;
        assert_eq!(two, [vec![basis::Field::Culture], vec![basis::Field::Sport]]);
        // The office's word about no field in particular answers them all.
        write(&lead, "").await;
        assert!(waits().await.0.is_empty());
    }
);

on_each_engine!(
    ROOMS,
    async fn tables_go_out_and_relations_come_in(t: TestDb) {
        let s = site(&t).await;
        for name in ["relations", "facts", "links", "institutions", "counts"] {
            for l in Locale::ALL {
                let csv = s.get(&public(), l, &format!("/{name}.csv")).await;
                assert_eq!(csv.status, StatusCode::OK);
                assert!(
                    csv.text.starts_with('\u{feff}')
                        && csv.head[header::CONTENT_DISPOSITION].to_str().unwrap().contains(name)
                );
            }
            let xlsx = s.get(&public(), Locale::Zh, &format!("/{name}.xlsx")).await;
            assert!(xlsx.text.starts_with("PK"));
        }
        // The file holds what the list was narrowed to, and the list's link says so.
        let list = s.get(&public(), Locale::En, "/relations?country=DE").await.text;
        assert!(list.contains("/relations.csv?country=DE"), "{list}");
        let all = s.get(&public(), Locale::En, "/relations.csv").await.text;
        let some = s.get(&public(), Locale::En, "/relations.csv?country=DE").await.text;
        assert!(all.contains("Toulouse") && some.contains("Düsseldorf") && !some.contains("Toulouse"));
        let head = [("content-type", "multipart/form-data; boundary=b")];
        let file = "Reference,Partner (English),Level,Country,Kind,Status,Source\nN1,Lyon,city,FR,sister,active,https://example.org\n";
        let bad = file.replace("city,FR", "hamlet,<b>");
        let look = s
            .send(
                &office(),
                Locale::En,
                Method::POST,
                "/relations/import",
                &head,
                upload(&bad, true),
            )
            .await;
        assert_eq!(look.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            look.text.contains("C Level")
                && look.text.contains("hamlet")
                && look.text.contains("D Country")
                && look.text.contains("&lt;b&gt;"),
            "{}",
            look.text
        );
        let look = s
            .send(
                &office(),
                Locale::Zh,
                Method::POST,
                "/relations/import",
                &head,
                upload(file, true),
            )
            .await;
        assert!(
            look.status == StatusCode::OK && look.text.contains("将新增1行"),
            "{}",
            look.text
        );
        let none = s.get(&public(), Locale::En, "/relations?q=lyon").await.text;
        assert!(none.contains("Nothing fits"));
        let took = s
            .send(
                &office(),
                Locale::Zh,
                Method::POST,
                "/relations/import",
                &head,
                upload(file, false),
            )
            .await;
        assert!(
            took.text.contains("已新增1行") && took.text.contains("r_b_.csv") || took.text.contains("r&lt;b&gt;.csv"),
            "{}",
            took.text
        );
        let no = s
            .send(
                &person("wang"),
                Locale::En,
                Method::POST,
                "/relations/import",
                &head,
                upload(file, false),
            )
            .await;
        assert_eq!(no.status, StatusCode::FORBIDDEN);
    }
);

on_each_engine!(
    ROOMS,
    async fn machines_read_and_change_by_the_same_rules(t: TestDb) {
        let s = site(&t).await;
        let api = |what: &str| format!("/api/v1{}", dus(what));
        let list = s
            .get(&public(), Locale::En, "/api/v1/relations?limit=10&country=RU")
            .await;
        let v: serde_json::Value = serde_json::from_str(&list.text).unwrap();
        assert_eq!(
            (v["total"].as_i64(), v["items"].as_array().unwrap().len()),
            (Some(5), 5)
        );
        let tag = list.head[header::ETAG].to_str().unwrap().to_owned();
        let same = s
            .send(
                &public(),
                Locale::En,
                Method::GET,
                "/api/v1/relations?limit=10&country=RU",
                &[("if-none-match", &tag)],
                String::new(),
            )
            .await;
        assert_eq!(same.status, StatusCode::NOT_MODIFIED);
        for bad in ["country=XX", "kind=duchy", "own=1", "after=x"] {
            assert_eq!(
                s.get(&public(), Locale::En, &format!("/api/v1/relations?{bad}"))
                    .await
                    .status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{bad}"
            );
        }
        let one = s.get(&public(), Locale::En, &api("")).await;
        assert_eq!(one.head[header::ETAG], "\"v1\"");
        let (no_version, _) = s
            .json(
                &office(),
                Method::PATCH,
                &api(""),
                &[],
                serde_json::json!({ "note_en": "x" }),
            )
            .await;
        assert_eq!(no_version.status, StatusCode::UNPROCESSABLE_ENTITY);
        let (patched, v) = s
            .json(
                &office(),
                Method::PATCH,
                &api(""),
                &[("if-match", "\"v1\"")],
                serde_json::json!({ "note_en": "New", "filed_on": "2004-08-01" }),
            )
            .await;
        assert_eq!(patched.status, StatusCode::OK, "{}", patched.text);
        assert_eq!(
            (v["note"]["en"].as_str(), v["version"].as_i64(), v["signed"].as_str()),
            (Some("New"), Some(2), Some("2004-07-22"))
        );
        let (stale, _) = s
            .json(
                &office(),
                Method::PATCH,
                &api(""),
                &[("if-match", "\"v1\"")],
                serde_json::json!({ "note_en": "Other" }),
            )
            .await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        let (odd, v) = s
            .json(
                &office(),
                Method::PATCH,
                &api(""),
                &[("if-match", "\"v2\"")],
                serde_json::json!({ "note_en": 3 }),
            )
            .await;
        assert_eq!(
            (odd.status, v["errors"][0]["pointer"].as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some("/note_en")),
            "{}",
            odd.text
        );
        let theirs = partner(reference::partner_id("CQP008"));
        let fact = serde_json::json!({ "about": "signed", "value": "2004-07", "source": "https://duesseldorf.de" });
        let (a, _) = s
            .json(
                &theirs,
                Method::POST,
                &api("/facts"),
                &[("idempotency-key", "f1")],
                fact.clone(),
            )
            .await;
        let (b, _) = s
            .json(
                &theirs,
                Method::POST,
                &api("/facts"),
                &[("idempotency-key", "f1")],
                fact.clone(),
            )
            .await;
        assert_eq!((a.status, &a.text), (StatusCode::CREATED, &b.text), "{}", b.text);
        let facts: serde_json::Value =
            serde_json::from_str(&s.get(&public(), Locale::En, &api("/facts")).await.text).unwrap();
        assert!(
            facts
                .as_array()
                .unwrap()
                .iter()
                .any(|f| f["claimant"] == "them" && f["value"] == "2004-07")
        );
        let link =
            serde_json::json!({ "field": "health", "own_en": "A", "partner_en": "B", "what_en": "C", "source": "d" });
        assert_eq!(
            s.json(&public(), Method::POST, &api("/links"), &[], link.clone())
                .await
                .0
                .status,
            StatusCode::UNAUTHORIZED
        );
        assert_eq!(
            s.json(
                &department(Field::Culture),
                Method::POST,
                &api("/links"),
                &[],
                link.clone()
            )
            .await
            .0
            .status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(
            s.json(&department(Field::Health), Method::POST, &api("/links"), &[], link)
                .await
                .0
                .status,
            StatusCode::CREATED
        );
        assert_eq!(
            s.get(&public(), Locale::En, &api("/notes")).await.status,
            StatusCode::UNAUTHORIZED
        );
        assert_eq!(s.get(&theirs, Locale::En, &api("/notes")).await.status, StatusCode::OK);
        let (step, v) = s
            .json(
                &office(),
                Method::POST,
                &api("/steps"),
                &[("if-match", "v2")],
                serde_json::json!({ "to": "quiet", "reason": "r" }),
            )
            .await;
        assert_eq!(
            (step.status, v["status"].as_str()),
            (StatusCode::OK, Some("quiet")),
            "{}",
            step.text
        );
        let (bad, v) = s
            .json(
                &office(),
                Method::POST,
                "/api/v1/relations",
                &[],
                serde_json::json!({ "status": "active" }),
            )
            .await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            v["errors"]
                .as_array()
                .unwrap()
                .iter()
                .any(|e| e["pointer"] == "/source")
        );
        let own: serde_json::Value =
            serde_json::from_str(&s.get(&public(), Locale::En, "/api/v1/governments").await.text).unwrap();
        assert_eq!(own.as_array().unwrap().len(), 39);
    }
);

on_each_engine!(
    ROOMS,
    async fn the_register_page_costs_few_queries_however_long_it_is(t: TestDb) {
        let s = site(&t).await;
        for n in [1, 3] {
            for i in 0..n {
                let input = enter::Input {
                    partner_en: format!("Place {n} {i}"),
                    partner_level: "city".into(),
                    country: "FR".into(),
                    status: "active".into(),
                    source: "https://example.org".into(),
                    ..Default::default()
                };
                enter::enter(&s.app.house, &ask(office()), &input).await.unwrap();
            }
            s.get(&public(), Locale::En, "/relations").await;
            let (_, queries) = count_queries(s.get(&public(), Locale::En, "/relations")).await;
            assert_eq!(queries, 2);
            let (_, queries) = count_queries(s.get(&public(), Locale::En, &dus(""))).await;
            assert_eq!(queries, 6);
        }
    }
);

on_each_engine!(
    ROOMS,
    async fn a_tie_that_applies_for_more_stays_in_the_open(t: TestDb) {
        let s = site(&t).await;
        let input = enter::Input {
            partner_en: "Growing City".into(),
            partner_level: "city".into(),
            country: "FR".into(),
            kind: "friendly-exchange".into(),
            status: "active".into(),
            signed: "2001-05-04".into(),
            source: "https://example.org".into(),
            ..Default::default()
        };
        let id = enter::enter(&s.app.house, &ask(office()), &input).await.unwrap();
        let api = format!("/api/v1/relations/{id}");
        let step = async |version: u32, to: &str, reason: &str| {
            let head = [("if-match", format!("v{version}"))];
            let head = [("if-match", head[0].1.as_str())];
            let body = serde_json::json!({ "to": to, "reason": reason, "on": "" });
            let path = format!("{api}/steps");
            s.json(&office(), Method::POST, &path, &head, body).await
        };
        let status = async |who: &Viewer| {
            let a = s.get(who, Locale::En, &api).await;
            let v: serde_json::Value = serde_json::from_str(&a.text).unwrap();
            v["status"].as_str().unwrap_or("").to_owned()
        };
        assert_eq!(step(1, "application", "").await.0.status, StatusCode::OK);
        for to in ["application", "approved"] {
            if to == "approved" {
                assert_eq!(step(2, to, "").await.0.status, StatusCode::OK);
            }
            assert_eq!(
                (status(&office()).await, status(&public()).await),
                (to.into(), "active".into())
            );
            for path in [
                "/relations?q=growing",
                "/relations.csv",
                "/api/v1/relations?status=active",
            ] {
                let open = s.get(&public(), Locale::En, path).await.text;
                assert!(open.contains("Growing City"), "{path}");
                let told = open.to_lowercase();
                assert!(
                    !told.contains("\"application\"") && !told.contains("sister-city application"),
                    "{path}"
                );
            }
            let page = format!("/relations/{id}");
            let (open, inside) = (
                s.get(&public(), Locale::En, &page).await,
                s.get(&office(), Locale::En, &page).await,
            );
            assert_eq!((open.status, inside.status), (StatusCode::OK, StatusCode::OK));
            assert!(inside.text.contains("Until then") && !open.text.contains("Until then"));
            let living = relations::all_cards(&s.app.house.db).await.unwrap();
            assert!(
                living.iter().any(|c| c.id == id && c.is_living()),
                "the gap finder looks at it"
            );
            assert_eq!(relations::verify(&s.app.house.db).await.unwrap(), Vec::<String>::new());
        }
        // Refused: back to where it was, with a reason and nothing lost.
        assert_eq!(step(3, "active", "").await.0.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(step(3, "quiet", "why").await.0.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(step(3, "active", "the congress said no").await.0.status, StatusCode::OK);
        let v = relation_view(&s.app.house, &office(), id).await.unwrap();
        assert_eq!(
            (
                v.relation.kind,
                v.relation.upgrade_from,
                v.relation.signed.unwrap().text()
            ),
            (relations::RelationKind::FriendlyExchange, None, "2001-05-04".into())
        );
        // Tried again and signed: a sister city since then, and what was before stays told.
        assert_eq!(step(4, "application", "").await.0.status, StatusCode::OK);
        assert_eq!(step(5, "approved", "").await.0.status, StatusCode::OK);
        let body = serde_json::json!({ "to": "signed", "on": "2026-11-20" });
        let path = format!("{api}/steps");
        let signed = s
            .json(&office(), Method::POST, &path, &[("if-match", "v6")], body)
            .await
            .0;
        assert_eq!(signed.status, StatusCode::OK, "{}", signed.text);
        let open = s.get(&public(), Locale::En, &format!("/relations/{id}")).await.text;
        assert!(
            open.contains("20 November 2026") && open.contains("4 May 2001"),
            "{open}"
        );
    }
);
