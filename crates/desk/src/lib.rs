//! The daily work: an officer's queue by deadline, an organisation's own page, letters to read before they go, jobs that
//! were given up, and what happened to anything, in plain words and with its proof.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod api;
mod diff;
mod digest;
mod history;
mod jobs;
mod journal;
mod letters;
mod pages;
mod proof;
mod queue;
mod rooms;
mod store;
mod subject;
mod zones;

#[cfg(test)]
mod tests;

use ::pages::App;

pub use self::pages::pages;
pub use digest::{Period, digest};
pub use history::{Said, Sight, Told, history};
pub use queue::Narrow;
pub use queue::{Left, Queue, Tally, Task};
pub use rooms::{duties, queue as queue_of};

::pages::texts!("desk");

/// Which digests were made; all else, earlier rooms and the floor know.
pub const MIGRATIONS: ::store::Migrations = ::store::migrations!("desk", "0001_desk");

pub const POLICIES: access::PolicyFile = access::PolicyFile {
    room: "desk",
    text: include_str!("../policies/desk.cedar"),
    actions: &[
        "duty.list",
        "letter.list",
        "letter.release",
        "job.list",
        "job.retry",
        "journal.list",
        "journal.read",
        "history.read",
        "history.detail.read",
    ],
};

pub fn api() -> utoipa_axum::router::OpenApiRouter<App> {
    api::api()
}
/// The desk listens to nobody: it asks.
pub fn handlers(_: &mut ::store::Handlers) {}
/// Nothing is kept here that could be wrong.
///
/// # Errors
/// None.
pub async fn verify(_: &::store::Db) -> Result<Vec<String>, ::store::StoreFault> {
    Ok(Vec::new())
}
