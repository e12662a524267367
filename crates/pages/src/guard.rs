//! What every request passes: the language in its address, where it comes from, and the headers every answer carries.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use basis::Locale;

use crate::{App, ctx::InLocale};

/// Takes "/zh" or "/en" off the address before routing, and keeps it. Stands outside the router.
pub fn locale_first<B>(mut request: axum::http::Request<B>) -> axum::http::Request<B> {
    let path = request.uri().path().to_owned();
    let mut parts = path.splitn(3, '/');
    parts.next();
    if let Some(locale) = parts.next().and_then(Locale::from_path) {
        let rest = parts.next().unwrap_or("");
        let mut inner = format!("/{rest}");
        if let Some(q) = request.uri().query() {
            inner.push('?');
            inner.push_str(q);
        }
        if let Ok(uri) = inner.parse::<Uri>() {
            *request.uri_mut() = uri;
            request.extensions_mut().insert(InLocale(locale));
        }
    }
    request
}

/// Pages without a language in their address send the reader to the one their browser asks for.
pub async fn needs_locale(request: Request, next: Next) -> Response {
    if request.extensions().get::<InLocale>().is_none()
        && (request.method() == Method::GET || request.method() == Method::HEAD)
    {
        let locale = Locale::negotiate(
            request
                .headers()
                .get(header::ACCEPT_LANGUAGE)
                .and_then(|v| v.to_str().ok())
                .unwrap_or(""),
        );
        let path = request.uri().path_and_query().map_or("/", |p| p.as_str());
        let path = if path == "/" { "" } else { path };
        let mut r = Redirect::temporary(&format!("/{}{path}", locale.path())).into_response();
        r.headers_mut()
            .insert(header::VARY, HeaderValue::from_static("accept-language"));
        return r;
    }
    next.run(request).await
}

/// Refuses changing requests that another site's page sent (cookies would ride along). Browsers say where a request
/// comes from: Fetch Metadata (W3C) first, Origin (RFC 6454) where that is missing. Machines with tokens send neither.
pub async fn cross_origin(State(app): State<App>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) || same_origin(&app, request.headers())
    {
        return next.run(request).await;
    }
    // Put into words by `explain`, further out.
    StatusCode::FORBIDDEN.into_response()
}
fn same_origin(app: &App, h: &HeaderMap) -> bool {
    let text = |name: &str| h.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match text("origin") {
        None => true,
        Some(origin) => {
            let host = origin.split_once("://").map_or("", |(_, h)| h);
            origin == app.node.public_url || text("host").is_some_and(|h| h == host)
        }
    }
}

/// Strict headers on every answer. A handler that set one of them by itself keeps its own.
pub async fn secure_headers(State(app): State<App>, request: Request, next: Next) -> Response {
    const CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let mut r = next.run(request).await;
    let fixed = [
        ("content-security-policy", CSP),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        ),
        ("x-frame-options", "DENY"),
    ];
    for (name, value) in fixed {
        r.headers_mut()
            .entry(HeaderName::from_static(name))
            .or_insert(HeaderValue::from_static(value));
    }
    if app.access.secure_cookies {
        r.headers_mut()
            .entry(header::STRICT_TRANSPORT_SECURITY)
            .or_insert(HeaderValue::from_static("max-age=31536000"));
    }
    r
}

/// Counts statements a request sends to the store and says so in a header; the harness of tests asks for it.
pub async fn counted(request: Request, next: Next) -> Response {
    let (mut r, n) = store::count_queries(next.run(request)).await;
    if let Ok(v) = HeaderValue::from_str(&n.to_string()) {
        r.headers_mut().insert("x-store-queries", v);
    }
    r
}
