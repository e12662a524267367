//! Kept promises: counted, never scored (decision 9.9; R46). The formula is this file, and a page says it in words.

use basis::{Moment, code};
use serde::Serialize;

code! {
    /// How a promise ended. Still open ones have no outcome.
    pub enum Outcome { Kept => "kept", Late => "late", Broken => "broken" }
}
store::coded!(Outcome);

/// Kept when settled by its due moment or when none was set; late when settled after it; broken when given up.
pub fn outcome(due: Option<Moment>, settled_at: Moment, given_up: bool) -> Outcome {
    match due {
        _ if given_up => Outcome::Broken,
        Some(due) if settled_at > due => Outcome::Late,
        _ => Outcome::Kept,
    }
}

/// The record of one organisation or person: plain counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PromiseRecord {
    pub kept: i64,
    pub late: i64,
    pub broken: i64,
    pub open: i64,
}
/// What the counts say, as the key of a plain sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nothing promised yet.
    Nothing,
    /// Promised, nothing due or settled yet.
    OnlyOpen,
    /// Everything settled was kept in time.
    AllKept,
    /// Some were late, none was given up.
    SomeLate,
    /// Some were given up.
    SomeBroken,
}
impl PromiseRecord {
    /// Promises that have come to an end.
    pub fn settled(&self) -> i64 {
        self.kept + self.late + self.broken
    }
    pub fn add(&mut self, outcome: Option<Outcome>) {
        self.count(outcome, 1);
    }
    /// So many with one outcome, or still open.
    pub fn count(&mut self, outcome: Option<Outcome>, n: i64) {
        match outcome {
            Some(Outcome::Kept) => self.kept += n,
            Some(Outcome::Late) => self.late += n,
            Some(Outcome::Broken) => self.broken += n,
            None => self.open += n,
        }
    }
    pub fn said(&self) -> Said {
        match (self.settled(), self.open, self.late, self.broken) {
            (0, 0, ..) => Said::Nothing,
            (0, ..) => Said::OnlyOpen,
            (_, _, 0, 0) => Said::AllKept,
            (_, _, _, 0) => Said::SomeLate,
            _ => Said::SomeBroken,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(s: i64) -> Moment {
        Moment::from_second(s).unwrap()
    }

    #[test]
    fn the_due_moment_itself_is_in_time() {
        assert_eq!(outcome(Some(at(10)), at(10), false), Outcome::Kept);
        assert_eq!(outcome(Some(at(10)), at(11), false), Outcome::Late);
        assert_eq!(outcome(None, at(11), false), Outcome::Kept);
        assert_eq!(outcome(None, at(1), true), Outcome::Broken);
    }

    proptest! {
        /// Every promise is counted once, and more promises never make one disappear.
        #[test]
        fn counts_add_up(outcomes in proptest::collection::vec(proptest::option::of(0usize..3), 0..50)) {
            let mut r = PromiseRecord::default();
            for o in &outcomes {
                let before = r;
                r.add(o.map(|i| [Outcome::Kept, Outcome::Late, Outcome::Broken][i]));
                prop_assert!(r.kept >= before.kept && r.late >= before.late && r.broken >= before.broken && r.open >= before.open);
            }
            prop_assert_eq!((r.settled() + r.open) as usize, outcomes.len());
            prop_assert_eq!(r.said() == Said::Nothing, outcomes.is_empty());
            prop_assert_eq!(r.said() == Said::SomeBroken, r.broken > 0);
        }
        /// Settling earlier is never judged worse.
        #[test]
        fn earlier_is_not_worse(due in 0i64..1000, a in 0i64..2000, b in 0i64..2000) {
            let (first, last) = (a.min(b), a.max(b));
            prop_assert!(outcome(Some(at(due)), at(first), false) <= outcome(Some(at(due)), at(last), false));
        }
    }
}
