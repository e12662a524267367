//! Undertakings: what was awarded, by outsourcing or by assignment, and how it is carried out (R64 to R73).
//!
//! The guiding unit agrees the terms and judges; the executing party starts, hands in and asks for its instalments.
//! One does not do the other's part (R64). Money moves by four people: who asks, who approves, who records the payment
//! and who reconciles it with the bank's statement differ, counted by person (R68).
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod alarm;
mod amendment;
mod api;
mod face;
mod instalment;
mod milestone;
mod neighbours;
mod open_step;
mod pages;
mod policies;
mod sight;
mod store;
mod undertaking;

mod accept;
mod agree;
mod amend;
mod approve;
mod duties;
mod give_back;
mod hand_in;
mod listen;
mod pay;
mod publish_money;
mod reconcile;
mod refuse;
mod request;
mod settle;
mod start;
mod stop;
pub mod tables;
mod verify;

#[cfg(test)]
mod tests;

pub use accept::{Note, Reason, accept};
pub use agree::{ADVANCE_MOST, ADVANCE_USUAL, Agreed, Commission, Terms, agree, agree_on, check_terms};
pub use alarm::{Alarm, REVIEW_DAYS, alarm};
pub use amend::{AmendmentInput, Decision, decide_amendment, propose_amendment};
pub use amendment::{Amendment, AmendmentId, AmendmentStatus, Change, Side};
pub use api::api;
pub use approve::approve;
pub use duties::duties;
pub use face::{
    DeliverableCard, FileCard, Hands, InstalmentCard, LineCard, MilestoneCard, MoneyCard, UndertakingCard, amendments,
    deliverables, executors, files, going_on, hands, milestones, money, of_award, of_executor, of_plan_items, readable,
    undertaking, undertakings,
};
pub use give_back::give_back;
pub use hand_in::{HandIn, hand_in};
pub use instalment::{Instalment, InstalmentStatus, Stage};
pub use listen::handlers;
pub use milestone::{Deliverable, Milestone, MilestoneStatus, Outcome, Verdict, VerdictKind, outcome};
pub use open_step::{OpenStep, Turn, open_steps};
pub use pages::pages;
pub use pay::{Payment, pay};
pub use policies::POLICIES;
pub use publish_money::publish_money;
pub use reconcile::{Reconciliation, reconcile};
pub use refuse::refuse;
pub use request::{Request, request};
pub use settle::settle;
pub use start::start;
pub use stop::stop;
pub use store::hold;
pub use undertaking::{BudgetLine, Done, Ended, Mode, Status, Undertaking};
pub use verify::verify;

/// This room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::migrations!("undertakings", "0001_undertakings", "0002_money");

::pages::texts!("undertakings");
