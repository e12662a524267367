//! Undertakings for machines: the same use cases, the same policies, the same cuts by viewer.

use ::pages::{ApiCtx, ApiJson, ApiProblem, App, Posted, Problem, Versioned};
use ::store::OrRepeat;
use axum::{
    Json,
    extract::{self, FromRequest, Path, Query},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use basis::{AwardId, Code, DeliverableId, Fail, Id, InstalmentId, MilestoneId, Money, PlanItemId, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    DeliverableCard, FileCard, HandIn, InstalmentCard, MilestoneCard, MoneyCard, Note, Payment, Reason, Request, Terms,
    UndertakingCard,
};

pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(agree))
        .routes(routes!(start))
        .routes(routes!(settle))
        .routes(routes!(stop))
        .routes(routes!(publish_money))
        .routes(routes!(hand_in))
        .routes(routes!(accept))
        .routes(routes!(give_back))
        .routes(routes!(request))
        .routes(routes!(approve))
        .routes(routes!(pay))
        .routes(routes!(reconcile))
        .routes(routes!(refuse))
        .routes(routes!(propose))
        .routes(routes!(decide))
}

/// A sum: decimal digits as text, so that no reader rounds it.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApiMoney {
    /// "60000.00"
    amount: String,
    /// ISO 4217.
    currency: String,
}
impl From<Money> for ApiMoney {
    fn from(m: Money) -> Self {
        ApiMoney {
            amount: m.decimal(),
            currency: m.currency.to_string(),
        }
    }
}
/// A text by language tag.
fn text(t: &Text) -> serde_json::Value {
    t.langs()
        .filter_map(|l| Some((l.to_string(), t.get(l.as_str())?.into())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
/// What one party carries out after one award. What the reader may not see is null.
#[derive(Serialize, ToSchema)]
struct UndertakingSummary {
    #[schema(format = "uuid")]
    id: String,
    #[schema(format = "uuid")]
    award: String,
    #[schema(format = "uuid")]
    programme: String,
    #[schema(value_type = Object)]
    title: serde_json::Value,
    #[schema(format = "uuid")]
    organisation: Option<String>,
    #[schema(format = "uuid")]
    person: Option<String>,
    /// "outsourcing", "assignment"
    mode: String,
    #[schema(value_type = Object)]
    reason: serde_json::Value,
    #[schema(format = "uuid")]
    guiding: String,
    /// "agreed", "running", "delivered", "accepted", "settled", "stopped"
    status: String,
    #[schema(format = "date")]
    starts: String,
    #[schema(format = "date")]
    ends: String,
    budget: Option<ApiMoney>,
    illustrative: bool,
    version: i64,
}
impl From<&UndertakingCard> for UndertakingSummary {
    fn from(u: &UndertakingCard) -> Self {
        UndertakingSummary {
            id: u.id.to_string(),
            award: u.award.to_string(),
            programme: u.plan_item.to_string(),
            title: text(&u.title),
            organisation: u.body.map(|b| b.to_string()),
            person: u.account.map(|a| a.to_string()),
            mode: u.mode.code().into(),
            reason: text(&u.reason),
            guiding: u.guiding.to_string(),
            status: u.status.code().into(),
            starts: u.starts.to_string(),
            ends: u.ends.to_string(),
            budget: u.budget.map(ApiMoney::from),
            illustrative: u.illustrative,
            version: u.version,
        }
    }
}
#[derive(Serialize, ToSchema)]
struct MilestoneDetail {
    #[schema(format = "uuid")]
    id: String,
    #[schema(value_type = Object)]
    title: serde_json::Value,
    #[schema(format = "date")]
    due: String,
    /// "open", "handed-in", "returned", "accepted"
    status: String,
    #[schema(format = "date")]
    accepted_on: Option<String>,
    rounds: Vec<RoundDetail>,
}
#[derive(Serialize, ToSchema)]
struct RoundDetail {
    #[schema(format = "uuid")]
    id: String,
    round: i64,
    #[schema(value_type = Object)]
    text: serde_json::Value,
    #[schema(format = "date-time")]
    handed_in_at: String,
    /// "none", "returned", "accepted"
    verdict: String,
    reason: Option<String>,
    files: Vec<FileDetail>,
}
#[derive(Serialize, ToSchema)]
struct FileDetail {
    /// Where it is fetched: "/files/{id}".
    href: String,
    name: String,
    media_type: String,
    size: i64,
}
#[derive(Serialize, ToSchema)]
struct MoneyDetail {
    budget: ApiMoney,
    lines: Vec<LineDetail>,
    instalments: Vec<InstalmentDetail>,
}
#[derive(Serialize, ToSchema)]
struct LineDetail {
    #[schema(value_type = Object)]
    title: serde_json::Value,
    amount: ApiMoney,
}
#[derive(Serialize, ToSchema)]
struct InstalmentDetail {
    #[schema(format = "uuid")]
    id: String,
    #[schema(format = "uuid")]
    milestone: Option<String>,
    amount: ApiMoney,
    /// "planned", "requested", "approved", "paid", "reconciled", "refused"
    status: String,
}
/// An undertaking with its milestones, rounds and money, as far as the reader may see them.
#[derive(Serialize, ToSchema)]
struct UndertakingDetail {
    undertaking: UndertakingSummary,
    milestones: Vec<MilestoneDetail>,
    /// Null while the sums are not public and the reader stands outside.
    money: Option<MoneyDetail>,
}
#[derive(Serialize, ToSchema)]
struct UndertakingList {
    items: Vec<UndertakingSummary>,
}
/// What was made or changed.
#[derive(Serialize, ToSchema)]
pub(crate) struct Made {
    #[schema(format = "uuid")]
    id: String,
}
pub(crate) fn made<T>(id: Id<T>) -> Made {
    Made { id: id.to_string() }
}
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// The programme (plan item) whose undertakings are wanted.
    #[param(format = "uuid")]
    programme: String,
}

fn round(d: &DeliverableCard, files: &[FileCard]) -> RoundDetail {
    let file = |f: &FileCard| FileDetail {
        href: format!("/files/{}", f.id),
        name: f.file_name.clone(),
        media_type: f.media_type.clone(),
        size: f.size,
    };
    RoundDetail {
        id: d.id.to_string(),
        round: d.round,
        text: text(&d.text),
        handed_in_at: d.handed_at.to_string(),
        verdict: d.verdict.code().into(),
        reason: d.verdict_reason.clone(),
        files: files.iter().filter(|f| f.deliverable == d.id).map(file).collect(),
    }
}
fn milestone(m: &MilestoneCard, rounds: &[DeliverableCard], files: &[FileCard]) -> MilestoneDetail {
    MilestoneDetail {
        id: m.id.to_string(),
        title: text(&m.title),
        due: m.due.to_string(),
        status: m.status.code().into(),
        accepted_on: m.accepted_on.map(|d| d.to_string()),
        rounds: rounds
            .iter()
            .filter(|d| d.milestone == m.id)
            .map(|d| round(d, files))
            .collect(),
    }
}
fn money(m: &MoneyCard) -> MoneyDetail {
    let instalment = |i: &InstalmentCard| InstalmentDetail {
        id: i.id.to_string(),
        milestone: i.milestone.map(|m| m.to_string()),
        amount: i.amount.into(),
        status: i.status.code().into(),
    };
    MoneyDetail {
        budget: m.budget.into(),
        lines: m
            .lines
            .iter()
            .map(|l| LineDetail {
                title: text(&l.title),
                amount: l.amount.into(),
            })
            .collect(),
        instalments: m.instalments.iter().map(instalment).collect(),
    }
}
/// An id in an address; anything else is not there.
pub(crate) fn id<T>(raw: &str) -> Result<Id<T>, Problem> {
    raw.parse().map_err(|_| Problem(Fail::NotFound))
}
/// Undertakings of a programme
#[utoipa::path(get, path = "/api/v1/undertakings", tag = "undertakings", params(Asked), responses(
    (status = 200, body = UndertakingList),
    (status = 400, description = "A parameter could not be read", body = ApiProblem, content_type = "application/problem+json"),
    (status = 401, description = "The token does not hold", body = ApiProblem, content_type = "application/problem+json"),
    (status = 422, description = "Not an id", body = ApiProblem, content_type = "application/problem+json"),
))]
async fn list(ctx: ApiCtx, Query(asked): Query<Asked>) -> Result<Json<UndertakingList>, Problem> {
    let mut check = basis::Check::new();
    let item: Option<PlanItemId> = check.id("programme", &asked.programme);
    check.done(())?;
    let items: Vec<PlanItemId> = item.into_iter().collect();
    let all = crate::of_plan_items(&ctx.house().db, &ctx.viewer, &items).await?;
    Ok(Json(UndertakingList {
        items: all.iter().map(UndertakingSummary::from).collect(),
    }))
}
/// One undertaking
#[utoipa::path(get, path = "/api/v1/undertakings/{id}", tag = "undertakings", params(("id" = String, Path, format = "uuid")), responses(
    (status = 200, body = UndertakingDetail, headers(("etag" = String, description = "The version, for If-Match"))),
    (status = 401, description = "The token does not hold", body = ApiProblem, content_type = "application/problem+json"),
    (status = 404, description = "No such undertaking", body = ApiProblem, content_type = "application/problem+json"),
    (status = 422, description = "A header could not be read", body = ApiProblem, content_type = "application/problem+json"),
))]
async fn one(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Versioned<UndertakingDetail>, Problem> {
    let db = &ctx.house().db;
    let u = crate::undertaking(db, &ctx.viewer, id(&raw)?)
        .await?
        .ok_or(Fail::NotFound)?;
    let of = std::slice::from_ref(&u);
    let milestones = crate::milestones(db, of).await?;
    let rounds = crate::deliverables(db, &milestones).await?;
    let files = crate::files(db, &rounds).await?;
    let sums = crate::money(db, of).await?;
    let detail = UndertakingDetail {
        undertaking: UndertakingSummary::from(&u),
        milestones: milestones.iter().map(|m| milestone(m, &rounds, &files)).collect(),
        money: sums.first().map(money),
    };
    Ok(Versioned(u.version, detail))
}

/// The terms of an award. Rows of lists are objects; sums are decimal text in the award's currency.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
struct TermsBody {
    title_zh: String,
    title_en: String,
    #[schema(format = "uuid")]
    responsible: String,
    #[schema(format = "date")]
    starts_on: String,
    #[schema(format = "date")]
    ends_on: String,
    reason: String,
    advance: String,
    /// Hundredths of the budget that all advances may come to; 30 if empty, at most 50.
    advance_share: String,
    lines: Vec<LineBody>,
    milestones: Vec<MilestoneBody>,
}
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
struct LineBody {
    title_zh: String,
    title_en: String,
    amount: String,
}
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
struct MilestoneBody {
    title_zh: String,
    title_en: String,
    #[schema(format = "date")]
    due: String,
    /// The instalment it earns; none if empty.
    amount: String,
}
impl From<TermsBody> for Terms {
    fn from(b: TermsBody) -> Self {
        Terms {
            title_zh: b.title_zh,
            title_en: b.title_en,
            responsible: b.responsible,
            starts_on: b.starts_on,
            ends_on: b.ends_on,
            reason: b.reason,
            advance: b.advance,
            advance_share: b.advance_share,
            line_zh: b.lines.iter().map(|l| l.title_zh.clone()).collect(),
            line_en: b.lines.iter().map(|l| l.title_en.clone()).collect(),
            line_amount: b.lines.into_iter().map(|l| l.amount).collect(),
            milestone_zh: b.milestones.iter().map(|m| m.title_zh.clone()).collect(),
            milestone_en: b.milestones.iter().map(|m| m.title_en.clone()).collect(),
            milestone_due: b.milestones.iter().map(|m| m.due.clone()).collect(),
            milestone_amount: b.milestones.into_iter().map(|m| m.amount).collect(),
        }
    }
}

/// Where the body holds what the form names: "line_amount.0" is "/lines/0/amount".
fn terms_member(field: &str) -> Option<String> {
    let (column, row) = field.split_once('.')?;
    let (list, name) = column.split_once('_')?;
    let name = match name {
        "zh" | "en" => format!("title_{name}"),
        other => other.to_owned(),
    };
    Some(format!("/{list}s/{row}/{name}"))
}

/// A step's answers are the same everywhere; written once.
macro_rules! step {
    ($(#[$doc:meta])* $name:ident, $path:literal, $kind:ty, $body:ident : $body_type:ty, |$ctx:ident, $id:ident| $call:expr) => {
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "undertakings", security(("token" = [])), request_body = $body_type,
            params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header),
                ("If-Match" = Option<String>, Header, description = "The undertaking's version that was read (its ETag): the step is refused when it is another by now")),
            responses(
                (status = 200, body = Made),
                (status = 400, description = "Not JSON", body = ApiProblem, content_type = "application/problem+json"),
                (status = 401, description = "Needs a token", body = ApiProblem, content_type = "application/problem+json"),
                (status = 403, description = "A rule says no; it is named", body = ApiProblem, content_type = "application/problem+json"),
                (status = 404, description = "Not there", body = ApiProblem, content_type = "application/problem+json"),
                (status = 409, description = "Changed meanwhile", body = ApiProblem, content_type = "application/problem+json"),
                (status = 413, description = "Too large", body = ApiProblem, content_type = "application/problem+json"),
                (status = 415, description = "Not JSON", body = ApiProblem, content_type = "application/problem+json"),
                (status = 422, description = "Refused, with a reason at each member", body = ApiProblem, content_type = "application/problem+json"),
            ))]
        async fn $name($ctx: ApiCtx, Path(raw): Path<String>, ApiJson($body): ApiJson<$body_type>) -> Result<(StatusCode, Json<Made>), Problem> {
            let $id: Id<$kind> = id(&raw)?;
            let answer = $call;
            Ok((StatusCode::OK, Json(made(answer.or_repeat()?))))
        }
    };
}
/// A step that needs no more words.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
struct NoWords {}

step!(
    /// Agree the terms of an award
    agree, "/api/v1/awards/{id}/undertaking", basis::Award, body: TermsBody,
    |ctx, id| { let id: AwardId = id; crate::agree(ctx.house(), &ctx.asking(), id, &body.into()).await.map_err(|f| f.named(terms_member)) }
);
step!(
    /// Take the terms on and start
    start, "/api/v1/undertakings/{id}/start", basis::Undertaking, _body: NoWords,
    |ctx, id| { crate::start(ctx.house(), &ctx.asking(), id).await }
);
step!(
    /// Settle an undertaking
    settle, "/api/v1/undertakings/{id}/settlement", basis::Undertaking, _body: NoWords,
    |ctx, id| { crate::settle(ctx.house(), &ctx.asking(), id).await }
);
step!(
    /// Stop an undertaking, with its reason
    stop, "/api/v1/undertakings/{id}/stop", basis::Undertaking, body: Reason,
    |ctx, id| { crate::stop(ctx.house(), &ctx.asking(), id, &body).await }
);
step!(
    /// Publish the sums
    publish_money, "/api/v1/undertakings/{id}/publication", basis::Undertaking, _body: NoWords,
    |ctx, id| { crate::publish_money(ctx.house(), &ctx.asking(), id).await }
);
/// What is handed in, as a form with files: at most ten, each within the size and of the kinds that the page takes.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what a form holds")]
struct HandInForm {
    text: String,
    /// The language it is written in; the person's own if empty.
    lang: Option<String>,
    files: Vec<FileBytes>,
}
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "documents a file in a form")]
struct FileBytes(Vec<u8>);
/// Words as JSON, or words and files as a form.
struct WordsAndFiles(HandIn, Vec<::store::Upload>);
impl<S: Send + Sync> FromRequest<S> for WordsAndFiles {
    type Rejection = Response;
    async fn from_request(req: extract::Request, state: &S) -> Result<Self, Response> {
        let kind = req.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
        if kind.is_some_and(|k| k.starts_with(b"multipart/form-data")) {
            let posted = Posted::<HandIn>::from_request(req, state).await;
            let posted = posted.map_err(IntoResponse::into_response)?;
            let files = posted.files.into_iter().map(|f| f.file).collect();
            return Ok(WordsAndFiles(posted.input, files));
        }
        let words = ApiJson::<HandIn>::from_request(req, state).await;
        words
            .map(|ApiJson(input)| WordsAndFiles(input, Vec::new()))
            .map_err(IntoResponse::into_response)
    }
}
/// Hand in for a milestone
///
/// Words as JSON; words and files as a form. A file is fetched at its `href` once the round may be read.
#[utoipa::path(post, path = "/api/v1/milestones/{id}/deliverables", tag = "undertakings", security(("token" = [])),
    request_body(content((HandIn = "application/json"), (HandInForm = "multipart/form-data"))),
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header),
        ("If-Match" = Option<String>, Header, description = "The undertaking's version that was read (its ETag): the step is refused when it is another by now")),
    responses(
        (status = 200, body = Made),
        (status = 400, description = "Not JSON", body = ApiProblem, content_type = "application/problem+json"),
        (status = 401, description = "Needs a token", body = ApiProblem, content_type = "application/problem+json"),
        (status = 403, description = "A rule says no; it is named", body = ApiProblem, content_type = "application/problem+json"),
        (status = 404, description = "Not there", body = ApiProblem, content_type = "application/problem+json"),
        (status = 409, description = "Changed meanwhile", body = ApiProblem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ApiProblem, content_type = "application/problem+json"),
        (status = 415, description = "Neither JSON nor a form", body = ApiProblem, content_type = "application/problem+json"),
        (status = 422, description = "Refused, with a reason at each member", body = ApiProblem, content_type = "application/problem+json"),
    ))]
async fn hand_in(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    WordsAndFiles(input, files): WordsAndFiles,
) -> Result<Json<Made>, Problem> {
    let id: MilestoneId = id(&raw)?;
    let answer = crate::hand_in(ctx.house(), &ctx.asking(), id, &input, &files).await;
    Ok(Json(made(answer.or_repeat()?)))
}
step!(
    /// Accept what was handed in
    accept, "/api/v1/deliverables/{id}/acceptance", basis::Deliverable, body: Note,
    |ctx, id| { let id: DeliverableId = id; crate::accept(ctx.house(), &ctx.asking(), id, &body).await }
);
step!(
    /// Return what was handed in, with a reason
    give_back, "/api/v1/deliverables/{id}/return", basis::Deliverable, body: Reason,
    |ctx, id| { let id: DeliverableId = id; crate::give_back(ctx.house(), &ctx.asking(), id, &body).await }
);
step!(
    /// Ask for an instalment
    request, "/api/v1/undertakings/{id}/instalments", basis::Undertaking, body: Request,
    |ctx, id| { crate::request(ctx.house(), &ctx.asking(), id, &body).await }
);
step!(
    /// Approve an instalment (a second person)
    approve, "/api/v1/instalments/{id}/approval", basis::Instalment, _body: NoWords,
    |ctx, id| { let id: InstalmentId = id; crate::approve(ctx.house(), &ctx.asking(), id).await }
);
step!(
    /// Record a payment (a third person)
    pay, "/api/v1/instalments/{id}/payment", basis::Instalment, body: Payment,
    |ctx, id| { let id: InstalmentId = id; crate::pay(ctx.house(), &ctx.asking(), id, &body).await }
);
step!(
    /// Compare a payment with the bank's statement (a fourth person)
    reconcile, "/api/v1/instalments/{id}/reconciliation", basis::Instalment, body: crate::Reconciliation,
    |ctx, id| { let id: InstalmentId = id; crate::reconcile(ctx.house(), &ctx.asking(), id, &body).await }
);
step!(
    /// Refuse an instalment, with a reason
    refuse, "/api/v1/instalments/{id}/refusal", basis::Instalment, body: Reason,
    |ctx, id| { let id: InstalmentId = id; crate::refuse(ctx.house(), &ctx.asking(), id, &body).await }
);
step!(
    /// Propose a change of terms
    propose, "/api/v1/undertakings/{id}/amendments", basis::Undertaking, body: crate::AmendmentInput,
    |ctx, id| { crate::propose_amendment(ctx.house(), &ctx.asking(), id, &body).await }
);
step!(
    /// Answer a proposed change of terms
    decide, "/api/v1/amendments/{id}/decision", crate::amendment::AmendmentKind, body: crate::Decision,
    |ctx, id| { crate::decide_amendment(ctx.house(), &ctx.asking(), id, &body).await }
);
