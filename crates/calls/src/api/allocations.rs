//! Plans of allocation over the API: worked out, read, proved, published.

use super::*;
use crate::SolveInput;
use basis::AllocationId;

impl SolveInput {
    fn member(&self, field: &str) -> Option<String> {
        if let Some(terms) = &self.terms {
            let row = |name: &str, rows: usize| {
                let (row, end) = field.strip_prefix(name)?.strip_prefix('-')?.split_once('-')?;
                let member = if name == "quota" { "quotas" } else { name };
                let row: usize = row.parse().ok().filter(|r| *r < rows)?;
                Some(format!("/terms/{member}/{row}/{end}"))
            };
            let budget = || (field == "budget").then(|| "/terms/budget".to_owned());
            let found = row("quota", terms.quotas.len()).or_else(|| row("either", terms.either.len()));
            if let Some(member) = found.or_else(budget) {
                return Some(member);
            }
        }
        let pair = field.strip_prefix("pin-")?;
        let of = |pin: &crate::PinInput| format!("{}-{}", pin.offer.trim(), pin.need.trim());
        let row = self.pins.iter().position(|pin| of(pin) == pair)?;
        Some(format!("/pins/{row}"))
    }
}
/// Solve an allocation
///
/// Among plans that are equally good, offers that were handed in earlier give first. Wishes that cannot hold together
/// write nothing: each is refused at the pin that holds it, or at the limit, the budget or the exclusion that cannot be kept.
#[utoipa::path(post, path = "/api/v1/calls/{id}/allocation", tag = "calls", params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), request_body = SolveInput, security(("token" = [])), responses((status = 201, body = Acted), WriteFails))]
pub(super) async fn solve(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<SolveInput>,
) -> Result<(StatusCode, Json<Acted>), Problem> {
    Ok((
        StatusCode::CREATED,
        acted(
            crate::solve(ctx.house(), &ctx.asking(), id(&raw)?, &input)
                .await
                .map_err(|f| f.named(|field| input.member(field)))
                .or_repeat()?,
        ),
    ))
}
/// A plan with its lines, reasons and proof.
#[derive(Serialize, ToSchema)]
pub(super) struct PlanDetail {
    #[schema(format = "uuid")]
    id: String,
    #[schema(format = "uuid")]
    call: String,
    number: i64,
    /// "draft", "published", "set-aside"
    status: String,
    #[schema(value_type = Object)]
    weights: serde_json::Value,
    /// Lines, what is missing and why, "proved"; values, reasons and marks for those inside, and for everybody once the
    /// call is decided. A value or mark of 1000 is 100 points; `value` is of one unit, `objective` sums it over all units. Where it is
    /// neither "proved" nor "searched", `bound` holds what no plan goes beyond. The seed of a draw is text.
    #[schema(value_type = Object)]
    outcome: serde_json::Value,
}
/// One plan
///
/// A published one is open to everybody; drafts to those inside.
#[utoipa::path(get, path = "/api/v1/allocations/{id}", tag = "calls", params(("id" = String, Path, format = "uuid")), security(("token" = [])), responses(
    (status = 200, body = PlanDetail, headers(("etag" = String, description = "The version, for If-Match"))), ReadFails))]
pub(super) async fn plan(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Versioned<PlanDetail>, Problem> {
    let (call, _, p) = crate::told(ctx.house(), &ctx.viewer, id(&raw)?, false).await?;
    let value = |v: serde_json::Result<serde_json::Value>| v.map_err(Fail::fault);
    let version = p.version;
    let detail = PlanDetail {
        id: p.id.to_string(),
        call: call.id.to_string(),
        number: p.number,
        status: p.status.to_string(),
        weights: value(serde_json::to_value(p.weights))?,
        outcome: value(serde_json::to_value(p))?,
    };
    Ok(Versioned(version, detail))
}
/// A plan's proof: the whole question with its prices.
#[derive(Serialize, ToSchema)]
pub(super) struct ProofDetail {
    #[schema(format = "uuid")]
    allocation: String,
    /// The question (needs, offers, pairs), the units given, and the prices; `holds` is the checker's word on them now. The
    /// numbers are those that `youcheng match` reads. A drawn plan has no prices and does not hold by them: with the question and
    /// the seed it can be drawn again.
    #[schema(value_type = Object)]
    proof: serde_json::Value,
    /// The pairs that were offered and carry nothing, each with its value and why.
    #[schema(value_type = Vec<Object>)]
    passed: serde_json::Value,
}
/// A plan's certificate, for who checks it
///
/// Not there while the panel's scores are not told to you.
#[utoipa::path(get, path = "/api/v1/allocations/{id}/proof", tag = "calls", params(("id" = String, Path, format = "uuid")), responses((status = 200, body = ProofDetail), ReadFails))]
pub(super) async fn plan_proof(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Json<ProofDetail>, Problem> {
    let (_, _, p) = crate::told(ctx.house(), &ctx.viewer, id(&raw)?, true).await?;
    let proof = p.proof.ok_or(Fail::NotFound)?;
    Ok(Json(ProofDetail {
        allocation: p.id.to_string(),
        proof: serde_json::to_value(proof).map_err(Fail::fault)?,
        passed: serde_json::to_value(p.passed).map_err(Fail::fault)?,
    }))
}
/// Publish a plan
///
/// Refused until all of the panel have scored, where one is asked, and when the short list or a mark is another than it
/// was worked out with.
#[utoipa::path(post, path = "/api/v1/allocations/{id}/publication", tag = "calls", params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), security(("token" = [])), responses((status = 200, body = Acted), WriteFails))]
pub(super) async fn publish_plan(ctx: ApiCtx, Path(raw): Path<String>) -> Result<Json<Acted>, Problem> {
    let plan: AllocationId = id(&raw)?;
    Ok(acted(
        crate::publish_plan(ctx.house(), &ctx.asking(), plan)
            .await
            .or_repeat()?,
    ))
}
