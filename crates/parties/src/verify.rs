//! What must always hold in this room.

use store::{Db, Query, StoreFault};

/// Broken invariants in words; empty when clean.
pub async fn verify(db: &Db) -> Result<Vec<String>, StoreFault> {
    let mut out = Vec::new();
    let checks = [
        (
            "organisations without a body of their kind",
            "SELECT COUNT(*) AS n FROM organisation o WHERE NOT EXISTS (SELECT 1 FROM body b WHERE b.id = o.id AND b.kind = 'organisation')",
        ),
        (
            "verified organisations that nobody verified or without an end",
            "SELECT COUNT(*) AS n FROM organisation WHERE status = 'verified' AND (verified_until IS NULL OR verified_by IS NULL)",
        ),
        (
            "refused organisations without a reason",
            "SELECT COUNT(*) AS n FROM organisation WHERE status = 'refused' AND (reason IS NULL OR reason = '')",
        ),
        (
            "promises settled without an outcome, or with one and not settled",
            "SELECT COUNT(*) AS n FROM promise WHERE (settled_at IS NULL) <> (outcome IS NULL)",
        ),
        (
            "fields guided by a body that executes",
            "SELECT COUNT(*) AS n FROM department d JOIN body b ON b.id = d.body WHERE b.kind NOT IN ('office', 'department')",
        ),
    ];
    for (what, sql) in checks {
        let n = db.number(sql, vec![]).await?;
        if n > 0 {
            out.push(format!("parties: {n} {what}"));
        }
    }
    let orphans = crate::heard::orphans(db).await?;
    if orphans > 0 {
        out.push(format!("parties: {orphans} promises by nobody"));
    }
    Ok(out)
}
