//! The gap finder's ranking (R107, R90): pure, so that every place in the list can be explained and repeated.
//!
//! A gap is an empty cell of place x field: nothing on record covers it and nothing is planned for it. Each reason
//! that speaks for filling it first brings the points of its weight; the points, the weights and the reasons are
//! shown. People decide.

use basis::{Field, GovernmentId, RelationId};
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// What a row of the matrix is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    Relation(RelationId),
    District(GovernmentId),
}

/// A row as the ranking sees it.
#[derive(Clone, Debug)]
pub struct Row {
    pub place: Place,
    /// Our government under it: the city, or the district.
    pub own: GovernmentId,
    pub partner: Option<GovernmentId>,
    /// The year the relation was concluded.
    pub since: Option<i64>,
    /// A relation whose status says that it rests.
    pub quiet: bool,
    /// A district that no relation reaches yet (R90).
    pub untouched: bool,
}

/// What is on record in one cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    pub count: i64,
    pub last: Option<i64>,
}

/// Everything the ranking knows.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// In the years asked about.
    pub covered: HashMap<(Place, Field), Covered>,
    /// The newest year with anything on record, whatever years were asked about.
    pub last_year: HashMap<Place, i64>,
    pub planned: HashSet<(Place, Field)>,
    /// Registered institutions by government and field.
    pub institutions: HashMap<(GovernmentId, Field), i64>,
    /// In how many relations our side works in a field already.
    pub experience: HashMap<Field, i64>,
}

/// Points per reason: printed beside the list, so that nobody has to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Weights {
    pub untouched: i64,
    pub partner_has: i64,
    pub we_have: i64,
    pub quiet: i64,
    pub anniversary: i64,
    pub complement: i64,
    pub experience: i64,
    pub culture: i64,
}
impl Default for Weights {
    fn default() -> Self {
        Weights {
            untouched: 40,
            partner_has: 30,
            we_have: 20,
            quiet: 15,
            anniversary: 10,
            complement: 10,
            experience: 10,
            culture: 10,
        }
    }
}
impl Weights {
    /// With the keys of their names, in the order they are shown.
    pub fn named(&self) -> [(&'static str, i64); 8] {
        [
            ("gap-weight-untouched", self.untouched),
            ("gap-weight-partner-has", self.partner_has),
            ("gap-weight-we-have", self.we_have),
            ("gap-weight-quiet", self.quiet),
            ("gap-weight-anniversary", self.anniversary),
            ("gap-weight-complement", self.complement),
            ("gap-weight-experience", self.experience),
            ("gap-weight-culture", self.culture),
        ]
    }
}

/// Why a cell stands where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Reason {
    /// No relation reaches this district yet (R90).
    Untouched,
    /// The partner has registered institutions in this field.
    PartnerHas {
        count: i64,
    },
    WeHave {
        count: i64,
    },
    /// Nothing on record for so many years.
    QuietFor {
        years: i64,
    },
    /// Nothing at all on record.
    NeverActive,
    /// The relation rests by its own status.
    Resting,
    /// A tenth, twentieth, … year (conduct rules: anniversaries only at tens).
    Anniversary {
        years: i64,
        year: i64,
    },
    /// One side has clearly more than the other: there is something to learn.
    Complement {
        theirs: i64,
        ours: i64,
    },
    /// Our side does it with so many others: the way is known.
    Experience {
        relations: i64,
    },
    /// Economy is on record, culture is not: culture is indispensable (R86).
    CultureMissing,
}

/// What speaks against, or is not known: no points, but said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Caution {
    NoPartnerInstitution,
    NoOwnInstitution,
}

/// An empty cell with its place in the list explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    pub place: Place,
    pub field: Field,
    pub points: i64,
    /// Each with the points it brought.
    pub reasons: Vec<(Reason, i64)>,
    pub cautions: Vec<Caution>,
}

/// Years without anything on record after which a relation counts as quiet.
const QUIET_AFTER: i64 = 5;

/// The empty cells, the first to fill first. Districts that no relation reaches come before everything else (R90);
/// then the points decide, then the longer silence, then the order of rows and fields as given.
pub fn rank(rows: &[Row], fields: &[Field], known: &Knowledge, weights: &Weights, year: i64) -> Vec<Gap> {
    let mut ranked: Vec<(bool, i64, Gap)> = Vec::new();
    for row in rows {
        let silence = known.last_year.get(&row.place).map_or(i64::MAX, |last| year - last);
        for &field in fields {
            let cell = (row.place, field);
            let empty = known.covered.get(&cell).is_none_or(|c| c.count == 0) && !known.planned.contains(&cell);
            if empty {
                ranked.push((row.untouched, silence, weigh(row, field, known, weights, year, silence)));
            }
        }
    }
    // Stable: equal cells keep the order in which rows and fields were given.
    ranked.sort_by_key(|x| std::cmp::Reverse((x.0, x.2.points, x.1)));
    ranked.into_iter().map(|(_, _, gap)| gap).collect()
}

fn weigh(row: &Row, field: Field, known: &Knowledge, w: &Weights, year: i64, silence: i64) -> Gap {
    let count = |g: Option<GovernmentId>| {
        g.and_then(|g| known.institutions.get(&(g, field)))
            .copied()
            .unwrap_or(0)
    };
    let (theirs, ours) = (count(row.partner), count(Some(row.own)));
    let mut reasons = Vec::new();
    let mut cautions = Vec::new();
    let mut say = |when: bool, reason: Reason, points: i64| {
        if when {
            reasons.push((reason, points));
        }
    };
    say(row.untouched, Reason::Untouched, w.untouched);
    say(theirs > 0, Reason::PartnerHas { count: theirs }, w.partner_has);
    say(ours > 0, Reason::WeHave { count: ours }, w.we_have);
    if matches!(row.place, Place::Relation(_)) {
        say(row.quiet, Reason::Resting, w.quiet);
        say(!row.quiet && silence == i64::MAX, Reason::NeverActive, w.quiet);
        say(
            !row.quiet && (QUIET_AFTER..i64::MAX).contains(&silence),
            Reason::QuietFor { years: silence },
            w.quiet,
        );
        let age = row.since.map_or(0, |since| year - since);
        say(
            age > 0 && age % 10 == 0,
            Reason::Anniversary { years: age, year },
            w.anniversary,
        );
        let apart = theirs > 0 && ours > 0 && (theirs - ours).abs() >= 2;
        say(apart, Reason::Complement { theirs, ours }, w.complement);
        let has = |f| {
            known
                .covered
                .get(&(row.place, f))
                .is_some_and(|c: &Covered| c.count > 0)
        };
        say(
            field == Field::Culture && has(Field::Economy),
            Reason::CultureMissing,
            w.culture,
        );
        if theirs == 0 {
            cautions.push(Caution::NoPartnerInstitution);
        }
    }
    let relations = known.experience.get(&field).copied().unwrap_or(0);
    say(relations > 0, Reason::Experience { relations }, w.experience);
    if ours == 0 {
        cautions.push(Caution::NoOwnInstitution);
    }
    let points = reasons.iter().map(|(_, p)| p).sum();
    Gap {
        place: row.place,
        field,
        points,
        reasons,
        cautions,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use basis::{Code, Id};
    use proptest::prelude::*;

    fn row(n: usize) -> Row {
        Row {
            place: Place::Relation(Id::named(&n.to_string())),
            own: Id::named("home"),
            partner: Some(Id::named(&format!("p{n}"))),
            since: None,
            quiet: false,
            untouched: false,
        }
    }
    #[test]
    fn a_partner_with_a_library_comes_before_one_without() {
        let rows = [row(1), row(2)];
        let mut known = Knowledge::default();
        known.institutions.insert((Id::named("p2"), Field::Culture), 1);
        known.institutions.insert((Id::named("home"), Field::Culture), 4);
        known.experience.insert(Field::Culture, 3);
        let found = rank(&rows, &[Field::Culture], &known, &Weights::default(), 2026);
        assert_eq!(found[0].place, rows[1].place);
        assert_eq!(
            found[0].reasons,
            [
                (Reason::PartnerHas { count: 1 }, 30),
                (Reason::WeHave { count: 4 }, 20),
                (Reason::NeverActive, 15),
                (Reason::Complement { theirs: 1, ours: 4 }, 10),
                (Reason::Experience { relations: 3 }, 10)
            ]
        );
        assert_eq!(found[1].cautions, [Caution::NoPartnerInstitution]);
    }
    #[test]
    fn districts_that_nobody_reaches_come_first_whatever_the_points() {
        let district = Row {
            place: Place::District(Id::named("d")),
            own: Id::named("d"),
            partner: None,
            since: None,
            quiet: false,
            untouched: true,
        };
        let rich = Row {
            since: Some(2016),
            quiet: true,
            ..row(1)
        };
        let mut known = Knowledge::default();
        known.institutions.insert((Id::named("p1"), Field::Health), 9);
        known.institutions.insert((Id::named("home"), Field::Health), 2);
        let found = rank(&[rich, district], &[Field::Health], &known, &Weights::default(), 2026);
        assert_eq!(found.iter().map(|g| g.points).collect::<Vec<_>>(), [40, 85]);
    }
    #[test]
    fn economy_without_culture_is_said() {
        let mut known = Knowledge::default();
        known.covered.insert(
            (row(1).place, Field::Economy),
            Covered {
                count: 2,
                last: Some(2025),
            },
        );
        known.last_year.insert(row(1).place, 2025);
        let found = rank(&[row(1)], Field::ALL, &known, &Weights::default(), 2026);
        assert_eq!(
            (found[0].field, &found[0].reasons[..]),
            (Field::Culture, &[(Reason::CultureMissing, 10)][..])
        );
        assert!(
            found.iter().all(|g| g.field != Field::Economy),
            "a covered cell is no gap"
        );
    }
    proptest! {
        #[test]
        fn ranking_holds_its_promises(
            shape in proptest::collection::vec((any::<bool>(), any::<bool>(), proptest::option::of(1970i64..2026)), 1..12),
            covered in proptest::collection::hash_set((0usize..12, 0usize..8), 0..40),
            planned in proptest::collection::hash_set((0usize..12, 0usize..8), 0..40),
            has in proptest::collection::hash_map((0usize..12, 0usize..8), 0i64..6, 0..40),
        ) {
            let rows: Vec<Row> = shape.iter().enumerate().map(|(n, (quiet, untouched, since))| {
                if *untouched { Row { place: Place::District(Id::named(&n.to_string())), partner: None, untouched: true, ..row(n) } }
                else { Row { quiet: *quiet, since: *since, ..row(n) } }
            }).collect();
            let place = |n: usize| rows.get(n).map(|r| r.place);
            let mut known = Knowledge::default();
            for (n, f) in &covered { if let Some(p) = place(*n) { known.covered.insert((p, Field::ALL[*f]), Covered { count: 1, last: Some(2020) }); } }
            for (n, f) in &planned { if let Some(p) = place(*n) { known.planned.insert((p, Field::ALL[*f])); } }
            for ((n, f), c) in &has { known.institutions.insert((Id::named(&format!("p{n}")), Field::ALL[*f]), *c); }
            let w = Weights::default();
            let found = rank(&rows, Field::ALL, &known, &w, 2026);
            // Exactly the empty cells, each once.
            let cells: HashSet<_> = found.iter().map(|g| (g.place, g.field)).collect();
            prop_assert_eq!(cells.len(), found.len());
            for r in &rows { for &f in Field::ALL {
                let empty = !known.covered.contains_key(&(r.place, f)) && !known.planned.contains(&(r.place, f));
                prop_assert_eq!(cells.contains(&(r.place, f)), empty);
            } }
            for g in &found { prop_assert_eq!(g.points, g.reasons.iter().map(|(_, p)| p).sum::<i64>()); }
            let first = |g: &Gap| g.reasons.iter().any(|(r, _)| *r == Reason::Untouched);
            for pair in found.windows(2) {
                prop_assert!((first(&pair[0]), pair[0].points) >= (first(&pair[1]), pair[1].points));
            }
            // One more institution at a partner never moves its cell down.
            if let Some(g) = found.iter().find(|g| !first(g)) {
                let r = rows.iter().find(|r| r.place == g.place).unwrap();
                if let Some(p) = r.partner && known.institutions.get(&(p, g.field)).copied().unwrap_or(0) == 0 {
                    let mut more = known.clone();
                    more.institutions.insert((p, g.field), 1);
                    let again = rank(&rows, Field::ALL, &more, &w, 2026);
                    let at = |l: &[Gap]| l.iter().position(|x| (x.place, x.field) == (g.place, g.field)).unwrap();
                    prop_assert!(at(&again) <= at(&found));
                }
            }
        }
    }
}
