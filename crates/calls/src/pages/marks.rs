//! What speaks for each pair of a plan: its marks by part of the scoring, and what its maker had left to give.

use ::pages::{Ctx, Markup, fmt};
use i18n_embed_fl::fl;

use super::words::{self, Makers};
use crate::allocate::ASPECTS;
use crate::told::Told;
use crate::{Need, t};

/// A row for each pair on this page of the plan; none where scores are not told. For a need of a field of its own, the marks
/// are those for that need.
pub(super) fn section(ctx: &Ctx, plan: &Told, shown: &[&Need], makers: &Makers) -> Option<super::Part> {
    plan.marks.as_ref()?;
    let l = ctx.locale;
    let t = t(l);
    let limited = !plan.left.is_empty();
    let mut heads = vec![fl!(t, "plan-need-head"), fl!(t, "offer-maker")];
    heads.extend(ASPECTS.map(|a| words::aspect(l, a) + "#"));
    heads.push(fl!(t, "plan-value") + "#");
    if limited {
        heads.push(fl!(t, "plan-left") + "#");
    }
    let mut rows = Vec::new();
    for need in shown {
        for line in plan.lines.iter().filter(|x| x.need == need.id) {
            let Some(marks) = plan.mark(line.offer, need.id) else {
                continue;
            };
            let mut row = vec![
                Markup::from(words::need_kind_of(l, need)),
                Markup::from(makers.get(&line.offer).cloned().unwrap_or_default()),
            ];
            row.extend(ASPECTS.map(|a| Markup::from(words::tenths(marks.of(a)))));
            row.push(Markup::from(line.value.map(words::tenths).unwrap_or_default()));
            if limited {
                let left = plan.left_for(line.offer, need.id);
                row.push(Markup::from(left.map(fmt::number).unwrap_or_default()));
            }
            rows.push(row);
        }
    }
    if rows.is_empty() {
        return None;
    }
    let note = if limited {
        let space = if l == basis::Locale::Zh { "" } else { " " };
        format!("{}{space}{}", fl!(t, "marks-pairs-say"), fl!(t, "plan-left-say"))
    } else {
        fl!(t, "marks-pairs-say")
    };
    let table = super::table(&fl!(t, "marks-pairs"), &heads, &rows);
    Some(super::part("marks", fl!(t, "marks-pairs"), table).note(note))
}
