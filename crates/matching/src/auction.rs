//! The quick part of a cold start: an auction that finds good prices and nearly the right flow.
//!
//! Offers with idle units bid for their best need, needs that are full drop their lowest bid (forward); then needs
//! that stayed short at a price above their floor lower it until offers come (reverse). All within `eps`,
//! which shrinks from phase to phase. Nothing here needs to be exact: the engine starts from these prices,
//! puts right what is left, and only its result is checked. Groups are not looked at.
//!
//! In this file a need's price `p` is minus its node price in the engine, an offer's profit its node price.

mod heap;

use crate::network::Network;
use crate::number::{Cost, Units};
use heap::{heap_up, lift, sink};

const NONE: u32 = u32::MAX;
/// Bids most needs hold at most.
const USUAL_BIDS: usize = 16;
/// Steps that a need with more than its minimum goes down at most when it calls.
const FEW_STEPS: i128 = 16;
/// Pairs that offers look at in one phase, per pair there is, before they are held to fight in steps too small for what is at
/// stake.
const MOST_BIDS: u64 = 1000;
/// Bids that needs look at while they call, per pair there is, before the engine is quicker; and where minima compete, which call from
/// each other in steps too small for what is between them.
const LONG_CALLS: u64 = 8;
pub(crate) const SHORT_CALLS: u64 = 4;
/// Pairs that they look at, per pair there is, before steps on all pairs become twice as wide.
const PATIENCE: u64 = 4;
/// How often in one phase all prices are lowered together.
const MOST_SHIFTS: usize = 3;
/// While one unit in so many is left over, and as many are lacking.
const STAND_OFF: i64 = 1000;

#[derive(Debug)]
pub(crate) struct Auction<'n, C, U> {
    net: &'n Network<C, U>,
    pub flow: Vec<U>,
    /// Price of a place at each need.
    pub price: Vec<C>,
    givers: Vec<Giver<C>>,
    got: Vec<i64>,
    /// Per need a heap with its lowest bid on top: (bid when entered, edge, offer). Bids only rise while
    /// offers bid, so an entry is looked at again when it comes to the top.
    bids: Vec<Vec<(C, u32, u32)>>,
    /// Per need a heap with the best bid it could win on top, over the places of `by_need`.
    calls: Vec<(C, u32)>,
    calls_left: Vec<u32>,
    called: Vec<u32>,
    phase: u32,
    eps: C,
    /// The widest step there was.
    widest: C,
    /// Bids looked at while needs called, in this phase.
    looks: u64,
    /// And how many, per pair there is, they may look at.
    pub most_looks: u64,
}

/// An offer, as bidding and calling look at it: all in one place, since it is come upon at random.
#[derive(Clone, Copy, Debug)]
struct Giver<C> {
    /// What it earns with its least unit.
    profit: C,
    /// While needs call: what it earns with the pair it earned least with when last looked up, that pair, its cost and need.
    least: C,
    cost: C,
    at: u32,
    need: u32,
    /// Units without a need.
    idle: i64,
}

impl<C: Cost> Giver<C> {
    fn new(idle: i64) -> Self {
        let zero = C::default();
        Self {
            profit: zero,
            least: zero,
            cost: zero,
            at: NONE,
            need: 0,
            idle,
        }
    }
}

impl<'n, C: Cost, U: Units> Auction<'n, C, U> {
    /// Starts from these prices of needs and these flows.
    pub(crate) fn new(net: &'n Network<C, U>, price: Vec<C>, flow: Vec<U>) -> Self {
        let mut givers: Vec<Giver<C>> = net.high[..net.offers].iter().map(|&idle| Giver::new(idle)).collect();
        let mut got = vec![0; net.needs];
        for (offer, giver) in givers.iter_mut().enumerate() {
            for e in net.start[offer] as usize..net.start[offer + 1] as usize {
                let units = flow[e].wide();
                if units != 0 {
                    giver.idle -= units;
                    got[net.head[e] as usize - net.offers] += units;
                }
            }
        }
        Self {
            net,
            flow,
            price,
            givers,
            got,
            bids: vec![Vec::new(); net.needs],
            calls: vec![(C::default(), 0); net.by_need.len()],
            calls_left: vec![0; net.needs],
            called: vec![0; net.needs],
            phase: 0,
            eps: C::default(),
            widest: C::default(),
            looks: 0,
            most_looks: LONG_CALLS,
        }
    }

    /// Prices of needs, what each offer earns with its least unit, and units; all else is let go first.
    pub(crate) fn end(self) -> (Vec<C>, Vec<C>, Vec<U>) {
        let Self {
            price,
            givers,
            flow,
            bids,
            calls,
            ..
        } = self;
        drop((bids, calls));
        (price, givers.iter().map(|giver| giver.profit).collect(), flow)
    }

    /// One phase. False when needs fought over units, or offers over places, for too long: the steps were too small
    /// for what is at stake between them.
    pub(crate) fn run(&mut self, eps: C, stop: &dyn Fn() -> bool) -> bool {
        if stop() {
            return true;
        }
        let last = self.eps;
        self.eps = eps;
        self.widest = self.widest.max(eps);
        self.phase += 1;
        if self.net.by_need.is_empty() {
            // Needs that cannot call, and were left short, are too dear by up to one of the last steps.
            for need in 0..self.net.needs {
                if self.short(need) > 0 {
                    self.lower(need, last);
                }
            }
        }
        let mut active = if self.got.iter().all(|&got| got == 0) {
            // Nothing to let go.
            (0..self.net.offers as u32)
                .filter(|&i| self.givers[i as usize].idle > 0)
                .collect()
        } else {
            self.open()
        };
        let most = MOST_BIDS * self.net.head.len() as u64;
        let mut quick = self.forward(&mut active, most);
        for _ in 0..MOST_SHIFTS {
            if !quick || !self.net.by_need.is_empty() || !self.stands_off() {
                break;
            }
            self.lower_all(eps + eps);
            active = self.open();
            quick = self.forward(&mut active, most);
        }
        // The first round runs on all pairs, which are not laid out by need.
        if !quick || self.net.by_need.is_empty() {
            return quick;
        }
        let needs = 0..self.net.needs as u32;
        let mut short: Vec<u32> = needs.filter(|&n| self.short(n as usize) > 0).collect();
        self.looks = 0;
        let most = self.most_looks * self.net.head.len() as u64;
        self.reverse(&mut short, most);
        self.looks <= most
    }

    fn highest(&self, need: usize) -> i64 {
        self.net.high[self.net.offers + need]
    }

    /// Whether each need is short; empty when none is.
    pub(crate) fn wanting(&self) -> Vec<bool> {
        let wanting: Vec<bool> = (0..self.net.needs).map(|need| self.short(need) > 0).collect();
        if wanting.contains(&true) { wanting } else { Vec::new() }
    }

    /// Units that need wants at its price and does not have.
    fn short(&self, need: usize) -> i64 {
        let zero = C::default();
        let p = self.price[need];
        let wants = if p > zero {
            self.highest(need)
        } else if p > -self.net.bonus[need] {
            self.net.knee[need]
        } else {
            0
        };
        wants - self.got[need]
    }

    /// Units that need takes at most at its price.
    fn room(&self, need: usize) -> i64 {
        if self.price[need] < C::default() {
            self.net.knee[need]
        } else {
            self.highest(need)
        }
    }

    /// Whether offers have units left over while minima lack some: all prices are too high then, and bidding alone never lowers
    /// one.
    fn stands_off(&self) -> bool {
        let (offers, needs) = (0..self.net.offers, 0..self.net.needs);
        let given: i64 = self.net.high[offers].iter().sum();
        let idle: i64 = self.givers.iter().map(|giver| giver.idle).sum();
        let unmet: i64 = needs.map(|need| (self.net.knee[need] - self.got[need]).max(0)).sum();
        idle.min(unmet) > given / STAND_OFF
    }

    /// Lowers all prices, as far as needs may go with what they have.
    fn lower_all(&mut self, by: C) {
        let zero = C::default();
        for (need, price) in self.price.iter_mut().enumerate() {
            let floor = if self.got[need] > self.net.knee[need] {
                zero.min(*price)
            } else {
                -self.net.bonus[need]
            };
            *price = (*price - by).max(floor);
        }
    }

    /// Lowers the price of a need that is short, by no more than to where it no longer is.
    fn lower(&mut self, need: usize, by: C) {
        let floor = if self.got[need] >= self.net.knee[need] {
            C::default()
        } else {
            -self.net.bonus[need]
        };
        self.price[need] = (self.price[need] - by).max(floor);
    }

    /// Lets go what is worse than the best by more than `eps`, and lists the offers with idle units.
    ///
    /// Needs that lose units so, and are then short, were too dear for them: by how much shows in what the units would gain
    /// elsewhere. If their prices stayed, those who left would bid up all others to the same.
    fn open(&mut self) -> Vec<u32> {
        let net = self.net;
        let zero = C::default();
        let mut active = Vec::new();
        for bids in &mut self.bids {
            bids.clear();
        }
        let mut held: Vec<u32> = Vec::new();
        let mut too_dear = vec![zero; net.needs];
        for offer in 0..net.offers {
            let range = net.start[offer] as usize..net.start[offer + 1] as usize;
            let mut best = zero;
            // Which pairs carry units is hard to foresee: each is written, and the next one over it unless it does.
            held.resize(held.len().max(range.len()), 0);
            let mut count = 0;
            let ends = net.cost[range.clone()].iter().zip(&net.head[range.clone()]);
            let room = self.flow[range.clone()].iter().zip(&net.cap[range.clone()]);
            for (((&cost, &head), (had, most)), e) in ends.zip(room).zip(range) {
                let w = -cost - self.price[head as usize - net.offers];
                best = if had == most { best } else { best.max(w) };
                held[count] = e as u32;
                count += usize::from(*had != U::default());
            }
            let held = &held[..count];
            let bar = best - self.eps;
            let mut least = best;
            for &e in held {
                let e = e as usize;
                let need = net.head[e] as usize - net.offers;
                let w = -net.cost[e] - self.price[need];
                if w < bar {
                    too_dear[need] = too_dear[need].max(bar - w);
                    let units = self.flow[e].wide();
                    self.flow[e] = U::default();
                    self.got[need] -= units;
                    self.givers[offer].idle += units;
                } else {
                    least = least.min(w);
                }
            }
            self.givers[offer].profit = least;
            for &e in held {
                let place = e as usize;
                if self.flow[place] != U::default() {
                    let need = net.head[place] as usize - net.offers;
                    self.bids[need].push((-net.cost[place] - least, e, offer as u32));
                }
            }
            if self.givers[offer].idle > 0 && best > zero {
                active.push(offer as u32);
            }
        }
        // A need may hold more than its price allows after the floor moved; it drops its lowest.
        for bids in &mut self.bids {
            heap_up(bids, lowest);
        }
        // One that can call lowers its price further itself, as far as it must.
        let quarters = if net.by_need.is_empty() { 4 } else { 3 };
        for (need, &too_dear) in too_dear.iter().enumerate() {
            if too_dear > zero && self.short(need) > 0 {
                self.lower(need, C::of(too_dear.wide() * quarters / 4));
            }
        }
        active
    }

    /// Offers with idle units bid. False when they looked at more than `most` pairs.
    fn forward(&mut self, active: &mut Vec<u32>, most: u64) -> bool {
        let net = self.net;
        let mut looks = 0;
        // A fight over what is many steps apart goes on in wider ones; a later phase puts right what that blurs. On near pairs the steps
        // stay as fine as they are: no phase comes after the last.
        let patience = if net.by_need.is_empty() {
            PATIENCE * net.head.len() as u64
        } else {
            most
        };
        let (mut step, mut wider) = (self.eps, patience);
        let zero = C::default();
        active.reverse();
        while let Some(offer) = active.pop() {
            let i = offer as usize;
            while self.givers[i].idle > 0 {
                let mut best = zero;
                let mut second = zero;
                let mut edge = u32::MAX;
                let range = net.start[i] as usize..net.start[i + 1] as usize;
                looks += range.len() as u64;
                if looks > most {
                    return false;
                }
                if looks > wider {
                    step = (step + step).min(self.widest);
                    wider += patience;
                }
                // Which pair is better than those before it is hard to foresee: nothing hangs on it but what is chosen.
                let ends = net.cost[range.clone()].iter().zip(&net.head[range.clone()]);
                let room = self.flow[range.clone()].iter().zip(&net.cap[range.clone()]);
                for (((&cost, &head), (had, most)), e) in ends.zip(room).zip(range) {
                    let w = -cost - self.price[head as usize - net.offers];
                    let w = if had == most { zero } else { w };
                    second = second.max(best.min(w));
                    edge = if w > best { e as u32 } else { edge };
                    best = best.max(w);
                }
                if edge == u32::MAX {
                    self.givers[i].profit = zero;
                    break;
                }
                let e = edge as usize;
                let need = net.head[e] as usize - net.offers;
                let profit = second - step;
                self.givers[i].profit = profit;
                let units = self.givers[i].idle.min(net.cap[e].wide() - self.flow[e].wide());
                self.givers[i].idle -= units;
                let had = self.flow[e];
                self.flow[e] = U::of(had.wide() + units);
                self.got[need] += units;
                let bid = -net.cost[e] - profit;
                if had == U::default() {
                    let bids = &mut self.bids[need];
                    if bids.capacity() == 0 {
                        bids.reserve(USUAL_BIDS);
                    }
                    bids.push((bid, edge, offer));
                    lift(bids, lowest);
                }
                self.settle(need, active);
            }
        }
        true
    }

    /// Drops what a need has beyond its room and raises its price to its lowest bid once it is full.
    fn settle(&mut self, need: usize, active: &mut Vec<u32>) {
        let net = self.net;
        let zero = C::default();
        if self.got[need] < self.room(need) {
            return;
        }
        let mut bids = std::mem::take(&mut self.bids[need]);
        loop {
            let room = self.room(need);
            let over = self.got[need] - room;
            if over < 0 {
                break;
            }
            let Some(&(bid, e, offer)) = bids.first() else { break };
            let place = e as usize;
            let real = -net.cost[place] - self.givers[offer as usize].profit;
            if self.flow[place] == U::default() {
                remove_lowest(&mut bids);
                continue;
            }
            if real != bid {
                bids[0].0 = real;
                sink(&mut bids, 0, lowest);
                continue;
            }
            if self.price[need] < zero && bid >= zero {
                // The minimum is full of bids that need no bonus: more may come at price zero.
                self.price[need] = zero;
                continue;
            }
            if bid > self.price[need] {
                self.price[need] = bid;
            }
            if over == 0 {
                break;
            }
            let drop = over.min(self.flow[place].wide());
            self.flow[place] = U::of(self.flow[place].wide() - drop);
            self.got[need] -= drop;
            if self.givers[offer as usize].idle == 0 {
                active.push(offer);
            }
            self.givers[offer as usize].idle += drop;
            if self.flow[place] == U::default() {
                remove_lowest(&mut bids);
            }
        }
        self.bids[need] = bids;
    }

    /// Needs short above their floor lower their price until enough offers come.
    fn reverse(&mut self, short: &mut Vec<u32>, most: u64) {
        let net = self.net;
        for giver in &mut self.givers {
            giver.at = NONE;
        }
        while let Some(n) = short.pop() {
            let need = n as usize;
            let mut lacks = self.short(need);
            if lacks <= 0 {
                continue;
            }
            if self.looks > most {
                return;
            }
            self.call(need);
            let base = self.net.by_start[need] as usize;
            let mut floor = if self.got[need] >= net.knee[need] {
                C::default()
            } else {
                -net.bonus[need]
            };
            let mut won: Vec<(u32, u32)> = Vec::new();
            loop {
                let top = self.best_call(need);
                let bid = top.map(|t| t.0);
                if lacks <= 0 || bid.is_none_or(|b| b <= floor) {
                    let level = bid.map_or(floor, |b| (b - self.eps).max(floor));
                    let level = if lacks > 0 { floor } else { level };
                    // With more than the minimum it does not go on down: offers would bid it up again in small steps.
                    let level = if self.got[need] > net.knee[need] {
                        level.max(self.price[need] - C::of(FEW_STEPS * self.eps.wide()))
                    } else {
                        level
                    };
                    if level < self.price[need] {
                        self.price[need] = level;
                    }
                    break;
                }
                let Some((bid, place)) = top else { break };
                let (_, e, offer) = self.net.by_need[base + place as usize];
                let (edge, i) = (e as usize, offer as usize);
                // From its idle units, or from the place where it earns least.
                let from = if self.givers[i].idle > 0 {
                    None
                } else {
                    self.least_edge(i, edge)
                };
                if from.is_none() && self.givers[i].idle == 0 {
                    self.drop_call(need);
                    continue;
                }
                let more = net.cap[edge].wide() - self.flow[edge].wide();
                let units = match from {
                    None => self.givers[i].idle,
                    Some(k) => self.flow[k].wide(),
                }
                .min(more)
                .min(lacks);
                match from {
                    None => self.givers[i].idle -= units,
                    Some(k) => {
                        self.flow[k] = U::of(self.flow[k].wide() - units);
                        let other = net.head[k] as usize - net.offers;
                        self.got[other] -= units;
                        self.regain_call(other, k as u32);
                        if self.short(other) > 0 {
                            short.push(other as u32);
                        }
                    }
                }
                self.flow[edge] = U::of(self.flow[edge].wide() + units);
                self.givers[i].at = NONE;
                self.got[need] += units;
                lacks -= units;
                if bid < self.price[need] {
                    self.price[need] = bid;
                }
                won.push((e, offer));
                if self.got[need] < net.knee[need] {
                    floor = -net.bonus[need];
                }
                if self.flow[edge] == net.cap[edge] {
                    self.drop_call(need);
                }
            }
            for (_, offer) in won {
                let i = offer as usize;
                let least = self.least(i);
                self.givers[i].profit = self.givers[i].profit.max(least);
            }
        }
    }

    /// What an offer earns with its least unit at present prices.
    ///
    /// While needs call, prices only fall, so every unit earns more and more: as long as the least one earns what it did,
    /// it still is the least.
    fn least(&mut self, i: usize) -> C {
        let net = self.net;
        let price = &self.price;
        let giver = &mut self.givers[i];
        if giver.idle > 0 {
            return C::default();
        }
        if giver.at != NONE && -giver.cost - price[giver.need as usize] == giver.least {
            return giver.least;
        }
        let mut least = (C::FAR, NONE);
        let range = net.start[i] as usize..net.start[i + 1] as usize;
        let ends = net.cost[range.clone()].iter().zip(&net.head[range.clone()]);
        for ((&units, (&cost, &head)), e) in self.flow[range.clone()].iter().zip(ends).zip(range) {
            let earns = -cost - price[head as usize - net.offers];
            let earns = if units == U::default() { C::FAR } else { earns };
            least = if earns < least.0 { (earns, e as u32) } else { least };
        }
        let (earns, at) = least;
        if at == NONE {
            return C::default();
        }
        let e = at as usize;
        giver.need = net.head[e] - net.offers as u32;
        (giver.least, giver.at, giver.cost) = (earns, at, net.cost[e]);
        earns
    }

    fn least_edge(&self, i: usize, not: usize) -> Option<usize> {
        let net = self.net;
        let mut least = (C::FAR, None);
        let range = net.start[i] as usize..net.start[i + 1] as usize;
        let ends = net.cost[range.clone()].iter().zip(&net.head[range.clone()]);
        for ((&units, (&cost, &head)), e) in self.flow[range.clone()].iter().zip(ends).zip(range) {
            let earns = -cost - self.price[head as usize - net.offers];
            let none = (units == U::default()) | (e == not);
            let earns = if none { C::FAR } else { earns };
            least = if earns < least.0 { (earns, Some(e)) } else { least };
        }
        least.1
    }

    /// Fills the heap of bids this need could win, once per phase.
    fn call(&mut self, need: usize) {
        if self.called[need] == self.phase {
            return;
        }
        self.called[need] = self.phase;
        let range = self.net.by_start[need] as usize..self.net.by_start[need + 1] as usize;
        let heap = &mut self.calls[range.clone()];
        for (at, &(cost, _, offer)) in self.net.by_need[range].iter().enumerate() {
            heap[at] = (-cost - self.givers[offer as usize].profit, at as u32);
        }
        self.calls_left[need] = heap.len() as u32;
        heap_up(heap, highest);
    }

    /// The best bid this need could win now. Profits only rise while needs call, so bids only fall.
    fn best_call(&mut self, need: usize) -> Option<(C, u32)> {
        let base = self.net.by_start[need] as usize;
        loop {
            let left = self.calls_left[need] as usize;
            if left == 0 {
                return None;
            }
            let (bid, place) = self.calls[base];
            let (cost, e, offer) = self.net.by_need[base + place as usize];
            self.looks += 1;
            if self.flow[e as usize] == self.net.cap[e as usize] {
                self.drop_call(need);
                continue;
            }
            let least = self.least(offer as usize);
            let profit = self.givers[offer as usize].profit.max(least);
            self.givers[offer as usize].profit = profit;
            let real = -cost - profit;
            if real < bid {
                let heap = &mut self.calls[base..base + left];
                heap[0].0 = real;
                sink(heap, 0, highest);
                continue;
            }
            return Some((bid, place));
        }
    }

    /// An offer that could not bid here, having all it can have here already, gave some away: it can bid again.
    fn regain_call(&mut self, need: usize, edge: u32) {
        if self.called[need] != self.phase {
            return;
        }
        let range = self.net.by_start[need] as usize..self.net.by_start[need + 1] as usize;
        let left = self.calls_left[need] as usize;
        let entries = &self.net.by_need[range.clone()];
        let heap = &mut self.calls[range];
        if let Some(at) = (left..heap.len()).find(|&at| entries[heap[at].1 as usize].1 == edge) {
            heap.swap(at, left);
            let (cost, _, offer) = entries[heap[left].1 as usize];
            heap[left].0 = -cost - self.givers[offer as usize].profit;
            self.calls_left[need] = left as u32 + 1;
            lift(&mut heap[..=left], highest);
        }
    }

    fn drop_call(&mut self, need: usize) {
        let base = self.net.by_start[need] as usize;
        let left = self.calls_left[need] as usize;
        let heap = &mut self.calls[base..base + left];
        heap.swap(0, left - 1);
        self.calls_left[need] = left as u32 - 1;
        sink(&mut heap[..left - 1], 0, highest);
    }
}

/// Among the bids a need holds the lowest is on top.
fn lowest<C: Cost>(bid: &(C, u32, u32)) -> C {
    -bid.0
}

/// Among those it could win, the highest.
fn highest<C: Cost>(bid: &(C, u32)) -> C {
    bid.0
}

fn remove_lowest<C: Cost>(heap: &mut Vec<(C, u32, u32)>) {
    heap.swap_remove(0);
    sink(heap, 0, lowest);
}
