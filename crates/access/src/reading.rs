//! Reads policy files policy by policy, so that every fault names its file and line.

use cedar_policy::{Policy, PolicyId};
use serde_json::Value;

use crate::PolicyFile;

/// One policy of a file, as written.
#[derive(Debug)]
struct Statement<'a> {
    line: usize,
    text: &'a str,
}

/// A policy read: where it stands, and what it tells people.
#[derive(Debug)]
pub struct Read {
    pub place: String,
    pub room: &'static str,
    pub policy: Policy,
    pub id: String,
    pub zh: String,
    pub en: String,
    pub source: String,
    pub cedar: String,
}

/// Splits a file at the semicolons that end policies; those in strings and comments do not.
fn statements(text: &str) -> Vec<Statement<'_>> {
    let (mut out, mut begin, mut begin_line) = (Vec::new(), None, 1);
    let (mut line, mut in_string, mut in_comment, mut escaped) = (1, false, false, false);
    for (at, c) in text.char_indices() {
        if in_comment {
            in_comment = c != '\n';
        } else if in_string {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if c == '/' && text[at..].starts_with("//") {
            in_comment = true;
        } else {
            if begin.is_none() && !c.is_whitespace() {
                (begin, begin_line) = (Some(at), line);
            }
            in_string = c == '"';
            if c == ';'
                && let Some(start) = begin.take()
            {
                out.push(Statement {
                    line: begin_line,
                    text: &text[start..=at],
                });
            }
        }
        if c == '\n' {
            line += 1;
        }
    }
    if let Some(start) = begin {
        out.push(Statement {
            line: begin_line,
            text: &text[start..],
        });
    }
    out
}

/// All policies of a file, or every fault found in it, each with its line.
pub fn policies(file: &PolicyFile) -> Result<Vec<Read>, Vec<String>> {
    let (mut out, mut faults) = (Vec::new(), Vec::new());
    for s in statements(file.text) {
        let place = format!("{}.cedar:{}", file.room, s.line);
        match one(file.room, &place, s.text) {
            Ok(read) => out.push(read),
            Err(fault) => faults.push(format!("{place}: {fault}")),
        }
    }
    if faults.is_empty() { Ok(out) } else { Err(faults) }
}

fn one(room: &'static str, place: &str, text: &str) -> Result<Read, String> {
    let policy = Policy::parse(None, text).map_err(|e| all_messages(&e))?;
    let note = |key: &str| {
        policy
            .annotation(key)
            .map(str::trim)
            .filter(|s| !s.is_empty())
            .map(str::to_owned)
            .ok_or_else(|| format!("a policy without @{key}(\"…\")"))
    };
    let id = note("id")?;
    unknown_words(&policy)?;
    Ok(Read {
        place: place.to_owned(),
        room,
        zh: note("zh")?,
        en: note("en")?,
        source: note("source")?,
        cedar: body_of(text),
        policy: policy.new_id(PolicyId::new(&id)),
        id,
    })
}

fn all_messages(e: &cedar_policy::ParseErrors) -> String {
    e.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// The policy without its annotations, for those who want to read the rule itself.
fn body_of(text: &str) -> String {
    let starts = ["permit", "forbid"].iter().filter_map(|word| {
        text.match_indices(word)
            .map(|(at, _)| at)
            .find(|&at| at == 0 || text[..at].trim_end_matches([' ', '\t']).ends_with('\n'))
    });
    starts.min().map_or(text, |at| &text[at..]).to_owned()
}

/// A word compared with an attribute somewhere in a policy: ("resource", "status", "draft").
pub fn compared_words(policy: &Policy) -> Vec<(String, String, String)> {
    let mut out = Vec::new();
    if let Ok(json) = policy.to_json() {
        walk(&json, &mut out);
    }
    out
}
fn walk(v: &Value, out: &mut Vec<(String, String, String)>) {
    match v {
        Value::Object(map) => {
            for (op, args) in map {
                let (left, right) = (&args["left"], &args["right"]);
                match op.as_str() {
                    "==" | "!=" => {
                        for (a, b) in [(left, right), (right, left)] {
                            if let (Some((of, attr)), Some(word)) = (attribute(a), b["Value"].as_str()) {
                                out.push((of, attr, word.to_owned()));
                            }
                        }
                    }
                    "contains" => {
                        if let Some((of, attr)) = attribute(right) {
                            // `["a", "b"]` is written as a set expression or as one set value.
                            let items = left["Set"].as_array().or_else(|| left["Value"].as_array());
                            for item in items.into_iter().flatten() {
                                if let Some(word) = item["Value"].as_str().or_else(|| item.as_str()) {
                                    out.push((of.clone(), attr.clone(), word.to_owned()));
                                }
                            }
                        }
                    }
                    _ => {}
                }
                walk(args, out);
            }
        }
        Value::Array(items) => items.iter().for_each(|i| walk(i, out)),
        _ => {}
    }
}
fn attribute(v: &Value) -> Option<(String, String)> {
    let dot = v.get(".")?;
    Some((
        dot["left"]["Var"].as_str()?.to_owned(),
        dot["attr"].as_str()?.to_owned(),
    ))
}

/// The validator knows types, not lists: a misspelt role would silently never match.
fn unknown_words(policy: &Policy) -> Result<(), String> {
    use basis::Code;
    for (of, attr, word) in compared_words(policy) {
        let known = match (of.as_str(), attr.as_str()) {
            ("principal", "role") => crate::Role::from_code(&word).is_some(),
            ("principal", "bodyKind") => crate::BodyKind::from_code(&word).is_some(),
            (_, "field") => basis::Field::from_code(&word).is_some(),
            ("principal", "via") => store::Via::from_code(&word).is_some(),
            _ => true,
        };
        if !known {
            return Err(format!("{of}.{attr} is never \"{word}\""));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_cut_at_their_own_semicolons() {
        let text = "// first; not yet\n@a(\"x;\\\";y\")\npermit (principal, action, resource); // done;\n\nforbid (principal, action, resource) when { 1 == 2 };\n";
        let found = statements(text);
        assert_eq!(found.iter().map(|s| s.line).collect::<Vec<_>>(), [2, 5]);
        assert!(found[0].text.starts_with("@a") && found[0].text.ends_with("resource);"));
        assert!(body_of(found[0].text).starts_with("permit"));
    }
    #[test]
    fn words_of_rules_are_found_in_every_spelling() {
        let p = Policy::parse(
            None,
            r#"permit (principal, action, resource) when { ["auditor", "finance"].contains(principal.role) || resource has status && resource.status == "draft" };"#,
        )
        .unwrap();
        let words = compared_words(&p);
        for want in [
            ("principal", "role", "auditor"),
            ("principal", "role", "finance"),
            ("resource", "status", "draft"),
        ] {
            assert!(
                words
                    .iter()
                    .any(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str()) == want),
                "{words:?}"
            );
        }
    }
}
