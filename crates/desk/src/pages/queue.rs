//! /desk: the queue by deadline.

use access::Role;
use askama::Template;
use axum::{extract::Query, response::Response};
use basis::{Code, Day, Fail, Field, Locale, Moment, RelationId};
use i18n_embed_fl::fl;
use pages::{Ctx, Ending, Markup, Nav, Page, Problem, download, fmt, parts};
use serde::Deserialize;
use sheets::{CellOut, ColumnOut, Kind, Table};

use super::{clocks, href, link, signed_in};
use crate::{
    jobs, letters,
    queue::{Bar, Left, Narrow, Queue, Task, day_of},
    rooms, t,
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub field: String,
    pub relation: String,
}
impl Asked {
    /// What cannot be read narrows nothing.
    pub fn narrow(&self) -> Narrow {
        Narrow {
            field: Field::from_code(&self.field),
            relation: self.relation.parse::<RelationId>().ok(),
        }
    }
}

pub(super) struct Row {
    pub left: Markup,
    pub date: String,
    /// The time of day and whose, where it is due at one.
    pub clock: String,
    pub what: Markup,
    pub made_up: Markup,
    pub about: String,
    pub field: String,
    pub bar: Markup,
    pub who: String,
    pub since: Markup,
    pub history: Option<String>,
}
/// How much time is left, large; late and today in red.
fn left(locale: Locale, left: Left) -> Markup {
    let l = t(locale);
    let big = |class: &str, n: i64, word: String| {
        Markup(format!(
            "<span class=\"days{class}\">{n}</span> {}",
            parts::escape(&word)
        ))
    };
    let word = |w: String| Markup(format!("<span class=\"days late\">{}</span>", parts::escape(&w)));
    match left {
        Left::Late(0) => word(fl!(l, "left-over")),
        Left::Late(n) => big(" late", n, fl!(l, "left-late", count = n)),
        Left::Today => word(fl!(l, "left-today")),
        Left::Days(n) => big("", n, fl!(l, "left-days", count = n)),
        Left::Open => Markup::from(fl!(l, "left-open")),
    }
}
/// The same in a sentence, for the bar's label and for files.
pub(crate) fn left_words(locale: Locale, left: Left) -> String {
    let l = t(locale);
    match left {
        Left::Late(0) => fl!(l, "left-over"),
        Left::Late(n) => format!("{n} {}", fl!(l, "left-late", count = n)),
        Left::Today => fl!(l, "left-today"),
        Left::Days(n) => format!("{n} {}", fl!(l, "left-days", count = n)),
        Left::Open => fl!(l, "left-open"),
    }
}
/// From today to the day it is due, all rows on one scale; red once the day is behind us. Today is named above the line,
/// the day below it: the two may stand close.
fn bar(locale: Locale, left: Left, day: Option<Day>) -> Markup {
    let Some(b) = Bar::of(left) else {
        return Markup::default();
    };
    let (class, point, word) = if b.late {
        ("lead-past", "home", "red")
    } else {
        ("lead-safe", "pt-dated", "ink")
    };
    // A word at an edge begins or ends there.
    let anchor = match b.due {
        x if x < 50 => "start",
        x if x > Bar::WIDTH - 50 => "end",
        _ => "middle",
    };
    Markup(format!(
        "<svg class=\"lead-bar\" viewBox=\"0 0 {w} 52\" role=\"img\" aria-label=\"{say}\"><path class=\"lead-base\" d=\"M4 26H{end}\"/><path class=\"{class}\" d=\"M{from} 26H{to}\"/><path class=\"lead-today\" d=\"M{today} 16V36\"/><circle class=\"{point}\" cx=\"{due}\" cy=\"26\" r=\"5\"/><text class=\"lead-txt\" x=\"{today}\" y=\"12\" text-anchor=\"middle\">{now}</text><text class=\"lead-txt {word}\" x=\"{due}\" y=\"50\" text-anchor=\"{anchor}\">{day}</text></svg>",
        w = Bar::WIDTH,
        end = Bar::WIDTH - 4,
        from = b.today.min(b.due),
        to = b.today.max(b.due),
        today = b.today,
        due = b.due,
        say = parts::escape(&left_words(locale, left)),
        now = parts::escape(&fl!(t(locale), "bar-today")),
        day = day
            .map(|d| parts::escape(&fmt::day_short(locale, d)))
            .unwrap_or_default(),
    ))
}
/// The day something is due, and the time of day unless it is the end of that day.
fn due(ctx: &Ctx, due: Moment) -> (String, Option<String>) {
    let day = fmt::day_short(ctx.locale, day_of(due, ctx.zone()));
    let clock = fmt::clock(due, ctx.zone());
    (day, (!matches!(clock.as_str(), "00:00" | "23:59")).then_some(clock))
}
fn due_named(ctx: &Ctx, at: Moment) -> String {
    match due(ctx, at) {
        (day, Some(clock)) => {
            let city = ctx.app.node.city.plain(ctx.locale);
            fl!(t(ctx.locale), "due-named", day = day, clock = clock, city = city)
        }
        (day, None) => day,
    }
}
fn since(ctx: &Ctx, task: &Task) -> Markup {
    let Some(at) = task.since else { return Markup::default() };
    let days = fmt::days_between(at.to_zoned(ctx.zone().clone()).date(), ctx.today());
    let words = if days == 0 {
        fl!(t(ctx.locale), "since-today")
    } else {
        fl!(t(ctx.locale), "since-days", count = days)
    };
    // Two weeks without a step is worth a remark.
    let class = if days > 14 { " class=\"late\"" } else { "" };
    Markup(format!("<span{class}>{}</span>", parts::escape(&words)))
}
fn fields(locale: Locale, task: &Task) -> String {
    let names = task.duty.matter.fields.iter().map(|f| parts::field_name(locale, *f));
    names
        .collect::<Vec<_>>()
        .join(if locale == Locale::Zh { "、" } else { ", " })
}
pub(super) fn row(ctx: &Ctx, task: &Task) -> Row {
    let (l, d) = (ctx.locale, &task.duty);
    let (date, clock) = d.due.map(|m| due(ctx, m)).unwrap_or_default();
    let city = ctx.app.node.city.plain(l);
    Row {
        left: left(l, task.left),
        date,
        clock: clock.map_or_else(String::new, |clock| fl!(t(l), "due-clock", clock = clock, city = city)),
        what: link(ctx, &d.href, &d.what),
        made_up: parts::made_up_if(l, d.illustrative),
        about: d.about.clone(),
        field: fields(l, task),
        bar: if d.mine {
            bar(l, task.left, task.day)
        } else {
            Markup::default()
        },
        who: d.who.clone().unwrap_or_else(|| fl!(t(l), "who-others")),
        since: since(ctx, task),
        history: task.object().map(|(kind, id)| ctx.to(&format!("/history/{kind}/{id}"))),
    }
}
pub(super) struct RelationRow {
    pub pair: Markup,
    pub href: String,
    pub history: String,
    pub programmes: Vec<(String, Markup, Markup)>,
    pub more: usize,
    pub here: String,
    pub there: String,
}

#[derive(Template)]
#[template(path = "desk.html")]
struct Desk {
    t: &'static i18n_embed::fluent::FluentLanguageLoader,
    tally: Vec<(String, String, bool)>,
    clock: String,
    fields: Vec<(String, String, bool)>,
    relation: String,
    action: String,
    exports: Vec<(String, String)>,
    mine: Vec<Row>,
    others: Vec<Row>,
    next: Vec<(String, String)>,
    narrowed: bool,
    all: String,
    partner: bool,
    relations: Vec<RelationRow>,
    tools: Vec<(String, String)>,
}

pub async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    signed_in(&ctx)?;
    // One's own page for who acts for an organisation or for themselves.
    if matches!(ctx.viewer.role(), Role::Delegate | Role::Individual) {
        return Ok(ctx.go("/my-work", None));
    }
    let (l, house) = (t(ctx.locale), ctx.house());
    let narrow = asked.narrow();
    let queue = rooms::queue(house, &ctx.viewer, ctx.locale, narrow).await?;
    let (tally, tools) = counts(&ctx, &queue).await?;
    let partner = ctx.viewer.role() == Role::PartnerOfficer;
    let query = [("field", &asked.field), ("relation", &asked.relation)]
        .iter()
        .filter(|(_, v)| !v.is_empty())
        .map(|(k, v)| format!("{k}={}", parts::encode(v)))
        .collect::<Vec<_>>()
        .join("&");
    let template = Desk {
        t: l,
        tally,
        clock: clocks::line(&ctx, narrow.relation).await?,
        fields: Field::ALL
            .iter()
            .map(|&f| {
                (
                    f.code().to_owned(),
                    parts::field_name(ctx.locale, f),
                    narrow.field == Some(f),
                )
            })
            .collect(),
        relation: narrow.relation.map(|r| r.to_string()).unwrap_or_default(),
        action: ctx.to("/desk"),
        exports: [("csv", fl!(l, "export-csv")), ("xlsx", fl!(l, "export-xlsx"))]
            .into_iter()
            .map(|(ending, words)| {
                let mark = if query.is_empty() { "" } else { "?" };
                (
                    words,
                    format!("{}{mark}{query}", ctx.to(&format!("/desk/queue.{ending}"))),
                )
            })
            .collect(),
        next: next(&ctx, &queue),
        mine: queue.mine.iter().map(|t| row(&ctx, t)).collect(),
        others: queue.others.iter().map(|t| row(&ctx, t)).collect(),
        narrowed: narrow.field.is_some() || narrow.relation.is_some(),
        all: ctx.to("/desk"),
        partner,
        relations: if partner {
            both_sides(&ctx, &queue).await?
        } else {
            Vec::new()
        },
        tools,
    };
    ctx.show(Page::new(fl!(l, "desk-title")).nav(Nav::Desk).unlisted(), &template)
}
/// What the head counts, and the ways to the outbox, the jobs and the journal, for who may.
type Counts = (Vec<(String, String, bool)>, Vec<(String, String)>);
async fn counts(ctx: &Ctx, queue: &Queue) -> Result<Counts, Fail> {
    let (l, n) = (t(ctx.locale), &queue.tally);
    let mut tally = vec![
        (n.today.to_string(), fl!(l, "tally-today"), n.today > 0),
        (n.late.to_string(), fl!(l, "tally-late"), n.late > 0),
        (n.mine.to_string(), fl!(l, "tally-mine"), false),
        (n.others.to_string(), fl!(l, "tally-others"), false),
    ];
    let mut tools = Vec::new();
    if ctx.viewer.role() == Role::PartnerOfficer {
        tools.push((fl!(l, "work-of-ours"), ctx.to("/my-work")));
    }
    let (reads_letters, reads_jobs) = (
        ctx.may("letter.list", &letters::outbox()),
        ctx.may("job.list", &jobs::bench()),
    );
    if reads_letters || reads_jobs {
        let w = store::waiting(&ctx.house().db, ctx.now()).await?;
        if reads_letters {
            tally.push((w.letters_held.to_string(), fl!(l, "tally-letters"), false));
            tools.push((fl!(l, "letters-title"), ctx.to("/desk/letters")));
        }
        if reads_jobs {
            tally.push((w.jobs_dead.to_string(), fl!(l, "tally-jobs"), w.jobs_dead > 0));
            tools.push((fl!(l, "jobs-title"), ctx.to("/desk/jobs")));
        }
    }
    if ctx.may("journal.list", &access::Thing::new("journal", "all")) {
        tools.push((fl!(l, "journal-title"), ctx.to("/journal")));
    }
    Ok((tally, tools))
}
/// What comes next when nothing waits: the nearest thing of others, and where work begins.
pub(super) fn next(ctx: &Ctx, queue: &Queue) -> Vec<(String, String)> {
    let l = t(ctx.locale);
    let mut out = Vec::new();
    if let Some(first) = queue.others.first() {
        let d = &first.duty;
        let words = match d.due {
            Some(m) => fl!(l, "next-others-due", what = d.what.as_str(), when = due_named(ctx, m)),
            None => fl!(l, "next-others", what = d.what.as_str()),
        };
        out.push((words, href(ctx, &d.href)));
    }
    match ctx.viewer.role() {
        Role::OfficeLead | Role::DepartmentOfficer | Role::DistrictOfficer => {
            out.push((fl!(l, "next-gaps"), ctx.to("/plan/gaps")));
            out.push((fl!(l, "next-plan"), ctx.to("/plan")));
        }
        Role::PartnerOfficer => out.push((fl!(l, "next-relations"), ctx.to("/relations"))),
        Role::Delegate | Role::Individual => out.push((fl!(l, "next-calls"), ctx.to("/calls"))),
        _ => out.push((fl!(l, "next-programmes"), ctx.to("/programmes"))),
    }
    out
}
/// A partner officer's relations: the programmes under each, and what waits on either side.
async fn both_sides(ctx: &Ctx, queue: &Queue) -> Result<Vec<RelationRow>, Fail> {
    let Some(government) = ctx.viewer.acting.as_ref().and_then(|m| m.government) else {
        return Ok(Vec::new());
    };
    let (l, q) = (t(ctx.locale), &ctx.house().db);
    let mut cards = relations::all_cards_for(q, &ctx.viewer).await?;
    cards.retain(|c| c.partner.id == government);
    let mut out = Vec::new();
    for c in cards.into_iter().take(6) {
        let filter = planning::Filter {
            relation: Some(c.id),
            limit: Some(12),
            ..Default::default()
        };
        let items = planning::list(q, &filter).await?;
        let count = |of: &[Task]| of.iter().filter(|t| t.relation() == Some(c.id)).count();
        out.push(RelationRow {
            pair: parts::pair(ctx.locale, &c.own.name, &c.partner.name),
            href: ctx.to(&format!("/relations/{}", c.id)),
            history: ctx.to(&format!("/history/relation/{}", c.id)),
            more: usize::from(items.next.is_some()),
            programmes: items
                .items
                .iter()
                .map(|i| {
                    let state = parts::status(state_fill(i.status), &planning::status_name(ctx.locale, i.status));
                    let title = Markup(format!(
                        "{}{}",
                        parts::text(ctx.locale, &i.title),
                        parts::made_up_if(ctx.locale, i.illustrative)
                    ));
                    (ctx.to(&format!("/programmes/{}", i.id)), title, state)
                })
                .collect(),
            here: fl!(l, "side-yours", count = count(&queue.mine)),
            there: fl!(l, "side-theirs", count = count(&queue.others)),
        });
    }
    Ok(out)
}
fn state_fill(status: planning::PlanStatus) -> basis::Fill {
    use planning::PlanStatus as S;
    match status {
        S::Planned => basis::Fill::Empty,
        S::InProgress | S::NearlyDone => basis::Fill::Half,
        S::Done => basis::Fill::Full,
        S::CarriedOver | S::Dropped => basis::Fill::Dotted,
    }
}

/// /desk/queue.csv and .xlsx: the same queue as a table that Excel reads.
pub async fn export(ctx: Ctx, Query(asked): Query<Asked>, ending: Ending) -> Result<Response, Problem> {
    signed_in(&ctx)?;
    let queue = rooms::queue(ctx.house(), &ctx.viewer, ctx.locale, asked.narrow()).await?;
    download::table(&format!("queue-{}", ctx.today()), ending, &table(&ctx, &queue))
}
fn table(ctx: &Ctx, queue: &Queue) -> Table {
    let l = t(ctx.locale);
    let column = |key, label, kind| ColumnOut { key, label, kind };
    let text = |s: String| if s.is_empty() { CellOut::Blank } else { CellOut::Text(s) };
    let rows = queue.mine.iter().chain(&queue.others).map(|task| {
        let d = &task.duty;
        vec![
            task.day.map_or(CellOut::Blank, CellOut::Date),
            CellOut::Text(left_words(ctx.locale, task.left)),
            CellOut::Text(d.what.clone()),
            text(d.about.clone()),
            text(fields(ctx.locale, task)),
            CellOut::Text(if d.mine {
                fl!(l, "who-you")
            } else {
                d.who.clone().unwrap_or_else(|| fl!(l, "who-others"))
            }),
            task.since
                .map_or(CellOut::Blank, |m| CellOut::Date(m.to_zoned(ctx.zone().clone()).date())),
            CellOut::Text(format!("{}{}", ctx.app.node.public_url, href(ctx, &d.href))),
            text(if d.illustrative { fl!(l, "yes") } else { String::new() }),
        ]
    });
    Table {
        title: fl!(l, "desk-title"),
        columns: vec![
            column("due", fl!(l, "column-due"), Kind::Date),
            column("left", fl!(l, "column-left"), Kind::Text),
            column("what", fl!(l, "column-what"), Kind::Text),
            column("about", fl!(l, "column-about"), Kind::Text),
            column("field", fl!(l, "column-field"), Kind::Text),
            column("who", fl!(l, "column-who"), Kind::Text),
            column("since", fl!(l, "column-since"), Kind::Date),
            column("address", fl!(l, "column-address"), Kind::Text),
            column("illustrative", fl!(l, "column-made-up"), Kind::Text),
        ],
        rows: rows.collect(),
        made: ctx.today(),
    }
}
