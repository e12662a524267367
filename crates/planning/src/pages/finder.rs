//! The gap finder (R107, R90): the matrix, the empty cells to fill first, and why.

use ::pages::{self, Ctx, Markup, Nav, Page, Problem, parts};
use askama::Template;
use axum::{extract::Query, response::Response};
use basis::{Code, Field};
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;
use serde::Deserialize;

use super::{Select, may_plan, who_could};
use crate::gaps::{Caution, Gap, Place, Reason};
use crate::{Ask, Cell, Found, FoundRow, PolicyLine, Scope, View, find, t};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    view: String,
    level: String,
    year: String,
    policy: String,
    /// The first row shown, from 0.
    from: String,
}
impl Asked {
    pub fn ask(&self) -> Ask {
        Ask {
            view: if self.view == "districts" {
                View::Districts
            } else {
                View::Relations
            },
            level: match self.level.as_str() {
                "districts" => Scope::Districts,
                "all" => Scope::All,
                _ => Scope::City,
            },
            year: self.year.parse().ok().filter(|y| (1900..=2200).contains(y)),
            policy: self.policy.parse().ok(),
        }
    }
}
/// Rows of the matrix on one page, and gaps told in full.
const ROWS: usize = 60;
const TOLD: usize = 10;

struct CellShown {
    ink: i64,
    shown: String,
    say: String,
    href: String,
    ring: bool,
}
struct RowShown {
    name: String,
    since: String,
    cells: Vec<CellShown>,
    total: i64,
}
struct GapShown {
    rank: usize,
    name: String,
    field: String,
    reasons: Vec<(String, String)>,
    cautions: Vec<String>,
    points: String,
    plan: String,
    label: String,
}
#[derive(Template)]
#[template(path = "gaps.html")]
struct Gaps {
    t: &'static FluentLanguageLoader,
    action: String,
    selects: Vec<Select>,
    caption: String,
    corner: String,
    fields: Vec<String>,
    rows: Vec<RowShown>,
    totals: Vec<i64>,
    total: i64,
    more: Markup,
    downloads: Vec<(String, String)>,
    gaps: Vec<GapShown>,
    weights: Vec<(String, i64)>,
    lead: String,
    method: String,
    /// Who plans, where the reader does not.
    who: Option<String>,
    /// To the districts that no partner reaches.
    untouched: Option<String>,
}

pub(super) async fn page(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let q = &ctx.house().db;
    let t = t(ctx.locale);
    let this_year = i64::from(ctx.today().year());
    let ask = asked.ask();
    let lines = crate::policy_lines(q).await?;
    let found = find(q, &ctx.viewer, &ask, this_year).await?;
    let from = asked.from.parse::<usize>().unwrap_or(0).min(found.rows.len());
    let told = &found.gaps[..found.gaps.len().min(TOLD)];
    let count = found.rows.len();
    let caption = match ask.view {
        View::Relations => fl!(t, "gaps-caption-relations", rows = count, fields = Field::ALL.len()),
        View::Districts => fl!(t, "gaps-caption-districts", rows = count, fields = Field::ALL.len()),
    };
    let template = Gaps {
        t,
        action: ctx.to("/plan/gaps"),
        selects: selects(&ctx, &asked, &ask, &lines, this_year),
        caption,
        corner: fl!(t, "gaps-corner"),
        fields: Field::ALL.iter().map(|f| parts::field_name(ctx.locale, *f)).collect(),
        rows: found.rows[from..].iter().take(ROWS).map(|r| row(&ctx, r)).collect(),
        totals: found.totals.clone(),
        total: found.totals.iter().sum(),
        more: more(&ctx, &asked, from, count),
        downloads: vec![
            (query(&ctx, "/plan/gaps.csv", &asked), fl!(t, "download-csv")),
            (query(&ctx, "/plan/gaps.xlsx", &asked), fl!(t, "download-xlsx")),
        ],
        gaps: told
            .iter()
            .enumerate()
            .map(|(i, g)| gap(&ctx, &found, g, i + 1, &ask, this_year))
            .collect(),
        lead: match ask.view {
            View::Relations => fl!(t, "gaps-lead"),
            View::Districts => fl!(t, "gaps-districts-lead"),
        },
        method: fl!(t, "gaps-method", day = pages::fmt::day(ctx.locale, ctx.today())),
        who: may_plan(&ctx)
            .is_err()
            .then(|| fl!(t, "plan-who", who = who_could(&ctx, "plan-item.add"))),
        untouched: (ask.view == View::Relations).then(|| ctx.to("/plan/gaps?view=districts")),
        weights: found
            .weights
            .named()
            .into_iter()
            .map(|(k, w)| (weight_name(&ctx, k), w))
            .collect(),
    };
    ctx.show(
        Page::new(fl!(t, "gaps-title"))
            .about(fl!(t, "gaps-lead"))
            .nav(Nav::Plan)
            .crumb(fl!(t, "plan-title"), "/plan"),
        &template,
    )
}
fn selects(ctx: &Ctx, asked: &Asked, ask: &Ask, lines: &[PolicyLine], this_year: i64) -> Vec<Select> {
    let t = t(ctx.locale);
    let option = |v: &str, l: String, chosen: bool| (v.to_owned(), l, chosen);
    let mut years = vec![option("", fl!(t, "gaps-all-years"), ask.year.is_none())];
    years.extend(
        (this_year - 4..=this_year + 1)
            .rev()
            .map(|y| (y.to_string(), y.to_string(), ask.year == Some(y))),
    );
    let mut policies = vec![option("", fl!(t, "filter-any"), ask.policy.is_none())];
    policies.extend(lines.iter().map(|l| {
        (
            l.id.to_string(),
            format!("{} {}", l.code, l.title.plain(ctx.locale)),
            ask.policy == Some(l.id),
        )
    }));
    let mut out = vec![Select {
        name: "view",
        label: fl!(t, "gaps-view"),
        options: vec![
            option("", fl!(t, "gaps-view-relations"), ask.view == View::Relations),
            option("districts", fl!(t, "gaps-view-districts"), ask.view == View::Districts),
        ],
    }];
    if ask.view == View::Relations {
        out.push(Select {
            name: "level",
            label: fl!(t, "gaps-level"),
            options: vec![
                option("", fl!(t, "gaps-level-city"), ask.level == Scope::City),
                option("districts", fl!(t, "gaps-level-districts"), asked.level == "districts"),
                option("all", fl!(t, "gaps-level-all"), ask.level == Scope::All),
            ],
        });
    }
    out.push(Select {
        name: "year",
        label: fl!(t, "item-year"),
        options: years,
    });
    out.push(Select {
        name: "policy",
        label: fl!(t, "plan-policy"),
        options: policies,
    });
    out
}
fn row(ctx: &Ctx, r: &FoundRow) -> RowShown {
    let name = row_name(ctx, r);
    let cells = Field::ALL
        .iter()
        .zip(&r.cells)
        .map(|(f, c)| cell(ctx, &name, *f, c))
        .collect();
    RowShown {
        since: r.since.map(|y| y.to_string()).unwrap_or_default(),
        cells,
        total: r.total,
        name,
    }
}
fn row_name(ctx: &Ctx, r: &FoundRow) -> String {
    match &r.own {
        Some(own) => format!("{} – {}", own.plain(ctx.locale), r.name.plain(ctx.locale)),
        None => r.name.plain(ctx.locale).to_owned(),
    }
}
fn cell(ctx: &Ctx, name: &str, field: Field, c: &Cell) -> CellShown {
    let t = t(ctx.locale);
    let field = parts::field_name(ctx.locale, field);
    let named = |say: String| format!("{name} × {field}: {say}");
    if c.count > 0 {
        return CellShown {
            ink: c.count.min(3),
            shown: c.count.to_string(),
            say: named(fl!(t, "cell-covered", count = c.count)),
            href: String::new(),
            ring: false,
        };
    }
    if c.planned {
        return CellShown {
            ink: 0,
            shown: "□".into(),
            say: named(fl!(t, "cell-planned")),
            href: String::new(),
            ring: false,
        };
    }
    match c.rank {
        Some(rank) if rank <= TOLD => CellShown {
            ink: 0,
            shown: rank.to_string(),
            say: named(fl!(t, "cell-suggested", rank = rank)),
            href: format!("#why{rank}"),
            ring: true,
        },
        _ if c.partner_has => CellShown {
            ink: 0,
            shown: "○".into(),
            say: named(fl!(t, "cell-partner-has")),
            href: String::new(),
            ring: false,
        },
        _ => CellShown {
            ink: 0,
            shown: String::new(),
            say: fl!(t, "cell-empty"),
            href: String::new(),
            ring: false,
        },
    }
}
/// The same question at another address.
fn query(ctx: &Ctx, path: &str, asked: &Asked) -> String {
    let e = parts::encode;
    format!(
        "{}?view={}&level={}&year={}&policy={}",
        ctx.to(path),
        e(&asked.view),
        e(&asked.level),
        e(&asked.year),
        e(&asked.policy)
    )
}
fn more(ctx: &Ctx, asked: &Asked, from: usize, count: usize) -> Markup {
    let t = t(ctx.locale);
    let to = |n: usize| format!("{}&from={n}", query(ctx, "/plan/gaps", asked));
    let mut links = Vec::new();
    if from > 0 {
        links.push(format!(
            "<a rel=\"prev\" href=\"{}\">{}</a>",
            parts::escape(&to(from.saturating_sub(ROWS))),
            parts::escape(&fl!(t, "gaps-before"))
        ));
    }
    if from + ROWS < count {
        links.push(format!(
            "<a rel=\"next\" href=\"{}\">{}</a>",
            parts::escape(&to(from + ROWS)),
            parts::escape(&fl!(t, "gaps-after", left = (count - from - ROWS)))
        ));
    }
    if links.is_empty() {
        Markup::default()
    } else {
        Markup(format!("<p class=\"tools\">{}</p>", links.join(" ")))
    }
}
fn gap(ctx: &Ctx, found: &Found, g: &Gap, rank: usize, ask: &Ask, this_year: i64) -> GapShown {
    let t = t(ctx.locale);
    let name = found
        .rows
        .iter()
        .find(|r| r.place == g.place)
        .map(|r| row_name(ctx, r))
        .unwrap_or_default();
    let (relation, district) = match g.place {
        Place::Relation(r) => (Some(r), None),
        Place::District(d) => (None, Some(d)),
    };
    let thing = access::Thing {
        field: Some(g.field),
        relation,
        district,
        ..access::Thing::new("plan-item", "new")
    };
    let plan = if ctx.may("plan-item.add", &thing) {
        let year = ask.year.unwrap_or(this_year).max(this_year);
        let policy = ask.policy.map(|p| p.to_string()).unwrap_or_default();
        let text = |i: Option<String>| i.unwrap_or_default();
        ctx.to(&format!(
            "/plan/items/new?relation={}&district={}&field={}&year={year}&policy={policy}",
            text(relation.map(|r| r.to_string())),
            text(district.map(|d| d.to_string())),
            g.field
        ))
    } else {
        String::new()
    };
    GapShown {
        rank,
        field: parts::field_name(ctx.locale, g.field),
        reasons: g
            .reasons
            .iter()
            .map(|(r, p)| (reason(ctx, *r), format!("+{p}")))
            .collect(),
        cautions: g.cautions.iter().map(|c| caution(ctx, *c)).collect(),
        points: fl!(t, "gap-points", points = g.points),
        label: fl!(
            t,
            "gaps-plan-label",
            name = name.as_str(),
            field = parts::field_name(ctx.locale, g.field)
        ),
        plan,
        name,
    }
}
/// A reason as a plain sentence.
pub(super) fn reason(ctx: &Ctx, r: Reason) -> String {
    let t = t(ctx.locale);
    match r {
        Reason::Untouched => fl!(t, "gap-untouched"),
        Reason::PartnerHas { count } => fl!(t, "gap-partner-has", count = count),
        Reason::WeHave { count } => fl!(t, "gap-we-have", count = count),
        Reason::QuietFor { years } => fl!(t, "gap-quiet-for", years = years),
        Reason::NeverActive => fl!(t, "gap-never-active"),
        Reason::Resting => fl!(t, "gap-resting"),
        Reason::Anniversary { years, year } => fl!(t, "gap-anniversary", years = years, year = year.to_string()),
        Reason::Complement { theirs, ours } => fl!(t, "gap-complement", theirs = theirs, ours = ours),
        Reason::Experience { relations } => fl!(t, "gap-experience", relations = relations),
        Reason::CultureMissing => fl!(t, "gap-culture-missing"),
    }
}
fn caution(ctx: &Ctx, c: Caution) -> String {
    let t = t(ctx.locale);
    match c {
        Caution::NoPartnerInstitution => fl!(t, "gap-no-partner-institution"),
        Caution::NoOwnInstitution => fl!(t, "gap-no-own-institution"),
    }
}
fn weight_name(ctx: &Ctx, key: &str) -> String {
    crate::TEXTS
        .find(ctx.locale, key, std::collections::HashMap::new())
        .unwrap_or_else(|| key.to_owned())
}
