//! What the program costs before it does anything: its size, the memory of an idle demonstration, a cold build.
use crate::process::{Process, cargo, must};
use crate::root;
use crate::setup::Scratch;
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Most megabytes that an idle demonstration may hold.
const IDLE_MEGABYTES: f64 = 120.0;
/// Most seconds that a cold release build may take on two cores.
const BUILD_SECONDS: f64 = 720.0;
/// After the demonstration answers its first rounds of jobs are done in so long.
const SETTLED: Duration = Duration::from_secs(20);

/// The release binary's size, and what a fresh demonstration holds once it has nothing more to do. Linux only.
pub fn idle() -> Result<Vec<String>> {
    built()?;
    let program = target().join("release/youcheng");
    let size = fs::metadata(&program)?.len();
    let data = Scratch::new("footprint")?;
    let begun = Instant::now();
    let mut process = Process::start(
        Command::new(&program)
            .args(["demo", "--port", "0", "--data"])
            .arg(data.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped()),
    )?;
    let lines = process.lines();
    lines.after("ready", Duration::from_secs(180))?;
    let ready = begun.elapsed().as_secs_f64();
    thread::sleep(SETTLED);
    let held = fs::read_to_string(format!("/proc/{}/status", process.id()))
        .context("memory is read from /proc, which only Linux has")?;
    let megabytes = |name: &str| -> Option<f64> {
        let line = held.lines().find_map(|line| line.strip_prefix(name))?;
        let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib / 1024.0)
    };
    let now = megabytes("VmRSS").context("no VmRSS")?;
    let peak = megabytes("VmHWM").context("no VmHWM")?;
    Ok(vec![
        format!("figure binary {:.1} MB", size as f64 / 1e6),
        format!("figure demonstration-made-and-answering-after {ready:.1} s"),
        format!("figure resident-memory-idle {now:.0} MB"),
        format!("figure resident-memory-peak {peak:.0} MB"),
        format!(
            "ratio idle-memory-against-{IDLE_MEGABYTES}-MB {:.3} at-most 1",
            now / IDLE_MEGABYTES
        ),
    ])
}

/// A release build of everything from nothing but downloaded sources, in a folder of its own.
pub fn build() -> Result<Vec<String>> {
    must(cargo().arg("fetch"))?;
    let folder = target().join("cold");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let begun = Instant::now();
    must(cargo().args(["build", "--release"]).env("CARGO_TARGET_DIR", &folder))?;
    let seconds = begun.elapsed().as_secs_f64();
    fs::remove_dir_all(&folder)?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    Ok(vec![
        format!("figure cold-release-build {seconds:.0} s on {cores} cores"),
        format!(
            "ratio cold-build-against-12-minutes {:.3} at-most 1",
            seconds / BUILD_SECONDS
        ),
    ])
}

/// The whole workspace at once: packages built one by one have other features each, and the world is built anew for each.
pub fn built() -> Result<()> {
    must(cargo().args(["build", "--release", "--workspace"]))
}

pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
