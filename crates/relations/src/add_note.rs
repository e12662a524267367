//! Officers of both sides write to each other about their relation. Never public, never exported.

use access::{Asking, House, Role};
use basis::{Check, Fail, Field, Id, Refusal, RelationId};
use serde::{Deserialize, Serialize};
use store::Entry;

use crate::{InsideNote, Relation, Side, store as sql, view::note_thing};

/// As handed in.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = NewNote)]
pub struct Input {
    pub words: String,
    /// The note that this one answers.
    pub answers: String,
    /// The field it is about, by its code: then that field's department reads it, too. A department's own always.
    pub field: String,
}

pub async fn add_note(house: &House, asking: &Asking, id: RelationId, input: &Input) -> Result<Id<InsideNote>, Fail> {
    let mut c = Check::new();
    let words = c.prose("words", &input.words, 4000);
    let answers = c.id_opt::<InsideNote>("answers", &input.answers);
    let field = match (asking.viewer.role(), input.field.trim()) {
        (Role::DepartmentOfficer, _) => asking.viewer.acting.as_ref().and_then(|m| m.field),
        (_, "") => None,
        (_, code) => c.one_of::<Field>("field", code),
    };
    let (words, answers) = c.done((words, answers))?;
    let tx = asking.begin(house).await?;
    let relation = sql::relation(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "relation.note", &note_thing(&relation, field))?;
    let account = asking.viewer.account().ok_or(Fail::NotFound)?;
    if let Some(answered) = answers
        && !readable(house, asking, &sql::inside_notes(&tx, id).await?, &relation, answered)
    {
        return Err(Refusal::at("answers", "refusal-not-in-list").into());
    }
    let note = InsideNote {
        id: tx.fresh(),
        relation: id,
        answers,
        side: if asking.viewer.role() == Role::PartnerOfficer {
            Side::Them
        } else {
            Side::Us
        },
        account,
        body: asking.viewer.body(),
        field,
        words,
        at: tx.now(),
        illustrative: asking.viewer.acting.as_ref().is_some_and(|m| m.illustrative),
    };
    sql::insert_inside_note(&tx, &note).await?;
    // The words stay out of the journal: it proves that somebody wrote, not what was said in confidence.
    tx.journal(Entry::of("relation.noted", id).after(serde_json::json!({ "note": note.id, "side": note.side })));
    tx.done(note.id).await
}
/// Whether the note answered is there for who answers it.
fn readable(house: &House, asking: &Asking, notes: &[InsideNote], relation: &Relation, id: Id<InsideNote>) -> bool {
    notes.iter().any(|n| {
        n.id == id
            && house
                .gate
                .may(&asking.viewer, "relation.notes.read", &note_thing(relation, n.field))
    })
}
