//! A call (R49-R58): what is needed, for whom, until when, and how offers will be judged.

use basis::{
    AccountId, BodyId, CallId, Currency, Day, Field, Fill, GovernmentId, Lang, Moment, Money, NeedId, PlanItemId,
    Refusal, RelationId, Text, code,
};
use serde::{Deserialize, Serialize};

use crate::allocate::Weights;

code! {
    /// Where a call stands in the store. Whether an open call still takes offers, the clock says: [`Call::phase`].
    pub enum CallStatus {
        Draft => "draft",
        Open => "open",
        Closed => "closed",
        InReview => "in-review",
        Decided => "decided",
        Cancelled => "cancelled",
        /// Assigned to one party, which has not answered yet.
        Asked => "asked",
    }
}
code! {
    /// The two ways to hand on a task (R65): outsourcing needs a call and a reasoned choice, assignment a reason.
    pub enum Mode { Outsourcing => "outsourcing", Assignment => "assignment" }
}
code! {
    /// What is needed (R49-R56).
    pub enum Channel {
        Money => "money",
        VenueEquipment => "venue-equipment",
        Service => "service",
        Consultation => "consultation",
        Volunteering => "volunteering",
    }
}
code! {
    /// A call at a moment, as people speak of it.
    pub enum Phase {
        Draft => "draft",
        /// Published, not open yet.
        Announced => "announced",
        Open => "open",
        /// The window is closed, the offers are still sealed.
        Closed => "closed",
        InReview => "in-review",
        Decided => "decided",
        Cancelled => "cancelled",
        /// Assigned to one party, whose answer is awaited.
        Asked => "asked",
    }
}
store::coded!(CallStatus, Mode, Channel);

impl Phase {
    pub fn fill(self) -> Fill {
        match self {
            Phase::Draft | Phase::Announced => Fill::Empty,
            Phase::Open => Fill::Now,
            Phase::Closed | Phase::InReview | Phase::Asked => Fill::Half,
            Phase::Decided => Fill::Full,
            Phase::Cancelled => Fill::Dotted,
        }
    }
}

/// What the panel judges by. Points go from 0 to [`Criterion::MOST`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// "c1", "c2", …: stays when words are amended.
    pub key: String,
    pub title: Text,
    /// Of 100 over all criteria.
    pub weight: i64,
}
impl Criterion {
    pub const MOST: i64 = 10;
}

/// One thing a call asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    pub id: NeedId,
    pub title: Text,
    pub channel: Channel,
    /// Units without which it is not met.
    pub min: i64,
    pub max: i64,
    /// What is counted: "hours", "rooms", "CNY 1,000".
    pub unit: Text,
    /// Weight of one missing unit: 1 to 9.
    pub priority: i64,
    /// The field of work it is in, where that is another than the call's: skills are looked at there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Field>,
}

/// A call as the room keeps it.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    pub id: CallId,
    pub plan_item: PlanItemId,
    pub relation: Option<RelationId>,
    pub field: Field,
    pub district: Option<GovernmentId>,
    pub title: Text,
    pub brief: Text,
    /// Who may offer, in words (R104: entry criteria are stated).
    pub who: Text,
    pub status: CallStatus,
    pub mode: Mode,
    pub opens_at: Moment,
    pub closes_at: Moment,
    pub opened_at: Option<Moment>,
    pub opened_by: Option<AccountId>,
    pub decided_at: Option<Moment>,
    pub currency: Currency,
    pub ceiling: Option<i64>,
    /// The days in which the work is to be done (R104: no open-ended tasks).
    pub work_from: Day,
    pub work_until: Day,
    /// Languages the work needs.
    pub languages: Vec<Lang>,
    pub criteria: Vec<Criterion>,
    /// How offers are weighed when needs are allocated.
    pub weights: Weights,
    pub guiding: BodyId,
    pub made_by: Option<AccountId>,
    pub made_at: Moment,
    pub published_at: Option<Moment>,
    /// Why it was cancelled.
    pub reason: Option<Text>,
    pub illustrative: bool,
    pub version: i64,
}

impl Call {
    pub fn phase(&self, now: Moment) -> Phase {
        phase(self.status, self.opens_at, self.closes_at, now)
    }
    /// Offers can be written, submitted and freely withdrawn. The closing moment itself is too late.
    pub fn takes_offers(&self, now: Moment) -> bool {
        self.phase(now) == Phase::Open
    }
    /// Nobody but its maker may see an offer's content.
    pub fn is_sealed(&self) -> bool {
        self.opened_at.is_none()
    }
    pub fn ceiling(&self) -> Option<Money> {
        self.ceiling.map(|minor| Money::new(minor, self.currency))
    }
    fn to(&self, status: CallStatus) -> Call {
        Call { status, ..self.clone() }
    }
    /// Publishes a draft: every fault that keeps it from being a fair call, at once.
    pub fn publish(&self, needs: &[Need], now: Moment) -> Result<Call, Vec<Refusal>> {
        if self.status != CallStatus::Draft {
            return Err(vec![Refusal::page("refusal-call-not-draft")]);
        }
        let mut faults = Vec::new();
        if self.closes_at <= now.max(self.opens_at) {
            faults.push(Refusal::at("closes_on", "refusal-call-closes-past"));
        }
        if needs.is_empty() {
            faults.push(Refusal::at("needs", "refusal-call-no-needs"));
        }
        if self.mode == Mode::Outsourcing {
            let sum: i64 = self.criteria.iter().map(|c| c.weight).sum();
            if sum != 100 {
                faults.push(Refusal::at("criteria", "refusal-weights-sum").with("sum", sum));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Call {
            opens_at: self.opens_at.max(now),
            published_at: Some(now),
            ..self.to(CallStatus::Open)
        })
    }
    /// Breaks the seal, after the closing moment only.
    pub fn open(&self, by: Option<AccountId>, now: Moment) -> Result<Call, Refusal> {
        match self.phase(now) {
            Phase::Closed => Ok(Call {
                opened_at: Some(now),
                opened_by: by,
                ..self.to(CallStatus::InReview)
            }),
            Phase::Announced | Phase::Open => {
                Err(Refusal::page("refusal-call-still-open").with("closes", self.closes_at))
            }
            Phase::Draft | Phase::InReview | Phase::Decided | Phase::Cancelled | Phase::Asked => {
                Err(Refusal::page("refusal-call-not-to-open"))
            }
        }
    }
    pub fn decide(&self, now: Moment) -> Result<Call, Refusal> {
        if self.status != CallStatus::InReview {
            return Err(Refusal::page("refusal-call-not-in-review"));
        }
        Ok(Call {
            decided_at: Some(now),
            ..self.to(CallStatus::Decided)
        })
    }
    pub fn cancel(&self, reason: Text) -> Result<Call, Refusal> {
        if matches!(self.status, CallStatus::Decided | CallStatus::Cancelled) {
            return Err(Refusal::page("refusal-call-ended"));
        }
        Ok(Call {
            reason: Some(reason),
            ..self.to(CallStatus::Cancelled)
        })
    }
    /// As the gate asks about it.
    pub fn thing(&self) -> access::Thing {
        access::Thing {
            field: Some(self.field),
            district: self.district,
            relation: self.relation,
            guiding: Some(self.guiding),
            status: Some(match self.status {
                CallStatus::Draft => "draft",
                _ if self.is_sealed() => "sealed",
                _ => "opened",
            }),
            ..access::Thing::new("call", self.id)
        }
    }
}

pub fn phase(status: CallStatus, opens_at: Moment, closes_at: Moment, now: Moment) -> Phase {
    match status {
        CallStatus::Draft => Phase::Draft,
        CallStatus::Open if now < opens_at => Phase::Announced,
        CallStatus::Open if now < closes_at => Phase::Open,
        CallStatus::Open | CallStatus::Closed => Phase::Closed,
        CallStatus::InReview => Phase::InReview,
        CallStatus::Decided => Phase::Decided,
        CallStatus::Cancelled => Phase::Cancelled,
        CallStatus::Asked => Phase::Asked,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use basis::Id;
    use proptest::prelude::*;

    pub(crate) fn at(seconds: i64) -> Moment {
        Moment::from_second(1_000_000 + seconds).unwrap()
    }
    pub(crate) fn draft() -> Call {
        Call {
            id: Id::named("c"),
            plan_item: Id::named("i"),
            relation: None,
            field: Field::Culture,
            district: None,
            title: Text::both("甲", "A"),
            brief: Text::both("甲", "A"),
            who: Text::both("甲", "A"),
            status: CallStatus::Draft,
            mode: Mode::Outsourcing,
            opens_at: at(0),
            closes_at: at(100),
            opened_at: None,
            opened_by: None,
            decided_at: None,
            currency: Currency::CNY,
            ceiling: Some(6_000_000),
            work_from: Day::constant(2027, 1, 1),
            work_until: Day::constant(2027, 12, 31),
            languages: vec![],
            criteria: vec![Criterion {
                key: "c1".into(),
                title: Text::both("甲", "A"),
                weight: 100,
            }],
            weights: Weights::default(),
            guiding: Id::named("g"),
            made_by: None,
            made_at: at(0),
            published_at: None,
            reason: None,
            illustrative: false,
            version: 1,
        }
    }
    pub(crate) fn need(name: &str, min: i64, max: i64, priority: i64) -> Need {
        Need {
            id: Id::named(name),
            title: Text::both(name, name),
            channel: Channel::Service,
            min,
            max,
            unit: Text::both("次", "times"),
            priority,
            field: None,
        }
    }
    #[test]
    fn the_closing_moment_itself_is_too_late() {
        let call = draft().publish(&[need("n", 1, 1, 1)], at(0)).unwrap();
        let before = Moment::from_microsecond(call.closes_at.as_microsecond() - 1).unwrap();
        assert!(call.takes_offers(before));
        assert!(!call.takes_offers(call.closes_at));
        assert_eq!(call.open(None, before).unwrap_err().code, "refusal-call-still-open");
        assert_eq!(call.open(None, call.closes_at).unwrap().opened_at, Some(call.closes_at));
    }
    #[test]
    fn a_call_that_is_not_fair_is_not_published() {
        let mut call = draft();
        call.criteria[0].weight = 90;
        call.closes_at = at(-1);
        let codes: Vec<_> = call
            .publish(&[], at(0))
            .unwrap_err()
            .into_iter()
            .map(|r| r.code)
            .collect();
        assert_eq!(
            codes,
            [
                "refusal-call-closes-past",
                "refusal-call-no-needs",
                "refusal-weights-sum"
            ]
        );
        call.mode = Mode::Assignment;
        call.closes_at = at(9);
        assert!(
            call.publish(&[need("n", 1, 1, 1)], at(0)).is_ok(),
            "an assignment has no panel, so it needs no weights"
        );
    }
    proptest! {
        /// No order of steps opens a call before it closes, and no step leaves an end.
        #[test]
        fn seals_break_only_after_closing(steps in proptest::collection::vec((0usize..4, 0i64..200), 1..20)) {
            let mut call = draft();
            let mut now = at(0);
            for (step, forward) in steps {
                now = now.max(at(forward));
                let before = call.clone();
                let next = match step {
                    0 => call.publish(&[need("n", 1, 1, 1)], now).ok(),
                    1 => call.open(None, now).ok(),
                    2 => call.decide(now).ok(),
                    _ => call.cancel(Text::both("因", "why")).ok(),
                };
                if let Some(next) = next { call = next; }
                if let Some(opened) = call.opened_at { prop_assert!(opened >= call.closes_at); }
                if call.status == CallStatus::InReview || call.status == CallStatus::Decided { prop_assert!(!call.is_sealed()); }
                if matches!(before.status, CallStatus::Decided | CallStatus::Cancelled) { prop_assert_eq!(call.status, before.status); }
                prop_assert!(!call.takes_offers(now) || call.is_sealed());
            }
        }
    }
}
