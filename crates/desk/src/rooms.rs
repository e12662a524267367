//! Where the desk asks the other rooms: one list, so that a new room is one more line.

use std::collections::{BTreeSet, HashSet};

use access::{House, Role, Thing, Viewer};
use basis::{CallId, Fail, Field, GovernmentId, Locale, Moment, OfferId, RelationId};
use i18n_embed_fl::fl;
use pages::{Duty, Matter};

use crate::{
    jobs, letters,
    queue::{Narrow, Queue, Task, arrange},
    store as sql,
    subject::{INSIDE, PUBLIC, SEALED, Subject, TOLD_ONLY},
    t,
};

/// Everything that waits, on the viewer or on others, from every room; who asks by a key hears of the rooms it is for.
///
/// # Errors
/// Faults of the rooms' stores.
pub async fn duties(house: &House, viewer: &Viewer, locale: Locale) -> Result<Vec<Duty>, Fail> {
    let mut all = own_duties(house, viewer, locale).await?;
    macro_rules! ask {
        ($($room:ident),* $(,)?) => { $(
            let known = viewer.within($room::POLICIES.room);
            all.extend($room::duties(house, &known, locale).await?);
        )* };
    }
    ask!(relations, parties, planning, calls, undertakings, evaluation);
    Ok(all)
}
/// The desk's own: letters to read, letters and jobs that were given up.
async fn own_duties(house: &House, viewer: &Viewer, locale: Locale) -> Result<Vec<Duty>, Fail> {
    let l = t(locale);
    let letters = house.gate.may(viewer, "letter.release", &letters::outbox());
    let jobs = house.gate.may(viewer, "job.retry", &jobs::bench());
    if !letters && !jobs {
        return Ok(Vec::new());
    }
    let w = store::waiting(&house.db, house.now()).await?;
    let duty = |what: String, about: String, href: &str| Duty {
        what,
        about,
        href: href.to_owned(),
        due: None,
        mine: true,
        who: None,
        illustrative: false,
        // Letters and jobs serve all fields.
        matter: Matter::default(),
    };
    let mut out = Vec::new();
    if letters && w.letters_held > 0 {
        out.push(duty(
            fl!(l, "duty-letters"),
            fl!(l, "duty-letters-about", count = w.letters_held),
            "/desk/letters",
        ));
    }
    if letters && w.letters_dead > 0 {
        out.push(duty(
            fl!(l, "duty-dead-letters"),
            fl!(l, "duty-letters-about", count = w.letters_dead),
            "/desk/letters?status=dead",
        ));
    }
    if jobs && w.jobs_dead > 0 {
        out.push(duty(
            fl!(l, "duty-dead-jobs"),
            fl!(l, "duty-jobs-about", count = w.jobs_dead),
            "/desk/jobs",
        ));
    }
    Ok(out)
}

/// The whole queue of a viewer, with the last step of what each line is about.
///
/// # Errors
/// Faults of the rooms' stores.
pub async fn queue(house: &House, viewer: &Viewer, locale: Locale, narrow: Narrow) -> Result<Queue, Fail> {
    let now = house.now();
    let mut tasks: Vec<Task> = duties(house, viewer, locale)
        .await?
        .into_iter()
        .map(|d| Task::new(d, now, &house.zone))
        .filter(|t| t.is_within(narrow))
        .collect();
    let objects: HashSet<(&str, &str)> = tasks.iter().filter_map(Task::object).collect();
    let since = sql::last_steps(&house.db, &objects.into_iter().collect::<Vec<_>>()).await?;
    for t in &mut tasks {
        let key = t.object().map(|(kind, id)| (kind.to_owned(), id.to_owned()));
        t.since = key.and_then(|k| since.get(&k).copied());
    }
    Ok(arrange(tasks))
}

/// Things with a history that only their room can place.
///
/// # Errors
/// Faults of the rooms' stores.
pub async fn subject(
    house: &House,
    viewer: &Viewer,
    locale: Locale,
    kind: &str,
    id: &str,
) -> Result<Option<Subject>, Fail> {
    let q = &house.db;
    match kind {
        "plan-item" => {
            let Ok(id) = id.parse() else { return Ok(None) };
            let Some(c) = planning::item(q, id).await? else {
                return Ok(None);
            };
            let s = Subject::new("plan-item", &id.to_string(), PUBLIC)
                .titled(c.title.plain(locale), format!("/programmes/{id}"));
            under(house, s, c.relation).await
        }
        "undertaking" => {
            let Ok(id) = id.parse() else { return Ok(None) };
            let Some(c) = undertakings::undertaking(q, viewer, id).await? else {
                return Ok(None);
            };
            let status = if c.inside { PUBLIC } else { TOLD_ONLY };
            let mut s = Subject::new("undertaking", &id.to_string(), status)
                .titled(c.title.plain(locale), format!("/undertakings/{id}"));
            s.thing.owner_body = c.body;
            s.thing.owner = c.account;
            under(house, s, c.relation).await
        }
        "call" => call(house, viewer, locale, id).await,
        "offer" => offer(house, viewer, locale, id).await,
        "allocation" => under_call(house, viewer, locale, "allocation", id).await,
        "award" => under_call(house, viewer, locale, "award", id).await,
        "evaluation" => {
            let Ok(id) = id.parse() else { return Ok(None) };
            let Some(c) = evaluation::evaluation(q, viewer, id).await? else {
                return Ok(None);
            };
            // That somebody was appointed is told; what they found is for whom it concerns until it is published.
            let status = match c.status {
                evaluation::Status::Published => PUBLIC,
                _ if c.readable && viewer.is_officer() => INSIDE,
                _ => TOLD_ONLY,
            };
            let mut s = Subject::new("evaluation", &id.to_string(), status);
            s.href = Some(format!("/programmes/{}", c.plan_item));
            Ok(Some(s))
        }
        _ => Ok(None),
    }
}
/// A call: its steps are told; their details are for whom its room lets inside, and the panel's work for nobody before
/// the decision.
async fn call(house: &House, viewer: &Viewer, locale: Locale, id: &str) -> Result<Option<Subject>, Fail> {
    let Ok(id) = id.parse::<CallId>() else { return Ok(None) };
    let mut s = match calls::call(&house.db, id).await? {
        Some(c) => {
            let inside = Thing {
                field: Some(c.field),
                district: c.district,
                relation: c.relation,
                guiding: Some(c.guiding),
                status: Some(if c.opened_at.is_none() { "sealed" } else { "opened" }),
                ..Thing::new("call", id)
            };
            let may = house.gate.may(viewer, "call.inside.read", &inside);
            let status = if may { PUBLIC } else { TOLD_ONLY };
            let mut s =
                Subject::new("call", &id.to_string(), status).titled(c.title.plain(locale), format!("/calls/{id}"));
            if c.decided_at.is_none() {
                s.kept_back = &["panel.", "review.", "offer."];
            }
            s.thing.relation = c.relation;
            s
        }
        // A draft is there for who may read it.
        None => match calls::call_view(house, viewer, id).await {
            Ok(v) => {
                Subject::new("call", &id.to_string(), INSIDE).titled(v.call.title.plain(locale), format!("/calls/{id}"))
            }
            Err(Fail::NotFound) => return Ok(None),
            Err(other) => return Err(other),
        },
    };
    let relation = s.thing.relation.take();
    if let Some(found) = under(house, s.clone(), relation).await? {
        s = found;
    }
    Ok(Some(s))
}
/// What belongs to a call is seen as the call is.
async fn under_call(
    house: &House,
    viewer: &Viewer,
    locale: Locale,
    kind: &'static str,
    id: &str,
) -> Result<Option<Subject>, Fail> {
    let Some(above) = calls::call_above(&house.db, kind, id).await? else {
        return Ok(None);
    };
    let Some(mut found) = call(house, viewer, locale, &above.to_string()).await? else {
        return Ok(None);
    };
    // What a plan was worked out with stays with those who may read its drafts.
    if kind == "allocation" && !calls::may_look(house, viewer, above).await? {
        found.kept_back = &["allocation.", "panel.", "review.", "offer."];
    }
    Ok(Some(found.part(kind, id)))
}
/// An offer: its maker's own while it is sealed; after the opening told to everybody, and read by whom its room lets
/// read it, from the opening on.
async fn offer(house: &House, viewer: &Viewer, locale: Locale, id: &str) -> Result<Option<Subject>, Fail> {
    let Ok(id) = id.parse::<OfferId>() else { return Ok(None) };
    let own = calls::offers_of(&house.db, viewer).await?;
    if let Some(o) = own.into_iter().find(|o| o.id == id) {
        let mut s =
            Subject::new("offer", &id.to_string(), SEALED).titled(o.call_title.plain(locale), format!("/offers/{id}"));
        match viewer.role() {
            Role::Delegate | Role::PartnerOfficer => s.thing.owner_body = viewer.body(),
            _ => s.thing.owner = viewer.account(),
        }
        return Ok(Some(s));
    }
    match calls::offer_view(house, viewer, id).await {
        Ok((call, _)) => {
            let mut s = Subject::new("offer", &id.to_string(), PUBLIC)
                .titled(call.title.plain(locale), format!("/calls/{}", call.id));
            // What was written or taken back under the seal stays there; never opened is never shown.
            s.details_from = Some(call.opened_at.unwrap_or(Moment::MAX));
            if call.decided_at.is_none() {
                s.kept_back = &["panel.", "review."];
            }
            Ok(Some(s))
        }
        Err(Fail::Denied(_)) => Ok(Some(Subject::new("offer", &id.to_string(), TOLD_ONLY))),
        Err(Fail::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}
/// With the partner whose officers see the same as ours.
async fn under(house: &House, mut s: Subject, relation: Option<RelationId>) -> Result<Option<Subject>, Fail> {
    if let Some(r) = relation {
        s.thing.relation = Some(r);
        s.thing.partner = relations::cards(&house.db, &[r])
            .await?
            .remove(&r)
            .map(|c| c.partner.id);
    }
    Ok(Some(s))
}
/// What a delegate's organisation works on, and where.
#[derive(Clone, Debug, Default)]
pub struct Place {
    pub fields: Vec<Field>,
    pub district: Option<GovernmentId>,
}
/// # Errors
/// Faults of the rooms' stores.
pub async fn own_place(house: &House, viewer: &Viewer) -> Result<Place, Fail> {
    match (viewer.role(), viewer.body()) {
        (Role::Delegate, Some(body)) => {
            let o = parties::organisation(&house.db, body).await?;
            Ok(o.map_or_else(Place::default, |o| Place {
                fields: o.fields,
                district: o.district,
            }))
        }
        _ => Ok(Place::default()),
    }
}

/// A call somebody may want to answer.
#[derive(Clone, Debug)]
pub struct NewCall {
    pub title: String,
    pub href: String,
    pub closes_at: Moment,
}
/// Open calls in these fields that were published since.
///
/// # Errors
/// Faults of the rooms' stores.
pub async fn new_calls(
    house: &House,
    locale: Locale,
    fields: &BTreeSet<Field>,
    since: Moment,
) -> Result<Vec<NewCall>, Fail> {
    let open = calls::open_calls(&house.db, house.now(), 200).await?;
    let new = open
        .into_iter()
        .filter(|c| c.opens_at >= since && fields.contains(&c.field));
    Ok(new
        .map(|c| NewCall {
            title: c.title.plain(locale).to_owned(),
            href: format!("/calls/{}", c.id),
            closes_at: c.closes_at,
        })
        .collect())
}
