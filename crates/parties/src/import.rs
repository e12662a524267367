//! Organisations from a file: what would happen, row by row; then all of it or nothing.

use std::collections::HashMap;

use access::{Asking, House, Thing};
use basis::{BodyId, Check, Fail, Field, Refusal};
use sha2::{Digest, Sha256};
use sheets::ColumnSpec;
use store::{Entry, OrRepeat, Tx};

use crate::{
    LegalForm, Organisation, Standing,
    edit::changed,
    export::legal_form_name,
    files::{self, Brought, Report, Words},
    register::{Input, Profile},
    store as sql,
};

const fn column(key: &'static str, aliases: &'static [&'static str], required: bool) -> ColumnSpec<'static> {
    ColumnSpec { key, aliases, required }
}
/// The columns of the export, under their headings in both languages.
pub const COLUMNS: &[ColumnSpec<'static>] = &[
    column("reference", &["Reference", "编号"], true),
    column("name_zh", &["Name (Chinese)", "名称（中文）"], false),
    column("name_en", &["Name (English)", "名称（英文）"], false),
    column("legal_form", &["Legal form", "组织形式"], true),
    column("country", &["Country", "国家代码"], true),
    column("registration_no", &["Registration number", "登记证号"], false),
    column("website", &["Website", "网站"], false),
    column("about_zh", &["About (Chinese)", "简介（中文）"], false),
    column("about_en", &["About (English)", "简介（英文）"], false),
    column("fields", &["Fields", "领域"], false),
    column("capabilities", &["What it can do", "能做什么"], false),
    // Told by the export, decided by the office alone: read over.
    column("standing", &["Checked", "核实情况"], false),
    column("verified_until", &["Checked until", "核实有效期"], false),
];

struct Row {
    reference: String,
    profile: Profile,
}
fn rows(sheet: &sheets::Sheet, report: &mut Report) -> Result<Vec<Row>, Fail> {
    let m = files::columns(sheet, COLUMNS, report)?;
    let forms = Words::<LegalForm>::new(legal_form_name);
    let fields = Words::<Field>::new(pages::parts::field_name);
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut out = Vec::new();
    for row in &sheet.rows {
        let text = |key: &str| m.text(row, key).to_owned();
        let list = |t: String| -> Vec<String> {
            t.split([',', ';', '，', '；', '、'])
                .map(str::trim)
                .filter(|f| !f.is_empty())
                .map(|f| fields.code(f))
                .collect()
        };
        let input = Input {
            name_zh: text("name_zh"),
            name_en: text("name_en"),
            legal_form: forms.code(m.text(row, "legal_form")),
            country: text("country"),
            registration_no: text("registration_no"),
            website: text("website"),
            about_zh: text("about_zh"),
            about_en: text("about_en"),
            fields: list(text("fields")),
            capabilities: text("capabilities"),
            ..Default::default()
        };
        let mut c = Check::new();
        let reference = c.line("reference", m.text(row, "reference"), 40);
        if let Some(first) = seen
            .insert(reference.clone(), row.number)
            .filter(|_| !reference.is_empty())
        {
            c.refuse(Refusal::at("reference", "refusal-row-twice").with("row", i64::from(first)));
        }
        let profile = input.profile(&mut c);
        match c.done(Row { reference, profile }) {
            Ok(row) => out.push(row),
            Err(refusals) => report.refuse(&m, row, COLUMNS, refusals),
        }
    }
    report.rows = sheet.rows.len();
    Ok(out)
}

struct Plan {
    added: Vec<Row>,
    changed: Vec<(Organisation, Organisation)>,
    unchanged: usize,
}
fn plan(rows: Vec<Row>, known: Vec<Organisation>) -> Plan {
    let mut known: HashMap<String, Organisation> = known.into_iter().map(|o| (o.reference.clone(), o)).collect();
    let mut out = Plan {
        added: Vec::new(),
        changed: Vec::new(),
        unchanged: 0,
    };
    for row in rows {
        match known.remove(&row.reference) {
            None => out.added.push(row),
            Some(before) => {
                // A file says nothing about where an organisation is: that stays.
                let profile = Profile {
                    government: before.government,
                    district: before.district,
                    ..row.profile
                };
                let mut next = changed(&before, profile);
                if next.name != before.name {
                    next.wanted_name = None;
                }
                let same = Organisation {
                    version: before.version,
                    ..next.clone()
                } == before;
                if same {
                    out.unchanged += 1;
                } else {
                    out.changed.push((before, next));
                }
            }
        }
    }
    out
}

async fn write(tx: &Tx, plan: Plan, name: &str, digest: String) -> Result<Brought, Fail> {
    let id = tx.fresh();
    let fresh: Vec<Organisation> = plan
        .added
        .into_iter()
        .map(|r| Organisation {
            id: tx.fresh::<basis::Body>(),
            reference: r.reference,
            home: r.profile.country == "CN",
            name: r.profile.name,
            wanted_name: None,
            legal_form: r.profile.legal_form,
            country: r.profile.country,
            registration_no: r.profile.registration_no,
            website: r.profile.website,
            about: r.profile.about,
            fields: r.profile.fields,
            government: None,
            district: None,
            capabilities: r.profile.capabilities,
            standing: Standing::Unverified,
            verified_until: None,
            verified_by: None,
            reason: None,
            applicant: None,
            purpose: String::new(),
            letter: String::new(),
            made_at: tx.now(),
            version: 1,
            illustrative: false,
        })
        .collect();
    let account = tx.act().and_then(|a| a.actor.account);
    let import = sql::ImportRow {
        id,
        file_name: basis::clean_line(name).chars().take(120).collect(),
        account,
        at: tx.now(),
        added: fresh.len() as i64,
        changed: plan.changed.len() as i64,
        digest,
    };
    sql::insert_import(tx, &import).await?;
    sql::insert_bodies(tx, &fresh).await?;
    sql::insert_organisations(tx, &fresh, Some(id)).await?;
    for (before, next) in &plan.changed {
        sql::save_organisation(tx, next, Some(id)).await?;
        if before.name != next.name {
            access::rename_body(tx, next.id, &next.name).await?;
        }
        tx.journal(Entry::of("organisation.edited", next.id).before(before).after(next));
    }
    // One entry for what is new, with a digest over all rows: the log proves the file, each row points at its import.
    tx.journal(Entry::of("organisation.imported", id).after(&import));
    Ok(Brought {
        import: Some(id),
        added: fresh.len(),
        changed: plan.changed.len(),
        unchanged: plan.unchanged,
    })
}

/// Reads the file and says what would happen; with `dry_run` false and nothing wrong, it happens.
pub async fn run(house: &House, asking: &Asking, bytes: &[u8], name: &str, dry_run: bool) -> Result<Report, Fail> {
    asking.check(house, "organisation.import", &Thing::new("organisation", ""))?;
    let sheet = files::read(bytes, name)?;
    let mut report = Report {
        dry_run: true,
        ..Default::default()
    };
    let rows = rows(&sheet, &mut report)?;
    if dry_run || !report.is_clean() {
        let plan = plan(rows, sql::every_organisation(&house.db).await?);
        (report.added, report.changed, report.unchanged) = (plan.added.len(), plan.changed.len(), plan.unchanged);
        return Ok(report);
    }
    let done = async {
        let tx = asking.begin(house).await?;
        let plan = plan(rows, sql::every_organisation(&tx).await?);
        let brought = write(&tx, plan, name, hex::encode(Sha256::digest(bytes))).await?;
        tx.done(brought).await
    };
    let brought = done.await.or_repeat()?;
    report.dry_run = false;
    (report.added, report.changed, report.unchanged) = (brought.added, brought.changed, brought.unchanged);
    report.import = brought.import;
    Ok(report)
}

/// The organisation of a reference, as a file names it: other rooms' imports ask for it.
pub async fn by_reference(house: &House, reference: &str) -> Result<Option<BodyId>, Fail> {
    let all = sql::every_organisation(&house.db).await?;
    Ok(all.into_iter().find(|o| o.reference == reference).map(|o| o.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use basis::Code;

    #[test]
    fn every_column_can_be_told_by_its_key_and_two_headings() {
        assert!(COLUMNS.iter().all(|c| c.aliases.len() == 2));
        assert!(LegalForm::from_code("association").is_some());
    }
}
