//! Which demands cannot hold together: a smallest set of forced pairs and group minima, and the limits they meet.

use crate::answer::{Conflict, Limit};
use crate::engine::{Engine, Stop};
use crate::laminar::Forest;
use crate::network::{Network, Overlay};
use crate::problem::{ByOffer, Problem, Side, Status};

/// A demand: a forced pair or a group's at-least bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Demand {
    Forced(u32),
    Group(u32),
}

/// Most times that feasibility is asked; beyond, the set found so far is given as not minimal.
const MOST_TRIALS: u32 = 2000;

pub(crate) fn explain(problem: &Problem, stop: &dyn Fn() -> bool) -> Conflict {
    if let Some(conflict) = oversubscribed(problem) {
        return conflict;
    }
    let mut demands: Vec<Demand> = Vec::new();
    for (at, pair) in problem.pairs.iter().enumerate() {
        if pair.status == Status::Forced && pair.max_units > 0 {
            demands.push(Demand::Forced(at as u32));
        }
    }
    for (at, group) in problem.groups.iter().enumerate() {
        if group.min > 0 {
            demands.push(Demand::Group(at as u32));
        }
    }
    let mut search = Search {
        problem,
        trials: 0,
        stop,
    };
    let kept = search.smallest(&mut Vec::new(), false, &demands);
    let minimal = search.trials <= MOST_TRIALS && !stop();
    let mut conflict = Conflict {
        minimal,
        ..Conflict::default()
    };
    for demand in &kept {
        match *demand {
            Demand::Forced(p) => conflict.forced.push(p),
            Demand::Group(g) => conflict.groups.push(g),
        }
    }
    if let Err(limits) = feasible(&reduced(problem, &kept)) {
        conflict.limits = limits;
    }
    conflict
}

/// Forced pairs that alone exceed one limit: no search is needed to see it.
fn oversubscribed(problem: &Problem) -> Option<Conflict> {
    let forced: Vec<u32> = (0..problem.pairs.len() as u32)
        .filter(|&p| problem.pairs[p as usize].status == Status::Forced)
        .collect();
    let mut of_offer = vec![0i128; problem.offers.len()];
    let mut of_need = vec![0i128; problem.needs.len()];
    for &p in &forced {
        let pair = &problem.pairs[p as usize];
        of_offer[pair.offer as usize] += i128::from(pair.max_units);
        of_need[pair.need as usize] += i128::from(pair.max_units);
    }
    let broken = |limit: Limit, most: i64, inside: &dyn Fn(u32) -> bool| {
        let mut those: Vec<u32> = forced.iter().copied().filter(|&p| inside(p)).collect();
        // The largest first until it is too much: then without any one of them it would fit.
        those.sort_by_key(|&p| (std::cmp::Reverse(problem.pairs[p as usize].max_units), p));
        let mut sum = 0i128;
        those.retain(|&p| {
            let fits = sum <= i128::from(most);
            if fits {
                sum += i128::from(problem.pairs[p as usize].max_units);
            }
            fits
        });
        those.sort_unstable();
        Conflict {
            forced: those,
            limits: vec![limit],
            minimal: true,
            ..Conflict::default()
        }
    };
    let pair = |p: u32| &problem.pairs[p as usize];
    // The smallest of all such sets: a part of a larger one could break another limit by itself.
    let mut best: Option<Conflict> = None;
    let mut keep = |found: Conflict| {
        if best.as_ref().is_none_or(|b| found.forced.len() < b.forced.len()) {
            best = Some(found);
        }
    };
    for (at, offer) in problem.offers.iter().enumerate() {
        if of_offer[at] > i128::from(offer.capacity) {
            keep(broken(Limit::OfferCapacity(at as u32), offer.capacity, &|p| {
                pair(p).offer == at as u32
            }));
        }
    }
    for (at, need) in problem.needs.iter().enumerate() {
        if of_need[at] > i128::from(need.max) {
            keep(broken(Limit::NeedMax(at as u32), need.max, &|p| {
                pair(p).need == at as u32
            }));
        }
    }
    for (at, group) in problem.groups.iter().enumerate() {
        let of = if group.side == Side::Offer { &of_offer } else { &of_need };
        let sum: i128 = group.members.iter().map(|&m| of[m as usize]).sum();
        if sum > i128::from(group.max) {
            let members: std::collections::HashSet<u32> = group.members.iter().copied().collect();
            keep(broken(Limit::GroupMax(at as u32), group.max, &|p| {
                members.contains(if group.side == Side::Offer {
                    &pair(p).offer
                } else {
                    &pair(p).need
                })
            }));
        }
    }
    best
}

struct Search<'a> {
    problem: &'a Problem,
    trials: u32,
    stop: &'a dyn Fn() -> bool,
}

impl Search<'_> {
    /// QuickXplain (Junker 2004): the smallest part of `demands` that cannot hold together with `given`.
    fn smallest(&mut self, given: &mut Vec<Demand>, changed: bool, demands: &[Demand]) -> Vec<Demand> {
        if changed && !self.holds(given) {
            return Vec::new();
        }
        if demands.len() <= 1 || self.trials > MOST_TRIALS || (self.stop)() {
            return demands.to_vec();
        }
        let (first, second) = demands.split_at(demands.len() / 2);
        let length = given.len();
        given.extend_from_slice(first);
        let of_second = self.smallest(given, true, second);
        given.truncate(length);
        given.extend_from_slice(&of_second);
        let of_first = self.smallest(given, !of_second.is_empty(), first);
        given.truncate(length);
        [of_first, of_second].concat()
    }

    fn holds(&mut self, demands: &[Demand]) -> bool {
        self.trials += 1;
        feasible(&reduced(self.problem, demands)).is_ok()
    }
}

/// The problem with only these demands, and nothing to choose between.
fn reduced(problem: &Problem, demands: &[Demand]) -> Problem {
    let mut bare = problem.clone();
    for pair in &mut bare.pairs {
        pair.value = 0;
        if pair.status == Status::Forced {
            pair.status = Status::Free;
        }
    }
    for need in &mut bare.needs {
        (need.min, need.priority) = (0, 0);
    }
    for group in &mut bare.groups {
        group.min = 0;
    }
    for demand in demands {
        match *demand {
            Demand::Forced(p) => bare.pairs[p as usize].status = Status::Forced,
            Demand::Group(g) => bare.groups[g as usize].min = problem.groups[g as usize].min,
        }
    }
    bare
}

/// Whether the demands hold; else the limits around the units that find no way.
fn feasible(bare: &Problem) -> Result<(), Vec<Limit>> {
    let forest = Forest::new(bare);
    let by_offer = ByOffer::new(bare);
    let overlay = Overlay::default();
    let Ok(whole) = Network::<i64, i64>::new(bare, &forest, &by_offer, 1, &overlay, false) else {
        return Err(oversubscribed(bare).map(|c| c.limits).unwrap_or_default());
    };
    let net = whole.narrow(|_, _| true);
    let mut engine = Engine::new(&net, vec![0; net.nodes()], Vec::new());
    let Err(Stop::Stuck(tails)) = engine.run(&|| false) else {
        return Ok(());
    };
    let mut inside = vec![false; net.nodes()];
    for v in tails {
        inside[v as usize] = true;
    }
    let mut limits = Vec::new();
    for offer in 0..net.offers {
        for e in net.start[offer] as usize..net.start[offer + 1] as usize {
            if inside[offer] && !inside[net.head[e] as usize] {
                limits.push(Limit::PairMax(e as u32));
            }
        }
    }
    for node in 0..net.root() {
        let parent = net.parent[node] as usize;
        if inside[node] == inside[parent] {
            continue;
        }
        // Units run from the side inside to the other: full where they run on, at the least where they run back.
        let onward = inside[node] != net.supplies(node);
        let limit = if node < net.offers {
            Limit::OfferCapacity(node as u32)
        } else if node < net.first_group() {
            Limit::NeedMax((node - net.offers) as u32)
        } else {
            let g = forest.order[node - net.first_group()];
            if onward { Limit::GroupMax(g) } else { Limit::GroupMin(g) }
        };
        if onward || node >= net.first_group() {
            limits.push(limit);
        }
    }
    for limit in &mut limits {
        if let Limit::PairMax(e) = limit {
            *e = whole.pair_of(net.pair[*e as usize] as usize) as u32;
        }
    }
    // The group minima themselves are named as demands.
    limits.retain(|l| !matches!(l, Limit::GroupMin(_)));
    Err(limits)
}
