//! What robots and finders of weaknesses look for.

use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use jiff::ToSpan;
use pages::App;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/robots.txt", get(robots))
        .route("/security.txt", get(security))
        .route("/.well-known/security.txt", get(security))
}
fn plain(text: String) -> Response {
    (
        [
            (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
            (header::CACHE_CONTROL, "public, max-age=3600"),
        ],
        text,
    )
        .into_response()
}
/// Everything public may be found; what needs signing in would only answer with a refusal.
async fn robots(State(app): State<App>) -> Response {
    let mut text = String::from("User-agent: *\n");
    for place in ["desk", "my-work", "account", "sign-in", "sign-up", "demo"] {
        for locale in basis::Locale::ALL {
            text.push_str(&format!("Disallow: /{}/{place}\n", locale.path()));
        }
    }
    text.push_str(&format!(
        "Disallow: /api/\nSitemap: {}/sitemap.xml\n",
        app.node.public_url
    ));
    plain(text)
}
/// RFC 9116.
async fn security(State(app): State<App>) -> Response {
    // The day only, so that the text is the same all day long.
    let expires = app.house.today().saturating_add(180.days());
    let contact = match &app.node.contact {
        c if c.starts_with("http") => c.clone(),
        c => format!("mailto:{c}"),
    };
    plain(format!(
        "Contact: {contact}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: zh, en\nCanonical: {}/.well-known/security.txt\n",
        app.node.public_url
    ))
}
