//! Allocations and awards.

use basis::{
    AccountId, AllocationId, AwardId, BodyId, CallId, Code, Currency, Day, Fail, Moment, Money, NeedId, OfferId,
    PlanItemId, Text,
};
use store::{Json, Query, StoreFault, ToVal, Tx, row, vals};

use std::collections::HashMap;

use super::places;
use crate::allocate::{Outcome, Pin, Weights};
use crate::award::Granted;
use crate::call::Mode;
use crate::cards::AwardCard;
use crate::plans::{Plan, PlanCard, PlanStatus};

row! {
    struct PlanRow {
        id: AllocationId, call: CallId, number: i64, status: PlanStatus, weights: Json<Weights>, pins: Json<Vec<Pin>>,
        result: Json<Outcome>, made_by: Option<AccountId>, made_at: Moment, published_at: Option<Moment>, illustrative: bool, version: i64,
    }
}
pub(crate) async fn plan(q: &impl Query, id: AllocationId) -> Result<Option<Plan>, StoreFault> {
    let row: Option<PlanRow> = q.one("SELECT * FROM allocation WHERE id = $1", vals![id]).await?;
    Ok(row.map(Plan::from))
}
impl From<PlanRow> for Plan {
    fn from(r: PlanRow) -> Self {
        Plan {
            id: r.id,
            call: r.call,
            number: r.number,
            status: r.status,
            weights: r.weights.0,
            pins: r.pins.0,
            outcome: r.result.0,
            made_by: r.made_by,
            made_at: r.made_at,
            published_at: r.published_at,
            illustrative: r.illustrative,
            version: r.version,
        }
    }
}
row! { struct PlanCardRow { id: AllocationId, number: i64, status: PlanStatus, weights: Json<Weights>, pins: Json<Vec<Pin>>, made_at: Moment, version: i64, objective: Option<String>, missing: Option<String>, proved: Option<bool>, pairs: Option<i64>, aim: Option<String>, aim_percent: Option<i64>, terms: Option<i64>, searched: Option<bool> } }
/// All plans of a call side by side, without their lines.
/// The call that an allocation belongs to.
pub(crate) async fn call_of_plan(q: &impl Query, id: AllocationId) -> Result<Option<CallId>, StoreFault> {
    row! { struct Of { call: CallId } }
    let of: Option<Of> = q.one("SELECT call FROM allocation WHERE id = $1", vals![id]).await?;
    Ok(of.map(|o| o.call))
}
pub(crate) async fn plans(q: &impl Query, call: CallId) -> Result<Vec<PlanCard>, StoreFault> {
    let rows: Vec<PlanCardRow> = q
        .all("SELECT id, number, status, weights, pins, made_at, version, objective, missing, proved, pairs, aim, aim_percent, terms, searched FROM allocation WHERE call = $1 ORDER BY number", vals![call])
        .await?;
    let card = |r: PlanCardRow| PlanCard {
        id: r.id,
        number: r.number,
        status: r.status,
        weights: r.weights.0,
        pins: r.pins.0.len(),
        made_at: r.made_at,
        version: r.version,
        objective: r.objective,
        missing: r.missing,
        proved: r.proved,
        pairs: r.pairs,
        aim: r.aim,
        aim_percent: r.aim_percent,
        terms: r.terms,
        searched: r.searched == Some(true),
    };
    Ok(rows.into_iter().map(card).collect())
}
/// The plan that was published, if one was.
pub(crate) async fn published_plan(q: &impl Query, call: CallId) -> Result<Option<Plan>, StoreFault> {
    let row: Option<PlanRow> = q
        .one(
            "SELECT * FROM allocation WHERE call = $1 AND status = 'published'",
            vals![call],
        )
        .await?;
    Ok(row.map(Plan::from))
}
fn aim(p: &Plan) -> &'static str {
    p.outcome.fair.as_ref().map_or("value", |f| f.wish.method.code())
}
fn aim_percent(p: &Plan) -> Option<i64> {
    p.outcome.fair.as_ref().and_then(|f| f.wish.percent)
}
/// A new plan beside the others; its number is the next one of the call.
pub(crate) async fn insert_plan(tx: &Tx, p: &Plan) -> Result<i64, StoreFault> {
    let number = 1 + tx
        .number("SELECT MAX(number) AS n FROM allocation WHERE call = $1", vals![p.call])
        .await?;
    tx.exec(
        "INSERT INTO allocation (id, call, number, status, weights, pins, result, made_by, made_at, illustrative, version, objective, missing, proved, pairs, aim, aim_percent, terms, searched) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12, $13, $14, $15, $16, $17, $18)",
        vals![
            p.id, p.call, number, p.status, Json(p.weights), Json(&p.pins), Json(&p.outcome), p.made_by, p.made_at, p.illustrative,
            p.outcome.objective, p.outcome.weighted_unmet, p.outcome.proved, p.outcome.lines.len() as i64,
            aim(p), aim_percent(p), p.outcome.terms.count() as i64, p.outcome.searched
        ],
    )
    .await?;
    Ok(number)
}
/// Writes a draft plan anew, guarded by the version that was read.
pub(crate) async fn save_plan(tx: &Tx, p: &Plan) -> Result<(), Fail> {
    let n = tx
        .exec(
            "UPDATE allocation SET status = $1, weights = $2, pins = $3, result = $4, published_at = $5, objective = $6, missing = $7, proved = $8, pairs = $9, aim = $10, aim_percent = $11, terms = $12, searched = $13, made_at = $14, version = version + 1 WHERE id = $15 AND version = $16",
            vals![
                p.status, Json(p.weights), Json(&p.pins), Json(&p.outcome), p.published_at, p.outcome.objective,
                p.outcome.weighted_unmet, p.outcome.proved, p.outcome.lines.len() as i64, aim(p),
                aim_percent(p), p.outcome.terms.count() as i64, p.outcome.searched, p.made_at, p.id, p.version
            ],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(Fail::Changed) }
}
/// Publishing one plan sets an earlier published one aside.
pub(crate) async fn set_aside(tx: &Tx, call: CallId) -> Result<(), StoreFault> {
    tx.exec(
        "UPDATE allocation SET status = 'set-aside', version = version + 1 WHERE call = $1 AND status = 'published'",
        vals![call],
    )
    .await?;
    Ok(())
}

row! {
    struct AwardRow {
        id: AwardId, call: CallId, plan_item: PlanItemId, offer: OfferId, body: Option<BodyId>, account: Option<AccountId>, mode: Mode,
        reason: Text, at: Moment, decided_by: Option<AccountId>, amount_minor: Option<i64>, currency: Currency, starts: Day, ends: Day,
        summary: Text, illustrative: bool, asked_minor: Option<i64>, amount_reason: Option<Text>,
    }
}
impl AwardRow {
    fn card(self, units: &mut HashMap<AwardId, Vec<(NeedId, i64)>>) -> AwardCard {
        let r = self;
        AwardCard {
            units: units.remove(&r.id).unwrap_or_default(),
            asked: r.asked_minor.map(|m| Money::new(m, r.currency)),
            amount_reason: r.amount_reason,
            id: r.id,
            call: r.call,
            plan_item: r.plan_item,
            offer: r.offer,
            body: r.body,
            account: r.account,
            mode: r.mode,
            reason: r.reason,
            at: r.at,
            decided_by: r.decided_by,
            amount: r.amount_minor.map(|m| Money::new(m, r.currency)),
            currency: r.currency,
            starts: r.starts,
            ends: r.ends,
            summary: r.summary,
            illustrative: r.illustrative,
        }
    }
}
const AWARD: &str = "SELECT a.id, a.call, c.plan_item, a.offer, o.body, o.account, a.mode, a.reason, a.at, a.decided_by, a.amount_minor, a.currency, o.starts, o.ends, o.summary, a.illustrative, a.asked_minor, a.amount_reason FROM award a JOIN call c ON c.id = a.call JOIN offer o ON o.id = a.offer";

pub(crate) async fn award(q: &impl Query, id: AwardId) -> Result<Option<AwardCard>, StoreFault> {
    let row = q
        .one::<AwardRow>(&format!("{AWARD} WHERE a.id = $1"), vals![id])
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut units = units_of(q, "l.award IN ($1)", vals![id]).await?;
    Ok(Some(row.card(&mut units)))
}
pub(crate) async fn awards_of(q: &impl Query, calls: &[CallId]) -> Result<Vec<AwardCard>, StoreFault> {
    if calls.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<AwardRow> = q
        .all(
            &format!(
                "{AWARD} WHERE a.call IN ({}) ORDER BY a.at, a.id",
                places(1, calls.len())
            ),
            calls.iter().map(ToVal::to_val).collect(),
        )
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let filter = format!("a.call IN ({})", places(1, calls.len()));
    let mut units = units_of(q, &filter, calls.iter().map(ToVal::to_val).collect()).await?;
    Ok(rows.into_iter().map(|r| r.card(&mut units)).collect())
}
/// Every award, the newest first: for the export.
pub(crate) async fn every_award(q: &impl Query) -> Result<Vec<AwardCard>, StoreFault> {
    let rows: Vec<AwardRow> = q.all(&format!("{AWARD} ORDER BY a.at DESC, a.id"), vals![]).await?;
    let mut units = units_of(q, "1 = 1", vals![]).await?;
    Ok(rows.into_iter().map(|r| r.card(&mut units)).collect())
}
row! { struct UnitsRow { award: AwardId, need: NeedId, units: i64 } }
/// The units of some awards, each in the order of the call's needs.
async fn units_of(
    q: &impl Query,
    filter: &str,
    vals: Vec<store::Val>,
) -> Result<HashMap<AwardId, Vec<(NeedId, i64)>>, StoreFault> {
    let rows: Vec<UnitsRow> = q
        .all(
            &format!(
                "SELECT l.award, l.need, l.units FROM award_line l JOIN award a ON a.id = l.award JOIN need n ON n.id = l.need WHERE {filter} ORDER BY l.award, n.position"
            ),
            vals,
        )
        .await?;
    let mut out: HashMap<AwardId, Vec<(NeedId, i64)>> = HashMap::new();
    for r in rows {
        out.entry(r.award).or_default().push((r.need, r.units));
    }
    Ok(out)
}
/// The constraint on the offer is the judge when two decide at once.
#[expect(clippy::too_many_arguments, reason = "an award's row is all of these")]
pub(crate) async fn insert_award(
    tx: &Tx,
    id: AwardId,
    (call, offer): (CallId, OfferId),
    mode: Mode,
    (reason, by): (&Text, Option<AccountId>),
    sum: &Granted,
    currency: Currency,
    illustrative: bool,
) -> Result<(), StoreFault> {
    let minor = |m: Option<Money>| m.map(|m| m.minor);
    tx.exec(
        "INSERT INTO award (id, call, offer, mode, reason, amount_minor, currency, decided_by, at, illustrative, asked_minor, amount_reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        vals![id, call, offer, mode, reason.clone(), minor(sum.amount), currency, by, tx.now(), illustrative, minor(sum.asked), sum.why.clone()],
    )
    .await?;
    let lines = sum.units.iter().map(|(need, units)| vals![id, *need, *units]).collect();
    tx.insert_many("INSERT INTO award_line (award, need, units)", 3, lines)
        .await
}

row! { struct Loose { id: String } }
/// For `verify`: what must never be, whatever happened.
pub(crate) async fn loose_ends(q: &impl Query) -> Result<Vec<String>, StoreFault> {
    let mut out = Vec::new();
    for (what, sql) in [
        (
            "call opened before it closed",
            "SELECT id FROM call WHERE opened_at IS NOT NULL AND opened_at < closes_at",
        ),
        (
            "call in review or decided and never opened",
            "SELECT id FROM call WHERE status IN ('in-review', 'decided') AND opened_at IS NULL",
        ),
        (
            "offer submitted after the close",
            "SELECT o.id FROM offer o JOIN call c ON c.id = o.call WHERE o.submitted_at >= c.closes_at AND NOT EXISTS (SELECT 1 FROM assignment x WHERE x.call = c.id)",
        ),
        (
            "offer awarded without an award",
            "SELECT o.id FROM offer o WHERE o.status = 'awarded' AND NOT EXISTS (SELECT 1 FROM award a WHERE a.offer = o.id)",
        ),
        (
            "award for an offer that is not awarded",
            "SELECT a.id FROM award a JOIN offer o ON o.id = a.offer WHERE o.status <> 'awarded'",
        ),
        (
            "award decided by somebody on the panel",
            "SELECT a.id FROM award a JOIN panel_seat p ON p.call = a.call AND p.account = a.decided_by",
        ),
        (
            "award of more units than were offered",
            "SELECT l.award AS id FROM award_line l JOIN award a ON a.id = l.award WHERE l.units > COALESCE((SELECT o.units FROM offer_line o WHERE o.offer = a.offer AND o.need = l.need), 0)",
        ),
        (
            "award of more money than was asked",
            "SELECT id FROM award WHERE amount_minor > COALESCE(asked_minor, 0)",
        ),
        (
            "assignment accepted without an award",
            "SELECT x.call AS id FROM assignment x WHERE x.answer = 'accepted' AND NOT EXISTS (SELECT 1 FROM award a WHERE a.call = x.call)",
        ),
        (
            "assignment to the unit that guides",
            "SELECT x.call AS id FROM assignment x JOIN call c ON c.id = x.call WHERE x.body = c.guiding",
        ),
        (
            "offer by the unit that guides",
            "SELECT o.id FROM offer o JOIN call c ON c.id = o.call WHERE o.body = c.guiding",
        ),
    ] {
        let rows: Vec<Loose> = q.all(sql, vec![]).await?;
        out.extend(rows.into_iter().map(|r| format!("{what}: {}", r.id)));
    }
    Ok(out)
}
row! { struct AwardedRow { body: Option<BodyId>, n: i64 } }
/// Offers handed in to opened calls, and awards by who got them.
pub(crate) async fn counted(q: &impl Query) -> Result<(i64, Vec<(Option<BodyId>, i64)>), StoreFault> {
    let offers = q
        .number(
            "SELECT COUNT(*) AS n FROM offer o JOIN call c ON c.id = o.call WHERE c.opened_at IS NOT NULL AND o.status IN ('submitted', 'awarded', 'declined') AND NOT EXISTS (SELECT 1 FROM assignment x WHERE x.call = c.id)",
            vec![],
        )
        .await?;
    let rows: Vec<AwardedRow> = q
        .all(
            "SELECT o.body, COUNT(*) AS n FROM award a JOIN offer o ON o.id = a.offer GROUP BY o.body",
            vec![],
        )
        .await?;
    Ok((offers, rows.into_iter().map(|r| (r.body, r.n)).collect()))
}
