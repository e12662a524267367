//! Markets so tight that a change anywhere moves prices everywhere: what a warm start and a cold one find has the same
//! worth, and both are proved.

use matching::{Group, Need, Offer, Options, Pair, Problem, Rule, Side, Status, resolve, solve};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((u128::from(z ^ (z >> 31))) * bound as u128) >> 64) as i64
    }
}

/// About as many units offered as wanted; with `groups`, needs share limits as well.
fn market(dice: &mut Dice, offers: u32, needs: u32, priority: i64, groups: bool) -> Problem {
    let mut problem = Problem::default();
    for _ in 0..offers {
        let capacity = 1 + dice.below(3);
        problem.offers.push(Offer { capacity });
    }
    let each = i64::from(offers) * 2 / i64::from(needs);
    for _ in 0..needs {
        let max = each / 2 + dice.below(each + 1);
        let min = dice.below(max / 2 + 1);
        problem.needs.push(Need {
            min,
            max,
            priority: dice.below(priority + 1),
        });
    }
    for offer in 0..offers {
        let first = dice.below(i64::from(needs)) as u32;
        let stride = 1 + dice.below(7) as u32;
        for step in 0..12 {
            let need = (first + step * stride) % needs;
            if problem.pairs.iter().rev().take(step as usize).any(|p| p.need == need) {
                continue;
            }
            problem.pairs.push(Pair {
                offer,
                need,
                value: dice.below(1000),
                max_units: 1 + dice.below(3),
                status: Status::Free,
            });
        }
    }
    if groups {
        for start in (0..needs).step_by(10) {
            let members: Vec<u32> = (start..(start + 10).min(needs)).collect();
            let most: i64 = members.iter().map(|&n| problem.needs[n as usize].max).sum();
            problem.groups.push(Group {
                side: Side::Need,
                members,
                min: 0,
                max: most - most / 8,
            });
        }
    }
    problem
}

#[test]
fn shifted_markets_are_mended_exactly() {
    let options = Options::default();
    for seed in 0..24 {
        let mut dice = Dice(seed);
        let mut problem = market(&mut dice, 1500, 120, 5, seed % 3 == 0);
        let mut answer = solve(&problem, &options).unwrap();
        assert!(answer.proved, "seed {seed}");
        for turn in 0..3 {
            // Always fewer units, so that others must give some up.
            for offer in &mut problem.offers {
                if dice.below(40) == 0 {
                    offer.capacity = dice.below(2);
                }
            }
            answer = resolve(&problem, &answer, &options).unwrap();
            let cold = solve(&problem, &options).unwrap();
            assert!(answer.proved && cold.proved, "seed {seed} turn {turn}");
            assert_eq!(
                (answer.weighted_unmet, answer.objective),
                (cold.weighted_unmet, cold.objective),
                "seed {seed} turn {turn}"
            );
        }
    }
}

#[test]
fn minima_that_compete_are_met_where_they_weigh_most() {
    let options = Options::default();
    for seed in 0..12 {
        let mut dice = Dice(1000 + seed);
        let mut problem = market(&mut dice, 800, 60, 5, seed % 4 == 0);
        for need in &mut problem.needs {
            need.max *= 3;
            need.min = need.max * 2 / 3;
        }
        let cold = solve(&problem, &options).unwrap();
        assert!(cold.proved && cold.weighted_unmet > 0, "seed {seed}");
        // The same from an answer to nearly the same question.
        for offer in problem.offers.iter_mut().step_by(50) {
            offer.capacity += 1;
        }
        let again = resolve(&problem, &cold, &options).unwrap();
        let fresh = solve(&problem, &options).unwrap();
        assert!(again.proved && fresh.proved, "seed {seed}");
        assert_eq!(
            (again.weighted_unmet, again.objective),
            (fresh.weighted_unmet, fresh.objective)
        );
    }
}

#[test]
fn threads_do_not_change_the_answer() {
    let mut problem = market(&mut Dice(5), 6000, 400, 5, true);
    let one = Options::default();
    let two = Options { threads: 2, ..one };
    let answer = solve(&problem, &one).unwrap();
    assert!(answer.proved && problem.pairs.len() > 50_000);
    assert_eq!(answer, solve(&problem, &two).unwrap());
    for offer in problem.offers.iter_mut().step_by(97) {
        offer.capacity = 0;
    }
    let again = resolve(&problem, &answer, &one).unwrap();
    assert!(again.proved);
    assert_eq!(again, resolve(&problem, &answer, &two).unwrap());
}

#[test]
fn values_of_very_different_size_do_not_start_a_war() {
    let options = Options::default();
    for seed in 0..6 {
        let mut dice = Dice(2000 + seed);
        let mut problem = market(&mut dice, 900, 80, 5, false);
        for pair in &mut problem.pairs {
            // Nearly all alike, and a few worth more than all others together.
            pair.value = match dice.below(500) {
                0 => 1_000_000_000 + dice.below(1_000_000),
                1..20 => dice.below(100_000),
                _ => dice.below(4),
            };
        }
        let answer = solve(&problem, &options).unwrap();
        assert!(answer.proved, "seed {seed}");
        problem.offers.truncate(890);
        problem.pairs.retain(|p| p.offer < 890);
        let again = resolve(&problem, &answer, &options).unwrap();
        assert!(again.proved, "seed {seed}");
    }
}

#[test]
fn an_offer_does_not_bid_against_itself_for_ages() {
    // Two minima far apart in worth, and one offer that has more units than both ask for.
    let need = |min, max, priority| Need { min, max, priority };
    let pair = |need, value, max_units| Pair {
        offer: 0,
        need,
        value,
        max_units,
        status: Status::Free,
    };
    let problem = Problem {
        needs: vec![need(2, 2, 0), need(1, 2, 1 << 40), need(0, 1, 1), need(1, 2, 1 << 62)],
        offers: vec![Offer { capacity: 3 }],
        pairs: vec![pair(0, 0, 0), pair(1, 3, 2), pair(2, 0, 2), pair(3, 4, 2)],
        groups: Vec::new(),
        rules: vec![Rule::AllOrNothing { offer: 0 }],
    };
    let answer = solve(&problem, &Options::default()).unwrap();
    assert!(answer.proved);
    assert_eq!((answer.objective, answer.weighted_unmet), (3 + 2 * 4, 0));
}

/// Rounds of searching that a problem took: the clock is asked once in each.
fn rounds(problem: &Problem) -> usize {
    let asked = AtomicUsize::new(0);
    let clock = || {
        asked.fetch_add(1, Relaxed);
        false
    };
    let options = Options {
        stop: Some(&clock),
        ..Options::default()
    };
    assert!(solve(problem, &options).is_ok_and(|answer| answer.proved));
    asked.load(Relaxed)
}

#[test]
fn how_priorities_are_numbered_does_not_matter_to_the_work() {
    for seed in 0..4 {
        let mut problem = market(&mut Dice(3000 + seed), 800, 60, 5, false);
        for need in &mut problem.needs {
            need.max *= 3;
            need.min = need.max * 2 / 3;
        }
        for (highest, numbers) in [(3, "one to three"), (10, "one to ten"), (7, "one to seven")] {
            let mut dice = Dice(seed);
            for need in &mut problem.needs {
                need.priority = 1 + dice.below(highest);
            }
            let rounds = rounds(&problem);
            assert!(rounds < 100, "seed {seed}, {numbers}: {rounds}");
        }
    }
}

#[test]
fn minima_that_take_nearly_all_there_is_are_no_more_work_than_others() {
    for seed in 0..4 {
        let mut problem = market(&mut Dice(4000 + seed), 800, 60, 5, false);
        for need in &mut problem.needs {
            need.min = need.max;
        }
        let rounds = rounds(&problem);
        assert!(rounds < 100, "seed {seed}: {rounds}");
    }
}
