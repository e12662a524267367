//! What a plan gives, why, and that nothing is steered by who was locked before.

use super::*;
use crate::call::tests::{draft, need};
use basis::{Day, Field, Id, Lang};
use proptest::prelude::*;

pub(crate) fn candidate(name: &str, mean: i64, lines: &[(&str, i64)]) -> Candidate {
    Candidate {
        offer: Id::named(name),
        mean: Some(mean),
        starts: Day::constant(2027, 1, 1),
        ends: Day::constant(2027, 12, 31),
        languages: vec!["zh-Hans".into()],
        kept: 0,
        late: 0,
        broken: 0,
        fields: Vec::new(),
        near: None,
        home: None,
        district: None,
        asked: None,
        most: None,
        lines: lines.iter().map(|(n, u)| (Id::named(n), *u)).collect(),
    }
}
/// A whole question.
pub(crate) fn question<'a>(
    call: &'a Call,
    needs: &'a [Need],
    candidates: &'a [Candidate],
    weights: &'a Weights,
    pins: &'a [Pin],
    terms: &'a Terms,
) -> Question<'a> {
    Question {
        call,
        needs,
        candidates,
        weights,
        pins,
        terms,
    }
}
/// Without terms, and in no hurry.
pub(crate) fn allocate(
    call: &Call,
    needs: &[Need],
    candidates: &[Candidate],
    weights: &Weights,
    pins: &[Pin],
    earlier: Option<&Outcome>,
) -> Result<Outcome, Refusal> {
    let terms = Terms::default();
    super::allocate(
        &question(call, needs, candidates, weights, pins, &terms),
        earlier,
        &|| false,
    )
}
fn units(o: &Outcome, offer: &str, need: &str) -> i64 {
    o.lines
        .iter()
        .find(|l| l.offer == Id::named(offer) && l.need == Id::named(need))
        .map_or(0, |l| l.units)
}
#[test]
fn marks_follow_the_stated_formulas() {
    let mut call = draft();
    call.languages = vec![Lang::zh(), "de".parse().unwrap()];
    let mut c = candidate("a", 865, &[("n", 1)]);
    (c.starts, c.kept, c.late, c.broken) = (Day::constant(2027, 7, 2), 3, 1, 0);
    let m = c.marks(&call);
    assert_eq!((m.panel, m.dates, m.languages, m.promises), (865, 501, 500, 750));
    assert_eq!(
        candidate("b", 0, &[]).marks(&draft()).promises,
        500,
        "who is new stands in the middle"
    );
    assert_eq!(
        (m.skills, m.place),
        (500, 1000),
        "nothing registered, and no district named"
    );
    assert_eq!(
        m.value(&Weights::default()),
        (865 * 60 + 500 * 5 + 501 * 10 + 500 * 10 + 1000 * 5 + 750 * 10) / 100
    );
    call.district = Some(Id::named("wulong"));
    (c.fields, c.near) = (vec![Field::Culture], Some(false));
    let m = c.marks(&call);
    assert_eq!((m.skills, m.place), (1000, 0));
    let old: Weights = serde_json::from_str(r#"{"panel":60,"dates":15,"languages":10,"promises":15}"#).unwrap();
    assert!(
        old.check().is_ok(),
        "weights stated before there were skills and places hold"
    );
    assert_eq!(m.value(&old), (865 * 60 + 501 * 15 + 500 * 10 + 750 * 15) / 100);
}
#[test]
fn nobody_is_given_more_than_they_have_in_all() {
    let needs = [need("x", 0, 9, 5), need("y", 0, 9, 5)];
    let all = candidate("a", 900, &[("x", 6), ("y", 6)]);
    let some = Candidate {
        most: Some(7),
        ..all.clone()
    };
    let w = Weights::default();
    let sum = |o: &Outcome| o.lines.iter().map(|l| l.units).sum::<i64>();
    assert_eq!(sum(&allocate(&draft(), &needs, &[all], &w, &[], None).unwrap()), 12);
    let out = allocate(&draft(), &needs, std::slice::from_ref(&some), &w, &[], None).unwrap();
    assert_eq!(
        (sum(&out), out.proved, out.limits.get(&Id::named("a"))),
        (7, true, Some(&7))
    );
    let offered = BTreeMap::from([(some.offer, some.lines.clone())]);
    assert!(proof(&needs, &offered, &w, &[], &out).holds);
    let spent = Candidate { most: Some(-2), ..some };
    let out = allocate(&draft(), &needs, &[spent], &w, &[], None).unwrap();
    assert_eq!((sum(&out), out.proved), (0, true), "given elsewhere already");
}
#[test]
fn an_offer_in_parts_gives_of_each_what_is_left_of_it() {
    let needs = [need("x", 0, 9, 5), need("y", 0, 9, 5), need("z", 0, 9, 5)];
    let part = |lines: &[(&str, i64)], most| Candidate {
        most,
        ..candidate("a", 900, lines)
    };
    let split = [part(&[("x", 6), ("y", 6)], Some(4)), part(&[("z", 5)], None)];
    let w = Weights::default();
    let out = allocate(&draft(), &needs, &split, &w, &[], None).unwrap();
    assert_eq!(units(&out, "a", "x") + units(&out, "a", "y"), 4);
    assert_eq!((units(&out, "a", "z"), out.proved, out.parts.len()), (5, true, 2));
    let all = vec![(Id::named("x"), 6), (Id::named("y"), 6), (Id::named("z"), 5)];
    let offered = BTreeMap::from([(Id::named("a"), all)]);
    assert!(proof(&needs, &offered, &w, &[], &out).holds);
    let pin = |need: &str, units| Pin {
        offer: Id::named("a"),
        need: Id::named(need),
        kind: PinKind::Lock,
        units,
    };
    let over = allocate(&draft(), &needs, &split, &w, &[pin("x", 3), pin("y", 2)], Some(&out)).unwrap();
    assert_eq!(
        over.faults,
        [Fault::OfferOver {
            offer: Id::named("a"),
            locked: 5,
            has: 4
        }]
    );
    let fits = allocate(&draft(), &needs, &split, &w, &[pin("x", 3), pin("z", 5)], Some(&out)).unwrap();
    assert_eq!((fits.proved, units(&fits, "a", "y")), (true, 1));
}
#[test]
fn parts_of_an_offer_come_when_it_came_and_their_reasons_keep_to_the_part() {
    // Hours at x and y, rooms at z; the earlier maker has little left of the hours and all of the rooms.
    let needs = [need("x", 0, 6, 5), need("y", 0, 6, 5), need("z", 0, 4, 5)];
    let part = |name: &str, lines: &[(&str, i64)], most| Candidate {
        most,
        ..candidate(name, 500, lines)
    };
    let late = || part("late", &[("x", 6), ("y", 6), ("z", 4)], None);
    let early = || {
        [
            part("early", &[("x", 6), ("y", 6)], Some(4)),
            part("early", &[("z", 4)], Some(9)),
        ]
    };
    let w = Weights::default();
    let [hours, rooms] = early();
    let all = [hours, rooms, late()];
    let out = allocate(&draft(), &needs, &all, &w, &[], None).unwrap();
    let of = |o: &Outcome, name: &str| ["x", "y", "z"].map(|n| units(o, name, n));
    assert_eq!((of(&out, "early"), of(&out, "late")), ([4, 0, 4], [2, 6, 0]));
    assert_eq!(out.order, [Id::named("early"), Id::named("late")]);
    let why = |offer: &str, need: &str| {
        let line = out
            .lines
            .iter()
            .find(|l| (l.offer, l.need) == (Id::named(offer), Id::named(need)));
        line.map(|l| l.why.clone())
    };
    let (early_id, late_id) = (Id::named("early"), Id::named("late"));
    assert_eq!(why("early", "z"), Some(Why::Earlier { than: late_id }));
    assert_eq!(
        why("late", "y"),
        Some(Why::OtherNeeded {
            other: early_id,
            by: 0,
            at: Some(needs[0].id)
        }),
        "its hours are used up, its rooms are not asked"
    );
    let offered = all.iter().flat_map(|c| c.lines.iter().map(|l| (c.offer, *l)));
    let passed = out.passed(offered, &w, &[]);
    assert_eq!(passed[&needs[1].id][0].why, WhyNot::Elsewhere { at: needs[0].id });
    assert_eq!(passed[&needs[2].id][0].why, WhyNot::Later { than: early_id });
    // Whoever was locked before, it is the same plan.
    let pin = Pin {
        offer: late_id,
        need: needs[2].id,
        kind: PinKind::Lock,
        units: 3,
    };
    let locked = allocate(&draft(), &needs, &all, &w, &[pin], Some(&out)).unwrap();
    assert_eq!(units(&locked, "early", "z"), 1);
    let free = allocate(&draft(), &needs, &all, &w, &[], Some(&locked)).unwrap();
    assert_eq!(free.lines, out.lines);
    // The same the other way round.
    let [hours, rooms] = early();
    let turned = allocate(&draft(), &needs, &[late(), hours, rooms], &w, &[], None).unwrap();
    assert_eq!((of(&turned, "early"), of(&turned, "late")), ([0; 3], [6, 6, 4]));
}
#[test]
fn a_plan_stands_on_the_marks_for_each_need() {
    let call = draft();
    let mut needs = [need("x", 0, 4, 5), need("y", 0, 4, 5)];
    needs[1].field = Some(if call.field == Field::Health {
        Field::Culture
    } else {
        Field::Health
    });
    let offers = [Candidate {
        fields: vec![call.field],
        ..candidate("a", 500, &[("x", 1), ("y", 1)])
    }];
    let out = allocate(&call, &needs, &offers, &Weights::default(), &[], None).unwrap();
    assert_eq!(out.marks_at.len(), 1);
    assert!(out.lines[0].value > out.lines[1].value);
    assert_eq!(out.ground(&call, &needs, &offers), Ground::Same);
    let more = [Candidate {
        fields: vec![call.field, needs[1].field.unwrap()],
        ..offers[0].clone()
    }];
    assert_eq!(out.ground(&call, &needs, &more), Ground::OtherMarks);
    assert_eq!(out.ground(&call, &needs, &[]), Ground::OtherOffers);
}
#[test]
fn the_proof_can_be_checked_by_anybody_and_by_nobody_falsified() {
    let needs = [need("x", 1, 1, 5), need("y", 1, 2, 5)];
    let both = candidate("a", 900, &[("x", 1), ("y", 2)]);
    let one = candidate("b", 700, &[("x", 1)]);
    let offered = BTreeMap::from([(both.offer, both.lines.clone()), (one.offer, one.lines.clone())]);
    let w = Weights::default();
    let out = allocate(&draft(), &needs, &[both, one], &w, &[], None).unwrap();
    let told = proof(&needs, &offered, &w, &[], &out);
    assert!(told.holds);
    assert_eq!((told.needs.len(), told.offers.len(), told.pairs.len()), (2, 2, 3));
    let mut worse = out.clone();
    worse.lines.remove(0);
    assert!(
        !proof(&needs, &offered, &w, &[], &worse).holds,
        "not what the units add up to"
    );
    worse.objective = worse.lines.iter().map(|l| l.units * l.value).sum::<i64>().to_string();
    assert!(
        !proof(&needs, &offered, &w, &[], &worse).holds,
        "and not the best either"
    );
}
#[test]
fn a_plan_says_why() {
    let needs = [need("x", 1, 1, 5), need("y", 1, 1, 5)];
    let both = candidate("a", 900, &[("x", 1), ("y", 1)]);
    let one = candidate("b", 700, &[("x", 1)]);
    let out = allocate(&draft(), &needs, &[both, one], &Weights::default(), &[], None).unwrap();
    assert!(out.proved && out.short.is_empty());
    // a can do both: it is best at x, and alone at y.
    assert_eq!((units(&out, "a", "x"), units(&out, "a", "y")), (1, 1));
    assert_eq!(
        out.lines[0].why,
        Why::Best {
            over: Id::named("b"),
            by: 120,
            most: Some(Aspect::Panel)
        }
    );
    assert_eq!(out.lines[1].why, Why::Only);
}
#[test]
fn an_officer_locks_and_solves_again() {
    let needs = [need("x", 1, 1, 5), need("z", 2, 4, 1)];
    let offers = [candidate("a", 900, &[("x", 1)]), candidate("b", 700, &[("x", 1)])];
    let w = Weights::default();
    let first = allocate(&draft(), &needs, &offers, &w, &[], None).unwrap();
    assert_eq!(
        first.short,
        [Shortfall {
            need: Id::named("z"),
            missing: 2,
            cause: Cause::NoOffer,
            terms: Vec::new(),
        }]
    );
    let pin = |kind, offer: &str, units| Pin {
        offer: Id::named(offer),
        need: Id::named("x"),
        kind,
        units,
    };
    let locked = allocate(
        &draft(),
        &needs,
        &offers,
        &w,
        &[pin(PinKind::Lock, "b", 1)],
        Some(&first),
    )
    .unwrap();
    assert_eq!(
        (units(&locked, "a", "x"), units(&locked, "b", "x"), locked.proved),
        (0, 1, true)
    );
    assert_eq!(locked.lines[0].why, Why::Locked);
    let forbidden = allocate(
        &draft(),
        &needs,
        &offers,
        &w,
        &[pin(PinKind::Forbid, "a", 0)],
        Some(&locked),
    )
    .unwrap();
    assert_eq!(units(&forbidden, "b", "x"), 1);
    let both = [pin(PinKind::Lock, "a", 1), pin(PinKind::Lock, "b", 1)];
    let none = allocate(&draft(), &needs, &offers, &w, &both, Some(&first)).unwrap();
    assert_eq!(
        none.faults,
        [Fault::NeedOver {
            need: Id::named("x"),
            locked: 2,
            most: 1
        }]
    );
    assert!(none.lines.is_empty());
}
/// As an officer did it: three equal offers; one is locked, worked out again, set free, worked out again.
#[test]
fn the_order_of_arrival_decides_and_no_lock_leaves_a_trace() {
    let needs = [need("x", 0, 120, 5)];
    let offers = ["rhine", "jialing", "jiang"].map(|n| candidate(n, 500, &[("x", 60)]));
    let w = Weights::default();
    let cold = allocate(&draft(), &needs, &offers, &w, &[], None).unwrap();
    let all = |o: &Outcome| ["rhine", "jialing", "jiang"].map(|n| units(o, n, "x"));
    assert_eq!(all(&cold), [60, 60, 0]);
    assert_eq!(
        cold.lines[0].why,
        Why::Earlier {
            than: Id::named("jiang")
        }
    );
    let pin = Pin {
        offer: Id::named("jiang"),
        need: Id::named("x"),
        kind: PinKind::Lock,
        units: 50,
    };
    let locked = allocate(&draft(), &needs, &offers, &w, &[pin], Some(&cold)).unwrap();
    assert_eq!(all(&locked), [60, 10, 50]);
    let free = allocate(&draft(), &needs, &offers, &w, &[], Some(&locked)).unwrap();
    assert_eq!(free.lines, cold.lines);
    let passed = free.passed(offers.iter().map(|c| (c.offer, c.lines[0])), &w, &[]);
    assert_eq!(
        passed[&needs[0].id],
        [Passed {
            offer: Id::named("jiang"),
            need: needs[0].id,
            offered: 60,
            value: cold.lines[0].value,
            why: WhyNot::Later {
                than: Id::named("jialing")
            }
        }]
    );
}
#[test]
fn reasons_tell_what_an_officer_fixed_from_what_is_used_elsewhere_and_what_is_spent() {
    let needs = [need("x", 0, 40, 5), need("y", 0, 40, 5)];
    let own = candidate("own", 500, &[("x", 40)]);
    let rival = candidate("rival", 900, &[("x", 80), ("y", 40)]);
    let w = Weights::default();
    let pin = |need: &str, kind, units| Pin {
        offer: Id::named("rival"),
        need: Id::named(need),
        kind,
        units,
    };
    let why = |rival: Candidate, pins: &[Pin]| {
        let offers = [own.clone(), rival];
        let out = allocate(&draft(), &needs, &offers, &w, pins, None).unwrap();
        let offered = offers.iter().flat_map(|c| c.lines.iter().map(|l| (c.offer, *l)));
        let mut passed = out.passed(offered, &w, pins);
        let own = out.lines.iter().find(|l| l.offer == Id::named("own"));
        let not = passed.remove(&needs[0].id).unwrap_or_default();
        (
            own.map(|l| l.why.clone()),
            not.into_iter().map(|p| p.why).collect::<Vec<_>>(),
        )
    };
    let held = |forbidden, locked| {
        Some(Why::OthersHeld {
            forbidden,
            locked,
            full: false,
        })
    };
    let short = |pins: &[Pin]| {
        let needs = [need("x", 50, 90, 5)];
        let out = allocate(&draft(), &needs, &[own.clone(), rival.clone()], &w, pins, None).unwrap();
        out.short.first().map(|s| (s.missing, s.cause))
    };
    assert_eq!(short(&[]), None);
    assert_eq!(short(&[pin("x", PinKind::Forbid, 0)]), Some((10, Cause::TakenOut)));
    assert_eq!(short(&[pin("x", PinKind::Lock, 5)]), Some((5, Cause::TakenOut)));
    let forbidden = why(rival.clone(), &[pin("x", PinKind::Forbid, 0)]);
    assert_eq!(forbidden, (held(true, false), vec![WhyNot::Forbidden]));
    let locked = why(rival.clone(), &[pin("x", PinKind::Lock, 10)]);
    assert_eq!(locked, (held(false, true), vec![]));
    let limited = |most| Candidate {
        most: Some(most),
        ..rival.clone()
    };
    let (other, by, y) = (Id::named("rival"), 240, Id::named("y"));
    assert_eq!(
        why(limited(30), &[pin("y", PinKind::Lock, 30)]),
        (
            Some(Why::OtherLocked { other, by, at: Some(y) }),
            vec![WhyNot::LockedElsewhere { at: y }]
        )
    );
    assert_eq!(
        why(limited(0), &[]),
        (Some(Why::OtherSpent { other, by }), vec![WhyNot::Spent])
    );
    // With room for 40 at y, where it is alone, all the rival has goes there.
    assert_eq!(
        why(limited(40), &[]),
        (
            Some(Why::OtherNeeded { other, by, at: Some(y) }),
            vec![WhyNot::Elsewhere { at: y }]
        )
    );
    let (none, passed) = why(rival.clone(), &[]);
    assert_eq!(
        (none, passed),
        (
            None,
            vec![WhyNot::Less {
                than: other,
                by,
                most: Some(Aspect::Panel)
            }]
        )
    );
}
proptest! {
    /// Starting from an earlier plan changes nothing but the time it takes; and no limit is ever broken.
    #[test]
    fn warm_and_cold_agree(
        needs in proptest::collection::vec((0i64..3, 0i64..3, 0i64..9), 1..6),
        offers in proptest::collection::vec((0i64..=1000, proptest::collection::vec((0usize..6, 1i64..4), 0..5)), 1..8),
        changed in 0i64..=1000,
    ) {
        let needs: Vec<Need> = needs.iter().enumerate().map(|(i, (min, more, priority))| need(&i.to_string(), *min, min + more, *priority)).collect();
        let candidates: Vec<Candidate> = offers.iter().enumerate().map(|(i, (mean, lines))| {
            let mut lines: Vec<(NeedId, i64)> = lines.iter().filter_map(|(n, u)| needs.get(*n).map(|n| (n.id, *u))).collect();
            lines.sort();
            lines.dedup_by_key(|l| l.0);
            Candidate { lines, ..candidate(&i.to_string(), *mean, &[]) }
        }).collect();
        let w = Weights::default();
        let first = allocate(&draft(), &needs, &candidates, &w, &[], None).unwrap();
        prop_assert!(first.proved);
        for n in &needs { prop_assert!(first.lines.iter().filter(|l| l.need == n.id).map(|l| l.units).sum::<i64>() <= n.max); }
        let mut other = candidates.clone();
        other[0].mean = Some(changed);
        let warm = allocate(&draft(), &needs, &other, &w, &[], Some(&first)).unwrap();
        let cold = allocate(&draft(), &needs, &other, &w, &[], None).unwrap();
        prop_assert_eq!((&warm.objective, &warm.weighted_unmet, warm.proved), (&cold.objective, &cold.weighted_unmet, true));
        prop_assert_eq!(&warm.lines, &cold.lines, "among equals the same plan, with the same reasons");
    }
}
