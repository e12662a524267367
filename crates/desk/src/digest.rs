//! Digest letters: what waits on a person, and new calls in their fields. Nothing to say is no letter.

use std::collections::BTreeSet;

use access::{Addressee, House, Viewer};
use basis::{AccountId, Code, Fail, Field, Locale, Moment};
use i18n_embed_fl::fl;
use jiff::tz::TimeZone;
use pages::fmt;
use store::{Act, Letter, Via};

use crate::{
    queue::{Left, Queue, Task, arrange},
    rooms::{self, NewCall},
    store as sql, t,
};

basis::code! {
    /// How often a digest is made.
    pub enum Period {
        /// What is due these days: the letters called "deadlines".
        Day => "day",
        /// Everything that waits, and new calls: the letters called "digest".
        Week => "week",
    }
}
impl Period {
    /// Which of [`access::LETTER_KINDS`] a person chooses it by.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Period::Day => "deadlines",
            Period::Week => "digest",
        }
    }
    /// "day:2026-11-22", "week:2026-W47": a person gets at most one letter under each.
    fn key(self, today: basis::Day) -> String {
        match self {
            Period::Day => format!("{}:{today}", self.code()),
            Period::Week => {
                let w = today.iso_week_date();
                format!("{}:{}-W{:02}", self.code(), w.year(), w.week())
            }
        }
    }
    fn days(self) -> i64 {
        match self {
            Period::Day => 1,
            Period::Week => 7,
        }
    }
    /// Whether a waiting thing belongs into this letter.
    fn takes(self, left: Left) -> bool {
        match self {
            Period::Week => true,
            // Reminded for a week after it became late, not for ever.
            Period::Day => matches!(left, Left::Today | Left::Late(0..=7) | Left::Days(..=2)),
        }
    }
}

/// What one letter says.
#[derive(Clone, Debug, Default)]
struct Matter {
    mine: Vec<Task>,
    others: usize,
    calls: Vec<NewCall>,
}
impl Matter {
    fn new(period: Period, queue: Queue, calls: Vec<NewCall>) -> Matter {
        Matter {
            mine: queue.mine.into_iter().filter(|t| period.takes(t.left)).collect(),
            others: queue.others.len(),
            calls,
        }
    }
    /// What others have to do is no reason for a letter.
    fn is_empty(&self) -> bool {
        self.mine.is_empty() && self.calls.is_empty()
    }
}

/// How many people are looked up at once.
const STRETCH: u32 = 200;
/// Most lines of one kind in a letter.
const MOST: usize = 30;

/// Makes this period's letters for everybody who wants them and has something to read; says how many. Run again in the
/// same period, it makes no second one.
///
/// One person's letter that cannot be made keeps nobody else from theirs: it is told in the log.
///
/// # Errors
/// Faults of the store, or when not one letter could be made; letters made before the fault stay.
pub async fn digest(house: &House, public_url: &str, period: Period) -> Result<usize, Fail> {
    let key = period.key(house.today());
    let (mut after, mut made) = (String::new(), 0);
    let (mut looked_at, mut failed) = (0, None);
    loop {
        let people = sql::reachable(&house.db, &after, STRETCH).await?;
        let Some(last) = people.last() else { break };
        after = last.to_string();
        let done = sql::digests_made(&house.db, &key, &people).await?;
        looked_at += done.len();
        let people: Vec<AccountId> = people.into_iter().filter(|p| !done.contains(p)).collect();
        for person in access::addressees(&house.db, &people, period.kind()).await? {
            let id = person.id;
            match store::caught(one(house, public_url, period, &key, person)).await {
                Ok(letter) => {
                    looked_at += 1;
                    made += usize::from(letter);
                }
                Err(e) => {
                    tracing::error!(account = %id, period = key, error = %e, "a person's digest could not be made");
                    failed = Some(e);
                }
            }
        }
    }
    if let Some(e) = failed.filter(|_| looked_at == 0) {
        return Err(e);
    }
    let long_ago = earlier(house.now(), 400);
    let tx = house.db.begin(&Act::house(Via::Job)).await?;
    sql::forget_digests(&tx, long_ago).await?;
    tx.done(()).await?;
    Ok(made)
}
/// Looks at one person's period; whether it made a letter.
async fn one(house: &House, public_url: &str, period: Period, key: &str, person: Addressee) -> Result<bool, Fail> {
    let locale = if person.lang.primary() == "zh" {
        Locale::Zh
    } else {
        Locale::En
    };
    let calls_wanted = period == Period::Week && !person.unwanted.0.iter().any(|u| u == "calls");
    let matter = gather(house, person.id, locale, period, calls_wanted).await?;
    let tx = house.db.begin(&Act::house(Via::Job)).await?;
    // Claimed with or without a letter: the period was looked at.
    let letter = sql::claim_digest(&tx, person.id, key).await? && !matter.is_empty();
    if letter {
        let (subject, text) = write(house, public_url, locale, &person.zone, period, &matter);
        let letter = Letter {
            kind: period.kind(),
            to_address: person.email,
            to_name: Some(person.name),
            account: Some(person.id),
            lang: locale.tag().to_owned(),
            subject,
            text,
            held: false,
        };
        tx.post(letter).await?;
    }
    tx.done(letter).await
}
fn earlier(now: Moment, days: i64) -> Moment {
    now.checked_sub(jiff::SignedDuration::from_hours(24 * days))
        .unwrap_or(now)
}
/// What waits on a person through everything they may act as, each line once.
async fn gather(
    house: &House,
    account: AccountId,
    locale: Locale,
    period: Period,
    calls_wanted: bool,
) -> Result<Matter, Fail> {
    let mut viewer = access::viewer_of(&house.db, account, None, Via::Job).await?;
    viewer.acting = None;
    let mut roles = vec![viewer.clone()];
    roles.extend(viewer.mandates.iter().map(|m| Viewer {
        acting: Some(m.clone()),
        ..viewer.clone()
    }));
    let now = house.now();
    let mut tasks = Vec::new();
    let mut fields: BTreeSet<Field> = BTreeSet::new();
    for role in &roles {
        let duties = rooms::duties(house, role, locale).await?;
        tasks.extend(duties.into_iter().map(|d| Task::new(d, now, &house.zone)));
        if calls_wanted {
            fields.extend(rooms::own_place(house, role).await?.fields);
        }
    }
    let calls = if fields.is_empty() {
        Vec::new()
    } else {
        rooms::new_calls(house, locale, &fields, earlier(now, period.days())).await?
    };
    Ok(Matter::new(period, arrange(tasks), calls))
}

fn write(house: &House, public_url: &str, locale: Locale, zone: &str, period: Period, m: &Matter) -> (String, String) {
    let l = t(locale);
    let link = |href: &str| {
        let path = ["/en/", "/zh/"]
            .iter()
            .find_map(|p| href.strip_prefix(p))
            .map(|p| format!("/{p}"));
        format!("{public_url}/{}{}", locale.path(), path.as_deref().unwrap_or(href))
    };
    let own = TimeZone::get(zone).unwrap_or_else(|_| house.zone.clone());
    let when = |due: Moment| {
        let home = fmt::moment(locale, due, &house.zone);
        if own.to_offset(due) == house.zone.to_offset(due) {
            return home;
        }
        fl!(
            l,
            "letter-two-clocks",
            own = fmt::moment(locale, due, &own),
            home = home
        )
    };
    let mut parts: Vec<String> = Vec::new();
    let subject = match (period, m.mine.len()) {
        (_, 0) => fl!(l, "letter-subject-calls", count = m.calls.len()),
        (Period::Day, n) => fl!(l, "letter-subject-day", count = n),
        (Period::Week, n) => fl!(l, "letter-subject-week", count = n),
    };
    if !m.mine.is_empty() {
        parts.push(fl!(l, "letter-mine"));
        for task in m.mine.iter().take(MOST) {
            let d = &task.duty;
            let about = if d.about.is_empty() {
                d.what.clone()
            } else {
                fl!(l, "letter-line", what = d.what.as_str(), about = d.about.as_str())
            };
            let due = match (d.due, task.left) {
                (Some(m), Left::Late(_)) => format!("\n  {}", fl!(l, "letter-late", when = when(m))),
                (Some(m), _) => format!("\n  {}", fl!(l, "letter-due", when = when(m))),
                (None, _) => String::new(),
            };
            parts.push(format!("- {about}{due}\n  {}", link(&d.href)));
        }
        let more = m.mine.len().saturating_sub(MOST);
        if more > 0 {
            parts.push(fl!(l, "letter-more", count = more));
        }
    }
    if period == Period::Week && m.others > 0 {
        parts.push(fl!(l, "letter-others", count = m.others));
    }
    if !m.calls.is_empty() {
        parts.push(fl!(l, "letter-calls"));
        for c in m.calls.iter().take(MOST) {
            parts.push(format!(
                "- {}\n  {}\n  {}",
                c.title,
                fl!(l, "letter-closes", when = when(c.closes_at)),
                link(&c.href)
            ));
        }
    }
    parts.push(fl!(l, "letter-choose", link = link("/account")));
    (subject, format!("{}\n", parts.join("\n\n")))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn a_period_has_one_name() {
        let day = |s: &str| s.parse::<basis::Day>().unwrap();
        assert_eq!(Period::Day.key(day("2026-11-22")), "day:2026-11-22");
        // The last days of a year may belong to the first week of the next.
        assert_eq!(Period::Week.key(day("2026-12-31")), "week:2026-W53");
        assert_eq!(Period::Week.key(day("2025-12-30")), "week:2026-W01");
    }
    #[test]
    fn nothing_to_say_is_empty_whatever_others_do() {
        let q = Queue {
            tally: Default::default(),
            mine: vec![],
            others: vec![],
        };
        assert!(Matter::new(Period::Week, q, vec![]).is_empty());
        assert!(
            Matter {
                others: 5,
                ..Matter::default()
            }
            .is_empty()
        );
        assert!(
            !Period::Day.takes(Left::Open) && !Period::Day.takes(Left::Days(3)) && !Period::Day.takes(Left::Late(8))
        );
        assert!(Period::Day.takes(Left::Today) && Period::Day.takes(Left::Days(2)) && Period::Day.takes(Left::Late(0)));
    }
}
