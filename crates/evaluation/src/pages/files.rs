//! Aims and evaluations as files.

use ::pages::{Ctx, Ending, Problem, download};
use axum::response::Response;

pub(super) async fn aims(ctx: Ctx, ending: Ending) -> Result<Response, Problem> {
    let table = crate::export_aims(&ctx.house().db, ctx.locale, ctx.today()).await?;
    download::table("aims", ending, &table)
}
pub(super) async fn evaluations(ctx: Ctx, ending: Ending) -> Result<Response, Problem> {
    let table = crate::export_evaluations(&ctx.house().db, ctx.locale, ctx.today()).await?;
    download::table("evaluations", ending, &table)
}
