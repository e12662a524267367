//! The newest entries, for those who read the whole journal. What may lie under seal shows that it is there, and no more:
//! its own page says the rest to whom it may.

use std::collections::HashSet;

use access::{House, Thing, Viewer};
use basis::Fail;
use serde::Deserialize;
use store::journal::{self, Line};

use crate::{
    store::{self as sql, Wanted},
    subject,
};

/// Acts one may look for, by their stable codes. Those on offers are not here: they may lie under seal.
pub const ACTS: &[&str] = &[
    "account.acts-as",
    "account.confirmed",
    "account.erased",
    "account.linked-to-provider",
    "account.made",
    "account.other-sessions-ended",
    "account.password-changed",
    "account.password-hash-renewed",
    "account.profile-changed",
    "account.recovered",
    "account.recovery-asked",
    "account.signed-up",
    "agreement.recorded",
    "allocation.published",
    "allocation.solved",
    "body.ended",
    "body.founded",
    "body.renamed",
    "call.amended",
    "call.assigned",
    "call.assignment-accepted",
    "call.assignment-declined",
    "call.awarded",
    "call.cancelled",
    "call.decided",
    "call.drafted",
    "call.opened",
    "call.published",
    "department.set",
    "evaluation.appointed",
    "evaluation.found",
    "evaluation.no-conflict-declared",
    "evaluation.published",
    "evaluation.replied",
    "evaluation.submitted",
    "fact.added",
    "government.added",
    "government.added-together",
    "government.edited",
    "government.succeeded",
    "home.set",
    "job.retried",
    "letter.released",
    "letter.retried",
    "letter.withheld",
    "link.recorded",
    "mandate.ended",
    "mandate.granted",
    "mandate.until-changed",
    "organisation.edited",
    "organisation.imported",
    "organisation.refused",
    "organisation.registered",
    "organisation.verified",
    "panel.declared",
    "panel.seated",
    "panel.struck",
    "panel.unseated",
    "plan-item.added",
    "plan-item.aim-dropped",
    "plan-item.aim-set",
    "plan-item.amended",
    "plan-item.lead-noted",
    "plan-item.moved",
    "policy-line.added",
    "policy-line.amended",
    "programme.fact-recorded",
    "programme.fact-withdrawn",
    "relation.edited",
    "relation.fact-added",
    "relation.imported",
    "relation.noted",
    "relation.registered",
    "relation.registered-together",
    "relation.stepped",
    "review.submitted",
    "session.begun",
    "session.ended",
    "token.ended",
    "token.made",
    "undertaking.accepted",
    "undertaking.agreed",
    "undertaking.amended",
    "undertaking.amendment-declined",
    "undertaking.amendment-proposed",
    "undertaking.approved",
    "undertaking.handed-in",
    "undertaking.money-published",
    "undertaking.paid",
    "undertaking.reconciled",
    "undertaking.refused",
    "undertaking.requested",
    "undertaking.returned",
    "undertaking.settled",
    "undertaking.started",
    "undertaking.stopped",
];
/// Kinds of objects one may look for.
pub const KINDS: &[&str] = &[
    "account",
    "agreement",
    "allocation",
    "attachment",
    "award",
    "body",
    "call",
    "deliverable",
    "evaluation",
    "fact",
    "government",
    "import",
    "instalment",
    "job",
    "letter",
    "link",
    "mandate",
    "milestone",
    "need",
    "plan-item",
    "policy-line",
    "relation",
    "session",
    "token",
    "undertaking",
];

/// What is looked for; empty words mean all.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// A stable code of an act: "call.published".
    #[param(max_length = 100, required = false)]
    pub action: String,
    /// A kind of object: "call".
    #[param(max_length = 100, required = false)]
    pub kind: String,
    /// An object's id.
    #[param(max_length = 100, required = false)]
    pub object: String,
    /// The id of who did it.
    #[param(max_length = 100, required = false)]
    pub account: String,
    /// Only entries below this number.
    #[param(max_length = 20, required = false)]
    pub before: String,
}
impl Asked {
    /// Signing in and out would be most of the list: it is shown where it is asked for.
    fn is_of_sign_ins(&self) -> bool {
        self.kind.trim() == "session" || self.action.trim().starts_with("session.") || !self.object.trim().is_empty()
    }
    fn wanted(&self, sign_ins: bool) -> Wanted {
        let said = |s: &str| {
            let s = basis::clean_line(s);
            (!s.is_empty() && s.len() <= 100).then_some(s)
        };
        let mut wanted = Wanted {
            before: self.before.trim().parse().ok().filter(|n| *n >= 0),
            action: said(&self.action),
            kind: said(&self.kind),
            object: said(&self.object),
            account: said(&self.account),
            without: Vec::new(),
        };
        // Looking for one act, one person's or one offer's entries must not tell what the whole list hides: not by what
        // it finds, and not by how many there are.
        let Wanted {
            action,
            kind,
            object,
            account,
            ..
        } = &wanted;
        if [action, kind, object, account].iter().any(|w| w.is_some()) {
            wanted.without.extend(subject::MAY_BE_SEALED);
        }
        if !sign_ins && !self.is_of_sign_ins() {
            wanted.without.push("session");
        }
        wanted
    }
    /// The same question, from below an entry on.
    pub fn query(&self, before: i64) -> String {
        let mut out = vec![format!("before={before}")];
        for (name, value) in [
            ("action", &self.action),
            ("kind", &self.kind),
            ("object", &self.object),
            ("account", &self.account),
        ] {
            if !value.trim().is_empty() {
                out.push(format!("{name}={}", pages::parts::encode(value.trim())));
            }
        }
        out.join("&")
    }
}
pub struct Found {
    pub size: u64,
    pub root: String,
    pub lines: Vec<Line>,
    /// Numbers of lines about things that may lie under seal: what was done, to what and by whom is taken out.
    pub sealed: HashSet<i64>,
    /// Go on below this number.
    pub next: Option<i64>,
}

/// Without `sign_ins`, signing in and out is left out, unless the question is about it.
///
/// # Errors
/// A denial for who may not read the journal.
pub async fn newest(house: &House, viewer: &Viewer, asked: &Asked, sign_ins: bool, limit: u32) -> Result<Found, Fail> {
    house
        .gate
        .check(viewer, "journal.list", &Thing::new("journal", "all"))?;
    let q = &house.db;
    let size = journal::size(q).await?;
    let root = journal::root(q, size).await?.to_string();
    let wanted = asked.wanted(sign_ins);
    let mut lines = sql::lines(q, &wanted, limit + 1).await?;
    let more = lines.len() > limit as usize;
    lines.truncate(limit as usize);
    let next = lines.last().filter(|_| more).map(|l| l.seq);
    let mut sealed = HashSet::new();
    for l in lines.iter_mut().filter(|l| subject::may_be_sealed(&l.object_kind)) {
        sealed.insert(l.seq);
        (l.account, l.body, l.role) = (None, None, String::new());
        (l.action, l.object_kind, l.object_id) = Default::default();
        "sealed".clone_into(&mut l.via);
    }
    Ok(Found {
        size,
        root,
        lines,
        sealed,
        next,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn what_cannot_be_read_narrows_nothing() {
        let a = Asked {
            before: "x".into(),
            action: " ".into(),
            kind: "c".repeat(200),
            ..Asked::default()
        };
        let w = a.wanted(true);
        assert!(w.before.is_none() && w.action.is_none() && w.kind.is_none() && w.without.is_empty());
        assert_eq!(a.wanted(false).without, ["session"]);
        let sessions = Asked {
            action: "session.begun".into(),
            ..Asked::default()
        };
        assert_eq!(sessions.wanted(false).without, subject::MAY_BE_SEALED);
        let a = Asked {
            action: "call.published".into(),
            account: "a&b".into(),
            ..Asked::default()
        };
        assert_eq!(a.query(7), "before=7&action=call.published&account=a%26b");
    }
}
