//! Shortest paths: to or from all nodes out of balance at once, or for one of them with its path kept.

use super::{Engine, Step};
use crate::number::{Cost, Units};
use std::cmp::Reverse;

/// Marks a settled node whose pairs are looked at later.
const LATER: u32 = 1 << 31;

impl<C: Cost, U: Units> Engine<'_, C, U> {
    /// Enters a shorter distance; `room` says whether the step has any, and is asked last because it reads far away.
    #[inline(always)]
    fn relax<const TRACE: bool>(&mut self, to: usize, dist: C, now: C, step: Step, room: impl FnOnce(&Self) -> bool) {
        let node = &self.node[to];
        if (node.seen != self.round || dist < node.dist) && room(self) {
            let node = &mut self.node[to];
            node.seen = self.round;
            node.dist = dist;
            if TRACE {
                self.via[to] = step;
            }
            self.enter(to as u32, dist, now);
        }
    }

    #[inline(always)]
    fn enter(&mut self, v: u32, dist: C, now: C) {
        if dist == now {
            self.queue.push(v);
        } else if let Some(bucket) = dist.small().filter(|&b| b < self.buckets.len()) {
            self.buckets[bucket].push(v);
            self.filled = self.filled.max(bucket + 1);
        } else {
            self.heap.push(Reverse((dist, v)));
        }
    }

    /// Whether the pairs of a node just settled are to be looked at now; else they are when their least cost is due.
    fn due(&mut self, v: usize, now: C) -> bool {
        let sure = self.sure[v];
        if sure <= self.moved {
            return true;
        }
        if sure != C::FAR {
            self.enter(v as u32 | LATER, now + (sure - self.moved), now);
        }
        false
    }

    /// Shortest paths from all `starts` (or, `BACK`, to them) until nodes out of balance by `wanted` units have
    /// been reached, then the prices that make those paths free. False when none can be reached.
    pub(super) fn search<const BACK: bool, const TRACE: bool>(&mut self, starts: &[u32], wanted: i64) -> bool {
        self.round += 1;
        self.queue.clear();
        self.heap.clear();
        self.settled.clear();
        let root = self.net.root();
        for &s in starts {
            let node = &mut self.node[s as usize];
            node.seen = self.round;
            node.dist = C::default();
            self.queue.push(s);
        }
        // Who may end a path: nodes with surplus when searching back from the root and the nodes that lack,
        // those that lack (and the root while it absorbs) when searching on from a surplus.
        let mut now = C::default();
        let mut found = 0i64;
        let mut at = 0;
        let mut bucket = 0;
        'all: loop {
            while at < self.queue.len() {
                let v = self.queue[at];
                at += 1;
                if v & LATER != 0 {
                    let v = (v ^ LATER) as usize;
                    if BACK {
                        self.pairs_into::<TRACE>(v, now);
                    } else {
                        self.pairs_out_of::<TRACE>(v, now);
                    }
                    continue;
                }
                let v = v as usize;
                if self.node[v].done == self.round || self.node[v].dist != now {
                    continue;
                }
                self.node[v].done = self.round;
                self.looks += 1;
                self.settled.push(v as u32);
                let excess = self.excess[v];
                let units = if v == root {
                    i64::from(if BACK { TRACE } else { self.absorbs })
                } else if BACK {
                    if TRACE { 0 } else { excess.max(0) }
                } else {
                    (-excess).max(0)
                };
                found += units;
                if units > 0 && found >= wanted {
                    self.end = v as u32;
                    break 'all;
                }
                if BACK {
                    self.expand_back::<TRACE>(v, now);
                } else {
                    self.expand::<TRACE>(v, now);
                }
            }
            self.queue.clear();
            at = 0;
            while bucket < self.filled && self.buckets[bucket].is_empty() {
                bucket += 1;
            }
            if bucket < self.filled {
                now = C::of(bucket as i128);
                std::mem::swap(&mut self.queue, &mut self.buckets[bucket]);
                continue;
            }
            loop {
                let Some(Reverse((dist, v))) = self.heap.pop() else {
                    break 'all;
                };
                if v & LATER != 0 || (self.node[v as usize].done != self.round && self.node[v as usize].dist == dist) {
                    now = dist;
                    self.queue.push(v);
                    break;
                }
            }
        }
        for left in &mut self.buckets[bucket.min(self.filled)..self.filled] {
            left.clear();
        }
        self.filled = 0;
        if found == 0 {
            return false;
        }
        for &v in &self.settled {
            let node = &mut self.node[v as usize];
            let change = now - node.dist;
            if BACK {
                node.price += change;
            } else {
                node.price -= change;
            }
        }
        self.reach += now.wide();
        self.moved += now;
        true
    }

    /// Moves units along the path the last traced search found.
    pub(super) fn follow<const BACK: bool>(&mut self, start: usize) {
        let mut path: Vec<(u32, Step)> = Vec::new();
        let end = self.end as usize;
        let mut v = end;
        while v != start {
            // Forward: the step that led here. Back: the step that leads on from here.
            let step = self.via[v];
            let (tail, head) = self.ends(step, v, BACK);
            path.push((tail, step));
            v = if BACK { head as usize } else { tail as usize };
        }
        let (from, to) = if BACK { (end, start) } else { (start, end) };
        let mut units = i64::MAX;
        if from != self.net.root() {
            units = units.min(self.excess[from]);
        }
        if to != self.net.root() {
            units = units.min(-self.excess[to]);
        }
        for &(_, step) in &path {
            units = units.min(self.room(step));
        }
        for &(tail, step) in &path {
            self.push(tail, step, units);
        }
        self.excess[from] -= units;
        self.excess[to] += units;
    }

    /// Tail and head of a step, one of which is `v`.
    fn ends(&self, step: Step, v: usize, v_is_tail: bool) -> (u32, u32) {
        let net = self.net;
        let v = v as u32;
        match step {
            Step::Out(e) => {
                let need = net.head[e as usize];
                if v_is_tail { (v, need) } else { (self.offer_of(e), need) }
            }
            Step::Back(e) => {
                let need = net.head[e as usize];
                if v_is_tail { (need, self.offer_of(e)) } else { (need, v) }
            }
            Step::Up(c) => (c, net.parent[c as usize]),
            Step::Down(c) => (net.parent[c as usize], c),
        }
    }

    pub(super) fn offer_of(&self, e: u32) -> u32 {
        self.net.start.partition_point(|&s| s <= e) as u32 - 1
    }

    fn expand<const TRACE: bool>(&mut self, v: usize, now: C) {
        let net = self.net;
        let from = now + self.node[v].price;
        if v < net.offers {
            if self.due(v, now) {
                self.pairs_out_of::<TRACE>(v, now);
            }
        } else if v < net.first_group() {
            let need = v - net.offers;
            let mut held = std::mem::take(&mut self.held[need]);
            self.looks += held.len();
            held.retain(|&(e, offer)| {
                if self.flow[e as usize] == U::default() {
                    self.listed[e as usize] = false;
                    return false;
                }
                let dist = from - net.cost[e as usize] - self.node[offer as usize].price;
                self.relax::<TRACE>(offer as usize, dist, now, Step::Back(e), |_| true);
                true
            });
            self.held[need] = held;
        } else {
            let place = v - net.first_group();
            for at in net.child_start[place] as usize..net.child_start[place + 1] as usize {
                let child = net.child[at];
                if let Some(cost) = self.down(child as usize) {
                    let dist = from + cost - self.node[child as usize].price;
                    self.relax::<TRACE>(child as usize, dist, now, Step::Down(child), |_| true);
                }
            }
            if v == net.root() {
                return;
            }
        }
        if let Some(cost) = self.up(v) {
            let parent = net.parent[v] as usize;
            let dist = from + cost - self.node[parent].price;
            self.relax::<TRACE>(parent, dist, now, Step::Up(v as u32), |_| true);
        }
    }

    /// Over the pairs of a settled offer.
    fn pairs_out_of<const TRACE: bool>(&mut self, v: usize, now: C) {
        let net = self.net;
        self.looks += (net.start[v + 1] - net.start[v]) as usize;
        let base = self.node[v].dist;
        let from = base + self.node[v].price;
        let mut least = C::FAR;
        for e in net.start[v] as usize..net.start[v + 1] as usize {
            if self.flow[e] != net.cap[e] {
                let to = net.head[e] as usize;
                let dist = from + net.cost[e] - self.node[to].price;
                least = least.min(dist);
                self.relax::<TRACE>(to, dist, now, Step::Out(e as u32), |_| true);
            }
        }
        self.sure[v] = if least == C::FAR {
            C::FAR
        } else {
            least - base + self.moved
        };
    }

    /// Over the pairs that lead to a settled need.
    fn pairs_into<const TRACE: bool>(&mut self, v: usize, now: C) {
        let net = self.net;
        let need = v - net.offers;
        self.looks += (net.by_start[need + 1] - net.by_start[need]) as usize;
        let base = self.node[v].dist;
        let from = base - self.node[v].price;
        let mut least = C::FAR;
        for at in net.by_start[need] as usize..net.by_start[need + 1] as usize {
            let (cost, e, offer) = net.by_need[at];
            let dist = from + cost + self.node[offer as usize].price;
            let room = self.flow[e as usize] != net.cap[e as usize];
            if room {
                least = least.min(dist);
                self.relax::<TRACE>(offer as usize, dist, now, Step::Out(e), |_| true);
            }
        }
        self.sure[v] = if least == C::FAR {
            C::FAR
        } else {
            least - base + self.moved
        };
    }

    /// As `expand`, over the steps that lead to `v`.
    fn expand_back<const TRACE: bool>(&mut self, v: usize, now: C) {
        let net = self.net;
        let from = now - self.node[v].price;
        if v < net.offers {
            self.looks += (net.start[v + 1] - net.start[v]) as usize;
            for e in net.start[v] as usize..net.start[v + 1] as usize {
                if self.flow[e] != U::default() {
                    let need = net.head[e] as usize;
                    let dist = from - net.cost[e] + self.node[need].price;
                    self.relax::<TRACE>(need, dist, now, Step::Back(e as u32), |_| true);
                }
            }
        } else if v < net.first_group() {
            if self.due(v, now) {
                self.pairs_into::<TRACE>(v, now);
            }
        } else {
            let place = v - net.first_group();
            for at in net.child_start[place] as usize..net.child_start[place + 1] as usize {
                let child = net.child[at];
                if let Some(cost) = self.up(child as usize) {
                    let dist = from + cost + self.node[child as usize].price;
                    self.relax::<TRACE>(child as usize, dist, now, Step::Up(child), |_| true);
                }
            }
            if v == net.root() {
                return;
            }
        }
        if let Some(cost) = self.down(v) {
            let parent = net.parent[v] as usize;
            let dist = from + cost + self.node[parent].price;
            self.relax::<TRACE>(parent, dist, now, Step::Down(v as u32), |_| true);
        }
    }
}
