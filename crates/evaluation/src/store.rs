//! All SQL of evaluations. Every change first takes its evaluation ([`take`]), so that what is read afterwards stays.

use ::store::{FromRow, Query, StoreFault, ToVal, Tx, Val, row, vals};
use basis::{
    AccountId, AimId, BodyId, Day, EvaluationId, Fail, Field, GovernmentId, Moment, PlanItemId, RelationId, Text,
    UndertakingId,
};

use crate::{Aim, Evaluation, Evaluator, Finding, FindingState, Status};

row! {
    struct EvaluationRow {
        id: EvaluationId, undertaking: UndertakingId, plan_item: PlanItemId, relation: Option<RelationId>, field: Field,
        district: Option<GovernmentId>, status: Status, due: Day, appointed_by: AccountId, appointed_at: Moment,
        summary: Option<Text>, drafted_by: Option<AccountId>, drafted_at: Option<Moment>,
        published_by: Option<AccountId>, published_at: Option<Moment>,
        reply: Option<Text>, reply_by: Option<AccountId>, reply_at: Option<Moment>, version: i64, illustrative: bool,
    }
}
row! {
    struct AimRow {
        id: AimId, plan_item: PlanItemId, text: Text, measure: Text, target: Text, set_by: AccountId, set_at: Moment,
        position: i64, illustrative: bool,
    }
}
row! { struct EvaluatorRow { evaluation: EvaluationId, account: AccountId, body: Option<BodyId>, no_conflict_at: Option<Moment> } }
row! {
    struct FindingRow {
        evaluation: EvaluationId, aim: AimId, found: Text, state: FindingState, note: Option<Text>, source: Option<String>,
        by_account: AccountId, at: Moment, version: i64,
    }
}
impl From<EvaluationRow> for Evaluation {
    fn from(r: EvaluationRow) -> Self {
        Evaluation {
            id: r.id,
            undertaking: r.undertaking,
            plan_item: r.plan_item,
            relation: r.relation,
            field: r.field,
            district: r.district,
            status: r.status,
            due: r.due,
            appointed: (r.appointed_by, r.appointed_at),
            summary: r.summary,
            drafted: r.drafted_by.zip(r.drafted_at),
            published: r.published_by.zip(r.published_at),
            reply: r
                .reply
                .zip(r.reply_by)
                .zip(r.reply_at)
                .map(|((text, by), at)| (text, by, at)),
            version: r.version,
            illustrative: r.illustrative,
        }
    }
}
impl From<AimRow> for Aim {
    fn from(r: AimRow) -> Self {
        Aim {
            id: r.id,
            plan_item: r.plan_item,
            text: r.text,
            measure: r.measure,
            target: r.target,
            set: (r.set_by, r.set_at),
            position: r.position,
            illustrative: r.illustrative,
        }
    }
}
impl From<EvaluatorRow> for Evaluator {
    fn from(r: EvaluatorRow) -> Self {
        Evaluator {
            evaluation: r.evaluation,
            account: r.account,
            body: r.body,
            no_conflict: r.no_conflict_at,
        }
    }
}
impl From<FindingRow> for Finding {
    fn from(r: FindingRow) -> Self {
        Finding {
            evaluation: r.evaluation,
            aim: r.aim,
            found: r.found,
            state: r.state,
            note: r.note,
            source: r.source,
            by: r.by_account,
            at: r.at,
            version: r.version,
        }
    }
}
async fn rows_in<T: FromRow + Send, K: ToVal>(
    q: &impl Query,
    select: &str,
    keys: &[K],
    order: &str,
) -> Result<Vec<T>, StoreFault> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=keys.len()).map(|i| format!("${i}")).collect();
    let keys: Vec<Val> = keys.iter().map(ToVal::to_val).collect();
    q.all(&format!("{select} IN ({}) ORDER BY {order}", places.join(", ")), keys)
        .await
}
fn one_row(n: u64) -> Result<(), Fail> {
    if n == 1 { Ok(()) } else { Err(Fail::Changed) }
}

// --- aims ---

pub(crate) async fn insert_aim(tx: &Tx, a: &Aim) -> Result<(), StoreFault> {
    tx.exec(
        "INSERT INTO aim (id, plan_item, text, measure, target, set_by, set_at, position, illustrative) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vals![a.id, a.plan_item, a.text, a.measure, a.target, a.set.0, a.set.1, a.position, a.illustrative],
    )
    .await?;
    Ok(())
}
pub(crate) async fn aim(q: &impl Query, id: AimId) -> Result<Option<Aim>, StoreFault> {
    let row: Option<AimRow> = q.one("SELECT * FROM aim WHERE id = $1", vals![id]).await?;
    Ok(row.map(Aim::from))
}
pub(crate) async fn aims(q: &impl Query, items: &[PlanItemId]) -> Result<Vec<Aim>, StoreFault> {
    let rows: Vec<AimRow> = rows_in(q, "SELECT * FROM aim WHERE plan_item", items, "plan_item, position").await?;
    Ok(rows.into_iter().map(Aim::from).collect())
}
/// All aims, by programme, for the file.
pub(crate) async fn every_aim(q: &impl Query, most: u32) -> Result<Vec<Aim>, StoreFault> {
    let rows: Vec<AimRow> = q
        .all("SELECT * FROM aim ORDER BY plan_item, position LIMIT $1", vals![most])
        .await?;
    Ok(rows.into_iter().map(Aim::from).collect())
}
pub(crate) async fn delete_aim(tx: &Tx, id: AimId) -> Result<(), Fail> {
    one_row(tx.exec("DELETE FROM aim WHERE id = $1", vals![id]).await?)
}

// --- evaluations ---

pub(crate) async fn insert(tx: &Tx, e: &Evaluation) -> Result<(), StoreFault> {
    tx.exec(
        "INSERT INTO evaluation (id, undertaking, plan_item, relation, field, district, status, due, appointed_by, appointed_at, version, illustrative) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        vals![e.id, e.undertaking, e.plan_item, e.relation, e.field, e.district, e.status, e.due, e.appointed.0, e.appointed.1, e.version, e.illustrative],
    )
    .await?;
    Ok(())
}
/// Takes the evaluation for a change: its row is held until the transaction ends, and its version is the next one.
pub(crate) async fn take(tx: &Tx, id: EvaluationId) -> Result<Option<Evaluation>, StoreFault> {
    let row: Option<EvaluationRow> = tx
        .one(
            "UPDATE evaluation SET version = version + 1 WHERE id = $1 RETURNING *",
            vals![id],
        )
        .await?;
    Ok(row.map(Evaluation::from))
}
pub(crate) async fn save(tx: &Tx, e: &Evaluation) -> Result<(), Fail> {
    let (reply, reply_by, reply_at) = match e.reply.clone() {
        Some((text, by, at)) => (Some(text), Some(by), Some(at)),
        None => (None, None, None),
    };
    one_row(
        tx.exec(
            "UPDATE evaluation SET status = $1, summary = $2, drafted_by = $3, drafted_at = $4, published_by = $5, published_at = $6, reply = $7, reply_by = $8, reply_at = $9 WHERE id = $10 AND version = $11",
            vals![e.status, e.summary, e.drafted.map(|d| d.0), e.drafted.map(|d| d.1), e.published.map(|d| d.0), e.published.map(|d| d.1), reply, reply_by, reply_at, e.id, e.version],
        )
        .await?,
    )
}
pub(crate) async fn load(q: &impl Query, id: EvaluationId) -> Result<Option<Evaluation>, StoreFault> {
    let row: Option<EvaluationRow> = q.one("SELECT * FROM evaluation WHERE id = $1", vals![id]).await?;
    Ok(row.map(Evaluation::from))
}
pub(crate) async fn load_of_undertakings(q: &impl Query, ids: &[UndertakingId]) -> Result<Vec<Evaluation>, StoreFault> {
    let rows: Vec<EvaluationRow> = rows_in(q, "SELECT * FROM evaluation WHERE undertaking", ids, "id").await?;
    Ok(rows.into_iter().map(Evaluation::from).collect())
}
pub(crate) async fn load_of_plan_items(q: &impl Query, items: &[PlanItemId]) -> Result<Vec<Evaluation>, StoreFault> {
    let rows: Vec<EvaluationRow> =
        rows_in(q, "SELECT * FROM evaluation WHERE plan_item", items, "plan_item, id").await?;
    Ok(rows.into_iter().map(Evaluation::from).collect())
}
/// All evaluations, the newest first, for the file.
pub(crate) async fn every_evaluation(q: &impl Query, most: u32) -> Result<Vec<Evaluation>, StoreFault> {
    let rows: Vec<EvaluationRow> = q
        .all("SELECT * FROM evaluation ORDER BY id DESC LIMIT $1", vals![most])
        .await?;
    Ok(rows.into_iter().map(Evaluation::from).collect())
}
/// What a person was appointed to, unpublished first, then newest.
pub(crate) async fn load_of_evaluator(q: &impl Query, account: AccountId) -> Result<Vec<Evaluation>, StoreFault> {
    let rows: Vec<EvaluationRow> = q
        .all("SELECT * FROM evaluation WHERE id IN (SELECT evaluation FROM evaluator WHERE account = $1) ORDER BY CASE WHEN status = 'published' THEN 1 ELSE 0 END, due, id LIMIT 200", vals![account])
        .await?;
    Ok(rows.into_iter().map(Evaluation::from).collect())
}
/// What is not published yet, by when it is due.
pub(crate) async fn load_unpublished(q: &impl Query) -> Result<Vec<Evaluation>, StoreFault> {
    let rows: Vec<EvaluationRow> = q
        .all(
            "SELECT * FROM evaluation WHERE status <> 'published' ORDER BY due, id LIMIT 500",
            vec![],
        )
        .await?;
    Ok(rows.into_iter().map(Evaluation::from).collect())
}

// --- evaluators and findings ---

pub(crate) async fn insert_evaluator(tx: &Tx, e: &Evaluator) -> Result<(), StoreFault> {
    tx.exec(
        "INSERT INTO evaluator (evaluation, account, body, no_conflict_at) VALUES ($1, $2, $3, $4)",
        vals![e.evaluation, e.account, e.body, e.no_conflict],
    )
    .await?;
    Ok(())
}
pub(crate) async fn evaluators(q: &impl Query, ids: &[EvaluationId]) -> Result<Vec<Evaluator>, StoreFault> {
    let rows: Vec<EvaluatorRow> = rows_in(
        q,
        "SELECT * FROM evaluator WHERE evaluation",
        ids,
        "evaluation, account",
    )
    .await?;
    Ok(rows.into_iter().map(Evaluator::from).collect())
}
pub(crate) async fn declare(tx: &Tx, id: EvaluationId, account: AccountId) -> Result<(), Fail> {
    let sql =
        "UPDATE evaluator SET no_conflict_at = $1 WHERE evaluation = $2 AND account = $3 AND no_conflict_at IS NULL";
    one_row(tx.exec(sql, vals![tx.now(), id, account]).await?)
}
/// Writes a finding; `seen` is the version its writer saw, 0 for none: of two at once, the second is told.
pub(crate) async fn save_finding(tx: &Tx, f: &Finding, seen: i64) -> Result<(), Fail> {
    let n = if seen == 0 {
        tx.exec(
            "INSERT INTO finding (evaluation, aim, found, state, note, source, by_account, at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1) ON CONFLICT (evaluation, aim) DO NOTHING",
            vals![f.evaluation, f.aim, f.found, f.state, f.note, f.source, f.by, f.at],
        )
        .await?
    } else {
        tx.exec(
            "UPDATE finding SET found = $1, state = $2, note = $3, source = $4, by_account = $5, at = $6, version = version + 1 WHERE evaluation = $7 AND aim = $8 AND version = $9",
            vals![f.found, f.state, f.note, f.source, f.by, f.at, f.evaluation, f.aim, seen],
        )
        .await?
    };
    one_row(n)
}
pub(crate) async fn findings(q: &impl Query, ids: &[EvaluationId]) -> Result<Vec<Finding>, StoreFault> {
    let rows: Vec<FindingRow> = rows_in(q, "SELECT * FROM finding WHERE evaluation", ids, "evaluation, aim").await?;
    Ok(rows.into_iter().map(Finding::from).collect())
}

// --- read model kept from the undertakings' events ---

/// An undertaking came to its end; again is no fault.
pub(crate) async fn await_evaluators(tx: &Tx, id: UndertakingId) -> Result<(), StoreFault> {
    let sql = "INSERT INTO awaiting_evaluators (undertaking, at) VALUES ($1, $2) ON CONFLICT (undertaking) DO NOTHING";
    tx.exec(sql, vals![id, tx.now()]).await?;
    Ok(())
}
/// Ended undertakings that nobody was asked to evaluate, oldest first.
pub(crate) async fn awaiting(q: &impl Query) -> Result<Vec<UndertakingId>, StoreFault> {
    row! { struct Waiting { undertaking: UndertakingId } }
    let rows: Vec<Waiting> = q
        .all("SELECT undertaking FROM awaiting_evaluators w WHERE NOT EXISTS (SELECT 1 FROM evaluation e WHERE e.undertaking = w.undertaking) ORDER BY at LIMIT 200", vec![])
        .await?;
    Ok(rows.into_iter().map(|r| r.undertaking).collect())
}
