//! Asks the rooms for one programme's story, as the public may read it, and keeps it until something in it changes.
//!
//! The journal is the tail to follow: whatever changes anywhere leaves a line there, in the same transaction. With a story
//! its parts are kept: the ids of everything it tells of, of the people it names, and of what it keeps silent about.

use std::collections::HashMap;

use access::{House, Viewer};
use basis::{AccountId, BodyId, Fail, MilestoneId, PlanItemId};
use evaluation::EvaluatorCard;
use store::{Act, Json, Query, Via, journal, row, vals};

use crate::{fact, story::*};

async fn named(q: &store::Db, ids: Vec<BodyId>) -> Result<HashMap<BodyId, Named<BodyId>>, Fail> {
    Ok(parties::bodies(q, &ids)
        .await?
        .into_iter()
        .map(|(id, b)| {
            (
                id,
                Named {
                    id,
                    name: b.name,
                    illustrative: b.illustrative,
                },
            )
        })
        .collect())
}

/// A story with the ids that it hangs on: a change to one of them makes it stale. The ids stay inside, people's among
/// them.
#[derive(Clone, Debug)]
pub struct Gathered {
    pub story: Story,
    pub parts: Vec<String>,
}

/// Asks everybody. Many questions, all by batches, so that a programme with many calls asks as few as one with none;
/// [`story`] asks them only when something changed.
pub async fn gather(house: &House, id: PlanItemId) -> Result<Option<Gathered>, Fail> {
    let q = &house.db;
    let public = Viewer::public(Via::Page);
    let Some(item) = planning::item(q, id).await? else {
        return Ok(None);
    };
    // A tie that is not signed yet is the offices' own: the story does not name it, whoever planned under it.
    let relation = match item.relation {
        Some(r) => relations::cards_for(q, &public, &[r]).await?.remove(&r),
        None => None,
    };
    let district = match item.district {
        Some(d) => relations::government(q, d).await?,
        None => None,
    };
    let calls = calls::of_plan_items(q, &[id]).await?;
    let call_ids: Vec<_> = calls.iter().filter(|c| c.is_public()).map(|c| c.id).collect();
    let details = calls::details(q, &call_ids).await?;
    let needs = calls::needs(q, &call_ids).await?;
    let offers = calls::offers_public_of(q, &call_ids).await?;
    let awards = calls::awards_of(q, &call_ids).await?;
    let work = undertakings::of_plan_items(q, &public, &[id]).await?;
    let milestones = undertakings::milestones(q, &work).await?;
    let deliverables = undertakings::deliverables(q, &milestones).await?;
    let money = undertakings::money(q, &work).await?;
    let aims = evaluation::aims(q, &[id]).await?;
    let evaluations = evaluation::of_plan_items(q, &public, &[id], &work).await?;
    let findings = evaluation::findings(q, &evaluations).await?;
    let judges = evaluation::evaluators_of(q, &evaluations).await?;
    let mut body_ids: Vec<BodyId> = vec![item.guiding];
    body_ids.extend(
        offers
            .iter()
            .filter_map(|o| o.body)
            .chain(awards.iter().filter_map(|a| a.body))
            .chain(work.iter().filter_map(|u| u.body)),
    );
    body_ids.sort();
    body_ids.dedup();
    let bodies = named(q, body_ids.clone()).await?;
    let body = |id: Option<BodyId>| id.and_then(|b| bodies.get(&b).cloned());
    let people_ids: Vec<AccountId> = judges.values().flatten().map(|j| j.account).collect();
    let people = parties::people(q, &people_ids).await?;
    let mut parts: Vec<String> = vec![id.to_string(), item.policy.to_string()];
    parts.extend(item.relation.map(|r| r.to_string()));
    parts.extend(item.district.map(|d| d.to_string()));
    parts.extend(
        relation
            .iter()
            .flat_map(|r| [r.own.id.to_string(), r.partner.id.to_string()]),
    );
    parts.extend(body_ids.iter().map(ToString::to_string));
    parts.extend(people_ids.iter().map(ToString::to_string));
    parts.extend(calls.iter().map(|c| c.id.to_string()));
    parts.extend(offers.iter().map(|o| o.id.to_string()));
    parts.extend(awards.iter().map(|a| a.id.to_string()));
    parts.extend(work.iter().map(|u| u.id.to_string()));
    parts.extend(milestones.iter().map(|m| m.id.to_string()));
    parts.extend(aims.iter().map(|a| a.id.to_string()));
    parts.extend(evaluations.iter().map(|e| e.id.to_string()));
    parts.sort();
    parts.dedup();
    let facts = fact::facts(q, id).await?;
    let calls = calls.into_iter().filter(|c| c.is_public());
    let calls = calls.map(|c| {
        let detail = details.get(&c.id);
        call_part(c, detail, &needs, &offers, &body)
    });
    let calls = calls.collect();
    let undertakings = work
        .iter()
        .map(|u| undertaking_part(u, &milestones, &deliverables, &money, body(u.body)))
        .collect();
    let story = Story {
        id,
        title: item.title,
        aim: item.aim,
        supports: item.supports,
        field: item.field,
        year: item.year,
        status: item.status,
        reason: item.reason,
        policy_code: item.policy_code,
        policy_title: item.policy_title,
        guiding: body(Some(item.guiding)),
        relation: relation.map(tie),
        district: district.map(|d| Named {
            id: d.id,
            name: d.name,
            illustrative: false,
        }),
        illustrative: item.illustrative,
        calls,
        awards: awards.into_iter().map(|a| award_part(a, &body)).collect(),
        undertakings,
        aims: aims.into_iter().map(|a| aim_part(a, &findings)).collect(),
        evaluations: evaluations
            .iter()
            .map(|e| evaluation_part(e, judges.get(&e.id).map(Vec::as_slice).unwrap_or_default(), &people))
            .collect(),
        facts: facts
            .into_iter()
            .map(|f| FactPart {
                stage: f.stage,
                about: f.about,
                figure: f.figure,
                say: f.say,
                source: f.source,
            })
            .collect(),
    };
    Ok(Some(Gathered { story, parts }))
}

fn tie(r: relations::RelationCard) -> Tie {
    Tie {
        id: r.id,
        own: r.own.name,
        partner: r.partner.name,
        partner_id: r.partner.id,
        kind: r.kind,
        signed: r.signed.map(|s| s.text()),
        source: r.source,
    }
}

fn award_part(a: calls::AwardCard, body: &impl Fn(Option<BodyId>) -> Option<Named<BodyId>>) -> AwardPart {
    AwardPart {
        id: a.id,
        to: body(a.body),
        mode: a.mode,
        reason: a.reason,
        at: a.at,
        illustrative: a.illustrative,
    }
}

fn call_part(
    c: calls::CallCard,
    detail: Option<&calls::Detail>,
    needs: &[calls::NeedCard],
    offers: &[calls::OfferCard],
    body: &impl Fn(Option<BodyId>) -> Option<Named<BodyId>>,
) -> CallPart {
    let needs = needs.iter().filter(|n| n.call == c.id).map(|n| NeedPart {
        title: n.need.title.clone(),
        channel: n.need.channel,
        min: n.need.min,
        max: n.need.max,
        unit: n.need.unit.clone(),
    });
    let offers = offers.iter().filter(|o| o.call == c.id).map(|o| OfferPart {
        id: o.id,
        from: body(o.body),
        summary: o.summary.clone(),
        status: o.status,
        mean: o.mean,
        illustrative: o.illustrative,
    });
    CallPart {
        brief: detail.map_or_else(|| c.title.clone(), |d| d.brief.clone()),
        criteria: detail
            .map(|d| d.criteria.iter().map(|k| (k.title.clone(), k.weight)).collect())
            .unwrap_or_default(),
        needs: needs.collect(),
        offers: offers.collect(),
        id: c.id,
        title: c.title,
        who: c.who,
        status: c.status,
        mode: c.mode,
        opens_at: c.opens_at,
        closes_at: c.closes_at,
        opened_at: c.opened_at,
        ceiling: c.ceiling,
        illustrative: c.illustrative,
    }
}

fn undertaking_part(
    u: &undertakings::UndertakingCard,
    milestones: &[undertakings::MilestoneCard],
    deliverables: &[undertakings::DeliverableCard],
    money: &[undertakings::MoneyCard],
    by: Option<Named<BodyId>>,
) -> UndertakingPart {
    let own: Vec<_> = milestones.iter().filter(|m| m.undertaking == u.id).collect();
    let mine: Vec<MilestoneId> = own.iter().map(|m| m.id).collect();
    let deliverables = deliverables.iter().filter(|d| mine.contains(&d.milestone));
    let money = money.iter().find(|m| m.undertaking == u.id);
    UndertakingPart {
        id: u.id,
        title: u.title.clone(),
        by,
        status: u.status,
        starts: u.starts,
        ends: u.ends,
        milestones: own
            .iter()
            .map(|m| MilestonePart {
                id: m.id,
                title: m.title.clone(),
                due: m.due,
                status: m.status,
                accepted_on: m.accepted_on,
            })
            .collect(),
        deliverables: deliverables
            .map(|d| DeliverablePart {
                milestone: d.milestone,
                text: d.text.clone(),
                accepted_at: d.verdict_at,
            })
            .collect(),
        money: money.map(|m| MoneyPart {
            currency: u.currency,
            budget: m.budget,
            paid: m.paid(),
            rows: m
                .instalments
                .iter()
                .map(|i| (i.milestone, i.amount, i.status))
                .collect(),
        }),
        illustrative: u.illustrative,
    }
}

fn aim_part(a: evaluation::AimCard, findings: &[evaluation::FindingCard]) -> AimPart {
    let f = findings.iter().find(|f| f.aim == a.id);
    AimPart {
        id: a.id,
        text: a.text,
        measure: a.measure,
        target: a.target,
        set_at: a.set_at,
        found: f.map(|f| (f.found.clone(), f.state)),
        note: f.and_then(|f| f.note.clone()),
        source: f.and_then(|f| f.source.clone()),
        illustrative: a.illustrative,
    }
}

/// Who evaluated is named when what they found is published, not while they look.
fn evaluation_part(
    e: &evaluation::EvaluationCard,
    judges: &[EvaluatorCard],
    people: &HashMap<AccountId, parties::PersonCard>,
) -> EvaluationPart {
    let named = judges.iter().filter(|_| e.published_at.is_some());
    EvaluationPart {
        summary: e.summary.clone(),
        published_at: e.published_at,
        by: named
            .filter_map(|j| people.get(&j.account))
            .map(|p| p.name.clone())
            .filter(|n| !n.is_empty())
            .collect(),
        reply: e.reply.clone(),
        illustrative: e.illustrative,
    }
}

row! { struct KeptStory { story: Option<Json<Story>>, tail: i64, size: i64 } }

/// The story, from the read model if nothing changed since: one question. Otherwise the tail is followed first.
///
/// # Errors
/// [`Fail::NotFound`] for an unknown programme.
pub async fn story(house: &House, id: PlanItemId) -> Result<Story, Fail> {
    const SQL: &str = "SELECT s.story AS story, t.seq AS tail, h.size AS size FROM programme_tail t JOIN journal_head h ON h.only_row = t.only_row LEFT JOIN programme_story s ON s.plan_item = $1 WHERE t.only_row = 1";
    let kept: Option<KeptStory> = house.db.one(SQL, vals![id]).await?;
    let kept = match kept {
        Some(k) if k.tail == k.size => k.story,
        _ => {
            follow(house).await?;
            house.db.one::<KeptStory>(SQL, vals![id]).await?.and_then(|k| k.story)
        }
    };
    if let Some(Json(s)) = kept {
        return Ok(s);
    }
    tell_anew(house, id).await?.ok_or(Fail::NotFound)
}
async fn tell_anew(house: &House, id: PlanItemId) -> Result<Option<Story>, Fail> {
    let size = journal::size(&house.db).await?;
    let Some(made) = gather(house, id).await? else {
        return Ok(None);
    };
    keep(house, &made, size).await?;
    Ok(Some(made.story))
}

/// Tells every story anew that something touched, before a reader asks: their page is then one question. Cheap when
/// nothing changed. Returns how many were told.
///
/// # Errors
/// When the store does not answer; the next reader then tells the story.
pub async fn keep_up(house: &House) -> Result<usize, Fail> {
    row! { struct Tail { seq: i64 } }
    let tail: Option<Tail> = house
        .db
        .one("SELECT seq FROM programme_tail WHERE only_row = 1", vec![])
        .await?;
    let size = house.db.journal_length().await?;
    if tail.is_some_and(|t| t.seq >= size as i64) {
        return Ok(0);
    }
    let touched = follow(house).await?;
    for id in &touched {
        tell_anew(house, *id).await?;
    }
    Ok(touched.len())
}

async fn keep(house: &House, made: &Gathered, size: u64) -> Result<(), Fail> {
    let s = &made.story;
    let tx = house.db.begin(&Act::house(Via::Job)).await?;
    let tail = hold_tail(&tx).await?;
    // Something changed while we asked: the next reader asks again.
    if journal::size(&tx).await? == size && tail == size as i64 {
        tx.exec("DELETE FROM programme_part WHERE plan_item = $1", vals![s.id])
            .await?;
        tx.exec("INSERT INTO programme_story (plan_item, story, at) VALUES ($1, $2, $3) ON CONFLICT (plan_item) DO UPDATE SET story = excluded.story, at = excluded.at", vals![s.id, Json(s), tx.now()]).await?;
        let rows = made.parts.iter().map(|p| vals![p.as_str(), s.id]).collect();
        tx.insert_many("INSERT INTO programme_part (object_id, plan_item)", 2, rows)
            .await?;
    }
    tx.done(()).await
}

/// One follower at a time: what is kept and what is forgotten never cross.
async fn hold_tail(tx: &store::Tx) -> Result<i64, Fail> {
    row! { struct Tail { seq: i64 } }
    let tail: Option<Tail> = tx
        .one(
            "UPDATE programme_tail SET seq = seq WHERE only_row = 1 RETURNING seq",
            vec![],
        )
        .await?;
    Ok(tail.map_or(0, |t| t.seq))
}

/// Reads the journal from where it was left and drops every kept story that a new line touches. Returns the programmes that
/// were touched, told before or not; where all was forgotten, those that readers meet first.
async fn follow(house: &House) -> Result<Vec<PlanItemId>, Fail> {
    row! { struct New { action: String, object_kind: String, object_id: String } }
    let tx = house.db.begin(&Act::house(Via::Job)).await?;
    let from = hold_tail(&tx).await?;
    let size = journal::size(&tx).await? as i64;
    if from >= size {
        return Ok(Vec::new());
    }
    let lines: Vec<New> = if size - from > MOST_LINES {
        Vec::new()
    } else {
        tx.all(
            "SELECT DISTINCT action, object_kind, object_id FROM journal WHERE seq >= $1 AND seq < $2",
            vals![from, size],
        )
        .await?
    };
    // An offer that came on paper is told at once, and only its call knows of which programme.
    let touched = if lines.is_empty() || lines.iter().any(|l| l.action == "offer.imported") {
        tx.exec("DELETE FROM programme_part", vec![]).await?;
        tx.exec("DELETE FROM programme_story", vec![]).await?;
        let (going, done) = planning::going_and_done(&tx, MOST_TOLD_AHEAD).await?;
        going.into_iter().chain(done).map(|item| item.id).collect()
    } else {
        let mut ids: Vec<String> = lines.iter().map(|l| l.object_id.clone()).collect();
        // What no kept story knows yet may be a new part of one.
        let mut owners = Vec::new();
        for l in &lines {
            owners.extend(owner(house, &l.object_kind, &l.object_id).await?);
        }
        ids.extend(owners.iter().map(ToString::to_string));
        ids.sort();
        ids.dedup();
        owners.extend(drop_told_of(&tx, &ids).await?);
        owners.sort();
        owners.dedup();
        owners
    };
    tx.exec("UPDATE programme_tail SET seq = $1 WHERE only_row = 1", vals![size])
        .await?;
    tx.done(touched).await
}
/// So many running and so many finished programmes are told before anybody asks, after all was forgotten.
const MOST_TOLD_AHEAD: u32 = 50;
/// A large import touches much: forgetting all is then quicker than asking what.
const MOST_LINES: i64 = 500;

/// Drops the kept stories that tell of any of these; returns whose.
async fn drop_told_of(tx: &store::Tx, ids: &[String]) -> Result<Vec<PlanItemId>, Fail> {
    row! { struct Touched { plan_item: PlanItemId } }
    let mut dropped = Vec::new();
    let places = |n: usize| (1..=n).map(|i| format!("${i}")).collect::<Vec<_>>().join(", ");
    for ids in ids.chunks(500) {
        let known: Vec<Touched> = tx
            .all(
                &format!(
                    "SELECT DISTINCT plan_item FROM programme_part WHERE object_id IN ({})",
                    places(ids.len())
                ),
                ids.iter().flat_map(|i| vals![i.as_str()]).collect(),
            )
            .await?;
        for known in known.chunks(500) {
            let stories = || known.iter().flat_map(|k| vals![k.plan_item]).collect::<Vec<_>>();
            for table in ["programme_part", "programme_story"] {
                tx.exec(
                    &format!("DELETE FROM {table} WHERE plan_item IN ({})", places(known.len())),
                    stories(),
                )
                .await?;
            }
        }
        dropped.extend(known.iter().map(|k| k.plan_item));
    }
    Ok(dropped)
}
/// Forgets every kept story that names somebody who was erased: their name leaves the store now, not with the next
/// reader.
pub(crate) async fn forget(db: &store::Db, account: AccountId) -> Result<(), Fail> {
    let tx = db.begin(&Act::house(Via::Job)).await?;
    hold_tail(&tx).await?;
    drop_told_of(&tx, &[account.to_string()]).await?;
    tx.done(()).await
}
/// The programme a new object belongs to, asked of its room.
async fn owner(house: &House, kind: &str, id: &str) -> Result<Option<PlanItemId>, Fail> {
    let q = &house.db;
    let public = Viewer::public(Via::Page);
    Ok(match kind {
        "plan-item" => id.parse().ok(),
        "call" => match id.parse() {
            Ok(id) => calls::call(q, id).await?.map(|c| c.plan_item),
            Err(_) => None,
        },
        "award" => match id.parse() {
            Ok(id) => calls::award(q, id).await?.map(|a| a.plan_item),
            Err(_) => None,
        },
        "undertaking" => match id.parse() {
            Ok(id) => undertakings::undertaking(q, &public, id).await?.map(|u| u.plan_item),
            Err(_) => None,
        },
        "evaluation" => match id.parse() {
            Ok(id) => evaluation::evaluation(q, &public, id).await?.map(|e| e.plan_item),
            Err(_) => None,
        },
        _ => None,
    })
}
