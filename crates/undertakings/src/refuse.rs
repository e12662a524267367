//! An instalment is refused, with its reason; its sum goes back to the budget.

use ::store::Entry;
use access::{Asking, House};
use basis::{Fail, InstalmentId};

use crate::{accept::Reason, approve::take_instalment, sight, store};

pub async fn refuse(house: &House, asking: &Asking, id: InstalmentId, input: &Reason) -> Result<InstalmentId, Fail> {
    let reason = input.check()?;
    let tx = asking.begin(house).await?;
    let (u, i) = take_instalment(house, asking, &tx, id, "instalment.refuse").await?;
    let was = i.status();
    let refused = i.clone().refuse(sight::now_done(asking, &tx)?, reason.clone())?;
    store::save_instalment(&tx, &refused, was).await?;
    store::release_money(&tx, u.id, i.amount.minor).await?;
    tx.journal(
        Entry::of("undertaking.refused", u.id)
            .before(&i)
            .after(&refused)
            .because(reason),
    );
    tx.done(id).await
}
