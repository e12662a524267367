//! Limits of groups, a budget and exclusions: the rows of a form, and what a plan says of them and of what was reached.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ::pages::{Ctx, Form, Markup, Posted, Problem, fmt, parts};
use basis::{Currency, Field, GovernmentId, Locale, NeedId, OfferId, Refusal};
use i18n_embed_fl::fl;

use super::draft::more;
use super::words::Makers;
use super::{all, quiet, table};
use crate::allocate::Candidate;
use crate::terms::{Kept, KeptQuota, Term, Who, kinds};
use crate::{Call, EitherInput, Need, QuotaInput, SolveInput, TermsInput, store as sql, t};

/// More makers than these are typed by name: a list of thousands in every row would be more than the rest of the page.
const LISTED: usize = 150;

/// Names of districts that some limits count.
pub(super) type Districts = HashMap<GovernmentId, String>;
pub(super) async fn districts(ctx: &Ctx, ids: impl Iterator<Item = GovernmentId>) -> Result<Districts, Problem> {
    let mut ids: Vec<GovernmentId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(Districts::new());
    }
    let found = relations::governments(&ctx.house().db, &ids).await?;
    let name = |g: relations::GovCard| (g.id, g.name.plain(ctx.locale).to_owned());
    Ok(found.into_iter().map(name).collect())
}
pub(super) fn districts_of(kept: &Kept) -> impl Iterator<Item = GovernmentId> + '_ {
    kept.quotas.iter().filter_map(|q| match q.quota.who {
        Who::District(id) => Some(id),
        _ => None,
    })
}
/// The offers that the terms of a plan name.
pub(super) fn named(kept: &Kept) -> Vec<OfferId> {
    let one = |q: &KeptQuota| match q.quota.who {
        Who::Offer(id) => Some(id),
        _ => None,
    };
    let either = kept.either.iter().flatten().copied();
    kept.quotas.iter().filter_map(one).chain(either).collect()
}

/// What it takes to name a plan's terms in the reader's language.
#[derive(Clone, Copy)]
pub(super) struct Naming<'a> {
    pub l: Locale,
    pub city: &'a str,
    pub kept: &'a Kept,
    pub needs: &'a [Need],
    pub makers: &'a Makers,
    pub districts: &'a Districts,
}
impl Naming<'_> {
    fn maker(&self, id: OfferId) -> String {
        self.makers.get(&id).cloned().unwrap_or_default()
    }
    fn who(&self, who: Who) -> String {
        let t = t(self.l);
        match who {
            Who::Newcomers => fl!(t, "group-newcomers"),
            Who::Partner => fl!(t, "group-partner"),
            Who::Home => fl!(t, "group-home", city = self.city),
            Who::District(id) => self.districts.get(&id).cloned().unwrap_or_default(),
            Who::Offer(id) => self.maker(id),
            Who::Field(field) => fl!(t, "group-field", field = parts::field_name(self.l, field)),
        }
    }
    /// What a need is counted in.
    pub(super) fn unit(&self, id: NeedId) -> String {
        let need = self.needs.iter().find(|n| n.id == id);
        need.map(|n| n.unit.plain(self.l).to_owned()).unwrap_or_default()
    }
    /// What a limit counts in; nothing for other terms.
    pub(super) fn unit_of(&self, term: Term) -> String {
        match term {
            Term::Quota(at) => self
                .kept
                .quotas
                .get(at)
                .map(|q| self.unit(q.quota.unit))
                .unwrap_or_default(),
            Term::Budget | Term::Either(_) => String::new(),
        }
    }
    /// "newcomers: at least 10 hours".
    pub(super) fn term(&self, term: Term) -> String {
        let t = t(self.l);
        match term {
            Term::Quota(at) => {
                let Some(q) = self.kept.quotas.get(at).map(|q| &q.quota) else {
                    return String::new();
                };
                let (who, unit) = (self.who(q.who), self.unit(q.unit));
                match (q.least, q.most) {
                    (Some(least), Some(most)) => {
                        fl!(t, "term-both", who = who, least = least, most = most, unit = unit)
                    }
                    (Some(least), None) => fl!(t, "term-least", who = who, least = least, unit = unit),
                    (None, most) => fl!(t, "term-most", who = who, most = most.unwrap_or(0), unit = unit),
                }
            }
            Term::Budget => {
                let most = self.kept.budget.as_ref().map(|b| fmt::money(self.l, b.most));
                fl!(t, "term-budget", most = most.unwrap_or_default())
            }
            Term::Either(at) => match self.kept.either.get(at) {
                Some([one, other]) => fl!(t, "term-either", one = self.maker(*one), other = self.maker(*other)),
                None => String::new(),
            },
        }
    }
    pub(super) fn terms(&self, terms: &[Term]) -> String {
        let each: Vec<String> = terms
            .iter()
            .map(|x| fl!(t(self.l), "term-quoted", term = self.term(*x)))
            .collect();
        let between = match self.l {
            Locale::Zh => "、",
            Locale::En => ", ",
        };
        each.join(between)
    }
    fn reached(&self, q: &KeptQuota) -> String {
        let t = t(self.l);
        let (who, unit, units) = (self.who(q.quota.who), self.unit(q.quota.unit), q.units);
        match (q.quota.least, q.quota.most) {
            (Some(least), Some(most)) => fl!(
                t,
                "reached-both",
                who = who,
                units = units,
                least = least,
                most = most,
                unit = unit
            ),
            (Some(least), None) => fl!(t, "reached-least", who = who, units = units, least = least, unit = unit),
            (None, most) => fl!(
                t,
                "reached-most",
                who = who,
                units = units,
                most = most.unwrap_or(0),
                unit = unit
            ),
        }
    }
    /// What the plan keeps and what was reached of each; `chosen` are the offers in it.
    pub(super) fn row(&self, chosen: &BTreeSet<OfferId>) -> Option<(String, Markup)> {
        let t = t(self.l);
        if self.kept.is_empty() {
            return None;
        }
        let mut said: Vec<String> = self.kept.quotas.iter().map(|q| self.reached(q)).collect();
        if let Some(b) = &self.kept.budget {
            said.push(fl!(
                t,
                "reached-budget",
                asked = fmt::money(self.l, b.asked),
                most = fmt::money(self.l, b.most)
            ));
        }
        for (at, both) in self.kept.either.iter().enumerate() {
            let term = self.term(Term::Either(at));
            said.push(match both.iter().find(|o| chosen.contains(o)) {
                Some(one) => fl!(t, "reached-either", term = term, chosen = self.maker(*one)),
                None => fl!(t, "reached-neither", term = term),
            });
        }
        let items: String = said.iter().map(|s| format!("<li>{}</li>", parts::escape(s))).collect();
        Some((
            fl!(t, "terms-kept"),
            Markup(format!("<ul class=\"plain\">{items}</ul>")),
        ))
    }
}

/// What can be chosen in the rows: a value and what it is called.
pub(super) struct Choices {
    who: Vec<(String, String)>,
    offers: Vec<(String, String)>,
    units: Vec<(String, String)>,
    /// Whether all makers stand in these lists.
    listed: bool,
    /// Whether anybody asks for money.
    asks: bool,
    currency: Currency,
}
impl Choices {
    pub(super) async fn of(ctx: &Ctx, call: &Call, needs: &[Need], input: &TermsInput) -> Result<Choices, Problem> {
        let l = ctx.locale;
        let t = t(l);
        let candidates = crate::brought::makers(&ctx.house().db, call).await?;
        let ids: BTreeSet<OfferId> = candidates.iter().map(|c| c.offer).collect();
        let listed = ids.len() <= LISTED;
        let named: BTreeSet<OfferId> = if listed { ids } else { of_input(input).collect() };
        let offers = called(ctx, call, named.into_iter().collect()).await?;
        let count = |of: &dyn Fn(&Candidate) -> bool| {
            let of: BTreeSet<OfferId> = candidates.iter().filter(|c| of(c)).map(|c| c.offer).collect();
            of.len()
        };
        let mut who = Vec::new();
        let mut add = |value: Who, label: String, offers: usize| {
            if offers > 0 {
                who.push((value.to_string(), fl!(t, "who-count", who = label, offers = offers)));
            }
        };
        let city = ctx.app.node.city.plain(l);
        add(Who::Newcomers, fl!(t, "who-newcomers"), count(&|c| c.kept == 0));
        add(Who::Partner, fl!(t, "who-partner"), count(&|c| c.home == Some(false)));
        add(
            Who::Home,
            fl!(t, "who-home", city = city),
            count(&|c| c.home == Some(true)),
        );
        let near: BTreeSet<GovernmentId> = candidates.iter().filter_map(|c| c.district).collect();
        let names = districts(ctx, near.iter().copied()).await?;
        for id in near {
            let name = names.get(&id).cloned().unwrap_or_default();
            let label = fl!(t, "who-district", district = name);
            add(Who::District(id), label, count(&|c| c.district == Some(id)));
        }
        let fields: BTreeSet<Field> = needs.iter().map(|n| n.field.unwrap_or(call.field)).collect();
        if fields.len() > 1 {
            let field = |f: Field| {
                let label = fl!(t, "who-field", field = parts::field_name(l, f));
                (Who::Field(f).to_string(), label)
            };
            who.extend(fields.into_iter().map(field));
        }
        who.extend(offers.iter().map(|(id, name)| (format!("offer:{id}"), name.clone())));
        let kinds = kinds(needs, &[]);
        let mut seen = BTreeSet::new();
        let first = |n: &&Need| kinds.get(&n.id).is_some_and(|k| seen.insert(*k));
        let unit = |n: &Need| (n.id.to_string(), n.unit.plain(l).to_owned());
        Ok(Choices {
            who,
            offers,
            units: needs.iter().filter(first).map(unit).collect(),
            listed,
            asks: candidates.iter().any(|c| c.asked.is_some_and(|a| a > 0)),
            currency: call.currency,
        })
    }
    /// A list to pick from, or with very many makers a line to type in, with the groups as suggestions.
    fn pick(
        &self,
        name: &str,
        list: &[(String, String)],
        id: &str,
        value: &str,
        words: (&str, &str),
        more: &str,
    ) -> String {
        // On a phone the first column has no head beside it: what is not picked yet says what to pick.
        let (head, label) = (parts::escape(words.0), parts::escape(words.1));
        if !self.listed && id != "units" {
            let shown = list.iter().find(|(v, _)| v == value).map_or(value, |(_, l)| l);
            // Of groups there are few: they are suggested. Makers are not.
            let suggested = if id == "who" { " list=\"list-who\"" } else { "" };
            return format!(
                "<input class=\"input\" type=\"text\"{suggested} name=\"{name}\" value=\"{}\" aria-label=\"{label}\" autocomplete=\"off\"{more}>",
                parts::escape(shown)
            );
        }
        let mut options = String::new();
        let known = list.iter().any(|(v, _)| v == value);
        if !value.is_empty() && !known {
            options.push_str(&format!(
                "<option value=\"{}\" selected></option>",
                parts::escape(value)
            ));
        }
        for (v, l) in list {
            let selected = if v == value { " selected" } else { "" };
            options.push_str(&format!(
                "<option value=\"{}\"{selected}>{}</option>",
                parts::escape(v),
                parts::escape(l)
            ));
        }
        // What is picked can be taken back.
        format!(
            "<select name=\"{name}\" aria-label=\"{label}\"{more}><option value=\"\">{head}…</option>{options}</select>"
        )
    }
    fn lists(&self, l: Locale) -> Markup {
        if self.listed {
            return Markup::default();
        }
        let groups = self.who.iter().filter(|(value, _)| !value.starts_with("offer:"));
        let options: String = groups
            .map(|(_, label)| format!("<option value=\"{}\"></option>", parts::escape(label)))
            .collect();
        all([
            quiet(&fl!(t(l), "terms-typed")),
            Markup(format!("<datalist id=\"list-who\">{options}</datalist>")),
        ])
    }
}
/// The rows of a posted form, those left empty too, so that each stays where it was; none where the form had no such rows.
pub(super) fn posted(posted: &Posted<SolveInput>) -> Option<TermsInput> {
    if posted.get("with-terms").is_empty() {
        return None;
    }
    let mut quotas: BTreeMap<usize, QuotaInput> = BTreeMap::new();
    for (name, value) in posted.with_prefix("quota-") {
        let Some((Ok(row), end)) = name.split_once('-').map(|(n, end)| (n.parse(), end)) else {
            continue;
        };
        let row = quotas.entry(row).or_default();
        let place = match end {
            "who" => &mut row.who,
            "unit" => &mut row.unit,
            "least" => &mut row.least,
            "most" => &mut row.most,
            _ => continue,
        };
        value.clone_into(place);
    }
    let mut either: BTreeMap<usize, EitherInput> = BTreeMap::new();
    for (name, value) in posted.with_prefix("either-") {
        let Some((Ok(row), end)) = name.split_once('-').map(|(n, end)| (n.parse(), end)) else {
            continue;
        };
        let row = either.entry(row).or_default();
        let place = match end {
            "one" => &mut row.one,
            "other" => &mut row.other,
            _ => continue,
        };
        value.clone_into(place);
    }
    let mut input = TermsInput {
        quotas: quotas.into_values().collect(),
        budget: posted.get("budget").to_owned(),
        either: either.into_values().collect(),
    };
    // "One more row" only shows the form again.
    match posted.get("more") {
        "quota" => input.quotas.push(QuotaInput::default()),
        "either" => input.either.push(EitherInput::default()),
        _ => {}
    }
    Some(input)
}
/// The fields, folded: most plans need none. Open where something is wrong in them, or where they were just being filled in.
pub(super) fn fields(ctx: &Ctx, f: &mut Form, choices: &Choices, input: &TermsInput, open: bool) {
    let t = t(ctx.locale);
    let limits = input.quotas.iter().filter(|q| !q.who.trim().is_empty()).count();
    let either = input.either.iter().filter(|e| !e.one.trim().is_empty()).count();
    let count = limits + either + usize::from(!input.budget.trim().is_empty());
    let title = fl!(t, "terms-fold", count = count);
    f.raw(&Markup(format!(
        "<details class=\"more\"{}><summary>{}</summary><div class=\"flow\">",
        if open { " open" } else { "" },
        parts::escape(&title)
    )));
    f.hidden("with-terms", "1");
    f.raw(&all([quiet(&fl!(t, "terms-say")), choices.lists(ctx.locale)]));
    quota_rows(ctx, f, choices, input);
    either_rows(ctx, f, choices, input);
    if choices.asks || !input.budget.trim().is_empty() {
        f.part(&fl!(t, "budget")).money(
            "budget",
            &fl!(t, "budget-all"),
            &fl!(t, "budget-hint"),
            &input.budget,
            choices.currency.as_str(),
            true,
        );
    }
    f.raw(&Markup("</div></details>".to_owned()));
}
fn quota_rows(ctx: &Ctx, f: &mut Form, choices: &Choices, input: &TermsInput) {
    let t = t(ctx.locale);
    let mut heads = vec![fl!(t, "quota-who")];
    let several = choices.units.len() > 1;
    if several {
        heads.push(fl!(t, "quota-unit"));
    }
    let unit = choices.units.first().filter(|_| !several).map(|u| u.1.as_str());
    let bound = |head: String| match unit {
        Some(unit) => fl!(t, "quota-head-unit", head = head, unit = unit),
        None => head,
    };
    heads.extend([bound(fl!(t, "quota-least")), bound(fl!(t, "quota-most"))]);
    let mut typed = input.quotas.clone();
    if typed.last().is_none_or(|q| !q.who.is_empty()) {
        typed.push(QuotaInput::default());
    }
    let mut rows = Vec::new();
    for (row, q) in typed.iter().enumerate() {
        let label = |end: String| fl!(t, "quota-row", n = (row + 1), field = end);
        let name = |end: &str| format!("quota-{row}-{end}");
        let head = fl!(t, "quota-who");
        let said = label(head.clone());
        let mut cells = vec![f.within(&name("who"), &said, |more| {
            choices.pick(&name("who"), &choices.who, "who", &q.who, (&head, &said), more)
        })];
        if several {
            let head = fl!(t, "quota-unit");
            let said = label(head.clone());
            cells.push(f.within(&name("unit"), &said, |more| {
                choices.pick(&name("unit"), &choices.units, "units", &q.unit, (&head, &said), more)
            }));
        }
        for (end, head, value) in [
            ("least", fl!(t, "quota-least"), &q.least),
            ("most", fl!(t, "quota-most"), &q.most),
        ] {
            let said = label(head);
            cells.push(f.within(&name(end), &said, |more| {
                format!(
                    "<input class=\"input tiny\" inputmode=\"numeric\" name=\"{}\" value=\"{}\" aria-label=\"{}\"{more}>",
                    name(end),
                    parts::escape(value),
                    parts::escape(&said)
                )
            }));
        }
        rows.push(cells);
    }
    f.part(&fl!(t, "quotas-title")).raw(&all([
        quiet(&fl!(t, "quotas-say")),
        table(&fl!(t, "quotas-title"), &heads, &rows),
        more("quota", &fl!(t, "quota-more")),
    ]));
}
fn either_rows(ctx: &Ctx, f: &mut Form, choices: &Choices, input: &TermsInput) {
    let t = t(ctx.locale);
    let mut typed = input.either.clone();
    if typed.last().is_none_or(|e| !e.one.is_empty() || !e.other.is_empty()) {
        typed.push(EitherInput::default());
    }
    let heads = [fl!(t, "either-one"), fl!(t, "either-other")];
    let mut rows = Vec::new();
    for (row, e) in typed.iter().enumerate() {
        let mut cells = Vec::new();
        for (end, head, value) in [("one", &heads[0], &e.one), ("other", &heads[1], &e.other)] {
            let name = format!("either-{row}-{end}");
            let said = fl!(t, "either-row", n = (row + 1), field = head.as_str());
            cells.push(f.within(&name, &said, |more| {
                choices.pick(&name, &choices.offers, "offers", value, (head, &said), more)
            }));
        }
        rows.push(cells);
    }
    f.part(&fl!(t, "either-title")).raw(&all([
        quiet(&fl!(t, "either-say")),
        table(&fl!(t, "either-title"), &heads, &rows),
        more("either", &fl!(t, "either-more")),
    ]));
}
/// Whether the fields are shown open: something in them was refused, or just typed, or one more row asked for.
pub(super) fn open(typed: Option<&TermsInput>, kept: &TermsInput, refusals: &[Refusal]) -> bool {
    let refused = |r: &Refusal| r.field.as_deref().is_some_and(is_field);
    let Some(typed) = typed else { return false };
    // A row that was left empty is none.
    let said = |input: &TermsInput| {
        let quotas = input
            .quotas
            .iter()
            .filter(|q| ![&q.who, &q.least, &q.most].iter().all(|x| x.is_empty()));
        let either = input.either.iter().filter(|e| **e != EitherInput::default());
        (
            quotas.cloned().collect::<Vec<_>>(),
            input.budget.clone(),
            either.cloned().collect::<Vec<_>>(),
        )
    };
    said(typed) != said(kept)
        || typed.quotas.len() > kept.quotas.len() + 1
        || typed.either.len() > kept.either.len() + 1
        || refusals.iter().any(refused)
}
fn is_field(field: &str) -> bool {
    field == "budget" || field.starts_with("quota-") || field.starts_with("either-")
}
/// The plan that a form was read from, as rows.
pub(super) fn shown(typed: Option<&TermsInput>, kept: &Kept) -> TermsInput {
    typed.cloned().unwrap_or_else(|| TermsInput::of(&kept.terms()))
}
/// Makers by offer, in the order of their names.
async fn called(ctx: &Ctx, call: &Call, offers: Vec<OfferId>) -> Result<Vec<(String, String)>, Problem> {
    let makers = super::allocation::makers(ctx, call, offers).await?;
    let mut out: Vec<(String, String)> = makers.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    out.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
    Ok(out)
}
/// The offers that some rows name.
fn of_input(input: &TermsInput) -> impl Iterator<Item = OfferId> + '_ {
    let who = input.quotas.iter().filter_map(|q| q.who.strip_prefix("offer:"));
    let either = input.either.iter().flat_map(|e| [e.one.as_str(), e.other.as_str()]);
    who.chain(either).filter_map(|id| id.trim().parse().ok())
}
/// Names that were typed where there are too many makers to pick from, as what they stand for; anything else stays as it was
/// typed, and is refused at its field.
pub(super) async fn resolve(ctx: &Ctx, call: &Call, input: &mut TermsInput) -> Result<(), Problem> {
    let open = |typed: &str| !typed.trim().is_empty() && typed.parse::<OfferId>().is_err();
    let group = |typed: &str| typed.trim().is_empty() || typed.parse::<Who>().is_ok();
    let known =
        input.quotas.iter().all(|q| group(&q.who)) && !input.either.iter().any(|e| open(&e.one) || open(&e.other));
    if known {
        return Ok(());
    }
    let needs = sql::needs(&ctx.house().db, call.id).await?;
    let groups = Choices::of(ctx, call, &needs, input).await?.who;
    let makers = crate::brought::makers(&ctx.house().db, call).await?;
    let offers = called(ctx, call, makers.iter().map(|c| c.offer).collect()).await?;
    let value = |list: &[(String, String)], typed: &str| {
        let mut called = list.iter().filter(|(_, label)| label == typed.trim());
        // Of two with the same name neither is meant for sure.
        match (called.next(), called.next()) {
            (Some((value, _)), None) => Some(value.clone()),
            _ => None,
        }
    };
    for q in input.quotas.iter_mut().filter(|q| !group(&q.who)) {
        let offer = || Some(format!("offer:{}", value(&offers, &q.who)?));
        if let Some(found) = value(&groups, &q.who).or_else(offer) {
            q.who = found;
        }
    }
    for typed in input.either.iter_mut().flat_map(|e| [&mut e.one, &mut e.other]) {
        if let Some(found) = value(&offers, typed) {
            *typed = found;
        }
    }
    Ok(())
}
