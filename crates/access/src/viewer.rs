use std::borrow::Cow;

use basis::{AccountId, BodyId, Field, GovernmentId, Lang, MandateId, Moment, Text, TokenId, code};
use store::{Act, Actor, Via};

code! {
    /// What a mandate lets one be.
    pub enum Role {
        OfficeLead => "office-lead",
        DepartmentOfficer => "department-officer",
        DistrictOfficer => "district-officer",
        PanelLead => "panel-lead",
        PanelMember => "panel-member",
        Finance => "finance",
        Auditor => "auditor",
        Delegate => "delegate",
        PartnerOfficer => "partner-officer",
        /// Signed in, acting for nobody but oneself.
        Individual => "individual",
        /// Not signed in.
        Public => "public",
    }
}
code! {
    pub enum BodyKind {
        Office => "office",
        Department => "department",
        DistrictUnit => "district-unit",
        Panel => "panel",
        FinanceUnit => "finance-unit",
        AuditUnit => "audit-unit",
        Organisation => "organisation",
        PartnerOffice => "partner-office",
    }
}
store::coded!(Role, BodyKind);

/// The person behind a request.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: AccountId,
    pub name: String,
    pub lang: Lang,
    /// IANA zone, "Asia/Shanghai"; empty for the house's.
    pub zone: String,
}

/// One mandate of a person: for whom, as what, until when, by which letter.
#[derive(Clone, Debug)]
pub struct Mandated {
    pub id: MandateId,
    pub body: BodyId,
    pub body_name: Text,
    pub body_kind: BodyKind,
    pub role: Role,
    /// A department's field.
    pub field: Option<Field>,
    /// A district unit's district.
    pub district: Option<GovernmentId>,
    /// The local government a partner's office or a body abroad belongs to.
    pub government: Option<GovernmentId>,
    /// On our side of the relations, or on a partner's.
    pub home: bool,
    pub purpose: String,
    pub letter: String,
    pub until: Option<Moment>,
    pub illustrative: bool,
}

/// Who asks, acting as whom. Every query that shows data takes it, so that page, API, export, feed and mail cannot
/// differ in what they reveal.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub person: Option<Person>,
    /// The mandate acted under now; none is "myself".
    pub acting: Option<Mandated>,
    /// All mandates in force, for the acting-as switch.
    pub mandates: Vec<Mandated>,
    pub via: Via,
    /// Set for API calls: the token and what it may be used for.
    pub token: Option<(TokenId, Vec<String>)>,
}
impl Viewer {
    pub fn public(via: Via) -> Self {
        Viewer {
            person: None,
            acting: None,
            mandates: Vec::new(),
            via,
            token: None,
        }
    }
    pub fn is_signed_in(&self) -> bool {
        self.person.is_some()
    }
    pub fn account(&self) -> Option<AccountId> {
        self.person.as_ref().map(|p| p.id)
    }
    pub fn body(&self) -> Option<BodyId> {
        self.acting.as_ref().map(|m| m.body)
    }
    pub fn role(&self) -> Role {
        match (&self.acting, &self.person) {
            (Some(m), _) => m.role,
            (None, Some(_)) => Role::Individual,
            (None, None) => Role::Public,
        }
    }
    /// Officers of our own side's offices and departments, finance and audit: who sees the inside of the work.
    pub fn is_officer(&self) -> bool {
        matches!(
            self.role(),
            Role::OfficeLead | Role::DepartmentOfficer | Role::DistrictOfficer | Role::Finance | Role::Auditor
        )
    }
    /// Whether the key they ask by, if any, is for looking into this room; a person at a page looks everywhere. The rule
    /// `house.token-scope.read` says the same where a rule is asked; a test holds the two together.
    pub fn reads(&self, room: &str) -> bool {
        let fits = |s: &String| ["read", "write", room].contains(&s.as_str());
        self.token.as_ref().is_none_or(|(_, scopes)| scopes.iter().any(fits))
    }
    /// Who they are to a room that decides by role and standing, without asking a rule: the public, where their key is
    /// not for that room.
    pub fn within(&self, room: &str) -> Cow<'_, Viewer> {
        if self.reads(room) {
            Cow::Borrowed(self)
        } else {
            Cow::Owned(Viewer::public(self.via))
        }
    }
    pub fn actor(&self) -> Actor {
        Actor {
            account: self.account(),
            body: self.body(),
            mandate: self.acting.as_ref().map(|m| m.id),
            role: self.role().to_string(),
            via: self.via,
        }
    }
    /// The act of a request by this viewer.
    pub fn act(&self, once: Option<String>) -> Act {
        Act {
            actor: self.actor(),
            once,
            asked: None,
            reason: None,
        }
    }
}
