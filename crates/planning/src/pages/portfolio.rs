//! The portfolio of a year: what it holds, how it is balanced (R86, R87), what came to nothing.

use ::pages::{Ctx, Markup, Nav, Page, Problem, fmt, parts};
use askama::Template;
use axum::{extract::Query, response::Response};
use basis::{Code, Cursor, Field, PolicyLineId};
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;
use serde::Deserialize;
use std::collections::BTreeMap;

use super::{Around, Select, may_plan, percent};
use crate::{Filter, PlanItemCard, PlanStatus, Portfolio, status_name, t};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub year: String,
    pub field: String,
    pub status: String,
    pub policy: String,
    pub after: String,
}
impl Asked {
    /// Unknown words filter nothing.
    pub fn filter(&self, this_year: i64) -> Filter {
        Filter {
            year: Some(
                self.year
                    .parse()
                    .ok()
                    .filter(|y| (1900..=2200).contains(y))
                    .unwrap_or(this_year),
            ),
            field: Field::from_code(&self.field),
            status: PlanStatus::from_code(&self.status),
            policy: self.policy.parse().ok(),
            after: (!self.after.is_empty()).then(|| Cursor(self.after.clone())),
            ..Filter::default()
        }
    }
}

struct Number {
    what: String,
    figure: String,
    method: String,
    late: bool,
}
struct Row {
    title: Markup,
    href: String,
    made_up: Markup,
    about: Markup,
    aim: Markup,
    reason: Option<Markup>,
    field: String,
    guiding: String,
    due: String,
    late: bool,
    status: Markup,
}
/// The items under one policy line.
struct Group {
    anchor: String,
    code: String,
    title: Markup,
    href: String,
    shown: String,
    rows: Vec<Row>,
}
type Cells = Vec<(String, String, bool)>;
#[derive(Template)]
#[template(path = "plan.html")]
struct Plan {
    t: &'static FluentLanguageLoader,
    title: String,
    action: String,
    selects: Vec<Select>,
    tally: Vec<(i64, Markup)>,
    new_item: Option<String>,
    tools: Vec<(String, String)>,
    groups: Vec<Group>,
    more: Markup,
    counted: String,
    numbers: Vec<Number>,
    statuses: Vec<String>,
    by_line: Vec<(String, String, Cells)>,
}
/// Items on one page: a year of a large city.
const SHOWN: u32 = 200;

pub(super) async fn page(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let q = &ctx.house().db;
    let l = ctx.locale;
    let t = t(l);
    let this_year = i64::from(ctx.today().year());
    let filter = Filter {
        limit: Some(SHOWN),
        ..asked.filter(this_year)
    };
    let year = filter.year.unwrap_or(this_year);
    let mut years = crate::years(q).await?;
    if !years.contains(&year) {
        years.insert(0, year);
    }
    let lines = crate::policy_lines(q).await?;
    let portfolio = crate::portfolio_of(q, year).await?;
    let list = crate::list(q, &filter).await?;
    let around = Around::of(&ctx, &list.items).await?;
    let title = fl!(t, "plan-year", year = year.to_string());
    let template = Plan {
        t,
        title: title.clone(),
        action: ctx.to("/plan"),
        selects: selects(&ctx, &filter, &years, &lines),
        tally: PlanStatus::ALL
            .iter()
            .filter_map(|s| {
                Some((
                    *portfolio.by_status.get(s)?,
                    parts::status(s.fill(), &status_name(l, *s)),
                ))
            })
            .collect(),
        new_item: may_plan(&ctx)
            .is_ok()
            .then(|| ctx.to(&format!("/plan/items/new?year={year}"))),
        tools: tools(&ctx, &asked, year),
        groups: groups(&ctx, &list.items, &around, year),
        more: parts::more(&ctx, list.next.as_ref()),
        counted: fl!(
            t,
            "balance-counted",
            items = portfolio.items,
            day = fmt::day(l, ctx.today())
        ),
        numbers: numbers(&ctx, &portfolio),
        statuses: PlanStatus::ALL.iter().map(|s| status_name(l, *s)).collect(),
        by_line: by_line(&ctx, &portfolio, &lines, year),
    };
    ctx.show(Page::new(title).about(fl!(t, "plan-lead")).nav(Nav::Plan), &template)
}
fn tools(ctx: &Ctx, asked: &Asked, year: i64) -> Vec<(String, String)> {
    let t = t(ctx.locale);
    let e = parts::encode;
    let query = format!(
        "year={year}&field={}&status={}&policy={}",
        e(&asked.field),
        e(&asked.status),
        e(&asked.policy)
    );
    let mut tools = vec![
        (ctx.to("/plan/gaps"), fl!(t, "gaps-title")),
        (ctx.to("/policy-lines"), fl!(t, "lines-title")),
        (format!("{}?{query}", ctx.to("/plan.csv")), fl!(t, "download-csv")),
        (format!("{}?{query}", ctx.to("/plan.xlsx")), fl!(t, "download-xlsx")),
    ];
    if ctx.may("plan-item.import", &access::Thing::new("plan-item", "import")) {
        tools.push((ctx.to("/plan/import"), fl!(t, "import-title")));
    }
    tools
}
/// Items by policy line, lines by their codes.
fn groups(ctx: &Ctx, items: &[PlanItemCard], around: &Around, year: i64) -> Vec<Group> {
    let mut by_line: BTreeMap<(&str, PolicyLineId), Vec<&PlanItemCard>> = BTreeMap::new();
    for i in items {
        by_line.entry((i.policy_code.as_str(), i.policy)).or_default().push(i);
    }
    by_line
        .into_iter()
        .filter_map(|((code, id), items)| {
            let first = items.first()?;
            Some(Group {
                anchor: format!("l-{id}"),
                code: code.to_owned(),
                title: parts::text(ctx.locale, &first.policy_title),
                href: ctx.to(&format!("/plan?year={year}&policy={id}")),
                shown: fl!(t(ctx.locale), "plan-shown", count = items.len()),
                rows: items.iter().map(|i| row(ctx, i, around)).collect(),
            })
        })
        .collect()
}
fn selects(ctx: &Ctx, f: &Filter, years: &[i64], lines: &[crate::PolicyLine]) -> Vec<Select> {
    let t = t(ctx.locale);
    let any = |chosen: bool| (String::new(), fl!(t, "filter-any"), chosen);
    let mut fields = vec![any(f.field.is_none())];
    fields.extend(
        Field::ALL
            .iter()
            .map(|x| (x.to_string(), parts::field_name(ctx.locale, *x), f.field == Some(*x))),
    );
    let mut statuses = vec![any(f.status.is_none())];
    statuses.extend(
        PlanStatus::ALL
            .iter()
            .map(|x| (x.to_string(), status_name(ctx.locale, *x), f.status == Some(*x))),
    );
    let mut policies = vec![any(f.policy.is_none())];
    policies.extend(lines.iter().map(|l| {
        (
            l.id.to_string(),
            format!("{} {}", l.code, l.title.plain(ctx.locale)),
            f.policy == Some(l.id),
        )
    }));
    vec![
        Select {
            name: "year",
            label: fl!(t, "item-year"),
            options: years
                .iter()
                .map(|y| (y.to_string(), y.to_string(), f.year == Some(*y)))
                .collect(),
        },
        Select {
            name: "field",
            label: fl!(t, "item-field"),
            options: fields,
        },
        Select {
            name: "status",
            label: fl!(t, "plan-status"),
            options: statuses,
        },
        Select {
            name: "policy",
            label: fl!(t, "plan-policy"),
            options: policies,
        },
    ]
}
fn numbers(ctx: &Ctx, p: &Portfolio) -> Vec<Number> {
    let t = t(ctx.locale);
    let of = |s: crate::Share| (s.part, s.whole);
    let number = |what, share: crate::Share, method, late| Number {
        what,
        figure: percent(ctx, share),
        method,
        late,
    };
    let ((ep, ew), (cp, cw), (sp, sw), (np, nw)) = (of(p.economy), of(p.culture), of(p.social), of(p.neither));
    vec![
        number(
            fl!(t, "balance-culture"),
            p.culture,
            fl!(t, "balance-culture-method", part = cp, whole = cw),
            cw > 0 && 2 * cp < cw,
        ),
        number(
            fl!(t, "balance-economy"),
            p.economy,
            fl!(t, "balance-economy-method", part = ep, whole = ew),
            2 * ep > ew,
        ),
        number(
            fl!(t, "balance-social"),
            p.social,
            fl!(t, "balance-social-method", part = sp, whole = sw),
            false,
        ),
        number(
            fl!(t, "balance-neither"),
            p.neither,
            fl!(t, "balance-neither-method", part = np, whole = nw),
            false,
        ),
    ]
}
fn by_line(ctx: &Ctx, p: &Portfolio, lines: &[crate::PolicyLine], year: i64) -> Vec<(String, String, Cells)> {
    let cells = |id: &PolicyLineId| {
        let counts = p.by_policy.get(id);
        let cell = |s: &PlanStatus| {
            let n = counts.and_then(|c| c.get(s)).copied().unwrap_or(0);
            (
                status_name(ctx.locale, *s),
                n.to_string(),
                n > 0 && matches!(s, PlanStatus::Dropped | PlanStatus::CarriedOver),
            )
        };
        PlanStatus::ALL.iter().map(cell).collect()
    };
    lines
        .iter()
        .filter(|l| p.by_policy.contains_key(&l.id))
        .map(|l| {
            (
                format!("{} {}", l.code, l.title.plain(ctx.locale)),
                ctx.to(&format!("/plan?year={year}&policy={}", l.id)),
                cells(&l.id),
            )
        })
        .collect()
}
fn row(ctx: &Ctx, i: &PlanItemCard, around: &Around) -> Row {
    let l = ctx.locale;
    let late = i.is_late(ctx.today());
    let due = |d: basis::Day| {
        let day = fmt::day_short(l, d);
        if late {
            fl!(t(l), "item-late", day = day)
        } else {
            fl!(t(l), "item-due-on", day = day)
        }
    };
    Row {
        title: parts::text(l, &i.title),
        href: ctx.to(&format!("/plan/items/{}", i.id)),
        made_up: parts::made_up_if(l, i.illustrative),
        about: around.about(l, i),
        aim: parts::text(l, &i.aim),
        reason: i.reason.as_ref().map(|r| parts::text(l, r)),
        field: parts::field_name(l, i.field),
        guiding: around.guide(l, i),
        due: i.due.map(due).unwrap_or_default(),
        late,
        status: parts::status(i.status.fill(), &status_name(l, i.status)),
    }
}
