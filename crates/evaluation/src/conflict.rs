//! Who may not evaluate: whoever had a hand in what is judged, or belongs to a body that had (R18). Counted by person,
//! through every mandate in force.

use basis::{AccountId, BodyId, Refusal};
use undertakings::Hands;

/// How somebody is tied to what they should judge; the first that fits, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    Executed,
    Guided,
    SatOnPanel,
    Approved,
    Paid,
    /// Belongs to a body that did.
    BelongsToExecuting,
    BelongsToGuiding,
    BelongsToPanel,
    BelongsToApproving,
    BelongsToPaying,
}
impl Conflict {
    /// The rule, in the reader's words.
    pub fn refusal(self) -> Refusal {
        Refusal::at(
            "evaluators",
            match self {
                Conflict::Executed => "refusal-evaluator-executed",
                Conflict::Guided => "refusal-evaluator-guided",
                Conflict::SatOnPanel => "refusal-evaluator-panel",
                Conflict::Approved => "refusal-evaluator-approved",
                Conflict::Paid => "refusal-evaluator-paid",
                Conflict::BelongsToExecuting => "refusal-evaluator-of-executing",
                Conflict::BelongsToGuiding => "refusal-evaluator-of-guiding",
                Conflict::BelongsToPanel => "refusal-evaluator-of-panel",
                Conflict::BelongsToApproving => "refusal-evaluator-of-approving",
                Conflict::BelongsToPaying => "refusal-evaluator-of-paying",
            },
        )
    }
}

/// Everybody and every body with a hand in an undertaking, its panel among them.
#[derive(Clone, Debug, Default)]
pub struct Tied {
    pub hands: Hands,
    pub panel_people: Vec<AccountId>,
    pub panel_bodies: Vec<BodyId>,
}

/// What stands against this person, whose mandates are for these bodies.
pub fn conflicts(tied: &Tied, person: AccountId, bodies: &[BodyId]) -> Option<Conflict> {
    let h = &tied.hands;
    let did = |people: &[AccountId]| people.contains(&person);
    let belongs = |to: &[BodyId]| bodies.iter().any(|b| to.contains(b));
    let rules = [
        (did(&h.executing_people), Conflict::Executed),
        (did(&h.guiding_people), Conflict::Guided),
        (did(&tied.panel_people), Conflict::SatOnPanel),
        (did(&h.approving_people), Conflict::Approved),
        (did(&h.paying_people), Conflict::Paid),
        (belongs(&h.executing_bodies), Conflict::BelongsToExecuting),
        (belongs(&h.guiding_bodies), Conflict::BelongsToGuiding),
        (belongs(&tied.panel_bodies), Conflict::BelongsToPanel),
        (belongs(&h.approving_bodies), Conflict::BelongsToApproving),
        (belongs(&h.paying_bodies), Conflict::BelongsToPaying),
    ];
    rules.into_iter().find(|(holds, _)| *holds).map(|(_, c)| c)
}
