//! Institutions, what happened, and counts over time: reference records, each with its source.

use basis::{Field, GovernmentId, Id, Kind, RelationId, Text};
use store::{Query, StoreFault, Tx, Val, row, vals};

use super::places;
use crate::{CountRow, EventRecord, InstitutionCard};

row! {
    struct InstitutionRow {
        id: Id<InstitutionCard>, government: GovernmentId, field: Field, kind: String, name: Text, detail: Option<String>,
        lat: Option<f64>, lon: Option<f64>, source: String, illustrative: bool,
    }
}
impl Kind for InstitutionCard {
    const NAME: &'static str = "institution";
}
impl From<InstitutionRow> for InstitutionCard {
    fn from(r: InstitutionRow) -> Self {
        InstitutionCard {
            id: r.id,
            government: r.government,
            field: r.field,
            kind: r.kind,
            name: r.name,
            detail: r.detail,
            point: r.lat.zip(r.lon).and_then(|(lat, lon)| basis::Point::new(lat, lon)),
            source: r.source,
            illustrative: r.illustrative,
        }
    }
}
const INSTITUTION: &str =
    "SELECT id, government, field, kind, name, detail, lat, lon, source, illustrative FROM institution";

/// Institutions where these governments are, by government and field (R75).
pub async fn institutions(q: &impl Query, of: &[GovernmentId]) -> Result<Vec<InstitutionCard>, StoreFault> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let v: Vec<Val> = of.iter().flat_map(|i| vals![*i]).collect();
    let sql = format!(
        "{INSTITUTION} WHERE government IN ({}) ORDER BY government, field, kind, id",
        places(of.len(), 1)
    );
    let rows: Vec<InstitutionRow> = q.all(&sql, v).await?;
    Ok(rows.into_iter().map(InstitutionCard::from).collect())
}
pub async fn every_institution(q: &impl Query) -> Result<Vec<InstitutionCard>, StoreFault> {
    let rows: Vec<InstitutionRow> = q
        .all(&format!("{INSTITUTION} ORDER BY government, field, kind, id"), vec![])
        .await?;
    Ok(rows.into_iter().map(InstitutionCard::from).collect())
}
pub async fn insert_institutions(tx: &Tx, all: &[InstitutionCard]) -> Result<(), StoreFault> {
    let rows = all.iter().map(|i| {
        let (lat, lon) = (i.point.map(|p| p.lat), i.point.map(|p| p.lon));
        vals![
            i.id,
            i.government,
            i.field,
            i.kind,
            i.name,
            i.detail,
            lat,
            lon,
            i.source,
            i.illustrative
        ]
    });
    tx.insert_many(
        "INSERT INTO institution (id, government, field, kind, name, detail, lat, lon, source, illustrative)",
        10,
        rows.collect(),
    )
    .await
}

row! {
    struct EventRow {
        id: Id<EventRecord>, day: String, title: Text, relation: Option<RelationId>, corroboration: Option<String>,
        discrepancy: Option<String>, source: Option<String>,
    }
}
impl Kind for EventRecord {
    const NAME: &'static str = "event-record";
}
impl From<EventRow> for EventRecord {
    fn from(r: EventRow) -> Self {
        EventRecord {
            id: r.id,
            day: r.day,
            title: r.title,
            relation: r.relation,
            corroboration: r.corroboration,
            discrepancy: r.discrepancy,
            source: r.source,
        }
    }
}
const EVENT: &str = "SELECT id, day, title, relation, corroboration, discrepancy, source FROM event_record";

/// What happened, oldest first.
pub async fn events(q: &impl Query) -> Result<Vec<EventRecord>, StoreFault> {
    let rows: Vec<EventRow> = q.all(&format!("{EVENT} ORDER BY day, id"), vec![]).await?;
    Ok(rows.into_iter().map(EventRecord::from).collect())
}
/// What happened under one relation, oldest first.
pub async fn events_of(q: &impl Query, relation: RelationId) -> Result<Vec<EventRecord>, StoreFault> {
    let rows: Vec<EventRow> = q
        .all(
            &format!("{EVENT} WHERE relation = $1 ORDER BY day, id"),
            vals![relation],
        )
        .await?;
    Ok(rows.into_iter().map(EventRecord::from).collect())
}
pub async fn insert_events(tx: &Tx, all: &[EventRecord]) -> Result<(), StoreFault> {
    let rows = all.iter().map(|e| {
        vals![
            e.id,
            e.day,
            e.title,
            e.relation,
            e.corroboration,
            e.discrepancy,
            e.source
        ]
    });
    tx.insert_many(
        "INSERT INTO event_record (id, day, title, relation, corroboration, discrepancy, source)",
        7,
        rows.collect(),
    )
    .await
}

/// Published counts over time, oldest first, each with who published it.
pub async fn count_series(q: &impl Query) -> Result<Vec<CountRow>, StoreFault> {
    q.all("SELECT day, scope, sister_pairs, municipal, district, friendly_exchange, countries, source FROM count_record ORDER BY day, scope", vec![]).await
}
pub async fn insert_counts(tx: &Tx, all: &[CountRow]) -> Result<(), StoreFault> {
    let rows = all.iter().map(|c| {
        let id: Id<CountRow> = Id::named(&format!("count:{}:{}", c.scope, c.day));
        vals![
            id,
            c.day,
            c.scope,
            c.sister_pairs,
            c.municipal,
            c.district,
            c.friendly_exchange,
            c.countries,
            c.source
        ]
    });
    tx.insert_many("INSERT INTO count_record (id, day, scope, sister_pairs, municipal, district, friendly_exchange, countries, source)", 9, rows.collect()).await?;
    super::touch(tx).await
}
