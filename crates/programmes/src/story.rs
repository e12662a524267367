//! A programme's whole story as everybody may read it: plain data, made by [`crate::gather`], kept as a read model.

use basis::{
    AimId, AwardId, BodyId, CallId, Currency, Day, Field, Fill, GovernmentId, MilestoneId, Moment, Money, OfferId,
    PlanItemId, RelationId, Text, UndertakingId,
};
use calls::{Channel, Mode, OfferStatus, Phase};
use evaluation::FindingState;
use planning::PlanStatus;
use serde::{Deserialize, Serialize};
use undertakings::{InstalmentStatus, MilestoneStatus};

use crate::fact::Stage;

/// A name and whose it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Named<T> {
    pub id: T,
    pub name: Text,
    pub illustrative: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Story {
    pub id: PlanItemId,
    pub title: Text,
    pub aim: Text,
    pub supports: Text,
    pub field: Field,
    pub year: i64,
    pub status: PlanStatus,
    pub reason: Option<Text>,
    pub policy_code: String,
    pub policy_title: Text,
    pub guiding: Option<Named<BodyId>>,
    pub relation: Option<Tie>,
    pub district: Option<Named<GovernmentId>>,
    pub illustrative: bool,
    pub calls: Vec<CallPart>,
    pub awards: Vec<AwardPart>,
    pub undertakings: Vec<UndertakingPart>,
    pub aims: Vec<AimPart>,
    pub evaluations: Vec<EvaluationPart>,
    pub facts: Vec<FactPart>,
}
/// The relation it is under.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tie {
    pub id: RelationId,
    pub own: Text,
    pub partner: Text,
    pub partner_id: GovernmentId,
    pub kind: relations::RelationKind,
    /// As known: "2004-07-22", "1983".
    pub signed: Option<String>,
    pub source: String,
}
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CallPart {
    pub id: CallId,
    pub title: Text,
    pub brief: Text,
    pub who: Text,
    pub status: calls::CallStatus,
    pub mode: Mode,
    pub opens_at: Moment,
    pub closes_at: Moment,
    pub opened_at: Option<Moment>,
    pub ceiling: Option<Money>,
    pub criteria: Vec<(Text, i64)>,
    pub needs: Vec<NeedPart>,
    pub offers: Vec<OfferPart>,
    pub illustrative: bool,
}
impl CallPart {
    pub fn phase(&self, now: Moment) -> Phase {
        calls::phase(self.status, self.opens_at, self.closes_at, now)
    }
}
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NeedPart {
    pub title: Text,
    pub channel: Channel,
    pub min: i64,
    pub max: i64,
    pub unit: Text,
}
/// Exists after the opening only.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OfferPart {
    pub id: OfferId,
    /// None is a person in their own name: persons are not named here.
    pub from: Option<Named<BodyId>>,
    pub summary: Text,
    pub status: OfferStatus,
    /// Tenths of a point of 100.
    pub mean: Option<i64>,
    pub illustrative: bool,
}
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AwardPart {
    pub id: AwardId,
    pub to: Option<Named<BodyId>>,
    pub mode: Mode,
    pub reason: Text,
    pub at: Moment,
    pub illustrative: bool,
}
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UndertakingPart {
    pub id: UndertakingId,
    pub title: Text,
    pub by: Option<Named<BodyId>>,
    pub status: undertakings::Status,
    pub starts: Day,
    pub ends: Day,
    pub milestones: Vec<MilestonePart>,
    /// What was accepted.
    pub deliverables: Vec<DeliverablePart>,
    /// Once published.
    pub money: Option<MoneyPart>,
    pub illustrative: bool,
}
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MilestonePart {
    pub id: MilestoneId,
    pub title: Text,
    pub due: Day,
    pub status: MilestoneStatus,
    pub accepted_on: Option<Day>,
}
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeliverablePart {
    pub milestone: MilestoneId,
    pub text: Text,
    pub accepted_at: Option<Moment>,
}
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MoneyPart {
    pub currency: Currency,
    pub budget: Money,
    pub paid: Money,
    pub rows: Vec<(Option<MilestoneId>, Money, InstalmentStatus)>,
}
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AimPart {
    pub id: AimId,
    pub text: Text,
    pub measure: Text,
    pub target: Text,
    pub set_at: Moment,
    pub found: Option<(Text, FindingState)>,
    pub note: Option<Text>,
    pub source: Option<String>,
    pub illustrative: bool,
}
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EvaluationPart {
    pub summary: Option<Text>,
    pub published_at: Option<Moment>,
    /// Those who judged, by name once the result is out: they vouch for it.
    pub by: Vec<String>,
    pub reply: Option<Text>,
    pub illustrative: bool,
}
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FactPart {
    pub stage: Stage,
    pub about: Option<String>,
    pub figure: Option<String>,
    pub say: Text,
    pub source: String,
}

/// How far each of the eight stages is, at a moment: a pure reading of the story.
pub fn stages(s: &Story, now: Moment) -> [Fill; 8] {
    let full = |yes: bool, some: bool| {
        if yes {
            Fill::Full
        } else if some {
            Fill::Half
        } else {
            Fill::Empty
        }
    };
    let phases: Vec<Phase> = s.calls.iter().map(|c| c.phase(now)).collect();
    let published = phases.iter().any(|p| !matches!(p, Phase::Draft | Phase::Cancelled));
    let closed = phases
        .iter()
        .any(|p| matches!(p, Phase::Closed | Phase::InReview | Phase::Decided));
    let opened = s.calls.iter().any(|c| c.opened_at.is_some());
    let milestones: Vec<&MilestonePart> = s.undertakings.iter().flat_map(|u| &u.milestones).collect();
    let accepted = milestones
        .iter()
        .filter(|m| m.status == MilestoneStatus::Accepted)
        .count();
    let all_accepted = !milestones.is_empty() && accepted == milestones.len();
    let settled =
        !s.undertakings.is_empty() && s.undertakings.iter().all(|u| u.status == undertakings::Status::Settled);
    let money_begun = s
        .undertakings
        .iter()
        .any(|u| u.money.as_ref().is_some_and(|m| m.paid.minor > 0));
    let evaluated = s.evaluations.iter().any(|e| e.published_at.is_some());
    let mut out = [
        Fill::Full,
        full(closed, published),
        full(opened, closed),
        full(!s.awards.is_empty(), opened),
        full(all_accepted, !milestones.is_empty()),
        full(all_accepted, accepted > 0),
        full(settled, money_begun || all_accepted),
        full(evaluated, !s.evaluations.is_empty()),
    ];
    // The first that is not done is where the programme stands now; a dropped one stands nowhere.
    let stands = !matches!(s.status, PlanStatus::Dropped | PlanStatus::CarriedOver);
    if let Some(i) = out
        .iter()
        .position(|f| *f != Fill::Full)
        .filter(|_| stands && s.status != PlanStatus::Done)
    {
        out[i] = Fill::Now;
    }
    out
}
impl Story {
    /// Whether anything told here is made up.
    pub fn holds_illustrative(&self) -> bool {
        self.illustrative
            || self.calls.iter().any(|c| c.illustrative)
            || self.awards.iter().any(|a| a.illustrative)
            || self.undertakings.iter().any(|u| u.illustrative)
            || self.evaluations.iter().any(|e| e.illustrative)
    }
}
