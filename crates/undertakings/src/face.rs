//! What other rooms and pages read: cards, cut to what the viewer may see. A card knows whether its reader stands
//! inside; what is read with the card keeps to that.

use ::store::{Kept, Query, StoreFault};
use access::{Thing, Viewer};
use basis::{
    AccountId, AttachmentId, AwardId, BodyId, CallId, Currency, Day, DeliverableId, Field, GovernmentId, InstalmentId,
    MilestoneId, Moment, Money, PlanItemId, RelationId, Text, UndertakingId,
};
use serde::Serialize;

use crate::{
    Amendment, Instalment, InstalmentStatus, MilestoneStatus, Mode, Status, Undertaking, VerdictKind,
    instalment::Stage, sight, store,
};

/// An undertaking as its reader may see it: the public too reads who, how found, why, and how far (decision 9.5).
#[derive(Clone, Debug, Serialize)]
pub struct UndertakingCard {
    pub id: UndertakingId,
    pub award: AwardId,
    pub call: CallId,
    pub plan_item: PlanItemId,
    pub relation: Option<RelationId>,
    pub field: Field,
    pub district: Option<GovernmentId>,
    pub title: Text,
    pub body: Option<BodyId>,
    pub account: Option<AccountId>,
    pub mode: Mode,
    pub reason: Text,
    pub guiding: BodyId,
    /// Inside only.
    pub responsible: Option<AccountId>,
    pub status: Status,
    pub currency: Currency,
    /// Inside, or once published.
    pub budget: Option<Money>,
    /// What the budget still holds; inside only.
    pub left: Option<Money>,
    /// Of 100 of the budget: the most that advances may come to.
    pub advance_share: i64,
    /// The same as a sum; inside only.
    pub advance_most: Option<Money>,
    pub money_public: Option<Moment>,
    pub starts: Day,
    pub ends: Day,
    pub agreed_at: Moment,
    pub started_at: Option<Moment>,
    pub ended_at: Option<Moment>,
    /// Why it was stopped.
    pub end_reason: Option<String>,
    /// The reader stands inside, and their key, if they ask by one, is for this room.
    pub inside: bool,
    /// The same, whatever their key is for: what another room shows, its own scope decides.
    #[serde(skip)]
    pub stands: bool,
    pub version: i64,
    pub illustrative: bool,
}
impl UndertakingCard {
    fn new(u: Undertaking, stands: bool, reads: bool) -> Self {
        let inside = stands && reads;
        let sums = inside || u.money_public.is_some();
        UndertakingCard {
            budget: sums.then(|| u.money(u.budget)),
            left: inside.then(|| u.left()),
            advance_share: u.advance_share,
            advance_most: inside.then(|| u.advance_most()),
            responsible: inside.then_some(u.responsible),
            started_at: u.started.map(|d| d.at),
            ended_at: u.ended.as_ref().map(|e| e.done.at),
            end_reason: u.ended.and_then(|e| e.reason),
            agreed_at: u.agreed.at,
            id: u.id,
            award: u.award,
            call: u.call,
            plan_item: u.plan_item,
            relation: u.relation,
            field: u.field,
            district: u.district,
            title: u.title,
            body: u.body,
            account: u.account,
            mode: u.mode,
            reason: u.reason,
            guiding: u.guiding,
            status: u.status,
            currency: u.currency,
            money_public: u.money_public,
            starts: u.starts,
            ends: u.ends,
            inside,
            stands,
            version: u.version,
            illustrative: u.illustrative,
        }
    }
    /// What the gate asks about, as far as the reader's card knows it.
    pub fn thing(&self, viewer: &Viewer) -> Thing {
        let executes = self.body.is_some_and(|b| viewer.mandates.iter().any(|m| m.body == b));
        let people = self
            .account
            .into_iter()
            .chain(self.responsible)
            .chain(viewer.account().filter(|_| executes));
        Thing {
            field: Some(self.field),
            district: self.district,
            relation: self.relation,
            guiding: Some(self.guiding),
            owner_body: self.body,
            owner: self.account,
            executing_bodies: self.body.into_iter().collect(),
            executing_people: people.collect(),
            status: Some(basis::Code::code(self.status)),
            ..Thing::new("undertaking", self.id)
        }
    }
    fn shows_money(&self) -> bool {
        self.budget.is_some()
    }
}
pub(crate) async fn cards(
    q: &impl Query,
    viewer: &Viewer,
    all: Vec<Undertaking>,
) -> Result<Vec<UndertakingCard>, StoreFault> {
    let inside = sight::inside(q, viewer, &all).await?;
    let reads = viewer.reads(crate::POLICIES.room);
    Ok(all
        .into_iter()
        .map(|u| {
            let stands = inside.contains(&u.id);
            UndertakingCard::new(u, stands, reads)
        })
        .collect())
}

pub async fn undertaking(
    q: &impl Query,
    viewer: &Viewer,
    id: UndertakingId,
) -> Result<Option<UndertakingCard>, StoreFault> {
    let found = store::load(q, id).await?.into_iter().collect();
    Ok(cards(q, viewer, found).await?.pop())
}
pub async fn undertakings(
    q: &impl Query,
    viewer: &Viewer,
    ids: &[UndertakingId],
) -> Result<Vec<UndertakingCard>, StoreFault> {
    let found = store::load_many(q, ids).await?;
    cards(q, viewer, found).await
}
pub async fn of_award(q: &impl Query, viewer: &Viewer, award: AwardId) -> Result<Option<UndertakingCard>, StoreFault> {
    let found = store::load_of_award(q, award).await?.into_iter().collect();
    Ok(cards(q, viewer, found).await?.pop())
}
/// What is carried out under these programmes.
pub async fn of_plan_items(
    q: &impl Query,
    viewer: &Viewer,
    items: &[PlanItemId],
) -> Result<Vec<UndertakingCard>, StoreFault> {
    let found = store::load_of_plan_items(q, items).await?;
    cards(q, viewer, found).await
}
/// What a body, or else a person, carries out; newest first.
pub async fn of_executor(
    q: &impl Query,
    viewer: &Viewer,
    body: Option<BodyId>,
    account: Option<AccountId>,
) -> Result<Vec<UndertakingCard>, StoreFault> {
    let found = store::load_of_executor(q, body, account).await?;
    cards(q, viewer, found).await
}

#[derive(Clone, Debug, Serialize)]
pub struct MilestoneCard {
    pub id: MilestoneId,
    pub undertaking: UndertakingId,
    pub title: Text,
    pub due: Day,
    /// From outside a milestone is open until it is accepted: rounds under review are the two sides' matter.
    pub status: MilestoneStatus,
    pub accepted_on: Option<Day>,
    pub position: i64,
    pub inside: bool,
}
pub async fn milestones(q: &impl Query, of: &[UndertakingCard]) -> Result<Vec<MilestoneCard>, StoreFault> {
    let ids: Vec<UndertakingId> = of.iter().map(|u| u.id).collect();
    let all = store::milestones(q, &ids).await?;
    let inside = |id: UndertakingId| of.iter().any(|u| u.id == id && u.inside);
    Ok(all
        .into_iter()
        .map(|m| {
            let inside = inside(m.undertaking);
            let accepted = m.status == MilestoneStatus::Accepted;
            MilestoneCard {
                id: m.id,
                undertaking: m.undertaking,
                title: m.title,
                due: m.due,
                status: if inside || accepted {
                    m.status
                } else {
                    MilestoneStatus::Open
                },
                accepted_on: m.accepted_on,
                position: m.position,
                inside,
            }
        })
        .collect())
}

#[derive(Clone, Debug, Serialize)]
pub struct DeliverableCard {
    pub id: DeliverableId,
    pub milestone: MilestoneId,
    pub round: i64,
    pub text: Text,
    pub handed_at: Moment,
    /// Inside only, like all people and words of the review.
    pub handed_by: Option<AccountId>,
    pub verdict: VerdictKind,
    pub verdict_at: Option<Moment>,
    pub verdict_by: Option<AccountId>,
    pub verdict_reason: Option<String>,
}
/// Every round for who stands inside; what was accepted for everybody else.
pub async fn deliverables(q: &impl Query, of: &[MilestoneCard]) -> Result<Vec<DeliverableCard>, StoreFault> {
    let ids: Vec<MilestoneId> = of.iter().map(|m| m.id).collect();
    let all = store::deliverables(q, &ids).await?;
    let inside = |id: MilestoneId| of.iter().any(|m| m.id == id && m.inside);
    Ok(all
        .into_iter()
        .filter(|d| d.verdict.kind() == VerdictKind::Accepted || inside(d.milestone))
        .map(|d| {
            let inside = inside(d.milestone);
            let reason = match &d.verdict {
                crate::Verdict::Returned { reason, .. } => Some(reason.clone()),
                crate::Verdict::Accepted { note, .. } => note.clone(),
                crate::Verdict::Awaited => None,
            };
            DeliverableCard {
                id: d.id,
                milestone: d.milestone,
                round: d.round,
                handed_at: d.handed.at,
                handed_by: inside.then_some(d.handed.by),
                verdict: d.verdict.kind(),
                verdict_at: d.verdict.done().map(|v| v.at),
                verdict_by: d.verdict.done().map(|v| v.by).filter(|_| inside),
                verdict_reason: reason.filter(|_| inside),
                text: d.text,
            }
        })
        .collect())
}
/// A file of a deliverable; who uploaded it stays inside.
#[derive(Clone, Debug, Serialize)]
pub struct FileCard {
    pub id: AttachmentId,
    pub deliverable: DeliverableId,
    pub file_name: String,
    pub media_type: String,
    pub size: i64,
}
/// The files of what the reader may see.
pub async fn files(q: &impl Query, of: &[DeliverableCard]) -> Result<Vec<FileCard>, StoreFault> {
    let ids: Vec<DeliverableId> = of.iter().map(|d| d.id).collect();
    let kept = ::store::attachments_of(q, &ids).await?;
    let card = |k: Kept| {
        let deliverable = k.object_id.parse().ok()?;
        Some(FileCard {
            id: k.id,
            deliverable,
            file_name: k.file_name,
            media_type: k.media_type,
            size: k.size,
        })
    };
    Ok(kept.into_iter().filter_map(card).collect())
}

#[derive(Clone, Debug, Serialize)]
pub struct LineCard {
    pub title: Text,
    pub amount: Money,
}
#[derive(Clone, Debug, Serialize)]
pub struct InstalmentCard {
    pub id: InstalmentId,
    pub undertaking: UndertakingId,
    pub milestone: Option<MilestoneId>,
    pub amount: Money,
    pub position: i64,
    pub status: InstalmentStatus,
    pub requested_at: Option<Moment>,
    pub approved_at: Option<Moment>,
    pub paid_at: Option<Moment>,
    pub reconciled_at: Option<Moment>,
    /// Inside only, all that follow.
    pub note: Option<String>,
    pub requested_by: Option<AccountId>,
    pub approved_by: Option<AccountId>,
    pub paid_by: Option<AccountId>,
    pub reconciled_by: Option<AccountId>,
    pub reference: Option<String>,
    /// The bank's statement it was found on.
    pub statement: Option<String>,
    pub refusal: Option<String>,
    pub version: i64,
}
impl InstalmentCard {
    fn new(i: Instalment, inside: bool) -> Self {
        let person = |d: Option<crate::Done>| d.map(|d| d.by).filter(|_| inside);
        let (reference, statement, refusal) = match &i.stage {
            Stage::Paid { reference, .. } => (reference.clone(), None, None),
            Stage::Reconciled {
                reference, statement, ..
            } => (reference.clone(), Some(statement.clone()), None),
            Stage::Refused { reason, .. } => (None, None, Some(reason.clone())),
            _ => (None, None, None),
        };
        InstalmentCard {
            id: i.id,
            undertaking: i.undertaking,
            milestone: i.milestone,
            amount: i.amount,
            position: i.position,
            status: i.status(),
            requested_at: i.requested().map(|d| d.at),
            approved_at: i.approved().map(|d| d.at),
            paid_at: i.paid().map(|d| d.at),
            reconciled_at: i.reconciled().map(|d| d.at),
            reconciled_by: person(i.reconciled()),
            statement: statement.filter(|_| inside),
            requested_by: person(i.requested()),
            approved_by: person(i.approved()),
            paid_by: person(i.paid()),
            reference: reference.filter(|_| inside),
            refusal: refusal.filter(|_| inside),
            version: i.version,
            note: i.note.filter(|_| inside),
        }
    }
}
/// Budget and instalments of one undertaking.
#[derive(Clone, Debug, Serialize)]
pub struct MoneyCard {
    pub undertaking: UndertakingId,
    pub budget: Money,
    pub lines: Vec<LineCard>,
    pub instalments: Vec<InstalmentCard>,
}
impl MoneyCard {
    fn sum(&self, of: impl Fn(&InstalmentCard) -> bool) -> Money {
        let minor = self
            .instalments
            .iter()
            .filter(|i| of(i))
            .fold(0_i64, |n, i| n.saturating_add(i.amount.minor));
        Money::new(minor, self.budget.currency)
    }
    pub fn paid(&self) -> Money {
        self.sum(|i| matches!(i.status, InstalmentStatus::Paid | InstalmentStatus::Reconciled))
    }
    /// All that is planned, asked for, approved or paid.
    pub fn promised(&self) -> Money {
        self.sum(|i| i.status != InstalmentStatus::Refused)
    }
}
/// Sums of those undertakings whose sums the reader may see.
pub async fn money(q: &impl Query, of: &[UndertakingCard]) -> Result<Vec<MoneyCard>, StoreFault> {
    let shown: Vec<&UndertakingCard> = of.iter().filter(|u| u.shows_money()).collect();
    let ids: Vec<UndertakingId> = shown.iter().map(|u| u.id).collect();
    let lines = store::lines(q, &ids).await?;
    let instalments = store::instalments(q, &ids).await?;
    Ok(shown
        .into_iter()
        .filter_map(|u| {
            let budget = u.budget?;
            let money = |minor| Money::new(minor, u.currency);
            Some(MoneyCard {
                undertaking: u.id,
                budget,
                lines: lines
                    .iter()
                    .filter(|(id, _)| *id == u.id)
                    .map(|(_, l)| LineCard {
                        title: l.title.clone(),
                        amount: money(l.amount),
                    })
                    .collect(),
                instalments: instalments
                    .iter()
                    .filter(|i| i.undertaking == u.id)
                    .map(|i| InstalmentCard::new(i.clone(), u.inside))
                    .collect(),
            })
        })
        .collect())
}
/// Proposed and decided changes of terms, for who stands inside.
pub async fn amendments(q: &impl Query, of: &[UndertakingCard]) -> Result<Vec<Amendment>, StoreFault> {
    let ids: Vec<UndertakingId> = of.iter().filter(|u| u.inside).map(|u| u.id).collect();
    store::amendments(q, &ids).await
}

/// What is not over yet and the viewer reads the inside of.
pub async fn going_on(q: &impl Query, viewer: &Viewer) -> Result<Vec<UndertakingCard>, StoreFault> {
    let found = store::load_going_on(q).await?;
    Ok(cards(q, viewer, found)
        .await?
        .into_iter()
        .filter(|u| u.inside)
        .collect())
}

/// Everybody who had a hand in an undertaking: none of them evaluates it (R18).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hands {
    pub executing_bodies: Vec<BodyId>,
    pub executing_people: Vec<AccountId>,
    pub guiding_bodies: Vec<BodyId>,
    pub guiding_people: Vec<AccountId>,
    pub approving_bodies: Vec<BodyId>,
    pub approving_people: Vec<AccountId>,
    pub paying_bodies: Vec<BodyId>,
    pub paying_people: Vec<AccountId>,
}
fn once<T: Ord>(mut all: Vec<T>) -> Vec<T> {
    all.sort();
    all.dedup();
    all
}
pub async fn hands(q: &impl Query, id: UndertakingId) -> Result<Option<Hands>, StoreFault> {
    let Some(u) = store::load(q, id).await? else {
        return Ok(None);
    };
    let milestones = store::milestones(q, &[id]).await?;
    let ids: Vec<MilestoneId> = milestones.iter().map(|m| m.id).collect();
    let rounds = store::deliverables(q, &ids).await?;
    let instalments = store::instalments(q, &[id]).await?;
    let handed = rounds
        .iter()
        .map(|d| d.handed)
        .chain(instalments.iter().filter_map(Instalment::requested));
    let executing: Vec<crate::Done> = handed.chain(u.started).collect();
    let judging = rounds.iter().filter_map(|d| d.verdict.done()).chain([u.agreed]);
    let judging: Vec<crate::Done> = judging.chain(u.ended.iter().map(|e| e.done)).collect();
    let refused = |i: &Instalment| match &i.stage {
        Stage::Refused { refused, .. } => Some(*refused),
        _ => None,
    };
    let approving: Vec<crate::Done> = instalments
        .iter()
        .flat_map(|i| [i.approved(), refused(i)])
        .flatten()
        .collect();
    let paying: Vec<crate::Done> = instalments
        .iter()
        .flat_map(|i| [i.paid(), i.reconciled()])
        .flatten()
        .collect();
    let people = |all: &[crate::Done]| all.iter().map(|d| d.by).collect::<Vec<_>>();
    let bodies = |all: &[crate::Done]| once(all.iter().filter_map(|d| d.body).collect());
    let mut executing_people = people(&executing);
    executing_people.extend(u.account);
    executing_people.push(u.responsible);
    let mut guiding_bodies: Vec<BodyId> = bodies(&judging);
    guiding_bodies.push(u.guiding);
    Ok(Some(Hands {
        executing_bodies: once(u.body.into_iter().chain(bodies(&executing)).collect()),
        executing_people: once(executing_people),
        guiding_bodies: once(guiding_bodies),
        guiding_people: once(people(&judging)),
        approving_bodies: bodies(&approving),
        approving_people: once(people(&approving)),
        paying_bodies: bodies(&paying),
        paying_people: once(people(&paying)),
    }))
}
/// Bodies and people who executed.
pub async fn executors(q: &impl Query, id: UndertakingId) -> Result<(Vec<BodyId>, Vec<AccountId>), StoreFault> {
    let hands = hands(q, id).await?.unwrap_or_default();
    Ok((hands.executing_bodies, hands.executing_people))
}
/// The deliverable's file, if the reader may have it.
pub async fn readable(q: &impl Query, viewer: &Viewer, kept: &Kept) -> Result<bool, StoreFault> {
    let Ok(id) = kept.object_id.parse::<DeliverableId>() else {
        return Ok(false);
    };
    let Some(d) = store::deliverable(q, id).await? else {
        return Ok(false);
    };
    if d.verdict.kind() == VerdictKind::Accepted {
        return Ok(true);
    }
    let Some(m) = store::milestone(q, d.milestone).await? else {
        return Ok(false);
    };
    Ok(undertaking(q, viewer, m.undertaking).await?.is_some_and(|u| u.inside))
}
