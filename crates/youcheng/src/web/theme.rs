//! Light or dark, by the reader's choice; without one, by their system.

use axum::{
    Router,
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use pages::{App, Ctx, Posted};
use serde::Deserialize;

pub(super) fn router() -> Router<App> {
    Router::new().route("/theme", post(choose))
}
#[derive(Default, Deserialize)]
#[serde(default)]
struct Input {
    theme: String,
    back: String,
}
async fn choose(ctx: Ctx, posted: Posted<Input>) -> Response {
    let chosen = match posted.input.theme.as_str() {
        t @ ("light" | "dark") => t,
        _ => "",
    };
    let back = if same_site(&posted.input.back) {
        posted.input.back
    } else {
        ctx.to("")
    };
    let life = if chosen.is_empty() { 0 } else { 31_536_000 };
    let secure = if ctx.app.access.secure_cookies { "; Secure" } else { "" };
    let cookie = format!("theme={chosen}; Path=/; Max-Age={life}; SameSite=Lax; HttpOnly{secure}");
    let mut r = Redirect::to(&back).into_response();
    if let Ok(v) = HeaderValue::from_str(&cookie) {
        r.headers_mut().insert(header::SET_COOKIE, v);
    }
    r
}
/// A path of this site and nothing else: "//elsewhere", "/\elsewhere" and control characters lead away.
pub(super) fn same_site(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= 2000
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

#[cfg(test)]
mod tests {
    use super::same_site;
    #[test]
    fn only_paths_of_this_site() {
        assert!(same_site("/zh/calls?field=health"));
        for bad in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "zh",
            "/a\r\nSet-Cookie: x=y",
        ] {
            assert!(!same_site(bad), "{bad:?}");
        }
    }
}
