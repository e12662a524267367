//! One organisation: what everybody may read; and, for its own people and the office, what stands between them.

use ::pages::{Ctx, Markup, Nav, Page, Problem, fmt, parts};
use access::Grant;
use askama::Template;
use axum::{Extension, extract::Path, response::Response};
use basis::Refusal;
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;

use super::{Around, mandates, words};
use crate::{Organisation, Places, Standing, export, people, store as sql, t};

struct PromiseRow {
    what: String,
    due: String,
    state: Markup,
}
/// What the public page does not hold.
struct Inside {
    /// Why the page is as it is: waiting, refused.
    say: Option<String>,
    application: Option<String>,
    letter: Option<(String, String)>,
    /// Who acts for it; none for who may not see them.
    people: Option<Markup>,
}
#[derive(Template)]
#[template(path = "organisation.html")]
struct OrganisationPage {
    t: &'static FluentLanguageLoader,
    name: Markup,
    lead: String,
    made_up: Markup,
    tools: Vec<(String, String)>,
    facts: Vec<(String, Markup)>,
    about: Option<Markup>,
    can: Vec<String>,
    said: String,
    promises: Vec<PromiseRow>,
    inside: Option<Inside>,
}

pub(super) async fn page(ctx: Ctx, places: Around, Path(raw): Path<String>) -> Result<Response, Problem> {
    let o = super::known(&ctx, &raw).await?;
    show(&ctx, places, &o, &Grant::default(), &[]).await
}
async fn inside(ctx: &Ctx, o: &Organisation, typed: &Grant, refusals: &[Refusal]) -> Result<Option<Inside>, Problem> {
    if !super::inside(ctx, o) {
        return Ok(None);
    }
    let (t, db) = (t(ctx.locale), &ctx.house().db);
    let say = match (o.standing, &o.reason) {
        (Standing::Pending, _) => Some(fl!(t, "organisation-pending-say")),
        (Standing::Refused, Some(reason)) => Some(fl!(t, "organisation-refused-because", reason = reason.as_str())),
        _ => None,
    };
    let wanted = o.wanted_name.as_ref().map(|n| n.plain(ctx.locale));
    let wanted = wanted.map(|name| fl!(t, "organisation-wanted-name", name = name));
    let say = match (say, wanted) {
        (Some(say), Some(wanted)) => Some(fl!(t, "organisation-say-two", first = wanted, second = say)),
        (say, wanted) => say.or(wanted),
    };
    let application = match o.applicant {
        None => None,
        Some(id) => {
            let named = people(db, &[id]).await?;
            let who = named.get(&id).map_or("", |p| p.name.as_str());
            let (purpose, letter) = (o.purpose.as_str(), o.letter.as_str());
            Some(fl!(
                t,
                "organisation-applied",
                who = who,
                purpose = purpose,
                letter = letter
            ))
        }
    };
    let file = ::store::attachments_of(db, &[o.id]).await?.into_iter().next_back();
    let letter = file.map(|f| {
        let say = fl!(t, "letter-file", name = f.file_name.as_str(), size = fmt::size(f.size));
        (ctx.to(&format!("/organisations/{}/letter", o.id)), say)
    });
    Ok(Some(Inside {
        say,
        application,
        letter,
        people: mandates::people(ctx, &o.into(), typed, refusals).await?,
    }))
}
async fn facts(ctx: &Ctx, places: Around, o: &Organisation) -> Result<Vec<(String, Markup)>, Problem> {
    let (l, t) = (ctx.locale, t(ctx.locale));
    let places = places.map(|Extension(p)| p);
    let at = o.district.into_iter().chain(o.government);
    let named = Places::named(places.as_ref(), ctx.house(), at).await?;
    let place = |id: Option<basis::GovernmentId>| id.and_then(|g| named.get(&g)).map(|n| parts::name(l, n));
    let mut facts = vec![
        (
            fl!(t, "organisation-legal-form"),
            Markup::from(export::legal_form_name(l, o.legal_form)),
        ),
        (
            fl!(t, "organisation-country"),
            Markup::from(::pages::countries::country_name(&o.country, l)),
        ),
    ];
    facts.extend(place(o.district).map(|p| (fl!(t, "form-district"), p)));
    facts.extend(place(o.government).map(|p| (fl!(t, "organisation-partner"), p)));
    if !o.fields.is_empty() {
        facts.push((fl!(t, "organisation-fields"), Markup::from(words::fields(l, &o.fields))));
    }
    facts.extend(
        o.registration_no
            .clone()
            .map(|n| (fl!(t, "organisation-number"), Markup::from(n))),
    );
    facts.extend(
        o.website
            .as_ref()
            .map(|w| (fl!(t, "organisation-website"), parts::source_link(w))),
    );
    facts.push((fl!(t, "organisation-reference"), Markup::from(o.reference.clone())));
    facts.push((fl!(t, "organisation-checked"), words::check(ctx, o, true)));
    Ok(facts)
}
fn tools(ctx: &Ctx, o: &Organisation) -> Vec<(String, String)> {
    let t = t(ctx.locale);
    let mut tools = Vec::new();
    if ctx.may("organisation.decide", &o.thing()) {
        let label = match o.standing {
            Standing::Verified => fl!(t, "organisation-renew-link"),
            _ => fl!(t, "organisation-decide-link"),
        };
        tools.push((ctx.to(&format!("/organisations/{}/decision", o.id)), label));
    }
    if ctx.may("organisation.edit", &o.thing()) {
        tools.push((
            ctx.to(&format!("/organisations/{}/profile", o.id)),
            fl!(t, "organisation-edit"),
        ));
    }
    tools
}
/// The page; `typed` and `refusals` are of the form that grants a mandate.
pub(super) async fn show(
    ctx: &Ctx,
    places: Around,
    o: &Organisation,
    typed: &Grant,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let (l, t, db) = (ctx.locale, t(ctx.locale), &ctx.house().db);
    let record = sql::promises(db, &[o.id]).await?.remove(&o.id).unwrap_or_default();
    let promises = sql::promises_of(db, o.id).await?.into_iter().map(|p| PromiseRow {
        what: export::word(l, "kind", &p.kind),
        due: match p.due {
            Some(d) => fmt::day(l, d.to_zoned(ctx.zone().clone()).date()),
            None => fl!(t, "promise-no-day"),
        },
        state: words::outcome(l, p.outcome),
    });
    let template = OrganisationPage {
        t,
        name: parts::name(l, &o.name),
        lead: export::legal_form_name(l, o.legal_form),
        made_up: parts::made_up_if(l, o.illustrative),
        tools: tools(ctx, o),
        facts: facts(ctx, places, o).await?,
        about: o.about.as_ref().map(|a| parts::prose(l, a)),
        can: o.capabilities.clone(),
        said: words::promises(l, &record),
        promises: promises.collect(),
        inside: inside(ctx, o, typed, refusals).await?,
    };
    let name = o.name.plain(l);
    let mut head = Page::new(name)
        .nav(Nav::Organisations)
        .crumb(fl!(t, "organisations-title"), "/organisations")
        .in_error(!refusals.is_empty());
    if o.is_open() && !o.illustrative {
        head = head.json_ld(&serde_json::json!({
            "@context": "https://schema.org", "@type": "Organization", "name": name, "url": o.website,
        }));
    } else {
        head = head.unlisted();
    }
    ctx.show(head, &template)
}
