use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::response::Response;
use basis::{GovernmentId, RelationId};
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;
use pages::{Ctx, Markup, Nav, Page, Problem, fmt, parts};
use planning::PlanItemCard;
use relations::RelationCard;

use crate::{
    numbers::Number,
    picture,
    rows::{self, ProgrammeRow, RelationRow, programme_row, relation_row},
    t,
};

pub(crate) struct CallRow {
    pub href: String,
    pub title: Markup,
    pub made_up: Markup,
    pub say: String,
    pub closes: String,
    pub left: String,
    pub soon: bool,
}
pub(crate) fn call_row(ctx: &Ctx, c: &calls::CallCard) -> CallRow {
    let l = ctx.locale;
    let closes_on = c.closes_at.to_zoned(ctx.zone().clone()).date();
    let days = fmt::days_between(ctx.today(), closes_on);
    CallRow {
        href: ctx.to(&format!("/calls/{}", c.id)),
        title: parts::text(l, &c.title),
        made_up: parts::made_up_if(l, c.illustrative),
        say: rows::short(c.who.plain(l), 130),
        closes: fl!(t(l), "call-closes", when = fmt::day_short(l, closes_on)),
        left: fl!(t(l), "call-in-days", days = days.max(0)),
        soon: days <= 10,
    }
}
struct Featured {
    href: String,
    title: Markup,
    say: String,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    t: &'static FluentLanguageLoader,
    city: String,
    relations: Vec<RelationId>,
    featured: Option<Featured>,
    featured_partner: Option<String>,
    map: Markup,
    placed: usize,
    unplaced: usize,
    earliest: Vec<RelationRow>,
    others: Vec<RelationRow>,
    calls: Vec<CallRow>,
    running: Vec<ProgrammeRow>,
    results: Vec<ProgrammeRow>,
    numbers: Vec<Number>,
    sources: parts::Sources,
    sources_list: Markup,
    to_relations: String,
    to_csv: String,
    to_numbers: String,
    to_calls: String,
    to_calls_feed: String,
    to_calendar: String,
    to_programmes: String,
}

/// Earliest signing first; those without a date after them, by name.
fn by_date(cards: &mut [RelationCard]) {
    cards.sort_by(|a, b| {
        let day = |c: &RelationCard| c.signed.map(|s| s.from);
        match (day(a), day(b)) {
            (Some(x), Some(y)) => x.cmp(&y).then_with(|| a.reference.cmp(&b.reference)),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => a.reference.cmp(&b.reference),
        }
    });
}
pub(crate) async fn rows_of(
    ctx: &Ctx,
    items: &[PlanItemCard],
    cards: &[RelationCard],
    districts: &[relations::GovCard],
) -> Vec<ProgrammeRow> {
    let relations: HashMap<RelationId, &RelationCard> = cards.iter().map(|c| (c.id, c)).collect();
    let districts: HashMap<GovernmentId, &relations::GovCard> = districts.iter().map(|d| (d.id, d)).collect();
    items
        .iter()
        .map(|i| {
            programme_row(
                ctx,
                i,
                i.relation.and_then(|r| relations.get(&r)).copied(),
                i.district.and_then(|d| districts.get(&d)).copied(),
            )
        })
        .collect()
}

pub(crate) async fn home(ctx: Ctx) -> Result<Response, Problem> {
    let l = ctx.locale;
    let db = &ctx.house().db;
    let relations::Register {
        mut cards,
        home: own,
        districts,
        counts: series,
    } = relations::whole_register(db, &ctx.viewer).await?;
    let open = calls::open_calls(db, ctx.now(), 5).await?;
    // Asked by where they stand: next year's plan, however long, pushes nothing out that runs or is done.
    let (running, mut done) = planning::going_and_done(db, 6).await?;
    done.truncate(5);
    let counts = crate::numbers::counts(&ctx, &cards, &series).await?;
    by_date(&mut cards);
    // Read first: the newest evaluated programme, else the newest that runs.
    let featured = done.first().or(running.first());
    let partner = featured
        .and_then(|f| f.relation)
        .and_then(|r| cards.iter().find(|c| c.id == r))
        .map(|c| &c.partner);
    let partners: HashSet<GovernmentId> = cards
        .iter()
        .filter(|c| c.partner.point.is_some())
        .map(|c| c.partner.id)
        .collect();
    let placed = cards.iter().filter(|c| partners.contains(&c.partner.id)).count();
    let map = picture::map(&ctx, &own, &cards, partner.map(|p| p.id));
    let mut rows: Vec<RelationRow> = cards.iter().take(200).map(|c| relation_row(&ctx, c)).collect();
    let others = rows.split_off(rows.len().min(10));
    let template = Home {
        t: t(l),
        city: ctx.app.node.city.plain(l).to_owned(),
        relations: cards.iter().map(|c| c.id).collect(),
        featured: featured.map(|f| Featured {
            href: ctx.to(&format!("/programmes/{}", f.id)),
            title: parts::text(l, &f.title),
            say: rows::short(f.aim.plain(l), 140),
        }),
        featured_partner: partner.map(|p| p.name.plain(l).to_owned()),
        map,
        placed,
        unplaced: cards.len() - placed,
        earliest: rows,
        others,
        calls: open.iter().map(|c| call_row(&ctx, c)).collect(),
        running: rows_of(&ctx, &running, &cards, &districts).await,
        results: rows_of(&ctx, &done, &cards, &districts).await,
        numbers: counts,
        sources: parts::Sources::default(),
        sources_list: Markup::default(),
        to_relations: ctx.to("/relations"),
        to_csv: ctx.to("/relations.csv"),
        to_numbers: ctx.to("/numbers"),
        to_calls: ctx.to("/calls"),
        to_calls_feed: ctx.to("/feeds/calls.atom"),
        to_calendar: ctx.to("/feeds/calendar.ics"),
        to_programmes: ctx.to("/programmes"),
    };
    let city = ctx.app.node.city.plain(l);
    let page = Page::new(fl!(t(l), "home-title", city = city))
        .about(fl!(t(l), "home-about", city = city))
        .link(
            "application/atom+xml",
            fl!(t(l), "feed-calls-title", city = city),
            ctx.to("/feeds/calls.atom"),
        )
        .link(
            "application/atom+xml",
            fl!(t(l), "feed-programmes-title", city = city),
            ctx.to("/feeds/programmes.atom"),
        )
        .json_ld(&serde_json::json!({
            "@context": "https://schema.org", "@type": "GovernmentOrganization",
            "name": ctx.app.node.office.plain(l), "url": format!("{}{}", ctx.app.node.public_url, ctx.to("")),
            "areaServed": { "@type": "City", "name": city }
        }))
        .nav(Nav::None);
    ctx.show(page, &template)
}
