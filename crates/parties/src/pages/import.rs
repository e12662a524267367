//! Organisations from a file: first what would happen, then all of it or nothing.

use ::pages::{Ctx, Form, Markup, Posted, Problem, parts};
use access::Thing;
use axum::response::Response;
use basis::{Fail, Refusal};
use i18n_embed_fl::fl;
use serde::Deserialize;

use crate::{
    export::heading,
    files::{self, Report},
    import::{self, COLUMNS},
    t,
};

/// Nothing but the file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Nothing {}

fn allowed(ctx: &Ctx) -> Result<(), Problem> {
    Ok(ctx
        .house()
        .gate
        .check(&ctx.viewer, "organisation.import", &Thing::new("organisation", ""))?)
}
pub(super) async fn form(ctx: Ctx) -> Result<Response, Problem> {
    allowed(&ctx)?;
    show(&ctx, None, None, &[])
}
pub(super) async fn post(ctx: Ctx, posted: Posted<Nothing>) -> Result<Response, Problem> {
    allowed(&ctx)?;
    // Nothing is written unless it is said: a form sent without a word only looks.
    let dry = posted.get("take") != "1";
    let Some(upload) = posted.file("file") else {
        return show(&ctx, None, None, &[Refusal::at("file", "refusal-required")]);
    };
    let once = posted.once.clone().filter(|_| !dry);
    match import::run(ctx.house(), &ctx.asking(once), &upload.bytes, &upload.name, dry).await {
        Ok(report) => {
            let kept = Some(&upload).filter(|_| dry && report.is_clean());
            show(&ctx, Some(&report), kept, &[])
        }
        Err(Fail::Refused(refusals)) => show(&ctx, None, None, &refusals),
        Err(other) => Err(other.into()),
    }
}
fn show(
    ctx: &Ctx,
    report: Option<&Report>,
    kept: Option<&::store::Upload>,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let (l, t) = (ctx.locale, t(ctx.locale));
    let said = report.map(|r| files::report_markup(ctx, r, &|key| heading(l, key)));
    let bad = report.is_some_and(|r| !r.is_clean());
    let columns: Vec<String> = COLUMNS.iter().map(|c| heading(l, c.key)).collect();
    let columns = format!(
        "<details class=\"more\"><summary>{}</summary><p>{}</p><p><a href=\"{}\">{}</a></p></details>",
        parts::escape(&fl!(t, "import-columns")),
        parts::escape(&columns.join(if l == basis::Locale::Zh { "、" } else { ", " })),
        ctx.to("/organisations/import/template.csv"),
        parts::escape(&fl!(t, "import-template"))
    );
    let mut f = Form::post(ctx, "/organisations/import", fl!(t, "import-look"), refusals);
    f.file(
        "file",
        &fl!(t, "import-file"),
        &fl!(t, "import-file-hint"),
        ".csv,.xlsx",
        kept.is_some(),
    )
    .keep(kept)
    .also("take", "1", &fl!(t, "import-take"));
    let before = Markup(format!("{}{columns}", said.unwrap_or_default()));
    super::show_act(ctx, (fl!(t, "import-title"), fl!(t, "import-lead")), before, &f, bad)
}
