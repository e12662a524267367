//! What a viewer may see of a call: one place for page, API, export and feed, so that they cannot differ.
//!
//! Before the opening nobody but its maker sees an offer's content: not the unit that guides, not auditors, not the
//! panel. After it, the unit that guides, the office lead and auditors see all that was handed in; a panel member sees
//! who offers, and after declaring conflicts, the content of the others; everybody else sees who and what. Until the decision
//! whoever belongs to a maker counts among everybody else, whatever else they are.

use access::{House, Viewer};
use basis::{CallId, Fail, OfferId};
use store::Query;

use crate::assign::Assignment;
use crate::call::{Call, CallStatus, Mode, Need};
use crate::cards::{AwardCard, OfferCard};
use crate::offer::{Offer, offering_body};
use crate::panel::{Maker, Mark, Seat, Verdict, verdicts};
use crate::review::{looked_at, offer_looked_at, with_panel};
use crate::store as sql;
use crate::told::Told;

/// A call as one viewer sees it.
#[derive(Clone, Debug)]
pub struct CallView {
    pub call: Call,
    pub needs: Vec<Need>,
    /// Who and what, after the opening; with the panel's mean once it is decided.
    pub offers: Vec<OfferCard>,
    pub awards: Vec<AwardCard>,
    /// The published plan that allocates its needs.
    pub plan: Option<Told>,
    /// Whom the work was handed to: for those inside, the party and auditors, until the award names it to all.
    pub assignment: Option<Assignment>,
    /// The viewer's own offer, in whatever state.
    pub own_offer: Option<OfferId>,
    /// The viewer's own seat.
    pub seat: Option<Seat>,
    /// The viewer works inside: may see seats and, after the opening, contents.
    pub inside: bool,
    /// The viewer may read what was offered and drafts of plans.
    pub looks: bool,
}

/// The call, or [`Fail::NotFound`]: a draft is there for those who may read it only.
///
/// # Errors
/// As said, or a fault.
pub async fn call_view(house: &House, viewer: &Viewer, id: CallId) -> Result<CallView, Fail> {
    let q = &house.db;
    let call = sql::load(q, id).await?.ok_or(Fail::NotFound)?;
    let inside = house.gate.may(viewer, "call.inside.read", &call.thing());
    if call.status == CallStatus::Draft && !inside {
        return Err(Fail::NotFound);
    }
    let needs = sql::needs(q, id).await?;
    let offers = if call.is_sealed() {
        Vec::new()
    } else {
        public_offers(q, &call).await?
    };
    let awards = if call.is_sealed() {
        Vec::new()
    } else {
        sql::awards_of(q, &[id]).await?
    };
    // The rest is told by who they are.
    let viewer = &*viewer.within(crate::POLICIES.room);
    let body = offering_body(viewer);
    let own_offer = match viewer.account() {
        Some(me) => sql::own_offer_id(q, id, &Offer::maker(body, body.is_none().then_some(me))).await?,
        None => None,
    };
    let plan = if call.is_sealed() {
        None
    } else {
        sql::published_plan(q, id).await?
    };
    let seats = if plan.is_some() || viewer.is_signed_in() {
        sql::seats(q, id).await?
    } else {
        Vec::new()
    };
    let looked = looked_at(q, viewer, &call, &seats).await?;
    let plan = match plan {
        Some(plan) => crate::told::published(house, viewer, &call, &needs, &seats, plan, &looked).await?,
        None => None,
    };
    let looks = viewer.is_signed_in() && house.gate.may(viewer, "offer.list", &looked);
    let seat = seats.into_iter().find(|s| Some(s.account) == viewer.account());
    let auditor = viewer.role() == access::Role::Auditor;
    let assignment = match call.mode {
        Mode::Assignment => sql::assignment(q, id).await?,
        Mode::Outsourcing => None,
    }
    .filter(|a| inside || auditor || a.is_of(viewer));
    Ok(CallView {
        call,
        needs,
        offers,
        awards,
        plan,
        assignment,
        own_offer,
        seat,
        inside,
        looks,
    })
}
/// Whether the viewer may read what was offered to a call, and drafts of its plans.
///
/// # Errors
/// A fault of the store.
pub async fn may_look(house: &House, viewer: &Viewer, id: CallId) -> Result<bool, Fail> {
    let q = &house.db;
    let Some(call) = sql::load(q, id).await? else {
        return Ok(false);
    };
    let seats = sql::seats(q, id).await?;
    Ok(house
        .gate
        .may(viewer, "offer.list", &looked_at(q, viewer, &call, &seats).await?))
}

/// The public part of a call's offers, with means once it is decided.
pub(crate) async fn public_offers(q: &impl Query, call: &Call) -> Result<Vec<OfferCard>, Fail> {
    let mut cards = sql::public_offers(q, &[call.id]).await?;
    if call.status != CallStatus::Decided {
        for c in &mut cards {
            c.shortlisted = false;
        }
        return Ok(cards);
    }
    let ids: Vec<OfferId> = cards.iter().map(|c| c.id).collect();
    let (seats, marks) = (sql::seats(q, call.id).await?, sql::marks_in(q, call.id).await?);
    for (card, verdict) in cards.iter_mut().zip(verdicts(&ids, &seats, &marks, &call.criteria)) {
        card.mean = verdict.mean;
    }
    Ok(cards)
}

/// The review as one viewer sees it.
#[derive(Clone, Debug, Default)]
pub struct ReviewView {
    /// Contents this viewer may read.
    pub offers: Vec<Offer>,
    /// Who offers, for a member who has yet to declare.
    pub makers: Vec<Maker>,
    pub seats: Vec<Seat>,
    /// The viewer's own marks, and everybody's that are handed in as soon as they may be seen.
    pub own: Vec<Mark>,
    pub marks: Vec<Mark>,
    pub verdicts: Vec<Verdict>,
}
/// Offers, seats and marks as far as this viewer may see them.
///
/// # Errors
/// A denial for who is neither inside nor on the panel.
pub async fn review_view(house: &House, viewer: &Viewer, call: &Call) -> Result<ReviewView, Fail> {
    let q = &house.db;
    let seats = sql::seats(q, call.id).await?;
    let seat = seats.iter().find(|s| Some(s.account) == viewer.account()).cloned();
    let struck = seat.as_ref().is_some_and(|s| !s.counts());
    let thing = if struck {
        // Reads their own seat only, which says why.
        with_panel(call, &seats)
    } else {
        looked_at(q, viewer, call, &seats).await?
    };
    house.gate.check(viewer, "offer.list", &thing)?;
    if call.is_sealed() {
        return Ok(ReviewView {
            seats,
            ..Default::default()
        });
    }
    let makers = sql::makers(q, call.id).await?;
    let all = sql::opened_offers(q, call.id).await?;
    let ids: Vec<OfferId> = all.iter().map(|o| o.id).collect();
    let mut in_hand = sql::marks_in(q, call.id).await?;
    // What was scored before the reading was divided otherwise does not count, so it is not told either.
    in_hand.retain(|m| seats.iter().any(|s| s.account == m.account && s.must_score(m.offer)));
    let found = verdicts(&ids, &seats, &in_hand, &call.criteria);
    // Who sits on the panel reads as a member, whatever else they are.
    let Some(seat) = seat else {
        return Ok(ReviewView {
            offers: all,
            makers,
            seats,
            own: Vec::new(),
            marks: in_hand,
            verdicts: found,
        });
    };
    if !seat.counts() {
        return Ok(ReviewView {
            seats: vec![seat],
            ..Default::default()
        });
    }
    let offers = all.into_iter().filter(|o| seat.reads(o.id)).collect();
    let own = sql::own_marks(q, call.id, seat.account).await?;
    let (marks, verdicts) = if seat.sees_others() {
        let read = |o: &OfferId| seat.reads(*o);
        (
            in_hand.into_iter().filter(|m| read(&m.offer)).collect(),
            found.into_iter().filter(|v| read(&v.offer)).collect(),
        )
    } else {
        (Vec::new(), Vec::new())
    };
    Ok(ReviewView {
        offers,
        makers,
        seats,
        own,
        marks,
        verdicts,
    })
}

/// One offer's content for somebody who did not make it.
///
/// # Errors
/// [`Fail::NotFound`] while it is sealed, was never handed in, or is one the member stands close to; a denial else.
pub async fn offer_view(house: &House, viewer: &Viewer, id: OfferId) -> Result<(Call, Offer), Fail> {
    let q = &house.db;
    let offer = sql::opened_offer(q, id).await?.ok_or(Fail::NotFound)?;
    let call = sql::load(q, offer.call).await?.ok_or(Fail::NotFound)?;
    let seats = sql::seats(q, call.id).await?;
    let thing = offer_looked_at(q, viewer, &call, &seats, &offer).await?;
    house.gate.check(viewer, "offer.read", &thing)?;
    match seats.iter().find(|s| Some(s.account) == viewer.account()) {
        Some(seat) if !seat.reads(id) => Err(Fail::NotFound),
        _ => Ok((call, offer)),
    }
}
