//! The port to "who may do what". Rooms bring their policies as Cedar files; the rest of the house sees [`Gate`].

use std::{collections::BTreeMap, sync::Arc};

use basis::{AccountId, BodyId, Denial, Fail, Field, GovernmentId, RelationId};

use crate::Viewer;

/// One room's policies and the actions they are about.
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
    pub actions: Vec<String>,
}

/// All policies, validated. Cheap to clone.
#[derive(Clone)]
pub struct Gate(Arc<BTreeMap<String, RuleText>>);
impl Gate {
    pub fn new(_files: &[PolicyFile]) -> Result<Gate, String> {
        Ok(Gate(Arc::default()))
    }
    /// `Ok` or a [`Denial`] that names the rules.
    pub fn check(&self, viewer: &Viewer, action: &'static str, _thing: &Thing) -> Result<(), Fail> {
        let _ = viewer;
        Err(Fail::Denied(Denial {
            action: action.into(),
            rules: Vec::new(),
            anonymous: !viewer.is_signed_in(),
        }))
    }
    pub fn may(&self, viewer: &Viewer, action: &'static str, thing: &Thing) -> bool {
        self.check(viewer, action, thing).is_ok()
    }
}
