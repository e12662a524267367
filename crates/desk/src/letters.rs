//! The outbox as officers handle it: read, release, withhold, try again.

use access::{Asking, House, Thing, Viewer};
use basis::{Code, Fail, LetterId, Refusal};
use serde::{Deserialize, Serialize};
use store::{Act, Entry, LetterRow, LetterStatus};

use crate::store as sql;

/// What an officer ticks.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Input {
    /// Ids of letters.
    pub letter: Vec<String>,
    /// "release", "withhold" or "retry".
    pub step: String,
}
basis::code! {
    pub enum Step { Release => "release", Withhold => "withhold", Retry => "retry" }
}
/// How many were settled, and how many somebody else had settled first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    pub done: usize,
    pub missed: usize,
}

pub fn outbox() -> Thing {
    Thing::new("letter", "outbox")
}
/// Letters that carry a personal link, or what waits on one person: their words are the addressee's alone. A link of
/// recovery shown to an officer would be a way into somebody's account. What the office says to a party is the office's
/// own word, and whoever releases it has read it.
pub fn is_personal(kind: &str) -> bool {
    kind.starts_with("account.") || crate::digest::Period::ALL.iter().any(|p| p.kind() == kind)
}

/// The newest letters of a status.
///
/// # Errors
/// A denial for who may not read the outbox.
pub async fn list(
    house: &House,
    viewer: &Viewer,
    status: Option<LetterStatus>,
    limit: u32,
) -> Result<Vec<LetterRow>, Fail> {
    house.gate.check(viewer, "letter.list", &outbox())?;
    let mut all = store::letters(&house.db, status, limit).await?;
    for l in all.iter_mut().filter(|l| is_personal(&l.kind)) {
        l.body_text.clear();
    }
    Ok(all)
}

/// Settles the ticked letters, each by itself: one that somebody settled meanwhile does not keep the others.
///
/// # Errors
/// A refusal for a list without a letter; a denial.
pub async fn settle(house: &House, asking: &Asking, input: &Input) -> Result<Settled, Fail> {
    asking.check(house, "letter.release", &outbox())?;
    let step = if input.step.is_empty() {
        Some(Step::Release)
    } else {
        Step::from_code(&input.step)
    };
    let step = step.ok_or_else(|| Refusal::page("refusal-not-in-list"))?;
    let mut ids = Vec::new();
    for raw in &input.letter {
        ids.push(
            raw.parse::<LetterId>()
                .map_err(|_| Refusal::page("refusal-letter-unknown"))?,
        );
    }
    ids.dedup();
    if ids.is_empty() {
        return Err(Refusal::page("refusal-no-letter").into());
    }
    let mut settled = Settled::default();
    for id in ids {
        match settle_one(house, asking, id, step).await {
            Ok(()) => settled.done += 1,
            Err(Fail::Changed) => settled.missed += 1,
            Err(other) => return Err(other),
        }
    }
    Ok(settled)
}
/// # Errors
/// [`Fail::Changed`] if it does not wait any more; a denial.
pub async fn settle_one(house: &House, asking: &Asking, id: LetterId, step: Step) -> Result<(), Fail> {
    asking.check(house, "letter.release", &outbox())?;
    let act = Act {
        // One click settles several: each is an act of its own, and each only once.
        once: asking.once.as_ref().map(|o| format!("{o}:{id}")),
        ..asking.act()
    };
    let done = match step {
        Step::Release => store::release_letter(&house.db, &act, id).await,
        Step::Withhold => store::withhold_letter(&house.db, &act, id).await,
        Step::Retry => retry(house, &act, id).await,
    };
    match done {
        Err(Fail::Repeated(_)) => Ok(()),
        other => other,
    }
}
async fn retry(house: &House, act: &Act, id: LetterId) -> Result<(), Fail> {
    let tx = house.db.begin(act).await?;
    if sql::retry_letter(&tx, id).await? == 0 {
        return Err(Fail::Changed);
    }
    tx.journal(Entry::of("letter.retried", id));
    tx.done(()).await
}
