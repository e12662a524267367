//! The vocabulary of all rules: what they may ask about a principal, a thing and an action; generated, so that the
//! validator knows every action of every room.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::PolicyFile;

/// Groups of actions that the house's own rules name. Members are declared by their rooms; a room that is not there
/// (in a test with a few rooms) leaves its members out without a fault, and [`crate::Gate::unclaimed`] lists them.
pub const GROUPS: &[(&str, &[&str])] = &[
    // Taking part in execution.
    (
        "executing",
        &[
            "offer.submit",
            "assignment.answer",
            "undertaking.sign",
            "deliverable.submit",
            "instalment.request",
        ],
    ),
    // Judging what others did or offer.
    (
        "evaluating",
        &[
            "evaluation.begin",
            "evaluation.judge",
            "evaluation.submit",
            "evaluation.publish",
        ],
    ),
    (
        "reviewing",
        &["offer.review", "offer.shortlist", "review.submit", "call.award"],
    ),
    // The later steps of a payment: each by somebody who did none of the earlier ones.
    (
        "settling",
        &["instalment.approve", "instalment.pay", "instalment.reconcile"],
    ),
];
/// Look and change nothing.
pub const READS: &str = "reads";
/// About one's own account.
pub const OWN: &str = "own";

pub fn reads(action: &str) -> bool {
    action.ends_with(".read") || action.ends_with(".list")
}
pub fn own(action: &str) -> bool {
    action.starts_with("own.")
}
/// All groups an action is in.
pub fn groups_of(action: &str) -> Vec<&'static str> {
    let named = GROUPS
        .iter()
        .filter(|(_, members)| members.contains(&action))
        .map(|(group, _)| *group);
    let read = reads(action).then_some(READS);
    let own = own(action).then_some(OWN);
    named.chain(read).chain(own).collect()
}
pub fn groups() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().map(|(group, _)| *group).chain([READS, OWN])
}

/// Which room declares each action.
///
/// # Errors
/// Two rooms declare the same action, or its name is not "thing.verb".
pub fn declared(files: &[PolicyFile]) -> Result<BTreeMap<&'static str, &'static str>, String> {
    let mut rooms = BTreeMap::new();
    for file in files {
        for action in file.actions {
            let shaped = action.split_once('.').is_some_and(|(thing, verb)| {
                let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
                word(thing) && verb.split('.').all(word)
            });
            if !shaped {
                return Err(format!(
                    "policies of {}: the action \"{action}\" is not named thing.verb",
                    file.room
                ));
            }
            if let Some(other) = rooms.insert(*action, file.room) {
                return Err(format!(
                    "policies of {}: the action \"{action}\" is declared by {other} too",
                    file.room
                ));
            }
        }
    }
    Ok(rooms)
}

const ENTITIES: &str = r#"
entity Account = {
  account: String, role: String, signedIn: Bool, home: Bool,
  bodies: Set<String>, body?: String, bodyKind?: String, field?: String, district?: String, government?: String,
  via: String, byToken: Bool, scopes: Set<String>,
};
entity Thing = {
  kind: String, id: String,
  field?: String, district?: String, relation?: String, partner?: String, guiding?: String,
  ownerBody?: String, owner?: String,
  executingBodies: Set<String>, executingPeople: Set<String>, panel: Set<String>, earlierPeople: Set<String>,
  status?: String,
};
"#;

/// The schema in Cedar's own language.
pub fn cedar(actions: &BTreeMap<&str, &str>) -> String {
    let mut out = ENTITIES.to_owned();
    let shape = "appliesTo { principal: [Account], resource: [Thing], context: { room: String, reads: Bool } };\n";
    // A group applies to something by itself: a rule over a group without members is then still a valid rule.
    for group in groups() {
        let _ = write!(out, "action \"{group}\" {shape}");
    }
    for action in actions.keys() {
        let groups: BTreeSet<String> = groups_of(action).iter().map(|g| format!("\"{g}\"")).collect();
        let groups: Vec<String> = groups.into_iter().collect();
        let within = if groups.is_empty() {
            String::new()
        } else {
            format!("in [{}] ", groups.join(", "))
        };
        let _ = write!(out, "action \"{action}\" {within}{shape}");
    }
    out
}
