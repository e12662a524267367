//! What other rooms and lists see of calls, needs, offers and awards.

use basis::{
    AccountId, AwardId, BodyId, CallId, Currency, Day, Field, GovernmentId, Moment, Money, NeedId, OfferId, PlanItemId,
    RelationId, Text,
};
use serde::Serialize;

use crate::call::{CallStatus, Mode, Need, Phase, phase};
use crate::offer::OfferStatus;

/// A call in a list. `status` is as stored; what it is at a moment, [`CallCard::phase`] says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CallCard {
    pub id: CallId,
    pub plan_item: PlanItemId,
    pub relation: Option<RelationId>,
    pub field: Field,
    pub district: Option<GovernmentId>,
    pub title: Text,
    /// Who may offer.
    pub who: Text,
    pub status: CallStatus,
    pub mode: Mode,
    pub opens_at: Moment,
    pub closes_at: Moment,
    pub opened_at: Option<Moment>,
    pub decided_at: Option<Moment>,
    pub guiding: BodyId,
    pub currency: Currency,
    pub ceiling: Option<Money>,
    pub illustrative: bool,
    pub version: i64,
}
impl CallCard {
    pub fn phase(&self, now: Moment) -> Phase {
        phase(self.status, self.opens_at, self.closes_at, now)
    }
    pub fn is_public(&self) -> bool {
        self.status != CallStatus::Draft
    }
    /// As the gate asks about it; whether it was opened yet is told by the call itself only.
    pub(crate) fn thing(&self) -> access::Thing {
        access::Thing {
            field: Some(self.field),
            district: self.district,
            relation: self.relation,
            guiding: Some(self.guiding),
            status: (self.status == CallStatus::Draft).then_some("draft"),
            ..access::Thing::new("call", self.id)
        }
    }
}

/// A need and its call.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NeedCard {
    pub call: CallId,
    #[serde(flatten)]
    pub need: Need,
}

/// The public part of an offer: who and what. Exists after the opening only.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfferCard {
    pub id: OfferId,
    pub call: CallId,
    pub body: Option<BodyId>,
    pub account: Option<AccountId>,
    pub status: OfferStatus,
    pub summary: Text,
    pub starts: Day,
    pub ends: Day,
    pub asked: Option<Money>,
    pub submitted_at: Moment,
    pub shortlisted: bool,
    /// The panel's mean in tenths of a point of 100; told once the call is decided.
    pub mean: Option<i64>,
    pub illustrative: bool,
}

/// An offer in its maker's own list: whatever its state, because it is theirs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OwnOffer {
    pub id: OfferId,
    pub call: CallId,
    pub call_title: Text,
    pub status: OfferStatus,
    pub call_status: CallStatus,
    pub opens_at: Moment,
    pub closes_at: Moment,
    pub saved_at: Moment,
    pub submitted_at: Option<Moment>,
    pub illustrative: bool,
}
impl OwnOffer {
    pub fn phase(&self, now: Moment) -> Phase {
        phase(self.call_status, self.opens_at, self.closes_at, now)
    }
}

/// Who was chosen, by which mode, and why: public (R65).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AwardCard {
    pub id: AwardId,
    pub call: CallId,
    pub plan_item: PlanItemId,
    pub offer: OfferId,
    pub body: Option<BodyId>,
    pub account: Option<AccountId>,
    pub mode: Mode,
    pub reason: Text,
    pub at: Moment,
    pub decided_by: Option<AccountId>,
    /// What it is worth at most.
    pub amount: Option<Money>,
    pub currency: Currency,
    /// Which units of which needs: all that was offered, or what the published plan gave of it. None in awards made
    /// before units were stated.
    pub units: Vec<(NeedId, i64)>,
    /// What the whole offer asked.
    pub asked: Option<Money>,
    /// Why the sum is another than the units come to.
    pub amount_reason: Option<Text>,
    pub starts: Day,
    pub ends: Day,
    pub summary: Text,
    pub illustrative: bool,
}
