//! The other side of what we speak, for the tests: a mail server that keeps what it gets, an identity provider,
//! an S3-compatible store.
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
        peers.add("s3-store.mjs", &[("s3", "YOUCHENG_TEST_S3")])?;
        Ok(peers)
    }

    /// Starts one, and reads where it is from the line `WORD PLACE [WORD PLACE]` that it prints when it answers.
    fn add(&mut self, file: &str, words: &[(&str, &'static str)]) -> Result<()> {
        let program = root().join("tests/peers").join(file);
        let mut process = Process::start(
            node()
                .arg(program)
                .env("PEER_STOPS_WITH_STDIN", "1")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped()),
        )?;
        let (first, _) = words.first().context("a peer says at least where it is")?;
        let line = process
            .lines()
            .after(first, PATIENCE)
            .with_context(|| format!("tests/peers/{file} did not start"))?;
        let line = format!("{first} {line}");
        let said: Vec<&str> = line.split_whitespace().collect();
        for (word, variable) in words {
            let place = said
                .chunks(2)
                .find(|pair| pair.first() == Some(word))
                .and_then(|pair| pair.get(1));
            let place = place.with_context(|| format!("tests/peers/{file} did not say its {word}: {line}"))?;
            self.variables.push((variable, (*place).to_owned()));
        }
        self._running.push(process);
        Ok(())
    }
}
