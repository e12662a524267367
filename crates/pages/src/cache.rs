//! Public pages are kept while nothing changed: every change ends up in the journal, so its length is the stamp.
//!
//! Only for readers without a session, only for GET, never longer than a minute (pages say "in 8 days"). A kept page
//! costs one small query, or none where many are asked for at once; nothing here is state that another process could not rebuild.
//!
//! Two layers: [`keepable`] stands where pages are made and says of one whether it may be kept; [`kept`] stands outside of
//! all that dresses a page (headers, compression), so that a kept one is dressed once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use basis::Moment;
use sha2::{Digest, Sha256};

use crate::{App, ctx};

struct Kept {
    stamp: u64,
    until: Moment,
    tag: HeaderValue,
    headers: HeaderMap,
    body: bytes::Bytes,
}
/// The kept pages of this process.
#[derive(Default)]
pub struct Shelf(Mutex<HashMap<String, Arc<Kept>>>);
/// How long a page may be kept.
const LONGEST: Duration = Duration::from_secs(60);
/// At most so many pages and so large ones: about 64 MB in all at worst.
const MOST_PAGES: usize = 256;
const MOST_BYTES: usize = 256 * 1024;
/// No page of ours is larger.
const MOST_READ: usize = 8 * 1024 * 1024;

impl Shelf {
    fn get(&self, key: &str, stamp: u64, now: Moment) -> Option<Arc<Kept>> {
        let shelf = self.0.lock().unwrap_or_else(|p| p.into_inner());
        shelf.get(key).filter(|k| k.stamp == stamp && k.until > now).cloned()
    }
    fn put(&self, key: String, kept: Arc<Kept>) {
        let mut shelf = self.0.lock().unwrap_or_else(|p| p.into_inner());
        if shelf.len() >= MOST_PAGES && !shelf.contains_key(&key) {
            shelf.retain(|_, k| {
                k.stamp == kept.stamp && k.until > kept.until.checked_sub(LONGEST).unwrap_or(kept.until)
            });
            if shelf.len() >= MOST_PAGES {
                shelf.clear();
            }
        }
        shelf.insert(key, kept);
    }
}

/// Whether a page may be anybody's: not for a reader with a session, nor at an address that changes something.
fn is_for_all(app: &App, request: &Request) -> Option<basis::Locale> {
    let headers = request.headers();
    let anonymous =
        ctx::cookie(headers, app.access.cookie_name()).is_none() && headers.get(header::AUTHORIZATION).is_none();
    let path = request.uri().path();
    let query = request.uri().query().unwrap_or("");
    let locale = request.extensions().get::<ctx::InLocale>().map(|l| l.0)?;
    let may_be = anonymous
        && *request.method() == Method::GET
        && !query.contains("done=")
        && query.len() < 200
        && !path.starts_with("/sign-")
        && !path.starts_with("/demo");
    may_be.then_some(locale)
}
/// What a page is kept under.
fn slot(app: &App, request: &Request) -> Option<String> {
    let locale = is_for_all(app, request)?;
    let packed = packed(request.headers())?;
    let theme = ctx::cookie(request.headers(), "theme")
        .filter(|t| t == "dark" || t == "light")
        .unwrap_or_default();
    let (path, query) = (request.uri().path(), request.uri().query().unwrap_or(""));
    Some(format!("{}|{theme}|{packed}|{path}?{query}", locale.path()))
}
/// How the body may be packed. Whoever weighs encodings against each other gets a page of their own.
fn packed(headers: &HeaderMap) -> Option<&'static str> {
    let accepted = headers.get_all(header::ACCEPT_ENCODING);
    let mut packed = "";
    for line in accepted {
        let line = line.to_str().ok()?;
        if line.contains(';') {
            return None;
        }
        if line.split(',').any(|one| one.trim().eq_ignore_ascii_case("gzip")) {
            packed = "gzip";
        }
    }
    Some(packed)
}

/// Said of a page that has a tag; `keep` if the next reader may have the same.
#[derive(Clone, Copy)]
struct Tagged {
    keep: bool,
}

/// Says which pages may be kept, and how long by whom.
pub async fn keepable(State(app): State<App>, request: Request, next: Next) -> Response {
    let for_all = is_for_all(&app, &request).is_some();
    let response = next.run(request).await;
    let html = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|v| v.as_bytes().starts_with(b"text/html"));
    if !for_all || response.status() != StatusCode::OK || !html || response.headers().contains_key(header::SET_COOKIE) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MOST_READ).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    parts
        .headers
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    parts.headers.insert(header::VARY, HeaderValue::from_static("cookie"));
    // A form's once-key must be one reader's own: pages that hold one are not kept.
    let holds_form = body.windows(11).any(|w| w == b"name=\"once\"");
    parts.extensions.insert(Tagged { keep: !holds_form });
    Response::from_parts(parts, Body::from(body))
}

/// Answers with the kept page, or keeps the one that is made.
pub async fn kept(State(app): State<App>, request: Request, next: Next) -> Response {
    let Some(key) = slot(&app, &request) else {
        return next.run(request).await;
    };
    let Ok(stamp) = app.house.db.journal_length().await else {
        return next.run(request).await;
    };
    let asked_tag = request.headers().get(header::IF_NONE_MATCH).cloned();
    let now = app.house.now();
    if let Some(kept) = app.cache.get(&key, stamp, now) {
        return send(&kept, asked_tag.as_ref());
    }
    let response = next.run(request).await;
    let Some(Tagged { keep }) = response.extensions().get::<Tagged>().copied() else {
        return response;
    };
    let (parts, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MOST_READ).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&body)[..12]));
    let Ok(tag) = HeaderValue::from_str(&tag) else {
        return Response::from_parts(parts, Body::from(body));
    };
    let mut headers = parts.headers;
    headers.insert(header::ETAG, tag.clone());
    let kept = Arc::new(Kept {
        stamp,
        until: now.checked_add(LONGEST).unwrap_or(now),
        tag,
        headers,
        body,
    });
    if keep && kept.body.len() <= MOST_BYTES {
        app.cache.put(key, kept.clone());
    }
    send(&kept, asked_tag.as_ref())
}
fn send(kept: &Kept, asked: Option<&HeaderValue>) -> Response {
    let mut headers = kept.headers.clone();
    let mut response = if asked == Some(&kept.tag) {
        for of_the_body in [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING] {
            headers.remove(of_the_body);
        }
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(Body::from(kept.body.clone()))
    };
    *response.headers_mut() = headers;
    response
}
