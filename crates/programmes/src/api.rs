//! Programmes for machines: the same story, the same viewer.

use axum::{
    Json,
    extract::{Path, Query},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use basis::{Code, Field, PlanItemId};
use pages::{ApiCtx, ApiProblem, App, Problem, page_request};
use planning::PlanStatus;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::gather;

pub(crate) fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one))
}

/// A programme in a list. Texts are given in every language they exist in, by BCP 47 tag.
#[derive(Serialize, ToSchema)]
struct ProgrammeSummary {
    #[schema(format = "uuid")]
    id: String,
    #[schema(value_type = Object)]
    title: serde_json::Value,
    field: String,
    year: i64,
    status: String,
    #[schema(format = "uuid")]
    relation: Option<String>,
    #[schema(format = "uuid")]
    district: Option<String>,
    /// Made up for a demonstration; nothing of it may be quoted.
    illustrative: bool,
}
#[derive(Serialize, ToSchema)]
struct ProgrammeList {
    items: Vec<ProgrammeSummary>,
    /// Give it as `after` for what follows; absent at the end.
    next: Option<String>,
}
/// A programme's whole story, stage by stage, as everybody may read it.
#[derive(Serialize, ToSchema)]
struct ProgrammeDetail {
    #[schema(format = "uuid")]
    id: String,
    #[schema(value_type = Object)]
    story: serde_json::Value,
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
    /// Only this field, by its code.
    field: Option<String>,
    /// Only this status, by its code.
    status: Option<String>,
}

/// Programmes, newest year first
#[utoipa::path(get, path = "/api/v1/programmes", tag = "programmes", params(Asked), responses(
    (status = 200, body = ProgrammeList),
    (status = 400, description = "A parameter could not be read", body = ApiProblem, content_type = "application/problem+json"),
    (status = 401, description = "The token does not hold", body = ApiProblem, content_type = "application/problem+json"),
    (status = 422, description = "A cursor or code is not one of ours", body = ApiProblem, content_type = "application/problem+json"),
))]
async fn list(ctx: ApiCtx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let mut check = basis::Check::new();
    let field = asked
        .field
        .as_deref()
        .filter(|f| !f.is_empty())
        .and_then(|f| check.one_of::<Field>("field", f));
    let status = asked
        .status
        .as_deref()
        .filter(|f| !f.is_empty())
        .and_then(|f| check.one_of::<PlanStatus>("status", f));
    check.done(())?;
    let request = page_request(&pages::Listing {
        after: asked.after,
        limit: asked.limit,
    });
    let filter = planning::Filter {
        field,
        status,
        after: request.after,
        limit: Some(request.limit),
        ..Default::default()
    };
    let page = planning::list(&ctx.house().db, &filter).await?;
    // A tie that is not signed yet is named to who may see it.
    let under: Vec<_> = page.items.iter().filter_map(|i| i.relation).collect();
    let seen = relations::cards_for(&ctx.house().db, &ctx.viewer, &under).await?;
    let items = page
        .items
        .into_iter()
        .map(|i| ProgrammeSummary {
            id: i.id.to_string(),
            title: serde_json::to_value(&i.title).unwrap_or_default(),
            field: i.field.code().into(),
            year: i.year,
            status: i.status.code().into(),
            relation: i.relation.filter(|r| seen.contains_key(r)).map(|r| r.to_string()),
            district: i.district.map(|r| r.to_string()),
            illustrative: i.illustrative,
        })
        .collect();
    Ok(Json(ProgrammeList {
        items,
        next: page.next.map(|c| c.0),
    })
    .into_response())
}

/// One programme with its story
#[utoipa::path(get, path = "/api/v1/programmes/{id}", tag = "programmes", params(("id" = String, Path, format = "uuid")), responses(
    (status = 200, body = ProgrammeDetail, headers(("etag" = String, description = "Changes when the story changes"))),
    (status = 400, description = "Not an id", body = ApiProblem, content_type = "application/problem+json"),
    (status = 401, description = "The token does not hold", body = ApiProblem, content_type = "application/problem+json"),
    (status = 404, description = "No such programme", body = ApiProblem, content_type = "application/problem+json"),
    (status = 422, description = "A header could not be read", body = ApiProblem, content_type = "application/problem+json"),
))]
async fn one(ctx: ApiCtx, Path(id): Path<PlanItemId>) -> Result<Response, Problem> {
    let story = gather::story(ctx.house(), id).await?;
    let story = serde_json::to_value(&story).map_err(basis::Fail::fault)?;
    let tag = format!("\"{}\"", hex(&Sha256::digest(story.to_string().as_bytes())[..12]));
    let mut r = Json(ProgrammeDetail {
        id: id.to_string(),
        story,
    })
    .into_response();
    if let Ok(v) = HeaderValue::from_str(&tag) {
        r.headers_mut().insert(header::ETAG, v);
    }
    Ok(r)
}
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
