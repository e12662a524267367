//! Fairness as a choice of who makes a plan: instead of the greatest value, the worst-served needs first, a bounded share for
//! each maker, or a draw with a seed that nobody chooses. What it costs in value stands beside the plan.

use basis::{CallId, Check, NeedId, OfferId, Refusal, code};
use matching::{Answer, Certificate, Group, Options, Side, fairness};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

use crate::allocate::{Asked, Fault, Outcome, PinKind, Question, answer_of};

code! {
    pub enum Method {
        /// The need that gets least gets as much as it can, then the next.
        Worst => "worst",
        /// Nobody gives more than a share of all that is given.
        Share => "share",
        /// Drawn: no pair is sure.
        Draw => "draw",
    }
}
/// What is wished instead of the greatest value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub method: Method,
    /// The most that one maker gives of all units, or the most chance of any pair, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<i64>,
    /// Of a draw: what anybody can work out again from the call and the seals of its offers. Written as text: many readers of
    /// JSON round numbers beyond 53 bits, and another seed draws another plan.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "as_text")]
    pub seed: Option<u64>,
}
mod as_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(seed: &Option<u64>, to: S) -> Result<S::Ok, S::Error> {
        match seed {
            Some(seed) => to.collect_str(seed),
            None => to.serialize_none(),
        }
    }
    /// In plans from before it was text it is a number.
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Kept {
        Number(u64),
        Text(String),
    }
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
        Ok(match Option::<Kept>::deserialize(from)? {
            None => None,
            Some(Kept::Number(seed)) => Some(seed),
            Some(Kept::Text(text)) => Some(text.parse().map_err(D::Error::custom)?),
        })
    }
}
impl Wish {
    /// As typed; "value" asks for the greatest value, and nothing typed says nothing.
    /// `makers` have something to give.
    pub fn check(c: &mut Check, fair: &str, percent: &str, makers: usize) -> Option<Option<Wish>> {
        let method = match fair.trim() {
            "" => return None,
            "value" => None,
            typed => Some(c.one_of::<Method>("fair", typed)?),
        };
        let percent = match method {
            // Not used, but no number is none.
            None | Some(Method::Worst) => {
                if !percent.trim().is_empty() {
                    c.number("percent", percent, 0..=100);
                }
                None
            }
            Some(Method::Share) => {
                let before = c.refused();
                let percent = c.number("percent", percent, 1..=100);
                let read = c.refused() == before;
                if let Some(least) = least_share(makers).filter(|least| read && percent < *least) {
                    c.refuse(
                        Refusal::at("percent", "refusal-share-small")
                            .with("least", least)
                            .with("makers", makers),
                    );
                }
                Some(percent)
            }
            // At 100 nothing would be left to luck.
            Some(Method::Draw) => Some(c.number("percent", percent, 1..=99)),
        };
        let Some(method) = method else { return Some(None) };
        Some(Some(Wish {
            method,
            percent,
            seed: None,
        }))
    }
}
/// So many makers can stay within no smaller share, in percent, if anybody gives anything.
fn least_share(makers: usize) -> Option<i64> {
    i64::try_from(100usize.div_ceil(makers.max(1)))
        .ok()
        .filter(|_| makers > 0)
}
/// The seed of a call's draws: fixed by the seals that went on record at the opening, so nobody draws until it suits them.
pub fn seed(call: CallId, seals: &[String]) -> u64 {
    let digest = Sha256::digest(format!("{call}\n{}", seals.join("\n")));
    u64::from_be_bytes(std::array::from_fn(|i| digest[i]))
}

/// A bound that fairness sets, with its price in the proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<OfferId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<NeedId>,
    pub min: i64,
    pub max: i64,
    pub price: String,
}
/// How a plan was made fair, beside what the greatest value would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fair {
    pub wish: Wish,
    /// Total value, and missing units by priority, of the plan of greatest value.
    pub best_objective: String,
    pub best_missing: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bounds: Vec<Bound>,
}
impl Fair {
    /// Value given up; below nothing where fewer minimum units are met and the plan so is worth more.
    pub fn cost(&self, objective: &str) -> i128 {
        let number = |n: &str| n.parse::<i128>().unwrap_or(0);
        number(&self.best_objective) - number(objective)
    }
    /// The bounds as the solver takes them, for who checks the proof.
    pub(crate) fn groups(
        &self,
        offer: impl Fn(OfferId) -> Vec<u32>,
        need: impl Fn(NeedId) -> Option<u32>,
    ) -> Vec<Group> {
        let group = |b: &Bound| Group {
            side: if b.offer.is_some() { Side::Offer } else { Side::Need },
            members: match (b.offer, b.need) {
                (Some(o), _) => offer(o),
                (None, n) => n.and_then(&need).into_iter().collect(),
            },
            min: b.min,
            max: b.max,
        };
        self.bounds.iter().map(group).collect()
    }
}

/// The plan by this wish; by none, the one of greatest value.
///
/// # Errors
/// As [`allocate`]; a refusal where the wish takes too long, or a draw cannot keep its chances.
pub fn allocate_fairly(
    q: &Question<'_>,
    earlier: Option<&Outcome>,
    wish: Option<&Wish>,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Outcome, Refusal> {
    let candidates = q.terms.apart(q.needs, q.candidates);
    let asked = Asked::new(&Question {
        candidates: &candidates,
        ..*q
    });
    let plain = || asked.best(earlier, stop);
    let Some(wish) = wish else { return plain() };
    if !asked.faults().is_empty() {
        return plain();
    }
    let options = Options {
        stop: Some(stop),
        ..Options::default()
    };
    let problem = &asked.problem;
    let permille = u32::try_from(wish.percent.unwrap_or(100) * 10).unwrap_or(1000);
    let made = match wish.method {
        Method::Worst => fairness::leximin(problem, &options).map(|made| asked.bounded(made, wish)),
        Method::Share => {
            let makers: Vec<Vec<u32>> = asked.by_offer().into_values().collect();
            fairness::bounded_share(problem, &makers, permille, &options)
                .and_then(|made| tightened(made, problem.groups.len(), permille, &options))
                .map(|made| asked.bounded(made, wish))
        }
        Method::Draw => {
            let seed = wish.seed.unwrap_or(0);
            fairness::lottery(problem, permille, 1000, seed, &options).and_then(|drawn| {
                let fair = fair(wish, &drawn.best, Vec::new());
                // Within every limit, and with no prices to prove anything by.
                let answer = answer_of(problem, drawn.units, Certificate::default());
                Ok((answer.map_err(|_| matching::Refusal::TimeUp)?, fair))
            })
        }
    };
    let (answer, fair) = match made {
        Ok(made) => made,
        // What the solver has no exact way for.
        Err(matching::Refusal::Beyond(_)) if !q.terms.is_empty() => {
            return Err(Refusal::at("fair", "refusal-fair-terms"));
        }
        // What is locked collides by itself, or else with the aim: nobody is given a plan with another one.
        Err(matching::Refusal::Conflict(_) | matching::Refusal::Beyond(_)) => {
            let beside = plain()?;
            if !beside.faults.is_empty() {
                return Ok(beside);
            }
            if !q.terms.is_empty() {
                return Err(Refusal::at("fair", "refusal-fair-terms-room"));
            }
            if q.pins.iter().any(|p| p.kind == PinKind::Lock) {
                return Ok(Outcome {
                    faults: vec![Fault::Aim],
                    ..beside.bare()
                });
            }
            return Err(Refusal::at("fair", "refusal-fair-not-possible"));
        }
        Err(matching::Refusal::TimeUp) => return Err(Refusal::at("fair", "refusal-fair-too-long")),
        Err(_) => return Err(Refusal::at("fair", "refusal-fair-not-possible")),
    };
    // The order of arrival is no part of what was asked for, and a draw is not moved afterwards.
    Ok(asked.outcome(&answer, false, Some(fair)))
}
fn fair(wish: &Wish, best: &Answer, bounds: Vec<Bound>) -> Fair {
    Fair {
        wish: *wish,
        best_objective: best.objective.to_string(),
        best_missing: best.weighted_unmet.to_string(),
        bounds,
    }
}
/// Of a share, a proof that can be checked with the plan alone. Where the solver went through several numbers of units the
/// prices it started from prove too little; those within what a maker may give of just so many units may prove it: of all plans
/// in which nobody gives more than that.
fn tightened(
    made: fairness::Fair,
    own: usize,
    permille: u32,
    options: &Options,
) -> Result<fairness::Fair, matching::Refusal> {
    if made.answer.proved || !made.answer.searched {
        return Ok(made);
    }
    let given: i128 = made.answer.units.iter().map(|u| i128::from(*u)).sum();
    let most = i64::try_from(given * i128::from(permille) / 1000).unwrap_or(i64::MAX);
    let mut problem = made.problem.clone();
    // The plan's own limits stay as they are.
    for group in problem.groups.iter_mut().skip(own) {
        group.max = group.max.min(most);
    }
    let again = match matching::solve(&problem, options) {
        Ok(again) => again,
        Err(matching::Refusal::TimeUp) => return Ok(made),
        Err(other) => return Err(other),
    };
    let answer = Answer {
        proved: false,
        certificate: again.certificate,
        ..made.answer.clone()
    };
    // Of fewer units in all the same number is a larger share, and may be worth more: then there is no such proof.
    match matching::check::check(&problem, &answer) {
        Ok(_) => Ok(fairness::Fair {
            answer: Answer { proved: true, ..answer },
            problem,
            ..made
        }),
        Err(_) => Ok(made),
    }
}
impl Asked<'_> {
    /// The plan with the bounds that it was proved with.
    fn bounded(&self, made: fairness::Fair, wish: &Wish) -> (Answer, Fair) {
        let prices = &made.answer.certificate.groups;
        let bound = |(at, group): (usize, &Group)| {
            let first = group.members.first().copied().unwrap_or(0) as usize;
            let offer = || self.candidates.get(first).map(|c| c.offer);
            let need = || self.needs.get(first).map(|n| n.id);
            let (offer, need) = match group.side {
                Side::Offer => (offer(), None),
                Side::Need => (None, need()),
            };
            Bound {
                offer,
                need,
                min: group.min,
                max: group.max,
                price: prices.get(at).copied().unwrap_or(0).to_string(),
            }
        };
        // Behind the groups of the question itself, the plan's own limits, stand those that fairness put in.
        let bounds = if made.answer.proved {
            let all = made.problem.groups.iter().enumerate();
            all.skip(self.problem.groups.len()).map(bound).collect()
        } else {
            Vec::new()
        };
        let fair = fair(wish, &made.best, bounds);
        (made.answer, fair)
    }
    /// Each maker's places in the question: one offer, or its parts.
    fn by_offer(&self) -> BTreeMap<OfferId, Vec<u32>> {
        let mut out: BTreeMap<OfferId, Vec<u32>> = BTreeMap::new();
        for (at, c) in self.candidates.iter().enumerate() {
            out.entry(c.offer).or_default().push(at as u32);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocate::{Candidate, Passed, Pin, Weights, Why, WhyNot, proof, tests::candidate, tests::question};
    use crate::call::Need;
    use crate::call::tests::{draft, need};
    use crate::terms::Terms;
    use basis::{Field, Id};

    fn plan(needs: &[Need], all: &[Candidate], wish: Option<Wish>) -> Outcome {
        let (call, w, terms) = (draft(), Weights::default(), Terms::default());
        allocate_fairly(
            &question(&call, needs, all, &w, &[], &terms),
            None,
            wish.as_ref(),
            &|| false,
        )
        .unwrap()
    }
    fn wish(method: Method, percent: Option<i64>) -> Option<Wish> {
        Some(Wish {
            method,
            percent,
            seed: Some(7),
        })
    }
    fn at_need(o: &Outcome, need: &str) -> i64 {
        o.lines
            .iter()
            .filter(|l| l.need == Id::named(need))
            .map(|l| l.units)
            .sum()
    }
    fn of_offer(o: &Outcome, offer: &str) -> i64 {
        o.given(Id::named(offer)).iter().map(|l| l.1).sum()
    }
    fn holds(needs: &[Need], all: &[Candidate], o: &Outcome) -> bool {
        let offered = all.iter().map(|c| (c.offer, c.lines.clone())).collect();
        proof(needs, &offered, &Weights::default(), &[], o).holds
    }
    #[test]
    fn the_worst_served_first_costs_what_it_says_and_is_proved() {
        // The better offer serves x alone; only the worse one serves both.
        let needs = [need("x", 0, 4, 1), need("y", 0, 4, 1)];
        let all = [
            Candidate {
                most: Some(4),
                ..candidate("a", 900, &[("x", 4), ("y", 4)])
            },
            candidate("b", 100, &[("x", 1)]),
        ];
        let best = plan(&needs, &all, None);
        let fair = plan(&needs, &all, wish(Method::Worst, None));
        let mut served = [at_need(&fair, "x"), at_need(&fair, "y")];
        served.sort_unstable();
        assert_eq!(served, [2, 3]);
        let told = fair.fair.as_ref().unwrap();
        assert_eq!(told.best_objective, best.objective);
        let lost = best.objective.parse::<i128>().unwrap() - fair.objective.parse::<i128>().unwrap();
        assert_eq!(told.cost(&fair.objective), lost);
        assert!(fair.proved && holds(&needs, &all, &fair), "{fair:?}");
        // Of the need that both serve, value still tells whose units.
        assert!(fair.lines.iter().all(|l| l.why != Why::Fair), "{:?}", fair.lines);
    }
    #[test]
    fn nobody_gives_more_than_the_share() {
        let needs = [need("x", 0, 8, 1)];
        let all = [
            candidate("a", 900, &[("x", 8)]),
            candidate("b", 500, &[("x", 8)]),
            candidate("c", 100, &[("x", 8)]),
        ];
        assert_eq!(of_offer(&plan(&needs, &all, None), "a"), 8);
        let fair = plan(&needs, &all, wish(Method::Share, Some(50)));
        assert_eq!(
            (of_offer(&fair, "a"), of_offer(&fair, "b"), of_offer(&fair, "c")),
            (4, 4, 0)
        );
        assert!(fair.proved && holds(&needs, &all, &fair));
        let why = |offer: &str| fair.lines.iter().find(|l| l.offer == Id::named(offer)).map(|l| &l.why);
        let (a, b) = (Id::named("a"), Id::named("b"));
        assert!(
            matches!(why("a"), Some(Why::Best { over, .. }) if *over == b),
            "{:?}",
            why("a")
        );
        assert!(
            matches!(why("b"), Some(Why::OtherShare { other, by: 1.. }) if *other == a),
            "{:?}",
            why("b")
        );
        let offered = all.iter().map(|c| (c.offer, c.lines[0]));
        let passed = fair.passed(offered, &Weights::default(), &[]);
        let told = &passed[&needs[0].id][0].why;
        assert!(matches!(told, WhyNot::Less { than, .. } if *than == b), "{told:?}");
        let mut worse = fair.clone();
        worse.fair.as_mut().unwrap().bounds[0].max = 8;
        assert!(!holds(&needs, &all, &worse), "without its bound it is not the best");
    }
    #[test]
    fn a_seed_is_written_as_text_and_read_as_either() {
        let wish = Wish {
            method: Method::Draw,
            percent: Some(40),
            seed: Some(15_009_476_799_574_386_541),
        };
        let text = serde_json::to_string(&wish).unwrap();
        assert!(text.contains("\"seed\":\"15009476799574386541\""), "{text}");
        for text in [
            text.clone(),
            text.replace("\"15009476799574386541\"", "15009476799574386541"),
        ] {
            assert_eq!(serde_json::from_str::<Wish>(&text).unwrap(), wish);
        }
        let none = Wish { seed: None, ..wish };
        let text = serde_json::to_string(&none).unwrap();
        assert_eq!(serde_json::from_str::<Wish>(&text).unwrap(), none);
    }
    #[test]
    fn a_draw_is_the_same_for_the_same_seed() {
        let needs = [need("x", 0, 1, 1), need("y", 0, 1, 1)];
        let all = [
            candidate("a", 900, &[("x", 1), ("y", 1)]),
            candidate("b", 800, &[("x", 1), ("y", 1)]),
        ];
        let one = plan(&needs, &all, wish(Method::Draw, Some(50)));
        assert_eq!(one, plan(&needs, &all, wish(Method::Draw, Some(50))));
        assert!(!one.proved && one.lines.len() == 2);
        assert!(one.lines.iter().all(|l| l.why == Why::Drawn), "{:?}", one.lines);
        let drawn: std::collections::BTreeSet<String> = (0..20)
            .map(|s| {
                let wish = Wish {
                    seed: Some(s),
                    ..wish(Method::Draw, Some(50)).unwrap()
                };
                format!(
                    "{:?}",
                    plan(&needs, &all, Some(wish))
                        .lines
                        .iter()
                        .map(|l| (l.offer, l.need))
                        .collect::<Vec<_>>()
                )
            })
            .collect();
        assert!(drawn.len() > 1, "no pair is sure");
        assert_eq!(seed(Id::named("c"), &["s".into()]), seed(Id::named("c"), &["s".into()]));
        assert_ne!(seed(Id::named("c"), &["s".into()]), seed(Id::named("c"), &["t".into()]));
    }
    #[test]
    fn a_lock_holds_in_a_fair_plan_or_is_told_as_what_leaves_it_no_room() {
        let needs = [need("x", 0, 8, 1)];
        let all = [candidate("a", 900, &[("x", 8)]), candidate("b", 900, &[("x", 8)])];
        let lock = |units| Pin {
            offer: Id::named("a"),
            need: needs[0].id,
            kind: PinKind::Lock,
            units,
        };
        let made = |method, percent, pin: Pin| {
            let (call, w, terms) = (draft(), Weights::default(), Terms::default());
            let pins = [pin];
            let asked = question(&call, &needs, &all, &w, &pins, &terms);
            allocate_fairly(&asked, None, wish(method, percent).as_ref(), &|| false).unwrap()
        };
        let held = made(Method::Share, Some(50), lock(2));
        assert_eq!((of_offer(&held, "a"), of_offer(&held, "b")), (2, 2));
        assert_eq!(made(Method::Share, Some(50), lock(7)).faults, [Fault::Aim]);
        assert_eq!(of_offer(&made(Method::Worst, None, lock(3)), "a"), 3);
        assert_eq!(of_offer(&made(Method::Draw, Some(50), lock(3)), "a"), 3);
        let over = made(Method::Worst, None, lock(9));
        assert!(matches!(over.faults[..], [Fault::NotOffered { .. }, ..]), "{over:?}");
    }
    #[test]
    fn arrival_decides_nothing_where_fairness_does_and_no_reason_says_so() {
        let needs = [need("x", 0, 4, 1)];
        let all = ["a", "b"].map(|n| candidate(n, 500, &[("x", 4)]));
        let fair = plan(&needs, &all, wish(Method::Worst, None));
        assert!(fair.order.is_empty());
        assert!(
            fair.lines.iter().all(|l| matches!(l.why, Why::Equal { .. })),
            "{fair:?}"
        );
        let offered = all.iter().map(|c| (c.offer, c.lines[0]));
        let passed = fair.passed(offered, &Weights::default(), &[]);
        let whys: Vec<&WhyNot> = passed.values().flatten().map(|p: &Passed| &p.why).collect();
        assert!(whys.iter().all(|w| matches!(w, WhyNot::Equal { .. })), "{whys:?}");
        assert!(!plan(&needs, &all, None).order.is_empty());
    }
    #[test]
    fn who_gives_a_whole_share_is_told_so_where_more_is_offered() {
        let needs = [need("x", 0, 4, 1), need("y", 0, 4, 1)];
        let all = [
            candidate("a", 900, &[("x", 4), ("y", 4)]),
            candidate("b", 100, &[("y", 4)]),
        ];
        let fair = plan(&needs, &all, wish(Method::Share, Some(50)));
        assert_eq!((at_need(&fair, "x"), of_offer(&fair, "b")), (4, 4));
        let offered = all.iter().flat_map(|c| c.lines.iter().map(|l| (c.offer, *l)));
        let passed = fair.passed(offered, &Weights::default(), &[]);
        assert_eq!(passed[&needs[1].id][0].why, WhyNot::Share, "{fair:?}");
    }
    #[test]
    fn who_serves_the_worst_served_is_told_as_what_keeps_it_from_more() {
        // Worth more at x, which others serve too; y has nobody else.
        let mut needs = [need("x", 0, 2, 1), need("y", 0, 2, 1)];
        let mut both = candidate("a", 500, &[("x", 2), ("y", 2)]);
        both.most = Some(2);
        both.fields = vec![Field::Culture];
        for (need, field) in needs.iter_mut().zip([Field::Culture, Field::Health]) {
            need.field = Some(field);
        }
        let all = [both, candidate("b", 100, &[("x", 2)])];
        let fair = plan(&needs, &all, wish(Method::Worst, None));
        assert_eq!((at_need(&fair, "x"), at_need(&fair, "y")), (2, 2));
        let offered = all.iter().flat_map(|c| c.lines.iter().map(|l| (c.offer, *l)));
        let passed = fair.passed(offered, &Weights::default(), &[]);
        let told = &passed[&needs[0].id][0].why;
        assert_eq!(*told, WhyNot::WorseServed { at: needs[1].id }, "{fair:?}");
    }
    #[test]
    fn what_is_typed_is_told_at_its_field() {
        let mut c = Check::new();
        assert_eq!(Wish::check(&mut c, "", "", 3), None);
        assert_eq!(Wish::check(&mut c, "value", "", 3), Some(None));
        assert_eq!(Wish::check(&mut c, "value", "40", 3), Some(None));
        assert_eq!(Wish::check(&mut c, "worst", "", 3).unwrap().unwrap().percent, None);
        assert_eq!(
            Wish::check(&mut c, "share", "34", 3).unwrap().unwrap().percent,
            Some(34)
        );
        assert_eq!(Wish::check(&mut c, "draw", "99", 3).unwrap().unwrap().percent, Some(99));
        assert_eq!(Wish::check(&mut c, "share", "5", 0).unwrap().unwrap().percent, Some(5));
        assert!(c.is_clean());
        for (fair, percent, at, code) in [
            ("share", "0", "percent", "refusal-out-of-range"),
            ("luck", "5", "fair", "refusal-not-in-list"),
            ("value", "much", "percent", "refusal-not-a-number"),
            ("worst", "-1", "percent", "refusal-out-of-range"),
            ("draw", "100", "percent", "refusal-out-of-range"),
            // Of three who stay within 33 each, at least one of a hundred units is nobody's: the plan would be empty.
            ("share", "33", "percent", "refusal-share-small"),
        ] {
            let mut c = Check::new();
            Wish::check(&mut c, fair, percent, 3);
            let told = c.done(()).unwrap_err();
            let told: Vec<_> = told.iter().map(|r| (r.field.as_deref(), r.code)).collect();
            assert_eq!(told, [(Some(at), code)], "{fair} {percent}");
        }
    }
}
