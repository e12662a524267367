//! To write an offer, put it under seal, and take it back (R57, R60). What is in it never reaches the journal: who may
//! read an object's history is not who may read an offer.

use access::{Asking, House};
use basis::{AccountId, CallId, Check, Fail, OfferId, Refusal};
use serde::{Deserialize, Serialize};
use store::{Entry, Query, Tx};

use crate::call::Call;
use crate::offer::{Offer, OfferInput, OfferStatus, offering_body, open_for_offers};
use crate::{cards, neighbours, store as sql};

async fn panel(tx: &Tx, call: CallId) -> Result<Vec<AccountId>, Fail> {
    Ok(sql::seats(tx, call).await?.into_iter().map(|s| s.account).collect())
}
/// The maker's own offer and its call; somebody else's offer is not there.
async fn own(tx: &Tx, asking: &Asking, id: OfferId) -> Result<(Offer, Call), Fail> {
    let offer = sql::offer(tx, id)
        .await?
        .filter(|o| o.is_of(&asking.viewer))
        .ok_or(Fail::NotFound)?;
    let call = sql::load(tx, offer.call).await?.ok_or(Fail::NotFound)?;
    Ok((offer, call))
}

/// What stands between an organisation and its submission, in plain words: nobody has checked it, or not for today. The
/// draft is kept meanwhile, so that nothing is lost while the office looks.
async fn standing(q: &impl Query, house: &House, offer: &Offer) -> Result<Option<Refusal>, Fail> {
    let fit = neighbours::may_take_on(q, house, offer.body).await?;
    Ok((!fit).then(|| Refusal::at("organisation", "refusal-offer-unverified")))
}

/// Begins an offer: by the organisation or partner office one acts for, or in one's own name. Who has one already gets it.
///
/// # Errors
/// A refusal outside the window; a denial, for the unit that guides and for those on the panel.
pub async fn begin(house: &House, asking: &Asking, call: CallId) -> Result<OfferId, Fail> {
    let tx = asking.begin(house).await?;
    let call = sql::load(&tx, call)
        .await?
        .filter(|c| c.status != crate::CallStatus::Draft)
        .ok_or(Fail::NotFound)?;
    open_for_offers(&call, tx.now())?;
    let viewer = &asking.viewer;
    let body = offering_body(viewer);
    let offer = Offer {
        id: tx.fresh(),
        call: call.id,
        body,
        account: if body.is_none() { viewer.account() } else { None },
        made_by: viewer.account(),
        status: OfferStatus::Draft,
        draft: OfferInput::default(),
        saved_at: tx.now(),
        content: None,
        seal: None,
        submitted_at: None,
        reason: None,
        shortlisted: false,
        imported: false,
        illustrative: call.illustrative || viewer.acting.as_ref().is_some_and(|m| m.illustrative),
        version: 1,
    };
    // Nobody writes for an evening what they could not submit.
    asking.check(house, "offer.submit", &offer.thing(&call, panel(&tx, call.id).await?))?;
    let maker = Offer::maker(offer.body, offer.account);
    if !sql::insert_offer(&tx, &offer, call.currency).await? {
        let id = sql::own_offer_id(&tx, call.id, &maker).await?.ok_or(Fail::Changed)?;
        return tx.done(id).await;
    }
    tx.journal(Entry::of("offer.begun", offer.id));
    tx.done(offer.id).await
}

/// Keeps the draft as typed, whatever is in it.
///
/// # Errors
/// A refusal after the close; [`Fail::Changed`] when another window of the same maker was faster.
pub async fn save_draft(house: &House, asking: &Asking, id: OfferId, input: &OfferInput) -> Result<OfferId, Fail> {
    let tx = asking.begin(house).await?;
    let (old, call) = own(&tx, asking, id).await?;
    asking.check(house, "offer.submit", &old.thing(&call, panel(&tx, call.id).await?))?;
    crate::same_version(&input.version, old.version)?;
    if !sql::hold_open(&tx, call.id, tx.now()).await? {
        open_for_offers(&call, tx.now())?;
        return Err(Fail::Changed);
    }
    let kept = OfferInput {
        version: String::new(),
        ..input.clone()
    };
    let next = old.save(&call, kept, tx.now())?;
    sql::save_offer(&tx, &next).await?;
    tx.done(id).await
}

/// Puts the draft under seal. The answer is the seal: the maker's receipt.
///
/// # Errors
/// Every fault of the offer at its field; a refusal from the closing moment on, by the server's clock, and for an
/// organisation that is not checked today.
pub async fn submit(house: &House, asking: &Asking, id: OfferId) -> Result<OfferId, Fail> {
    let tx = asking.begin(house).await?;
    let (old, call) = own(&tx, asking, id).await?;
    asking.check(house, "offer.submit", &old.thing(&call, panel(&tx, call.id).await?))?;
    let now = tx.now();
    if !sql::hold_open(&tx, call.id, now).await? {
        open_for_offers(&call, now)?;
        return Err(Fail::Changed);
    }
    let needs = sql::needs(&tx, call.id).await?;
    let missing = standing(&tx, house, &old).await?;
    let content = match (old.draft.check(&call, &needs, crate::lang_of(asking)), missing) {
        (Ok(content), None) => content,
        (Ok(_), Some(missing)) => return Err(missing.into()),
        (Err(faults), missing) => return Err(missing.into_iter().chain(faults).collect::<Vec<_>>().into()),
    };
    let next = Offer {
        made_by: asking.viewer.account(),
        ..old.submit(&call, content, now)?
    };
    sql::save_offer(&tx, &next).await?;
    if let Some(c) = &next.content {
        sql::replace_lines(&tx, id, &c.lines, &c.limits).await?;
    }
    tx.journal(Entry::of("offer.submitted", id).after(serde_json::json!({ "seal": next.seal })));
    tx.done(id).await
}

/// Why an offer is taken back; needed after the close.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct WithdrawInput {
    pub reason: String,
}
/// Takes the offer back.
///
/// # Errors
/// A refusal once it is decided, or after the close without a reason.
pub async fn withdraw(house: &House, asking: &Asking, id: OfferId, input: &WithdrawInput) -> Result<OfferId, Fail> {
    let mut c = Check::new();
    let reason = c.prose_opt("reason", &input.reason, 600);
    c.done(())?;
    let tx = asking.begin(house).await?;
    let (old, call) = own(&tx, asking, id).await?;
    asking.check(house, "offer.withdraw", &old.thing(&call, Vec::new()))?;
    let next = old.withdraw(&call, reason, tx.now())?;
    sql::save_offer(&tx, &next).await?;
    tx.journal(Entry::of("offer.withdrawn", id));
    tx.done(id).await
}

/// The maker's own offer, with its call and what is still wrong with the draft.
#[derive(Clone, Debug)]
pub struct OwnView {
    pub offer: Offer,
    pub call: Call,
    pub needs: Vec<crate::Need>,
    /// As the draft and its maker stand; empty when it could be submitted.
    pub faults: Vec<Refusal>,
    /// The draft differs from what lies sealed.
    pub changed: bool,
    pub award: Option<cards::AwardCard>,
    /// What is left of what the maker gives in all, by unit of measure, and where it goes.
    pub limits: Vec<crate::OwnLimit>,
}
/// What the maker sees of their own offer.
///
/// # Errors
/// [`Fail::NotFound`] for everybody else.
pub async fn own_view(house: &House, viewer: &access::Viewer, id: OfferId) -> Result<OwnView, Fail> {
    let q = &house.db;
    let viewer = &*viewer.within(crate::POLICIES.room);
    let offer = sql::offer(q, id)
        .await?
        .filter(|o| o.is_of(viewer))
        .ok_or(Fail::NotFound)?;
    let call = sql::load(q, offer.call).await?.ok_or(Fail::NotFound)?;
    let needs = sql::needs(q, call.id).await?;
    let (mut faults, content) = match offer.draft.check(&call, &needs, crate::lang_of_viewer(viewer)) {
        Ok(c) => (Vec::new(), Some(c)),
        Err(r) => (r, None),
    };
    if call.takes_offers(house.now()) {
        faults.extend(standing(q, house, &offer).await?);
    }
    let changed = offer.status == OfferStatus::Submitted && content.map(|c| c.seal()) != offer.seal;
    let award = if offer.status == OfferStatus::Awarded {
        sql::awards_of(q, &[call.id]).await?.into_iter().find(|a| a.offer == id)
    } else {
        None
    };
    let maker = Offer::maker(offer.body, offer.account);
    let limits = crate::limits::own_limits(q, &needs, &maker, house.today()).await?;
    Ok(OwnView {
        offer,
        call,
        needs,
        faults,
        changed,
        award,
        limits,
    })
}
