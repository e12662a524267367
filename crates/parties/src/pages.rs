//! Pages: extract, call one use case or read, show.

mod departments;
mod file;
mod forms;
mod import;
mod list;
mod mandates;
mod offices;
mod one;
mod words;

use ::pages::{App, Ctx, Form, Markup, Nav, Page, Problem};
use askama::Template;
use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    response::Response,
    routing::{get, post},
};
use basis::{BodyId, Fail, Id};
use i18n_embed_fl::fl;

use crate::{Organisation, Places, store as sql, t};

/// What an extractor gives where the house named no places.
type Around = Option<Extension<Places>>;

/// One file of twenty megabytes, and the words beside it.
const MOST_BYTES: usize = 21 * 1024 * 1024;

pub fn pages() -> Router<App> {
    let most = || DefaultBodyLimit::max(MOST_BYTES);
    Router::new()
        .route("/organisations", get(list::list))
        .route("/organisations.csv", get(file::organisations))
        .route("/organisations.xlsx", get(file::organisations))
        .route("/organisations/new", get(forms::register_form))
        .route("/organisations", post(forms::register).layer(most()))
        .route(
            "/organisations/import",
            get(import::form).post(import::post).layer(most()),
        )
        .route("/organisations/import/template.csv", get(file::template))
        .route("/organisations/{id}", get(one::page))
        .route("/organisations/{id}/profile", get(forms::edit_form).post(forms::edit))
        .route(
            "/organisations/{id}/decision",
            get(forms::decision_form).post(forms::decide),
        )
        .route("/organisations/{id}/mandates", post(mandates::grant))
        .route("/organisations/{id}/mandates/{mandate}/end", post(mandates::end))
        .route("/organisations/{id}/letter", get(file::letter))
        .route("/offices", get(offices::page).post(offices::found))
        .route("/offices/{id}", get(offices::one))
        .route("/offices/{id}/mandates", post(offices::grant))
        .route("/offices/{id}/mandates/{mandate}/end", post(offices::end))
        .route("/departments", get(departments::page).post(departments::set))
}

/// An id in an address; anything else is a page that is not there.
fn id<T>(raw: &str) -> Result<Id<T>, Problem> {
    raw.parse().map_err(|_| Problem(Fail::NotFound))
}
/// Whether the reader belongs to it, decides on it, or applied for it.
fn inside(ctx: &Ctx, o: &Organisation) -> bool {
    ctx.may("organisation.inside.read", &o.thing())
}
/// The organisation as far as this reader may know that it is there.
async fn known(ctx: &Ctx, raw: &str) -> Result<Organisation, Problem> {
    let id: BodyId = id(raw)?;
    let found = sql::organisation(&ctx.house().db, id).await?;
    Ok(found.filter(|o| o.is_open() || inside(ctx, o)).ok_or(Fail::NotFound)?)
}

/// A page with one form.
#[derive(Template)]
#[template(path = "act.html")]
struct Act {
    title: String,
    lead: String,
    before: Markup,
    form: Markup,
}
fn show_act(
    ctx: &Ctx,
    (title, lead): (String, String),
    before: Markup,
    form: &Form,
    bad: bool,
) -> Result<Response, Problem> {
    let page = Page::new(title.clone())
        .nav(Nav::Organisations)
        .crumb(fl!(t(ctx.locale), "organisations-title"), "/organisations")
        .unlisted()
        .in_error(bad || form.has_errors());
    ctx.show(
        page,
        &Act {
            title,
            lead,
            before,
            form: form.done(),
        },
    )
}
