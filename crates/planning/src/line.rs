//! A policy line: what a plan item stands under (R105, R106), with its source and how long it holds.

use basis::{Day, PolicyLineId, Text};
use serde::Serialize;
use store::row;

row! {
    /// A line of policy, quoted with its source.
    #[derive(Serialize)]
    pub struct PolicyLine {
        pub id: PolicyLineId,
        /// What people call it by: "R86", "2026-03".
        pub code: String,
        pub title: Text,
        pub text: Text,
        /// A document or an address, in words.
        pub source: String,
        pub starts: Day,
        pub until: Option<Day>,
        pub illustrative: bool,
        pub version: i64,
    }
}
impl PolicyLine {
    /// Whether it holds on some day of that year.
    pub fn holds_in(&self, year: i64) -> bool {
        i64::from(self.starts.year()) <= year && self.until.is_none_or(|d| i64::from(d.year()) >= year)
    }
    pub fn holds_on(&self, day: Day) -> bool {
        self.starts <= day && self.until.is_none_or(|u| u >= day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn holds_from_its_first_year_to_its_last() {
        let line = PolicyLine {
            id: basis::Id::named("x"),
            code: "X".into(),
            title: Text::both("甲", "A"),
            text: Text::both("甲", "A"),
            source: "s".into(),
            starts: Day::constant(2021, 6, 1),
            until: Some(Day::constant(2025, 12, 31)),
            illustrative: false,
            version: 1,
        };
        assert_eq!(
            [2020, 2021, 2025, 2026].map(|y| line.holds_in(y)),
            [false, true, true, false]
        );
        assert!(!line.holds_on(Day::constant(2021, 5, 31)));
    }
}
