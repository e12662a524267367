//! Organisations as a table that Excel reads; the same columns come back in.

use access::{House, Viewer};
use basis::{Code, Fail, Locale};
use sheets::{CellOut, ColumnOut, Kind, Table};

use crate::{Filter, LegalForm, Standing, import::COLUMNS, store as sql};

/// A list's member in words.
pub(crate) fn word(locale: Locale, prefix: &str, code: &str) -> String {
    crate::TEXTS
        .find(locale, &format!("{prefix}-{code}"), Default::default())
        .unwrap_or_else(|| code.to_owned())
}
pub fn legal_form_name(locale: Locale, form: LegalForm) -> String {
    word(locale, "legal-form", form.code())
}
pub fn standing_name(locale: Locale, standing: Standing) -> String {
    word(locale, "standing", standing.code())
}

fn columns(locale: Locale) -> Vec<ColumnOut> {
    let of = |c: &sheets::ColumnSpec<'static>| ColumnOut {
        key: c.key,
        label: heading(locale, c.key),
        kind: match c.key {
            "about_zh" | "about_en" | "capabilities" => Kind::Prose,
            "verified_until" => Kind::Date,
            _ => Kind::Text,
        },
    };
    COLUMNS.iter().map(of).collect()
}
/// A column's heading in the reader's language.
pub fn heading(locale: Locale, key: &str) -> String {
    let column = COLUMNS.iter().find(|c| c.key == key);
    let alias = column.and_then(|c| c.aliases.get(usize::from(locale == Locale::Zh)));
    alias.copied().unwrap_or(key).to_owned()
}
/// The columns alone, to be filled in and brought back.
pub fn template(house: &House, locale: Locale) -> Table {
    Table {
        title: word(locale, "export", "organisations"),
        columns: columns(locale),
        rows: Vec::new(),
        made: house.today(),
    }
}

/// All organisations that everybody may see; who applied and by which letter never leaves.
pub async fn organisations(house: &House, viewer: &Viewer, locale: Locale) -> Result<Table, Fail> {
    organisations_found(house, viewer, locale, &Filter::on(house.today())).await
}
/// The same, narrowed as the list was.
pub async fn organisations_found(
    house: &House,
    _viewer: &Viewer,
    locale: Locale,
    filter: &Filter,
) -> Result<Table, Fail> {
    let all = sql::every_organisation(&house.db).await?;
    let rows = all.iter().filter(|o| o.is_open() && filter.finds(o)).map(|o| {
        let fields: Vec<String> = o.fields.iter().map(|f| pages::parts::field_name(locale, *f)).collect();
        vec![
            CellOut::words(Some(&o.reference)),
            CellOut::words(o.name.get("zh-Hans")),
            CellOut::words(o.name.get("en")),
            CellOut::words(Some(&legal_form_name(locale, o.legal_form))),
            CellOut::words(Some(&o.country)),
            CellOut::words(o.registration_no.as_deref()),
            CellOut::words(o.website.as_deref()),
            CellOut::words(o.about.as_ref().and_then(|a| a.get("zh-Hans"))),
            CellOut::words(o.about.as_ref().and_then(|a| a.get("en"))),
            CellOut::words(Some(&fields.join(if locale == Locale::Zh { "、" } else { ", " }))),
            CellOut::words(Some(&o.capabilities.join("\n"))),
            CellOut::words(Some(&standing_name(locale, o.standing))),
            o.verified_until.map_or(CellOut::Blank, CellOut::Date),
        ]
    });
    Ok(Table {
        title: word(locale, "export", "organisations"),
        columns: columns(locale),
        rows: rows.collect(),
        made: house.today(),
    })
}
