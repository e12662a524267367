//! Fairness options against what trying everything finds.

mod common;

use common::{Dice, small};
use matching::check::totals;
use matching::fairness::{bounded_share, keeping, leximin, lottery, sharing};
use matching::{Group, Need, Offer, Options, Pair, Problem, Refusal, Side, Status, check, solve};

/// Calls `see` with every allocation that keeps the limits.
fn all(problem: &Problem, at: usize, units: &mut Vec<i64>, see: &mut dyn FnMut(&[i64])) {
    if at == units.len() {
        if totals(problem, units).is_ok() {
            see(units);
        }
        return;
    }
    for x in 0..=problem.pairs[at].max_units {
        units[at] = x;
        all(problem, at + 1, units, see);
    }
    units[at] = 0;
}

/// Units of all needs, worst first.
fn levels(problem: &Problem, units: &[i64]) -> Vec<i64> {
    let mut got = vec![0; problem.needs.len()];
    for (pair, x) in problem.pairs.iter().zip(units) {
        got[pair.need as usize] += x;
    }
    got.sort_unstable();
    got
}

#[test]
fn leximin_is_the_greatest_from_the_worst_up() {
    let mut dice = Dice(21);
    let (mut seen, mut refused) = (0, 0);
    for round in 0..12_000 {
        let problem = small(&mut dice, false);
        if solve(&problem, &Options::default()).is_err() || problem.pairs.len() > 6 {
            continue;
        }
        let fair = leximin(&problem, &Options::default());
        let several = |g: &Group| g.side == Side::Need && g.members.len() > 1;
        if problem.groups.iter().any(several) {
            assert!(matches!(fair, Err(Refusal::Beyond(_))), "{round}");
            refused += 1;
            continue;
        }
        let fair = fair.unwrap();
        // The levels from the worst up; among plans with these the least weighted unmet, then the most value.
        let mut best = (Vec::new(), i128::MIN, i128::MIN);
        all(&problem, 0, &mut vec![0; problem.pairs.len()], &mut |units| {
            let t = totals(&problem, units).unwrap();
            best = best
                .clone()
                .max((levels(&problem, units), -t.weighted_unmet, t.objective));
        });
        let (of, unmet, value) = (&fair.answer.units, fair.answer.weighted_unmet, fair.answer.objective);
        assert_eq!(
            (levels(&problem, of), -unmet, value),
            best,
            "{round}: {problem:?}\n{:?}",
            fair.answer
        );
        assert!(fair.answer.proved, "{round}");
        check::check(&fair.problem, &fair.answer).unwrap();
        // Who has the plan alone works out the same bounds.
        let mut got = vec![0; problem.needs.len()];
        for (pair, x) in problem.pairs.iter().zip(&fair.answer.units) {
            got[pair.need as usize] += x;
        }
        assert_eq!(keeping(&problem, &got), fair.problem, "{round}");
        seen += 1;
    }
    assert!(seen > 2_000 && refused > 50, "{seen} {refused}");
}

#[test]
fn leximin_and_draws_refuse_what_they_cannot_do() {
    let mut dice = Dice(24);
    let mut seen = 0;
    for _ in 0..500 {
        let problem = small(&mut dice, true);
        let fair = leximin(&problem, &Options::default());
        let drawn = lottery(&problem, 1, 2, 0, &Options::default());
        assert!(!problem.rules.is_empty());
        assert!(matches!(fair, Err(Refusal::Beyond(_))), "{problem:?}");
        assert!(matches!(drawn, Err(Refusal::Beyond(_))), "{problem:?}");
        seen += 1;
    }
    assert!(seen > 300);
}

#[test]
fn leximin_takes_few_solves_where_units_are_many() {
    let need = |max| Need {
        min: 0,
        max,
        priority: 1,
    };
    let pair = |offer, need, max_units| Pair {
        offer,
        need,
        value: 1,
        max_units,
        status: Status::Free,
    };
    let problem = Problem {
        needs: vec![need(1_000_000_000), need(5_000_000_000)],
        offers: vec![Offer {
            capacity: 4_000_000_001,
        }],
        pairs: vec![pair(0, 0, 5_000_000_000), pair(0, 1, 5_000_000_000)],
        ..Problem::default()
    };
    let fair = leximin(&problem, &Options::default()).unwrap();
    assert_eq!(fair.answer.units, [1_000_000_000, 3_000_000_001]);
}

/// Worst first: the least weighted unmet, then the most value, of all plans that keep the share.
fn best_share(problem: &Problem, organisations: &[Vec<u32>], permille: i64) -> Option<(i128, i128)> {
    let mut best: Option<(i128, i128)> = None;
    all(problem, 0, &mut vec![0; problem.pairs.len()], &mut |units| {
        if let (true, Ok(t)) = (
            share_holds(problem, organisations, permille, units),
            totals(problem, units),
        ) {
            let worth = (-t.weighted_unmet, t.objective);
            best = Some(best.map_or(worth, |b| b.max(worth)));
        }
    });
    best
}

fn share_holds(problem: &Problem, organisations: &[Vec<u32>], permille: i64, units: &[i64]) -> bool {
    let mut of = vec![0; problem.offers.len()];
    for (pair, x) in problem.pairs.iter().zip(units) {
        of[pair.offer as usize] += x;
    }
    let sum: i64 = of.iter().sum();
    let given = |members: &Vec<u32>| members.iter().map(|&o| of[o as usize]).sum::<i64>();
    organisations
        .iter()
        .all(|members| given(members) * 1000 <= sum * permille)
}

#[test]
fn shares_are_kept_by_the_best_plan_that_keeps_them() {
    let mut dice = Dice(22);
    let (mut seen, mut cost, mut proved, mut none) = (0, 0, 0, 0);
    for round in 0..4_000 {
        let problem = small(&mut dice, round % 4 == 3);
        if problem.pairs.len() > 7 || solve(&problem, &Options::default()).is_err() {
            continue;
        }
        let mut organisations: Vec<Vec<u32>> = vec![Vec::new(); dice.range(1, 4) as usize];
        for offer in 0..problem.offers.len() as u32 {
            let of = dice.range(0, organisations.len() as i64 - 1) as usize;
            organisations[of].push(offer);
        }
        let permille = [0, 200, 300, 334, 500, 667, 900, 1000][dice.range(0, 7) as usize];
        let best = best_share(&problem, &organisations, permille);
        let say = || format!("{round}: {permille} of {organisations:?} {problem:?}");
        match bounded_share(&problem, &organisations, permille as u32, &Options::default()) {
            Ok(fair) => {
                assert!(
                    share_holds(&problem, &organisations, permille, &fair.answer.units),
                    "{}",
                    say()
                );
                let found = (-fair.answer.weighted_unmet, fair.answer.objective);
                assert_eq!(Some(found), best, "{}", say());
                assert!(fair.answer.proved || fair.answer.searched);
                assert_eq!(fair.answer.proved, check::check(&fair.problem, &fair.answer).is_ok());
                assert_eq!(sharing(&problem, &organisations, permille as u32), fair.problem);
                seen += 1;
                proved += i32::from(fair.answer.proved);
                cost += i32::from(fair.cost() > 0);
            }
            Err(Refusal::Conflict(_) | Refusal::Beyond(_)) => {
                assert_eq!(best, None, "{}", say());
                none += 1;
            }
            Err(other) => panic!("{other:?} {}", say()),
        }
    }
    assert!(
        seen > 1_500 && cost > 200 && proved > 500 && none > 50,
        "{seen} {cost} {proved} {none}"
    );
}

#[test]
fn a_smaller_best_plan_does_not_shut_out_a_larger_fair_one() {
    let need = Need {
        min: 0,
        max: 1,
        priority: 0,
    };
    let pair = |offer, need, value| Pair {
        offer,
        need,
        value,
        max_units: 1,
        status: Status::Free,
    };
    let problem = Problem {
        needs: vec![need, need],
        offers: vec![Offer { capacity: 1 }; 2],
        pairs: vec![pair(0, 0, 10), pair(0, 1, 4), pair(1, 0, 4)],
        ..Problem::default()
    };
    let fair = bounded_share(&problem, &[vec![0], vec![1]], 500, &Options::default()).unwrap();
    assert_eq!((fair.answer.units.as_slice(), fair.cost()), (&[0, 1, 1][..], 2));
}

#[test]
fn shares_of_many_units_are_found_in_few_solves() {
    // Three houses with a thousand hours each, and one with ten thousand that everybody would rather take.
    let mut problem = Problem::default();
    for at in 0..40u32 {
        let min = 0;
        problem.needs.push(Need {
            min,
            max: 300,
            priority: 1,
        });
        for offer in 0..4 {
            problem.pairs.push(Pair {
                offer,
                need: at,
                value: if offer == 0 { 100 } else { i64::from(at % 7) - 2 },
                max_units: 300,
                status: Status::Free,
            });
        }
    }
    problem.offers = [10_000, 1_000, 1_000, 1_000]
        .map(|capacity| Offer { capacity })
        .to_vec();
    let solves = std::sync::atomic::AtomicU32::new(0);
    let count = || {
        solves.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        false
    };
    let options = Options {
        stop: Some(&count),
        threads: 1,
        ..Options::default()
    };
    let houses: Vec<Vec<u32>> = (0..4).map(|o| vec![o]).collect();
    let fair = bounded_share(&problem, &houses, 400, &options).unwrap();
    // Two thousand hours of the large house next to three thousand of the others.
    let large: i64 = fair.answer.units.iter().step_by(4).sum();
    assert_eq!(large, 2_000);
    assert!(fair.answer.proved || fair.answer.searched);
    let asked = solves.load(std::sync::atomic::Ordering::Relaxed);
    assert!(asked < 20_000, "{asked}");
}

#[test]
fn shares_stopped_early_state_a_bound_that_holds() {
    let mut dice = Dice(25);
    let (mut stopped, mut lacking) = (0, 0);
    for round in 0..20_000 {
        let mut problem = small(&mut dice, false);
        if problem.pairs.len() > 6 {
            continue;
        }
        if dice.chance(50) {
            // Minima that cannot be met weigh more than all values.
            problem.needs.iter_mut().for_each(|n| n.min = n.max);
        }
        let houses: Vec<Vec<u32>> = (0..problem.offers.len() as u32).map(|o| vec![o]).collect();
        let left = std::sync::atomic::AtomicI64::new(dice.range(1, 30));
        let stop = || left.fetch_sub(1, std::sync::atomic::Ordering::Relaxed) <= 0;
        let options = Options {
            stop: Some(&stop),
            threads: 1,
            ..Options::default()
        };
        let Ok(fair) = bounded_share(&problem, &houses, 400, &options) else {
            continue;
        };
        let (unmet, objective) = best_share(&problem, &houses, 400).unwrap();
        assert!(fair.answer.unmet_bound <= -unmet, "{round}");
        if fair.answer.weighted_unmet == -unmet {
            assert!(fair.answer.bound >= objective, "{round}: {problem:?} {:?}", fair.answer);
        }
        let done = fair.answer.proved || fair.answer.searched;
        if done {
            let found = (-fair.answer.weighted_unmet, fair.answer.objective);
            assert_eq!(found, (unmet, objective), "{round}: {problem:?} {:?}", fair.answer);
        }
        stopped += i32::from(!done);
        lacking += i32::from(!done && fair.answer.weighted_unmet > 0);
    }
    assert!(stopped > 200 && lacking > 50, "{stopped} {lacking}");
}

#[test]
fn a_share_cut_short_where_minima_stay_open_does_not_claim_to_be_the_best() {
    let mut dice = Dice(26);
    let mut problem = Problem::default();
    for _ in 0..12 {
        let max = dice.range(20, 40);
        problem.needs.push(Need {
            min: max,
            max,
            priority: dice.range(1, 3),
        });
    }
    for offer in 0..60 {
        problem.offers.push(Offer {
            capacity: dice.range(1, 5),
        });
        for step in 0..4 {
            problem.pairs.push(Pair {
                offer,
                need: (offer * 5 + step * 7) % 12,
                value: dice.range(0, 999),
                max_units: dice.range(1, 3),
                status: Status::Free,
            });
        }
    }
    let houses: Vec<Vec<u32>> = (0..5).map(|h| (0..60).filter(|o| o % 5 == h).collect()).collect();
    let whole = bounded_share(&problem, &houses, 260, &Options::default())
        .unwrap()
        .answer;
    assert!(whole.weighted_unmet > 0 && (whole.proved || whole.searched));
    let mut cut = 0;
    for asked in 1..400 {
        let left = std::sync::atomic::AtomicI64::new(asked);
        let stop = || left.fetch_sub(1, std::sync::atomic::Ordering::Relaxed) <= 0;
        let options = Options {
            stop: Some(&stop),
            ..Options::default()
        };
        let Ok(fair) = bounded_share(&problem, &houses, 260, &options) else {
            continue;
        };
        let now = fair.answer;
        let as_good = (now.weighted_unmet, now.objective) == (whole.weighted_unmet, whole.objective);
        assert!(as_good || !(now.proved || now.searched), "{asked}: {now:?}");
        assert!(
            now.unmet_bound <= whole.weighted_unmet && (as_good || now.gap() > 0.0),
            "{asked}"
        );
        cut += i32::from(!as_good);
    }
    assert!(cut > 5, "{cut}");
}

#[test]
fn lotteries_keep_their_chances_and_every_limit() {
    let mut dice = Dice(23);
    for round in 0..60 {
        let problem = small(&mut dice, false);
        let Ok(first) = lottery(&problem, 2, 3, 0, &Options::default()) else {
            continue;
        };
        let draws = 600;
        let mut sum = vec![0i64; problem.pairs.len()];
        for seed in 0..draws {
            let drawn = lottery(&problem, 2, 3, seed, &Options::default()).unwrap();
            totals(&problem, &drawn.units).unwrap();
            for (s, x) in sum.iter_mut().zip(&drawn.units) {
                *s += x;
            }
            for (pair, &x) in problem.pairs.iter().zip(&drawn.units) {
                assert!(pair.status == Status::Forced || x <= 1, "{round}");
            }
        }
        // With two chances in three no pair may be sure, however many units it could carry.
        for (pair, &chance) in problem.pairs.iter().zip(&first.chances) {
            assert!(pair.status == Status::Forced || chance <= 2, "{round}");
        }
        for (at, (&s, &c)) in sum.iter().zip(&first.chances).enumerate() {
            let expected = c as f64 / 3.0 * draws as f64;
            assert!(
                (s as f64 - expected).abs() < 75.0,
                "{round}: pair {at}: {s} drawn, {expected} expected"
            );
        }
        let again = lottery(&problem, 2, 3, 0, &Options::default()).unwrap();
        assert_eq!(first.units, again.units);
        // Beside the best plan's prices: what no plan can be worth, and proved only where luck drew as good a one.
        let (drawn, best) = (first.answer(&problem).unwrap(), &first.best);
        assert!(drawn.unmet_bound <= best.weighted_unmet && best.weighted_unmet <= drawn.weighted_unmet);
        let as_good = (drawn.weighted_unmet, drawn.objective) == (best.weighted_unmet, best.objective);
        assert_eq!(drawn.proved, as_good, "{round}");
        assert!(drawn.weighted_unmet > best.weighted_unmet || drawn.bound >= best.objective);
        assert_eq!(drawn.proved, check::check(&problem, &drawn).is_ok());
    }
}
