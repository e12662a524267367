//! Facts with who says so: claims about one field stand beside each other, conflicts are shown (decision 9.2).

use basis::{AccountId, Claimant, Code, Confidence, Day, FactId, Moment, Precision, code};
use serde::Serialize;

use crate::{Level, RelationKind, SignedDate};

code! {
    /// What a claim is about.
    pub enum About {
        Signed => "signed",
        Kind => "kind",
        Status => "status",
        Level => "level",
        NameZh => "name-zh",
        NameEn => "name-en",
        NameNative => "name-native",
        Successor => "successor",
        Other => "other",
    }
}
store::coded!(About);

store::row! {
    /// One claim as kept.
    #[derive(PartialEq, Serialize)]
    pub struct FactRow {
        pub id: FactId,
        pub object_kind: String,
        pub object_id: String,
        pub field: About,
        pub value: String,
        pub precision: Option<Precision>,
        pub source: String,
        pub claimant: Claimant,
        pub confidence: Confidence,
        pub as_of: Option<Day>,
        pub note: Option<String>,
        pub account: Option<AccountId>,
        pub at: Moment,
        pub illustrative: bool,
    }
}

/// All claims about one field, and whether they contradict each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Claims {
    pub about: About,
    pub rows: Vec<FactRow>,
    pub disputed: bool,
}

/// Whether two claims about one field can both be true.
pub fn agree(about: About, a: &str, b: &str) -> bool {
    match about {
        About::Signed => match (SignedDate::parse(a), SignedDate::parse(b)) {
            (Some(a), Some(b)) => a.agrees(&b),
            _ => a == b,
        },
        // A remark stands for itself.
        About::Other => true,
        About::Kind => a == b || [a, b].contains(&RelationKind::Unclear.code()),
        _ => crate::fold::fold(a) == crate::fold::fold(b),
    }
}

/// Gathers claims by field, in the order of [`About`]; within a field the surest first, then the oldest.
pub fn gather(mut rows: Vec<FactRow>) -> Vec<Claims> {
    rows.sort_by_key(|r| (r.field, r.confidence, r.at, r.id));
    let mut out: Vec<Claims> = Vec::new();
    for row in rows {
        match out.last_mut() {
            Some(c) if c.about == row.field => {
                c.disputed |= c.rows.iter().any(|other| !agree(row.field, &other.value, &row.value));
                c.rows.push(row);
            }
            _ => out.push(Claims {
                about: row.field,
                rows: vec![row],
                disputed: false,
            }),
        }
    }
    out
}

/// Whether a value fits what it is about.
pub fn fits(about: About, value: &str) -> bool {
    match about {
        About::Signed => SignedDate::parse(value).is_some(),
        About::Kind => RelationKind::from_code(value).is_some(),
        About::Status => crate::RelationStatus::from_code(value).is_some(),
        About::Level => Level::from_code(value).is_some(),
        _ => !value.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(field: About, value: &str, confidence: Confidence) -> FactRow {
        FactRow {
            id: basis::Id::named(value),
            object_kind: "relation".into(),
            object_id: "r".into(),
            field,
            value: value.into(),
            precision: None,
            source: "https://example.org".into(),
            claimant: Claimant::Third,
            confidence,
            as_of: None,
            note: None,
            account: None,
            at: Moment::UNIX_EPOCH,
            illustrative: false,
        }
    }

    #[test]
    fn toulouse_is_disputed_and_a_vaguer_year_is_not() {
        let claims = gather(vec![
            says(About::Other, "first", Confidence::High),
            says(About::Signed, "1981", Confidence::Low),
            says(About::Signed, "1982-12", Confidence::High),
            says(About::Other, "second", Confidence::High),
        ]);
        assert_eq!(claims.len(), 2);
        assert!(claims[0].disputed && claims[0].rows[0].value == "1982-12");
        assert!(!claims[1].disputed);
        assert!(agree(About::Signed, "1986", "1986-10-23"));
        assert!(agree(About::NameEn, "Dusseldorf", "Düsseldorf"));
        assert!(!agree(About::Kind, "sister", "friendly-exchange"));
        assert!(agree(About::Kind, "sister", "unclear"));
    }

    #[test]
    fn values_fit_what_they_are_about() {
        assert!(fits(About::Signed, "1982-12") && !fits(About::Signed, "long ago"));
        assert!(fits(About::Level, "province") && !fits(About::Level, "duchy"));
    }
}
