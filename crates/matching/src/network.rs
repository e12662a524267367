//! The flow network in compact arrays.
//!
//! Units run root -> groups of offers -> offers -> needs -> groups of needs -> root. Every node but the
//! root has exactly one parent, so the two trees are stored per child; pairs are stored by offer.
//! Costs are minimised: the cost of a pair is minus its value.

use crate::laminar::{Forest, TOP};
use crate::number::{Cost, Units};
use crate::problem::{ByOffer, Pair, Problem, Status};

/// What the caller fixes on top of the problem: branches and prices of rules beyond the flow.
#[derive(Debug, Clone, Default)]
pub(crate) struct Overlay {
    /// Replaces pair values (in units of value x scale) when not empty.
    pub values: Vec<i128>,
    /// Values are multiplied by this (prices of rules are fractions).
    pub scale: i128,
    /// (offer, least units, most units) set by a branch.
    pub offers: Vec<(u32, i64, i64)>,
    /// (pair, least units, most units) set by a branch.
    pub pairs: Vec<(u32, i64, i64)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Network<C, U> {
    pub offers: usize,
    pub needs: usize,
    /// Group nodes of the offer side come first.
    pub offer_groups: usize,
    pub groups: usize,
    /// Pairs of offer `i` are `start[i]..start[i + 1]`.
    pub start: Vec<u32>,
    /// Node of the need.
    pub head: Vec<u32>,
    pub cost: Vec<C>,
    pub cap: Vec<U>,
    /// Place of each stored pair in the problem; empty when it is the same.
    pub pair: Vec<u32>,
    /// Parent of each node; the root is its own.
    pub parent: Vec<u32>,
    pub low: Vec<i64>,
    pub high: Vec<i64>,
    /// For needs: below `knee` each unit brings `bonus` (the minimum, weighed).
    pub knee: Vec<i64>,
    pub bonus: Vec<C>,
    /// Pairs by need: `by_need[by_start[need]..]` of (cost, edge, offer). Only in a narrowed network.
    pub by_start: Vec<u32>,
    pub by_need: Vec<(C, u32, u32)>,
    /// Per offer and need, where its near pairs end: those that come next cost much, and are looked at rarely. Empty where all
    /// are near.
    pub near: Vec<u32>,
    /// Children of group nodes and the root, `child_start[node - first group]`.
    pub child_start: Vec<u32>,
    pub child: Vec<u32>,
}

/// Pairs kept of some offers, in their order.
struct Part<C, U> {
    /// Pairs kept up to and with each offer.
    count: Vec<u32>,
    head: Vec<u32>,
    cost: Vec<C>,
    cap: Vec<U>,
    pair: Vec<u32>,
}

/// Most units a pair can carry, of those that are free to move.
///
/// The checker uses the same least of three, so what is left out for it is nothing there.
pub(crate) fn carries(problem: &Problem, pair: &Pair) -> i64 {
    carries_of(problem, pair, problem.offers[pair.offer as usize].capacity)
}

/// As [`carries`], of an offer with so many units.
fn carries_of(problem: &Problem, pair: &Pair, capacity: i64) -> i64 {
    if pair.status != Status::Free {
        return 0;
    }
    pair.max_units.min(capacity).min(problem.needs[pair.need as usize].max)
}

/// Limits up to this can be added up over all nodes there may be.
const WIDE: i64 = 1 << 40;

/// Demands that break a limit before anything is chosen.
#[derive(Debug)]
pub(crate) struct Broken;

/// Units that forced pairs, and those a branch set, bring to every node on their way; empty when there are none.
pub(crate) fn forced_to(problem: &Problem, overlay: &Overlay, parent: &[u32]) -> Result<Vec<i64>, Broken> {
    let (root, offers) = (parent.len() - 1, problem.offers.len());
    let mut forced_to = Vec::new();
    let forced = problem
        .pairs
        .iter()
        .filter(|p| p.status == Status::Forced)
        .map(|p| (p, p.max_units));
    let branched = overlay
        .pairs
        .iter()
        .map(|&(at, least, _)| (&problem.pairs[at as usize], least));
    for (pair, units) in forced.chain(branched).filter(|f| f.1 != 0) {
        forced_to.resize(parent.len(), 0i64);
        for end in [pair.offer as usize, offers + pair.need as usize] {
            let mut node = end;
            while node != root {
                forced_to[node] = forced_to[node].checked_add(units).ok_or(Broken)?;
                node = parent[node] as usize;
            }
        }
    }
    Ok(forced_to)
}

impl<C: Cost, U: Units> Network<C, U> {
    pub(crate) fn nodes(&self) -> usize {
        self.offers + self.needs + self.groups + 1
    }
    pub(crate) fn root(&self) -> usize {
        self.nodes() - 1
    }
    pub(crate) fn first_group(&self) -> usize {
        self.offers + self.needs
    }
    /// Whether units run from the parent down to this node.
    pub(crate) fn supplies(&self, node: usize) -> bool {
        node < self.offers || (node >= self.first_group() && node < self.first_group() + self.offer_groups)
    }
    pub(crate) fn pair_of(&self, edge: usize) -> usize {
        if self.pair.is_empty() {
            edge
        } else {
            self.pair[edge] as usize
        }
    }

    /// Lays the problem out. Forced pairs are taken off the limits beforehand. Pairs that can carry nothing are stored only if
    /// `all` are.
    pub(crate) fn new(
        problem: &Problem,
        forest: &Forest,
        by_offer: &ByOffer,
        weight: i128,
        overlay: &Overlay,
        all: bool,
    ) -> Result<Self, Broken> {
        let (offers, needs) = (problem.offers.len(), problem.needs.len());
        let groups = forest.order.len();
        let nodes = offers + needs + groups + 1;
        let root = nodes - 1;
        let scale = overlay.scale.max(1);
        let node_of_group = |place: u32| {
            if place == TOP {
                root as u32
            } else {
                (offers + needs) as u32 + place
            }
        };
        let mut low = vec![0i64; nodes];
        let mut high = vec![0i64; nodes];
        let mut parent = vec![root as u32; nodes];
        for (at, offer) in problem.offers.iter().enumerate() {
            high[at] = offer.capacity;
            parent[at] = node_of_group(forest.of_offer[at]);
        }
        for &(offer, least, most) in &overlay.offers {
            low[offer as usize] = least;
            high[offer as usize] = most.min(high[offer as usize]);
        }
        let mut knee = vec![0i64; needs];
        let mut bonus = vec![C::default(); needs];
        for (at, need) in problem.needs.iter().enumerate() {
            high[offers + at] = need.max;
            parent[offers + at] = node_of_group(forest.of_need[at]);
            knee[at] = need.min;
            bonus[at] = C::of(i128::from(need.priority) * weight * scale);
        }
        for (place, &g) in forest.order.iter().enumerate() {
            let node = offers + needs + place;
            low[node] = problem.groups[g as usize].min;
            high[node] = problem.groups[g as usize].max;
            parent[node] = node_of_group(forest.parent[place]);
        }
        let forced_to = forced_to(problem, overlay, &parent)?;
        if !forced_to.is_empty() {
            for node in 0..root {
                high[node] -= forced_to[node];
                low[node] = (low[node] - forced_to[node]).max(0);
                if high[node] < low[node] {
                    return Err(Broken);
                }
            }
            for at in 0..needs {
                knee[at] = (knee[at] - forced_to[offers + at]).max(0);
            }
        }
        if (0..root).any(|node| low[node] > high[node]) {
            return Err(Broken);
        }
        let mut net = Self {
            offers,
            needs,
            offer_groups: forest.offer_groups,
            groups,
            start: Vec::with_capacity(offers + 1),
            head: Vec::new(),
            cost: Vec::new(),
            cap: Vec::new(),
            pair: Vec::new(),
            parent,
            low,
            high,
            knee,
            bonus,
            by_start: Vec::new(),
            by_need: Vec::new(),
            near: Vec::new(),
            child_start: Vec::new(),
            child: Vec::new(),
        };
        net.lay_pairs(problem, by_offer, overlay, all)?;
        if net.high.iter().any(|&high| high > WIDE) {
            net.temper()?;
        }
        net.children();
        Ok(net)
    }
    /// Takes limits that are too wide to be added up down to where they still never bind: no more comes through a node than the
    /// pairs below it carry.
    fn temper(&mut self) -> Result<(), Broken> {
        let mut carried = vec![0i64; self.nodes()];
        for offer in 0..self.offers {
            for e in self.start[offer] as usize..self.start[offer + 1] as usize {
                let most = self.cap[e].wide();
                for end in [offer, self.head[e] as usize] {
                    carried[end] = carried[end].saturating_add(most);
                }
            }
        }
        // Children come before their parents.
        for node in 0..self.root() {
            let parent = self.parent[node] as usize;
            self.high[node] = self.high[node].min(carried[node].max(WIDE));
            carried[parent] = carried[parent].saturating_add(carried[node]);
            if self.low[node] > self.high[node] {
                return Err(Broken);
            }
        }
        for need in 0..self.needs {
            self.knee[need] = self.knee[need].min(self.high[self.offers + need]);
        }
        Ok(())
    }
    /// Stores the free pairs offer by offer, each with what it may carry at most.
    fn lay_pairs(&mut self, problem: &Problem, by_offer: &ByOffer, overlay: &Overlay, all: bool) -> Result<(), Broken> {
        let scale = overlay.scale.max(1);
        let plain = overlay.values.is_empty() && scale == 1;
        let mut limit = vec![
            i64::MAX;
            if overlay.pairs.is_empty() {
                0
            } else {
                problem.pairs.len()
            }
        ];
        for &(pair, least, most) in &overlay.pairs {
            limit[pair as usize] = most - least;
        }
        self.start.push(0);
        // Written by place, and cut to what is stored: fewer steps than pushing one by one.
        let all_pairs = problem.pairs.len();
        let mut head = vec![0u32; all_pairs];
        let mut cost = vec![C::default(); all_pairs];
        let mut caps = vec![U::default(); all_pairs];
        let mut edge = 0;
        for offer in 0..self.offers {
            let capacity = problem.offers[offer].capacity;
            let mut total = 0i64;
            for at in by_offer.of(offer) {
                let pair = &problem.pairs[at as usize];
                let mut cap = carries_of(problem, pair, capacity);
                if !limit.is_empty() {
                    cap = cap.min(limit[at as usize]);
                }
                if cap == 0 && !all {
                    continue;
                }
                // Nearly always as it stands, which needs no wide numbers.
                cost[edge] = if plain {
                    C::of(-i128::from(pair.value))
                } else if overlay.values.is_empty() {
                    C::of(-i128::from(pair.value) * scale)
                } else {
                    C::of(-overlay.values[at as usize])
                };
                if self.pair.is_empty() && edge != at as usize {
                    self.pair.extend(0..edge as u32);
                    self.pair.reserve_exact(all_pairs - edge);
                    self.pair.push(at);
                } else if !self.pair.is_empty() {
                    self.pair.push(at);
                }
                head[edge] = self.offers as u32 + pair.need;
                caps[edge] = U::of(cap);
                total = total.saturating_add(cap);
                edge += 1;
            }
            if total < self.low[offer] {
                return Err(Broken);
            }
            self.start.push(edge as u32);
        }
        head.truncate(edge);
        cost.truncate(edge);
        caps.truncate(edge);
        (self.head, self.cost, self.cap) = (head, cost, caps);
        Ok(())
    }

    /// Every so many-th offer with its pairs, and needs as much smaller: enough to see roughly what prices will be. Without groups.
    pub(crate) fn thinned(&self, by: usize) -> Self {
        let offers: Vec<usize> = (0..self.offers).step_by(by).collect();
        let fewer = |units: i64| (units + by as i64 - 1) / by as i64;
        let shift = self.offers as u32 - offers.len() as u32;
        let mut net = Self {
            offers: offers.len(),
            needs: self.needs,
            offer_groups: 0,
            groups: 0,
            start: vec![0],
            head: Vec::with_capacity(self.head.len() / by),
            cost: Vec::with_capacity(self.head.len() / by),
            cap: Vec::with_capacity(self.head.len() / by),
            pair: Vec::new(),
            parent: Vec::new(),
            low: Vec::new(),
            high: offers.iter().map(|&offer| self.high[offer]).collect(),
            knee: self.knee.iter().map(|&knee| fewer(knee)).collect(),
            bonus: self.bonus.clone(),
            by_start: Vec::new(),
            by_need: Vec::new(),
            near: Vec::new(),
            child_start: Vec::new(),
            child: Vec::new(),
        };
        net.high.extend(
            self.high[self.offers..self.first_group()]
                .iter()
                .map(|&high| fewer(high)),
        );
        for offer in offers {
            let pairs = self.start[offer] as usize..self.start[offer + 1] as usize;
            net.head
                .extend(self.head[pairs.clone()].iter().map(|head| head - shift));
            net.cost.extend_from_slice(&self.cost[pairs.clone()]);
            net.cap.extend_from_slice(&self.cap[pairs]);
            net.start.push(net.head.len() as u32);
        }
        net
    }

    /// The same network with only some of its pairs, and those also by need. `pair` then leads to the pairs here.
    pub(crate) fn narrow(&self, keep: impl FnMut(usize, usize) -> bool) -> Self {
        self.with(vec![self.part(0..self.offers, keep)])
    }

    /// As [`Self::narrow`], half of the offers on a thread of its own; `keep` gives each half what says which to keep.
    pub(crate) fn narrow_apart<K: FnMut(usize, usize) -> bool>(&self, keep: impl Fn() -> K + Sync) -> Self {
        let middle = self.offers / 2;
        let parts = std::thread::scope(|scope| {
            let second = scope.spawn(|| self.part(middle..self.offers, keep()));
            let first = self.part(0..middle, keep());
            let second = second.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            vec![first, second]
        });
        self.with(parts)
    }

    /// What is kept of the pairs of these offers.
    fn part(&self, offers: std::ops::Range<usize>, mut keep: impl FnMut(usize, usize) -> bool) -> Part<C, U> {
        let mut part = Part {
            count: Vec::with_capacity(offers.len()),
            head: Vec::new(),
            cost: Vec::new(),
            cap: Vec::new(),
            pair: Vec::new(),
        };
        // Which pairs are kept is hard to foresee: each is written, and the next one over it unless it is kept.
        part.pair = vec![0; (self.start[offers.end] - self.start[offers.start]) as usize];
        let mut kept = 0;
        for offer in offers {
            for e in self.start[offer] as usize..self.start[offer + 1] as usize {
                part.pair[kept] = e as u32;
                kept += usize::from(keep(offer, e));
            }
            part.count.push(kept as u32);
        }
        part.pair.truncate(kept);
        // It stays for long.
        part.pair.shrink_to_fit();
        part.head = part.pair.iter().map(|&e| self.head[e as usize]).collect();
        part.cost = part.pair.iter().map(|&e| self.cost[e as usize]).collect();
        part.cap = part.pair.iter().map(|&e| self.cap[e as usize]).collect();
        part
    }

    fn with(&self, parts: Vec<Part<C, U>>) -> Self {
        let mut net = Self {
            offers: self.offers,
            needs: self.needs,
            offer_groups: self.offer_groups,
            groups: self.groups,
            start: Vec::with_capacity(self.offers + 1),
            head: Vec::new(),
            cost: Vec::new(),
            cap: Vec::new(),
            pair: Vec::new(),
            parent: self.parent.clone(),
            low: self.low.clone(),
            high: self.high.clone(),
            knee: self.knee.clone(),
            bonus: self.bonus.clone(),
            by_start: Vec::new(),
            by_need: Vec::new(),
            near: Vec::new(),
            child_start: self.child_start.clone(),
            child: self.child.clone(),
        };
        net.start.push(0);
        for mut part in parts {
            let before = net.pair.len() as u32;
            net.start.extend(part.count.iter().map(|&count| before + count));
            if before == 0 {
                (net.head, net.cost, net.cap, net.pair) = (part.head, part.cost, part.cap, part.pair);
            } else {
                net.head.append(&mut part.head);
                net.cost.append(&mut part.cost);
                net.cap.append(&mut part.cap);
                net.pair.append(&mut part.pair);
            }
        }
        net.columns();
        net
    }

    /// Puts the near pairs first, of every offer and of every need, which are laid out too.
    pub(crate) fn near_first(mut self, mut keep: impl FnMut(usize, usize) -> bool) -> Self {
        let mut order: Vec<u32> = Vec::with_capacity(self.head.len());
        let mut far: Vec<u32> = Vec::new();
        let mut near: Vec<u32> = Vec::with_capacity(self.offers + self.needs);
        let mut of_need = vec![0u32; self.needs];
        for offer in 0..self.offers {
            for e in self.start[offer]..self.start[offer + 1] {
                if keep(offer, e as usize) {
                    of_need[self.head[e as usize] as usize - self.offers] += 1;
                    order.push(e);
                } else {
                    far.push(e);
                }
            }
            near.push(order.len() as u32);
            order.append(&mut far);
        }
        self.pair = order.iter().map(|&e| self.pair_of(e as usize) as u32).collect();
        self.head = order.iter().map(|&e| self.head[e as usize]).collect();
        self.cost = order.iter().map(|&e| self.cost[e as usize]).collect();
        self.cap = order.iter().map(|&e| self.cap[e as usize]).collect();
        drop(order);
        self.columns();
        // What is near comes before what is not; both keep their order.
        for (need, &count) in of_need.iter().enumerate() {
            let range = self.by_start[need] as usize..self.by_start[need + 1] as usize;
            near.push(range.start as u32 + count);
            self.by_need[range].sort_by_key(|&(_, e, offer)| e >= near[offer as usize]);
        }
        self.near = near;
        self
    }

    /// Where the near pairs of an offer or need end.
    pub(crate) fn near_end(&self, node: usize) -> usize {
        if let Some(&near) = self.near.get(node) {
            near as usize
        } else if node < self.offers {
            self.start[node + 1] as usize
        } else {
            self.by_start[node - self.offers + 1] as usize
        }
    }

    /// Lays the pairs out by need as well.
    fn columns(&mut self) {
        let mut start = vec![0u32; self.needs + 1];
        for &head in &self.head {
            start[head as usize - self.offers + 1] += 1;
        }
        for at in 1..start.len() {
            start[at] += start[at - 1];
        }
        let mut next = start.clone();
        self.by_need = vec![(C::default(), 0, 0); self.head.len()];
        for offer in 0..self.offers {
            for e in self.start[offer]..self.start[offer + 1] {
                let place = &mut next[self.head[e as usize] as usize - self.offers];
                self.by_need[*place as usize] = (self.cost[e as usize], e, offer as u32);
                *place += 1;
            }
        }
        self.by_start = start;
    }

    fn children(&mut self) {
        let first = self.first_group();
        let mut start = vec![0u32; self.groups + 2];
        for node in 0..self.root() {
            start[self.parent[node] as usize - first + 1] += 1;
        }
        for at in 1..start.len() {
            start[at] += start[at - 1];
        }
        let mut next = start.clone();
        self.child = vec![0; self.root()];
        for node in 0..self.root() {
            let place = &mut next[self.parent[node] as usize - first];
            self.child[*place as usize] = node as u32;
            *place += 1;
        }
        self.child_start = start;
    }
}
