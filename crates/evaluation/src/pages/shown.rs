//! One evaluation: aims and what was found, who judged, what the executing party says to it.

use ::pages::{Ctx, Markup, Posted, Problem, fmt, parts};
use ::store::journal;
use axum::{extract::Path, response::Response};
use basis::{AccountId, EvaluationId, Fill};
use i18n_embed_fl::fl;
use undertakings::UndertakingCard;

use super::{Head, Part, both, show, word};
use crate::{AimCard, EvaluationCard, EvaluatorCard, FindingCard, FindingState, Status, neighbours, sight, store, t};

fn state(ctx: &Ctx, s: FindingState) -> Markup {
    let fill = match s {
        FindingState::Met => Fill::Full,
        FindingState::InPart => Fill::Half,
        FindingState::NotMet => Fill::Empty,
        FindingState::CannotTell => Fill::Dotted,
    };
    parts::status(fill, &word(ctx.locale, &format!("finding-{s}")))
}
pub(super) fn status(ctx: &Ctx, s: Status) -> Markup {
    let fill = match s {
        Status::Appointed => Fill::Empty,
        Status::Drafted => Fill::Half,
        Status::Published => Fill::Full,
    };
    parts::status(fill, &word(ctx.locale, &format!("evaluation-status-{s}")))
}
/// What the viewer may do here, asked of the gate.
pub(super) struct May {
    pub begin: bool,
    pub judge: bool,
    pub submit: bool,
    pub publish: bool,
    pub reply: bool,
    pub declared: bool,
}
pub(super) async fn may(ctx: &Ctx, id: EvaluationId) -> Result<May, Problem> {
    let db = &ctx.house().db;
    let e = store::load(db, id).await?.ok_or(basis::Fail::NotFound)?;
    let evaluators = store::evaluators(db, &[id]).await?;
    let thing = sight::thing(db, &ctx.viewer, &e, &evaluators).await?;
    let me = ctx.viewer.account();
    Ok(May {
        begin: ctx.may("evaluation.begin", &thing),
        judge: ctx.may("evaluation.judge", &thing),
        submit: ctx.may("evaluation.submit", &thing),
        publish: ctx.may("evaluation.publish", &thing),
        reply: ctx.may("evaluation.reply", &thing),
        declared: evaluators
            .iter()
            .any(|x| Some(x.account) == me && x.no_conflict.is_some()),
    })
}

pub async fn page(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let db = &ctx.house().db;
    let (e, u) = both(&ctx, super::id(&raw)?).await?;
    let may = may(&ctx, e.id).await?;
    let aims = crate::aims(db, &[e.plan_item]).await?;
    let findings = crate::findings(db, std::slice::from_ref(&e)).await?;
    let judges = crate::evaluators(db, &e).await?;
    let names = neighbours::people(db, &judges.iter().map(|j| j.account).collect::<Vec<_>>()).await?;
    let mut all = vec![Part {
        anchor: "aims",
        heading: fl!(t, "part-aims"),
        note: fl!(t, "aims-note"),
        body: table(
            &ctx,
            &e,
            &aims,
            &findings,
            may.judge && may.declared && e.status == Status::Appointed,
        ),
    }];
    if let Some(summary) = &e.summary {
        let body = parts::prose(l, summary);
        all.push(Part {
            anchor: "summary",
            heading: fl!(t, "part-summary"),
            note: String::new(),
            body,
        });
    }
    if let Some(said) = &e.reply {
        let note = e.reply_at.map(|m| fmt::moment(l, m, ctx.zone())).unwrap_or_default();
        let body = parts::prose(l, said);
        all.push(Part {
            anchor: "reply",
            heading: fl!(t, "part-reply"),
            note,
            body,
        });
    }
    all.push(Part {
        anchor: "people",
        heading: fl!(t, "part-evaluators"),
        note: String::new(),
        body: people(&ctx, &e, &judges, |a| names.get(&a).map_or("", |p| p.name.as_str())),
    });
    let lead = fl!(t, "evaluation-lead");
    let head = Head {
        title: fl!(t, "evaluation-title", about = u.title.plain(l)),
        lead: &lead,
        about: u.title.plain(l),
        about_path: format!("/undertakings/{}", u.id),
        illustrative: e.illustrative,
        listed: e.status == Status::Published,
    };
    let context = Markup(format!(
        "<p>{}</p>{}",
        status(&ctx, e.status),
        next(&ctx, &e, &u, &may, &aims, &findings)
    ));
    show(&ctx, head, context, all, false)
}
fn table(ctx: &Ctx, e: &EvaluationCard, aims: &[AimCard], findings: &[FindingCard], writes: bool) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    let mut sources = parts::Sources::default();
    let cols = [
        fl!(t, "col-aim"),
        fl!(t, "col-target"),
        fl!(t, "col-found"),
        fl!(t, "col-state"),
    ];
    let mut rows = String::new();
    for a in aims {
        let f = findings.iter().find(|f| f.aim == a.id);
        let found = match f {
            Some(f) => {
                let note = f
                    .note
                    .as_ref()
                    .map(|n| format!("<br><span class=\"quiet small\">{}</span>", parts::text(l, n)));
                let source = sources.cite(l, f.source.as_deref().unwrap_or(""));
                format!("{} {source}{}", parts::text(l, &f.found), note.unwrap_or_default())
            }
            None => String::new(),
        };
        let state = f.map_or_else(Markup::default, |f| state(ctx, f.state));
        let write = if writes {
            let href = ctx.to(&format!("/evaluations/{}/findings/{}", e.id, a.id));
            let label = if f.is_some() {
                fl!(t, "link-change-finding")
            } else {
                fl!(t, "link-write-finding")
            };
            format!(" <a href=\"{href}\">{}</a>", parts::escape(&label))
        } else {
            String::new()
        };
        rows.push_str(&format!(
            "<tr><th scope=\"row\">{}<br><span class=\"quiet small\">{}</span>{}</th><td data-th=\"{}\">{}</td><td data-th=\"{}\">{found}</td><td data-th=\"{}\">{state}{write}</td></tr>",
            parts::text(l, &a.text),
            parts::text(l, &a.measure),
            parts::made_up_if(l, a.illustrative),
            parts::escape(&cols[1]),
            parts::text(l, &a.target),
            parts::escape(&cols[2]),
            parts::escape(&cols[3]),
        ));
    }
    let head: String = cols
        .iter()
        .map(|c| format!("<th scope=\"col\">{}</th>", parts::escape(c)))
        .collect();
    let caption = parts::escape(&fl!(t, "part-aims"));
    let list = if sources.is_empty() {
        String::new()
    } else {
        sources.list().0
    };
    let closed = if e.readable {
        String::new()
    } else {
        format!(
            "<p class=\"quiet\">{}</p>",
            parts::escape(&fl!(t, "findings-not-public"))
        )
    };
    Markup(format!(
        "<table class=\"fold\"><caption class=\"unseen\">{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{closed}{list}"
    ))
}
fn people<'a>(ctx: &Ctx, e: &EvaluationCard, judges: &[EvaluatorCard], name: impl Fn(AccountId) -> &'a str) -> Markup {
    let t = t(ctx.locale);
    if judges.is_empty() {
        let said = fl!(
            t,
            "evaluators-count",
            count = e.evaluators,
            due = fmt::day_short(ctx.locale, e.due)
        );
        return Markup(format!("<p>{}</p>", parts::escape(&said)));
    }
    let items: String = judges
        .iter()
        .map(|j| {
            let said = match j.no_conflict {
                Some(at) => fl!(t, "declared-at", at = fmt::moment(ctx.locale, at, ctx.zone())),
                None => fl!(t, "declared-not-yet"),
            };
            format!(
                "<li>{} <span class=\"quiet small\">{}</span></li>",
                parts::escape(name(j.account)),
                parts::escape(&said)
            )
        })
        .collect();
    Markup(format!(
        "<ul class=\"plain-list\">{items}</ul><p class=\"quiet small\">{}</p>",
        parts::escape(&fl!(t, "outside-note"))
    ))
}
/// The one next thing for this reader.
fn next(
    ctx: &Ctx,
    e: &EvaluationCard,
    u: &UndertakingCard,
    may: &May,
    aims: &[AimCard],
    findings: &[FindingCard],
) -> Markup {
    let t = t(ctx.locale);
    let at = |tail: &str| format!("/evaluations/{}{tail}", e.id);
    let link = |tail: &str, label: String| {
        let class = "button";
        Markup(format!(
            "<p><a class=\"{class}\" href=\"{}\">{}</a></p>",
            ctx.to(&at(tail)),
            parts::escape(&label)
        ))
    };
    let over = matches!(u.status, undertakings::Status::Settled | undertakings::Status::Stopped);
    let without = aims.iter().find(|a| !findings.iter().any(|f| f.aim == a.id));
    match e.status {
        Status::Appointed if may.begin && !may.declared => {
            parts::step(ctx, &at("/declaration"), &fl!(t, "button-declare"), false)
        }
        Status::Appointed if may.judge && may.declared => match without {
            Some(a) => link(
                &format!("/findings/{}", a.id),
                fl!(t, "step-find-next", aim = a.text.plain(ctx.locale)),
            ),
            None if may.submit => link("/summary", fl!(t, "button-submit")),
            None => Markup::default(),
        },
        Status::Drafted if may.publish && over => {
            parts::step(ctx, &at("/publication"), &fl!(t, "button-publish"), false)
        }
        Status::Drafted | Status::Published if may.reply && e.reply.is_none() => link("/reply", fl!(t, "button-reply")),
        Status::Drafted if may.publish => Markup(format!(
            "<p class=\"quiet\">{}</p>",
            parts::escape(&fl!(t, "publish-when-over"))
        )),
        Status::Appointed => {
            let said = fl!(t, "waits-on-evaluators", due = fmt::day_short(ctx.locale, e.due));
            Markup(format!("<p class=\"quiet\">{}</p>", parts::escape(&said)))
        }
        _ => Markup::default(),
    }
}

pub async fn history(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let db = &ctx.house().db;
    let (e, u) = both(&ctx, super::id(&raw)?).await?;
    if !e.readable {
        return Err(Problem(basis::Fail::NotFound));
    }
    let lines = journal::history(db, "evaluation", &e.id.to_string()).await?;
    let ids: Vec<AccountId> = lines
        .iter()
        .filter_map(|(l, _)| l.account.as_ref()?.parse().ok())
        .collect();
    let names = neighbours::people(db, &ids).await?;
    let rows: String = lines
        .iter()
        .map(|(line, _)| {
            let who = line
                .account
                .as_ref()
                .and_then(|a| names.get(&a.parse().ok()?))
                .map_or("", |p| p.name.as_str());
            format!(
                "<tr><td>{}</td><th scope=\"row\">{}</th><td>{}</td><td class=\"num\">{}</td></tr>",
                parts::escape(&fmt::moment(l, line.at, ctx.zone())),
                parts::escape(&word(l, &format!("did-{}", line.action.replace('.', "-")))),
                parts::escape(who),
                line.seq
            )
        })
        .collect();
    let head: String = ["col-when", "col-what", "col-who", "col-entry"]
        .iter()
        .map(|k| format!("<th scope=\"col\">{}</th>", parts::escape(&word(l, k))))
        .collect();
    let caption = parts::escape(&fl!(t, "part-history"));
    let body = Markup(format!(
        "<table class=\"fold\"><caption class=\"unseen\">{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    ));
    let part = Part {
        anchor: "history",
        heading: fl!(t, "part-history"),
        note: String::new(),
        body,
    };
    let head = Head {
        title: fl!(t, "part-history"),
        lead: "",
        about: u.title.plain(l),
        about_path: format!("/evaluations/{}", e.id),
        illustrative: e.illustrative,
        listed: false,
    };
    show(&ctx, head, Markup::default(), vec![part], false)
}
/// So that posts without fields read like the rest.
pub(super) type Bare = Posted<super::Nothing>;
