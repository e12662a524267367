//! Everything is accepted and every instalment paid or refused: the undertaking is closed.

use ::store::Entry;
use access::{Asking, House};
use basis::{Fail, UndertakingId};

use crate::{sight, start::Happened, store};

pub async fn settle(house: &House, asking: &Asking, id: UndertakingId) -> Result<UndertakingId, Fail> {
    let tx = asking.begin(house).await?;
    let u = store::take(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "undertaking.settle", &sight::thing_for(&asking.viewer, &u))?;
    sight::on_version_read(asking, &u)?;
    let open = store::instalments(&tx, &[id])
        .await?
        .iter()
        .filter(|i| !i.is_closed())
        .count();
    let before = u.status;
    let u = u.settle(sight::now_done(asking, &tx)?, open)?;
    store::save(&tx, &u).await?;
    tx.journal(Entry::of("undertaking.settled", id).before(before).after(u.status));
    tx.emit("undertaking.settled", Happened::now(house, &u)).await?;
    tx.done(id).await
}
