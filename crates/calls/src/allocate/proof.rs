//! A plan's proof for anybody: the whole question with its prices, as the plan keeps them.

use basis::{NeedId, OfferId};
use matching::{Answer, Certificate, Pair, Problem, Status};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

use super::{Bid, Outcome, Part, Pin, Weights, places, problem};
use crate::call::Need;
use crate::fair::Bound;
use crate::terms::{KeptBudget, KeptQuota};

/// A need as the proof names it; its price is what one more place there would be worth.
#[derive(Clone, Debug, Serialize)]
pub struct ProofNeed {
    pub need: NeedId,
    pub min: i64,
    pub max: i64,
    pub priority: i64,
    pub price: String,
}
/// An offer as the proof names it; its price is what one more unit of it would be worth. An offer that is counted in
/// several units of measure with limits of their own stands here once for each, with the needs that are counted so.
#[derive(Clone, Debug, Serialize)]
pub struct ProofOffer {
    pub offer: OfferId,
    pub capacity: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<Vec<NeedId>>,
    pub price: String,
}
/// A pair that may carry units: "free", "forced" to exactly `max_units`, or "forbidden".
#[derive(Clone, Debug, Serialize)]
pub struct ProofPair {
    pub offer: OfferId,
    pub need: NeedId,
    pub value: i64,
    pub max_units: i64,
    pub status: &'static str,
    pub units: i64,
}
/// A limit of a group as the proof names it, with what the plan gives of it; its price is what one unit more, or less, there
/// would be worth.
#[derive(Clone, Debug, Serialize)]
pub struct ProofGroup {
    #[serde(flatten)]
    pub limit: KeptQuota,
    pub price: String,
}
/// A plan's certificate with the whole question, so that anybody can check it with a program of their own (the same
/// numbers as `youcheng match` reads), and what our own checker says of it now.
#[derive(Clone, Debug, Serialize)]
pub struct Proof {
    pub holds: bool,
    pub objective: String,
    pub weighted_unmet: String,
    /// What one missing minimum unit of priority 1 costs.
    pub weight: String,
    pub needs: Vec<ProofNeed>,
    pub offers: Vec<ProofOffer>,
    pub pairs: Vec<ProofPair>,
    /// What the chosen fairness asks beside: at least so many units for a need, at most so many of an offer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bounds: Vec<Bound>,
    /// The limits of groups that the plan keeps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<ProofGroup>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<KeptBudget>,
    /// Offers of which one at most is chosen, two by two.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub either: Vec<[OfferId; 2]>,
    /// Prices are in this fraction of a value; 1 where none is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<i64>,
    /// Each offer is looked at by itself for the bound, with its capacity as a limit and no price of it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
}
/// The bids of a plan that was worked out before, each with its price.
fn bids_kept<'a>(
    offered: &BTreeMap<OfferId, Vec<(NeedId, i64)>>,
    weights: &Weights,
    outcome: &'a Outcome,
) -> (Vec<Bid>, Vec<Option<&'a String>>) {
    let none = Vec::new();
    let bids_of = |offer: &OfferId| -> Vec<(Bid, Option<&'a String>)> {
        let value = |need: NeedId| outcome.mark(*offer, need).map_or(0, |m| m.value(weights));
        let lines: Vec<(NeedId, i64, i64)> = offered
            .get(offer)
            .unwrap_or(&none)
            .iter()
            .map(|(need, units)| (*need, *units, value(*need)))
            .collect();
        let mut parts = outcome.parts.iter().filter(|p| p.offer == *offer).peekable();
        if parts.peek().is_none() {
            let all: i64 = lines.iter().map(|l| l.1).sum();
            let capacity = outcome.limits.get(offer).copied().unwrap_or(all);
            let bid = Bid {
                offer: *offer,
                lines,
                capacity,
            };
            return vec![(bid, outcome.prices.offers.get(offer))];
        }
        let bid = |p: &Part| Bid {
            offer: *offer,
            lines: lines.iter().filter(|l| p.needs.contains(&l.0)).copied().collect(),
            capacity: p.capacity,
        };
        parts.map(|p| (bid(p), Some(&p.price))).collect()
    };
    outcome.marks.keys().flat_map(bids_of).unzip()
}
/// The proof of a plan that was worked out before, from what the plan keeps and what was offered.
pub fn proof(
    needs: &[Need],
    offered: &BTreeMap<OfferId, Vec<(NeedId, i64)>>,
    weights: &Weights,
    pins: &[Pin],
    outcome: &Outcome,
) -> Proof {
    let (bids, prices) = bids_kept(offered, weights, outcome);
    let mut problem = problem(needs, &bids, pins);
    outcome.terms.lay(&mut problem, &places(&bids), needs);
    if let Some(fair) = &outcome.fair {
        let at = |o: OfferId| {
            (0..bids.len() as u32)
                .filter(|b| bids[*b as usize].offer == o)
                .collect()
        };
        let need = |id: NeedId| needs.iter().position(|n| n.id == id).map(|n| n as u32);
        problem.groups.extend(fair.groups(at, need));
    }
    let given: HashMap<(OfferId, NeedId), i64> = outcome.lines.iter().map(|l| ((l.offer, l.need), l.units)).collect();
    let of = |p: &Pair| (bids[p.offer as usize].offer, needs[p.need as usize].id);
    let units: Vec<i64> = problem
        .pairs
        .iter()
        .map(|p| given.get(&of(p)).copied().unwrap_or(0))
        .collect();
    let price = |p: Option<&String>| p.cloned().unwrap_or_else(|| "0".to_owned());
    let number = |p: &String| p.parse::<i128>().unwrap_or(0);
    let proof = Proof {
        holds: false,
        objective: outcome.objective.clone(),
        weighted_unmet: outcome.weighted_unmet.clone(),
        weight: outcome.prices.weight.clone(),
        bounds: outcome.fair.as_ref().map(|f| f.bounds.clone()).unwrap_or_default(),
        groups: outcome
            .terms
            .quotas
            .iter()
            .enumerate()
            .map(|(at, q)| ProofGroup {
                limit: q.clone(),
                price: price(outcome.prices.groups.get(at)),
            })
            .collect(),
        budget: outcome.terms.budget.clone(),
        either: outcome.terms.either.clone(),
        scale: outcome.prices.scale,
        apart: outcome.prices.apart,
        needs: needs
            .iter()
            .map(|n| ProofNeed {
                need: n.id,
                min: n.min,
                max: n.max,
                priority: n.priority,
                price: price(outcome.prices.needs.get(&n.id)),
            })
            .collect(),
        offers: bids
            .iter()
            .zip(prices)
            .map(|(b, p)| ProofOffer {
                offer: b.offer,
                capacity: b.capacity,
                needs: outcome
                    .parts
                    .iter()
                    .any(|p| p.offer == b.offer)
                    .then(|| b.lines.iter().map(|l| l.0).collect()),
                price: price(p),
            })
            .collect(),
        pairs: problem
            .pairs
            .iter()
            .zip(&units)
            .map(|(p, units)| ProofPair {
                offer: of(p).0,
                need: of(p).1,
                value: p.value,
                max_units: p.max_units,
                status: match p.status {
                    Status::Free => "free",
                    Status::Forced => "forced",
                    Status::Forbidden => "forbidden",
                },
                units: *units,
            })
            .collect(),
    };
    let bounds = outcome.fair.iter().flat_map(|f| &f.bounds);
    let certificate = Certificate {
        weight: number(&proof.weight),
        offers: proof.offers.iter().map(|o| number(&o.price)).collect(),
        needs: proof.needs.iter().map(|n| number(&n.price)).collect(),
        groups: proof
            .groups
            .iter()
            .map(|g| &g.price)
            .chain(bounds.map(|b| &b.price))
            .map(number)
            .collect(),
        loads: Vec::new(),
        scale: i128::from(proof.scale.unwrap_or(1)),
        apart: proof.apart,
    };
    let holds = answer_of(&problem, units, certificate).is_ok_and(|answer| {
        answer.objective.to_string() == proof.objective && matching::check::check(&problem, &answer).is_ok()
    });
    Proof { holds, ..proof }
}

/// Units and prices as the checker takes them, with nothing claimed.
///
/// # Errors
/// Which limit the units break.
pub(crate) fn answer_of(
    problem: &Problem,
    units: Vec<i64>,
    certificate: Certificate,
) -> Result<Answer, matching::check::Flaw> {
    let t = matching::check::totals(problem, &units)?;
    Ok(Answer {
        units,
        objective: t.objective,
        weighted_unmet: t.weighted_unmet,
        unmet_min_units: t.unmet_min_units,
        bound: t.objective,
        unmet_bound: t.weighted_unmet,
        proved: false,
        searched: false,
        certificate,
        unmet: Vec::new(),
    })
}
