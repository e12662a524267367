//! Pages and the API as readers ask for them: each class of viewer, both languages.

use ::pages::{App, Ctx, Node};
use axum::{
    Router,
    body::Body,
    http::{Method, Request as Asked, StatusCode, header},
    response::Response,
};
use tower::ServiceExt;

use super::*;

pub(super) struct Site {
    app: App,
    router: Router,
}
pub(super) fn site(h: &House) -> Site {
    let node = Node {
        city: Text::both("重庆", "Chongqing"),
        office: Text::both("外办", "Office"),
        public_url: "https://node.example".into(),
        zone_name: "Asia/Shanghai".into(),
        demo: false,
        contact: String::new(),
        moving_clock: None,
    };
    let access = access::AccessConfig {
        public_url: "https://node.example".into(),
        secure_cookies: false,
        demo: false,
        oidc: None,
    };
    let app = App::new(h.clone(), node, access, vec![&*crate::TEXTS, &*planning::TEXTS]);
    let (api, _) = crate::api().split_for_parts();
    let router = crate::pages()
        .merge(api)
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
        kind: &str,
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
        let mut asked = Asked::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, kind)
            .header(header::ACCEPT_LANGUAGE, locale.tag())
            .body(Body::from(body))
            .unwrap();
        asked.extensions_mut().insert(ctx);
        self.router.clone().oneshot(asked).await.unwrap()
    }
    pub(super) async fn get(&self, who: &Viewer, locale: Locale, path: &str) -> (StatusCode, String) {
        text_of(
            self.send(who, locale, Method::GET, path, "text/plain", Vec::new())
                .await,
        )
        .await
    }
    pub(super) async fn post(&self, who: &Viewer, path: &str, pairs: &[(&str, &str)]) -> (StatusCode, String) {
        let body: Vec<String> = pairs
            .iter()
            .map(|(k, v)| format!("{k}={}", ::pages::parts::encode(v)))
            .collect();
        let r = self
            .send(
                who,
                Locale::En,
                Method::POST,
                path,
                "application/x-www-form-urlencoded",
                body.join("&").into_bytes(),
            )
            .await;
        let to = r
            .headers()
            .get(header::LOCATION)
            .and_then(|v| v.to_str().ok())
            .map(str::to_owned);
        let (status, body) = text_of(r).await;
        (status, to.unwrap_or(body))
    }
    async fn json(&self, who: &Viewer, method: Method, path: &str, body: serde_json::Value) -> (StatusCode, String) {
        text_of(
            self.send(
                who,
                Locale::En,
                method,
                path,
                "application/json",
                body.to_string().into_bytes(),
            )
            .await,
        )
        .await
    }
}
async fn text_of(r: Response) -> (StatusCode, String) {
    let status = r.status();
    let bytes = axum::body::to_bytes(r.into_body(), 10_000_000).await.unwrap();
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

#[test]
fn every_write_describes_the_headers_it_takes() {
    let (_, api) = crate::api().split_for_parts();
    let api = serde_json::to_value(&api).unwrap();
    let mut writes = 0;
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if !["post", "put", "patch", "delete"].contains(&method.as_str()) {
                continue;
            }
            writes += 1;
            let header = |name: &str| {
                let all = operation["parameters"].as_array().into_iter().flatten();
                all.filter(|p| p["in"] == "header").find(|p| p["name"] == name).cloned()
            };
            assert!(header("Idempotency-Key").is_some(), "{method} {path}");
            if method == "put" {
                let version = header("If-Match").unwrap_or_else(|| panic!("{method} {path} needs a version"));
                assert_eq!(version["required"], true, "{method} {path}");
            }
        }
    }
    assert_eq!(writes, 21);
}
#[test]
fn every_word_that_is_made_is_there() {
    let done = [
        "call-drafted",
        "call-published",
        "call-opened",
        "call-cancelled",
        "call-decided",
        "offer-saved",
        "offer-submitted",
        "offer-withdrawn",
        "offers-imported",
        "seated",
        "unseated",
        "struck",
        "call-declared",
        "scored",
        "scores-in",
        "shortlisted",
        "solved",
        "plan-published",
        "awarded",
    ];
    let did = [
        "call-drafted",
        "call-amended",
        "call-published",
        "call-opened",
        "call-cancelled",
        "call-awarded",
        "call-decided",
        "offer-begun",
        "offer-submitted",
        "offer-withdrawn",
        "offer-emptied",
        "offer-scored",
        "offer-shortlisted",
        "offer-awarded",
        "offer-declined",
        "offer-imported",
        "panel-seated",
        "panel-unseated",
        "panel-declared",
        "panel-struck",
        "review-submitted",
        "allocation-solved",
        "allocation-published",
    ];
    for key in done
        .iter()
        .map(|d| format!("done-{d}"))
        .chain(did.iter().map(|d| format!("did-{d}")))
    {
        for l in Locale::ALL {
            assert!(TEXTS.find(l, &key, Default::default()).is_some(), "{key} in {l}");
        }
    }
}

on_each_engine!(
    ROOMS,
    async fn the_whole_way_by_forms(t: TestDb) {
        let w = World::new(&t).await;
        let s = site(&w.h);
        let (officer, anna, ida) = (w.viewer("officer").await, w.viewer("anna").await, w.viewer("ida").await);
        let nobody = Viewer::public(Via::Page);
        // A draft: one more row asked for, faults at their rows, then saved.
        let item = plan_item().to_string();
        let mut form = vec![
            ("plan_item", item.as_str()),
            ("title_zh", "<b>河水</b>"),
            ("title_en", "River & water"),
            ("brief_en", "about"),
            ("who_en", "schools"),
            ("mode", "outsourcing"),
            ("closes_on", "2026-12-02"),
            ("closes_time", "17:00"),
            ("currency", "CNY"),
            ("ceiling", "60,000"),
            ("work_from", "2027-01-01"),
            ("work_until", "2027-12-31"),
            ("languages", "zh-Hans"),
            ("languages", "de"),
            ("need-0-title_en", "teach"),
            ("need-0-channel", "service"),
            ("need-0-min", "2"),
            ("need-0-max", "4"),
            ("need-0-unit_en", "hours"),
            ("need-0-priority", "5"),
            ("criterion-0-title_en", "Quality"),
            ("criterion-0-weight", "90"),
        ];
        let (status, page) = s
            .post(&officer, "/calls", &[&form[..], &[("more", "need")]].concat())
            .await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("need-1-title_zh") && page.contains("River &amp; water"));
        let (status, page) = s.post(&officer, "/calls", &form).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            page.contains("add up to 90") && page.contains("value=\"teach\""),
            "the fault is told, nothing is lost"
        );
        form.pop();
        form.push(("criterion-0-weight", "100"));
        let (status, to) = s.post(&officer, "/calls", &form).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{to}");
        let call = to.split(['/', '?']).find_map(|p| p.parse::<CallId>().ok()).unwrap();
        let path = |tail: &str| format!("/calls/{call}{tail}");
        assert_eq!(
            s.get(&nobody, Locale::En, &path("")).await.0,
            StatusCode::NOT_FOUND,
            "a draft is not there for readers"
        );
        assert_eq!(s.get(&officer, Locale::Zh, &path("/edit")).await.0, StatusCode::OK);
        assert_eq!(
            s.post(&officer, &path("/publication"), &[]).await.0,
            StatusCode::SEE_OTHER
        );
        for l in Locale::ALL {
            let (status, page) = s.get(&nobody, l, &path("")).await;
            assert_eq!(status, StatusCode::OK);
            assert!(!page.contains("<b>河水"), "what people write is escaped");
            assert!(page.contains("17:00"), "by the home city's clock");
            assert!(page.contains("2–4"), "least and most of a need in one: {page}");
            assert_eq!(s.get(&nobody, l, "/calls").await.0, StatusCode::OK);
        }
        // An offer, part by part: saved with a fault, mended, checked, submitted.
        let (_, to) = s.post(&anna, &path("/offers"), &[]).await;
        let offer = to.split(['/', '?']).find_map(|p| p.parse::<OfferId>().ok()).unwrap();
        let opath = |tail: &str| format!("/offers/{offer}{tail}");
        let version = async || sql::offer(&t.db, offer).await.unwrap().unwrap().version.to_string();
        let need = format!("units-{}", sql::needs(&t.db, call).await.unwrap()[0].id);
        for (p, fields) in [
            ("what", vec![("summary_en", "secret-sum"), ("plan_en", "secret-plan")]),
            ("needs", vec![(need.as_str(), "3")]),
            ("people", vec![("people", "Zhang San"), ("languages", "zh-Hans")]),
            ("interest", vec![("conflict", "none")]),
        ] {
            let v = version().await;
            let (status, to) = s
                .post(
                    &anna,
                    &opath(&format!("/parts/{p}")),
                    &[&fields[..], &[("version", v.as_str())]].concat(),
                )
                .await;
            assert_eq!(status, StatusCode::SEE_OTHER, "{p}: {to}");
        }
        let v = version().await;
        let (status, page) = s
            .post(
                &anna,
                &opath("/parts/money"),
                &[
                    ("starts", "2027-03-15"),
                    ("ends", "2027-02-28"),
                    ("asked", "68,500"),
                    ("spend", "paper"),
                    ("version", &v),
                ],
            )
            .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            page.contains("68,500") && page.contains("8,500.00 over") && page.contains("15 March 2027"),
            "{page}"
        );
        assert_eq!(
            s.post(&anna, &opath("/submission"), &[]).await.0,
            StatusCode::UNPROCESSABLE_ENTITY,
            "what is wrong is shown on the last part"
        );
        let v = version().await;
        s.post(
            &anna,
            &opath("/parts/money"),
            &[
                ("starts", "2027-03-15"),
                ("ends", "2027-10-28"),
                ("asked", "8,500"),
                ("spend", "paper"),
                ("version", &v),
            ],
        )
        .await;
        for p in ["what", "needs", "money", "people", "interest", "check"] {
            for l in Locale::ALL {
                assert_eq!(
                    s.get(&anna, l, &opath(&format!("/parts/{p}"))).await.0,
                    StatusCode::OK,
                    "{p}"
                );
            }
        }
        assert_eq!(s.post(&anna, &opath("/submission"), &[]).await.0, StatusCode::SEE_OTHER);
        // Written on after that: the page asks for it, and says nothing else.
        let v = version().await;
        s.post(
            &anna,
            &opath("/parts/people"),
            &[("people", "Li Si"), ("languages", "zh-Hans"), ("version", &v)],
        )
        .await;
        let (_, page) = s.get(&anna, Locale::En, &opath("")).await;
        assert!(
            page.contains("Submit the change") && page.contains("/submission\"") && !page.contains("Nothing to do"),
            "{page}"
        );
        assert_eq!(s.post(&anna, &opath("/submission"), &[]).await.0, StatusCode::SEE_OTHER);
        // Sealed: on every page and over the API, for everybody but its maker.
        for who in [
            &nobody,
            &officer,
            &w.viewer("lead").await,
            &w.viewer("auditor").await,
            &w.viewer("judge1").await,
            &ida,
        ] {
            for p in [
                path(""),
                path("/review"),
                path("/awards"),
                path("/allocation"),
                path("/offers.csv"),
                opath(""),
                opath("/scores"),
                opath("/parts/what"),
                format!("/api/v1/offers/{offer}"),
                format!("/api/v1/calls/{call}"),
                format!("/api/v1/calls/{call}/offers"),
            ] {
                let (_, page) = s.get(who, Locale::En, &p).await;
                assert!(!page.contains("secret-"), "{p} tells {:?} a sealed offer", who.role());
            }
        }
        assert!(s.get(&anna, Locale::En, &opath("")).await.1.contains("secret-plan"));
        // The panel, the opening, the scores, a plan, the award, the decision.
        for judge in ["judge1", "judge2"] {
            let id = Id::<basis::Account>::named(judge).to_string();
            assert_eq!(
                s.post(&officer, &path("/panel"), &[("account", &id)]).await.0,
                StatusCode::SEE_OTHER
            );
        }
        assert_eq!(s.get(&officer, Locale::Zh, &path("/panel")).await.0, StatusCode::OK);
        assert_eq!(
            s.get(&w.viewer("stranger").await, Locale::En, &path("/panel")).await.0,
            StatusCode::FORBIDDEN
        );
        w.after_close();
        assert_eq!(
            duties(&w.h, &officer, Locale::En).await.unwrap()[0].what,
            "Open the offers"
        );
        assert_eq!(s.post(&officer, &path("/opening"), &[]).await.0, StatusCode::SEE_OTHER);
        for judge in ["judge1", "judge2"] {
            let judge = w.viewer(judge).await;
            let first = duties(&w.h, &judge, Locale::Zh).await.unwrap().remove(0);
            assert_eq!(first.what, "声明利害关系");
            assert!(first.matter.fields.len() == 1 && first.matter.object.as_ref().is_some_and(|o| o.0 == "call"));
            let (_, page) = s.get(&judge, Locale::En, &path("/review")).await;
            assert!(
                !page.contains("secret-"),
                "who offers, before declaring, and nothing else"
            );
            assert_eq!(
                s.post(&judge, &path("/declaration"), &[]).await.0,
                StatusCode::SEE_OTHER
            );
            assert!(
                s.get(&judge, Locale::En, &opath("/scores"))
                    .await
                    .1
                    .contains("secret-plan")
            );
            assert_eq!(
                s.post(&judge, &opath("/scores"), &[("points-c1", "eleven")]).await.0,
                StatusCode::UNPROCESSABLE_ENTITY
            );
            assert_eq!(
                s.post(
                    &judge,
                    &opath("/scores"),
                    &[("points-c1", "8"), ("note-c1", "well made")]
                )
                .await
                .0,
                StatusCode::SEE_OTHER
            );
            assert_eq!(s.post(&judge, &path("/review"), &[]).await.0, StatusCode::SEE_OTHER);
            assert_eq!(s.get(&judge, Locale::Zh, &path("/review")).await.0, StatusCode::OK);
        }
        assert_eq!(
            duties(&w.h, &officer, Locale::En).await.unwrap()[0].what,
            "Award and decide"
        );
        assert!(s.get(&officer, Locale::En, &path("/review")).await.1.contains("80.0"));
        let text = offer.to_string();
        assert_eq!(
            s.post(&officer, &path("/shortlist"), &[("offers", &text)]).await.0,
            StatusCode::SEE_OTHER
        );
        let (status, to) = s
            .post(
                &officer,
                &path("/allocation"),
                &[
                    ("panel", "60"),
                    ("dates", "15"),
                    ("languages", "10"),
                    ("promises", "15"),
                ],
            )
            .await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{to}");
        let plan = to.trim_start_matches("/en").split('?').next().unwrap().to_owned();
        for l in Locale::ALL {
            assert_eq!(s.get(&officer, l, &plan).await.0, StatusCode::OK);
        }
        assert!(s.get(&officer, Locale::En, &plan).await.1.contains("proved"));
        assert_eq!(
            s.post(&officer, &format!("{plan}/publication"), &[]).await.0,
            StatusCode::SEE_OTHER
        );
        assert_eq!(
            s.get(&officer, Locale::Zh, &path("/allocation")).await.0,
            StatusCode::OK
        );
        assert_eq!(
            s.post(&officer, &path("/awards"), &[("offer", &text)]).await.0,
            StatusCode::UNPROCESSABLE_ENTITY,
            "no award without a reason"
        );
        let (_, page) = s
            .post(
                &officer,
                &path("/awards"),
                &[("offer", &text), ("amount", "99,999,999")],
            )
            .await;
        assert!(
            page.contains("href=\"#f-amount\"") && page.contains("href=\"#f-reason_"),
            "the sum and the missing reason at once: {page}"
        );
        assert_eq!(
            s.post(
                &officer,
                &path("/awards"),
                &[("offer", &text), ("reason_en", "the best")]
            )
            .await
            .0,
            StatusCode::SEE_OTHER
        );
        assert_eq!(
            s.post(&officer, &path("/decision"), &[("reason_zh", "名额有限")])
                .await
                .0,
            StatusCode::SEE_OTHER
        );
        for l in Locale::ALL {
            let (status, page) = s.get(&nobody, l, &path("")).await;
            assert!(
                status == StatusCode::OK && page.contains("the best"),
                "the reason is public"
            );
        }
        assert_eq!(
            s.get(&officer, Locale::En, &path("/offers.xlsx")).await.0,
            StatusCode::OK
        );
        assert_eq!(tally(&t.db).await.unwrap().awards, 1);
        assert_eq!(details(&t.db, &[call]).await.unwrap().len(), 1);
        assert_eq!(verify(&t.db).await.unwrap(), Vec::<String>::new());
    }
);
on_each_engine!(
    ROOMS,
    async fn the_api_keeps_to_the_same_rules(t: TestDb) {
        let w = World::new(&t).await;
        let s = site(&w.h);
        let officer = w.viewer("officer").await;
        let input = serde_json::to_value(call_input("outsourcing")).unwrap();
        let (status, body) = s.json(&officer, Method::POST, "/api/v1/calls", input.clone()).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        let id: CallId = serde_json::from_str::<serde_json::Value>(&body).unwrap()["id"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        let at = |tail: &str| format!("/api/v1/calls/{id}{tail}");
        assert_eq!(
            s.json(&officer, Method::PUT, &at(""), input.clone()).await.0,
            StatusCode::UNPROCESSABLE_ENTITY,
            "If-Match is asked for"
        );
        assert_eq!(
            s.json(
                &w.viewer("lead").await,
                Method::POST,
                &at("/publication"),
                serde_json::json!({})
            )
            .await
            .0,
            StatusCode::FORBIDDEN
        );
        assert_eq!(
            s.json(&officer, Method::POST, &at("/publication"), serde_json::json!({}))
                .await
                .0,
            StatusCode::OK
        );
        let (status, body) = s
            .get(&Viewer::public(Via::Api), Locale::En, "/api/v1/calls?field=culture")
            .await;
        assert!(status == StatusCode::OK && body.contains("\"open\""), "{body}");
        let (status, body) = s
            .get(&Viewer::public(Via::Api), Locale::En, "/api/v1/calls?field=cooking")
            .await;
        assert!(
            status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("/field"),
            "{body}"
        );
        let (status, body) = s
            .json(
                &w.viewer("anna").await,
                Method::POST,
                &at("/offers"),
                serde_json::json!({}),
            )
            .await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        let offer = serde_json::from_str::<serde_json::Value>(&body).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        assert_eq!(
            s.get(&officer, Locale::En, &format!("/api/v1/offers/{offer}")).await.0,
            StatusCode::NOT_FOUND,
            "sealed and not there look alike"
        );
        let (status, body) = s
            .get(&w.viewer("anna").await, Locale::En, &format!("/api/v1/offers/{offer}"))
            .await;
        assert!(status == StatusCode::OK && body.contains("missing"), "{body}");
        assert_eq!(
            s.json(&officer, Method::POST, &at("/opening"), serde_json::json!({}))
                .await
                .0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(
            s.get(&officer, Locale::En, "/api/v1/calls/nonsense").await.0,
            StatusCode::NOT_FOUND
        );
        let blank = serde_json::json!({ "reason": "flood" });
        assert_eq!(
            s.json(&officer, Method::POST, &at("/cancellation"), blank).await.0,
            StatusCode::UNPROCESSABLE_ENTITY,
            "made on which version?"
        );
        let version = sql::load(&t.db, id).await.unwrap().unwrap().version.to_string();
        let cancel = serde_json::json!({ "reason": "flood", "version": version });
        assert_eq!(
            s.json(&officer, Method::POST, &at("/cancellation"), cancel).await.0,
            StatusCode::OK
        );
        assert_eq!(sql::briefs(&t.db, &[id]).await.unwrap().len(), 1);
        assert_eq!(sql::counted(&t.db).await.unwrap().0, 0);
        assert!(sql::panel_progress(&t.db, &[id]).await.unwrap().is_empty());
    }
);

on_each_engine!(
    ROOMS,
    async fn pages_hand_work_to_one_party_and_take_its_answer(t: TestDb) {
        let w = World::new(&t).await;
        let s = site(&w.h);
        let (officer, anna) = (w.viewer("officer").await, w.viewer("anna").await);
        let form = format!("/calls/assign?plan_item={}", plan_item());
        for locale in Locale::ALL {
            let (status, page) = s.get(&officer, locale, &form).await;
            let party = Id::<basis::Body>::named("a").to_string();
            assert!(status == StatusCode::OK && page.contains(&party), "{page}");
        }
        for who in ["stranger", "anna", "auditor"] {
            let status = s.get(&w.viewer(who).await, Locale::En, &form).await.0;
            assert_eq!(status, StatusCode::FORBIDDEN, "{who}");
        }
        let (item, party) = (plan_item().to_string(), Id::<basis::Body>::named("a").to_string());
        let mut pairs = vec![
            ("plan_item", item.as_str()),
            ("organisation", party.as_str()),
            ("title_zh", "河水监测"),
            ("brief_zh", "每月取样"),
            ("answer_by", "2026-12-01"),
            ("work_from", "2027-01-01"),
            ("work_until", "2027-12-31"),
        ];
        let (status, page) = s.post(&officer, "/calls/assign", &pairs).await;
        assert!(
            status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("#f-reason_") && page.contains("每月取样"),
            "{page}"
        );
        pairs.push(("reason_zh", "唯一有此设备"));
        let (status, to) = s.post(&officer, "/calls/assign", &pairs).await;
        assert!(
            status == StatusCode::SEE_OTHER && to.contains("done=call-assigned"),
            "{to}"
        );
        let at = to.split_once('?').unwrap().0.trim_start_matches("/en").to_owned();
        let (_, page) = s.get(&anna, Locale::Zh, &at).await;
        assert!(page.contains("/answer\"") && page.contains("唯一有此设备"), "{page}");
        // The reason and the name come out with the award, the mode at once.
        let (_, page) = s.get(&Viewer::public(Via::Page), Locale::Zh, &at).await;
        assert!(page.contains("分派") && !page.contains("唯一有此设备"), "{page}");
        let answer = format!("{at}/answer");
        assert_eq!(
            s.get(&w.viewer("ben").await, Locale::En, &answer).await.0,
            StatusCode::FORBIDDEN
        );
        assert_eq!(s.get(&anna, Locale::En, &answer).await.0, StatusCode::OK);
        let (status, page) = s.post(&anna, &answer, &[("answer", "decline")]).await;
        assert!(
            status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("#f-reason"),
            "{page}"
        );
        let (status, _) = s.post(&anna, &answer, &[("answer", "accept")]).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        for locale in Locale::ALL {
            let (_, page) = s.get(&Viewer::public(Via::Page), locale, &at).await;
            assert!(
                page.contains("唯一有此设备") && page.contains("/undertaking\""),
                "{page}"
            );
            assert!(
                !page.contains("offer-asked") && !page.contains("id=\"offers\""),
                "{page}"
            );
        }
    }
);

#[test]
fn a_refusal_tells_one_from_many() {
    let zone = jiff::tz::TimeZone::UTC;
    let said = |offered: i64| {
        let refusal = basis::Refusal::page("refusal-pin-over-offered").with("offered", offered);
        crate::TEXTS.refusal(Locale::En, &zone, &refusal).unwrap()
    };
    assert_eq!(said(1), "Only one unit was offered here.");
    assert_eq!(said(2), "Only 2 units were offered here.");
    assert_eq!(said(50_000), "Only 50,000 units were offered here.");
}
on_each_engine!(
    ROOMS,
    async fn the_district_that_nearness_counts_from_is_named(t: TestDb) {
        let w = World::new(&t).await;
        let s = site(&w.h);
        let id = w.call("assignment").await;
        let (ida, anna) = (w.asking("ida").await, w.asking("anna").await);
        let (of_ida, of_anna) = (
            begin(&w.h, &ida, id).await.unwrap(),
            begin(&w.h, &anna, id).await.unwrap(),
        );
        let page = format!("/calls/{id}");
        let form = |offer: OfferId| format!("/offers/{offer}/parts/people");
        let put = async |district: Option<Id<basis::Government>>| {
            let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
            tx.exec("UPDATE call SET district = $2 WHERE id = $1", vals![id, district])
                .await
                .unwrap();
            tx.done(()).await.unwrap();
        };
        put(None).await;
        let (_, nowhere) = s.get(&w.viewer("ida").await, Locale::En, &form(of_ida)).await;
        assert!(!nowhere.contains("name=\"near\""), "no district, no question");
        put(Some(Id::named("elsewhere"))).await;
        let (_, unknown) = s.get(&w.viewer("ida").await, Locale::En, &form(of_ida)).await;
        assert!(unknown.contains("name=\"near\""), "asked without a name too");
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        let place: Id<basis::Government> = Id::named("d");
        tx.exec(
            "INSERT INTO government (id, match_key, level, name, country, own, source, illustrative, version) VALUES ($1, 'wulong', 'district', $2, 'CN', $3, 's', $3, 1)",
            vals![place, Text::both("武隆区", "Wulong"), true],
        )
        .await
        .unwrap();
        tx.done(()).await.unwrap();
        put(Some(place)).await;
        let nobody = Viewer::public(Via::Page);
        for (locale, name) in [(Locale::En, "Wulong"), (Locale::Zh, "武隆区")] {
            let (status, body) = s.get(&nobody, locale, &page).await;
            assert!(status == StatusCode::OK && body.contains(name), "{body}");
            let (_, body) = s.get(&w.viewer("ida").await, locale, &form(of_ida)).await;
            assert!(body.contains("name=\"near\"") && body.contains(name), "{body}");
        }
        // An organisation is where the register says.
        let (_, body) = s.get(&w.viewer("anna").await, Locale::En, &form(of_anna)).await;
        assert!(!body.contains("name=\"near\""));
    }
);
