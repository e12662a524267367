//! What keeps a need below its minimum: the smallest set of limits that alone would, and the fewest that would have to
//! give way.
//!
//! One unit more at a need comes along a path of exchanges: an offer gives more, another need gives up what it has, a
//! group has room. Every step is open or held by one limit. The limits of a smallest cut between the need and the
//! place where its units would go on are a smallest cause; those on a path with the fewest of them are what to loosen.
//! Rules and crossing groups know no such paths: there smaller problems are solved, with only some of the limits left.

use crate::answer::{Answer, Limit, Told, Unmet};
use crate::laminar::{Forest, TOP};
use crate::problem::{Problem, Side, Status};
use crate::relaxed::{self, Patience};
use std::collections::VecDeque;

/// What is known about why a need is short.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Causes {
    /// If these stand, the need cannot get more however far all others move.
    pub causes: Vec<Limit>,
    /// If these give way, it can; none of them can be left out.
    pub loosen: Vec<Limit>,
    /// How sure `causes` is.
    pub told: Told,
}

/// Fills in why needs are short, with more work than [`crate::solve`] allows itself: about `most` steps, of which some
/// hundred millions go in a second. `stop` is asked now and then.
pub fn tell(problem: &Problem, answer: &mut Answer, most: usize, stop: &(dyn Fn() -> bool + Sync)) {
    let mut list = std::mem::take(&mut answer.unmet);
    of(problem, answer, &mut list, most, stop);
    answer.unmet = list;
}

/// Work that trying with fewer limits may take, for each step that looking for cuts may, and the most of it.
const TRIAL_SHARE: usize = 16;
const TRIAL_WORK: usize = 60_000_000;

/// More limits than this are not named: where the whole market is short, every capacity is one of them.
const MOST_NAMED: usize = 100;

/// Fills in the causes, in about so much work; each need has its share of what is left.
pub(crate) fn of(
    problem: &Problem,
    answer: &Answer,
    list: &mut [Unmet],
    most: usize,
    stop: &(dyn Fn() -> bool + Sync),
) {
    let size = 4 * Shortages::size(problem);
    let known = |told| matches!(told, Told::Smallest | Told::Minimal | Told::Many(_));
    let sure = |unmet: &Unmet| known(unmet.told) && !unmet.loosen.is_empty();
    let mut open = list.iter().filter(|u| !sure(u)).count();
    if open == 0 || size > most {
        return;
    }
    let mut shortages = Shortages::new(problem, answer, stop);
    let mut left = most - size;
    let mut trials = most.saturating_mul(TRIAL_SHARE).min(TRIAL_WORK);
    for unmet in list.iter_mut().filter(|u| !sure(u)) {
        if stop() {
            return;
        }
        (shortages.most, shortages.trials) = (left / open, trials / open);
        let before = shortages.trials;
        let told = shortages.tell(unmet.need);
        left = left.saturating_sub(shortages.work);
        trials -= before - shortages.trials.min(before);
        open -= 1;
        (unmet.causes, unmet.loosen, unmet.told) = (told.causes, told.loosen, told.told);
    }
}

/// A way that a unit could go, from tail to head; held by a limit or open.
struct Step {
    tail: u32,
    head: u32,
    limit: Option<Limit>,
}

/// Everything that is looked up to tell why needs are short; laid out once for an answer.
pub(crate) struct Shortages<'a> {
    problem: &'a Problem,
    answer: &'a Answer,
    stop: &'a (dyn Fn() -> bool + Sync),
    /// Whether rules or crossing groups hold as well.
    rules: bool,
    steps: Vec<Step>,
    /// Steps by their head, and by their tail.
    into: Lists,
    out_of: Lists,
    got: Vec<i64>,
    pairs: Vec<u32>,
    parent: Vec<u32>,
    /// Of the search: units of a cut already found on each step, how far each node is, and where the search stands.
    cut: Vec<u32>,
    level: Vec<u32>,
    next: Vec<u32>,
    /// Nodes whose level is set, and steps with units of a cut: only these are set back.
    seen: Vec<u32>,
    used: Vec<u32>,
    /// The need that is looked at.
    need: u32,
    work: usize,
    most: usize,
    /// Work left for trying.
    trials: usize,
}

struct Lists {
    start: Vec<u32>,
    list: Vec<u32>,
}

impl Lists {
    fn new(nodes: usize, of: impl Iterator<Item = u32> + Clone) -> Self {
        let mut start = vec![0u32; nodes + 1];
        for node in of.clone() {
            start[node as usize + 1] += 1;
        }
        for at in 1..start.len() {
            start[at] += start[at - 1];
        }
        let mut next = start.clone();
        let mut list = vec![0u32; start[nodes] as usize];
        for (at, node) in (0..).zip(of) {
            let place = &mut next[node as usize];
            list[*place as usize] = at;
            *place += 1;
        }
        Self { start, list }
    }

    fn of(&self, node: u32) -> &[u32] {
        &self.list[self.start[node as usize] as usize..self.start[node as usize + 1] as usize]
    }
}

/// Not reached.
const FAR: u32 = u32::MAX;

/// The work is more than was allowed.
struct Tired;

impl<'a> Shortages<'a> {
    /// How much work it is to lay this out.
    fn size(problem: &Problem) -> usize {
        problem.pairs.len() + problem.offers.len() + problem.needs.len()
    }

    fn new(problem: &'a Problem, answer: &'a Answer, stop: &'a (dyn Fn() -> bool + Sync)) -> Self {
        let forest = Forest::new(problem);
        let (offers, needs) = (problem.offers.len(), problem.needs.len());
        let root = (offers + needs + forest.order.len()) as u32;
        let mut used = vec![0i128; root as usize];
        let mut pairs = vec![0u32; needs];
        for (pair, &units) in problem.pairs.iter().zip(&answer.units) {
            used[pair.offer as usize] += i128::from(units);
            used[offers + pair.need as usize] += i128::from(units);
            pairs[pair.need as usize] += 1;
        }
        let up = |place: u32| {
            if place == TOP {
                root
            } else {
                (offers + needs) as u32 + place
            }
        };
        let mut parent: Vec<u32> = forest.of_offer.iter().chain(&forest.of_need).map(|&p| up(p)).collect();
        parent.extend(forest.parent.iter().map(|&p| up(p)));
        let mut steps = Vec::with_capacity(2 * (problem.pairs.len() + root as usize));
        let mut step = |tail: u32, head: u32, limit: Option<Limit>| steps.push(Step { tail, head, limit });
        for (at, pair) in (0..).zip(&problem.pairs) {
            let (offer, need) = (pair.offer, offers as u32 + pair.need);
            let units = answer.units[at as usize];
            let forced = (pair.status == Status::Forced).then_some(Limit::PairForced(at));
            let more = match pair.status {
                Status::Forced => forced,
                Status::Forbidden => Some(Limit::PairForbidden(at)),
                Status::Free => (units >= pair.max_units).then_some(Limit::PairMax(at)),
            };
            step(offer, need, more);
            if units > 0 {
                step(need, offer, forced);
            }
        }
        for (at, offer) in problem.offers.iter().enumerate() {
            let node = at as u32;
            let full = used[at] >= i128::from(offer.capacity);
            step(parent[at], node, full.then_some(Limit::OfferCapacity(node)));
            if used[at] > 0 {
                step(node, parent[at], None);
            }
        }
        for (at, need) in problem.needs.iter().enumerate() {
            let node = offers + at;
            let full = used[node] >= i128::from(need.max);
            step(node as u32, parent[node], full.then_some(Limit::NeedMax(at as u32)));
            if used[node] > 0 {
                let least = used[node] <= i128::from(need.min);
                step(parent[node], node as u32, least.then_some(Limit::NeedMin(at as u32)));
            }
        }
        for (place, &g) in forest.order.iter().enumerate() {
            let group = &problem.groups[g as usize];
            let node = offers + needs + place;
            let units: i128 = match group.side {
                Side::Offer => group.members.iter().map(|&m| used[m as usize]).sum(),
                Side::Need => group.members.iter().map(|&m| used[offers + m as usize]).sum(),
            };
            let full = (units >= i128::from(group.max)).then_some(Limit::GroupMax(g));
            let least = (units <= i128::from(group.min)).then_some(Limit::GroupMin(g));
            let (onward, back) = match group.side {
                Side::Offer => ((parent[node], node as u32), (node as u32, parent[node])),
                Side::Need => ((node as u32, parent[node]), (parent[node], node as u32)),
            };
            step(onward.0, onward.1, full);
            if units > 0 {
                step(back.0, back.1, least);
            }
        }
        let nodes = root as usize + 1;
        Self {
            problem,
            answer,
            stop,
            rules: !problem.rules.is_empty() || !forest.crossing.is_empty(),
            into: Lists::new(nodes, steps.iter().map(|s| s.head)),
            out_of: Lists::new(nodes, steps.iter().map(|s| s.tail)),
            cut: vec![0; steps.len()],
            steps,
            got: used[offers..offers + needs].iter().map(|&u| u as i64).collect(),
            pairs,
            parent,
            level: vec![FAR; nodes],
            next: vec![0; nodes],
            seen: Vec::new(),
            used: Vec::new(),
            need: 0,
            work: 0,
            most: 0,
            trials: 0,
        }
    }

    /// Why this need is below its minimum, in about as much work as `most` and `trials` allow.
    fn tell(&mut self, need: u32) -> Causes {
        (self.work, self.need) = (0, need);
        self.causes(need).unwrap_or_default()
    }

    fn causes(&mut self, need: u32) -> Result<Causes, Tired> {
        let n = self.problem.needs[need as usize];
        if self.got[need as usize] >= n.min {
            return Ok(Causes {
                told: Told::Smallest,
                ..Causes::default()
            });
        }
        let alone = |limit| Causes {
            causes: vec![limit],
            loosen: vec![limit],
            told: Told::Smallest,
        };
        if self.pairs[need as usize] == 0 {
            return Ok(alone(Limit::NoPair(need)));
        }
        // Minima that weigh less give way, so if one has not, something behind it holds. Only where more than one would
        // have to, they may weigh more together: then all are looked at as standing.
        for stand in [n.priority, n.priority.min(1)] {
            self.reach(stand, false)?;
            if self.level[self.goal(need)] == FAR {
                return Ok(self.cut(stand));
            }
        }
        if self.rules {
            let causes = self.by_trying();
            if causes.told != Told::Open || n.priority > 0 {
                return Ok(causes);
            }
        }
        // Nothing holds it: it weighs nothing, or the allocation is not the best.
        Ok(if n.priority == 0 {
            alone(Limit::NoPriority(need))
        } else {
            Causes {
                told: Told::Open,
                ..Causes::default()
            }
        })
    }

    fn node(&self, need: u32) -> u32 {
        self.problem.offers.len() as u32 + need
    }

    /// Where a unit of this need goes on to, and so where one more would have to come from.
    fn goal(&self, need: u32) -> usize {
        self.parent[self.node(need) as usize] as usize
    }

    fn tired(&mut self, work: usize) -> Result<(), Tired> {
        self.work += work;
        if self.work > self.most { Err(Tired) } else { Ok(()) }
    }

    /// Taking from the need itself is no way to it.
    fn no_way(&self, step: u32) -> bool {
        self.steps[step as usize].limit == Some(Limit::NeedMin(self.need))
    }

    /// Whether this step is open, where minima from this priority on stand.
    fn open(&self, step: u32, stand: i64) -> bool {
        match self.steps[step as usize].limit {
            None => true,
            Some(Limit::NeedMin(m)) => self.problem.needs[m as usize].priority < stand,
            Some(_) => false,
        }
    }

    /// Forgets all levels but that of the need.
    fn restart(&mut self) {
        for &node in &self.seen {
            (self.level[node as usize], self.next[node as usize]) = (FAR, 0);
        }
        self.seen.clear();
        let start = self.node(self.need);
        self.level[start as usize] = 0;
        self.seen.push(start);
    }

    /// Sets levels by how many steps it is to the need, and stops at the goal. Only open steps count; while a cut is
    /// looked for, those too whose limit is not in it yet, and those in it the other way.
    fn reach(&mut self, stand: i64, cutting: bool) -> Result<(), Tired> {
        self.restart();
        let goal = self.goal(self.need);
        let mut at = 0;
        while at < self.seen.len() && self.level[goal] == FAR {
            let node = self.seen[at];
            at += 1;
            let degree = self.degree(node);
            self.tired(degree as usize + 1)?;
            for way in 0..degree {
                if let Some(from) = self.way(node, way, stand, cutting)
                    && self.level[from as usize] == FAR
                {
                    self.level[from as usize] = self.level[node as usize] + 1;
                    self.seen.push(from);
                }
            }
        }
        Ok(())
    }

    fn degree(&self, node: u32) -> u32 {
        (self.into.of(node).len() + self.out_of.of(node).len()) as u32
    }

    /// The step that is the `way`-th at this node, and whether it is gone backwards.
    fn step_at(&self, node: u32, way: u32) -> (u32, bool) {
        let into = self.into.of(node);
        let way = way as usize;
        match into.get(way) {
            Some(&step) => (step, false),
            None => (self.out_of.of(node)[way - into.len()], true),
        }
    }

    /// From where a unit could come to `node` by its `way`-th step.
    fn way(&self, node: u32, way: u32, stand: i64, cutting: bool) -> Option<u32> {
        let (at, back) = self.step_at(node, way);
        let step = &self.steps[at as usize];
        let cut = self.cut[at as usize];
        if back {
            (cutting && cut > 0).then_some(step.head)
        } else if self.no_way(at) {
            None
        } else {
            (self.open(at, stand) || (cutting && cut == 0)).then_some(step.tail)
        }
    }

    /// What stands between the need, with all that can still reach it, and its goal.
    fn cut(&mut self, stand: i64) -> Causes {
        let border = self.border();
        let mut told = match self.smallest_cut(stand) {
            Ok(causes) => Causes {
                causes,
                loosen: Vec::new(),
                // A rule might say in one what here takes several limits.
                told: if self.rules { Told::Minimal } else { Told::Smallest },
            },
            Err(Tired) => Causes {
                causes: border,
                loosen: Vec::new(),
                told: Told::Enough,
            },
        };
        if told.causes.len() > MOST_NAMED {
            told.told = match told.told {
                Told::Enough => Told::Not,
                _ => Told::Many(told.causes.len() as u32),
            };
            told.causes = Vec::new();
        }
        for step in self.used.drain(..) {
            self.cut[step as usize] = 0;
        }
        if self.rules {
            if let Some(mut trial) = self.trial() {
                told.loosen = trial.loosen();
                self.trials = trial.work_left();
            }
        } else {
            told.loosen = self.fewest(stand).unwrap_or_default();
        }
        told
    }

    /// The limits over which units would come from outside the nodes reached.
    fn border(&self) -> Vec<Limit> {
        let within = |node: u32| self.level[node as usize] != FAR;
        let steps = self.seen.iter().flat_map(|&node| self.into.of(node));
        let steps = steps.filter(|&&s| !self.no_way(s));
        let steps = steps.map(|&s| &self.steps[s as usize]).filter(|s| !within(s.tail));
        let mut limits: Vec<Limit> = steps.filter_map(|s| s.limit).collect();
        limits.sort_unstable();
        limits.dedup();
        limits
    }

    /// Every limit counts one: as many ways to the need that share none as there are, and the limits that end them
    /// all (Dinic 1970).
    fn smallest_cut(&mut self, stand: i64) -> Result<Vec<Limit>, Tired> {
        let (start, goal) = (self.node(self.need), self.goal(self.need) as u32);
        loop {
            self.reach(stand, true)?;
            if self.level[goal as usize] == FAR {
                return Ok(self.border());
            }
            let mut path: Vec<u32> = Vec::new();
            let mut node = start;
            loop {
                if node == goal {
                    let mut at = start;
                    for &way in &path {
                        let (step, back) = self.step_at(at, way);
                        let slot = &mut self.cut[step as usize];
                        *slot = if back { *slot - 1 } else { *slot + 1 };
                        self.used.push(step);
                        let step = &self.steps[step as usize];
                        at = if back { step.head } else { step.tail };
                    }
                    path.clear();
                    node = start;
                }
                let way = self.next[node as usize];
                if way < self.degree(node) {
                    self.tired(1)?;
                    let on = self.way(node, way, stand, true);
                    match on.filter(|&on| self.level[on as usize] == self.level[node as usize] + 1) {
                        Some(on) => {
                            path.push(way);
                            node = on;
                        }
                        None => self.next[node as usize] += 1,
                    }
                } else {
                    if path.pop().is_none() {
                        break;
                    }
                    // Back to where this dead end was entered from.
                    node = start;
                    for &way in &path {
                        let (step, back) = self.step_at(node, way);
                        let step = &self.steps[step as usize];
                        node = if back { step.head } else { step.tail };
                    }
                    self.next[node as usize] += 1;
                }
            }
        }
    }

    /// The limits on a path to the need with as few of them as can be.
    fn fewest(&mut self, stand: i64) -> Result<Vec<Limit>, Tired> {
        self.restart();
        let (start, goal) = (self.node(self.need), self.goal(self.need) as u32);
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            if node == goal {
                break;
            }
            self.tired(self.into.of(node).len())?;
            for way in 0..self.into.of(node).len() {
                let at = self.into.of(node)[way];
                if self.no_way(at) {
                    continue;
                }
                let tail = self.steps[at as usize].tail as usize;
                let held = !self.open(at, stand);
                let far = self.level[node as usize] + u32::from(held);
                if far < self.level[tail] {
                    self.seen.push(tail as u32);
                    self.level[tail] = far;
                    self.next[tail] = at;
                    if held {
                        queue.push_back(tail as u32);
                    } else {
                        queue.push_front(tail as u32);
                    }
                }
            }
        }
        if self.level[goal as usize] == FAR {
            return Ok(Vec::new());
        }
        let mut limits = Vec::new();
        let mut node = goal;
        while node != start {
            let at = self.next[node as usize];
            let step = &self.steps[at as usize];
            if !self.open(at, stand) {
                limits.extend(step.limit);
            }
            node = step.head;
        }
        limits.sort_unstable();
        Ok(limits)
    }

    fn trial(&self) -> Option<Trial<'a>> {
        Trial::new(self)
    }

    fn by_trying(&mut self) -> Causes {
        let Some(mut trial) = self.trial() else {
            return Causes::default();
        };
        let mut told = trial.causes();
        if matches!(told.told, Told::Minimal | Told::Enough) {
            told.loosen = trial.loosen();
        }
        self.trials = trial.work_left();
        told
    }
}

/// Tries with some of the limits whether a need can get one unit more.
struct Trial<'a> {
    problem: &'a Problem,
    answer: &'a Answer,
    need: u32,
    held: Vec<i64>,
    wide: i64,
    limits: Vec<Limit>,
    patience: Patience<'a>,
}

/// Beyond so many pairs nothing is tried.
const TRIAL_PAIRS: usize = 5_000;

impl<'a> Trial<'a> {
    fn new(of: &Shortages<'a>) -> Option<Self> {
        let (problem, answer) = (of.problem, of.answer);
        if problem.pairs.len() > TRIAL_PAIRS {
            return None;
        }
        let needs = problem.needs.iter().zip(&of.got);
        let held: Vec<i64> = needs.map(|(n, &got)| n.min.min(got)).collect();
        let units = answer.units.iter().map(|&u| i128::from(u)).sum::<i128>();
        let wide = relaxed::wide(problem, &held, units + 1)?;
        let questions = (of.trials / Self::question(problem)) as i64;
        Some(Self {
            problem,
            answer,
            need: of.need,
            held,
            wide,
            limits: Vec::new(),
            patience: Patience::new(questions, of.stop),
        })
    }

    /// What one question of the solver costs, about.
    fn question(problem: &Problem) -> usize {
        Shortages::size(problem) + 20
    }

    fn work_left(&self) -> usize {
        self.patience.left().max(0) as usize * Self::question(self.problem)
    }

    /// All limits, with the minima from this priority on.
    fn all(&self, stand: i64) -> Vec<Limit> {
        let mut all = relaxed::limits(self.problem);
        let minima = (0..).zip(&self.problem.needs).zip(&self.held);
        let stands = minima.filter(|&((at, n), &held)| at != self.need && held > 0 && n.priority >= stand);
        all.extend(stands.map(|((at, _), _)| Limit::NeedMin(at)));
        all
    }

    /// Whether the need still cannot get one unit more, with these limits alone; `None` where it was not found out.
    fn stays(&self, kept: &[Limit]) -> Option<bool> {
        let mut bare = relaxed::only(self.problem, kept, &self.held, self.wide);
        let had = self.wanted() - 1;
        let need = &mut bare.needs[self.need as usize];
        (need.min, need.priority) = (had + 1, 1);
        let units = relaxed::any(&bare, Some(&self.answer.units), &self.patience).ok()??;
        let got: i64 = bare
            .pairs
            .iter()
            .zip(&units)
            .filter(|(p, _)| p.need == self.need)
            .map(|(_, &u)| u)
            .sum();
        Some(got <= had)
    }

    fn wanted(&self) -> i64 {
        let units = self.problem.pairs.iter().zip(&self.answer.units);
        units.filter(|(p, _)| p.need == self.need).map(|(_, &u)| u).sum::<i64>() + 1
    }

    fn causes(&mut self) -> Causes {
        let priority = self.problem.needs[self.need as usize].priority;
        for stand in [priority, priority.min(1)] {
            let all = self.all(stand);
            match self.stays(&all) {
                None => return Causes::default(),
                Some(false) => continue,
                Some(true) => {}
            }
            let mut holds = |kept: &[Limit]| self.stays(kept) != Some(true);
            let mut causes = relaxed::smallest(&mut Vec::new(), false, &all, &mut holds);
            causes.sort_unstable();
            self.limits = all;
            let told = if self.patience.out() {
                // So much of it that it says nothing.
                if causes.len() > 20 {
                    return Causes::default();
                }
                Told::Enough
            } else {
                Told::Minimal
            };
            return Causes {
                causes,
                loosen: Vec::new(),
                told,
            };
        }
        Causes {
            told: Told::Open,
            ..Causes::default()
        }
    }

    /// Empty where it was not found out.
    fn loosen(&mut self) -> Vec<Limit> {
        if self.limits.is_empty() {
            let priority = self.problem.needs[self.need as usize].priority;
            let stands = |stand: &i64| self.stays(&self.all(*stand)) == Some(true);
            let Some(stand) = [priority, priority.min(1)].into_iter().find(stands) else {
                return Vec::new();
            };
            self.limits = self.all(stand);
        }
        let mut holds = |kept: &[Limit]| self.stays(kept) == Some(false);
        let mut loosen = relaxed::in_the_way(&self.limits, false, &self.limits, &mut holds);
        loosen.sort_unstable();
        if self.patience.out() { Vec::new() } else { loosen }
    }
}
