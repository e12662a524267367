//! All SQL of the room. Every change goes through here, so that the register's stamp never lies.

use std::collections::HashMap;

use basis::{
    AccountId, Claimant, Confidence, Day, Fail, GovernmentId, ImportId, Moment, Point, Precision, Refusal, RelationId,
    Text,
};
use store::{OnUnique, Query, StoreFault, Tx, Val, row, vals};

use crate::{GovCard, Government, Level, Relation, RelationCard, RelationKind, RelationStatus, SignedDate};

mod facts;
mod imports;
mod records;

pub use facts::*;
pub use imports::*;
pub use records::*;

/// "$2, $3, $4" for three values from the second place on.
pub(crate) fn places(count: usize, from: usize) -> String {
    let all: Vec<String> = (from..from + count).map(|i| format!("${i}")).collect();
    all.join(", ")
}

row! {
    struct GovernmentRow {
        id: GovernmentId, code: Option<String>, level: Level, name: Text, country: String, lat: Option<f64>,
        lon: Option<f64>, point_is: Option<String>, geonames_id: Option<String>, wikidata_id: Option<String>, own: bool,
        parent: Option<GovernmentId>, successor: Option<GovernmentId>, source: String, illustrative: bool, version: i64,
    }
}
fn point(lat: Option<f64>, lon: Option<f64>) -> Option<Point> {
    Point::new(lat?, lon?)
}
impl From<GovernmentRow> for Government {
    fn from(r: GovernmentRow) -> Self {
        Government {
            card: GovCard {
                id: r.id,
                name: r.name,
                level: r.level,
                country: r.country,
                own: r.own,
                point: point(r.lat, r.lon),
                district: r.own && r.parent.is_some(),
            },
            code: r.code,
            point_is: r.point_is,
            geonames_id: r.geonames_id,
            wikidata_id: r.wikidata_id,
            parent: r.parent,
            successor: r.successor,
            source: r.source,
            illustrative: r.illustrative,
            version: r.version,
        }
    }
}

const GOVERNMENT: &str = "SELECT id, code, level, name, country, lat, lon, point_is, geonames_id, wikidata_id, own, parent, successor, source, illustrative, version FROM government";

/// One local government.
pub async fn government(q: &impl Query, id: GovernmentId) -> Result<Option<Government>, StoreFault> {
    let row: Option<GovernmentRow> = q.one(&format!("{GOVERNMENT} WHERE id = $1"), vals![id]).await?;
    Ok(row.map(Government::from))
}
/// Several at once, by id.
pub async fn governments(
    q: &impl Query,
    ids: &[GovernmentId],
) -> Result<HashMap<GovernmentId, Government>, StoreFault> {
    let mut out = HashMap::new();
    for ids in ids.chunks(5000) {
        let v: Vec<Val> = ids.iter().flat_map(|i| vals![*i]).collect();
        let rows: Vec<GovernmentRow> = q
            .all(&format!("{GOVERNMENT} WHERE id IN ({})", places(ids.len(), 1)), v)
            .await?;
        out.extend(rows.into_iter().map(|r| (r.id, r.into())));
    }
    Ok(out)
}
/// Our own side: the home first, then its districts and counties in the order of their codes.
pub async fn own_governments(q: &impl Query) -> Result<Vec<Government>, StoreFault> {
    let rows: Vec<GovernmentRow> = q
        .all(&format!("{GOVERNMENT} WHERE own = $1 ORDER BY code, id"), vals![true])
        .await?;
    let mut all: Vec<Government> = rows.into_iter().map(Government::from).collect();
    all.sort_by_key(|g| g.card.district);
    Ok(all)
}
/// All partners, for the import.
pub async fn partners(q: &impl Query) -> Result<Vec<Government>, StoreFault> {
    let rows: Vec<GovernmentRow> = q.all(&format!("{GOVERNMENT} WHERE own = $1"), vals![false]).await?;
    Ok(rows.into_iter().map(Government::from).collect())
}
/// Partners in one country: who could carry on after one of them.
pub async fn partners_in(q: &impl Query, country: &str) -> Result<Vec<Government>, StoreFault> {
    let sql = format!("{GOVERNMENT} WHERE own = $1 AND country = $2 ORDER BY match_key LIMIT 500");
    let rows: Vec<GovernmentRow> = q.all(&sql, vals![false, country]).await?;
    Ok(rows.into_iter().map(Government::from).collect())
}
/// The government that answers to this key ([`crate::match_key`]), so that none is kept twice.
pub async fn government_by_key(q: &impl Query, key: &str) -> Result<Option<Government>, StoreFault> {
    let row: Option<GovernmentRow> = q.one(&format!("{GOVERNMENT} WHERE match_key = $1"), vals![key]).await?;
    Ok(row.map(Government::from))
}

pub(crate) const GOVERNMENT_COLUMNS: &str = "INSERT INTO government (id, match_key, code, level, name, country, lat, lon, point_is, geonames_id, wikidata_id, own, parent, successor, source, illustrative, version)";
pub(crate) fn government_vals(g: &Government) -> Vec<Val> {
    vals![
        g.card.id,
        crate::government::match_key(&g.card.country, g.card.level, &g.card.name),
        g.code,
        g.card.level,
        g.card.name,
        g.card.country,
        g.card.point.map(|p| p.lat),
        g.card.point.map(|p| p.lon),
        g.point_is,
        g.geonames_id,
        g.wikidata_id,
        g.card.own,
        g.parent,
        g.successor,
        g.source,
        g.illustrative,
        g.version,
    ]
}
pub async fn insert_governments(tx: &Tx, all: &[Government]) -> Result<(), StoreFault> {
    let rows = all.iter().map(government_vals).collect();
    tx.insert_many(GOVERNMENT_COLUMNS, 17, rows).await?;
    touch(tx).await
}
/// Writes names, level, place and successor; guarded by the version it was read at.
pub async fn save_government(tx: &Tx, g: &Government) -> Result<(), Fail> {
    let n = tx
        .exec(
            "UPDATE government SET match_key = $1, level = $2, name = $3, country = $4, lat = $5, lon = $6, point_is = $7, successor = $8, source = $9, version = $10 WHERE id = $11 AND version = $12",
            vals![
                crate::government::match_key(&g.card.country, g.card.level, &g.card.name),
                g.card.level,
                g.card.name,
                g.card.country,
                g.card.point.map(|p| p.lat),
                g.card.point.map(|p| p.lon),
                g.point_is,
                g.successor,
                g.source,
                g.version,
                g.card.id,
                g.version - 1,
            ],
        )
        .await
        .on_unique("match_key", || Refusal::at("partner_en", "refusal-government-exists"))?;
    touch(tx).await?;
    if n == 1 { Ok(()) } else { Err(Fail::Changed) }
}

row! {
    struct RelationRow {
        id: RelationId, reference: String, own_government: GovernmentId, partner_government: GovernmentId,
        district: Option<GovernmentId>, kind: RelationKind, status: RelationStatus,
        upgrade_from: Option<RelationStatus>, since: Option<Day>, status_reason: Option<String>, signed_from: Option<Day>, precision: Option<Precision>, filed_on: Option<Day>,
        note: Option<Text>, source: String, claimant: Claimant, confidence: Confidence, disputed: bool,
        illustrative: bool, listed_at: Moment, version: i64,
    }
}
fn signed(from: Option<Day>, precision: Option<Precision>) -> Option<SignedDate> {
    Some(SignedDate {
        from: from?,
        precision: precision?,
    })
}
impl From<RelationRow> for Relation {
    fn from(r: RelationRow) -> Self {
        Relation {
            id: r.id,
            reference: r.reference,
            own: r.own_government,
            partner: r.partner_government,
            district: r.district,
            kind: r.kind,
            status: r.status,
            upgrade_from: r.upgrade_from,
            since: r.since,
            reason: r.status_reason,
            signed: signed(r.signed_from, r.precision),
            filed_on: r.filed_on,
            note: r.note,
            source: r.source,
            claimant: r.claimant,
            confidence: r.confidence,
            disputed: r.disputed,
            illustrative: r.illustrative,
            listed_at: r.listed_at,
            version: r.version,
        }
    }
}
const RELATION: &str = "SELECT id, reference, own_government, partner_government, district, kind, status, upgrade_from, since, status_reason, signed_from, precision, filed_on, note, source, claimant, confidence, disputed, illustrative, listed_at, version FROM relation";

pub async fn relation(q: &impl Query, id: RelationId) -> Result<Option<Relation>, StoreFault> {
    let row: Option<RelationRow> = q.one(&format!("{RELATION} WHERE id = $1"), vals![id]).await?;
    Ok(row.map(Relation::from))
}
pub async fn relations_of(q: &impl Query, ids: &[RelationId]) -> Result<HashMap<RelationId, Relation>, StoreFault> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let places: Vec<String> = (1..=ids.len()).map(|i| format!("${i}")).collect();
    let sql = format!("{RELATION} WHERE id IN ({})", places.join(", "));
    let rows: Vec<RelationRow> = q.all(&sql, ids.iter().flat_map(|id| vals![*id]).collect()).await?;
    Ok(rows.into_iter().map(Relation::from).map(|r| (r.id, r)).collect())
}
row! {
    /// Beside a relation: one of the governments around it, and the file that last brought or changed it.
    struct AroundRow {
        g_id: GovernmentId, g_code: Option<String>, g_level: Level, g_name: Text, g_country: String, g_lat: Option<f64>,
        g_lon: Option<f64>, g_point_is: Option<String>, g_geonames_id: Option<String>, g_wikidata_id: Option<String>,
        g_own: bool, g_parent: Option<GovernmentId>, g_successor: Option<GovernmentId>, g_source: String,
        g_illustrative: bool, g_version: i64,
        i_id: Option<ImportId>, i_file_name: Option<String>, i_account: Option<AccountId>, i_at: Option<Moment>,
        i_added: Option<i64>, i_changed: Option<i64>, i_digest: Option<String>,
    }
}
/// A relation with everything that its page needs of one kind only.
pub(crate) struct Whole {
    pub relation: Relation,
    /// Both sides, and who carries on after the partner.
    pub governments: HashMap<GovernmentId, Government>,
    pub imported: Option<ImportRow>,
}
/// One relation with the governments around it and the file that brought it, in one question.
pub(crate) async fn whole(q: &impl Query, id: RelationId) -> Result<Option<Whole>, StoreFault> {
    const SQL: &str = "SELECT r.id, r.reference, r.own_government, r.partner_government, r.district, r.kind, r.status, r.upgrade_from, r.since, r.status_reason, r.signed_from, r.precision, r.filed_on, r.note, r.source, r.claimant, r.confidence, r.disputed, r.illustrative, r.listed_at, r.version, \
        g.id AS g_id, g.code AS g_code, g.level AS g_level, g.name AS g_name, g.country AS g_country, g.lat AS g_lat, g.lon AS g_lon, g.point_is AS g_point_is, g.geonames_id AS g_geonames_id, g.wikidata_id AS g_wikidata_id, g.own AS g_own, g.parent AS g_parent, g.successor AS g_successor, g.source AS g_source, g.illustrative AS g_illustrative, g.version AS g_version, \
        i.id AS i_id, i.file_name AS i_file_name, i.account AS i_account, i.at AS i_at, i.added AS i_added, i.changed AS i_changed, i.digest AS i_digest \
        FROM relation r JOIN government g ON g.id IN (r.own_government, r.partner_government, (SELECT p.successor FROM government p WHERE p.id = r.partner_government)) LEFT JOIN relation_import i ON i.id = r.imported_in WHERE r.id = $1";
    let rows: Vec<(RelationRow, AroundRow)> = q.all(SQL, vals![id]).await?;
    let mut whole: Option<Whole> = None;
    for (r, around) in rows {
        let government = Government::from(GovernmentRow {
            id: around.g_id,
            code: around.g_code,
            level: around.g_level,
            name: around.g_name,
            country: around.g_country,
            lat: around.g_lat,
            lon: around.g_lon,
            point_is: around.g_point_is,
            geonames_id: around.g_geonames_id,
            wikidata_id: around.g_wikidata_id,
            own: around.g_own,
            parent: around.g_parent,
            successor: around.g_successor,
            source: around.g_source,
            illustrative: around.g_illustrative,
            version: around.g_version,
        });
        let one = whole.get_or_insert_with(|| Whole {
            governments: HashMap::new(),
            imported: around.i_id.map(|id| ImportRow {
                id,
                file_name: around.i_file_name.unwrap_or_default(),
                account: around.i_account,
                at: around.i_at.unwrap_or(r.listed_at),
                added: around.i_added.unwrap_or(0),
                changed: around.i_changed.unwrap_or(0),
                digest: around.i_digest.unwrap_or_default(),
            }),
            relation: Relation::from(r),
        });
        one.governments.insert(government.card.id, government);
    }
    Ok(whole)
}
/// All relations, for the import, the export and the checks.
pub async fn relations(q: &impl Query) -> Result<Vec<Relation>, StoreFault> {
    let rows: Vec<RelationRow> = q.all(&format!("{RELATION} ORDER BY reference"), vec![]).await?;
    Ok(rows.into_iter().map(Relation::from).collect())
}

pub(crate) const RELATION_COLUMNS: &str = "INSERT INTO relation (id, reference, own_government, partner_government, district, kind, status, upgrade_from, since, status_reason, signed_from, precision, filed_on, note, source, claimant, confidence, disputed, imported_in, illustrative, listed_at, version)";
pub(crate) fn relation_vals(r: &Relation, import: Option<ImportId>) -> Vec<Val> {
    vals![
        r.id,
        r.reference,
        r.own,
        r.partner,
        r.district,
        r.kind,
        r.status,
        r.upgrade_from,
        r.since,
        r.reason,
        r.signed.map(|s| s.from),
        r.signed.map(|s| s.precision),
        r.filed_on,
        r.note,
        r.source,
        r.claimant,
        r.confidence,
        r.disputed,
        import,
        r.illustrative,
        r.listed_at,
        r.version,
    ]
}
/// Adds relations; `import` names the file that brought them.
pub async fn insert_relations(tx: &Tx, all: &[Relation], import: Option<ImportId>) -> Result<(), Fail> {
    let rows = all.iter().map(|r| relation_vals(r, import)).collect();
    // SQLite names the columns of the broken constraint, PostgreSQL the constraint, which bears the first of them.
    tx.insert_many(RELATION_COLUMNS, 22, rows)
        .await
        .on_unique("reference", || Refusal::at("reference", "refusal-reference-taken"))
        .map_err(|f| match f {
            Fail::Fault(e) if e.to_string().contains("own_government") => {
                Refusal::at("partner_en", "refusal-relation-exists").into()
            }
            other => other,
        })?;
    Ok(touch(tx).await?)
}
/// Writes a relation; guarded by the version it was read at.
pub async fn save_relation(tx: &Tx, r: &Relation) -> Result<(), Fail> {
    save_relation_from(tx, r, None).await
}
/// As [`save_relation`]; `import` names the file that brought the change.
pub async fn save_relation_from(tx: &Tx, r: &Relation, import: Option<ImportId>) -> Result<(), Fail> {
    let n = tx
        .exec(
            "UPDATE relation SET reference = $1, kind = $2, status = $3, since = $4, status_reason = $5, signed_from = $6, precision = $7, filed_on = $8, note = $9, source = $10, claimant = $11, confidence = $12, disputed = $13, imported_in = COALESCE($14, imported_in), version = $15, upgrade_from = $16 WHERE id = $17 AND version = $18",
            vals![
                r.reference,
                r.kind,
                r.status,
                r.since,
                r.reason,
                r.signed.map(|s| s.from),
                r.signed.map(|s| s.precision),
                r.filed_on,
                r.note,
                r.source,
                r.claimant,
                r.confidence,
                r.disputed,
                import,
                r.version,
                r.upgrade_from,
                r.id,
                r.version - 1,
            ],
        )
        .await
        .on_unique("reference", || Refusal::at("reference", "refusal-reference-taken"))?;
    touch(tx).await?;
    if n == 1 { Ok(()) } else { Err(Fail::Changed) }
}
/// Holds the relation's row until the transaction ends, so that what is computed from its claims is computed from all.
pub async fn hold_relation(tx: &Tx, id: RelationId) -> Result<Option<Relation>, StoreFault> {
    tx.exec("UPDATE relation SET version = version WHERE id = $1", vals![id])
        .await?;
    relation(tx, id).await
}
/// Marks whether claims about it contradict each other. No new version: nobody's edit is overtaken by it.
pub async fn mark_disputed(tx: &Tx, id: RelationId, disputed: bool) -> Result<(), StoreFault> {
    tx.exec("UPDATE relation SET disputed = $1 WHERE id = $2", vals![disputed, id])
        .await?;
    touch(tx).await
}

row! {
    struct CardRow {
        id: RelationId, reference: String, kind: RelationKind, status: RelationStatus,
        upgrade_from: Option<RelationStatus>, signed_from: Option<Day>, precision: Option<Precision>, disputed: bool, confidence: Confidence, source: String, illustrative: bool,
        own_id: GovernmentId, own_level: Level, own_name: Text, own_country: String, own_lat: Option<f64>,
        own_lon: Option<f64>, own_parent: Option<GovernmentId>, partner_id: GovernmentId, partner_level: Level,
        partner_name: Text, partner_country: String, partner_lat: Option<f64>, partner_lon: Option<f64>,
    }
}
impl From<CardRow> for RelationCard {
    fn from(r: CardRow) -> Self {
        RelationCard {
            id: r.id,
            own: GovCard {
                id: r.own_id,
                name: r.own_name,
                level: r.own_level,
                country: r.own_country,
                own: true,
                point: point(r.own_lat, r.own_lon),
                district: r.own_parent.is_some(),
            },
            partner: GovCard {
                id: r.partner_id,
                name: r.partner_name,
                level: r.partner_level,
                country: r.partner_country,
                own: false,
                point: point(r.partner_lat, r.partner_lon),
                district: false,
            },
            kind: r.kind,
            status: r.status,
            upgrade_from: r.upgrade_from,
            signed: signed(r.signed_from, r.precision),
            disputed: r.disputed,
            confidence: r.confidence,
            source: r.source,
            reference: r.reference,
            illustrative: r.illustrative,
        }
    }
}
const CARD: &str = "SELECT r.id, r.reference, r.kind, r.status, r.upgrade_from, r.signed_from, r.precision, r.disputed, r.confidence, r.source, r.illustrative, \
    o.id AS own_id, o.level AS own_level, o.name AS own_name, o.country AS own_country, o.lat AS own_lat, o.lon AS own_lon, o.parent AS own_parent, \
    p.id AS partner_id, p.level AS partner_level, p.name AS partner_name, p.country AS partner_country, p.lat AS partner_lat, p.lon AS partner_lon \
    FROM relation r JOIN government o ON o.id = r.own_government JOIN government p ON p.id = r.partner_government";

/// Cards by id; what is not there is not in the answer.
pub async fn cards(q: &impl Query, ids: &[RelationId]) -> Result<HashMap<RelationId, RelationCard>, StoreFault> {
    let mut out = HashMap::new();
    for ids in ids.chunks(5000) {
        let v: Vec<Val> = ids.iter().flat_map(|i| vals![*i]).collect();
        let rows: Vec<CardRow> = q
            .all(&format!("{CARD} WHERE r.id IN ({})", places(ids.len(), 1)), v)
            .await?;
        out.extend(rows.into_iter().map(|r| (r.id, r.into())));
    }
    Ok(out)
}
/// Every relation's card, whatever its stage: [`crate::index`] decides who sees which.
pub async fn every_card(q: &impl Query) -> Result<Vec<RelationCard>, StoreFault> {
    let rows: Vec<CardRow> = q.all(CARD, vec![]).await?;
    Ok(rows.into_iter().map(RelationCard::from).collect())
}

/// Says that the register has changed. The stamp is new each time, so that no two stores ever share one.
pub async fn touch(tx: &Tx) -> Result<(), StoreFault> {
    let fresh: RelationId = tx.fresh();
    tx.exec(
        "INSERT INTO register_state (only_row, stamp) VALUES (1, $1) ON CONFLICT (only_row) DO UPDATE SET stamp = excluded.stamp",
        vals![fresh],
    )
    .await?;
    Ok(())
}
/// The register's stamp; `None` while it is empty.
pub async fn stamp(q: &impl Query) -> Result<Option<String>, StoreFault> {
    row! { struct Stamp { stamp: String } }
    let s: Option<Stamp> = q
        .one("SELECT stamp FROM register_state WHERE only_row = 1", vec![])
        .await?;
    Ok(s.map(|s| s.stamp))
}
