//! `cargo xtask bench`: measures side by side in one run, and ends with a table of ratios.
//!
//! A part is a program of its own that prints, among whatever else, lines of the form
//!
//! ```text
//! ratio NAME MEASURED at-least|at-most LIMIT
//! figure NAME VALUE UNIT
//! ```
//!
//! with underscores for blanks in the names.
use crate::postgres::Postgres;
use crate::process::{cargo, succeeds_seen};
use crate::root;
use crate::setup::{self, Need};
use anyhow::{Result, bail};
use std::sync::Mutex;

/// Name, and the crate that measures it.
const PARTS: [(&str, &str); 3] = [
    ("matching", "matching-bench"),
    ("pages", "pages-bench"),
    ("import", "import-bench"),
];

#[derive(Debug, PartialEq)]
enum Line {
    Ratio {
        name: String,
        measured: f64,
        at_least: bool,
        limit: f64,
    },
    Figure {
        name: String,
        value: String,
    },
}

pub fn run(arguments: &[String]) -> Result<u8> {
    let parts: Vec<(&str, &str)> = match arguments {
        [] => PARTS.iter().copied().filter(|(_, package)| is_there(package)).collect(),
        [wanted] => PARTS.iter().copied().filter(|(name, _)| name == wanted).collect(),
        _ => bail!("bench takes the name of one part, or nothing"),
    };
    if parts.is_empty() {
        bail!("no such part; there are: {}", PARTS.map(|(name, _)| name).join(" "));
    }
    setup::ensure(&[Need::Compiler, Need::Postgres])?;
    let postgres = Postgres::start()?;
    let mut failed = false;
    let mut table = Vec::new();
    for (name, package) in parts {
        println!("\n== {name} ==");
        let seen = Mutex::new(Vec::new());
        let mut command = cargo();
        command.args(["run", "--release", "--package", package]);
        command.env("YOUCHENG_TEST_POSTGRES", &postgres.url);
        let succeeded = succeeds_seen(&mut command, |line| {
            if let (Some(line), Ok(mut seen)) = (read(line), seen.lock()) {
                seen.push(line);
            }
        })?;
        failed |= !succeeded;
        table.extend(
            seen.into_inner()
                .unwrap_or_default()
                .into_iter()
                .map(|line| (name, line)),
        );
    }
    println!("\n{:<10}{:<44}{:>12}  wanted", "part", "measured", "");
    for (part, line) in &table {
        match line {
            Line::Figure { name, value } => println!("{part:<10}{:<44}{value:>12}", name.replace('_', " ")),
            Line::Ratio {
                name,
                measured,
                at_least,
                limit,
            } => {
                let held = if *at_least {
                    measured >= limit
                } else {
                    measured <= limit
                };
                failed |= !held;
                let word = if *at_least { "at least" } else { "at most" };
                let verdict = if held { "held" } else { "MISSED" };
                println!(
                    "{part:<10}{:<44}{measured:>12.3}  {word} {limit}: {verdict}",
                    name.replace('_', " ")
                );
            }
        }
    }
    Ok(u8::from(failed))
}

fn is_there(package: &str) -> bool {
    let there = root().join("crates").join(package).is_dir();
    if !there {
        println!("{package}: not there yet");
    }
    there
}

fn read(line: &str) -> Option<Line> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["ratio", name, measured, bound @ ("at-least" | "at-most"), limit] => Some(Line::Ratio {
            name: (*name).to_owned(),
            measured: measured.parse().ok()?,
            at_least: *bound == "at-least",
            limit: limit.parse().ok()?,
        }),
        ["figure", name, value @ ..] if !value.is_empty() => Some(Line::Figure {
            name: (*name).to_owned(),
            value: value.join(" "),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, read};

    #[test]
    fn reads_ratios_and_figures_among_other_lines() {
        let ratio = Line::Ratio {
            name: "programme_page".into(),
            measured: 0.52,
            at_least: true,
            limit: 0.4,
        };
        assert_eq!(read("ratio programme_page 0.52 at-least 0.4"), Some(ratio));
        let figure = Line::Figure {
            name: "memory".into(),
            value: "96 MB".into(),
        };
        assert_eq!(read("figure memory 96 MB"), Some(figure));
        assert_eq!(read("ratio of what 1"), None);
        assert_eq!(read("ratio x much at-least 0.4"), None);
    }
}
