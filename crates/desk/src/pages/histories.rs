//! /history, /journal and the proof of one entry.

use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use basis::Fail;
use i18n_embed_fl::fl;
use pages::{Ctx, Markup, Nav, Page, Problem, fmt, parts};
use serde::Deserialize;

use crate::{
    history::{self, Sight, Told},
    journal::{self, ACTS, Asked, KINDS},
    proof, t,
};

#[derive(Template)]
#[template(path = "history.html")]
struct History {
    t: &'static i18n_embed::fluent::FluentLanguageLoader,
    lead: String,
    back: Option<(String, String)>,
    zone: String,
    rows: Vec<Row>,
    say: String,
    none: bool,
}
struct Row {
    told: Told,
    proof: String,
    number: String,
    short_leaf: String,
}
fn rows(ctx: &Ctx, told: Vec<Told>) -> Vec<Row> {
    told.into_iter()
        .map(|told| Row {
            proof: ctx.to(&format!("/journal/{}", told.seq)),
            number: fl!(t(ctx.locale), "entry-number", n = told.seq),
            short_leaf: told.leaf.chars().take(12).collect(),
            told,
        })
        .collect()
}
pub(super) fn kind_word(ctx: &Ctx, kind: &str) -> String {
    crate::TEXTS
        .find(ctx.locale, &format!("kind-{kind}"), Default::default())
        .unwrap_or_else(|| kind.to_owned())
}

pub async fn history(ctx: Ctx, Path((kind, id)): Path<(String, String)>) -> Result<Response, Problem> {
    let l = t(ctx.locale);
    let (subject, sight, told) =
        history::history(ctx.house(), &ctx.app.texts, &ctx.viewer, ctx.locale, &kind, &id).await?;
    let word = kind_word(&ctx, &kind);
    let template = History {
        t: l,
        lead: match &subject.title {
            Some(title) => fl!(l, "history-of", kind = word, title = title.as_str()),
            None => word,
        },
        back: subject.href.as_ref().map(|h| (ctx.to(h), fl!(l, "history-back"))),
        zone: fl!(l, "history-zone", city = ctx.app.node.city.plain(ctx.locale)),
        none: told.is_empty(),
        rows: rows(&ctx, told),
        say: match sight {
            Sight::Full => fl!(l, "history-full"),
            Sight::Open => fl!(l, "history-open"),
        },
    };
    ctx.show(Page::new(fl!(l, "history-title")).unlisted(), &template)
}

#[derive(Template)]
#[template(path = "journal.html")]
struct Journal {
    t: &'static i18n_embed::fluent::FluentLanguageLoader,
    size: String,
    root: String,
    asked: Asked,
    sign_ins: bool,
    /// Code, words, whether chosen.
    acts: Vec<(String, String, bool)>,
    kinds: Vec<(String, String, bool)>,
    action: String,
    rows: Vec<LineRow>,
    next: Option<String>,
    all: String,
    zone: String,
}
struct LineRow {
    told: Told,
    kind: String,
    proof: String,
    number: String,
    /// Address of the object's history, and of everything this account did.
    history: Option<String>,
    by: Option<String>,
    sealed: bool,
}

/// The address of a thing's history, where it opens to this reader.
async fn history_of(ctx: &Ctx, kind: &str, id: &str) -> Result<Option<String>, Fail> {
    let opens = history::leads_on(ctx.house(), &ctx.viewer, ctx.locale, kind, id).await?;
    Ok(opens.then(|| ctx.to(&format!("/history/{kind}/{id}"))))
}
/// What the page asks beside the question itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Beside {
    #[serde(rename = "sign-ins")]
    sign_ins: String,
}
/// Choices by their words, in the order of the words; what was asked for stays a choice whether it is one or not.
fn choices(codes: &[&str], asked: &str, word: impl Fn(&str) -> String) -> Vec<(String, String, bool)> {
    let asked = asked.trim();
    let other = (!asked.is_empty() && !codes.contains(&asked)).then_some(asked);
    let mut all: Vec<(String, String, bool)> = codes
        .iter()
        .copied()
        .chain(other)
        .map(|code| (code.to_owned(), word(code), code == asked))
        .collect();
    all.sort_by_cached_key(|(_, words, _)| words.to_lowercase());
    all
}
pub async fn journal(ctx: Ctx, Query(asked): Query<Asked>, Query(beside): Query<Beside>) -> Result<Response, Problem> {
    let l = t(ctx.locale);
    let sign_ins = beside.sign_ins == "1";
    let found = journal::newest(ctx.house(), &ctx.viewer, &asked, sign_ins, 50).await?;
    let sealed = found.sealed;
    let told = history::tell(
        ctx.house(),
        &ctx.app.texts,
        ctx.locale,
        Sight::Full,
        found.lines.into_iter().map(|l| (l, None)).collect(),
    )
    .await?;
    let mut rows = Vec::with_capacity(told.len());
    for told in told {
        let hidden = sealed.contains(&told.seq);
        let object = told.object.clone().filter(|_| !hidden);
        let history = match &object {
            Some((kind, id)) => history_of(&ctx, kind, id).await?,
            None => None,
        };
        rows.push(LineRow {
            kind: object.as_ref().map(|(k, _)| kind_word(&ctx, k)).unwrap_or_default(),
            history,
            by: told
                .account
                .as_ref()
                .map(|a| ctx.to(&format!("/journal?account={a}")))
                .filter(|_| !hidden),
            proof: ctx.to(&format!("/journal/{}", told.seq)),
            number: fl!(l, "entry-number", n = told.seq),
            sealed: hidden,
            told,
        });
    }
    let template = Journal {
        t: l,
        size: fmt::number(i64::try_from(found.size).unwrap_or(i64::MAX)),
        root: found.root,
        action: ctx.to("/journal"),
        next: found.next.map(|n| {
            let more = if sign_ins { "&sign-ins=1" } else { "" };
            ctx.to(&format!("/journal?{}{more}", asked.query(n)))
        }),
        sign_ins,
        acts: choices(ACTS, &asked.action, |a| history::what(&ctx.app.texts, ctx.locale, a)),
        kinds: choices(KINDS, &asked.kind, |k| kind_word(&ctx, k)),
        all: ctx.to("/journal"),
        zone: fl!(l, "history-zone", city = ctx.app.node.city.plain(ctx.locale)),
        asked,
        rows,
    };
    ctx.show(Page::new(fl!(l, "journal-title")).nav(Nav::Desk).unlisted(), &template)
}

#[derive(Clone, Debug, Deserialize)]
pub struct Seq {
    seq: String,
}
#[derive(Template)]
#[template(path = "proof.html")]
struct ProofPage {
    t: &'static i18n_embed::fluent::FluentLanguageLoader,
    title: String,
    what: Option<(String, String)>,
    history: Option<String>,
    proof: proof::Proof,
    json: String,
    path_none: bool,
}
pub async fn proof(ctx: Ctx, Path(asked): Path<Seq>) -> Result<Response, Problem> {
    let l = t(ctx.locale);
    let seq: u64 = asked.seq.parse().map_err(|_| Fail::NotFound)?;
    let proved = proof::prove(ctx.house(), &ctx.viewer, ctx.locale, seq).await?;
    let what = proved.line.as_ref().map(|line| {
        (
            history::what(&ctx.app.texts, ctx.locale, &line.action),
            fmt::moment(ctx.locale, line.at, ctx.zone()),
        )
    });
    let history = match &proved.line {
        Some(line) => history_of(&ctx, &line.object_kind, &line.object_id).await?,
        None => None,
    };
    let template = ProofPage {
        t: l,
        title: fl!(l, "proof-title", n = proved.proof.seq),
        what,
        history,
        json: format!("/api/v1/journal/{seq}"),
        path_none: proved.proof.path.is_empty(),
        proof: proved.proof,
    };
    let page = Page::new(template.title.clone()).unlisted().link(
        "application/json",
        fl!(l, "proof-json"),
        template.json.clone(),
    );
    ctx.show(page, &template)
}

impl History {
    /// Who, and as whom they acted.
    fn who(row: &Row) -> Markup {
        let mut out = parts::escape(&row.told.who);
        if !row.told.acting.is_empty() {
            out.push_str("<br><span class=\"quiet small\">");
            out.push_str(&parts::escape(&row.told.acting));
            out.push_str("</span>");
        }
        Markup(out)
    }
}
