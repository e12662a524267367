//! To move an item: begun, nearly done, done; or carried over or dropped, which never goes without a reason.

use access::{Asking, House};
use basis::{Check, Fail, PlanItemId, Refusal, Text};
use serde::{Deserialize, Serialize};
use store::Entry;

use crate::item::{PlanStatus, Standing};
use crate::plan::{Speaks, same_version};
use crate::store as sql;

/// Where an item shall stand, and why.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct StepInput {
    pub to: String,
    /// Required for carried-over and dropped.
    pub reason: String,
    /// The year it is carried over to.
    pub carried_to: String,
    pub version: String,
}
impl StepInput {
    pub fn check(&self, lang: basis::Lang) -> Result<Standing, Vec<Refusal>> {
        let mut c = Check::new();
        let to = c.one_of::<PlanStatus>("to", &self.to);
        let lost = matches!(to, Some(PlanStatus::CarriedOver | PlanStatus::Dropped));
        let reason = if lost {
            c.prose("reason", &self.reason, 600)
        } else {
            String::new()
        };
        let reason = Text::new(lang, reason);
        let standing = match to {
            Some(PlanStatus::Planned) | None => Standing::Planned,
            Some(PlanStatus::InProgress) => Standing::InProgress,
            Some(PlanStatus::NearlyDone) => Standing::NearlyDone,
            Some(PlanStatus::Done) => Standing::Done,
            Some(PlanStatus::CarriedOver) => Standing::CarriedOver {
                to: c.number("carried_to", &self.carried_to, 2000..=2100),
                reason,
            },
            Some(PlanStatus::Dropped) => Standing::Dropped { reason },
        };
        c.done(standing)
    }
}

/// Moves the item, or says why not.
///
/// # Errors
/// Refusals at their fields, a denial, [`Fail::Changed`] when somebody was faster.
pub async fn step(house: &House, asking: &Asking, id: PlanItemId, input: &StepInput) -> Result<PlanItemId, Fail> {
    let to = input.check(asking.lang())?;
    let tx = asking.begin(house).await?;
    let old = sql::load(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "plan-item.move", &old.thing())?;
    same_version(&input.version, old.version)?;
    let next = old.step(to)?;
    sql::save(&tx, &next).await?;
    let mut entry = Entry::of("plan-item.moved", id)
        .before(&old.standing)
        .after(&next.standing);
    if let Some(reason) = next.standing.reason() {
        entry = entry.because(reason.plain(basis::Locale::Zh));
    }
    tx.journal(entry);
    tx.done(id).await
}
