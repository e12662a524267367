//! The Rust tests, on SQLite and on a PostgreSQL started for them, with their peers.
use crate::peers::Peers;
use crate::postgres::Postgres;
use crate::process::{cargo, quietly, succeeds_seen};
use crate::tally::{self, Counting, Report};
use anyhow::Result;
use std::io::IsTerminal;

pub fn run(more: &[String]) -> Result<Report> {
    let postgres = Postgres::start()?;
    println!("PostgreSQL for this run: {}", postgres.url);
    let peers = Peers::start()?;
    let nextest = quietly("cargo", &["nextest", "--version"]).is_some();
    let mut command = cargo();
    if nextest {
        command.args(["nextest", "run", "--no-fail-fast", "--no-tests=warn"]);
        // What a failed test printed is told where it happens, and once more after the summary.
        command.arg("--failure-output=immediate-final");
    } else {
        command.args(["test", "--no-fail-fast"]);
    }
    // Whoever names packages means those; else everything.
    if !more
        .iter()
        .any(|argument| argument == "-p" || argument.starts_with("--package"))
    {
        command.arg("--workspace");
    }
    command.args(more).env("YOUCHENG_TEST_POSTGRES", &postgres.url);
    command.envs(peers.variables.iter().map(|(name, value)| (name, value)));
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let counting = Counting::default();
    let succeeded = succeeds_seen(&mut command, |line| counting.hear(line, tally::rust(line)))?;
    Ok(counting.closed(succeeded))
}
