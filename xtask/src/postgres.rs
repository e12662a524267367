//! A PostgreSQL of the test run's own: made, used and thrown away. It never touches a server that already runs.
use crate::process::{Process, quietly};
use crate::setup::{self, Scratch};
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

pub struct Postgres {
    /// Without a database: each test makes its own.
    pub url: String,
    // Dropped in this order: the server stops before its folder goes.
    _server: Process,
    _folder: Scratch,
}

impl Postgres {
    pub fn start() -> Result<Postgres> {
        let programs = setup::postgres_programs().context("no PostgreSQL programs")?;
        let folder = Scratch::new("postgres")?;
        let user = User::for_server()?;
        user.owns(folder.path())?;
        let data = folder.path().join("data");
        let made = user
            .runs(&programs.join("initdb"))
            .args([
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--pgdata",
            ])
            .arg(&data)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .output()
            .context("cannot run initdb")?;
        if !made.status.success() {
            bail!("initdb failed: {}", String::from_utf8_lossy(&made.stderr));
        }
        // A free port may be taken between the look and the start: then another one.
        for _ in 0..3 {
            if let Some((server, url)) = listen(&user, &programs, folder.path(), &data)? {
                return Ok(Postgres {
                    url,
                    _server: server,
                    _folder: folder,
                });
            }
        }
        bail!(
            "PostgreSQL did not start: {}",
            fs::read_to_string(folder.path().join("log")).unwrap_or_default()
        )
    }
}

fn listen(user: &User, programs: &Path, folder: &Path, data: &Path) -> Result<Option<(Process, String)>> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let log = folder.join("log");
    let mut command = user.runs(&programs.join("postgres"));
    command.arg("-D").arg(data).args(["-p", &port.to_string()]);
    for setting in [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "max_connections=200",
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "lc_messages=C",
    ] {
        command.args(["-c", setting]);
    }
    command
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&log)?);
    let mut server = Process::start(&mut command)?.stopping_with_interrupt();
    let until = Instant::now() + Duration::from_secs(30);
    while Instant::now() < until && !server.ended() {
        let mut said = String::new();
        File::open(&log)?.read_to_string(&mut said)?;
        if said.contains("ready to accept connections") {
            return Ok(Some((server, format!("postgres://postgres@127.0.0.1:{port}"))));
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(None)
}

/// PostgreSQL refuses to run as root; then it runs as its own user, or as nobody.
struct User {
    other: Option<(String, u32, u32)>,
}

impl User {
    fn for_server() -> Result<User> {
        if !setup::is_root() {
            return Ok(User { other: None });
        }
        for name in ["postgres", "nobody"] {
            let number = |flag: &str| quietly("id", &[flag, name]).and_then(|number| number.parse().ok());
            if let (Some(uid), Some(gid)) = (number("-u"), number("-g")) {
                return Ok(User {
                    other: Some((name.to_owned(), uid, gid)),
                });
            }
        }
        bail!("PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as")
    }

    fn owns(&self, folder: &Path) -> Result<()> {
        if let Some((_, uid, gid)) = &self.other {
            chown(folder, Some(*uid), Some(*gid))?;
        }
        Ok(())
    }

    fn runs(&self, program: &Path) -> Command {
        let Some((name, uid, gid)) = &self.other else {
            return Command::new(program);
        };
        let program: PathBuf = program.to_owned();
        let mut command;
        if setup::on_path("setpriv").is_some() {
            command = Command::new("setpriv");
            command.args([
                format!("--reuid={uid}"),
                format!("--regid={gid}"),
                "--clear-groups".to_owned(),
            ]);
            command.args(["--pdeathsig=INT", "--"]).arg(program);
        } else {
            command = Command::new("runuser");
            command.args(["-u", name, "--"]).arg(program);
        }
        command
    }
}
