use askama::Template;
use axum::{extract::Path, response::Response};
use basis::RelationId;
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;
use pages::{Ctx, Markup, Nav, Page, Problem, fmt, parts};

use crate::{
    home::rows_of,
    rows::{ProgrammeRow, kind_name},
    t,
};

#[derive(Template)]
#[template(path = "relation.html")]
struct RelationPage {
    t: &'static FluentLanguageLoader,
    title: Markup,
    lead: String,
    span: Markup,
    body: Markup,
    programmes: Vec<ProgrammeRow>,
}
/// One relation: what the register's room tells, and the programmes under it.
pub(crate) async fn relation(ctx: Ctx, Path(id): Path<RelationId>) -> Result<Response, Problem> {
    let l = ctx.locale;
    let db = &ctx.house().db;
    let view = relations::relation_view(ctx.house(), &ctx.viewer, id).await?;
    let card = view.card();
    let items = planning::list(
        db,
        &planning::Filter {
            relation: Some(id),
            limit: Some(50),
            ..Default::default()
        },
    )
    .await?
    .items;
    let kind = kind_name(l, card.kind);
    let since = card.signed.map(|s| fmt::known_date(l, &s.text()));
    let say = match &since {
        Some(date) => fl!(t(l), "span-since", kind = kind.as_str(), date = date.as_str()),
        None => kind.clone(),
    };
    let lead = match &since {
        Some(date) => fl!(t(l), "relation-since", kind = kind.as_str(), date = date.as_str()),
        None => fl!(t(l), "relation-undated", kind = kind.as_str()),
    };
    let template = RelationPage {
        t: t(l),
        title: parts::name(l, &card.partner.name),
        lead: lead.clone(),
        span: parts::span(l, &card.own.name, &card.partner.name, &say),
        body: relations::render_body(&ctx, &view)?,
        programmes: rows_of(&ctx, &items, std::slice::from_ref(&card), &[]).await,
    };
    let name = card.partner.name.plain(l).to_owned();
    let page = Page::new(name.clone())
        .about(lead)
        .nav(Nav::Relations)
        .crumb(fl!(t(l), "home-register"), "/relations")
        .json_ld(&serde_json::json!({ "@context": "https://schema.org", "@type": "AdministrativeArea", "name": name, "url": format!("{}{}", ctx.app.node.public_url, ctx.to(&format!("/relations/{id}"))) }));
    ctx.show(page, &template)
}
