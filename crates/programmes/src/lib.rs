//! The public face: the home page with its map, the programme page that tells a whole story, relation pages, numbers,
//! feeds, the API's programmes. Of its own it keeps only sourced statements; what it shows, earlier rooms know.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod api;
pub mod fact;
mod feeds;
mod gather;
mod home;
mod list;
mod numbers;
mod picture;
mod programme;
mod relation;
mod rows;
pub mod story;

#[cfg(test)]
mod tests;

use axum::{
    Router,
    routing::{get, post},
};
use pages::App;

pages::texts!("programmes");

pub const MIGRATIONS: store::Migrations = store::migrations!("programmes", "0001_programmes", "0002_parts");

pub const POLICIES: access::PolicyFile = access::PolicyFile {
    room: "programmes",
    text: include_str!("../policies/programmes.cedar"),
    actions: &["programme.record-fact", "programme.withdraw-fact"],
};

pub use gather::{Gathered, gather, keep_up, story};
pub use story::Story;

pub fn pages() -> Router<App> {
    Router::new()
        .route("/", get(home::home))
        .route("/programmes", get(list::list))
        .route("/programmes/{id}", get(programme::programme))
        .route("/programmes/{id}/facts", get(programme::facts).post(programme::record))
        .route("/programme-facts/{id}/withdrawal", post(programme::withdraw))
        .route("/relations/{id}", get(relation::relation))
        .route("/numbers", get(numbers::numbers))
        .route("/data", get(numbers::data))
        .merge(feeds::pages())
        .merge(feeds::machine_pages())
}
pub fn api() -> utoipa_axum::router::OpenApiRouter<App> {
    api::api()
}
/// Who was erased is not named by a kept story either.
pub fn handlers(h: &mut store::Handlers) {
    h.on(store::journal::ERASED, "programmes.forget-person", |db, p| async move {
        gather::forget(&db, serde_json::from_value(p).map_err(basis::Fail::fault)?).await
    });
}
/// Nothing is kept here that could be wrong.
pub async fn verify(_: &store::Db) -> Result<Vec<String>, store::StoreFault> {
    Ok(Vec::new())
}
