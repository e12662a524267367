//! Who may act for a body: given and ended on its page. Both are use cases of the floor below.

use ::pages::{Ctx, Form, Markup, Posted, Problem, Repeat, fmt, parts};
use ::store::OrRepeat as _;
use access::{BodyKind, Grant, Thing};
use askama::Template;
use axum::{extract::Path, response::Response};
use basis::{BodyId, Code, Fail, MandateId, Refusal};
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;
use serde::Deserialize;

use super::{Around, one};
use crate::{Organisation, store as sql, t};

/// Whose mandates a page shows, and where that page is.
pub(super) struct Of {
    pub body: BodyId,
    pub kind: BodyKind,
    /// "/organisations/ID".
    pub base: String,
    /// Whether anybody may be given a mandate of it now.
    pub open: bool,
}
impl From<&Organisation> for Of {
    fn from(o: &Organisation) -> Of {
        Of {
            body: o.id,
            kind: BodyKind::Organisation,
            base: format!("/organisations/{}", o.id),
            open: o.is_open(),
        }
    }
}
impl Of {
    fn roles(&self) -> &'static [access::Role] {
        access::roles_of(self.kind)
    }
    fn thing(&self) -> Thing {
        Thing {
            owner_body: Some(self.body),
            status: self.roles().first().map(|r| r.code()),
            ..Thing::new("mandate", self.body)
        }
    }
}

struct Row {
    who: String,
    role: String,
    purpose: String,
    until: String,
    letter: String,
    end: Markup,
}
#[derive(Template)]
#[template(path = "people.html")]
struct People {
    t: &'static FluentLanguageLoader,
    rows: Vec<Row>,
    /// Several roles are held here, so each row says which.
    roles: bool,
    grant: Option<Markup>,
}

/// The people of a body and the form that gives a mandate; nothing for who may not see them.
pub(super) async fn people(ctx: &Ctx, of: &Of, typed: &Grant, refusals: &[Refusal]) -> Result<Option<Markup>, Problem> {
    let t = t(ctx.locale);
    let all = match access::mandates_of_body(ctx.house(), &ctx.asking(None), of.body).await {
        Ok(all) => all,
        // Who applied sees the application, not who else acts.
        Err(Fail::Denied(_)) => return Ok(None),
        Err(other) => return Err(other.into()),
    };
    let rows = all.into_iter().map(|m| {
        let thing = Thing {
            owner: Some(m.account),
            ..of.thing()
        };
        let path = format!("{}/mandates/{}/end", of.base, m.mandate.id);
        let until = m
            .mandate
            .until
            .and_then(|u| u.checked_sub(jiff::SignedDuration::from_secs(1)).ok());
        Row {
            who: m.holder,
            role: parts::role_name(ctx.locale, m.mandate.role),
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
    let shown = People {
        t,
        rows: rows.collect(),
        roles: of.roles().len() > 1,
        grant: grant_form(ctx, of, typed, refusals),
    };
    Ok(Some(Markup(shown.render().map_err(Fail::fault)?)))
}
fn grant_form(ctx: &Ctx, of: &Of, typed: &Grant, refusals: &[Refusal]) -> Option<Markup> {
    if !of.open || !ctx.may("mandate.grant", &of.thing()) {
        return None;
    }
    let t = t(ctx.locale);
    let mut f = Form::post(
        ctx,
        &format!("{}/mandates", of.base),
        fl!(t, "mandate-submit"),
        refusals,
    );
    match of.roles() {
        [only] => {
            f.hidden("role", only.code());
        }
        several => {
            let choices: Vec<_> = several
                .iter()
                .map(|r| (r.code().to_owned(), parts::role_name(ctx.locale, *r)))
                .collect();
            f.select("role", &fl!(t, "mandate-role"), "", &choices, &typed.role, false);
        }
    }
    f.line(
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

/// Gives a mandate; the refusals come back to the page that has the form.
pub(super) async fn give(
    ctx: &Ctx,
    of: &Of,
    posted: &Posted<Grant>,
) -> Result<Result<Response, Vec<Refusal>>, Problem> {
    let asking = ctx.asking(posted.once.clone());
    let done = access::grant_mandate(ctx.house(), &asking, of.body, &posted.input).await;
    Ok(Repeat::or_refused(done)?.map(|_| ctx.go(&format!("{}#people", of.base), Some("mandate-granted"))))
}
/// Nothing but the once-key.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Nothing {}

/// Ends a mandate of this body.
pub(super) async fn end_of(ctx: &Ctx, of: &Of, mandate: &str, posted: Posted<Nothing>) -> Result<Response, Problem> {
    let mandate: MandateId = super::id(mandate)?;
    if !sql::holds_mandate(&ctx.house().db, of.body, mandate).await? {
        return Err(Problem(Fail::NotFound));
    }
    access::end_mandate(ctx.house(), &ctx.asking(posted.once), mandate)
        .await
        .or_repeat()?;
    Ok(ctx.go(&format!("{}#people", of.base), Some("mandate-over")))
}

pub(super) async fn grant(
    ctx: Ctx,
    places: Around,
    Path(raw): Path<String>,
    posted: Posted<Grant>,
) -> Result<Response, Problem> {
    let o = super::known(&ctx, &raw).await?;
    match give(&ctx, &Of::from(&o), &posted).await? {
        Ok(gone) => Ok(gone),
        Err(refusals) => one::show(&ctx, places, &o, &posted.input, &refusals).await,
    }
}
pub(super) async fn end(
    ctx: Ctx,
    Path((raw, mandate)): Path<(String, String)>,
    posted: Posted<Nothing>,
) -> Result<Response, Problem> {
    let o = super::known(&ctx, &raw).await?;
    end_of(&ctx, &Of::from(&o), &mandate, posted).await
}
