//! Handing in, and the verdict on what was handed in.

use ::pages::{Ctx, Form, Markup, Posted, Problem, Repeat, fmt, parts};
use axum::{
    extract::{FromRequest, Path, Request},
    response::Response,
};
use basis::{DeliverableId, Fail, MilestoneId, Refusal};
use i18n_embed_fl::fl;

use super::{Part, inside_card, names_of, not_yours, show_act, words};
use crate::{
    DeliverableCard, HandIn, MilestoneCard, Note, Reason, Turn, UndertakingCard, VerdictKind, duties::whose, store, t,
};

const KINDS: &str = ".pdf,.docx,.xlsx,.pptx,.odt,.png,.jpg,.jpeg,.gif,.webp,.txt";

async fn of_milestone(ctx: &Ctx, id: MilestoneId) -> Result<(UndertakingCard, MilestoneCard), Problem> {
    let db = &ctx.house().db;
    let found = store::milestone(db, id).await?.ok_or(Fail::NotFound)?;
    let u = inside_card(ctx, found.undertaking).await?;
    let all = crate::milestones(db, std::slice::from_ref(&u)).await?;
    let m = all.into_iter().find(|m| m.id == id).ok_or(Fail::NotFound)?;
    Ok((u, m))
}

pub async fn hand_in_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    show_hand_in(&ctx, super::id(&raw)?, &HandIn::default(), &[]).await
}
pub async fn hand_in(ctx: Ctx, Path(raw): Path<String>, request: Request) -> Result<Response, Problem> {
    let id: MilestoneId = super::id(&raw)?;
    // Who may not hand in hears it before a byte of their files is read.
    may_hand_in(&ctx, id).await?;
    let posted = Posted::<HandIn>::from_request(request, &()).await?;
    let files: Vec<::store::Upload> = posted.files.into_iter().map(|f| f.file).collect();
    let asking = ctx.asking(posted.once);
    match Repeat::or_refused(crate::hand_in(ctx.house(), &asking, id, &posted.input, &files).await)? {
        Ok(d) => Ok(ctx.go(&format!("/deliverables/{d}"), Some("handed-in"))),
        Err(refusals) => show_hand_in(&ctx, id, &posted.input, &refusals).await,
    }
}
async fn may_hand_in(ctx: &Ctx, id: MilestoneId) -> Result<(UndertakingCard, MilestoneCard), Problem> {
    let (u, m) = of_milestone(ctx, id).await?;
    ctx.house()
        .gate
        .check(&ctx.viewer, "deliverable.submit", &u.thing(&ctx.viewer))?;
    Ok((u, m))
}
async fn show_hand_in(ctx: &Ctx, id: MilestoneId, input: &HandIn, refusals: &[Refusal]) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let (u, m) = may_hand_in(ctx, id).await?;
    let mut form = Form::post(
        ctx,
        &format!("/milestones/{id}/deliverables"),
        fl!(t, "button-hand-in"),
        refusals,
    );
    form.prose(
        "text",
        &fl!(t, "field-text"),
        &fl!(t, "hint-text"),
        &input.text,
        8000,
        false,
    );
    let written = basis::Locale::ALL.map(|x| (x.tag().to_owned(), parts::language_name(l, x.tag())));
    let lang = if input.lang.is_empty() { l.tag() } else { &input.lang };
    form.select("lang", &fl!(t, "field-lang"), "", &written, lang, false);
    for n in 0..3 {
        let (label, hint) = if n == 0 {
            (
                fl!(t, "field-files"),
                fl!(t, "hint-files", most = ctx.app.upload_megabytes),
            )
        } else {
            (fl!(t, "field-more-files", n = (n + 1)), String::new())
        };
        // All files come in one list; a fault of any shows at the first control.
        let name = if n == 0 {
            "files".to_owned()
        } else {
            format!("files-{}", n + 1)
        };
        form.file(&name, &label, &hint, KINDS, true);
    }
    form.beside(&ctx.to(&format!("/undertakings/{}", u.id)), &fl!(t, "link-back"));
    let lead = fl!(t, "hand-in-lead", due = words::day(ctx, m.due));
    let before = crate::deliverables(&ctx.house().db, std::slice::from_ref(&m)).await?;
    let returned = before.iter().rev().find(|d| d.verdict == VerdictKind::Returned);
    let context = match returned.and_then(|d| d.verdict_reason.as_ref()) {
        Some(why) => Markup(format!(
            "<div class=\"remark now\"><p><b>{}</b></p><p>{}</p></div>",
            parts::escape(&fl!(t, "returned-because")),
            parts::escape(why)
        )),
        None => Markup::default(),
    };
    let heading = m.title.plain(l).to_owned();
    let note = words::milestone(l, m.status).0;
    let body = Markup(format!("<p>{note}</p>{form}"));
    let part = Part {
        anchor: "hand-in",
        heading,
        note: String::new(),
        body,
    };
    show_act(
        ctx,
        &u,
        (fl!(t, "title-hand-in"), &lead),
        context,
        vec![part],
        form.has_errors(),
    )
}

async fn of_deliverable(
    ctx: &Ctx,
    id: DeliverableId,
) -> Result<(UndertakingCard, MilestoneCard, DeliverableCard), Problem> {
    let db = &ctx.house().db;
    let found = store::deliverable(db, id).await?.ok_or(Fail::NotFound)?;
    let (u, m) = of_milestone(ctx, found.milestone).await?;
    let rounds = crate::deliverables(db, std::slice::from_ref(&m)).await?;
    let d = rounds.into_iter().find(|d| d.id == id).ok_or(Fail::NotFound)?;
    Ok((u, m, d))
}
pub async fn page(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    show(
        &ctx,
        super::id(&raw)?,
        (&Note::default(), &[]),
        (&Reason::default(), &[]),
    )
    .await
}
pub async fn accept(ctx: Ctx, Path(raw): Path<String>, posted: Posted<Note>) -> Result<Response, Problem> {
    let id: DeliverableId = super::id(&raw)?;
    let answer = crate::accept(ctx.house(), &ctx.asking(posted.once), id, &posted.input).await;
    match Repeat::or_refused(answer)? {
        Ok(_) => Ok(ctx.go(&format!("/deliverables/{id}"), Some("accepted"))),
        Err(refusals) => show(&ctx, id, (&posted.input, &refusals), (&Reason::default(), &[])).await,
    }
}
pub async fn give_back(ctx: Ctx, Path(raw): Path<String>, posted: Posted<Reason>) -> Result<Response, Problem> {
    let id: DeliverableId = super::id(&raw)?;
    let answer = crate::give_back(ctx.house(), &ctx.asking(posted.once), id, &posted.input).await;
    match Repeat::or_refused(answer)? {
        Ok(_) => Ok(ctx.go(&format!("/deliverables/{id}"), Some("returned"))),
        Err(refusals) => show(&ctx, id, (&Note::default(), &[]), (&posted.input, &refusals)).await,
    }
}
async fn show(
    ctx: &Ctx,
    id: DeliverableId,
    (note, note_refusals): (&Note, &[Refusal]),
    (reason, reason_refusals): (&Reason, &[Refusal]),
) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let (u, m, d) = of_deliverable(ctx, id).await?;
    let files = crate::files(&ctx.house().db, std::slice::from_ref(&d)).await?;
    let mut thing = u.thing(&ctx.viewer);
    thing.executing_people.extend(d.handed_by);
    let said = Markup(format!(
        "<p>{} <span class=\"quiet small\">{}</span></p>{}{}{}",
        words::verdict(l, d.verdict),
        parts::escape(&fmt::moment(l, d.handed_at, ctx.zone())),
        parts::prose(l, &d.text),
        words::files(ctx, &files, &d),
        d.verdict_reason
            .as_ref()
            .map(|r| format!("<p class=\"remark\">{}</p>", parts::escape(r)))
            .unwrap_or_default()
    ));
    let heading = m.title.plain(l).to_owned();
    let mut all = vec![Part {
        anchor: "round",
        heading,
        note: fl!(t, "round-n", n = d.round),
        body: said,
    }];
    let mut in_error = false;
    if d.verdict == VerdictKind::None {
        if ctx.may("deliverable.accept", &thing) {
            let action = format!("/deliverables/{id}/acceptance");
            let mut yes = Form::post(ctx, &action, fl!(t, "button-accept"), note_refusals);
            yes.prose(
                "note",
                &fl!(t, "field-note"),
                &fl!(t, "hint-note"),
                &note.note,
                4000,
                true,
            );
            let action = format!("/deliverables/{id}/return");
            let mut no = Form::post(ctx, &action, fl!(t, "button-return"), reason_refusals);
            no.plain().prose(
                "reason",
                &fl!(t, "field-return"),
                &fl!(t, "hint-return"),
                &reason.reason,
                4000,
                false,
            );
            in_error = yes.has_errors() || no.has_errors();
            let part = |anchor, heading, form: Form| Part {
                anchor,
                heading,
                note: String::new(),
                body: form.done(),
            };
            all.push(part("accept", fl!(t, "part-accept"), yes));
            all.push(part("return", fl!(t, "part-return"), no));
        } else {
            let names = names_of(ctx, &u).await?;
            let guiding = names.body(u.guiding).map_or("", |n| n.plain(l)).to_owned();
            let body = not_yours(ctx, &whose(l, Turn::Guiding, "", &guiding));
            all.push(Part {
                anchor: "verdict",
                heading: fl!(t, "part-verdict"),
                note: String::new(),
                body,
            });
        }
    }
    let lead = fl!(t, "round-lead", due = words::day(ctx, m.due));
    show_act(
        ctx,
        &u,
        (fl!(t, "title-round"), &lead),
        Markup::default(),
        all,
        in_error,
    )
}
