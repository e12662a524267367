//! `youcheng serve`.

use std::process::ExitCode;

use anyhow::Result;
use store::Env;

use crate::{config::Config, node::Parts, server};

pub async fn run(config: Config) -> Result<ExitCode> {
    let listener = server::bind(config.listen.address).await?;
    let parts = Parts::open(config, Env::real(), false).await?;
    let running = server::start(parts, listener)?;
    tracing::info!(address = %running.address, "ready http://{}", running.address);
    running.until_told().await;
    Ok(ExitCode::SUCCESS)
}
