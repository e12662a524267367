//! What one offer picks: a bounded knapsack of a few pairs under its capacity and its loads.

use super::apart::Apart;

/// Units a pair may take now, and what each brings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    pub profit: i64,
    pub most: i64,
    pub item: u32,
}

/// Places the search may look at for one offer before it is content with a bound.
const LOOKS: u32 = 5_000;

/// Scratch for one thread.
#[derive(Default)]
pub(super) struct Picker {
    /// What may be picked, filled by the caller; at most two entries for one item.
    pub choices: Vec<Choice>,
    /// What was picked: (item, units).
    pub taken: Vec<(u32, i64)>,
    now: Vec<(u32, i64)>,
    left: Vec<i64>,
    best: Option<i64>,
    looks: u32,
}

impl Picker {
    /// Picks the best of `choices`, leaves it in `taken`, and returns a bound on what it could bring: exactly what it
    /// brings, unless there was too much to look at.
    pub(super) fn pick(&mut self, apart: &Apart<'_>, offer: usize) -> i64 {
        let own = apart.own(offer);
        self.taken.clear();
        self.best = None;
        if !own.whole || !own.used || own.capacity == 0 {
            self.best = Some(0);
        }
        if self.choices.is_empty() || own.capacity == 0 {
            return self.best.unwrap_or(0);
        }
        self.choices
            .sort_unstable_by_key(|c| (std::cmp::Reverse(c.profit), c.item));
        self.now.clear();
        self.left.clear();
        self.left.extend_from_slice(apart.load_max(own));
        self.looks = 0;
        self.search(apart, offer, 0, own.capacity, 0);
        if self.looks < LOOKS {
            return self.best.unwrap_or(0);
        }
        let mut left = own.capacity;
        let mut bound = 0;
        for choice in self.choices.iter().filter(|c| c.profit > 0) {
            let units = choice.most.min(left);
            bound += units * choice.profit;
            left -= units;
        }
        bound.max(self.best.unwrap_or(0))
    }

    fn search(&mut self, apart: &Apart<'_>, offer: usize, from: usize, left: i64, value: i64) {
        let own = apart.own(offer);
        let complete = !own.whole || left == 0;
        if complete && self.best.is_none_or(|best| value > best) {
            self.best = Some(value);
            self.taken.clone_from(&self.now);
        }
        if left == 0 {
            return;
        }
        for at in from..self.choices.len() {
            let Choice { profit, most, item } = self.choices[at];
            // What follows brings no more per unit than this.
            if self.best.is_some_and(|best| value + left * profit <= best) {
                return;
            }
            self.looks += 1;
            if self.looks >= LOOKS {
                return;
            }
            let weights = apart.weights(offer, item as usize);
            let mut units = most.min(left);
            for (&weight, &room) in weights.iter().zip(&self.left) {
                if weight > 0 {
                    units = units.min(room / weight);
                }
            }
            while units > 0 {
                for (room, &weight) in self.left.iter_mut().zip(weights) {
                    *room -= weight * units;
                }
                self.now.push((item, units));
                self.search(apart, offer, at + 1, left - units, value + profit * units);
                self.now.pop();
                for (room, &weight) in self.left.iter_mut().zip(weights) {
                    *room += weight * units;
                }
                units -= 1;
            }
        }
    }
}
