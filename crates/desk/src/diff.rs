//! Before and after as people read it: which fields changed, each in words. Pure.

use basis::{Day, Locale, Moment, Money, Text};
use jiff::tz::TimeZone;
use pages::fmt;
use serde_json::Value;

/// One field that changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// "closes_at", "standing.status"; empty where the whole value is one word.
    pub field: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// Fields that say nothing to people.
const SILENT: &[&str] = &["version", "id"];
/// Deeper than this, a value is shown whole.
const DEPTH: usize = 3;

/// The fields that differ, in the order of their names.
pub fn changes(before: Option<&Value>, after: Option<&Value>) -> Vec<Change> {
    let mut out = Vec::new();
    walk("", before, after, 0, &mut out);
    out
}
fn walk(path: &str, before: Option<&Value>, after: Option<&Value>, depth: usize, out: &mut Vec<Change>) {
    let (before, after) = (before.filter(|v| !is_nothing(v)), after.filter(|v| !is_nothing(v)));
    if before == after {
        return;
    }
    let open = |v: Option<&Value>| v.is_none_or(|v| v.is_object() && !is_one_value(v));
    if depth < DEPTH && open(before) && open(after) {
        let map = |v: Option<&'_ Value>| v.and_then(Value::as_object).cloned().unwrap_or_default();
        let (b, a) = (map(before), map(after));
        let mut names: Vec<&String> = b.keys().chain(a.keys()).collect();
        names.sort();
        names.dedup();
        for name in names.into_iter().filter(|n| !SILENT.contains(&n.as_str())) {
            let inner = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            walk(&inner, b.get(name), a.get(name), depth + 1, out);
        }
        return;
    }
    out.push(Change {
        field: path.to_owned(),
        before: before.cloned(),
        after: after.cloned(),
    });
}
fn is_nothing(v: &Value) -> bool {
    match v {
        Value::Null => true,
        Value::String(s) => s.is_empty(),
        Value::Array(a) => a.is_empty(),
        Value::Object(o) => o.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
/// A text in languages or a sum: an object to the machine, one value to people.
fn is_one_value(v: &Value) -> bool {
    as_text(v).is_some() || as_money(v).is_some()
}
fn as_text(v: &Value) -> Option<Text> {
    (v.get("by_lang").is_some() && v.get("source").is_some())
        .then(|| serde_json::from_value(v.clone()).ok())
        .flatten()
}
fn as_money(v: &Value) -> Option<Money> {
    let o = v.as_object()?;
    (o.len() == 2 && o.contains_key("minor") && o.contains_key("currency"))
        .then(|| serde_json::from_value(v.clone()).ok())
        .flatten()
}

/// How values are said to one reader.
pub struct Voice<'a> {
    pub locale: Locale,
    pub zone: &'a TimeZone,
    pub yes: String,
    pub no: String,
    /// The name of whatever has this id, if it has one that this reader may know.
    pub name: &'a dyn Fn(&str) -> Option<String>,
}
/// Longest value shown whole.
const LONGEST: usize = 600;

impl Voice<'_> {
    pub fn say(&self, v: &Value) -> String {
        match v {
            Value::Null => String::new(),
            Value::Bool(true) => self.yes.clone(),
            Value::Bool(false) => self.no.clone(),
            Value::Number(n) => n.to_string(),
            Value::String(s) => self.say_string(s),
            Value::Array(all) => {
                let between = if self.locale == Locale::Zh { "；" } else { "; " };
                cut(&all.iter().map(|v| self.say(v)).collect::<Vec<_>>().join(between))
            }
            Value::Object(o) => {
                if let Some(t) = as_text(v) {
                    return cut(t.plain(self.locale));
                }
                if let Some(m) = as_money(v) {
                    return fmt::money(self.locale, m);
                }
                let colon = if self.locale == Locale::Zh { "：" } else { ": " };
                let pairs: Vec<String> = o
                    .iter()
                    .filter(|(k, v)| !SILENT.contains(&k.as_str()) && !is_nothing(v))
                    .map(|(k, v)| format!("{k}{colon}{}", self.say(v)))
                    .collect();
                cut(&pairs.join(if self.locale == Locale::Zh { "，" } else { ", " }))
            }
        }
    }
    fn say_string(&self, s: &str) -> String {
        if s.len() == 36 && is_id(s) {
            return (self.name)(s).unwrap_or_else(|| format!("…{}", &s[28..]));
        }
        if s.len() >= 20
            && let Ok(m) = s.parse::<Moment>()
        {
            return fmt::moment(self.locale, m, self.zone);
        }
        if s.len() == 10
            && let Ok(d) = s.parse::<Day>()
        {
            return fmt::day(self.locale, d);
        }
        cut(s)
    }
}
pub fn is_id(s: &str) -> bool {
    s.len() == 36 && s.parse::<basis::AccountId>().is_ok()
}
/// Every id in a value, so that names can be asked for all at once.
pub fn ids(v: &Value, out: &mut Vec<String>) {
    match v {
        Value::String(s) if is_id(s) => out.push(s.clone()),
        Value::Array(a) => a.iter().for_each(|v| ids(v, out)),
        Value::Object(o) => o.values().for_each(|v| ids(v, out)),
        _ => {}
    }
}
fn cut(s: &str) -> String {
    if s.chars().count() <= LONGEST {
        return s.to_owned();
    }
    s.chars().take(LONGEST).chain("…".chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn only_what_changed_is_told() {
        let b = json!({"title": "A", "version": 1, "due": null, "standing": {"status": "planned", "reason": null}});
        let a = json!({"title": "A", "version": 2, "due": "2026-12-01", "standing": {"status": "dropped", "reason": "no money"}});
        let c = changes(Some(&b), Some(&a));
        let fields: Vec<&str> = c.iter().map(|c| c.field.as_str()).collect();
        assert_eq!(fields, ["due", "standing.reason", "standing.status"]);
        assert_eq!(
            (c[0].before.clone(), c[0].after.clone()),
            (None, Some(json!("2026-12-01")))
        );
    }
    #[test]
    fn texts_and_sums_are_one_value() {
        let b = json!({"title": Text::both("甲", "A"), "sum": Money::new(100, basis::Currency::CNY)});
        let a = json!({"title": Text::both("甲", "B"), "sum": Money::new(200, basis::Currency::CNY)});
        let c = changes(Some(&b), Some(&a));
        assert_eq!(c.len(), 2);
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let name = |_: &str| None;
        let v = Voice {
            locale: Locale::En,
            zone: &zone,
            yes: "yes".into(),
            no: "no".into(),
            name: &name,
        };
        assert_eq!(v.say(c[0].after.as_ref().unwrap()), "CNY\u{a0}2.00");
        assert_eq!(v.say(c[1].after.as_ref().unwrap()), "B");
        assert_eq!(v.say(&json!("2026-11-22T08:00:00Z")), "22 Nov 2026, 16:00");
        assert_eq!(v.say(&json!([true, "x"])), "yes; x");
    }
    #[test]
    fn a_birth_tells_all_that_is_there_and_a_word_is_a_word() {
        assert_eq!(changes(None, Some(&json!({"a": 1, "b": ""}))).len(), 1);
        let c = changes(Some(&json!("running")), Some(&json!("settled")));
        assert_eq!((c.len(), c[0].field.as_str()), (1, ""));
    }
    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[a-z]{0,40}".prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::hash_map("[a-c]", inner, 0..4)
                    .prop_map(|m| Value::Object(m.into_iter().collect())),
            ]
        })
    }
    proptest! {
        /// Whatever rooms write into the journal can be read aloud; nothing changed says nothing.
        #[test]
        fn anything_can_be_told(a in value(), b in value()) {
            prop_assert!(changes(Some(&a), Some(&a)).is_empty());
            let zone = TimeZone::UTC;
            let name = |_: &str| None;
            let v = Voice { locale: Locale::Zh, zone: &zone, yes: "是".into(), no: "否".into(), name: &name };
            for c in changes(Some(&a), Some(&b)) {
                prop_assert!(c.before != c.after);
                for s in [&c.before, &c.after].into_iter().flatten() { v.say(s); }
            }
        }
    }
}
