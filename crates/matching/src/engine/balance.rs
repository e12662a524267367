//! What stands out of balance is moved where it is missing: in bulk or one by one, whichever pays.

use super::{Engine, Step, Stop};
use crate::number::{Cost, Units};

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
/// Times as many units are let go as are lacking, if they lie not much farther: what is not needed finds its way back soon,
/// and the others need not go as far.
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
            self.share = moved.saturating_mul(1024) / before.max(1) as u64;
            // What was seen long ago counts for less, so that it is tried again.
            self.single -= self.single / 8;
        }
        let all = self.bulk.saturating_mul(1024) / self.share.max(1) / left.max(1) as u64;
        self.singly = self.single < all;
    }
}

impl<C: Cost, U: Units> Engine<'_, C, U> {
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
        let spell = 2 * self.price.len();
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
                    self.follow::<false>();
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
        let spell = 2 * self.price.len();
        let lacking_nodes =
            |engine: &Self| -> Vec<u32> { (0..root as u32).filter(|&v| engine.excess[v as usize] < 0).collect() };
        let mut sinks = lacking_nodes(self);
        let mut ways = Ways::new(sinks.len() <= FEW_SINKS);
        while !sinks.is_empty() {
            let lacking: i64 = sinks.iter().map(|&v| -self.excess[v as usize]).sum();
            let looks = self.looks;
            if ways.bulk > 0 && ways.share < SMALL_SHARE && sinks.len() > FEW_STUCK && self.loosen(lacking) {
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
                    self.follow::<true>();
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

    /// Lowers the root's price until `wanted` units or some more are let go next to it, all at once. False when that would
    /// let go far more.
    ///
    /// Where few places next to the root can spare a unit, a search from there serves as few nodes and then has to lower
    /// every price there is to reach the next such place. What is let go here finds its way from place to place, or
    /// back to the root.
    fn loosen(&mut self, wanted: i64) -> bool {
        let net = self.net;
        let root = net.root();
        let from = self.price[root];
        let place = root - net.first_group();
        let children = net.child_start[place] as usize..net.child_start[place + 1] as usize;
        let mut steps: Vec<(C, i64)> = Vec::new();
        for &child in &net.child[children.clone()] {
            if let Some(cost) = self.down(child as usize) {
                let units = self.room(Step::Down(child));
                steps.push((cost + from - self.price[child as usize], units));
            }
        }
        steps.sort_unstable();
        let mut units = 0i64;
        let mut enough: Option<C> = None;
        let mut fall = C::default();
        for &(far, more) in &steps {
            if units >= wanted.saturating_mul(PLENTY) || enough.is_some_and(|enough| far > enough + enough) {
                break;
            }
            units = units.saturating_add(more);
            fall = far;
            if units >= wanted && enough.is_none() {
                enough = Some(far);
            }
        }
        if enough.is_none() || fall <= C::default() || units > wanted.saturating_mul(4 * PLENTY) {
            return false;
        }
        self.price[root] -= fall;
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
}
