//! Needs to offers (R49-R51): values from a stated scoring, the exact solver of `matching`, and for every pair a
//! reason that people understand. Pure: the same call, offers and wishes give the same plan on every machine.

use basis::{Day, NeedId, OfferId, Refusal, code};
use matching::{Answer, Certificate, Options, Pair, Problem, Status};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

use crate::call::{Call, Need};

/// How much each part of the scoring counts, of 100 together. Shown on the page, set per call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    pub panel: i64,
    pub dates: i64,
    pub languages: i64,
    pub promises: i64,
}
impl Default for Weights {
    fn default() -> Self {
        Weights {
            panel: 60,
            dates: 15,
            languages: 10,
            promises: 15,
        }
    }
}
impl Weights {
    pub fn check(&self) -> Result<(), Refusal> {
        let parts = [self.panel, self.dates, self.languages, self.promises];
        let sum: i64 = parts.iter().sum();
        if parts.iter().any(|p| !(0..=100).contains(p)) || sum != 100 {
            return Err(Refusal::at("weights", "refusal-weights-sum").with("sum", sum));
        }
        Ok(())
    }
    fn of(&self, aspect: Aspect) -> i64 {
        match aspect {
            Aspect::Panel => self.panel,
            Aspect::Dates => self.dates,
            Aspect::Languages => self.languages,
            Aspect::Promises => self.promises,
        }
    }
}

code! {
    /// What speaks for an offer.
    pub enum Aspect { Panel => "panel", Dates => "dates", Languages => "languages", Promises => "promises" }
}
const ASPECTS: [Aspect; 4] = [Aspect::Panel, Aspect::Dates, Aspect::Languages, Aspect::Promises];

/// An offer's marks in thousandths, by aspect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    pub panel: i64,
    pub dates: i64,
    pub languages: i64,
    pub promises: i64,
}
impl Marks {
    fn of(&self, aspect: Aspect) -> i64 {
        match aspect {
            Aspect::Panel => self.panel,
            Aspect::Dates => self.dates,
            Aspect::Languages => self.languages,
            Aspect::Promises => self.promises,
        }
    }
    /// The value of one unit, in thousandths.
    pub fn value(&self, w: &Weights) -> i64 {
        ASPECTS.iter().map(|a| self.of(*a) * w.of(*a)).sum::<i64>() / 100
    }
}

/// What an offer brings to the allocation.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub offer: OfferId,
    /// The panel's mean in tenths of a point of 100; none where no panel scores (assignment).
    pub mean: Option<i64>,
    pub starts: Day,
    pub ends: Day,
    pub languages: Vec<String>,
    pub kept: i64,
    pub late: i64,
    pub broken: i64,
    /// Units per need; together its capacity.
    pub lines: Vec<(NeedId, i64)>,
}
impl Candidate {
    /// Days: the share of the call's days that the offer covers. Languages: the share of those needed that it has.
    /// Promises: (kept + half the late + 1) of (all + 2), so that who is new stands in the middle.
    pub fn marks(&self, call: &Call) -> Marks {
        let days = |a: Day, b: Day| i64::from(a.until(b).map_or(0, |s| s.get_days())) + 1;
        let (from, until) = (self.starts.max(call.work_from), self.ends.min(call.work_until));
        let dates = if until < from {
            0
        } else {
            1000 * days(from, until) / days(call.work_from, call.work_until).max(1)
        };
        let has = call
            .languages
            .iter()
            .filter(|l| self.languages.iter().any(|o| o.split('-').next() == Some(l.primary())))
            .count() as i64;
        let wanted = call.languages.len() as i64;
        let settled = self.kept + self.late + self.broken;
        Marks {
            panel: self.mean.unwrap_or(500),
            dates: dates.clamp(0, 1000),
            languages: if wanted == 0 { 1000 } else { 1000 * has / wanted },
            promises: 1000 * (2 * self.kept + self.late + 2) / (2 * settled + 4),
        }
    }
}

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

/// Why a pair is in the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Why {
    /// An officer fixed it.
    Locked,
    /// Nobody else offers for this need.
    Only,
    /// The best of those that offer; the next best, by how much, and in what most.
    Best {
        over: OfferId,
        by: i64,
        most: Option<Aspect>,
    },
    /// As good as the next one; the order of offers decided, the same on every machine.
    Equal { to: OfferId },
    /// The other one is worth more here, but what it has is needed elsewhere.
    OtherNeeded {
        other: OfferId,
        by: i64,
        at: Option<NeedId>,
    },
    /// Every offer for this need is in the plan.
    AllTaken,
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
        /// What they have is locked, forbidden or needed more elsewhere.
        NeededElsewhere => "needed-elsewhere",
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
            ..Default::default()
        });
    }
    let options = Options::default();
    let answer = match earlier.filter(|e| e.faults.is_empty()) {
        Some(e) => matching::resolve(&asked.problem, &asked.earlier(e), &options),
        None => matching::solve(&asked.problem, &options),
    };
    match answer {
        Ok(a) => Ok(asked.outcome(&a)),
        Err(matching::Refusal::Conflict(_)) => Ok(Outcome {
            faults: vec![Fault::Other],
            marks: asked.marks_by_offer(),
            ..Default::default()
        }),
        Err(_) => Err(Refusal::page("refusal-allocation-too-large")),
    }
}

/// The question as the solver takes it, and the way back.
struct Asked<'a> {
    needs: &'a [Need],
    candidates: &'a [Candidate],
    marks: Vec<Marks>,
    weights: Weights,
    need_at: HashMap<NeedId, u32>,
    problem: Problem,
}
impl<'a> Asked<'a> {
    fn new(call: &Call, needs: &'a [Need], candidates: &'a [Candidate], weights: &Weights, pins: &[Pin]) -> Self {
        let need_at: HashMap<NeedId, u32> = needs.iter().enumerate().map(|(i, n)| (n.id, i as u32)).collect();
        let pinned: HashMap<(OfferId, NeedId), &Pin> = pins.iter().map(|p| ((p.offer, p.need), p)).collect();
        let marks: Vec<Marks> = candidates.iter().map(|c| c.marks(call)).collect();
        let mut pairs = Vec::new();
        for (o, candidate) in candidates.iter().enumerate() {
            let value = marks[o].value(weights);
            for (need, units) in &candidate.lines {
                let Some(&n) = need_at.get(need) else { continue };
                let (max_units, status) = match pinned.get(&(candidate.offer, *need)) {
                    Some(p) if p.kind == PinKind::Lock => (p.units, Status::Forced),
                    Some(_) => (*units, Status::Forbidden),
                    None => (*units, Status::Free),
                };
                pairs.push(Pair {
                    offer: o as u32,
                    need: n,
                    value,
                    max_units,
                    status,
                });
            }
        }
        let problem = Problem {
            needs: needs
                .iter()
                .map(|n| matching::Need {
                    min: n.min,
                    max: n.max,
                    priority: n.priority,
                })
                .collect(),
            offers: candidates
                .iter()
                .map(|c| matching::Offer {
                    capacity: c.lines.iter().map(|l| l.1).sum(),
                })
                .collect(),
            pairs,
            ..Default::default()
        };
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
    /// Locked pairs that collide, named one by one before the solver is asked.
    fn faults(&self, pins: &[Pin]) -> Vec<Fault> {
        let mut faults = Vec::new();
        let by_offer: HashMap<OfferId, &Candidate> = self.candidates.iter().map(|c| (c.offer, c)).collect();
        let mut locked_of: BTreeMap<OfferId, i64> = BTreeMap::new();
        let mut locked_at: BTreeMap<NeedId, i64> = BTreeMap::new();
        for p in pins.iter().filter(|p| p.kind == PinKind::Lock) {
            let offered = by_offer
                .get(&p.offer)
                .and_then(|c| c.lines.iter().find(|l| l.0 == p.need))
                .map_or(0, |l| l.1);
            if p.units > offered {
                faults.push(Fault::NotOffered {
                    offer: p.offer,
                    need: p.need,
                    locked: p.units,
                    offered,
                });
            }
            *locked_of.entry(p.offer).or_default() += p.units;
            *locked_at.entry(p.need).or_default() += p.units;
        }
        for (offer, locked) in locked_of {
            let has = by_offer.get(&offer).map_or(0, |c| c.lines.iter().map(|l| l.1).sum());
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
                    .map(|c| price(e.prices.offers.get(&c.offer)))
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
    fn outcome(&self, a: &Answer) -> Outcome {
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
                let why = self.why(a, pairs, at);
                lines.push(Line {
                    offer: self.candidates[pair.offer as usize].offer,
                    need: need.id,
                    units,
                    value: pair.value,
                    why,
                });
            }
            let got: i64 = pairs.iter().map(|p| p.1).sum();
            if got < need.min {
                let offered: i64 = pairs.iter().map(|p| self.problem.pairs[p.0].max_units).sum();
                let cause = if pairs.is_empty() {
                    Cause::NoOffer
                } else if offered < need.min {
                    Cause::TooLittle
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
        let price = |p: Option<&i128>| p.copied().unwrap_or(0).to_string();
        Outcome {
            lines,
            marks: self.marks_by_offer(),
            objective: a.objective.to_string(),
            weighted_unmet: a.weighted_unmet.to_string(),
            proved: a.proved,
            short,
            faults: Vec::new(),
            prices: Prices {
                weight: a.certificate.weight.to_string(),
                offers: self
                    .candidates
                    .iter()
                    .enumerate()
                    .map(|(i, c)| (c.offer, price(a.certificate.offers.get(i))))
                    .collect(),
                needs: self
                    .needs
                    .iter()
                    .enumerate()
                    .map(|(i, n)| (n.id, price(a.certificate.needs.get(i))))
                    .collect(),
            },
        }
    }
    /// Compares with the strongest offer for the same need that got less here than it offered.
    fn why(&self, a: &Answer, rivals: &[(usize, i64)], at: usize) -> Why {
        let own = &self.problem.pairs[at];
        if own.status == Status::Forced {
            return Why::Locked;
        }
        if rivals.len() == 1 {
            return Why::Only;
        }
        let open = rivals
            .iter()
            .filter(|(r, units)| {
                *r != at && self.problem.pairs[*r].status == Status::Free && *units < self.problem.pairs[*r].max_units
            })
            .map(|(r, _)| &self.problem.pairs[*r])
            // The earlier offer first among equals.
            .max_by_key(|p| (p.value, std::cmp::Reverse(p.offer)));
        let Some(rival) = open else { return Why::AllTaken };
        let other = self.candidates[rival.offer as usize].offer;
        let by = own.value - rival.value;
        match by {
            1.. => Why::Best {
                over: other,
                by,
                most: self.most(own.offer, rival.offer),
            },
            0 => Why::Equal { to: other },
            _ => Why::OtherNeeded {
                other,
                by: -by,
                at: self.busiest(a, rival.offer, own.need),
            },
        }
    }
    /// The aspect that brings most of the difference.
    fn most(&self, ours: u32, theirs: u32) -> Option<Aspect> {
        let (a, b) = (&self.marks[ours as usize], &self.marks[theirs as usize]);
        ASPECTS
            .into_iter()
            .map(|x| ((a.of(x) - b.of(x)) * self.weights.of(x), x))
            .filter(|(d, _)| *d > 0)
            .max_by_key(|(d, x)| (*d, std::cmp::Reverse(*x)))
            .map(|(_, x)| x)
    }
    /// Where an offer gives most of its units instead.
    fn busiest(&self, a: &Answer, offer: u32, not: u32) -> Option<NeedId> {
        let elsewhere = self
            .problem
            .pairs
            .iter()
            .zip(&a.units)
            .filter(|(p, u)| p.offer == offer && p.need != not && **u > 0);
        elsewhere
            .max_by_key(|(p, u)| (**u, std::cmp::Reverse(p.need)))
            .map(|(p, _)| self.needs[p.need as usize].id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::tests::{draft, need};
    use basis::{Id, Lang};
    use proptest::prelude::*;

    fn candidate(name: &str, mean: i64, lines: &[(&str, i64)]) -> Candidate {
        Candidate {
            offer: Id::named(name),
            mean: Some(mean),
            starts: Day::constant(2027, 1, 1),
            ends: Day::constant(2027, 12, 31),
            languages: vec!["zh-Hans".into()],
            kept: 0,
            late: 0,
            broken: 0,
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
            m.value(&Weights::default()),
            (865 * 60 + 501 * 15 + 500 * 10 + 750 * 15) / 100
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
        }
    }
}
