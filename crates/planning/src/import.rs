//! Plan items from CSV or XLSX: a dry run first, a report per row and column, all rows or none (issue 2, Files).
//!
//! A row is known again by its id, which the export writes; without one, by what the item is: year, field, place and
//! title. So the plan can be taken out, mended in a table and taken in: what did not change is left alone, what did is
//! amended like by hand, and nothing is in the plan twice. A blank cell in a row with an id leaves what is there.

use std::collections::HashMap;

use access::{Asking, House, Thing, Viewer};
use basis::{Check, Fail, GovernmentId, Locale, PlanItemId, Refusal, RelationId, Text};
use sheets::ColumnSpec;
use store::{Entry, Query};

use crate::item::{Item, Standing};
use crate::plan::{PlanItemInput, Planned, Speaks, check_line};
use crate::table_in::{TableReport, open_table};
use crate::{neighbours, store as sql};

/// The columns of a plan, under the headings people write; [`crate::export_items`] writes the same ones.
pub(crate) const COLUMNS: [ColumnSpec<'static>; 13] = [
    ColumnSpec {
        key: "id",
        aliases: &["ID", "项目编号"],
        required: false,
    },
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
    if dry_run {
        let known = Known::load(&house.db, &asking.viewer).await?;
        read(asking, &sheet, &mapping, &known, &mut report);
        return Ok(report);
    }
    // What rows are compared with is read where they are written.
    let tx = asking.begin(house).await?;
    let known = Known::load(&tx, &asking.viewer).await?;
    let found = read(asking, &sheet, &mapping, &known, &mut report);
    if !report.is_clean() {
        return Ok(report);
    }
    let illustrative = asking.viewer.acting.as_ref().is_some_and(|m| m.illustrative);
    let items: Vec<Item> = found
        .added
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
    for (old, next) in &found.changed {
        asking.check(house, "plan-item.amend", &old.thing())?;
        asking.check(house, "plan-item.amend", &next.thing())?;
        sql::save(&tx, next).await?;
        tx.journal(Entry::of("plan-item.amended", old.id).before(old).after(next));
    }
    report.written = tx.done(items.len() + found.changed.len()).await?;
    Ok(report)
}

/// What the rows of a file come to.
#[derive(Default)]
struct Rows {
    added: Vec<Planned>,
    changed: Vec<(Item, Item)>,
}
/// Reads every row against what is known, and reports what is wrong with it.
fn read(
    asking: &Asking,
    sheet: &sheets::Sheet,
    mapping: &sheets::Mapping,
    known: &Known,
    report: &mut TableReport,
) -> Rows {
    let mut out = Rows::default();
    let mut unchanged = 0;
    let mut seen: HashMap<Same, u32> = HashMap::new();
    for row in &sheet.rows {
        let made = known.row(asking, mapping, row).and_then(|(item, planned)| {
            let same = match item {
                Some(i) => vec![Same::Item(i.id)],
                None => Key::of_planned(&planned).into_iter().map(Same::Named).collect(),
            };
            let twice = same.iter().find_map(|s| seen.get(s).copied());
            seen.extend(same.into_iter().map(|s| (s, row.number)));
            match twice {
                Some(first) => Err(vec![
                    Refusal::page("refusal-plan-row-twice").with("row", i64::from(first)),
                ]),
                None => Ok((item, planned)),
            }
        });
        match made {
            Ok((None, planned)) => out.added.push(planned),
            Ok((Some(old), planned)) => match amended(old, planned, known) {
                None => unchanged += 1,
                Some(_) if !old.standing.status().is_live() => {
                    refuse(report, mapping, row, Refusal::page("refusal-plan-ended"));
                }
                Some(next) => out.changed.push((old.clone(), next)),
            },
            Err(refusals) => refusals.into_iter().for_each(|r| refuse(report, mapping, row, r)),
        }
    }
    report.counts = Some((out.added.len(), out.changed.len(), unchanged));
    out
}
/// The item as the row has it; `None` when it says nothing new.
fn amended(old: &Item, p: Planned, known: &Known) -> Option<Item> {
    let words = |old: &Text, new: Text| if same_words(old, &new) { old.clone() } else { new };
    let next = Item {
        relation: p.relation,
        district: p.district,
        year: p.year,
        policy: p.policy,
        title: words(&old.title, p.title),
        aim: words(&old.aim, p.aim),
        supports: words(&old.supports, p.supports),
        due: p.due,
        field: p.field,
        // The unit that guides changes only with the field: it may have a call out already.
        guiding: if p.field == old.field {
            old.guiding
        } else {
            known.departments.get(&p.field).copied().unwrap_or(old.guiding)
        },
        ..old.clone()
    };
    let told = |i: &Item| {
        (
            (i.relation, i.district, i.field, i.year, i.policy, i.due),
            (i.title.clone(), i.aim.clone(), i.supports.clone()),
        )
    };
    (told(&next) != told(old)).then_some(next)
}
/// The same words in the two languages that a table holds: it does not say which were a translator's, nor what a third
/// language says, so an untouched text stays as it was.
fn same_words(old: &Text, new: &Text) -> bool {
    Locale::ALL
        .iter()
        .all(|l| old.get(l.tag()).unwrap_or("") == new.get(l.tag()).unwrap_or(""))
}

/// What makes two rows the same item.
#[derive(PartialEq, Eq, Hash)]
enum Same {
    Item(PlanItemId),
    Named(Key),
}
/// What an item is, where no id says it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    year: i64,
    field: basis::Field,
    relation: Option<RelationId>,
    district: Option<GovernmentId>,
    title: String,
}
impl Key {
    /// One key for each language of the title: a table may hold one of them only.
    fn each(self, title: &Text) -> Vec<Key> {
        let titles = title.langs().filter_map(|l| title.get(l.as_str()));
        titles
            .map(|t| Key {
                title: t.to_lowercase(),
                ..self.clone()
            })
            .collect()
    }
    fn of_planned(p: &Planned) -> Vec<Key> {
        let key = Key {
            year: p.year,
            field: p.field,
            relation: p.relation,
            district: p.district,
            title: String::new(),
        };
        key.each(&p.title)
    }
    fn of_item(i: &Item) -> Vec<Key> {
        let key = Key {
            year: i.year,
            field: i.field,
            relation: i.relation,
            district: i.district,
            title: String::new(),
        };
        key.each(&i.title)
    }
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
    items: HashMap<PlanItemId, Item>,
    by_key: HashMap<Key, PlanItemId>,
}
impl Known {
    async fn load(q: &impl Query, viewer: &Viewer) -> Result<Known, Fail> {
        let mut departments = HashMap::new();
        for field in <basis::Field as basis::Code>::ALL {
            if let Some(body) = neighbours::department_of(q, *field).await? {
                departments.insert(*field, body);
            }
        }
        let items = sql::all(q).await?;
        Ok(Known {
            relations: neighbours::relations_by_word(q, viewer).await?,
            districts: neighbours::districts_by_word(q).await?,
            lines: sql::lines(q).await?,
            departments,
            by_key: items
                .iter()
                .flat_map(|i| Key::of_item(i).into_iter().map(|k| (k, i.id)))
                .collect(),
            items: items.into_iter().map(|i| (i.id, i)).collect(),
        })
    }
    /// One row, understood: the item it is, if it is one already, and what it says of it.
    fn row(
        &self,
        asking: &Asking,
        mapping: &sheets::Mapping,
        row: &sheets::Row,
    ) -> Result<(Option<&Item>, Planned), Vec<Refusal>> {
        let text = |key: &str| mapping.text(row, key).to_owned();
        let mut input = PlanItemInput {
            relation: self.relation(mapping.text(row, "relation")),
            district: self.district(mapping.text(row, "district")),
            field: self.field(mapping.text(row, "field")),
            year: text("year"),
            policy: self.policy(mapping.text(row, "policy")),
            title_zh: text("title_zh"),
            title_en: text("title_en"),
            aim_zh: text("aim_zh"),
            aim_en: text("aim_en"),
            supports_zh: text("supports_zh"),
            supports_en: text("supports_en"),
            due: text("due"),
            version: String::new(),
        };
        let by_id = match mapping.text(row, "id") {
            "" => None,
            id => {
                let found = id.parse().ok().and_then(|id: PlanItemId| self.items.get(&id));
                Some(found.ok_or_else(|| vec![Refusal::at("id", "refusal-not-in-list")])?)
            }
        };
        if let Some(item) = by_id {
            fill(&mut input, item);
        }
        let planned = input.check(asking.lang())?;
        let by_key = || Key::of_planned(&planned).iter().find_map(|k| self.by_key.get(k));
        let item = by_id.or_else(|| self.items.get(by_key()?));
        let mut c = Check::new();
        let line = self.lines.iter().find(|l| l.id == planned.policy);
        // An item stays under the line it was planned under, whatever became of the line since.
        if item.is_none_or(|i| (i.policy, i.year) != (planned.policy, planned.year)) {
            check_line(&mut c, line, planned.year);
        }
        // An id in place of a reference or a name is one that is known, too.
        let known = |ids: &HashMap<String, String>, id: String| ids.values().any(|k| *k == id);
        if let Some(r) = planned.relation.filter(|r| item.and_then(|i| i.relation) != Some(*r)) {
            c.ensure(known(&self.relations, r.to_string()), || {
                Refusal::at("relation", "refusal-not-in-list")
            });
        }
        if let Some(d) = planned.district {
            c.ensure(known(&self.districts, d.to_string()), || {
                Refusal::at("district", "refusal-not-in-list")
            });
        }
        c.ensure(self.departments.contains_key(&planned.field), || {
            Refusal::at("field", "refusal-no-department")
        });
        c.done((item, planned))
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
/// A blank cell leaves what is there.
fn fill(input: &mut PlanItemInput, i: &Item) {
    let put = |cell: &mut String, kept: String| {
        if cell.trim().is_empty() {
            *cell = kept;
        }
    };
    let words = |t: &Text, l: Locale| t.get(l.tag()).unwrap_or("").to_owned();
    put(
        &mut input.relation,
        i.relation.map(|r| r.to_string()).unwrap_or_default(),
    );
    put(
        &mut input.district,
        i.district.map(|d| d.to_string()).unwrap_or_default(),
    );
    put(&mut input.field, i.field.to_string());
    put(&mut input.year, i.year.to_string());
    put(&mut input.policy, i.policy.to_string());
    put(&mut input.title_zh, words(&i.title, Locale::Zh));
    put(&mut input.title_en, words(&i.title, Locale::En));
    put(&mut input.aim_zh, words(&i.aim, Locale::Zh));
    put(&mut input.aim_en, words(&i.aim, Locale::En));
    put(&mut input.supports_zh, words(&i.supports, Locale::Zh));
    put(&mut input.supports_en, words(&i.supports, Locale::En));
    put(&mut input.due, i.due.map(|d| d.to_string()).unwrap_or_default());
}
