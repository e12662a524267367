//! To award, and to decide the call.

use ::pages::{Ctx, Form, Markup, Posted, Problem, Repeat, fmt, parts};
use axum::{extract::Path, response::Response};
use basis::{CallId, Refusal};
use i18n_embed_fl::fl;

use super::words::{self, Names};
use super::{id, part, quiet, under_call};
use crate::{
    AwardCard, AwardInput, Call, CallStatus, DecideInput, Mode, Need, OfferStatus, ReviewView, review_view,
    store as sql, t,
};

pub(super) async fn page(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let call = super::show::inside(&ctx, &raw, "offer.list").await?;
    show(&ctx, &call, &AwardInput::default(), &[], &DecideInput::default(), &[]).await
}
pub(super) async fn award(ctx: Ctx, Path(raw): Path<String>, posted: Posted<AwardInput>) -> Result<Response, Problem> {
    let call = super::show::inside(&ctx, &raw, "offer.list").await?;
    match Repeat::or_refused(
        crate::award_offer(ctx.house(), &ctx.asking(posted.once.clone()), call.id, &posted.input).await,
    )? {
        Ok(_) => Ok(ctx.go(&format!("/calls/{}/awards", call.id), Some("awarded"))),
        Err(refusals) => show(&ctx, &call, &posted.input, &refusals, &DecideInput::default(), &[]).await,
    }
}
pub(super) async fn decide(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<DecideInput>,
) -> Result<Response, Problem> {
    let call_id: CallId = id(&raw)?;
    match Repeat::or_refused(
        crate::decide(ctx.house(), &ctx.asking(posted.once.clone()), call_id, &posted.input).await,
    )? {
        Ok(id) => Ok(ctx.go(&format!("/calls/{id}"), Some("call-decided"))),
        Err(refusals) => {
            let call = super::show::inside(&ctx, &raw, "offer.list").await?;
            show(&ctx, &call, &AwardInput::default(), &[], &posted.input, &refusals).await
        }
    }
}
async fn show(
    ctx: &Ctx,
    call: &Call,
    input: &AwardInput,
    refusals: &[Refusal],
    decision: &DecideInput,
    undecided: &[Refusal],
) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let v = review_view(ctx.house(), &ctx.viewer, call).await?;
    let awards = sql::awards_of(&ctx.house().db, &[call.id]).await?;
    let plan = sql::published_plan(&ctx.house().db, call.id).await?;
    let bodies = v.offers.iter().filter_map(|o| o.body).collect();
    let names = Names::of(ctx, bodies, v.offers.iter().filter_map(|o| o.account).collect()).await?;
    let needs = sql::needs(&ctx.house().db, call.id).await?;
    let choices = candidates(ctx, &v, plan.as_ref(), &needs, &names);
    let mut sections = Vec::new();
    let mut failed = false;
    if !awards.is_empty() {
        let rows: Vec<String> = awards
            .iter()
            .map(|a| {
                format!(
                    "<li>{} – {}{}</li>",
                    names.maker_link(ctx, a.body, a.account),
                    parts::text(l, &a.reason),
                    granted(ctx, a, &needs)
                )
            })
            .collect();
        sections.push(part(
            "awards",
            fl!(t, "awards-title"),
            Markup(format!("<ul class=\"flow\">{}</ul>", rows.join(""))),
        ));
    }
    if call.status == CallStatus::InReview {
        if choices.is_empty() {
            sections.push(part("award", fl!(t, "award"), quiet(&fl!(t, "award-nobody"))));
        } else {
            let f = award_form(ctx, call, &choices, input, refusals);
            failed |= f.has_errors();
            let note = match call.mode {
                Mode::Outsourcing => fl!(t, "award-outsourcing-say"),
                Mode::Assignment => fl!(t, "award-assignment-say"),
            };
            sections.push(part("award", fl!(t, "award"), f.done()).note(note));
        }
        let f = decision_form(ctx, call, decision, undecided);
        failed |= f.has_errors();
        sections.push(part("decide", fl!(t, "decide"), f.done()).note(fl!(t, "decide-say")));
    }
    under_call(
        ctx,
        call,
        fl!(t, "awards-title"),
        fl!(t, "awards-say"),
        Markup::default(),
        sections,
        failed,
    )
}

/// What an award is for: its units, and why its sum is another than they come to.
pub(super) fn granted(ctx: &Ctx, a: &AwardCard, needs: &[Need]) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    let mut out = Vec::new();
    if !a.units.is_empty() {
        out.push(super::para(&fl!(
            t,
            "award-for",
            units = crate::award::units_said(l, &a.units, needs)
        )));
    }
    if let (Some(asked), Some(amount)) = (a.asked, a.amount)
        && asked != amount
    {
        out.push(super::para(&fl!(
            t,
            "award-share",
            sum = fmt::money(l, amount),
            asked = fmt::money(l, asked)
        )));
    }
    if let Some(why) = &a.amount_reason {
        out.push(parts::prose(l, why));
    }
    super::all(out)
}
/// Whom the award may go to, the best score first, each with what speaks for it.
fn candidates(
    ctx: &Ctx,
    v: &ReviewView,
    plan: Option<&crate::plans::Plan>,
    needs: &[Need],
    names: &Names,
) -> Vec<(String, String, String)> {
    let l = ctx.locale;
    let t = t(l);
    let mean = |o: basis::OfferId| v.verdicts.iter().find(|x| x.offer == o).and_then(|x| x.mean);
    let given = |o: basis::OfferId| plan.map(|p| p.outcome.given(o));
    let listed = v.offers.iter().any(|o| o.shortlisted);
    let mut choices: Vec<(Option<i64>, (String, String, String))> = v
        .offers
        .iter()
        .filter(|o| {
            o.status == OfferStatus::Submitted
                && (!listed || o.shortlisted)
                && given(o.id).is_none_or(|units| units.iter().any(|u| u.1 > 0))
        })
        .map(|o| {
            let mut hint: Vec<String> = Vec::new();
            hint.extend(mean(o.id).map(|m| fl!(t, "award-mean", mean = words::tenths(m))));
            hint.extend(given(o.id).map(|units| {
                let units = crate::award::units_counted(l, &units, needs);
                fl!(t, "award-units", units = units)
            }));
            if let Some((c, asked)) = o.content.as_ref().and_then(|c| Some((c, c.asked?))) {
                let units = given(o.id).unwrap_or_else(|| c.lines.clone());
                let asked = fmt::money(l, asked);
                hint.push(match c.share_of_asked(&units, needs) {
                    Some(sum) => fl!(t, "award-proposed", sum = fmt::money(l, sum), asked = asked),
                    None => fl!(t, "award-unproposed", asked = asked),
                });
            }
            (
                mean(o.id),
                (
                    o.id.to_string(),
                    names.maker(l, o.body, o.account),
                    hint.join(if l == basis::Locale::Zh { "；" } else { "; " }),
                ),
            )
        })
        .collect();
    choices.sort_by_key(|c| std::cmp::Reverse(c.0));
    choices.into_iter().map(|c| c.1).collect()
}
fn award_form(
    ctx: &Ctx,
    call: &Call,
    choices: &[(String, String, String)],
    input: &AwardInput,
    refusals: &[Refusal],
) -> Form {
    let t = t(ctx.locale);
    let mut f = Form::post(ctx, &format!("/calls/{}/awards", call.id), fl!(t, "award"), refusals);
    f.radios("offer", &fl!(t, "award-whom"), "", choices, &input.offer)
        .money(
            "amount",
            &fl!(t, "award-amount"),
            &fl!(t, "award-amount-hint"),
            &input.amount,
            call.currency.as_str(),
            true,
        )
        .prose(
            "amount_reason",
            &fl!(t, "award-amount-reason"),
            &fl!(t, "award-amount-reason-hint"),
            &input.amount_reason,
            600,
            true,
        )
        .prose_in(
            "zh-Hans",
            "reason_zh",
            &fl!(t, "award-reason-zh"),
            &fl!(t, "award-reason-hint"),
            &input.reason_zh,
            1200,
            false,
        )
        .prose_in(
            "en",
            "reason_en",
            &fl!(t, "award-reason-en"),
            "",
            &input.reason_en,
            1200,
            false,
        );
    f
}
fn decision_form(ctx: &Ctx, call: &Call, decision: &DecideInput, undecided: &[Refusal]) -> Form {
    let t = t(ctx.locale);
    let mut f = Form::post(
        ctx,
        &format!("/calls/{}/decision", call.id),
        fl!(t, "decide"),
        undecided,
    );
    f.marked("decide")
        .prose_in(
            "zh-Hans",
            "reason_zh",
            &fl!(t, "decide-reason-zh"),
            &fl!(t, "decide-hint"),
            &decision.reason_zh,
            1200,
            false,
        )
        .prose_in(
            "en",
            "reason_en",
            &fl!(t, "decide-reason-en"),
            "",
            &decision.reason_en,
            1200,
            false,
        )
        .plain();
    f
}
