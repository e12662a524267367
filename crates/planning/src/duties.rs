//! The queue's lines of this room: items of the plan that wait for a call.

use access::{House, Role, Viewer};
use basis::{Day, Fail, Locale, Moment};
use i18n_embed_fl::fl;
use pages::{Duty, Matter};

use crate::{PlanItemCard, neighbours, store as sql, t};

/// A call stays open for weeks, and the work after it takes months: so many days ahead an item asks for its call.
const AHEAD: i64 = 180;

/// A day is over when it is over in the home city.
fn end_of(house: &House, day: Day) -> Option<Moment> {
    let next = day.tomorrow().ok()?.to_zoned(house.zone.clone()).ok()?.timestamp();
    next.checked_sub(jiff::SignedDuration::from_secs(1)).ok()
}

/// Items due soon or late without a call: for the unit that guides them, whose turn it is, and for the office lead, who
/// sees what waits on others.
///
/// # Errors
/// A fault of the store.
pub async fn duties(house: &House, viewer: &Viewer, locale: Locale) -> Result<Vec<Duty>, Fail> {
    let Some(own) = viewer.body().filter(|_| viewer.is_officer()) else {
        return Ok(Vec::new());
    };
    let office = viewer.role() == Role::OfficeLead;
    let today = house.today();
    let waiting: Vec<PlanItemCard> = sql::without_call(&house.db, (!office).then_some(own))
        .await?
        .into_iter()
        .filter(|i| i.ends_on().is_some_and(|d| pages::fmt::days_between(today, d) <= AHEAD))
        .collect();
    let guides = neighbours::guides(&house.db, &waiting).await?;
    let mut out: Vec<Duty> = waiting
        .iter()
        .map(|i| {
            let mine = i.guiding == own;
            Duty {
                what: if i.is_late(today) {
                    fl!(t(locale), "duty-late")
                } else {
                    fl!(t(locale), "duty-draft")
                },
                about: i.title.plain(locale).to_owned(),
                href: format!("/plan/items/{}", i.id),
                due: i.ends_on().and_then(|d| end_of(house, d)),
                mine,
                who: (!mine).then(|| guides.get(&i.guiding).map_or("", |n| n.plain(locale)).to_owned()),
                illustrative: i.illustrative,
                matter: Matter::of(i.id).within([i.field], i.relation),
            }
        })
        .collect();
    out.sort_by_key(|d| d.due);
    Ok(out)
}
