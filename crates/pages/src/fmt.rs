//! Days, moments, sums and numbers as readers of each language write them.

use basis::{Day, Locale, Moment, Money};
use jiff::tz::TimeZone;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// "30 November 2026", "2026年11月30日".
pub fn day(locale: Locale, d: Day) -> String {
    match locale {
        Locale::En => format!(
            "{} {} {}",
            d.day(),
            MONTHS[(d.month() as usize).clamp(1, 12) - 1],
            d.year()
        ),
        Locale::Zh => format!("{}年{}月{}日", d.year(), d.month(), d.day()),
    }
}
/// "30 Nov 2026", "2026年11月30日".
pub fn day_short(locale: Locale, d: Day) -> String {
    match locale {
        Locale::En => format!(
            "{} {} {}",
            d.day(),
            &MONTHS[(d.month() as usize).clamp(1, 12) - 1][..3],
            d.year()
        ),
        Locale::Zh => day(locale, d),
    }
}
/// A day, month or year as it is known: "2004-07-22", "1982-12", "1983".
pub fn known_date(locale: Locale, iso: &str) -> String {
    let mut parts = iso.split('-').map(str::parse::<i16>);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(Ok(y)), Some(Ok(m)), Some(Ok(d))) => {
            Day::new(y, m as i8, d as i8).map_or_else(|_| iso.to_owned(), |d| day(locale, d))
        }
        (Some(Ok(y)), Some(Ok(m)), None) if (1..=12).contains(&m) => match locale {
            Locale::En => format!("{} {y}", MONTHS[m as usize - 1]),
            Locale::Zh => format!("{y}年{m}月"),
        },
        (Some(Ok(y)), None, None) => match locale {
            Locale::En => y.to_string(),
            Locale::Zh => format!("{y}年"),
        },
        _ => iso.to_owned(),
    }
}
/// "30 Nov 2026, 17:00", "2026年11月30日17:00".
pub fn moment(locale: Locale, m: Moment, zone: &TimeZone) -> String {
    let z = m.to_zoned(zone.clone());
    match locale {
        Locale::En => format!("{}, {:02}:{:02}", day_short(locale, z.date()), z.hour(), z.minute()),
        Locale::Zh => format!("{}{:02}:{:02}", day(locale, z.date()), z.hour(), z.minute()),
    }
}
/// A moment with the clock it is told by: a deadline means nothing without it.
pub fn moment_named(locale: Locale, m: Moment, zone: &TimeZone) -> String {
    let (when, name) = (moment(locale, m, zone), zone.iana_name().unwrap_or("UTC"));
    match locale {
        Locale::En => format!("{when} ({name})"),
        Locale::Zh => format!("{when}（{name}）"),
    }
}
/// Only the clock: "17:00".
pub fn clock(m: Moment, zone: &TimeZone) -> String {
    let z = m.to_zoned(zone.clone());
    format!("{:02}:{:02}", z.hour(), z.minute())
}
/// The last day of what is kept as the first moment it no longer holds: people think of the last day it does.
pub fn last_day(until: Moment, zone: &TimeZone) -> Day {
    let last = until.checked_sub(jiff::SignedDuration::from_micros(1)).unwrap_or(until);
    last.to_zoned(zone.clone()).date()
}
/// Whole days from one day to another; negative when past.
pub fn days_between(from: Day, to: Day) -> i64 {
    i64::from(from.until(to).map_or(0, |s| s.get_days()))
}
pub fn money(locale: Locale, m: Money) -> String {
    match locale {
        Locale::En => m.to_string(),
        Locale::Zh => match m.currency.as_str() {
            "CNY" => format!("{}元", m.amount()),
            "EUR" => format!("{}欧元", m.amount()),
            "USD" => format!("{}美元", m.amount()),
            _ => m.to_string(),
        },
    }
}
pub fn number(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::new();
    if n < 0 {
        out.push('−');
    }
    for (i, c) in digits.chars().enumerate() {
        // Four digits stay together, as in years and small counts.
        if i > 0 && (digits.len() - i).is_multiple_of(3) && digits.len() > 4 {
            out.push(',');
        }
        out.push(c);
    }
    out
}
/// A file's size: "1.2 MB".
pub fn size(bytes: i64) -> String {
    match bytes {
        b if b < 1000 => format!("{b} B"),
        b if b < 1_000_000 => format!("{} kB", (b + 500) / 1000),
        b => format!("{}.{} MB", b / 1_000_000, b % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn dates_as_they_are_known() {
        assert_eq!(known_date(Locale::En, "2004-07-22"), "22 July 2004");
        assert_eq!(known_date(Locale::Zh, "1982-12"), "1982年12月");
        assert_eq!(known_date(Locale::En, "1983"), "1983");
        assert_eq!(known_date(Locale::En, "before 1990"), "before 1990");
    }
    #[test]
    fn what_ends_at_midnight_lasts_until_the_day_before() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let until: Moment = "2026-05-01T16:00:00Z".parse().unwrap();
        assert_eq!(last_day(until, &zone).to_string(), "2026-05-01");
        let noon: Moment = "2026-05-01T04:00:00Z".parse().unwrap();
        assert_eq!(last_day(noon, &zone).to_string(), "2026-05-01");
    }
    #[test]
    fn sums_name_their_currency() {
        let m = Money::parse("60000", basis::Currency::CNY).unwrap();
        assert_eq!(money(Locale::Zh, m), "60,000.00元");
        assert_eq!(number(10_000), "10,000");
        assert_eq!(number(2026), "2026");
    }
}
