//! What must always hold in this room.

use store::{Db, Query, StoreFault};

/// Broken invariants in words; empty when clean.
pub async fn verify(db: &Db) -> Result<Vec<String>, StoreFault> {
    let mut out = Vec::new();
    let checks = [
        (
            "relations whose own side is not ours, or whose partner is",
            "SELECT COUNT(*) AS n FROM relation r JOIN government o ON o.id = r.own_government JOIN government p ON p.id = r.partner_government WHERE NOT o.own OR p.own",
        ),
        (
            "relations of a district that is not their own side",
            "SELECT COUNT(*) AS n FROM relation r JOIN government o ON o.id = r.own_government WHERE (o.parent IS NOT NULL AND (r.district IS NULL OR r.district <> r.own_government)) OR (o.parent IS NULL AND r.district IS NOT NULL)",
        ),
        (
            "public relations without a source",
            "SELECT COUNT(*) AS n FROM relation WHERE source = '' AND (status NOT IN ('lead', 'contact', 'application', 'approved') OR (status IN ('application', 'approved') AND upgrade_from IS NOT NULL))",
        ),
        (
            "dates without their precision, or the other way round",
            "SELECT COUNT(*) AS n FROM relation WHERE (signed_from IS NULL) <> (precision IS NULL)",
        ),
        (
            "governments that succeed themselves",
            "SELECT COUNT(*) AS n FROM government WHERE successor = id OR parent = id",
        ),
        (
            "facts about a relation that is not there",
            "SELECT COUNT(*) AS n FROM fact f WHERE f.object_kind = 'relation' AND NOT EXISTS (SELECT 1 FROM relation r WHERE r.id = f.object_id)",
        ),
        (
            "facts about a government that is not there",
            "SELECT COUNT(*) AS n FROM fact f WHERE f.object_kind = 'government' AND NOT EXISTS (SELECT 1 FROM government g WHERE g.id = f.object_id)",
        ),
    ];
    for (what, sql) in checks {
        let n = db.number(sql, vec![]).await?;
        if n > 0 {
            out.push(format!("relations: {n} {what}"));
        }
    }
    let homes = db
        .number(
            "SELECT COUNT(*) AS n FROM government WHERE own AND parent IS NULL",
            vec![],
        )
        .await?;
    let any = db.number("SELECT COUNT(*) AS n FROM relation", vec![]).await?;
    if homes > 1 || (homes == 0 && any > 0) {
        out.push(format!("relations: {homes} home cities instead of one"));
    }
    Ok(out)
}
