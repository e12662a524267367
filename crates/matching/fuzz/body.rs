// What the fuzz target does with any bytes, as the four tables (split at NUL): no panic, what is not read is told with its
// place in the file, and what is read is solved with a proof or refused. `tests/tables.rs` runs it as well, with mutations of
// its own, on every test run.

use matching::table::{self, File};
use matching::{Options, Refusal, solve};

/// Whether they were read.
pub fn run(data: &[u8]) -> bool {
    let mut parts = data.split(|&b| b == 0);
    let mut next = || parts.next().unwrap_or_default();
    let (needs, offers, pairs, groups) = (next(), next(), next(), next());
    let tables = match table::read(needs, offers, pairs, Some(groups)) {
        Ok(tables) => tables,
        Err(faults) => {
            assert!(!faults.is_empty());
            for fault in faults {
                let file = match fault.file {
                    File::Needs => needs,
                    File::Offers => offers,
                    File::Pairs => pairs,
                    File::Groups | File::Allocation => groups,
                };
                let lines = file.iter().filter(|&&byte| byte == b'\n').count() as u64 + 1;
                assert!((1..=lines).contains(&fault.line) && !fault.what.is_empty(), "{fault}");
                assert!(fault.column <= file.len() + 1, "{fault}");
            }
            return false;
        }
    };
    if tables.problem.pairs.len() >= 64 {
        return true;
    }
    let members = tables.organisations().iter().map(|o| o.offers.len()).sum::<usize>();
    assert_eq!(members, tables.problem.offers.len());
    match solve(&tables.problem, &Options::default()) {
        Ok(answer) => {
            assert!(answer.proved || answer.searched);
            let written = table::write_allocation(&tables, &answer);
            assert_eq!(table::read_allocation(&tables, &written), Ok(answer.units));
        }
        Err(Refusal::TooLarge(what)) => {
            assert!(!table::too_large(&tables, what, needs, pairs).is_empty());
        }
        Err(_) => {}
    }
    true
}
