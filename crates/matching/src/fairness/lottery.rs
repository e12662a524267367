//! A draw against collusion: no pair is sure, and anybody can repeat it.

use super::only_flow;
use crate::answer::{Answer, Refusal};
use crate::check;
use crate::problem::{Problem, Status};
use crate::solve::{Options, set_bounds, solve, unmet};

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

impl Lottery {
    /// The plan drawn, beside the prices of the greatest value: `bound` and `gap` say how far from it luck was, and it is
    /// proved only if luck drew a plan as good.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`] when totals or prices are.
    pub fn answer(&self, problem: &Problem) -> Result<Answer, Refusal> {
        let totals = check::totals(problem, &self.units).map_err(|_| Refusal::TooLarge("totals are"))?;
        let certificate = self.best.certificate.clone();
        let bound = check::bound(problem, &certificate).map_err(|_| Refusal::TooLarge("prices became"))?;
        let mut answer = Answer {
            units: self.units.clone(),
            objective: totals.objective,
            weighted_unmet: totals.weighted_unmet,
            unmet_min_units: totals.unmet_min_units,
            certificate,
            ..Answer::default()
        };
        answer.unmet = unmet(problem, &answer);
        answer.proved = check::check(problem, &answer).is_ok();
        if answer.proved {
            (answer.bound, answer.unmet_bound) = (answer.objective, answer.weighted_unmet);
        } else {
            set_bounds(problem, &mut answer, bound);
        }
        Ok(answer)
    }
}

/// Draws a plan so that no pair is sure: nobody who colludes can count on being matched.
///
/// A pair is chosen at all with a chance of at most `limit / parts`; for that it gets at most one unit, since a draw
/// that gives whole units gives a pair that expects one or more at least one for certain. Where `limit` is not below
/// `parts` nothing is limited. Under that limit the expected value is the greatest; the draw keeps every chance exactly,
/// and every limit of the problem. The same seed draws the same plan, so a published seed lets anybody repeat it. Forced
/// pairs stay sure.
///
/// # Errors
/// As [`solve`], and [`Refusal::Conflict`] also where what groups ask cannot come from pairs that are not sure;
/// [`Refusal::TooLarge`] when units times `parts` leave 64 bits; [`Refusal::Beyond`] with rules or crossing groups.
pub fn lottery(
    problem: &Problem,
    limit: u32,
    parts: u32,
    seed: u64,
    options: &Options<'_>,
) -> Result<Lottery, Refusal> {
    only_flow(problem, "a draw is not possible with rules or groups that cross")?;
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
        pair.max_units = if pair.status == Status::Forced || i64::from(limit) >= parts {
            times(pair.max_units)?
        } else {
            pair.max_units.min(1) * i64::from(limit)
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
