//! What other rooms and pages read, cut to what the viewer may see.

use std::collections::HashMap;

use ::store::{Query, StoreFault};
use access::Viewer;
use basis::{AccountId, AimId, BodyId, Day, EvaluationId, Moment, PlanItemId, Text, UndertakingId};
use serde::Serialize;
use undertakings::UndertakingCard;

use crate::{Aim, Evaluation, Evaluator, FindingState, Status, sight, store};

/// An aim, public from the day it is set.
#[derive(Clone, Debug, Serialize)]
pub struct AimCard {
    pub id: AimId,
    pub plan_item: PlanItemId,
    pub text: Text,
    pub measure: Text,
    pub target: Text,
    pub set_at: Moment,
    pub illustrative: bool,
}
impl From<Aim> for AimCard {
    fn from(a: Aim) -> Self {
        AimCard {
            id: a.id,
            plan_item: a.plan_item,
            text: a.text,
            measure: a.measure,
            target: a.target,
            set_at: a.set.1,
            illustrative: a.illustrative,
        }
    }
}
pub async fn aims(q: &impl Query, items: &[PlanItemId]) -> Result<Vec<AimCard>, StoreFault> {
    Ok(store::aims(q, items).await?.into_iter().map(AimCard::from).collect())
}

/// An evaluation as its reader may see it; that there is one, and until when, is public.
#[derive(Clone, Debug, Serialize)]
pub struct EvaluationCard {
    pub id: EvaluationId,
    pub undertaking: UndertakingId,
    pub plan_item: PlanItemId,
    pub status: Status,
    pub due: Day,
    pub appointed_at: Moment,
    /// How many evaluate.
    pub evaluators: usize,
    /// The reader may read findings and summary.
    pub readable: bool,
    pub summary: Option<Text>,
    pub drafted_at: Option<Moment>,
    pub published_at: Option<Moment>,
    pub reply: Option<Text>,
    pub reply_at: Option<Moment>,
    pub version: i64,
    pub illustrative: bool,
}
impl EvaluationCard {
    fn new(e: Evaluation, evaluators: usize, readable: bool) -> Self {
        EvaluationCard {
            id: e.id,
            undertaking: e.undertaking,
            plan_item: e.plan_item,
            status: e.status,
            due: e.due,
            appointed_at: e.appointed.1,
            evaluators,
            readable,
            summary: e.summary.filter(|_| readable),
            drafted_at: e.drafted.map(|d| d.1),
            published_at: e.published.map(|d| d.1),
            reply_at: e.reply.as_ref().map(|r| r.2).filter(|_| readable),
            reply: e.reply.map(|r| r.0).filter(|_| readable),
            version: e.version,
            illustrative: e.illustrative,
        }
    }
}
pub(crate) async fn cards(
    q: &impl Query,
    viewer: &Viewer,
    all: Vec<Evaluation>,
    known: &[UndertakingCard],
) -> Result<Vec<EvaluationCard>, StoreFault> {
    let ids: Vec<EvaluationId> = all.iter().map(|e| e.id).collect();
    let evaluators = store::evaluators(q, &ids).await?;
    Ok(all
        .into_iter()
        .map(|e| {
            let own: Vec<Evaluator> = evaluators.iter().filter(|x| x.evaluation == e.id).cloned().collect();
            let readable = sight::reads(viewer, &e, &own, known.iter().find(|u| u.id == e.undertaking));
            EvaluationCard::new(e, own.len(), readable)
        })
        .collect())
}
/// Evaluations of these programmes; `known` are their undertakings, as the same viewer read them.
pub async fn of_plan_items(
    q: &impl Query,
    viewer: &Viewer,
    items: &[PlanItemId],
    known: &[UndertakingCard],
) -> Result<Vec<EvaluationCard>, StoreFault> {
    let all = store::load_of_plan_items(q, items).await?;
    cards(q, viewer, all, known).await
}
pub async fn of_undertaking(
    q: &impl Query,
    viewer: &Viewer,
    u: &UndertakingCard,
) -> Result<Option<EvaluationCard>, StoreFault> {
    let all = store::load_of_undertakings(q, &[u.id]).await?;
    Ok(cards(q, viewer, all, std::slice::from_ref(u)).await?.pop())
}
pub async fn evaluation(
    q: &impl Query,
    viewer: &Viewer,
    id: EvaluationId,
) -> Result<Option<EvaluationCard>, StoreFault> {
    let Some(e) = store::load(q, id).await? else {
        return Ok(None);
    };
    let known: Vec<UndertakingCard> = undertakings::undertaking(q, viewer, e.undertaking)
        .await?
        .into_iter()
        .collect();
    Ok(cards(q, viewer, vec![e], &known).await?.pop())
}
/// What the viewer is appointed to.
pub async fn of_evaluator(q: &impl Query, viewer: &Viewer) -> Result<Vec<EvaluationCard>, StoreFault> {
    let Some(account) = viewer.within(crate::POLICIES.room).account() else {
        return Ok(Vec::new());
    };
    let all = store::load_of_evaluator(q, account).await?;
    cards(q, viewer, all, &[]).await
}

/// One of the people who judge; public with the result, as they vouch for it.
#[derive(Clone, Debug, Serialize)]
pub struct EvaluatorCard {
    pub account: AccountId,
    pub body: Option<BodyId>,
    pub no_conflict: Option<Moment>,
}
pub async fn evaluators(q: &impl Query, of: &EvaluationCard) -> Result<Vec<EvaluatorCard>, StoreFault> {
    if !of.readable {
        return Ok(Vec::new());
    }
    let all = store::evaluators(q, &[of.id]).await?;
    Ok(all
        .into_iter()
        .map(|e| EvaluatorCard {
            account: e.account,
            body: e.body,
            no_conflict: e.no_conflict,
        })
        .collect())
}

/// The evaluators of several evaluations at once, each under its evaluation.
pub async fn evaluators_of(
    q: &impl Query,
    of: &[EvaluationCard],
) -> Result<HashMap<EvaluationId, Vec<EvaluatorCard>>, StoreFault> {
    let ids: Vec<EvaluationId> = of.iter().filter(|e| e.readable).map(|e| e.id).collect();
    let mut out: HashMap<EvaluationId, Vec<EvaluatorCard>> = HashMap::new();
    for e in store::evaluators(q, &ids).await? {
        out.entry(e.evaluation).or_default().push(EvaluatorCard {
            account: e.account,
            body: e.body,
            no_conflict: e.no_conflict,
        });
    }
    Ok(out)
}

#[derive(Clone, Debug, Serialize)]
pub struct FindingCard {
    pub evaluation: EvaluationId,
    pub aim: AimId,
    pub found: Text,
    pub state: FindingState,
    pub note: Option<Text>,
    pub source: Option<String>,
    pub at: Moment,
    pub version: i64,
}
/// Findings of those evaluations that the reader may read.
pub async fn findings(q: &impl Query, of: &[EvaluationCard]) -> Result<Vec<FindingCard>, StoreFault> {
    let ids: Vec<EvaluationId> = of.iter().filter(|e| e.readable).map(|e| e.id).collect();
    let all = store::findings(q, &ids).await?;
    Ok(all
        .into_iter()
        .map(|f| FindingCard {
            evaluation: f.evaluation,
            aim: f.aim,
            found: f.found,
            state: f.state,
            note: f.note,
            source: f.source,
            at: f.at,
            version: f.version,
        })
        .collect())
}
