//! The friendship hospitals: a call that has just closed and waits for its opening, and a part of the work handed to one
//! named person, who is asked.

use anyhow::{Context, Result};
use calls::{AssignInput, CallInput, OfferInput};
use planning::PlanItemInput;
use programmes::fact::FactInput;

use super::{
    Places, Stage,
    cast::asks,
    window::{Lines, criterion, fact, need, offer},
};

pub(crate) async fn tell(s: &Stage<'_>, p: &Places, lines: Lines) -> Result<()> {
    hospital(s, p, lines).await.context("the friendship hospitals")
}
async fn hospital(s: &Stage<'_>, p: &Places, lines: Lines) -> Result<()> {
    let h = &s.house;
    let officer = asks(h, "department-officer-health").await?;
    let item = planning::plan(h, &officer, &PlanItemInput {
        relation: p.voronezh.to_string(),
        field: "health".into(),
        year: s.day(0)[..4].into(),
        policy: lines.life.to_string(),
        title_zh: "友谊医院：远程会诊口译".into(),
        title_en: "Friendship hospitals: interpreting for remote consultations".into(),
        aim_zh: "为重庆市第三人民医院与沃罗涅日第八医院的远程会诊配好医学俄语口译。".into(),
        aim_en: "Medical Russian interpreters for remote consultations between Chongqing Third People’s Hospital and Voronezh Eighth Hospital.".into(),
        supports_zh: "友好医院合作".into(),
        supports_en: "The friendship hospitals’ cooperation".into(),
        due: s.day(200),
        ..Default::default()
    })
    .await
    .context("the plan item")?;
    fact(s, "department-officer-health", item, FactInput {
        stage: "need".into(),
        say_zh: "重庆市第三人民医院（中俄友谊医院）与沃罗涅日第八医院结对。".into(),
        say_en: "Chongqing Third People’s Hospital (China-Russia Friendship Hospital) is paired with Voronezh Eighth Hospital.".into(),
        source: "https://www.ichongqing.info/2024/03/20/chongqing-strengthens-intl-ties-with-voronezh-russia-sister-cities/".into(),
        ..Default::default()
    })
    .await?;
    let call = calls::draft(
        h,
        &officer,
        &CallInput {
            plan_item: item.to_string(),
            title_zh: "征集医学俄语口译".into(),
            title_en: "Interpreters of medical Russian".into(),
            brief_zh: "每月两次远程会诊，每次约两小时，需事先熟悉病历术语。".into(),
            brief_en: "Two remote consultations a month of about two hours each; terms are studied beforehand.".into(),
            who_zh: "翻译机构、高校、有医学俄语经验的个人。".into(),
            who_en: "Translators’ associations, universities, individuals with medical Russian.".into(),
            mode: "outsourcing".into(),
            closes_on: s.day(0),
            closes_time: "00:30".into(),
            currency: "CNY".into(),
            ceiling: "30000.00".into(),
            work_from: s.day(20),
            work_until: s.day(200),
            languages: vec!["zh-Hans".into(), "ru".into()],
            needs: vec![
                need(
                    "会诊口译",
                    "Interpreting consultations",
                    "service",
                    24,
                    48,
                    ("小时", "hours"),
                    7,
                ),
                need(
                    "术语表",
                    "A glossary of terms",
                    "consultation",
                    1,
                    1,
                    ("份", "glossary"),
                    3,
                ),
            ],
            criteria: vec![
                criterion("语言与专业", "Language and medicine", 60),
                criterion("可用时间", "Availability", 20),
                criterion("费用", "Cost", 20),
            ],
            ..Default::default()
        },
    )
    .await
    .context("drafting the call")?;
    calls::publish(h, &officer, call).await.context("publishing")?;
    offer(
        s,
        "individual",
        call,
        &[30, 1],
        OfferInput {
            summary_zh: "曾在沃罗涅日学医，俄语口译八年。".into(),
            summary_en: "Studied medicine in Voronezh; eight years of interpreting.".into(),
            plan_zh: "每月两次，术语表先行。".into(),
            plan_en: "Twice a month; the glossary comes first.".into(),
            starts: s.day(20),
            ends: s.day(190),
            asked: "18000.00".into(),
            spend: "口译劳务。".into(),
            languages: vec!["zh-Hans".into(), "ru".into()],
            people: "本人。".into(),
            ..Default::default()
        },
    )
    .await?;
    let asked = AssignInput {
        plan_item: item.to_string(),
        person: "individual@example.org".into(),
        title_zh: "审读医学俄语术语表初稿".into(),
        title_en: "To read the first draft of the glossary of medical Russian".into(),
        brief_zh: "逐条审读约三百条术语，标出两国叫法不同之处。".into(),
        brief_en: "About three hundred terms, one by one, with a mark where the two countries say it differently."
            .into(),
        reason_zh: "曾在沃罗涅日学医，是名单上唯一两边医院都待过的人。".into(),
        reason_en: "Studied medicine in Voronezh, and is the only one on the list who knows both hospitals.".into(),
        answer_by: s.day(10),
        work_from: s.day(14),
        work_until: s.day(60),
        currency: "CNY".into(),
        amount: "3000.00".into(),
        ..Default::default()
    };
    calls::assign(h, &officer, &asked).await.context("the assignment")?;
    Ok(())
}
