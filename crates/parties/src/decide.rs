//! The office verifies an organisation, with an end, or refuses it, with a reason.

use access::{Asking, House, HouseGrant, Role};
use basis::{BodyId, Check, Day, Fail, Refusal};
use serde::{Deserialize, Serialize};
use store::Entry;

use crate::{Decision, Standing, people, store as sql};

/// As handed in.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = OrganisationDecision)]
pub struct Input {
    /// "verify" or "refuse".
    pub decision: String,
    /// The last day the verification holds.
    pub until: String,
    /// Needed to refuse; the applicant reads it.
    pub reason: String,
    /// The version that was read.
    pub version: String,
}
impl Input {
    fn check(&self) -> Result<(Decision, Option<i64>), Vec<Refusal>> {
        let mut c = Check::new();
        let version = crate::edit::version_of(&mut c, &self.version);
        let decision = match self.decision.trim() {
            "verify" => {
                let until = c.day("until", &self.until);
                until.map(|until| Decision::Verify { until })
            }
            "refuse" => Some(Decision::Refuse {
                reason: c.prose("reason", &self.reason, 1000),
            }),
            "" => {
                c.refuse(Refusal::at("decision", "refusal-required"));
                None
            }
            _ => {
                c.refuse(Refusal::at("decision", "refusal-not-in-list"));
                None
            }
        };
        let decision = decision.unwrap_or(Decision::Refuse { reason: String::new() });
        c.done((decision, version))
    }
}

/// Decides. With the first verification the applicant gets the mandate they asked for, for as long as it holds; a new name
/// that waited is everybody's from then on. Nobody acts for an organisation for longer than it stands checked, and for a
/// refused one nobody acts at all.
pub async fn decide(house: &House, asking: &Asking, id: BodyId, input: &Input) -> Result<BodyId, Fail> {
    let (decision, version) = input.check()?;
    let tx = asking.begin(house).await?;
    let before = sql::organisation(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "organisation.decide", &before.thing())?;
    if version.is_some_and(|v| v != before.version) {
        return Err(Fail::Changed);
    }
    let by = asking.viewer.account().ok_or(Fail::NotFound)?;
    let reason = match &decision {
        Decision::Refuse { reason } => Some(reason.clone()),
        Decision::Verify { .. } => None,
    };
    let next = before.decide(decision, by, house.today())?;
    sql::save_organisation(&tx, &next, None).await?;
    if next.name != before.name {
        access::rename_body(&tx, id, &next.name).await?;
    }
    let over = |day: Option<Day>| {
        let next_day = day.and_then(|d| d.tomorrow().ok())?;
        Some(next_day.to_zoned(house.zone.clone()).ok()?.timestamp())
    };
    if next.standing != Standing::Verified {
        access::end_mandates_of_body(&tx, id).await?;
    } else if let Some(until) = over(next.verified_until) {
        access::hold_mandates_until(&tx, id, until, over(before.verified_until), next.applicant).await?;
    }
    if let (Standing::Verified, Some(applicant)) = (next.standing, next.applicant) {
        let held = people::members(&tx, id, tx.now()).await?;
        if !held.contains(&applicant) {
            let until = over(next.verified_until);
            let grant = HouseGrant {
                account: applicant,
                body: id,
                role: Role::Delegate,
                purpose: next.purpose.clone(),
                letter: next.letter.clone(),
                until,
            };
            access::grant_by_house(&tx, &grant).await?;
        }
    }
    let action = if next.standing == Standing::Verified {
        "organisation.verified"
    } else {
        "organisation.refused"
    };
    let mut entry = Entry::of(action, id).before(&before).after(&next);
    entry.reason = reason;
    tx.journal(entry);
    tx.emit(action, serde_json::json!({ "body": id, "account": next.applicant }))
        .await?;
    tx.done(id).await
}
