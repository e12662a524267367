//! `youcheng openapi`: what `docs/openapi.json` is made with.

use std::{io::Write, process::ExitCode};

use anyhow::Result;

pub fn run() -> Result<ExitCode> {
    std::io::stdout().write_all(crate::web::openapi_json()?.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
