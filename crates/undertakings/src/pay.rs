//! A third person records that an approved instalment was paid, and by which voucher (R68).

use ::store::Entry;
use access::{Asking, House};
use basis::{Check, Fail, InstalmentId};
use serde::{Deserialize, Serialize};

use crate::{InstalmentStatus, approve::take_instalment, sight, store};

#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Payment {
    /// The voucher's or the bank's number.
    pub reference: String,
}

pub async fn pay(house: &House, asking: &Asking, id: InstalmentId, input: &Payment) -> Result<InstalmentId, Fail> {
    let mut check = Check::new();
    let reference = check.line("reference", &input.reference, 100);
    let reference = check.done(reference)?;
    let tx = asking.begin(house).await?;
    let (u, i) = take_instalment(house, asking, &tx, id, "instalment.pay").await?;
    let paid = i.clone().pay(sight::now_done(asking, &tx)?, Some(reference))?;
    store::save_instalment(&tx, &paid, InstalmentStatus::Approved).await?;
    tx.journal(Entry::of("undertaking.paid", u.id).before(&i).after(&paid));
    tx.done(id).await
}
