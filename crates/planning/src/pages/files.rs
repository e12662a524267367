//! The plan as files, out and in.

use ::pages::{Ctx, Ending, Form, Markup, Nav, Page, Posted, Problem, download, fmt, parts};
use axum::{extract::Query, response::Response};
use basis::{Code, Fail, Field, Refusal};
use i18n_embed_fl::fl;
use serde::Deserialize;
use sheets::{CellOut, ColumnOut, Kind, Table};
use std::fmt::Write;

use super::{Act, Part, finder, portfolio};
use crate::gaps::Place;
use crate::{TableReport, find, import_items, t};

pub(super) async fn items(
    ctx: Ctx,
    Query(asked): Query<portfolio::Asked>,
    ending: Ending,
) -> Result<Response, Problem> {
    let filter = asked.filter(i64::from(ctx.today().year()));
    let table = crate::export_items(&ctx.house().db, &ctx.viewer, &filter, ctx.locale, ctx.today()).await?;
    download::table("plan", ending, &table)
}
pub(super) async fn lines(ctx: Ctx, ending: Ending) -> Result<Response, Problem> {
    let table = crate::export_lines(&ctx.house().db, ctx.locale, ctx.today()).await?;
    download::table("policy-lines", ending, &table)
}
/// Only the headings, as an import understands them.
pub(super) async fn template(ctx: Ctx) -> Result<Response, Problem> {
    let table = crate::export::import_template(ctx.locale, ctx.today());
    download::table("plan-template", Ending::Csv, &table)
}
pub(super) async fn gaps(ctx: Ctx, Query(asked): Query<finder::Asked>, ending: Ending) -> Result<Response, Problem> {
    download::table("gaps", ending, &gaps_table(&ctx, &asked).await?)
}
/// The matrix and the ranking behind it: a row per cell.
async fn gaps_table(ctx: &Ctx, asked: &finder::Asked) -> Result<Table, Problem> {
    let t = t(ctx.locale);
    let found = find(
        &ctx.house().db,
        &ctx.viewer,
        &asked.ask(),
        i64::from(ctx.today().year()),
    )
    .await?;
    let column = |key, label, kind| ColumnOut { key, label, kind };
    let columns = vec![
        column("place", fl!(t, "gaps-corner"), Kind::Text),
        column("field", fl!(t, "item-field"), Kind::Text),
        column("count", fl!(t, "gaps-count"), Kind::Number),
        column("planned", fl!(t, "cell-planned"), Kind::Text),
        column("rank", fl!(t, "gaps-rank"), Kind::Number),
        column("points", fl!(t, "gaps-points"), Kind::Number),
        column("reasons", fl!(t, "gaps-reason"), Kind::Prose),
    ];
    let by_cell: std::collections::HashMap<(Place, Field), &crate::gaps::Gap> =
        found.gaps.iter().map(|g| ((g.place, g.field), g)).collect();
    let mut rows = Vec::new();
    for r in &found.rows {
        for (field, c) in Field::ALL.iter().zip(&r.cells) {
            let gap = by_cell.get(&(r.place, *field));
            let reasons: Vec<String> = gap
                .map(|g| {
                    g.reasons
                        .iter()
                        .map(|(x, p)| format!("{} (+{p})", finder::reason(ctx, *x)))
                        .collect()
                })
                .unwrap_or_default();
            rows.push(vec![
                CellOut::Text(r.name.plain(ctx.locale).to_owned()),
                CellOut::Text(parts::field_name(ctx.locale, *field)),
                CellOut::Integer(c.count),
                CellOut::Text(if c.planned { "1".into() } else { String::new() }),
                c.rank
                    .and_then(|n| i64::try_from(n).ok())
                    .map_or(CellOut::Blank, CellOut::Integer),
                gap.map_or(CellOut::Blank, |g| CellOut::Integer(g.points)),
                CellOut::Text(reasons.join(" ")),
            ]);
        }
    }
    Ok(Table {
        title: fl!(t, "gaps-title"),
        columns,
        rows,
        made: ctx.today(),
    })
}

/// What comes with the file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ImportInput {
    /// "1" writes; anything else only looks.
    write: String,
}
pub(super) async fn import_form(ctx: Ctx) -> Result<Response, Problem> {
    ctx.house().gate.check(
        &ctx.viewer,
        "plan-item.import",
        &access::Thing::new("plan-item", "import"),
    )?;
    show(&ctx, None, None, &[])
}
pub(super) async fn import(ctx: Ctx, posted: Posted<ImportInput>) -> Result<Response, Problem> {
    let Some(upload) = posted.file("file") else {
        return show(&ctx, None, None, &[Refusal::at("file", "refusal-required")]);
    };
    let write = posted.input.write == "1";
    let report = import_items(
        ctx.house(),
        &ctx.asking(posted.once.clone()),
        &upload.bytes,
        &upload.name,
        !write,
    )
    .await;
    let report = match report {
        // The second of two clicks: the first one's rows are there.
        Err(Fail::Repeated(_)) => return Ok(ctx.go("/plan", Some("plan-imported"))),
        other => other?,
    };
    if report.written > 0 {
        return Ok(ctx.go("/plan", Some("plan-imported")));
    }
    let kept = Some(&upload).filter(|_| report.is_clean());
    show(&ctx, Some(&report), kept, &[])
}
fn show(
    ctx: &Ctx,
    report: Option<&TableReport>,
    kept: Option<&store::Upload>,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let mut f = Form::post(ctx, "/plan/import", fl!(t, "import-look"), refusals);
    f.file(
        "file",
        &fl!(t, "import-file"),
        &fl!(t, "import-file-hint"),
        ".csv,.xlsx",
        kept.is_some(),
    )
    .keep(kept);
    f.also("write", "1", &fl!(t, "import-write"));
    let mut all = vec![Part {
        anchor: "form",
        heading: fl!(t, "import-file"),
        note: fl!(t, "import-note"),
        body: f.done(),
    }];
    if let Some(r) = report {
        all.insert(
            0,
            Part {
                anchor: "report",
                heading: fl!(t, "import-report"),
                note: String::new(),
                body: report_table(ctx, r),
            },
        );
    }
    let failed = report.is_some_and(|r| !r.is_clean()) || !refusals.is_empty();
    let context = Markup(format!(
        "<p class=\"tools\"><a href=\"{}\">{}</a></p>",
        ctx.to("/plan/import/template.csv"),
        parts::escape(&fl!(t, "import-template"))
    ));
    let act = Act {
        title: fl!(t, "import-title"),
        made_up: Markup::default(),
        lead: fl!(t, "import-lead"),
        context,
        parts: all,
    };
    ctx.show(
        Page::new(fl!(t, "import-title"))
            .nav(Nav::Plan)
            .crumb(fl!(t, "plan-title"), "/plan")
            .unlisted()
            .in_error(failed),
        &act,
    )
}
/// What is wrong, row by row and column by column; for this room and the next.
pub fn report_table(ctx: &Ctx, r: &TableReport) -> Markup {
    let t = t(ctx.locale);
    let mut out = String::new();
    let say = if r.is_clean() {
        fl!(t, "import-clean", rows = r.rows)
    } else {
        fl!(t, "import-faults", faults = r.faults.len(), rows = r.rows)
    };
    // Anything wrong stands out, with the word that nothing was written.
    let class = if r.is_clean() { "" } else { " class=\"remark now\"" };
    let _ = write!(out, "<p role=\"status\"{class}>{}", parts::escape(&say));
    if !r.is_clean() {
        let _ = write!(out, " {}", parts::escape(&fl!(t, "import-nothing-written")));
    }
    out.push_str("</p>");
    if let Some((added, changed, unchanged)) = r.counts.filter(|_| r.is_clean()) {
        let say = fl!(
            t,
            "import-counts",
            added = added,
            changed = changed,
            unchanged = unchanged
        );
        let _ = write!(out, "<p>{}</p>", parts::escape(&say));
    }
    if !r.unread.is_empty() {
        let _ = write!(
            out,
            "<p class=\"quiet\">{}</p>",
            parts::escape(&fl!(t, "import-unread", columns = r.unread.join(", ")))
        );
    }
    if !r.faults.is_empty() {
        let head = [
            fl!(t, "import-row"),
            fl!(t, "import-column"),
            fl!(t, "import-value"),
            fl!(t, "import-what"),
        ];
        let _ = write!(
            out,
            "<table class=\"fold\"><caption class=\"unseen\">{}</caption><thead><tr>",
            parts::escape(&fl!(t, "import-report"))
        );
        for h in &head {
            let _ = write!(out, "<th scope=\"col\">{}</th>", parts::escape(h));
        }
        out.push_str("</tr></thead><tbody>");
        let mut faults: Vec<_> = r.faults.iter().collect();
        faults.sort_by_key(|x| (x.row, x.letter.len(), x.letter.clone()));
        for x in faults.into_iter().take(500) {
            let row = x.row.map(|n| fmt::number(i64::from(n))).unwrap_or_default();
            let column = format!("{} {}", x.letter, x.heading);
            let cells = [row, column.trim().to_owned(), x.value.clone(), ctx.refusal(&x.refusal)];
            out.push_str("<tr>");
            for (h, c) in head.iter().zip(cells) {
                let _ = write!(out, "<td data-th=\"{}\">{}</td>", parts::escape(h), parts::escape(&c));
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table>");
    }
    Markup(out)
}
