//! The web server: all rooms' pages and their API behind one order of layers.

mod demo_clock;
mod description;
mod edge;
mod figures;
mod health;
mod help;
mod theme;
mod well_known;

use access::House;
use axum::{
    Extension, Router,
    body::Body,
    extract::{DefaultBodyLimit, Request},
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
};
use basis::{Fail, GovernmentId, Text};
use pages::App;
use parties::{Places, Wanted};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::{node::Parts, rooms};

pub use description::{openapi, openapi_json};

/// Addresses that machines read: they stand in no language, and are never redirected into one.
const MACHINES: [&str; 9] = [
    "/api",
    "/static",
    "/health",
    "/metrics",
    "/favicon",
    "/robots.txt",
    "/security.txt",
    "/.well-known",
    "/sitemap",
];
/// Endings of feeds, calendars and tables, which carry their language in the address or in themselves.
const MACHINE_ENDINGS: [&str; 6] = [".xml", ".atom", ".ics", ".csv", ".xlsx", ".json"];

pub(crate) fn for_machines(path: &str) -> bool {
    let under = |prefix: &str| {
        let rest = path.strip_prefix(prefix);
        rest.is_some_and(|r| !r.starts_with(|c: char| c.is_ascii_alphanumeric()))
    };
    MACHINES.iter().any(|p| under(p)) || MACHINE_ENDINGS.iter().any(|e| path.ends_with(e))
}

/// The whole of the web, ready to be served: the language is taken off the address before routing.
pub fn service(parts: &Parts) -> tower::util::MapRequest<Router, fn(Request<Body>) -> Request<Body>> {
    tower::util::MapRequest::new(router(parts), pages::locale_first::<Body>)
}

/// As [`service`], with further routes behind the same layers: for measures.
pub fn service_with(
    parts: &Parts,
    more: Router<App>,
) -> tower::util::MapRequest<Router, fn(Request<Body>) -> Request<Body>> {
    tower::util::MapRequest::new(router_with(parts, more), pages::locale_first::<Body>)
}

/// Every page and every API route, behind the layers.
pub fn router(parts: &Parts) -> Router {
    router_with(parts, Router::new())
}

fn router_with(parts: &Parts, more: Router<App>) -> Router {
    let app = &parts.app;
    let (api, _) = description::parts();
    let mut all: Router<App> = Router::new()
        .merge(api)
        .merge(description::router())
        .merge(help::router())
        .merge(theme::router())
        .merge(demo_clock::router())
        .merge(well_known::router())
        .merge(pages::asset_router());
    for room in rooms::all() {
        all = all.merge((room.pages)());
    }
    let limits = edge::Limits::of(&parts.config.limits);
    let all = all
        .merge(health::router(parts))
        .merge(figures::router(parts))
        .merge(more)
        .fallback(|| async { StatusCode::NOT_FOUND })
        .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
        .with_state(app.clone())
        .layer(Extension(Places::new(places)));
    // The last stands outermost. Whatever refuses stands inside of `explain`, which has the words for it.
    all.layer(CatchPanicLayer::custom(edge::Panicked))
        .layer(from_fn_with_state(app.clone(), pages::keepable))
        .layer(from_fn(edge::needs_locale))
        .layer(from_fn_with_state(limits, edge::within_limits))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(app.clone(), pages::cross_origin))
        .layer(from_fn_with_state(app.clone(), pages::explain))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), pages::secure_headers))
        .layer(from_fn_with_state(app.clone(), pages::kept))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(edge::Watch::of(parts), edge::watched))
}

/// Names of districts and partner cities for the room of organisations, which stands below the register.
async fn places(house: House, wanted: Wanted) -> Result<Vec<(GovernmentId, Text)>, Fail> {
    let found = match wanted {
        Wanted::These(ids) => relations::governments(&house.db, &ids).await?,
        Wanted::Districts => relations::districts(&house.db).await?,
    };
    Ok(found.into_iter().map(|g| (g.id, g.name)).collect())
}
