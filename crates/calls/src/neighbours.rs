//! What calls ask of earlier rooms, in one place.

use access::House;
use basis::{AccountId, BodyId, Fail, Locale, Moment, PlanItemId};
use std::collections::HashMap;
use store::{Letter, Query, Tx};

use crate::offer::Offer;
use crate::panel::Maker;

/// The plan item a call is under, while something is still to come of it.
pub(crate) async fn live_item(q: &impl Query, id: PlanItemId) -> Result<Option<planning::PlanItemCard>, Fail> {
    Ok(planning::item(q, id).await?.filter(|i| i.status.is_live()))
}
/// Who may act for a body now.
pub(crate) async fn members(q: &impl Query, body: BodyId, now: Moment) -> Result<Vec<AccountId>, Fail> {
    Ok(parties::members(q, body, now).await?)
}
/// Everybody behind some offers: members of the bodies, and the persons themselves.
pub(crate) async fn people_of(q: &impl Query, makers: &[Maker], now: Moment) -> Result<Vec<AccountId>, Fail> {
    let mut out: Vec<AccountId> = makers
        .iter()
        .filter(|m| m.body.is_none())
        .filter_map(|m| m.account)
        .collect();
    for body in makers.iter().filter_map(|m| m.body) {
        out.extend(members(q, body, now).await?);
    }
    out.sort_unstable();
    out.dedup();
    Ok(out)
}
/// The bodies that these people may act for now.
pub(crate) async fn bodies_of(
    q: &impl Query,
    people: &[AccountId],
    now: Moment,
) -> Result<Vec<(AccountId, BodyId)>, Fail> {
    Ok(parties::bodies_of(q, people, now).await?)
}
/// Everybody behind one party: the members of the body, or the person.
pub(crate) async fn people_behind(
    q: &impl Query,
    body: Option<BodyId>,
    account: Option<AccountId>,
    now: Moment,
) -> Result<Vec<AccountId>, Fail> {
    match (body, account) {
        (Some(body), _) => members(q, body, now).await,
        (None, account) => Ok(account.into_iter().collect()),
    }
}
/// Whether this party may offer, be chosen or take work on today: a body that the office has checked, or a person.
pub(crate) async fn may_take_on(q: &impl Query, house: &House, body: Option<BodyId>) -> Result<bool, Fail> {
    match body {
        Some(body) => parties::may_take_on(q, body, house.today()).await,
        None => Ok(true),
    }
}
/// Kept, late and broken promises by maker, of bodies and of people in their own name.
pub(crate) async fn promises(
    q: &impl Query,
    bodies: &[BodyId],
    people: &[AccountId],
) -> Result<HashMap<String, (i64, i64, i64)>, Fail> {
    let counts = |p: parties::PromiseRecord| (p.kept, p.late, p.broken);
    let bodies = parties::promises(q, bodies).await?.into_iter();
    let people = parties::promises_of_people(q, people).await?.into_iter();
    let bodies = bodies.map(|(b, p)| (Offer::maker(Some(b), None), counts(p)));
    Ok(bodies
        .chain(people.map(|(a, p)| (Offer::maker(None, Some(a)), counts(p))))
        .collect())
}

/// What is registered of bodies: their fields of work and where they are.
pub(crate) async fn organisations(
    q: &impl Query,
    bodies: &[BodyId],
) -> Result<HashMap<BodyId, parties::Organisation>, Fail> {
    Ok(parties::organisations_by_id(q, bodies).await?)
}

/// Writes a letter to everybody behind an offer, each in their own language; it waits for an officer's release.
pub(crate) async fn write_to_maker(
    tx: &Tx,
    body: Option<BodyId>,
    account: Option<AccountId>,
    words: impl Fn(Locale) -> (String, String),
) -> Result<(), Fail> {
    write(tx, body, account, true, words).await
}
/// The same without waiting for anybody.
pub(crate) async fn write_at_once(
    tx: &Tx,
    body: Option<BodyId>,
    account: Option<AccountId>,
    words: impl Fn(Locale) -> (String, String),
) -> Result<(), Fail> {
    write(tx, body, account, false, words).await
}
async fn write(
    tx: &Tx,
    body: Option<BodyId>,
    account: Option<AccountId>,
    held: bool,
    words: impl Fn(Locale) -> (String, String),
) -> Result<(), Fail> {
    let people = people_behind(tx, body, account, tx.now()).await?;
    for to in access::addressees(tx, &people, "decisions").await? {
        let locale = if to.lang.primary() == "zh" {
            Locale::Zh
        } else {
            Locale::En
        };
        let (subject, text) = words(locale);
        tx.post(Letter {
            kind: "decisions",
            to_address: to.email,
            to_name: Some(to.name),
            account: Some(to.id),
            lang: locale.tag().into(),
            subject,
            text,
            held,
        })
        .await?;
    }
    Ok(())
}
