//! How settings come in: one file and the environment, every fault with the key and the place it stands in.

use std::{collections::BTreeMap, path::PathBuf};

/// A value as it was given: typed in the file, text in the environment.
#[derive(Clone, Debug)]
pub enum Raw {
    Toml(toml::Value),
    Text(String),
}
#[derive(Clone, Debug)]
struct Place {
    raw: Raw,
    /// "youcheng.toml, line 7" or "YOUCHENG_NODE__ZONE".
    source: String,
    used: bool,
}

/// Everything that was given, by section and key, and what was found wrong with it.
#[derive(Debug, Default)]
pub struct Given {
    values: BTreeMap<(String, String), Place>,
    pub faults: Vec<String>,
}

/// A type that a setting can have.
pub trait Setting: Sized {
    /// In words, for the documentation and for faults.
    const KIND: &'static str;
    /// A secret can be given as a file, too, and is never shown.
    const SECRET: bool = false;
    fn read(raw: &Raw) -> Result<Self, String>;
    /// As written in a file; empty when there is none.
    fn shown(&self) -> String;
}

impl Given {
    /// Reads a file's text. What does not parse is one fault; the environment is still looked at.
    pub fn file(&mut self, name: &str, text: &str) {
        let table = match toml::from_str::<toml::Table>(text) {
            Ok(t) => t,
            Err(e) => {
                let line = e.span().map_or(1, |s| line_of(text, s.start));
                self.faults
                    .push(format!("{name}, line {line}: this is not TOML: {}", e.message()));
                return;
            }
        };
        for (section, inner) in table {
            match inner {
                toml::Value::Table(keys) => {
                    for (key, value) in keys {
                        let source = match line_with(text, &section, &key) {
                            Some(n) => format!("{name}, line {n}"),
                            None => name.to_owned(),
                        };
                        self.put(&section, &key, Raw::Toml(value), source);
                    }
                }
                _ => self.faults.push(format!(
                    "{section} ({name}): settings stand in sections, as [node] and then city_zh = …"
                )),
            }
        }
    }
    /// Takes `YOUCHENG_SECTION__KEY` from the environment; it goes before the file.
    pub fn environment(&mut self, variables: impl Iterator<Item = (String, String)>) {
        for (name, value) in variables {
            let Some((section, key)) = name.strip_prefix("YOUCHENG_").and_then(|rest| rest.split_once("__")) else {
                continue;
            };
            self.put(
                &section.to_ascii_lowercase(),
                &key.to_ascii_lowercase(),
                Raw::Text(value),
                name.clone(),
            );
        }
    }
    fn put(&mut self, section: &str, key: &str, raw: Raw, source: String) {
        let place = Place {
            raw,
            source,
            used: false,
        };
        self.values.insert((section.to_owned(), key.to_owned()), place);
    }
    /// Where a key was set, for faults found later; its name alone when it was not.
    pub fn named(&self, section: &str, key: &str) -> String {
        match self.values.get(&(section.to_owned(), key.to_owned())) {
            Some(p) => format!("{section}.{key} ({})", p.source),
            None => format!("{section}.{key}"),
        }
    }
    /// One setting; the default when it was not given or is wrong (then there is a fault).
    pub fn take<T: Setting>(&mut self, section: &str, key: &str, default: T) -> T {
        let mut found = None;
        if let Some(p) = self.values.get_mut(&(section.to_owned(), key.to_owned())) {
            p.used = true;
            match T::read(&p.raw) {
                Ok(v) => found = Some(v),
                Err(why) => self.faults.push(format!("{section}.{key} ({}): {why}", p.source)),
            }
        }
        if T::SECRET {
            let file_key = format!("{key}_file");
            if let Some(p) = self.values.get_mut(&(section.to_owned(), file_key.clone())) {
                p.used = true;
                let source = p.source.clone();
                let read = PathBuf::read(&p.raw).and_then(|path| {
                    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
                    T::read(&Raw::Text(text.trim_end_matches(['\r', '\n']).to_owned()))
                });
                match read {
                    Ok(_) if found.is_some() => self.faults.push(format!(
                        "{section}.{file_key} ({source}): {key} is given as well; give one of them"
                    )),
                    Ok(v) => found = Some(v),
                    Err(why) => self.faults.push(format!("{section}.{file_key} ({source}): {why}")),
                }
            }
        }
        found.unwrap_or(default)
    }
    /// What nobody asked for is refused, with the nearest name that exists.
    pub fn refuse_unknown(&mut self, known: &[(String, String)]) {
        for ((section, key), place) in &self.values {
            if place.used {
                continue;
            }
            let wanted = format!("{section}.{key}");
            let sections: Vec<&String> = known.iter().map(|(s, _)| s).collect();
            let near = if sections.contains(&section) {
                nearest(key, known.iter().filter(|(s, _)| s == section).map(|(_, k)| k))
                    .map(|k| format!("{section}.{k}"))
                    // The right key in the wrong section is as common as a slip of the pen.
                    .filter(|_| !known.iter().any(|(s, k)| k == key && s != section))
                    .or_else(|| known.iter().find(|(_, k)| k == key).map(|(s, k)| format!("{s}.{k}")))
            } else {
                nearest(&wanted, known.iter().map(|(s, k)| format!("{s}.{k}")))
            };
            let hint = near.map_or_else(String::new, |n| format!("; the nearest known one is {n}"));
            self.faults
                .push(format!("{wanted} ({}): there is no such setting{hint}", place.source));
        }
    }
}

fn line_of(text: &str, byte: usize) -> usize {
    text.as_bytes()[..byte.min(text.len())]
        .iter()
        .filter(|b| **b == b'\n')
        .count()
        + 1
}
/// The line in which a key of a section stands, for keys written in the plain way.
fn line_with(text: &str, section: &str, key: &str) -> Option<usize> {
    let mut inside = false;
    for (n, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(head) = line.strip_prefix('[') {
            inside = head.split(']').next().map(str::trim) == Some(section);
        } else if inside && line.split('=').next().map(str::trim) == Some(key) {
            return Some(n + 1);
        }
    }
    None
}

/// The known name with the fewest letters to change, if it is near enough to be meant.
fn nearest<S: AsRef<str>>(wanted: &str, known: impl Iterator<Item = S>) -> Option<String> {
    known
        .map(|k| (distance(wanted, k.as_ref()), k.as_ref().to_owned()))
        .min()
        .filter(|(d, k)| *d <= (k.chars().count() / 2).max(2))
        .map(|(_, k)| k)
}
/// Letters to change, add, leave out or swap with their neighbour (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 0..a.len() {
        let mut row = vec![i + 1];
        for j in 0..b.len() {
            let changed = rows[i][j] + usize::from(a[i] != b[j]);
            let mut least = changed.min(row[j] + 1).min(rows[i][j + 1] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn slips_of_the_pen_are_near() {
        let known = ["city_zh", "city_en", "zone"];
        assert_eq!(nearest("city_hz", known.iter()).as_deref(), Some("city_zh"));
        assert_eq!(nearest("zones", known.iter()).as_deref(), Some("zone"));
        assert_eq!(nearest("password", known.iter()), None);
    }
}
