//! The worst-served need first, then the next.

use super::{Fair, only_flow};
use crate::answer::Refusal;
use crate::laminar::{Forest, TOP};
use crate::problem::{Group, Problem, Side, Status};
use crate::solve::{Options, solve};

/// The worst-served need gets as many units as it can, then the next worst, and so on; of all plans that are as fair, one
/// with the least weighted unmet minimum, and of those the most valuable.
///
/// Minima and priorities are left aside while units are raised. Where not all of some needs can have one unit more, those that
/// might be among the ones that do stay open to the last choice, which is made by minima and values; what each need then gets
/// becomes a bound on it, and the answer is proved to be the most valuable within these bounds. That the levels are the fairest
/// rests on what needs can have together being a polymatroid: so it is for a flow with groups of offers that nest. Rules, groups
/// that cross, and groups of several needs are refused. Each level is found by halving, so the number of solves grows with the
/// needs and not with the units.
///
/// # Errors
/// As [`solve`]; [`Refusal::TimeUp`] when the clock strikes before the last unit, [`Refusal::Beyond`] with rules, crossing
/// groups or groups of several needs.
pub fn leximin(problem: &Problem, options: &Options<'_>) -> Result<Fair, Refusal> {
    let beyond =
        "the worst-served first is not possible with rules, with groups that cross or with groups of several needs";
    only_flow(problem, beyond)?;
    let several = |g: &Group| g.side == Side::Need && g.members.len() > 1;
    if problem.groups.iter().any(several) {
        return Err(Refusal::Beyond(beyond));
    }
    let best = solve(problem, options)?;
    let mut levels = Levels::new(problem, options);
    let mut level = 0i64;
    loop {
        let most = &levels.most;
        levels.open.retain(|&need| most[need] > level);
        // All that are open rise together as far as they can: doubling finds where it ends, halving the exact level.
        let Some(ceiling) = levels.open.iter().map(|&need| most[need]).min() else {
            break;
        };
        let (mut reached, mut beyond, mut step) = (level, None, 1);
        while reached < ceiling && beyond.is_none() {
            let next = reached.saturating_add(step).min(ceiling);
            if levels.lift(next)?.short.is_empty() {
                (reached, step) = (next, step.saturating_mul(2));
            } else {
                beyond = Some(next);
            }
        }
        while let Some(most) = beyond.filter(|&most| most - reached > 1) {
            let middle = reached + (most - reached) / 2;
            if levels.lift(middle)?.short.is_empty() {
                reached = middle;
            } else {
                beyond = Some(middle);
            }
        }
        for &need in &levels.open {
            levels.reached[need] = levels.reached[need].max(reached);
        }
        level = reached;
        if beyond.is_some() {
            // Not all can have one unit more. All weigh the same, so as many as can do; which ones does not matter to the
            // levels above.
            let lifted = levels.lift(level + 1)?;
            levels.settle(level, &lifted);
            level += 1;
        }
    }
    // As fair, and the best of those.
    let chosen = solve(&levels.as_fair(), options)?;
    if options.stopped() {
        return Err(Refusal::TimeUp);
    }
    let fair = keeping(problem, &got_by_need(problem, &chosen.units));
    let answer = solve(&fair, options)?;
    Ok(Fair {
        answer,
        problem: fair,
        best,
    })
}

fn got_by_need(problem: &Problem, units: &[i64]) -> Vec<i64> {
    let mut got = vec![0i64; problem.needs.len()];
    for (pair, &units) in problem.pairs.iter().zip(units) {
        got[pair.need as usize] += units;
    }
    got
}

/// The problem in which each need gets at least so many units: what [`leximin`]'s certificate speaks of. The groups come
/// behind the problem's own, one for each need that gets any.
pub fn keeping(problem: &Problem, got: &[i64]) -> Problem {
    let mut kept = problem.clone();
    kept.groups.extend(held(problem, got));
    kept
}

fn held(problem: &Problem, got: &[i64]) -> impl Iterator<Item = Group> {
    let needs = (0u32..).zip(got.iter().zip(&problem.needs));
    needs
        .filter(|(_, (units, _))| **units > 0)
        .map(|(need, (&min, of))| Group {
            side: Side::Need,
            members: vec![need],
            min,
            max: of.max,
        })
}

/// What every need has for certain, while those still open are lifted.
struct Levels<'a> {
    problem: &'a Problem,
    options: &'a Options<'a>,
    bare: Problem,
    reached: Vec<i64>,
    open: Vec<usize>,
    /// What each need gets at least, whatever is chosen, and what it can take.
    least: Vec<i64>,
    most: Vec<i64>,
    /// Needs of which some have a unit more than the others: the level of these, all that are in question, and what they get
    /// together.
    tied: Vec<(i64, Vec<usize>, i64)>,
}

/// Open needs that stay below a level, in an allocation where as few as can be do.
struct Lifted {
    short: Vec<usize>,
    units: Vec<i64>,
}

impl<'a> Levels<'a> {
    fn new(problem: &'a Problem, options: &'a Options<'a>) -> Self {
        let mut bare = problem.clone();
        for pair in &mut bare.pairs {
            pair.value = 0;
        }
        let mut least = vec![0i64; problem.needs.len()];
        let mut most: Vec<i64> = problem.needs.iter().map(|n| n.max).collect();
        for pair in problem.pairs.iter().filter(|p| p.status == Status::Forced) {
            let least = &mut least[pair.need as usize];
            *least = least.saturating_add(pair.max_units);
        }
        for group in problem.groups.iter().filter(|g| g.side == Side::Need) {
            for &need in &group.members {
                let need = need as usize;
                least[need] = least[need].max(group.min);
                most[need] = most[need].min(group.max);
            }
        }
        Self {
            problem,
            options,
            bare,
            reached: vec![0; problem.needs.len()],
            open: (0..problem.needs.len()).collect(),
            least,
            most,
            tied: Vec::new(),
        }
    }

    /// The open needs that stay below this level when as few units as can be are missing there, and nobody falls.
    fn lift(&mut self, level: i64) -> Result<Lifted, Refusal> {
        self.bare.groups.truncate(self.problem.groups.len());
        self.bare.groups.extend(held(self.problem, &self.reached));
        for need in &mut self.bare.needs {
            (need.min, need.priority) = (0, 0);
        }
        for &need in &self.open {
            (self.bare.needs[need].min, self.bare.needs[need].priority) = (level, 1);
        }
        let answer = solve(&self.bare, self.options)?;
        if self.options.stopped() {
            return Err(Refusal::TimeUp);
        }
        let got = got_by_need(self.problem, &answer.units);
        Ok(Lifted {
            short: self.open.iter().copied().filter(|&need| got[need] < level).collect(),
            units: answer.units,
        })
    }

    /// Closes the needs that stay at `level`, and those that could stay there in their stead: none of these ever gets more
    /// than one unit above it.
    fn settle(&mut self, level: i64, lifted: &Lifted) {
        let could = Exchange::new(self.problem, &lifted.units).with(&lifted.short);
        let got = got_by_need(self.problem, &lifted.units);
        let (tied, open): (Vec<usize>, Vec<usize>) = self.open.iter().partition(|&&need| could[need]);
        for &need in &self.open {
            // The others have at least one more.
            self.reached[need] = if got[need] <= level { level } else { level + 1 };
        }
        let together = tied.iter().map(|&need| got[need]).sum();
        self.tied.push((level, tied, together));
        self.open = open;
    }

    /// The problem whose allocations are just those that are as fair.
    fn as_fair(&self) -> Problem {
        let mut problem = self.problem.clone();
        let mut bounds: Vec<(i64, i64)> = self.reached.iter().zip(&self.most).map(|(&r, &m)| (r, m)).collect();
        for (level, needs, together) in &self.tied {
            for &need in needs {
                bounds[need] = (*level, level + 1);
            }
            problem.groups.push(Group {
                side: Side::Need,
                members: needs.iter().map(|&need| need as u32).collect(),
                min: *together,
                max: i64::MAX,
            });
        }
        let each = bounds.iter().zip(&self.least).enumerate();
        problem.groups.extend(each.map(|(need, (&(low, high), &least))| Group {
            side: Side::Need,
            members: vec![need as u32],
            min: low.max(least),
            max: high.max(least),
        }));
        problem
    }
}

/// Who could give a unit for whom, in an allocation: steps along which one unit less here makes one more there.
struct Exchange<'a> {
    problem: &'a Problem,
    units: &'a [i64],
    of_offer: Vec<Vec<u32>>,
    of_need: Vec<Vec<u32>>,
    forest: Forest,
    /// Units through each offer, and through each group of offers.
    through: Vec<i64>,
    of_group: Vec<i64>,
}

impl<'a> Exchange<'a> {
    fn new(problem: &'a Problem, units: &'a [i64]) -> Self {
        let forest = Forest::new(problem);
        let mut of_offer = vec![Vec::new(); problem.offers.len()];
        let mut of_need = vec![Vec::new(); problem.needs.len()];
        let mut through = vec![0i64; problem.offers.len()];
        for (at, (pair, &units)) in (0u32..).zip(problem.pairs.iter().zip(units)) {
            through[pair.offer as usize] += units;
            if pair.status == Status::Free {
                of_offer[pair.offer as usize].push(at);
                of_need[pair.need as usize].push(at);
            }
        }
        let mut of_group = vec![0i64; forest.offer_groups];
        for (&units, &group) in through.iter().zip(&forest.of_offer) {
            let mut place = group;
            while place != TOP {
                of_group[place as usize] += units;
                place = forest.parent[place as usize];
            }
        }
        Self {
            problem,
            units,
            of_offer,
            of_need,
            forest,
            through,
            of_group,
        }
    }

    fn group(&self, place: u32) -> &Group {
        &self.problem.groups[self.forest.order[place as usize] as usize]
    }

    /// Whether a unit of each need could serve one of these instead, by as many steps as it takes; these themselves too.
    fn with(&self, short: &[usize]) -> Vec<bool> {
        let mut wants = vec![false; self.problem.needs.len()];
        let mut asked = vec![false; self.problem.offers.len()];
        let mut gives = vec![false; self.problem.offers.len()];
        let mut widened = vec![false; self.forest.offer_groups];
        let mut needs: Vec<usize> = short.to_vec();
        for &need in short {
            wants[need] = true;
        }
        while let Some(need) = needs.pop() {
            for &at in &self.of_need[need] {
                let pair = &self.problem.pairs[at as usize];
                let offer = pair.offer as usize;
                if self.units[at as usize] >= pair.max_units || std::mem::replace(&mut asked[offer], true) {
                    continue;
                }
                let mut givers = vec![offer];
                // Or its groups let it have what others in them give now.
                let mut place = self.forest.of_offer[offer];
                let mut more = self.through[offer] < self.problem.offers[offer].capacity;
                while more && place != TOP && !std::mem::replace(&mut widened[place as usize], true) {
                    givers.extend(self.givers(place));
                    more = self.of_group[place as usize] < self.group(place).max;
                    place = self.forest.parent[place as usize];
                }
                for giver in givers {
                    if std::mem::replace(&mut gives[giver], true) {
                        continue;
                    }
                    for &other in &self.of_offer[giver] {
                        let other = other as usize;
                        let loses = self.problem.pairs[other].need as usize;
                        if self.units[other] > 0 && !std::mem::replace(&mut wants[loses], true) {
                            needs.push(loses);
                        }
                    }
                }
            }
        }
        wants
    }

    /// The offers below a group that can give one unit less, with all groups between.
    fn givers(&self, place: u32) -> Vec<usize> {
        let below = |offer: usize| {
            let mut at = self.forest.of_offer[offer];
            while at != TOP && at != place {
                if self.of_group[at as usize] <= self.group(at).min {
                    return false;
                }
                at = self.forest.parent[at as usize];
            }
            at == place
        };
        (0..self.through.len()).filter(|&offer| below(offer)).collect()
    }
}
