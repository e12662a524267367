//! Organisations as legal persons: who they are, what they can do, and whether somebody checked it.

use basis::{AccountId, BodyId, Check, Day, Field, GovernmentId, Moment, Refusal, Text, code};
use serde::Serialize;

code! {
    /// The glossary's kinds of social forces and public bodies (domain.md section 11).
    pub enum LegalForm {
        Association => "association",
        Foundation => "foundation",
        ServiceBody => "service-body",
        PublicInstitution => "public-institution",
        PeoplesOrganisation => "peoples-organisation",
        OverseasNgo => "overseas-ngo",
        Company => "company",
        University => "university",
        Other => "other",
    }
}
code! {
    pub enum Standing {
        /// Entered by somebody else, such as an import: nobody asked to act for it yet.
        Unverified => "unverified",
        /// Waits for the office.
        Pending => "pending",
        Verified => "verified",
        Refused => "refused",
    }
}
store::coded!(LegalForm, Standing);

/// One organisation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Organisation {
    pub id: BodyId,
    pub reference: String,
    pub name: Text,
    /// What it asked to be called: everybody reads `name` until the office has checked the new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wanted_name: Option<Text>,
    pub legal_form: LegalForm,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    pub registration_no: Option<String>,
    pub website: Option<String>,
    pub about: Option<Text>,
    pub fields: Vec<Field>,
    /// Where it is: a partner's local government, or our own district.
    pub government: Option<GovernmentId>,
    pub district: Option<GovernmentId>,
    /// What it can do, in its own words (R50).
    pub capabilities: Vec<String>,
    pub standing: Standing,
    pub verified_until: Option<Day>,
    pub verified_by: Option<AccountId>,
    /// Why the office refused.
    pub reason: Option<String>,
    /// Who asked to act for it, for what, by which letter. For the office and the applicant only.
    #[serde(skip)]
    pub applicant: Option<AccountId>,
    #[serde(skip)]
    pub purpose: String,
    #[serde(skip)]
    pub letter: String,
    pub home: bool,
    pub made_at: Moment,
    pub version: i64,
    pub illustrative: bool,
}

/// The office's decision on who somebody says they are.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    Verify { until: Day },
    Refuse { reason: String },
}

/// A verification holds at most so long: mandates and registrations change.
const LONGEST_YEARS: i16 = 5;

impl Organisation {
    /// Checked by somebody, and not run out.
    pub fn is_verified(&self, today: Day) -> bool {
        self.standing == Standing::Verified && self.verified_until.is_none_or(|until| until >= today)
    }
    /// How it stands on a day: who was checked and let it run out stands like one nobody checked.
    pub fn standing_on(&self, today: Day) -> Standing {
        match self.standing {
            Standing::Verified if !self.is_verified(today) => Standing::Unverified,
            other => other,
        }
    }
    /// What everybody may see: refused and waiting ones are the applicant's and the office's business.
    pub fn is_open(&self) -> bool {
        matches!(self.standing, Standing::Verified | Standing::Unverified)
    }
    /// Applies the decision. A refused one may ask again, a verified one may be renewed or lose it.
    pub fn decide(&self, decision: Decision, by: AccountId, today: Day) -> Result<Organisation, Vec<Refusal>> {
        let mut c = Check::new();
        // Two pairs of eyes: nobody vouches for their own claim (R68's spirit).
        c.ensure(self.applicant != Some(by), || Refusal::page("refusal-own-application"));
        let mut next = self.clone();
        next.version += 1;
        next.verified_by = Some(by);
        match decision {
            Decision::Verify { until } => {
                let longest = today
                    .checked_add(jiff::Span::new().years(LONGEST_YEARS))
                    .unwrap_or(today);
                c.ensure(until > today, || Refusal::at("until", "refusal-until-past"));
                c.ensure(until <= longest, || {
                    Refusal::at("until", "refusal-until-far").with("longest", longest)
                });
                next.standing = Standing::Verified;
                next.verified_until = Some(until);
                next.reason = None;
                // The new name was checked with it.
                if let Some(name) = next.wanted_name.take() {
                    next.name = name;
                }
            }
            Decision::Refuse { reason } => {
                next.standing = Standing::Refused;
                next.verified_until = None;
                next.reason = Some(reason);
            }
        }
        c.done(next)
    }
    pub fn thing(&self) -> access::Thing {
        access::Thing {
            owner_body: Some(self.id),
            owner: self.applicant,
            district: self.district,
            partner: self.government,
            status: Some(basis::Code::code(self.standing)),
            ..access::Thing::new("organisation", self.id)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(s: &str) -> Day {
        s.parse().unwrap()
    }
    fn one() -> Organisation {
        Organisation {
            id: basis::Id::named("o"),
            reference: "O1".into(),
            name: Text::both("书友会", "Book friends"),
            wanted_name: None,
            legal_form: LegalForm::Association,
            country: "CN".into(),
            registration_no: None,
            website: None,
            about: None,
            fields: vec![Field::Culture],
            government: None,
            district: None,
            capabilities: vec![],
            standing: Standing::Pending,
            verified_until: None,
            verified_by: None,
            reason: None,
            applicant: Some(basis::Id::named("applicant")),
            purpose: "to offer".into(),
            letter: "No. 12".into(),
            home: true,
            made_at: Moment::UNIX_EPOCH,
            version: 1,
            illustrative: true,
        }
    }

    #[test]
    fn a_verification_has_an_end_and_runs_out() {
        let (lead, today) = (basis::Id::named("lead"), day("2026-11-22"));
        let ok = one()
            .decide(
                Decision::Verify {
                    until: day("2028-12-31"),
                },
                lead,
                today,
            )
            .unwrap();
        assert!(ok.is_verified(day("2028-12-31")) && !ok.is_verified(day("2029-01-01")));
        assert_eq!(ok.standing_on(day("2028-12-31")), Standing::Verified);
        assert_eq!(ok.standing_on(day("2029-01-01")), Standing::Unverified);
        for (until, code) in [
            ("2026-11-22", "refusal-until-past"),
            ("2032-01-01", "refusal-until-far"),
        ] {
            let r = one()
                .decide(Decision::Verify { until: day(until) }, lead, today)
                .unwrap_err();
            assert_eq!((r[0].field.as_deref(), r[0].code), (Some("until"), code));
        }
        let refused = ok
            .decide(
                Decision::Refuse {
                    reason: "letter expired".into(),
                },
                lead,
                today,
            )
            .unwrap();
        assert!(!refused.is_open() && refused.verified_until.is_none());
    }

    #[test]
    fn nobody_vouches_for_their_own_claim() {
        let own = basis::Id::named("applicant");
        let r = one()
            .decide(
                Decision::Verify {
                    until: day("2027-12-31"),
                },
                own,
                day("2026-11-22"),
            )
            .unwrap_err();
        assert_eq!(r[0].code, "refusal-own-application");
    }

    #[test]
    fn the_letter_does_not_travel_with_the_public_shape() {
        let json = serde_json::to_string(&one()).unwrap();
        assert!(!json.contains("No. 12") && !json.contains("applicant"));
    }
}
