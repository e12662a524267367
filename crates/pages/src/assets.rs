//! Style, fonts and scripts, embedded in the binary and served under an address that names their content.

use std::sync::LazyLock;

use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use sha2::{Digest, Sha256};

#[derive(rust_embed::RustEmbed)]
#[folder = "assets/"]
struct Files;

/// Changes when any asset changes, so that browsers may keep them for ever.
static STAMP: LazyLock<String> = LazyLock::new(|| {
    let mut h = Sha256::new();
    for name in Files::iter() {
        if let Some(f) = Files::get(&name) {
            h.update(name.as_bytes());
            h.update(f.metadata.sha256_hash());
        }
    }
    hex::encode(&h.finalize()[..6])
});

/// The address of `css/look.css`, `js/youcheng.js`, …
pub fn asset_url(name: &str) -> String {
    format!("/static/{}/{name}", *STAMP)
}

pub fn asset_router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/static/{stamp}/{*name}", get(serve))
        .route("/favicon.ico", get(|| serve_named("img/mark.svg")))
        .route("/favicon.svg", get(|| serve_named("img/mark.svg")))
}
async fn serve(Path((_stamp, name)): Path<(String, String)>) -> Response {
    serve_named(&name).await
}
async fn serve_named(name: &str) -> Response {
    let Some(file) = Files::get(name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "text/plain; charset=utf-8",
    };
    let body = match file.data {
        std::borrow::Cow::Borrowed(b) => Body::from(b),
        std::borrow::Cow::Owned(b) => Body::from(b),
    };
    (
        [
            (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
            (
                header::CACHE_CONTROL,
                HeaderValue::from_static("public, max-age=31536000, immutable"),
            ),
        ],
        body,
    )
        .into_response()
}
