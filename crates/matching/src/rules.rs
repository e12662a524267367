//! Rules that a flow cannot carry, in two ways one after the other: prices on places, with every offer on its own (`apart`,
//! `settle`); and where that leaves a gap and the problem is small enough, branch and bound over the flow (`branch`).

mod apart;
mod branch;
mod climb;
mod pick;
mod settle;

use apart::{Aim, Apart, MISSING, Prices};
use climb::Climb;
use settle::Settler;

use crate::answer::{Answer, Certificate, Refusal};
use crate::check;
use crate::conflict;
use crate::laminar::Forest;
use crate::network::Overlay;
use crate::problem::{ByOffer, Pair, Problem, Rule, Status};
use crate::solve::{self, Options, flow, set_bounds, unmet};

/// Prices are fractions of a value with this denominator.
const SCALE: i128 = 256;

/// Up to so many pairs branching may come to an end; beyond, time is better spent on prices and on settling.
const ORDINARY_PAIRS: usize = 20_000;
/// Steps of the climb before branching, and where nothing comes after it.
const CLIMB_STEPS: u32 = 120;
const CLIMB_STEPS_LARGE: u32 = 2_000;

/// Allocations settled before it is asked whether limits and minima can be met at all, and the steps in which prices say how
/// far minima can.
const LOOKS: u32 = 3;
const SHORT_STEPS: u32 = 150;

/// The best allocation known so far.
struct Best<'a> {
    problem: &'a Problem,
    weight: i128,
    /// Its value less what its unmet minima weigh, and its units.
    known: Option<(i128, Vec<i64>)>,
}

impl Best<'_> {
    fn worth(&self) -> i128 {
        self.known.as_ref().map_or(i128::MIN, |b| b.0)
    }

    /// What is missing below minima, weighed by priority.
    fn unmet(&self) -> Option<i128> {
        let (_, units) = self.known.as_ref()?;
        check::totals(self.problem, units).ok().map(|t| t.weighted_unmet)
    }

    /// Keeps an allocation if it holds and is better than what there was.
    fn offer(&mut self, units: Vec<i64>) {
        if let Ok(t) = check::totals(self.problem, &units) {
            let worth = t.objective - self.weight * t.weighted_unmet;
            if self.known.as_ref().is_none_or(|b| worth > b.0) {
                self.known = Some((worth, units));
            }
        }
    }
}

pub(crate) fn solve(
    problem: &Problem,
    forest: &Forest,
    by_offer: &ByOffer,
    earlier: Option<&Answer>,
    options: &Options<'_>,
) -> Result<Answer, Refusal> {
    match find(problem, forest, by_offer, earlier, options)? {
        Some(mut answer) => {
            answer.unmet = unmet(problem, &answer);
            Ok(answer)
        }
        None => Err(Refusal::Conflict(conflict::explain_rules(problem, options))),
    }
}

/// Units, hours and costs are added up in 64 bits here.
const MOST_UNITS: i128 = 1 << 60;

/// Refuses units, hours or costs whose sums would leave 64 bits.
fn countable(problem: &Problem) -> Result<(), Refusal> {
    let most = |p: &Pair| match p.status {
        Status::Forced => i128::from(p.max_units),
        Status::Free | Status::Forbidden => i128::from(check::most_units(problem, p)),
    };
    let carried = problem.pairs.iter().map(most).sum::<i128>();
    let minima = problem.needs.iter().map(|n| i128::from(n.min));
    let asked = minima
        .chain(problem.groups.iter().map(|g| i128::from(g.min)))
        .sum::<i128>();
    if carried.max(asked) > MOST_UNITS {
        return Err(Refusal::TooLarge("units are"));
    }
    let takes = |&(pair, weight): &(u32, i64)| i128::from(weight) * most(&problem.pairs[pair as usize]);
    let heavy = |rule: &Rule| match rule {
        Rule::Load { terms, .. } => terms.iter().map(takes).sum::<i128>() > MOST_UNITS,
        Rule::Budget { costs, .. } => costs.iter().map(|c| i128::from(c.1)).sum::<i128>() > MOST_UNITS,
        Rule::AllOrNothing { .. } | Rule::Exclusive { .. } => false,
    };
    if problem.rules.iter().any(heavy) {
        return Err(Refusal::TooLarge("hours or costs are"));
    }
    Ok(())
}

/// The best allocation, without what causes unmet minima; `None` where nothing keeps every limit.
pub(crate) fn find(
    problem: &Problem,
    forest: &Forest,
    by_offer: &ByOffer,
    earlier: Option<&Answer>,
    options: &Options<'_>,
) -> Result<Option<Answer>, Refusal> {
    // The one with which `flow` solves where rules are priced: see `branch::Search::priced`.
    let weight = check::least_weight(problem).ok_or(Refusal::TooLarge("values are"))?;
    solve::countable(problem, weight)?;
    countable(problem)?;
    let mut best = Best {
        problem,
        weight,
        known: None,
    };
    if let Some(earlier) = earlier.filter(|e| e.units.len() == problem.pairs.len()) {
        best.offer(earlier.units.clone());
    }
    let climbed = climb(forest, by_offer, options, &mut best)?;
    if let Some(answer) = climbed.as_ref().and_then(|c| answer_of(c, &best, options)) {
        return Ok(Some(answer));
    }
    branch::search(forest, by_offer, options, best, climbed.as_ref())
}

/// What the prices on places prove.
struct Climbed {
    certificate: Certificate,
    bound: i128,
}

/// Prices places at needs and in groups, and lets each offer pick on its own: see `apart`. `None` where the rules do
/// not allow it.
fn climb(
    forest: &Forest,
    by_offer: &ByOffer,
    options: &Options<'_>,
    best: &mut Best<'_>,
) -> Result<Option<Climbed>, Refusal> {
    let problem = best.problem;
    let Some(apart) = Apart::new(problem, by_offer, best.weight) else {
        return Ok(None);
    };
    let large = problem.pairs.len() > ORDINARY_PAIRS;
    let by_flow = || {
        let start = flow(problem, forest, by_offer, &Overlay::default(), None, options)?;
        Ok::<_, Refusal>(start.map(|start| apart.prices_of(&start.certificate)))
    };
    // A flow knows nothing of loads and little of crossing groups: beyond a size the climb gets further in the time.
    let from = if large {
        apart.no_prices(Aim::Worth)
    } else {
        let Some(from) = by_flow()? else { return Ok(None) };
        from
    };
    let stop = || options.stopped();
    let most = if large { CLIMB_STEPS_LARGE } else { CLIMB_STEPS };
    let climb = Climb::new(&apart, options, Aim::Worth);
    let settler = Settler::new(&apart);
    let steps = (apart.size_of_prices(Aim::Worth) / 4.0, 1.0);
    let mut looks = 0;
    let mut climbed = climb.run(from, steps, most, |prices, picked| {
        best.offer(settler.settle(prices, picked, &stop));
        looks += 1;
        let lacks = best.unmet() != Some(0);
        (!large || looks < LOOKS || !lacks).then(|| best.worth())
    });
    if large && best.unmet() != Some(0) && !options.stopped() {
        let (from, step) = if best.known.is_none() {
            // What forced pairs and groups ask may hold nowhere; the flow knows.
            let Some(from) = by_flow()? else { return Ok(None) };
            (from, steps.0)
        } else if let Some((minima, step)) = short(&apart, options) {
            // Steps of the size of values never get to prices that say what cannot be met.
            let step = step * (best.weight * SCALE) as f64 / MISSING as f64;
            (apart.with_minima(&climbed.prices, &minima), step.max(1.0))
        } else {
            (climbed.prices.clone(), climbed.step)
        };
        let again = climb.run(from, (step, 1.0), most, |prices, picked| {
            best.offer(settler.settle(prices, picked, &stop));
            Some(best.worth())
        });
        if again.bound < climbed.bound {
            climbed = again;
        }
    }
    if let Some((_, units)) = &best.known {
        let rounds = if large && options.stop.is_some() {
            u32::MAX
        } else {
            (problem.pairs.len() / 10) as u32
        };
        let enough = climbed.bound.div_euclid(SCALE);
        let polished = settler.polish(&climbed.prices, units, rounds, enough, &stop);
        best.offer(polished);
    }
    let certificate = apart.certificate(&climbed.prices);
    // The checker has tables of its own.
    drop(settler);
    drop(apart);
    let bound = check::bound(problem, &certificate).map_err(|_| Refusal::TooLarge("prices became"))?;
    Ok(Some(Climbed { certificate, bound }))
}

/// Prices that prove that minima cannot all be met, and the last step towards them; `None` where they do not.
fn short(apart: &Apart<'_>, options: &Options<'_>) -> Option<(Prices, f64)> {
    let climb = Climb::new(apart, options, Aim::Minima);
    let size = apart.size_of_prices(Aim::Minima);
    let least = size / 2_000.0;
    let mut without = None;
    let steps = (size / 4.0, least);
    let minima = climb.run(apart.no_prices(Aim::Minima), steps, SHORT_STEPS, |_, picked| {
        without.get_or_insert(picked.bound);
        Some(i128::MIN)
    });
    let proves = without.is_some_and(|without| minima.bound <= without - i128::from(MISSING));
    proves.then_some((minima.prices, minima.step))
}

/// The answer where the climb alone closes the gap, or where there are too many pairs to branch over.
fn answer_of(climbed: &Climbed, best: &Best<'_>, options: &Options<'_>) -> Option<Answer> {
    let problem = best.problem;
    let (_, units) = best.known.as_ref()?;
    let totals = check::totals(problem, units).ok()?;
    let mut answer = Answer {
        units: units.clone(),
        objective: totals.objective,
        weighted_unmet: totals.weighted_unmet,
        unmet_min_units: totals.unmet_min_units,
        bound: totals.objective,
        unmet_bound: totals.weighted_unmet,
        proved: false,
        searched: false,
        certificate: climbed.certificate.clone(),
        unmet: Vec::new(),
    };
    answer.proved = check::agrees(&answer, totals, check::least_weight(problem), Ok(climbed.bound)).is_ok();
    if !answer.proved {
        if problem.pairs.len() <= ORDINARY_PAIRS || options.stop.is_none() {
            return None;
        }
        set_bounds(problem, &mut answer, climbed.bound);
    }
    Some(answer)
}
