//! The other side of what we speak, for the tests: a mail server that keeps what it gets, an identity provider.
use crate::process::{Process, node};
use crate::root;
use anyhow::{Context, Result};
use std::process::Stdio;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);

/// What runs, and the variables by which tests find it.
pub struct Peers {
    pub variables: Vec<(&'static str, String)>,
    _running: Vec<Process>,
}

impl Peers {
    pub fn start() -> Result<Peers> {
        let mut peers = Peers {
            variables: Vec::new(),
            _running: Vec::new(),
        };
        peers.add("oidc-provider.mjs", &[("oidc", "YOUCHENG_TEST_OIDC")])?;
        peers.add(
            "smtp-sink.mjs",
            &[("smtp", "YOUCHENG_TEST_SMTP"), ("http", "YOUCHENG_TEST_SMTP_HTTP")],
        )?;
        Ok(peers)
    }

    /// Starts one, and reads from its lines (`WORD VALUE`, in this order) where it is.
    fn add(&mut self, file: &str, words: &[(&str, &'static str)]) -> Result<()> {
        let program = root().join("tests/peers").join(file);
        if !program.is_file() {
            println!("tests/peers/{file} is not there yet");
            return Ok(());
        }
        let mut process = Process::start(
            node()
                .arg(program)
                .env("PEER_STOPS_WITH_STDIN", "1")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped()),
        )?;
        let lines = process.lines();
        for (word, variable) in words {
            let place = lines
                .after(word, PATIENCE)
                .with_context(|| format!("tests/peers/{file} did not start"))?;
            self.variables.push((variable, place));
        }
        self._running.push(process);
        Ok(())
    }
}
