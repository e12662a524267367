//! Pages, queue and API, asked for as readers do.

use ::pages::{App, Ctx, Node};
use ::store::{Act, Handlers, Via, Worker, on_each_engine, vals};
use axum::{
    Router,
    body::Body,
    http::{Method, Request as Asked, StatusCode, header},
    response::Response,
};
use basis::{Code, Locale};
use tower::ServiceExt;

use super::*;
use crate::{
    FindingState, Status, TEXTS, appoint, declare_no_conflict, drop_aim, find, publish, set_aim, store, submit,
};

/// The programme and the people, as earlier rooms keep them.
async fn town(h: &House) {
    let tx = h.db.begin(&Act::house(Via::Seed)).await.unwrap();
    let (text, now) = (Text::both("重庆之窗", "Window of Chongqing"), tx.now());
    tx.exec(
        "INSERT INTO policy_line (id, code, title, text, source, starts, illustrative, version) VALUES ('b0000000-0000-7000-8000-000000000001', 'P1', $1, $1, 's', '2026-01-01', $2, 1)",
        vals![text, true],
    )
    .await
    .unwrap();
    tx.exec(
        "INSERT INTO plan_item (id, field, year, policy, title, aim, supports, guiding, status, made_at, illustrative, version) VALUES ($1, 'culture', 2026, 'b0000000-0000-7000-8000-000000000001', $2, $2, $2, $3, 'planned', $4, $5, 1)",
        vals![plan_item(), text, body("culture"), now, true],
    )
    .await
    .unwrap();
    let bodies = [
        ("culture", BodyKind::Department),
        ("library", BodyKind::Organisation),
        ("finance", BodyKind::FinanceUnit),
        ("university", BodyKind::Organisation),
        ("academy", BodyKind::Organisation),
    ];
    for (name, kind) in bodies {
        let card = access::BodyCard {
            id: body(name),
            kind,
            name: Text::both(name, name),
            field: None,
            district: None,
            government: None,
            home: true,
            illustrative: true,
            ended_at: None,
        };
        access::found_body(&tx, &card).await.unwrap();
    }
    for name in [
        "officer",
        "delegate",
        "reader",
        "anna",
        "bo",
        "cashier",
        "eva",
        "ulf",
        "lead",
        "judge",
        "colleague",
    ] {
        let new = access::MadeAccount {
            id: person(name),
            name: format!("{name} by name"),
            email: Some(format!("{name}@example.org")),
            locale: Locale::Zh,
            zone: "Asia/Shanghai".into(),
            illustrative: true,
        };
        access::make_account(&tx, &new).await.unwrap();
    }
    tx.exec("UPDATE account SET confirmed_at = 1", vec![]).await.unwrap();
    let mandates = [
        ("officer", "culture", Role::DepartmentOfficer),
        ("delegate", "library", Role::Delegate),
        ("reader", "library", Role::Delegate),
        ("anna", "finance", Role::Finance),
        ("bo", "finance", Role::Finance),
        ("cashier", "finance", Role::Finance),
        ("eva", "university", Role::Delegate),
        ("judge", "academy", Role::Delegate),
        ("colleague", "academy", Role::Delegate),
    ];
    for (name, of, role) in mandates {
        let (purpose, letter) = ("work".into(), "letter 1".into());
        let grant = access::HouseGrant {
            account: person(name),
            body: body(of),
            role,
            purpose,
            letter,
            until: None,
        };
        access::grant_by_house(&tx, &grant).await.unwrap();
    }
    // The judge sat on the panel of another call of the same programme.
    tx.exec(
        "INSERT INTO call (id, plan_item, field, title, brief, who, status, mode, opens_at, closes_at, opened_at, currency, work_from, work_until, languages, criteria, weights, guiding, made_at, illustrative, version) VALUES ('c2000000-0000-7000-8000-000000000002', $1, 'culture', $2, $2, $2, 'decided', 'outsourcing', $3, $3, $3, 'CNY', '2026-01-01', '2026-12-31', '[]', '[]', '{\"panel\":60,\"dates\":15,\"languages\":10,\"promises\":15}', $4, $3, $5, 1)",
        vals![plan_item(), Text::both("另一征集", "Another call"), now, body("culture"), true],
    )
    .await
    .unwrap();
    tx.exec(
        "INSERT INTO panel_seat (call, account, lead, seated_at) VALUES ('c2000000-0000-7000-8000-000000000002', $1, $2, $3)",
        vals![person("judge"), true, now],
    )
    .await
    .unwrap();
    tx.done(()).await.unwrap();
}
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
        let asked = Asked::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, kind);
        let mut asked = asked.body(Body::from(body)).unwrap();
        asked.extensions_mut().insert(ctx);
        self.router.clone().oneshot(asked).await.unwrap()
    }
    async fn get(&self, who: &Viewer, locale: Locale, path: &str) -> (StatusCode, String) {
        text_of(
            self.send(who, locale, Method::GET, path, "text/plain", Vec::new())
                .await,
        )
        .await
    }
    async fn post(&self, who: &Viewer, path: &str, pairs: &[(&str, &str)]) -> (StatusCode, String) {
        let body: Vec<String> = pairs
            .iter()
            .map(|(k, v)| format!("{k}={}", ::pages::parts::encode(v)))
            .collect();
        let form = "application/x-www-form-urlencoded";
        text_of(
            self.send(who, Locale::En, Method::POST, path, form, body.join("&").into_bytes())
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
fn every_word_that_is_made_is_there() {
    let mut keys: Vec<String> = Vec::new();
    keys.extend(Status::ALL.iter().map(|s| format!("evaluation-status-{s}")));
    keys.extend(FindingState::ALL.iter().map(|s| format!("finding-{s}")));
    let done = [
        "declared",
        "found",
        "submitted",
        "published",
        "replied",
        "appointed",
        "aim-set",
        "aim-dropped",
    ];
    keys.extend(done.iter().map(|d| format!("done-{d}")));
    let did = [
        "appointed",
        "no-conflict-declared",
        "found",
        "submitted",
        "published",
        "replied",
    ];
    keys.extend(did.iter().map(|d| format!("did-evaluation-{d}")));
    keys.extend(["aim-set", "aim-dropped"].map(|d| format!("did-plan-item-{d}")));
    for key in keys {
        for l in Locale::ALL {
            assert!(TEXTS.find(l, &key, Default::default()).is_some(), "{key} in {l}");
        }
    }
}

on_each_engine!(
    ROOMS,
    async fn the_whole_way_by_pages_and_by_who_people_are(t: TestDb) {
        let h = house(&t);
        town(&h).await;
        let s = site(&h);
        // Aims by their page, before the start.
        let at = format!("/programmes/{}/aims", plan_item());
        let (status, page) = s.post(&officer(), &at, &[("text_zh", " ")]).await;
        assert!(
            status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("href=\"#f-text_zh\""),
            "{page}"
        );
        let good = [("text_zh", "读者被问到"), ("measure_en", "reports"), ("target_zh", "2")];
        assert_eq!(s.post(&officer(), &at, &good).await.0, StatusCode::SEE_OTHER);
        assert_eq!(s.post(&rival(), &at, &good).await.0, StatusCode::FORBIDDEN);
        let extra = set_aim(
            &h,
            &by(lead()),
            plan_item(),
            &AimInput {
                text_en: "x".into(),
                measure_en: "x".into(),
                target_en: "x".into(),
                ..AimInput::default()
            },
        )
        .await
        .unwrap();
        drop_aim(&h, &by(lead()), extra).await.unwrap();
        let id = carried_out(&h).await;
        let (_, page) = s.get(&officer(), Locale::En, &at).await;
        assert!(
            page.contains("work has begun") && !page.contains("name=\"text_zh\""),
            "{page}"
        );
        settle(&h, id).await;
        let mut handlers = Handlers::default();
        crate::handlers(&mut handlers);
        Worker {
            db: h.db.clone(),
            handlers,
        }
        .drain()
        .await
        .unwrap();
        assert_eq!(store::awaiting(&h.db).await.unwrap(), [id]);
        let duties = crate::duties(&h, &lead(), Locale::En).await.unwrap();
        assert!(
            duties
                .iter()
                .any(|d| d.mine && d.href == format!("/undertakings/{id}/evaluation")),
            "{duties:?}"
        );
        assert!(duties.iter().all(|d| d.matter.fields.len() == 1), "{duties:?}");

        // Appointing: only those are offered against whom no rule stands, others get the rule.
        let at = format!("/undertakings/{id}/evaluation");
        let (status, page) = s.get(&lead(), Locale::Zh, &at).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(page.contains("eva by name"));
        for name in ["delegate", "reader", "officer", "anna", "bo", "judge", "colleague"] {
            assert!(!page.contains(&format!("{name} by name")), "{name}");
        }
        for v in [officer(), delegate(), rival(), auditor(), public()] {
            assert!(s.get(&v, Locale::En, &at).await.0.is_client_error());
        }
        for (address, said) in [
            ("cashier@example.org", "cashier by name belongs to a body that approved"),
            ("judge@example.org", "judge by name sat on a panel"),
            (
                "Colleague@example.org",
                "colleague by name belongs to a body whose people scored",
            ),
            ("nobody@example.org", "has the address nobody@example.org"),
        ] {
            let (status, page) = s
                .post(&lead(), &at, &[("others", address), ("due_on", "2027-09-30")])
                .await;
            assert!(
                status == StatusCode::UNPROCESSABLE_ENTITY && page.contains(said),
                "{said}: {page}"
            );
        }
        let input = AppointInput {
            evaluators: vec![person("eva").to_string()],
            others: vec!["ulf@example.org".into()],
            due_on: "2027-09-30".into(),
        };
        let e = appoint(&h, &by(lead()), id, &input).await.unwrap();
        assert!(store::awaiting(&h.db).await.unwrap().is_empty());
        let one = format!("/evaluations/{e}");

        let (eva, ulf) = (citizen("eva"), citizen("ulf"));
        let first = crate::duties(&h, &eva, Locale::En).await.unwrap().remove(0);
        assert_eq!(first.what, "Declare that you have no conflict");
        assert!(first.matter.object == Some(("evaluation", e.to_string())) && first.matter.fields.len() == 1);
        assert!(s.get(&eva, Locale::En, &one).await.1.contains("/declaration\""));
        for v in [&eva, &ulf] {
            declare_no_conflict(&h, &by(v.clone()), e).await.unwrap();
        }
        let aims = store::aims(&h.db, &[plan_item()]).await.unwrap();
        let path = format!("{one}/findings/{}", aims[0].id);
        let (status, page) = s.post(&eva, &path, &[("state", "met"), ("found_zh", "两份报告")]).await;
        assert!(
            status == StatusCode::UNPROCESSABLE_ENTITY
                && page.contains("href=\"#f-source\"")
                && page.contains("两份报告"),
            "{page}"
        );
        let (status, _) = s
            .post(
                &eva,
                &path,
                &[
                    ("state", "met"),
                    ("found_zh", "两份报告"),
                    ("source", "https://example.org/r"),
                ],
            )
            .await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        // The other evaluator had the empty form open: told, nothing overwritten.
        let (status, _) = s
            .post(
                &ulf,
                &path,
                &[("state", "not-met"), ("found_zh", "没有"), ("source", "x")],
            )
            .await;
        assert_eq!(status, StatusCode::CONFLICT);
        let (_, page) = s.get(&ulf, Locale::Zh, &path).await;
        assert!(
            page.contains("两份报告") && page.contains("name=\"version\" value=\"1\""),
            "{page}"
        );
        for a in &aims[1..] {
            find(&h, &by(eva.clone()), e, &finding(a.id, "in-part")).await.unwrap();
        }
        for locale in Locale::ALL {
            for v in [public(), rival(), officer(), delegate(), lead()] {
                let (status, page) = s.get(&v, locale, &one).await;
                assert!(
                    status == StatusCode::OK && !page.contains("两份报告") && !page.contains("eva by name"),
                    "{page}"
                );
                assert_eq!(
                    s.get(&v, locale, &format!("{one}/history")).await.0,
                    StatusCode::NOT_FOUND
                );
                assert!(s.get(&v, locale, &path).await.0.is_client_error());
            }
        }
        submit(&h, &by(eva.clone()), e, &summary()).await.unwrap();
        let (_, page) = s.get(&delegate(), Locale::En, &one).await;
        assert!(page.contains("两份报告") && page.contains("/reply\""), "{page}");
        assert!(!s.get(&public(), Locale::En, &one).await.1.contains("两份报告"));
        let reply = format!("{one}/reply");
        assert_eq!(s.get(&officer(), Locale::En, &reply).await.0, StatusCode::FORBIDDEN);
        assert_eq!(
            s.post(&delegate(), &reply, &[("text", "下次改进")]).await.0,
            StatusCode::SEE_OTHER
        );
        publish(&h, &by(lead()), e).await.unwrap();
        for locale in Locale::ALL {
            let (_, page) = s.get(&public(), locale, &one).await;
            for word in ["两份报告", "eva by name", "下次改进", "example.org"] {
                assert!(page.contains(word), "{word}: {page}");
            }
            assert_eq!(
                s.get(&auditor(), locale, &format!("{one}/history")).await.0,
                StatusCode::OK
            );
        }
        let api = format!("/api/v1/evaluations/{e}");
        let (_, json) = s.get(&public(), Locale::En, &api).await;
        assert!(
            json.contains("\"state\":\"met\"") && json.contains("\"published\""),
            "{json}"
        );
        let list = format!("/api/v1/evaluations?programme={}", plan_item());
        assert!(s.get(&public(), Locale::En, &list).await.1.contains(&e.to_string()));
        for bad in [
            "/evaluations/x",
            "/api/v1/evaluations/x",
            "/programmes/x/aims",
            "/undertakings/x/evaluation",
        ] {
            assert_eq!(s.get(&lead(), Locale::En, bad).await.0, StatusCode::NOT_FOUND, "{bad}");
        }
        assert_eq!(crate::verify(&h.db).await.unwrap(), Vec::<String>::new());
    }
);

on_each_engine!(
    ROOMS,
    async fn what_ended_waits_for_evaluators_once(t: TestDb) {
        let h = house(&t);
        let tx = h.db.begin(&Act::house(Via::Job)).await.unwrap();
        for _ in 0..2 {
            store::await_evaluators(&tx, Id::named("u")).await.unwrap();
        }
        tx.done(()).await.unwrap();
        assert_eq!(store::awaiting(&h.db).await.unwrap(), [UndertakingId::named("u")]);
    }
);
