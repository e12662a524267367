//! Fairness as a choice, with what it costs in value beside the plan without it.
//!
//! Each function gives the fair answer and the best answer of the same problem, so that both can be shown.

use crate::answer::{Answer, Refusal};
use crate::laminar::Forest;
use crate::problem::Problem;

mod leximin;
mod lottery;
mod share;

pub use leximin::{keeping, leximin};
pub(crate) use lottery::Seed;
pub use lottery::{Lottery, lottery};
pub use share::{bounded_share, keeps_share, sharing, sharing_of};

/// A fair plan beside the one of greatest value.
#[derive(Clone, Debug)]
pub struct Fair {
    /// The fair plan. `proved` and its certificate speak of [`Fair::problem`].
    pub answer: Answer,
    /// The caller's problem with what fairness adds as groups behind its own: [`crate::check::check`] confirms the answer on
    /// this one. Every fair plan keeps its limits, so that no fair plan is worth more than the prices say.
    pub problem: Problem,
    /// The plan of greatest value, for comparison.
    pub best: Answer,
}

impl Fair {
    /// Value given up for fairness; negative when the fair plan meets fewer minima and so may be worth more.
    pub fn cost(&self) -> i128 {
        self.best.objective - self.answer.objective
    }
}

/// Whether the flow carries the whole problem.
fn only_flow(problem: &Problem, what: &'static str) -> Result<(), Refusal> {
    let faults = problem.faults();
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    if problem.rules.is_empty() && Forest::new(problem).crossing.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Beyond(what))
    }
}
