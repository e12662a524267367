//! Somebody says something about a relation: kept beside what others say, with who says it and where (decision 9.2).

use access::{Asking, House};
use basis::{Check, Claimant, Confidence, Day, FactId, Fail, Refusal, RelationId};
use serde::{Deserialize, Serialize};
use store::Entry;

use crate::{About, FactRow, RelationStatus, SignedDate, claim, store as sql, view};

/// As handed in.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = NewFact)]
pub struct Input {
    /// What it is about: signed, kind, status, level, name-zh, name-en, name-native, successor, other.
    pub about: String,
    pub value: String,
    /// An address or a document. Without one the claim stays between the officers of both sides.
    pub source: String,
    /// "us" or "third"; a partner's officer always speaks as "them".
    pub claimant: String,
    pub confidence: String,
    /// The day for which it holds.
    pub as_of: String,
    pub note: String,
}
pub(crate) struct Checked {
    about: About,
    value: String,
    source: String,
    claimant: Option<Claimant>,
    confidence: Confidence,
    as_of: Option<Day>,
    note: Option<String>,
}
impl Input {
    pub(crate) fn check(&self) -> Result<Checked, Vec<Refusal>> {
        let mut c = Check::new();
        let about = c.one_of::<About>("about", &self.about).unwrap_or(About::Other);
        let mut value = c.line("value", &self.value, 500);
        if !value.is_empty() && !claim::fits(about, &value) {
            c.refuse(Refusal::at(
                "value",
                match about {
                    About::Signed => "refusal-known-date",
                    _ => "refusal-not-in-list",
                },
            ));
        }
        if let (About::Signed, Some(day)) = (about, SignedDate::parse(&value)) {
            value = day.text();
        }
        let source = c.line_opt("source", &self.source, 500).unwrap_or_default();
        let claimant = if self.claimant.trim().is_empty() {
            None
        } else {
            c.one_of("claimant", &self.claimant)
        };
        let confidence = match self.confidence.trim() {
            "" => Confidence::Medium,
            raw => c.one_of("confidence", raw).unwrap_or(Confidence::Low),
        };
        let as_of = c.day_opt("as_of", &self.as_of);
        let note = c.prose_opt("note", &self.note, 1000);
        c.done(Checked {
            about,
            value,
            source,
            claimant,
            confidence,
            as_of,
            note,
        })
    }
}

/// Adds the claim to the relation, or to the partner's government where it is about its name or level.
pub async fn add_fact(house: &House, asking: &Asking, id: RelationId, input: &Input) -> Result<FactId, Fail> {
    let said = input.check()?;
    let tx = asking.begin(house).await?;
    let relation = sql::hold_relation(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "relation.add-fact", &relation.thing())?;
    let of_partner = matches!(
        said.about,
        About::Level | About::NameZh | About::NameEn | About::NameNative | About::Successor
    );
    let fact = FactRow {
        id: tx.fresh(),
        object_kind: if of_partner { "government" } else { "relation" }.into(),
        object_id: if of_partner {
            relation.partner.to_string()
        } else {
            id.to_string()
        },
        field: said.about,
        precision: SignedDate::parse(&said.value)
            .map(|s| s.precision)
            .filter(|_| said.about == About::Signed),
        value: said.value,
        source: said.source,
        claimant: view::claimant_of(&asking.viewer, said.claimant),
        confidence: said.confidence,
        as_of: said.as_of,
        note: said.note,
        account: asking.viewer.account(),
        at: tx.now(),
        illustrative: asking.viewer.acting.as_ref().is_some_and(|m| m.illustrative),
    };
    sql::insert_claims(&tx, std::slice::from_ref(&fact)).await?;
    let rows = sql::claims(&tx, &[("relation", id.to_string())]).await?;
    // Only what has a source may mark a relation as disputed before the public.
    let public: Vec<FactRow> = rows.into_iter().filter(|f| !f.source.is_empty()).collect();
    sql::mark_disputed(&tx, id, view::is_disputed(&relation, &public)).await?;
    tx.journal(Entry::of("fact.added", fact.id).after(&fact));
    tx.journal(Entry::of("relation.fact-added", id).after(&fact));
    if relation.status != RelationStatus::Succeeded {
        tx.emit("relation.changed", serde_json::json!({ "relation": id }))
            .await?;
    }
    tx.done(fact.id).await
}
