//! Histories in plain words: the journal's lines with the names, words and differences that this reader may have.

use std::collections::HashMap;

use access::{House, Role, Viewer};
use basis::{AccountId, BodyId, Code, Fail, Field, GovernmentId, Locale, Moment};
use i18n_embed_fl::fl;
use pages::{Registry, fmt, parts};
use store::journal::{Detail, Line};

use crate::{
    diff::{self, Voice},
    subject::{self, Subject},
    t,
};

/// How much of a line its reader may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// What, when, by which office.
    Open,
    /// Names, reasons, before and after.
    Full,
}

/// One changed field in words.
#[derive(Clone, Debug)]
pub struct Said {
    pub field: String,
    pub before: String,
    pub after: String,
}
/// One line of a history, ready to be shown.
#[derive(Clone, Debug)]
pub struct Told {
    pub seq: i64,
    pub at: Moment,
    pub when: String,
    pub what: String,
    pub who: String,
    /// The body and role acted as.
    pub acting: String,
    pub reason: Option<String>,
    pub changes: Vec<Said>,
    /// Details were taken away by an erasure; the entry itself stays and proves.
    pub erased: bool,
    pub leaf: String,
    /// "call/0192…", where the reader may follow it.
    pub object: Option<(String, String)>,
    pub account: Option<String>,
}

/// What a reader may see of a thing's history, newest first; nothing if they may not know of it.
///
/// # Errors
/// [`Fail::NotFound`] for what is not there or not for this viewer.
pub async fn history(
    house: &House,
    texts: &Registry,
    viewer: &Viewer,
    locale: Locale,
    kind: &str,
    id: &str,
) -> Result<(Subject, Sight, Vec<Told>), Fail> {
    let subject = subject::subject(house, viewer, locale, kind, id)
        .await?
        .ok_or(Fail::NotFound)?;
    let sight = sight(house, viewer, &subject).ok_or(Fail::NotFound)?;
    // Only these come by the hundred in one entry; to look for one there reads all that files brought.
    let mut all = match kind {
        "relation" | "government" => store::journal::imported_together(&house.db, kind, id).await?,
        _ => Vec::new(),
    };
    all.extend(store::journal::history(&house.db, kind, id).await?);
    all.sort_by_key(|(line, _)| line.seq);
    if sight == Sight::Open {
        all.retain(|(l, _)| subject::is_told(&l.action));
        all.iter_mut().for_each(|(_, d)| *d = None);
    }
    // Kept back is not erased: the line says neither.
    let kept_back: Vec<i64> = all
        .iter()
        .filter(|(l, _)| !subject.shows(&l.action, l.at))
        .map(|(l, _)| l.seq)
        .collect();
    for (l, d) in &mut all {
        if kept_back.contains(&l.seq) {
            *d = None;
        }
    }
    let untold = all.is_empty() && sight == Sight::Open;
    if untold || (all.is_empty() && subject.title.is_none()) {
        return Err(Fail::NotFound);
    }
    all.reverse();
    let mut told = tell(house, texts, locale, sight, all).await?;
    for line in &mut told {
        line.erased &= !kept_back.contains(&line.seq);
    }
    Ok((subject, sight, told))
}
/// How much this viewer may see of it, if anything.
pub fn sight(house: &House, viewer: &Viewer, subject: &Subject) -> Option<Sight> {
    if house.gate.may(viewer, "history.detail.read", &subject.thing) {
        return Some(Sight::Full);
    }
    house
        .gate
        .may(viewer, "history.read", &subject.thing)
        .then_some(Sight::Open)
}

/// Whether a list may lead this viewer to the history of a thing: what is a person's own opens to few. Such things are
/// known without asking the store.
///
/// # Errors
/// Faults of the store.
pub async fn leads_on(house: &House, viewer: &Viewer, locale: Locale, kind: &str, id: &str) -> Result<bool, Fail> {
    if !subject::is_personal(kind) {
        return Ok(true);
    }
    let found = subject::subject(house, viewer, locale, kind, id).await?;
    Ok(found.is_some_and(|s| sight(house, viewer, &s).is_some()))
}

/// What was done, in any room's words.
pub fn what(texts: &Registry, locale: Locale, action: &str) -> String {
    texts
        .find(locale, &format!("did-{}", action.replace('.', "-")), Default::default())
        .unwrap_or_else(|| action.to_owned())
}
/// The word of a part: by its whole path where that has one, else by its last name. None for what only the machine needs.
fn part_word(locale: Locale, path: &str) -> Option<String> {
    let find = |name: &str| crate::TEXTS.find(locale, &format!("part-{name}"), Default::default());
    find(&path.replace('.', "-")).or_else(|| find(path.rsplit('.').next().unwrap_or(path)))
}
/// Parts that hold one of a closed list. Anywhere else, "open" and "other" are people's own words.
const CODES: &[&str] = &[
    "answer",
    "channel",
    "claimant",
    "confidence",
    "field",
    "kind",
    "legal_form",
    "letters-not-wanted",
    "level",
    "mode",
    "scopes",
    "side",
    "stage",
    "standing",
    "state",
    "status",
    "struck",
    "upgrade_from",
    "value",
];
/// The word of a code, where the part with this path holds one; where the whole value is one word, the path is empty.
fn code_word(locale: Locale, path: &str, code: &str) -> Option<String> {
    let name = path.rsplit('.').next().unwrap_or(path);
    let field = |code: &str| Field::from_code(code).map(|f| parts::field_name(locale, f));
    match name {
        "country" => return Some(pages::countries::country_name(code, locale)),
        "fields" => return field(code),
        "lang" | "languages" => return Some(parts::language_name(locale, code)),
        "role" => return Role::from_code(code).map(|r| parts::role_name(locale, r)),
        _ if !name.is_empty() && !CODES.contains(&name) => return None,
        _ => {}
    }
    let find = |key: &str| crate::TEXTS.find(locale, &format!("value-{key}"), Default::default());
    let named = find(&format!("{name}-{code}")).filter(|_| !name.is_empty());
    named.or_else(|| field(code)).or_else(|| find(code))
}

/// Names of everybody and every body that lines speak of: two statements, however many lines.
pub struct Names {
    people: HashMap<AccountId, parties::PersonCard>,
    bodies: HashMap<BodyId, parties::BodyCard>,
    /// Local governments, where details speak of them.
    places: HashMap<GovernmentId, basis::Text>,
}
impl Names {
    pub async fn load(house: &House, ids: &[String]) -> Result<Names, Fail> {
        let mut ids: Vec<&String> = ids.iter().collect();
        ids.sort();
        ids.dedup();
        let people: Vec<AccountId> = ids.iter().filter_map(|i| i.parse().ok()).collect();
        let bodies: Vec<BodyId> = ids.iter().filter_map(|i| i.parse().ok()).collect();
        if people.is_empty() {
            return Ok(Names {
                people: HashMap::new(),
                bodies: HashMap::new(),
                places: HashMap::new(),
            });
        }
        Ok(Names {
            people: parties::people(&house.db, &people).await?,
            bodies: parties::bodies(&house.db, &bodies).await?,
            places: HashMap::new(),
        })
    }
    /// What of these ids is neither a person nor a body may be a local government.
    async fn load_places(&mut self, house: &House, ids: &[String]) -> Result<(), Fail> {
        let unnamed = ids
            .iter()
            .filter(|i| self.person(i).is_none() && self.body(i).is_none());
        let mut wanted: Vec<GovernmentId> = unnamed.filter_map(|i| i.parse().ok()).collect();
        wanted.sort();
        wanted.dedup();
        if !wanted.is_empty() {
            let found = relations::governments(&house.db, &wanted).await?;
            self.places = found.into_iter().map(|g| (g.id, g.name)).collect();
        }
        Ok(())
    }
    fn person(&self, id: &str) -> Option<&parties::PersonCard> {
        self.people.get(&id.parse().ok()?)
    }
    fn body(&self, id: &str) -> Option<&parties::BodyCard> {
        self.bodies.get(&id.parse().ok()?)
    }
    fn place(&self, id: &str) -> Option<&basis::Text> {
        self.places.get(&id.parse().ok()?)
    }
}

/// Puts lines into words for one reader.
///
/// # Errors
/// Faults of the store.
pub async fn tell(
    house: &House,
    texts: &Registry,
    locale: Locale,
    sight: Sight,
    lines: Vec<(Line, Option<Detail>)>,
) -> Result<Vec<Told>, Fail> {
    let read = |json: &Option<String>| json.as_deref().and_then(|j| serde_json::from_str(j).ok());
    let mut ids: Vec<String> = Vec::new();
    let mut inner: Vec<String> = Vec::new();
    let mut parsed = Vec::with_capacity(lines.len());
    for (line, detail) in lines {
        ids.extend(line.account.clone());
        ids.extend(line.body.clone());
        let (before, after): (Option<serde_json::Value>, Option<serde_json::Value>) = detail
            .as_ref()
            .map_or((None, None), |d| (read(&d.before_json), read(&d.after_json)));
        // Hundreds of objects are told as how many they are; each has a history of its own.
        let after = match after {
            Some(many) if line.is_of_many() => {
                let count = many["ids"].as_array().map_or(0, Vec::len);
                Some(serde_json::json!({ "objects": count }))
            }
            after => after,
        };
        let (before, after) = (before.as_ref().map(diff::tidy), after.as_ref().map(diff::tidy));
        for v in [&before, &after].into_iter().flatten() {
            diff::ids(v, &mut inner);
        }
        parsed.push((line, detail, before, after));
    }
    ids.extend(inner.iter().cloned());
    let mut names = Names::load(house, &ids).await?;
    names.load_places(house, &inner).await?;
    let l = t(locale);
    let name = |id: &str| {
        let person = names.person(id).map(|p| p.name.clone()).filter(|n| !n.is_empty());
        person
            .or_else(|| names.body(id).map(|b| b.name.plain(locale).to_owned()))
            .or_else(|| names.place(id).map(|n| n.plain(locale).to_owned()))
    };
    let part = |path: &str| part_word(locale, path);
    let code = |path: &str, code: &str| code_word(locale, path, code);
    let voice = Voice {
        locale,
        zone: &house.zone,
        yes: fl!(l, "yes"),
        no: fl!(l, "no"),
        name: &name,
        part: &part,
        code: &code,
    };
    // What neither side can say in words is left out: an id of something without a name, a part for the machine.
    let said = |c: &diff::Change| {
        let say = |v: &Option<serde_json::Value>| v.as_ref().map(|v| voice.say(&c.field, v)).unwrap_or_default();
        let (before, after) = (say(&c.before), say(&c.after));
        if before == after {
            return None;
        }
        let or_nothing = |s: String| if s.is_empty() { fl!(l, "nothing") } else { s };
        Some(Said {
            field: if c.field.is_empty() {
                String::new()
            } else {
                part_word(locale, &c.field)?
            },
            before: or_nothing(before),
            after: or_nothing(after),
        })
    };
    let told = parsed.into_iter().map(|(line, detail, before, after)| Told {
        seq: line.seq,
        at: line.at,
        when: fmt::moment(locale, line.at, &house.zone),
        what: what(texts, locale, &line.action),
        who: who(locale, sight, &names, &line),
        acting: acting(locale, sight, &names, &line),
        reason: detail.as_ref().and_then(|d| d.reason.clone()),
        changes: diff::changes(before.as_ref(), after.as_ref())
            .iter()
            .filter_map(&said)
            .collect(),
        erased: sight == Sight::Full && detail.is_none(),
        leaf: line.leaf_hash,
        object: Some((line.object_kind, line.object_id)),
        account: line.account.filter(|_| sight == Sight::Full),
    });
    Ok(told.collect())
}
fn who(locale: Locale, sight: Sight, names: &Names, line: &Line) -> String {
    let l = t(locale);
    let Some(account) = &line.account else {
        return crate::TEXTS
            .find(locale, &format!("via-{}", line.via), Default::default())
            .unwrap_or_else(|| fl!(l, "who-house"));
    };
    if sight == Sight::Full {
        let name = names.person(account).map(|p| p.name.clone()).unwrap_or_default();
        return if name.is_empty() { fl!(l, "who-erased") } else { name };
    }
    match line.body.as_deref().and_then(|b| names.body(b)) {
        Some(b) if b.kind != access::BodyKind::Organisation => b.name.plain(locale).to_owned(),
        Some(_) => fl!(l, "who-organisation"),
        None => fl!(l, "who-person"),
    }
}
fn acting(locale: Locale, sight: Sight, names: &Names, line: &Line) -> String {
    if sight == Sight::Open || line.account.is_none() {
        return String::new();
    }
    let role = Role::from_code(&line.role)
        .map(|r| parts::role_name(locale, r))
        .unwrap_or_default();
    match line.body.as_deref().and_then(|b| names.body(b)) {
        Some(b) => fl!(t(locale), "acting-for", body = b.name.plain(locale), role = role),
        None => role,
    }
}
