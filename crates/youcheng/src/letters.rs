//! The mail task: takes letters that are due from the store and sends them.

use std::time::Duration;

use basis::Fail;
use mail::{Fault, Mailer, Sender};
use store::{Act, Db, LetterRow, Via};
use tokio::sync::watch;

/// Longest time for one letter; half of what [`store::LETTER_HELD`] holds it for.
const PATIENCE: Duration = Duration::from_secs(store::LETTER_HELD.as_secs() / 2);

/// Sends letters until told to stop. Several nodes may run one each: a letter is taken by one of them.
pub async fn run(db: Db, mailer: Mailer, from: Sender, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let sent = store::caught(round(&db, &mailer, &from)).await;
        if let Err(e) = &sent {
            tracing::error!(error = %e, "the letters could not be read or noted");
        }
        // A full round may have left more behind.
        if !matches!(sent, Ok(n) if n > 0) {
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(3)) => {}
                _ = stop.changed() => {}
            }
        }
    }
}

/// Sends what is due now; returns how many letters were tried.
///
/// # Errors
/// When the store does not answer.
pub async fn round(db: &Db, mailer: &Mailer, from: &Sender) -> Result<usize, Fail> {
    // Asked on the read side first: a quiet node does not take the write lock every few seconds.
    if store::waiting(db, db.now()).await?.letters_due == 0 {
        return Ok(0);
    }
    let tx = db.begin(&Act::house(Via::Job)).await?;
    let due = tx.take_letters().await?;
    tx.done(()).await?;
    for row in &due {
        // The letters before it may have taken longer than the taking holds: by now it may be another node's, or erased.
        let tx = db.begin(&Act::house(Via::Job)).await?;
        let ours = tx.keep_letter(row).await?;
        tx.done(()).await?;
        if !ours {
            continue;
        }
        let outcome = match send(mailer, &letter(row, from)).await {
            Ok(()) => {
                tracing::info!(letter = %row.id, kind = %row.kind, "a letter went out");
                Ok(())
            }
            Err(Fault::Temporary(why)) => {
                let again = pause(row.attempts).and_then(|p| db.now().checked_add(p).ok());
                if again.is_some() {
                    tracing::warn!(letter = %row.id, kind = %row.kind, attempt = row.attempts, why, "a letter waits: it will be tried again");
                } else {
                    tracing::error!(letter = %row.id, kind = %row.kind, why, "a letter was given up after many tries");
                }
                Err((why, again))
            }
            Err(Fault::Permanent(why)) => {
                tracing::error!(letter = %row.id, kind = %row.kind, why, "a letter was refused for good");
                Err((why, None))
            }
        };
        let tx = db.begin(&Act::house(Via::Job)).await?;
        tx.letter_went(row.id, outcome).await?;
        tx.done(()).await?;
    }
    Ok(due.len())
}
/// Sends one letter, in less time than the taking holds; a panic over one is no reason to stop all others.
async fn send(mailer: &Mailer, letter: &mail::Letter) -> Result<(), Fault> {
    let sending = store::caught(async { Ok(mailer.send(letter).await) });
    match tokio::time::timeout(PATIENCE, sending).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(panic)) => Err(Fault::Temporary(panic.to_string())),
        Err(_) => Err(Fault::Temporary("the mail server took too long".into())),
    }
}
/// How long to wait after so many tries: a minute, then three times as long each time, for about three days.
fn pause(attempts: i64) -> Option<Duration> {
    match attempts {
        a if a > 14 => None,
        a => Some(
            Duration::from_secs(60 * 3_u64.saturating_pow(a.clamp(1, 10) as u32 - 1))
                .min(Duration::from_secs(8 * 3600)),
        ),
    }
}

fn letter(row: &LetterRow, from: &Sender) -> mail::Letter {
    let host = from.email.rsplit('@').next().unwrap_or("localhost");
    mail::Letter {
        to: row.to_address.clone(),
        to_name: row.to_name.clone(),
        from: from.clone(),
        subject: row.subject.clone(),
        text: row.body_text.clone(),
        list_unsubscribe: None,
        // The same letter tried twice is one letter to the reader's mail program.
        message_id: format!("{}@{host}", row.id),
        lang: row.lang.clone(),
        date: row.made_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn pauses_grow_and_end() {
        assert_eq!(pause(1), Some(Duration::from_secs(60)));
        assert_eq!(pause(3), Some(Duration::from_secs(540)));
        assert_eq!(pause(14), Some(Duration::from_secs(8 * 3600)));
        assert_eq!(pause(15), None);
    }
}
