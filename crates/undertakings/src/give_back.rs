//! The guiding side returns what was handed in, with its reason: the next round is the executing party's.

use ::store::Entry;
use access::{Asking, House};
use basis::{DeliverableId, Fail};

use crate::{
    Verdict,
    accept::{Reason, keep_verdict, take_for_review},
    sight,
};

pub async fn give_back(
    house: &House,
    asking: &Asking,
    id: DeliverableId,
    input: &Reason,
) -> Result<DeliverableId, Fail> {
    let reason = input.check()?;
    let tx = asking.begin(house).await?;
    let mut r = take_for_review(house, asking, &tx, id, "deliverable.return").await?;
    let done = sight::now_done(asking, &tx)?;
    let judged = r.deliverable.clone().judge(Verdict::Returned {
        done,
        reason: reason.clone(),
    })?;
    let next = r.milestone().clone().give_back();
    keep_verdict(&tx, &mut r, &judged, next).await?;
    let entry = Entry::of("undertaking.returned", r.undertaking.id)
        .before(&r.deliverable)
        .after(&judged);
    tx.journal(entry.because(reason));
    tx.done(id).await
}
