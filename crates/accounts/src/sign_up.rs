//! Signing up, and the page behind the letter.

use access::{Confirm, SignUp};
use axum::{extract::Query, response::Response};
use basis::{Fail, Refusal};
use i18n_embed_fl::fl;
use pages::{Ctx, Form, Markup, Page, Posted, Problem};
use serde::Deserialize;

use crate::account::zone_hint;
use crate::request::{From, signed_in};
use crate::sign_in::Door;
use crate::t;

pub(crate) async fn form(ctx: Ctx) -> Result<Response, Problem> {
    door(&ctx, &SignUp::default(), &[])
}
fn door(ctx: &Ctx, input: &SignUp, refusals: &[Refusal]) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let mut form = Form::post(ctx, "/sign-up", fl!(t, "sign-up-send"), refusals);
    form.text("name", &fl!(t, "name"), &fl!(t, "name-hint"), &input.name);
    form.line(
        "email",
        "email",
        &fl!(t, "email"),
        &fl!(t, "email-hint"),
        &input.email,
        false,
    );
    form.zone("zone", &fl!(t, "zone"), &zone_hint(ctx), &input.zone, true);
    let template = Door {
        title: fl!(t, "sign-up"),
        lead: fl!(t, "sign-up-lead"),
        form: form.done(),
        provider: None,
        ways: vec![(ctx.to("/sign-in"), fl!(t, "to-sign-in"))],
    };
    let page = Page::new(fl!(t, "sign-up")).unlisted().in_error(!refusals.is_empty());
    ctx.show(page, &template)
}
pub(crate) async fn sign_up(ctx: Ctx, from: From, posted: Posted<SignUp>) -> Result<Response, Problem> {
    let origin = from.origin(ctx.locale);
    match access::sign_up(&ctx.house().db, &ctx.app.access, &origin, &posted.input).await {
        Ok(()) => Ok(ctx.go("/sign-up/sent", None)),
        Err(Fail::Refused(r)) => door(&ctx, &posted.input, &r),
        Err(other) => Err(other.into()),
    }
}
pub(crate) async fn sent(ctx: Ctx) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let template = Door {
        title: fl!(t, "letter-sent"),
        lead: fl!(t, "sign-up-sent-lead"),
        form: Markup::default(),
        provider: None,
        ways: vec![(ctx.to("/sign-up"), fl!(t, "letter-again"))],
    };
    ctx.show(Page::new(fl!(t, "letter-sent")).unlisted(), &template)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Key {
    pub key: String,
}
pub(crate) async fn confirm_form(ctx: Ctx, Query(asked): Query<Key>) -> Result<Response, Problem> {
    let waiting = access::waiting(&ctx.house().db, &asked.key).await?;
    let input = Confirm {
        key: asked.key,
        name: waiting.name,
        new_password: String::new(),
    };
    confirm_door(&ctx, &input, &[])
}
fn confirm_door(ctx: &Ctx, input: &Confirm, refusals: &[Refusal]) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let mut form = Form::post(ctx, "/confirm", fl!(t, "confirm-begin"), refusals);
    form.text("name", &fl!(t, "name"), &fl!(t, "name-hint"), &input.name);
    let (label, hint) = (fl!(t, "new-password"), fl!(t, "new-password-hint"));
    form.line("password", "new_password", &label, &hint, "", false);
    form.hidden("key", &input.key);
    let template = Door {
        title: fl!(t, "confirm"),
        lead: fl!(t, "confirm-lead"),
        form: form.done(),
        provider: None,
        ways: Vec::new(),
    };
    let page = Page::new(fl!(t, "confirm")).unlisted().in_error(!refusals.is_empty());
    ctx.show(page, &template)
}
/// Refusals at a field go back into the form; one about the link itself is a page of its own.
pub(crate) fn at_fields(r: &[Refusal]) -> bool {
    r.iter().all(|r| r.field.is_some())
}
pub(crate) async fn confirm(ctx: Ctx, from: From, posted: Posted<Confirm>) -> Result<Response, Problem> {
    match access::confirm(&ctx.house().db, &from.origin(ctx.locale), &posted.input).await {
        Ok(s) => Ok(signed_in(&ctx.app.access, &s, ctx.go("/account", Some("confirmed")))),
        Err(Fail::Refused(r)) if at_fields(&r) => confirm_door(&ctx, &posted.input, &r),
        Err(other) => Err(other.into()),
    }
}
