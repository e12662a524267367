//! Government ends what must not go on, and says why (R67). What was promised and is not accepted is broken; what was
//! approved is still paid, what was only asked for is refused.

use ::store::Entry;
use access::{Asking, House};
use basis::{Fail, UndertakingId};

use crate::{
    InstalmentStatus, MilestoneStatus, Outcome, Status,
    accept::{PromiseSettled, Reason},
    sight,
    start::Happened,
    store,
};

pub async fn stop(house: &House, asking: &Asking, id: UndertakingId, input: &Reason) -> Result<UndertakingId, Fail> {
    let reason = input.check()?;
    let tx = asking.begin(house).await?;
    let u = store::take(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "undertaking.stop", &sight::thing_for(&asking.viewer, &u))?;
    sight::on_version_read(asking, &u)?;
    let before = u.status;
    let done = sight::now_done(asking, &tx)?;
    let u = u.stop(done, reason.clone())?;
    for i in store::instalments(&tx, &[id]).await? {
        let was = i.status();
        if matches!(was, InstalmentStatus::Planned | InstalmentStatus::Requested) {
            let minor = i.amount.minor;
            store::save_instalment(&tx, &i.refuse(done, reason.clone())?, was).await?;
            store::release_money(&tx, id, minor).await?;
        }
    }
    // Nothing was promised before the executing party took the terms on.
    if before != Status::Agreed {
        let milestones = store::milestones(&tx, &[id]).await?;
        let open = milestones
            .iter()
            .filter(|m| m.status != MilestoneStatus::Accepted)
            .map(|m| m.id.to_string());
        for object in open.chain((before != Status::Accepted).then(|| u.award.to_string())) {
            tx.emit(
                "promise.settled",
                PromiseSettled {
                    object,
                    outcome: Outcome::Broken,
                },
            )
            .await?;
        }
    }
    store::save(&tx, &u).await?;
    tx.journal(
        Entry::of("undertaking.stopped", id)
            .before(before)
            .after(u.status)
            .because(reason),
    );
    tx.emit("undertaking.stopped", Happened::now(house, &u)).await?;
    tx.done(id).await
}
