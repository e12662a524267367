//! The reference data: what is publicly known of Chongqing's relations, each row with its source (reference/README.md).
//!
//! Ids come from the rows' references, so that addresses stay over every fresh start. Rows are written as facts: names
//! that only general knowledge vouches for, and dates that sources contradict, become claims beside the register's own.

use access::{Asking, House};
use basis::{Claimant, Code, Confidence, Fail, Field, GovernmentId, Id, Lang, Moment, Point, RelationId, Text};
use sheets::{Limits, Row, Sheet};
use store::{Entry, StoreFault, Tx};

use crate::{
    About, CountRow, EventRecord, FactRow, GovCard, Government, InstitutionCard, Level, LinkCard, Relation,
    RelationKind, RelationStatus, SignedDate, add_link, store as sql,
};

/// What was loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Loaded {
    pub governments: usize,
    pub relations: usize,
    pub facts: usize,
    pub links: usize,
    pub institutions: usize,
    pub events: usize,
    pub counts: usize,
    /// Rows that are no relation of ours, or belong to none: kept in the files, not in the register.
    pub left_out: usize,
}

const HOME: &str = "500000";
const NATURAL_EARTH: &str = "Natural Earth populated places; GB/T 2260-500000";
const GENERAL_KNOWLEDGE: &str = "general knowledge, not sourced; to be checked by the office";
/// Sør-Trøndelag's row says that its dissolution is not sourced: so is this successor.
const HEIRS: &[(&str, &str, &str, &str)] = &[("CQP011", "Trøndelag County", "特伦德拉格郡（合并后）", "county")];

/// The id of the home city and of a district, by official code.
pub fn own_id(code: &str) -> GovernmentId {
    crate::home::own_id("CN", code)
}
/// The id of a relation, by its reference ("CQP008").
pub fn relation_id(reference: &str) -> RelationId {
    Id::named(&format!("relation:{reference}"))
}
/// The id of the partner of a relation, by the relation's reference.
pub fn partner_id(reference: &str) -> GovernmentId {
    Id::named(&format!("government:{reference}"))
}

struct Table {
    sheet: Sheet,
}
struct Line<'a> {
    headers: &'a [String],
    row: &'a Row,
}
impl Table {
    fn read(name: &str, text: &str) -> Result<Table, Fail> {
        let sheet = sheets::read(text.as_bytes(), name, &Limits::default()).map_err(Fail::fault)?;
        Ok(Table { sheet })
    }
    fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.sheet.rows.iter().map(|row| Line {
            headers: &self.sheet.headers,
            row,
        })
    }
}
impl Line<'_> {
    fn text(&self, column: &str) -> &str {
        let at = self.headers.iter().position(|h| h == column);
        at.map_or("", |i| self.row.text(i as u32 + 1).trim())
    }
    fn opt(&self, column: &str) -> Option<String> {
        Some(self.text(column).to_owned()).filter(|t| !t.is_empty())
    }
    fn code<T: Code>(&self, column: &str) -> Result<T, Fail> {
        let found = T::from_code(self.text(column));
        found.ok_or_else(|| self.fault(column))
    }
    fn fault(&self, column: &str) -> Fail {
        StoreFault::belief(column, self.text(column)).into()
    }
    fn point(&self) -> Option<Point> {
        Point::new(self.text("lat").parse().ok()?, self.text("lon").parse().ok()?)
    }
    fn number(&self, column: &str) -> Option<i64> {
        self.text(column).parse().ok()
    }
    /// English as the source has it, the native name by people, Chinese as a rendering unless the row sources it.
    fn text_of(&self, en: &str, zh: &str) -> Text {
        let base = Text::new(Lang::en(), self.text(en));
        match self.text(zh) {
            "" => base,
            zh => base.with_machine(Lang::zh(), zh),
        }
    }
}

fn own(line: &Line) -> Result<Government, Fail> {
    let code = line.text("code");
    Ok(Government {
        card: GovCard {
            id: own_id(code),
            name: Text::both(line.text("name_zh"), line.text("name_en")),
            level: line.code("level")?,
            country: "CN".into(),
            own: true,
            point: None,
            district: true,
        },
        code: Some(code.into()),
        parent: Some(own_id(HOME)),
        source: "GB/T 2260".into(),
        ..home()
    })
}
fn home() -> Government {
    Government {
        card: GovCard {
            id: own_id(HOME),
            name: Text::both("重庆市", "Chongqing Municipality"),
            level: Level::Municipality,
            country: "CN".into(),
            own: true,
            point: Point::new(29.565, 106.595),
            district: false,
        },
        code: Some(HOME.into()),
        point_is: None,
        geonames_id: None,
        wikidata_id: Some("Q11725".into()),
        parent: None,
        successor: None,
        source: NATURAL_EARTH.into(),
        illustrative: false,
        version: 1,
    }
}

fn partner(line: &Line) -> Result<Government, Fail> {
    let mut name = Text::new(Lang::en(), line.text("partner_en")).with(Lang::zh(), line.text("partner_zh"));
    if let Ok(lang) = line.text("native_language").parse::<Lang>()
        && lang.primary() != "en"
    {
        name = name.with(lang, line.text("partner_native"));
    }
    let heir = HEIRS.iter().find(|h| h.0 == line.text("reference"));
    Ok(Government {
        card: GovCard {
            id: partner_id(line.text("reference")),
            name,
            level: line.code("partner_level")?,
            country: line.text("country").into(),
            own: false,
            point: line.point(),
            district: false,
        },
        code: None,
        point_is: line.opt("point_is").filter(|p| p != "the partner itself"),
        geonames_id: line.opt("geonames_id"),
        wikidata_id: line.opt("wikidata_id"),
        parent: None,
        successor: heir.map(|h| Id::named(&format!("heir:{}", h.0))),
        source: line.text("source").into(),
        illustrative: false,
        version: 1,
    })
}
fn heirs(partners: &[Government]) -> Vec<Government> {
    let of = |h: &(&str, &str, &str, &str)| {
        let old = partners.iter().find(|g| g.card.id == partner_id(h.0))?;
        let mut heir = old.clone();
        heir.card.id = Id::named(&format!("heir:{}", h.0));
        heir.card.name = Text::new(Lang::en(), h.1).with_machine(Lang::zh(), h.2);
        heir.card.level = Level::from_code(h.3)?;
        heir.successor = None;
        heir.source = GENERAL_KNOWLEDGE.into();
        Some(heir)
    };
    HEIRS.iter().filter_map(of).collect()
}

fn relation(line: &Line, now: Moment) -> Result<Relation, Fail> {
    let (reference, own_code) = (line.text("reference"), line.text("own_code"));
    let signed = SignedDate::parse(line.text("signed"));
    if signed.is_none() && !line.text("signed").is_empty() {
        return Err(line.fault("signed"));
    }
    let note = line.opt("note_en").map(|_| line.text_of("note_en", "note_zh"));
    Ok(Relation {
        id: relation_id(reference),
        reference: reference.into(),
        own: own_id(own_code),
        partner: partner_id(reference),
        district: (own_code != HOME).then(|| own_id(own_code)),
        kind: line.code::<RelationKind>("kind")?,
        status: line.code::<RelationStatus>("status")?,
        upgrade_from: None,
        since: None,
        reason: None,
        signed,
        filed_on: None,
        note,
        source: line.text("source").into(),
        claimant: line.code::<Claimant>("claimant")?,
        confidence: line.code::<Confidence>("confidence")?,
        // Only another date or kind contradicts; the conflict's own claim is added below.
        disputed: !line.text("conflict").is_empty(),
        illustrative: false,
        listed_at: now,
        version: 1,
    })
}

/// Claims that stand beside the register's own words.
fn claims(line: &Line, r: &Relation, now: Moment) -> Result<Vec<FactRow>, Fail> {
    let says = |kind: &str, id: String, field: About, value: &str, source: &str, confidence: Confidence| FactRow {
        id: Id::named(&format!("fact:{}:{field}:{value}", r.reference)),
        object_kind: kind.into(),
        object_id: id,
        field,
        value: value.into(),
        precision: None,
        source: source.into(),
        claimant: Claimant::Third,
        confidence,
        as_of: None,
        note: None,
        account: None,
        at: now,
        illustrative: false,
    };
    let gov = |field, value: &str, source: &str, confidence| {
        says("government", r.partner.to_string(), field, value, source, confidence)
    };
    let mut out = Vec::new();
    let zh = line.code::<Confidence>("partner_zh_confidence")?;
    let source = if zh == Confidence::Low {
        GENERAL_KNOWLEDGE
    } else {
        &r.source
    };
    out.push(gov(About::NameZh, line.text("partner_zh"), source, zh));
    if let Some(native) = line.opt("partner_native") {
        let sourced = line.text("native_sourced") == "y";
        let (source, confidence) = if sourced {
            (&*r.source, r.confidence)
        } else {
            (GENERAL_KNOWLEDGE, Confidence::Low)
        };
        out.push(gov(About::NameNative, &native, source, confidence));
    }
    let mut about = |field, value: &str, source: &str, confidence, note: Option<String>| {
        let mut fact = says("relation", r.id.to_string(), field, value, source, confidence);
        fact.note = note;
        out.push(fact);
    };
    match r.reference.as_str() {
        // "Toulouse local press says twinned since 1981: https://…"
        "CQP001" => {
            let at = line.text("conflict").split(": ").nth(1).unwrap_or("");
            about(About::Signed, "1981", at, Confidence::Medium, None);
        }
        "CQP013" => about(
            About::Kind,
            "friendly-exchange",
            &r.source,
            Confidence::High,
            line.opt("conflict"),
        ),
        "CQP011" => about(About::Status, "succeeded", GENERAL_KNOWLEDGE, Confidence::Low, None),
        _ => {}
    }
    about(
        About::Other,
        line.text("status_as_found"),
        &r.source,
        r.confidence,
        None,
    );
    Ok(out)
}

fn links(now: Moment) -> Result<(Vec<LinkCard>, usize), Fail> {
    let table = Table::read("links.csv", include_str!("../reference/links.csv"))?;
    let (mut out, mut left_out) = (Vec::new(), 0);
    for l in table.lines() {
        if l.text("relation").is_empty() {
            left_out += 1;
            continue;
        }
        out.push(LinkCard {
            id: Id::named(&format!("link:{}", l.text("reference"))),
            relation: relation_id(l.text("relation")),
            field: l.code::<Field>("field")?,
            own_name: Text::new(Lang::zh(), l.text("own_zh")).with(Lang::en(), l.text("own_en")),
            partner_name: l.text_of("partner_en", "partner_zh"),
            what: l.text_of("what_en", "what_zh"),
            since: l.opt("since"),
            source: l.text("source").into(),
            own_body: None,
            partner_body: None,
            made_at: now,
            illustrative: false,
        });
    }
    Ok((out, left_out))
}

fn institutions() -> Result<(Vec<InstitutionCard>, usize), Fail> {
    let table = Table::read("institutions.csv", include_str!("../reference/institutions.csv"))?;
    let (mut out, mut left_out) = (Vec::new(), 0);
    for l in table.lines() {
        let government = match l.text("place") {
            "" => {
                left_out += 1;
                continue;
            }
            HOME => own_id(HOME),
            reference => partner_id(reference),
        };
        let mut name = l.text_of("name_en", "name_zh");
        if let Ok(lang) = l.text("native_language").parse::<Lang>()
            && lang.primary() != "en"
        {
            name = name.with(lang, l.text("name_native"));
        }
        out.push(InstitutionCard {
            id: Id::named(&format!("institution:{}", l.text("reference"))),
            government,
            field: l.code::<Field>("field")?,
            kind: l.text("kind").into(),
            name,
            detail: l.opt("detail"),
            point: l.point(),
            source: l.text("source").into(),
            illustrative: false,
        });
    }
    Ok((out, left_out))
}

fn events() -> Result<Vec<EventRecord>, Fail> {
    let table = Table::read("events.csv", include_str!("../reference/events.csv"))?;
    let all = table.lines().map(|l| EventRecord {
        id: Id::named(&format!("event:{}", l.text("reference"))),
        day: l.text("date").into(),
        title: l.text_of("title_en", "title_zh"),
        relation: l.opt("relation").map(|r| relation_id(&r)),
        corroboration: l.opt("corroboration"),
        discrepancy: l.opt("discrepancy"),
        source: l.opt("source"),
    });
    Ok(all.collect())
}

fn counts() -> Result<Vec<CountRow>, Fail> {
    let table = Table::read("counts.csv", include_str!("../reference/counts.csv"))?;
    let one = |l: Line| {
        Ok(CountRow {
            day: l.text("date").into(),
            scope: l.text("scope").into(),
            sister_pairs: l.number("sister_pairs").ok_or_else(|| l.fault("sister_pairs"))?,
            municipal: l.number("municipal"),
            district: l.number("district"),
            friendly_exchange: l.number("friendly_exchange"),
            countries: l.number("countries"),
            source: l.text("source").into(),
        })
    };
    table.lines().map(one).collect()
}

struct Register {
    governments: Vec<Government>,
    relations: Vec<Relation>,
    facts: Vec<FactRow>,
    left_out: usize,
}
fn register(now: Moment) -> Result<Register, Fail> {
    let districts = Table::read("districts.csv", include_str!("../reference/districts.csv"))?;
    let partners = Table::read("partners.csv", include_str!("../reference/partners.csv"))?;
    // Parents and heirs come before those that point at them.
    let mut governments = vec![home()];
    for l in districts.lines() {
        governments.push(own(&l)?);
    }
    let mut out = Register {
        governments,
        relations: Vec::new(),
        facts: Vec::new(),
        left_out: 0,
    };
    let mut abroad = Vec::new();
    for l in partners.lines() {
        // The control row: Rennes pairs with Jinan, not with us.
        if l.text("own_code").is_empty() {
            out.left_out += 1;
            continue;
        }
        abroad.push(partner(&l)?);
        let r = relation(&l, now)?;
        out.facts.extend(claims(&l, &r, now)?);
        out.relations.push(r);
    }
    out.governments.extend(heirs(&abroad));
    out.governments.extend(abroad);
    Ok(out)
}

async fn write(tx: &Tx) -> Result<Loaded, Fail> {
    let now = tx.now();
    let r = register(now)?;
    let (links, links_out) = links(now)?;
    let (institutions, institutions_out) = institutions()?;
    let (events, counts) = (events()?, counts()?);
    sql::insert_governments(tx, &r.governments).await?;
    sql::insert_relations(tx, &r.relations, None).await?;
    sql::insert_claims(tx, &r.facts).await?;
    sql::insert_links(tx, &links).await?;
    sql::insert_institutions(tx, &institutions).await?;
    sql::insert_events(tx, &events).await?;
    sql::insert_counts(tx, &counts).await?;
    for r in &r.relations {
        tx.journal(Entry::of("relation.registered", r.id).after(r));
    }
    for link in &links {
        if let Some(of) = r.relations.iter().find(|r| r.id == link.relation) {
            add_link::tell(tx, of, link).await?;
        }
        tx.journal(Entry::of("link.recorded", link.id).after(link));
    }
    Ok(Loaded {
        governments: r.governments.len(),
        relations: r.relations.len(),
        facts: r.facts.len(),
        links: links.len(),
        institutions: institutions.len(),
        events: events.len(),
        counts: counts.len(),
        left_out: r.left_out + links_out + institutions_out,
    })
}

/// Loads the reference data into an empty register; a register that has its home already is left as it is.
pub async fn load(house: &House, asking: &Asking) -> Result<Loaded, Fail> {
    let tx = asking.begin(house).await?;
    if sql::government(&tx, own_id(HOME)).await?.is_some() {
        return tx.done(Loaded::default()).await;
    }
    let loaded = write(&tx).await?;
    tx.done(loaded).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_hold_what_they_should() {
        let r = register(Moment::UNIX_EPOCH).unwrap();
        assert_eq!((r.relations.len(), r.left_out), (42, 1));
        // Home, 38 districts, 42 partners and one successor.
        assert_eq!(r.governments.len(), 82);
        assert!(!r.governments.iter().any(|g| g.card.name.get("en") == Some("Rennes")));
        let of_districts: Vec<_> = r
            .relations
            .iter()
            .filter(|r| r.district.is_some())
            .map(|r| &*r.reference)
            .collect();
        assert_eq!(of_districts, ["CQP031", "CQP032", "CQP033"]);
        let toulouse: Vec<_> = r
            .facts
            .iter()
            .filter(|f| f.object_id == relation_id("CQP001").to_string() && f.field == About::Signed)
            .collect();
        assert_eq!(
            (toulouse[0].value.as_str(), toulouse[0].source.starts_with("https://")),
            ("1981", true)
        );
        let disputed: Vec<_> = r
            .relations
            .iter()
            .filter(|r| r.disputed)
            .map(|r| &*r.reference)
            .collect();
        assert_eq!(disputed, ["CQP001", "CQP013"]);
        assert_eq!(links(Moment::UNIX_EPOCH).unwrap().0.len(), 17);
        assert_eq!(institutions().unwrap(), (institutions().unwrap().0, 3));
        assert_eq!((events().unwrap().len(), counts().unwrap().len()), (7, 15));
    }

    #[test]
    fn every_row_has_its_source() {
        let r = register(Moment::UNIX_EPOCH).unwrap();
        assert!(r.relations.iter().all(|r| !r.source.is_empty()));
        assert!(r.facts.iter().all(|f| !f.source.is_empty() && !f.value.is_empty()));
        assert!(
            links(Moment::UNIX_EPOCH)
                .unwrap()
                .0
                .iter()
                .all(|l| !l.source.is_empty())
        );
        assert!(institutions().unwrap().0.iter().all(|i| !i.source.is_empty()));
    }
}
