//! Causes are enough and none too many, what is to be loosened helps, found by really widening; also with rules.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Dice, small};
use matching::{
    Answer, Explainer, Group, Limit, Need, Offer, Options, Pair, Problem, Refusal, Rule, Side, Status, Told, solve,
};

/// More than anything asks for.
const WIDE: i64 = 60;

fn limits(problem: &Problem) -> Vec<Limit> {
    let mut all: Vec<Limit> = (0..problem.rules.len() as u32).map(Limit::Rule).collect();
    for at in 0..problem.groups.len() as u32 {
        all.extend([Limit::GroupMax(at), Limit::GroupMin(at)]);
    }
    all.extend((0..problem.needs.len() as u32).map(Limit::NeedMax));
    all.extend((0..problem.offers.len() as u32).map(Limit::OfferCapacity));
    all.extend((0..).zip(&problem.pairs).map(|(at, p)| match p.status {
        Status::Free => Limit::PairMax(at),
        Status::Forced => Limit::PairForced(at),
        Status::Forbidden => Limit::PairForbidden(at),
    }));
    all
}

fn got(problem: &Problem, units: &[i64], need: u32) -> i64 {
    let units = problem.pairs.iter().zip(units).filter(|(p, _)| p.need == need);
    units.map(|(_, &x)| x).sum()
}

/// Whether `need` can get one unit more once these limits are let go and all others stay, needs that weigh at least
/// `stand` keeping what they have of their minimum.
fn helps(problem: &Problem, answer: &Answer, need: u32, gone: &[Limit], stand: i64) -> bool {
    let mut wide = problem.clone();
    let mut no_rules: Vec<u32> = Vec::new();
    for (at, n) in wide.needs.iter_mut().enumerate() {
        let at = at as u32;
        let held = n.min.min(got(problem, &answer.units, at));
        if at != need && n.priority >= stand && held > 0 && !gone.contains(&Limit::NeedMin(at)) {
            wide.groups.push(Group {
                side: Side::Need,
                members: vec![at],
                min: held,
                max: WIDE,
            });
        }
        (n.min, n.priority) = (0, 0);
    }
    for limit in gone {
        match *limit {
            Limit::OfferCapacity(o) => {
                wide.offers[o as usize].capacity = WIDE;
                let of = |r: &Rule| matches!(r, Rule::AllOrNothing { offer } if *offer == o);
                no_rules.extend((0..).zip(&problem.rules).filter(|(_, r)| of(r)).map(|(at, _)| at));
            }
            Limit::NeedMax(n) => wide.needs[n as usize].max = WIDE,
            Limit::PairMax(p) | Limit::PairForced(p) | Limit::PairForbidden(p) => {
                let pair = &mut wide.pairs[p as usize];
                (pair.status, pair.max_units) = (Status::Free, WIDE);
            }
            Limit::GroupMax(g) => wide.groups[g as usize].max = WIDE,
            Limit::GroupMin(g) => wide.groups[g as usize].min = 0,
            Limit::Rule(r) => no_rules.push(r),
            Limit::NeedMin(_) | Limit::NoPair(_) | Limit::NoPriority(_) => {}
        }
    }
    let rules = (0..).zip(&problem.rules).filter(|(at, _)| !no_rules.contains(at));
    wide.rules = rules.map(|(_, r)| r.clone()).collect();
    for pair in &mut wide.pairs {
        pair.value = 0;
    }
    let want = got(problem, &answer.units, need) + 1;
    let n = &mut wide.needs[need as usize];
    (n.min, n.priority) = (want, 1);
    let best = solve(&wide, &Options::default()).unwrap();
    assert!(best.proved || best.searched);
    best.weighted_unmet == 0
}

/// Every part of `all` with `count` members.
fn parts(all: &[Limit], count: usize, see: &mut dyn FnMut(&[Limit])) {
    fn go(all: &[Limit], from: usize, count: usize, part: &mut Vec<Limit>, see: &mut dyn FnMut(&[Limit])) {
        if count == 0 {
            return see(part);
        }
        for at in from..all.len() {
            part.push(all[at]);
            go(all, at + 1, count - 1, part, see);
            part.pop();
        }
    }
    go(all, 0, count, &mut Vec::new(), see);
}

fn without(all: &[Limit], some: &[Limit]) -> Vec<Limit> {
    all.iter().copied().filter(|l| !some.contains(l)).collect()
}

/// How many shortages were looked at, and how many of them said a rule or named a smallest set.
fn look(seed: u64, rounds: usize, rules: bool) -> (usize, usize, usize) {
    let mut dice = Dice(seed);
    let (mut seen, mut ruled, mut smallest) = (0, 0, 0);
    for round in 0..rounds {
        let problem = small(&mut dice, rules);
        let Ok(answer) = solve(&problem, &Options::default()) else {
            continue;
        };
        for unmet in &answer.unmet {
            let need = problem.needs[unmet.need as usize];
            let say = || format!("{round}: {problem:?}\n{answer:?}\n{unmet:?}");
            if matches!(unmet.causes[..], [Limit::NoPair(_)]) {
                assert!(problem.pairs.iter().all(|p| p.need != unmet.need));
                continue;
            }
            if matches!(unmet.causes[..], [Limit::NoPriority(_)]) {
                assert_eq!(need.priority, 0);
                continue;
            }
            assert!(matches!(unmet.told, Told::Smallest | Told::Minimal), "{}", say());
            let stand = [need.priority, need.priority.min(1)];
            let stand = *stand
                .iter()
                .find(|&&s| !helps(&problem, &answer, unmet.need, &[], s))
                .unwrap();
            let mut all = limits(&problem);
            for (at, n) in (0..).zip(&problem.needs) {
                if at != unmet.need && n.priority >= stand && got(&problem, &answer.units, at).min(n.min) > 0 {
                    all.push(Limit::NeedMin(at));
                }
            }
            let helps = |gone: &[Limit]| helps(&problem, &answer, unmet.need, gone, stand);
            seen += 1;
            ruled += usize::from(unmet.causes.iter().any(|c| matches!(c, Limit::Rule(_))));
            assert!(unmet.causes.iter().all(|c| all.contains(c)), "{}", say());
            assert!(!helps(&without(&all, &unmet.causes)), "not enough: {}", say());
            for cause in &unmet.causes {
                let fewer = without(&unmet.causes, &[*cause]);
                assert!(helps(&without(&all, &fewer)), "{cause:?} is too much: {}", say());
            }
            assert!(!unmet.loosen.is_empty(), "{}", say());
            assert!(helps(&unmet.loosen), "does not help: {}", say());
            for loose in &unmet.loosen {
                assert!(
                    !helps(&without(&unmet.loosen, &[*loose])),
                    "{loose:?} can stay: {}",
                    say()
                );
            }
            if unmet.told == Told::Smallest && seen % 4 == 0 && unmet.causes.len() < 4 && unmet.loosen.len() < 4 {
                smallest += 1;
                for count in 0..unmet.causes.len() {
                    parts(&all, count, &mut |part| {
                        assert!(helps(&without(&all, part)), "{part:?} would do: {}", say())
                    });
                }
                for count in 0..unmet.loosen.len() {
                    parts(&all, count, &mut |part| {
                        assert!(!helps(part), "{part:?} would do: {}", say())
                    });
                }
            }
        }
    }
    (seen, ruled, smallest)
}

#[test]
fn causes_are_smallest() {
    let (seen, _, smallest) = look(4, 6_000, false);
    assert!(seen > 500 && smallest > 100, "{seen} {smallest}");
}

#[test]
fn causes_are_minimal_with_rules_and_crossing_groups() {
    let (seen, ruled, _) = look(41, 2_500, true);
    assert!(seen > 400 && ruled > 50, "{seen} {ruled}");
}

fn offers(capacities: &[i64]) -> Vec<Offer> {
    capacities.iter().map(|&capacity| Offer { capacity }).collect()
}

fn pair(offer: u32, need: u32, max_units: i64, status: Status) -> Pair {
    Pair {
        offer,
        need,
        value: 1,
        max_units,
        status,
    }
}

fn group(members: &[u32], min: i64, max: i64) -> Group {
    Group {
        side: Side::Offer,
        members: members.to_vec(),
        min,
        max,
    }
}

fn need(min: i64) -> Need {
    Need {
        min,
        max: min,
        priority: 1,
    }
}

#[test]
fn groups_that_cross_are_both_named() {
    let problem = Problem {
        needs: vec![need(3)],
        offers: offers(&[3, 3, 3]),
        pairs: (0..3).map(|o| pair(o, 0, 3, Status::Free)).collect(),
        groups: vec![group(&[0, 1], 0, 1), group(&[1, 2], 0, 1)],
        rules: Vec::new(),
    };
    let answer = solve(&problem, &Options::default()).unwrap();
    assert_eq!(answer.unmet[0].causes, [Limit::GroupMax(0), Limit::GroupMax(1)]);
    assert_eq!(answer.unmet[0].loosen.len(), 1);
}

#[test]
fn one_group_is_named_instead_of_four_capacities() {
    let problem = Problem {
        needs: vec![need(9)],
        offers: offers(&[1, 1, 1, 1]),
        pairs: (0..4).map(|o| pair(o, 0, 9, Status::Free)).collect(),
        groups: vec![group(&[0, 1, 2, 3], 0, 4)],
        rules: Vec::new(),
    };
    let answer = solve(&problem, &Options::default()).unwrap();
    assert_eq!(answer.unmet[0].causes, [Limit::GroupMax(0)]);
    assert_eq!(answer.unmet[0].told, Told::Smallest);
    // The group alone would not do: somebody must have more as well.
    assert_eq!(answer.unmet[0].loosen.len(), 2);
}

#[test]
fn forbidden_and_forced_pairs_are_named_as_such() {
    let mut problem = Problem {
        needs: vec![need(3), need(0)],
        offers: offers(&[3]),
        pairs: vec![pair(0, 0, 3, Status::Forbidden), pair(0, 1, 0, Status::Free)],
        ..Problem::default()
    };
    let answer = solve(&problem, &Options::default()).unwrap();
    assert_eq!(answer.unmet[0].causes, [Limit::PairForbidden(0)]);
    problem.pairs[0].status = Status::Forced;
    problem.pairs[0].max_units = 1;
    let answer = solve(&problem, &Options::default()).unwrap();
    assert_eq!(answer.unmet[0].causes, [Limit::PairForced(0)]);
    // A group that asks where everything is forbidden.
    problem.pairs[0].status = Status::Forbidden;
    problem.groups.push(group(&[0], 1, 3));
    let Err(Refusal::Conflict(conflict)) = solve(&problem, &Options::default()) else {
        panic!("it cannot hold")
    };
    assert_eq!(conflict.groups, [0]);
    assert!(conflict.limits.contains(&Limit::PairForbidden(0)), "{conflict:?}");
}

#[test]
fn many_short_needs_are_all_told() {
    let mut problem = Problem::default();
    for at in 0..400 {
        problem.needs.push(need(3));
        problem.offers.push(Offer { capacity: 2 });
        problem.pairs.push(pair(at, at, 9, Status::Free));
    }
    let answer = solve(&problem, &Options::default()).unwrap();
    assert_eq!(answer.unmet.len(), 400);
    for unmet in &answer.unmet {
        assert_eq!(unmet.causes, [Limit::OfferCapacity(unmet.need)]);
    }
    // Too little work allowed is said.
    let shortage = Explainer::new(&problem, &answer).shortage(0, 10);
    assert_eq!((shortage.told, shortage.causes.len()), (Told::Not, 0));
}

#[test]
fn a_market_that_is_short_as_a_whole_names_what_would_help() {
    // Everybody serves both needs, so that every capacity is one of the causes.
    let mut problem = Problem {
        needs: vec![need(900), need(900)],
        ..Problem::default()
    };
    for at in 0..300 {
        problem.offers.push(Offer { capacity: 2 });
        problem.pairs.extend([0, 1].map(|n| pair(at, n, 9, Status::Free)));
    }
    let answer = solve(&problem, &Options::default()).unwrap();
    for unmet in &answer.unmet {
        // Where the other need has something, that it keeps it is one more.
        assert!(matches!(unmet.told, Told::Many(300 | 301)), "{:?}", unmet.told);
        assert!(unmet.causes.is_empty() && unmet.loosen.len() == 1);
    }
}
