//! /desk/jobs: jobs that were given up, each with its error, and once more.

use askama::Template;
use axum::response::Response;
use basis::Refusal;
use i18n_embed_fl::fl;
use pages::{Ctx, Form, Markup, Nav, Page, Posted, Problem, Repeat, fmt};

use crate::{
    jobs::{self, Input},
    t,
};

pub(super) struct Row {
    id: String,
    kind: String,
    attempts: i64,
    error: String,
    ended: String,
    payload: String,
    history: String,
}
#[derive(Template)]
#[template(path = "job_rows.html")]
struct Rows<'a> {
    t: &'static i18n_embed::fluent::FluentLanguageLoader,
    rows: &'a [Row],
    pick: bool,
}
#[derive(Template)]
#[template(path = "jobs.html")]
struct Jobs {
    t: &'static i18n_embed::fluent::FluentLanguageLoader,
    none: bool,
    waiting: String,
    body: Markup,
}

pub async fn show(ctx: Ctx) -> Result<Response, Problem> {
    page(&ctx, &[]).await
}
async fn page(ctx: &Ctx, refusals: &[Refusal]) -> Result<Response, Problem> {
    let l = t(ctx.locale);
    let found = jobs::list(ctx.house(), &ctx.viewer).await?;
    let w = store::waiting(&ctx.house().db, ctx.now()).await?;
    let rows: Vec<Row> = found
        .into_iter()
        .map(|j| Row {
            id: j.id.to_string(),
            kind: j.kind,
            attempts: j.attempts,
            error: j.last_error.unwrap_or_default(),
            ended: j
                .ended_at
                .map(|m| fmt::moment(ctx.locale, m, ctx.zone()))
                .unwrap_or_default(),
            payload: j.payload,
            history: ctx.to(&format!("/history/job/{}", j.id)),
        })
        .collect();
    let pick = ctx.may("job.retry", &jobs::bench()) && !rows.is_empty();
    let list = Rows {
        t: l,
        rows: &rows,
        pick,
    };
    let list = Markup(list.render().map_err(basis::Fail::fault)?);
    let mut in_error = false;
    let body = if pick {
        let mut f = Form::post(ctx, "/desk/jobs/retries", fl!(l, "jobs-retry"), refusals);
        f.raw(&list);
        in_error = f.has_errors();
        f.done()
    } else {
        list
    };
    let template = Jobs {
        t: l,
        none: rows.is_empty(),
        waiting: fl!(l, "jobs-waiting", count = w.jobs),
        body,
    };
    let page = Page::new(fl!(l, "jobs-title"))
        .nav(Nav::Desk)
        .crumb(fl!(l, "desk-title"), "/desk")
        .unlisted()
        .in_error(in_error);
    ctx.show(page, &template)
}
pub async fn retry(ctx: Ctx, posted: Posted<Input>) -> Result<Response, Problem> {
    let answer = jobs::retry(ctx.house(), &ctx.asking(posted.once.clone()), &posted.input).await;
    match Repeat::or_refused(answer)? {
        Ok(_) => Ok(ctx.go("/desk/jobs", Some("jobs-retried"))),
        Err(refusals) => page(&ctx, &refusals).await,
    }
}
