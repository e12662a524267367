//! Needs to offers (R49-R51): values from a stated scoring, the exact solver of `matching`, and for every pair a
//! reason that people understand. Pure: the same call, offers and wishes give the same plan on every machine, whatever
//! plan it was worked out from.

use basis::{NeedId, OfferId, Refusal, code};
use matching::{Answer, Certificate, Limit, Options, Pair, Problem, Status};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::call::{Call, Need};
use crate::fair::Fair;
pub use crate::scoring::{ASPECTS, Aspect, Candidate, Marks, Weights};
use crate::terms::{Kept, Term, Terms};

mod proof;
#[cfg(test)]
pub(crate) mod tests;
mod ties;
mod why;
pub(crate) use proof::answer_of;
pub use proof::{Proof, ProofGroup, ProofNeed, ProofOffer, ProofPair, proof};
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
        /// They have enough, but limits of groups, the budget or an exclusion keep it back.
        Terms => "terms",
    }
}
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortfall {
    pub need: NeedId,
    pub missing: i64,
    pub cause: Cause,
    /// Which terms of the plan keep it back, or are among what does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<Term>,
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
    /// A limit asks for more than all whom it counts can give here.
    TermOver { term: Term, has: i64 },
    /// These terms cannot hold together, with what is locked.
    Terms {
        terms: Vec<Term>,
        locked: Vec<(OfferId, NeedId)>,
    },
    /// The solver found that something else does not fit.
    Other,
}

/// Prices to start again from, and to let anybody check the proof.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prices {
    pub weight: String,
    pub offers: BTreeMap<OfferId, String>,
    pub needs: BTreeMap<NeedId, String>,
    /// Of the plan's limits of groups, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Prices are in this fraction of a value, where terms need finer ones than whole values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<i64>,
    /// Whether each offer's own limit is looked at offer by offer instead of by its price.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
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
    /// Limits of groups, budget and exclusions that it keeps, with what was reached.
    #[serde(default, skip_serializing_if = "Kept::is_empty")]
    pub terms: Kept,
    /// Every possibility was looked at and nothing better exists, though the prices alone do not show it: only where terms
    /// hold that a flow cannot carry.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub searched: bool,
    /// Where nobody has shown that nothing better exists, how much better it could be: not in plans from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<Beyond>,
}
/// What no plan within the same limits goes beyond, where the time ran out before the best was found or shown to be it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beyond {
    /// No plan misses fewer units, weighed by priority.
    pub weighted_unmet: String,
    /// No plan that misses as many as this one is worth more, in thousandths.
    pub objective: String,
}
impl Beyond {
    fn of(a: &Answer) -> Option<Self> {
        (!a.proved && !a.searched).then(|| Beyond {
            weighted_unmet: a.unmet_bound.to_string(),
            objective: a.bound.to_string(),
        })
    }
    /// How far a plan of this value is from it at most, in thousandths of a percent, rounded up.
    pub fn short_of(&self, objective: &str) -> Option<i64> {
        let (bound, value) = (self.objective.parse::<i128>().ok()?, objective.parse::<i128>().ok()?);
        let more = bound.checked_sub(value)?.max(0).checked_mul(100_000)?;
        i64::try_from((more + bound.abs().max(1) - 1) / bound.abs().max(1)).ok()
    }
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
    /// Without a limit of its maker's: it stands apart only because a limit of a group counts it so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub free: bool,
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
            terms: self.terms,
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
    /// Somebody belongs to a group that a limit counts, and did not, or the other way round.
    OtherGroups,
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
        } else if !self
            .terms
            .same_ground(&self.terms.terms().kept(call, needs, candidates))
        {
            Ground::OtherGroups
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

/// Everything that a plan is worked out from.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub call: &'a Call,
    pub needs: &'a [Need],
    pub candidates: &'a [Candidate],
    pub weights: &'a Weights,
    pub pins: &'a [Pin],
    pub terms: &'a Terms,
}
/// The best plan for these wishes; from an earlier outcome when there is one, which is much quicker.
///
/// # Errors
/// A refusal when the numbers are beyond exact arithmetic, or `stop` struck before any plan was found. Wishes that cannot hold
/// together are an outcome with faults.
pub fn allocate(
    q: &Question<'_>,
    earlier: Option<&Outcome>,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Outcome, Refusal> {
    let candidates = q.terms.apart(q.needs, q.candidates);
    Asked::new(&Question {
        candidates: &candidates,
        ..*q
    })
    .best(earlier, stop)
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

/// Each bid as its offer and one of the needs it is for: all needs of a bid are counted alike where that matters.
fn places(bids: &[Bid]) -> Vec<(OfferId, Option<NeedId>)> {
    bids.iter().map(|b| (b.offer, b.lines.first().map(|l| l.0))).collect()
}

/// The question as the solver takes it, and the way back.
pub(crate) struct Asked<'a> {
    pub needs: &'a [Need],
    pub candidates: &'a [Candidate],
    marks: Vec<Marks>,
    weights: Weights,
    pub need_at: HashMap<NeedId, u32>,
    pub problem: Problem,
    pins: &'a [Pin],
    terms: Kept,
    /// The term that each rule of the problem stands for.
    of_rule: Vec<Term>,
}
impl<'a> Asked<'a> {
    /// The candidates stand apart by unit of measure where the terms want it: see [`Terms::apart`].
    pub fn new(q: &Question<'a>) -> Self {
        let Question {
            call,
            needs,
            candidates,
            weights,
            pins,
            ..
        } = *q;
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
        let mut problem = problem(needs, &bids, pins);
        let terms = q.terms.kept(call, needs, candidates);
        let of_rule = terms.lay(&mut problem, &places(&bids), needs);
        Asked {
            needs,
            candidates,
            marks,
            weights: *weights,
            need_at,
            problem,
            pins,
            terms,
            of_rule,
        }
    }
    /// The plan of greatest value.
    pub fn best(&self, earlier: Option<&Outcome>, stop: &(dyn Fn() -> bool + Sync)) -> Result<Outcome, Refusal> {
        let faults = self.faults();
        if !faults.is_empty() {
            return Ok(self.faulty(faults));
        }
        let options = Options {
            stop: (!self.terms.is_empty()).then_some(stop),
            ..Options::default()
        };
        // With terms, among equals more may stay of what came before: so that the plan is the same whatever it was worked out
        // from, nothing does.
        let flow = |e: &&Outcome| e.faults.is_empty() && e.terms.is_empty() && self.terms.is_empty();
        let answer = match earlier.filter(flow) {
            Some(e) => matching::resolve(&self.problem, &self.earlier(e), &options),
            None => matching::solve(&self.problem, &options),
        };
        match answer {
            Ok(mut a) => {
                let first = ties::first_of_equals(&self.problem, &a);
                let decided = first.is_some();
                a.units = first.unwrap_or(a.units);
                Ok(self.outcome(&a, decided, None))
            }
            Err(matching::Refusal::Conflict(c)) => Ok(self.faulty(vec![self.conflict(&c)])),
            Err(matching::Refusal::TimeUp) => Err(Refusal::page("refusal-terms-too-long")),
            Err(_) => Err(Refusal::page("refusal-allocation-too-large")),
        }
    }
    /// No plan, and why.
    pub fn faulty(&self, faults: Vec<Fault>) -> Outcome {
        Outcome {
            faults,
            marks: self.marks_by_offer(),
            marks_at: self.marks_by_need(),
            terms: self.terms.clone(),
            ..Outcome::default()
        }
    }
    fn conflict(&self, c: &matching::Conflict) -> Fault {
        let groups = c.groups.iter().map(|g| Limit::GroupMin(*g));
        let rules = c.rules.iter().map(|r| Limit::Rule(*r));
        let limits: Vec<Limit> = groups.chain(rules).chain(c.limits.iter().copied()).collect();
        let terms = self.terms.among(&limits, &self.of_rule);
        if terms.is_empty() {
            return Fault::Other;
        }
        let pair = |p: &u32| {
            let pair = &self.problem.pairs[*p as usize];
            (
                self.candidates[pair.offer as usize].offer,
                self.needs[pair.need as usize].id,
            )
        };
        Fault::Terms {
            terms,
            locked: c.forced.iter().map(pair).collect(),
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
    /// Locked pairs that collide, and limits that nobody could keep, named one by one before the solver is asked.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut by_offer: HashMap<OfferId, Vec<usize>> = HashMap::new();
        for (at, c) in self.candidates.iter().enumerate() {
            by_offer.entry(c.offer).or_default().push(at);
        }
        // By offer, and by the part of it that is counted in one unit of measure.
        let mut locked_of: BTreeMap<(OfferId, usize), i64> = BTreeMap::new();
        let mut locked_at: BTreeMap<NeedId, i64> = BTreeMap::new();
        for p in self.pins.iter().filter(|p| p.kind == PinKind::Lock) {
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
        let beyond = self.terms.beyond(&self.problem);
        faults.extend(beyond.into_iter().map(|(term, has)| Fault::TermOver { term, has }));
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
                // Only plans without terms are started from, and those have no groups.
                groups: Vec::new(),
                loads: Vec::new(),
                scale: 1,
                apart: false,
            },
            unmet: Vec::new(),
        }
    }
    /// What comes of an answer; `first` where among equals the first offers came first.
    pub fn outcome(&self, a: &Answer, first: bool, fair: Option<Fair>) -> Outcome {
        let (lines, short) = self.lines(a);
        let mut terms = self.terms.clone();
        if !terms.is_empty() {
            terms.reach(&lines);
            let given = |need: NeedId| lines.iter().filter(|l| l.need == need).map(|l| l.units).sum::<i64>();
            let open = self.needs.iter().filter(|n| given(n.id) < n.max);
            terms.open = open.map(|n| n.id).collect();
        }
        // A drawn plan claims nothing of the kind.
        let drawn = fair
            .as_ref()
            .is_some_and(|f| f.wish.method == crate::fair::Method::Draw);
        let bound = Beyond::of(a).filter(|_| !drawn);
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
                    free: c.most.is_none() && !self.terms.is_empty(),
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
                groups: (0..self.terms.quotas.len())
                    .map(|g| price(a.certificate.groups.get(g)))
                    .collect(),
                scale: i64::try_from(a.certificate.scale).ok().filter(|s| *s > 1),
                apart: a.certificate.apart,
            },
            terms,
            searched: a.searched && !a.proved,
            bound,
            order: if first { self.order() } else { Vec::new() },
            scores: None,
        };
        let offered = self
            .candidates
            .iter()
            .flat_map(|c| c.lines.iter().map(|l| (c.offer, *l)));
        let table = outcome.table(offered, &self.weights);
        let reasons = outcome.reasons(&self.weights, self.pins);
        let keeping = |s: &Shortfall| match s.cause {
            Cause::NeededElsewhere => {
                let told = a.unmet.iter().find(|u| self.needs[u.need as usize].id == s.need);
                let told = told.map(|u| self.terms.among(&u.causes, &self.of_rule));
                let told = told.filter(|t| !t.is_empty());
                told.unwrap_or_else(|| reasons.barring(table.get(&s.need).map(Vec::as_slice).unwrap_or_default()))
            }
            _ => Vec::new(),
        };
        let keeping: Vec<Vec<Term>> = outcome.short.iter().map(keeping).collect();
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
        for (short, terms) in outcome.short.iter_mut().zip(keeping) {
            if !terms.is_empty() {
                short.cause = Cause::Terms;
            } else if outcome.fair.is_some() && short.cause == Cause::NeededElsewhere {
                short.cause = Cause::Fair;
            }
            short.terms = terms;
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
                    terms: Vec::new(),
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
        let mut totals: HashMap<OfferId, i64> = HashMap::new();
        let mut got: HashMap<NeedId, i64> = HashMap::new();
        let parts: HashMap<(OfferId, NeedId), usize> = self
            .parts
            .iter()
            .enumerate()
            .flat_map(|(at, p)| p.needs.iter().map(move |n| ((p.offer, *n), at)))
            .collect();
        for l in &self.lines {
            let purse = (l.offer, parts.get(&(l.offer, l.need)).copied());
            given.entry(purse).or_default().push((l.need, l.units));
            *totals.entry(l.offer).or_default() += l.units;
            *got.entry(l.need).or_default() += l.units;
        }
        Reasons {
            all: totals.values().sum(),
            totals,
            got,
            values: self.lines.iter().map(|l| ((l.offer, l.need), l.value)).collect(),
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
