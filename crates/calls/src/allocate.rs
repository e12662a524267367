//! Needs to offers (R49-R51): values from a stated scoring, the exact solver of `matching`, and for every pair a
//! reason that people understand. Pure: the same call, offers and wishes give the same plan on every machine, whatever
//! plan it was worked out from.

use basis::{NeedId, OfferId, Refusal, code};
use matching::{Answer, Certificate, Options, Pair, Problem, Status};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::call::{Call, Need};
use crate::fair::{Bound, Fair};
pub use crate::scoring::{ASPECTS, Aspect, Candidate, Marks, Weights};

mod ties;
mod why;
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

/// A need as the proof names it; its price is what one more place there would be worth.
#[derive(Clone, Debug, Serialize)]
pub struct ProofNeed {
    pub need: NeedId,
    pub min: i64,
    pub max: i64,
    pub priority: i64,
    pub price: String,
}
/// An offer as the proof names it; its price is what one more unit of it would be worth. An offer that is counted in
/// several units of measure with limits of their own stands here once for each, with the needs that are counted so.
#[derive(Clone, Debug, Serialize)]
pub struct ProofOffer {
    pub offer: OfferId,
    pub capacity: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<Vec<NeedId>>,
    pub price: String,
}
/// A pair that may carry units: "free", "forced" to exactly `max_units`, or "forbidden".
#[derive(Clone, Debug, Serialize)]
pub struct ProofPair {
    pub offer: OfferId,
    pub need: NeedId,
    pub value: i64,
    pub max_units: i64,
    pub status: &'static str,
    pub units: i64,
}
/// A plan's certificate with the whole question, so that anybody can check it with a program of their own (the same
/// numbers as `youcheng match` reads), and what our own checker says of it now.
#[derive(Clone, Debug, Serialize)]
pub struct Proof {
    pub holds: bool,
    pub objective: String,
    pub weighted_unmet: String,
    /// What one missing minimum unit of priority 1 costs.
    pub weight: String,
    pub needs: Vec<ProofNeed>,
    pub offers: Vec<ProofOffer>,
    pub pairs: Vec<ProofPair>,
    /// What the chosen fairness asks beside: at least so many units for a need, at most so many of an offer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bounds: Vec<Bound>,
}
/// The bids of a plan that was worked out before, each with its price.
fn bids_kept<'a>(
    offered: &BTreeMap<OfferId, Vec<(NeedId, i64)>>,
    weights: &Weights,
    outcome: &'a Outcome,
) -> (Vec<Bid>, Vec<Option<&'a String>>) {
    let none = Vec::new();
    let bids_of = |offer: &OfferId| -> Vec<(Bid, Option<&'a String>)> {
        let value = |need: NeedId| outcome.mark(*offer, need).map_or(0, |m| m.value(weights));
        let lines: Vec<(NeedId, i64, i64)> = offered
            .get(offer)
            .unwrap_or(&none)
            .iter()
            .map(|(need, units)| (*need, *units, value(*need)))
            .collect();
        let mut parts = outcome.parts.iter().filter(|p| p.offer == *offer).peekable();
        if parts.peek().is_none() {
            let all: i64 = lines.iter().map(|l| l.1).sum();
            let capacity = outcome.limits.get(offer).copied().unwrap_or(all);
            let bid = Bid {
                offer: *offer,
                lines,
                capacity,
            };
            return vec![(bid, outcome.prices.offers.get(offer))];
        }
        let bid = |p: &Part| Bid {
            offer: *offer,
            lines: lines.iter().filter(|l| p.needs.contains(&l.0)).copied().collect(),
            capacity: p.capacity,
        };
        parts.map(|p| (bid(p), Some(&p.price))).collect()
    };
    outcome.marks.keys().flat_map(bids_of).unzip()
}
/// The proof of a plan that was worked out before, from what the plan keeps and what was offered.
pub fn proof(
    needs: &[Need],
    offered: &BTreeMap<OfferId, Vec<(NeedId, i64)>>,
    weights: &Weights,
    pins: &[Pin],
    outcome: &Outcome,
) -> Proof {
    let (bids, prices) = bids_kept(offered, weights, outcome);
    let mut problem = problem(needs, &bids, pins);
    if let Some(fair) = &outcome.fair {
        let at = |o: OfferId| {
            (0..bids.len() as u32)
                .filter(|b| bids[*b as usize].offer == o)
                .collect()
        };
        let need = |id: NeedId| needs.iter().position(|n| n.id == id).map(|n| n as u32);
        problem.groups = fair.groups(at, need);
    }
    let given: HashMap<(OfferId, NeedId), i64> = outcome.lines.iter().map(|l| ((l.offer, l.need), l.units)).collect();
    let of = |p: &Pair| (bids[p.offer as usize].offer, needs[p.need as usize].id);
    let units: Vec<i64> = problem
        .pairs
        .iter()
        .map(|p| given.get(&of(p)).copied().unwrap_or(0))
        .collect();
    let price = |p: Option<&String>| p.cloned().unwrap_or_else(|| "0".to_owned());
    let number = |p: &String| p.parse::<i128>().unwrap_or(0);
    let proof = Proof {
        holds: false,
        objective: outcome.objective.clone(),
        weighted_unmet: outcome.weighted_unmet.clone(),
        weight: outcome.prices.weight.clone(),
        bounds: outcome.fair.as_ref().map(|f| f.bounds.clone()).unwrap_or_default(),
        needs: needs
            .iter()
            .map(|n| ProofNeed {
                need: n.id,
                min: n.min,
                max: n.max,
                priority: n.priority,
                price: price(outcome.prices.needs.get(&n.id)),
            })
            .collect(),
        offers: bids
            .iter()
            .zip(prices)
            .map(|(b, p)| ProofOffer {
                offer: b.offer,
                capacity: b.capacity,
                needs: outcome
                    .parts
                    .iter()
                    .any(|p| p.offer == b.offer)
                    .then(|| b.lines.iter().map(|l| l.0).collect()),
                price: price(p),
            })
            .collect(),
        pairs: problem
            .pairs
            .iter()
            .zip(&units)
            .map(|(p, units)| ProofPair {
                offer: of(p).0,
                need: of(p).1,
                value: p.value,
                max_units: p.max_units,
                status: match p.status {
                    Status::Free => "free",
                    Status::Forced => "forced",
                    Status::Forbidden => "forbidden",
                },
                units: *units,
            })
            .collect(),
    };
    let bounds = outcome.fair.iter().flat_map(|f| &f.bounds);
    let certificate = Certificate {
        weight: number(&proof.weight),
        offers: proof.offers.iter().map(|o| number(&o.price)).collect(),
        needs: proof.needs.iter().map(|n| number(&n.price)).collect(),
        groups: bounds.map(|b| number(&b.price)).collect(),
        loads: Vec::new(),
        scale: 1,
        apart: false,
    };
    let holds = matching::check::totals(&problem, &units).is_ok_and(|t| {
        let answer = Answer {
            units,
            objective: t.objective,
            weighted_unmet: t.weighted_unmet,
            unmet_min_units: t.unmet_min_units,
            bound: t.objective,
            unmet_bound: t.weighted_unmet,
            proved: false,
            searched: false,
            certificate,
            unmet: Vec::new(),
        };
        t.objective.to_string() == proof.objective && matching::check::check(&problem, &answer).is_ok()
    });
    Proof { holds, ..proof }
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

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::call::tests::{draft, need};
    use basis::{Day, Field, Id, Lang};
    use proptest::prelude::*;

    pub(crate) fn candidate(name: &str, mean: i64, lines: &[(&str, i64)]) -> Candidate {
        Candidate {
            offer: Id::named(name),
            mean: Some(mean),
            starts: Day::constant(2027, 1, 1),
            ends: Day::constant(2027, 12, 31),
            languages: vec!["zh-Hans".into()],
            kept: 0,
            late: 0,
            broken: 0,
            fields: Vec::new(),
            near: None,
            most: None,
            lines: lines.iter().map(|(n, u)| (Id::named(n), *u)).collect(),
        }
    }
    fn units(o: &Outcome, offer: &str, need: &str) -> i64 {
        o.lines
            .iter()
            .find(|l| l.offer == Id::named(offer) && l.need == Id::named(need))
            .map_or(0, |l| l.units)
    }
    #[test]
    fn marks_follow_the_stated_formulas() {
        let mut call = draft();
        call.languages = vec![Lang::zh(), "de".parse().unwrap()];
        let mut c = candidate("a", 865, &[("n", 1)]);
        (c.starts, c.kept, c.late, c.broken) = (Day::constant(2027, 7, 2), 3, 1, 0);
        let m = c.marks(&call);
        assert_eq!((m.panel, m.dates, m.languages, m.promises), (865, 501, 500, 750));
        assert_eq!(
            candidate("b", 0, &[]).marks(&draft()).promises,
            500,
            "who is new stands in the middle"
        );
        assert_eq!(
            (m.skills, m.place),
            (500, 1000),
            "nothing registered, and no district named"
        );
        assert_eq!(
            m.value(&Weights::default()),
            (865 * 60 + 500 * 5 + 501 * 10 + 500 * 10 + 1000 * 5 + 750 * 10) / 100
        );
        call.district = Some(Id::named("wulong"));
        (c.fields, c.near) = (vec![Field::Culture], Some(false));
        let m = c.marks(&call);
        assert_eq!((m.skills, m.place), (1000, 0));
        let old: Weights = serde_json::from_str(r#"{"panel":60,"dates":15,"languages":10,"promises":15}"#).unwrap();
        assert!(
            old.check().is_ok(),
            "weights stated before there were skills and places hold"
        );
        assert_eq!(m.value(&old), (865 * 60 + 501 * 15 + 500 * 10 + 750 * 15) / 100);
    }
    #[test]
    fn nobody_is_given_more_than_they_have_in_all() {
        let needs = [need("x", 0, 9, 5), need("y", 0, 9, 5)];
        let all = candidate("a", 900, &[("x", 6), ("y", 6)]);
        let some = Candidate {
            most: Some(7),
            ..all.clone()
        };
        let w = Weights::default();
        let sum = |o: &Outcome| o.lines.iter().map(|l| l.units).sum::<i64>();
        assert_eq!(sum(&allocate(&draft(), &needs, &[all], &w, &[], None).unwrap()), 12);
        let out = allocate(&draft(), &needs, std::slice::from_ref(&some), &w, &[], None).unwrap();
        assert_eq!(
            (sum(&out), out.proved, out.limits.get(&Id::named("a"))),
            (7, true, Some(&7))
        );
        let offered = BTreeMap::from([(some.offer, some.lines.clone())]);
        assert!(proof(&needs, &offered, &w, &[], &out).holds);
        let spent = Candidate { most: Some(-2), ..some };
        let out = allocate(&draft(), &needs, &[spent], &w, &[], None).unwrap();
        assert_eq!((sum(&out), out.proved), (0, true), "given elsewhere already");
    }
    #[test]
    fn an_offer_in_parts_gives_of_each_what_is_left_of_it() {
        let needs = [need("x", 0, 9, 5), need("y", 0, 9, 5), need("z", 0, 9, 5)];
        let part = |lines: &[(&str, i64)], most| Candidate {
            most,
            ..candidate("a", 900, lines)
        };
        let split = [part(&[("x", 6), ("y", 6)], Some(4)), part(&[("z", 5)], None)];
        let w = Weights::default();
        let out = allocate(&draft(), &needs, &split, &w, &[], None).unwrap();
        assert_eq!(units(&out, "a", "x") + units(&out, "a", "y"), 4);
        assert_eq!((units(&out, "a", "z"), out.proved, out.parts.len()), (5, true, 2));
        let all = vec![(Id::named("x"), 6), (Id::named("y"), 6), (Id::named("z"), 5)];
        let offered = BTreeMap::from([(Id::named("a"), all)]);
        assert!(proof(&needs, &offered, &w, &[], &out).holds);
        let pin = |need: &str, units| Pin {
            offer: Id::named("a"),
            need: Id::named(need),
            kind: PinKind::Lock,
            units,
        };
        let over = allocate(&draft(), &needs, &split, &w, &[pin("x", 3), pin("y", 2)], Some(&out)).unwrap();
        assert_eq!(
            over.faults,
            [Fault::OfferOver {
                offer: Id::named("a"),
                locked: 5,
                has: 4
            }]
        );
        let fits = allocate(&draft(), &needs, &split, &w, &[pin("x", 3), pin("z", 5)], Some(&out)).unwrap();
        assert_eq!((fits.proved, units(&fits, "a", "y")), (true, 1));
    }
    #[test]
    fn parts_of_an_offer_come_when_it_came_and_their_reasons_keep_to_the_part() {
        // Hours at x and y, rooms at z; the earlier maker has little left of the hours and all of the rooms.
        let needs = [need("x", 0, 6, 5), need("y", 0, 6, 5), need("z", 0, 4, 5)];
        let part = |name: &str, lines: &[(&str, i64)], most| Candidate {
            most,
            ..candidate(name, 500, lines)
        };
        let late = || part("late", &[("x", 6), ("y", 6), ("z", 4)], None);
        let early = || {
            [
                part("early", &[("x", 6), ("y", 6)], Some(4)),
                part("early", &[("z", 4)], Some(9)),
            ]
        };
        let w = Weights::default();
        let [hours, rooms] = early();
        let all = [hours, rooms, late()];
        let out = allocate(&draft(), &needs, &all, &w, &[], None).unwrap();
        let of = |o: &Outcome, name: &str| ["x", "y", "z"].map(|n| units(o, name, n));
        assert_eq!((of(&out, "early"), of(&out, "late")), ([4, 0, 4], [2, 6, 0]));
        assert_eq!(out.order, [Id::named("early"), Id::named("late")]);
        let why = |offer: &str, need: &str| {
            let line = out
                .lines
                .iter()
                .find(|l| (l.offer, l.need) == (Id::named(offer), Id::named(need)));
            line.map(|l| l.why.clone())
        };
        let (early_id, late_id) = (Id::named("early"), Id::named("late"));
        assert_eq!(why("early", "z"), Some(Why::Earlier { than: late_id }));
        assert_eq!(
            why("late", "y"),
            Some(Why::OtherNeeded {
                other: early_id,
                by: 0,
                at: Some(needs[0].id)
            }),
            "its hours are used up, its rooms are not asked"
        );
        let offered = all.iter().flat_map(|c| c.lines.iter().map(|l| (c.offer, *l)));
        let passed = out.passed(offered, &w, &[]);
        assert_eq!(passed[&needs[1].id][0].why, WhyNot::Elsewhere { at: needs[0].id });
        assert_eq!(passed[&needs[2].id][0].why, WhyNot::Later { than: early_id });
        // Whoever was locked before, it is the same plan.
        let pin = Pin {
            offer: late_id,
            need: needs[2].id,
            kind: PinKind::Lock,
            units: 3,
        };
        let locked = allocate(&draft(), &needs, &all, &w, &[pin], Some(&out)).unwrap();
        assert_eq!(units(&locked, "early", "z"), 1);
        let free = allocate(&draft(), &needs, &all, &w, &[], Some(&locked)).unwrap();
        assert_eq!(free.lines, out.lines);
        // The same the other way round.
        let [hours, rooms] = early();
        let turned = allocate(&draft(), &needs, &[late(), hours, rooms], &w, &[], None).unwrap();
        assert_eq!((of(&turned, "early"), of(&turned, "late")), ([0; 3], [6, 6, 4]));
    }
    #[test]
    fn a_plan_stands_on_the_marks_for_each_need() {
        let call = draft();
        let mut needs = [need("x", 0, 4, 5), need("y", 0, 4, 5)];
        needs[1].field = Some(if call.field == Field::Health {
            Field::Culture
        } else {
            Field::Health
        });
        let offers = [Candidate {
            fields: vec![call.field],
            ..candidate("a", 500, &[("x", 1), ("y", 1)])
        }];
        let out = allocate(&call, &needs, &offers, &Weights::default(), &[], None).unwrap();
        assert_eq!(out.marks_at.len(), 1);
        assert!(out.lines[0].value > out.lines[1].value);
        assert_eq!(out.ground(&call, &needs, &offers), Ground::Same);
        let more = [Candidate {
            fields: vec![call.field, needs[1].field.unwrap()],
            ..offers[0].clone()
        }];
        assert_eq!(out.ground(&call, &needs, &more), Ground::OtherMarks);
        assert_eq!(out.ground(&call, &needs, &[]), Ground::OtherOffers);
    }
    #[test]
    fn the_proof_can_be_checked_by_anybody_and_by_nobody_falsified() {
        let needs = [need("x", 1, 1, 5), need("y", 1, 2, 5)];
        let both = candidate("a", 900, &[("x", 1), ("y", 2)]);
        let one = candidate("b", 700, &[("x", 1)]);
        let offered = BTreeMap::from([(both.offer, both.lines.clone()), (one.offer, one.lines.clone())]);
        let w = Weights::default();
        let out = allocate(&draft(), &needs, &[both, one], &w, &[], None).unwrap();
        let told = proof(&needs, &offered, &w, &[], &out);
        assert!(told.holds);
        assert_eq!((told.needs.len(), told.offers.len(), told.pairs.len()), (2, 2, 3));
        let mut worse = out.clone();
        worse.lines.remove(0);
        assert!(
            !proof(&needs, &offered, &w, &[], &worse).holds,
            "not what the units add up to"
        );
        worse.objective = worse.lines.iter().map(|l| l.units * l.value).sum::<i64>().to_string();
        assert!(
            !proof(&needs, &offered, &w, &[], &worse).holds,
            "and not the best either"
        );
    }
    #[test]
    fn a_plan_says_why() {
        let needs = [need("x", 1, 1, 5), need("y", 1, 1, 5)];
        let both = candidate("a", 900, &[("x", 1), ("y", 1)]);
        let one = candidate("b", 700, &[("x", 1)]);
        let out = allocate(&draft(), &needs, &[both, one], &Weights::default(), &[], None).unwrap();
        assert!(out.proved && out.short.is_empty());
        // a can do both: it is best at x, and alone at y.
        assert_eq!((units(&out, "a", "x"), units(&out, "a", "y")), (1, 1));
        assert_eq!(
            out.lines[0].why,
            Why::Best {
                over: Id::named("b"),
                by: 120,
                most: Some(Aspect::Panel)
            }
        );
        assert_eq!(out.lines[1].why, Why::Only);
    }
    #[test]
    fn an_officer_locks_and_solves_again() {
        let needs = [need("x", 1, 1, 5), need("z", 2, 4, 1)];
        let offers = [candidate("a", 900, &[("x", 1)]), candidate("b", 700, &[("x", 1)])];
        let w = Weights::default();
        let first = allocate(&draft(), &needs, &offers, &w, &[], None).unwrap();
        assert_eq!(
            first.short,
            [Shortfall {
                need: Id::named("z"),
                missing: 2,
                cause: Cause::NoOffer
            }]
        );
        let pin = |kind, offer: &str, units| Pin {
            offer: Id::named(offer),
            need: Id::named("x"),
            kind,
            units,
        };
        let locked = allocate(
            &draft(),
            &needs,
            &offers,
            &w,
            &[pin(PinKind::Lock, "b", 1)],
            Some(&first),
        )
        .unwrap();
        assert_eq!(
            (units(&locked, "a", "x"), units(&locked, "b", "x"), locked.proved),
            (0, 1, true)
        );
        assert_eq!(locked.lines[0].why, Why::Locked);
        let forbidden = allocate(
            &draft(),
            &needs,
            &offers,
            &w,
            &[pin(PinKind::Forbid, "a", 0)],
            Some(&locked),
        )
        .unwrap();
        assert_eq!(units(&forbidden, "b", "x"), 1);
        let both = [pin(PinKind::Lock, "a", 1), pin(PinKind::Lock, "b", 1)];
        let none = allocate(&draft(), &needs, &offers, &w, &both, Some(&first)).unwrap();
        assert_eq!(
            none.faults,
            [Fault::NeedOver {
                need: Id::named("x"),
                locked: 2,
                most: 1
            }]
        );
        assert!(none.lines.is_empty());
    }
    /// As an officer did it: three equal offers; one is locked, worked out again, set free, worked out again.
    #[test]
    fn the_order_of_arrival_decides_and_no_lock_leaves_a_trace() {
        let needs = [need("x", 0, 120, 5)];
        let offers = ["rhine", "jialing", "jiang"].map(|n| candidate(n, 500, &[("x", 60)]));
        let w = Weights::default();
        let cold = allocate(&draft(), &needs, &offers, &w, &[], None).unwrap();
        let all = |o: &Outcome| ["rhine", "jialing", "jiang"].map(|n| units(o, n, "x"));
        assert_eq!(all(&cold), [60, 60, 0]);
        assert_eq!(
            cold.lines[0].why,
            Why::Earlier {
                than: Id::named("jiang")
            }
        );
        let pin = Pin {
            offer: Id::named("jiang"),
            need: Id::named("x"),
            kind: PinKind::Lock,
            units: 50,
        };
        let locked = allocate(&draft(), &needs, &offers, &w, &[pin], Some(&cold)).unwrap();
        assert_eq!(all(&locked), [60, 10, 50]);
        let free = allocate(&draft(), &needs, &offers, &w, &[], Some(&locked)).unwrap();
        assert_eq!(free.lines, cold.lines);
        let passed = free.passed(offers.iter().map(|c| (c.offer, c.lines[0])), &w, &[]);
        assert_eq!(
            passed[&needs[0].id],
            [Passed {
                offer: Id::named("jiang"),
                need: needs[0].id,
                offered: 60,
                value: cold.lines[0].value,
                why: WhyNot::Later {
                    than: Id::named("jialing")
                }
            }]
        );
    }
    #[test]
    fn reasons_tell_what_an_officer_fixed_from_what_is_used_elsewhere_and_what_is_spent() {
        let needs = [need("x", 0, 40, 5), need("y", 0, 40, 5)];
        let own = candidate("own", 500, &[("x", 40)]);
        let rival = candidate("rival", 900, &[("x", 80), ("y", 40)]);
        let w = Weights::default();
        let pin = |need: &str, kind, units| Pin {
            offer: Id::named("rival"),
            need: Id::named(need),
            kind,
            units,
        };
        let why = |rival: Candidate, pins: &[Pin]| {
            let offers = [own.clone(), rival];
            let out = allocate(&draft(), &needs, &offers, &w, pins, None).unwrap();
            let offered = offers.iter().flat_map(|c| c.lines.iter().map(|l| (c.offer, *l)));
            let mut passed = out.passed(offered, &w, pins);
            let own = out.lines.iter().find(|l| l.offer == Id::named("own"));
            let not = passed.remove(&needs[0].id).unwrap_or_default();
            (
                own.map(|l| l.why.clone()),
                not.into_iter().map(|p| p.why).collect::<Vec<_>>(),
            )
        };
        let held = |forbidden, locked| {
            Some(Why::OthersHeld {
                forbidden,
                locked,
                full: false,
            })
        };
        let short = |pins: &[Pin]| {
            let needs = [need("x", 50, 90, 5)];
            let out = allocate(&draft(), &needs, &[own.clone(), rival.clone()], &w, pins, None).unwrap();
            out.short.first().map(|s| (s.missing, s.cause))
        };
        assert_eq!(short(&[]), None);
        assert_eq!(short(&[pin("x", PinKind::Forbid, 0)]), Some((10, Cause::TakenOut)));
        assert_eq!(short(&[pin("x", PinKind::Lock, 5)]), Some((5, Cause::TakenOut)));
        let forbidden = why(rival.clone(), &[pin("x", PinKind::Forbid, 0)]);
        assert_eq!(forbidden, (held(true, false), vec![WhyNot::Forbidden]));
        let locked = why(rival.clone(), &[pin("x", PinKind::Lock, 10)]);
        assert_eq!(locked, (held(false, true), vec![]));
        let limited = |most| Candidate {
            most: Some(most),
            ..rival.clone()
        };
        let (other, by, y) = (Id::named("rival"), 240, Id::named("y"));
        assert_eq!(
            why(limited(30), &[pin("y", PinKind::Lock, 30)]),
            (
                Some(Why::OtherLocked { other, by, at: Some(y) }),
                vec![WhyNot::LockedElsewhere { at: y }]
            )
        );
        assert_eq!(
            why(limited(0), &[]),
            (Some(Why::OtherSpent { other, by }), vec![WhyNot::Spent])
        );
        // With room for 40 at y, where it is alone, all the rival has goes there.
        assert_eq!(
            why(limited(40), &[]),
            (
                Some(Why::OtherNeeded { other, by, at: Some(y) }),
                vec![WhyNot::Elsewhere { at: y }]
            )
        );
        let (none, passed) = why(rival.clone(), &[]);
        assert_eq!(
            (none, passed),
            (
                None,
                vec![WhyNot::Less {
                    than: other,
                    by,
                    most: Some(Aspect::Panel)
                }]
            )
        );
    }
    proptest! {
        /// Starting from an earlier plan changes nothing but the time it takes; and no limit is ever broken.
        #[test]
        fn warm_and_cold_agree(
            needs in proptest::collection::vec((0i64..3, 0i64..3, 0i64..9), 1..6),
            offers in proptest::collection::vec((0i64..=1000, proptest::collection::vec((0usize..6, 1i64..4), 0..5)), 1..8),
            changed in 0i64..=1000,
        ) {
            let needs: Vec<Need> = needs.iter().enumerate().map(|(i, (min, more, priority))| need(&i.to_string(), *min, min + more, *priority)).collect();
            let candidates: Vec<Candidate> = offers.iter().enumerate().map(|(i, (mean, lines))| {
                let mut lines: Vec<(NeedId, i64)> = lines.iter().filter_map(|(n, u)| needs.get(*n).map(|n| (n.id, *u))).collect();
                lines.sort();
                lines.dedup_by_key(|l| l.0);
                Candidate { lines, ..candidate(&i.to_string(), *mean, &[]) }
            }).collect();
            let w = Weights::default();
            let first = allocate(&draft(), &needs, &candidates, &w, &[], None).unwrap();
            prop_assert!(first.proved);
            for n in &needs { prop_assert!(first.lines.iter().filter(|l| l.need == n.id).map(|l| l.units).sum::<i64>() <= n.max); }
            let mut other = candidates.clone();
            other[0].mean = Some(changed);
            let warm = allocate(&draft(), &needs, &other, &w, &[], Some(&first)).unwrap();
            let cold = allocate(&draft(), &needs, &other, &w, &[], None).unwrap();
            prop_assert_eq!((&warm.objective, &warm.weighted_unmet, warm.proved), (&cold.objective, &cold.weighted_unmet, true));
            prop_assert_eq!(&warm.lines, &cold.lines, "among equals the same plan, with the same reasons");
        }
    }
}
