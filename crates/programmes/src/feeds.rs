//! Atom feeds (RFC 4287), a calendar (RFC 5545), the sitemap: what machines read.

use atom_syndication::{Entry, Feed, FixedDateTime, Link, Text};
use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use basis::{Fail, Locale, Moment};
use i18n_embed_fl::fl;
use icalendar::{Calendar, Component, EventLike};
use pages::{App, Ctx, Problem, fmt};
use relations::RelationCard;

use crate::t;

pub(crate) fn pages() -> Router<App> {
    Router::new()
        .route("/feeds/calls.atom", get(calls_feed))
        .route("/feeds/programmes.atom", get(programmes_feed))
        .route("/feeds/calendar.ics", get(calendar))
}
pub(crate) fn machine_pages() -> Router<App> {
    Router::new().route("/sitemap.xml", get(sitemap))
}

fn when(m: Moment) -> Result<FixedDateTime, Fail> {
    FixedDateTime::parse_from_rfc3339(&m.to_string()).map_err(Fail::fault)
}
fn feed(ctx: &Ctx, title: String, own: &str, entries: Vec<Entry>, newest: Moment) -> Result<Response, Problem> {
    let base = &ctx.app.node.public_url;
    let link = |rel: &str, href: String| Link {
        rel: rel.into(),
        href,
        ..Default::default()
    };
    let feed = Feed {
        title: Text::plain(title),
        id: format!("{base}{}", ctx.to(own)),
        updated: when(newest)?,
        links: vec![
            link("self", format!("{base}{}", ctx.to(own))),
            link("alternate", format!("{base}{}", ctx.to(""))),
        ],
        entries,
        lang: Some(ctx.locale.tag().into()),
        ..Default::default()
    };
    Ok((
        [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")],
        feed.to_string(),
    )
        .into_response())
}
fn entry(ctx: &Ctx, path: &str, title: &str, say: &str, at: Moment, by: &str) -> Result<Entry, Fail> {
    let href = format!("{}{}", ctx.app.node.public_url, ctx.to(path));
    Ok(Entry {
        title: Text::plain(title.to_owned()),
        id: href.clone(),
        updated: when(at)?,
        authors: vec![atom_syndication::Person {
            name: by.to_owned(),
            ..Default::default()
        }],
        links: vec![Link {
            rel: "alternate".into(),
            href,
            ..Default::default()
        }],
        summary: Some(Text::plain(say.to_owned())),
        ..Default::default()
    })
}
async fn calls_feed(ctx: Ctx) -> Result<Response, Problem> {
    let l = ctx.locale;
    let open = calls::open_calls(&ctx.house().db, ctx.now(), 50).await?;
    let newest = open.iter().map(|c| c.opens_at).max().unwrap_or(Moment::UNIX_EPOCH);
    let office = ctx.app.node.office.plain(l).to_owned();
    let entries = open
        .iter()
        .map(|c| {
            entry(
                &ctx,
                &format!("/calls/{}", c.id),
                c.title.plain(l),
                c.who.plain(l),
                c.opens_at,
                &office,
            )
        })
        .collect::<Result<_, _>>()?;
    feed(
        &ctx,
        fl!(t(l), "feed-calls-title", city = ctx.app.node.city.plain(l)),
        "/feeds/calls.atom",
        entries,
        newest,
    )
}
async fn programmes_feed(ctx: Ctx) -> Result<Response, Problem> {
    let l = ctx.locale;
    let db = &ctx.house().db;
    let items = planning::list(
        db,
        &planning::Filter {
            limit: Some(50),
            ..Default::default()
        },
    )
    .await?
    .items;
    let changed = store::journal::last_changes(
        db,
        "plan-item",
        &items.iter().map(|i| i.id.to_string()).collect::<Vec<_>>(),
    )
    .await?;
    let at = |id: &str| changed.get(id).copied().unwrap_or(Moment::UNIX_EPOCH);
    let newest = items
        .iter()
        .map(|i| at(&i.id.to_string()))
        .max()
        .unwrap_or(Moment::UNIX_EPOCH);
    let office = ctx.app.node.office.plain(l).to_owned();
    let entries = items
        .iter()
        .map(|i| {
            entry(
                &ctx,
                &format!("/programmes/{}", i.id),
                i.title.plain(l),
                i.aim.plain(l),
                at(&i.id.to_string()),
                &office,
            )
        })
        .collect::<Result<_, _>>()?;
    feed(
        &ctx,
        fl!(t(l), "feed-programmes-title", city = ctx.app.node.city.plain(l)),
        "/feeds/programmes.atom",
        entries,
        newest,
    )
}
/// Closing hours of calls, due days of milestones and round anniversaries. A moment is given in UTC, which every calendar
/// turns into its own zone, with the home city's clock in words beside it; a day is a day, whatever the zone.
async fn calendar(ctx: Ctx) -> Result<Response, Problem> {
    let l = ctx.locale;
    let db = &ctx.house().db;
    let city = ctx.app.node.city.plain(l);
    let mut cal = Calendar::new();
    cal.name(&fl!(t(l), "calendar-title", city = city))
        .timezone(ctx.app.node.zone_name.as_str());
    let href = |path: String| format!("{}{}", ctx.app.node.public_url, ctx.to(&path));
    for c in calls::open_calls(db, ctx.now(), 100).await? {
        let at = icalendar::DatePerhapsTime::DateTime(icalendar::CalendarDateTime::Utc(utc(c.closes_at)?));
        let here = fmt::moment(l, c.closes_at, ctx.zone());
        let event = icalendar::Event::new()
            .uid(&format!("{}@youcheng", c.id))
            .summary(&fl!(t(l), "call-closes", when = c.title.plain(l)))
            .description(&format!(
                "{}\n{}",
                c.who.plain(l),
                fl!(t(l), "two-clocks", here = here, city = city)
            ))
            .url(&href(format!("/calls/{}", c.id)))
            .timestamp(utc(c.opens_at)?)
            .starts(at.clone())
            .ends(at)
            .done();
        cal.push(event);
    }
    for due in due_days(&ctx).await? {
        cal.push(
            icalendar::Event::new()
                .uid(&format!("{}@youcheng", due.0.id))
                .summary(&fl!(t(l), "milestone-due", what = due.0.title.plain(l)))
                .description(due.1.title.plain(l))
                .url(&href(format!("/programmes/{}", due.1.plan_item)))
                .timestamp(utc(due.1.agreed_at)?)
                .all_day(date(due.0.due)?)
                .done(),
        );
    }
    for (card, day, years) in anniversaries(&relations::all_cards_for(db, &ctx.viewer).await?, ctx.today()) {
        let pair = fl!(
            t(l),
            "pair-plain",
            own = card.own.name.plain(l),
            partner = card.partner.name.plain(l)
        );
        let signed = day.to_zoned(jiff::tz::TimeZone::UTC).map_err(Fail::fault)?.timestamp();
        cal.push(
            icalendar::Event::new()
                .uid(&format!("{}-{years}@youcheng", card.id))
                .summary(&fl!(t(l), "anniversary", years = years, pair = pair))
                .url(&href(format!("/relations/{}", card.id)))
                .timestamp(utc(signed)?)
                .all_day(date(day)?)
                .done(),
        );
    }
    Ok((
        [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")],
        cal.done().to_string(),
    )
        .into_response())
}
/// Milestones of running programmes that everybody may know of and that are still to come, each with its undertaking.
async fn due_days(ctx: &Ctx) -> Result<Vec<(undertakings::MilestoneCard, undertakings::UndertakingCard)>, Fail> {
    let db = &ctx.house().db;
    let public = access::Viewer::public(store::Via::Page);
    let (running, _) = planning::going_and_done(db, 200).await?;
    let ids: Vec<_> = running.iter().map(|i| i.id).collect();
    let work = undertakings::of_plan_items(db, &public, &ids).await?;
    let milestones = undertakings::milestones(db, &work).await?;
    let open = milestones
        .into_iter()
        .filter(|m| m.status == undertakings::MilestoneStatus::Open && m.due >= ctx.today());
    Ok(open
        .filter_map(|m| Some((m.clone(), work.iter().find(|u| u.id == m.undertaking)?.clone())))
        .collect())
}
/// The tenth, twentieth, … years of living ties in this year and the next: of those whose day is known.
fn anniversaries(cards: &[RelationCard], today: basis::Day) -> Vec<(&RelationCard, basis::Day, i64)> {
    let mut out: Vec<_> = cards
        .iter()
        .filter(|c| c.is_living())
        .filter_map(|c| Some((c, c.signed.filter(|s| s.precision == basis::Precision::Day)?.from)))
        .flat_map(|(c, signed)| {
            (today.year()..=today.year() + 1).filter_map(move |year| {
                let years = year - signed.year();
                let day = signed.checked_add(jiff::Span::new().years(years)).ok()?;
                (years > 0 && years % 10 == 0 && day >= today).then_some((c, day, i64::from(years)))
            })
        })
        .collect();
    out.sort_by_key(|(c, day, _)| (*day, c.id));
    out
}
fn date(d: basis::Day) -> Result<chrono::NaiveDate, Fail> {
    let (month, day) = (d.month().unsigned_abs().into(), d.day().unsigned_abs().into());
    chrono::NaiveDate::from_ymd_opt(d.year().into(), month, day)
        .ok_or_else(|| Fail::fault("a day outside the calendar"))
}
fn utc(m: Moment) -> Result<chrono::DateTime<chrono::Utc>, Fail> {
    chrono::DateTime::from_timestamp(m.as_second(), 0).ok_or_else(|| Fail::fault("a moment outside the calendar"))
}
async fn sitemap(State(app): State<App>, ctx: Ctx) -> Result<Response, Problem> {
    let db = &app.house.db;
    let mut paths: Vec<String> = [
        "",
        "/relations",
        "/calls",
        "/programmes",
        "/organisations",
        "/numbers",
        "/data",
        "/help",
    ]
    .map(str::to_owned)
    .to_vec();
    // A sitemap holds at most 50,000 addresses; with two languages that is 25,000 pages, far more than are worth listing.
    let cards = relations::all_cards_for(db, &ctx.viewer).await?;
    paths.extend(cards.iter().take(10_000).map(|c| format!("/relations/{}", c.id)));
    let mut after = None;
    for _ in 0..20 {
        let page = planning::list(
            db,
            &planning::Filter {
                after: after.take(),
                limit: Some(200),
                ..Default::default()
            },
        )
        .await?;
        paths.extend(page.items.iter().map(|i| format!("/programmes/{}", i.id)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    paths.extend(
        calls::open_calls(db, ctx.now(), 500)
            .await?
            .iter()
            .map(|c| format!("/calls/{}", c.id)),
    );
    let base = &app.node.public_url;
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
    );
    for p in &paths {
        for l in Locale::ALL {
            xml.push_str(&format!(
                "<url><loc>{}</loc>",
                parts_escape(&format!("{base}/{}{p}", l.path()))
            ));
            for other in Locale::ALL {
                xml.push_str(&format!(
                    "<xhtml:link rel=\"alternate\" hreflang=\"{}\" href=\"{}\"/>",
                    other.tag(),
                    parts_escape(&format!("{base}/{}{p}", other.path()))
                ));
            }
            xml.push_str("</url>\n");
        }
    }
    xml.push_str("</urlset>\n");
    Ok(([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], xml).into_response())
}
use pages::parts::escape as parts_escape;
