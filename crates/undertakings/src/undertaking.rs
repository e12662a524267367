//! An undertaking and its stages.

use access::Thing;
use basis::{
    AccountId, AwardId, BodyId, CallId, Currency, Day, Field, GovernmentId, Moment, Money, PlanItemId, Refusal,
    RelationId, Text, UndertakingId, code,
};
use serde::Serialize;

pub use calls::Mode;

use crate::milestone::MilestoneStatus;

code! {
    pub enum Status {
        /// The guiding unit has laid down the terms; the executing party has not taken them on yet.
        Agreed => "agreed",
        Running => "running",
        /// Everything is handed in, not all of it accepted.
        Delivered => "delivered",
        /// Every milestone is accepted; money may still be open.
        Accepted => "accepted",
        Settled => "settled",
        Stopped => "stopped",
    }
}
::store::coded!(Status);

/// Who did a step, acting for whom, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Done {
    pub by: AccountId,
    pub body: Option<BodyId>,
    pub at: Moment,
}

/// How an undertaking came to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ended {
    pub done: Done,
    /// Why it was stopped; none when it was settled.
    pub reason: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BudgetLine {
    pub title: Text,
    /// Minor units; below zero only where an amendment took something away.
    pub amount: i64,
}

/// What one party carries out after one award.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Undertaking {
    pub id: UndertakingId,
    pub award: AwardId,
    pub call: CallId,
    pub plan_item: PlanItemId,
    pub relation: Option<RelationId>,
    /// The partner's local government under the relation.
    pub partner: Option<GovernmentId>,
    pub field: Field,
    pub district: Option<GovernmentId>,
    /// The executing organisation, or …
    pub body: Option<BodyId>,
    /// … the executing individual (R66).
    pub account: Option<AccountId>,
    pub mode: Mode,
    /// Why this party: published.
    pub reason: Text,
    /// The unit that guides and controls; it never executes (R64).
    pub guiding: BodyId,
    pub title: Text,
    /// The person who answers for the work (R69).
    pub responsible: AccountId,
    pub status: Status,
    pub currency: Currency,
    /// Minor units.
    pub budget: i64,
    /// The sum of all instalments that are not refused; never more than the budget.
    pub promised: i64,
    /// Of 100 of the budget: the most that may go out as advances, before anything is accepted.
    pub advance_share: i64,
    pub starts: Day,
    pub ends: Day,
    pub agreed: Done,
    pub started: Option<Done>,
    pub ended: Option<Ended>,
    /// Since when the public may read the sums.
    pub money_public: Option<Moment>,
    pub version: i64,
    pub illustrative: bool,
}

/// So many hundredths of a sum, rounded down.
pub(crate) fn share_of(budget: i64, share: i64) -> i64 {
    i64::try_from(i128::from(budget) * i128::from(share) / 100).unwrap_or(i64::MAX)
}

impl Undertaking {
    /// What the gate asks about.
    pub fn thing(&self) -> Thing {
        let mut people = vec![self.responsible];
        people.extend(self.account.filter(|a| *a != self.responsible));
        Thing {
            field: Some(self.field),
            district: self.district,
            relation: self.relation,
            partner: self.partner,
            guiding: Some(self.guiding),
            owner_body: self.body,
            owner: self.account,
            executing_bodies: self.body.into_iter().collect(),
            executing_people: people,
            status: Some(basis::Code::code(self.status)),
            ..Thing::new("undertaking", self.id)
        }
    }
    pub fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }
    /// What may still be promised.
    pub fn left(&self) -> Money {
        self.money(self.budget.saturating_sub(self.promised))
    }
    /// The most that all advances may come to.
    pub fn advance_most(&self) -> Money {
        self.money(share_of(self.budget, self.advance_share))
    }
    pub fn is_over(&self) -> bool {
        matches!(self.status, Status::Settled | Status::Stopped)
    }
    /// The executing party takes the terms on.
    pub fn start(mut self, done: Done) -> Result<Self, Refusal> {
        if self.status != Status::Agreed {
            return Err(Refusal::page("refusal-undertaking-started"));
        }
        self.status = Status::Running;
        self.started = Some(done);
        Ok(self)
    }
    /// Work goes on: something may be handed in, asked for, or amended.
    pub fn must_run(&self) -> Result<(), Refusal> {
        match self.status {
            Status::Agreed => Err(Refusal::page("refusal-undertaking-not-started")),
            Status::Settled | Status::Stopped => Err(Refusal::page("refusal-undertaking-over")),
            Status::Running | Status::Delivered | Status::Accepted => Ok(()),
        }
    }
    /// The stage that the milestones tell while the work goes on.
    pub fn follow(&mut self, milestones: &[MilestoneStatus]) {
        if !matches!(self.status, Status::Running | Status::Delivered | Status::Accepted) {
            return;
        }
        let all = |ok: &dyn Fn(&MilestoneStatus) -> bool| !milestones.is_empty() && milestones.iter().all(ok);
        self.status = if all(&|m| *m == MilestoneStatus::Accepted) {
            Status::Accepted
        } else if all(&|m| matches!(m, MilestoneStatus::Accepted | MilestoneStatus::HandedIn)) {
            Status::Delivered
        } else {
            Status::Running
        };
    }
    /// Everything is accepted and every instalment paid or refused.
    pub fn settle(mut self, done: Done, open_instalments: usize) -> Result<Self, Refusal> {
        if self.is_over() {
            return Err(Refusal::page("refusal-undertaking-over"));
        }
        if self.status != Status::Accepted {
            return Err(Refusal::page("refusal-settle-not-accepted"));
        }
        if open_instalments > 0 {
            return Err(Refusal::page("refusal-settle-money-open").with("count", open_instalments));
        }
        self.status = Status::Settled;
        self.ended = Some(Ended { done, reason: None });
        Ok(self)
    }
    /// Government directs and controls (R67): it may end what must not go on, and says why.
    pub fn stop(mut self, done: Done, reason: String) -> Result<Self, Refusal> {
        if self.is_over() {
            return Err(Refusal::page("refusal-undertaking-over"));
        }
        self.status = Status::Stopped;
        self.ended = Some(Ended {
            done,
            reason: Some(reason),
        });
        Ok(self)
    }
}
