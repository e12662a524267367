//! Tables out, and relations in: first what would happen, then all of it or nothing.

use std::fmt::Write;

use ::pages::{Ctx, Ending, Form, Markup, Nav, Page, Posted, Problem, download, fmt, parts};
use access::Thing;
use axum::response::Response;
use basis::{Fail, Refusal};
use i18n_embed_fl::fl;
use serde::Deserialize;

use super::Act;
use crate::{
    Filter,
    export::{What, table},
    import, store as sql, t,
};

/// A table as a file, as this reader may see it. The register's own follows what the list was narrowed to.
pub async fn export(ctx: Ctx, what: What, ending: Ending) -> Result<Response, Problem> {
    let (filter, _) = super::list::filter_of(&ctx.query);
    let mut table = table(ctx.house(), &ctx.viewer, ctx.locale, what).await?;
    if what == What::Relations && filter != Filter::default() {
        table.rows = crate::export::narrowed(ctx.house(), &ctx.viewer, ctx.locale, &filter).await?;
    }
    download::table(&format!("{}-{}", what.name(), ctx.today()), ending, &table)
}

/// Files taken in before, newest first.
async fn earlier(ctx: &Ctx) -> Result<Markup, Problem> {
    let l = ctx.locale;
    let all = sql::imports(&ctx.house().db).await?;
    if all.is_empty() {
        return Ok(Markup::default());
    }
    let title = parts::escape(&fl!(t(l), "import-earlier"));
    let mut out = format!("<section><h2 class=\"h-small\">{title}</h2><ul class=\"rows\">");
    for i in all {
        let counts = fl!(t(l), "import-earlier-counts", added = i.added, changed = i.changed);
        let _ = write!(
            out,
            "<li><p>{} <span class=\"quiet small\">{}</span></p><p class=\"meta\">{}</p></li>",
            parts::escape(&i.file_name),
            parts::escape(&counts),
            parts::escape(&fmt::moment(l, i.at, ctx.zone()))
        );
    }
    out.push_str("</ul></section>");
    Ok(Markup(out))
}

/// Nothing but the file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Nothing {}

pub async fn import_form(ctx: Ctx) -> Result<Response, Problem> {
    ctx.house()
        .gate
        .check(&ctx.viewer, "relation.import", &Thing::new("relation", ""))?;
    show(&ctx, None, None, &[]).await
}
/// Looks unless the second button was pressed: nothing is written then.
pub async fn import(ctx: Ctx, posted: Posted<Nothing>) -> Result<Response, Problem> {
    let dry = posted.get("look") == "1" && posted.get("take") != "1";
    run(ctx, posted, dry).await
}
async fn run(ctx: Ctx, posted: Posted<Nothing>, dry: bool) -> Result<Response, Problem> {
    let Some(upload) = posted.file("file") else {
        return show(&ctx, None, None, &[Refusal::at("file", "refusal-required")]).await;
    };
    let once = posted.once.clone().filter(|_| !dry);
    let done = import::run(ctx.house(), &ctx.asking(once), &upload.bytes, &upload.name, dry).await;
    match done {
        Ok(report) => {
            let kept = Some(&upload).filter(|_| dry && report.is_clean());
            show(&ctx, Some(&report), kept, &[]).await
        }
        Err(Fail::Refused(refusals)) => show(&ctx, None, None, &refusals).await,
        Err(other) => Err(other.into()),
    }
}
async fn show(
    ctx: &Ctx,
    report: Option<&import::Report>,
    kept: Option<&::store::Upload>,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let l = ctx.locale;
    let before = report.map(|r| parties::files::report_markup(ctx, r, &|key| import::heading(l, key)));
    let failed = !refusals.is_empty() || report.is_some_and(|r| !r.is_clean());
    let mut f = Form::post(ctx, "/relations/import", fl!(t(l), "import-look"), refusals);
    f.file(
        "file",
        &fl!(t(l), "import-file"),
        &fl!(t(l), "import-file-hint"),
        ".csv,.xlsx",
        kept.is_some(),
    )
    .keep(kept)
    .hidden("look", "1")
    .also("take", "1", &fl!(t(l), "import-take"));
    let title = fl!(t(l), "relations-import");
    let page = Page::new(title.clone())
        .nav(Nav::Relations)
        .crumb(fl!(t(l), "relations-title"), "/relations")
        .unlisted()
        .in_error(failed);
    let columns: Vec<String> = import::COLUMNS
        .iter()
        .map(|c| parts::escape(&import::heading(l, c.key)))
        .collect();
    let columns = format!(
        "<details class=\"more\"><summary>{}</summary><p>{}</p></details>",
        parts::escape(&fl!(t(l), "import-columns")),
        columns.join(if l == basis::Locale::Zh { "、" } else { ", " })
    );
    let before = Markup(format!(
        "{}{columns}{}",
        before.unwrap_or_default(),
        earlier(ctx).await?
    ));
    let lead = fl!(t(l), "import-lead");
    ctx.show(
        page,
        &Act {
            about: Markup::default(),
            title: &title,
            lead: &lead,
            before,
            form: f.done(),
        },
    )
}
