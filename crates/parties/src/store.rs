//! All SQL of the room.

use std::collections::HashMap;

use basis::{
    AccountId, BodyId, Cursor, Day, Fail, Field, GovernmentId, ImportId, Moment, Page, PageRequest, Refusal, Text,
};
use store::{Json, OnUnique, Query, StoreFault, Tx, Val, row, vals};

use crate::{LegalForm, Organisation, Outcome, PromiseRecord, Standing};

fn places(count: usize, from: usize) -> String {
    let all: Vec<String> = (from..from + count).map(|i| format!("${i}")).collect();
    all.join(", ")
}

row! {
    struct OrganisationRow {
        id: BodyId, reference: String, name: Text, wanted_name: Option<Text>, legal_form: LegalForm, country: String, registration_no: Option<String>,
        website: Option<String>, about: Option<Text>, fields: Json<Vec<Field>>, government: Option<GovernmentId>,
        district: Option<GovernmentId>, capabilities: Json<Vec<String>>, status: Standing, verified_until: Option<Day>,
        verified_by: Option<AccountId>, reason: Option<String>, applicant: Option<AccountId>, purpose: String,
        letter: String, home: bool, made_at: Moment, version: i64, illustrative: bool,
    }
}
impl From<OrganisationRow> for Organisation {
    fn from(r: OrganisationRow) -> Self {
        Organisation {
            id: r.id,
            reference: r.reference,
            name: r.name,
            wanted_name: r.wanted_name,
            legal_form: r.legal_form,
            country: r.country,
            registration_no: r.registration_no,
            website: r.website,
            about: r.about,
            fields: r.fields.0,
            government: r.government,
            district: r.district,
            capabilities: r.capabilities.0,
            standing: r.status,
            verified_until: r.verified_until,
            verified_by: r.verified_by,
            reason: r.reason,
            applicant: r.applicant,
            purpose: r.purpose,
            letter: r.letter,
            home: r.home,
            made_at: r.made_at,
            version: r.version,
            illustrative: r.illustrative,
        }
    }
}
const ORGANISATION: &str = "SELECT o.id, o.reference, b.name, o.wanted_name, o.legal_form, o.country, o.registration_no, o.website, o.about, o.fields, o.government, o.district, o.capabilities, o.status, o.verified_until, o.verified_by, o.reason, o.applicant, o.purpose, o.letter, b.home, o.made_at, o.version, o.illustrative FROM organisation o JOIN body b ON b.id = o.id";

pub async fn organisation(q: &impl Query, id: BodyId) -> Result<Option<Organisation>, StoreFault> {
    let row: Option<OrganisationRow> = q.one(&format!("{ORGANISATION} WHERE o.id = $1"), vals![id]).await?;
    Ok(row.map(Organisation::from))
}
/// Every organisation, whatever its standing: for the import, the export and the officers.
pub async fn every_organisation(q: &impl Query) -> Result<Vec<Organisation>, StoreFault> {
    let rows: Vec<OrganisationRow> = q.all(&format!("{ORGANISATION} ORDER BY o.reference"), vec![]).await?;
    Ok(rows.into_iter().map(Organisation::from).collect())
}
/// Those that wait for the office's decision, longest first.
pub async fn waiting(q: &impl Query) -> Result<Vec<Organisation>, StoreFault> {
    let sql = format!("{ORGANISATION} WHERE o.status = $1 ORDER BY o.made_at, o.id LIMIT 200");
    let rows: Vec<OrganisationRow> = q.all(&sql, vals![Standing::Pending]).await?;
    Ok(rows.into_iter().map(Organisation::from).collect())
}
/// These, by their id.
pub async fn organisations_by_id(q: &impl Query, ids: &[BodyId]) -> Result<HashMap<BodyId, Organisation>, StoreFault> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let mut out = HashMap::new();
    for some in ids.chunks(400) {
        let sql = format!("{ORGANISATION} WHERE o.id IN ({})", places(some.len(), 1));
        let rows: Vec<OrganisationRow> = q.all(&sql, some.iter().flat_map(|b| vals![*b]).collect()).await?;
        out.extend(rows.into_iter().map(|r| (r.id, Organisation::from(r))));
    }
    Ok(out)
}
/// Those that somebody asked to act for, or may act for.
pub async fn organisations_of(
    q: &impl Query,
    applicant: AccountId,
    bodies: &[BodyId],
) -> Result<Vec<Organisation>, StoreFault> {
    let mut v = vals![applicant];
    v.extend(bodies.iter().flat_map(|b| vals![*b]));
    let or = if bodies.is_empty() {
        String::new()
    } else {
        format!(" OR o.id IN ({})", places(bodies.len(), 2))
    };
    let rows: Vec<OrganisationRow> = q
        .all(
            &format!("{ORGANISATION} WHERE o.applicant = $1{or} ORDER BY o.made_at, o.id"),
            v,
        )
        .await?;
    Ok(rows.into_iter().map(Organisation::from).collect())
}

/// What a reader of the list looks for.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The home city's day: a verification that has run out by then is none.
    pub today: Day,
    /// Words of a name, of what it can do or says of itself, or its reference.
    pub text: Option<String>,
    pub field: Option<Field>,
    pub standing: Option<Standing>,
    pub country: Option<String>,
    pub district: Option<GovernmentId>,
}
impl Filter {
    /// Everything, on this day.
    pub fn on(today: Day) -> Filter {
        Filter {
            today,
            text: None,
            field: None,
            standing: None,
            country: None,
            district: None,
        }
    }
    /// Everything the filter asks for, of one organisation; the list asks the store for what the store can tell.
    pub(crate) fn finds(&self, o: &Organisation) -> bool {
        self.fits(o)
            && self.standing.is_none_or(|s| s == o.standing_on(self.today))
            && self.country.as_ref().is_none_or(|c| *c == o.country)
            && (self.district.is_none() || self.district == o.district)
    }
    fn fits(&self, o: &Organisation) -> bool {
        let holds = |wanted: &str| {
            let texts = [Some(&o.name), o.about.as_ref()].into_iter().flatten();
            let texts = texts.flat_map(|t| t.langs().filter_map(|l| t.get(l.as_str())));
            texts
                .chain(o.capabilities.iter().map(String::as_str))
                .chain([o.reference.as_str()])
                .any(|t| t.to_lowercase().contains(wanted))
        };
        self.field.is_none_or(|f| o.fields.contains(&f))
            && self
                .text
                .as_deref()
                .is_none_or(|t| t.split_whitespace().all(|w| holds(&w.to_lowercase())))
    }
}
/// Checked ones come first, each kind by birth (ids sort by it): the cursor says where in which kind.
fn mark(o: &Organisation, today: Day) -> String {
    format!("{}.{}", i32::from(!o.is_verified(today)), o.id)
}
fn place(Cursor(after): &Cursor) -> Result<(i64, BodyId), Refusal> {
    let read = || {
        let (kind, id) = after.split_once('.')?;
        let kind = match kind {
            "0" => 0,
            "1" => 1,
            _ => return None,
        };
        Some((kind, id.parse().ok()?))
    };
    read().ok_or_else(|| Refusal::at("after", "refusal-cursor"))
}
/// A stretch of the public list, verified ones first. The public sees open ones only.
pub async fn organisations(q: &impl Query, filter: &Filter, page: PageRequest) -> Result<Page<Organisation>, Fail> {
    // Days are kept as text that sorts as days do.
    const KIND: &str =
        "(CASE WHEN o.status = $1 AND (o.verified_until IS NULL OR o.verified_until >= $3) THEN 0 ELSE 1 END)";
    let mut v: Vec<Val> = vals![Standing::Verified, Standing::Unverified, filter.today];
    let mut sql = format!("{ORGANISATION} WHERE o.status IN ($1, $2)");
    let mut and = |sql: &mut String, text: &str, val: Vec<Val>| {
        v.extend(val);
        sql.push_str(&text.replace('?', &format!("${}", v.len())));
    };
    match filter.standing {
        Some(Standing::Verified) => and(&mut sql, &format!(" AND {KIND} = 0"), Vec::new()),
        // What has run out stands as unverified.
        Some(Standing::Unverified) => and(&mut sql, &format!(" AND {KIND} = 1"), Vec::new()),
        Some(s) => and(&mut sql, " AND o.status = ?", vals![s]),
        None => {}
    }
    if let Some(c) = &filter.country {
        and(&mut sql, " AND o.country = ?", vals![*c]);
    }
    if let Some(d) = filter.district {
        and(&mut sql, " AND o.district = ?", vals![d]);
    }
    if let Some(after) = &page.after {
        let (kind, id) = place(after)?;
        let rest = if kind == 0 {
            format!(" AND ({KIND} = 1 OR o.id > ?)")
        } else {
            format!(" AND {KIND} = 1 AND o.id > ?")
        };
        and(&mut sql, &rest, vals![id]);
    }
    // Fields and words stand in small JSON texts: what they hold is looked at here, so more rows than shown may be read.
    let looked_into = filter.field.is_some() || filter.text.is_some();
    let limit = if looked_into { 5000 } else { page.limit + 1 };
    and(&mut sql, &format!(" ORDER BY {KIND}, o.id LIMIT ?"), vals![limit]);
    let rows: Vec<OrganisationRow> = q.all(&sql, v).await?;
    let found = rows
        .into_iter()
        .map(Organisation::from)
        .filter(|o| filter.fits(o))
        .take(page.limit as usize + 1)
        .collect();
    Ok(Page::from_rows(found, page.limit, |o| mark(o, filter.today)))
}

/// Adds organisations; their bodies must be there.
pub async fn insert_organisations(tx: &Tx, all: &[Organisation], import: Option<ImportId>) -> Result<(), Fail> {
    let rows = all.iter().map(|o| {
        vals![
            o.id,
            o.reference,
            o.legal_form,
            o.country,
            o.registration_no,
            o.website,
            o.about,
            Json(&o.fields),
            o.government,
            o.district,
            Json(&o.capabilities),
            o.standing,
            o.verified_until,
            o.verified_by,
            o.reason,
            o.applicant,
            o.purpose,
            o.letter,
            import,
            o.made_at,
            o.version,
            o.illustrative
        ]
    });
    tx.insert_many("INSERT INTO organisation (id, reference, legal_form, country, registration_no, website, about, fields, government, district, capabilities, status, verified_until, verified_by, reason, applicant, purpose, letter, imported_in, made_at, version, illustrative)", 22, rows.collect())
        .await
        .on_unique("reference", || Refusal::at("reference", "refusal-reference-taken"))
}
/// Writes an organisation; guarded by the version it was read at. Its name is the body's.
pub async fn save_organisation(tx: &Tx, o: &Organisation, import: Option<ImportId>) -> Result<(), Fail> {
    let n = tx
        .exec(
            "UPDATE organisation SET reference = $1, legal_form = $2, country = $3, registration_no = $4, website = $5, about = $6, fields = $7, government = $8, district = $9, capabilities = $10, status = $11, verified_until = $12, verified_by = $13, reason = $14, applicant = $15, purpose = $16, letter = $17, imported_in = COALESCE($18, imported_in), version = $19, wanted_name = $22 WHERE id = $20 AND version = $21",
            vals![
                o.reference,
                o.legal_form,
                o.country,
                o.registration_no,
                o.website,
                o.about,
                Json(&o.fields),
                o.government,
                o.district,
                Json(&o.capabilities),
                o.standing,
                o.verified_until,
                o.verified_by,
                o.reason,
                o.applicant,
                o.purpose,
                o.letter,
                import,
                o.version,
                o.id,
                o.version - 1,
                o.wanted_name,
            ],
        )
        .await
        .on_unique("reference", || Refusal::at("reference", "refusal-reference-taken"))?;
    if n == 1 { Ok(()) } else { Err(Fail::Changed) }
}

/// The competent department of a field (R62).
pub async fn department_of(q: &impl Query, field: Field) -> Result<Option<BodyId>, StoreFault> {
    Ok(departments(q).await?.remove(&field).map(|d| d.0))
}
/// All competent departments, each with the moment since which it guides the field.
pub async fn departments(q: &impl Query) -> Result<HashMap<Field, (BodyId, Moment)>, StoreFault> {
    row! { struct Department { field: Field, body: BodyId, since: Moment } }
    let rows: Vec<Department> = q.all("SELECT field, body, since FROM department", vec![]).await?;
    Ok(rows.into_iter().map(|d| (d.field, (d.body, d.since))).collect())
}
pub async fn set_department(tx: &Tx, field: Field, body: BodyId) -> Result<(), StoreFault> {
    tx.exec(
        "INSERT INTO department (field, body, since, version) VALUES ($1, $2, $3, 1) ON CONFLICT (field) DO UPDATE SET body = excluded.body, since = excluded.since, version = department.version + 1",
        vals![field, body, tx.now()],
    )
    .await?;
    Ok(())
}

/// Notes a promise. The same object again, as an event that comes twice or terms that both sides changed tell it, moves
/// the due moment and nothing else; what is settled stays as it was judged.
pub async fn promise_made(
    tx: &Tx,
    object: &str,
    kind: &str,
    body: Option<BodyId>,
    account: Option<AccountId>,
    due: Option<Moment>,
) -> Result<(), StoreFault> {
    tx.exec(
        "INSERT INTO promise (object_id, kind, body, account, made_at, due, settled_at, outcome) VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL) ON CONFLICT (object_id) DO UPDATE SET due = excluded.due WHERE promise.outcome IS NULL",
        vals![object, kind, body, account, tx.now(), due],
    )
    .await?;
    Ok(())
}
row! {
    /// One promise.
    pub struct Promise { pub object_id: String, pub kind: String, pub body: Option<BodyId>, pub account: Option<AccountId>, pub made_at: Moment, pub due: Option<Moment>, pub settled_at: Option<Moment>, pub outcome: Option<Outcome> }
}
pub async fn promise(q: &impl Query, object: &str) -> Result<Option<Promise>, StoreFault> {
    q.one(
        "SELECT object_id, kind, body, account, made_at, due, settled_at, outcome FROM promise WHERE object_id = $1",
        vals![object],
    )
    .await
}
/// Settles a promise once; `false` if it was settled before or never made.
pub async fn promise_settled(tx: &Tx, object: &str, outcome: Outcome, at: Moment) -> Result<bool, StoreFault> {
    let n = tx
        .exec(
            "UPDATE promise SET settled_at = $1, outcome = $2 WHERE object_id = $3 AND outcome IS NULL",
            vals![at, outcome, object],
        )
        .await?;
    Ok(n == 1)
}
/// The record of each organisation; those that promised nothing have an empty one.
pub async fn promises(q: &impl Query, bodies: &[BodyId]) -> Result<HashMap<BodyId, PromiseRecord>, StoreFault> {
    row! { struct Tally { body: BodyId, outcome: Option<Outcome>, n: i64 } }
    let mut out: HashMap<BodyId, PromiseRecord> = bodies.iter().map(|b| (*b, PromiseRecord::default())).collect();
    for bodies in bodies.chunks(5000) {
        let v: Vec<Val> = bodies.iter().flat_map(|b| vals![*b]).collect();
        let sql = format!(
            "SELECT body, outcome, COUNT(*) AS n FROM promise WHERE body IN ({}) GROUP BY body, outcome",
            places(bodies.len(), 1)
        );
        for t in q.all::<Tally>(&sql, v).await? {
            out.entry(t.body).or_default().count(t.outcome, t.n);
        }
    }
    Ok(out)
}
/// The record of each person, of what they promised in their own name; those that promised nothing have an empty one.
pub async fn promises_of_people(
    q: &impl Query,
    people: &[AccountId],
) -> Result<HashMap<AccountId, PromiseRecord>, StoreFault> {
    row! { struct Tally { account: AccountId, outcome: Option<Outcome>, n: i64 } }
    let mut out: HashMap<AccountId, PromiseRecord> = people.iter().map(|a| (*a, PromiseRecord::default())).collect();
    for people in people.chunks(5000) {
        let v: Vec<Val> = people.iter().flat_map(|a| vals![*a]).collect();
        let sql = format!(
            "SELECT account, outcome, COUNT(*) AS n FROM promise WHERE body IS NULL AND account IN ({}) GROUP BY account, outcome",
            places(people.len(), 1)
        );
        for t in q.all::<Tally>(&sql, v).await? {
            out.entry(t.account).or_default().count(t.outcome, t.n);
        }
    }
    Ok(out)
}
/// What one organisation promised, newest first.
pub async fn promises_of(q: &impl Query, body: BodyId) -> Result<Vec<Promise>, StoreFault> {
    q.all("SELECT object_id, kind, body, account, made_at, due, settled_at, outcome FROM promise WHERE body = $1 ORDER BY made_at DESC, object_id LIMIT 100", vals![body]).await
}

/// Whether a mandate is of this body.
pub async fn holds_mandate(q: &impl Query, body: BodyId, mandate: basis::MandateId) -> Result<bool, StoreFault> {
    Ok(q.number(
        "SELECT COUNT(*) AS n FROM mandate WHERE id = $1 AND body = $2",
        vals![mandate, body],
    )
    .await?
        > 0)
}

row! {
    /// One file that was taken in whole.
    #[derive(PartialEq, serde::Serialize)]
    pub struct ImportRow { pub id: ImportId, pub file_name: String, pub account: Option<AccountId>, pub at: Moment, pub added: i64, pub changed: i64, pub digest: String }
}
pub async fn insert_import(tx: &Tx, i: &ImportRow) -> Result<(), StoreFault> {
    tx.exec(
        "INSERT INTO organisation_import (id, file_name, account, at, added, changed, digest) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vals![i.id, i.file_name, i.account, i.at, i.added, i.changed, i.digest],
    )
    .await?;
    Ok(())
}
/// Many bodies at once, as an import brings them; one at a time goes through `access`.
pub async fn insert_bodies(tx: &Tx, all: &[Organisation]) -> Result<(), StoreFault> {
    let rows = all.iter().map(|o| {
        vals![
            o.id,
            access::BodyKind::Organisation,
            o.name,
            o.district,
            o.government,
            o.home,
            o.illustrative,
            o.made_at
        ]
    });
    tx.insert_many(
        "INSERT INTO body (id, kind, name, district, government, home, illustrative, made_at)",
        8,
        rows.collect(),
    )
    .await
}
