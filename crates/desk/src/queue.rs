//! The queue's order and counts: pure, so that page, file, API and letters cannot differ.

use basis::{Day, Field, Moment, RelationId};
use jiff::tz::TimeZone;
use pages::Duty;

/// How much time is left, in whole days of the home city's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Left {
    /// The moment has passed; so many days ago, 0 for earlier today.
    Late(i64),
    Today,
    Days(i64),
    /// Nothing binds it to a day.
    Open,
}

/// A duty with what the desk knows beside it.
#[derive(Clone, Debug)]
pub struct Task {
    pub duty: Duty,
    pub left: Left,
    /// The day it is due on the home calendar.
    pub day: Option<Day>,
    /// The last step anybody took on the thing it is about.
    pub since: Option<Moment>,
}

/// What the head of the page counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub late: usize,
    pub today: usize,
    pub mine: usize,
    pub others: usize,
}

/// What is wanted of the queue.
#[derive(Clone, Copy, Debug, Default)]
pub struct Narrow {
    pub field: Option<Field>,
    pub relation: Option<RelationId>,
}
#[derive(Clone, Debug, Default)]
pub struct Queue {
    pub mine: Vec<Task>,
    pub others: Vec<Task>,
    pub tally: Tally,
}

/// The day a deadline belongs to: midnight ends the day before.
pub fn day_of(due: Moment, zone: &TimeZone) -> Day {
    let last = due.checked_sub(jiff::SignedDuration::from_micros(1)).unwrap_or(due);
    last.to_zoned(zone.clone()).date()
}
pub fn left(due: Option<Moment>, now: Moment, zone: &TimeZone) -> Left {
    let Some(due) = due else { return Left::Open };
    let today = now.to_zoned(zone.clone()).date();
    let days = pages::fmt::days_between(today, day_of(due, zone));
    match days {
        d if due <= now => Left::Late(-d.min(0)),
        0 => Left::Today,
        d => Left::Days(d),
    }
}

impl Task {
    pub fn new(duty: Duty, now: Moment, zone: &TimeZone) -> Task {
        Task {
            left: left(duty.due, now, zone),
            day: duty.due.map(|d| day_of(d, zone)),
            since: None,
            duty,
        }
    }
    pub fn is_late(&self) -> bool {
        matches!(self.left, Left::Late(_))
    }
    /// The thing whose history tells how far it is: kind and id.
    pub fn object(&self) -> Option<(&'static str, &str)> {
        self.duty.matter.object.as_ref().map(|(kind, id)| (*kind, id.as_str()))
    }
    pub fn relation(&self) -> Option<RelationId> {
        self.duty.matter.relation
    }
    /// Whether it belongs to what is wanted of the queue.
    pub fn is_within(&self, narrow: Narrow) -> bool {
        let m = &self.duty.matter;
        narrow.field.is_none_or(|f| m.fields.contains(&f)) && narrow.relation.is_none_or(|r| m.relation == Some(r))
    }
}
/// Nearest deadline first, what has none last; the same line twice counts once. With others: likewise, and of those
/// without a deadline the longest wait first.
pub fn arrange(tasks: Vec<Task>) -> Queue {
    let mut queue = Queue::default();
    let mut seen = std::collections::HashSet::new();
    for task in tasks {
        let d = &task.duty;
        if !seen.insert((d.mine, d.what.clone(), d.about.clone(), d.href.clone(), d.who.clone())) {
            continue;
        }
        if d.mine {
            queue.mine.push(task);
        } else {
            queue.others.push(task);
        }
    }
    let words = |t: &Task| (t.duty.what.clone(), t.duty.about.clone(), t.duty.href.clone());
    queue
        .mine
        .sort_by_cached_key(|t| (t.duty.due.is_none(), t.duty.due, words(t)));
    queue
        .others
        .sort_by_cached_key(|t| (t.duty.due.is_none(), t.duty.due, t.since.is_none(), t.since, words(t)));
    queue.tally = Tally {
        late: queue.mine.iter().filter(|t| t.is_late()).count(),
        today: queue.mine.iter().filter(|t| t.left == Left::Today).count(),
        mine: queue.mine.len(),
        others: queue.others.len(),
    };
    queue
}

/// Where the marks of a lead-time bar stand, in its own units; all bars share one scale, so that they can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    pub today: i64,
    pub due: i64,
    pub late: bool,
}
impl Bar {
    pub const WIDTH: i64 = 520;
    /// Days shown before and after today; farther ones stand at the edge.
    const BACK: i64 = 10;
    const AHEAD: i64 = 60;
    pub fn of(left: Left) -> Option<Bar> {
        let days = match left {
            Left::Late(d) => -d,
            Left::Today => 0,
            Left::Days(d) => d,
            Left::Open => return None,
        };
        let at = |d: i64| {
            6 + (d.clamp(-Self::BACK, Self::AHEAD) + Self::BACK) * (Self::WIDTH - 12) / (Self::BACK + Self::AHEAD)
        };
        Some(Bar {
            today: at(0),
            due: at(days),
            late: matches!(left, Left::Late(_)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn zone() -> TimeZone {
        TimeZone::get("Asia/Shanghai").unwrap()
    }
    fn at(text: &str) -> Moment {
        text.parse().unwrap()
    }
    fn duty(what: &str, due: Option<Moment>, mine: bool) -> Duty {
        Duty {
            what: what.into(),
            about: String::new(),
            href: format!("/calls/{what}"),
            due,
            mine,
            who: None,
            illustrative: false,
            matter: pages::Matter::default(),
        }
    }
    fn task(what: &str, due: Option<Moment>, mine: bool, now: Moment) -> Task {
        Task::new(duty(what, due, mine), now, &zone())
    }

    #[test]
    fn days_are_counted_on_the_home_calendar() {
        // 15:20 in Chongqing on 22 November.
        let now = at("2026-11-22T07:20:00Z");
        let l = |due: &str| left(Some(at(due)), now, &zone());
        assert_eq!(l("2026-11-22T09:00:00Z"), Left::Today);
        assert_eq!(
            l("2026-11-22T07:20:00Z"),
            Left::Late(0),
            "the moment itself is too late"
        );
        // The end of the day, written as midnight, is still that day.
        assert_eq!(l("2026-11-22T16:00:00Z"), Left::Today);
        assert_eq!(l("2026-11-22T16:00:01Z"), Left::Days(1));
        assert_eq!(l("2026-11-17T16:00:00Z"), Left::Late(5));
        assert_eq!(left(None, now, &zone()), Left::Open);
    }
    #[test]
    fn nearest_deadline_first_and_nothing_twice() {
        let now = at("2026-11-22T07:20:00Z");
        let soon = Some(at("2026-11-23T07:00:00Z"));
        let late = Some(at("2026-11-20T07:00:00Z"));
        let q = arrange(vec![
            task("open", None, true, now),
            task("soon", soon, true, now),
            task("soon", soon, true, now),
            task("late", late, true, now),
            task("theirs", soon, false, now),
        ]);
        let names: Vec<&str> = q.mine.iter().map(|t| t.duty.what.as_str()).collect();
        assert_eq!(names, ["late", "soon", "open"]);
        assert_eq!(
            q.tally,
            Tally {
                late: 1,
                today: 0,
                mine: 3,
                others: 1
            }
        );
    }
    #[test]
    fn who_waits_longest_comes_first_among_those_without_a_day() {
        let now = at("2026-11-22T07:20:00Z");
        let mut long = task("long", None, false, now);
        long.since = Some(at("2026-10-01T00:00:00Z"));
        let mut short = task("short", None, false, now);
        short.since = Some(at("2026-11-20T00:00:00Z"));
        let q = arrange(vec![task("unknown", None, false, now), short, long]);
        let names: Vec<&str> = q.others.iter().map(|t| t.duty.what.as_str()).collect();
        assert_eq!(names, ["long", "short", "unknown"]);
    }
    #[test]
    fn what_is_wanted_is_what_the_room_says_of_the_line() {
        let now = at("2026-11-22T07:20:00Z");
        let relation = basis::Id::named("Düsseldorf");
        let mut both = task("both", None, true, now);
        both.duty.matter = pages::Matter::default().within([Field::Culture, Field::Health], Some(relation));
        let letters = task("letters", None, true, now);
        let want = |field, relation| Narrow { field, relation };
        assert!(
            both.is_within(want(Some(Field::Culture), None))
                && both.is_within(want(Some(Field::Health), Some(relation)))
        );
        assert!(!both.is_within(want(Some(Field::Sport), None)));
        assert!(!both.is_within(want(None, Some(basis::Id::named("Seattle")))));
        assert!(letters.is_within(Narrow::default()) && !letters.is_within(want(Some(Field::Culture), None)));
    }
    proptest! {
        /// Nothing is lost, nothing is invented, and the order holds whatever order the rooms answer in.
        #[test]
        fn the_order_does_not_depend_on_who_answers_first(
            dues in proptest::collection::vec((proptest::option::of(-40i64..90), any::<bool>()), 0..40), turn in 0usize..40,
        ) {
            let now = at("2026-11-22T07:20:00Z");
            let tasks: Vec<Task> = dues.iter().enumerate().map(|(i, (days, mine))| {
                let due = days.map(|d| now.checked_add(jiff::SignedDuration::from_hours(24 * d)).unwrap());
                task(&format!("t{i}"), due, *mine, now)
            }).collect();
            let mut turned = tasks.clone();
            if !turned.is_empty() { let n = turn % turned.len(); turned.rotate_left(n); }
            let (a, b) = (arrange(tasks), arrange(turned));
            let names = |v: &[Task]| v.iter().map(|t| t.duty.what.clone()).collect::<Vec<_>>();
            prop_assert_eq!(names(&a.mine), names(&b.mine));
            prop_assert_eq!(names(&a.others), names(&b.others));
            prop_assert_eq!(a.tally.mine + a.tally.others, dues.len());
            prop_assert!(a.tally.late + a.tally.today <= a.tally.mine);
            for w in a.mine.windows(2) {
                prop_assert!(w[0].duty.due.is_some() || w[1].duty.due.is_none());
                if let (Some(x), Some(y)) = (w[0].duty.due, w[1].duty.due) { prop_assert!(x <= y); }
            }
        }
        /// A bar stays inside its picture, and later is never drawn left of earlier.
        #[test]
        fn bars_compare(a in -400i64..400, b in -400i64..400) {
            let left = |d: i64| match d { d if d < 0 => Left::Late(-d), 0 => Left::Today, d => Left::Days(d) };
            let (x, y) = (Bar::of(left(a.min(b))).unwrap(), Bar::of(left(a.max(b))).unwrap());
            prop_assert!(x.due <= y.due && x.today == y.today);
            prop_assert!(x.due >= 0 && y.due <= Bar::WIDTH);
        }
    }
}
