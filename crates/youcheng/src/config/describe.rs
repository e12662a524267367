//! The settings as a document.

use std::fmt::Write;

use super::sections;

/// `docs/configuration.md`.
pub fn markdown() -> String {
    let mut out = String::from(
        "# Configuration\n\n\
         <!-- Made by `youcheng check-config --document` from crates/youcheng/src/config/mod.rs; a test keeps them equal. -->\n\n\
         A node runs with no configuration at all: SQLite under `./data`, port 8080 of this machine, letters into a folder.\n\n\
         Settings come from one TOML file (`--config FILE`, or the variable `YOUCHENG_CONFIG`, or `./youcheng.toml`) and from \
         the environment, which goes before the file: `YOUCHENG_SECTION__KEY`, as `YOUCHENG_NODE__CITY_EN=Chongqing`. \
         An empty variable takes an optional setting of the file away.\n\n\
         Every secret can stand in a file of its own: `KEY_file` names it.\n\n\
         `youcheng check-config` reads everything, names every fault with its key and its place, and changes nothing. \
         A key that does not exist is a fault.\n",
    );
    for s in sections() {
        let _ = write!(
            out,
            "\n## [{}]\n\n{}\n\n| key | kind | default | meaning |\n|---|---|---|---|\n",
            s.name, s.about
        );
        for k in s.keys {
            let default = if k.default.is_empty() {
                "none".to_owned()
            } else {
                format!("`{}`", k.default)
            };
            let kind = if k.secret {
                format!("{}, or `{}_file`", k.kind, k.name)
            } else {
                k.kind.to_owned()
            };
            let _ = writeln!(out, "| `{}` | {kind} | {default} | {} |", k.name, k.about);
        }
    }
    out
}
