//! Thousands of small problems against an oracle that tries every allocation.

mod common;

use common::{Dice, is_best, small};
use matching::{Options, resolve, solve};

#[test]
fn small_problems_agree_with_the_oracle() {
    let mut dice = Dice(1);
    let (mut solved, mut refused) = (0, 0);
    for round in 0..20_000 {
        let problem = small(&mut dice, false);
        let found = solve(&problem, &Options::default());
        if is_best(round, &problem, found.as_ref()) {
            assert!(found.is_ok_and(|answer| answer.proved), "{round}: {problem:?}");
            solved += 1;
        } else {
            refused += 1;
        }
    }
    assert!(solved > 10_000 && refused > 200, "{solved} {refused}");
}

#[test]
fn warm_starts_agree_with_the_oracle() {
    let mut dice = Dice(2);
    for round in 0..5_000 {
        let problem = small(&mut dice, false);
        let Ok(earlier) = solve(&problem, &Options::default()) else {
            continue;
        };
        let mut changed = problem.clone();
        for pair in &mut changed.pairs {
            if dice.chance(30) {
                pair.value += dice.range(-3, 3);
                pair.max_units = dice.range(0, 3);
            }
        }
        for offer in &mut changed.offers {
            if dice.chance(30) {
                offer.capacity = dice.range(0, 3);
            }
        }
        let again = resolve(&changed, &earlier, &Options::default());
        if is_best(round, &changed, again.as_ref()) {
            assert!(again.is_ok_and(|answer| answer.proved), "{round}: {changed:?}");
        }
    }
}

/// Small problems are reckoned in 32 bits, larger numbers in 64: where one ends and the other begins nothing shows.
#[test]
fn answers_are_right_where_narrow_numbers_end() {
    let mut dice = Dice(3);
    for round in 0..6_000 {
        let mut problem = small(&mut dice, false);
        let wide = dice.range(4, 24);
        for pair in &mut problem.pairs {
            pair.value = (pair.value << wide) + dice.range(-2, 2);
        }
        if dice.chance(30) {
            for need in &mut problem.needs {
                need.priority <<= dice.range(0, 12);
            }
        }
        let found = solve(&problem, &Options::default());
        if is_best(round, &problem, found.as_ref()) {
            assert!(found.as_ref().is_ok_and(|answer| answer.proved), "{round}: {problem:?}");
        }
        let Ok(earlier) = found else { continue };
        // The same with values that no longer fit, from the answer that was found while they did.
        for pair in &mut problem.pairs {
            pair.value *= 1 << dice.range(0, 6);
        }
        let again = resolve(&problem, &earlier, &Options::default());
        if is_best(round, &problem, again.as_ref()) {
            assert!(again.is_ok_and(|answer| answer.proved), "{round}: {problem:?}");
        }
    }
}
