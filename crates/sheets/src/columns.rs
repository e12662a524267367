use crate::{Row, Sheet, column_letter};
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

/// A column that a room wants: its key in the code and the headings under which people write it.
#[derive(Clone, Copy, Debug)]
pub struct ColumnSpec<'a> {
    pub key: &'static str,
    /// Headings in all languages; the key itself counts too.
    pub aliases: &'a [&'a str],
    pub required: bool,
}

/// What is wrong, or only worth saying, about the headings. `column` counts from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnFault {
    /// A required column has no heading. `wanted` is the first alias.
    Missing { key: &'static str, wanted: String },
    /// Two headings mean the same column.
    Doubled { key: &'static str, first: u32, second: u32 },
    /// A heading that no column answers to; what stands under it is not read.
    Unknown { column: u32, header: String },
    /// Cells that stand under no heading; they are not read. `row` is the first such row.
    NoHeader { column: u32, row: u32 },
}

impl ColumnFault {
    /// Whether the table can be read all the same.
    pub fn is_remark(&self) -> bool {
        matches!(self, ColumnFault::Unknown { .. } | ColumnFault::NoHeader { .. })
    }
}

/// Which column of a sheet holds which key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    by_key: BTreeMap<&'static str, u32>,
    headings: BTreeMap<&'static str, String>,
    /// Columns that will not be read: say so to the person.
    pub remarks: Vec<ColumnFault>,
}

impl Mapping {
    /// The column (from 1) of a key, if the sheet has it.
    pub fn column(&self, key: &str) -> Option<u32> {
        self.by_key.get(key).copied()
    }

    /// The letter of the column of a key; empty when the sheet does not have it.
    pub fn letter(&self, key: &str) -> String {
        self.column(key).map(column_letter).unwrap_or_default()
    }

    /// The heading of a key as the sheet writes it; empty when the sheet does not have it.
    pub fn heading(&self, key: &str) -> &str {
        self.headings.get(key).map_or("", String::as_str)
    }

    /// The text of a key in a row, without white space around it; empty when the cell or the column is not there.
    pub fn text<'r>(&self, row: &'r Row, key: &str) -> &'r str {
        self.column(key).map_or("", |c| row.text(c).trim())
    }
}

/// A heading as it is compared: compatibility forms unified (so full width equals half width), small letters, no
/// white space or separators within, and no mark for "required" or colon at the end.
fn plain(heading: &str) -> String {
    let text: String = heading.nfkc().flat_map(char::to_lowercase).collect();
    let text = text.trim().trim_end_matches(['*', ':']).trim_start_matches('*');
    // U+FEFF and U+200B are pasted along from web pages and cannot be seen.
    text.nfkc()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '\u{feff}' | '\u{200b}'))
        .collect()
}

/// Finds the wanted columns by their headings; case, width and spaces do not matter.
///
/// # Errors
/// Every [`ColumnFault`], remarks included, as soon as one of them is not a remark: a misspelt heading shows up as
/// missing and as unknown, and a person wants to see both.
pub fn columns(sheet: &Sheet, specs: &[ColumnSpec]) -> Result<Mapping, Vec<ColumnFault>> {
    let mut wanted: BTreeMap<String, &'static str> = BTreeMap::new();
    for spec in specs {
        for alias in spec.aliases.iter().chain([&spec.key]) {
            // The first to claim a heading keeps it.
            wanted.entry(plain(alias)).or_insert(spec.key);
        }
    }
    let (mut by_key, mut headings, mut faults) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for (column, header) in (1u32..).zip(&sheet.headers) {
        if header.trim().is_empty() {
            continue;
        }
        match wanted.get(&plain(header)) {
            None => faults.push(ColumnFault::Unknown {
                column,
                header: header.trim().to_owned(),
            }),
            Some(&key) => match by_key.get(key) {
                Some(&first) => faults.push(ColumnFault::Doubled {
                    key,
                    first,
                    second: column,
                }),
                None => {
                    by_key.insert(key, column);
                    headings.insert(key, header.trim().to_owned());
                }
            },
        }
    }
    let mut homeless = BTreeSet::new();
    for row in &sheet.rows {
        for cell in &row.cells {
            let header = sheet.headers.get(cell.column as usize - 1).map_or("", |h| h.trim());
            if header.is_empty() && homeless.insert(cell.column) {
                faults.push(ColumnFault::NoHeader {
                    column: cell.column,
                    row: row.number,
                });
            }
        }
    }
    for spec in specs.iter().filter(|s| s.required && !by_key.contains_key(s.key)) {
        let wanted = spec.aliases.first().unwrap_or(&spec.key).to_string();
        faults.push(ColumnFault::Missing { key: spec.key, wanted });
    }
    if faults.iter().all(ColumnFault::is_remark) {
        Ok(Mapping {
            by_key,
            headings,
            remarks: faults,
        })
    } else {
        Err(faults)
    }
}
