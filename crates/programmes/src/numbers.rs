//! Numbers, each with its method and date; unknown is "not found", never 0.

use std::collections::HashSet;

use askama::Template;
use atlas::{CountChart, CountPoint};
use axum::response::Response;
use basis::{Code, Fail, Field};
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;
use pages::{Ctx, Markup, Nav, Page, Problem, fmt, parts};
use relations::{CountRow, RelationCard};

use crate::t;

/// A number as the look shows it: figure, what, how and when.
pub(crate) struct Number {
    pub figure: String,
    pub what: String,
    pub method: String,
}

/// The numbers this node counts itself.
pub(crate) async fn counts(ctx: &Ctx, cards: &[RelationCard], series: &[CountRow]) -> Result<Vec<Number>, Fail> {
    let l = ctx.locale;
    let db = &ctx.house().db;
    let day = fmt::day(l, ctx.today());
    let mut out = vec![Number {
        figure: fmt::number(cards.len() as i64),
        what: fl!(t(l), "number-relations"),
        method: fl!(t(l), "number-relations-method", day = day.as_str()),
    }];
    if let Some(latest) = series
        .iter()
        .filter(|c| c.scope == ctx.app.node.city.plain(basis::Locale::En))
        .max_by(|a, b| a.day.cmp(&b.day))
    {
        out.push(Number {
            figure: fmt::number(latest.sister_pairs),
            what: fl!(t(l), "number-latest", date = fmt::known_date(l, &latest.day)),
            method: fl!(t(l), "number-latest-method"),
        });
    }
    let covered: HashSet<_> = planning::covered_cells(db).await?.into_iter().collect();
    let all = cards.len() * Field::ALL.len();
    let n_of_thousand = |n: usize| (n * 1000).checked_div(all);
    if !cards.is_empty() {
        let n = cards
            .iter()
            .flat_map(|c| Field::ALL.iter().map(move |f| (c.id, *f)))
            .filter(|cell| covered.contains(cell))
            .count();
        out.push(Number {
            figure: format!("{}%", n_of_thousand(n).unwrap_or(0) as f64 / 10.0),
            what: fl!(t(l), "number-covered"),
            method: fl!(
                t(l),
                "number-covered-method",
                covered = n,
                all = all,
                day = day.as_str()
            ),
        });
    }
    let tally = calls::tally(db).await?;
    if tally.offers > 0 {
        out.push(Number {
            figure: fmt::number(tally.offers),
            what: fl!(t(l), "number-offers"),
            method: fl!(t(l), "number-offers-method", day = day.as_str()),
        });
    }
    if tally.awards > 0 {
        out.push(Number {
            figure: format!(
                "{}%",
                (tally.social_awards * 100).checked_div(tally.awards).unwrap_or(0)
            ),
            what: fl!(t(l), "number-social"),
            method: fl!(t(l), "number-social-method", day = day.as_str()),
        });
    }
    Ok(out)
}

#[derive(Template)]
#[template(path = "numbers.html")]
struct Numbers {
    t: &'static FluentLanguageLoader,
    chart: Markup,
    counts: Vec<(String, String, String, String, Markup)>,
    numbers: Vec<Number>,
}
pub(crate) async fn numbers(ctx: Ctx) -> Result<Response, Problem> {
    let l = ctx.locale;
    let db = &ctx.house().db;
    let register = relations::whole_register(db, &ctx.viewer).await?;
    let city = ctx.app.node.city.plain(basis::Locale::En).to_owned();
    let mut series: Vec<&CountRow> = register.counts.iter().filter(|c| c.scope == city).collect();
    series.sort_by(|a, b| a.day.cmp(&b.day));
    let unknown = || fl!(t(l), "not-found");
    let chart = CountChart {
        points: series
            .iter()
            .filter_map(|c| {
                Some(CountPoint {
                    date: c.day.clone(),
                    count: u32::try_from(c.sister_pairs).ok()?,
                })
            })
            .collect(),
        title: fl!(t(l), "numbers-count"),
        desc: fl!(t(l), "numbers-chart-desc"),
        id_prefix: "cnt".into(),
    };
    let template = Numbers {
        t: t(l),
        chart: Markup(if chart.points.len() > 1 {
            atlas::span_count_chart(&chart)
        } else {
            String::new()
        }),
        counts: series
            .iter()
            .map(|c| {
                let n = |v: Option<i64>| v.map_or_else(unknown, fmt::number);
                (
                    fmt::known_date(l, &c.day),
                    fmt::number(c.sister_pairs),
                    n(c.municipal),
                    n(c.district),
                    parts::source_link(&c.source),
                )
            })
            .collect(),
        numbers: counts(&ctx, &register.cards, &register.counts).await?,
    };
    ctx.show(
        Page::new(fl!(t(l), "numbers-title"))
            .about(fl!(t(l), "numbers-lead"))
            .nav(Nav::Numbers),
        &template,
    )
}

#[derive(Template)]
#[template(path = "data.html")]
struct Data {
    t: &'static FluentLanguageLoader,
    rows: Vec<(String, Vec<(&'static str, String)>)>,
}
/// Every table's download.
pub(crate) async fn data(ctx: Ctx) -> Result<Response, Problem> {
    let l = ctx.locale;
    let files = |name: &str| {
        vec![
            ("CSV", ctx.to(&format!("/{name}.csv"))),
            ("XLSX", ctx.to(&format!("/{name}.xlsx"))),
        ]
    };
    let template = Data {
        t: t(l),
        rows: vec![
            (fl!(t(l), "data-relations"), files("relations")),
            (fl!(t(l), "data-institutions"), files("institutions")),
            (fl!(t(l), "data-links"), files("links")),
            (fl!(t(l), "data-facts"), files("facts")),
            (fl!(t(l), "data-counts"), files("counts")),
            (fl!(t(l), "data-organisations"), files("organisations")),
            (fl!(t(l), "data-policy-lines"), files("policy-lines")),
            (fl!(t(l), "data-plan"), files("plan")),
            (fl!(t(l), "data-aims"), files("aims")),
            (fl!(t(l), "data-evaluations"), files("evaluations")),
            (fl!(t(l), "data-calls"), files("calls")),
            (fl!(t(l), "data-awards"), files("awards")),
            (fl!(t(l), "data-undertakings"), files("undertakings")),
            (fl!(t(l), "data-milestones"), files("milestones")),
            (fl!(t(l), "data-instalments"), files("instalments")),
        ],
    };
    ctx.show(
        Page::new(fl!(t(l), "data-title")).about(fl!(t(l), "data-lead")),
        &template,
    )
}
