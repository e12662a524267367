//! Days as sources give them: to the day, the month or the year.

use basis::{Day, Precision};
use serde::{Deserialize, Serialize};

/// When something was signed, as exactly as the source says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedDate {
    /// The earliest day it can mean.
    pub from: Day,
    pub precision: Precision,
}

impl SignedDate {
    /// Reads "1982", "1982-12", "1982-12-03", "1982年12月", "1982/12/3".
    pub fn parse(raw: &str) -> Option<Self> {
        let folded: String = unicode_normalization::UnicodeNormalization::nfkc(raw.trim()).collect();
        let shape = |c: char| c.is_ascii_digit() || matches!(c, '-' | '/' | '.' | '年' | '月' | '日' | ' ');
        if !folded.chars().all(shape) {
            return None;
        }
        let parts: Vec<&str> = folded
            .split(|c: char| !c.is_ascii_digit())
            .filter(|p| !p.is_empty())
            .collect();
        let year: i16 = parts.first().filter(|y| y.len() == 4)?.parse().ok()?;
        let small = |i: usize| parts.get(i).map(|p| p.parse::<i8>().ok()).unwrap_or(Some(1));
        let from = Day::new(year, small(1)?, small(2)?).ok()?;
        let precision = match parts.len() {
            1 => Precision::Year,
            2 => Precision::Month,
            3 => Precision::Day,
            _ => return None,
        };
        (1800..=2200).contains(&year).then_some(SignedDate { from, precision })
    }
    /// "1982", "1982-12", "1982-12-03": what files and the API carry.
    pub fn text(&self) -> String {
        let full = self.from.to_string();
        full[..match self.precision {
            Precision::Year => 4,
            Precision::Month => 7,
            Precision::Day => 10,
        }]
            .to_owned()
    }
    /// One says no more than the other refines: "1986" agrees with "1986-10-23", "1982-12" does not with "1981".
    pub fn agrees(&self, other: &SignedDate) -> bool {
        let (a, b) = (self.text(), other.text());
        a.starts_with(&b) || b.starts_with(&a)
    }
    pub fn year(&self) -> i16 {
        self.from.year()
    }
}

/// The first year a loose text names: "2011-2013", "since 2009", "2016-12".
pub fn year_in(text: &str) -> Option<i16> {
    text.split(|c: char| !c.is_ascii_digit())
        .find(|p| p.len() == 4)
        .and_then(|p| p.parse().ok())
        .filter(|y| (1800..=2200).contains(y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(s: &str) -> SignedDate {
        SignedDate::parse(s).unwrap()
    }

    #[test]
    fn dates_are_read_as_exactly_as_they_are_known() {
        for (raw, text) in [
            ("1982-12", "1982-12"),
            ("1983", "1983"),
            ("1986/10/23", "1986-10-23"),
            ("2004年7月22日", "2004-07-22"),
            ("２０１６年１１月", "2016-11"),
        ] {
            assert_eq!(at(raw).text(), text);
        }
        for raw in ["", "12.1982", "spring 1999", "1982-13", "2004-02-30", "82", "1,982"] {
            assert_eq!(SignedDate::parse(raw), None, "{raw}");
        }
    }

    #[test]
    fn a_vaguer_date_is_no_conflict_and_another_year_is_one() {
        assert!(at("1986").agrees(&at("1986-10-23")));
        assert!(!at("1982-12").agrees(&at("1981")));
        assert_eq!(year_in("2011-2013"), Some(2011));
        assert_eq!(year_in("undated"), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(y in 1800i16..=2200, m in 1i8..=12, d in 1i8..=28, p in 0usize..3) {
            let precision = [Precision::Year, Precision::Month, Precision::Day][p];
            let from = Day::new(y, if p > 0 { m } else { 1 }, if p > 1 { d } else { 1 }).unwrap();
            let one = SignedDate { from, precision };
            prop_assert_eq!(SignedDate::parse(&one.text()), Some(one));
        }
    }
}
