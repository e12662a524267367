//! The rows of a table, field by field: where each begins, what it holds, and what is wrong with it.

use super::{ALLOCATION, File, Places, TableFault};
use std::borrow::Cow;
use std::collections::hash_map::Entry;

/// Rows of one table, with the columns found by name.
pub(super) struct Rows<'a> {
    pub(super) file: File,
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    pub(super) line: u64,
    /// For each wanted column its field; `None` when it may be left out and is.
    pub(super) place: Vec<Option<usize>>,
    pub(super) names: &'static [&'static str],
    pub(super) width: usize,
    pub(super) fields: Vec<(usize, usize, bool)>,
    pub(super) broken: bool,
}

pub(super) struct Row<'a, 'r> {
    pub(super) file: File,
    pub(super) bytes: &'a [u8],
    pub(super) line: u64,
    pub(super) place: &'r [Option<usize>],
    pub(super) names: &'static [&'static str],
    pub(super) fields: &'r [(usize, usize, bool)],
    /// As wide as the first line; where not, that is told already.
    pub(super) whole: bool,
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        file: File,
        bytes: &'a [u8],
        names: &[&'static str],
        needed: usize,
        faults: &mut Vec<TableFault>,
    ) -> Self {
        // The names are few and live as long as the program.
        let names: &'static [&'static str] = match file {
            File::Needs => &["need_id", "min", "max", "priority"],
            File::Offers => &["offer_id", "capacity", "organisation"],
            File::Pairs => &["offer_id", "need_id", "value", "max_units", "status"],
            File::Groups => {
                debug_assert_eq!(names.len(), 5);
                &["group_id", "side", "member_id", "min", "max"]
            }
            File::Allocation => &ALLOCATION,
        };
        let mut rows = Self {
            file,
            bytes: bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes),
            at: 0,
            line: 1,
            place: vec![None; names.len()],
            names,
            width: 0,
            fields: Vec::new(),
            broken: false,
        };
        let mut fault = |column, what: String| {
            faults.push(TableFault {
                file,
                line: 1,
                column,
                what,
            })
        };
        match rows.record() {
            None => {
                fault(
                    0,
                    format!(
                        "the file is empty; its first line must name the columns {}",
                        names[..needed].join(",")
                    ),
                );
                rows.broken = true;
                return rows;
            }
            Some(Err((column, what))) => {
                fault(column, what.into());
                rows.broken = true;
                return rows;
            }
            Some(Ok(_)) => {}
        }
        rows.width = rows.fields.len();
        if let [only] = rows.fields[..] {
            let name = text(rows.bytes, only);
            if let Some(mark) = [';', '\t', '|'].into_iter().find(|&mark| name.contains(&(mark as u8))) {
                fault(0, format!("columns are separated by commas, not by {mark:?}"));
                rows.broken = true;
                return rows;
            }
        }
        for at in 0..rows.width {
            let name = text(rows.bytes, rows.fields[at]);
            match names.iter().position(|n| n.as_bytes() == &*name) {
                Some(which) if rows.place[which].is_none() => rows.place[which] = Some(at),
                Some(_) => fault(at + 1, "the column is named twice".into()),
                None => {
                    let name = String::from_utf8_lossy(&name);
                    fault(at + 1, format!("no such column: {name}; wanted {}", names.join(",")));
                }
            }
        }
        for (which, name) in names.iter().enumerate().take(needed) {
            if rows.place[which].is_none() {
                fault(0, format!("the column {name} is missing"));
                rows.broken = true;
            }
        }
        rows
    }

    pub(super) fn column(&self, which: usize) -> usize {
        self.place.get(which).copied().flatten().map_or(0, |at| at + 1)
    }

    /// The next row; one that is not as wide as the header is a fault, and comes all the same.
    pub(super) fn next<'r>(&'r mut self, faults: &mut Vec<TableFault>) -> Option<Row<'a, 'r>> {
        if self.broken {
            return None;
        }
        loop {
            let file = self.file;
            let first = self.line;
            match self.record()? {
                Err((column, what)) => {
                    faults.push(TableFault {
                        file,
                        line: first,
                        column,
                        what: what.into(),
                    });
                    self.broken = true;
                    return None;
                }
                Ok(line) if self.fields.len() != self.width => {
                    // An empty line is no row.
                    if self.fields.len() == 1 && self.fields[0].0 == self.fields[0].1 && !self.fields[0].2 {
                        continue;
                    }
                    let what = format!("{} fields, where the first line has {}", self.fields.len(), self.width);
                    faults.push(TableFault {
                        file,
                        line,
                        column: self.fields.len().min(self.width + 1),
                        what,
                    });
                    return Some(self.row(line, false));
                }
                Ok(line) => return Some(self.row(line, true)),
            }
        }
    }

    pub(super) fn row(&self, line: u64, whole: bool) -> Row<'a, '_> {
        Row {
            file: self.file,
            bytes: self.bytes,
            line,
            place: &self.place,
            names: self.names,
            fields: &self.fields,
            whole,
        }
    }

    /// Splits the next record into `fields` (from, to, has doubled quotes); its first line, or what breaks it.
    pub(super) fn record(&mut self) -> Option<Result<u64, (usize, &'static str)>> {
        let bytes = self.bytes;
        if self.at >= bytes.len() {
            return None;
        }
        let line = self.line;
        self.fields.clear();
        loop {
            if bytes.get(self.at) == Some(&b'"') {
                let from = self.at + 1;
                let mut to = from;
                let mut doubled = false;
                loop {
                    match bytes.get(to) {
                        None => return Some(Err((self.fields.len() + 1, "the quote is never closed"))),
                        Some(b'"') if bytes.get(to + 1) == Some(&b'"') => {
                            doubled = true;
                            to += 2;
                        }
                        Some(b'"') => break,
                        Some(&byte) => {
                            self.line += u64::from(byte == b'\n');
                            to += 1;
                        }
                    }
                }
                self.fields.push((from, to, doubled));
                self.at = to + 1;
                if !matches!(bytes.get(self.at), None | Some(b',' | b'\n' | b'\r')) {
                    return Some(Err((self.fields.len(), "text after the closing quote")));
                }
            } else {
                let rest = &bytes[self.at..];
                let length = rest.iter().position(|&b| b == b',' || b == b'\n').unwrap_or(rest.len());
                let mut to = self.at + length;
                let next = to;
                if bytes.get(next) != Some(&b',') && to > self.at && bytes[to - 1] == b'\r' {
                    to -= 1;
                }
                self.fields.push((self.at, to, false));
                self.at = next;
            }
            match bytes.get(self.at) {
                Some(b',') => self.at += 1,
                Some(b'\r') if matches!(bytes.get(self.at + 1), Some(b'\n') | None) => {
                    self.at += 2;
                    self.line += 1;
                    return Some(Ok(line));
                }
                Some(b'\r') => return Some(Err((self.fields.len(), "text after the closing quote"))),
                Some(_) => {
                    self.at += 1;
                    self.line += 1;
                    return Some(Ok(line));
                }
                None => return Some(Ok(line)),
            }
        }
    }
}

pub(super) fn text(bytes: &[u8], (from, to, doubled): (usize, usize, bool)) -> Cow<'_, [u8]> {
    let raw = &bytes[from..to];
    if !doubled {
        return Cow::Borrowed(raw);
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut skip = false;
    for &byte in raw {
        skip = byte == b'"' && !skip;
        if !skip {
            out.push(byte);
        }
    }
    Cow::Owned(out)
}

impl<'a> Row<'a, '_> {
    /// Takes note of the id that a row of a wrong width has, so that whoever names it is not to blame. Where the row is
    /// too long, a comma in the id may not have been quoted.
    pub(super) fn stand_in(&self, which: usize, places: &mut Places<'a>, ids: &mut Vec<String>) {
        let Some(at) = self.place[which].filter(|&at| at < self.fields.len()) else {
            return;
        };
        let (from, _, _) = self.fields[at];
        let more = self.fields.len().saturating_sub(self.place.iter().flatten().count());
        for (step, &(own, to, doubled)) in self.fields[at..].iter().take(more + 1).enumerate() {
            let id = if step == 0 {
                text(self.bytes, (own, to, doubled))
            } else {
                Cow::Borrowed(&self.bytes[from..to])
            };
            if let Entry::Vacant(entry) = places.at.entry(id) {
                let place = ids.len() as u32;
                ids.push(String::new());
                entry.insert(place);
                if more > 0 {
                    places.guessed.insert(place);
                }
            }
        }
    }

    pub(super) fn field(&self, which: usize) -> Option<Cow<'a, [u8]>> {
        let at = self.place[which]?;
        Some(text(self.bytes, self.fields[at]))
    }

    pub(super) fn fault(&self, which: usize, what: String, faults: &mut Vec<TableFault>) {
        faults.push(TableFault {
            file: self.file,
            line: self.line,
            column: self.place[which].map_or(0, |at| at + 1),
            what: format!("{}: {what}", self.names[which]),
        });
    }

    pub(super) fn id(&self, which: usize, faults: &mut Vec<TableFault>) -> Option<Cow<'a, [u8]>> {
        let id = self.field(which)?;
        if id.is_empty() {
            self.fault(which, "is empty".into(), faults);
            return None;
        }
        if std::str::from_utf8(&id).is_err() {
            self.fault(which, "is not UTF-8".into(), faults);
            return None;
        }
        Some(id)
    }

    pub(super) fn place(
        &self,
        which: usize,
        id: Cow<'a, [u8]>,
        places: &mut Places<'a>,
        ids: &mut Vec<String>,
        faults: &mut Vec<TableFault>,
    ) {
        ids.push(String::from_utf8_lossy(&id).into_owned());
        match places.at.entry(id) {
            Entry::Vacant(entry) => {
                entry.insert(ids.len() as u32 - 1);
            }
            Entry::Occupied(mut entry) if places.guessed.contains(entry.get()) => {
                entry.insert(ids.len() as u32 - 1);
            }
            Entry::Occupied(_) => self.fault(which, "stands on an earlier line too".into(), faults),
        }
    }

    pub(super) fn known(
        &self,
        which: usize,
        id: &[u8],
        places: &Places<'_>,
        kind: &str,
        faults: &mut Vec<TableFault>,
    ) -> Option<u32> {
        let place = places.at.get(id).copied();
        if place.is_none() && !places.cut_short {
            self.fault(
                which,
                format!("no such {kind}: {}", String::from_utf8_lossy(id)),
                faults,
            );
        }
        place
    }

    /// A whole number of 64 bits.
    pub(super) fn whole(&self, which: usize, faults: &mut Vec<TableFault>) -> Option<i64> {
        let raw = self.field(which)?;
        let digits = raw.strip_prefix(b"-").unwrap_or(&raw);
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            self.fault(
                which,
                format!("{:?} is not a whole number", String::from_utf8_lossy(&raw)),
                faults,
            );
            return None;
        }
        let sign = if digits.len() == raw.len() { 1 } else { -1 };
        let number = digits.iter().try_fold(0i64, |sum, d| {
            sum.checked_mul(10)?.checked_add(sign * i64::from(d - b'0'))
        });
        if number.is_none() {
            self.fault(which, "is beyond 64 bits".into(), faults);
        }
        number
    }

    /// A whole number that is not negative.
    pub(super) fn count(&self, which: usize, faults: &mut Vec<TableFault>) -> Option<i64> {
        let number = self.whole(which, faults)?;
        if number < 0 {
            self.fault(which, format!("{number} is negative"), faults);
            return None;
        }
        Some(number)
    }
}
