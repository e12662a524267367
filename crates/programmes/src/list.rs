use askama::Template;
use axum::{extract::Query, response::Response};
use basis::{Code, Cursor, Field};
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;
use pages::{Ctx, Markup, Nav, Page, Problem, parts};
use planning::PlanStatus;
use serde::Deserialize;

use crate::{home::rows_of, rows::ProgrammeRow, t};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    field: String,
    state: String,
    after: String,
}
#[derive(Template)]
#[template(path = "list.html")]
struct List {
    t: &'static FluentLanguageLoader,
    action: String,
    fields: Vec<(String, String, bool)>,
    states: Vec<(String, String, bool)>,
    rows: Vec<ProgrammeRow>,
    more: Markup,
    to_feed: String,
}
pub(crate) async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let l = ctx.locale;
    let db = &ctx.house().db;
    let filter = planning::Filter {
        field: Field::from_code(&asked.field),
        status: PlanStatus::from_code(&asked.state),
        after: (!asked.after.is_empty()).then(|| Cursor(asked.after.clone())),
        limit: Some(30),
        ..Default::default()
    };
    let page = planning::list(db, &filter).await?;
    let ids: Vec<_> = page.items.iter().filter_map(|i| i.relation).collect();
    let cards: Vec<_> = relations::cards_for(db, &ctx.viewer, &ids)
        .await?
        .into_values()
        .collect();
    let districts = relations::districts(db).await?;
    let template = List {
        t: t(l),
        action: ctx.to("/programmes"),
        fields: Field::ALL
            .iter()
            .map(|f| (f.code().to_owned(), parts::field_name(l, *f), filter.field == Some(*f)))
            .collect(),
        states: PlanStatus::ALL
            .iter()
            .map(|s| {
                (
                    s.code().to_owned(),
                    planning::status_name(l, *s),
                    filter.status == Some(*s),
                )
            })
            .collect(),
        rows: rows_of(&ctx, &page.items, &cards, &districts).await,
        more: parts::more(&ctx, page.next.as_ref()),
        to_feed: ctx.to("/feeds/programmes.atom"),
    };
    let city = ctx.app.node.city.plain(l);
    let head = Page::new(fl!(t(l), "programmes-title"))
        .about(fl!(t(l), "programmes-lead"))
        .nav(Nav::Programmes)
        .link(
            "application/atom+xml",
            fl!(t(l), "feed-programmes-title", city = city),
            ctx.to("/feeds/programmes.atom"),
        );
    ctx.show(head, &template)
}
