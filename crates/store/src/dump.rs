//! The whole store out and in again, independent of the engine, and the bytes of attachments beside it.
//!
//! Out of one snapshot, while others write; into a blank store, in one transaction. What a table is, the engine's own
//! catalogue says: a room that adds a table need not think of backups.

use basis::Fail;
use futures::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt, path::Path as Key};
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{Blobs, Db, Engine, Migrations, Query, Row, Step, StoreFault, Tx, Val, row};

/// What a column holds: the portable subset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnKind {
    Text,
    Bigint,
    Boolean,
}
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnShape {
    pub name: String,
    pub kind: ColumnKind,
    /// Part of the primary key.
    pub key: bool,
}
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableShape {
    pub name: String,
    pub columns: Vec<ColumnShape>,
}

row! { struct CatalogueLine { table_name: String, column_name: String, kind: String, key: i64 } }

const SQLITE_CATALOGUE: &str = "SELECT t.name AS table_name, c.name AS column_name, c.type AS kind, c.pk AS key \
     FROM sqlite_master t JOIN pragma_table_info(t.name) c \
     WHERE t.type = 'table' AND substr(t.name, 1, 7) <> 'sqlite_' ORDER BY t.name, c.cid";
const POSTGRES_CATALOGUE: &str = "SELECT c.table_name::text AS table_name, c.column_name::text AS column_name, c.data_type::text AS kind, \
     CASE WHEN EXISTS (SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) \
       WHERE i.indisprimary AND i.indrelid = (quote_ident(c.table_schema) || '.' || quote_ident(c.table_name))::regclass \
       AND a.attname = c.column_name) THEN 1::bigint ELSE 0::bigint END AS key \
     FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) \
     WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' \
     ORDER BY c.table_name COLLATE \"C\", c.ordinal_position";

/// Every table with its columns, by name.
pub async fn shapes(q: &impl Query, engine: Engine) -> Result<Vec<TableShape>, StoreFault> {
    let catalogue = match engine {
        Engine::Sqlite => SQLITE_CATALOGUE,
        Engine::Postgres => POSTGRES_CATALOGUE,
    };
    let mut out: Vec<TableShape> = Vec::new();
    for line in q.all::<CatalogueLine>(catalogue, vec![]).await? {
        let kind = match line.kind.to_ascii_lowercase().as_str() {
            "text" => ColumnKind::Text,
            "bigint" => ColumnKind::Bigint,
            "boolean" => ColumnKind::Boolean,
            other => {
                return Err(StoreFault::Other(format!(
                    "{}.{} is of a type that backups do not know: {other}",
                    line.table_name, line.column_name
                )));
            }
        };
        let column = ColumnShape {
            name: line.column_name,
            kind,
            key: line.key > 0,
        };
        match out.last_mut() {
            Some(t) if t.name == line.table_name => t.columns.push(column),
            _ => out.push(TableShape {
                name: line.table_name,
                columns: vec![column],
            }),
        }
    }
    Ok(out)
}

/// Names come from the catalogue or from a backup's manifest: only plain ones are put into SQL.
fn plain(name: &str) -> Result<&str, StoreFault> {
    let fine = !name.is_empty()
        && name.len() <= 60
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if fine {
        Ok(name)
    } else {
        Err(StoreFault::Other(format!("{name:?} is no name of a table or column")))
    }
}
pub(crate) fn quoted(name: &str) -> Result<String, StoreFault> {
    Ok(format!("\"{}\"", plain(name)?))
}

pub(crate) fn cell(row: &Row, c: &ColumnShape) -> Result<Json, StoreFault> {
    Ok(match c.kind {
        ColumnKind::Text => row.get::<Option<String>>(&c.name)?.map_or(Json::Null, Json::from),
        ColumnKind::Bigint => row.get::<Option<i64>>(&c.name)?.map_or(Json::Null, Json::from),
        ColumnKind::Boolean => row.get::<Option<bool>>(&c.name)?.map_or(Json::Null, Json::from),
    })
}
fn value(c: &ColumnShape, v: &Json) -> Result<Val, StoreFault> {
    let wrong = || StoreFault::belief(&c.name, &v.to_string());
    Ok(Val(match (c.kind, v) {
        (ColumnKind::Text, Json::Null) => Value::String(None),
        // An older SQLite store may have kept a NUL; its backup must go into a new one all the same.
        (ColumnKind::Text, Json::String(s)) => Value::String(Some(s.replace('\0', "\u{fffd}"))),
        (ColumnKind::Bigint, Json::Null) => Value::BigInt(None),
        (ColumnKind::Bigint, Json::Number(n)) => Value::BigInt(Some(n.as_i64().ok_or_else(wrong)?)),
        (ColumnKind::Boolean, Json::Null) => Value::Bool(None),
        (ColumnKind::Boolean, Json::Bool(b)) => Value::Bool(Some(*b)),
        _ => return Err(wrong()),
    }))
}

/// Rows read at once: enough that statements do not count, few enough that memory does not either.
const AT_ONCE: usize = 2000;

/// One table, row by row, each as a JSON array in the order of the columns. Returns how many rows there were.
pub async fn dump_table(
    q: &impl Query,
    table: &TableShape,
    mut each: impl FnMut(Vec<Json>) -> Result<(), StoreFault>,
) -> Result<u64, StoreFault> {
    let name = quoted(&table.name)?;
    let list = |columns: &[&ColumnShape]| -> Result<String, StoreFault> {
        Ok(columns
            .iter()
            .map(|c| quoted(&c.name))
            .collect::<Result<Vec<_>, _>>()?
            .join(", "))
    };
    let all: Vec<&ColumnShape> = table.columns.iter().collect();
    let keys: Vec<&ColumnShape> = table.columns.iter().filter(|c| c.key).collect();
    if keys.is_empty() {
        return Err(StoreFault::Other(format!("{} has no primary key", table.name)));
    }
    let (columns, order) = (list(&all)?, list(&keys)?);
    let places: Vec<String> = (1..=keys.len()).map(|n| format!("${n}")).collect();
    let mut after: Vec<Val> = Vec::new();
    let mut count = 0;
    loop {
        let from = if after.is_empty() {
            String::new()
        } else {
            format!("WHERE ({order}) > ({})", places.join(", "))
        };
        let sql = format!("SELECT {columns} FROM {name} {from} ORDER BY {order} LIMIT {AT_ONCE}");
        let rows = q.raw(&sql, std::mem::take(&mut after)).await?;
        let full = rows.len() == AT_ONCE;
        for (i, r) in rows.iter().enumerate() {
            let cells: Vec<Json> = all.iter().map(|c| cell(r, c)).collect::<Result<_, _>>()?;
            if full && i + 1 == rows.len() {
                after = all
                    .iter()
                    .zip(&cells)
                    .filter(|(c, _)| c.key)
                    .map(|(c, v)| value(c, v))
                    .collect::<Result<_, _>>()?;
            }
            each(cells)?;
            count += 1;
        }
        if !full {
            return Ok(count);
        }
    }
}

row! {
    /// A step that has been applied to a store.
    pub struct AppliedStep { pub room: String, pub name: String, pub sha256: String }
}
/// The steps that made a store's tables what they are.
pub async fn applied_steps(q: &impl Query) -> Result<Vec<AppliedStep>, StoreFault> {
    q.all(
        "SELECT room, name, sha256 FROM migration ORDER BY at, room, name",
        vec![],
    )
    .await
}

/// Whether there is no table yet.
pub async fn is_blank(db: &Db) -> Result<bool, StoreFault> {
    Ok(shapes(db, db.engine()).await?.is_empty())
}

/// A store being filled from a backup: all of it, or nothing.
pub struct Refill {
    tx: Tx,
    shapes: Vec<TableShape>,
    deferred: Vec<(String, String)>,
}
row! { struct ForeignKey { table_name: String, name: String } }

impl Refill {
    /// Makes the tables as the backup's own steps made them, empty. Later steps run at the next start, as ever.
    ///
    /// # Errors
    /// When the store holds anything already, or the backup was made by a newer program.
    pub async fn begin(db: &Db, rooms: &[Migrations], steps: &[(String, String)]) -> Result<Refill, StoreFault> {
        if !is_blank(db).await? {
            return Err(StoreFault::Other(
                "the store is not empty: a backup is restored into a new one only".into(),
            ));
        }
        let known = |room: &str, name: &str| {
            rooms
                .iter()
                .any(|m| m.room == room && m.steps.iter().any(|s| s.name == name))
        };
        if let Some((room, name)) = steps.iter().find(|(r, n)| !known(r, n)) {
            return Err(StoreFault::Other(format!(
                "the backup was made by a newer program: this one does not know the step {room}/{name}"
            )));
        }
        let wanted: Vec<Migrations> = rooms
            .iter()
            .map(|m| {
                let kept: Vec<Step> = m
                    .steps
                    .iter()
                    .filter(|s| steps.iter().any(|(r, n)| r == m.room && n == s.name))
                    .copied()
                    .collect();
                // A few dozen pointers, once in the life of a command.
                Migrations {
                    room: m.room,
                    steps: kept.leak(),
                }
            })
            .collect();
        db.migrate(&wanted).await?;
        let tx = db.begin_plain().await?;
        let deferred = defer_references(&tx).await?;
        let shapes = shapes(&tx, db.engine()).await?;
        for t in &shapes {
            tx.exec(&format!("DELETE FROM {}", quoted(&t.name)?), vec![]).await?;
        }
        Ok(Refill { tx, shapes, deferred })
    }
    /// Adds rows to a table; `columns` in the order of the cells.
    ///
    /// # Errors
    /// When the table, a column or a value is not what this store knows.
    pub async fn fill(&self, table: &str, columns: &[ColumnShape], rows: &[Vec<Json>]) -> Result<(), StoreFault> {
        let shape = self
            .shapes
            .iter()
            .find(|s| s.name == table)
            .ok_or_else(|| StoreFault::Other(format!("there is no table {table}")))?;
        let mut names = Vec::with_capacity(columns.len());
        for c in columns {
            if !shape.columns.iter().any(|s| s.name == c.name && s.kind == c.kind) {
                return Err(StoreFault::Other(format!(
                    "{table} has no column {} of this kind",
                    c.name
                )));
            }
            names.push(quoted(&c.name)?);
        }
        let mut vals = Vec::with_capacity(rows.len());
        for r in rows {
            if r.len() != columns.len() {
                return Err(StoreFault::Other(format!("a row of {table} has {} cells", r.len())));
            }
            let cells: Vec<Val> = columns
                .iter()
                .zip(r)
                .map(|(c, v)| value(c, v))
                .collect::<Result<_, _>>()?;
            vals.push(cells);
        }
        let head = format!("INSERT INTO {} ({})", quoted(table)?, names.join(", "));
        self.tx.insert_many(&head, columns.len(), vals).await
    }
    /// Looks at every reference between rows, and keeps it all.
    ///
    /// # Errors
    /// When a row names another that is not there.
    pub async fn finish(self) -> Result<(), StoreFault> {
        if !self.deferred.is_empty() {
            self.tx.exec("SET CONSTRAINTS ALL IMMEDIATE", vec![]).await?;
            alter_references(&self.tx, &self.deferred, "NOT DEFERRABLE").await?;
        }
        self.tx.commit_plain().await
    }
}
/// Takes every table away again: a restore that broke off leaves the store as blank as it was.
pub async fn unmake(db: &Db) -> Result<(), StoreFault> {
    let tx = db.begin_plain().await?;
    let tail = match db.engine() {
        Engine::Sqlite => {
            tx.exec("PRAGMA defer_foreign_keys = ON", vec![]).await?;
            ""
        }
        Engine::Postgres => " CASCADE",
    };
    for t in shapes(&tx, db.engine()).await? {
        tx.exec(&format!("DROP TABLE {}{tail}", quoted(&t.name)?), vec![])
            .await?;
    }
    tx.commit_plain().await
}
/// Rows may come before those they name, until the end of the transaction.
async fn defer_references(tx: &Tx) -> Result<Vec<(String, String)>, StoreFault> {
    if tx.db().engine() == Engine::Sqlite {
        tx.exec("PRAGMA defer_foreign_keys = ON", vec![]).await?;
        return Ok(Vec::new());
    }
    let found: Vec<ForeignKey> = tx
        .all(
            "SELECT c.conrelid::regclass::text AS table_name, c.conname::text AS name FROM pg_constraint c \
             JOIN pg_namespace n ON n.oid = c.connamespace WHERE c.contype = 'f' AND n.nspname = current_schema()",
            vec![],
        )
        .await?;
    let keys: Vec<(String, String)> = found
        .into_iter()
        .map(|f| (f.table_name.trim_matches('"').to_owned(), f.name))
        .collect();
    alter_references(tx, &keys, "DEFERRABLE").await?;
    tx.exec("SET CONSTRAINTS ALL DEFERRED", vec![]).await?;
    Ok(keys)
}
async fn alter_references(tx: &Tx, keys: &[(String, String)], to: &str) -> Result<(), StoreFault> {
    for (table, name) in keys {
        let sql = format!("ALTER TABLE {} ALTER CONSTRAINT {} {to}", quoted(table)?, quoted(name)?);
        tx.exec(&sql, vec![]).await?;
    }
    Ok(())
}

row! {
    /// The bytes an attachment should have.
    pub struct BlobRow { pub blob_key: String, pub size: i64, pub sha256: String }
}
/// Every kept file once, by its key.
pub async fn blob_rows(q: &impl Query) -> Result<Vec<BlobRow>, StoreFault> {
    q.all(
        "SELECT DISTINCT blob_key, size, sha256 FROM attachment ORDER BY blob_key",
        vec![],
    )
    .await
}

impl Blobs {
    /// Whether the place where attachments lie answers.
    pub async fn reachable(&self) -> Result<(), StoreFault> {
        let mut listing = self.0.list(Some(&Key::from("00")));
        listing
            .try_next()
            .await
            .map(|_| ())
            .map_err(|e| StoreFault::Other(format!("attachments: {e}")))
    }
    /// The bytes under a key, as they are; none when there are none.
    pub async fn bytes_at(&self, key: &str) -> Result<Option<bytes::Bytes>, StoreFault> {
        let other = |e: object_store::Error| StoreFault::Other(format!("attachment {key}: {e}"));
        match self.0.get(&Key::from(key)).await {
            Ok(found) => found.bytes().await.map(Some).map_err(other),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(other(e)),
        }
    }
    /// Puts bytes back under the key they had.
    pub async fn put_back(&self, key: &str, bytes: bytes::Bytes) -> Result<(), StoreFault> {
        self.0
            .put(&Key::from(key), bytes.into())
            .await
            .map(|_| ())
            .map_err(|e| StoreFault::Other(format!("attachment {key}: {e}")))
    }
}

impl Db {
    /// What the engine itself knows of faults in its file, and rows that name others which are not there.
    pub async fn inspect(&self) -> Result<Vec<String>, Fail> {
        row! { struct Said { said: String } }
        row! { struct Loose { table_name: String, parent: String } }
        if self.engine() == Engine::Postgres {
            // PostgreSQL holds references by itself and has no inspection of its own.
            return Ok(Vec::new());
        }
        let said: Vec<Said> = self
            .all("SELECT integrity_check AS said FROM pragma_integrity_check", vec![])
            .await?;
        let loose: Vec<Loose> = self
            .all(
                "SELECT \"table\" AS table_name, parent FROM pragma_foreign_key_check LIMIT 100",
                vec![],
            )
            .await?;
        Ok(said
            .into_iter()
            .map(|s| s.said)
            .filter(|s| s != "ok")
            .chain(
                loose
                    .into_iter()
                    .map(|l| format!("a row of {} names one of {} that is not there", l.table_name, l.parent)),
            )
            .collect())
    }
}
