//! `youcheng demo`: a node to look around in, in a folder of its own.

use std::{
    io::Write,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use access::{Asking, NewToken};
use anyhow::{Context, Result};
use basis::{FixedClock, ShiftedClock};
use store::{Env, OsChance, Via};

use crate::{
    config::{Config, WebAddress},
    demo,
    node::Parts,
    server,
};

#[derive(clap::Args)]
pub struct Options {
    /// The port of this machine to serve on; 0 takes any free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The folder that holds the demonstration.
    #[arg(long, default_value = "data/demo", value_name = "DIR")]
    data: PathBuf,
    /// Tell the stories anew; what was done in the folder before is gone.
    #[arg(long)]
    fresh: bool,
    /// Taken and not needed: this program never opens a browser by itself.
    #[arg(long)]
    no_browser: bool,
}

/// What the demonstration keeps in its folder; nothing else there is touched.
const STORE: &str = "youcheng.sqlite";
const FOLDERS: [&str; 2] = ["attachments", "letters"];
const MAKING: &str = "making";
const SHIFT: &str = "clock-shift";

pub async fn run(mut config: Config, options: &Options) -> Result<ExitCode> {
    let _ = options.no_browser;
    let listener = server::bind(SocketAddr::from(([127, 0, 0, 1], options.port))).await?;
    config.listen.address = listener.local_addr()?;
    config
        .node
        .public_url
        .get_or_insert_with(|| WebAddress(format!("http://{}", config.listen.address)));
    std::fs::create_dir_all(&options.data).with_context(|| options.data.display().to_string())?;
    if options.fresh {
        clear(&options.data)?;
    }
    if !options.data.join(STORE).exists() {
        make(&config, &options.data).await?;
    }
    // The shift is kept beside the store: what was written after moving the clock must not lie in the future at the next start.
    let shift_file = options.data.join(SHIFT);
    let before = std::fs::read_to_string(&shift_file)
        .ok()
        .and_then(|s| s.trim().parse().ok())
        .unwrap_or(0);
    let clock = Arc::new(ShiftedClock::by(before));
    let env = Env {
        clock: clock.clone(),
        chance: Arc::new(OsChance),
    };
    let mut parts = Parts::open(inside(config, &options.data), env, true).await?;
    parts.app.let_clock_move(clock.clone());
    let kept = clock.clone();
    tokio::spawn(async move {
        let mut last = kept.shift();
        loop {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            if kept.shift() != last && std::fs::write(&shift_file, kept.shift().to_string()).is_ok() {
                last = kept.shift();
            }
        }
    });
    let lines = invitations(&parts).await?;
    let running = server::start(parts, listener)?;
    let mut out = std::io::stdout();
    writeln!(out, "ready http://{}", running.address)?;
    for line in lines {
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    running.until_told().await;
    Ok(ExitCode::SUCCESS)
}

/// The settings with every place inside the folder: a demonstration never touches a real node's data or mail.
fn inside(mut config: Config, folder: &Path) -> Config {
    config.store.sqlite = folder.join(STORE);
    config.store.postgres = None;
    config.attachments.folder = folder.join("attachments");
    config.attachments.s3_bucket = None;
    config.mail.folder = folder.join("letters");
    config.mail.smtp_host = None;
    config
}
fn clear(folder: &Path) -> Result<()> {
    let gone = |r: std::io::Result<()>, path: &Path| match r {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e).with_context(|| path.display().to_string()),
        _ => Ok(()),
    };
    let shift = folder.join(SHIFT);
    gone(std::fs::remove_file(&shift), &shift)?;
    for ending in ["", "-wal", "-shm"] {
        let path = folder.join(format!("{STORE}{ending}"));
        gone(std::fs::remove_file(&path), &path)?;
    }
    for name in FOLDERS.iter().chain([&MAKING]) {
        let path = folder.join(name);
        gone(std::fs::remove_dir_all(&path), &path)?;
    }
    Ok(())
}

/// Tells the stories aside and moves them into place when all are told: a start that was broken off leaves nothing
/// half told.
async fn make(config: &Config, folder: &Path) -> Result<()> {
    clear(folder)?;
    let aside = folder.join(MAKING);
    std::fs::create_dir_all(&aside).with_context(|| aside.display().to_string())?;
    // Stories happened on days that the clock is set to while they are told; at their end it shows today.
    let clock = Arc::new(FixedClock::at(Env::real().clock.now()));
    let env = Env {
        clock: clock.clone(),
        chance: Arc::new(OsChance),
    };
    let parts = Parts::open(inside(config.clone(), &aside), env, true).await?;
    let told = demo::seed(&parts, &clock).await;
    if told.is_ok() {
        clock.set(Env::real().clock.now());
        parts.worker().drain().await?;
    }
    parts.db().clone().close().await;
    told.context("telling the demonstration's stories")?;
    for name in FOLDERS {
        let from = aside.join(name);
        if from.exists() {
            std::fs::rename(&from, folder.join(name)).with_context(|| from.display().to_string())?;
        }
    }
    // The log of the store is folded into its file when it closes; a left-over one would belong to nothing.
    let from = aside.join(STORE);
    std::fs::rename(&from, folder.join(STORE)).with_context(|| from.display().to_string())?;
    std::fs::remove_dir_all(&aside).with_context(|| aside.display().to_string())
}

/// One line per role, with an address that signs in; and a token for whoever tries the API.
async fn invitations(parts: &Parts) -> Result<Vec<String>> {
    let (db, app) = (parts.db(), &parts.app);
    let mut lines = Vec::new();
    for player in demo::players() {
        let secret = access::demo_link(db, &app.access, player.account).await?;
        lines.push(format!("sign-in {} {}/demo/{secret}", player.role, app.node.public_url));
    }
    for player in demo::players().into_iter().filter(|p| p.token) {
        let viewer = access::viewer_of(db, player.account, None, Via::Command).await?;
        let input = NewToken {
            label: "Demonstration".into(),
            scopes: vec!["read".into(), "write".into()],
            mandate: viewer.mandates.first().map(|m| m.id),
            days: 30,
        };
        let (_, token) = access::make_token(&app.house, &Asking::new(viewer), &input).await?;
        lines.push(format!("token {} {token}", player.role));
    }
    Ok(lines)
}
