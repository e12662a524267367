//! What planning learns from other rooms (R107): links and evaluated programmes cover cells, calls and undertakings
//! move their items. Events come at least once and in any order; every handler does the same thing twice as once.

use basis::{AccountId, BodyId, Fail, Field, GovernmentId, LinkId, PlanItemId, RelationId};
use serde::Deserialize;
use store::{Act, Db, Entry, Handlers, Via};

use crate::item::{Lead, News};
use crate::store::{self as sql, Cover};

#[derive(Deserialize)]
struct LinkRecorded {
    link: LinkId,
    #[serde(default)]
    relation: Option<RelationId>,
    field: Field,
    #[serde(default)]
    district: Option<GovernmentId>,
    #[serde(default)]
    year: Option<i64>,
}
#[derive(Deserialize)]
struct AboutItem {
    plan_item: PlanItemId,
}
#[derive(Deserialize)]
struct Awarded {
    plan_item: PlanItemId,
    #[serde(default)]
    body: Option<BodyId>,
    #[serde(default)]
    account: Option<AccountId>,
}
#[derive(Deserialize)]
struct Evaluated {
    plan_item: PlanItemId,
    #[serde(default)]
    year: Option<i64>,
}

/// Registers what this room listens to.
pub fn handlers(h: &mut Handlers) {
    h.on("link.recorded", "planning.cover-by-link", |db, p| async move {
        link_recorded(&db, parsed(p)?).await
    });
    h.on("call.published", "planning.call-published", |db, p| async move {
        let about: AboutItem = parsed(p)?;
        told(&db, about.plan_item, News::CallPublished).await
    });
    h.on("call.awarded", "planning.note-lead", |db, p| async move {
        awarded(&db, parsed(p)?).await
    });
    h.on(
        "undertaking.settled",
        "planning.undertaking-settled",
        |db, p| async move {
            let about: AboutItem = parsed(p)?;
            told(&db, about.plan_item, News::UndertakingSettled).await
        },
    );
    h.on(
        "evaluation.published",
        "planning.evaluation-published",
        |db, p| async move { evaluated(&db, parsed(p)?).await },
    );
}
fn parsed<T: serde::de::DeserializeOwned>(payload: serde_json::Value) -> Result<T, Fail> {
    serde_json::from_value(payload).map_err(Fail::fault)
}

async fn link_recorded(db: &Db, e: LinkRecorded) -> Result<(), Fail> {
    let tx = db.begin(&Act::house(Via::Job)).await?;
    let cover = Cover {
        relation: e.relation,
        district: e.district,
        field: e.field,
        year: e.year,
        kind: "link",
        object_kind: "link",
        object_id: e.link.to_string(),
    };
    sql::cover(&tx, &cover).await?;
    tx.done(()).await
}

async fn told(db: &Db, id: PlanItemId, news: News) -> Result<(), Fail> {
    let tx = db.begin(&Act::house(Via::Job)).await?;
    let Some(old) = sql::load(&tx, id).await? else {
        return Ok(());
    };
    let Some(next) = old.learn(news) else {
        return Ok(());
    };
    sql::save(&tx, &next).await?;
    tx.journal(
        Entry::of("plan-item.moved", id)
            .before(&old.standing)
            .after(&next.standing),
    );
    tx.done(()).await
}

async fn awarded(db: &Db, e: Awarded) -> Result<(), Fail> {
    let lead = match (e.body, e.account) {
        (Some(body), _) => crate::neighbours::lead_of(db, body).await?,
        (None, Some(_)) => Lead::Individual,
        (None, None) => return Ok(()),
    };
    let tx = db.begin(&Act::house(Via::Job)).await?;
    let Some(old) = sql::load(&tx, e.plan_item).await?.filter(|i| i.led_by != Some(lead)) else {
        return Ok(());
    };
    sql::note_lead(&tx, &old, lead).await?;
    tx.journal(Entry::of("plan-item.lead-noted", old.id).before(old.led_by).after(lead));
    tx.done(()).await
}

async fn evaluated(db: &Db, e: Evaluated) -> Result<(), Fail> {
    let tx = db.begin(&Act::house(Via::Job)).await?;
    let Some(old) = sql::load(&tx, e.plan_item).await? else {
        return Ok(());
    };
    let next = old.learn(News::EvaluationPublished);
    if let Some(next) = &next {
        sql::save(&tx, next).await?;
        tx.journal(
            Entry::of("plan-item.moved", old.id)
                .before(&old.standing)
                .after(&next.standing),
        );
    }
    let year = e.year.or_else(|| Some(next.as_ref().unwrap_or(&old).year));
    let cover = Cover {
        relation: old.relation,
        district: old.district,
        field: old.field,
        year,
        kind: "programme",
        object_kind: "plan-item",
        object_id: old.id.to_string(),
    };
    sql::cover(&tx, &cover).await?;
    tx.done(()).await
}
