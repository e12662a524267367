//! Who stands where to an undertaking: who reads its inside, who is on which side, counted through every mandate.

use ::store::{Query, StoreFault, Tx};
use access::{Asking, Role, Thing, Viewer};
use basis::{AccountId, BodyId, Denial, Fail, Refusal, UndertakingId};

use crate::{Side, Undertaking, UndertakingCard, store, undertaking::Done};

/// Whether this viewer, by role and standing alone, reads what the public may not: rounds under review, sums,
/// requests. The policies of `undertaking.read` say the same; a test holds the two together.
pub(crate) fn stands_inside(viewer: &Viewer, u: &Undertaking) -> bool {
    let person = viewer
        .account()
        .is_some_and(|a| u.account == Some(a) || u.responsible == a);
    let Some(m) = &viewer.acting else { return person };
    let office = match m.role {
        Role::Auditor => true,
        Role::OfficeLead | Role::DepartmentOfficer | Role::Finance => m.home,
        Role::DistrictOfficer => m.home && u.district.is_some() && u.district == m.district,
        Role::PartnerOfficer => u.partner.is_some() && u.partner == m.government,
        _ => false,
    };
    person || office || Some(m.body) == u.body
}
/// Which of these undertakings the viewer stands inside of; evaluators of one among them. What their key is for, the card
/// keeps to.
pub(crate) async fn inside(
    q: &impl Query,
    viewer: &Viewer,
    all: &[Undertaking],
) -> Result<Vec<UndertakingId>, StoreFault> {
    let mut seen: Vec<UndertakingId> = all.iter().filter(|u| stands_inside(viewer, u)).map(|u| u.id).collect();
    if seen.len() < all.len()
        && let Some(account) = viewer.account()
    {
        let more = store::looked_on_by(q, account).await?;
        seen.extend(more.into_iter().filter(|id| all.iter().any(|u| u.id == *id)));
    }
    Ok(seen)
}

/// The side the viewer acts for now.
pub(crate) fn side_of(viewer: &Viewer, u: &Undertaking) -> Side {
    side(viewer, u.body, u.account)
}
pub(crate) fn side_of_card(viewer: &Viewer, u: &UndertakingCard) -> Side {
    side(viewer, u.body, u.account)
}
fn side(viewer: &Viewer, body: Option<BodyId>, account: Option<AccountId>) -> Side {
    let as_body = body.is_some() && viewer.body() == body;
    let as_self = viewer.acting.is_none() && account.is_some() && viewer.account() == account;
    if as_body || as_self {
        Side::Executing
    } else {
        Side::Guiding
    }
}
/// What the gate asks about, with the viewer counted as executing when any mandate of theirs makes them so: an officer
/// does not judge at the office what they carry out elsewhere.
pub(crate) fn thing_for(viewer: &Viewer, u: &Undertaking) -> Thing {
    let mut thing = u.thing();
    let executes = viewer.mandates.iter().any(|m| Some(m.body) == u.body);
    thing.executing_people.extend(viewer.account().filter(|_| executes));
    thing
}
/// As the gate asks about a change of terms. Who handed something in executed, even if their mandate has ended since; and
/// who guides does not speak for the executing side.
pub(crate) async fn thing_to_amend(q: &impl Query, viewer: &Viewer, u: &Undertaking) -> Result<Thing, StoreFault> {
    let mut thing = thing_for(viewer, u);
    if side_of(viewer, u) == Side::Guiding {
        thing.executing_people.extend(handers(q, u.id).await?);
    }
    Ok(thing)
}
/// Nobody who guides executes (R64), whoever they act for at the moment.
pub(crate) fn must_not_guide(viewer: &Viewer, u: &Undertaking) -> Result<(), Refusal> {
    if viewer.mandates.iter().any(|m| m.body == u.guiding) {
        return Err(Refusal::page("refusal-guides-and-executes"));
    }
    Ok(())
}
/// The people who handed something in: they executed, even if their mandate has ended since.
pub(crate) async fn handers(q: &impl Query, id: UndertakingId) -> Result<Vec<AccountId>, StoreFault> {
    let milestones = store::milestones(q, &[id]).await?;
    let ids: Vec<_> = milestones.iter().map(|m| m.id).collect();
    let mut people: Vec<AccountId> = store::deliverables(q, &ids)
        .await?
        .iter()
        .map(|d| d.handed.by)
        .collect();
    people.sort();
    people.dedup();
    Ok(people)
}

/// A step that names the version its asker read is taken on that version only. The row is held and carries its next
/// version already, so of two who read the same the second is told. Asked after the gate: who may not take the step
/// learns nothing of the version.
pub(crate) fn on_version_read(asking: &Asking, u: &Undertaking) -> Result<(), Fail> {
    asking.same_version(u.version - 1)
}

/// Who does the step, for whom, now.
pub(crate) fn now_done(asking: &Asking, tx: &Tx) -> Result<Done, Fail> {
    let by = asking.viewer.account().ok_or_else(|| {
        Fail::Denied(Denial {
            action: "undertaking.read".into(),
            rules: Vec::new(),
            anonymous: true,
        })
    })?;
    Ok(Done {
        by,
        body: asking.viewer.body(),
        at: tx.now(),
    })
}
