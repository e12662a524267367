//! The checker: small, apart from the solver, and the only one who may say "proved".
//!
//! It knows nothing of networks or paths. From the prices alone it forms the Lagrangian bound (what the best
//! allocation could bring if every limit could be bought at its price), from the units alone it sums what the
//! allocation brings, and compares the two in 128-bit integers that refuse to overflow. By weak duality an
//! allocation that reaches the bound is optimal.

mod apart;

use crate::answer::Answer;
use crate::problem::{Need, Pair, Problem, Rule, Side, Status};

/// Why an answer does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Lists do not have the lengths of the problem's.
    Shape,
    /// This pair carries too few or too many units.
    Pair(u32),
    /// This offer gives more than it has.
    Offer(u32),
    /// This need gets more than it takes.
    Need(u32),
    /// This group's bounds are broken.
    Group(u32),
    /// This rule is broken.
    Rule(u32),
    /// A stated total is not what the units add up to.
    Totals,
    /// The weight of a missing minimum unit is too small to come before every value.
    Weight,
    /// The prices prove only this much more; the allocation may not be the best.
    NotProved {
        /// Bound minus what the allocation brings, in value x certificate scale.
        short: i128,
    },
    /// Numbers too large to check.
    Overflow,
}

/// What the units add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Sum of value x units.
    pub objective: i128,
    /// Sum of priority x units missing below minima.
    pub weighted_unmet: i128,
    /// Units missing below minima.
    pub unmet_min_units: i128,
}

/// Whether `units` keep every limit, and what they add up to.
pub fn totals(problem: &Problem, units: &[i64]) -> Result<Totals, Flaw> {
    if units.len() != problem.pairs.len() {
        return Err(Flaw::Shape);
    }
    let mut of_offer = vec![0i128; problem.offers.len()];
    let mut of_need = vec![0i128; problem.needs.len()];
    let mut objective = 0i128;
    for (at, (pair, &x)) in problem.pairs.iter().zip(units).enumerate() {
        let fine = match pair.status {
            Status::Free => 0 <= x && x <= pair.max_units,
            Status::Forced => x == pair.max_units,
            Status::Forbidden => x == 0,
        };
        if !fine {
            return Err(Flaw::Pair(at as u32));
        }
        if x != 0 {
            of_offer[pair.offer as usize] += i128::from(x);
            of_need[pair.need as usize] += i128::from(x);
            let value = i128::from(pair.value) * i128::from(x);
            objective = objective.checked_add(value).ok_or(Flaw::Overflow)?;
        }
    }
    for (at, offer) in problem.offers.iter().enumerate() {
        if of_offer[at] > i128::from(offer.capacity) {
            return Err(Flaw::Offer(at as u32));
        }
    }
    let (mut weighted_unmet, mut unmet_min_units) = (0i128, 0i128);
    for (at, need) in problem.needs.iter().enumerate() {
        if of_need[at] > i128::from(need.max) {
            return Err(Flaw::Need(at as u32));
        }
        let missing = (i128::from(need.min) - of_need[at]).max(0);
        unmet_min_units += missing;
        let weighed = missing.checked_mul(i128::from(need.priority)).ok_or(Flaw::Overflow)?;
        weighted_unmet = weighted_unmet.checked_add(weighed).ok_or(Flaw::Overflow)?;
    }
    for (at, group) in problem.groups.iter().enumerate() {
        let of = match group.side {
            Side::Offer => &of_offer,
            Side::Need => &of_need,
        };
        let sum: i128 = group.members.iter().map(|&m| of[m as usize]).sum();
        if sum < i128::from(group.min) || sum > i128::from(group.max) {
            return Err(Flaw::Group(at as u32));
        }
    }
    for (at, rule) in problem.rules.iter().enumerate() {
        if !keeps(problem, rule, units, &of_offer) {
            return Err(Flaw::Rule(at as u32));
        }
    }
    Ok(Totals {
        objective,
        weighted_unmet,
        unmet_min_units,
    })
}

fn keeps(problem: &Problem, rule: &Rule, units: &[i64], of_offer: &[i128]) -> bool {
    match rule {
        Rule::Load { terms, max } => {
            let sum = terms.iter().try_fold(0i128, |sum, &(pair, weight)| {
                sum.checked_add(i128::from(weight) * i128::from(units[pair as usize]))
            });
            sum.is_some_and(|sum| sum <= i128::from(*max))
        }
        Rule::Budget { costs, max } => {
            let used = costs.iter().filter(|c| c.0.iter().any(|&o| of_offer[o as usize] > 0));
            used.map(|c| i128::from(c.1)).sum::<i128>() <= i128::from(*max)
        }
        Rule::AllOrNothing { offer } => {
            let given = of_offer[*offer as usize];
            given == 0 || given == i128::from(problem.offers[*offer as usize].capacity)
        }
        Rule::Exclusive { offers } => {
            // One that is named twice is still one.
            let mut used = offers.iter().filter(|&&o| of_offer[o as usize] > 0);
            let first = used.next();
            used.all(|o| Some(o) == first)
        }
    }
}

/// No allocation gives a free pair more than this.
pub(crate) fn most_units(problem: &Problem, pair: &Pair) -> i64 {
    pair.max_units
        .min(problem.offers[pair.offer as usize].capacity)
        .min(problem.needs[pair.need as usize].max)
}

/// The least weight of a missing minimum unit that no exchange of values outweighs.
///
/// Where only capacities, minima and maxima bind, two allocations differ by cycles that pass each need (and
/// each offer) once, so twice the largest value per need is more than a cycle can bring. With groups or rules
/// the whole span of values is taken instead.
pub fn least_weight(problem: &Problem) -> Option<i128> {
    least_weight_of(problem, None)
}

/// As [`least_weight`], for who knows the largest value of a free pair already, whatever its sign.
pub(crate) fn least_weight_of(problem: &Problem, largest: Option<i128>) -> Option<i128> {
    let free = || problem.pairs.iter().filter(|p| p.status == Status::Free);
    if problem.rules.is_empty() && problem.groups.is_empty() {
        let largest = largest.unwrap_or_else(|| {
            let values = free().map(|p| p.value.unsigned_abs());
            i128::from(values.max().unwrap_or(0))
        });
        let nodes = problem.needs.len().min(problem.offers.len()) as i128;
        return largest.checked_mul(2 * (nodes + 1))?.checked_add(1);
    }
    let mut span = 1i128;
    for pair in free() {
        let most = i128::from(most_units(problem, pair));
        span = span.checked_add(i128::from(pair.value).abs().checked_mul(most)?)?;
    }
    Some(span)
}

/// What comes to each offer and each need: units that forced pairs bring whatever the prices, twice; then the most, by
/// its own limit and, if asked, by what its pairs carry.
type Ends = (Vec<i128>, Vec<i128>, Vec<i128>, Vec<i128>);
fn ends(problem: &Problem, by_pairs: bool) -> Ends {
    let mut offer_has = vec![0i128; problem.offers.len()];
    let mut need_has = vec![0i128; problem.needs.len()];
    for pair in problem.pairs.iter().filter(|p| p.status == Status::Forced) {
        offer_has[pair.offer as usize] += i128::from(pair.max_units);
        need_has[pair.need as usize] += i128::from(pair.max_units);
    }
    // No more than its pairs carry comes to any of them, however wide its own limit. A sum that stops at the largest number
    // there is stops above any limit.
    let none = if by_pairs { 0 } else { i64::MAX };
    let mut offer_most = vec![none; problem.offers.len()];
    let mut need_most = vec![none; problem.needs.len()];
    if by_pairs {
        for pair in problem.pairs.iter().filter(|p| p.status != Status::Forbidden) {
            let (offer, need) = (pair.offer as usize, pair.need as usize);
            offer_most[offer] = offer_most[offer].saturating_add(pair.max_units);
            need_most[need] = need_most[need].saturating_add(pair.max_units);
        }
    }
    let offers = offer_most.iter().zip(&problem.offers);
    let needs = need_most.iter().zip(&problem.needs);
    (
        offer_has,
        need_has,
        offers
            .map(|(&most, offer)| i128::from(most.min(offer.capacity)))
            .collect(),
        needs.map(|(&most, need)| i128::from(most.min(need.max))).collect(),
    )
}

/// The bound that the prices prove, on `scale x (value - weight x weighted_unmet)` of any allocation.
pub fn bound(problem: &Problem, certificate: &crate::Certificate) -> Result<i128, Flaw> {
    bound_of(problem, certificate, true)
}

/// As [`bound`]; without looking at what pairs carry it is formed sooner, and higher only where a limit is wider than its pairs.
pub(crate) fn bound_of(problem: &Problem, certificate: &crate::Certificate, by_pairs: bool) -> Result<i128, Flaw> {
    let c = certificate;
    let loads = problem.rules.iter().filter(|r| matches!(r, Rule::Load { .. })).count();
    if c.offers.len() != problem.offers.len()
        || c.needs.len() != problem.needs.len()
        || c.groups.len() != problem.groups.len()
        || c.loads.len() != loads
        || c.scale < 1
    {
        return Err(Flaw::Shape);
    }
    let over = Flaw::Overflow;
    let times = |a: i128, b: i64| a.checked_mul(i128::from(b)).ok_or(over);
    let mut sum = 0i128;
    let mut add = |part: i128| {
        sum = sum.checked_add(part).ok_or(over)?;
        Ok::<(), Flaw>(())
    };
    let (offer_has, need_has, offer_most, need_most) = ends(problem, by_pairs);
    // What a unit at each offer and need pays, over all the limits it lies under.
    let mut offer_pays = c.offers.clone();
    let mut need_pays = c.needs.clone();
    for (group, &price) in problem.groups.iter().zip(&c.groups) {
        if price == 0 {
            continue;
        }
        let (pays, has, most) = match group.side {
            Side::Offer => (&mut offer_pays, &offer_has, &offer_most),
            Side::Need => (&mut need_pays, &need_has, &need_most),
        };
        let (mut least, mut whole) = (0i128, 0i128);
        for &m in &group.members {
            let slot = &mut pays[m as usize];
            *slot = slot.checked_add(price).ok_or(over)?;
            least += has[m as usize];
            whole += most[m as usize];
        }
        let least = least.max(i128::from(group.min));
        let units = if price > 0 {
            whole.min(i128::from(group.max))
        } else {
            least
        };
        add(price.checked_mul(units).ok_or(over)?)?;
    }
    let mut pair_pays = vec![0i128; if loads == 0 { 0 } else { problem.pairs.len() }];
    let mut prices = c.loads.iter();
    for rule in &problem.rules {
        if let Rule::Load { terms, max } = rule {
            let price = prices.next().copied().unwrap_or(0);
            if price < 0 {
                return Err(Flaw::Shape);
            }
            for &(pair, weight) in terms {
                let slot = &mut pair_pays[pair as usize];
                *slot = slot.checked_add(times(price, weight)?).ok_or(over)?;
            }
            add(times(price, *max)?)?;
        }
    }
    for ((&most, &price), &has) in offer_most.iter().zip(&c.offers).zip(&offer_has) {
        let units = if price > 0 { most } else { has };
        add(price.checked_mul(units).ok_or(over)?)?;
    }
    for (at, (need, &price)) in problem.needs.iter().zip(&c.needs).enumerate() {
        let missing = c
            .weight
            .checked_mul(i128::from(need.priority))
            .and_then(|m| m.checked_mul(c.scale))
            .ok_or(over)?;
        add(filled(need, price, missing, need_has[at], need_most[at])?)?;
    }
    let mut lefts = Vec::with_capacity(if c.apart { problem.pairs.len() } else { 0 });
    // At good prices hardly any free pair brings more than it pays, which 64 bits tell where the sum of two prices fits.
    let narrow = |pays: &[i128]| -> Option<Vec<i64>> {
        let fits = |&pays: &i128| i64::try_from(pays).ok().filter(|pays| pays.unsigned_abs() < 1 << 62);
        pays.iter().map(fits).collect()
    };
    let plain = c.scale == 1 && pair_pays.is_empty() && !c.apart;
    let plain_pays = Option::zip(narrow(&offer_pays), narrow(&need_pays)).filter(|_| plain);
    for (at, pair) in problem.pairs.iter().enumerate() {
        if let Some((offers, needs)) = &plain_pays
            && pair.status == Status::Free
            && pair.value <= offers[pair.offer as usize] + needs[pair.need as usize]
        {
            continue;
        }
        if pair.status == Status::Forbidden {
            if c.apart {
                lefts.push(0);
            }
            continue;
        }
        let value = i128::from(pair.value).checked_mul(c.scale).ok_or(over)?;
        let mut left = value
            .checked_sub(offer_pays[pair.offer as usize])
            .and_then(|l| l.checked_sub(need_pays[pair.need as usize]))
            .ok_or(over)?;
        if !pair_pays.is_empty() {
            left = left.checked_sub(pair_pays[at]).ok_or(over)?;
        }
        if c.apart {
            lefts.push(left);
        }
        if pair.status == Status::Forced {
            add(times(left, pair.max_units)?)?;
        } else if left > 0 && !c.apart {
            add(times(left, most_units(problem, pair))?)?;
        }
    }
    if c.apart {
        add(apart::most(problem, &lefts)?)?;
    }
    Ok(sum)
}

/// The most a need brings at this price of a unit and of a missing one: filled as little as can be, to its minimum, or whole.
fn filled(need: &Need, price: i128, missing: i128, has: i128, most: i128) -> Result<i128, Flaw> {
    let over = Flaw::Overflow;
    let mut best = None;
    for units in [has, has.max(i128::from(need.min)).min(most), most] {
        let lacks = (i128::from(need.min) - units).max(0);
        let brings = price.checked_mul(units).ok_or(over)?;
        let brings = brings
            .checked_sub(missing.checked_mul(lacks).ok_or(over)?)
            .ok_or(over)?;
        best = best.max(Some(brings));
    }
    Ok(best.unwrap_or(0))
}

/// Confirms an answer in one pass: every limit kept, totals right, and nothing better possible.
pub fn check(problem: &Problem, answer: &Answer) -> Result<(), Flaw> {
    let totals = totals(problem, &answer.units)?;
    let stated = Totals {
        objective: answer.objective,
        weighted_unmet: answer.weighted_unmet,
        unmet_min_units: answer.unmet_min_units,
    };
    if totals != stated {
        return Err(Flaw::Totals);
    }
    let least = least_weight(problem);
    agrees(answer, totals, least, bound(problem, &answer.certificate))
}

/// The last step of [`check`], for who has the parts already.
pub(crate) fn agrees(
    answer: &Answer,
    totals: Totals,
    least_weight: Option<i128>,
    bound: Result<i128, Flaw>,
) -> Result<(), Flaw> {
    let c = &answer.certificate;
    if c.weight < least_weight.ok_or(Flaw::Overflow)? {
        return Err(Flaw::Weight);
    }
    let bound = bound?;
    let got = c
        .weight
        .checked_mul(totals.weighted_unmet)
        .and_then(|m| totals.objective.checked_sub(m))
        .and_then(|v| v.checked_mul(c.scale))
        .ok_or(Flaw::Overflow)?;
    // Whole values: less than one unit of value short is nothing short.
    if bound - got >= c.scale {
        return Err(Flaw::NotProved { short: bound - got });
    }
    Ok(())
}
