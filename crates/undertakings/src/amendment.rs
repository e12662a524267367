//! Changes of agreed terms: one side proposes with its reason, the other agrees or not.

use basis::{Day, Id, Kind, MilestoneId, Money, Refusal, UndertakingId, code};
use serde::{Deserialize, Serialize};

use crate::{Milestone, Undertaking, undertaking::Done};

/// A proposed change of terms.
#[derive(Debug)]
pub enum AmendmentKind {}
impl Kind for AmendmentKind {
    const NAME: &'static str = "amendment";
}
pub type AmendmentId = Id<AmendmentKind>;

code! { pub enum AmendmentStatus { Proposed => "proposed", Agreed => "agreed", Declined => "declined" } }
code! {
    /// The two sides of an undertaking.
    pub enum Side { Guiding => "guiding", Executing => "executing" }
}
::store::coded!(AmendmentStatus, Side);

/// What would change; at least one of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub ends: Option<Day>,
    pub due: Option<(MilestoneId, Day)>,
    /// The new budget, in minor units.
    pub budget: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Amendment {
    pub id: AmendmentId,
    pub undertaking: UndertakingId,
    pub change: Change,
    pub reason: String,
    pub side: Side,
    pub proposed: Done,
    pub status: AmendmentStatus,
    pub decided: Option<Done>,
    pub decision_reason: Option<String>,
}

impl Change {
    /// Whether the terms would still hold together.
    pub fn check(&self, u: &Undertaking, milestones: &[Milestone]) -> Result<(), Vec<Refusal>> {
        let mut found = Vec::new();
        if *self == Change::default() {
            found.push(Refusal::page("refusal-amendment-empty"));
        }
        let ends = self.ends.unwrap_or(u.ends);
        if ends < u.starts {
            found.push(Refusal::at("ends_on", "refusal-ends-before-start").with("starts", u.starts));
        }
        let target = self.due.map(|(id, _)| id);
        if let Some((id, due)) = self.due {
            match milestones.iter().find(|m| m.id == id) {
                None => found.push(Refusal::at("milestone", "refusal-not-in-list")),
                Some(m) if m.accepted_on.is_some() => {
                    found.push(Refusal::at("milestone", "refusal-milestone-accepted"));
                }
                Some(_) if due < u.starts || due > ends => {
                    found.push(
                        Refusal::at("due_on", "refusal-due-outside")
                            .with("starts", u.starts)
                            .with("ends", ends),
                    );
                }
                Some(_) => {}
            }
        }
        let left_out = milestones
            .iter()
            .find(|m| Some(m.id) != target && m.accepted_on.is_none() && m.due > ends);
        if let Some(m) = left_out {
            found.push(Refusal::at("ends_on", "refusal-ends-before-milestone").with("due", m.due));
        }
        if let Some(budget) = self.budget
            && budget < u.promised
        {
            found.push(Refusal::at("budget", "refusal-budget-below-promised").with("promised", u.money(u.promised)));
        }
        if found.is_empty() { Ok(()) } else { Err(found) }
    }
    /// Whether more money stays within what the call allowed; less may always be agreed.
    pub fn within(&self, u: &Undertaking, most: Option<Money>) -> Result<(), Refusal> {
        match (self.budget, most) {
            (Some(budget), Some(most)) if budget > u.budget && budget > most.minor => {
                Err(Refusal::at("budget", "refusal-budget-over-call").with("most", most))
            }
            _ => Ok(()),
        }
    }
}
impl Amendment {
    /// The other side decides; nobody agrees to their own proposal.
    pub fn decide(mut self, side: Side, done: Done, agree: bool, reason: Option<String>) -> Result<Self, Refusal> {
        if self.status != AmendmentStatus::Proposed {
            return Err(Refusal::page("refusal-amendment-decided"));
        }
        if side == self.side || done.by == self.proposed.by {
            return Err(Refusal::page("refusal-amendment-own-side"));
        }
        self.status = if agree {
            AmendmentStatus::Agreed
        } else {
            AmendmentStatus::Declined
        };
        self.decided = Some(done);
        self.decision_reason = reason;
        Ok(self)
    }
}
