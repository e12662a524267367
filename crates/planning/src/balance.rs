//! Whether the portfolio is what the policy wants (R86, R87): numbers with their method, no verdict on anybody.

use basis::{Field, GovernmentId, PolicyLineId, RelationId};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

use crate::{Lead, PlanStatus};

/// Plan items counted by everything the portfolio page asks; what the store aggregates.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    pub policy: PolicyLineId,
    pub relation: Option<RelationId>,
    pub district: Option<GovernmentId>,
    pub field: Field,
    pub status: PlanStatus,
    pub led_by: Option<Lead>,
    pub count: i64,
}

/// A part of a whole, kept as two numbers so that the method can be checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    pub part: i64,
    pub whole: i64,
}
impl Share {
    /// In whole percent, rounded half up; nothing of nothing is unknown, not zero.
    pub fn percent(&self) -> Option<i64> {
        (self.whole > 0).then(|| (self.part * 200 + self.whole) / (2 * self.whole))
    }
}

/// The portfolio of one year.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Portfolio {
    pub items: i64,
    pub by_status: BTreeMap<PlanStatus, i64>,
    pub by_field: BTreeMap<Field, i64>,
    pub by_policy: HashMap<PolicyLineId, BTreeMap<PlanStatus, i64>>,
    /// Economic items among all: economy is one form of cooperation, not its measure.
    pub economy: Share,
    /// Partners and districts with at least one cultural item among those with any: culture is indispensable.
    pub culture: Share,
    /// Items led by social forces or individuals among those whose lead is known (R87).
    pub social: Share,
    /// Neither done nor under way: dropped, carried over or never begun (the 17 % that vanish today).
    pub neither: Share,
}

/// Counts a year's items. Dropped items count as planned work that came to nothing, not as part of the balance.
pub fn portfolio(rows: &[Counted]) -> Portfolio {
    let mut out = Portfolio::default();
    let mut culture: HashMap<(Option<RelationId>, Option<GovernmentId>), bool> = HashMap::new();
    for row in rows {
        out.items += row.count;
        *out.by_status.entry(row.status).or_default() += row.count;
        *out.by_policy
            .entry(row.policy)
            .or_default()
            .entry(row.status)
            .or_default() += row.count;
        out.neither.whole += row.count;
        if matches!(
            row.status,
            PlanStatus::Dropped | PlanStatus::CarriedOver | PlanStatus::Planned
        ) {
            out.neither.part += row.count;
        }
        if row.status == PlanStatus::Dropped {
            continue;
        }
        *out.by_field.entry(row.field).or_default() += row.count;
        out.economy.whole += row.count;
        if row.field == Field::Economy {
            out.economy.part += row.count;
        }
        *culture.entry((row.relation, row.district)).or_default() |= row.field == Field::Culture;
        if let Some(lead) = row.led_by {
            out.social.whole += row.count;
            if lead != Lead::Public {
                out.social.part += row.count;
            }
        }
    }
    out.culture = Share {
        part: culture.values().filter(|c| **c).count() as i64,
        whole: culture.len() as i64,
    };
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use basis::Id;
    #[test]
    fn numbers_come_with_their_whole() {
        let row = |relation: &str, field, status, led_by, count| Counted {
            policy: Id::named("p"),
            relation: Some(Id::named(relation)),
            district: None,
            field,
            status,
            led_by,
            count,
        };
        let p = portfolio(&[
            row("a", Field::Economy, PlanStatus::InProgress, Some(Lead::Public), 3),
            row("a", Field::Culture, PlanStatus::Done, Some(Lead::Social), 1),
            row("b", Field::Health, PlanStatus::Planned, None, 2),
            row("b", Field::Culture, PlanStatus::Dropped, None, 1),
        ]);
        assert_eq!(p.items, 7);
        assert_eq!(p.economy, Share { part: 3, whole: 6 });
        assert_eq!(p.culture, Share { part: 1, whole: 2 });
        assert_eq!(p.social.percent(), Some(25));
        assert_eq!(p.neither, Share { part: 3, whole: 7 });
        assert_eq!(portfolio(&[]).social.percent(), None);
    }
}
