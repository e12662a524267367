//! /my-work: an organisation's, or a person's, own page.

use access::Role;
use askama::Template;
use axum::response::Response;
use calls::{CallCard, OfferStatus, OwnOffer, Phase};
use i18n_embed_fl::fl;
use pages::{Ctx, Markup, Nav, Page, Problem, fmt, parts};
use undertakings::UndertakingCard;

use super::{
    clocks,
    queue::{Row, next, row},
    signed_in,
};
use crate::{
    queue::Narrow,
    rooms::{self, Place},
    t,
};

struct CallRow {
    href: String,
    title: Markup,
    made_up: Markup,
    who: Markup,
    closes: String,
    field: String,
    why: Vec<String>,
}
struct OfferRow {
    href: String,
    title: Markup,
    made_up: Markup,
    state: Markup,
    next: String,
    history: String,
}
struct WorkRow {
    href: String,
    title: Markup,
    made_up: Markup,
    until: String,
    left: String,
    history: String,
}

#[derive(Template)]
#[template(path = "work.html")]
struct Work {
    t: &'static i18n_embed::fluent::FluentLanguageLoader,
    title: String,
    lead: String,
    clock: String,
    organisation: bool,
    mine: Vec<Row>,
    others: Vec<Row>,
    next: Vec<(String, String)>,
    calls: Vec<CallRow>,
    calls_all: String,
    offers: Vec<OfferRow>,
    works: Vec<WorkRow>,
    record: Option<(String, Vec<(String, i64)>)>,
    profile: Option<String>,
}

pub async fn show(ctx: Ctx) -> Result<Response, Problem> {
    signed_in(&ctx)?;
    // Officers have their queue; both addresses lead to one's own page. A partner city's office has a queue and offers too.
    if !matches!(
        ctx.viewer.role(),
        Role::Delegate | Role::Individual | Role::PartnerOfficer
    ) {
        return Ok(ctx.go("/desk", None));
    }
    let (l, q) = (t(ctx.locale), &ctx.house().db);
    let queue = rooms::queue(ctx.house(), &ctx.viewer, ctx.locale, Narrow::default()).await?;
    let place = rooms::own_place(ctx.house(), &ctx.viewer).await?;
    let offers = calls::offers_of(q, &ctx.viewer).await?;
    let open = calls::open_calls(q, ctx.now(), 100).await?;
    let body = ctx.viewer.body();
    let account = if body.is_none() { ctx.viewer.account() } else { None };
    let works = undertakings::of_executor(q, &ctx.viewer, body, account).await?;
    let organisation = ctx
        .viewer
        .acting
        .as_ref()
        .map(|m| m.body_name.plain(ctx.locale).to_owned());
    let record = match body {
        Some(b) => Some(parties::promises(q, &[b]).await?.remove(&b).unwrap_or_default()),
        None => None,
    };
    let template = Work {
        t: l,
        title: fl!(l, "work-title"),
        lead: match &organisation {
            Some(name) => fl!(l, "work-lead-body", name = name.as_str()),
            None => fl!(l, "work-lead-person"),
        },
        clock: clocks::line(&ctx, None).await?,
        organisation: organisation.is_some(),
        mine: queue.mine.iter().map(|t| row(&ctx, t)).collect(),
        others: queue.others.iter().map(|t| row(&ctx, t)).collect(),
        next: next(&ctx, &queue),
        calls: suited(open, &offers, &place)
            .into_iter()
            .take(10)
            .map(|c| call_row(&ctx, c, &place))
            .collect(),
        calls_all: ctx.to("/calls"),
        offers: offers.iter().map(|o| offer_row(&ctx, o, &works)).collect(),
        works: works.iter().map(|u| work_row(&ctx, u)).collect(),
        record: record.map(|r| (said(&ctx, r), counts(&ctx, r))),
        profile: body
            .filter(|_| ctx.viewer.role() == Role::Delegate)
            .map(|b| ctx.to(&format!("/organisations/{b}"))),
    };
    ctx.show(Page::new(template.title.clone()).nav(Nav::Desk).unlisted(), &template)
}

/// How well a call suits: our field counts more than our district; of equal ones the one that closes sooner.
fn fit(call: &CallCard, place: &Place) -> u8 {
    let field = place.fields.contains(&call.field);
    let district = call.district.is_some() && call.district == place.district;
    u8::from(field) * 2 + u8::from(district)
}
/// Open calls without an offer of ours, those that suit first.
fn suited(mut open: Vec<CallCard>, offers: &[OwnOffer], place: &Place) -> Vec<CallCard> {
    open.retain(|c| !offers.iter().any(|o| o.call == c.id));
    open.sort_by_key(|c| (std::cmp::Reverse(fit(c, place)), c.closes_at, c.id));
    open
}
fn call_row(ctx: &Ctx, c: CallCard, place: &Place) -> CallRow {
    let l = t(ctx.locale);
    let field = parts::field_name(ctx.locale, c.field);
    let mut why = Vec::new();
    if place.fields.contains(&c.field) {
        why.push(fl!(l, "why-field", field = field.as_str()));
    }
    if c.district.is_some() && c.district == place.district {
        why.push(fl!(l, "why-district"));
    }
    if why.is_empty() {
        why.push(fl!(l, "why-open"));
    }
    CallRow {
        href: ctx.to(&format!("/calls/{}", c.id)),
        title: parts::text(ctx.locale, &c.title),
        made_up: parts::made_up_if(ctx.locale, c.illustrative),
        who: parts::text(ctx.locale, &c.who),
        closes: fl!(
            l,
            "call-closes",
            when = fmt::moment(ctx.locale, c.closes_at, ctx.zone())
        ),
        field,
        why,
    }
}
/// The plain next step of an offer.
fn step_key(status: OfferStatus, phase: Phase, agreed: bool) -> &'static str {
    use {OfferStatus as S, Phase as P};
    match (status, phase) {
        (S::Awarded, _) if agreed => "offer-agreed",
        (S::Awarded, _) => "offer-awarded",
        (S::Declined, _) => "offer-declined",
        (_, P::Cancelled) => "offer-cancelled",
        (S::Draft, P::Open | P::Announced | P::Draft) => "offer-draft-open",
        (S::Draft, _) => "offer-draft-closed",
        (S::Submitted, P::Open | P::Announced | P::Draft) => "offer-sealed",
        (S::Submitted, P::Closed) => "offer-closed",
        (S::Submitted, P::InReview) => "offer-read",
        (S::Submitted, P::Decided | P::Asked) => "offer-undecided",
        (S::Withdrawn, P::Open) => "offer-withdrawn-open",
        (S::Withdrawn, _) => "offer-withdrawn",
    }
}
fn offer_row(ctx: &Ctx, o: &OwnOffer, works: &[UndertakingCard]) -> OfferRow {
    let agreed = works.iter().find(|u| u.call == o.call);
    let phase = o.phase(ctx.now());
    let key = step_key(o.status, phase, agreed.is_some());
    let when = fmt::moment(ctx.locale, o.closes_at, ctx.zone());
    let state = crate::TEXTS
        .find(ctx.locale, &format!("offer-status-{}", o.status), Default::default())
        .unwrap_or_else(|| o.status.to_string());
    OfferRow {
        href: match agreed {
            Some(u) => ctx.to(&format!("/undertakings/{}", u.id)),
            None => ctx.to(&format!("/offers/{}", o.id)),
        },
        title: parts::text(ctx.locale, &o.call_title),
        made_up: parts::made_up_if(ctx.locale, o.illustrative),
        state: parts::status(o.status.fill(), &state),
        next: crate::TEXTS
            .find(ctx.locale, &format!("step-{key}"), [("when".to_owned(), when)].into())
            .unwrap_or_default(),
        history: ctx.to(&format!("/history/offer/{}", o.id)),
    }
}
fn work_row(ctx: &Ctx, u: &UndertakingCard) -> WorkRow {
    let l = t(ctx.locale);
    WorkRow {
        href: ctx.to(&format!("/undertakings/{}", u.id)),
        title: parts::text(ctx.locale, &u.title),
        made_up: parts::made_up_if(ctx.locale, u.illustrative),
        until: match u.ended_at {
            Some(m) => fl!(l, "work-ended", when = fmt::moment(ctx.locale, m, ctx.zone())),
            None => fl!(l, "work-until", day = fmt::day(ctx.locale, u.ends)),
        },
        left: u
            .left
            .map(|m| fl!(l, "work-left", sum = fmt::money(ctx.locale, m)))
            .unwrap_or_default(),
        history: ctx.to(&format!("/history/undertaking/{}", u.id)),
    }
}
fn said(ctx: &Ctx, r: parties::PromiseRecord) -> String {
    use parties::Said as S;
    let l = t(ctx.locale);
    match r.said() {
        S::Nothing => fl!(l, "record-nothing"),
        S::OnlyOpen => fl!(l, "record-open"),
        S::AllKept => fl!(l, "record-kept"),
        S::SomeLate => fl!(l, "record-late"),
        S::SomeBroken => fl!(l, "record-broken"),
    }
}
fn counts(ctx: &Ctx, r: parties::PromiseRecord) -> Vec<(String, i64)> {
    let l = t(ctx.locale);
    vec![
        (fl!(l, "count-kept"), r.kept),
        (fl!(l, "count-late"), r.late),
        (fl!(l, "count-broken"), r.broken),
        (fl!(l, "count-open"), r.open),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use basis::{Code, Currency, Field, Id, Moment, Text};

    fn call(name: &str, field: Field, district: Option<&str>, closes: i64) -> CallCard {
        CallCard {
            id: Id::named(name),
            plan_item: Id::named("i"),
            relation: None,
            field,
            district: district.map(Id::named),
            title: Text::both(name, name),
            who: Text::both("", ""),
            status: calls::CallStatus::Open,
            mode: calls::Mode::Outsourcing,
            opens_at: Moment::UNIX_EPOCH,
            closes_at: Moment::from_second(closes).unwrap(),
            opened_at: None,
            decided_at: None,
            guiding: Id::named("g"),
            currency: Currency::CNY,
            ceiling: None,
            illustrative: false,
            version: 1,
        }
    }
    #[test]
    fn calls_of_our_field_come_first_then_those_that_close_soonest() {
        let place = Place {
            fields: vec![Field::Culture],
            district: Some(Id::named("Yubei")),
        };
        let open = vec![
            call("soon", Field::Health, None, 10),
            call("here", Field::Health, Some("Yubei"), 90),
            call("ours", Field::Culture, None, 80),
            call("both", Field::Culture, Some("Yubei"), 99),
        ];
        let names: Vec<String> = suited(open, &[], &place)
            .iter()
            .map(|c| c.title.plain(basis::Locale::En).to_owned())
            .collect();
        assert_eq!(names, ["both", "ours", "here", "soon"]);
    }
    #[test]
    fn every_state_has_a_next_step_in_both_languages() {
        for &status in OfferStatus::ALL {
            for &phase in Phase::ALL {
                for agreed in [true, false] {
                    let key = format!("step-{}", step_key(status, phase, agreed));
                    for locale in basis::Locale::ALL {
                        let words = crate::TEXTS.find(locale, &key, [("when".to_owned(), "X".to_owned())].into());
                        assert!(words.is_some_and(|w| !w.is_empty()), "{key}");
                    }
                }
            }
        }
    }
}
