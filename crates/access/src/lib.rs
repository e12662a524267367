//! Who asks, and who may do what: accounts, sessions, mandates, policies.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod house;
mod policy;
mod viewer;

pub use house::{Asking, House};
pub use policy::{Gate, PolicyFile, Thing};
pub use viewer::{BodyKind, Mandated, Person, Role, Viewer};

pub const MIGRATIONS: store::Migrations = store::migrations!("access", "0001_access");
