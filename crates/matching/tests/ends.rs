//! The ends of numbers and of the clock: counted, refused, or said plainly, never wrong.

mod common;

use common::{Dice, small};
use matching::check::totals;
use matching::{Answer, Group, Need, Offer, Options, Pair, Problem, Refusal, Rule, Side, Status, resolve, solve};
use std::sync::atomic::{AtomicI64, Ordering};

fn need(min: i64, max: i64, priority: i64) -> Need {
    Need { min, max, priority }
}
fn pair(offer: u32, need: u32, value: i64, max_units: i64) -> Pair {
    Pair {
        offer,
        need,
        value,
        max_units,
        status: Status::Free,
    }
}

#[test]
fn minima_that_nobody_could_ever_meet_are_no_conflict() {
    for most in [i64::MAX, i64::MAX - 1, 1 << 62, 1 << 41] {
        let problem = Problem {
            needs: vec![need(most - 1, most, 1), need(0, most, 1), need(most, most, 0)],
            offers: vec![Offer { capacity: most }, Offer { capacity: 3 }],
            pairs: vec![pair(0, 0, -5, 4), pair(0, 1, 2, 3), pair(1, 2, 9, 9), pair(1, 0, 1, 9)],
            groups: vec![Group {
                side: Side::Need,
                members: vec![0, 1, 2],
                min: 2,
                max: most,
            }],
            ..Problem::default()
        };
        let answer = solve(&problem, &Options::default()).unwrap();
        assert!(answer.proved, "{most}: {answer:?}");
        assert_eq!(
            (answer.units.as_slice(), answer.objective),
            (&[4, 3, 0, 3][..], -11),
            "{most}"
        );
    }
}

/// Two limits over the same needs, one as wide as numbers go, and a minimum that weighs more than all else.
#[test]
fn wide_limits_add_up() {
    let group = |max: i64| Group {
        side: Side::Need,
        members: vec![0, 1, 2],
        min: 0,
        max,
    };
    for most in [i64::MAX, 1 << 62, 1 << 50] {
        let problem = Problem {
            needs: vec![need(most - 1, most, 1 << 40), need(0, most, 0), need(0, most, 0)],
            offers: vec![Offer { capacity: 3 }, Offer { capacity: most }],
            pairs: vec![pair(0, 0, -5, 3), pair(1, 1, 7, 9), pair(1, 2, 8, 2)],
            groups: vec![group(most), group(6)],
            ..Problem::default()
        };
        let answer = solve(&problem, &Options::default()).unwrap();
        assert!(answer.proved, "{most}: {answer:?}");
        assert_eq!(answer.units, [3, 1, 2], "{most}");
    }
}

#[test]
fn what_cannot_be_weighed_or_added_up_is_refused() {
    let too_large = |problem: &Problem| {
        let answer = solve(problem, &Options::default());
        assert!(matches!(answer, Err(Refusal::TooLarge(_))), "{answer:?}");
    };
    let plain = Problem {
        needs: vec![need(i64::MAX, i64::MAX, i64::MAX)],
        offers: vec![Offer { capacity: 3 }],
        pairs: vec![pair(0, 0, -5, 4)],
        ..Problem::default()
    };
    too_large(&plain);
    let with = |rule: Rule| Problem {
        needs: vec![need(1, 3, 1)],
        rules: vec![rule],
        ..plain.clone()
    };
    too_large(&with(Rule::Load {
        terms: vec![(0, i64::MAX)],
        max: i64::MAX,
    }));
    too_large(&with(Rule::Budget {
        costs: vec![(vec![0], i64::MAX), (vec![0], 3)],
        max: i64::MAX,
    }));
}

#[test]
fn an_offer_named_twice_excludes_only_others() {
    let mut problem = Problem {
        needs: vec![need(0, 9, 1)],
        offers: vec![Offer { capacity: 3 }, Offer { capacity: 2 }],
        pairs: vec![pair(0, 0, 5, 3), pair(1, 0, 4, 2)],
        rules: vec![Rule::Exclusive { offers: vec![0, 0] }],
        ..Problem::default()
    };
    assert_eq!(solve(&problem, &Options::default()).unwrap().objective, 23);
    problem.rules = vec![Rule::Exclusive { offers: vec![0, 1, 0] }];
    assert_eq!(solve(&problem, &Options::default()).unwrap().objective, 15);
}

#[test]
fn a_gap_says_that_minima_could_be_met_better() {
    let mut answer = Answer {
        objective: 5,
        bound: 5,
        weighted_unmet: 8,
        unmet_bound: 2,
        ..Answer::default()
    };
    assert_eq!(answer.gap(), 0.75);
    (answer.objective, answer.bound, answer.unmet_bound) = (i128::MIN, i128::MAX, 8);
    assert!(answer.gap() >= 1.0);
    (answer.objective, answer.bound) = (99, 100);
    assert_eq!(answer.gap(), 0.01);
}

/// An earlier answer that still keeps every limit is never lost, nor made worse, by a clock that strikes at any moment.
#[test]
fn an_earlier_answer_that_holds_outlives_the_clock() {
    let mut dice = Dice(77);
    let mut held = 0;
    for round in 0..6_000 {
        let mut problem = small(&mut dice, round % 3 == 0);
        let Ok(earlier) = solve(&problem, &Options::default()) else {
            continue;
        };
        for pair in &mut problem.pairs {
            pair.value += dice.range(-3, 3);
        }
        if dice.chance(50) {
            problem.needs.iter_mut().for_each(|n| n.priority = dice.range(0, 3));
        }
        let Ok(before) = totals(&problem, &earlier.units) else {
            continue;
        };
        let left = AtomicI64::new(dice.range(0, 6));
        let stop = || left.fetch_sub(1, Ordering::Relaxed) <= 0;
        let options = Options {
            stop: Some(&stop),
            ..Options::default()
        };
        let now = resolve(&problem, &earlier, &options).unwrap_or_else(|e| panic!("{round}: {e}: {problem:?}"));
        let worth = |unmet: i128, value: i128| (-unmet, value);
        assert!(
            worth(now.weighted_unmet, now.objective) >= worth(before.weighted_unmet, before.objective),
            "{round}: {problem:?}"
        );
        held += 1;
    }
    assert!(held > 2_000, "{held}");
}
