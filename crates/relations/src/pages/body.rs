//! What this room tells about one relation: the tie, who says what, institution pairs, agreements, institutions.

use std::collections::HashSet;

use ::pages::{Ctx, Markup, Problem, fmt, parts};
use askama::Template;
use basis::{Code, Fail, Field, Locale};
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;

use crate::{About, RelationView, country_name, export, t};

struct Claim {
    about: String,
    value: Markup,
    who: String,
    confidence: String,
    note: Markup,
    source: Markup,
    inside: bool,
}
struct Pair {
    ours: Markup,
    theirs: Markup,
    what: Markup,
    made_up: Markup,
    since: String,
    source: Markup,
}
struct Agreed {
    title: Markup,
    made_up: Markup,
    signed: String,
    occasion: String,
    source: Markup,
}
struct Happened {
    day: String,
    title: Markup,
    differs: Markup,
    source: Markup,
}
struct Place {
    name: Markup,
    kind: String,
    field: String,
    detail: Markup,
    source: Markup,
}
#[derive(Template)]
#[template(path = "body.html")]
struct Body {
    t: &'static FluentLanguageLoader,
    facts: Vec<(String, Markup)>,
    note: Markup,
    conflicts: Vec<String>,
    claims: Vec<Claim>,
    pairs: Vec<(String, Vec<Pair>)>,
    agreements: Vec<Agreed>,
    events: Vec<Happened>,
    places: Vec<Place>,
    inside: Option<(String, String)>,
    tools: Vec<(String, String)>,
    sources: Markup,
}

fn said(locale: Locale, about: About, value: &str) -> String {
    match about {
        About::Signed => fmt::known_date(locale, value),
        About::Kind => export::kind_word(locale, value),
        About::Status => export::status_word(locale, value),
        About::Level => export::level_word(locale, value),
        About::Other => ours(locale, value).unwrap_or_else(|| value.to_owned()),
        _ => value.to_owned(),
    }
}
fn plain(s: String) -> Markup {
    Markup::from(s)
}
/// What the reference data says in words of its own, in the reader's language.
fn ours(locale: Locale, words: &str) -> Option<String> {
    let slug = crate::fold::fold(words).replace(' ', "-");
    crate::TEXTS.find(locale, &format!("found-{slug}"), Default::default())
}
/// Words that came without their language: ours are translated, others say which language they are in.
fn marked(l: Locale, words: &str) -> Markup {
    if let Some(ours) = ours(l, words) {
        return plain(ours);
    }
    let han = words.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let lang = match l {
        // A name or an address alone is in no language.
        Locale::Zh if !han && words.contains(' ') => "en",
        Locale::En if han => "zh-Hans",
        _ => return plain(words.to_owned()),
    };
    let says = fl!(t(l), "in-language", lang = parts::language_name(l, lang));
    Markup(format!(
        "<span lang=\"{lang}\">{}</span> <span class=\"quiet small\">{}</span>",
        parts::escape(words),
        parts::escape(&says)
    ))
}
/// What the point on the map marks.
fn point(l: Locale, at: &str) -> Markup {
    match at.strip_prefix("a city in the partner: ") {
        Some(city) => plain(fl!(t(l), "point-city", city = city)),
        None => marked(l, at),
    }
}
/// A source by its number; where nobody but general knowledge vouches, that in the reader's language.
fn cited(l: Locale, source: &str, cite: &mut parts::Sources) -> Markup {
    match ours(l, source) {
        Some(ours) => cite.cite(l, &ours),
        None => cite.cite(l, source),
    }
}

fn facts(ctx: &Ctx, v: &RelationView, cite: &mut parts::Sources) -> Vec<(String, Markup)> {
    let l = ctx.locale;
    let r = &v.relation;
    let mut out = vec![(fl!(t(l), "col-kind"), plain(export::kind_name(l, r.kind)))];
    let mut state = parts::status(r.status.fill(), &export::status_name(l, r.status)).0;
    if let Some(since) = r.since {
        state.push_str(&format!(
            " {}",
            parts::escape(&fl!(t(l), "since-day", day = fmt::day(l, since)))
        ));
    }
    out.push((fl!(t(l), "col-status"), Markup(state)));
    if r.standing() != r.status {
        let stands = parts::status(r.standing().fill(), &export::status_name(l, r.standing()));
        out.push((fl!(t(l), "label-stands-as"), stands));
    }
    let signed = match r.signed {
        Some(s) => format!(
            "{} {}",
            parts::escape(&fmt::known_date(l, &s.text())),
            cite.cite(l, &r.source)
        ),
        None => format!("{} {}", parts::escape(&fl!(t(l), "not-known")), cite.cite(l, &r.source)),
    };
    out.push((fl!(t(l), "col-signed"), Markup(signed)));
    if let Some(day) = r.filed_on {
        out.push((fl!(t(l), "label-filed"), plain(fmt::day(l, day))));
    }
    out.push((
        fl!(t(l), "label-confidence"),
        plain(export::confidence_name(l, r.confidence)),
    ));
    let partner = &v.partner.card;
    let level = export::level_name(l, partner.level);
    let country = country_name(&partner.country, l);
    out.push((
        fl!(t(l), "label-partner"),
        plain(fl!(t(l), "level-in-country", level = level, country = country)),
    ));
    if let Some(at) = v.partner.point_is.as_deref() {
        out.push((fl!(t(l), "label-point"), point(l, at)));
    }
    if let Some(heir) = &v.successor {
        let heir = format!("{} {}", parts::name(l, &heir.card.name), cite.cite(l, &heir.source));
        out.push((fl!(t(l), "label-successor"), Markup(heir)));
    }
    out.push((fl!(t(l), "label-reference"), plain(r.reference.clone())));
    if v.inside.is_some() {
        if let Some(reason) = &r.reason {
            out.push((fl!(t(l), "label-reason"), plain(reason.clone())));
        }
        if let Some(i) = &v.imported {
            let day = fmt::day(l, i.at.to_zoned(ctx.zone().clone()).date());
            out.push((
                fl!(t(l), "label-imported"),
                plain(fl!(t(l), "imported-from", file = i.file_name.as_str(), day = day)),
            ));
        }
    }
    out
}

fn claims(l: Locale, v: &RelationView, cite: &mut parts::Sources) -> (Vec<Claim>, Vec<String>) {
    let (mut out, mut conflicts) = (Vec::new(), Vec::new());
    for group in &v.claims {
        let about = export::about_name(l, group.about);
        if group.disputed {
            let mut seen = HashSet::new();
            let values: Vec<String> = group
                .rows
                .iter()
                .map(|r| said(l, group.about, &r.value))
                .filter(|v| seen.insert(v.clone()))
                .collect();
            let values = values.join(if l == Locale::Zh { "；" } else { "; " });
            conflicts.push(fl!(t(l), "sources-disagree", about = about.as_str(), values = values));
        }
        for r in &group.rows {
            out.push(Claim {
                about: about.clone(),
                value: match group.about {
                    About::Other => marked(l, &r.value),
                    about => plain(said(l, about, &r.value)),
                },
                who: export::claimant_name(l, r.claimant),
                confidence: export::confidence_name(l, r.confidence),
                note: r.note.as_deref().map(|n| marked(l, n)).unwrap_or_default(),
                source: cited(l, &r.source, cite),
                inside: r.source.is_empty(),
            });
        }
    }
    (out, conflicts)
}

fn pairs(l: Locale, v: &RelationView, cite: &mut parts::Sources) -> Vec<(String, Vec<Pair>)> {
    let of = |field: Field, cite: &mut parts::Sources| -> Vec<Pair> {
        let rows = v.links.iter().filter(|k| k.field == field);
        rows.map(|k| Pair {
            ours: parts::text(l, &k.own_name),
            theirs: parts::name(l, &k.partner_name),
            what: parts::text(l, &k.what),
            made_up: parts::made_up_if(l, k.illustrative),
            since: k.since.clone().unwrap_or_default(),
            source: cite.cite(l, &k.source),
        })
        .collect()
    };
    let all = Field::ALL.iter().map(|f| (parts::field_name(l, *f), of(*f, cite)));
    all.filter(|(_, rows)| !rows.is_empty()).collect()
}

fn tools(ctx: &Ctx, v: &RelationView) -> Vec<(String, String)> {
    let l = ctx.locale;
    let to = |what: &str| ctx.to(&format!("/relations/{}/{what}", v.relation.id));
    let mut out = Vec::new();
    let mut offer = |may: bool, href: String, label: String| {
        if may {
            out.push((href, label));
        }
    };
    offer(v.may.step, to("steps"), fl!(t(l), "do-step"));
    offer(v.may.edit, to("edit"), fl!(t(l), "do-edit"));
    offer(v.may.add_fact, to("facts"), fl!(t(l), "do-fact"));
    offer(v.may.add_link, to("links"), fl!(t(l), "do-link"));
    offer(v.may.add_agreement, to("agreements"), fl!(t(l), "do-agreement"));
    offer(
        ctx.may("office.found", &access::Thing::new("office", "")),
        ctx.to(&format!("/offices?partner={}", v.partner.card.id)),
        fl!(t(l), "do-partner-office"),
    );
    offer(
        ctx.viewer.is_officer(),
        ctx.to(&format!("/history/relation/{}", v.relation.id)),
        fl!(t(l), "do-history"),
    );
    out
}

/// The relation's own part of its page, without heading and arc; sources are numbered and listed at its foot.
///
/// # Errors
/// A fault when the template cannot be rendered.
pub fn render_body(ctx: &Ctx, v: &RelationView) -> Result<Markup, Problem> {
    let l = ctx.locale;
    let mut cite = parts::Sources::default();
    let facts = facts(ctx, v, &mut cite);
    let (claims, conflicts) = claims(l, v, &mut cite);
    let pairs = pairs(l, v, &mut cite);
    let agreed = |a: &crate::AgreementCard, cite: &mut parts::Sources| Agreed {
        title: parts::text(l, &a.title),
        made_up: parts::made_up_if(l, a.illustrative),
        signed: a.signed.map(|s| fmt::known_date(l, &s.text())).unwrap_or_default(),
        occasion: a.occasion.clone().unwrap_or_default(),
        source: cite.cite(l, &a.source),
    };
    let agreements = v.agreements.iter().map(|a| agreed(a, &mut cite)).collect();
    let place = |i: &crate::InstitutionCard, cite: &mut parts::Sources| Place {
        name: parts::name(l, &i.name),
        kind: export::institution_kind(l, &i.kind),
        field: parts::field_name(l, i.field),
        detail: i.detail.as_deref().map(|d| marked(l, d)).unwrap_or_default(),
        source: cite.cite(l, &i.source),
    };
    let places = v.institutions.iter().map(|i| place(i, &mut cite)).collect();
    let happened = |e: &crate::EventRecord, cite: &mut parts::Sources| Happened {
        day: fmt::known_date(l, &e.day),
        title: parts::text(l, &e.title),
        differs: e.discrepancy.as_deref().map(|d| marked(l, d)).unwrap_or_default(),
        source: e.source.as_deref().map(|s| cite.cite(l, s)).unwrap_or_default(),
    };
    let events = v.events.iter().map(|e| happened(e, &mut cite)).collect();
    let inside = v.inside.as_ref().map(|notes| {
        let say = if v.waits_on_us() && ctx.viewer.is_officer() {
            fl!(t(l), "inside-waits", count = notes.len())
        } else {
            fl!(t(l), "inside-count", count = notes.len())
        };
        (ctx.to(&format!("/relations/{}/notes", v.relation.id)), say)
    });
    let body = Body {
        t: t(l),
        facts,
        note: v.relation.note.as_ref().map(|n| parts::prose(l, n)).unwrap_or_default(),
        conflicts,
        claims,
        pairs,
        agreements,
        events,
        places,
        inside,
        tools: tools(ctx, v),
        sources: cite.list(),
    };
    Ok(Markup(body.render().map_err(Fail::fault)?))
}
