use super::*;

fn from(file: &str, variables: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let mut given = Given::default();
    if !file.is_empty() {
        given.file("youcheng.toml", file);
    }
    given.environment(variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
    Config::read(given).map_err(|f| f.0)
}

#[test]
fn runs_with_nothing_given() {
    let c = from("", &[]).unwrap();
    assert_eq!(c.listen.address.port(), 8080);
    assert_eq!(c.public_url(), "http://127.0.0.1:8080");
    assert!(!c.secure_cookies());
    assert_eq!(c.node.zone.1, "Asia/Shanghai");
}

#[test]
fn the_environment_goes_before_the_file() {
    let file = "[node]\ncity_en = \"Chengdu\"\n[listen]\naddress = \"0.0.0.0:80\"\n";
    let c = from(
        file,
        &[("YOUCHENG_NODE__CITY_EN", "Chongqing"), ("YOUCHENG_TEST_POSTGRES", "x")],
    )
    .unwrap();
    assert_eq!((c.node.city_en.as_str(), c.listen.address.port()), ("Chongqing", 80));
}

#[test]
fn all_faults_are_told_together_with_key_and_place() {
    let file = "[node]\ncity_hz = \"x\"\nzone = \"Asia/Chongqing1\"\n\n[listen]\naddress = 8080\n[mail]\nsmtp_user = \"a\"\nsmtp_security = \"ssl\"\n[nodes]\nzone = \"x\"\n[node2]\n";
    let faults = from(
        file,
        &[
            ("YOUCHENG_STORE__CONNECTIONS", "many"),
            ("YOUCHENG_STORE__POSTGRES", "mysql://x"),
            ("YOUCHENG_LISTEN__ZONE", "UTC"),
        ],
    )
    .unwrap_err();
    for wanted in [
        "node.zone (youcheng.toml, line 3): \"Asia/Chongqing1\" is not an IANA time zone; Asia/Shanghai is one",
        "listen.address (youcheng.toml, line 6): address and port was expected, not integer",
        "store.connections (YOUCHENG_STORE__CONNECTIONS): a whole number was expected, not \"many\"",
        "mail.smtp_security (youcheng.toml, line 9): \"starttls\", \"tls\" or \"none\" was expected, not \"ssl\"",
        "listen.zone (YOUCHENG_LISTEN__ZONE): there is no such setting; the nearest known one is node.zone",
        "node.city_hz (youcheng.toml, line 2): there is no such setting; the nearest known one is node.city_zh",
        "nodes.zone (youcheng.toml, line 11): there is no such setting; the nearest known one is node.zone",
        "mail.smtp_password: is needed because mail.smtp_user (youcheng.toml, line 8) is set",
        "store.postgres (YOUCHENG_STORE__POSTGRES): an address with postgres:// was expected",
    ] {
        assert!(
            faults.iter().any(|f| f == wanted),
            "{wanted}\nnot in\n{}",
            faults.join("\n")
        );
    }
    assert_eq!(faults.len(), 9, "{faults:#?}");
}

#[test]
fn a_file_that_is_no_toml_is_named_with_its_line() {
    let faults = from("[node]\ncity_zh = \n", &[]).unwrap_err();
    assert!(
        faults[0].starts_with("youcheng.toml, line 2: this is not TOML"),
        "{faults:?}"
    );
}

#[test]
fn secrets_come_from_files_and_are_not_shown() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("secret");
    std::fs::write(&path, "s3cret\n").unwrap();
    let named = path.display().to_string();
    let variables = [
        ("YOUCHENG_SIGN_IN__OIDC_ISSUER", "https://id.example.org/"),
        ("YOUCHENG_SIGN_IN__OIDC_CLIENT", "youcheng"),
        ("YOUCHENG_SIGN_IN__OIDC_SECRET_FILE", named.as_str()),
    ];
    let c = from("", &variables).unwrap();
    assert_eq!(c.sign_in.oidc_secret.as_ref().unwrap().open(), "s3cret");
    assert!(!format!("{c:?}").contains("s3cret"));
    let both = from(
        "",
        &[&variables[..], &[("YOUCHENG_SIGN_IN__OIDC_SECRET", "x")]].concat(),
    )
    .unwrap_err();
    assert!(both[0].contains("give one of them"), "{both:?}");
    let gone = from("", &[("YOUCHENG_METRICS__TOKEN_FILE", "nowhere/at/all")]).unwrap_err();
    assert!(gone[0].starts_with("metrics.token_file (YOUCHENG_METRICS__TOKEN_FILE): nowhere/at/all:"));
}

#[test]
fn cookies_are_secure_where_readers_come_by_https() {
    let c = from("[node]\npublic_url = \"https://cq.example.org/\"\n", &[]).unwrap();
    assert_eq!(c.public_url(), "https://cq.example.org");
    assert!(c.secure_cookies());
    let f = from("[sign_in]\nsecure_cookies = true\n", &[]).unwrap_err();
    assert!(f[0].starts_with("sign_in.secure_cookies (youcheng.toml, line 2)"));
}

#[test]
fn the_document_is_made_from_the_structs() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/configuration.md");
    assert_eq!(
        std::fs::read_to_string(path).unwrap(),
        markdown(),
        "make it anew: youcheng check-config --document > docs/configuration.md"
    );
}
