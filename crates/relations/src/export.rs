//! The register's tables as files that Excel reads. Relations come back in through the import, with the same columns.
//!
//! What leaves is what the reader may see: the public's own file holds open relations and sourced facts only, and notes
//! between officers never leave at all.

use std::collections::HashMap;

use access::{House, Viewer};
use basis::{Code, Fail, GovernmentId, Locale, PageRequest, RelationId, Text};
use sheets::{CellOut, ColumnOut, Kind, Table};

use crate::{
    About, Filter, Level, Relation, RelationCard, RelationKind, RelationStatus, all_cards_for, import::COLUMNS, look,
    store as sql,
};

/// A made key's words; its last part where nobody wrote any.
fn say(locale: Locale, key: &str) -> String {
    let bare = || key.split_once('-').map_or(key, |(_, code)| code).to_owned();
    crate::TEXTS.find(locale, key, Default::default()).unwrap_or_else(bare)
}
/// Members of closed lists in words, by their codes.
pub(crate) fn kind_word(locale: Locale, code: &str) -> String {
    say(locale, &format!("kind-{code}"))
}
pub(crate) fn status_word(locale: Locale, code: &str) -> String {
    say(locale, &format!("status-{code}"))
}
pub(crate) fn level_word(locale: Locale, code: &str) -> String {
    say(locale, &format!("level-{code}"))
}
pub(crate) fn about_word(locale: Locale, code: &str) -> String {
    say(locale, &format!("about-{code}"))
}
pub(crate) fn claimant_word(locale: Locale, code: &str) -> String {
    say(locale, &format!("claimant-{code}"))
}
pub(crate) fn confidence_word(locale: Locale, code: &str) -> String {
    say(locale, &format!("confidence-{code}"))
}
pub(crate) fn order_word(locale: Locale, code: &str) -> String {
    say(locale, &format!("order-{code}"))
}
pub fn kind_name(locale: Locale, kind: RelationKind) -> String {
    kind_word(locale, kind.code())
}
pub fn status_name(locale: Locale, status: RelationStatus) -> String {
    status_word(locale, status.code())
}
pub fn level_name(locale: Locale, level: Level) -> String {
    level_word(locale, level.code())
}
pub fn about_name(locale: Locale, about: About) -> String {
    about_word(locale, about.code())
}
pub fn claimant_name(locale: Locale, claimant: basis::Claimant) -> String {
    claimant_word(locale, claimant.code())
}
pub fn confidence_name(locale: Locale, confidence: basis::Confidence) -> String {
    confidence_word(locale, confidence.code())
}

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Relations,
    Facts,
    Links,
    Institutions,
    Counts,
}
impl What {
    pub const ALL: [What; 5] = [
        What::Relations,
        What::Facts,
        What::Links,
        What::Institutions,
        What::Counts,
    ];
    pub fn name(self) -> &'static str {
        match self {
            What::Relations => "relations",
            What::Facts => "facts",
            What::Links => "links",
            What::Institutions => "institutions",
            What::Counts => "counts",
        }
    }
    pub fn from_name(name: &str) -> Option<What> {
        What::ALL.into_iter().find(|w| w.name() == name)
    }
}

fn text(s: &str) -> CellOut {
    if s.is_empty() {
        CellOut::Blank
    } else {
        CellOut::Text(s.to_owned())
    }
}
fn said(s: Option<&str>) -> CellOut {
    text(s.unwrap_or(""))
}
fn in_lang(t: &Text, lang: &str) -> CellOut {
    said(t.get(lang))
}
/// A name that is neither Chinese nor English, and in which language it is.
fn native(t: &Text) -> (CellOut, CellOut) {
    let own = t.langs().find(|l| !matches!(l.primary(), "zh" | "en"));
    (said(own.and_then(|l| t.get(l.as_str()))), said(own.map(|l| l.as_str())))
}
fn degrees(d: Option<f64>) -> CellOut {
    d.map_or(CellOut::Blank, |d| CellOut::Decimal {
        units: (d * 1e6).round() as i64,
        scale: 6,
    })
}
fn whole(n: Option<i64>) -> CellOut {
    n.map_or(CellOut::Blank, CellOut::Integer)
}

/// Headings under `column-…`, each with the kind of what stands below it.
fn heads(locale: Locale, columns: &[(&'static str, Kind)]) -> Vec<ColumnOut> {
    let one = |(key, kind): &(&'static str, Kind)| ColumnOut {
        key,
        label: say(locale, &format!("column-{key}")),
        kind: *kind,
    };
    columns.iter().map(one).collect()
}

/// One table, as this reader may see it.
pub async fn table(house: &House, viewer: &Viewer, locale: Locale, what: What) -> Result<Table, Fail> {
    let (columns, rows) = match what {
        What::Relations => relations(house, viewer, locale).await?,
        What::Facts => facts(house, viewer, locale).await?,
        What::Links => links(house, viewer, locale).await?,
        What::Institutions => institutions(house, locale).await?,
        What::Counts => counts(house, locale).await?,
    };
    Ok(Table {
        title: say(locale, &format!("export-{}", what.name())),
        columns,
        rows,
        made: house.today(),
    })
}
/// The rows of the register that a filter finds, in the order in which the list shows them.
pub(crate) async fn narrowed(
    house: &House,
    viewer: &Viewer,
    locale: Locale,
    filter: &Filter,
) -> Result<Vec<Vec<CellOut>>, Fail> {
    let mut cards = Vec::new();
    let mut page = PageRequest::first(PageRequest::MOST);
    loop {
        let (found, _) = look(&house.db, viewer, filter, page).await?;
        cards.extend(found.items);
        let Some(next) = found.next else { break };
        page = PageRequest {
            after: Some(next),
            limit: PageRequest::MOST,
        };
    }
    rows_of(house, locale, cards).await
}
type Columns = (Vec<ColumnOut>, Vec<Vec<CellOut>>);

async fn relations(house: &House, viewer: &Viewer, locale: Locale) -> Result<Columns, Fail> {
    let label = |c: &sheets::ColumnSpec<'static>| {
        c.aliases
            .get(usize::from(locale == Locale::Zh))
            .copied()
            .unwrap_or(c.key)
    };
    let columns = COLUMNS.iter().map(|c| ColumnOut {
        key: c.key,
        label: label(c).to_owned(),
        kind: match c.key {
            "note_zh" | "note_en" | "reason" => Kind::Prose,
            "lat" | "lon" => Kind::Number,
            _ => Kind::Text,
        },
    });
    let cards = all_cards_for(&house.db, viewer).await?;
    Ok((columns.collect(), rows_of(house, locale, cards).await?))
}
async fn rows_of(house: &House, locale: Locale, cards: Vec<RelationCard>) -> Result<Vec<Vec<CellOut>>, Fail> {
    let q = &house.db;
    let mut full: HashMap<RelationId, Relation> = sql::relations(q).await?.into_iter().map(|r| (r.id, r)).collect();
    let codes: HashMap<GovernmentId, Option<String>> = sql::own_governments(q)
        .await?
        .into_iter()
        .map(|g| (g.card.id, g.code))
        .collect();
    let mut rows = Vec::new();
    for card in cards {
        if let Some(r) = full.remove(&card.id) {
            rows.push(relation_row(
                locale,
                &card,
                &r,
                codes.get(&card.own.id).cloned().flatten(),
            ));
        }
    }
    Ok(rows)
}
fn relation_row(locale: Locale, card: &RelationCard, r: &Relation, own_code: Option<String>) -> Vec<CellOut> {
    let p = &card.partner;
    let (native_name, native_language) = native(&p.name);
    let note = |lang: &str| r.note.as_ref().map_or(CellOut::Blank, |n| in_lang(n, lang));
    vec![
        text(&r.reference),
        said(own_code.as_deref()),
        text(card.own.name.plain(locale)),
        in_lang(&p.name, "zh-Hans"),
        in_lang(&p.name, "en"),
        native_name,
        native_language,
        text(&level_name(locale, p.level)),
        text(&p.country),
        degrees(p.point.map(|p| p.lat)),
        degrees(p.point.map(|p| p.lon)),
        text(&kind_name(locale, r.kind)),
        text(&status_name(locale, card.status)),
        // Reasons are given between officers; the public file names none.
        CellOut::Blank,
        said(r.signed.map(|s| s.text()).as_deref()),
        said(r.filed_on.map(|d| d.to_string()).as_deref()),
        text(&r.source),
        text(&claimant_name(locale, r.claimant)),
        text(&confidence_name(locale, r.confidence)),
        note("zh-Hans"),
        note("en"),
    ]
}

async fn facts(house: &House, viewer: &Viewer, locale: Locale) -> Result<Columns, Fail> {
    let columns = heads(
        locale,
        &[
            ("reference", Kind::Text),
            ("partner", Kind::Text),
            ("about", Kind::Text),
            ("value", Kind::Text),
            ("source", Kind::Text),
            ("claimant", Kind::Text),
            ("confidence", Kind::Text),
            ("as_of", Kind::Date),
            ("note", Kind::Prose),
        ],
    );
    let cards = all_cards_for(&house.db, viewer).await?;
    let mut of: HashMap<(&str, String), &RelationCard> = HashMap::new();
    for c in &cards {
        of.insert(("relation", c.id.to_string()), c);
        of.entry(("government", c.partner.id.to_string())).or_insert(c);
    }
    let mut rows = Vec::new();
    for f in sql::every_claim(&house.db).await? {
        // Claims without a source stay inside, whoever asks: files travel.
        let Some(card) = of
            .get(&(f.object_kind.as_str(), f.object_id.clone()))
            .filter(|_| !f.source.is_empty())
        else {
            continue;
        };
        let value = match f.field {
            About::Kind => kind_word(locale, &f.value),
            About::Status => status_word(locale, &f.value),
            About::Level => level_word(locale, &f.value),
            _ => f.value.clone(),
        };
        rows.push(vec![
            text(&card.reference),
            text(card.partner.name.plain(locale)),
            text(&about_name(locale, f.field)),
            text(&value),
            text(&f.source),
            text(&claimant_name(locale, f.claimant)),
            text(&confidence_name(locale, f.confidence)),
            f.as_of.map_or(CellOut::Blank, CellOut::Date),
            said(f.note.as_deref()),
        ]);
    }
    Ok((columns, rows))
}

async fn links(house: &House, viewer: &Viewer, locale: Locale) -> Result<Columns, Fail> {
    let columns = heads(
        locale,
        &[
            ("reference", Kind::Text),
            ("partner", Kind::Text),
            ("field", Kind::Text),
            ("own_zh", Kind::Text),
            ("own_en", Kind::Text),
            ("partner_zh", Kind::Text),
            ("partner_en", Kind::Text),
            ("what_zh", Kind::Prose),
            ("what_en", Kind::Prose),
            ("since", Kind::Text),
            ("source", Kind::Text),
            ("illustrative", Kind::Text),
        ],
    );
    let cards: HashMap<RelationId, RelationCard> = all_cards_for(&house.db, viewer)
        .await?
        .into_iter()
        .map(|c| (c.id, c))
        .collect();
    let mut rows = Vec::new();
    for l in sql::every_link(&house.db).await? {
        let Some(card) = cards.get(&l.relation) else { continue };
        rows.push(vec![
            text(&card.reference),
            text(card.partner.name.plain(locale)),
            text(&pages::parts::field_name(locale, l.field)),
            in_lang(&l.own_name, "zh-Hans"),
            in_lang(&l.own_name, "en"),
            in_lang(&l.partner_name, "zh-Hans"),
            in_lang(&l.partner_name, "en"),
            in_lang(&l.what, "zh-Hans"),
            in_lang(&l.what, "en"),
            said(l.since.as_deref()),
            text(&l.source),
            if l.illustrative {
                text(&say(locale, "yes-illustrative"))
            } else {
                CellOut::Blank
            },
        ]);
    }
    Ok((columns, rows))
}

async fn institutions(house: &House, locale: Locale) -> Result<Columns, Fail> {
    let columns = heads(
        locale,
        &[
            ("place", Kind::Text),
            ("country", Kind::Text),
            ("institution", Kind::Text),
            ("field", Kind::Text),
            ("name_zh", Kind::Text),
            ("name_en", Kind::Text),
            ("name_native", Kind::Text),
            ("detail", Kind::Prose),
            ("lat", Kind::Number),
            ("lon", Kind::Number),
            ("source", Kind::Text),
        ],
    );
    let all = sql::every_institution(&house.db).await?;
    let mut ids: Vec<GovernmentId> = all.iter().map(|i| i.government).collect();
    ids.sort_unstable();
    ids.dedup();
    let places = sql::governments(&house.db, &ids).await?;
    let rows = all.iter().map(|i| {
        let place = places.get(&i.government);
        vec![
            said(place.map(|g| g.card.name.plain(locale))),
            said(place.map(|g| g.card.country.as_str())),
            text(&institution_kind(locale, &i.kind)),
            text(&pages::parts::field_name(locale, i.field)),
            in_lang(&i.name, "zh-Hans"),
            in_lang(&i.name, "en"),
            native(&i.name).0,
            said(i.detail.as_deref()),
            degrees(i.point.map(|p| p.lat)),
            degrees(i.point.map(|p| p.lon)),
            text(&i.source),
        ]
    });
    Ok((columns, rows.collect()))
}
/// Kinds of institutions are open-ended (R75): those known have words in both languages.
pub fn institution_kind(locale: Locale, kind: &str) -> String {
    let key = kind.replace([' ', '+'], "-");
    crate::TEXTS
        .find(locale, &format!("institution-{key}"), Default::default())
        .unwrap_or_else(|| kind.to_owned())
}

async fn counts(house: &House, locale: Locale) -> Result<Columns, Fail> {
    let columns = heads(
        locale,
        &[
            ("day", Kind::Text),
            ("scope", Kind::Text),
            ("sister_pairs", Kind::Number),
            ("municipal", Kind::Number),
            ("district", Kind::Number),
            ("friendly_exchange", Kind::Number),
            ("countries", Kind::Number),
            ("source", Kind::Text),
        ],
    );
    let all = sql::count_series(&house.db).await?;
    let rows = all.iter().map(|c| {
        vec![
            text(&c.day),
            text(&c.scope),
            CellOut::Integer(c.sister_pairs),
            whole(c.municipal),
            whole(c.district),
            whole(c.friendly_exchange),
            whole(c.countries),
            text(&c.source),
        ]
    });
    Ok((columns, rows.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_that_is_made_is_there() {
        fn codes<T: Code>(of: fn(Locale, &str) -> String) -> Vec<(String, String)> {
            let said = |m: &T| Locale::ALL.map(|l| (m.code().to_owned(), of(l, m.code())));
            T::ALL.iter().flat_map(said).collect()
        }
        let mut all = codes::<RelationKind>(kind_word);
        all.extend(codes::<RelationStatus>(status_word));
        all.extend(codes::<Level>(level_word));
        all.extend(codes::<About>(about_word));
        all.extend(codes::<basis::Claimant>(claimant_word));
        all.extend(codes::<basis::Confidence>(confidence_word));
        all.extend(codes::<crate::Order>(order_word));
        let has = |key: String| {
            for l in Locale::ALL {
                assert!(crate::TEXTS.find(l, &key, Default::default()).is_some(), "{key}");
            }
        };
        assert!(all.iter().all(|(_, words)| !words.is_empty()));
        for d in [
            "relation-registered",
            "relation-registered-together",
            "relation-edited",
            "relation-stepped",
            "relation-fact-added",
            "relation-noted",
            "relation-imported",
            "fact-added",
            "link-recorded",
            "agreement-recorded",
            "government-added",
            "government-added-together",
            "government-edited",
            "government-succeeded",
        ] {
            has(format!("did-{d}"));
        }
        for d in [
            "relation-entered",
            "relation-saved",
            "relation-stepped",
            "fact-added",
            "link-added",
            "agreement-added",
            "note-added",
        ] {
            has(format!("done-{d}"));
        }
        for status in RelationStatus::ALL {
            has(format!("status-{status}"));
        }
        for what in What::ALL {
            has(format!("export-{}", what.name()));
        }
    }
}
