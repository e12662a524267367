//! The register of organisations: checked ones first; what waits for the office, and one's own, above it.

use ::pages::{Ctx, Markup, Nav, Page, Problem, parts};
use askama::Template;
use axum::{Extension, extract::Query, response::Response};
use basis::{Code, Cursor, Field, PageRequest};
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;
use serde::Deserialize;

use super::{Around, words};
use crate::{Filter, Organisation, Places, export, store as sql, t};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    field: String,
    after: String,
}
impl Asked {
    /// What the list and the files made of it look for.
    pub(super) fn filter(&self, today: basis::Day) -> Filter {
        let q: String = self.q.trim().chars().take(200).collect();
        Filter {
            text: (!q.is_empty()).then_some(q),
            field: Field::from_code(&self.field),
            ..Filter::on(today)
        }
    }
    /// The same as the tail of an address; empty when nothing is narrowed.
    fn query(&self) -> String {
        let said = [("q", self.q.trim()), ("field", self.field.trim())];
        let said: Vec<String> = said
            .into_iter()
            .filter(|(_, v)| !v.is_empty())
            .map(|(k, v)| format!("{k}={}", parts::encode(v)))
            .collect();
        if said.is_empty() {
            String::new()
        } else {
            format!("?{}", said.join("&"))
        }
    }
}
struct Row {
    href: String,
    name: Markup,
    made_up: Markup,
    form: String,
    fields: String,
    place: Markup,
    check: Markup,
    promises: String,
}
/// One that waits, or the reader's own: where it leads, its name, what stands.
struct Short {
    href: String,
    name: Markup,
    say: String,
}
#[derive(Template)]
#[template(path = "list.html")]
struct List {
    t: &'static FluentLanguageLoader,
    action: String,
    q: String,
    fields: Vec<(String, String, bool)>,
    own: Vec<Short>,
    waiting: Vec<Short>,
    rows: Vec<Row>,
    more: Markup,
    tools: Vec<(String, String)>,
}

fn short(ctx: &Ctx, o: &Organisation, path: String, say: String) -> Short {
    let made_up = parts::made_up_if(ctx.locale, o.illustrative);
    Short {
        href: ctx.to(&path),
        name: Markup(format!("{}{made_up}", parts::name(ctx.locale, &o.name))),
        say,
    }
}
async fn own(ctx: &Ctx) -> Result<Vec<Short>, Problem> {
    let Some(me) = ctx.viewer.account() else {
        return Ok(Vec::new());
    };
    let bodies: Vec<_> = ctx
        .viewer
        .mandates
        .iter()
        .chain(&ctx.viewer.acting)
        .map(|m| m.body)
        .collect();
    let all = sql::organisations_of(&ctx.house().db, me, &bodies).await?;
    let line = |o: &Organisation| {
        short(
            ctx,
            o,
            format!("/organisations/{}", o.id),
            export::standing_name(ctx.locale, o.standing),
        )
    };
    Ok(all.iter().map(line).collect())
}
async fn waiting(ctx: &Ctx) -> Result<Vec<Short>, Problem> {
    if !ctx.may("organisation.decide", &access::Thing::new("organisation", "")) {
        return Ok(Vec::new());
    }
    let all = sql::waiting(&ctx.house().db).await?;
    let line = |o: &Organisation| {
        let since = ::pages::fmt::day(ctx.locale, o.made_at.to_zoned(ctx.zone().clone()).date());
        short(
            ctx,
            o,
            format!("/organisations/{}/decision", o.id),
            fl!(t(ctx.locale), "waiting-since", day = since),
        )
    };
    Ok(all.iter().map(line).collect())
}
fn tools(ctx: &Ctx, asked: &Asked) -> Vec<(String, String)> {
    let t = t(ctx.locale);
    let narrowed = asked.query();
    let thing = access::Thing::new("organisation", "");
    let mut tools = vec![
        (
            ctx.to(&format!("/organisations.csv{narrowed}")),
            fl!(t, "organisations-csv"),
        ),
        (
            ctx.to(&format!("/organisations.xlsx{narrowed}")),
            fl!(t, "organisations-xlsx"),
        ),
        (ctx.to("/departments"), fl!(t, "departments-title")),
    ];
    if ctx.may("office.list", &access::Thing::new("office", "")) {
        tools.push((ctx.to("/offices"), fl!(t, "offices-title")));
    }
    if ctx.may("organisation.import", &thing) {
        tools.push((ctx.to("/organisations/import"), fl!(t, "import-title")));
    }
    // Who is not signed in is asked to, on the way there.
    if !ctx.viewer.is_signed_in() || ctx.may("organisation.register", &thing) {
        tools.push((ctx.to("/organisations/new"), fl!(t, "organisations-register")));
    }
    tools
}
pub(super) async fn list(ctx: Ctx, places: Around, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let (l, db) = (ctx.locale, &ctx.house().db);
    let filter = asked.filter(ctx.today());
    let q = filter.text.clone().unwrap_or_default();
    let after = (!asked.after.is_empty()).then(|| Cursor(asked.after.clone()));
    let page = sql::organisations(db, &filter, PageRequest { after, limit: 50 }).await?;
    let ids: Vec<_> = page.items.iter().map(|o| o.id).collect();
    let records = sql::promises(db, &ids).await?;
    let places = places.map(|Extension(p)| p);
    let at = page.items.iter().filter_map(|o| o.district.or(o.government));
    let named = Places::named(places.as_ref(), ctx.house(), at).await?;
    let row = |o: &Organisation| Row {
        href: ctx.to(&format!("/organisations/{}", o.id)),
        name: parts::name(l, &o.name),
        made_up: parts::made_up_if(l, o.illustrative),
        form: export::legal_form_name(l, o.legal_form),
        fields: words::fields(l, &o.fields),
        place: match o.district.or(o.government).and_then(|g| named.get(&g)) {
            Some(name) => parts::text(l, name),
            None => Markup::from(::pages::countries::country_name(&o.country, l)),
        },
        check: words::check(&ctx, o, false),
        promises: words::promises(l, &records.get(&o.id).copied().unwrap_or_default()),
    };
    let template = List {
        t: t(l),
        action: ctx.to("/organisations"),
        q,
        fields: words::field_choices(l)
            .into_iter()
            .map(|(code, word)| {
                let chosen = filter.field.is_some_and(|f| f.code() == code);
                (code, word, chosen)
            })
            .collect(),
        own: own(&ctx).await?,
        waiting: waiting(&ctx).await?,
        rows: page.items.iter().map(row).collect(),
        more: parts::more(&ctx, page.next.as_ref()),
        tools: tools(&ctx, &asked),
    };
    let head = Page::new(fl!(t(l), "organisations-title"))
        .about(fl!(t(l), "organisations-lead"))
        .nav(Nav::Organisations);
    ctx.show(head, &template)
}
