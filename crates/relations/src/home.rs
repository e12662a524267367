//! A node is told once which city it stands in and which districts belong to it; everything else in the register hangs
//! on that. Whoever operates the node tells it, before anybody signs in.

use basis::{Check, Fail, GovernmentId, Id, Lang, Point, Refusal, Text};
use parties::files::{self, Report};
use sheets::{ColumnSpec, Mapping, Row};
use store::{Entry, Tx};

use crate::{GovCard, Government, Level, government, store as sql};

/// The home city, as an operator names it.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The official code, by which files name it: GB/T 2260 in China.
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub level: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    pub lat: String,
    pub lon: String,
    /// Where names and codes were taken from.
    pub source: String,
}

const fn column(key: &'static str, aliases: &'static [&'static str], required: bool) -> ColumnSpec<'static> {
    ColumnSpec { key, aliases, required }
}
/// The columns of a file of districts.
pub const COLUMNS: &[ColumnSpec<'static>] = &[
    column("code", &["Code", "代码"], true),
    column("name_zh", &["Name (Chinese)", "名称（中文）"], false),
    column("name_en", &["Name (English)", "名称（英文）"], false),
    column("level", &["Level", "层级"], false),
];

fn check(input: &Input) -> Result<Government, Vec<Refusal>> {
    let mut c = Check::new();
    let code = c.line("code", &input.code, 20);
    let name = c.bilingual("name_zh", &input.name_zh, "name_en", &input.name_en, 120, Lang::zh());
    let level = c.one_of("level", &input.level).unwrap_or(Level::City);
    let country = input.country.trim().to_ascii_uppercase();
    c.ensure(government::is_country(&country), || {
        Refusal::at("country", "refusal-country")
    });
    let point = match (input.lat.trim(), input.lon.trim()) {
        ("", "") => None,
        (lat, lon) => {
            let numbers = lat.parse().ok().zip(lon.parse().ok());
            let point = numbers.and_then(|(lat, lon)| Point::new(lat, lon));
            c.ensure(point.is_some(), || Refusal::at("lat", "refusal-point"));
            point
        }
    };
    let source = c.line("source", &input.source, 500);
    c.done(Government {
        card: GovCard {
            id: own_id(&country, &code),
            name,
            level,
            country,
            own: true,
            point,
            district: false,
        },
        code: Some(code),
        point_is: None,
        geonames_id: None,
        wikidata_id: None,
        parent: None,
        successor: None,
        source,
        illustrative: false,
        version: 1,
    })
}
/// The id of the home city and of a district, by country and official code: addresses stay when a node is set up anew.
pub(crate) fn own_id(country: &str, code: &str) -> GovernmentId {
    Id::named(&format!("government:{country}:{code}"))
}

fn district(home: &Government, m: &Mapping, row: &Row) -> Result<Government, Vec<Refusal>> {
    let mut c = Check::new();
    let code = c.line("code", m.text(row, "code"), 20);
    let (zh, en) = (m.text(row, "name_zh"), m.text(row, "name_en"));
    let name: Text = c.bilingual("name_zh", zh, "name_en", en, 120, Lang::zh());
    let level = match m.text(row, "level").trim() {
        "" => Level::District,
        said => c.one_of("level", said).unwrap_or(Level::District),
    };
    c.done(Government {
        card: GovCard {
            id: own_id(&home.card.country, &code),
            name,
            level,
            point: None,
            district: true,
            ..home.card.clone()
        },
        code: Some(code),
        parent: Some(home.card.id),
        ..home.clone()
    })
}

/// Sets the home city with its districts, from a CSV or XLSX file if one is given: all of it or nothing.
///
/// # Errors
/// [`Fail::Refused`] at the member that is wrong, and when the node has its home already; the report names rows and
/// columns of the file.
pub async fn set_home(tx: &Tx, input: &Input, districts: Option<(&[u8], &str)>) -> Result<Report, Fail> {
    if !sql::own_governments(tx).await?.is_empty() {
        return Err(Fail::refused(Refusal::page("refusal-home-set")));
    }
    let home = check(input).map_err(Fail::Refused)?;
    let mut report = Report::default();
    let mut all = vec![home.clone()];
    if let Some((bytes, name)) = districts {
        let sheet = files::read(bytes, name)?;
        let m = files::columns(&sheet, COLUMNS, &mut report)?;
        for row in &sheet.rows {
            match district(&home, &m, row) {
                Ok(d) if all.iter().any(|g| g.card.id == d.card.id) => {
                    report.refuse(&m, row, COLUMNS, vec![Refusal::at("code", "refusal-code-twice")]);
                }
                Ok(d) => all.push(d),
                Err(refusals) => report.refuse(&m, row, COLUMNS, refusals),
            }
        }
        report.rows = sheet.rows.len();
    }
    if !report.is_clean() {
        return Ok(report);
    }
    report.added = all.len();
    sql::insert_governments(tx, &all).await?;
    tx.journal(Entry::of("home.set", home.card.id).after(&all));
    Ok(report)
}
