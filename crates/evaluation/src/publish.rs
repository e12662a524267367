//! The results become public as the evaluators wrote them. An evaluator or an office lead publishes; nobody edits.

use ::store::Entry;
use access::{Asking, House};
use basis::{EvaluationId, Fail, Field, GovernmentId, PlanItemId, RelationId, UndertakingId};
use serde::Serialize;

use crate::{sight, store};

#[derive(Serialize)]
struct Published {
    evaluation: EvaluationId,
    undertaking: UndertakingId,
    plan_item: PlanItemId,
    relation: Option<RelationId>,
    field: Field,
    district: Option<GovernmentId>,
    year: i64,
}

pub async fn publish(house: &House, asking: &Asking, id: EvaluationId) -> Result<EvaluationId, Fail> {
    let tx = asking.begin(house).await?;
    let e = store::take(&tx, id).await?.ok_or(Fail::NotFound)?;
    let evaluators = store::evaluators(&tx, &[id]).await?;
    asking.check(
        house,
        "evaluation.publish",
        &sight::thing(&tx, &asking.viewer, &e, &evaluators).await?,
    )?;
    let u = undertakings::undertaking(&tx, &asking.viewer, e.undertaking)
        .await?
        .ok_or(Fail::NotFound)?;
    let over = matches!(u.status, undertakings::Status::Settled | undertakings::Status::Stopped);
    let before = e.status;
    let e = e.publish(sight::now_done(asking, &tx)?, over)?;
    store::save(&tx, &e).await?;
    tx.journal(Entry::of("evaluation.published", id).before(before).after(e.status));
    let told = Published {
        evaluation: id,
        undertaking: e.undertaking,
        plan_item: e.plan_item,
        relation: e.relation,
        field: e.field,
        district: e.district,
        year: i64::from(house.today().year()),
    };
    tx.emit("evaluation.published", told).await?;
    tx.done(id).await
}
