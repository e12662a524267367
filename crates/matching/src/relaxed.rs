//! A problem with only some of its limits left, and smallest sets of limits by trying: for what no cut of a flow tells.

use crate::answer::{Answer, Limit};
use crate::laminar::Forest;
use crate::network::Overlay;
use crate::problem::{ByOffer, Group, Need, Pair, Problem, Rule, Side, Status};
use crate::solve::{Options, flow};
use std::sync::atomic::{AtomicI64, Ordering};

/// More units than this in all demands, and numbers of a widened problem could leave 64 bits.
const MOST_WIDE: i128 = 1 << 40;

/// Every limit that can be let go, those first that say most of a whole; minima of needs are not among them.
pub(crate) fn limits(problem: &Problem) -> Vec<Limit> {
    let mut all: Vec<Limit> = (0..problem.rules.len() as u32).map(Limit::Rule).collect();
    for (at, group) in (0..).zip(&problem.groups) {
        all.push(Limit::GroupMax(at));
        if group.min > 0 {
            all.push(Limit::GroupMin(at));
        }
    }
    all.extend((0..problem.needs.len() as u32).map(Limit::NeedMax));
    all.extend((0..problem.offers.len() as u32).map(Limit::OfferCapacity));
    for (at, pair) in (0..).zip(&problem.pairs) {
        all.push(match pair.status {
            Status::Free => Limit::PairMax(at),
            Status::Forced => Limit::PairForced(at),
            Status::Forbidden => Limit::PairForbidden(at),
        });
    }
    all
}

/// As many units as anything can need that no limit holds: all that is demanded, and all that all-or-nothing offers
/// bring with it. `None` where that is too many.
pub(crate) fn wide(problem: &Problem, held: &[i64], more: i128) -> Option<i64> {
    let mut sum = more + 1 + held.iter().map(|&h| i128::from(h)).sum::<i128>();
    sum += problem.groups.iter().map(|g| i128::from(g.min)).sum::<i128>();
    let forced = problem.pairs.iter().filter(|p| p.status == Status::Forced);
    sum += forced.map(|p| i128::from(p.max_units)).sum::<i128>();
    for rule in &problem.rules {
        if let Rule::AllOrNothing { offer } = rule {
            sum += i128::from(problem.offers[*offer as usize].capacity);
        }
    }
    (sum <= MOST_WIDE).then_some(sum as i64)
}

/// The problem with these limits alone; all others reach to `wide` or are gone. Nothing has a value, no need a
/// minimum, but those of `Limit::NeedMin` keep what `held` says. An all-or-nothing offer whose capacity is let go
/// is not bound by its rule either: there is no "all".
pub(crate) fn only(problem: &Problem, kept: &[Limit], held: &[i64], wide: i64) -> Problem {
    let mut bare = Problem {
        needs: vec![
            Need {
                min: 0,
                max: wide,
                priority: 0
            };
            problem.needs.len()
        ],
        offers: vec![crate::Offer { capacity: wide }; problem.offers.len()],
        pairs: problem
            .pairs
            .iter()
            .map(|p| Pair {
                value: 0,
                max_units: wide,
                status: Status::Free,
                ..*p
            })
            .collect(),
        groups: problem
            .groups
            .iter()
            .map(|g| Group {
                min: 0,
                max: wide.max(g.min),
                ..g.clone()
            })
            .collect(),
        rules: Vec::new(),
    };
    for &limit in kept {
        match limit {
            Limit::OfferCapacity(o) => bare.offers[o as usize] = problem.offers[o as usize],
            Limit::NeedMax(n) => bare.needs[n as usize].max = problem.needs[n as usize].max,
            Limit::NeedMin(n) => bare.groups.push(Group {
                side: Side::Need,
                members: vec![n],
                min: held[n as usize],
                max: wide,
            }),
            Limit::PairMax(p) | Limit::PairForced(p) | Limit::PairForbidden(p) => {
                let (slot, pair) = (&mut bare.pairs[p as usize], &problem.pairs[p as usize]);
                (slot.max_units, slot.status) = (pair.max_units, pair.status);
            }
            Limit::GroupMax(g) => bare.groups[g as usize].max = problem.groups[g as usize].max,
            Limit::GroupMin(g) => bare.groups[g as usize].min = problem.groups[g as usize].min,
            Limit::Rule(r) => {
                let rule = &problem.rules[r as usize];
                let all = |o: u32| kept.contains(&Limit::OfferCapacity(o));
                if !matches!(rule, Rule::AllOrNothing { offer } if !all(*offer)) {
                    bare.rules.push(rule.clone());
                }
            }
            Limit::NoPair(_) | Limit::NoPriority(_) => {}
        }
    }
    bare
}

/// Says stop after so many questions, or when somebody else does.
pub(crate) struct Patience<'a> {
    left: AtomicI64,
    other: &'a (dyn Fn() -> bool + Sync),
}

impl<'a> Patience<'a> {
    pub(crate) fn new(questions: i64, other: &'a (dyn Fn() -> bool + Sync)) -> Self {
        Self {
            left: AtomicI64::new(questions),
            other,
        }
    }

    pub(crate) fn out(&self) -> bool {
        self.left.load(Ordering::Relaxed) <= 0 || (self.other)()
    }

    pub(crate) fn ask(&self) -> bool {
        self.left.fetch_sub(1, Ordering::Relaxed) <= 0 || (self.other)()
    }

    pub(crate) fn left(&self) -> i64 {
        self.left.load(Ordering::Relaxed)
    }
}

/// Units of an allocation that keeps every limit and misses as few minimum units as can be; `Err` where patience ran
/// out first, `None` inside where there is no such allocation.
pub(crate) fn any(problem: &Problem, earlier: Option<&[i64]>, patience: &Patience<'_>) -> Result<Option<Vec<i64>>, ()> {
    let stop = || patience.ask();
    let options = Options {
        stop: Some(&stop),
        threads: 1,
    };
    let forest = Forest::new(problem);
    let by_offer = ByOffer::new(problem);
    if problem.rules.is_empty() && forest.crossing.is_empty() {
        let solved = flow(problem, &forest, &by_offer, &Overlay::default(), None, &options).map_err(|_| ())?;
        // Stopped in the middle, the units may not be balanced.
        return if patience.out() {
            Err(())
        } else {
            Ok(solved.map(|s| s.units))
        };
    }
    let earlier = earlier.map(|units| Answer {
        units: units.to_vec(),
        ..Answer::default()
    });
    match crate::rules::find(problem, &forest, &by_offer, earlier.as_ref(), &options) {
        Ok(Some(answer)) if answer.proved || answer.searched => Ok(Some(answer.units)),
        Ok(None) => Ok(None),
        Ok(Some(_)) | Err(_) => Err(()),
    }
}

/// QuickXplain (Junker 2004): a part of `of` that cannot hold together with `given`, no member of which can be left
/// out. `of` and `given` as a whole must not hold. `holds` may say yes where it does not know: what comes back then still
/// cannot hold, but may be larger than it need be.
pub(crate) fn smallest<T: Copy>(
    given: &mut Vec<T>,
    changed: bool,
    of: &[T],
    holds: &mut dyn FnMut(&[T]) -> bool,
) -> Vec<T> {
    if changed && !holds(given) {
        return Vec::new();
    }
    if of.len() <= 1 {
        return of.to_vec();
    }
    let (first, second) = of.split_at(of.len() / 2);
    let length = given.len();
    given.extend_from_slice(first);
    let of_second = smallest(given, true, second, holds);
    given.truncate(length);
    given.extend_from_slice(&of_second);
    let of_first = smallest(given, !of_second.is_empty(), first, holds);
    given.truncate(length);
    [of_first, of_second].concat()
}

/// FastDiag (Felfernig 2012): a part of `of` without which the rest holds, no member of which can be kept. `kept` and `of`
/// together are what is tried; without all of `of` it must hold.
pub(crate) fn in_the_way<T: Copy + PartialEq>(
    kept: &[T],
    changed: bool,
    of: &[T],
    holds: &mut dyn FnMut(&[T]) -> bool,
) -> Vec<T> {
    if changed && holds(kept) {
        return Vec::new();
    }
    if of.len() <= 1 {
        return of.to_vec();
    }
    let (first, second) = of.split_at(of.len() / 2);
    let without = |out: &[T]| -> Vec<T> { kept.iter().copied().filter(|k| !out.contains(k)).collect() };
    let of_second = in_the_way(&without(first), true, second, holds);
    let of_first = in_the_way(&without(&of_second), !of_second.is_empty(), first, holds);
    [of_first, of_second].concat()
}
