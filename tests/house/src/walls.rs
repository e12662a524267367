//! Who may know whom (ARCHITECTURE.md, floors): read from `cargo metadata`, so that no manifest can differ.
use crate::{none, tree};
use serde_json::Value;
use std::process::Command;

/// The ground and the shared floor, lowest first: each knows those before it, but for those that stand side by side.
const FLOORS: [&str; 7] = ["basis", "merkle", "matching", "sheets", "store", "access", "pages"];
const SIDE_BY_SIDE: [&str; 3] = ["merkle", "matching", "sheets"];
/// Leaf crates know basis only; rooms may use the first, the binary both.
const LEAVES: [&str; 2] = ["atlas", "mail"];
const LEAVES_FOR_ROOMS: [&str; 1] = ["atlas"];
/// Rooms, in the order in which cooperation lives: each knows earlier ones only.
const ROOMS: [&str; 9] = [
    "accounts",
    "parties",
    "relations",
    "planning",
    "calls",
    "undertakings",
    "evaluation",
    "programmes",
    "desk",
];
const BINARY: &str = "youcheng";
/// Stand outside: they look at the house, nothing is built on them.
const TOOLS: [&str; 2] = ["xtask", "house"];
/// Libraries behind one door.
const DOORS: [(&str, &[&str]); 2] = [
    (
        "store",
        &[
            "sea-orm",
            "sea-query",
            "sqlx",
            "rusqlite",
            "libsqlite3-sys",
            "tokio-postgres",
        ],
    ),
    ("access", &["cedar-policy", "cedar-policy-core"]),
];

#[derive(Debug)]
struct Arrow {
    from: String,
    to: String,
    ours: bool,
}

fn arrows() -> (Vec<String>, Vec<Arrow>) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(tree::root())
        .output()
        .expect("cargo metadata runs");
    assert!(
        output.status.success(),
        "cargo metadata: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata speaks JSON");
    let text = |value: &Value| value.as_str().expect("a name").to_owned();
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let packages = list(&metadata["packages"]);
    let names = packages.iter().map(|package| text(&package["name"])).collect();
    let arrows = packages
        .iter()
        .flat_map(|package| {
            let from = text(&package["name"]);
            list(&package["dependencies"]).into_iter().map(move |dependency| Arrow {
                from: from.clone(),
                to: text(&dependency["name"]),
                ours: dependency["path"].is_string(),
            })
        })
        .collect();
    (names, arrows)
}

fn place(list: &[&str], name: &str) -> Option<usize> {
    list.iter().position(|entry| *entry == name)
}

/// Why this arrow is forbidden, if it is.
fn forbidden(from: &str, to: &str) -> Option<String> {
    if from == to {
        return None; // a crate's own tests with another feature of it
    }
    let refuse = |why: &str| Some(format!("{from} -> {to}: {why}"));
    // A bench measures the whole house from outside.
    if from.ends_with("-bench") && to == BINARY {
        return None;
    }
    if to == BINARY || TOOLS.contains(&to) {
        return refuse("nothing is built on the binary or on the tools");
    }
    if from == BINARY || TOOLS.contains(&from) || from.ends_with("-bench") {
        return None;
    }
    if let Some(own) = place(&FLOORS, from) {
        return match place(&FLOORS, to) {
            Some(other) if other < own && !(SIDE_BY_SIDE.contains(&from) && SIDE_BY_SIDE.contains(&to)) => None,
            _ => refuse("a floor knows the floors below it only"),
        };
    }
    if LEAVES.contains(&from) {
        return if to == "basis" {
            None
        } else {
            refuse("a leaf crate knows basis only")
        };
    }
    let Some(own) = place(&ROOMS, from) else {
        return refuse("this crate has no place yet: give it one in tests/house/src/walls.rs and ARCHITECTURE.md");
    };
    match place(&ROOMS, to) {
        Some(other) if other < own => None,
        Some(_) => refuse("a room knows earlier rooms only; what it must learn from later ones comes as an event"),
        None if FLOORS.contains(&to) || LEAVES_FOR_ROOMS.contains(&to) => None,
        None => refuse("only the binary links this"),
    }
}

#[test]
fn no_forbidden_arrow() {
    let (_, arrows) = arrows();
    let findings = arrows
        .iter()
        .filter(|arrow| arrow.ours)
        .filter_map(|arrow| forbidden(&arrow.from, &arrow.to));
    none("Forbidden arrows between crates:", findings.collect());
}

#[test]
fn every_crate_has_a_place() {
    let (names, _) = arrows();
    let known = |name: &str| {
        name == BINARY
            || name.ends_with("-bench")
            || [&FLOORS[..], &LEAVES, &ROOMS, &TOOLS]
                .iter()
                .any(|list| list.contains(&name))
    };
    let homeless = names.into_iter().filter(|name| !known(name)).collect();
    none("Crates without a place in tests/house/src/walls.rs:", homeless);
}

#[test]
fn some_libraries_stand_behind_one_door() {
    let (_, arrows) = arrows();
    let mut findings = Vec::new();
    for (door, libraries) in DOORS {
        for arrow in arrows
            .iter()
            .filter(|arrow| libraries.contains(&arrow.to.as_str()) && arrow.from != door)
        {
            findings.push(format!("{} names {}: only {door} may", arrow.from, arrow.to));
        }
    }
    none("Libraries that only one crate may name:", findings);
}

#[test]
fn the_rule_itself_tells_right_from_wrong() {
    for (from, to) in [
        ("store", "merkle"),
        ("calls", "parties"),
        ("calls", "matching"),
        ("desk", "atlas"),
        ("pages", "sheets"),
    ] {
        assert_eq!(forbidden(from, to), None);
    }
    for (from, to) in [
        ("basis", "store"),
        ("merkle", "matching"),
        ("sheets", "merkle"),
        ("store", "pages"),
        ("parties", "calls"),
        ("calls", "mail"),
        ("sheets", "store"),
        ("desk", "youcheng"),
        ("cellar", "basis"),
    ] {
        assert!(forbidden(from, to).is_some(), "{from} -> {to} must be forbidden");
    }
}
