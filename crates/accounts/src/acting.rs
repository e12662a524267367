//! The acting-as switch, in sight on every page.

use axum::response::Response;
use basis::{MandateId, Refusal};
use pages::{Ctx, Posted, Problem};
use serde::Deserialize;

use crate::request::{From, back_to};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Input {
    /// Empty for oneself.
    mandate: String,
    back: String,
}
pub(crate) async fn switch(ctx: Ctx, from: From, posted: Posted<Input>) -> Result<Response, Problem> {
    let chosen = posted.input.mandate.trim();
    let to: Option<MandateId> = match chosen {
        "" => None,
        id => Some(id.parse().map_err(|_| Refusal::page("refusal-not-in-list"))?),
    };
    access::switch_acting(ctx.house(), &ctx.asking(None), from.secret(), to).await?;
    Ok(back_to(&posted.input.back, ctx.to("")))
}
