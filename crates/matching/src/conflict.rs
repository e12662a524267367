//! Which demands cannot hold together: a smallest set of forced pairs and group minima, and the limits they meet.

use crate::answer::{Conflict, Limit};
use crate::engine::{Engine, Stop};
use crate::laminar::Forest;
use crate::network::{Network, Overlay};
use crate::problem::{ByOffer, Problem, Side, Status};
use crate::relaxed::{self, Patience, smallest};
use crate::solve::Options;

/// A demand: a forced pair or a group's at-least bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Demand {
    Forced(u32),
    Group(u32),
}

/// Most times that feasibility is asked; beyond, the set found so far is given as not minimal.
const MOST_TRIALS: u32 = 2000;

/// Work that naming a conflict among rules may take: questions of the solver, times what one costs.
const MOST_WORK: i64 = 40_000_000;
/// Beyond so many pairs nothing is tried.
const TRIED_PAIRS: usize = 20_000;

pub(crate) fn explain(problem: &Problem, stop: &dyn Fn() -> bool) -> Conflict {
    if let Some(conflict) = oversubscribed(problem) {
        return conflict;
    }
    let demands = demands(problem);
    let mut trials = 0;
    let mut holds = |kept: &[Demand]| {
        trials += 1;
        trials > MOST_TRIALS || stop() || feasible(&reduced(problem, kept)).is_ok()
    };
    let kept = smallest(&mut Vec::new(), false, &demands, &mut holds);
    let mut conflict = named(&kept);
    conflict.minimal = trials <= MOST_TRIALS && !stop();
    if let Err(limits) = feasible(&reduced(problem, &kept)) {
        conflict.limits = limits;
    }
    conflict
}

/// The same where rules or crossing groups hold too: each part is tried with the solver of rules.
pub(crate) fn explain_rules(problem: &Problem, options: &Options<'_>) -> Conflict {
    // Where the flow alone cannot hold, what it names is few; nothing else need be tried.
    let mut flow = problem.clone();
    flow.rules.clear();
    let crossing = Forest::new(problem).crossing;
    for &g in &crossing {
        flow.groups[g as usize].members.clear();
        (flow.groups[g as usize].min, flow.groups[g as usize].max) = (0, i64::MAX);
    }
    let all = demands(problem);
    let stop = || options.stopped();
    let flat = oversubscribed(&flow).is_some() || feasible(&reduced(&flow, &all)).is_err();
    let of_flow = flat.then(|| explain(&flow, &stop));
    let few = match &of_flow {
        // Rules leave less room still: perhaps they need fewer of these. Where trying is too much, this is enough.
        Some(conflict) if problem.pairs.len() > TRIED_PAIRS => {
            return Conflict {
                minimal: false,
                ..conflict.clone()
            };
        }
        Some(conflict) => {
            let forced = conflict.forced.iter().map(|&p| Demand::Forced(p));
            forced
                .chain(conflict.groups.iter().map(|&g| Demand::Group(g)))
                .collect()
        }
        None => all,
    };
    let size = (problem.pairs.len() + problem.offers.len() + problem.needs.len()) as i64 + 20;
    let work = if problem.pairs.len() > TRIED_PAIRS {
        0
    } else {
        MOST_WORK
    };
    let patience = Patience::new(work / size, &stop);
    let mut holds = |kept: &[Demand]| !matches!(relaxed::any(&reduced(problem, kept), None, &patience), Ok(None));
    let kept = smallest(&mut Vec::new(), false, &few, &mut holds);
    if let Some(conflict) = of_flow.filter(|_| kept.len() == few.len()) {
        return Conflict {
            minimal: conflict.minimal && !patience.out(),
            ..conflict
        };
    }
    let mut conflict = named(&kept);
    conflict.minimal = !patience.out();
    let all_rules = |conflict: &mut Conflict| {
        conflict.rules = (0..problem.rules.len() as u32).collect();
        conflict.limits = crossing.iter().map(|&g| Limit::GroupMax(g)).collect();
    };
    // What they collide with: as few of the limits as can be, everything else let go.
    let bare = reduced(problem, &kept);
    let Some(wide) = relaxed::wide(&bare, &[], 0).filter(|_| conflict.minimal) else {
        all_rules(&mut conflict);
        return conflict;
    };
    let (mut given, limits): (Vec<Limit>, Vec<Limit>) = relaxed::limits(&bare)
        .into_iter()
        .partition(|l| matches!(l, Limit::PairForced(_) | Limit::GroupMin(_)));
    let patience = Patience::new(MOST_WORK / size, &stop);
    let mut holds = |kept: &[Limit]| {
        !matches!(
            relaxed::any(&relaxed::only(&bare, kept, &[], wide), None, &patience),
            Ok(None)
        )
    };
    let mut collide = smallest(&mut given, true, &limits, &mut holds);
    if patience.out() {
        all_rules(&mut conflict);
        return conflict;
    }
    collide.sort_unstable();
    for limit in collide {
        match limit {
            Limit::Rule(r) => conflict.rules.push(r),
            limit => conflict.limits.push(limit),
        }
    }
    conflict
}

fn named(demands: &[Demand]) -> Conflict {
    let mut conflict = Conflict::default();
    for demand in demands {
        match *demand {
            Demand::Forced(p) => conflict.forced.push(p),
            Demand::Group(g) => conflict.groups.push(g),
        }
    }
    conflict.forced.sort_unstable();
    conflict.groups.sort_unstable();
    conflict
}

fn demands(problem: &Problem) -> Vec<Demand> {
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
    demands
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
    for (at, pair) in (0..).zip(&bare.pairs) {
        let crosses = inside[pair.offer as usize] && !inside[net.offers + pair.need as usize];
        if pair.status == Status::Forbidden && pair.max_units > 0 && crosses {
            limits.push(Limit::PairForbidden(at));
        }
    }
    // The group minima themselves are named as demands.
    limits.retain(|l| !matches!(l, Limit::GroupMin(_)));
    Err(limits)
}
