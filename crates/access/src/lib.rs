//! Who asks, and who may do what: accounts, sessions, mandates, policies.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod config;
mod gate;
mod house;
mod password;
mod policy;
mod prototype;
mod reading;
mod schema;
mod secret;
mod session;
mod store;
mod throttle;
mod viewer;

pub use self::store::{Addressee, BodyCard};
pub use config::{AccessConfig, OidcConfig, Origin};
pub use gate::Gate;
pub use house::{Asking, House};
pub use policy::{Explanation, PolicyFile, RuleText, Thing};
pub use session::{
    MySession, SignedIn, end_other_sessions, end_session, load_token_viewer, load_viewer, my_sessions, own_account,
    viewer_of,
};
pub use viewer::{BodyKind, Mandated, Person, Role, Viewer};

pub const MIGRATIONS: ::store::Migrations = ::store::migrations!("access", "0001_access");

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
