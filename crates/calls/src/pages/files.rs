//! Offers as files, after the opening.

use ::pages::{Ctx, Ending, Form, Markup, Posted, Problem, download, parts};
use axum::{extract::Path, response::Response};
use basis::{CallId, Fail, Refusal};
use i18n_embed_fl::fl;
use serde::Deserialize;

use super::{id, part, under_call};
use crate::{Call, t};

pub(super) async fn offers(ctx: Ctx, Path(raw): Path<String>, ending: Ending) -> Result<Response, Problem> {
    let call: CallId = id(&raw)?;
    let table = crate::export_offers(ctx.house(), &ctx.viewer, call, ctx.locale).await?;
    download::table("offers", ending, &table)
}
pub(super) async fn calls(ctx: Ctx, ending: Ending) -> Result<Response, Problem> {
    let table = crate::export_calls(ctx.house(), &ctx.viewer, ctx.locale).await?;
    download::table("calls", ending, &table)
}
pub(super) async fn awards(ctx: Ctx, ending: Ending) -> Result<Response, Problem> {
    let table = crate::export_awards(ctx.house(), &ctx.viewer, ctx.locale).await?;
    download::table("awards", ending, &table)
}
/// A plan as a table, as far as this reader may see it.
pub(super) async fn plan(ctx: Ctx, Path(raw): Path<String>, ending: Ending) -> Result<Response, Problem> {
    let (call, needs, plan) = crate::told(ctx.house(), &ctx.viewer, id(&raw)?, false).await?;
    let table = crate::files::plan_table(ctx.house(), &call, &needs, &plan, ctx.locale).await?;
    download::table("allocation", ending, &table)
}
/// The plan with its certificate, for who checks the proof.
pub(super) async fn plan_json(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let (call, _, plan) = crate::told(ctx.house(), &ctx.viewer, id(&raw)?, true).await?;
    let told = serde_json::json!({ "call": call.id, "plan": plan });
    let bytes = serde_json::to_vec_pretty(&told).map_err(Fail::fault)?;
    Ok(download::saved("allocation.json", "application/json", bytes))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ImportInput {
    /// "1" writes; anything else only looks.
    write: String,
}
pub(super) async fn import_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let call = super::show::inside(&ctx, &raw, "offer.import").await?;
    show(&ctx, &call, None, None, &[])
}
pub(super) async fn import(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<ImportInput>,
) -> Result<Response, Problem> {
    let call = super::show::inside(&ctx, &raw, "offer.import").await?;
    let Some(upload) = posted.file("file") else {
        return show(&ctx, &call, None, None, &[Refusal::at("file", "refusal-required")]);
    };
    let write = posted.input.write == "1";
    match crate::import_offers(
        ctx.house(),
        &ctx.asking(posted.once.clone()),
        call.id,
        &upload.bytes,
        &upload.name,
        !write,
    )
    .await
    {
        Err(Fail::Repeated(_)) => Ok(ctx.go(&format!("/calls/{}/review", call.id), Some("offers-imported"))),
        Ok(r) if r.written > 0 => Ok(ctx.go(&format!("/calls/{}/review", call.id), Some("offers-imported"))),
        Ok(r) => show(&ctx, &call, Some(&r), Some(&upload).filter(|_| r.is_clean()), &[]),
        Err(Fail::Refused(refusals)) => show(&ctx, &call, None, None, &refusals),
        Err(e) => Err(e.into()),
    }
}
fn show(
    ctx: &Ctx,
    call: &Call,
    report: Option<&planning::TableReport>,
    kept: Option<&::store::Upload>,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let mut f = Form::post(
        ctx,
        &format!("/calls/{}/offers/import", call.id),
        fl!(t, "import-look"),
        refusals,
    );
    f.file(
        "file",
        &fl!(t, "import-file"),
        &fl!(t, "import-file-hint"),
        ".csv,.xlsx",
        kept.is_some(),
    )
    .keep(kept)
    .also("write", "1", &fl!(t, "import-write"));
    let mut sections = vec![part("form", fl!(t, "import-file"), f.done()).note(fl!(t, "import-note"))];
    if let Some(r) = report {
        sections.insert(0, part("report", fl!(t, "import-report"), told(ctx, r)));
    }
    let failed = f.has_errors() || report.is_some_and(|r| !r.is_clean());
    under_call(
        ctx,
        call,
        fl!(t, "offers-import"),
        fl!(t, "import-lead"),
        Markup::default(),
        sections,
        failed,
    )
}
/// What is wrong, by row and column; or that nothing is.
fn told(ctx: &Ctx, r: &planning::TableReport) -> Markup {
    let t = t(ctx.locale);
    let say = if r.is_clean() {
        fl!(t, "import-clean", rows = r.rows)
    } else {
        fl!(t, "import-faults", faults = r.faults.len())
    };
    let mut out = format!("<p role=\"status\">{}</p>", parts::escape(&say));
    if !r.unread.is_empty() {
        out.push_str(&format!(
            "<p class=\"quiet\">{}</p>",
            parts::escape(&fl!(t, "import-unread", columns = r.unread.join(", ")))
        ));
    }
    if !r.faults.is_empty() {
        let heads = [
            fl!(t, "import-row"),
            fl!(t, "import-column"),
            fl!(t, "import-value"),
            fl!(t, "import-what"),
        ];
        let row = |x: &planning::TableFault| {
            vec![
                Markup::from(x.row.map(|n| n.to_string()).unwrap_or_default()),
                Markup::from(x.letter.clone()),
                Markup::from(x.value.clone()),
                Markup::from(ctx.refusal(&x.refusal)),
            ]
        };
        out.push_str(
            &super::table(
                &fl!(t, "import-report"),
                &heads,
                &r.faults.iter().take(500).map(row).collect::<Vec<_>>(),
            )
            .0,
        );
    }
    Markup(out)
}
