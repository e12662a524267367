//! What speaks for an offer: the stated scoring, each part in thousandths, and how much each part counts.

use basis::{Day, Field, GovernmentId, NeedId, OfferId, Refusal, code};
use serde::{Deserialize, Serialize};

use crate::call::{Call, Need};

/// How much each part of the scoring counts, of 100 together. Shown on the page, set per call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    pub panel: i64,
    /// Skills and place came later: what was weighed without them reads as it was.
    #[serde(default)]
    pub skills: i64,
    pub dates: i64,
    pub languages: i64,
    #[serde(default)]
    pub place: i64,
    pub promises: i64,
}
impl Default for Weights {
    fn default() -> Self {
        Weights {
            panel: 60,
            skills: 5,
            dates: 10,
            languages: 10,
            place: 5,
            promises: 10,
        }
    }
}
impl Weights {
    pub fn check(&self) -> Result<(), Refusal> {
        let parts = ASPECTS.map(|a| self.of(a));
        let sum: i64 = parts.iter().sum();
        if parts.iter().any(|p| !(0..=100).contains(p)) || sum != 100 {
            return Err(Refusal::at("weights", "refusal-weights-sum").with("sum", sum));
        }
        Ok(())
    }
    pub fn of(&self, aspect: Aspect) -> i64 {
        match aspect {
            Aspect::Panel => self.panel,
            Aspect::Skills => self.skills,
            Aspect::Dates => self.dates,
            Aspect::Languages => self.languages,
            Aspect::Place => self.place,
            Aspect::Promises => self.promises,
        }
    }
}

code! {
    /// What speaks for an offer.
    pub enum Aspect {
        Panel => "panel",
        Skills => "skills",
        Dates => "dates",
        Languages => "languages",
        Place => "place",
        Promises => "promises",
    }
}
pub const ASPECTS: [Aspect; 6] = [
    Aspect::Panel,
    Aspect::Skills,
    Aspect::Dates,
    Aspect::Languages,
    Aspect::Place,
    Aspect::Promises,
];
/// What is not known, or is new, stands in the middle: neither for nor against an offer.
const MIDDLE: i64 = 500;

/// An offer's marks in thousandths, by aspect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    pub panel: i64,
    #[serde(default)]
    pub skills: i64,
    pub dates: i64,
    pub languages: i64,
    #[serde(default)]
    pub place: i64,
    pub promises: i64,
}
impl Marks {
    pub fn of(&self, aspect: Aspect) -> i64 {
        match aspect {
            Aspect::Panel => self.panel,
            Aspect::Skills => self.skills,
            Aspect::Dates => self.dates,
            Aspect::Languages => self.languages,
            Aspect::Place => self.place,
            Aspect::Promises => self.promises,
        }
    }
    /// The value of one unit, in thousandths.
    pub fn value(&self, w: &Weights) -> i64 {
        ASPECTS.iter().map(|a| self.of(*a) * w.of(*a)).sum::<i64>() / 100
    }
}

/// What an offer brings to the allocation. An offer whose maker has limits stands here once for each unit of measure with
/// a limit of its own, with the lines that are counted so: hours are no rooms, and each part has its own capacity.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub offer: OfferId,
    /// The panel's mean in tenths of a point of 100; none where no panel scores (assignment).
    pub mean: Option<i64>,
    /// The fields the maker is registered as working in, or says so in an offer in their own name; empty where nothing is
    /// known.
    pub fields: Vec<Field>,
    /// Whether the maker is at home in the call's district; none where either is not known.
    pub near: Option<bool>,
    /// Whether the maker is of our own side or the partner's; none of persons who do not say that they are at home here.
    pub home: Option<bool>,
    /// The district in which the maker is at home, where that is known.
    pub district: Option<GovernmentId>,
    /// What the offer asks, in the smallest coin of the call's currency; none where it asks nothing.
    pub asked: Option<i64>,
    pub starts: Day,
    pub ends: Day,
    pub languages: Vec<String>,
    pub kept: i64,
    pub late: i64,
    pub broken: i64,
    /// Units per need.
    pub lines: Vec<(NeedId, i64)>,
    /// The most units the maker gives in all of what these lines are counted in, less what other calls gave them
    /// already; none where no limit was stated and all that is offered can be given.
    pub most: Option<i64>,
}
impl Candidate {
    /// What it gives at most, over all needs.
    pub fn capacity(&self) -> i64 {
        let offered: i64 = self.lines.iter().map(|l| l.1).sum();
        self.most.map_or(offered, |most| offered.min(most.max(0)))
    }
    /// Skills: of the call's field or not. Place: at home in the call's district or not; everybody is where no
    /// district is named. Days: the share of the call's days that the offer covers. Languages: the share of those needed that it has.
    /// Promises: (kept + half the late + 1) of (all + 2), so that who is new stands in the middle.
    pub fn marks(&self, call: &Call) -> Marks {
        let days = |a: Day, b: Day| i64::from(a.until(b).map_or(0, |s| s.get_days())) + 1;
        let (from, until) = (self.starts.max(call.work_from), self.ends.min(call.work_until));
        let dates = if until < from {
            0
        } else {
            1000 * days(from, until) / days(call.work_from, call.work_until).max(1)
        };
        let has = call
            .languages
            .iter()
            .filter(|l| self.languages.iter().any(|o| o.split('-').next() == Some(l.primary())))
            .count() as i64;
        let wanted = call.languages.len() as i64;
        let settled = self.kept + self.late + self.broken;
        Marks {
            panel: self.mean.unwrap_or(MIDDLE),
            skills: self.skills(call.field),
            place: if call.district.is_none() { 1000 } else { yes(self.near) },
            dates: dates.clamp(0, 1000),
            languages: if wanted == 0 { 1000 } else { 1000 * has / wanted },
            promises: 1000 * (2 * self.kept + self.late + 2) / (2 * settled + 4),
        }
    }
    fn skills(&self, field: Field) -> i64 {
        yes((!self.fields.is_empty()).then(|| self.fields.contains(&field)))
    }
    /// The same marks for one need: what is done there may be of another field than the call.
    pub fn marks_at(&self, marks: &Marks, need: &Need) -> Marks {
        match need.field {
            Some(field) => Marks {
                skills: self.skills(field),
                ..*marks
            },
            None => *marks,
        }
    }
}
fn yes(known: Option<bool>) -> i64 {
    known.map_or(MIDDLE, |yes| 1000 * i64::from(yes))
}
