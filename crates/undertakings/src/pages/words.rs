//! Closed lists in words, and small pieces of this room's pages.

use ::pages::{Ctx, Markup, fmt, parts};
use basis::{Day, Fill, Locale};
use i18n_embed_fl::fl;

use crate::{
    Alarm, AmendmentStatus, DeliverableCard, FileCard, InstalmentStatus, MilestoneStatus, Mode, Status, TEXTS,
    VerdictKind, t,
};

/// A word by a key made from a code; a test holds that every code has one.
pub(crate) fn word(locale: Locale, key: &str) -> String {
    TEXTS
        .find(locale, key, Default::default())
        .unwrap_or_else(|| key.to_owned())
}
pub(crate) fn status(locale: Locale, s: Status) -> Markup {
    let fill = match s {
        Status::Agreed => Fill::Empty,
        Status::Running | Status::Delivered | Status::Accepted => Fill::Half,
        Status::Settled => Fill::Full,
        Status::Stopped => Fill::Dotted,
    };
    parts::status(fill, &word(locale, &format!("undertaking-status-{s}")))
}
pub(crate) fn mode(locale: Locale, m: Mode) -> String {
    word(locale, &format!("mode-{m}"))
}
pub(super) fn milestone(locale: Locale, s: MilestoneStatus) -> Markup {
    let fill = match s {
        MilestoneStatus::Open => Fill::Empty,
        MilestoneStatus::HandedIn | MilestoneStatus::Returned => Fill::Half,
        MilestoneStatus::Accepted => Fill::Full,
    };
    parts::status(fill, &word(locale, &format!("milestone-status-{s}")))
}
pub(super) fn verdict(locale: Locale, v: VerdictKind) -> Markup {
    let fill = match v {
        VerdictKind::None => Fill::Half,
        VerdictKind::Returned => Fill::Dotted,
        VerdictKind::Accepted => Fill::Full,
    };
    parts::status(fill, &word(locale, &format!("verdict-{v}")))
}
pub(super) fn instalment(locale: Locale, s: InstalmentStatus) -> Markup {
    let fill = match s {
        InstalmentStatus::Planned => Fill::Empty,
        InstalmentStatus::Requested | InstalmentStatus::Approved => Fill::Half,
        InstalmentStatus::Paid | InstalmentStatus::Reconciled => Fill::Full,
        InstalmentStatus::Refused => Fill::Dotted,
    };
    parts::status(fill, &word(locale, &format!("instalment-status-{s}")))
}
pub(super) fn amendment(locale: Locale, s: AmendmentStatus) -> Markup {
    let fill = match s {
        AmendmentStatus::Proposed => Fill::Half,
        AmendmentStatus::Agreed => Fill::Full,
        AmendmentStatus::Declined => Fill::Dotted,
    };
    parts::status(fill, &word(locale, &format!("amendment-{s}")))
}
/// How a milestone stands to its day; late is the one thing in red.
pub(super) fn lead_time(locale: Locale, a: Option<Alarm>) -> Markup {
    let t = t(locale);
    let (late, said) = match a {
        None => return Markup::default(),
        Some(Alarm::Ahead { last_safe, days }) => (
            false,
            fl!(t, "lead-ahead", days = days, safe = fmt::day_short(locale, last_safe)),
        ),
        Some(Alarm::Tight { last_safe, days }) => (
            true,
            fl!(t, "lead-tight", days = days, safe = fmt::day_short(locale, last_safe)),
        ),
        Some(Alarm::Late { days }) => (true, fl!(t, "lead-late", days = days)),
    };
    let class = if late { "late" } else { "quiet" };
    Markup(format!("<span class=\"{class} small\">{}</span>", parts::escape(&said)))
}
pub(super) fn day(ctx: &Ctx, d: Day) -> String {
    fmt::day_short(ctx.locale, d)
}
/// Files as links with their kind and size.
pub(super) fn files(ctx: &Ctx, all: &[FileCard], of: &DeliverableCard) -> Markup {
    let own: Vec<&FileCard> = all.iter().filter(|f| f.deliverable == of.id).collect();
    if own.is_empty() {
        return Markup::default();
    }
    let items: String = own
        .iter()
        .map(|f| {
            let href = ctx.to(&format!("/files/{}", f.id));
            let (name, size) = (parts::escape(&f.file_name), fmt::size(f.size));
            format!("<li><a href=\"{href}\" download>{name}</a> <span class=\"quiet small\">{size}</span></li>")
        })
        .collect();
    Markup(format!("<ul class=\"plain-list\">{items}</ul>"))
}
