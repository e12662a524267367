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
/// A text in languages, a sum, who did something and when, a day as exactly as it is known: an object to the machine,
/// one value to people.
fn is_one_value(v: &Value) -> bool {
    as_text(v).is_some() || as_money(v).is_some() || is_deed(v) || as_known_date(v).is_some()
}
fn is_deed(v: &Value) -> bool {
    v.as_object().is_some_and(|o| {
        o.contains_key("by") && o.contains_key("at") && o.keys().all(|k| matches!(k.as_str(), "by" | "body" | "at"))
    })
}
/// "1983-01-01" to the year is "1983".
fn as_known_date(v: &Value) -> Option<&str> {
    let o = v.as_object().filter(|o| o.len() == 2)?;
    let (from, precision) = (o.get("from")?.as_str()?, o.get("precision")?.as_str()?);
    let end = match precision {
        "year" => 4,
        "month" => 7,
        _ => 10,
    };
    Some(from.get(..end).unwrap_or(from))
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

/// Whole numbers that are sums in the currency written beside or above them.
const SUMS: &[&str] = &["amount", "budget", "ceiling", "promised"];
/// Parts that hold one of several states, each with parts of its own.
const STATES: &[&str] = &["stage", "verdict"];

/// A value as people would write it down: a state and its parts side by side, sums with their currency, and what came
/// with a thing as a part of it.
pub fn tidy(v: &Value) -> Value {
    if let Value::Array(all) = v
        && let [first, with] = all.as_slice()
        && first.is_object()
        && !is_one_value(first)
        && let Value::Object(mut out) = tidy_in(first, None)
    {
        let name = match with {
            Value::Object(o) if o.contains_key("answer_by") => "assignment",
            Value::Array(a) if a.iter().all(Value::is_string) => "evaluators",
            Value::Array(_) => "needs",
            _ => return tidy_in(v, None),
        };
        out.insert(name.to_owned(), tidy_in(with, first.get("currency")));
        return Value::Object(out);
    }
    tidy_in(v, None)
}
fn tidy_in(v: &Value, currency: Option<&Value>) -> Value {
    match v {
        Value::Array(all) => Value::Array(all.iter().map(|v| tidy_in(v, currency)).collect()),
        Value::Object(o) if !is_one_value(v) => {
            if let Some((state, parts)) = as_state(o) {
                let mut out = match tidy_in(parts, currency) {
                    Value::Object(parts) => parts,
                    _ => serde_json::Map::new(),
                };
                out.insert("status".to_owned(), Value::String(state));
                return Value::Object(out);
            }
            let currency = o.get("currency").or(currency);
            let mut out = serde_json::Map::new();
            let mut has_sums = false;
            for (name, inner) in o {
                let sum = inner.is_i64() && SUMS.contains(&name.as_str());
                has_sums |= sum;
                let inner = match (inner, currency) {
                    (_, Some(c)) if sum => serde_json::json!({ "minor": inner, "currency": c }),
                    // A number of cents of nobody knows what says nothing.
                    (_, None) if sum => Value::Null,
                    (Value::String(s), _) if STATES.contains(&name.as_str()) && begins_large(s) => {
                        serde_json::json!({ "status": kebab(s) })
                    }
                    _ => tidy_in(inner, currency),
                };
                out.insert(name.clone(), inner);
            }
            if has_sums {
                out.remove("currency");
            }
            Value::Object(out)
        }
        _ => v.clone(),
    }
}
/// `{"Paid": {…}}`: the state and its parts.
fn as_state(o: &serde_json::Map<String, Value>) -> Option<(String, &Value)> {
    let (name, parts) = o.iter().next().filter(|_| o.len() == 1)?;
    begins_large(name).then(|| (kebab(name), parts))
}
fn begins_large(s: &str) -> bool {
    s.starts_with(|c: char| c.is_ascii_uppercase()) && s.chars().all(|c| c.is_ascii_alphanumeric())
}
/// "InPart" is "in-part".
fn kebab(s: &str) -> String {
    let mut out = String::new();
    for c in s.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// How values are said to one reader.
pub struct Voice<'a> {
    pub locale: Locale,
    pub zone: &'a TimeZone,
    pub yes: String,
    pub no: String,
    /// The name of whatever has this id, if it has one that this reader may know.
    pub name: &'a dyn Fn(&str) -> Option<String>,
    /// The word of the part with this whole path; none for what only the machine needs.
    pub part: &'a dyn Fn(&str) -> Option<String>,
    /// The word of a code, where the part with this path holds one of a closed list.
    pub code: &'a dyn Fn(&str, &str) -> Option<String>,
}
/// Longest value shown whole.
const LONGEST: usize = 600;

impl Voice<'_> {
    /// The value of the part with this path; empty if it says nothing to people.
    pub fn say(&self, path: &str, v: &Value) -> String {
        match v {
            Value::Null => String::new(),
            Value::Bool(true) => self.yes.clone(),
            Value::Bool(false) => self.no.clone(),
            Value::Number(n) => n.to_string(),
            Value::String(s) => self.say_string(path, s),
            Value::Array(all) => {
                let between = if self.locale == Locale::Zh { "；" } else { "; " };
                let said = all.iter().map(|v| self.say(path, v)).filter(|s| !s.is_empty());
                cut(&said.collect::<Vec<_>>().join(between))
            }
            Value::Object(o) => {
                if let Some(t) = as_text(v) {
                    return cut(t.plain(self.locale));
                }
                if let Some(m) = as_money(v) {
                    return fmt::money(self.locale, m);
                }
                if let Some(date) = as_known_date(v) {
                    return fmt::known_date(self.locale, date);
                }
                let comma = if self.locale == Locale::Zh { "，" } else { ", " };
                if is_deed(v) {
                    let said = ["by", "body", "at"]
                        .iter()
                        .filter_map(|k| o.get(*k))
                        .map(|v| self.say(path, v));
                    return said.filter(|s| !s.is_empty()).collect::<Vec<_>>().join(comma);
                }
                let colon = if self.locale == Locale::Zh { "：" } else { ": " };
                let pairs = o
                    .iter()
                    .filter(|(k, v)| !SILENT.contains(&k.as_str()) && !is_nothing(v));
                let pairs: Vec<String> = pairs
                    .filter_map(|(k, v)| {
                        let inner = if path.is_empty() {
                            k.clone()
                        } else {
                            format!("{path}.{k}")
                        };
                        let word = (self.part)(&inner)?;
                        let said = self.say(&inner, v);
                        (!said.is_empty()).then(|| format!("{word}{colon}{said}"))
                    })
                    .collect();
                cut(&pairs.join(comma))
            }
        }
    }
    fn say_string(&self, path: &str, s: &str) -> String {
        if is_id(s) {
            return (self.name)(s).unwrap_or_default();
        }
        if let Some(word) = (self.code)(path, s) {
            return word;
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
        let part = |path: &str| (!path.ends_with("key")).then(|| path.to_uppercase());
        let code = |path: &str, code: &str| (path == "mode").then(|| format!("by {code}"));
        let v = Voice {
            locale: Locale::En,
            zone: &zone,
            yes: "yes".into(),
            no: "no".into(),
            name: &name,
            part: &part,
            code: &code,
        };
        assert_eq!(v.say("sum", c[0].after.as_ref().unwrap()), "CNY\u{a0}2.00");
        assert_eq!(v.say("title", c[1].after.as_ref().unwrap()), "B");
        assert_eq!(v.say("at", &json!("2026-11-22T08:00:00Z")), "22 Nov 2026, 16:00");
        assert_eq!(v.say("", &json!([true, "x"])), "yes; x");
        assert_eq!(v.say("mode", &json!("post")), "by post");
        assert_eq!(v.say("note", &json!("post")), "post");
        assert_eq!(
            v.say("signed", &json!({"from": "1983-01-01", "precision": "year"})),
            "1983"
        );
        assert_eq!(v.say("c", &json!([{"key": "c1", "weight": 60}])), "C.WEIGHT: 60");
        let nobody = "0133f759-8900-71c1-a59e-2445b91e095f";
        assert_eq!(v.say("offer", &json!(nobody)), "");
        assert_eq!(
            v.say(
                "paid",
                &json!({"by": nobody, "body": null, "at": "2026-11-22T08:00:00Z"})
            ),
            "22 Nov 2026, 16:00"
        );
    }
    #[test]
    fn states_sums_and_what_came_with_a_thing_are_parts() {
        let done = json!({"by": "x", "body": null, "at": "2026-11-22T08:00:00Z"});
        assert_eq!(
            tidy(&json!({"stage": {"Paid": {"paid": done, "reference": "R1"}}})),
            json!({"stage": {"status": "paid", "paid": done, "reference": "R1"}})
        );
        assert_eq!(
            tidy(&json!({"verdict": "Awaited", "title": "Awaited"})),
            json!({"verdict": {"status": "awaited"}, "title": "Awaited"})
        );
        assert_eq!(kebab("InPart"), "in-part");
        assert_eq!(
            tidy(&json!({"currency": "CNY", "budget": 200, "lines": [{"amount": 100}]})),
            json!({
                "budget": {"minor": 200, "currency": "CNY"},
                "lines": [{"amount": {"minor": 100, "currency": "CNY"}}]
            })
        );
        assert_eq!(tidy(&json!({"budget": 200})), json!({"budget": null}));
        assert_eq!(
            tidy(&json!([{"title": "A"}, [{"unit": "h"}]])),
            json!({"title": "A", "needs": [{"unit": "h"}]})
        );
        let amount = json!({"amount": {"minor": 100, "currency": "CNY"}});
        assert_eq!(tidy(&amount), amount);
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
            let part = |path: &str| Some(path.to_owned());
            let code = |_: &str, _: &str| None;
            let (yes, no) = ("是".into(), "否".into());
            let v = Voice { locale: Locale::Zh, zone: &zone, yes, no, name: &name, part: &part, code: &code };
            for c in changes(Some(&tidy(&a)), Some(&tidy(&b))) {
                prop_assert!(c.before != c.after);
                for s in [&c.before, &c.after].into_iter().flatten() { v.say(&c.field, s); }
            }
        }
    }
}
