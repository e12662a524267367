//! A standing problem follows its changes: always the best, proved, and refused where it must be.

mod common;

use common::{Dice, oracle, small};
use matching::{Answer, Changes, Need, Offer, Options, Pair, Problem, Refusal, Standing, Status, check, solve};

/// What was changed, to be named.
#[derive(Default)]
struct Touched {
    offers: Vec<u32>,
    needs: Vec<u32>,
    groups: Vec<u32>,
}

fn change(dice: &mut Dice, problem: &mut Problem) -> Touched {
    let mut touched = Touched::default();
    for (at, offer) in problem.offers.iter_mut().enumerate() {
        if dice.chance(25) {
            offer.capacity = dice.range(0, 4);
            touched.offers.push(at as u32);
        }
    }
    for pair in &mut problem.pairs {
        if dice.chance(25) {
            touched.offers.push(pair.offer);
            match dice.range(0, 3) {
                0 => pair.value += dice.range(-5, 5),
                1 => pair.max_units = dice.range(0, 3),
                _ => pair.status = [Status::Free, Status::Forced, Status::Forbidden][dice.range(0, 2) as usize],
            }
        }
    }
    for (at, need) in problem.needs.iter_mut().enumerate() {
        if dice.chance(25) {
            need.max = dice.range(0, 5);
            need.min = dice.range(0, need.max);
            need.priority = dice.range(0, 3);
            touched.needs.push(at as u32);
        }
    }
    for (at, group) in problem.groups.iter_mut().enumerate() {
        if dice.chance(25) {
            group.max = dice.range(0, 8);
            group.min = dice.range(0, group.max.min(1));
            touched.groups.push(at as u32);
        }
    }
    touched
}

fn worth(problem: &Problem, answer: &Answer) -> (i128, i128) {
    assert_eq!(check::check(problem, answer), Ok(()), "{problem:?}\n{answer:?}");
    (answer.weighted_unmet, answer.objective)
}

#[test]
fn every_change_ends_at_the_best_there_is() {
    let mut dice = Dice(31);
    let (mut solved, mut refused) = (0, 0);
    for round in 0..3_000 {
        let mut problem = small(&mut dice, false);
        let Ok(mut standing) = Standing::new(&problem, &Options::default()) else {
            continue;
        };
        for step in 0..5 {
            let touched = change(&mut dice, &mut problem);
            let changes = Changes {
                offers: &touched.offers,
                needs: &touched.needs,
                groups: &touched.groups,
            };
            let best = oracle(&problem);
            match standing.again(&problem, &changes, &Options::default()) {
                Ok(answer) => {
                    let best = best.unwrap_or_else(|| panic!("{round} {step}: oracle found none: {problem:?}"));
                    let found = worth(&problem, answer);
                    assert_eq!(
                        found,
                        (best.weighted_unmet, best.objective),
                        "{round} {step}: {problem:?}"
                    );
                    solved += 1;
                }
                // And the problem stands on: the next change starts from the last answer there was.
                Err(Refusal::Conflict(_)) => {
                    assert_eq!(best, None, "{round} {step}: {problem:?}");
                    refused += 1;
                }
                Err(other) => panic!("{round} {step}: {other:?} {problem:?}"),
            }
        }
    }
    assert!(solved > 5_000 && refused > 1_000, "{solved} {refused}");
}

#[test]
fn a_change_that_was_not_named_is_found_out() {
    let mut dice = Dice(32);
    for round in 0..3_000 {
        let mut problem = small(&mut dice, false);
        let Ok(mut standing) = Standing::new(&problem, &Options::default()) else {
            continue;
        };
        change(&mut dice, &mut problem);
        let best = oracle(&problem);
        let found = standing.again(&problem, &Changes::default(), &Options::default());
        let found = found.ok().map(|answer| worth(&problem, answer));
        assert_eq!(
            found,
            best.map(|b| (b.weighted_unmet, b.objective)),
            "{round}: {problem:?}"
        );
    }
}

#[test]
fn problems_with_rules_stand_too() {
    let mut dice = Dice(33);
    for round in 0..300 {
        let mut problem = small(&mut dice, true);
        let Ok(mut standing) = Standing::new(&problem, &Options::default()) else {
            continue;
        };
        let touched = change(&mut dice, &mut problem);
        let changes = Changes {
            offers: &touched.offers,
            needs: &touched.needs,
            groups: &touched.groups,
        };
        let best = oracle(&problem).map(|b| (b.weighted_unmet, b.objective));
        let found = standing.again(&problem, &changes, &Options::default()).ok();
        let found = found.map(|answer| (answer.weighted_unmet, answer.objective));
        assert_eq!(found, best, "{round}: {problem:?}");
    }
}

/// Offers of a few units each, each with eight of the needs.
fn market(dice: &mut Dice, offers: u32, needs: i64) -> Problem {
    let mut problem = Problem::default();
    for _ in 0..needs {
        let max = dice.range(2, 12);
        problem.needs.push(Need {
            min: dice.range(0, max / 2),
            max,
            priority: dice.range(1, 5),
        });
    }
    for offer in 0..offers {
        problem.offers.push(Offer {
            capacity: dice.range(1, 3),
        });
        let first = dice.range(0, needs - 1);
        for step in 0..8 {
            problem.pairs.push(Pair {
                offer,
                need: ((first + step * 7) % needs) as u32,
                value: dice.range(0, 999),
                max_units: dice.range(1, 3),
                status: Status::Free,
            });
        }
    }
    problem
}

#[test]
fn a_long_row_of_changes_keeps_the_books_right() {
    let mut dice = Dice(34);
    let mut problem = market(&mut dice, 600, 97);
    let mut standing = Standing::new(&problem, &Options::default()).unwrap();
    for step in 0..60 {
        let offer = dice.range(0, 599) as u32;
        problem.offers[offer as usize].capacity = dice.range(0, 4);
        let need = dice.range(0, 96) as u32;
        problem.needs[need as usize].max += dice.range(0, 2);
        let pair = dice.range(0, 600 * 8 - 1) as usize;
        problem.pairs[pair].status = if problem.pairs[pair].status == Status::Free {
            Status::Forbidden
        } else {
            Status::Free
        };
        let offers = [offer, problem.pairs[pair].offer];
        let changes = Changes {
            offers: &offers,
            needs: &[need],
            groups: &[],
        };
        let found = worth(
            &problem,
            standing.again(&problem, &changes, &Options::default()).unwrap(),
        );
        let anew = solve(&problem, &Options::default()).unwrap();
        assert_eq!(found, (anew.weighted_unmet, anew.objective), "{step}");
    }
}

#[test]
fn a_problem_of_another_shape_is_solved_anew() {
    let mut dice = Dice(35);
    let problem = market(&mut dice, 50, 11);
    let mut standing = Standing::new(&problem, &Options::default()).unwrap();
    let other = market(&mut dice, 60, 13);
    let found = worth(
        &other,
        standing
            .again(&other, &Changes::default(), &Options::default())
            .unwrap(),
    );
    let anew = solve(&other, &Options::default()).unwrap();
    assert_eq!(found, (anew.weighted_unmet, anew.objective));
    // A pair that leads nowhere is told as a fault; the last answer stays.
    let mut broken = other.clone();
    broken.pairs[3].need = 99;
    let refused = standing.again(&broken, &Changes::default(), &Options::default());
    assert!(matches!(refused, Err(Refusal::Invalid(_))), "{refused:?}");
    assert_eq!(worth(&other, standing.answer()), found);
}
