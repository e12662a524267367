//! The register: search, filters with their counts, fifty a page.

use ::pages::{Ctx, Markup, Nav, Page, Problem, fmt, parts};
use askama::Template;
use axum::response::Response;
use basis::{Code, Cursor, GovernmentId, Locale, PageRequest};
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;

use crate::{
    Facets, Filter, GovCard, Level, Order, RelationCard, RelationKind, RelationStatus, country_name,
    export::{kind_word, level_word, order_word, status_word},
    look, store as sql, t,
};

/// One choice of a filter.
struct Choice {
    id: String,
    name: &'static str,
    value: String,
    label: String,
    count: String,
    chosen: bool,
}
struct Facet {
    legend: String,
    choices: Vec<Choice>,
}
struct Row {
    href: String,
    partner: Markup,
    made_up: Markup,
    country: String,
    ours: Markup,
    kind: String,
    state: Markup,
    signed: String,
    disputed: bool,
    source: Markup,
}
#[derive(Template)]
#[template(path = "list.html")]
struct List {
    t: &'static FluentLanguageLoader,
    action: String,
    q: String,
    facets: Vec<Facet>,
    chosen: usize,
    orders: Vec<(String, String, bool)>,
    count: String,
    rows: Vec<Row>,
    more: Markup,
    tools: Vec<(String, String)>,
    csv: String,
    xlsx: String,
}

/// A filter from an address: repeated names are lists, what is not known is left out.
pub(crate) fn filter_of(query: &str) -> (Filter, PageRequest) {
    let mut f = Filter::default();
    let mut page = PageRequest::first(50);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()).take(100) {
        match &*name {
            "q" => f.q = basis::clean_line(&value).chars().take(200).collect(),
            "kind" => f.kind.extend(RelationKind::from_code(&value)),
            "status" => f.status.extend(RelationStatus::from_code(&value)),
            "level" => f.level.extend(Level::from_code(&value)),
            "country" if crate::government::is_country(&value) => f.country.push(value.into_owned()),
            "own" => f.own.extend(value.parse::<GovernmentId>().ok()),
            "disputed" => f.disputed = value == "1",
            "order" => f.order = Order::from_code(&value),
            "after" => page.after = Some(Cursor(value.into_owned())),
            "limit" => page.limit = value.parse().unwrap_or(50).clamp(1, PageRequest::MOST),
            _ => {}
        }
    }
    (f, page)
}

fn choices<T: PartialEq + ToString>(
    name: &'static str,
    counts: &[(T, usize)],
    chosen: &[T],
    label: impl Fn(&T) -> String,
) -> Vec<Choice> {
    let one = |(i, (value, n)): (usize, &(T, usize))| Choice {
        id: format!("{name}-{i}"),
        name,
        value: value.to_string(),
        label: label(value),
        count: fmt::number(*n as i64),
        chosen: chosen.contains(value),
    };
    counts.iter().enumerate().map(one).collect()
}

fn facets(l: Locale, f: &Filter, c: &Facets, own: &[GovCard]) -> Vec<Facet> {
    let own_name = |id: &basis::GovernmentId| {
        own.iter()
            .find(|g| g.id == *id)
            .map_or_else(|| id.to_string(), |g| g.name.plain(l).to_owned())
    };
    let mut out = vec![
        Facet {
            legend: fl!(t(l), "filter-kind"),
            choices: choices("kind", &c.kind, &f.kind, |k| kind_word(l, k.code())),
        },
        Facet {
            legend: fl!(t(l), "filter-status"),
            choices: choices("status", &c.status, &f.status, |k| status_word(l, k.code())),
        },
        Facet {
            legend: fl!(t(l), "filter-own"),
            choices: choices("own", &c.own, &f.own, own_name),
        },
        Facet {
            legend: fl!(t(l), "filter-level"),
            choices: choices("level", &c.level, &f.level, |k| level_word(l, k.code())),
        },
        Facet {
            legend: fl!(t(l), "filter-country"),
            choices: choices("country", &c.country, &f.country, |k| country_name(k, l)),
        },
    ];
    if c.disputed > 0 || f.disputed {
        let choice = Choice {
            id: "disputed-0".into(),
            name: "disputed",
            value: "1".into(),
            label: fl!(t(l), "filter-disputed"),
            count: fmt::number(c.disputed as i64),
            chosen: f.disputed,
        };
        out.push(Facet {
            legend: fl!(t(l), "filter-sources"),
            choices: vec![choice],
        });
    }
    out.retain(|f| !f.choices.is_empty());
    out
}

/// The same long citation row after row: a few words stand for it, and the whole is there for who asks.
fn source(l: Locale, source: &str) -> Markup {
    if !source.starts_with("English Wikipedia list ") {
        return parts::source_link(source);
    }
    Markup(format!(
        "<span title=\"{}\">{}</span>",
        parts::escape(source),
        parts::escape(&fl!(t(l), "source-wikipedia"))
    ))
}
fn row(ctx: &Ctx, c: &RelationCard) -> Row {
    let l = ctx.locale;
    Row {
        href: ctx.to(&format!("/relations/{}", c.id)),
        partner: parts::name(l, &c.partner.name),
        made_up: parts::made_up_if(l, c.illustrative),
        country: country_name(&c.partner.country, l),
        ours: parts::text(l, &c.own.name),
        kind: kind_word(l, c.kind.code()),
        state: parts::status(c.status.fill(), &status_word(l, c.status.code())),
        signed: c
            .signed
            .map_or_else(|| fl!(t(l), "not-known"), |s| fmt::known_date(l, &s.text())),
        disputed: c.disputed,
        source: source(l, &c.source),
    }
}

pub async fn list(ctx: Ctx) -> Result<Response, Problem> {
    let l = ctx.locale;
    let (filter, page) = filter_of(&ctx.query);
    let (found, counts) = look(&ctx.house().db, &ctx.viewer, &filter, page).await?;
    let own: Vec<GovCard> = sql::own_governments(&ctx.house().db)
        .await?
        .into_iter()
        .map(|g| g.card)
        .collect();
    let order = filter.order.unwrap_or(Order::Signed);
    // The files hold what the list shows, all stretches of it.
    let narrowed = match filter == Filter::default() {
        true => String::new(),
        false => format!("?{}", ctx.query),
    };
    let mut tools = Vec::new();
    let thing = super::enter::new_one(&ctx);
    if ctx.may("relation.register", &thing) {
        tools.push((ctx.to("/relations/new"), fl!(t(l), "relations-new")));
    }
    if ctx.may("relation.import", &thing) {
        tools.push((ctx.to("/relations/import"), fl!(t(l), "relations-import")));
    }
    let template = List {
        t: t(l),
        action: ctx.to("/relations"),
        chosen: filter.kind.len()
            + filter.status.len()
            + filter.country.len()
            + filter.level.len()
            + filter.own.len()
            + usize::from(filter.disputed),
        facets: facets(l, &filter, &counts, &own),
        q: filter.q,
        orders: Order::ALL
            .iter()
            .map(|o| (o.code().to_owned(), order_word(l, o.code()), *o == order))
            .collect(),
        count: match counts.total == counts.all {
            true => fl!(t(l), "relations-count-all", all = counts.all),
            false => fl!(t(l), "relations-count", total = counts.total, all = counts.all),
        },
        rows: found.items.iter().map(|c| row(&ctx, c)).collect(),
        more: parts::more(&ctx, found.next.as_ref()),
        tools,
        csv: ctx.to(&format!("/relations.csv{narrowed}")),
        xlsx: ctx.to(&format!("/relations.xlsx{narrowed}")),
    };
    let page = Page::new(fl!(t(l), "relations-title"))
        .about(fl!(t(l), "relations-lead"))
        .nav(Nav::Relations);
    ctx.show(page, &template)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_strangers_do_no_harm() {
        let (f, page) = filter_of(
            "q=%E2%80%8B%20d%C3%BCss&kind=sister&kind=duchy&country=DE&country=%3Cb%3E&own=1&limit=9999&after=x%27y&order=up",
        );
        assert_eq!(f.q, "düss");
        assert_eq!((f.kind.len(), f.country.len(), f.own.len(), f.order), (1, 1, 0, None));
        assert_eq!((page.limit, page.after.unwrap().0), (200, "x'y".into()));
    }
}
