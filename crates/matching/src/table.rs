//! The four tables of `youcheng match`, from bytes and to bytes.
//!
//! needs: `need_id,min,max,priority` · offers: `offer_id,capacity` ·
//! pairs: `offer_id,need_id,value,max_units[,status]` · groups: `group_id,side,member_id,min,max`.
//! The first line names the columns, in any order. UTF-8 with or without BOM, lines ended by LF or CRLF, fields
//! quoted as RFC 4180 has it. Nothing is guessed: what is not understood is a fault with its place.

use crate::problem::{Group, Need, Offer, Pair, Problem, Side, Status};
use crate::{Answer, answer::Limit};
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;

/// Which of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// needs.csv
    Needs,
    /// offers.csv
    Offers,
    /// pairs.csv
    Pairs,
    /// groups.csv
    Groups,
}

/// Something wrong in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableFault {
    /// Where.
    pub file: File,
    /// Line in the file, from 1; a quoted field may span several.
    pub line: u64,
    /// Field in the line, from 1; 0 when the whole line is meant.
    pub column: usize,
    /// What, in English, with the field's name.
    pub what: String,
}

impl fmt::Display for TableFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.file {
            File::Needs => "needs",
            File::Offers => "offers",
            File::Pairs => "pairs",
            File::Groups => "groups",
        };
        write!(f, "{name}, line {}, column {}: {}", self.line, self.column, self.what)
    }
}

/// A problem with the names its parts have in the tables.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// The problem; places are the order of the rows.
    pub problem: Problem,
    /// Id of each need.
    pub need_ids: Vec<String>,
    /// Id of each offer.
    pub offer_ids: Vec<String>,
    /// Id of each group.
    pub group_ids: Vec<String>,
}

/// Reads the tables, or lists every fault in them.
///
/// # Errors
/// All faults of all tables, in the order needs, offers, pairs, groups.
pub fn read(needs: &[u8], offers: &[u8], pairs: &[u8], groups: Option<&[u8]>) -> Result<Tables, Vec<TableFault>> {
    let mut tables = Tables::default();
    let mut faults = Vec::new();
    let need_at = read_needs(needs, &mut tables, &mut faults);
    let offer_at = read_offers(offers, &mut tables, &mut faults);
    read_pairs(pairs, &need_at, &offer_at, &mut tables, &mut faults);
    if let Some(groups) = groups {
        read_groups(groups, &need_at, &offer_at, &mut tables, &mut faults);
    }
    if faults.is_empty() { Ok(tables) } else { Err(faults) }
}

type Places<'a> = HashMap<Cow<'a, [u8]>, u32>;

fn read_needs<'a>(bytes: &'a [u8], tables: &mut Tables, faults: &mut Vec<TableFault>) -> Places<'a> {
    let mut places = Places::new();
    let mut rows = Rows::new(File::Needs, bytes, &["need_id", "min", "max", "priority"], 4, faults);
    while let Some(row) = rows.next(faults) {
        let id = row.id(0, faults);
        let min = row.count(1, faults);
        let max = row.count(2, faults);
        let priority = row.count(3, faults);
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            row.fault(2, format!("max {max} is below min {min}"), faults);
        }
        if let Some(id) = id {
            row.place(0, id, &mut places, &mut tables.need_ids, faults);
        }
        tables.problem.needs.push(Need {
            min: min.unwrap_or(0),
            max: max.unwrap_or(0),
            priority: priority.unwrap_or(0),
        });
    }
    places
}

fn read_offers<'a>(bytes: &'a [u8], tables: &mut Tables, faults: &mut Vec<TableFault>) -> Places<'a> {
    let mut places = Places::new();
    let mut rows = Rows::new(File::Offers, bytes, &["offer_id", "capacity"], 2, faults);
    while let Some(row) = rows.next(faults) {
        let id = row.id(0, faults);
        let capacity = row.count(1, faults).unwrap_or(0);
        if let Some(id) = id {
            row.place(0, id, &mut places, &mut tables.offer_ids, faults);
        }
        tables.problem.offers.push(Offer { capacity });
    }
    places
}

fn read_pairs(
    bytes: &[u8],
    need_at: &Places<'_>,
    offer_at: &Places<'_>,
    tables: &mut Tables,
    faults: &mut Vec<TableFault>,
) {
    let columns = ["offer_id", "need_id", "value", "max_units", "status"];
    let mut rows = Rows::new(File::Pairs, bytes, &columns, 4, faults);
    let mut lines = Vec::new();
    // Pairs mostly come one offer after the other: the last one found saves looking it up again.
    let mut last: Option<(Cow<'_, [u8]>, u32)> = None;
    while let Some(row) = rows.next(faults) {
        let offer = row.id(0, faults).and_then(|id| {
            if let Some((same, place)) = &last
                && *same == id
            {
                return Some(*place);
            }
            let place = row.known(0, &id, offer_at, "offer", faults)?;
            last = Some((id, place));
            Some(place)
        });
        let need = row
            .id(1, faults)
            .and_then(|id| row.known(1, &id, need_at, "need", faults));
        let value = row.whole(2, faults);
        let max_units = row.count(3, faults);
        let status = match row.field(4).as_deref() {
            None | Some(b"") => Some(Status::Free),
            Some(b"forced") => Some(Status::Forced),
            Some(b"forbidden") => Some(Status::Forbidden),
            Some(_) => {
                row.fault(4, "status is empty, forced or forbidden".into(), faults);
                None
            }
        };
        if let (Some(offer), Some(need), Some(value), Some(max_units), Some(status)) =
            (offer, need, value, max_units, status)
        {
            lines.push(row.line);
            tables.problem.pairs.push(Pair {
                offer,
                need,
                value,
                max_units,
                status,
            });
        }
    }
    let column = rows.column(1);
    for fault in tables.problem.duplicate_pairs() {
        faults.push(TableFault {
            file: File::Pairs,
            line: lines[fault as usize],
            column,
            what: "this offer and need stand together on an earlier line".into(),
        });
    }
}

fn read_groups<'a>(
    bytes: &'a [u8],
    need_at: &Places<'_>,
    offer_at: &Places<'_>,
    tables: &mut Tables,
    faults: &mut Vec<TableFault>,
) {
    let columns = ["group_id", "side", "member_id", "min", "max"];
    let mut rows = Rows::new(File::Groups, bytes, &columns, 5, faults);
    let mut places: HashMap<Cow<'a, [u8]>, u32> = HashMap::new();
    let mut seen = std::collections::HashSet::new();
    while let Some(row) = rows.next(faults) {
        let id = row.id(0, faults);
        let side = match row.field(1).as_deref() {
            Some(b"offer") => Some(Side::Offer),
            Some(b"need") => Some(Side::Need),
            _ => {
                row.fault(1, "side is offer or need".into(), faults);
                None
            }
        };
        let min = row.count(3, faults);
        let max = row.count(4, faults);
        let member = row.id(2, faults).and_then(|member| match side? {
            Side::Offer => row.known(2, &member, offer_at, "offer", faults),
            Side::Need => row.known(2, &member, need_at, "need", faults),
        });
        let (Some(id), Some(side), Some(min), Some(max)) = (id, side, min, max) else {
            continue;
        };
        if min > max {
            row.fault(4, format!("max {max} is below min {min}"), faults);
        }
        let next = tables.problem.groups.len() as u32;
        let place = match places.entry(id) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                tables.group_ids.push(String::from_utf8_lossy(entry.key()).into_owned());
                tables.problem.groups.push(Group {
                    side,
                    members: Vec::new(),
                    min,
                    max,
                });
                *entry.insert(next)
            }
        };
        let group = &mut tables.problem.groups[place as usize];
        if group.side != side {
            row.fault(1, "the group's earlier lines name the other side".into(), faults);
        } else if group.min != min {
            row.fault(3, format!("the group's earlier lines say min {}", group.min), faults);
        } else if group.max != max {
            row.fault(4, format!("the group's earlier lines say max {}", group.max), faults);
        } else if let Some(member) = member {
            if seen.insert((place, member)) {
                group.members.push(member);
            } else {
                row.fault(2, "this member stands in the group already".into(), faults);
            }
        }
    }
}

/// Rows of one table, with the columns found by name.
struct Rows<'a> {
    file: File,
    bytes: &'a [u8],
    at: usize,
    line: u64,
    /// For each wanted column its field; `None` when it may be left out and is.
    place: Vec<Option<usize>>,
    names: &'static [&'static str],
    width: usize,
    fields: Vec<(usize, usize, bool)>,
    broken: bool,
}

struct Row<'a, 'r> {
    file: File,
    bytes: &'a [u8],
    line: u64,
    place: &'r [Option<usize>],
    names: &'static [&'static str],
    fields: &'r [(usize, usize, bool)],
}

impl<'a> Rows<'a> {
    fn new(file: File, bytes: &'a [u8], names: &[&'static str], needed: usize, faults: &mut Vec<TableFault>) -> Self {
        // The names are few and live as long as the program.
        let names: &'static [&'static str] = match file {
            File::Needs => &["need_id", "min", "max", "priority"],
            File::Offers => &["offer_id", "capacity"],
            File::Pairs => &["offer_id", "need_id", "value", "max_units", "status"],
            File::Groups => {
                debug_assert_eq!(names.len(), 5);
                &["group_id", "side", "member_id", "min", "max"]
            }
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
                        names.join(",")
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
        for at in 0..rows.width {
            let name = text(rows.bytes, rows.fields[at]);
            match names.iter().position(|n| n.as_bytes() == &*name) {
                Some(which) if rows.place[which].is_none() => rows.place[which] = Some(at),
                Some(_) => fault(at + 1, "the column is named twice".into()),
                None => fault(at + 1, format!("no such column; wanted {}", names.join(","))),
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

    fn column(&self, which: usize) -> usize {
        self.place.get(which).copied().flatten().map_or(0, |at| at + 1)
    }

    /// The next row that is as wide as the header; others are faults.
    fn next<'r>(&'r mut self, faults: &mut Vec<TableFault>) -> Option<Row<'a, 'r>> {
        if self.broken {
            return None;
        }
        loop {
            let file = self.file;
            match self.record()? {
                Err((column, what)) => {
                    faults.push(TableFault {
                        file,
                        line: self.line,
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
                }
                Ok(line) => {
                    return Some(Row {
                        file,
                        bytes: self.bytes,
                        line,
                        place: &self.place,
                        names: self.names,
                        fields: &self.fields,
                    });
                }
            }
        }
    }

    /// Splits the next record into `fields` (from, to, has doubled quotes); its first line, or what breaks it.
    fn record(&mut self) -> Option<Result<u64, (usize, &'static str)>> {
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

fn text(bytes: &[u8], (from, to, doubled): (usize, usize, bool)) -> Cow<'_, [u8]> {
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
    fn field(&self, which: usize) -> Option<Cow<'a, [u8]>> {
        let at = self.place[which]?;
        Some(text(self.bytes, self.fields[at]))
    }

    fn fault(&self, which: usize, what: String, faults: &mut Vec<TableFault>) {
        faults.push(TableFault {
            file: self.file,
            line: self.line,
            column: self.place[which].map_or(0, |at| at + 1),
            what: format!("{}: {what}", self.names[which]),
        });
    }

    fn id(&self, which: usize, faults: &mut Vec<TableFault>) -> Option<Cow<'a, [u8]>> {
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

    fn place(
        &self,
        which: usize,
        id: Cow<'a, [u8]>,
        places: &mut Places<'a>,
        ids: &mut Vec<String>,
        faults: &mut Vec<TableFault>,
    ) {
        ids.push(String::from_utf8_lossy(&id).into_owned());
        match places.entry(id) {
            Entry::Vacant(entry) => {
                entry.insert(ids.len() as u32 - 1);
            }
            Entry::Occupied(_) => self.fault(which, "stands on an earlier line too".into(), faults),
        }
    }

    fn known(
        &self,
        which: usize,
        id: &[u8],
        places: &Places<'_>,
        kind: &str,
        faults: &mut Vec<TableFault>,
    ) -> Option<u32> {
        let place = places.get(id).copied();
        if place.is_none() {
            self.fault(
                which,
                format!("no such {kind}: {}", String::from_utf8_lossy(id)),
                faults,
            );
        }
        place
    }

    /// A whole number of 64 bits.
    fn whole(&self, which: usize, faults: &mut Vec<TableFault>) -> Option<i64> {
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
    fn count(&self, which: usize, faults: &mut Vec<TableFault>) -> Option<i64> {
        let number = self.whole(which, faults)?;
        if number < 0 {
            self.fault(which, format!("{number} is negative"), faults);
            return None;
        }
        Some(number)
    }
}

fn quoted(id: &str, out: &mut Vec<u8>) {
    if id.contains(['"', ',', '\n', '\r']) {
        out.push(b'"');
        out.extend_from_slice(id.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(id.as_bytes());
    }
}

/// allocation.csv: `offer_id,need_id,units,value`, a row for each pair that carries units, in the order of the
/// pairs; `value` is that of all its units, so that the column sums to the objective.
pub fn write_allocation(tables: &Tables, answer: &Answer) -> Vec<u8> {
    let mut out = b"offer_id,need_id,units,value\n".to_vec();
    for (pair, &units) in tables.problem.pairs.iter().zip(&answer.units) {
        if units == 0 {
            continue;
        }
        quoted(&tables.offer_ids[pair.offer as usize], &mut out);
        out.push(b',');
        quoted(&tables.need_ids[pair.need as usize], &mut out);
        let value = i128::from(pair.value) * i128::from(units);
        out.extend_from_slice(format!(",{units},{value}\n").as_bytes());
    }
    out
}

impl Tables {
    /// A limit in words, with the ids of the tables.
    pub fn describe(&self, limit: Limit) -> String {
        let offer = |o: u32| &self.offer_ids[o as usize];
        let need = |n: u32| &self.need_ids[n as usize];
        let group = |g: u32| &self.group_ids[g as usize];
        match limit {
            Limit::OfferCapacity(o) => format!("capacity of offer {}", offer(o)),
            Limit::NeedMax(n) => format!("max of need {}", need(n)),
            Limit::NeedMin(n) => {
                let priority = self.problem.needs[n as usize].priority;
                format!("min of need {}, whose priority is {priority}", need(n))
            }
            Limit::PairMax(p) => format!("max_units of {}", self.pair(p)),
            Limit::PairForced(p) => format!("forced {}", self.pair(p)),
            Limit::PairForbidden(p) => format!("forbidden {}", self.pair(p)),
            Limit::GroupMax(g) => format!("max of group {}", group(g)),
            Limit::GroupMin(g) => format!("min of group {}", group(g)),
            Limit::Rule(r) => format!("rule {r}"),
            Limit::NoPair(n) => format!("no pair names need {}", need(n)),
            Limit::NoPriority(n) => format!("priority 0 of need {}: values alone decide", need(n)),
        }
    }

    fn pair(&self, at: u32) -> String {
        let pair = &self.problem.pairs[at as usize];
        let (offer, need) = (&self.offer_ids[pair.offer as usize], &self.need_ids[pair.need as usize]);
        format!("pair of offer {offer} and need {need}")
    }
}
