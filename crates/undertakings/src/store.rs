//! All SQL of undertakings. Every change first takes its undertaking ([`take`]): what is read afterwards stays true
//! until the end, on both engines. Money moves only by guarded statements, and the tables check the sums once more.

use ::store::{FromRow, Json, Query, StoreFault, ToVal, Tx, Val, row, vals};
use basis::{
    AccountId, AwardId, BodyId, CallId, Currency, Day, DeliverableId, Fail, Field, GovernmentId, Id, InstalmentId,
    MilestoneId, Moment, Money, PlanItemId, RelationId, Text, UndertakingId,
};

use crate::{
    Amendment, AmendmentId, AmendmentStatus, BudgetLine, Change, Deliverable, Ended, Instalment, InstalmentStatus,
    Milestone, MilestoneStatus, Mode, Side, Status, Undertaking, Verdict, VerdictKind, instalment::Stage,
    undertaking::Done,
};

row! {
    struct UndertakingRow {
        id: UndertakingId, award: AwardId, call: CallId, plan_item: PlanItemId, relation: Option<RelationId>,
        partner: Option<GovernmentId>, field: Field, district: Option<GovernmentId>, body: Option<BodyId>,
        account: Option<AccountId>, mode: Mode, reason: Text, guiding: BodyId, title: Text, responsible: AccountId,
        status: Status, currency: Currency, budget: i64, promised: i64, starts: Day, ends: Day,
        agreed_by: AccountId, agreed_body: Option<BodyId>, agreed_at: Moment, advance_share: i64,
        started_by: Option<AccountId>, started_body: Option<BodyId>, started_at: Option<Moment>,
        ended_by: Option<AccountId>, ended_body: Option<BodyId>, ended_at: Option<Moment>, end_reason: Option<String>,
        money_public_at: Option<Moment>, version: i64, illustrative: bool,
    }
}
row! { struct MilestoneRow { id: MilestoneId, undertaking: UndertakingId, title: Text, due: Day, status: MilestoneStatus, accepted_on: Option<Day>, position: i64 } }
row! {
    struct DeliverableRow {
        id: DeliverableId, milestone: MilestoneId, round: i64, text: Text, handed_by: AccountId, handed_body: Option<BodyId>,
        handed_at: Moment, verdict: VerdictKind, verdict_by: Option<AccountId>, verdict_body: Option<BodyId>,
        verdict_at: Option<Moment>, verdict_reason: Option<String>,
    }
}
row! {
    struct InstalmentRow {
        id: InstalmentId, undertaking: UndertakingId, milestone: Option<MilestoneId>, amount: i64, currency: Currency,
        position: i64, status: InstalmentStatus, note: Option<String>,
        requested_by: Option<AccountId>, requested_body: Option<BodyId>, requested_at: Option<Moment>,
        approved_by: Option<AccountId>, approved_body: Option<BodyId>, approved_at: Option<Moment>,
        paid_by: Option<AccountId>, paid_body: Option<BodyId>, paid_at: Option<Moment>, paid_reference: Option<String>,
        refused_by: Option<AccountId>, refused_body: Option<BodyId>, refused_at: Option<Moment>, reason: Option<String>,
        reconciled_by: Option<AccountId>, reconciled_body: Option<BodyId>, reconciled_at: Option<Moment>,
        statement: Option<String>, version: i64,
    }
}
row! {
    struct AmendmentRow {
        id: AmendmentId, undertaking: UndertakingId, change: Json<Change>, reason: String, side: Side,
        status: AmendmentStatus, proposed_by: AccountId, proposed_body: Option<BodyId>, proposed_at: Moment,
        decided_by: Option<AccountId>, decided_body: Option<BodyId>, decided_at: Option<Moment>, decision_reason: Option<String>,
    }
}
row! { struct LineRow { undertaking: UndertakingId, title: Text, amount: i64 } }
row! {
    /// An award whose terms are not agreed yet.
    pub(crate) struct Awaiting {
        pub award: AwardId, pub call: CallId, pub plan_item: PlanItemId, pub body: Option<BodyId>,
        pub account: Option<AccountId>, pub mode: Mode, pub guiding: BodyId, pub at: Moment,
    }
}

fn done(by: Option<AccountId>, body: Option<BodyId>, at: Option<Moment>) -> Option<Done> {
    Some(Done { by: by?, body, at: at? })
}
/// A row must hold the facts of the status it names.
fn needed<T>(v: Option<T>, column: &str) -> Result<T, StoreFault> {
    v.ok_or_else(|| StoreFault::belief(column, "nothing"))
}
impl From<UndertakingRow> for Undertaking {
    fn from(r: UndertakingRow) -> Self {
        Undertaking {
            started: done(r.started_by, r.started_body, r.started_at),
            ended: done(r.ended_by, r.ended_body, r.ended_at).map(|done| Ended {
                done,
                reason: r.end_reason,
            }),
            agreed: Done {
                by: r.agreed_by,
                body: r.agreed_body,
                at: r.agreed_at,
            },
            id: r.id,
            award: r.award,
            call: r.call,
            plan_item: r.plan_item,
            relation: r.relation,
            partner: r.partner,
            field: r.field,
            district: r.district,
            body: r.body,
            account: r.account,
            mode: r.mode,
            reason: r.reason,
            guiding: r.guiding,
            title: r.title,
            responsible: r.responsible,
            status: r.status,
            currency: r.currency,
            budget: r.budget,
            promised: r.promised,
            advance_share: r.advance_share,
            starts: r.starts,
            ends: r.ends,
            money_public: r.money_public_at,
            version: r.version,
            illustrative: r.illustrative,
        }
    }
}
impl From<MilestoneRow> for Milestone {
    fn from(r: MilestoneRow) -> Self {
        Milestone {
            id: r.id,
            undertaking: r.undertaking,
            title: r.title,
            due: r.due,
            status: r.status,
            accepted_on: r.accepted_on,
            position: r.position,
        }
    }
}
impl TryFrom<DeliverableRow> for Deliverable {
    type Error = StoreFault;
    fn try_from(r: DeliverableRow) -> Result<Self, StoreFault> {
        let judged = done(r.verdict_by, r.verdict_body, r.verdict_at);
        let verdict = match r.verdict {
            VerdictKind::None => Verdict::Awaited,
            VerdictKind::Returned => Verdict::Returned {
                done: needed(judged, "verdict_by")?,
                reason: needed(r.verdict_reason, "verdict_reason")?,
            },
            VerdictKind::Accepted => Verdict::Accepted {
                done: needed(judged, "verdict_by")?,
                note: r.verdict_reason,
            },
        };
        Ok(Deliverable {
            id: r.id,
            milestone: r.milestone,
            round: r.round,
            text: r.text,
            handed: Done {
                by: r.handed_by,
                body: r.handed_body,
                at: r.handed_at,
            },
            verdict,
        })
    }
}
impl TryFrom<InstalmentRow> for Instalment {
    type Error = StoreFault;
    fn try_from(r: InstalmentRow) -> Result<Self, StoreFault> {
        let requested = done(r.requested_by, r.requested_body, r.requested_at);
        let approved = done(r.approved_by, r.approved_body, r.approved_at);
        let stage = match r.status {
            InstalmentStatus::Planned => Stage::Planned,
            InstalmentStatus::Requested => Stage::Requested {
                requested: needed(requested, "requested_by")?,
            },
            InstalmentStatus::Approved => Stage::Approved {
                requested: needed(requested, "requested_by")?,
                approved: needed(approved, "approved_by")?,
            },
            InstalmentStatus::Paid => Stage::Paid {
                requested: needed(requested, "requested_by")?,
                approved: needed(approved, "approved_by")?,
                paid: needed(done(r.paid_by, r.paid_body, r.paid_at), "paid_by")?,
                reference: r.paid_reference,
            },
            InstalmentStatus::Reconciled => Stage::Reconciled {
                requested: needed(requested, "requested_by")?,
                approved: needed(approved, "approved_by")?,
                paid: needed(done(r.paid_by, r.paid_body, r.paid_at), "paid_by")?,
                reference: r.paid_reference,
                reconciled: needed(
                    done(r.reconciled_by, r.reconciled_body, r.reconciled_at),
                    "reconciled_by",
                )?,
                statement: needed(r.statement, "statement")?,
            },
            InstalmentStatus::Refused => Stage::Refused {
                requested,
                approved,
                refused: needed(done(r.refused_by, r.refused_body, r.refused_at), "refused_by")?,
                reason: needed(r.reason, "reason")?,
            },
        };
        Ok(Instalment {
            id: r.id,
            undertaking: r.undertaking,
            milestone: r.milestone,
            amount: Money::new(r.amount, r.currency),
            position: r.position,
            note: r.note,
            stage,
            version: r.version,
        })
    }
}
impl From<AmendmentRow> for Amendment {
    fn from(r: AmendmentRow) -> Self {
        Amendment {
            id: r.id,
            undertaking: r.undertaking,
            change: r.change.0,
            reason: r.reason,
            side: r.side,
            proposed: Done {
                by: r.proposed_by,
                body: r.proposed_body,
                at: r.proposed_at,
            },
            status: r.status,
            decided: done(r.decided_by, r.decided_body, r.decided_at),
            decision_reason: r.decision_reason,
        }
    }
}

/// "($1, $2, …)" for as many values.
fn list(from: usize, n: usize) -> String {
    (from..from + n).map(|i| format!("${i}")).collect::<Vec<_>>().join(", ")
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
    let keys: Vec<Val> = keys.iter().map(ToVal::to_val).collect();
    q.all(&format!("{select} IN ({}) ORDER BY {order}", list(1, keys.len())), keys)
        .await
}
fn one_row(n: u64) -> Result<(), Fail> {
    if n == 1 { Ok(()) } else { Err(Fail::Changed) }
}
fn by(d: Option<Done>) -> [Val; 3] {
    [
        d.map(|d| d.by).to_val(),
        d.and_then(|d| d.body).to_val(),
        d.map(|d| d.at).to_val(),
    ]
}

// --- undertakings ---

pub(crate) async fn insert(tx: &Tx, u: &Undertaking) -> Result<(), StoreFault> {
    let mut v = vals![
        u.id,
        u.award,
        u.call,
        u.plan_item,
        u.relation,
        u.partner,
        u.field,
        u.district,
        u.body,
        u.account,
        u.mode,
        u.reason,
        u.guiding,
        u.title,
        u.responsible,
        u.status,
        u.currency,
        u.budget,
        u.promised,
        u.starts,
        u.ends,
        u.advance_share
    ];
    v.extend(by(Some(u.agreed)));
    v.extend(vals![u.version, u.illustrative]);
    let places = list(1, v.len());
    tx.exec(
        &format!("INSERT INTO undertaking (id, award, call, plan_item, relation, partner, field, district, body, account, mode, reason, guiding, title, responsible, status, currency, budget, promised, starts, ends, advance_share, agreed_by, agreed_body, agreed_at, version, illustrative) VALUES ({places})"),
        v,
    )
    .await?;
    Ok(())
}
/// Takes the undertaking for a change: its row is held until the transaction ends, and its version is the next one.
pub(crate) async fn take(tx: &Tx, id: UndertakingId) -> Result<Option<Undertaking>, StoreFault> {
    let row: Option<UndertakingRow> = tx
        .one(
            "UPDATE undertaking SET version = version + 1 WHERE id = $1 RETURNING *",
            vals![id],
        )
        .await?;
    Ok(row.map(Undertaking::from))
}
/// Holds all undertakings of a plan item, so that none starts meanwhile; tells when each started.
pub async fn hold(tx: &Tx, plan_item: PlanItemId) -> Result<Vec<(UndertakingId, Option<Moment>)>, StoreFault> {
    row! { struct Held { id: UndertakingId, started_at: Option<Moment> } }
    let held: Vec<Held> = tx
        .all(
            "UPDATE undertaking SET version = version WHERE plan_item = $1 RETURNING id, started_at",
            vals![plan_item],
        )
        .await?;
    Ok(held.into_iter().map(|h| (h.id, h.started_at)).collect())
}
/// Writes what a step may change. The version must be the one that [`take`] gave.
pub(crate) async fn save(tx: &Tx, u: &Undertaking) -> Result<(), Fail> {
    let mut v = vals![u.status, u.ends, u.money_public];
    v.extend(by(u.started));
    v.extend(by(u.ended.as_ref().map(|e| e.done)));
    let reason = u.ended.as_ref().and_then(|e| e.reason.clone());
    v.extend(vals![reason, u.id, u.version]);
    one_row(
        tx.exec("UPDATE undertaking SET status = $1, ends = $2, money_public_at = $3, started_by = $4, started_body = $5, started_at = $6, ended_by = $7, ended_body = $8, ended_at = $9, end_reason = $10 WHERE id = $11 AND version = $12", v)
            .await?,
    )
}
pub(crate) async fn load(q: &impl Query, id: UndertakingId) -> Result<Option<Undertaking>, StoreFault> {
    let row: Option<UndertakingRow> = q.one("SELECT * FROM undertaking WHERE id = $1", vals![id]).await?;
    Ok(row.map(Undertaking::from))
}
pub(crate) async fn load_many(q: &impl Query, ids: &[UndertakingId]) -> Result<Vec<Undertaking>, StoreFault> {
    let rows: Vec<UndertakingRow> = rows_in(q, "SELECT * FROM undertaking WHERE id", ids, "id").await?;
    Ok(rows.into_iter().map(Undertaking::from).collect())
}
/// Every undertaking: for the export, which cuts each to its reader.
pub(crate) async fn every(q: &impl Query) -> Result<Vec<Undertaking>, StoreFault> {
    let rows: Vec<UndertakingRow> = q
        .all("SELECT * FROM undertaking ORDER BY agreed_at DESC, id", vals![])
        .await?;
    Ok(rows.into_iter().map(Undertaking::from).collect())
}
pub(crate) async fn load_of_award(q: &impl Query, award: AwardId) -> Result<Option<Undertaking>, StoreFault> {
    let row: Option<UndertakingRow> = q
        .one("SELECT * FROM undertaking WHERE award = $1", vals![award])
        .await?;
    Ok(row.map(Undertaking::from))
}
pub(crate) async fn load_of_plan_items(q: &impl Query, items: &[PlanItemId]) -> Result<Vec<Undertaking>, StoreFault> {
    let rows: Vec<UndertakingRow> =
        rows_in(q, "SELECT * FROM undertaking WHERE plan_item", items, "plan_item, id").await?;
    Ok(rows.into_iter().map(Undertaking::from).collect())
}
/// What a body or a person executes, newest first.
pub(crate) async fn load_of_executor(
    q: &impl Query,
    body: Option<BodyId>,
    account: Option<AccountId>,
) -> Result<Vec<Undertaking>, StoreFault> {
    let rows: Vec<UndertakingRow> = match (body, account) {
        (Some(b), _) => {
            q.all(
                "SELECT * FROM undertaking WHERE body = $1 ORDER BY id DESC LIMIT 200",
                vals![b],
            )
            .await?
        }
        (None, Some(a)) => {
            q.all(
                "SELECT * FROM undertaking WHERE account = $1 ORDER BY id DESC LIMIT 200",
                vals![a],
            )
            .await?
        }
        (None, None) => Vec::new(),
    };
    Ok(rows.into_iter().map(Undertaking::from).collect())
}
/// What is not over yet, for queues: oldest first.
pub(crate) async fn load_going_on(q: &impl Query) -> Result<Vec<Undertaking>, StoreFault> {
    let rows: Vec<UndertakingRow> = q
        .all(
            "SELECT * FROM undertaking WHERE status NOT IN ('settled', 'stopped') ORDER BY id LIMIT 500",
            vec![],
        )
        .await?;
    Ok(rows.into_iter().map(Undertaking::from).collect())
}

// --- money ---

/// Promises a sum if the budget holds it; the one statement that may raise what is promised.
pub(crate) async fn promise_money(tx: &Tx, id: UndertakingId, minor: i64) -> Result<bool, StoreFault> {
    let n = tx
        .exec(
            "UPDATE undertaking SET promised = promised + $1 WHERE id = $2 AND budget - promised >= $1",
            vals![minor, id],
        )
        .await?;
    Ok(n == 1)
}
/// Gives a refused sum back to the budget.
pub(crate) async fn release_money(tx: &Tx, id: UndertakingId, minor: i64) -> Result<(), Fail> {
    let sql = "UPDATE undertaking SET promised = promised - $1 WHERE id = $2 AND promised >= $1";
    one_row(tx.exec(sql, vals![minor, id]).await?)
}
/// A new budget, if it still holds what is promised.
pub(crate) async fn change_budget(tx: &Tx, id: UndertakingId, minor: i64) -> Result<bool, StoreFault> {
    let n = tx
        .exec(
            "UPDATE undertaking SET budget = $1 WHERE id = $2 AND promised <= $1",
            vals![minor, id],
        )
        .await?;
    Ok(n == 1)
}
pub(crate) async fn insert_lines(
    tx: &Tx,
    id: UndertakingId,
    lines: &[BudgetLine],
    from: i64,
) -> Result<(), StoreFault> {
    let rows = lines.iter().zip(from..).map(|(l, position)| {
        let line: Id<BudgetLine> = tx.fresh();
        vals![line, id, l.title, l.amount, position]
    });
    tx.insert_many(
        "INSERT INTO budget_line (id, undertaking, title, amount, position)",
        5,
        rows.collect(),
    )
    .await
}
pub(crate) async fn lines(
    q: &impl Query,
    ids: &[UndertakingId],
) -> Result<Vec<(UndertakingId, BudgetLine)>, StoreFault> {
    let select = "SELECT undertaking, title, amount FROM budget_line WHERE undertaking";
    let rows: Vec<LineRow> = rows_in(q, select, ids, "undertaking, position, id").await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            (
                r.undertaking,
                BudgetLine {
                    title: r.title,
                    amount: r.amount,
                },
            )
        })
        .collect())
}
pub(crate) async fn insert_instalment(tx: &Tx, i: &Instalment) -> Result<(), StoreFault> {
    tx.exec(
        "INSERT INTO instalment (id, undertaking, milestone, amount, currency, position, status, note, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vals![i.id, i.undertaking, i.milestone, i.amount.minor, i.amount.currency, i.position, i.status(), i.note, i.version],
    )
    .await?;
    Ok(())
}
/// Writes the step an instalment made; nothing if another step came first.
pub(crate) async fn save_instalment(tx: &Tx, i: &Instalment, was: InstalmentStatus) -> Result<(), Fail> {
    let (refused, reason) = match &i.stage {
        Stage::Refused { refused, reason, .. } => (Some(*refused), Some(reason.clone())),
        _ => (None, None),
    };
    let (reference, statement) = match &i.stage {
        Stage::Paid { reference, .. } => (reference.clone(), None),
        Stage::Reconciled {
            reference, statement, ..
        } => (reference.clone(), Some(statement.clone())),
        _ => (None, None),
    };
    let mut v = vals![i.status(), i.note];
    v.extend(by(i.requested()));
    v.extend(by(i.approved()));
    v.extend(by(i.paid()));
    v.extend(by(refused));
    v.extend(by(i.reconciled()));
    v.extend(vals![reference, reason, statement, i.id, was, i.version]);
    one_row(
        tx.exec("UPDATE instalment SET status = $1, note = $2, requested_by = $3, requested_body = $4, requested_at = $5, approved_by = $6, approved_body = $7, approved_at = $8, paid_by = $9, paid_body = $10, paid_at = $11, refused_by = $12, refused_body = $13, refused_at = $14, reconciled_by = $15, reconciled_body = $16, reconciled_at = $17, paid_reference = $18, reason = $19, statement = $20, version = version + 1 WHERE id = $21 AND status = $22 AND version = $23", v)
            .await?,
    )
}
pub(crate) async fn instalment(q: &impl Query, id: InstalmentId) -> Result<Option<Instalment>, StoreFault> {
    let row: Option<InstalmentRow> = q.one("SELECT * FROM instalment WHERE id = $1", vals![id]).await?;
    row.map(Instalment::try_from).transpose()
}
pub(crate) async fn instalments(q: &impl Query, ids: &[UndertakingId]) -> Result<Vec<Instalment>, StoreFault> {
    let rows: Vec<InstalmentRow> = rows_in(
        q,
        "SELECT * FROM instalment WHERE undertaking",
        ids,
        "undertaking, position",
    )
    .await?;
    rows.into_iter().map(Instalment::try_from).collect()
}

// --- milestones and deliverables ---

pub(crate) async fn insert_milestones(tx: &Tx, all: &[Milestone]) -> Result<(), StoreFault> {
    let rows = all
        .iter()
        .map(|m| vals![m.id, m.undertaking, m.title, m.due, m.status, m.position]);
    tx.insert_many(
        "INSERT INTO milestone (id, undertaking, title, due, status, position)",
        6,
        rows.collect(),
    )
    .await
}
pub(crate) async fn milestone(q: &impl Query, id: MilestoneId) -> Result<Option<Milestone>, StoreFault> {
    let row: Option<MilestoneRow> = q.one("SELECT * FROM milestone WHERE id = $1", vals![id]).await?;
    Ok(row.map(Milestone::from))
}
pub(crate) async fn milestones(q: &impl Query, ids: &[UndertakingId]) -> Result<Vec<Milestone>, StoreFault> {
    let rows: Vec<MilestoneRow> = rows_in(
        q,
        "SELECT * FROM milestone WHERE undertaking",
        ids,
        "undertaking, position",
    )
    .await?;
    Ok(rows.into_iter().map(Milestone::from).collect())
}
pub(crate) async fn save_milestone(tx: &Tx, m: &Milestone, was: MilestoneStatus) -> Result<(), Fail> {
    let sql = "UPDATE milestone SET status = $1, accepted_on = $2, due = $3 WHERE id = $4 AND status = $5";
    one_row(tx.exec(sql, vals![m.status, m.accepted_on, m.due, m.id, was]).await?)
}
pub(crate) async fn insert_deliverable(tx: &Tx, d: &Deliverable) -> Result<(), StoreFault> {
    tx.exec(
        "INSERT INTO deliverable (id, milestone, round, text, handed_by, handed_body, handed_at, verdict) VALUES ($1, $2, $3, $4, $5, $6, $7, 'none')",
        vals![d.id, d.milestone, d.round, d.text, d.handed.by, d.handed.body, d.handed.at],
    )
    .await?;
    Ok(())
}
pub(crate) async fn deliverable(q: &impl Query, id: DeliverableId) -> Result<Option<Deliverable>, StoreFault> {
    let row: Option<DeliverableRow> = q.one("SELECT * FROM deliverable WHERE id = $1", vals![id]).await?;
    row.map(Deliverable::try_from).transpose()
}
pub(crate) async fn deliverables(q: &impl Query, ids: &[MilestoneId]) -> Result<Vec<Deliverable>, StoreFault> {
    let rows: Vec<DeliverableRow> =
        rows_in(q, "SELECT * FROM deliverable WHERE milestone", ids, "milestone, round").await?;
    rows.into_iter().map(Deliverable::try_from).collect()
}
/// One verdict a round: of two at once, the store takes one.
pub(crate) async fn save_verdict(tx: &Tx, d: &Deliverable) -> Result<(), Fail> {
    let reason = match &d.verdict {
        Verdict::Awaited => None,
        Verdict::Returned { reason, .. } => Some(reason.clone()),
        Verdict::Accepted { note, .. } => note.clone(),
    };
    let mut v = vals![d.verdict.kind()];
    v.extend(by(d.verdict.done()));
    v.extend(vals![reason, d.id]);
    one_row(
        tx.exec("UPDATE deliverable SET verdict = $1, verdict_by = $2, verdict_body = $3, verdict_at = $4, verdict_reason = $5 WHERE id = $6 AND verdict = 'none'", v)
            .await?,
    )
}

// --- amendments ---

pub(crate) async fn insert_amendment(tx: &Tx, a: &Amendment) -> Result<(), StoreFault> {
    let mut v = vals![a.id, a.undertaking, Json(&a.change), a.reason, a.side, a.status];
    v.extend(by(Some(a.proposed)));
    tx.exec("INSERT INTO amendment (id, undertaking, change, reason, side, status, proposed_by, proposed_body, proposed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)", v)
        .await?;
    Ok(())
}
pub(crate) async fn amendment(q: &impl Query, id: AmendmentId) -> Result<Option<Amendment>, StoreFault> {
    let row: Option<AmendmentRow> = q.one("SELECT * FROM amendment WHERE id = $1", vals![id]).await?;
    Ok(row.map(Amendment::from))
}
pub(crate) async fn amendments(q: &impl Query, ids: &[UndertakingId]) -> Result<Vec<Amendment>, StoreFault> {
    let rows: Vec<AmendmentRow> =
        rows_in(q, "SELECT * FROM amendment WHERE undertaking", ids, "undertaking, id").await?;
    Ok(rows.into_iter().map(Amendment::from).collect())
}
pub(crate) async fn save_amendment(tx: &Tx, a: &Amendment) -> Result<(), Fail> {
    let mut v = vals![a.status];
    v.extend(by(a.decided));
    v.extend(vals![a.decision_reason, a.id]);
    one_row(
        tx.exec("UPDATE amendment SET status = $1, decided_by = $2, decided_body = $3, decided_at = $4, decision_reason = $5 WHERE id = $6 AND status = 'proposed'", v)
            .await?,
    )
}

// --- read models kept from other rooms' events ---

/// An award came in; again is no fault.
pub(crate) async fn await_terms(tx: &Tx, a: &Awaiting) -> Result<(), StoreFault> {
    tx.exec(
        "INSERT INTO awaiting_terms (award, call, plan_item, body, account, mode, guiding, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (award) DO NOTHING",
        vals![a.award, a.call, a.plan_item, a.body, a.account, a.mode, a.guiding, a.at],
    )
    .await?;
    Ok(())
}
/// Awards that still wait for their terms, oldest first.
pub(crate) async fn awaiting(q: &impl Query) -> Result<Vec<Awaiting>, StoreFault> {
    q.all(
        "SELECT * FROM awaiting_terms w WHERE NOT EXISTS (SELECT 1 FROM undertaking u WHERE u.award = w.award) ORDER BY at LIMIT 200",
        vec![],
    )
    .await
}
pub(crate) async fn add_onlooker(tx: &Tx, id: UndertakingId, account: AccountId) -> Result<(), StoreFault> {
    let sql = "INSERT INTO undertaking_onlooker (undertaking, account) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    tx.exec(sql, vals![id, account]).await?;
    Ok(())
}
/// The undertakings that this person evaluates.
pub(crate) async fn looked_on_by(q: &impl Query, account: AccountId) -> Result<Vec<UndertakingId>, StoreFault> {
    row! { struct Seen { undertaking: UndertakingId } }
    let rows: Vec<Seen> = q
        .all(
            "SELECT undertaking FROM undertaking_onlooker WHERE account = $1",
            vals![account],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.undertaking).collect())
}
