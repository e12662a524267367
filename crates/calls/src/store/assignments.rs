//! Work handed to one party.

use basis::{AccountId, BodyId, CallId, Fail, Moment, Text};
use store::{Query, StoreFault, ToVal, Tx, row, vals};

use crate::assign::{Answer, Assignment};

row! {
    struct AssignmentRow {
        call: CallId, body: Option<BodyId>, account: Option<AccountId>, reason: Text, answer_by: Moment,
        assigned_by: Option<AccountId>, answer: Answer, answered_by: Option<AccountId>, answered_at: Option<Moment>,
    }
}
impl From<AssignmentRow> for Assignment {
    fn from(r: AssignmentRow) -> Self {
        Assignment {
            call: r.call,
            body: r.body,
            account: r.account,
            reason: r.reason,
            answer_by: r.answer_by,
            assigned_by: r.assigned_by,
            answer: r.answer,
            answered_by: r.answered_by,
            answered_at: r.answered_at,
        }
    }
}
pub(crate) async fn assignment(q: &impl Query, call: CallId) -> Result<Option<Assignment>, StoreFault> {
    Ok(
        q.one::<AssignmentRow>("SELECT * FROM assignment WHERE call = $1", vals![call])
            .await?
            .map(Assignment::from),
    )
}
/// What a party has yet to answer, the soonest first.
pub(crate) async fn asked_of(
    q: &impl Query,
    body: Option<BodyId>,
    account: Option<AccountId>,
) -> Result<Vec<Assignment>, StoreFault> {
    let (column, val) = match (body, account) {
        (Some(b), _) => ("x.body", b.to_val()),
        (None, Some(a)) => ("x.account", a.to_val()),
        (None, None) => return Ok(Vec::new()),
    };
    let rows: Vec<AssignmentRow> = q
        .all(
            &format!("SELECT x.* FROM assignment x JOIN call c ON c.id = x.call WHERE {column} = $1 AND c.status = 'asked' AND x.answer = 'awaited' ORDER BY x.answer_by, x.call LIMIT 200"),
            vec![val],
        )
        .await?;
    Ok(rows.into_iter().map(Assignment::from).collect())
}
pub(crate) async fn insert_assignment(tx: &Tx, a: &Assignment) -> Result<(), StoreFault> {
    tx.exec(
        "INSERT INTO assignment (call, body, account, reason, answer_by, assigned_by, answer) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vals![a.call, a.body, a.account, a.reason, a.answer_by, a.assigned_by, a.answer],
    )
    .await?;
    Ok(())
}
/// One answer: the second of two finds nothing awaited.
pub(crate) async fn save_answer(tx: &Tx, a: &Assignment) -> Result<(), Fail> {
    let n = tx
        .exec(
            "UPDATE assignment SET answer = $1, answered_by = $2, answered_at = $3 WHERE call = $4 AND answer = 'awaited'",
            vals![a.answer, a.answered_by, a.answered_at, a.call],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(Fail::Changed) }
}
