//! Organisations and persons: who they are, who may act for them, who checked it, and what they promised and kept.
//!
//! The floor `access` keeps accounts, bodies and mandates; this room knows what an organisation is beside that, which
//! department guides which field (R62), and the record of kept promises (R46, decision 9.9).
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod api;
mod duties;
mod organisation;
mod pages;
mod people;
mod places;
mod promise;
mod standing;
mod store;

// Use cases, each named by what a person does.
pub mod decide;
pub mod edit;
pub mod found;
pub mod register;
pub mod set_department;

mod heard;

pub mod export;
pub mod files;
pub mod import;
mod verify;

/// What people do here, each use case beside its input: `doing::register(…)` takes a `doing::register::Input`.
pub mod doing {
    pub use crate::decide::{self, decide};
    pub use crate::edit::{self, edit};
    pub use crate::register::{self, register};
    pub use crate::set_department::{self, set_department};
}

pub use crate::pages::pages;
pub use crate::store::{
    Filter, Promise, department_of, departments, organisation, organisations, organisations_by_id, organisations_of,
    promises, promises_of, promises_of_people, waiting,
};
pub use access::{BodyCard, Grant, end_mandate, grant_mandate, mandates_of_body};
pub use api::api;
pub use duties::duties;
pub use heard::handlers;
pub use organisation::{Decision, LegalForm, Organisation, Standing};
pub use people::{PersonCard, bodies, bodies_of, legal_forms, members, people};
pub use places::{Places, Wanted};
pub use promise::{Outcome, PromiseRecord, Said, outcome};
pub use standing::may_take_on;
pub use verify::verify;

pub const MIGRATIONS: ::store::Migrations = ::store::migrations!("parties", "0001_parties", "0002_wanted_name");

pub const POLICIES: access::PolicyFile = access::PolicyFile {
    room: "parties",
    text: include_str!("../policies/parties.cedar"),
    actions: &[
        "organisation.register",
        "organisation.edit",
        "organisation.decide",
        "organisation.inside.read",
        "organisation.import",
        "department.set",
        "office.found",
        "office.list",
    ],
};

::pages::texts!("parties");
