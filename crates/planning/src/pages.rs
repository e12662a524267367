//! Pages of the plan: the portfolio, the gap finder, items and policy lines.

mod files;
mod finder;
mod item;
mod lines;
mod portfolio;

use std::collections::HashMap;

use ::pages::{App, Ctx, Markup, Page, Problem, parts};
use askama::Template;
use axum::{
    Router,
    response::Response,
    routing::{get, post},
};
use basis::{BodyId, Fail, GovernmentId, Id, Locale, RelationId, Text};
use i18n_embed_fl::fl;

pub use files::report_table;

use crate::{PlanItemCard, neighbours, t};

pub fn pages() -> Router<App> {
    Router::new()
        .route("/plan", get(portfolio::page))
        .route("/plan.csv", get(files::items))
        .route("/plan.xlsx", get(files::items))
        .route("/plan/import/template.csv", get(files::template))
        .route("/plan/import", get(files::import_form).post(files::import))
        .route("/plan/gaps", get(finder::page))
        .route("/plan/gaps.csv", get(files::gaps))
        .route("/plan/gaps.xlsx", get(files::gaps))
        .route("/plan/items", post(item::add))
        .route("/plan/items/new", get(item::new_form))
        .route("/plan/items/{id}", get(item::page).post(item::amend))
        .route("/plan/items/{id}/edit", get(item::edit_form))
        .route("/plan/items/{id}/step", post(item::step))
        .route("/policy-lines", get(lines::page).post(lines::add))
        .route("/policy-lines.csv", get(files::lines))
        .route("/policy-lines.xlsx", get(files::lines))
        .route("/policy-lines/new", get(lines::new_form))
        .route("/policy-lines/{id}", post(lines::amend))
        .route("/policy-lines/{id}/edit", get(lines::edit_form))
}

/// An id in an address; anything else is a page that is not there.
fn id<T>(raw: &str) -> Result<Id<T>, Problem> {
    raw.parse().map_err(|_| Problem(Fail::NotFound))
}
/// A list to choose from: name, label, (value, label, chosen).
struct Select {
    name: &'static str,
    label: String,
    options: Vec<(String, String, bool)>,
}
/// A heading in the margin, and what stands beside it.
struct Part {
    anchor: &'static str,
    heading: String,
    note: String,
    body: Markup,
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
/// A page that is mostly one form.
fn show_form(
    ctx: &Ctx,
    page: Page,
    title: String,
    lead: String,
    heading: String,
    form: &::pages::Form,
) -> Result<Response, Problem> {
    let body = Part {
        anchor: "form",
        heading,
        note: String::new(),
        body: form.done(),
    };
    let act = Act {
        title,
        made_up: Markup::default(),
        lead,
        context: Markup::default(),
        parts: vec![body],
    };
    ctx.show(page.unlisted().in_error(form.has_errors()), &act)
}
/// Names around items: both sides of their relations, districts, who guides them. Each asked once for all.
struct Around {
    sides: HashMap<RelationId, (Text, Text)>,
    districts: HashMap<GovernmentId, Text>,
    guides: HashMap<BodyId, Text>,
}
impl Around {
    async fn of(ctx: &Ctx, items: &[PlanItemCard]) -> Result<Around, Problem> {
        let q = &ctx.house().db;
        let any_district = items.iter().any(|i| i.district.is_some());
        Ok(Around {
            sides: neighbours::sides(q, &ctx.viewer, items).await?,
            districts: if any_district {
                neighbours::district_names(q).await?
            } else {
                HashMap::new()
            },
            guides: neighbours::guides(q, items).await?,
        })
    }
    /// With whom: the two sides on their arc, the district, or both.
    fn about(&self, l: Locale, i: &PlanItemCard) -> Markup {
        let pair = i
            .relation
            .and_then(|r| self.sides.get(&r))
            .map(|(own, partner)| parts::pair(l, own, partner).0);
        let district = i
            .district
            .and_then(|d| self.districts.get(&d))
            .map(|n| parts::text(l, n).0);
        Markup(
            [pair, district]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(if l == Locale::Zh { "，" } else { ", " }),
        )
    }
    fn guide(&self, l: Locale, i: &PlanItemCard) -> String {
        self.guides.get(&i.guiding).map_or("", |n| n.plain(l)).to_owned()
    }
}
/// Whether this person plans anything at all; for what, the form is checked when it comes back.
fn may_plan(ctx: &Ctx) -> Result<(), Fail> {
    let acting = ctx.viewer.acting.as_ref();
    let thing = access::Thing {
        field: acting.and_then(|m| m.field),
        district: acting.and_then(|m| m.district),
        ..access::Thing::new("plan-item", "new")
    };
    ctx.house().gate.check(&ctx.viewer, "plan-item.add", &thing)
}
/// The roles that could take a step, in words.
fn who_could(ctx: &Ctx, action: &str) -> String {
    let roles: Vec<String> = ctx
        .house()
        .gate
        .who_could(action)
        .into_iter()
        .map(|r| parts::role_name(ctx.locale, r))
        .collect();
    roles.join(if ctx.locale == Locale::Zh { "、" } else { ", " })
}
/// Every field as an option.
fn field_options(ctx: &Ctx) -> Vec<(String, String)> {
    <basis::Field as basis::Code>::ALL
        .iter()
        .map(|f| (f.to_string(), parts::field_name(ctx.locale, *f)))
        .collect()
}
/// What a share says, or that nothing is known.
fn percent(ctx: &Ctx, s: crate::Share) -> String {
    match s.percent() {
        Some(p) => format!("{p} %"),
        None => fl!(t(ctx.locale), "not-known"),
    }
}
