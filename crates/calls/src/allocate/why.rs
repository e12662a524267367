//! Why a pair is in a plan, and why another that was offered is not. Each reason says what anybody can read from the plan
//! itself: who else offered here, what each is worth here, what an officer fixed, what else a maker gives.
//!
//! Two facts make the comparisons true of a proved plan. Who has units left and could give more here is worth no more here
//! than anybody whose units are in it: else one unit the other way would be better. And if worth as much, they came
//! later: among equals the first ones give first (`ties`). Where a plan keeps terms (limits of groups, a budget, exclusions), one
//! unit the other way may break one: then that one is named. In a plan that is the best under its terms nothing else can be the
//! reason.
//!
//! Where fairness was chosen, the order of arrival decides nothing. With the worst-served first the first fact still holds: one
//! unit from another hand leaves every need with what it has. With a share it holds but for makers who give the whole of theirs.
//! Luck keeps neither: of a draw only what is fixed or used up is told, and else that it was drawn. That fairness decided is
//! said in general only where none of this is so.

use basis::{NeedId, OfferId};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::HashMap;

use crate::fair::Method;

use super::{ASPECTS, Aspect, Outcome, Pin, PinKind, Weights};
use crate::terms::Term;

/// Why a pair is in the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Why {
    /// An officer fixed it.
    Locked,
    /// Nobody else offers for this need.
    Only,
    /// Worth more than the best of those that could give more here; by how much, and in what most.
    Best {
        over: OfferId,
        by: i64,
        most: Option<Aspect>,
    },
    /// As good as that one, which was handed in later.
    Earlier { than: OfferId },
    /// As good as that one.
    Equal { to: OfferId },
    /// The other one is worth as much or more here, but all its units are in the plan elsewhere, most of them there.
    OtherNeeded {
        other: OfferId,
        by: i64,
        at: Option<NeedId>,
    },
    /// As above, but an officer fixed them there.
    OtherLocked {
        other: OfferId,
        by: i64,
        at: Option<NeedId>,
    },
    /// As above, but its maker can give no more in all.
    OtherSpent { other: OfferId, by: i64 },
    /// As above, but its maker gives the whole share that the plan allows.
    OtherShare { other: OfferId, by: i64 },
    /// The other one is worth as much or more here, but a term of the plan leaves it no more.
    OtherBarred { other: OfferId, by: i64, term: Term },
    /// The other one is worth as much or more here, but this one's units are needed to reach what a limit asks at least.
    Counted { other: OfferId, by: i64, term: Term },
    /// The other one would be worth more here: only in plans that are not proved.
    Unproved { other: OfferId, by: i64 },
    /// Every offer for this need is in the plan with all its units.
    AllTaken,
    /// Every other offer for this need is in the plan with all its units.
    OthersFull,
    /// No other offer for this need could give more: some an officer took out, fixed, or they give all they offered.
    OthersHeld { forbidden: bool, locked: bool, full: bool },
    /// It was drawn.
    Drawn,
    /// The fairness that was chosen decided; see the plan's own words about it.
    Fair,
}
impl Why {
    /// The other offer that it names.
    pub fn names(&self) -> Option<OfferId> {
        match self {
            Why::Best { over: o, .. }
            | Why::Earlier { than: o }
            | Why::Equal { to: o }
            | Why::OtherNeeded { other: o, .. }
            | Why::OtherLocked { other: o, .. }
            | Why::OtherSpent { other: o, .. }
            | Why::OtherShare { other: o, .. }
            | Why::OtherBarred { other: o, .. }
            | Why::Counted { other: o, .. }
            | Why::Unproved { other: o, .. } => Some(*o),
            _ => None,
        }
    }
}

/// Why a pair that was offered is not in the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum WhyNot {
    /// An officer took it out.
    Forbidden,
    /// The need takes no more, and an officer fixed who serves it.
    PlaceFixed,
    /// The need takes no more; the least of those chosen is worth more here: by how much, and in what most.
    Less {
        than: OfferId,
        by: i64,
        most: Option<Aspect>,
    },
    /// As good as that one, which was handed in earlier.
    Later { than: OfferId },
    /// As good as that one.
    Equal { to: OfferId },
    /// All its units are in the plan elsewhere, most of them there.
    Elsewhere { at: NeedId },
    /// It is worth more here than there, but there all its units serve a need that gets no more than this one.
    WorseServed { at: NeedId },
    /// An officer fixed all its units elsewhere.
    LockedElsewhere { at: NeedId },
    /// A term of the plan leaves it nothing more.
    Barred { term: Term },
    /// Worth as much as that one here or more, but that one's units are needed to reach what a limit asks at least.
    Counted { than: OfferId, by: i64, term: Term },
    /// Its maker can give nothing more in all.
    Spent,
    /// The plan has no place for it.
    Unplaced,
    /// Its maker gives the whole share that the plan allows.
    Share,
    /// It was not drawn.
    NotDrawn,
    /// The fairness that was chosen decided, and not value alone.
    Fair,
}
impl WhyNot {
    /// The other offer that it names.
    pub fn names(&self) -> Option<OfferId> {
        match self {
            WhyNot::Less { than: o, .. }
            | WhyNot::Later { than: o }
            | WhyNot::Equal { to: o }
            | WhyNot::Counted { than: o, .. } => Some(*o),
            _ => None,
        }
    }
}
/// A pair that was offered and carries nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passed {
    pub offer: OfferId,
    pub need: NeedId,
    pub offered: i64,
    pub value: i64,
    pub why: WhyNot,
}

/// A pair as it was offered, with what the plan gives of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Has {
    pub offer: OfferId,
    pub need: NeedId,
    pub offered: i64,
    pub units: i64,
    pub value: i64,
}
/// An offer, or its part with a limit of its own: units given from one leave the others as they are.
pub(super) type Purse = (OfferId, Option<usize>);
/// What reasons are read from.
pub(super) struct Reasons<'a> {
    /// Earlier first.
    pub place: HashMap<OfferId, usize>,
    /// What each offer, or part of it, gives in the whole plan.
    pub given: HashMap<Purse, Vec<(NeedId, i64)>>,
    /// The part of an offer in which a need is counted.
    pub parts: HashMap<(OfferId, NeedId), usize>,
    /// With the marks, and the most that each offer or part gives in all.
    pub outcome: &'a Outcome,
    /// All that each offer gives.
    pub totals: HashMap<OfferId, i64>,
    /// All that each need gets, and all units of the plan.
    pub got: HashMap<NeedId, i64>,
    pub all: i64,
    /// What a unit of each pair in the plan is worth.
    pub values: HashMap<(OfferId, NeedId), i64>,
    pub pins: HashMap<(OfferId, NeedId), PinKind>,
    pub weights: &'a Weights,
}
/// What keeps an offer with no units left from giving more here.
enum Held {
    Elsewhere(NeedId),
    Locked(NeedId),
    Spent,
}
pub(super) fn by_pair(pins: &[Pin]) -> HashMap<(OfferId, NeedId), PinKind> {
    pins.iter().map(|p| ((p.offer, p.need), p.kind)).collect()
}
impl Reasons<'_> {
    fn place(&self, offer: OfferId) -> usize {
        self.place.get(&offer).copied().unwrap_or(usize::MAX)
    }
    fn pin(&self, pair: &Has) -> Option<PinKind> {
        self.pins.get(&(pair.offer, pair.need)).copied()
    }
    /// None while the offer has units left.
    fn held(&self, pair: &Has) -> Option<Held> {
        let part = self.parts.get(&(pair.offer, pair.need)).copied();
        let limit = match part {
            Some(at) => self.outcome.parts.get(at)?.capacity,
            None => *self.outcome.limits.get(&pair.offer)?,
        };
        let given = self
            .given
            .get(&(pair.offer, part))
            .map(Vec::as_slice)
            .unwrap_or_default();
        if given.iter().map(|g| g.1).sum::<i64>() < limit {
            return None;
        }
        let elsewhere = |locked: bool| {
            let pinned = |need| self.pins.get(&(pair.offer, need)) == Some(&PinKind::Lock);
            let of = given
                .iter()
                .filter(|(n, u)| *n != pair.need && *u > 0 && pinned(*n) == locked);
            // The first one among equals.
            of.rev().max_by_key(|(_, u)| *u).map(|(n, _)| *n)
        };
        Some(match (elsewhere(false), elsewhere(true)) {
            (Some(at), _) => Held::Elsewhere(at),
            (None, Some(at)) => Held::Locked(at),
            (None, None) => Held::Spent,
        })
    }
    fn aims(&self, method: Method) -> bool {
        self.outcome.fair.as_ref().is_some_and(|f| f.wish.method == method)
    }
    /// Whether the maker gives the whole of its share: with one unit more, even of one more in all, it would be beyond it.
    fn whole_share(&self, offer: OfferId) -> bool {
        let percent = self.outcome.fair.as_ref().and_then(|f| f.wish.percent);
        let Some(percent) = percent.filter(|_| self.aims(Method::Share)) else {
            return false;
        };
        i128::from(self.total(offer) + 1) * 100 > i128::from(self.all + 1) * i128::from(percent)
    }
    /// Whether its units serve a need at `at` that would get less than this one for one unit that comes here.
    fn worse_served(&self, us: &Has, at: NeedId) -> bool {
        let got = |need: NeedId| self.got.get(&need).copied().unwrap_or(0);
        let there = self.values.get(&(us.offer, at));
        self.aims(Method::Worst) && there.is_some_and(|&value| us.value > value) && got(us.need) >= got(at)
    }
    /// All units that the plan gives of an offer.
    fn total(&self, offer: OfferId) -> i64 {
        self.totals.get(&offer).copied().unwrap_or(0)
    }
    /// The term that one unit more of this pair would break, with one unit less of another where one is named.
    fn barred(&self, pair: &Has, less: Option<&Has>) -> Option<Term> {
        let terms = &self.outcome.terms;
        // The other offer would not be chosen any more.
        let gone = |offer: OfferId| less.is_some_and(|l| l.offer == offer && l.units > 0 && self.total(offer) == 1);
        let full = |q: &&crate::terms::KeptQuota| {
            q.at_most() && q.counts(pair.offer, pair.need) && !less.is_some_and(|l| q.counts(l.offer, l.need))
        };
        if let Some(at) = terms.quotas.iter().position(|q| full(&q)) {
            return Some(Term::Quota(at));
        }
        let shut = |both: &&[OfferId; 2]| {
            let other = match **both {
                [one, other] if one == pair.offer => other,
                [one, other] if other == pair.offer => one,
                _ => return false,
            };
            self.total(other) > 0 && !gone(other)
        };
        if let Some(at) = terms.either.iter().position(|e| shut(&e)) {
            return Some(Term::Either(at));
        }
        let budget = terms.budget.as_ref().filter(|_| self.total(pair.offer) == 0)?;
        let cost = |offer: OfferId| budget.costs.get(&offer).copied().unwrap_or(0);
        let freed = less.filter(|l| gone(l.offer)).map_or(0, |l| cost(l.offer));
        (cost(pair.offer) > 0 && budget.asked.minor - freed + cost(pair.offer) > budget.most.minor)
            .then_some(Term::Budget)
    }
    /// The limit that asks for this pair's units, where one of another pair would not count.
    fn counted(&self, pair: &Has, other: &Has) -> Option<Term> {
        let asks = |q: &crate::terms::KeptQuota| {
            q.at_least() && q.counts(pair.offer, pair.need) && !q.counts(other.offer, other.need)
        };
        self.outcome.terms.quotas.iter().position(asks).map(Term::Quota)
    }
    /// The terms that keep back those who could give more at a need; `at` are all pairs of it.
    pub(super) fn barring(&self, at: &[Has]) -> Vec<Term> {
        let could = at
            .iter()
            .filter(|p| self.pin(p).is_none() && p.units < p.offered && self.held(p).is_none());
        let mut terms: Vec<Term> = could.filter_map(|p| self.barred(p, None)).collect();
        terms.sort_unstable();
        terms.dedup();
        terms
    }
    /// The aspect that brings most of the difference.
    fn most(&self, need: NeedId, ours: OfferId, theirs: OfferId) -> Option<Aspect> {
        let (a, b) = (self.outcome.mark(ours, need)?, self.outcome.mark(theirs, need)?);
        ASPECTS
            .into_iter()
            .map(|x| ((a.of(x) - b.of(x)) * self.weights.of(x), x))
            .filter(|(d, _)| *d > 0)
            .max_by_key(|(d, x)| (*d, Reverse(*x)))
            .map(|(_, x)| x)
    }
    /// Why `at[own]`, which carries units, is in the plan; `at` are all pairs of its need.
    pub(super) fn chosen(&self, at: &[Has], own: usize) -> Why {
        let us = &at[own];
        if self.pin(us) == Some(PinKind::Lock) {
            return Why::Locked;
        }
        if at.len() == 1 {
            return Why::Only;
        }
        let others = || at.iter().enumerate().filter(|(i, _)| *i != own).map(|(_, p)| p);
        let open = others().filter(|p| self.pin(p).is_none() && p.units < p.offered);
        // The strongest; among equals one that has units left, then the one that came first.
        let rival = open.max_by_key(|p| (p.value, self.held(p).is_none(), Reverse(self.place(p.offer))));
        let Some(rival) = rival else {
            let any = |kind| others().any(|p| self.pin(p) == Some(kind) && p.units < p.offered);
            let (forbidden, locked) = (any(PinKind::Forbid), any(PinKind::Lock));
            let full = others().any(|p| p.units >= p.offered);
            return match (forbidden || locked, us.units >= us.offered) {
                (true, _) => Why::OthersHeld {
                    forbidden,
                    locked,
                    full,
                },
                (false, true) => Why::AllTaken,
                (false, false) => Why::OthersFull,
            };
        };
        if self.aims(Method::Draw) {
            return Why::Drawn;
        }
        let (other, by) = (rival.offer, rival.value - us.value);
        if by < 0 {
            return Why::Best {
                over: other,
                by: -by,
                most: self.most(us.need, us.offer, other),
            };
        }
        match self.held(rival) {
            Some(Held::Elsewhere(at)) => Why::OtherNeeded {
                other,
                by,
                at: Some(at),
            },
            Some(Held::Locked(at)) => Why::OtherLocked {
                other,
                by,
                at: Some(at),
            },
            Some(Held::Spent) => Why::OtherSpent { other, by },
            None if let Some(term) = self.barred(rival, Some(us)) => Why::OtherBarred { other, by, term },
            None if let Some(term) = self.counted(us, rival) => Why::Counted { other, by, term },
            None if self.whole_share(other) => Why::OtherShare { other, by },
            None if by > 0 && self.outcome.fair.is_some() && self.outcome.proved => Why::Fair,
            None if by > 0 => Why::Unproved { other, by },
            None if self.place(us.offer) < self.place(other) => Why::Earlier { than: other },
            None => Why::Equal { to: other },
        }
    }
    /// Why `at[own]`, which carries nothing, is not in the plan.
    pub(super) fn passed(&self, at: &[Has], own: usize) -> WhyNot {
        let us = &at[own];
        if self.pin(us) == Some(PinKind::Forbid) {
            return WhyNot::Forbidden;
        }
        match self.held(us) {
            Some(Held::Elsewhere(at)) if self.worse_served(us, at) => return WhyNot::WorseServed { at },
            Some(Held::Elsewhere(at)) => return WhyNot::Elsewhere { at },
            Some(Held::Locked(at)) => return WhyNot::LockedElsewhere { at },
            Some(Held::Spent) => return WhyNot::Spent,
            None if self.aims(Method::Draw) => return WhyNot::NotDrawn,
            // The need would take it.
            None if self.outcome.terms.open.contains(&us.need)
                && let Some(term) = self.barred(us, None) =>
            {
                return WhyNot::Barred { term };
            }
            None if self.whole_share(us.offer) => return WhyNot::Share,
            None => {}
        }
        let serving = || at.iter().filter(|p| p.units > 0);
        let free = serving().filter(|p| self.pin(p).is_none());
        // The one whose place it would take first.
        let Some(least) = free.min_by_key(|p| (p.value, Reverse(self.place(p.offer)))) else {
            return match (serving().next(), self.barred(us, None)) {
                (Some(_), _) => WhyNot::PlaceFixed,
                (None, Some(term)) => WhyNot::Barred { term },
                (None, None) => WhyNot::Unplaced,
            };
        };
        let (than, by) = (least.offer, least.value - us.value);
        match by {
            1.. => WhyNot::Less {
                than,
                by,
                most: self.most(us.need, than, us.offer),
            },
            _ if let Some(term) = self.barred(us, Some(least)) => WhyNot::Barred { term },
            _ if let Some(term) = self.counted(least, us) => WhyNot::Counted { than, by: -by, term },
            0 if self.place(than) < self.place(us.offer) => WhyNot::Later { than },
            0 => WhyNot::Equal { to: than },
            _ if self.outcome.fair.is_some() => WhyNot::Fair,
            _ => WhyNot::Unplaced,
        }
    }
}
