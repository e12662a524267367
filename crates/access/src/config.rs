//! How people reach the node and sign in to it, as the binary's configuration says.

use basis::{Locale, Text};

/// Sign-in by an OpenID Connect provider.
#[derive(Clone)]
pub struct OidcConfig {
    /// Exactly as the provider names itself: "https://login.example.org/realms/city".
    pub issuer: String,
    pub client_id: String,
    pub client_secret: String,
    /// What the button says.
    pub name: Text,
}
impl std::fmt::Debug for OidcConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The secret must not reach a log.
        write!(f, "OidcConfig({}, {})", self.issuer, self.client_id)
    }
}

#[derive(Clone, Debug)]
pub struct AccessConfig {
    /// Where people reach the node, without a slash at the end.
    pub public_url: String,
    /// Cookies only over https; off for a node on this very machine.
    pub secure_cookies: bool,
    /// Sign-in links of demonstration accounts work.
    pub demo: bool,
    pub oidc: Option<OidcConfig>,
}
impl AccessConfig {
    /// The session cookie's name: `__Host-` binds it to this host, to https and to the whole site (RFC 6265bis 4.1.3).
    pub fn cookie_name(&self) -> &'static str {
        if self.secure_cookies {
            "__Host-youcheng"
        } else {
            "youcheng"
        }
    }
    /// `Set-Cookie` for a session that begins.
    pub fn session_cookie(&self, secret: &str) -> String {
        let days = crate::session::MOST_DAYS;
        self.cookie_of(self.cookie_name(), secret, days * 24 * 3600)
    }
    /// `Set-Cookie` for a session that ended.
    pub fn ended_cookie(&self) -> String {
        self.cookie_of(self.cookie_name(), "", 0)
    }
    pub(crate) fn cookie_of(&self, name: &str, value: &str, seconds: i64) -> String {
        let secure = if self.secure_cookies { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
    }
    /// An address of this node in a language: `link(zh, "/confirm?key=…")`.
    pub fn link(&self, locale: Locale, path: &str) -> String {
        format!("{}/{}{path}", self.public_url, locale.path())
    }
    /// Where a provider sends people back to.
    pub fn oidc_return(&self) -> String {
        format!("{}/sign-in/openid/return", self.public_url)
    }
}

/// Where a request came from, as far as throttles and the list of sessions need to know.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The network address, or nothing where it is not known.
    pub address: Option<String>,
    /// What the browser calls itself.
    pub browser: String,
    pub locale: Locale,
}
impl Origin {
    /// For tests and for the command line.
    pub fn here(locale: Locale) -> Self {
        Origin {
            address: None,
            browser: String::new(),
            locale,
        }
    }
}
