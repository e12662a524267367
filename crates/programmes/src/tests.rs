//! The public face on both engines: what it tells, what it keeps silent about, what it forgets, and how much it asks.

use ::pages::{App, Ctx, Node};
use ::store::{
    Act, Blobs, BlobsConfig, Entry, Handlers, Json, Query, Tx, Via, Worker, count_queries, on_each_engine,
    testing::TestDb, vals,
};
use access::{Asking, BodyKind, Gate, House, MadeAccount, Mandated, Person, Role, Viewer};
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use basis::{
    AccountId, AimId, AwardId, BodyId, CallId, Day, Fail, Field, GovernmentId, Id, Lang, Locale, Milestone, Moment,
    Offer, PlanItemId, PolicyLineId, RelationId, Text,
};
use tower::ServiceExt;

use crate::{fact, gather, story};

const ROOMS: &[::store::Migrations] = &[
    ::store::MIGRATIONS,
    access::MIGRATIONS,
    parties::MIGRATIONS,
    relations::MIGRATIONS,
    planning::MIGRATIONS,
    calls::MIGRATIONS,
    undertakings::MIGRATIONS,
    evaluation::MIGRATIONS,
    crate::MIGRATIONS,
];
const POLICIES: &[access::PolicyFile] = &[
    parties::POLICIES,
    relations::POLICIES,
    planning::POLICIES,
    calls::POLICIES,
    undertakings::POLICIES,
    evaluation::POLICIES,
    crate::POLICIES,
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
impl Answer {
    fn kind(&self) -> &str {
        self.head[header::CONTENT_TYPE].to_str().unwrap()
    }
}
fn site(t: &TestDb) -> Site {
    let house = House {
        db: t.db.clone(),
        gate: Gate::new(POLICIES).unwrap(),
        blobs: Blobs::open(&BlobsConfig::Folder(t.dir.join("blobs"))).unwrap(),
        zone: jiff::tz::TimeZone::get("Asia/Shanghai").unwrap(),
    };
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
    let app = App::new(house, node, access, vec![&*crate::TEXTS]);
    let (api, _) = crate::api().split_for_parts();
    let router = crate::pages()
        .merge(api)
        .merge(parties::pages())
        .merge(relations::pages())
        .merge(planning::pages())
        .merge(calls::pages())
        .merge(undertakings::pages())
        .merge(evaluation::pages())
        .layer(axum::middleware::from_fn_with_state(app.clone(), ::pages::explain))
        .with_state(app.clone());
    Site { app, router }
}
impl Site {
    fn house(&self) -> &House {
        &self.app.house
    }
    async fn get_as(&self, who: &Viewer, locale: Locale, path: &str) -> Answer {
        let (plain, query) = path.split_once('?').unwrap_or((path, ""));
        let ctx = Ctx {
            app: self.app.clone(),
            locale,
            viewer: who.clone(),
            path: plain.into(),
            query: query.into(),
            method: Method::GET,
            theme: None,
            notice: None,
        };
        let mut asked = Request::builder()
            .uri(path)
            .header("accept-language", locale.tag())
            .body(Body::empty())
            .unwrap();
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
    async fn get(&self, path: &str) -> Answer {
        self.get_as(&public(), Locale::En, path).await
    }
}
fn public() -> Viewer {
    Viewer::public(Via::Page)
}
fn person(name: &str) -> Viewer {
    Viewer {
        person: Some(Person {
            id: Id::named(name),
            name: name.into(),
            lang: Lang::en(),
            zone: "Asia/Shanghai".into(),
        }),
        ..public()
    }
}
fn office() -> Viewer {
    let m = Mandated {
        id: Id::named("mandate"),
        body: Id::named("office"),
        body_name: Text::both("外办", "Office"),
        body_kind: BodyKind::Office,
        role: Role::OfficeLead,
        field: None,
        district: None,
        government: None,
        home: true,
        purpose: "w".into(),
        letter: "1".into(),
        until: None,
        illustrative: false,
    };
    Viewer {
        acting: Some(m.clone()),
        mandates: vec![m],
        ..person("lead")
    }
}

// --- a small world ---

fn gov(name: &str) -> GovernmentId {
    Id::named(name)
}
fn rel(name: &str) -> RelationId {
    Id::named(name)
}
fn item(name: &str) -> PlanItemId {
    Id::named(name)
}
fn line() -> PolicyLineId {
    Id::named("line")
}
fn call(of: &str) -> CallId {
    Id::named(&format!("call {of}"))
}
fn at(second: i64) -> Moment {
    Moment::from_second(second).unwrap()
}
fn both(name: &str) -> Text {
    Text::both(format!("{name}（中）"), name.to_owned())
}
/// Before, and after, the moment all tests begin at.
const PAST: i64 = 1_790_000_000;
const SOON: i64 = 1_796_000_000;

async fn touch(tx: &Tx) {
    let stamp: RelationId = tx.fresh();
    tx.exec(
        "INSERT INTO register_state (only_row, stamp) VALUES (1, $1) ON CONFLICT (only_row) DO UPDATE SET stamp = excluded.stamp",
        vals![stamp],
    )
    .await
    .unwrap();
}
async fn begin(t: &TestDb) -> Tx {
    t.db.begin(&Act::house(Via::Seed)).await.unwrap()
}
async fn government(tx: &Tx, name: &str, own: bool, parent: Option<GovernmentId>) {
    let country = if own { "CN" } else { "DE" };
    tx.exec(
        "INSERT INTO government (id, match_key, level, name, country, own, parent, source) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![gov(name), name, if parent.is_some() { "district" } else { "city" }, both(name), country, own, parent, "a list"],
    )
    .await
    .unwrap();
}
/// A relation with a partner of its own, in a status.
async fn relation(tx: &Tx, name: &str, status: &str) {
    government(tx, &format!("partner of {name}"), false, None).await;
    tx.exec(
        "INSERT INTO relation (id, reference, own_government, partner_government, kind, status, signed_from, precision, source, claimant, confidence, listed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        vals![rel(name), format!("REF-{name}"), gov("home"), gov(&format!("partner of {name}")), "sister", status, Day::constant(1987, 5, 1), "day", "a gazette", "us", "high", 0_i64],
    )
    .await
    .unwrap();
    touch(tx).await;
}
async fn organisation(tx: &Tx, name: &str) -> BodyId {
    let id = BodyId::named(name);
    tx.exec(
        "INSERT INTO body (id, kind, name, home, illustrative, made_at) VALUES ($1, $2, $3, $4, $5, $6)",
        vals![id, "organisation", both(name), true, false, 0_i64],
    )
    .await
    .unwrap();
    id
}
async fn planned(tx: &Tx, name: &str, year: i64, status: &str, under: Option<&str>) {
    tx.exec(
        "INSERT INTO plan_item (id, relation, district, field, year, policy, title, aim, supports, guiding, status, made_at, illustrative, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        vals![item(name), under.map(rel), under.is_none().then(|| gov("north")), Field::Culture, year, line(), both(name), both(&format!("aim of {name}")), both("city"), BodyId::named("guide"), status, 0_i64, false, 1_i64],
    )
    .await
    .unwrap();
}
async fn world(t: &TestDb) {
    let tx = begin(t).await;
    government(&tx, "home", true, None).await;
    government(&tx, "north", true, Some(gov("home"))).await;
    relation(&tx, "one", "active").await;
    tx.exec(
        "INSERT INTO body (id, kind, name, home, illustrative, made_at) VALUES ($1, $2, $3, $4, $5, $6)",
        vals![
            BodyId::named("guide"),
            "department",
            both("Culture office"),
            true,
            false,
            0_i64
        ],
    )
    .await
    .unwrap();
    tx.exec(
        "INSERT INTO policy_line (id, code, title, text, source, starts, illustrative, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![line(), "R86", both("Friendship"), both("words"), "a paper", Day::constant(2020, 1, 1), false, 1_i64],
    )
    .await
    .unwrap();
    tx.exec(
        "INSERT INTO count_record (id, day, scope, sister_pairs, municipal, source) VALUES ($1, $2, $3, $4, $5, $6)",
        vals!["c", "2024-05-22", "Chongqing", 56_i64, 31_i64, "https://counts.example"],
    )
    .await
    .unwrap();
    planned(&tx, "Window", 2026, "in-progress", Some("one")).await;
    tx.done(()).await.unwrap();
}
/// A call that was opened and decided, with everything that followed: offer, award, work, an aim, an evaluation by `by`.
async fn whole_call(tx: &Tx, of: &str, n: usize, by: AccountId) {
    let name = format!("{of} {n}");
    let (call, offer, award): (CallId, Id<Offer>, AwardId) = (call(&name), Id::named(&name), Id::named(&name));
    let undertaking = basis::UndertakingId::named(&name);
    let milestone: Id<Milestone> = Id::named(&name);
    let aim: AimId = Id::named(&name);
    let evaluation = basis::EvaluationId::named(&name);
    let body = organisation(tx, &format!("Library of {name}")).await;
    let criteria = Json(vec![calls::Criterion {
        key: "c1".into(),
        title: both("Quality"),
        weight: 100,
    }]);
    let no = Json(serde_json::json!([]));
    tx.exec(
        "INSERT INTO call (id, plan_item, relation, field, title, brief, who, status, mode, opens_at, closes_at, opened_at, decided_at, currency, work_from, work_until, languages, criteria, weights, guiding, made_at, illustrative, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
        vals![call, item(of), rel("one"), Field::Culture, both(&format!("Call {name}")), both("brief"), both("who"), "decided", "outsourcing", at(PAST), at(PAST + 10), at(PAST + 20), at(PAST + 30), "CNY", Day::constant(2026, 1, 1), Day::constant(2026, 12, 31), no.clone(), criteria, Json(serde_json::json!({})), BodyId::named("guide"), at(PAST), false, 1_i64],
    )
    .await
    .unwrap();
    tx.exec(
        "INSERT INTO need (id, call, position, title, channel, min, max, unit, priority) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vals![Id::<Offer>::named(&name), call, 1_i64, both("Books"), "service", 1_i64, 2_i64, both("boxes"), 1_i64],
    )
    .await
    .unwrap();
    insert_offer(tx, offer, call, body, "awarded").await;
    tx.exec(
        "INSERT INTO panel_seat (call, account, lead, scored_at, seated_at) VALUES ($1, $2, $3, $4, $5)",
        vals![call, AccountId::named("juror"), true, at(PAST + 25), at(PAST)],
    )
    .await
    .unwrap();
    tx.exec(
        "INSERT INTO award (id, call, offer, mode, reason, currency, at, illustrative) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![award, call, offer, "outsourcing", both("best"), "CNY", at(PAST + 30), false],
    )
    .await
    .unwrap();
    tx.exec(
        "INSERT INTO undertaking (id, award, call, plan_item, relation, field, body, mode, reason, guiding, title, responsible, status, currency, budget, promised, starts, ends, agreed_by, agreed_at, version, illustrative) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
        vals![undertaking, award, call, item(of), rel("one"), Field::Culture, body, "outsourcing", both("best"), BodyId::named("guide"), both(&format!("Work {name}")), AccountId::named("doer"), "running", "CNY", 100_i64, 0_i64, Day::constant(2026, 1, 1), Day::constant(2026, 12, 31), AccountId::named("lead"), at(PAST + 40), 1_i64, false],
    )
    .await
    .unwrap();
    tx.exec(
        "INSERT INTO milestone (id, undertaking, title, due, status, position) VALUES ($1, $2, $3, $4, $5, $6)",
        vals![
            milestone,
            undertaking,
            both(&format!("Shelves {name}")),
            Day::constant(2026, 12, 1),
            "open",
            1_i64
        ],
    )
    .await
    .unwrap();
    tx.exec(
        "INSERT INTO aim (id, plan_item, text, measure, target, set_by, set_at, position, illustrative) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vals![aim, item(of), both("Readers"), both("loans"), both("3"), AccountId::named("lead"), at(PAST), n as i64, false],
    )
    .await
    .unwrap();
    tx.exec(
        "INSERT INTO evaluation (id, undertaking, plan_item, relation, field, status, due, appointed_by, appointed_at, summary, published_by, published_at, version, illustrative) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        vals![evaluation, undertaking, item(of), rel("one"), Field::Culture, "published", Day::constant(2026, 12, 31), AccountId::named("lead"), at(PAST), both("read a lot"), by, at(PAST + 60), 1_i64, false],
    )
    .await
    .unwrap();
    tx.exec(
        "INSERT INTO evaluator (evaluation, account, no_conflict_at) VALUES ($1, $2, $3)",
        vals![evaluation, by, at(PAST)],
    )
    .await
    .unwrap();
    tx.exec(
        "INSERT INTO finding (evaluation, aim, found, state, by_account, at, version) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vals![evaluation, aim, both("four"), "met", by, at(PAST), 1_i64],
    )
    .await
    .unwrap();
}
async fn insert_offer(tx: &Tx, id: Id<Offer>, call: CallId, body: BodyId, status: &str) {
    tx.exec(
        "INSERT INTO offer (id, call, maker, body, status, draft, saved_at, summary, starts, ends, currency, in_kind, languages, submitted_at, shortlisted, imported, illustrative, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        vals![id, call, body, body, status, Json(serde_json::json!({})), at(PAST), both("we offer"), Day::constant(2026, 1, 1), Day::constant(2026, 12, 31), "CNY", Json(serde_json::json!([])), Json(serde_json::json!([])), at(PAST + 5), true, false, false, 1_i64],
    )
    .await
    .unwrap();
}
async fn account(tx: &Tx, name: &str) -> AccountId {
    let new = MadeAccount {
        id: Id::named(name),
        name: name.into(),
        email: Some(format!("{}@example.org", name.replace(' ', "-"))),
        locale: Locale::En,
        zone: String::new(),
        illustrative: false,
    };
    access::make_account(tx, &new).await.unwrap();
    new.id
}
fn page(name: &str) -> String {
    format!("/programmes/{}", item(name))
}

// --- what it tells ---

on_each_engine!(
    ROOMS,
    async fn a_programme_tells_its_whole_story_to_readers_and_machines(t: TestDb) {
        world(&t).await;
        let s = site(&t);
        let tx = begin(&t).await;
        let eve = account(&tx, "Eve Judge").await;
        whole_call(&tx, "Window", 1, eve).await;
        whole_call(&tx, "Window", 2, eve).await;
        tx.done(()).await.unwrap();
        for locale in Locale::ALL {
            let p = s.get_as(&public(), locale, &page("Window")).await;
            assert_eq!(p.status, StatusCode::OK, "{}", p.text);
            let say = |name: &str| both(name).plain(locale).to_owned();
            for told in [
                "Call Window 1",
                "Call Window 2",
                "Library of Window 1",
                "Library of Window 2",
                "Shelves Window 1",
                "partner of one",
                "read a lot",
            ] {
                assert!(p.text.contains(&say(told)), "{locale:?} {told}");
            }
            assert!(
                p.text.contains("Eve Judge"),
                "who vouches for the result is named with it"
            );
            // schema.org and the share card speak of this programme, not of the site.
            assert!(p.text.contains("application/ld+json") && p.text.contains("\"@type\":\"Project\""));
            let card = |property: &str| {
                let from = p
                    .text
                    .split_once(&format!("property=\"{property}\" content=\""))
                    .unwrap()
                    .1;
                from.split_once('"').unwrap().0.to_owned()
            };
            assert!(card("og:title").contains(&say("Window")));
            assert!(card("og:description").contains(&say("aim of Window")));
            assert!(card("og:url").contains(&item("Window").to_string()));
            assert!(card("og:image").starts_with("https://node.example/"));
        }
        let api = s.get(&format!("/api/v1/programmes/{}", item("Window"))).await;
        let story: serde_json::Value = serde_json::from_str(&api.text).unwrap();
        assert_eq!(story["story"]["calls"].as_array().unwrap().len(), 2);
        assert!(!api.text.contains(&eve.to_string()), "ids of people stay inside");
        let r = s.get(&format!("/relations/{}", rel("one"))).await;
        assert!(r.status == StatusCode::OK && r.text.contains("\"@type\":\"AdministrativeArea\""));
        assert!(r.text.contains(&page("Window")) && r.text.contains("property=\"og:title\" content=\"partner of one"));
        let listed = s.get("/programmes?field=culture&state=in-progress").await;
        assert!(listed.text.contains(&page("Window")) && listed.text.contains("partner of one"));
        assert!(!s.get("/programmes?field=health").await.text.contains(&page("Window")));
        assert_eq!(s.get(&page("nothing")).await.status, StatusCode::NOT_FOUND);
    }
);

on_each_engine!(
    ROOMS,
    async fn a_long_plan_for_next_year_pushes_nothing_off_the_home_page(t: TestDb) {
        world(&t).await;
        let s = site(&t);
        let tx = begin(&t).await;
        planned(&tx, "Finished", 2024, "done", Some("one")).await;
        for n in 0..70 {
            planned(&tx, &format!("Later {n}"), 2027, "planned", None).await;
        }
        tx.done(()).await.unwrap();
        let home = s.get("/").await;
        assert!(home.text.contains(&page("Window")), "what runs is on the home page");
        assert!(home.text.contains(&page("Finished")), "so is what is done");
        assert!(!home.text.contains(&page("Later 3")));
    }
);

on_each_engine!(
    ROOMS,
    async fn numbers_come_with_method_and_date(t: TestDb) {
        world(&t).await;
        let s = site(&t);
        let tx = begin(&t).await;
        let eve = account(&tx, "Eve Judge").await;
        whole_call(&tx, "Window", 1, eve).await;
        tx.done(()).await.unwrap();
        let n = s.get("/numbers").await;
        assert_eq!(n.status, StatusCode::OK);
        for told in [
            "Rows of the register that are open to the public, on 22 November 2026",
            "56",
            "Submitted and not withdrawn",
            "of awards went to social forces",
            "https://counts.example",
            "not found",
        ] {
            assert!(n.text.contains(told), "{told}: {}", n.text);
        }
        let home = s.get_as(&public(), Locale::Zh, "/").await;
        assert!(home.status == StatusCode::OK && home.text.contains("56"));
    }
);

on_each_engine!(
    ROOMS,
    async fn every_file_that_the_data_page_offers_is_there(t: TestDb) {
        world(&t).await;
        let s = site(&t);
        let tx = begin(&t).await;
        let eve = account(&tx, "Eve Judge").await;
        whole_call(&tx, "Window", 1, eve).await;
        tx.done(()).await.unwrap();
        for locale in Locale::ALL {
            let data = s.get_as(&public(), locale, "/data").await.text;
            let main = data.split_once("<main").unwrap().1.split_once("</main>").unwrap().0;
            let links: Vec<&str> = main
                .split("href=\"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .filter(|l| l.ends_with(".csv") || l.ends_with(".xlsx"))
                .collect();
            assert!(links.len() >= 20, "{links:?}");
            for link in links {
                let path = link.strip_prefix(&format!("/{}", locale.path())).unwrap();
                let file = s.get_as(&public(), locale, path).await;
                assert_eq!(file.status, StatusCode::OK, "{link}");
                assert!(file.head.contains_key(header::CONTENT_DISPOSITION), "{link}");
            }
        }
        let aims = s.get("/aims.csv").await.text;
        assert!(aims.contains("Readers") && aims.contains("four") && !aims.contains("Eve"));
        let evaluations = s.get("/evaluations.csv").await.text;
        assert!(evaluations.contains("read a lot") && !evaluations.contains("Eve"));
        assert!(s.get("/policy-lines.csv").await.text.contains("R86"));
    }
);

on_each_engine!(
    ROOMS,
    async fn feeds_calendar_and_sitemap_are_what_machines_expect(t: TestDb) {
        world(&t).await;
        let s = site(&t);
        let tx = begin(&t).await;
        let eve = account(&tx, "Eve Judge").await;
        whole_call(&tx, "Window", 1, eve).await;
        // One that is open now, closing at 07:06:40 of the home city's clock the next day.
        whole_call(&tx, "Window", 2, eve).await;
        tx.exec(
            "UPDATE call SET status = 'open', opened_at = NULL, decided_at = NULL, closes_at = $1 WHERE id = $2",
            vals![at(SOON), call("Window 2")],
        )
        .await
        .unwrap();
        tx.done(()).await.unwrap();
        let feed = s.get("/feeds/programmes.atom").await;
        assert!(feed.kind().starts_with("application/atom+xml"));
        assert!(
            feed.text.contains("xml:lang=\"en\"") && feed.text.contains(&page("Window")),
            "{}",
            feed.text
        );
        let feed = s.get_as(&public(), Locale::Zh, "/feeds/calls.atom").await;
        assert!(feed.text.contains("Call Window 2（中）") && !feed.text.contains("Call Window 1"));

        let cal = s.get("/feeds/calendar.ics").await;
        assert!(cal.kind().starts_with("text/calendar"));
        let text = cal.text.replace("\r\n ", "");
        let closing = jiff::Timestamp::from_second(SOON)
            .unwrap()
            .strftime("DTSTART:%Y%m%dT%H%M%SZ")
            .to_string();
        assert!(text.contains(&closing), "a moment in UTC: {text}");
        assert!(
            text.contains("X-WR-TIMEZONE:Asia/Shanghai") && text.contains("in Chongqing"),
            "{text}"
        );
        assert!(
            text.contains("DTSTART;VALUE=DATE:20261201"),
            "a due day is a day: {text}"
        );
        assert!(text.contains("Shelves Window 1"));
        assert!(
            text.contains("DTSTART;VALUE=DATE:20270501") && text.contains("40 years"),
            "{text}"
        );
        assert_eq!(text.matches("BEGIN:VEVENT").count(), text.matches("END:VEVENT").count());

        let map = s.get("/sitemap.xml").await;
        assert!(map.kind().starts_with("application/xml"));
        for l in Locale::ALL {
            for path in [
                page("Window"),
                format!("/relations/{}", rel("one")),
                format!("/calls/{}", call("Window 2")),
            ] {
                assert!(
                    map.text
                        .contains(&format!("<loc>https://node.example/{}{path}</loc>", l.path())),
                    "{path}"
                );
            }
        }
        assert!(map.text.contains("hreflang=\"zh-Hans\""));
    }
);

on_each_engine!(
    ROOMS,
    async fn a_sourced_statement_stands_until_it_is_withdrawn(t: TestDb) {
        world(&t).await;
        let s = site(&t);
        let input = fact::FactInput {
            stage: "deliverables".into(),
            figure: "200".into(),
            say_en: "chosen items".into(),
            source: "https://report.example".into(),
            confidence: "high".into(),
            as_of: "2013-01-01".into(),
            ..Default::default()
        };
        let told = async || s.get(&page("Window")).await.text.contains("chosen items");
        assert!(!told().await);
        let stranger = Asking::new(person("Reader"));
        assert!(matches!(
            fact::record_fact(s.house(), &stranger, item("Window"), &input)
                .await
                .unwrap_err(),
            Fail::Denied(_)
        ));
        let lead = Asking::new(office());
        let id = fact::record_fact(s.house(), &lead, item("Window"), &input)
            .await
            .unwrap();
        let kept = fact::facts(&t.db, item("Window")).await.unwrap();
        assert_eq!(
            (kept.len(), kept[0].claimant, kept[0].figure.as_deref()),
            (1, basis::Claimant::Third, Some("200"))
        );
        assert!(told().await && s.get(&page("Window")).await.text.contains("https://report.example"));
        let form = format!("{}/facts", page("Window"));
        assert!(
            s.get_as(&office(), Locale::En, &form)
                .await
                .text
                .contains("chosen items")
        );
        assert_eq!(
            s.get_as(&person("Reader"), Locale::En, &form).await.status,
            StatusCode::FORBIDDEN
        );
        fact::withdraw_fact(s.house(), &lead, id, "counted twice")
            .await
            .unwrap();
        assert!(matches!(
            fact::withdraw_fact(s.house(), &lead, id, "counted twice")
                .await
                .unwrap_err(),
            Fail::Changed
        ));
        assert!(!told().await);
    }
);

// --- what it keeps silent about ---

on_each_engine!(
    ROOMS,
    async fn a_tie_that_is_not_signed_is_named_nowhere_in_the_open(t: TestDb) {
        world(&t).await;
        let s = site(&t);
        let tx = begin(&t).await;
        relation(&tx, "secret", "lead").await;
        planned(&tx, "Quiet work", 2026, "in-progress", Some("secret")).await;
        tx.done(()).await.unwrap();
        let (name, id) = ("partner of secret", rel("secret").to_string());
        // It could leak: those who may see it, see it.
        let seen = relations::all_cards_for(&t.db, &office()).await.unwrap();
        assert!(seen.iter().any(|c| c.partner.name.plain(Locale::En) == name));
        for path in [
            page("Quiet work"),
            "/programmes".into(),
            "/".into(),
            "/plan?year=2026".into(),
            "/plan.csv?year=2026".into(),
            format!("/plan/items/{}", item("Quiet work")),
            "/feeds/programmes.atom".into(),
            "/feeds/calendar.ics".into(),
            "/sitemap.xml".into(),
            "/api/v1/programmes".into(),
            format!("/api/v1/programmes/{}", item("Quiet work")),
        ] {
            let a = s.get(&path).await;
            assert_eq!(a.status, StatusCode::OK, "{path}");
            assert!(!a.text.contains(name) && !a.text.contains(&id), "{path}: {}", a.text);
            assert!(!a.text.contains("REF-secret"), "{path}");
        }
        // Once it is signed, the story that was kept without it is told anew.
        let tx = begin(&t).await;
        tx.exec(
            "UPDATE relation SET status = 'active' WHERE id = $1",
            vals![rel("secret")],
        )
        .await
        .unwrap();
        touch(&tx).await;
        tx.journal(Entry::of("relation.stepped", rel("secret")));
        tx.done(()).await.unwrap();
        assert!(s.get(&page("Quiet work")).await.text.contains(name));
    }
);

// --- what it forgets ---

on_each_engine!(
    ROOMS,
    async fn who_was_erased_is_named_no_more(t: TestDb) {
        world(&t).await;
        let s = site(&t);
        let tx = begin(&t).await;
        let eve = account(&tx, "Eve Judge").await;
        whole_call(&tx, "Window", 1, eve).await;
        tx.done(()).await.unwrap();
        assert!(s.get(&page("Window")).await.text.contains("Eve Judge"));
        let kept = "SELECT COUNT(*) AS n FROM programme_story WHERE story LIKE '%Eve Judge%'";
        assert_eq!(t.db.number(kept, vec![]).await.unwrap(), 1);
        access::erase(s.house(), &Asking::new(person("Eve Judge")), "")
            .await
            .unwrap();
        let mut handlers = Handlers::default();
        crate::handlers(&mut handlers);
        let worker = Worker {
            db: t.db.clone(),
            handlers,
        };
        worker.drain().await.unwrap();
        assert_eq!(t.db.number(kept, vec![]).await.unwrap(), 0, "gone before anybody reads");
        let told = s.get(&page("Window")).await.text;
        assert!(!told.contains("Eve Judge") && told.contains("Evaluated by people who did not carry it out"));
    }
);

on_each_engine!(
    ROOMS,
    async fn a_kept_story_follows_what_it_tells_of(t: TestDb) {
        world(&t).await;
        let s = site(&t);
        let tx = begin(&t).await;
        let eve = account(&tx, "Eve Judge").await;
        whole_call(&tx, "Window", 1, eve).await;
        let late = organisation(&tx, "Late by post").await;
        tx.done(()).await.unwrap();
        let told = async |what: &str| {
            let made = s.get(&page("Window")).await.text.contains(what);
            // The second reader gets the kept one.
            assert_eq!(s.get(&page("Window")).await.text.contains(what), made);
            made
        };
        assert!(!told("Late by post").await && told("Library of Window 1").await && told("Friendship").await);

        let tx = begin(&t).await;
        let offer: Id<Offer> = Id::named("paper");
        insert_offer(&tx, offer, call("Window 1"), late, "declined").await;
        tx.journal(Entry::of("offer.imported", offer));
        tx.done(()).await.unwrap();
        assert!(
            told("Late by post").await,
            "an offer on paper that was entered after the opening"
        );

        let tx = begin(&t).await;
        tx.exec(
            "UPDATE body SET name = $1 WHERE id = $2",
            vals![both("Renamed by post"), late],
        )
        .await
        .unwrap();
        tx.journal(Entry::of("organisation.edited", late));
        tx.done(()).await.unwrap();
        assert!(told("Renamed by post").await && !told("Late by post").await);

        let tx = begin(&t).await;
        tx.exec(
            "UPDATE policy_line SET title = $1 WHERE id = $2",
            vals![both("Common progress"), line()],
        )
        .await
        .unwrap();
        tx.journal(Entry::of("policy-line.amended", line()));
        tx.done(()).await.unwrap();
        assert!(told("Common progress").await);

        // A change elsewhere leaves it kept.
        let tx = begin(&t).await;
        planned(&tx, "Other", 2026, "planned", None).await;
        tx.journal(Entry::of("plan-item.added", item("Other")));
        tx.done(()).await.unwrap();
        story(s.house(), item("Other")).await.unwrap();
        assert_eq!(
            t.db.number("SELECT COUNT(*) AS n FROM programme_story", vec![])
                .await
                .unwrap(),
            2
        );
    }
);

// --- how much it asks ---

async fn programmes_kept_up(s: &Site) -> usize {
    crate::keep_up(s.house()).await.unwrap()
}

on_each_engine!(
    ROOMS,
    async fn pages_ask_the_same_of_one_row_and_of_three(t: TestDb) {
        world(&t).await;
        let s = site(&t);
        let tx = begin(&t).await;
        let eve = account(&tx, "Eve Judge").await;
        whole_call(&tx, "Window", 1, eve).await;
        planned(&tx, "Finished", 2025, "done", Some("one")).await;
        tx.done(()).await.unwrap();
        let relation_page = format!("/relations/{}", rel("one"));
        let paths = [
            "/".to_owned(),
            page("Window"),
            relation_page,
            "/programmes".to_owned(),
            "/numbers".to_owned(),
        ];
        let count = async || {
            let mut out = Vec::new();
            for path in &paths {
                // The register is held in memory, the story in its read model: as long as nothing changes.
                s.get(path).await;
                let (a, n) = count_queries(s.get(path)).await;
                assert_eq!(a.status, StatusCode::OK, "{path}");
                out.push(n);
            }
            let (made, n) = count_queries(gather(s.house(), item("Window"))).await;
            (out, made.unwrap().unwrap().story.calls.len(), n)
        };
        let (one, calls_one, told_one) = count().await;
        let tx = begin(&t).await;
        for n in 2..4 {
            relation(&tx, &format!("more {n}"), "active").await;
            whole_call(&tx, "Window", n, eve).await;
            planned(&tx, &format!("Runs {n}"), 2026, "in-progress", Some("one")).await;
            planned(&tx, &format!("Done {n}"), 2025, "done", Some("one")).await;
        }
        tx.journal(Entry::of("plan-item.amended", item("Window")));
        tx.done(()).await.unwrap();
        // Right after the change a story is told anew, here by the node itself: the first reader already asks little.
        assert!(programmes_kept_up(&s).await >= 1);
        let (answer, asked) = count_queries(s.get(&page("Window"))).await;
        assert_eq!((answer.status, asked <= 8), (StatusCode::OK, true), "{asked}");
        assert_eq!(programmes_kept_up(&s).await, 0, "once");
        let (three, calls_three, told_three) = count().await;
        assert_eq!((calls_one, calls_three), (1, 3));
        assert_eq!(one, three, "{paths:?}");
        assert_eq!(told_one, told_three, "telling a story anew asks by batches");
        for (path, n) in paths.iter().zip(&three) {
            assert!(*n <= 8, "{path} asks {n} times");
        }
    }
);
