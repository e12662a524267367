//! Pages and API of one's own account: signing up, in and out, recovery, sessions, keys, mandates, acting-as, my data;
//! and the page that says who may do what, by which rule. The rules themselves are the floor's (`access`).
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod account;
mod acting;
mod api;
mod data;
mod provider;
mod recover;
mod request;
mod rules;
mod sign_in;
mod sign_up;
mod tokens;

use axum::{
    Extension, Router,
    routing::{get, post},
};
use pages::App;

pub use api::api;
pub use request::ClientAddress;

pages::texts!("accounts");

/// This room keeps nothing of its own: accounts are the floor's.
pub const MIGRATIONS: store::Migrations = store::Migrations {
    room: "accounts",
    steps: &[],
};
pub const POLICIES: access::PolicyFile = access::PolicyFile {
    room: "accounts",
    text: include_str!("../policies/accounts.cedar"),
    actions: &["rule.list"],
};

pub fn pages() -> Router<App> {
    Router::new()
        .route("/sign-in", get(sign_in::form).post(sign_in::sign_in))
        .route("/sign-in/openid", get(provider::start))
        .route("/sign-in/openid/return", get(provider::finish))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/demo/{key}", get(sign_in::demo))
        .route("/sign-up", get(sign_up::form).post(sign_up::sign_up))
        .route("/sign-up/sent", get(sign_up::sent))
        .route("/confirm", get(sign_up::confirm_form).post(sign_up::confirm))
        .route("/recover", get(recover::form).post(recover::recover))
        .route("/recover/sent", get(recover::sent))
        .route("/recover/choose", get(recover::choose_form).post(recover::choose))
        .route("/account", get(account::account))
        .route("/account/profile", post(account::change_profile))
        .route("/account/password", post(account::change_password))
        .route("/account/sessions/{id}/end", post(account::end_session))
        .route("/account/sessions/others/end", post(account::end_other_sessions))
        .route("/account/mandates/{id}/end", post(account::end_mandate))
        .route("/account/tokens", post(tokens::make))
        .route("/account/tokens/{id}/end", post(tokens::end))
        .route("/account/data.json", get(data::export))
        .route("/account/erasure", get(data::erase_form).post(data::erase))
        .route("/acting", post(acting::switch))
        .route("/rules", get(rules::rules))
        .layer(Extension(provider::Provider::default()))
}

/// What is over is taken away every night: the binary emits `night` once a day.
pub fn handlers(handlers: &mut store::Handlers) {
    handlers.on("night", "accounts.sweep", |db, _| async move {
        access::sweep(&db).await.map(drop)
    });
}

/// What must always hold in the tables of accounts; empty when it does.
///
/// # Errors
/// Faults of the store only.
pub async fn verify(db: &store::Db) -> Result<Vec<String>, store::StoreFault> {
    access::verify(db).await
}

/// Refusals of the floor, whose words are in this room's files.
pub const REFUSALS: &[&str] = &[
    "refusal-sign-in",
    "refusal-password-short",
    "refusal-password-common",
    "refusal-password-wrong",
    "refusal-link-spent",
    "refusal-email-taken",
    "refusal-nobody-there",
    "refusal-holds-already",
    "refusal-until-own",
    "refusal-role-not-of-body",
    "refusal-day-past",
    "refusal-tokens-many",
    "refusal-provider-silent",
    "refusal-provider-denied",
    "refusal-provider-unverified",
    "refusal-provider-other",
];

/// Words that a page leaves for the next one (`Ctx::go`), by their keys.
pub const DONE: &[&str] = &[
    "done-signed-out",
    "done-confirmed",
    "done-saved",
    "done-password-changed",
    "done-session-ended",
    "done-mandate-ended",
    "done-token-ended",
    "done-erased",
];

#[cfg(test)]
mod tests {
    use basis::{Locale, Refusal};

    #[test]
    fn refusals_of_the_floor_and_words_between_pages_are_there() {
        for code in super::REFUSALS.iter().chain(super::DONE) {
            for l in Locale::ALL {
                assert!(
                    super::TEXTS
                        .refusal(l, &jiff::tz::TimeZone::UTC, &Refusal::page(code))
                        .is_some(),
                    "{code} in {l}"
                );
            }
        }
    }
}
