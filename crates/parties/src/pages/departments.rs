//! Which body guides which field; the office's lead names it.

use ::pages::{Ctx, Form, Markup, Nav, Page, Posted, Problem, Repeat, fmt, parts};
use access::{BodyKind, Thing};
use askama::Template;
use axum::response::Response;
use basis::{Code, Field, Refusal};
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;

use super::words;
use crate::{
    bodies,
    set_department::{self, Input},
    store as sql, t,
};

struct Row {
    field: String,
    body: Markup,
    since: String,
}
#[derive(Template)]
#[template(path = "departments.html")]
struct Departments {
    t: &'static FluentLanguageLoader,
    rows: Vec<Row>,
    form: Option<Markup>,
}

pub(super) async fn page(ctx: Ctx) -> Result<Response, Problem> {
    show(&ctx, &Input::default(), &[]).await
}
pub(super) async fn set(ctx: Ctx, posted: Posted<Input>) -> Result<Response, Problem> {
    let done = set_department::set_department(ctx.house(), &ctx.asking(posted.once), &posted.input).await;
    match Repeat::or_refused(done)? {
        Ok(_) => Ok(ctx.go("/departments", Some("department"))),
        Err(refusals) => show(&ctx, &posted.input, &refusals).await,
    }
}
async fn show(ctx: &Ctx, typed: &Input, refusals: &[Refusal]) -> Result<Response, Problem> {
    let (l, t, db) = (ctx.locale, t(ctx.locale), &ctx.house().db);
    let set = sql::departments(db).await?;
    let ids: Vec<_> = set.values().map(|(body, _)| *body).collect();
    let named = bodies(db, &ids).await?;
    let rows = Field::ALL.iter().map(|f| {
        let of = set.get(f).and_then(|(body, since)| Some((named.get(body)?, since)));
        Row {
            field: parts::field_name(l, *f),
            body: match of {
                Some((b, _)) => Markup(format!(
                    "{}{}",
                    parts::name(l, &b.name),
                    parts::made_up_if(l, b.illustrative)
                )),
                None => Markup(format!(
                    "<span class=\"quiet\">{}</span>",
                    parts::escape(&fl!(t, "departments-none"))
                )),
            },
            since: of
                .map(|(_, s)| fmt::day(l, s.to_zoned(ctx.zone().clone()).date()))
                .unwrap_or_default(),
        }
    });
    let rows = rows.collect();
    let form = if ctx.may("department.set", &Thing::new("department", "")) {
        let mut choices = access::bodies_of_kind(db, BodyKind::Department).await?;
        choices.extend(access::bodies_of_kind(db, BodyKind::Office).await?);
        let choices: Vec<_> = choices
            .iter()
            .filter(|b| b.ended_at.is_none())
            .map(|b| (b.id.to_string(), b.name.plain(l).to_owned()))
            .collect();
        let mut f = Form::post(ctx, "/departments", fl!(t, "departments-submit"), refusals);
        f.select(
            "field",
            &fl!(t, "organisations-filter-field"),
            "",
            &words::field_choices(l),
            &typed.field,
            false,
        )
        .select("body", &fl!(t, "departments-body"), "", &choices, &typed.body, false);
        Some(f.done())
    } else {
        None
    };
    let head = Page::new(fl!(t, "departments-title"))
        .about(fl!(t, "departments-lead"))
        .nav(Nav::Organisations)
        .crumb(fl!(t, "organisations-title"), "/organisations")
        .in_error(!refusals.is_empty());
    ctx.show(head, &Departments { t, rows, form })
}
