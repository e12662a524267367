//! A lost password: asking for the letter, and the page behind it.

use access::NewPassword;
use axum::{extract::Query, response::Response};
use basis::{Fail, Refusal};
use i18n_embed_fl::fl;
use pages::{Ctx, Form, Markup, Page, Posted, Problem};
use serde::Deserialize;

use crate::request::{From, signed_in};
use crate::sign_in::Door;
use crate::sign_up::{Key, at_fields};
use crate::t;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Input {
    email: String,
}
pub(crate) async fn form(ctx: Ctx) -> Result<Response, Problem> {
    door(&ctx, &Input::default(), &[])
}
fn door(ctx: &Ctx, input: &Input, refusals: &[Refusal]) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let mut form = Form::post(ctx, "/recover", fl!(t, "recover-send"), refusals);
    form.line("email", "email", &fl!(t, "email"), "", &input.email, false);
    let template = Door {
        title: fl!(t, "recover"),
        lead: fl!(t, "recover-lead"),
        form: form.done(),
        provider: None,
        ways: vec![(ctx.to("/sign-in"), fl!(t, "to-sign-in"))],
    };
    let page = Page::new(fl!(t, "recover")).unlisted().in_error(!refusals.is_empty());
    ctx.show(page, &template)
}
pub(crate) async fn recover(ctx: Ctx, from: From, posted: Posted<Input>) -> Result<Response, Problem> {
    let origin = from.origin(ctx.locale);
    match access::recover(&ctx.house().db, &ctx.app.access, &origin, &posted.input.email).await {
        Ok(()) => Ok(ctx.go("/recover/sent", None)),
        Err(Fail::Refused(r)) => door(&ctx, &posted.input, &r),
        Err(other) => Err(other.into()),
    }
}
pub(crate) async fn sent(ctx: Ctx) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let template = Door {
        title: fl!(t, "letter-sent"),
        lead: fl!(t, "recover-sent-lead"),
        form: Markup::default(),
        provider: None,
        ways: vec![(ctx.to("/recover"), fl!(t, "letter-again"))],
    };
    ctx.show(Page::new(fl!(t, "letter-sent")).unlisted(), &template)
}

pub(crate) async fn choose_form(ctx: Ctx, Query(asked): Query<Key>) -> Result<Response, Problem> {
    access::recovering(&ctx.house().db, &asked.key).await?;
    let input = NewPassword {
        key: asked.key,
        new_password: String::new(),
    };
    choose_door(&ctx, &input, &[])
}
fn choose_door(ctx: &Ctx, input: &NewPassword, refusals: &[Refusal]) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let mut form = Form::post(ctx, "/recover/choose", fl!(t, "choose-keep"), refusals);
    let (label, hint) = (fl!(t, "new-password"), fl!(t, "new-password-hint"));
    form.line("password", "new_password", &label, &hint, "", false);
    form.hidden("key", &input.key);
    let template = Door {
        title: fl!(t, "choose"),
        lead: fl!(t, "choose-lead"),
        form: form.done(),
        provider: None,
        ways: Vec::new(),
    };
    let page = Page::new(fl!(t, "choose")).unlisted().in_error(!refusals.is_empty());
    ctx.show(page, &template)
}
pub(crate) async fn choose(ctx: Ctx, from: From, posted: Posted<NewPassword>) -> Result<Response, Problem> {
    let origin = from.origin(ctx.locale);
    match access::choose_password(&ctx.house().db, &ctx.app.access, &origin, &posted.input).await {
        Ok(s) => Ok(signed_in(
            &ctx.app.access,
            &s,
            ctx.go("/account", Some("password-changed")),
        )),
        Err(Fail::Refused(r)) if at_fields(&r) => choose_door(&ctx, &posted.input, &r),
        Err(other) => Err(other.into()),
    }
}
