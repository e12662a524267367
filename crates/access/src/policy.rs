//! What rooms bring to the gate: policy files, and the things they let act upon.

use basis::{AccountId, BodyId, Field, GovernmentId, RelationId};

/// One room's policies and the actions they are about.
///
/// Every policy carries four annotations: `@id("call.publish.department")`, unique in the house; `@zh("…")` and
/// `@en("…")`, the rule in plain words; `@source("R64, …")`, where it comes from.
///
/// Names of actions are "thing.verb". Two endings and one beginning mean something:
/// * `.read` and `.list` look and change nothing: auditors may, and an API token needs only the scope "read";
/// * `own.` is about one's own account, and never a matter of a role.
#[derive(Clone, Copy, Debug)]
pub struct PolicyFile {
    pub room: &'static str,
    pub text: &'static str,
    /// "call.publish", …
    pub actions: &'static [&'static str],
}

/// What is acted upon, as far as rules ask.
#[derive(Clone, Debug, Default)]
pub struct Thing {
    pub kind: &'static str,
    pub id: String,
    pub field: Option<Field>,
    pub district: Option<GovernmentId>,
    pub relation: Option<RelationId>,
    /// The partner's local government under the relation.
    pub partner: Option<GovernmentId>,
    /// The unit that guides and controls (R64: never executes).
    pub guiding: Option<BodyId>,
    /// The body or person it belongs to: an offer's maker, an organisation itself.
    pub owner_body: Option<BodyId>,
    pub owner: Option<AccountId>,
    /// Bodies and people who execute it.
    pub executing_bodies: Vec<BodyId>,
    pub executing_people: Vec<AccountId>,
    /// People who sit on its panel or evaluate it.
    pub panel: Vec<AccountId>,
    /// People who already did an earlier step: requested, approved (request, approve, pay, reconcile are four people).
    pub earlier_people: Vec<AccountId>,
    pub status: Option<&'static str>,
}
impl Thing {
    pub fn new(kind: &'static str, id: impl ToString) -> Self {
        Thing {
            kind,
            id: id.to_string(),
            ..Default::default()
        }
    }
}

/// A rule as people read it.
#[derive(Clone, Debug)]
pub struct RuleText {
    pub id: String,
    pub room: &'static str,
    pub permits: bool,
    pub zh: String,
    pub en: String,
    pub source: String,
    /// The declared actions it is about; a rule about every action has all of them.
    pub actions: Vec<String>,
    /// The rule itself, as Cedar reads it.
    pub cedar: String,
}
impl RuleText {
    /// The rule in plain words of a language.
    pub fn words(&self, locale: basis::Locale) -> &str {
        match locale {
            basis::Locale::Zh => &self.zh,
            basis::Locale::En => &self.en,
        }
    }
}

/// Why a viewer may or may not do something.
#[derive(Clone, Debug)]
pub struct Explanation {
    pub allowed: bool,
    /// Rules that allow it to this viewer, on this thing.
    pub permits: Vec<RuleText>,
    /// Rules that forbid it; any one of them outweighs every permit.
    pub forbids: Vec<RuleText>,
    /// Roles that could do it, on a thing of their own concern.
    pub who_could: Vec<crate::Role>,
}
