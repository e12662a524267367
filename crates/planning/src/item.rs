//! A plan item, which is a programme (R105), and the steps it may take.

use basis::{
    AccountId, BodyId, Day, Field, Fill, GovernmentId, Moment, PlanItemId, PolicyLineId, Refusal, RelationId, Text,
    code,
};
use serde::Serialize;

code! {
    /// Where a plan item stands (domain section 5): every one of them shows, also the ones that came to nothing.
    pub enum PlanStatus {
        Planned => "planned",
        InProgress => "in-progress",
        NearlyDone => "nearly-done",
        Done => "done",
        CarriedOver => "carried-over",
        Dropped => "dropped",
    }
}
code! {
    /// Who leads the execution (R87: the share of social forces is counted by it).
    pub enum Lead {
        /// An association, a foundation, a service body, a firm: not a part of the state.
        Social => "social",
        /// A public institution or another part of the public sector.
        Public => "public",
        Individual => "individual",
    }
}
store::coded!(PlanStatus, Lead);

impl PlanStatus {
    /// The circle before the word.
    pub fn fill(self) -> Fill {
        match self {
            PlanStatus::Planned => Fill::Empty,
            PlanStatus::InProgress | PlanStatus::NearlyDone => Fill::Half,
            PlanStatus::Done => Fill::Full,
            PlanStatus::CarriedOver | PlanStatus::Dropped => Fill::Dotted,
        }
    }
    /// Something is still to come.
    pub fn is_live(self) -> bool {
        !matches!(self, PlanStatus::Done | PlanStatus::Dropped)
    }
    /// What may come next. Done and dropped are ends.
    pub fn next(self) -> &'static [PlanStatus] {
        use PlanStatus::{CarriedOver, Done, Dropped, InProgress, NearlyDone, Planned};
        match self {
            Planned => &[InProgress, CarriedOver, Dropped],
            InProgress => &[NearlyDone, CarriedOver, Dropped],
            NearlyDone => &[Done, InProgress, CarriedOver, Dropped],
            CarriedOver => &[InProgress, CarriedOver, Dropped],
            Done | Dropped => &[],
        }
    }
}

/// Where an item stands, with what that standing owes the reader: a reason, a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Standing {
    Planned,
    InProgress,
    NearlyDone,
    Done,
    CarriedOver { to: i64, reason: Text },
    Dropped { reason: Text },
}
impl Standing {
    pub fn status(&self) -> PlanStatus {
        match self {
            Standing::Planned => PlanStatus::Planned,
            Standing::InProgress => PlanStatus::InProgress,
            Standing::NearlyDone => PlanStatus::NearlyDone,
            Standing::Done => PlanStatus::Done,
            Standing::CarriedOver { .. } => PlanStatus::CarriedOver,
            Standing::Dropped { .. } => PlanStatus::Dropped,
        }
    }
    pub fn reason(&self) -> Option<&Text> {
        match self {
            Standing::CarriedOver { reason, .. } | Standing::Dropped { reason } => Some(reason),
            _ => None,
        }
    }
    pub fn carried_to(&self) -> Option<i64> {
        match self {
            Standing::CarriedOver { to, .. } => Some(*to),
            _ => None,
        }
    }
}

/// A plan item as the room keeps it.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    pub id: PlanItemId,
    pub relation: Option<RelationId>,
    pub district: Option<GovernmentId>,
    pub field: Field,
    pub year: i64,
    pub policy: PolicyLineId,
    pub title: Text,
    pub aim: Text,
    /// What government-led work it helps (R108).
    pub supports: Text,
    pub guiding: BodyId,
    #[serde(flatten)]
    pub standing: Standing,
    pub led_by: Option<Lead>,
    pub made_by: Option<AccountId>,
    pub made_at: Moment,
    pub due: Option<Day>,
    pub illustrative: bool,
    pub version: i64,
}

/// What a later room reports about a programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    CallPublished,
    UndertakingSettled,
    EvaluationPublished,
}

impl Item {
    /// Takes the step, or says why not. An item carried over belongs to the year it was carried to as soon as it moves.
    pub fn step(&self, to: Standing) -> Result<Item, Refusal> {
        let (from, goal) = (self.standing.status(), to.status());
        if !from.next().contains(&goal) {
            return Err(Refusal::at("to", "refusal-plan-step")
                .with("from", from.to_string())
                .with("to", goal.to_string()));
        }
        let year = self.standing.carried_to().unwrap_or(self.year);
        if let Standing::CarriedOver { to, .. } = &to
            && *to <= year
        {
            return Err(Refusal::at("carried_to", "refusal-carried-later").with("year", year));
        }
        Ok(Item {
            standing: to,
            year: if goal == PlanStatus::Dropped { self.year } else { year },
            ..self.clone()
        })
    }
    /// What news from a later room makes of it; `None` when it stands there already or has ended. Handlers get the
    /// same news more than once.
    pub fn learn(&self, news: News) -> Option<Item> {
        use PlanStatus::{CarriedOver, InProgress, NearlyDone, Planned};
        let standing = match (news, self.standing.status()) {
            (News::CallPublished, Planned | CarriedOver) => Standing::InProgress,
            (News::UndertakingSettled, Planned | CarriedOver | InProgress) => Standing::NearlyDone,
            (News::EvaluationPublished, Planned | CarriedOver | InProgress | NearlyDone) => Standing::Done,
            _ => return None,
        };
        let year = self.standing.carried_to().unwrap_or(self.year);
        Some(Item {
            standing,
            year,
            ..self.clone()
        })
    }
    /// As the gate asks about it.
    pub fn thing(&self) -> access::Thing {
        access::Thing {
            field: Some(self.field),
            district: self.district,
            relation: self.relation,
            guiding: Some(self.guiding),
            status: Some(basis::Code::code(self.standing.status())),
            ..access::Thing::new("plan-item", self.id)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use basis::{Code, Id};
    use proptest::prelude::*;

    fn item(standing: Standing) -> Item {
        Item {
            id: Id::named("i"),
            relation: Some(Id::named("r")),
            district: None,
            field: Field::Culture,
            year: 2026,
            policy: Id::named("p"),
            title: Text::both("甲", "A"),
            aim: Text::both("甲", "A"),
            supports: Text::both("甲", "A"),
            guiding: Id::named("g"),
            standing,
            led_by: None,
            made_by: None,
            made_at: Moment::UNIX_EPOCH,
            due: None,
            illustrative: false,
            version: 1,
        }
    }
    fn standing(s: PlanStatus, to: i64) -> Standing {
        let reason = Text::both("因", "why");
        match s {
            PlanStatus::Planned => Standing::Planned,
            PlanStatus::InProgress => Standing::InProgress,
            PlanStatus::NearlyDone => Standing::NearlyDone,
            PlanStatus::Done => Standing::Done,
            PlanStatus::CarriedOver => Standing::CarriedOver { to, reason },
            PlanStatus::Dropped => Standing::Dropped { reason },
        }
    }
    #[test]
    fn carried_over_moves_to_its_new_year() {
        let over = item(Standing::InProgress)
            .step(standing(PlanStatus::CarriedOver, 2027))
            .unwrap();
        assert_eq!((over.year, over.standing.carried_to()), (2026, Some(2027)));
        assert_eq!(over.step(Standing::InProgress).unwrap().year, 2027);
        assert_eq!(over.learn(News::CallPublished).unwrap().year, 2027);
        let late = over.step(standing(PlanStatus::CarriedOver, 2027)).unwrap_err();
        assert_eq!(
            (late.code, late.field.as_deref()),
            ("refusal-carried-later", Some("carried_to"))
        );
    }
    proptest! {
        /// Whatever is asked in whatever order: ends stay ends, and a lost item always has its reason.
        #[test]
        fn no_walk_leaves_an_end_or_loses_a_reason(walk in proptest::collection::vec((0usize..6, 2026i64..2032, 0usize..3), 1..30)) {
            let mut now = item(Standing::Planned);
            for (to, year, news) in walk {
                let ended = !now.standing.status().is_live();
                let before = now.clone();
                if let Ok(next) = now.step(standing(PlanStatus::ALL[to], year)) { now = next; }
                let told = [News::CallPublished, News::UndertakingSettled, News::EvaluationPublished][news];
                if let Some(next) = now.learn(told) {
                    prop_assert!(next.learn(told).is_none(), "news told twice is news once");
                    now = next;
                }
                if ended { prop_assert_eq!(now.standing.status(), before.standing.status()); }
                prop_assert!(now.year >= before.year);
                let lost = matches!(now.standing.status(), PlanStatus::CarriedOver | PlanStatus::Dropped);
                prop_assert_eq!(now.standing.reason().is_some(), lost);
            }
        }
    }
}
