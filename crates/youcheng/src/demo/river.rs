//! River readings shared with Seattle: an open call of today. The school pair it follows is real; the call is invented.

use anyhow::{Context, Result};
use calls::{CallInput, OfferInput};
use planning::PlanItemInput;
use programmes::fact::FactInput;

use super::{
    Places, Stage,
    cast::asks,
    window::{Lines, criterion, fact, need, offer},
};

pub(crate) async fn tell(s: &Stage<'_>, p: &Places, lines: Lines) -> Result<()> {
    let h = &s.house;
    s.days(-40).await?;
    let officer = asks(h, "department-officer-environment").await?;
    let item = planning::plan(h, &officer, &PlanItemInput {
        relation: p.seattle.to_string(),
        field: "environment".into(),
        year: s.day(60)[..4].into(),
        policy: lines.life.to_string(),
        title_zh: "两江一湾：与西雅图共享河水监测".into(),
        title_en: "Two rivers, one sound: water readings shared with Seattle".into(),
        aim_zh: "两地中学生按同一方法测河水，数据公开，一年后能看出同一个季节里两条河的差别。".into(),
        aim_en: "Pupils of both cities measure their rivers by one method and publish the data; after a year the same season can be compared.".into(),
        supports_zh: "河长制社会监督".into(),
        supports_en: "Public oversight of the river chief system".into(),
        due: s.day(400),
        ..Default::default()
    })
    .await
    .context("the plan item")?;
    fact(s, "department-officer-environment", item, FactInput {
        stage: "need".into(),
        say_zh: "重庆南开中学与西雅图 Chief Sealth 高中结对，做过水质与环境交流。".into(),
        say_en: "Nankai School and Chief Sealth High School are paired and have exchanged on water quality and environment.".into(),
        source: "https://seattle.gov/oir/sister-cities/seattles-sister-cities/chongqing".into(),
        ..Default::default()
    })
    .await?;
    let call = calls::draft(h, &officer, &CallInput {
        plan_item: item.to_string(),
        title_zh: "寻找一家单位，与西雅图共享河水监测数据".into(),
        title_en: "Somebody to share river readings with Seattle".into(),
        brief_zh: "接续南开中学与 Chief Sealth 高中的结对，组织至少三所学校每月测一次水，数据用双语公开。".into(),
        brief_en: "Follows the pairing of Nankai School and Chief Sealth High School: at least three schools measure once a month and publish in both languages.".into(),
        who_zh: "学校、科学与环保类社会组织、有相关资质的个人。".into(),
        who_en: "Schools, science and environment associations, qualified individuals.".into(),
        mode: "outsourcing".into(),
        opens_on: s.day(-12),
        opens_time: "09:00".into(),
        closes_on: s.day(12),
        closes_time: "17:00".into(),
        currency: "CNY".into(),
        ceiling: "60000.00".into(),
        work_from: s.day(40),
        work_until: s.day(400),
        languages: vec!["zh-Hans".into(), "en".into()],
        needs: vec![
            need("每月采样与测定", "Monthly sampling and measuring", "service", 12, 36, ("次", "rounds"), 6),
            need("水质检测箱", "Water testing kits", "venue-equipment", 3, 8, ("套", "kits"), 4),
            need("数据审核专家", "Expert review of the data", "consultation", 10, 40, ("小时", "hours"), 3),
            need("带队志愿者", "Volunteers who lead the groups", "volunteering", 60, 240, ("小时", "hours"), 2),
        ],
        criteria: vec![criterion("方法与质量", "Method and quality", 50), criterion("学生参与", "Pupils’ part", 30), criterion("费用", "Cost", 20)],
        ..Default::default()
    })
    .await
    .context("drafting the call")?;
    s.days(-14).await?;
    calls::publish(h, &officer, call).await.context("publishing")?;
    s.days(-3).await?;
    offer(
        s,
        "organisation-delegate",
        call,
        &[24, 5, 0, 160],
        OfferInput {
            summary_zh: "五所学校每月两次，统一试剂与记录表。".into(),
            summary_en: "Five schools twice a month, with one set of reagents and forms.".into(),
            plan_zh: "一月培训，二月起采样，每季度线上交流一次。".into(),
            plan_en: "Training in January, sampling from February, an online meeting every quarter.".into(),
            starts: s.day(45),
            ends: s.day(390),
            asked: "52000.00".into(),
            spend: "试剂、检测箱、交通、同声传译。".into(),
            languages: vec!["zh-Hans".into(), "en".into()],
            people: "环境工程师两名，志愿者十二名。".into(),
            ..Default::default()
        },
    )
    .await?;
    s.days(-2).await?;
    offer(
        s,
        "individual",
        call,
        &[0, 0, 30, 0],
        OfferInput {
            summary_zh: "退休水化学工程师，愿审核数据。".into(),
            summary_en: "A retired water chemist who would review the data.".into(),
            plan_zh: "每月一次，远程。".into(),
            plan_en: "Once a month, remotely.".into(),
            starts: s.day(45),
            ends: s.day(390),
            asked: "0".into(),
            spend: String::new(),
            languages: vec!["zh-Hans".into(), "en".into()],
            people: "本人。".into(),
            ..Default::default()
        },
    )
    .await?;
    // The library has begun an offer and not finished it.
    let library = asks(h, "library-delegate").await?;
    let begun = calls::begin(h, &library, call).await.context("beginning the offer")?;
    let version = calls::own_view(h, &library.viewer, begun).await?.offer.version;
    let draft = OfferInput {
        summary_zh: "在馆内设河水数据展台，每季度一次读者活动。".into(),
        summary_en: "A shelf of river data in the library, with an event for readers every quarter.".into(),
        version: version.to_string(),
        ..Default::default()
    };
    calls::save_draft(h, &library, begun, &draft)
        .await
        .context("keeping the draft")?;
    Ok(())
}
