//! What the public face tells of calls, beside the cards.

use std::collections::HashMap;

use ::store::{Query, StoreFault, row, vals};
use basis::{BodyId, CallId, Fail, Text};

use parties::LegalForm;

use crate::{Criterion, store};

/// What a call's page says beside its card.
#[derive(Clone, Debug)]
pub struct Detail {
    pub brief: Text,
    pub criteria: Vec<Criterion>,
}
pub async fn details(q: &impl Query, ids: &[CallId]) -> Result<HashMap<CallId, Detail>, StoreFault> {
    let mut out = HashMap::new();
    for id in ids {
        if let Some(c) = store::load(q, *id).await? {
            out.insert(*id, Detail { brief: c.brief, criteria: c.criteria });
        }
    }
    Ok(out)
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
    row! { struct To { body: Option<BodyId>, n: i64 } }
    let offers = q
        .number(
            "SELECT COUNT(*) AS n FROM offer o JOIN call c ON c.id = o.call WHERE c.opened_at IS NOT NULL AND o.status NOT IN ($1, $2)",
            vals!["draft", "withdrawn"],
        )
        .await?;
    let to: Vec<To> = q.all("SELECT o.body AS body, COUNT(*) AS n FROM award a JOIN offer o ON o.id = a.offer GROUP BY o.body", vec![]).await?;
    let mut tally = Tally { offers, ..Tally::default() };
    for t in to {
        tally.awards += t.n;
        let social = match t.body {
            Some(b) => parties::organisation(q, b).await?.is_some_and(|o| !matches!(o.legal_form, LegalForm::PublicInstitution | LegalForm::University)),
            None => true,
        };
        if social {
            tally.social_awards += t.n;
        }
    }
    Ok(tally)
}
