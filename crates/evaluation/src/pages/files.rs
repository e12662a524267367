//! Aims and evaluations as files.

use ::pages::{Ctx, Problem};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use basis::Fail;
use sheets::Table;

fn file(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let head = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (head, bytes).into_response()
}
fn csv(name: &str, table: &Table) -> Result<Response, Problem> {
    Ok(file(
        name,
        "text/csv; charset=utf-8",
        table.to_csv().map_err(Fail::fault)?,
    ))
}
fn xlsx(name: &str, table: &Table) -> Result<Response, Problem> {
    Ok(file(
        name,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        table.to_xlsx().map_err(Fail::fault)?,
    ))
}
async fn aims(ctx: &Ctx) -> Result<Table, Problem> {
    Ok(crate::export_aims(&ctx.house().db, ctx.locale, ctx.today()).await?)
}
async fn evaluations(ctx: &Ctx) -> Result<Table, Problem> {
    Ok(crate::export_evaluations(&ctx.house().db, ctx.locale, ctx.today()).await?)
}
pub(super) async fn aims_csv(ctx: Ctx) -> Result<Response, Problem> {
    csv("aims.csv", &aims(&ctx).await?)
}
pub(super) async fn aims_xlsx(ctx: Ctx) -> Result<Response, Problem> {
    xlsx("aims.xlsx", &aims(&ctx).await?)
}
pub(super) async fn evaluations_csv(ctx: Ctx) -> Result<Response, Problem> {
    csv("evaluations.csv", &evaluations(&ctx).await?)
}
pub(super) async fn evaluations_xlsx(ctx: Ctx) -> Result<Response, Problem> {
    xlsx("evaluations.xlsx", &evaluations(&ctx).await?)
}
