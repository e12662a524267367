//! The node's settings: one struct per concern, read from one file and the environment, checked together at start.
//!
//! A node runs with no file at all. `docs/configuration.md` is made from these structs and kept equal by a test.

mod describe;
mod kinds;
mod read;

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

pub use describe::markdown;
pub use kinds::{LogForm, MailSecurity, Secret, WebAddress, Zone};
pub use read::{Given, Setting};

/// One key, for the documentation.
#[derive(Clone, Debug)]
pub struct KeyAbout {
    pub name: &'static str,
    pub kind: &'static str,
    pub default: String,
    pub about: String,
    pub secret: bool,
}
/// One section, for the documentation.
#[derive(Clone, Debug)]
pub struct SectionAbout {
    pub name: &'static str,
    pub about: String,
    pub keys: Vec<KeyAbout>,
}

macro_rules! settings {
    ($($(#[doc = $about:literal])* $name:ident in $section:literal { $($(#[doc = $kabout:literal])* $key:ident: $kind:ty = $default:expr;)* })*) => {
        $(
            $(#[doc = $about])*
            #[derive(Clone, Debug)]
            pub struct $name { $($(#[doc = $kabout])* pub $key: $kind),* }
            impl $name {
                fn read(given: &mut Given) -> Self {
                    $name { $($key: given.take($section, stringify!($key), $default)),* }
                }
                fn about() -> SectionAbout {
                    SectionAbout {
                        name: $section,
                        about: lines(&[$($about),*]),
                        keys: vec![$(KeyAbout {
                            name: stringify!($key),
                            kind: <$kind as Setting>::KIND,
                            default: { let d: $kind = $default; d.shown() },
                            about: lines(&[$($kabout),*]),
                            secret: <$kind as Setting>::SECRET,
                        }),*],
                    }
                }
            }
        )*
        /// Every section, in the order of the documentation.
        pub fn sections() -> Vec<SectionAbout> { vec![$($name::about()),*] }
    };
}
fn lines(docs: &[&str]) -> String {
    docs.iter().map(|l| l.trim()).collect::<Vec<_>>().join(" ")
}
fn text(s: &str) -> String {
    s.to_owned()
}
fn here(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}
fn china() -> Zone {
    // jiff's UTC never fails; the named zone is embedded in the binary where the machine has none.
    Zone::named("Asia/Shanghai").unwrap_or(Zone(jiff::tz::TimeZone::UTC, text("UTC")))
}

settings! {
    /// What the node is: the city it stands for, the office that runs it, where readers reach it.
    NodeConfig in "node" {
        /// The home city in Chinese.
        city_zh: String = text("重庆");
        /// The home city in English.
        city_en: String = text("Chongqing");
        /// The office that runs the node, in Chinese.
        office_zh: String = text("重庆市人民政府外事办公室");
        /// The office that runs the node, in English.
        office_en: String = text("Foreign Affairs Office of Chongqing");
        /// How to write to the office; stands at the foot of every page.
        contact: String = text("office@localhost");
        /// Where readers reach the node, as they type it; used in letters, feeds and share cards. When it is not given, the listening address.
        public_url: Option<WebAddress> = None;
        /// Where the source of this very program can be had; stands at the foot of every page, as AGPL-3.0 section 13 asks of who changed it.
        source_url: Option<WebAddress> = None;
        /// The zone by whose clock days begin and deadlines fall.
        zone: Zone = china();
    }
    /// Where the server listens.
    ListenConfig in "listen" {
        /// Address and port. Behind a reverse proxy leave it on this machine.
        address: SocketAddr = here(8080);
        /// Addresses of reverse proxies that are believed when they say for whom they ask (X-Forwarded-For), with commas between them. Throttles count by that address.
        proxies: String = String::new();
        /// Seconds that requests under way may take to end when the server is told to stop.
        stop_seconds: u64 = 20;
    }
    /// Where the data lies: an embedded SQLite file, or PostgreSQL (15 or newer) for several nodes on one store.
    StoreConfig in "store" {
        /// The SQLite file; made when it is not there.
        sqlite: PathBuf = PathBuf::from("data/youcheng.sqlite");
        /// A postgres:// address; when given, it is used instead of the file.
        postgres: Option<Secret> = None;
        /// At most so many connections to PostgreSQL.
        connections: u32 = 10;
    }
    /// Where files that people hand in lie: a folder, or an S3-compatible store when a bucket is given.
    AttachmentsConfig in "attachments" {
        /// The folder; made when it is not there.
        folder: PathBuf = PathBuf::from("data/attachments");
        /// The address of an S3-compatible store.
        s3_endpoint: Option<WebAddress> = None;
        /// The bucket in it.
        s3_bucket: Option<String> = None;
        /// Its region.
        s3_region: String = text("us-east-1");
        /// The key's name.
        s3_key: Option<String> = None;
        /// The key's secret.
        s3_secret: Option<Secret> = None;
    }
    /// How letters go out: by SMTP when a host is given, else each as one .eml file into a folder.
    MailConfig in "mail" {
        /// The folder for letters on a node without SMTP.
        folder: PathBuf = PathBuf::from("data/letters");
        /// The mail server.
        smtp_host: Option<String> = None;
        /// Its port: 587 for starttls, 465 for tls, 25 for none when not given.
        smtp_port: Option<u16> = None;
        /// How the way there is protected; "none" is for this machine only.
        smtp_security: MailSecurity = MailSecurity::StartTls;
        /// The user, where the server wants one.
        smtp_user: Option<String> = None;
        /// The user's password.
        smtp_password: Option<Secret> = None;
        /// A further certificate authority to trust, as a PEM file.
        smtp_authority: Option<PathBuf> = None;
        /// The address letters come from.
        from: String = text("youcheng@localhost");
        /// The name letters come from; the office's name when not given.
        from_name: Option<String> = None;
    }
    /// Signing in: by password always, by the city's own OpenID Connect provider when one is given.
    SignInConfig in "sign_in" {
        /// The provider's issuer address, exactly as it names itself.
        oidc_issuer: Option<String> = None;
        /// The name this node has there.
        oidc_client: Option<String> = None;
        /// The secret it has there.
        oidc_secret: Option<Secret> = None;
        /// What the provider is called on the button, in Chinese.
        oidc_name_zh: String = text("统一身份认证");
        /// What the provider is called on the button, in English.
        oidc_name_en: String = text("City account");
        /// Cookies only over HTTPS. When not given: yes where public_url begins with https.
        secure_cookies: Option<bool> = None;
    }
    /// How much one request may be.
    LimitsConfig in "limits" {
        /// Megabytes of a form or an API call.
        form_megabytes: u32 = 2;
        /// Megabytes of a request that carries files.
        upload_megabytes: u32 = 25;
        /// Seconds after which a request is given up.
        request_seconds: u64 = 60;
    }
    /// What the server says of its work.
    LogsConfig in "logs" {
        /// How lines are written.
        form: LogForm = LogForm::Text;
        /// From which weight on, by part of the program, as the tracing crate reads it.
        filter: String = text("info");
    }
    /// Figures for Prometheus under /metrics.
    MetricsConfig in "metrics" {
        /// The bearer token to read them with. When none is given, only this machine may read them, and not through a proxy.
        token: Option<Secret> = None;
    }
    /// For tests and measurements.
    TestsConfig in "tests" {
        /// Says in every answer's x-store-queries header how many statements it sent to the store.
        count_queries: bool = false;
    }
}

/// All settings.
#[derive(Clone, Debug)]
pub struct Config {
    pub node: NodeConfig,
    pub listen: ListenConfig,
    pub store: StoreConfig,
    pub attachments: AttachmentsConfig,
    pub mail: MailConfig,
    pub sign_in: SignInConfig,
    pub limits: LimitsConfig,
    pub logs: LogsConfig,
    pub metrics: MetricsConfig,
    pub tests: TestsConfig,
}

impl ListenConfig {
    /// The proxies that are believed.
    ///
    /// # Errors
    /// The first word that is no address.
    pub fn trusted(&self) -> Result<Vec<IpAddr>, String> {
        let words = self.proxies.split(',').map(str::trim).filter(|w| !w.is_empty());
        words.map(|w| w.parse().map_err(|_| w.to_owned())).collect()
    }
}

/// Everything wrong with the settings, a line each.
#[derive(Debug, thiserror::Error)]
#[error("the settings have {} fault{}:\n  {}", .0.len(), if .0.len() == 1 { "" } else { "s" }, .0.join("\n  "))]
pub struct ConfigFaults(pub Vec<String>);

impl Config {
    /// Reads what was given and checks it as a whole.
    ///
    /// # Errors
    /// Every fault at once.
    pub fn read(mut given: Given) -> Result<Config, ConfigFaults> {
        let g = &mut given;
        let config = Config {
            node: NodeConfig::read(g),
            listen: ListenConfig::read(g),
            store: StoreConfig::read(g),
            attachments: AttachmentsConfig::read(g),
            mail: MailConfig::read(g),
            sign_in: SignInConfig::read(g),
            limits: LimitsConfig::read(g),
            logs: LogsConfig::read(g),
            metrics: MetricsConfig::read(g),
            tests: TestsConfig::read(g),
        };
        let known: Vec<(String, String)> = sections()
            .into_iter()
            .flat_map(|s| s.keys.into_iter().map(move |k| (s.name.to_owned(), k.name.to_owned())))
            .collect();
        g.refuse_unknown(&known);
        config.check(g);
        if given.faults.is_empty() {
            Ok(config)
        } else {
            Err(ConfigFaults(given.faults))
        }
    }
    /// With no file and no variable.
    ///
    /// # Errors
    /// None, unless the defaults contradict themselves.
    pub fn plain() -> Result<Config, ConfigFaults> {
        Config::read(Given::default())
    }
    /// What only shows when one looks at several keys.
    fn check(&self, g: &mut Given) {
        let mut faults = Vec::new();
        let mut need = |g: &Given, section: &str, key: &str, because: String, there: bool| {
            if !there {
                faults.push(format!("{}: is needed {because}", g.named(section, key)));
            }
        };
        let a = &self.attachments;
        if a.s3_bucket.is_some() {
            let because = format!("because {} is set", g.named("attachments", "s3_bucket"));
            need(
                g,
                "attachments",
                "s3_endpoint",
                because.clone(),
                a.s3_endpoint.is_some(),
            );
            need(g, "attachments", "s3_key", because.clone(), a.s3_key.is_some());
            need(g, "attachments", "s3_secret", because, a.s3_secret.is_some());
        }
        let m = &self.mail;
        if m.smtp_user.is_some() != m.smtp_password.is_some() {
            let (there, missing) = if m.smtp_user.is_some() {
                ("smtp_user", "smtp_password")
            } else {
                ("smtp_password", "smtp_user")
            };
            let because = format!("because {} is set", g.named("mail", there));
            need(g, "mail", missing, because, false);
        }
        let s = &self.sign_in;
        if s.oidc_issuer.is_some() || s.oidc_client.is_some() || s.oidc_secret.is_some() {
            let because = || "for signing in by OpenID Connect".to_owned();
            need(g, "sign_in", "oidc_issuer", because(), s.oidc_issuer.is_some());
            need(g, "sign_in", "oidc_client", because(), s.oidc_client.is_some());
            need(g, "sign_in", "oidc_secret", because(), s.oidc_secret.is_some());
        }
        if s.oidc_issuer
            .as_deref()
            .is_some_and(|i| !i.starts_with("https://") && !i.starts_with("http://"))
        {
            faults.push(format!(
                "{}: an address with https:// was expected",
                g.named("sign_in", "oidc_issuer")
            ));
        }
        if let Err(bad) = self.listen.trusted() {
            faults.push(format!(
                "{}: \"{bad}\" is no network address",
                g.named("listen", "proxies")
            ));
        }
        if m.smtp_security == MailSecurity::None
            && m.smtp_host
                .as_deref()
                .is_some_and(|h| !matches!(h, "localhost" | "127.0.0.1" | "::1"))
        {
            faults.push(format!(
                "{}: letters without protection are for this machine only",
                g.named("mail", "smtp_security")
            ));
        }
        if let Some(url) = &self.store.postgres
            && !(url.open().starts_with("postgres://") || url.open().starts_with("postgresql://"))
        {
            faults.push(format!(
                "{}: an address with postgres:// was expected",
                g.named("store", "postgres")
            ));
        }
        for (key, n) in [("connections", u64::from(self.store.connections))] {
            if n == 0 {
                faults.push(format!("{}: at least 1 is needed", g.named("store", key)));
            }
        }
        for (key, n) in [
            ("form_megabytes", u64::from(self.limits.form_megabytes)),
            ("upload_megabytes", u64::from(self.limits.upload_megabytes)),
            ("request_seconds", self.limits.request_seconds),
        ] {
            if n == 0 {
                faults.push(format!("{}: at least 1 is needed", g.named("limits", key)));
            }
        }
        if !self.mail.from.contains('@') {
            faults.push(format!("{}: an e-mail address was expected", g.named("mail", "from")));
        }
        if self.logs.filter.parse::<tracing_subscriber::filter::Targets>().is_err() {
            faults.push(format!(
                "{}: was not understood; \"info\" or \"info,store=debug\" are",
                g.named("logs", "filter")
            ));
        }
        if self.sign_in.secure_cookies == Some(true) && self.public_url().starts_with("http://") {
            faults.push(format!(
                "{}: browsers keep such cookies only where node.public_url begins with https://",
                g.named("sign_in", "secure_cookies")
            ));
        }
        g.faults.extend(faults);
    }
    /// Where readers reach the node, without a slash at the end.
    pub fn public_url(&self) -> String {
        self.node
            .public_url
            .as_ref()
            .map_or_else(|| format!("http://{}", self.listen.address), |u| u.0.clone())
    }
    pub fn secure_cookies(&self) -> bool {
        self.sign_in
            .secure_cookies
            .unwrap_or_else(|| self.public_url().starts_with("https://"))
    }
}

/// Reads the settings as the program does at start: the file named at the command line, else `./youcheng.toml` where
/// there is one, then the environment.
///
/// # Errors
/// Every fault at once; a named file that cannot be read is one.
pub fn load(file: Option<&std::path::Path>) -> Result<Config, ConfigFaults> {
    let mut given = Given::default();
    let usual = std::path::Path::new("youcheng.toml");
    if let Some(path) = file.or_else(|| usual.exists().then_some(usual)) {
        match std::fs::read_to_string(path) {
            Ok(text) => given.file(&path.display().to_string(), &text),
            Err(e) => given.faults.push(format!("{}: {e}", path.display())),
        }
    }
    given.environment(std::env::vars());
    Config::read(given)
}

#[cfg(test)]
mod tests;
