//! The ground every room stands on: ids, money, text in languages, sourced facts, time, refusals.
//!
//! Pure: no input, no output, no clock, no chance. Time comes in through [`Clock`], chance through [`Chance`].
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod clean;
mod fact;
mod fail;
mod field;
mod id;
mod lang;
mod money;
mod names;
mod paging;
mod place;
mod status;
mod text;
mod time;

pub use clean::{Check, clean_line, clean_prose};
pub use fact::{Claimant, Confidence, Fact, Precision};
pub use fail::{Arg, Denial, Fail, Refusal};
pub use field::Field;
pub use id::*;
pub use lang::{Lang, Locale};
pub use money::{Currency, Money, MoneyFault};
pub use names::Code;
pub use paging::{Cursor, Page, PageRequest};
pub use place::Point;
pub use status::Fill;
pub use text::{Shown, Text};
pub use time::{Clock, Day, FixedClock, Moment, ShiftedClock, SystemClock};

/// Chance handed in from outside, so that tests can hand in their own.
pub trait Chance: Send + Sync {
    /// Fills the buffer with random bytes fit for secrets.
    fn fill(&self, buffer: &mut [u8]);
}

#[doc(hidden)]
pub use serde;
