//! How much a maker gives in all: the smallest limit stated in any offer that is opened and not over binds all of them
//! together, whichever unit guides the call. Each unit of measure is counted by itself.

use basis::{CallId, Day, Fail, NeedId, OfferId, Text};
use std::collections::HashMap;
use store::Query;

use crate::call::Need;
use crate::measure::{Measure, Measures};
use crate::offer::Offer;
use crate::store as sql;

/// What a maker stated in one offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stated {
    pub maker: String,
    pub call: CallId,
    /// What is counted; none for each unit of measure alike.
    pub unit: Option<Text>,
    pub most: i64,
}
/// What a maker gives already in one call: awarded for work that is not over, or by the published plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Used {
    pub maker: String,
    pub call: CallId,
    pub unit: Text,
    pub units: i64,
    pub awarded: bool,
}

/// Units offered for needs.
pub(crate) type Lines = Vec<(NeedId, i64)>;

/// What some makers stated and give, brought to one set of units.
#[derive(Clone, Debug, Default)]
pub(crate) struct Books {
    stated: HashMap<String, Vec<Stated>>,
    used: HashMap<String, Vec<Used>>,
    measures: Measures,
    /// The needs of the call that is looked at.
    at: HashMap<NeedId, Measure>,
}
impl Books {
    pub fn new(stated: Vec<Stated>, used: Vec<Used>, needs: &[Need]) -> Books {
        let units = needs.iter().map(|n| &n.unit);
        let units = units.chain(used.iter().map(|u| &u.unit));
        let measures = Measures::of_all(units.chain(stated.iter().filter_map(|s| s.unit.as_ref())));
        let at = needs
            .iter()
            .filter_map(|n| Some((n.id, measures.of(&n.unit)?)))
            .collect();
        let mut books = Books {
            measures,
            at,
            ..Books::default()
        };
        for s in stated {
            books.stated.entry(s.maker.clone()).or_default().push(s);
        }
        for u in used {
            books.used.entry(u.maker.clone()).or_default().push(u);
        }
        books
    }
    fn stated_for(&self, maker: &str, measure: Measure) -> impl Iterator<Item = &Stated> {
        let all = self.stated.get(maker).map(Vec::as_slice).unwrap_or_default();
        let here = move |s: &&Stated| match &s.unit {
            Some(unit) => self.measures.of(unit) == Some(measure),
            // One offer states a limit for its own units of measure only where it names them.
            None => !all.iter().any(|other| {
                other.call == s.call && other.unit.as_ref().and_then(|u| self.measures.of(u)) == Some(measure)
            }),
        };
        all.iter().filter(here)
    }
    /// The smallest limit that this maker stated for what is counted so.
    pub fn limit(&self, maker: &str, measure: Measure) -> Option<&Stated> {
        self.stated_for(maker, measure).min_by_key(|s| (s.most, s.call))
    }
    pub fn used(&self, maker: &str, measure: Measure) -> impl Iterator<Item = &Used> {
        let all = self.used.get(maker).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(move |u| self.measures.of(&u.unit) == Some(measure))
    }
    /// What is left of the limit; below nothing where more was given than is stated by now.
    pub fn left(&self, maker: &str, measure: Measure) -> Option<i64> {
        let given: i64 = self.used(maker, measure).map(|u| u.units).sum();
        Some(self.limit(maker, measure)?.most - given)
    }
    pub fn measure(&self, need: NeedId) -> Option<Measure> {
        self.at.get(&need).copied()
    }
    /// An offer's lines, apart by what has a limit of its own: the solver takes each part for an offer, so that what is
    /// left of each limit is a capacity and the proof holds for it. All that has no limit stays together.
    pub fn parts(&self, maker: &str, lines: &[(NeedId, i64)]) -> Vec<(Lines, Option<i64>)> {
        let mut parts: Vec<(Option<Measure>, Lines, Option<i64>)> = Vec::new();
        for line in lines {
            let measure = self.measure(line.0);
            let left = measure.and_then(|m| self.left(maker, m));
            let key = measure.filter(|_| left.is_some());
            match parts.iter_mut().find(|p| p.0 == key) {
                Some(part) => part.1.push(*line),
                None => parts.push((key, vec![*line], left)),
            }
        }
        if parts.is_empty() {
            parts.push((None, Vec::new(), None));
        }
        parts.into_iter().map(|(_, lines, left)| (lines, left)).collect()
    }
}

/// The books of the makers of these offers, without what `call` itself gives them.
pub(crate) async fn books(
    q: &impl Query,
    call: CallId,
    needs: &[Need],
    offers: &[Offer],
    today: Day,
) -> Result<Books, Fail> {
    let makers: Vec<String> = offers.iter().map(|o| Offer::maker(o.body, o.account)).collect();
    let stated = sql::stated_limits(q, &makers, today).await?;
    let used = sql::used_units(q, &limited(&stated), Some(call), today).await?;
    Ok(Books::new(stated, used, needs))
}
/// Whoever stated any limit, once each.
pub(crate) fn limited(stated: &[Stated]) -> Vec<String> {
    let mut makers: Vec<String> = stated.iter().map(|s| s.maker.clone()).collect();
    makers.sort_unstable();
    makers.dedup();
    makers
}
/// Whether these units still fit what the makers give in all, now that they are held: of two plans that give from the same
/// hours at once, the second waits here and counts the first.
pub(crate) async fn still_fit(
    tx: &store::Tx,
    call: CallId,
    needs: &[Need],
    offers: &[Offer],
    given: impl Fn(OfferId) -> Lines,
    today: Day,
) -> Result<bool, Fail> {
    let makers: Vec<String> = offers.iter().map(|o| Offer::maker(o.body, o.account)).collect();
    sql::hold_makers(tx, &limited(&sql::stated_limits(tx, &makers, today).await?)).await?;
    let books = books(tx, call, needs, offers, today).await?;
    Ok(offers.iter().all(|o| {
        let maker = Offer::maker(o.body, o.account);
        books
            .parts(&maker, &given(o.id))
            .iter()
            .all(|(lines, left)| left.is_none_or(|left| lines.iter().map(|l| l.1).sum::<i64>() <= left.max(0)))
    }))
}

/// Units that the maker gives in one call already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnUse {
    pub call: CallId,
    pub title: Text,
    pub units: i64,
    /// Awarded; else the published plan gives them.
    pub awarded: bool,
}
/// One unit of measure of the maker's own limit: what is stated where, what is given where, what is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnLimit {
    pub unit: Text,
    pub most: i64,
    /// The call whose offer states the smallest limit.
    pub stated: CallId,
    pub stated_title: Text,
    pub used: Vec<OwnUse>,
    pub left: i64,
}
/// For the maker's own pages: each unit of measure that these needs are counted in and that has a limit.
pub(crate) async fn own_limits(q: &impl Query, needs: &[Need], maker: &str, today: Day) -> Result<Vec<OwnLimit>, Fail> {
    let stated = sql::own_stated_limits(q, maker, today).await?;
    if stated.is_empty() {
        return Ok(Vec::new());
    }
    let used = sql::used_units(q, &limited(&stated), None, today).await?;
    let mut calls: Vec<CallId> = stated
        .iter()
        .map(|s| s.call)
        .chain(used.iter().map(|u| u.call))
        .collect();
    calls.sort_unstable();
    calls.dedup();
    let titles: HashMap<CallId, Text> = sql::cards(q, &calls)
        .await?
        .into_iter()
        .map(|c| (c.id, c.title))
        .collect();
    let title = |call: CallId| titles.get(&call).cloned().unwrap_or_else(|| Text::both("", ""));
    let books = Books::new(stated, used, needs);
    let mut seen: Vec<Measure> = Vec::new();
    let mut out = Vec::new();
    for need in needs {
        let Some(measure) = books.measure(need.id).filter(|m| !seen.contains(m)) else {
            continue;
        };
        seen.push(measure);
        let (Some(limit), Some(left)) = (books.limit(maker, measure), books.left(maker, measure)) else {
            continue;
        };
        let mut used: Vec<OwnUse> = Vec::new();
        for u in books.used(maker, measure) {
            match used.iter_mut().find(|o| (o.call, o.awarded) == (u.call, u.awarded)) {
                Some(known) => known.units += u.units,
                None => used.push(OwnUse {
                    call: u.call,
                    title: title(u.call),
                    units: u.units,
                    awarded: u.awarded,
                }),
            }
        }
        out.push(OwnLimit {
            unit: need.unit.clone(),
            most: limit.most,
            stated: limit.call,
            stated_title: title(limit.call),
            used,
            left,
        });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::tests::need;
    use basis::Id;

    fn counted(name: &str, unit: &str) -> Need {
        Need {
            unit: Text::new(basis::Lang::en(), unit),
            ..need(name, 0, 9, 1)
        }
    }
    fn stated(call: &str, unit: Option<&str>, most: i64) -> Stated {
        Stated {
            maker: "m".into(),
            call: Id::named(call),
            unit: unit.map(|u| Text::new(basis::Lang::en(), u)),
            most,
        }
    }
    fn used(call: &str, unit: &str, units: i64) -> Used {
        Used {
            maker: "m".into(),
            call: Id::named(call),
            unit: Text::new(basis::Lang::en(), unit),
            units,
            awarded: true,
        }
    }
    fn lefts(books: &Books, lines: &[(&str, i64)]) -> Vec<(usize, Option<i64>)> {
        let lines: Lines = lines.iter().map(|(n, u)| (Id::named(n), *u)).collect();
        let parts = books.parts("m", &lines);
        parts.into_iter().map(|(lines, left)| (lines.len(), left)).collect()
    }
    #[test]
    fn the_smallest_limit_binds_everywhere_and_each_unit_by_itself() {
        let needs = [
            counted("teach", "hours"),
            counted("sit", "rooms"),
            counted("guide", "Hour"),
        ];
        let all = [("teach", 5), ("sit", 2), ("guide", 5)];
        let none = Books::new(vec![], vec![], &needs);
        assert_eq!(lefts(&none, &all), [(3, None)], "nobody stated anything: all in one");
        let books = Books::new(
            vec![stated("a", Some("hours"), 9), stated("b", Some("hours"), 7)],
            vec![used("b", "hours", 4), used("b", "rooms", 8)],
            &needs,
        );
        assert_eq!(lefts(&books, &all), [(2, Some(3)), (1, None)], "rooms take no hours");
        assert_eq!(
            books
                .limit("m", books.measure(Id::named("teach")).unwrap())
                .unwrap()
                .call,
            Id::named("b")
        );
        assert_eq!(lefts(&books, &[]), [(0, None)]);
    }
    #[test]
    fn one_number_for_all_holds_for_each_unit() {
        let needs = [counted("teach", "hours"), counted("sit", "rooms")];
        let books = Books::new(vec![stated("a", None, 5)], vec![used("b", "rooms", 6)], &needs);
        assert_eq!(
            lefts(&books, &[("teach", 5), ("sit", 2)]),
            [(1, Some(5)), (1, Some(-1))]
        );
        // What the same offer says of a unit comes before what it says of all.
        let books = Books::new(
            vec![stated("a", None, 5), stated("a", Some("hours"), 8)],
            vec![],
            &needs,
        );
        assert_eq!(lefts(&books, &[("teach", 9), ("sit", 2)]), [(1, Some(8)), (1, Some(5))]);
    }
}
