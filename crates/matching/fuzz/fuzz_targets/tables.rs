//! Any bytes as the four tables (split at NUL): no panic, and what is read is solved with a proof or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use matching::{Options, solve, table};

fuzz_target!(|data: &[u8]| {
    let mut parts = data.split(|&b| b == 0);
    let mut next = || parts.next().unwrap_or_default();
    let (needs, offers, pairs, groups) = (next(), next(), next(), next());
    if let Ok(tables) = table::read(needs, offers, pairs, Some(groups))
        && tables.problem.pairs.len() < 64
        && let Ok(answer) = solve(&tables.problem, &Options::default())
    {
        assert!(answer.proved || answer.searched);
        table::write_allocation(&tables, &answer);
    }
});
