//! /desk/letters: the outbox that officers read before release.

use axum::{extract::Query, response::Response};
use basis::{Code, LetterId, Refusal};
use i18n_embed_fl::fl;
use pages::{Ctx, Form, Markup, Nav, Page, Posted, Problem, Repeat, fmt, parts};
use serde::Deserialize;
use store::{LetterRow, LetterStatus};

use askama::Template;

use crate::{
    letters::{self, Input},
    store as sql, t,
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub status: String,
}
pub(super) struct Row {
    id: LetterId,
    subject: String,
    to: String,
    lang: String,
    kind: String,
    made: String,
    /// Paragraphs of the full text; none for what is the addressee's alone.
    text: Option<Vec<String>>,
    error: Option<String>,
    attempts: i64,
    history: Option<String>,
}
#[derive(Template)]
#[template(path = "letter_rows.html")]
struct Rows<'a> {
    t: &'static i18n_embed::fluent::FluentLanguageLoader,
    rows: &'a [Row],
    /// Letters of this status can be ticked.
    pick: bool,
}
#[derive(Template)]
#[template(path = "letters.html")]
struct Letters {
    t: &'static i18n_embed::fluent::FluentLanguageLoader,
    tabs: Vec<(String, i64, String, bool)>,
    heading: String,
    none: Option<String>,
    body: Markup,
}
fn status_word(ctx: &Ctx, s: LetterStatus) -> String {
    crate::TEXTS
        .find(ctx.locale, &format!("letter-status-{s}"), Default::default())
        .unwrap_or_else(|| s.to_string())
}
fn row(ctx: &Ctx, l: LetterRow) -> Row {
    let text = (!letters::is_personal(&l.kind)).then(|| {
        l.body_text
            .split("\n\n")
            .map(|p| p.trim().to_owned())
            .filter(|p| !p.is_empty())
            .collect()
    });
    let to = match &l.to_name {
        Some(n) if !n.is_empty() => format!("{n} <{}>", l.to_address),
        _ => l.to_address.clone(),
    };
    let at = |m| fmt::moment(ctx.locale, m, ctx.zone());
    Row {
        id: l.id,
        subject: l.subject,
        to,
        lang: l.lang,
        kind: crate::TEXTS
            .find(
                ctx.locale,
                &format!("letter-kind-{}", l.kind.split('.').next().unwrap_or("")),
                Default::default(),
            )
            .unwrap_or(l.kind),
        made: l.sent_at.map_or_else(
            || fl!(t(ctx.locale), "letter-made", when = at(l.made_at)),
            |s| fl!(t(ctx.locale), "letter-sent", when = at(s)),
        ),
        text,
        error: l.last_error,
        attempts: l.attempts,
        // A letter that nobody held, released or withheld has no history.
        history: l.released_at.map(|_| ctx.to(&format!("/history/letter/{}", l.id))),
    }
}

/// Releases every letter of the page, ticked or not.
const RELEASE_ALL: &str = "release-all";
const SHOWN: &str = "shown";
/// The buttons once more above a long list, and which letters it shows.
fn above(rows: &[Row], release: &str, all: &str) -> Markup {
    let mut out: String = rows
        .iter()
        .map(|r| format!("<input type=\"hidden\" name=\"{SHOWN}\" value=\"{}\">", r.id))
        .collect();
    out.push_str(&format!(
        "<p class=\"row\"><button class=\"button\">{}</button><button class=\"button plain\" name=\"step\" value=\"{RELEASE_ALL}\">{}</button></p>",
        parts::escape(release),
        parts::escape(all)
    ));
    Markup(out)
}

pub async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let status = LetterStatus::from_code(&asked.status).unwrap_or(LetterStatus::Held);
    page(&ctx, status, &[]).await
}
async fn page(ctx: &Ctx, status: LetterStatus, refusals: &[Refusal]) -> Result<Response, Problem> {
    let l = t(ctx.locale);
    let found = letters::list(ctx.house(), &ctx.viewer, Some(status), 100).await?;
    let counts = sql::letter_counts(&ctx.house().db).await?;
    let rows: Vec<Row> = found.into_iter().map(|r| row(ctx, r)).collect();
    let may = ctx.may("letter.release", &letters::outbox());
    let pick = may && matches!(status, LetterStatus::Held | LetterStatus::Dead);
    let list = Rows {
        t: l,
        rows: &rows,
        pick,
    };
    let list = Markup(list.render().map_err(basis::Fail::fault)?);
    let mut in_error = false;
    let body = if pick && !rows.is_empty() {
        let words = if status == LetterStatus::Held {
            fl!(l, "letters-release")
        } else {
            fl!(l, "letters-retry")
        };
        let mut f = Form::post(ctx, "/desk/letters/decisions", words.as_str(), refusals);
        if status == LetterStatus::Held {
            let all = fl!(l, "letters-release-all");
            f.raw(&above(&rows, &words, &all));
            f.also("step", "withhold", &fl!(l, "letters-withhold"))
                .also("step", RELEASE_ALL, &all);
        } else {
            f.hidden("step", "retry");
        }
        f.raw(&list);
        in_error = f.has_errors();
        f.done()
    } else {
        list
    };
    let template = Letters {
        t: l,
        tabs: LetterStatus::ALL
            .iter()
            .map(|&s| {
                let n = counts.get(s.code()).copied().unwrap_or(0);
                (
                    status_word(ctx, s),
                    n,
                    ctx.to(&format!("/desk/letters?status={s}")),
                    s == status,
                )
            })
            .collect(),
        heading: status_word(ctx, status),
        none: rows.is_empty().then(|| match status {
            LetterStatus::Held => fl!(l, "letters-none-held"),
            LetterStatus::Dead => fl!(l, "letters-none-dead"),
            _ => fl!(l, "letters-none"),
        }),
        body,
    };
    let page = Page::new(fl!(l, "letters-title"))
        .nav(Nav::Desk)
        .crumb(fl!(l, "desk-title"), "/desk")
        .unlisted()
        .in_error(in_error);
    ctx.show(page, &template)
}
pub async fn decide(ctx: Ctx, mut posted: Posted<Input>) -> Result<Response, Problem> {
    if posted.input.step == RELEASE_ALL {
        posted.input = Input {
            letter: posted.with_prefix(SHOWN).map(|(_, id)| id.to_owned()).collect(),
            step: "release".to_owned(),
        };
    }
    let dead = posted.input.step == "retry";
    let status = if dead { LetterStatus::Dead } else { LetterStatus::Held };
    let answer = letters::settle(ctx.house(), &ctx.asking(posted.once.clone()), &posted.input).await;
    match Repeat::or_refused(answer)? {
        Ok(s) if s.missed > 0 => Ok(ctx.go(&format!("/desk/letters?status={status}"), Some("letters-some"))),
        Ok(_) => {
            let done = match posted.input.step.as_str() {
                "retry" => "letters-retried",
                "withhold" => "letters-withheld",
                _ => "letters-released",
            };
            Ok(ctx.go(&format!("/desk/letters?status={status}"), Some(done)))
        }
        Err(refusals) => page(&ctx, status, &refusals).await,
    }
}
