//! What the store keeps about one person, whichever room keeps it. By the names of columns, so that a room which adds a
//! table need not think of it: `account` and `by_account` say whose a row is; `.._by`, `responsible` and `applicant` who did
//! something to somebody else's, or answers for it.

use std::collections::BTreeMap;

use basis::AccountId;
use serde_json::{Map, Value as Json};

use crate::{
    Engine, Query, StoreFault,
    dump::{ColumnKind, ColumnShape, TableShape, cell, quoted, shapes},
    vals,
};

/// A letter's body may hold a link that signs in, and its reader has it already.
const NEVER: [&str; 1] = ["body_text"];
/// Answers kept for repeats: each is told by the row it was about.
const NOT_THESE: [&str; 1] = ["once"];

fn whose(c: &ColumnShape) -> bool {
    c.name == "account" || c.name == "by_account"
}
fn did(c: &ColumnShape) -> bool {
    let named = c.name.ends_with("_by") || ["responsible", "applicant"].contains(&&*c.name);
    // A moment may end so too: until when somebody answers.
    !whose(c) && named && c.kind == ColumnKind::Text
}

/// By table, the rows that are this person's, whole, and of the rows that the person only did something to, their keys
/// and what was done. Tables in `except` are told elsewhere.
///
/// # Errors
/// When the store cannot be read, or holds a table that backups do not know either.
pub async fn of_person(
    q: &impl Query,
    engine: Engine,
    person: AccountId,
    except: &[&str],
) -> Result<BTreeMap<String, Vec<Json>>, StoreFault> {
    let mut out = BTreeMap::new();
    for table in shapes(q, engine).await? {
        if except.contains(&&*table.name) || NOT_THESE.contains(&&*table.name) {
            continue;
        }
        let rows = if table.columns.iter().any(whose) {
            rows(q, &table, person, whose, |c| !NEVER.contains(&&*c.name)).await?
        } else {
            Vec::new()
        };
        let done = rows_done(q, &table, person).await?;
        if !rows.is_empty() || !done.is_empty() {
            out.insert(table.name, rows.into_iter().chain(done).collect());
        }
    }
    Ok(out)
}

/// Rows of others, or of nobody, on which this person acted.
async fn rows_done(q: &impl Query, table: &TableShape, person: AccountId) -> Result<Vec<Json>, StoreFault> {
    if !table.columns.iter().any(did) {
        return Ok(Vec::new());
    }
    let mut found = rows(q, table, person, did, |c| c.key || did(c) || whose(c)).await?;
    let me = Json::from(person.to_string());
    found.retain_mut(|row| {
        let Some(row) = row.as_object_mut() else { return false };
        let mine = table.columns.iter().any(|c| whose(c) && row.get(&c.name) == Some(&me));
        // Who else acted on it is not this person's data.
        row.retain(|name, value| *value == me || table.columns.iter().any(|c| c.key && c.name == *name));
        !mine
    });
    Ok(found)
}

async fn rows(
    q: &impl Query,
    table: &TableShape,
    person: AccountId,
    names: fn(&ColumnShape) -> bool,
    keeps: fn(&ColumnShape) -> bool,
) -> Result<Vec<Json>, StoreFault> {
    let list = |of: fn(&ColumnShape) -> bool, text: &str, between: &str| -> Result<String, StoreFault> {
        let parts = table.columns.iter().filter(|c| of(c));
        let parts = parts.map(|c| Ok(format!("{}{text}", quoted(&c.name)?)));
        Ok(parts.collect::<Result<Vec<_>, StoreFault>>()?.join(between))
    };
    let sql = format!(
        "SELECT {} FROM {} WHERE {} ORDER BY {}",
        list(keeps, "", ", ")?,
        quoted(&table.name)?,
        list(names, " = $1", " OR ")?,
        list(|c| c.key, "", ", ")?,
    );
    let found = q.raw(&sql, vals![person]).await?;
    let one = |row: &crate::Row| {
        let mut cells = Map::new();
        for c in table.columns.iter().filter(|c| keeps(c)) {
            cells.insert(c.name.clone(), cell(row, c)?);
        }
        Ok(Json::Object(cells))
    };
    found.iter().map(one).collect()
}
