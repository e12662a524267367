//! Calls for machines: the same use cases, the same policies, the same cuts by viewer as the pages.

mod allocations;
mod readings;

use ::pages::{ApiCtx, ApiJson, ApiProblem, App, Listing, Problem, Versioned, page_request};
use ::store::OrRepeat;
use axum::{
    Json,
    extract::{Path, Query},
    http::StatusCode,
};
use basis::{CallId, Fail, Field, Id, Money, OfferId, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoResponses, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    AnswerInput, AssignInput, AwardInput, CallCard, CallInput, CallView, CancelInput, Content, DecideInput,
    DeclareInput, Need, OfferCard, OfferInput, ScoreInput, SeatInput, ShortlistInput, WithdrawInput,
};

pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, draft))
        .routes(routes!(one, amend))
        .routes(routes!(assign))
        .routes(routes!(answer))
        .routes(routes!(publish))
        .routes(routes!(open))
        .routes(routes!(cancel))
        .routes(routes!(offers, begin))
        .routes(routes!(offer, save))
        .routes(routes!(submit))
        .routes(routes!(withdraw))
        .routes(routes!(seat))
        .routes(routes!(readings::divide))
        .routes(routes!(declare))
        .routes(routes!(score))
        .routes(routes!(hand_in))
        .routes(routes!(shortlist))
        .routes(routes!(allocations::solve))
        .routes(routes!(allocations::plan))
        .routes(routes!(allocations::plan_proof))
        .routes(routes!(allocations::publish_plan))
        .routes(routes!(award))
        .routes(routes!(decide))
}

/// How reading can fail.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "documents answers that the frame gives")]
enum ReadFails {
    /// A parameter could not be read
    #[response(status = 400, content_type = "application/problem+json")]
    Request(ApiProblem),
    /// The token does not hold, or one is needed
    #[response(status = 401, content_type = "application/problem+json")]
    SignIn(ApiProblem),
    /// A rule says no, and which
    #[response(status = 403, content_type = "application/problem+json")]
    Denied(ApiProblem),
    /// Nothing is here, or it is not open to you
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(ApiProblem),
    /// A value or a header is refused, with its member
    #[response(status = 422, content_type = "application/problem+json")]
    Refused(ApiProblem),
}
/// How changing can fail.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "documents answers that the frame gives")]
enum WriteFails {
    /// The body is not JSON
    #[response(status = 400, content_type = "application/problem+json")]
    Request(ApiProblem),
    /// The token does not hold, or one is needed
    #[response(status = 401, content_type = "application/problem+json")]
    SignIn(ApiProblem),
    /// A rule says no, and which
    #[response(status = 403, content_type = "application/problem+json")]
    Denied(ApiProblem),
    /// Nothing is here, or it is not open to you
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(ApiProblem),
    /// Somebody was faster
    #[response(status = 409, content_type = "application/problem+json")]
    Changed(ApiProblem),
    /// The body is too large
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(ApiProblem),
    /// The body is not sent as JSON
    #[response(status = 415, content_type = "application/problem+json")]
    MediaType(ApiProblem),
    /// Refused, each reason at its member
    #[response(status = 422, content_type = "application/problem+json")]
    Refused(ApiProblem),
}

fn id<T>(raw: &str) -> Result<Id<T>, Problem> {
    raw.parse().map_err(|_| Problem(Fail::NotFound))
}
/// A text by language tag.
fn text(t: &Text) -> serde_json::Value {
    t.langs()
        .filter_map(|l| Some((l.to_string(), t.get(l.as_str())?.into())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
/// A sum: decimal digits as text, so that no reader rounds it.
#[derive(Serialize, ToSchema)]
#[schema(as = CallMoney)]
struct Sum {
    /// "60000.00"
    amount: String,
    /// ISO 4217.
    currency: String,
}
impl From<Money> for Sum {
    fn from(m: Money) -> Self {
        Sum {
            amount: m.decimal(),
            currency: m.currency.to_string(),
        }
    }
}
/// What an act made or changed.
#[derive(Serialize, ToSchema)]
#[schema(as = CallActed)]
struct Acted {
    #[schema(format = "uuid")]
    id: String,
}
fn acted<T>(id: Id<T>) -> Json<Acted> {
    Json(Acted { id: id.to_string() })
}

#[derive(Serialize, ToSchema)]
struct CallSummary {
    #[schema(format = "uuid")]
    id: String,
    #[schema(format = "uuid")]
    programme: String,
    #[schema(format = "uuid")]
    relation: Option<String>,
    #[schema(format = "uuid")]
    district: Option<String>,
    field: String,
    #[schema(value_type = Object)]
    title: serde_json::Value,
    #[schema(value_type = Object)]
    who_may_offer: serde_json::Value,
    /// "draft", "announced", "open", "closed", "in-review", "decided", "cancelled", "asked": as it is now.
    state: String,
    /// "outsourcing", "assignment"
    mode: String,
    #[schema(format = "date-time")]
    opens_at: String,
    #[schema(format = "date-time")]
    closes_at: String,
    ceiling: Option<Sum>,
    #[schema(format = "uuid")]
    guiding: String,
    /// Made up for a demonstration.
    illustrative: bool,
    version: i64,
}
fn summary(ctx: &ApiCtx, c: &CallCard) -> CallSummary {
    CallSummary {
        id: c.id.to_string(),
        programme: c.plan_item.to_string(),
        relation: c.relation.map(|r| r.to_string()),
        district: c.district.map(|d| d.to_string()),
        field: c.field.to_string(),
        title: text(&c.title),
        who_may_offer: text(&c.who),
        state: c.phase(ctx.now()).to_string(),
        mode: c.mode.to_string(),
        opens_at: c.opens_at.to_string(),
        closes_at: c.closes_at.to_string(),
        ceiling: c.ceiling.map(Sum::from),
        guiding: c.guiding.to_string(),
        illustrative: c.illustrative,
        version: c.version,
    }
}
#[derive(Serialize, ToSchema)]
struct CallList {
    items: Vec<CallSummary>,
    /// Give it as `after` for what follows; absent at the end.
    next: Option<String>,
}
#[derive(Serialize, ToSchema)]
struct NeedDetail {
    #[schema(format = "uuid")]
    id: String,
    #[schema(value_type = Object)]
    title: serde_json::Value,
    channel: String,
    min: i64,
    max: i64,
    #[schema(value_type = Object)]
    unit: serde_json::Value,
    priority: i64,
    /// The field of work, where it is another than the call's.
    field: Option<String>,
}
impl From<&Need> for NeedDetail {
    fn from(n: &Need) -> Self {
        NeedDetail {
            id: n.id.to_string(),
            title: text(&n.title),
            channel: n.channel.to_string(),
            min: n.min,
            max: n.max,
            unit: text(&n.unit),
            priority: n.priority,
            field: n.field.map(|f| f.to_string()),
        }
    }
}
#[derive(Serialize, ToSchema)]
struct CriterionDetail {
    key: String,
    #[schema(value_type = Object)]
    title: serde_json::Value,
    weight: i64,
}
#[derive(Serialize, ToSchema)]
struct OfferSummary {
    #[schema(format = "uuid")]
    id: String,
    #[schema(format = "uuid")]
    organisation: Option<String>,
    #[schema(format = "uuid")]
    person: Option<String>,
    status: String,
    #[schema(value_type = Object)]
    summary: serde_json::Value,
    #[schema(format = "date")]
    starts: String,
    #[schema(format = "date")]
    ends: String,
    asked: Option<Sum>,
    /// Tenths of a point of 100; once the call is decided.
    mean_tenths: Option<i64>,
    illustrative: bool,
}
impl From<&OfferCard> for OfferSummary {
    fn from(o: &OfferCard) -> Self {
        OfferSummary {
            id: o.id.to_string(),
            organisation: o.body.map(|b| b.to_string()),
            person: o.account.map(|a| a.to_string()),
            status: o.status.to_string(),
            summary: text(&o.summary),
            starts: o.starts.to_string(),
            ends: o.ends.to_string(),
            asked: o.asked.map(Sum::from),
            mean_tenths: o.mean,
            illustrative: o.illustrative,
        }
    }
}
#[derive(Serialize, ToSchema)]
struct AwardDetail {
    #[schema(format = "uuid")]
    id: String,
    #[schema(format = "uuid")]
    offer: String,
    mode: String,
    #[schema(value_type = Object)]
    reason: serde_json::Value,
    /// What it is worth at most.
    amount: Option<Sum>,
    /// What the whole offer asked.
    asked: Option<Sum>,
    /// Why the sum is another than the units come to.
    #[schema(value_type = Option<Object>)]
    amount_reason: Option<serde_json::Value>,
    /// Which units of which needs; empty in awards made before units were stated.
    units: Vec<LineDetail>,
    #[schema(format = "date-time")]
    at: String,
}
/// A call as everybody may read it; offers are there after the opening.
#[derive(Serialize, ToSchema)]
struct CallDetail {
    #[serde(flatten)]
    call: CallSummary,
    #[schema(value_type = Object)]
    brief: serde_json::Value,
    #[schema(format = "date")]
    work_from: String,
    #[schema(format = "date")]
    work_until: String,
    languages: Vec<String>,
    needs: Vec<NeedDetail>,
    criteria: Vec<CriterionDetail>,
    #[schema(format = "date-time")]
    opened_at: Option<String>,
    /// Why it was cancelled, or what those not chosen were told.
    #[schema(value_type = Option<Object>)]
    reason: Option<serde_json::Value>,
    offers: Vec<OfferSummary>,
    awards: Vec<AwardDetail>,
    /// The published plan that allocates needs to offers: see /api/v1/allocations/{id}.
    #[schema(format = "uuid")]
    allocation: Option<String>,
    /// How much each part of the scoring counts when needs are allocated.
    #[schema(value_type = Object)]
    weights: serde_json::Value,
}
fn detail(ctx: &ApiCtx, v: &CallView) -> CallDetail {
    let c = &v.call;
    let card = CallCard {
        id: c.id,
        plan_item: c.plan_item,
        relation: c.relation,
        field: c.field,
        district: c.district,
        title: c.title.clone(),
        who: c.who.clone(),
        status: c.status,
        mode: c.mode,
        opens_at: c.opens_at,
        closes_at: c.closes_at,
        opened_at: c.opened_at,
        decided_at: c.decided_at,
        guiding: c.guiding,
        currency: c.currency,
        ceiling: c.ceiling(),
        illustrative: c.illustrative,
        version: c.version,
    };
    CallDetail {
        call: summary(ctx, &card),
        brief: text(&c.brief),
        work_from: c.work_from.to_string(),
        work_until: c.work_until.to_string(),
        languages: c.languages.iter().map(ToString::to_string).collect(),
        needs: v.needs.iter().map(NeedDetail::from).collect(),
        criteria: c
            .criteria
            .iter()
            .map(|k| CriterionDetail {
                key: k.key.clone(),
                title: text(&k.title),
                weight: k.weight,
            })
            .collect(),
        opened_at: c.opened_at.map(|m| m.to_string()),
        reason: c.reason.as_ref().map(text),
        allocation: v.plan.as_ref().map(|p| p.id.to_string()),
        weights: serde_json::to_value(c.weights).unwrap_or_default(),
        offers: v.offers.iter().map(OfferSummary::from).collect(),
        awards: v
            .awards
            .iter()
            .map(|a| AwardDetail {
                id: a.id.to_string(),
                offer: a.offer.to_string(),
                mode: a.mode.to_string(),
                reason: text(&a.reason),
                amount: a.amount.map(Sum::from),
                asked: a.asked.map(Sum::from),
                amount_reason: a.amount_reason.as_ref().map(text),
                units: a.units.iter().map(LineDetail::from).collect(),
                at: a.at.to_string(),
            })
            .collect(),
    }
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
}
/// Published calls: open ones first, closing soonest
#[utoipa::path(get, path = "/api/v1/calls", tag = "calls", params(Asked), responses((status = 200, body = CallList), ReadFails))]
async fn list(ctx: ApiCtx, Query(asked): Query<Asked>) -> Result<Json<CallList>, Problem> {
    let mut check = basis::Check::new();
    let field = asked
        .field
        .as_deref()
        .filter(|f| !f.is_empty())
        .and_then(|f| check.one_of::<Field>("field", f));
    check.done(())?;
    let request = page_request(&Listing {
        after: asked.after,
        limit: asked.limit,
    });
    let page = crate::list_calls(&ctx.house().db, ctx.now(), field, &request).await?;
    Ok(Json(CallList {
        items: page.items.iter().map(|c| summary(&ctx, c)).collect(),
        next: page.next.map(|c| c.0),
    }))
}
/// One call with its needs and criteria
#[utoipa::path(get, path = "/api/v1/calls/{id}", tag = "calls", params(("id" = String, Path, format = "uuid")), responses(
    (status = 200, body = CallDetail, headers(("etag" = String, description = "The version, for If-Match"))), ReadFails))]
async fn one(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Versioned<CallDetail>, Problem> {
    let v = crate::call_view(ctx.house(), &ctx.viewer, id(&raw)?).await?;
    Ok(Versioned(v.call.version, detail(&ctx, &v)))
}
/// Where a call's body holds what the form names: needs, criteria and weights lie in members of their own.
fn call_member(field: &str) -> Option<String> {
    let (list, rest) = if let Some(rest) = field.strip_prefix("need-") {
        ("needs", rest)
    } else if let Some(rest) = field.strip_prefix("criterion-") {
        ("criteria", rest)
    } else {
        return field.strip_prefix("weight-").map(|name| format!("/weights/{name}"));
    };
    let (row, name) = rest.split_once('-')?;
    Some(format!("/{list}/{row}/{name}"))
}
impl OfferInput {
    fn member(&self, field: &str) -> Option<String> {
        if let Some(need) = field.strip_prefix("most-") {
            let row = self.limits.iter().position(|limit| limit.need.trim() == need)?;
            return Some(format!("/limits/{row}/units"));
        }
        let need = field.strip_prefix("units-")?;
        let row = self.lines.iter().position(|line| line.need.trim() == need)?;
        Some(format!("/lines/{row}/units"))
    }
}
impl ScoreInput {
    fn member(&self, field: &str) -> Option<String> {
        let (name, criterion) = field.split_once('-')?;
        let row = self.marks.iter().position(|mark| mark.criterion == criterion);
        // A criterion without a mark is the list's fault.
        Some(row.map_or_else(|| "/marks".to_owned(), |row| format!("/marks/{row}/{name}")))
    }
}
/// Draft a call
#[utoipa::path(post, path = "/api/v1/calls", tag = "calls", params(("Idempotency-Key" = Option<String>, Header)), request_body = CallInput, security(("token" = [])), responses((status = 201, body = Acted), WriteFails))]
async fn draft(ctx: ApiCtx, ApiJson(input): ApiJson<CallInput>) -> Result<(StatusCode, Json<Acted>), Problem> {
    Ok((
        StatusCode::CREATED,
        acted(
            crate::draft(ctx.house(), &ctx.asking(), &input)
                .await
                .map_err(|f| f.named(call_member))
                .or_repeat()?,
        ),
    ))
}
/// Hand work to one named party
///
/// No call for offers: the party is asked, and the award waits for its yes. The reason is published.
#[utoipa::path(post, path = "/api/v1/assignments", tag = "calls", params(("Idempotency-Key" = Option<String>, Header)), request_body = AssignInput, security(("token" = [])), responses((status = 201, body = Acted), WriteFails))]
async fn assign(ctx: ApiCtx, ApiJson(input): ApiJson<AssignInput>) -> Result<(StatusCode, Json<Acted>), Problem> {
    Ok((
        StatusCode::CREATED,
        acted(crate::assign(ctx.house(), &ctx.asking(), &input).await.or_repeat()?),
    ))
}
/// Accept or decline an assignment
#[utoipa::path(post, path = "/api/v1/calls/{id}/answer", tag = "calls", params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), request_body = AnswerInput, security(("token" = [])), responses((status = 200, body = Acted), WriteFails))]
async fn answer(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<AnswerInput>,
) -> Result<Json<Acted>, Problem> {
    Ok(acted(
        crate::answer_assignment(ctx.house(), &ctx.asking(), id(&raw)?, &input)
            .await
            .or_repeat()?,
    ))
}
/// Amend a draft; needs If-Match
#[utoipa::path(put, path = "/api/v1/calls/{id}", tag = "calls", params(("id" = String, Path, format = "uuid"), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)), request_body = CallInput, security(("token" = [])), responses((status = 200, body = Acted), WriteFails))]
async fn amend(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<CallInput>,
) -> Result<Json<Acted>, Problem> {
    let input = CallInput {
        version: ctx.need_version()?.to_string(),
        ..input
    };
    Ok(acted(
        crate::amend(ctx.house(), &ctx.asking(), id(&raw)?, &input)
            .await
            .map_err(|f| f.named(call_member))
            .or_repeat()?,
    ))
}
/// Publish a draft
#[utoipa::path(post, path = "/api/v1/calls/{id}/publication", tag = "calls", params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), security(("token" = [])), responses((status = 200, body = Acted), WriteFails))]
async fn publish(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Json<Acted>, Problem> {
    Ok(acted(
        crate::publish(ctx.house(), &ctx.asking(), id(&raw)?)
            .await
            .or_repeat()?,
    ))
}
/// Open the offers, after the close
#[utoipa::path(post, path = "/api/v1/calls/{id}/opening", tag = "calls", params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), security(("token" = [])), responses((status = 200, body = Acted), WriteFails))]
async fn open(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Json<Acted>, Problem> {
    Ok(acted(
        crate::open(ctx.house(), &ctx.asking(), id(&raw)?).await.or_repeat()?,
    ))
}
/// Cancel a call, with a public reason; needs the version, in the body or as If-Match
#[utoipa::path(post, path = "/api/v1/calls/{id}/cancellation", tag = "calls", params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)), request_body = CancelInput, security(("token" = [])), responses((status = 200, body = Acted), WriteFails))]
async fn cancel(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<CancelInput>,
) -> Result<Json<Acted>, Problem> {
    let input = CancelInput {
        version: match input.version.trim() {
            "" => ctx.need_version()?.to_string(),
            said => said.to_owned(),
        },
        ..input
    };
    Ok(acted(
        crate::cancel(ctx.house(), &ctx.asking(), id(&raw)?, &input)
            .await
            .or_repeat()?,
    ))
}

#[derive(Serialize, ToSchema)]
struct OfferList {
    items: Vec<OfferSummary>,
}
/// Who offered and what, after the opening
#[utoipa::path(get, path = "/api/v1/calls/{id}/offers", tag = "calls", params(("id" = String, Path, format = "uuid")), responses((status = 200, body = OfferList), ReadFails))]
async fn offers(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Json<OfferList>, Problem> {
    let v = crate::call_view(ctx.house(), &ctx.viewer, id(&raw)?).await?;
    Ok(Json(OfferList {
        items: v.offers.iter().map(OfferSummary::from).collect(),
    }))
}
/// Begin an offer, or get the one begun before
#[utoipa::path(post, path = "/api/v1/calls/{id}/offers", tag = "calls", params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), security(("token" = [])), responses((status = 201, body = Acted), WriteFails))]
async fn begin(ctx: ApiCtx, Path(raw): Path<String>) -> Result<(StatusCode, Json<Acted>), Problem> {
    Ok((
        StatusCode::CREATED,
        acted(crate::begin(ctx.house(), &ctx.asking(), id(&raw)?).await.or_repeat()?),
    ))
}
#[derive(Serialize, ToSchema)]
struct LineDetail {
    #[schema(format = "uuid")]
    need: String,
    units: i64,
}
impl From<&(basis::NeedId, i64)> for LineDetail {
    fn from((need, units): &(basis::NeedId, i64)) -> Self {
        LineDetail {
            need: need.to_string(),
            units: *units,
        }
    }
}
#[derive(Serialize, ToSchema)]
struct ContentDetail {
    #[schema(value_type = Object)]
    summary: serde_json::Value,
    #[schema(value_type = Object)]
    plan: serde_json::Value,
    #[schema(format = "date")]
    starts: String,
    #[schema(format = "date")]
    ends: String,
    asked: Option<Sum>,
    spend: Option<String>,
    in_kind: Vec<String>,
    languages: Vec<String>,
    people: String,
    conflict_note: Option<String>,
    lines: Vec<LineDetail>,
    /// The most units given in all, of each unit of measure, if fewer than all that is offered.
    most: Option<i64>,
    /// As `most`, for what is counted as the named need is.
    limits: Vec<LineDetail>,
    /// Of a person in their own name, as they say: at home in the call's district; fields of work they know.
    near: Option<bool>,
    fields: Vec<String>,
}
impl From<&Content> for ContentDetail {
    fn from(c: &Content) -> Self {
        ContentDetail {
            summary: text(&c.summary),
            plan: text(&c.plan),
            starts: c.starts.to_string(),
            ends: c.ends.to_string(),
            asked: c.asked.map(Sum::from),
            spend: c.spend.clone(),
            in_kind: c.in_kind.iter().map(ToString::to_string).collect(),
            languages: c.languages.iter().map(ToString::to_string).collect(),
            people: c.people.clone(),
            conflict_note: c.conflict_note.clone(),
            most: c.most,
            limits: c.limits.iter().map(LineDetail::from).collect(),
            near: c.near,
            fields: c.fields.iter().map(ToString::to_string).collect(),
            lines: c.lines.iter().map(LineDetail::from).collect(),
        }
    }
}
/// An offer: its maker's own, or opened and open to you.
#[derive(Serialize, ToSchema)]
struct OfferDetail {
    #[schema(format = "uuid")]
    id: String,
    #[schema(format = "uuid")]
    call: String,
    status: String,
    #[schema(format = "date-time")]
    submitted_at: Option<String>,
    /// The digest told at submission.
    seal: Option<String>,
    content: Option<ContentDetail>,
    /// As typed; its maker's only.
    draft: Option<OfferInput>,
    /// What still keeps the draft from being submitted: members of the draft.
    missing: Vec<String>,
}
/// One offer
#[utoipa::path(get, path = "/api/v1/offers/{id}", tag = "calls", params(("id" = String, Path, format = "uuid")), security(("token" = [])), responses(
    (status = 200, body = OfferDetail, headers(("etag" = String, description = "The version, for If-Match"))), ReadFails))]
async fn offer(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Versioned<OfferDetail>, Problem> {
    let offer: OfferId = id(&raw)?;
    let (o, draft, missing) = match crate::own_view(ctx.house(), &ctx.viewer, offer).await {
        Ok(v) => {
            let missing = v
                .faults
                .iter()
                .filter_map(|r| r.field.as_ref().map(ToString::to_string))
                .collect();
            let draft = v.offer.draft.clone();
            (v.offer, Some(draft), missing)
        }
        Err(Fail::NotFound) => match crate::offer_view(ctx.house(), &ctx.viewer, offer).await {
            // To strangers a sealed offer and none at all look alike.
            Err(Fail::Denied(d)) if !d.anonymous => return Err(Fail::NotFound.into()),
            other => (other?.1, None, Vec::new()),
        },
        Err(e) => return Err(e.into()),
    };
    let detail = OfferDetail {
        id: o.id.to_string(),
        call: o.call.to_string(),
        status: o.status.to_string(),
        submitted_at: o.submitted_at.map(|m| m.to_string()),
        seal: o.seal.clone(),
        content: o.content.as_ref().map(ContentDetail::from),
        draft,
        missing,
    };
    Ok(Versioned(o.version, detail))
}
/// Save the draft as it is; needs If-Match
#[utoipa::path(put, path = "/api/v1/offers/{id}", tag = "calls", params(("id" = String, Path, format = "uuid"), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)), request_body = OfferInput, security(("token" = [])), responses((status = 200, body = Acted), WriteFails))]
async fn save(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<OfferInput>,
) -> Result<Json<Acted>, Problem> {
    let input = OfferInput {
        version: ctx.need_version()?.to_string(),
        ..input
    };
    Ok(acted(
        crate::save_draft(ctx.house(), &ctx.asking(), id(&raw)?, &input)
            .await
            .map_err(|f| f.named(|field| input.member(field)))
            .or_repeat()?,
    ))
}
/// Submit under seal
#[utoipa::path(post, path = "/api/v1/offers/{id}/submission", tag = "calls", params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), security(("token" = [])), responses((status = 200, body = Acted), WriteFails))]
async fn submit(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Json<Acted>, Problem> {
    Ok(acted(
        crate::submit(ctx.house(), &ctx.asking(), id(&raw)?).await.or_repeat()?,
    ))
}
/// Withdraw an offer
#[utoipa::path(post, path = "/api/v1/offers/{id}/withdrawal", tag = "calls", params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), request_body = WithdrawInput, security(("token" = [])), responses((status = 200, body = Acted), WriteFails))]
async fn withdraw(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<WithdrawInput>,
) -> Result<Json<Acted>, Problem> {
    Ok(acted(
        crate::withdraw(ctx.house(), &ctx.asking(), id(&raw)?, &input)
            .await
            .or_repeat()?,
    ))
}
/// Seat somebody on the panel
#[utoipa::path(post, path = "/api/v1/calls/{id}/panel", tag = "calls", params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), request_body = SeatInput, security(("token" = [])), responses((status = 201, body = Acted), WriteFails))]
async fn seat(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<SeatInput>,
) -> Result<(StatusCode, Json<Acted>), Problem> {
    Ok((
        StatusCode::CREATED,
        acted(
            crate::seat(ctx.house(), &ctx.asking(), id(&raw)?, &input)
                .await
                .or_repeat()?,
        ),
    ))
}
/// Declare conflicts of interest
#[utoipa::path(post, path = "/api/v1/calls/{id}/declaration", tag = "calls", params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), request_body = DeclareInput, security(("token" = [])), responses((status = 200, body = Acted), WriteFails))]
async fn declare(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<DeclareInput>,
) -> Result<Json<Acted>, Problem> {
    Ok(acted(
        crate::declare(ctx.house(), &ctx.asking(), id(&raw)?, &input)
            .await
            .or_repeat()?,
    ))
}
/// Score one offer
#[utoipa::path(post, path = "/api/v1/offers/{id}/scores", tag = "calls", params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), request_body = ScoreInput, security(("token" = [])), responses((status = 200, body = Acted), WriteFails))]
async fn score(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<ScoreInput>,
) -> Result<Json<Acted>, Problem> {
    Ok(acted(
        crate::score(ctx.house(), &ctx.asking(), id(&raw)?, &input)
            .await
            .map_err(|f| f.named(|field| input.member(field)))
            .or_repeat()?,
    ))
}
/// Hand the scores in
#[utoipa::path(post, path = "/api/v1/calls/{id}/review", tag = "calls", params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), security(("token" = [])), responses((status = 200, body = Acted), WriteFails))]
async fn hand_in(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Json<Acted>, Problem> {
    Ok(acted(
        crate::hand_in(ctx.house(), &ctx.asking(), id(&raw)?)
            .await
            .or_repeat()?,
    ))
}
/// Set the short list
#[utoipa::path(post, path = "/api/v1/calls/{id}/shortlist", tag = "calls", params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), request_body = ShortlistInput, security(("token" = [])), responses((status = 200, body = Acted), WriteFails))]
async fn shortlist(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<ShortlistInput>,
) -> Result<Json<Acted>, Problem> {
    Ok(acted(
        crate::shortlist(ctx.house(), &ctx.asking(), id(&raw)?, &input)
            .await
            .or_repeat()?,
    ))
}
/// Award an offer
#[utoipa::path(post, path = "/api/v1/calls/{id}/awards", tag = "calls", params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), request_body = AwardInput, security(("token" = [])), responses((status = 201, body = Acted), WriteFails))]
async fn award(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<AwardInput>,
) -> Result<(StatusCode, Json<Acted>), Problem> {
    let call: CallId = id(&raw)?;
    Ok((
        StatusCode::CREATED,
        acted(
            crate::award_offer(ctx.house(), &ctx.asking(), call, &input)
                .await
                .or_repeat()?,
        ),
    ))
}
/// Decide the call: the others get their answer
#[utoipa::path(post, path = "/api/v1/calls/{id}/decision", tag = "calls", params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), request_body = DecideInput, security(("token" = [])), responses((status = 200, body = Acted), WriteFails))]
async fn decide(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<DecideInput>,
) -> Result<Json<Acted>, Problem> {
    Ok(acted(
        crate::decide(ctx.house(), &ctx.asking(), id(&raw)?, &input)
            .await
            .or_repeat()?,
    ))
}
