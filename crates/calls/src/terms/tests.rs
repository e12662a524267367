//! What a limit counts, what it changes in a plan, and that every reason given for it is true.

use super::*;
use crate::allocate::tests::{candidate, question};
use crate::allocate::{Cause, Fault, Outcome, Pin, PinKind, Weights, Why, WhyNot, allocate, proof};
use crate::call::tests::{draft, need};
use basis::{Id, Text};
use proptest::prelude::*;

fn quota(who: Who, unit: &str, least: Option<i64>, most: Option<i64>) -> Quota {
    Quota {
        who,
        unit: Id::named(unit),
        least,
        most,
    }
}
fn of(quotas: Vec<Quota>) -> Terms {
    Terms {
        quotas,
        ..Terms::default()
    }
}
fn counted(name: &str, max: i64, unit: &str) -> Need {
    Need {
        unit: Text::new(basis::Lang::en(), unit),
        ..need(name, 0, max, 5)
    }
}
fn known(name: &str, mean: i64, lines: &[(&str, i64)]) -> Candidate {
    Candidate {
        kept: 3,
        ..candidate(name, mean, lines)
    }
}
fn plan(needs: &[Need], all: &[Candidate], terms: &Terms, pins: &[Pin]) -> Outcome {
    let (call, w) = (draft(), Weights::default());
    allocate(&question(&call, needs, all, &w, pins, terms), None, &|| false).unwrap()
}
fn holds(needs: &[Need], all: &[Candidate], o: &Outcome) -> bool {
    let offered = all.iter().map(|c| (c.offer, c.lines.clone())).collect();
    proof(needs, &offered, &Weights::default(), &[], o).holds
}
fn given(o: &Outcome, offer: &str) -> i64 {
    o.given(Id::named(offer)).iter().map(|l| l.1).sum()
}
fn passed(o: &Outcome, all: &[Candidate], offer: &str, need: &str) -> WhyNot {
    let offered = all.iter().flat_map(|c| c.lines.iter().map(|l| (c.offer, *l)));
    let found = o.passed(offered, &Weights::default(), &[]);
    let at = &found[&Id::named(need)];
    at.iter().find(|p| p.offer == Id::named(offer)).unwrap().why.clone()
}

#[test]
fn newcomers_get_what_is_kept_for_them_and_each_reason_says_so() {
    let needs = [need("x", 0, 6, 5)];
    let all = [known("old", 900, &[("x", 6)]), candidate("new", 300, &[("x", 6)])];
    assert_eq!(given(&plan(&needs, &all, &Terms::default(), &[]), "old"), 6);
    let o = plan(&needs, &all, &of(vec![quota(Who::Newcomers, "x", Some(2), None)]), &[]);
    assert_eq!((given(&o, "old"), given(&o, "new"), o.terms.quotas[0].units), (4, 2, 2));
    assert!(o.proved && holds(&needs, &all, &o), "{o:?}");
    assert!(o.order.is_empty(), "the order of arrival decided nothing");
    let line = o.lines.iter().find(|l| l.offer == Id::named("new")).unwrap();
    assert!(
        matches!(line.why, Why::Counted { other, term: Term::Quota(0), by } if other == Id::named("old") && by > 0),
        "{line:?}"
    );
    let mut forged = o.clone();
    forged.terms.quotas[0].quota.least = Some(3);
    assert!(!holds(&needs, &all, &forged));
    // The other way round: at most two of those who are known.
    let o = plan(
        &needs,
        &[all[0].clone(), known("other", 800, &[("x", 6)]), all[1].clone()],
        &of(vec![quota(Who::Offer(Id::named("old")), "x", None, Some(2))]),
        &[],
    );
    assert_eq!((given(&o, "old"), given(&o, "other"), given(&o, "new")), (2, 4, 0));
    let line = o.lines.iter().find(|l| l.offer == Id::named("other")).unwrap();
    assert!(
        matches!(
            line.why,
            Why::OtherBarred {
                term: Term::Quota(0),
                ..
            }
        ),
        "{line:?}"
    );
}
#[test]
fn a_limit_that_leaves_nothing_is_why_a_need_stays_short_and_an_offer_out() {
    let needs = [need("x", 3, 6, 5)];
    let all = [Candidate {
        home: Some(false),
        ..candidate("far", 900, &[("x", 6)])
    }];
    let none = plan(&needs, &all, &of(vec![quota(Who::Partner, "x", None, Some(0))]), &[]);
    assert_eq!(none.short[0].cause, Cause::Terms);
    assert_eq!(none.short[0].terms, [Term::Quota(0)]);
    assert_eq!(passed(&none, &all, "far", "x"), WhyNot::Barred { term: Term::Quota(0) });
    let some = plan(&needs, &all, &of(vec![quota(Who::Partner, "x", None, Some(1))]), &[]);
    assert_eq!(
        (some.short[0].missing, some.short[0].terms.as_slice()),
        (2, &[Term::Quota(0)][..])
    );
    let home = plan(&needs, &all, &of(vec![quota(Who::Home, "x", None, Some(0))]), &[]);
    assert!(home.short.is_empty(), "nobody of our side is here");
}
#[test]
fn unlike_units_are_never_summed() {
    let needs = [counted("teach", 9, "hours"), counted("sit", 9, "rooms")];
    let all = [candidate("a", 900, &[("teach", 5), ("sit", 5)])];
    let o = plan(
        &needs,
        &all,
        &of(vec![quota(Who::Newcomers, "teach", None, Some(2))]),
        &[],
    );
    assert_eq!(
        o.given(Id::named("a")),
        [(Id::named("teach"), 2), (Id::named("sit"), 5)]
    );
    assert!(o.proved && holds(&needs, &all, &o), "{o:?}");
    // Whoever states one limit over both is not taken apart: what it counts is one then.
    let whole = [Candidate {
        most: Some(6),
        ..all[0].clone()
    }];
    assert_eq!(kinds(&needs, &whole).values().collect::<HashSet<_>>().len(), 1);
    assert_eq!(kinds(&needs, &all).values().collect::<HashSet<_>>().len(), 2);
}
#[test]
fn one_of_two_is_chosen_and_the_budget_is_kept() {
    let needs = [need("x", 0, 9, 5), need("y", 0, 9, 5)];
    let asks = |name: &str, mean, asked, lines: &[(&str, i64)]| Candidate {
        asked: Some(asked),
        ..candidate(name, mean, lines)
    };
    let all = [
        asks("a", 900, 500, &[("x", 4), ("y", 2)]),
        asks("b", 700, 300, &[("x", 4)]),
        asks("c", 600, 300, &[("y", 4)]),
    ];
    let (a, b) = (Id::named("a"), Id::named("b"));
    let either = Terms {
        either: vec![[a, b]],
        ..Terms::default()
    };
    let o = plan(&needs, &all, &either, &[]);
    assert_eq!((given(&o, "a"), given(&o, "b"), given(&o, "c")), (6, 0, 4));
    assert!(o.proved || o.searched);
    assert_eq!(holds(&needs, &all, &o), o.proved);
    assert_eq!(passed(&o, &all, "b", "x"), WhyNot::Barred { term: Term::Either(0) });
    let budget = Terms {
        budget: Some(Money::new(650, draft().currency)),
        ..Terms::default()
    };
    let o = plan(&needs, &all, &budget, &[]);
    assert_eq!((given(&o, "a"), given(&o, "b"), given(&o, "c")), (0, 4, 4));
    assert_eq!(o.terms.budget.as_ref().unwrap().asked.minor, 600);
    assert_eq!(passed(&o, &all, "a", "x"), WhyNot::Barred { term: Term::Budget });
    // An offer that is counted in two units is paid for once.
    let hours = [counted("x", 9, "hours"), counted("y", 9, "rooms")];
    let both = Terms {
        quotas: vec![quota(Who::Newcomers, "x", None, Some(3))],
        budget: Some(Money::new(500, draft().currency)),
        ..Terms::default()
    };
    let o = plan(&hours, &all[..2], &both, &[]);
    assert_eq!(o.given(Id::named("a")), [(Id::named("x"), 3), (Id::named("y"), 2)]);
    assert_eq!(o.terms.budget.as_ref().unwrap().asked.minor, 500);
}
#[test]
fn what_cannot_hold_is_named() {
    let needs = [need("x", 0, 6, 5)];
    let all = [known("old", 900, &[("x", 6)]), candidate("new", 300, &[("x", 4)])];
    let faults = |terms: Vec<Quota>, pins: &[Pin]| plan(&needs, &all, &of(terms), pins).faults;
    assert_eq!(
        faults(vec![quota(Who::Newcomers, "x", Some(5), None)], &[]),
        [Fault::TermOver {
            term: Term::Quota(0),
            has: 4
        }]
    );
    let old = Who::Offer(Id::named("old"));
    assert_eq!(
        faults(
            vec![
                quota(Who::Newcomers, "x", Some(3), None),
                quota(old, "x", Some(4), None)
            ],
            &[]
        ),
        [Fault::Terms {
            terms: vec![Term::Quota(0), Term::Quota(1)],
            locked: vec![]
        }]
    );
    let lock = Pin {
        offer: Id::named("old"),
        need: Id::named("x"),
        kind: PinKind::Lock,
        units: 4,
    };
    let Fault::Terms { terms, locked } = &faults(vec![quota(Who::Newcomers, "x", Some(3), None)], &[lock.clone()])[0]
    else {
        panic!("names the limit");
    };
    assert_eq!(
        (terms.as_slice(), locked.as_slice()),
        (&[Term::Quota(0)][..], &[(lock.offer, lock.need)][..])
    );
}
/// Forty offers of one unit for two needs, with a budget that no price describes: more possibilities than anybody looks at.
fn tight() -> (Vec<Need>, Vec<Candidate>, Terms) {
    let needs = vec![need("x", 5, 20, 5), need("y", 5, 20, 5)];
    let offer = |i: i64| Candidate {
        asked: Some(100 + 37 * (i * i % 41)),
        ..candidate(&format!("o{i}"), 300 + 13 * (i * 29 % 47), &[("x", 1), ("y", 1)])
    };
    let terms = Terms {
        budget: Some(Money::new(9_999, Currency::CNY)),
        ..Terms::default()
    };
    (needs, (0..40).map(offer).collect(), terms)
}
#[test]
fn where_the_time_runs_out_it_is_told_how_much_better_a_plan_could_be() {
    use std::sync::atomic::{AtomicU32, Ordering};
    let (needs, all, terms) = tight();
    let (call, w) = (draft(), Weights::default());
    let asked = question(&call, &needs, &all, &w, &[], &terms);
    let best = allocate(&asked, None, &|| false).unwrap();
    assert!((best.proved || best.searched) && best.bound.is_none());
    let number = |s: &str| s.parse::<i64>().unwrap();
    let mut unproved = 0;
    for looks in 1..400 {
        let asked_for = AtomicU32::new(0);
        let stop = || asked_for.fetch_add(1, Ordering::Relaxed) >= looks;
        let Ok(o) = allocate(&asked, None, &stop) else { continue };
        let Some(bound) = &o.bound else {
            assert!(o.proved || o.searched);
            continue;
        };
        unproved += 1;
        assert!(!o.proved && !o.searched);
        assert!(number(&bound.weighted_unmet) <= number(&best.weighted_unmet));
        if o.weighted_unmet == best.weighted_unmet {
            assert!(number(&bound.objective) >= number(&best.objective));
        }
        let most = number(&bound.objective);
        let short = bound.short_of(&o.objective).unwrap();
        let gap = most - number(&o.objective);
        assert!(
            short * most >= gap * 100_000 && (short - 1) * most < gap * 100_000,
            "{short}"
        );
    }
    assert!(unproved > 10, "{unproved}");
}
#[test]
fn who_is_written_down_and_compared_again() {
    let needs = [need("x", 0, 6, 5)];
    let all = [candidate("new", 300, &[("x", 4)])];
    let district = Id::named("wulong");
    let terms = of(vec![
        quota(Who::Newcomers, "x", None, Some(3)),
        quota(Who::District(district), "x", None, Some(3)),
    ]);
    let o = plan(&needs, &all, &terms, &[]);
    let json = serde_json::to_string(&o).unwrap();
    assert_eq!(serde_json::from_str::<Outcome>(&json).unwrap(), o);
    assert_eq!(o.terms.terms(), terms);
    assert_eq!(o.ground(&draft(), &needs, &all), crate::allocate::Ground::Same);
    let moved = [Candidate {
        district: Some(district),
        ..all[0].clone()
    }];
    assert_eq!(o.ground(&draft(), &needs, &moved), crate::allocate::Ground::OtherGroups);
}
#[test]
fn what_is_typed_is_told_at_its_field() {
    let needs = [counted("teach", 9, "hours"), counted("sit", 9, "rooms")];
    let all = [candidate("a", 900, &[("teach", 5)]), candidate("b", 900, &[("sit", 5)])];
    let row = |who: &str, unit: &str, least: &str, most: &str| QuotaInput {
        who: who.into(),
        unit: Id::<basis::Need>::named(unit).to_string(),
        least: least.into(),
        most: most.into(),
    };
    let a = Id::<basis::Offer>::named("a").to_string();
    let input = TermsInput {
        quotas: vec![
            QuotaInput::default(),
            row("newcomers", "teach", "3", "2"),
            row("everybody", "teach", "1", ""),
            row("home", "teach", "", ""),
            row("", "sit", "x", ""),
            row("partner", "elsewhere", "1", ""),
            // What cannot be read is not compared.
            row("home", "teach", "99999999999999999999", "-3"),
            QuotaInput {
                unit: String::new(),
                ..row("partner", "", "1", "")
            },
        ],
        budget: "much".into(),
        either: vec![
            EitherInput::default(),
            EitherInput {
                one: a.clone(),
                other: a.clone(),
            },
            EitherInput {
                one: a.clone(),
                other: String::new(),
            },
            EitherInput {
                one: Id::<basis::Offer>::named("gone").to_string(),
                other: "Zhang".into(),
            },
        ],
    };
    let mut c = Check::new();
    input.check(&mut c, &needs, &all, draft().currency);
    let told = c.done(()).unwrap_err();
    let code = |field: &str| told.iter().find(|r| r.field.as_deref() == Some(field)).unwrap().code;
    assert_eq!(code("quota-2-who"), "refusal-no-such-maker");
    assert_eq!(code("quota-6-least"), "refusal-out-of-range");
    assert_eq!(code("either-3-one"), "refusal-not-in-list");
    assert_eq!(code("either-3-other"), "refusal-no-such-maker");
    let at: Vec<String> = told
        .into_iter()
        .map(|r| r.field.unwrap_or_default().to_string())
        .collect();
    assert_eq!(
        at,
        [
            "quota-1-most",
            "quota-2-who",
            "quota-3-least",
            "quota-4-who",
            "quota-4-least",
            "quota-5-unit",
            "quota-6-least",
            "quota-6-most",
            "quota-7-unit",
            "budget",
            "either-1-other",
            "either-2-other",
            "either-3-one",
            "either-3-other"
        ]
    );
    let mut c = Check::new();
    let fine = TermsInput {
        quotas: vec![QuotaInput::default(), row("newcomers", "teach", "1", "")],
        ..TermsInput::default()
    };
    let (terms, rows) = fine.check(&mut c, &needs, &all, draft().currency);
    assert_eq!(terms, of(vec![quota(Who::Newcomers, "teach", Some(1), None)]));
    assert_eq!(
        rows.field(Term::Quota(0), &terms),
        "quota-1-least",
        "at the row it was typed in"
    );
    assert_eq!(TermsInput::of(&terms).quotas, fine.quotas[1..]);
    for who in ["newcomers", "partner", "home", "field:culture"] {
        assert_eq!(who.parse::<Who>().unwrap().to_string(), who);
    }
}

/// Every allocation of small questions that keeps all limits: what is missing, and the best value with that.
fn best(needs: &[Need], all: &[Candidate], terms: &Kept, w: &Weights) -> Option<(i64, i64)> {
    let pairs: Vec<(OfferId, NeedId, i64, i64)> = all
        .iter()
        .flat_map(|c| {
            let own = c.marks(&draft());
            let value = move |n: &NeedId| {
                let need = needs.iter().find(|x| x.id == *n);
                need.map_or(0, |n| c.marks_at(&own, n).value(w))
            };
            c.lines.iter().map(move |(n, u)| (c.offer, *n, *u, value(n)))
        })
        .collect();
    let mut best: Option<(i64, i64)> = None;
    let mut units = vec![0i64; pairs.len()];
    loop {
        let sum = |of: &dyn Fn(&(OfferId, NeedId, i64, i64)) -> bool| -> i64 {
            pairs.iter().zip(&units).filter(|(p, _)| of(p)).map(|(_, u)| *u).sum()
        };
        let chosen = |o: OfferId| sum(&|p| p.0 == o) > 0;
        let fits = needs.iter().all(|n| sum(&|p| p.1 == n.id) <= n.max)
            && terms.quotas.iter().all(|q| {
                let has = sum(&|p| q.counts(p.0, p.1));
                q.quota.least.is_none_or(|l| has >= l) && q.quota.most.is_none_or(|m| has <= m)
            })
            && terms.either.iter().all(|[a, b]| !(chosen(*a) && chosen(*b)))
            && terms.budget.as_ref().is_none_or(|b| {
                let asked = b.costs.iter().filter(|c| chosen(*c.0)).map(|c| *c.1).sum::<i64>();
                asked <= b.most.minor
            });
        if fits {
            let missing: i64 = needs
                .iter()
                .map(|n| n.priority * (n.min - sum(&|p| p.1 == n.id)).max(0))
                .sum();
            let value: i64 = pairs.iter().zip(&units).map(|(p, u)| p.3 * u).sum();
            if best.is_none_or(|(m, v)| (missing, -value) < (m, -v)) {
                best = Some((missing, value));
            }
        }
        let Some(at) = (0..units.len()).find(|at| units[*at] < pairs[*at].2) else {
            return best;
        };
        units[at] += 1;
        units[..at].fill(0);
    }
}
proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    /// The best of all plans that keep the terms; and in such a plan each reason is one that can be: nothing is called
    /// unproved, and nobody without a place where a term, a rival or a full need does not say why.
    #[test]
    fn terms_are_kept_and_every_reason_is_true(
        units in proptest::collection::vec((0i64..3, 0i64..3, 1i64..5, 0usize..2), 1..3),
        offers in proptest::collection::vec((0i64..=9, 0i64..2, 0usize..3, 0i64..4, proptest::collection::vec((0usize..3, 1i64..3), 1..3)), 2..5),
        quotas in proptest::collection::vec((0usize..6, 0usize..3, 0i64..3, 0i64..5), 0..3),
        either in any::<bool>(),
        budget in proptest::option::of(0i64..8),
    ) {
        let needs: Vec<Need> = units.iter().enumerate().map(|(i, (min, more, priority, unit))| Need {
            min: *min,
            priority: *priority,
            ..counted(&i.to_string(), (min + more).max(1), ["hours", "rooms"][*unit])
        }).collect();
        let all: Vec<Candidate> = offers.iter().enumerate().map(|(i, (mean, kept, side, asked, lines))| {
            let mut lines: Vec<(NeedId, i64)> = lines.iter().filter_map(|(n, u)| needs.get(*n).map(|n| (n.id, *u))).collect();
            lines.sort();
            lines.dedup_by_key(|l| l.0);
            Candidate {
                lines,
                kept: *kept,
                home: [None, Some(true), Some(false)][*side],
                asked: (*asked > 0).then_some(*asked),
                ..candidate(&i.to_string(), mean * 100, &[])
            }
        }).collect();
        let mut terms = Terms { budget: budget.map(|b| Money::new(b, draft().currency)), ..Terms::default() };
        for (who, unit, least, more) in quotas {
            let who = [Who::Newcomers, Who::Partner, Who::Home, Who::Offer(all[0].offer), Who::Offer(all[1].offer), Who::Field(draft().field)][who];
            let unit = needs[unit % needs.len()].id;
            terms.quotas.push(Quota { who, unit, least: (least > 0).then_some(least), most: (more < 4).then_some(least + more) });
        }
        if either {
            terms.either.push([all[0].offer, all[1].offer]);
        }
        let (call, w) = (draft(), Weights::default());
        let o = allocate(&question(&call, &needs, &all, &w, &[], &terms), None, &|| false).unwrap();
        let best = best(&needs, &all, &terms.kept(&call, &needs, &all), &w);
        prop_assert_eq!(best.is_none(), !o.faults.is_empty(), "{:?}", o.faults);
        let Some((missing, value)) = best else { return Ok(()) };
        prop_assert_eq!((o.weighted_unmet.clone(), o.objective.clone()), (missing.to_string(), value.to_string()));
        prop_assert!(o.proved || o.searched);
        prop_assert_eq!(holds(&needs, &all, &o), o.proved);
        for l in &o.lines {
            prop_assert!(!matches!(l.why, Why::Unproved { .. }), "{:?}", o);
        }
        let offered = all.iter().flat_map(|c| c.lines.iter().map(|l| (c.offer, *l)));
        for p in o.passed(offered, &w, &[]).into_values().flatten() {
            if p.value > 0 {
                prop_assert!(!matches!(p.why, WhyNot::Unplaced), "{:?} {:?}", p, o);
            }
        }
        for s in o.short.iter().filter(|s| s.cause == Cause::Terms) {
            prop_assert!(!s.terms.is_empty());
        }
    }
}
