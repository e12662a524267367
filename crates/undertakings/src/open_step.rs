//! What is to be done next in an undertaking, and by whom: pure, for pages and queues alike.

use basis::{Day, DeliverableId, InstalmentId, MilestoneId, UndertakingId};

use crate::{
    Amendment, AmendmentId, AmendmentStatus, DeliverableCard, InstalmentCard, InstalmentStatus, MilestoneCard,
    MilestoneStatus, Side, Status, UndertakingCard, VerdictKind,
};

/// One thing that can be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenStep {
    /// The executing party takes the terms on.
    TakeOn,
    HandIn(MilestoneId),
    Judge(DeliverableId, MilestoneId),
    Decide(AmendmentId, Side),
    Request(InstalmentId),
    Approve(InstalmentId),
    Pay(InstalmentId),
    Reconcile(InstalmentId),
    Settle,
}
/// Whose turn a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Executing,
    Guiding,
    /// A second person of finance or of the guiding unit.
    Second,
    Finance,
    /// A fourth person, of finance or the office.
    Fourth,
}
impl OpenStep {
    pub fn turn(self) -> Turn {
        match self {
            OpenStep::TakeOn | OpenStep::HandIn(_) | OpenStep::Request(_) => Turn::Executing,
            OpenStep::Judge(..) | OpenStep::Settle => Turn::Guiding,
            OpenStep::Decide(_, Side::Guiding) => Turn::Executing,
            OpenStep::Decide(_, Side::Executing) => Turn::Guiding,
            OpenStep::Approve(_) => Turn::Second,
            OpenStep::Pay(_) => Turn::Finance,
            OpenStep::Reconcile(_) => Turn::Fourth,
        }
    }
    /// The gate's name for it.
    pub fn action(self) -> &'static str {
        match self {
            OpenStep::TakeOn => "undertaking.sign",
            OpenStep::HandIn(_) => "deliverable.submit",
            OpenStep::Judge(..) => "deliverable.accept",
            OpenStep::Decide(..) => "amendment.decide",
            OpenStep::Request(_) => "instalment.request",
            OpenStep::Approve(_) => "instalment.approve",
            OpenStep::Pay(_) => "instalment.pay",
            OpenStep::Reconcile(_) => "instalment.reconcile",
            OpenStep::Settle => "undertaking.settle",
        }
    }
    /// Where it is done.
    pub fn path(self, of: UndertakingId) -> String {
        match self {
            OpenStep::TakeOn | OpenStep::Settle => format!("/undertakings/{of}"),
            OpenStep::HandIn(id) => format!("/milestones/{id}/deliverables"),
            OpenStep::Judge(id, _) => format!("/deliverables/{id}"),
            OpenStep::Decide(id, _) => format!("/amendments/{id}"),
            OpenStep::Request(id) => format!("/undertakings/{of}/instalments?instalment={id}"),
            OpenStep::Approve(id) | OpenStep::Pay(id) | OpenStep::Reconcile(id) => format!("/instalments/{id}"),
        }
    }
}

/// All open steps of one undertaking, the most pressing first, each with its day where it has one. The lists may hold
/// other undertakings' rows.
pub fn open_steps(
    u: &UndertakingCard,
    milestones: &[MilestoneCard],
    rounds: &[DeliverableCard],
    instalments: &[InstalmentCard],
    amendments: &[Amendment],
) -> Vec<(OpenStep, Option<Day>)> {
    let mut out = Vec::new();
    let own: Vec<&MilestoneCard> = milestones.iter().filter(|m| m.undertaking == u.id).collect();
    let runs = matches!(u.status, Status::Running | Status::Delivered | Status::Accepted);
    if u.status == Status::Agreed {
        out.push((OpenStep::TakeOn, Some(u.starts)));
    }
    if runs {
        let proposed = amendments
            .iter()
            .filter(|a| a.undertaking == u.id && a.status == AmendmentStatus::Proposed);
        out.extend(proposed.map(|a| (OpenStep::Decide(a.id, a.side), None)));
        for m in &own {
            let waiting = rounds
                .iter()
                .find(|d| d.milestone == m.id && d.verdict == VerdictKind::None);
            out.extend(waiting.map(|d| (OpenStep::Judge(d.id, m.id), Some(m.due))));
        }
    }
    let earned = |i: &InstalmentCard| {
        i.milestone
            .is_none_or(|id| own.iter().any(|m| m.id == id && m.status == MilestoneStatus::Accepted))
    };
    for i in instalments.iter().filter(|i| i.undertaking == u.id) {
        match i.status {
            InstalmentStatus::Planned if runs && earned(i) => out.push((OpenStep::Request(i.id), None)),
            InstalmentStatus::Requested if runs => out.push((OpenStep::Approve(i.id), None)),
            InstalmentStatus::Approved => out.push((OpenStep::Pay(i.id), None)),
            _ => {}
        }
    }
    if runs {
        let open = own
            .iter()
            .filter(|m| matches!(m.status, MilestoneStatus::Open | MilestoneStatus::Returned));
        let mut open: Vec<&&MilestoneCard> = open.collect();
        open.sort_by_key(|m| m.due);
        out.extend(open.into_iter().map(|m| (OpenStep::HandIn(m.id), Some(m.due))));
    }
    let closed = instalments.iter().filter(|i| i.undertaking == u.id).all(|i| {
        matches!(
            i.status,
            InstalmentStatus::Paid | InstalmentStatus::Reconciled | InstalmentStatus::Refused
        )
    });
    if u.status == Status::Accepted && closed {
        out.push((OpenStep::Settle, None));
    }
    // Nobody waits for it, so it comes last.
    let paid = instalments
        .iter()
        .filter(|i| i.undertaking == u.id && i.status == InstalmentStatus::Paid);
    out.extend(paid.map(|i| (OpenStep::Reconcile(i.id), None)));
    out
}
