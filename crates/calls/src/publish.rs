//! To publish a call, to open its offers after the close, and to cancel it.

use access::{Asking, House};
use basis::{
    AccountId, BodyId, CallId, Fail, Field, GovernmentId, Moment, OfferId, PlanItemId, Refusal, RelationId, Text,
};
use serde::{Deserialize, Serialize};
use store::Entry;

use crate::call::Call;
use crate::panel::Closeness;
use crate::{neighbours, store as sql};

/// Event "call.published".
#[derive(Debug, Serialize, Deserialize)]
pub struct CallPublished {
    pub call: CallId,
    pub plan_item: PlanItemId,
    pub relation: Option<RelationId>,
    pub field: Field,
    pub district: Option<GovernmentId>,
    pub guiding: BodyId,
    /// Microseconds, as the store keeps instants.
    pub closes_at: i64,
}

impl CallPublished {
    pub(crate) fn of(call: &Call) -> CallPublished {
        CallPublished {
            call: call.id,
            plan_item: call.plan_item,
            relation: call.relation,
            field: call.field,
            district: call.district,
            guiding: call.guiding,
            closes_at: call.closes_at.as_microsecond(),
        }
    }
}

/// Publishes a draft: only the unit that guides it may (R63, R64).
///
/// # Errors
/// Everything that keeps it from being a fair call; a denial; [`Fail::Changed`].
pub async fn publish(house: &House, asking: &Asking, id: CallId) -> Result<CallId, Fail> {
    let tx = asking.begin(house).await?;
    let old = sql::load(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "call.publish", &old.thing())?;
    let needs = sql::needs(&tx, id).await?;
    if neighbours::live_item(&tx, old.plan_item).await?.is_none() {
        return Err(Refusal::at("plan_item", "refusal-call-no-item").into());
    }
    let next = old.publish(&needs, tx.now())?;
    sql::save(&tx, &next).await?;
    tx.journal(Entry::of("call.published", id).after(&next));
    tx.emit("call.published", CallPublished::of(&next)).await?;
    tx.done(id).await
}

#[derive(Serialize)]
struct Opened<'a> {
    at: Moment,
    by: Option<AccountId>,
    offers: &'a [(OfferId, String)],
    /// Offers whose content is not what was sealed; empty unless somebody reached into the store.
    broken: &'a [OfferId],
}

/// Opens the offers, once, after the close. What was handed in goes on record with its seal; members of the panel who
/// stand close to an offer lose their seats now that it is known who offers.
///
/// # Errors
/// A refusal before the close, a denial, [`Fail::Changed`] for the second of two.
pub async fn open(house: &House, asking: &Asking, id: CallId) -> Result<CallId, Fail> {
    let tx = asking.begin(house).await?;
    let old = sql::load(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "call.open", &old.thing())?;
    let next = old.open(asking.viewer.account(), tx.now())?;
    sql::save(&tx, &next).await?;
    let sealed = sql::sealed(&tx, id).await?;
    let offers = sql::opened_offers(&tx, id).await?;
    let broken: Vec<OfferId> = offers
        .iter()
        .filter(|o| o.content.as_ref().map(|c| c.seal()) != o.seal)
        .map(|o| o.id)
        .collect();
    let makers = sql::makers(&tx, id).await?;
    let close = Closeness {
        made_call: old.made_by,
        guiding_people: neighbours::members(&tx, old.guiding, tx.now()).await?,
        offering_people: neighbours::people_of(&tx, &makers, tx.now()).await?,
    };
    for mut seat in sql::seats(&tx, id).await? {
        if let Some(why) = close.strikes(seat.account)
            && seat.struck.is_none()
        {
            seat.struck = Some(why);
            sql::save_seat(&tx, &seat).await?;
            tx.journal(Entry::of("panel.struck", id).after(&seat));
        }
    }
    tx.journal(Entry::of("call.opened", id).after(Opened {
        at: tx.now(),
        by: asking.viewer.account(),
        offers: &sealed,
        broken: &broken,
    }));
    tx.emit(
        "call.closed",
        serde_json::json!({ "call": id, "plan_item": next.plan_item, "offers": sealed.len() }),
    )
    .await?;
    tx.done(id).await
}

/// Why a call is cancelled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct CancelInput {
    pub reason: String,
    pub version: String,
}
/// Cancels a call, with a reason that everybody can read.
///
/// # Errors
/// A refusal without a reason, a denial, [`Fail::Changed`].
pub async fn cancel(house: &House, asking: &Asking, id: CallId, input: &CancelInput) -> Result<CallId, Fail> {
    let mut c = basis::Check::new();
    let reason = c.prose("reason", &input.reason, 600);
    c.done(())?;
    let tx = asking.begin(house).await?;
    let old = sql::load(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "call.cancel", &old.thing())?;
    crate::same_version(&input.version, old.version)?;
    let next = old.cancel(Text::new(crate::lang_of(asking), reason.clone()))?;
    sql::save(&tx, &next).await?;
    tx.journal(
        Entry::of("call.cancelled", id)
            .before(old.status)
            .after(next.status)
            .because(reason),
    );
    tx.emit(
        "call.cancelled",
        serde_json::json!({ "call": id, "plan_item": next.plan_item }),
    )
    .await?;
    tx.done(id).await
}
