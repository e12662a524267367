use crate::{Mapping, Row};

/// What became of a table: rows taken, and for the others every reason, so that a person mends all of them at once.
/// `T` is what a room makes of a row, `C` its own enum of what can be wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report<T, C> {
    pub accepted: Vec<Accepted<T>>,
    pub faults: Vec<RowFault<C>>,
}

/// A row that was taken, and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted<T> {
    /// As in [`Row::number`].
    pub row: u32,
    pub value: T,
}

/// One thing wrong in one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault<C> {
    /// As in [`Row::number`].
    pub row: u32,
    /// The key of the column, empty when the whole row is meant.
    pub column_key: &'static str,
    /// As Excel shows it; empty when the sheet lacks the column or the whole row is meant.
    pub column_letter: String,
    /// What stands in the cell, cut to 80 characters.
    pub value: String,
    pub code: C,
}

impl<T, C> Default for Report<T, C> {
    fn default() -> Self {
        Report {
            accepted: Vec::new(),
            faults: Vec::new(),
        }
    }
}

impl<T, C> Report<T, C> {
    pub fn accept(&mut self, row: &Row, value: T) {
        self.accepted.push(Accepted { row: row.number, value });
    }

    /// Notes what is wrong with one cell; an empty `key` means the row as a whole.
    pub fn refuse(&mut self, mapping: &Mapping, row: &Row, key: &'static str, code: C) {
        self.faults.push(RowFault {
            row: row.number,
            column_key: key,
            column_letter: mapping.letter(key),
            value: mapping.text(row, key).chars().take(80).collect(),
            code,
        });
    }

    /// Whether every row was taken.
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }
}
