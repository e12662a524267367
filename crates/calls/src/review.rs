//! The panel at work: seats, declarations, scores, the short list (R15, R53, R65).

use access::{Asking, House};
use basis::{AccountId, CallId, Check, Fail, OfferId, Refusal};
use serde::{Deserialize, Serialize};
use store::{Act, Db, Entry, Query, Tx, Via};

use crate::call::{Call, CallStatus, Criterion};
use crate::offer::Offer;
use crate::panel::{Closeness, Conflict, Maker, Mark, Seat, Struck, unscored};
use crate::{neighbours, store as sql};

/// Whom to seat.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct SeatInput {
    pub account: String,
    /// "true" for the panel's lead.
    pub lead: String,
}
/// Seats somebody on the panel. Who guides, who made the call, and (once that is known) who offers, cannot sit.
///
/// # Errors
/// The reason at `account`; a denial.
pub async fn seat(house: &House, asking: &Asking, id: CallId, input: &SeatInput) -> Result<AccountId, Fail> {
    let mut c = Check::new();
    let account: Option<AccountId> = c.id("account", &input.account);
    c.done(())?;
    let account = account.ok_or(Fail::NotFound)?;
    let tx = asking.begin(house).await?;
    let call = sql::load(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "panel.seat", &at_stake(&tx, &call, &[]).await?)?;
    if matches!(
        call.status,
        CallStatus::Decided | CallStatus::Cancelled | CallStatus::Asked
    ) {
        return Err(Refusal::page("refusal-call-ended").into());
    }
    if parties::people(&tx, &[account]).await?.is_empty() {
        return Err(Refusal::at("account", "refusal-not-in-list").into());
    }
    if let Some(why) = closeness(&tx, &call).await?.strikes(account) {
        let code = match why {
            Struck::MadeCall => "refusal-seat-made-call",
            Struck::Guides => "refusal-seat-guides",
            Struck::Offers => "refusal-seat-offers",
            // Closeness never says these.
            Struck::Withdrawn | Struck::Gone => "refusal-seat-taken",
        };
        return Err(Refusal::at("account", code).into());
    }
    let seat = Seat {
        call: id,
        account,
        lead: matches!(input.lead.as_str(), "true" | "1"),
        conflict: None,
        struck: None,
        scored_at: None,
        readings: None,
    };
    if !sql::insert_seat(&tx, &seat).await? {
        return Err(Refusal::at("account", "refusal-seat-taken").into());
    }
    tx.journal(Entry::of("panel.seated", id).after(&seat));
    tx.done(account).await
}
/// Takes a seat away on which nothing was done yet.
///
/// # Errors
/// A denial; [`Fail::Changed`] when the member has declared or scored meanwhile.
pub async fn unseat(house: &House, asking: &Asking, id: CallId, account: AccountId) -> Result<AccountId, Fail> {
    let tx = asking.begin(house).await?;
    let call = sql::load(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "panel.seat", &at_stake(&tx, &call, &[]).await?)?;
    if !sql::remove_seat(&tx, id, account).await? {
        return Err(Fail::Changed);
    }
    tx.journal(Entry::of("panel.unseated", id).before(account));
    tx.done(account).await
}
/// Why a seat is taken off the panel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct StrikeInput {
    pub reason: String,
}
/// Strikes the seat of a member who does not come back, until its scores are in. The reason stays in the journal.
///
/// # Errors
/// A refusal without a reason, once the member has handed in, or when the call has ended; a denial.
pub async fn strike(
    house: &House,
    asking: &Asking,
    id: CallId,
    account: AccountId,
    input: &StrikeInput,
) -> Result<AccountId, Fail> {
    let mut c = Check::new();
    let reason = c.prose("reason", &input.reason, 600);
    c.done(())?;
    let tx = asking.begin(house).await?;
    let call = sql::load(&tx, id).await?.ok_or(Fail::NotFound)?;
    let seats = sql::seats(&tx, id).await?;
    asking.check(house, "panel.strike", &at_stake(&tx, &call, &seats).await?)?;
    if !matches!(
        call.status,
        CallStatus::Open | CallStatus::Closed | CallStatus::InReview
    ) {
        return Err(Refusal::page("refusal-call-ended").into());
    }
    let seat = seats.into_iter().find(|s| s.account == account).ok_or(Fail::NotFound)?;
    let next = seat.strike(Struck::Withdrawn)?;
    sql::save_seat(&tx, &next).await?;
    tx.journal(Entry::of("panel.struck", id).after(&next).because(reason));
    tx.done(account).await
}
/// Whoever erased their account sits on no panel that waits for them.
pub(crate) async fn strike_erased(db: Db, payload: serde_json::Value) -> Result<(), Fail> {
    let account: AccountId = serde_json::from_value(payload).map_err(Fail::fault)?;
    let tx = db.begin(&Act::house(Via::Job)).await?;
    for seat in sql::seats_of(&tx, account).await? {
        let next = seat.strike(Struck::Gone)?;
        sql::save_seat(&tx, &next).await?;
        tx.journal(Entry::of("panel.struck", next.call).after(&next));
    }
    tx.done(()).await
}
/// As the gate asks about steps that say who judges, what is weighed and who wins: with everybody who offers, since whoever
/// belongs to one of them takes none of these steps.
pub(crate) async fn at_stake(q: &impl Query, call: &Call, seats: &[Seat]) -> Result<access::Thing, Fail> {
    let makers = sql::makers(q, call.id).await?;
    Ok(access::Thing {
        executing_bodies: makers.iter().filter_map(|m| m.body).collect(),
        executing_people: makers.iter().filter_map(Maker::alone).collect(),
        ..with_panel(call, seats)
    })
}
/// As the gate asks about looking at what was offered, at marks and at plans: with what the viewer's own side offers, until the
/// call is decided. Before the opening nobody's side is named, so that a denial tells nothing.
pub(crate) async fn looked_at(
    q: &impl Query,
    viewer: &access::Viewer,
    call: &Call,
    seats: &[Seat],
) -> Result<access::Thing, Fail> {
    let thing = with_panel(call, seats);
    let Some(me) = viewer.account().filter(|_| call.status != CallStatus::Decided) else {
        return Ok(thing);
    };
    let bodies = viewer.mandates.iter().map(|m| m.body).chain(viewer.body());
    let sides = bodies.map(|body| (Some(body), None)).chain([(None, Some(me))]);
    let sides: Vec<String> = sides.map(|(body, account)| Offer::maker(body, account)).collect();
    let own = sql::makers_among(q, call.id, &sides).await?;
    Ok(access::Thing {
        executing_bodies: own.iter().filter_map(|m| m.body).collect(),
        executing_people: own.iter().filter_map(Maker::alone).collect(),
        ..thing
    })
}
/// An offer as the gate asks about reading and scoring it, with what the viewer's own side offers.
pub(crate) async fn offer_looked_at(
    q: &impl Query,
    viewer: &access::Viewer,
    call: &Call,
    seats: &[Seat],
    offer: &Offer,
) -> Result<access::Thing, Fail> {
    let looked = looked_at(q, viewer, call, seats).await?;
    Ok(access::Thing {
        executing_bodies: looked.executing_bodies,
        executing_people: looked.executing_people,
        ..offer.thing(call, looked.panel)
    })
}
pub(crate) async fn closeness(tx: &Tx, call: &Call) -> Result<Closeness, Fail> {
    let makers = sql::makers(tx, call.id).await?;
    Ok(Closeness {
        made_call: call.made_by,
        guiding_people: neighbours::members(tx, call.guiding, tx.now()).await?,
        offering_people: neighbours::people_of(tx, &makers, tx.now()).await?,
    })
}
/// The asking person's own seat.
async fn own_seat(tx: &Tx, asking: &Asking, call: CallId) -> Result<Seat, Fail> {
    let me = asking.viewer.account();
    sql::seats(tx, call)
        .await?
        .into_iter()
        .find(|s| Some(s.account) == me)
        .ok_or(Fail::NotFound)
}

/// What a member declares before reading.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct DeclareInput {
    /// Offers the member stands close to; none is an answer too.
    pub offers: Vec<String>,
    pub note: String,
}
/// Declares conflicts of interest. Before it a member sees who offers, and nothing else.
///
/// # Errors
/// Refusals at their fields; a denial for who has no seat.
pub async fn declare(house: &House, asking: &Asking, id: CallId, input: &DeclareInput) -> Result<CallId, Fail> {
    let tx = asking.begin(house).await?;
    let call = sql::load(&tx, id).await?.ok_or(Fail::NotFound)?;
    let seats = sql::seats(&tx, id).await?;
    asking.check(house, "panel.declare", &with_panel(&call, &seats))?;
    let seat = own_seat(&tx, asking, id).await?;
    if call.status != CallStatus::InReview {
        return Err(Refusal::page("refusal-call-not-in-review").into());
    }
    if seat.struck.is_some() {
        return Err(Refusal::page("refusal-seat-struck").into());
    }
    let makers = sql::makers(&tx, id).await?;
    let mut c = Check::new();
    let mut offers: Vec<OfferId> = Vec::new();
    for raw in input.offers.iter().filter(|o| !o.trim().is_empty()) {
        match raw.trim().parse().ok().filter(|o| makers.iter().any(|m| m.offer == *o)) {
            Some(o) if !offers.contains(&o) => offers.push(o),
            Some(_) => {}
            None => c.refuse(Refusal::at("offers", "refusal-not-in-list")),
        }
    }
    let note = if offers.is_empty() {
        c.prose_opt("note", &input.note, 600).unwrap_or_default()
    } else {
        c.prose("note", &input.note, 600)
    };
    c.done(())?;
    let mut next = seat.clone();
    next.conflict = Some(Conflict {
        declared_at: tx.now(),
        offers: offers.clone(),
        note,
    });
    next.struck = closeness(&tx, &call).await?.strikes(seat.account);
    sql::save_seat(&tx, &next).await?;
    // A mark given before the conflict was declared does not stay.
    for offer in offers {
        sql::replace_marks(&tx, offer, seat.account, &[]).await?;
    }
    tx.journal(Entry::of("panel.declared", id).after(&next));
    tx.done(id).await
}
/// The call as the gate asks about it, with who sits on its panel.
pub(crate) fn with_panel(call: &Call, seats: &[Seat]) -> access::Thing {
    access::Thing {
        panel: seats.iter().map(|s| s.account).collect(),
        ..call.thing()
    }
}

/// Points for one criterion.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct MarkInput {
    pub criterion: String,
    pub points: String,
    pub note: String,
}
/// A member's marks on one offer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct ScoreInput {
    pub marks: Vec<MarkInput>,
}
impl ScoreInput {
    fn check(&self, criteria: &[Criterion], offer: OfferId, account: AccountId) -> Result<Vec<Mark>, Vec<Refusal>> {
        let mut c = Check::new();
        let mut marks = Vec::new();
        for criterion in criteria {
            let (at, note_at) = (format!("points-{}", criterion.key), format!("note-{}", criterion.key));
            let typed = self.marks.iter().find(|m| m.criterion == criterion.key);
            let points = c.number(at, typed.map_or("", |m| &m.points), 0..=Criterion::MOST);
            let note = c.prose_opt(note_at, typed.map_or("", |m| &m.note), 1000);
            marks.push(Mark {
                offer,
                account,
                criterion: criterion.key.clone(),
                points,
                note,
            });
        }
        c.done(marks)
    }
}
/// Scores one offer, criterion by criterion. May be changed until the member hands in; nobody else sees it before.
///
/// # Errors
/// Refusals at their fields; why the member may not score; a denial.
pub async fn score(house: &House, asking: &Asking, id: OfferId, input: &ScoreInput) -> Result<OfferId, Fail> {
    let tx = asking.begin(house).await?;
    let offer = sql::opened_offer(&tx, id).await?.ok_or(Fail::NotFound)?;
    let call = sql::load(&tx, offer.call).await?.ok_or(Fail::NotFound)?;
    let seats = sql::seats(&tx, call.id).await?;
    let thing = offer_looked_at(&tx, &asking.viewer, &call, &seats, &offer).await?;
    asking.check(house, "offer.review", &thing)?;
    let seat = own_seat(&tx, asking, call.id).await?;
    seat.may_score(&call, id)?;
    let marks = input.check(&call.criteria, id, seat.account)?;
    if !sql::hold_seat(&tx, call.id, seat.account).await? {
        return Err(Refusal::page("refusal-scores-in").into());
    }
    sql::replace_marks(&tx, id, seat.account, &marks).await?;
    // The journal says that a mark was given, not which: officers read it, and marks are the member's own until handed in.
    tx.journal(Entry::of("offer.scored", id));
    tx.done(id).await
}
/// Hands a member's scores in: complete, and fixed from now on. Only then are the others' shown.
///
/// # Errors
/// A refusal with how many offers are missing; a denial.
pub async fn hand_in(house: &House, asking: &Asking, id: CallId) -> Result<CallId, Fail> {
    let tx = asking.begin(house).await?;
    let call = sql::load(&tx, id).await?.ok_or(Fail::NotFound)?;
    // What is to be read stays as it is while it is handed in.
    if let Some(me) = asking.viewer.account() {
        sql::hold_seat(&tx, id, me).await?;
    }
    let seats = sql::seats(&tx, id).await?;
    let thing = looked_at(&tx, &asking.viewer, &call, &seats).await?;
    asking.check(house, "review.submit", &thing)?;
    let seat = own_seat(&tx, asking, id).await?;
    if call.status != CallStatus::InReview {
        return Err(Refusal::page("refusal-call-not-in-review").into());
    }
    if seat.conflict.is_none() {
        return Err(Refusal::page("refusal-panel-not-declared").into());
    }
    let offers: Vec<OfferId> = sql::makers(&tx, id).await?.into_iter().map(|m| m.offer).collect();
    let marks = sql::own_marks(&tx, id, seat.account).await?;
    let missing = unscored(&seat, &offers, &marks, &call.criteria).len();
    if missing > 0 {
        return Err(Refusal::page("refusal-offers-unscored").with("missing", missing).into());
    }
    if !sql::hand_in(&tx, id, seat.account).await? {
        return Err(Refusal::page("refusal-scores-in").into());
    }
    tx.journal(Entry::of("review.submitted", id).after(serde_json::json!({ "account": seat.account, "marks": marks })));
    tx.done(id).await
}

/// Which offers go on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct ShortlistInput {
    pub offers: Vec<String>,
}
/// Sets the short list: from then on only offers on it are allocated and awarded. An empty list lifts it.
///
/// # Errors
/// A refusal for offers that are not in this call; a denial.
pub async fn shortlist(house: &House, asking: &Asking, id: CallId, input: &ShortlistInput) -> Result<CallId, Fail> {
    let tx = asking.begin(house).await?;
    let call = sql::load(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "offer.shortlist", &at_stake(&tx, &call, &[]).await?)?;
    if !sql::hold_in_review(&tx, id).await? {
        return Err(Refusal::page("refusal-call-not-in-review").into());
    }
    let makers = sql::makers(&tx, id).await?;
    let mut chosen = Vec::new();
    for raw in input.offers.iter().filter(|o| !o.trim().is_empty()) {
        let found = raw.trim().parse().ok().filter(|o| makers.iter().any(|m| m.offer == *o));
        chosen.push(found.ok_or_else(|| Refusal::at("offers", "refusal-not-in-list"))?);
    }
    sql::set_shortlist(&tx, id, &chosen).await?;
    tx.journal(Entry::of("offer.shortlisted", id).after(&chosen));
    tx.done(id).await
}
