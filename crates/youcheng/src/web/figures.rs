//! Figures for Prometheus.

use std::{net::SocketAddr, sync::OnceLock};

use axum::{
    Router,
    extract::{ConnectInfo, Request},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use pages::App;

use crate::node::Parts;

/// One recorder a process, whatever number of servers tests start in it.
fn recorder() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let buckets = [
                0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
            ];
            let recorder = PrometheusBuilder::new().set_buckets(&buckets).ok()?.build_recorder();
            let handle = recorder.handle();
            metrics::set_global_recorder(recorder).ok()?;
            metrics::describe_counter!(
                "youcheng_requests_total",
                "Requests answered, by method, route and status"
            );
            metrics::describe_histogram!("youcheng_request_seconds", "Seconds from request to answer, by route");
            metrics::describe_counter!(
                "youcheng_store_queries_total",
                "Statements sent to the store by requests"
            );
            metrics::describe_gauge!("youcheng_jobs_waiting", "Jobs and events to be done");
            metrics::describe_gauge!(
                "youcheng_jobs_dead",
                "Jobs that were given up: see the dead-letter page"
            );
            metrics::describe_gauge!(
                "youcheng_letters_waiting",
                "Letters to be sent, by whether an officer must read them first"
            );
            metrics::describe_gauge!("youcheng_letters_dead", "Letters that were given up");
            metrics::describe_gauge!("youcheng_journal_entries", "Entries of the journal");
            Some(handle)
        })
        .as_ref()
}

pub(super) fn router(parts: &Parts) -> Router<App> {
    recorder();
    let parts = parts.clone();
    Router::new().route("/metrics", get(move |request: Request| show(parts, request)))
}
/// With a token set, whoever has it; else this machine, and not through a proxy.
fn may_read(parts: &Parts, headers: &HeaderMap, peer: Option<SocketAddr>) -> bool {
    match &parts.config.metrics.token {
        Some(token) => headers
            .get(header::AUTHORIZATION)
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.strip_prefix("Bearer "))
            .is_some_and(|given| merkle::leaf_hash(given.as_bytes()) == merkle::leaf_hash(token.open().as_bytes())),
        None => {
            let through_proxy = ["forwarded", "x-forwarded-for", "x-real-ip", "via"]
                .iter()
                .any(|h| headers.contains_key(*h));
            peer.is_some_and(|p| p.ip().to_canonical().is_loopback()) && !through_proxy
        }
    }
}
async fn show(parts: Parts, request: Request) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0);
    if !may_read(&parts, request.headers(), peer) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Some(handle) = recorder() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let db = parts.db();
    match (store::waiting(db, db.now()).await, store::journal::size(db).await) {
        (Ok(w), Ok(size)) => {
            metrics::gauge!("youcheng_jobs_waiting").set(w.jobs as f64);
            metrics::gauge!("youcheng_jobs_dead").set(w.jobs_dead as f64);
            metrics::gauge!("youcheng_letters_waiting", "held" => "yes").set(w.letters_held as f64);
            metrics::gauge!("youcheng_letters_waiting", "held" => "no").set(w.letters_ready as f64);
            metrics::gauge!("youcheng_letters_dead").set(w.letters_dead as f64);
            metrics::gauge!("youcheng_journal_entries").set(size as f64);
        }
        (Err(e), _) | (_, Err(e)) => tracing::warn!(error = %e, "the store gave no figures"),
    }
    handle.run_upkeep();
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        handle.render(),
    )
        .into_response()
}
