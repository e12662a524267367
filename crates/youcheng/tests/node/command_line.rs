//! The program as an operator meets it.

use std::{
    path::Path,
    process::{Command, Output},
};

fn youcheng(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_youcheng"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}
fn said(o: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&o.stdout),
        String::from_utf8_lossy(&o.stderr)
    )
}

#[test]
fn faults_of_the_settings_are_named_together() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("youcheng.toml"),
        "[listen]\nadress = \"x\"\n[node]\nzone = \"Mars/Olympus\"\n",
    )
    .unwrap();
    for command in [&["check-config"][..], &["serve"], &["verify"]] {
        let o = youcheng(dir.path(), command);
        assert!(!o.status.success());
        let said = said(&o);
        for wanted in [
            "the settings have 2 faults",
            "listen.adress (youcheng.toml, line 2): there is no such setting; the nearest known one is listen.address",
            "node.zone (youcheng.toml, line 4): \"Mars/Olympus\" is not an IANA time zone",
        ] {
            assert!(said.contains(wanted), "{wanted}\n{said}");
        }
    }
    assert!(!dir.path().join("data").exists(), "nothing was made");
    std::fs::remove_file(dir.path().join("youcheng.toml")).unwrap();
    let o = youcheng(dir.path(), &["check-config"]);
    assert!(o.status.success(), "{}", said(&o));
}

#[test]
fn commands_that_only_look_make_nothing() {
    let dir = tempfile::tempdir().unwrap();
    for command in [&["verify"][..], &["backup", "x.zip"]] {
        let o = youcheng(dir.path(), command);
        assert!(!o.status.success());
        assert!(
            said(&o).contains("there is no store at data/youcheng.sqlite (store.sqlite)"),
            "{}",
            said(&o)
        );
    }
    assert!(!dir.path().join("data").exists());
    let o = youcheng(dir.path(), &["restore", "x.zip"]);
    assert!(
        !o.status.success() && !dir.path().join("data/youcheng.sqlite").exists(),
        "{}",
        said(&o)
    );
}

#[test]
fn an_operator_sets_up_a_node_and_proves_it() {
    let dir = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let o = youcheng(dir.path(), arguments);
        assert!(o.status.success(), "{arguments:?}: {}", said(&o));
        String::from_utf8(o.stdout).unwrap()
    };
    run(&["admin", "create-account", "--email", "li@example.org", "--name", "李明"]);
    let twice = youcheng(
        dir.path(),
        &["admin", "create-account", "--email", "li@example.org", "--name", "李明"],
    );
    assert!(!twice.status.success());
    let grant = run(&[
        "admin",
        "grant-mandate",
        "--email",
        "li@example.org",
        "--office",
        "--purpose",
        "leads the office",
        "--letter",
        "渝外办〔2026〕1号",
    ]);
    assert!(grant.contains("founded the office"), "{grant}");
    let list = run(&["admin", "list"]);
    assert!(list.contains("office") && list.contains("li@example.org"), "{list}");
    let verified = run(&["verify"]);
    assert!(verified.ends_with("clean\n"), "{verified}");
    let root = verified.lines().find(|l| l.starts_with("root: ")).unwrap();
    assert!(run(&["verify", "--entry", "0"]).contains("proved: entry 0"));
    assert!(!youcheng(dir.path(), &["verify", "--entry", "999"]).status.success());
    let backed_up = run(&["backup", "node.zip"]);
    assert!(backed_up.contains(root), "{backed_up}");
    // Into another folder, where a node of the same history stands then.
    let other = tempfile::tempdir().unwrap();
    let file = dir.path().join("node.zip");
    let restored = youcheng(other.path(), &["restore", file.to_str().unwrap()]);
    assert!(
        restored.status.success() && said(&restored).contains(root),
        "{}",
        said(&restored)
    );
    assert!(said(&youcheng(other.path(), &["verify"])).contains(root));
}

#[test]
fn policies_are_asked_at_the_command_line() {
    let dir = tempfile::tempdir().unwrap();
    let who = youcheng(dir.path(), &["policy", "who", "mandate.grant"]);
    assert!(who.status.success());
    let who = said(&who);
    assert!(
        who.starts_with("mandate.grant: ") && who.contains("office-lead"),
        "{who}"
    );
    assert!(who.contains("permits"), "{who}");
    assert!(!youcheng(dir.path(), &["policy", "who", "moon.buy"]).status.success());
    assert!(said(&youcheng(dir.path(), &["policy", "list"])).contains("rule.list"));
}

#[test]
fn the_description_is_printed() {
    let dir = tempfile::tempdir().unwrap();
    let o = youcheng(dir.path(), &["openapi"]);
    assert!(o.status.success());
    let api: serde_json::Value = serde_json::from_slice(&o.stdout).unwrap();
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"));
}
