//! An evaluator writes what was found about one aim: met, in part, not met, or cannot be told; with its source.

use ::store::Entry;
use access::{Asking, House};
use basis::{AimId, Check, EvaluationId, Fail, Lang, Refusal, Text};
use serde::{Deserialize, Serialize};

use crate::{Finding, FindingState, sight, store};

#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct FindingInput {
    pub aim: String,
    pub state: String,
    /// What was found, in words: "3.1 loans per volume".
    pub found_zh: String,
    pub found_en: String,
    pub note_zh: String,
    pub note_en: String,
    /// A document or an address. What cannot be told may have none, but then says why.
    pub source: String,
    /// The version of the finding that its writer saw; empty for the first.
    pub version: String,
}
#[derive(Clone, Debug)]
pub struct Found {
    pub aim: AimId,
    pub state: FindingState,
    pub found: Text,
    pub note: Option<Text>,
    pub source: Option<String>,
    pub seen: i64,
}
impl FindingInput {
    pub fn check(&self, source: &Lang) -> Result<Found, Vec<Refusal>> {
        let mut check = Check::new();
        let aim = check.id("aim", &self.aim);
        let state: Option<FindingState> = check.one_of("state", &self.state);
        let found = check.bilingual(
            "found_zh",
            &self.found_zh,
            "found_en",
            &self.found_en,
            1000,
            source.clone(),
        );
        let has_note = !self.note_zh.trim().is_empty() || !self.note_en.trim().is_empty();
        let note = (has_note || state == Some(FindingState::CannotTell))
            .then(|| check.bilingual("note_zh", &self.note_zh, "note_en", &self.note_en, 2000, source.clone()));
        let from = check.line_opt("source", &self.source, 500);
        if from.is_none() && state.is_some_and(|s| s != FindingState::CannotTell) {
            check.refuse(Refusal::at("source", "refusal-finding-source"));
        }
        let seen = match self.version.trim() {
            "" => 0,
            v => check.number("version", v, 0..=i64::MAX),
        };
        let (Some(aim), Some(state)) = (aim, state) else {
            return check.done(()).and(Err(vec![Refusal::page("refusal-required")]));
        };
        check.done(Found {
            aim,
            state,
            found,
            note,
            source: from,
            seen,
        })
    }
}

pub async fn find(house: &House, asking: &Asking, id: EvaluationId, input: &FindingInput) -> Result<AimId, Fail> {
    let source = asking.viewer.person.as_ref().map_or_else(Lang::zh, |p| p.lang.clone());
    let checked = input.check(&source)?;
    let tx = asking.begin(house).await?;
    let e = store::take(&tx, id).await?.ok_or(Fail::NotFound)?;
    let evaluators = store::evaluators(&tx, &[id]).await?;
    asking.check(
        house,
        "evaluation.judge",
        &sight::thing(&tx, &asking.viewer, &e, &evaluators).await?,
    )?;
    e.is_open()?;
    let (by, at) = sight::now_done(asking, &tx)?;
    if !evaluators.iter().any(|x| x.account == by && x.no_conflict.is_some()) {
        return Err(Refusal::page("refusal-not-declared").into());
    }
    if !store::aims(&tx, &[e.plan_item])
        .await?
        .iter()
        .any(|a| a.id == checked.aim)
    {
        return Err(Refusal::at("aim", "refusal-not-in-list").into());
    }
    let before = store::findings(&tx, &[id])
        .await?
        .into_iter()
        .find(|f| f.aim == checked.aim);
    let finding = Finding {
        evaluation: id,
        aim: checked.aim,
        found: checked.found,
        state: checked.state,
        note: checked.note,
        source: checked.source,
        by,
        at,
        version: checked.seen + 1,
    };
    store::save_finding(&tx, &finding, checked.seen).await?;
    tx.journal(Entry::of("evaluation.found", id).before(&before).after(&finding));
    tx.done(checked.aim).await
}
