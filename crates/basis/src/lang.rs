use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A language of people's texts, as a BCP 47 tag ("zh-Hans", "de", "sr-Latn").
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Lang(String);

impl Lang {
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// "zh" of "zh-Hans".
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or("")
    }
    pub fn en() -> Self {
        Lang("en".into())
    }
    pub fn zh() -> Self {
        Lang("zh-Hans".into())
    }
}
impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
/// The tag is not shaped like BCP 47 section 2.1.
#[derive(Debug, thiserror::Error)]
#[error("not a language tag")]
pub struct NotALang;
impl FromStr for Lang {
    type Err = NotALang;
    fn from_str(s: &str) -> Result<Self, NotALang> {
        let mut parts = s.split('-');
        let primary = parts.next().unwrap_or("");
        let ok = (2..=3).contains(&primary.len())
            && primary.bytes().all(|b| b.is_ascii_lowercase())
            && s.len() <= 35
            && parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
        if ok { Ok(Lang(s.into())) } else { Err(NotALang) }
    }
}
impl TryFrom<String> for Lang {
    type Error = NotALang;
    fn try_from(s: String) -> Result<Self, NotALang> {
        s.parse()
    }
}
impl From<Lang> for String {
    fn from(l: Lang) -> String {
        l.0
    }
}

/// A language of the interface. Every page exists in every one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Locale {
    #[serde(rename = "en")]
    En,
    #[serde(rename = "zh")]
    Zh,
}
impl Locale {
    pub const ALL: [Locale; 2] = [Locale::Zh, Locale::En];
    /// The first part of every page's address: "/zh/…", "/en/…".
    pub fn path(self) -> &'static str {
        match self {
            Locale::En => "en",
            Locale::Zh => "zh",
        }
    }
    /// The BCP 47 tag, for `lang` attributes and Fluent.
    pub fn tag(self) -> &'static str {
        match self {
            Locale::En => "en",
            Locale::Zh => "zh-Hans",
        }
    }
    pub fn lang(self) -> Lang {
        Lang(self.tag().into())
    }
    pub fn from_path(s: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.path() == s)
    }
    /// The best of our languages for an `Accept-Language` header (RFC 9110 section 12.5.4); Chinese speakers of any
    /// region read zh-Hans here, everyone else English.
    pub fn negotiate(header: &str) -> Self {
        let mut best = (0.0_f32, Locale::En);
        for part in header.split(',').take(20) {
            let mut bits = part.split(';');
            let tag = bits.next().unwrap_or("").trim().to_ascii_lowercase();
            let q = bits
                .find_map(|b| b.trim().strip_prefix("q=").and_then(|q| q.parse().ok()))
                .unwrap_or(1.0);
            let locale = match tag.split('-').next() {
                Some("zh") => Locale::Zh,
                Some("en") => Locale::En,
                _ => continue,
            };
            if q > best.0 {
                best = (q, locale);
            }
        }
        best.1
    }
}
impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn negotiates() {
        assert_eq!(Locale::negotiate("de,zh-CN;q=0.9,en;q=0.8"), Locale::Zh);
        assert_eq!(Locale::negotiate("fr"), Locale::En);
        assert_eq!(Locale::negotiate("en-GB,zh;q=0.2"), Locale::En);
    }
    #[test]
    fn tags_are_checked() {
        assert!("zh-Hans".parse::<Lang>().is_ok());
        assert!("<b>".parse::<Lang>().is_err());
        assert!("".parse::<Lang>().is_err());
    }
}
