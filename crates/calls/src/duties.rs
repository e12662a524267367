//! The queue's lines of this room: what waits on the viewer, and what waits on others.

use ::pages::{Duty, Matter};
use access::{House, Role, Viewer};
use basis::{CallId, Fail, Locale};
use i18n_embed_fl::fl;
use std::collections::HashMap;

use crate::{CallCard, OfferStatus, Phase, offers_of, store as sql, t};

/// Drafts to publish, offers to open, panels to wait for and calls to decide, for the unit that guides them; a member's
/// own review; a maker's unfinished offers.
///
/// # Errors
/// A fault of the store.
pub async fn duties(house: &House, viewer: &Viewer, locale: Locale) -> Result<Vec<Duty>, Fail> {
    let mut out = Vec::new();
    if matches!(
        viewer.role(),
        Role::OfficeLead | Role::DepartmentOfficer | Role::DistrictOfficer
    ) {
        guiding(house, viewer, locale, &mut out).await?;
    }
    if viewer.is_signed_in() {
        review(house, viewer, locale, &mut out).await?;
    }
    unfinished(house, viewer, locale, &mut out).await?;
    answers(house, viewer, locale, &mut out).await?;
    Ok(out)
}
/// Offers that the viewer's side has begun, while their calls are open.
async fn unfinished(house: &House, viewer: &Viewer, locale: Locale, out: &mut Vec<Duty>) -> Result<(), Fail> {
    let mut drafts = offers_of(&house.db, viewer).await?;
    drafts.retain(|o| o.status == OfferStatus::Draft && o.phase(house.now()) == Phase::Open);
    let calls = sql::cards(&house.db, &drafts.iter().map(|o| o.call).collect::<Vec<_>>()).await?;
    for o in drafts {
        let call = calls.iter().find(|c| c.id == o.call);
        out.push(Duty {
            what: fl!(t(locale), "duty-finish-offer"),
            about: o.call_title.plain(locale).to_owned(),
            href: format!("/offers/{}", o.id),
            due: Some(o.closes_at),
            mine: true,
            who: None,
            illustrative: o.illustrative,
            matter: Matter::of(o.id).within(call.map(|c| c.field), call.and_then(|c| c.relation)),
        });
    }
    Ok(())
}
/// What was assigned to the viewer's body or to them, and waits for their yes or no.
async fn answers(house: &House, viewer: &Viewer, locale: Locale, out: &mut Vec<Duty>) -> Result<(), Fail> {
    let body = crate::offer::offering_body(viewer);
    let own = (viewer.role() == Role::Individual).then(|| viewer.account()).flatten();
    let asked = sql::asked_of(&house.db, body, own).await?;
    let ids: Vec<CallId> = asked.iter().map(|a| a.call).collect();
    for c in sql::cards(&house.db, &ids).await? {
        let what = fl!(t(locale), "duty-answer");
        let (href, due) = (
            format!("/calls/{}/answer", c.id),
            Some(crate::assign::last_of(c.closes_at)),
        );
        out.push(line(&c, locale, what, href, due, true, None));
    }
    Ok(())
}
async fn guiding(house: &House, viewer: &Viewer, locale: Locale, out: &mut Vec<Duty>) -> Result<(), Fail> {
    let q = &house.db;
    let Some(body) = viewer.body() else { return Ok(()) };
    let calls = sql::unfinished(q, Some(body), 200).await?;
    let reviewed: Vec<CallId> = calls
        .iter()
        .filter(|c| c.phase(house.now()) == Phase::InReview)
        .map(|c| c.id)
        .collect();
    let progress: HashMap<CallId, (i64, i64)> = sql::panel_progress(q, &reviewed)
        .await?
        .into_iter()
        .map(|p| (p.0, (p.1, p.2)))
        .collect();
    let t = t(locale);
    for c in &calls {
        let (what, tail, mine, who) = match c.phase(house.now()) {
            Phase::Draft => (fl!(t, "duty-publish"), "", true, None),
            Phase::Closed => (fl!(t, "duty-open"), "", true, None),
            // The party's day has passed: the unit takes it back, and may ask another.
            Phase::Asked if c.closes_at <= house.now() => (fl!(t, "duty-unanswered"), "", true, None),
            Phase::Asked => (fl!(t, "duty-answer"), "", false, Some(fl!(t, "duty-answer-who"))),
            Phase::InReview => match progress.get(&c.id) {
                Some((seats, scored)) if scored < seats => {
                    let who = fl!(t, "duty-panel-who", scored = (*scored), seats = (*seats));
                    (fl!(t, "duty-panel"), "/review", false, Some(who))
                }
                _ => (fl!(t, "duty-decide"), "/review", true, None),
            },
            _ => continue,
        };
        let due = match c.phase(house.now()) {
            Phase::Draft => Some(c.closes_at),
            Phase::Asked => Some(crate::assign::last_of(c.closes_at)),
            _ => None,
        };
        out.push(line(c, locale, what, format!("/calls/{}{tail}", c.id), due, mine, who));
    }
    Ok(())
}
async fn review(house: &House, viewer: &Viewer, locale: Locale, out: &mut Vec<Duty>) -> Result<(), Fail> {
    let q = &house.db;
    let Some(me) = viewer.account() else { return Ok(()) };
    let seats = sql::seats_of(q, me).await?;
    let calls: HashMap<CallId, CallCard> = sql::cards(q, &seats.iter().map(|s| s.call).collect::<Vec<_>>())
        .await?
        .into_iter()
        .map(|c| (c.id, c))
        .collect();
    for s in seats {
        let Some(c) = calls.get(&s.call).filter(|c| c.phase(house.now()) == Phase::InReview) else {
            continue;
        };
        let what = if s.conflict.is_none() {
            fl!(t(locale), "duty-declare")
        } else {
            fl!(t(locale), "duty-score")
        };
        out.push(line(
            c,
            locale,
            what,
            format!("/calls/{}/review", c.id),
            None,
            true,
            None,
        ));
    }
    Ok(())
}
fn line(
    c: &CallCard,
    locale: Locale,
    what: String,
    href: String,
    due: Option<basis::Moment>,
    mine: bool,
    who: Option<String>,
) -> Duty {
    Duty {
        what,
        about: c.title.plain(locale).to_owned(),
        href,
        due,
        mine,
        who,
        illustrative: c.illustrative,
        matter: Matter::of(c.id).within([c.field], c.relation),
    }
}
