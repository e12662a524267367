//! What the binary embeds from npm is what npm brings.
use crate::{none, tree};

#[test]
fn assets_are_unchanged() {
    let root = tree::root();
    let modules = root.join("node_modules");
    if !modules.is_dir() {
        return; // building needs no npm; where the packages are, they are compared
    }
    let mut findings = Vec::new();
    for line in tree::read(&root.join("xtask/assets.txt")).lines() {
        let Some((to, from)) = line.split_once("<-").filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let committed = std::fs::read(root.join("crates/pages/assets").join(to.trim()));
        let brought = std::fs::read(modules.join(from.trim()));
        if !matches!((&committed, &brought), (Ok(ours), Ok(theirs)) if ours == theirs) {
            findings.push(to.trim().to_owned());
        }
    }
    none(
        "Differ from the npm packages (`cargo xtask assets` brings them anew):",
        findings,
    );
}
