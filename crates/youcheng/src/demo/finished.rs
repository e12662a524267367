//! Picture books for Seattle: a small thing handed to one party by assignment, done and settled, that waits for its
//! evaluator. All of it is invented.

use anyhow::{Context, Result};
use basis::{BodyId, UndertakingId};
use calls::{AnswerInput, AssignInput};
use planning::PlanItemInput;

use super::{
    Places, Stage,
    cast::{account, asks},
    window::{Lines, Work, verify},
};

const OFFICER: &str = "department-officer";
const LIBRARY: &str = "library-delegate";

pub(crate) async fn tell(s: &Stage<'_>, p: &Places, lines: Lines, library: BodyId) -> Result<UndertakingId> {
    let h = &s.house;
    s.days(-330).await?;
    // What was checked years ago ran out.
    verify(s, library, &s.day(700)).await?;
    let officer = asks(h, OFFICER).await?;
    let item = planning::plan(h, &officer, &PlanItemInput {
        relation: p.seattle.to_string(),
        field: "culture".into(),
        year: s.day(-330)[..4].into(),
        policy: lines.culture.to_string(),
        title_zh: "寄往西雅图的图画书".into(),
        title_en: "Picture books for Seattle".into(),
        aim_zh: "六十册双语图画书寄往西雅图的分馆，并问孩子们最喜欢哪几本。".into(),
        aim_en: "Sixty picture books in two languages for Seattle’s branch libraries, and the children say which they like best.".into(),
        supports_zh: "市文化部门的对外文化交流年度计划".into(),
        supports_en: "The culture department’s yearly plan of exchanges".into(),
        due: s.day(-240),
        ..Default::default()
    })
    .await
    .context("the plan item")?;
    for aim in [
        (
            "图书到达",
            "The books arrive",
            "到馆册数",
            "volumes on the shelves",
            "60册",
            "60 volumes",
        ),
        (
            "孩子们说话",
            "Children are heard",
            "收回的意见卡",
            "cards that came back",
            "40张",
            "40 cards",
        ),
    ] {
        let input = evaluation::AimInput {
            text_zh: aim.0.into(),
            text_en: aim.1.into(),
            measure_zh: aim.2.into(),
            measure_en: aim.3.into(),
            target_zh: aim.4.into(),
            target_en: aim.5.into(),
        };
        evaluation::set_aim(h, &officer, item, &input).await.context("an aim")?;
    }
    let asked = AssignInput {
        plan_item: item.to_string(),
        organisation: library.to_string(),
        title_zh: "选六十册图画书寄往西雅图".into(),
        title_en: "To choose sixty picture books and send them to Seattle".into(),
        brief_zh: "选书、编目、寄送，随书附意见卡。".into(),
        brief_en: "Choose, catalogue, send, with a card for the children’s words.".into(),
        reason_zh: "有“重庆之窗”的选书经验和编目系统，数额小，不另行征集。".into(),
        reason_en: "Has chosen and catalogued for the Windows of Chongqing; the sum is too small for a call.".into(),
        answer_by: s.day(-322),
        work_from: s.day(-320),
        work_until: s.day(-245),
        currency: "CNY".into(),
        amount: "9000.00".into(),
        ..Default::default()
    };
    let call = calls::assign(h, &officer, &asked).await.context("the assignment")?;
    s.days(-326).await?;
    let delegate = asks(h, LIBRARY).await?;
    let yes = AnswerInput {
        answer: "accept".into(),
        ..Default::default()
    };
    calls::answer_assignment(h, &delegate, call, &yes)
        .await
        .context("the library’s yes")?;
    let award = calls::awards_of(&h.db, &[call]).await?.first().context("the award")?.id;
    let terms = undertakings::Terms {
        title_zh: "六十册图画书：选书与寄送".into(),
        title_en: "Sixty picture books: choosing and sending".into(),
        responsible: account(LIBRARY).to_string(),
        starts_on: s.day(-320),
        ends_on: s.day(-245),
        line_zh: vec!["图书与运费".into()],
        line_en: vec!["Books and freight".into()],
        line_amount: vec!["9000.00".into()],
        milestone_zh: vec!["图书寄到，意见卡收回".into()],
        milestone_en: vec!["The books are there, the cards are back".into()],
        milestone_due: vec![s.day(-255)],
        milestone_amount: vec!["9000.00".into()],
        ..Default::default()
    };
    let id = undertakings::agree(h, &officer, award, &terms)
        .await
        .context("agreeing the terms")?;
    s.days(-320).await?;
    let work = Work::of(s, OFFICER, LIBRARY, id).await?;
    work.start().await?;
    s.days(-262).await?;
    let sent = work.hand(0, "zh-Hans", "六十册已上架，收回意见卡五十二张。").await?;
    s.days(-258).await?;
    work.accept(sent, "").await?;
    work.pay(Some(0), "示例-019").await?;
    undertakings::publish_money(h, &officer, id)
        .await
        .context("publishing the sums")?;
    undertakings::settle(h, &officer, id).await.context("settling")?;
    Ok(id)
}

/// The office appoints somebody from outside, who has yet to say that nothing ties them to it.
pub(crate) async fn judged(s: &Stage<'_>, id: UndertakingId) -> Result<()> {
    let lead = asks(&s.house, "office-lead").await?;
    let input = evaluation::AppointInput {
        evaluators: vec![account("evaluator").to_string()],
        others: Vec::new(),
        due_on: s.day(30),
    };
    evaluation::appoint(&s.house, &lead, id, &input)
        .await
        .context("appointing the evaluator")?;
    Ok(())
}
