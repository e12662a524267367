//! Who may act for an organisation: given and ended on its page. Both are use cases of the floor below.

use ::pages::{Ctx, Posted, Problem, Repeat};
use ::store::OrRepeat as _;
use access::Grant;
use axum::{extract::Path, response::Response};
use basis::{Fail, MandateId};
use serde::Deserialize;

use super::{Around, one};
use crate::store as sql;

pub(super) async fn grant(
    ctx: Ctx,
    places: Around,
    Path(raw): Path<String>,
    posted: Posted<Grant>,
) -> Result<Response, Problem> {
    let o = super::known(&ctx, &raw).await?;
    match Repeat::or_refused(access::grant_mandate(ctx.house(), &ctx.asking(posted.once), o.id, &posted.input).await)? {
        Ok(_) => Ok(ctx.go(&format!("/organisations/{}#people", o.id), Some("mandate-granted"))),
        Err(refusals) => one::show(&ctx, places, &o, &posted.input, &refusals).await,
    }
}
/// Nothing but the once-key.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Nothing {}

pub(super) async fn end(
    ctx: Ctx,
    Path((raw, mandate)): Path<(String, String)>,
    posted: Posted<Nothing>,
) -> Result<Response, Problem> {
    let o = super::known(&ctx, &raw).await?;
    let mandate: MandateId = super::id(&mandate)?;
    if !sql::holds_mandate(&ctx.house().db, o.id, mandate).await? {
        return Err(Problem(Fail::NotFound));
    }
    access::end_mandate(ctx.house(), &ctx.asking(posted.once), mandate)
        .await
        .or_repeat()?;
    Ok(ctx.go(&format!("/organisations/{}#people", o.id), Some("mandate-over")))
}
