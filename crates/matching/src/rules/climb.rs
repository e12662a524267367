//! The climb: prices move, all at once, by the share by which their places are over- or underfilled.

use super::SCALE;
use super::apart::{Aim, Apart, Picked, Prices};
use crate::solve::Options;

/// Steps without a better bound before they become shorter, and by how much they then do.
const PATIENCE: u32 = 10;
const SHORTER: f64 = 0.6;
/// Improvements of the bound between two settled allocations.
const SETTLE_EVERY: u32 = 12;

/// The best that the climb found.
pub(super) struct Climbed {
    pub prices: Prices,
    pub bound: i128,
    /// How long its steps were at the end.
    pub step: f64,
}

/// Steps from given prices, as long as they lower the bound.
pub(super) struct Climb<'a> {
    apart: &'a Apart<'a>,
    options: &'a Options<'a>,
    /// Progress of the bound that is none: steps would never become shorter.
    crumb: i128,
}

impl<'a> Climb<'a> {
    pub(super) fn new(apart: &'a Apart<'a>, options: &'a Options<'a>, aim: Aim) -> Self {
        // As if each offer brought as much as one place costs.
        let all = apart.size_of_prices(aim) * apart.offers() as f64;
        Self {
            apart,
            options,
            crumb: (all / 50_000.0) as i128,
        }
    }

    /// Runs until steps are shorter than `least`, `most` of them, or the end of the time. `settled` is shown what was picked
    /// now and then, and says what the best allocation is worth (in values): where that meets the bound the climb ends, and
    /// where it says nothing too.
    pub(super) fn run(
        &self,
        from: Prices,
        (mut step, least): (f64, f64),
        most: u32,
        mut settled: impl FnMut(&Prices, &Picked) -> Option<i128>,
    ) -> Climbed {
        let apart = self.apart;
        let mut prices = from;
        let mut best: Option<(Prices, i128)> = None;
        let mut drift = apart.no_drift();
        let (mut stale, mut better) = (0, 0);
        for round in 0..most {
            let picked = apart.picked(&prices, self.options.threads);
            let known = best.as_ref().map_or(i128::MAX, |b| b.1);
            if picked.bound < known {
                let crumb = known.saturating_sub(picked.bound) < self.crumb;
                stale = if crumb { stale + 1 } else { 0 };
                better += 1;
                best = Some((prices.clone(), picked.bound));
            } else {
                stale += 1;
            }
            if round == 0 || better >= SETTLE_EVERY {
                better = 0;
                let reached = known.min(picked.bound).div_euclid(SCALE);
                if settled(&prices, &picked).is_none_or(|worth| reached <= worth) {
                    break;
                }
            }
            if stale >= PATIENCE {
                stale = 0;
                step *= SHORTER;
                // Where only minima count, most prices belong at nothing and swing around it; those that do not must go on.
                if let Some((best, _)) = best.as_ref().filter(|_| prices.aim == Aim::Worth) {
                    prices.clone_from(best);
                    drift = apart.no_drift();
                }
            }
            if step < least || self.options.stopped() {
                break;
            }
            apart.step(&mut prices, &picked, &mut drift, step);
        }
        let (prices, bound) = best.unwrap_or((prices, i128::MAX));
        Climbed { prices, bound, step }
    }
}

/// The direction prices have been moving in.
struct Drift {
    needs: Vec<f64>,
    groups: Vec<f64>,
    shared: Vec<f64>,
}

/// How much of the last direction is kept: prices then do not swing to and fro.
const KEEP: f64 = 0.5;

impl Apart<'_> {
    /// How large prices are, about: a value, or what a missing unit weighs.
    pub(super) fn size_of_prices(&self, aim: Aim) -> f64 {
        let (sum, count) = match aim {
            Aim::Worth => {
                let items = (0..self.offers()).flat_map(|o| self.items_of(o));
                let values = items.map(|i| self.item(i).value.unsigned_abs() as f64);
                values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1))
            }
            Aim::Minima => {
                let needs = 0..self.problem.needs.len();
                (needs.clone().map(|n| self.missing(n, aim) as f64).sum(), needs.len())
            }
        };
        sum / count.max(1) as f64
    }

    fn no_drift(&self) -> Drift {
        Drift {
            needs: vec![0.0; self.problem.needs.len()],
            groups: vec![0.0; self.problem.groups.len()],
            shared: vec![0.0; self.shared.len()],
        }
    }

    /// Moves each price by the share by which its places are over- or underfilled.
    fn step(&self, prices: &mut Prices, picked: &Picked, drift: &mut Drift, step: f64) {
        let most = self.limit as f64;
        let go = |price: &mut i64, drift: &mut f64, over: f64, size: f64, least: f64| {
            let slope = (over / size.max(1.0)).clamp(-2.0, 2.0);
            *drift = KEEP * *drift + (1.0 - KEEP) * slope;
            let to = (*price as f64 + step * *drift).clamp(least, most);
            // What lies on both sides of nothing is best looked at there: many places are neither short nor full.
            let to = if (*price as f64) * to < 0.0 { 0.0 } else { to };
            *price = to.round() as i64;
        };
        for (need, price) in prices.needs.iter_mut().enumerate() {
            let used = picked.needs[need];
            let over = match self.fills(need, *price, prices.aim) {
                (least, _) if used < least => used - least,
                (_, most) if used > most => used - most,
                _ => 0,
            };
            // No place brings more than what is missing without it.
            let least = (self.missing(need, prices.aim) as f64).min(most);
            go(
                price,
                &mut drift.needs[need],
                over as f64,
                self.most[need] as f64,
                -least,
            );
        }
        for (at, (price, group)) in prices.groups.iter_mut().zip(&self.problem.groups).enumerate() {
            let used = picked.groups[at];
            let over = if used > group.max {
                used - group.max
            } else if used < group.min {
                used - group.min
            } else if *price > 0 {
                used - group.max
            } else if *price < 0 {
                used - group.min
            } else {
                0
            };
            let least = if group.min == 0 { 0.0 } else { -most };
            go(
                price,
                &mut drift.groups[at],
                over as f64,
                group.max.min(used.max(1)) as f64,
                least,
            );
        }
        for (at, (price, &(_, max))) in prices.shared.iter_mut().zip(&self.shared).enumerate() {
            let over = if *price > 0 || picked.shared[at] > max {
                picked.shared[at] - max
            } else {
                0
            };
            go(price, &mut drift.shared[at], over as f64, max as f64, 0.0);
        }
    }
}
