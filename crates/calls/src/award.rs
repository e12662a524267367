//! To award (R65, R66): by outsourcing, after a scored call and with a published reason; or by assignment, where the
//! reason is all there is. Then to decide the call: everybody else gets an answer too.

use access::{Asking, House};
use basis::{
    AccountId, AwardId, BodyId, CallId, Check, Fail, Field, GovernmentId, Locale, Money, OfferId, PlanItemId, Refusal,
    RelationId, Text,
};
use i18n_embed_fl::fl;
use serde::{Deserialize, Serialize};
use store::{Entry, OnUnique, Tx};

use crate::call::{Call, CallStatus, Mode};
use crate::offer::{Offer, OfferStatus};
use crate::panel::{Seat, review_is_complete};
use crate::plans::Plan;
use crate::{neighbours, store as sql, t};

/// Event "call.awarded".
#[derive(Debug, Serialize, Deserialize)]
pub struct CallAwarded {
    pub award: AwardId,
    pub call: CallId,
    pub plan_item: PlanItemId,
    pub relation: Option<RelationId>,
    pub field: Field,
    pub district: Option<GovernmentId>,
    pub guiding: BodyId,
    pub offer: OfferId,
    pub body: Option<BodyId>,
    pub account: Option<AccountId>,
    pub mode: Mode,
}

/// Whom, and why.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct AwardInput {
    pub offer: String,
    /// Published: why this offer (R65). At least one language.
    pub reason_zh: String,
    pub reason_en: String,
}

/// Whether this offer can be awarded now; pure.
pub fn may_award(call: &Call, offer: &Offer, seats: &[Seat], plan: Option<&Plan>, listed: bool) -> Result<(), Refusal> {
    if call.status != CallStatus::InReview {
        return Err(Refusal::page("refusal-call-not-in-review"));
    }
    match offer.status {
        OfferStatus::Submitted => {}
        OfferStatus::Awarded => return Err(Refusal::at("offer", "refusal-offer-awarded")),
        _ => return Err(Refusal::at("offer", "refusal-offer-not-submitted")),
    }
    if call.mode == Mode::Outsourcing {
        review_is_complete(seats)?;
    }
    if listed && !offer.shortlisted {
        return Err(Refusal::at("offer", "refusal-offer-not-shortlisted"));
    }
    if plan.is_some_and(|p| !p.outcome.lines.iter().any(|l| l.offer == offer.id)) {
        return Err(Refusal::at("offer", "refusal-offer-not-in-plan"));
    }
    Ok(())
}

/// Awards one offer. Who decides does not sit on the panel, does not belong to the maker, and guides the call.
///
/// # Errors
/// Refusals at their fields, a denial, a refusal for the second of two who award at once.
pub async fn award(house: &House, asking: &Asking, id: CallId, input: &AwardInput) -> Result<AwardId, Fail> {
    let mut c = Check::new();
    let offer_id: Option<OfferId> = c.id("offer", &input.offer);
    let reason = c.bilingual(
        "reason_zh",
        &input.reason_zh,
        "reason_en",
        &input.reason_en,
        1200,
        crate::lang_of(asking),
    );
    c.done(())?;
    let offer_id = offer_id.ok_or(Fail::NotFound)?;
    let tx = asking.begin(house).await?;
    let call = sql::load(&tx, id).await?.ok_or(Fail::NotFound)?;
    let offer = sql::opened_offer(&tx, offer_id)
        .await?
        .filter(|o| o.call == id)
        .ok_or_else(|| Refusal::at("offer", "refusal-not-in-list"))?;
    let seats = sql::seats(&tx, id).await?;
    let maker = crate::panel::Maker {
        offer: offer.id,
        body: offer.body,
        account: offer.account,
    };
    let thing = access::Thing {
        executing_bodies: offer.body.into_iter().collect(),
        executing_people: neighbours::people_of(&tx, &[maker], tx.now()).await?,
        ..offer.thing(&call, seats.iter().map(|s| s.account).collect())
    };
    asking.check(house, "call.award", &thing)?;
    if !sql::hold_in_review(&tx, id).await? {
        return Err(Refusal::page("refusal-call-not-in-review").into());
    }
    let plan = sql::published_plan(&tx, id).await?;
    let listed = offer.shortlisted || sql::opened_offers(&tx, id).await?.iter().any(|o| o.shortlisted);
    may_award(&call, &offer, &seats, plan.as_ref(), listed)?;
    if !neighbours::may_take_on(&tx, house, offer.body).await? {
        return Err(Refusal::at("offer", "refusal-award-unverified").into());
    }
    let deciding = Awarding {
        reason: &reason,
        decided_by: asking.viewer.account(),
    };
    let award = write(&tx, &call, &offer, deciding).await?;
    neighbours::write_to_maker(&tx, offer.body, offer.account, |l| {
        awarded_letter(l, &call.title, &reason)
    })
    .await?;
    tx.done(award).await
}

/// Why, and who decided.
pub(crate) struct Awarding<'a> {
    pub reason: &'a Text,
    pub decided_by: Option<AccountId>,
}
/// Writes an award and tells the rooms after this one; whether it may be made was asked before.
pub(crate) async fn write(tx: &Tx, call: &Call, offer: &Offer, deciding: Awarding<'_>) -> Result<AwardId, Fail> {
    let (id, reason) = (call.id, deciding.reason);
    let award: AwardId = tx.fresh();
    let content = offer.content.as_ref().ok_or(Fail::NotFound)?;
    let amount = content.asked.map(|m| m.minor);
    let taken = || Refusal::at("offer", "refusal-offer-awarded");
    sql::insert_award(
        tx,
        award,
        (id, offer.id),
        call.mode,
        (reason, deciding.decided_by),
        amount.map(|minor| Money::new(minor, call.currency)),
        call.currency,
        call.illustrative || offer.illustrative,
    )
    .await
    .on_unique("offer", taken)?;
    if !sql::mark_awarded(tx, offer.id).await? {
        return Err(taken().into());
    }
    tx.journal(
        Entry::of("call.awarded", id)
            .after(serde_json::json!({ "award": award, "offer": offer.id, "mode": call.mode }))
            .because(reason.plain(Locale::Zh)),
    );
    tx.journal(
        Entry::of("offer.awarded", offer.id)
            .after(award)
            .because(reason.plain(Locale::Zh)),
    );
    let told = CallAwarded {
        award,
        call: id,
        plan_item: call.plan_item,
        relation: call.relation,
        field: call.field,
        district: call.district,
        guiding: call.guiding,
        offer: offer.id,
        body: offer.body,
        account: offer.account,
        mode: call.mode,
    };
    tx.emit("call.awarded", told).await?;
    let promise = serde_json::json!({ "body": offer.body, "account": offer.account, "kind": "delivery", "object": award.to_string(), "due": content.ends });
    tx.emit("promise.made", promise).await?;
    Ok(award)
}

/// Ends the review: what was not awarded is declined, and every maker gets a letter with the reason and what comes next.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct DecideInput {
    /// Told to those who were not chosen; obligatory, also when nobody was.
    pub reason_zh: String,
    pub reason_en: String,
}
/// Decides the call.
///
/// # Errors
/// A refusal without a reason or outside the review; a denial.
pub async fn decide(house: &House, asking: &Asking, id: CallId, input: &DecideInput) -> Result<CallId, Fail> {
    let mut c = Check::new();
    let reason = c.bilingual(
        "reason_zh",
        &input.reason_zh,
        "reason_en",
        &input.reason_en,
        1200,
        crate::lang_of(asking),
    );
    c.done(())?;
    let tx = asking.begin(house).await?;
    let old = sql::load(&tx, id).await?.ok_or(Fail::NotFound)?;
    let seats = sql::seats(&tx, id).await?;
    asking.check(house, "call.decide", &crate::review::with_panel(&old, &seats))?;
    let next = Call {
        reason: Some(reason.clone()),
        ..old.decide(tx.now())?
    };
    sql::save(&tx, &next).await?;
    let declined: Vec<Offer> = sql::opened_offers(&tx, id)
        .await?
        .into_iter()
        .filter(|o| o.status == OfferStatus::Submitted)
        .collect();
    sql::decline_others(&tx, id).await?;
    for o in &declined {
        tx.journal(Entry::of("offer.declined", o.id));
        answer_declined(&tx, &old, o, &reason).await?;
    }
    tx.journal(
        Entry::of("call.decided", id)
            .before(old.status)
            .after(next.status)
            .because(reason.plain(Locale::Zh)),
    );
    tx.emit(
        "call.decided",
        serde_json::json!({ "call": id, "plan_item": next.plan_item }),
    )
    .await?;
    tx.done(id).await
}
async fn answer_declined(tx: &Tx, call: &Call, o: &Offer, reason: &Text) -> Result<(), Fail> {
    neighbours::write_to_maker(tx, o.body, o.account, |l| {
        let t = t(l);
        let title = call.title.plain(l);
        (
            fl!(t, "letter-declined-subject", call = title),
            fl!(t, "letter-declined", call = title, reason = reason.plain(l)),
        )
    })
    .await
}
fn awarded_letter(l: Locale, title: &Text, reason: &Text) -> (String, String) {
    let t = t(l);
    let title = title.plain(l);
    (
        fl!(t, "letter-awarded-subject", call = title),
        fl!(t, "letter-awarded", call = title, reason = reason.plain(l)),
    )
}
