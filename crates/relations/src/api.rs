//! The register for machines: the same use cases, the same policies, the same sight.

use std::collections::BTreeMap;

use ::pages::{ApiCtx, ApiJson, ApiProblem, App, Problem, Versioned, etag, page_request};
use ::store::OrRepeat;
use axum::{
    Json,
    extract::{Path, Query},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use basis::{Check, Code, Fail, GovernmentId, Id, Refusal, RelationId, Text};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder, response},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    FactRow, Filter, GovCard, LinkCard, RelationCard, RelationView, add_agreement, add_fact, add_link, add_note, edit,
    enter, look, may_see_inside, relation_view, step, store as sql,
};

pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(one, amend))
        .routes(routes!(take_step))
        .routes(routes!(fact_list, record_fact))
        .routes(routes!(link_list, record_link))
        .routes(routes!(agreement_list, record_agreement))
        .routes(routes!(note_list, write_note))
        .routes(routes!(own_side))
}

fn failures(all: &[(u16, &str)]) -> BTreeMap<String, RefOr<response::Response>> {
    let one = |(status, why): &(u16, &str)| {
        let body = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name("ApiProblem")))
            .build();
        let response = ResponseBuilder::new()
            .description(*why)
            .content("application/problem+json", body)
            .build();
        (status.to_string(), RefOr::T(response))
    };
    all.iter().map(one).collect()
}
/// What reading may be answered with besides.
struct ReadFailures;
impl IntoResponses for ReadFailures {
    fn responses() -> BTreeMap<String, RefOr<response::Response>> {
        failures(&[
            (400, "A parameter could not be read"),
            (401, "The token does not hold"),
            (403, "A rule says no; it is named"),
            (404, "Not there, or not open to you"),
            (422, "A cursor, code, id or header is not one of ours"),
            (429, "Too many tries"),
        ])
    }
}
/// What changing may be answered with besides.
struct ChangeFailures;
impl IntoResponses for ChangeFailures {
    fn responses() -> BTreeMap<String, RefOr<response::Response>> {
        failures(&[
            (400, "Not JSON"),
            (401, "Needs a token"),
            (403, "A rule says no; it is named"),
            (404, "Not there, or not open to you"),
            (409, "Changed meanwhile, or the key was used for something else"),
            (413, "Too large"),
            (415, "Not JSON"),
            (422, "Refused, with a reason at each member"),
            (429, "Too many tries"),
        ])
    }
}

/// A text by language tag.
fn text(t: &Text) -> serde_json::Value {
    t.langs()
        .filter_map(|l| Some((l.to_string(), t.get(l.as_str())?.into())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
/// A local government. Names are given in every language they are known in, by BCP 47 tag.
#[derive(Serialize, ToSchema)]
struct GovernmentDetail {
    #[schema(format = "uuid")]
    id: String,
    #[schema(value_type = Object)]
    name: serde_json::Value,
    /// municipality, district, county, autonomous-county, city, province, prefecture, state, region, department, oblast, republic
    level: String,
    /// ISO 3166-1 alpha-2
    country: String,
    /// On our own side.
    own: bool,
    /// One of our districts or counties.
    district: bool,
    /// WGS 84 degrees.
    lat: Option<f64>,
    lon: Option<f64>,
}
impl From<&GovCard> for GovernmentDetail {
    fn from(g: &GovCard) -> Self {
        GovernmentDetail {
            id: g.id.to_string(),
            name: text(&g.name),
            level: g.level.code().into(),
            country: g.country.clone(),
            own: g.own,
            district: g.district,
            lat: g.point.map(|p| p.lat),
            lon: g.point.map(|p| p.lon),
        }
    }
}
/// A relation as a row of the register.
#[derive(Serialize, ToSchema)]
struct RelationItem {
    #[schema(format = "uuid")]
    id: String,
    reference: String,
    own: GovernmentDetail,
    partner: GovernmentDetail,
    /// sister, friendly-exchange, friendly-cooperation, unclear
    kind: String,
    /// lead, contact, intent-signed, friendly-exchange, application, approved, signed, filed, listed, active, quiet, suspended, ended, succeeded
    status: String,
    /// As exactly as it is known: "2004-07-22", "1982-12", "1983".
    signed: Option<String>,
    /// Sources contradict each other; see its facts.
    disputed: bool,
    /// high, medium, low
    confidence: String,
    source: String,
    /// Made up for a demonstration; nothing of it may be quoted.
    illustrative: bool,
}
impl From<&RelationCard> for RelationItem {
    fn from(c: &RelationCard) -> Self {
        RelationItem {
            id: c.id.to_string(),
            reference: c.reference.clone(),
            own: (&c.own).into(),
            partner: (&c.partner).into(),
            kind: c.kind.code().into(),
            status: c.status.code().into(),
            signed: c.signed.map(|s| s.text()),
            disputed: c.disputed,
            confidence: c.confidence.code().into(),
            source: c.source.clone(),
            illustrative: c.illustrative,
        }
    }
}
#[derive(Serialize, ToSchema)]
struct RelationList {
    items: Vec<RelationItem>,
    /// Goes on with `after`; null at the end.
    next: Option<String>,
    /// How many there are with these filters.
    total: usize,
}
/// One relation.
#[derive(Serialize, ToSchema)]
struct RelationDetail {
    #[serde(flatten)]
    item: RelationItem,
    #[schema(format = "date")]
    since: Option<String>,
    #[schema(format = "date")]
    filed_on: Option<String>,
    /// us, them, third
    claimant: String,
    #[schema(value_type = Option<Object>)]
    note: Option<serde_json::Value>,
    successor: Option<GovernmentDetail>,
    version: i64,
}
fn detail(v: &RelationView) -> RelationDetail {
    RelationDetail {
        item: RelationItem::from(&v.card()),
        since: v.relation.since.map(|d| d.to_string()),
        filed_on: v.relation.filed_on.map(|d| d.to_string()),
        claimant: v.relation.claimant.code().into(),
        note: v.relation.note.as_ref().map(text),
        successor: v.successor.as_ref().map(|g| (&g.card).into()),
        version: v.relation.version,
    }
}
#[derive(Serialize, ToSchema)]
struct RelationMade {
    #[schema(format = "uuid")]
    id: String,
}
/// One claim about a relation or its partner.
#[derive(Serialize, ToSchema)]
struct FactItem {
    #[schema(format = "uuid")]
    id: String,
    /// relation, government
    object: String,
    about: String,
    value: String,
    /// Empty where only officers of both sides see it.
    source: String,
    claimant: String,
    confidence: String,
    #[schema(format = "date")]
    as_of: Option<String>,
    note: Option<String>,
    /// Another claim about the same says otherwise.
    disputed: bool,
}
fn fact(f: &FactRow, disputed: bool) -> FactItem {
    FactItem {
        id: f.id.to_string(),
        object: f.object_kind.clone(),
        about: f.field.code().into(),
        value: f.value.clone(),
        source: f.source.clone(),
        claimant: f.claimant.code().into(),
        confidence: f.confidence.code().into(),
        as_of: f.as_of.map(|d| d.to_string()),
        note: f.note.clone(),
        disputed,
    }
}
/// Two institutions that work together.
#[derive(Serialize, ToSchema)]
struct LinkItem {
    #[schema(format = "uuid")]
    id: String,
    field: String,
    #[schema(value_type = Object)]
    own: serde_json::Value,
    #[schema(value_type = Object)]
    partner: serde_json::Value,
    #[schema(value_type = Object)]
    what: serde_json::Value,
    since: Option<String>,
    source: String,
    illustrative: bool,
}
impl From<&LinkCard> for LinkItem {
    fn from(l: &LinkCard) -> Self {
        LinkItem {
            id: l.id.to_string(),
            field: l.field.code().into(),
            own: text(&l.own_name),
            partner: text(&l.partner_name),
            what: text(&l.what),
            since: l.since.clone(),
            source: l.source.clone(),
            illustrative: l.illustrative,
        }
    }
}
#[derive(Serialize, ToSchema)]
struct AgreementItem {
    #[schema(format = "uuid")]
    id: String,
    #[schema(value_type = Object)]
    title: serde_json::Value,
    signed: Option<String>,
    occasion: Option<String>,
    source: String,
    illustrative: bool,
}
/// What an officer of one side wrote to the other's.
#[derive(Serialize, ToSchema)]
struct NoteItem {
    #[schema(format = "uuid")]
    id: String,
    /// us, them
    side: String,
    words: String,
    #[schema(format = "date-time")]
    at: String,
    #[schema(format = "uuid")]
    answers: Option<String>,
    /// The field it is about; null for the two offices alone.
    field: Option<String>,
}

/// How the register is asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct RegisterAsked {
    /// Words, each of which must be in a name, a country or the reference.
    #[param(max_length = 200)]
    q: Option<String>,
    /// sister, friendly-exchange, friendly-cooperation, unclear
    kind: Option<String>,
    status: Option<String>,
    /// ISO 3166-1 alpha-2
    country: Option<String>,
    level: Option<String>,
    /// Our side: the city's id or a district's.
    #[param(format = "uuid")]
    own: Option<String>,
    /// signed (the usual), newest, name
    order: Option<String>,
    /// Goes on after this cursor, as given in `next` of the answer before.
    #[param(max_length = 500)]
    after: Option<String>,
    /// At most so many, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}
fn id<T>(raw: &str) -> Result<Id<T>, Problem> {
    raw.parse().map_err(|_| Problem(Fail::NotFound))
}
fn listed<T: Code>(c: &mut Check, name: &'static str, raw: &Option<String>) -> Option<T> {
    raw.as_deref()
        .filter(|r| !r.trim().is_empty())
        .and_then(|r| c.one_of(name, r))
}
fn filter(asked: &RegisterAsked) -> Result<Filter, Vec<Refusal>> {
    let mut c = Check::new();
    let own: Option<GovernmentId> = c.id_opt("own", asked.own.as_deref().unwrap_or(""));
    let country = asked.country.clone().filter(|k| !k.is_empty());
    c.ensure(country.as_deref().is_none_or(crate::government::is_country), || {
        Refusal::at("country", "refusal-country")
    });
    let after = asked.after.as_deref().filter(|a| !a.is_empty());
    c.ensure(after.is_none_or(|a| a.parse::<RelationId>().is_ok()), || {
        Refusal::at("after", "refusal-not-in-list")
    });
    let f = Filter {
        q: asked.q.clone().unwrap_or_default(),
        kind: listed(&mut c, "kind", &asked.kind).into_iter().collect(),
        status: listed(&mut c, "status", &asked.status).into_iter().collect(),
        level: listed(&mut c, "level", &asked.level).into_iter().collect(),
        order: listed(&mut c, "order", &asked.order),
        country: country.into_iter().collect(),
        own: own.into_iter().collect(),
        disputed: false,
    };
    c.done(f)
}

/// The register of relations
#[utoipa::path(get, path = "/api/v1/relations", tag = "relations", params(RegisterAsked, ("If-None-Match" = Option<String>, Header)), responses(
    (status = 200, body = RelationList, headers(("etag" = String, description = "For If-None-Match"))),
    (status = 304, description = "As you have it"),
    ReadFailures,
))]
async fn list(ctx: ApiCtx, headers: HeaderMap, Query(asked): Query<RegisterAsked>) -> Result<Response, Problem> {
    let filter = filter(&asked)?;
    let page = page_request(&::pages::Listing {
        after: asked.after,
        limit: asked.limit,
    });
    let (page, facets) = look(&ctx.house().db, &ctx.viewer, &filter, page).await?;
    let body = RelationList {
        items: page.items.iter().map(RelationItem::from).collect(),
        next: page.next.map(|c| c.0),
        total: facets.total,
    };
    let bytes = serde_json::to_vec(&body).map_err(Fail::fault)?;
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&bytes)[..12]));
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|t| t.as_bytes() == tag.as_bytes())
    {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    Ok((
        [(header::ETAG, tag), (header::CONTENT_TYPE, "application/json".into())],
        bytes,
    )
        .into_response())
}
/// Enter a relation
#[utoipa::path(post, path = "/api/v1/relations", tag = "relations", security(("token" = [])), request_body = enter::Input,
    params(("Idempotency-Key" = Option<String>, Header)), responses(
    (status = 201, body = RelationMade, headers(("location" = String, description = "The relation"))),
    ChangeFailures,
))]
async fn add(ctx: ApiCtx, ApiJson(input): ApiJson<enter::Input>) -> Result<Response, Problem> {
    let id = enter::enter(ctx.house(), &ctx.asking(), &input).await.or_repeat()?;
    Ok(made(&format!("/api/v1/relations/{id}"), id.to_string()))
}
fn made(location: &str, id: String) -> Response {
    (
        StatusCode::CREATED,
        [(header::LOCATION, location.to_owned())],
        Json(RelationMade { id }),
    )
        .into_response()
}
async fn seen(ctx: &ApiCtx, raw: &str) -> Result<RelationView, Problem> {
    Ok(relation_view(ctx.house(), &ctx.viewer, id(raw)?).await?)
}
async fn shown(ctx: &ApiCtx, id: RelationId) -> Result<Response, Problem> {
    let v = relation_view(ctx.house(), &ctx.viewer, id).await?;
    Ok(([(header::ETAG, etag(v.relation.version))], Json(detail(&v))).into_response())
}
/// One relation
#[utoipa::path(get, path = "/api/v1/relations/{id}", tag = "relations", params(("id" = String, Path, format = "uuid")), responses(
    (status = 200, body = RelationDetail, headers(("etag" = String, description = "The version, for If-Match"))),
    ReadFailures,
))]
async fn one(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Versioned<RelationDetail>, Problem> {
    let v = seen(&ctx, &raw).await?;
    Ok(Versioned(v.relation.version, detail(&v)))
}
/// Correct what the register says; members that are not handed in stay as they are (RFC 7396)
#[utoipa::path(patch, path = "/api/v1/relations/{id}", tag = "relations", security(("token" = [])), request_body = edit::Input,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)), responses(
    (status = 200, body = RelationDetail, headers(("etag" = String, description = "The new version"))),
    ChangeFailures,
))]
async fn amend(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(patch): ApiJson<serde_json::Map<String, serde_json::Value>>,
) -> Result<Response, Problem> {
    let version = ctx.need_version()?;
    let v = seen(&ctx, &raw).await?;
    let mut merged = serde_json::to_value(edit::Input::of(&v.relation)).map_err(Fail::fault)?;
    for (member, value) in patch {
        // Null takes a value away (RFC 7396 section 2).
        let value = if value.is_null() { "".into() } else { value };
        if !value.is_string() {
            return Err(Refusal::at(member, "refusal-json-type").into());
        }
        merged[member] = value;
    }
    let input: edit::Input = serde_json::from_value(merged).map_err(Fail::fault)?;
    let input = edit::Input {
        version: version.to_string(),
        ..input
    };
    let id = edit::edit(ctx.house(), &ctx.asking(), v.relation.id, &input)
        .await
        .or_repeat()?;
    shown(&ctx, id).await
}
/// Take the next step: signed, filed, quiet, ended, carried on by another
#[utoipa::path(post, path = "/api/v1/relations/{id}/steps", tag = "relations", security(("token" = [])), request_body = step::Input,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)), responses(
    (status = 200, body = RelationDetail, headers(("etag" = String, description = "The new version"))),
    ChangeFailures,
))]
async fn take_step(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<step::Input>,
) -> Result<Response, Problem> {
    let input = step::Input {
        version: ctx.need_version()?.to_string(),
        ..input
    };
    let id = step::step(ctx.house(), &ctx.asking(), id(&raw)?, &input)
        .await
        .or_repeat()?;
    shown(&ctx, id).await
}
/// What is said about a relation, and by whom
#[utoipa::path(get, path = "/api/v1/relations/{id}/facts", tag = "relations", params(("id" = String, Path, format = "uuid")), responses(
    (status = 200, body = Vec<FactItem>), ReadFailures,
))]
async fn fact_list(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Json<Vec<FactItem>>, Problem> {
    let v = seen(&ctx, &raw).await?;
    Ok(Json(
        v.claims
            .iter()
            .flat_map(|c| c.rows.iter().map(|f| fact(f, c.disputed)))
            .collect(),
    ))
}
/// Add a claim; a partner's officer speaks for their own side
#[utoipa::path(post, path = "/api/v1/relations/{id}/facts", tag = "relations", security(("token" = [])), request_body = add_fact::Input,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), responses(
    (status = 201, body = RelationMade), ChangeFailures,
))]
async fn record_fact(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<add_fact::Input>,
) -> Result<Response, Problem> {
    let relation: RelationId = id(&raw)?;
    let id = add_fact::add_fact(ctx.house(), &ctx.asking(), relation, &input)
        .await
        .or_repeat()?;
    Ok(made(&format!("/api/v1/relations/{relation}/facts"), id.to_string()))
}
/// Institutions that work together under a relation
#[utoipa::path(get, path = "/api/v1/relations/{id}/links", tag = "relations", params(("id" = String, Path, format = "uuid")), responses(
    (status = 200, body = Vec<LinkItem>), ReadFailures,
))]
async fn link_list(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Json<Vec<LinkItem>>, Problem> {
    let v = seen(&ctx, &raw).await?;
    Ok(Json(v.links.iter().map(LinkItem::from).collect()))
}
/// Record a pair of institutions
#[utoipa::path(post, path = "/api/v1/relations/{id}/links", tag = "relations", security(("token" = [])), request_body = add_link::Input,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), responses(
    (status = 201, body = RelationMade), ChangeFailures,
))]
async fn record_link(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<add_link::Input>,
) -> Result<Response, Problem> {
    let relation: RelationId = id(&raw)?;
    let id = add_link::add_link(ctx.house(), &ctx.asking(), relation, &input)
        .await
        .or_repeat()?;
    Ok(made(&format!("/api/v1/relations/{relation}/links"), id.to_string()))
}
/// Agreements under a relation
#[utoipa::path(get, path = "/api/v1/relations/{id}/agreements", tag = "relations", params(("id" = String, Path, format = "uuid")), responses(
    (status = 200, body = Vec<AgreementItem>), ReadFailures,
))]
async fn agreement_list(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Json<Vec<AgreementItem>>, Problem> {
    let v = seen(&ctx, &raw).await?;
    let item = |a: &crate::AgreementCard| AgreementItem {
        id: a.id.to_string(),
        title: text(&a.title),
        signed: a.signed.map(|s| s.text()),
        occasion: a.occasion.clone(),
        source: a.source.clone(),
        illustrative: a.illustrative,
    };
    Ok(Json(v.agreements.iter().map(item).collect()))
}
/// Record an agreement
#[utoipa::path(post, path = "/api/v1/relations/{id}/agreements", tag = "relations", security(("token" = [])), request_body = add_agreement::Input,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), responses(
    (status = 201, body = RelationMade), ChangeFailures,
))]
async fn record_agreement(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<add_agreement::Input>,
) -> Result<Response, Problem> {
    let relation: RelationId = id(&raw)?;
    let id = add_agreement::add_agreement(ctx.house(), &ctx.asking(), relation, &input)
        .await
        .or_repeat()?;
    Ok(made(
        &format!("/api/v1/relations/{relation}/agreements"),
        id.to_string(),
    ))
}
/// What officers of both sides wrote to each other
#[utoipa::path(get, path = "/api/v1/relations/{id}/notes", tag = "relations", security(("token" = [])), params(("id" = String, Path, format = "uuid")), responses(
    (status = 200, body = Vec<NoteItem>), ReadFailures,
))]
async fn note_list(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Json<Vec<NoteItem>>, Problem> {
    let v = seen(&ctx, &raw).await?;
    if !may_see_inside(ctx.house(), &ctx.viewer, &v.relation) {
        ctx.house()
            .gate
            .check(&ctx.viewer, "relation.inside.read", &v.relation.thing())?;
    }
    let item = |n: &crate::InsideNote| NoteItem {
        id: n.id.to_string(),
        side: n.side.code().into(),
        words: n.words.clone(),
        at: n.at.to_string(),
        answers: n.answers.map(|a| a.to_string()),
        field: n.field.map(|f| f.to_string()),
    };
    Ok(Json(v.inside.iter().flatten().map(item).collect()))
}
/// Write to the other side's officers
#[utoipa::path(post, path = "/api/v1/relations/{id}/notes", tag = "relations", security(("token" = [])), request_body = add_note::Input,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), responses(
    (status = 201, body = RelationMade), ChangeFailures,
))]
async fn write_note(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<add_note::Input>,
) -> Result<Response, Problem> {
    let relation: RelationId = id(&raw)?;
    let id = add_note::add_note(ctx.house(), &ctx.asking(), relation, &input)
        .await
        .or_repeat()?;
    Ok(made(&format!("/api/v1/relations/{relation}/notes"), id.to_string()))
}
/// Our own side: the city first, then its districts and counties
#[utoipa::path(get, path = "/api/v1/governments", tag = "relations", responses(
    (status = 200, body = Vec<GovernmentDetail>), ReadFailures,
))]
async fn own_side(ctx: ApiCtx) -> Result<Json<Vec<GovernmentDetail>>, Problem> {
    let own = sql::own_governments(&ctx.house().db).await?;
    Ok(Json(own.iter().map(|g| (&g.card).into()).collect()))
}

/// Keeps the schema that [`failures`] points at among those described.
#[allow(dead_code)]
fn described(p: ApiProblem) -> ApiProblem {
    p
}
