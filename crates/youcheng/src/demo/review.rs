//! A district that had no relation yet: the artists' week in Wulong, whose offers are opened and whose panel is at work.
//! Invented, like the panel's points.

use anyhow::{Context, Result};
use basis::{CallId, OfferId};
use calls::{CallInput, MarkInput, OfferInput, ScoreInput, SeatInput};
use planning::PlanItemInput;

use super::{
    Places, Stage,
    cast::{account, asks},
    window::{Lines, criterion, need, offer},
};

const OFFICER: &str = "department-officer";

pub(crate) struct Week {
    call: CallId,
    offers: Vec<OfferId>,
}

/// Planned, called for, offered to.
pub(crate) async fn begin(s: &Stage<'_>, p: &Places, lines: Lines) -> Result<Week> {
    let h = &s.house;
    s.days(-60).await?;
    let officer = asks(h, OFFICER).await?;
    let item = planning::plan(h, &officer, &PlanItemInput {
        district: p.wulong.to_string(),
        field: "culture".into(),
        year: s.day(60)[..4].into(),
        policy: lines.districts.to_string(),
        title_zh: "武隆第一次：山地艺术驻留周".into(),
        title_en: "A first for Wulong: an artists’ week in the mountains".into(),
        aim_zh: "武隆区尚无友城关系。请友城艺术家来驻留一周，由当地社会组织承办，为第一封意向书打底。".into(),
        aim_en: "Wulong District has no relation yet. Artists from partner cities stay for a week, hosted by a local association, as ground for a first letter of intent.".into(),
        supports_zh: "区县对外交往延伸".into(),
        supports_en: "Reaching into the districts".into(),
        due: s.day(300),
        ..Default::default()
    })
    .await
    .context("the plan item")?;
    let call = calls::draft(
        h,
        &officer,
        &CallInput {
            plan_item: item.to_string(),
            title_zh: "征集武隆山地艺术驻留周的承办方".into(),
            title_en: "Who hosts the artists’ week in Wulong".into(),
            brief_zh: "接待八位友城艺术家一周：住宿、工作室、两场公开活动，全程双语。".into(),
            brief_en:
                "Eight artists from partner cities for a week: lodging, studios, two open events, all in two languages."
                    .into(),
            who_zh: "文化艺术类社会组织、高校、个人。".into(),
            who_en: "Cultural associations, universities, individuals.".into(),
            mode: "outsourcing".into(),
            closes_on: s.day(-10),
            closes_time: "17:00".into(),
            currency: "CNY".into(),
            ceiling: "80000.00".into(),
            work_from: s.day(60),
            work_until: s.day(280),
            languages: vec!["zh-Hans".into(), "en".into()],
            needs: vec![
                need(
                    "住宿与工作室",
                    "Lodging and studios",
                    "venue-equipment",
                    8,
                    8,
                    ("间", "rooms"),
                    8,
                ),
                need("公开活动", "Open events", "service", 2, 3, ("场", "events"), 5),
                need(
                    "双语陪同",
                    "Bilingual company",
                    "volunteering",
                    60,
                    120,
                    ("小时", "hours"),
                    3,
                ),
            ],
            criteria: vec![
                criterion("与当地的联系", "Roots in the district", 40),
                criterion("接待条件", "How guests are hosted", 40),
                criterion("费用", "Cost", 20),
            ],
            ..Default::default()
        },
    )
    .await
    .context("drafting the call")?;
    calls::publish(h, &officer, call).await.context("publishing the call")?;
    let offers = offered(s, call).await?;
    Ok(Week { call, offers })
}
async fn offered(s: &Stage<'_>, call: CallId) -> Result<Vec<OfferId>> {
    s.days(-50).await?;
    let mut offers = Vec::new();
    for (who, units, input) in [
        (
            "organisation-delegate",
            [8, 2, 80],
            OfferInput {
                summary_zh: "与武隆仙女山的民宿合作接待，活动在镇上礼堂。".into(),
                summary_en: "With guest houses on Fairy Mountain in Wulong; events in the town’s hall.".into(),
                plan_zh: "驻留前一个月与艺术家线上见面，驻留期间两场活动。".into(),
                plan_en: "Artists are met online a month before; two events during the week.".into(),
                asked: "72000.00".into(),
                spend: "住宿、材料、保险、翻译。".into(),
                people: "专职两人，志愿者八人。".into(),
                ..Default::default()
            },
        ),
        (
            "partner-delegate",
            [0, 1, 40],
            OfferInput {
                summary_zh: "在德国挑选四位艺术家，随队双语陪同。".into(),
                summary_en: "Four artists chosen in Germany, with bilingual company on the way.".into(),
                plan_zh: "公开报名，一场回国后的汇报活动。".into(),
                plan_en: "An open application, and an event at home afterwards.".into(),
                asked: "18000.00".into(),
                spend: "旅费。".into(),
                people: "Two members.".into(),
                ..Default::default()
            },
        ),
        (
            "individual",
            [0, 0, 60],
            OfferInput {
                summary_zh: "全程英语、俄语陪同。".into(),
                summary_en: "Company in English and Russian all week.".into(),
                plan_zh: "每天在场。".into(),
                plan_en: "There every day.".into(),
                asked: "6000.00".into(),
                spend: "劳务。".into(),
                people: "本人。".into(),
                ..Default::default()
            },
        ),
    ] {
        let input = OfferInput {
            starts: s.day(70),
            ends: s.day(270),
            languages: vec!["zh-Hans".into(), "en".into()],
            ..input
        };
        offers.push(offer(s, who, call, &units, input).await?);
    }
    Ok(offers)
}

/// Opened; one member of the panel is half through, one has all points written and not handed in, one has yet to declare.
pub(crate) async fn go_on(s: &Stage<'_>, week: Week) -> Result<()> {
    let h = &s.house;
    let officer = asks(h, OFFICER).await?;
    calls::open(h, &officer, week.call)
        .await
        .context("opening the offers")?;
    for (i, m) in ["panel-lead", "panel-member", "panel-member-2"].iter().enumerate() {
        let seat = SeatInput {
            account: account(m).to_string(),
            lead: if i == 0 { "1".into() } else { String::new() },
        };
        calls::seat(h, &officer, week.call, &seat)
            .await
            .with_context(|| format!("seating {m}"))?;
    }
    for (m, points) in [
        ("panel-lead", vec![[8, 7, 6], [6, 7, 8]]),
        ("panel-member-2", vec![[9, 7, 7], [6, 6, 8], [5, 7, 9]]),
    ] {
        let me = asks(h, m).await?;
        calls::declare(h, &me, week.call, &Default::default())
            .await
            .with_context(|| format!("{m} declares"))?;
        for (offer, points) in week.offers.iter().zip(points) {
            let marks = points
                .iter()
                .enumerate()
                .map(|(i, p)| MarkInput {
                    criterion: format!("c{}", i + 1),
                    points: p.to_string(),
                    note: String::new(),
                })
                .collect();
            calls::score(h, &me, *offer, &ScoreInput { marks })
                .await
                .with_context(|| format!("{m} scores"))?;
        }
    }
    Ok(())
}
