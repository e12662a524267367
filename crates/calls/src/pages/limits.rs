//! What a maker gives in all: the fields in the form of an offer, and what is left, for the maker only.

use ::pages::{Ctx, Form, Markup, fmt, parts};
use i18n_embed_fl::fl;

use crate::measure::Measures;
use crate::{Content, Need, OfferInput, OwnLimit, t};

/// One limit where everything is counted in one unit; else one for each unit of measure.
pub(super) fn fields(ctx: &Ctx, f: &mut Form, needs: &[Need], input: &OfferInput) {
    let l = ctx.locale;
    let t = t(l);
    let firsts = firsts(needs);
    if firsts.len() < 2 || !input.most.trim().is_empty() {
        f.text_opt("most", &fl!(t, "offer-most"), &fl!(t, "offer-most-hint"), &input.most);
    }
    if firsts.len() < 2 {
        return;
    }
    let mut hint = fl!(t, "offer-most-hint");
    for need in firsts {
        let id = need.id.to_string();
        let typed = input
            .limits
            .iter()
            .find(|x| x.need == id)
            .map_or("", |x| x.units.as_str());
        f.text_opt(
            &format!("most-{id}"),
            &fl!(t, "offer-most-of", unit = need.unit.plain(l)),
            &hint,
            typed,
        );
        // Said once, at the first of them.
        hint = String::new();
    }
}
/// The first need of each unit of measure: it stands for all that are counted so.
fn firsts(needs: &[Need]) -> Vec<&Need> {
    let measures = Measures::of_all(needs.iter().map(|n| &n.unit));
    let mut seen = Vec::new();
    let mut firsts = Vec::new();
    for need in needs {
        let measure = measures.of(&need.unit);
        if !seen.contains(&measure) {
            seen.push(measure);
            firsts.push(need);
        }
    }
    firsts
}
/// The limits that an offer states, as names and values.
pub(super) fn stated(ctx: &Ctx, c: &Content, needs: &[Need]) -> Vec<(String, Markup)> {
    let l = ctx.locale;
    let t = t(l);
    let mut rows = Vec::new();
    if let Some(most) = c.most {
        rows.push((fl!(t, "offer-most"), Markup::from(fmt::number(most))));
    }
    for (id, most) in &c.limits {
        if let Some(need) = needs.iter().find(|n| n.id == *id) {
            rows.push((
                fl!(t, "offer-most-of", unit = need.unit.plain(l)),
                Markup::from(fmt::number(*most)),
            ));
        }
    }
    rows
}
/// For the maker: what is left, where the limit is stated, and which calls used how much of it.
pub(super) fn own(ctx: &Ctx, limits: &[OwnLimit]) -> Option<Markup> {
    if limits.is_empty() {
        return None;
    }
    let l = ctx.locale;
    let t = t(l);
    let mut out = String::new();
    for limit in limits {
        let said = fl!(
            t,
            "limit-left",
            left = fmt::number(limit.left.max(0)),
            most = fmt::number(limit.most),
            unit = limit.unit.plain(l)
        );
        let stated = fl!(t, "limit-stated", call = limit.stated_title.plain(l));
        out.push_str(&format!("<p>{} {}</p>", parts::escape(&said), parts::escape(&stated)));
        if limit.used.is_empty() {
            continue;
        }
        out.push_str("<ul class=\"flow\">");
        for u in &limit.used {
            let (units, unit) = (fmt::number(u.units), limit.unit.plain(l));
            let said = if u.awarded {
                fl!(t, "limit-awarded", units = units, unit = unit)
            } else {
                fl!(t, "limit-planned", units = units, unit = unit)
            };
            let link = super::link(&ctx.to(&format!("/calls/{}", u.call)), u.title.plain(l));
            out.push_str(&format!("<li>{} {link}</li>", parts::escape(&said)));
        }
        out.push_str("</ul>");
    }
    Some(Markup(out))
}
