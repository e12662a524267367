//! Pages: extract, ask, render.

mod clocks;
mod histories;
mod jobs;
mod letters;
mod queue;
mod work;

use axum::{
    Router,
    routing::{get, post},
};
use pages::{App, Ctx, Markup, parts};

pub fn pages() -> Router<App> {
    Router::new()
        .route("/desk", get(queue::show))
        .route("/desk/queue.csv", get(queue::export))
        .route("/desk/queue.xlsx", get(queue::export))
        .route("/my-work", get(work::show))
        .route("/desk/letters", get(letters::show))
        .route("/desk/letters/decisions", post(letters::decide))
        .route("/desk/jobs", get(jobs::show))
        .route("/desk/jobs/retries", post(jobs::retry))
        .route("/history/{kind}/{id}", get(histories::history))
        .route("/journal", get(histories::journal))
        .route("/journal/{seq}", get(histories::proof))
}

/// An address that a room gave, in the reader's language, whether the room wrote the language or not.
fn href(ctx: &Ctx, given: &str) -> String {
    if given.starts_with("/en/") || given.starts_with("/zh/") {
        given.to_owned()
    } else {
        ctx.to(given)
    }
}
fn link(ctx: &Ctx, given: &str, words: &str) -> Markup {
    Markup(format!(
        "<a href=\"{}\">{}</a>",
        parts::escape(&href(ctx, given)),
        parts::escape(words)
    ))
}
/// Whoever is not signed in is asked to; everybody else may read their own queue.
fn signed_in(ctx: &Ctx) -> Result<(), basis::Fail> {
    ctx.house()
        .gate
        .check(&ctx.viewer, "duty.list", &access::Thing::new("duty", "queue"))
}
