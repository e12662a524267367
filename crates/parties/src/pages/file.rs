//! Tables out, and the letter.

use ::pages::{
    Ctx, Ending, Problem,
    download::{saved, table},
};
use axum::{
    extract::{Path, Query},
    response::Response,
};
use basis::Fail;

use crate::export;

/// What the list was narrowed to, all of it.
pub(super) async fn organisations(
    ctx: Ctx,
    Query(asked): Query<super::list::Asked>,
    ending: Ending,
) -> Result<Response, Problem> {
    let filter = asked.filter(ctx.today());
    let found = export::organisations_found(ctx.house(), &ctx.viewer, ctx.locale, &filter).await?;
    table(&format!("organisations-{}", ctx.today()), ending, &found)
}
pub(super) async fn template(ctx: Ctx) -> Result<Response, Problem> {
    let headings = export::template(ctx.house(), ctx.locale);
    table("organisations-template", Ending::Csv, &headings)
}
/// Who may not have the letter learns nothing of it, not even that it is there.
pub(super) async fn letter(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let o = super::known(&ctx, &raw).await?;
    if !super::inside(&ctx, &o) {
        return Err(Problem(Fail::NotFound));
    }
    let house = ctx.house();
    let kept = ::store::attachments_of(&house.db, &[o.id])
        .await?
        .into_iter()
        .next_back()
        .ok_or(Fail::NotFound)?;
    let bytes = house.blobs.fetch(&kept).await?;
    Ok(saved(&kept.file_name, &kept.media_type, bytes))
}
