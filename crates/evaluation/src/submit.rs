//! The evaluators hand their findings in, with a summary: from then on nobody changes them.

use ::store::Entry;
use access::{Asking, House};
use basis::{Check, EvaluationId, Fail, Lang, Refusal, Text};
use serde::{Deserialize, Serialize};

use crate::{sight, store};

#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct SummaryInput {
    pub summary_zh: String,
    pub summary_en: String,
}
impl SummaryInput {
    pub fn check(&self, source: &Lang) -> Result<Text, Vec<Refusal>> {
        let mut check = Check::new();
        let text = check.bilingual(
            "summary_zh",
            &self.summary_zh,
            "summary_en",
            &self.summary_en,
            6000,
            source.clone(),
        );
        check.done(text)
    }
}

pub async fn submit(
    house: &House,
    asking: &Asking,
    id: EvaluationId,
    input: &SummaryInput,
) -> Result<EvaluationId, Fail> {
    let source = asking.viewer.person.as_ref().map_or_else(Lang::zh, |p| p.lang.clone());
    let summary = input.check(&source)?;
    let tx = asking.begin(house).await?;
    let e = store::take(&tx, id).await?.ok_or(Fail::NotFound)?;
    let evaluators = store::evaluators(&tx, &[id]).await?;
    asking.check(
        house,
        "evaluation.submit",
        &sight::thing(&tx, &asking.viewer, &e, &evaluators).await?,
    )?;
    let aims: Vec<_> = store::aims(&tx, &[e.plan_item]).await?.iter().map(|a| a.id).collect();
    let findings = store::findings(&tx, &[id]).await?;
    let before = e.status;
    let e = e.submit(sight::now_done(asking, &tx)?, summary, &aims, &findings, &evaluators)?;
    store::save(&tx, &e).await?;
    tx.journal(Entry::of("evaluation.submitted", id).before(before).after(&e));
    tx.done(id).await
}
