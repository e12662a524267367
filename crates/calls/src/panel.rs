//! The outside panel (R15, R18, R53): who may sit, what each declares, what each scores, and when scores become known.

use basis::{AccountId, BodyId, CallId, Moment, OfferId, Refusal, code};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

use crate::call::{Call, CallStatus, Criterion};

code! {
    /// Why a seat does not count.
    pub enum Struck {
        /// The person belongs to a body that offers, or offers themselves.
        Offers => "offers",
        Guides => "guides",
        MadeCall => "made-call",
        /// The unit that guides took it off, with a reason: somebody who declared and was not heard of again.
        Withdrawn => "withdrawn",
        /// The person erased their account.
        Gone => "gone",
    }
}
store::coded!(Struck);

/// What a panel member declared, before seeing any content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    pub declared_at: Moment,
    /// Offers this member neither sees nor scores.
    pub offers: Vec<OfferId>,
    pub note: String,
}

/// A seat on a call's panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seat {
    pub call: CallId,
    pub account: AccountId,
    pub lead: bool,
    pub conflict: Option<Conflict>,
    pub struck: Option<Struck>,
    /// When this member's scores were handed in; from then on they are fixed, and the others' are shown.
    pub scored_at: Option<Moment>,
    /// The offers this member is given to read and score, where the reading is divided; none for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readings: Option<Vec<OfferId>>,
}
impl Seat {
    pub fn counts(&self) -> bool {
        self.struck.is_none()
    }
    /// Sees offers' content: declared, and not struck.
    pub fn reads(&self, offer: OfferId) -> bool {
        self.counts() && self.conflict.as_ref().is_some_and(|c| !c.offers.contains(&offer))
    }
    /// Scores this offer: reads it, and was given it where the reading is divided.
    pub fn must_score(&self, offer: OfferId) -> bool {
        self.reads(offer) && self.readings.as_ref().is_none_or(|r| r.contains(&offer))
    }
    /// Members see others' scores once their own are in.
    pub fn sees_others(&self) -> bool {
        self.counts() && self.scored_at.is_some()
    }
    /// Takes the seat off the panel, so that one who vanished does not hold up an award for ever. What was handed in stays:
    /// nobody picks among verdicts they know.
    pub fn strike(&self, why: Struck) -> Result<Seat, Refusal> {
        if self.scored_at.is_some() {
            return Err(Refusal::page("refusal-strike-scored"));
        }
        if self.struck.is_some() {
            return Err(Refusal::page("refusal-strike-twice"));
        }
        Ok(Seat {
            struck: Some(why),
            ..self.clone()
        })
    }
    pub fn may_score(&self, call: &Call, offer: OfferId) -> Result<(), Refusal> {
        if call.status != CallStatus::InReview {
            return Err(Refusal::page("refusal-call-not-in-review"));
        }
        if self.struck.is_some() {
            return Err(Refusal::page("refusal-seat-struck"));
        }
        if self.scored_at.is_some() {
            return Err(Refusal::page("refusal-scores-in"));
        }
        match &self.conflict {
            None => Err(Refusal::page("refusal-panel-not-declared")),
            Some(c) if c.offers.contains(&offer) => Err(Refusal::page("refusal-conflict-declared")),
            Some(_) if !self.must_score(offer) => Err(Refusal::page("refusal-reading-others")),
            Some(_) => Ok(()),
        }
    }
}

/// What decides about a seat: who guides, who made the call, who offers.
#[derive(Clone, Debug, Default)]
pub struct Closeness {
    pub made_call: Option<AccountId>,
    pub guiding_people: Vec<AccountId>,
    /// Members of offering bodies and persons who offer; empty while offers are sealed, so that a refusal tells nothing.
    pub offering_people: Vec<AccountId>,
}
impl Closeness {
    pub fn strikes(&self, account: AccountId) -> Option<Struck> {
        if self.made_call == Some(account) {
            Some(Struck::MadeCall)
        } else if self.guiding_people.contains(&account) {
            Some(Struck::Guides)
        } else if self.offering_people.contains(&account) {
            Some(Struck::Offers)
        } else {
            None
        }
    }
}

/// One mark: an offer, a member, a criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mark {
    pub offer: OfferId,
    pub account: AccountId,
    pub criterion: String,
    pub points: i64,
    pub note: Option<String>,
}

/// A member's verdict on an offer in tenths of a point of 100: weights sum to 100, points go to 10.
pub fn total(marks: &[&Mark], criteria: &[Criterion]) -> Option<i64> {
    criteria
        .iter()
        .map(|c| marks.iter().find(|m| m.criterion == c.key).map(|m| m.points * c.weight))
        .sum()
}

/// An offer's standing with the panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    pub offer: OfferId,
    /// In tenths of a point of 100, rounded half up; none until anybody's scores are in.
    pub mean: Option<i64>,
    pub totals: Vec<(AccountId, i64)>,
}

/// Verdicts from the marks of seats that count and have handed in.
pub fn verdicts(offers: &[OfferId], seats: &[Seat], marks: &[Mark], criteria: &[Criterion]) -> Vec<Verdict> {
    let mut by: HashMap<(OfferId, AccountId), Vec<&Mark>> = HashMap::new();
    for m in marks {
        by.entry((m.offer, m.account)).or_default().push(m);
    }
    offers
        .iter()
        .map(|&offer| {
            let totals: Vec<(AccountId, i64)> = seats
                .iter()
                .filter(|s| s.sees_others() && s.must_score(offer))
                .filter_map(|s| Some((s.account, total(by.get(&(offer, s.account))?, criteria)?)))
                .collect();
            let (sum, n) = (totals.iter().map(|t| t.1).sum::<i64>(), totals.len() as i64);
            Verdict {
                offer,
                mean: (n > 0).then(|| (2 * sum + n) / (2 * n)),
                totals,
            }
        })
        .collect()
}

/// Offers a member has not scored fully.
pub fn unscored(seat: &Seat, offers: &[OfferId], marks: &[Mark], criteria: &[Criterion]) -> Vec<OfferId> {
    let mut own: BTreeMap<OfferId, Vec<&Mark>> = BTreeMap::new();
    for m in marks.iter().filter(|m| m.account == seat.account) {
        own.entry(m.offer).or_default().push(m);
    }
    offers
        .iter()
        .copied()
        .filter(|o| seat.must_score(*o) && own.get(o).is_none_or(|m| total(m, criteria).is_none()))
        .collect()
}

/// Two heads at least, and all of them heard: only then may an offer be chosen by outsourcing (R65).
pub const LEAST_SEATS: usize = 2;
pub fn review_is_complete(seats: &[Seat]) -> Result<(), Refusal> {
    let counting: Vec<&Seat> = seats.iter().filter(|s| s.counts()).collect();
    if counting.len() < LEAST_SEATS {
        return Err(Refusal::page("refusal-panel-too-small").with("least", LEAST_SEATS));
    }
    let missing = counting.iter().filter(|s| s.scored_at.is_none()).count();
    if missing > 0 {
        return Err(Refusal::page("refusal-scores-missing").with("missing", missing));
    }
    Ok(())
}

/// Who offers what, for closeness: bodies by id.
#[derive(Clone, Debug)]
pub struct Maker {
    pub offer: OfferId,
    pub body: Option<BodyId>,
    pub account: Option<AccountId>,
}
impl Maker {
    /// The person, where they offer for no body.
    pub(crate) fn alone(&self) -> Option<AccountId> {
        self.account.filter(|_| self.body.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::tests::at;
    use basis::{Id, Text};
    use proptest::prelude::*;

    fn criteria() -> Vec<Criterion> {
        [("c1", 60), ("c2", 40)]
            .map(|(key, weight)| Criterion {
                key: key.into(),
                title: Text::both("甲", "A"),
                weight,
            })
            .into()
    }
    fn seat(name: &str, done: bool) -> Seat {
        Seat {
            call: Id::named("c"),
            account: Id::named(name),
            lead: false,
            conflict: Some(Conflict {
                declared_at: at(0),
                offers: vec![],
                note: String::new(),
            }),
            struck: None,
            scored_at: done.then(|| at(1)),
            readings: None,
        }
    }
    fn mark(offer: &str, who: &str, criterion: &str, points: i64) -> Mark {
        Mark {
            offer: Id::named(offer),
            account: Id::named(who),
            criterion: criterion.into(),
            points,
            note: None,
        }
    }
    #[test]
    fn only_scores_that_are_in_count() {
        let marks = [
            mark("o", "a", "c1", 9),
            mark("o", "a", "c2", 8),
            mark("o", "b", "c1", 1),
            mark("o", "b", "c2", 1),
        ];
        let v = verdicts(
            &[Id::named("o")],
            &[seat("a", true), seat("b", false)],
            &marks,
            &criteria(),
        );
        assert_eq!((v[0].mean, v[0].totals.len()), (Some(860), 1));
        let struck = Seat {
            struck: Some(Struck::Offers),
            ..seat("a", true)
        };
        assert_eq!(
            verdicts(&[Id::named("o")], &[struck], &marks, &criteria())[0].mean,
            None
        );
    }
    #[test]
    fn a_member_with_a_conflict_neither_reads_nor_counts_there() {
        let mut s = seat("a", true);
        s.conflict = Some(Conflict {
            declared_at: at(0),
            offers: vec![Id::named("o")],
            note: "kin".into(),
        });
        assert!(!s.reads(Id::named("o")) && s.reads(Id::named("p")));
        let marks = [mark("o", "a", "c1", 9), mark("o", "a", "c2", 8)];
        assert_eq!(verdicts(&[Id::named("o")], &[s], &marks, &criteria())[0].mean, None);
        let undeclared = Seat {
            conflict: None,
            ..seat("a", false)
        };
        assert!(!undeclared.reads(Id::named("o")));
    }
    #[test]
    fn one_head_is_no_panel() {
        assert_eq!(
            review_is_complete(&[seat("a", true)]).unwrap_err().code,
            "refusal-panel-too-small"
        );
        assert_eq!(
            review_is_complete(&[seat("a", true), seat("b", false)])
                .unwrap_err()
                .code,
            "refusal-scores-missing"
        );
        assert!(review_is_complete(&[seat("a", true), seat("b", true)]).is_ok());
    }
    proptest! {
        #[test]
        fn means_lie_between_the_verdicts(points in proptest::collection::vec((0i64..=10, 0i64..=10), 1..8)) {
            let seats: Vec<Seat> = (0..points.len()).map(|i| seat(&i.to_string(), true)).collect();
            let marks: Vec<Mark> = points.iter().enumerate().flat_map(|(i, (a, b))| [mark("o", &i.to_string(), "c1", *a), mark("o", &i.to_string(), "c2", *b)]).collect();
            let v = &verdicts(&[Id::named("o")], &seats, &marks, &criteria())[0];
            let (low, high) = (v.totals.iter().map(|t| t.1).min().unwrap(), v.totals.iter().map(|t| t.1).max().unwrap());
            prop_assert!((low..=high).contains(&v.mean.unwrap()) && (0..=1000).contains(&v.mean.unwrap()));
            prop_assert!(unscored(&seats[0], &[Id::named("o")], &marks, &criteria()).is_empty());
        }
    }
}
