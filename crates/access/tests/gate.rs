//! The rules of the house, asked as the rooms ask them.
#![allow(clippy::unwrap_used)]

use access::{BodyKind, Gate, Mandated, Person, PolicyFile, Role, Thing, Viewer};
use basis::{AccountId, BodyId, Code, Fail, Field, Id, Lang, Locale, Text};
use proptest::prelude::*;
use store::Via;

const CALLS: PolicyFile = PolicyFile {
    room: "calls",
    text: r#"
// A room's file.
@id("call.publish.department")
@zh("职能部门发布本领域的征集。")
@en("A department publishes calls of its own field.")
@source("R62")
permit (principal, action == Action::"call.publish", resource)
when { principal.role == "department-officer" && principal has field && resource has field && principal.field == resource.field };

@id("call.read.public")
@zh("已发布的征集人人可读。")
@en("Published calls are open to all.")
@source("R26")
permit (principal, action in [Action::"call.read", Action::"call.list"], resource)
when { resource has status && resource.status == "open" };

@id("offer.submit.delegate")
@zh("单位代表与个人可提出方案。")
@en("Delegates and persons offer.")
@source("R60, R66")
permit (principal, action == Action::"offer.submit", resource)
when { ["delegate", "individual"].contains(principal.role) };
"#,
    actions: &["call.publish", "call.read", "call.list", "offer.submit"],
};
const FUNDS: PolicyFile = PolicyFile {
    room: "funds",
    text: r#"
@id("instalment.settle.finance")
@zh("财务办理付款。")
@en("Finance settles instalments.")
@source("R68")
permit (principal, action in [Action::"instalment.approve", Action::"instalment.pay", Action::"instalment.reconcile"], resource)
when { principal.role == "finance" };
@id("evaluation.outside")
@zh("评估人评估。")
@en("Those on the panel evaluate.")
@source("R18")
permit (principal, action == Action::"evaluation.submit", resource)
when { resource.panel.contains(principal.account) };
"#,
    actions: &[
        "instalment.approve",
        "instalment.pay",
        "instalment.reconcile",
        "evaluation.submit",
    ],
};

fn gate() -> Gate {
    Gate::new(&[CALLS, FUNDS]).unwrap()
}
fn account(name: &str) -> AccountId {
    Id::named(name)
}
fn body(name: &str) -> BodyId {
    Id::named(name)
}
fn person(name: &str) -> Viewer {
    Viewer {
        person: Some(Person {
            id: account(name),
            name: name.into(),
            lang: Lang::en(),
            zone: "Asia/Shanghai".into(),
        }),
        ..Viewer::public(Via::Page)
    }
}
fn acting(name: &str, role: Role, of: &str, field: Option<Field>) -> Viewer {
    Viewer {
        acting: Some(Mandated {
            id: Id::named("mandate"),
            body: body(of),
            body_name: Text::both("某单位", "a body"),
            body_kind: BodyKind::Department,
            role,
            field,
            district: None,
            government: None,
            home: true,
            purpose: "p".into(),
            letter: "l".into(),
            until: None,
            illustrative: false,
        }),
        ..person(name)
    }
}
fn rules_of(r: Result<(), Fail>) -> Vec<String> {
    match r {
        Err(Fail::Denied(d)) => d.rules,
        other => panic!("not a denial: {other:?}"),
    }
}

#[test]
fn a_room_adds_its_rules() {
    let gate = gate();
    let mut call = Thing::new("call", "c1");
    call.field = Some(Field::Health);
    let health = acting("li", Role::DepartmentOfficer, "health department", Some(Field::Health));
    let sport = acting("wang", Role::DepartmentOfficer, "sport department", Some(Field::Sport));
    gate.check(&health, "call.publish", &call).unwrap();
    assert_eq!(
        rules_of(gate.check(&sport, "call.publish", &call)),
        Vec::<String>::new()
    );
    let Err(Fail::Denied(d)) = gate.check(&Viewer::public(Via::Page), "call.publish", &call) else {
        panic!("the public must not publish")
    };
    assert!(d.anonymous);
    call.status = Some("open");
    gate.check(&Viewer::public(Via::Page), "call.read", &call).unwrap();
}

#[test]
fn an_undeclared_action_is_a_fault_and_not_a_denial() {
    assert!(matches!(
        gate().check(&person("li"), "call.publsh", &Thing::default()),
        Err(Fail::Fault(_))
    ));
}

#[test]
fn who_guides_does_not_execute() {
    let gate = gate();
    let mut call = Thing::new("call", "c1");
    call.guiding = Some(body("library department"));
    let guiding = acting("li", Role::Delegate, "library department", None);
    let other = acting("li", Role::Delegate, "association", None);
    assert_eq!(
        rules_of(gate.check(&guiding, "offer.submit", &call)),
        ["house.guide-does-not-execute"]
    );
    gate.check(&other, "offer.submit", &call).unwrap();
    // Counted by person: who also holds a mandate of the guiding unit cannot offer under another.
    let mut both = other.clone();
    both.mandates = vec![guiding.acting.clone().unwrap(), other.acting.clone().unwrap()];
    assert_eq!(
        rules_of(gate.check(&both, "offer.submit", &call)),
        ["house.guide-does-not-execute"]
    );
}

#[test]
fn who_evaluates_did_not_execute_and_payments_need_four_people() {
    let gate = gate();
    let mut thing = Thing::new("undertaking", "u1");
    thing.panel = vec![account("li"), account("wang")];
    thing.executing_people = vec![account("li")];
    assert_eq!(
        rules_of(gate.check(&person("li"), "evaluation.submit", &thing)),
        ["house.evaluator-did-not-execute.person"]
    );
    gate.check(&person("wang"), "evaluation.submit", &thing).unwrap();
    thing.executing_bodies = vec![body("association")];
    let of_the_executor = acting("wang", Role::Delegate, "association", None);
    assert_eq!(
        rules_of(gate.check(&of_the_executor, "evaluation.submit", &thing)),
        ["house.evaluator-did-not-execute.body"]
    );

    let mut instalment = Thing::new("instalment", "i1");
    instalment.earlier_people = vec![account("chen")];
    for action in ["instalment.approve", "instalment.pay", "instalment.reconcile"] {
        let chen = acting("chen", Role::Finance, "finance", None);
        assert_eq!(rules_of(gate.check(&chen, action, &instalment)), ["house.four-people"]);
        gate.check(&acting("zhao", Role::Finance, "finance", None), action, &instalment)
            .unwrap();
    }
}

#[test]
fn auditors_read_all_and_change_nothing_but_their_own_account() {
    let gate = gate();
    let auditor = acting("sun", Role::Auditor, "audit office", None);
    let mut own = Thing::new("account", account("sun"));
    own.owner = Some(account("sun"));
    for (action, _) in gate.actions() {
        let thing = if action.starts_with("own.") {
            own.clone()
        } else {
            Thing::new("any", "x")
        };
        let reads = action.ends_with(".read") || action.ends_with(".list");
        let want = reads || action.starts_with("own.");
        assert_eq!(gate.may(&auditor, action, &thing), want, "{action}");
    }
}

#[test]
fn keys_reach_as_far_as_their_scopes() {
    let gate = gate();
    let mut call = Thing::new("call", "c");
    (call.field, call.status) = (Some(Field::Health), Some("open"));
    let with = |scopes: &[&str]| Viewer {
        token: Some((Id::named("t"), scopes.iter().map(ToString::to_string).collect())),
        ..acting("li", Role::DepartmentOfficer, "health", Some(Field::Health))
    };
    for (scopes, read, write) in [
        (&["read"][..], true, false),
        (&["write"], true, true),
        (&["calls"], true, true),
        (&["funds"], false, false),
        (&[], false, false),
    ] {
        let v = with(scopes);
        assert_eq!(
            (gate.may(&v, "call.read", &call), gate.may(&v, "call.publish", &call)),
            (read, write),
            "{scopes:?}"
        );
    }
    // Rooms that ask no rule cut by the same scopes.
    for scopes in [
        &["read"][..],
        &["write"],
        &["calls"],
        &["funds"],
        &["funds", "calls"],
        &[],
    ] {
        let v = with(scopes);
        let may = gate.may(&v, "call.read", &call);
        assert_eq!(v.reads("calls"), may, "{scopes:?}");
        let role = if may { Role::DepartmentOfficer } else { Role::Public };
        assert_eq!(v.within("calls").role(), role, "{scopes:?}");
    }
    let at_a_page = person("li");
    assert!(at_a_page.reads("calls") && at_a_page.within("calls").is_signed_in());
    let mut own = Thing::new("account", account("li"));
    own.owner = Some(account("li"));
    assert!(gate.may(&with(&["write"]), "own.change", &own));
    for action in ["own.token", "own.erase", "own.session", "own.act"] {
        assert!(!gate.may(&with(&["write"]), action, &own), "{action}");
    }
}

#[test]
fn who_could_and_why_are_asked_of_the_policies() {
    let gate = gate();
    assert_eq!(gate.who_could("call.publish"), [Role::DepartmentOfficer]);
    assert_eq!(gate.who_could("offer.submit"), [Role::Delegate, Role::Individual]);
    assert_eq!(gate.who_could("instalment.pay"), [Role::Finance]);
    assert_eq!(gate.who_could("mandate.grant"), [Role::OfficeLead, Role::Delegate]);
    assert_eq!(gate.who_could("call.read").len(), Role::ALL.len());
    assert_eq!(gate.who_could("nothing.at-all"), []);
    assert!(!gate.who_could("evaluation.submit").contains(&Role::Public));

    let mut call = Thing::new("call", "c1");
    call.guiding = Some(body("department"));
    let v = acting("li", Role::Delegate, "department", None);
    let e = gate.explain(&v, "offer.submit", &call).unwrap();
    assert!(!e.allowed);
    assert_eq!(
        e.permits.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(),
        ["offer.submit.delegate"]
    );
    assert_eq!(
        e.forbids.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(),
        ["house.guide-does-not-execute"]
    );
    let Err(Fail::Denied(d)) = gate.check(&v, "offer.submit", &call) else {
        panic!("allowed")
    };
    assert!(gate.reasons(&d, Locale::Zh)[0].contains("指导单位"));
    let rule = gate.rule("house.auditor-changes-nothing").unwrap();
    assert!(rule.actions.contains(&"call.publish".to_owned()) && !rule.permits && rule.cedar.starts_with("forbid"));
}

#[test]
fn separations_that_no_room_takes_up_are_named() {
    let gate = Gate::new(&[]).unwrap();
    assert!(gate.unclaimed().contains(&"offer.submit"));
    assert!(!self::gate().unclaimed().contains(&"offer.submit"));
}

#[test]
fn faults_of_policy_files_name_file_and_line() {
    let faults = |text: &'static str| {
        Gate::new(&[PolicyFile {
            room: "calls",
            text,
            actions: &["call.publish"],
        }])
        .unwrap_err()
    };
    const NOTES: &str = "@zh(\"一\") @en(\"a\") @source(\"R1\")\n";
    let leak = |s: String| -> &'static str { Box::leak(s.into_boxed_str()) };
    for (policy, want) in [
        (
            "permit (principal, action, resource) when { principal.age > 3 };",
            "age",
        ),
        (
            "permit (principal, action == Action::\"call.publsh\", resource);",
            "call.publsh",
        ),
        (
            "permit (principal, action, resource) when { principal.body == \"x\" };",
            "body",
        ),
        (
            "permit (principal, action, resource) when { principal.role == \"mayor\" };",
            "mayor",
        ),
        (
            "permit (principal, action, resource) when { [\"auditor\", \"king\"].contains(principal.role) };",
            "king",
        ),
        (
            "permit (principal, action, resource) when { resource has field && resource.field == \"war\" };",
            "war",
        ),
        ("permit (principal, action, resource) when { 3 };", ""),
        ("permit (principal action, resource);", ""),
    ] {
        let text = leak(format!("// one\n\n@id(\"a.b\") {NOTES}{policy}\n"));
        let found = faults(text);
        assert!(
            found.contains("calls.cedar:3") && found.contains(want),
            "{policy}: {found}"
        );
    }
    let found = faults("@id(\"x\") @zh(\"一\") @en(\"a\")\npermit (principal, action, resource);");
    assert!(found.contains("calls.cedar:1") && found.contains("@source"), "{found}");
    let twice =
        "@id(\"house.four-people\") @zh(\"一\") @en(\"a\") @source(\"R1\")\nforbid (principal, action, resource);";
    assert!(faults(twice).contains("house.four-people"));
    let same = PolicyFile {
        room: "calls",
        text: "",
        actions: &["own.read"],
    };
    assert!(Gate::new(&[same]).unwrap_err().contains("own.read"));
}

#[test]
fn a_check_takes_microseconds() {
    use std::fmt::Write;
    let mut text = String::new();
    for i in 0..40 {
        let _ = write!(
            text,
            "@id(\"more.{i}\") @zh(\"一\") @en(\"a\") @source(\"R1\")\npermit (principal, action == Action::\"more.do-{}\", resource) when {{ principal.role == \"office-lead\" && resource has status && resource.status == \"s{i}\" }};\n",
            ["a", "b", "c", "d"][i % 4]
        );
    }
    let more = PolicyFile {
        room: "more",
        text: Box::leak(text.into_boxed_str()),
        actions: &["more.do-a", "more.do-b", "more.do-c", "more.do-d"],
    };
    let gate = Gate::new(&[CALLS, FUNDS, more]).unwrap();
    let officer = acting("li", Role::DepartmentOfficer, "health", Some(Field::Health));
    let mut call = Thing::new("call", "c");
    (call.field, call.status, call.guiding) = (Some(Field::Health), Some("open"), Some(body("x")));
    call.panel = (0..7).map(|i| account(&format!("p{i}"))).collect();
    for action in ["call.publish", "call.read"] {
        let begun = std::time::Instant::now();
        for _ in 0..2_000 {
            assert!(gate.may(&officer, action, &call));
        }
        let each = begun.elapsed().as_secs_f64() * 1e6 / 2_000.0;
        println!("{action}: {each:.1} µs a check, {} policies", gate.rules().len());
    }
    assert!(gate.rules().len() >= 60);
}

fn anybody() -> impl Strategy<Value = Viewer> {
    let who = prop::sample::select(vec!["li", "wang", "chen"]);
    let of = prop::sample::select(vec!["department", "association", "office"]);
    let role = prop::sample::select(Role::ALL.to_vec());
    (who, of, role).prop_map(|(who, of, role)| match role {
        Role::Public => Viewer::public(Via::Page),
        Role::Individual => person(who),
        role => acting(who, role, of, Some(Field::Culture)),
    })
}
fn anything() -> impl Strategy<Value = Thing> {
    let people = || prop::collection::vec(prop::sample::select(vec![account("li"), account("wang")]), 0..3);
    let bodies = || {
        prop::collection::vec(
            prop::sample::select(vec![body("department"), body("association")]),
            0..2,
        )
    };
    let guiding = prop::option::of(prop::sample::select(vec![body("department"), body("office")]));
    (people(), people(), people(), bodies(), guiding).prop_map(|(panel, executing, earlier, bodies, guiding)| Thing {
        panel,
        executing_people: executing,
        earlier_people: earlier,
        executing_bodies: bodies,
        guiding,
        field: Some(Field::Culture),
        status: Some("open"),
        ..Thing::new("call", "c")
    })
}
proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    /// Whatever rooms permit, the paper's separations hold for everybody and everything.
    #[test]
    fn separations_hold_whoever_asks(v in anybody(), t in anything()) {
        static GATE: std::sync::LazyLock<Gate> = std::sync::LazyLock::new(gate);
        let me = v.account();
        let is_me = |people: &[AccountId]| me.is_some_and(|me| people.contains(&me));
        if v.body().is_some() && v.body() == t.guiding || is_me(&t.panel) {
            prop_assert!(!GATE.may(&v, "offer.submit", &t));
        }
        if is_me(&t.executing_people) || v.body().is_some_and(|b| t.executing_bodies.contains(&b)) {
            prop_assert!(!GATE.may(&v, "evaluation.submit", &t));
        }
        if is_me(&t.earlier_people) {
            prop_assert!(!GATE.may(&v, "instalment.pay", &t));
        }
        if v.role() == Role::Auditor {
            prop_assert!(!GATE.may(&v, "call.publish", &t) && GATE.may(&v, "call.read", &t));
        }
        // What may be done, some role could do; who_could never leaves the doer's role out.
        for (action, _) in GATE.actions() {
            if GATE.may(&v, action, &t) {
                prop_assert!(GATE.who_could(action).contains(&v.role()), "{action} {:?}", v.role());
            }
        }
    }
}
