//! Local governments of any level, ours and the partners' (decision 9.1: a partner is never a city point).

use basis::{GovernmentId, Point, Text, code};
use serde::Serialize;

pub use pages::countries::{countries, country_name, is_country};

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
}
