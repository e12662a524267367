//! Local governments of any level, ours and the partners' (decision 9.1: a partner is never a city point).

use basis::{GovernmentId, Locale, Point, Text, code};
use serde::Serialize;
use std::{collections::HashMap, sync::LazyLock};

code! {
    /// What a local government is where it stands. Own side: municipality, district, county, autonomous county.
    pub enum Level {
        Municipality => "municipality",
        District => "district",
        County => "county",
        AutonomousCounty => "autonomous-county",
        City => "city",
        Province => "province",
        Prefecture => "prefecture",
        State => "state",
        Region => "region",
        Department => "department",
        Oblast => "oblast",
        Republic => "republic",
    }
}
store::coded!(Level);

/// A local government, as a reader sees it beside an arc.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GovCard {
    pub id: GovernmentId,
    /// Both scripts, and the name in its own language where it is known.
    pub name: Text,
    pub level: Level,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// On our own side of the relations.
    pub own: bool,
    pub point: Option<Point>,
    /// One of our own districts or counties.
    pub district: bool,
}

/// All that is kept of a local government.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Government {
    pub card: GovCard,
    /// The official code: GB/T 2260 for our own.
    pub code: Option<String>,
    /// What the point marks, where it is not the government itself ("a city in the partner: Trondheim").
    pub point_is: Option<String>,
    pub geonames_id: Option<String>,
    pub wikidata_id: Option<String>,
    pub parent: Option<GovernmentId>,
    /// Who carries on after it was dissolved or merged.
    pub successor: Option<GovernmentId>,
    pub source: String,
    pub illustrative: bool,
    pub version: i64,
}

/// By what two rows are known to mean the same government: country, level, and the folded English name (else the
/// first there is). Two of one name in one country are told apart by writing the higher unit into the name.
pub fn match_key(country: &str, level: Level, name: &Text) -> String {
    let words = name
        .get("en")
        .or_else(|| name.get("zh-Hans"))
        .or_else(|| name.langs().next().and_then(|l| name.get(l.as_str())))
        .unwrap_or("");
    format!("{country}:{level}:{}", crate::fold::fold(words))
}

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
    fn the_same_government_has_one_key_however_it_is_written() {
        let a = Text::both("杜塞尔多夫", "Düsseldorf");
        let b = Text::new(basis::Lang::en(), "DUSSELDORF ");
        assert_eq!(match_key("DE", Level::City, &a), match_key("DE", Level::City, &b));
        assert_ne!(match_key("DE", Level::City, &a), match_key("DE", Level::Region, &a));
    }

    #[test]
    fn countries_have_names_in_both_languages() {
        assert_eq!(country_name("DE", Locale::Zh), "德国");
        assert_eq!(country_name("TD", Locale::En), "Chad");
        assert_eq!(country_name("XX", Locale::En), "XX");
        assert!(is_country("KR") && !is_country("kr"));
        assert!(countries(Locale::En).len() > 190);
    }
}
