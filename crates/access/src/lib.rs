//! Who asks, and who may do what: accounts, sessions, mandates, policies.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod config;
mod confirm;
mod demo;
mod erase;
mod export;
mod find;
mod gate;
mod house;
mod letters;
mod mandates;
mod oidc;
mod password;
mod policy;
mod profile;
mod prototype;
mod reading;
mod recover;
mod schema;
mod secret;
mod session;
mod sign_in;
mod sign_out;
mod sign_up;
mod store;
mod sweep;
mod switch_acting;
mod throttle;
mod tokens;
mod viewer;

pub use self::store::{Addressee, BodyCard};
pub use config::{AccessConfig, OidcConfig, Origin};
pub use confirm::{Confirm, Waiting, confirm, waiting};
pub use demo::{demo_link, demo_sign_in};
pub use erase::erase;
pub use export::{TOLD_IN_WORDS, export_own};
pub use find::{account_of_mailbox, confirmed_account_of_mailbox};
pub use gate::Gate;
pub use house::{Asking, House};
pub use mandates::{
    Grant, HouseGrant, MandateCard, addressees, addressees_of_body, bodies, bodies_of_kind, end_body, end_mandate,
    end_mandates_of_body, found_body, grant_by_house, grant_mandate, hold_mandates_until, mandates_of_body,
    my_mandates, names_of, rename_body, roles_of,
};
pub use oidc::{Oidc, OidcReturn, OidcSignedIn, OidcStart};
pub use policy::{Explanation, PolicyFile, RuleText, Thing};
pub use profile::{LETTER_KINDS, PasswordInput, Profile, ProfileInput, change_password, change_profile, my_profile};
pub use recover::{NewPassword, choose_password, recover, recovering};
pub use session::{
    MySession, SignedIn, end_other_sessions, end_session, load_token_viewer, load_viewer, my_sessions, own_account,
    viewer_of,
};
pub use sign_in::{SignIn, sign_in};
pub use sign_out::sign_out;
pub use sign_up::{MadeAccount, SignUp, make_account, sign_up};
pub use sweep::{sweep, verify};
pub use switch_acting::switch_acting;
pub use tokens::{MyToken, NewToken, end_token, make_token, my_tokens, scopes};
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
        "own.data.read",
        "own.erase",
        "mandate.grant",
        "mandate.end",
        "mandate.list",
    ],
};

#[cfg(test)]
mod tests;
