//! The executing party asks for an instalment: a planned one, or a sum of its own within what the budget still holds.

use ::store::Entry;
use access::{Asking, House};
use basis::{Check, Fail, InstalmentId, MilestoneId, Money, Refusal, UndertakingId};
use serde::{Deserialize, Serialize};

use crate::{Instalment, InstalmentStatus, MilestoneStatus, Undertaking, instalment::Stage, sight, store};

#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Request {
    /// A planned instalment; then sum and milestone are the plan's.
    pub instalment: String,
    /// The milestone that earns it; an advance if empty.
    pub milestone: String,
    pub amount: String,
    pub note: String,
}
enum Asked {
    Planned(InstalmentId),
    New(Option<MilestoneId>, Money),
}
impl Request {
    fn check(&self, u: &Undertaking) -> Result<(Asked, Option<String>), Vec<Refusal>> {
        let mut check = Check::new();
        let note = check.prose_opt("note", &self.note, 2000);
        if let Some(id) = check.id_opt("instalment", &self.instalment) {
            return check.done((Asked::Planned(id), note));
        }
        let milestone = check.id_opt("milestone", &self.milestone);
        let amount = check.money("amount", &self.amount, u.currency);
        if check.is_clean() && amount.minor == 0 {
            check.refuse(Refusal::at("amount", "refusal-amount-zero"));
        }
        check.done((Asked::New(milestone, amount), note))
    }
}

pub async fn request(house: &House, asking: &Asking, id: UndertakingId, input: &Request) -> Result<InstalmentId, Fail> {
    let tx = asking.begin(house).await?;
    let u = store::take(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "instalment.request", &sight::thing_for(&asking.viewer, &u))?;
    sight::on_version_read(asking, &u)?;
    sight::must_not_guide(&asking.viewer, &u)?;
    u.must_run()?;
    let (asked, note) = input.check(&u)?;
    let planned = match asked {
        Asked::Planned(planned) => store::instalment(&tx, planned)
            .await?
            .filter(|i| i.undertaking == id)
            .ok_or_else(|| Refusal::at("instalment", "refusal-not-in-list"))?,
        Asked::New(milestone, amount) => {
            if milestone.is_none() {
                advance_fits(&tx, &u, amount).await?;
            }
            if !store::promise_money(&tx, id, amount.minor).await? {
                return Err(Refusal::at("amount", "refusal-over-budget")
                    .with("left", u.left())
                    .into());
            }
            let new = Instalment {
                id: tx.fresh(),
                undertaking: id,
                milestone,
                amount,
                position: store::instalments(&tx, &[id]).await?.len() as i64,
                note: None,
                stage: Stage::Planned,
                version: 1,
            };
            // The milestone is looked up before its row is named by another.
            earned(&tx, &new).await?;
            store::insert_instalment(&tx, &new).await?;
            new
        }
    };
    let earned = earned(&tx, &planned).await?;
    let requested = planned.request(sight::now_done(asking, &tx)?, note, earned)?;
    store::save_instalment(&tx, &requested, InstalmentStatus::Planned).await?;
    tx.journal(Entry::of("undertaking.requested", id).after(&requested));
    tx.done(requested.id).await
}
/// All advances together stay within the share of the budget that the terms state.
async fn advance_fits(q: &impl ::store::Query, u: &Undertaking, amount: Money) -> Result<(), Fail> {
    let before: i64 = store::instalments(q, &[u.id])
        .await?
        .iter()
        .filter(|i| i.milestone.is_none() && i.status() != InstalmentStatus::Refused)
        .map(|i| i.amount.minor)
        .sum();
    let most = u.advance_most();
    let left = u.money(most.minor.saturating_sub(before).max(0));
    if amount.minor > left.minor {
        return Err(Refusal::at("amount", "refusal-advances-over-share")
            .with("share", u.advance_share)
            .with("most", most)
            .with("left", left)
            .into());
    }
    Ok(())
}
/// An advance is earned by starting, any other instalment by its accepted milestone.
async fn earned(q: &impl ::store::Query, i: &Instalment) -> Result<bool, Fail> {
    let Some(id) = i.milestone else { return Ok(true) };
    let milestone = store::milestone(q, id)
        .await?
        .filter(|m| m.undertaking == i.undertaking);
    let milestone = milestone.ok_or_else(|| Refusal::at("milestone", "refusal-not-in-list"))?;
    Ok(milestone.status == MilestoneStatus::Accepted)
}
