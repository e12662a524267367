//! The running node: web server, jobs and letters, and their orderly end.

use std::{future::Future, net::SocketAddr, time::Duration};

use anyhow::{Context, Result};
use axum::{ServiceExt, extract::Request};
use mail::Sender;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{calendar, letters, node::Parts, stories, web};

/// A node that serves.
pub struct Running {
    /// Where it really listens: port 0 asks for any free one.
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    parts: Parts,
}

/// Binds the configured address.
///
/// # Errors
/// When it is taken or not ours.
pub async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("listening on {address} (listen.address)"))
}

/// Starts serving, working and sending letters.
///
/// # Errors
/// When the listener has no address.
pub fn start(parts: Parts, listener: TcpListener) -> Result<Running> {
    let address = listener.local_addr()?;
    let (stop, stopped) = watch::channel(false);
    let service = web::service(&parts);
    let until = |mut stopped: watch::Receiver<bool>| async move {
        let _ = stopped.wait_for(|s| *s).await;
    };
    let web = {
        let stopped = stopped.clone();
        let make = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(service);
        tokio::spawn(async move {
            let serving = axum::serve(listener, make).with_graceful_shutdown(until(stopped));
            if let Err(e) = serving.await {
                tracing::error!(error = %e, "the web server ended");
            }
        })
    };
    let work = {
        let (worker, stopped) = (parts.worker(), stopped.clone());
        tokio::spawn(async move { worker.run(stopped).await })
    };
    let post = {
        let m = &parts.config.mail;
        let from = Sender {
            email: m.from.clone(),
            name: m.from_name.clone().or_else(|| {
                Some(format!(
                    "{} {}",
                    parts.config.node.office_zh, parts.config.node.office_en
                ))
            }),
        };
        tokio::spawn(letters::run(
            parts.db().clone(),
            parts.mailer.clone(),
            from,
            stopped.clone(),
        ))
    };
    let calendar = {
        let (house, url) = (parts.house().clone(), parts.app.node.public_url.clone());
        tokio::spawn(calendar::run(house, url, stopped.clone()))
    };
    let stories = tokio::spawn(stories::run(parts.house().clone(), stopped));
    Ok(Running {
        address,
        stop,
        tasks: vec![web, work, post, calendar, stories],
        parts,
    })
}

impl Running {
    /// Lets requests and jobs under way end, then closes the store. What takes longer than it may is cut off; the
    /// store's transactions see to it that nothing is half done.
    pub async fn stop(self) {
        tracing::info!("stopping: requests under way are finished");
        let _ = self.stop.send(true);
        let patience = Duration::from_secs(self.parts.config.listen.stop_seconds);
        let all = async {
            for task in self.tasks {
                let _ = task.await;
            }
        };
        if tokio::time::timeout(patience, all).await.is_err() {
            tracing::warn!("something did not end in time and was cut off");
        }
        self.parts.db().clone().close().await;
        tracing::info!("stopped");
    }
    /// Serves until the process is told to end.
    pub async fn until_told(self) {
        told().await;
        self.stop().await;
    }
}

/// Ends when the process gets SIGTERM or Ctrl-C.
fn told() -> impl Future<Output = ()> {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut s) => {
                s.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    async move {
        tokio::select! {
            () = interrupt => {}
            () = terminate => {}
        }
    }
}
