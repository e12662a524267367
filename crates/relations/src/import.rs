//! Relations from a file: what would happen, row by row; then all of it or nothing.
//!
//! A row is known by its reference: taken in twice, a file changes nothing the second time. New rows go in by bulk
//! inserts. The journal gets one entry for the file, with a digest over its bytes, and every row points at its import: the
//! log proves which bytes that were. Rows that change what was there get an entry each, with before and after; so do new
//! ones, up to [`EACH_NOTED`]. A log entry is four rows of its own: the new rows of a larger file, which must go in at half
//! the speed of a bare insert or more, share an entry by the [`TOGETHER`], which names each.

use std::collections::{HashMap, HashSet};

use access::{Asking, House, Thing};
use basis::{Claimant, Code, Confidence, Day, Fail, GovernmentId, Locale, Refusal, RelationId};
use parties::files::{self, Brought, Words};
use sha2::{Digest, Sha256};
use sheets::{ColumnSpec, Mapping, Row, Sheet};
use store::{Entry, OrRepeat, Query, StoreFault, Tx};

pub use parties::files::Report;

use crate::{
    Government, Level, Relation, RelationKind, RelationStatus, Step,
    enter::{Checked, Input, own_side},
    export,
    government::match_key,
    store as sql, view,
};

const fn column(key: &'static str, aliases: &'static [&'static str], required: bool) -> ColumnSpec<'static> {
    ColumnSpec { key, aliases, required }
}
/// The columns of the export, under their headings in both languages.
pub const COLUMNS: &[ColumnSpec<'static>] = &[
    column("reference", &["Reference", "编号"], true),
    column("own", &["Own side (code)", "我方代码"], false),
    // For people; the code decides.
    column("own_name", &["Own side", "我方"], false),
    column(
        "partner_zh",
        &["Partner (Chinese)", "友城（中文）", "伙伴（中文）"],
        false,
    ),
    column(
        "partner_en",
        &["Partner (English)", "友城（英文）", "伙伴（英文）"],
        false,
    ),
    column(
        "partner_native",
        &["Partner (native)", "友城（原文）", "伙伴（原文）"],
        false,
    ),
    column("native_language", &["Native language", "原文语种"], false),
    column("partner_level", &["Level", "层级"], true),
    column("country", &["Country", "国家代码"], true),
    column("lat", &["Latitude", "纬度"], false),
    column("lon", &["Longitude", "经度"], false),
    column("kind", &["Kind", "关系类别"], true),
    column("status", &["Status", "状态"], true),
    column("reason", &["Reason", "理由"], false),
    column("signed", &["Signed", "签署日期"], false),
    column("filed_on", &["Filed", "备案日期"], false),
    column("source", &["Source", "出处", "来源"], false),
    column("claimant", &["Claimed by", "主张方"], false),
    column("confidence", &["Confidence", "可信度"], false),
    column("note_zh", &["Note (Chinese)", "备注（中文）"], false),
    column("note_en", &["Note (English)", "备注（英文）"], false),
];

/// So many new relations of one file have an entry each in the journal.
const EACH_NOTED: usize = 1000;
/// So many new relations of a larger file share an entry.
const TOGETHER: usize = 500;

/// One row that can be taken.
struct Taken<'a> {
    reference: String,
    own: &'a Government,
    reason: Option<String>,
    checked: Checked,
}

/// Headings and words of closed lists, read once for the whole file.
struct Reader {
    m: Mapping,
    levels: Words<Level>,
    kinds: Words<RelationKind>,
    statuses: Words<RelationStatus>,
    claimants: Words<Claimant>,
    confidences: Words<Confidence>,
}
impl Reader {
    fn new(sheet: &Sheet, report: &mut Report) -> Result<Reader, Fail> {
        Ok(Reader {
            m: files::columns(sheet, COLUMNS, report)?,
            levels: Words::new(export::level_name),
            kinds: Words::new(export::kind_name),
            statuses: Words::new(export::status_name),
            claimants: Words::new(export::claimant_name),
            confidences: Words::new(export::confidence_name),
        })
    }
    fn input(&self, row: &Row) -> Input {
        let text = |key: &str| self.m.text(row, key).to_owned();
        Input {
            own: text("own"),
            partner: String::new(),
            partner_zh: text("partner_zh"),
            partner_en: text("partner_en"),
            partner_native: text("partner_native"),
            native_language: text("native_language"),
            partner_level: self.levels.code(self.m.text(row, "partner_level")),
            country: text("country"),
            lat: text("lat"),
            lon: text("lon"),
            kind: self.kinds.code(self.m.text(row, "kind")),
            status: self.statuses.code(self.m.text(row, "status")),
            signed: text("signed"),
            filed_on: text("filed_on"),
            source: text("source"),
            claimant: self.claimants.code(self.m.text(row, "claimant")),
            confidence: self.confidences.code(self.m.text(row, "confidence")),
            note_zh: text("note_zh"),
            note_en: text("note_en"),
            reference: text("reference"),
        }
    }
    fn take<'a>(
        &self,
        row: &Row,
        own: &'a [Government],
        seen: &mut HashMap<String, u32>,
        known: &HashMap<String, Relation>,
        today: Day,
    ) -> Result<Taken<'a>, Vec<Refusal>> {
        let mut input = self.input(row);
        let mut more = Vec::new();
        let reference = basis::clean_line(&input.reference);
        if reference.is_empty() {
            more.push(Refusal::at("reference", "refusal-required"));
        } else if let Some(first) = seen.insert(reference.clone(), row.number) {
            more.push(Refusal::at("reference", "refusal-row-twice").with("row", i64::from(first)));
        }
        let side = own_side(&input.own, own);
        if side.is_none() {
            more.push(Refusal::at("own", "refusal-own-code"));
        }
        // A row that was "succeeded" before may come back as it left; it only cannot be entered as such.
        let was = known.get(&reference).map(|r| r.status);
        let succeeded = was == Some(RelationStatus::Succeeded) && input.status == RelationStatus::Succeeded.code();
        if succeeded {
            input.status = RelationStatus::Ended.code().into();
        }
        let reason = Some(basis::clean_prose(self.m.text(row, "reason"))).filter(|r| !r.is_empty());
        match (input.check(today), side) {
            (Ok(mut checked), Some(own)) if more.is_empty() => {
                if succeeded {
                    checked.status = RelationStatus::Succeeded;
                }
                Ok(Taken {
                    reference,
                    own,
                    reason,
                    checked,
                })
            }
            (checked, _) => {
                more.extend(checked.err().unwrap_or_default());
                Err(more)
            }
        }
    }
}

/// What taking the file in would do.
#[derive(Default)]
struct Plan {
    /// New partners with their keys.
    governments: Vec<(String, Government)>,
    renamed: Vec<(Government, Government)>,
    added: Vec<Relation>,
    changed: Vec<(Relation, Relation)>,
    unchanged: usize,
}

/// What the store holds that rows may meet.
struct Known {
    own: Vec<Government>,
    by_reference: HashMap<String, Relation>,
    by_key: HashMap<String, GovernmentId>,
    /// Partners that were there before, each with its key.
    partners: HashMap<GovernmentId, (String, Government)>,
    pairs: HashSet<(GovernmentId, GovernmentId)>,
}
async fn known(q: &impl Query) -> Result<Known, StoreFault> {
    let relations = sql::relations(q).await?;
    let partners = sql::partners(q).await?;
    let key = |g: &Government| match_key(&g.card.country, g.card.level, &g.card.name);
    Ok(Known {
        own: sql::own_governments(q).await?,
        pairs: relations.iter().map(|r| (r.own, r.partner)).collect(),
        by_reference: relations.into_iter().map(|r| (r.reference.clone(), r)).collect(),
        by_key: partners.iter().map(|g| (key(g), g.card.id)).collect(),
        partners: partners.into_iter().map(|g| (g.card.id, (key(&g), g))).collect(),
    })
}

/// What a planning row needs from outside: time, ids and whose claim it is.
struct Hand<'a> {
    asking: &'a Asking,
    today: Day,
    now: basis::Moment,
    fresh: &'a (dyn Fn() -> RelationId + Sync),
}

impl Plan {
    /// Two rows may name one partner: it is written once, with what both say.
    fn rename(&mut self, before: Government, mut next: Government) {
        match self.renamed.iter_mut().find(|(b, _)| b.card.id == before.card.id) {
            Some((first, known)) => {
                next.version = first.version + 1;
                *known = next;
            }
            None => self.renamed.push((before, next)),
        }
    }
    /// Adds one row, or says what is wrong with it.
    fn add(&mut self, t: Taken<'_>, known: &mut Known, hand: &Hand<'_>) -> Result<(), Vec<Refusal>> {
        let Some(named) = &t.checked.partner else { return Ok(()) };
        let key = match_key(&named.country, named.level, &named.name);
        if let Some(before) = known.by_reference.remove(&t.reference) {
            let old_key = known
                .partners
                .get(&before.partner)
                .map(|p| p.0.clone())
                .unwrap_or_default();
            if key != old_key && known.by_key.contains_key(&key) {
                return Err(vec![Refusal::at("partner_en", "refusal-other-partner")]);
            }
            if t.own.card.id != before.own {
                return Err(vec![Refusal::at("own", "refusal-other-own")]);
            }
            let next = changed(&before, &t, hand)?;
            let mut touched = next.version != before.version;
            if let Some((_, g)) = known.partners.get(&before.partner)
                && let Some(renamed) = renamed(g, named)
            {
                touched = true;
                self.rename(g.clone(), renamed.clone());
                known.by_key.remove(&old_key);
                known.by_key.insert(key.clone(), before.partner);
                known.partners.insert(before.partner, (key, renamed));
            }
            match (touched, next.version != before.version) {
                (false, _) => self.unchanged += 1,
                // Only the partner's own names changed: the relation is counted, its row is left alone.
                (true, _) => self.changed.push((before, next)),
            }
            return Ok(());
        }
        let partner = match known.by_key.get(&key) {
            Some(id) => *id,
            None => {
                let id = GovernmentId::from_uuid((hand.fresh)().uuid());
                known.by_key.insert(key.clone(), id);
                self.governments.push((key, named.government(id, &t.checked.source)));
                id
            }
        };
        if !known.pairs.insert((t.own.card.id, partner)) {
            return Err(vec![Refusal::at("partner_en", "refusal-relation-exists")]);
        }
        let c = t.checked;
        self.added.push(Relation {
            id: (hand.fresh)(),
            reference: t.reference,
            own: t.own.card.id,
            partner,
            district: t.own.card.district.then_some(t.own.card.id),
            kind: c.kind,
            status: c.status,
            upgrade_from: None,
            since: None,
            reason: t.reason,
            signed: c.signed,
            filed_on: c.filed_on,
            note: c.note,
            source: c.source,
            claimant: view::claimant_of(&hand.asking.viewer, c.claimant),
            confidence: c.confidence,
            disputed: false,
            illustrative: false,
            listed_at: hand.now,
            version: 1,
        });
        Ok(())
    }
}

/// The relation as the row has it; its stage moves only by a step that may follow.
fn changed(before: &Relation, t: &Taken<'_>, hand: &Hand<'_>) -> Result<Relation, Vec<Refusal>> {
    let c = &t.checked;
    let mut next = before.clone();
    if c.status != before.status {
        let on = match c.status {
            RelationStatus::Filed => c.filed_on,
            _ => c.signed.map(|s| s.from),
        };
        let step = Step {
            to: c.status,
            on: on.filter(|_| c.status.needs_day()),
            reason: t.reason.clone(),
            successor: None,
        };
        next = before.step(&step, hand.today).map_err(|refusals| {
            let column = |r: Refusal| match r.field.as_deref() {
                Some("to" | "successor") => Refusal {
                    field: Some("status".into()),
                    ..r
                },
                Some("on") if c.status == RelationStatus::Filed => Refusal {
                    field: Some("filed_on".into()),
                    ..r
                },
                Some("on") => Refusal {
                    field: Some("signed".into()),
                    ..r
                },
                _ => r,
            };
            refusals.into_iter().map(column).collect::<Vec<_>>()
        })?;
    }
    next.kind = c.kind;
    next.signed = c.signed;
    next.filed_on = c.filed_on;
    if !same_words(before.note.as_ref(), c.note.as_ref()) {
        next.note.clone_from(&c.note);
    }
    next.source.clone_from(&c.source);
    // The partner's own claim stays theirs when our file carries it back.
    next.claimant = c.claimant.unwrap_or(before.claimant);
    next.confidence = c.confidence;
    next.version = before.version;
    if next != *before {
        next.version += 1;
    }
    Ok(next)
}
/// The same words in the same languages: a file does not say which were a translator's, so that stays as it was.
fn same_words(a: Option<&basis::Text>, b: Option<&basis::Text>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.langs().eq(b.langs()) && a.langs().all(|l| a.get(l.as_str()) == b.get(l.as_str())),
        (a, b) => a.is_none() && b.is_none(),
    }
}
fn renamed(g: &Government, named: &crate::enter::Partner) -> Option<Government> {
    let mut next = g.clone();
    next.card.name = named.name.clone();
    // A blank cell does not take a name away.
    for lang in g.card.name.langs().filter(|l| named.name.get(l.as_str()).is_none()) {
        next.card.name = next
            .card
            .name
            .with(lang.clone(), g.card.name.get(lang.as_str()).unwrap_or_default());
    }
    next.card.level = named.level;
    next.card.country.clone_from(&named.country);
    next.card.point = named.point.or(g.card.point);
    if same_words(Some(&g.card.name), Some(&next.card.name)) {
        next.card.name = g.card.name.clone();
    }
    next.version += 1;
    (Government {
        version: g.version,
        ..next.clone()
    } != *g)
        .then_some(next)
}

fn plan(sheet: &Sheet, reader: &Reader, mut known: Known, hand: &Hand<'_>, report: &mut Report) -> Plan {
    let own = std::mem::take(&mut known.own);
    let mut seen = HashMap::with_capacity(sheet.rows.len());
    let mut plan = Plan::default();
    for row in &sheet.rows {
        let taken = reader.take(row, &own, &mut seen, &known.by_reference, hand.today);
        let added = taken.and_then(|t| plan.add(t, &mut known, hand));
        if let Err(refusals) = added {
            report.refuse(&reader.m, row, COLUMNS, refusals);
        }
    }
    report.rows = sheet.rows.len();
    (report.added, report.changed, report.unchanged) = (plan.added.len(), plan.changed.len(), plan.unchanged);
    plan
}

async fn write(tx: &Tx, plan: Plan, name: &str, digest: String) -> Result<Brought, Fail> {
    let id = tx.fresh();
    let import = sql::ImportRow {
        id,
        file_name: basis::clean_line(name).chars().take(120).collect(),
        account: tx.act().and_then(|a| a.actor.account),
        at: tx.now(),
        added: plan.added.len() as i64,
        changed: plan.changed.len() as i64,
        digest,
    };
    sql::insert_import(tx, &import).await?;
    sql::insert_imported(tx, &plan.governments, &plan.added, id).await?;
    if plan.added.len() <= EACH_NOTED {
        for (_, g) in &plan.governments {
            tx.journal(Entry::of("government.added", g.card.id).after(g));
        }
        for r in &plan.added {
            tx.journal(Entry::of("relation.registered", r.id).after(r));
        }
    } else {
        for some in plan.governments.chunks(TOGETHER) {
            let ids = some.iter().map(|(_, g)| g.card.id);
            tx.journal(Entry::together("government.added-together", id, ids));
        }
        for some in plan.added.chunks(TOGETHER) {
            let ids = some.iter().map(|r| r.id);
            tx.journal(Entry::together("relation.registered-together", id, ids));
        }
    }
    for (before, next) in &plan.renamed {
        sql::save_government(tx, next).await?;
        tx.journal(Entry::of("government.edited", next.card.id).before(before).after(next));
    }
    for (before, next) in plan.changed.iter().filter(|(b, n)| b.version != n.version) {
        sql::save_relation_from(tx, next, Some(id)).await?;
        crate::step::keep_outgrown(tx, before, next).await?;
        tx.journal(Entry::of("relation.edited", next.id).before(before).after(next));
    }
    tx.journal(Entry::of("relation.imported", id).after(&import));
    tx.emit("relation.changed", serde_json::json!({ "import": id })).await?;
    Ok(Brought {
        import: Some(id),
        added: plan.added.len(),
        changed: plan.changed.len(),
        unchanged: plan.unchanged,
    })
}

/// Reads the file and says what would happen; with `dry_run` false and nothing wrong, it happens, all of it.
pub async fn run(house: &House, asking: &Asking, bytes: &[u8], name: &str, dry_run: bool) -> Result<Report, Fail> {
    asking.check(house, "relation.import", &Thing::new("relation", ""))?;
    let sheet = files::read(bytes, name)?;
    let mut report = Report {
        dry_run: true,
        ..Default::default()
    };
    let reader = Reader::new(&sheet, &mut report)?;
    let env = house.db.env().clone();
    let now = house.now();
    let fresh = move || RelationId::fresh(now, &*env.chance);
    let hand = Hand {
        asking,
        today: house.today(),
        now,
        fresh: &fresh,
    };
    if dry_run {
        plan(&sheet, &reader, known(&house.db).await?, &hand, &mut report);
        return Ok(report);
    }
    let tx = match asking.begin(house).await {
        Err(repeated @ Fail::Repeated(_)) => {
            let brought = Err(repeated).or_repeat()?;
            return Ok(taken(report, brought));
        }
        other => other?,
    };
    let plan = plan(&sheet, &reader, known(&tx).await?, &hand, &mut report);
    if !report.is_clean() {
        return Ok(report);
    }
    let brought = write(&tx, plan, name, hex::encode(Sha256::digest(bytes))).await?;
    Ok(taken(report, tx.done(brought).await?))
}
fn taken(report: Report, b: Brought) -> Report {
    Report {
        dry_run: false,
        added: b.added,
        changed: b.changed,
        unchanged: b.unchanged,
        import: b.import,
        ..report
    }
}

/// The heading of a column in the reader's language.
pub fn heading(locale: Locale, key: &str) -> String {
    let spec = COLUMNS.iter().find(|c| c.key == key);
    spec.and_then(|c| c.aliases.get(usize::from(locale == Locale::Zh)))
        .copied()
        .unwrap_or(key)
        .to_owned()
}
