//! Public pages against the limit: the same server answering a constant page of the same size, at 32 connections, rounds
//! interleaved. Prints `ratio NAME MEASURED at-least LIMIT` lines for `cargo xtask bench`.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use axum::{Router, routing::get};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const CONNECTIONS: usize = 32;
const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: usize = 5;

/// One kept-alive connection asking for one page until told to stop; counts whole answers.
async fn ask(at: SocketAddr, request: Arc<str>, stop: Arc<AtomicBool>, done: Arc<AtomicU64>) -> Result<()> {
    let mut c = TcpStream::connect(at).await?;
    c.set_nodelay(true)?;
    let mut buffer = vec![0u8; 1 << 16];
    while !stop.load(Ordering::Relaxed) {
        c.write_all(request.as_bytes()).await?;
        let mut head = Vec::with_capacity(2048);
        let (mut left, mut in_head) = (0usize, true);
        loop {
            let n = c.read(&mut buffer).await?;
            ensure!(n > 0, "the server closed the connection");
            if in_head {
                head.extend_from_slice(&buffer[..n]);
                let Some(end) = head.windows(4).position(|w| w == b"\r\n\r\n") else {
                    continue;
                };
                let text = String::from_utf8_lossy(&head[..end]).to_ascii_lowercase();
                ensure!(
                    text.starts_with("http/1.1 200"),
                    "{}",
                    text.lines().next().unwrap_or("")
                );
                let length: usize = text
                    .lines()
                    .find_map(|l| l.strip_prefix("content-length:"))
                    .context("no content-length")?
                    .trim()
                    .parse()?;
                left = length.saturating_sub(head.len() - end - 4);
                in_head = false;
            } else {
                left = left.saturating_sub(n);
            }
            if !in_head && left == 0 {
                break;
            }
        }
        done.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}
async fn rate(at: SocketAddr, path: &str) -> Result<f64> {
    let request: Arc<str> = format!("GET {path} HTTP/1.1\r\nHost: {at}\r\n\r\n").into();
    let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let all: Vec<_> = (0..CONNECTIONS)
        .map(|_| tokio::spawn(ask(at, request.clone(), stop.clone(), done.clone())))
        .collect();
    let begun = Instant::now();
    tokio::time::sleep(ROUND).await;
    stop.store(true, Ordering::Relaxed);
    let n = done.load(Ordering::Relaxed);
    let seconds = begun.elapsed().as_secs_f64();
    for one in all {
        one.await??;
    }
    Ok(n as f64 / seconds)
}
fn median(mut v: Vec<f64>) -> f64 {
    v.sort_by(f64::total_cmp);
    v[v.len() / 2]
}
async fn fetch(at: SocketAddr, path: &str) -> Result<usize> {
    let mut c = TcpStream::connect(at).await?;
    c.write_all(format!("GET {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n").as_bytes())
        .await?;
    let mut all = Vec::new();
    c.read_to_end(&mut all).await?;
    let end = all.windows(4).position(|w| w == b"\r\n\r\n").context("no head")?;
    ensure!(
        all.starts_with(b"HTTP/1.1 200"),
        "{path}: {}",
        String::from_utf8_lossy(&all[..40.min(all.len())])
    );
    Ok(all.len() - end - 4)
}

/// Answers these bytes as a page.
fn constant<S: Clone + Send + Sync + 'static>(body: &axum::body::Bytes) -> axum::routing::MethodRouter<S> {
    let body = body.clone();
    get(move || {
        let body = body.clone();
        async move { ([(axum::http::header::CONTENT_TYPE, "text/html; charset=utf-8")], body) }
    })
}

#[tokio::main]
async fn main() -> Result<()> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = std::env::temp_dir().join(format!("youcheng-bench-{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    let mut config = youcheng::config::Config::plain().map_err(|e| anyhow::anyhow!("{e}"))?;
    config.store.sqlite = dir.join("bench.sqlite");
    config.attachments.folder = dir.join("attachments");
    config.mail.folder = dir.join("mail");
    let real = store::Env::real();
    let clock = Arc::new(basis::FixedClock::at(real.clock.now()));
    let telling = store::Env {
        clock: clock.clone(),
        chance: real.chance.clone(),
    };
    let parts = youcheng::node::Parts::open(config, telling, true).await?;
    youcheng::demo::seed(&parts, &clock).await?;
    let programme = youcheng::demo::fifty_offers(&parts, &clock).await?;
    more_relations(&parts, 10_000).await?;
    let pages = [
        ("home", "/en".to_owned()),
        ("programme-50-offers", format!("/en/programmes/{programme}")),
        ("register-10000", "/en/relations".to_owned()),
    ];
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let at = listener.local_addr()?;
    let mut sizes = Vec::new();
    // Sizes first, from a server of its own, so that the constant pages can be as large.
    let probe = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let probe_at = probe.local_addr()?;
    let service = youcheng::web::service(&parts);
    let probing = tokio::spawn(async move {
        axum::serve(
            probe,
            axum::ServiceExt::<axum::extract::Request>::into_make_service(service),
        )
        .await
    });
    for (_, path) in &pages {
        sizes.push(fetch(probe_at, path).await?);
    }
    probing.abort();
    // The constant page stands behind the same layers (limits, headers, words for errors, figures); a bare one shows what they
    // cost. It goes by an address for machines, which no language and no kept page belongs to.
    let (mut within, mut bare) = (Router::new(), Router::<()>::new());
    for (i, size) in sizes.iter().enumerate() {
        let body = axum::body::Bytes::from(vec![b'x'; *size]);
        within = within.route(&format!("/api/constant/{i}"), constant(&body));
        bare = bare.route(&format!("/bare/{i}"), constant(&body));
    }
    let app = bare.fallback_service(youcheng::web::service_with(&parts, within));
    tokio::spawn(async move { axum::serve(listener, app).await });
    for (i, (name, path)) in pages.iter().enumerate() {
        let (mut ours, mut limit, mut bare) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            bare.push(rate(at, &format!("/bare/{i}")).await?);
            limit.push(rate(at, &format!("/api/constant/{i}")).await?);
            ours.push(rate(at, path).await?);
        }
        let (ours, limit, bare) = (median(ours), median(limit), median(bare));
        println!("figure {name}-bytes {} bytes", sizes[i]);
        println!("figure {name}-requests-a-second {ours:.0} 1/s");
        println!("figure {name}-constant-requests-a-second {limit:.0} 1/s");
        println!("figure {name}-bare-constant-requests-a-second {bare:.0} 1/s");
        println!("ratio {name}-against-bare-constant {:.3} at-least 0.40", ours / bare);
        println!("ratio {name}-against-constant {:.3} at-least 0.40", ours / limit);
    }
    // The same pages when nothing is kept: every request changes a word of the query, so none was asked before.
    for (name, path) in &pages {
        let mut n = 0u32;
        let begun = Instant::now();
        while begun.elapsed() < ROUND {
            fetch(at, &format!("{path}?nothing-kept={n}")).await?;
            n += 1;
        }
        println!(
            "figure {name}-not-kept-one-connection {:.0} 1/s",
            f64::from(n) / begun.elapsed().as_secs_f64()
        );
    }
    let _ = std::fs::remove_dir_all(&dir);
    std::process::exit(0);
}

/// Fills the register up with made-up relations by the import that everybody uses.
async fn more_relations(parts: &youcheng::node::Parts, n: usize) -> Result<()> {
    let asking = youcheng::demo::asks(parts.house(), "office-lead").await?;
    let csv = youcheng::demo::made_up_relations(n);
    let report = relations::import::run(parts.house(), &asking, csv.as_bytes(), "bench.csv", false)
        .await
        .map_err(|e| anyhow::anyhow!("{e}"))?;
    ensure!(report.faults.is_empty(), "{:?}", report.faults.first());
    Ok(())
}
