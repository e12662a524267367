//! The bodies that act on the platform beside organisations, and who acts for each.

use ::pages::{Ctx, Form, Markup, Nav, Page, Posted, Problem, Repeat, parts};
use access::{BodyCard, BodyKind, Grant, Thing};
use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query},
    response::Response,
};
use basis::{BodyId, Code, Fail, GovernmentId, Refusal};
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;
use serde::Deserialize;

use super::{
    Around,
    mandates::{self, Nothing, Of},
    words,
};
use crate::{
    Places, Wanted, export,
    found::{self, Input},
    t,
};

struct Row {
    href: String,
    name: Markup,
    made_up: Markup,
    kind: String,
    about: Markup,
}
#[derive(Template)]
#[template(path = "offices.html")]
struct Offices {
    t: &'static FluentLanguageLoader,
    rows: Vec<Row>,
    form: Option<Markup>,
    found_say: String,
}
#[derive(Template)]
#[template(path = "office.html")]
struct Office {
    name: Markup,
    made_up: Markup,
    lead: String,
    people: Markup,
}
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// A partner city whose office is to be founded: its relation's page leads here.
    partner: String,
}

fn all() -> Thing {
    Thing::new("office", "")
}
fn kind_name(ctx: &Ctx, kind: BodyKind) -> String {
    export::word(ctx.locale, "body-kind", kind.code())
}

pub(super) async fn page(ctx: Ctx, places: Around, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let typed = Input {
        kind: if asked.partner.is_empty() {
            ""
        } else {
            BodyKind::PartnerOffice.code()
        }
        .into(),
        government: asked.partner,
        ..Input::default()
    };
    show(&ctx, places, &typed, &[]).await
}
pub(super) async fn found(ctx: Ctx, places: Around, posted: Posted<Input>) -> Result<Response, Problem> {
    let known = places.as_ref().map(|Extension(p)| p);
    let done = found::found(ctx.house(), &ctx.asking(posted.once), known, &posted.input).await;
    match Repeat::or_refused(done)? {
        Ok(id) => Ok(ctx.go(&format!("/offices/{id}"), Some("office-founded"))),
        Err(refusals) => show(&ctx, places, &posted.input, &refusals).await,
    }
}
async fn show(ctx: &Ctx, places: Around, typed: &Input, refusals: &[Refusal]) -> Result<Response, Problem> {
    let (l, t, db) = (ctx.locale, t(ctx.locale), &ctx.house().db);
    ctx.house().gate.check(&ctx.viewer, "office.list", &all())?;
    let mut bodies: Vec<BodyCard> = Vec::new();
    for kind in [BodyKind::Office].into_iter().chain(found::KINDS) {
        let of_kind = access::bodies_of_kind(db, kind).await?;
        bodies.extend(of_kind.into_iter().filter(|b| b.ended_at.is_none()));
    }
    let asked: Option<GovernmentId> = typed.government.parse().ok();
    let places_of = |b: &BodyCard| b.district.into_iter().chain(b.government);
    let at: Vec<GovernmentId> = bodies.iter().flat_map(places_of).chain(asked).collect();
    let known = places.as_ref().map(|Extension(p)| p);
    let named = Places::named(known, ctx.house(), at).await?;
    let place = |id: Option<GovernmentId>| id.and_then(|g| named.get(&g)).map(|n| parts::name(l, n));
    let rows = bodies.iter().map(|b| Row {
        href: ctx.to(&format!("/offices/{}", b.id)),
        name: parts::name(l, &b.name),
        made_up: parts::made_up_if(l, b.illustrative),
        kind: kind_name(ctx, b.kind),
        about: match (b.field, place(b.district.or(b.government))) {
            (Some(f), _) => Markup::from(parts::field_name(l, f)),
            (None, place) => place.unwrap_or_default(),
        },
    });
    let rows = rows.collect();
    let partner = asked.and_then(|g| Some((g, named.get(&g)?.plain(l).to_owned())));
    let form = if ctx.may("office.found", &all()) {
        let districts = Places::ask(known, ctx.house(), Wanted::Districts).await?;
        let districts: Vec<_> = districts
            .into_iter()
            .map(|(id, name)| (id.to_string(), name.plain(l).to_owned()))
            .collect();
        Some(found_form(ctx, typed, refusals, &districts, partner.as_ref()))
    } else {
        None
    };
    let head = Page::new(fl!(t, "offices-title"))
        .nav(Nav::Organisations)
        .crumb(fl!(t, "organisations-title"), "/organisations")
        .unlisted()
        .in_error(!refusals.is_empty());
    let found_say = match &partner {
        Some((_, name)) => fl!(t, "offices-found-partner", city = name.as_str()),
        None => fl!(t, "offices-found-say"),
    };
    ctx.show(
        head,
        &Offices {
            t,
            rows,
            form,
            found_say,
        },
    )
}
fn found_form(
    ctx: &Ctx,
    typed: &Input,
    refusals: &[Refusal],
    districts: &[(String, String)],
    partner: Option<&(GovernmentId, String)>,
) -> Markup {
    let (l, t) = (ctx.locale, t(ctx.locale));
    let mut f = Form::post(ctx, "/offices", fl!(t, "offices-submit"), refusals);
    if let Some((id, _)) = partner {
        f.hidden("kind", BodyKind::PartnerOffice.code())
            .hidden("government", &id.to_string());
    } else {
        let kinds: Vec<_> = found::KINDS
            .iter()
            .filter(|k| **k != BodyKind::PartnerOffice)
            .map(|k| (k.code().to_owned(), kind_name(ctx, *k)))
            .collect();
        f.select("kind", &fl!(t, "offices-kind"), "", &kinds, &typed.kind, false);
    }
    f.text_in("zh-Hans", "name_zh", &fl!(t, "form-name-zh"), "", &typed.name_zh, false)
        .text_in("en", "name_en", &fl!(t, "form-name-en"), "", &typed.name_en, true);
    if partner.is_none() {
        f.select(
            "field",
            &fl!(t, "organisations-filter-field"),
            &fl!(t, "offices-field-hint"),
            &words::field_choices(l),
            &typed.field,
            true,
        )
        .select(
            "district",
            &fl!(t, "form-district"),
            &fl!(t, "offices-district-hint"),
            districts,
            &typed.district,
            true,
        );
    }
    f.done()
}

/// A body that is no organisation, as far as this reader may see who acts for it.
async fn known(ctx: &Ctx, raw: &str) -> Result<BodyCard, Problem> {
    let id: BodyId = super::id(raw)?;
    let body = access::bodies(&ctx.house().db, &[id]).await?.remove(&id);
    let body = body.filter(|b| b.kind != BodyKind::Organisation && b.ended_at.is_none());
    Ok(body.ok_or(Fail::NotFound)?)
}
fn of(body: &BodyCard) -> Of {
    Of {
        body: body.id,
        kind: body.kind,
        base: format!("/offices/{}", body.id),
        open: true,
    }
}
pub(super) async fn one(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let body = known(&ctx, &raw).await?;
    show_one(&ctx, &body, &Grant::default(), &[]).await
}
async fn show_one(ctx: &Ctx, body: &BodyCard, typed: &Grant, refusals: &[Refusal]) -> Result<Response, Problem> {
    let (l, t) = (ctx.locale, t(ctx.locale));
    let people = mandates::people(ctx, &of(body), typed, refusals).await?;
    let mut head = Page::new(body.name.plain(l))
        .nav(Nav::Organisations)
        .unlisted()
        .in_error(!refusals.is_empty());
    if ctx.may("office.list", &all()) {
        head = head.crumb(fl!(t, "offices-title"), "/offices");
    }
    let template = Office {
        name: parts::name(l, &body.name),
        made_up: parts::made_up_if(l, body.illustrative),
        lead: kind_name(ctx, body.kind),
        people: people.ok_or(Fail::NotFound)?,
    };
    ctx.show(head, &template)
}
pub(super) async fn grant(ctx: Ctx, Path(raw): Path<String>, posted: Posted<Grant>) -> Result<Response, Problem> {
    let body = known(&ctx, &raw).await?;
    match mandates::give(&ctx, &of(&body), &posted).await? {
        Ok(gone) => Ok(gone),
        Err(refusals) => show_one(&ctx, &body, &posted.input, &refusals).await,
    }
}
pub(super) async fn end(
    ctx: Ctx,
    Path((raw, mandate)): Path<(String, String)>,
    posted: Posted<Nothing>,
) -> Result<Response, Problem> {
    let body = known(&ctx, &raw).await?;
    mandates::end_of(&ctx, &of(&body), &mandate, posted).await
}
