//! The exact part: a primal-dual flow that starts from any prices and any flow.
//!
//! From given prices every offer takes its best pairs exactly, which leaves some needs with too much and
//! some with too little. Rounds of one shortest-path search from all nodes with too much, a price
//! change by the distances, and disjoint paths along pairs of reduced cost zero move the surplus to where it
//! is missing. Reduced costs never become negative, so what stands at the end is optimal for its prices; good
//! starting prices only make it quick. A cold start gets them from `auction`, a warm one from the last answer.

mod search;

use crate::network::Network;
use crate::number::{Cost, SMALL, Units};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Why the engine stopped before the optimum.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Units at these nodes cannot leave them, or those outside cannot get what they lack: the demands collide
    /// with the limits on the steps that lead out.
    Stuck(Vec<u32>),
    /// The caller's clock.
    TimeUp,
    /// Prices left the safe range; run again in 128 bits.
    Range,
    /// More work than allowed; another start will be quicker.
    Work,
}

/// From so few nodes with surplus on, each looks for its own way, which is short.
const FEW_SOURCES: usize = 1000;
/// With so many units of surplus, they are sent in bulk however few nodes hold them.
const MANY_UNITS: i64 = 20_000;
/// From so few nodes short of units on, each looks for its own way back to the root, which is long.
const FEW_SINKS: usize = 30;
/// A search from the root that serves less than this of what is lacking (in 1/1024) finds too few places that can spare a
/// unit; unless only so few nodes are short anyway.
const SMALL_SHARE: u64 = 128;
const FEW_STUCK: usize = 4;
/// Times as many units are let go as are lacking: what is not needed finds its way back soon, and the others need not go
/// as far.
const PLENTY: i64 = 3;

/// Which of the two ways of searching pays: one search for all at once, or one for each.
#[derive(Debug)]
struct Ways {
    singly: bool,
    /// Looks of the last search for all, what share of the units it moved (in 1/1024), and looks per unit singly; 0
    /// while not known.
    bulk: u64,
    share: u64,
    single: u64,
}

impl Ways {
    fn new(singly: bool) -> Self {
        Self {
            singly,
            bulk: 0,
            share: 0,
            single: 0,
        }
    }

    /// Takes in what the last search cost and how many of `before` units it left, and chooses the next way.
    fn learn(&mut self, looks: usize, before: i64, left: i64) {
        let (looks, moved) = (looks as u64, (before - left).max(0) as u64);
        if self.singly {
            self.single = looks / moved.max(1);
        } else {
            self.bulk = looks;
            self.share = moved * 1024 / before.max(1) as u64;
            // What was seen long ago counts for less, so that it is tried again.
            self.single -= self.single / 8;
        }
        let all = self.bulk.saturating_mul(1024) / self.share.max(1) / left.max(1) as u64;
        self.singly = self.single < all;
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Node<C> {
    price: C,
    dist: C,
    /// Round in which `dist` was set.
    seen: u32,
    /// Round in which the node was settled.
    done: u32,
}

/// One residual step: over a pair forwards or back, to the parent, to a child.
#[derive(Clone, Copy, Debug)]
enum Step {
    Out(u32),
    Back(u32),
    Up(u32),
    Down(u32),
}

#[derive(Debug)]
pub(crate) struct Engine<'n, C, U> {
    net: &'n Network<C, U>,
    node: Vec<Node<C>>,
    pub flow: Vec<U>,
    /// Units between each node and its parent.
    pub through: Vec<i64>,
    excess: Vec<i64>,
    /// For each need, pairs that carry units (and perhaps some that no longer do): (edge, offer).
    held: Vec<Vec<(u32, u32)>>,
    listed: Vec<bool>,
    round: u32,
    queue: Vec<u32>,
    heap: BinaryHeap<Reverse<(C, u32)>>,
    /// Nodes reached at each small distance, up to `filled`.
    buckets: Vec<Vec<u32>>,
    filled: usize,
    settled: Vec<u32>,
    /// Scratch of the path search: round of the last visit, round of the last opening, next arc.
    mark: Vec<u32>,
    opened: Vec<u32>,
    next: Vec<u32>,
    /// Largest price there can be by now.
    reach: i128,
    pub rounds: u64,
    /// Steps looked at so far: what searching really costs.
    looks: usize,
    /// After how many of them to give up.
    pub most_looks: usize,
    via: Vec<Step>,
    end: u32,
    /// Whether the root takes any surplus for the time being.
    absorbs: bool,
    /// Sum of the largest price changes of all searches so far.
    moved: C,
    /// Per offer and per need: its pairs with room (out of the offer, into the need) cost at least this less `moved`. No search
    /// changes the difference of two prices by more than `moved` grows, so what was seen once holds for long, and
    /// most pairs are never looked at again.
    sure: Vec<C>,
}

impl<'n, C: Cost, U: Units> Engine<'n, C, U> {
    /// `price` holds one price per node; offers' prices are set anew. `flow` breaks ties (warm start).
    pub(crate) fn new(net: &'n Network<C, U>, price: Vec<C>, flow: Vec<U>) -> Self {
        let nodes = net.nodes();
        let mut engine = Self {
            net,
            node: price
                .into_iter()
                .map(|price| Node {
                    price,
                    ..Node::default()
                })
                .collect(),
            flow,
            through: vec![0; nodes],
            excess: vec![0; nodes],
            held: vec![Vec::new(); net.needs],
            listed: vec![false; net.head.len()],
            round: 0,
            queue: Vec::new(),
            heap: BinaryHeap::new(),
            buckets: vec![Vec::new(); (SMALL as usize).min(nodes)],
            filled: 0,
            settled: Vec::new(),
            mark: vec![0; nodes],
            opened: vec![0; nodes],
            next: vec![0; nodes],
            reach: 0,
            rounds: 0,
            looks: 0,
            most_looks: usize::MAX,
            via: vec![Step::Up(0); nodes],
            end: 0,
            absorbs: false,
            moved: C::default(),
            sure: vec![C::default(); nodes],
        };
        engine.flow.resize(net.head.len(), U::default());
        engine.temper();
        engine.respond();
        engine.reach = engine.node.iter().map(|n| n.price.wide().abs()).max().unwrap_or(0);
        engine
    }

    pub(crate) fn price(&self, node: usize) -> C {
        self.node[node].price
    }

    /// Where limits are so wide that nothing can fill them, a starting price that calls for filling them would
    /// overflow the books; those prices are lifted.
    fn temper(&mut self) {
        let net = self.net;
        let inner = net.offers..net.root();
        let wide: i128 = inner.clone().map(|node| i128::from(net.high[node])).sum();
        if wide < 1 << 61 {
            return;
        }
        let mut most = vec![0i64; net.nodes()];
        for offer in 0..net.offers {
            for e in net.start[offer] as usize..net.start[offer + 1] as usize {
                most[offer] += net.cap[e].wide();
                most[net.head[e] as usize] += net.cap[e].wide();
            }
        }
        for node in 0..net.root() {
            most[net.parent[node] as usize] = most[net.parent[node] as usize].saturating_add(most[node]);
        }
        // Parents first, so that a child is measured against its parent's final price.
        for node in inner.rev() {
            if net.high[node] > most[node] {
                let above = self.node[net.parent[node] as usize].price;
                let price = &mut self.node[node].price;
                *price = if net.supplies(node) {
                    (*price).min(above)
                } else {
                    (*price).max(above)
                };
            }
        }
    }

    /// Sets flows and offers' prices so that every reduced cost has the right sign, and books what is then
    /// out of balance.
    fn respond(&mut self) {
        let net = self.net;
        let mut scratch: Vec<(C, u32)> = Vec::new();
        for offer in 0..net.offers {
            self.respond_offer(offer, &mut scratch);
        }
        for need in 0..net.needs {
            let node = net.offers + need;
            let inflow = self.excess[node];
            let rc = self.node[node].price - self.node[net.parent[node] as usize].price;
            let zero = C::default();
            let knee = net.knee[need];
            let first = rc - net.bonus[need];
            let (least, most) = if first > zero {
                (0, 0)
            } else if first == zero && rc == zero {
                (0, net.high[node])
            } else if first == zero {
                (0, knee)
            } else if rc > zero {
                (knee, knee)
            } else if rc == zero {
                (knee, net.high[node])
            } else {
                (net.high[node], net.high[node])
            };
            let through = inflow.clamp(least, most).clamp(net.low[node], net.high[node]);
            self.through[node] = through;
            self.excess[node] = inflow - through;
            self.excess[net.parent[node] as usize] += through;
        }
        for group in 0..net.groups {
            let node = net.first_group() + group;
            let parent = net.parent[node] as usize;
            let up = self.node[node].price - self.node[parent].price;
            let supplies = net.supplies(node);
            // Need side: excess is what came in. Offer side: minus what went out.
            let flow = if supplies {
                -self.excess[node]
            } else {
                self.excess[node]
            };
            let rc = if supplies { -up } else { up };
            let zero = C::default();
            let through = match rc.cmp(&zero) {
                std::cmp::Ordering::Less => net.high[node],
                std::cmp::Ordering::Equal => flow.clamp(net.low[node], net.high[node]),
                std::cmp::Ordering::Greater => net.low[node],
            };
            self.through[node] = through;
            let signed = if supplies { through } else { -through };
            self.excess[node] += signed;
            self.excess[parent] -= signed;
        }
    }

    fn respond_offer(&mut self, offer: usize, scratch: &mut Vec<(C, u32)>) {
        let net = self.net;
        let range = net.start[offer] as usize..net.start[offer + 1] as usize;
        let parent = net.parent[offer] as usize;
        let above = self.node[parent].price;
        scratch.clear();
        for e in range {
            let rc = net.cost[e] - self.node[net.head[e] as usize].price + above;
            scratch.push((rc, e as u32));
        }
        let zero = C::default();
        if scratch.len() > 1 {
            // Only the best matter when one of them takes everything.
            let best = scratch.iter().min().copied().unwrap_or_default();
            let alone = net.cap[best.1 as usize].wide() >= net.high[offer];
            if alone {
                scratch.retain(|s| s.0 == best.0 || self.flow[s.1 as usize] != U::default());
            }
            scratch.sort_unstable();
        }
        let (low, high) = (net.low[offer], net.high[offer]);
        let mut left = high;
        let mut used = 0i64;
        let mut own = above;
        if high == 0
            && let Some(best) = scratch.first().filter(|best| best.0 < zero)
        {
            own = above - best.0;
        }
        let mut at = 0;
        while at < scratch.len() {
            let rc = scratch[at].0;
            let end = scratch[at..]
                .iter()
                .position(|s| s.0 != rc)
                .map_or(scratch.len(), |n| at + n);
            let wanted = match rc.cmp(&zero) {
                std::cmp::Ordering::Less => left,
                // Indifferent: keep what it had; no further than that.
                std::cmp::Ordering::Equal => {
                    let had: i64 = scratch[at..end]
                        .iter()
                        .map(|s| self.flow[s.1 as usize].wide())
                        .fold(0, i64::saturating_add);
                    had.max(low - used).clamp(0, left)
                }
                std::cmp::Ordering::Greater => (low - used).clamp(0, left),
            };
            let mut give = wanted;
            // First what it had, then in the order of the pairs.
            for s in &scratch[at..end] {
                let e = s.1 as usize;
                let keep = self.flow[e].wide().min(net.cap[e].wide()).min(give);
                self.flow[e] = U::of(keep);
                give -= keep;
            }
            for s in &scratch[at..end] {
                let e = s.1 as usize;
                let more = (net.cap[e].wide() - self.flow[e].wide()).min(give);
                self.flow[e] = U::of(self.flow[e].wide() + more);
                give -= more;
            }
            let taken = wanted - give;
            left -= taken;
            used += taken;
            if taken > 0 && (rc > zero || left == 0) {
                own = above - rc;
            }
            at = end;
        }
        self.node[offer].price = own;
        self.through[offer] = used;
        for s in scratch.iter() {
            let e = s.1 as usize;
            let units = self.flow[e].wide();
            if units > 0 {
                let node = net.head[e] as usize;
                self.excess[node] += units;
                self.held[node - net.offers].push((s.1, offer as u32));
                self.listed[e] = true;
            }
        }
        // Units come from the parent.
        self.excess[parent] -= used;
    }

    /// Runs to the optimum.
    ///
    /// Nearly every path runs by way of the root, and one shortest path from there to a node short of units would be
    /// shared by all: so the surplus first goes to the root (or to a nearer place that lacks units), and from
    /// there to where it is missing. Prices stay right throughout, so the order does not matter to the result.
    pub(crate) fn run(&mut self, stop: &dyn Fn() -> bool) -> Result<(), Stop> {
        self.drain(stop)?;
        self.fill(stop)
    }

    /// Sends all surplus to the root, or to a nearer place that lacks units.
    fn drain(&mut self, stop: &dyn Fn() -> bool) -> Result<(), Stop> {
        let root = self.net.root() as u32;
        let mut sources: Vec<u32> = (0..root).filter(|&v| self.excess[v as usize] > 0).collect();
        let surplus: i64 = sources.iter().map(|&v| self.excess[v as usize]).sum();
        let mut ways = Ways::new(sources.len() <= FEW_SOURCES && surplus <= MANY_UNITS);
        let spell = 2 * self.node.len();
        self.absorbs = true;
        while !sources.is_empty() {
            let surplus: i64 = sources.iter().map(|&v| self.excess[v as usize]).sum();
            let looks = self.looks;
            if ways.singly {
                while self.looks - looks < spell
                    && let Some(&source) = sources.last()
                {
                    if !self.search::<false, true>(&[source], 1) {
                        return Err(Stop::Stuck(self.settled.clone()));
                    }
                    self.follow::<false>(source as usize);
                    self.pause(stop)?;
                    if self.excess[source as usize] == 0 {
                        sources.pop();
                    }
                }
            } else {
                let mut starts: Vec<u32> = (0..root).filter(|&v| self.excess[v as usize] < 0).collect();
                starts.push(root);
                if !self.search::<true, false>(&starts, surplus - surplus / 8) {
                    return Err(Stop::Stuck(self.unsettled()));
                }
                for &source in &sources {
                    self.send(source as usize);
                }
                self.pause(stop)?;
                sources.retain(|&v| self.excess[v as usize] > 0);
            }
            let left: i64 = sources.iter().map(|&v| self.excess[v as usize]).sum();
            ways.learn(self.looks - looks, surplus, left);
        }
        self.absorbs = false;
        Ok(())
    }

    /// Brings units from the root to all that lack them.
    fn fill(&mut self, stop: &dyn Fn() -> bool) -> Result<(), Stop> {
        let root = self.net.root();
        let spell = 2 * self.node.len();
        let lacking_nodes =
            |engine: &Self| -> Vec<u32> { (0..root as u32).filter(|&v| engine.excess[v as usize] < 0).collect() };
        let mut sinks = lacking_nodes(self);
        let mut ways = Ways::new(sinks.len() <= FEW_SINKS);
        while !sinks.is_empty() {
            let lacking: i64 = sinks.iter().map(|&v| -self.excess[v as usize]).sum();
            let looks = self.looks;
            if ways.bulk > 0
                && ways.share < SMALL_SHARE
                && sinks.len() > FEW_STUCK
                && self.loosen(PLENTY.saturating_mul(lacking))
            {
                self.drain(stop)?;
                sinks = lacking_nodes(self);
                ways.share = 1024;
            } else if ways.singly {
                while self.looks - looks < spell
                    && let Some(&sink) = sinks.last()
                {
                    if !self.search::<true, true>(&[sink], 1) {
                        return Err(Stop::Stuck(self.unsettled()));
                    }
                    self.follow::<true>(sink as usize);
                    self.pause(stop)?;
                    if self.excess[sink as usize] == 0 {
                        sinks.pop();
                    }
                }
                let left: i64 = sinks.iter().map(|&v| -self.excess[v as usize]).sum();
                ways.learn(self.looks - looks, lacking, left);
            } else {
                if !self.search::<false, false>(&[root as u32], lacking - lacking / 8) {
                    return Err(Stop::Stuck(self.settled.clone()));
                }
                self.send(root);
                self.pause(stop)?;
                sinks.retain(|&v| self.excess[v as usize] < 0);
                let left: i64 = sinks.iter().map(|&v| -self.excess[v as usize]).sum();
                ways.learn(self.looks - looks, lacking, left);
            }
        }
        Ok(())
    }

    /// Lowers the root's price until about `wanted` units are let go next to it, all at once. False when that would let
    /// go far more.
    ///
    /// Where few places next to the root can spare a unit, a search from there serves as few nodes and then has to lower
    /// every price there is to reach the next such place. What is let go here finds its way from place to place, or
    /// back to the root.
    fn loosen(&mut self, wanted: i64) -> bool {
        let net = self.net;
        let root = net.root();
        let from = self.node[root].price;
        let place = root - net.first_group();
        let children = net.child_start[place] as usize..net.child_start[place + 1] as usize;
        let mut steps: Vec<(C, i64)> = Vec::new();
        for &child in &net.child[children.clone()] {
            if let Some(cost) = self.down(child as usize) {
                let units = self.room(Step::Down(child));
                steps.push((cost + from - self.node[child as usize].price, units));
            }
        }
        steps.sort_unstable();
        let mut units = 0;
        let Some(&(fall, _)) = steps.iter().find(|s| {
            units += s.1;
            units >= wanted
        }) else {
            return false;
        };
        if fall <= C::default() || units > 4 * wanted {
            return false;
        }
        self.node[root].price -= fall;
        self.reach += fall.wide();
        for &child in &net.child[children] {
            let v = child as usize;
            let (least, most) = self.limits(v);
            let through = self.through[v].clamp(least, most);
            let more = if net.supplies(v) {
                through - self.through[v]
            } else {
                self.through[v] - through
            };
            self.through[v] = through;
            self.excess[v] += more;
            self.excess[root] -= more;
        }
        true
    }

    /// Least and most units between a node and its parent at present prices.
    fn limits(&self, v: usize) -> (i64, i64) {
        let net = self.net;
        let zero = C::default();
        let up = self.node[v].price - self.node[net.parent[v] as usize].price;
        let (low, high) = (net.low[v], net.high[v]);
        let need = v.wrapping_sub(net.offers);
        if need < net.needs {
            let knee = net.knee[need];
            let first = up - net.bonus[need];
            let least = if up < zero {
                high
            } else if first < zero {
                knee
            } else {
                0
            };
            let most = if up <= zero {
                high
            } else if first <= zero {
                knee
            } else {
                0
            };
            return (least.clamp(low, high), most.clamp(low, high));
        }
        let rc = if net.supplies(v) { -up } else { up };
        match rc.cmp(&zero) {
            std::cmp::Ordering::Less => (high, high),
            std::cmp::Ordering::Equal => (low, high),
            std::cmp::Ordering::Greater => (low, low),
        }
    }

    /// Nodes the last search did not reach.
    fn unsettled(&self) -> Vec<u32> {
        let node = |v: &u32| self.node[*v as usize].done != self.round;
        (0..self.node.len() as u32).filter(node).collect()
    }

    fn pause(&mut self, stop: &dyn Fn() -> bool) -> Result<(), Stop> {
        if stop() {
            return Err(Stop::TimeUp);
        }
        if self.reach > C::ROOM {
            return Err(Stop::Range);
        }
        self.rounds += 1;
        if self.looks > self.most_looks {
            return Err(Stop::Work);
        }
        Ok(())
    }

    /// Cost of one more unit from `v` to its parent, if there is room.
    fn up(&self, v: usize) -> Option<C> {
        let net = self.net;
        if net.supplies(v) {
            (self.through[v] > net.low[v]).then(C::default)
        } else if self.through[v] < net.high[v] {
            Some(if v < net.first_group() && self.through[v] < net.knee[v - net.offers] {
                -net.bonus[v - net.offers]
            } else {
                C::default()
            })
        } else {
            None
        }
    }

    /// Cost of one more unit from the parent to `v`.
    fn down(&self, v: usize) -> Option<C> {
        let net = self.net;
        if net.supplies(v) {
            (self.through[v] < net.high[v]).then(C::default)
        } else if self.through[v] > net.low[v] {
            Some(
                if v < net.first_group() && self.through[v] <= net.knee[v - net.offers] {
                    net.bonus[v - net.offers]
                } else {
                    C::default()
                },
            )
        } else {
            None
        }
    }

    /// Units that can take this step at its present cost.
    fn room(&self, step: Step) -> i64 {
        let net = self.net;
        match step {
            Step::Out(e) => net.cap[e as usize].wide() - self.flow[e as usize].wide(),
            Step::Back(e) => self.flow[e as usize].wide(),
            Step::Up(v) => {
                let v = v as usize;
                if net.supplies(v) {
                    self.through[v] - net.low[v]
                } else if v < net.first_group() && self.through[v] < net.knee[v - net.offers] {
                    net.knee[v - net.offers] - self.through[v]
                } else {
                    net.high[v] - self.through[v]
                }
            }
            Step::Down(v) => {
                let v = v as usize;
                if net.supplies(v) {
                    net.high[v] - self.through[v]
                } else if v < net.first_group() && self.through[v] > net.knee[v - net.offers] {
                    self.through[v] - net.knee[v - net.offers].max(net.low[v])
                } else {
                    self.through[v] - net.low[v]
                }
            }
        }
    }

    fn push(&mut self, tail: u32, step: Step, units: i64) {
        let net = self.net;
        match step {
            Step::Out(e) => {
                let place = e as usize;
                self.flow[place] = U::of(self.flow[place].wide() + units);
                if !self.listed[place] {
                    self.listed[place] = true;
                    self.held[net.head[place] as usize - net.offers].push((e, tail));
                }
            }
            Step::Back(e) => {
                self.flow[e as usize] = U::of(self.flow[e as usize].wide() - units);
                // The pair has room again, and costs nothing.
                let offer = self.offer_of(e) as usize;
                self.sure[offer] = self.moved;
                self.sure[tail as usize] = self.moved;
            }
            Step::Up(v) => {
                let sign = if net.supplies(v as usize) { -units } else { units };
                self.through[v as usize] += sign;
            }
            Step::Down(v) => {
                let sign = if net.supplies(v as usize) { units } else { -units };
                self.through[v as usize] += sign;
            }
        }
    }

    /// The next free step from `v` to a node not visited this round.
    fn advance(&mut self, v: usize) -> Option<(Step, u32)> {
        let net = self.net;
        let zero = C::default();
        let price = self.node[v].price;
        if self.opened[v] != self.round {
            self.opened[v] = self.round;
            self.next[v] = 0;
        }
        loop {
            let at = self.next[v] as usize;
            if at == 0 {
                if v != net.root() {
                    let parent = net.parent[v];
                    if self.mark[parent as usize] != self.round
                        && let Some(cost) = self.up(v)
                        && cost + price - self.node[parent as usize].price == zero
                    {
                        return Some((Step::Up(v as u32), parent));
                    }
                }
            } else if v < net.offers {
                if self.sure[v] > self.moved {
                    return None;
                }
                let e = net.start[v] as usize + at - 1;
                if e == net.start[v + 1] as usize {
                    return None;
                }
                let to = net.head[e];
                if self.flow[e] != net.cap[e]
                    && price + net.cost[e] == self.node[to as usize].price
                    && self.mark[to as usize] != self.round
                {
                    return Some((Step::Out(e as u32), to));
                }
            } else if v < net.first_group() {
                let &(e, offer) = self.held[v - net.offers].get(at - 1)?;
                if self.flow[e as usize] != U::default()
                    && self.mark[offer as usize] != self.round
                    && price - net.cost[e as usize] == self.node[offer as usize].price
                {
                    return Some((Step::Back(e), offer));
                }
            } else {
                let place = v - net.first_group();
                let c = net.child_start[place] as usize + at - 1;
                if c == net.child_start[place + 1] as usize {
                    return None;
                }
                let child = net.child[c];
                if self.mark[child as usize] != self.round
                    && let Some(cost) = self.down(child as usize)
                    && cost + price == self.node[child as usize].price
                {
                    return Some((Step::Down(child), child));
                }
            }
            self.next[v] += 1;
        }
    }

    /// Moves surplus from `source` along free paths, each node tried once per round.
    fn send(&mut self, source: usize) {
        let mut path: Vec<(u32, Step)> = Vec::new();
        if self.mark[source] == self.round {
            return;
        }
        self.mark[source] = self.round;
        let mut v = source;
        loop {
            if self.excess[v] < 0 || (self.absorbs && v == self.net.root()) {
                let mut units = self.excess[source];
                if !self.absorbs || v != self.net.root() {
                    units = units.min(-self.excess[v]);
                }
                // The first step this fills. Taken before the units move: past its knee a step has room
                // again, but at another cost.
                let mut full = None;
                for (at, &(_, step)) in path.iter().enumerate() {
                    let room = self.room(step);
                    if room < units || (room == units && full.is_none()) {
                        units = room;
                        full = Some(at);
                    }
                }
                for &(tail, step) in &path {
                    self.push(tail, step, units);
                }
                self.excess[source] -= units;
                self.excess[v] += units;
                let keep = if self.excess[source] == 0 {
                    0
                } else {
                    full.unwrap_or(path.len())
                };
                // Back to the tail of that step; what lies behind it may be visited again.
                while path.len() > keep {
                    self.mark[v] = 0;
                    if let Some((tail, _)) = path.pop() {
                        v = tail as usize;
                    }
                }
                if self.excess[source] == 0 {
                    return;
                }
                continue;
            }
            match self.advance(v) {
                Some((step, to)) => {
                    self.mark[to as usize] = self.round;
                    path.push((v as u32, step));
                    v = to as usize;
                }
                None => match path.pop() {
                    Some((tail, _)) => {
                        v = tail as usize;
                        self.next[v] += 1;
                    }
                    None => return,
                },
            }
        }
    }
}
