//! Plans that allocate a call's needs to its offers: solved, fixed by hand, solved again, laid side by side, published.

use access::{Asking, House};
use basis::{AccountId, AllocationId, CallId, Check, Day, Fail, Fill, Moment, NeedId, OfferId, Refusal, code};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use std::time::Duration;
use store::Entry;

use crate::allocate::{ASPECTS, Aspect, Candidate, Fault, Ground, Outcome, Pin, PinKind, Question, Scores, Weights};
use crate::brought::candidates;
use crate::call::{Call, CallStatus, Mode, Need};
use crate::fair::{Method, Wish, allocate_fairly};
use crate::panel::{Seat, review_is_complete};
use crate::terms::{Rows, Terms, TermsInput};
use crate::{fair, limits, store as sql};

code! {
    pub enum PlanStatus { Draft => "draft", Published => "published", SetAside => "set-aside" }
}
store::coded!(PlanStatus);
impl PlanStatus {
    pub fn fill(self) -> Fill {
        match self {
            PlanStatus::Draft => Fill::Half,
            PlanStatus::Published => Fill::Full,
            PlanStatus::SetAside => Fill::Dotted,
        }
    }
}

/// One plan with all its lines.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    pub id: AllocationId,
    pub call: CallId,
    /// The first, second, … of its call.
    pub number: i64,
    pub status: PlanStatus,
    pub weights: Weights,
    pub pins: Vec<Pin>,
    pub outcome: Outcome,
    pub made_by: Option<AccountId>,
    pub made_at: Moment,
    pub published_at: Option<Moment>,
    pub illustrative: bool,
    pub version: i64,
}
/// A plan in the row of plans.
#[derive(Clone, Debug, Serialize)]
pub struct PlanCard {
    pub id: AllocationId,
    pub number: i64,
    pub status: PlanStatus,
    pub weights: Weights,
    pub pins: usize,
    pub made_at: Moment,
    pub version: i64,
    /// What it comes to; none in plans from before this was kept apart.
    pub objective: Option<String>,
    /// Priority x missing minimum units.
    pub missing: Option<String>,
    pub proved: Option<bool>,
    pub pairs: Option<i64>,
    /// What it aims at: "value", or as [`Method`], with its percent.
    pub aim: Option<String>,
    pub aim_percent: Option<i64>,
    /// How many limits, budgets and exclusions it keeps.
    pub terms: Option<i64>,
    /// Not proved by prices, and the best all the same: every possibility was looked at.
    pub searched: bool,
}

/// One wish, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct PinInput {
    pub offer: String,
    pub need: String,
    /// "lock" with `units`, or "forbid"; empty lets the solver choose.
    pub kind: String,
    /// With "lock"; empty for as many as the plan to start from gives.
    pub units: String,
}
/// How to solve.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct SolveInput {
    /// The plan to start from: its prices make it quick, and its wishes stay unless named again.
    pub from: String,
    /// "true": write over that plan instead of laying a new one beside it.
    pub replace: String,
    /// Weights, of 100 together; all empty for those of the plan to start from, or of the call.
    pub panel: String,
    pub skills: String,
    pub dates: String,
    pub languages: String,
    pub place: String,
    pub promises: String,
    pub pins: Vec<PinInput>,
    /// "value" for the greatest value, "worst" for the worst-served needs first, "share" for at most `percent` of all units
    /// from one maker, "draw" for a draw in which no pair has more than `percent` of a chance; empty as the plan to start
    /// from has it.
    pub fair: String,
    pub percent: String,
    /// Limits of groups, a budget, offers of which one at most is chosen: exactly these; left out, as the plan to start from
    /// has them.
    pub terms: Option<TermsInput>,
    /// The version of the plan that was read.
    pub version: String,
}
struct Wishes {
    weights: Option<Weights>,
    pins: Vec<(OfferId, NeedId, Option<(PinKind, i64)>)>,
    fair: Option<Option<Wish>>,
    terms: Terms,
    rows: Rows,
}
/// Weights as typed, of 100 together; all empty says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct WeightsInput {
    pub panel: String,
    pub skills: String,
    pub dates: String,
    pub languages: String,
    pub place: String,
    pub promises: String,
}
impl WeightsInput {
    pub fn of(&self, aspect: Aspect) -> &str {
        match aspect {
            Aspect::Panel => &self.panel,
            Aspect::Skills => &self.skills,
            Aspect::Dates => &self.dates,
            Aspect::Languages => &self.languages,
            Aspect::Place => &self.place,
            Aspect::Promises => &self.promises,
        }
    }
    /// From values by aspect.
    pub fn from_each(typed: impl Fn(Aspect) -> String) -> WeightsInput {
        WeightsInput {
            panel: typed(Aspect::Panel),
            skills: typed(Aspect::Skills),
            dates: typed(Aspect::Dates),
            languages: typed(Aspect::Languages),
            place: typed(Aspect::Place),
            promises: typed(Aspect::Promises),
        }
    }
    /// None where nothing was typed; what is left empty beside the others weighs nothing. Fields are named with `prefix`.
    pub fn check(&self, c: &mut Check, prefix: &str) -> Option<Weights> {
        if ASPECTS.into_iter().all(|a| self.of(a).trim().is_empty()) {
            return None;
        }
        let clean = c.is_clean();
        let mut number = |aspect: Aspect| match self.of(aspect).trim() {
            "" => 0,
            typed => c.number(format!("{prefix}{aspect}"), typed, 0..=100),
        };
        let w = Weights {
            panel: number(Aspect::Panel),
            skills: number(Aspect::Skills),
            dates: number(Aspect::Dates),
            languages: number(Aspect::Languages),
            place: number(Aspect::Place),
            promises: number(Aspect::Promises),
        };
        if clean == c.is_clean()
            && let Err(r) = w.check()
        {
            // All of them together are wrong: the summary of errors leads to where they begin.
            c.refuse(Refusal {
                field: Some(format!("{prefix}{}", ASPECTS[0]).into()),
                ..r
            });
        }
        Some(w)
    }
}
impl SolveInput {
    pub(crate) fn weights(&self) -> WeightsInput {
        WeightsInput {
            panel: self.panel.clone(),
            skills: self.skills.clone(),
            dates: self.dates.clone(),
            languages: self.languages.clone(),
            place: self.place.clone(),
            promises: self.promises.clone(),
        }
    }
    /// Bad input is refused at its field, each pin at its own.
    fn check(
        &self,
        earlier: Option<&Plan>,
        call: &Call,
        needs: &[Need],
        candidates: &[Candidate],
    ) -> Result<Wishes, Vec<Refusal>> {
        let mut c = Check::new();
        let weights = self.weights().check(&mut c, "");
        let mut pins = Vec::new();
        for p in &self.pins {
            let at = pin_field(p.offer.trim(), p.need.trim());
            let (offer, need) = (c.id(at.clone(), &p.offer), c.id(at.clone(), &p.need));
            let kind = if p.kind.trim().is_empty() {
                None
            } else {
                c.one_of::<PinKind>(at.clone(), &p.kind)
            };
            let (Some(offer), Some(need)) = (offer, need) else {
                continue;
            };
            let typed = p.units.trim();
            let locked = earlier.and_then(|e| e.pins.iter().find(|x| (x.offer, x.need) == (offer, need)));
            let units = match kind {
                Some(PinKind::Lock) if typed.is_empty() => {
                    let given = earlier.map_or(0, |e| e.outcome.units(offer, need));
                    c.ensure(given > 0, || Refusal::at(at, "refusal-pin-no-units"));
                    given
                }
                Some(PinKind::Lock) => c.number(at, typed, 1..=1_000_000),
                Some(PinKind::Forbid) => 0,
                None => {
                    // What was typed for nothing would be lost without a word; what a lock said before it was lifted is no such thing.
                    let said = !typed.is_empty() && locked.is_none_or(|l| l.units.to_string() != typed);
                    c.ensure(!said || p.kind.trim() != "", || {
                        Refusal::at(at, "refusal-pin-units-free")
                    });
                    0
                }
            };
            pins.push((offer, need, kind.map(|k| (k, units))));
        }
        let giving = |x: &&Candidate| x.lines.iter().any(|l| l.1 > 0) && x.most != Some(0);
        let makers: std::collections::BTreeSet<OfferId> = candidates.iter().filter(giving).map(|x| x.offer).collect();
        let fair = Wish::check(&mut c, &self.fair, &self.percent, makers.len());
        let (terms, rows) = match &self.terms {
            Some(typed) => typed.check(&mut c, needs, candidates, call.currency),
            None => {
                let terms = earlier.map(|e| e.outcome.terms.terms()).unwrap_or_default();
                let rows = Rows::of(&terms);
                (terms, rows)
            }
        };
        c.done(Wishes {
            weights,
            pins,
            fair,
            terms,
            rows,
        })
    }
}
/// What a pin is called where something is wrong with it.
pub(crate) fn pin_field(offer: impl std::fmt::Display, need: impl std::fmt::Display) -> String {
    format!("pin-{offer}-{need}")
}
/// Wishes that collide, told at the pin that holds them: the one just said, or else the last.
fn refused(faults: &[Fault], pins: &[Pin], earlier: &[Pin], terms: &Terms, rows: &Rows) -> Vec<Refusal> {
    let holder = |of: &dyn Fn(&Pin) -> bool| {
        let locks = pins.iter().filter(|p| p.kind == PinKind::Lock && of(p));
        locks.max_by_key(|p| !earlier.contains(p))
    };
    let mut out: Vec<Refusal> = Vec::new();
    // At each of them: any one of these may be loosened.
    for fault in faults {
        match fault {
            Fault::TermOver { term, has } => {
                out.push(Refusal::at(rows.field(*term, terms), "refusal-term-over").with("has", *has));
            }
            Fault::Terms { terms: all, locked } => {
                let alone = all.len() == 1 && locked.is_empty();
                let code = if alone {
                    "refusal-term-alone"
                } else {
                    "refusal-terms-collide"
                };
                out.extend(all.iter().map(|t| Refusal::at(rows.field(*t, terms), code)));
                out.extend(
                    locked
                        .iter()
                        .map(|(o, n)| Refusal::at(pin_field(o, n), "refusal-pin-terms")),
                );
            }
            _ => {}
        }
    }
    for fault in faults {
        let (pin, refusal) = match *fault {
            Fault::TermOver { .. } | Fault::Terms { .. } => continue,
            Fault::NotOffered {
                offer, need, offered, ..
            } => (
                holder(&|p| (p.offer, p.need) == (offer, need)),
                if offered == 0 {
                    Refusal::page("refusal-pin-gone")
                } else {
                    Refusal::page("refusal-pin-over-offered").with("offered", offered)
                },
            ),
            Fault::OfferOver { offer, locked, has } => (
                holder(&|p| p.offer == offer),
                Refusal::page("refusal-pin-offer-over")
                    .with("locked", locked)
                    .with("has", has),
            ),
            Fault::NeedOver { need, locked, most } => (
                holder(&|p| p.need == need),
                Refusal::page("refusal-pin-need-over")
                    .with("locked", locked)
                    .with("most", most),
            ),
            // The one just said, else the last: any lock may be lifted to make room.
            Fault::Aim => (holder(&|_| true), Refusal::page("refusal-pin-aim")),
            Fault::Other => (None, Refusal::page("refusal-pins-collide")),
        };
        let field = pin.map(|p| pin_field(p.offer, p.need).into());
        // A pin says one thing that is wrong with it at a time.
        if field.is_none() || out.iter().all(|r| r.field != field) {
            out.push(Refusal { field, ..refusal });
        }
    }
    out
}

/// Solves a plan: a new one beside the others, or an own draft anew. The solving happens outside the transaction, so
/// that nobody else waits for it; what it was solved for is checked again when it is written. Wishes that cannot hold
/// together write nothing.
///
/// # Errors
/// Refusals at their fields, those of wishes at the pin that holds them; a denial; [`Fail::Changed`] when the call or the plan moved meanwhile.
pub async fn solve(house: &House, asking: &Asking, id: CallId, input: &SolveInput) -> Result<AllocationId, Fail> {
    let q = &house.db;
    let call = sql::load(q, id).await?.ok_or(Fail::NotFound)?;
    asking.check(
        house,
        "allocation.solve",
        &crate::review::at_stake(q, &call, &[]).await?,
    )?;
    asking.not_yet(house).await?;
    if call.status != CallStatus::InReview {
        return Err(Refusal::page("refusal-call-not-in-review").into());
    }
    let mut c = Check::new();
    let from = c.id_opt("from", &input.from);
    c.done(())?;
    let earlier = match from {
        Some(from) => Some(
            sql::plan(q, from)
                .await?
                .filter(|p| p.call == id)
                .ok_or(Fail::NotFound)?,
        ),
        None => None,
    };
    let needs = sql::needs(q, id).await?;
    let candidates = candidates(q, &call, house.today()).await?;
    let wishes = input.check(earlier.as_ref(), &call, &needs, &candidates)?;
    let replace = input.replace == "true";
    if replace && earlier.as_ref().is_none_or(|e| e.status != PlanStatus::Draft) {
        return Err(Refusal::page("refusal-plan-fixed").into());
    }
    if let Some(e) = earlier.as_ref().filter(|_| replace) {
        crate::same_version(&input.version, e.version)?;
    }
    let weights = wishes
        .weights
        .or(earlier.as_ref().map(|e| e.weights))
        .unwrap_or(call.weights);
    let pins = merged(
        earlier.as_ref().map(|e| e.pins.as_slice()).unwrap_or_default(),
        &wishes.pins,
    );
    let mut wish = wishes
        .fair
        .unwrap_or_else(|| earlier.as_ref().and_then(|e| Some(e.outcome.fair.as_ref()?.wish)));
    if let Some(w) = wish.as_mut().filter(|w| w.method == Method::Draw) {
        w.seed = Some(fair::seed(id, &sql::seals(q, id).await?));
    }
    let scores = scores(&call, &sql::seats(q, id).await?);
    let mut outcome = solved(
        call.clone(),
        needs,
        candidates,
        weights,
        pins.clone(),
        wishes.terms.clone(),
        earlier.as_ref().map(|e| e.outcome.clone()),
        wish,
    )
    .await?;
    if !outcome.faults.is_empty() {
        let old = earlier.as_ref().map(|e| e.pins.as_slice()).unwrap_or_default();
        return Err(refused(&outcome.faults, &pins, old, &wishes.terms, &wishes.rows).into());
    }
    outcome.scores = scores;

    let tx = asking.begin(house).await?;
    if !sql::hold_in_review(&tx, id).await? {
        return Err(Fail::Changed);
    }
    let fresh = Plan {
        id: tx.fresh(),
        call: id,
        number: 0,
        status: PlanStatus::Draft,
        weights,
        pins,
        outcome,
        made_by: asking.viewer.account(),
        made_at: tx.now(),
        published_at: None,
        illustrative: call.illustrative,
        version: 1,
    };
    let plan_id = match earlier.filter(|_| replace) {
        Some(e) => {
            let next = Plan {
                id: e.id,
                number: e.number,
                version: e.version,
                ..fresh
            };
            sql::save_plan(&tx, &next).await?;
            note(&tx, &next);
            next.id
        }
        None => {
            let number = sql::insert_plan(&tx, &fresh).await?;
            note(
                &tx,
                &Plan {
                    number,
                    ..fresh.clone()
                },
            );
            fresh.id
        }
    };
    tx.done(plan_id).await
}
fn note(tx: &store::Tx, p: &Plan) {
    let told = serde_json::json!({ "call": p.call, "number": p.number, "weights": p.weights, "pins": p.pins, "fair": p.outcome.fair.as_ref().map(|f| f.wish), "terms": p.outcome.terms.terms(), "proved": p.outcome.proved, "objective": p.outcome.objective, "scores": p.outcome.scores });
    tx.journal(Entry::of("allocation.solved", p.id).after(told));
}
/// So long a fair plan may take, or one with terms that a flow cannot carry.
const FAIR_TIME: Duration = Duration::from_secs(30);
/// How many of those on the panel have handed in; none where no panel scores.
pub(crate) fn scores(call: &Call, seats: &[Seat]) -> Option<Scores> {
    let counting = || seats.iter().filter(|s| s.counts());
    (call.mode == Mode::Outsourcing).then(|| Scores {
        handed_in: counting().filter(|s| s.scored_at.is_some()).count(),
        seats: counting().count(),
    })
}
/// Whether the panel has spoken, as far as one is asked: a plan stands on its scores, and binds what is awarded. Where the
/// reading is divided, each offer of the plan was read by somebody: whoever was to read it alone may have left.
pub(crate) fn has_ground(call: &Call, seats: &[Seat], outcome: &Outcome) -> Result<(), Refusal> {
    if call.mode == Mode::Assignment {
        return Ok(());
    }
    review_is_complete(seats)?;
    let counting = || seats.iter().filter(|s| s.counts());
    if counting().all(|s| s.readings.is_none()) {
        return Ok(());
    }
    let unread = |o: &&OfferId| !counting().any(|s| s.must_score(**o));
    match outcome.marks.keys().filter(unread).count() {
        0 => Ok(()),
        unread => Err(Refusal::page("refusal-plan-unread").with("unread", unread)),
    }
}
#[expect(
    clippy::too_many_arguments,
    reason = "the whole question, as it goes to a thread of its own"
)]
async fn solved(
    call: Call,
    needs: Vec<Need>,
    candidates: Vec<Candidate>,
    weights: Weights,
    pins: Vec<Pin>,
    terms: Terms,
    earlier: Option<Outcome>,
    wish: Option<Wish>,
) -> Result<Outcome, Fail> {
    let late = Arc::new(AtomicBool::new(false));
    let seen = late.clone();
    let work = move || {
        let stop = || seen.load(Ordering::Relaxed);
        let question = Question {
            call: &call,
            needs: &needs,
            candidates: &candidates,
            weights: &weights,
            pins: &pins,
            terms: &terms,
        };
        allocate_fairly(&question, earlier.as_ref(), wish.as_ref(), &stop)
    };
    let work = tokio::task::spawn_blocking(work);
    // Nobody waits for ever: fairness takes many solves, and groups that cross a long search.
    let clock = tokio::spawn(async move {
        tokio::time::sleep(FAIR_TIME).await;
        late.store(true, Ordering::Relaxed);
    });
    let outcome = work.await.map_err(Fail::fault)?;
    clock.abort();
    Ok(outcome?)
}
/// Earlier wishes, with what is newly said about a pair in their place.
fn merged(old: &[Pin], new: &[(OfferId, NeedId, Option<(PinKind, i64)>)]) -> Vec<Pin> {
    let mut pins: Vec<Pin> = old
        .iter()
        .filter(|p| !new.iter().any(|(o, n, _)| (*o, *n) == (p.offer, p.need)))
        .cloned()
        .collect();
    pins.extend(new.iter().filter_map(|(offer, need, said)| {
        said.map(|(kind, units)| Pin {
            offer: *offer,
            need: *need,
            kind,
            units,
        })
    }));
    pins
}

/// Publishes a plan: what is awarded from now on follows it. An earlier published one is set aside.
///
/// # Errors
/// A refusal for a plan without an allocation, before all of the panel have scored, or when its offers or their marks are
/// others by now; a denial; [`Fail::Changed`].
pub async fn publish_plan(house: &House, asking: &Asking, id: AllocationId) -> Result<AllocationId, Fail> {
    let tx = asking.begin(house).await?;
    let old = sql::plan(&tx, id).await?.ok_or(Fail::NotFound)?;
    let call = sql::load(&tx, old.call).await?.ok_or(Fail::NotFound)?;
    asking.check(
        house,
        "allocation.publish",
        &crate::review::at_stake(&tx, &call, &[]).await?,
    )?;
    if !sql::hold_in_review(&tx, call.id).await? {
        return Err(Refusal::page("refusal-call-not-in-review").into());
    }
    if !old.outcome.faults.is_empty() {
        return Err(Refusal::page("refusal-plan-has-faults").into());
    }
    if old.status == PlanStatus::Published {
        return Err(Refusal::page("refusal-plan-fixed").into());
    }
    // Held, so that nobody hands in or is struck while it is looked at.
    sql::hold_seats(&tx, call.id).await?;
    has_ground(&call, &sql::seats(&tx, call.id).await?, &old.outcome)?;
    let needs = sql::needs(&tx, call.id).await?;
    let now = candidates(&tx, &call, house.today()).await?;
    match old.outcome.ground(&call, &needs, &now) {
        Ground::Same => {}
        Ground::OtherOffers => return Err(Refusal::page("refusal-plan-offers-changed").into()),
        Ground::OtherMarks => return Err(Refusal::page("refusal-plan-marks-changed").into()),
        Ground::OtherGroups => return Err(Refusal::page("refusal-plan-groups-changed").into()),
    }
    still_fits(&tx, &call, &old, house.today()).await?;
    sql::set_aside(&tx, call.id).await?;
    let next = Plan {
        status: PlanStatus::Published,
        published_at: Some(tx.now()),
        ..old
    };
    sql::save_plan(&tx, &next).await?;
    tx.journal(Entry::of("allocation.published", id).after(next.number));
    tx.done(id).await
}
/// Another call may have been given the same hours since this plan was worked out.
async fn still_fits(tx: &store::Tx, call: &Call, plan: &Plan, today: Day) -> Result<(), Fail> {
    let mut given: HashMap<OfferId, limits::Lines> = HashMap::new();
    for line in &plan.outcome.lines {
        given.entry(line.offer).or_default().push((line.need, line.units));
    }
    let mut offers = sql::opened_offers(tx, call.id).await?;
    offers.retain(|o| given.contains_key(&o.id));
    let needs = sql::needs(tx, call.id).await?;
    let lines = |offer| given.get(&offer).cloned().unwrap_or_default();
    if limits::still_fit(tx, call.id, &needs, &offers, lines, today).await? {
        Ok(())
    } else {
        Err(Refusal::page("refusal-plan-over-limit").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocate::tests::{allocate, candidate};
    use crate::call::tests::{at, draft, need};
    use crate::panel::{Conflict, Struck};
    use basis::Id;

    #[test]
    fn no_plan_stands_on_an_offer_that_nobody_was_given_to_read() {
        let call = Call {
            mode: Mode::Outsourcing,
            ..draft()
        };
        let seat = |name: &str, reads: &[&str]| Seat {
            call: call.id,
            account: Id::named(name),
            lead: false,
            conflict: Some(Conflict {
                declared_at: at(0),
                offers: Vec::new(),
                note: String::new(),
            }),
            struck: None,
            scored_at: Some(at(1)),
            readings: Some(reads.iter().map(|o| Id::named(o)).collect()),
        };
        let (needs, w) = ([need("x", 0, 2, 1)], Weights::default());
        let offers = ["a", "b"].map(|n| candidate(n, 500, &[("x", 1)]));
        let plan = allocate(&call, &needs, &offers, &w, &[], None).unwrap();
        let mut seats = vec![
            seat("1", &["a"]),
            seat("2", &["a"]),
            seat("3", &["a"]),
            seat("4", &["b"]),
        ];
        assert_eq!(has_ground(&call, &seats, &plan), Ok(()));
        seats[3].scored_at = None;
        assert_eq!(
            has_ground(&call, &seats, &plan).unwrap_err().code,
            "refusal-scores-missing"
        );
        // Who alone was to read b leaves: the others are complete, and b was read by nobody.
        seats[3].struck = Some(Struck::Withdrawn);
        assert_eq!(
            has_ground(&call, &seats, &plan).unwrap_err().code,
            "refusal-plan-unread"
        );
        // Somebody who comes in later reads all.
        seats.push(Seat {
            readings: None,
            ..seat("5", &[])
        });
        assert_eq!(has_ground(&call, &seats, &plan), Ok(()));
        let alone = allocate(&call, &needs, &offers[..1], &w, &[], None).unwrap();
        assert_eq!(
            has_ground(&call, &seats[..4], &alone),
            Ok(()),
            "without b on the short list"
        );
    }
}
