//! Evaluation: aims set before the start, people from outside who judge against them, results published with the
//! executing party's reply (R18, R19, R52).
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod aim;
mod api;
mod appoint;
mod conflict;
mod declare;
mod duties;
mod evaluation;
mod export;
mod face;
mod find;
mod listen;
mod neighbours;
mod pages;
mod policies;
mod publish;
mod reply;
mod sight;
mod store;
mod submit;
mod verify;

#[cfg(test)]
mod tests;

pub use aim::{Aim, AimInput, Programme, drop_aim, set_aim};
pub use api::api;
pub use appoint::{AppointInput, Candidate, appoint};
pub use conflict::{Conflict, Tied, conflicts};
pub use declare::declare_no_conflict;
pub use duties::duties;
pub use evaluation::{Evaluation, Evaluator, Finding, FindingState, Status};
pub use export::{export_aims, export_evaluations};
pub use face::{
    AimCard, EvaluationCard, EvaluatorCard, FindingCard, aims, evaluation, evaluators, evaluators_of, findings,
    of_evaluator, of_plan_items, of_undertaking,
};
pub use find::{FindingInput, find};
pub use listen::handlers;
pub use pages::pages;
pub use policies::POLICIES;
pub use publish::publish;
pub use reply::{ReplyInput, reply};
pub use submit::{SummaryInput, submit};
pub use verify::verify;

/// This room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::migrations!("evaluation", "0001_evaluation");

::pages::texts!("evaluation");
