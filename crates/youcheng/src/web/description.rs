//! The API as it describes itself: OpenAPI 3.1, and the same as pages made here, without any outside script.

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use basis::Fail;
use i18n_embed_fl::fl;
use pages::{App, Ctx, Nav, Page, Problem};
use serde_json::Value;
use utoipa::{
    OpenApi,
    openapi::{
        Server,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

use crate::{rooms, t};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Youcheng 友城",
        description = "Relations between local governments and what grows out of them, from a gap in the plan to an evaluated programme. The API asks the same policies as the pages do. Errors are problem details (RFC 9457) in the language of Accept-Language; `Idempotency-Key` makes asking twice the same as asking once; edits name the version they read in `If-Match`; lists go on by cursor.",
        license(name = "AGPL-3.0-or-later", identifier = "AGPL-3.0-or-later")
    ),
    components(schemas(pages::ApiProblem)),
    modifiers(&Token)
)]
struct Head;

struct Token;
impl utoipa::Modify for Token {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.description =
            Some("A token of one's own account, made on the account page: scoped, and it ends.".into());
        api.components
            .get_or_insert_default()
            .add_security_scheme("token", SecurityScheme::Http(scheme));
        api.servers = Some(vec![Server::new("/")]);
    }
}

/// All rooms' API routes, and their description.
pub(super) fn parts() -> (Router<App>, utoipa::openapi::OpenApi) {
    let mut all = OpenApiRouter::with_openapi(Head::openapi());
    for room in rooms::all() {
        all = all.merge((room.api)());
    }
    all.split_for_parts()
}
/// The description alone.
pub fn openapi() -> utoipa::openapi::OpenApi {
    parts().1
}
/// As `youcheng openapi` prints it and `docs/openapi.json` keeps it.
///
/// # Errors
/// If the description cannot be written as JSON.
pub fn openapi_json() -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&openapi()).map(|s| s + "\n")
}

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/api/openapi.json", get(document))
        .route("/api/docs", get(browse))
        .route("/api/problems/{kind}", get(problem))
}
async fn document(State(app): State<App>) -> Response {
    let mut api = openapi();
    api.servers = Some(vec![Server::new(app.node.public_url.clone())]);
    let mut r = Json(api).into_response();
    r.headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    r
}

struct Tagged {
    name: String,
    about: String,
    operations: Vec<Operation>,
}
struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    about: String,
    token: bool,
    /// Name, where it stands, type, meaning.
    parameters: Vec<(String, String, String, String)>,
    /// Media type and type.
    bodies: Vec<(String, String)>,
    /// Status, meaning, type.
    answers: Vec<(String, String, String)>,
}
struct Shape {
    name: String,
    about: String,
    /// Name, type, meaning, required.
    members: Vec<(String, String, String, bool)>,
}

fn str_of(v: &Value, key: &str) -> String {
    v[key].as_str().unwrap_or("").to_owned()
}
fn list(v: &Value) -> impl Iterator<Item = &Value> {
    v.as_array().into_iter().flatten()
}
fn members(v: &Value) -> impl Iterator<Item = (&String, &Value)> {
    v.as_object().into_iter().flatten()
}
/// A schema in a few words, as HTML; named ones link to their own part of the page.
fn kind(schema: &Value) -> String {
    let escape = pages::parts::escape;
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
        let name = escape(name);
        return format!("<a href=\"#shape-{name}\">{name}</a>");
    }
    for many in ["oneOf", "anyOf", "allOf"] {
        if schema[many].is_array() {
            return list(&schema[many]).map(kind).collect::<Vec<_>>().join(" | ");
        }
    }
    if schema["enum"].is_array() {
        return list(&schema["enum"])
            .map(|v| format!("<code>{}</code>", escape(&v.to_string())))
            .collect::<Vec<_>>()
            .join(" ");
    }
    let one = |name: &str| match name {
        "array" => format!("[ {} ]", kind(&schema["items"])),
        other => match schema["format"].as_str() {
            Some(f) => escape(&format!("{other} ({f})")),
            None => escape(other),
        },
    };
    match &schema["type"] {
        Value::String(name) => one(name),
        Value::Array(names) => names
            .iter()
            .filter_map(Value::as_str)
            .map(one)
            .collect::<Vec<_>>()
            .join(" | "),
        _ => String::new(),
    }
}
fn operation(path: &str, method: &str, v: &Value) -> Operation {
    let content = |v: &Value| -> Vec<(String, String)> {
        members(&v["content"])
            .map(|(media, c)| (media.clone(), kind(&c["schema"])))
            .collect()
    };
    Operation {
        id: str_of(v, "operationId"),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: str_of(v, "summary"),
        about: str_of(v, "description"),
        token: list(&v["security"]).any(|s| s.get("token").is_some()),
        parameters: list(&v["parameters"])
            .map(|p| {
                (
                    str_of(p, "name"),
                    str_of(p, "in"),
                    kind(&p["schema"]),
                    str_of(p, "description"),
                )
            })
            .collect(),
        bodies: content(&v["requestBody"]),
        answers: members(&v["responses"])
            .map(|(status, a)| {
                let kinds: Vec<String> = content(a).into_iter().map(|c| c.1).collect();
                (status.clone(), str_of(a, "description"), kinds.join(" "))
            })
            .collect(),
    }
}
fn tagged(api: &Value) -> Vec<Tagged> {
    let mut out: Vec<Tagged> = list(&api["tags"])
        .map(|t| Tagged {
            name: str_of(t, "name"),
            about: str_of(t, "description"),
            operations: Vec::new(),
        })
        .collect();
    for (path, item) in members(&api["paths"]) {
        for (method, v) in
            members(item).filter(|(m, _)| ["get", "post", "put", "patch", "delete"].contains(&m.as_str()))
        {
            let tag = v["tags"][0].as_str().unwrap_or("other");
            let place = out.iter().position(|t| t.name == tag).unwrap_or_else(|| {
                out.push(Tagged {
                    name: tag.to_owned(),
                    about: String::new(),
                    operations: Vec::new(),
                });
                out.len() - 1
            });
            out[place].operations.push(operation(path, method, v));
        }
    }
    out.retain(|t| !t.operations.is_empty());
    out
}
fn shapes(api: &Value) -> Vec<Shape> {
    members(&api["components"]["schemas"])
        .map(|(name, v)| {
            let needed: Vec<&str> = list(&v["required"]).filter_map(Value::as_str).collect();
            let mut rows: Vec<(String, String, String, bool)> = members(&v["properties"])
                .map(|(m, s)| {
                    (
                        m.clone(),
                        kind(s),
                        str_of(s, "description"),
                        needed.contains(&m.as_str()),
                    )
                })
                .collect();
            if rows.is_empty() {
                rows.push((String::new(), kind(v), String::new(), true));
            }
            Shape {
                name: name.clone(),
                about: str_of(v, "description"),
                members: rows,
            }
        })
        .collect()
}

#[derive(askama::Template)]
#[template(path = "api.html")]
struct Docs {
    t: &'static i18n_embed::fluent::FluentLanguageLoader,
    lang: &'static str,
    title: String,
    about: String,
    tags: Vec<Tagged>,
    shapes: Vec<Shape>,
}
async fn browse(ctx: Ctx) -> Result<Response, Problem> {
    let api = serde_json::to_value(openapi()).map_err(Fail::fault)?;
    let l = t(ctx.locale);
    let title = fl!(l, "api-title");
    let page = Page::new(title.clone()).about(fl!(l, "api-lead")).nav(Nav::Help);
    let docs = Docs {
        t: l,
        lang: ctx.locale.tag(),
        title,
        about: str_of(&api["info"], "description"),
        tags: tagged(&api),
        shapes: shapes(&api),
    };
    ctx.show(page, &docs)
}

#[derive(askama::Template)]
#[template(path = "guide.html")]
struct Explained {
    title: String,
    html: String,
}
/// What a problem's `type` leads to.
async fn problem(ctx: Ctx, Path(kind): Path<String>) -> Result<Response, Problem> {
    const KINDS: [&str; 8] = [
        "refused",
        "denied",
        "sign-in",
        "changed",
        "not-found",
        "slow",
        "fault",
        "request",
    ];
    let known = KINDS.iter().find(|k| **k == kind).ok_or(Fail::NotFound)?;
    let say = |what: &str| {
        crate::TEXTS
            .find(ctx.locale, &format!("kind-{known}{what}"), Default::default())
            .unwrap_or_default()
    };
    let title = say("");
    let html = format!(
        "<p class=\"lead\">{}</p><p><code>/api/problems/{known}</code></p><p><a href=\"/api/docs\">{}</a></p>",
        pages::parts::escape(&say("-detail")),
        pages::parts::escape(&fl!(t(ctx.locale), "api-title")),
    );
    ctx.show(Page::new(title.clone()).unlisted(), &Explained { title, html })
}
