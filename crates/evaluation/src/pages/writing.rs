//! What evaluators write, and the executing party's reply.

use ::pages::{Ctx, Form, Markup, Posted, Problem, Repeat};
use axum::{extract::Path, response::Response};
use basis::{AimId, Code, EvaluationId, Fail, Refusal};
use i18n_embed_fl::fl;

use super::{Head, Part, both, repeated, show, shown::Bare, word};
use crate::{FindingInput, FindingState, ReplyInput, SummaryInput, sight, store, t};

pub async fn declare(ctx: Ctx, Path(raw): Path<String>, posted: Bare) -> Result<Response, Problem> {
    let id: EvaluationId = super::id(&raw)?;
    crate::declare_no_conflict(ctx.house(), &ctx.asking(posted.once), id)
        .await
        .or_else(repeated)?;
    Ok(ctx.go(&format!("/evaluations/{id}"), Some("declared")))
}
pub async fn publish(ctx: Ctx, Path(raw): Path<String>, posted: Bare) -> Result<Response, Problem> {
    let id: EvaluationId = super::id(&raw)?;
    crate::publish(ctx.house(), &ctx.asking(posted.once), id)
        .await
        .or_else(repeated)?;
    Ok(ctx.go(&format!("/evaluations/{id}"), Some("published")))
}
/// The gate's answer before a form is shown: who may not write it is told the rule.
async fn check(ctx: &Ctx, id: EvaluationId, action: &'static str) -> Result<(), Problem> {
    let db = &ctx.house().db;
    let e = store::load(db, id).await?.ok_or(Fail::NotFound)?;
    let evaluators = store::evaluators(db, &[id]).await?;
    let thing = sight::thing(db, &ctx.viewer, &e, &evaluators).await?;
    Ok(ctx.house().gate.check(&ctx.viewer, action, &thing)?)
}
async fn show_form(
    ctx: &Ctx,
    id: EvaluationId,
    (title, lead): (String, &str),
    (heading, note): (String, String),
    form: Form,
) -> Result<Response, Problem> {
    let (e, u) = both(ctx, id).await?;
    let head = Head {
        title,
        lead,
        about: u.title.plain(ctx.locale),
        about_path: format!("/evaluations/{id}"),
        illustrative: e.illustrative,
        listed: false,
    };
    let in_error = form.has_errors();
    let part = Part {
        anchor: "form",
        heading,
        note,
        body: form.done(),
    };
    show(ctx, head, Markup::default(), vec![part], in_error)
}

pub async fn find_form(ctx: Ctx, Path((raw, aim)): Path<(String, String)>) -> Result<Response, Problem> {
    let (id, aim): (EvaluationId, AimId) = (super::id(&raw)?, super::id(&aim)?);
    let before = store::findings(&ctx.house().db, &[id])
        .await?
        .into_iter()
        .find(|f| f.aim == aim);
    let get = |t: &basis::Text, l: &str| t.get(l).unwrap_or("").to_owned();
    let input = match before {
        Some(f) => FindingInput {
            aim: aim.to_string(),
            state: f.state.code().into(),
            found_zh: get(&f.found, "zh-Hans"),
            found_en: get(&f.found, "en"),
            note_zh: f.note.as_ref().map(|n| get(n, "zh-Hans")).unwrap_or_default(),
            note_en: f.note.as_ref().map(|n| get(n, "en")).unwrap_or_default(),
            source: f.source.unwrap_or_default(),
            version: f.version.to_string(),
        },
        None => FindingInput {
            aim: aim.to_string(),
            ..FindingInput::default()
        },
    };
    show_find(&ctx, id, aim, &input, &[]).await
}
pub async fn find(
    ctx: Ctx,
    Path((raw, aim)): Path<(String, String)>,
    posted: Posted<FindingInput>,
) -> Result<Response, Problem> {
    let (id, aim): (EvaluationId, AimId) = (super::id(&raw)?, super::id(&aim)?);
    let input = FindingInput {
        aim: aim.to_string(),
        ..posted.input
    };
    match Repeat::or_refused(crate::find(ctx.house(), &ctx.asking(posted.once), id, &input).await)? {
        Ok(_) => Ok(ctx.go(&format!("/evaluations/{id}"), Some("found"))),
        Err(refusals) => show_find(&ctx, id, aim, &input, &refusals).await,
    }
}
async fn show_find(
    ctx: &Ctx,
    id: EvaluationId,
    aim: AimId,
    input: &FindingInput,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    check(ctx, id, "evaluation.judge").await?;
    let aim = store::aim(&ctx.house().db, aim).await?.ok_or(Fail::NotFound)?;
    let mut form = Form::post(
        ctx,
        &format!("/evaluations/{id}/findings/{}", aim.id),
        fl!(t, "button-find"),
        refusals,
    );
    let option = |s: &FindingState| (s.code().to_owned(), word(l, &format!("finding-{s}")), String::new());
    let options: Vec<_> = FindingState::ALL.iter().map(option).collect();
    form.radios("state", &fl!(t, "field-state"), "", &options, &input.state);
    let hint = fl!(t, "hint-found");
    form.prose_in(
        "zh-Hans",
        "found_zh",
        &fl!(t, "field-found-zh"),
        &hint,
        &input.found_zh,
        1000,
        false,
    );
    form.prose_in(
        "en",
        "found_en",
        &fl!(t, "field-found-en"),
        "",
        &input.found_en,
        1000,
        false,
    );
    form.text_opt("source", &fl!(t, "field-source"), &fl!(t, "hint-source"), &input.source);
    let hint = fl!(t, "hint-note");
    form.prose_in(
        "zh-Hans",
        "note_zh",
        &fl!(t, "field-note-zh"),
        &hint,
        &input.note_zh,
        2000,
        true,
    );
    form.prose_in(
        "en",
        "note_en",
        &fl!(t, "field-note-en"),
        "",
        &input.note_en,
        2000,
        true,
    );
    form.hidden("version", &input.version);
    form.beside(&ctx.to(&format!("/evaluations/{id}")), &fl!(t, "link-back"));
    let lead = fl!(
        t,
        "find-lead",
        measure = aim.measure.plain(l),
        target = aim.target.plain(l)
    );
    let heading = fl!(t, "part-finding");
    show_form(
        ctx,
        id,
        (aim.text.plain(l).to_owned(), &lead),
        (heading, String::new()),
        form,
    )
    .await
}

pub async fn submit_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    show_submit(&ctx, super::id(&raw)?, &SummaryInput::default(), &[]).await
}
pub async fn submit(ctx: Ctx, Path(raw): Path<String>, posted: Posted<SummaryInput>) -> Result<Response, Problem> {
    let id: EvaluationId = super::id(&raw)?;
    match Repeat::or_refused(crate::submit(ctx.house(), &ctx.asking(posted.once), id, &posted.input).await)? {
        Ok(_) => Ok(ctx.go(&format!("/evaluations/{id}"), Some("submitted"))),
        Err(refusals) => show_submit(&ctx, id, &posted.input, &refusals).await,
    }
}
async fn show_submit(
    ctx: &Ctx,
    id: EvaluationId,
    input: &SummaryInput,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    check(ctx, id, "evaluation.submit").await?;
    let mut form = Form::post(
        ctx,
        &format!("/evaluations/{id}/summary"),
        fl!(t, "button-submit"),
        refusals,
    );
    let hint = fl!(t, "hint-summary");
    form.prose_in(
        "zh-Hans",
        "summary_zh",
        &fl!(t, "field-summary-zh"),
        &hint,
        &input.summary_zh,
        6000,
        false,
    );
    form.prose_in(
        "en",
        "summary_en",
        &fl!(t, "field-summary-en"),
        "",
        &input.summary_en,
        6000,
        false,
    );
    form.beside(&ctx.to(&format!("/evaluations/{id}")), &fl!(t, "link-back"));
    let lead = fl!(t, "submit-lead");
    show_form(
        ctx,
        id,
        (fl!(t, "title-submit"), &lead),
        (fl!(t, "part-summary"), String::new()),
        form,
    )
    .await
}

pub async fn reply_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    show_reply(&ctx, super::id(&raw)?, &ReplyInput::default(), &[]).await
}
pub async fn reply(ctx: Ctx, Path(raw): Path<String>, posted: Posted<ReplyInput>) -> Result<Response, Problem> {
    let id: EvaluationId = super::id(&raw)?;
    match Repeat::or_refused(crate::reply(ctx.house(), &ctx.asking(posted.once), id, &posted.input).await)? {
        Ok(_) => Ok(ctx.go(&format!("/evaluations/{id}#reply"), Some("replied"))),
        Err(refusals) => show_reply(&ctx, id, &posted.input, &refusals).await,
    }
}
async fn show_reply(
    ctx: &Ctx,
    id: EvaluationId,
    input: &ReplyInput,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    check(ctx, id, "evaluation.reply").await?;
    let mut form = Form::post(
        ctx,
        &format!("/evaluations/{id}/reply"),
        fl!(t, "button-reply"),
        refusals,
    );
    form.prose(
        "text",
        &fl!(t, "field-reply"),
        &fl!(t, "hint-reply"),
        &input.text,
        6000,
        false,
    );
    form.beside(&ctx.to(&format!("/evaluations/{id}")), &fl!(t, "link-back"));
    show_form(
        ctx,
        id,
        (fl!(t, "title-reply"), ""),
        (fl!(t, "part-reply"), String::new()),
        form,
    )
    .await
}
