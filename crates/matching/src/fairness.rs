//! Fairness as a choice, with what it costs in value beside the plan without it.
//!
//! Each function gives the fair answer and the best answer of the same problem, so that both can be shown.

use crate::answer::{Answer, Conflict, Limit, Refusal};
use crate::check;
use crate::laminar::{Forest, TOP};
use crate::problem::{Group, Problem, Side, Status};
use crate::solve::{Options, most_of, set_bounds, set_bounds_by, solve, unmet};

/// A fair plan beside the one of greatest value.
#[derive(Clone, Debug)]
pub struct Fair {
    /// The fair plan. `proved` and its certificate speak of [`Fair::problem`].
    pub answer: Answer,
    /// The caller's problem with what fairness adds as groups behind its own: [`check::check`] confirms the answer on
    /// this one. Every fair plan keeps its limits, so that no fair plan is worth more than the prices say.
    pub problem: Problem,
    /// The plan of greatest value, for comparison.
    pub best: Answer,
}

impl Fair {
    /// Value given up for fairness; negative when the fair plan meets fewer minima and so may be worth more.
    pub fn cost(&self) -> i128 {
        self.best.objective - self.answer.objective
    }
}

/// Whether the flow carries the whole problem.
fn only_flow(problem: &Problem, what: &'static str) -> Result<(), Refusal> {
    let faults = problem.faults();
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    if problem.rules.is_empty() && Forest::new(problem).crossing.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Beyond(what))
    }
}

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

/// No organisation gives more than `permille` of all units that are given; among all such plans the least weighted
/// unmet minimum, then the greatest value.
///
/// `organisations` lists the offers of each. A plan in which `total` units are given keeps the share exactly if every
/// organisation gives at most `total x permille / 1000`, rounded down. So plans are gone through by how much an
/// organisation may give: with `most` units each there must be at least `most x 1000 / permille` units in all. A whole range
/// of such numbers is solved at once, with the widest limit and the least total of the range; that is no less than the best
/// in the range, and often keeps the share by itself. Otherwise the range is halved.
///
/// `proved` where the first range's prices prove the plan the best of all that keep the share; `searched` where
/// further ranges had to be gone through to the end. When time runs out first, `bound` and `unmet_bound` hold for all of
/// them.
///
/// # Errors
/// As [`solve`]; [`Refusal::TimeUp`] when time ran out before any plan kept the share.
pub fn bounded_share(
    problem: &Problem,
    organisations: &[Vec<u32>],
    permille: u32,
    options: &Options<'_>,
) -> Result<Fair, Refusal> {
    let best = solve(problem, options)?;
    Shares {
        problem,
        organisations,
        permille,
        options,
        known: None,
    }
    .search(best)
}

/// The problem in which no organisation gives more than it ever could within its share: what [`bounded_share`]'s certificate
/// speaks of. Every plan that keeps the share keeps these limits; the groups come behind the problem's own, one for each
/// organisation.
pub fn sharing(problem: &Problem, organisations: &[Vec<u32>], permille: u32) -> Problem {
    capped(problem, organisations, widest(problem, organisations, permille))
}

/// The problem in which no organisation gives more than its share of so many units: what keeps needs short in a plan in
/// which so many are given.
pub fn sharing_of(problem: &Problem, organisations: &[Vec<u32>], permille: u32, given: i128) -> Problem {
    let most = given * i128::from(permille) / 1000;
    capped(problem, organisations, most.clamp(0, 1 << 60) as i64)
}

/// The most that one organisation can give: no more than it has, nor more than its share of everything.
fn widest(problem: &Problem, organisations: &[Vec<u32>], permille: u32) -> i64 {
    // An offer that is not there is told by the first solve.
    let capacity = |o: &u32| problem.offers.get(*o as usize).map_or(0, |o| i128::from(o.capacity));
    let all: i128 = (0..problem.offers.len() as u32).map(|o| capacity(&o)).sum();
    let each = organisations.iter().map(|of| of.iter().map(capacity).sum()).max();
    let most: i128 = each.unwrap_or(0);
    most.min(all * i128::from(permille) / 1000).min(1 << 60) as i64
}

fn capped(problem: &Problem, organisations: &[Vec<u32>], most: i64) -> Problem {
    let mut part = problem.clone();
    part.groups.extend(organisations.iter().map(|members| Group {
        side: Side::Offer,
        members: members.clone(),
        min: 0,
        max: most,
    }));
    part
}

/// Whether no organisation gives more than its share, and otherwise the first that does, with what it gives and all that
/// is given.
///
/// # Errors
/// The organisation's place, its units, and all units.
pub fn keeps_share(
    problem: &Problem,
    organisations: &[Vec<u32>],
    permille: u32,
    units: &[i64],
) -> Result<(), (usize, i128, i128)> {
    let mut of_offer = vec![0i128; problem.offers.len()];
    for (pair, &units) in problem.pairs.iter().zip(units) {
        of_offer[pair.offer as usize] += i128::from(units);
    }
    let all: i128 = of_offer.iter().sum();
    for (at, of) in organisations.iter().enumerate() {
        let given = of.iter().map(|&o| of_offer[o as usize]).sum::<i128>();
        if given * 1000 > all * i128::from(permille) {
            return Err((at, given, all));
        }
    }
    Ok(())
}

struct Shares<'a> {
    problem: &'a Problem,
    organisations: &'a [Vec<u32>],
    permille: u32,
    options: &'a Options<'a>,
    known: Option<Answer>,
}

/// A range of what an organisation may give, and what the best in it could be worth.
struct Range {
    least: i64,
    most: i64,
    worth: i128,
}

impl Shares<'_> {
    fn search(mut self, best: Answer) -> Result<Fair, Refusal> {
        let problem = self.problem;
        let most = widest(problem, self.organisations, self.permille);
        let whole = self.within(0, most);
        let weight = check::least_weight(&whole).ok_or(Refusal::TooLarge("values are"))?;
        let worth = |answer: &Answer| answer.objective - weight * answer.weighted_unmet;
        let mut first: Option<Answer> = None;
        let mut conflict = None;
        let mut open = vec![Range {
            least: 0,
            most,
            worth: i128::MAX,
        }];
        let mut left = None;
        while let Some(range) = open.pop() {
            let known = self.known.as_ref().map(worth);
            if known.is_some_and(|known| range.worth <= known) {
                continue;
            }
            if self.options.stopped() && first.is_some() {
                left = Some(open.iter().map(|r| r.worth).fold(range.worth, i128::max));
                break;
            }
            let part = self.within(range.least, range.most);
            let answer = match solve(&part, self.options) {
                Ok(answer) => answer,
                Err(Refusal::Conflict(found)) => {
                    conflict.get_or_insert(found);
                    continue;
                }
                Err(Refusal::TimeUp) if first.is_some() => {
                    left = Some(open.iter().map(|r| r.worth).fold(range.worth, i128::max));
                    break;
                }
                Err(other) => return Err(other),
            };
            let exact = answer.proved || answer.searched;
            let reach = if exact {
                worth(&answer)
            } else {
                // The prices may weigh unmet minima by more than `weight`: of what they say only the unmet minima count here.
                let unmet = weight.checked_mul(answer.unmet_bound);
                let reach = unmet.and_then(|unmet| most_of(problem, 1).checked_sub(unmet));
                reach.map_or(range.worth, |reach| reach.min(range.worth))
            };
            let fair = keeps_share(problem, self.organisations, self.permille, &answer.units).is_ok();
            let better = fair && known.is_none_or(|known| worth(&answer) > known);
            if first.is_none() {
                first = Some(answer.clone());
            }
            if better {
                self.known = Some(answer);
            }
            if fair && exact {
                continue;
            }
            if range.least < range.most {
                let middle = range.least + (range.most - range.least) / 2;
                let half = |least, most| Range {
                    least,
                    most,
                    worth: reach,
                };
                open.extend([half(range.least, middle), half(middle + 1, range.most)]);
            } else if !exact {
                // Time ran out on the last split.
                left = Some(open.iter().map(|r| r.worth).fold(reach, i128::max));
                break;
            }
        }
        let (Some(mut answer), Some(first)) = (self.known.take(), first) else {
            return Err(match conflict.and_then(|conflict| self.own(conflict)) {
                _ if left.is_some() => Refusal::TimeUp,
                Some(conflict) => Refusal::Conflict(conflict),
                None => Refusal::Beyond("no plan keeps the share"),
            });
        };
        answer.certificate = first.certificate;
        answer.proved = false;
        answer.proved = check::check(&whole, &answer).is_ok();
        answer.searched = left.is_none();
        if answer.proved || answer.searched {
            (answer.bound, answer.unmet_bound) = (answer.objective, answer.weighted_unmet);
        } else if let Some(left) = left {
            let bound = left.max(worth(&answer));
            set_bounds_by(&whole, &mut answer, weight, bound);
        }
        Ok(Fair {
            answer,
            problem: whole,
            best,
        })
    }

    /// Every plan that keeps the share and in which the organisation that gives most gives from `least` to `most` units or
    /// could: at most `most` for each, and as many in all as `least` asks.
    fn within(&self, least: i64, most: i64) -> Problem {
        let mut part = capped(self.problem, self.organisations, most);
        if least > 0 {
            let permille = i128::from(self.permille);
            let total = (i128::from(least) * 1000 + permille - 1) / permille;
            part.groups.push(Group {
                side: Side::Offer,
                members: (0..self.problem.offers.len() as u32).collect(),
                min: total.min(1 << 61) as i64,
                max: 1 << 61,
            });
        }
        part
    }

    /// A conflict without the groups that the caller did not give; `None` where nothing else is in it.
    fn own(&self, mut conflict: Conflict) -> Option<Conflict> {
        let groups = self.problem.groups.len() as u32;
        conflict.groups.retain(|&g| g < groups);
        conflict
            .limits
            .retain(|l| !matches!(l, Limit::GroupMax(g) | Limit::GroupMin(g) if *g >= groups));
        conflict.minimal = false;
        (!conflict.forced.is_empty() || !conflict.groups.is_empty()).then_some(conflict)
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
