//! Needs to offers (R49-R51): values from a stated scoring, the exact solver of `matching`, and for every pair a
//! reason that people understand. Pure: the same call, offers and wishes give the same plan on every machine, whatever
//! plan it was worked out from.

use basis::{NeedId, OfferId, Refusal, code};
use matching::{Answer, Certificate, Options, Pair, Problem, Status};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::call::{Call, Need};
use crate::fair::Fair;
pub use crate::scoring::{ASPECTS, Aspect, Candidate, Marks, Weights};

mod proof;
#[cfg(test)]
pub(crate) mod tests;
mod ties;
mod why;
pub(crate) use proof::answer_of;
pub use proof::{Proof, ProofNeed, ProofOffer, ProofPair, proof};
use why::{Has, Purse, Reasons};
pub use why::{Passed, Why, WhyNot};

code! {
    pub enum PinKind { Lock => "lock", Forbid => "forbid" }
}
/// What an officer fixes before solving again: exactly so many units, or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    pub offer: OfferId,
    pub need: NeedId,
    pub kind: PinKind,
    pub units: i64,
}

/// One pair of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub offer: OfferId,
    pub need: NeedId,
    pub units: i64,
    pub value: i64,
    pub why: Why,
}
code! {
    /// Why a need stays below its minimum.
    pub enum Cause {
        /// Nobody offers for it.
        NoOffer => "no-offer",
        /// All who offer for it together have too little.
        TooLittle => "too-little",
        /// They have enough, but an officer took out or fixed so much that the rest is too little.
        TakenOut => "taken-out",
        /// What they have is needed more elsewhere, fixed there, or beyond what they give in all.
        NeededElsewhere => "needed-elsewhere",
        /// They have enough, but the fairness that was chosen leaves it so.
        Fair => "fair",
    }
}
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortfall {
    pub need: NeedId,
    pub missing: i64,
    pub cause: Cause,
}
/// Wishes that cannot hold together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "kebab-case")]
pub enum Fault {
    /// More locked for an offer than it has.
    OfferOver { offer: OfferId, locked: i64, has: i64 },
    /// More locked for a need than it takes.
    NeedOver { need: NeedId, locked: i64, most: i64 },
    /// A locked pair that nobody offered, or more than was offered.
    NotOffered {
        offer: OfferId,
        need: NeedId,
        locked: i64,
        offered: i64,
    },
    /// What is locked leaves no room for what the plan aims at.
    Aim,
    /// The solver found that something else does not fit.
    Other,
}

/// Prices to start again from, and to let anybody check the proof.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prices {
    pub weight: String,
    pub offers: BTreeMap<OfferId, String>,
    pub needs: BTreeMap<NeedId, String>,
}

/// What came out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub lines: Vec<Line>,
    pub marks: BTreeMap<OfferId, Marks>,
    pub objective: String,
    pub weighted_unmet: String,
    /// True only if the separate checker agreed that nothing better exists.
    pub proved: bool,
    pub short: Vec<Shortfall>,
    /// Not empty: there is no plan, and this is why.
    pub faults: Vec<Fault>,
    pub prices: Prices,
    /// Offers whose makers give fewer units in all than they offer over the needs, and how many.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub limits: BTreeMap<OfferId, i64>,
    /// Offers that are counted in several units of measure with limits of their own, part by part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// Where the marks for a need are others than those of the offer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub marks_at: BTreeMap<OfferId, BTreeMap<NeedId, Marks>>,
    /// Where not the greatest value was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fair: Option<Fair>,
    /// The offers in the order in which they were handed in, where it decided among equals: not in plans from before it did,
    /// in those that are not proved, nor where fairness decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<OfferId>,
    /// How many of the panel's scores were in when this was worked out; none where no panel sits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scores: Option<Scores>,
}
/// How many of a panel's members have handed in their scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scores {
    pub handed_in: usize,
    pub seats: usize,
}
/// The needs of an offer that are counted in one unit of measure, what can be given to them in all, and what one unit more
/// would be worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub offer: OfferId,
    pub needs: Vec<NeedId>,
    pub capacity: i64,
    pub price: String,
}
impl Outcome {
    /// The marks of an offer for one need.
    pub fn mark(&self, offer: OfferId, need: NeedId) -> Option<&Marks> {
        let own = self.marks_at.get(&offer).and_then(|m| m.get(&need));
        own.or_else(|| self.marks.get(&offer))
    }
    fn part_of(&self, offer: OfferId, need: NeedId) -> Option<&Part> {
        self.parts.iter().find(|p| p.offer == offer && p.needs.contains(&need))
    }
    /// What the plan gives of one pair.
    pub fn units(&self, offer: OfferId, need: NeedId) -> i64 {
        let of = |l: &&Line| (l.offer, l.need) == (offer, need);
        self.lines.iter().find(of).map_or(0, |l| l.units)
    }
    /// Only what it stands on: without an allocation.
    pub(crate) fn bare(self) -> Outcome {
        Outcome {
            marks: self.marks,
            marks_at: self.marks_at,
            ..Outcome::default()
        }
    }
    /// What the plan gives to one offer, by need.
    pub fn given(&self, offer: OfferId) -> Vec<(NeedId, i64)> {
        self.lines
            .iter()
            .filter(|l| l.offer == offer)
            .map(|l| (l.need, l.units))
            .collect()
    }
}

/// What a plan stands on, as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    Same,
    /// The short list is another, or somebody's offer came or went.
    OtherOffers,
    OtherMarks,
}
impl Outcome {
    /// Whether the plan would be worked out from the same offers and marks now.
    pub fn ground(&self, call: &Call, needs: &[Need], candidates: &[Candidate]) -> Ground {
        let marks: Vec<Marks> = candidates.iter().map(|c| c.marks(call)).collect();
        let now: BTreeMap<OfferId, Marks> = candidates.iter().zip(&marks).map(|(c, m)| (c.offer, *m)).collect();
        if !now.keys().eq(self.marks.keys()) {
            Ground::OtherOffers
        } else if now != self.marks || marks_by_need(needs, candidates, &marks) != self.marks_at {
            Ground::OtherMarks
        } else {
            Ground::Same
        }
    }
}
/// Where a need's own field makes other marks than the call's.
fn marks_by_need(
    needs: &[Need],
    candidates: &[Candidate],
    marks: &[Marks],
) -> BTreeMap<OfferId, BTreeMap<NeedId, Marks>> {
    let needs: HashMap<NeedId, &Need> = needs.iter().map(|n| (n.id, n)).collect();
    let mut out: BTreeMap<OfferId, BTreeMap<NeedId, Marks>> = BTreeMap::new();
    for (c, own) in candidates.iter().zip(marks) {
        for need in c.lines.iter().filter_map(|l| needs.get(&l.0)) {
            let at = c.marks_at(own, need);
            if at != *own {
                out.entry(c.offer).or_default().insert(need.id, at);
            }
        }
    }
    out
}

/// The best plan for these wishes; from an earlier outcome when there is one, which is much quicker.
///
/// # Errors
/// A refusal when the numbers are beyond exact arithmetic. Wishes that cannot hold together are an outcome with faults.
pub fn allocate(
    call: &Call,
    needs: &[Need],
    candidates: &[Candidate],
    weights: &Weights,
    pins: &[Pin],
    earlier: Option<&Outcome>,
) -> Result<Outcome, Refusal> {
    let asked = Asked::new(call, needs, candidates, weights, pins);
    let faults = asked.faults(pins);
    if !faults.is_empty() {
        return Ok(Outcome {
            faults,
            marks: asked.marks_by_offer(),
            marks_at: asked.marks_by_need(),
            ..Default::default()
        });
    }
    let options = Options::default();
    let answer = match earlier.filter(|e| e.faults.is_empty()) {
        Some(e) => matching::resolve(&asked.problem, &asked.earlier(e), &options),
        None => matching::solve(&asked.problem, &options),
    };
    match answer {
        Ok(mut a) => {
            let first = ties::first_of_equals(&asked.problem, &a);
            let decided = first.is_some();
            a.units = first.unwrap_or(a.units);
            Ok(asked.outcome(&a, pins, decided, None))
        }
        Err(matching::Refusal::Conflict(_)) => Ok(Outcome {
            faults: vec![Fault::Other],
            marks: asked.marks_by_offer(),
            marks_at: asked.marks_by_need(),
            ..Default::default()
        }),
        Err(_) => Err(Refusal::page("refusal-allocation-too-large")),
    }
}

/// What one offer, or the part of it that is counted in one unit of measure, puts on the table.
struct Bid {
    offer: OfferId,
    /// Units for a need, and what each is worth there.
    lines: Vec<(NeedId, i64, i64)>,
    capacity: i64,
}
/// The question as the solver and the checker take it; needs and offers in the order given.
fn problem(needs: &[Need], bids: &[Bid], pins: &[Pin]) -> Problem {
    let need_at: HashMap<NeedId, u32> = needs.iter().enumerate().map(|(i, n)| (n.id, i as u32)).collect();
    let pinned: HashMap<(OfferId, NeedId), &Pin> = pins.iter().map(|p| ((p.offer, p.need), p)).collect();
    let mut pairs = Vec::new();
    for (o, bid) in bids.iter().enumerate() {
        for (need, units, value) in &bid.lines {
            let Some(&n) = need_at.get(need) else { continue };
            let (max_units, status) = match pinned.get(&(bid.offer, *need)) {
                Some(p) if p.kind == PinKind::Lock => (p.units, Status::Forced),
                Some(_) => (*units, Status::Forbidden),
                None => (*units, Status::Free),
            };
            pairs.push(Pair {
                offer: o as u32,
                need: n,
                value: *value,
                max_units,
                status,
            });
        }
    }
    let need = |n: &Need| matching::Need {
        min: n.min,
        max: n.max,
        priority: n.priority,
    };
    Problem {
        needs: needs.iter().map(need).collect(),
        offers: bids.iter().map(|b| matching::Offer { capacity: b.capacity }).collect(),
        pairs,
        ..Default::default()
    }
}

/// The question as the solver takes it, and the way back.
pub(crate) struct Asked<'a> {
    pub needs: &'a [Need],
    pub candidates: &'a [Candidate],
    marks: Vec<Marks>,
    weights: Weights,
    pub need_at: HashMap<NeedId, u32>,
    pub problem: Problem,
}
impl<'a> Asked<'a> {
    pub fn new(call: &Call, needs: &'a [Need], candidates: &'a [Candidate], weights: &Weights, pins: &[Pin]) -> Self {
        let need_at: HashMap<NeedId, u32> = needs.iter().enumerate().map(|(i, n)| (n.id, i as u32)).collect();
        let marks: Vec<Marks> = candidates.iter().map(|c| c.marks(call)).collect();
        let bids: Vec<Bid> = candidates
            .iter()
            .zip(&marks)
            .map(|(c, m)| {
                let value = |need: &NeedId| {
                    let need = need_at.get(need).map(|n| &needs[*n as usize]);
                    need.map_or(*m, |n| c.marks_at(m, n)).value(weights)
                };
                Bid {
                    offer: c.offer,
                    lines: c.lines.iter().map(|(n, units)| (*n, *units, value(n))).collect(),
                    capacity: c.capacity(),
                }
            })
            .collect();
        let problem = problem(needs, &bids, pins);
        Asked {
            needs,
            candidates,
            marks,
            weights: *weights,
            need_at,
            problem,
        }
    }
    fn marks_by_offer(&self) -> BTreeMap<OfferId, Marks> {
        self.candidates
            .iter()
            .zip(&self.marks)
            .map(|(c, m)| (c.offer, *m))
            .collect()
    }
    fn marks_by_need(&self) -> BTreeMap<OfferId, BTreeMap<NeedId, Marks>> {
        marks_by_need(self.needs, self.candidates, &self.marks)
    }
    /// Each offer once, as they came in: the parts of one stand together.
    fn order(&self) -> Vec<OfferId> {
        let mut order: Vec<OfferId> = self.candidates.iter().map(|c| c.offer).collect();
        order.dedup();
        order
    }
    /// Whether an offer stands here in parts.
    fn in_parts(&self) -> BTreeSet<OfferId> {
        let mut seen = BTreeSet::new();
        self.candidates
            .iter()
            .map(|c| c.offer)
            .filter(|o| !seen.insert(*o))
            .collect()
    }
    /// Locked pairs that collide, named one by one before the solver is asked.
    pub fn faults(&self, pins: &[Pin]) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut by_offer: HashMap<OfferId, Vec<usize>> = HashMap::new();
        for (at, c) in self.candidates.iter().enumerate() {
            by_offer.entry(c.offer).or_default().push(at);
        }
        // By offer, and by the part of it that is counted in one unit of measure.
        let mut locked_of: BTreeMap<(OfferId, usize), i64> = BTreeMap::new();
        let mut locked_at: BTreeMap<NeedId, i64> = BTreeMap::new();
        for p in pins.iter().filter(|p| p.kind == PinKind::Lock) {
            let parts = by_offer.get(&p.offer).map(Vec::as_slice).unwrap_or_default();
            let line = |at: usize| self.candidates[at].lines.iter().find(|l| l.0 == p.need);
            let part = parts.iter().copied().find(|at| line(*at).is_some());
            let offered = part.and_then(line).map_or(0, |l| l.1);
            let part = part.or(parts.first().copied()).unwrap_or(usize::MAX);
            if p.units > offered {
                faults.push(Fault::NotOffered {
                    offer: p.offer,
                    need: p.need,
                    locked: p.units,
                    offered,
                });
            }
            *locked_of.entry((p.offer, part)).or_default() += p.units;
            *locked_at.entry(p.need).or_default() += p.units;
        }
        for ((offer, part), locked) in locked_of {
            let has = self.candidates.get(part).map_or(0, Candidate::capacity);
            if locked > has {
                faults.push(Fault::OfferOver { offer, locked, has });
            }
        }
        for (need, locked) in locked_at {
            let most = self.need_at.get(&need).map_or(0, |n| self.needs[*n as usize].max);
            if locked > most {
                faults.push(Fault::NeedOver { need, locked, most });
            }
        }
        faults
    }
    /// An earlier outcome in the places of this question: units and prices to start from.
    fn earlier(&self, e: &Outcome) -> Answer {
        let units: HashMap<(OfferId, NeedId), i64> = e.lines.iter().map(|l| ((l.offer, l.need), l.units)).collect();
        let price = |p: Option<&String>| p.and_then(|p| p.parse().ok()).unwrap_or(0);
        Answer {
            units: self
                .problem
                .pairs
                .iter()
                .map(|p| {
                    units
                        .get(&(self.candidates[p.offer as usize].offer, self.needs[p.need as usize].id))
                        .copied()
                        .unwrap_or(0)
                })
                .collect(),
            objective: 0,
            weighted_unmet: 0,
            unmet_min_units: 0,
            bound: 0,
            unmet_bound: 0,
            proved: false,
            searched: false,
            certificate: Certificate {
                weight: e.prices.weight.parse().unwrap_or(0),
                offers: self
                    .candidates
                    .iter()
                    .map(|c| {
                        let part = c.lines.first().and_then(|l| e.part_of(c.offer, l.0));
                        price(part.map(|p| &p.price).or_else(|| e.prices.offers.get(&c.offer)))
                    })
                    .collect(),
                needs: self.needs.iter().map(|n| price(e.prices.needs.get(&n.id))).collect(),
                groups: Vec::new(),
                loads: Vec::new(),
                scale: 1,
                apart: false,
            },
            unmet: Vec::new(),
        }
    }
    /// What comes of an answer; `first` where among equals the first offers came first.
    pub fn outcome(&self, a: &Answer, pins: &[Pin], first: bool, fair: Option<Fair>) -> Outcome {
        let (lines, mut short) = self.lines(a);
        for s in short
            .iter_mut()
            .filter(|s| fair.is_some() && s.cause == Cause::NeededElsewhere)
        {
            s.cause = Cause::Fair;
        }
        let price = |p: Option<&i128>| p.copied().unwrap_or(0).to_string();
        let in_parts = self.in_parts();
        let whole = |c: &Candidate| !in_parts.contains(&c.offer);
        let mut outcome = Outcome {
            lines,
            marks: self.marks_by_offer(),
            marks_at: self.marks_by_need(),
            parts: self
                .candidates
                .iter()
                .enumerate()
                .filter(|(_, c)| !whole(c))
                .map(|(i, c)| Part {
                    offer: c.offer,
                    needs: c.lines.iter().map(|l| l.0).collect(),
                    capacity: c.capacity(),
                    price: price(a.certificate.offers.get(i)),
                })
                .collect(),
            objective: a.objective.to_string(),
            weighted_unmet: a.weighted_unmet.to_string(),
            proved: a.proved,
            short,
            faults: Vec::new(),
            fair,
            limits: self
                .candidates
                .iter()
                .filter(|c| c.most.is_some() && whole(c))
                .map(|c| (c.offer, c.capacity()))
                .collect(),
            prices: Prices {
                weight: a.certificate.weight.to_string(),
                offers: self
                    .candidates
                    .iter()
                    .enumerate()
                    .filter(|(_, c)| whole(c))
                    .map(|(i, c)| (c.offer, price(a.certificate.offers.get(i))))
                    .collect(),
                needs: self
                    .needs
                    .iter()
                    .enumerate()
                    .map(|(i, n)| (n.id, price(a.certificate.needs.get(i))))
                    .collect(),
            },
            order: if first { self.order() } else { Vec::new() },
            scores: None,
        };
        let offered = self
            .candidates
            .iter()
            .flat_map(|c| c.lines.iter().map(|l| (c.offer, *l)));
        let table = outcome.table(offered, &self.weights);
        let reasons = outcome.reasons(&self.weights, pins);
        let whys: Vec<Why> = (outcome.lines.iter())
            .filter_map(|l| {
                let at = table.get(&l.need)?;
                let own = at.iter().position(|h| h.offer == l.offer)?;
                Some(reasons.chosen(at, own))
            })
            .collect();
        for (line, why) in outcome.lines.iter_mut().zip(whys) {
            line.why = why;
        }
        outcome
    }
    /// What the answer gives, need by need, and what stays short; the reasons are put in afterwards.
    fn lines(&self, a: &Answer) -> (Vec<Line>, Vec<Shortfall>) {
        let mut at_need: Vec<Vec<(usize, i64)>> = vec![Vec::new(); self.needs.len()];
        for (at, (pair, &units)) in self.problem.pairs.iter().zip(&a.units).enumerate() {
            at_need[pair.need as usize].push((at, units));
        }
        let mut lines = Vec::new();
        let mut short = Vec::new();
        for (n, pairs) in at_need.iter().enumerate() {
            let need = &self.needs[n];
            for &(at, units) in pairs.iter().filter(|p| p.1 > 0) {
                let pair = &self.problem.pairs[at];
                lines.push(Line {
                    offer: self.candidates[pair.offer as usize].offer,
                    need: need.id,
                    units,
                    value: pair.value,
                    why: Why::Only,
                });
            }
            let got: i64 = pairs.iter().map(|p| p.1).sum();
            if got < need.min {
                let left = |p: &(usize, i64)| match self.problem.pairs[p.0].status {
                    Status::Forbidden => 0,
                    _ => self.problem.pairs[p.0].max_units,
                };
                let offered = self.candidates.iter().flat_map(|c| &c.lines);
                let offered: i64 = offered.filter(|l| l.0 == need.id).map(|l| l.1).sum();
                let cause = if pairs.is_empty() {
                    Cause::NoOffer
                } else if offered < need.min {
                    Cause::TooLittle
                } else if pairs.iter().map(left).sum::<i64>() < need.min {
                    Cause::TakenOut
                } else {
                    Cause::NeededElsewhere
                };
                short.push(Shortfall {
                    need: need.id,
                    missing: need.min - got,
                    cause,
                });
            }
        }
        (lines, short)
    }
}

impl Outcome {
    /// What one unit of an offer is worth at a need.
    fn worth(&self, offer: OfferId, need: NeedId, weights: &Weights) -> i64 {
        self.mark(offer, need).map_or(0, |m| m.value(weights))
    }
    /// The pairs that were offered, by need, with what the plan gives of them.
    fn table(
        &self,
        offered: impl Iterator<Item = (OfferId, (NeedId, i64))>,
        weights: &Weights,
    ) -> HashMap<NeedId, Vec<Has>> {
        let given: HashMap<(OfferId, NeedId), i64> = self.lines.iter().map(|l| ((l.offer, l.need), l.units)).collect();
        let mut table: HashMap<NeedId, Vec<Has>> = HashMap::new();
        for (offer, (need, offered)) in offered.filter(|(o, _)| self.marks.contains_key(o)) {
            table.entry(need).or_default().push(Has {
                offer,
                need,
                offered,
                units: given.get(&(offer, need)).copied().unwrap_or(0),
                value: self.worth(offer, need, weights),
            });
        }
        table
    }
    fn reasons<'a>(&'a self, weights: &'a Weights, pins: &[Pin]) -> Reasons<'a> {
        // By the part of the offer that is counted alike: what is given there leaves the others as they are.
        let mut given: HashMap<Purse, Vec<(NeedId, i64)>> = HashMap::new();
        let parts: HashMap<(OfferId, NeedId), usize> = self
            .parts
            .iter()
            .enumerate()
            .flat_map(|(at, p)| p.needs.iter().map(move |n| ((p.offer, *n), at)))
            .collect();
        for l in &self.lines {
            let purse = (l.offer, parts.get(&(l.offer, l.need)).copied());
            given.entry(purse).or_default().push((l.need, l.units));
        }
        Reasons {
            place: self.order.iter().enumerate().map(|(i, o)| (*o, i)).collect(),
            given,
            parts,
            outcome: self,
            pins: why::by_pair(pins),
            weights,
        }
    }
    /// The pairs that were offered and carry nothing, each with its reason; of those offered that are given, need by need,
    /// the most valuable and then the earliest first.
    pub fn passed(
        &self,
        offered: impl Iterator<Item = (OfferId, (NeedId, i64))>,
        weights: &Weights,
        pins: &[Pin],
    ) -> HashMap<NeedId, Vec<Passed>> {
        let table = self.table(offered, weights);
        let reasons = self.reasons(weights, pins);
        let of = |at: &Vec<Has>| {
            let none = at.iter().enumerate().filter(|(_, h)| h.units == 0);
            let mut out: Vec<Passed> = none
                .map(|(own, h)| Passed {
                    offer: h.offer,
                    need: h.need,
                    offered: h.offered,
                    value: h.value,
                    why: reasons.passed(at, own),
                })
                .collect();
            let place = |p: &Passed| reasons.place.get(&p.offer).copied();
            out.sort_by_cached_key(|p| (std::cmp::Reverse(p.value), place(p), p.offer));
            out
        };
        table.iter().map(|(need, at)| (*need, of(at))).collect()
    }
}
