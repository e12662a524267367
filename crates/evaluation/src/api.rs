//! Evaluations for machines: the same use cases, the same policies, the same cuts by viewer.

use ::pages::{ApiCtx, ApiJson, ApiProblem, App, Problem, Versioned};
use ::store::OrRepeat;
use axum::{
    Json,
    extract::{Path, Query},
};
use basis::{Code, EvaluationId, Fail, Id, PlanItemId, Text, UndertakingId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{AimCard, AimInput, AppointInput, EvaluationCard, FindingCard, FindingInput, ReplyInput, SummaryInput};

pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(set_aim))
        .routes(routes!(drop_aim))
        .routes(routes!(appoint))
        .routes(routes!(declare))
        .routes(routes!(find))
        .routes(routes!(submit))
        .routes(routes!(publish))
        .routes(routes!(reply))
}
fn text(t: &Text) -> serde_json::Value {
    t.langs()
        .filter_map(|l| Some((l.to_string(), t.get(l.as_str())?.into())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
fn id<T>(raw: &str) -> Result<Id<T>, Problem> {
    raw.parse().map_err(|_| Problem(Fail::NotFound))
}
#[derive(Serialize, ToSchema)]
struct EvaluationSummary {
    #[schema(format = "uuid")]
    id: String,
    #[schema(format = "uuid")]
    undertaking: String,
    #[schema(format = "uuid")]
    programme: String,
    /// "appointed", "drafted", "published"
    status: String,
    #[schema(format = "date")]
    due: String,
    evaluators: usize,
    illustrative: bool,
    version: i64,
}
impl From<&EvaluationCard> for EvaluationSummary {
    fn from(e: &EvaluationCard) -> Self {
        EvaluationSummary {
            id: e.id.to_string(),
            undertaking: e.undertaking.to_string(),
            programme: e.plan_item.to_string(),
            status: e.status.code().into(),
            due: e.due.to_string(),
            evaluators: e.evaluators,
            illustrative: e.illustrative,
            version: e.version,
        }
    }
}
/// An aim with what was found; findings are null until the reader may see them.
#[derive(Serialize, ToSchema)]
struct AimWithFinding {
    #[schema(format = "uuid")]
    id: String,
    #[schema(value_type = Object)]
    text: serde_json::Value,
    #[schema(value_type = Object)]
    measure: serde_json::Value,
    #[schema(value_type = Object)]
    target: serde_json::Value,
    finding: Option<FindingDetail>,
}
#[derive(Serialize, ToSchema)]
struct FindingDetail {
    /// "met", "in-part", "not-met", "cannot-tell"
    state: String,
    #[schema(value_type = Object)]
    found: serde_json::Value,
    #[schema(value_type = Object)]
    note: Option<serde_json::Value>,
    source: Option<String>,
    version: i64,
}
#[derive(Serialize, ToSchema)]
struct EvaluationDetail {
    evaluation: EvaluationSummary,
    aims: Vec<AimWithFinding>,
    #[schema(value_type = Object)]
    summary: Option<serde_json::Value>,
    #[schema(value_type = Object)]
    reply: Option<serde_json::Value>,
}
#[derive(Serialize, ToSchema)]
struct EvaluationList {
    aims: Vec<AimWithFinding>,
    items: Vec<EvaluationSummary>,
}
/// What was made or changed.
#[derive(Serialize, ToSchema)]
struct Changed {
    #[schema(format = "uuid")]
    id: String,
}
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// The programme (plan item) whose aims and evaluations are wanted.
    #[param(format = "uuid")]
    programme: String,
}
fn aim(a: &AimCard, findings: &[FindingCard]) -> AimWithFinding {
    AimWithFinding {
        id: a.id.to_string(),
        text: text(&a.text),
        measure: text(&a.measure),
        target: text(&a.target),
        finding: findings.iter().find(|f| f.aim == a.id).map(|f| FindingDetail {
            state: f.state.code().into(),
            found: text(&f.found),
            note: f.note.as_ref().map(text),
            source: f.source.clone(),
            version: f.version,
        }),
    }
}

/// Aims and evaluations of a programme
#[utoipa::path(get, path = "/api/v1/evaluations", tag = "evaluations", params(Asked), responses(
    (status = 200, body = EvaluationList),
    (status = 400, description = "A parameter could not be read", body = ApiProblem, content_type = "application/problem+json"),
    (status = 401, description = "The token does not hold", body = ApiProblem, content_type = "application/problem+json"),
    (status = 422, description = "Not an id", body = ApiProblem, content_type = "application/problem+json"),
))]
async fn list(ctx: ApiCtx, Query(asked): Query<Asked>) -> Result<Json<EvaluationList>, Problem> {
    let mut check = basis::Check::new();
    let item: Option<PlanItemId> = check.id("programme", &asked.programme);
    check.done(())?;
    let items: Vec<PlanItemId> = item.into_iter().collect();
    let db = &ctx.house().db;
    let known = undertakings::of_plan_items(db, &ctx.viewer, &items).await?;
    let all = crate::of_plan_items(db, &ctx.viewer, &items, &known).await?;
    let aims = crate::aims(db, &items).await?;
    Ok(Json(EvaluationList {
        aims: aims.iter().map(|a| aim(a, &[])).collect(),
        items: all.iter().map(EvaluationSummary::from).collect(),
    }))
}
/// One evaluation
#[utoipa::path(get, path = "/api/v1/evaluations/{id}", tag = "evaluations", params(("id" = String, Path, format = "uuid")), responses(
    (status = 200, body = EvaluationDetail, headers(("etag" = String, description = "The version"))),
    (status = 401, description = "The token does not hold", body = ApiProblem, content_type = "application/problem+json"),
    (status = 404, description = "No such evaluation", body = ApiProblem, content_type = "application/problem+json"),
    (status = 422, description = "A header could not be read", body = ApiProblem, content_type = "application/problem+json"),
))]
async fn one(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Versioned<EvaluationDetail>, Problem> {
    let db = &ctx.house().db;
    let e = crate::evaluation(db, &ctx.viewer, id(&raw)?)
        .await?
        .ok_or(Fail::NotFound)?;
    let aims = crate::aims(db, &[e.plan_item]).await?;
    let findings = crate::findings(db, std::slice::from_ref(&e)).await?;
    let detail = EvaluationDetail {
        evaluation: EvaluationSummary::from(&e),
        aims: aims.iter().map(|a| aim(a, &findings)).collect(),
        summary: e.summary.as_ref().map(text),
        reply: e.reply.as_ref().map(text),
    };
    Ok(Versioned(e.version, detail))
}

/// A step's answers are the same everywhere; written once.
macro_rules! step {
    ($(#[$doc:meta])* $name:ident, $path:literal, $kind:ty, $body:ident : $body_type:ty, |$ctx:ident, $id:ident| $call:expr) => {
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "evaluations", security(("token" = [])), request_body = $body_type,
            params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)),
            responses(
                (status = 200, body = Changed),
                (status = 400, description = "Not JSON", body = ApiProblem, content_type = "application/problem+json"),
                (status = 401, description = "Needs a token", body = ApiProblem, content_type = "application/problem+json"),
                (status = 403, description = "A rule says no; it is named", body = ApiProblem, content_type = "application/problem+json"),
                (status = 404, description = "Not there", body = ApiProblem, content_type = "application/problem+json"),
                (status = 409, description = "Changed meanwhile", body = ApiProblem, content_type = "application/problem+json"),
                (status = 413, description = "Too large", body = ApiProblem, content_type = "application/problem+json"),
                (status = 415, description = "Not JSON", body = ApiProblem, content_type = "application/problem+json"),
                (status = 422, description = "Refused, with a reason at each member", body = ApiProblem, content_type = "application/problem+json"),
            ))]
        async fn $name($ctx: ApiCtx, Path(raw): Path<String>, ApiJson($body): ApiJson<$body_type>) -> Result<Json<Changed>, Problem> {
            let $id: Id<$kind> = id(&raw)?;
            let answer = $call;
            Ok(Json(Changed { id: answer.or_repeat()?.to_string() }))
        }
    };
}
/// A step that needs no more words.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
struct NothingMore {}

step!(
    /// Set an aim of a programme, before the start
    set_aim, "/api/v1/programmes/{id}/aims", basis::PlanItem, body: AimInput,
    |ctx, id| crate::set_aim(ctx.house(), &ctx.asking(), id, &body).await
);
step!(
    /// Take an aim back, before the start
    drop_aim, "/api/v1/aims/{id}/removal", basis::Aim, _body: NothingMore,
    |ctx, id| crate::drop_aim(ctx.house(), &ctx.asking(), id).await
);
step!(
    /// Appoint evaluators from outside
    appoint, "/api/v1/undertakings/{id}/evaluation", basis::Undertaking, body: AppointInput,
    |ctx, id| { let id: UndertakingId = id; crate::appoint(ctx.house(), &ctx.asking(), id, &body).await }
);
step!(
    /// Declare to have no part in what is judged
    declare, "/api/v1/evaluations/{id}/declaration", basis::Evaluation, _body: NothingMore,
    |ctx, id| { let id: EvaluationId = id; crate::declare_no_conflict(ctx.house(), &ctx.asking(), id).await }
);
step!(
    /// Write what was found about one aim; `version` is the finding's that was read, empty for the first
    find, "/api/v1/evaluations/{id}/findings", basis::Evaluation, body: FindingInput,
    |ctx, id| crate::find(ctx.house(), &ctx.asking(), id, &body).await
);
step!(
    /// Hand findings and summary in
    submit, "/api/v1/evaluations/{id}/summary", basis::Evaluation, body: SummaryInput,
    |ctx, id| crate::submit(ctx.house(), &ctx.asking(), id, &body).await
);
step!(
    /// Publish the results
    publish, "/api/v1/evaluations/{id}/publication", basis::Evaluation, _body: NothingMore,
    |ctx, id| crate::publish(ctx.house(), &ctx.asking(), id).await
);
step!(
    /// Answer in writing, as the executing party
    reply, "/api/v1/evaluations/{id}/reply", basis::Evaluation, body: ReplyInput,
    |ctx, id| crate::reply(ctx.house(), &ctx.asking(), id, &body).await
);
