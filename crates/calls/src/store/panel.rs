//! Panel seats and scores.

use basis::{AccountId, CallId, Fail, Moment, OfferId, PlanItemId};
use store::{Json, Query, StoreFault, ToVal, Tx, row, vals};

use crate::panel::{Conflict, Mark, Seat, Struck};

row! {
    struct SeatRow { call: CallId, account: AccountId, lead: bool, conflict: Option<Json<Conflict>>, struck: Option<Struck>, scored_at: Option<Moment>, readings: Option<Json<Vec<OfferId>>> }
}
impl From<SeatRow> for Seat {
    fn from(r: SeatRow) -> Self {
        Seat {
            call: r.call,
            account: r.account,
            lead: r.lead,
            conflict: r.conflict.map(|c| c.0),
            struck: r.struck,
            scored_at: r.scored_at,
            readings: r.readings.map(|r| r.0),
        }
    }
}
pub(crate) async fn seats(q: &impl Query, call: CallId) -> Result<Vec<Seat>, StoreFault> {
    let rows: Vec<SeatRow> = q
        .all(
            "SELECT * FROM panel_seat WHERE call = $1 ORDER BY lead DESC, seated_at, account",
            vals![call],
        )
        .await?;
    Ok(rows.into_iter().map(Seat::from).collect())
}
/// The seats of several calls at once.
pub(crate) async fn seats_on(q: &impl Query, calls: &[CallId]) -> Result<Vec<Seat>, StoreFault> {
    if calls.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<SeatRow> = q
        .all(
            &format!(
                "SELECT * FROM panel_seat WHERE call IN ({}) ORDER BY call, lead DESC, seated_at, account",
                super::places(1, calls.len())
            ),
            calls.iter().map(ToVal::to_val).collect(),
        )
        .await?;
    Ok(rows.into_iter().map(Seat::from).collect())
}
/// The seats of a person that still ask something of them.
pub(crate) async fn seats_of(q: &impl Query, account: AccountId) -> Result<Vec<Seat>, StoreFault> {
    let rows: Vec<SeatRow> = q
        .all(
            "SELECT s.* FROM panel_seat s JOIN call c ON c.id = s.call WHERE s.account = $1 AND s.struck IS NULL AND s.scored_at IS NULL AND c.status IN ('open', 'closed', 'in-review') ORDER BY c.closes_at",
            vals![account],
        )
        .await?;
    Ok(rows.into_iter().map(Seat::from).collect())
}
/// Everybody seated on a call of a plan item.
pub(crate) async fn seated_under(q: &impl Query, item: PlanItemId) -> Result<Vec<AccountId>, StoreFault> {
    row! { struct Seated { account: AccountId } }
    let rows: Vec<Seated> = q
        .all(
            "SELECT DISTINCT s.account FROM panel_seat s JOIN call c ON c.id = s.call WHERE c.plan_item = $1 ORDER BY s.account",
            vals![item],
        )
        .await?;
    Ok(rows.into_iter().map(|s| s.account).collect())
}
/// `false` when the person has a seat already.
pub(crate) async fn insert_seat(tx: &Tx, s: &Seat) -> Result<bool, StoreFault> {
    let n = tx
        .exec(
            "INSERT INTO panel_seat (call, account, lead, seated_at) VALUES ($1, $2, $3, $4) ON CONFLICT (call, account) DO NOTHING",
            vals![s.call, s.account, s.lead, tx.now()],
        )
        .await?;
    Ok(n == 1)
}
/// Takes a seat away that nothing was done on yet.
pub(crate) async fn remove_seat(tx: &Tx, call: CallId, account: AccountId) -> Result<bool, StoreFault> {
    Ok(tx
        .exec(
            "DELETE FROM panel_seat WHERE call = $1 AND account = $2 AND conflict IS NULL AND scored_at IS NULL",
            vals![call, account],
        )
        .await?
        == 1)
}
/// Writes what a seat declared and whether it counts; not after its scores are in.
pub(crate) async fn save_seat(tx: &Tx, s: &Seat) -> Result<(), Fail> {
    let n = tx
        .exec(
            "UPDATE panel_seat SET conflict = $1, struck = $2, lead = $3 WHERE call = $4 AND account = $5 AND scored_at IS NULL",
            vals![s.conflict.clone().map(Json), s.struck, s.lead, s.call, s.account],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(Fail::Changed) }
}
/// What a member reads; not after their scores are in.
pub(crate) async fn save_readings(
    tx: &Tx,
    call: CallId,
    account: AccountId,
    readings: Option<&[OfferId]>,
) -> Result<(), Fail> {
    let n = tx
        .exec(
            "UPDATE panel_seat SET readings = $1 WHERE call = $2 AND account = $3 AND scored_at IS NULL",
            vals![readings.map(Json), call, account],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(Fail::Changed) }
}
/// Hands a member's scores in, once.
pub(crate) async fn hand_in(tx: &Tx, call: CallId, account: AccountId) -> Result<bool, StoreFault> {
    let n = tx
        .exec("UPDATE panel_seat SET scored_at = $1 WHERE call = $2 AND account = $3 AND scored_at IS NULL AND struck IS NULL", vals![tx.now(), call, account])
        .await?;
    Ok(n == 1)
}
/// Holds all seats of a call, so that nobody hands in meanwhile.
pub(crate) async fn hold_seats(tx: &Tx, call: CallId) -> Result<(), StoreFault> {
    tx.exec("UPDATE panel_seat SET lead = lead WHERE call = $1", vals![call])
        .await?;
    Ok(())
}
/// Holds a seat whose scores are still open, so that handing in and scoring cannot cross.
pub(crate) async fn hold_seat(tx: &Tx, call: CallId, account: AccountId) -> Result<bool, StoreFault> {
    let n = tx.exec("UPDATE panel_seat SET lead = lead WHERE call = $1 AND account = $2 AND scored_at IS NULL AND struck IS NULL", vals![call, account]).await?;
    Ok(n == 1)
}

row! { struct MarkRow { offer: OfferId, account: AccountId, criterion: String, points: i64, note: Option<String> } }
impl From<MarkRow> for Mark {
    fn from(r: MarkRow) -> Self {
        Mark {
            offer: r.offer,
            account: r.account,
            criterion: r.criterion,
            points: r.points,
            note: r.note,
        }
    }
}
/// One member's own marks, handed in or not.
pub(crate) async fn own_marks(q: &impl Query, call: CallId, account: AccountId) -> Result<Vec<Mark>, StoreFault> {
    let rows: Vec<MarkRow> = q
        .all("SELECT s.* FROM score s JOIN offer o ON o.id = s.offer WHERE o.call = $1 AND s.account = $2 ORDER BY s.offer, s.criterion", vals![call, account])
        .await?;
    Ok(rows.into_iter().map(Mark::from).collect())
}
/// Everybody's marks that are handed in and count. Unfinished marks never leave their member.
pub(crate) async fn marks_in(q: &impl Query, call: CallId) -> Result<Vec<Mark>, StoreFault> {
    let rows: Vec<MarkRow> = q
        .all(
            "SELECT s.* FROM score s JOIN offer o ON o.id = s.offer JOIN panel_seat p ON p.call = o.call AND p.account = s.account WHERE o.call = $1 AND p.scored_at IS NOT NULL AND p.struck IS NULL ORDER BY s.offer, s.account, s.criterion",
            vals![call],
        )
        .await?;
    Ok(rows.into_iter().map(Mark::from).collect())
}
/// As [`marks_in`], of several calls at once.
pub(crate) async fn marks_on(q: &impl Query, calls: &[CallId]) -> Result<Vec<Mark>, StoreFault> {
    if calls.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<MarkRow> = q
        .all(
            &format!(
                "SELECT s.* FROM score s JOIN offer o ON o.id = s.offer JOIN panel_seat p ON p.call = o.call AND p.account = s.account WHERE o.call IN ({}) AND p.scored_at IS NOT NULL AND p.struck IS NULL ORDER BY s.offer, s.account, s.criterion",
                super::places(1, calls.len())
            ),
            calls.iter().map(ToVal::to_val).collect(),
        )
        .await?;
    Ok(rows.into_iter().map(Mark::from).collect())
}
/// Takes the place of a member's marks on one offer.
pub(crate) async fn replace_marks(
    tx: &Tx,
    offer: OfferId,
    account: AccountId,
    marks: &[Mark],
) -> Result<(), StoreFault> {
    tx.exec(
        "DELETE FROM score WHERE offer = $1 AND account = $2",
        vals![offer, account],
    )
    .await?;
    let now = tx.now();
    let rows = marks
        .iter()
        .map(|m| vals![m.offer, m.account, m.criterion, m.points, m.note, now])
        .collect();
    tx.insert_many(
        "INSERT INTO score (offer, account, criterion, points, note, at)",
        6,
        rows,
    )
    .await
}

row! { struct ProgressRow { call: CallId, seats: i64, scored: i64 } }
/// Per call: seats that count, and how many of them have handed in.
pub(crate) async fn panel_progress(q: &impl Query, calls: &[CallId]) -> Result<Vec<(CallId, i64, i64)>, StoreFault> {
    if calls.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<ProgressRow> = q
        .all(
            &format!(
                "SELECT call, COUNT(*) AS seats, CAST(SUM(CASE WHEN scored_at IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS scored FROM panel_seat WHERE struck IS NULL AND call IN ({}) GROUP BY call",
                super::places(1, calls.len())
            ),
            calls.iter().map(store::ToVal::to_val).collect(),
        )
        .await?;
    Ok(rows.into_iter().map(|r| (r.call, r.seats, r.scored)).collect())
}
