//! Plan items from CSV or XLSX: a dry run first, a report per row and column, all rows or none (issue 2, Files).

use std::collections::HashMap;

use access::{Asking, House, Thing};
use basis::{Check, Fail, Refusal};
use sheets::ColumnSpec;
use store::Entry;

use crate::item::{Item, Standing};
use crate::plan::{PlanItemInput, Planned, Speaks, check_line};
use crate::table_in::{TableReport, open_table};
use crate::{neighbours, store as sql};

/// The columns of a plan, under the headings people write; [`crate::export_items`] writes the same ones.
pub(crate) const COLUMNS: [ColumnSpec<'static>; 12] = [
    ColumnSpec {
        key: "year",
        aliases: &["year", "年份", "年度"],
        required: true,
    },
    ColumnSpec {
        key: "field",
        aliases: &["field", "领域"],
        required: true,
    },
    ColumnSpec {
        key: "relation",
        aliases: &["relation", "reference", "关系编号", "友城编号"],
        required: false,
    },
    ColumnSpec {
        key: "district",
        aliases: &["district", "区县"],
        required: false,
    },
    ColumnSpec {
        key: "policy",
        aliases: &["policy", "policy line", "政策条目", "政策依据"],
        required: true,
    },
    ColumnSpec {
        key: "title_zh",
        aliases: &["title (Chinese)", "名称（中文）", "标题（中文）"],
        required: false,
    },
    ColumnSpec {
        key: "title_en",
        aliases: &["title (English)", "名称（英文）", "标题（英文）"],
        required: false,
    },
    ColumnSpec {
        key: "aim_zh",
        aliases: &["aim (Chinese)", "目标（中文）"],
        required: false,
    },
    ColumnSpec {
        key: "aim_en",
        aliases: &["aim (English)", "目标（英文）"],
        required: false,
    },
    ColumnSpec {
        key: "supports_zh",
        aliases: &["supports (Chinese)", "配合的政府工作（中文）", "服务于（中文）"],
        required: false,
    },
    ColumnSpec {
        key: "supports_en",
        aliases: &["supports (English)", "配合的政府工作（英文）", "服务于（英文）"],
        required: false,
    },
    ColumnSpec {
        key: "due",
        aliases: &["due", "完成期限"],
        required: false,
    },
];

/// Reads the file; on a real run writes all rows, or none if anything is wrong.
///
/// # Errors
/// A denial or a fault. What is wrong with the file stands in the report.
pub async fn import_items(
    house: &House,
    asking: &Asking,
    bytes: &[u8],
    name: &str,
    dry_run: bool,
) -> Result<TableReport, Fail> {
    asking.check(house, "plan-item.import", &Thing::new("plan-item", "import"))?;
    let (sheet, mapping, mut report) = match open_table(bytes, name, &COLUMNS) {
        Ok(opened) => opened,
        Err(report) => return Ok(report),
    };
    let known = Known::load(house).await?;
    let mut found: Vec<Planned> = Vec::new();
    for row in &sheet.rows {
        let text = |key: &str| mapping.text(row, key).to_owned();
        let input = PlanItemInput {
            relation: known.relation(mapping.text(row, "relation")),
            district: known.district(mapping.text(row, "district")),
            field: known.field(mapping.text(row, "field")),
            year: text("year"),
            policy: known.policy(mapping.text(row, "policy")),
            title_zh: text("title_zh"),
            title_en: text("title_en"),
            aim_zh: text("aim_zh"),
            aim_en: text("aim_en"),
            supports_zh: text("supports_zh"),
            supports_en: text("supports_en"),
            due: text("due"),
            version: String::new(),
        };
        match input.check(asking.lang()) {
            Ok(p) => {
                let mut c = Check::new();
                let line = known.lines.iter().find(|l| l.id == p.policy);
                check_line(&mut c, line, p.year);
                c.ensure(known.departments.contains_key(&p.field), || {
                    Refusal::at("field", "refusal-no-department")
                });
                match c.done(()) {
                    Ok(()) => found.push(p),
                    Err(refusals) => refusals.into_iter().for_each(|r| refuse(&mut report, &mapping, row, r)),
                }
            }
            Err(refusals) => refusals.into_iter().for_each(|r| refuse(&mut report, &mapping, row, r)),
        }
    }
    if dry_run || !report.is_clean() {
        return Ok(report);
    }
    let tx = asking.begin(house).await?;
    let illustrative = asking.viewer.acting.as_ref().is_some_and(|m| m.illustrative);
    let items: Vec<Item> = found
        .into_iter()
        .filter_map(|p| {
            Some(Item {
                id: tx.fresh(),
                relation: p.relation,
                district: p.district,
                field: p.field,
                year: p.year,
                policy: p.policy,
                title: p.title,
                aim: p.aim,
                supports: p.supports,
                guiding: *known.departments.get(&p.field)?,
                standing: Standing::Planned,
                led_by: None,
                made_by: asking.viewer.account(),
                made_at: tx.now(),
                due: p.due,
                illustrative,
                version: 1,
            })
        })
        .collect();
    sql::insert(&tx, &items).await?;
    for item in &items {
        tx.journal(Entry::of("plan-item.added", item.id).after(item));
    }
    report.written = tx.done(items.len()).await?;
    Ok(report)
}
/// Puts a refusal at the column of its field.
fn refuse(report: &mut TableReport, mapping: &sheets::Mapping, row: &sheets::Row, r: Refusal) {
    let key = COLUMNS
        .iter()
        .map(|c| c.key)
        .find(|k| r.field.as_deref() == Some(*k))
        .unwrap_or("");
    report.refuse(mapping, row, key, r);
}

/// What rows refer to, looked up once for all of them.
struct Known {
    relations: HashMap<String, String>,
    districts: HashMap<String, String>,
    lines: Vec<crate::PolicyLine>,
    departments: HashMap<basis::Field, basis::BodyId>,
}
impl Known {
    async fn load(house: &House) -> Result<Known, Fail> {
        let q = &house.db;
        let mut departments = HashMap::new();
        for field in <basis::Field as basis::Code>::ALL {
            if let Some(body) = neighbours::department_of(q, *field).await? {
                departments.insert(*field, body);
            }
        }
        Ok(Known {
            relations: neighbours::relations_by_word(q).await?,
            districts: neighbours::districts_by_word(q).await?,
            lines: sql::lines(q).await?,
            departments,
        })
    }
    /// The id behind a reference or a name; a word that is known to nobody is left as it is and refused as such.
    fn relation(&self, word: &str) -> String {
        self.relations
            .get(&word.to_lowercase())
            .cloned()
            .unwrap_or_else(|| word.to_owned())
    }
    fn district(&self, word: &str) -> String {
        self.districts
            .get(&word.to_lowercase())
            .cloned()
            .unwrap_or_else(|| word.to_owned())
    }
    fn policy(&self, word: &str) -> String {
        self.lines
            .iter()
            .find(|l| l.code.eq_ignore_ascii_case(word))
            .map_or_else(|| word.to_owned(), |l| l.id.to_string())
    }
    /// Fields by code or by their words in either language.
    fn field(&self, word: &str) -> String {
        let named = |f: &basis::Field| {
            basis::Locale::ALL
                .into_iter()
                .any(|l| ::pages::parts::field_name(l, *f).eq_ignore_ascii_case(word))
        };
        let found = <basis::Field as basis::Code>::ALL.iter().find(|f| named(f));
        found.map_or_else(|| word.to_owned(), ToString::to_string)
    }
}
