//! The exact part: a primal-dual flow that starts from any prices and any flow.
//!
//! From given prices every offer takes its best pairs exactly, which leaves some needs with too much and
//! some with too little. Rounds of one shortest-path search from all nodes with too much, a price
//! change by the distances, and disjoint paths along pairs of reduced cost zero move the surplus to where it
//! is missing. Reduced costs never become negative, so what stands at the end is optimal for its prices; good
//! starting prices only make it quick. A cold start gets them from `auction`, a warm one from the last answer.

mod balance;
mod change;
mod search;

use crate::network::Network;
use crate::number::{Cost, Units};
use search::{Label, Queue};
use std::ops::{Deref, DerefMut};

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

/// One residual step: over a pair forwards or back, to the parent, to a child.
#[derive(Clone, Copy, Debug)]
enum Step {
    Out(u32),
    Back(u32),
    Up(u32),
    Down(u32),
}

/// A flow and its prices, and what is known of them; can be laid aside and taken up again.
#[derive(Debug, Default)]
pub(crate) struct Books<C, U> {
    price: Vec<C>,
    pub flow: Vec<U>,
    /// Units between each node and its parent.
    pub through: Vec<i64>,
    excess: Vec<i64>,
    /// For each need, pairs that carry units (and perhaps some that no longer do): (edge, offer).
    held: Vec<Vec<(u32, u32)>>,
    listed: Vec<bool>,
    round: u32,
    lab: Vec<Label<C>>,
    /// How a node was reached: the step that led to it or, searching back, that leads on from it.
    via: Vec<Option<Step>>,
    queue: Queue<C>,
    settled: Vec<u32>,
    /// Where the last search ended.
    end: u32,
    /// Scratch of the path search: round of the last visit, round of the last opening, next arc.
    mark: Vec<u32>,
    opened: Vec<u32>,
    next: Vec<u32>,
    /// How far ahead a search enters what it comes across.
    soon: C,
    /// Largest price there can be by now.
    reach: i128,
    pub rounds: u64,
    /// Steps looked at so far: what searching really costs.
    looks: usize,
    /// After how many of them to give up.
    pub most_looks: usize,
    /// Whether the root takes any surplus for the time being.
    absorbs: bool,
    /// Most that any price rose, and most that any fell, in all searches so far.
    rose: C,
    fell: C,
    /// Per offer and per need, what its cheapest pair with room (out of the offer, into the need) cost when last looked at, kept
    /// such that [`Engine::at_least`] tells what it must cost still. Most pairs are never looked at again.
    sure: Vec<C>,
    /// The same of the pairs that are not near.
    sure_far: Vec<C>,
}

impl<C: Cost, U> Books<C, U> {
    pub(crate) fn price(&self, node: usize) -> C {
        self.price[node]
    }
}

/// The books of a network, at work.
#[derive(Debug)]
pub(crate) struct Engine<'n, C, U> {
    net: &'n Network<C, U>,
    pub books: Books<C, U>,
}

impl<C, U> Deref for Engine<'_, C, U> {
    type Target = Books<C, U>;
    fn deref(&self) -> &Books<C, U> {
        &self.books
    }
}

impl<C, U> DerefMut for Engine<'_, C, U> {
    fn deref_mut(&mut self) -> &mut Books<C, U> {
        &mut self.books
    }
}

impl<'n, C: Cost, U: Units> Engine<'n, C, U> {
    /// `price` holds one price per node; offers' prices are set anew. `flow` breaks ties (warm start).
    pub(crate) fn new(net: &'n Network<C, U>, price: Vec<C>, flow: Vec<U>) -> Self {
        let nodes = net.nodes();
        let books = Books {
            price,
            flow,
            through: vec![0; nodes],
            excess: vec![0; nodes],
            held: vec![Vec::new(); net.needs],
            listed: vec![false; net.head.len()],
            round: 0,
            lab: vec![Label::default(); nodes],
            via: vec![None; nodes],
            queue: Queue::new(nodes),
            settled: Vec::new(),
            end: 0,
            mark: vec![0; nodes],
            opened: vec![0; nodes],
            next: vec![0; nodes],
            soon: search::soon(&net.cost),
            reach: 0,
            rounds: 0,
            looks: 0,
            most_looks: usize::MAX,
            absorbs: false,
            rose: C::default(),
            fell: C::default(),
            sure: Vec::new(),
            sure_far: Vec::new(),
        };
        let mut engine = Self { net, books };
        engine.flow.resize(net.head.len(), U::default());
        engine.temper();
        engine.respond();
        engine.forget();
        engine.reach = engine.price.iter().map(|p| p.wide().abs()).max().unwrap_or(0);
        engine
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
                let above = self.price[net.parent[node] as usize];
                let price = &mut self.price[node];
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
        let mut scratch: Vec<C> = Vec::new();
        for offer in 0..net.offers {
            self.respond_offer(offer, &mut scratch);
        }
        for node in net.offers..net.root() {
            self.settle(node);
        }
    }

    /// Lets as many units pass between a need or group and its parent as balance it and are right at present prices.
    fn settle(&mut self, node: usize) {
        let net = self.net;
        // Need side: excess is what came in. Offer side: minus what went out.
        let sign = if net.supplies(node) { -1 } else { 1 };
        let (least, most) = self.limits(node);
        let before = self.through[node];
        let through = (before + sign * self.excess[node]).clamp(least, most);
        self.through[node] = through;
        let moved = sign * (through - before);
        self.excess[node] -= moved;
        self.excess[net.parent[node] as usize] += moved;
    }

    /// Least and most units between a node and its parent at present prices.
    fn limits(&self, v: usize) -> (i64, i64) {
        let net = self.net;
        let zero = C::default();
        let up = self.price[v] - self.price[net.parent[v] as usize];
        let (low, high) = (net.low[v], net.high[v]);
        let need = v.wrapping_sub(net.offers);
        if need < net.needs {
            let (knee, bonus) = (net.knee[need], net.bonus[need]);
            let at = |beyond: bool, below: bool| match (beyond, below) {
                (true, _) => high,
                (_, true) => knee,
                _ => 0,
            };
            let least = at(up < zero, up < bonus);
            let most = at(up <= zero, up <= bonus);
            return (least.clamp(low, high), most.clamp(low, high));
        }
        let cost = if net.supplies(v) { -up } else { up };
        match cost.cmp(&zero) {
            std::cmp::Ordering::Less => (high, high),
            std::cmp::Ordering::Equal => (low, high),
            std::cmp::Ordering::Greater => (low, low),
        }
    }

    fn respond_offer(&mut self, offer: usize, scratch: &mut Vec<C>) {
        let net = self.net;
        let range = net.start[offer] as usize..net.start[offer + 1] as usize;
        let parent = net.parent[offer] as usize;
        let above = self.price[parent];
        // What each pair costs; far, once it is dealt with.
        scratch.clear();
        let ends = net.cost[range.clone()].iter().zip(&net.head[range.clone()]);
        scratch.extend(ends.map(|(&cost, &head)| cost - self.price[head as usize] + above));
        let zero = C::default();
        let books = &mut self.books;
        let flow = &mut books.flow[range.clone()];
        let cap = &net.cap[range.clone()];
        let (low, high) = (net.low[offer], net.high[offer]);
        let mut left = high;
        let mut used = 0i64;
        let mut own = above;
        if high == 0 {
            // None is given, but each would be.
            let best = scratch.iter().min().filter(|&&best| best < zero);
            own = best.map_or(above, |&best| above - best);
        }
        // The best first; mostly the first one or two take everything.
        loop {
            let (mut rc, mut first, mut alike) = (C::FAR, 0, 0);
            for (at, &cost) in scratch.iter().enumerate() {
                if cost < rc {
                    (rc, first, alike) = (cost, at, 1);
                } else {
                    alike += usize::from(cost == rc);
                }
            }
            if left == 0 || rc == C::FAR || (rc > zero && used >= low) {
                break;
            }
            let level = || (first..flow.len()).filter(|&at| scratch[at] == rc);
            let wanted = match rc.cmp(&zero) {
                std::cmp::Ordering::Less => left,
                // Indifferent: keep what it had; no further than that.
                std::cmp::Ordering::Equal => {
                    let had: i64 = level().map(|at| flow[at].wide()).fold(0, i64::saturating_add);
                    had.max(low - used).clamp(0, left)
                }
                std::cmp::Ordering::Greater => (low - used).clamp(0, left),
            };
            let mut give = wanted;
            if alike == 1 {
                let most = cap[first].wide().min(give);
                flow[first] = U::of(most);
                give -= most;
                scratch[first] = C::FAR;
            } else {
                // First what it had, then in the order of the pairs.
                for at in first..flow.len() {
                    if scratch[at] == rc {
                        let keep = flow[at].wide().min(cap[at].wide()).min(give);
                        flow[at] = U::of(keep);
                        give -= keep;
                    }
                }
                for at in first..flow.len() {
                    if scratch[at] == rc {
                        let more = (cap[at].wide() - flow[at].wide()).min(give);
                        flow[at] = U::of(flow[at].wide() + more);
                        give -= more;
                        scratch[at] = C::FAR;
                    }
                }
            }
            let taken = wanted - give;
            left -= taken;
            used += taken;
            if taken > 0 && (rc > zero || left == 0) {
                own = above - rc;
            }
        }
        books.price[offer] = own;
        books.through[offer] = used;
        for (at, e) in range.enumerate() {
            if scratch[at] != C::FAR {
                books.flow[e] = U::default();
            }
            let units = books.flow[e].wide();
            if units > 0 {
                let node = net.head[e] as usize;
                books.excess[node] += units;
                if !books.listed[e] {
                    books.listed[e] = true;
                    books.held[node - net.offers].push((e as u32, offer as u32));
                }
            }
        }
        // Units come from the parent.
        books.excess[parent] -= used;
    }

    /// Nodes the last search did not reach.
    fn unsettled(&self) -> Vec<u32> {
        let lab = &self.lab;
        (0..lab.len() as u32)
            .filter(|&v| lab[v as usize].done != self.round)
            .collect()
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

    fn push(&mut self, (tail, head): (u32, u32), step: Step, units: i64) {
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
                // The pair has room again.
                let offer = head as usize;
                let cost = net.cost[e as usize] + self.price[offer] - self.price[tail as usize];
                self.note_less::<false>(offer, cost);
                self.note_less::<true>(tail as usize, cost);
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
        let price = self.price[v];
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
                        && cost + price - self.price[parent as usize] == zero
                    {
                        return Some((Step::Up(v as u32), parent));
                    }
                }
            } else if v < net.offers {
                if self.at_least::<false>(v) > zero {
                    return None;
                }
                let e = net.start[v] as usize + at - 1;
                if e == net.start[v + 1] as usize {
                    return None;
                }
                let to = net.head[e];
                if self.flow[e] != net.cap[e]
                    && price + net.cost[e] == self.price[to as usize]
                    && self.mark[to as usize] != self.round
                {
                    return Some((Step::Out(e as u32), to));
                }
            } else if v < net.first_group() {
                let &(e, offer) = self.held[v - net.offers].get(at - 1)?;
                if self.flow[e as usize] != U::default()
                    && self.mark[offer as usize] != self.round
                    && price - net.cost[e as usize] == self.price[offer as usize]
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
                    && cost + price == self.price[child as usize]
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
                let mut head = v as u32;
                for &(tail, step) in path.iter().rev() {
                    self.push((tail, head), step, units);
                    head = tail;
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
