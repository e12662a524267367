//! The four tables of `youcheng match`, from bytes and to bytes.
//!
//! needs: `need_id,min,max,priority` · offers: `offer_id,capacity[,organisation]` ·
//! pairs: `offer_id,need_id,value,max_units[,status]` · groups: `group_id,side,member_id,min,max`.
//! The first line names the columns, in any order. UTF-8 with or without BOM, lines ended by LF or CRLF, fields
//! quoted as RFC 4180 has it. Nothing is guessed: what is not understood is a fault with its place.

use crate::problem::{Group, Need, Offer, Pair, Problem, Side, Status};
use crate::{Answer, answer::Limit};
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;

mod rows;

use rows::Rows;

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
    /// allocation.csv
    Allocation,
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
            File::Allocation => "allocation",
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
    /// Whose each offer is; empty where the table has no such column, and at an offer that stands for itself.
    pub organisation_of: Vec<String>,
    /// What the groups hold that stand behind those of the table: bounds that an aim adds.
    pub added: Vec<String>,
}

/// Offers of one organisation, or one that stands for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// `None` where the offer names none.
    pub name: Option<String>,
    /// Places of its offers.
    pub offers: Vec<u32>,
}

/// Reads the tables, or lists every fault in them.
///
/// A row that is wrong still says that its id is there, so that no other table is blamed for naming it; where a table
/// could not be read to its end, nobody is.
///
/// # Errors
/// All faults of all tables, in the order needs, offers, pairs, groups, and in each by line and column.
pub fn read(needs: &[u8], offers: &[u8], pairs: &[u8], groups: Option<&[u8]>) -> Result<Tables, Vec<TableFault>> {
    let mut tables = Tables::default();
    let mut faults = Vec::new();
    let need_at = read_needs(needs, &mut tables, &mut faults);
    let offer_at = read_offers(offers, &mut tables, &mut faults);
    read_pairs(pairs, &need_at, &offer_at, &mut tables, &mut faults);
    if let Some(groups) = groups {
        read_groups(groups, &need_at, &offer_at, &mut tables, &mut faults);
    }
    if faults.is_empty() {
        Ok(tables)
    } else {
        faults.sort_by_key(|f| (f.file as u8, f.line, f.column));
        Err(faults)
    }
}

/// Where each id of a table stands.
#[derive(Default)]
struct Places<'a> {
    at: HashMap<Cow<'a, [u8]>, u32>,
    /// Places of ids that only may have been meant.
    guessed: std::collections::HashSet<u32>,
    /// Whether the table could not be read to its end, so that an id may be in it all the same.
    cut_short: bool,
}

/// Of a row that is broken.
const NO_NEED: Need = Need {
    min: 0,
    max: 0,
    priority: 0,
};

fn read_needs<'a>(bytes: &'a [u8], tables: &mut Tables, faults: &mut Vec<TableFault>) -> Places<'a> {
    let mut places = Places::default();
    let mut rows = Rows::new(File::Needs, bytes, &["need_id", "min", "max", "priority"], 4, faults);
    while let Some(row) = rows.next(faults) {
        if !row.whole {
            row.stand_in(0, &mut places, &mut tables.need_ids);
            let wanted = tables.need_ids.len().max(tables.problem.needs.len());
            tables.problem.needs.resize(wanted, NO_NEED);
            continue;
        }
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
    places.cut_short = rows.broken;
    places
}

fn read_offers<'a>(bytes: &'a [u8], tables: &mut Tables, faults: &mut Vec<TableFault>) -> Places<'a> {
    let mut places = Places::default();
    let mut rows = Rows::new(
        File::Offers,
        bytes,
        &["offer_id", "capacity", "organisation"],
        2,
        faults,
    );
    while let Some(row) = rows.next(faults) {
        if !row.whole {
            row.stand_in(0, &mut places, &mut tables.offer_ids);
            let wanted = tables.offer_ids.len().max(tables.problem.offers.len());
            tables.problem.offers.resize(wanted, Offer { capacity: 0 });
            continue;
        }
        let id = row.id(0, faults);
        let capacity = row.count(1, faults).unwrap_or(0);
        if let Some(name) = row.field(2) {
            let name = if name.is_empty() { Some(name) } else { row.id(2, faults) };
            let name = name.unwrap_or_default();
            tables.organisation_of.push(String::from_utf8_lossy(&name).into_owned());
        }
        if let Some(id) = id {
            row.place(0, id, &mut places, &mut tables.offer_ids, faults);
        }
        tables.problem.offers.push(Offer { capacity });
    }
    places.cut_short = rows.broken;
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
        if !row.whole {
            continue;
        }
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
                row.fault(4, "is neither empty nor forced nor forbidden".into(), faults);
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
            what: "need_id: this offer and need stand together on an earlier line".into(),
        });
    }
}

/// The line and field of the row that holds the `at`-th need, offer or pair, in a table that was read without fault.
fn place_of(bytes: &[u8], file: File, at: usize, name: &str) -> (u64, usize) {
    let mut faults = Vec::new();
    let mut rows = Rows::new(file, bytes, &[], 0, &mut faults);
    let column = rows
        .names
        .iter()
        .position(|n| *n == name)
        .map_or(0, |which| rows.column(which));
    let mut line = 0;
    for _ in 0..=at {
        match rows.next(&mut faults) {
            Some(row) => line = row.line,
            None => return (0, column),
        }
    }
    (line, column)
}

/// Where the numbers stand that are too large for exact arithmetic: the largest value and the largest priority, or where
/// units are meant the most units.
pub fn too_large(tables: &Tables, what: &str, needs: &[u8], pairs: &[u8]) -> Vec<TableFault> {
    let problem = &tables.problem;
    let fault = |file, bytes, at: usize, name: &str, number: i64| {
        let (line, column) = place_of(bytes, file, at, name);
        TableFault {
            file,
            line,
            column,
            what: format!("{name}: {what} too large for exact arithmetic; {number} is the largest of them"),
        }
    };
    let pair = |key: &dyn Fn(&Pair) -> u64| {
        let pairs = problem.pairs.iter().enumerate();
        pairs.max_by_key(|(at, p)| (key(p), std::cmp::Reverse(*at)))
    };
    if what.starts_with("units") {
        let largest = pair(&|p| crate::check::most_units(problem, p).unsigned_abs());
        return largest
            .map(|(at, p)| fault(File::Pairs, pairs, at, "max_units", p.max_units))
            .into_iter()
            .collect();
    }
    if what.starts_with("minima") {
        let weighed = |n: &Need| i128::from(n.min) * i128::from(n.priority);
        let needs_by = problem.needs.iter().enumerate();
        let need = needs_by.max_by_key(|(at, n)| (weighed(n), std::cmp::Reverse(*at)));
        let need = need.map(|(at, n)| match n.min > n.priority {
            true => fault(File::Needs, needs, at, "min", n.min),
            false => fault(File::Needs, needs, at, "priority", n.priority),
        });
        // What a missing unit weighs grows with the values.
        let value = pair(&|p| p.value.unsigned_abs()).filter(|(_, p)| p.value.unsigned_abs() >= 1 << 32);
        let value = value.map(|(at, p)| fault(File::Pairs, pairs, at, "value", p.value));
        return need.into_iter().chain(value).collect();
    }
    let mut faults = Vec::new();
    let need = problem.needs.iter().enumerate();
    let need = need.max_by_key(|(at, n)| (n.priority, std::cmp::Reverse(*at)));
    if let Some((at, need)) = need.filter(|(_, n)| n.priority > 1) {
        faults.push(fault(File::Needs, needs, at, "priority", need.priority));
    }
    if let Some((at, pair)) = pair(&|p| p.value.unsigned_abs()) {
        faults.push(fault(File::Pairs, pairs, at, "value", pair.value));
    }
    faults
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
        if !row.whole {
            continue;
        }
        let id = row.id(0, faults);
        let side = match row.field(1).as_deref() {
            Some(b"offer") => Some(Side::Offer),
            Some(b"need") => Some(Side::Need),
            _ => {
                row.fault(1, "is neither offer nor need".into(), faults);
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

fn quoted(id: &str, out: &mut Vec<u8>) {
    if id.contains(['"', ',', '\n', '\r']) {
        out.push(b'"');
        out.extend_from_slice(id.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(id.as_bytes());
    }
}

const ALLOCATION: [&str; 4] = ["offer_id", "need_id", "units", "value"];

/// Units of each pair from an allocation.csv, or every fault in it.
///
/// # Errors
/// All faults, by line and column: what cannot be read, pairs that the tables do not have, values that are not what
/// the units are worth.
pub fn read_allocation(tables: &Tables, bytes: &[u8]) -> Result<Vec<i64>, Vec<TableFault>> {
    let problem = &tables.problem;
    let places = |ids: &[String]| -> HashMap<Vec<u8>, u32> {
        (0..).zip(ids).map(|(at, id)| (id.clone().into_bytes(), at)).collect()
    };
    let (offers, needs) = (places(&tables.offer_ids), places(&tables.need_ids));
    let pairs = (0..).zip(&problem.pairs);
    let pairs: HashMap<(u32, u32), u32> = pairs.map(|(at, p)| ((p.offer, p.need), at)).collect();
    let mut units = vec![0i64; problem.pairs.len()];
    let mut seen = vec![false; problem.pairs.len()];
    let mut faults = Vec::new();
    let mut rows = Rows::new(File::Allocation, bytes, &ALLOCATION, 4, &mut faults);
    while let Some(row) = rows.next(&mut faults) {
        if !row.whole {
            continue;
        }
        let mut place = |which, of: &HashMap<Vec<u8>, u32>, kind: &str| {
            let id = row.id(which, &mut faults)?;
            let place = of.get(&*id).copied();
            if place.is_none() {
                let id = String::from_utf8_lossy(&id);
                row.fault(which, format!("no such {kind}: {id}"), &mut faults);
            }
            place
        };
        let (offer, need) = (place(0, &offers, "offer"), place(1, &needs, "need"));
        let count = row.count(2, &mut faults);
        let value = row
            .field(3)
            .and_then(|raw| std::str::from_utf8(&raw).ok()?.parse::<i128>().ok());
        if value.is_none() {
            row.fault(3, "is not a whole number".into(), &mut faults);
        }
        let (Some(offer), Some(need), Some(count)) = (offer, need, count) else {
            continue;
        };
        let Some(&at) = pairs.get(&(offer, need)) else {
            row.fault(1, "this offer has no pair with this need".into(), &mut faults);
            continue;
        };
        if std::mem::replace(&mut seen[at as usize], true) {
            row.fault(
                1,
                "this offer and need stand together on an earlier line".into(),
                &mut faults,
            );
        }
        units[at as usize] = count;
        let worth = i128::from(problem.pairs[at as usize].value) * i128::from(count);
        if value.is_some_and(|value| value != worth) {
            row.fault(3, format!("these units are worth {worth}"), &mut faults);
        }
    }
    if faults.is_empty() {
        Ok(units)
    } else {
        faults.sort_by_key(|f| (f.line, f.column));
        Err(faults)
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
            Limit::GroupMax(g) => format!("max of {}", self.group(g)),
            Limit::GroupMin(g) => format!("min of {}", self.group(g)),
            Limit::Rule(r) => format!("rule {r}"),
            Limit::NoPair(n) => format!("no pair names need {}", need(n)),
            Limit::NoPriority(n) => format!("priority 0 of need {}: values alone decide", need(n)),
        }
    }

    /// A group of the table by its id, one that an aim adds by what it holds.
    pub fn group(&self, at: u32) -> String {
        let own = self.group_ids.len();
        match self.group_ids.get(at as usize) {
            Some(id) => format!("group {id}"),
            None => self.added.get(at as usize - own).cloned().unwrap_or_default(),
        }
    }

    /// Who offers, in the order in which they first stand in the table.
    pub fn organisations(&self) -> Vec<Organisation> {
        let mut all: Vec<Organisation> = Vec::new();
        let mut at: HashMap<&str, usize> = HashMap::new();
        for offer in 0..self.problem.offers.len() as u32 {
            let name = self.organisation_of.get(offer as usize).map_or("", String::as_str);
            let new = all.len();
            let place = if name.is_empty() {
                new
            } else {
                *at.entry(name).or_insert(new)
            };
            match all.get_mut(place) {
                Some(known) => known.offers.push(offer),
                None => all.push(Organisation {
                    name: (!name.is_empty()).then(|| name.to_owned()),
                    offers: vec![offer],
                }),
            }
        }
        all
    }

    /// An organisation by its name, or the offer that stands for itself.
    pub fn organisation(&self, of: &Organisation) -> String {
        match (&of.name, of.offers.first()) {
            (Some(name), _) => format!("organisation {name}"),
            (None, Some(&offer)) => format!("offer {}", self.offer_ids[offer as usize]),
            (None, None) => String::new(),
        }
    }

    fn pair(&self, at: u32) -> String {
        let pair = &self.problem.pairs[at as usize];
        let (offer, need) = (&self.offer_ids[pair.offer as usize], &self.need_ids[pair.need as usize]);
        format!("pair of offer {offer} and need {need}")
    }
}
