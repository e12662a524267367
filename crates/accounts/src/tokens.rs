//! Keys to the API on one's account page: made, shown once, ended.

use access::NewToken;
use axum::{extract::Path, response::Response};
use basis::{Check, Fail, TokenId};
use i18n_embed_fl::fl;
use pages::{Ctx, Form, Markup, Posted, Problem, parts};
use serde::Deserialize;

use crate::account::{Typed, show};
use crate::request::From;
use crate::t;

pub(crate) fn form(ctx: &Ctx, typed: &Typed) -> Markup {
    let (l, t) = (ctx.locale, t(ctx.locale));
    let input = typed.token.clone().unwrap_or_else(|| NewToken {
        days: 90,
        scopes: vec!["read".into()],
        ..NewToken::default()
    });
    let refusals: &[_] = if typed.token.is_some() { &typed.refusals } else { &[] };
    let mut form = Form::post(ctx, "/account/tokens", fl!(t, "token-make"), refusals);
    form.plain();
    form.text(
        "label",
        &fl!(t, "token-label"),
        &fl!(t, "token-label-hint"),
        &input.label,
    );
    let scopes: Vec<(String, String, String)> = access::scopes(ctx.house())
        .into_iter()
        .map(|s| {
            let words = match s {
                "read" => fl!(t, "scope-read"),
                "write" => fl!(t, "scope-write"),
                room => fl!(t, "scope-room", room = crate::rules::room_name(l, room)),
            };
            (s.to_owned(), words, String::new())
        })
        .collect();
    let chosen: Vec<&str> = input.scopes.iter().map(String::as_str).collect();
    form.checks(
        "scopes",
        &fl!(t, "token-scopes"),
        &fl!(t, "token-scopes-hint"),
        &scopes,
        &chosen,
    );
    let mut acting = vec![(String::new(), fl!(t, "token-myself"))];
    acting.extend(ctx.viewer.mandates.iter().map(|m| {
        let name = format!("{}, {}", m.body_name.plain(l), parts::role_name(l, m.role));
        (m.id.to_string(), name)
    }));
    let mandate = input.mandate.map(|m| m.to_string()).unwrap_or_default();
    form.select(
        "mandate",
        &fl!(t, "token-acting"),
        &fl!(t, "token-acting-hint"),
        &acting,
        &mandate,
        false,
    );
    form.number("days", &fl!(t, "token-days"), "", &input.days.to_string());
    form.done()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Input {
    label: String,
    scopes: Vec<String>,
    mandate: String,
    days: String,
}
pub(crate) async fn make(ctx: Ctx, from: From, posted: Posted<Input>) -> Result<Response, Problem> {
    let mut check = Check::new();
    let input = NewToken {
        mandate: check.id_opt("mandate", &posted.input.mandate),
        days: check.number("days", &posted.input.days, 1..=366),
        label: posted.input.label,
        scopes: posted.input.scopes,
    };
    let made = match check.done(()) {
        Ok(()) => access::make_token(ctx.house(), &ctx.asking(posted.once), &input).await,
        Err(refusals) => Err(refusals.into()),
    };
    let typed = match made {
        Ok((_, secret)) => Typed {
            fresh: Some(secret),
            ..Typed::default()
        },
        // The second of two clicks cannot be shown the secret again: it is kept nowhere.
        Err(Fail::Repeated(_)) => return Ok(ctx.go("/account#tokens", None)),
        Err(Fail::Refused(refusals)) => Typed {
            token: Some(input),
            refusals,
            ..Typed::default()
        },
        Err(other) => return Err(other.into()),
    };
    show(&ctx, &from, typed).await
}
pub(crate) async fn end(ctx: Ctx, Path(id): Path<TokenId>) -> Result<Response, Problem> {
    access::end_token(ctx.house(), &ctx.asking(None), id).await?;
    Ok(ctx.go("/account", Some("token-ended")))
}
