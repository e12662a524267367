//! Offers. Every function that others than the maker read through joins the opening: sealed rows cannot come out.

use basis::{AccountId, BodyId, CallId, Currency, Day, Fail, Field, Lang, Moment, Money, NeedId, OfferId, Text};
use std::collections::{BTreeMap, HashMap};
use store::{Json, Query, StoreFault, ToVal, Tx, row, vals};

use super::places;
use crate::call::CallStatus;
use crate::cards::{OfferCard, OwnOffer};
use crate::offer::{Content, InKind, Offer, OfferInput, OfferStatus};
use crate::panel::Maker;

row! {
    struct OfferRow {
        id: OfferId, call: CallId, body: Option<BodyId>, account: Option<AccountId>, made_by: Option<AccountId>, status: OfferStatus,
        draft: Json<OfferInput>, saved_at: Moment, summary: Option<Text>, plan: Option<Text>, spend: Option<String>,
        people: Option<String>, starts: Option<Day>, ends: Option<Day>, asked_minor: Option<i64>, currency: Currency,
        in_kind: Json<Vec<InKind>>, in_kind_note: Option<String>, languages: Json<Vec<Lang>>, conflict_note: Option<String>,
        seal: Option<String>, submitted_at: Option<Moment>, reason: Option<String>, shortlisted: bool, imported: bool,
        illustrative: bool, version: i64, most: Option<i64>, near: Option<bool>, fields: Option<Json<Vec<Field>>>,
    }
}
row! { struct LineRow { offer: OfferId, need: NeedId, units: i64, most: i64 } }

fn whole(r: OfferRow, (lines, limits): (Lines, Lines)) -> Offer {
    // Content is there from the first submission on: its columns are written together.
    let content = match (r.summary, r.plan, r.people, r.starts, r.ends) {
        (Some(summary), Some(plan), Some(people), Some(starts), Some(ends)) => Some(Content {
            summary,
            plan,
            starts,
            ends,
            asked: r.asked_minor.map(|m| Money::new(m, r.currency)),
            spend: r.spend,
            in_kind: r.in_kind.0,
            in_kind_note: r.in_kind_note,
            languages: r.languages.0,
            people,
            conflict_note: r.conflict_note,
            lines,
            most: r.most,
            limits,
            near: r.near,
            fields: r.fields.map(|f| f.0).unwrap_or_default(),
        }),
        _ => None,
    };
    Offer {
        id: r.id,
        call: r.call,
        body: r.body,
        account: r.account,
        made_by: r.made_by,
        status: r.status,
        draft: r.draft.0,
        saved_at: r.saved_at,
        content,
        seal: r.seal,
        submitted_at: r.submitted_at,
        reason: r.reason,
        shortlisted: r.shortlisted,
        imported: r.imported,
        illustrative: r.illustrative,
        version: r.version,
    }
}
type Lines = Vec<(NeedId, i64)>;
/// Lines and limits of some offers, each in the order of the call's needs.
async fn lines(q: &impl Query, filter: &str, val: store::Val) -> Result<HashMap<OfferId, (Lines, Lines)>, StoreFault> {
    let from = |table: &str, number: &str, most: bool| {
        format!(
            "SELECT l.offer, l.need, {number} AS units, n.position, CAST({} AS BIGINT) AS most FROM {table} l JOIN need n ON n.id = l.need JOIN offer o ON o.id = l.offer WHERE {filter}",
            i64::from(most)
        )
    };
    let (offered, limits) = (
        from("offer_line", "l.units", false),
        from("offer_limit", "l.most", true),
    );
    let rows: Vec<LineRow> = q
        .all(
            &format!("{offered} UNION ALL {limits} ORDER BY offer, position"),
            vec![val],
        )
        .await?;
    let mut out: HashMap<OfferId, (Lines, Lines)> = HashMap::new();
    for r in rows {
        let (lines, limits) = out.entry(r.offer).or_default();
        let list = if r.most == 1 { limits } else { lines };
        list.push((r.need, r.units));
    }
    Ok(out)
}

/// One offer with everything in it: for its maker's own pages and for use cases that decide who may go on.
pub(crate) async fn offer(q: &impl Query, id: OfferId) -> Result<Option<Offer>, StoreFault> {
    let Some(row) = q
        .one::<OfferRow>("SELECT * FROM offer WHERE id = $1", vals![id])
        .await?
    else {
        return Ok(None);
    };
    let mut lines = lines(q, "o.id = $1", id.to_val()).await?;
    Ok(Some(whole(row, lines.remove(&id).unwrap_or_default())))
}
/// What others than the maker may ever read: handed in, and the call opened.
pub(crate) async fn opened_offer(q: &impl Query, id: OfferId) -> Result<Option<Offer>, StoreFault> {
    let row: Option<OfferRow> = q
        .one(
            "SELECT o.* FROM offer o JOIN call c ON c.id = o.call WHERE o.id = $1 AND c.opened_at IS NOT NULL AND o.status IN ('submitted', 'awarded', 'declined')",
            vals![id],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut lines = lines(q, "o.id = $1", id.to_val()).await?;
    Ok(Some(whole(row, lines.remove(&id).unwrap_or_default())))
}
/// All opened offers of a call, in the order they came in; empty while they are sealed.
pub(crate) async fn opened_offers(q: &impl Query, call: CallId) -> Result<Vec<Offer>, StoreFault> {
    let rows: Vec<OfferRow> = q
        .all(
            "SELECT o.* FROM offer o JOIN call c ON c.id = o.call WHERE o.call = $1 AND c.opened_at IS NOT NULL AND o.status IN ('submitted', 'awarded', 'declined') ORDER BY o.submitted_at, o.id",
            vals![call],
        )
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut lines = lines(q, "o.call = $1", call.to_val()).await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let l = lines.remove(&r.id).unwrap_or_default();
            whole(r, l)
        })
        .collect())
}
/// What each opened offer of a call was for, also of those taken back since: a plan that was worked out with them is
/// proved with them.
pub(crate) async fn opened_lines(q: &impl Query, call: CallId) -> Result<BTreeMap<OfferId, Lines>, StoreFault> {
    let filter = "o.call = $1 AND EXISTS (SELECT 1 FROM call c WHERE c.id = o.call AND c.opened_at IS NOT NULL)";
    let all = lines(q, filter, call.to_val()).await?;
    Ok(all.into_iter().map(|(offer, (lines, _))| (offer, lines)).collect())
}
row! { struct OfferedRow { offer: OfferId, need: NeedId, units: i64 } }
/// As [`opened_lines`], for some needs only.
pub(crate) async fn opened_lines_at(
    q: &impl Query,
    call: CallId,
    needs: &[NeedId],
) -> Result<Vec<(OfferId, (NeedId, i64))>, StoreFault> {
    let mut out = Vec::new();
    for some in needs.chunks(400) {
        let mut v = vals![call];
        v.extend(some.iter().map(ToVal::to_val));
        let rows: Vec<OfferedRow> = q
            .all(
                &format!(
                    "SELECT l.offer, l.need, l.units FROM offer_line l JOIN offer o ON o.id = l.offer JOIN call c ON c.id = o.call WHERE o.call = $1 AND c.opened_at IS NOT NULL AND l.need IN ({}) ORDER BY l.offer",
                    places(2, some.len())
                ),
                v,
            )
            .await?;
        out.extend(rows.into_iter().map(|r| (r.offer, (r.need, r.units))));
    }
    Ok(out)
}
row! { struct SealedRow { id: OfferId, seal: Option<String> } }
/// Ids and seals of what was handed in, for the record of the opening; no content.
pub(crate) async fn sealed(q: &impl Query, call: CallId) -> Result<Vec<(OfferId, String)>, StoreFault> {
    let rows: Vec<SealedRow> = q
        .all(
            "SELECT id, seal FROM offer WHERE call = $1 AND status = 'submitted' ORDER BY submitted_at, id",
            vals![call],
        )
        .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.seal.unwrap_or_default())).collect())
}
/// The seals of all offers that were ever opened, in the order of their making: what was put on record at the opening.
pub(crate) async fn seals(q: &impl Query, call: CallId) -> Result<Vec<String>, StoreFault> {
    let rows: Vec<SealedRow> = q
        .all(
            "SELECT id, seal FROM offer WHERE call = $1 AND seal IS NOT NULL AND EXISTS (SELECT 1 FROM call c WHERE c.id = offer.call AND c.opened_at IS NOT NULL) ORDER BY id",
            vals![call],
        )
        .await?;
    Ok(rows.into_iter().filter_map(|r| r.seal).collect())
}
row! { struct MakerRow { id: OfferId, body: Option<BodyId>, account: Option<AccountId> } }
impl From<MakerRow> for Maker {
    fn from(r: MakerRow) -> Self {
        Maker {
            offer: r.id,
            body: r.body,
            account: r.account,
        }
    }
}
/// Who handed in, once the call is opened; nobody before.
pub(crate) async fn makers(q: &impl Query, call: CallId) -> Result<Vec<Maker>, StoreFault> {
    let rows: Vec<MakerRow> = q
        .all(
            "SELECT o.id, o.body, o.account FROM offer o JOIN call c ON c.id = o.call WHERE o.call = $1 AND c.opened_at IS NOT NULL AND o.status IN ('submitted', 'awarded', 'declined') ORDER BY o.id",
            vals![call],
        )
        .await?;
    Ok(rows.into_iter().map(Maker::from).collect())
}
/// Of these makers, who handed in, once the call is opened.
pub(crate) async fn makers_among(q: &impl Query, call: CallId, makers: &[String]) -> Result<Vec<Maker>, StoreFault> {
    let mut v = vals![call];
    v.extend(makers.iter().map(ToVal::to_val));
    let rows: Vec<MakerRow> = q
        .all(
            &format!(
                "SELECT o.id, o.body, o.account FROM offer o JOIN call c ON c.id = o.call WHERE o.call = $1 AND c.opened_at IS NOT NULL AND o.status IN ('submitted', 'awarded', 'declined') AND o.maker IN ({})",
                places(2, makers.len())
            ),
            v,
        )
        .await?;
    Ok(rows.into_iter().map(Maker::from).collect())
}
/// Who handed in or was still writing, sealed or not: for letters to them only.
pub(crate) async fn writers(
    q: &impl Query,
    call: CallId,
) -> Result<Vec<(Option<BodyId>, Option<AccountId>)>, StoreFault> {
    row! { struct Writer { body: Option<BodyId>, account: Option<AccountId> } }
    let rows: Vec<Writer> = q
        .all(
            "SELECT body, account FROM offer WHERE call = $1 AND status IN ('draft', 'submitted') ORDER BY id",
            vals![call],
        )
        .await?;
    Ok(rows.into_iter().map(|w| (w.body, w.account)).collect())
}
/// Of these opened offers, who made them.
pub(crate) async fn makers_of(q: &impl Query, call: CallId, offers: &[OfferId]) -> Result<Vec<Maker>, StoreFault> {
    let mut out = Vec::new();
    for some in offers.chunks(400) {
        let mut v = vals![call];
        v.extend(some.iter().map(ToVal::to_val));
        let rows: Vec<MakerRow> = q
            .all(
                &format!(
                    "SELECT o.id, o.body, o.account FROM offer o JOIN call c ON c.id = o.call WHERE o.call = $1 AND c.opened_at IS NOT NULL AND o.status IN ('submitted', 'awarded', 'declined') AND o.id IN ({})",
                    places(2, some.len())
                ),
                v,
            )
            .await?;
        out.extend(rows.into_iter().map(Maker::from));
    }
    Ok(out)
}
/// A maker's offer to a call, whatever its state.
pub(crate) async fn own_offer_id(q: &impl Query, call: CallId, maker: &str) -> Result<Option<OfferId>, StoreFault> {
    row! { struct Found { id: OfferId } }
    Ok(q.one::<Found>(
        "SELECT id FROM offer WHERE call = $1 AND maker = $2",
        vals![call, maker],
    )
    .await?
    .map(|f| f.id))
}
/// `false` when this maker has an offer to this call already.
pub(crate) async fn insert_offer(tx: &Tx, o: &Offer, currency: Currency) -> Result<bool, StoreFault> {
    let n = tx
        .exec(
            "INSERT INTO offer (id, call, maker, body, account, made_by, status, draft, saved_at, currency, in_kind, languages, shortlisted, imported, illustrative, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '[]', '[]', $11, $12, $13, 1) ON CONFLICT (call, maker) DO NOTHING",
            vals![o.id, o.call, Offer::maker(o.body, o.account), o.body, o.account, o.made_by, o.status, Json(&o.draft), o.saved_at, currency, o.shortlisted, o.imported, o.illustrative],
        )
        .await?;
    Ok(n == 1)
}
/// Writes everything that can change, guarded by the version that was read.
pub(crate) async fn save_offer(tx: &Tx, o: &Offer) -> Result<(), Fail> {
    let c = o.content.as_ref();
    let in_kind: Vec<InKind> = c.map(|c| c.in_kind.clone()).unwrap_or_default();
    let languages: Vec<Lang> = c.map(|c| c.languages.clone()).unwrap_or_default();
    let n = tx
        .exec(
            "UPDATE offer SET status = $1, draft = $2, saved_at = $3, summary = $4, plan = $5, spend = $6, people = $7, starts = $8, ends = $9, asked_minor = $10, in_kind = $11, in_kind_note = $12, languages = $13, conflict_note = $14, seal = $15, submitted_at = $16, reason = $17, shortlisted = $18, made_by = $19, most = $20, near = $21, fields = $22, version = version + 1 WHERE id = $23 AND version = $24",
            vals![
                o.status, Json(&o.draft), o.saved_at, c.map(|c| c.summary.clone()), c.map(|c| c.plan.clone()),
                c.and_then(|c| c.spend.clone()), c.map(|c| c.people.clone()), c.map(|c| c.starts), c.map(|c| c.ends),
                c.and_then(|c| c.asked).map(|m| m.minor), Json(in_kind), c.and_then(|c| c.in_kind_note.clone()),
                Json(languages), c.and_then(|c| c.conflict_note.clone()), o.seal, o.submitted_at, o.reason, o.shortlisted,
                o.made_by, c.and_then(|c| c.most), c.and_then(|c| c.near), Json(c.map(|c| c.fields.clone()).unwrap_or_default()), o.id, o.version
            ],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(Fail::Changed) }
}
/// Takes the place of an offer's lines and limits.
pub(crate) async fn replace_lines(
    tx: &Tx,
    offer: OfferId,
    lines: &[(NeedId, i64)],
    limits: &[(NeedId, i64)],
) -> Result<(), StoreFault> {
    tx.exec("DELETE FROM offer_line WHERE offer = $1", vals![offer]).await?;
    tx.exec("DELETE FROM offer_limit WHERE offer = $1", vals![offer])
        .await?;
    let rows = |of: &[(NeedId, i64)]| of.iter().map(|(n, u)| vals![offer, *n, *u]).collect();
    tx.insert_many("INSERT INTO offer_limit (offer, need, most)", 3, rows(limits))
        .await?;
    tx.insert_many("INSERT INTO offer_line (offer, need, units)", 3, rows(lines))
        .await
}
/// Sets which opened offers are on the short list.
pub(crate) async fn set_shortlist(tx: &Tx, call: CallId, chosen: &[OfferId]) -> Result<(), StoreFault> {
    tx.exec("UPDATE offer SET shortlisted = $1, version = version + 1 WHERE call = $2 AND status = 'submitted' AND shortlisted = $3", vals![false, call, true]).await?;
    for chunk in chosen.chunks(500) {
        let mut v = vals![true, call];
        v.extend(chunk.iter().map(ToVal::to_val));
        tx.exec(&format!("UPDATE offer SET shortlisted = $1, version = version + 1 WHERE call = $2 AND status = 'submitted' AND id IN ({})", places(3, chunk.len())), v).await?;
    }
    Ok(())
}
/// Declines everything that was handed in and not awarded; returns how many.
pub(crate) async fn decline_others(tx: &Tx, call: CallId) -> Result<u64, StoreFault> {
    tx.exec(
        "UPDATE offer SET status = 'declined', version = version + 1 WHERE call = $1 AND status = 'submitted'",
        vals![call],
    )
    .await
}
/// The award's own step on the offer: one row, or somebody was faster.
pub(crate) async fn mark_awarded(tx: &Tx, id: OfferId) -> Result<bool, StoreFault> {
    Ok(tx
        .exec(
            "UPDATE offer SET status = 'awarded', version = version + 1 WHERE id = $1 AND status = 'submitted'",
            vals![id],
        )
        .await?
        == 1)
}

row! {
    struct PublicRow {
        id: OfferId, call: CallId, body: Option<BodyId>, account: Option<AccountId>, status: OfferStatus, summary: Text,
        starts: Day, ends: Day, asked_minor: Option<i64>, currency: Currency, submitted_at: Moment, shortlisted: bool,
        illustrative: bool,
    }
}
/// The public part of the opened offers of some calls; what was assigned was never offered. The short list stays inside
/// until the decision.
pub(crate) async fn public_offers(q: &impl Query, calls: &[CallId]) -> Result<Vec<OfferCard>, StoreFault> {
    if calls.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<PublicRow> = q
        .all(
            &format!(
                "SELECT o.id, o.call, o.body, o.account, o.status, o.summary, o.starts, o.ends, o.asked_minor, o.currency, o.submitted_at, o.shortlisted, o.illustrative FROM offer o JOIN call c ON c.id = o.call WHERE o.call IN ({}) AND c.opened_at IS NOT NULL AND o.status IN ('submitted', 'awarded', 'declined') AND NOT EXISTS (SELECT 1 FROM assignment x WHERE x.call = c.id) ORDER BY o.submitted_at, o.id",
                places(1, calls.len())
            ),
            calls.iter().map(ToVal::to_val).collect(),
        )
        .await?;
    let card = |r: PublicRow| OfferCard {
        id: r.id,
        call: r.call,
        body: r.body,
        account: r.account,
        status: r.status,
        summary: r.summary,
        starts: r.starts,
        ends: r.ends,
        asked: r.asked_minor.map(|m| Money::new(m, r.currency)),
        submitted_at: r.submitted_at,
        shortlisted: r.shortlisted,
        mean: None,
        illustrative: r.illustrative,
    };
    Ok(rows.into_iter().map(card).collect())
}
row! {
    struct OwnRow {
        id: OfferId, call: CallId, call_title: Text, status: OfferStatus, call_status: CallStatus, opens_at: Moment, closes_at: Moment,
        saved_at: Moment, submitted_at: Option<Moment>, illustrative: bool,
    }
}
/// The offers of a maker, newest first.
pub(crate) async fn own_offers(
    q: &impl Query,
    body: Option<BodyId>,
    account: Option<AccountId>,
) -> Result<Vec<OwnOffer>, StoreFault> {
    let (column, val) = match (body, account) {
        (Some(b), _) => ("o.body = $1", b.to_val()),
        (None, Some(a)) => ("o.account = $1 AND o.body IS NULL", a.to_val()),
        (None, None) => return Ok(Vec::new()),
    };
    let rows: Vec<OwnRow> = q
        .all(
            &format!("SELECT o.id, o.call, c.title AS call_title, o.status, c.status AS call_status, c.opens_at, c.closes_at, o.saved_at, o.submitted_at, o.illustrative FROM offer o JOIN call c ON c.id = o.call WHERE {column} ORDER BY o.id DESC LIMIT 500"),
            vec![val],
        )
        .await?;
    let own = |r: OwnRow| OwnOffer {
        id: r.id,
        call: r.call,
        call_title: r.call_title,
        status: r.status,
        call_status: r.call_status,
        opens_at: r.opens_at,
        closes_at: r.closes_at,
        saved_at: r.saved_at,
        submitted_at: r.submitted_at,
        illustrative: r.illustrative,
    };
    Ok(rows.into_iter().map(own).collect())
}
/// Empties the offers in this person's own name that nobody else has read: those not handed in, those taken back, and
/// those that lie sealed while their call is open. Says which.
pub(crate) async fn empty_offers_of(tx: &Tx, account: AccountId) -> Result<Vec<OfferId>, StoreFault> {
    row! { struct Emptied { id: OfferId } }
    let rows: Vec<Emptied> = tx
        .all(
            "UPDATE offer SET status = 'withdrawn', draft = $2, summary = NULL, plan = NULL, spend = NULL, people = NULL, starts = NULL, ends = NULL, asked_minor = NULL, in_kind = '[]', in_kind_note = NULL, languages = '[]', conflict_note = NULL, most = NULL, near = NULL, fields = NULL, seal = NULL, reason = NULL, version = version + 1 WHERE account = $1 AND body IS NULL AND (summary IS NOT NULL OR draft <> $2) AND (status IN ('draft', 'withdrawn') OR (status = 'submitted' AND call IN (SELECT id FROM call WHERE opened_at IS NULL AND closes_at > $3))) RETURNING id",
            vals![account, Json(OfferInput::default()), tx.now()],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}
