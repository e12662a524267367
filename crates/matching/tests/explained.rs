//! Conflicts are smallest, reasons are there, and the checker is not fooled.

mod common;

use common::{Dice, oracle, small};
use matching::{
    Conflict, Explainer, Group, Limit, Need, Options, Pair, Problem, Reason, Refusal, Side, Status, check, solve,
};

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

/// Whether anything keeps all limits, with only these demands and without these rules and limits.
fn can_hold(problem: &Problem, conflict: &Conflict) -> bool {
    oracle(&only(problem, &conflict.forced, &conflict.groups)).is_some()
}

#[test]
fn conflicts_among_rules_are_smallest() {
    let mut dice = Dice(31);
    let (mut seen, mut ruled) = (0, 0);
    for round in 0..4_000 {
        let problem = small(&mut dice, true);
        let Err(Refusal::Conflict(conflict)) = solve(&problem, &Options::default()) else {
            continue;
        };
        seen += 1;
        ruled += i32::from(!conflict.rules.is_empty());
        let say = || format!("{round}: {problem:?}\n{conflict:?}");
        assert!(conflict.minimal, "{}", say());
        assert!(!can_hold(&problem, &conflict), "{}", say());
        let parts = conflict.forced.len() + conflict.groups.len();
        for skip in 0..parts {
            let mut fewer = conflict.clone();
            if skip < fewer.forced.len() {
                fewer.forced.remove(skip);
            } else {
                fewer.groups.remove(skip - conflict.forced.len());
            }
            assert!(can_hold(&problem, &fewer), "{skip} is too much: {}", say());
        }
        // Without the rules that are not named it still cannot hold.
        let mut bare = problem.clone();
        bare.rules = conflict
            .rules
            .iter()
            .map(|&r| problem.rules[r as usize].clone())
            .collect();
        assert!(!can_hold(&bare, &conflict), "{}", say());
        for (at, group) in bare.groups.iter_mut().enumerate() {
            if !conflict.limits.contains(&Limit::GroupMax(at as u32)) {
                group.max = 60;
            }
        }
        assert!(!can_hold(&bare, &conflict), "{}", say());
    }
    assert!(seen > 300 && ruled > 20, "{seen} {ruled}");
}

#[test]
fn three_groups_that_cross_are_named_and_nothing_else() {
    let group = |members: &[u32], min, max| Group {
        side: Side::Offer,
        members: members.to_vec(),
        min,
        max,
    };
    let pair = |offer, need, status| Pair {
        offer,
        need,
        value: 1,
        max_units: 1,
        status,
    };
    let need = Need {
        min: 0,
        max: 9,
        priority: 1,
    };
    let problem = Problem {
        needs: vec![need, need],
        offers: vec![matching::Offer { capacity: 1 }; 4],
        pairs: vec![
            pair(0, 0, Status::Free),
            pair(1, 0, Status::Free),
            pair(2, 0, Status::Free),
            pair(3, 1, Status::Forced),
        ],
        // Each two of the first three give one together: that is one and a half in all.
        groups: vec![
            group(&[0, 1], 1, 1),
            group(&[1, 2], 1, 1),
            group(&[0, 2], 1, 1),
            group(&[3], 1, 1),
        ],
        rules: Vec::new(),
    };
    let Err(Refusal::Conflict(conflict)) = solve(&problem, &Options::default()) else {
        panic!("it cannot hold")
    };
    assert!(conflict.minimal);
    assert_eq!((&conflict.forced[..], &conflict.groups[..]), (&[][..], &[0, 1, 2][..]));
    let groups = [Limit::GroupMax(0), Limit::GroupMax(1), Limit::GroupMax(2)];
    assert_eq!(conflict.limits, groups);
}
