//! What the public face tells of calls, beside the cards.

use std::collections::HashMap;

use ::store::{Query, StoreFault};
use basis::{CallId, Fail, Text};
use parties::LegalForm;

use crate::{Criterion, store};

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
    for (body, n) in awarded {
        tally.awards += n;
        let social = match body {
            Some(b) => parties::organisation(q, b).await?.is_some_and(|o| {
                !matches!(
                    o.legal_form,
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
