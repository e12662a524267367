//! What needs the whole program running: browser journeys, and the fuzzer of the HTTP interface.
use crate::process::{Process, cargo, must, node, succeeds_seen};
use crate::setup::{self, Scratch};
use crate::tally::{self, Counting, Report};
use crate::{peers::Peers, root};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The browser journeys; each worker of theirs starts a demo node of its own.
pub fn browser(more: &[String]) -> Result<Report> {
    let program = built()?;
    let peers = Peers::start()?;
    let mut command = node();
    command
        .args([
            "node_modules/@playwright/test/cli.js",
            "test",
            "--config",
            "tests/journeys/playwright.config.mjs",
        ])
        .args(more)
        .env("YOUCHENG_PROGRAM", program)
        .env("YOUCHENG_CHROMIUM", setup::chromium().context("no Chromium")?)
        .envs(peers.variables.iter().map(|(name, value)| (name, value)));
    let counting = Counting::default();
    let succeeded = succeeds_seen(&mut command, |line| counting.hear(line, tally::playwright(line)))?;
    Ok(counting.closed(succeeded))
}

/// Whose eyes the API is looked at with: of either side, since each reaches what the other is refused.
const CALLERS: [&str; 2] = ["partner-city-officer", "office-lead"];

/// schemathesis against the running node's own description: no server error, no answer that it does not describe.
pub fn api(more: &[String]) -> Result<Report> {
    let program = built()?;
    let mut sum = Report::default();
    for caller in CALLERS {
        println!("the API as {caller} meets it");
        // A node of its own each: what one did is no excuse for what the other meets.
        let node = Demo::start(&program, caller)?;
        sum = sum.and(fuzzed(&node, more)?);
    }
    Ok(sum)
}

fn fuzzed(node: &Demo, more: &[String]) -> Result<Report> {
    let mut command = Command::new(setup::python_folder().join("bin/schemathesis"));
    command
        .args(["run", &format!("{}/api/openapi.json", node.url)])
        .args([
            // No server error, no undocumented answer. What is refused by rule although its shape is right is no fault.
            "--checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
            "--max-examples=20",
            // One: CPython 3.11 loses count of its depth when two threads read code, and the fuzzer then gives up.
            "--workers=1",
            "--seed=20261123",
            "--no-color",
        ])
        .arg(format!("--header=Authorization: Bearer {}", node.token))
        .args(more)
        // It leaves its reports and examples where it stands.
        .current_dir(root().join(".tools"));
    let counting = Counting::default();
    let succeeded = succeeds_seen(&mut command, |line| counting.hear(line, None))?;
    Ok(counting.closed(succeeded))
}

fn built() -> Result<PathBuf> {
    // The same targets that the tests were built with, or cargo would choose other features and build the world again.
    must(cargo().args(["build", "--workspace", "--all-targets"]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    Ok(target.join("debug/youcheng"))
}

/// A demo node in a folder of its own.
struct Demo {
    url: String,
    token: String,
    _process: Process,
    _data: Scratch,
}

impl Demo {
    fn start(program: &Path, caller: &str) -> Result<Demo> {
        let data = Scratch::new("demo")?;
        let mut process = Process::start(
            Command::new(program)
                .args(["demo", "--port", "0", "--data"])
                .arg(data.path())
                .stdin(Stdio::null())
                .stdout(Stdio::piped()),
        )?;
        let lines = process.lines();
        let url = lines
            .after("ready", Duration::from_secs(180))
            .context("the demo did not start")?;
        // `token ROLE TOKEN`: printed by the demo for the role whose interface is fuzzed.
        let token = lines.after(&format!("token {caller}"), Duration::from_secs(10))?;
        Ok(Demo {
            url,
            token,
            _process: process,
            _data: data,
        })
    }
}
