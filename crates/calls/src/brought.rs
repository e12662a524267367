//! What a call's offers bring to the table: who offers, with what record, and how much.

use basis::{AccountId, BodyId, Day, Fail, OfferId};
use std::collections::HashMap;
use store::Query;

use crate::allocate::Candidate;
use crate::call::{Call, Mode};
use crate::offer::{Offer, OfferStatus};
use crate::panel::verdicts;
use crate::{limits, neighbours, store as sql};

/// Offers that were handed in, on the short list if there is one, with what is known of their makers.
struct Brought {
    offers: Vec<Offer>,
    /// Kept, late and broken promises by maker.
    promises: HashMap<String, (i64, i64, i64)>,
    known: HashMap<BodyId, parties::Organisation>,
}
impl Brought {
    async fn of(q: &impl Query, call: &Call) -> Result<Brought, Fail> {
        let offers: Vec<Offer> = sql::opened_offers(q, call.id).await?;
        let listed = offers.iter().any(|o| o.shortlisted);
        let counts = |o: &Offer| {
            o.status != OfferStatus::Declined && (!listed || o.shortlisted || o.status == OfferStatus::Awarded)
        };
        let offers: Vec<Offer> = offers.into_iter().filter(counts).collect();
        let bodies: Vec<BodyId> = offers.iter().filter_map(|o| o.body).collect();
        let alone = |o: &Offer| if o.body.is_none() { o.account } else { None };
        let people: Vec<AccountId> = offers.iter().filter_map(alone).collect();
        Ok(Brought {
            promises: neighbours::promises(q, &bodies, &people).await?,
            known: neighbours::organisations(q, &bodies).await?,
            offers,
        })
    }
    /// Without what it offers, and what the panel says of it.
    fn maker(&self, call: &Call, o: &Offer) -> Option<Candidate> {
        let organisation = o.body.and_then(|b| self.known.get(&b));
        let maker = Offer::maker(o.body, o.account);
        let (kept, late, broken) = self.promises.get(&maker).copied().unwrap_or_default();
        let c = o.content.as_ref()?;
        let district = organisation.and_then(|o| o.district);
        // A person in their own name is registered nowhere: what they say of themselves counts.
        let (fields, near) = match o.body {
            Some(_) => (
                organisation.map(|o| o.fields.clone()).unwrap_or_default(),
                district.zip(call.district).map(|(a, b)| a == b),
            ),
            None => (c.fields.clone(), c.near),
        };
        Some(Candidate {
            offer: o.id,
            mean: None,
            starts: c.starts,
            ends: c.ends,
            languages: c.languages.iter().map(ToString::to_string).collect(),
            kept,
            late,
            broken,
            fields,
            home: match o.body {
                Some(_) => organisation.map(|o| o.home),
                None => near.filter(|near| *near),
            },
            district: match o.body {
                Some(_) => district,
                None => call.district.filter(|_| near == Some(true)),
            },
            near,
            asked: c.asked.filter(|m| m.currency == call.currency).map(|m| m.minor),
            lines: Vec::new(),
            most: None,
        })
    }
}
/// The makers, without what they offer: for who is asked about groups of them.
pub(crate) async fn makers(q: &impl Query, call: &Call) -> Result<Vec<Candidate>, Fail> {
    let brought = Brought::of(q, call).await?;
    Ok(brought.offers.iter().filter_map(|o| brought.maker(call, o)).collect())
}
/// All that the solver is given.
pub(crate) async fn candidates(q: &impl Query, call: &Call, today: Day) -> Result<Vec<Candidate>, Fail> {
    let brought = Brought::of(q, call).await?;
    let offers = &brought.offers;
    let ids: Vec<OfferId> = offers.iter().map(|o| o.id).collect();
    let means: HashMap<OfferId, Option<i64>> = if call.mode == Mode::Outsourcing {
        let (seats, marks) = (sql::seats(q, call.id).await?, sql::marks_in(q, call.id).await?);
        verdicts(&ids, &seats, &marks, &call.criteria)
            .into_iter()
            .map(|v| (v.offer, v.mean))
            .collect()
    } else {
        HashMap::new()
    };
    let needs = sql::needs(q, call.id).await?;
    let books = limits::books(q, call.id, &needs, offers, today).await?;
    let candidate = |o: &Offer| {
        let whole = Candidate {
            mean: means.get(&o.id).copied().flatten(),
            ..brought.maker(call, o)?
        };
        let part = move |(lines, most)| Candidate {
            lines,
            most,
            ..whole.clone()
        };
        let lines = &o.content.as_ref()?.lines;
        let parts = books.parts(&Offer::maker(o.body, o.account), lines);
        Some(parts.into_iter().map(part))
    };
    Ok(offers.iter().filter_map(candidate).flatten().collect())
}
