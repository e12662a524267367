//! Pages, files and the API, asked for as readers do: each class of viewer, both languages.

use ::pages::{App, Ctx, Node};
use ::store::{count_queries, on_each_engine};
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use basis::Locale;
use tower::ServiceExt;

use super::*;

struct Site {
    app: App,
    router: Router,
}
fn site(h: &House) -> Site {
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
    let app = App::new(h.clone(), node, access, vec![&*crate::TEXTS]);
    let (api, _) = crate::api().split_for_parts();
    let router = crate::pages()
        .merge(api)
        .layer(axum::middleware::from_fn_with_state(app.clone(), ::pages::explain))
        .with_state(app.clone());
    Site { app, router }
}
struct Answer {
    status: StatusCode,
    head: HeaderMap,
    text: String,
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
        self.send(
            who,
            Locale::En,
            Method::POST,
            path,
            &[("content-type", "application/x-www-form-urlencoded")],
            body.join("&"),
        )
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
fn public() -> Viewer {
    Viewer::public(Via::Page)
}
/// A file as a browser sends it.
fn upload(bytes: &str, write: bool) -> String {
    let mut out = format!(
        "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"p.csv\"\r\ncontent-type: text/csv\r\n\r\n{bytes}\r\n"
    );
    if write {
        out.push_str("--b\r\ncontent-disposition: form-data; name=\"write\"\r\n\r\n1\r\n");
    }
    out + "--b--\r\n"
}

#[test]
fn every_word_that_is_made_is_there() {
    let mut keys: Vec<String> = gaps::Weights::default()
        .named()
        .iter()
        .map(|(k, _)| (*k).to_owned())
        .collect();
    keys.extend(["planned", "plan-saved", "plan-moved", "plan-imported", "line-saved"].map(|d| format!("done-{d}")));
    keys.extend(
        [
            "policy-line-added",
            "policy-line-amended",
            "plan-item-added",
            "plan-item-amended",
            "plan-item-moved",
        ]
        .map(|d| format!("did-{d}")),
    );
    for key in keys {
        for l in Locale::ALL {
            assert!(TEXTS.find(l, &key, HashMap::new()).is_some(), "{key}");
        }
    }
    let step = basis::Refusal::at("to", "refusal-plan-step")
        .with("from", "done")
        .with("to", "planned");
    assert_eq!(
        TEXTS.refusal(Locale::En, &jiff::tz::TimeZone::UTC, &step).unwrap(),
        "From “done” there is no step to “planned”."
    );
    assert_eq!(
        TEXTS.refusal(Locale::Zh, &jiff::tz::TimeZone::UTC, &step).unwrap(),
        "“已完成”之后不能直接进入“已列入”。"
    );
}

on_each_engine!(
    ROOMS,
    async fn pages_are_there_for_everybody_in_both_languages(t: TestDb) {
        let h = house(&t);
        world(&t, 3).await;
        let s = site(&h);
        let year = h.today().year();
        let this_year = PlanItemInput {
            year: year.to_string(),
            due: String::new(),
            ..input()
        };
        let id = plan(&h, &office(), &this_year).await.unwrap();
        let lost = plan(
            &h,
            &office(),
            &PlanItemInput {
                relation: rel(1).to_string(),
                district: gov("south").to_string(),
                ..this_year.clone()
            },
        )
        .await
        .unwrap();
        let drop = StepInput {
            to: "dropped".into(),
            reason: "the partner <wrote> no".into(),
            version: "1".into(),
            ..Default::default()
        };
        step(&h, &office(), lost, &drop).await.unwrap();
        for l in Locale::ALL {
            for path in [
                "/plan",
                "/plan/gaps",
                "/plan/gaps?view=districts",
                "/plan/gaps?level=all&year=2026",
                "/policy-lines",
                &format!("/plan/items/{id}"),
                &format!("/plan/items/{lost}"),
            ] {
                let a = s.get(&public(), l, path).await;
                assert_eq!(a.status, StatusCode::OK, "{path}: {}", a.text);
                assert!(a.text.contains("<h1>") && !a.text.contains("<wrote>"), "{path}");
            }
        }
        let page = s.get(&public(), Locale::Zh, "/plan").await.text;
        for word in [
            "重庆之窗",
            "友谊",
            "已列入",
            "取消",
            "the partner &lt;wrote&gt; no",
            "class=\"pair\"",
            "部门",
        ] {
            assert!(page.contains(word), "{word}");
        }
        assert!(!page.contains("/plan/items/new"), "the public plans nothing");
        assert!(
            s.get(&office().viewer, Locale::En, "/plan")
                .await
                .text
                .contains("/en/plan/items/new")
        );
        let item = s
            .get(&office().viewer, Locale::En, &format!("/plan/items/{id}"))
            .await
            .text;
        for word in [
            "/en/programmes/",
            "/en/history/plan-item/",
            "class=\"river\"",
            "/step\"",
            "/edit\"",
        ] {
            assert!(item.contains(word), "{word}");
        }
        assert_eq!(
            s.get(&public(), Locale::En, "/plan/items/nonsense").await.status,
            StatusCode::NOT_FOUND
        );
    }
);
on_each_engine!(
    ROOMS,
    async fn gaps_lead_to_a_filled_form(t: TestDb) {
        let h = house(&t);
        world(&t, 70).await;
        let s = site(&h);
        let seen = s.get(&public(), Locale::En, "/plan/gaps").await.text;
        assert!(!seen.contains("/plan/items/new") && seen.contains("Planning is for: "));
        assert!(seen.contains("href=\"#why1\"") && seen.contains("id=\"why1\"") && seen.contains("10 more rows"));
        assert_eq!(seen.matches("<th scope=\"row\">partner").count(), 60);
        let rest = s.get(&public(), Locale::En, "/plan/gaps?from=60").await.text;
        assert_eq!(rest.matches("<th scope=\"row\">partner").count(), 10);
        let districts = s
            .get(&office().viewer, Locale::Zh, "/plan/gaps?view=districts")
            .await
            .text;
        let at = districts.find("/zh/plan/items/new?").unwrap();
        let link = districts[at..]
            .split('"')
            .next()
            .unwrap()
            .replace("&#38;", "&")
            .replace("&amp;", "&");
        assert!(
            link.contains(&format!("district={}", gov("south"))),
            "no relation reaches it (R90): {link}"
        );
        let form = s
            .get(&office().viewer, Locale::Zh, link.strip_prefix("/zh").unwrap())
            .await;
        assert_eq!(form.status, StatusCode::OK);
        assert!(
            form.text.contains(&format!("value=\"{}\" selected", gov("south"))),
            "what the gap is about is chosen already"
        );
        let csv = s.get(&public(), Locale::En, "/plan/gaps.csv").await;
        assert_eq!(csv.text.lines().count(), 1 + 70 * Field::ALL.len());
        let xlsx = s.get(&public(), Locale::Zh, "/plan/gaps.xlsx").await;
        assert_eq!(xlsx.status, StatusCode::OK);
    }
);
on_each_engine!(
    ROOMS,
    async fn forms_keep_what_was_typed_and_say_who_may(t: TestDb) {
        let h = house(&t);
        world(&t, 1).await;
        let s = site(&h);
        let me = office().viewer;
        assert_eq!(
            s.get(&public(), Locale::En, "/plan/items/new").await.status,
            StatusCode::UNAUTHORIZED
        );
        assert_eq!(
            s.get(&department(Field::Culture).viewer, Locale::En, "/policy-lines/new")
                .await
                .status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(
            s.get(&department(Field::Culture).viewer, Locale::En, "/plan/items/new")
                .await
                .status,
            StatusCode::OK
        );
        let (relation, policy) = (rel(0).to_string(), line_id().to_string());
        let typed = [
            ("relation", relation.as_str()),
            ("field", "culture"),
            ("year", "2026"),
            ("policy", &policy),
            ("title_en", "A \"window\""),
            ("aim_en", ""),
            ("due", "soon"),
        ];
        let back = s.post(&me, "/plan/items", &typed).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        for word in [
            "A &quot;window&quot;",
            "value=\"soon\"",
            "href=\"#f-due\"",
            "href=\"#f-aim_en\"",
            "value=\"culture\" selected",
        ] {
            assert!(back.text.contains(word), "{word}");
        }
        let good = [
            &typed[..5],
            &[("aim_en", "books"), ("supports_en", "the city"), ("once", "k1")],
        ]
        .concat();
        let go = s.post(&me, "/plan/items", &good).await;
        assert_eq!(go.status, StatusCode::SEE_OTHER, "{}", go.text);
        let to = go.head[header::LOCATION].to_str().unwrap().to_owned();
        let twice = s.post(&me, "/plan/items", &good).await;
        assert_eq!(twice.head[header::LOCATION], to, "a double click plans once");
        let at = to.strip_prefix("/en").unwrap().split('?').next().unwrap().to_owned();
        assert_eq!(
            s.post(&public(), "/plan/items", &good[..7]).await.status,
            StatusCode::UNAUTHORIZED
        );
        assert_eq!(
            s.get(&me, Locale::Zh, &format!("{at}/edit")).await.status,
            StatusCode::OK
        );
        assert_eq!(
            s.get(&department(Field::Health).viewer, Locale::Zh, &format!("{at}/edit"))
                .await
                .status,
            StatusCode::FORBIDDEN
        );
        let silent = s
            .post(&me, &format!("{at}/step"), &[("to", "dropped"), ("version", "1")])
            .await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(silent.text.contains("value=\"dropped\" checked") && silent.text.contains("href=\"#f-reason\""));
        assert_eq!(
            s.post(&me, &format!("{at}/step"), &[("to", "in-progress"), ("version", "1")])
                .await
                .status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(
            s.post(&me, &format!("{at}/step"), &[("to", "nearly-done"), ("version", "1")])
                .await
                .status,
            StatusCode::CONFLICT
        );
        let line = [
            ("code", "N1"),
            ("title_en", "New"),
            ("text_en", "words"),
            ("source", "https://example.org/1"),
            ("starts", "2026-01-01"),
            ("until", "2025-01-01"),
        ];
        let refused = s.post(&me, "/policy-lines", &line).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text.contains("href=\"#f-until\""));
        assert_eq!(
            s.post(&me, "/policy-lines", &line[..5]).await.status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(
            s.get(&me, Locale::Zh, &format!("/policy-lines/{}/edit", line_id()))
                .await
                .status,
            StatusCode::OK
        );
    }
);
on_each_engine!(
    ROOMS,
    async fn pages_ask_the_same_of_one_item_and_of_three(t: TestDb) {
        let h = house(&t);
        world(&t, 3).await;
        let s = site(&h);
        let me = office().viewer;
        let year = h.today().year().to_string();
        let one = PlanItemInput {
            year,
            due: String::new(),
            district: gov("south").to_string(),
            ..input()
        };
        let mut counts = Vec::new();
        for (i, n) in [1, 2].into_iter().enumerate() {
            for k in 0..n {
                plan(
                    &h,
                    &office(),
                    &PlanItemInput {
                        relation: rel(i + k).to_string(),
                        ..one.clone()
                    },
                )
                .await
                .unwrap();
            }
            let (_, list) = count_queries(s.get(&me, Locale::En, "/plan")).await;
            let (_, gaps) = count_queries(s.get(&me, Locale::En, "/plan/gaps?level=all")).await;
            counts.push((list, gaps));
        }
        assert_eq!(counts[0], counts[1]);
        assert!(counts[0].0 <= 8 && counts[0].1 <= 8, "{counts:?}");
    }
);
on_each_engine!(
    ROOMS,
    async fn files_come_and_go(t: TestDb) {
        let h = house(&t);
        world(&t, 3).await;
        let s = site(&h);
        let me = office().viewer;
        assert_eq!(
            s.get(&department(Field::Culture).viewer, Locale::En, "/plan/import")
                .await
                .status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(s.get(&me, Locale::Zh, "/plan/import").await.status, StatusCode::OK);
        let template = s.get(&public(), Locale::Zh, "/plan/import/template.csv").await.text;
        assert!(template.contains("年份,领域,关系编号,区县,政策条目"), "{template}");
        let send = async |body: &str, write: bool| {
            s.send(
                &me,
                Locale::En,
                Method::POST,
                "/plan/import",
                &[("content-type", "multipart/form-data; boundary=b")],
                upload(body, write),
            )
            .await
        };
        let good = "year,field,relation,policy,title (English),aim (English),supports (English)\n2026,culture,T00001,R86,Books,read,city\n";
        let bad = send(&good.replace("T00001", "T9"), true).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            bad.text.contains("Nothing was written.") && bad.text.contains("<td data-th=\"Column\">C relation</td>")
        );
        let looked = send(good, false).await;
        assert!(
            looked.status == StatusCode::OK && looked.text.contains("One row, no fault."),
            "{}",
            looked.text
        );
        assert!(list(&t.db, &Filter::default()).await.unwrap().items.is_empty());
        // What was looked at is kept in the form: one press writes it, no file is chosen again.
        let kept = |name: &str| {
            let from = looked.text.split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
            from.split_once('"').unwrap().0.to_owned()
        };
        let (name, bytes, once) = (kept("kept-name"), kept("kept-file"), kept("once"));
        let press = [
            ("kept-name", name.as_str()),
            ("kept-file", bytes.as_str()),
            ("once", once.as_str()),
        ];
        assert!(
            !s.post(&me, "/plan/import", &press[..2])
                .await
                .text
                .contains("plan-imported")
        );
        let mut write = press.to_vec();
        write.push(("write", "1"));
        assert_eq!(s.post(&me, "/plan/import", &write).await.status, StatusCode::SEE_OTHER);
        assert_eq!(list(&t.db, &Filter::default()).await.unwrap().items.len(), 1);
        let csv = s.get(&public(), Locale::En, "/plan.csv?year=2026").await;
        assert!(csv.text.contains("Books") && csv.head[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/csv"));
        assert_eq!(
            s.get(&public(), Locale::Zh, "/plan.xlsx?year=2026").await.status,
            StatusCode::OK
        );
    }
);
on_each_engine!(
    ROOMS,
    async fn machines_meet_the_same_rules(t: TestDb) {
        let h = house(&t);
        world(&t, 2).await;
        let s = site(&h);
        let me = office().viewer;
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        tx.exec("UPDATE relation SET status = 'lead' WHERE id = $1", vals![rel(1)])
            .await
            .unwrap();
        tx.done(()).await.unwrap();
        let under_lead = PlanItemInput {
            relation: rel(1).to_string(),
            field: "health".into(),
            ..input()
        };
        let hidden = plan(&h, &office(), &under_lead).await.unwrap();
        let one = format!("/api/v1/plan-items/{hidden}");
        let under = format!("/api/v1/plan-items?relation={}", rel(1));
        for (who, sees) in [(public(), false), (me.clone(), true)] {
            let mut counts = Vec::new();
            for path in [one.as_str(), "/api/v1/plan-items"] {
                counts.push(s.get(&who, Locale::En, path).await.text.contains(&rel(1).to_string()));
            }
            assert_eq!(counts, [sees, sees]);
            assert_eq!(
                s.get(&who, Locale::En, &under).await.text.contains(&hidden.to_string()),
                sees
            );
        }
        let body = serde_json::to_value(input()).unwrap();
        assert_eq!(
            s.json(&public(), Method::POST, "/api/v1/plan-items", &[], body.clone())
                .await
                .0
                .status,
            StatusCode::UNAUTHORIZED
        );
        let key = [("idempotency-key", "k")];
        let (a, made) = s
            .json(&me, Method::POST, "/api/v1/plan-items", &key, body.clone())
            .await;
        assert_eq!(a.status, StatusCode::CREATED, "{}", a.text);
        assert_eq!(
            s.json(&me, Method::POST, "/api/v1/plan-items", &key, body.clone())
                .await
                .1,
            made
        );
        let at = a.head[header::LOCATION].to_str().unwrap().to_owned();
        let one = s.get(&public(), Locale::En, &at).await;
        assert_eq!(
            (one.status, one.head[header::ETAG].to_str().unwrap()),
            (StatusCode::OK, "\"v1\"")
        );
        assert_eq!(
            s.json(&me, Method::PATCH, &at, &[], body.clone()).await.0.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "which version was read?"
        );
        let (a, now) = s
            .json(&me, Method::PATCH, &at, &[("if-match", "\"v1\"")], body.clone())
            .await;
        assert_eq!((a.status, now["version"].as_i64()), (StatusCode::OK, Some(2)));
        assert_eq!(
            s.json(&me, Method::PATCH, &at, &[("if-match", "\"v1\"")], body)
                .await
                .0
                .status,
            StatusCode::CONFLICT
        );
        let (a, now) = s
            .json(
                &me,
                Method::POST,
                &format!("{at}/step"),
                &[("if-match", "\"v2\"")],
                serde_json::json!({ "to": "in-progress" }),
            )
            .await;
        assert_eq!(
            (a.status, now["status"].as_str()),
            (StatusCode::OK, Some("in-progress"))
        );
        let found = s
            .get(
                &public(),
                Locale::En,
                "/api/v1/plan-items?status=in-progress&year=2026&limit=1",
            )
            .await;
        assert!(
            found.text.contains("重庆之窗") && found.text.contains("\"next\":null"),
            "{}",
            found.text
        );
        assert_eq!(
            s.get(&public(), Locale::En, "/api/v1/plan-items?field=cooking")
                .await
                .status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let gaps = s
            .get(&public(), Locale::En, "/api/v1/gaps?view=districts&limit=1")
            .await;
        assert!(
            gaps.status == StatusCode::OK
                && gaps.text.contains("\"untouched\"")
                && gaps.text.contains(&gov("south").to_string()),
            "{}",
            gaps.text
        );
        assert_eq!(
            s.get(&public(), Locale::En, "/api/v1/gaps?level=moon").await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert!(
            s.get(&public(), Locale::En, "/api/v1/policy-lines")
                .await
                .text
                .contains("R86")
        );
    }
);
on_each_engine!(
    ROOMS,
    async fn items_without_a_call_wait_in_the_queue(t: TestDb) {
        let h = house(&t);
        world(&t, 1).await;
        let today = h.today();
        let soon = PlanItemInput {
            year: today.year().to_string(),
            due: today.to_string(),
            ..input()
        };
        let id = plan(&h, &office(), &soon).await.unwrap();
        plan(
            &h,
            &office(),
            &PlanItemInput {
                year: "2030".into(),
                due: String::new(),
                ..input()
            },
        )
        .await
        .unwrap();
        let mut own = department(Field::Culture).viewer;
        own.acting.as_mut().unwrap().body = Id::named("culture");
        let mine = duties(&h, &own, Locale::Zh).await.unwrap();
        assert_eq!(mine.len(), 1, "what ends years from now does not wait yet");
        assert_eq!(
            (mine[0].mine, mine[0].what.as_str(), mine[0].href.as_str()),
            (true, "拟定征集", format!("/plan/items/{id}").as_str())
        );
        assert_eq!(mine[0].matter.object, Some(("plan-item", id.to_string())));
        assert_eq!(mine[0].matter.fields, [Field::Culture]);
        let lead = duties(&h, &office().viewer, Locale::En).await.unwrap();
        assert_eq!(
            (lead.len(), lead[0].mine, lead[0].who.as_deref()),
            (1, false, Some("Department"))
        );
        assert!(
            duties(&h, &department(Field::Health).viewer, Locale::En)
                .await
                .unwrap()
                .is_empty()
        );
        assert!(duties(&h, &public(), Locale::En).await.unwrap().is_empty());
        assert_eq!(sql::without_call(&t.db, None).await.unwrap().len(), 2);
        step(
            &h,
            &office(),
            id,
            &StepInput {
                to: "in-progress".into(),
                version: "1".into(),
                ..Default::default()
            },
        )
        .await
        .unwrap();
        assert!(duties(&h, &own, Locale::Zh).await.unwrap().is_empty());
    }
);
