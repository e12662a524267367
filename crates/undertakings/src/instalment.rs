//! Instalments: asked for by the executing party, approved by a second person, paid by a third, reconciled with the
//! bank's statement by a fourth (R68).

use basis::{AccountId, InstalmentId, MilestoneId, Money, Refusal, UndertakingId, code};
use serde::Serialize;

use crate::undertaking::Done;

code! {
    /// How far an instalment is; the facts of each step are in [`Instalment`].
    pub enum InstalmentStatus {
        Planned => "planned",
        Requested => "requested",
        Approved => "approved",
        Paid => "paid",
        Refused => "refused",
        /// Found on the bank's statement, as recorded.
        Reconciled => "reconciled",
    }
}
::store::coded!(InstalmentStatus);

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Stage {
    Planned,
    Requested {
        requested: Done,
    },
    Approved {
        requested: Done,
        approved: Done,
    },
    Paid {
        requested: Done,
        approved: Done,
        paid: Done,
        reference: Option<String>,
    },
    Reconciled {
        requested: Done,
        approved: Done,
        paid: Done,
        reference: Option<String>,
        reconciled: Done,
        /// The bank's statement it was found on.
        statement: String,
    },
    Refused {
        requested: Option<Done>,
        approved: Option<Done>,
        refused: Done,
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Instalment {
    pub id: InstalmentId,
    pub undertaking: UndertakingId,
    /// The milestone that earns it; none is an advance.
    pub milestone: Option<MilestoneId>,
    pub amount: Money,
    /// The how manieth of its undertaking.
    pub position: i64,
    pub note: Option<String>,
    pub stage: Stage,
    pub version: i64,
}

impl Instalment {
    pub fn status(&self) -> InstalmentStatus {
        match self.stage {
            Stage::Planned => InstalmentStatus::Planned,
            Stage::Requested { .. } => InstalmentStatus::Requested,
            Stage::Approved { .. } => InstalmentStatus::Approved,
            Stage::Paid { .. } => InstalmentStatus::Paid,
            Stage::Reconciled { .. } => InstalmentStatus::Reconciled,
            Stage::Refused { .. } => InstalmentStatus::Refused,
        }
    }
    /// Paid or refused: no more money will move.
    pub fn is_closed(&self) -> bool {
        matches!(
            self.stage,
            Stage::Paid { .. } | Stage::Reconciled { .. } | Stage::Refused { .. }
        )
    }
    pub fn requested(&self) -> Option<Done> {
        match &self.stage {
            Stage::Planned => None,
            Stage::Requested { requested }
            | Stage::Approved { requested, .. }
            | Stage::Paid { requested, .. }
            | Stage::Reconciled { requested, .. } => Some(*requested),
            Stage::Refused { requested, .. } => *requested,
        }
    }
    pub fn approved(&self) -> Option<Done> {
        match &self.stage {
            Stage::Planned | Stage::Requested { .. } => None,
            Stage::Approved { approved, .. } | Stage::Paid { approved, .. } | Stage::Reconciled { approved, .. } => {
                Some(*approved)
            }
            Stage::Refused { approved, .. } => *approved,
        }
    }
    pub fn paid(&self) -> Option<Done> {
        match &self.stage {
            Stage::Paid { paid, .. } | Stage::Reconciled { paid, .. } => Some(*paid),
            _ => None,
        }
    }
    pub fn reconciled(&self) -> Option<Done> {
        match &self.stage {
            Stage::Reconciled { reconciled, .. } => Some(*reconciled),
            _ => None,
        }
    }
    /// Everybody who did an earlier step: none of them does the next (request, approve, pay, reconcile are four people).
    pub fn earlier_people(&self) -> Vec<AccountId> {
        [self.requested(), self.approved(), self.paid(), self.reconciled()]
            .into_iter()
            .flatten()
            .map(|d| d.by)
            .collect()
    }
    fn by_another(&self, done: &Done) -> Result<(), Refusal> {
        if self.earlier_people().contains(&done.by) {
            return Err(Refusal::page("refusal-instalment-same-person"));
        }
        Ok(())
    }
    /// The executing party asks; `earned` tells whether the milestone is accepted (an advance is earned by starting).
    pub fn request(mut self, done: Done, note: Option<String>, earned: bool) -> Result<Self, Refusal> {
        if !matches!(self.stage, Stage::Planned) {
            return Err(Refusal::page("refusal-instalment-not-planned"));
        }
        if !earned {
            return Err(Refusal::at("milestone", "refusal-instalment-not-earned"));
        }
        self.note = note;
        self.stage = Stage::Requested { requested: done };
        Ok(self)
    }
    pub fn approve(mut self, done: Done) -> Result<Self, Refusal> {
        let Stage::Requested { requested } = self.stage else {
            return Err(Refusal::page("refusal-instalment-not-requested"));
        };
        self.by_another(&done)?;
        self.stage = Stage::Approved {
            requested,
            approved: done,
        };
        Ok(self)
    }
    pub fn pay(mut self, done: Done, reference: Option<String>) -> Result<Self, Refusal> {
        let Stage::Approved { requested, approved } = self.stage else {
            return Err(Refusal::page("refusal-instalment-not-approved"));
        };
        self.by_another(&done)?;
        self.stage = Stage::Paid {
            requested,
            approved,
            paid: done,
            reference,
        };
        Ok(self)
    }
    pub fn reconcile(mut self, done: Done, statement: String) -> Result<Self, Refusal> {
        let Stage::Paid {
            requested,
            approved,
            paid,
            ref reference,
        } = self.stage
        else {
            return Err(Refusal::page("refusal-instalment-not-paid"));
        };
        let reference = reference.clone();
        self.by_another(&done)?;
        self.stage = Stage::Reconciled {
            requested,
            approved,
            paid,
            reference,
            reconciled: done,
            statement,
        };
        Ok(self)
    }
    pub fn refuse(mut self, done: Done, reason: String) -> Result<Self, Refusal> {
        if self.is_closed() {
            return Err(Refusal::page("refusal-instalment-closed"));
        }
        self.stage = Stage::Refused {
            requested: self.requested(),
            approved: self.approved(),
            refused: done,
            reason,
        };
        Ok(self)
    }
}
