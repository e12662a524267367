//! Pages, files and the API, asked for as readers do: each class of viewer, both languages.

use ::pages::{App, Ctx, Node};
use ::store::{Act, Via, on_each_engine, vals};
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
    AmendmentStatus, InstalmentStatus, MilestoneStatus, Note, Request, Status, TEXTS, VerdictKind, accept, agree,
    approve, give_back, hand_in, propose_amendment, request,
};

/// Names of everybody, so that pages can say them.
async fn people(h: &House) {
    let tx = h.db.begin(&Act::house(Via::Seed)).await.unwrap();
    for (name, kind, home) in [
        ("culture department", BodyKind::Department, true),
        ("library", BodyKind::Organisation, true),
    ] {
        let card = access::BodyCard {
            id: body(name),
            kind,
            name: Text::both(format!("{name} 中文"), name),
            field: None,
            district: None,
            government: None,
            home,
            illustrative: true,
            ended_at: None,
        };
        access::found_body(&tx, &card).await.unwrap();
    }
    for name in ["officer", "delegate", "librarian", "anna", "bo"] {
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
    for (name, of, role) in [
        ("delegate", library(), Role::Delegate),
        ("officer", culture(), Role::DepartmentOfficer),
    ] {
        let grant = access::HouseGrant {
            account: person(name),
            body: of,
            role,
            purpose: "work".into(),
            letter: "letter 1".into(),
            until: None,
        };
        access::grant_by_house(&tx, &grant).await.unwrap();
    }
    tx.done(()).await.unwrap();
}
/// An award as the calls' room leaves it.
async fn award(h: &House) -> basis::AwardId {
    let id: basis::AwardId = Id::named("real award");
    let tx = h.db.begin(&Act::house(Via::Seed)).await.unwrap();
    let (zh, now, day) = (Text::both("重庆之窗", "Window of Chongqing"), tx.now(), "2027-01-01");
    tx.exec(
        "INSERT INTO call (id, plan_item, field, title, brief, who, status, mode, opens_at, closes_at, opened_at, currency, work_from, work_until, languages, criteria, weights, guiding, made_at, illustrative, version) VALUES ('c1000000-0000-7000-8000-000000000001', $1, 'culture', $2, $2, $2, 'decided', 'outsourcing', $3, $3, $3, 'CNY', $4, $4, '[]', '[]', '{\"panel\":60,\"dates\":15,\"languages\":10,\"promises\":15}', $5, $3, $6, 1)",
        vals![basis::PlanItemId::named("plan item"), zh, now, day, culture(), true],
    )
    .await
    .unwrap();
    tx.exec(
        "INSERT INTO offer (id, call, maker, body, status, draft, saved_at, summary, plan, starts, ends, asked_minor, currency, in_kind, languages, submitted_at, shortlisted, imported, illustrative, version) VALUES ('0f000000-0000-7000-8000-000000000001', 'c1000000-0000-7000-8000-000000000001', 'm', $1, 'awarded', '{}', $2, $3, $3, '2026-12-01', '2027-06-30', 100000, 'CNY', '[]', '[]', $2, $4, $4, $4, 1)",
        vals![library(), now, zh, false],
    )
    .await
    .unwrap();
    let sql = "INSERT INTO award (id, call, offer, mode, reason, decided_by, at, amount_minor, currency, illustrative) VALUES ($1, 'c1000000-0000-7000-8000-000000000001', '0f000000-0000-7000-8000-000000000001', 'outsourcing', $2, $3, $4, 100000, 'CNY', $5)";
    tx.exec(
        sql,
        vals![id, Text::both("最合适", "the best"), person("officer"), now, true],
    )
    .await
    .unwrap();
    tx.done(id).await.unwrap()
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
        contact: String::new(),
        moving_clock: None,
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
        self.send_body(who, locale, method, path, kind, Body::from(body)).await
    }
    async fn send_body(
        &self,
        who: &Viewer,
        locale: Locale,
        method: Method,
        path: &str,
        kind: &str,
        body: Body,
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
            .body(body)
            .unwrap();
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
    async fn post(&self, who: &Viewer, path: &str, pairs: &[(&str, &str)]) -> Response {
        let body: Vec<String> = pairs
            .iter()
            .map(|(k, v)| format!("{k}={}", ::pages::parts::encode(v)))
            .collect();
        let form = "application/x-www-form-urlencoded";
        self.send(who, Locale::En, Method::POST, path, form, body.join("&").into_bytes())
            .await
    }
    async fn post_json(&self, who: &Viewer, path: &str, body: serde_json::Value) -> (StatusCode, String) {
        let body = body.to_string().into_bytes();
        text_of(
            self.send(who, Locale::En, Method::POST, path, "application/json", body)
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
    keys.extend(Status::ALL.iter().map(|s| format!("undertaking-status-{s}")));
    keys.extend(MilestoneStatus::ALL.iter().map(|s| format!("milestone-status-{s}")));
    keys.extend(InstalmentStatus::ALL.iter().map(|s| format!("instalment-status-{s}")));
    keys.extend(AmendmentStatus::ALL.iter().map(|s| format!("amendment-{s}")));
    keys.extend(VerdictKind::ALL.iter().map(|s| format!("verdict-{s}")));
    keys.extend(Mode::ALL.iter().map(|s| format!("mode-{s}")));
    let done = [
        "agreed",
        "started",
        "handed-in",
        "accepted",
        "returned",
        "requested",
        "approved",
        "paid",
        "reconciled",
        "refused",
        "proposed",
        "decided",
        "stopped",
        "settled",
        "money-published",
    ];
    keys.extend(done.iter().map(|d| format!("done-{d}")));
    let did = [
        "agreed",
        "started",
        "handed-in",
        "accepted",
        "returned",
        "requested",
        "approved",
        "paid",
        "reconciled",
        "refused",
        "amendment-proposed",
        "amended",
        "amendment-declined",
        "money-published",
        "stopped",
        "settled",
    ];
    keys.extend(did.iter().map(|d| format!("did-undertaking-{d}")));
    for key in keys {
        for l in Locale::ALL {
            assert!(TEXTS.find(l, &key, Default::default()).is_some(), "{key} in {l}");
        }
    }
}

on_each_engine!(
    ROOMS,
    async fn an_award_becomes_an_undertaking_by_its_form(t: TestDb) {
        let h = house(&t);
        people(&h).await;
        let id = award(&h).await;
        let s = site(&h);
        let at = format!("/awards/{id}/undertaking");
        let (status, page) = s.get(&officer(), Locale::Zh, &at).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(page.contains("delegate by name") && page.contains("2026-12-01") && page.contains("line_amount.3"));
        for v in [delegate(), rival(), other_department(), auditor(), public()] {
            assert!(s.get(&v, Locale::En, &at).await.0.is_client_error());
        }
        let person = person("delegate").to_string();
        let mut pairs = vec![
            ("responsible", person.as_str()),
            ("starts_on", "2026-12-01"),
            ("ends_on", "2027-06-30"),
            ("line_zh.0", "图书"),
            ("line_amount.0", "1000.01"),
            ("milestone_zh.0", "首批"),
            ("milestone_due.0", "2027-07-31"),
        ];
        let (status, page) = text_of(s.post(&officer(), &at, &pairs).await).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            page.contains("href=\"#f-line_amount.0\"")
                && page.contains("href=\"#f-milestone_due.0\"")
                && page.contains("1000.01"),
            "{page}"
        );
        pairs.push(("more", "1"));
        let (status, page) = text_of(s.post(&officer(), &at, &pairs).await).await;
        assert!(status == StatusCode::OK && page.contains("milestone_zh.7") && page.contains("1000.01"));
        pairs.pop();
        pairs.extend([("once", "k1")]);
        pairs[4].1 = "1000";
        pairs[6].1 = "2027-03-31";
        let r = s.post(&officer(), &at, &pairs).await;
        assert_eq!(r.status(), StatusCode::SEE_OTHER);
        let to = r.headers()[header::LOCATION].to_str().unwrap().to_owned();
        assert!(to.contains("/undertakings/") && to.contains("done=agreed"), "{to}");
        // The second click lands on the same page.
        assert_eq!(
            s.post(&officer(), &at, &pairs).await.headers()[header::LOCATION]
                .to_str()
                .unwrap(),
            to
        );
        // Whom the terms name is looked at before anything else: somebody of another party is refused at the field, also
        // where the award is agreed already; else the second of two officers is told that it is.
        let elsewhere = Terms {
            responsible: super::person("librarian").to_string(),
            ..terms()
        };
        assert_eq!(
            refused(agree(&h, &by(officer()), id, &elsewhere).await),
            "refusal-responsible-elsewhere"
        );
        assert_eq!(
            refused(agree(&h, &by(officer()), id, &terms()).await),
            "refusal-award-agreed"
        );
        let made = crate::of_award(&h.db, &officer(), id).await.unwrap().unwrap();
        assert_eq!(
            (made.status, made.budget.unwrap().minor, made.reason.get("en")),
            (Status::Agreed, 100_000, Some("the best"))
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn pages_say_whose_turn_it_is_and_leak_nothing(t: TestDb) {
        let h = house(&t);
        people(&h).await;
        let (id, milestones) = running(&h).await;
        let s = site(&h);
        let at = format!("/undertakings/{id}");
        let (_, page) = s.get(&delegate(), Locale::En, &at).await;
        assert!(
            page.contains("Ask for an instalment") && page.contains("Hand in for “First shelf”"),
            "{page}"
        );
        let d = hand_in(
            &h,
            &by(delegate()),
            milestones[0],
            &said("机密草稿"),
            &[file("draft.txt", b"secret")],
        )
        .await
        .unwrap();
        let advance = store::instalments(&h.db, &[id]).await.unwrap()[0].id;
        request(
            &h,
            &by(delegate()),
            id,
            &Request {
                instalment: advance.to_string(),
                note: "预付运费".into(),
                ..Request::default()
            },
        )
        .await
        .unwrap();
        let change = crate::AmendmentInput {
            ends_on: "2027-09-30".into(),
            reason: "改期原因".into(),
            ..Default::default()
        };
        let a = propose_amendment(&h, &by(delegate()), id, &change).await.unwrap();
        let attached = ::store::attachments_of(&h.db, &[d]).await.unwrap()[0].id;
        let paths = [
            at.clone(),
            format!("{at}/history"),
            format!("/deliverables/{d}"),
            format!("/instalments/{advance}"),
            format!("/amendments/{a}"),
            format!("/files/{attached}"),
        ];
        for locale in Locale::ALL {
            for v in [
                officer(),
                delegate(),
                auditor(),
                finance("anna"),
                lead(),
                partner_officer(partner_city()),
            ] {
                for path in &paths {
                    let (status, page) = s.get(&v, locale, path).await;
                    assert_eq!(status, StatusCode::OK, "{path} {page}");
                }
                let (_, page) = s.get(&v, locale, &at).await;
                assert!(page.contains("机密草稿") && page.contains("delegate by name"), "{page}");
            }
            for v in [public(), rival(), citizen("somebody"), panel_member()] {
                assert_eq!(s.get(&v, locale, &at).await.0, StatusCode::OK);
                for path in &paths {
                    let (status, page) = s.get(&v, locale, path).await;
                    for secret in [
                        "机密草稿",
                        "预付运费",
                        "改期原因",
                        "draft.txt",
                        "1,000.00",
                        "100.00",
                        "delegate by name",
                        "secret",
                    ] {
                        assert!(!page.contains(secret), "{path} tells {secret}: {page}");
                    }
                    assert_eq!(status == StatusCode::OK, *path == at, "{path} {status}");
                }
            }
        }
        let (_, page) = s.get(&officer(), Locale::En, &format!("/instalments/{advance}")).await;
        assert!(page.contains("/approval\"") && page.contains("/refusal\""), "{page}");
        // Who asked is told by which rule somebody else approves.
        let (_, page) = s
            .get(&delegate_at_finance(), Locale::En, &format!("/instalments/{advance}"))
            .await;
        assert!(
            !page.contains("/approval\"") && page.contains("counted by person"),
            "{page}"
        );
        let (_, page) = s.get(&delegate(), Locale::Zh, &format!("/deliverables/{d}")).await;
        assert!(
            !page.contains("/acceptance\"") && page.contains("culture department 中文"),
            "{page}"
        );
        let (status, page) = text_of(
            s.post(&officer(), &format!("/deliverables/{d}/return"), &[("reason", " ")])
                .await,
        )
        .await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("href=\"#f-reason\""));
        give_back(&h, &by(officer()), d, &because("缺少签收单")).await.unwrap();
        let (_, page) = s
            .get(
                &delegate(),
                Locale::Zh,
                &format!("/milestones/{}/deliverables", milestones[0]),
            )
            .await;
        assert!(
            page.contains("缺少签收单") && page.contains("multipart/form-data"),
            "{page}"
        );
        let duties = crate::duties(&h, &officer(), Locale::En).await.unwrap();
        assert!(
            duties.iter().any(|d| d.mine && d.href.contains("/amendments/")),
            "{duties:?}"
        );
        assert!(
            duties.iter().any(|d| !d.mine && d.who.as_deref() == Some("library")),
            "{duties:?}"
        );
        let own = crate::duties(&h, &delegate(), Locale::Zh).await.unwrap();
        assert!(
            own.iter()
                .any(|d| d.mine && d.href.contains("/deliverables") && d.due.is_some())
        );
        assert!(crate::duties(&h, &rival(), Locale::Zh).await.unwrap().is_empty());
        let clerk = crate::duties(&h, &finance("anna"), Locale::Zh).await.unwrap();
        assert_eq!(clerk.iter().map(|d| d.mine).collect::<Vec<_>>(), [true]);
        assert!(
            clerk[0].what.contains("预付款") && clerk[0].what.contains("100.00"),
            "which instalment, and how much: {clerk:?}"
        );
        // Amendments, rounds and instalments stand elsewhere; their field and relation are the undertaking's.
        for d in duties.iter().chain(&own).chain(&clerk) {
            assert_eq!(d.matter.fields, [basis::Field::Culture], "{d:?}");
            assert_eq!(d.matter.object.as_ref().map(|o| o.0), Some("undertaking"), "{d:?}");
            assert!(d.matter.relation.is_some(), "{d:?}");
        }
    }
);

on_each_engine!(
    ROOMS,
    async fn a_planned_sum_and_another_one_are_asked_for_apart(t: TestDb) {
        let h = house(&t);
        people(&h).await;
        let (id, _) = running(&h).await;
        let s = site(&h);
        let at = format!("/undertakings/{id}/instalments");
        let own = format!("{at}/own");
        let advance = store::instalments(&h.db, &[id]).await.unwrap()[0].id.to_string();
        let (_, page) = s.get(&delegate(), Locale::En, &at).await;
        assert!(
            page.contains(&format!("value=\"{advance}\" selected")) && page.contains(&format!("{own}\"")),
            "the only one that can be asked for is chosen: {page}"
        );
        let (_, page) = s.get(&officer(), Locale::En, &format!("/instalments/{advance}")).await;
        assert!(!page.contains("/refusal\""), "nobody asked for it: {page}");
        for (path, field) in [(&at, "f-instalment"), (&own, "f-own-amount")] {
            let (status, page) = text_of(s.post(&delegate(), path, &[("note", "paper")]).await).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
            assert!(page.contains(&format!("href=\"#{field}\"")), "{page}");
        }
        let asked = s.post(&delegate(), &at, &[("instalment", advance.as_str())]).await;
        assert_eq!(asked.status(), StatusCode::SEE_OTHER);
    }
);

on_each_engine!(
    ROOMS,
    async fn who_may_not_hand_in_hears_it_before_their_files_are_read(t: TestDb) {
        use std::sync::atomic::{AtomicBool, Ordering};
        let h = house(&t);
        let (_, milestones) = running(&h).await;
        let s = site(&h);
        for (who, status) in [(public(), StatusCode::UNAUTHORIZED), (rival(), StatusCode::FORBIDDEN)] {
            let read = std::sync::Arc::new(AtomicBool::new(false));
            let seen = read.clone();
            // As chunks come in, without a length: what is asked for is noted.
            let pieces = futures::stream::poll_fn(move |_| {
                seen.store(true, Ordering::Relaxed);
                std::task::Poll::Ready(Some(Ok::<_, std::io::Error>(bytes::Bytes::from_static(&[b'x'; 1024]))))
            });
            let at = format!("/milestones/{}/deliverables", milestones[0]);
            let r = s
                .send_body(
                    &who,
                    Locale::En,
                    Method::POST,
                    &at,
                    "multipart/form-data; boundary=x",
                    Body::from_stream(pieces),
                )
                .await;
            assert_eq!((r.status(), read.load(Ordering::Relaxed)), (status, false));
        }
        // The form says what will be taken.
        let at = format!("/milestones/{}/deliverables", milestones[0]);
        let (_, page) = s.get(&delegate(), Locale::En, &at).await;
        assert!(page.contains("all together at most 25 MB"), "{page}");
    }
);
on_each_engine!(
    ROOMS,
    async fn files_come_as_downloads_that_cannot_run(t: TestDb) {
        let h = house(&t);
        let (_, milestones) = running(&h).await;
        let s = site(&h);
        let boundary = "xxBOUNDARYxx";
        let mut body = Vec::new();
        for (head, bytes) in [
            ("name=\"text\"", "书已送达".as_bytes()),
            (
                "name=\"files\"; filename=\"../清单 1.txt\"\r\nContent-Type: text/html",
                b"fifty titles",
            ),
            ("name=\"files-2\"; filename=\"\"", b""),
        ] {
            body.extend(format!("--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n").bytes());
            body.extend(bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{boundary}--\r\n").bytes());
        let kind = format!("multipart/form-data; boundary={boundary}");
        let at = format!("/milestones/{}/deliverables", milestones[0]);
        let r = s.send(&delegate(), Locale::Zh, Method::POST, &at, &kind, body).await;
        assert_eq!(r.status(), StatusCode::SEE_OTHER);
        let d = store::deliverables(&h.db, &[milestones[0]]).await.unwrap()[0].id;
        let kept = ::store::attachments_of(&h.db, &[d]).await.unwrap();
        assert_eq!(kept.len(), 1);
        let path = format!("/files/{}", kept[0].id);
        assert_eq!(s.get(&public(), Locale::En, &path).await.0, StatusCode::NOT_FOUND);
        accept(&h, &by(officer()), d, &Note::default()).await.unwrap();
        let r = s
            .send(&public(), Locale::En, Method::GET, &path, "text/plain", Vec::new())
            .await;
        let head = |name: &str| r.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(
            head("content-disposition"),
            "attachment; filename*=UTF-8''%E6%B8%85%E5%8D%95%201.txt"
        );
        assert_eq!(head("x-content-type-options"), "nosniff");
        assert_eq!(head("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(head("content-type"), "text/plain");
        assert_eq!(text_of(r).await.1, "fifty titles");
        for bad in [
            "/files/x",
            "/files/0192f0c0-0000-7000-8000-000000000000",
            "/undertakings/1",
            "/instalments/x",
            "/deliverables/x",
        ] {
            assert_eq!(
                s.get(&officer(), Locale::En, bad).await.0,
                StatusCode::NOT_FOUND,
                "{bad}"
            );
        }
    }
);

on_each_engine!(
    ROOMS,
    async fn the_api_keeps_to_the_same_rules(t: TestDb) {
        let h = house(&t);
        let (id, milestones) = running(&h).await;
        let s = site(&h);
        let one = format!("/api/v1/undertakings/{id}");
        let r = s
            .send(&officer(), Locale::En, Method::GET, &one, "text/plain", Vec::new())
            .await;
        let etag = r.headers()[header::ETAG].to_str().unwrap().to_owned();
        assert!(etag.starts_with("\"v"));
        assert!(text_of(r).await.1.contains("\"1000.00\""));
        let (_, outside) = s.get(&rival(), Locale::En, &one).await;
        assert!(
            outside.contains("\"money\":null") && !outside.contains("1000.00"),
            "{outside}"
        );
        let path = format!("/api/v1/milestones/{}/deliverables", milestones[0]);
        let (status, body) = s
            .post_json(&delegate(), &path, serde_json::json!({ "text": "  " }))
            .await;
        assert!(
            status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("\"pointer\":\"/text\""),
            "{body}"
        );
        let (status, body) = s.post_json(&rival(), &path, serde_json::json!({ "text": "x" })).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{body}");
        assert_eq!(
            s.post_json(&public(), &path, serde_json::json!({ "text": "x" }))
                .await
                .0,
            StatusCode::UNAUTHORIZED
        );
        let (status, body) = s
            .post_json(&delegate(), &path, serde_json::json!({ "text": "书" }))
            .await;
        assert_eq!(status, StatusCode::OK, "{body}");
        let made: serde_json::Value = serde_json::from_str(&body).unwrap();
        let accept = format!("/api/v1/deliverables/{}/acceptance", made["id"].as_str().unwrap());
        assert_eq!(
            s.post_json(&delegate(), &accept, serde_json::json!({})).await.0,
            StatusCode::FORBIDDEN
        );
        assert_eq!(
            s.post_json(&officer(), &accept, serde_json::json!({})).await.0,
            StatusCode::OK
        );
        assert_eq!(
            s.post_json(&officer(), &accept, serde_json::json!({})).await.0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let advance = store::instalments(&h.db, &[id]).await.unwrap()[0].id;
        let ask = format!("{one}/instalments");
        assert_eq!(
            s.post_json(&delegate(), &ask, serde_json::json!({ "instalment": advance }))
                .await
                .0,
            StatusCode::OK
        );
        assert_eq!(
            s.post_json(
                &delegate(),
                &format!("/api/v1/instalments/{advance}/approval"),
                serde_json::json!({})
            )
            .await
            .0,
            StatusCode::FORBIDDEN
        );
        approve(&h, &by(officer()), advance).await.unwrap();
        let list = format!(
            "/api/v1/undertakings?programme={}",
            basis::PlanItemId::named("plan item")
        );
        assert!(s.get(&public(), Locale::En, &list).await.1.contains(&id.to_string()));
        assert_eq!(
            s.get(&public(), Locale::En, "/api/v1/undertakings?programme=x").await.0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(
            s.get(&public(), Locale::En, "/api/v1/undertakings/x").await.0,
            StatusCode::NOT_FOUND
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn files_come_in_by_the_api_as_by_the_page(t: TestDb) {
        let h = house(&t);
        people(&h).await;
        let (id, milestones) = running(&h).await;
        let site = site(&h);
        let path = format!("/api/v1/milestones/{}/deliverables", milestones[0]);
        let form = |files: &[(&str, &str)]| {
            let mut out = String::from("--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nThe list\r\n");
            for (name, bytes) in files {
                out += &format!(
                    "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\n{bytes}\r\n"
                );
            }
            out + "--x--\r\n"
        };
        let send = async |who: &Viewer, body: String| {
            let kind = "multipart/form-data; boundary=x";
            let answer = site.send(who, Locale::En, Method::POST, &path, kind, body.into_bytes());
            text_of(answer.await).await
        };
        let (status, body) = send(&delegate(), form(&[("page.html", "<html><script>1</script></html>")])).await;
        assert_eq!(status, 422, "what could run is not kept: {body}");
        let many: Vec<(&str, &str)> = (0..11).map(|_| ("a.txt", "one more")).collect();
        let (status, body) = send(&delegate(), form(&many)).await;
        assert_eq!(status, 422, "{body}");
        assert!(body.contains("/files"), "{body}");
        let (status, body) = send(&rival(), form(&[("a.txt", "not mine")])).await;
        assert_eq!(status, 403, "{body}");
        let (status, body) = send(
            &delegate(),
            form(&[("shelf.txt", "1. Chongqing"), ("more.txt", "2. Rhine")]),
        )
        .await;
        assert_eq!(status, 200, "{body}");
        let (_, told) = site
            .get(&officer(), Locale::En, &format!("/api/v1/undertakings/{id}"))
            .await;
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        let files = told["milestones"][0]["rounds"][0]["files"].as_array().unwrap().clone();
        let mut names: Vec<&str> = files.iter().map(|f| f["name"].as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["more.txt", "shelf.txt"]);
        let href = files[0]["href"].as_str().unwrap();
        assert_eq!(site.get(&officer(), Locale::En, href).await.0, 200);
        assert_eq!(site.get(&public(), Locale::En, href).await.0, 404);
        // Words alone go as JSON, as before.
        let other = format!("/api/v1/milestones/{}/deliverables", milestones[1]);
        let (status, body) = site
            .post_json(&delegate(), &other, serde_json::json!({ "text": "only words" }))
            .await;
        assert_eq!(status, 200, "{body}");
    }
);
on_each_engine!(
    ROOMS,
    async fn tables_are_cut_to_their_reader(t: TestDb) {
        let h = house(&t);
        people(&h).await;
        let (id, milestones) = running(&h).await;
        hand_in(&h, &by(delegate()), milestones[0], &said("x"), &[])
            .await
            .unwrap();
        let site = site(&h);
        let table = async |who: &Viewer, path: &str| site.get(who, Locale::En, path).await.1;
        let all = crate::tables::export(&h, &auditor(), Locale::Zh, crate::tables::What::Undertakings).await;
        assert_eq!(all.unwrap().rows.len(), 1);
        let handed = "handed in";
        assert!(table(&officer(), "/milestones.csv").await.contains(handed));
        assert!(
            !table(&public(), "/milestones.csv").await.contains(handed),
            "a round under review"
        );
        assert!(table(&public(), "/milestones.csv").await.contains("First shelf"));
        assert!(table(&public(), "/undertakings.csv").await.contains("library"));
        for (who, sums) in [
            (officer(), true),
            (auditor(), true),
            (public(), false),
            (rival(), false),
        ] {
            let undertakings = table(&who, "/undertakings.csv").await;
            let instalments = table(&who, "/instalments.csv").await;
            assert_eq!(undertakings.contains("1000"), sums, "{undertakings}");
            assert_eq!(instalments.lines().count() > 1, sums, "{instalments}");
        }
        crate::publish_money(&h, &by(officer()), id).await.unwrap();
        assert!(table(&public(), "/instalments.csv").await.contains("300"));
        let (status, _) = site.get(&public(), Locale::Zh, "/instalments.xlsx").await;
        assert_eq!(status, 200);
    }
);
