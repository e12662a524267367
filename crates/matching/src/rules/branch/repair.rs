//! From a flow that breaks rules to an allocation that keeps them.

use super::{Cost, Search};
use crate::check;
use crate::problem::Status;
use crate::solve::{Room, fitting};

/// Rows a pair stands in, each with its weight there.
type RowsOf = std::collections::HashMap<u32, Vec<(usize, i64)>>;

impl Search<'_> {
    /// Makes an allocation that keeps the rules out of one that may not: gives up what is worth least for what it
    /// takes up, then fills up with what still fits.
    pub(super) fn repair(&mut self, units: &[i64]) {
        let problem = self.problem;
        if check::totals(problem, units).is_ok() {
            self.best.offer(units.to_vec());
        }
        let mut units = units.to_vec();
        let mut given = self.given(&units);
        let off = self.not_to_use(&units, &given);
        for (p, x) in units.iter_mut().enumerate() {
            if off[problem.pairs[p].offer as usize] && self.free(p) {
                given[problem.pairs[p].offer as usize] -= *x;
                *x = 0;
            }
        }
        let fixed: Vec<bool> = {
            let mut fixed = off;
            for &offer in &self.whole {
                fixed[offer as usize] = true;
            }
            fixed
        };
        let (mut left, rows_of) = self.give_up(&mut units);
        // Sums change as later rules give units up; take them anew before filling.
        for (at, row) in self.rows.iter().enumerate() {
            left[at] = i128::from(row.max) - Self::row_sum(row, &units);
        }
        let units = self.fill(&units, &fixed, &mut left, &rows_of);
        self.best.offer(units);
    }
    fn free(&self, pair: usize) -> bool {
        self.problem.pairs[pair].status == Status::Free
    }
    /// What a unit of this pair brings, with what its need's minimum is worth.
    fn worth(&self, pair: usize) -> i128 {
        let pair = &self.problem.pairs[pair];
        let need = &self.problem.needs[pair.need as usize];
        i128::from(pair.value) + self.weight * i128::from(need.priority.min(1))
    }
    /// By offer: whether the rules on using offers, whole or together, leave it out.
    fn not_to_use(&self, units: &[i64], given: &[i64]) -> Vec<bool> {
        let problem = self.problem;
        // Offers that may not be used (together), dearest for their worth first.
        let mut off = vec![false; given.len()];
        for share in &self.shares {
            let used: Vec<&Cost> = share
                .costs
                .iter()
                .filter(|c| c.given(given) > 0 && c.cost > 0)
                .collect();
            let value = |c: &Cost| -> i128 {
                let pairs = c.offers.iter().flat_map(|&o| self.by_offer.of(o as usize));
                pairs
                    .map(|p| self.worth(p as usize) * i128::from(units[p as usize]))
                    .sum()
            };
            let mut order: Vec<&Cost> = used.clone();
            order.sort_by_cached_key(|c| (value(c) / i128::from(c.cost), c.offers.clone()));
            let mut sum: i128 = used.iter().map(|c| i128::from(c.cost)).sum();
            let mut leave = |c: &Cost| {
                for &offer in &c.offers {
                    off[offer as usize] = true;
                }
            };
            for c in order {
                if sum <= i128::from(share.max) {
                    break;
                }
                sum -= i128::from(c.cost);
                leave(c);
            }
            // What is not used now may not come in again when filling up.
            for c in share.costs.iter().filter(|c| c.given(given) == 0 && c.cost > 0) {
                leave(c);
            }
        }
        for &offer in &self.whole {
            let capacity = problem.offers[offer as usize].capacity;
            if given[offer as usize] != capacity {
                off[offer as usize] = true;
            }
        }
        off
    }
    /// Gives up, row by row, what is worth least for what it takes up. Returns what each row has left, and the rows of
    /// each pair with its weight in them.
    fn give_up(&self, units: &mut [i64]) -> (Vec<i128>, RowsOf) {
        let mut rows_of: RowsOf = RowsOf::new();
        let mut left: Vec<i128> = Vec::with_capacity(self.rows.len());
        for (at, row) in self.rows.iter().enumerate() {
            let mut sum = Self::row_sum(row, units);
            if sum > i128::from(row.max) {
                let mut order: Vec<(u32, i64)> = row
                    .terms
                    .iter()
                    .copied()
                    .filter(|t| t.1 > 0 && units[t.0 as usize] > 0 && self.free(t.0 as usize))
                    .collect();
                order.sort_by_key(|t| (self.worth(t.0 as usize) / i128::from(t.1), t.0));
                for (p, a) in order {
                    let over = sum - i128::from(row.max);
                    if over <= 0 {
                        break;
                    }
                    let a = i128::from(a);
                    let drop = ((over + a - 1) / a).min(i128::from(units[p as usize]));
                    units[p as usize] -= drop as i64;
                    sum -= drop * a;
                }
            }
            left.push(i128::from(row.max) - sum);
            for &(p, a) in &row.terms {
                rows_of.entry(p).or_default().push((at, a));
            }
        }
        (left, rows_of)
    }
    /// Fills up with what still fits: minima first, then whatever brings value.
    fn fill(&self, units: &[i64], fixed: &[bool], left: &mut [i128], rows_of: &RowsOf) -> Vec<i64> {
        let problem = self.problem;
        let mut room = Room::new(problem);
        let mut units = fitting(problem, units, false);
        let mut met = vec![0i64; problem.needs.len()];
        for (p, &x) in units.iter().enumerate() {
            room.take(&problem.pairs[p], x);
            met[problem.pairs[p].need as usize] += x;
        }
        let mut order: Vec<u32> = (0..units.len() as u32)
            .filter(|&p| {
                let pair = &problem.pairs[p as usize];
                self.free(p as usize) && units[p as usize] < pair.max_units && !fixed[pair.offer as usize]
            })
            .collect();
        order.sort_by_key(|&p| (std::cmp::Reverse(self.worth(p as usize)), p));
        let passes = order
            .iter()
            .map(|&p| (p, true))
            .chain(order.iter().map(|&p| (p, false)));
        for (p, for_minimum) in passes {
            let pair = &problem.pairs[p as usize];
            let mut most = (pair.max_units - units[p as usize]).min(room.most(pair));
            if for_minimum || pair.value <= 0 {
                let need = &problem.needs[pair.need as usize];
                most = most.min(if need.priority > 0 {
                    need.min - met[pair.need as usize]
                } else {
                    0
                });
            }
            if let Some(rows) = rows_of.get(&p) {
                for &(row, a) in rows {
                    if a > 0 {
                        most = most.min((left[row] / i128::from(a)).max(0) as i64);
                    }
                }
            }
            if most <= 0 {
                continue;
            }
            units[p as usize] += most;
            met[pair.need as usize] += most;
            room.take(pair, most);
            if let Some(rows) = rows_of.get(&p) {
                for &(row, a) in rows {
                    left[row] -= i128::from(a) * i128::from(most);
                }
            }
        }
        units
    }
}
