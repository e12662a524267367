//! Pages: extract, call one use case or read, show.

mod aims;
mod files;
mod people;
mod shown;
mod writing;

use ::pages::{App, Ctx, Markup, Nav, Page, Problem};
use askama::Template;
use axum::{
    Router,
    response::Response,
    routing::{get, post},
};
use basis::{EvaluationId, Fail, Id, Locale};
use serde::Deserialize;
use undertakings::UndertakingCard;

use crate::{EvaluationCard, TEXTS};

pub fn pages() -> Router<App> {
    Router::new()
        .route("/evaluations/{id}", get(shown::page))
        .route("/evaluations/{id}/history", get(shown::history))
        .route("/evaluations/{id}/declaration", post(writing::declare))
        .route(
            "/evaluations/{id}/findings/{aim}",
            get(writing::find_form).post(writing::find),
        )
        .route(
            "/evaluations/{id}/summary",
            get(writing::submit_form).post(writing::submit),
        )
        .route("/evaluations/{id}/publication", post(writing::publish))
        .route("/evaluations/{id}/reply", get(writing::reply_form).post(writing::reply))
        .route(
            "/undertakings/{id}/evaluation",
            get(people::appoint_form).post(people::appoint),
        )
        .route("/programmes/{id}/aims", get(aims::page).post(aims::set))
        .route("/aims/{id}/removal", post(aims::drop))
        .route("/aims.csv", get(files::aims))
        .route("/aims.xlsx", get(files::aims))
        .route("/evaluations.csv", get(files::evaluations))
        .route("/evaluations.xlsx", get(files::evaluations))
}

fn id<T>(raw: &str) -> Result<Id<T>, Problem> {
    raw.parse().map_err(|_| Problem(Fail::NotFound))
}
/// The evaluation and its undertaking, as the reader sees them.
async fn both(ctx: &Ctx, id: EvaluationId) -> Result<(EvaluationCard, UndertakingCard), Problem> {
    let db = &ctx.house().db;
    let e = crate::evaluation(db, &ctx.viewer, id).await?.ok_or(Fail::NotFound)?;
    let u = undertakings::undertaking(db, &ctx.viewer, e.undertaking)
        .await?
        .ok_or(Fail::NotFound)?;
    Ok((e, u))
}
/// The second of two clicks is answered like the first.
fn repeated<T: serde::de::DeserializeOwned>(f: Fail) -> Result<T, Fail> {
    match f {
        Fail::Repeated(json) => serde_json::from_str(&json).map_err(Fail::fault),
        other => Err(other),
    }
}
/// A word by a key made from a code; a test holds that every code has one.
fn word(locale: Locale, key: &str) -> String {
    TEXTS
        .find(locale, key, Default::default())
        .unwrap_or_else(|| key.to_owned())
}
/// A form without fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Nothing {}

/// A page of parts with a heading in the margin each.
#[derive(Template)]
#[template(path = "parts.html")]
struct PartsPage<'a> {
    title: &'a str,
    lead: &'a str,
    made_up: Markup,
    context: Markup,
    parts: Vec<Part>,
}
struct Part {
    anchor: &'static str,
    heading: String,
    note: String,
    body: Markup,
}
/// What a page is called and what it is about: a title, a lead, and the thing above it with its address.
struct Head<'a> {
    title: String,
    lead: &'a str,
    about: &'a str,
    about_path: String,
    illustrative: bool,
    listed: bool,
}
fn show(ctx: &Ctx, head: Head<'_>, context: Markup, parts: Vec<Part>, in_error: bool) -> Result<Response, Problem> {
    let mut page = Page::new(head.title.clone())
        .nav(Nav::Programmes)
        .crumb(head.about, head.about_path)
        .in_error(in_error);
    if !head.listed {
        page = page.unlisted();
    }
    let template = PartsPage {
        title: &head.title,
        lead: head.lead,
        made_up: ::pages::parts::made_up_if(ctx.locale, head.illustrative),
        context,
        parts,
    };
    ctx.show(page, &template)
}
