use thiserror::Error;

/// How much of a file is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file as it came, in bytes.
    pub max_bytes: u64,
    /// Rows under the headings that hold anything.
    pub max_rows: u32,
    pub max_columns: u32,
    /// Cells that hold anything, in all rows together.
    pub max_cells: u64,
    /// Characters in one cell; Excel itself stops at 32767.
    pub max_cell_chars: u32,
    /// Bytes of all parts of a workbook together after unpacking, and of all texts read from any file.
    pub max_unpacked: u64,
    /// How many times larger than the file the unpacked parts may be, once they pass one megabyte.
    pub max_ratio: u64,
    /// Parts in a workbook.
    pub max_entries: usize,
}

impl Default for Limits {
    /// 10 MB, 20,000 rows of 200 columns, 64 MB unpacked: far above any list a city office keeps.
    fn default() -> Self {
        Limits {
            max_bytes: 10 << 20,
            max_rows: 20_000,
            max_columns: 200,
            max_cells: 1_000_000,
            max_cell_chars: 32_767,
            max_unpacked: 64 << 20,
            max_ratio: 200,
            max_entries: 1000,
        }
    }
}

/// What the bytes were instead of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// No bytes, or nothing but blanks.
    Nothing,
    /// The format of Excel before 2007 (.xls): save again as .xlsx.
    OldExcel,
    /// A workbook with a password.
    Locked,
    /// OpenDocument (.ods): save again as .xlsx.
    OpenDocument,
    /// A web page; some systems call that a spreadsheet.
    Html,
    /// A zip archive that is no workbook, or a workbook without a worksheet.
    OtherZip,
    /// A workbook whose inside is damaged.
    Broken,
    /// A workbook with macros, embedded files or links to other workbooks: save a copy with values only.
    Unsafe,
    /// Anything else that is not text.
    Other,
}

/// In which way unpacking would have gone out of bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bomb {
    /// More parts than allowed.
    Entries { limit: usize },
    /// More bytes than allowed, declared or actually unpacked.
    Unpacked { limit: u64 },
    /// Packed far tighter than real tables are.
    Ratio { limit: u64 },
    /// Parts that share their bytes, or a counter that no file of this size can have.
    Forged,
}

/// Why a file could not be read as a table. Row and line numbers count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    #[error("the file has {bytes} bytes, {limit} are accepted")]
    TooLarge { bytes: u64, limit: u64 },
    #[error("more than {limit} rows")]
    TooManyRows { limit: u32 },
    #[error("row {row} has more than {limit} columns")]
    TooManyColumns { row: u32, limit: u32 },
    #[error("more than {limit} filled cells")]
    TooManyCells { limit: u64 },
    #[error("row {row}, column {column}: {chars} characters, {limit} are accepted")]
    CellTooLong {
        row: u32,
        column: u32,
        chars: u64,
        limit: u32,
    },
    #[error("not a table: {found:?}")]
    NotATable { found: Found },
    #[error("unpacks out of bounds: {0:?}")]
    Bomb(Bomb),
    /// `byte_offset` counts from the start of the file, byte order mark included.
    #[error("unreadable characters at byte {byte_offset}")]
    Encoding { byte_offset: u64 },
    /// A quotation mark that is never closed, or text right after a closing one. `row` as Excel would count,
    /// `line` as a text editor does; both of the cell's first line.
    #[error("row {row} (line {line}): a quotation mark does not fit")]
    BadQuote { row: u32, line: u32 },
}
