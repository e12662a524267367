//! Who asks, and who may do what: accounts, sessions, mandates, policies.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod gate;
mod house;
mod policy;
mod prototype;
mod reading;
mod schema;
mod viewer;

pub use gate::Gate;
pub use house::{Asking, House};
pub use policy::{Explanation, PolicyFile, RuleText, Thing};
pub use viewer::{BodyKind, Mandated, Person, Role, Viewer};

pub const MIGRATIONS: store::Migrations = store::migrations!("access", "0001_access");

/// The rules of the whole house and of accounts. [`Gate::new`] always has them.
pub const POLICIES: PolicyFile = PolicyFile {
    room: "access",
    text: include_str!("../policies/access.cedar"),
    actions: &[
        "own.read",
        "own.change",
        "own.session",
        "own.act",
        "own.token",
        "own.export",
        "own.erase",
        "mandate.grant",
        "mandate.end",
        "mandate.list",
        "rule.list",
    ],
};
