//! What happened to an undertaking, in plain words, from the journal.

use ::pages::{Ctx, Markup, Problem, fmt, parts};
use ::store::journal;
use axum::{extract::Path, response::Response};
use basis::{AccountId, UndertakingId};
use i18n_embed_fl::fl;

use super::{Part, inside_card, show_act, words::word};
use crate::{neighbours::Names, t};

pub async fn page(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let id: UndertakingId = super::id(&raw)?;
    let u = inside_card(&ctx, id).await?;
    let db = &ctx.house().db;
    let lines = journal::history(db, "undertaking", &id.to_string()).await?;
    let people: Vec<AccountId> = lines
        .iter()
        .filter_map(|(l, _)| l.account.as_ref()?.parse().ok())
        .collect();
    let names = Names::of(db, Vec::new(), people).await?;
    let mut rows = String::new();
    for (line, detail) in &lines {
        let who = line
            .account
            .as_ref()
            .and_then(|a| a.parse().ok())
            .map_or("", |a| names.person(a));
        let reason = detail.as_ref().and_then(|d| d.reason.clone()).unwrap_or_default();
        rows.push_str(&format!(
            "<tr><td data-th=\"{}\">{}</td><th scope=\"row\">{}</th><td data-th=\"{}\">{}</td><td data-th=\"{}\">{}</td><td class=\"num\" data-th=\"{}\">{}</td></tr>",
            parts::escape(&fl!(t, "col-when")),
            parts::escape(&fmt::moment(l, line.at, ctx.zone())),
            parts::escape(&word(l, &format!("did-{}", line.action.replace('.', "-")))),
            parts::escape(&fl!(t, "col-who")),
            parts::escape(who),
            parts::escape(&fl!(t, "col-reason")),
            parts::escape(&reason),
            parts::escape(&fl!(t, "col-entry")),
            line.seq
        ));
    }
    let head: String = ["col-when", "col-what", "col-who", "col-reason", "col-entry"]
        .iter()
        .map(|key| format!("<th scope=\"col\">{}</th>", parts::escape(&word(l, key))))
        .collect();
    let caption = parts::escape(&fl!(t, "tool-history"));
    let table = Markup(format!(
        "<table class=\"fold\"><caption class=\"unseen\">{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    ));
    let part = Part {
        anchor: "history",
        heading: fl!(t, "tool-history"),
        note: fl!(t, "history-note"),
        body: table,
    };
    show_act(
        &ctx,
        &u,
        (fl!(t, "tool-history"), ""),
        Markup::default(),
        vec![part],
        false,
    )
}
