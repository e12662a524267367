//! The repo's rules, as tests: what reviewers would otherwise say again and again.
//!
//! Each file is one rule or a few of one kind; each failure names the place and what to do. A rule whose files do not
//! exist passes.
#![cfg(test)]

mod architecture;
mod assets;
mod documents;
mod migrations;
mod rust_code;
mod store_functions;
mod texts;
mod tree;
mod walls;
mod words;

/// Fails with every finding on a line of its own.
#[track_caller]
fn none(rule: &str, findings: Vec<String>) {
    assert!(findings.is_empty(), "{rule}\n  {}\n", findings.join("\n  "));
}
