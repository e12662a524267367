//! My data: taken along as JSON, or erased.

use access::{Asking, House};
use askama::Template;
use axum::response::Response;
use basis::{Fail, Refusal};
use i18n_embed_fl::fl;
use pages::{Ctx, Form, Markup, Page, Posted, Problem, download};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::request::with_cookie;
use crate::t;

pub(crate) async fn export(ctx: Ctx) -> Result<Response, Problem> {
    let all = gather(ctx.house(), &ctx.asking(None)).await?;
    let text = serde_json::to_string_pretty(&all).map_err(Fail::fault)?;
    Ok(download::saved(
        "youcheng-my-data.json",
        "application/json; charset=utf-8",
        text,
    ))
}
/// The account in words, then every table that keeps rows about its person, whichever room's it is.
pub(crate) async fn gather(house: &House, asking: &Asking) -> Result<Value, Fail> {
    let account = access::export_own(house, asking).await?;
    let tables = match asking.viewer.account() {
        Some(me) => store::of_person(&house.db, house.db.engine(), me, &access::TOLD_IN_WORDS).await?,
        None => Default::default(),
    };
    Ok(json!({ "made": house.now(), "access": account, "tables": tables }))
}

#[derive(Template)]
#[template(path = "erasure.html")]
struct Erasure {
    title: String,
    lead: String,
    goes: String,
    stays: String,
    form: Markup,
}
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Input {
    password: String,
    sure: String,
}
pub(crate) async fn erase_form(ctx: Ctx) -> Result<Response, Problem> {
    page(&ctx, &[]).await
}
async fn page(ctx: &Ctx, refusals: &[Refusal]) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let me = access::my_profile(ctx.house(), &ctx.asking(None)).await?;
    let mut form = Form::post(ctx, "/account/erasure", fl!(t, "erase-do"), refusals);
    if me.has_password {
        form.line("password", "password", &fl!(t, "password"), "", "", false);
    }
    let sure = [("yes".to_owned(), fl!(t, "erase-sure"), String::new())];
    form.checks("sure", &fl!(t, "erase-sure-legend"), "", &sure, &[]);
    form.beside(&ctx.to("/account"), &fl!(t, "erase-not"));
    let template = Erasure {
        title: fl!(t, "erase"),
        lead: fl!(t, "erase-lead"),
        goes: fl!(t, "erase-goes"),
        stays: fl!(t, "erase-stays"),
        form: form.done(),
    };
    let page = Page::new(fl!(t, "erase"))
        .unlisted()
        .crumb(fl!(t, "account"), "/account")
        .in_error(!refusals.is_empty());
    ctx.show(page, &template)
}
pub(crate) async fn erase(ctx: Ctx, posted: Posted<Input>) -> Result<Response, Problem> {
    if posted.input.sure != "yes" {
        return page(&ctx, &[Refusal::at("sure", "refusal-erase-sure")]).await;
    }
    match access::erase(ctx.house(), &ctx.asking(posted.once), &posted.input.password).await {
        Ok(()) => Ok(with_cookie(ctx.go("", Some("erased")), &ctx.app.access.ended_cookie())),
        Err(Fail::Refused(r)) => page(&ctx, &r).await,
        Err(other) => Err(other.into()),
    }
}
