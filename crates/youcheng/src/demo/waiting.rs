//! What else waits for somebody: an organisation for the office to check, an item of the plan without its call, and a
//! district's draft to publish. All of it is invented.

use anyhow::{Context, Result};
use calls::CallInput;
use planning::PlanItemInput;

use super::{
    Places, Stage,
    cast::asks,
    window::{Lines, criterion, need},
};

pub(crate) async fn tell(s: &Stage<'_>, p: &Places, lines: Lines) -> Result<()> {
    let h = &s.house;
    let person = asks(h, "individual").await?;
    let circle = parties::doing::register::Input {
        name_zh: "渝中口译者之家（虚构）".into(),
        name_en: "Yuzhong Interpreters’ Circle (invented)".into(),
        legal_form: "association".into(),
        country: "CN".into(),
        about_zh: "虚构的社会组织：译员互助、练习与介绍。".into(),
        about_en: "An invented association: interpreters who practise together and recommend each other.".into(),
        fields: vec!["culture".into(), "health".into()],
        capabilities: "俄语、英语、德语口译".into(),
        purpose: "代表本会应征".into(),
        letter: "口译者之家（示例）第3号".into(),
        ..Default::default()
    };
    parties::doing::register(h, &person, &circle, None)
        .await
        .context("an organisation that waits")?;
    let officer = asks(h, "department-officer").await?;
    planning::plan(
        h,
        &officer,
        &PlanItemInput {
            relation: p.seattle.to_string(),
            field: "culture".into(),
            year: s.day(120)[..4].into(),
            policy: lines.culture.to_string(),
            title_zh: "西雅图的“重庆之窗”：先问读者".into(),
            title_en: "A Window of Chongqing for Seattle: readers are asked first".into(),
            aim_zh: "照上一个“窗口”的评价意见，先做问卷，再选书。".into(),
            aim_en: "As the evaluation of an earlier window advised: a survey first, then the books.".into(),
            supports_zh: "市文化部门的对外文化交流年度计划".into(),
            supports_en: "The culture department’s yearly plan of exchanges".into(),
            due: s.day(120),
            ..Default::default()
        },
    )
    .await
    .context("an item without its call")?;
    let district = asks(h, "district-officer").await?;
    let item = planning::plan(
        h,
        &district,
        &PlanItemInput {
            district: p.wulong.to_string(),
            field: "environment".into(),
            year: s.day(150)[..4].into(),
            policy: lines.districts.to_string(),
            title_zh: "喀斯特步道的双语讲解".into(),
            title_en: "Bilingual guides on the karst trails".into(),
            aim_zh: "为来访的友城客人在三条步道上配好双语讲解。".into(),
            aim_en: "Guests from partner cities find guides in two languages on three trails.".into(),
            supports_zh: "区县对外交往延伸".into(),
            supports_en: "Reaching into the districts".into(),
            due: s.day(200),
            ..Default::default()
        },
    )
    .await
    .context("the district’s item")?;
    calls::draft(
        h,
        &district,
        &CallInput {
            plan_item: item.to_string(),
            title_zh: "征集喀斯特步道双语讲解志愿者".into(),
            title_en: "Volunteers to guide on the karst trails".into(),
            brief_zh: "周末轮值，每次半天，先培训一天。".into(),
            brief_en: "Weekends in turn, half a day each, after a day of training.".into(),
            who_zh: "高校、旅游类社会组织、个人。".into(),
            who_en: "Universities, associations, individuals.".into(),
            mode: "outsourcing".into(),
            closes_on: s.day(25),
            closes_time: "17:00".into(),
            currency: "CNY".into(),
            work_from: s.day(40),
            work_until: s.day(190),
            languages: vec!["zh-Hans".into(), "en".into()],
            needs: vec![need("讲解", "Guiding", "volunteering", 80, 200, ("小时", "hours"), 5)],
            criteria: vec![
                criterion("语言", "Language", 60),
                criterion("可用时间", "Availability", 40),
            ],
            ..Default::default()
        },
    )
    .await
    .context("the district’s draft")?;
    Ok(())
}
