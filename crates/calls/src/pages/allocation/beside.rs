//! Two plans beside each other: where they differ, and whether their values can be compared.

use std::collections::{BTreeMap, HashMap};

use ::pages::{Ctx, Markup, fmt};
use basis::{Locale, NeedId, OfferId};
use i18n_embed_fl::fl;

use super::super::words::{self, Makers};
use super::super::{Part, all, part, quiet, table};
use super::{counted, remark};
use crate::told::{Told, Unlike};
use crate::{Need, t};

/// A pair on which two plans differ: units here, units there.
pub(super) struct Apart {
    pub(super) offer: OfferId,
    need: NeedId,
    here: i64,
    there: i64,
}
/// At most so many differences are told; who wants all takes both files.
const APART: usize = 200;
#[derive(Default)]
pub(super) struct Differences {
    pub(super) told: Vec<Apart>,
    /// Those told and the rest.
    count: usize,
}
pub(super) fn differences(one: &Told, other: &Told, needs: &[Need]) -> Differences {
    // In the order of the call.
    let place: HashMap<NeedId, usize> = needs.iter().enumerate().map(|(at, n)| (n.id, at)).collect();
    let mut units: BTreeMap<(NeedId, OfferId), (i64, i64)> = BTreeMap::new();
    for l in &one.lines {
        units.entry((l.need, l.offer)).or_default().0 = l.units;
    }
    for l in &other.lines {
        units.entry((l.need, l.offer)).or_default().1 = l.units;
    }
    let apart = units.into_iter().filter(|(_, (here, there))| here != there);
    let mut told: Vec<Apart> = apart
        .map(|((need, offer), (here, there))| Apart {
            offer,
            need,
            here,
            there,
        })
        .collect();
    let count = told.len();
    told.sort_by_key(|a| (place.get(&a.need).copied(), a.offer));
    told.truncate(APART);
    Differences { told, count }
}
pub(super) fn beside(
    ctx: &Ctx,
    plan: &Told,
    other: &Told,
    apart: &Differences,
    needs: &[Need],
    makers: &Makers,
) -> Part {
    let l = ctx.locale;
    let t = t(l);
    let heads = [
        fl!(t, "plan-need-head"),
        fl!(t, "offer-maker"),
        fl!(t, "plan-n", n = plan.number) + "#",
        fl!(t, "plan-n", n = other.number) + "#",
    ];
    let rows: Vec<Vec<Markup>> = apart
        .told
        .iter()
        .map(|a| {
            vec![
                Markup::from(counted(l, needs, a.need)),
                Markup::from(makers.get(&a.offer).cloned().unwrap_or_default()),
                Markup::from(fmt::number(a.here)),
                Markup::from(fmt::number(a.there)),
            ]
        })
        .collect();
    let title = fl!(t, "plan-beside", n = other.number);
    let body = if rows.is_empty() {
        quiet(&fl!(t, "plan-beside-same"))
    } else if rows.len() < apart.count {
        let cut = fl!(t, "plan-beside-cut", shown = rows.len(), count = apart.count);
        all([remark(&cut), table(&title, &heads, &rows)])
    } else {
        table(&title, &heads, &rows)
    };
    let value = |p: &Told| match p.faults.is_empty() {
        true => p.objective.as_deref().map(words::points).unwrap_or_default(),
        false => "–".to_owned(),
    };
    let (missing_here, missing_there) = (plan.weighted_unmet.as_str(), other.weighted_unmet.as_str());
    let values = match plan.unlike(other) {
        Some(Unlike::Weights) => fl!(t, "plan-beside-weights"),
        Some(Unlike::Scores) => fl!(t, "plan-beside-scores"),
        None => fl!(t, "plan-beside-say", here = value(plan), there = value(other)),
    };
    let missing = fl!(t, "plan-beside-missing", here = missing_here, there = missing_there);
    let note = format!("{values}{}{missing}", if l == Locale::Zh { "" } else { " " });
    part("beside", title, body).note(note)
}
