//! `youcheng match`, as somebody with four tables meets it.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

const NEEDS: &str = "need_id,min,max,priority\nschool,3,3,1\nclinic,1,2,2\n";
const OFFERS: &str = "offer_id,capacity\na,2\nb,1\n";
const PAIRS: &str = "offer_id,need_id,value,max_units,status\na,school,5,3,\nb,clinic,7,1,\nb,school,9,1,forbidden\n";

fn run(folder: &Path, more: &[&str]) -> Output {
    let mut arguments = vec![
        "match",
        "--needs",
        "needs.csv",
        "--offers",
        "offers.csv",
        "--pairs",
        "pairs.csv",
    ];
    if folder.join("groups.csv").exists() {
        arguments.extend(["--groups", "groups.csv"]);
    }
    arguments.extend(["--out", "out.csv", "--report", "report.json"]);
    arguments.extend(more);
    Command::new(env!("CARGO_BIN_EXE_youcheng"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}

fn tables(needs: &str, offers: &str, pairs: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [("needs.csv", needs), ("offers.csv", offers), ("pairs.csv", pairs)] {
        fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

fn report(folder: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(folder.join("report.json")).unwrap()).unwrap()
}

fn errors(o: &Output) -> String {
    String::from_utf8_lossy(&o.stderr).into_owned()
}

#[test]
fn what_was_written_is_confirmed_and_what_was_changed_is_not() {
    let dir = tables(NEEDS, OFFERS, PAIRS);
    let folder = dir.path();
    let o = run(folder, &[]);
    assert_eq!(o.status.code(), Some(0), "{}", errors(&o));
    let said = report(folder);
    assert_eq!(
        (said["objective"].as_i64(), said["proved"].as_bool()),
        (Some(17), Some(true))
    );
    // The school lacks one: the forbidden pair and the other's capacity keep it.
    let short = &said["unmet"][0];
    assert_eq!(short["need_id"], "school");
    let causes = serde_json::json!(["capacity of offer a", "forbidden pair of offer b and need school"]);
    assert_eq!(short["causes"], causes);
    assert_eq!(short["loosen"], serde_json::json!(["capacity of offer a"]));
    assert_eq!(short["told"], "smallest");
    let before = fs::read(folder.join("report.json")).unwrap();
    let o = run(folder, &["--check"]);
    assert_eq!(o.status.code(), Some(0), "{}", errors(&o));
    assert!(String::from_utf8_lossy(&o.stdout).contains("The prices prove it"));
    assert_eq!(
        fs::read(folder.join("report.json")).unwrap(),
        before,
        "nothing is written"
    );
    // Bounds that do not go with the totals.
    let text = String::from_utf8(before).unwrap();
    for (from, to) in [
        ("\"bound\": 17", "\"bound\": 16"),
        ("\"bound\": 17", "\"bound\": 18"),
        ("\"unmet_bound\": 1", "\"unmet_bound\": 0"),
        ("\"gap\": 0.0", "\"gap\": 0.25"),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text);
        fs::write(folder.join("report.json"), changed).unwrap();
        let o = run(folder, &["--check"]);
        assert_eq!(o.status.code(), Some(4), "{to}");
        let name = to.split('"').nth(1).unwrap();
        assert!(errors(&o).starts_with(&format!("{name}: ")), "{}", errors(&o));
    }
    fs::write(folder.join("report.json"), &text).unwrap();
    // A plan that is worth less, with honest sums.
    let out = fs::read_to_string(folder.join("out.csv")).unwrap();
    fs::write(folder.join("out.csv"), out.replace("a,school,2,10", "a,school,1,5")).unwrap();
    let o = run(folder, &["--check"]);
    assert_eq!(o.status.code(), Some(4));
    assert!(
        errors(&o).contains("objective: the report says 17, the allocation adds up to 12"),
        "{}",
        errors(&o)
    );
    let honest = text.replace("\"objective\": 17", "\"objective\": 12");
    let honest = honest.replace("\"weighted_unmet\": 1", "\"weighted_unmet\": 2");
    let honest = honest.replace("\"unmet_min_units\": 1", "\"unmet_min_units\": 2");
    fs::write(folder.join("report.json"), honest).unwrap();
    let o = run(folder, &["--check"]);
    assert_eq!(o.status.code(), Some(4));
    assert!(errors(&o).contains("the prices leave room for"), "{}", errors(&o));
    // More than somebody has.
    fs::write(folder.join("out.csv"), out.replace("b,clinic,1,7", "b,school,1,9")).unwrap();
    let o = run(folder, &["--check"]);
    assert_eq!(o.status.code(), Some(4));
    fs::write(folder.join("out.csv"), "offer_id,need_id,units,value\na,clinic,1,1\n").unwrap();
    let o = run(folder, &["--check"]);
    assert_eq!(o.status.code(), Some(2));
    assert!(errors(&o).starts_with("out.csv:2:2: "), "{}", errors(&o));
}

#[test]
fn nothing_of_an_earlier_run_stays_beside_a_refusal() {
    let dir = tables(NEEDS, OFFERS, PAIRS);
    let folder = dir.path();
    let there = || ["out.csv", "report.json"].map(|name| folder.join(name).exists());
    assert_eq!(run(folder, &[]).status.code(), Some(0));
    assert_eq!(there(), [true, true]);
    // Nobody can bring what the group asks.
    fs::write(
        folder.join("groups.csv"),
        "group_id,side,member_id,min,max\ng,offer,a,3,3\nh,offer,b,0,1\n",
    )
    .unwrap();
    let o = run(folder, &[]);
    assert_eq!(o.status.code(), Some(3), "{}", errors(&o));
    assert_eq!(there(), [false, true]);
    let said = report(folder);
    assert_eq!(said["smallest"], true);
    assert_eq!(said["conflict"][0], "group g wants at least 3 units");
    fs::remove_file(folder.join("groups.csv")).unwrap();
    assert_eq!(run(folder, &[]).status.code(), Some(0));
    fs::write(
        folder.join("needs.csv"),
        "need_id,min,max,priority\nschool,x,3,1\nclinic,1,2\n",
    )
    .unwrap();
    let o = run(folder, &[]);
    assert_eq!(o.status.code(), Some(2));
    let lines: Vec<String> = errors(&o)
        .lines()
        .map(|l| l.split(": ").next().unwrap().to_owned())
        .collect();
    assert_eq!(lines, ["needs.csv:2:2", "needs.csv:3:3"]);
    assert_eq!(there(), [false, false]);
}

#[test]
fn numbers_that_are_too_large_are_named_where_they_stand() {
    let pairs = PAIRS.replace("b,clinic,7", "b,clinic,9000000000000000000");
    let needs = NEEDS.replace("clinic,1,2,2", "clinic,1,2,9000000000000000000");
    let dir = tables(&needs, OFFERS, &pairs);
    let o = run(dir.path(), &[]);
    assert_eq!(o.status.code(), Some(2));
    let said = errors(&o);
    assert!(
        said.contains("needs.csv:3:4: priority: ") && said.contains("pairs.csv:3:3: value: "),
        "{said}"
    );
}

#[test]
fn minima_that_weigh_too_much_are_named_where_they_stand() {
    let needs = NEEDS.replace(
        "school,3,3,1",
        "school,9000000000000000000,9000000000000000001,9000000000000000000",
    );
    let o = run(tables(&needs, OFFERS, PAIRS).path(), &[]);
    assert_eq!(o.status.code(), Some(2));
    let said = errors(&o);
    assert!(said.starts_with("needs.csv:2:") && said.lines().count() == 1, "{said}");
}

#[test]
fn a_command_line_or_a_file_of_another_kind_is_told_plainly() {
    let dir = tables(NEEDS, OFFERS, PAIRS);
    for time in ["abc", "-1", "inf", "1e300", ""] {
        let o = run(dir.path(), &["--time-limit", time]);
        assert_eq!(o.status.code(), Some(2), "{time}");
        assert!(errors(&o).contains("is not a number of seconds"), "{}", errors(&o));
    }
    assert_eq!(run(dir.path(), &["--time-limit", "0.5"]).status.code(), Some(0));
    fs::write(dir.path().join("offers.csv"), OFFERS.replace(',', ";")).unwrap();
    fs::write(dir.path().join("needs.csv"), NEEDS.replace("priority", "weight")).unwrap();
    let o = run(dir.path(), &[]);
    let said = errors(&o);
    assert_eq!(o.status.code(), Some(2));
    assert!(
        said.contains("offers.csv:1:0: columns are separated by commas, not by ';'"),
        "{said}"
    );
    assert!(
        said.contains("needs.csv:1:4: no such column: weight; wanted need_id,"),
        "{said}"
    );
    assert!(
        !said.contains("no such offer"),
        "one fault does not bring others: {said}"
    );
}

#[test]
fn among_plans_as_fair_the_better_one_is_chosen() {
    // One unit for two needs, which both can go without: whoever gets it, it is as fair.
    for pairs in ["o,n,0,1\no,m,3,1\n", "o,m,3,1\no,n,0,1\n"] {
        let dir = tables(
            "need_id,min,max,priority\nn,2,2,1\nm,2,3,2\n",
            "offer_id,capacity\no,1\n",
            &format!("offer_id,need_id,value,max_units\n{pairs}"),
        );
        let o = run(dir.path(), &["--fair", "worst-first"]);
        assert_eq!(o.status.code(), Some(0), "{}", errors(&o));
        assert_eq!(given(dir.path()), [("o".into(), "m".into(), 1)]);
        let said = report(dir.path());
        assert_eq!(
            (said["weighted_unmet"].as_i64(), said["fair"]["cost"].as_i64()),
            (Some(4), Some(0))
        );
        assert_eq!(run(dir.path(), &["--check"]).status.code(), Some(0));
        // What needs can have together where a group holds several of them is another matter.
        fs::write(
            dir.path().join("groups.csv"),
            "group_id,side,member_id,min,max\ng,need,n,0,1\ng,need,m,0,1\n",
        )
        .unwrap();
        let o = run(dir.path(), &["--fair", "worst-first"]);
        assert_eq!(o.status.code(), Some(2));
        assert!(errors(&o).contains("groups of several needs"), "{}", errors(&o));
    }
}

#[test]
fn what_is_read_is_never_written_over() {
    let dir = tables(NEEDS, OFFERS, PAIRS);
    let o = run(dir.path(), &["--groups", "out.csv"]);
    assert_eq!(o.status.code(), Some(2));
    assert!(
        errors(&o).contains("--out and --groups are the same file"),
        "{}",
        errors(&o)
    );
}

/// Of two houses the larger, in two parts, is worth more everywhere; the school could take all of it.
const HOUSES: [&str; 3] = [
    "need_id,min,max,priority\nschool,0,8,1\nclinic,0,8,1\n",
    "offer_id,capacity,organisation\na1,4,Alder\na2,4,Alder\nb,4,\n",
    "offer_id,need_id,value,max_units\na1,school,9,4\na2,school,9,4\na2,clinic,2,4\nb,clinic,1,4\nb,school,5,4\n",
];

fn given(folder: &Path) -> Vec<(String, String, i64)> {
    let text = fs::read_to_string(folder.join("out.csv")).unwrap();
    let row = |line: &str| {
        let mut fields = line.split(',').map(str::to_owned);
        let (offer, need) = (fields.next().unwrap(), fields.next().unwrap());
        (offer, need, fields.next().unwrap().parse().unwrap())
    };
    text.lines().skip(1).map(row).collect()
}

#[test]
fn a_fair_plan_says_what_it_costs_and_is_confirmed() {
    let dir = tables(HOUSES[0], HOUSES[1], HOUSES[2]);
    let folder = dir.path();
    let sum = |which: &dyn Fn(&(String, String, i64)) -> bool| -> i64 {
        given(folder).iter().filter(|row| which(row)).map(|row| row.2).sum()
    };
    let confirmed = |more: &[&str]| {
        let o = run(folder, &[&["--check"], more].concat());
        assert_eq!(o.status.code(), Some(0), "{}", errors(&o));
        String::from_utf8_lossy(&o.stdout).into_owned()
    };
    // Without it nothing of it is told.
    assert_eq!(run(folder, &[]).status.code(), Some(0));
    let best = report(folder)["objective"].as_i64().unwrap();
    assert_eq!((best, report(folder).get("fair")), (76, None));
    let o = run(folder, &["--check", "--fair", "worst-first"]);
    assert!(
        errors(&o).contains("aims at the greatest value, not at worst-first"),
        "{}",
        errors(&o)
    );

    let o = run(folder, &["--fair", "worst-first"]);
    assert_eq!(o.status.code(), Some(0), "{}", errors(&o));
    let said = report(folder);
    assert_eq!((sum(&|r| r.1 == "school"), sum(&|r| r.1 == "clinic")), (6, 6));
    let objective = said["objective"].as_i64().unwrap();
    let told = serde_json::json!({"aim": "worst-first", "best_objective": 76, "best_weighted_unmet": 0, "cost": best - objective});
    assert_eq!((&said["fair"], said["proved"].as_bool()), (&told, Some(true)));
    assert!(confirmed(&["--fair", "worst-first"]).contains("in which every need gets at least as many units as here"));
    // What is proved of the bounded problem is not proved of the tables alone.
    let text = fs::read_to_string(folder.join("report.json")).unwrap();
    let other = text.replace("\"aim\": \"worst-first\"", "\"aim\": \"share=1000\"");
    fs::write(folder.join("report.json"), other).unwrap();
    assert_eq!(run(folder, &["--check"]).status.code(), Some(4));
    fs::write(folder.join("report.json"), text.replace("\"cost\": ", "\"cost\": 1")).unwrap();
    assert!(errors(&run(folder, &["--check"])).contains("does not leave an objective of"));

    // Both parts of one house count together; the other offer stands for itself.
    let o = run(folder, &["--fair", "share=500"]);
    assert_eq!(o.status.code(), Some(0), "{}", errors(&o));
    assert_eq!((sum(&|r| r.0 == "b"), sum(&|r| r.0 != "b")), (4, 4));
    assert!(confirmed(&[]).contains("No organisation gives more than 500 per mille of all units."));
    let wider = fs::read_to_string(folder.join("report.json")).unwrap();
    fs::write(folder.join("report.json"), wider.replace("share=500", "share=400")).unwrap();
    let o = run(folder, &["--check"]);
    assert!(
        errors(&o).contains("organisation Alder gives 4 of 8 units, more than 400 per mille"),
        "{}",
        errors(&o)
    );

    let o = run(folder, &["--fair", "draw=7,500"]);
    assert_eq!(o.status.code(), Some(0), "{}", errors(&o));
    let (drawn, said) = (given(folder), report(folder));
    assert!(drawn.iter().all(|row| row.2 == 1), "{drawn:?}");
    assert_eq!(said["fair"]["expected_objective"].as_f64(), Some(13.0));
    assert!(confirmed(&[]).contains("It was drawn"));
    assert_eq!(run(folder, &["--fair", "draw=7,500"]).status.code(), Some(0));
    assert_eq!(given(folder), drawn);
}

#[test]
fn an_aim_that_leaves_no_room_or_is_none_is_told() {
    let pairs = HOUSES[2].replace("max_units\n", "max_units,status\n");
    let pairs = pairs
        .replace(",4\n", ",4,\n")
        .replace("a1,school,9,4,", "a1,school,9,4,forced");
    let dir = tables(HOUSES[0], HOUSES[1], &pairs);
    let folder = dir.path();
    // Four are fixed, and nobody else has as many as it would take.
    let o = run(folder, &["--fair", "share=300"]);
    assert_eq!(o.status.code(), Some(3), "{}", errors(&o));
    assert!(
        errors(&o).contains("offer a1 forced for need school with 4 units"),
        "{}",
        errors(&o)
    );
    assert!(
        errors(&o).contains("--fair share=300: no organisation gives more"),
        "{}",
        errors(&o)
    );
    assert_eq!(report(folder)["conflict"].as_array().unwrap().len(), 2);
    for (aim, why) in [
        ("best", "wanted worst-first, share=PERMILLE, or draw=SEED,PERMILLE"),
        ("share=0", "per mille from 1 to 1000"),
        ("draw=7", "a seed and the greatest chance"),
        ("draw=-1,5", "the seed \"-1\" is not"),
    ] {
        let o = run(folder, &["--fair", aim]);
        assert_eq!(o.status.code(), Some(2), "{aim}");
        assert!(errors(&o).contains(why), "{}", errors(&o));
    }
    let crossing = "group_id,side,member_id,min,max\ng,offer,a1,0,5\ng,offer,a2,0,5\nh,offer,a2,0,5\nh,offer,b,0,5\n";
    fs::write(folder.join("groups.csv"), crossing).unwrap();
    let o = run(folder, &["--fair", "worst-first"]);
    assert_eq!(o.status.code(), Some(2));
    assert!(errors(&o).starts_with("--fair worst-first: "), "{}", errors(&o));
    assert_eq!(run(folder, &["--fair", "share=700"]).status.code(), Some(0));
}

#[test]
fn what_keeps_a_need_short_of_a_fair_plan_names_the_share() {
    let needs = HOUSES[0].replace("school,0", "school,7");
    let dir = tables(&needs, HOUSES[1], HOUSES[2]);
    // Of two, one always gives half or more: a share of less lets nobody give.
    let o = run(dir.path(), &["--fair", "share=300"]);
    assert_eq!(o.status.code(), Some(0), "{}", errors(&o));
    let said = report(dir.path());
    let causes = serde_json::json!(["max of what organisation Alder gives", "max of what offer b gives"]);
    assert_eq!(
        (&said["unmet"][0]["causes"], &said["unmet"][0]["units"]),
        (&causes, &7.into())
    );
    let o = run(dir.path(), &["--check"]);
    assert_eq!(o.status.code(), Some(0), "{}", errors(&o));
}
