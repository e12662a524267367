//! Calls and awards as tables that Excel reads: what the public pages tell, and drafts to those who may read them.

use std::collections::HashMap;

use access::{House, Viewer};
use basis::{BodyId, CallId, Fail, Locale};
use i18n_embed_fl::fl;
use pages::{
    cells::{both, made_up, made_up_column, money},
    parts,
};
use sheets::{CellOut, ColumnOut, Kind, Table};

use crate::cards::CallCard;
use crate::pages::words;
use crate::{store as sql, t};

/// All calls this viewer may read: what is published, and drafts of their own unit.
async fn readable(house: &House, viewer: &Viewer) -> Result<Vec<CallCard>, Fail> {
    let all = sql::every_call(&house.db).await?;
    Ok(all
        .into_iter()
        .filter(|c| c.is_public() || house.gate.may(viewer, "call.inside.read", &c.thing()))
        .collect())
}
/// Calls, the newest close first. Nothing of an offer is in it, so nothing sealed can be.
///
/// # Errors
/// A fault of the store.
pub async fn export_calls(house: &House, viewer: &Viewer, locale: Locale) -> Result<Table, Fail> {
    let q = &house.db;
    let t = t(locale);
    let calls = readable(house, viewer).await?;
    let guiding: Vec<BodyId> = calls.iter().map(|c| c.guiding).collect();
    let bodies = parties::bodies(q, &guiding).await?;
    let relations: Vec<_> = calls.iter().filter_map(|c| c.relation).collect();
    let mut partners = if relations.is_empty() {
        HashMap::new()
    } else {
        relations::cards(q, &relations).await?
    };
    partners.retain(|_, r| relations::may_see(viewer, r));
    let at = |m: basis::Moment| {
        let said = m.to_zoned(house.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
        CellOut::Text(said)
    };
    let rows = calls.iter().map(|c| {
        let [zh, en] = both(&c.title);
        let [who_zh, who_en] = both(&c.who);
        let partner = c.relation.and_then(|r| partners.get(&r));
        vec![
            CellOut::Text(c.id.to_string()),
            CellOut::Text(c.plan_item.to_string()),
            zh,
            en,
            CellOut::Text(parts::field_name(locale, c.field)),
            CellOut::words(partner.map(|p| p.partner.name.plain(locale))),
            CellOut::words(bodies.get(&c.guiding).map(|b| b.name.plain(locale))),
            CellOut::Text(words::mode(locale, c.mode)),
            CellOut::Text(words::phase(locale, c.phase(house.now()))),
            at(c.opens_at),
            at(c.closes_at),
            money(c.ceiling),
            CellOut::Text(c.currency.to_string()),
            who_zh,
            who_en,
            made_up(locale, c.illustrative),
        ]
    });
    Ok(Table {
        title: fl!(t, "calls-title"),
        columns: vec![
            ColumnOut::new("id", fl!(t, "table-call"), Kind::Text),
            ColumnOut::new("programme", fl!(t, "table-programme"), Kind::Text),
            ColumnOut::new("title_zh", fl!(t, "table-title-zh"), Kind::Text),
            ColumnOut::new("title_en", fl!(t, "table-title-en"), Kind::Text),
            ColumnOut::new("field", fl!(t, "call-field"), Kind::Text),
            ColumnOut::new("partner", fl!(t, "call-with"), Kind::Text),
            ColumnOut::new("guiding", fl!(t, "call-guiding"), Kind::Text),
            ColumnOut::new("mode", fl!(t, "call-mode"), Kind::Text),
            ColumnOut::new("state", fl!(t, "call-state"), Kind::Text),
            ColumnOut::new("opens", fl!(t, "table-opens"), Kind::Text),
            ColumnOut::new("closes", fl!(t, "table-closes"), Kind::Text),
            ColumnOut::new("ceiling", fl!(t, "call-ceiling"), Kind::Number),
            ColumnOut::new("currency", fl!(t, "table-currency"), Kind::Text),
            ColumnOut::new("who_zh", fl!(t, "table-who-zh"), Kind::Prose),
            ColumnOut::new("who_en", fl!(t, "table-who-en"), Kind::Prose),
            made_up_column(locale),
        ],
        rows: rows.collect(),
        made: house.today(),
    })
}
/// Awards: whom, for which units, for how much, and why; all of it is public (R65).
///
/// # Errors
/// A fault of the store.
pub async fn export_awards(house: &House, viewer: &Viewer, locale: Locale) -> Result<Table, Fail> {
    let q = &house.db;
    let t = t(locale);
    let calls: HashMap<CallId, CallCard> = readable(house, viewer).await?.into_iter().map(|c| (c.id, c)).collect();
    let mut awards = sql::every_award(q).await?;
    awards.retain(|a| calls.contains_key(&a.call));
    let needs: Vec<crate::Need> = sql::awarded_needs(q).await?;
    let bodies: Vec<BodyId> = awards.iter().filter_map(|a| a.body).collect();
    let people: Vec<_> = awards.iter().filter_map(|a| a.account).collect();
    let (bodies, people) = (parties::bodies(q, &bodies).await?, parties::people(q, &people).await?);
    let rows = awards.iter().map(|a| {
        let maker = match (
            a.body.and_then(|b| bodies.get(&b)),
            a.account.and_then(|p| people.get(&p)),
        ) {
            (Some(b), _) => Some(b.name.plain(locale)),
            (None, Some(p)) => Some(p.name.as_str()),
            (None, None) => None,
        };
        let [reason_zh, reason_en] = both(&a.reason);
        vec![
            CellOut::Text(a.id.to_string()),
            CellOut::Text(a.call.to_string()),
            CellOut::words(calls.get(&a.call).map(|c| c.title.plain(locale))),
            CellOut::words(maker),
            CellOut::Text(words::mode(locale, a.mode)),
            CellOut::Date(a.at.to_zoned(house.zone.clone()).date()),
            CellOut::words(Some(&crate::award::units_said(locale, &a.units, &needs))),
            money(a.asked),
            money(a.amount),
            CellOut::Text(a.currency.to_string()),
            CellOut::words(a.amount_reason.as_ref().map(|r| r.plain(locale))),
            CellOut::Date(a.starts),
            CellOut::Date(a.ends),
            reason_zh,
            reason_en,
            made_up(locale, a.illustrative),
        ]
    });
    Ok(Table {
        title: fl!(t, "awards-title"),
        columns: vec![
            ColumnOut::new("id", fl!(t, "table-award"), Kind::Text),
            ColumnOut::new("call", fl!(t, "table-call"), Kind::Text),
            ColumnOut::new("call_title", fl!(t, "table-call-title"), Kind::Text),
            ColumnOut::new("party", fl!(t, "offer-maker"), Kind::Text),
            ColumnOut::new("mode", fl!(t, "call-mode"), Kind::Text),
            ColumnOut::new("awarded", fl!(t, "table-awarded"), Kind::Date),
            ColumnOut::new("units", fl!(t, "plan-units"), Kind::Prose),
            ColumnOut::new("asked", fl!(t, "offer-asked"), Kind::Number),
            ColumnOut::new("amount", fl!(t, "table-amount"), Kind::Number),
            ColumnOut::new("currency", fl!(t, "table-currency"), Kind::Text),
            ColumnOut::new("amount_reason", fl!(t, "award-amount-reason"), Kind::Prose),
            ColumnOut::new("starts", fl!(t, "offer-starts"), Kind::Date),
            ColumnOut::new("ends", fl!(t, "offer-ends"), Kind::Date),
            ColumnOut::new("reason_zh", fl!(t, "award-reason-zh"), Kind::Prose),
            ColumnOut::new("reason_en", fl!(t, "award-reason-en"), Kind::Prose),
            made_up_column(locale),
        ],
        rows: rows.collect(),
        made: house.today(),
    })
}
