//! Among the plans that are equally good, always the same one, whatever the solver came from: the offer that was handed
//! in first gives as much as it can, then the second, and so on; and then each serves the needs in the order of the call.
//! Where an offer stands in parts, one after the other, the parts in their order give as much as they can: totals of offers in
//! such plans are a generalised polymatroid, so that the offer, too, gives as much as it can over all its parts.
//!
//! The prices that prove a plan also tell every other plan that is as good: exactly those that carry units where prices
//! leave nothing over, and keep full or empty what the prices ask for. Among these units are moved along closed walks,
//! which changes neither the total value nor what is missing, until no earlier offer can have more. Values need no
//! scaling for this, the prices stay what they are, and the checker proves the moved plan by them.

use std::collections::VecDeque;

use matching::{Answer, Problem, Status};

/// A pair that may carry more or less in another plan as good.
#[derive(Clone, Copy, Debug)]
struct Loose {
    pair: usize,
    offer: usize,
    need: usize,
    most: i64,
}
/// What units and totals may be in plans as good as this one.
struct Face {
    loose: Vec<Loose>,
    /// Places in `loose`, by offer in the order of needs, and by need.
    of_offer: Vec<Vec<usize>>,
    of_need: Vec<Vec<usize>>,
    /// Least and most of each total.
    offers: Vec<(i64, i64)>,
    needs: Vec<(i64, i64)>,
    units: Vec<i64>,
    offer_has: Vec<i64>,
    need_has: Vec<i64>,
    /// Pairs whose units are settled.
    settled: Vec<bool>,
}
/// The units of the plan that comes first among those as good as the answer; none where that is not known: of unproved
/// answers, and with limits beyond offers, needs and pairs.
pub(super) fn first_of_equals(problem: &Problem, answer: &Answer) -> Option<Vec<i64>> {
    let mut face = Face::of(problem, answer)?;
    face.offers_in_order();
    face.needs_in_order();
    Some(face.units)
}

/// A step of a walk: one unit more on a loose pair, or one less.
type Step = (usize, bool);
/// Where a walk stands: with a unit too many at an offer, at a need, or outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    Offer(usize),
    Need(usize),
    Outside,
}

impl Face {
    fn of(problem: &Problem, answer: &Answer) -> Option<Face> {
        let c = &answer.certificate;
        if !answer.proved || c.apart || c.scale != 1 || !problem.groups.is_empty() || !problem.rules.is_empty() {
            return None;
        }
        let (mut offer_has, mut need_has) = (vec![0; problem.offers.len()], vec![0; problem.needs.len()]);
        let mut loose = Vec::new();
        for (at, (pair, &units)) in problem.pairs.iter().zip(&answer.units).enumerate() {
            let (offer, need) = (pair.offer as usize, pair.need as usize);
            offer_has[offer] += units;
            need_has[need] += units;
            // Where a pair brings more than its ends cost it is full in every such plan, and empty where it brings less.
            let left = i128::from(pair.value) - c.offers[offer] - c.needs[need];
            if pair.status == Status::Free && left == 0 && pair.max_units > 0 {
                loose.push(Loose {
                    pair: at,
                    offer,
                    need,
                    most: pair.max_units,
                });
            }
        }
        // What forced pairs bring, or the few pairs there are, may hold a total where its price does not: it stays there.
        let within = |has: i64, least: i64, most: i64| {
            if least <= has && has <= most {
                (least, most)
            } else {
                (has, has)
            }
        };
        let offers = problem.offers.iter().zip(&c.offers).zip(&offer_has);
        let offers = offers.map(|((o, &price), &has)| {
            if price == 0 {
                within(has, 0, o.capacity)
            } else {
                (has, has)
            }
        });
        let needs = problem.needs.iter().zip(&c.needs).zip(&need_has);
        let needs = needs.map(|((n, &price), &has)| {
            let missing = c.weight * i128::from(n.priority);
            match (price == 0, price == -missing) {
                (true, true) => within(has, 0, n.max),
                (true, false) => within(has, n.min, n.max),
                // A minimum that just pays: up to it everything is as good.
                (false, true) => within(has, 0, n.min),
                (false, false) => (has, has),
            }
        });
        let (offers, needs): (Vec<_>, Vec<_>) = (offers.collect(), needs.collect());
        loose.sort_by_key(|l| (l.offer, l.need));
        let (mut of_offer, mut of_need) = (vec![Vec::new(); offers.len()], vec![Vec::new(); needs.len()]);
        for (at, l) in loose.iter().enumerate() {
            of_offer[l.offer].push(at);
            of_need[l.need].push(at);
        }
        Some(Face {
            settled: vec![false; loose.len()],
            loose,
            of_offer,
            of_need,
            offers,
            needs,
            units: answer.units.clone(),
            offer_has,
            need_has,
        })
    }
    fn has(&self, at: usize) -> i64 {
        self.units[self.loose[at].pair]
    }
    fn room(&self, at: usize) -> i64 {
        self.loose[at].most - self.has(at)
    }
    /// Gives each offer, the first one first, as many units as it can have; later ones give way.
    fn offers_in_order(&mut self) {
        let mut seen = Seen::new(self);
        for offer in 0..self.offers.len() {
            while self.offer_has[offer] < self.offers[offer].1 {
                let Some((walk, end)) = self.walk_out(offer, &mut seen) else {
                    break;
                };
                let room = match end {
                    Node::Offer(o) => self.offer_has[o] - self.offers[o].0,
                    Node::Need(n) => self.needs[n].1 - self.need_has[n],
                    Node::Outside => 0,
                };
                let units = self.most_along(&walk, room.min(self.offers[offer].1 - self.offer_has[offer]));
                self.go(&walk, units);
            }
            self.offers[offer] = (self.offer_has[offer], self.offer_has[offer]);
        }
    }
    /// From an offer that could give more to a need with room, or to a later offer that can give less.
    fn walk_out(&self, from: usize, seen: &mut Seen) -> Option<(Vec<Step>, Node)> {
        if !seen.start(Node::Offer(from)) {
            return None;
        }
        while let Some(node) = seen.queue.pop_front() {
            match node {
                Node::Offer(o) => {
                    if o > from && self.offer_has[o] > self.offers[o].0 {
                        return Some((seen.back(node), node));
                    }
                    for &at in &self.of_offer[o] {
                        if self.room(at) > 0 {
                            seen.enter(Node::Need(self.loose[at].need), node, Some((at, true)));
                        }
                    }
                }
                Node::Need(n) => {
                    if self.need_has[n] < self.needs[n].1 {
                        return Some((seen.back(node), node));
                    }
                    self.give_back(n, node, seen);
                }
                Node::Outside => {}
            }
        }
        // From none of these a way out will ever be found: later offers have fewer ways, and no walk comes in here.
        seen.dead();
        None
    }
    fn give_back(&self, need: usize, node: Node, seen: &mut Seen) {
        for &at in &self.of_need[need] {
            if !self.settled[at] && self.has(at) > 0 {
                seen.enter(Node::Offer(self.loose[at].offer), node, Some((at, false)));
            }
        }
    }
    /// With the totals of offers settled, lets each serve the needs in their order.
    fn needs_in_order(&mut self) {
        for offer in 0..self.offers.len() {
            let own = self.of_offer[offer].clone();
            if own.iter().all(|&at| self.has(at) == 0) {
                own.iter().for_each(|&at| self.settled[at] = true);
                continue;
            }
            let mut seen = Seen::new(self);
            for (i, &at) in own.iter().enumerate() {
                self.settled[at] = true;
                // What comes more here, the same offer gives less at a later need.
                while self.room(at) > 0 && own[i + 1..].iter().any(|&later| self.has(later) > 0) {
                    let Some(mut walk) = self.walk_back(self.loose[at].need, offer, &mut seen) else {
                        break;
                    };
                    walk.insert(0, (at, true));
                    let units = self.most_along(&walk, i64::MAX);
                    self.go(&walk, units);
                }
            }
        }
    }
    /// From a need that gets a unit more back to the offer that gives it.
    fn walk_back(&self, from: usize, to: usize, seen: &mut Seen) -> Option<Vec<Step>> {
        if !seen.start(Node::Need(from)) {
            return None;
        }
        while let Some(node) = seen.queue.pop_front() {
            match node {
                Node::Offer(o) if o == to => return Some(seen.back(node)),
                Node::Offer(o) => {
                    for &at in &self.of_offer[o] {
                        if !self.settled[at] && self.room(at) > 0 {
                            seen.enter(Node::Need(self.loose[at].need), node, Some((at, true)));
                        }
                    }
                }
                Node::Need(n) => {
                    self.give_back(n, node, seen);
                    if self.need_has[n] < self.needs[n].1 {
                        seen.enter(Node::Outside, node, None);
                    }
                }
                Node::Outside => {
                    for (n, (least, _)) in self.needs.iter().enumerate() {
                        if self.need_has[n] > *least {
                            seen.enter(Node::Need(n), node, None);
                        }
                    }
                }
            }
        }
        seen.dead();
        None
    }
    /// How many units can go this way, `most` at the most.
    fn most_along(&self, walk: &[Step], most: i64) -> i64 {
        let on = |&(at, more): &Step| if more { self.room(at) } else { self.has(at) };
        // Where a walk passes outside, one need ends up with more and the next one with less.
        let passed = walk.windows(2).filter(|w| w[0].1 && !w[1].1);
        let passed = passed.map(|w| (self.loose[w[0].0].need, self.loose[w[1].0].need));
        let outside = passed.filter(|(more, less)| more != less);
        let most = outside.fold(most, |most, (more, less)| {
            most.min(self.needs[more].1 - self.need_has[more])
                .min(self.need_has[less] - self.needs[less].0)
        });
        walk.iter().map(on).fold(most, i64::min)
    }
    fn go(&mut self, walk: &[Step], units: i64) {
        for &(at, more) in walk {
            let l = self.loose[at];
            let units = if more { units } else { -units };
            self.units[l.pair] += units;
            self.offer_has[l.offer] += units;
            self.need_has[l.need] += units;
        }
    }
}

/// What a search has seen, and how it came there.
struct Seen {
    offers: usize,
    needs: usize,
    queue: VecDeque<Node>,
    /// Places entered in this search, with where from and by which step.
    from: Vec<Option<(Node, Option<Step>)>>,
    entered: Vec<usize>,
    /// Places from which no search finds an end any more.
    dead: Vec<bool>,
    first: Node,
}
impl Seen {
    fn new(face: &Face) -> Seen {
        let (offers, needs) = (face.offers.len(), face.needs.len());
        Seen {
            offers,
            needs,
            queue: VecDeque::new(),
            from: vec![None; offers + needs + 1],
            entered: Vec::new(),
            dead: vec![false; offers + needs + 1],
            first: Node::Outside,
        }
    }
    fn place(&self, node: Node) -> usize {
        match node {
            Node::Offer(o) => o,
            Node::Need(n) => self.offers + n,
            Node::Outside => self.offers + self.needs,
        }
    }
    fn start(&mut self, node: Node) -> bool {
        for place in self.entered.drain(..) {
            self.from[place] = None;
        }
        self.queue.clear();
        self.first = node;
        if self.dead[self.place(node)] {
            return false;
        }
        self.enter(node, node, None);
        true
    }
    fn enter(&mut self, node: Node, from: Node, step: Option<Step>) {
        let place = self.place(node);
        if self.from[place].is_none() && !self.dead[place] {
            self.from[place] = Some((from, step));
            self.entered.push(place);
            self.queue.push_back(node);
        }
    }
    fn dead(&mut self) {
        for &place in &self.entered {
            self.dead[place] = true;
        }
    }
    fn back(&self, mut node: Node) -> Vec<Step> {
        let mut walk = Vec::new();
        while node != self.first {
            let Some((from, step)) = self.from[self.place(node)] else {
                break;
            };
            walk.extend(step);
            node = from;
        }
        walk.reverse();
        walk
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use matching::{Need, Offer, Options, Pair};
    use proptest::prelude::*;

    /// Every allocation that keeps the limits, and of the best ones the first: by trying all.
    fn by_trying(p: &Problem) -> Vec<i64> {
        let mut units = vec![0; p.pairs.len()];
        let mut best: Option<((i128, i128), Vec<i64>, Vec<i64>)> = None;
        let order = {
            let mut order: Vec<usize> = (0..p.pairs.len()).collect();
            order.sort_by_key(|&i| (p.pairs[i].offer, p.pairs[i].need));
            order
        };
        loop {
            if let Ok(t) = matching::check::totals(p, &units) {
                let mut first: Vec<i64> = vec![0; p.offers.len()];
                for (pair, u) in p.pairs.iter().zip(&units) {
                    first[pair.offer as usize] += u;
                }
                first.extend(order.iter().map(|&i| units[i]));
                let found = ((-t.weighted_unmet, t.objective), first, units.clone());
                if best.as_ref().is_none_or(|b| (b.0, &b.1) < (found.0, &found.1)) {
                    best = Some(found);
                }
            }
            let Some(next) = (0..units.len()).find(|&i| units[i] < p.pairs[i].max_units) else {
                return best.unwrap().2;
            };
            units[next] += 1;
            units[..next].fill(0);
        }
    }
    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]
        #[test]
        fn the_first_of_equals_is_the_first_of_all_that_are_as_good(
            needs in proptest::collection::vec((0i64..3, 0i64..3, 0i64..3), 1..4),
            offers in proptest::collection::vec(0i64..4, 1..4),
            pairs in proptest::collection::vec((0i64..2, 0i64..3, 0u8..9), 9),
        ) {
            let mut p = Problem {
                needs: needs.iter().map(|&(min, more, priority)| Need { min, max: min + more, priority }).collect(),
                offers: offers.iter().map(|&capacity| Offer { capacity }).collect(),
                ..Default::default()
            };
            for (i, &(value, max_units, status)) in pairs.iter().enumerate() {
                let (offer, need) = (i / 3, i % 3);
                if offer < offers.len() && need < needs.len() {
                    let status = match status { 0 => Status::Forced, 1 => Status::Forbidden, _ => Status::Free };
                    p.pairs.push(Pair { offer: offer as u32, need: need as u32, value, max_units, status });
                }
            }
            let Ok(answer) = matching::solve(&p, &Options::default()) else { return Ok(()) };
            prop_assert!(answer.proved);
            let units = first_of_equals(&p, &answer).unwrap();
            prop_assert_eq!(&units, &by_trying(&p));
            // How many units are missing may differ where what they weigh does not.
            let unmet_min_units = matching::check::totals(&p, &units).unwrap().unmet_min_units;
            let moved = Answer { units, unmet_min_units, ..answer };
            prop_assert!(matching::check::check(&p, &moved).is_ok(), "the prices still prove it");
        }
    }
}
