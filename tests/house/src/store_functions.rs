//! Every function that speaks SQL is called by a test of its crate, on SQLite and on PostgreSQL.
use crate::rust_code::{attributes, for_tests, idents, parsed, sources};
use crate::{none, tree};
use quote::ToTokens;
use std::collections::BTreeSet;
use std::path::Path;
use syn::{ImplItem, Item, Visibility};

/// Names of the functions in `src/store.rs` and `src/store/` that others may await.
fn store_functions(krate: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for source in sources(krate) {
        let inside = source.path.strip_prefix(krate.join("src")).unwrap_or(&source.path);
        if source.tests || !(inside == Path::new("store.rs") || inside.starts_with("store")) {
            continue;
        }
        for item in &source.file.items {
            match item {
                Item::Fn(function) if open(&function.vis) && function.sig.asyncness.is_some() => {
                    found.insert(function.sig.ident.to_string());
                }
                Item::Impl(block) => found.extend(block.items.iter().filter_map(|item| match item {
                    ImplItem::Fn(function) if open(&function.vis) && function.sig.asyncness.is_some() => {
                        Some(function.sig.ident.to_string())
                    }
                    _ => None,
                })),
                _ => {}
            }
        }
    }
    found
}

fn open(visibility: &Visibility) -> bool {
    !matches!(visibility, Visibility::Inherited)
}

/// Every name that stands in a test which runs on each engine (`store::on_each_engine!`).
fn named_in_tests(krate: &Path) -> BTreeSet<String> {
    let files = tree::files(&krate.join("tests"), ".rs")
        .into_iter()
        .map(|path| parsed(&path).to_token_stream());
    let sources = sources(krate);
    let within = sources.iter().flat_map(|source| {
        let items = source.file.items.iter().filter(|item| for_tests(attributes(item)));
        let whole = source.tests.then(|| source.file.to_token_stream());
        whole.into_iter().chain(items.map(|item| item.to_token_stream()))
    });
    let names = files.chain(within).map(idents);
    names
        .filter(|names| names.contains("on_each_engine"))
        .flatten()
        .collect()
}

#[test]
fn every_store_function_is_tested() {
    let mut findings = Vec::new();
    for (name, folder) in tree::crates() {
        let functions = store_functions(&folder);
        if functions.is_empty() {
            continue;
        }
        let named = named_in_tests(&folder);
        findings.extend(
            functions
                .difference(&named)
                .map(|function| format!("{name}: {function}")),
        );
    }
    none(
        "Store functions that no `on_each_engine!` test of their crate names:",
        findings,
    );
}
