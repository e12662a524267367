//! The plan as a table, with the headings that an import understands.

use access::Viewer;
use basis::{Day, Fail, Locale, Text};
use i18n_embed_fl::fl;
use sheets::{CellOut, ColumnOut, Kind, Table};
use store::Query;

use crate::{Filter, PlanItemCard, neighbours, store as sql, t};

/// At most so many rows in a file: more than any city plans.
const MOST: u32 = 5000;

/// The items a filter finds, newest year first. The plan is public, so is its table; a relation is named to who may see
/// it.
///
/// # Errors
/// A fault of the store.
pub async fn export_items(
    q: &impl Query,
    viewer: &Viewer,
    filter: &Filter,
    locale: Locale,
    today: Day,
) -> Result<Table, Fail> {
    let items = sql::list(
        q,
        &Filter {
            limit: Some(MOST),
            after: None,
            ..filter.clone()
        },
    )
    .await?
    .items;
    let relations = neighbours::references(q, viewer, &items).await?;
    let districts = neighbours::district_names(q).await?;
    let in_lang = |t: &Text, l: Locale| t.get(l.tag()).unwrap_or("").to_owned();
    let row = |i: &PlanItemCard| {
        let both = |t: &Text| {
            [
                CellOut::Text(in_lang(t, Locale::Zh)),
                CellOut::Text(in_lang(t, Locale::En)),
            ]
        };
        let mut cells = vec![
            CellOut::Text(i.id.to_string()),
            CellOut::Integer(i.year),
            CellOut::Text(::pages::parts::field_name(locale, i.field)),
            i.relation
                .and_then(|r| relations.get(&r))
                .map_or(CellOut::Blank, |r| CellOut::Text(r.clone())),
            i.district
                .and_then(|d| districts.get(&d))
                .map_or(CellOut::Blank, |d| CellOut::Text(d.plain(locale).to_owned())),
            CellOut::Text(i.policy_code.clone()),
        ];
        cells.extend(both(&i.title));
        cells.extend(both(&i.aim));
        cells.extend(both(&i.supports));
        cells.push(i.due.map_or(CellOut::Blank, CellOut::Date));
        cells.push(CellOut::Text(status_name(locale, i.status)));
        cells.push(
            i.reason
                .as_ref()
                .map_or(CellOut::Blank, |r| CellOut::Text(r.plain(locale).to_owned())),
        );
        cells
    };
    let t = t(locale);
    let own = |key: &'static str, label: String| ColumnOut {
        key,
        label,
        kind: Kind::Text,
    };
    let mut columns = headings(locale);
    columns.push(own("status", fl!(t, "plan-status")));
    columns.push(own("reason", fl!(t, "plan-reason")));
    Ok(Table {
        title: fl!(t, "plan-title"),
        columns,
        rows: items.iter().map(row).collect(),
        made: today,
    })
}
/// All policy lines, by code: quoted, with their source and how long they hold.
///
/// # Errors
/// A fault of the store.
pub async fn export_lines(q: &impl Query, locale: Locale, today: Day) -> Result<Table, Fail> {
    let t = t(locale);
    let column = |key, label, kind| ColumnOut { key, label, kind };
    let said = |t: &Text, l: Locale| t.get(l.tag()).map_or(CellOut::Blank, |s| CellOut::Text(s.to_owned()));
    let rows = sql::lines(q).await?.into_iter().map(|l| {
        vec![
            CellOut::Text(l.code),
            said(&l.title, Locale::Zh),
            said(&l.title, Locale::En),
            said(&l.text, Locale::Zh),
            said(&l.text, Locale::En),
            CellOut::Text(l.source),
            CellOut::Date(l.starts),
            l.until.map_or(CellOut::Blank, CellOut::Date),
            if l.illustrative {
                CellOut::Text(fl!(t, "column-illustrative-yes"))
            } else {
                CellOut::Blank
            },
        ]
    });
    Ok(Table {
        title: fl!(t, "lines-title"),
        columns: vec![
            column("code", fl!(t, "line-code"), Kind::Text),
            column("title_zh", fl!(t, "item-title-zh"), Kind::Text),
            column("title_en", fl!(t, "item-title-en"), Kind::Text),
            column("text_zh", fl!(t, "line-text-zh"), Kind::Prose),
            column("text_en", fl!(t, "line-text-en"), Kind::Prose),
            column("source", fl!(t, "line-source"), Kind::Text),
            column("starts", fl!(t, "line-starts"), Kind::Date),
            column("until", fl!(t, "line-until"), Kind::Date),
            column("illustrative", fl!(t, "column-illustrative"), Kind::Text),
        ],
        rows: rows.collect(),
        made: today,
    })
}
/// The columns an import reads, under headings in the reader's language.
fn headings(locale: Locale) -> Vec<ColumnOut> {
    crate::import::COLUMNS
        .iter()
        .map(|c| ColumnOut {
            key: c.key,
            // Chinese headings stand after the English ones.
            label: c
                .aliases
                .iter()
                .find(|a| a.is_ascii() == (locale == Locale::En))
                .unwrap_or(&c.key)
                .to_string(),
            kind: match c.key {
                "year" => Kind::Number,
                "due" => Kind::Date,
                "aim_zh" | "aim_en" | "supports_zh" | "supports_en" => Kind::Prose,
                _ => Kind::Text,
            },
        })
        .collect()
}
/// An empty table with an import's headings.
pub(crate) fn import_template(locale: Locale, today: Day) -> Table {
    Table {
        title: fl!(t(locale), "plan-title"),
        columns: headings(locale),
        rows: Vec::new(),
        made: today,
    }
}

/// A status in words.
pub fn status_name(locale: Locale, status: crate::PlanStatus) -> String {
    let t = t(locale);
    match status {
        crate::PlanStatus::Planned => fl!(t, "plan-status-planned"),
        crate::PlanStatus::InProgress => fl!(t, "plan-status-in-progress"),
        crate::PlanStatus::NearlyDone => fl!(t, "plan-status-nearly-done"),
        crate::PlanStatus::Done => fl!(t, "plan-status-done"),
        crate::PlanStatus::CarriedOver => fl!(t, "plan-status-carried-over"),
        crate::PlanStatus::Dropped => fl!(t, "plan-status-dropped"),
    }
}
