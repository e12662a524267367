//! All calls: open ones first, closing soonest.

use ::pages::{Ctx, Markup, Nav, Page, Problem, fmt, parts};
use askama::Template;
use axum::{extract::Query, response::Response};
use basis::{Code, Cursor, Field, PageRequest, RelationId};
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;
use serde::Deserialize;
use std::collections::HashMap;

use super::words;
use crate::{CallCard, CallStatus, Phase, list_calls, store as sql, t};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    field: String,
    after: String,
}
struct Row {
    title: Markup,
    href: String,
    made_up: Markup,
    who: Markup,
    meta: String,
    status: Markup,
    when: String,
}
#[derive(Template)]
#[template(path = "calls.html")]
struct Calls {
    t: &'static FluentLanguageLoader,
    action: String,
    fields: Vec<(String, String, bool)>,
    feed: String,
    fresh: String,
    drafts: Vec<Row>,
    rows: Vec<Row>,
    more: Markup,
}

pub(super) async fn page(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let q = &ctx.house().db;
    let t = t(ctx.locale);
    let field = Field::from_code(&asked.field);
    let request = PageRequest {
        after: (!asked.after.is_empty()).then(|| Cursor(asked.after.clone())),
        limit: 30,
    };
    let page = list_calls(q, ctx.now(), field, &request).await?;
    // Drafts of one's own unit; the office lead sees all.
    let drafts: Vec<CallCard> = match ctx.viewer.role() {
        access::Role::OfficeLead => sql::unfinished(q, None, 100).await?,
        access::Role::DepartmentOfficer | access::Role::DistrictOfficer => {
            sql::unfinished(q, ctx.viewer.body(), 100).await?
        }
        _ => Vec::new(),
    };
    let drafts: Vec<CallCard> = drafts.into_iter().filter(|c| c.status == CallStatus::Draft).collect();
    let partners = partners(&ctx, page.items.iter().chain(&drafts)).await?;
    let mut fields = vec![(String::new(), fl!(t, "filter-all-fields"), field.is_none())];
    fields.extend(
        Field::ALL
            .iter()
            .map(|f| (f.to_string(), parts::field_name(ctx.locale, *f), field == Some(*f))),
    );
    let may_draft = matches!(
        ctx.viewer.role(),
        access::Role::OfficeLead | access::Role::DepartmentOfficer | access::Role::DistrictOfficer
    );
    let template = Calls {
        t,
        action: ctx.to("/calls"),
        fields,
        feed: ctx.to("/feeds/calls.atom"),
        fresh: if may_draft { ctx.to("/calls/new") } else { String::new() },
        drafts: drafts.iter().map(|c| row(&ctx, c, &partners)).collect(),
        rows: page.items.iter().map(|c| row(&ctx, c, &partners)).collect(),
        more: parts::more(&ctx, page.next.as_ref()),
    };
    ctx.show(
        Page::new(fl!(t, "calls-title"))
            .about(fl!(t, "calls-lead"))
            .nav(Nav::Calls),
        &template,
    )
}
/// The relations these calls are under, as far as this viewer may see them.
async fn partners(
    ctx: &Ctx,
    calls: impl Iterator<Item = &CallCard>,
) -> Result<HashMap<RelationId, relations::RelationCard>, Problem> {
    let mut ids: Vec<RelationId> = calls.filter_map(|c| c.relation).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = if ids.is_empty() {
        HashMap::new()
    } else {
        relations::cards(&ctx.house().db, &ids).await?
    };
    found.retain(|_, c| relations::may_see(&ctx.viewer, c));
    Ok(found)
}
fn row(ctx: &Ctx, c: &CallCard, partners: &HashMap<RelationId, relations::RelationCard>) -> Row {
    let l = ctx.locale;
    let t = t(l);
    let phase = c.phase(ctx.now());
    let partner = c.relation.and_then(|r| partners.get(&r));
    let mut meta = vec![parts::field_name(l, c.field)];
    if let Some(p) = partner {
        meta.push(p.partner.name.plain(l).to_owned());
    }
    if let Some(m) = c.ceiling {
        meta.push(fl!(t, "call-up-to", sum = fmt::money(l, m)));
    }
    let when = match phase {
        Phase::Open => fl!(
            t,
            "call-closes",
            when = words::clocks(ctx, c.closes_at, partner),
            left = words::left(ctx, c.closes_at)
        ),
        Phase::Announced => fl!(t, "call-opens", when = words::clocks(ctx, c.opens_at, partner)),
        Phase::Draft => String::new(),
        Phase::Asked => fl!(t, "call-answer-by", when = words::last_day(ctx, c.closes_at, partner)),
        _ => fl!(t, "call-closed-on", when = words::clocks(ctx, c.closes_at, None)),
    };
    Row {
        title: parts::text(l, &c.title),
        href: ctx.to(&format!("/calls/{}", c.id)),
        made_up: parts::made_up_if(l, c.illustrative),
        who: parts::text(l, &c.who),
        meta: meta.join(if l == basis::Locale::Zh { "，" } else { ", " }),
        status: parts::status(phase.fill(), &words::phase(l, phase)),
        when,
    }
}
