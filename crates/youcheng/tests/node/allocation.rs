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
    // A plan that is worth less, with honest sums.
    let text = String::from_utf8(before).unwrap();
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
