//! Pages: extract, call one use case or read, show.

mod changes;
mod file;
mod history;
mod money;
mod rounds;
mod shown;
mod terms;
pub(crate) mod words;

use ::pages::{App, Ctx, Markup, Nav, Page, Problem};
use askama::Template;
use axum::{
    Router,
    response::Response,
    routing::{get, post},
};
use basis::{Fail, Id, UndertakingId};
use i18n_embed_fl::fl;

use crate::{UndertakingCard, neighbours::Names, t};

pub fn pages() -> Router<App> {
    Router::new()
        .route("/undertakings.csv", get(file::undertakings))
        .route("/undertakings.xlsx", get(file::undertakings))
        .route("/milestones.csv", get(file::milestones))
        .route("/milestones.xlsx", get(file::milestones))
        .route("/instalments.csv", get(file::instalments))
        .route("/instalments.xlsx", get(file::instalments))
        .route("/undertakings/{id}", get(shown::page))
        .route("/awards/{id}/undertaking", get(terms::agree_form).post(terms::agree))
        .route("/undertakings/{id}/start", post(terms::start))
        .route("/undertakings/{id}/settlement", post(changes::settle))
        .route("/undertakings/{id}/publication", post(changes::publish))
        .route("/undertakings/{id}/stop", get(changes::stop_form).post(changes::stop))
        .route("/undertakings/{id}/history", get(history::page))
        .route(
            "/undertakings/{id}/instalments",
            get(money::request_form).post(money::request),
        )
        .route(
            "/undertakings/{id}/instalments/own",
            get(money::request_form).post(money::request_own),
        )
        .route(
            "/undertakings/{id}/amendments",
            get(changes::propose_form).post(changes::propose),
        )
        .route("/amendments/{id}", get(changes::decide_form).post(changes::decide))
        .route(
            "/milestones/{id}/deliverables",
            get(rounds::hand_in_form).post(rounds::hand_in),
        )
        .route("/deliverables/{id}", get(rounds::page))
        .route("/deliverables/{id}/acceptance", post(rounds::accept))
        .route("/deliverables/{id}/return", post(rounds::give_back))
        .route("/instalments/{id}", get(money::page))
        .route("/instalments/{id}/approval", post(money::approve))
        .route("/instalments/{id}/payment", post(money::pay))
        .route("/instalments/{id}/reconciliation", post(money::reconcile))
        .route("/instalments/{id}/refusal", post(money::refuse))
        .route("/files/{id}", get(file::download))
}

/// An id in an address; anything else is a page that is not there.
fn id<T>(raw: &str) -> Result<Id<T>, Problem> {
    raw.parse().map_err(|_| Problem(Fail::NotFound))
}
async fn card(ctx: &Ctx, id: UndertakingId) -> Result<UndertakingCard, Problem> {
    Ok(crate::undertaking(&ctx.house().db, &ctx.viewer, id)
        .await?
        .ok_or(Fail::NotFound)?)
}
/// What stands behind the page is not public: the gate says who may see it, and names the rule.
async fn inside_card(ctx: &Ctx, id: UndertakingId) -> Result<UndertakingCard, Problem> {
    let u = card(ctx, id).await?;
    if !u.inside {
        ctx.house()
            .gate
            .check(&ctx.viewer, "undertaking.read", &u.thing(&ctx.viewer))?;
    }
    Ok(u)
}

/// A page with one form or two, under the undertaking it belongs to.
#[derive(Template)]
#[template(path = "act.html")]
struct ActPage<'a> {
    title: &'a str,
    lead: &'a str,
    made_up: Markup,
    context: Markup,
    parts: Vec<Part>,
}
/// A heading in the margin, and what stands beside it.
struct Part {
    anchor: &'static str,
    heading: String,
    note: String,
    body: Markup,
}
fn show_act(
    ctx: &Ctx,
    u: &UndertakingCard,
    (title, lead): (String, &str),
    context: Markup,
    parts: Vec<Part>,
    in_error: bool,
) -> Result<Response, Problem> {
    let about = u.title.plain(ctx.locale);
    let page = Page::new(title.clone())
        .nav(Nav::Programmes)
        .crumb(about, format!("/undertakings/{}", u.id))
        .unlisted()
        .in_error(in_error);
    let template = ActPage {
        title: &title,
        lead,
        made_up: ::pages::parts::made_up_if(ctx.locale, u.illustrative),
        context,
        parts,
    };
    ctx.show(page, &template)
}
/// A text instead of a button: who may do it, and why the reader may not.
fn not_yours(ctx: &Ctx, who: &str) -> Markup {
    let said = fl!(t(ctx.locale), "turn-of", who = who);
    Markup(format!("<p class=\"quiet\">{}</p>", ::pages::parts::escape(&said)))
}
/// Names of both sides.
async fn names_of(ctx: &Ctx, u: &UndertakingCard) -> Result<Names, Problem> {
    let bodies = u.body.into_iter().chain([u.guiding]).collect();
    let people = u.account.into_iter().chain(u.responsible).collect();
    Ok(Names::of(&ctx.house().db, bodies, people).await?)
}
