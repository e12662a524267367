//! "Who may do this, and by which rule?": every rule in plain words with its source, by room; for one action, who could
//! and whether the reader's present role is among them.

use std::collections::BTreeMap;

use access::{RuleText, Thing};
use askama::Template;
use axum::{extract::Query, response::Response};
use basis::Locale;
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;
use pages::{Ctx, Page, Problem, parts};
use serde::Deserialize;

use crate::t;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    action: String,
}

struct Line {
    id: String,
    permits: bool,
    words: String,
    source: String,
    /// Address and words.
    actions: Vec<(String, String)>,
    cedar: String,
}
struct Room {
    name: String,
    count: String,
    rules: Vec<Line>,
}
struct Answer {
    code: &'static str,
    heading: String,
    who: String,
    /// What it means for the reader, acting as they do now.
    you: String,
    able: bool,
}
#[derive(Template)]
#[template(path = "rules.html")]
struct Rules {
    t: &'static FluentLanguageLoader,
    here: String,
    /// Code, words, whether chosen.
    actions: Vec<(&'static str, String, bool)>,
    answer: Option<Answer>,
    rooms: Vec<Room>,
}

pub(crate) fn room_name(locale: Locale, room: &str) -> String {
    crate::TEXTS
        .find(locale, &format!("room-{room}"), Default::default())
        .unwrap_or_else(|| room.to_owned())
}

/// What somebody does, in words; its code where there are none.
fn action_name(locale: Locale, action: &str) -> String {
    crate::TEXTS
        .find(
            locale,
            &format!("action-{}", action.replace('.', "-")),
            Default::default(),
        )
        .unwrap_or_else(|| action.to_owned())
}

pub(crate) async fn rules(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let (l, t) = (ctx.locale, t(ctx.locale));
    let gate = &ctx.house().gate;
    ctx.asking(None).check(ctx.house(), "rule.list", &Thing::default())?;
    let here = ctx.to("/rules");
    let chosen = gate.action(&asked.action);
    let mut by_room: BTreeMap<&'static str, Vec<Line>> = BTreeMap::new();
    for rule in gate.rules() {
        if chosen.is_none_or(|a| rule.actions.iter().any(|x| x == a)) {
            by_room.entry(rule.room).or_default().push(line(l, &here, rule));
        }
    }
    let mut actions: Vec<(&'static str, String, bool)> = gate
        .actions()
        .map(|(a, _)| (a, action_name(l, a), Some(a) == chosen))
        .collect();
    actions.sort_by_cached_key(|(_, words, _)| words.to_lowercase());
    let template = Rules {
        t,
        actions,
        answer: chosen.map(|a| answer(&ctx, a)),
        rooms: by_room
            .into_iter()
            .map(|(room, rules)| Room {
                name: room_name(l, room),
                count: fl!(t, "rules-count", count = rules.len()),
                rules,
            })
            .collect(),
        here,
    };
    ctx.show(Page::new(fl!(t, "rules")).about(fl!(t, "rules-lead")), &template)
}
fn line(locale: Locale, here: &str, r: RuleText) -> Line {
    let words = r.words(locale).to_owned();
    // A rule about everything would name everything.
    let few = r.actions.len() <= 12;
    let link = |a: String| (format!("{here}?action={}", parts::encode(&a)), action_name(locale, &a));
    Line {
        actions: if few {
            r.actions.into_iter().map(link).collect()
        } else {
            Vec::new()
        },
        id: r.id,
        permits: r.permits,
        words,
        source: r.source,
        cedar: r.cedar,
    }
}
fn answer(ctx: &Ctx, action: &'static str) -> Answer {
    let (l, t) = (ctx.locale, t(ctx.locale));
    let who = ctx.house().gate.who_could(action);
    let role = ctx.viewer.role();
    let able = who.contains(&role);
    let names: Vec<String> = who.iter().map(|r| parts::role_name(l, *r)).collect();
    let mine = parts::role_name(l, role);
    Answer {
        code: action,
        heading: fl!(t, "rules-answer", action = action_name(l, action)),
        who: if names.is_empty() {
            fl!(t, "rules-nobody")
        } else {
            names.join(if l == Locale::Zh { "、" } else { ", " })
        },
        you: if able {
            fl!(t, "rules-you-can", role = mine)
        } else {
            fl!(t, "rules-you-cannot", role = mine)
        },
        able,
    }
}
