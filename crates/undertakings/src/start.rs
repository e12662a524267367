//! The executing party takes the terms on and begins. Each milestone is a promise from then on.

use ::store::Entry;
use access::{Asking, House};
use basis::{AccountId, BodyId, Day, Fail, Field, GovernmentId, PlanItemId, RelationId, UndertakingId};
use serde::Serialize;

use crate::{Undertaking, sight, store};

/// A promise, as the kept-promises record hears of it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Promise {
    pub body: Option<BodyId>,
    pub account: Option<AccountId>,
    pub kind: &'static str,
    /// The milestone, or the award for all of it.
    pub object: String,
    pub due: Day,
}
impl Promise {
    /// The award's own promise: all of it by the agreed end.
    pub(crate) fn whole(u: &Undertaking, due: Day) -> Promise {
        Promise {
            body: u.body,
            account: u.account,
            kind: "delivery",
            object: u.award.to_string(),
            due,
        }
    }
}
/// What later rooms learn about an undertaking.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Happened {
    pub undertaking: UndertakingId,
    pub plan_item: PlanItemId,
    pub relation: Option<RelationId>,
    pub field: Field,
    pub district: Option<GovernmentId>,
    pub year: i64,
}
impl Happened {
    pub(crate) fn now(house: &House, u: &Undertaking) -> Self {
        Happened {
            undertaking: u.id,
            plan_item: u.plan_item,
            relation: u.relation,
            field: u.field,
            district: u.district,
            year: i64::from(house.today().year()),
        }
    }
}

pub async fn start(house: &House, asking: &Asking, id: UndertakingId) -> Result<UndertakingId, Fail> {
    let tx = asking.begin(house).await?;
    let u = store::take(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "undertaking.sign", &sight::thing_for(&asking.viewer, &u))?;
    sight::on_version_read(asking, &u)?;
    sight::must_not_guide(&asking.viewer, &u)?;
    let before = u.clone();
    let u = u.start(sight::now_done(asking, &tx)?)?;
    store::save(&tx, &u).await?;
    for m in store::milestones(&tx, &[id]).await? {
        let promise = Promise {
            body: u.body,
            account: u.account,
            kind: "milestone",
            object: m.id.to_string(),
            due: m.due,
        };
        tx.emit("promise.made", promise).await?;
    }
    // What was offered may not be what was agreed.
    tx.emit("promise.made", Promise::whole(&u, u.ends)).await?;
    tx.journal(
        Entry::of("undertaking.started", id)
            .before(before.status)
            .after(u.status),
    );
    tx.emit("undertaking.started", Happened::now(house, &u)).await?;
    tx.done(id).await
}
