//! The form of a call: drafted, amended until it is published. Needs and criteria are rows; a row left empty is no row.

use std::collections::BTreeMap;

use ::pages::{Ctx, Form, Markup, Nav, Page, Posted, Problem, Repeat, parts};
use axum::{
    extract::{Path, Query},
    response::Response,
};
use basis::{CallId, Code, Fail, Locale, Moment, Refusal, Text};
use i18n_embed_fl::fl;
use serde::Deserialize;

use super::{Act, id, part, words};
use crate::allocate::Weights;
use crate::plans::WeightsInput;
use crate::{Call, CallInput, Channel, CriterionInput, Mode, Need, NeedInput, store as sql, t};

/// Languages a call can ask for: those the house has words for.
const LANGUAGES: [&str; 14] = [
    "zh-Hans", "en", "de", "fr", "ja", "ko", "th", "ru", "es", "it", "nl", "hu", "fa", "ar",
];
/// The languages as choices.
pub(super) fn languages(l: Locale) -> Vec<(String, String, String)> {
    LANGUAGES
        .iter()
        .map(|x| ((*x).to_owned(), parts::language_name(l, x), String::new()))
        .collect()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct From {
    plan_item: String,
}
pub(super) async fn new_form(ctx: Ctx, Query(from): Query<From>) -> Result<Response, Problem> {
    let acting = ctx.viewer.acting.as_ref();
    let thing = access::Thing {
        guiding: acting.map(|m| m.body),
        ..access::Thing::new("call", "new")
    };
    ctx.house().gate.check(&ctx.viewer, "call.draft", &thing)?;
    let input = CallInput {
        plan_item: from.plan_item,
        mode: "outsourcing".into(),
        currency: "CNY".into(),
        closes_time: "17:00".into(),
        ..Default::default()
    };
    show(&ctx, None, &input, &[]).await
}
/// The rows of a posted form, in order; a row left empty is none, unless the form is only shown again.
fn rows(posted: &Posted<CallInput>, keep_empty: bool) -> CallInput {
    let mut needs: BTreeMap<usize, NeedInput> = BTreeMap::new();
    for (name, value) in posted.with_prefix("need-") {
        let Some((n, field)) = name.split_once('-') else {
            continue;
        };
        let Ok(n) = n.parse::<usize>() else { continue };
        let need = needs.entry(n).or_default();
        let place = match field {
            "title_zh" => &mut need.title_zh,
            "title_en" => &mut need.title_en,
            "channel" => &mut need.channel,
            "min" => &mut need.min,
            "max" => &mut need.max,
            "unit_zh" => &mut need.unit_zh,
            "unit_en" => &mut need.unit_en,
            "priority" => &mut need.priority,
            "field" => &mut need.field,
            _ => continue,
        };
        value.clone_into(place);
    }
    let mut criteria: BTreeMap<usize, CriterionInput> = BTreeMap::new();
    for (name, value) in posted.with_prefix("criterion-") {
        let Some((n, field)) = name.split_once('-') else {
            continue;
        };
        let Ok(n) = n.parse::<usize>() else { continue };
        let criterion = criteria.entry(n).or_default();
        let place = match field {
            "title_zh" => &mut criterion.title_zh,
            "title_en" => &mut criterion.title_en,
            "weight" => &mut criterion.weight,
            _ => continue,
        };
        value.clone_into(place);
    }
    CallInput {
        needs: needs
            .into_values()
            .filter(|n| {
                let empty = NeedInput {
                    channel: n.channel.clone(),
                    priority: n.priority.clone(),
                    ..Default::default()
                };
                keep_empty || *n != empty
            })
            .collect(),
        criteria: criteria
            .into_values()
            .filter(|c| keep_empty || *c != CriterionInput::default())
            .collect(),
        weights: WeightsInput::from_each(|a| posted.get(&format!("weight-{a}")).to_owned()),
        ..posted.input.clone()
    }
}
/// "One more row" only shows the form again, as it was and with that row: nothing is refused, nothing written.
fn with_more(posted: &Posted<CallInput>) -> Option<CallInput> {
    let more = posted.get("more");
    let mut input = rows(posted, true);
    match more {
        "need" => input.needs.push(NeedInput::default()),
        "criterion" => input.criteria.push(CriterionInput::default()),
        _ => return None,
    }
    Some(input)
}
pub(super) async fn add(ctx: Ctx, posted: Posted<CallInput>) -> Result<Response, Problem> {
    if let Some(input) = with_more(&posted) {
        return show(&ctx, None, &input, &[]).await;
    }
    let input = rows(&posted, false);
    match Repeat::or_refused(crate::draft(ctx.house(), &ctx.asking(posted.once.clone()), &input).await)? {
        Ok(id) => Ok(ctx.go(&format!("/calls/{id}"), Some("call-drafted"))),
        Err(refusals) => show(&ctx, None, &input, &refusals).await,
    }
}
pub(super) async fn edit_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let call = super::show::inside(&ctx, &raw, "call.draft").await?;
    let needs = sql::needs(&ctx.house().db, call.id).await?;
    let input = typed(&ctx, &call, &needs);
    show(&ctx, Some(&call), &input, &[]).await
}
pub(super) async fn amend(ctx: Ctx, Path(raw): Path<String>, posted: Posted<CallInput>) -> Result<Response, Problem> {
    let call_id: CallId = id(&raw)?;
    let call = sql::load(&ctx.house().db, call_id).await?.ok_or(Fail::NotFound)?;
    if let Some(input) = with_more(&posted) {
        return show(&ctx, Some(&call), &input, &[]).await;
    }
    let input = rows(&posted, false);
    match Repeat::or_refused(crate::amend(ctx.house(), &ctx.asking(posted.once.clone()), call_id, &input).await)? {
        Ok(id) => Ok(ctx.go(&format!("/calls/{id}"), Some("call-drafted"))),
        Err(refusals) => show(&ctx, Some(&call), &input, &refusals).await,
    }
}
/// The draft as it is kept, with what keeps it from being published.
pub(super) async fn again(ctx: &Ctx, id: CallId, refusals: &[Refusal]) -> Result<Response, Problem> {
    let call = sql::load(&ctx.house().db, id).await?.ok_or(Fail::NotFound)?;
    let needs = sql::needs(&ctx.house().db, id).await?;
    let input = typed(ctx, &call, &needs);
    show(ctx, Some(&call), &input, refusals).await
}
fn typed(ctx: &Ctx, call: &Call, needs: &[Need]) -> CallInput {
    let words = |t: &Text, l: Locale| t.get(l.tag()).unwrap_or("").to_owned();
    let day = |m: Moment| m.to_zoned(ctx.zone().clone()).strftime("%Y-%m-%d").to_string();
    let clock = |m: Moment| m.to_zoned(ctx.zone().clone()).strftime("%H:%M").to_string();
    // A draft that opens when it is published keeps the moment it was drafted: no need to show that.
    let later = call.opens_at > ctx.now();
    CallInput {
        plan_item: call.plan_item.to_string(),
        title_zh: words(&call.title, Locale::Zh),
        title_en: words(&call.title, Locale::En),
        brief_zh: words(&call.brief, Locale::Zh),
        brief_en: words(&call.brief, Locale::En),
        who_zh: words(&call.who, Locale::Zh),
        who_en: words(&call.who, Locale::En),
        mode: call.mode.to_string(),
        opens_on: if later { day(call.opens_at) } else { String::new() },
        opens_time: if later { clock(call.opens_at) } else { String::new() },
        closes_on: day(call.closes_at),
        closes_time: clock(call.closes_at),
        currency: call.currency.to_string(),
        ceiling: call.ceiling().map(|m| m.amount()).unwrap_or_default(),
        work_from: call.work_from.to_string(),
        work_until: call.work_until.to_string(),
        languages: call.languages.iter().map(ToString::to_string).collect(),
        needs: needs
            .iter()
            .map(|n| NeedInput {
                title_zh: words(&n.title, Locale::Zh),
                title_en: words(&n.title, Locale::En),
                channel: n.channel.to_string(),
                min: n.min.to_string(),
                max: n.max.to_string(),
                unit_zh: words(&n.unit, Locale::Zh),
                unit_en: words(&n.unit, Locale::En),
                priority: n.priority.to_string(),
                field: n.field.map(|f| f.to_string()).unwrap_or_default(),
            })
            .collect(),
        criteria: call
            .criteria
            .iter()
            .map(|c| CriterionInput {
                title_zh: words(&c.title, Locale::Zh),
                title_en: words(&c.title, Locale::En),
                weight: c.weight.to_string(),
            })
            .collect(),
        weights: WeightsInput::from_each(|a| call.weights.of(a).to_string()),
        version: call.version.to_string(),
    }
}
/// Plan items something is still to come of, and the chosen one.
pub(super) async fn items(ctx: &Ctx, chosen: &str) -> Result<Vec<(String, String)>, Problem> {
    let filter = planning::Filter {
        limit: Some(500),
        ..Default::default()
    };
    let all = planning::list(&ctx.house().db, &filter).await?.items;
    Ok(all
        .into_iter()
        .filter(|i| i.status.is_live() || i.id.to_string() == chosen)
        .map(|i| (i.id.to_string(), format!("{} {}", i.year, i.title.plain(ctx.locale))))
        .collect())
}
async fn show(ctx: &Ctx, call: Option<&Call>, input: &CallInput, refusals: &[Refusal]) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let (path, title) = match call {
        Some(c) => (format!("/calls/{}", c.id), fl!(t, "call-edit")),
        None => ("/calls".to_owned(), fl!(t, "call-new")),
    };
    let items = items(ctx, &input.plan_item).await?;
    let mut f = Form::post(ctx, &path, fl!(t, "call-save"), refusals);
    f.raw(&pressed_by_enter());
    what_and_who(ctx, &mut f, input, &items);
    window(ctx, &mut f, input);
    let chosen: Vec<&str> = input.languages.iter().map(String::as_str).collect();
    f.checks(
        "languages",
        &fl!(t, "call-languages"),
        &fl!(t, "languages-hint"),
        &languages(l),
        &chosen,
    );
    need_rows(ctx, &mut f, input);
    criterion_rows(ctx, &mut f, input);
    super::allocation::weight_fields(ctx, &mut f, "weight-", &input.weights, &Weights::default());
    f.hidden("version", &input.version);
    let act = Act {
        title: title.clone(),
        made_up: Markup::default(),
        lead: fl!(t, "call-form-lead"),
        context: Markup::default(),
        parts: vec![part("form", fl!(t, "call-form"), f.done())],
    };
    let page = Page::new(title)
        .nav(Nav::Calls)
        .crumb(fl!(t, "calls-title"), "/calls")
        .unlisted();
    ctx.show(page.in_error(f.has_errors()), &act)
}
/// Under which plan item, what for, for whom, and how the work will be given.
fn what_and_who(ctx: &Ctx, f: &mut Form, input: &CallInput, items: &[(String, String)]) {
    let l = ctx.locale;
    let t = t(l);
    f.select(
        "plan_item",
        &fl!(t, "call-plan-item"),
        "",
        items,
        &input.plan_item,
        false,
    )
    .text_in(
        "zh-Hans",
        "title_zh",
        &fl!(t, "title-zh"),
        &fl!(t, "either-language"),
        &input.title_zh,
        true,
    )
    .text_in("en", "title_en", &fl!(t, "title-en"), "", &input.title_en, true)
    .prose_in(
        "zh-Hans",
        "brief_zh",
        &fl!(t, "brief-zh"),
        &fl!(t, "brief-hint"),
        &input.brief_zh,
        4000,
        true,
    )
    .prose_in("en", "brief_en", &fl!(t, "brief-en"), "", &input.brief_en, 4000, true)
    .prose_in(
        "zh-Hans",
        "who_zh",
        &fl!(t, "who-zh"),
        &fl!(t, "who-hint"),
        &input.who_zh,
        1200,
        true,
    )
    .prose_in("en", "who_en", &fl!(t, "who-en"), "", &input.who_en, 1200, true);
    let modes: Vec<(String, String, String)> = vec![
        (
            Mode::Outsourcing.to_string(),
            words::mode(l, Mode::Outsourcing),
            fl!(t, "mode-outsourcing-hint"),
        ),
        (
            Mode::Assignment.to_string(),
            words::mode(l, Mode::Assignment),
            fl!(t, "mode-assignment-hint"),
        ),
    ];
    f.radios("mode", &fl!(t, "call-mode"), "", &modes, &input.mode);
}
/// When it can be answered, when the work is done, and what there is to spend.
fn window(ctx: &Ctx, f: &mut Form, input: &CallInput) {
    let l = ctx.locale;
    let t = t(l);
    f.part(&fl!(t, "call-window"))
        .day(
            "opens_on",
            &fl!(t, "opens-on"),
            &fl!(t, "opens-hint"),
            &input.opens_on,
            true,
        )
        .text_opt(
            "opens_time",
            &fl!(t, "opens-time"),
            &fl!(t, "time-hint", city = ctx.app.node.city.plain(l)),
            &input.opens_time,
        )
        .day("closes_on", &fl!(t, "closes-on"), "", &input.closes_on, false)
        .text(
            "closes_time",
            &fl!(t, "closes-time"),
            &fl!(t, "time-hint", city = ctx.app.node.city.plain(l)),
            &input.closes_time,
        )
        .day(
            "work_from",
            &fl!(t, "work-from"),
            &fl!(t, "work-hint"),
            &input.work_from,
            false,
        )
        .day("work_until", &fl!(t, "work-until"), "", &input.work_until, false)
        .text(
            "currency",
            &fl!(t, "call-currency"),
            &fl!(t, "currency-hint"),
            &input.currency,
        )
        .money(
            "ceiling",
            &fl!(t, "call-ceiling"),
            &fl!(t, "ceiling-hint"),
            &input.ceiling,
            &input.currency,
            true,
        );
}
fn need_rows(ctx: &Ctx, f: &mut Form, input: &CallInput) {
    let l = ctx.locale;
    let t = t(l);
    let channels: Vec<(String, String)> = Channel::ALL
        .iter()
        .map(|c| (c.to_string(), words::channel(l, *c)))
        .collect();
    let fields: Vec<(String, String)> = basis::Field::ALL
        .iter()
        .map(|f| (f.to_string(), parts::field_name(l, *f)))
        .collect();
    let needs = if input.needs.is_empty() {
        &[NeedInput::default()][..]
    } else {
        &input.needs
    };
    for (i, n) in needs.iter().enumerate() {
        let at = |name: &str| format!("need-{i}-{name}");
        f.part(&fl!(t, "need-n", n = (i + 1)))
            .text_in(
                "zh-Hans",
                &at("title_zh"),
                &fl!(t, "need-title-zh"),
                &fl!(t, "need-hint"),
                &n.title_zh,
                true,
            )
            .text_in("en", &at("title_en"), &fl!(t, "need-title-en"), "", &n.title_en, true)
            .select(
                &at("channel"),
                &fl!(t, "need-channel"),
                "",
                &channels,
                &n.channel,
                false,
            )
            .number(&at("min"), &fl!(t, "need-min"), &fl!(t, "need-min-hint"), &n.min)
            .number(&at("max"), &fl!(t, "need-max"), &fl!(t, "need-max-hint"), &n.max)
            .text_in(
                "zh-Hans",
                &at("unit_zh"),
                &fl!(t, "need-unit-zh"),
                &fl!(t, "need-unit-hint"),
                &n.unit_zh,
                true,
            )
            .text_in("en", &at("unit_en"), &fl!(t, "need-unit-en"), "", &n.unit_en, true)
            .number(
                &at("priority"),
                &fl!(t, "need-priority"),
                &fl!(t, "need-priority-hint"),
                if n.priority.is_empty() { "5" } else { &n.priority },
            )
            .select(
                &at("field"),
                &fl!(t, "need-field"),
                &fl!(t, "need-field-hint"),
                &fields,
                &n.field,
                true,
            );
    }
    f.raw(&more("need", &fl!(t, "need-more")));
}
/// Enter presses a form's first button: that must be this one, and not the one for a further row.
pub(super) fn pressed_by_enter() -> Markup {
    Markup("<button class=\"unseen\" name=\"save\" value=\"1\" tabindex=\"-1\" aria-hidden=\"true\"></button>".into())
}
/// A button below the rows that it adds one to.
pub(super) fn more(what: &str, label: &str) -> Markup {
    Markup(format!(
        "<p class=\"row\"><button class=\"button plain\" name=\"more\" value=\"{what}\">{}</button></p>",
        parts::escape(label)
    ))
}
/// So many rows stand in the form, even where none was filled.
const LEAST_CRITERIA: usize = 2;
fn criterion_rows(ctx: &Ctx, f: &mut Form, input: &CallInput) {
    let t = t(ctx.locale);
    f.part(&fl!(t, "call-criteria"))
        .raw(&super::quiet(&fl!(t, "criteria-hint")));
    let none = CriterionInput::default();
    for i in 0..input.criteria.len().max(LEAST_CRITERIA) {
        let c = input.criteria.get(i).unwrap_or(&none);
        let at = |name: &str| format!("criterion-{i}-{name}");
        f.text_in(
            "zh-Hans",
            &at("title_zh"),
            &fl!(t, "criterion-zh", n = (i + 1)),
            "",
            &c.title_zh,
            true,
        )
        .text_in(
            "en",
            &at("title_en"),
            &fl!(t, "criterion-en", n = (i + 1)),
            "",
            &c.title_en,
            true,
        )
        .number(&at("weight"), &fl!(t, "criterion-weight"), "", &c.weight);
    }
    f.raw(&more("criterion", &fl!(t, "criterion-more")));
}
