//! The executing party answers in writing; its reply stands beside the result, unshortened.

use ::store::Entry;
use access::{Asking, House};
use basis::{Check, EvaluationId, Fail, Lang, Refusal, Text};
use serde::{Deserialize, Serialize};

use crate::{sight, store};

#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct ReplyInput {
    pub text: String,
}
impl ReplyInput {
    pub fn check(&self, lang: Lang) -> Result<Text, Vec<Refusal>> {
        let mut check = Check::new();
        let text = check.prose("text", &self.text, 6000);
        check.done(Text::new(lang, text))
    }
}

pub async fn reply(house: &House, asking: &Asking, id: EvaluationId, input: &ReplyInput) -> Result<EvaluationId, Fail> {
    let lang = asking.viewer.person.as_ref().map_or_else(Lang::zh, |p| p.lang.clone());
    let text = input.check(lang)?;
    let tx = asking.begin(house).await?;
    let e = store::take(&tx, id).await?.ok_or(Fail::NotFound)?;
    let evaluators = store::evaluators(&tx, &[id]).await?;
    asking.check(
        house,
        "evaluation.reply",
        &sight::thing(&tx, &asking.viewer, &e, &evaluators).await?,
    )?;
    let (by, at) = sight::now_done(asking, &tx)?;
    let e = e.reply(text, by, at)?;
    store::save(&tx, &e).await?;
    tx.journal(Entry::of("evaluation.replied", id).after(&e.reply));
    tx.done(id).await
}
