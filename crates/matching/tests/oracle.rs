//! Thousands of small problems against an oracle that tries every allocation.

mod common;

use common::{Dice, oracle, small};
use matching::{Options, Refusal, check, resolve, solve};

#[test]
fn small_problems_agree_with_the_oracle() {
    let mut dice = Dice(1);
    let (mut solved, mut refused) = (0, 0);
    for round in 0..20_000 {
        let problem = small(&mut dice, false);
        let best = oracle(&problem);
        match solve(&problem, &Options::default()) {
            Ok(answer) => {
                let best = best.unwrap_or_else(|| panic!("{round}: oracle found none: {problem:?}"));
                assert_eq!(
                    check::check(&problem, &answer),
                    Ok(()),
                    "{round}: {problem:?}\n{answer:?}"
                );
                assert!(answer.proved);
                assert_eq!(answer.objective, best.objective, "{round}: {problem:?}\n{answer:?}");
                assert_eq!(answer.weighted_unmet, best.weighted_unmet, "{round}: {problem:?}");
                solved += 1;
            }
            Err(Refusal::Conflict(_)) => {
                assert_eq!(best, None, "{round}: {problem:?}");
                refused += 1;
            }
            Err(other) => panic!("{round}: {other:?} {problem:?}"),
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
        let best = oracle(&changed);
        match resolve(&changed, &earlier, &Options::default()) {
            Ok(answer) => {
                let best = best.unwrap_or_else(|| panic!("{round}"));
                assert!(answer.proved, "{round}: {changed:?}\n{answer:?}");
                assert_eq!(answer.objective, best.objective, "{round}");
                assert_eq!(answer.weighted_unmet, best.weighted_unmet, "{round}");
            }
            Err(Refusal::Conflict(_)) => assert_eq!(best, None, "{round}"),
            Err(other) => panic!("{round}: {other:?}"),
        }
    }
}
