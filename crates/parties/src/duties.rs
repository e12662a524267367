//! The queue's lines of this room: who waits to be checked, and what ends soon.

use ::pages::{Duty, Matter};
use access::{Asking, House, Role, Viewer};
use basis::{Day, Fail, Locale, Moment};
use i18n_embed_fl::fl;

use crate::{Organisation, Standing, store as sql, t};

/// So many days before its end a check or a mandate is told.
const AHEAD_DAYS: i64 = 60;

/// A day is over when it is over in the home city.
fn end_of(house: &House, day: Day) -> Option<Moment> {
    let next = day.tomorrow().ok()?.to_zoned(house.zone.clone()).ok()?.timestamp();
    next.checked_sub(jiff::SignedDuration::from_secs(1)).ok()
}
fn soon(house: &House, end: Moment) -> bool {
    let ahead = jiff::SignedDuration::from_hours(24 * AHEAD_DAYS);
    house.now().checked_add(ahead).is_ok_and(|limit| end <= limit)
}
fn to_decide(viewer: &Viewer, locale: Locale, o: &Organisation) -> Duty {
    // Nobody decides on their own application.
    let mine = o.applicant.is_none() || o.applicant != viewer.account();
    Duty {
        what: fl!(t(locale), "duty-decide"),
        about: o.name.plain(locale).to_owned(),
        href: format!("/organisations/{}/decision", o.id),
        due: None,
        mine,
        who: (!mine).then(|| fl!(t(locale), "duty-another-lead")),
        illustrative: o.illustrative,
        matter: Matter::of(o.id).within(o.fields.iter().copied(), None),
    }
}

pub async fn duties(house: &House, viewer: &Viewer, locale: Locale) -> Result<Vec<Duty>, Fail> {
    let mut out = Vec::new();
    if viewer.role() == Role::OfficeLead {
        let waiting = sql::waiting(&house.db).await?;
        out.extend(waiting.iter().map(|o| to_decide(viewer, locale, o)));
    }
    let (Role::Delegate, Some(body)) = (viewer.role(), viewer.body()) else {
        return Ok(out);
    };
    let Some(o) = sql::organisation(&house.db, body).await? else {
        return Ok(out);
    };
    let line = |what: String, due: Moment, mine: bool, who: Option<String>| Duty {
        what,
        about: o.name.plain(locale).to_owned(),
        href: format!("/organisations/{body}"),
        due: Some(due),
        mine,
        who,
        illustrative: o.illustrative,
        matter: Matter::of(o.id).within(o.fields.iter().copied(), None),
    };
    if o.standing == Standing::Verified {
        let end = o
            .verified_until
            .and_then(|d| end_of(house, d))
            .filter(|e| soon(house, *e));
        out.extend(end.map(|e| line(fl!(t(locale), "duty-check-ends"), e, true, None)));
    }
    let asking = Asking::new(viewer.clone());
    let members = match access::mandates_of_body(house, &asking, body).await {
        // A key for organisations alone lists no mandates; the rest of the queue is told all the same.
        Err(Fail::Denied(_)) => Vec::new(),
        other => other?,
    };
    for m in members {
        let Some(end) = m.mandate.until.filter(|e| soon(house, *e)) else {
            continue;
        };
        let own = Some(m.account) == viewer.account();
        let who = own.then(|| fl!(t(locale), "duty-others-grant"));
        out.push(line(
            fl!(t(locale), "duty-mandate-ends", who = m.holder.as_str()),
            end,
            !own,
            who,
        ));
    }
    Ok(out)
}
