//! Tables out, and relations in: first what would happen, then all of it or nothing.

use ::pages::{Ctx, Form, Markup, Nav, Page, Posted, Problem, parts};
use access::Thing;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use basis::{Fail, Refusal};
use i18n_embed_fl::fl;
use serde::Deserialize;

use super::Act;
use crate::{
    export::{What, table},
    import, t,
};

/// A table as a file, as this reader may see it.
pub async fn download(ctx: Ctx, what: What, xlsx: bool) -> Result<Response, Problem> {
    let table = table(ctx.house(), &ctx.viewer, ctx.locale, what).await?;
    let (bytes, kind, ending) = if xlsx {
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        (table.to_xlsx().map_err(Fail::fault)?, kind, "xlsx")
    } else {
        (table.to_csv().map_err(Fail::fault)?, "text/csv; charset=utf-8", "csv")
    };
    let name = format!("attachment; filename=\"{}-{}.{ending}\"", what.name(), ctx.today());
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// Nothing but the file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Nothing {}

pub async fn import_form(ctx: Ctx) -> Result<Response, Problem> {
    ctx.house().gate.check(&ctx.viewer, "relation.import", &Thing::new("relation", ""))?;
    show(&ctx, None, &[])
}
/// Looks first where the second button was pressed: nothing is written then.
pub async fn import(ctx: Ctx, posted: Posted<Nothing>) -> Result<Response, Problem> {
    let dry = posted.get("look") == "1";
    run(ctx, posted, dry).await
}
async fn run(ctx: Ctx, posted: Posted<Nothing>, dry: bool) -> Result<Response, Problem> {
    let Some(upload) = posted.files.iter().find(|f| f.field == "file") else {
        return show(&ctx, None, &[Refusal::at("file", "refusal-required")]);
    };
    let once = posted.once.clone().filter(|_| !dry);
    let done = import::run(ctx.house(), &ctx.asking(once), &upload.file.bytes, &upload.file.name, dry).await;
    match done {
        Ok(report) => show(&ctx, Some(&report), &[]),
        Err(Fail::Refused(refusals)) => show(&ctx, None, &refusals),
        Err(other) => Err(other.into()),
    }
}
fn show(ctx: &Ctx, report: Option<&import::Report>, refusals: &[Refusal]) -> Result<Response, Problem> {
    let l = ctx.locale;
    let before = report.map(|r| parties::files::report_markup(ctx, r, &|key| import::heading(l, key)));
    let failed = !refusals.is_empty() || report.is_some_and(|r| !r.is_clean());
    let mut f = Form::post(ctx, "/relations/import", fl!(t(l), "import-take"), refusals);
    f.file("file", &fl!(t(l), "import-file"), &fl!(t(l), "import-file-hint"), ".csv,.xlsx", false)
        .also("look", "1", &fl!(t(l), "import-look"));
    let title = fl!(t(l), "relations-import");
    let page = Page::new(title.clone())
        .nav(Nav::Relations)
        .crumb(fl!(t(l), "relations-title"), "/relations")
        .unlisted()
        .in_error(failed);
    let columns: Vec<String> = import::COLUMNS.iter().map(|c| parts::escape(&import::heading(l, c.key))).collect();
    let columns = format!(
        "<details class=\"more\"><summary>{}</summary><p>{}</p></details>",
        parts::escape(&fl!(t(l), "import-columns")),
        columns.join(if l == basis::Locale::Zh { "、" } else { ", " })
    );
    let before = Markup(format!("{}{columns}", before.unwrap_or_default()));
    let lead = fl!(t(l), "import-lead");
    ctx.show(page, &Act { about: Markup::default(), title: &title, lead: &lead, before, form: f.done() })
}
