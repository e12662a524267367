//! Names of countries, for every room that shows or asks for one.

use basis::Locale;
use std::{collections::HashMap, sync::LazyLock};

struct Country {
    zh: &'static str,
    en: &'static str,
}
/// Country names as CLDR gives them; a deployer's wording list may replace the file.
static COUNTRIES: LazyLock<HashMap<&'static str, Country>> = LazyLock::new(|| {
    include_str!("../reference/countries.csv")
        .lines()
        .skip(1)
        .filter_map(|l| {
            let (code, rest) = l.split_once(',')?;
            let (zh, en) = rest.split_once(',')?;
            Some((
                code,
                Country {
                    zh,
                    en: en.trim_matches('"'),
                },
            ))
        })
        .collect()
});

pub fn is_country(code: &str) -> bool {
    COUNTRIES.contains_key(code)
}
/// The name of a country; its code where the list does not have it.
pub fn country_name(code: &str, locale: Locale) -> String {
    COUNTRIES.get(code).map_or_else(
        || code.to_owned(),
        |c| if locale == Locale::Zh { c.zh } else { c.en }.to_owned(),
    )
}
/// All countries, in the order of their English names.
pub fn countries(locale: Locale) -> Vec<(&'static str, String)> {
    let mut all: Vec<_> = COUNTRIES.iter().map(|(code, c)| (c.en, *code)).collect();
    all.sort_unstable();
    all.into_iter()
        .map(|(_, code)| (code, country_name(code, locale)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_have_names_in_both_languages() {
        assert_eq!(country_name("DE", Locale::Zh), "德国");
        assert_eq!(country_name("TD", Locale::En), "Chad");
        assert_eq!(country_name("XX", Locale::En), "XX");
        assert!(is_country("KR") && !is_country("kr"));
        assert!(countries(Locale::En).len() > 190);
    }
}
