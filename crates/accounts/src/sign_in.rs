//! The door: sign in, sign out, the sign-in links of a demonstration.

use access::SignIn;
use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use basis::{Fail, Refusal};
use i18n_embed_fl::fl;
use pages::{Ctx, Form, Markup, Page, Posted, Problem};
use serde::Deserialize;

use crate::request::{From, back_to, same_site, signed_in, with_cookie};
use crate::t;

/// A page with one form and a few ways on: all doors look like this.
#[derive(Template)]
#[template(path = "door.html")]
pub(crate) struct Door {
    pub title: String,
    pub lead: String,
    pub form: Markup,
    pub provider: Option<(String, String)>,
    /// Address and label.
    pub ways: Vec<(String, String)>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    back: String,
}
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Input {
    email: String,
    password: String,
    back: String,
}

pub(crate) async fn form(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let back = if same_site(&asked.back) {
        asked.back
    } else {
        String::new()
    };
    if ctx.viewer.is_signed_in() {
        return Ok(back_to(&back, ctx.to("/account")));
    }
    let input = Input {
        back,
        ..Input::default()
    };
    door(&ctx, &input, &[])
}
fn door(ctx: &Ctx, input: &Input, refusals: &[Refusal]) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let mut form = Form::post(ctx, "/sign-in", fl!(t, "sign-in"), refusals);
    form.line("email", "email", &fl!(t, "email"), "", &input.email, false);
    form.line("password", "password", &fl!(t, "password"), "", "", false);
    form.hidden("back", &input.back);
    let provider = ctx.app.access.oidc.as_ref().map(|o| {
        let address = format!(
            "{}?back={}",
            ctx.to("/sign-in/openid"),
            pages::parts::encode(&input.back)
        );
        (address, fl!(t, "sign-in-by", provider = o.name.plain(ctx.locale)))
    });
    let template = Door {
        title: fl!(t, "sign-in"),
        lead: fl!(t, "sign-in-lead"),
        form: form.done(),
        provider,
        ways: vec![
            (ctx.to("/sign-up"), fl!(t, "to-sign-up")),
            (ctx.to("/recover"), fl!(t, "to-recover")),
        ],
    };
    let page = Page::new(fl!(t, "sign-in")).unlisted().in_error(!refusals.is_empty());
    ctx.show(page, &template)
}
pub(crate) async fn sign_in(ctx: Ctx, from: From, posted: Posted<Input>) -> Result<Response, Problem> {
    let input = posted.input;
    let missing: Vec<Refusal> = [("email", input.email.trim()), ("password", input.password.as_str())]
        .into_iter()
        .filter(|(_, typed)| typed.is_empty())
        .map(|(field, _)| Refusal::at(field, "refusal-required"))
        .collect();
    if !missing.is_empty() {
        return door(&ctx, &input, &missing);
    }
    let typed = SignIn {
        email: input.email.clone(),
        password: input.password.clone(),
    };
    match access::sign_in(&ctx.house().db, &from.origin(ctx.locale), &typed).await {
        Ok(s) => Ok(signed_in(&ctx.app.access, &s, back_to(&input.back, ctx.to("")))),
        Err(Fail::Refused(r)) => door(&ctx, &input, &r),
        Err(other) => Err(other.into()),
    }
}
pub(crate) async fn sign_out(ctx: Ctx, from: From) -> Result<Response, Problem> {
    if let Some(secret) = &from.secret {
        access::sign_out(&ctx.house().db, secret).await?;
    }
    Ok(with_cookie(
        ctx.go("", Some("signed-out")),
        &ctx.app.access.ended_cookie(),
    ))
}
pub(crate) async fn demo(ctx: Ctx, from: From, Path(key): Path<String>) -> Result<Response, Problem> {
    let origin = from.origin(ctx.locale);
    let s = access::demo_sign_in(&ctx.house().db, &ctx.app.access, &origin, &key).await?;
    Ok(signed_in(&ctx.app.access, &s, ctx.go("", None)))
}
