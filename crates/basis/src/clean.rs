//! What people type, made fit to keep: one form (NFC), nothing invisible, nothing that turns the line around.

use std::borrow::Cow;

use crate::{Currency, Day, Lang, Money, MoneyFault, Refusal, Text};
use unicode_normalization::UnicodeNormalization;

/// Invisible or line-turning characters that never belong in a name: they make two different texts look alike.
/// ZWJ and ZWNJ stay inside words, where Persian, Hindi and emoji need them (Unicode TR36 section 3.4).
fn is_trick(c: char) -> bool {
    matches!(c,
        '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{00ad}' | '\u{180e}' | '\u{061c}'
        | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn joins_word(before: Option<char>, after: Option<char>) -> bool {
    let wordlike = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && !c.is_whitespace());
    wordlike(before) && wordlike(after)
}

/// One line: NFC, tricks and control characters gone, white space folded to single spaces, trimmed.
pub fn clean_line(s: &str) -> String {
    clean(s, false)
}
/// Several lines: as [`clean_line`], but single line breaks and at most one empty line between paragraphs stay.
pub fn clean_prose(s: &str) -> String {
    clean(s, true)
}
fn clean(s: &str, lines: bool) -> String {
    let chars: Vec<char> = s.nfc().collect();
    let mut out = String::with_capacity(s.len());
    for (i, &c) in chars.iter().enumerate() {
        if matches!(c, '\u{200c}' | '\u{200d}') {
            if joins_word(i.checked_sub(1).map(|j| chars[j]), chars.get(i + 1).copied()) {
                out.push(c);
            }
        } else if c == '\n' && lines {
            while out.ends_with(' ') {
                out.pop();
            }
            if !out.ends_with("\n\n") && !out.is_empty() {
                out.push('\n');
            }
        } else if c == '\r' || is_trick(c) {
        } else if c.is_whitespace() || c.is_control() {
            if !out.ends_with([' ', '\n', '\u{3000}']) && !out.is_empty() {
                out.push(if c == '\u{3000}' { c } else { ' ' });
            }
        } else {
            out.push(c);
        }
    }
    out.trim().to_owned()
}

/// Checks one input after another and keeps every refusal, so that a person sees all faults at once, each at its field.
///
/// Refusal codes are the shared ones: `refusal-required`, `refusal-too-long`, `refusal-not-a-date`, …
#[derive(Debug, Default)]
pub struct Check {
    refusals: Vec<Refusal>,
}
/// Digits alone, however many: a number too large to be held is a number all the same.
fn whole(typed: &str) -> bool {
    let digits = typed.strip_prefix(['-', '+']).unwrap_or(typed);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}
fn out_of(field: Cow<'static, str>, range: &std::ops::RangeInclusive<i64>) -> Refusal {
    Refusal::at(field, "refusal-out-of-range")
        .with("min", *range.start())
        .with("max", *range.end())
}
impl Check {
    pub fn new() -> Self {
        Self::default()
    }
    pub fn refuse(&mut self, r: Refusal) {
        self.refusals.push(r);
    }
    pub fn ensure(&mut self, ok: bool, r: impl FnOnce() -> Refusal) {
        if !ok {
            self.refusals.push(r());
        }
    }
    pub fn is_clean(&self) -> bool {
        self.refusals.is_empty()
    }
    /// How much was refused so far: whoever looks at several fields together asks before and after whether each could be read.
    pub fn refused(&self) -> usize {
        self.refusals.len()
    }
    /// The value if nothing was refused, else all refusals. Call last.
    pub fn done<T>(self, value: T) -> Result<T, Vec<Refusal>> {
        if self.refusals.is_empty() {
            Ok(value)
        } else {
            Err(self.refusals)
        }
    }
    /// One line, required, at most `max` characters.
    pub fn line(&mut self, field: impl Into<Cow<'static, str>>, raw: &str, max: usize) -> String {
        let field = field.into();
        let s = self.line_opt(field.clone(), raw, max);
        match s {
            Some(s) => s,
            None => {
                if !self.refusals.iter().any(|r| r.field.as_ref() == Some(&field)) {
                    self.refuse(Refusal::at(field, "refusal-required"));
                }
                String::new()
            }
        }
    }
    /// One line, may be missing.
    pub fn line_opt(&mut self, field: impl Into<Cow<'static, str>>, raw: &str, max: usize) -> Option<String> {
        self.sized(field.into(), clean_line(raw), max)
    }
    /// Several lines, required.
    pub fn prose(&mut self, field: impl Into<Cow<'static, str>>, raw: &str, max: usize) -> String {
        let field = field.into();
        match self.prose_opt(field.clone(), raw, max) {
            Some(s) => s,
            None => {
                if !self.refusals.iter().any(|r| r.field.as_ref() == Some(&field)) {
                    self.refuse(Refusal::at(field, "refusal-required"));
                }
                String::new()
            }
        }
    }
    /// Several lines, may be missing.
    pub fn prose_opt(&mut self, field: impl Into<Cow<'static, str>>, raw: &str, max: usize) -> Option<String> {
        self.sized(field.into(), clean_prose(raw), max)
    }
    fn sized(&mut self, field: Cow<'static, str>, s: String, max: usize) -> Option<String> {
        let count = s.chars().count();
        if count > max {
            self.refuse(
                Refusal::at(field, "refusal-too-long")
                    .with("max", max)
                    .with("count", count),
            );
            return None;
        }
        (!s.is_empty()).then_some(s)
    }
    /// A text that may be given in Chinese, in English, or both; at least one is required. The fault sits at `zh_field`.
    pub fn bilingual(
        &mut self,
        zh_field: &'static str,
        zh: &str,
        en_field: &'static str,
        en: &str,
        max: usize,
        source: Lang,
    ) -> Text {
        let zh = self.prose_opt(zh_field, zh, max);
        let en = self.prose_opt(en_field, en, max);
        match (zh, en) {
            (Some(zh), Some(en)) if source == Lang::en() => Text::new(Lang::en(), en).with(Lang::zh(), zh),
            (Some(zh), Some(en)) => Text::both(zh, en),
            (Some(zh), None) => Text::new(Lang::zh(), zh),
            (None, Some(en)) => Text::new(Lang::en(), en),
            (None, None) => {
                let known = self
                    .refusals
                    .iter()
                    .any(|r| r.field.as_deref() == Some(zh_field) || r.field.as_deref() == Some(en_field));
                if !known {
                    self.refuse(Refusal::at(
                        if source == Lang::en() { en_field } else { zh_field },
                        "refusal-one-language",
                    ));
                }
                Text::new(source, "")
            }
        }
    }
    /// A whole number within bounds.
    pub fn number(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        raw: &str,
        range: std::ops::RangeInclusive<i64>,
    ) -> i64 {
        let field = field.into();
        let folded: String = raw.nfkc().filter(|c| !c.is_whitespace() && *c != ',').collect();
        if folded.is_empty() {
            self.refuse(Refusal::at(field, "refusal-required"));
            return *range.start();
        }
        match folded.parse::<i64>() {
            Ok(n) if range.contains(&n) => n,
            Ok(_) => {
                self.refuse(out_of(field, &range));
                *range.start()
            }
            Err(_) => {
                self.refuse(if whole(&folded) {
                    out_of(field, &range)
                } else {
                    Refusal::at(field, "refusal-not-a-number")
                });
                *range.start()
            }
        }
    }
    /// A sum in this currency, zero or more.
    pub fn money(&mut self, field: impl Into<Cow<'static, str>>, raw: &str, currency: Currency) -> Money {
        let field = field.into();
        if raw.trim().is_empty() {
            self.refuse(Refusal::at(field, "refusal-required"));
            return Money::zero(currency);
        }
        let refusal = match Money::parse(raw, currency) {
            Ok(m) if m.minor >= 0 => return m,
            Ok(_) => "refusal-money-negative",
            Err(MoneyFault::Digits) => "refusal-money-digits",
            Err(MoneyFault::TooLarge) => "refusal-money-too-large",
            Err(_) => "refusal-not-money",
        };
        self.refuse(
            Refusal::at(field, refusal)
                .with("currency", currency.as_str())
                .with("digits", i64::from(currency.digits())),
        );
        Money::zero(currency)
    }
    /// A day as "2027-03-15", "2027/3/15", "2027年3月15日" or "15.3.2027".
    pub fn day(&mut self, field: impl Into<Cow<'static, str>>, raw: &str) -> Option<Day> {
        let field = field.into();
        let cleaned = clean_line(raw);
        if cleaned.is_empty() {
            self.refuse(Refusal::at(field, "refusal-required"));
            return None;
        }
        let day = read_day(&cleaned);
        if day.is_none() {
            self.refuse(Refusal::at(field, "refusal-not-a-date"));
        }
        day
    }
    pub fn day_opt(&mut self, field: impl Into<Cow<'static, str>>, raw: &str) -> Option<Day> {
        if clean_line(raw).is_empty() {
            None
        } else {
            self.day(field, raw)
        }
    }
    /// One of a closed list, by its code.
    pub fn one_of<T: crate::Code>(&mut self, field: impl Into<Cow<'static, str>>, raw: &str) -> Option<T> {
        let field = field.into();
        if raw.trim().is_empty() {
            self.refuse(Refusal::at(field, "refusal-required"));
            return None;
        }
        let found = T::from_code(raw.trim());
        if found.is_none() {
            self.refuse(Refusal::at(field, "refusal-not-in-list"));
        }
        found
    }
    /// An id of some kind, as given by a hidden input, a select or the API.
    pub fn id<T>(&mut self, field: impl Into<Cow<'static, str>>, raw: &str) -> Option<crate::Id<T>> {
        let field = field.into();
        if raw.trim().is_empty() {
            self.refuse(Refusal::at(field, "refusal-required"));
            return None;
        }
        let id = raw.trim().parse().ok();
        if id.is_none() {
            self.refuse(Refusal::at(field, "refusal-not-in-list"));
        }
        id
    }
    pub fn id_opt<T>(&mut self, field: impl Into<Cow<'static, str>>, raw: &str) -> Option<crate::Id<T>> {
        if raw.trim().is_empty() {
            None
        } else {
            self.id(field, raw)
        }
    }
    /// An e-mail address, kept as typed but for case of the host; a plausible shape only, a letter proves the rest.
    pub fn email(&mut self, field: impl Into<Cow<'static, str>>, raw: &str) -> String {
        let field = field.into();
        let s = clean_line(raw);
        if s.is_empty() {
            self.refuse(Refusal::at(field, "refusal-required"));
            return s;
        }
        let shaped = s.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty()
                && local.len() <= 64
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
                && !host.contains("..")
                && !s.contains([' ', '<', '>', '(', ')', ',', ';', ':', '"', '[', ']', '\\'])
                && s.matches('@').count() == 1
        });
        if !shaped || s.len() > 254 {
            self.refuse(Refusal::at(field, "refusal-not-email"));
        }
        s
    }
    /// An address on the open web; addresses of inside networks, other schemes and credentials are refused.
    pub fn web_address_opt(&mut self, field: impl Into<Cow<'static, str>>, raw: &str) -> Option<String> {
        let field = field.into();
        let s = self.line_opt(field.clone(), raw, 500)?;
        let refusal = match outside_address(&s) {
            Outside::Yes => return Some(s),
            Outside::Inside => "refusal-inside-address",
            Outside::NotOne => "refusal-not-web-address",
        };
        self.refuse(Refusal::at(field, refusal));
        None
    }
}

enum Outside {
    Yes,
    Inside,
    NotOne,
}
fn outside_address(s: &str) -> Outside {
    let Some(rest) = s.strip_prefix("https://").or_else(|| s.strip_prefix("http://")) else {
        return Outside::NotOne;
    };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or("");
    if authority.contains('@') || authority.is_empty() || s.contains(char::is_whitespace) {
        return Outside::NotOne;
    }
    let host = if authority.starts_with('[') {
        authority.split(']').next().unwrap_or("")
    } else {
        authority.split(':').next().unwrap_or("")
    };
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    // Addresses by number, in any of their spellings, are never a public institution's page.
    let numeric = host.starts_with('[')
        || host
            .split('.')
            .next_back()
            .is_some_and(|last| last.starts_with(|c: char| c.is_ascii_digit()));
    let inside = host == "localhost"
        || [
            ".localhost",
            ".local",
            ".internal",
            ".lan",
            ".home",
            ".arpa",
            ".intranet",
            ".corp",
        ]
        .iter()
        .any(|t| host.ends_with(t));
    if numeric || inside || (!host.contains('.') && !host.is_empty()) {
        Outside::Inside
    } else {
        Outside::Yes
    }
}

fn read_day(s: &str) -> Option<Day> {
    let s: String = s.nfkc().collect();
    let parts: Vec<i64> = s
        .split(|c: char| !c.is_ascii_digit())
        .filter(|p| !p.is_empty())
        .map(|p| p.parse().ok())
        .collect::<Option<_>>()?;
    let [a, b, c] = parts[..] else { return None };
    let (y, m, d) = if a > 31 {
        (a, b, c)
    } else if s.contains('.') && c > 31 {
        (c, b, a)
    } else {
        return None;
    };
    if !(1900..=2200).contains(&y) {
        return None;
    }
    Day::new(y as i16, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn tricks_are_gone_and_words_stay() {
        assert_eq!(
            clean_line("  Chong\u{200b}qing\u{202e} \t Library "),
            "Chongqing Library"
        );
        assert_eq!(clean_line("می\u{200c}خواهم"), "می\u{200c}خواهم");
        assert_eq!(clean_line("ab\u{200d}c"), "abc");
        assert_eq!(clean_prose("a\r\n\r\n\r\n\r\nb  c"), "a\n\nb c");
    }
    #[test]
    fn a_number_too_large_to_be_held_is_out_of_range_and_no_word() {
        for (typed, code) in [
            ("99999999999999999999", "refusal-out-of-range"),
            ("-99,999,999,999,999,999,999", "refusal-out-of-range"),
            ("９９９９９９９９９９９９９９９９９９９９", "refusal-out-of-range"),
            ("101", "refusal-out-of-range"),
            ("abc", "refusal-not-a-number"),
            ("1e3", "refusal-not-a-number"),
            ("-", "refusal-not-a-number"),
            ("", "refusal-required"),
        ] {
            let mut c = Check::new();
            c.number("n", typed, 1..=100);
            let told: Vec<_> = c.done(()).unwrap_err().iter().map(|r| r.code).collect();
            assert_eq!(told, [code], "{typed}");
        }
    }
    #[test]
    fn every_fault_is_kept_at_its_field() {
        let mut c = Check::new();
        c.line("title", "", 10);
        c.line("name", &"x".repeat(11), 10);
        c.day("due", "31.2.2027");
        c.money("sum", "1.234", Currency::CNY);
        c.email("email", "a@b");
        let codes: Vec<_> = c
            .done(())
            .unwrap_err()
            .into_iter()
            .map(|r| (r.field.unwrap().into_owned(), r.code))
            .collect();
        assert_eq!(
            codes,
            [
                ("title", "refusal-required"),
                ("name", "refusal-too-long"),
                ("due", "refusal-not-a-date"),
                ("sum", "refusal-money-digits"),
                ("email", "refusal-not-email")
            ]
            .map(|(a, b)| (a.to_owned(), b))
        );
    }
    #[test]
    fn days_in_the_ways_people_write_them() {
        for s in [
            "2027-03-15",
            "2027/3/15",
            "2027年3月15日",
            "15.3.2027",
            "２０２７－０３－１５",
        ] {
            assert_eq!(Check::new().day("d", s), Some(Day::constant(2027, 3, 15)), "{s}");
        }
        for s in ["03/15/2027", "tomorrow", "2027-13-01", "0001-01-01"] {
            assert_eq!(Check::new().day("d", s), None, "{s}");
        }
    }
    #[test]
    fn inside_addresses_are_refused() {
        for s in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]/",
            "http://localhost",
            "https://a.internal/x",
            "ftp://a.de",
            "javascript:alert(1)",
            "http://u:p@a.de",
            "http://router",
        ] {
            let mut c = Check::new();
            assert_eq!(c.web_address_opt("u", s), None, "{s}");
            assert!(!c.is_clean());
        }
        assert!(
            Check::new()
                .web_address_opt("u", "https://www.duesseldorf.de/x?y=1")
                .is_some()
        );
    }
}
