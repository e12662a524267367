//! Tables in and out: what people fill in with Excel, and what they take away.
//!
//! Reading ([`read`]) takes bytes of unknown origin and gives a [`Sheet`] of plain text cells that still know
//! where they stood, or a [`Fault`] that a caller can put into the reader's language. [`columns`] finds the
//! columns by their headings, [`Report`] carries back what was taken and what was not, row by row.
//! Writing ([`Table`]) gives CSV and XLSX that open well in Excel, Chinese included.
//!
//! Nothing here reads a file or a clock.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod columns;
mod csv_in;
mod fault;
mod out;
mod report;
mod xlsx_in;

pub use columns::{ColumnFault, ColumnSpec, Mapping, columns};
pub use fault::{Bomb, Fault, Found, Limits};
pub use out::{CellOut, ColumnOut, Kind, Table, TableFault};
pub use report::{Accepted, Report, RowFault};

/// What the bytes turned out to be. [`Origin::Gb18030`] deserves a word to the person: nearly any bytes can be
/// read as GB18030, so a file in another old encoding comes out as wrong characters rather than as a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// CSV in UTF-8, with or without byte order mark.
    Utf8,
    /// CSV in UTF-16, told by its byte order mark ("Unicode text" of Excel).
    Utf16,
    /// CSV that was not UTF-8: what Excel writes as "CSV" on a Chinese system.
    Gb18030,
    /// An Excel workbook.
    Xlsx,
}

/// One table as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub origin: Origin,
    /// The name given with the bytes, for messages only; nothing is decided by it.
    pub filename: String,
    /// The row in which the headings stand: the first row that is not blank.
    pub header_row: u32,
    /// The headings; position 0 is column A. Blank headings in between are empty strings, trailing ones are gone.
    pub headers: Vec<String>,
    /// The rows under the headings that hold anything; blank rows are left out, the others keep their numbers.
    pub rows: Vec<Row>,
    /// Further visible worksheets of a workbook: only the first is read, and a person should be told so.
    pub other_sheets: Vec<String>,
}

/// One row with at least one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The row number, from 1, as Excel shows it at the left: a cell that holds line breaks is still one row.
    pub number: u32,
    /// The cells that hold more than white space, from left to right.
    pub cells: Vec<Cell>,
}

/// One cell. Line breaks inside are `\n`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    /// The column, from 1; [`column_letter`] gives the name that Excel shows.
    pub column: u32,
}

impl Row {
    /// The text in a column (from 1); empty when there is none.
    pub fn text(&self, column: u32) -> &str {
        self.cells
            .iter()
            .find(|c| c.column == column)
            .map_or("", |c| c.text.as_str())
    }
}

/// The name Excel gives to a column counted from 1: A, B, .. Z, AA. Empty for 0.
pub fn column_letter(mut column: u32) -> String {
    let mut letters = Vec::new();
    while column > 0 {
        letters.push((b'A' + ((column - 1) % 26) as u8) as char);
        column = (column - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Reads a table. What it is, is told from the bytes; `filename_hint` only comes back in the [`Sheet`].
///
/// - **CSV**: UTF-8, UTF-16 with byte order mark, else GB18030; comma, semicolon or tab, whichever splits the
///   first rows most evenly, or what a first line `sep=;` says; quotes as in RFC 4180. The apostrophe that
///   [`Table::to_csv`] puts before risky cells is taken off again.
/// - **XLSX**: the first visible worksheet. Dates come as `2024-05-31`, with a time as `2024-05-31 14:30`, numbers
///   with the 15 digits that Excel keeps and no trailing zeros (a percentage comes as the number behind it),
///   formulas as the value Excel stored last, text as text.
///
/// # Errors
/// See [`Fault`]; all limits hold for what is actually unpacked, not for what the file says of itself.
pub fn read(bytes: &[u8], filename_hint: &str, limits: &Limits) -> Result<Sheet, Fault> {
    if bytes.len() as u64 > limits.max_bytes {
        return Err(Fault::TooLarge {
            bytes: bytes.len() as u64,
            limit: limits.max_bytes,
        });
    }
    let not = |found| Err(Fault::NotATable { found });
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return xlsx_in::read(bytes, filename_hint, limits);
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        // Excel wraps a workbook with a password into the container of the old format.
        let wanted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let locked = bytes.windows(wanted.len()).any(|w| w == wanted);
        return not(if locked { Found::Locked } else { Found::OldExcel });
    }
    if bytes.starts_with(b"%PDF") {
        return not(Found::Other);
    }
    csv_in::read(bytes, filename_hint, limits)
}

/// Rows gathered cell by cell, with every limit kept on the way, so that a refusal comes before the memory is spent.
struct Gather<'a> {
    limits: &'a Limits,
    rows: std::collections::BTreeMap<u32, Vec<Cell>>,
    cells: u64,
    text: u64,
}

impl<'a> Gather<'a> {
    fn new(limits: &'a Limits) -> Self {
        Gather {
            limits,
            rows: Default::default(),
            cells: 0,
            text: 0,
        }
    }

    /// Takes one cell; blank ones vanish.
    fn put(&mut self, row: u32, column: u32, text: &str) -> Result<(), Fault> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let l = self.limits;
        if column > l.max_columns {
            return Err(Fault::TooManyColumns {
                row,
                limit: l.max_columns,
            });
        }
        let (chars, limit) = (text.chars().count(), l.max_cell_chars);
        if chars > limit as usize {
            return Err(Fault::CellTooLong {
                row,
                column,
                chars: chars as u64,
                limit,
            });
        }
        self.cells += 1;
        self.text += text.len() as u64;
        if self.cells > l.max_cells {
            return Err(Fault::TooManyCells { limit: l.max_cells });
        }
        // A workbook may point a million cells at one long string: small in the file, huge in memory.
        if self.text > l.max_unpacked {
            return Err(Fault::Bomb(Bomb::Unpacked { limit: l.max_unpacked }));
        }
        let cells = self.rows.entry(row).or_default();
        let text = if text.contains('\r') {
            text.replace("\r\n", "\n").replace('\r', "\n")
        } else {
            text.to_owned()
        };
        cells.push(Cell { text, column });
        // The row with the headings is not counted.
        if self.rows.len() as u64 > u64::from(l.max_rows) + 1 {
            return Err(Fault::TooManyRows { limit: l.max_rows });
        }
        Ok(())
    }

    fn finish(mut self, origin: Origin, filename: &str, other_sheets: Vec<String>) -> Result<Sheet, Fault> {
        let Some((header_row, first)) = self.rows.pop_first() else {
            return Err(Fault::NotATable { found: Found::Nothing });
        };
        let mut headers = vec![String::new(); first.iter().map(|c| c.column).max().unwrap_or(0) as usize];
        for c in first {
            headers[c.column as usize - 1] = c.text;
        }
        let rows = self.rows.into_iter().map(|(number, mut cells)| {
            cells.sort_by_key(|c| c.column);
            // A file that names one cell twice is broken; the first is kept, as in Excel's repair.
            cells.dedup_by_key(|c| c.column);
            Row { number, cells }
        });
        Ok(Sheet {
            origin,
            filename: filename.to_owned(),
            header_row,
            headers,
            rows: rows.collect(),
            other_sheets,
        })
    }
}
