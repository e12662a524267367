//! The command line. Each command has its file.

mod check_config;
mod openapi;
mod serve;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::{
    config::{self, Config},
    logs,
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
        Command::Openapi => openapi::run(),
        Command::CheckConfig(options) => check_config::run(line.config.as_deref(), &options),
    }
}
