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

use super::words::{self, Makers, Names};
use super::{all, id, part, quiet, table, tools, under_call};
use crate::allocate::{Cause, Fault, Line, PinKind, Weights, Why};
use crate::{Call, Need, PinInput, Plan, PlanStatus, SolveInput, store as sql, t};

/// Needs on one page of a plan, and lines told of each: 500 needs and 5,000 offers stay readable.
const NEEDS: usize = 25;

pub(super) async fn page(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let call = super::show::inside(&ctx, &raw, "allocation.solve").await?;
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
fn weight_fields(ctx: &Ctx, f: &mut Form, input: &SolveInput, w: &Weights) {
    let t = t(ctx.locale);
    let value = |typed: &str, kept: i64| {
        if typed.is_empty() {
            kept.to_string()
        } else {
            typed.to_owned()
        }
    };
    f.part(&fl!(t, "weights-title"))
        .raw(&quiet(&fl!(t, "weights-say")))
        .number(
            "panel",
            &fl!(t, "aspect-panel"),
            &fl!(t, "weight-panel-how"),
            &value(&input.panel, w.panel),
        )
        .number(
            "dates",
            &fl!(t, "aspect-dates"),
            &fl!(t, "weight-dates-how"),
            &value(&input.dates, w.dates),
        )
        .number(
            "languages",
            &fl!(t, "aspect-languages"),
            &fl!(t, "weight-languages-how"),
            &value(&input.languages, w.languages),
        )
        .number(
            "promises",
            &fl!(t, "aspect-promises"),
            &fl!(t, "weight-promises-how"),
            &value(&input.promises, w.promises),
        );
}
async fn show(ctx: &Ctx, call: &Call, input: &SolveInput, refusals: &[Refusal]) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let plans = sql::plans(&ctx.house().db, call.id).await?;
    let heads = [
        fl!(t, "plan-number"),
        fl!(t, "plan-state"),
        fl!(t, "weights-title"),
        fl!(t, "plan-pins") + "#",
        fl!(t, "plan-made"),
    ];
    let rows: Vec<Vec<Markup>> = plans
        .iter()
        .map(|p| {
            vec![
                Markup(super::link(
                    &ctx.to(&format!("/allocations/{}", p.id)),
                    &fl!(t, "plan-n", n = p.number),
                )),
                parts::status(p.status.fill(), &words::plan_status(l, p.status)),
                Markup::from(weights_line(l, &p.weights)),
                Markup::from(p.pins.to_string()),
                Markup::from(fmt::moment(l, p.made_at, ctx.zone())),
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
    if call.status == crate::CallStatus::InReview {
        let mut f = Form::post(
            ctx,
            &format!("/calls/{}/allocation", call.id),
            fl!(t, "solve"),
            refusals,
        );
        weight_fields(ctx, &mut f, input, &call.weights);
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
fn weights_line(l: Locale, w: &Weights) -> String {
    fl!(
        t(l),
        "weights-line",
        panel = w.panel,
        dates = w.dates,
        languages = w.languages,
        promises = w.promises
    )
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    from: String,
}
pub(super) async fn plan(ctx: Ctx, Path(raw): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let plan = sql::plan(&ctx.house().db, id(&raw)?).await?.ok_or(Fail::NotFound)?;
    let call = super::show::inside(&ctx, &plan.call.to_string(), "allocation.solve").await?;
    let needs = sql::needs(&ctx.house().db, call.id).await?;
    let makers = makers(&ctx, &call).await?;
    let from = asked.from.parse::<usize>().unwrap_or(0).min(needs.len());
    let l = ctx.locale;
    let t = t(l);
    let shown = &needs[from..(from + NEEDS).min(needs.len())];
    let o = &plan.outcome;
    let mut sections = Vec::new();
    if !o.faults.is_empty() {
        sections.push(
            part(
                "faults",
                fl!(t, "plan-faults"),
                faults(&ctx, &o.faults, &needs, &makers),
            )
            .note(fl!(t, "plan-faults-say")),
        );
    }
    if !o.short.is_empty() {
        let rows: Vec<String> = o
            .short
            .iter()
            .filter_map(|s| {
                Some(format!(
                    "<li class=\"remark now\">{}</li>",
                    parts::escape(&short(l, s.cause, need_name(l, &needs, s.need)?, s.missing))
                ))
            })
            .collect();
        sections.push(part(
            "short",
            fl!(t, "plan-short"),
            Markup(format!("<ul class=\"flow\">{}</ul>", rows.join(""))),
        ));
    }
    if o.faults.is_empty() {
        sections.push(
            part(
                "lines",
                fl!(t, "plan-lines"),
                lines(&ctx, &plan, shown, &needs, &makers),
            )
            .note(fl!(t, "plan-lines-say")),
        );
        if from > 0 || needs.len() > NEEDS {
            sections.push(part(
                "more",
                fl!(t, "plan-pages"),
                pages_of(&ctx, &plan, from, needs.len()),
            ));
        }
    }
    let proof = if !o.faults.is_empty() {
        Markup::default()
    } else if o.proved {
        parts::status(basis::Fill::Full, &fl!(t, "plan-proved"))
    } else {
        parts::status(basis::Fill::Dotted, &fl!(t, "plan-not-proved"))
    };
    let mut links = vec![(ctx.to(&format!("/calls/{}/allocation", call.id)), fl!(t, "plans-title"))];
    links.push((ctx.to(&format!("/calls/{}/awards", call.id)), fl!(t, "awards-title")));
    let mut context = vec![
        Markup(format!(
            "<p class=\"row\">{} {} <span>{}</span></p>",
            parts::status(plan.status.fill(), &words::plan_status(l, plan.status)),
            proof,
            parts::escape(&weights_line(l, &plan.weights))
        )),
        tools(&links),
    ];
    if plan.status != PlanStatus::Published
        && o.faults.is_empty()
        && ctx.may("allocation.publish", &call.thing())
        && call.status == crate::CallStatus::InReview
    {
        context.push(parts::step(
            &ctx,
            &format!("/allocations/{}/publication", plan.id),
            &fl!(t, "plan-publish"),
            false,
        ));
    }
    let lead = fl!(t, "plan-say", lines = o.lines.len(), needs = needs.len());
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
async fn makers(ctx: &Ctx, call: &Call) -> Result<Makers, Problem> {
    let found = sql::makers(&ctx.house().db, call.id).await?;
    let names = Names::of(
        ctx,
        found.iter().filter_map(|m| m.body).collect(),
        found.iter().filter_map(|m| m.account).collect(),
    )
    .await?;
    Ok(found
        .into_iter()
        .map(|m| (m.offer, names.maker(ctx.locale, m.body, m.account)))
        .collect())
}
fn need_name(l: Locale, needs: &[Need], id: NeedId) -> Option<&str> {
    needs.iter().find(|n| n.id == id).map(|n| n.title.plain(l))
}
/// The plan as a form: each pair with its reason, and a choice to lock or forbid it before solving again.
fn lines(ctx: &Ctx, plan: &Plan, shown: &[Need], needs: &[Need], makers: &Makers) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    let mut f = Form::post(
        ctx,
        &format!("/calls/{}/allocation", plan.call),
        fl!(t, "solve-again"),
        &[],
    );
    f.hidden("from", &plan.id.to_string()).plain();
    if plan.status == PlanStatus::Draft {
        f.hidden("replace", "true").hidden("version", &plan.version.to_string());
    }
    let mut by_need: HashMap<NeedId, Vec<&Line>> = HashMap::new();
    for line in &plan.outcome.lines {
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
                    Markup::from(words::tenths(x.value)),
                    Markup::from(why(l, &x.why, needs, makers)),
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
fn fix(ctx: &Ctx, plan: &Plan, offer: OfferId, need: NeedId, units: i64) -> Markup {
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
fn pages_of(ctx: &Ctx, plan: &Plan, from: usize, count: usize) -> Markup {
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
