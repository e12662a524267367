//! Each offer on its own: prices on the places at needs and in groups, instead of prices on loads.
//!
//! With a price on every place, offers no longer meet each other. Each picks the best that its own capacity, its own
//! loads and its all-or-nothing rule allow: a small knapsack, solved exactly (`pick`). What they all bring, and what the
//! places cost, bounds the best there is, and more tightly than a flow with prices on its loads, because a flow splits
//! units where a load does not let them be split. Prices climb by subgradients over all places at once; an allocation is
//! settled from what the offers picked (`settle`). This is what makes hours and crossing quotas solvable at sizes where
//! no branching ends.

use super::pick::{Choice, Picker};
use crate::answer::Certificate;
use crate::check;
use crate::problem::{ByOffer, Problem, Rule, Side, Status};

/// Prices are fractions of a value with this denominator.
pub(super) const SCALE: i64 = super::SCALE as i64;
/// Sums of prices stay below this.
const ROOM: i128 = 1 << 58;
/// What a missing unit weighs, per priority, where only minima count.
pub(super) const MISSING: i64 = 1 << 16;

/// Lists of small numbers for each of many, one behind the other.
pub(super) struct Lists<T> {
    start: Vec<u32>,
    list: Vec<T>,
}

impl<T: Copy + Default> Lists<T> {
    /// From entries that can be gone through twice; each list keeps their order.
    pub(super) fn new(count: usize, entries: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut start = vec![0u32; count + 2];
        for (of, _) in entries.clone() {
            start[of as usize + 2] += 1;
        }
        for at in 2..start.len() {
            start[at] += start[at - 1];
        }
        let mut list = vec![T::default(); start.last().map_or(0, |&all| all as usize)];
        // While it is filled, each list's end stands where its start will be.
        for (of, entry) in entries {
            let end = &mut start[of as usize + 1];
            list[*end as usize] = entry;
            *end += 1;
        }
        start.pop();
        Self { start, list }
    }

    fn longest(&self) -> usize {
        self.start.windows(2).map(|w| (w[1] - w[0]) as usize).max().unwrap_or(0)
    }

    pub(super) fn of(&self, at: usize) -> &[T] {
        &self.list[self.start[at] as usize..self.start[at + 1] as usize]
    }
}

/// A free pair, as its offer sees it.
#[derive(Clone, Copy)]
pub(super) struct Item {
    pub pair: u32,
    pub need: u32,
    pub value: i64,
    pub most: i64,
}

/// What binds an offer whatever the others do, less what its forced pairs take.
pub(super) struct Own {
    pub capacity: i64,
    /// Its loads: `load_max[loads..loads + count]`; each item has `count` weights from `weights` on.
    pub count: usize,
    loads: usize,
    weights: usize,
    pub whole: bool,
    /// Whether forced pairs use it already.
    pub used: bool,
}

pub(super) struct Apart<'a> {
    pub problem: &'a Problem,
    pub weight: i128,
    start: Vec<u32>,
    items: Vec<Item>,
    own: Vec<Own>,
    load_max: Vec<i64>,
    weights: Vec<i64>,
    pub groups_of_need: Lists<u32>,
    pub groups_of_offer: Lists<u32>,
    /// Places in `Problem::rules` of loads over several offers, and for each pair where it stands in which.
    pub shared: Vec<(u32, i64)>,
    pub shared_of: Lists<(u32, i64)>,
    any_shared: bool,
    /// No price goes beyond this, so that no sum over an offer's units leaves 64 bits.
    pub limit: i64,
    /// Units that forced pairs bring to each need.
    has: Vec<i64>,
    pub most: Vec<i64>,
}

/// What prices are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    /// Values, less what unmet minima weigh.
    Worth,
    /// As little missing below minima as can be, whatever the values.
    Minima,
}

/// Prices of places at needs, in groups and under loads that several offers share: in values x `SCALE`, or where only minima
/// count, in units missing x `MISSING`.
#[derive(Clone)]
pub(super) struct Prices {
    pub aim: Aim,
    pub needs: Vec<i64>,
    pub groups: Vec<i64>,
    pub shared: Vec<i64>,
}

/// What the offers pick at given prices.
pub(super) struct Picked {
    pub bound: i128,
    pub needs: Vec<i64>,
    pub groups: Vec<i64>,
    pub shared: Vec<i64>,
    /// (offer, item, units) in the order of the offers.
    pub chosen: Vec<(u32, u32, i64)>,
}

impl<'a> Apart<'a> {
    /// `None` where rules about using offers together, or numbers beyond 64 bits, need the other way.
    pub(super) fn new(problem: &'a Problem, by_offer: &ByOffer, weight: i128) -> Option<Self> {
        let offers = problem.offers.len();
        let mut whole = vec![false; offers];
        // By offer, its own loads as places in `Problem::rules`.
        let mut loads: Vec<(u32, u32)> = Vec::new();
        let (mut shared, mut shared_of) = (Vec::new(), Vec::new());
        for (at, rule) in problem.rules.iter().enumerate() {
            match rule {
                Rule::Load { terms, max } => {
                    let heavy = || terms.iter().filter(|t| t.1 != 0);
                    let Some(first) = heavy().next().map(|t| problem.pairs[t.0 as usize].offer) else {
                        continue;
                    };
                    if heavy().all(|t| problem.pairs[t.0 as usize].offer == first) {
                        loads.push((first, at as u32));
                    } else {
                        let row = shared.len() as u32;
                        shared_of.extend(heavy().map(|&(p, a)| (p, (row, a))));
                        shared.push((at as u32, *max));
                    }
                }
                Rule::AllOrNothing { offer } => whole[*offer as usize] = true,
                Rule::Budget { .. } | Rule::Exclusive { .. } => return None,
            }
        }
        let largest = problem
            .pairs
            .iter()
            .map(|p| i128::from(p.value).abs())
            .max()
            .unwrap_or(0);
        let priority = problem.needs.iter().map(|n| n.priority).max().unwrap_or(0);
        let missing = weight.checked_mul(i128::from(priority))?;
        let span = missing.checked_add(largest)?.checked_mul(i128::from(SCALE))?;
        let units: i128 = problem.offers.iter().map(|o| i128::from(o.capacity)).max().unwrap_or(0);
        if span.checked_mul(8 * (units + 1))? > ROOM {
            return None;
        }
        let groups_of_need = groups_of(problem, Side::Need, problem.needs.len());
        let groups_of_offer = groups_of(problem, Side::Offer, offers);
        let deep = groups_of_need.longest() + groups_of_offer.longest() + 2;
        let mut apart = Self {
            problem,
            weight,
            limit: (ROOM / (16 * (units + 1) * deep as i128)) as i64,
            start: vec![0],
            items: Vec::with_capacity(problem.pairs.len()),
            own: Vec::with_capacity(offers),
            load_max: Vec::new(),
            weights: Vec::new(),
            groups_of_need,
            groups_of_offer,
            any_shared: !shared.is_empty(),
            shared,
            shared_of: Lists::new(problem.pairs.len(), shared_of.iter().copied()),
            has: vec![0; problem.needs.len()],
            most: vec![0; problem.needs.len()],
        };
        let loads = Lists::new(offers, loads.iter().copied());
        for (offer, &whole) in whole.iter().enumerate() {
            apart.lay(by_offer, offer, whole, loads.of(offer))?;
        }
        for (most, need) in apart.most.iter_mut().zip(&problem.needs) {
            *most = (*most).min(need.max);
        }
        Some(apart)
    }

    fn lay(&mut self, by_offer: &ByOffer, offer: usize, whole: bool, loads: &[u32]) -> Option<()> {
        let problem = self.problem;
        let load = |rule: &u32| match &problem.rules[*rule as usize] {
            Rule::Load { terms, max } => (terms.as_slice(), *max),
            _ => (&[][..], i64::MAX),
        };
        let mut own = Own {
            capacity: problem.offers[offer].capacity,
            count: loads.len(),
            loads: self.load_max.len(),
            weights: self.weights.len(),
            whole,
            used: false,
        };
        let first = self.load_max.len();
        self.load_max.extend(loads.iter().map(|l| load(l).1));
        for at in by_offer.of(offer) {
            let pair = &problem.pairs[at as usize];
            let weights = || {
                loads.iter().map(|l| {
                    let of = load(l).0.iter().filter(|t| t.0 == at).map(|t| t.1);
                    of.fold(0i64, i64::saturating_add)
                })
            };
            if pair.status == Status::Forced && pair.max_units > 0 {
                own.used = true;
                own.capacity -= pair.max_units;
                for (left, weight) in self.load_max[first..].iter_mut().zip(weights()) {
                    *left -= weight.checked_mul(pair.max_units)?;
                }
                self.has[pair.need as usize] += pair.max_units;
                self.most[pair.need as usize] = self.most[pair.need as usize].saturating_add(pair.max_units);
            }
            let most = check::most_units(problem, pair);
            if pair.status == Status::Free && most > 0 {
                self.weights.extend(weights());
                self.items.push(Item {
                    pair: at,
                    need: pair.need,
                    value: pair.value.checked_mul(SCALE)?,
                    most,
                });
                self.most[pair.need as usize] = self.most[pair.need as usize].saturating_add(most);
            }
        }
        if own.capacity < 0 || self.load_max[first..].iter().any(|&left| left < 0) {
            return None;
        }
        self.start.push(self.items.len() as u32);
        self.own.push(own);
        Some(())
    }

    pub(super) fn offers(&self) -> usize {
        self.own.len()
    }
    pub(super) fn items_of(&self, offer: usize) -> std::ops::Range<usize> {
        self.start[offer] as usize..self.start[offer + 1] as usize
    }
    pub(super) fn item(&self, at: usize) -> Item {
        self.items[at]
    }
    pub(super) fn own(&self, offer: usize) -> &Own {
        &self.own[offer]
    }
    pub(super) fn load_max(&self, own: &Own) -> &[i64] {
        &self.load_max[own.loads..own.loads + own.count]
    }
    /// The loads of one unit of an item of this offer.
    pub(super) fn weights(&self, offer: usize, item: usize) -> &[i64] {
        let own = &self.own[offer];
        let from = own.weights + (item - self.start[offer] as usize) * own.count;
        &self.weights[from..from + own.count]
    }

    /// What one unit of each item pays for places, over all limits it lies under.
    pub(super) fn pays(&self, prices: &Prices) -> Pays {
        let sum = |own: i64, groups: &[u32]| own + groups.iter().map(|&g| prices.groups[g as usize]).sum::<i64>();
        let needs = (0..self.problem.needs.len()).map(|n| sum(prices.needs[n], self.groups_of_need.of(n)));
        let offers = (0..self.offers()).map(|o| sum(0, self.groups_of_offer.of(o)));
        Pays {
            needs: needs.collect(),
            offers: offers.collect(),
            shared: prices.shared.clone(),
            values: i64::from(prices.aim == Aim::Worth),
        }
    }

    pub(super) fn profit(&self, pays: &Pays, offer: usize, item: Item) -> i64 {
        let mut profit = item.value * pays.values - pays.needs[item.need as usize] - pays.offers[offer];
        if self.any_shared {
            for &(row, a) in self.shared_of.of(item.pair as usize) {
                profit = profit.saturating_sub(pays.shared[row as usize].saturating_mul(a));
            }
        }
        // Nobody takes what costs so much; a little less keeps sums in range, and a bound stays a bound.
        profit.max(-8 * self.limit)
    }

    /// The most that a unit may be said to bring, for what has to come first.
    pub(super) fn first(&self) -> i64 {
        self.limit
    }

    /// Prices that a flow without the loads found, to start from.
    pub(super) fn prices_of(&self, certificate: &Certificate) -> Prices {
        let scaled = |p: &i128| {
            let limit = i128::from(self.limit);
            (p.saturating_mul(i128::from(SCALE)) / certificate.scale.max(1)).clamp(-limit, limit) as i64
        };
        Prices {
            aim: Aim::Worth,
            needs: certificate.needs.iter().map(scaled).collect(),
            groups: certificate.groups.iter().map(scaled).collect(),
            shared: vec![0; self.shared.len()],
        }
    }

    /// No place costs anything.
    pub(super) fn no_prices(&self, aim: Aim) -> Prices {
        Prices {
            aim,
            needs: vec![0; self.problem.needs.len()],
            groups: vec![0; self.problem.groups.len()],
            shared: vec![0; self.shared.len()],
        }
    }

    /// Lets every offer pick at these prices.
    pub(super) fn picked(&self, prices: &Prices, threads: usize) -> Picked {
        let pays = self.pays(prices);
        let threads = threads.clamp(1, 8).min(self.offers() / 4096 + 1);
        let each = self.offers().div_ceil(threads).max(1);
        let parts: Vec<(i128, Vec<(u32, u32, i64)>)> = std::thread::scope(|scope| {
            let run = |from: usize| {
                let pays = &pays;
                move || self.pick_some(pays, from..(from + each).min(self.offers()))
            };
            let others: Vec<_> = (1..threads).map(|t| scope.spawn(run(t * each))).collect();
            let mut parts = vec![run(0)()];
            parts.extend(others.into_iter().filter_map(|o| o.join().ok()));
            parts
        });
        let mut picked = Picked {
            bound: 0,
            needs: self.has.clone(),
            groups: vec![0; prices.groups.len()],
            shared: vec![0; prices.shared.len()],
            chosen: Vec::new(),
        };
        for (bound, chosen) in parts {
            picked.bound += bound;
            if picked.chosen.is_empty() {
                picked.chosen = chosen;
            } else {
                picked.chosen.extend(chosen);
            }
        }
        let mut of_offer = vec![0i64; self.offers()];
        for &(offer, item, units) in &picked.chosen {
            let item = self.items[item as usize];
            of_offer[offer as usize] += units;
            picked.needs[item.need as usize] += units;
            for &(row, a) in self.shared_of.of(item.pair as usize) {
                picked.shared[row as usize] += a * units;
            }
        }
        self.with_limits(prices, &pays, of_offer, picked)
    }

    /// Adds what forced pairs bring and what the limits cost.
    fn with_limits(&self, prices: &Prices, pays: &Pays, mut of_offer: Vec<i64>, mut picked: Picked) -> Picked {
        let problem = self.problem;
        for (at, pair) in problem
            .pairs
            .iter()
            .enumerate()
            .filter(|p| p.1.status == Status::Forced)
        {
            of_offer[pair.offer as usize] += pair.max_units;
            let item = Item {
                pair: at as u32,
                need: pair.need,
                value: pair.value * SCALE,
                most: pair.max_units,
            };
            picked.bound += i128::from(self.profit(pays, pair.offer as usize, item)) * i128::from(pair.max_units);
            for &(row, a) in self.shared_of.of(at) {
                picked.shared[row as usize] += a * pair.max_units;
            }
        }
        for (need, &price) in prices.needs.iter().enumerate() {
            picked.bound += self.best_fill(need, price, prices.aim).1;
        }
        for (at, (group, &price)) in problem.groups.iter().zip(&prices.groups).enumerate() {
            let of = match group.side {
                Side::Offer => &of_offer,
                Side::Need => &picked.needs,
            };
            picked.groups[at] = group.members.iter().map(|&m| of[m as usize]).sum();
            let units = if price > 0 { group.max } else { group.min };
            picked.bound += i128::from(price) * i128::from(units);
        }
        for (&(_, max), &price) in self.shared.iter().zip(&prices.shared) {
            picked.bound += i128::from(price) * i128::from(max);
        }
        picked
    }

    fn pick_some(&self, pays: &Pays, offers: std::ops::Range<usize>) -> (i128, Vec<(u32, u32, i64)>) {
        let mut picker = Picker::default();
        let mut bound = 0i128;
        let mut chosen = Vec::new();
        for offer in offers {
            let own = &self.own[offer];
            picker.choices.clear();
            for at in self.items_of(offer) {
                let item = self.items[at];
                let profit = self.profit(pays, offer, item);
                if profit > 0 || own.whole {
                    picker.choices.push(Choice {
                        profit,
                        most: item.most,
                        item: at as u32,
                    });
                }
            }
            bound += i128::from(picker.pick(self, offer));
            chosen.extend(picker.taken.iter().map(|&(item, units)| (offer as u32, item, units)));
        }
        (bound, chosen)
    }

    /// What a unit missing below a need's minimum weighs.
    pub(super) fn missing(&self, need: usize, aim: Aim) -> i128 {
        let each = match aim {
            Aim::Worth => self.weight * i128::from(SCALE),
            Aim::Minima => i128::from(MISSING),
        };
        i128::from(self.problem.needs[need].priority) * each
    }

    /// Adds to prices of values what prices of minima come to there.
    pub(super) fn with_minima(&self, values: &Prices, minima: &Prices) -> Prices {
        let limit = i128::from(self.limit);
        let add = |values: &[i64], minima: &[i64]| {
            let weighed = |p: i64| i128::from(p) * self.weight * i128::from(SCALE) / i128::from(MISSING);
            let both = values.iter().zip(minima);
            both.map(|(&v, &m)| (i128::from(v) + weighed(m)).clamp(-limit, limit) as i64)
                .collect()
        };
        Prices {
            aim: Aim::Worth,
            needs: add(&values.needs, &minima.needs),
            groups: add(&values.groups, &minima.groups),
            shared: add(&values.shared, &minima.shared),
        }
    }

    /// The least and the most places a need fills best when each brings this price.
    pub(super) fn fills(&self, need: usize, price: i64, aim: Aim) -> (i64, i64) {
        let (best, _) = self.best_fill(need, price, aim);
        if price != 0 {
            return (best, best);
        }
        let (has, most) = (self.has[need], self.most[need].max(self.has[need]));
        let of = &self.problem.needs[need];
        let least = if of.priority > 0 { of.min } else { 0 };
        (has.max(least).min(most), most)
    }

    /// How many places a need fills best when each brings this price, and what they bring.
    pub(super) fn best_fill(&self, need: usize, price: i64, aim: Aim) -> (i64, i128) {
        let (has, most) = (self.has[need], self.most[need].max(self.has[need]));
        let of = &self.problem.needs[need];
        let missing = self.missing(need, aim);
        [has, has.max(of.min).min(most), most]
            .into_iter()
            .map(|units| {
                let lacks = i128::from((of.min - units).max(0));
                (units, i128::from(price) * i128::from(units) - missing * lacks)
            })
            .max_by_key(|fill| fill.1)
            .unwrap_or((has, 0))
    }

    /// The prices in the form the checker reads.
    pub(super) fn certificate(&self, prices: &Prices) -> Certificate {
        let wide = |list: &[i64]| list.iter().map(|&p| i128::from(p)).collect();
        let mut shared = self.shared.iter().zip(&prices.shared).peekable();
        let mut loads = Vec::new();
        for (at, rule) in self.problem.rules.iter().enumerate() {
            if matches!(rule, Rule::Load { .. }) {
                let own = shared.next_if(|s| s.0.0 == at as u32);
                loads.push(own.map_or(0, |s| i128::from(*s.1)));
            }
        }
        Certificate {
            weight: self.weight,
            offers: vec![0; self.offers()],
            needs: wide(&prices.needs),
            groups: wide(&prices.groups),
            loads,
            scale: i128::from(SCALE),
            apart: true,
        }
    }
}

/// What one unit pays at each need and at each offer, and per weight under each shared load.
pub(super) struct Pays {
    pub needs: Vec<i64>,
    pub offers: Vec<i64>,
    shared: Vec<i64>,
    /// 1, or 0 where values do not count.
    values: i64,
}

impl Pays {
    /// So many eighths of it, and nothing where it pays to come.
    pub(super) fn faded(&self, eighths: i64) -> Self {
        let part = |list: &[i64]| list.iter().map(|&p| p.max(0) / 8 * eighths).collect();
        Self {
            needs: part(&self.needs),
            offers: part(&self.offers),
            shared: part(&self.shared),
            values: 1,
        }
    }
}

fn groups_of(problem: &Problem, side: Side, count: usize) -> Lists<u32> {
    let of_side = problem.groups.iter().enumerate().filter(|g| g.1.side == side);
    let entries = of_side.flat_map(|(at, group)| group.members.iter().map(move |&m| (m, at as u32)));
    Lists::new(count, entries)
}
