//! Lead times: counted back from the due day by what binds it.

use basis::Day;

use crate::milestone::MilestoneStatus;

/// Days the guiding side may take to look at what was handed in: who wants a milestone accepted in time hands in
/// this many days before it is due.
pub const REVIEW_DAYS: i64 = 10;

/// How a milestone stands to its due day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// Time enough.
    Ahead {
        last_safe: Day,
        days: i64,
    },
    /// The last safe day to hand in is behind us, the due day is not.
    Tight {
        last_safe: Day,
        days: i64,
    },
    Late {
        days: i64,
    },
}

/// Nothing once it is accepted: then nobody needs waking.
pub fn alarm(status: MilestoneStatus, due: Day, today: Day) -> Option<Alarm> {
    let days = i64::from(today.until(due).map_or(0, |span| span.get_days()));
    let last_safe = due.checked_sub(jiff::Span::new().days(REVIEW_DAYS)).unwrap_or(due);
    match status {
        MilestoneStatus::Accepted => None,
        // Handed in: the review's days are the guiding side's to use, and its delay makes nothing late.
        MilestoneStatus::HandedIn if days < 0 => None,
        MilestoneStatus::HandedIn => Some(Alarm::Ahead { last_safe, days }),
        _ if days < 0 => Some(Alarm::Late { days: -days }),
        _ if today > last_safe => Some(Alarm::Tight { last_safe, days }),
        _ => Some(Alarm::Ahead { last_safe, days }),
    }
}
