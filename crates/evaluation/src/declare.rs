//! An evaluator declares to have no part in what is judged; before that, nothing is judged.

use ::store::Entry;
use access::{Asking, House};
use basis::{EvaluationId, Fail, Refusal};

use crate::{sight, store};

pub async fn declare_no_conflict(house: &House, asking: &Asking, id: EvaluationId) -> Result<EvaluationId, Fail> {
    let tx = asking.begin(house).await?;
    let e = store::take(&tx, id).await?.ok_or(Fail::NotFound)?;
    let evaluators = store::evaluators(&tx, &[id]).await?;
    asking.check(
        house,
        "evaluation.begin",
        &sight::thing(&tx, &asking.viewer, &e, &evaluators).await?,
    )?;
    e.is_open()?;
    let (by, _) = sight::now_done(asking, &tx)?;
    if evaluators.iter().any(|x| x.account == by && x.no_conflict.is_some()) {
        return Err(Refusal::page("refusal-declared").into());
    }
    store::declare(&tx, id, by).await?;
    tx.journal(Entry::of("evaluation.no-conflict-declared", id).after(by));
    tx.done(id).await
}
