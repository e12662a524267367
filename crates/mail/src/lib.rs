//! Letters out, by SMTP or, on a node that has no SMTP, into a folder.
//!
//! A [`Letter`] is checked when it is made into a message; what a person typed (names, subject) is cleaned, what is
//! addressed or fetched (addresses, identifier, unsubscribe link) is refused when it does not parse. So no text can
//! add a header line. Whether to try again is decided by the kind of [`Fault`] alone.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod letter;

pub use letter::{Letter, Sender};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, CertificateStore, Tls, TlsParameters},
        extension::ClientId,
    },
};
use serde::Deserialize;
use std::{path::PathBuf, time::Duration};
use thiserror::Error;

/// Why a letter did not go out.
#[derive(Debug, Error)]
pub enum Fault {
    /// The server was away, busy, or is set up wrongly: the same letter may pass later.
    #[error("not sent yet: {0}")]
    Temporary(String),
    /// The letter or its recipient is refused for good: trying again is of no use.
    #[error("refused for good: {0}")]
    Permanent(String),
}

/// Why a mailer could not be made from its settings.
#[derive(Debug, Error)]
pub enum ConfigFault {
    #[error("mail without encryption is for this machine only, not for {0:?}")]
    PlainElsewhere(String),
    #[error("a mail user needs a password, and a password a user")]
    HalfCredentials,
    #[error("mail encryption settings: {0}")]
    Tls(String),
}

/// How the connection is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Plain at first, then STARTTLS (RFC 3207) before anything is said; a server without it gets no letter.
    #[default]
    StartTls,
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// No protection: accepted for this machine only.
    None,
}

/// How to reach the mail server.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpConfig {
    pub host: String,
    /// 587 for STARTTLS, 465 for TLS, 25 for none when not given.
    #[serde(default)]
    pub port: Option<u16>,
    #[serde(default)]
    pub security: Security,
    #[serde(default)]
    pub user: Option<String>,
    #[serde(default)]
    pub password: Option<String>,
    /// For one command and its answer, in seconds.
    #[serde(default = "twenty")]
    pub timeout_seconds: u64,
    /// The name to greet with (EHLO); the machine's own when not given.
    #[serde(default)]
    pub hello: Option<String>,
    /// A further authority to trust, as PEM: offices often run one of their own.
    #[serde(default)]
    pub authority_pem: Option<String>,
}

fn twenty() -> u64 {
    20
}

impl std::fmt::Debug for SmtpConfig {
    /// Without the password, so that settings can be logged.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpConfig")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("user", &self.user)
            .field("password", &self.password.as_ref().map(|_| "***"))
            .finish_non_exhaustive()
    }
}

#[derive(Clone)]
enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

/// Sends letters. Cheap to clone; connections are shared.
#[derive(Clone)]
pub struct Mailer(Way);

impl Mailer {
    /// A mailer over SMTP. Nothing is connected yet; see [`Mailer::check`].
    ///
    /// # Errors
    /// [`ConfigFault`] when the settings contradict themselves.
    pub fn smtp(config: &SmtpConfig) -> Result<Self, ConfigFault> {
        let tls = || {
            let mut b = TlsParameters::builder(config.host.clone()).certificate_store(CertificateStore::WebpkiRoots);
            if let Some(pem) = &config.authority_pem {
                // The parser takes a file without any certificate for a list of none.
                if !pem.contains("-----BEGIN CERTIFICATE-----") {
                    return Err(ConfigFault::Tls("no certificate in the PEM text".to_owned()));
                }
                let fault = |e: lettre::transport::smtp::Error| ConfigFault::Tls(chain(&e));
                b = b.add_root_certificate(Certificate::from_pem(pem.as_bytes()).map_err(fault)?);
            }
            b.build().map_err(|e| ConfigFault::Tls(chain(&e)))
        };
        let (port, tls) = match config.security {
            Security::StartTls => (587, Tls::Required(tls()?)),
            Security::Tls => (465, Tls::Wrapper(tls()?)),
            Security::None if matches!(config.host.as_str(), "localhost" | "127.0.0.1" | "::1") => (25, Tls::None),
            Security::None => return Err(ConfigFault::PlainElsewhere(config.host.clone())),
        };
        let mut b = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.host)
            .port(config.port.unwrap_or(port))
            .timeout(Some(Duration::from_secs(config.timeout_seconds.max(1))))
            .tls(tls);
        if let Some(name) = &config.hello {
            b = b.hello_name(ClientId::Domain(name.clone()));
        }
        match (&config.user, &config.password) {
            (Some(u), Some(p)) => b = b.credentials(Credentials::new(u.clone(), p.clone())),
            (None, None) => {}
            _ => return Err(ConfigFault::HalfCredentials),
        }
        Ok(Mailer(Way::Smtp(b.build())))
    }

    /// A mailer that puts every letter as one `.eml` file into a folder, made when it is not there: for a node
    /// without SMTP, where one reads the letters with any mail program.
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Mailer(Way::Folder(path.into()))
    }

    /// Sends one letter.
    ///
    /// # Errors
    /// [`Fault::Temporary`]: no connection, a 4xx answer, or a wrong password (the office mends that, and the letter
    /// should not be lost over it). [`Fault::Permanent`]: the letter itself is not well formed, or a 5xx answer.
    pub async fn send(&self, letter: &Letter) -> Result<(), Fault> {
        let message = letter.message()?;
        match &self.0 {
            Way::Smtp(smtp) => match smtp.send(message).await {
                Ok(_) => Ok(()),
                Err(e) => Err(judge(&e)),
            },
            Way::Folder(folder) => {
                let fault = |e: std::io::Error| Fault::Temporary(format!("{}: {e}", folder.display()));
                tokio::fs::create_dir_all(folder).await.map_err(fault)?;
                // Named by the identifier, so that a second try replaces the first instead of adding to it; written
                // aside first, so that nobody reads half a letter.
                let name: String = letter
                    .message_id
                    .trim_matches(['<', '>'])
                    .chars()
                    .map(|c| {
                        if c.is_ascii_alphanumeric() || "-_@".contains(c) {
                            c
                        } else {
                            '.'
                        }
                    })
                    .collect();
                let name = name.trim_start_matches('.');
                let aside = folder.join(format!("{name}.part"));
                tokio::fs::write(&aside, message.formatted()).await.map_err(fault)?;
                tokio::fs::rename(&aside, folder.join(format!("{name}.eml")))
                    .await
                    .map_err(fault)
            }
        }
    }

    /// Whether letters could be sent now: connects and says goodbye, or sees that the folder can be made.
    ///
    /// # Errors
    /// [`Fault::Temporary`] with what went wrong.
    pub async fn check(&self) -> Result<(), Fault> {
        match &self.0 {
            Way::Smtp(smtp) => match smtp.test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => Err(Fault::Temporary("the server closed the connection".to_owned())),
                Err(e) => Err(Fault::Temporary(chain(&e))),
            },
            Way::Folder(folder) => tokio::fs::create_dir_all(folder)
                .await
                .map_err(|e| Fault::Temporary(e.to_string())),
        }
    }
}

/// An error with its causes: lettre keeps the server's words in the cause.
fn chain(e: &dyn std::error::Error) -> String {
    let (mut text, mut next) = (e.to_string(), e.source());
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

fn judge(e: &lettre::transport::smtp::Error) -> Fault {
    let code = e.status().map(|c| c.to_string()).unwrap_or_default();
    // These speak of us and the server, not of the letter: authentication (RFC 4954) and encryption (RFC 3207).
    let about_us = matches!(code.as_str(), "530" | "534" | "535" | "538");
    if e.is_permanent() && !about_us {
        Fault::Permanent(chain(e))
    } else {
        Fault::Temporary(chain(e))
    }
}
