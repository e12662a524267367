//! Small pieces of this room's pages: the check, the promises, lists of fields.

use ::pages::{Ctx, Markup, fmt, parts};
use basis::{Code, Field, Fill, Locale};
use i18n_embed_fl::fl;

use crate::{LegalForm, Organisation, Outcome, PromiseRecord, Said, Standing, export, t};

pub(super) fn fields(locale: Locale, all: &[Field]) -> String {
    let names: Vec<String> = all.iter().map(|f| parts::field_name(locale, *f)).collect();
    names.join(if locale == Locale::Zh { "、" } else { ", " })
}
/// Field by code and word, for lists to choose from.
pub(super) fn field_choices(locale: Locale) -> Vec<(String, String)> {
    Field::ALL
        .iter()
        .map(|f| (f.code().to_owned(), parts::field_name(locale, *f)))
        .collect()
}
pub(super) fn forms(locale: Locale) -> Vec<(String, String)> {
    LegalForm::ALL
        .iter()
        .map(|f| (f.code().to_owned(), export::legal_form_name(locale, *f)))
        .collect()
}
/// The counts as one plain sentence.
pub(super) fn promises(locale: Locale, r: &PromiseRecord) -> String {
    let t = t(locale);
    let (settled, open) = (r.settled(), r.open);
    let (kept, late, broken) = (r.kept, r.late, r.broken);
    match r.said() {
        Said::Nothing => fl!(t, "said-nothing"),
        Said::OnlyOpen => fl!(t, "said-only-open", open = open),
        Said::AllKept => fl!(t, "said-all-kept", settled = settled, open = open),
        Said::SomeLate => fl!(
            t,
            "said-some-late",
            settled = settled,
            kept = kept,
            late = late,
            open = open
        ),
        Said::SomeBroken => {
            fl!(
                t,
                "said-some-broken",
                settled = settled,
                kept = kept,
                late = late,
                broken = broken,
                open = open
            )
        }
    }
}
pub(super) fn outcome(locale: Locale, o: Option<Outcome>) -> Markup {
    let (fill, key) = match o {
        None => (Fill::Empty, "promise-open".to_owned()),
        Some(Outcome::Kept) => (Fill::Full, "promise-kept".to_owned()),
        Some(o) => (Fill::Dotted, format!("promise-{o}")),
    };
    parts::status(
        fill,
        &crate::TEXTS.find(locale, &key, Default::default()).unwrap_or_default(),
    )
}
/// The seal with its end, or in words what stands instead; `by` names the office.
pub(super) fn check(ctx: &Ctx, o: &Organisation, by: bool) -> Markup {
    let (l, t) = (ctx.locale, t(ctx.locale));
    let day = o.verified_until.map(|d| fmt::day(l, d));
    let said = match (o.standing, day) {
        (Standing::Verified, Some(day)) if !o.is_verified(ctx.today()) => {
            fl!(t, "organisation-checked-over", day = day)
        }
        (Standing::Verified, day) => {
            let until = match day {
                Some(day) => fl!(t, "organisation-until", day = day),
                None => fl!(t, "organisation-open-end"),
            };
            let said = if by {
                let office = ctx.app.node.office.plain(l);
                fl!(t, "organisation-checked-by", office = office, until = until)
            } else {
                until
            };
            return Markup(format!("{} {}", parts::seal(l), parts::escape(&said)));
        }
        (Standing::Unverified, _) => fl!(t, "organisation-not-checked"),
        (Standing::Pending | Standing::Refused, _) => export::standing_name(l, o.standing),
    };
    Markup(format!("<span class=\"quiet\">{}</span>", parts::escape(&said)))
}
