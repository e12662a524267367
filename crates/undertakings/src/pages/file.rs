//! Tables out; and files of deliverables, served so that nothing in them can run: always to be saved, never shown in the page.

use ::pages::{Ctx, Problem};
use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use basis::{AttachmentId, Fail, Kind};

use crate::tables::{What, export};

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

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
pub(crate) fn headers(file_name: &str, media_type: &str) -> HeaderMap {
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
    Ok((headers(&kept.file_name, &kept.media_type), bytes).into_response())
}

async fn csv(ctx: &Ctx, what: What, name: &str) -> Result<Response, Problem> {
    let table = export(ctx.house(), &ctx.viewer, ctx.locale, what).await?;
    let name = format!("{name}-{}.csv", ctx.today());
    Ok((headers(&name, CSV), table.to_csv().map_err(Fail::fault)?).into_response())
}
async fn xlsx(ctx: &Ctx, what: What, name: &str) -> Result<Response, Problem> {
    let table = export(ctx.house(), &ctx.viewer, ctx.locale, what).await?;
    let name = format!("{name}-{}.xlsx", ctx.today());
    Ok((headers(&name, XLSX), table.to_xlsx().map_err(Fail::fault)?).into_response())
}
pub async fn undertakings_csv(ctx: Ctx) -> Result<Response, Problem> {
    csv(&ctx, What::Undertakings, "undertakings").await
}
pub async fn undertakings_xlsx(ctx: Ctx) -> Result<Response, Problem> {
    xlsx(&ctx, What::Undertakings, "undertakings").await
}
pub async fn milestones_csv(ctx: Ctx) -> Result<Response, Problem> {
    csv(&ctx, What::Milestones, "milestones").await
}
pub async fn milestones_xlsx(ctx: Ctx) -> Result<Response, Problem> {
    xlsx(&ctx, What::Milestones, "milestones").await
}
pub async fn instalments_csv(ctx: Ctx) -> Result<Response, Problem> {
    csv(&ctx, What::Instalments, "instalments").await
}
pub async fn instalments_xlsx(ctx: Ctx) -> Result<Response, Problem> {
    xlsx(&ctx, What::Instalments, "instalments").await
}
