//! Registering an organisation, changing what it says of itself, and the office's decision.

use ::pages::{Ctx, Form, Markup, Posted, Problem, Repeat, fmt, parts};
use access::Thing;
use axum::{Extension, extract::Path, response::Response};
use basis::{GovernmentId, Refusal};
use i18n_embed_fl::fl;

use super::{Around, words};
use crate::{Organisation, Places, Wanted, decide, edit, people, register, t};

/// District by id and name, to choose from; empty where the house names none.
async fn districts(ctx: &Ctx, places: Around) -> Result<Vec<(String, String)>, Problem> {
    let places = places.map(|Extension(p)| p);
    let all = Places::ask(places.as_ref(), ctx.house(), Wanted::Districts).await?;
    Ok(all
        .into_iter()
        .map(|(id, name)| (id.to_string(), name.plain(ctx.locale).to_owned()))
        .collect())
}
/// What an organisation says of itself; the same when it is registered and when it is changed.
fn profile_fields(ctx: &Ctx, f: &mut Form, i: &edit::Input, districts: &[(String, String)]) {
    let (l, t) = (ctx.locale, t(ctx.locale));
    let fields: Vec<_> = words::field_choices(l)
        .into_iter()
        .map(|(code, word)| (code, word, String::new()))
        .collect();
    let chosen: Vec<&str> = i.fields.iter().map(String::as_str).collect();
    f.text_in(
        "zh-Hans",
        "name_zh",
        &fl!(t, "form-name-zh"),
        &fl!(t, "form-name-hint"),
        &i.name_zh,
        false,
    )
    .text_in("en", "name_en", &fl!(t, "form-name-en"), "", &i.name_en, true)
    .select(
        "legal_form",
        &fl!(t, "form-legal-form"),
        "",
        &words::forms(l),
        &i.legal_form,
        false,
    )
    .text(
        "country",
        &fl!(t, "form-country"),
        &fl!(t, "form-country-hint"),
        &i.country,
    )
    .text_opt("registration_no", &fl!(t, "form-number"), "", &i.registration_no)
    .line(
        "url",
        "website",
        &fl!(t, "form-website"),
        &fl!(t, "form-website-hint"),
        &i.website,
        true,
    );
    if districts.is_empty() {
        f.hidden("district", &i.district);
    } else {
        f.select("district", &fl!(t, "form-district"), "", districts, &i.district, true);
    }
    f.hidden("government", &i.government)
        .checks("fields", &fl!(t, "form-fields"), "", &fields, &chosen)
        .prose(
            "capabilities",
            &fl!(t, "form-can"),
            &fl!(t, "form-can-hint"),
            &i.capabilities,
            2000,
            true,
        )
        .prose_in(
            "zh-Hans",
            "about_zh",
            &fl!(t, "form-about-zh"),
            "",
            &i.about_zh,
            2000,
            true,
        )
        .prose_in("en", "about_en", &fl!(t, "form-about-en"), "", &i.about_en, 2000, true);
}

pub(super) async fn register_form(ctx: Ctx, places: Around) -> Result<Response, Problem> {
    ctx.house()
        .gate
        .check(&ctx.viewer, "organisation.register", &Thing::new("organisation", ""))?;
    // A partner city's officer speaks of organisations of their own city.
    let of: Option<GovernmentId> = ctx.viewer.acting.as_ref().and_then(|m| m.government);
    let input = register::Input {
        government: of.map(|g| g.to_string()).unwrap_or_default(),
        ..Default::default()
    };
    show_register(&ctx, places, &input, &[]).await
}
pub(super) async fn register(ctx: Ctx, places: Around, posted: Posted<register::Input>) -> Result<Response, Problem> {
    let letter = posted.files.iter().find(|f| f.field == "letter_file").map(|f| &f.file);
    let done = register::register(ctx.house(), &ctx.asking(posted.once.clone()), &posted.input, letter).await;
    match Repeat::or_refused(done)? {
        Ok(id) => Ok(ctx.go(&format!("/organisations/{id}"), Some("registered"))),
        Err(refusals) => show_register(&ctx, places, &posted.input, &refusals).await,
    }
}
async fn show_register(
    ctx: &Ctx,
    places: Around,
    input: &register::Input,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let mut f = Form::post(ctx, "/organisations", fl!(t, "form-register-submit"), refusals);
    f.part(&fl!(t, "form-part-who"));
    profile_fields(ctx, &mut f, &edit::Input::typed(input), &districts(ctx, places).await?);
    f.part(&fl!(t, "form-part-mandate"))
        .text(
            "purpose",
            &fl!(t, "form-purpose"),
            &fl!(t, "form-purpose-hint"),
            &input.purpose,
        )
        .text(
            "letter",
            &fl!(t, "form-letter"),
            &fl!(t, "form-letter-hint"),
            &input.letter,
        )
        .file(
            "letter_file",
            &fl!(t, "form-letter-file"),
            &fl!(t, "form-letter-file-hint"),
            ".pdf,.png,.jpg,.jpeg",
            true,
        );
    let steps = ["form-register-then-1", "form-register-then-2", "form-register-then-3"]
        .map(|k| crate::TEXTS.find(ctx.locale, k, Default::default()).unwrap_or_default())
        .map(|s| format!("<li>{}</li>", parts::escape(&s)))
        .concat();
    let next = Markup(format!(
        "<div class=\"remark\"><p><b>{}</b></p><ol>{steps}</ol></div>",
        parts::escape(&fl!(t, "form-register-then"))
    ));
    super::show_act(
        ctx,
        (fl!(t, "form-register-title"), fl!(t, "form-register-lead")),
        next,
        &f,
        false,
    )
}

/// Who may not change it is told by which rule, where they may know that it is there.
async fn editable(ctx: &Ctx, raw: &str, action: &'static str) -> Result<Organisation, Problem> {
    let o = super::known(ctx, raw).await?;
    ctx.house().gate.check(&ctx.viewer, action, &o.thing())?;
    Ok(o)
}
pub(super) async fn edit_form(ctx: Ctx, places: Around, Path(raw): Path<String>) -> Result<Response, Problem> {
    let o = editable(&ctx, &raw, "organisation.edit").await?;
    show_edit(&ctx, places, &o, &edit::Input::shown_to(&ctx.viewer, &o), &[]).await
}
pub(super) async fn edit(
    ctx: Ctx,
    places: Around,
    Path(raw): Path<String>,
    posted: Posted<edit::Input>,
) -> Result<Response, Problem> {
    let o = editable(&ctx, &raw, "organisation.edit").await?;
    let done = edit::edit(ctx.house(), &ctx.asking(posted.once.clone()), o.id, &posted.input).await;
    match Repeat::or_refused(done)? {
        Ok(id) => Ok(ctx.go(&format!("/organisations/{id}"), Some("organisation-saved"))),
        Err(refusals) => show_edit(&ctx, places, &o, &posted.input, &refusals).await,
    }
}
async fn show_edit(
    ctx: &Ctx,
    places: Around,
    o: &Organisation,
    input: &edit::Input,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let mut f = Form::post(
        ctx,
        &format!("/organisations/{}/profile", o.id),
        fl!(t, "form-edit-submit"),
        refusals,
    );
    f.hidden("version", &input.version);
    profile_fields(ctx, &mut f, input, &districts(ctx, places).await?);
    f.beside(&ctx.to(&format!("/organisations/{}", o.id)), &fl!(t, "form-back"));
    super::show_act(
        ctx,
        (fl!(t, "form-edit-title"), fl!(t, "form-edit-lead")),
        about(ctx, o),
        &f,
        false,
    )
}
/// Which organisation a form is about.
fn about(ctx: &Ctx, o: &Organisation) -> Markup {
    let made_up = parts::made_up_if(ctx.locale, o.illustrative);
    Markup(format!(
        "<p class=\"h-small\">{}{made_up}</p>",
        parts::name(ctx.locale, &o.name)
    ))
}

pub(super) async fn decision_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let o = editable(&ctx, &raw, "organisation.decide").await?;
    let input = decide::Input {
        version: o.version.to_string(),
        ..Default::default()
    };
    show_decision(&ctx, &o, &input, &[]).await
}
pub(super) async fn decide(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<decide::Input>,
) -> Result<Response, Problem> {
    let o = super::known(&ctx, &raw).await?;
    let done = decide::decide(ctx.house(), &ctx.asking(posted.once.clone()), o.id, &posted.input).await;
    match Repeat::or_refused(done)? {
        Ok(id) => Ok(ctx.go(&format!("/organisations/{id}"), Some("decided"))),
        Err(refusals) => show_decision(&ctx, &o, &posted.input, &refusals).await,
    }
}
async fn show_decision(
    ctx: &Ctx,
    o: &Organisation,
    input: &decide::Input,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let (l, t, db) = (ctx.locale, t(ctx.locale), &ctx.house().db);
    let mut before = about(ctx, o).0;
    if let Some(id) = o.applicant {
        let named = people(db, &[id]).await?;
        let who = named.get(&id).map_or("", |p| p.name.as_str());
        let (purpose, letter) = (o.purpose.as_str(), o.letter.as_str());
        let said = fl!(t, "organisation-applied", who = who, purpose = purpose, letter = letter);
        before.push_str(&format!("<p>{}</p>", parts::escape(&said)));
    }
    if let Some(file) = ::store::attachments_of(db, &[o.id]).await?.into_iter().next_back() {
        let said = fl!(
            t,
            "letter-file",
            name = file.file_name.as_str(),
            size = fmt::size(file.size)
        );
        let href = ctx.to(&format!("/organisations/{}/letter", o.id));
        before.push_str(&format!(
            "<p><a href=\"{href}\" download>{}</a></p>",
            parts::escape(&said)
        ));
    }
    before.push_str(&format!("<p>{}</p>", words::check(ctx, o, true)));
    if let Some(wanted) = &o.wanted_name {
        let said = fl!(t, "organisation-wanted-name", name = wanted.plain(l));
        before.push_str(&format!("<p class=\"remark\">{}</p>", parts::escape(&said)));
    }
    let mut f = Form::post(
        ctx,
        &format!("/organisations/{}/decision", o.id),
        fl!(t, "decide-submit"),
        refusals,
    );
    let choices = [
        (
            "verify".to_owned(),
            fl!(t, "decide-verify"),
            fl!(t, "decide-verify-hint"),
        ),
        (
            "refuse".to_owned(),
            fl!(t, "decide-refuse"),
            fl!(t, "decide-refuse-hint"),
        ),
    ];
    f.hidden("version", &input.version)
        .radios("decision", &fl!(t, "decide-decision"), "", &choices, &input.decision)
        .day(
            "until",
            &fl!(t, "decide-until"),
            &fl!(t, "decide-until-hint"),
            &input.until,
            true,
        )
        .prose(
            "reason",
            &fl!(t, "decide-reason"),
            &fl!(t, "decide-reason-hint"),
            &input.reason,
            1000,
            true,
        )
        .beside(&ctx.to(&format!("/organisations/{}", o.id)), &fl!(t, "form-back"));
    let title = fl!(t, "decide-title", name = o.name.plain(l));
    super::show_act(ctx, (title, String::new()), Markup(before), &f, false)
}
