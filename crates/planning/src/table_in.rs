//! Tables that people hand in, for this room and the next: what is wrong is said by row and column, in words, all at once.

use basis::Refusal;
use sheets::{ColumnFault, ColumnSpec, Fault, Found, Limits, Mapping, Sheet};

/// One thing wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableFault {
    /// None: the file as a whole.
    pub row: Option<u32>,
    /// As Excel shows it; empty for the row as a whole.
    pub letter: String,
    /// As the file writes it.
    pub heading: String,
    /// The heading's key; empty for the row as a whole.
    pub column: &'static str,
    pub value: String,
    pub refusal: Refusal,
}
/// What became of a file: all rows or none.
#[derive(Clone, Debug, Default)]
pub struct TableReport {
    pub rows: usize,
    /// Rows written; zero on a dry run and when anything was wrong.
    pub written: usize,
    /// Added, changed, as before: where the room knows rows again. None where each row is a new one.
    pub counts: Option<(usize, usize, usize)>,
    pub faults: Vec<TableFault>,
    /// Headings that nothing answers to, so that what stands under them is not read.
    pub unread: Vec<String>,
}
impl TableReport {
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }
    /// Notes what is wrong with one cell; `key` empty means the row.
    pub fn refuse(&mut self, mapping: &Mapping, row: &sheets::Row, key: &'static str, refusal: Refusal) {
        self.faults.push(TableFault {
            row: Some(row.number),
            letter: mapping.letter(key),
            heading: mapping.heading(key).to_owned(),
            column: key,
            value: mapping.text(row, key).chars().take(80).collect(),
            refusal,
        });
    }
}

/// Reads a file and finds its columns, or reports why not.
///
/// # Errors
/// A report with the faults of the file or of its headings.
pub fn open_table(
    bytes: &[u8],
    name: &str,
    specs: &[ColumnSpec<'_>],
) -> Result<(Sheet, Mapping, TableReport), TableReport> {
    let whole = |refusal| TableFault {
        row: None,
        letter: String::new(),
        heading: String::new(),
        column: "",
        value: String::new(),
        refusal,
    };
    let sheet = sheets::read(bytes, name, &Limits::default()).map_err(|f| TableReport {
        faults: vec![whole(of_file(&f))],
        ..Default::default()
    })?;
    match sheets::columns(&sheet, specs) {
        Ok(mapping) => {
            let unread = mapping
                .remarks
                .iter()
                .filter_map(|r| {
                    if let ColumnFault::Unknown { header, .. } = r {
                        Some(header.clone())
                    } else {
                        None
                    }
                })
                .collect();
            let report = TableReport {
                rows: sheet.rows.len(),
                unread,
                ..Default::default()
            };
            Ok((sheet, mapping, report))
        }
        Err(faults) => Err(TableReport {
            rows: sheet.rows.len(),
            faults: faults.into_iter().map(|f| whole(of_heading(f))).collect(),
            ..Default::default()
        }),
    }
}
fn of_heading(f: ColumnFault) -> Refusal {
    match f {
        ColumnFault::Missing { wanted, .. } => {
            Refusal::at("file", "refusal-table-column-missing").with("column", wanted)
        }
        ColumnFault::Doubled { key, .. } => Refusal::at("file", "refusal-table-column-twice").with("column", key),
        ColumnFault::Unknown { header, .. } => {
            Refusal::at("file", "refusal-table-column-unknown").with("column", header)
        }
        ColumnFault::NoHeader { row, .. } => {
            Refusal::at("file", "refusal-table-no-heading").with("row", i64::from(row))
        }
    }
}
fn of_file(f: &Fault) -> Refusal {
    let (limit, row) = (
        |n: u64| i64::try_from(n).unwrap_or(i64::MAX),
        |code, n: u32| Refusal::at("file", code).with("row", i64::from(n)),
    );
    match f {
        Fault::TooLarge { limit: l, .. } => Refusal::at("file", "refusal-file-too-large").with("max", limit(l >> 20)),
        Fault::TooManyRows { limit: l } => {
            Refusal::at("file", "refusal-table-too-many-rows").with("max", i64::from(*l))
        }
        Fault::TooManyCells { limit: l } => Refusal::at("file", "refusal-table-too-many-cells").with("max", limit(*l)),
        Fault::TooManyColumns { row: r, .. } => row("refusal-table-too-wide", *r),
        Fault::CellTooLong { row: r, .. } => row("refusal-table-cell-too-long", *r),
        Fault::BadQuote { row: r, .. } => row("refusal-table-quote", *r),
        Fault::NotATable { found: Found::Nothing } => Refusal::at("file", "refusal-file-empty"),
        Fault::NotATable { found: Found::Unsafe } | Fault::Bomb(_) => Refusal::at("file", "refusal-table-unsafe"),
        Fault::NotATable { found: Found::Locked } => Refusal::at("file", "refusal-table-locked"),
        Fault::NotATable { .. } => Refusal::at("file", "refusal-table-kind"),
        Fault::Encoding { .. } => Refusal::at("file", "refusal-table-encoding"),
    }
}
