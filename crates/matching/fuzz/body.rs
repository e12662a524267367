// What the fuzz target does with any bytes, as the four tables (split at NUL): no panic, and what is read is solved with a
// proof or refused. `tests/tables.rs` runs it as well, with mutations of its own, on every test run.

use matching::{Options, Refusal, solve, table};

pub fn run(data: &[u8]) {
    let mut parts = data.split(|&b| b == 0);
    let mut next = || parts.next().unwrap_or_default();
    let (needs, offers, pairs, groups) = (next(), next(), next(), next());
    let Ok(tables) = table::read(needs, offers, pairs, Some(groups)) else {
        return;
    };
    if tables.problem.pairs.len() >= 64 {
        return;
    }
    match solve(&tables.problem, &Options::default()) {
        Ok(answer) => {
            assert!(answer.proved || answer.searched);
            let written = table::write_allocation(&tables, &answer);
            assert_eq!(table::read_allocation(&tables, &written), Ok(answer.units));
        }
        Err(Refusal::TooLarge(what)) => {
            table::too_large(&tables, what, needs, pairs);
        }
        Err(_) => {}
    }
}
