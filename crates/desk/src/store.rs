//! All SQL of the desk: reading the floor's journal and outbox in ways the floor itself does not need, and its own
//! list of digests.

use std::collections::HashMap;

use basis::{AccountId, LetterId, Moment};
use store::journal::Line;
use store::{Query, StoreFault, Tx, Val, row, vals};

/// Which entries of the journal are wanted; nothing set means all.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Only entries below this number.
    pub before: Option<i64>,
    pub action: Option<String>,
    pub kind: Option<String>,
    pub object: Option<String>,
    pub account: Option<String>,
    /// No lines about these kinds of objects.
    pub without: Vec<&'static str>,
}

/// Newest first.
pub async fn lines(q: &impl Query, wanted: &Wanted, limit: u32) -> Result<Vec<Line>, StoreFault> {
    let mut v: Vec<Val> = vals![wanted.before.unwrap_or(i64::MAX)];
    let mut sql = String::from("SELECT * FROM journal WHERE seq < $1");
    for (column, value) in [
        ("action", &wanted.action),
        ("object_kind", &wanted.kind),
        ("object_id", &wanted.object),
        ("account", &wanted.account),
    ] {
        if let Some(value) = value {
            v.extend(vals![*value]);
            sql.push_str(&format!(" AND {column} = ${}", v.len()));
        }
    }
    for kind in &wanted.without {
        v.extend(vals![*kind]);
        sql.push_str(&format!(" AND object_kind <> ${}", v.len()));
    }
    v.extend(vals![limit]);
    sql.push_str(&format!(" ORDER BY seq DESC LIMIT ${}", v.len()));
    q.all(&sql, v).await
}
/// When each of these objects was last touched.
pub async fn last_steps(
    q: &impl Query,
    objects: &[(&str, &str)],
) -> Result<HashMap<(String, String), Moment>, StoreFault> {
    row! { struct Last { object_kind: String, object_id: String, at: Moment } }
    let mut out = HashMap::new();
    for chunk in objects.chunks(200) {
        let places: Vec<String> = (0..chunk.len())
            .map(|i| format!("(object_kind = ${} AND object_id = ${})", 2 * i + 1, 2 * i + 2))
            .collect();
        let v: Vec<Val> = chunk.iter().flat_map(|(k, i)| vals![*k, *i]).collect();
        let sql = format!(
            "SELECT object_kind, object_id, MAX(at) AS at FROM journal WHERE {} GROUP BY object_kind, object_id",
            places.join(" OR ")
        );
        let rows: Vec<Last> = q.all(&sql, v).await?;
        out.extend(rows.into_iter().map(|r| ((r.object_kind, r.object_id), r.at)));
    }
    Ok(out)
}

/// Puts a letter that was given up back into the outbox; 0 if it is not given up any more.
pub async fn retry_letter(tx: &Tx, id: LetterId) -> Result<u64, StoreFault> {
    tx.exec(
        "UPDATE letter SET status = 'ready', attempts = 0, next_at = $1, last_error = NULL WHERE id = $2 AND status = 'dead'",
        vals![tx.now(), id],
    )
    .await
}
/// How many letters stand at each status.
pub async fn letter_counts(q: &impl Query) -> Result<HashMap<String, i64>, StoreFault> {
    row! { struct Counted { status: String, n: i64 } }
    let rows: Vec<Counted> = q
        .all("SELECT status, COUNT(*) AS n FROM letter GROUP BY status", vec![])
        .await?;
    Ok(rows.into_iter().map(|r| (r.status, r.n)).collect())
}

/// Everybody a letter can reach, in stretches of `limit`.
pub async fn reachable(q: &impl Query, after: &str, limit: u32) -> Result<Vec<AccountId>, StoreFault> {
    row! { struct One { id: AccountId } }
    let rows: Vec<One> = q
        .all(
            "SELECT id FROM account WHERE id > $1 AND email IS NOT NULL AND confirmed_at IS NOT NULL AND erased_at IS NULL ORDER BY id LIMIT $2",
            vals![after, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}
/// Claims a person's period; `false` if its digest was made before.
pub async fn claim_digest(tx: &Tx, account: AccountId, period: &str) -> Result<bool, StoreFault> {
    let n = tx
        .exec(
            "INSERT INTO digest (account, period, made_at) VALUES ($1, $2, $3) ON CONFLICT (account, period) DO NOTHING",
            vals![account, period, tx.now()],
        )
        .await?;
    Ok(n == 1)
}
/// Who of these people has this period's digest already.
pub async fn digests_made(q: &impl Query, period: &str, people: &[AccountId]) -> Result<Vec<AccountId>, StoreFault> {
    row! { struct Made { account: AccountId } }
    let mut v: Vec<Val> = vals![period];
    v.extend(people.iter().flat_map(|p| vals![*p]));
    let places: Vec<String> = (2..=v.len()).map(|i| format!("${i}")).collect();
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT account FROM digest WHERE period = $1 AND account IN ({})",
        places.join(", ")
    );
    let rows: Vec<Made> = q.all(&sql, v).await?;
    Ok(rows.into_iter().map(|r| r.account).collect())
}
/// Periods long past are of no use to anybody.
pub async fn forget_digests(tx: &Tx, before: Moment) -> Result<u64, StoreFault> {
    tx.exec("DELETE FROM digest WHERE made_at < $1", vals![before]).await
}
