//! A plan as its readers see it: those inside all of it, everybody else once it is published, and of the panel's scores
//! nothing before the call is decided. One place for page, API and file, so that they cannot differ.

use std::collections::{BTreeMap, HashMap};

use access::{House, Thing, Viewer};
use basis::{AllocationId, CallId, Fail, Moment, NeedId, OfferId, Refusal};
use serde::Serialize;
use store::Query;

use crate::allocate::{
    Beyond, Fault, Marks, Outcome, Passed, Pin, PinKind, Proof, Scores, Shortfall, Weights, Why, proof,
};
use crate::call::{Call, CallStatus, Need};
use crate::fair::{Fair, Wish};
use crate::panel::Seat;
use crate::plans::{Plan, PlanStatus};
use crate::review::looked_at;
use crate::store as sql;
use crate::terms::Kept;

/// Who serves which need with how many units, and as far as it may be told, why.
#[derive(Clone, Debug, Serialize)]
pub struct ToldLine {
    pub offer: OfferId,
    pub need: NeedId,
    pub units: i64,
    /// An officer fixed it by hand.
    pub locked: bool,
    /// In thousandths; it holds the panel's mean.
    pub value: Option<i64>,
    pub why: Option<Why>,
}
/// A plan as one viewer may read it.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    pub id: AllocationId,
    pub number: i64,
    pub status: PlanStatus,
    pub made_at: Moment,
    pub published_at: Option<Moment>,
    pub weights: Weights,
    /// What an officer locked or forbade.
    pub pins: Vec<Pin>,
    pub lines: Vec<ToldLine>,
    pub short: Vec<Shortfall>,
    pub faults: Vec<Fault>,
    pub proved: bool,
    /// Where not the greatest value was asked for; its values only where scores are told.
    pub fair: Option<Wish>,
    /// Value given up for it, and what the plan of greatest value comes to.
    pub fair_beside: Option<Fair>,
    pub weighted_unmet: String,
    /// Every possibility was looked at and nothing better exists, though the prices alone do not show it.
    pub searched: bool,
    /// Where neither holds, what no plan goes beyond; none while values are not told.
    pub bound: Option<Beyond>,
    /// Limits of groups, budget and exclusions that the plan keeps, with what was reached of each.
    pub terms: Kept,
    /// Total value; none while the panel's scores are not told.
    pub objective: Option<String>,
    pub marks: Option<BTreeMap<OfferId, Marks>>,
    /// Where the marks for a need are others than those of the offer.
    pub marks_at: Option<BTreeMap<OfferId, BTreeMap<NeedId, Marks>>>,
    /// For those inside: what was left of what makers give in all, for the needs that are counted alike.
    #[serde(skip)]
    pub left: Vec<Left>,
    /// The question and its prices, for who checks the proof; none while the scores are not told.
    pub proof: Option<Proof>,
    /// The pairs that were offered and carry nothing, each with its reason; with the proof.
    pub passed: Option<Vec<Passed>>,
    /// How many of the panel's scores were in when it was worked out; for those inside.
    pub scores: Option<Scores>,
    pub illustrative: bool,
    /// How many are in now, and whether that lets it be published.
    #[serde(skip)]
    pub scores_now: Option<Scores>,
    #[serde(skip)]
    pub has_ground: Result<(), Refusal>,
    /// The plan as it is kept: for reasons that are looked up, where they are told.
    #[serde(skip)]
    outcome: Outcome,
    #[serde(skip)]
    pub version: i64,
    /// The viewer reads it from inside.
    #[serde(skip)]
    pub inside: bool,
}
/// What two plans differ in before they give anything to anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlike {
    Weights,
    /// What was known of an offer when they were worked out: the panel's scores, promises kept since.
    Scores,
}
/// The terms for everybody before the scores are told. What each offer asks and who made it are open since the opening; who belongs
/// to a group follows from the marks (kept promises, where a maker sits), and is told with them. That is the only reason why
/// members are not listed earlier: what is reached of a limit is told, since it is there to be seen kept, though who belongs may be worked
/// out from it and the lines.
fn before_scores(terms: &Kept) -> Kept {
    let mut terms = terms.clone();
    terms.quotas.iter_mut().for_each(|q| q.offers.clear());
    terms
}
/// What a maker could give to these needs when the plan was worked out; all needs of the offer where none are named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    pub offer: OfferId,
    pub needs: Vec<NeedId>,
    pub units: i64,
}
/// What was offered for some needs, and those of it that carry nothing, with their reasons.
#[derive(Debug, Default)]
pub(crate) struct Others {
    pub offered: HashMap<(OfferId, NeedId), i64>,
    pub passed: HashMap<NeedId, Vec<Passed>>,
}
impl Told {
    /// The marks of an offer for one need.
    pub fn mark(&self, offer: OfferId, need: NeedId) -> Option<&Marks> {
        let own = self.marks_at.as_ref().and_then(|m| m.get(&offer)?.get(&need));
        own.or_else(|| self.marks.as_ref()?.get(&offer))
    }
    /// What was left to give to this need.
    pub fn left_for(&self, offer: OfferId, need: NeedId) -> Option<i64> {
        let here = |l: &&Left| l.offer == offer && (l.needs.is_empty() || l.needs.contains(&need));
        self.left.iter().find(here).map(|l| l.units)
    }
    /// Why the total values of two plans of a call say nothing about which is better; none where they can be compared.
    pub fn unlike(&self, other: &Told) -> Option<Unlike> {
        if self.weights != other.weights {
            return Some(Unlike::Weights);
        }
        let same = |here: &Marks, there: Option<&Marks>| there.is_none_or(|there| here == there);
        let (here, there) = (&self.outcome.marks, &other.outcome.marks);
        let whole = here.iter().all(|(offer, marks)| same(marks, there.get(offer)));
        let parts = self.outcome.marks_at.iter().all(|(offer, at)| {
            let beside = other.outcome.marks_at.get(offer);
            at.iter()
                .all(|(need, marks)| same(marks, beside.and_then(|b| b.get(need))))
        });
        (!whole || !parts).then_some(Unlike::Scores)
    }
    /// There is a certificate, and this reader gets it.
    pub fn proof_told(&self) -> bool {
        self.scored() && self.fair.is_none_or(|f| f.method != crate::fair::Method::Draw)
    }
    /// Values, reasons and proof are told.
    pub fn scored(&self) -> bool {
        self.objective.is_some()
    }
    /// The order of arrival decided among equals; in plans from before it did, nothing is said of it.
    pub(crate) fn by_arrival(&self) -> bool {
        !self.outcome.order.is_empty()
    }
    /// What else was offered for some needs; nothing while values are not told.
    pub(crate) async fn others_at(&self, q: &impl Query, call: CallId, needs: &[NeedId]) -> Result<Others, Fail> {
        if !self.scored() {
            return Ok(Others::default());
        }
        let offered = sql::opened_lines_at(q, call, needs).await?;
        Ok(Others {
            offered: offered.iter().map(|(o, (n, units))| ((*o, *n), *units)).collect(),
            passed: self.outcome.passed(offered.into_iter(), &self.weights, &self.pins),
        })
    }
    /// Needs that get at least their minimum.
    pub fn served(&self, needs: &[Need]) -> usize {
        needs
            .iter()
            .filter(|n| !self.short.iter().any(|s| s.need == n.id))
            .count()
    }
}

/// As the gate asks about it.
pub(crate) fn thing(looked_at: &Thing, id: impl ToString, status: PlanStatus) -> Thing {
    Thing {
        kind: "allocation",
        id: id.to_string(),
        status: Some(basis::Code::code(status)),
        ..looked_at.clone()
    }
}
/// From where a plan is read, and how much of it is asked for.
struct Reading {
    /// Who may read a draft reads from inside.
    inside: bool,
    prove: bool,
}
impl Reading {
    /// # Errors
    /// A denial for who may not read the plan.
    fn of(house: &House, viewer: &Viewer, looked_at: &Thing, plan: &Plan, prove: bool) -> Result<Self, Fail> {
        let as_it_stands = thing(looked_at, plan.id, plan.status);
        house.gate.check(viewer, "allocation.read", &as_it_stands)?;
        let draft = thing(looked_at, plan.id, PlanStatus::Draft);
        let inside = house.gate.may(viewer, "allocation.read", &draft);
        Ok(Reading { inside, prove })
    }
}
/// The plan with its call and needs. `prove` brings the whole question with its prices along.
///
/// # Errors
/// [`Fail::NotFound`] or a denial for who may not read it.
pub async fn told(
    house: &House,
    viewer: &Viewer,
    id: AllocationId,
    prove: bool,
) -> Result<(Call, Vec<Need>, Told), Fail> {
    let q = &house.db;
    let plan = sql::plan(q, id).await?.ok_or(Fail::NotFound)?;
    let call = sql::load(q, plan.call).await?.ok_or(Fail::NotFound)?;
    let seats = sql::seats(q, call.id).await?;
    let looked = looked_at(q, viewer, &call, &seats).await?;
    let reading = Reading::of(house, viewer, &looked, &plan, prove)?;
    let needs = sql::needs(q, call.id).await?;
    let told = tell(house, viewer, &call, &needs, &seats, plan, reading).await?;
    Ok((call, needs, told))
}
/// The published plan of a call, as everybody on its page reads it.
pub(crate) async fn published(
    house: &House,
    viewer: &Viewer,
    call: &Call,
    needs: &[Need],
    seats: &[Seat],
    plan: Plan,
    looked_at: &Thing,
) -> Result<Option<Told>, Fail> {
    match Reading::of(house, viewer, looked_at, &plan, false) {
        Ok(reading) => Ok(Some(tell(house, viewer, call, needs, seats, plan, reading).await?)),
        Err(Fail::Denied(_)) => Ok(None),
        Err(other) => Err(other),
    }
}
async fn tell(
    house: &House,
    viewer: &Viewer,
    call: &Call,
    needs: &[Need],
    seats: &[Seat],
    plan: Plan,
    Reading { inside, prove }: Reading,
) -> Result<Told, Fail> {
    // Of those inside, a member of the panel sees what others scored once their own scores are in, and nothing of offers
    // they stand close to.
    let seat = seats.iter().find(|s| Some(s.account) == viewer.account());
    let free = seat.is_none_or(|s| s.sees_others() && plan.outcome.marks.keys().all(|o| s.reads(*o)));
    let scored = call.status == CallStatus::Decided || (inside && free);
    let (proof, passed) = if scored && prove {
        let (proof, passed) = proved(&house.db, call, needs, &plan).await?;
        (Some(proof), Some(passed))
    } else {
        (None, None)
    };
    let o = plan.outcome;
    let mut left: Vec<Left> = Vec::new();
    if inside {
        left.extend(o.limits.iter().map(|(offer, units)| Left {
            offer: *offer,
            needs: Vec::new(),
            units: *units,
        }));
        left.extend(o.parts.iter().filter(|p| !p.free).map(|p| Left {
            offer: p.offer,
            needs: p.needs.clone(),
            units: p.capacity,
        }));
    }
    let locked = |offer, need| {
        plan.pins
            .iter()
            .any(|p| p.kind == PinKind::Lock && (p.offer, p.need) == (offer, need))
    };
    let lines = o
        .lines
        .iter()
        .map(|l| ToldLine {
            offer: l.offer,
            need: l.need,
            units: l.units,
            locked: locked(l.offer, l.need),
            value: scored.then_some(l.value),
            why: scored.then(|| l.why.clone()),
        })
        .collect();
    Ok(Told {
        id: plan.id,
        number: plan.number,
        status: plan.status,
        made_at: plan.made_at,
        published_at: plan.published_at,
        weights: plan.weights,
        lines,
        pins: plan.pins,
        short: o.short.clone(),
        faults: o.faults.clone(),
        proved: o.proved,
        fair: o.fair.as_ref().map(|f| f.wish),
        fair_beside: o.fair.clone().filter(|_| scored),
        weighted_unmet: o.weighted_unmet.clone(),
        searched: o.searched,
        bound: o.bound.clone().filter(|_| scored),
        terms: if inside || scored {
            o.terms.clone()
        } else {
            before_scores(&o.terms)
        },
        objective: scored.then(|| o.objective.clone()),
        marks: scored.then(|| o.marks.clone()),
        marks_at: scored.then(|| o.marks_at.clone()),
        left,
        proof,
        passed,
        scores: o.scores.filter(|_| inside),
        scores_now: crate::plans::scores(call, seats).filter(|_| inside),
        has_ground: crate::plans::has_ground(call, seats, &o),
        outcome: o,
        illustrative: plan.illustrative,
        version: plan.version,
        inside,
    })
}
async fn proved(q: &impl Query, call: &Call, needs: &[Need], plan: &Plan) -> Result<(Proof, Vec<Passed>), Fail> {
    let offered = sql::opened_lines(q, call.id).await?;
    let pairs = offered.iter().flat_map(|(o, lines)| lines.iter().map(|l| (*o, *l)));
    let mut passed = plan.outcome.passed(pairs, &plan.weights, &plan.pins);
    let in_order = needs.iter().filter_map(|n| passed.remove(&n.id)).flatten().collect();
    Ok((
        proof(needs, &offered, &plan.weights, &plan.pins, &plan.outcome),
        in_order,
    ))
}
