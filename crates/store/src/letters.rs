//! Letters that wait to go out. Those an officer must read first are held until released; the rest go at once.

use std::time::Duration;

use basis::{AccountId, Fail, LetterId, Moment, code};

use crate::{Act, Db, Entry, Query, StoreFault, Tx, coded, row, vals};

code! {
    pub enum LetterStatus {
        /// Waits for an officer to read and release it.
        Held => "held",
        Ready => "ready",
        Sent => "sent",
        Withheld => "withheld",
        Dead => "dead",
    }
}
coded!(LetterStatus);

/// How long a letter is its taker's alone.
pub const LETTER_HELD: Duration = Duration::from_secs(600);

/// A letter to be written into the outbox.
#[derive(Clone, Debug)]
pub struct Letter {
    /// What kind of letter: people choose by it which ones they want.
    pub kind: &'static str,
    pub to_address: String,
    pub to_name: Option<String>,
    pub account: Option<AccountId>,
    pub lang: String,
    pub subject: String,
    pub text: String,
    pub held: bool,
}
row! {
    pub struct LetterRow {
        pub id: LetterId, pub kind: String, pub to_address: String, pub to_name: Option<String>, pub account: Option<AccountId>,
        pub lang: String, pub subject: String, pub body_text: String, pub status: LetterStatus, pub made_at: Moment,
        pub released_at: Option<Moment>, pub sent_at: Option<Moment>, pub attempts: i64, pub last_error: Option<String>,
    }
}
impl Tx {
    pub async fn post(&self, l: Letter) -> Result<LetterId, Fail> {
        let id: LetterId = self.fresh();
        let status = if l.held {
            LetterStatus::Held
        } else {
            LetterStatus::Ready
        };
        self.exec(
            "INSERT INTO letter (id, kind, to_address, to_name, account, lang, subject, body_text, status, made_at, attempts, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $10)",
            vals![id, l.kind, l.to_address, l.to_name, l.account, l.lang, l.subject, l.text, status, self.now()],
        )
        .await?;
        Ok(id)
    }
    fn letters_held_until(&self) -> Moment {
        self.now().checked_add(LETTER_HELD).unwrap_or(self.now())
    }
    /// Letters due now, at most 50; takes them so that no other node sends them too.
    pub async fn take_letters(&self) -> Result<Vec<LetterRow>, Fail> {
        let (now, later) = (self.now(), self.letters_held_until());
        Ok(self
            .all(
                "UPDATE letter SET next_at = $2, attempts = attempts + 1 WHERE id IN (SELECT id FROM letter WHERE status = 'ready' AND next_at <= $1 ORDER BY next_at LIMIT 50) AND status = 'ready' AND next_at <= $1 RETURNING *",
                vals![now, later],
            )
            .await?)
    }
    /// Holds one of the letters taken for as long again, right before it is sent; `false` if it is not ours any more. Each
    /// taking counts its tries up, so the number tells whose it is.
    pub async fn keep_letter(&self, taken: &LetterRow) -> Result<bool, Fail> {
        let n = self
            .exec(
                "UPDATE letter SET next_at = $1 WHERE id = $2 AND status = 'ready' AND attempts = $3",
                vals![self.letters_held_until(), taken.id, taken.attempts],
            )
            .await?;
        Ok(n == 1)
    }
    /// Notes how the sending went: sent, to be tried again at a moment, or given up.
    pub async fn letter_went(&self, id: LetterId, outcome: Result<(), (String, Option<Moment>)>) -> Result<(), Fail> {
        match outcome {
            Ok(()) => {
                self.exec(
                    "UPDATE letter SET status = 'sent', sent_at = $1, last_error = NULL, body_text = CASE WHEN substr(kind, 1, 8) = 'account.' THEN '' ELSE body_text END WHERE id = $2",
                    vals![self.now(), id],
                )
                .await?
            }
            Err((why, Some(again))) => {
                self.exec(
                    "UPDATE letter SET next_at = $1, last_error = $2 WHERE id = $3",
                    vals![again, why, id],
                )
                .await?
            }
            Err((why, None)) => {
                self.exec(
                    "UPDATE letter SET status = 'dead', last_error = $1 WHERE id = $2",
                    vals![why, id],
                )
                .await?
            }
        };
        Ok(())
    }
}
/// The outbox as officers read it, newest first. Letters of the door (confirm, recover) hold secrets for one person's
/// eyes; their words are for nobody else.
pub async fn letters(q: &impl Query, status: Option<LetterStatus>, limit: u32) -> Result<Vec<LetterRow>, StoreFault> {
    let mut all: Vec<LetterRow> = match status {
        Some(s) => {
            q.all(
                "SELECT * FROM letter WHERE status = $1 ORDER BY id DESC LIMIT $2",
                vals![s, limit],
            )
            .await?
        }
        None => {
            q.all("SELECT * FROM letter ORDER BY id DESC LIMIT $1", vals![limit])
                .await?
        }
    };
    for l in all.iter_mut().filter(|l| l.kind.starts_with("account.")) {
        l.body_text.clear();
    }
    Ok(all)
}
/// Takes one person's letters away, with their address in them; those to the same address besides, where it is theirs.
pub async fn erase_letters_of(tx: &Tx, account: AccountId, address: Option<&str>) -> Result<u64, StoreFault> {
    tx.exec(
        "DELETE FROM letter WHERE account = $1 OR to_address = $2",
        vals![account, address.unwrap_or("")],
    )
    .await
}
async fn settle(db: &Db, act: &Act, id: LetterId, to: LetterStatus, action: &'static str) -> Result<(), Fail> {
    let tx = db.begin(act).await?;
    let by = act.actor.account;
    let n = tx
        .exec("UPDATE letter SET status = $1, released_by = $2, released_at = $3, next_at = $3 WHERE id = $4 AND status = 'held'", vals![to, by, tx.now(), id])
        .await?;
    if n == 0 {
        return Err(Fail::Changed);
    }
    tx.journal(Entry::of(action, id));
    tx.done(()).await
}
/// An officer has read it: it may go.
pub async fn release_letter(db: &Db, act: &Act, id: LetterId) -> Result<(), Fail> {
    settle(db, act, id, LetterStatus::Ready, "letter.released").await
}
pub async fn withhold_letter(db: &Db, act: &Act, id: LetterId) -> Result<(), Fail> {
    settle(db, act, id, LetterStatus::Withheld, "letter.withheld").await
}
