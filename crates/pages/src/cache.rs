//! Public pages are kept while nothing changed: every change ends up in the journal, so its length is the stamp.
//!
//! Only for readers without a session, only for GET, never longer than a minute (pages say "in 8 days"). A kept page
//! costs one small query, or none where many are asked for at once; nothing here is state that another process could not rebuild.

use std::{collections::HashMap, sync::Mutex, time::Duration};

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

#[derive(Clone)]
struct Kept {
    stamp: u64,
    until: Moment,
    tag: HeaderValue,
    headers: HeaderMap,
    body: bytes::Bytes,
}
/// The kept pages of this process.
#[derive(Default)]
pub struct Shelf(Mutex<HashMap<String, Kept>>);
/// At most so many pages and so large ones: about 64 MB in all at worst.
const MOST_PAGES: usize = 256;
const MOST_BYTES: usize = 256 * 1024;

impl Shelf {
    fn get(&self, key: &str, stamp: u64, now: Moment) -> Option<Kept> {
        let shelf = self.0.lock().unwrap_or_else(|p| p.into_inner());
        shelf.get(key).filter(|k| k.stamp == stamp && k.until > now).cloned()
    }
    fn put(&self, key: String, kept: Kept) {
        let mut shelf = self.0.lock().unwrap_or_else(|p| p.into_inner());
        if shelf.len() >= MOST_PAGES && !shelf.contains_key(&key) {
            shelf.retain(|_, k| {
                k.stamp == kept.stamp && k.until > kept.until.checked_sub(Duration::from_secs(60)).unwrap_or(kept.until)
            });
            if shelf.len() >= MOST_PAGES {
                shelf.clear();
            }
        }
        shelf.insert(key, kept);
    }
}

pub async fn public_cache(State(app): State<App>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let anonymous =
        ctx::cookie(headers, app.access.cookie_name()).is_none() && headers.get(header::AUTHORIZATION).is_none();
    let path = request.uri().path();
    let query = request.uri().query().unwrap_or("");
    let in_locale = request.extensions().get::<ctx::InLocale>().map(|l| l.0);
    let cacheable = anonymous
        && *request.method() == Method::GET
        && in_locale.is_some()
        && !query.contains("done=")
        && query.len() < 200
        && !path.starts_with("/sign-")
        && !path.starts_with("/demo");
    if !cacheable {
        return next.run(request).await;
    }
    let asked_tag = headers.get(header::IF_NONE_MATCH).cloned();
    let theme = ctx::cookie(headers, "theme")
        .filter(|t| t == "dark" || t == "light")
        .unwrap_or_default();
    let key = format!("{}|{theme}|{path}?{query}", in_locale.map_or("", |l| l.path()));
    let Ok(stamp) = app.house.db.journal_length().await else {
        return next.run(request).await;
    };
    let now = app.house.now();
    if let Some(kept) = app.cache.get(&key, stamp, now) {
        return send(kept, asked_tag);
    }
    let response = next.run(request).await;
    let html = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|v| v.as_bytes().starts_with(b"text/html"));
    if response.status() != StatusCode::OK || !html || response.headers().contains_key(header::SET_COOKIE) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, 8 * 1024 * 1024).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut headers = parts.headers;
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("cookie"));
    // A form's once-key must be one reader's own: pages that hold one are not kept.
    let holds_form = body.windows(11).any(|w| w == b"name=\"once\"");
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&body)[..12]));
    let Ok(tag) = HeaderValue::from_str(&tag) else {
        return (headers, body).into_response();
    };
    let until = now.checked_add(Duration::from_secs(60)).unwrap_or(now);
    let kept = Kept {
        stamp,
        until,
        tag,
        headers,
        body,
    };
    if !holds_form && kept.body.len() <= MOST_BYTES {
        app.cache.put(key, kept.clone());
    }
    send(kept, asked_tag)
}
fn send(kept: Kept, asked: Option<HeaderValue>) -> Response {
    let same = asked.as_ref() == Some(&kept.tag);
    let mut r = if same {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(kept.body).into_response()
    };
    for (k, v) in &kept.headers {
        if !(same && (k == header::CONTENT_TYPE || k == header::CONTENT_LENGTH)) {
            r.headers_mut().insert(k, v.clone());
        }
    }
    r.headers_mut().insert(header::ETAG, kept.tag);
    r
}
