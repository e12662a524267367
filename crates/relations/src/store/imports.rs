//! Files that came in.

use basis::{AccountId, ImportId, Moment, RelationId};
use store::{Query, StoreFault, Tx, row, vals};

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
/// Files taken in, newest first.
pub async fn imports(q: &impl Query) -> Result<Vec<ImportRow>, StoreFault> {
    q.all("SELECT id, file_name, account, at, added, changed, digest FROM relation_import ORDER BY at DESC, id DESC LIMIT 50", vec![]).await
}
/// The file that last brought or changed this relation.
pub async fn imported_in(q: &impl Query, id: RelationId) -> Result<Option<ImportRow>, StoreFault> {
    q.one(
        "SELECT i.id, i.file_name, i.account, i.at, i.added, i.changed, i.digest FROM relation_import i JOIN relation r ON r.imported_in = i.id WHERE r.id = $1",
        vals![id],
    )
    .await
}
