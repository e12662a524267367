//! Rules on Rust code, read with a Rust parser.
use crate::{none, tree};
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Item};

/// A function longer than this is read in pieces, so it is written in pieces.
const LONGEST_FUNCTION: usize = 120;
/// A source file of a crate, parsed; `tests` when it is compiled for tests only.
pub struct Source {
    pub path: PathBuf,
    pub file: syn::File,
    pub tests: bool,
}

pub fn parsed(path: &Path) -> syn::File {
    syn::parse_file(&tree::read(path)).unwrap_or_else(|fault| panic!("cannot parse {}: {fault}", path.display()))
}

/// All of `src/` of a crate.
pub fn sources(krate: &Path) -> Vec<Source> {
    let files: Vec<(PathBuf, syn::File)> = tree::files(&krate.join("src"), ".rs")
        .into_iter()
        .map(|path| (path.clone(), parsed(&path)))
        .collect();
    let only_tests: BTreeSet<PathBuf> = files.iter().flat_map(|(path, file)| test_modules(path, file)).collect();
    let sources = files.into_iter().map(|(path, file)| {
        let tests = only_tests
            .iter()
            .any(|module| path.starts_with(module) || path == module.with_extension("rs"));
        Source { path, file, tests }
    });
    sources.collect()
}

/// `#[cfg(test)] mod tests;`: the folder of that module, whose file is beside it.
fn test_modules(path: &Path, file: &syn::File) -> Vec<PathBuf> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let folder = path.parent().expect("a file lies in a folder");
    let home = if ["lib", "main", "mod"].contains(&&*stem) {
        folder.to_owned()
    } else {
        folder.join(&*stem)
    };
    let modules = file.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.content.is_none() && for_tests(&module.attrs) => {
            Some(home.join(module.ident.to_string()))
        }
        _ => None,
    });
    modules.collect()
}

/// `#[cfg(test)]`, `#[cfg(any(test, feature = "testing"))]`, `#[test]`, `#[tokio::test]`.
pub fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let last = attribute
            .path()
            .segments
            .last()
            .map(|segment| segment.ident.to_string());
        match last.as_deref() {
            Some("test") => true,
            Some("cfg") => attribute.meta.require_list().is_ok_and(|list| {
                let condition = list.tokens.to_string();
                condition.contains("test") && !condition.contains("not")
            }),
            _ => false,
        }
    })
}

pub fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

pub fn idents(tokens: TokenStream) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                found.insert(ident.to_string());
            }
            TokenTree::Group(group) => found.extend(idents(group.stream())),
            _ => {}
        }
    }
    found
}

/// What the rules below look for, gathered in one walk over code that is not for tests.
#[derive(Default)]
struct Findings {
    panics: Vec<(Span, String)>,
    long: Vec<(Span, String, usize)>,
    likes: Vec<Span>,
}

impl Findings {
    fn string(&mut self, span: Span, text: &str) {
        let words = |upper: &str| {
            text.split(|letter: char| !letter.is_alphanumeric())
                .any(|word| word == upper)
        };
        if words("LIKE") || words("ILIKE") {
            self.likes.push(span);
        }
    }

    fn function(&mut self, name: &syn::Ident, from: Span, block: &syn::Block) {
        let lines = block.brace_token.span.close().end().line + 1 - from.start().line;
        if lines > LONGEST_FUNCTION {
            self.long.push((from, name.to_string(), lines));
        }
    }

    fn call(&mut self, name: &str, at: Span, reason: Option<String>) {
        let excused = reason.is_some_and(|reason| reason.starts_with("invariant:"));
        if name == "unwrap" || (name == "expect" && !excused) {
            self.panics.push((at, format!(".{name}(")));
        }
    }

    /// Inside of macros there are only tokens.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (place, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                        self.string(literal.span(), &text.value());
                    }
                }
                TokenTree::Ident(ident) if place > 0 => {
                    let dotted = matches!(&tokens[place - 1], TokenTree::Punct(dot) if dot.as_char() == '.');
                    let Some(TokenTree::Group(group)) = tokens.get(place + 1) else {
                        continue;
                    };
                    if dotted && group.delimiter() == Delimiter::Parenthesis {
                        let reason = syn::parse2::<syn::LitStr>(group.stream()).ok().map(|text| text.value());
                        self.call(&ident.to_string(), ident.span(), reason);
                    }
                }
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Findings {
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_item(&mut self, item: &'ast Item) {
        if !for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.function(&function.sig.ident, function.sig.span(), &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !for_tests(&function.attrs) {
            self.function(&function.sig.ident, function.sig.span(), &function.block);
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let reason = match call.args.first() {
            Some(syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            })) => Some(text.value()),
            _ => None,
        };
        // `expect` with other than one text is another method of that name.
        if call.method == "unwrap" && call.args.is_empty() || call.method == "expect" && call.args.len() == 1 {
            self.call(&call.method.to_string(), call.method.span(), reason);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        self.string(text.span(), &text.value());
    }

    fn visit_macro(&mut self, inner: &'ast syn::Macro) {
        self.tokens(inner.tokens.clone());
    }
}

fn findings_in(file: &syn::File) -> Findings {
    let mut findings = Findings::default();
    findings.visit_file(file);
    findings
}

/// Every source file that is not for tests: of our crates and of xtask.
fn shipped() -> Vec<(String, Findings)> {
    let folders = tree::crates()
        .into_iter()
        .map(|(_, folder)| folder)
        .chain([tree::root().join("xtask")]);
    let sources = folders
        .flat_map(|folder| sources(&folder))
        .filter(|source| !source.tests);
    sources
        .map(|source| (tree::named(&source.path), findings_in(&source.file)))
        .collect()
}

#[test]
fn nothing_panics_on_purpose_outside_of_tests() {
    let mut lines = Vec::new();
    for (path, findings) in shipped() {
        for (span, call) in findings.panics {
            lines.push(format!("{path}:{}: {call}", span.start().line));
        }
    }
    none(
        "Return a refusal or a fault, or say why it cannot happen with .expect(\"invariant: …\"):",
        lines,
    );
}

#[test]
fn functions_can_be_read_at_a_glance() {
    let mut lines = Vec::new();
    for (path, findings) in shipped() {
        for (span, name, length) in findings.long {
            lines.push(format!("{path}:{}: {name} has {length} lines", span.start().line));
        }
    }
    none(&format!("Functions of more than {LONGEST_FUNCTION} lines:"), lines);
}

#[test]
fn sql_does_not_search_with_like() {
    let mut lines = Vec::new();
    for (path, findings) in shipped() {
        lines.extend(
            findings
                .likes
                .iter()
                .map(|span| format!("{path}:{}", span.start().line)),
        );
    }
    none(
        "LIKE differs between the engines and finds no Chinese words; search goes through the index:",
        lines,
    );
}

#[test]
fn the_parser_sees_what_it_should() {
    let code = r#"
        /// LIKE in a comment is no SQL.
        fn shipped() {
            let a = b.unwrap();
            let c = d.expect("because");
            let e = f.expect("invariant: written above");
            format!("{}", g.unwrap());
            query("SELECT x FROM y WHERE z LIKE $1");
        }
        #[cfg(not(test))]
        fn also() { h.unwrap(); }
        #[cfg(any(test, feature = "testing"))]
        mod tests { fn t() { i.unwrap(); } }
        #[tokio::test]
        async fn works() { j.expect("k"); }
    "#;
    let findings = findings_in(&syn::parse_file(code).expect("it is Rust"));
    let lines: Vec<usize> = findings.panics.iter().map(|(span, _)| span.start().line).collect();
    assert_eq!(lines, [4, 5, 7, 11]);
    assert_eq!(findings.likes.len(), 1);
    let long = format!("fn long() {{{}}}", "\n".repeat(LONGEST_FUNCTION));
    assert_eq!(findings_in(&syn::parse_file(&long).expect("it is Rust")).long.len(), 1);
}
