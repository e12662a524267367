//! Rules beyond the flow against the oracle.

mod common;

use common::{Dice, oracle, small};
use matching::{
    Answer, Certificate, Group, Need, Offer, Options, Pair, Problem, Refusal, Rule, Side, Status, check, resolve, solve,
};

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

#[test]
fn no_prices_bound_offers_apart_too_low() {
    let mut dice = Dice(13);
    let mut tight = 0;
    for round in 0..6_000 {
        let problem = small(&mut dice, true);
        let Some(best) = oracle(&problem) else { continue };
        let loads = problem.rules.iter().filter(|r| matches!(r, Rule::Load { .. })).count();
        let mut prices = |count: usize, least: i64| (0..count).map(|_| i128::from(dice.range(least, 9))).collect();
        let certificate = Certificate {
            weight: check::least_weight(&problem).unwrap(),
            offers: prices(problem.offers.len(), 0),
            needs: prices(problem.needs.len(), -4),
            groups: prices(problem.groups.len(), -4),
            loads: prices(loads, 0),
            scale: 1,
            apart: true,
        };
        let worth = best.objective - certificate.weight * best.weighted_unmet;
        let bound = check::bound(&problem, &certificate).unwrap();
        assert!(bound >= worth, "{round}: {bound} < {worth} {problem:?} {certificate:?}");
        let together = Certificate {
            apart: false,
            ..certificate
        };
        let loose = check::bound(&problem, &together).unwrap();
        assert!(bound <= loose, "{round}: apart {bound} is looser than {loose}");
        tight += i32::from(bound < loose);
    }
    assert!(tight > 150, "{tight}");
}

/// Hours that do not let units be split, and quotas that cross: too large to branch to the end.
fn hours(offers: usize, needs: usize) -> Problem {
    let mut dice = Dice(7);
    let mut problem = Problem::default();
    for offer in 0..offers {
        problem.offers.push(Offer {
            capacity: dice.range(1, 3),
        });
        let mut terms = Vec::new();
        let first = dice.range(0, needs as i64 - 1) as usize;
        for step in 0..12 {
            terms.push((problem.pairs.len() as u32, dice.range(1, 5)));
            problem.pairs.push(Pair {
                offer: offer as u32,
                need: ((first + step * 17) % needs) as u32,
                value: dice.range(0, 999),
                max_units: dice.range(1, 3),
                status: Status::Free,
            });
        }
        problem.rules.push(Rule::Load {
            terms,
            max: dice.range(3, 8),
        });
    }
    let each = (2 * offers / needs) as i64;
    for _ in 0..needs {
        let max = dice.range(each / 2, each * 3 / 2);
        problem.needs.push(Need {
            min: max / 4,
            max,
            priority: dice.range(1, 5),
        });
    }
    for quota in 0..7u32 {
        let members: Vec<u32> = (0..needs as u32)
            .filter(|n| n % 7 == quota || n % 5 == quota % 5)
            .collect();
        let max = members.len() as i64 * each / 2;
        problem.groups.push(Group {
            side: Side::Need,
            members,
            min: 0,
            max,
        });
    }
    problem
}

#[test]
fn many_hours_come_with_a_narrow_gap() {
    let problem = hours(2_500, 200);
    assert!(problem.faults().is_empty());
    let answer = stopped_after(&problem, 20_000, 2);
    check::totals(&problem, &answer.units).unwrap();
    assert_eq!(answer.weighted_unmet, 0);
    assert!(answer.gap() < 0.01, "{}", answer.gap());
    // The stated bound is the checker's own.
    let bound = check::bound(&problem, &answer.certificate).unwrap();
    assert_eq!(answer.bound, bound.div_euclid(answer.certificate.scale));
}

/// The best found until it has been asked so many times whether time is up.
fn stopped_after(problem: &Problem, asked: i64, threads: usize) -> Answer {
    let left = std::sync::atomic::AtomicI64::new(asked);
    let stop = move || left.fetch_sub(1, std::sync::atomic::Ordering::Relaxed) <= 0;
    let options = Options {
        stop: Some(&stop),
        threads,
    };
    solve(problem, &options).unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

#[test]
fn hours_do_not_depend_on_threads() {
    let problem = hours(5_000, 400);
    let (one, two) = (stopped_after(&problem, 500, 1), stopped_after(&problem, 500, 2));
    assert_eq!((one.units, one.bound), (two.units, two.bound));
}

#[test]
fn hours_that_fall_short_of_minima_are_proved_to() {
    let mut problem = hours(2_500, 200);
    // Some ask for more than those who could come have hours for: no price of the size of values says so.
    for need in problem.needs.iter_mut().step_by(50) {
        (need.min, need.max) = (400, 400);
    }
    let answer = stopped_after(&problem, 5_000, 2);
    check::totals(&problem, &answer.units).unwrap();
    let (bound, unmet) = (answer.unmet_bound as f64, answer.weighted_unmet as f64);
    assert!(unmet > 500.0 && bound > 0.95 * unmet, "{bound} of {unmet}");
}

#[test]
fn groups_of_many_hours_get_what_they_ask_or_a_conflict() {
    let mut problem = hours(2_500, 200);
    // Needs that bring nothing, and a group that asks for units there all the same.
    let members: Vec<u32> = (0..200).step_by(20).collect();
    for pair in &mut problem.pairs {
        if members.contains(&pair.need) {
            pair.value = -1_000;
        }
    }
    for &need in &members {
        problem.needs[need as usize].min = 0;
    }
    let can: i64 = members.iter().map(|&n| problem.needs[n as usize].max).sum();
    problem.groups.push(Group {
        side: Side::Need,
        members,
        min: can / 2,
        max: can,
    });
    let answer = stopped_after(&problem, 2_000, 2);
    check::totals(&problem, &answer.units).unwrap();
    assert_eq!(answer.weighted_unmet, 0);
    assert!(answer.gap() < 0.05, "{}", answer.gap());
    let last = problem.groups.last_mut().unwrap();
    (last.min, last.max) = (can + 1, can + 1);
    let left = std::sync::atomic::AtomicI64::new(100_000);
    let stop = move || left.fetch_sub(1, std::sync::atomic::Ordering::Relaxed) <= 0;
    let options = Options {
        stop: Some(&stop),
        threads: 2,
    };
    let refused = solve(&problem, &options);
    assert!(matches!(refused, Err(Refusal::Conflict(_))), "{refused:?}");
}

/// The problem with some of its numbers, groups and rules changed.
fn changed(dice: &mut Dice, problem: &Problem) -> Problem {
    let mut other = problem.clone();
    for need in &mut other.needs {
        if dice.chance(30) {
            need.max = dice.range(0, 4);
            need.min = dice.range(0, need.max);
        }
        if dice.chance(30) {
            need.priority = dice.range(0, 3);
        }
    }
    for pair in &mut other.pairs {
        if dice.chance(20) {
            pair.value += dice.range(-3, 3);
            pair.status = [Status::Free, Status::Forced, Status::Forbidden][dice.range(0, 2) as usize];
        }
    }
    match dice.range(0, 3) {
        0 => {
            other.groups.pop();
        }
        1 => {
            let count = other.offers.len() as u32;
            let members: Vec<u32> = (0..count).filter(|_| dice.chance(60)).collect();
            other.groups.insert(
                0,
                Group {
                    side: Side::Offer,
                    members,
                    min: 0,
                    max: dice.range(0, 4),
                },
            );
        }
        2 => {
            for group in &mut other.groups {
                group.max = group.min + dice.range(0, 3);
            }
        }
        _ => {
            other.rules.pop();
        }
    }
    other
}

#[test]
fn warm_starts_with_changed_rules_groups_needs_and_priorities_agree_with_the_oracle() {
    let mut dice = Dice(14);
    let (mut solved, mut refused) = (0, 0);
    for round in 0..6_000 {
        let problem = small(&mut dice, round % 2 == 0);
        let Ok(earlier) = solve(&problem, &Options::default()) else {
            continue;
        };
        let other = changed(&mut dice, &problem);
        let best = oracle(&other);
        match resolve(&other, &earlier, &Options::default()) {
            Ok(answer) => {
                let best = best.unwrap_or_else(|| panic!("{round}: {other:?}\n{answer:?}"));
                assert_eq!(
                    (answer.weighted_unmet, answer.objective),
                    (best.weighted_unmet, best.objective),
                    "{round}: {other:?}\n{answer:?}"
                );
                assert!(answer.proved || answer.searched, "{round}");
                assert_eq!(answer.proved, check::check(&other, &answer).is_ok(), "{round}");
                solved += 1;
            }
            Err(Refusal::Conflict(_)) => {
                assert_eq!(best, None, "{round}: {other:?}");
                refused += 1;
            }
            Err(refusal) => panic!("{round}: {refusal:?} {other:?}"),
        }
    }
    assert!(solved > 3_000 && refused > 100, "{solved} {refused}");
}

#[test]
fn tampered_answers_with_rules_are_rejected() {
    let mut dice = Dice(15);
    let (mut caught, mut apart, mut broken) = (0, 0, 0);
    for round in 0..5_000 {
        let problem = small(&mut dice, true);
        let Ok(answer) = solve(&problem, &Options::default()) else {
            continue;
        };
        assert_eq!(answer.proved, check::check(&problem, &answer).is_ok(), "{round}");
        apart += i32::from(answer.proved && answer.certificate.apart);
        let best = (answer.weighted_unmet, -answer.objective);
        // Other units, with honest totals: rejected where a limit or a rule breaks or it is worse.
        if !problem.pairs.is_empty() {
            let mut other = answer.clone();
            let at = dice.range(0, problem.pairs.len() as i64 - 1) as usize;
            other.units[at] += if dice.chance(50) { 1 } else { -1 };
            match check::totals(&problem, &other.units) {
                Ok(t) => {
                    (other.objective, other.weighted_unmet) = (t.objective, t.weighted_unmet);
                    other.unmet_min_units = t.unmet_min_units;
                    if (t.weighted_unmet, -t.objective) > best {
                        assert!(check::check(&problem, &other).is_err(), "{round}");
                        caught += 1;
                    }
                }
                Err(_) => {
                    assert!(check::check(&problem, &other).is_err(), "{round}");
                    broken += 1;
                }
            }
        }
        let mut other = answer.clone();
        other.objective += 1;
        assert!(check::check(&problem, &other).is_err(), "{round}");
        // Other prices can fail to prove; they never prove what is not so.
        let mut worse = answer.clone();
        let c = &mut worse.certificate;
        let prices = c
            .offers
            .iter_mut()
            .chain(&mut c.needs)
            .chain(&mut c.groups)
            .chain(&mut c.loads);
        for price in prices {
            *price += i128::from(dice.range(-300, 300));
        }
        c.apart = dice.chance(50);
        c.scale = [1, 1, 256, 0][dice.range(0, 3) as usize];
        worse.units.fill(0);
        for (units, pair) in worse.units.iter_mut().zip(&problem.pairs) {
            if pair.status == Status::Forced {
                *units = pair.max_units;
            }
        }
        if let Ok(t) = check::totals(&problem, &worse.units) {
            (worse.objective, worse.weighted_unmet) = (t.objective, t.weighted_unmet);
            worse.unmet_min_units = t.unmet_min_units;
            if check::check(&problem, &worse).is_ok() {
                assert_eq!((t.weighted_unmet, -t.objective), best, "{round}: {problem:?} {worse:?}");
            }
        }
    }
    assert!(
        caught > 200 && apart > 1_000 && broken > 200,
        "{caught} {apart} {broken}"
    );
}

#[test]
fn a_group_without_members_cannot_ask_for_units() {
    let mut problem = Problem {
        needs: vec![Need {
            min: 0,
            max: 1,
            priority: 1,
        }],
        offers: vec![Offer { capacity: 1 }],
        ..Problem::default()
    };
    problem.groups.push(Group {
        side: Side::Offer,
        members: Vec::new(),
        min: 1,
        max: 2,
    });
    assert_eq!(problem.faults(), [matching::Fault::EmptyGroup(0)]);
    assert!(matches!(solve(&problem, &Options::default()), Err(Refusal::Invalid(_))));
}
