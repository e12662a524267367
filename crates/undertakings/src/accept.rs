//! The guiding side accepts what was handed in. Nobody who executes ever does (R64, R18).

use ::store::{Entry, Tx};
use access::{Asking, House};
use basis::{Check, Day, DeliverableId, Fail, Refusal};
use serde::{Deserialize, Serialize};

use crate::{
    Deliverable, Milestone, MilestoneStatus, Outcome, Status, Undertaking, Verdict, VerdictKind, outcome, sight, store,
};

/// How a promise ended, as the kept-promises record hears of it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PromiseSettled {
    pub object: String,
    pub outcome: Outcome,
}
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Note {
    pub note: String,
}

/// What is judged, taken for the change.
pub(crate) struct UnderReview {
    pub undertaking: Undertaking,
    pub milestones: Vec<Milestone>,
    /// Where in `milestones` the judged one is.
    pub at: usize,
    pub deliverable: Deliverable,
}
impl UnderReview {
    pub(crate) fn milestone(&self) -> &Milestone {
        &self.milestones[self.at]
    }
}
pub(crate) async fn take_for_review(
    house: &House,
    asking: &Asking,
    tx: &Tx,
    id: DeliverableId,
    action: &'static str,
) -> Result<UnderReview, Fail> {
    let found = store::deliverable(tx, id).await?.ok_or(Fail::NotFound)?;
    let of = store::milestone(tx, found.milestone).await?.ok_or(Fail::NotFound)?;
    let undertaking = store::take(tx, of.undertaking).await?.ok_or(Fail::NotFound)?;
    // Read again: the row is held only now.
    let deliverable = store::deliverable(tx, id).await?.ok_or(Fail::NotFound)?;
    let mut thing = sight::thing_for(&asking.viewer, &undertaking);
    thing.executing_people.extend(sight::handers(tx, undertaking.id).await?);
    asking.check(house, action, &thing)?;
    sight::on_version_read(asking, &undertaking)?;
    undertaking.must_run()?;
    let milestones = store::milestones(tx, &[undertaking.id]).await?;
    let at = milestones.iter().position(|m| m.id == of.id).ok_or(Fail::NotFound)?;
    Ok(UnderReview {
        undertaking,
        milestones,
        at,
        deliverable,
    })
}
pub(crate) async fn keep_verdict(
    tx: &Tx,
    r: &mut UnderReview,
    judged: &Deliverable,
    next: Milestone,
) -> Result<(), Fail> {
    store::save_verdict(tx, judged).await?;
    store::save_milestone(tx, &next, MilestoneStatus::HandedIn).await?;
    r.milestones[r.at] = next;
    let statuses: Vec<_> = r.milestones.iter().map(|m| m.status).collect();
    r.undertaking.follow(&statuses);
    store::save(tx, &r.undertaking).await
}

pub async fn accept(house: &House, asking: &Asking, id: DeliverableId, input: &Note) -> Result<DeliverableId, Fail> {
    let mut check = Check::new();
    let note = check.prose_opt("note", &input.note, 4000);
    let note = check.done(note)?;
    let tx = asking.begin(house).await?;
    let mut r = take_for_review(house, asking, &tx, id, "deliverable.accept").await?;
    let done = sight::now_done(asking, &tx)?;
    let judged = r.deliverable.clone().judge(Verdict::Accepted { done, note })?;
    let next = r.milestone().clone().accept(house.today());
    // The day it came in counts, not the day somebody found time to read it.
    let how = outcome(next.due, handed_on(house, &judged));
    let object = next.id.to_string();
    keep_verdict(&tx, &mut r, &judged, next).await?;
    tx.journal(
        Entry::of("undertaking.accepted", r.undertaking.id)
            .before(&r.deliverable)
            .after(&judged),
    );
    tx.emit("promise.settled", PromiseSettled { object, outcome: how })
        .await?;
    // The award's own promise: all of it in by the agreed end, once all of it is accepted.
    if r.undertaking.status == Status::Accepted {
        let last = last_handed_on(house, &tx, &r.milestones).await?;
        let outcome = outcome(r.undertaking.ends, last);
        let object = r.undertaking.award.to_string();
        tx.emit("promise.settled", PromiseSettled { object, outcome }).await?;
    }
    tx.done(id).await
}
/// The home city's day on which a round came in.
fn handed_on(house: &House, round: &Deliverable) -> Day {
    round.handed.at.to_zoned(house.zone.clone()).date()
}
/// The day on which the last of the accepted rounds came in.
async fn last_handed_on(house: &House, tx: &Tx, milestones: &[Milestone]) -> Result<Day, Fail> {
    let ids: Vec<_> = milestones.iter().map(|m| m.id).collect();
    let rounds = store::deliverables(tx, &ids).await?;
    let accepted = rounds.iter().filter(|d| d.verdict.kind() == VerdictKind::Accepted);
    Ok(accepted
        .map(|d| handed_on(house, d))
        .max()
        .unwrap_or_else(|| house.today()))
}

/// A reason that must be given, as a form sends it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Reason {
    pub reason: String,
}
impl Reason {
    pub fn check(&self) -> Result<String, Vec<Refusal>> {
        let mut check = Check::new();
        let reason = check.prose("reason", &self.reason, 4000);
        check.done(reason)
    }
}
