//! What every request meets before any page: a name in the log, figures, limits.

use std::{
    any::Any,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{
    body::Body,
    extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
    middleware::Next,
    response::IntoResponse,
};
use basis::{Chance, Fail};
use futures::StreamExt;
use pages::Problem;
use tower_http::catch_panic::ResponseForPanic;
use tracing::Instrument;

use crate::{config::LimitsConfig, node::Parts};

/// How requests are watched.
#[derive(Clone)]
pub(super) struct Watch {
    count_queries: bool,
    proxies: Arc<[IpAddr]>,
}
impl Watch {
    pub(super) fn of(parts: &Parts) -> Watch {
        Watch {
            count_queries: parts.config.tests.count_queries,
            proxies: parts.config.listen.trusted().unwrap_or_default().into(),
        }
    }
    /// For whom a believed proxy asks: the last address in its list that is no believed proxy itself. Whatever stands
    /// before that, anybody may have written.
    fn client(&self, request: &Request) -> Option<IpAddr> {
        let peer = request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()?
            .0
            .ip()
            .to_canonical();
        if !self.proxies.contains(&peer) {
            return None;
        }
        let lists = request.headers().get_all("x-forwarded-for").iter();
        let all: Vec<&str> = lists
            .filter_map(|v| v.to_str().ok())
            .flat_map(|v| v.split(','))
            .collect();
        all.iter()
            .rev()
            .map_while(|a| a.trim().parse::<IpAddr>().ok())
            .map(|a| a.to_canonical())
            .find(|a| !self.proxies.contains(a))
    }
}
static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A proxy's name for the request if it gave a plain one, else a fresh one.
fn request_id(request: &Request) -> String {
    let given = request.headers().get(&REQUEST_ID).and_then(|v| v.to_str().ok());
    let plain = |id: &&str| (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    given.filter(plain).map_or_else(
        || {
            let mut bytes = [0u8; 8];
            store::OsChance.fill(&mut bytes);
            bytes.iter().map(|b| format!("{b:02x}")).collect()
        },
        str::to_owned,
    )
}

/// Names, measures and logs every request. The line names the route, not the address: addresses can hold secrets.
pub(super) async fn watched(State(watch): State<Watch>, mut request: Request, next: Next) -> Response<Body> {
    if let Some(client) = watch.client(&request) {
        request
            .extensions_mut()
            .insert(accounts::ClientAddress(client.to_string()));
    }
    let id = request_id(&request);
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let span = tracing::info_span!("request", id = %id);
    let start = std::time::Instant::now();
    let (mut response, queries) = store::count_queries(next.run(request)).instrument(span.clone()).await;
    let took = start.elapsed();
    let status = response.status().as_u16();
    // Unknown methods are a stranger's free text: not a label.
    let verb = match method.as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known.to_owned(),
        _ => "other".to_owned(),
    };
    let labels = [
        ("method", verb),
        ("path", route.clone()),
        ("status", status.to_string()),
    ];
    metrics::counter!("youcheng_requests_total", &labels).increment(1);
    metrics::histogram!("youcheng_request_seconds", &labels[1..2]).record(took.as_secs_f64());
    metrics::counter!("youcheng_store_queries_total").increment(queries);
    span.in_scope(|| {
        let milliseconds = took.as_millis() as u64;
        if route.starts_with("/health") || route.starts_with("/static") || route == "/metrics" {
            tracing::debug!(%method, route, status, milliseconds, queries, "answered {method} {route} with {status}");
        } else {
            tracing::info!(%method, route, status, milliseconds, queries, "answered {method} {route} with {status}");
        }
    });
    if let Ok(v) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID.clone(), v);
    }
    if watch.count_queries {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-store-queries"), HeaderValue::from(queries));
    }
    response
}

/// A panic is our fault and reads like any other; its words stay in the log.
#[derive(Clone, Copy)]
pub(super) struct Panicked;
impl ResponseForPanic for Panicked {
    type ResponseBody = Body;
    fn response_for_panic(&mut self, payload: Box<dyn Any + Send + 'static>) -> Response<Body> {
        let words = payload
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| payload.downcast_ref::<&str>().copied())
            .unwrap_or("without words");
        Problem(Fail::fault(format!("a panic: {words}"))).into_response()
    }
}

/// Pages need a language in their address; what machines read does not.
pub(super) async fn needs_locale(request: Request, next: Next) -> Response<Body> {
    if super::for_machines(request.uri().path()) {
        next.run(request).await
    } else {
        pages::needs_locale(request, next).await
    }
}

#[derive(Clone, Copy)]
pub(super) struct Limits {
    form: usize,
    upload: usize,
    time: Duration,
}
impl Limits {
    pub(super) fn of(c: &LimitsConfig) -> Limits {
        Limits {
            form: c.form_megabytes as usize * 1024 * 1024,
            upload: c.upload_megabytes as usize * 1024 * 1024,
            time: Duration::from_secs(c.request_seconds),
        }
    }
}
/// What may carry a file: forms with files, and tables handed in through the API.
fn takes_files(request: &Request) -> bool {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or("");
    [
        "multipart/form-data",
        "text/csv",
        "application/octet-stream",
        "application/vnd.openxmlformats",
    ]
    .iter()
    .any(|k| kind.starts_with(k))
}

/// Refuses what says of itself that it is too large before reading it, holds the rest to its size, and gives up what
/// takes too long.
pub(super) async fn within_limits(State(limits): State<Limits>, mut request: Request, next: Next) -> Response<Body> {
    let most = if takes_files(&request) {
        limits.upload
    } else {
        limits.form
    };
    let said: Option<u64> = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.parse().ok());
    if said.is_some_and(|n| n > most as u64) {
        tokio::spawn(pour_away(request.into_body()));
        let mut r = StatusCode::PAYLOAD_TOO_LARGE.into_response();
        r.headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
        return r;
    }
    DefaultBodyLimit::max(most).apply(&mut request);
    match tokio::time::timeout(limits.time, next.run(request)).await {
        Ok(r) => r,
        Err(_) => Problem(Fail::fault(format!(
            "a request was given up after {} s",
            limits.time.as_secs()
        )))
        .into_response(),
    }
}
/// A browser shows our words only after it has sent everything: a connection cut in the middle shows as an error of
/// the network. So what still comes is read and dropped, piece by piece, for a while.
async fn pour_away(body: Body) {
    const MOST: usize = 512 * 1024 * 1024;
    let mut pieces = body.into_data_stream();
    let mut seen = 0;
    let reading = async {
        while let Some(Ok(piece)) = pieces.next().await {
            seen += piece.len();
            if seen > MOST {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(60), reading).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn only_believed_proxies_say_for_whom_they_ask() {
        let watch = Watch {
            count_queries: false,
            proxies: ["127.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()].into(),
        };
        let asked = |peer: &str, lists: &[&str]| {
            let mut request = Request::new(Body::empty());
            let peer: SocketAddr = peer.parse().unwrap();
            request.extensions_mut().insert(ConnectInfo(peer));
            for list in lists {
                request.headers_mut().append("x-forwarded-for", list.parse().unwrap());
            }
            watch.client(&request).map(|a| a.to_string())
        };
        let some = |a: &str| Some(a.to_owned());
        assert_eq!(asked("127.0.0.1:1", &["6.6.6.6, 203.0.113.9"]), some("203.0.113.9"));
        assert_eq!(
            asked("127.0.0.1:1", &["6.6.6.6", "203.0.113.9, 10.0.0.2"]),
            some("203.0.113.9")
        );
        assert_eq!(asked("[::ffff:127.0.0.1]:1", &["2001:db8::1"]), some("2001:db8::1"));
        assert_eq!(asked("127.0.0.1:1", &["6.6.6.6, unknown"]), None);
        assert_eq!(
            asked("198.51.100.7:1", &["203.0.113.9"]),
            None,
            "a stranger is not believed"
        );
        assert_eq!(asked("127.0.0.1:1", &[]), None);
    }
}
