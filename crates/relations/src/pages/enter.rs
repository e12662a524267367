//! A new relation.

use ::pages::{Ctx, Form, Markup, Nav, Page, Posted, Problem, Repeat};
use access::Thing;
use axum::response::Response;
use basis::{Code, Confidence, Refusal};
use i18n_embed_fl::fl;

use super::{Act, options};
use crate::{
    Level, RelationKind, RelationStatus, countries, enter,
    export::{confidence_word, kind_word, level_word, status_word},
    store as sql, t,
};

pub async fn form(ctx: Ctx) -> Result<Response, Problem> {
    // A district's officer enters their own district's ties.
    let thing = new_one(&ctx);
    ctx.house().gate.check(&ctx.viewer, "relation.register", &thing)?;
    let own = thing.district.map(|d| d.to_string()).unwrap_or_default();
    show(
        &ctx,
        &enter::Input {
            own,
            status: "lead".into(),
            ..Default::default()
        },
        &[],
    )
    .await
}
/// A relation not entered yet: of the viewer's own district, where they act for one.
pub(super) fn new_one(ctx: &Ctx) -> Thing {
    Thing {
        district: ctx.viewer.acting.as_ref().and_then(|m| m.district),
        ..Thing::new("relation", "")
    }
}
pub async fn post(ctx: Ctx, posted: Posted<enter::Input>) -> Result<Response, Problem> {
    let done = enter::enter(ctx.house(), &ctx.asking(posted.once), &posted.input).await;
    match Repeat::or_refused(done)? {
        Ok(id) => Ok(ctx.go(&format!("/relations/{id}"), Some("relation-entered"))),
        Err(refusals) => show(&ctx, &posted.input, &refusals).await,
    }
}
async fn show(ctx: &Ctx, i: &enter::Input, refusals: &[Refusal]) -> Result<Response, Problem> {
    let l = ctx.locale;
    let own: Vec<_> = sql::own_governments(&ctx.house().db)
        .await?
        .into_iter()
        .map(|g| (g.card.id.to_string(), g.card.name.plain(l).to_owned()))
        .collect();
    let lands: Vec<_> = countries(l)
        .into_iter()
        .map(|(code, name)| (code.to_owned(), name))
        .collect();
    let kinds: Vec<_> = options::<RelationKind>(l, kind_word);
    let statuses: Vec<_> = RelationStatus::ALL
        .iter()
        .filter(|s| **s != RelationStatus::Succeeded)
        .map(|s| (s.code().to_owned(), status_word(l, s.code())))
        .collect();
    let first = own.first().map(|o| o.0.clone()).unwrap_or_default();
    let mut f = Form::post(ctx, "/relations/new", fl!(t(l), "enter-submit"), refusals);
    f.part(&fl!(t(l), "enter-part-partner"))
        .text_in(
            "zh-Hans",
            "partner_zh",
            &fl!(t(l), "partner-zh"),
            &fl!(t(l), "either-language"),
            &i.partner_zh,
            true,
        )
        .text_in("en", "partner_en", &fl!(t(l), "partner-en"), "", &i.partner_en, true)
        .text_opt("partner_native", &fl!(t(l), "partner-native"), "", &i.partner_native)
        .text_opt(
            "native_language",
            &fl!(t(l), "native-language"),
            &fl!(t(l), "native-language-hint"),
            &i.native_language,
        )
        .select(
            "partner_level",
            &fl!(t(l), "label-level"),
            &fl!(t(l), "level-hint"),
            &options::<Level>(l, level_word),
            &i.partner_level,
            false,
        )
        .select("country", &fl!(t(l), "col-country"), "", &lands, &i.country, false)
        .text_opt("lat", &fl!(t(l), "label-lat"), &fl!(t(l), "point-hint"), &i.lat)
        .text_opt("lon", &fl!(t(l), "label-lon"), "", &i.lon)
        .part(&fl!(t(l), "part-tie"))
        .select(
            "own",
            &fl!(t(l), "col-ours"),
            "",
            &own,
            if i.own.is_empty() { &first } else { &i.own },
            false,
        )
        .select("kind", &fl!(t(l), "col-kind"), "", &kinds, &i.kind, true)
        .select(
            "status",
            &fl!(t(l), "col-status"),
            &fl!(t(l), "status-hint"),
            &statuses,
            &i.status,
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
            "confidence",
            &fl!(t(l), "col-confidence"),
            "",
            &options::<Confidence>(l, confidence_word),
            &i.confidence,
            true,
        )
        .text_opt(
            "reference",
            &fl!(t(l), "label-reference"),
            &fl!(t(l), "reference-hint"),
            &i.reference,
        )
        .prose_in("zh-Hans", "note_zh", &fl!(t(l), "note-zh"), "", &i.note_zh, 2000, true)
        .prose_in("en", "note_en", &fl!(t(l), "note-en"), "", &i.note_en, 2000, true);
    let title = fl!(t(l), "relations-new");
    let page = Page::new(title.clone())
        .nav(Nav::Relations)
        .crumb(fl!(t(l), "relations-title"), "/relations")
        .unlisted()
        .in_error(f.has_errors());
    let lead = fl!(t(l), "enter-lead");
    ctx.show(
        page,
        &Act {
            about: Markup::default(),
            title: &title,
            lead: &lead,
            before: Markup::default(),
            form: f.done(),
        },
    )
}
