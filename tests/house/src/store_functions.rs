//! Every function that speaks SQL is reached by a test of its crate that runs on SQLite and on PostgreSQL, straight or
//! through the use cases that call it.
use crate::rust_code::{Source, attributes, for_tests, idents, parsed, sources};
use crate::{none, tree};
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use syn::visit::{self, Visit};
use syn::{ImplItem, Item, Visibility};

/// Names of the functions in `src/store.rs` and `src/store/` that others may await.
fn store_functions(krate: &Path, sources: &[Source]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for source in sources {
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
fn named_in_tests(krate: &Path, sources: &[Source]) -> BTreeSet<String> {
    let files = tree::files(&krate.join("tests"), ".rs")
        .into_iter()
        .map(|path| parsed(&path).to_token_stream());
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

/// What each function of the crate names in its body; functions of one name together.
#[derive(Default)]
struct Bodies(BTreeMap<String, BTreeSet<String>>);

impl<'ast> Visit<'ast> for Bodies {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.note(&function.sig.ident, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.note(&function.sig.ident, &function.block);
        visit::visit_impl_item_fn(self, function);
    }
}

impl Bodies {
    fn note(&mut self, name: &syn::Ident, body: &syn::Block) {
        self.0
            .entry(name.to_string())
            .or_default()
            .extend(idents(body.to_token_stream()));
    }

    /// Everything that may run when these names are called.
    fn reached_from(&self, names: BTreeSet<String>) -> BTreeSet<String> {
        let mut waiting: Vec<String> = names.iter().cloned().collect();
        let mut reached = names;
        while let Some(name) = waiting.pop() {
            for next in self.0.get(&name).into_iter().flatten() {
                if reached.insert(next.clone()) {
                    waiting.push(next.clone());
                }
            }
        }
        reached
    }
}

#[test]
fn every_store_function_is_tested() {
    let mut findings = Vec::new();
    for (name, folder) in tree::crates() {
        let sources = sources(&folder);
        let functions = store_functions(&folder, &sources);
        if functions.is_empty() {
            continue;
        }
        let mut bodies = Bodies::default();
        sources
            .iter()
            .filter(|source| !source.tests)
            .for_each(|source| bodies.visit_file(&source.file));
        let reached = bodies.reached_from(named_in_tests(&folder, &sources));
        findings.extend(
            functions
                .difference(&reached)
                .map(|function| format!("{name}: {function}")),
        );
    }
    none(
        "Store functions that no `on_each_engine!` test of their crate reaches:",
        findings,
    );
}

#[test]
fn what_a_test_reaches_goes_through_use_cases() {
    let code = "async fn publish() { store::save().await } fn save() { row() } fn close() { store::drop_offer() }";
    let mut bodies = Bodies::default();
    bodies.visit_file(&syn::parse_file(code).expect("it is Rust"));
    let reached = bodies.reached_from(BTreeSet::from(["publish".to_owned()]));
    assert!(reached.contains("save") && reached.contains("row") && !reached.contains("drop_offer"));
}
