//! What must always hold between the rows of this room, for `youcheng verify`.

use ::store::{Db, Query, StoreFault};
use basis::UndertakingId;
use std::collections::{BTreeSet, HashMap};

use crate::{Instalment, InstalmentStatus, MilestoneStatus, Status, Undertaking, store};

::store::row! { struct One { id: UndertakingId } }

/// Every broken invariant, in words; empty is clean.
pub async fn verify(db: &Db) -> Result<Vec<String>, StoreFault> {
    let ids: Vec<One> = db.all("SELECT id FROM undertaking ORDER BY id", vec![]).await?;
    let ids: Vec<UndertakingId> = ids.into_iter().map(|o| o.id).collect();
    let mut found = Vec::new();
    for some in ids.chunks(200) {
        let all = store::load_many(db, some).await?;
        let mut budgets: HashMap<UndertakingId, i64> = HashMap::new();
        for (id, line) in store::lines(db, some).await? {
            *budgets.entry(id).or_default() += line.amount;
        }
        let instalments = store::instalments(db, some).await?;
        let milestones = store::milestones(db, some).await?;
        for u in &all {
            let own: Vec<&Instalment> = instalments.iter().filter(|i| i.undertaking == u.id).collect();
            let statuses: Vec<MilestoneStatus> = milestones
                .iter()
                .filter(|m| m.undertaking == u.id)
                .map(|m| m.status)
                .collect();
            found.extend(of_one(u, budgets.get(&u.id).copied().unwrap_or(0), &own, &statuses));
        }
        let ids: Vec<_> = milestones.iter().map(|m| m.id).collect();
        let mut rounds: HashMap<_, Vec<i64>> = HashMap::new();
        for d in store::deliverables(db, &ids).await? {
            rounds.entry(d.milestone).or_default().push(d.round);
        }
        for (milestone, rounds) in rounds {
            if rounds.iter().copied().ne(1..=rounds.len() as i64) {
                found.push(format!(
                    "milestone {milestone}: rounds {rounds:?} are not counted from one"
                ));
            }
        }
    }
    Ok(found)
}

/// The invariants of one undertaking, pure.
pub(crate) fn of_one(u: &Undertaking, lines: i64, all: &[&Instalment], milestones: &[MilestoneStatus]) -> Vec<String> {
    let mut found = Vec::new();
    let mut say = |what: String| found.push(format!("undertaking {}: {what}", u.id));
    let promised: i64 = all
        .iter()
        .filter(|i| i.status() != InstalmentStatus::Refused)
        .map(|i| i.amount.minor)
        .sum();
    if promised != u.promised {
        say(format!("instalments sum to {promised}, promised says {}", u.promised));
    }
    if u.promised > u.budget {
        say(format!("{} is promised of a budget of {}", u.promised, u.budget));
    }
    if lines != u.budget {
        say(format!("budget lines sum to {lines}, the budget says {}", u.budget));
    }
    for i in all {
        let people = i.earlier_people();
        if people.iter().collect::<BTreeSet<_>>().len() != people.len() {
            say(format!("instalment {} was moved twice by the same person", i.id));
        }
        if i.amount.currency != u.currency {
            say(format!("instalment {} is in {}", i.id, i.amount.currency));
        }
        if u.status == Status::Settled && !i.is_closed() {
            say(format!("settled, but instalment {} is {}", i.id, i.status()));
        }
    }
    let mut told = u.clone();
    told.follow(milestones);
    if told.status != u.status {
        say(format!("is {}, its milestones tell {}", u.status, told.status));
    }
    if u.status == Status::Settled && milestones.iter().any(|m| *m != MilestoneStatus::Accepted) {
        say("settled with a milestone not accepted".into());
    }
    found
}
