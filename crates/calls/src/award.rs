//! To award (R65, R66): by outsourcing, after a scored call and with a published reason; or by assignment, where the
//! reason is all there is. Then to decide the call: everybody else gets an answer too.

use access::{Asking, House};
use basis::{
    AccountId, AwardId, BodyId, CallId, Check, Fail, Field, GovernmentId, Locale, Money, NeedId, OfferId, PlanItemId,
    Refusal, RelationId, Text,
};
use i18n_embed_fl::fl;
use serde::{Deserialize, Serialize};
use store::{Entry, OnUnique, Tx};

use crate::call::{Call, CallStatus, Mode, Need};
use crate::offer::{Content, Offer, OfferStatus};
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
    /// The sum; empty for what the units given come to of what the offer asked. Never more than it asked.
    pub amount: String,
    /// Why it is another sum than that; published.
    pub amount_reason: String,
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
        crate::readings::heard(seats, offer.id)?;
    }
    if listed && !offer.shortlisted {
        return Err(Refusal::at("offer", "refusal-offer-not-shortlisted"));
    }
    if plan.is_some_and(|p| !p.outcome.lines.iter().any(|l| l.offer == offer.id)) {
        return Err(Refusal::at("offer", "refusal-offer-not-in-plan"));
    }
    Ok(())
}

/// What an award grants: units, and a sum.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Granted {
    pub units: Vec<(NeedId, i64)>,
    pub asked: Option<Money>,
    pub amount: Option<Money>,
    /// Why the sum is another than the units come to.
    pub why: Option<Text>,
}
impl Granted {
    /// All that was offered, for all that was asked.
    pub fn whole(content: &Content) -> Granted {
        Granted {
            units: content.lines.clone(),
            asked: content.asked,
            amount: content.asked,
            why: None,
        }
    }
    /// What the published plan gives of an offer, or all of it where there is none; the sum follows the units, unless who
    /// awards states another with a reason. Where none follows, who awards states it.
    ///
    /// # Errors
    /// More than was asked, another sum without a reason, or none where one has to be stated.
    pub fn of(
        content: &Content,
        given: Option<Vec<(NeedId, i64)>>,
        needs: &[Need],
        stated: Option<Money>,
        why: Option<Text>,
    ) -> Result<Granted, Refusal> {
        let units = given.unwrap_or_else(|| content.lines.clone());
        let share = content.share_of_asked(&units, needs);
        let whole = Granted {
            units,
            amount: share,
            ..Granted::whole(content)
        };
        let Some(asked) = content.asked else {
            return match stated.filter(|m| m.minor > 0) {
                Some(_) => Err(Refusal::at("amount", "refusal-award-nothing-asked")),
                None => Ok(whole),
            };
        };
        let Some(stated) = stated else {
            let typed = || Refusal::at("amount", "refusal-award-amount-needed").with("asked", asked);
            return share.map(|_| whole).ok_or_else(typed);
        };
        if stated.minor > asked.minor {
            return Err(Refusal::at("amount", "refusal-award-over-asked").with("asked", asked));
        }
        match share {
            Some(share) if share.minor == stated.minor => Ok(whole),
            Some(share) if why.is_none() => {
                Err(Refusal::at("amount_reason", "refusal-award-amount-reason").with("share", share))
            }
            _ => Ok(Granted {
                amount: Some(stated),
                why,
                ..whole
            }),
        }
    }
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
    let why = c.prose_opt("amount_reason", &input.amount_reason, 600);
    let Some(offer_id) = offer_id else {
        c.done(())?;
        return Err(Fail::NotFound);
    };
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
    let stake = crate::review::at_stake(&tx, &call, &seats).await?;
    let mut behind = neighbours::people_of(&tx, &[maker], tx.now()).await?;
    behind.extend(stake.executing_people);
    let thing = access::Thing {
        executing_bodies: stake.executing_bodies,
        executing_people: behind,
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
    // The currency is the call's, so the sum is read only now; what is wrong with it is told with the rest.
    let mut sum = Check::new();
    let stated = (!input.amount.trim().is_empty()).then(|| sum.money("amount", &input.amount, call.currency));
    let needs = sql::needs(&tx, id).await?;
    let content = offer.content.as_ref().ok_or(Fail::NotFound)?;
    let given = plan.as_ref().map(|p| p.outcome.given(offer.id));
    let why = why.map(|w| Text::new(crate::lang_of(asking), w));
    if plan.is_none() {
        // A published plan counts already; what goes without one must fit what the maker gives in all.
        let lines = |_| content.lines.clone();
        let one = std::slice::from_ref(&offer);
        if !crate::limits::still_fit(&tx, id, &needs, one, lines, house.today()).await? {
            c.refuse(Refusal::at("offer", "refusal-award-over-limit"));
        }
    }
    let granted = match sum.done(stated) {
        Ok(stated) => Granted::of(content, given, &needs, stated, why).map_err(|r| vec![r]),
        Err(refusals) => Err(refusals),
    };
    for refusal in granted.as_ref().err().into_iter().flatten() {
        // Too long a reason is a reason: its own refusal stands at the field already.
        if refusal.field.as_deref() != Some("amount_reason") || input.amount_reason.trim().is_empty() {
            c.refuse(refusal.clone());
        }
    }
    c.done(())?;
    let granted = granted?;
    let deciding = Awarding {
        reason: &reason,
        decided_by: asking.viewer.account(),
        granted: &granted,
    };
    let award = write(&tx, &call, &offer, deciding).await?;
    neighbours::write_to_maker(&tx, offer.body, offer.account, |l| {
        awarded_letter(l, &call.title, &reason, &granted, &needs)
    })
    .await?;
    tx.done(award).await
}

/// Why, who decided, and what is granted.
pub(crate) struct Awarding<'a> {
    pub reason: &'a Text,
    pub decided_by: Option<AccountId>,
    pub granted: &'a Granted,
}
/// Writes an award and tells the rooms after this one; whether it may be made was asked before.
pub(crate) async fn write(tx: &Tx, call: &Call, offer: &Offer, deciding: Awarding<'_>) -> Result<AwardId, Fail> {
    let (id, reason) = (call.id, deciding.reason);
    let award: AwardId = tx.fresh();
    let content = offer.content.as_ref().ok_or(Fail::NotFound)?;
    let granted = deciding.granted;
    let taken = || Refusal::at("offer", "refusal-offer-awarded");
    sql::insert_award(
        tx,
        award,
        (id, offer.id),
        call.mode,
        (reason, deciding.decided_by),
        granted,
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
            .after(serde_json::json!({
                "award": award, "offer": offer.id, "mode": call.mode, "units": granted.units, "asked": granted.asked,
                "amount": granted.amount, "amount_reason": granted.why,
            }))
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
    asking.check(house, "call.decide", &crate::review::at_stake(&tx, &old, &seats).await?)?;
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
fn awarded_letter(l: Locale, title: &Text, reason: &Text, granted: &Granted, needs: &[Need]) -> (String, String) {
    let t = t(l);
    let title = title.plain(l);
    let units = units_said(l, &granted.units, needs);
    let sum = granted
        .amount
        .map_or_else(|| fl!(t, "award-no-money"), |m| pages::fmt::money(l, m));
    (
        fl!(t, "letter-awarded-subject", call = title),
        fl!(
            t,
            "letter-awarded",
            call = title,
            reason = reason.plain(l),
            units = units,
            sum = sum
        ),
    )
}
/// "8 rooms, 80 hours": how much of each unit, for a line that has no room for the needs.
pub(crate) fn units_counted(l: Locale, units: &[(NeedId, i64)], needs: &[Need]) -> String {
    let mut counted: Vec<(&Text, i64)> = Vec::new();
    for (id, units) in units {
        let Some(unit) = needs.iter().find(|n| n.id == *id).map(|n| &n.unit) else {
            continue;
        };
        match counted.iter_mut().find(|c| c.0 == unit) {
            Some(known) => known.1 += units,
            None => counted.push((unit, *units)),
        }
    }
    let one = |(unit, units): &(&Text, i64)| {
        fl!(
            t(l),
            "award-count",
            units = pages::fmt::number(*units),
            unit = unit.plain(l)
        )
    };
    let all: Vec<String> = counted.iter().map(one).collect();
    all.join(if l == Locale::Zh { "、" } else { ", " })
}
/// "180 volumes (Choosing and cataloguing); 2 reports (Readers)".
pub(crate) fn units_said(l: Locale, units: &[(NeedId, i64)], needs: &[Need]) -> String {
    let t = t(l);
    let one = |(id, units): &(NeedId, i64)| {
        let need = needs.iter().find(|n| n.id == *id)?;
        let (unit, title) = (need.unit.plain(l), need.title.plain(l));
        Some(fl!(
            t,
            "award-unit",
            units = pages::fmt::number(*units),
            unit = unit,
            need = title
        ))
    };
    let all: Vec<String> = units.iter().filter_map(one).collect();
    all.join(if l == Locale::Zh { "；" } else { "; " })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::tests::need;
    use basis::{Currency, Day, Id, Lang};

    fn content(asked: Option<i64>) -> Content {
        let cny: Currency = "CNY".parse().unwrap();
        Content {
            summary: Text::both("甲", "A"),
            plan: Text::both("甲", "A"),
            starts: Day::constant(2027, 1, 1),
            ends: Day::constant(2027, 2, 1),
            asked: asked.map(|m| Money::new(m, cny)),
            spend: None,
            in_kind: Vec::new(),
            in_kind_note: None,
            languages: vec![Lang::zh()],
            people: "p".into(),
            conflict_note: None,
            lines: vec![(Id::named("x"), 20), (Id::named("y"), 10)],
            most: None,
            limits: Vec::new(),
            near: None,
            fields: Vec::new(),
        }
    }
    #[test]
    fn the_sum_follows_the_units() {
        let c = content(Some(1_000_001));
        let needs = [need("x", 1, 20, 1), need("y", 1, 10, 1)];
        let part = vec![(Id::named("x"), 10)];
        let whole = Granted::of(&c, None, &needs, None, None).unwrap();
        assert_eq!((whole.units.len(), whole.amount), (2, c.asked));
        let third = Granted::of(&c, Some(part.clone()), &needs, None, None).unwrap();
        assert_eq!(
            (third.amount.unwrap().minor, third.asked),
            (333_333, c.asked),
            "rounded down"
        );
        let money = |minor| Some(Money::new(minor, c.asked.unwrap().currency));
        let why = || Some(Text::both("运费照付", "freight is paid whole"));
        let code = |r: Result<Granted, Refusal>| r.unwrap_err().code;
        assert_eq!(
            code(Granted::of(&c, Some(part.clone()), &needs, money(400_000), None)),
            "refusal-award-amount-reason"
        );
        let stated = Granted::of(&c, Some(part.clone()), &needs, money(400_000), why()).unwrap();
        assert_eq!((stated.amount, stated.why), (money(400_000), why()));
        assert_eq!(
            code(Granted::of(&c, Some(part.clone()), &needs, money(1_000_002), why())),
            "refusal-award-over-asked"
        );
        let same = Granted::of(&c, Some(part.clone()), &needs, money(333_333), None).unwrap();
        assert_eq!(same.why, None, "the sum that follows needs no reason");
        let free = content(None);
        let free_part = Granted::of(&free, Some(part.clone()), &needs, None, None).unwrap();
        assert_eq!(free_part.amount, None);
        assert_eq!(
            code(Granted::of(&free, Some(part), &needs, money(1), why())),
            "refusal-award-nothing-asked"
        );
    }
    #[test]
    fn rooms_and_hours_make_no_share() {
        let c = content(Some(1_800_000));
        let rooms = Need {
            unit: Text::both("间", "rooms"),
            ..need("x", 1, 20, 1)
        };
        let needs = [rooms, need("y", 1, 10, 1)];
        let some: Vec<(NeedId, i64)> = vec![(Id::named("x"), 20), (Id::named("y"), 9)];
        let sum = |minor| Some(Money::new(minor, c.asked.unwrap().currency));
        assert_eq!(c.share_of_asked(&c.lines, &needs), c.asked, "all of it for all of it");
        assert_eq!(c.share_of_asked(&some, &needs), None);
        let untold = Granted::of(&c, Some(some.clone()), &needs, None, None).unwrap_err();
        assert_eq!(
            (untold.field.as_deref(), untold.code),
            (Some("amount"), "refusal-award-amount-needed")
        );
        let typed = Granted::of(&c, Some(some), &needs, sum(1_500_000), None).unwrap();
        assert_eq!(
            typed.amount,
            sum(1_500_000),
            "there is no other sum to explain it against"
        );
    }
}
