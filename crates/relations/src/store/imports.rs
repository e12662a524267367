//! Files that came in.

use basis::{AccountId, Fail, ImportId, Moment};
use store::{Query, StoreFault, Tx, Val, row, vals};

use crate::{Government, Relation};

row! {
    /// One file that was taken in whole.
    #[derive(PartialEq, serde::Serialize)]
    pub struct ImportRow { pub id: ImportId, pub file_name: String, pub account: Option<AccountId>, pub at: Moment, pub added: i64, pub changed: i64, pub digest: String }
}
pub async fn insert_import(tx: &Tx, i: &ImportRow) -> Result<(), StoreFault> {
    tx.exec(
        "INSERT INTO relation_import (id, file_name, account, at, added, changed, digest) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vals![i.id, i.file_name, i.account, i.at, i.added, i.changed, i.digest],
    )
    .await?;
    Ok(())
}
/// Adds what a file brings, as fast as rows go in: only columns that such rows fill; the others have their defaults
/// (a partner's government, first version, not disputed, not illustrative). Keys come along, as they are known already.
pub async fn insert_imported(
    tx: &Tx,
    governments: &[(String, Government)],
    relations: &[Relation],
    import: ImportId,
) -> Result<(), Fail> {
    let rows = governments.iter().map(|(key, g)| {
        let (lat, lon) = (g.card.point.map(|p| p.lat), g.card.point.map(|p| p.lon));
        vals![
            g.card.id,
            *key,
            g.card.level,
            g.card.name,
            g.card.country,
            lat,
            lon,
            g.source
        ]
    });
    tx.insert_many(
        "INSERT INTO government (id, match_key, level, name, country, lat, lon, source)",
        8,
        rows.collect(),
    )
    .await
    .map_err(overtaken)?;
    // Columns that few files fill are left out where nobody does.
    type Fill = (&'static str, fn(&Relation) -> Val, bool);
    let any = |f: fn(&Relation) -> bool| relations.iter().any(f);
    let rare: [Fill; 4] = [
        (
            "district",
            |r| store::ToVal::to_val(&r.district),
            any(|r| r.district.is_some()),
        ),
        (
            "status_reason",
            |r| store::ToVal::to_val(&r.reason),
            any(|r| r.reason.is_some()),
        ),
        (
            "filed_on",
            |r| store::ToVal::to_val(&r.filed_on),
            any(|r| r.filed_on.is_some()),
        ),
        ("note", |r| store::ToVal::to_val(&r.note), any(|r| r.note.is_some())),
    ];
    let rare: Vec<&Fill> = rare.iter().filter(|f| f.2).collect();
    let names: String = rare.iter().map(|f| format!(", {}", f.0)).collect();
    let sql = format!(
        "INSERT INTO relation (id, reference, own_government, partner_government, kind, status, signed_from, precision, source, claimant, confidence, imported_in, listed_at{names})"
    );
    let rows = relations.iter().map(|r| {
        let (from, precision) = (r.signed.map(|s| s.from), r.signed.map(|s| s.precision));
        let mut v = vals![
            r.id,
            r.reference,
            r.own,
            r.partner,
            r.kind,
            r.status,
            from,
            precision,
            r.source,
            r.claimant,
            r.confidence,
            import,
            r.listed_at
        ];
        v.extend(rare.iter().map(|f| (f.1)(r)));
        v
    });
    tx.insert_many(&sql, 13 + rare.len(), rows.collect())
        .await
        .map_err(overtaken)?;
    Ok(super::touch(tx).await?)
}
/// What the plan took for new was entered by somebody else meanwhile.
fn overtaken(f: StoreFault) -> Fail {
    match f {
        StoreFault::Unique(_) => Fail::Changed,
        other => other.into(),
    }
}
/// Files taken in, newest first.
pub async fn imports(q: &impl Query) -> Result<Vec<ImportRow>, StoreFault> {
    q.all("SELECT id, file_name, account, at, added, changed, digest FROM relation_import ORDER BY at DESC, id DESC LIMIT 50", vec![]).await
}
