//! The plan for machines: the same use cases, the same policies.

use ::pages::{ApiCtx, ApiJson, ApiProblem, App, Problem, Versioned, etag, page_request};
use ::store::OrRepeat;
use axum::{
    Json,
    extract::{Path, Query},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use basis::{Check, Code, Fail, Field, GovernmentId, PlanItemId, PolicyLineId, RelationId, Text};
use relations::RelationCard;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::gaps::{Gap, Place};
use crate::{
    Ask, Filter, PlanItemCard, PlanItemInput, PlanStatus, PolicyLine, Scope, StepInput, View, find, neighbours,
};

pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(one, amend))
        .routes(routes!(step))
        .routes(routes!(gaps))
        .routes(routes!(lines))
}

/// A text by language tag.
fn text(t: &Text) -> serde_json::Value {
    t.langs()
        .filter_map(|l| Some((l.to_string(), t.get(l.as_str())?.into())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
/// An item of the plan, which is a programme. Texts are given in every language they exist in, by BCP 47 tag.
#[derive(Serialize, ToSchema)]
struct PlanItemDetail {
    #[schema(format = "uuid")]
    id: String,
    #[schema(format = "uuid")]
    relation: Option<String>,
    #[schema(format = "uuid")]
    district: Option<String>,
    field: String,
    year: i64,
    #[schema(format = "uuid")]
    policy: String,
    policy_code: String,
    #[schema(value_type = Object)]
    title: serde_json::Value,
    #[schema(value_type = Object)]
    aim: serde_json::Value,
    /// What government-led work it helps.
    #[schema(value_type = Object)]
    supports: serde_json::Value,
    /// The body that guides it.
    #[schema(format = "uuid")]
    guiding: String,
    /// "planned", "in-progress", "nearly-done", "done", "carried-over", "dropped"
    status: String,
    /// Why it was carried over or dropped.
    #[schema(value_type = Option<Object>)]
    reason: Option<serde_json::Value>,
    carried_to: Option<i64>,
    /// "social", "public", "individual"; null before an award.
    led_by: Option<String>,
    #[schema(format = "date")]
    due: Option<String>,
    /// Made up for a demonstration; nothing of it may be quoted.
    illustrative: bool,
    version: i64,
}
impl PlanItemDetail {
    /// Names the relation only where the reader may see it.
    fn of(i: &PlanItemCard, seen: &HashMap<RelationId, RelationCard>) -> Self {
        PlanItemDetail {
            id: i.id.to_string(),
            relation: i.relation.filter(|r| seen.contains_key(r)).map(|r| r.to_string()),
            district: i.district.map(|d| d.to_string()),
            field: i.field.code().into(),
            year: i.year,
            policy: i.policy.to_string(),
            policy_code: i.policy_code.clone(),
            title: text(&i.title),
            aim: text(&i.aim),
            supports: text(&i.supports),
            guiding: i.guiding.to_string(),
            status: i.status.code().into(),
            reason: i.reason.as_ref().map(text),
            carried_to: i.carried_to,
            led_by: i.led_by.map(|l| l.code().into()),
            due: i.due.map(|d| d.to_string()),
            illustrative: i.illustrative,
            version: i.version,
        }
    }
}
#[derive(Serialize, ToSchema)]
struct PlanItemList {
    items: Vec<PlanItemDetail>,
    /// Give it as `after` for what follows; absent at the end.
    next: Option<String>,
}
#[derive(Serialize, ToSchema)]
struct PlanItemMade {
    #[schema(format = "uuid")]
    id: String,
}
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct PlanAsked {
    /// Goes on after this cursor, as given in `next` of the answer before.
    #[param(max_length = 500)]
    after: Option<String>,
    /// At most so many, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Only this year.
    #[param(minimum = 2000, maximum = 2100)]
    year: Option<i64>,
    /// Only this field, by its code.
    field: Option<String>,
    /// Only this status, by its code.
    status: Option<String>,
    /// Only under this policy line.
    #[param(format = "uuid")]
    policy: Option<String>,
    /// Only under this relation.
    #[param(format = "uuid")]
    relation: Option<String>,
    /// Only in this district.
    #[param(format = "uuid")]
    district: Option<String>,
}
fn said(v: &Option<String>) -> &str {
    v.as_deref().unwrap_or("")
}
fn code<C: Code>(check: &mut Check, name: &'static str, v: &Option<String>) -> Option<C> {
    v.as_deref()
        .filter(|v| !v.is_empty())
        .and_then(|v| check.one_of::<C>(name, v))
}
/// An id in an address; anything else is not there.
fn id(raw: &str) -> Result<PlanItemId, Problem> {
    raw.parse().map_err(|_| Problem(Fail::NotFound))
}

/// Items of the plan, newest year first
#[utoipa::path(get, path = "/api/v1/plan-items", tag = "plan", params(PlanAsked), responses(
    (status = 200, body = PlanItemList),
    (status = 400, description = "A parameter could not be read", body = ApiProblem, content_type = "application/problem+json"),
    (status = 401, description = "The token does not hold", body = ApiProblem, content_type = "application/problem+json"),
    (status = 422, description = "A cursor, code or id is not one of ours", body = ApiProblem, content_type = "application/problem+json"),
))]
async fn list(ctx: ApiCtx, Query(asked): Query<PlanAsked>) -> Result<Json<PlanItemList>, Problem> {
    let mut check = Check::new();
    let field = code::<Field>(&mut check, "field", &asked.field);
    let status = code::<PlanStatus>(&mut check, "status", &asked.status);
    let policy: Option<PolicyLineId> = check.id_opt("policy", said(&asked.policy));
    let relation: Option<RelationId> = check.id_opt("relation", said(&asked.relation));
    let district: Option<GovernmentId> = check.id_opt("district", said(&asked.district));
    check.done(())?;
    let request = page_request(&::pages::Listing {
        after: asked.after,
        limit: asked.limit,
    });
    let filter = Filter {
        year: asked.year,
        field,
        status,
        policy,
        relation,
        district,
        guiding: None,
        after: request.after,
        limit: Some(request.limit),
    };
    let q = &ctx.house().db;
    // Asking for what stands under a tie tells that there is one.
    if let Some(r) = relation
        && !neighbours::relation_is_seen(q, &ctx.viewer, r).await?
    {
        return Ok(Json(PlanItemList {
            items: Vec::new(),
            next: None,
        }));
    }
    let page = crate::list(q, &filter).await?;
    let seen = neighbours::seen(q, &ctx.viewer, &page.items).await?;
    Ok(Json(PlanItemList {
        items: page.items.iter().map(|i| PlanItemDetail::of(i, &seen)).collect(),
        next: page.next.map(|c| c.0),
    }))
}
/// One item of the plan
#[utoipa::path(get, path = "/api/v1/plan-items/{id}", tag = "plan", params(("id" = String, Path, format = "uuid")), responses(
    (status = 200, body = PlanItemDetail, headers(("etag" = String, description = "The version, for If-Match"))),
    (status = 401, description = "The token does not hold", body = ApiProblem, content_type = "application/problem+json"),
    (status = 404, description = "No such item", body = ApiProblem, content_type = "application/problem+json"),
    (status = 422, description = "A header could not be read", body = ApiProblem, content_type = "application/problem+json"),
))]
async fn one(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Versioned<PlanItemDetail>, Problem> {
    let q = &ctx.house().db;
    let card = crate::item(q, id(&raw)?).await?.ok_or(Fail::NotFound)?;
    let seen = neighbours::seen(q, &ctx.viewer, std::slice::from_ref(&card)).await?;
    Ok(Versioned(card.version, PlanItemDetail::of(&card, &seen)))
}
/// Put an item into the plan
#[utoipa::path(post, path = "/api/v1/plan-items", tag = "plan", security(("token" = [])), request_body = PlanItemInput,
    params(("Idempotency-Key" = Option<String>, Header)), responses(
    (status = 201, body = PlanItemMade, headers(("location" = String, description = "The item"))),
    (status = 400, description = "Not JSON", body = ApiProblem, content_type = "application/problem+json"),
    (status = 401, description = "Needs a token", body = ApiProblem, content_type = "application/problem+json"),
    (status = 403, description = "A rule says no; it is named", body = ApiProblem, content_type = "application/problem+json"),
    (status = 409, description = "The key was used for something else", body = ApiProblem, content_type = "application/problem+json"),
    (status = 413, description = "Too large", body = ApiProblem, content_type = "application/problem+json"),
    (status = 415, description = "Not JSON", body = ApiProblem, content_type = "application/problem+json"),
    (status = 422, description = "Refused, with a reason at each member", body = ApiProblem, content_type = "application/problem+json"),
))]
async fn add(ctx: ApiCtx, ApiJson(input): ApiJson<PlanItemInput>) -> Result<Response, Problem> {
    let id: PlanItemId = crate::plan(ctx.house(), &ctx.asking(), &input).await.or_repeat()?;
    let location = format!("/api/v1/plan-items/{id}");
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(PlanItemMade { id: id.to_string() }),
    )
        .into_response())
}
/// What changed, as it is now.
async fn shown(ctx: &ApiCtx, id: PlanItemId) -> Result<Response, Problem> {
    let card = crate::item(&ctx.house().db, id).await?.ok_or(Fail::NotFound)?;
    let seen = neighbours::seen(&ctx.house().db, &ctx.viewer, std::slice::from_ref(&card)).await?;
    Ok((
        [(header::ETAG, etag(card.version))],
        Json(PlanItemDetail::of(&card, &seen)),
    )
        .into_response())
}
/// Amend an item: all its members are handed in
#[utoipa::path(patch, path = "/api/v1/plan-items/{id}", tag = "plan", security(("token" = [])), request_body = PlanItemInput,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)), responses(
    (status = 200, body = PlanItemDetail, headers(("etag" = String, description = "The new version"))),
    (status = 400, description = "Not JSON", body = ApiProblem, content_type = "application/problem+json"),
    (status = 401, description = "Needs a token", body = ApiProblem, content_type = "application/problem+json"),
    (status = 403, description = "A rule says no; it is named", body = ApiProblem, content_type = "application/problem+json"),
    (status = 404, description = "No such item", body = ApiProblem, content_type = "application/problem+json"),
    (status = 409, description = "Changed meanwhile", body = ApiProblem, content_type = "application/problem+json"),
    (status = 413, description = "Too large", body = ApiProblem, content_type = "application/problem+json"),
    (status = 415, description = "Not JSON", body = ApiProblem, content_type = "application/problem+json"),
    (status = 422, description = "Refused, with a reason at each member", body = ApiProblem, content_type = "application/problem+json"),
))]
async fn amend(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<PlanItemInput>,
) -> Result<Response, Problem> {
    let id = id(&raw)?;
    let input = PlanItemInput {
        version: ctx.need_version()?.to_string(),
        ..input
    };
    let id = crate::amend(ctx.house(), &ctx.asking(), id, &input).await.or_repeat()?;
    shown(&ctx, id).await
}
/// Move an item: begun, nearly done, done, carried over, dropped
#[utoipa::path(post, path = "/api/v1/plan-items/{id}/step", tag = "plan", security(("token" = [])), request_body = StepInput,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)), responses(
    (status = 200, body = PlanItemDetail, headers(("etag" = String, description = "The new version"))),
    (status = 400, description = "Not JSON", body = ApiProblem, content_type = "application/problem+json"),
    (status = 401, description = "Needs a token", body = ApiProblem, content_type = "application/problem+json"),
    (status = 403, description = "A rule says no; it is named", body = ApiProblem, content_type = "application/problem+json"),
    (status = 404, description = "No such item", body = ApiProblem, content_type = "application/problem+json"),
    (status = 409, description = "Changed meanwhile", body = ApiProblem, content_type = "application/problem+json"),
    (status = 413, description = "Too large", body = ApiProblem, content_type = "application/problem+json"),
    (status = 415, description = "Not JSON", body = ApiProblem, content_type = "application/problem+json"),
    (status = 422, description = "Refused, with a reason at each member", body = ApiProblem, content_type = "application/problem+json"),
))]
async fn step(ctx: ApiCtx, Path(raw): Path<String>, ApiJson(input): ApiJson<StepInput>) -> Result<Response, Problem> {
    let id = id(&raw)?;
    let input = StepInput {
        version: ctx.need_version()?.to_string(),
        ..input
    };
    let id = crate::step(ctx.house(), &ctx.asking(), id, &input).await.or_repeat()?;
    shown(&ctx, id).await
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct GapsAsked {
    /// "relations" (the usual) or "districts".
    view: Option<String>,
    /// Whose relations: "city" (the usual), "districts", "all".
    level: Option<String>,
    /// Only what is on record or planned in this year; all years if not said.
    #[param(minimum = 1900, maximum = 2200)]
    year: Option<i64>,
    /// What is planned under another line leaves the cell open.
    #[param(format = "uuid")]
    policy: Option<String>,
    /// At most so many, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}
/// An empty cell, with the reasons for its place in the list.
#[derive(Serialize, ToSchema)]
struct GapDetail {
    /// From 1.
    rank: usize,
    #[schema(format = "uuid")]
    relation: Option<String>,
    #[schema(format = "uuid")]
    district: Option<String>,
    /// The partner's name, or the district's.
    #[schema(value_type = Object)]
    name: serde_json::Value,
    field: String,
    points: i64,
    reasons: Vec<GapReason>,
    /// "no-partner-institution", "no-own-institution"
    cautions: Vec<String>,
}
#[derive(Serialize, ToSchema)]
struct GapReason {
    points: i64,
    /// Its kind as "reason", and the numbers it rests on.
    #[schema(value_type = Object)]
    because: serde_json::Value,
}
#[derive(Serialize, ToSchema)]
struct GapList {
    items: Vec<GapDetail>,
    /// How many empty cells there are in all.
    total: usize,
    /// Points per reason.
    #[schema(value_type = Object)]
    weights: serde_json::Value,
}
fn gap(rank: usize, g: &Gap, name: Option<&Text>) -> GapDetail {
    let (relation, district) = match g.place {
        Place::Relation(r) => (Some(r.to_string()), None),
        Place::District(d) => (None, Some(d.to_string())),
    };
    let caution = |c| serde_json::to_value(c).ok().and_then(|v| v.as_str().map(str::to_owned));
    GapDetail {
        rank,
        relation,
        district,
        name: name.map(text).unwrap_or_else(|| serde_json::json!({})),
        field: g.field.code().into(),
        points: g.points,
        reasons: g
            .reasons
            .iter()
            .map(|(r, points)| GapReason {
                points: *points,
                because: serde_json::to_value(r).unwrap_or_default(),
            })
            .collect(),
        cautions: g.cautions.iter().filter_map(caution).collect(),
    }
}
/// Gaps of relation x field or district x field, the first to fill first
#[utoipa::path(get, path = "/api/v1/gaps", tag = "plan", params(GapsAsked), responses(
    (status = 200, body = GapList),
    (status = 400, description = "A parameter could not be read", body = ApiProblem, content_type = "application/problem+json"),
    (status = 401, description = "The token does not hold", body = ApiProblem, content_type = "application/problem+json"),
    (status = 422, description = "A word or id is not one of ours", body = ApiProblem, content_type = "application/problem+json"),
))]
async fn gaps(ctx: ApiCtx, Query(asked): Query<GapsAsked>) -> Result<Json<GapList>, Problem> {
    let mut check = Check::new();
    let unknown = |name: &'static str| basis::Refusal::at(name, "refusal-not-in-list");
    let view = match said(&asked.view) {
        "" | "relations" => View::Relations,
        "districts" => View::Districts,
        _ => {
            check.refuse(unknown("view"));
            View::default()
        }
    };
    let level = match said(&asked.level) {
        "" | "city" => Scope::City,
        "districts" => Scope::Districts,
        "all" => Scope::All,
        _ => {
            check.refuse(unknown("level"));
            Scope::default()
        }
    };
    if asked.year.is_some_and(|y| !(1900..=2200).contains(&y)) {
        check.refuse(
            basis::Refusal::at("year", "refusal-out-of-range")
                .with("min", 1900_i64)
                .with("max", 2200_i64),
        );
    }
    let policy = check.id_opt("policy", said(&asked.policy));
    check.done(())?;
    let ask = Ask {
        view,
        level,
        year: asked.year,
        policy,
    };
    let found = find(&ctx.house().db, &ctx.viewer, &ask, i64::from(ctx.today().year())).await?;
    let names: std::collections::HashMap<Place, &Text> = found.rows.iter().map(|r| (r.place, &r.name)).collect();
    let limit = page_request(&::pages::Listing {
        after: None,
        limit: asked.limit,
    })
    .limit as usize;
    let items = found
        .gaps
        .iter()
        .take(limit)
        .enumerate()
        .map(|(i, g)| gap(i + 1, g, names.get(&g.place).copied()))
        .collect();
    Ok(Json(GapList {
        items,
        total: found.gaps.len(),
        weights: serde_json::to_value(found.weights).unwrap_or_default(),
    }))
}

/// A policy line, quoted.
#[derive(Serialize, ToSchema)]
struct PolicyLineDetail {
    #[schema(format = "uuid")]
    id: String,
    code: String,
    #[schema(value_type = Object)]
    title: serde_json::Value,
    #[schema(value_type = Object)]
    text: serde_json::Value,
    source: String,
    #[schema(format = "date")]
    starts: String,
    #[schema(format = "date")]
    until: Option<String>,
    illustrative: bool,
    version: i64,
}
impl From<&PolicyLine> for PolicyLineDetail {
    fn from(l: &PolicyLine) -> Self {
        PolicyLineDetail {
            id: l.id.to_string(),
            code: l.code.clone(),
            title: text(&l.title),
            text: text(&l.text),
            source: l.source.clone(),
            starts: l.starts.to_string(),
            until: l.until.map(|d| d.to_string()),
            illustrative: l.illustrative,
            version: l.version,
        }
    }
}
#[derive(Serialize, ToSchema)]
struct PolicyLineList {
    items: Vec<PolicyLineDetail>,
}
/// All policy lines, by code
#[utoipa::path(get, path = "/api/v1/policy-lines", tag = "plan", responses(
    (status = 200, body = PolicyLineList),
    (status = 401, description = "The token does not hold", body = ApiProblem, content_type = "application/problem+json"),
    (status = 422, description = "A header could not be read", body = ApiProblem, content_type = "application/problem+json"),
))]
async fn lines(ctx: ApiCtx) -> Result<Json<PolicyLineList>, Problem> {
    let lines = crate::policy_lines(&ctx.house().db).await?;
    Ok(Json(PolicyLineList {
        items: lines.iter().map(PolicyLineDetail::from).collect(),
    }))
}
