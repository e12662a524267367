//! All SQL of the plan: lines, items, coverage. Row structs stay here.

use basis::{
    AccountId, BodyId, Day, Fail, Field, GovernmentId, Id, Moment, Page, PlanItemId, PolicyLineId, RelationId, Text,
};
use store::{Query, StoreFault, ToVal, Tx, Val, row, vals};

use crate::balance::Counted;
use crate::item::{Item, Lead, PlanStatus, Standing};
use crate::line::PolicyLine;
use crate::{Filter, PlanItemCard};

row! {
    struct ItemRow {
        id: PlanItemId, relation: Option<RelationId>, district: Option<GovernmentId>, field: Field, year: i64,
        policy: PolicyLineId, title: Text, aim: Text, supports: Text, guiding: BodyId, status: PlanStatus,
        reason: Option<Text>, carried_to: Option<i64>, led_by: Option<Lead>, made_by: Option<AccountId>, made_at: Moment,
        due: Option<Day>, illustrative: bool, version: i64,
    }
}
impl ItemRow {
    fn item(self) -> Result<Item, StoreFault> {
        let said = |r: Option<Text>| r.ok_or_else(|| StoreFault::belief("reason", "null"));
        let standing = match self.status {
            PlanStatus::Planned => Standing::Planned,
            PlanStatus::InProgress => Standing::InProgress,
            PlanStatus::NearlyDone => Standing::NearlyDone,
            PlanStatus::Done => Standing::Done,
            PlanStatus::CarriedOver => Standing::CarriedOver {
                to: self
                    .carried_to
                    .ok_or_else(|| StoreFault::belief("carried_to", "null"))?,
                reason: said(self.reason)?,
            },
            PlanStatus::Dropped => Standing::Dropped {
                reason: said(self.reason)?,
            },
        };
        Ok(Item {
            id: self.id,
            relation: self.relation,
            district: self.district,
            field: self.field,
            year: self.year,
            policy: self.policy,
            title: self.title,
            aim: self.aim,
            supports: self.supports,
            guiding: self.guiding,
            standing,
            led_by: self.led_by,
            made_by: self.made_by,
            made_at: self.made_at,
            due: self.due,
            illustrative: self.illustrative,
            version: self.version,
        })
    }
}
row! {
    struct CardRow {
        id: PlanItemId, relation: Option<RelationId>, district: Option<GovernmentId>, field: Field, year: i64,
        policy: PolicyLineId, policy_code: String, policy_title: Text, title: Text, aim: Text, supports: Text,
        guiding: BodyId, status: PlanStatus, reason: Option<Text>, carried_to: Option<i64>, led_by: Option<Lead>,
        due: Option<Day>, illustrative: bool, version: i64,
    }
}
impl From<CardRow> for PlanItemCard {
    fn from(r: CardRow) -> Self {
        PlanItemCard {
            id: r.id,
            relation: r.relation,
            district: r.district,
            field: r.field,
            year: r.year,
            policy: r.policy,
            policy_code: r.policy_code,
            policy_title: r.policy_title,
            title: r.title,
            aim: r.aim,
            supports: r.supports,
            guiding: r.guiding,
            status: r.status,
            reason: r.reason,
            carried_to: r.carried_to,
            led_by: r.led_by,
            due: r.due,
            illustrative: r.illustrative,
            version: r.version,
        }
    }
}
const CARD: &str =
    "SELECT i.*, p.code AS policy_code, p.title AS policy_title FROM plan_item i JOIN policy_line p ON p.id = i.policy";

// --- policy lines ---

pub(crate) async fn lines(q: &impl Query) -> Result<Vec<PolicyLine>, StoreFault> {
    q.all("SELECT * FROM policy_line ORDER BY code", vec![]).await
}
pub(crate) async fn line(q: &impl Query, id: PolicyLineId) -> Result<Option<PolicyLine>, StoreFault> {
    q.one("SELECT * FROM policy_line WHERE id = $1", vals![id]).await
}
pub(crate) async fn insert_line(tx: &Tx, l: &PolicyLine) -> Result<(), StoreFault> {
    tx.exec(
        "INSERT INTO policy_line (id, code, title, text, source, starts, until, illustrative, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
        vals![l.id, l.code, l.title, l.text, l.source, l.starts, l.until, l.illustrative],
    )
    .await?;
    Ok(())
}
/// Guarded by the version that was read.
pub(crate) async fn save_line(tx: &Tx, l: &PolicyLine) -> Result<(), Fail> {
    use store::OnUnique;
    let n = tx
        .exec(
            "UPDATE policy_line SET code = $1, title = $2, text = $3, source = $4, starts = $5, until = $6, version = version + 1 WHERE id = $7 AND version = $8",
            vals![l.code, l.title, l.text, l.source, l.starts, l.until, l.id, l.version],
        )
        .await
        .on_unique("code", || basis::Refusal::at("code", "refusal-policy-code-taken"))?;
    if n == 1 { Ok(()) } else { Err(Fail::Changed) }
}

// --- items ---

pub(crate) async fn load(q: &impl Query, id: PlanItemId) -> Result<Option<Item>, StoreFault> {
    q.one::<ItemRow>("SELECT * FROM plan_item WHERE id = $1", vals![id])
        .await?
        .map(ItemRow::item)
        .transpose()
}
fn columns(i: &Item) -> Vec<Val> {
    vals![
        i.id,
        i.relation,
        i.district,
        i.field,
        i.year,
        i.policy,
        i.title,
        i.aim,
        i.supports,
        i.guiding,
        i.standing.status(),
        i.standing.reason().cloned(),
        i.standing.carried_to(),
        i.led_by,
        i.made_by,
        i.made_at,
        i.due,
        i.illustrative,
        1_i64
    ]
}
pub(crate) async fn insert(tx: &Tx, items: &[Item]) -> Result<(), StoreFault> {
    tx.insert_many(
        "INSERT INTO plan_item (id, relation, district, field, year, policy, title, aim, supports, guiding, status, reason, carried_to, led_by, made_by, made_at, due, illustrative, version)",
        19,
        items.iter().map(columns).collect(),
    )
    .await
}
/// Guarded by the version that was read: the second of two officers is told, nothing is overwritten.
pub(crate) async fn save(tx: &Tx, i: &Item) -> Result<(), Fail> {
    let n = tx
        .exec(
            "UPDATE plan_item SET relation = $1, district = $2, field = $3, year = $4, policy = $5, title = $6, aim = $7, supports = $8, guiding = $9, status = $10, reason = $11, carried_to = $12, led_by = $13, due = $14, version = version + 1 WHERE id = $15 AND version = $16",
            vals![
                i.relation, i.district, i.field, i.year, i.policy, i.title, i.aim, i.supports, i.guiding,
                i.standing.status(), i.standing.reason().cloned(), i.standing.carried_to(), i.led_by, i.due, i.id, i.version
            ],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(Fail::Changed) }
}
pub(crate) async fn cards(q: &impl Query, ids: &[PlanItemId]) -> Result<Vec<PlanItemCard>, StoreFault> {
    let mut out = Vec::new();
    for chunk in ids.chunks(500) {
        let places: Vec<String> = (1..=chunk.len()).map(|n| format!("${n}")).collect();
        let vals = chunk.iter().map(ToVal::to_val).collect();
        let rows: Vec<CardRow> = q
            .all(&format!("{CARD} WHERE i.id IN ({})", places.join(", ")), vals)
            .await?;
        out.extend(rows.into_iter().map(PlanItemCard::from));
    }
    Ok(out)
}
/// Newest year first; the cursor is "year:id" of the last row shown.
pub(crate) async fn list(q: &impl Query, f: &Filter) -> Result<Page<PlanItemCard>, StoreFault> {
    let limit = f.limit.unwrap_or(50).clamp(1, 5000);
    let (mut wheres, mut vals): (Vec<String>, Vec<Val>) = (Vec::new(), Vec::new());
    let mut want = |column: &str, val: Option<Val>| {
        if let Some(v) = val {
            vals.push(v);
            wheres.push(format!("i.{column} = ${}", vals.len()));
        }
    };
    want("year", f.year.map(|y| y.to_val()));
    want("policy", f.policy.map(|p| p.to_val()));
    want("field", f.field.map(|p| p.to_val()));
    want("status", f.status.map(|p| p.to_val()));
    want("relation", f.relation.map(|p| p.to_val()));
    want("district", f.district.map(|p| p.to_val()));
    want("guiding", f.guiding.map(|p| p.to_val()));
    let after: Option<(i64, PlanItemId)> = f
        .after
        .as_ref()
        .and_then(|c| c.0.split_once(':'))
        .and_then(|(y, i)| Some((y.parse().ok()?, i.parse().ok()?)));
    if let Some((year, id)) = after {
        let n = vals.len();
        vals.extend(vals![year, id]);
        wheres.push(format!(
            "(i.year < ${} OR (i.year = ${} AND i.id < ${}))",
            n + 1,
            n + 1,
            n + 2
        ));
    }
    vals.push((limit + 1).to_val());
    let filter = if wheres.is_empty() {
        String::new()
    } else {
        format!(" WHERE {}", wheres.join(" AND "))
    };
    let rows: Vec<CardRow> = q
        .all(
            &format!("{CARD}{filter} ORDER BY i.year DESC, i.id DESC LIMIT ${}", vals.len()),
            vals,
        )
        .await?;
    let rows = rows.into_iter().map(PlanItemCard::from).collect();
    Ok(Page::from_rows(rows, limit, |c: &PlanItemCard| {
        format!("{}:{}", c.year, c.id)
    }))
}
/// The newest items that run, and the newest that are done: at most so many of each, in one question.
pub(crate) async fn going_and_done(
    q: &impl Query,
    most: u32,
) -> Result<(Vec<PlanItemCard>, Vec<PlanItemCard>), StoreFault> {
    const SQL: &str = "SELECT * FROM (SELECT i.*, p.code AS policy_code, p.title AS policy_title, \
        ROW_NUMBER() OVER (PARTITION BY CASE WHEN i.status = 'done' THEN 1 ELSE 0 END ORDER BY i.year DESC, i.id DESC) AS nth \
        FROM plan_item i JOIN policy_line p ON p.id = i.policy WHERE i.status IN ('in-progress', 'nearly-done', 'done')) AS newest \
        WHERE nth <= $1 ORDER BY year DESC, id DESC";
    let rows: Vec<CardRow> = q.all(SQL, vals![most]).await?;
    let all = rows.into_iter().map(PlanItemCard::from);
    Ok(all.partition(|i| i.status != PlanStatus::Done))
}
/// Every item as it is kept, for the import.
pub(crate) async fn all(q: &impl Query) -> Result<Vec<Item>, StoreFault> {
    let rows: Vec<ItemRow> = q.all("SELECT * FROM plan_item ORDER BY id", vec![]).await?;
    rows.into_iter().map(ItemRow::item).collect()
}
/// Items that wait for a call: of one unit, or of all.
pub(crate) async fn without_call(q: &impl Query, guiding: Option<BodyId>) -> Result<Vec<PlanItemCard>, StoreFault> {
    let mut sql = format!("{CARD} WHERE i.status IN ('planned', 'carried-over')");
    let mut vals = Vec::new();
    if let Some(g) = guiding {
        vals.extend(vals![g]);
        sql.push_str(" AND i.guiding = $1");
    }
    let rows: Vec<CardRow> = q.all(&format!("{sql} ORDER BY i.year, i.id LIMIT 1000"), vals).await?;
    Ok(rows.into_iter().map(PlanItemCard::from).collect())
}
row! { struct CountedRow { policy: PolicyLineId, relation: Option<RelationId>, district: Option<GovernmentId>, field: Field, status: PlanStatus, led_by: Option<Lead>, n: i64 } }
/// A year's items counted for the portfolio page.
pub(crate) async fn counted(q: &impl Query, year: i64) -> Result<Vec<Counted>, StoreFault> {
    let rows: Vec<CountedRow> = q
        .all(
            "SELECT policy, relation, district, field, status, led_by, COUNT(*) AS n FROM plan_item WHERE year = $1 GROUP BY policy, relation, district, field, status, led_by",
            vals![year],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|r| Counted {
            policy: r.policy,
            relation: r.relation,
            district: r.district,
            field: r.field,
            status: r.status,
            led_by: r.led_by,
            count: r.n,
        })
        .collect())
}
row! { struct YearRow { year: i64 } }
pub(crate) async fn years(q: &impl Query) -> Result<Vec<i64>, StoreFault> {
    let rows: Vec<YearRow> = q
        .all("SELECT DISTINCT year FROM plan_item ORDER BY year DESC", vec![])
        .await?;
    Ok(rows.into_iter().map(|r| r.year).collect())
}
/// Notes who leads, as soon as an award tells; guarded like any change, so that an edit at the same time loses nothing.
pub(crate) async fn note_lead(tx: &Tx, i: &Item, lead: Lead) -> Result<(), Fail> {
    let n = tx
        .exec(
            "UPDATE plan_item SET led_by = $1, version = version + 1 WHERE id = $2 AND version = $3",
            vals![lead, i.id, i.version],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(Fail::Changed) }
}

// --- what covers which cell ---

/// One link or one evaluated programme.
#[derive(Clone, Debug)]
pub(crate) struct Cover {
    pub relation: Option<RelationId>,
    pub district: Option<GovernmentId>,
    pub field: Field,
    pub year: Option<i64>,
    pub kind: &'static str,
    pub object_kind: &'static str,
    pub object_id: String,
}
/// The same object again only moves its cell: events arrive more than once.
pub(crate) async fn cover(tx: &Tx, c: &Cover) -> Result<(), StoreFault> {
    let id: Id<basis::PlanItem> = tx.fresh();
    tx.exec(
        "INSERT INTO coverage (id, relation, district, field, year, kind, object_kind, object_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (object_kind, object_id) DO UPDATE SET relation = excluded.relation, district = excluded.district, field = excluded.field, year = excluded.year, kind = excluded.kind",
        vals![id, c.relation, c.district, c.field, c.year, c.kind, c.object_kind, c.object_id, tx.now()],
    )
    .await?;
    Ok(())
}
row! {
    /// A cell's count in the years asked about, and its newest year over all.
    pub(crate) struct CellRow { pub relation: Option<RelationId>, pub district: Option<GovernmentId>, pub field: Field, pub n: i64, pub last: Option<i64> }
}
/// Coverage aggregated by cell: of one year (a link without a year counts in none), or of all.
pub(crate) async fn covered(q: &impl Query, year: Option<i64>) -> Result<Vec<CellRow>, StoreFault> {
    let count = match year {
        Some(_) => "CAST(SUM(CASE WHEN year = $1 THEN 1 ELSE 0 END) AS BIGINT)",
        None => "COUNT(*)",
    };
    let vals = year.map(|y| vals![y]).unwrap_or_default();
    q.all(&format!("SELECT relation, district, field, {count} AS n, MAX(year) AS last FROM coverage GROUP BY relation, district, field"), vals).await
}
row! {
    pub(crate) struct PlannedRow { pub relation: Option<RelationId>, pub district: Option<GovernmentId>, pub field: Field }
}
/// Cells with a live item, in one year or in any: what is planned is no gap.
pub(crate) async fn planned(
    q: &impl Query,
    year: Option<i64>,
    policy: Option<PolicyLineId>,
) -> Result<Vec<PlannedRow>, StoreFault> {
    let mut sql =
        "SELECT DISTINCT relation, district, field FROM plan_item WHERE status NOT IN ('done', 'dropped')".to_owned();
    let mut vals = Vec::new();
    if let Some(y) = year {
        vals.extend(vals![y]);
        sql.push_str(&format!(" AND (year = ${0} OR carried_to = ${0})", vals.len()));
    }
    if let Some(p) = policy {
        vals.extend(vals![p]);
        sql.push_str(&format!(" AND policy = ${}", vals.len()));
    }
    q.all(&sql, vals).await
}
row! { struct Loose { id: String } }
/// For `verify`: items that say they were carried over or dropped and give no reason, and coverage that hangs in the air.
pub(crate) async fn loose_ends(q: &impl Query) -> Result<Vec<String>, StoreFault> {
    let silent: Vec<Loose> = q
        .all("SELECT id FROM plan_item WHERE (status IN ('carried-over', 'dropped') AND reason IS NULL) OR (status = 'carried-over' AND carried_to IS NULL)", vec![])
        .await?;
    let nowhere: Vec<Loose> = q
        .all(
            "SELECT id FROM plan_item WHERE relation IS NULL AND district IS NULL",
            vec![],
        )
        .await?;
    let floating: Vec<Loose> = q
        .all("SELECT c.object_id AS id FROM coverage c WHERE c.object_kind = 'plan-item' AND NOT EXISTS (SELECT 1 FROM plan_item i WHERE i.id = c.object_id)", vec![])
        .await?;
    let say = |rows: Vec<Loose>, what: &str| {
        rows.into_iter()
            .map(|r| format!("{what}: {}", r.id))
            .collect::<Vec<_>>()
    };
    Ok([
        say(silent, "plan item carried over or dropped without its reason"),
        say(nowhere, "plan item under no relation and in no district"),
        say(floating, "coverage by a plan item that is not there"),
    ]
    .concat())
}
row! { struct Covered { relation: RelationId, field: Field } }
pub(crate) async fn covered_cells(q: &impl Query) -> Result<Vec<(RelationId, Field)>, StoreFault> {
    let rows: Vec<Covered> = q
        .all(
            "SELECT DISTINCT relation, field FROM coverage WHERE relation IS NOT NULL",
            vec![],
        )
        .await?;
    Ok(rows.into_iter().map(|r| (r.relation, r.field)).collect())
}
