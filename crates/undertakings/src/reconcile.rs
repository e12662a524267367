//! A fourth person compares a recorded payment with the bank's statement (R68).

use ::store::Entry;
use access::{Asking, House};
use basis::{Check, Fail, InstalmentId, Refusal};
use serde::{Deserialize, Serialize};

use crate::{InstalmentStatus, approve::take_instalment, sight, store};

/// What the statement says.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Reconciliation {
    /// The statement's number or line.
    pub statement: String,
    /// The sum as the statement shows it.
    pub amount: String,
}

/// Confirms that the sum left the account as recorded.
///
/// # Errors
/// Refusals at their fields: above all a sum that is another one on the statement; a denial for who did an earlier step.
pub async fn reconcile(
    house: &House,
    asking: &Asking,
    id: InstalmentId,
    input: &Reconciliation,
) -> Result<InstalmentId, Fail> {
    let tx = asking.begin(house).await?;
    let (u, i) = take_instalment(house, asking, &tx, id, "instalment.reconcile").await?;
    let mut check = Check::new();
    let statement = check.line("statement", &input.statement, 100);
    let seen = check.money("amount", &input.amount, i.amount.currency);
    if check.is_clean() && seen != i.amount {
        check.refuse(Refusal::at("amount", "refusal-reconcile-differs").with("recorded", i.amount));
    }
    let statement = check.done(statement)?;
    let reconciled = i.clone().reconcile(sight::now_done(asking, &tx)?, statement)?;
    store::save_instalment(&tx, &reconciled, InstalmentStatus::Paid).await?;
    tx.journal(Entry::of("undertaking.reconciled", u.id).before(&i).after(&reconciled));
    tx.done(id).await
}
