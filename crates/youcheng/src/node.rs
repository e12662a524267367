//! The node, put together from its settings.

use std::sync::Arc;

use access::{AccessConfig, Gate, House, OidcConfig};
use anyhow::{Context, Result};
use basis::Text;
use mail::{Mailer, SmtpConfig};
use pages::App;
use store::{Blobs, BlobsConfig, Db, DbConfig, Env, Handlers};

use crate::{
    config::{Config, MailSecurity},
    rooms,
};

/// Everything a command works with. Cheap to clone.
#[derive(Clone)]
pub struct Parts {
    pub config: Arc<Config>,
    pub app: App,
    pub handlers: Handlers,
    pub mailer: Mailer,
}
impl Parts {
    pub fn house(&self) -> &House {
        &self.app.house
    }
    pub fn db(&self) -> &Db {
        &self.app.house.db
    }
    pub fn blobs(&self) -> &Blobs {
        &self.app.house.blobs
    }
    /// The store's jobs, done by this process.
    pub fn worker(&self) -> store::Worker {
        store::Worker {
            db: self.db().clone(),
            handlers: self.handlers.clone(),
        }
    }

    /// Opens the store and the attachments, brings the tables to the newest step, reads the policies.
    ///
    /// # Errors
    /// With what could not be opened, by its setting.
    pub async fn open(config: Config, env: Env, demo: bool) -> Result<Parts> {
        let db = open_store(&config, env).await?;
        let ran = db
            .migrate(&rooms::migrations())
            .await
            .context("bringing the store's tables to the newest step")?;
        if ran > 0 {
            tracing::info!(steps = ran, "the store was brought to the newest step");
        }
        Parts::around(config, db, demo)
    }
    /// The node around an open store.
    ///
    /// # Errors
    /// Faulty policies, attachments out of reach, contradicting mail settings.
    pub fn around(config: Config, db: Db, demo: bool) -> Result<Parts> {
        let gate = Gate::new(&rooms::policies()).map_err(|faults| anyhow::anyhow!("the policies:\n{faults}"))?;
        for action in gate.unclaimed() {
            tracing::warn!(action, "a rule of the house names an action that no room declares");
        }
        let blobs = open_blobs(&config)?;
        let house = House {
            db,
            gate,
            blobs,
            zone: config.node.zone.0.clone(),
        };
        let n = &config.node;
        let node = pages::Node {
            city: Text::both(n.city_zh.clone(), n.city_en.clone()),
            office: Text::both(n.office_zh.clone(), n.office_en.clone()),
            public_url: config.public_url(),
            zone_name: n.zone.1.clone(),
            demo,
            moving_clock: None,
            contact: n.contact.clone(),
        };
        let access = access_config(&config, demo);
        let mailer = mailer(&config)?;
        let mut app = App::new(house, node, access, rooms::texts());
        app.upload_megabytes = config.limits.upload_megabytes;
        if let Some(address) = &n.source_url {
            app.offer_source(&address.0);
        }
        Ok(Parts {
            app,
            config: config.into(),
            handlers: rooms::handlers(),
            mailer,
        })
    }
}

/// Only the store, as it is.
///
/// # Errors
/// When it cannot be reached.
pub async fn open_store(config: &Config, env: Env) -> Result<Db> {
    let s = &config.store;
    let (target, name) = match &s.postgres {
        Some(url) => (
            DbConfig::Postgres {
                url: url.open().to_owned(),
                connections: s.connections,
            },
            "store.postgres".to_owned(),
        ),
        None => (
            DbConfig::Sqlite(s.sqlite.clone()),
            format!("store.sqlite, {}", s.sqlite.display()),
        ),
    };
    Db::open(&target, env)
        .await
        .with_context(|| format!("opening the store ({name})"))
}
/// As [`open_store`], for commands that only look: a mistyped path must not make a new, empty store.
///
/// # Errors
/// When it is not there or cannot be reached.
pub async fn open_kept_store(config: &Config, env: Env) -> Result<Db> {
    let s = &config.store;
    if s.postgres.is_none() && !s.sqlite.exists() {
        anyhow::bail!("there is no store at {} (store.sqlite)", s.sqlite.display());
    }
    open_store(config, env).await
}
/// Where attachments lie.
///
/// # Errors
/// When it cannot be opened.
pub fn open_blobs(config: &Config) -> Result<Blobs> {
    Blobs::open(&blobs_config(config)).context("attachments")
}
fn blobs_config(config: &Config) -> BlobsConfig {
    let a = &config.attachments;
    match (&a.s3_bucket, &a.s3_endpoint, &a.s3_key, &a.s3_secret) {
        (Some(bucket), Some(endpoint), Some(key), Some(secret)) => BlobsConfig::S3 {
            endpoint: endpoint.0.clone(),
            bucket: bucket.clone(),
            region: a.s3_region.clone(),
            key_id: key.clone(),
            secret: secret.open().to_owned(),
            allow_http: endpoint.0.starts_with("http://"),
        },
        _ => BlobsConfig::Folder(a.folder.clone()),
    }
}
fn access_config(config: &Config, demo: bool) -> AccessConfig {
    let s = &config.sign_in;
    let oidc = match (&s.oidc_issuer, &s.oidc_client, &s.oidc_secret) {
        (Some(issuer), Some(client), Some(secret)) => Some(OidcConfig {
            issuer: issuer.clone(),
            client_id: client.clone(),
            client_secret: secret.open().to_owned(),
            name: Text::both(s.oidc_name_zh.clone(), s.oidc_name_en.clone()),
        }),
        _ => None,
    };
    AccessConfig {
        public_url: config.public_url(),
        secure_cookies: config.secure_cookies(),
        demo,
        oidc,
    }
}
fn mailer(config: &Config) -> Result<Mailer> {
    let m = &config.mail;
    let Some(host) = &m.smtp_host else {
        return Ok(Mailer::folder(&m.folder));
    };
    let authority_pem = m
        .smtp_authority
        .as_ref()
        .map(|p| std::fs::read_to_string(p).with_context(|| format!("mail.smtp_authority, {}", p.display())))
        .transpose()?;
    Mailer::smtp(&SmtpConfig {
        host: host.clone(),
        port: m.smtp_port,
        security: match m.smtp_security {
            MailSecurity::StartTls => mail::Security::StartTls,
            MailSecurity::Tls => mail::Security::Tls,
            MailSecurity::None => mail::Security::None,
        },
        user: m.smtp_user.clone(),
        password: m.smtp_password.as_ref().map(|p| p.open().to_owned()),
        timeout_seconds: 20,
        hello: None,
        authority_pem,
    })
    .context("mail")
}
