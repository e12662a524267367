//! The command line. Each command has its file.

mod admin;
mod backup;
mod check_config;
mod demo;
mod files;
mod match_command;
mod openapi;
mod policy;
mod serve;
mod verify;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use basis::{Fail, Locale};
use clap::{Parser, Subcommand};

use crate::{
    config::{self, Config},
    logs,
    node::Parts,
};

/// Youcheng 友城: an open platform for the cooperation of sister cities.
#[derive(Parser)]
#[command(name = "youcheng", version, max_term_width = 100)]
struct Line {
    /// The file with the settings; ./youcheng.toml is read without being named.
    #[arg(long, global = true, env = "YOUCHENG_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}
#[derive(Subcommand)]
enum Command {
    /// Run the node: pages, API, jobs, letters.
    Serve,
    /// Run a demonstration node in a folder of its own, with stories told and sign-in links printed.
    Demo(demo::Options),
    /// Make accounts and grant mandates, for whoever operates the node.
    #[command(subcommand)]
    Admin(admin::What),
    /// Bring a table in: all its rows, or none and a report of every fault.
    Import(files::Import),
    /// Take a table out, as CSV or XLSX that open well in Excel.
    Export(files::Export),
    /// Prove the journal and look at every rule the data must keep; exit 1 on faults.
    Verify(verify::Options),
    /// Copy a running node into one file.
    Backup(backup::Into),
    /// Put such a file into a new, empty node.
    Restore(backup::From),
    /// Who may do what, and by which rule.
    #[command(subcommand)]
    Policy(policy::What),
    /// Allocate offers to needs from four tables, exactly, with a proof.
    Match(match_command::MatchArgs),
    /// Print the API's description (OpenAPI 3.1).
    Openapi,
    /// Read all settings, name every fault, change nothing.
    CheckConfig(check_config::Options),
}

/// Runs the command of this process's arguments.
pub fn run() -> ExitCode {
    let line = Line::parse();
    // One provider of TLS for everything that speaks it; a second call would only say that there is one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(r) => r,
        Err(e) => {
            eprintln!("youcheng: {e}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(perform(line)) {
        Ok(code) => code,
        Err(e) => {
            eprintln!("youcheng: {e:#}");
            ExitCode::FAILURE
        }
    }
}

async fn perform(line: Line) -> Result<ExitCode> {
    let read = || -> Result<Config> {
        let config = config::load(line.config.as_deref())?;
        logs::start(&config.logs);
        Ok(config)
    };
    match line.command {
        Command::Serve => serve::run(read()?).await,
        Command::Demo(options) => demo::run(read()?, &options).await,
        Command::Admin(what) => admin::run(read()?, &what).await,
        Command::Import(options) => files::import(read()?, &options).await,
        Command::Export(options) => files::export(read()?, &options).await,
        Command::Verify(options) => verify::run(read()?, &options).await,
        Command::Backup(options) => backup::write(read()?, &options).await,
        Command::Restore(options) => backup::restore(read()?, &options).await,
        Command::Policy(what) => policy::run(&what),
        Command::Match(arguments) => Ok(match_command::run(arguments)),
        Command::Openapi => openapi::run(),
        Command::CheckConfig(options) => check_config::run(line.config.as_deref(), &options),
    }
}

/// A bar on the terminal; where there is none, nothing is drawn.
fn bar(prefix: &'static str) -> indicatif::ProgressBar {
    let style = indicatif::ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len} {msg}")
        .unwrap_or_else(|_| indicatif::ProgressStyle::default_bar());
    indicatif::ProgressBar::new(0).with_style(style).with_prefix(prefix)
}

/// A refusal in words, as a page would say it.
fn said(parts: &Parts, locale: Locale, fail: Fail) -> anyhow::Error {
    match fail {
        Fail::Refused(refusals) => {
            let words: Vec<String> = refusals
                .iter()
                .map(|r| {
                    let field = r.field.as_ref().map(|f| format!("{f}: ")).unwrap_or_default();
                    format!("{field}{}", parts.app.texts.refusal(locale, &parts.house().zone, r))
                })
                .collect();
            anyhow::anyhow!("{}", words.join("\n"))
        }
        Fail::Denied(denial) => {
            let gate = &parts.house().gate;
            let who: Vec<String> = gate.who_could(&denial.action).iter().map(ToString::to_string).collect();
            let mut words = gate.reasons(&denial, locale);
            words.insert(0, format!("{} is not allowed to this account", denial.action));
            if !who.is_empty() {
                words.push(format!("who could: {}", who.join(", ")));
            }
            anyhow::anyhow!("{}", words.join("\n"))
        }
        other => anyhow::anyhow!("{other}"),
    }
}
