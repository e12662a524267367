//! `youcheng backup` and `youcheng restore`.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Result, ensure};
use store::Env;

use crate::{
    backup::{self, Manifest},
    config::Config,
    node, proof, rooms,
};

#[derive(clap::Args)]
pub struct Into {
    /// The file to write; it must not be there.
    file: PathBuf,
}
#[derive(clap::Args)]
pub struct From {
    /// The file that `youcheng backup` wrote.
    file: PathBuf,
}

fn told(m: &Manifest) {
    let rows: u64 = m.tables.iter().map(|t| t.rows).sum();
    println!(
        "{} tables, {rows} rows, {} attachments",
        m.tables.len(),
        m.attachments.len()
    );
    println!("journal: {} entries", m.journal.size);
    println!("root: {}", m.journal.root);
}

pub async fn write(config: Config, options: &Into) -> Result<ExitCode> {
    let db = node::open_kept_store(&config, Env::real()).await?;
    let blobs = node::open_blobs(&config)?;
    let bar = super::bar("backing up");
    let manifest = backup::write(&db, &blobs, &options.file, &bar).await?;
    bar.finish_and_clear();
    told(&manifest);
    let missing = manifest.attachments.iter().filter(|a| a.missing).count();
    if missing > 0 {
        println!("fault: {missing} attachments are gone and could not be backed up");
    }
    println!("written: {}", options.file.display());
    db.close().await;
    Ok(if missing == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

pub async fn restore(config: Config, options: &From) -> Result<ExitCode> {
    ensure!(options.file.exists(), "{} is not there", options.file.display());
    let db = node::open_store(&config, Env::real()).await?;
    let blobs = node::open_blobs(&config)?;
    let bar = super::bar("restoring");
    let manifest = backup::restore(&options.file, &db, &blobs, &rooms::migrations(), &bar).await?;
    told(&manifest);
    // What the backup's program made, this one brings forward; then everything is looked at.
    db.migrate(&rooms::migrations()).await?;
    let found = proof::whole(&db, &blobs, &bar).await?;
    bar.finish_and_clear();
    for fault in &found.faults {
        println!("fault: {fault}");
    }
    ensure!(
        found.root == manifest.journal.root,
        "the restored journal has another root"
    );
    println!("restored");
    db.close().await;
    Ok(if found.faults.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
