//! `youcheng verify`.

use std::process::ExitCode;

use anyhow::Result;
use store::Env;

use crate::{config::Config, node, proof};

#[derive(clap::Args)]
pub struct Options {
    /// Prove that this entry is in the log, and check the proof.
    #[arg(long, value_name = "NUMBER")]
    entry: Option<u64>,
    /// Print the findings as JSON.
    #[arg(long)]
    json: bool,
}

pub async fn run(config: Config, options: &Options) -> Result<ExitCode> {
    let db = node::open_kept_store(&config, Env::real()).await?;
    let code = match options.entry {
        Some(seq) => entry(&db, seq).await?,
        None => {
            let blobs = node::open_blobs(&config)?;
            let bar = super::bar("verifying");
            let proof = proof::whole(&db, &blobs, &bar).await?;
            bar.finish_and_clear();
            report(&proof, options.json)?
        }
    };
    db.close().await;
    Ok(code)
}
fn report(proof: &proof::Proof, json: bool) -> Result<ExitCode> {
    if json {
        println!("{}", serde_json::to_string_pretty(proof)?);
    } else {
        println!("journal: {} entries", proof.size);
        println!("root: {}", proof.root);
        if proof.erased_details > 0 {
            println!("details erased: {}", proof.erased_details);
        }
        println!("rooms: {}", proof.rooms);
        println!("attachments: {}", proof.attachments);
        for fault in &proof.faults {
            println!("fault: {fault}");
        }
        println!(
            "{}",
            match proof.faults.len() {
                0 => "clean".to_owned(),
                1 => "1 fault".to_owned(),
                n => format!("{n} faults"),
            }
        );
    }
    Ok(if proof.faults.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
async fn entry(db: &store::Db, seq: u64) -> Result<ExitCode> {
    let Some((proof, line)) = proof::entry(db, seq).await? else {
        println!("there is no entry {seq}");
        return Ok(ExitCode::FAILURE);
    };
    println!("{}", String::from_utf8_lossy(&line.bytes()));
    println!("{}", serde_json::to_string_pretty(&proof)?);
    println!(
        "proved: entry {seq} is in the log of {} entries under this root",
        proof.size
    );
    Ok(ExitCode::SUCCESS)
}
