//! Tables out, and files of deliverables.

use ::pages::{
    Ctx, Ending, Problem,
    download::{saved, table},
};
use axum::{extract::Path, response::Response};
use basis::{AttachmentId, Fail, Kind};

use crate::tables::{What, export};

/// Who may not have the file learns nothing of it, not even that it is there.
pub async fn download(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let id: AttachmentId = super::id(&raw)?;
    let house = ctx.house();
    let kept = house.blobs.find(&house.db, id).await?.ok_or(Fail::NotFound)?;
    let ours = kept.object_kind == basis::Deliverable::NAME;
    if !ours || !crate::readable(&house.db, &ctx.viewer, &kept).await? {
        return Err(Problem(Fail::NotFound));
    }
    let bytes = house.blobs.fetch(&kept).await?;
    Ok(saved(&kept.file_name, &kept.media_type, bytes))
}

pub async fn undertakings(ctx: Ctx, ending: Ending) -> Result<Response, Problem> {
    tabled(&ctx, What::Undertakings, "undertakings", ending).await
}
pub async fn milestones(ctx: Ctx, ending: Ending) -> Result<Response, Problem> {
    tabled(&ctx, What::Milestones, "milestones", ending).await
}
pub async fn instalments(ctx: Ctx, ending: Ending) -> Result<Response, Problem> {
    tabled(&ctx, What::Instalments, "instalments", ending).await
}
async fn tabled(ctx: &Ctx, what: What, name: &str, ending: Ending) -> Result<Response, Problem> {
    let all = export(ctx.house(), &ctx.viewer, ctx.locale, what).await?;
    table(&format!("{name}-{}", ctx.today()), ending, &all)
}
