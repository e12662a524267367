//! All SQL of calls, needs, offers, panels, allocations and awards. Row structs stay here.

mod assignments;
mod decisions;
mod limits;
mod offers;
mod panel;

pub(crate) use assignments::*;
pub(crate) use decisions::*;
pub(crate) use limits::*;
pub(crate) use offers::*;
pub(crate) use panel::*;

use basis::{
    AccountId, BodyId, CallId, Currency, Day, Fail, Field, GovernmentId, Lang, Moment, NeedId, Page, PageRequest,
    PlanItemId, RelationId, Text,
};
use store::{Json, Query, StoreFault, ToVal, Tx, Val, row, vals};

use crate::allocate::Weights;
use crate::call::{Call, CallStatus, Channel, Criterion, Mode, Need};
use crate::cards::{CallCard, NeedCard};

pub(super) fn places(from: usize, count: usize) -> String {
    (from..from + count)
        .map(|n| format!("${n}"))
        .collect::<Vec<_>>()
        .join(", ")
}

row! {
    struct CallRow {
        id: CallId, plan_item: PlanItemId, relation: Option<RelationId>, field: Field, district: Option<GovernmentId>,
        title: Text, brief: Text, who: Text, status: CallStatus, mode: Mode, opens_at: Moment, closes_at: Moment,
        opened_at: Option<Moment>, opened_by: Option<AccountId>, decided_at: Option<Moment>, currency: Currency,
        ceiling: Option<i64>, work_from: Day, work_until: Day, languages: Json<Vec<Lang>>, criteria: Json<Vec<Criterion>>,
        weights: Json<Weights>, guiding: BodyId, made_by: Option<AccountId>, made_at: Moment, published_at: Option<Moment>,
        reason: Option<Text>, illustrative: bool, version: i64,
    }
}
impl From<CallRow> for Call {
    fn from(r: CallRow) -> Self {
        Call {
            id: r.id,
            plan_item: r.plan_item,
            relation: r.relation,
            field: r.field,
            district: r.district,
            title: r.title,
            brief: r.brief,
            who: r.who,
            status: r.status,
            mode: r.mode,
            opens_at: r.opens_at,
            closes_at: r.closes_at,
            opened_at: r.opened_at,
            opened_by: r.opened_by,
            decided_at: r.decided_at,
            currency: r.currency,
            ceiling: r.ceiling,
            work_from: r.work_from,
            work_until: r.work_until,
            languages: r.languages.0,
            criteria: r.criteria.0,
            weights: r.weights.0,
            guiding: r.guiding,
            made_by: r.made_by,
            made_at: r.made_at,
            published_at: r.published_at,
            reason: r.reason,
            illustrative: r.illustrative,
            version: r.version,
        }
    }
}
row! {
    struct CardRow {
        id: CallId, plan_item: PlanItemId, relation: Option<RelationId>, field: Field, district: Option<GovernmentId>,
        title: Text, who: Text, status: CallStatus, mode: Mode, opens_at: Moment, closes_at: Moment, opened_at: Option<Moment>,
        decided_at: Option<Moment>, guiding: BodyId, currency: Currency, ceiling: Option<i64>, illustrative: bool, version: i64,
    }
}
impl From<CardRow> for CallCard {
    fn from(r: CardRow) -> Self {
        CallCard {
            id: r.id,
            plan_item: r.plan_item,
            relation: r.relation,
            field: r.field,
            district: r.district,
            title: r.title,
            who: r.who,
            status: r.status,
            mode: r.mode,
            opens_at: r.opens_at,
            closes_at: r.closes_at,
            opened_at: r.opened_at,
            decided_at: r.decided_at,
            guiding: r.guiding,
            currency: r.currency,
            ceiling: r.ceiling.map(|m| basis::Money::new(m, r.currency)),
            illustrative: r.illustrative,
            version: r.version,
        }
    }
}
const CARD: &str = "SELECT id, plan_item, relation, field, district, title, who, status, mode, opens_at, closes_at, opened_at, decided_at, guiding, currency, ceiling, illustrative, version FROM call";

pub(crate) async fn load(q: &impl Query, id: CallId) -> Result<Option<Call>, StoreFault> {
    Ok(q.one::<CallRow>("SELECT * FROM call WHERE id = $1", vals![id])
        .await?
        .map(Call::from))
}
pub(crate) async fn insert(tx: &Tx, c: &Call) -> Result<(), StoreFault> {
    tx.exec(
        "INSERT INTO call (id, plan_item, relation, field, district, title, brief, who, status, mode, opens_at, closes_at, currency, ceiling, work_from, work_until, languages, criteria, weights, guiding, made_by, made_at, illustrative, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, 1)",
        vals![
            c.id, c.plan_item, c.relation, c.field, c.district, c.title, c.brief, c.who, c.status, c.mode, c.opens_at,
            c.closes_at, c.currency, c.ceiling, c.work_from, c.work_until, Json(&c.languages), Json(&c.criteria),
            Json(c.weights), c.guiding, c.made_by, c.made_at, c.illustrative
        ],
    )
    .await?;
    Ok(())
}
/// Guarded by the version that was read.
pub(crate) async fn save(tx: &Tx, c: &Call) -> Result<(), Fail> {
    let n = tx
        .exec(
            "UPDATE call SET title = $1, brief = $2, who = $3, status = $4, mode = $5, opens_at = $6, closes_at = $7, opened_at = $8, opened_by = $9, decided_at = $10, currency = $11, ceiling = $12, work_from = $13, work_until = $14, languages = $15, criteria = $16, weights = $17, published_at = $18, reason = $19, version = version + 1 WHERE id = $20 AND version = $21",
            vals![
                c.title, c.brief, c.who, c.status, c.mode, c.opens_at, c.closes_at, c.opened_at, c.opened_by, c.decided_at,
                c.currency, c.ceiling, c.work_from, c.work_until, Json(&c.languages), Json(&c.criteria), Json(c.weights),
                c.published_at, c.reason, c.id, c.version
            ],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(Fail::Changed) }
}
/// Holds the call open until this transaction ends: an opening that comes at the same moment waits, and then sees what
/// was submitted; a submission that comes after the opening finds nothing to hold.
pub(crate) async fn hold_open(tx: &Tx, id: CallId, now: Moment) -> Result<bool, StoreFault> {
    let n = tx
        .exec("UPDATE call SET opened_at = opened_at WHERE id = $1 AND status = 'open' AND opens_at <= $2 AND closes_at > $2", vals![id, now])
        .await?;
    Ok(n == 1)
}
/// Holds the call in review until this transaction ends, so that it cannot be decided meanwhile.
pub(crate) async fn hold_in_review(tx: &Tx, id: CallId) -> Result<bool, StoreFault> {
    Ok(tx
        .exec(
            "UPDATE call SET opened_at = opened_at WHERE id = $1 AND status = 'in-review'",
            vals![id],
        )
        .await?
        == 1)
}

pub(crate) async fn cards(q: &impl Query, ids: &[CallId]) -> Result<Vec<CallCard>, StoreFault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let vals = ids.iter().map(ToVal::to_val).collect();
    let rows: Vec<CardRow> = q
        .all(&format!("{CARD} WHERE id IN ({})", places(1, ids.len())), vals)
        .await?;
    Ok(rows.into_iter().map(CallCard::from).collect())
}
/// Every call, drafts among them, the newest close first: for the export.
pub(crate) async fn every_call(q: &impl Query) -> Result<Vec<CallCard>, StoreFault> {
    let rows: Vec<CardRow> = q.all(&format!("{CARD} ORDER BY closes_at DESC, id"), vals![]).await?;
    Ok(rows.into_iter().map(CallCard::from).collect())
}
/// Calls that take offers now, closing soonest first.
pub(crate) async fn open_now(q: &impl Query, now: Moment, limit: u32) -> Result<Vec<CallCard>, StoreFault> {
    let rows: Vec<CardRow> = q
        .all(
            &format!(
                "{CARD} WHERE status = 'open' AND opens_at <= $1 AND closes_at > $1 ORDER BY closes_at, id LIMIT $2"
            ),
            vals![now, limit],
        )
        .await?;
    Ok(rows.into_iter().map(CallCard::from).collect())
}
/// Published calls under these plan items, oldest first; drafts are the department's own business.
pub(crate) async fn of_items(q: &impl Query, ids: &[PlanItemId]) -> Result<Vec<CallCard>, StoreFault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let vals = ids.iter().map(ToVal::to_val).collect();
    let rows: Vec<CardRow> = q
        .all(
            &format!(
                "{CARD} WHERE plan_item IN ({}) AND status <> 'draft' ORDER BY id",
                places(1, ids.len())
            ),
            vals,
        )
        .await?;
    Ok(rows.into_iter().map(CallCard::from).collect())
}
/// The public list: open ones first, closing soonest; then all others, the newest close first. The cursor is
/// "group:closes:id" of the last one shown.
pub(crate) async fn list(
    q: &impl Query,
    now: Moment,
    field: Option<Field>,
    page: &PageRequest,
) -> Result<Page<CallCard>, StoreFault> {
    // Within a group one number sorts: the closing moment, turned round for those that are over.
    let group = "CASE WHEN status = 'open' AND opens_at <= $1 AND closes_at > $1 THEN 0 WHEN status = 'open' AND opens_at > $1 THEN 1 ELSE 2 END";
    // Bare numbers are narrower on PostgreSQL: cast, so that both engines give the same type.
    let group = format!("CAST({group} AS BIGINT)");
    let mut vals: Vec<Val> = vals![now];
    let mut wheres = vec!["status <> 'draft'".to_owned()];
    if let Some(f) = field {
        vals.push(f.to_val());
        wheres.push(format!("field = ${}", vals.len()));
    }
    let after = page.after.as_ref().and_then(|c| {
        let mut parts = c.0.split(':');
        Some((
            parts.next()?.parse::<i64>().ok()?,
            parts.next()?.parse::<i64>().ok()?,
            parts.next()?.parse::<CallId>().ok()?,
        ))
    });
    let mut outer = String::new();
    if let Some((g, k, id)) = after {
        let n = vals.len();
        vals.extend(vals![g, k, id]);
        outer = format!(
            " WHERE part > ${0} OR (part = ${0} AND (turned > ${1} OR (turned = ${1} AND id > ${2})))",
            n + 1,
            n + 2,
            n + 3
        );
    }
    vals.push((page.limit + 1).to_val());
    row! { struct Placed { id: CallId, part: i64, turned: i64 } }
    let sql = format!(
        "SELECT id, part, turned FROM (SELECT id, {group} AS part, CASE WHEN status = 'open' AND closes_at > $1 THEN closes_at ELSE -closes_at END AS turned FROM call WHERE {}) AS sorted{outer} ORDER BY part, turned, id LIMIT ${}",
        wheres.join(" AND "),
        vals.len()
    );
    let placed: Vec<Placed> = q.all(&sql, vals).await?;
    let page = Page::from_rows(placed, page.limit, |p| format!("{}:{}:{}", p.part, p.turned, p.id));
    let ids: Vec<CallId> = page.items.iter().map(|p| p.id).collect();
    let mut by_id: std::collections::HashMap<CallId, CallCard> =
        cards(q, &ids).await?.into_iter().map(|c| (c.id, c)).collect();
    Ok(Page {
        items: ids.iter().filter_map(|i| by_id.remove(i)).collect(),
        next: page.next,
    })
}
/// Calls a body guides, or all (the office lead), that still need somebody: drafts, closed ones, ones in review.
pub(crate) async fn unfinished(
    q: &impl Query,
    guiding: Option<BodyId>,
    limit: u32,
) -> Result<Vec<CallCard>, StoreFault> {
    let rows: Vec<CardRow> = match guiding {
        Some(g) => {
            q.all(&format!("{CARD} WHERE guiding = $1 AND status IN ('draft', 'open', 'closed', 'in-review', 'asked') ORDER BY closes_at, id LIMIT $2"), vals![g, limit]).await?
        }
        None => q.all(&format!("{CARD} WHERE status IN ('draft', 'open', 'closed', 'in-review', 'asked') ORDER BY closes_at, id LIMIT $1"), vals![limit]).await?,
    };
    Ok(rows.into_iter().map(CallCard::from).collect())
}

row! {
    struct NeedRow { id: NeedId, call: CallId, title: Text, channel: Channel, min: i64, max: i64, unit: Text, priority: i64, field: Option<Field> }
}
impl From<NeedRow> for Need {
    fn from(r: NeedRow) -> Self {
        Need {
            id: r.id,
            title: r.title,
            channel: r.channel,
            min: r.min,
            max: r.max,
            unit: r.unit,
            priority: r.priority,
            field: r.field,
        }
    }
}
pub(crate) async fn needs(q: &impl Query, call: CallId) -> Result<Vec<Need>, StoreFault> {
    let rows: Vec<NeedRow> = q
        .all("SELECT * FROM need WHERE call = $1 ORDER BY position", vals![call])
        .await?;
    Ok(rows.into_iter().map(Need::from).collect())
}
pub(crate) async fn needs_of(q: &impl Query, calls: &[CallId]) -> Result<Vec<NeedCard>, StoreFault> {
    if calls.is_empty() {
        return Ok(Vec::new());
    }
    let vals = calls.iter().map(ToVal::to_val).collect();
    let rows: Vec<NeedRow> = q
        .all(
            &format!(
                "SELECT * FROM need WHERE call IN ({}) ORDER BY call, position",
                places(1, calls.len())
            ),
            vals,
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|r| NeedCard {
            call: r.call,
            need: r.into(),
        })
        .collect())
}
/// The needs that awards name.
pub(crate) async fn awarded_needs(q: &impl Query) -> Result<Vec<Need>, StoreFault> {
    let rows: Vec<NeedRow> = q
        .all(
            "SELECT * FROM need WHERE EXISTS (SELECT 1 FROM award_line l WHERE l.need = need.id) ORDER BY call, position",
            vals![],
        )
        .await?;
    Ok(rows.into_iter().map(Need::from).collect())
}
/// Takes the place of all needs of a draft: nothing hangs on them yet.
pub(crate) async fn replace_needs(tx: &Tx, call: CallId, needs: &[Need]) -> Result<(), StoreFault> {
    tx.exec("DELETE FROM need WHERE call = $1", vals![call]).await?;
    let rows = needs
        .iter()
        .enumerate()
        .map(|(i, n)| {
            vals![
                n.id, call, i as i64, n.title, n.channel, n.min, n.max, n.unit, n.priority, n.field
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO need (id, call, position, title, channel, min, max, unit, priority, field)",
        10,
        rows,
    )
    .await
}
row! {
    /// What a published call's page says beside its card.
    struct DetailRow { id: CallId, brief: Text, criteria: Json<Vec<Criterion>> }
}
/// Brief and criteria of published calls.
pub(crate) async fn briefs(q: &impl Query, ids: &[CallId]) -> Result<Vec<(CallId, Text, Vec<Criterion>)>, StoreFault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let vals = ids.iter().map(ToVal::to_val).collect();
    let rows: Vec<DetailRow> = q
        .all(
            &format!(
                "SELECT id, brief, criteria FROM call WHERE status <> 'draft' AND id IN ({})",
                places(1, ids.len())
            ),
            vals,
        )
        .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.brief, r.criteria.0)).collect())
}
