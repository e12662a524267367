//! A programme with fifty offers, so that its page can be measured.

use anyhow::{Context, Result};
use basis::PlanItemId;
use calls::{CallInput, OfferInput};
use planning::PlanItemInput;

use super::{
    Stage,
    cast::{account, asks},
    places,
    window::{criterion, need, offer},
};
use crate::node::Parts;

pub async fn tell(parts: &Parts, clock: &basis::FixedClock) -> Result<PlanItemId> {
    let s = Stage {
        house: parts.house().clone(),
        clock,
        worker: parts.worker(),
        today: parts.db().now(),
    };
    let p = places(&s.house).await?;
    let tx = s.house.db.begin(&store::Act::house(store::Via::Seed)).await?;
    for i in 0..50 {
        let key = format!("crowd-{i}");
        let made = access::MadeAccount {
            id: account(&key),
            name: format!("众人 {i}"),
            email: Some(format!("{key}@example.org")),
            locale: basis::Locale::Zh,
            zone: "Asia/Shanghai".into(),
            illustrative: true,
        };
        access::make_account(&tx, &made).await?;
    }
    tx.done(()).await?;
    let officer = asks(&s.house, "department-officer").await?;
    let line = planning::policy_lines(&s.house.db)
        .await?
        .first()
        .context("a policy line")?
        .id;
    let item = planning::plan(
        &s.house,
        &officer,
        &PlanItemInput {
            relation: p.duesseldorf.to_string(),
            field: "culture".into(),
            year: s.day(0)[..4].into(),
            policy: line.to_string(),
            title_zh: "五十份应征".into(),
            title_en: "Fifty offers".into(),
            aim_zh: "供测量页面之用。".into(),
            aim_en: "Made up to measure the page.".into(),
            supports_zh: "供测量页面之用。".into(),
            supports_en: "The measuring of pages.".into(),
            ..Default::default()
        },
    )
    .await?;
    let call = calls::draft(
        &s.house,
        &officer,
        &CallInput {
            plan_item: item.to_string(),
            title_zh: "五十份应征".into(),
            title_en: "Fifty offers".into(),
            brief_zh: "供测量页面之用。".into(),
            brief_en: "Made up to measure the page.".into(),
            who_zh: "任何人。".into(),
            who_en: "Anyone.".into(),
            mode: "outsourcing".into(),
            closes_on: s.day(2),
            closes_time: "17:00".into(),
            work_from: s.day(10),
            work_until: s.day(40),
            needs: vec![need("时间", "Time", "volunteering", 10, 5000, ("小时", "hours"), 3)],
            criteria: vec![criterion("质量", "Quality", 100)],
            ..Default::default()
        },
    )
    .await?;
    calls::publish(&s.house, &officer, call).await?;
    for i in 0..50 {
        let input = OfferInput {
            summary_zh: format!("第{i}份应征：愿意出时间，每周两次，熟悉双语活动的组织。"),
            summary_en: format!("Offer {i}: time twice a week, used to bilingual events."),
            plan_zh: "每周两次。".into(),
            plan_en: "Twice a week.".into(),
            starts: s.day(12),
            ends: s.day(38),
            asked: "0".into(),
            people: "本人。".into(),
            languages: vec!["zh-Hans".into(), "en".into()],
            ..Default::default()
        };
        offer(&s, &format!("crowd-{i}"), call, &[10], input).await?;
    }
    s.days(3).await?;
    calls::open(&s.house, &officer, call).await?;
    s.worker.drain().await?;
    Ok(item)
}
