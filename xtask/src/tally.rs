//! How many passed and failed, read from the closing lines of each test runner, and its last words where it failed.
use std::collections::VecDeque;
use std::sync::Mutex;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
}

impl Tally {
    /// A part that succeeded without counting counts as one; one that failed without a count has one failure.
    pub fn closed(mut self, succeeded: bool) -> Tally {
        if succeeded && self == Tally::default() {
            self.passed = 1;
        }
        if !succeeded && self.failed == 0 {
            self.failed = 1;
        }
        self
    }

    pub fn and(self, other: Tally) -> Tally {
        Tally {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
        }
    }
}

/// What a part of the tests came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub tally: Tally,
    /// The last lines of a runner that failed: runners name what failed at their end, and a long log is read from there.
    pub last_words: Vec<String>,
}

impl From<Tally> for Report {
    fn from(tally: Tally) -> Report {
        Report {
            tally,
            last_words: Vec::new(),
        }
    }
}

impl Report {
    pub fn and(mut self, other: Report) -> Report {
        self.tally = self.tally.and(other.tally);
        self.last_words.extend(other.last_words);
        self
    }
}

/// So much of a failed runner's output is told again at the end.
const LAST_WORDS: usize = 80;

/// Adds up while lines come from two threads.
#[derive(Default)]
pub struct Counting(Mutex<(Tally, VecDeque<String>)>);

impl Counting {
    /// Hears a line; `count` is what the line says of passed and failed tests.
    pub fn hear(&self, line: &str, count: Option<Tally>) {
        let Ok(mut heard) = self.0.lock() else { return };
        if let Some(count) = count {
            heard.0 = heard.0.and(count);
        }
        if heard.1.len() == LAST_WORDS {
            heard.1.pop_front();
        }
        heard.1.push_back(line.to_owned());
    }

    pub fn closed(&self, succeeded: bool) -> Report {
        let (tally, heard) = self.0.lock().map(|heard| heard.clone()).unwrap_or_default();
        Report {
            tally: tally.closed(succeeded),
            last_words: if succeeded { Vec::new() } else { heard.into() },
        }
    }
}

/// `Summary [ 1.2s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 3 skipped` of nextest, and
/// `test result: ok. 5 passed; 0 failed; 0 ignored; …` of cargo test.
pub fn rust(line: &str) -> Option<Tally> {
    let line = plain(line);
    let counts = if line.trim_start().starts_with("Summary [") {
        line.split_once(" run: ")?.1.to_owned()
    } else {
        line.strip_prefix("test result: ")?.split_once(". ")?.1.to_owned()
    };
    let mut tally = Tally::default();
    for count in counts.split([',', ';']) {
        let (number, word) = count.trim().split_once(' ').unwrap_or((count, ""));
        let Ok(number) = number.parse::<u64>() else { continue };
        if word.starts_with("passed") {
            tally.passed += number;
        } else if ["failed", "timed out", "exec failed", "errored"]
            .iter()
            .any(|bad| word.starts_with(bad))
        {
            tally.failed += number;
        }
    }
    Some(tally)
}

/// `# pass 4` or `ℹ pass 4` of node's own runner.
pub fn node(line: &str) -> Option<Tally> {
    let line = plain(line);
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["#" | "ℹ", "pass", number] => Some(Tally {
            passed: number.parse().ok()?,
            failed: 0,
        }),
        ["#" | "ℹ", "fail" | "cancelled", number] => Some(Tally {
            passed: 0,
            failed: number.parse().ok()?,
        }),
        _ => None,
    }
}

/// `  3 passed (10.0s)`, `  1 failed`, `  1 flaky` of Playwright. A flaky test is one that failed.
pub fn playwright(line: &str) -> Option<Tally> {
    let line = plain(line);
    let words: Vec<&str> = line.split_whitespace().collect();
    let (number, rest) = words.split_first()?;
    let number: u64 = number.parse().ok()?;
    match rest {
        ["passed"] | ["passed", _] => Some(Tally {
            passed: number,
            failed: 0,
        }),
        ["failed" | "flaky" | "interrupted"] => Some(Tally {
            passed: 0,
            failed: number,
        }),
        _ => None,
    }
}

/// Without the codes that colour a terminal.
fn plain(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(letter) = rest.next() {
        if letter == '\u{1b}' {
            rest.by_ref().find(|end| end.is_ascii_alphabetic());
        } else {
            text.push(letter);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64) -> Option<Tally> {
        Some(Tally { passed, failed })
    }

    #[test]
    fn reads_the_closing_lines_of_rust_runners() {
        let line = "     Summary [   1.204s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 3 skipped";
        assert_eq!(rust(line), tally(10, 2));
        assert_eq!(
            rust("\u{1b}[32;1m     Summary\u{1b}[0m [ 0.1s] 1 test run: 1 passed, 0 skipped"),
            tally(1, 0)
        );
        assert_eq!(
            rust("     Summary [ 0.1s] 3/9 tests run: 2 passed, 1 failed, 0 skipped"),
            tally(2, 1)
        );
        assert_eq!(
            rust("test result: FAILED. 5 passed; 2 failed; 1 ignored; 0 measured"),
            tally(5, 2)
        );
        assert_eq!(rust("test store::sums ... ok"), None);
    }

    #[test]
    fn reads_the_closing_lines_of_node_runners() {
        assert_eq!(node("# pass 4"), tally(4, 0));
        assert_eq!(node("ℹ fail 2"), tally(0, 2));
        assert_eq!(node("# passwords"), None);
        assert_eq!(playwright("  3 passed (10.0s)"), tally(3, 0));
        assert_eq!(playwright("\u{1b}[31m  1 failed\u{1b}[39m"), tally(0, 1));
        assert_eq!(playwright("  4 skipped"), None);
    }

    #[test]
    fn who_fails_is_heard_to_the_end_and_who_succeeds_is_only_counted() {
        let counting = Counting::default();
        (0..200).for_each(|number| counting.hear(&format!("line {number}"), None));
        counting.hear("# fail 1", node("# fail 1"));
        let failed = counting.closed(false);
        assert_eq!(failed.tally, Tally { passed: 0, failed: 1 });
        assert_eq!(failed.last_words.len(), LAST_WORDS);
        assert_eq!(failed.last_words.last().map(String::as_str), Some("# fail 1"));
        assert!(counting.closed(true).last_words.is_empty());
    }

    #[test]
    fn a_part_always_counts() {
        assert_eq!(Tally::default().closed(true), Tally { passed: 1, failed: 0 });
        assert_eq!(
            Tally { passed: 7, failed: 0 }.closed(false),
            Tally { passed: 7, failed: 1 }
        );
        assert_eq!(
            Tally { passed: 7, failed: 2 }.closed(false),
            Tally { passed: 7, failed: 2 }
        );
    }
}
