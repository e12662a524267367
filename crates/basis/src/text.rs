use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::{Lang, Locale};

/// A person's text in one or more languages. The source language is known; machine-made versions are marked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    source: Lang,
    by_lang: BTreeMap<Lang, Version>,
}
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Version {
    text: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    machine: bool,
}

/// One version of a text, as shown to one reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown<'a> {
    pub text: &'a str,
    pub lang: &'a Lang,
    pub machine: bool,
    /// Not the language the reader asked for.
    pub foreign: bool,
}

impl Text {
    pub fn new(source: Lang, text: impl Into<String>) -> Self {
        let version = Version {
            text: text.into(),
            machine: false,
        };
        Text {
            by_lang: BTreeMap::from([(source.clone(), version)]),
            source,
        }
    }
    /// Written by people in both of the house's languages; the first is the source.
    pub fn both(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Text::new(Lang::zh(), zh).with(Lang::en(), en)
    }
    /// Adds a version by a person.
    #[must_use]
    pub fn with(mut self, lang: Lang, text: impl Into<String>) -> Self {
        self.by_lang.insert(
            lang,
            Version {
                text: text.into(),
                machine: false,
            },
        );
        self
    }
    /// Adds a version by a machine; a person's version is never overwritten by it.
    #[must_use]
    pub fn with_machine(mut self, lang: Lang, text: impl Into<String>) -> Self {
        self.by_lang.entry(lang).or_insert(Version {
            text: text.into(),
            machine: true,
        });
        self
    }
    pub fn source(&self) -> &Lang {
        &self.source
    }
    pub fn langs(&self) -> impl Iterator<Item = &Lang> {
        self.by_lang.keys()
    }
    /// Exactly this language, or nothing.
    pub fn get(&self, lang: &str) -> Option<&str> {
        self.by_lang
            .iter()
            .find(|(l, _)| l.as_str() == lang)
            .map(|(_, v)| v.text.as_str())
    }
    /// What a reader of `locale` sees: their language, else the source. Never empty-handed.
    pub fn shown(&self, locale: Locale) -> Shown<'_> {
        let exact = self.by_lang.iter().find(|(l, _)| l.as_str() == locale.tag());
        let near = || self.by_lang.iter().find(|(l, _)| l.primary() == locale.path());
        if let Some((lang, v)) = exact.or_else(near) {
            return Shown {
                text: &v.text,
                lang,
                machine: v.machine,
                foreign: false,
            };
        }
        let (lang, v) = self
            .by_lang
            .get_key_value(&self.source)
            .or_else(|| self.by_lang.iter().next())
            .map_or_else(|| (&self.source, None), |(l, v)| (l, Some(v)));
        Shown {
            text: v.map_or("", |v| &v.text),
            lang,
            machine: v.is_some_and(|v| v.machine),
            foreign: true,
        }
    }
    /// The words alone, for titles and sorting.
    pub fn plain(&self, locale: Locale) -> &str {
        self.shown(locale).text
    }
    /// The same name in the house's other language, if it has one that differs: names show in both scripts.
    pub fn other(&self, locale: Locale) -> Option<Shown<'_>> {
        let here = self.shown(locale);
        self.by_lang
            .iter()
            .filter(|(l, v)| *l != here.lang && v.text != here.text)
            .min_by_key(|(l, _)| (l.primary() != "zh" && l.primary() != "en", **l != self.source))
            .map(|(lang, v)| Shown {
                text: &v.text,
                lang,
                machine: v.machine,
                foreign: true,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn readers_get_their_language_or_the_source() {
        let t = Text::new("de".parse().unwrap(), "Stadtbücherei").with(Lang::zh(), "市图书馆");
        assert_eq!(t.shown(Locale::Zh).text, "市图书馆");
        let en = t.shown(Locale::En);
        assert_eq!((en.text, en.lang.as_str(), en.foreign), ("Stadtbücherei", "de", true));
        assert_eq!(t.other(Locale::Zh).map(|s| s.text), Some("Stadtbücherei"));
    }
    #[test]
    fn machines_never_overwrite_people() {
        let t = Text::both("你好", "hello").with_machine(Lang::en(), "hi");
        assert_eq!(t.plain(Locale::En), "hello");
    }
    #[test]
    fn json_round_trip() {
        let t = Text::both("友城", "sister city");
        assert_eq!(
            serde_json::from_str::<Text>(&serde_json::to_string(&t).unwrap()).unwrap(),
            t
        );
    }
}
