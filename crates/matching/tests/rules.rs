//! Rules beyond the flow against the oracle.

mod common;

use common::{Dice, oracle, small};
use matching::{Options, Refusal, check, solve};

#[test]
fn rules_agree_with_the_oracle() {
    let mut dice = Dice(11);
    let (mut solved, mut proved, mut refused) = (0, 0, 0);
    for round in 0..6_000 {
        let problem = small(&mut dice, true);
        let best = oracle(&problem);
        match solve(&problem, &Options::default()) {
            Ok(answer) => {
                let best = best.unwrap_or_else(|| panic!("{round}: {problem:?}\n{answer:?}"));
                check::totals(&problem, &answer.units).unwrap();
                assert_eq!(
                    (answer.weighted_unmet, answer.objective),
                    (best.weighted_unmet, best.objective),
                    "{round}: {problem:?}\n{answer:?}"
                );
                assert!(answer.proved || answer.searched, "{round}");
                solved += 1;
                proved += i32::from(answer.proved);
            }
            Err(Refusal::Conflict(_)) => {
                assert_eq!(best, None, "{round}: {problem:?}");
                refused += 1;
            }
            Err(other) => panic!("{round}: {other:?} {problem:?}"),
        }
    }
    assert!(
        solved > 3_000 && proved > 1_000 && refused > 100,
        "{solved} {proved} {refused}"
    );
}

#[test]
fn stopped_early_the_bound_holds() {
    let mut dice = Dice(12);
    for round in 0..2_000 {
        let problem = small(&mut dice, true);
        let left = std::sync::atomic::AtomicI64::new(dice.range(1, 30));
        let stop = move || left.fetch_sub(1, std::sync::atomic::Ordering::Relaxed) <= 0;
        let options = Options {
            stop: Some(&stop),
            threads: 1,
        };
        if let Ok(answer) = solve(&problem, &options) {
            let best = oracle(&problem).unwrap();
            check::totals(&problem, &answer.units).unwrap();
            assert!(
                answer.unmet_bound <= best.weighted_unmet,
                "{round}: {problem:?}\n{answer:?}"
            );
            if answer.weighted_unmet == best.weighted_unmet {
                assert!(answer.bound >= best.objective, "{round}: {problem:?}\n{answer:?}");
            }
            if answer.proved || answer.searched {
                assert_eq!(
                    (answer.weighted_unmet, answer.objective),
                    (best.weighted_unmet, best.objective)
                );
            }
        }
    }
}
