//! The review: a member declares, scores and hands in; those inside see what is in, and make the short list.

use std::collections::HashMap;

use ::pages::{Ctx, Form, Markup, Posted, Problem, Repeat, fmt, parts};
use axum::{extract::Path, response::Response};
use basis::{CallId, Fail, OfferId, Refusal};
use i18n_embed_fl::fl;

use super::words::{self, Names};
use super::{all, id, para, part, quiet, table, under_call};
use crate::{
    Call, Criterion, DeclareInput, Mark, MarkInput, Offer, ReviewView, ScoreInput, Seat, ShortlistInput, offer_view,
    review_view, store as sql, t,
};

pub(super) async fn review(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    show(&ctx, id(&raw)?, &DeclareInput::default(), &[]).await
}
pub(super) async fn show(
    ctx: &Ctx,
    call_id: CallId,
    typed: &DeclareInput,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let call = crate::call_view(ctx.house(), &ctx.viewer, call_id).await?.call;
    let v = review_view(ctx.house(), &ctx.viewer, &call).await?;
    if call.is_sealed() {
        let lead = fl!(t, "review-sealed", when = words::clocks(ctx, call.closes_at, None));
        return under_call(
            ctx,
            &call,
            fl!(t, "review-title"),
            lead,
            Markup::default(),
            Vec::new(),
            false,
        );
    }
    let bodies = v.makers.iter().filter_map(|m| m.body).collect();
    let people = v
        .makers
        .iter()
        .filter_map(|m| m.account)
        .chain(v.seats.iter().map(|s| s.account))
        .collect();
    let names = Names::of(ctx, bodies, people).await?;
    let makers: HashMap<OfferId, String> = v
        .makers
        .iter()
        .map(|m| (m.offer, names.maker(l, m.body, m.account)))
        .collect();
    let seat = v.seats.iter().find(|s| Some(s.account) == ctx.viewer.account());
    let mut sections = Vec::new();
    let mut lead = fl!(t, "review-say");
    match seat {
        Some(s) if !s.counts() => lead = fl!(t, "review-struck"),
        Some(s) => sections.extend(member(ctx, &call, &v, s, &makers, typed, refusals)),
        None => sections.extend(inside(ctx, &call, &v, &makers, &names)),
    }
    under_call(
        ctx,
        &call,
        fl!(t, "review-title"),
        lead,
        Markup::default(),
        sections,
        !refusals.is_empty(),
    )
}
/// A member's own work: declare, score each, hand in; then what the others said.
fn member(
    ctx: &Ctx,
    call: &Call,
    v: &ReviewView,
    seat: &Seat,
    makers: &HashMap<OfferId, String>,
    typed: &DeclareInput,
    refusals: &[Refusal],
) -> Vec<super::Part> {
    let t = t(ctx.locale);
    let mut sections = Vec::new();
    if seat.scored_at.is_none() {
        let choices: Vec<(String, String, String)> = v
            .makers
            .iter()
            .map(|m| {
                (
                    m.offer.to_string(),
                    makers.get(&m.offer).cloned().unwrap_or_default(),
                    String::new(),
                )
            })
            .collect();
        let known: Vec<String> = seat
            .conflict
            .as_ref()
            .map(|c| c.offers.iter().map(ToString::to_string).collect())
            .unwrap_or_default();
        let chosen: Vec<&str> = if typed.offers.is_empty() {
            known.iter()
        } else {
            typed.offers.iter()
        }
        .map(String::as_str)
        .collect();
        let note = if typed.note.is_empty() {
            seat.conflict.as_ref().map_or("", |c| c.note.as_str())
        } else {
            &typed.note
        };
        let label = if seat.conflict.is_some() {
            fl!(t, "declare-again")
        } else {
            fl!(t, "declare")
        };
        let mut f = Form::post(ctx, &format!("/calls/{}/declaration", call.id), label, refusals);
        f.checks(
            "offers",
            &fl!(t, "declare-legend"),
            &fl!(t, "declare-hint"),
            &choices,
            &chosen,
        )
        .prose("note", &fl!(t, "declare-note"), "", note, 600, true);
        if seat.conflict.is_some() {
            f.plain();
        }
        let declared = part("declare", fl!(t, "declare-title"), f.done()).note(fl!(t, "declare-say"));
        if seat.conflict.is_none() {
            return vec![declared];
        }
        sections.push(declared);
    }
    sections.insert(
        0,
        part("score", fl!(t, "score-title"), own_scores(ctx, call, v, seat, makers)).note(fl!(t, "score-say")),
    );
    if seat.sees_others() {
        sections.push(part(
            "others",
            fl!(t, "score-others"),
            marks_table(ctx, call, v, makers),
        ));
    }
    sections
}
fn own_scores(ctx: &Ctx, call: &Call, v: &ReviewView, seat: &Seat, makers: &HashMap<OfferId, String>) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    let heads = [fl!(t, "offer-maker"), fl!(t, "offer-what"), fl!(t, "score-own") + "#"];
    let mut open = 0;
    let rows: Vec<Vec<Markup>> = v
        .offers
        .iter()
        .filter(|o| seat.must_score(o.id))
        .map(|o| {
            let own: Vec<&Mark> = v.own.iter().filter(|m| m.offer == o.id).collect();
            let total = crate::panel::total(&own, &call.criteria);
            open += usize::from(total.is_none());
            let tail = if seat.scored_at.is_none() { "/scores" } else { "" };
            let name = super::link(
                &ctx.to(&format!("/offers/{}{tail}", o.id)),
                makers.get(&o.id).map_or("", String::as_str),
            );
            let summary = o
                .content
                .as_ref()
                .map(|c| parts::text(l, &c.summary))
                .unwrap_or_default();
            vec![
                Markup(name),
                summary,
                Markup::from(total.map_or_else(|| fl!(t, "score-open"), words::tenths)),
            ]
        })
        .collect();
    let mut out = vec![table(&fl!(t, "score-title"), &heads, &rows)];
    if seat.readings.is_some() {
        out.push(quiet(&fl!(t, "readings-yours")));
    }
    if seat.scored_at.is_some() {
        out.push(quiet(&fl!(t, "score-fixed")));
    } else if open == 0 {
        out.push(para(&fl!(t, "hand-in-say")));
        out.push(parts::step(
            ctx,
            &format!("/calls/{}/review", call.id),
            &fl!(t, "hand-in"),
            false,
        ));
    } else {
        out.push(quiet(&fl!(t, "score-missing", count = open)));
    }
    all(out)
}
/// What those inside see: verdicts, the short list, the panel's state.
fn inside(
    ctx: &Ctx,
    call: &Call,
    v: &ReviewView,
    makers: &HashMap<OfferId, String>,
    names: &Names,
) -> Vec<super::Part> {
    let l = ctx.locale;
    let t = t(l);
    let may = ctx.may("offer.shortlist", &call.thing()) && call.status == crate::CallStatus::InReview;
    let mut offers: Vec<&Offer> = v.offers.iter().collect();
    let mean: HashMap<OfferId, Option<i64>> = v.verdicts.iter().map(|x| (x.offer, x.mean)).collect();
    // The best first; those without a verdict as they came in.
    offers.sort_by_key(|o| std::cmp::Reverse(mean.get(&o.id).copied().flatten()));
    let heads = [
        fl!(t, "offer-maker"),
        fl!(t, "offer-what"),
        fl!(t, "offer-asked") + "#",
        fl!(t, "offer-mean") + "#",
        fl!(t, "shortlist"),
    ];
    let rows: Vec<Vec<Markup>> = offers
        .iter()
        .map(|o| {
            let name = super::link(
                &ctx.to(&format!("/offers/{}", o.id)),
                makers.get(&o.id).map_or("", String::as_str),
            );
            let c = o.content.as_ref();
            let pick = if may {
                let id = o.id;
                let label = fl!(
                    t,
                    "shortlist-this",
                    maker = makers.get(&o.id).map_or("", String::as_str)
                );
                Markup(format!(
                    "<input type=\"checkbox\" name=\"offers\" value=\"{id}\" aria-label=\"{}\"{}>",
                    parts::escape(&label),
                    if o.shortlisted { " checked" } else { "" }
                ))
            } else {
                Markup::from(if o.shortlisted {
                    fl!(t, "shortlist-yes")
                } else {
                    String::new()
                })
            };
            vec![
                Markup(format!("{name}{}", parts::made_up_if(l, o.illustrative))),
                c.map(|c| parts::text(l, &c.summary)).unwrap_or_default(),
                Markup::from(c.and_then(|c| c.asked).map(|m| fmt::money(l, m)).unwrap_or_default()),
                Markup::from(
                    mean.get(&o.id)
                        .copied()
                        .flatten()
                        .map(words::tenths)
                        .unwrap_or_default(),
                ),
                pick,
            ]
        })
        .collect();
    let list = if rows.is_empty() {
        quiet(&fl!(t, "offers-none"))
    } else {
        table(&fl!(t, "offers-title"), &heads, &rows)
    };
    let list = if may && !rows.is_empty() {
        let mut f = Form::post(
            ctx,
            &format!("/calls/{}/shortlist", call.id),
            fl!(t, "shortlist-save"),
            &[],
        );
        f.raw(&list).plain();
        f.done()
    } else {
        list
    };
    let mut sections = vec![part("offers", fl!(t, "offers-title"), list).note(fl!(t, "shortlist-say"))];
    sections.push(part(
        "panel",
        fl!(t, "panel-title"),
        super::panel::seat_table(ctx, call, &v.seats, names),
    ));
    if !v.marks.is_empty() {
        sections
            .push(part("marks", fl!(t, "score-others"), marks_table(ctx, call, v, makers)).note(fl!(t, "marks-say")));
    }
    sections
}
/// Mean points per offer and criterion, and every note; members are not named beside their marks.
fn marks_table(ctx: &Ctx, call: &Call, v: &ReviewView, makers: &HashMap<OfferId, String>) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    let mut heads = vec![fl!(t, "offer-maker")];
    heads.extend(call.criteria.iter().map(|c| format!("{}#", c.title.plain(l))));
    heads.push(fl!(t, "offer-mean") + "#");
    heads.push(fl!(t, "score-notes"));
    let rows: Vec<Vec<Markup>> = v
        .verdicts
        .iter()
        .map(|x| {
            let marks: Vec<&Mark> = v.marks.iter().filter(|m| m.offer == x.offer).collect();
            let mut row = vec![Markup::from(makers.get(&x.offer).cloned().unwrap_or_default())];
            for c in &call.criteria {
                let points: Vec<i64> = marks
                    .iter()
                    .filter(|m| m.criterion == c.key)
                    .map(|m| m.points)
                    .collect();
                let n = points.len() as i64;
                row.push(Markup::from(if n > 0 {
                    words::tenths((20 * points.iter().sum::<i64>() + n) / (2 * n))
                } else {
                    String::new()
                }));
            }
            row.push(Markup::from(x.mean.map(words::tenths).unwrap_or_default()));
            let notes: Vec<String> = marks
                .iter()
                .filter_map(|m| m.note.as_deref())
                .map(parts::escape)
                .collect();
            row.push(Markup(notes.join("<br>")));
            row
        })
        .collect();
    table(&fl!(t, "score-others"), &heads, &rows)
}
pub(super) async fn hand_in(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<super::Nothing>,
) -> Result<Response, Problem> {
    let call: CallId =
        ::store::OrRepeat::or_repeat(crate::hand_in(ctx.house(), &ctx.asking(posted.once.clone()), id(&raw)?).await)?;
    Ok(ctx.go(&format!("/calls/{call}/review"), Some("scores-in")))
}
pub(super) async fn shortlist(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<ShortlistInput>,
) -> Result<Response, Problem> {
    let call: CallId = ::store::OrRepeat::or_repeat(
        crate::shortlist(ctx.house(), &ctx.asking(posted.once.clone()), id(&raw)?, &posted.input).await,
    )?;
    Ok(ctx.go(&format!("/calls/{call}/review"), Some("shortlisted")))
}

/// One offer and the criteria side by side.
pub(super) async fn form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let (call, offer) = offer_view(ctx.house(), &ctx.viewer, id(&raw)?).await?;
    let me = ctx.viewer.account().ok_or(Fail::NotFound)?;
    let own = sql::own_marks(&ctx.house().db, call.id, me).await?;
    let marks = own
        .into_iter()
        .filter(|m| m.offer == offer.id)
        .map(|m| MarkInput {
            criterion: m.criterion,
            points: m.points.to_string(),
            note: m.note.unwrap_or_default(),
        })
        .collect();
    show_form(&ctx, &call, &offer, &ScoreInput { marks }, &[]).await
}
pub(super) async fn score(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<super::Nothing>,
) -> Result<Response, Problem> {
    let (call, offer) = offer_view(ctx.house(), &ctx.viewer, id(&raw)?).await?;
    let typed = |c: &Criterion| MarkInput {
        criterion: c.key.clone(),
        points: posted.get(&format!("points-{}", c.key)).to_owned(),
        note: posted.get(&format!("note-{}", c.key)).to_owned(),
    };
    let input = ScoreInput {
        marks: call.criteria.iter().map(typed).collect(),
    };
    match Repeat::or_refused(crate::score(ctx.house(), &ctx.asking(posted.once.clone()), offer.id, &input).await)? {
        Ok(_) => Ok(ctx.go(&format!("/calls/{}/review", call.id), Some("scored"))),
        Err(refusals) => show_form(&ctx, &call, &offer, &input, &refusals).await,
    }
}
async fn show_form(
    ctx: &Ctx,
    call: &Call,
    offer: &Offer,
    input: &ScoreInput,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let seats = sql::seats(&ctx.house().db, call.id).await?;
    let thing = crate::review::offer_looked_at(&ctx.house().db, &ctx.viewer, call, &seats, offer).await?;
    ctx.house().gate.check(&ctx.viewer, "offer.review", &thing)?;
    let needs = sql::needs(&ctx.house().db, call.id).await?;
    let names = Names::of(
        ctx,
        offer.body.into_iter().collect(),
        offer.account.into_iter().collect(),
    )
    .await?;
    let maker = names.maker(l, offer.body, offer.account);
    let mut f = Form::post(
        ctx,
        &format!("/offers/{}/scores", offer.id),
        fl!(t, "score-save"),
        refusals,
    );
    for c in &call.criteria {
        let typed = input.marks.iter().find(|m| m.criterion == c.key);
        let label = fl!(t, "score-criterion", criterion = c.title.plain(l), weight = c.weight);
        f.number(
            &format!("points-{}", c.key),
            &label,
            &fl!(t, "score-points-hint"),
            typed.map_or("", |m| &m.points),
        )
        .prose(
            &format!("note-{}", c.key),
            &fl!(t, "score-note"),
            "",
            typed.map_or("", |m| &m.note),
            1000,
            true,
        );
    }
    let Some(content) = &offer.content else {
        return Err(Fail::NotFound.into());
    };
    let sections = vec![
        part(
            "content",
            fl!(t, "offer-content"),
            super::offer::content_facts(ctx, content, &needs),
        ),
        part("form", fl!(t, "score-title"), f.done()).note(fl!(t, "score-say")),
    ];
    under_call(
        ctx,
        call,
        maker,
        fl!(t, "score-lead"),
        Markup::default(),
        sections,
        f.has_errors(),
    )
}
