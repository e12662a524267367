//! What the register itself says about a relation is corrected. Other claims stay beside it.

use access::{Asking, House};
use basis::{Check, Claimant, Confidence, Day, Fail, Refusal, RelationId, Text};
use serde::{Deserialize, Serialize};
use store::Entry;

use crate::{
    Relation, RelationKind, SignedDate,
    enter::{known_date, note_of},
    store as sql, view,
};

/// All that can be edited, as handed in; [`Input::of`] gives what stands now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = RelationEdit)]
pub struct Input {
    pub reference: String,
    pub kind: String,
    pub signed: String,
    pub filed_on: String,
    pub source: String,
    pub claimant: String,
    pub confidence: String,
    pub note_zh: String,
    pub note_en: String,
    /// The version that was read.
    pub version: String,
}
struct Checked {
    reference: String,
    kind: RelationKind,
    signed: Option<SignedDate>,
    filed_on: Option<Day>,
    source: String,
    claimant: Claimant,
    confidence: Confidence,
    note: Option<Text>,
    version: Option<i64>,
}

impl Input {
    pub fn of(r: &Relation) -> Input {
        let note = |lang: &str| r.note.as_ref().and_then(|n| n.get(lang)).unwrap_or_default().to_owned();
        Input {
            reference: r.reference.clone(),
            kind: r.kind.to_string(),
            signed: r.signed.map(|s| s.text()).unwrap_or_default(),
            filed_on: r.filed_on.map(|d| d.to_string()).unwrap_or_default(),
            source: r.source.clone(),
            claimant: r.claimant.to_string(),
            confidence: r.confidence.to_string(),
            note_zh: note("zh-Hans"),
            note_en: note("en"),
            version: r.version.to_string(),
        }
    }
    fn check(&self, today: Day) -> Result<Checked, Vec<Refusal>> {
        let mut c = Check::new();
        let reference = c.line("reference", &self.reference, 40);
        let kind = c.one_of("kind", &self.kind).unwrap_or(RelationKind::Unclear);
        let signed = known_date(&mut c, "signed", &self.signed);
        c.ensure(signed.is_none_or(|s| s.from <= today), || {
            Refusal::at("signed", "refusal-day-to-come")
        });
        let filed_on = c.day_opt("filed_on", &self.filed_on);
        c.ensure(filed_on.is_none_or(|d| d <= today), || {
            Refusal::at("filed_on", "refusal-day-to-come")
        });
        let source = c.line_opt("source", &self.source, 500).unwrap_or_default();
        let claimant = c.one_of("claimant", &self.claimant).unwrap_or(Claimant::Us);
        let confidence = c.one_of("confidence", &self.confidence).unwrap_or(Confidence::Low);
        let note = note_of(&mut c, &self.note_zh, &self.note_en);
        let version = version_of(&mut c, &self.version);
        c.done(Checked {
            reference,
            kind,
            signed,
            filed_on,
            source,
            claimant,
            confidence,
            note,
            version,
        })
    }
}

/// The version a caller read. An edit that does not say what it was made on is refused: it could overwrite what nobody
/// saw.
pub(crate) fn version_of(c: &mut Check, raw: &str) -> Option<i64> {
    if raw.trim().is_empty() {
        c.refuse(Refusal::page("refusal-version-needed"));
        None
    } else {
        Some(c.number("version", raw, 1..=i64::MAX))
    }
}

/// Writes the correction; who read an older version is told ([`Fail::Changed`]).
pub async fn edit(house: &House, asking: &Asking, id: RelationId, input: &Input) -> Result<RelationId, Fail> {
    let new = input.check(house.today())?;
    let tx = asking.begin(house).await?;
    let before = sql::relation(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "relation.edit", &before.thing())?;
    if new.version.is_some_and(|v| v != before.version) {
        return Err(Fail::Changed);
    }
    if new.source.is_empty() && before.standing().is_open() {
        return Err(Refusal::at("source", "refusal-source-required").into());
    }
    let mut next = Relation {
        reference: new.reference,
        kind: new.kind,
        signed: new.signed,
        filed_on: new.filed_on,
        source: new.source,
        claimant: new.claimant,
        confidence: new.confidence,
        note: new.note,
        version: before.version + 1,
        ..before.clone()
    };
    let mut rows = sql::claims(&tx, &[("relation", id.to_string())]).await?;
    rows.retain(|f| !f.source.is_empty());
    next.disputed = view::is_disputed(&next, &rows);
    sql::save_relation(&tx, &next).await?;
    tx.journal(Entry::of("relation.edited", id).before(&before).after(&next));
    tx.emit("relation.changed", serde_json::json!({ "relation": id }))
        .await?;
    tx.done(id).await
}
