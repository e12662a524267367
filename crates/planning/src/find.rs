//! The gap finder's question to the store (R107): the matrix relation x field or district x field, and its empty cells
//! ranked. Aggregated in SQL: the number of queries does not grow with the register.

use access::Viewer;
use basis::{Code, Fail, Field, GovernmentId, PolicyLineId, Text};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use store::Query;

use crate::gaps::{Gap, Knowledge, Place, Row, Weights, rank};
use crate::{neighbours, store as sql};

/// Which matrix, and of what.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    pub view: View,
    pub level: Scope,
    /// Only what is on record or planned in this year; none is all years together.
    pub year: Option<i64>,
    /// What is planned under another line leaves the cell open.
    pub policy: Option<PolicyLineId>,
}
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    #[default]
    Relations,
    Districts,
}
/// Whose relations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// The city's own.
    #[default]
    City,
    /// Those of its districts and counties.
    Districts,
    All,
}

/// One cell of the matrix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cell {
    pub count: i64,
    pub planned: bool,
    /// The partner has a registered institution in the field.
    pub partner_has: bool,
    /// Its place in the ranking, from 1; none when it is no gap.
    pub rank: Option<usize>,
}
/// One row, its cells in the order of [`Field::ALL`].
#[derive(Clone, Debug, Serialize)]
pub struct FoundRow {
    pub place: Place,
    /// The partner's name, or the district's.
    pub name: Text,
    /// Our district, where the relation is a district's.
    pub own: Option<Text>,
    pub since: Option<i64>,
    pub cells: Vec<Cell>,
    pub total: i64,
}
/// The whole answer.
#[derive(Clone, Debug, Serialize)]
pub struct Found {
    pub rows: Vec<FoundRow>,
    /// Every empty cell, the first to fill first.
    pub gaps: Vec<Gap>,
    pub weights: Weights,
    /// Per field, over all rows.
    pub totals: Vec<i64>,
}

/// Finds and ranks the gaps as this viewer may see them; `this_year` is the year silences and anniversaries count to.
///
/// # Errors
/// A fault of the store.
pub async fn find(q: &impl Query, viewer: &Viewer, ask: &Ask, this_year: i64) -> Result<Found, Fail> {
    let year = ask.year.unwrap_or(this_year);
    let ties = neighbours::ties(q, viewer).await?;
    let covered = sql::covered(q, ask.year).await?;
    let planned = sql::planned(q, ask.year, ask.policy).await?;
    let (rows, names) = match ask.view {
        View::Relations => relation_rows(&ties, ask.level),
        View::Districts => district_rows(neighbours::districts(q).await?, &ties),
    };
    let governments: HashSet<GovernmentId> = rows.iter().flat_map(|r| [Some(r.own), r.partner]).flatten().collect();
    let mut known = Knowledge {
        institutions: neighbours::institutions(q, governments).await?,
        ..Default::default()
    };
    let own_of: HashMap<_, GovernmentId> = ties.iter().map(|t| (t.id, t.own)).collect();
    let place_of = |relation: Option<basis::RelationId>, district: Option<GovernmentId>| match ask.view {
        View::Relations => relation.map(Place::Relation),
        // What a district's relation does is done in the district.
        View::Districts => district
            .or_else(|| relation.and_then(|r| own_of.get(&r).copied()))
            .map(Place::District),
    };
    for c in &covered {
        if c.relation.is_some() {
            *known.experience.entry(c.field).or_default() += 1;
        }
        let Some(place) = place_of(c.relation, c.district) else {
            continue;
        };
        let cell = known.covered.entry((place, c.field)).or_default();
        cell.count += c.n;
        cell.last = cell.last.max(c.last);
        // Something without a year is on record: silence cannot be claimed.
        let last = known.last_year.entry(place).or_insert(i64::MIN);
        *last = (*last).max(c.last.unwrap_or(year));
    }
    known.planned = planned
        .iter()
        .filter_map(|p| Some((place_of(p.relation, p.district)?, p.field)))
        .collect();
    let weights = Weights::default();
    let gaps = rank(&rows, Field::ALL, &known, &weights, year);
    Ok(matrix(rows, names, gaps, &known, weights))
}

type Names = HashMap<Place, (Text, Option<Text>)>;

fn relation_rows(ties: &[neighbours::Tie], scope: Scope) -> (Vec<Row>, Names) {
    let wanted = |t: &&neighbours::Tie| match scope {
        Scope::City => !t.of_district,
        Scope::Districts => t.of_district,
        Scope::All => true,
    };
    let mut names = Names::new();
    let rows = ties
        .iter()
        .filter(wanted)
        .map(|t| {
            let place = Place::Relation(t.id);
            names.insert(
                place,
                (t.partner_name.clone(), t.of_district.then(|| t.own_name.clone())),
            );
            Row {
                place,
                own: t.own,
                partner: Some(t.partner),
                since: t.since,
                quiet: t.quiet,
                untouched: false,
            }
        })
        .collect();
    (rows, names)
}

fn district_rows(districts: Vec<(GovernmentId, Text)>, ties: &[neighbours::Tie]) -> (Vec<Row>, Names) {
    let reached: HashSet<GovernmentId> = ties.iter().map(|t| t.own).collect();
    let mut names = Names::new();
    let rows = districts
        .into_iter()
        .map(|(id, name)| {
            let place = Place::District(id);
            names.insert(place, (name, None));
            Row {
                place,
                own: id,
                partner: None,
                since: None,
                quiet: false,
                untouched: !reached.contains(&id),
            }
        })
        .collect();
    (rows, names)
}

fn matrix(rows: Vec<Row>, mut names: Names, gaps: Vec<Gap>, known: &Knowledge, weights: Weights) -> Found {
    let ranks: HashMap<(Place, Field), usize> = gaps
        .iter()
        .enumerate()
        .map(|(i, g)| ((g.place, g.field), i + 1))
        .collect();
    let mut totals = vec![0; Field::ALL.len()];
    let rows = rows
        .into_iter()
        .map(|r| {
            let cells: Vec<Cell> = Field::ALL
                .iter()
                .map(|&f| Cell {
                    count: known.covered.get(&(r.place, f)).map_or(0, |c| c.count),
                    planned: known.planned.contains(&(r.place, f)),
                    partner_has: r
                        .partner
                        .is_some_and(|p| known.institutions.get(&(p, f)).is_some_and(|n| *n > 0)),
                    rank: ranks.get(&(r.place, f)).copied(),
                })
                .collect();
            for (total, cell) in totals.iter_mut().zip(&cells) {
                *total += cell.count;
            }
            let (name, own) = names
                .remove(&r.place)
                .unwrap_or_else(|| (Text::new(basis::Lang::en(), ""), None));
            FoundRow {
                place: r.place,
                name,
                own,
                since: r.since,
                total: cells.iter().map(|c| c.count).sum(),
                cells,
            }
        })
        .collect();
    Found {
        rows,
        gaps,
        weights,
        totals,
    }
}
