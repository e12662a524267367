//! ARCHITECTURE.md is a map of what is there: every crate, and no other.
use crate::{none, tree};
use std::collections::BTreeSet;

/// Crates of ours that lie elsewhere: xtask/ and tests/house/.
const OUTSIDE: [&str; 2] = ["xtask", "house"];

/// Names in `crates/NAME`, and the first words of the lines in the first fenced block, which shows the floors.
fn named(text: &str) -> BTreeSet<String> {
    let name = |rest: &str| {
        let end = rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'));
        rest[..end.unwrap_or(rest.len())].to_owned()
    };
    let paths = text.split("crates/").skip(1).map(name);
    let floors = text.split("```").nth(1).unwrap_or("");
    let first_words = floors.lines().skip(1).filter(|line| line.contains("  ")).map(name);
    paths.chain(first_words).filter(|name| !name.is_empty()).collect()
}

#[test]
fn the_map_shows_what_is_there() {
    let path = tree::root().join("ARCHITECTURE.md");
    if !path.is_file() {
        return;
    }
    let named = named(&tree::read(&path));
    let there: BTreeSet<String> = tree::crates().into_iter().map(|(name, _)| name).collect();
    let missing = there
        .difference(&named)
        .map(|name| format!("{name}: exists, but is not on the map"));
    let invented = named
        .difference(&there)
        .filter(|name| !OUTSIDE.contains(&name.as_str()))
        .map(|name| format!("{name}: is on the map, but does not exist"));
    none("ARCHITECTURE.md and crates/ differ:", missing.chain(invented).collect());
}

#[test]
fn names_are_found_in_paths_and_in_the_floors() {
    let map = "# Map\n```\nyoucheng   the binary\n── rooms ──\ncalls      needs\n           more on it\n```\nSee `crates/store/src`.";
    let expected = ["calls", "store", "youcheng"].map(str::to_owned);
    assert_eq!(named(map), BTreeSet::from(expected));
}
