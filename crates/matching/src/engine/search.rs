//! Shortest paths: to or from all nodes out of balance at once, or for one of them with its path kept.

use super::{Engine, Step};
use crate::number::{Cost, SMALL, Units};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

/// Marks a settled node whose pairs are looked at later.
pub(super) const LATER: u32 = 1 << 31;
/// Pairs that lead farther from where the search is than this share of the largest value are entered once it comes near:
/// most never are.
const SOON_SHARE: i128 = 64;
/// And no less than this.
const SOON: i128 = 16;

/// How far ahead a search enters what it comes across.
pub(super) fn soon<C: Cost>(costs: &[C]) -> C {
    let largest = costs.iter().map(|&c| if c < C::default() { -c } else { c }).max();
    C::of((largest.unwrap_or_default().wide() / SOON_SHARE).max(SOON))
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Label<C> {
    pub dist: C,
    /// Round in which `dist` was set.
    pub seen: u32,
    /// Round in which the node was settled.
    pub done: u32,
}

/// Nodes reached, by distance.
#[derive(Debug, Default)]
pub(super) struct Queue<C> {
    /// Nodes at distance `now`, looked at up to `at`.
    here: Vec<u32>,
    at: usize,
    pub now: C,
    /// Nodes reached at each small distance, from `bucket` up to `filled`.
    buckets: Vec<Vec<u32>>,
    bucket: usize,
    filled: usize,
    /// And those farther away.
    heap: BinaryHeap<Reverse<(C, u32)>>,
}

impl<C: Cost> Queue<C> {
    pub(super) fn new(nodes: usize) -> Self {
        Self {
            buckets: vec![Vec::new(); (SMALL as usize).min(nodes)],
            ..Self::default()
        }
    }

    pub(super) fn clear(&mut self) {
        self.here.clear();
        self.at = 0;
        self.now = C::default();
        for left in &mut self.buckets[self.bucket.min(self.filled)..self.filled] {
            left.clear();
        }
        (self.bucket, self.filled) = (0, 0);
        self.heap.clear();
    }

    #[inline(always)]
    pub(super) fn enter(&mut self, v: u32, dist: C) {
        debug_assert!(dist >= self.now);
        if dist == self.now {
            self.here.push(v);
        } else if let Some(bucket) = dist.small().filter(|&b| b < self.buckets.len()) {
            self.buckets[bucket].push(v);
            self.filled = self.filled.max(bucket + 1);
        } else {
            self.heap.push(Reverse((dist, v)));
        }
    }

    /// The nearest entry; the same node may come up more than once.
    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<u32> {
        loop {
            if let Some(&v) = self.here.get(self.at) {
                self.at += 1;
                return Some(v);
            }
            if !self.go_on() {
                return None;
            }
        }
    }

    fn go_on(&mut self) -> bool {
        self.here.clear();
        self.at = 0;
        while self.bucket < self.filled && self.buckets[self.bucket].is_empty() {
            self.bucket += 1;
        }
        if self.bucket < self.filled {
            self.now = C::of(self.bucket as i128);
            std::mem::swap(&mut self.here, &mut self.buckets[self.bucket]);
            return true;
        }
        match self.heap.pop() {
            Some(Reverse((dist, v))) => {
                self.now = dist;
                self.here.push(v);
                true
            }
            None => false,
        }
    }
}

impl<C: Cost, U: Units> Engine<'_, C, U> {
    /// Enters a shorter distance.
    #[inline(always)]
    pub(super) fn relax<const TRACE: bool>(&mut self, to: usize, dist: C, step: Step) {
        let round = self.round;
        let lab = &mut self.books.lab[to];
        if lab.seen == round && dist >= lab.dist {
            return;
        }
        lab.seen = round;
        lab.dist = dist;
        if TRACE {
            self.books.via[to] = Some(step);
        }
        self.books.queue.enter(to as u32, dist);
    }

    /// Whether the pairs of a node just settled are to be looked at now; else they are when their least cost is due.
    pub(super) fn due<const BACK: bool>(&mut self, v: usize) -> bool {
        let least = self.at_least::<BACK>(v);
        if least <= C::default() {
            return true;
        }
        if least != C::FAR {
            let dist = self.queue.now + least;
            self.queue.enter(v as u32 | LATER, dist);
        }
        false
    }

    /// What the cheapest pair with room must cost at least, out of an offer or (`BACK`) into a need.
    pub(super) fn at_least<const BACK: bool>(&self, v: usize) -> C {
        self.still::<BACK>(v, self.sure[v])
    }

    /// The end at hand has its own price; that at the other end of a pair out of an offer rose, since it was looked at, by no
    /// more than `rose` grew, and that of a pair into a need fell by no more than `fell` grew.
    fn still<const BACK: bool>(&self, v: usize, sure: C) -> C {
        if sure == C::FAR {
            C::FAR
        } else if BACK {
            sure - self.price[v] - self.fell
        } else {
            sure + self.price[v] - self.rose
        }
    }

    /// What to note of a pair that costs so much now.
    fn sure_of<const BACK: bool>(&self, v: usize, cost: C) -> C {
        if cost == C::FAR {
            C::FAR
        } else if BACK {
            cost + self.price[v] + self.fell
        } else {
            cost - self.price[v] + self.rose
        }
    }

    /// Notes what the cheapest pair costs now.
    pub(super) fn note<const BACK: bool>(&mut self, v: usize, cost: C) {
        self.sure[v] = self.sure_of::<BACK>(v, cost);
    }

    /// A pair, near or not, costs so much now.
    pub(super) fn note_less<const BACK: bool>(&mut self, v: usize, cost: C) {
        if cost < self.at_least::<BACK>(v) {
            self.note::<BACK>(v, cost);
        }
        if let Some(&far) = self.sure_far.get(v)
            && cost < self.still::<BACK>(v, far)
        {
            self.sure_far[v] = self.sure_of::<BACK>(v, cost);
        }
    }

    /// Nothing is known of what pairs cost, but that none with room costs less than nothing.
    pub(super) fn forget(&mut self) {
        let nodes = 0..self.net.first_group();
        let zero = C::default();
        let unknown = |v: usize| {
            if v < self.net.offers {
                self.sure_of::<false>(v, zero)
            } else {
                self.sure_of::<true>(v, zero)
            }
        };
        self.books.sure = nodes.map(unknown).collect();
        self.books.sure_far = if self.net.near.is_empty() {
            Vec::new()
        } else {
            self.sure.clone()
        };
    }

    pub(super) fn begin(&mut self, starts: &[u32]) {
        self.round += 1;
        self.settled.clear();
        self.queue.clear();
        for &s in starts {
            let books = &mut self.books;
            let lab = &mut books.lab[s as usize];
            (lab.seen, lab.dist) = (books.round, C::default());
            books.via[s as usize] = None;
            books.queue.enter(s, C::default());
        }
    }

    /// Shortest paths from all `starts` (or, `BACK`, to them) until nodes out of balance by `wanted` units have
    /// been reached, then the prices that make those paths free. False when none can be reached.
    pub(super) fn search<const BACK: bool, const TRACE: bool>(&mut self, starts: &[u32], wanted: i64) -> bool {
        self.begin(starts);
        let root = self.net.root();
        // Who may end a path: nodes with surplus when searching back from the root and the nodes that lack,
        // those that lack (and the root while it absorbs) when searching on from a surplus.
        let mut found = 0i64;
        while let Some(v) = self.queue.next() {
            // One way back to the root is looked for, and it is as near as what comes next: it need not wait for its turn. On from a
            // surplus it waits, since a place that lacks may be as near.
            if BACK && TRACE {
                let books = &mut self.books;
                let lab = &mut books.lab[root];
                if lab.seen == books.round && lab.dist == books.queue.now {
                    lab.done = books.round;
                    (found, books.end) = (1, root as u32);
                    break;
                }
            }
            if v & LATER != 0 {
                let v = (v ^ LATER) as usize;
                if BACK {
                    self.pairs_into::<TRACE>(v);
                } else {
                    self.pairs_out_of::<TRACE>(v);
                }
                continue;
            }
            let v = v as usize;
            let books = &mut self.books;
            let lab = &mut books.lab[v];
            if lab.done == books.round || lab.dist != books.queue.now {
                continue;
            }
            lab.done = books.round;
            books.settled.push(v as u32);
            books.looks += 1;
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
                break;
            }
            if BACK {
                self.expand_back::<TRACE>(v);
            } else {
                self.expand::<TRACE>(v);
            }
        }
        if found == 0 {
            return false;
        }
        self.shift::<BACK>();
        true
    }

    /// Changes the prices of all that was settled by what lacks to where the search stands.
    pub(super) fn shift<const BACK: bool>(&mut self) {
        let books = &mut self.books;
        let now = books.queue.now;
        for &v in &books.settled {
            let lab = &mut books.lab[v as usize];
            if lab.done != books.round {
                continue;
            }
            if BACK {
                books.price[v as usize] += now - lab.dist;
            } else {
                books.price[v as usize] -= now - lab.dist;
            }
            // It may stand here twice.
            lab.dist = now;
        }
        books.reach += now.wide();
        if BACK {
            books.rose += now;
        } else {
            books.fell += now;
        }
    }

    /// Moves units along the path the last traced search found.
    pub(super) fn follow<const BACK: bool>(&mut self) {
        let end = self.end;
        let mut path: Vec<((u32, u32), Step)> = Vec::new();
        let mut v = end;
        while let Some(step) = self.via[v as usize] {
            let (tail, head) = self.ends(step, v, BACK);
            path.push(((tail, head), step));
            v = if BACK { head } else { tail };
        }
        let (from, to) = if BACK { (end, v) } else { (v, end) };
        let (from, to) = (from as usize, to as usize);
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
        for &(ends, step) in &path {
            self.push(ends, step, units);
        }
        self.excess[from] -= units;
        self.excess[to] += units;
    }

    /// Tail and head of a step, one of which is `v`.
    pub(super) fn ends(&self, step: Step, v: u32, v_is_tail: bool) -> (u32, u32) {
        let net = self.net;
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

    pub(super) fn expand<const TRACE: bool>(&mut self, v: usize) {
        let net = self.net;
        let from = self.queue.now + self.price[v];
        if v < net.offers {
            if self.due::<false>(v) {
                self.pairs_out_of::<TRACE>(v);
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
                let dist = from - net.cost[e as usize] - self.price[offer as usize];
                self.relax::<TRACE>(offer as usize, dist, Step::Back(e));
                true
            });
            self.held[need] = held;
        } else {
            let place = v - net.first_group();
            for at in net.child_start[place] as usize..net.child_start[place + 1] as usize {
                let child = net.child[at];
                if let Some(cost) = self.down(child as usize) {
                    let dist = from + cost - self.price[child as usize];
                    self.relax::<TRACE>(child as usize, dist, Step::Down(child));
                }
            }
            if v == net.root() {
                return;
            }
        }
        if let Some(cost) = self.up(v) {
            let parent = net.parent[v] as usize;
            let dist = from + cost - self.price[parent];
            self.relax::<TRACE>(parent, dist, Step::Up(v as u32));
        }
    }

    /// Over the pairs of a settled offer.
    fn pairs_out_of<const TRACE: bool>(&mut self, v: usize) {
        let net = self.net;
        let (first, near, end) = (net.start[v] as usize, net.near_end(v), net.start[v + 1] as usize);
        let (mut least, mut next) = self.some_out_of::<TRACE>(v, first..near);
        if near < end {
            self.farther::<false>(v, &mut least, &mut next, |engine| {
                engine.some_out_of::<TRACE>(v, near..end)
            });
        }
        self.note::<false>(v, least);
        if next != C::FAR {
            self.queue.enter(v as u32 | LATER, next);
        }
    }

    /// Over the pairs that are not near, if they are due.
    fn farther<const BACK: bool>(
        &mut self,
        v: usize,
        least: &mut C,
        next: &mut C,
        look: impl FnOnce(&mut Self) -> (C, C),
    ) {
        let base = self.lab[v].dist;
        let mut far = self.still::<BACK>(v, self.sure_far[v]);
        if far == C::FAR {
            return;
        }
        if base + far <= self.queue.now + self.soon {
            let (least_far, next_far) = look(self);
            self.sure_far[v] = self.sure_of::<BACK>(v, least_far);
            far = least_far;
            *next = (*next).min(next_far);
        } else {
            *next = (*next).min(base + far);
        }
        *least = (*least).min(far);
    }

    /// Enters what some pairs lead to; the least they cost, and the distance of the nearest not entered.
    #[inline(always)]
    fn some_out_of<const TRACE: bool>(&mut self, v: usize, pairs: Range<usize>) -> (C, C) {
        let net = self.net;
        self.looks += pairs.len();
        let base = self.lab[v].dist;
        let from = base + self.price[v];
        let soon = self.queue.now + self.soon;
        let (mut least, mut next) = (C::FAR, C::FAR);
        for e in pairs {
            if self.flow[e] != net.cap[e] {
                let to = net.head[e] as usize;
                let dist = from + net.cost[e] - self.price[to];
                least = least.min(dist);
                if dist <= soon {
                    self.relax::<TRACE>(to, dist, Step::Out(e as u32));
                } else {
                    next = next.min(dist);
                }
            }
        }
        (if least == C::FAR { C::FAR } else { least - base }, next)
    }

    /// Over the pairs that lead to a settled need.
    fn pairs_into<const TRACE: bool>(&mut self, v: usize) {
        let net = self.net;
        let need = v - net.offers;
        let (first, near) = (net.by_start[need] as usize, net.near_end(v));
        let end = net.by_start[need + 1] as usize;
        let (mut least, mut next) = self.some_into::<TRACE>(v, first..near);
        if near < end {
            self.farther::<true>(v, &mut least, &mut next, |engine| {
                engine.some_into::<TRACE>(v, near..end)
            });
        }
        self.note::<true>(v, least);
        if next != C::FAR {
            self.queue.enter(v as u32 | LATER, next);
        }
    }

    #[inline(always)]
    fn some_into<const TRACE: bool>(&mut self, v: usize, pairs: Range<usize>) -> (C, C) {
        let net = self.net;
        self.looks += pairs.len();
        let base = self.lab[v].dist;
        let from = base - self.price[v];
        let soon = self.queue.now + self.soon;
        let (mut least, mut next) = (C::FAR, C::FAR);
        for &(cost, e, offer) in &net.by_need[pairs] {
            let dist = from + cost + self.price[offer as usize];
            if dist > soon {
                // It costs more than nothing, so nothing is on it yet.
                next = next.min(dist);
            } else if self.flow[e as usize] != net.cap[e as usize] {
                least = least.min(dist);
                self.relax::<TRACE>(offer as usize, dist, Step::Out(e));
            }
        }
        least = least.min(next);
        (if least == C::FAR { C::FAR } else { least - base }, next)
    }

    /// As `expand`, over the steps that lead to `v`.
    pub(super) fn expand_back<const TRACE: bool>(&mut self, v: usize) {
        let net = self.net;
        let from = self.queue.now - self.price[v];
        if v < net.offers {
            self.looks += (net.start[v + 1] - net.start[v]) as usize;
            for e in net.start[v] as usize..net.start[v + 1] as usize {
                if self.flow[e] != U::default() {
                    let need = net.head[e] as usize;
                    let dist = from - net.cost[e] + self.price[need];
                    self.relax::<TRACE>(need, dist, Step::Back(e as u32));
                }
            }
        } else if v < net.first_group() {
            if self.due::<true>(v) {
                self.pairs_into::<TRACE>(v);
            }
        } else {
            let place = v - net.first_group();
            for at in net.child_start[place] as usize..net.child_start[place + 1] as usize {
                let child = net.child[at];
                if let Some(cost) = self.up(child as usize) {
                    let dist = from + cost + self.price[child as usize];
                    self.relax::<TRACE>(child as usize, dist, Step::Up(child));
                }
            }
            if v == net.root() {
                return;
            }
        }
        if let Some(cost) = self.down(v) {
            let parent = net.parent[v] as usize;
            let dist = from + cost + self.price[parent];
            self.relax::<TRACE>(parent, dist, Step::Down(v as u32));
        }
    }
}
