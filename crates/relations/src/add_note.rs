//! Officers of both sides write to each other about their relation. Never public, never exported.

use access::{Asking, House, Role};
use basis::{Check, Fail, Id, Refusal, RelationId};
use serde::{Deserialize, Serialize};
use store::Entry;

use crate::{InsideNote, Side, store as sql};

/// As handed in.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = NewNote)]
pub struct Input {
    pub words: String,
    /// The note that this one answers.
    pub answers: String,
}

pub async fn add_note(house: &House, asking: &Asking, id: RelationId, input: &Input) -> Result<Id<InsideNote>, Fail> {
    let mut c = Check::new();
    let words = c.prose("words", &input.words, 4000);
    let answers = c.id_opt::<InsideNote>("answers", &input.answers);
    let (words, answers) = c.done((words, answers))?;
    let tx = asking.begin(house).await?;
    let relation = sql::relation(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "relation.note", &relation.thing())?;
    let account = asking.viewer.account().ok_or(Fail::NotFound)?;
    if let Some(answered) = answers
        && !sql::inside_notes(&tx, id).await?.iter().any(|n| n.id == answered)
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
        words,
        at: tx.now(),
        illustrative: asking.viewer.acting.as_ref().is_some_and(|m| m.illustrative),
    };
    sql::insert_inside_note(&tx, &note).await?;
    // The words stay out of the journal: it proves that somebody wrote, not what was said in confidence.
    tx.journal(Entry::of("relation.noted", id).after(serde_json::json!({ "note": note.id, "side": note.side })));
    tx.done(note.id).await
}
