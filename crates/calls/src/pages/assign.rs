//! To hand work to one named party, and that party's answer.

use ::pages::{Ctx, Form, Markup, Nav, Page, Posted, Problem, Repeat, fmt, parts};
use axum::{
    extract::{Path, Query},
    response::Response,
};
use basis::{BodyId, Fail, Locale, PageRequest, PlanItemId, Refusal};
use i18n_embed_fl::fl;
use serde::Deserialize;

use super::words::{self, Names};
use super::{Act, facts, id, part, under_call};
use crate::{AnswerInput, AssignInput, Assignment, Call, CallStatus, store as sql, t};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct From {
    plan_item: String,
}
/// The plan item's own words to begin with: most of it is said there already.
pub(super) async fn form(ctx: Ctx, Query(from): Query<From>) -> Result<Response, Problem> {
    let item = match from.plan_item.parse::<PlanItemId>() {
        Ok(id) => planning::item(&ctx.house().db, id).await?,
        Err(_) => None,
    };
    let thing = access::Thing {
        guiding: match &item {
            Some(i) => Some(i.guiding),
            None => ctx.viewer.body(),
        },
        ..access::Thing::new("call", "new")
    };
    ctx.house().gate.check(&ctx.viewer, "call.assign", &thing)?;
    let words = |text: Option<&basis::Text>, l: Locale| text.and_then(|t| t.get(l.tag())).unwrap_or("").to_owned();
    let (title, aim) = (item.as_ref().map(|i| &i.title), item.as_ref().map(|i| &i.aim));
    let input = AssignInput {
        plan_item: from.plan_item,
        title_zh: words(title, Locale::Zh),
        title_en: words(title, Locale::En),
        brief_zh: words(aim, Locale::Zh),
        brief_en: words(aim, Locale::En),
        currency: "CNY".into(),
        ..AssignInput::default()
    };
    show(&ctx, &input, &[]).await
}
pub(super) async fn assign(ctx: Ctx, posted: Posted<AssignInput>) -> Result<Response, Problem> {
    match Repeat::or_refused(crate::assign(ctx.house(), &ctx.asking(posted.once.clone()), &posted.input).await)? {
        Ok(id) => Ok(ctx.go(&format!("/calls/{id}"), Some("call-assigned"))),
        Err(refusals) => show(&ctx, &posted.input, &refusals).await,
    }
}
/// Organisations whose verification holds, and partner cities' offices; the guiding unit guides and is not among them.
async fn parties_to_choose(ctx: &Ctx) -> Result<Vec<(String, String)>, Problem> {
    let q = &ctx.house().db;
    let l = ctx.locale;
    let filter = parties::Filter {
        standing: Some(parties::Standing::Verified),
        ..parties::Filter::on(ctx.today())
    };
    let page = PageRequest {
        after: None,
        limit: 1000,
    };
    let found = parties::organisations(q, &filter, page).await?.items;
    let mut out: Vec<(String, String)> = found
        .iter()
        .filter(|o| o.is_verified(ctx.today()))
        .map(|o| (o.id.to_string(), o.name.plain(l).to_owned()))
        .collect();
    let offices = access::bodies_of_kind(q, access::BodyKind::PartnerOffice).await?;
    out.extend(offices.iter().map(|b| (b.id.to_string(), b.name.plain(l).to_owned())));
    out.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(out)
}
async fn show(ctx: &Ctx, input: &AssignInput, refusals: &[Refusal]) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let items = super::draft::items(ctx, &input.plan_item).await?;
    let mut f = Form::post(ctx, "/calls/assign", fl!(t, "assign-save"), refusals);
    f.select(
        "plan_item",
        &fl!(t, "call-plan-item"),
        "",
        &items,
        &input.plan_item,
        false,
    )
    .part(&fl!(t, "assign-party"))
    .select(
        "organisation",
        &fl!(t, "assign-organisation"),
        &fl!(t, "assign-organisation-hint"),
        &parties_to_choose(ctx).await?,
        &input.organisation,
        true,
    )
    .line(
        "email",
        "person",
        &fl!(t, "assign-person"),
        &fl!(t, "assign-person-hint"),
        &input.person,
        true,
    );
    let (zh, en, either) = ("zh-Hans", "en", fl!(t, "either-language"));
    f.prose_in(
        zh,
        "reason_zh",
        &fl!(t, "award-reason-zh"),
        &fl!(t, "assign-reason-hint"),
        &input.reason_zh,
        1200,
        false,
    )
    .prose_in(
        en,
        "reason_en",
        &fl!(t, "award-reason-en"),
        "",
        &input.reason_en,
        1200,
        false,
    )
    .day(
        "answer_by",
        &fl!(t, "assign-answer-by"),
        &fl!(t, "assign-answer-by-hint"),
        &input.answer_by,
        false,
    )
    .part(&fl!(t, "assign-work"))
    .text_in(zh, "title_zh", &fl!(t, "title-zh"), &either, &input.title_zh, true)
    .text_in(en, "title_en", &fl!(t, "title-en"), "", &input.title_en, true)
    .prose_in(
        zh,
        "brief_zh",
        &fl!(t, "brief-zh"),
        &fl!(t, "brief-hint"),
        &input.brief_zh,
        4000,
        true,
    )
    .prose_in(en, "brief_en", &fl!(t, "brief-en"), "", &input.brief_en, 4000, true)
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
        "amount",
        &fl!(t, "assign-amount"),
        &fl!(t, "assign-amount-hint"),
        &input.amount,
        &input.currency,
        true,
    );
    let title = fl!(t, "assign-title");
    let act = Act {
        title: title.clone(),
        made_up: Markup::default(),
        lead: fl!(t, "assign-lead"),
        context: Markup::default(),
        parts: vec![part("form", fl!(t, "assign-form"), f.done())],
    };
    let page = Page::new(title)
        .nav(Nav::Calls)
        .crumb(fl!(t, "calls-title"), "/calls")
        .unlisted();
    ctx.show(page.in_error(f.has_errors()), &act)
}

/// The call and its assignment, for the party; the gate names the rule to everybody else who sees the call.
async fn asked(ctx: &Ctx, raw: &str) -> Result<(Call, Assignment), Problem> {
    let q = &ctx.house().db;
    let call = sql::load(q, id(raw)?).await?.ok_or(Fail::NotFound)?;
    let assignment = sql::assignment(q, call.id).await?.ok_or(Fail::NotFound)?;
    ctx.house()
        .gate
        .check(&ctx.viewer, "assignment.answer", &assignment.thing(&call))?;
    Ok((call, assignment))
}
pub(super) async fn answer_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let (call, assignment) = asked(&ctx, &raw).await?;
    if call.status != CallStatus::Asked {
        return Ok(ctx.go(&format!("/calls/{}", call.id), None));
    }
    show_answer(&ctx, &call, &assignment, &AnswerInput::default(), &[])
}
pub(super) async fn answer(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<AnswerInput>,
) -> Result<Response, Problem> {
    let (call, assignment) = asked(&ctx, &raw).await?;
    let answered =
        crate::answer_assignment(ctx.house(), &ctx.asking(posted.once.clone()), call.id, &posted.input).await;
    match Repeat::or_refused(answered)? {
        Ok(id) => Ok(ctx.go(&format!("/calls/{id}"), Some("assignment-answered"))),
        Err(refusals) => show_answer(&ctx, &call, &assignment, &posted.input, &refusals),
    }
}
fn show_answer(
    ctx: &Ctx,
    call: &Call,
    a: &Assignment,
    input: &AnswerInput,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let mut f = Form::post(
        ctx,
        &format!("/calls/{}/answer", call.id),
        fl!(t, "answer-save"),
        refusals,
    );
    let [accept, decline] = crate::assign::says();
    let choices = vec![
        (accept, fl!(t, "answer-accept"), fl!(t, "answer-accept-hint")),
        (decline, fl!(t, "answer-decline"), fl!(t, "answer-decline-hint")),
    ];
    f.radios("answer", &fl!(t, "answer-legend"), "", &choices, &input.answer)
        .prose(
            "reason",
            &fl!(t, "answer-reason"),
            &fl!(t, "answer-reason-hint"),
            &input.reason,
            600,
            true,
        );
    let mut rows = vec![
        (
            fl!(t, "assign-answer-by"),
            Markup::from(words::last_day(ctx, a.answer_by, None)),
        ),
        (fl!(t, "assign-reason"), parts::prose(l, &a.reason)),
        (
            fl!(t, "call-work"),
            Markup::from(fl!(
                t,
                "call-from-to",
                from = fmt::day(l, call.work_from),
                to = fmt::day(l, call.work_until)
            )),
        ),
    ];
    if let Some(m) = call.ceiling() {
        rows.push((fl!(t, "assign-amount"), Markup::from(fmt::money(l, m))));
    }
    under_call(
        ctx,
        call,
        fl!(t, "answer-title"),
        fl!(t, "answer-lead"),
        facts(&rows),
        vec![
            part("what", fl!(t, "call-what"), parts::prose(l, &call.brief)),
            part("form", fl!(t, "answer-title"), f.done()),
        ],
        f.has_errors(),
    )
}

/// Whom it was handed to and why, for those who may know before the award names it.
pub(super) fn shown(ctx: &Ctx, a: &Assignment, names: &Names) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    facts(&[
        (fl!(t, "assign-party"), names.maker_link(ctx, a.body, a.account)),
        (fl!(t, "assign-reason"), parts::prose(l, &a.reason)),
        (
            fl!(t, "assign-answer-by"),
            Markup::from(words::last_day(ctx, a.answer_by, None)),
        ),
    ])
}
/// Bodies a page has to name for it.
pub(super) fn bodies(a: Option<&Assignment>) -> impl Iterator<Item = BodyId> + '_ {
    a.into_iter().filter_map(|a| a.body)
}
