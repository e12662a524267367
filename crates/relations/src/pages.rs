//! Pages: extract, call one use case or read, show. The page of one relation is put together by a later room, which
//! asks [`render_body`] for what this room tells.

mod body;
mod enter;
mod files;
mod forms;
mod list;

pub use body::render_body;

use ::pages::{App, Ctx, Ending, Form, Markup, Nav, Page, Problem, parts};
use askama::Template;
use axum::{Router, extract::DefaultBodyLimit, response::Response, routing::get};
use basis::{Code, Fail, Id, Locale, RelationId};
use i18n_embed_fl::fl;

use crate::{RelationView, relation_view, t};

/// One file of twenty megabytes, and the words beside it.
const MOST_BYTES: usize = 21 * 1024 * 1024;

pub fn pages() -> Router<App> {
    let mut router = Router::new()
        .route("/relations", get(list::list))
        .route("/relations/new", get(enter::form).post(enter::post))
        .route(
            "/relations/import",
            get(files::import_form)
                .post(files::import)
                .layer(DefaultBodyLimit::max(MOST_BYTES)),
        )
        .route("/relations/{id}/edit", get(forms::edit_form).post(forms::edit))
        .route("/relations/{id}/steps", get(forms::step_form).post(forms::step))
        .route("/relations/{id}/facts", get(forms::fact_form).post(forms::fact))
        .route("/relations/{id}/links", get(forms::link_form).post(forms::link))
        .route(
            "/relations/{id}/agreements",
            get(forms::agreement_form).post(forms::agreement),
        )
        .route("/relations/{id}/notes", get(forms::notes_page).post(forms::note));
    for what in crate::export::What::ALL {
        let name = what.name();
        let export = move |ctx: Ctx, ending: Ending| files::export(ctx, what, ending);
        router = router
            .route(&format!("/{name}.csv"), get(export))
            .route(&format!("/{name}.xlsx"), get(export));
    }
    router
}

/// An id in an address; anything else is a page that is not there.
fn id<T>(raw: &str) -> Result<Id<T>, Problem> {
    raw.parse().map_err(|_| Problem(Fail::NotFound))
}
async fn view(ctx: &Ctx, raw: &str) -> Result<RelationView, Problem> {
    let id: RelationId = id(raw)?;
    Ok(relation_view(ctx.house(), &ctx.viewer, id).await?)
}
/// Members of a closed list as a select's options.
fn options<T: Code>(locale: Locale, word: fn(Locale, &str) -> String) -> Vec<(String, String)> {
    T::ALL
        .iter()
        .map(|m| (m.code().to_owned(), word(locale, m.code())))
        .collect()
}

#[derive(Template)]
#[template(path = "act.html")]
struct Act<'a> {
    about: Markup,
    title: &'a str,
    lead: &'a str,
    before: Markup,
    form: Markup,
}
/// A page with one form about a relation.
fn act(
    ctx: &Ctx,
    view: &RelationView,
    (title, lead): (&str, &str),
    before: Markup,
    form: Form,
) -> Result<Response, Problem> {
    let l = ctx.locale;
    let path = format!("/relations/{}", view.relation.id);
    let page = Page::new(title)
        .nav(Nav::Relations)
        .crumb(fl!(t(l), "relations-title"), "/relations")
        .crumb(view.partner.card.name.plain(l), path)
        .unlisted()
        .in_error(form.has_errors());
    let about = parts::pair(l, &view.own.card.name, &view.partner.card.name);
    ctx.show(
        page,
        &Act {
            about,
            title,
            lead,
            before,
            form: form.done(),
        },
    )
}
