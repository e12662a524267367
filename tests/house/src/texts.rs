//! Texts of the interface: every language says the same things with the same arguments, and nothing is left over.
use crate::{none, tree};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Key to the names of its arguments.
type Texts = BTreeMap<String, BTreeSet<String>>;

#[derive(Default)]
struct Language {
    texts: Texts,
    /// Keys that other texts of the language refer to.
    referred: BTreeSet<String>,
    twice: Vec<String>,
    faults: Vec<String>,
}

fn language(folder: &Path) -> Language {
    let mut found = Language::default();
    for path in tree::files(folder, ".ftl") {
        read_into(&mut found, &tree::named(&path), &tree::read(&path));
    }
    found
}

fn read_into(found: &mut Language, name: &str, source: &str) {
    let resource = match parser::parse(source) {
        Ok(resource) => resource,
        Err((resource, faults)) => {
            let lines = faults
                .iter()
                .map(|fault| format!("{name}:{}: {fault}", tree::line_of(source, fault.pos.start)));
            found.faults.extend(lines);
            resource
        }
    };
    for entry in &resource.body {
        let (id, value, attributes) = match entry {
            Entry::Message(message) => (message.id.name.to_owned(), message.value.as_ref(), &message.attributes),
            Entry::Term(term) => (format!("-{}", term.id.name), Some(&term.value), &term.attributes),
            _ => continue,
        };
        let patterns = value.map(|pattern| (id.clone(), pattern)).into_iter();
        let more = attributes
            .iter()
            .map(|attribute| (format!("{id}.{}", attribute.id.name), &attribute.value));
        for (key, pattern) in patterns.chain(more) {
            let mut arguments = BTreeSet::new();
            walk(pattern, &mut arguments, &mut found.referred);
            if found.texts.insert(key.clone(), arguments).is_some() {
                found.twice.push(format!("{name}: {key}"));
            }
        }
    }
}

fn walk(pattern: &Pattern<&str>, arguments: &mut BTreeSet<String>, referred: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            walk_expression(expression, arguments, referred);
        }
    }
}

fn walk_expression(expression: &Expression<&str>, arguments: &mut BTreeSet<String>, referred: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => walk_inline(inline, arguments, referred),
        Expression::Select { selector, variants } => {
            walk_inline(selector, arguments, referred);
            variants
                .iter()
                .for_each(|variant| walk(&variant.value, arguments, referred));
        }
    }
}

fn walk_inline(inline: &InlineExpression<&str>, arguments: &mut BTreeSet<String>, referred: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            arguments.insert(id.name.to_owned());
        }
        InlineExpression::MessageReference { id, .. } => {
            referred.insert(id.name.to_owned());
        }
        InlineExpression::TermReference { id, .. } => {
            referred.insert(format!("-{}", id.name));
        }
        InlineExpression::FunctionReference { arguments: given, .. } => {
            given
                .positional
                .iter()
                .for_each(|one| walk_inline(one, arguments, referred));
            given
                .named
                .iter()
                .for_each(|one| walk_inline(&one.value, arguments, referred));
        }
        InlineExpression::Placeable { expression } => walk_expression(expression, arguments, referred),
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
    }
}

/// What differs between two languages of one crate.
fn differences(name: &str, first: (&str, &Texts), other: (&str, &Texts)) -> Vec<String> {
    let mut findings = Vec::new();
    for (key, arguments) in first.1 {
        match other.1.get(key) {
            None => findings.push(format!("{name}: {key} is missing in {}", other.0)),
            Some(others) if others != arguments => {
                findings.push(format!(
                    "{name}: {key} takes {arguments:?} in {}, {others:?} in {}",
                    first.0, other.0
                ));
            }
            Some(_) => {}
        }
    }
    let more = other.1.keys().filter(|key| !first.1.contains_key(*key));
    findings.extend(more.map(|key| format!("{name}: {key} is missing in {}", first.0)));
    findings
}

/// Crates with texts: name, folder, and the languages by name.
fn crates_with_texts() -> Vec<(String, PathBuf, BTreeMap<String, Language>)> {
    let mut found = Vec::new();
    for (name, folder) in tree::crates() {
        let languages: BTreeMap<String, Language> = tree::folders(&folder.join("i18n"))
            .into_iter()
            .map(|of| {
                (
                    of.file_name().expect("a named folder").to_string_lossy().into_owned(),
                    language(&of),
                )
            })
            .collect();
        if !languages.is_empty() {
            found.push((name, folder, languages));
        }
    }
    found
}

#[test]
fn all_languages_say_the_same() {
    let mut findings = Vec::new();
    for (name, _, languages) in crates_with_texts() {
        let Some(english) = languages.get("en") else {
            findings.push(format!("{name}: no i18n/en"));
            continue;
        };
        if !languages.contains_key("zh-Hans") {
            findings.push(format!("{name}: no i18n/zh-Hans"));
        }
        for (code, language) in &languages {
            findings.extend(language.faults.iter().cloned());
            findings.extend(language.twice.iter().map(|key| format!("{key} stands twice")));
            findings.extend(differences(&name, ("en", &english.texts), (code, &language.texts)));
        }
    }
    none("Texts that differ between languages:", findings);
}

/// Where the texts of this crate may be used: in itself; those of the shared floor everywhere.
fn code_that_may_use(name: &str, folder: &Path) -> String {
    let folders = match name {
        "pages" => tree::crates().into_iter().map(|(_, folder)| folder).collect(),
        // `access` has no texts; what it writes into the journal about bodies and mandates is told by `parties`.
        "parties" => tree::crates()
            .into_iter()
            .filter(|(other, _)| other == name || other == "access")
            .map(|(_, folder)| folder)
            .collect(),
        _ => vec![folder.to_owned()],
    };
    let files = folders.iter().flat_map(|folder| {
        tree::files(&folder.join("src"), ".rs")
            .into_iter()
            .chain(tree::files(&folder.join("templates"), ""))
    });
    files.map(|path| tree::read(&path)).collect::<Vec<_>>().join("\n")
}

/// What a crate's code says between quotation marks, and where it makes keys from parts.
struct Said<'a> {
    code: &'a str,
    /// Each literal as keys spell it: an action `call.publish` is told by `did-call-publish`.
    spelled: BTreeSet<String>,
    /// The first literal of each `word(.., "standing", code)`, by which words of closed lists are looked up.
    lists: BTreeSet<&'a str>,
}

impl<'a> Said<'a> {
    fn in_code(code: &'a str) -> Said<'a> {
        let spelled = code.lines().flat_map(|line| line.split('"').skip(1).step_by(2));
        let lists = code
            .split("word(")
            .skip(1)
            .filter_map(|rest| rest.split(['"', ';']).nth(1));
        Said {
            code,
            spelled: spelled.map(|literal| literal.replace(['.', '_'], "-")).collect(),
            lists: lists.collect(),
        }
    }
    /// `"role-office"` names it, `"role-{role}"` makes it, `word(l, "role", code)` looks it up; what was done is told under
    /// the action's name, what is told after it under the notice's.
    fn uses(&self, message: &str) -> bool {
        let told = ["did-", "done-"].iter().find_map(|told| message.strip_prefix(told));
        if told.is_some_and(|name| self.spelled.contains(name)) {
            return true;
        }
        let made = message.match_indices('-').any(|(place, _)| {
            let (with, without) = (&message[..=place], &message[..place]);
            self.lists.contains(without)
                || self.code.contains(&format!("\"{with}{{"))
                || self.code.contains(&format!("\"{with}\""))
        });
        made || self.code.contains(&format!("\"{message}\""))
    }
}

#[test]
fn every_text_is_used() {
    let mut findings = Vec::new();
    for (name, folder, languages) in crates_with_texts() {
        let Some(english) = languages.get("en") else { continue };
        let code = code_that_may_use(&name, &folder);
        let said = Said::in_code(&code);
        for key in english.texts.keys() {
            let message = key.split('.').next().unwrap_or(key);
            if !english.referred.contains(message) && !said.uses(message) {
                findings.push(format!("{name}: {key}"));
            }
        }
    }
    none(
        "Texts that nothing in their crate's src/ or templates/ uses (those of pages: nothing anywhere):",
        findings,
    );
}

#[test]
fn uses_are_found_whole_and_made() {
    let code =
        r#"t("open-calls"); format!("role-{role}"); word(l, "standing", s.code()); act("call.publish"); Some("sent")"#;
    let said = Said::in_code(code);
    for used in [
        "open-calls",
        "role-office-lead",
        "standing-verified",
        "did-call-publish",
        "done-sent",
    ] {
        assert!(said.uses(used), "{used}");
    }
    for left_over in [
        "open",
        "roles",
        "calls-open",
        "did-call-withdraw",
        "done-kept",
        "sent-on",
        "call-publish-x",
    ] {
        assert!(!said.uses(left_over), "{left_over}");
    }
}

#[test]
fn arguments_are_found_wherever_they_stand() {
    let read = |source: &str| {
        let mut found = Language::default();
        read_into(&mut found, "x.ftl", source);
        found
    };
    let english = read(
        "-name = Youcheng\nopen = { $count ->\n    [one] One call until { DATETIME($until) }\n   *[other] { $count } calls of { -name }\n }\nhint = { open }\n    .label = { $who }\n",
    );
    assert_eq!(
        english.texts["open"],
        BTreeSet::from(["count".to_owned(), "until".to_owned()])
    );
    assert_eq!(english.texts["hint.label"], BTreeSet::from(["who".to_owned()]));
    assert_eq!(
        english.referred,
        BTreeSet::from(["-name".to_owned(), "open".to_owned()])
    );
    let chinese = read("open = { $count }\nopen = { $count }\n");
    assert_eq!(chinese.twice, ["x.ftl: open"]);
    assert_eq!(
        differences("calls", ("en", &english.texts), ("zh-Hans", &chinese.texts)).len(),
        4
    );
    assert_eq!(read("= nothing\n").faults.len(), 1);
}
