//! `youcheng check-config`.

use std::{path::Path, process::ExitCode};

use anyhow::Result;

use crate::config;

#[derive(clap::Args)]
pub struct Options {
    /// Print docs/configuration.md instead, as it is made from the program.
    #[arg(long)]
    document: bool,
}

pub fn run(file: Option<&Path>, options: &Options) -> Result<ExitCode> {
    if options.document {
        print!("{}", config::markdown());
        return Ok(ExitCode::SUCCESS);
    }
    let config = config::load(file)?;
    println!(
        "the settings are in order: {} at {}",
        config.node.city_en,
        config.public_url()
    );
    Ok(ExitCode::SUCCESS)
}
