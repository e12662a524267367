//! Fairness as a choice, with what it costs in value beside the plan without it.
//!
//! Each function gives the fair answer and the best answer of the same problem, so that both can be shown.

use crate::answer::{Answer, Refusal};
use crate::check;
use crate::problem::{Group, Problem, Side, Status};
use crate::solve::{Options, solve};

/// A fair plan beside the one of greatest value.
#[derive(Clone, Debug)]
pub struct Fair {
    /// The fair plan.
    pub answer: Answer,
    /// The plan of greatest value, for comparison.
    pub best: Answer,
}

impl Fair {
    /// Value given up for fairness; negative when the fair plan meets fewer minima and so may be worth more.
    pub fn cost(&self) -> i128 {
        self.best.objective - self.answer.objective
    }
}

/// The worst-served need gets as many units as it can, then the next worst, and so on; among such plans the most
/// valuable.
///
/// Minima and priorities are left aside while units are raised one by one; what is reached becomes a bound on every
/// need. One solve for each unit that the best-served need gets.
///
/// # Errors
/// As [`solve`]; [`Refusal::TimeUp`] when the clock strikes before the last unit.
pub fn leximin(problem: &Problem, options: &Options<'_>) -> Result<Fair, Refusal> {
    let best = solve(problem, options)?;
    let mut reached = vec![0i64; problem.needs.len()];
    let mut open: Vec<usize> = (0..problem.needs.len()).collect();
    let mut level = 0i64;
    let mut trial = problem.clone();
    for pair in &mut trial.pairs {
        pair.value = 0;
    }
    for need in &mut trial.needs {
        need.priority = 0;
    }
    let groups = trial.groups.len();
    loop {
        level += 1;
        open.retain(|&need| problem.needs[need].max >= level);
        if open.is_empty() {
            break;
        }
        // What was reached holds; who can have one more without anybody falling is asked all at once. All weigh the
        // same, so as many as can rise do; which ones does not matter to the levels above (the units that needs
        // can have together form a polymatroid).
        trial.groups.truncate(groups);
        for (need, &units) in reached.iter().enumerate() {
            if units > 0 {
                let max = problem.needs[need].max;
                trial.groups.push(Group {
                    side: Side::Need,
                    members: vec![need as u32],
                    min: units,
                    max,
                });
            }
        }
        for need in 0..problem.needs.len() {
            (trial.needs[need].min, trial.needs[need].priority) = (0, 0);
        }
        for &need in &open {
            (trial.needs[need].min, trial.needs[need].priority) = (level, 1);
        }
        let answer = solve(&trial, options)?;
        if options.stopped() {
            return Err(Refusal::TimeUp);
        }
        let mut got = vec![0i64; problem.needs.len()];
        for (pair, &units) in problem.pairs.iter().zip(&answer.units) {
            got[pair.need as usize] += units;
        }
        open.retain(|&need| {
            reached[need] = reached[need].max(got[need].min(level));
            got[need] >= level
        });
    }
    let mut fair = problem.clone();
    for (need, &units) in reached.iter().enumerate() {
        if units > 0 {
            let max = problem.needs[need].max;
            fair.groups.push(Group {
                side: Side::Need,
                members: vec![need as u32],
                min: units,
                max,
            });
        }
    }
    let mut answer = solve(&fair, options)?;
    // The groups that held the levels are not the caller's.
    answer.certificate.groups.truncate(problem.groups.len());
    Ok(Fair { answer, best })
}

/// No organisation gives more than `permille` of all units that are given.
///
/// `organisations` lists the offers of each. The bound is on what is given in the end, so it is tightened until
/// it holds of its own result.
///
/// # Errors
/// As [`solve`].
pub fn bounded_share(
    problem: &Problem,
    organisations: &[Vec<u32>],
    permille: u32,
    options: &Options<'_>,
) -> Result<Fair, Refusal> {
    let best = solve(problem, options)?;
    let mut given: i128 = best.units.iter().map(|&u| i128::from(u)).sum();
    loop {
        let most = (given * i128::from(permille) / 1000) as i64;
        let mut fair = problem.clone();
        for members in organisations {
            fair.groups.push(Group {
                side: Side::Offer,
                members: members.clone(),
                min: 0,
                max: most,
            });
        }
        let mut answer = solve(&fair, options)?;
        let now: i128 = answer.units.iter().map(|&u| i128::from(u)).sum();
        let mut of_offer = vec![0i64; problem.offers.len()];
        for (pair, &units) in problem.pairs.iter().zip(&answer.units) {
            of_offer[pair.offer as usize] += units;
        }
        let holds = organisations.iter().all(|members| {
            let sum: i128 = members.iter().map(|&m| i128::from(of_offer[m as usize])).sum();
            sum * 1000 <= now * i128::from(permille)
        });
        answer.certificate.groups.truncate(problem.groups.len());
        if holds || given == 0 {
            return Ok(Fair { answer, best });
        }
        given = now.min(given - 1);
    }
}

/// A lottery: chances for every pair, none above a limit, and the plan that the seed draws from them.
#[derive(Clone, Debug)]
pub struct Lottery {
    /// Expected units of each pair, in parts of `parts`.
    pub chances: Vec<i64>,
    /// What one unit is divided in.
    pub parts: i64,
    /// The plan drawn; it keeps every limit.
    pub units: Vec<i64>,
    /// Expected total value, times `parts`.
    pub expected: i128,
    /// The plan of greatest value without a lottery.
    pub best: Answer,
}

/// Draws a plan so that no pair is sure: nobody who colludes can count on being matched.
///
/// A pair's unit is given with a chance of at most `limit / parts`. Under that limit the expected value is the
/// greatest; the draw keeps every chance exactly, and every limit of the problem. The same seed draws the same
/// plan, so a published seed lets anybody repeat it. Forced pairs stay sure. Rules beyond the flow are refused.
///
/// # Errors
/// As [`solve`]; [`Refusal::TooLarge`] when units times `parts` leave 64 bits or there are rules beyond the flow.
pub fn lottery(
    problem: &Problem,
    limit: u32,
    parts: u32,
    seed: u64,
    options: &Options<'_>,
) -> Result<Lottery, Refusal> {
    let crossing = !crate::laminar::Forest::new(problem).crossing.is_empty();
    if !problem.rules.is_empty() || crossing {
        return Err(Refusal::TooLarge("rules beyond the flow for a lottery are"));
    }
    let best = solve(problem, options)?;
    let parts = i64::from(parts.max(1));
    let times = |n: i64| n.checked_mul(parts).ok_or(Refusal::TooLarge("units times parts are"));
    let mut fine = problem.clone();
    for need in &mut fine.needs {
        (need.min, need.max) = (times(need.min)?, times(need.max)?);
    }
    for offer in &mut fine.offers {
        offer.capacity = times(offer.capacity)?;
    }
    for group in &mut fine.groups {
        (group.min, group.max) = (times(group.min)?, times(group.max)?);
    }
    for pair in &mut fine.pairs {
        pair.max_units = if pair.status == Status::Forced {
            times(pair.max_units)?
        } else {
            pair.max_units
                .checked_mul(i64::from(limit).min(parts))
                .ok_or(Refusal::TooLarge("units times parts are"))?
        };
    }
    let answer = solve(&fine, options)?;
    let chances = answer.units;
    let units = draw(problem, &chances, parts, seed);
    check::totals(problem, &units).map_err(|_| Refusal::TimeUp)?;
    Ok(Lottery {
        chances,
        parts,
        units,
        expected: answer.objective,
        best,
    })
}

/// SplitMix64; named in the documentation so that anybody can repeat a draw.
pub(crate) struct Seed(pub u64);

impl Seed {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `bound`, evenly: what would favour small numbers is drawn again.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        let fair = u64::MAX - u64::MAX % bound;
        loop {
            let drawn = self.next();
            if drawn < fair {
                return drawn % bound;
            }
        }
    }
}

/// Rounds parts to whole units along closed walks of the network: on each, units move one way or the other with
/// odds that leave every expectation as it is, until one arc is whole; sums at offers, needs and groups stay
/// between the whole numbers around them.
fn draw(problem: &Problem, chances: &[i64], parts: i64, seed: u64) -> Vec<i64> {
    let forest = crate::laminar::Forest::new(problem);
    let (offers, needs) = (problem.offers.len(), problem.needs.len());
    let root = offers + needs + forest.order.len();
    let up = |place: u32| {
        if place == crate::laminar::TOP {
            root
        } else {
            offers + needs + place as usize
        }
    };
    // Arcs (tail, head, amount): pairs, then from or to the parents.
    let mut arcs: Vec<(usize, usize, i64)> = Vec::new();
    for (pair, &x) in problem.pairs.iter().zip(chances) {
        arcs.push((pair.offer as usize, offers + pair.need as usize, x));
    }
    let mut sums = vec![0i64; root + 1];
    for (pair, &x) in problem.pairs.iter().zip(chances) {
        sums[pair.offer as usize] += x;
        sums[offers + pair.need as usize] += x;
    }
    for offer in 0..offers {
        arcs.push((up(forest.of_offer[offer]), offer, sums[offer]));
        sums[up(forest.of_offer[offer])] += sums[offer];
    }
    for need in 0..needs {
        arcs.push((offers + need, up(forest.of_need[need]), sums[offers + need]));
        sums[up(forest.of_need[need])] += sums[offers + need];
    }
    for place in 0..forest.order.len() {
        let (node, parent) = (offers + needs + place, up(forest.parent[place]));
        let down = place < forest.offer_groups;
        arcs.push(if down {
            (parent, node, sums[node])
        } else {
            (node, parent, sums[node])
        });
        sums[parent] += sums[node];
    }
    let broken = |x: i64| x % parts != 0;
    let mut at: Vec<Vec<u32>> = vec![Vec::new(); root + 1];
    for (k, arc) in arcs.iter().enumerate() {
        if broken(arc.2) {
            at[arc.0].push(k as u32);
            at[arc.1].push(k as u32);
        }
    }
    let mut seed = Seed(seed);
    let mut seen = vec![usize::MAX; root + 1];
    for from in 0..=root {
        loop {
            at[from].retain(|&k| broken(arcs[k as usize].2));
            if at[from].is_empty() {
                break;
            }
            // Walk along broken arcs, never straight back, until a node comes twice: a node with one broken arc
            // has another, since what flows in flows out.
            let mut walk: Vec<(u32, usize)> = Vec::new();
            let mut node = from;
            let circle = loop {
                if seen[node] != usize::MAX {
                    break seen[node];
                }
                seen[node] = walk.len();
                let last = walk.last().map(|w| w.0);
                at[node].retain(|&k| broken(arcs[k as usize].2));
                let Some(&k) = at[node].iter().find(|&&k| Some(k) != last) else {
                    break walk.len();
                };
                walk.push((k, node));
                let arc = arcs[k as usize];
                node = if arc.0 == node { arc.1 } else { arc.0 };
            };
            for &(k, tail) in &walk {
                seen[tail] = usize::MAX;
                let arc = arcs[k as usize];
                seen[arc.0] = usize::MAX;
                seen[arc.1] = usize::MAX;
            }
            if circle == walk.len() {
                // Cannot be while flow is kept; better to leave it than to turn in circles.
                return arcs[..chances.len()].iter().map(|a| a.2 / parts).collect();
            }
            // How far the circle can turn either way.
            let (mut more, mut less) = (i64::MAX, i64::MAX);
            for &(k, tail) in &walk[circle..] {
                let arc = arcs[k as usize];
                let part = arc.2.rem_euclid(parts);
                let (with, against) = if arc.0 == tail {
                    (parts - part, part)
                } else {
                    (part, parts - part)
                };
                more = more.min(with);
                less = less.min(against);
            }
            let turn = if seed.below((more + less) as u64) < less as u64 {
                more
            } else {
                -less
            };
            for &(k, tail) in &walk[circle..] {
                let arc = &mut arcs[k as usize];
                arc.2 += if arc.0 == tail { turn } else { -turn };
            }
        }
    }
    arcs[..chances.len()].iter().map(|a| a.2 / parts).collect()
}
