//! Who stands where to an evaluation.

use ::store::{Query, Tx};
use access::{Asking, Role, Thing, Viewer};
use basis::{AccountId, Denial, Fail, Moment};
use undertakings::UndertakingCard;

use crate::{Evaluation, Evaluator, Status};

/// Whether the viewer reads findings before they are published: evaluators always; the executing party, so that it can
/// reply, and the offices once the evaluators have handed them in. Auditors see it at any time.
pub(crate) fn reads(viewer: &Viewer, e: &Evaluation, evaluators: &[Evaluator], u: Option<&UndertakingCard>) -> bool {
    let viewer = viewer.within(crate::POLICIES.room);
    let evaluates = viewer
        .account()
        .is_some_and(|a| evaluators.iter().any(|x| x.evaluation == e.id && x.account == a));
    match e.status {
        Status::Published => true,
        Status::Drafted => evaluates || (viewer.is_signed_in() && u.is_some_and(|u| u.stands)),
        Status::Appointed => evaluates || viewer.role() == Role::Auditor,
    }
}
/// Who does the step, now.
pub(crate) fn now_done(asking: &Asking, tx: &Tx) -> Result<(AccountId, Moment), Fail> {
    let by = asking.viewer.account().ok_or_else(|| {
        Fail::Denied(Denial {
            action: "evaluation.read".into(),
            rules: Vec::new(),
            anonymous: true,
        })
    })?;
    Ok((by, tx.now()))
}
/// What the gate asks about; the viewer counts as executing when any mandate of theirs makes them so.
pub(crate) async fn thing(
    q: &impl Query,
    viewer: &Viewer,
    e: &Evaluation,
    evaluators: &[Evaluator],
) -> Result<Thing, Fail> {
    let (bodies, mut people) = undertakings::executors(q, e.undertaking).await?;
    if viewer.mandates.iter().any(|m| bodies.contains(&m.body)) {
        people.extend(viewer.account());
    }
    let mut thing = e.thing(evaluators, (&bodies, &people));
    if let Some(u) = undertakings::undertaking(q, viewer, e.undertaking).await? {
        thing.guiding = Some(u.guiding);
        thing.owner_body = u.body;
        thing.owner = u.account;
    }
    Ok(thing)
}
