//! No organisation gives more than its share of all units.

use super::Fair;
use crate::answer::{Answer, Conflict, Limit, Refusal};
use crate::check;
use crate::problem::{Group, Problem, Side};
use crate::solve::{Options, most_of, set_bounds_by, solve};

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
