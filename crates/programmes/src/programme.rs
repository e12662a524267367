//! The programme page: eight stages, from the gap to what outsiders found.

use std::fmt::Write;

use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use basis::{Code, Confidence, Fill, Id, MilestoneId, PlanItemId, Refusal, Text};
use calls::{Mode, OfferStatus, Phase};
use evaluation::FindingState;
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;
use pages::{Ctx, Form, Markup, Nav, Page, Posted, Problem, Repeat, fmt, parts};
use serde::Deserialize;
use undertakings::{InstalmentStatus, MilestoneStatus};

use crate::{
    fact::{self, FactInput, Stage},
    gather,
    rows::{kind_name, plan_state, short},
    story::*,
    t,
};

struct Need {
    when: String,
    aim: Markup,
    gap: Markup,
    policy: String,
    supports: Option<String>,
}
struct CallView {
    href: String,
    title: Markup,
    status: Markup,
    brief: Markup,
    made_up: Markup,
    illustrative: bool,
    facts: Vec<(String, String)>,
    needs: Vec<(Markup, String, String)>,
}
/// The offers of one call.
struct Offers {
    /// The call's title, where there are several.
    call: Option<String>,
    say: String,
    rows: Vec<OfferView>,
}
struct OfferView {
    from: Markup,
    what: Markup,
    state: Markup,
    score: String,
}
struct AwardView {
    seal: Markup,
    say: String,
    reason: Markup,
    by: String,
    illustrative: bool,
}
struct MilestoneView {
    what: Markup,
    sources: Markup,
    due: String,
    state: Markup,
}
struct DeliverableView {
    what: Markup,
    text: Markup,
    when: String,
    illustrative: bool,
}
struct MoneyView {
    caption: String,
    rows: Vec<(String, String, Markup)>,
    paid: String,
    of: String,
    illustrative: bool,
}
struct AimView {
    aim: Markup,
    set: Markup,
    found: Markup,
    state: Markup,
}
#[derive(Template)]
#[template(path = "programme.html")]
struct ProgrammePage {
    t: &'static FluentLanguageLoader,
    title: Markup,
    other_title: Option<(String, String)>,
    lead: Markup,
    span: Markup,
    holds_illustrative: bool,
    made_up: Markup,
    next: Option<String>,
    facts: Vec<(String, Markup)>,
    river: Markup,
    need: Need,
    /// Every call, the first one first: a call that came to nothing is part of the story.
    calls: Vec<CallView>,
    offers: Vec<Offers>,
    awards: Vec<AwardView>,
    milestones: Vec<MilestoneView>,
    figures: Vec<(String, Markup)>,
    deliverables: Vec<DeliverableView>,
    money: Vec<MoneyView>,
    aims: Vec<AimView>,
    evaluations: Vec<Markup>,
    told: Vec<Vec<Markup>>,
    sources: parts::Sources,
    sources_list: Markup,
    to_history: String,
    inside: Vec<(String, String)>,
}

/// A word from an earlier room's sentences, by a key made of a prefix and a code.
fn word(texts: &pages::Texts, ctx: &Ctx, prefix: &str, code: &str) -> String {
    texts
        .find(ctx.locale, &format!("{prefix}-{code}"), Default::default())
        .unwrap_or_else(|| code.to_owned())
}

struct View<'a> {
    ctx: &'a Ctx,
    s: &'a Story,
    sources: parts::Sources,
}
impl View<'_> {
    fn l(&self) -> basis::Locale {
        self.ctx.locale
    }
    fn t(&self) -> &'static FluentLanguageLoader {
        t(self.ctx.locale)
    }
    fn who(&self, to: &Option<Named<basis::BodyId>>) -> String {
        to.as_ref().map_or_else(
            || fl!(self.t(), "offer-anonymous"),
            |b| b.name.plain(self.l()).to_owned(),
        )
    }
    /// Sourced sentences of a stage, those about one of its rows excepted.
    fn told(&mut self, stage: Stage) -> Vec<Markup> {
        let l = self.l();
        let facts: Vec<FactPart> = self
            .s
            .facts
            .iter()
            .filter(|f| f.stage == stage && f.about.is_none() && f.figure.is_none())
            .cloned()
            .collect();
        facts
            .iter()
            .map(|f| Markup(format!("{}{}", parts::text(l, &f.say), self.sources.cite(l, &f.source))))
            .collect()
    }
    fn figures(&mut self) -> Vec<(String, Markup)> {
        let l = self.l();
        let facts: Vec<FactPart> = self.s.facts.iter().filter(|f| f.figure.is_some()).cloned().collect();
        facts
            .iter()
            .map(|f| {
                (
                    f.figure.clone().unwrap_or_default(),
                    Markup(format!(
                        "{} {}",
                        parts::text(l, &f.say),
                        self.sources.cite(l, &f.source)
                    )),
                )
            })
            .collect()
    }
    fn about(&mut self, id: MilestoneId) -> Markup {
        let l = self.l();
        let id = id.to_string();
        let facts: Vec<FactPart> = self
            .s
            .facts
            .iter()
            .filter(|f| f.about.as_deref() == Some(&id) && f.figure.is_none())
            .cloned()
            .collect();
        Markup(facts.iter().map(|f| self.sources.cite(l, &f.source).0).collect())
    }
    fn span(&mut self) -> Markup {
        let l = self.l();
        let s = self.s;
        // The two who work together, where both are known; else the two governments.
        let ends = s.relation.as_ref().map(|r| (r.own.clone(), r.partner.clone()));
        let say = match &s.relation {
            Some(r) => match &r.signed {
                Some(d) => fl!(
                    self.t(),
                    "span-since",
                    kind = kind_name(l, r.kind),
                    date = fmt::known_date(l, d)
                ),
                None => kind_name(l, r.kind),
            },
            None => fl!(self.t(), "span-district"),
        };
        match (ends, &s.district) {
            (Some((own, partner)), _) => parts::span(l, &own, &partner, &say),
            (None, Some(d)) => {
                let open = Text::both("（待结对）", "(partner sought)");
                parts::span(l, &d.name, &open, &say)
            }
            (None, None) => Markup::default(),
        }
    }
    fn head_facts(&mut self) -> Vec<(String, Markup)> {
        let (l, t, s) = (self.l(), self.t(), self.s);
        let mut out = vec![(fl!(t, "fact-field"), Markup::from(parts::field_name(l, s.field)))];
        if let Some(r) = &s.relation {
            let href = self.ctx.to(&format!("/relations/{}", r.id));
            let source = self.sources.cite(l, &r.source);
            out.push((
                fl!(t, "fact-relation"),
                Markup(format!(
                    "<a href=\"{href}\">{}</a>{source}",
                    parts::pair(l, &r.own, &r.partner)
                )),
            ));
        }
        if let Some(d) = &s.district {
            out.push((fl!(t, "fact-district"), parts::name(l, &d.name)));
        }
        if let Some(g) = &s.guiding {
            out.push((
                fl!(t, "fact-guiding"),
                Markup(format!(
                    "{}{}",
                    parts::text(l, &g.name),
                    parts::made_up_if(l, g.illustrative)
                )),
            ));
        }
        out.push((fl!(t, "fact-state"), plan_state(l, s.status)));
        out
    }
    fn river(&self) -> Markup {
        let t = self.t();
        let names = [
            fl!(t, "stage-need"),
            fl!(t, "stage-call"),
            fl!(t, "stage-offers"),
            fl!(t, "stage-award"),
            fl!(t, "stage-milestones"),
            fl!(t, "stage-deliverables"),
            fl!(t, "stage-money"),
            fl!(t, "stage-evaluation"),
        ];
        let fills = stages(self.s, self.ctx.now());
        let list: Vec<parts::Stage> = names
            .into_iter()
            .zip(fills)
            .zip(Stage::ALL)
            .map(|((label, fill), stage)| parts::Stage {
                label,
                href: format!("#{}", stage.code()),
                note: match fill {
                    Fill::Full => fl!(t, "stage-done"),
                    Fill::Now | Fill::Half => fl!(t, "stage-now"),
                    Fill::Empty | Fill::Dotted => fl!(t, "stage-open"),
                },
                fill,
            })
            .collect();
        parts::river(&fl!(t, "stages"), &list)
    }
    fn need(&self) -> Need {
        let (l, t, s) = (self.l(), self.t(), self.s);
        let field = parts::field_name(l, s.field);
        let gap = match (&s.relation, &s.district) {
            (Some(r), _) => fl!(
                t,
                "gap-relation",
                partner = r.partner.plain(l),
                field = field.as_str(),
                year = s.year.to_string()
            ),
            (None, Some(d)) => fl!(
                t,
                "gap-district",
                district = d.name.plain(l),
                field = field.as_str(),
                year = s.year.to_string()
            ),
            (None, None) => String::new(),
        };
        let made_up = parts::made_up_if(l, s.illustrative);
        let supports = s.supports.plain(l);
        Need {
            when: s.year.to_string(),
            aim: Markup(format!("{}{made_up}", parts::text(l, &s.aim))),
            gap: Markup(format!("{}{made_up}", parts::escape(&gap))),
            policy: fl!(
                t,
                "policy-cited",
                code = s.policy_code.as_str(),
                title = s.policy_title.plain(l)
            ),
            supports: (!supports.is_empty()).then(|| fl!(t, "supports", what = supports)),
        }
    }
    /// A moment by the home city's clock.
    fn clock(&self, m: basis::Moment) -> String {
        let l = self.l();
        fl!(
            self.t(),
            "two-clocks",
            here = fmt::moment(l, m, self.ctx.zone()),
            city = self.ctx.app.node.city.plain(l)
        )
    }
    fn calls(&self) -> Vec<CallView> {
        self.s.calls.iter().map(|c| self.call(c)).collect()
    }
    fn call(&self, c: &CallPart) -> CallView {
        let (l, t) = (self.l(), self.t());
        let phase = c.phase(self.ctx.now());
        let mut facts = vec![
            (fl!(t, "fact-opens"), self.clock(c.opens_at)),
            (fl!(t, "fact-closes"), self.clock(c.closes_at)),
        ];
        if !c.criteria.is_empty() {
            let list: Vec<String> = c.criteria.iter().map(|(n, w)| format!("{} {w}%", n.plain(l))).collect();
            facts.push((
                fl!(t, "fact-criteria"),
                list.join(if l == basis::Locale::Zh { "，" } else { ", " }),
            ));
        }
        if let Some(m) = c.ceiling {
            facts.push((fl!(t, "fact-ceiling"), fmt::money(l, m)));
        }
        CallView {
            href: self.ctx.to(&format!("/calls/{}", c.id)),
            title: parts::text(l, &c.title),
            status: parts::status(
                if phase == Phase::Open { Fill::Half } else { phase.fill() },
                &word(&calls::TEXTS, self.ctx, "phase", phase.code()),
            ),
            brief: parts::prose(l, &c.brief),
            made_up: parts::made_up_if(l, c.illustrative),
            illustrative: c.illustrative,
            facts,
            needs: c
                .needs
                .iter()
                .map(|n| {
                    (
                        parts::text(l, &n.title),
                        word(&calls::TEXTS, self.ctx, "channel", n.channel.code()),
                        {
                            let (min, max, unit) = (fmt::number(n.min), fmt::number(n.max), n.unit.plain(l));
                            if n.min == n.max {
                                fl!(t, "wanted-units-exact", max = max, unit = unit)
                            } else {
                                fl!(t, "wanted-units", min = min, max = max, unit = unit)
                            }
                        },
                    )
                })
                .collect(),
        }
    }
    fn offers(&self) -> Vec<Offers> {
        let several = self.s.calls.len() > 1;
        let of = |c: &CallPart| {
            let (rows, say) = self.offers_on(c);
            Offers {
                call: several.then(|| c.title.plain(self.l()).to_owned()),
                say,
                rows,
            }
        };
        self.s.calls.iter().map(of).collect()
    }
    fn offers_on(&self, c: &CallPart) -> (Vec<OfferView>, String) {
        let (l, t) = (self.l(), self.t());
        if c.status == calls::CallStatus::Cancelled {
            return (Vec::new(), fl!(t, "offers-none"));
        }
        if c.mode == Mode::Assignment {
            return (Vec::new(), fl!(t, "offers-assigned"));
        }
        if c.opened_at.is_none() {
            return (Vec::new(), fl!(t, "offers-sealed", when = self.clock(c.closes_at)));
        }
        let rows: Vec<OfferView> = c
            .offers
            .iter()
            .map(|o| {
                let fill = match o.status {
                    OfferStatus::Awarded => Fill::Full,
                    OfferStatus::Declined | OfferStatus::Withdrawn => Fill::Dotted,
                    _ => Fill::Half,
                };
                OfferView {
                    from: match &o.from {
                        Some(b) => Markup(format!(
                            "{}{}",
                            parts::text(l, &b.name),
                            parts::made_up_if(l, o.illustrative)
                        )),
                        None => Markup(format!(
                            "{}{}",
                            parts::escape(&fl!(t, "offer-anonymous")),
                            parts::made_up_if(l, o.illustrative)
                        )),
                    },
                    what: Markup::from(short(o.summary.plain(l), 160)),
                    state: parts::status(fill, &word(&calls::TEXTS, self.ctx, "offer", o.status.code())),
                    score: o
                        .mean
                        .map_or_else(|| "–".to_owned(), |m| format!("{}.{}", m / 10, m % 10)),
                }
            })
            .collect();
        let say = if rows.is_empty() {
            fl!(t, "offers-none")
        } else {
            fl!(t, "offers-opened", count = rows.len())
        };
        (rows, say)
    }
    fn awards(&self) -> Vec<AwardView> {
        let (l, t) = (self.l(), self.t());
        self.s
            .awards
            .iter()
            .map(|a| {
                let who = self.who(&a.to);
                AwardView {
                    seal: parts::seal(l),
                    say: match a.mode {
                        Mode::Outsourcing => fl!(t, "award-outsourced", who = who),
                        Mode::Assignment => fl!(t, "award-assigned", who = who),
                    },
                    reason: parts::text(l, &a.reason),
                    by: fl!(
                        t,
                        "award-when",
                        day = fmt::day(l, a.at.to_zoned(self.ctx.zone().clone()).date())
                    ),
                    illustrative: a.illustrative,
                }
            })
            .collect()
    }
    fn milestones(&mut self) -> Vec<MilestoneView> {
        let (l, s, today) = (self.l(), self.s, self.ctx.today());
        let mut out = Vec::new();
        for u in &s.undertakings {
            for m in &u.milestones {
                let sources = self.about(m.id);
                // What is sourced is real even where the rest of the undertaking is filled in.
                let made_up = parts::made_up_if(l, u.illustrative && sources.0.is_empty());
                let fill = match m.status {
                    MilestoneStatus::Accepted => Fill::Full,
                    MilestoneStatus::HandedIn | MilestoneStatus::Returned => Fill::Half,
                    MilestoneStatus::Open if m.due < today => Fill::Now,
                    MilestoneStatus::Open => Fill::Empty,
                };
                out.push(MilestoneView {
                    what: Markup(format!("{}{made_up}", parts::text(l, &m.title))),
                    sources,
                    due: fmt::day_short(l, m.due),
                    state: parts::status(
                        fill,
                        &word(&undertakings::TEXTS, self.ctx, "milestone-status", m.status.code()),
                    ),
                });
            }
        }
        out
    }
    fn deliverables(&self) -> Vec<DeliverableView> {
        let (l, t) = (self.l(), self.t());
        let title = |u: &UndertakingPart, id: MilestoneId| {
            u.milestones
                .iter()
                .find(|m| m.id == id)
                .map(|m| parts::text(l, &m.title))
                .unwrap_or_default()
        };
        self.s
            .undertakings
            .iter()
            .flat_map(|u| u.deliverables.iter().map(move |d| (u, d)))
            .map(|(u, d)| DeliverableView {
                what: Markup(format!(
                    "{}{}",
                    title(u, d.milestone),
                    parts::made_up_if(l, u.illustrative)
                )),
                text: parts::prose(l, &d.text),
                when: d
                    .accepted_at
                    .map(|a| {
                        fl!(
                            t,
                            "accepted-on",
                            day = fmt::day(l, a.to_zoned(self.ctx.zone().clone()).date())
                        )
                    })
                    .unwrap_or_default(),
                illustrative: u.illustrative,
            })
            .collect()
    }
    fn money(&self) -> Vec<MoneyView> {
        let (l, t) = (self.l(), self.t());
        let state = |st: InstalmentStatus| {
            let fill = match st {
                InstalmentStatus::Planned => Fill::Empty,
                InstalmentStatus::Requested | InstalmentStatus::Approved => Fill::Half,
                InstalmentStatus::Paid | InstalmentStatus::Reconciled => Fill::Full,
                InstalmentStatus::Refused => Fill::Dotted,
            };
            parts::status(
                fill,
                &word(&undertakings::TEXTS, self.ctx, "instalment-status", st.code()),
            )
        };
        self.s
            .undertakings
            .iter()
            .filter_map(|u| u.money.as_ref().map(|m| (u, m)))
            .map(|(u, m)| MoneyView {
                caption: fl!(t, "budget-caption", currency = m.currency.as_str()),
                rows: m
                    .rows
                    .iter()
                    .enumerate()
                    .map(|(i, (milestone, amount, st))| {
                        let about = milestone
                            .and_then(|id| u.milestones.iter().find(|x| x.id == id))
                            .map(|x| format!("：{}", x.title.plain(l)))
                            .unwrap_or_default();
                        let about = if l == basis::Locale::En {
                            about.replace('：', ": ")
                        } else {
                            about
                        };
                        (
                            format!("{}{about}", fl!(t, "instalment-n", n = (i + 1))),
                            amount.amount(),
                            state(*st),
                        )
                    })
                    .collect(),
                paid: m.paid.amount(),
                of: fl!(t, "of-budget", budget = m.budget.amount()),
                illustrative: u.illustrative,
            })
            .collect()
    }
    fn aims(&mut self) -> Vec<AimView> {
        let (l, t, s) = (self.l(), self.t(), self.s);
        let mut out = Vec::new();
        for a in &s.aims {
            let (fill, key) = match a.found.as_ref().map(|f| f.1) {
                Some(FindingState::Met) => (Fill::Full, "met"),
                Some(FindingState::InPart) => (Fill::Half, "in-part"),
                Some(FindingState::NotMet) => (Fill::Empty, "not-met"),
                Some(FindingState::CannotTell) => (Fill::Dotted, "cannot-tell"),
                None => (Fill::Empty, ""),
            };
            let cite = a.source.as_ref().map(|x| self.sources.cite(l, x)).unwrap_or_default();
            out.push(AimView {
                aim: Markup(format!(
                    "{}{}",
                    parts::text(l, &a.text),
                    parts::made_up_if(l, a.illustrative)
                )),
                set: parts::text(l, &a.target),
                found: a.found.as_ref().map_or_else(
                    || Markup::from("–".to_owned()),
                    |f| Markup(format!("{}{cite}", parts::text(l, &f.0))),
                ),
                state: if key.is_empty() {
                    parts::status(fill, &fl!(t, "evaluation-open"))
                } else {
                    parts::status(fill, &word(&evaluation::TEXTS, self.ctx, "finding", key))
                },
            });
        }
        out
    }
    fn evaluations(&self) -> Vec<Markup> {
        let (l, t) = (self.l(), self.t());
        let mut out = Vec::new();
        for e in &self.s.evaluations {
            let Some(at) = e.published_at else { continue };
            let mut m = String::new();
            if let Some(s) = &e.summary {
                let _ = write!(
                    m,
                    "<div class=\"flow{}\">{}</div>",
                    if e.illustrative { " made-up-block" } else { "" },
                    parts::prose(l, s)
                );
            }
            let who = e.by.join(if l == basis::Locale::Zh { "、" } else { ", " });
            let day = fmt::day(l, at.to_zoned(self.ctx.zone().clone()).date());
            // Who was erased since is named no more.
            let say = if who.is_empty() {
                fl!(t, "evaluated-nameless", day = day)
            } else {
                fl!(t, "evaluated-by", who = who, day = day)
            };
            let _ = write!(
                m,
                "<p class=\"quiet\">{}{}</p>",
                parts::escape(&say),
                parts::made_up_if(l, e.illustrative)
            );
            if let Some(r) = &e.reply {
                let _ = write!(
                    m,
                    "<h3>{}</h3>{}",
                    parts::escape(&fl!(t, "reply-of-executor")),
                    parts::prose(l, r)
                );
            }
            out.push(Markup(m));
        }
        out
    }
    /// Ways further in, for who may go there: the rooms behind decide again.
    fn inside(&self) -> Vec<(String, String)> {
        let (t, ctx) = (self.t(), self.ctx);
        let mut out = Vec::new();
        if ctx.viewer.is_officer() {
            out.push((ctx.to(&format!("/plan/items/{}", self.s.id)), fl!(t, "to-plan-item")));
        }
        if ctx.viewer.is_signed_in() {
            for u in &self.s.undertakings {
                out.push((
                    ctx.to(&format!("/undertakings/{}", u.id)),
                    fl!(t, "to-undertaking", title = u.title.plain(ctx.locale)),
                ));
            }
        }
        out
    }
}

pub(crate) async fn programme(ctx: Ctx, Path(id): Path<PlanItemId>) -> Result<Response, Problem> {
    let s = gather::story(ctx.house(), id).await?;
    show(&ctx, &s, None)
}
fn show(ctx: &Ctx, s: &Story, form: Option<Form>) -> Result<Response, Problem> {
    let l = ctx.locale;
    let mut v = View {
        ctx,
        s,
        sources: parts::Sources::default(),
    };
    let facts = v.head_facts();
    let told: Vec<Vec<Markup>> = Stage::ALL.iter().map(|st| v.told(*st)).collect();
    let milestones = v.milestones();
    let figures = v.figures();
    let aims = v.aims();
    let offers = v.offers();
    let in_error = form.as_ref().is_some_and(Form::has_errors);
    let other_title = s.title.other(l).map(|o| (o.lang.to_string(), o.text.to_owned()));
    let mut inside = v.inside();
    let thing = thing_of(s);
    if form.is_none() && ctx.may("programme.record-fact", &thing) {
        inside.push((
            ctx.to(&format!("/programmes/{}/facts", s.id)),
            fl!(t(l), "to-record-fact"),
        ));
    }
    if ctx.may("aim.set", &thing) {
        inside.push((ctx.to(&format!("/programmes/{}/aims", s.id)), fl!(t(l), "to-aims")));
    }
    let template = ProgrammePage {
        t: t(l),
        title: parts::text(l, &s.title),
        other_title,
        lead: parts::text(l, &s.aim),
        span: v.span(),
        holds_illustrative: s.holds_illustrative(),
        made_up: ctx.made_up(),
        next: s.reason.as_ref().map(|r| r.plain(l).to_owned()),
        facts,
        river: v.river(),
        need: v.need(),
        calls: v.calls(),
        offers,
        awards: v.awards(),
        milestones,
        figures,
        deliverables: v.deliverables(),
        money: v.money(),
        aims,
        evaluations: v.evaluations(),
        told,
        sources_list: v.sources.list(),
        sources: v.sources,
        to_history: ctx.to(&format!("/history/plan-item/{}", s.id)),
        inside,
    };
    let title = s.title.plain(l).to_owned();
    let page = Page::new(title.clone())
        .about(short(s.aim.plain(l), 160))
        .nav(Nav::Programmes)
        .crumb(fl!(t(l), "programmes-title"), "/programmes")
        .in_error(in_error)
        .json_ld(&serde_json::json!({
            "@context": "https://schema.org", "@type": "Project", "name": title, "description": s.aim.plain(l),
            "url": format!("{}{}", ctx.app.node.public_url, ctx.to(&format!("/programmes/{}", s.id)))
        }));
    ctx.show(page, &template)
}
fn thing_of(s: &Story) -> access::Thing {
    access::Thing {
        field: Some(s.field),
        district: s.district.as_ref().map(|d| d.id),
        relation: s.relation.as_ref().map(|r| r.id),
        partner: s.relation.as_ref().map(|r| r.partner_id),
        guiding: s.guiding.as_ref().map(|g| g.id),
        ..access::Thing::new("plan-item", s.id)
    }
}

#[derive(Template)]
#[template(path = "facts.html")]
struct FactsPage {
    t: &'static FluentLanguageLoader,
    title: Markup,
    form: Form,
    rows: Vec<(Markup, String, Markup, Option<Markup>)>,
}
/// What is publicly known, and the form for one more.
pub(crate) async fn facts(ctx: Ctx, Path(id): Path<PlanItemId>) -> Result<Response, Problem> {
    facts_page(&ctx, id, &FactInput::default(), &[]).await
}
async fn facts_page(ctx: &Ctx, id: PlanItemId, input: &FactInput, refusals: &[Refusal]) -> Result<Response, Problem> {
    let l = ctx.locale;
    let tx = t(l);
    let s = gather::story(ctx.house(), id).await?;
    let q = &ctx.house().db;
    let card = planning::item(q, id).await?.ok_or(basis::Fail::NotFound)?;
    let thing = fact::thing(q, &card).await?;
    ctx.house().gate.check(&ctx.viewer, "programme.record-fact", &thing)?;
    let withdraw = ctx.may("programme.withdraw-fact", &thing);
    let stage_names: Vec<(String, String)> = Stage::ALL
        .iter()
        .map(|st| (st.code().to_owned(), word(&crate::TEXTS, ctx, "stage", st.code())))
        .collect();
    let milestones: Vec<(String, String)> = s
        .undertakings
        .iter()
        .flat_map(|u| &u.milestones)
        .map(|m| (m.id.to_string(), m.title.plain(l).to_owned()))
        .collect();
    let sure: Vec<(String, String)> = Confidence::ALL
        .iter()
        .map(|c| (c.code().to_owned(), word(&crate::TEXTS, ctx, "confidence", c.code())))
        .collect();
    let mut form = Form::post(
        ctx,
        &format!("/programmes/{id}/facts"),
        fl!(tx, "fact-record"),
        refusals,
    );
    form.select("stage", &fl!(tx, "fact-stage"), "", &stage_names, &input.stage, false)
        .prose_in(
            "zh-Hans",
            "say_zh",
            &fl!(tx, "fact-say-zh"),
            "",
            &input.say_zh,
            600,
            true,
        )
        .prose_in("en", "say_en", &fl!(tx, "fact-say-en"), "", &input.say_en, 600, true)
        .text(
            "source",
            &fl!(tx, "fact-source"),
            &fl!(tx, "fact-source-hint"),
            &input.source,
        )
        .text_opt(
            "figure",
            &fl!(tx, "fact-figure"),
            &fl!(tx, "fact-figure-hint"),
            &input.figure,
        );
    if !milestones.is_empty() {
        form.select("about", &fl!(tx, "fact-about"), "", &milestones, &input.about, true);
    }
    form.select(
        "confidence",
        &fl!(tx, "fact-confidence"),
        "",
        &sure,
        &input.confidence,
        false,
    )
    .day("as_of", &fl!(tx, "fact-as-of"), "", &input.as_of, true);
    let rows = fact::facts(&ctx.house().db, id)
        .await?
        .iter()
        .map(|f| {
            let take_back = withdraw.then(|| {
                let mut b = Form::post(
                    ctx,
                    &format!("/programme-facts/{}/withdrawal", f.id),
                    fl!(tx, "fact-withdraw"),
                    &[],
                );
                b.plain().line(
                    "text",
                    &format!("reason-{}", f.id),
                    &fl!(tx, "fact-withdraw-reason"),
                    "",
                    "",
                    false,
                );
                b.done()
            });
            (
                parts::text(l, &f.say),
                word(&crate::TEXTS, ctx, "stage", f.stage.code()),
                parts::source_link(&f.source),
                take_back,
            )
        })
        .collect();
    let in_error = form.has_errors();
    let page = Page::new(fl!(tx, "facts-title"))
        .nav(Nav::Programmes)
        .crumb(fl!(tx, "programmes-title"), "/programmes")
        .crumb(s.title.plain(l), format!("/programmes/{id}"))
        .unlisted()
        .in_error(in_error);
    ctx.show(
        page,
        &FactsPage {
            t: tx,
            title: parts::text(l, &s.title),
            form,
            rows,
        },
    )
}
pub(crate) async fn record(
    ctx: Ctx,
    Path(id): Path<PlanItemId>,
    posted: Posted<FactInput>,
) -> Result<Response, Problem> {
    match Repeat::or_refused(fact::record_fact(ctx.house(), &ctx.asking(posted.once), id, &posted.input).await)? {
        Ok(_) => Ok(ctx
            .go(&format!("/programmes/{id}"), Some("fact-recorded"))
            .into_response()),
        Err(r) => facts_page(&ctx, id, &posted.input, &r).await,
    }
}
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Nothing {}
pub(crate) async fn withdraw(
    ctx: Ctx,
    Path(id): Path<Id<fact::ProgrammeFact>>,
    posted: Posted<Nothing>,
) -> Result<Response, Problem> {
    let reason = posted.get(&format!("reason-{id}")).to_owned();
    let item =
        store::OrRepeat::or_repeat(fact::withdraw_fact(ctx.house(), &ctx.asking(posted.once), id, &reason).await)?;
    Ok(ctx.go(&format!("/programmes/{item}/facts"), Some("fact-withdrawn")))
}
