//! Whether everything is as it must be: the journal proves, every room's rules hold, attachments are what was kept.

use anyhow::Result;
use indicatif::ProgressBar;
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::{Blobs, Db, journal};

use crate::rooms;

/// What was found.
#[derive(Debug, Default, Serialize)]
pub struct Proof {
    /// Entries of the journal.
    pub size: u64,
    /// The root over all of them: the same in a backup's restored store.
    pub root: String,
    /// Entries whose details were erased by right; the log still proves that they happened.
    pub erased_details: u64,
    pub rooms: usize,
    pub attachments: usize,
    pub faults: Vec<String>,
}

/// Looks at everything. Reads only.
///
/// # Errors
/// When the store does not answer; what is wrong in it is a finding.
pub async fn whole(db: &Db, blobs: &Blobs, bar: &ProgressBar) -> Result<Proof> {
    let mut proof = Proof::default();
    bar.set_message("journal");
    let tx = db.begin_read().await?;
    let verdict = journal::verify(&tx, |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    })
    .await?;
    drop(tx);
    proof.size = verdict.size;
    proof.root = verdict.root;
    proof.erased_details = verdict.erased_details;
    proof
        .faults
        .extend(verdict.faults.into_iter().map(|f| format!("journal: {f}")));

    bar.set_message("store");
    proof
        .faults
        .extend(db.inspect().await?.into_iter().map(|f| format!("store: {f}")));
    if store::migrated(db, &rooms::migrations()).await? {
        for room in rooms::all() {
            bar.set_message(room.name);
            let found = (room.verify)(db).await?;
            proof
                .faults
                .extend(found.into_iter().map(|f| format!("{}: {f}", room.name)));
            proof.rooms += 1;
        }
    } else {
        proof
            .faults
            .push("store: its tables are of an older program; start this one once, then verify".into());
    }

    bar.set_message("attachments");
    let kept = store::blob_rows(db).await?;
    bar.set_length(kept.len() as u64);
    bar.set_position(0);
    for row in kept {
        match blobs.bytes_at(&row.blob_key).await? {
            None => proof.faults.push(format!("attachment {}: it is gone", row.blob_key)),
            Some(b) if hex::encode(Sha256::digest(&b)) != row.sha256 => {
                proof
                    .faults
                    .push(format!("attachment {}: it was changed", row.blob_key));
            }
            Some(_) => {}
        }
        proof.attachments += 1;
        bar.inc(1);
    }
    Ok(proof)
}

/// Proves one entry to be in the log, and checks the proof as a stranger would. `None`: there is no such entry.
///
/// # Errors
/// When the store does not answer, or the proof does not hold.
pub async fn entry(db: &Db, seq: u64) -> Result<Option<(journal::Inclusion, journal::Line)>> {
    let tx = db.begin_read().await?;
    let (Some(proof), Some(line)) = (journal::prove(&tx, seq).await?, journal::line(&tx, seq).await?) else {
        return Ok(None);
    };
    let read = |h: &String| h.parse::<merkle::Hash>().map_err(|_| anyhow::anyhow!("{h} is no hash"));
    let path = proof.path.iter().map(read).collect::<Result<Vec<_>>>()?;
    // From the entry's own bytes, not from the hash kept beside them.
    anyhow::ensure!(
        merkle::verify_inclusion(&line.hash(), proof.seq, proof.size, &path, &read(&proof.root)?),
        "entry {seq} is not what the log holds at its place"
    );
    Ok(Some((proof, line)))
}
