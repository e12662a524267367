//! What a plan must keep beyond wishes about single pairs: limits of groups, a budget over the offers that are chosen, and
//! offers of which only one may be. Who belongs to a group is written down with the plan, so that anybody can check it, and
//! compared again when it is published.

use basis::{Check, Code, Currency, Field, GovernmentId, Money, NeedId, OfferId, Refusal};
use matching::{Group, Limit, Problem, Rule, Side};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use crate::allocate::{Candidate, Line};
use crate::call::{Call, Need};
use crate::measure::Measures;

/// Whose units a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Who {
    /// Makers without a kept promise.
    Newcomers,
    /// Organisations of the partner's side.
    Partner,
    /// Organisations of our own side, and persons who say that they are at home here.
    Home,
    /// Makers at home in one district.
    District(GovernmentId),
    /// One offer, and so one maker: a call holds one offer of each.
    Offer(OfferId),
    /// Whoever serves the needs of one field.
    Field(Field),
}
impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Who::Newcomers => f.write_str("newcomers"),
            Who::Partner => f.write_str("partner"),
            Who::Home => f.write_str("home"),
            Who::District(id) => write!(f, "district:{id}"),
            Who::Offer(id) => write!(f, "offer:{id}"),
            Who::Field(field) => write!(f, "field:{field}"),
        }
    }
}
impl FromStr for Who {
    type Err = String;
    fn from_str(s: &str) -> Result<Who, String> {
        let unknown = || format!("unknown: {s}");
        Ok(match s.split_once(':') {
            None => match s {
                "newcomers" => Who::Newcomers,
                "partner" => Who::Partner,
                "home" => Who::Home,
                _ => return Err(unknown()),
            },
            Some(("district", id)) => Who::District(id.parse().map_err(|_| unknown())?),
            Some(("offer", id)) => Who::Offer(id.parse().map_err(|_| unknown())?),
            Some(("field", code)) => Who::Field(Field::from_code(code).ok_or_else(unknown)?),
            Some(_) => return Err(unknown()),
        })
    }
}
impl From<Who> for String {
    fn from(who: Who) -> String {
        who.to_string()
    }
}
impl TryFrom<String> for Who {
    type Error = String;
    fn try_from(s: String) -> Result<Who, String> {
        s.parse()
    }
}
impl Who {
    /// Whether it counts what some offers give; else what some needs get.
    fn side(self) -> Side {
        match self {
            Who::Field(_) => Side::Need,
            _ => Side::Offer,
        }
    }
    fn has(self, c: &Candidate) -> bool {
        match self {
            Who::Newcomers => c.kept == 0,
            Who::Partner => c.home == Some(false),
            Who::Home => c.home == Some(true),
            Who::District(district) => c.district == Some(district),
            Who::Offer(offer) => c.offer == offer,
            Who::Field(_) => false,
        }
    }
}

/// At least and at most so many units of one unit of measure; one of the two is stated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    pub who: Who,
    /// A need, which stands for what it is counted in: units of unlike kinds are never summed.
    pub unit: NeedId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<i64>,
}
/// All that an officer asks of a plan in this way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub quotas: Vec<Quota>,
    /// What the chosen offers may ask together, each with all that it asks.
    pub budget: Option<Money>,
    /// Of each two, one at most is chosen.
    pub either: Vec<[OfferId; 2]>,
}
/// One of them, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Term {
    Quota(usize),
    Budget,
    Either(usize),
}

/// A limit as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct QuotaInput {
    /// "newcomers" (makers without a kept promise), "partner" or "home" (the side an organisation belongs to), "district:" or
    /// "offer:" with an id, "field:" with a field of the needs.
    pub who: String,
    /// A need that stands for what is counted: hours, or rooms. May be empty where all needs are counted alike.
    pub unit: String,
    /// At least and at most so many units; one of them may be empty.
    pub least: String,
    pub most: String,
}
/// Two offers of which one at most is chosen, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct EitherInput {
    pub one: String,
    pub other: String,
}
/// Limits of groups, budget and exclusions, as typed. A row left empty is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct TermsInput {
    pub quotas: Vec<QuotaInput>,
    /// In the currency of the call: what all chosen offers may ask together.
    pub budget: String,
    pub either: Vec<EitherInput>,
}
/// The row in which each limit and each exclusion was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    quotas: Vec<usize>,
    either: Vec<usize>,
}
impl Rows {
    pub fn of(terms: &Terms) -> Rows {
        Rows {
            quotas: (0..terms.quotas.len()).collect(),
            either: (0..terms.either.len()).collect(),
        }
    }
    /// The field at which something about this term is told.
    pub fn field(&self, term: Term, terms: &Terms) -> String {
        let row = |rows: &[usize], at: usize| rows.get(at).copied().unwrap_or(at);
        match term {
            Term::Quota(at) => {
                let least = terms.quotas.get(at).is_none_or(|q| q.least.is_some());
                let end = if least { "least" } else { "most" };
                format!("quota-{}-{end}", row(&self.quotas, at))
            }
            Term::Budget => "budget".to_owned(),
            Term::Either(at) => format!("either-{}-other", row(&self.either, at)),
        }
    }
}
/// More would be a plan made by hand.
const MOST_ROWS: usize = 20;
impl TermsInput {
    /// Bad input is refused at its field, each row at its own.
    pub(crate) fn check(
        &self,
        c: &mut Check,
        needs: &[Need],
        candidates: &[Candidate],
        currency: Currency,
    ) -> (Terms, Rows) {
        let mut terms = Terms::default();
        let mut rows = Rows::default();
        let offers: HashSet<OfferId> = candidates.iter().map(|c| c.offer).collect();
        let kinds = kinds(needs, candidates);
        let alike = kinds.values().collect::<HashSet<_>>().len() < 2;
        for (row, typed) in self.quotas.iter().enumerate() {
            if [&typed.who, &typed.least, &typed.most]
                .iter()
                .all(|t| t.trim().is_empty())
            {
                continue;
            }
            let at = |end: &str| format!("quota-{row}-{end}");
            let before = c.refused();
            let who = match typed.who.trim() {
                "" => {
                    c.refuse(Refusal::at(at("who"), "refusal-required"));
                    None
                }
                who => {
                    let named = who.parse::<Who>().ok();
                    let there = named.filter(|w| !matches!(w, Who::Offer(o) if !offers.contains(o)));
                    c.ensure(there.is_some(), || nobody(at("who"), named.is_some()));
                    there
                }
            };
            let unit = match typed.unit.trim() {
                "" if alike => needs.first().map(|n| n.id),
                unit => c.id(at("unit"), unit),
            };
            c.ensure(unit.is_none_or(|u| kinds.contains_key(&u)), || {
                Refusal::at(at("unit"), "refusal-not-in-list")
            });
            let asked = c.refused();
            let mut number = |end: &str, from: i64, typed: &str| {
                (!typed.trim().is_empty()).then(|| c.number(at(end), typed, from..=1_000_000))
            };
            let (least, most) = (number("least", 1, &typed.least), number("most", 0, &typed.most));
            let read = c.refused() == asked;
            c.ensure(least.is_some() || most.is_some(), || {
                Refusal::at(at("least"), "refusal-quota-empty")
            });
            // Where one could not be read there is nothing to compare.
            if let (Some(least), Some(most), true) = (least, most, read) {
                c.ensure(least <= most, || Refusal::at(at("most"), "refusal-quota-order"));
            }
            let (Some(who), Some(unit)) = (who, unit) else { continue };
            let same = |q: &Quota| q.who == who && kinds.get(&q.unit) == kinds.get(&unit);
            c.ensure(!terms.quotas.iter().any(same), || {
                Refusal::at(at("who"), "refusal-quota-twice")
            });
            if c.refused() == before {
                terms.quotas.push(Quota { who, unit, least, most });
                rows.quotas.push(row);
            }
        }
        if !self.budget.trim().is_empty() {
            terms.budget = Some(c.money("budget", &self.budget, currency));
        }
        for (row, typed) in self.either.iter().enumerate() {
            if typed.one.trim().is_empty() && typed.other.trim().is_empty() {
                continue;
            }
            let at = |end: &str| format!("either-{row}-{end}");
            let mut offer = |end: &str, typed: &str| {
                if typed.trim().is_empty() {
                    c.refuse(Refusal::at(at(end), "refusal-required"));
                    return None;
                }
                let named = typed.trim().parse::<OfferId>().ok();
                let there = named.filter(|id| offers.contains(id));
                c.ensure(there.is_some(), || nobody(at(end), named.is_some()));
                there
            };
            if let (Some(one), Some(other)) = (offer("one", &typed.one), offer("other", &typed.other)) {
                c.ensure(one != other, || Refusal::at(at("other"), "refusal-either-same"));
                terms.either.push([one, other]);
                rows.either.push(row);
            }
        }
        if self.quotas.len() > MOST_ROWS || self.either.len() > MOST_ROWS {
            c.refuse(Refusal::page("refusal-terms-many").with("most", MOST_ROWS as i64));
        }
        (terms, rows)
    }
    /// As it would be typed.
    pub fn of(terms: &Terms) -> TermsInput {
        let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
        TermsInput {
            quotas: terms
                .quotas
                .iter()
                .map(|q| QuotaInput {
                    who: q.who.to_string(),
                    unit: q.unit.to_string(),
                    least: number(q.least),
                    most: number(q.most),
                })
                .collect(),
            budget: terms.budget.map(|m| m.amount()).unwrap_or_default(),
            either: terms
                .either
                .iter()
                .map(|[one, other]| EitherInput {
                    one: one.to_string(),
                    other: other.to_string(),
                })
                .collect(),
        }
    }
}

/// Of a list something else was chosen than stands in it; where names are typed, nobody has this one.
fn nobody(field: String, listed: bool) -> Refusal {
    Refusal::at(
        field,
        if listed {
            "refusal-not-in-list"
        } else {
            "refusal-no-such-maker"
        },
    )
}
/// What each need is counted in, as a number. Where a maker has one limit over several, they are counted as one: a limit
/// cannot be cut in two.
pub(crate) fn kinds(needs: &[Need], candidates: &[Candidate]) -> HashMap<NeedId, usize> {
    let measures = Measures::of_all(needs.iter().map(|n| &n.unit));
    let mut first = HashMap::new();
    let mut kinds: HashMap<NeedId, usize> = needs
        .iter()
        .enumerate()
        .map(|(at, n)| (n.id, *first.entry(measures.of(&n.unit)).or_insert(at)))
        .collect();
    for c in candidates.iter().filter(|c| c.most.is_some()) {
        let seen: BTreeSet<usize> = c.lines.iter().filter_map(|l| kinds.get(&l.0).copied()).collect();
        if let (Some(&low), true) = (seen.first(), seen.len() > 1) {
            for kind in kinds.values_mut().filter(|k| seen.contains(k)) {
                *kind = low;
            }
        }
    }
    kinds
}

impl Terms {
    pub fn is_empty(&self) -> bool {
        self.quotas.is_empty() && self.budget.is_none() && self.either.is_empty()
    }
    /// The offers, each apart by unit of measure where a limit of a group counts only one of them. An offer without a limit of
    /// its own may be taken apart freely.
    pub(crate) fn apart(&self, needs: &[Need], candidates: &[Candidate]) -> Vec<Candidate> {
        if self.quotas.iter().all(|q| q.who.side() == Side::Need) {
            return candidates.to_vec();
        }
        let kinds = kinds(needs, candidates);
        let mut out = Vec::with_capacity(candidates.len());
        for c in candidates {
            let mut parts: Vec<(Option<usize>, Vec<(NeedId, i64)>)> = Vec::new();
            for line in &c.lines {
                let kind = kinds.get(&line.0).copied();
                match parts.iter_mut().find(|p| p.0 == kind) {
                    Some(part) => part.1.push(*line),
                    None => parts.push((kind, vec![*line])),
                }
            }
            if parts.len() < 2 || c.most.is_some() {
                out.push(c.clone());
            } else {
                out.extend(parts.into_iter().map(|(_, lines)| Candidate { lines, ..c.clone() }));
            }
        }
        out
    }
    /// With who belongs to each group now.
    pub(crate) fn kept(&self, call: &Call, needs: &[Need], candidates: &[Candidate]) -> Kept {
        let kinds = kinds(needs, candidates);
        let quota = |q: &Quota| {
            let counted = |n: &&Need| {
                kinds.get(&n.id) == kinds.get(&q.unit)
                    && match q.who {
                        Who::Field(field) => n.field.unwrap_or(call.field) == field,
                        _ => true,
                    }
            };
            let offers: BTreeSet<OfferId> = candidates.iter().filter(|c| q.who.has(c)).map(|c| c.offer).collect();
            KeptQuota {
                quota: q.clone(),
                offers: offers.into_iter().collect(),
                needs: needs.iter().filter(counted).map(|n| n.id).collect(),
                units: 0,
            }
        };
        Kept {
            quotas: self.quotas.iter().map(quota).collect(),
            budget: self.budget.map(|most| KeptBudget {
                most,
                asked: Money::zero(most.currency),
                costs: candidates.iter().filter_map(|c| Some((c.offer, c.asked?))).collect(),
            }),
            either: self.either.clone(),
            open: Vec::new(),
        }
    }
}

/// A limit as the plan keeps it: who and what was counted, and what the plan gives of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptQuota {
    #[serde(flatten)]
    pub quota: Quota,
    /// The offers it counts; none where it counts all that some needs get.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<OfferId>,
    pub needs: Vec<NeedId>,
    pub units: i64,
}
impl KeptQuota {
    pub fn counts(&self, offer: OfferId, need: NeedId) -> bool {
        self.needs.contains(&need) && (self.quota.who.side() == Side::Need || self.offers.binary_search(&offer).is_ok())
    }
    /// No unit less, as the plan stands.
    pub(crate) fn at_least(&self) -> bool {
        self.quota.least.is_some_and(|least| self.units <= least)
    }
    /// No unit more.
    pub(crate) fn at_most(&self) -> bool {
        self.quota.most.is_some_and(|most| self.units >= most)
    }
}
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptBudget {
    pub most: Money,
    /// What the chosen offers ask together.
    pub asked: Money,
    /// What each offer asks that asks anything.
    pub costs: BTreeMap<OfferId, i64>,
}
/// Terms as a plan keeps them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quotas: Vec<KeptQuota>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<KeptBudget>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub either: Vec<[OfferId; 2]>,
    /// Needs that would take more units than the plan gives them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<NeedId>,
}
impl Kept {
    pub fn is_empty(&self) -> bool {
        self.quotas.is_empty() && self.budget.is_none() && self.either.is_empty()
    }
    pub fn count(&self) -> usize {
        self.quotas.len() + self.either.len() + usize::from(self.budget.is_some())
    }
    /// What was asked for, to ask for it again.
    pub fn terms(&self) -> Terms {
        Terms {
            quotas: self.quotas.iter().map(|q| q.quota.clone()).collect(),
            budget: self.budget.as_ref().map(|b| b.most),
            either: self.either.clone(),
        }
    }
    /// Whether the groups have the same members, and the offers ask the same.
    pub(crate) fn same_ground(&self, now: &Kept) -> bool {
        let members = |k: &Kept| -> Vec<(Vec<OfferId>, Vec<NeedId>)> {
            k.quotas.iter().map(|q| (q.offers.clone(), q.needs.clone())).collect()
        };
        let costs = |k: &Kept| k.budget.as_ref().map(|b| b.costs.clone());
        members(self) == members(now) && costs(self) == costs(now)
    }
    /// Puts them into the solver's question: a group for each limit, in their order, and rules. Of each rule, the term that it
    /// stands for. Each bid comes as its offer and one of its needs.
    pub(crate) fn lay(&self, problem: &mut Problem, bids: &[(OfferId, Option<NeedId>)], needs: &[Need]) -> Vec<Term> {
        for q in &self.quotas {
            let side = q.quota.who.side();
            let members = match side {
                Side::Need => {
                    let of = |(at, n): (usize, &Need)| q.needs.contains(&n.id).then_some(at as u32);
                    needs.iter().enumerate().filter_map(of).collect()
                }
                Side::Offer => {
                    let counts = |b: &(OfferId, Option<NeedId>)| b.1.is_some_and(|need| q.counts(b.0, need));
                    (0..bids.len() as u32).filter(|b| counts(&bids[*b as usize])).collect()
                }
            };
            problem.groups.push(Group {
                side,
                members,
                min: q.quota.least.unwrap_or(0),
                max: q.quota.most.unwrap_or(i64::MAX),
            });
        }
        let mut of_rule = Vec::new();
        if let Some(budget) = &self.budget {
            // An offer that stands in parts is paid for once.
            let mut parts: BTreeMap<OfferId, Vec<u32>> = BTreeMap::new();
            for (at, b) in bids.iter().enumerate() {
                parts.entry(b.0).or_default().push(at as u32);
            }
            let cost = |(offer, parts): (OfferId, Vec<u32>)| {
                let cost = *budget.costs.get(&offer)?;
                (cost > 0).then_some((parts, cost))
            };
            problem.rules.push(Rule::Budget {
                costs: parts.into_iter().filter_map(cost).collect(),
                max: budget.most.minor,
            });
            of_rule.push(Term::Budget);
        }
        for (at, [one, other]) in self.either.iter().enumerate() {
            let parts = |offer: &OfferId| -> Vec<u32> {
                let of = |b: &u32| bids[*b as usize].0 == *offer;
                (0..bids.len() as u32).filter(of).collect()
            };
            // An offer that stands in parts excludes the other with each of them.
            for a in parts(one) {
                for b in parts(other) {
                    problem.rules.push(Rule::Exclusive { offers: vec![a, b] });
                    of_rule.push(Term::Either(at));
                }
            }
        }
        of_rule
    }
    /// The terms among the solver's limits, in order.
    pub(crate) fn among(&self, limits: &[Limit], of_rule: &[Term]) -> Vec<Term> {
        let of = |limit: &Limit| match *limit {
            // Groups behind these are those that fairness put in.
            Limit::GroupMin(g) | Limit::GroupMax(g) => {
                ((g as usize) < self.quotas.len()).then_some(Term::Quota(g as usize))
            }
            Limit::Rule(r) => of_rule.get(r as usize).copied(),
            _ => None,
        };
        let found: BTreeSet<Term> = limits.iter().filter_map(of).collect();
        found.into_iter().collect()
    }
    /// What the plan gives of each.
    pub(crate) fn reach(&mut self, lines: &[Line]) {
        for q in &mut self.quotas {
            q.units = lines
                .iter()
                .filter(|l| q.counts(l.offer, l.need))
                .map(|l| l.units)
                .sum();
        }
        if let Some(budget) = &mut self.budget {
            let chosen: BTreeSet<OfferId> = lines.iter().filter(|l| l.units > 0).map(|l| l.offer).collect();
            let asked = budget.costs.iter().filter(|(o, _)| chosen.contains(o)).map(|c| *c.1);
            budget.asked = Money::new(asked.sum(), budget.most.currency);
        }
    }
    /// Limits that ask for more than all whom they count can give, and how much that is.
    pub(crate) fn beyond(&self, problem: &Problem) -> Vec<(Term, i64)> {
        let mut of_offer: Vec<i64> = vec![0; problem.offers.len()];
        let mut of_need: Vec<i64> = vec![0; problem.needs.len()];
        for p in problem.pairs.iter().filter(|p| p.status != matching::Status::Forbidden) {
            for sum in [&mut of_offer[p.offer as usize], &mut of_need[p.need as usize]] {
                *sum = sum.saturating_add(p.max_units);
            }
        }
        let has = |g: &Group| -> i64 {
            let of = |m: &u32| match g.side {
                Side::Offer => of_offer[*m as usize].min(problem.offers[*m as usize].capacity),
                Side::Need => of_need[*m as usize].min(problem.needs[*m as usize].max),
            };
            g.members.iter().map(of).sum()
        };
        let groups = problem.groups.iter().take(self.quotas.len()).enumerate();
        groups
            .filter_map(|(at, g)| {
                let has = has(g);
                (has < g.min).then_some((Term::Quota(at), has))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
