//! One undertaking: where it stands, what is next for the reader, milestones, rounds, money.

use ::pages::{Ctx, Markup, Nav, Page, Problem, fmt, parts};
use askama::Template;
use axum::{extract::Path, response::Response};
use basis::{Fill, Locale};
use i18n_embed_fl::fl;

use super::words;
use crate::{
    Amendment, AmendmentStatus, DeliverableCard, FileCard, InstalmentStatus, MilestoneCard, MilestoneStatus, MoneyCard,
    OpenStep, Status, UndertakingCard, alarm,
    duties::{said, whose},
    neighbours::Names,
    open_steps, sight, t,
};

struct MilestoneRow {
    title: Markup,
    due: String,
    lead: Markup,
    state: Markup,
    accepted: String,
}
struct Round {
    anchor: String,
    milestone: Markup,
    round: String,
    text: Markup,
    files: Markup,
    state: Markup,
    handed: String,
    judged: String,
    reason: String,
    href: Option<(String, String)>,
}
struct MoneyRow {
    what: Markup,
    amount: String,
    state: Markup,
    who: String,
    href: Option<(String, String)>,
}
struct MoneyPart {
    caption: String,
    lines: Vec<(Markup, String)>,
    total: String,
    paid: String,
    promised: String,
    left: Option<String>,
    rows: Vec<MoneyRow>,
}
struct ChangeRow {
    what: String,
    reason: String,
    state: Markup,
    href: Option<(String, String)>,
}
struct Labels {
    milestones: String,
    deliverables: String,
    money: String,
    changes: String,
    what: String,
    due: String,
    state: String,
    amount: String,
    line: String,
    total: String,
    paid: String,
    promised: String,
    left: String,
    who: String,
    reason: String,
    none_yet: String,
    money_closed: String,
}
#[derive(Template)]
#[template(path = "undertaking.html")]
struct Shown {
    title: Markup,
    made_up: Markup,
    lead: String,
    next: Markup,
    facts: Vec<(String, Markup)>,
    river: Markup,
    labels: Labels,
    milestones: Vec<MilestoneRow>,
    rounds: Vec<Round>,
    money: Option<MoneyPart>,
    inside: bool,
    changes: Vec<ChangeRow>,
    tools: Vec<(String, String)>,
    steps: Markup,
    publish: Markup,
}

/// Everything the page is made of, read once.
struct View {
    u: UndertakingCard,
    milestones: Vec<MilestoneCard>,
    rounds: Vec<DeliverableCard>,
    files: Vec<FileCard>,
    money: Option<MoneyCard>,
    changes: Vec<Amendment>,
    names: Names,
    programme: Option<planning::PlanItemCard>,
}
async fn load(ctx: &Ctx, raw: &str) -> Result<View, Problem> {
    let db = &ctx.house().db;
    let u = super::card(ctx, super::id(raw)?).await?;
    let one = std::slice::from_ref(&u);
    let milestones = crate::milestones(db, one).await?;
    let rounds = crate::deliverables(db, &milestones).await?;
    let files = crate::files(db, &rounds).await?;
    let money = crate::money(db, one).await?.pop();
    let changes = crate::amendments(db, one).await?;
    let mut people: Vec<_> = u.account.into_iter().chain(u.responsible).collect();
    people.extend(rounds.iter().flat_map(|d| [d.handed_by, d.verdict_by]).flatten());
    let sums = money.iter().flat_map(|m| &m.instalments);
    people.extend(sums.flat_map(|i| [i.requested_by, i.approved_by, i.paid_by]).flatten());
    let names = Names::of(db, u.body.into_iter().chain([u.guiding]).collect(), people).await?;
    let programme = planning::item(db, u.plan_item).await?;
    Ok(View {
        u,
        milestones,
        rounds,
        files,
        money,
        changes,
        names,
        programme,
    })
}

pub async fn page(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let v = load(&ctx, &raw).await?;
    let l = ctx.locale;
    let t = t(l);
    let executor = v.names.executor(l, v.u.body, v.u.account);
    let guiding = v.names.body(v.u.guiding).map_or("", |n| n.plain(l)).to_owned();
    let title = v.u.title.plain(l).to_owned();
    let mut page = Page::new(title.clone()).nav(Nav::Programmes).about(fl!(
        t,
        "undertaking-about",
        executor = executor.as_str(),
        guiding = guiding.as_str()
    ));
    if let Some(p) = &v.programme {
        page = page.crumb(p.title.plain(l), format!("/programmes/{}", p.id));
    }
    let (next, steps) = next_of(&ctx, &v, &executor, &guiding);
    let template = Shown {
        title: parts::name(l, &v.u.title),
        made_up: parts::made_up_if(l, v.u.illustrative),
        lead: fl!(
            t,
            "undertaking-lead",
            executor = executor.as_str(),
            guiding = guiding.as_str()
        ),
        next,
        facts: facts(&ctx, &v, &executor, &guiding),
        river: river(&ctx, &v),
        labels: labels(l),
        milestones: v.milestones.iter().map(|m| milestone_row(&ctx, m)).collect(),
        rounds: rounds(&ctx, &v),
        money: v.money.as_ref().map(|m| money_part(&ctx, &v, m)),
        inside: v.u.inside,
        changes: v.changes.iter().map(|a| change_row(&ctx, &v, a)).collect(),
        tools: tools(&ctx, &v),
        steps,
        publish: publish(&ctx, &v),
    };
    ctx.show(page, &template)
}

fn labels(l: Locale) -> Labels {
    let t = t(l);
    Labels {
        milestones: fl!(t, "part-milestones"),
        deliverables: fl!(t, "part-deliverables"),
        money: fl!(t, "part-money"),
        changes: fl!(t, "part-changes"),
        what: fl!(t, "col-what"),
        due: fl!(t, "col-due"),
        state: fl!(t, "col-state"),
        amount: fl!(t, "col-amount"),
        line: fl!(t, "col-line"),
        total: fl!(t, "sum-total"),
        paid: fl!(t, "sum-paid"),
        promised: fl!(t, "sum-promised"),
        left: fl!(t, "sum-left"),
        who: fl!(t, "col-who"),
        reason: fl!(t, "col-reason"),
        none_yet: fl!(t, "nothing-accepted-yet"),
        money_closed: fl!(t, "money-not-public"),
    }
}
fn facts(ctx: &Ctx, v: &View, executor: &str, guiding: &str) -> Vec<(String, Markup)> {
    let l = ctx.locale;
    let t = t(l);
    let u = &v.u;
    let plain = |s: &str| Markup::from(s.to_owned());
    let mut out = Vec::new();
    if let Some(p) = &v.programme {
        let link = format!(
            "<a href=\"{}\">{}</a>",
            ctx.to(&format!("/programmes/{}", p.id)),
            parts::escape(p.title.plain(l))
        );
        out.push((fl!(t, "fact-programme"), Markup(link)));
    }
    let executor = match u.body {
        Some(b) => Markup(format!(
            "<a href=\"{}\">{}</a>",
            ctx.to(&format!("/organisations/{b}")),
            parts::escape(executor)
        )),
        None => plain(executor),
    };
    out.push((fl!(t, "fact-executor"), executor));
    out.push((fl!(t, "fact-mode"), plain(&words::mode(l, u.mode))));
    out.push((fl!(t, "fact-why"), parts::text(l, &u.reason)));
    out.push((fl!(t, "fact-guiding"), plain(guiding)));
    if let Some(person) = u.responsible {
        out.push((fl!(t, "fact-responsible"), plain(v.names.person(person))));
    }
    let span = fl!(
        t,
        "fact-span-value",
        starts = words::day(ctx, u.starts),
        ends = words::day(ctx, u.ends)
    );
    out.push((fl!(t, "fact-span"), plain(&span)));
    out.push((fl!(t, "fact-status"), words::status(l, u.status)));
    if let Some(why) = &u.end_reason {
        out.push((fl!(t, "fact-stopped"), plain(why)));
    }
    out
}
fn river(ctx: &Ctx, v: &View) -> Markup {
    let t = t(ctx.locale);
    let zone = ctx.zone();
    let on = |m: Option<basis::Moment>| {
        m.map(|m| words::day(ctx, m.to_zoned(zone.clone()).date()))
            .unwrap_or_default()
    };
    let accepted = v
        .milestones
        .iter()
        .filter(|m| m.status == MilestoneStatus::Accepted)
        .count();
    let all = v.milestones.len();
    let fill = |done: bool, begun: bool| match (done, begun) {
        (true, _) => Fill::Full,
        (false, true) => Fill::Now,
        (false, false) => Fill::Empty,
    };
    let started = v.u.started_at.is_some();
    let sums = v.money.as_ref().map(|m| (m.paid(), m.promised()));
    let money_done = sums.is_some_and(|(paid, promised)| promised.minor > 0 && paid == promised);
    let money_begun = sums.is_some_and(|(paid, _)| paid.minor > 0);
    let over = matches!(v.u.status, Status::Settled);
    let stage = |label: String, href: &str, note: String, fill: Fill| parts::Stage {
        label,
        href: href.into(),
        note,
        fill,
    };
    let stages = [
        stage(fl!(t, "stage-terms"), "#terms", on(Some(v.u.agreed_at)), Fill::Full),
        stage(fl!(t, "stage-start"), "#terms", on(v.u.started_at), fill(started, true)),
        stage(
            fl!(t, "part-milestones"),
            "#milestones",
            fl!(t, "n-of-m", n = accepted, m = all),
            fill(accepted == all && all > 0, started),
        ),
        stage(
            fl!(t, "part-money"),
            "#money",
            String::new(),
            if money_done {
                Fill::Full
            } else if money_begun {
                Fill::Half
            } else {
                Fill::Empty
            },
        ),
        stage(
            fl!(t, "stage-settled"),
            "#terms",
            on(v.u.ended_at.filter(|_| over)),
            fill(over, v.u.status == Status::Accepted),
        ),
    ];
    parts::river(&fl!(t, "river-label"), &stages)
}
/// The one next thing for this reader as the one ink button; what is others' turn, in words.
fn next_of(ctx: &Ctx, v: &View, executor: &str, guiding: &str) -> (Markup, Markup) {
    let l = ctx.locale;
    let t = t(l);
    let instalments = v.money.as_ref().map_or(&[][..], |m| &m.instalments);
    // Without standing inside nobody's turn is shown: rounds and requests are the two sides' matter.
    if !v.u.inside {
        return (Markup::default(), Markup::default());
    }
    let mut mine: Option<Markup> = None;
    let mut others = String::new();
    for (step, due) in open_steps(&v.u, &v.milestones, &v.rounds, instalments, &v.changes) {
        let words = said(l, step, &v.milestones, instalments);
        if mine.is_none() && may(ctx, v, step) {
            // The button says what is next; beside it stands only until when.
            let when = due
                .map(|d| fl!(t, "next-until", day = words::day(ctx, d)))
                .map(|said| format!("<p>{}</p>", parts::escape(&said)))
                .unwrap_or_default();
            mine = Some(Markup(format!(
                "<div class=\"remark now\">{when}{}</div>",
                button(ctx, v, step, &words)
            )));
        } else if may(ctx, v, step) {
            let href = ctx.to(&step.path(v.u.id));
            others.push_str(&format!("<li><a href=\"{href}\">{}</a></li>", parts::escape(&words)));
        } else {
            let who = whose(l, step.turn(), executor, guiding);
            others.push_str(&format!(
                "<li>{}</li>",
                parts::escape(&fl!(t, "waits-on", what = words, who = who))
            ));
        }
    }
    let list = if others.is_empty() {
        String::new()
    } else {
        format!("<ul class=\"plain-list small\">{others}</ul>")
    };
    (mine.unwrap_or_default(), Markup(list))
}
fn may(ctx: &Ctx, v: &View, step: OpenStep) -> bool {
    let mut thing = v.u.thing(&ctx.viewer);
    if let OpenStep::Approve(id) | OpenStep::Pay(id) = step {
        let i = v.money.iter().flat_map(|m| &m.instalments).find(|i| i.id == id);
        thing.earlier_people = i
            .into_iter()
            .flat_map(|i| [i.requested_by, i.approved_by])
            .flatten()
            .collect();
    }
    if let OpenStep::Decide(_, by) = step
        && by == sight::side_of_card(&ctx.viewer, &v.u)
    {
        return false;
    }
    ctx.may(step.action(), &thing)
}
fn button(ctx: &Ctx, v: &View, step: OpenStep, words: &str) -> String {
    let id = v.u.id;
    match step {
        OpenStep::TakeOn => parts::step(ctx, &format!("/undertakings/{id}/start"), words, false).0,
        OpenStep::Settle => parts::step(ctx, &format!("/undertakings/{id}/settlement"), words, false).0,
        _ => format!(
            "<p><a class=\"button\" href=\"{}\">{}</a></p>",
            ctx.to(&step.path(id)),
            parts::escape(words)
        ),
    }
}
fn milestone_row(ctx: &Ctx, m: &MilestoneCard) -> MilestoneRow {
    let l = ctx.locale;
    MilestoneRow {
        title: parts::text(l, &m.title),
        due: words::day(ctx, m.due),
        lead: if m.inside {
            words::lead_time(l, alarm(m.status, m.due, ctx.today()))
        } else {
            Markup::default()
        },
        state: words::milestone(l, m.status),
        accepted: m.accepted_on.map(|d| words::day(ctx, d)).unwrap_or_default(),
    }
}
fn rounds(ctx: &Ctx, v: &View) -> Vec<Round> {
    let l = ctx.locale;
    let t = t(l);
    let zone = ctx.zone();
    let mut out = Vec::new();
    for m in &v.milestones {
        for d in v.rounds.iter().filter(|d| d.milestone == m.id) {
            let by = d.handed_by.map(|p| v.names.person(p).to_owned()).unwrap_or_default();
            let judge = d.verdict_by.map(|p| v.names.person(p).to_owned()).unwrap_or_default();
            let at = |m: basis::Moment| fmt::moment(l, m, zone);
            out.push(Round {
                anchor: format!("d-{}", d.id),
                milestone: parts::text(l, &m.title),
                round: fl!(t, "round-n", n = d.round),
                text: parts::prose(l, &d.text),
                files: words::files(ctx, &v.files, d),
                state: words::verdict(l, d.verdict),
                handed: fl!(
                    t,
                    "handed-in-at",
                    at = at(d.handed_at),
                    by = by.as_str(),
                    known = known(&by)
                ),
                judged: d
                    .verdict_at
                    .map(|m| fl!(t, "judged-at", at = at(m), by = judge.as_str(), known = known(&judge)))
                    .unwrap_or_default(),
                reason: d.verdict_reason.clone().unwrap_or_default(),
                href: v
                    .u
                    .inside
                    .then(|| (ctx.to(&format!("/deliverables/{}", d.id)), fl!(t, "open-round"))),
            });
        }
    }
    out
}
/// Fluent chooses by words, not by emptiness.
pub(super) fn known(name: &str) -> &'static str {
    if name.is_empty() { "no" } else { "yes" }
}
fn money_part(ctx: &Ctx, v: &View, m: &MoneyCard) -> MoneyPart {
    let l = ctx.locale;
    let t = t(l);
    let money = |m| fmt::money(l, m);
    let person = |p: Option<basis::AccountId>| p.map(|p| v.names.person(p).to_owned());
    let row = |i: &crate::InstalmentCard| {
        let what = match i.milestone.and_then(|id| v.milestones.iter().find(|m| m.id == id)) {
            Some(m) => parts::text(l, &m.title),
            None => Markup::from(fl!(t, "instalment-advance")),
        };
        let steps = [
            ("who-requested", person(i.requested_by)),
            ("who-approved", person(i.approved_by)),
            ("who-paid", person(i.paid_by)),
            ("who-reconciled", person(i.reconciled_by)),
        ];
        let said: Vec<String> = steps
            .into_iter()
            .filter_map(|(key, p)| {
                p.filter(|p| !p.is_empty())
                    .map(|p| format!("{} {p}", words::word(l, key)))
            })
            .collect();
        let who = if l == Locale::Zh {
            said.join("；")
        } else {
            said.join("; ")
        };
        let open = !matches!(i.status, InstalmentStatus::Reconciled | InstalmentStatus::Refused);
        let href = (v.u.inside && open).then(|| (ctx.to(&format!("/instalments/{}", i.id)), fl!(t, "open-instalment")));
        MoneyRow {
            what,
            amount: money(i.amount),
            state: words::instalment(l, i.status),
            who,
            href,
        }
    };
    MoneyPart {
        caption: fl!(t, "money-caption", currency = v.u.currency.to_string()),
        lines: m
            .lines
            .iter()
            .map(|x| (parts::text(l, &x.title), money(x.amount)))
            .collect(),
        total: money(m.budget),
        paid: money(m.paid()),
        promised: money(m.promised()),
        left: v.u.left.map(money),
        rows: m.instalments.iter().map(row).collect(),
    }
}
pub(super) fn change_words(ctx: &Ctx, u: &UndertakingCard, milestones: &[MilestoneCard], a: &Amendment) -> String {
    let l = ctx.locale;
    let t = t(l);
    let mut said = Vec::new();
    if let Some(ends) = a.change.ends {
        said.push(fl!(t, "change-ends", day = words::day(ctx, ends)));
    }
    if let Some((id, due)) = a.change.due {
        let title = milestones.iter().find(|m| m.id == id).map_or("", |m| m.title.plain(l));
        said.push(fl!(t, "change-due", milestone = title, day = words::day(ctx, due)));
    }
    if let Some(minor) = a.change.budget {
        said.push(fl!(
            t,
            "change-budget",
            sum = fmt::money(l, basis::Money::new(minor, u.currency))
        ));
    }
    if l == Locale::Zh {
        said.join("；")
    } else {
        said.join("; ")
    }
}
fn change_row(ctx: &Ctx, v: &View, a: &Amendment) -> ChangeRow {
    let t = t(ctx.locale);
    let open = a.status == AmendmentStatus::Proposed;
    ChangeRow {
        what: change_words(ctx, &v.u, &v.milestones, a),
        reason: a.reason.clone(),
        state: words::amendment(ctx.locale, a.status),
        href: open.then(|| (ctx.to(&format!("/amendments/{}", a.id)), fl!(t, "open-amendment"))),
    }
}
fn tools(ctx: &Ctx, v: &View) -> Vec<(String, String)> {
    let t = t(ctx.locale);
    let thing = v.u.thing(&ctx.viewer);
    let at = |tail: &str| ctx.to(&format!("/undertakings/{}{tail}", v.u.id));
    let runs = matches!(v.u.status, Status::Running | Status::Delivered | Status::Accepted);
    let over = matches!(v.u.status, Status::Settled | Status::Stopped);
    let mut out = Vec::new();
    if runs && ctx.may("instalment.request", &thing) {
        out.push((at("/instalments"), fl!(t, "tool-request")));
    }
    if runs && ctx.may("amendment.propose", &thing) {
        out.push((at("/amendments"), fl!(t, "tool-amend")));
    }
    if !over && ctx.may("undertaking.stop", &thing) {
        out.push((at("/stop"), fl!(t, "tool-stop")));
    }
    if v.u.inside {
        out.push((at("/history"), fl!(t, "tool-history")));
    }
    out
}
/// A button to make the sums public, for who may; once they are, since when.
fn publish(ctx: &Ctx, v: &View) -> Markup {
    let t = t(ctx.locale);
    if let Some(at) = v.u.money_public {
        let day = words::day(ctx, at.to_zoned(ctx.zone().clone()).date());
        let said = parts::escape(&fl!(t, "money-public-since", day = day));
        return Markup(format!("<p class=\"quiet small\">{said}</p>"));
    }
    if !ctx.may("undertaking.publish-money", &v.u.thing(&ctx.viewer)) {
        return Markup::default();
    }
    parts::step(
        ctx,
        &format!("/undertakings/{}/publication", v.u.id),
        &fl!(t, "button-publish-money"),
        true,
    )
}
