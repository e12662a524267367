//! The checker's own look at each offer by itself: what its pairs can bring at most under its capacity, its loads and its
//! all-or-nothing rule. Knows nothing of how the solver picks.

use super::{Flaw, most_units};
use crate::problem::{ByOffer, Problem, Rule, Status};

/// Combinations looked at for one offer; beyond, the bound by capacity alone must do.
const LOOKS: u32 = 20_000;

/// A pair that could bring something: what a unit brings, most units, and where its weights stand.
struct Part {
    left: i128,
    most: i64,
    weights: usize,
}

struct Look {
    parts: Vec<Part>,
    /// Of each part one weight per load of the offer.
    weights: Vec<i64>,
    rooms: Vec<i64>,
    whole: bool,
    best: Option<i128>,
    looks: u32,
}

/// The sum over all offers of the most that their free pairs bring, each unit bringing `lefts`.
pub(super) fn most(problem: &Problem, lefts: &[i128]) -> Result<i128, Flaw> {
    let by_offer = ByOffer::new(problem);
    let mut loads: Vec<(u32, usize)> = Vec::new();
    let mut whole = vec![false; problem.offers.len()];
    for (at, rule) in problem.rules.iter().enumerate() {
        match rule {
            Rule::Load { terms, .. } => {
                let mut offers = terms
                    .iter()
                    .filter(|t| t.1 != 0)
                    .map(|t| problem.pairs[t.0 as usize].offer);
                let Some(first) = offers.next() else { continue };
                if offers.all(|o| o == first) {
                    loads.push((first, at));
                }
            }
            Rule::AllOrNothing { offer } => whole[*offer as usize] = true,
            Rule::Budget { .. } | Rule::Exclusive { .. } => {}
        }
    }
    loads.sort_unstable();
    let mut look = Look {
        parts: Vec::new(),
        weights: Vec::new(),
        rooms: Vec::new(),
        whole: false,
        best: None,
        looks: 0,
    };
    let mut sum = 0i128;
    let mut loads = loads.iter().peekable();
    let (mut own, mut weights): (Vec<usize>, Vec<(u32, usize, i64)>) = (Vec::new(), Vec::new());
    for (offer, of) in problem.offers.iter().enumerate() {
        // The loads that lie on this offer alone, and by pair its weight under each.
        own.clear();
        weights.clear();
        while let Some(&(_, rule)) = loads.next_if(|l| l.0 as usize == offer) {
            own.push(rule);
            if let Rule::Load { terms, .. } = &problem.rules[rule] {
                weights.extend(terms.iter().map(|t| (t.0, rule, t.1)));
            }
        }
        weights.sort_unstable();
        let weight = |pair: u32, rule: usize| {
            let from = weights.partition_point(|w| (w.0, w.1) < (pair, rule));
            let same = weights[from..].iter().take_while(|w| (w.0, w.1) == (pair, rule));
            same.fold(0i64, |sum, w| sum.saturating_add(w.2))
        };
        let mut capacity = of.capacity;
        let mut used = false;
        look.parts.clear();
        look.weights.clear();
        look.rooms.clear();
        look.rooms.extend(own.iter().map(|&rule| match &problem.rules[rule] {
            Rule::Load { max, .. } => *max,
            _ => i64::MAX,
        }));
        look.whole = whole[offer];
        for at in by_offer.of(offer) {
            let pair = &problem.pairs[at as usize];
            if pair.status == Status::Forced {
                used |= pair.max_units > 0;
                capacity = capacity.saturating_sub(pair.max_units);
                for (room, &rule) in look.rooms.iter_mut().zip(&own) {
                    *room = room.saturating_sub(weight(at, rule).saturating_mul(pair.max_units));
                }
            } else if pair.status == Status::Free && (lefts[at as usize] > 0 || look.whole) {
                let from = look.weights.len();
                look.weights.extend(own.iter().map(|&rule| weight(at, rule)));
                look.parts.push(Part {
                    left: lefts[at as usize],
                    most: most_units(problem, pair),
                    weights: from,
                });
            }
        }
        sum = sum
            .checked_add(look.offer(capacity.max(0), used)?)
            .ok_or(Flaw::Overflow)?;
    }
    Ok(sum)
}

impl Look {
    fn offer(&mut self, capacity: i64, used: bool) -> Result<i128, Flaw> {
        self.parts.sort_by_key(|p| (std::cmp::Reverse(p.left), p.weights));
        // By capacity alone: the best units first. Also says whether the sums below can overflow.
        let (mut room, mut plain) = (capacity, 0i128);
        for part in self.parts.iter().filter(|p| p.left > 0) {
            let units = part.most.min(room);
            room -= units;
            plain = part
                .left
                .checked_mul(i128::from(units))
                .and_then(|v| plain.checked_add(v))
                .ok_or(Flaw::Overflow)?;
        }
        let largest = self.parts.iter().map(|p| p.left.unsigned_abs()).max().unwrap_or(0);
        if largest > 1 << 60 {
            return Ok(plain);
        }
        self.best = (!self.whole || !used || capacity == 0).then_some(0);
        self.looks = 0;
        self.go(0, capacity, 0);
        Ok(match self.best {
            Some(best) if self.looks < LOOKS => best,
            _ => plain,
        })
    }

    fn go(&mut self, from: usize, room: i64, value: i128) {
        if (!self.whole || room == 0) && self.best.is_none_or(|best| value > best) {
            self.best = Some(value);
        }
        for at in from..self.parts.len() {
            let Part { left, most, weights } = self.parts[at];
            let hopeless = self.best.is_some_and(|best| value + left * i128::from(room) <= best);
            if room == 0 || hopeless || self.looks >= LOOKS {
                return;
            }
            let of = weights..weights + self.rooms.len();
            let rooms = self.rooms.iter().zip(&self.weights[of.clone()]);
            let fits = rooms.filter(|w| *w.1 > 0).map(|(room, weight)| room.max(&0) / weight);
            for units in 1..=fits.fold(most.min(room), i64::min) {
                self.looks += 1;
                if self.looks >= LOOKS {
                    return;
                }
                for (slot, &weight) in self.rooms.iter_mut().zip(&self.weights[of.clone()]) {
                    *slot -= weight * units;
                }
                self.go(at + 1, room - units, value + left * i128::from(units));
                for (slot, &weight) in self.rooms.iter_mut().zip(&self.weights[of.clone()]) {
                    *slot += weight * units;
                }
            }
        }
    }
}
