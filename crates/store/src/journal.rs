//! The journal of every state change: who, acting as whom, what, why, before and after. An RFC 9162 Merkle log.
//!
//! A leaf is the hash of one line of JSON that names everything but the details; of those it holds a salted hash, so
//! that details with personal data can be erased while the log still proves.

use basis::{Fail, Kind, Moment};
use merkle::Hash;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

use crate::{Act, Query, StoreFault, Tx, row, vals};

/// One change, as a use case notes it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// "call.published": the object's kind and what was done, in the past.
    pub action: &'static str,
    pub object_kind: &'static str,
    pub object_id: String,
    pub before: Option<serde_json::Value>,
    pub after: Option<serde_json::Value>,
    pub reason: Option<String>,
}
impl Entry {
    pub fn of<T: Kind>(action: &'static str, id: basis::Id<T>) -> Self {
        Entry {
            action,
            object_kind: T::NAME,
            object_id: id.to_string(),
            before: None,
            after: None,
            reason: None,
        }
    }
    #[must_use]
    pub fn before(mut self, v: impl Serialize) -> Self {
        self.before = serde_json::to_value(v).ok();
        self
    }
    #[must_use]
    pub fn after(mut self, v: impl Serialize) -> Self {
        self.after = serde_json::to_value(v).ok();
        self
    }
    /// One entry for many objects that a file brought: a log entry each would be four rows each. It names them; what they
    /// were after it is what the next entry of each says they were before, or what they still are.
    /// `action` is that of an entry for one with "-together" behind it; [`imported_together`] finds it for each of them.
    #[must_use]
    pub fn together<T: Kind>(
        action: &'static str,
        import: basis::ImportId,
        objects: impl IntoIterator<Item = basis::Id<T>>,
    ) -> Self {
        let ids: Vec<String> = objects.into_iter().map(|id| id.to_string()).collect();
        Entry {
            action,
            object_kind: basis::Import::NAME,
            object_id: import.to_string(),
            before: None,
            after: Some(serde_json::json!({ "ids": ids })),
            reason: None,
        }
    }
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }
}

/// How the action of an entry for many objects ends.
const TOGETHER: &str = "-together";

row! {
    /// A line of the journal as kept.
    pub struct Line {
        pub seq: i64,
        pub at: Moment,
        pub account: Option<String>,
        pub body: Option<String>,
        pub role: String,
        pub via: String,
        pub action: String,
        pub object_kind: String,
        pub object_id: String,
        pub detail_hash: String,
        pub leaf_hash: String,
    }
}
row! {
    /// What changed, and why; gone after an erasure.
    pub struct Detail { pub seq: i64, pub salt: String, pub reason: Option<String>, pub before_json: Option<String>, pub after_json: Option<String> }
}

#[derive(Serialize)]
struct Leaf<'a> {
    seq: i64,
    at: i64,
    account: Option<&'a str>,
    body: Option<&'a str>,
    role: &'a str,
    via: &'a str,
    action: &'a str,
    object_kind: &'a str,
    object_id: &'a str,
    detail_hash: &'a str,
}
impl Line {
    /// The bytes the leaf hash is taken of.
    pub fn bytes(&self) -> Vec<u8> {
        let leaf = Leaf {
            seq: self.seq,
            at: self.at.as_microsecond(),
            account: self.account.as_deref(),
            body: self.body.as_deref(),
            role: &self.role,
            via: &self.via,
            action: &self.action,
            object_kind: &self.object_kind,
            object_id: &self.object_id,
            detail_hash: &self.detail_hash,
        };
        serde_json::to_vec(&leaf).unwrap_or_default()
    }
    pub fn hash(&self) -> Hash {
        merkle::leaf_hash(&self.bytes())
    }
    /// Whether it tells of many objects at once ([`Entry::together`]).
    pub fn is_of_many(&self) -> bool {
        self.action.ends_with(TOGETHER)
    }
}
impl Detail {
    pub fn hash(&self) -> String {
        let mut h = Sha256::new();
        for part in [
            Some(&self.salt),
            self.reason.as_ref(),
            self.before_json.as_ref(),
            self.after_json.as_ref(),
        ] {
            // Lengths first, so that no two different details run together into the same bytes.
            h.update(part.map_or(u64::MAX, |p| p.len() as u64).to_be_bytes());
            h.update(part.map_or("", |p| p.as_str()).as_bytes());
        }
        hex::encode(h.finalize())
    }
}

pub(crate) async fn append(tx: &Tx, act: &Act, entries: Vec<Entry>) -> Result<(), Fail> {
    if entries.is_empty() {
        return Ok(());
    }
    // Locks the head until commit: the log is gapless and in commit order on both engines.
    row! { struct Head { size: i64 } }
    let count = entries.len() as i64;
    let head: Head = tx
        .one(
            "UPDATE journal_head SET size = size + $1 WHERE only_row = 1 RETURNING size",
            vals![count],
        )
        .await?
        .ok_or_else(|| Fail::fault("journal_head is gone"))?;
    let first = head.size - count;
    let now = tx.now();
    let mut fresh: HashMap<(u32, u64), Hash> = HashMap::new();
    let (mut lines, mut details, mut nodes) = (Vec::new(), Vec::new(), Vec::new());
    // What the first append needs from the store; later ones find the rest among the fresh nodes.
    let need: Vec<(u32, u64)> = (0..entries.len() as u64)
        .flat_map(|i| merkle::nodes_for_append(first as u64 + i))
        .collect();
    let known = load_nodes(tx, &need).await?;
    for (i, e) in entries.into_iter().enumerate() {
        let seq = first + i as i64;
        let mut salt = [0u8; 16];
        tx.db().env().chance.fill(&mut salt);
        let text = |v: &Option<serde_json::Value>| v.as_ref().map(ToString::to_string);
        let detail = Detail {
            seq,
            salt: hex::encode(salt),
            reason: e.reason.clone().or_else(|| act.reason.clone()),
            before_json: text(&e.before),
            after_json: text(&e.after),
        };
        let mut line = Line {
            seq,
            at: now,
            account: act.actor.account.map(|a| a.to_string()),
            body: act.actor.body.map(|a| a.to_string()),
            role: act.actor.role.clone(),
            via: act.actor.via.to_string(),
            action: e.action.into(),
            object_kind: e.object_kind.into(),
            object_id: e.object_id,
            detail_hash: detail.hash(),
            leaf_hash: String::new(),
        };
        let leaf = line.hash();
        line.leaf_hash = leaf.to_string();
        let get = |level: u32, index: u64| {
            fresh
                .get(&(level, index))
                .or_else(|| known.get(&(level, index)))
                .copied()
                .ok_or_else(|| StoreFault::Other(format!("journal node {level}/{index} is missing")))
        };
        for (level, index, hash) in merkle::append(seq as u64, leaf, get)? {
            fresh.insert((level, index), hash);
            nodes.push(vals![level, index as i64, hash.to_string()]);
        }
        lines.push(vals![
            seq,
            line.at,
            line.account,
            line.body,
            line.role,
            line.via,
            line.action,
            line.object_kind,
            line.object_id,
            line.detail_hash,
            line.leaf_hash
        ]);
        details.push(vals![
            seq,
            detail.salt,
            detail.reason,
            detail.before_json,
            detail.after_json
        ]);
    }
    tx.insert_many("INSERT INTO journal (seq, at, account, body, role, via, action, object_kind, object_id, detail_hash, leaf_hash)", 11, lines).await?;
    tx.insert_many(
        "INSERT INTO journal_detail (seq, salt, reason, before_json, after_json)",
        5,
        details,
    )
    .await?;
    tx.insert_many("INSERT INTO journal_node (level, idx, hash)", 3, nodes)
        .await?;
    Ok(())
}

async fn load_nodes(q: &impl Query, need: &[(u32, u64)]) -> Result<HashMap<(u32, u64), Hash>, StoreFault> {
    row! { struct Node { level: i64, idx: i64, hash: String } }
    let mut out = HashMap::new();
    for chunk in need.chunks(200) {
        let places: Vec<String> = (0..chunk.len())
            .map(|i| format!("(level = ${} AND idx = ${})", i * 2 + 1, i * 2 + 2))
            .collect();
        let mut vals = Vec::new();
        for (level, index) in chunk {
            vals.extend(vals![*level, *index as i64]);
        }
        let rows: Vec<Node> = q
            .all(
                &format!(
                    "SELECT level, idx, hash FROM journal_node WHERE {}",
                    places.join(" OR ")
                ),
                vals,
            )
            .await?;
        for n in rows {
            let hash = n.hash.parse().map_err(|_| StoreFault::belief("hash", &n.hash))?;
            out.insert((n.level as u32, n.idx as u64), hash);
        }
    }
    Ok(out)
}

pub async fn size(q: &impl Query) -> Result<u64, StoreFault> {
    Ok(
        q.number("SELECT size AS n FROM journal_head WHERE only_row = 1", vec![])
            .await? as u64,
    )
}
/// The root over the first `size` entries.
pub async fn root(q: &impl Query, size: u64) -> Result<Hash, StoreFault> {
    let known = load_nodes(q, &merkle::nodes_for_root(size)).await?;
    merkle::root(size, |l, i| {
        known
            .get(&(l, i))
            .copied()
            .ok_or_else(|| StoreFault::Other(format!("journal node {l}/{i} is missing")))
    })
}

/// Proof that one entry is in the log of a given size (RFC 9162 section 2.1.3).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Inclusion {
    pub seq: u64,
    pub size: u64,
    pub leaf: String,
    pub path: Vec<String>,
    pub root: String,
}
pub async fn prove(q: &impl Query, seq: u64) -> Result<Option<Inclusion>, StoreFault> {
    let size = size(q).await?;
    if seq >= size {
        return Ok(None);
    }
    let Some(line) = line(q, seq).await? else {
        return Ok(None);
    };
    let mut need = merkle::nodes_for_inclusion(seq, size);
    need.extend(merkle::nodes_for_root(size));
    let known = load_nodes(q, &need).await?;
    let get = |l, i| {
        known
            .get(&(l, i))
            .copied()
            .ok_or_else(|| StoreFault::Other(format!("journal node {l}/{i} is missing")))
    };
    let path = merkle::inclusion_path(seq, size, get).map_err(|e| StoreFault::Other(e.to_string()))?;
    let root = merkle::root(size, get)?;
    Ok(Some(Inclusion {
        seq,
        size,
        leaf: line.hash().to_string(),
        path: path.iter().map(Hash::to_string).collect(),
        root: root.to_string(),
    }))
}
pub async fn line(q: &impl Query, seq: u64) -> Result<Option<Line>, StoreFault> {
    q.one("SELECT * FROM journal WHERE seq = $1", vals![seq as i64]).await
}
/// Everything that happened to one object, oldest first, with details where they still exist.
pub async fn history(
    q: &impl Query,
    object_kind: &str,
    object_id: &str,
) -> Result<Vec<(Line, Option<Detail>)>, StoreFault> {
    let lines: Vec<Line> = q
        .all(
            "SELECT * FROM journal WHERE object_kind = $1 AND object_id = $2 ORDER BY seq LIMIT 500",
            vals![object_kind, object_id],
        )
        .await?;
    let details: Vec<Detail> = q
        .all("SELECT d.* FROM journal_detail d JOIN journal j ON j.seq = d.seq WHERE j.object_kind = $1 AND j.object_id = $2 ORDER BY d.seq LIMIT 500", vals![object_kind, object_id])
        .await?;
    let mut by_seq: HashMap<i64, Detail> = details.into_iter().map(|d| (d.seq, d)).collect();
    Ok(lines
        .into_iter()
        .map(|l| {
            let d = by_seq.remove(&l.seq);
            (l, d)
        })
        .collect())
}
/// The entries of imports for many objects ([`Entry::together`]) that tell of this one, each as if it told of this one
/// alone; their hashes stay the whole entry's.
///
/// # Errors
/// Faults of the store.
pub async fn imported_together(
    q: &impl Query,
    object_kind: &str,
    object_id: &str,
) -> Result<Vec<(Line, Option<Detail>)>, StoreFault> {
    // Nobody reads words here: an id stands in the text or it does not, and to take it out says so on both engines.
    const WHICH: &str =
        "j.object_kind = 'import' AND REPLACE(d.after_json, $1, '') <> d.after_json ORDER BY j.seq LIMIT 20";
    if object_id.is_empty() {
        return Ok(Vec::new());
    }
    let needle = format!("\"{object_id}\"");
    let mut lines: Vec<Line> = q
        .all(
            &format!("SELECT j.* FROM journal j JOIN journal_detail d ON d.seq = j.seq WHERE {WHICH}"),
            vals![needle],
        )
        .await?;
    let kind = format!("{object_kind}.");
    lines.retain(|line| line.is_of_many() && line.action.starts_with(&kind));
    let one = |mut line: Line| {
        line.action.truncate(line.action.len() - TOGETHER.len());
        (line.object_kind, line.object_id) = (object_kind.to_owned(), object_id.to_owned());
        // Who else came with it belongs to the others.
        let alone = Detail {
            seq: line.seq,
            salt: String::new(),
            reason: None,
            before_json: None,
            after_json: None,
        };
        (line, Some(alone))
    };
    Ok(lines.into_iter().map(one).collect())
}
/// The newest lines, for the auditor's page; `before` is a sequence number to go on from.
pub async fn newest(q: &impl Query, before: Option<i64>, limit: u32) -> Result<Vec<Line>, StoreFault> {
    q.all(
        "SELECT * FROM journal WHERE seq < $1 ORDER BY seq DESC LIMIT $2",
        vals![before.unwrap_or(i64::MAX), limit],
    )
    .await
}
/// What the log says when the details of an account's earlier entries were taken away, and only then.
pub const ERASED: &str = "account.erased";
/// Takes the details of one account's own entries away; the log still proves that they happened. The use case notes
/// [`ERASED`] with it, or [`verify`] finds them missing.
pub async fn erase_details_of(tx: &Tx, account: basis::AccountId) -> Result<u64, StoreFault> {
    tx.exec("DELETE FROM journal_detail WHERE seq IN (SELECT seq FROM journal WHERE object_kind = 'account' AND object_id = $1)", vals![account]).await
}

/// What [`verify`] found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Verdict {
    pub size: u64,
    pub root: String,
    pub erased_details: u64,
    pub faults: Vec<String>,
}

/// Recomputes every leaf, every node and the root from the kept lines alone.
pub async fn verify(q: &impl Query, mut progress: impl FnMut(u64, u64)) -> Result<Verdict, StoreFault> {
    let size = size(q).await?;
    let mut v = Verdict {
        size,
        ..Default::default()
    };
    let mut nodes: HashMap<(u32, u64), Hash> = HashMap::new();
    // By account: its entries without details, until an erasure accounts for them.
    let mut missing: HashMap<String, Vec<u64>> = HashMap::new();
    let mut seq = 0_u64;
    while seq < size {
        let lines: Vec<Line> = q
            .all(
                "SELECT * FROM journal WHERE seq >= $1 ORDER BY seq LIMIT 1000",
                vals![seq as i64],
            )
            .await?;
        let details: Vec<Detail> = q
            .all(
                "SELECT * FROM journal_detail WHERE seq >= $1 AND seq < $2 ORDER BY seq",
                vals![seq as i64, seq as i64 + 1000],
            )
            .await?;
        let details: HashMap<i64, Detail> = details.into_iter().map(|d| (d.seq, d)).collect();
        if lines.is_empty() {
            v.faults.push(format!("entry {seq} is missing"));
            break;
        }
        for line in lines {
            if line.seq as u64 != seq {
                v.faults.push(format!("entry {seq} is missing"));
                return Ok(v);
            }
            let leaf = line.hash();
            if leaf.to_string() != line.leaf_hash {
                v.faults
                    .push(format!("entry {seq} was changed: its leaf hash does not fit"));
            }
            match details.get(&line.seq) {
                Some(d) if d.hash() != line.detail_hash => {
                    v.faults.push(format!("details of entry {seq} were changed"))
                }
                Some(_) => {}
                None if line.object_kind == basis::Account::NAME => {
                    missing.entry(line.object_id.clone()).or_default().push(seq);
                }
                None => v.faults.push(format!("details of entry {seq} are missing")),
            }
            if line.action == ERASED && line.object_kind == basis::Account::NAME {
                v.erased_details += missing.remove(&line.object_id).map_or(0, |all| all.len() as u64);
            }
            let get = |l: u32, i: u64| {
                nodes
                    .get(&(l, i))
                    .copied()
                    .ok_or_else(|| StoreFault::Other(format!("node {l}/{i} is missing")))
            };
            for (level, index, hash) in merkle::append(seq, leaf, get)? {
                nodes.insert((level, index), hash);
            }
            seq += 1;
        }
        progress(seq, size);
    }
    let mut lost: Vec<u64> = missing.into_values().flatten().collect();
    lost.sort_unstable();
    v.faults.extend(
        lost.iter()
            .map(|n| format!("details of entry {n} are missing, and no erasure took them")),
    );
    let extra = q
        .number("SELECT COUNT(*) AS n FROM journal WHERE seq >= $1", vals![size as i64])
        .await?;
    if extra != 0 {
        v.faults.push(format!("{extra} entries beyond the head"));
    }
    let computed = merkle::root(size, |l, i| {
        nodes
            .get(&(l, i))
            .copied()
            .ok_or_else(|| StoreFault::Other(format!("node {l}/{i} is missing")))
    });
    match (computed, root(q, size).await) {
        (Ok(a), Ok(b)) if a == b => v.root = a.to_string(),
        (Ok(a), Ok(b)) => v.faults.push(format!("the kept root {b} is not the computed root {a}")),
        (_, Err(e)) | (Err(e), _) => v.faults.push(e.to_string()),
    }
    Ok(v)
}
/// When each of these objects last changed.
pub async fn last_changes(
    q: &impl Query,
    object_kind: &str,
    ids: &[String],
) -> Result<HashMap<String, Moment>, StoreFault> {
    row! { struct Last { object_id: String, at: Moment } }
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let places: Vec<String> = (0..ids.len()).map(|i| format!("${}", i + 2)).collect();
    let mut v = vals![object_kind];
    v.extend(ids.iter().flat_map(|id| vals![id.as_str()]));
    let rows: Vec<Last> = q
        .all(
            &format!("SELECT object_id, MAX(at) AS at FROM journal WHERE object_kind = $1 AND object_id IN ({}) GROUP BY object_id", places.join(", ")),
            v,
        )
        .await?;
    Ok(rows.into_iter().map(|r| (r.object_id, r.at)).collect())
}
