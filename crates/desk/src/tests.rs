//! A house with people of every class, and the tests beside.

mod digests;
mod journals;
mod outbox;
mod queues;
mod seals;

use ::pages::{App, Ctx, Node};
use ::store::{Act, Blobs, BlobsConfig, Db, Letter, Query as _, Via, testing::TestDb};
use access::{AccessConfig, BodyCard, BodyKind, Gate, House, HouseGrant, MadeAccount, Role, Viewer};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode},
};
use basis::{AccountId, BodyId, Field, GovernmentId, Id, LetterId, Locale, Text};
use tower::ServiceExt as _;

pub const ROOMS: &[::store::Migrations] = &[
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

/// The house, and its people by name.
pub struct Town {
    pub app: App,
    pub t: TestDb,
}
impl Town {
    pub fn house(&self) -> &House {
        &self.app.house
    }
    pub fn db(&self) -> &Db {
        &self.app.house.db
    }
}
pub fn person(name: &str) -> AccountId {
    Id::named(name)
}
pub fn body(name: &str) -> BodyId {
    Id::named(name)
}
pub fn partner_city() -> GovernmentId {
    Id::named("Düsseldorf")
}
/// Name, body, kind, role, language.
const PEOPLE: &[(&str, &str, BodyKind, Option<Role>, Locale)] = &[
    ("lead", "office", BodyKind::Office, Some(Role::OfficeLead), Locale::Zh),
    (
        "officer",
        "culture",
        BodyKind::Department,
        Some(Role::DepartmentOfficer),
        Locale::Zh,
    ),
    (
        "money",
        "finance",
        BodyKind::FinanceUnit,
        Some(Role::Finance),
        Locale::Zh,
    ),
    ("auditor", "audit", BodyKind::AuditUnit, Some(Role::Auditor), Locale::En),
    (
        "delegate",
        "library",
        BodyKind::Organisation,
        Some(Role::Delegate),
        Locale::En,
    ),
    (
        "rival",
        "rivals",
        BodyKind::Organisation,
        Some(Role::Delegate),
        Locale::En,
    ),
    (
        "partner",
        "partner-office",
        BodyKind::PartnerOffice,
        Some(Role::PartnerOfficer),
        Locale::En,
    ),
    (
        "panellist",
        "panel",
        BodyKind::Panel,
        Some(Role::PanelMember),
        Locale::En,
    ),
    ("citizen", "", BodyKind::Organisation, None, Locale::En),
];
/// Every class of viewer, the public first.
pub async fn classes(town: &Town) -> Vec<(&'static str, Viewer)> {
    let mut all = vec![("public", Viewer::public(Via::Page))];
    for (name, ..) in PEOPLE {
        all.push((name, viewer(town, name).await));
    }
    all
}
pub async fn viewer(town: &Town, name: &str) -> Viewer {
    if name == "public" {
        return Viewer::public(Via::Page);
    }
    access::viewer_of(town.db(), person(name), None, Via::Page)
        .await
        .unwrap()
}
pub async fn town(t: TestDb) -> Town {
    let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
    for (name, unit, kind, role, locale) in PEOPLE {
        access::make_account(
            &tx,
            &MadeAccount {
                id: person(name),
                name: format!("Person {name}"),
                email: Some(format!("{name}@example.org")),
                locale: *locale,
                zone: if *name == "partner" {
                    "Europe/Berlin".into()
                } else {
                    String::new()
                },
                illustrative: true,
            },
        )
        .await
        .unwrap();
        let Some(role) = role else { continue };
        let field = (*kind == BodyKind::Department).then_some(Field::Culture);
        access::found_body(
            &tx,
            &BodyCard {
                id: body(unit),
                kind: *kind,
                name: Text::both(format!("{unit}单位"), format!("Unit {unit}")),
                field,
                district: None,
                government: (*kind == BodyKind::PartnerOffice).then(partner_city),
                home: *kind != BodyKind::PartnerOffice,
                illustrative: true,
                ended_at: None,
            },
        )
        .await
        .unwrap();
        let grant = HouseGrant {
            account: person(name),
            body: body(unit),
            role: *role,
            purpose: "tests".into(),
            letter: "1".into(),
            until: None,
        };
        access::grant_by_house(&tx, &grant).await.unwrap();
    }
    tx.done(()).await.unwrap();
    let policies = [
        parties::POLICIES,
        relations::POLICIES,
        planning::POLICIES,
        calls::POLICIES,
        undertakings::POLICIES,
        evaluation::POLICIES,
        crate::POLICIES,
    ];
    let house = House {
        db: t.db.clone(),
        gate: Gate::new(&policies).unwrap_or_else(|e| panic!("{e}")),
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
    let access = AccessConfig {
        public_url: "https://node.example".into(),
        secure_cookies: false,
        demo: false,
        oidc: None,
    };
    let app = App::new(house, node, access, vec![&*crate::TEXTS, &*calls::TEXTS]);
    Town { app, t }
}
pub async fn letter(town: &Town, kind: &'static str, held: bool, words: &str) -> LetterId {
    let tx = town.db().begin(&Act::house(Via::Job)).await.unwrap();
    let id = tx
        .post(Letter {
            kind,
            to_address: "mayor@example.de".into(),
            to_name: None,
            account: None,
            lang: "en".into(),
            subject: "A letter".into(),
            text: format!("Dear city,\n\n{words}\n\nYours"),
            held,
        })
        .await
        .unwrap();
    tx.done(id).await.unwrap()
}
pub async fn number(town: &Town, sql: &str) -> i64 {
    town.db().number(sql, vec![]).await.unwrap()
}

fn router(town: &Town) -> Router {
    let (api, _) = utoipa_axum::router::OpenApiRouter::new()
        .merge(crate::api())
        .split_for_parts();
    crate::pages()
        .merge(api)
        .layer(axum::middleware::from_fn_with_state(town.app.clone(), ::pages::explain))
        .with_state(town.app.clone())
}
/// One request by one viewer, in one language.
pub async fn ask(
    town: &Town,
    who: &Viewer,
    locale: Locale,
    method: Method,
    path: &str,
    form: &str,
) -> (StatusCode, String) {
    let mut request = Request::builder()
        .method(method.clone())
        .uri(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept-language", locale.path())
        .body(Body::from(form.to_owned()))
        .unwrap();
    let uri = request.uri().clone();
    request.extensions_mut().insert(Ctx {
        app: town.app.clone(),
        locale,
        viewer: who.clone(),
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or("").to_owned(),
        method,
        theme: None,
        notice: None,
    });
    let response = router(town).oneshot(request).await.unwrap();
    let status = response.status();
    let location = response
        .headers()
        .get("location")
        .map(|v| v.to_str().unwrap().to_owned())
        .unwrap_or_default();
    let bytes = to_bytes(response.into_body(), 5_000_000).await.unwrap();
    (status, format!("{location}{}", String::from_utf8_lossy(&bytes)))
}
pub async fn get(town: &Town, who: &Viewer, path: &str) -> (StatusCode, String) {
    ask(town, who, Locale::En, Method::GET, path, "").await
}
pub async fn post(town: &Town, who: &Viewer, path: &str, form: &str) -> (StatusCode, String) {
    ask(town, who, Locale::En, Method::POST, path, form).await
}
