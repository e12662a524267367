//! The sums become public: budget and instalments, on the programme's page and everywhere.

use ::store::Entry;
use access::{Asking, House};
use basis::{Fail, Refusal, UndertakingId};

use crate::{sight, store};

pub async fn publish_money(house: &House, asking: &Asking, id: UndertakingId) -> Result<UndertakingId, Fail> {
    let tx = asking.begin(house).await?;
    let mut u = store::take(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(
        house,
        "undertaking.publish-money",
        &sight::thing_for(&asking.viewer, &u),
    )?;
    sight::on_version_read(asking, &u)?;
    if u.money_public.is_some() {
        return Err(Refusal::page("refusal-money-public").into());
    }
    u.money_public = Some(tx.now());
    store::save(&tx, &u).await?;
    tx.journal(Entry::of("undertaking.money-published", id).after(u.money(u.budget)));
    tx.done(id).await
}
