use std::collections::HashMap;

use basis::{Arg, Locale, Refusal};
use fluent::FluentValue;
use i18n_embed::{I18nAssets, LanguageLoader, fluent::FluentLanguageLoader};
use jiff::tz::TimeZone;

use crate::fmt;

/// One room's sentences in every language of the interface.
pub struct Texts {
    pub domain: &'static str,
    en: FluentLanguageLoader,
    zh: FluentLanguageLoader,
}

/// `texts!("calls");` gives the crate its `TEXTS`, from `i18n/en/calls.ftl` and `i18n/zh-Hans/calls.ftl`,
/// and `t(locale)`, the loader that `fl!` takes.
#[macro_export]
macro_rules! texts {
    ($domain:literal) => {
        #[derive(rust_embed::RustEmbed)]
        #[folder = "i18n/"]
        struct Sentences;
        /// This room's sentences.
        pub static TEXTS: std::sync::LazyLock<$crate::Texts> =
            std::sync::LazyLock::new(|| $crate::Texts::load($domain, &Sentences));
        /// The sentences for readers of this language, as `fl!` wants them.
        #[allow(dead_code)]
        pub(crate) fn t(locale: basis::Locale) -> &'static i18n_embed::fluent::FluentLanguageLoader {
            TEXTS.of(locale)
        }
    };
}

impl Texts {
    /// # Panics
    /// If the embedded files cannot be read: the build is broken, and the first test says so.
    pub fn load(domain: &'static str, assets: &dyn I18nAssets) -> Texts {
        let loader = |locale: Locale| {
            let english: unic_langid::LanguageIdentifier = "en".parse().unwrap_or_default();
            let wanted: unic_langid::LanguageIdentifier = locale.tag().parse().unwrap_or_default();
            let l = FluentLanguageLoader::new(domain, english.clone());
            let order = if locale == Locale::En {
                vec![english]
            } else {
                vec![wanted, english]
            };
            if let Err(e) = l.load_languages(assets, &order) {
                panic!("invariant: the sentences of {domain} are embedded and well-formed: {e}");
            }
            // Names of either direction are wrapped by <bdi> on pages; files and letters must not carry the marks.
            l.set_use_isolating(false);
            l
        };
        Texts {
            domain,
            en: loader(Locale::En),
            zh: loader(Locale::Zh),
        }
    }
    pub fn of(&self, locale: Locale) -> &FluentLanguageLoader {
        match locale {
            Locale::En => &self.en,
            Locale::Zh => &self.zh,
        }
    }
    /// A sentence by a key known only when running (refusals, journal actions), if this room has it.
    pub fn find(&self, locale: Locale, key: &str, args: HashMap<String, String>) -> Option<String> {
        let l = self.of(locale);
        l.has(key).then(|| l.get_args(key, args))
    }
    /// A refusal in words; moments in it are told by the reader's clock, and which clock that is.
    pub fn refusal(&self, locale: Locale, zone: &TimeZone, r: &Refusal) -> Option<String> {
        let args: HashMap<String, FluentValue> = r
            .args
            .iter()
            .map(|(k, v)| ((*k).to_owned(), value(locale, zone, v)))
            .collect();
        let l = self.of(locale);
        l.has(r.code).then(|| l.get_args(r.code, args))
    }
}

/// Small numbers stay numbers, so that a sentence can tell one from many; large ones are written as readers write them.
fn value(locale: Locale, zone: &TimeZone, arg: &Arg) -> FluentValue<'static> {
    match arg {
        Arg::Number(n) if (0..1000).contains(n) => FluentValue::from(*n),
        other => FluentValue::from(say(locale, zone, other)),
    }
}

fn say(locale: Locale, zone: &TimeZone, arg: &Arg) -> String {
    match arg {
        Arg::Text(s) => s.clone(),
        Arg::Number(n) => fmt::number(*n),
        Arg::Money(m) => fmt::money(locale, *m),
        Arg::Day(d) => fmt::day(locale, *d),
        Arg::Moment(m) => fmt::moment_named(locale, *m, zone),
    }
}

/// All rooms' sentences, for what is looked up when running.
#[derive(Clone)]
pub struct Registry(std::sync::Arc<Vec<&'static Texts>>);
impl Registry {
    pub fn new(rooms: Vec<&'static Texts>) -> Self {
        Registry(std::sync::Arc::new(rooms))
    }
    pub fn find(&self, locale: Locale, key: &str, args: HashMap<String, String>) -> Option<String> {
        self.0
            .iter()
            .chain(std::iter::once(&&*crate::TEXTS))
            .find_map(|t| t.find(locale, key, args.clone()))
    }
    /// The refusal in words; a refusal without words shows its code, and a house test keeps that from happening.
    pub fn refusal(&self, locale: Locale, zone: &TimeZone, r: &Refusal) -> String {
        self.0
            .iter()
            .chain(std::iter::once(&&*crate::TEXTS))
            .find_map(|t| t.refusal(locale, zone, r))
            .unwrap_or_else(|| r.code.to_owned())
    }
}
