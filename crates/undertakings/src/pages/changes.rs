//! Amendments, settling, stopping, publishing the sums.

use ::pages::{Ctx, Form, Markup, Posted, Problem, Repeat, parts};
use axum::{extract::Path, response::Response};
use basis::{Fail, Refusal, UndertakingId};
use i18n_embed_fl::fl;

use super::{Part, inside_card, money::Nothing, names_of, not_yours, show_act, shown::change_words, words};
use crate::{
    AmendmentId, AmendmentInput, AmendmentStatus, Decision, MilestoneStatus, Reason, Side, Turn, UndertakingCard,
    duties::whose, sight, t,
};

pub async fn settle(ctx: Ctx, Path(raw): Path<String>, posted: Posted<Nothing>) -> Result<Response, Problem> {
    let id: UndertakingId = super::id(&raw)?;
    crate::settle(ctx.house(), &ctx.asking(posted.once), id)
        .await
        .or_else(repeated)?;
    Ok(ctx.go(&format!("/undertakings/{id}"), Some("settled")))
}
pub async fn publish(ctx: Ctx, Path(raw): Path<String>, posted: Posted<Nothing>) -> Result<Response, Problem> {
    let id: UndertakingId = super::id(&raw)?;
    crate::publish_money(ctx.house(), &ctx.asking(posted.once), id)
        .await
        .or_else(repeated)?;
    Ok(ctx.go(&format!("/undertakings/{id}#money"), Some("money-published")))
}
/// The second of two clicks is answered like the first.
pub(super) fn repeated(f: Fail) -> Result<UndertakingId, Fail> {
    match f {
        Fail::Repeated(json) => serde_json::from_str(&json).map_err(Fail::fault),
        other => Err(other),
    }
}

pub async fn stop_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    show_stop(&ctx, super::id(&raw)?, &Reason::default(), &[]).await
}
pub async fn stop(ctx: Ctx, Path(raw): Path<String>, posted: Posted<Reason>) -> Result<Response, Problem> {
    let id: UndertakingId = super::id(&raw)?;
    let answer = crate::stop(ctx.house(), &ctx.asking(posted.once), id, &posted.input).await;
    match Repeat::or_refused(answer)? {
        Ok(_) => Ok(ctx.go(&format!("/undertakings/{id}"), Some("stopped"))),
        Err(refusals) => show_stop(&ctx, id, &posted.input, &refusals).await,
    }
}
async fn show_stop(ctx: &Ctx, id: UndertakingId, input: &Reason, refusals: &[Refusal]) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let u = inside_card(ctx, id).await?;
    ctx.house()
        .gate
        .check(&ctx.viewer, "undertaking.stop", &u.thing(&ctx.viewer))?;
    let mut form = Form::post(
        ctx,
        &format!("/undertakings/{id}/stop"),
        fl!(t, "button-stop"),
        refusals,
    );
    form.prose(
        "reason",
        &fl!(t, "field-stop"),
        &fl!(t, "hint-stop"),
        &input.reason,
        4000,
        false,
    );
    form.beside(&ctx.to(&format!("/undertakings/{id}")), &fl!(t, "link-back"));
    let in_error = form.has_errors();
    let note = fl!(t, "stop-note");
    let part = Part {
        anchor: "stop",
        heading: fl!(t, "tool-stop"),
        note,
        body: form.done(),
    };
    show_act(
        ctx,
        &u,
        (fl!(t, "title-stop"), ""),
        Markup::default(),
        vec![part],
        in_error,
    )
}

pub async fn propose_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    show_propose(&ctx, super::id(&raw)?, &AmendmentInput::default(), &[]).await
}
pub async fn propose(ctx: Ctx, Path(raw): Path<String>, posted: Posted<AmendmentInput>) -> Result<Response, Problem> {
    let id: UndertakingId = super::id(&raw)?;
    let answer = crate::propose_amendment(ctx.house(), &ctx.asking(posted.once), id, &posted.input).await;
    match Repeat::or_refused(answer)? {
        Ok(_) => Ok(ctx.go(&format!("/undertakings/{id}#changes"), Some("proposed"))),
        Err(refusals) => show_propose(&ctx, id, &posted.input, &refusals).await,
    }
}
async fn show_propose(
    ctx: &Ctx,
    id: UndertakingId,
    input: &AmendmentInput,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let u = inside_card(ctx, id).await?;
    ctx.house()
        .gate
        .check(&ctx.viewer, "amendment.propose", &u.thing(&ctx.viewer))?;
    let milestones = crate::milestones(&ctx.house().db, std::slice::from_ref(&u)).await?;
    let open: Vec<(String, String)> = milestones
        .iter()
        .filter(|m| m.status != MilestoneStatus::Accepted)
        .map(|m| {
            (
                m.id.to_string(),
                fl!(
                    t,
                    "milestone-due",
                    title = m.title.plain(l),
                    day = words::day(ctx, m.due)
                ),
            )
        })
        .collect();
    let mut form = Form::post(
        ctx,
        &format!("/undertakings/{id}/amendments"),
        fl!(t, "button-propose"),
        refusals,
    );
    let ends = fl!(t, "hint-now", now = words::day(ctx, u.ends));
    form.day("ends_on", &fl!(t, "field-ends"), &ends, &input.ends_on, true);
    form.select(
        "milestone",
        &fl!(t, "field-milestone"),
        "",
        &open,
        &input.milestone,
        true,
    );
    form.day("due_on", &fl!(t, "field-due"), "", &input.due_on, true);
    if let Some(budget) = u.budget {
        let now = fl!(t, "hint-now", now = ::pages::fmt::money(l, budget));
        form.money(
            "budget",
            &fl!(t, "field-budget"),
            &now,
            &input.budget,
            &u.currency.to_string(),
            true,
        );
    }
    form.prose(
        "reason",
        &fl!(t, "col-reason"),
        &fl!(t, "hint-amend"),
        &input.reason,
        2000,
        false,
    );
    form.beside(&ctx.to(&format!("/undertakings/{id}")), &fl!(t, "link-back"));
    let in_error = form.has_errors();
    let note = fl!(t, "amend-note");
    let part = Part {
        anchor: "amend",
        heading: fl!(t, "part-changes"),
        note,
        body: form.done(),
    };
    show_act(
        ctx,
        &u,
        (fl!(t, "tool-amend"), ""),
        Markup::default(),
        vec![part],
        in_error,
    )
}

pub async fn decide_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    show_decide(&ctx, super::id(&raw)?, &Decision::default(), &[]).await
}
pub async fn decide(ctx: Ctx, Path(raw): Path<String>, posted: Posted<Decision>) -> Result<Response, Problem> {
    let id: AmendmentId = super::id(&raw)?;
    let answer = crate::decide_amendment(ctx.house(), &ctx.asking(posted.once), id, &posted.input).await;
    match Repeat::or_refused(answer)? {
        Ok(_) => Ok(ctx.go(&format!("/amendments/{id}"), Some("decided"))),
        Err(refusals) => show_decide(&ctx, id, &posted.input, &refusals).await,
    }
}
async fn show_decide(ctx: &Ctx, id: AmendmentId, input: &Decision, refusals: &[Refusal]) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let db = &ctx.house().db;
    let a = crate::store::amendment(db, id).await?.ok_or(Fail::NotFound)?;
    let u: UndertakingCard = inside_card(ctx, a.undertaking).await?;
    let milestones = crate::milestones(db, std::slice::from_ref(&u)).await?;
    let said = change_words(ctx, &u, &milestones, &a);
    let decided = a
        .decision_reason
        .as_ref()
        .map(|r| format!("<p class=\"remark\">{}</p>", parts::escape(r)));
    let body = Markup(format!(
        "<p>{}</p><p><b>{}</b></p><p>{}</p>{}",
        words::amendment(l, a.status),
        parts::escape(&said),
        parts::escape(&a.reason),
        decided.unwrap_or_default()
    ));
    let mut all = vec![Part {
        anchor: "change",
        heading: fl!(t, "part-changes"),
        note: String::new(),
        body,
    }];
    let mut in_error = false;
    if a.status == AmendmentStatus::Proposed {
        let other = sight::side_of_card(&ctx.viewer, &u) != a.side;
        let body = if other && ctx.may("amendment.decide", &u.thing(&ctx.viewer)) {
            let mut form = Form::post(ctx, &format!("/amendments/{id}"), fl!(t, "button-decide"), refusals);
            let choice = |v: &str, label: String| (v.to_owned(), label, String::new());
            let choices = [
                choice("yes", fl!(t, "choice-agree")),
                choice("no", fl!(t, "choice-decline")),
            ];
            form.radios("agree", &fl!(t, "field-decision"), "", &choices, &input.agree);
            form.prose(
                "reason",
                &fl!(t, "col-reason"),
                &fl!(t, "hint-decline"),
                &input.reason,
                2000,
                true,
            );
            in_error = form.has_errors();
            form.done()
        } else {
            let names = names_of(ctx, &u).await?;
            let turn = if a.side == Side::Guiding {
                Turn::Executing
            } else {
                Turn::Guiding
            };
            let guiding = names.body(u.guiding).map_or("", |n| n.plain(l)).to_owned();
            not_yours(ctx, &whose(l, turn, &names.executor(l, u.body, u.account), &guiding))
        };
        all.push(Part {
            anchor: "decide",
            heading: fl!(t, "field-decision"),
            note: fl!(t, "amend-note"),
            body,
        });
    }
    show_act(
        ctx,
        &u,
        (fl!(t, "title-amendment"), ""),
        Markup::default(),
        all,
        in_error,
    )
}
