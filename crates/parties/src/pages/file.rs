//! Tables out; and the letter, served so that nothing in it can run: always to be saved, never shown in the page.

use ::pages::{Ctx, Problem};
use axum::{
    extract::{Path, Query},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use basis::Fail;

use crate::export;

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What the list was narrowed to, all of it.
async fn narrowed(ctx: &Ctx, asked: &super::list::Asked) -> Result<sheets::Table, Problem> {
    let filter = asked.filter(ctx.today());
    Ok(export::organisations_found(ctx.house(), &ctx.viewer, ctx.locale, &filter).await?)
}
/// RFC 8187: everything but plain letters and digits as bytes of UTF-8.
fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len() * 3);
    for b in name.bytes() {
        if b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_') {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}
fn headers(file_name: &str, media_type: &str) -> HeaderMap {
    let mut h = HeaderMap::new();
    let value = |s: &str| HeaderValue::from_str(s).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    h.insert(header::CONTENT_TYPE, value(media_type));
    h.insert(
        header::CONTENT_DISPOSITION,
        value(&format!("attachment; filename*=UTF-8''{}", encoded(file_name))),
    );
    h.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    h.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    h
}
pub(super) async fn csv(ctx: Ctx, Query(asked): Query<super::list::Asked>) -> Result<Response, Problem> {
    let table = narrowed(&ctx, &asked).await?;
    let name = format!("organisations-{}.csv", ctx.today());
    Ok((headers(&name, CSV), table.to_csv().map_err(Fail::fault)?).into_response())
}
pub(super) async fn xlsx(ctx: Ctx, Query(asked): Query<super::list::Asked>) -> Result<Response, Problem> {
    let table = narrowed(&ctx, &asked).await?;
    let name = format!("organisations-{}.xlsx", ctx.today());
    Ok((headers(&name, XLSX), table.to_xlsx().map_err(Fail::fault)?).into_response())
}
pub(super) async fn template(ctx: Ctx) -> Result<Response, Problem> {
    let table = export::template(ctx.house(), ctx.locale);
    Ok((
        headers("organisations-template.csv", CSV),
        table.to_csv().map_err(Fail::fault)?,
    )
        .into_response())
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
    Ok((headers(&kept.file_name, &kept.media_type), bytes).into_response())
}
