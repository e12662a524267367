//! Tables that leave the house.
use jiff::civil::Date;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use std::borrow::Cow;
use thiserror::Error;

/// What a column holds: decides alignment and number format in XLSX.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// Wrapped over several lines when long.
    Prose,
    Number,
    Date,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnOut {
    /// The key in the code; not written.
    pub key: &'static str,
    /// The heading in the reader's language.
    pub label: String,
    pub kind: Kind,
}

/// The value of one cell. A cell may differ from its column's kind, as "not found" does in a column of dates.
#[derive(Clone, Debug, PartialEq)]
pub enum CellOut {
    Blank,
    Text(String),
    Integer(i64),
    Number(f64),
    /// `units / 10^scale`, exact: 123450 with scale 2 is 1234.50.
    Decimal {
        units: i64,
        scale: u8,
    },
    Date(Date),
}

impl ColumnOut {
    pub fn new(key: &'static str, label: String, kind: Kind) -> Self {
        Self { key, label, kind }
    }
}
impl CellOut {
    /// Blank where there are no words.
    pub fn words(words: Option<&str>) -> Self {
        words
            .filter(|w| !w.is_empty())
            .map_or(Self::Blank, |w| Self::Text(w.to_owned()))
    }
}

/// A table to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Names the worksheet; shortened to what Excel allows.
    pub title: String,
    pub columns: Vec<ColumnOut>,
    /// Cells in the order of the columns; missing ones at the end are blank.
    pub rows: Vec<Vec<CellOut>>,
    /// Goes into the workbook as the day it was made; given from outside, so that one table gives the same bytes always.
    pub made: Date,
}

#[derive(Debug, Error)]
pub enum TableFault {
    #[error("row {row} has more cells than the table has columns")]
    Ragged { row: usize },
    #[error("a worksheet cannot hold this table: {0}")]
    Workbook(#[from] XlsxError),
    #[error("CSV could not be written: {0}")]
    Csv(#[from] csv::Error),
}

/// Whether Excel or another program might take a cell for a formula, or hide its first character.
fn risky(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A negative number as people write it: harmless, and of no use with an apostrophe. A leading plus is not let
/// through: it is nearly always a telephone number, whose plus Excel would drop.
fn plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && digits.matches('.').count() <= 1
}

fn guarded(text: &str) -> bool {
    let rest = text.trim_start_matches('\'');
    risky(rest) && !plain_number(rest)
}

/// Puts an apostrophe before a cell that might be run as a formula. Text that already looks guarded gets one more,
/// so that [`unguard`] gives back exactly what was there.
fn guard(text: &str) -> Cow<'_, str> {
    if guarded(text) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

/// Takes the apostrophe of [`guard`] off again.
pub(crate) fn unguard(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| guarded(rest)).unwrap_or(text)
}

/// Line ends as `\n`, and none of the control characters that neither format can hold.
fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(|c: char| c.is_control() && c != '\n' && c != '\t' || c == '\u{feff}') {
        return text.into();
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars()
        .filter(|c| (!c.is_control() || matches!(c, '\n' | '\t')) && *c != '\u{feff}')
        .collect::<String>()
        .into()
}

fn decimal(units: i64, scale: u8) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", units.unsigned_abs(), width = usize::from(scale) + 1);
    let (whole, part) = digits.split_at(digits.len() - usize::from(scale));
    if scale == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{part}")
    }
}

impl CellOut {
    /// As plain text, the way CSV carries it.
    fn text(&self) -> Cow<'_, str> {
        match self {
            CellOut::Blank => "".into(),
            CellOut::Text(t) => clean(t),
            CellOut::Integer(i) => i.to_string().into(),
            CellOut::Number(n) => n.to_string().into(),
            CellOut::Decimal { units, scale } => decimal(*units, *scale).into(),
            CellOut::Date(d) => d.to_string().into(),
        }
    }
}

/// About how many columns of Latin letters a line takes: Han characters and their punctuation take two.
fn width(text: &str) -> u16 {
    let wide = |c: char| matches!(u32::from(c), 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD);
    let line = |l: &str| l.chars().map(|c| if wide(c) { 2u32 } else { 1 }).sum::<u32>();
    text.lines().map(line).max().unwrap_or(0).min(1000) as u16
}

/// A worksheet name: at most 31 UTF-16 units, none of `[ ] : * ? / \`, no apostrophe at the ends.
fn sheet_name(title: &str) -> String {
    let title: String = clean(title).replace(['[', ']', ':', '*', '?', '/', '\\', '\n', '\t'], " ");
    let (mut name, mut units) = (String::new(), 0);
    for c in title.trim().trim_matches('\'').trim().chars() {
        units += c.len_utf16();
        if units > 31 {
            break;
        }
        name.push(c);
    }
    let name = name.trim_end().trim_end_matches('\'');
    // "History" is Excel's own.
    if name.is_empty() || name.eq_ignore_ascii_case("history") {
        "Table".to_owned()
    } else {
        name.to_owned()
    }
}

impl Table {
    fn check(&self) -> Result<(), TableFault> {
        match self.rows.iter().position(|r| r.len() > self.columns.len()) {
            Some(row) => Err(TableFault::Ragged { row: row + 1 }),
            None => Ok(()),
        }
    }

    /// CSV (RFC 4180, CRLF) in UTF-8 with byte order mark, without which Excel takes Chinese for GBK or Latin.
    ///
    /// Text that begins with `=`, `+`, `-`, `@`, their full-width forms, a tab or a line break gets an apostrophe in
    /// front, unless it is a plain negative number: Excel and others *run* such cells, so a visitor could plant a
    /// formula in a form that works on the computer of the officer who opens the download. [`crate::read`] takes the
    /// apostrophe off again. Excel still turns `007` into 7 when it opens CSV; [`Table::to_xlsx`] has no such trouble.
    ///
    /// # Errors
    /// [`TableFault::Ragged`] for a row that is longer than the table is wide.
    pub fn to_csv(&self) -> Result<Vec<u8>, TableFault> {
        self.check()?;
        let mut bytes = "\u{feff}".as_bytes().to_vec();
        {
            let mut w = csv::WriterBuilder::new()
                .terminator(csv::Terminator::CRLF)
                .flexible(true)
                .from_writer(&mut bytes);
            w.write_record(self.columns.iter().map(|c| guard(&clean(&c.label)).into_owned()))?;
            for row in &self.rows {
                let cells = row.iter().map(|c| match c {
                    CellOut::Text(_) => guard(&c.text()).into_owned(),
                    _ => c.text().into_owned(),
                });
                let blanks = std::iter::repeat_n(String::new(), self.columns.len() - row.len());
                w.write_record(cells.chain(blanks))?;
            }
            w.flush().map_err(csv::Error::from)?;
        }
        Ok(bytes)
    }

    /// An Excel workbook with one worksheet: the first row frozen, a filter on it, columns as wide as their content.
    /// Text is always text, never a formula or a link; dates are dates, numbers are numbers (whole numbers beyond
    /// 2^53, which Excel would round, are text).
    ///
    /// # Errors
    /// [`TableFault::Ragged`]; [`TableFault::Workbook`] when a text is longer than 32767 characters or the table
    /// larger than 1048575 rows.
    pub fn to_xlsx(&self) -> Result<Vec<u8>, TableFault> {
        self.check()?;
        let mut book = Workbook::new();
        let day = |d: Date| ExcelDateTime::from_ymd(d.year().clamp(0, 9999) as u16, d.month() as u8, d.day() as u8);
        book.set_properties(
            &DocProperties::new()
                .set_title(clean(&self.title))
                .set_creation_datetime(&day(self.made)?),
        );
        let sheet = book.add_worksheet();
        sheet.set_name(sheet_name(&self.title))?;
        let head = Format::new()
            .set_bold()
            .set_border_bottom(FormatBorder::Medium)
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        // Format "@" keeps what a person types into the column as text too, such as numbers with leading zeros.
        let text = Format::new().set_num_format("@").set_align(FormatAlign::Top);
        let prose = Format::new()
            .set_num_format("@")
            .set_align(FormatAlign::Top)
            .set_text_wrap();
        let number = Format::new().set_align(FormatAlign::Top);
        let date = Format::new()
            .set_num_format("yyyy-mm-dd")
            .set_align(FormatAlign::Top)
            .set_align(FormatAlign::Left);
        for (c, column) in (0u16..).zip(&self.columns) {
            sheet.write_string_with_format(0, c, clean(&column.label), &head)?;
            let seen = self
                .rows
                .iter()
                .take(1000)
                .filter_map(|r| r.get(usize::from(c)))
                .map(|v| width(&v.text()));
            let (least, most) = match column.kind {
                Kind::Text => (8, 40),
                Kind::Prose => (24, 60),
                Kind::Number => (8, 24),
                Kind::Date => (12, 24),
            };
            // Room for the filter's button beside the heading.
            let wanted = seen.max().unwrap_or(0).max(width(&column.label) + 3) + 1;
            sheet.set_column_width(c, wanted.clamp(least, most))?;
            let format = match column.kind {
                Kind::Text => &text,
                Kind::Prose => &prose,
                Kind::Number => &number,
                Kind::Date => &date,
            };
            sheet.set_column_format(c, format)?;
            for (r, row) in (1u32..).zip(&self.rows) {
                if let Some(cell) = row.get(usize::from(c)) {
                    put(
                        sheet,
                        r,
                        c,
                        cell,
                        (if column.kind == Kind::Prose { &prose } else { &text }, &number, &date),
                    )?;
                }
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        if let (Some(last), true) = (self.columns.len().checked_sub(1), !self.rows.is_empty()) {
            sheet.autofilter(0, 0, self.rows.len() as u32, last as u16)?;
        }
        Ok(book.save_to_buffer()?)
    }
}

fn put(
    sheet: &mut Worksheet,
    r: u32,
    c: u16,
    cell: &CellOut,
    (text, number, date): (&Format, &Format, &Format),
) -> Result<(), XlsxError> {
    match cell {
        CellOut::Blank => return Ok(()),
        CellOut::Integer(i) if i.unsigned_abs() <= 1 << 53 => {
            sheet.write_number_with_format(r, c, *i as f64, number)?;
        }
        CellOut::Number(n) if n.is_finite() => {
            sheet.write_number_with_format(r, c, *n, number)?;
        }
        CellOut::Decimal { units, scale } if units.unsigned_abs() <= 1 << 53 => {
            let places = if *scale == 0 {
                "0".to_owned()
            } else {
                format!("#,##0.{}", "0".repeat((*scale).into()))
            };
            let value = *units as f64 / 10f64.powi((*scale).into());
            sheet.write_number_with_format(r, c, value, &number.clone().set_num_format(places))?;
        }
        // Excel knows no day before 1900, and counts the first two months of that year wrongly.
        CellOut::Date(d) if d.year() > 1900 => {
            let value = ExcelDateTime::from_ymd(d.year() as u16, d.month() as u8, d.day() as u8)?;
            sheet.write_datetime_with_format(r, c, &value, date)?;
        }
        other => {
            let value = other.text();
            if !value.is_empty() {
                sheet.write_string_with_format(r, c, value, text)?;
            }
        }
    };
    Ok(())
}
