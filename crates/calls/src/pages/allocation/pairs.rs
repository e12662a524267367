//! The pairs of a plan: who serves a need and why, who offered and is not chosen and why, and what an officer fixes.

use std::collections::{HashMap, HashSet};

use ::pages::{Ctx, Form, Markup, Problem, fmt, parts};
use basis::{CallId, Locale, NeedId, OfferId, Refusal};
use i18n_embed_fl::fl;

use super::super::terms::{self, Choices, Districts, Naming};
use super::super::words::{self, Makers};
use super::super::{quiet, table, tools};
use super::{View, need_name};
use crate::allocate::{ASPECTS, Passed, PinKind, Why, WhyNot};
use crate::plans::pin_field;
use crate::told::{Others, Told, ToldLine};
use crate::{Need, PinInput, PlanStatus, SolveInput, TermsInput, t};

/// Pairs that are not chosen, over all needs of a page: with more, each need shows its strongest and leads to the rest.
const PASSED: usize = 75;
/// Of one need, when it is looked at alone.
pub(super) const ROWS: usize = 50;
/// So many stand among the others; more are folded.
const OPEN: usize = 4;

/// What was typed, when it comes back with what is wrong with it.
pub(super) struct Typed<'a> {
    pub input: &'a SolveInput,
    pub refusals: &'a [Refusal],
}
impl Typed<'_> {
    fn pin(&self, offer: OfferId, need: NeedId) -> Option<&PinInput> {
        let (offer, need) = (offer.to_string(), need.to_string());
        self.input.pins.iter().find(|p| p.offer == offer && p.need == need)
    }
    /// Needs with a pin that was refused.
    pub(super) fn refused<'n>(&self, needs: &'n [Need]) -> impl Iterator<Item = &'n Need> {
        let fields: Vec<&str> = self.refusals.iter().filter_map(|r| r.field.as_deref()).collect();
        needs.iter().filter(move |n| {
            let end = format!("-{}", n.id);
            fields.iter().any(|f| f.starts_with("pin-") && f.ends_with(&end))
        })
    }
}

/// What stands on a page of a plan: its needs, and of each the pairs that are chosen and those that are not.
pub(super) struct Sheet<'a> {
    pub plan: &'a Told,
    pub needs: &'a [Need],
    pub shown: Vec<&'a Need>,
    pub others: Others,
    pub view: &'a View,
    chosen: HashMap<NeedId, Vec<&'a ToldLine>>,
    districts: Districts,
    /// Pairs that stay in sight whatever their value: fixed by hand, or just typed.
    kept: HashSet<(OfferId, NeedId)>,
}
impl<'a> Sheet<'a> {
    pub(super) async fn of(
        ctx: &Ctx,
        call: CallId,
        plan: &'a Told,
        needs: &'a [Need],
        view: &'a View,
        typed: Option<&Typed<'_>>,
    ) -> Result<Sheet<'a>, Problem> {
        let mut shown: Vec<&Need> = match view.need {
            Some(id) => needs.iter().filter(|n| n.id == id).collect(),
            None => needs.iter().skip(view.from).take(super::NEEDS).collect(),
        };
        if let Some(typed) = typed {
            for n in typed.refused(needs) {
                if !shown.iter().any(|s| s.id == n.id) {
                    shown.push(n);
                }
            }
        }
        let ids: Vec<NeedId> = shown.iter().map(|n| n.id).collect();
        let districts = terms::districts(ctx, terms::districts_of(&plan.terms)).await?;
        let others = plan.others_at(&ctx.house().db, call, &ids).await?;
        let mut chosen: HashMap<NeedId, Vec<&ToldLine>> = HashMap::new();
        for line in &plan.lines {
            chosen.entry(line.need).or_default().push(line);
        }
        let mut kept: HashSet<(OfferId, NeedId)> = plan.pins.iter().map(|p| (p.offer, p.need)).collect();
        let said = typed.into_iter().flat_map(|t| &t.input.pins);
        let said = said.filter(|p| !p.kind.is_empty() || !p.units.is_empty());
        kept.extend(said.filter_map(|p| Some((p.offer.parse().ok()?, p.need.parse().ok()?))));
        Ok(Sheet {
            plan,
            needs,
            shown,
            others,
            view,
            chosen,
            districts,
            kept,
        })
    }
    pub(super) fn naming<'s>(&'s self, ctx: &'s Ctx, makers: &'s Makers) -> Naming<'s> {
        Naming {
            l: ctx.locale,
            city: ctx.app.node.city.plain(ctx.locale),
            kept: &self.plan.terms,
            needs: self.needs,
            makers,
            districts: &self.districts,
        }
    }
    fn chosen(&self, need: NeedId) -> &[&'a ToldLine] {
        self.chosen.get(&need).map(Vec::as_slice).unwrap_or_default()
    }
    fn all_passed(&self, need: NeedId) -> &[Passed] {
        self.others.passed.get(&need).map(Vec::as_slice).unwrap_or_default()
    }
    /// Those not chosen that this page shows, what is fixed by hand first, and how many there are.
    fn passed(&self, need: NeedId) -> (Vec<&Passed>, usize) {
        let all = self.all_passed(need);
        let kept = |p: &&Passed| self.kept.contains(&(p.offer, p.need));
        let (mut rows, rest): (Vec<&Passed>, Vec<&Passed>) = all.iter().partition(kept);
        if self.view.need == Some(need) {
            rows.extend(rest);
            (rows.into_iter().skip(self.view.row).take(ROWS).collect(), all.len())
        } else {
            rows.extend(rest.into_iter().take((PASSED / self.shown.len().max(1)).max(3)));
            (rows, all.len())
        }
    }
    /// The offers that are named here.
    pub(super) fn named(&self) -> Vec<OfferId> {
        let mut out = Vec::new();
        for need in &self.shown {
            for line in self.chosen(need.id) {
                out.push(line.offer);
                out.extend(line.why.as_ref().and_then(Why::names));
            }
            for p in self.passed(need.id).0 {
                out.push(p.offer);
                out.extend(p.why.names());
            }
        }
        out
    }
    fn title(&self, l: Locale, need: &Need) -> String {
        let units: i64 = self.chosen(need.id).iter().map(|x| x.units).sum();
        let (title, unit) = (need.title.plain(l), need.unit.plain(l));
        if need.min == need.max {
            return fl!(
                t(l),
                "plan-need-exact",
                need = title,
                units = units,
                max = need.max,
                unit = unit
            );
        }
        fl!(
            t(l),
            "plan-need",
            need = title,
            units = units,
            min = need.min,
            max = need.max,
            unit = unit
        )
    }
    /// "10 of 40": what is given of what was offered.
    fn units(&self, l: Locale, offer: OfferId, need: NeedId, units: i64) -> Markup {
        Markup::from(match self.others.offered.get(&(offer, need)) {
            Some(&offered) => fl!(t(l), "plan-units-of", units = units, offered = offered),
            None => fmt::number(units),
        })
    }
    /// Where the rest of a need's offers are, or the pages of the need that is looked at.
    fn more(&self, ctx: &Ctx, need: NeedId, shown: usize, count: usize) -> Markup {
        let t = t(ctx.locale);
        let to = |row: usize| ctx.to(&format!("/allocations/{}?need={need}&row={row}#lines", self.plan.id));
        if self.view.need != Some(need) {
            if shown == count {
                return Markup::default();
            }
            return tools(&[(to(0), fl!(t, "plan-all-offers", count = count))]);
        }
        let mut links = Vec::new();
        if self.view.row > 0 {
            links.push((to(self.view.row.saturating_sub(ROWS)), fl!(t, "plan-offers-before")));
        }
        let after = self.view.row + shown;
        if after < count {
            links.push((to(after), fl!(t, "plan-offers-after", left = (count - after))));
        }
        tools(&links)
    }

    /// For readers: one table, a need's rows one after the other; and those not chosen, where values are told.
    pub(super) fn table(&self, ctx: &Ctx, makers: &Makers) -> Markup {
        let l = ctx.locale;
        let t = t(l);
        let mut heads = vec![
            fl!(t, "plan-need-head"),
            fl!(t, "offer-maker"),
            fl!(t, "plan-units") + "#",
        ];
        if self.plan.scored() {
            heads.extend([fl!(t, "plan-value") + "#", fl!(t, "plan-why")]);
        }
        let name = |o: &OfferId| Markup::from(makers.get(o).cloned().unwrap_or_default());
        let naming = self.naming(ctx, makers);
        let mut rows = Vec::new();
        let mut passed = Vec::new();
        let mut links = Vec::new();
        for need in &self.shown {
            let title = self.title(l, need);
            let got = self.chosen(need.id);
            if got.is_empty() {
                rows.push(vec![
                    Markup::from(title.clone()),
                    Markup::from(fl!(t, "plan-need-empty")),
                    Markup::from("0".to_owned()),
                ]);
            }
            for x in got {
                let mut row = vec![
                    Markup::from(title.clone()),
                    name(&x.offer),
                    self.units(l, x.offer, x.need, x.units),
                ];
                if self.plan.scored() {
                    row.push(Markup::from(x.value.map(words::tenths).unwrap_or_default()));
                    row.push(why_of(x, &naming));
                }
                rows.push(row);
            }
            let (some, count) = self.passed(need.id);
            for p in &some {
                passed.push(vec![
                    Markup::from(need.title.plain(l).to_owned()),
                    name(&p.offer),
                    self.units(l, p.offer, p.need, 0),
                    Markup::from(words::tenths(p.value)),
                    Markup::from(why_not(&p.why, &naming)),
                ]);
            }
            links.push(self.more(ctx, need.id, some.len(), count));
        }
        let mut out = table(&fl!(t, "plan-lines"), &heads, &rows).0;
        if !passed.is_empty() {
            let title = fl!(t, "plan-passed", count = self.count_passed());
            out.push_str(&folded(&title, &table(&title, &heads, &passed), self.view.need.is_some()).0);
        }
        if self.view.need.is_some() {
            out.extend(links.into_iter().map(|m| m.0));
        }
        Markup(out)
    }
    fn count_passed(&self) -> usize {
        self.shown.iter().map(|n| self.all_passed(n.id).len()).sum()
    }

    /// As a form: each pair with its reason, and a choice to lock or forbid it before working out again; weights too.
    pub(super) fn form(
        &self,
        ctx: &Ctx,
        call: CallId,
        typed: Option<&Typed<'_>>,
        makers: &Makers,
        choices: &Choices,
    ) -> Form {
        let l = ctx.locale;
        let t = t(l);
        let naming = self.naming(ctx, makers);
        let refusals = typed.map_or(&[][..], |t| t.refusals);
        let mut f = Form::post(
            ctx,
            &format!("/calls/{call}/allocation"),
            fl!(t, "solve-again"),
            refusals,
        );
        f.raw(&super::super::draft::pressed_by_enter());
        f.hidden("from", &self.plan.id.to_string()).plain();
        if self.plan.status == PlanStatus::Draft {
            let version = typed.map_or_else(|| self.plan.version.to_string(), |t| t.input.version.clone());
            f.hidden("replace", "true").hidden("version", &version);
        }
        // Where the officer was, to come back to.
        for (name, value) in self.view.kept() {
            f.hidden(name, &value);
        }
        let heads = [
            fl!(t, "offer-maker"),
            fl!(t, "plan-units") + "#",
            fl!(t, "plan-value") + "#",
            fl!(t, "plan-why"),
            fl!(t, "plan-fix"),
        ];
        let mut written = HashSet::new();
        for need in &self.shown {
            f.part(&self.title(l, need));
            let mut row = |f: &mut Form, offer: OfferId, units: i64, value: Option<i64>, why: Markup| {
                let called = makers.get(&offer).cloned().unwrap_or_default();
                let label = fl!(t, "plan-pin", maker = called.as_str(), need = need.title.plain(l));
                written.insert((offer.to_string(), need.id.to_string()));
                vec![
                    Markup::from(called),
                    self.units(l, offer, need.id, units),
                    Markup::from(value.map(words::tenths).unwrap_or_default()),
                    why,
                    self.fix(ctx, f, (offer, need.id), &label, (units, typed)),
                ]
            };
            let chosen = self.chosen(need.id);
            let mut rows = Vec::new();
            for x in chosen {
                rows.push(row(&mut f, x.offer, x.units, x.value, why_of(x, &naming)));
            }
            let (some, count) = self.passed(need.id);
            let kept = |p: &&Passed| self.kept.contains(&(p.offer, p.need));
            let fold = self.view.need != Some(need.id) && some.len() > OPEN;
            let mut inside = Vec::new();
            for p in &some {
                let why = match p.why {
                    // Without an allocation nobody is passed over.
                    _ if !self.plan.faults.is_empty() => Markup::default(),
                    _ => Markup::from(why_not(&p.why, &naming)),
                };
                let cells = row(&mut f, p.offer, 0, Some(p.value), why);
                if fold && !kept(p) {
                    inside.push(cells);
                } else {
                    rows.push(cells);
                }
            }
            // What an officer said about an offer that nobody knows any more can still be taken back.
            let pins = self.plan.pins.iter().filter(|p| p.need == need.id);
            for p in pins {
                let known = some.iter().map(|x| x.offer).chain(chosen.iter().map(|x| x.offer));
                let known = known.chain(self.all_passed(need.id).iter().map(|x| x.offer));
                if known.collect::<HashSet<_>>().insert(p.offer) {
                    let gone = Markup::from(fl!(t, "why-gone"));
                    rows.push(row(&mut f, p.offer, 0, None, gone));
                }
            }
            if chosen.is_empty() {
                f.raw(&quiet(&fl!(t, "plan-need-empty")));
            }
            if !rows.is_empty() {
                f.raw(&table(need.title.plain(l), &heads, &rows));
            }
            if !inside.is_empty() {
                let title = fl!(t, "plan-passed", count = count);
                f.raw(&folded(&title, &table(&title, &heads, &inside), false));
            }
            f.raw(&self.more(ctx, need.id, some.len(), count));
        }
        // What was typed on another page of the plan goes along.
        for p in typed.map_or(&[][..], |t| &t.input.pins) {
            if !written.contains(&(p.offer.clone(), p.need.clone())) {
                let pair = format!("{}:{}", p.offer, p.need);
                f.hidden(&format!("pin-{pair}"), &p.kind)
                    .hidden(&format!("units-{pair}"), &p.units);
            }
        }
        let rows = typed.and_then(|t| t.input.terms.as_ref());
        let open = terms::open(rows, &TermsInput::of(&self.plan.terms.terms()), refusals);
        terms::fields(ctx, &mut f, choices, &terms::shown(rows, &self.plan.terms), open);
        self.weights(ctx, &mut f, typed);
        f
    }
    fn weights(&self, ctx: &Ctx, f: &mut Form, typed: Option<&Typed<'_>>) {
        let (l, w) = (ctx.locale, &self.plan.weights);
        let t = t(l);
        let typed_weights = typed.map(|t| t.input.weights()).unwrap_or_default();
        let field = |r: &Refusal| {
            ASPECTS
                .iter()
                .any(|a| r.field.as_deref() == Some(a.to_string().as_str()))
        };
        let other = |a: &crate::allocate::Aspect| {
            let said = typed_weights.of(*a);
            !said.is_empty() && said != w.of(*a).to_string()
        };
        let open = typed.is_some_and(|t| t.refusals.iter().any(field) || ASPECTS.iter().any(other));
        let title = fl!(t, "weights-other", weights = words::weights(l, w));
        f.raw(&Markup(format!(
            "<details class=\"more\"{}><summary>{}</summary><div class=\"flow\">",
            if open { " open" } else { "" },
            parts::escape(&title)
        )));
        super::weight_inputs(ctx, f, "", &typed_weights, w);
        f.raw(&Markup("</div></details>".to_owned()));
    }
    /// Free, locked at so many, or forbidden.
    fn fix(
        &self,
        ctx: &Ctx,
        f: &mut Form,
        (offer, need): (OfferId, NeedId),
        label: &str,
        (given, typed): (i64, Option<&Typed<'_>>),
    ) -> Markup {
        let t = t(ctx.locale);
        let pin = self.plan.pins.iter().find(|p| (p.offer, p.need) == (offer, need));
        let (kind, units) = match (typed.and_then(|t| t.pin(offer, need)), pin) {
            (Some(said), _) => (said.kind.clone(), said.units.clone()),
            (None, Some(p)) if p.kind == PinKind::Lock => (p.kind.to_string(), p.units.to_string()),
            (None, Some(p)) => (p.kind.to_string(), String::new()),
            (None, None) => (String::new(), String::new()),
        };
        let pair = format!("{offer}:{need}");
        let option = |value: &str, label: String| {
            format!(
                "<option value=\"{value}\"{}>{}</option>",
                if value == kind { " selected" } else { "" },
                parts::escape(&label)
            )
        };
        let options = [
            option("", fl!(t, "fix-free")),
            option("lock", fl!(t, "fix-lock")),
            option("forbid", fl!(t, "fix-forbid")),
        ]
        .concat();
        let hint = if given > 0 { given.to_string() } else { String::new() };
        // Heard alone, each says whose it is.
        let words = (
            parts::escape(&fl!(t, "pin-fix", pair = label)),
            parts::escape(&fl!(t, "pin-units", pair = label)),
        );
        f.within(&pin_field(offer, need), label, |attributes| {
            format!(
                "<span class=\"inline-form\"><select name=\"pin-{pair}\" aria-label=\"{}\"{attributes}>{options}</select> <input class=\"input tiny\" inputmode=\"numeric\" name=\"units-{pair}\" value=\"{}\" placeholder=\"{hint}\" aria-label=\"{}\"></span>",
                words.0,
                parts::escape(&units),
                words.1
            )
        })
    }
}
pub(super) fn folded(title: &str, body: &Markup, open: bool) -> Markup {
    Markup(format!(
        "<details class=\"more\"{}><summary>{}</summary>{body}</details>",
        if open { " open" } else { "" },
        parts::escape(title)
    ))
}
fn why_of(line: &ToldLine, naming: &Naming<'_>) -> Markup {
    Markup::from(line.why.as_ref().map(|w| why(w, naming)).unwrap_or_default())
}
/// A reason as a plain sentence.
fn why(w: &Why, naming: &Naming<'_>) -> String {
    let (l, needs, makers) = (naming.l, naming.needs, naming.makers);
    let t = t(l);
    let name = |o: &OfferId| makers.get(o).cloned().unwrap_or_default();
    let need = |n: &Option<NeedId>| n.and_then(|n| need_name(l, needs, n)).unwrap_or_default().to_owned();
    match w {
        Why::Locked => fl!(t, "why-locked"),
        Why::Only => fl!(t, "why-only"),
        Why::AllTaken => fl!(t, "why-all-taken"),
        Why::Fair => fl!(t, "why-fair"),
        Why::Drawn => fl!(t, "why-drawn"),
        Why::OthersFull => fl!(t, "why-others-full"),
        Why::OthersHeld {
            forbidden: true,
            locked: false,
            full: false,
        } => fl!(t, "why-others-forbidden"),
        Why::OthersHeld {
            forbidden: false,
            locked: true,
            full: false,
        } => fl!(t, "why-others-locked"),
        Why::OthersHeld { .. } => fl!(t, "why-others-held"),
        Why::Equal { to } => fl!(t, "why-equal", other = name(to)),
        Why::Earlier { than } => fl!(t, "why-earlier", other = name(than)),
        Why::Best {
            over,
            by,
            most: Some(a),
        } => fl!(
            t,
            "why-best-in",
            other = name(over),
            by = words::tenths(*by),
            aspect = words::aspect(l, *a)
        ),
        Why::Best { over, by, most: None } => fl!(t, "why-best", other = name(over), by = words::tenths(*by)),
        Why::OtherNeeded { other, by: 0, at } => {
            fl!(t, "why-equal-needed", other = name(other), need = need(at))
        }
        Why::OtherNeeded { other, by, at: None } => {
            fl!(t, "why-other-needed", other = name(other), by = words::tenths(*by))
        }
        Why::OtherNeeded { other, by, at } => fl!(
            t,
            "why-other-needed-at",
            other = name(other),
            by = words::tenths(*by),
            need = need(at)
        ),
        Why::OtherLocked { other, by: 0, at } => {
            fl!(t, "why-equal-locked", other = name(other), need = need(at))
        }
        Why::OtherLocked { other, by, at } => fl!(
            t,
            "why-other-locked",
            other = name(other),
            by = words::tenths(*by),
            need = need(at)
        ),
        Why::OtherSpent { other, by: 0 } => fl!(t, "why-equal-spent", other = name(other)),
        Why::OtherSpent { other, by } => fl!(t, "why-other-spent", other = name(other), by = words::tenths(*by)),
        Why::OtherShare { other, by: 0 } => fl!(t, "why-equal-share", other = name(other)),
        Why::OtherShare { other, by } => fl!(t, "why-other-share", other = name(other), by = words::tenths(*by)),
        Why::OtherBarred { other, by: 0, term } => {
            fl!(t, "why-equal-barred", other = name(other), term = naming.term(*term))
        }
        Why::OtherBarred { other, by, term } => fl!(
            t,
            "why-other-barred",
            other = name(other),
            by = words::tenths(*by),
            term = naming.term(*term)
        ),
        Why::Counted { other, by: 0, term } => {
            fl!(t, "why-equal-counted", other = name(other), term = naming.term(*term))
        }
        Why::Counted { other, by, term } => fl!(
            t,
            "why-counted",
            other = name(other),
            by = words::tenths(*by),
            term = naming.term(*term)
        ),
        Why::Unproved { other, by } => fl!(t, "why-unproved", other = name(other), by = words::tenths(*by)),
    }
}
/// Why an offer was not chosen, as a plain sentence.
fn why_not(w: &WhyNot, naming: &Naming<'_>) -> String {
    let (l, needs, makers) = (naming.l, naming.needs, naming.makers);
    let t = t(l);
    let name = |o: &OfferId| makers.get(o).cloned().unwrap_or_default();
    let need = |n: &NeedId| need_name(l, needs, *n).unwrap_or_default().to_owned();
    match w {
        WhyNot::Forbidden => fl!(t, "why-forbidden"),
        WhyNot::PlaceFixed => fl!(t, "not-place-fixed"),
        WhyNot::Less {
            than,
            by,
            most: Some(a),
        } => fl!(
            t,
            "not-less-in",
            other = name(than),
            by = words::tenths(*by),
            aspect = words::aspect(l, *a)
        ),
        WhyNot::Less { than, by, most: None } => fl!(t, "not-less", other = name(than), by = words::tenths(*by)),
        WhyNot::Later { than } => fl!(t, "not-later", other = name(than)),
        WhyNot::Equal { to } => fl!(t, "why-equal", other = name(to)),
        WhyNot::Elsewhere { at } => fl!(t, "not-elsewhere", need = need(at)),
        WhyNot::LockedElsewhere { at } => fl!(t, "not-locked-elsewhere", need = need(at)),
        WhyNot::WorseServed { at } => fl!(t, "not-worse-served", need = need(at)),
        WhyNot::Barred { term } => fl!(t, "not-barred", term = naming.term(*term)),
        WhyNot::Counted { than, by: 0, term } => {
            fl!(t, "not-equal-counted", other = name(than), term = naming.term(*term))
        }
        WhyNot::Counted { than, by, term } => fl!(
            t,
            "not-counted",
            other = name(than),
            by = words::tenths(*by),
            term = naming.term(*term)
        ),
        WhyNot::Spent => fl!(t, "not-spent"),
        WhyNot::Share => fl!(t, "not-share"),
        WhyNot::NotDrawn => fl!(t, "not-drawn"),
        WhyNot::Fair => fl!(t, "not-fair"),
        WhyNot::Unplaced => fl!(t, "not-unplaced"),
    }
}
