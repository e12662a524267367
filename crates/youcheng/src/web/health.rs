//! Whether the process lives, and whether it can do its work.

use axum::{Json, Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};
use pages::App;
use serde_json::json;

use crate::node::Parts;

pub(super) fn router(parts: &Parts) -> Router<App> {
    let parts = parts.clone();
    Router::new()
        .route("/health/live", get(|| async { Json(json!({"live": true})) }))
        .route("/health/ready", get(move || ready(State(parts))))
}
/// The store answers and has every table step, and the attachments can be reached. Why not stands in the log, not here.
async fn ready(State(parts): State<Parts>) -> impl IntoResponse {
    let said = |what: &str, outcome: Result<bool, String>| match outcome {
        Ok(true) => true,
        Ok(false) => {
            tracing::warn!(what, "not ready: {what}");
            false
        }
        Err(error) => {
            tracing::warn!(what, error, "not ready: {what}");
            false
        }
    };
    let store = said(
        "store",
        store::journal::size(parts.db())
            .await
            .map(|_| true)
            .map_err(|e| e.to_string()),
    );
    let tables = said(
        "tables",
        store::migrated(parts.db(), &crate::rooms::migrations())
            .await
            .map_err(|e| e.to_string()),
    );
    let attachments = said(
        "attachments",
        parts
            .blobs()
            .reachable()
            .await
            .map(|()| true)
            .map_err(|e| e.to_string()),
    );
    let ready = store && tables && attachments;
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (
        status,
        Json(json!({"ready": ready, "store": store, "tables": tables, "attachments": attachments})),
    )
}
