//! An offer: written in peace, under seal until the opening (R57, R60).

use basis::{
    AccountId, BodyId, CallId, Check, Code, Day, Field, Lang, Moment, Money, NeedId, OfferId, Refusal, Text, code,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::call::{Call, Need, Phase};
use crate::measure::Measures;

code! {
    pub enum OfferStatus {
        Draft => "draft",
        Submitted => "submitted",
        Withdrawn => "withdrawn",
        Awarded => "awarded",
        Declined => "declined",
    }
}
code! {
    /// What a maker brings without asking money for it; by kind, never turned into a sum.
    pub enum InKind { Venue => "venue", Equipment => "equipment", Advice => "advice", Time => "time" }
}
code! {
    /// Whether the maker sees a conflict of interest.
    pub enum Interest { None => "none", Some => "some" }
}
code! {
    /// Whether a person is at home in the call's district.
    pub enum Near { Yes => "yes", No => "no" }
}
store::coded!(OfferStatus, InKind);

impl OfferStatus {
    pub fn fill(self) -> basis::Fill {
        match self {
            OfferStatus::Draft => basis::Fill::Empty,
            OfferStatus::Submitted => basis::Fill::Half,
            OfferStatus::Awarded => basis::Fill::Full,
            OfferStatus::Withdrawn | OfferStatus::Declined => basis::Fill::Dotted,
        }
    }
    /// What others may ever see: never a draft, never what was withdrawn.
    pub fn is_handed_in(self) -> bool {
        matches!(
            self,
            OfferStatus::Submitted | OfferStatus::Awarded | OfferStatus::Declined
        )
    }
}

/// Units offered for one need, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct OfferLineInput {
    pub need: String,
    pub units: String,
}

/// What a maker types: kept as typed, whatever it is, until it is submitted. Nothing gets lost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct OfferInput {
    pub summary_zh: String,
    pub summary_en: String,
    pub plan_zh: String,
    pub plan_en: String,
    pub lines: Vec<OfferLineInput>,
    /// The most units given in all, over these needs and over all offers to calls that are not over yet, each unit of
    /// measure counted by itself; empty where all that is offered can be given.
    pub most: String,
    /// As `most`, for what is counted as one of these needs is: hours by one, rooms by another. Goes before `most`.
    pub limits: Vec<OfferLineInput>,
    pub starts: String,
    pub ends: String,
    pub asked: String,
    /// What the money is for.
    pub spend: String,
    pub in_kind: Vec<String>,
    pub in_kind_note: String,
    /// BCP 47 tags of the languages the work can be done in.
    pub languages: Vec<String>,
    /// Who does the work, with what qualification.
    pub people: String,
    /// Of a person in their own name: "yes" or "no", at home in the call's district.
    pub near: String,
    /// Of a person in their own name: fields of work they have worked in.
    pub fields: Vec<String>,
    /// "none" or "some".
    pub conflict: String,
    pub conflict_note: String,
    pub version: String,
}

/// The parts of the form, one page each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    What,
    Needs,
    Money,
    People,
    Interest,
    Check,
}
impl Part {
    pub const ALL: [Part; 6] = [
        Part::What,
        Part::Needs,
        Part::Money,
        Part::People,
        Part::Interest,
        Part::Check,
    ];
    pub fn code(self) -> &'static str {
        match self {
            Part::What => "what",
            Part::Needs => "needs",
            Part::Money => "money",
            Part::People => "people",
            Part::Interest => "interest",
            Part::Check => "check",
        }
    }
    pub fn from_code(code: &str) -> Option<Part> {
        Part::ALL.into_iter().find(|p| p.code() == code)
    }
    pub fn next(self) -> Part {
        let at = Part::ALL.iter().position(|p| *p == self).unwrap_or(0);
        Part::ALL[(at + 1).min(Part::ALL.len() - 1)]
    }
    /// Which part holds the field a refusal names.
    pub fn of_field(field: &str) -> Part {
        match field {
            f if f.starts_with("summary") || f.starts_with("plan") => Part::What,
            f if f == "lines" || f.starts_with("most") || f.starts_with("units-") => Part::Needs,
            "starts" | "ends" | "asked" | "spend" | "in_kind" | "in_kind_note" => Part::Money,
            "languages" | "people" | "near" | "fields" => Part::People,
            "conflict" | "conflict_note" => Part::Interest,
            _ => Part::Check,
        }
    }
}

/// An offer's content, as submitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Content {
    pub summary: Text,
    pub plan: Text,
    pub starts: Day,
    pub ends: Day,
    pub asked: Option<Money>,
    pub spend: Option<String>,
    pub in_kind: Vec<InKind>,
    pub in_kind_note: Option<String>,
    pub languages: Vec<Lang>,
    pub people: String,
    /// The conflict of interest the maker declares, if any.
    pub conflict_note: Option<String>,
    pub lines: Vec<(NeedId, i64)>,
    /// The most units given in all. What was sealed before there was such a limit keeps its seal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<i64>,
    /// The most given in all of what is counted as a need is; the need stands for its unit of measure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<(NeedId, i64)>,
    /// Of a person in their own name, as they say: at home in the call's district, and fields they have worked in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub near: Option<bool>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
}
impl Content {
    /// What is proposed for the units given: all that was asked where all that was offered is given; a share, each unit
    /// alike and rounded down to the smallest coin, where everything offered is counted in one unit. Rooms and hours add
    /// up to nothing: then no sum is proposed.
    pub fn share_of_asked(&self, given: &[(NeedId, i64)], needs: &[Need]) -> Option<Money> {
        let asked = self.asked?;
        let sum = |lines: &[(NeedId, i64)]| lines.iter().map(|l| i128::from(l.1)).sum::<i128>();
        let of = |need: NeedId| given.iter().filter(|l| l.0 == need).map(|l| l.1).sum::<i64>();
        if self.lines.iter().all(|(need, offered)| of(*need) >= *offered) {
            return Some(asked);
        }
        let mut units = self
            .lines
            .iter()
            .map(|(id, _)| needs.iter().find(|n| n.id == *id).map(|n| &n.unit));
        let first = units.next().flatten()?;
        if !units.all(|unit| unit == Some(first)) {
            return None;
        }
        let (given, offered) = (sum(given), sum(&self.lines));
        // Nothing granted is a sum too: no sum at all would mean that none was asked.
        let share = i64::try_from(i128::from(asked.minor) * given / offered.max(1)).unwrap_or(asked.minor);
        Some(Money::new(share, asked.currency))
    }
    /// A fingerprint, told at submission and compared at the opening: what lay sealed is what is opened.
    pub fn seal(&self) -> String {
        hex::encode(Sha256::digest(serde_json::to_vec(self).unwrap_or_default()))
    }
}

/// Most characters of a draft together: far above any honest offer, far below what would hurt.
pub const DRAFT_MOST: usize = 60_000;

impl OfferInput {
    /// Takes over one part's fields from what was posted with that part; the rest stays.
    #[must_use]
    pub fn with_part(&self, part: Part, posted: &OfferInput) -> OfferInput {
        let mut next = self.clone();
        let p = posted.clone();
        match part {
            Part::What => {
                (next.summary_zh, next.summary_en) = (p.summary_zh, p.summary_en);
                (next.plan_zh, next.plan_en) = (p.plan_zh, p.plan_en);
            }
            Part::Needs => (next.lines, next.most, next.limits) = (p.lines, p.most, p.limits),
            Part::Money => {
                (next.starts, next.ends, next.asked, next.spend) = (p.starts, p.ends, p.asked, p.spend);
                (next.in_kind, next.in_kind_note) = (p.in_kind, p.in_kind_note);
            }
            Part::People => {
                (next.languages, next.people) = (p.languages, p.people);
                (next.near, next.fields) = (p.near, p.fields);
            }
            Part::Interest => (next.conflict, next.conflict_note) = (p.conflict, p.conflict_note),
            Part::Check => {}
        }
        next
    }
    /// Whether a part holds anything yet.
    pub fn has(&self, part: Part) -> bool {
        match part {
            Part::What => ![&self.summary_zh, &self.summary_en, &self.plan_zh, &self.plan_en]
                .iter()
                .all(|s| s.trim().is_empty()),
            Part::Needs => self.lines.iter().any(|l| !l.units.trim().is_empty()),
            Part::Money => ![&self.starts, &self.ends, &self.asked, &self.spend]
                .iter()
                .all(|s| s.trim().is_empty()),
            Part::People => !self.people.trim().is_empty() || !self.languages.is_empty(),
            Part::Interest => !self.conflict.trim().is_empty(),
            Part::Check => false,
        }
    }
    pub(crate) fn size(&self) -> usize {
        serde_json::to_string(self).map_or(0, |s| s.chars().count())
    }
    /// The whole offer against its call: every refusal at its field, all at once.
    pub fn check(&self, call: &Call, needs: &[Need], source: Lang) -> Result<Content, Vec<Refusal>> {
        let mut c = Check::new();
        let summary = c.bilingual(
            "summary_zh",
            &self.summary_zh,
            "summary_en",
            &self.summary_en,
            300,
            source.clone(),
        );
        let plan = c.bilingual("plan_zh", &self.plan_zh, "plan_en", &self.plan_en, 4000, source);
        let lines = self.check_lines(&mut c, needs);
        let most = (!self.most.trim().is_empty()).then(|| c.number("most", &self.most, 1..=1_000_000));
        let limits = self.check_limits(&mut c, needs);
        let starts = c.day("starts", &self.starts);
        let ends = c.day("ends", &self.ends);
        if let Some(s) = starts {
            c.ensure(s >= call.work_from, || {
                Refusal::at("starts", "refusal-offer-starts-early").with("from", call.work_from)
            });
        }
        if let (Some(s), Some(e)) = (starts, ends) {
            c.ensure(e >= s, || Refusal::at("ends", "refusal-before-start").with("starts", s));
        }
        if let Some(e) = ends {
            c.ensure(e <= call.work_until, || {
                Refusal::at("ends", "refusal-offer-ends-late").with("until", call.work_until)
            });
        }
        let asked = (!self.asked.trim().is_empty())
            .then(|| c.money("asked", &self.asked, call.currency))
            .filter(|m| m.minor > 0);
        if let (Some(a), Some(most)) = (asked, call.ceiling()) {
            c.ensure(a.minor <= most.minor, || {
                let over = Money::new(a.minor - most.minor, call.currency);
                Refusal::at("asked", "refusal-over-ceiling")
                    .with("asked", a)
                    .with("most", most)
                    .with("over", over)
            });
        }
        let spend = if asked.is_some() {
            Some(c.prose("spend", &self.spend, 300))
        } else {
            c.prose_opt("spend", &self.spend, 300)
        };
        let in_kind = self.in_kind.iter().filter_map(|k| InKind::from_code(k)).collect();
        let in_kind_note = c.line_opt("in_kind_note", &self.in_kind_note, 300);
        let languages: Vec<Lang> = self
            .languages
            .iter()
            .filter(|l| !l.trim().is_empty())
            .filter_map(|l| l.trim().parse().ok())
            .collect();
        c.ensure(!languages.is_empty() && languages.len() <= 20, || {
            Refusal::at("languages", "refusal-required")
        });
        let people = c.prose("people", &self.people, 1500);
        let near = (!self.near.trim().is_empty())
            .then(|| c.one_of::<Near>("near", &self.near))
            .flatten()
            .map(|n| n == Near::Yes);
        let mut fields: Vec<Field> = self.fields.iter().filter_map(|f| Field::from_code(f.trim())).collect();
        fields.sort_unstable();
        fields.dedup();
        let interest = c.one_of::<Interest>("conflict", &self.conflict);
        let conflict_note = if interest == Some(Interest::Some) {
            Some(c.prose("conflict_note", &self.conflict_note, 600))
        } else {
            None
        };
        let day = |d: Option<Day>| d.unwrap_or_default();
        let (starts, ends) = (day(starts), day(ends));
        c.done(Content {
            summary,
            plan,
            starts,
            ends,
            asked,
            spend,
            in_kind,
            in_kind_note,
            languages,
            people,
            conflict_note,
            lines,
            most,
            limits,
            near,
            fields,
        })
    }
    fn check_lines(&self, c: &mut Check, needs: &[Need]) -> Vec<(NeedId, i64)> {
        let mut lines: Vec<(NeedId, i64)> = Vec::new();
        for line in self.lines.iter().filter(|l| !l.units.trim().is_empty()) {
            let field = format!("units-{}", line.need.trim());
            let Some(need) = needs.iter().find(|n| n.id.to_string() == line.need.trim()) else {
                c.refuse(Refusal::at(field, "refusal-not-in-list"));
                continue;
            };
            let units = c.number(field.clone(), &line.units, 0..=need.max);
            if lines.iter().any(|(n, _)| *n == need.id) {
                c.refuse(Refusal::at(field, "refusal-need-twice"));
            } else if units > 0 {
                lines.push((need.id, units));
            }
        }
        // In the call's order, whatever the form's: the same offer has the same seal.
        lines.sort_by_key(|(id, _)| needs.iter().position(|n| n.id == *id));
        let typed = self.lines.iter().any(|l| !l.units.trim().is_empty());
        c.ensure(!lines.is_empty() || (typed && !c.is_clean()), || {
            Refusal::at("lines", "refusal-offer-no-need")
        });
        lines
    }
}

impl OfferInput {
    /// One limit for each unit of measure, kept at the first need that is counted so.
    fn check_limits(&self, c: &mut Check, needs: &[Need]) -> Vec<(NeedId, i64)> {
        let measures = Measures::of_all(needs.iter().map(|n| &n.unit));
        let mut limits: Vec<(NeedId, i64)> = Vec::new();
        for limit in self.limits.iter().filter(|l| !l.units.trim().is_empty()) {
            let field = format!("most-{}", limit.need.trim());
            let Some(need) = needs.iter().find(|n| n.id.to_string() == limit.need.trim()) else {
                c.refuse(Refusal::at(field, "refusal-not-in-list"));
                continue;
            };
            let units = c.number(field.clone(), &limit.units, 1..=1_000_000);
            let first = needs.iter().find(|n| measures.of(&n.unit) == measures.of(&need.unit));
            let first = first.map_or(need.id, |n| n.id);
            if limits.iter().any(|l| l.0 == first) {
                c.refuse(Refusal::at(field, "refusal-need-twice"));
            } else {
                limits.push((first, units));
            }
        }
        limits.sort_by_key(|(id, _)| needs.iter().position(|n| n.id == *id));
        limits
    }
}

/// An offer as the room keeps it.
#[derive(Clone, Debug)]
pub struct Offer {
    pub id: OfferId,
    pub call: CallId,
    /// The organisation, or none for a person in their own name.
    pub body: Option<BodyId>,
    pub account: Option<AccountId>,
    pub made_by: Option<AccountId>,
    pub status: OfferStatus,
    pub draft: OfferInput,
    pub saved_at: Moment,
    pub content: Option<Content>,
    pub seal: Option<String>,
    pub submitted_at: Option<Moment>,
    pub reason: Option<String>,
    pub shortlisted: bool,
    pub imported: bool,
    pub illustrative: bool,
    pub version: i64,
}

impl Offer {
    /// What the one-offer-per-maker rule counts by.
    pub fn maker(body: Option<BodyId>, account: Option<AccountId>) -> String {
        match (body, account) {
            (Some(b), _) => format!("body:{b}"),
            (None, Some(a)) => format!("account:{a}"),
            (None, None) => String::new(),
        }
    }
    /// Whose offer it is: the organisation's delegates, or the person.
    pub fn is_of(&self, viewer: &access::Viewer) -> bool {
        match self.body {
            Some(body) => offering_body(viewer) == Some(body),
            None => self.account.is_some() && self.account == viewer.account(),
        }
    }
    /// Keeps what was typed. A withdrawn offer that is written on is a draft again.
    pub fn save(&self, call: &Call, draft: OfferInput, now: Moment) -> Result<Offer, Refusal> {
        open_for_offers(call, now)?;
        if draft.size() > DRAFT_MOST {
            return Err(Refusal::page("refusal-too-long")
                .with("max", DRAFT_MOST)
                .with("count", draft.size()));
        }
        let status = if self.status == OfferStatus::Withdrawn {
            OfferStatus::Draft
        } else {
            self.status
        };
        Ok(Offer {
            draft,
            status,
            saved_at: now,
            ..self.clone()
        })
    }
    /// Puts it under seal. Before the close it may be submitted again; the last one counts.
    pub fn submit(&self, call: &Call, content: Content, now: Moment) -> Result<Offer, Refusal> {
        open_for_offers(call, now)?;
        if !matches!(self.status, OfferStatus::Draft | OfferStatus::Submitted) {
            return Err(Refusal::page("refusal-offer-not-draft"));
        }
        let seal = Some(content.seal());
        Ok(Offer {
            status: OfferStatus::Submitted,
            content: Some(content),
            seal,
            submitted_at: Some(now),
            ..self.clone()
        })
    }
    /// Takes it back: freely while the call is open, with a reason until it is decided.
    pub fn withdraw(&self, call: &Call, reason: Option<String>, now: Moment) -> Result<Offer, Refusal> {
        if !matches!(self.status, OfferStatus::Draft | OfferStatus::Submitted) {
            return Err(Refusal::page("refusal-offer-not-to-withdraw"));
        }
        let late = match call.phase(now) {
            Phase::Decided | Phase::Cancelled => return Err(Refusal::page("refusal-call-ended")),
            Phase::Closed | Phase::InReview => self.status == OfferStatus::Submitted,
            Phase::Draft | Phase::Announced | Phase::Open | Phase::Asked => false,
        };
        if late && reason.is_none() {
            return Err(Refusal::at("reason", "refusal-required"));
        }
        Ok(Offer {
            status: OfferStatus::Withdrawn,
            reason,
            shortlisted: false,
            ..self.clone()
        })
    }
    /// As the gate asks about it.
    pub fn thing(&self, call: &Call, panel: Vec<AccountId>) -> access::Thing {
        let id = self.id.to_string();
        access::Thing {
            kind: "offer",
            id,
            owner_body: self.body,
            owner: if self.body.is_none() { self.account } else { None },
            panel,
            ..call.thing()
        }
    }
}

/// The body a viewer offers for: a delegate's organisation, or a partner city's office, on the same terms. Everybody
/// else offers in their own name only.
pub(crate) fn offering_body(viewer: &access::Viewer) -> Option<BodyId> {
    matches!(viewer.role(), access::Role::Delegate | access::Role::PartnerOfficer)
        .then(|| viewer.body())
        .flatten()
}

/// The server's clock decides, not the sender's.
pub(crate) fn open_for_offers(call: &Call, now: Moment) -> Result<(), Refusal> {
    match call.phase(now) {
        Phase::Open => Ok(()),
        Phase::Announced => Err(Refusal::page("refusal-call-not-open-yet").with("opens", call.opens_at)),
        // Work that was handed to one party never takes offers.
        Phase::Asked => Err(Refusal::page("refusal-call-assigned")),
        _ => Err(Refusal::page("refusal-call-closed").with("closes", call.closes_at)),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::call::tests::{at, draft as call_draft, need};
    use basis::Id;

    pub(crate) fn typed() -> OfferInput {
        OfferInput {
            summary_zh: "摘要".into(),
            plan_zh: "计划".into(),
            lines: vec![OfferLineInput {
                need: Id::<basis::Need>::named("n").to_string(),
                units: "2".into(),
            }],
            starts: "2027-03-15".into(),
            ends: "2027-09-30".into(),
            asked: "60,000".into(),
            spend: "试剂".into(),
            languages: vec!["zh-Hans".into()],
            people: "张三".into(),
            conflict: "none".into(),
            ..Default::default()
        }
    }
    fn open_call() -> Call {
        call_draft().publish(&[need("n", 1, 3, 1)], at(0)).unwrap()
    }
    fn offer() -> Offer {
        Offer {
            id: Id::named("o"),
            call: Id::named("c"),
            body: Some(Id::named("b")),
            account: None,
            made_by: None,
            status: OfferStatus::Draft,
            draft: typed(),
            saved_at: at(0),
            content: None,
            seal: None,
            submitted_at: None,
            reason: None,
            shortlisted: false,
            imported: false,
            illustrative: false,
            version: 1,
        }
    }
    #[test]
    fn every_fault_sits_at_its_field_and_its_part() {
        let input = OfferInput {
            starts: "2026-12-01".into(),
            ends: "2026-11-30".into(),
            asked: "68,500".into(),
            lines: vec![OfferLineInput {
                need: Id::<basis::Need>::named("n").to_string(),
                units: "4".into(),
            }],
            conflict: "some".into(),
            ..Default::default()
        };
        let faults = input
            .check(&open_call(), &[need("n", 1, 3, 1)], Lang::zh())
            .unwrap_err();
        let at: Vec<_> = faults
            .iter()
            .map(|r| (Part::of_field(r.field.as_deref().unwrap_or("")).code(), r.code))
            .collect();
        assert_eq!(
            at,
            [
                ("what", "refusal-one-language"),
                ("what", "refusal-one-language"),
                ("needs", "refusal-out-of-range"),
                ("money", "refusal-offer-starts-early"),
                ("money", "refusal-before-start"),
                ("money", "refusal-over-ceiling"),
                ("money", "refusal-required"),
                ("people", "refusal-required"),
                ("people", "refusal-required"),
                ("interest", "refusal-required"),
            ]
        );
        assert!(typed().check(&open_call(), &[need("n", 1, 3, 1)], Lang::zh()).is_ok());
    }
    #[test]
    fn the_last_moment_counts_and_the_closing_moment_does_not() {
        let call = open_call();
        let content = typed().check(&call, &[need("n", 1, 3, 1)], Lang::zh()).unwrap();
        let last = Moment::from_microsecond(call.closes_at.as_microsecond() - 1).unwrap();
        assert!(offer().submit(&call, content.clone(), last).is_ok());
        assert_eq!(
            offer().submit(&call, content.clone(), call.closes_at).unwrap_err().code,
            "refusal-call-closed"
        );
        assert_eq!(
            offer().save(&call, typed(), call.closes_at).unwrap_err().code,
            "refusal-call-closed"
        );
        let sent = offer().submit(&call, content, last).unwrap();
        assert_eq!(
            sent.withdraw(&call, None, call.closes_at).unwrap_err().field.as_deref(),
            Some("reason")
        );
        assert!(sent.withdraw(&call, None, last).is_ok());
    }
    #[test]
    fn a_part_saved_leaves_the_others() {
        let next = typed().with_part(
            Part::Money,
            &OfferInput {
                asked: "1".into(),
                ..Default::default()
            },
        );
        assert_eq!(
            (next.asked.as_str(), next.summary_zh.as_str(), next.starts.as_str()),
            ("1", "摘要", "")
        );
    }
    #[test]
    fn the_seal_tells_a_change() {
        let call = open_call();
        let content = typed().check(&call, &[need("n", 1, 3, 1)], Lang::zh()).unwrap();
        let other = Content {
            people: "李四".into(),
            ..content.clone()
        };
        assert_ne!(content.seal(), other.seal());
        let back: Content = serde_json::from_str(&serde_json::to_string(&content).unwrap()).unwrap();
        assert_eq!(back.seal(), content.seal());
    }
}
