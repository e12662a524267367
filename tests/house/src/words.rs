//! What no tracked file may say: places of one machine, hosts of package registries.
use crate::{none, tree};

/// Put together here, so that this file does not say them either.
fn forbidden() -> Vec<String> {
    let folders = ["work", "root"].map(|folder| format!("/{folder}/"));
    let hidden = ["/.".to_owned() + "library"];
    let hosts = [
        ["registry", "npmjs", "org"],
        ["registry", "yarnpkg", "com"],
        ["files", "pythonhosted", "org"],
        ["deb", "debian", "org"],
        ["static", "crates", "io"],
        ["index", "crates", "io"],
    ];
    let hosts = hosts
        .into_iter()
        .map(|labels| labels.join("."))
        .chain([["pypi", "org"].join(".")]);
    folders.into_iter().chain(hidden).chain(hosts).collect()
}

#[test]
fn no_machine_and_no_registry_is_named() {
    let forbidden = forbidden();
    let mut findings = Vec::new();
    for path in tree::tracked() {
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        for word in &forbidden {
            for (byte, _) in text.match_indices(word.as_str()) {
                // After a name it is a part of one of our own paths, or of an address.
                let before = text[..byte].chars().next_back();
                if word.starts_with("/") && before.is_some_and(|letter| letter.is_alphanumeric() || letter == '}') {
                    continue;
                }
                findings.push(format!("{}:{}: {word}", tree::named(&path), tree::line_of(&text, byte)));
            }
        }
    }
    none("Places of one machine, or registry hosts, in tracked files:", findings);
}
