//! The queue's lines of this room: what waits on the viewer, and what waits on others.

use ::pages::{Duty, Matter, fmt};
use access::{House, Viewer};
use basis::{Day, Fail, Locale, Moment, Text};
use i18n_embed_fl::fl;

use crate::{
    InstalmentCard, MilestoneCard, OpenStep, Turn, UndertakingCard, amendments, deliverables, going_on, milestones,
    money,
    neighbours::{self, Names},
    open_steps, store, t,
};

/// A day is over when it is over in the home city.
fn end_of(house: &House, day: Day) -> Option<Moment> {
    let next = day.tomorrow().ok()?.to_zoned(house.zone.clone()).ok()?.timestamp();
    next.checked_sub(jiff::SignedDuration::from_secs(1)).ok()
}
fn title_of(locale: Locale, milestones: &[MilestoneCard], id: basis::MilestoneId) -> String {
    let found: Option<&Text> = milestones.iter().find(|m| m.id == id).map(|m| &m.title);
    found.map(|t| t.plain(locale).to_owned()).unwrap_or_default()
}
/// What an instalment is for: its milestone, or an advance.
pub(crate) fn what_for(locale: Locale, milestones: &[MilestoneCard], i: &InstalmentCard) -> String {
    match i.milestone.and_then(|id| milestones.iter().find(|m| m.id == id)) {
        Some(m) => m.title.plain(locale).to_owned(),
        None => fl!(t(locale), "instalment-advance"),
    }
}
/// A step in words.
pub(crate) fn said(
    locale: Locale,
    step: OpenStep,
    milestones: &[MilestoneCard],
    instalments: &[InstalmentCard],
) -> String {
    let t = t(locale);
    let named = |id: basis::InstalmentId| {
        let i = instalments.iter().find(|i| i.id == id);
        i.map(|i| (what_for(locale, milestones, i), fmt::money(locale, i.amount)))
            .unwrap_or_default()
    };
    match step {
        OpenStep::TakeOn => fl!(t, "step-take-on"),
        OpenStep::HandIn(m) => fl!(t, "step-hand-in", milestone = title_of(locale, milestones, m)),
        OpenStep::Judge(_, m) => fl!(t, "step-judge", milestone = title_of(locale, milestones, m)),
        OpenStep::Decide(..) => fl!(t, "step-decide"),
        OpenStep::Request(_) => fl!(t, "step-request"),
        OpenStep::Approve(id) => {
            let (what, sum) = named(id);
            fl!(t, "step-approve", what = what, sum = sum)
        }
        OpenStep::Pay(id) => {
            let (what, sum) = named(id);
            fl!(t, "step-pay", what = what, sum = sum)
        }
        OpenStep::Reconcile(id) => {
            let (what, sum) = named(id);
            fl!(t, "step-reconcile", what = what, sum = sum)
        }
        OpenStep::Settle => fl!(t, "step-settle"),
    }
}
/// Whose turn it is, in words.
pub(crate) fn whose(locale: Locale, turn: Turn, executor: &str, guiding: &str) -> String {
    let t = t(locale);
    match turn {
        Turn::Executing => executor.to_owned(),
        Turn::Guiding => guiding.to_owned(),
        Turn::Second => fl!(t, "turn-second", guiding = guiding),
        Turn::Finance => fl!(t, "turn-finance"),
        Turn::Fourth => fl!(t, "turn-fourth"),
    }
}
/// The viewer's own business: who guides or executes it, or keeps its money. An office lead may do everything, and
/// would otherwise find everything in the queue.
fn concerns(viewer: &Viewer, u: &UndertakingCard, turn: Turn) -> bool {
    let body = viewer.body();
    let executes = (u.body.is_some() && body == u.body)
        || (viewer.acting.is_none() && u.account.is_some() && viewer.account() == u.account);
    let keeps = viewer.role() == access::Role::Finance && matches!(turn, Turn::Second | Turn::Finance | Turn::Fourth);
    executes || body == Some(u.guiding) || keeps
}

pub async fn duties(house: &House, viewer: &Viewer, locale: Locale) -> Result<Vec<Duty>, Fail> {
    if !viewer.is_signed_in() {
        return Ok(Vec::new());
    }
    let db = &house.db;
    let all = going_on(db, viewer).await?;
    let milestones = milestones(db, &all).await?;
    let rounds = deliverables(db, &milestones).await?;
    let sums = money(db, &all).await?;
    let changes = amendments(db, &all).await?;
    let bodies = all.iter().flat_map(|u| u.body.into_iter().chain([u.guiding])).collect();
    let names = Names::of(db, bodies, all.iter().filter_map(|u| u.account).collect()).await?;
    let mut out = Vec::new();
    for u in &all {
        let instalments = sums
            .iter()
            .find(|m| m.undertaking == u.id)
            .map_or(&[][..], |m| &m.instalments);
        let guiding = names.body(u.guiding).map_or("", |n| n.plain(locale));
        let executor = names.executor(locale, u.body, u.account);
        for (step, due) in open_steps(u, &milestones, &rounds, instalments, &changes) {
            if !concerns(viewer, u, step.turn()) {
                continue;
            }
            let mut thing = u.thing(viewer);
            if let OpenStep::Approve(id) | OpenStep::Pay(id) | OpenStep::Reconcile(id) = step {
                let i = instalments.iter().find(|i| i.id == id);
                thing.earlier_people = i
                    .into_iter()
                    .flat_map(|i| [i.requested_by, i.approved_by, i.paid_by])
                    .flatten()
                    .collect();
            }
            // May and should are two things: an amendment is decided by the other side only.
            let side = match step {
                OpenStep::Decide(_, by) => by != crate::sight::side_of_card(viewer, u),
                _ => true,
            };
            let mine = side && house.gate.may(viewer, step.action(), &thing);
            out.push(Duty {
                what: said(locale, step, &milestones, instalments),
                about: u.title.plain(locale).to_owned(),
                // Who only waits for others is led to where the work stands, not to a form that is not theirs.
                href: if mine {
                    step.path(u.id)
                } else {
                    format!("/undertakings/{}", u.id)
                },
                due: due.and_then(|d| end_of(house, d)),
                mine,
                who: (!mine).then(|| whose(locale, step.turn(), &executor, guiding)),
                illustrative: u.illustrative,
                matter: Matter::of(u.id).within([u.field], u.relation),
            });
        }
    }
    out.extend(awaited(house, viewer, locale).await?);
    Ok(out)
}
/// Awards whose terms the viewer's unit has yet to agree.
async fn awaited(house: &House, viewer: &Viewer, locale: Locale) -> Result<Vec<Duty>, Fail> {
    let Some(body) = viewer.body() else {
        return Ok(Vec::new());
    };
    let mut out = Vec::new();
    for a in store::awaiting(&house.db)
        .await?
        .into_iter()
        .filter(|a| a.guiding == body)
    {
        let Some(from) = neighbours::commission(&house.db, a.award, house.now()).await? else {
            continue;
        };
        out.push(Duty {
            what: fl!(t(locale), "agree-terms-waits"),
            about: from.title.plain(locale).to_owned(),
            href: format!("/awards/{}/undertaking", a.award),
            due: end_of(house, from.starts),
            mine: house.gate.may(viewer, "undertaking.agree", &from.thing()),
            who: None,
            illustrative: from.illustrative,
            // Nothing was agreed yet: its history so far is the call's.
            matter: Matter::of(from.call).within([from.field], from.relation),
        });
    }
    Ok(out)
}
