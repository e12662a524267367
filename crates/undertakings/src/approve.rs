//! A second person approves an instalment: finance or the guiding department, never who asked, never who executes.

use ::store::{Entry, Tx};
use access::{Asking, House};
use basis::{Fail, InstalmentId, Refusal};

use crate::{Instalment, InstalmentStatus, Undertaking, sight, store, undertaking::Status};

/// The instalment and its undertaking, held for the change, once the gate has let the viewer in.
pub(crate) async fn take_instalment(
    house: &House,
    asking: &Asking,
    tx: &Tx,
    id: InstalmentId,
    action: &'static str,
) -> Result<(Undertaking, Instalment), Fail> {
    let found = store::instalment(tx, id).await?.ok_or(Fail::NotFound)?;
    let u = store::take(tx, found.undertaking).await?.ok_or(Fail::NotFound)?;
    // Read again: the row is held only now.
    let i = store::instalment(tx, id).await?.ok_or(Fail::NotFound)?;
    let mut thing = sight::thing_for(&asking.viewer, &u);
    thing.executing_people.extend(sight::handers(tx, u.id).await?);
    thing.earlier_people = i.earlier_people();
    asking.check(house, action, &thing)?;
    sight::on_version_read(asking, &u)?;
    if u.status == Status::Agreed {
        return Err(Refusal::page("refusal-undertaking-not-started").into());
    }
    Ok((u, i))
}

pub async fn approve(house: &House, asking: &Asking, id: InstalmentId) -> Result<InstalmentId, Fail> {
    let tx = asking.begin(house).await?;
    let (u, i) = take_instalment(house, asking, &tx, id, "instalment.approve").await?;
    u.must_run()?;
    let approved = i.clone().approve(sight::now_done(asking, &tx)?)?;
    store::save_instalment(&tx, &approved, InstalmentStatus::Requested).await?;
    tx.journal(Entry::of("undertaking.approved", u.id).before(&i).after(&approved));
    tx.done(id).await
}
