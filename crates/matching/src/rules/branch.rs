//! Branch and bound over the flow, with prices on the rules.
//!
//! Each rule gets a price; with prices in the values the rest is a flow again, and its optimum bounds the best
//! there is (Lagrange). Prices climb by subgradients; each flow along the way is repaired into an
//! allocation that keeps the rules. Where bound and best allocation do not meet, one choice is split in
//! two (an offer used or not, a pair's units below or above) until they do or time is up.

mod repair;

use super::{Best, Climbed, SCALE};
use crate::answer::{Answer, Certificate, Refusal};
use crate::check;
use crate::laminar::Forest;
use crate::network::Overlay;
use crate::problem::{ByOffer, Problem, Rule, Side, Status};
use crate::solve::{Options, Solved, flow, set_bounds};

/// Price steps at the root and below it.
const ROOT_STEPS: u32 = 120;
const STEPS: u32 = 6;

/// A linear rule: a load, or a group that crosses another.
struct Row {
    terms: Vec<(u32, i64)>,
    /// `None` where there is no least.
    min: Option<i64>,
    max: i64,
}

/// A rule about offers being used at all: a budget, or an exclusion (each costs 1, at most 1).
struct Share {
    costs: Vec<Cost>,
    max: i64,
}

/// What some offers cost together, once, if any of them is used.
struct Cost {
    /// In order, each once.
    offers: Vec<u32>,
    cost: i64,
    /// Least units of all of them that are all there is.
    full: i64,
}

impl Cost {
    /// Costs of the same offers are one.
    fn list(mut costs: Vec<(Vec<u32>, i64)>, full: &[i64]) -> Vec<Cost> {
        for (offers, _) in &mut costs {
            offers.sort_unstable();
            offers.dedup();
        }
        costs.sort_unstable();
        costs.dedup_by(|from, to| {
            let same = from.0 == to.0;
            if same {
                to.1 = to.1.saturating_add(from.1);
            }
            same
        });
        let cost = |(offers, cost): (Vec<u32>, i64)| Cost {
            full: offers.iter().fold(0, |sum, &o| sum.saturating_add(full[o as usize])),
            offers,
            cost,
        };
        costs.into_iter().map(cost).collect()
    }

    fn given(&self, given: &[i64]) -> i64 {
        self.offers.iter().map(|&o| given[o as usize]).sum()
    }
}

struct Search<'a> {
    problem: &'a Problem,
    forest: &'a Forest,
    by_offer: &'a ByOffer,
    options: &'a Options<'a>,
    rows: Vec<Row>,
    shares: Vec<Share>,
    whole: Vec<u32>,
    weight: i128,
    best: Best<'a>,
}

/// What has been decided on the way to a node of the search.
#[derive(Clone, Default)]
struct Branch {
    offers: Vec<(u32, i64, i64)>,
    pairs: Vec<(u32, i64, i64)>,
    /// Offers of which one at least counts as used.
    on: Vec<Vec<u32>>,
    prices: Vec<i128>,
    bound: i128,
}

struct Relaxed {
    bound: i128,
    units: Vec<i64>,
    certificate: Certificate,
    prices: Vec<i128>,
}

/// Splits until bound and allocation meet or time is up, from what the climb left.
pub(super) fn search(
    forest: &Forest,
    by_offer: &ByOffer,
    options: &Options<'_>,
    best: Best<'_>,
    climbed: Option<&Climbed>,
) -> Result<Option<Answer>, Refusal> {
    let problem = best.problem;
    let mut search = Search::new(forest, by_offer, options, best);
    let root = Branch {
        prices: vec![0; search.rows.len() + search.shares.len()],
        bound: i128::MAX,
        ..Branch::default()
    };
    let Some(first) = search.relax(&root, ROOT_STEPS)? else {
        return if options.stopped() {
            cut_short(search.best, climbed)
        } else {
            Ok(None)
        };
    };
    let certificate = search.certificate(&first.certificate, &first.prices);
    let root_bound = first.bound;
    let open = search.branch_out(root, first)?;
    let Some((_, units)) = search.best.known.take() else {
        if open.is_some() {
            return Err(Refusal::TimeUp);
        }
        return Ok(None);
    };
    let totals = check::totals(problem, &units).map_err(|_| Refusal::TimeUp)?;
    let mut answer = Answer {
        units,
        objective: totals.objective,
        weighted_unmet: totals.weighted_unmet,
        unmet_min_units: totals.unmet_min_units,
        bound: totals.objective,
        unmet_bound: totals.weighted_unmet,
        proved: false,
        searched: open.is_none(),
        certificate,
        unmet: Vec::new(),
    };
    let bound = check::bound(problem, &answer.certificate);
    answer.proved = check::agrees(&answer, totals, check::least_weight(problem), bound).is_ok();
    if let Some(open) = open.filter(|_| !answer.proved) {
        let climbed = climbed.map_or(i128::MAX, |c| c.bound);
        set_bounds(problem, &mut answer, open.min(root_bound).min(climbed));
    }
    Ok(Some(answer))
}

/// What is known when the time runs out before the first branch is looked at.
fn cut_short(best: Best<'_>, climbed: Option<&Climbed>) -> Result<Option<Answer>, Refusal> {
    let problem = best.problem;
    let (_, units) = best.known.ok_or(Refusal::TimeUp)?;
    let totals = check::totals(problem, &units).map_err(|_| Refusal::TimeUp)?;
    let unpriced = || Certificate {
        weight: best.weight,
        offers: vec![0; problem.offers.len()],
        needs: vec![0; problem.needs.len()],
        groups: vec![0; problem.groups.len()],
        loads: vec![0; problem.rules.iter().filter(|r| matches!(r, Rule::Load { .. })).count()],
        scale: 1,
        apart: false,
    };
    let certificate = climbed.map_or_else(unpriced, |c| c.certificate.clone());
    let bound = check::bound(problem, &certificate).map_err(|_| Refusal::TooLarge("prices became"))?;
    let mut answer = Answer {
        units,
        objective: totals.objective,
        weighted_unmet: totals.weighted_unmet,
        unmet_min_units: totals.unmet_min_units,
        certificate,
        ..Answer::default()
    };
    set_bounds(problem, &mut answer, bound);
    Ok(Some(answer))
}

impl<'a> Search<'a> {
    fn new(forest: &'a Forest, by_offer: &'a ByOffer, options: &'a Options<'a>, best: Best<'a>) -> Self {
        let problem = best.problem;
        let mut rows = Vec::new();
        for &g in &forest.crossing {
            let group = &problem.groups[g as usize];
            let mut inside = vec![false; problem.offers.len().max(problem.needs.len())];
            for &m in &group.members {
                inside[m as usize] = true;
            }
            let member = |at: &u32| {
                let pair = &problem.pairs[*at as usize];
                inside[if group.side == Side::Offer {
                    pair.offer
                } else {
                    pair.need
                } as usize]
            };
            rows.push(Row {
                terms: (0..problem.pairs.len() as u32).filter(member).map(|p| (p, 1)).collect(),
                min: Some(group.min),
                max: group.max,
            });
        }
        // Least units of an offer that are all of it.
        let mut full = vec![0i64; problem.offers.len()];
        for pair in &problem.pairs {
            if pair.status != Status::Forbidden {
                let slot = &mut full[pair.offer as usize];
                *slot = slot.saturating_add(pair.max_units);
            }
        }
        for (full, offer) in full.iter_mut().zip(&problem.offers) {
            *full = (*full).min(offer.capacity);
        }
        let (mut shares, mut whole) = (Vec::new(), Vec::new());
        for rule in &problem.rules {
            match rule {
                Rule::Load { terms, max } => {
                    let mut terms = terms.clone();
                    terms.sort_unstable();
                    terms.dedup_by(|from, to| {
                        let same = from.0 == to.0;
                        if same {
                            to.1 = to.1.saturating_add(from.1);
                        }
                        same
                    });
                    rows.push(Row {
                        terms,
                        min: None,
                        max: *max,
                    });
                }
                Rule::Budget { costs, max } => shares.push(Share {
                    costs: Cost::list(costs.clone(), &full),
                    max: *max,
                }),
                Rule::Exclusive { offers } => {
                    let mut offers = offers.clone();
                    offers.sort_unstable();
                    offers.dedup();
                    let costs = offers.into_iter().map(|o| (vec![o], 1)).collect();
                    shares.push(Share {
                        costs: Cost::list(costs, &full),
                        max: 1,
                    });
                }
                Rule::AllOrNothing { offer } => whole.push(*offer),
            }
        }
        Self {
            problem,
            forest,
            by_offer,
            options,
            rows,
            shares,
            whole,
            weight: best.weight,
            best,
        }
    }
    fn row_sum(row: &Row, units: &[i64]) -> i128 {
        row.terms
            .iter()
            .map(|&(p, a)| i128::from(a) * i128::from(units[p as usize]))
            .sum()
    }

    fn given(&self, units: &[i64]) -> Vec<i64> {
        let mut given = vec![0i64; self.problem.offers.len()];
        for (pair, &x) in self.problem.pairs.iter().zip(units) {
            given[pair.offer as usize] += x;
        }
        given
    }

    /// The best bound that prices give for a branch, raising them step by step; `None` when nothing is left in it,
    /// or nothing better than what is known.
    fn relax(&mut self, branch: &Branch, steps: u32) -> Result<Option<Relaxed>, Refusal> {
        let mut prices = branch.prices.clone();
        let mut best: Option<Relaxed> = None;
        let mut warm: Option<Answer> = None;
        let mut theta = 1.0f64;
        let mut stale = 0;
        for step in 0..steps.max(1) {
            let Some((bound, solved)) = self.priced(branch, &prices, warm.as_ref())? else {
                return Ok(None);
            };
            let units = solved.units;
            self.repair(&units);
            if self.options.stopped() {
                // This flow may be unfinished, and then its worth bounds nothing; its prices still do.
                if step == 0 && prices.iter().all(|&p| p == 0) {
                    let certificate = self.certificate(&solved.certificate, &prices);
                    if let Ok(bound) = check::bound(self.problem, &certificate) {
                        best = Some(Relaxed {
                            bound,
                            units,
                            certificate: solved.certificate,
                            prices,
                        });
                    }
                }
                break;
            }
            let whole = bound.div_euclid(SCALE);
            if let Some((worth, _)) = &self.best.known
                && whole <= *worth
                && !branch.prices.is_empty()
            {
                // Nothing better here; the root still wants its prices for the proof.
                if !branch.on.is_empty() || !branch.offers.is_empty() || !branch.pairs.is_empty() {
                    return Ok(None);
                }
            }
            let slopes = self.slopes(branch, &prices, &units);
            let certificate = solved.certificate.clone();
            warm = Some(bare(units.clone(), solved.certificate));
            if best.as_ref().is_none_or(|b| bound < b.bound) {
                best = Some(Relaxed {
                    bound,
                    units,
                    certificate,
                    prices: prices.clone(),
                });
                stale = 0;
            } else {
                stale += 1;
                if stale % 4 == 0 {
                    theta /= 2.0;
                    if let Some(best) = &best {
                        prices.clone_from(&best.prices);
                    }
                }
            }
            let size: f64 = slopes.iter().map(|&s| (s as f64) * (s as f64)).sum();
            let reached = best.as_ref().map_or(bound, |b| b.bound);
            // Never aim further below than values reach: an allocation that misses minima says little of the bound.
            let near = reached - worth_of(self.problem, &warm) / 4 * SCALE - SCALE;
            let goal = self.best.known.as_ref().map_or(near, |b| (b.0 * SCALE).max(near));
            if size == 0.0 || reached.div_euclid(SCALE) <= goal.div_euclid(SCALE) || theta < 0.02 {
                break;
            }
            let length = theta * ((reached - goal) as f64) / size;
            for (at, (price, slope)) in prices.iter_mut().zip(&slopes).enumerate() {
                *price += (length * (*slope as f64)).round().clamp(-1e15, 1e15) as i128;
                let both = self.rows.get(at).is_some_and(|r| r.min.is_some());
                if !both {
                    *price = (*price).max(0);
                }
            }
        }
        Ok(best)
    }

    /// How far each priced rule is broken: which way its price should go.
    fn slopes(&self, branch: &Branch, prices: &[i128], units: &[i64]) -> Vec<i128> {
        let mut slopes = Vec::with_capacity(prices.len());
        for (row, &price) in self.rows.iter().zip(prices) {
            let sum = Self::row_sum(row, units);
            let over = sum - i128::from(row.max);
            let under = row.min.map(|min| sum - i128::from(min));
            slopes.push(match under {
                Some(under) if under < 0 || price < 0 => under,
                _ if over > 0 || price > 0 => over,
                _ => 0,
            });
        }
        let given = self.given(units);
        for (share, &price) in self.shares.iter().zip(&prices[self.rows.len()..]) {
            // In fractions of an offer, as the bound sees it.
            let mut sum = -i128::from(share.max);
            for c in &share.costs {
                let cost = i128::from(c.cost);
                sum += if branch.is_on(&c.offers) {
                    cost
                } else {
                    cost * i128::from(c.given(&given)) / i128::from(c.full).max(1)
                };
            }
            slopes.push(if sum > 0 || price > 0 { sum } else { 0 });
        }
        slopes
    }

    /// Solves the flow at these prices; its optimum plus what the limits cost is a bound.
    fn priced(
        &self,
        branch: &Branch,
        prices: &[i128],
        warm: Option<&Answer>,
    ) -> Result<Option<(i128, Solved)>, Refusal> {
        let mut overlay = Overlay {
            values: self.problem.pairs.iter().map(|p| i128::from(p.value) * SCALE).collect(),
            scale: SCALE,
            offers: branch.offers.clone(),
            pairs: branch.pairs.clone(),
        };
        let mut rest = 0i128;
        for (row, &price) in self.rows.iter().zip(prices) {
            if price != 0 {
                for &(p, a) in &row.terms {
                    overlay.values[p as usize] -= price * i128::from(a);
                }
                let side = if price > 0 { row.max } else { row.min.unwrap_or(0) };
                rest += price * i128::from(side);
            }
        }
        for (share, &price) in self.shares.iter().zip(&prices[self.rows.len()..]) {
            let mut left = i128::from(share.max);
            for c in &share.costs {
                if branch.is_on(&c.offers) {
                    left -= i128::from(c.cost);
                } else if price > 0 && c.full > 0 {
                    // Rounded down: charging too little keeps the bound a bound.
                    let each = price * i128::from(c.cost) / i128::from(c.full);
                    for p in c.offers.iter().flat_map(|&o| self.by_offer.of(o as usize)) {
                        overlay.values[p as usize] -= each;
                    }
                }
            }
            if left < 0 {
                return Ok(None);
            }
            rest += price * left;
        }
        let found = flow(self.problem, self.forest, self.by_offer, &overlay, warm, self.options)?;
        let Some(solved) = found else { return Ok(None) };
        // The sum below is the most there is only by the weight with which the flow was solved. At another one the same units are
        // still among the best by minima and values, but not by values with prices in them: what they sum to may then lie below
        // what some allocation is worth, and the branch that holds it is left. So the flow must weigh a missing unit in every
        // branch as `check::least_weight` does, and as `Best` does.
        debug_assert_eq!(solved.certificate.weight, self.weight);
        let mut bound = rest;
        let mut lacks: Vec<i128> = self.problem.needs.iter().map(|n| i128::from(n.min)).collect();
        for ((pair, &x), &value) in self.problem.pairs.iter().zip(&solved.units).zip(&overlay.values) {
            if x != 0 {
                bound += value * i128::from(x);
                lacks[pair.need as usize] -= i128::from(x);
            }
        }
        for (need, lacks) in self.problem.needs.iter().zip(lacks) {
            bound -= lacks.max(0) * i128::from(need.priority) * self.weight * SCALE;
        }
        Ok(Some((bound, solved)))
    }

    /// Splits until nothing better can be left. `None` when that is so, else the bound on what remains.
    fn branch_out(&mut self, root: Branch, first: Relaxed) -> Result<Option<i128>, Refusal> {
        let mut stack = vec![(root, Some(first))];
        while let Some((branch, relaxed)) = stack.pop() {
            let known = self.best.known.as_ref().map(|b| b.0);
            if relaxed.is_none() && known.is_some_and(|k| branch.bound.div_euclid(SCALE) <= k) {
                continue;
            }
            if self.options.stopped() {
                let mut open = relaxed.as_ref().map_or(branch.bound, |r| r.bound);
                for (branch, relaxed) in &stack {
                    open = open.max(relaxed.as_ref().map_or(branch.bound, |r| r.bound));
                }
                return Ok(Some(open.max(known.map_or(i128::MIN, |k| k * SCALE))));
            }
            let relaxed = match relaxed {
                Some(relaxed) => relaxed,
                None => match self.relax(&branch, STEPS)? {
                    Some(relaxed) => relaxed,
                    // Stopped in the middle: what this branch holds stays open.
                    None if self.options.stopped() => {
                        stack.push((branch, None));
                        continue;
                    }
                    None => continue,
                },
            };
            if self.options.stopped() {
                let bound = branch.bound.min(relaxed.bound);
                stack.push((Branch { bound, ..branch }, None));
                continue;
            }
            let known = self.best.known.as_ref().map(|b| b.0);
            if known.is_some_and(|k| relaxed.bound.div_euclid(SCALE) <= k) {
                continue;
            }
            for child in self.split(&branch, &relaxed) {
                stack.push((child, None));
            }
        }
        Ok(None)
    }

    /// Two (or no) branches that together hold everything of this one that keeps the rules.
    fn split(&self, branch: &Branch, relaxed: &Relaxed) -> Vec<Branch> {
        let units = &relaxed.units;
        let child = || Branch {
            prices: relaxed.prices.clone(),
            bound: relaxed.bound,
            ..branch.clone()
        };
        let given = self.given(units);
        for &offer in &self.whole {
            let capacity = self.problem.offers[offer as usize].capacity;
            let now = given[offer as usize];
            if now != 0 && now != capacity {
                let (mut none, mut all) = (child(), child());
                none.limit_offer(offer, 0, 0);
                all.limit_offer(offer, capacity, capacity);
                // A decided offer cannot be in between.
                return vec![none, all];
            }
        }
        for share in &self.shares {
            let used = |c: &&Cost| c.given(&given) > 0 || branch.is_on(&c.offers);
            let sum: i128 = share.costs.iter().filter(used).map(|c| i128::from(c.cost)).sum();
            if sum > i128::from(share.max) {
                let open = share
                    .costs
                    .iter()
                    .filter(|c| c.given(&given) > 0 && !branch.is_on(&c.offers));
                let Some(c) = open.max_by_key(|c| (c.cost, std::cmp::Reverse(&c.offers))) else {
                    return Vec::new();
                };
                return self.used_or_not(branch, c, &child);
            }
        }
        // The row that is broken most, split at the pair that carries most of it.
        let mut widest: Option<(i128, usize, bool)> = None;
        for (at, row) in self.rows.iter().enumerate() {
            let sum = Self::row_sum(row, units);
            let over = sum - i128::from(row.max);
            let under = row.min.map_or(i128::MIN, |min| i128::from(min) - sum);
            let (amount, is_over) = if over >= under { (over, true) } else { (under, false) };
            if amount > 0 && widest.is_none_or(|w| amount > w.0) {
                widest = Some((amount, at, is_over));
            }
        }
        if let Some((_, at, over)) = widest {
            return self.split_row(branch, relaxed, at, over, &child);
        }
        // Everything holds, but the prices on the rules left a gap: split where a price pulls.
        for (at, row) in self.rows.iter().enumerate() {
            if relaxed.prices[at] != 0 {
                let parts = self.split_row(branch, relaxed, at, relaxed.prices[at] < 0, &child);
                if !parts.is_empty() {
                    return parts;
                }
            }
            let _ = row;
        }
        for (k, share) in self.shares.iter().enumerate() {
            if relaxed.prices[self.rows.len() + k] == 0 {
                continue;
            }
            let open = share.costs.iter().find(|c| {
                let may = |o: &u32| branch.decided(*o).is_none_or(|d| d.2 > 0);
                !branch.is_on(&c.offers) && c.offers.iter().any(may) && c.full > 0
            });
            if let Some(c) = open {
                return self.used_or_not(branch, c, &child);
            }
        }
        // Nothing left to split: solved without prices, the flow says it all.
        let mut last = child();
        if last.prices.iter().all(|&p| p == 0) {
            return Vec::new();
        }
        last.prices.fill(0);
        vec![last]
    }

    /// Without any of these offers, unless one is decided to be used; and with their cost counted.
    fn used_or_not(&self, branch: &Branch, c: &Cost, child: &dyn Fn() -> Branch) -> Vec<Branch> {
        let (mut none, mut on) = (child(), child());
        on.on.push(c.offers.clone());
        if c.offers.iter().any(|&o| branch.decided(o).is_some_and(|d| d.1 > 0)) {
            return vec![on];
        }
        for &offer in &c.offers {
            none.limit_offer(offer, 0, 0);
        }
        vec![none, on]
    }

    fn split_row(
        &self,
        branch: &Branch,
        relaxed: &Relaxed,
        at: usize,
        over: bool,
        child: &dyn Fn() -> Branch,
    ) -> Vec<Branch> {
        let range = |p: u32| {
            let set = branch.pairs.iter().find(|b| b.0 == p);
            set.map_or(
                (0, check::most_units(self.problem, &self.problem.pairs[p as usize])),
                |b| (b.1, b.2),
            )
        };
        let open = self.rows[at].terms.iter().filter(|t| {
            let (least, most) = range(t.0);
            self.problem.pairs[t.0 as usize].status == Status::Free && t.1 != 0 && least < most
        });
        let pick = open.max_by_key(|t| {
            let x = relaxed.units[t.0 as usize];
            let (least, most) = range(t.0);
            let moves = if over { x - least } else { most - x };
            (moves > 0, i128::from(t.1) * i128::from(moves), std::cmp::Reverse(t.0))
        });
        let Some(&(p, _)) = pick else { return Vec::new() };
        let (least, most) = range(p);
        let x = relaxed.units[p as usize];
        let cut = if over { x - 1 } else { x }.clamp(least, most - 1);
        let (mut low, mut high) = (child(), child());
        low.limit_pair(p, least, cut);
        high.limit_pair(p, cut + 1, most);
        if over { vec![high, low] } else { vec![low, high] }
    }

    /// The prices in the form the checker reads.
    fn certificate(&self, of_flow: &Certificate, prices: &[i128]) -> Certificate {
        let mut certificate = of_flow.clone();
        for (&g, &price) in self.forest.crossing.iter().zip(prices) {
            certificate.groups[g as usize] = price;
        }
        certificate.loads = prices[self.forest.crossing.len()..self.rows.len()].to_vec();
        certificate
    }
}

impl Branch {
    /// Whether one of these counts as used: of fewer of them, one does.
    fn is_on(&self, offers: &[u32]) -> bool {
        self.on.iter().any(|on| on.iter().all(|o| offers.contains(o)))
    }

    fn decided(&self, offer: u32) -> Option<(u32, i64, i64)> {
        self.offers.iter().find(|o| o.0 == offer).copied()
    }

    fn limit_offer(&mut self, offer: u32, least: i64, most: i64) {
        self.offers.retain(|o| o.0 != offer);
        self.offers.push((offer, least, most));
    }

    fn limit_pair(&mut self, pair: u32, least: i64, most: i64) {
        self.pairs.retain(|p| p.0 != pair);
        self.pairs.push((pair, least, most));
    }
}

/// Sum of the values an allocation carries, without their signs.
fn worth_of(problem: &Problem, answer: &Option<Answer>) -> i128 {
    let units = answer.iter().flat_map(|a| &a.units);
    let pairs = problem.pairs.iter().zip(units);
    pairs
        .map(|(pair, &x)| i128::from(pair.value).abs() * i128::from(x))
        .sum()
}

/// An answer that only serves to start the next flow from.
fn bare(units: Vec<i64>, certificate: Certificate) -> Answer {
    Answer {
        units,
        objective: 0,
        weighted_unmet: 0,
        unmet_min_units: 0,
        bound: 0,
        unmet_bound: 0,
        proved: false,
        searched: false,
        certificate,
        unmet: Vec::new(),
    }
}
