//! Seeded small problems and the oracle that tries every allocation.
#![allow(dead_code)]

use matching::check::{self, Totals, totals};
use matching::{Answer, Group, Need, Offer, Pair, Problem, Refusal, Rule, Side, Status};

/// SplitMix64: the same problems on every machine.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// Between `low` and `high`, both included.
    pub fn range(&mut self, low: i64, high: i64) -> i64 {
        low + (self.next() % ((high - low + 1) as u64)) as i64
    }
    pub fn chance(&mut self, percent: i64) -> bool {
        self.range(1, 100) <= percent
    }
}

/// A problem small enough to try everything, with every feature in some of them.
pub fn small(dice: &mut Dice, rules: bool) -> Problem {
    let needs = dice.range(1, 4) as usize;
    let offers = dice.range(1, 4) as usize;
    let most = dice.range(1, 3);
    let mut problem = Problem::default();
    for _ in 0..needs {
        let max = dice.range(0, 4);
        let min = if dice.chance(50) { dice.range(0, max) } else { 0 };
        problem.needs.push(Need {
            min,
            max,
            priority: dice.range(0, 3),
        });
    }
    for _ in 0..offers {
        problem.offers.push(Offer {
            capacity: dice.range(0, 3),
        });
    }
    let spread = [1, 5, 1000][dice.range(0, 2) as usize];
    let forced = dice.chance(30);
    let mut cells: Vec<(u32, u32)> = (0..offers as u32)
        .flat_map(|o| (0..needs as u32).map(move |n| (o, n)))
        .collect();
    for at in (1..cells.len()).rev() {
        cells.swap(at, dice.range(0, at as i64) as usize);
    }
    cells.truncate(dice.range(0, 8) as usize);
    let sorted = dice.chance(50);
    if sorted {
        cells.sort_unstable();
    }
    for (offer, need) in cells {
        let status = match dice.range(0, 9) {
            0 if forced => Status::Forced,
            1 => Status::Forbidden,
            _ => Status::Free,
        };
        problem.pairs.push(Pair {
            offer,
            need,
            value: dice.range(-spread / 2, spread),
            max_units: dice.range(0, most),
            status,
        });
    }
    if dice.chance(50) {
        groups(dice, &mut problem, rules);
    }
    if rules {
        some_rules(dice, &mut problem);
    }
    problem
}

fn groups(dice: &mut Dice, problem: &mut Problem, crossing: bool) {
    for side in [Side::Offer, Side::Need] {
        let count = match side {
            Side::Offer => problem.offers.len(),
            Side::Need => problem.needs.len(),
        } as u32;
        // Intervals that nest: halves of halves. Crossing ones are drawn freely.
        let mut todo = vec![(0, count)];
        while let Some((from, to)) = todo.pop() {
            if dice.chance(60) && from < to {
                let max = dice.range(0, 6);
                let min = if dice.chance(30) { dice.range(0, max.min(2)) } else { 0 };
                let members = if crossing {
                    (0..count).filter(|_| dice.chance(50)).collect()
                } else {
                    (from..to).collect()
                };
                let members: Vec<u32> = members;
                problem.groups.push(Group {
                    side,
                    // Nobody could bring what a group without members asks.
                    min: if members.is_empty() { 0 } else { min },
                    members,
                    max,
                });
            }
            if to - from > 1 && dice.chance(70) {
                let middle = (from + to) / 2;
                todo.push((from, middle));
                todo.push((middle, to));
            }
        }
    }
}

fn some_rules(dice: &mut Dice, problem: &mut Problem) {
    let offers = problem.offers.len() as i64;
    for _ in 0..dice.range(1, 3) {
        let rule = match dice.range(0, 3) {
            0 => Rule::Load {
                terms: (0..problem.pairs.len() as u32)
                    .filter(|_| dice.chance(60))
                    .map(|p| (p, 0))
                    .collect::<Vec<_>>()
                    .into_iter()
                    .map(|(p, _)| (p, dice.range(0, 4)))
                    .collect(),
                max: dice.range(0, 9),
            },
            1 => Rule::Budget {
                // Now and then the next one is paid for together with it.
                costs: (0..offers as u32)
                    .map(|o| {
                        let together = o + 1 < offers as u32 && dice.chance(30);
                        (if together { vec![o, o + 1] } else { vec![o] }, dice.range(0, 5))
                    })
                    .collect(),
                max: dice.range(0, 9),
            },
            2 => Rule::AllOrNothing {
                offer: dice.range(0, offers - 1) as u32,
            },
            _ => Rule::Exclusive {
                offers: (0..offers as u32).filter(|_| dice.chance(60)).collect(),
            },
        };
        problem.rules.push(rule);
    }
}

/// Holds what was found against the oracle: as good as the best there is, and said to be proved if the checker says so; or
/// refused because nothing is allowed. Tells which.
pub fn is_best(round: u32, problem: &Problem, found: Result<&Answer, &Refusal>) -> bool {
    let best = oracle(problem);
    match found {
        Ok(answer) => {
            let best = best.unwrap_or_else(|| panic!("{round}: the oracle found none: {problem:?}\n{answer:?}"));
            assert_eq!(
                (answer.weighted_unmet, answer.objective),
                (best.weighted_unmet, best.objective),
                "{round}: {problem:?}\n{answer:?}"
            );
            let checked = check::check(problem, answer);
            assert_eq!(
                answer.proved,
                checked.is_ok(),
                "{round}: {checked:?} {problem:?}\n{answer:?}"
            );
            true
        }
        Err(Refusal::Conflict(_)) => {
            assert_eq!(best, None, "{round}: {problem:?}");
            false
        }
        Err(other) => panic!("{round}: {other:?} {problem:?}"),
    }
}

/// Tries every allocation; the best totals, or none when nothing is allowed.
pub fn oracle(problem: &Problem) -> Option<Totals> {
    let mut units = vec![0i64; problem.pairs.len()];
    let mut best: Option<Totals> = None;
    try_all(problem, 0, &mut units, &mut best);
    best
}

fn try_all(problem: &Problem, at: usize, units: &mut Vec<i64>, best: &mut Option<Totals>) {
    if at == units.len() {
        if let Ok(t) = totals(problem, units) {
            let better = best.is_none_or(|b| (t.weighted_unmet, -t.objective) < (b.weighted_unmet, -b.objective));
            if better {
                *best = Some(t);
            }
        }
        return;
    }
    let pair = &problem.pairs[at];
    let range = match pair.status {
        Status::Free => 0..=pair.max_units,
        Status::Forced => pair.max_units..=pair.max_units,
        Status::Forbidden => 0..=0,
    };
    for x in range {
        units[at] = x;
        try_all(problem, at + 1, units, best);
    }
    units[at] = 0;
}
