//! Policy lines: quoted, with source and validity.

use ::pages::{Ctx, Form, Markup, Nav, Page, Posted, Problem, Repeat, fmt, parts};
use axum::{extract::Path, response::Response};
use basis::{Fail, Locale, Refusal, Text};
use i18n_embed_fl::fl;
use std::fmt::Write;

use super::{Act, Part, id, show_form};
use crate::{PolicyLine, PolicyLineInput, store as sql, t};

fn may_set(ctx: &Ctx) -> bool {
    ctx.may("policy-line.set", &access::Thing::new("policy-line", "new"))
}
pub(super) async fn page(ctx: Ctx) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let lines = crate::policy_lines(&ctx.house().db).await?;
    let today = ctx.today();
    let (now, past): (Vec<&PolicyLine>, Vec<&PolicyLine>) =
        lines.iter().partition(|l| l.until.is_none_or(|u| u >= today));
    let mut parts_ = vec![Part {
        anchor: "now",
        heading: fl!(t, "lines-in-force"),
        note: String::new(),
        body: rows(&ctx, &now),
    }];
    if !past.is_empty() {
        parts_.push(Part {
            anchor: "past",
            heading: fl!(t, "lines-past"),
            note: String::new(),
            body: rows(&ctx, &past),
        });
    }
    let mut tools = vec![
        ("/policy-lines.csv", fl!(t, "download-csv")),
        ("/policy-lines.xlsx", fl!(t, "download-xlsx")),
    ];
    if may_set(&ctx) {
        tools.insert(0, ("/policy-lines/new", fl!(t, "line-new")));
    }
    let tools: String = tools
        .iter()
        .map(|(path, label)| format!("<a href=\"{}\">{}</a>", ctx.to(path), parts::escape(label)))
        .collect();
    let context = Markup(format!("<p class=\"tools\">{tools}</p>"));
    let act = Act {
        title: fl!(t, "lines-title"),
        made_up: Markup::default(),
        lead: fl!(t, "lines-lead"),
        context,
        parts: parts_,
    };
    ctx.show(
        Page::new(fl!(t, "lines-title"))
            .nav(Nav::Plan)
            .crumb(fl!(t, "plan-title"), "/plan"),
        &act,
    )
}
fn rows(ctx: &Ctx, lines: &[&PolicyLine]) -> Markup {
    let t = t(ctx.locale);
    if lines.is_empty() {
        return Markup(format!(
            "<p class=\"quiet\">{}</p>",
            parts::escape(&fl!(t, "lines-none"))
        ));
    }
    let edit = may_set(ctx);
    let mut out = String::from("<ul class=\"rows\">");
    for l in lines {
        let starts = fmt::day(ctx.locale, l.starts);
        let holds = match l.until {
            Some(u) => fl!(t, "line-holds", starts = starts, until = fmt::day(ctx.locale, u)),
            None => fl!(t, "line-holds-open", starts = starts),
        };
        let _ = write!(
            out,
            "<li id=\"l-{}\"><div><h3>{} {}{}</h3>{}<p class=\"meta\">{} · {}</p></div><p class=\"meta\"><a href=\"{}\">{}</a>{}</p></li>",
            l.id,
            parts::escape(&l.code),
            parts::text(ctx.locale, &l.title),
            parts::made_up_if(ctx.locale, l.illustrative),
            parts::prose(ctx.locale, &l.text),
            parts::escape(&holds),
            parts::source_link(&l.source),
            ctx.to(&format!("/plan?policy={}", l.id)),
            parts::escape(&fl!(t, "line-items")),
            if edit {
                format!(
                    "<br><a href=\"{}\">{}</a>",
                    ctx.to(&format!("/policy-lines/{}/edit", l.id)),
                    parts::escape(&fl!(t, "line-edit"))
                )
            } else {
                String::new()
            },
        );
    }
    out.push_str("</ul>");
    Markup(out)
}
pub(super) async fn new_form(ctx: Ctx) -> Result<Response, Problem> {
    ctx.house().gate.check(
        &ctx.viewer,
        "policy-line.set",
        &access::Thing::new("policy-line", "new"),
    )?;
    form_page(&ctx, None, &PolicyLineInput::default(), &[])
}
pub(super) async fn add(ctx: Ctx, posted: Posted<PolicyLineInput>) -> Result<Response, Problem> {
    match Repeat::or_refused(crate::add_line(ctx.house(), &ctx.asking(posted.once.clone()), &posted.input).await)? {
        Ok(id) => Ok(ctx.go(&format!("/policy-lines#l-{id}"), Some("line-saved"))),
        Err(refusals) => form_page(&ctx, None, &posted.input, &refusals),
    }
}
pub(super) async fn edit_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let line = sql::line(&ctx.house().db, id(&raw)?).await?.ok_or(Fail::NotFound)?;
    ctx.house().gate.check(
        &ctx.viewer,
        "policy-line.set",
        &access::Thing::new("policy-line", line.id),
    )?;
    let words = |t: &Text, l: Locale| t.get(l.tag()).unwrap_or("").to_owned();
    let input = PolicyLineInput {
        code: line.code.clone(),
        title_zh: words(&line.title, Locale::Zh),
        title_en: words(&line.title, Locale::En),
        text_zh: words(&line.text, Locale::Zh),
        text_en: words(&line.text, Locale::En),
        source: line.source.clone(),
        starts: line.starts.to_string(),
        until: line.until.map(|u| u.to_string()).unwrap_or_default(),
        version: line.version.to_string(),
    };
    form_page(&ctx, Some(&raw), &input, &[])
}
pub(super) async fn amend(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<PolicyLineInput>,
) -> Result<Response, Problem> {
    match Repeat::or_refused(
        crate::amend_line(ctx.house(), &ctx.asking(posted.once.clone()), id(&raw)?, &posted.input).await,
    )? {
        Ok(id) => Ok(ctx.go(&format!("/policy-lines#l-{id}"), Some("line-saved"))),
        Err(refusals) => form_page(&ctx, Some(&raw), &posted.input, &refusals),
    }
}
fn form_page(
    ctx: &Ctx,
    line: Option<&str>,
    input: &PolicyLineInput,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let (path, title) = match line {
        Some(id) => (format!("/policy-lines/{id}"), fl!(t, "line-edit-title")),
        None => ("/policy-lines".to_owned(), fl!(t, "line-new")),
    };
    let mut f = Form::post(ctx, &path, fl!(t, "item-save"), refusals);
    f.text("code", &fl!(t, "line-code"), &fl!(t, "line-code-hint"), &input.code)
        .text_in(
            "zh-Hans",
            "title_zh",
            &fl!(t, "item-title-zh"),
            &fl!(t, "either-language"),
            &input.title_zh,
            true,
        )
        .text_in("en", "title_en", &fl!(t, "item-title-en"), "", &input.title_en, true)
        .prose_in(
            "zh-Hans",
            "text_zh",
            &fl!(t, "line-text-zh"),
            "",
            &input.text_zh,
            4000,
            true,
        )
        .prose_in("en", "text_en", &fl!(t, "line-text-en"), "", &input.text_en, 4000, true)
        .text(
            "source",
            &fl!(t, "line-source"),
            &fl!(t, "line-source-hint"),
            &input.source,
        )
        .day("starts", &fl!(t, "line-starts"), "", &input.starts, false)
        .day(
            "until",
            &fl!(t, "line-until"),
            &fl!(t, "line-until-hint"),
            &input.until,
            true,
        )
        .hidden("version", &input.version);
    let page = Page::new(title.clone())
        .nav(Nav::Plan)
        .crumb(fl!(t, "lines-title"), "/policy-lines");
    show_form(ctx, page, title, fl!(t, "lines-lead"), fl!(t, "item-form"), &f)
}
