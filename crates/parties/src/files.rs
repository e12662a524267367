//! What imports of every room share: reading a file, faults in the reader's words, and the report row by row.

use std::{collections::HashMap, fmt::Write};

use basis::{Code, Fail, ImportId, Locale, Refusal};
use i18n_embed_fl::fl;
use pages::{Ctx, Markup, parts::escape};
use serde::{Deserialize, Serialize};
use sheets::{Bomb, ColumnFault, ColumnSpec, Fault, Found, Limits, Mapping, RowFault, Sheet};

use crate::t;

/// Far above any register an office keeps; above 34,000 relations, too.
pub const LIMITS: Limits = Limits {
    max_bytes: 20 << 20,
    max_rows: 50_000,
    max_columns: 100,
    max_cells: 2_000_000,
    max_cell_chars: 5_000,
    max_unpacked: 128 << 20,
    max_ratio: 200,
    max_entries: 1000,
};
/// So many faults are told; who has more mends these first.
const MOST_FAULTS: usize = 500;

/// What became of a file. Refusals say what is wrong, with the column that a reader sees in Excel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Nothing was written: it was asked only what would happen, or something is wrong.
    pub dry_run: bool,
    pub rows: usize,
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub faults: Vec<RowFault<Refusal>>,
    /// Faults beyond those told.
    pub more_faults: usize,
    /// Columns and sheets that are not read.
    pub remarks: Vec<Refusal>,
    pub import: Option<ImportId>,
}
impl Report {
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }
    pub fn taken(&self) -> bool {
        self.import.is_some()
    }
    pub fn fault(&mut self, fault: RowFault<Refusal>) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        } else {
            self.more_faults += 1;
        }
    }
    /// Every refusal of a row, each at its cell; one that names no column is about the whole row.
    pub fn refuse(&mut self, mapping: &Mapping, row: &sheets::Row, keys: &[ColumnSpec], refusals: Vec<Refusal>) {
        for r in refusals {
            let key = keys
                .iter()
                .map(|k| k.key)
                .find(|k| Some(*k) == r.field.as_deref())
                .unwrap_or("");
            self.fault(RowFault {
                row: row.number,
                column_key: key,
                column_letter: mapping.letter(key),
                value: mapping.text(row, key).chars().take(80).collect(),
                code: r,
            });
        }
    }
}
/// The part of a report that a once-key answers with.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Brought {
    pub import: Option<ImportId>,
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
}

fn number(n: impl TryInto<i64>) -> i64 {
    n.try_into().unwrap_or(i64::MAX)
}
fn refusal(f: Fault) -> Refusal {
    let page = |code| Refusal::at("file", code);
    match f {
        Fault::TooLarge { limit, .. } => page("refusal-sheet-bytes").with("limit", number(limit >> 20)),
        Fault::TooManyRows { limit } => page("refusal-sheet-rows").with("limit", number(limit)),
        Fault::TooManyColumns { row, limit } => page("refusal-sheet-columns")
            .with("row", number(row))
            .with("limit", number(limit)),
        Fault::TooManyCells { limit } => page("refusal-sheet-cells").with("limit", number(limit)),
        Fault::CellTooLong { row, column, limit, .. } => page("refusal-sheet-cell")
            .with("row", number(row))
            .with("column", sheets::column_letter(column))
            .with("limit", number(limit)),
        Fault::NotATable { found } => page(match found {
            Found::Nothing => "refusal-sheet-nothing",
            Found::OldExcel => "refusal-sheet-old-excel",
            Found::Locked => "refusal-sheet-locked",
            Found::OpenDocument => "refusal-sheet-open-document",
            Found::Html => "refusal-sheet-html",
            Found::Unsafe => "refusal-sheet-unsafe",
            Found::OtherZip | Found::Broken | Found::Other => "refusal-sheet-other",
        }),
        Fault::Bomb(Bomb::Entries { .. } | Bomb::Unpacked { .. } | Bomb::Ratio { .. } | Bomb::Forged) => {
            page("refusal-sheet-bomb")
        }
        Fault::Encoding { byte_offset } => page("refusal-sheet-encoding").with("byte", number(byte_offset)),
        Fault::BadQuote { row, line } => page("refusal-sheet-quote")
            .with("row", number(row))
            .with("line", number(line)),
    }
}
fn heading(f: &ColumnFault) -> Refusal {
    let page = |code| Refusal::at("file", code);
    match f {
        ColumnFault::Missing { wanted, .. } => page("refusal-column-missing").with("wanted", wanted.clone()),
        ColumnFault::Doubled { first, second, .. } => page("refusal-column-doubled")
            .with("first", sheets::column_letter(*first))
            .with("second", sheets::column_letter(*second)),
        ColumnFault::Unknown { column, header } => page("remark-column-unknown")
            .with("column", sheets::column_letter(*column))
            .with("header", header.clone()),
        ColumnFault::NoHeader { column, row } => page("remark-column-nameless")
            .with("column", sheets::column_letter(*column))
            .with("row", number(*row)),
    }
}

/// Reads the bytes as a table, or says at "file" what they are instead.
pub fn read(bytes: &[u8], name: &str) -> Result<Sheet, Fail> {
    sheets::read(bytes, name, &LIMITS).map_err(|f| refusal(f).into())
}
/// Finds the columns; a file that lacks one is refused, what is not read is remarked.
pub fn columns(sheet: &Sheet, specs: &[ColumnSpec], report: &mut Report) -> Result<Mapping, Fail> {
    let mapping = sheets::columns(sheet, specs).map_err(|f| f.iter().map(heading).collect::<Vec<_>>())?;
    report.remarks.extend(mapping.remarks.iter().map(heading));
    if !sheet.other_sheets.is_empty() {
        let names = sheet.other_sheets.join(", ");
        report
            .remarks
            .push(Refusal::at("file", "remark-other-sheets").with("names", names));
    }
    Ok(mapping)
}

/// The report as a table, every fault at its cell; `heading` names a column in the reader's language.
pub fn report_markup(ctx: &Ctx, r: &Report, heading: &dyn Fn(&str) -> String) -> Markup {
    let l = ctx.locale;
    let mut out = String::new();
    let say = |out: &mut String, class: &str, words: &str| {
        let _ = write!(out, "<p class=\"{class}\" role=\"status\">{}</p>", escape(words));
    };
    let counts = |key: &str| {
        let args = [
            ("rows", r.rows),
            ("added", r.added),
            ("changed", r.changed),
            ("unchanged", r.unchanged),
        ];
        let args = args
            .into_iter()
            .map(|(k, n)| (k.to_owned(), pages::fmt::number(number(n))))
            .collect();
        crate::TEXTS.find(l, key, args).unwrap_or_default()
    };
    if r.taken() {
        say(&mut out, "saved", &counts("import-taken"));
    } else if r.is_clean() {
        say(
            &mut out,
            "saved",
            &format!("{} {}", counts("import-would"), fl!(t(l), "import-again")),
        );
    } else {
        let head = ["import-row", "import-column", "import-cell", "import-fault"]
            .map(|k| crate::TEXTS.find(l, k, HashMap::new()).unwrap_or_default());
        let _ = write!(
            out,
            "<p class=\"remark now\" role=\"alert\">{}</p><table class=\"fold\"><caption class=\"unseen\">{}</caption><thead><tr>",
            escape(&fl!(t(l), "import-faults")),
            escape(&fl!(t(l), "import-faults"))
        );
        for h in &head {
            let _ = write!(out, "<th scope=\"col\">{}</th>", escape(h));
        }
        out.push_str("</tr></thead><tbody>");
        for f in &r.faults {
            let column = match f.column_key {
                "" => String::new(),
                key => format!("{} {}", f.column_letter, heading(key)),
            };
            let words = ctx.refusal(&f.code);
            let _ = write!(out, "<tr><th scope=\"row\">{}</th>", f.row);
            for (name, cell) in [(&head[1], &column), (&head[2], &f.value), (&head[3], &words)] {
                let _ = write!(out, "<td data-th=\"{}\">{}</td>", escape(name), escape(cell.trim()));
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table>");
        if r.more_faults > 0 {
            say(
                &mut out,
                "quiet",
                &fl!(t(l), "import-more-faults", count = r.more_faults),
            );
        }
    }
    for remark in &r.remarks {
        say(&mut out, "quiet", &ctx.refusal(remark));
    }
    Markup(out)
}

fn plain(word: &str) -> String {
    basis::clean_line(word).to_lowercase()
}
/// Words in a file for a closed list: its codes, and its names in every language of the interface.
pub struct Words<T>(HashMap<String, T>);
impl<T: Code> Words<T> {
    /// `name` gives a member's word in a language.
    pub fn new(name: impl Fn(Locale, T) -> String) -> Self {
        let mut all = HashMap::new();
        for &member in T::ALL {
            for locale in Locale::ALL {
                all.insert(plain(&name(locale, member)), member);
            }
        }
        // A code outweighs any word that happens to be spelt like it.
        all.extend(T::ALL.iter().map(|m| (m.code().to_owned(), *m)));
        Words(all)
    }
    /// The code of what a cell says; the cell itself where no member is called so.
    pub fn code(&self, cell: &str) -> String {
        if cell.is_empty() {
            return String::new();
        }
        self.0
            .get(&plain(cell))
            .map_or_else(|| cell.to_owned(), |m| m.code().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_either_language_and_codes_mean_the_same() {
        let w = Words::<basis::Field>::new(pages::parts::field_name);
        for said in ["culture", " Culture "] {
            assert_eq!(w.code(said.trim()), "culture");
        }
        assert_eq!(
            w.code(&pages::parts::field_name(Locale::Zh, basis::Field::Culture)),
            "culture"
        );
        assert_eq!(w.code("alchemy"), "alchemy");
    }

    #[test]
    fn what_is_no_table_is_refused_at_the_file() {
        let f = read(b"", "x.csv").unwrap_err();
        assert!(
            matches!(f, Fail::Refused(r) if r[0].code == "refusal-sheet-nothing" && r[0].field.as_deref() == Some("file"))
        );
    }
}
