//! `cargo xtask test`: all that must pass, part by part, and one closing line.
use crate::process::{cargo, node, succeeds, succeeds_seen};
use crate::setup::{self, Need};
use crate::tally::{self, Counting, Report, Tally};
use crate::{journeys, root, rust_tests};
use anyhow::{Result, bail};
use std::fs;
use std::time::Instant;

struct Part {
    name: &'static str,
    needs: &'static [Need],
    npm: bool,
    python: bool,
    run: fn(&[String]) -> Result<Report>,
}

const PARTS: [Part; 6] = [
    Part {
        name: "format",
        needs: &[Need::Rustfmt],
        npm: false,
        python: false,
        run: format,
    },
    Part {
        name: "lints",
        needs: &[Need::Compiler, Need::Clippy],
        npm: false,
        python: false,
        run: lints,
    },
    Part {
        name: "rust",
        needs: &[Need::Compiler, Need::Postgres],
        npm: true,
        python: false,
        run: rust_tests::run,
    },
    Part {
        name: "peers",
        needs: &[],
        npm: true,
        python: false,
        run: peers,
    },
    Part {
        name: "journeys",
        needs: &[Need::Compiler, Need::Chromium, Need::HanFonts],
        npm: true,
        python: false,
        run: journeys::browser,
    },
    Part {
        name: "api",
        needs: &[Need::Compiler],
        npm: false,
        python: true,
        run: journeys::api,
    },
];

pub fn run(arguments: &[String]) -> Result<u8> {
    let (own, more) = match arguments.iter().position(|argument| argument == "--") {
        Some(place) => (&arguments[..place], &arguments[place + 1..]),
        None => (arguments, &[][..]),
    };
    let parts: Vec<&Part> = match own {
        [] if more.is_empty() => PARTS.iter().collect(),
        [flag, name] if flag == "--only" => PARTS.iter().filter(|part| part.name == name).collect(),
        _ => bail!("test takes --only PART, and after `--` what that part's runner is told"),
    };
    if parts.is_empty() {
        let names: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
        bail!("no such part; there are: {}", names.join(" "));
    }
    prepare(&parts)?;
    let mut results = Vec::new();
    for part in parts {
        println!("\n== {} ==", part.name);
        let start = Instant::now();
        let report = (part.run)(more).or_else(|fault| {
            if crate::process::interrupted() {
                return Err(fault);
            }
            // One part that cannot run does not hide what the others find.
            eprintln!("{}: {fault:#}", part.name);
            Ok(Report {
                tally: Tally { passed: 0, failed: 1 },
                last_words: vec![format!("{fault:#}")],
            })
        })?;
        results.push((part.name, report, start.elapsed().as_secs_f64()));
    }
    // Told again here: whoever reads a long log reads its end.
    for (name, report, _) in results.iter().filter(|(_, report, _)| !report.last_words.is_empty()) {
        println!("\n== {name} failed; it ended with ==\n{}", report.last_words.join("\n"));
    }
    println!("\n{:<10}{:>8}{:>8}{:>10}", "part", "passed", "failed", "seconds");
    for (name, Report { tally, .. }, seconds) in &results {
        println!("{name:<10}{:>8}{:>8}{seconds:>10.1}", tally.passed, tally.failed);
    }
    let sum = results
        .iter()
        .fold(Tally::default(), |sum, (_, report, _)| sum.and(report.tally));
    println!("{} passed, {} failed", sum.passed, sum.failed);
    Ok(u8::from(sum.failed > 0))
}

fn prepare(parts: &[&Part]) -> Result<()> {
    let mut needs: Vec<Need> = parts.iter().flat_map(|part| part.needs).copied().collect();
    if parts.iter().any(|part| part.npm) {
        needs.push(Need::Node);
    }
    if parts.iter().any(|part| part.python) {
        needs.push(Need::PythonVenv);
    }
    setup::ensure(&needs)?;
    if parts.iter().any(|part| part.npm) {
        setup::npm_packages()?;
    }
    if parts.iter().any(|part| part.python) {
        setup::python_packages()?;
    }
    Ok(())
}

fn format(_: &[String]) -> Result<Report> {
    let succeeded = succeeds(cargo().args(["fmt", "--all", "--check"]))?;
    Ok(Tally::default().closed(succeeded).into())
}

fn lints(more: &[String]) -> Result<Report> {
    let succeeded = succeeds(
        cargo()
            .args(["clippy", "--workspace", "--all-targets"])
            .args(more)
            .args(["--", "-D", "warnings"]),
    )?;
    Ok(Tally::default().closed(succeeded).into())
}

fn peers(more: &[String]) -> Result<Report> {
    let mut command = node();
    command.arg("--test").args(more);
    for entry in fs::read_dir(root().join("tests/peers"))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            command.arg(path);
        }
    }
    let counting = Counting::default();
    let succeeded = succeeds_seen(&mut command, |line| counting.hear(line, tally::node(line)))?;
    Ok(counting.closed(succeeded))
}
