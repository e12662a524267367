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
