//! Why: for each pair a reason made of facts that a page can put into words, for each unmet need its causes.
//!
//! Both come from the answer alone. A reason compares prices: what would be lost if one unit went the other
//! way. Causes: see [`crate::causes`].

use crate::answer::{Answer, Limit, Told, Unmet};
use crate::causes::{self, Causes};
use crate::problem::{ByOffer, Problem, Side, Status};

/// What one unit going the other way would cost: first in weighted missing minimum units, then in value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    /// Priority x missing minimum units more.
    pub weighted_unmet: i128,
    /// Value less.
    pub value: i128,
}

/// Another offer that could have come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rival {
    /// Its pair with the same need.
    pub pair: u32,
    /// What is lost if it takes the place of one unit, everything else arranged as well as can be.
    pub loss: Loss,
    /// Where most of its units are needed now, if anywhere: "B is needed for C".
    pub needed_at: Option<u32>,
}

/// Why a pair carries what it carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Somebody forced it.
    Forced,
    /// Somebody forbade it.
    Forbidden,
    /// It carries units.
    Chosen {
        /// The offer that comes nearest to taking its place; none when no other could.
        over: Option<Rival>,
        /// The need where the offer would do best otherwise, with what that would lose.
        instead_of: Option<(u32, Loss)>,
        /// Some of the need's minimum depends on it.
        for_minimum: bool,
    },
    /// It carries nothing.
    NotChosen {
        /// What one unit of it would lose.
        loss: Loss,
        /// Where most of the offer's units are, if it is used.
        offer_used_at: Option<u32>,
        /// The offer that serves the need most, if any.
        need_served_by: Option<u32>,
    },
}

/// Holds what the explanations look up.
pub struct Explainer<'a> {
    problem: &'a Problem,
    answer: &'a Answer,
    by_offer: ByOffer,
    need_start: Vec<u32>,
    need_pairs: Vec<u32>,
    offer_pays: Vec<i128>,
    need_pays: Vec<i128>,
    used: Vec<i128>,
}

impl<'a> Explainer<'a> {
    /// For an answer that [`crate::solve`] gave to this very problem.
    pub fn new(problem: &'a Problem, answer: &'a Answer) -> Self {
        let (offers, needs) = (problem.offers.len(), problem.needs.len());
        let mut need_start = vec![0u32; needs + 1];
        for pair in &problem.pairs {
            need_start[pair.need as usize + 1] += 1;
        }
        for at in 1..need_start.len() {
            need_start[at] += need_start[at - 1];
        }
        let mut next = need_start.clone();
        let mut need_pairs = vec![0u32; problem.pairs.len()];
        let mut used = vec![0i128; offers + needs];
        for (at, pair) in problem.pairs.iter().enumerate() {
            let place = &mut next[pair.need as usize];
            need_pairs[*place as usize] = at as u32;
            *place += 1;
            let units = i128::from(answer.units[at]);
            used[pair.offer as usize] += units;
            used[offers + pair.need as usize] += units;
        }
        let mut offer_pays = answer.certificate.offers.clone();
        let mut need_pays = answer.certificate.needs.clone();
        for (group, &price) in problem.groups.iter().zip(&answer.certificate.groups) {
            let pays = if group.side == Side::Offer {
                &mut offer_pays
            } else {
                &mut need_pays
            };
            for &m in &group.members {
                pays[m as usize] += price;
            }
        }
        Self {
            problem,
            answer,
            by_offer: ByOffer::new(problem),
            need_start,
            need_pairs,
            offer_pays,
            need_pays,
            used,
        }
    }

    fn pairs_of(&self, need: usize) -> &[u32] {
        &self.need_pairs[self.need_start[need] as usize..self.need_start[need + 1] as usize]
    }

    /// What one unit more on this pair loses at the answer's prices.
    fn loss(&self, pair: u32) -> i128 {
        let p = &self.problem.pairs[pair as usize];
        self.offer_pays[p.offer as usize] + self.need_pays[p.need as usize]
            - i128::from(p.value) * self.answer.certificate.scale
    }

    fn split(&self, loss: i128) -> Loss {
        let weight = self.answer.certificate.weight.max(1);
        let loss = loss.div_euclid(self.answer.certificate.scale.max(1));
        let weighted_unmet = (loss + weight / 2).div_euclid(weight);
        Loss {
            weighted_unmet,
            value: loss - weighted_unmet * weight,
        }
    }

    fn busiest_need(&self, offer: u32) -> Option<u32> {
        let pairs = self.by_offer.of(offer as usize);
        let best = pairs.max_by_key(|&p| (self.answer.units[p as usize], std::cmp::Reverse(p)))?;
        (self.answer.units[best as usize] > 0).then(|| self.problem.pairs[best as usize].need)
    }

    /// Why this pair carries what it carries.
    pub fn reason(&self, pair: u32) -> Reason {
        let p = &self.problem.pairs[pair as usize];
        match p.status {
            Status::Forced => return Reason::Forced,
            Status::Forbidden => return Reason::Forbidden,
            Status::Free => {}
        }
        let open = |&other: &u32| {
            let o = &self.problem.pairs[other as usize];
            other != pair && o.status == Status::Free && self.answer.units[other as usize] < o.max_units
        };
        let need = p.need as usize;
        if self.answer.units[pair as usize] > 0 {
            let own = self.loss(pair).min(0);
            let rival = self.pairs_of(need).iter().copied().filter(open);
            let over = rival.map(|r| (self.loss(r) - own, r)).min().map(|(loss, r)| Rival {
                pair: r,
                loss: self.split(loss.max(0)),
                needed_at: self.busiest_need(self.problem.pairs[r as usize].offer),
            });
            let other = self.by_offer.of(p.offer as usize).filter(open);
            let instead_of = other.map(|o| (self.loss(o) - own, o)).min();
            let spare = self.used[self.problem.offers.len() + need] - i128::from(self.answer.units[pair as usize]);
            Reason::Chosen {
                over,
                instead_of: instead_of.map(|(loss, o)| (self.problem.pairs[o as usize].need, self.split(loss.max(0)))),
                for_minimum: spare < i128::from(self.problem.needs[need].min),
            }
        } else {
            let serves = self.pairs_of(need).iter().copied();
            let most = serves.max_by_key(|&o| (self.answer.units[o as usize], std::cmp::Reverse(o)));
            Reason::NotChosen {
                loss: self.split(self.loss(pair).max(0)),
                offer_used_at: self.busiest_need(p.offer),
                need_served_by: most
                    .filter(|&o| self.answer.units[o as usize] > 0)
                    .map(|o| self.problem.pairs[o as usize].offer),
            }
        }
    }

    /// Why this need is below its minimum, in at most about `most` steps.
    pub fn shortage(&self, need: u32, most: usize) -> Causes {
        let mut list = [Unmet {
            need,
            units: 0,
            causes: Vec::new(),
            loosen: Vec::new(),
            told: Told::Not,
        }];
        causes::of(self.problem, self.answer, &mut list, most, &|| false);
        let [
            Unmet {
                causes, loosen, told, ..
            },
        ] = list;
        Causes { causes, loosen, told }
    }

    /// The limits that together keep this need below its minimum; empty when it is not, or when more than `most`
    /// steps would be needed to tell.
    pub fn causes(&self, need: u32, most: usize) -> Vec<Limit> {
        self.shortage(need, most).causes
    }
}
