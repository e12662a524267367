//! Pages of calls: extract, call one use case or read, show.

mod allocation;
mod assign;
mod award;
mod draft;
mod fair;
mod files;
mod limits;
mod list;
mod marks;
mod offer;
mod panel;
mod readings;
mod scores;
mod show;
mod terms;
pub(crate) mod words;

use std::fmt::Write;

use ::pages::{App, Ctx, Markup, Nav, Page, Problem, parts::escape};
use askama::Template;
use axum::{
    Router,
    response::Response,
    routing::{get, post},
};
use basis::{Fail, Id};

pub fn pages() -> Router<App> {
    Router::new()
        .route("/calls", get(list::page).post(draft::add))
        .route("/calls.csv", get(files::calls))
        .route("/calls.xlsx", get(files::calls))
        .route("/awards.csv", get(files::awards))
        .route("/awards.xlsx", get(files::awards))
        .route("/calls/new", get(draft::new_form))
        .route("/calls/assign", get(assign::form).post(assign::assign))
        .route("/calls/{id}/answer", get(assign::answer_form).post(assign::answer))
        .route("/calls/{id}", get(show::page).post(draft::amend))
        .route("/calls/{id}/edit", get(draft::edit_form))
        .route("/calls/{id}/publication", post(show::publish))
        .route("/calls/{id}/opening", post(show::open))
        .route("/calls/{id}/cancellation", get(show::cancel_form).post(show::cancel))
        .route("/calls/{id}/offers", post(offer::begin))
        .route("/calls/{id}/offers.csv", get(files::offers))
        .route("/calls/{id}/offers.xlsx", get(files::offers))
        .route("/calls/{id}/offers/import", get(files::import_form).post(files::import))
        .route("/calls/{id}/panel", get(panel::page).post(panel::seat))
        .route("/calls/{id}/panel/{account}/removal", post(panel::unseat))
        .route(
            "/calls/{id}/panel/{account}/strike",
            get(panel::strike_form).post(panel::strike),
        )
        .route("/calls/{id}/readings", get(readings::page).post(readings::divide))
        .route("/calls/{id}/declaration", post(panel::declare))
        .route("/calls/{id}/review", get(scores::review).post(scores::hand_in))
        .route("/calls/{id}/shortlist", post(scores::shortlist))
        .route("/calls/{id}/allocation", get(allocation::page).post(allocation::solve))
        .route("/allocations/{id}", get(allocation::plan))
        .route("/allocations/{id}/plan.csv", get(files::plan))
        .route("/allocations/{id}/plan.xlsx", get(files::plan))
        .route("/allocations/{id}/plan.json", get(files::plan_json))
        .route("/allocations/{id}/publication", post(allocation::publish))
        .route("/calls/{id}/awards", get(award::page).post(award::award))
        .route("/calls/{id}/decision", post(award::decide))
        .route("/offers/{id}", get(offer::page))
        .route("/offers/{id}/parts/{part}", get(offer::part_form).post(offer::save))
        .route("/offers/{id}/submission", post(offer::submit))
        .route(
            "/offers/{id}/withdrawal",
            get(offer::withdraw_form).post(offer::withdraw),
        )
        .route("/offers/{id}/scores", get(scores::form).post(scores::score))
}

/// A form whose button says it all.
#[derive(Debug, Default, serde::Deserialize)]
struct Nothing {}
/// An id in an address; anything else is a page that is not there.
fn id<T>(raw: &str) -> Result<Id<T>, Problem> {
    raw.parse().map_err(|_| Problem(Fail::NotFound))
}
/// A heading in the margin, and what stands beside it.
struct Part {
    anchor: &'static str,
    heading: String,
    note: String,
    body: Markup,
}
fn part(anchor: &'static str, heading: String, body: Markup) -> Part {
    Part {
        anchor,
        heading,
        note: String::new(),
        body,
    }
}
impl Part {
    fn note(mut self, note: String) -> Part {
        self.note = note;
        self
    }
}
#[derive(Template)]
#[template(path = "act.html")]
struct Act {
    title: String,
    made_up: Markup,
    lead: String,
    context: Markup,
    parts: Vec<Part>,
}
/// A page under its call: title, lead, what comes before the parts, the parts.
fn under_call(
    ctx: &Ctx,
    call: &crate::Call,
    title: String,
    lead: String,
    context: Markup,
    parts: Vec<Part>,
    failed: bool,
) -> Result<Response, Problem> {
    let about = call.title.plain(ctx.locale).to_owned();
    let page = Page::new(title.clone())
        .nav(Nav::Calls)
        .crumb(i18n_embed_fl::fl!(crate::t(ctx.locale), "calls-title"), "/calls")
        .crumb(about, format!("/calls/{}", call.id))
        .unlisted()
        .in_error(failed);
    let act = Act {
        title,
        made_up: ::pages::parts::made_up_if(ctx.locale, call.illustrative),
        lead,
        context,
        parts,
    };
    ctx.show(page, &act)
}
fn para(text: &str) -> Markup {
    Markup(format!("<p>{}</p>", escape(text)))
}
fn quiet(text: &str) -> Markup {
    Markup(format!("<p class=\"quiet\">{}</p>", escape(text)))
}
fn link(href: &str, label: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escape(href), escape(label))
}
/// Links in a row; nothing when there are none.
fn tools(links: &[(String, String)]) -> Markup {
    if links.is_empty() {
        return Markup::default();
    }
    Markup(format!(
        "<p class=\"tools\">{}</p>",
        links.iter().map(|(h, l)| link(h, l)).collect::<Vec<_>>().join(" ")
    ))
}
/// Names and values; values are markup already.
fn facts(rows: &[(String, Markup)]) -> Markup {
    let mut out = String::from("<dl class=\"facts\">");
    for (k, v) in rows {
        let _ = write!(out, "<dt>{}</dt><dd>{v}</dd>", escape(k));
    }
    out.push_str("</dl>");
    Markup(out)
}
/// A table that folds on a phone: caption, heads (number columns end with '#'), rows of markup; the first cell heads its row.
fn table(caption: &str, heads: &[String], rows: &[Vec<Markup>]) -> Markup {
    let number = |h: &String| h.ends_with('#');
    let label = |h: &String| escape(h.trim_end_matches('#'));
    let mut out = format!(
        "<table class=\"fold\"><caption class=\"unseen\">{}</caption><thead><tr>",
        escape(caption)
    );
    for h in heads {
        // A column of buttons has no name; a heading without words would be read out as one.
        if h.is_empty() {
            out.push_str("<td></td>");
            continue;
        }
        let _ = write!(
            out,
            "<th scope=\"col\"{}>{}</th>",
            if number(h) { " class=\"num\"" } else { "" },
            label(h)
        );
    }
    out.push_str("</tr></thead><tbody>");
    for row in rows {
        out.push_str("<tr>");
        for (i, (h, cell)) in heads.iter().zip(row).enumerate() {
            if i == 0 {
                let _ = write!(out, "<th scope=\"row\">{cell}</th>");
            } else if h.is_empty() {
                let _ = write!(out, "<td>{cell}</td>");
            } else {
                let _ = write!(
                    out,
                    "<td{} data-th=\"{}\">{cell}</td>",
                    if number(h) { " class=\"num\"" } else { "" },
                    label(h)
                );
            }
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
    Markup(out)
}
/// Several pieces one after the other.
fn all(pieces: impl IntoIterator<Item = Markup>) -> Markup {
    Markup(pieces.into_iter().map(|m| m.0).collect())
}
