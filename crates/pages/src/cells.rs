//! Cells that the rooms' tables share: the ground's types as `sheets`, which knows none of them, writes them.

use basis::{Lang, Locale, Money, Text};
use i18n_embed_fl::fl;
use sheets::{CellOut, ColumnOut, Kind};

use crate::t;

/// A text in Chinese and in English, blank where nobody wrote it.
pub fn both(text: &Text) -> [CellOut; 2] {
    [Lang::zh(), Lang::en()].map(|lang| CellOut::words(text.get(lang.as_str())))
}
/// An amount without its currency, which stands in a column of its own.
pub fn money(m: Option<Money>) -> CellOut {
    m.map_or(CellOut::Blank, |m| CellOut::Decimal {
        units: m.minor,
        scale: m.currency.digits() as u8,
    })
}
/// Says so where a row is made up for a demonstration.
pub fn made_up(locale: Locale, yes: bool) -> CellOut {
    if yes {
        CellOut::Text(fl!(t(locale), "table-made-up-yes"))
    } else {
        CellOut::Blank
    }
}
/// The heading above [`made_up`].
pub fn made_up_column(locale: Locale) -> ColumnOut {
    ColumnOut::new("made_up", fl!(t(locale), "table-made-up"), Kind::Text)
}
