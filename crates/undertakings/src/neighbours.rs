//! What this room asks of earlier ones, in one place.

use std::collections::HashMap;

use ::store::Query;
use basis::{AccountId, AwardId, BodyId, Fail, Locale, Moment, Money, Text};
use parties::{BodyCard, PersonCard};

use crate::{Commission, Mode, Undertaking};

/// Names for a page, asked for once.
#[derive(Debug, Default)]
pub(crate) struct Names {
    bodies: HashMap<BodyId, BodyCard>,
    people: HashMap<AccountId, PersonCard>,
}
impl Names {
    pub(crate) async fn of(q: &impl Query, bodies: Vec<BodyId>, people: Vec<AccountId>) -> Result<Names, Fail> {
        let (bodies, people) = (once(bodies), once(people));
        let people = if people.is_empty() {
            HashMap::new()
        } else {
            parties::people(q, &people).await?
        };
        Ok(Names {
            bodies: parties::bodies(q, &bodies).await?,
            people,
        })
    }
    pub(crate) fn body(&self, id: BodyId) -> Option<&Text> {
        self.bodies.get(&id).map(|b| &b.name)
    }
    pub(crate) fn person(&self, id: AccountId) -> &str {
        self.people.get(&id).map_or("", |p| p.name.as_str())
    }
    /// The executing party: a body, or a person.
    pub(crate) fn executor(&self, locale: Locale, body: Option<BodyId>, account: Option<AccountId>) -> String {
        match (body.and_then(|b| self.body(b)), account) {
            (Some(name), _) => name.plain(locale).to_owned(),
            (None, Some(a)) => self.person(a).to_owned(),
            (None, None) => String::new(),
        }
    }
}
fn once<T: Ord>(mut all: Vec<T>) -> Vec<T> {
    all.sort();
    all.dedup();
    all
}

/// The most that changed terms may bring a budget to: what the call allowed, and nothing more than was agreed where
/// neither the call nor the offer named a sum. None where only the two sides bind each other.
pub(crate) async fn most_of(q: &impl Query, u: &Undertaking) -> Result<Option<Money>, Fail> {
    let call = calls::call(q, u.call).await?;
    if let Some(ceiling) = call.and_then(|c| c.ceiling) {
        return Ok(Some(ceiling));
    }
    let unpriced = calls::award(q, u.award).await?.is_some_and(|a| a.amount.is_none());
    Ok((unpriced && u.mode == Mode::Outsourcing).then(|| Money::new(0, u.currency)))
}

/// An award with everything its terms need; none if the award or its call is not there.
pub(crate) async fn commission(q: &impl Query, id: AwardId, now: Moment) -> Result<Option<Commission>, Fail> {
    let Some(award) = calls::award(q, id).await? else {
        return Ok(None);
    };
    let Some(call) = calls::call(q, award.call).await? else {
        return Ok(None);
    };
    let partner = match call.relation {
        Some(relation) => relations::cards(q, &[relation])
            .await?
            .remove(&relation)
            .map(|r| r.partner.id),
        None => None,
    };
    let executing_members = match award.body {
        Some(body) => parties::members(q, body, now).await?,
        None => Vec::new(),
    };
    Ok(Some(Commission {
        award: id,
        call: call.id,
        plan_item: award.plan_item,
        relation: call.relation,
        partner,
        field: call.field,
        district: call.district,
        body: award.body,
        account: award.account,
        mode: award.mode,
        reason: Some(award.reason),
        guiding: call.guiding,
        title: call.title,
        currency: award.currency,
        amount: award.amount,
        ceiling: call.ceiling,
        starts: award.starts,
        ends: award.ends,
        illustrative: award.illustrative,
        executing_members,
        guiding_members: parties::members(q, call.guiding, now).await?,
    }))
}
