//! A demonstration's clock: its visitors move it on, so that a deadline passes while they look. Only a demonstration has it.

use std::time::Duration;

use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use basis::Fail;
use pages::{App, Ctx, Posted, Problem};
use serde::Deserialize;

pub(super) fn router() -> Router<App> {
    Router::new().route("/demo/clock", post(forward))
}
#[derive(Default, Deserialize)]
#[serde(default)]
struct Input {
    step: String,
    back: String,
}
async fn forward(ctx: Ctx, posted: Posted<Input>) -> Result<Response, Problem> {
    let clock = ctx.app.node.moving_clock.clone().ok_or(Fail::NotFound)?;
    let hours = match posted.input.step.as_str() {
        "hour" => 1,
        "day" => 24,
        "week" => 7 * 24,
        "month" => 30 * 24,
        _ => 0,
    };
    clock.forward(Duration::from_secs(hours * 3600));
    let back = posted.input.back;
    let to = if super::theme::same_site(&back) {
        back
    } else {
        ctx.to("")
    };
    Ok(Redirect::to(&to).into_response())
}
