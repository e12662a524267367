//! An evaluation, its people, its findings.

use access::Thing;
use basis::{
    AccountId, AimId, BodyId, Code, Day, EvaluationId, Field, GovernmentId, Moment, PlanItemId, Refusal, RelationId,
    Text, UndertakingId, code,
};
use serde::Serialize;

code! { pub enum Status { Appointed => "appointed", Drafted => "drafted", Published => "published" } }
code! {
    /// How an aim stands.
    pub enum FindingState { Met => "met", InPart => "in-part", NotMet => "not-met", CannotTell => "cannot-tell" }
}
::store::coded!(Status, FindingState);

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    pub id: EvaluationId,
    /// Each undertaking is evaluated once.
    pub undertaking: UndertakingId,
    pub plan_item: PlanItemId,
    pub relation: Option<RelationId>,
    pub field: Field,
    pub district: Option<GovernmentId>,
    pub status: Status,
    pub due: Day,
    pub appointed: (AccountId, Moment),
    pub summary: Option<Text>,
    pub drafted: Option<(AccountId, Moment)>,
    pub published: Option<(AccountId, Moment)>,
    /// What the executing party says to it; published beside it.
    pub reply: Option<(Text, AccountId, Moment)>,
    pub version: i64,
    pub illustrative: bool,
}
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluator {
    pub evaluation: EvaluationId,
    pub account: AccountId,
    /// The body they come from, if they act for one.
    pub body: Option<BodyId>,
    pub no_conflict: Option<Moment>,
}
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    pub evaluation: EvaluationId,
    pub aim: AimId,
    pub found: Text,
    pub state: FindingState,
    pub note: Option<Text>,
    pub source: Option<String>,
    pub by: AccountId,
    pub at: Moment,
    pub version: i64,
}

impl Evaluation {
    pub fn thing(&self, evaluators: &[Evaluator], executing: (&[BodyId], &[AccountId])) -> Thing {
        Thing {
            field: Some(self.field),
            district: self.district,
            relation: self.relation,
            executing_bodies: executing.0.to_vec(),
            executing_people: executing.1.to_vec(),
            panel: evaluators.iter().map(|e| e.account).collect(),
            status: Some(self.status.code()),
            ..Thing::new("evaluation", self.id)
        }
    }
    /// Findings may still be written.
    pub fn is_open(&self) -> Result<(), Refusal> {
        match self.status {
            Status::Appointed => Ok(()),
            Status::Drafted => Err(Refusal::page("refusal-evaluation-drafted")),
            Status::Published => Err(Refusal::page("refusal-evaluation-published")),
        }
    }
    /// The evaluators have finished: every aim has its finding, everybody declared.
    pub fn submit(
        mut self,
        done: (AccountId, Moment),
        summary: Text,
        aims: &[AimId],
        findings: &[Finding],
        evaluators: &[Evaluator],
    ) -> Result<Self, Refusal> {
        self.is_open()?;
        let without = aims.iter().filter(|a| !findings.iter().any(|f| f.aim == **a)).count();
        if without > 0 {
            return Err(Refusal::page("refusal-aims-without-finding").with("count", without));
        }
        let silent = evaluators.iter().filter(|e| e.no_conflict.is_none()).count();
        if silent > 0 {
            return Err(Refusal::page("refusal-evaluators-undeclared").with("count", silent));
        }
        self.status = Status::Drafted;
        self.summary = Some(summary);
        self.drafted = Some(done);
        Ok(self)
    }
    /// Nothing is judged in public before the work is over.
    pub fn publish(mut self, done: (AccountId, Moment), over: bool) -> Result<Self, Refusal> {
        match self.status {
            Status::Appointed => return Err(Refusal::page("refusal-evaluation-not-drafted")),
            Status::Published => return Err(Refusal::page("refusal-evaluation-published")),
            Status::Drafted if !over => return Err(Refusal::page("refusal-undertaking-not-over")),
            Status::Drafted => {}
        }
        self.status = Status::Published;
        self.published = Some(done);
        Ok(self)
    }
    /// One reply, once there is something to reply to.
    pub fn reply(mut self, text: Text, by: AccountId, at: Moment) -> Result<Self, Refusal> {
        if self.status == Status::Appointed {
            return Err(Refusal::page("refusal-evaluation-not-drafted"));
        }
        if self.reply.is_some() {
            return Err(Refusal::page("refusal-reply-given"));
        }
        self.reply = Some((text, by, at));
        Ok(self)
    }
}
/// Aims are set before the start: what is aimed at afterwards only describes what was done (R19).
pub fn aims_are_open(started: &[Option<Moment>]) -> Result<(), Refusal> {
    if started.iter().any(Option::is_some) {
        return Err(Refusal::page("refusal-aims-after-start"));
    }
    Ok(())
}
