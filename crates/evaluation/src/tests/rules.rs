//! Rules on plain values. No store.

use basis::{AccountId, BodyId, Id, Lang, Moment};
use proptest::prelude::*;
use undertakings::Hands;

use super::{body, finding, person, summary};
use crate::{
    Conflict, Evaluation, Evaluator, Finding, FindingInput, FindingState, Status, Tied, conflicts,
    evaluation::aims_are_open,
};

fn tied() -> Tied {
    let hands = Hands {
        executing_bodies: vec![body("library")],
        executing_people: vec![person("delegate")],
        guiding_bodies: vec![body("culture")],
        guiding_people: vec![person("officer")],
        approving_bodies: vec![body("finance")],
        approving_people: vec![person("anna")],
        paying_bodies: vec![body("bank")],
        paying_people: vec![person("bo")],
    };
    Tied {
        hands,
        panel_people: vec![person("judge")],
        panel_bodies: vec![body("panel")],
    }
}
#[test]
fn each_tie_has_its_rule() {
    let of = |name: &str, bodies: &[&str]| {
        let bodies: Vec<BodyId> = bodies.iter().map(|b| body(b)).collect();
        conflicts(&tied(), person(name), &bodies)
    };
    assert_eq!(of("eva", &["university"]), None);
    assert_eq!(of("delegate", &[]), Some(Conflict::Executed));
    assert_eq!(of("officer", &[]), Some(Conflict::Guided));
    assert_eq!(of("judge", &[]), Some(Conflict::SatOnPanel));
    assert_eq!(of("anna", &[]), Some(Conflict::Approved));
    assert_eq!(of("bo", &[]), Some(Conflict::Paid));
    assert_eq!(of("x", &["university", "library"]), Some(Conflict::BelongsToExecuting));
    assert_eq!(of("x", &["culture"]), Some(Conflict::BelongsToGuiding));
    assert_eq!(of("x", &["panel"]), Some(Conflict::BelongsToPanel));
    assert_eq!(of("x", &["finance"]), Some(Conflict::BelongsToApproving));
    assert_eq!(of("x", &["bank"]), Some(Conflict::BelongsToPaying));
    let mut codes: Vec<_> = [
        Conflict::Executed,
        Conflict::Guided,
        Conflict::SatOnPanel,
        Conflict::Approved,
        Conflict::Paid,
        Conflict::BelongsToExecuting,
        Conflict::BelongsToGuiding,
        Conflict::BelongsToPanel,
        Conflict::BelongsToApproving,
        Conflict::BelongsToPaying,
    ]
    .map(|c| c.refusal().code)
    .into();
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), 10);
}
#[test]
fn aims_close_with_the_first_start() {
    assert!(aims_are_open(&[]).is_ok());
    assert!(aims_are_open(&[None, None]).is_ok());
    assert_eq!(
        aims_are_open(&[None, Some(Moment::UNIX_EPOCH)]).unwrap_err().code,
        "refusal-aims-after-start"
    );
}
#[test]
fn what_is_found_has_a_source_or_says_why_not() {
    let codes = |f: &FindingInput| {
        f.check(&Lang::zh())
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|r| (r.field.unwrap_or_default().into_owned(), r.code))
            .collect::<Vec<_>>()
    };
    let ok = finding(Id::named("a"), "met");
    assert_eq!(codes(&ok), []);
    assert_eq!(
        codes(&FindingInput {
            source: String::new(),
            ..ok.clone()
        }),
        [("source".to_owned(), "refusal-finding-source")]
    );
    let silent = FindingInput {
        state: "cannot-tell".into(),
        source: String::new(),
        ..ok.clone()
    };
    assert_eq!(codes(&silent), [("note_zh".to_owned(), "refusal-one-language")]);
    assert_eq!(
        codes(&FindingInput {
            note_en: "no survey before".into(),
            ..silent
        }),
        []
    );
    assert_eq!(
        codes(&FindingInput {
            state: "great".into(),
            ..ok.clone()
        }),
        [("state".to_owned(), "refusal-not-in-list")]
    );
    assert_eq!(
        codes(&FindingInput {
            aim: String::new(),
            ..ok
        })[0]
            .1,
        "refusal-required"
    );
}
pub(super) fn evaluation() -> Evaluation {
    Evaluation {
        id: Id::named("e"),
        undertaking: Id::named("u"),
        plan_item: Id::named("p"),
        relation: None,
        field: basis::Field::Culture,
        district: None,
        status: Status::Appointed,
        due: "2027-09-30".parse().unwrap(),
        appointed: (person("lead"), Moment::UNIX_EPOCH),
        summary: None,
        drafted: None,
        published: None,
        reply: None,
        version: 1,
        illustrative: true,
    }
}
proptest! {
    /// Nobody outside all lists is refused; everybody in one is.
    #[test]
    fn who_is_in_a_list_never_evaluates(n in 0_usize..5, through in any::<bool>(), which in 0_usize..5) {
        let people: Vec<AccountId> = (0..5).map(|i| person(&format!("p{i}"))).collect();
        let bodies: Vec<BodyId> = (0..5).map(|i| body(&format!("b{i}"))).collect();
        let mut t = Tied::default();
        {
            let h = &mut t.hands;
            let lists = [&mut h.executing_people, &mut h.guiding_people, &mut h.approving_people, &mut h.paying_people, &mut t.panel_people];
            if !through { lists.into_iter().nth(which).unwrap().push(people[n]); }
        }
        {
            let h = &mut t.hands;
            let lists = [&mut h.executing_bodies, &mut h.guiding_bodies, &mut h.approving_bodies, &mut h.paying_bodies, &mut t.panel_bodies];
            if through { lists.into_iter().nth(which).unwrap().push(bodies[n]); }
        }
        for i in 0..5 {
            prop_assert_eq!(conflicts(&t, people[i], &[bodies[i]]).is_some(), i == n);
        }
    }
    /// Handed in only when every aim has a finding and everybody declared; published only after that and when the work is over.
    #[test]
    fn nothing_unfinished_is_published(aims in 1_usize..5, found in 0_usize..5, declared in any::<bool>(), over in any::<bool>()) {
        let done = (person("eva"), Moment::UNIX_EPOCH);
        let aims: Vec<basis::AimId> = (0..aims).map(|i| Id::named(&format!("a{i}"))).collect();
        let findings: Vec<Finding> = aims.iter().take(found).map(|a| Finding {
            evaluation: Id::named("e"), aim: *a, found: basis::Text::new(Lang::en(), "x"), state: FindingState::Met,
            note: None, source: None, by: person("eva"), at: Moment::UNIX_EPOCH, version: 1,
        }).collect();
        let people = [Evaluator { evaluation: Id::named("e"), account: person("eva"), body: None, no_conflict: declared.then_some(Moment::UNIX_EPOCH) }];
        prop_assert!(evaluation().publish(done, over).is_err());
        let text = summary().check(&Lang::zh()).unwrap();
        let drafted = evaluation().submit(done, text.clone(), &aims, &findings, &people);
        prop_assert_eq!(drafted.is_ok(), found >= aims.len() && declared);
        if let Ok(d) = drafted {
            prop_assert!(d.clone().submit(done, text, &aims, &findings, &people).is_err());
            let published = d.publish(done, over);
            prop_assert_eq!(published.is_ok(), over);
        }
    }
}
