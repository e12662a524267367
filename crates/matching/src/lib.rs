//! The best allocation of what parties offer to what programmes need, proved and explained.
//!
//! Pure: no input, no output, no clock, no chance. [`solve`] takes a [`Problem`] and gives an [`Answer`]: first
//! the least sum of priority x units missing below minima, then the greatest total value, the same on every
//! machine. The answer carries prices with which [`check::check`] confirms in one pass that nothing is better.
//! [`resolve`] starts from an earlier answer and is much quicker when little has changed; a [`Standing`] problem keeps what the
//! solver knows, and then a change costs little more than the proof.
//! How it works, and what was measured: `docs/matching.md`, `docs/performance-matching.md`.

pub mod answer;
mod auction;
pub mod causes;
pub mod check;
mod conflict;
mod engine;
pub mod explain;
pub mod fairness;
mod laminar;
mod network;
mod number;
pub mod problem;
mod relaxed;
mod rules;
mod solve;
mod standing;
mod start;
pub mod table;

pub use answer::{Answer, Certificate, Conflict, Limit, Refusal, Told, Unmet};
pub use causes::Causes;
pub use explain::{Explainer, Loss, Reason, Rival};
pub use problem::{Fault, Group, Need, Offer, Pair, Problem, Rule, Side, Status};
pub use solve::{Options, resolve, solve};
pub use standing::{Changes, Standing};
