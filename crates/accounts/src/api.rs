//! The API about oneself and about the rules.

use access::Thing;
use axum::{Json, extract::Query};
use basis::{AccountId, MandateId, Moment, TokenId};
use pages::{ApiCtx, ApiProblem, App, Problem};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::data::gather;

pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(me))
        .routes(routes!(my_tokens))
        .routes(routes!(my_data))
        .routes(routes!(rules))
}

/// Whom the token stands for, and what it may be used for.
#[derive(Serialize, ToSchema)]
struct Me {
    #[schema(value_type = String, format = "uuid")]
    id: AccountId,
    name: String,
    email: Option<String>,
    /// BCP 47.
    lang: String,
    /// IANA name; empty: the clock of the house.
    zone: String,
    /// The role acted in now.
    role: String,
    scopes: Vec<String>,
    /// The mandate acted under now.
    acting: Option<Mandate>,
    /// All mandates in force.
    mandates: Vec<Mandate>,
}
#[derive(Serialize, ToSchema)]
struct Mandate {
    #[schema(value_type = String, format = "uuid")]
    id: MandateId,
    #[schema(value_type = String, format = "uuid")]
    body: basis::BodyId,
    /// The body's name by language tag.
    body_name: Names,
    role: String,
    purpose: String,
    letter: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Moment>,
}
/// A name in Chinese and English, where there is one.
#[derive(Serialize, ToSchema)]
struct Names {
    #[serde(rename = "zh-Hans")]
    zh: Option<String>,
    en: Option<String>,
}
fn names(text: &basis::Text) -> Names {
    Names {
        zh: text.get("zh-Hans").map(str::to_owned),
        en: text.get("en").map(str::to_owned),
    }
}
impl From<&access::Mandated> for Mandate {
    fn from(m: &access::Mandated) -> Self {
        Mandate {
            id: m.id,
            body: m.body,
            body_name: names(&m.body_name),
            role: m.role.to_string(),
            purpose: m.purpose.clone(),
            letter: m.letter.clone(),
            until: m.until,
        }
    }
}

/// Who am I?
#[utoipa::path(get, path = "/api/v1/me", tag = "account", security(("token" = [])),
    responses((status = 200, body = Me), (status = 401, body = ApiProblem, content_type = "application/problem+json"),
        (status = 403, body = ApiProblem, content_type = "application/problem+json")))]
async fn me(ctx: ApiCtx) -> Result<Json<Me>, Problem> {
    let p = access::my_profile(ctx.house(), &ctx.asking()).await?;
    let v = &ctx.viewer;
    let id = v.account().ok_or(basis::Fail::NotFound)?;
    Ok(Json(Me {
        id,
        name: p.name,
        email: p.email,
        lang: p.lang.to_string(),
        zone: p.zone,
        role: v.role().to_string(),
        scopes: v.token.as_ref().map(|(_, s)| s.clone()).unwrap_or_default(),
        acting: v.acting.as_ref().map(Mandate::from),
        mandates: v.mandates.iter().map(Mandate::from).collect(),
    }))
}

/// One of my keys, without its secret.
#[derive(Serialize, ToSchema)]
struct Key {
    #[schema(value_type = String, format = "uuid")]
    id: TokenId,
    label: String,
    scopes: Vec<String>,
    #[schema(value_type = Option<String>, format = "uuid")]
    mandate: Option<MandateId>,
    #[schema(value_type = String, format = DateTime)]
    made_at: Moment,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Moment,
    #[schema(value_type = Option<String>, format = DateTime)]
    used_at: Option<Moment>,
}
/// My keys. They are made and ended on the account page: a key makes no keys.
#[utoipa::path(get, path = "/api/v1/me/tokens", tag = "account", security(("token" = [])),
    responses((status = 200, body = Vec<Key>), (status = 401, body = ApiProblem, content_type = "application/problem+json"),
        (status = 403, body = ApiProblem, content_type = "application/problem+json")))]
async fn my_tokens(ctx: ApiCtx) -> Result<Json<Vec<Key>>, Problem> {
    let keys = access::my_tokens(ctx.house(), &ctx.asking()).await?;
    let key = |k: access::MyToken| Key {
        id: k.id,
        label: k.label,
        scopes: k.scopes,
        mandate: k.mandate,
        made_at: k.made_at,
        expires_at: k.expires_at,
        used_at: k.used_at,
    };
    Ok(Json(keys.into_iter().map(key).collect()))
}

/// Everything kept about me, by table.
#[utoipa::path(get, path = "/api/v1/me/data", tag = "account", security(("token" = [])),
    responses((status = 200, body = serde_json::Value), (status = 401, body = ApiProblem, content_type = "application/problem+json"),
        (status = 403, body = ApiProblem, content_type = "application/problem+json")))]
async fn my_data(ctx: ApiCtx) -> Result<Json<serde_json::Value>, Problem> {
    Ok(Json(gather(ctx.house(), &ctx.asking()).await?))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Only rules about this action: "call.publish".
    #[param(max_length = 100)]
    action: Option<String>,
}
/// A rule in plain words.
#[derive(Serialize, ToSchema)]
struct Rule {
    id: String,
    room: String,
    /// Permits, or forbids; a rule that forbids outweighs all that permit.
    permits: bool,
    zh: String,
    en: String,
    /// The paper's requirement or decision it follows from.
    source: String,
    actions: Vec<String>,
    /// The rule as Cedar reads it.
    cedar: String,
}
#[derive(Serialize, ToSchema)]
struct Rules {
    /// For one action: roles that could do it, on a thing of their concern.
    who_could: Vec<String>,
    rules: Vec<Rule>,
}
/// Who may do what, and by which rule? Open to everybody.
#[utoipa::path(get, path = "/api/v1/rules", tag = "account", params(Asked),
    responses((status = 200, body = Rules), (status = 401, body = ApiProblem, content_type = "application/problem+json"),
        (status = 403, body = ApiProblem, content_type = "application/problem+json")))]
async fn rules(ctx: ApiCtx, Query(asked): Query<Asked>) -> Result<Json<Rules>, Problem> {
    ctx.asking().check(ctx.house(), "rule.list", &Thing::default())?;
    let gate = &ctx.house().gate;
    let action = asked.action.filter(|a| !a.is_empty());
    let about = |r: &access::RuleText| action.as_ref().is_none_or(|a| r.actions.contains(a));
    let rule = |r: access::RuleText| Rule {
        id: r.id,
        room: r.room.to_owned(),
        permits: r.permits,
        zh: r.zh,
        en: r.en,
        source: r.source,
        actions: r.actions,
        cedar: r.cedar,
    };
    let who = action.as_ref().map(|a| gate.who_could(a)).unwrap_or_default();
    Ok(Json(Rules {
        who_could: who.iter().map(ToString::to_string).collect(),
        rules: gate.rules().into_iter().filter(about).map(rule).collect(),
    }))
}
