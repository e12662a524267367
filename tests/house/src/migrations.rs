//! Migrations and SQL keep to what SQLite and PostgreSQL share.
use crate::{none, tree};
use std::collections::BTreeMap;

const TYPES: [&str; 5] = ["TEXT", "BIGINT", "BOOLEAN", "BLOB", "BYTEA"];
const AMBIENT: [&str; 8] = [
    "NOW(",
    "CURRENT_TIMESTAMP",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "AUTOINCREMENT",
    "RANDOM(",
    "DATETIME(",
    "GEN_RANDOM_UUID",
];

/// The SQL without comments and without what stands between quotes.
fn bare(sql: &str) -> String {
    let lines = sql.lines().map(|line| line.split("--").next().unwrap_or(""));
    lines
        .collect::<Vec<_>>()
        .join("\n")
        .split('\'')
        .step_by(2)
        .collect::<Vec<_>>()
        .join("''")
}

/// Column names with their types, from `CREATE TABLE` and `ADD COLUMN`.
fn columns(sql: &str) -> Vec<(String, String)> {
    let sql = bare(sql);
    let mut found = Vec::new();
    for statement in sql.split(';') {
        let words: Vec<&str> = statement.split_whitespace().collect();
        let starts = |words: &[&str], with: &[&str]| {
            words.len() >= with.len()
                && words
                    .iter()
                    .zip(with)
                    .all(|(word, want)| word.eq_ignore_ascii_case(want))
        };
        if starts(&words, &["CREATE", "TABLE"]) {
            let Some((_, body)) = statement.split_once('(') else {
                continue;
            };
            found.extend(top_level(body).into_iter().filter_map(column));
        } else if starts(&words, &["ALTER", "TABLE"])
            && let Some(place) = words.windows(2).position(|pair| starts(pair, &["ADD", "COLUMN"]))
        {
            found.extend(column(words[place + 2..].join(" ")));
        }
    }
    found
}

fn top_level(body: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for letter in body.chars() {
        match letter {
            '(' => depth += 1,
            ')' if depth == 0 => break,
            ')' => depth -= 1,
            _ => {}
        }
        match parts.last_mut() {
            Some(_) if letter == ',' && depth == 0 => parts.push(String::new()),
            Some(part) => part.push(letter),
            None => {}
        }
    }
    parts
}

fn column(part: String) -> Option<(String, String)> {
    let mut words = part.split_whitespace();
    let name = words.next()?;
    let is_rule = ["PRIMARY", "FOREIGN", "UNIQUE", "CHECK", "CONSTRAINT"]
        .iter()
        .any(|rule| name.to_uppercase().split('(').next() == Some(rule));
    (!is_rule).then(|| (name.to_owned(), words.next().unwrap_or("").to_owned()))
}

#[test]
fn columns_have_types_that_both_engines_share() {
    let mut findings = Vec::new();
    for (_, folder) in tree::crates() {
        for path in tree::files(&folder.join("migrations"), ".sql") {
            let sql = tree::read(&path);
            for (name, kind) in columns(&sql) {
                if !TYPES.contains(&kind.to_uppercase().as_str()) {
                    findings.push(format!(
                        "{}: {name} {kind} (use one of {})",
                        tree::named(&path),
                        TYPES.join(" ")
                    ));
                }
            }
            let upper = bare(&sql).to_uppercase();
            for word in AMBIENT.iter().filter(|word| upper.contains(**word)) {
                findings.push(format!("{}: {word} (values come from the program)", tree::named(&path)));
            }
        }
    }
    none("Migrations that one engine would read otherwise:", findings);
}

#[test]
fn migrations_are_numbered_in_one_form() {
    let mut findings = Vec::new();
    for (name, folder) in tree::crates() {
        let mut numbers: BTreeMap<String, String> = BTreeMap::new();
        for path in tree::files(&folder.join("migrations"), ".sql") {
            let file = path.file_name().expect("a named file").to_string_lossy().into_owned();
            let number: String = file
                .chars()
                .take_while(|letter| letter.is_ascii_digit() || matches!(letter, '_' | '-'))
                .collect();
            if !number.starts_with(|letter: char| letter.is_ascii_digit()) {
                findings.push(format!("{name}: {file} does not start with its number"));
            } else if numbers.keys().any(|other| other.len() != number.len()) {
                findings.push(format!(
                    "{name}: {file} is numbered in another form than the one before it"
                ));
            }
            if let Some(other) = numbers.insert(number, file.clone()) {
                findings.push(format!("{name}: {file} and {other} have the same number"));
            }
        }
    }
    none("Migrations whose order is unclear:", findings);
}

/// `migrations!("calls", "0001_calls", …)` in the code names every file, in their order.
#[test]
fn migrations_are_all_listed_in_order() {
    let mut findings = Vec::new();
    for (name, folder) in tree::crates() {
        let code: Vec<String> = tree::files(&folder.join("src"), ".rs")
            .iter()
            .map(|path| tree::read(path))
            .collect();
        let mut last: Option<usize> = None;
        for path in tree::files(&folder.join("migrations"), ".sql") {
            let stem = path.file_stem().expect("a named file").to_string_lossy().into_owned();
            let place = code.iter().find_map(|text| text.rfind(&format!("\"{stem}\"")));
            match (place, last) {
                (None, _) => findings.push(format!("{name}: {stem} is named nowhere in src/, so it never runs")),
                (Some(place), Some(before)) if place < before => {
                    findings.push(format!("{name}: {stem} is listed before an earlier one"));
                }
                _ => {}
            }
            last = place.or(last);
        }
    }
    none("Migrations that do not run in the order of their numbers:", findings);
}

#[test]
fn columns_are_read_as_sql_means_them() {
    let sql = "-- now() in a comment\nCREATE TABLE places (\n id TEXT PRIMARY KEY, taken BIGINT NOT NULL DEFAULT 0 CHECK (taken >= 0, 1),\n kind VARCHAR(3), note TEXT DEFAULT 'a, b INT',\n PRIMARY KEY (id, kind), UNIQUE(kind)\n);\nALTER TABLE places ADD COLUMN seen TIMESTAMP;";
    let kinds: Vec<(String, String)> = columns(sql);
    let expected = [
        ("id", "TEXT"),
        ("taken", "BIGINT"),
        ("kind", "VARCHAR(3)"),
        ("note", "TEXT"),
        ("seen", "TIMESTAMP"),
    ];
    assert_eq!(kinds, expected.map(|(name, kind)| (name.to_owned(), kind.to_owned())));
    assert!(!bare(sql).contains("now()"));
}
