//! A problem that stays, with its answer: what changes is mended where it is.

use crate::answer::{Answer, Refusal};
use crate::engine::{Books, Engine};
use crate::laminar::Forest;
use crate::network::{Network, Overlay, carries, forced_to};
use crate::number::Cost;
use crate::problem::{Problem, Status};
use crate::solve::{self, Options, Solved};
use crate::start::{Bar, NEAR, nearby};
use std::collections::{BTreeMap, BTreeSet};

/// What changed in a standing problem since its last answer, by place.
///
/// Only numbers and statuses may change, not who offers for what. A change that is not named costs time, never truth: the
/// checker looks at the whole problem, and where it does not agree, everything is solved anew.
#[derive(Clone, Copy, Debug, Default)]
pub struct Changes<'a> {
    /// Offers whose capacity changed, or a value, most units or status of one of their pairs.
    pub offers: &'a [u32],
    /// Needs whose minimum, maximum or priority changed.
    pub needs: &'a [u32],
    /// Groups whose least or most units changed.
    pub groups: &'a [u32],
}

/// A solved problem that is kept laid out, with prices and units, so that the next answer costs what changed and the proof.
#[derive(Debug)]
pub struct Standing {
    answer: Answer,
    laid: Option<Laid>,
}

/// The network with all its pairs, and its books.
#[derive(Debug)]
struct Laid {
    net: Network<i64, u32>,
    books: Books<i64, u32>,
    forest: Forest,
    weight: i128,
    /// Forced units of each forced pair, by its place in the network.
    forced: BTreeMap<u32, i64>,
    /// Forced units through each node.
    fixed: Vec<i64>,
}

/// Limits and units beyond this are not mended but solved anew.
const WIDE: i64 = 1 << 40;
/// Steps a search may look at per node before everything is solved anew.
const MOST_LOOKS: usize = 500;

impl Standing {
    /// Solves the problem and keeps it laid out.
    ///
    /// # Errors
    /// As [`crate::solve`].
    pub fn new(problem: &Problem, options: &Options<'_>) -> Result<Self, Refusal> {
        Ok(Self::of(problem, solve::solve(problem, options)?))
    }

    /// Lays a problem out around an answer to it.
    #[must_use]
    pub fn of(problem: &Problem, answer: Answer) -> Self {
        let laid = Laid::new(problem, &answer);
        Self { answer, laid }
    }

    /// The last answer.
    #[must_use]
    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    /// The best allocation of the problem as it is now, found from the last one. As exact as [`crate::solve`]'s; among
    /// allocations equally good it may keep more of the last one.
    ///
    /// # Errors
    /// As [`crate::solve`]; the last answer then stays.
    pub fn again(
        &mut self,
        problem: &Problem,
        changes: &Changes<'_>,
        options: &Options<'_>,
    ) -> Result<&Answer, Refusal> {
        let mended = self.laid.as_mut().and_then(|laid| laid.mend(problem, changes, options));
        if let Some(solved) = mended
            && let Ok(answer) = solve::finish(problem, solved, None, options)
            && answer.proved
        {
            self.answer = answer;
            return Ok(&self.answer);
        }
        // What was mended halfway is no start for anything.
        self.laid = None;
        let answer = solve::resolve(problem, &self.answer, options)?;
        *self = Self::of(problem, answer);
        Ok(&self.answer)
    }
}

impl Laid {
    /// `None` where the problem is more than a flow in 64 bits, or the answer is not its best.
    fn new(problem: &Problem, answer: &Answer) -> Option<Self> {
        let by_offer = problem.sound().ok()?;
        let forest = Forest::new(problem);
        let flows = problem.rules.is_empty() && forest.crossing.is_empty() && answer.certificate.scale == 1;
        if !flows || !answer.proved || problem.pairs.iter().any(|p| !tame(problem, p.value, p.max_units)) {
            return None;
        }
        let limits = problem
            .needs
            .iter()
            .map(|n| n.max)
            .chain(problem.groups.iter().map(|g| g.max));
        if limits
            .chain(problem.offers.iter().map(|o| o.capacity))
            .any(|most| most > WIDE)
        {
            return None;
        }
        let weight = answer.certificate.weight;
        if !weighs(problem, weight) {
            return None;
        }
        let net = Network::new(problem, &forest, &by_offer, weight, &Overlay::default(), true).ok()?;
        let (price, flow) = solve::start_of(problem, &forest, &net, answer);
        let near: Vec<bool> = {
            let bar = Bar::of(&net, &price, NEAR);
            let mut near = nearby(&net, &price, &flow, &bar);
            let pairs = |offer: usize| net.start[offer] as usize..net.start[offer + 1] as usize;
            let all = (0..net.offers).flat_map(|offer| pairs(offer).map(move |e| (offer, e)));
            all.map(|(offer, e)| near(offer, e)).collect()
        };
        let net = net.near_first(|_, e| near[e]);
        let fixed = forced_to(problem, &Overlay::default(), &net.parent).ok()?;
        let forced = (0..net.head.len())
            .filter(|&e| problem.pairs[net.pair_of(e)].status == Status::Forced)
            .map(|e| (e as u32, problem.pairs[net.pair_of(e)].max_units))
            .collect();
        let (price, flow) = solve::start_of(problem, &forest, &net, answer);
        let books = Engine::new(&net, price, flow).books;
        let mut laid = Self {
            fixed: if fixed.is_empty() { vec![0; net.nodes()] } else { fixed },
            net,
            books,
            forest,
            weight,
            forced,
        };
        // Already the best, so there is nothing to do but what ties leave open.
        laid.run(&Options::default())?;
        Some(laid)
    }

    /// `None` where it is better to solve anew.
    fn mend(&mut self, problem: &Problem, changes: &Changes<'_>, options: &Options<'_>) -> Option<Solved> {
        let offers = self.touched(problem, changes)?;
        for &offer in &offers {
            self.books.withdraw(&self.net, offer as usize);
        }
        let limits = self.lay(problem, &offers, changes)?;
        let mut engine = Engine::take_up(&self.net, std::mem::take(&mut self.books));
        engine.change(&offers, &limits);
        self.books = engine.books;
        self.run(options)?;
        Some(self.collect(problem))
    }

    fn run(&mut self, options: &Options<'_>) -> Option<()> {
        let mut engine = Engine::take_up(&self.net, std::mem::take(&mut self.books));
        engine.most_looks = MOST_LOOKS * self.net.nodes();
        let done = engine.run(&|| options.stopped());
        self.books = engine.books;
        done.ok()
    }

    /// Offers to respond anew, in order; `None` where what changed cannot be mended.
    fn touched(&self, problem: &Problem, changes: &Changes<'_>) -> Option<Vec<u32>> {
        let net = &self.net;
        let shape = problem.offers.len() == net.offers
            && problem.needs.len() == net.needs
            && problem.pairs.len() == net.head.len()
            && problem.groups.len() == self.forest.order.len()
            && problem.rules.is_empty();
        let inside = |p: &crate::Pair| (p.offer as usize) < net.offers && (p.need as usize) < net.needs;
        if !shape || !problem.pairs.iter().all(inside) || !weighs(problem, self.weight) {
            return None;
        }
        let mut offers: BTreeSet<u32> = changes.offers.iter().copied().collect();
        for &need in changes.needs {
            let now = problem.needs.get(need as usize)?;
            if now.min < 0 || now.priority < 0 || now.min > now.max || now.max > WIDE {
                return None;
            }
            // What pairs can carry hangs on the need's maximum.
            let most = now.max.saturating_sub(self.fixed[net.offers + need as usize]);
            if most != net.high[net.offers + need as usize] {
                let pairs = net.by_start[need as usize] as usize..net.by_start[need as usize + 1] as usize;
                offers.extend(net.by_need[pairs].iter().map(|p| p.2));
            }
        }
        for &group in changes.groups {
            let now = problem.groups.get(group as usize)?;
            if now.min < 0 || now.min > now.max || now.max > WIDE {
                return None;
            }
        }
        for &offer in &offers {
            let now = problem.offers.get(offer as usize)?;
            if now.capacity < 0 || now.capacity > WIDE {
                return None;
            }
            for e in net.start[offer as usize] as usize..net.start[offer as usize + 1] as usize {
                let pair = &problem.pairs[net.pair_of(e)];
                let same = pair.offer == offer && net.offers + pair.need as usize == net.head[e] as usize;
                if !same || !tame(problem, pair.value, pair.max_units) {
                    return None;
                }
            }
        }
        Some(offers.into_iter().collect())
    }

    /// Lays what changed out anew; the nodes other than offers whose limits changed come back, inner ones first.
    fn lay(&mut self, problem: &Problem, offers: &[u32], changes: &Changes<'_>) -> Option<Vec<u32>> {
        let (first_need, first_group, root) = (self.net.offers, self.net.first_group(), self.net.root());
        let mut limits: BTreeSet<u32> = changes.needs.iter().map(|&n| first_need as u32 + n).collect();
        for (place, g) in self.forest.order.iter().enumerate() {
            if changes.groups.contains(g) {
                limits.insert((first_group + place) as u32);
            }
        }
        for &offer in offers {
            for e in self.net.start[offer as usize] as usize..self.net.start[offer as usize + 1] as usize {
                let pair = &problem.pairs[self.net.pair_of(e)];
                self.net.cap[e] = carries(problem, pair) as u32;
                self.set_cost(e, -pair.value);
                let now = if pair.status == Status::Forced {
                    pair.max_units
                } else {
                    0
                };
                let before = self.forced.remove(&(e as u32)).unwrap_or(0);
                if now != 0 {
                    self.forced.insert(e as u32, now);
                }
                if now != before {
                    for end in [offer as usize, self.net.head[e] as usize] {
                        let mut node = end;
                        while node != root {
                            self.fixed[node] += now - before;
                            if node >= first_need {
                                limits.insert(node as u32);
                            }
                            node = self.net.parent[node] as usize;
                        }
                    }
                }
            }
        }
        let net = &mut self.net;
        for &offer in offers {
            net.high[offer as usize] = problem.offers[offer as usize].capacity - self.fixed[offer as usize];
            if net.high[offer as usize] < 0 {
                return None;
            }
        }
        for &node in &limits {
            let (node, fixed) = (node as usize, self.fixed[node as usize]);
            if node < first_group {
                let need = &problem.needs[node - first_need];
                net.high[node] = need.max - fixed;
                net.knee[node - first_need] = (need.min - fixed).max(0);
                net.bonus[node - first_need] = i64::try_from(i128::from(need.priority) * self.weight).ok()?;
            } else {
                let group = &problem.groups[self.forest.order[node - first_group] as usize];
                net.high[node] = group.max - fixed;
                net.low[node] = (group.min - fixed).max(0);
            }
            if net.low[node] > net.high[node] {
                return None;
            }
        }
        Some(limits.into_iter().collect())
    }

    fn set_cost(&mut self, e: usize, cost: i64) {
        let net = &mut self.net;
        if net.cost[e] == cost {
            return;
        }
        net.cost[e] = cost;
        let need = net.head[e] as usize - net.offers;
        // The near ones in order, then the others in order.
        let (first, near) = (net.by_start[need] as usize, net.near_end(net.head[e] as usize));
        for pairs in [first..near, near..net.by_start[need + 1] as usize] {
            let pairs = &mut net.by_need[pairs];
            if let Ok(at) = pairs.binary_search_by_key(&(e as u32), |pair| pair.1) {
                pairs[at].0 = cost;
            }
        }
    }

    fn collect(&self, problem: &Problem) -> Solved {
        let net = &self.net;
        let mut units: Vec<i64> = if net.pair.is_empty() {
            self.books.flow.iter().map(|&units| i64::from(units)).collect()
        } else {
            let mut units = vec![0; problem.pairs.len()];
            for (&pair, &flow) in net.pair.iter().zip(&self.books.flow) {
                if flow != 0 {
                    units[pair as usize] = i64::from(flow);
                }
            }
            units
        };
        for (&e, &forced) in &self.forced {
            units[net.pair_of(e as usize)] = forced;
        }
        let price: Vec<i64> = (0..net.nodes()).map(|node| self.books.price(node)).collect();
        let certificate = solve::certificate(problem, &self.forest, net, &price, self.weight, 1);
        Solved { units, certificate }
    }
}

/// Whether numbers on a pair stay small enough for sums over all nodes and pairs.
fn tame(problem: &Problem, value: i64, units: i64) -> bool {
    let nodes = (problem.needs.len().min(problem.offers.len()) as i128 + 2) * 16;
    let pairs = problem.pairs.len().max(1) as i128;
    (0..=i64::from(u32::MAX)).contains(&units)
        && i128::from(units) * pairs <= 1 << 60
        && i128::from(value).abs() * nodes <= i64::ROOM / 4
}

/// Whether minima weighed like this stay small enough.
fn weighs(problem: &Problem, weight: i128) -> bool {
    let priority = problem.needs.iter().map(|n| n.priority).max().unwrap_or(0);
    let groups = 2 * problem.groups.len() as i128 + 4;
    let sum = i128::from(priority)
        .checked_mul(weight)
        .and_then(|w| w.checked_mul(groups * 8));
    sum.is_some_and(|sum| sum <= i64::ROOM / 4)
}
