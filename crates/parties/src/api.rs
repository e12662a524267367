//! Organisations for machines: the same rules, the same viewer.

use ::pages::{ApiCtx, ApiJson, ApiProblem, App, Problem, Versioned, page_request};
use ::store::OrRepeat as _;
use axum::{
    Json,
    extract::{Path, Query},
    http::StatusCode,
};
use basis::{BodyId, Check, Code, Fail, Field};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Filter, Organisation, PromiseRecord, Standing, edit, register, store as sql};

pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(one, change))
}

/// How promises were kept: counted, never scored. An executor's milestones accepted by their day count as kept.
#[derive(Serialize, ToSchema)]
struct PromiseCounts {
    kept: i64,
    late: i64,
    broken: i64,
    /// Not due or not settled yet.
    open: i64,
}
impl From<PromiseRecord> for PromiseCounts {
    fn from(r: PromiseRecord) -> Self {
        PromiseCounts {
            kept: r.kept,
            late: r.late,
            broken: r.broken,
            open: r.open,
        }
    }
}
/// An organisation as everybody may read it. Texts are given in every language they exist in, by BCP 47 tag.
#[derive(Serialize, ToSchema)]
struct OrganisationDetail {
    #[schema(format = "uuid")]
    id: String,
    reference: String,
    #[schema(value_type = Object)]
    name: serde_json::Value,
    legal_form: String,
    /// ISO 3166-1 alpha-2.
    country: String,
    registration_no: Option<String>,
    website: Option<String>,
    #[schema(value_type = Option<Object>)]
    about: Option<serde_json::Value>,
    fields: Vec<String>,
    /// What it can do, in its own words.
    capabilities: Vec<String>,
    #[schema(format = "uuid")]
    government: Option<String>,
    #[schema(format = "uuid")]
    district: Option<String>,
    /// "unverified", "pending", "verified", "refused"; what was verified and ran out is "unverified".
    standing: String,
    #[schema(format = "date")]
    verified_until: Option<String>,
    promises: PromiseCounts,
    /// Made up for a demonstration; nothing of it may be quoted.
    illustrative: bool,
    version: i64,
}
impl OrganisationDetail {
    fn of(o: Organisation, promises: PromiseRecord, today: basis::Day) -> Self {
        let text = |t: &basis::Text| serde_json::to_value(t).unwrap_or_default();
        let standing = o.standing_on(today);
        OrganisationDetail {
            id: o.id.to_string(),
            reference: o.reference,
            name: text(&o.name),
            legal_form: o.legal_form.code().into(),
            country: o.country,
            registration_no: o.registration_no,
            website: o.website,
            about: o.about.as_ref().map(text),
            fields: o.fields.iter().map(|f| f.code().to_owned()).collect(),
            capabilities: o.capabilities,
            government: o.government.map(|g| g.to_string()),
            district: o.district.map(|g| g.to_string()),
            standing: standing.code().into(),
            verified_until: o.verified_until.map(|d| d.to_string()),
            promises: promises.into(),
            illustrative: o.illustrative,
            version: o.version,
        }
    }
}
#[derive(Serialize, ToSchema)]
struct OrganisationList {
    items: Vec<OrganisationDetail>,
    /// Give it as `after` for what follows; absent at the end.
    next: Option<String>,
}
/// What was registered.
#[derive(Serialize, ToSchema)]
struct OrganisationRegistered {
    #[schema(format = "uuid")]
    id: String,
}
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Goes on after this cursor, as given in `next` of the answer before.
    #[param(max_length = 500)]
    after: Option<String>,
    /// At most so many, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Words of its name, of what it can do, or its reference.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Only this field, by its code.
    field: Option<String>,
    /// "verified" or "unverified"
    standing: Option<String>,
    /// ISO 3166-1 alpha-2.
    country: Option<String>,
    /// Only this district, by its id.
    district: Option<String>,
}
fn filter(asked: &Asked, today: basis::Day) -> Result<Filter, Fail> {
    let said = |s: &Option<String>| s.as_deref().map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned);
    let mut c = Check::new();
    let filter = Filter {
        today,
        text: c.line_opt("q", asked.q.as_deref().unwrap_or(""), 200),
        field: said(&asked.field).and_then(|f| c.one_of::<Field>("field", &f)),
        standing: said(&asked.standing).and_then(|s| c.one_of::<Standing>("standing", &s)),
        country: c
            .line_opt("country", asked.country.as_deref().unwrap_or(""), 2)
            .map(|c| c.to_ascii_uppercase()),
        district: c.id_opt("district", asked.district.as_deref().unwrap_or("")),
    };
    Ok(c.done(filter)?)
}

/// Organisations, verified ones first
#[utoipa::path(get, path = "/api/v1/organisations", tag = "organisations", params(Asked), responses(
    (status = 200, body = OrganisationList),
    (status = 400, description = "A parameter could not be read", body = ApiProblem, content_type = "application/problem+json"),
    (status = 401, description = "The token does not hold", body = ApiProblem, content_type = "application/problem+json"),
    (status = 422, description = "A cursor or code is not one of ours", body = ApiProblem, content_type = "application/problem+json"),
))]
async fn list(ctx: ApiCtx, Query(asked): Query<Asked>) -> Result<Json<OrganisationList>, Problem> {
    let filter = filter(&asked, ctx.today())?;
    let request = page_request(&::pages::Listing {
        after: asked.after,
        limit: asked.limit,
    });
    let db = &ctx.house().db;
    let page = sql::organisations(db, &filter, request).await?;
    let ids: Vec<BodyId> = page.items.iter().map(|o| o.id).collect();
    let mut records = sql::promises(db, &ids).await?;
    let items = page.items.into_iter().map(|o| {
        let record = records.remove(&o.id).unwrap_or_default();
        OrganisationDetail::of(o, record, ctx.today())
    });
    Ok(Json(OrganisationList {
        items: items.collect(),
        next: page.next.map(|c| c.0),
    }))
}

/// The organisation as far as this caller may know that it is there.
async fn known(ctx: &ApiCtx, raw: &str) -> Result<Organisation, Problem> {
    let id: BodyId = raw.parse().map_err(|_| Problem(Fail::NotFound))?;
    let found = sql::organisation(&ctx.house().db, id).await?;
    let seen = found.filter(|o| o.is_open() || ctx.may("organisation.inside.read", &o.thing()));
    Ok(seen.ok_or(Fail::NotFound)?)
}
async fn detail(ctx: &ApiCtx, o: Organisation) -> Result<Versioned<OrganisationDetail>, Problem> {
    let record = sql::promises(&ctx.house().db, &[o.id])
        .await?
        .remove(&o.id)
        .unwrap_or_default();
    Ok(Versioned(o.version, OrganisationDetail::of(o, record, ctx.today())))
}
/// One organisation
#[utoipa::path(get, path = "/api/v1/organisations/{id}", tag = "organisations", params(("id" = String, Path, format = "uuid")), responses(
    (status = 200, body = OrganisationDetail, headers(("etag" = String, description = "The version, for If-Match"))),
    (status = 401, description = "The token does not hold", body = ApiProblem, content_type = "application/problem+json"),
    (status = 404, description = "No such organisation", body = ApiProblem, content_type = "application/problem+json"),
    (status = 422, description = "A header could not be read", body = ApiProblem, content_type = "application/problem+json"),
))]
async fn one(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Versioned<OrganisationDetail>, Problem> {
    let o = known(&ctx, &raw).await?;
    detail(&ctx, o).await
}

/// Register an organisation; the office then checks it (the letter as a file goes through the page)
#[utoipa::path(post, path = "/api/v1/organisations", tag = "organisations", security(("token" = [])), request_body = register::Input,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 201, body = OrganisationRegistered),
        (status = 400, description = "Not JSON", body = ApiProblem, content_type = "application/problem+json"),
        (status = 401, description = "Needs a token", body = ApiProblem, content_type = "application/problem+json"),
        (status = 403, description = "A rule says no; it is named", body = ApiProblem, content_type = "application/problem+json"),
        (status = 409, description = "The key was used for something else", body = ApiProblem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ApiProblem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = ApiProblem, content_type = "application/problem+json"),
        (status = 422, description = "Refused, with a reason at each member", body = ApiProblem, content_type = "application/problem+json"),
    ))]
async fn add(
    ctx: ApiCtx,
    ApiJson(input): ApiJson<register::Input>,
) -> Result<(StatusCode, Json<OrganisationRegistered>), Problem> {
    let id = register::register(ctx.house(), &ctx.asking(), &input, None)
        .await
        .or_repeat()?;
    Ok((StatusCode::CREATED, Json(OrganisationRegistered { id: id.to_string() })))
}

/// What is to change; a member that is left out stays as it is, an empty one is emptied.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct OrganisationPatch {
    name_zh: Option<String>,
    name_en: Option<String>,
    legal_form: Option<String>,
    country: Option<String>,
    registration_no: Option<String>,
    website: Option<String>,
    about_zh: Option<String>,
    about_en: Option<String>,
    fields: Option<Vec<String>>,
    /// A line each.
    capabilities: Option<String>,
    government: Option<String>,
    district: Option<String>,
}
impl OrganisationPatch {
    fn onto(self, now: edit::Input) -> edit::Input {
        edit::Input {
            name_zh: self.name_zh.unwrap_or(now.name_zh),
            name_en: self.name_en.unwrap_or(now.name_en),
            legal_form: self.legal_form.unwrap_or(now.legal_form),
            country: self.country.unwrap_or(now.country),
            registration_no: self.registration_no.unwrap_or(now.registration_no),
            website: self.website.unwrap_or(now.website),
            about_zh: self.about_zh.unwrap_or(now.about_zh),
            about_en: self.about_en.unwrap_or(now.about_en),
            fields: self.fields.unwrap_or(now.fields),
            capabilities: self.capabilities.unwrap_or(now.capabilities),
            government: self.government.unwrap_or(now.government),
            district: self.district.unwrap_or(now.district),
            version: now.version,
        }
    }
}
/// Change what an organisation says of itself
#[utoipa::path(patch, path = "/api/v1/organisations/{id}", tag = "organisations", security(("token" = [])), request_body = OrganisationPatch,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 200, body = OrganisationDetail, headers(("etag" = String, description = "The new version"))),
        (status = 400, description = "Not JSON", body = ApiProblem, content_type = "application/problem+json"),
        (status = 401, description = "Needs a token", body = ApiProblem, content_type = "application/problem+json"),
        (status = 403, description = "A rule says no; it is named", body = ApiProblem, content_type = "application/problem+json"),
        (status = 404, description = "No such organisation", body = ApiProblem, content_type = "application/problem+json"),
        (status = 409, description = "Changed meanwhile", body = ApiProblem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ApiProblem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = ApiProblem, content_type = "application/problem+json"),
        (status = 422, description = "Refused, with a reason at each member", body = ApiProblem, content_type = "application/problem+json"),
    ))]
async fn change(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(patch): ApiJson<OrganisationPatch>,
) -> Result<Versioned<OrganisationDetail>, Problem> {
    let o = known(&ctx, &raw).await?;
    let mut input = patch.onto(edit::Input::shown_to(&ctx.viewer, &o));
    input.version = ctx.need_version()?.to_string();
    let asking = ctx.asking();
    let id = edit::edit(ctx.house(), &asking, o.id, &input).await.or_repeat()?;
    let next = sql::organisation(&ctx.house().db, id).await?.ok_or(Fail::NotFound)?;
    detail(&ctx, next).await
}
