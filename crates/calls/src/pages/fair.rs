//! The choice of fairness in a new plan, and what a fair plan says of itself and of its cost.

use ::pages::{Ctx, Form, Markup, parts};
use basis::Code;
use i18n_embed_fl::fl;

use super::words;
use crate::fair::{Method, Wish};
use crate::told::Told;
use crate::{PlanCard, SolveInput, t};

pub(super) fn fields(ctx: &Ctx, f: &mut Form, input: &SolveInput) {
    let t = t(ctx.locale);
    let mut choices = vec![("value".to_owned(), fl!(t, "fair-value"), fl!(t, "fair-value-how"))];
    choices.extend(Method::ALL.iter().map(|m| {
        let (name, how) = match m {
            Method::Worst => (fl!(t, "fair-worst"), fl!(t, "fair-worst-how")),
            Method::Share => (fl!(t, "fair-share"), fl!(t, "fair-share-how")),
            Method::Draw => (fl!(t, "fair-draw"), fl!(t, "fair-draw-how")),
        };
        (m.code().to_owned(), name, how)
    }));
    let chosen = if input.fair.trim().is_empty() {
        "value"
    } else {
        &input.fair
    };
    f.radios("fair", &fl!(t, "fair-title"), &fl!(t, "fair-say"), &choices, chosen);
    f.number(
        "percent",
        &fl!(t, "fair-percent"),
        &fl!(t, "fair-percent-how"),
        &input.percent,
    );
}
fn named(ctx: &Ctx, wish: &Wish) -> String {
    let t = t(ctx.locale);
    let percent = wish.percent.unwrap_or(100);
    match wish.method {
        Method::Worst => fl!(t, "fair-worst"),
        Method::Share => fl!(t, "fair-share-of", percent = percent),
        Method::Draw => fl!(
            t,
            "fair-draw-of",
            percent = percent,
            seed = wish.seed.unwrap_or(0).to_string()
        ),
    }
}
/// For the list of plans: what one aims at, and that it keeps limits. Empty for plans from before that was kept apart.
pub(super) fn aim(ctx: &Ctx, p: &PlanCard) -> String {
    let t = t(ctx.locale);
    let percent = p.aim_percent.unwrap_or(100);
    let aim = match p.aim.as_deref() {
        None => return String::new(),
        Some(code) => match Method::from_code(code) {
            None => fl!(t, "fair-value"),
            Some(Method::Worst) => fl!(t, "fair-worst"),
            Some(Method::Share) => fl!(t, "fair-share-of", percent = percent),
            Some(Method::Draw) => fl!(t, "fair-draw-most", percent = percent),
        },
    };
    match p.terms {
        Some(count) if count > 0 => fl!(t, "plan-aim-terms", aim = aim, count = count),
        _ => aim,
    }
}
/// How the plan was made, and its cost beside the greatest value.
pub(super) fn rows(ctx: &Ctx, plan: &Told) -> Vec<(String, Markup)> {
    let t = t(ctx.locale);
    let Some(wish) = &plan.fair else {
        return vec![(fl!(t, "plan-aim"), Markup::from(fl!(t, "fair-value")))];
    };
    let mut rows = vec![(fl!(t, "plan-aim"), Markup::from(named(ctx, wish)))];
    if let (Some(fair), Some(objective)) = (&plan.fair_beside, &plan.objective) {
        let cost = fair.cost(objective).to_string();
        let said = fl!(
            t,
            "fair-cost-of",
            cost = words::points(&cost),
            best = words::points(&fair.best_objective),
            missing = fair.best_missing.as_str()
        );
        rows.push((fl!(t, "fair-cost"), Markup::from(said)));
    }
    rows
}
/// A drawn plan is neither proved nor unproved; another is proved among those that are as fair.
pub(super) fn state(ctx: &Ctx, plan: &Told) -> Option<Markup> {
    let t = t(ctx.locale);
    let said = match plan.fair?.method {
        Method::Draw => fl!(t, "fair-drawn"),
        _ if plan.proved => fl!(t, "fair-proved"),
        _ => return None,
    };
    Some(parts::status(basis::Fill::Full, &said))
}
/// What "proved" means of a fair plan.
pub(super) fn proof(ctx: &Ctx, plan: &Told) -> Option<String> {
    let t = t(ctx.locale);
    let wish = plan.fair.as_ref()?;
    match wish.method {
        Method::Draw => Some(fl!(
            t,
            "fair-draw-say",
            percent = wish.percent.unwrap_or(100),
            seed = wish.seed.unwrap_or(0).to_string()
        )),
        _ if plan.proved => Some(fl!(t, "fair-proved-say")),
        _ => None,
    }
}
