//! `cargo xtask bench`: measures side by side in one run, and ends with a table of ratios.
//!
//! A part prints, among whatever else, lines of the form
//!
//! ```text
//! ratio NAME MEASURED at-least|at-most LIMIT
//! figure NAME VALUE UNIT
//! ```
//!
//! with underscores for blanks in the names.
use crate::footprint;
use crate::postgres::Postgres;
use crate::process::succeeds_seen;
use crate::root;
use crate::setup::{self, Need};
use anyhow::{Result, bail};
use std::process::Command;
use std::sync::Mutex;

/// Who measures a part.
#[derive(Clone, Copy)]
enum By {
    /// A crate of the house.
    Crate(&'static str),
    /// A function here that returns the lines.
    Here(fn() -> Result<Vec<String>>),
}

const PARTS: [(&str, By); 5] = [
    ("matching", By::Crate("matching-bench")),
    ("pages", By::Crate("pages-bench")),
    ("import", By::Crate("import-bench")),
    ("footprint", By::Here(footprint::idle)),
    ("build", By::Here(footprint::build)),
];
/// Takes so long that it runs only when it is named.
const ON_REQUEST: &str = "build";

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
    let parts: Vec<(&str, By)> = match arguments {
        [] => PARTS.iter().copied().filter(|(name, _)| *name != ON_REQUEST).collect(),
        [wanted] => PARTS.iter().copied().filter(|(name, _)| name == wanted).collect(),
        _ => bail!("bench takes the name of one part, or nothing"),
    };
    if parts.is_empty() {
        bail!("no such part; there are: {}", PARTS.map(|part| part.0).join(" "));
    }
    setup::ensure(&[Need::Compiler, Need::Postgres])?;
    let postgres = Postgres::start()?;
    let mut failed = false;
    let mut table = Vec::new();
    for (name, by) in parts {
        println!("\n== {name} ==");
        let seen = Mutex::new(Vec::new());
        let see = |line: &str| {
            if let (Some(line), Ok(mut seen)) = (read(line), seen.lock()) {
                seen.push(line);
            }
        };
        let succeeded = match by {
            By::Crate(package) => {
                footprint::built()?;
                let mut command = Command::new(footprint::target().join("release").join(package));
                command.current_dir(root()).env("YOUCHENG_TEST_POSTGRES", &postgres.url);
                if name == "matching" {
                    command.arg("all").arg(setup::python_peer()?);
                }
                succeeds_seen(&mut command, see)?
            }
            By::Here(measure) => {
                for line in measure()? {
                    println!("{line}");
                    see(&line);
                }
                true
            }
        };
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
