//! Rules on plain values: terms, sums, stages. No store.

use basis::{AccountId, Currency, Id, Lang, Moment, Money, Refusal};
use proptest::prelude::*;

use super::{body, commission, culture, person, terms};
use crate::{
    Alarm, Amendment, AmendmentStatus, Change, Done, Instalment, InstalmentStatus, MilestoneStatus, Mode, Outcome,
    Side, Stage, Status, Terms, alarm, check_terms, outcome, verify,
};

fn codes(t: &Terms, c: &crate::Commission) -> Vec<(String, &'static str)> {
    let faults: Vec<Refusal> = check_terms(t, c, Lang::zh()).err().unwrap_or_default();
    faults
        .into_iter()
        .map(|r| (r.field.unwrap_or_default().into_owned(), r.code))
        .collect()
}
fn one(field: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(field.to_owned(), code)]
}
fn done(name: &str) -> Done {
    Done {
        by: person(name),
        body: None,
        at: Moment::UNIX_EPOCH,
    }
}
pub(super) fn undertaking() -> crate::Undertaking {
    let c = commission("award");
    crate::Undertaking {
        id: Id::named("u"),
        award: c.award,
        call: c.call,
        plan_item: c.plan_item,
        relation: c.relation,
        partner: c.partner,
        field: c.field,
        district: None,
        body: c.body,
        account: None,
        mode: c.mode,
        reason: c.reason.unwrap(),
        guiding: c.guiding,
        title: c.title,
        responsible: person("delegate"),
        status: Status::Running,
        currency: Currency::CNY,
        budget: 1000,
        promised: 400,
        starts: "2026-12-01".parse().unwrap(),
        ends: "2027-06-30".parse().unwrap(),
        agreed: done("officer"),
        started: Some(done("delegate")),
        ended: None,
        money_public: None,
        advance_share: 30,
        version: 1,
        illustrative: true,
    }
}

#[test]
fn good_terms_hold_and_empty_rows_do_not_count() {
    let t = check_terms(&terms(), &commission("a"), Lang::zh()).unwrap();
    assert_eq!((t.budget, t.lines.len(), t.milestones.len()), (100_000, 2, 2));
    assert_eq!(t.advance, Some(Money::new(10_000, Currency::CNY)));
    assert_eq!(t.milestones[0].2, Some(Money::new(30_000, Currency::CNY)));
    assert_eq!(t.lines[0].title.get("en"), Some("Books"));
    assert_eq!(t.title, commission("a").title);
}
#[test]
fn where_no_sum_was_offered_the_budget_is_still_bounded() {
    let sum = |minor| Some(Money::new(minor, Currency::CNY));
    let open = |amount, ceiling, mode| {
        let c = crate::Commission {
            amount,
            ceiling,
            mode,
            ..commission("a")
        };
        (c.most(), codes(&terms(), &c).first().map(|f| f.1))
    };
    let over = Some("refusal-budget-over-award");
    // The terms come to 1,000.00.
    assert_eq!(open(sum(100_000), sum(1), Mode::Outsourcing), (sum(100_000), None));
    assert_eq!(open(None, sum(100_000), Mode::Outsourcing), (sum(100_000), None));
    assert_eq!(open(None, sum(99_999), Mode::Outsourcing), (sum(99_999), over));
    assert_eq!(open(None, None, Mode::Outsourcing), (sum(0), over));
    assert_eq!(open(None, None, Mode::Assignment), (None, None));
    // Changed terms stay within what the call allowed; less may always be agreed.
    let to = |budget| Change {
        budget: Some(budget),
        ..Change::default()
    };
    let u = undertaking();
    assert!(to(2000).within(&u, sum(2000)).is_ok());
    assert_eq!(
        to(2001).within(&u, sum(2000)).unwrap_err().code,
        "refusal-budget-over-call"
    );
    assert!(to(900).within(&u, sum(500)).is_ok());
    assert!(to(2001).within(&u, None).is_ok());
}
#[test]
fn every_fault_of_terms_sits_at_its_field() {
    let c = commission("a");
    let with = |change: &dyn Fn(&mut Terms)| {
        let mut t = terms();
        change(&mut t);
        codes(&t, &c)
    };
    assert_eq!(
        with(&|t| t.ends_on = "2026-11-01".into())[0],
        ("ends_on".into(), "refusal-ends-before-start")
    );
    assert_eq!(
        with(&|t| t.milestone_due[2] = "2027-07-01".into()),
        one("milestone_due.2", "refusal-due-outside")
    );
    assert_eq!(
        with(&|t| t.milestone_zh[2] = String::new()),
        one("milestone_zh.2", "refusal-one-language")
    );
    assert_eq!(
        with(&|t| t.line_amount[1] = "550.01".into()),
        one("line_amount.0", "refusal-budget-over-award")
    );
    assert_eq!(
        with(&|t| t.line_amount[1] = "-5".into())[0],
        ("line_amount.1".into(), "refusal-money-negative")
    );
    assert_eq!(
        with(&|t| {
            (t.advance, t.advance_share) = ("500".into(), "50".into());
            t.milestone_amount = vec!["500.01".into()];
        }),
        one("advance", "refusal-instalments-over-budget")
    );
    assert_eq!(
        with(&|t| t.advance = "300.01".into()),
        one("advance", "refusal-advance-over-share")
    );
    assert_eq!(with(&|t| t.advance = "300".into()), []);
    assert_eq!(
        with(&|t| (t.advance, t.advance_share) = ("200.01".into(), "20 %".into())),
        one("advance", "refusal-advance-over-share")
    );
    assert_eq!(
        with(&|t| t.advance_share = "51".into()),
        one("advance_share", "refusal-out-of-range")
    );
    assert_eq!(
        with(&|t| t.responsible = person("rival").to_string()),
        one("responsible", "refusal-responsible-elsewhere")
    );
    assert_eq!(
        with(&|t| t.responsible = String::new()),
        one("responsible", "refusal-required")
    );
    let none = with(&|t| {
        t.milestone_zh.clear();
        t.milestone_en.clear();
        t.milestone_due.clear();
        t.milestone_amount.clear();
    });
    assert_eq!(none, one("milestone_zh.0", "refusal-no-milestone"));
}
#[test]
fn who_guides_does_not_execute() {
    let mut c = commission("a");
    c.body = Some(culture());
    assert_eq!(codes(&terms(), &c), one("", "refusal-guiding-executes"));
    let mut c = commission("a");
    (c.body, c.account) = (None, Some(person("officer")));
    let mut t = terms();
    t.responsible = person("officer").to_string();
    let expected = [
        ("", "refusal-guiding-executes"),
        ("responsible", "refusal-responsible-guides"),
    ];
    assert_eq!(codes(&t, &c), expected.map(|(f, c)| (f.to_owned(), c)));
    let mut c = commission("a");
    c.executing_members.push(person("officer"));
    assert_eq!(codes(&t, &c), one("responsible", "refusal-responsible-guides"));
}
#[test]
fn an_assignment_needs_its_reason() {
    let mut c = commission("a");
    (c.mode, c.reason) = (Mode::Assignment, None);
    assert_eq!(codes(&terms(), &c), one("reason", "refusal-assignment-reason"));
    let mut t = terms();
    t.reason = "只有该馆藏有此批文献。".into();
    assert_eq!(
        check_terms(&t, &c, Lang::zh()).unwrap().reason,
        basis::Text::new(Lang::zh(), t.reason)
    );
}
#[test]
fn lead_times_count_back_from_the_due_day() {
    let day = |s: &str| s.parse().unwrap();
    let due = day("2027-01-31");
    let safe = day("2027-01-21");
    let at = |today: &str, s| alarm(s, due, day(today));
    assert_eq!(
        at("2027-01-21", MilestoneStatus::Open),
        Some(Alarm::Ahead {
            last_safe: safe,
            days: 10
        })
    );
    assert_eq!(
        at("2027-01-22", MilestoneStatus::Returned),
        Some(Alarm::Tight {
            last_safe: safe,
            days: 9
        })
    );
    assert_eq!(
        at("2027-01-22", MilestoneStatus::HandedIn),
        Some(Alarm::Ahead {
            last_safe: safe,
            days: 9
        })
    );
    assert_eq!(at("2027-02-03", MilestoneStatus::Open), Some(Alarm::Late { days: 3 }));
    assert_eq!(
        at("2027-02-03", MilestoneStatus::HandedIn),
        None,
        "the review's delay is not theirs"
    );
    assert_eq!(at("2027-02-03", MilestoneStatus::Accepted), None);
    assert_eq!(outcome(due, due), Outcome::Kept);
    assert_eq!(outcome(due, day("2027-02-01")), Outcome::Late);
}
#[test]
fn amendments_are_decided_by_the_other_side() {
    let a = Amendment {
        id: Id::named("a"),
        undertaking: Id::named("u"),
        change: Change {
            budget: Some(1),
            ..Change::default()
        },
        reason: "r".into(),
        side: Side::Executing,
        proposed: done("delegate"),
        status: AmendmentStatus::Proposed,
        decided: None,
        decision_reason: None,
    };
    let decide = |side, who: &str| a.clone().decide(side, done(who), true, None);
    assert_eq!(
        decide(Side::Executing, "librarian").unwrap_err().code,
        "refusal-amendment-own-side"
    );
    assert_eq!(
        decide(Side::Guiding, "delegate").unwrap_err().code,
        "refusal-amendment-own-side"
    );
    let agreed = decide(Side::Guiding, "officer").unwrap();
    assert_eq!(agreed.status, AmendmentStatus::Agreed);
    let again = agreed.decide(Side::Guiding, done("officer"), false, None);
    assert_eq!(again.unwrap_err().code, "refusal-amendment-decided");
    let below = Change {
        budget: Some(399),
        ..Change::default()
    }
    .check(&undertaking(), &[]);
    assert_eq!(below.unwrap_err()[0].code, "refusal-budget-below-promised");
    assert_eq!(
        Change::default().check(&undertaking(), &[]).unwrap_err()[0].code,
        "refusal-amendment-empty"
    );
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Request,
    Approve,
    Pay,
    Reconcile,
    Refuse,
}
fn steps() -> impl Strategy<Value = Vec<(Step, u8)>> {
    let step = prop_oneof![
        Just(Step::Request),
        Just(Step::Approve),
        Just(Step::Pay),
        Just(Step::Reconcile),
        Just(Step::Refuse)
    ];
    prop::collection::vec((step, 0_u8..4), 0..14)
}
fn planned(amount: i64) -> Instalment {
    Instalment {
        id: Id::named("i"),
        undertaking: Id::named("u"),
        milestone: None,
        amount: Money::new(amount, Currency::CNY),
        position: 0,
        note: None,
        stage: Stage::Planned,
        version: 1,
    }
}
proptest! {
    /// Whatever is tried in whatever order by four people: each step that was done was done by another person,
    /// a closed instalment never moves again, and the sum never changes.
    #[test]
    fn every_step_of_an_instalment_is_another_persons(steps in steps()) {
        let mut i = planned(700);
        for (step, who) in steps {
            let d = done(&format!("person {who}"));
            let next = match step {
                Step::Request => i.clone().request(d, None, true),
                Step::Approve => i.clone().approve(d),
                Step::Pay => i.clone().pay(d, None),
                Step::Reconcile => i.clone().reconcile(d, "statement".into()),
                Step::Refuse => i.clone().refuse(d, "no".into()),
            };
            if let Ok(next) = next {
                prop_assert!(!i.is_closed() || next.status() == InstalmentStatus::Reconciled);
                prop_assert_eq!(next.amount, i.amount);
                i = next;
            }
        }
        let mut people: Vec<AccountId> = i.earlier_people();
        let n = people.len();
        people.sort();
        people.dedup();
        prop_assert_eq!(people.len(), n);
        prop_assert!(i.status() != InstalmentStatus::Paid || n == 3);
        prop_assert!(i.status() != InstalmentStatus::Reconciled || n == 4);
    }
    /// The stage follows the milestones, whatever they are, and an undertaking that is over never moves.
    #[test]
    fn stages_follow_milestones(all in prop::collection::vec(0_usize..4, 0..6), over in any::<bool>()) {
        let list = [MilestoneStatus::Open, MilestoneStatus::HandedIn, MilestoneStatus::Returned, MilestoneStatus::Accepted];
        let all: Vec<MilestoneStatus> = all.into_iter().map(|i| list[i]).collect();
        let mut u = undertaking();
        if over {
            u.status = Status::Stopped;
        }
        u.follow(&all);
        let accepted = !all.is_empty() && all.iter().all(|m| *m == MilestoneStatus::Accepted);
        prop_assert_eq!(u.status == Status::Accepted, accepted && !over);
        prop_assert_eq!(u.status == Status::Stopped, over);
        let settled = u.clone().settle(done("officer"), 0);
        prop_assert_eq!(settled.is_ok(), accepted && !over);
        prop_assert!(u.settle(done("officer"), 1).is_err());
    }
    /// The budget is the sum of its lines, the instalments fit into it, or the terms are refused; never a wrong sum.
    #[test]
    fn terms_never_lose_money(lines in prop::collection::vec(0_i64..90_000, 1..5), advance in 0_i64..120_000, earns in 0_i64..120_000) {
        let cents = |n: i64| format!("{}.{:02}", n / 100, n % 100);
        let mut t = terms();
        t.line_zh = lines.iter().map(|_| "项".to_owned()).collect();
        t.line_en.clear();
        t.line_amount = lines.iter().map(|n| cents(*n)).collect();
        t.advance = cents(advance);
        t.milestone_amount = vec![cents(earns)];
        let sum: i64 = lines.iter().sum();
        match check_terms(&t, &commission("a"), Lang::zh()) {
            Ok(a) => {
                prop_assert_eq!(a.budget, sum);
                prop_assert_eq!(a.lines.iter().map(|l| l.amount).sum::<i64>(), sum);
                prop_assert!(advance + earns <= sum && sum <= 100_000 && advance * 100 <= sum * 30);
            }
            Err(_) => prop_assert!(sum > 100_000 || advance + earns > sum || advance * 100 > sum * 30),
        }
    }
    /// The check that `verify` runs finds every wrong sum.
    #[test]
    fn verify_finds_what_does_not_add_up(a in 1_i64..500, b in 1_i64..500, off in -3_i64..4) {
        let mut u = undertaking();
        u.promised = a + b + off;
        let (one, two) = (planned(a), planned(b));
        let found = verify::of_one(&u, u.budget, &[&one, &two], &[MilestoneStatus::Open]);
        prop_assert_eq!(found.is_empty(), off == 0, "{:?}", found);
        prop_assert!(!verify::of_one(&u, u.budget - 1, &[&one, &two], &[MilestoneStatus::Open]).is_empty());
    }
}
#[test]
fn one_side_cannot_be_both() {
    let mut u = undertaking();
    assert_eq!(crate::sight::side_of(&super::delegate(), &u), Side::Executing);
    assert_eq!(crate::sight::side_of(&super::officer(), &u), Side::Guiding);
    (u.body, u.account) = (None, Some(person("delegate")));
    assert_eq!(crate::sight::side_of(&super::delegate(), &u), Side::Guiding);
    assert_eq!(crate::sight::side_of(&super::citizen("delegate"), &u), Side::Executing);
    assert_ne!(body("library"), culture());
}
