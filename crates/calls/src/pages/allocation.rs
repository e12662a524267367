//! Plans side by side, one plan with its reasons, and what an officer fixes before solving again.

use std::collections::HashMap;

use ::pages::{Ctx, Form, Markup, Posted, Problem, Repeat, fmt, parts};
use axum::{
    extract::{Path, Query},
    response::Response,
};
use basis::{AllocationId, Fail, Locale, NeedId, OfferId, Refusal};
use i18n_embed_fl::fl;
use serde::Deserialize;

use super::terms::{Choices, Naming};
use super::words::{self, Makers, Names};
use super::{all, id, part, quiet, table, tools, under_call};
use crate::allocate::{ASPECTS, Cause, Fault, Scores, Shortfall, Weights};
use crate::plans::WeightsInput;
use crate::told::{self, Told};
use crate::{Call, CallStatus, Need, PinInput, PlanStatus, SolveInput, TermsInput, panel, review, store as sql, t};

mod beside;
mod pairs;
use beside::{Differences, beside, differences};
use pairs::{Sheet, Typed};

/// Needs on one page of a plan, and lines told of each: 500 needs and 5,000 offers stay readable.
const NEEDS: usize = 25;

/// The call for a page of those who read its plans, drafts included.
async fn inside(ctx: &Ctx, raw: &str) -> Result<Call, Problem> {
    let db = &ctx.house().db;
    let call = sql::load(db, id(raw)?).await?.ok_or(Fail::NotFound)?;
    if call.status == CallStatus::Draft && !ctx.may("call.inside.read", &call.thing()) {
        return Err(Fail::NotFound.into());
    }
    let seats = sql::seats(db, call.id).await?;
    let looked = review::looked_at(db, &ctx.viewer, &call, &seats).await?;
    let thing = told::thing(&looked, call.id, PlanStatus::Draft);
    ctx.house().gate.check(&ctx.viewer, "allocation.read", &thing)?;
    Ok(call)
}
pub(super) async fn page(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let call = inside(&ctx, &raw).await?;
    show(&ctx, &call, &SolveInput::default(), &[]).await
}
pub(super) async fn solve(ctx: Ctx, Path(raw): Path<String>, posted: Posted<SolveInput>) -> Result<Response, Problem> {
    let call = super::show::inside(&ctx, &raw, "allocation.solve").await?;
    let mut input = posted.input.clone();
    // "pin-<offer>:<need>" = "", "lock" or "forbid"; "units-<offer>:<need>" beside it.
    let units: HashMap<&str, &str> = posted.with_prefix("units-").collect();
    input.pins = posted
        .with_prefix("pin-")
        .filter_map(|(pair, kind)| {
            let (offer, need) = pair.split_once(':')?;
            Some(PinInput {
                offer: offer.into(),
                need: need.into(),
                kind: kind.into(),
                units: units.get(pair).copied().unwrap_or("").to_owned(),
            })
        })
        .collect();
    input.terms = super::terms::posted(&posted);
    if let Some(terms) = &mut input.terms {
        super::terms::resolve(&ctx, &call, terms).await?;
    }
    let view = View::posted(&posted);
    // "One more row" only shows the form again, as it was and with that row.
    let refusals = if posted.get("more").is_empty() {
        match Repeat::or_refused(crate::solve(ctx.house(), &ctx.asking(posted.once.clone()), call.id, &input).await)? {
            Ok(id) => return Ok(ctx.go(&view.path(id), Some("solved"))),
            Err(refusals) => refusals,
        }
    } else {
        Vec::new()
    };
    // Back on the plan, where it was typed.
    if let Ok(from) = input.from.parse::<AllocationId>() {
        let (of, needs, plan) = told::told(ctx.house(), &ctx.viewer, from, false).await?;
        if of.id == call.id {
            let typed = Typed {
                input: &input,
                refusals: &refusals,
            };
            return show_plan(&ctx, &call, &needs, &plan, &view, Some(&typed), &[]).await;
        }
    }
    show(&ctx, &call, &input, &refusals).await
}
/// How much each aspect counts, with its formula beside it; what was typed, or what holds.
pub(super) fn weight_fields(ctx: &Ctx, f: &mut Form, prefix: &str, typed: &WeightsInput, w: &Weights) {
    f.part(&fl!(t(ctx.locale), "weights-title"));
    weight_inputs(ctx, f, prefix, typed, w);
}
fn weight_inputs(ctx: &Ctx, f: &mut Form, prefix: &str, typed: &WeightsInput, w: &Weights) {
    f.raw(&quiet(&fl!(t(ctx.locale), "weights-say")));
    for aspect in ASPECTS {
        let value = match typed.of(aspect) {
            "" => w.of(aspect).to_string(),
            typed => typed.to_owned(),
        };
        let (label, how) = (words::aspect(ctx.locale, aspect), words::aspect_how(ctx.locale, aspect));
        f.number(&format!("{prefix}{aspect}"), &label, &how, &value);
    }
}
/// Stays on one line, however narrow the column is.
fn whole(markup: &str) -> Markup {
    Markup(format!("<span class=\"nowrap\">{markup}</span>"))
}
async fn show(ctx: &Ctx, call: &Call, input: &SolveInput, refusals: &[Refusal]) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let db = &ctx.house().db;
    let plans = sql::plans(db, call.id).await?;
    let seats = sql::seats(db, call.id).await?;
    // A member of the panel who has yet to hand in sees which plans there are, and not what the scores made of them.
    let seat = seats.iter().find(|s| Some(s.account) == ctx.viewer.account());
    let free = seat.is_none_or(panel::Seat::sees_others);
    let heads = [
        fl!(t, "plan-number"),
        fl!(t, "plan-state"),
        fl!(t, "plan-missing") + "#",
        fl!(t, "plan-objective") + "#",
        fl!(t, "plan-proof"),
        fl!(t, "plan-aim"),
        fl!(t, "weights-title"),
        fl!(t, "plan-pins") + "#",
        fl!(t, "plan-made", city = ctx.app.node.city.plain(l)),
    ];
    let rows: Vec<Vec<Markup>> = plans
        .iter()
        .map(|p| {
            vec![
                whole(&super::link(
                    &ctx.to(&format!("/allocations/{}", p.id)),
                    &fl!(t, "plan-n", n = p.number),
                )),
                parts::status(p.status.fill(), &words::plan_status(l, p.status)),
                Markup::from(p.missing.clone().unwrap_or_default()),
                Markup::from(
                    p.objective
                        .as_deref()
                        .filter(|_| free)
                        .map(words::points)
                        .unwrap_or_default(),
                ),
                match p.proved {
                    Some(true) => whole(&fl!(t, "plan-proved-yes")),
                    Some(false) if p.aim.as_deref() == Some("draw") => whole(&fl!(t, "fair-drawn")),
                    Some(false) if p.searched => Markup::from(fl!(t, "plan-searched-short")),
                    Some(false) => whole(&fl!(t, "plan-not-proved")),
                    None => Markup::default(),
                },
                Markup::from(super::fair::aim(ctx, p)),
                Markup::from(words::weights(l, &p.weights)),
                Markup::from(p.pins.to_string()),
                whole(&fmt::moment(l, p.made_at, ctx.zone())),
            ]
        })
        .collect();
    let list = if rows.is_empty() {
        quiet(&fl!(t, "plans-none"))
    } else {
        table(&fl!(t, "plans-title"), &heads, &rows)
    };
    let list = match crate::plans::scores(call, &seats).filter(|s| s.handed_in < s.seats) {
        Some(s) => all([
            remark(&fl!(t, "scores-wait", handed_in = s.handed_in, seats = s.seats)),
            list,
        ]),
        None => list,
    };
    let mut sections = vec![part("plans", fl!(t, "plans-title"), list).note(fl!(t, "plans-say"))];
    let mut failed = false;
    if call.status == CallStatus::InReview && ctx.may("allocation.solve", &call.thing()) {
        let mut f = Form::post(
            ctx,
            &format!("/calls/{}/allocation", call.id),
            fl!(t, "solve"),
            refusals,
        );
        f.raw(&super::draft::pressed_by_enter());
        super::fair::fields(ctx, &mut f, input);
        let needs = sql::needs(db, call.id).await?;
        let rows = input.terms.clone().unwrap_or_default();
        let choices = Choices::of(ctx, call, &needs, &rows).await?;
        let open = super::terms::open(input.terms.as_ref(), &TermsInput::default(), refusals);
        super::terms::fields(ctx, &mut f, &choices, &rows, open);
        weight_fields(ctx, &mut f, "", &input.weights(), &call.weights);
        failed = f.has_errors();
        sections.push(part("solve", fl!(t, "solve-title"), f.done()).note(fl!(t, "solve-say")));
    }
    under_call(
        ctx,
        call,
        fl!(t, "allocation-title"),
        fl!(t, "allocation-say"),
        Markup::default(),
        sections,
        failed,
    )
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    from: String,
    /// One need alone, with all that offer for it; from which row on.
    need: String,
    row: String,
    /// Another plan of the call, to be laid beside this one.
    beside: String,
}
/// Which part of a plan is looked at.
#[derive(Clone, Debug, Default)]
struct View {
    from: usize,
    need: Option<NeedId>,
    row: usize,
    beside: Option<AllocationId>,
}
impl View {
    fn asked(a: &Asked) -> View {
        View {
            from: a.from.parse().unwrap_or(0),
            need: a.need.parse().ok(),
            row: a.row.parse().unwrap_or(0),
            beside: a.beside.parse().ok(),
        }
    }
    /// As a plan's form carries it.
    fn posted(posted: &Posted<SolveInput>) -> View {
        View::asked(&Asked {
            from: posted.get("at-from").to_owned(),
            need: posted.get("at-need").to_owned(),
            row: posted.get("at-row").to_owned(),
            beside: String::new(),
        })
    }
    fn kept(&self) -> Vec<(&'static str, String)> {
        match self.need {
            Some(need) => vec![("at-need", need.to_string()), ("at-row", self.row.to_string())],
            None if self.from > 0 => vec![("at-from", self.from.to_string())],
            None => Vec::new(),
        }
    }
    fn path(&self, plan: AllocationId) -> String {
        let mut path = format!("/allocations/{plan}");
        for (i, (name, value)) in self.kept().into_iter().enumerate() {
            path += if i == 0 { "?" } else { "&" };
            path += &format!("{}={value}", name.trim_start_matches("at-"));
        }
        path
    }
}
pub(super) async fn plan(ctx: Ctx, Path(raw): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let (call, needs, plan) = told::told(ctx.house(), &ctx.viewer, id(&raw)?, false).await?;
    show_plan(&ctx, &call, &needs, &plan, &View::asked(&asked), None, &[]).await
}
/// A plan; with what was typed when wishes were refused, or with why it is not published.
async fn show_plan(
    ctx: &Ctx,
    call: &Call,
    needs: &[Need],
    plan: &Told,
    view: &View,
    typed: Option<&Typed<'_>>,
    unpublished: &[Refusal],
) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let view = &View {
        from: view.from.min(needs.len().saturating_sub(1)) / NEEDS * NEEDS,
        need: view.need.filter(|n| needs.iter().any(|x| x.id == *n)),
        ..view.clone()
    };
    let sheet = Sheet::of(ctx, call.id, plan, needs, view, typed).await?;
    let other = match view.beside {
        Some(other) if plan.inside => Some(told::told(ctx.house(), &ctx.viewer, other, false).await?.2),
        _ => None,
    };
    let apart = other.as_ref().map(|o| differences(plan, o, needs)).unwrap_or_default();
    let makers = makers(ctx, call, named(plan, &sheet, &apart)).await?;
    let naming = sheet.naming(ctx, &makers);
    let mut sections = Vec::new();
    if !plan.faults.is_empty() {
        sections
            .push(part("faults", fl!(t, "plan-faults"), faults(&plan.faults, &naming)).note(fl!(t, "plan-faults-say")));
    }
    if let Some(other) = &other {
        sections.push(beside(ctx, plan, other, &apart, needs, &makers));
    }
    if plan.short.iter().any(|s| view.need.is_none_or(|n| n == s.need)) {
        sections.push(part("short", fl!(t, "plan-short"), missing(plan, &naming, view.need)));
    }
    let edits = call.status == CallStatus::InReview && ctx.may("allocation.solve", &call.thing());
    let mut failed = !unpublished.is_empty();
    let ties = if plan.by_arrival() {
        fl!(t, "plan-ties")
    } else {
        String::new()
    };
    if edits {
        let rows = super::terms::shown(typed.and_then(|t| t.input.terms.as_ref()), &plan.terms);
        let choices = Choices::of(ctx, call, needs, &rows).await?;
        let form = sheet.form(ctx, call.id, typed, &makers, &choices);
        failed |= form.has_errors();
        let say = all([super::para(&fl!(t, "plan-lines-say")), pages_of(ctx, plan, view, needs)]);
        let body = all([say, form.done()]);
        sections.push(part("lines", fl!(t, "plan-lines"), body).note(ties));
    } else if plan.faults.is_empty() {
        let body = all([pages_of(ctx, plan, view, needs), sheet.table(ctx, &makers)]);
        sections.push(part("lines", fl!(t, "plan-lines"), body).note(ties));
    }
    if view.need.is_none() && needs.len() > NEEDS {
        sections.push(part("more", fl!(t, "plan-pages"), pages_of(ctx, plan, view, needs)));
    }
    if plan.faults.is_empty() {
        sections.extend(super::marks::section(ctx, plan, &sheet.shown, &makers));
        sections.push(part("proof", fl!(t, "plan-proof"), proof(ctx, plan)));
    }
    let mut context: Vec<Markup> = unpublished.iter().map(|r| remark(&ctx.refusal(r))).collect();
    context.push(summary(ctx, plan, &naming));
    let links = links(ctx, call, plan, view).await?;
    if plan.status != PlanStatus::Published
        && plan.faults.is_empty()
        && ctx.may("allocation.publish", &call.thing())
        && call.status == CallStatus::InReview
    {
        match &plan.has_ground {
            Ok(()) => {
                let path = format!("/allocations/{}/publication", plan.id);
                context.extend([links, parts::step(ctx, &path, &fl!(t, "plan-publish"), false)]);
            }
            Err(why) => {
                let not_yet = fl!(t, "plan-publish-not-yet", why = ctx.refusal(why));
                context.extend([remark(&not_yet), links]);
            }
        }
    } else {
        context.push(links);
    }
    let lead = fl!(t, "plan-say", lines = plan.lines.len(), needs = needs.len());
    under_call(
        ctx,
        call,
        fl!(t, "plan-n", n = plan.number),
        lead,
        all(context),
        sections,
        failed,
    )
}
fn remark(text: &str) -> Markup {
    Markup(format!(
        "<p class=\"remark now\" role=\"status\">{}</p>",
        parts::escape(text)
    ))
}
fn scores_in(l: Locale, s: Scores) -> String {
    fl!(t(l), "scores-in", handed_in = s.handed_in, seats = s.seats)
}
/// State, proof, weights, and what it comes to.
fn summary(ctx: &Ctx, plan: &Told, naming: &Naming<'_>) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    let needs = naming.needs.len();
    let proof = if !plan.faults.is_empty() {
        Markup::default()
    } else if let Some(drawn) = super::fair::state(ctx, plan) {
        drawn
    } else if plan.proved {
        parts::status(basis::Fill::Full, &fl!(t, "plan-proved"))
    } else if plan.searched {
        parts::status(basis::Fill::Full, &fl!(t, "plan-searched"))
    } else {
        parts::status(basis::Fill::Dotted, &fl!(t, "plan-not-proved"))
    };
    let mut rows = vec![(
        fl!(t, "plan-state"),
        parts::status(plan.status.fill(), &words::plan_status(l, plan.status)),
    )];
    // Without an allocation there is nothing that it comes to.
    if plan.faults.is_empty() {
        rows.extend([
            (fl!(t, "plan-proof"), proof),
            (
                fl!(t, "plan-served"),
                Markup::from(fl!(
                    t,
                    "plan-served-of",
                    served = (needs - plan.short.len().min(needs)),
                    needs = needs
                )),
            ),
            (fl!(t, "plan-missing"), Markup::from(plan.weighted_unmet.clone())),
        ]);
        if let Some(objective) = &plan.objective {
            rows.push((fl!(t, "plan-objective"), Markup::from(words::points(objective))));
        }
        rows.extend(beyond(ctx, plan).map(|said| (fl!(t, "plan-beyond"), said)));
    }
    if let Some(then) = plan.scores.filter(|_| plan.status == PlanStatus::Draft) {
        let said = match plan.scores_now.filter(|now| *now != then) {
            Some(now) => fl!(t, "scores-changed", then = scores_in(l, then), now = scores_in(l, now)),
            None => scores_in(l, then),
        };
        rows.push((fl!(t, "plan-scores"), Markup::from(said)));
    }
    rows.extend(super::fair::rows(ctx, plan));
    let chosen = plan.lines.iter().filter(|x| x.units > 0).map(|x| x.offer).collect();
    rows.extend(naming.row(&chosen));
    rows.push((fl!(t, "weights-title"), Markup::from(words::weights(l, &plan.weights))));
    if !plan.pins.is_empty() {
        rows.push((fl!(t, "plan-pins"), Markup::from(plan.pins.len().to_string())));
    }
    if let Some(at) = plan.published_at {
        rows.push((fl!(t, "plan-published-at"), Markup::from(words::clocks(ctx, at, None))));
    }
    super::facts(&rows)
}
/// So many other plans stand in the open to be laid beside one; more are folded.
const BESIDE: usize = 6;
/// Where a reader goes on: the files, and for those inside, the other plans to lay beside this one.
async fn links(ctx: &Ctx, call: &Call, plan: &Told, view: &View) -> Result<Markup, Problem> {
    let t = t(ctx.locale);
    let mut links = downloads(ctx, plan);
    if plan.inside {
        links.push((ctx.to(&format!("/calls/{}/allocation", call.id)), fl!(t, "plans-title")));
    }
    if plan.inside && ctx.may("offer.list", &call.thing()) {
        links.push((ctx.to(&format!("/calls/{}/awards", call.id)), fl!(t, "awards-title")));
    }
    if !plan.inside {
        return Ok(tools(&links));
    }
    // The latest are the likeliest to be laid beside.
    let plans = sql::plans(&ctx.house().db, call.id).await?;
    let mut others: Vec<(String, String)> = Vec::new();
    for p in plans.iter().filter(|p| p.id != plan.id).rev() {
        let path = format!("/allocations/{}?beside={}&from={}#beside", plan.id, p.id, view.from);
        others.push((ctx.to(&path), fl!(t, "plan-beside", n = p.number)));
    }
    let (latest, rest) = others.split_at(BESIDE.min(others.len()));
    let mut out = vec![tools(&links), tools(latest)];
    if !rest.is_empty() {
        let title = fl!(t, "plan-beside-more", count = rest.len());
        out.push(pairs::folded(&title, &tools(rest), false));
    }
    Ok(all(out))
}
pub(super) fn downloads(ctx: &Ctx, plan: &Told) -> Vec<(String, String)> {
    let t = t(ctx.locale);
    let to = |file: &str| ctx.to(&format!("/allocations/{}/{file}", plan.id));
    vec![
        (to("plan.csv"), fl!(t, "plan-csv")),
        (to("plan.xlsx"), fl!(t, "plan-xlsx")),
        // Values and prices wait for the decision, and a drawn plan has none.
        if plan.proof_told() {
            (to("plan.json"), fl!(t, "plan-json"))
        } else {
            (to("plan.json"), fl!(t, "plan-json-plain"))
        },
    ]
}
/// How much better another plan could be at most, where nobody has shown that none is.
fn beyond(ctx: &Ctx, plan: &Told) -> Option<Markup> {
    let t = t(ctx.locale);
    let bound = plan.bound.as_ref()?;
    let short = bound.short_of(plan.objective.as_ref()?)?;
    let value = fl!(
        t,
        "plan-beyond-value",
        percent = format!("{}.{:03}", short / 1000, short % 1000),
        most = words::points(&bound.objective)
    );
    let missing = (bound.weighted_unmet != plan.weighted_unmet)
        .then(|| fl!(t, "plan-beyond-missing", least = bound.weighted_unmet.as_str()));
    Some(all([Some(value), missing]
        .into_iter()
        .flatten()
        .map(|said| super::para(&said))))
}
/// What "proved" means, and how somebody else checks it.
pub(super) fn proof(ctx: &Ctx, plan: &Told) -> Markup {
    let t = t(ctx.locale);
    let say = if let Some(said) = super::fair::proof(ctx, plan) {
        said
    } else if plan.proved {
        fl!(t, "plan-proved-say")
    } else if plan.searched {
        fl!(t, "plan-searched-say")
    } else {
        fl!(t, "plan-not-proved-say")
    };
    let how = if plan.scored() && !plan.proof_told() {
        fl!(t, "plan-draw-how")
    } else if plan.scored() {
        fl!(t, "plan-proof-how")
    } else {
        fl!(t, "plan-proof-later")
    };
    all([super::para(&say), quiet(&how)])
}
/// The offers that a page of a plan names.
fn named(plan: &Told, sheet: &Sheet, apart: &Differences) -> Vec<OfferId> {
    let here = |n: &NeedId| sheet.shown.iter().any(|s| s.id == *n);
    let mut out: Vec<OfferId> = apart.told.iter().map(|a| a.offer).collect();
    out.extend(sheet.named());
    out.extend(super::terms::named(&plan.terms));
    out.extend(plan.pins.iter().filter(|p| here(&p.need)).map(|p| p.offer));
    out.extend(plan.faults.iter().filter_map(|f| match f {
        Fault::OfferOver { offer, .. } | Fault::NotOffered { offer, .. } => Some(*offer),
        _ => None,
    }));
    let locked = plan.faults.iter().filter_map(|f| match f {
        Fault::Terms { locked, .. } => Some(locked),
        _ => None,
    });
    out.extend(locked.flatten().map(|l| l.0));
    out.sort_unstable();
    out.dedup();
    out
}
pub(super) async fn makers(ctx: &Ctx, call: &Call, offers: Vec<OfferId>) -> Result<Makers, Problem> {
    let found = sql::makers_of(&ctx.house().db, call.id, &offers).await?;
    let names = Names::of(
        ctx,
        found.iter().filter_map(|m| m.body).collect(),
        found.iter().filter_map(|m| m.account).collect(),
    )
    .await?;
    let mut makers: Makers = found
        .into_iter()
        .map(|m| (m.offer, names.maker(ctx.locale, m.body, m.account)))
        .collect();
    // Who took an offer back since is not named any more.
    for offer in offers {
        makers
            .entry(offer)
            .or_insert_with(|| fl!(t(ctx.locale), "maker-withdrawn"));
    }
    Ok(makers)
}
/// So many needs that stay short stand in the open; more are folded.
const SHORT: usize = 10;
/// Needs that stay below their minimum, each with what causes it.
fn missing(plan: &Told, naming: &Naming<'_>, only: Option<NeedId>) -> Markup {
    let l = naming.l;
    let list = |rows: &[String]| format!("<ul class=\"flow\">{}</ul>", rows.concat());
    let of = plan.short.iter().filter(|s| only.is_none_or(|n| n == s.need));
    let rows: Vec<String> = of
        .filter_map(|s| {
            let said = short(naming, s, need_name(l, naming.needs, s.need)?);
            Some(format!("<li class=\"remark now\">{}</li>", parts::escape(&said)))
        })
        .collect();
    if rows.len() <= SHORT {
        return Markup(list(&rows));
    }
    let (first, rest) = rows.split_at(SHORT);
    let title = fl!(t(l), "plan-short-more", count = rest.len());
    all([Markup(list(first)), pairs::folded(&title, &Markup(list(rest)), false)])
}
/// For the public page of a call: its first needs and who serves them.
pub(super) async fn on_call(ctx: &Ctx, call: &Call, plan: &Told, needs: &[Need]) -> Result<Markup, Problem> {
    let t = t(ctx.locale);
    let view = View::default();
    let sheet = Sheet::of(ctx, call.id, plan, needs, &view, None).await?;
    let makers = makers(ctx, call, named(plan, &sheet, &Differences::default())).await?;
    let naming = sheet.naming(ctx, &makers);
    let mut out = vec![summary(ctx, plan, &naming), sheet.table(ctx, &makers)];
    if !plan.short.is_empty() {
        out.push(missing(plan, &naming, None));
    }
    out.push(proof(ctx, plan));
    let mut links = vec![(
        ctx.to(&format!("/allocations/{}", plan.id)),
        fl!(t, "plan-whole", needs = needs.len()),
    )];
    links.extend(downloads(ctx, plan));
    out.push(tools(&links));
    Ok(all(out))
}
/// A need with what it is counted in.
fn counted(l: Locale, needs: &[Need], id: NeedId) -> String {
    let Some(n) = needs.iter().find(|n| n.id == id) else {
        return String::new();
    };
    fl!(t(l), "quota-head-unit", head = n.title.plain(l), unit = n.unit.plain(l))
}
fn need_name(l: Locale, needs: &[Need], id: NeedId) -> Option<&str> {
    needs.iter().find(|n| n.id == id).map(|n| n.title.plain(l))
}
fn short(naming: &Naming<'_>, s: &Shortfall, need: &str) -> String {
    let (t, missing, unit) = (t(naming.l), s.missing, naming.unit(s.need));
    match s.cause {
        Cause::NoOffer => fl!(t, "short-no-offer", need = need, missing = missing, unit = unit),
        Cause::TooLittle => fl!(t, "short-too-little", need = need, missing = missing, unit = unit),
        Cause::TakenOut => fl!(t, "short-taken-out", need = need, missing = missing, unit = unit),
        Cause::Fair => fl!(t, "short-fair", need = need, missing = missing, unit = unit),
        Cause::NeededElsewhere => fl!(t, "short-elsewhere", need = need, missing = missing, unit = unit),
        Cause::Terms => fl!(
            t,
            "short-terms",
            need = need,
            missing = missing,
            unit = unit,
            count = s.terms.len(),
            terms = naming.terms(&s.terms)
        ),
    }
}
fn faults(list: &[Fault], naming: &Naming<'_>) -> Markup {
    let (l, needs, makers) = (naming.l, naming.needs, naming.makers);
    let t = t(l);
    let maker = |o: &OfferId| makers.get(o).cloned().unwrap_or_default();
    let need = |n: &NeedId| need_name(l, needs, *n).unwrap_or("").to_owned();
    let say = |f: &Fault| match f {
        Fault::OfferOver { offer, locked, has } => {
            let (maker, locked, has): (String, i64, i64) = (maker(offer), *locked, *has);
            fl!(t, "fault-offer-over", maker = maker, locked = locked, has = has)
        }
        Fault::NeedOver { need: n, locked, most } => {
            let (need, locked, most): (String, i64, i64) = (need(n), *locked, *most);
            let unit = naming.unit(*n);
            fl!(
                t,
                "fault-need-over",
                need = need,
                locked = locked,
                most = most,
                unit = unit
            )
        }
        Fault::NotOffered {
            offer,
            need: n,
            locked,
            offered,
        } => {
            let (maker, need, locked, offered): (String, String, i64, i64) = (maker(offer), need(n), *locked, *offered);
            let unit = naming.unit(*n);
            fl!(
                t,
                "fault-not-offered",
                maker = maker,
                need = need,
                locked = locked,
                offered = offered,
                unit = unit
            )
        }
        Fault::TermOver { term, has } => {
            let has: i64 = *has;
            let unit = naming.unit_of(*term);
            fl!(t, "fault-term-over", term = naming.term(*term), has = has, unit = unit)
        }
        Fault::Terms { terms, .. } => fl!(t, "fault-terms", terms = naming.terms(terms)),
        Fault::Aim => fl!(t, "fault-aim"),
        Fault::Other => fl!(t, "fault-other"),
    };
    Markup(format!(
        "<ul class=\"flow\">{}</ul>",
        list.iter()
            .map(|f| format!("<li class=\"remark now\">{}</li>", parts::escape(&say(f))))
            .collect::<String>()
    ))
}
/// The other pages of a plan's needs, by the numbers of the needs on them; from one need alone, the way back.
fn pages_of(ctx: &Ctx, plan: &Told, view: &View, needs: &[Need]) -> Markup {
    let t = t(ctx.locale);
    let beside = view.beside.map(|b| format!("&beside={b}")).unwrap_or_default();
    let to = |n: usize| ctx.to(&format!("/allocations/{}?from={n}{beside}#lines", plan.id));
    if let Some(need) = view.need {
        let at = needs.iter().position(|n| n.id == need).unwrap_or(0);
        return tools(&[(to(at / NEEDS * NEEDS), fl!(t, "plan-all-needs", needs = needs.len()))]);
    }
    if needs.len() <= NEEDS {
        return Markup::default();
    }
    let stretch = |from: usize| format!("{}–{}", from + 1, (from + NEEDS).min(needs.len()));
    let pages = (0..needs.len()).step_by(NEEDS).map(|from| {
        if from == view.from {
            format!("<b aria-current=\"page\">{}</b>", stretch(from))
        } else {
            super::link(&to(from), &stretch(from))
        }
    });
    Markup(format!(
        "<p class=\"tools\">{} {}</p>",
        parts::escape(&fl!(t, "plan-needs")),
        pages.collect::<Vec<_>>().join(" ")
    ))
}
pub(super) async fn publish(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<super::Nothing>,
) -> Result<Response, Problem> {
    let at: AllocationId = id(&raw)?;
    match Repeat::or_refused(crate::publish_plan(ctx.house(), &ctx.asking(posted.once.clone()), at).await)? {
        Ok(plan) => Ok(ctx.go(&format!("/allocations/{plan}"), Some("plan-published"))),
        // Back on the plan, with why not.
        Err(refusals) => {
            let (call, needs, plan) = told::told(ctx.house(), &ctx.viewer, at, false).await?;
            show_plan(&ctx, &call, &needs, &plan, &View::default(), None, &refusals).await
        }
    }
}
