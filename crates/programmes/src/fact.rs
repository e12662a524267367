//! Sourced statements about a programme: what public reports say, beside what the platform itself recorded.

use access::{Asking, House, Thing};
use basis::{Check, Claimant, Confidence, Day, Fail, Fill, Id, Lang, Moment, PlanItemId, Text, code};
use serde::{Deserialize, Serialize};
use store::{Entry, Query, StoreFault, row, vals};

code! {
    /// The eight stages of a programme, as its page tells them.
    pub enum Stage {
        Need => "need", Call => "call", Offers => "offers", Award => "award",
        Milestones => "milestones", Deliverables => "deliverables", Money => "money", Evaluation => "evaluation",
    }
}
store::coded!(Stage);

/// Marks ids of facts.
pub enum ProgrammeFact {}
impl basis::Kind for ProgrammeFact {
    const NAME: &'static str = "programme-fact";
}

row! {
    #[derive(Serialize)]
    pub struct FactCard {
        pub id: Id<ProgrammeFact>,
        pub plan_item: PlanItemId,
        pub stage: Stage,
        /// The milestone (or other part) it is about, by id.
        pub about: Option<String>,
        /// A figure to be shown large: "200".
        pub figure: Option<String>,
        pub say: Text,
        pub source: String,
        pub claimant: Claimant,
        pub confidence: Confidence,
        pub as_of: Option<Day>,
        pub made_at: Moment,
    }
}

/// What a person hands in.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct FactInput {
    pub stage: String,
    pub about: String,
    pub figure: String,
    pub say_zh: String,
    pub say_en: String,
    pub source: String,
    pub confidence: String,
    pub as_of: String,
}

/// Records a fact under a programme (decision 9.2: each with source and claimant).
///
/// # Errors
/// Refusals at the fields; [`Fail::NotFound`] for an unknown programme; a denial by rule.
pub async fn record_fact(
    house: &House,
    asking: &Asking,
    item: PlanItemId,
    input: &FactInput,
) -> Result<Id<ProgrammeFact>, Fail> {
    let mut c = Check::new();
    let stage = c.one_of::<Stage>("stage", &input.stage);
    let say = c.bilingual("say_zh", &input.say_zh, "say_en", &input.say_en, 600, Lang::zh());
    let source = c.line("source", &input.source, 500);
    let figure = c.line_opt("figure", &input.figure, 20);
    let confidence = c.one_of::<Confidence>("confidence", &input.confidence);
    let as_of = c.day_opt("as_of", &input.as_of);
    let about = c.id_opt::<basis::Milestone>("about", &input.about);
    let (Some(stage), Some(confidence)) = (stage, confidence) else {
        return Err(c.done(()).err().unwrap_or_default().into());
    };
    c.done(())?;
    let tx = asking.begin(house).await?;
    let card = planning::item(&tx, item).await?.ok_or(Fail::NotFound)?;
    let thing = thing(&tx, &card).await?;
    asking.check(house, "programme.record-fact", &thing)?;
    let claimant = if asking.viewer.role() == access::Role::PartnerOfficer {
        Claimant::Them
    } else if source.starts_with("http") {
        Claimant::Third
    } else {
        Claimant::Us
    };
    let id: Id<ProgrammeFact> = tx.fresh();
    tx.exec(
        "INSERT INTO programme_fact (id, plan_item, stage, about, figure, say, source, claimant, confidence, as_of, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        vals![id, item, stage, about, figure, say, source, claimant, confidence, as_of, asking.viewer.account(), tx.now()],
    )
    .await?;
    tx.journal(
        Entry::of("programme.fact-recorded", item)
            .after(serde_json::json!({ "stage": stage, "say": say, "source": source })),
    );
    tx.done(id).await
}

/// Takes a fact back, with a reason; it stays in the history.
///
/// # Errors
/// As [`record_fact`]; [`Fail::Changed`] if it was withdrawn before.
pub async fn withdraw_fact(
    house: &House,
    asking: &Asking,
    id: Id<ProgrammeFact>,
    reason: &str,
) -> Result<PlanItemId, Fail> {
    let mut c = Check::new();
    let reason = c.line("reason", reason, 300);
    c.done(())?;
    let tx = asking.begin(house).await?;
    row! { struct Of { plan_item: PlanItemId } }
    let of: Of = tx
        .one("SELECT plan_item FROM programme_fact WHERE id = $1", vals![id])
        .await?
        .ok_or(Fail::NotFound)?;
    let card = planning::item(&tx, of.plan_item).await?.ok_or(Fail::NotFound)?;
    let thing = thing(&tx, &card).await?;
    asking.check(house, "programme.withdraw-fact", &thing)?;
    let n = tx
        .exec(
            "UPDATE programme_fact SET withdrawn_at = $1, withdrawn_reason = $2 WHERE id = $3 AND withdrawn_at IS NULL",
            vals![tx.now(), reason, id],
        )
        .await?;
    if n == 0 {
        return Err(Fail::Changed);
    }
    tx.journal(Entry::of("programme.fact-withdrawn", of.plan_item).because(reason));
    tx.done(of.plan_item).await
}

/// What rules ask about a programme.
pub async fn thing(q: &impl Query, card: &planning::PlanItemCard) -> Result<Thing, StoreFault> {
    let partner = match card.relation {
        Some(r) => relations::cards(q, &[r]).await?.remove(&r).map(|c| c.partner.id),
        None => None,
    };
    Ok(Thing {
        field: Some(card.field),
        district: card.district,
        relation: card.relation,
        partner,
        guiding: Some(card.guiding),
        ..Thing::new("plan-item", card.id)
    })
}

/// Everything that stands, oldest first.
pub async fn facts(q: &impl Query, item: PlanItemId) -> Result<Vec<FactCard>, StoreFault> {
    q.all(
        "SELECT id, plan_item, stage, about, figure, say, source, claimant, confidence, as_of, made_at FROM programme_fact WHERE plan_item = $1 AND withdrawn_at IS NULL ORDER BY made_at, id",
        vals![item],
    )
    .await
}
/// The circle for what somebody is how sure of.
pub fn sureness(c: Confidence) -> Fill {
    match c {
        Confidence::High => Fill::Full,
        Confidence::Medium => Fill::Half,
        Confidence::Low => Fill::Empty,
    }
}
