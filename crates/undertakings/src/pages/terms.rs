//! The terms: laid down by the guiding side, taken on by the executing one.

use ::pages::{Ctx, Form, Nav, Page, Posted, Problem, Repeat, fmt, parts};
use axum::{extract::Path, response::Response};
use basis::{AwardId, Fail, Refusal, UndertakingId};
use i18n_embed_fl::fl;

use super::{ActPage, Part, changes::repeated, money::Nothing, words};
use crate::{Commission, Terms, neighbours, neighbours::Names, t};

pub async fn start(ctx: Ctx, Path(raw): Path<String>, posted: Posted<Nothing>) -> Result<Response, Problem> {
    let id: UndertakingId = super::id(&raw)?;
    crate::start(ctx.house(), &ctx.asking(posted.once), id)
        .await
        .or_else(repeated)?;
    Ok(ctx.go(&format!("/undertakings/{id}"), Some("started")))
}

const LINES: usize = 4;
const MILESTONES: usize = 4;
const MORE: usize = 4;

pub async fn agree_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let id: AwardId = super::id(&raw)?;
    // Pages of the call lead here whether or not terms were agreed since.
    if let Some(made) = crate::of_award(&ctx.house().db, &ctx.viewer, id).await? {
        return Ok(ctx.go(&format!("/undertakings/{}", made.id), None));
    }
    let from = commission(&ctx, id).await?;
    let input = Terms {
        starts_on: from.starts.to_string(),
        ends_on: from.ends.to_string(),
        ..Terms::default()
    };
    show(&ctx, &from, &input, &[], 0).await
}
pub async fn agree(ctx: Ctx, Path(raw): Path<String>, posted: Posted<Terms>) -> Result<Response, Problem> {
    let id: AwardId = super::id(&raw)?;
    let input = rows_of(&posted);
    // "More rows" keeps what is typed and sends nothing.
    if let Ok(more) = posted.get("more").parse::<usize>() {
        return show(&ctx, &commission(&ctx, id).await?, &input, &[], more.min(8)).await;
    }
    match Repeat::or_refused(crate::agree(ctx.house(), &ctx.asking(posted.once), id, &input).await)? {
        Ok(u) => Ok(ctx.go(&format!("/undertakings/{u}"), Some("agreed"))),
        Err(refusals) => show(&ctx, &commission(&ctx, id).await?, &input, &refusals, 0).await,
    }
}
async fn commission(ctx: &Ctx, id: AwardId) -> Result<Commission, Problem> {
    let from = neighbours::commission(&ctx.house().db, id, ctx.now())
        .await?
        .ok_or(Fail::NotFound)?;
    ctx.house()
        .gate
        .check(&ctx.viewer, "undertaking.agree", &from.thing())?;
    Ok(from)
}
/// Fields are named with their row, "line_zh.2", so that each fault finds its own.
fn rows_of(posted: &Posted<Terms>) -> Terms {
    let column = |name: &str| {
        let mut cells = Vec::new();
        let prefix = format!("{name}.");
        for (row, value) in posted.with_prefix(&prefix) {
            let Some(row) = row.parse::<usize>().ok().filter(|r| *r < 100) else {
                continue;
            };
            if cells.len() <= row {
                cells.resize(row + 1, String::new());
            }
            cells[row] = value.to_owned();
        }
        cells
    };
    Terms {
        line_zh: column("line_zh"),
        line_en: column("line_en"),
        line_amount: column("line_amount"),
        milestone_zh: column("milestone_zh"),
        milestone_en: column("milestone_en"),
        milestone_due: column("milestone_due"),
        milestone_amount: column("milestone_amount"),
        ..posted.input.clone()
    }
}
fn cell(column: &[String], row: usize) -> &str {
    column.get(row).map_or("", String::as_str)
}
async fn show(
    ctx: &Ctx,
    from: &Commission,
    input: &Terms,
    refusals: &[Refusal],
    more: usize,
) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let mut people = from.executing_members.clone();
    people.extend(from.account);
    let bodies = from.body.into_iter().chain([from.guiding]).collect();
    let names = Names::of(&ctx.house().db, bodies, people.clone()).await?;
    let persons: Vec<(String, String)> = people
        .iter()
        .map(|p| (p.to_string(), names.person(*p).to_owned()))
        .collect();
    let mut form = Form::post(
        ctx,
        &format!("/awards/{}/undertaking", from.award),
        fl!(t, "button-agree"),
        refusals,
    );
    let as_call = fl!(t, "hint-title");
    form.text_in(
        "zh-Hans",
        "title_zh",
        &fl!(t, "field-title-zh"),
        &as_call,
        &input.title_zh,
        true,
    );
    form.text_in("en", "title_en", &fl!(t, "field-title-en"), "", &input.title_en, true);
    let (label, hint) = (fl!(t, "fact-responsible"), fl!(t, "hint-responsible"));
    form.select("responsible", &label, &hint, &persons, &input.responsible, false);
    form.day(
        "starts_on",
        &fl!(t, "field-starts"),
        &fl!(t, "hint-day"),
        &input.starts_on,
        false,
    );
    form.day("ends_on", &fl!(t, "field-ends"), "", &input.ends_on, false);
    let why = from.reason.as_ref().map(|r| r.plain(l).to_owned()).unwrap_or_default();
    let hint = fl!(t, "hint-award-reason", reason = why);
    form.prose("reason", &fl!(t, "fact-why"), &hint, &input.reason, 2000, true);
    lines(ctx, &mut form, input, from, more);
    milestones(ctx, &mut form, input, from, more);
    form.also("more", &(more + 1).to_string(), &fl!(t, "button-more-rows"));
    let executor = names.executor(l, from.body, from.account);
    let lead = fl!(
        t,
        "agree-lead",
        executor = executor.as_str(),
        mode = words::mode(l, from.mode)
    );
    let title = fl!(t, "title-agree");
    let page = Page::new(title.clone())
        .nav(Nav::Programmes)
        .crumb(from.title.plain(l), format!("/calls/{}", from.call))
        .unlisted()
        .in_error(form.has_errors());
    let template = ActPage {
        title: &title,
        lead: &lead,
        made_up: parts::made_up_if(l, from.illustrative),
        context: ::pages::Markup::default(),
        parts: vec![Part {
            anchor: "terms",
            heading: fl!(t, "stage-terms"),
            note: fl!(t, "agree-note"),
            body: form.done(),
        }],
    };
    ctx.show(page, &template)
}
fn lines(ctx: &Ctx, form: &mut Form, input: &Terms, from: &Commission, more: usize) {
    let t = t(ctx.locale);
    let currency = from.currency.to_string();
    form.part(&fl!(t, "part-lines"));
    let most = from
        .most()
        .map(|m| fl!(t, "hint-most", sum = fmt::money(ctx.locale, m)))
        .unwrap_or_default();
    for n in 0..LINES.max(input.line_zh.len()) + more * MORE {
        let (no, hint) = (n + 1, if n == 0 { most.as_str() } else { "" });
        let zh = fl!(t, "field-line-zh", n = no);
        form.text_in(
            "zh-Hans",
            &format!("line_zh.{n}"),
            &zh,
            hint,
            cell(&input.line_zh, n),
            true,
        );
        form.text_in(
            "en",
            &format!("line_en.{n}"),
            &fl!(t, "field-line-en", n = no),
            "",
            cell(&input.line_en, n),
            true,
        );
        let (name, label) = (format!("line_amount.{n}"), fl!(t, "field-line-amount", n = no));
        form.money(&name, &label, "", cell(&input.line_amount, n), &currency, true);
    }
    form.money(
        "advance",
        &fl!(t, "instalment-advance"),
        &fl!(t, "hint-advance"),
        &input.advance,
        &currency,
        true,
    );
    let usual = crate::ADVANCE_USUAL.to_string();
    let (label, hint) = (
        fl!(t, "field-advance-share"),
        fl!(
            t,
            "hint-advance-share",
            usual = crate::ADVANCE_USUAL,
            most = crate::ADVANCE_MOST
        ),
    );
    let typed = Some(input.advance_share.as_str()).filter(|s| !s.is_empty());
    form.number("advance_share", &label, &hint, typed.unwrap_or(&usual));
}
fn milestones(ctx: &Ctx, form: &mut Form, input: &Terms, from: &Commission, more: usize) {
    let t = t(ctx.locale);
    let currency = from.currency.to_string();
    form.part(&fl!(t, "part-milestones"));
    for n in 0..MILESTONES.max(input.milestone_zh.len()) + more * MORE {
        let no = n + 1;
        let zh = fl!(t, "field-milestone-zh", n = no);
        form.text_in(
            "zh-Hans",
            &format!("milestone_zh.{n}"),
            &zh,
            "",
            cell(&input.milestone_zh, n),
            n > 0,
        );
        let en = fl!(t, "field-milestone-en", n = no);
        form.text_in(
            "en",
            &format!("milestone_en.{n}"),
            &en,
            "",
            cell(&input.milestone_en, n),
            true,
        );
        let due = fl!(t, "field-milestone-due", n = no);
        form.day(
            &format!("milestone_due.{n}"),
            &due,
            "",
            cell(&input.milestone_due, n),
            n > 0,
        );
        let (name, label) = (
            format!("milestone_amount.{n}"),
            fl!(t, "field-milestone-amount", n = no),
        );
        form.money(&name, &label, "", cell(&input.milestone_amount, n), &currency, true);
    }
}
