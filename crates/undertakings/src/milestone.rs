//! Milestones, what is handed in for them, and the guiding side's verdict.

use basis::{Day, DeliverableId, MilestoneId, Refusal, Text, UndertakingId, code};
use serde::Serialize;

use crate::undertaking::Done;

code! {
    pub enum MilestoneStatus {
        Open => "open",
        HandedIn => "handed-in",
        /// Back with the executing party, for another round.
        Returned => "returned",
        Accepted => "accepted",
    }
}
code! { pub enum VerdictKind { None => "none", Returned => "returned", Accepted => "accepted" } }
code! {
    /// How a promise ended.
    pub enum Outcome { Kept => "kept", Late => "late", Broken => "broken" }
}
::store::coded!(MilestoneStatus, VerdictKind, Outcome);

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Milestone {
    pub id: MilestoneId,
    pub undertaking: UndertakingId,
    pub title: Text,
    pub due: Day,
    pub status: MilestoneStatus,
    /// The home city's day of acceptance.
    pub accepted_on: Option<Day>,
    pub position: i64,
}

/// What the guiding side said about one round.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Verdict {
    Awaited,
    Returned { done: Done, reason: String },
    Accepted { done: Done, note: Option<String> },
}
impl Verdict {
    pub fn kind(&self) -> VerdictKind {
        match self {
            Verdict::Awaited => VerdictKind::None,
            Verdict::Returned { .. } => VerdictKind::Returned,
            Verdict::Accepted { .. } => VerdictKind::Accepted,
        }
    }
    pub fn done(&self) -> Option<Done> {
        match self {
            Verdict::Awaited => None,
            Verdict::Returned { done, .. } | Verdict::Accepted { done, .. } => Some(*done),
        }
    }
}

/// One round of handing in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deliverable {
    pub id: DeliverableId,
    pub milestone: MilestoneId,
    pub round: i64,
    pub text: Text,
    pub handed: Done,
    pub verdict: Verdict,
}

impl Milestone {
    /// Something comes in: the first time, or again after it was returned.
    pub fn hand_in(mut self) -> Result<Self, Refusal> {
        match self.status {
            MilestoneStatus::Open | MilestoneStatus::Returned => {
                self.status = MilestoneStatus::HandedIn;
                Ok(self)
            }
            MilestoneStatus::HandedIn => Err(Refusal::page("refusal-milestone-under-review")),
            MilestoneStatus::Accepted => Err(Refusal::page("refusal-milestone-accepted")),
        }
    }
    pub fn accept(mut self, today: Day) -> Self {
        self.status = MilestoneStatus::Accepted;
        self.accepted_on = Some(today);
        self
    }
    pub fn give_back(mut self) -> Self {
        self.status = MilestoneStatus::Returned;
        self
    }
}
impl Deliverable {
    /// One verdict a round: the second of two officers is told.
    pub fn judge(mut self, verdict: Verdict) -> Result<Self, Refusal> {
        if self.verdict != Verdict::Awaited {
            return Err(Refusal::page("refusal-deliverable-judged"));
        }
        self.verdict = verdict;
        Ok(self)
    }
}

/// What was accepted and came in on or before the due day is a promise kept; after it, a late one (R46, decision 9.9). The
/// accepted round counts: how long the guiding side takes to read it is not the executing party's doing, and a round that
/// was returned did not fulfil the promise, so that the day of the next one counts.
pub fn outcome(due: Day, handed_on: Day) -> Outcome {
    if handed_on <= due { Outcome::Kept } else { Outcome::Late }
}
