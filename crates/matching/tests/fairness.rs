//! Fairness options against what trying everything finds.

mod common;

use common::{Dice, small};
use matching::check::totals;
use matching::fairness::{bounded_share, leximin, lottery};
use matching::{Options, Problem, solve};

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
    let mut seen = 0;
    for round in 0..3_000 {
        let problem = small(&mut dice, false);
        if solve(&problem, &Options::default()).is_err() || problem.pairs.len() > 6 {
            continue;
        }
        let fair = leximin(&problem, &Options::default()).unwrap();
        let mut best = Vec::new();
        all(&problem, 0, &mut vec![0; problem.pairs.len()], &mut |units| {
            best = best.clone().max(levels(&problem, units));
        });
        assert_eq!(
            levels(&problem, &fair.answer.units),
            best,
            "{round}: {problem:?}\n{:?}",
            fair.answer
        );
        seen += 1;
    }
    assert!(seen > 500);
}

#[test]
fn shares_hold_of_what_is_given() {
    let mut dice = Dice(22);
    for round in 0..2_000 {
        let mut problem = small(&mut dice, false);
        problem.groups.clear();
        if solve(&problem, &Options::default()).is_err() {
            continue;
        }
        let organisations: Vec<Vec<u32>> = (0..problem.offers.len() as u32).map(|o| vec![o]).collect();
        let Ok(fair) = bounded_share(&problem, &organisations, 500, &Options::default()) else {
            continue; // forced pairs alone may exceed a share
        };
        let mut of = vec![0; problem.offers.len()];
        for (pair, x) in problem.pairs.iter().zip(&fair.answer.units) {
            of[pair.offer as usize] += x;
        }
        let sum: i64 = of.iter().sum();
        assert!(of.iter().all(|x| x * 2 <= sum), "{round}: {of:?}");
    }
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
    }
}
