//! Plans side by side, one plan with its reasons, and what an officer fixes before solving again.

use std::collections::{BTreeMap, HashMap};

use ::pages::{Ctx, Form, Markup, Posted, Problem, Repeat, fmt, parts};
use axum::{
    extract::{Path, Query},
    response::Response,
};
use basis::{AllocationId, CallId, Fail, Locale, NeedId, OfferId, Refusal};
use i18n_embed_fl::fl;
use serde::Deserialize;

use super::words::{self, Makers, Names};
use super::{all, id, part, quiet, table, tools, under_call};
use crate::allocate::{ASPECTS, Cause, Fault, PinKind, Weights, Why};
use crate::plans::WeightsInput;
use crate::told::{self, Told, ToldLine};
use crate::{Call, CallStatus, Need, PinInput, PlanStatus, SolveInput, panel, store as sql, t};

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
    let thing = told::thing(&call, &seats, call.id, PlanStatus::Draft);
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
    match Repeat::or_refused(crate::solve(ctx.house(), &ctx.asking(posted.once.clone()), call.id, &input).await)? {
        Ok(id) => Ok(ctx.go(&format!("/allocations/{id}"), Some("solved"))),
        Err(refusals) => show(&ctx, &call, &input, &refusals).await,
    }
}
/// How much each aspect counts, with its formula beside it; what was typed, or what holds.
pub(super) fn weight_fields(ctx: &Ctx, f: &mut Form, prefix: &str, typed: &WeightsInput, w: &Weights) {
    let t = t(ctx.locale);
    f.part(&fl!(t, "weights-title")).raw(&quiet(&fl!(t, "weights-say")));
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
        fl!(t, "weights-title"),
        fl!(t, "plan-pins") + "#",
        fl!(t, "plan-made"),
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
                    Some(true) => Markup::from(fl!(t, "plan-proved-yes")),
                    Some(false) => Markup::from(fl!(t, "plan-not-proved")),
                    None => Markup::default(),
                },
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
    let mut sections = vec![part("plans", fl!(t, "plans-title"), list).note(fl!(t, "plans-say"))];
    let mut failed = false;
    if call.status == CallStatus::InReview && ctx.may("allocation.solve", &call.thing()) {
        let mut f = Form::post(
            ctx,
            &format!("/calls/{}/allocation", call.id),
            fl!(t, "solve"),
            refusals,
        );
        super::fair::fields(ctx, &mut f, input);
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
    /// Another plan of the call, to be laid beside this one.
    beside: String,
}
pub(super) async fn plan(ctx: Ctx, Path(raw): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let (call, needs, plan) = told::told(ctx.house(), &ctx.viewer, id(&raw)?, false).await?;
    let from = asked.from.parse::<usize>().unwrap_or(0).min(needs.len());
    let l = ctx.locale;
    let t = t(l);
    let shown = &needs[from..(from + NEEDS).min(needs.len())];
    let other = match asked.beside.parse::<AllocationId>() {
        Ok(other) if plan.inside => Some(told::told(ctx.house(), &ctx.viewer, other, false).await?.2),
        _ => None,
    };
    let apart = other.as_ref().map(|o| differences(&plan, o)).unwrap_or_default();
    let makers = makers(&ctx, &call, named(&plan, shown, &apart)).await?;
    let mut sections = Vec::new();
    if !plan.faults.is_empty() {
        sections.push(
            part(
                "faults",
                fl!(t, "plan-faults"),
                faults(&ctx, &plan.faults, &needs, &makers),
            )
            .note(fl!(t, "plan-faults-say")),
        );
    }
    if let Some(other) = &other {
        sections.push(beside(&ctx, &plan, other, &apart, &needs, &makers));
    }
    if !plan.short.is_empty() {
        sections.push(part("short", fl!(t, "plan-short"), missing(l, &plan, &needs)));
    }
    if plan.faults.is_empty() {
        let edits = call.status == CallStatus::InReview && ctx.may("allocation.solve", &call.thing());
        let (body, note) = if edits {
            (
                lines(&ctx, call.id, &plan, shown, &needs, &makers),
                fl!(t, "plan-lines-say"),
            )
        } else {
            (allocated(&ctx, &plan, shown, &needs, &makers), String::new())
        };
        sections.push(part("lines", fl!(t, "plan-lines"), body).note(note));
        if from > 0 || needs.len() > NEEDS {
            sections.push(part(
                "more",
                fl!(t, "plan-pages"),
                pages_of(&ctx, &plan, from, needs.len()),
            ));
        }
        sections.extend(super::marks::section(&ctx, &plan, shown, &makers));
        sections.push(part("proof", fl!(t, "plan-proof"), proof(&ctx, &plan)));
    }
    let mut context = vec![summary(&ctx, &plan, needs.len()), links(&ctx, &call, &plan).await?];
    if plan.status != PlanStatus::Published
        && plan.faults.is_empty()
        && ctx.may("allocation.publish", &call.thing())
        && call.status == CallStatus::InReview
    {
        context.push(parts::step(
            &ctx,
            &format!("/allocations/{}/publication", plan.id),
            &fl!(t, "plan-publish"),
            false,
        ));
    }
    let lead = fl!(t, "plan-say", lines = plan.lines.len(), needs = needs.len());
    under_call(
        &ctx,
        &call,
        fl!(t, "plan-n", n = plan.number),
        lead,
        all(context),
        sections,
        false,
    )
}
/// State, proof, weights, and what it comes to.
fn summary(ctx: &Ctx, plan: &Told, needs: usize) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    let proof = if !plan.faults.is_empty() {
        Markup::default()
    } else if let Some(drawn) = super::fair::state(ctx, plan) {
        drawn
    } else if plan.proved {
        parts::status(basis::Fill::Full, &fl!(t, "plan-proved"))
    } else {
        parts::status(basis::Fill::Dotted, &fl!(t, "plan-not-proved"))
    };
    let mut rows = vec![
        (
            fl!(t, "plan-state"),
            parts::status(plan.status.fill(), &words::plan_status(l, plan.status)),
        ),
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
    ];
    if let Some(objective) = &plan.objective {
        rows.push((fl!(t, "plan-objective"), Markup::from(words::points(objective))));
    }
    rows.extend(super::fair::rows(ctx, plan));
    rows.push((fl!(t, "weights-title"), Markup::from(words::weights(l, &plan.weights))));
    if !plan.pins.is_empty() {
        rows.push((fl!(t, "plan-pins"), Markup::from(plan.pins.len().to_string())));
    }
    if let Some(at) = plan.published_at {
        rows.push((
            fl!(t, "plan-published-at"),
            Markup::from(fmt::moment(l, at, ctx.zone())),
        ));
    }
    super::facts(&rows)
}
/// Where a reader goes on: the files, and for those inside, the other plans to lay beside this one.
async fn links(ctx: &Ctx, call: &Call, plan: &Told) -> Result<Markup, Problem> {
    let t = t(ctx.locale);
    let mut links = downloads(ctx, plan);
    if plan.inside {
        links.push((ctx.to(&format!("/calls/{}/allocation", call.id)), fl!(t, "plans-title")));
        for p in sql::plans(&ctx.house().db, call.id).await? {
            if p.id != plan.id {
                links.push((
                    ctx.to(&format!("/allocations/{}?beside={}#beside", plan.id, p.id)),
                    fl!(t, "plan-beside", n = p.number),
                ));
            }
        }
    }
    if ctx.may("offer.list", &call.thing()) {
        links.push((ctx.to(&format!("/calls/{}/awards", call.id)), fl!(t, "awards-title")));
    }
    Ok(tools(&links))
}
pub(super) fn downloads(ctx: &Ctx, plan: &Told) -> Vec<(String, String)> {
    let t = t(ctx.locale);
    let to = |file: &str| ctx.to(&format!("/allocations/{}/{file}", plan.id));
    vec![
        (to("plan.csv"), fl!(t, "plan-csv")),
        (to("plan.xlsx"), fl!(t, "plan-xlsx")),
        (to("plan.json"), fl!(t, "plan-json")),
    ]
}
/// What "proved" means, and how somebody else checks it.
pub(super) fn proof(ctx: &Ctx, plan: &Told) -> Markup {
    let t = t(ctx.locale);
    let say = if let Some(said) = super::fair::proof(ctx, plan) {
        said
    } else if plan.proved {
        fl!(t, "plan-proved-say")
    } else {
        fl!(t, "plan-not-proved-say")
    };
    let how = if plan.scored() {
        fl!(t, "plan-proof-how")
    } else {
        fl!(t, "plan-proof-later")
    };
    all([super::para(&say), quiet(&how)])
}
/// The offers that a page of a plan names.
fn named(plan: &Told, shown: &[Need], apart: &[Apart]) -> Vec<OfferId> {
    let here = |n: &NeedId| shown.iter().any(|s| s.id == *n);
    let mut out: Vec<OfferId> = apart.iter().map(|a| a.offer).collect();
    for line in plan.lines.iter().filter(|x| here(&x.need)) {
        out.push(line.offer);
        out.extend(match &line.why {
            Some(Why::Best { over, .. }) => Some(*over),
            Some(Why::Equal { to }) => Some(*to),
            Some(Why::OtherNeeded { other, .. }) => Some(*other),
            _ => None,
        });
    }
    out.extend(plan.pins.iter().filter(|p| here(&p.need)).map(|p| p.offer));
    out.extend(plan.faults.iter().filter_map(|f| match f {
        Fault::OfferOver { offer, .. } | Fault::NotOffered { offer, .. } => Some(*offer),
        _ => None,
    }));
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
/// A pair on which two plans differ: units here, units there.
struct Apart {
    offer: OfferId,
    need: NeedId,
    here: i64,
    there: i64,
}
/// At most so many differences are told; who wants all takes both files.
const APART: usize = 200;
fn differences(one: &Told, other: &Told) -> Vec<Apart> {
    let mut units: BTreeMap<(NeedId, OfferId), (i64, i64)> = BTreeMap::new();
    for l in &one.lines {
        units.entry((l.need, l.offer)).or_default().0 = l.units;
    }
    for l in &other.lines {
        units.entry((l.need, l.offer)).or_default().1 = l.units;
    }
    let apart = units.into_iter().filter(|(_, (here, there))| here != there);
    apart
        .map(|((need, offer), (here, there))| Apart {
            offer,
            need,
            here,
            there,
        })
        .take(APART)
        .collect()
}
fn beside(ctx: &Ctx, plan: &Told, other: &Told, apart: &[Apart], needs: &[Need], makers: &Makers) -> super::Part {
    let l = ctx.locale;
    let t = t(l);
    let heads = [
        fl!(t, "plan-need-head"),
        fl!(t, "offer-maker"),
        fl!(t, "plan-n", n = plan.number) + "#",
        fl!(t, "plan-n", n = other.number) + "#",
    ];
    let rows: Vec<Vec<Markup>> = apart
        .iter()
        .map(|a| {
            vec![
                Markup::from(need_name(l, needs, a.need).unwrap_or("").to_owned()),
                Markup::from(makers.get(&a.offer).cloned().unwrap_or_default()),
                Markup::from(fmt::number(a.here)),
                Markup::from(fmt::number(a.there)),
            ]
        })
        .collect();
    let title = fl!(t, "plan-beside", n = other.number);
    let body = if rows.is_empty() {
        quiet(&fl!(t, "plan-beside-same"))
    } else {
        table(&title, &heads, &rows)
    };
    let value = |p: &Told| p.objective.as_deref().map(words::points).unwrap_or_default();
    let note = fl!(
        t,
        "plan-beside-say",
        here = value(plan),
        there = value(other),
        missing_here = plan.weighted_unmet.as_str(),
        missing_there = other.weighted_unmet.as_str()
    );
    part("beside", title, body).note(note)
}
/// Needs that stay below their minimum, each with what causes it.
pub(super) fn missing(l: Locale, plan: &Told, needs: &[Need]) -> Markup {
    let rows: String = plan
        .short
        .iter()
        .filter_map(|s| {
            Some(format!(
                "<li class=\"remark now\">{}</li>",
                parts::escape(&short(l, s.cause, need_name(l, needs, s.need)?, s.missing))
            ))
        })
        .collect();
    Markup(format!("<ul class=\"flow\">{rows}</ul>"))
}
/// For the public page of a call: its first needs and who serves them.
pub(super) async fn on_call(ctx: &Ctx, call: &Call, plan: &Told, needs: &[Need]) -> Result<Markup, Problem> {
    let t = t(ctx.locale);
    let shown = &needs[..needs.len().min(NEEDS)];
    let makers = makers(ctx, call, named(plan, shown, &[])).await?;
    let mut out = vec![
        summary(ctx, plan, needs.len()),
        allocated(ctx, plan, shown, needs, &makers),
    ];
    if !plan.short.is_empty() {
        out.push(missing(ctx.locale, plan, needs));
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
/// Who serves these needs, for readers: one table, a need's rows one after the other.
fn allocated(ctx: &Ctx, plan: &Told, shown: &[Need], needs: &[Need], makers: &Makers) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    let mut by_need: HashMap<NeedId, Vec<&ToldLine>> = HashMap::new();
    for line in &plan.lines {
        by_need.entry(line.need).or_default().push(line);
    }
    let mut heads = vec![
        fl!(t, "plan-need-head"),
        fl!(t, "offer-maker"),
        fl!(t, "plan-units") + "#",
    ];
    if plan.scored() {
        heads.extend([fl!(t, "plan-value") + "#", fl!(t, "plan-why")]);
    }
    let mut rows = Vec::new();
    for need in shown {
        let got = by_need.get(&need.id).map(Vec::as_slice).unwrap_or_default();
        let sum: i64 = got.iter().map(|x| x.units).sum();
        let title = fl!(
            t,
            "plan-need",
            need = need.title.plain(l),
            units = sum,
            min = need.min,
            max = need.max,
            unit = need.unit.plain(l)
        );
        if got.is_empty() {
            rows.push(vec![
                Markup::from(title.clone()),
                Markup::from(fl!(t, "plan-need-empty")),
                Markup::from("0".to_owned()),
            ]);
        }
        for x in got {
            let mut row = vec![
                Markup::from(title.clone()),
                Markup::from(makers.get(&x.offer).cloned().unwrap_or_default()),
                Markup::from(fmt::number(x.units)),
            ];
            if plan.scored() {
                row.push(Markup::from(x.value.map(words::tenths).unwrap_or_default()));
                row.push(Markup::from(
                    x.why.as_ref().map(|w| why(l, w, needs, makers)).unwrap_or_default(),
                ));
            }
            rows.push(row);
        }
    }
    table(&fl!(t, "plan-lines"), &heads, &rows)
}
fn need_name(l: Locale, needs: &[Need], id: NeedId) -> Option<&str> {
    needs.iter().find(|n| n.id == id).map(|n| n.title.plain(l))
}
/// The plan as a form: each pair with its reason, and a choice to lock or forbid it before solving again.
fn lines(ctx: &Ctx, call: CallId, plan: &Told, shown: &[Need], needs: &[Need], makers: &Makers) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    let mut f = Form::post(ctx, &format!("/calls/{call}/allocation"), fl!(t, "solve-again"), &[]);
    f.hidden("from", &plan.id.to_string()).plain();
    if plan.status == PlanStatus::Draft {
        f.hidden("replace", "true").hidden("version", &plan.version.to_string());
    }
    let mut by_need: HashMap<NeedId, Vec<&ToldLine>> = HashMap::new();
    for line in &plan.lines {
        by_need.entry(line.need).or_default().push(line);
    }
    let heads = [
        fl!(t, "offer-maker"),
        fl!(t, "plan-units") + "#",
        fl!(t, "plan-value") + "#",
        fl!(t, "plan-why"),
        fl!(t, "plan-fix"),
    ];
    for need in shown {
        let got = by_need.get(&need.id).map(Vec::as_slice).unwrap_or_default();
        let units: i64 = got.iter().map(|x| x.units).sum();
        f.part(&fl!(
            t,
            "plan-need",
            need = need.title.plain(l),
            units = units,
            min = need.min,
            max = need.max,
            unit = need.unit.plain(l)
        ));
        let mut rows: Vec<Vec<Markup>> = got
            .iter()
            .map(|x| {
                vec![
                    Markup::from(makers.get(&x.offer).cloned().unwrap_or_default()),
                    Markup::from(fmt::number(x.units)),
                    Markup::from(x.value.map(words::tenths).unwrap_or_default()),
                    Markup::from(x.why.as_ref().map(|w| why(l, w, needs, makers)).unwrap_or_default()),
                    fix(ctx, plan, x.offer, x.need, x.units),
                ]
            })
            .collect();
        // What an officer took out stays in sight, or it could never be let in again.
        for p in plan
            .pins
            .iter()
            .filter(|p| p.need == need.id && p.kind == PinKind::Forbid)
        {
            rows.push(vec![
                Markup::from(makers.get(&p.offer).cloned().unwrap_or_default()),
                Markup::from("0".to_owned()),
                Markup::default(),
                Markup::from(fl!(t, "why-forbidden")),
                fix(ctx, plan, p.offer, p.need, 0),
            ]);
        }
        if rows.is_empty() {
            f.raw(&quiet(&fl!(t, "plan-need-empty")));
        } else {
            f.raw(&table(need.title.plain(l), &heads, &rows));
        }
    }
    f.done()
}
fn fix(ctx: &Ctx, plan: &Told, offer: OfferId, need: NeedId, units: i64) -> Markup {
    let t = t(ctx.locale);
    let pin = plan.pins.iter().find(|p| p.offer == offer && p.need == need);
    let kind = pin.map(|p| p.kind);
    let pair = format!("{offer}:{need}");
    let option = |value: &str, label: String, chosen: bool| {
        format!(
            "<option value=\"{value}\"{}>{}</option>",
            if chosen { " selected" } else { "" },
            parts::escape(&label)
        )
    };
    let options = [
        option("", fl!(t, "fix-free"), kind.is_none()),
        option("lock", fl!(t, "fix-lock"), kind == Some(PinKind::Lock)),
        option("forbid", fl!(t, "fix-forbid"), kind == Some(PinKind::Forbid)),
    ];
    let kept = pin.filter(|p| p.kind == PinKind::Lock).map_or(units, |p| p.units);
    Markup(format!(
        "<span class=\"inline-form\"><select name=\"pin-{pair}\" aria-label=\"{}\">{}</select> <input class=\"input tiny\" inputmode=\"numeric\" name=\"units-{pair}\" value=\"{kept}\" aria-label=\"{}\"></span>",
        parts::escape(&fl!(t, "plan-fix")),
        options.concat(),
        parts::escape(&fl!(t, "plan-units")),
    ))
}
/// A reason as a plain sentence.
fn why(l: Locale, w: &Why, needs: &[Need], makers: &Makers) -> String {
    let t = t(l);
    let name = |o: &OfferId| makers.get(o).cloned().unwrap_or_default();
    match w {
        Why::Locked => fl!(t, "why-locked"),
        Why::Only => fl!(t, "why-only"),
        Why::AllTaken => fl!(t, "why-all-taken"),
        Why::Fair => fl!(t, "why-fair"),
        Why::Equal { to } => fl!(t, "why-equal", other = name(to)),
        Why::Best {
            over,
            by,
            most: Some(a),
        } => fl!(
            t,
            "why-best-in",
            other = name(over),
            by = words::tenths(*by),
            aspect = words::aspect(l, *a)
        ),
        Why::Best { over, by, most: None } => fl!(t, "why-best", other = name(over), by = words::tenths(*by)),
        Why::OtherNeeded { other, by, at } => match at.and_then(|n| need_name(l, needs, n)) {
            Some(need) => fl!(
                t,
                "why-other-needed-at",
                other = name(other),
                by = words::tenths(*by),
                need = need
            ),
            None => fl!(t, "why-other-needed", other = name(other), by = words::tenths(*by)),
        },
    }
}
fn short(l: Locale, cause: Cause, need: &str, missing: i64) -> String {
    let t = t(l);
    match cause {
        Cause::NoOffer => fl!(t, "short-no-offer", need = need, missing = missing),
        Cause::TooLittle => fl!(t, "short-too-little", need = need, missing = missing),
        Cause::NeededElsewhere => fl!(t, "short-elsewhere", need = need, missing = missing),
    }
}
fn faults(ctx: &Ctx, list: &[Fault], needs: &[Need], makers: &Makers) -> Markup {
    let l = ctx.locale;
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
            fl!(t, "fault-need-over", need = need, locked = locked, most = most)
        }
        Fault::NotOffered {
            offer,
            need: n,
            locked,
            offered,
        } => {
            let (maker, need, locked, offered): (String, String, i64, i64) = (maker(offer), need(n), *locked, *offered);
            fl!(
                t,
                "fault-not-offered",
                maker = maker,
                need = need,
                locked = locked,
                offered = offered
            )
        }
        Fault::Other => fl!(t, "fault-other"),
    };
    Markup(format!(
        "<ul class=\"flow\">{}</ul>",
        list.iter()
            .map(|f| format!("<li class=\"remark now\">{}</li>", parts::escape(&say(f))))
            .collect::<String>()
    ))
}
fn pages_of(ctx: &Ctx, plan: &Told, from: usize, count: usize) -> Markup {
    let t = t(ctx.locale);
    let to = |n: usize| ctx.to(&format!("/allocations/{}?from={n}", plan.id));
    let mut links = Vec::new();
    if from > 0 {
        links.push((to(from.saturating_sub(NEEDS)), fl!(t, "plan-before")));
    }
    if from + NEEDS < count {
        links.push((to(from + NEEDS), fl!(t, "plan-after", left = (count - from - NEEDS))));
    }
    tools(&links)
}
pub(super) async fn publish(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<super::Nothing>,
) -> Result<Response, Problem> {
    let plan: AllocationId = ::store::OrRepeat::or_repeat(
        crate::publish_plan(ctx.house(), &ctx.asking(posted.once.clone()), id(&raw)?).await,
    )?;
    Ok(ctx.go(&format!("/allocations/{plan}"), Some("plan-published")))
}
