//! One organisation: what everybody may read; and, for its own people and the office, what stands between them.

use ::pages::{Ctx, Form, Markup, Nav, Page, Problem, fmt, parts};
use access::{Grant, Thing};
use askama::Template;
use axum::{Extension, extract::Path, response::Response};
use basis::{Fail, Refusal};
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;

use super::{Around, words};
use crate::{Organisation, Places, Standing, export, people, store as sql, t};

struct PromiseRow {
    what: String,
    due: String,
    state: Markup,
}
struct MandateRow {
    who: String,
    purpose: String,
    until: String,
    letter: String,
    end: Markup,
}
/// What the public page does not hold.
struct Inside {
    /// Why the page is as it is: waiting, refused.
    say: Option<String>,
    application: Option<String>,
    letter: Option<(String, String)>,
    /// None for who may not see them.
    mandates: Option<Vec<MandateRow>>,
    grant: Option<Markup>,
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
fn mandate_thing(o: &Organisation) -> Thing {
    Thing {
        owner_body: Some(o.id),
        status: Some("delegate"),
        ..Thing::new("mandate", o.id)
    }
}
fn grant_form(ctx: &Ctx, o: &Organisation, typed: &Grant, refusals: &[Refusal]) -> Option<Markup> {
    if !ctx.may("mandate.grant", &mandate_thing(o)) {
        return None;
    }
    let t = t(ctx.locale);
    let mut f = Form::post(
        ctx,
        &format!("/organisations/{}/mandates", o.id),
        fl!(t, "mandate-submit"),
        refusals,
    );
    f.hidden("role", "delegate")
        .line(
            "email",
            "email",
            &fl!(t, "mandate-email"),
            &fl!(t, "mandate-email-hint"),
            &typed.email,
            false,
        )
        .text(
            "purpose",
            &fl!(t, "mandate-what-for"),
            &fl!(t, "form-purpose-hint"),
            &typed.purpose,
        )
        .text(
            "letter",
            &fl!(t, "mandate-by-letter"),
            &fl!(t, "form-letter-hint"),
            &typed.letter,
        )
        .day(
            "until",
            &fl!(t, "mandate-last-day"),
            &fl!(t, "mandate-last-day-hint"),
            &typed.until,
            false,
        )
        .plain();
    Some(f.done())
}
async fn mandates(ctx: &Ctx, o: &Organisation) -> Result<Option<Vec<MandateRow>>, Problem> {
    let t = t(ctx.locale);
    let all = match access::mandates_of_body(ctx.house(), &ctx.asking(None), o.id).await {
        Ok(all) => all,
        // Who applied sees the application, not who else acts.
        Err(Fail::Denied(_)) => return Ok(None),
        Err(other) => return Err(other.into()),
    };
    let rows = all.into_iter().map(|m| {
        let thing = Thing {
            owner: Some(m.account),
            ..mandate_thing(o)
        };
        let path = format!("/organisations/{}/mandates/{}/end", o.id, m.mandate.id);
        let until = m
            .mandate
            .until
            .and_then(|u| u.checked_sub(jiff::SignedDuration::from_secs(1)).ok());
        MandateRow {
            who: m.holder,
            purpose: m.mandate.purpose,
            until: match until {
                Some(u) => fmt::day(ctx.locale, u.to_zoned(ctx.zone().clone()).date()),
                None => fl!(t, "organisation-open-end"),
            },
            letter: m.mandate.letter,
            end: if ctx.may("mandate.end", &thing) {
                parts::step(ctx, &path, &fl!(t, "mandate-end"), true)
            } else {
                Markup::default()
            },
        }
    });
    Ok(Some(rows.collect()))
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
    let grant = if o.is_open() {
        grant_form(ctx, o, typed, refusals)
    } else {
        None
    };
    Ok(Some(Inside {
        say,
        application,
        letter,
        mandates: mandates(ctx, o).await?,
        grant,
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
