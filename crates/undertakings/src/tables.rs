//! Undertakings, milestones and instalments as tables that Excel reads, each cut to what its reader may see: sums where
//! they are published or the reader stands inside, rounds under review for the two sides.

use std::collections::HashMap;

use ::pages::cells::{both, made_up, made_up_column, money};
use access::{House, Viewer};
use basis::{Fail, Locale, MilestoneId, Text, UndertakingId};
use i18n_embed_fl::fl;
use sheets::{CellOut, ColumnOut, Kind, Table};

use crate::pages::words::word;
use crate::{UndertakingCard, face, neighbours::Names, store, t};

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Undertakings,
    Milestones,
    Instalments,
}

/// The day of a moment on the home city's calendar.
fn day(house: &House, m: Option<basis::Moment>) -> CellOut {
    m.map_or(CellOut::Blank, |m| CellOut::Date(m.to_zoned(house.zone.clone()).date()))
}

/// One of this room's tables, as this viewer may read it.
///
/// # Errors
/// A fault of the store.
pub async fn export(house: &House, viewer: &Viewer, locale: Locale, what: What) -> Result<Table, Fail> {
    let q = &house.db;
    let all = face::cards(q, viewer, store::every(q).await?).await?;
    match what {
        What::Undertakings => undertakings(house, locale, &all).await,
        What::Milestones => milestones(house, locale, &all).await,
        What::Instalments => instalments(house, locale, &all).await,
    }
}
async fn undertakings(house: &House, locale: Locale, all: &[UndertakingCard]) -> Result<Table, Fail> {
    let t = t(locale);
    let bodies = all.iter().filter_map(|u| u.body).chain(all.iter().map(|u| u.guiding));
    let people = all.iter().filter_map(|u| u.account);
    let names = Names::of(&house.db, bodies.collect(), people.collect()).await?;
    let row = |u: &UndertakingCard| {
        let [zh, en] = both(&u.title);
        vec![
            CellOut::Text(u.id.to_string()),
            CellOut::Text(u.award.to_string()),
            CellOut::Text(u.plan_item.to_string()),
            zh,
            en,
            CellOut::Text(names.executor(locale, u.body, u.account)),
            CellOut::Text(word(locale, &format!("mode-{}", u.mode))),
            CellOut::words(names.body(u.guiding).map(|n| n.plain(locale))),
            CellOut::Text(word(locale, &format!("undertaking-status-{}", u.status))),
            CellOut::Date(u.starts),
            CellOut::Date(u.ends),
            day(house, u.started_at),
            day(house, u.ended_at),
            money(u.budget),
            CellOut::Text(u.currency.to_string()),
            CellOut::words(u.end_reason.as_deref()),
            made_up(locale, u.illustrative),
        ]
    };
    Ok(Table {
        title: fl!(t, "table-undertakings"),
        columns: vec![
            ColumnOut::new("id", fl!(t, "table-undertaking"), Kind::Text),
            ColumnOut::new("award", fl!(t, "table-award"), Kind::Text),
            ColumnOut::new("programme", fl!(t, "fact-programme"), Kind::Text),
            ColumnOut::new("title_zh", fl!(t, "field-title-zh"), Kind::Text),
            ColumnOut::new("title_en", fl!(t, "field-title-en"), Kind::Text),
            ColumnOut::new("party", fl!(t, "fact-executor"), Kind::Text),
            ColumnOut::new("mode", fl!(t, "fact-mode"), Kind::Text),
            ColumnOut::new("guiding", fl!(t, "fact-guiding"), Kind::Text),
            ColumnOut::new("status", fl!(t, "fact-status"), Kind::Text),
            ColumnOut::new("starts", fl!(t, "field-starts"), Kind::Date),
            ColumnOut::new("ends", fl!(t, "field-ends"), Kind::Date),
            ColumnOut::new("started", fl!(t, "table-started"), Kind::Date),
            ColumnOut::new("ended", fl!(t, "table-ended"), Kind::Date),
            ColumnOut::new("budget", fl!(t, "table-budget"), Kind::Number),
            ColumnOut::new("currency", fl!(t, "table-currency"), Kind::Text),
            ColumnOut::new("stopped", fl!(t, "fact-stopped"), Kind::Prose),
            made_up_column(locale),
        ],
        rows: all.iter().map(row).collect(),
        made: house.today(),
    })
}
fn titles(all: &[UndertakingCard], locale: Locale) -> HashMap<UndertakingId, String> {
    all.iter().map(|u| (u.id, u.title.plain(locale).to_owned())).collect()
}
async fn milestones(house: &House, locale: Locale, all: &[UndertakingCard]) -> Result<Table, Fail> {
    let t = t(locale);
    let of = titles(all, locale);
    let found = crate::milestones(&house.db, all).await?;
    let row = |m: &crate::MilestoneCard| {
        let [zh, en] = both(&m.title);
        vec![
            CellOut::Text(m.id.to_string()),
            CellOut::Text(m.undertaking.to_string()),
            CellOut::words(of.get(&m.undertaking).map(String::as_str)),
            CellOut::Integer(m.position + 1),
            zh,
            en,
            CellOut::Date(m.due),
            CellOut::Text(word(locale, &format!("milestone-status-{}", m.status))),
            m.accepted_on.map_or(CellOut::Blank, CellOut::Date),
        ]
    };
    Ok(Table {
        title: fl!(t, "table-milestones"),
        columns: vec![
            ColumnOut::new("id", fl!(t, "table-milestone"), Kind::Text),
            ColumnOut::new("undertaking", fl!(t, "table-undertaking"), Kind::Text),
            ColumnOut::new("undertaking_title", fl!(t, "table-undertaking-title"), Kind::Text),
            ColumnOut::new("number", fl!(t, "table-number"), Kind::Number),
            ColumnOut::new("title_zh", fl!(t, "field-title-zh"), Kind::Text),
            ColumnOut::new("title_en", fl!(t, "field-title-en"), Kind::Text),
            ColumnOut::new("due", fl!(t, "table-due"), Kind::Date),
            ColumnOut::new("status", fl!(t, "fact-status"), Kind::Text),
            ColumnOut::new("accepted", fl!(t, "table-accepted"), Kind::Date),
        ],
        rows: found.iter().map(row).collect(),
        made: house.today(),
    })
}
async fn instalments(house: &House, locale: Locale, all: &[UndertakingCard]) -> Result<Table, Fail> {
    let t = t(locale);
    let of = titles(all, locale);
    let named: HashMap<MilestoneId, Text> = crate::milestones(&house.db, all)
        .await?
        .into_iter()
        .map(|m| (m.id, m.title))
        .collect();
    let sums = crate::money(&house.db, all).await?;
    let row = |i: &crate::InstalmentCard| {
        let earned = i
            .milestone
            .and_then(|m| named.get(&m))
            .map(|m| m.plain(locale).to_owned());
        vec![
            CellOut::Text(i.id.to_string()),
            CellOut::Text(i.undertaking.to_string()),
            CellOut::words(of.get(&i.undertaking).map(String::as_str)),
            CellOut::Integer(i.position + 1),
            CellOut::Text(earned.unwrap_or_else(|| fl!(t, "instalment-advance"))),
            money(Some(i.amount)),
            CellOut::Text(i.amount.currency.to_string()),
            CellOut::Text(word(locale, &format!("instalment-status-{}", i.status))),
            day(house, i.requested_at),
            day(house, i.approved_at),
            day(house, i.paid_at),
            day(house, i.reconciled_at),
            CellOut::words(i.reference.as_deref()),
            CellOut::words(i.statement.as_deref()),
            CellOut::words(i.refusal.as_deref()),
        ]
    };
    Ok(Table {
        title: fl!(t, "table-instalments"),
        columns: vec![
            ColumnOut::new("id", fl!(t, "table-instalment"), Kind::Text),
            ColumnOut::new("undertaking", fl!(t, "table-undertaking"), Kind::Text),
            ColumnOut::new("undertaking_title", fl!(t, "table-undertaking-title"), Kind::Text),
            ColumnOut::new("number", fl!(t, "table-number"), Kind::Number),
            ColumnOut::new("earned_by", fl!(t, "field-earned-by"), Kind::Text),
            ColumnOut::new("amount", fl!(t, "field-amount"), Kind::Number),
            ColumnOut::new("currency", fl!(t, "table-currency"), Kind::Text),
            ColumnOut::new("status", fl!(t, "fact-status"), Kind::Text),
            ColumnOut::new("requested", fl!(t, "table-requested"), Kind::Date),
            ColumnOut::new("approved", fl!(t, "table-approved"), Kind::Date),
            ColumnOut::new("paid", fl!(t, "table-paid"), Kind::Date),
            ColumnOut::new("reconciled", fl!(t, "table-reconciled"), Kind::Date),
            ColumnOut::new("voucher", fl!(t, "field-reference"), Kind::Text),
            ColumnOut::new("statement", fl!(t, "field-statement"), Kind::Text),
            ColumnOut::new("refused", fl!(t, "field-refusal"), Kind::Prose),
        ],
        rows: sums.iter().flat_map(|m| m.instalments.iter()).map(row).collect(),
        made: house.today(),
    })
}
