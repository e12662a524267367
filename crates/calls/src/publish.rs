//! To publish a call, to open its offers after the close, and to cancel it.

use access::{Asking, House};
use basis::{
    AccountId, BodyId, CallId, Fail, Field, GovernmentId, Locale, Moment, OfferId, PlanItemId, Refusal, RelationId,
    Text,
};
use i18n_embed_fl::fl;
use serde::{Deserialize, Serialize};
use store::{Entry, Tx};

use crate::call::{Call, CallStatus};
use crate::review::closeness;
use crate::{neighbours, store as sql, t};

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
    strike_close(&tx, &old).await?;
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

/// Members of the panel who stand close to the call, or to an offer that is known by now, lose their seats.
pub(crate) async fn strike_close(tx: &Tx, call: &Call) -> Result<(), Fail> {
    let close = closeness(tx, call).await?;
    for mut seat in sql::seats(tx, call.id).await? {
        if let Some(why) = close.strikes(seat.account)
            && seat.struck.is_none()
        {
            seat.struck = Some(why);
            sql::save_seat(tx, &seat).await?;
            tx.journal(Entry::of("panel.struck", call.id).after(&seat));
        }
    }
    Ok(())
}

/// Why a call is cancelled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct CancelInput {
    pub reason: String,
    pub version: String,
}
/// Cancels a call, with a reason that everybody can read. Who offered, was writing an offer or was asked gets a letter.
///
/// # Errors
/// A refusal without a reason or once somebody was chosen, a denial, [`Fail::Changed`].
pub async fn cancel(house: &House, asking: &Asking, id: CallId, input: &CancelInput) -> Result<CallId, Fail> {
    let mut c = basis::Check::new();
    let reason = c.prose("reason", &input.reason, 600);
    c.done(())?;
    let tx = asking.begin(house).await?;
    let old = sql::load(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "call.cancel", &old.thing())?;
    crate::same_version(&input.version, old.version)?;
    let next = old.cancel(Text::new(crate::lang_of(asking), reason.clone()))?;
    // Held first: whoever awards at the same moment is before this or after it.
    if old.status == CallStatus::InReview && !sql::hold_in_review(&tx, id).await? {
        return Err(Fail::Changed);
    }
    if !sql::awards_of(&tx, &[id]).await?.is_empty() {
        return Err(Refusal::page("refusal-call-awarded").into());
    }
    sql::save(&tx, &next).await?;
    tx.journal(
        Entry::of("call.cancelled", id)
            .before(old.status)
            .after(next.status)
            .because(reason.clone()),
    );
    tell_makers(&tx, &old, &reason).await?;
    tx.emit(
        "call.cancelled",
        serde_json::json!({ "call": id, "plan_item": next.plan_item }),
    )
    .await?;
    tx.done(id).await
}
/// Everybody who wrote, or was asked, hears that there is nothing to wait for.
async fn tell_makers(tx: &Tx, call: &Call, reason: &str) -> Result<(), Fail> {
    let words = |l: Locale| {
        let (t, title) = (t(l), call.title.plain(l));
        (
            fl!(t, "letter-cancelled-subject", call = title),
            fl!(t, "letter-cancelled", call = title, reason = reason),
        )
    };
    let mut parties: Vec<_> = sql::writers(tx, call.id).await?;
    parties.extend(sql::assignment(tx, call.id).await?.map(|a| (a.body, a.account)));
    for (body, account) in parties {
        // Under seal no officer learns who wrote: there is nothing to release, it goes out at once.
        if call.is_sealed() && call.status != CallStatus::Asked {
            neighbours::write_at_once(tx, body, account, words).await?;
        } else {
            neighbours::write_to_maker(tx, body, account, words).await?;
        }
    }
    Ok(())
}
