//! What the public face tells of calls, beside the cards.

use std::collections::HashMap;

use ::store::{Query, StoreFault};
use basis::{BodyId, CallId, Fail, Text};
use parties::LegalForm;

use crate::{CallStatus, Criterion, Mark, OfferCard, Seat, panel::verdicts, store};

/// What a call's page says beside its card.
#[derive(Clone, Debug)]
pub struct Detail {
    pub brief: Text,
    pub criteria: Vec<Criterion>,
}
/// Of published calls; drafts are not in the answer.
pub async fn details(q: &impl Query, ids: &[CallId]) -> Result<HashMap<CallId, Detail>, StoreFault> {
    let found = store::briefs(q, ids).await?;
    Ok(found
        .into_iter()
        .map(|(id, brief, criteria)| (id, Detail { brief, criteria }))
        .collect())
}

/// Who offered what on several published calls, after their opening; with the panel's means where a call is decided.
pub(crate) async fn offers_of(q: &impl Query, calls: &[CallId]) -> Result<Vec<OfferCard>, StoreFault> {
    let mut cards = store::public_offers(q, calls).await?;
    let called = store::cards(q, calls).await?;
    let decided: Vec<CallId> = called
        .iter()
        .filter(|c| c.status == CallStatus::Decided)
        .map(|c| c.id)
        .collect();
    let criteria: HashMap<CallId, Vec<Criterion>> = store::briefs(q, &decided)
        .await?
        .into_iter()
        .map(|(id, _, criteria)| (id, criteria))
        .collect();
    let seats = store::seats_on(q, &decided).await?;
    let marks = store::marks_on(q, &decided).await?;
    for card in &mut cards {
        let Some(criteria) = criteria.get(&card.call) else {
            card.shortlisted = false;
            continue;
        };
        let seats: Vec<Seat> = seats.iter().filter(|s| s.call == card.call).cloned().collect();
        let marks: Vec<Mark> = marks.iter().filter(|m| m.offer == card.id).cloned().collect();
        card.mean = verdicts(&[card.id], &seats, &marks, criteria)
            .into_iter()
            .next()
            .and_then(|v| v.mean);
    }
    Ok(cards)
}

/// How much came in and who got it (R48, R87).
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Submitted and not withdrawn, in calls that were opened.
    pub offers: i64,
    pub awards: i64,
    /// To organisations that are no public bodies, and to persons.
    pub social_awards: i64,
}
pub async fn tally(q: &impl Query) -> Result<Tally, Fail> {
    let (offers, awarded) = store::counted(q).await?;
    let mut tally = Tally {
        offers,
        ..Tally::default()
    };
    let bodies: Vec<BodyId> = awarded.iter().filter_map(|(body, _)| *body).collect();
    let forms = parties::legal_forms(q, &bodies).await?;
    for (body, n) in awarded {
        tally.awards += n;
        let social = match body {
            Some(b) => forms.get(&b).is_some_and(|form| {
                !matches!(
                    form,
                    LegalForm::PublicInstitution | LegalForm::PeoplesOrganisation | LegalForm::University
                )
            }),
            None => true,
        };
        if social {
            tally.social_awards += n;
        }
    }
    Ok(tally)
}
