//! Aims and evaluations as tables, as everybody may read them: what is not published is not in them, and nobody is
//! named, for files travel and a name can be erased here only.

use std::collections::HashMap;

use ::store::{Query, Via};
use access::Viewer;
use basis::{Day, Fail, Locale, PlanItemId, Text};
use i18n_embed_fl::fl;
use planning::PlanItemCard;
use sheets::{CellOut, ColumnOut, Kind, Table};

use crate::{EvaluationCard, face, store, t};

/// At most so many rows in a file.
const MOST: u32 = 20_000;

fn in_lang(t: &Text, l: Locale) -> CellOut {
    t.get(l.tag()).map_or(CellOut::Blank, |s| CellOut::Text(s.to_owned()))
}
fn said(t: Option<&Text>, l: Locale) -> CellOut {
    t.map_or(CellOut::Blank, |t| in_lang(t, l))
}
fn made_up(locale: Locale, yes: bool) -> CellOut {
    if yes {
        CellOut::Text(fl!(t(locale), "column-illustrative-yes"))
    } else {
        CellOut::Blank
    }
}
/// The programme's year and title, from its card.
fn of_programme(items: &HashMap<PlanItemId, PlanItemCard>, id: PlanItemId) -> [CellOut; 4] {
    let item = items.get(&id);
    [
        CellOut::Text(id.to_string()),
        item.map_or(CellOut::Blank, |i| CellOut::Integer(i.year)),
        said(item.map(|i| &i.title), Locale::Zh),
        said(item.map(|i| &i.title), Locale::En),
    ]
}
fn programme_columns(locale: Locale) -> Vec<ColumnOut> {
    let t = t(locale);
    vec![
        ColumnOut::new("programme", fl!(t, "column-programme"), Kind::Text),
        ColumnOut::new("year", fl!(t, "column-year"), Kind::Number),
        ColumnOut::new("programme_zh", fl!(t, "column-programme-zh"), Kind::Text),
        ColumnOut::new("programme_en", fl!(t, "column-programme-en"), Kind::Text),
    ]
}

/// Every aim with what was found about it, once that is published.
///
/// # Errors
/// A fault of the store.
pub async fn export_aims(q: &impl Query, locale: Locale, today: Day) -> Result<Table, Fail> {
    let tx = t(locale);
    let aims = store::every_aim(q, MOST).await?;
    let ids: Vec<PlanItemId> = aims.iter().map(|a| a.plan_item).collect();
    let items = planning::items(q, &ids).await?;
    let evaluations = evaluations(q).await?;
    let findings = face::findings(q, &evaluations).await?;
    let found: HashMap<_, _> = findings.iter().map(|f| (f.aim, f)).collect();
    let rows = aims.iter().map(|a| {
        let f = found.get(&a.id);
        let mut cells = Vec::from(of_programme(&items, a.plan_item));
        for text in [&a.text, &a.measure, &a.target] {
            cells.extend([in_lang(text, Locale::Zh), in_lang(text, Locale::En)]);
        }
        cells.extend([
            CellOut::Text(a.set.1.to_string()),
            f.map_or(CellOut::Blank, |f| CellOut::Text(state_name(locale, f.state))),
            said(f.map(|f| &f.found), Locale::Zh),
            said(f.map(|f| &f.found), Locale::En),
            f.and_then(|f| f.source.clone()).map_or(CellOut::Blank, CellOut::Text),
            made_up(locale, a.illustrative),
        ]);
        cells
    });
    let rows = rows.collect();
    let mut columns = programme_columns(locale);
    columns.extend([
        ColumnOut::new("aim_zh", fl!(tx, "field-aim-zh"), Kind::Prose),
        ColumnOut::new("aim_en", fl!(tx, "field-aim-en"), Kind::Prose),
        ColumnOut::new("measure_zh", fl!(tx, "field-measure-zh"), Kind::Prose),
        ColumnOut::new("measure_en", fl!(tx, "field-measure-en"), Kind::Prose),
        ColumnOut::new("target_zh", fl!(tx, "field-target-zh"), Kind::Text),
        ColumnOut::new("target_en", fl!(tx, "field-target-en"), Kind::Text),
        ColumnOut::new("set_at", fl!(tx, "column-set-at"), Kind::Text),
        ColumnOut::new("state", fl!(tx, "col-state"), Kind::Text),
        ColumnOut::new("found_zh", fl!(tx, "field-found-zh"), Kind::Prose),
        ColumnOut::new("found_en", fl!(tx, "field-found-en"), Kind::Prose),
        ColumnOut::new("source", fl!(tx, "field-source"), Kind::Text),
        ColumnOut::new("illustrative", fl!(tx, "column-illustrative"), Kind::Text),
    ]);
    Ok(Table {
        title: fl!(tx, "export-aims"),
        columns,
        rows,
        made: today,
    })
}

/// Every evaluation: that there is one and until when; the words once they are published.
///
/// # Errors
/// A fault of the store.
pub async fn export_evaluations(q: &impl Query, locale: Locale, today: Day) -> Result<Table, Fail> {
    let tx = t(locale);
    let all = evaluations(q).await?;
    let ids: Vec<PlanItemId> = all.iter().map(|e| e.plan_item).collect();
    let items = planning::items(q, &ids).await?;
    let rows = all.iter().map(|e| {
        let mut cells = vec![CellOut::Text(e.id.to_string())];
        cells.extend(of_programme(&items, e.plan_item));
        cells.extend([
            CellOut::Text(status_name(locale, e.status)),
            CellOut::Date(e.due),
            CellOut::Integer(e.evaluators as i64),
            e.published_at
                .map_or(CellOut::Blank, |at| CellOut::Text(at.to_string())),
            said(e.summary.as_ref(), Locale::Zh),
            said(e.summary.as_ref(), Locale::En),
            said(e.reply.as_ref(), Locale::Zh),
            said(e.reply.as_ref(), Locale::En),
            made_up(locale, e.illustrative),
        ]);
        cells
    });
    let rows = rows.collect();
    let mut columns = vec![ColumnOut::new("evaluation", fl!(tx, "column-evaluation"), Kind::Text)];
    columns.extend(programme_columns(locale));
    columns.extend([
        ColumnOut::new("status", fl!(tx, "col-state"), Kind::Text),
        ColumnOut::new("due", fl!(tx, "field-due"), Kind::Date),
        ColumnOut::new("evaluators", fl!(tx, "part-evaluators"), Kind::Number),
        ColumnOut::new("published_at", fl!(tx, "column-published-at"), Kind::Text),
        ColumnOut::new("summary_zh", fl!(tx, "field-summary-zh"), Kind::Prose),
        ColumnOut::new("summary_en", fl!(tx, "field-summary-en"), Kind::Prose),
        ColumnOut::new("reply_zh", fl!(tx, "column-reply-zh"), Kind::Prose),
        ColumnOut::new("reply_en", fl!(tx, "column-reply-en"), Kind::Prose),
        ColumnOut::new("illustrative", fl!(tx, "column-illustrative"), Kind::Text),
    ]);
    Ok(Table {
        title: fl!(tx, "export-evaluations"),
        columns,
        rows,
        made: today,
    })
}
/// As the public reads them.
async fn evaluations(q: &impl Query) -> Result<Vec<EvaluationCard>, Fail> {
    let all = store::every_evaluation(q, MOST).await?;
    Ok(face::cards(q, &Viewer::public(Via::Page), all, &[]).await?)
}
fn word(locale: Locale, key: String, code: String) -> String {
    crate::TEXTS.find(locale, &key, Default::default()).unwrap_or(code)
}
fn state_name(locale: Locale, s: crate::FindingState) -> String {
    word(locale, format!("finding-{s}"), s.to_string())
}
fn status_name(locale: Locale, s: crate::Status) -> String {
    word(locale, format!("evaluation-status-{s}"), s.to_string())
}
