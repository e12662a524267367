//! One form a page, about one relation. Who may not see the form is told which rule says so, before typing anything.

use ::pages::{Ctx, Form, Markup, Posted, Problem, Repeat, fmt, parts};
use axum::{extract::Path, response::Response};
use basis::{Code, Confidence, Field, Refusal};
use i18n_embed_fl::fl;
use std::fmt::Write;

use super::{act, options, view};
use crate::{
    About, RelationView, Side, add_agreement, add_fact, add_link, add_note, edit,
    export::{about_word, claimant_word, confidence_word, kind_word, status_word},
    store as sql, t,
};

fn at(v: &RelationView, what: &str) -> String {
    format!("/relations/{}/{what}", v.relation.id)
}
fn back(ctx: &Ctx, v: &RelationView, done: &'static str) -> Response {
    ctx.go(&format!("/relations/{}", v.relation.id), Some(done))
}
/// Says no before the form is shown, with the rule.
fn only_who_may(ctx: &Ctx, action: &'static str, v: &RelationView) -> Result<(), Problem> {
    Ok(ctx.house().gate.check(&ctx.viewer, action, &v.relation.thing())?)
}

// --- the next step ----------------------------------------------------------------------------------------------------

pub async fn step_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let v = view(&ctx, &raw).await?;
    only_who_may(&ctx, "relation.step", &v)?;
    let input = crate::step::Input {
        version: v.relation.version.to_string(),
        ..Default::default()
    };
    show_step(&ctx, &v, &input, &[]).await
}
pub async fn step(ctx: Ctx, Path(raw): Path<String>, posted: Posted<crate::step::Input>) -> Result<Response, Problem> {
    let v = view(&ctx, &raw).await?;
    let done = crate::step::step(ctx.house(), &ctx.asking(posted.once), v.relation.id, &posted.input).await;
    match Repeat::or_refused(done)? {
        Ok(_) => Ok(back(&ctx, &v, "relation-stepped")),
        Err(refusals) => show_step(&ctx, &v, &posted.input, &refusals).await,
    }
}
async fn show_step(
    ctx: &Ctx,
    v: &RelationView,
    input: &crate::step::Input,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let l = ctx.locale;
    let next = v.relation.next_steps();
    let from = v.relation.status;
    // An application that came to nothing leaves the tie where it stood in the open.
    let back = Some(v.relation.standing()).filter(|s| *s != from);
    let owes_reason = |s: crate::RelationStatus| back == Some(s) || crate::RelationStatus::needs_reason(from, s);
    let choices: Vec<_> = next
        .iter()
        .map(|s| {
            let word = status_word(l, s.code());
            let label = if back == Some(*s) {
                fl!(t(l), "step-back", status = word)
            } else {
                word
            };
            let hint = if owes_reason(*s) {
                fl!(t(l), "step-needs-reason")
            } else {
                String::new()
            };
            (s.code().to_owned(), label, hint)
        })
        .collect();
    let reason_optional = !next.iter().any(|s| owes_reason(*s));
    let mut f = Form::post(ctx, &at(v, "steps"), fl!(t(l), "step-submit"), refusals);
    f.radios("to", &fl!(t(l), "step-to"), "", &choices, &input.to)
        .day("on", &fl!(t(l), "step-on"), &fl!(t(l), "step-on-hint"), &input.on, true)
        .prose(
            "reason",
            &fl!(t(l), "label-reason"),
            &fl!(t(l), "step-reason-hint"),
            &input.reason,
            1000,
            reason_optional,
        );
    if next.contains(&crate::RelationStatus::Succeeded) {
        // Only the same country's governments can carry on; the list stays short.
        let heirs = sql::partners_in(&ctx.house().db, &v.partner.card.country).await?;
        let heirs: Vec<_> = heirs
            .iter()
            .filter(|g| g.card.id != v.partner.card.id)
            .map(|g| (g.card.id.to_string(), g.card.name.plain(l).to_owned()))
            .collect();
        f.select(
            "successor",
            &fl!(t(l), "label-successor"),
            &fl!(t(l), "step-successor-hint"),
            &heirs,
            &input.successor,
            true,
        );
    }
    f.hidden("version", &input.version);
    let now = status_word(l, v.relation.status.code());
    let before = Markup(format!(
        "<p>{} {}</p>",
        parts::escape(&fl!(t(l), "step-now")),
        parts::status(v.relation.status.fill(), &now)
    ));
    act(ctx, v, (&fl!(t(l), "step-title"), &fl!(t(l), "step-lead")), before, f)
}

// --- what the register says -------------------------------------------------------------------------------------------

pub async fn edit_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let v = view(&ctx, &raw).await?;
    only_who_may(&ctx, "relation.edit", &v)?;
    show_edit(&ctx, &v, &edit::Input::of(&v.relation), &[])
}
pub async fn edit(ctx: Ctx, Path(raw): Path<String>, posted: Posted<edit::Input>) -> Result<Response, Problem> {
    let v = view(&ctx, &raw).await?;
    let done = edit::edit(ctx.house(), &ctx.asking(posted.once), v.relation.id, &posted.input).await;
    match Repeat::or_refused(done)? {
        Ok(_) => Ok(back(&ctx, &v, "relation-saved")),
        Err(refusals) => show_edit(&ctx, &v, &posted.input, &refusals),
    }
}
fn show_edit(ctx: &Ctx, v: &RelationView, i: &edit::Input, refusals: &[Refusal]) -> Result<Response, Problem> {
    let l = ctx.locale;
    let mut f = Form::post(ctx, &at(v, "edit"), fl!(t(l), "save"), refusals);
    f.text("reference", &fl!(t(l), "label-reference"), "", &i.reference)
        .select(
            "kind",
            &fl!(t(l), "col-kind"),
            "",
            &options::<crate::RelationKind>(l, kind_word),
            &i.kind,
            false,
        )
        .text_opt(
            "signed",
            &fl!(t(l), "col-signed"),
            &fl!(t(l), "known-date-hint"),
            &i.signed,
        )
        .day(
            "filed_on",
            &fl!(t(l), "label-filed"),
            &fl!(t(l), "filed-hint"),
            &i.filed_on,
            true,
        )
        .text_opt("source", &fl!(t(l), "col-source"), &fl!(t(l), "source-hint"), &i.source)
        .select(
            "claimant",
            &fl!(t(l), "col-who-says"),
            "",
            &options::<basis::Claimant>(l, claimant_word),
            &i.claimant,
            false,
        )
        .select(
            "confidence",
            &fl!(t(l), "col-confidence"),
            "",
            &options::<Confidence>(l, confidence_word),
            &i.confidence,
            false,
        )
        .prose_in("zh-Hans", "note_zh", &fl!(t(l), "note-zh"), "", &i.note_zh, 2000, true)
        .prose_in("en", "note_en", &fl!(t(l), "note-en"), "", &i.note_en, 2000, true)
        .hidden("version", &i.version);
    act(
        ctx,
        v,
        (&fl!(t(l), "do-edit"), &fl!(t(l), "edit-lead")),
        Markup::default(),
        f,
    )
}

// --- claims -----------------------------------------------------------------------------------------------------------

pub async fn fact_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let v = view(&ctx, &raw).await?;
    only_who_may(&ctx, "relation.add-fact", &v)?;
    show_fact(&ctx, &v, &add_fact::Input::default(), &[])
}
pub async fn fact(ctx: Ctx, Path(raw): Path<String>, posted: Posted<add_fact::Input>) -> Result<Response, Problem> {
    let v = view(&ctx, &raw).await?;
    let done = add_fact::add_fact(ctx.house(), &ctx.asking(posted.once), v.relation.id, &posted.input).await;
    match Repeat::or_refused(done)? {
        Ok(_) => Ok(back(&ctx, &v, "fact-added")),
        Err(refusals) => show_fact(&ctx, &v, &posted.input, &refusals),
    }
}
fn show_fact(ctx: &Ctx, v: &RelationView, i: &add_fact::Input, refusals: &[Refusal]) -> Result<Response, Problem> {
    let l = ctx.locale;
    let partner = ctx.viewer.role() == access::Role::PartnerOfficer;
    let mut f = Form::post(ctx, &at(v, "facts"), fl!(t(l), "fact-submit"), refusals);
    f.select(
        "about",
        &fl!(t(l), "col-about"),
        "",
        &options::<About>(l, about_word),
        &i.about,
        false,
    )
    .text(
        "value",
        &fl!(t(l), "col-value"),
        &fl!(t(l), "fact-value-hint"),
        &i.value,
    )
    .text_opt(
        "source",
        &fl!(t(l), "col-source"),
        &fl!(t(l), "fact-source-hint"),
        &i.source,
    );
    if !partner {
        let who: Vec<_> = options::<basis::Claimant>(l, claimant_word)
            .into_iter()
            .filter(|o| o.0 != "them")
            .collect();
        f.select(
            "claimant",
            &fl!(t(l), "col-who-says"),
            "",
            &who,
            if i.claimant.is_empty() { "us" } else { &i.claimant },
            false,
        );
    }
    let sure = if i.confidence.is_empty() {
        "medium"
    } else {
        &i.confidence
    };
    f.select(
        "confidence",
        &fl!(t(l), "col-confidence"),
        "",
        &options::<Confidence>(l, confidence_word),
        sure,
        false,
    )
    .day("as_of", &fl!(t(l), "fact-as-of"), "", &i.as_of, true)
    .prose("note", &fl!(t(l), "fact-note"), "", &i.note, 1000, true);
    let lead = if partner {
        fl!(t(l), "fact-lead-them")
    } else {
        fl!(t(l), "fact-lead")
    };
    act(ctx, v, (&fl!(t(l), "do-fact"), &lead), Markup::default(), f)
}

// --- institution pairs ------------------------------------------------------------------------------------------------

pub async fn link_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let v = view(&ctx, &raw).await?;
    let field = ctx.viewer.acting.as_ref().and_then(|m| m.field);
    let thing = access::Thing {
        field,
        ..v.relation.thing()
    };
    ctx.house().gate.check(&ctx.viewer, "relation.add-link", &thing)?;
    let input = add_link::Input {
        field: field.map(|f| f.to_string()).unwrap_or_default(),
        ..Default::default()
    };
    show_link(&ctx, &v, &input, &[])
}
pub async fn link(ctx: Ctx, Path(raw): Path<String>, posted: Posted<add_link::Input>) -> Result<Response, Problem> {
    let v = view(&ctx, &raw).await?;
    let done = add_link::add_link(ctx.house(), &ctx.asking(posted.once), v.relation.id, &posted.input).await;
    match Repeat::or_refused(done)? {
        Ok(_) => Ok(ctx.go(&format!("/relations/{}#links", v.relation.id), Some("link-added"))),
        Err(refusals) => show_link(&ctx, &v, &posted.input, &refusals),
    }
}
fn show_link(ctx: &Ctx, v: &RelationView, i: &add_link::Input, refusals: &[Refusal]) -> Result<Response, Problem> {
    let l = ctx.locale;
    let fields: Vec<_> = Field::ALL
        .iter()
        .map(|x| (x.code().to_owned(), parts::field_name(l, *x)))
        .collect();
    let either = fl!(t(l), "either-language");
    let mut f = Form::post(ctx, &at(v, "links"), fl!(t(l), "link-submit"), refusals);
    f.select("field", &fl!(t(l), "label-field"), "", &fields, &i.field, false)
        .text_in("zh-Hans", "own_zh", &fl!(t(l), "link-own-zh"), &either, &i.own_zh, true)
        .text_in("en", "own_en", &fl!(t(l), "link-own-en"), "", &i.own_en, true)
        .text_in(
            "zh-Hans",
            "partner_zh",
            &fl!(t(l), "link-partner-zh"),
            &either,
            &i.partner_zh,
            true,
        )
        .text_in(
            "en",
            "partner_en",
            &fl!(t(l), "link-partner-en"),
            "",
            &i.partner_en,
            true,
        )
        .prose_in(
            "zh-Hans",
            "what_zh",
            &fl!(t(l), "link-what-zh"),
            &either,
            &i.what_zh,
            1000,
            true,
        )
        .prose_in("en", "what_en", &fl!(t(l), "link-what-en"), "", &i.what_en, 1000, true)
        .text_opt(
            "since",
            &fl!(t(l), "col-since"),
            &fl!(t(l), "link-since-hint"),
            &i.since,
        )
        .text("source", &fl!(t(l), "col-source"), &fl!(t(l), "source-hint"), &i.source);
    act(
        ctx,
        v,
        (&fl!(t(l), "do-link"), &fl!(t(l), "link-lead")),
        Markup::default(),
        f,
    )
}

// --- agreements -------------------------------------------------------------------------------------------------------

pub async fn agreement_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let v = view(&ctx, &raw).await?;
    only_who_may(&ctx, "relation.add-agreement", &v)?;
    show_agreement(&ctx, &v, &add_agreement::Input::default(), &[])
}
pub async fn agreement(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<add_agreement::Input>,
) -> Result<Response, Problem> {
    let v = view(&ctx, &raw).await?;
    let done = add_agreement::add_agreement(ctx.house(), &ctx.asking(posted.once), v.relation.id, &posted.input).await;
    match Repeat::or_refused(done)? {
        Ok(_) => Ok(back(&ctx, &v, "agreement-added")),
        Err(refusals) => show_agreement(&ctx, &v, &posted.input, &refusals),
    }
}
fn show_agreement(
    ctx: &Ctx,
    v: &RelationView,
    i: &add_agreement::Input,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let l = ctx.locale;
    let mut f = Form::post(ctx, &at(v, "agreements"), fl!(t(l), "agreement-submit"), refusals);
    f.text_in(
        "zh-Hans",
        "title_zh",
        &fl!(t(l), "agreement-title-zh"),
        &fl!(t(l), "either-language"),
        &i.title_zh,
        true,
    )
    .text_in(
        "en",
        "title_en",
        &fl!(t(l), "agreement-title-en"),
        "",
        &i.title_en,
        true,
    )
    .text_opt(
        "signed",
        &fl!(t(l), "col-signed"),
        &fl!(t(l), "known-date-hint"),
        &i.signed,
    )
    .text_opt(
        "occasion",
        &fl!(t(l), "agreement-occasion"),
        &fl!(t(l), "agreement-occasion-hint"),
        &i.occasion,
    )
    .text("source", &fl!(t(l), "col-source"), &fl!(t(l), "source-hint"), &i.source);
    act(ctx, v, (&fl!(t(l), "do-agreement"), ""), Markup::default(), f)
}

// --- between officers -------------------------------------------------------------------------------------------------

pub async fn notes_page(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let v = view(&ctx, &raw).await?;
    only_who_may(&ctx, "relation.inside.read", &v)?;
    show_notes(&ctx, &v, &add_note::Input::default(), &[]).await
}
pub async fn note(ctx: Ctx, Path(raw): Path<String>, posted: Posted<add_note::Input>) -> Result<Response, Problem> {
    let v = view(&ctx, &raw).await?;
    let done = add_note::add_note(ctx.house(), &ctx.asking(posted.once), v.relation.id, &posted.input).await;
    match Repeat::or_refused(done)? {
        Ok(_) => Ok(ctx.go(&at(&v, "notes"), Some("note-added"))),
        Err(refusals) => show_notes(&ctx, &v, &posted.input, &refusals).await,
    }
}
async fn show_notes(
    ctx: &Ctx,
    v: &RelationView,
    i: &add_note::Input,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let l = ctx.locale;
    let notes = v.inside.as_deref().unwrap_or_default();
    let who: Vec<_> = notes.iter().map(|n| n.account).collect();
    let people = parties::people(&ctx.house().db, &who).await?;
    let mut out = String::from("<ul class=\"rows\">");
    for n in notes {
        let name = people.get(&n.account).map_or("", |p| p.name.as_str());
        let side = if n.side == Side::Us { &v.own } else { &v.partner };
        let _ = write!(
            out,
            "<li id=\"n-{}\"><div><p>{}</p></div><p class=\"meta\">{}, {}<br>{}{}{}</p></li>",
            n.id,
            parts::escape(&n.words).replace('\n', "<br>"),
            parts::escape(name),
            parts::escape(side.card.name.plain(l)),
            parts::escape(&fmt::moment(l, n.at, ctx.zone())),
            match n.field {
                Some(f) => format!("<br>{}", parts::escape(&parts::field_name(l, f))),
                None => String::new(),
            },
            parts::made_up_if(l, n.illustrative),
        );
    }
    out.push_str("</ul>");
    if notes.is_empty() {
        out = format!("<p class=\"quiet\">{}</p>", parts::escape(&fl!(t(l), "inside-none")));
    }
    let mut f = Form::post(ctx, &at(v, "notes"), fl!(t(l), "note-submit"), refusals);
    f.prose(
        "words",
        &fl!(t(l), "note-words"),
        &fl!(t(l), "note-hint"),
        &i.words,
        4000,
        false,
    );
    if ctx.viewer.role() == access::Role::DepartmentOfficer {
        f.raw(&Markup(format!(
            "<p class=\"quiet small\">{}</p>",
            parts::escape(&fl!(t(l), "note-own-field"))
        )));
    } else {
        let fields: Vec<_> = Field::ALL
            .iter()
            .map(|x| (x.code().to_owned(), parts::field_name(l, *x)))
            .collect();
        f.select(
            "field",
            &fl!(t(l), "note-field"),
            &fl!(t(l), "note-field-hint"),
            &fields,
            &i.field,
            true,
        );
    }
    if let Some(last) = notes.last() {
        f.hidden("answers", &last.id.to_string());
    }
    act(
        ctx,
        v,
        (&fl!(t(l), "inside-title"), &fl!(t(l), "inside-lead")),
        Markup(out),
        f,
    )
}
