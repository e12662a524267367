//! The life of a relation, as offices live it (domain.md section 5): which step may follow which, and what it needs.

use basis::{Check, Claimant, Confidence, Day, Fill, GovernmentId, Moment, Refusal, RelationId, Text, code};
use serde::Serialize;

use crate::signed::SignedDate;

code! {
    /// What kind of tie it is. `Unclear` where the source does not say which.
    pub enum RelationKind {
        Sister => "sister",
        FriendlyExchange => "friendly-exchange",
        FriendlyCooperation => "friendly-cooperation",
        Unclear => "unclear",
    }
}
code! {
    /// Where a relation stands. `Listed` is honest about rows that only a list names: nobody here knows more yet.
    pub enum RelationStatus {
        Lead => "lead",
        Contact => "contact",
        IntentSigned => "intent-signed",
        FriendlyExchange => "friendly-exchange",
        Application => "application",
        Approved => "approved",
        Signed => "signed",
        Filed => "filed",
        Listed => "listed",
        Active => "active",
        Quiet => "quiet",
        Suspended => "suspended",
        Ended => "ended",
        Succeeded => "succeeded",
    }
}
store::coded!(RelationKind, RelationStatus);

use RelationStatus as S;

impl RelationStatus {
    /// The steps that may follow.
    pub fn next(self) -> &'static [RelationStatus] {
        match self {
            S::Lead => &[S::Contact, S::Ended],
            S::Contact => &[S::IntentSigned, S::FriendlyExchange, S::Application, S::Ended],
            S::IntentSigned => &[S::FriendlyExchange, S::Application, S::Ended],
            // A filed memorandum is lived as it is, or grows into a sister-city application.
            S::FriendlyExchange => &[
                S::Application,
                S::Active,
                S::Quiet,
                S::Suspended,
                S::Ended,
                S::Succeeded,
            ],
            S::Application => &[S::Approved, S::Ended],
            S::Approved => &[S::Signed, S::Ended],
            S::Signed => &[S::Filed, S::Ended],
            S::Filed => &[S::Active, S::Quiet, S::Suspended, S::Ended, S::Succeeded],
            S::Listed => &[S::Filed, S::Active, S::Quiet, S::Suspended, S::Ended, S::Succeeded],
            S::Active => &[S::Quiet, S::Suspended, S::Ended, S::Succeeded, S::Application],
            S::Quiet => &[S::Active, S::Suspended, S::Ended, S::Succeeded],
            S::Suspended => &[S::Active, S::Quiet, S::Ended, S::Succeeded],
            S::Ended => &[S::Contact],
            S::Succeeded => &[],
        }
    }
    /// Steps that end or still a tie say why (pain point 6: quiet periods need an honest status, not deletion), and so
    /// does waking one again.
    pub fn needs_reason(from: RelationStatus, to: RelationStatus) -> bool {
        matches!(to, S::Quiet | S::Suspended | S::Ended | S::Succeeded)
            || (to == S::Active && matches!(from, S::Quiet | S::Suspended))
            || from == S::Ended
    }
    /// Steps that happen on a day that counts: signing and filing.
    pub fn needs_day(self) -> bool {
        matches!(self, S::IntentSigned | S::FriendlyExchange | S::Signed | S::Filed)
    }
    /// Before something is signed a tie is the offices' own business; afterwards it is public. Of a tie that is applying
    /// for a closer stage this is half the answer: [`Relation::standing`] is the whole one.
    pub fn is_open(self) -> bool {
        !matches!(self, S::Lead | S::Contact | S::Application | S::Approved)
    }
    /// Something lives or can live: the gap finder looks at these.
    pub fn is_living(self) -> bool {
        matches!(
            self,
            S::FriendlyExchange | S::Signed | S::Filed | S::Listed | S::Active | S::Quiet
        )
    }
    /// Steps on the way to a closer tie, which the tie it grows from outlives.
    fn is_upgrading(self) -> bool {
        matches!(self, S::Application | S::Approved)
    }
    /// Where a tie stands in the open: what it was before it applied for more, as long as nothing new is signed.
    pub fn standing(self, upgrade_from: Option<RelationStatus>) -> RelationStatus {
        upgrade_from.filter(|_| self.is_upgrading()).unwrap_or(self)
    }
    pub fn fill(self) -> Fill {
        match self {
            S::Lead | S::Listed => Fill::Empty,
            S::Contact | S::IntentSigned | S::FriendlyExchange | S::Application | S::Approved | S::Signed => Fill::Half,
            S::Filed | S::Active => Fill::Full,
            S::Quiet | S::Suspended | S::Ended | S::Succeeded => Fill::Dotted,
        }
    }
}

/// A tie between a local government of ours and one of theirs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Relation {
    pub id: RelationId,
    pub reference: String,
    pub own: GovernmentId,
    pub partner: GovernmentId,
    /// Our district, where the tie is a district's own.
    pub district: Option<GovernmentId>,
    pub kind: RelationKind,
    pub status: RelationStatus,
    /// The public stage from which it applies for a closer one (domain.md section 5: "upgrade keeps history"). It stands
    /// there until the new agreement is signed, goes back there if the application is refused, and keeps its first day
    /// of filing.
    pub upgrade_from: Option<RelationStatus>,
    pub since: Option<Day>,
    pub reason: Option<String>,
    pub signed: Option<SignedDate>,
    /// Counted from this day on (decision 9.3).
    pub filed_on: Option<Day>,
    pub note: Option<Text>,
    pub source: String,
    pub claimant: Claimant,
    pub confidence: Confidence,
    /// Somebody says otherwise; see its facts.
    pub disputed: bool,
    pub illustrative: bool,
    pub listed_at: Moment,
    pub version: i64,
}

/// One step, checked for shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub to: RelationStatus,
    pub on: Option<Day>,
    pub reason: Option<String>,
    /// Who carries on, for `Succeeded`.
    pub successor: Option<GovernmentId>,
}

impl Relation {
    /// Where it stands in the open, whatever it applies for.
    pub fn standing(&self) -> RelationStatus {
        self.status.standing(self.upgrade_from)
    }
    /// The steps that may follow: those of its stage, and back to where it was if an upgrade is refused or withdrawn.
    pub fn next_steps(&self) -> Vec<RelationStatus> {
        let back = self.upgrade_from.filter(|_| self.status.is_upgrading());
        self.status.next().iter().copied().chain(back).collect()
    }
    /// Takes the step, or says at each field why not. Signing sets the signing day only where none is known: another
    /// day is a claim of its own, shown beside the first. A tie that grew is signed anew; what it was before stays on
    /// record as an agreement ([`Relation::outgrown`]).
    pub fn step(&self, step: &Step, today: Day) -> Result<Relation, Vec<Refusal>> {
        let mut c = Check::new();
        // Back from an application: no new signing or filing, but a reason.
        let back = self.status.is_upgrading() && self.upgrade_from == Some(step.to);
        c.ensure(self.next_steps().contains(&step.to), || {
            Refusal::at("to", "refusal-step")
                .with("from", self.status.to_string())
                .with("to", step.to.to_string())
        });
        let owes_reason = back || S::needs_reason(self.status, step.to);
        c.ensure(!owes_reason || step.reason.is_some(), || {
            Refusal::at("reason", "refusal-reason-required")
        });
        c.ensure(back || !step.to.needs_day() || step.on.is_some(), || {
            Refusal::at("on", "refusal-day-required")
        });
        c.ensure(step.on.is_none_or(|d| d <= today), || {
            Refusal::at("on", "refusal-day-to-come")
        });
        if step.to == S::Succeeded {
            c.ensure(
                step.successor.is_some_and(|s| s != self.partner && s != self.own),
                || Refusal::at("successor", "refusal-successor-required"),
            );
        }
        if step.to == S::Filed
            && let (Some(on), Some(signed)) = (step.on, self.signed)
        {
            c.ensure(on >= signed.from, || {
                Refusal::at("on", "refusal-filed-before-signed").with("signed", signed.text())
            });
        }
        let mut next = self.clone();
        next.status = step.to;
        next.since = step.on.or(Some(today));
        next.reason.clone_from(&step.reason);
        next.version += 1;
        match step.to {
            _ if back => next.upgrade_from = None,
            // An intent is public, too: it does not vanish while more is applied for.
            S::Application => next.upgrade_from = Some(self.status).filter(|s| s.is_open()),
            S::Signed => {
                next.kind = RelationKind::Sister;
                let known = next.signed.filter(|_| self.upgrade_from.is_none());
                next.signed = known.or(step.on.map(|from| SignedDate {
                    from,
                    precision: basis::Precision::Day,
                }));
            }
            S::FriendlyExchange => {
                if next.kind == RelationKind::Unclear {
                    next.kind = RelationKind::FriendlyExchange;
                }
                next.signed = next.signed.or(step.on.map(|from| SignedDate {
                    from,
                    precision: basis::Precision::Day,
                }));
            }
            S::Filed => {
                // A tie that was counted before it grew has been counted since then; one that began anew has not.
                let first = self.filed_on.filter(|_| self.upgrade_from.is_some());
                next.filed_on = first.or(step.on);
                next.upgrade_from = None;
            }
            S::Ended => next.upgrade_from = None,
            _ => {}
        }
        c.done(next)
    }
    /// The tie that `self` was before it grew into `next`, where a new agreement took the place of one that was signed.
    pub fn outgrown(&self, next: &Relation) -> Option<(RelationKind, SignedDate)> {
        let grew = self.upgrade_from.is_some() && next.status == S::Signed && self.status != S::Signed;
        Some((self.kind, self.signed.filter(|_| grew && self.signed != next.signed)?))
    }
    /// Counted on that day: filed by then, and not ended since (decision 9.3: counts can be made again for any past day).
    pub fn counted_on(&self, day: Day) -> bool {
        let gone = matches!(self.status, S::Ended | S::Succeeded) && self.since.is_some_and(|since| since <= day);
        self.filed_on.is_some_and(|filed| filed <= day) && !gone
    }
    pub fn thing(&self) -> access::Thing {
        access::Thing {
            relation: Some(self.id),
            partner: Some(self.partner),
            district: self.district,
            status: Some(basis::Code::code(self.status)),
            ..access::Thing::new("relation", self.id)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use basis::Code;
    use proptest::prelude::*;

    fn day(s: &str) -> Day {
        s.parse().unwrap()
    }
    fn one(status: RelationStatus) -> Relation {
        Relation {
            id: basis::Id::named("r"),
            reference: "R1".into(),
            own: basis::Id::named("own"),
            partner: basis::Id::named("partner"),
            district: None,
            kind: RelationKind::Unclear,
            status,
            upgrade_from: None,
            since: None,
            reason: None,
            signed: None,
            filed_on: None,
            note: None,
            source: "a list".into(),
            claimant: Claimant::Third,
            confidence: Confidence::Low,
            disputed: false,
            illustrative: false,
            listed_at: Moment::UNIX_EPOCH,
            version: 1,
        }
    }
    fn step(to: RelationStatus) -> Step {
        Step {
            to,
            on: Some(day("2026-11-20")),
            reason: Some("why".into()),
            successor: Some(basis::Id::named("heir")),
        }
    }
    const TODAY: &str = "2026-11-22";

    #[test]
    fn a_relation_grows_from_a_lead_to_being_counted() {
        let mut r = one(S::Lead);
        for to in [
            S::Contact,
            S::IntentSigned,
            S::Application,
            S::Approved,
            S::Signed,
            S::Filed,
            S::Active,
        ] {
            r = r.step(&step(to), day(TODAY)).unwrap();
        }
        assert_eq!(
            (r.kind, r.signed.unwrap().text()),
            (RelationKind::Sister, "2026-11-20".into())
        );
        assert!(r.counted_on(day(TODAY)) && !r.counted_on(day("2026-11-19")));
        let ended = r.step(&step(S::Ended), day(TODAY)).unwrap();
        assert!(!ended.counted_on(day(TODAY)));
    }

    #[test]
    fn a_step_says_at_each_field_what_it_lacks() {
        let bare = Step {
            to: S::Suspended,
            on: Some(day("2027-01-01")),
            reason: None,
            successor: None,
        };
        let refused = one(S::Active).step(&bare, day(TODAY)).unwrap_err();
        let codes: Vec<_> = refused.iter().map(|r| (r.field.as_deref().unwrap(), r.code)).collect();
        assert_eq!(
            codes,
            [("reason", "refusal-reason-required"), ("on", "refusal-day-to-come")]
        );
        let refused = one(S::Quiet)
            .step(
                &Step {
                    successor: None,
                    ..step(S::Succeeded)
                },
                day(TODAY),
            )
            .unwrap_err();
        assert_eq!(refused[0].code, "refusal-successor-required");
        let signed = Relation {
            signed: SignedDate::parse("2026-11-21"),
            ..one(S::Signed)
        };
        assert_eq!(
            signed.step(&step(S::Filed), day(TODAY)).unwrap_err()[0].code,
            "refusal-filed-before-signed"
        );
    }

    #[test]
    fn an_upgrade_keeps_the_first_signing_day() {
        let exchange = Relation {
            signed: SignedDate::parse("2001"),
            ..one(S::Approved)
        };
        assert_eq!(
            exchange
                .step(&step(S::Signed), day(TODAY))
                .unwrap()
                .signed
                .unwrap()
                .text(),
            "2001"
        );
    }

    #[test]
    fn an_upgrade_that_is_applied_for_hides_nothing_and_may_be_refused() {
        for from in [S::Active, S::FriendlyExchange, S::IntentSigned] {
            let was = Relation {
                kind: RelationKind::FriendlyExchange,
                signed: SignedDate::parse("2001-05-04"),
                filed_on: Some(day("2001-06-01")),
                ..one(from)
            };
            let applied = was.step(&step(S::Application), day(TODAY)).unwrap();
            let approved = applied.step(&step(S::Approved), day(TODAY)).unwrap();
            for on_the_way in [&applied, &approved] {
                assert!(on_the_way.standing().is_open(), "{from}");
                assert_eq!(on_the_way.standing().is_living(), from.is_living());
                let bare = Step {
                    reason: None,
                    on: None,
                    ..step(from)
                };
                let silent = on_the_way.step(&bare, day(TODAY)).unwrap_err();
                assert_eq!(silent[0].code, "refusal-reason-required", "a refused upgrade says why");
                let refused = Step { on: None, ..step(from) };
                let back = on_the_way.step(&refused, day(TODAY)).unwrap();
                assert_eq!(
                    (back.status, back.kind, back.signed, back.upgrade_from),
                    (from, was.kind, was.signed, None)
                );
                let elsewhere = if from == S::Active { S::Quiet } else { S::Active };
                assert!(on_the_way.step(&step(elsewhere), day(TODAY)).is_err());
            }
            let signed = approved.step(&step(S::Signed), day(TODAY)).unwrap();
            let filed = signed.step(&step(S::Filed), day(TODAY)).unwrap();
            assert_eq!((filed.kind, filed.upgrade_from), (RelationKind::Sister, None));
            assert_eq!(filed.filed_on, was.filed_on, "counts of past days stay what they were");
            assert_eq!(
                signed.signed.unwrap().text(),
                "2026-11-20",
                "a sister city since the new agreement"
            );
            let before = approved.outgrown(&signed).unwrap();
            assert_eq!((before.0, before.1.text()), (was.kind, "2001-05-04".into()));
            assert!(signed.outgrown(&filed).is_none());
        }
        let first = one(S::Contact).step(&step(S::Application), day(TODAY)).unwrap();
        assert!(
            !first.standing().is_open(),
            "a first application is the offices' own business"
        );
        assert!(first.step(&step(S::Contact), day(TODAY)).is_err());
    }

    proptest! {
        /// No walk leads off the map, wakes the succeeded, or loses the day it was filed.
        #[test]
        fn walks_stay_on_the_map(start in 0usize..14, choices in proptest::collection::vec(0usize..14, 0..30)) {
            let mut r = one(RelationStatus::ALL[start]);
            for choice in choices {
                let to = RelationStatus::ALL[choice];
                match r.step(&step(to), day(TODAY)) {
                    Ok(next) => {
                        prop_assert!(r.next_steps().contains(&to));
                        prop_assert!(next.upgrade_from.is_none_or(|s| s.is_open() && !s.is_upgrading()));
                        // What once was public stays so, unless it ends.
                        prop_assert!(!r.standing().is_open() || next.standing().is_open() || r.status == S::Ended);
                        prop_assert_eq!(next.version, r.version + 1);
                        prop_assert!(r.filed_on.is_none() || next.filed_on.is_some());
                        let lost = r.signed.is_some() && next.signed != r.signed;
                        prop_assert!(!lost || r.outgrown(&next).is_some());
                        r = next;
                    }
                    Err(refused) => prop_assert!(!r.next_steps().contains(&to) || !refused.is_empty()),
                }
            }
            prop_assert!(!RelationStatus::Succeeded.next().contains(&r.status));
        }
        /// Every stage can come to an end, and none follows itself.
        #[test]
        fn every_stage_but_the_last_has_a_way_on(i in 0usize..14) {
            let s = RelationStatus::ALL[i];
            prop_assert!(!s.next().contains(&s));
            prop_assert_eq!(s.next().is_empty(), s == S::Succeeded);
        }
    }
}
