//! The types that settings have.

use std::{net::SocketAddr, path::PathBuf};

use super::read::{Raw, Setting};

fn text_of(raw: &Raw, kind: &str) -> Result<String, String> {
    match raw {
        Raw::Text(s) | Raw::Toml(toml::Value::String(s)) => Ok(s.trim().to_owned()),
        Raw::Toml(v) => Err(format!("{kind} was expected, not {}", v.type_str())),
    }
}

impl Setting for String {
    const KIND: &'static str = "text";
    fn read(raw: &Raw) -> Result<Self, String> {
        text_of(raw, Self::KIND)
    }
    fn shown(&self) -> String {
        format!("\"{self}\"")
    }
}
impl Setting for PathBuf {
    const KIND: &'static str = "path";
    fn read(raw: &Raw) -> Result<Self, String> {
        match text_of(raw, Self::KIND)? {
            s if s.is_empty() => Err("a path was expected, but it is empty".into()),
            s => Ok(s.into()),
        }
    }
    fn shown(&self) -> String {
        format!("\"{}\"", self.display())
    }
}
impl Setting for bool {
    const KIND: &'static str = "true or false";
    fn read(raw: &Raw) -> Result<Self, String> {
        match raw {
            Raw::Toml(toml::Value::Boolean(b)) => Ok(*b),
            Raw::Text(s) if matches!(s.trim(), "true" | "yes" | "1") => Ok(true),
            Raw::Text(s) if matches!(s.trim(), "false" | "no" | "0") => Ok(false),
            Raw::Text(s) => Err(format!("true or false was expected, not \"{s}\"")),
            Raw::Toml(v) => Err(format!("true or false was expected, not {}", v.type_str())),
        }
    }
    fn shown(&self) -> String {
        self.to_string()
    }
}
macro_rules! whole_numbers {
    ($($t:ty),*) => {$(
        impl Setting for $t {
            const KIND: &'static str = "whole number";
            fn read(raw: &Raw) -> Result<Self, String> {
                let n = match raw {
                    Raw::Toml(toml::Value::Integer(n)) => *n,
                    Raw::Text(s) => s.trim().parse().map_err(|_| format!("a whole number was expected, not \"{s}\""))?,
                    Raw::Toml(v) => return Err(format!("a whole number was expected, not {}", v.type_str())),
                };
                <$t>::try_from(n).map_err(|_| format!("{n} is not between 0 and {}", <$t>::MAX))
            }
            fn shown(&self) -> String { self.to_string() }
        }
    )*};
}
whole_numbers!(u16, u32, u64);
impl Setting for SocketAddr {
    const KIND: &'static str = "address and port";
    fn read(raw: &Raw) -> Result<Self, String> {
        let s = text_of(raw, Self::KIND)?;
        s.parse()
            .map_err(|_| format!("an address with a port was expected, as 127.0.0.1:8080, not \"{s}\""))
    }
    fn shown(&self) -> String {
        format!("\"{self}\"")
    }
}
impl<T: Setting> Setting for Option<T> {
    const KIND: &'static str = T::KIND;
    const SECRET: bool = T::SECRET;
    fn read(raw: &Raw) -> Result<Self, String> {
        match raw {
            // An empty variable is how one takes a setting of the file away.
            Raw::Text(s) if s.trim().is_empty() => Ok(None),
            other => T::read(other).map(Some),
        }
    }
    fn shown(&self) -> String {
        self.as_ref().map_or_else(String::new, T::shown)
    }
}

/// A text that must not show up in a log or on a screen.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);
impl Secret {
    pub fn open(&self) -> &str {
        &self.0
    }
}
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}
impl Setting for Secret {
    const KIND: &'static str = "secret text";
    const SECRET: bool = true;
    fn read(raw: &Raw) -> Result<Self, String> {
        match raw {
            Raw::Text(s) | Raw::Toml(toml::Value::String(s)) => Ok(Secret(s.clone())),
            Raw::Toml(v) => Err(format!("text was expected, not {}", v.type_str())),
        }
    }
    fn shown(&self) -> String {
        String::new()
    }
}

/// A list in words, each with what it means to the program.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident, $kind:literal { $($(#[$vdoc:meta])* $variant:ident => $word:literal),* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$vdoc])* $variant),* }
        impl Setting for $name {
            const KIND: &'static str = $kind;
            fn read(raw: &Raw) -> Result<Self, String> {
                match text_of(raw, "text")?.as_str() {
                    $($word => Ok($name::$variant),)*
                    other => Err(format!("{} was expected, not \"{other}\"", $kind)),
                }
            }
            fn shown(&self) -> String { match self { $($name::$variant => concat!("\"", $word, "\"")),* }.to_owned() }
        }
    };
}
choices!(
    /// How log lines are written.
    LogForm, "\"text\" or \"json\"" { Text => "text", Json => "json" }
);
choices!(
    /// How the way to the mail server is protected.
    MailSecurity, "\"starttls\", \"tls\" or \"none\"" { StartTls => "starttls", Tls => "tls", None => "none" }
);

/// An instant zone name that exists.
#[derive(Clone, Debug)]
pub struct Zone(pub jiff::tz::TimeZone, pub String);
impl Zone {
    /// The zone of this name.
    ///
    /// # Errors
    /// In words, when there is none.
    pub fn named(name: &str) -> Result<Zone, String> {
        jiff::tz::TimeZone::get(name)
            .map(|z| Zone(z, name.to_owned()))
            .map_err(|_| format!("\"{name}\" is not an IANA time zone; Asia/Shanghai is one"))
    }
}
impl Setting for Zone {
    const KIND: &'static str = "IANA time zone";
    fn read(raw: &Raw) -> Result<Self, String> {
        Zone::named(&text_of(raw, Self::KIND)?)
    }
    fn shown(&self) -> String {
        format!("\"{}\"", self.1)
    }
}

/// A web address without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress(pub String);
impl Setting for WebAddress {
    const KIND: &'static str = "web address";
    fn read(raw: &Raw) -> Result<Self, String> {
        let s = text_of(raw, Self::KIND)?;
        let url = s
            .parse::<axum::http::Uri>()
            .ok()
            .filter(|u| matches!(u.scheme_str(), Some("http" | "https")) && u.host().is_some_and(|h| !h.is_empty()));
        match url {
            Some(_) => Ok(WebAddress(s.trim_end_matches('/').to_owned())),
            None => Err(format!("an address with http:// or https:// was expected, not \"{s}\"")),
        }
    }
    fn shown(&self) -> String {
        format!("\"{}\"", self.0)
    }
}
