//! Calls: what is needed and for whom, offers under seal until the opening, the outside panel, the exact allocation of
//! needs to offers, and awards with their reasons (R49-R60, R65, R66, R104-R106).
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod allocate;
mod api;
mod assign;
mod award;
mod brought;
mod call;
mod cards;
mod draft;
mod duties;
mod fair;
mod files;
mod forget;
mod limits;
mod measure;
mod neighbours;
mod offer;
mod pages;
mod panel;
mod plans;
mod publish;
mod readings;
mod review;
mod scoring;
mod see;
mod store;
mod tables;
mod tell;
mod terms;
mod told;
mod write_offer;

#[cfg(test)]
mod tests;

use ::store::{Db, Query, StoreFault};
use access::{Asking, Viewer};
use basis::{AccountId, AwardId, BodyId, CallId, Fail, Field, Lang, Moment, Page, PageRequest, PlanItemId, Refusal};

pub use api::api;
pub use assign::{Answer, AnswerInput, AssignInput, Assignment, answer as answer_assignment, assign};
pub use award::{AwardInput, CallAwarded, DecideInput, award as award_offer, decide, may_award};
pub use call::{Call, CallStatus, Channel, Criterion, Mode, Need, Phase, phase};
pub use cards::{AwardCard, CallCard, NeedCard, OfferCard, OwnOffer};
pub use draft::{CallInput, CriterionInput, NeedInput, amend, draft};
pub use duties::duties;
pub use fair::{Fair, Method, Wish};
pub use files::{export_offers, import_offers};
pub use forget::handlers;
pub use limits::{OwnLimit, OwnUse};
pub use measure::{Measure, Measures};
pub use offer::{Content, InKind, Interest, Offer, OfferInput, OfferLineInput, OfferStatus, Part};
pub use pages::pages;
pub use panel::{Conflict, LEAST_SEATS, Maker, Mark, Seat, Struck, Verdict};
pub use plans::{PinInput, Plan, PlanCard, PlanStatus, SolveInput, WeightsInput, publish_plan, solve};
pub use publish::{CallPublished, CancelInput, cancel, open, publish};
pub use readings::{ReadingInput, ReadingsInput, divide_reading};
pub use review::{
    DeclareInput, MarkInput, ScoreInput, SeatInput, ShortlistInput, StrikeInput, declare, hand_in, score, seat,
    shortlist, strike, unseat,
};
pub use see::{CallView, ReviewView, call_view, may_look, offer_view, review_view};
pub use tables::{export_awards, export_calls};
pub use tell::{Detail, Tally, details, tally};
pub use terms::{EitherInput, Kept, KeptBudget, KeptQuota, Quota, QuotaInput, Term, Terms, TermsInput, Who};
pub use told::{Told, ToldLine, told};
pub use write_offer::{OwnView, WithdrawInput, begin, own_view, save_draft, submit, withdraw};

::pages::texts!("calls");

pub const MIGRATIONS: ::store::Migrations = ::store::migrations!(
    "calls",
    "0001_calls",
    "0002_assignment",
    "0003_allocated",
    "0004_limits",
    "0005_readings",
    "0006_terms"
);

pub const POLICIES: access::PolicyFile = access::PolicyFile {
    room: "calls",
    text: include_str!("../policies/calls.cedar"),
    actions: &[
        "call.inside.read",
        "call.draft",
        "call.publish",
        "call.open",
        "call.cancel",
        "call.award",
        "call.decide",
        "call.assign",
        "assignment.answer",
        "offer.submit",
        "offer.withdraw",
        "offer.read",
        "offer.list",
        "offer.review",
        "offer.shortlist",
        "offer.import",
        "panel.seat",
        "panel.strike",
        "panel.declare",
        "review.submit",
        "allocation.read",
        "allocation.solve",
        "allocation.publish",
    ],
};

/// One published call; drafts are the department's own business.
pub async fn call(q: &impl Query, id: CallId) -> Result<Option<CallCard>, StoreFault> {
    Ok(store::cards(q, &[id]).await?.pop().filter(CallCard::is_public))
}
/// Calls that take offers now, closing soonest first.
pub async fn open_calls(q: &impl Query, now: Moment, limit: u32) -> Result<Vec<CallCard>, StoreFault> {
    store::open_now(q, now, limit).await
}
/// All published calls: open ones first, closing soonest.
pub async fn list_calls(
    q: &impl Query,
    now: Moment,
    field: Option<Field>,
    page: &PageRequest,
) -> Result<Page<CallCard>, StoreFault> {
    store::list(q, now, field, page).await
}
/// Published calls under these plan items.
pub async fn of_plan_items(q: &impl Query, ids: &[PlanItemId]) -> Result<Vec<CallCard>, StoreFault> {
    store::of_items(q, ids).await
}
pub async fn needs(q: &impl Query, calls: &[CallId]) -> Result<Vec<NeedCard>, StoreFault> {
    store::needs_of(q, calls).await
}
/// Who offered and what, after the opening only; with the panel's mean once the call is decided.
pub async fn offers_public(q: &impl Query, id: CallId) -> Result<Vec<OfferCard>, Fail> {
    match store::load(q, id).await? {
        Some(call) if !call.is_sealed() => see::public_offers(q, &call).await,
        _ => Ok(Vec::new()),
    }
}
/// As [`offers_public`], of several published calls at once.
pub async fn offers_public_of(q: &impl Query, calls: &[CallId]) -> Result<Vec<OfferCard>, Fail> {
    Ok(tell::offers_of(q, calls).await?)
}
pub async fn award(q: &impl Query, id: AwardId) -> Result<Option<AwardCard>, StoreFault> {
    store::award(q, id).await
}
pub async fn awards_of(q: &impl Query, calls: &[CallId]) -> Result<Vec<AwardCard>, StoreFault> {
    store::awards_of(q, calls).await
}
/// The call that an "allocation" or an "award" belongs to: what may be seen of it is what may be seen of the call.
pub async fn call_above(q: &impl Query, kind: &str, id: &str) -> Result<Option<CallId>, StoreFault> {
    match (kind, id.parse(), id.parse()) {
        ("allocation", Ok(plan), _) => store::call_of_plan(q, plan).await,
        ("award", _, Ok(award)) => Ok(store::award(q, award).await?.map(|a| a.call)),
        _ => Ok(None),
    }
}
/// Everybody who sits or sat on a panel of any call under a plan item: none of them evaluates what came of it (R18). For
/// that rule only; who sat is told to readers by [`review_view`].
pub async fn panel_people(q: &impl Query, item: PlanItemId) -> Result<Vec<AccountId>, StoreFault> {
    store::seated_under(q, item).await
}
/// The viewer's own offers: those of the organisation acted for, or those in their own name. Nobody else's.
pub async fn offers_of(q: &impl Query, viewer: &Viewer) -> Result<Vec<OwnOffer>, StoreFault> {
    let viewer = &*viewer.within(POLICIES.room);
    let (body, account): (Option<BodyId>, Option<AccountId>) = match viewer.role() {
        access::Role::Delegate | access::Role::PartnerOfficer => (offer::offering_body(viewer), None),
        access::Role::Individual => (None, viewer.account()),
        _ => (None, None),
    };
    store::own_offers(q, body, account).await
}
/// What `youcheng verify` checks of this room; empty is clean.
pub async fn verify(db: &Db) -> Result<Vec<String>, StoreFault> {
    store::loose_ends(db).await
}

/// People write in the language they use the house in.
pub(crate) fn lang_of_viewer(viewer: &Viewer) -> Lang {
    viewer.person.as_ref().map_or_else(Lang::zh, |p| {
        if p.lang.primary() == "zh" {
            Lang::zh()
        } else {
            p.lang.clone()
        }
    })
}
pub(crate) fn lang_of(asking: &Asking) -> Lang {
    lang_of_viewer(&asking.viewer)
}
/// The form's or the API's version against the store's. An edit that does not say what it was made on could overwrite
/// what nobody saw, so it is refused.
pub(crate) fn same_version(given: &str, kept: i64) -> Result<(), Fail> {
    match given.trim() {
        "" => Err(Refusal::page("refusal-version-needed").into()),
        v if v == kept.to_string() => Ok(()),
        _ => Err(Fail::Changed),
    }
}
