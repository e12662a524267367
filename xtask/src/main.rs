//! `cargo xtask`: everything a stranger, a contributor and CI type. See `usage`.
mod assets;
mod bench;
mod demo;
mod footprint;
mod journeys;
mod peers;
mod postgres;
mod process;
mod rust_tests;
mod setup;
mod tally;
mod test;

use anyhow::{Result, bail};
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask COMMAND

  setup                     installs what building and testing need, or says what is missing and how to get it
  demo [--port N] [--data DIR] [--fresh] [--no-browser]
                            builds, and runs an example node for Chongqing (port 8080, folder data/demo)
  test [--only PART] [-- ARGUMENTS FOR THE RUST TESTS]
                            everything that must pass; the parts: format lints rust peers journeys api
  bench [PART]              measures, and ends with a table of ratios; the parts: matching pages import footprint,
                            and build, which runs only when named: a cold release build
  assets [--check]          copies what the binary embeds from npm packages into crates/pages/assets
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    process::watch_interrupts();
    match run(&arguments) {
        Ok(code) => ExitCode::from(code),
        Err(_) if process::interrupted() => ExitCode::from(130),
        Err(fault) => {
            eprintln!("xtask: {fault:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<u8> {
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", arguments),
    };
    match command {
        "setup" => setup::everything().map(|()| 0),
        "demo" => demo::run(rest),
        "test" => test::run(rest),
        "bench" => bench::run(rest),
        "assets" => assets::run(rest),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(0)
        }
        other => bail!("no command `{other}`\n\n{USAGE}"),
    }
}

/// The repository's root, wherever cargo was called from.
fn root() -> PathBuf {
    let mut folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    folder.pop();
    folder
}
