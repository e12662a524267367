//! Rows of lists, as templates want them.

use basis::{Fill, Locale};
use i18n_embed_fl::fl;
use pages::{Ctx, Markup, fmt, parts};
use planning::{PlanItemCard, PlanStatus};
use relations::{RelationCard, RelationKind};

use crate::t;

pub(crate) struct RelationRow {
    pub href: String,
    pub partner: Markup,
    pub country: String,
    pub ours: Markup,
    pub kind: String,
    pub signed: String,
    pub disputed: bool,
    pub source: Markup,
}
/// A relation's kind in words, as the register's room says it.
pub(crate) fn kind_name(locale: Locale, kind: RelationKind) -> String {
    relations::TEXTS
        .find(locale, &format!("kind-{kind}"), Default::default())
        .unwrap_or_else(|| kind.to_string())
}
pub(crate) fn relation_row(ctx: &Ctx, c: &RelationCard) -> RelationRow {
    let l = ctx.locale;
    RelationRow {
        href: ctx.to(&format!("/relations/{}", c.id)),
        partner: parts::name(l, &c.partner.name),
        country: relations::country_name(&c.partner.country, l),
        ours: parts::text(l, &c.own.name),
        kind: kind_name(l, c.kind),
        signed: c
            .signed
            .map_or_else(|| fl!(t(l), "not-found"), |s| fmt::known_date(l, &s.text())),
        disputed: c.disputed,
        source: parts::source_link(&c.source),
    }
}

pub(crate) struct ProgrammeRow {
    pub href: String,
    pub title: Markup,
    pub made_up: Markup,
    pub pair: Option<Markup>,
    pub say: String,
    pub field: String,
    pub state: Markup,
}
/// A programme's status in words and its circle.
pub(crate) fn plan_state(locale: Locale, status: PlanStatus) -> Markup {
    let fill = match status {
        PlanStatus::Planned => Fill::Empty,
        PlanStatus::InProgress | PlanStatus::NearlyDone => Fill::Half,
        PlanStatus::Done => Fill::Full,
        PlanStatus::CarriedOver | PlanStatus::Dropped => Fill::Dotted,
    };
    parts::status(fill, &planning::status_name(locale, status))
}
pub(crate) fn programme_row(
    ctx: &Ctx,
    item: &PlanItemCard,
    relation: Option<&RelationCard>,
    district: Option<&relations::GovCard>,
) -> ProgrammeRow {
    let l = ctx.locale;
    let pair = match (relation, district) {
        (Some(r), _) => Some(parts::pair(l, &r.own.name, &r.partner.name)),
        (None, Some(d)) => Some(parts::name(l, &d.name)),
        (None, None) => None,
    };
    ProgrammeRow {
        href: ctx.to(&format!("/programmes/{}", item.id)),
        title: parts::text(l, &item.title),
        made_up: parts::made_up_if(l, item.illustrative),
        pair,
        say: short(item.aim.plain(l), 140),
        field: parts::field_name(l, item.field),
        state: plan_state(l, item.status),
    }
}
/// The first so many characters, ended with an ellipsis at a word or sentence.
pub(crate) fn short(s: &str, most: usize) -> String {
    if s.chars().count() <= most {
        return s.to_owned();
    }
    let cut: String = s.chars().take(most).collect();
    let end = cut
        .rfind(['。', '，', '；', ' ', '.', ','])
        .filter(|i| *i >= cut.len() / 2)
        .unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end_matches(['。', '，', '；', ' ', '.', ',']))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn long_texts_end_at_a_word() {
        assert_eq!(short("short", 10), "short");
        assert_eq!(short("one two three four", 12), "one two…");
        assert_eq!(short("甲乙丙，丁戊己庚辛壬癸", 6), "甲乙丙…");
    }
}
