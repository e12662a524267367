//! Conflicts are smallest, causes are enough, reasons are there, and the checker is not fooled.

mod common;

use common::{Dice, oracle, small};
use matching::{Answer, Explainer, Limit, Options, Problem, Reason, Refusal, Status, check, solve};

/// The problem with only some of its demands left.
fn only(problem: &Problem, forced: &[u32], groups: &[u32]) -> Problem {
    let mut bare = problem.clone();
    for (at, pair) in bare.pairs.iter_mut().enumerate() {
        if pair.status == Status::Forced && !forced.contains(&(at as u32)) {
            pair.status = Status::Free;
        }
    }
    for (at, group) in bare.groups.iter_mut().enumerate() {
        if !groups.contains(&(at as u32)) {
            group.min = 0;
        }
    }
    bare
}

#[test]
fn conflicts_are_smallest() {
    let mut dice = Dice(3);
    let mut seen = 0;
    for round in 0..20_000 {
        let problem = small(&mut dice, false);
        let Err(Refusal::Conflict(conflict)) = solve(&problem, &Options::default()) else {
            continue;
        };
        seen += 1;
        let (forced, groups) = (&conflict.forced, &conflict.groups);
        assert!(conflict.minimal);
        assert_eq!(
            oracle(&only(&problem, forced, groups)),
            None,
            "{round}: {problem:?} {conflict:?}"
        );
        for skip in 0..forced.len() {
            let mut fewer = forced.clone();
            fewer.remove(skip);
            assert!(
                oracle(&only(&problem, &fewer, groups)).is_some(),
                "{round}: {conflict:?}"
            );
        }
        for skip in 0..groups.len() {
            let mut fewer = groups.clone();
            fewer.remove(skip);
            assert!(
                oracle(&only(&problem, forced, &fewer)).is_some(),
                "{round}: {conflict:?}"
            );
        }
    }
    assert!(seen > 200, "{seen}");
}

/// All limits but `causes` two wider, and no need asking more than it has except `need`.
fn widened(problem: &Problem, answer: &Answer, need: u32, causes: &[Limit]) -> Problem {
    let mut wide = problem.clone();
    let mut got = vec![0; problem.needs.len()];
    for (pair, units) in problem.pairs.iter().zip(&answer.units) {
        got[pair.need as usize] += units;
    }
    for (at, n) in wide.needs.iter_mut().enumerate() {
        if at as u32 != need {
            n.min = n.min.min(got[at]);
        }
        if !causes.contains(&Limit::NeedMax(at as u32)) {
            n.max += 2;
        }
    }
    for (at, o) in wide.offers.iter_mut().enumerate() {
        if !causes.contains(&Limit::OfferCapacity(at as u32)) {
            o.capacity += 2;
        }
    }
    for (at, p) in wide.pairs.iter_mut().enumerate() {
        if p.status == Status::Free && !causes.contains(&Limit::PairMax(at as u32)) {
            p.max_units += 1;
        }
    }
    for (at, g) in wide.groups.iter_mut().enumerate() {
        if !causes.contains(&Limit::GroupMax(at as u32)) {
            g.max += 2;
        }
        if !causes.contains(&Limit::GroupMin(at as u32)) {
            g.min = 0;
        }
    }
    wide
}

#[test]
fn causes_are_enough() {
    let mut dice = Dice(4);
    let mut seen = 0;
    for round in 0..6_000 {
        let problem = small(&mut dice, false);
        let Ok(answer) = solve(&problem, &Options::default()) else {
            continue;
        };
        for unmet in &answer.unmet {
            let need = problem.needs[unmet.need as usize];
            if need.priority == 0 || problem.pairs.len() > 6 {
                continue;
            }
            seen += 1;
            assert!(!unmet.causes.is_empty(), "{round}");
            let wide = widened(&problem, &answer, unmet.need, &unmet.causes);
            let best = oracle(&wide).unwrap();
            assert_eq!(
                best.weighted_unmet,
                i128::from(need.priority) * i128::from(unmet.units),
                "{round}: {problem:?}\n{answer:?}\n{wide:?}"
            );
        }
    }
    assert!(seen > 500, "{seen}");
}

#[test]
fn reasons_fit_the_prices() {
    let mut dice = Dice(5);
    for _ in 0..3_000 {
        let problem = small(&mut dice, false);
        let Ok(answer) = solve(&problem, &Options::default()) else {
            continue;
        };
        let explainer = Explainer::new(&problem, &answer);
        for (at, pair) in problem.pairs.iter().enumerate() {
            match explainer.reason(at as u32) {
                Reason::Forced => assert_eq!(pair.status, Status::Forced),
                Reason::Forbidden => assert_eq!(pair.status, Status::Forbidden),
                Reason::Chosen { over, .. } => {
                    assert!(answer.units[at] > 0);
                    if let Some(rival) = over {
                        assert_eq!(problem.pairs[rival.pair as usize].need, pair.need);
                        assert!(rival.loss.weighted_unmet >= 0);
                    }
                }
                Reason::NotChosen { loss, .. } => {
                    assert_eq!(answer.units[at], 0);
                    assert!(loss.weighted_unmet >= 0);
                }
            }
        }
    }
}

#[test]
fn tampered_answers_are_rejected() {
    let mut dice = Dice(6);
    let mut caught = 0;
    for _ in 0..5_000 {
        let problem = small(&mut dice, false);
        let Ok(answer) = solve(&problem, &Options::default()) else {
            continue;
        };
        assert_eq!(check::check(&problem, &answer), Ok(()));
        let mut other = answer.clone();
        if !other.units.is_empty() {
            let at = dice.range(0, other.units.len() as i64 - 1) as usize;
            other.units[at] += if dice.chance(50) { 1 } else { -1 };
            if check::check(&problem, &other).is_ok() {
                assert_eq!(oracle(&problem).unwrap().objective, other.objective, "equally good");
            }
            // Honest totals do not help where the allocation is worse.
            if let Ok(t) = check::totals(&problem, &other.units) {
                (other.objective, other.weighted_unmet) = (t.objective, t.weighted_unmet);
                other.unmet_min_units = t.unmet_min_units;
                let worse = (t.weighted_unmet, -t.objective) > (answer.weighted_unmet, -answer.objective);
                assert_eq!(check::check(&problem, &other).is_err(), worse);
                caught += i32::from(worse);
            }
        }
        let mut other = answer.clone();
        other.objective += 1;
        assert!(check::check(&problem, &other).is_err());
        let mut other = answer.clone();
        other.certificate.weight = 0;
        assert!(check::check(&problem, &other).is_err());
        // Prices may be anything: they can only fail to prove, never prove what is not so.
        let mut other = answer.clone();
        for price in other.certificate.offers.iter_mut().chain(&mut other.certificate.needs) {
            *price += i128::from(dice.range(-2, 2));
        }
        if check::check(&problem, &other).is_ok() {
            assert_eq!(oracle(&problem).unwrap().objective, answer.objective);
        }
    }
    assert!(caught > 300, "{caught}");
}

#[test]
fn out_of_time_gives_what_fits_and_a_bound() {
    let mut dice = Dice(8);
    let mut short = 0;
    for round in 0..4_000 {
        let problem = small(&mut dice, false);
        let most = dice.range(0, 3);
        let left = std::sync::atomic::AtomicI64::new(most);
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
            if answer.proved {
                assert_eq!(answer.objective, best.objective);
            }
            short += i32::from(!answer.proved);
        }
    }
    assert!(short > 50, "{short}");
}

#[test]
fn huge_values_are_exact_or_refused() {
    let mut dice = Dice(9);
    let (mut solved, mut refused) = (0, 0);
    for round in 0..4_000 {
        let mut problem = small(&mut dice, false);
        for pair in &mut problem.pairs {
            pair.value = match dice.range(0, 3) {
                0 => i64::MAX - dice.range(0, 9),
                1 => i64::MIN + dice.range(0, 9),
                _ => pair.value << 40,
            };
        }
        if dice.chance(30) {
            for need in &mut problem.needs {
                need.priority = i64::MAX - dice.range(0, 3);
            }
        }
        if dice.chance(30) {
            problem.needs[0].max = i64::MAX;
            problem.offers[0].capacity = i64::MAX;
        }
        match solve(&problem, &Options::default()) {
            Ok(answer) => {
                let best = oracle(&problem).unwrap();
                assert!(answer.proved, "{round}: {problem:?}\n{answer:?}");
                assert_eq!(
                    (answer.weighted_unmet, answer.objective),
                    (best.weighted_unmet, best.objective),
                    "{round}"
                );
                solved += 1;
            }
            Err(Refusal::TooLarge(_)) => refused += 1,
            Err(Refusal::Conflict(_)) => assert_eq!(oracle(&problem), None),
            Err(other) => panic!("{round}: {other:?}"),
        }
    }
    assert!(solved > 2_000, "{solved} {refused}");
}
