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

/// What the guide tells an operator to write is what the program takes, in both languages.
#[test]
fn the_guides_sample_configuration_is_in_order() {
    for language in ["en", "zh"] {
        let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/guide/{language}/operator.md"));
        let guide = std::fs::read_to_string(guide).unwrap();
        let sample = guide.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
        let dir = tempfile::tempdir().unwrap();
        let secrets = dir.path().to_str().unwrap();
        for (file, secret) in [
            ("postgres", "postgres://youcheng:secret@127.0.0.1/youcheng"),
            ("smtp", "secret"),
            ("oidc", "secret"),
        ] {
            assert!(sample.contains(&format!("/etc/youcheng/{file}")), "{language}: {file}");
            std::fs::write(dir.path().join(file), secret).unwrap();
        }
        let sample = sample.replace("/etc/youcheng", secrets);
        std::fs::write(dir.path().join("youcheng.toml"), sample).unwrap();
        let o = youcheng(dir.path(), &["check-config"]);
        assert!(o.status.success(), "{language}: {}", said(&o));
        assert!(said(&o).contains("https://sister-cities.example.org"), "{}", said(&o));
    }
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

const RELATIONS: &str = "reference,partner_en,partner_level,country,kind,status,signed,source\n\
    S-1,Uppsala,city,SE,sister,signed,2001-05,city archive\n\
    S-2,Tartu,city,EE,sister,signed,2010,city archive\n";

#[test]
fn a_city_of_its_own_is_set_and_its_tables_go_in_and_out() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    let run = |arguments: &[&str]| {
        let o = youcheng(dir.path(), arguments);
        assert!(o.status.success(), "{arguments:?}: {}", said(&o));
        said(&o)
    };
    let refused = |arguments: &[&str], wanted: &str| {
        let o = youcheng(dir.path(), arguments);
        assert!(
            !o.status.success() && said(&o).contains(wanted),
            "{arguments:?}: {}",
            said(&o)
        );
    };
    let home = [
        "admin",
        "set-home",
        "--code",
        "MSN",
        "--name-en",
        "Madison",
        "--country",
    ];
    let with = |country: &'static str, districts: &'static str| {
        let more = [
            "--lat",
            "43.07",
            "--lon",
            "-89.4",
            "--source",
            "city archive",
            "--districts",
        ];
        [&home[..], &[country], &more[..], &[districts]].concat()
    };
    write(
        "districts.csv",
        "code,name_en\nE,East side\nE,East side again\n,Nowhere\n",
    );
    refused(&with("XX", "districts.csv"), "country");
    refused(&with("US", "districts.csv"), "row 3, A code");
    write("districts.csv", "code,name_en\nE,East side\nW,West side\n");
    assert!(run(&with("US", "districts.csv")).contains("home city set, with 2 districts"));
    refused(&with("US", "districts.csv"), "has its home city already");

    run(&[
        "admin",
        "create-account",
        "--email",
        "ann@example.org",
        "--name",
        "Ann",
        "--lang",
        "en",
    ]);
    run(&[
        "admin",
        "grant-mandate",
        "--email",
        "ann@example.org",
        "--office",
        "--purpose",
        "secretary of the committee",
        "--letter",
        "minutes of 3 May",
    ]);
    write("relations.csv", RELATIONS);
    write("broken.csv", &RELATIONS.replace("EE", "ZZ"));
    let ann = ["--as", "ann@example.org"];
    let import = |file: &'static str| [&["import", "relations", file], &ann[..]].concat();
    refused(&["import", "relations", "relations.csv"], "is not allowed");
    refused(&import("broken.csv"), "row 3");
    let tried = run(&[&import("relations.csv")[..], &["--dry-run"]].concat());
    assert!(tried.contains("2 new") && tried.contains("dry run"), "{tried}");
    assert!(run(&import("relations.csv")).contains("2 new"));
    assert!(run(&import("relations.csv")).contains("2 as before"));
    run(&[&["export", "relations", "out.xlsx"], &ann[..]].concat());
    run(&[&["export", "relations", "out.csv", "--lang", "zh"], &ann[..]].concat());
    let out = std::fs::read_to_string(dir.path().join("out.csv")).unwrap();
    assert!(out.starts_with('\u{feff}') && out.contains("Uppsala"), "{out}");
    // What came out goes in again, and changes nothing.
    assert!(run(&import("out.xlsx")).contains("2 as before"));
    let raw = run(&["export", "raw", "tables"]);
    let accounts = std::fs::read_to_string(dir.path().join("tables/account.csv")).unwrap();
    assert!(
        accounts.contains("ann@example.org") && !accounts.contains("password_hash"),
        "{raw}"
    );
    // Ann has yet to open her letter: its link is hers alone.
    let letters = std::fs::read_to_string(dir.path().join("tables/letter.csv")).unwrap();
    assert!(
        letters.contains("account.recover") && !letters.contains("key="),
        "{letters}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        run(&["backup", "node.zip"]);
        for file in [
            "node.zip",
            "out.csv",
            "out.xlsx",
            "tables/account.csv",
            "tables/letter.csv",
        ] {
            let mode = std::fs::metadata(dir.path().join(file)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
    }
    assert!(run(&["verify"]).ends_with("clean\n"));
}

#[test]
fn what_is_known_of_chongqing_is_loaded_once() {
    let dir = tempfile::tempdir().unwrap();
    let load = || said(&youcheng(dir.path(), &["admin", "load-reference"]));
    assert!(load().contains("42 relations"));
    assert!(load().starts_with("0 local governments"));
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
