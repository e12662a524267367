//! The queue's lines of this room.

use ::pages::{Duty, Matter};
use access::{House, Role, Viewer};
use basis::{Fail, Locale, Moment, UndertakingId};
use i18n_embed_fl::fl;
use undertakings::UndertakingCard;

use crate::{Evaluation, Status, store, t};

fn end_of(house: &House, day: basis::Day) -> Option<Moment> {
    let next = day.tomorrow().ok()?.to_zoned(house.zone.clone()).ok()?.timestamp();
    next.checked_sub(jiff::SignedDuration::from_secs(1)).ok()
}
/// What an evaluator does next.
fn evaluators_step(locale: Locale, declared: bool, e: &Evaluation, over: bool) -> Option<(String, String)> {
    let t = t(locale);
    let at = format!("/evaluations/{}", e.id);
    match e.status {
        Status::Appointed if !declared => Some((fl!(t, "step-declare"), at)),
        Status::Appointed => Some((fl!(t, "step-find"), at)),
        Status::Drafted if over => Some((fl!(t, "step-publish"), at)),
        _ => None,
    }
}
fn is_over(u: &UndertakingCard) -> bool {
    matches!(u.status, undertakings::Status::Settled | undertakings::Status::Stopped)
}

pub async fn duties(house: &House, viewer: &Viewer, locale: Locale) -> Result<Vec<Duty>, Fail> {
    let Some(me) = viewer.account() else {
        return Ok(Vec::new());
    };
    let db = &house.db;
    let lead = viewer.role() == Role::OfficeLead;
    let mut open = store::load_of_evaluator(db, me).await?;
    if lead {
        let more = store::load_unpublished(db).await?;
        open.extend(
            more.into_iter()
                .filter(|e| !open.iter().any(|o| o.id == e.id))
                .collect::<Vec<_>>(),
        );
    }
    open.retain(|e| e.status != Status::Published);
    let waiting = if lead { store::awaiting(db).await? } else { Vec::new() };
    let ids: Vec<UndertakingId> = open
        .iter()
        .map(|e| e.undertaking)
        .chain(waiting.iter().copied())
        .collect();
    let known = undertakings::undertakings(db, viewer, &ids).await?;
    let of = |id: UndertakingId| known.iter().find(|u| u.id == id);
    let evaluators = store::evaluators(db, &open.iter().map(|e| e.id).collect::<Vec<_>>()).await?;
    let mut out = Vec::new();
    for e in &open {
        let Some(u) = of(e.undertaking) else { continue };
        let own = evaluators.iter().find(|x| x.evaluation == e.id && x.account == me);
        let line = |(what, href): (String, String), mine: bool, who: Option<String>| Duty {
            what,
            about: u.title.plain(locale).to_owned(),
            href,
            due: end_of(house, e.due),
            mine,
            who,
            illustrative: e.illustrative,
            matter: Matter::of(e.id).within([u.field], u.relation),
        };
        if let Some(x) = own {
            let step = evaluators_step(locale, x.no_conflict.is_some(), e, is_over(u));
            out.extend(step.map(|s| line(s, true, None)));
        } else if e.status == Status::Drafted && is_over(u) {
            out.push(line(
                (fl!(t(locale), "step-publish"), format!("/evaluations/{}", e.id)),
                true,
                None,
            ));
        } else {
            let who = fl!(t(locale), "turn-evaluators");
            out.push(line(
                (fl!(t(locale), "step-find"), format!("/evaluations/{}", e.id)),
                false,
                Some(who),
            ));
        }
    }
    for u in waiting.into_iter().filter_map(of) {
        out.push(Duty {
            what: fl!(t(locale), "step-appoint"),
            about: u.title.plain(locale).to_owned(),
            href: format!("/undertakings/{}/evaluation", u.id),
            due: None,
            mine: true,
            who: None,
            illustrative: u.illustrative,
            matter: Matter::of(u.id).within([u.field], u.relation),
        });
    }
    Ok(out)
}
