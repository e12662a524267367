//! Days on two rivers, with Düsseldorf: a programme of this year that two parties carry out side by side, each with the
//! units that the published allocation gave it. Some of it is done and paid, some waits for acceptance, for approval, for
//! payment, for the bank's statement. All of it is invented.

use anyhow::{Context, Result};
use basis::{BodyId, CallId, OfferId, PlanItemId, UndertakingId};
use calls::{AssignInput, AwardInput, CallInput, DecideInput, OfferInput};
use planning::PlanItemInput;

use super::{
    Places, Stage,
    cast::{account, asks, body},
    window::{Lines, Work, allocated, criterion, need, offer, organisation, panel, verify},
};

const OFFICER: &str = "department-officer-environment";
const RHINE: &str = "partner-delegate";
const JIALING: &str = "organisation-delegate";

/// What runs: the part of the Rhine's friends, and that of the Jialing association.
pub(crate) struct Running {
    item: PlanItemId,
    rhine: UndertakingId,
    jialing: UndertakingId,
}

/// From the plan to the first instalment.
pub(crate) async fn begin(s: &Stage<'_>, p: &Places, lines: Lines, association: BodyId) -> Result<Running> {
    s.days(-230).await?;
    // What was checked years ago ran out.
    verify(s, association, &s.day(700)).await?;
    organisation(
        s,
        RHINE,
        parties::doing::register::Input {
            name_zh: "莱茵河畔之友（杜塞尔多夫，虚构）".into(),
            name_en: "Friends of the Rhine Bank, Düsseldorf (invented)".into(),
            legal_form: "overseas-ngo".into(),
            country: "DE".into(),
            about_zh: "虚构的德国社团：组织河岸清洁日和中学生河流工作坊。".into(),
            about_en: "An invented German association: clean-up days on the bank, river workshops with schools.".into(),
            fields: vec!["environment".into(), "education".into()],
            capabilities: "河岸清洁日\n双语工作坊".into(),
            government: p.duesseldorf_gov.to_string(),
            purpose: "两河日项目联系人 / contact for the river days".into(),
            letter: "Vorstandsbeschluss 12 (Beispiel)".into(),
            ..Default::default()
        },
        &s.day(700),
    )
    .await
    .context("the Rhine’s friends")?;
    let item = planned(s, p, lines).await?;
    let call = called(s, item).await?;
    let offers = offered(s, call).await?;
    let awards = chosen(s, call, offers).await?;
    agreed(s, item, awards).await
}
async fn planned(s: &Stage<'_>, p: &Places, lines: Lines) -> Result<PlanItemId> {
    let h = &s.house;
    let officer = asks(h, OFFICER).await?;
    let item = planning::plan(h, &officer, &PlanItemInput {
        relation: p.duesseldorf.to_string(),
        field: "environment".into(),
        year: s.day(-229)[..4].into(),
        policy: lines.life.to_string(),
        title_zh: "两河日：嘉陵江与莱茵河".into(),
        title_en: "Days on two rivers, Jialing and Rhine".into(),
        aim_zh: "同一个月里，两座城市的居民各自清理一段河岸，互看成果，把做法写成两种语言。".into(),
        aim_en: "In the same month residents of both cities clear a stretch of their river’s bank, see each other’s result, and write down how, in both languages.".into(),
        supports_zh: "河长制社会参与".into(),
        supports_en: "Residents’ part in the river chief system".into(),
        due: s.day(150),
        ..Default::default()
    })
    .await
    .context("the plan item")?;
    let aim = evaluation::AimInput {
        text_zh: "居民自己动手".into(),
        text_en: "Residents do it themselves".into(),
        measure_zh: "两地参加清洁日的人次".into(),
        measure_en: "people who come to the days, in both cities".into(),
        target_zh: "600人次".into(),
        target_en: "600".into(),
    };
    evaluation::set_aim(h, &officer, item, &aim).await.context("an aim")?;
    Ok(item)
}
async fn called(s: &Stage<'_>, item: PlanItemId) -> Result<CallId> {
    let h = &s.house;
    let officer = asks(h, OFFICER).await?;
    let call = calls::draft(h, &officer, &CallInput {
        plan_item: item.to_string(),
        title_zh: "征集两河日的组织方".into(),
        title_en: "Who organises the days on two rivers".into(),
        brief_zh: "在嘉陵江和莱茵河各组织清洁日，带领志愿者，编写双语手册。可只承担一部分。".into(),
        brief_en: "Clean-up days on the Jialing and on the Rhine, volunteers led, a handbook in both languages. A part of it may be offered.".into(),
        who_zh: "两地的社会组织、学校。".into(),
        who_en: "Associations and schools of both cities.".into(),
        mode: "outsourcing".into(),
        closes_on: s.day(-205),
        closes_time: "17:00".into(),
        currency: "CNY".into(),
        ceiling: "40000.00".into(),
        work_from: s.day(-195),
        work_until: s.day(140),
        languages: vec!["zh-Hans".into(), "en".into()],
        needs: vec![
            need("河岸清洁日", "Days on the bank", "service", 6, 10, ("天", "days"), 7),
            need("带领志愿者", "Leading volunteers", "volunteering", 60, 100, ("小时", "hours"), 4),
            need("双语手册", "A handbook in both languages", "consultation", 1, 2, ("份", "handbooks"), 3),
        ],
        criteria: vec![criterion("方法", "Method", 40), criterion("居民参与", "Residents’ part", 40), criterion("费用", "Cost", 20)],
        ..Default::default()
    })
    .await
    .context("drafting the call")?;
    calls::publish(h, &officer, call).await.context("publishing the call")?;
    Ok(call)
}
async fn offered(s: &Stage<'_>, call: CallId) -> Result<[OfferId; 2]> {
    s.days(-220).await?;
    let rhine = offer(
        s,
        RHINE,
        call,
        &[4, 40, 1],
        OfferInput {
            summary_zh: "在莱茵河组织四个清洁日，与学校合编手册。".into(),
            summary_en: "Four days on the Rhine, and a handbook made with schools.".into(),
            plan_zh: "春季两天，秋季两天；手册边做边写。".into(),
            plan_en: "Two days in one season, two in the next; the handbook grows with them.".into(),
            starts: s.day(-190),
            ends: s.day(130),
            asked: "24000.00".into(),
            spend: "工具、保险、翻译、印刷。".into(),
            languages: vec!["en".into(), "zh-Hans".into(), "de".into()],
            people: "Four members and a translator.".into(),
            ..Default::default()
        },
    )
    .await?;
    let jialing = offer(
        s,
        JIALING,
        call,
        &[8, 90, 1],
        OfferInput {
            summary_zh: "在嘉陵江组织八个清洁日，志愿者九十小时。".into(),
            summary_en: "Eight days on the Jialing, ninety hours of volunteers.".into(),
            plan_zh: "每月一天，志愿者分四组。".into(),
            plan_en: "One day a month, volunteers in four groups.".into(),
            starts: s.day(-185),
            ends: s.day(135),
            asked: "36000.00".into(),
            spend: "工具、交通、保险、手册。".into(),
            languages: vec!["zh-Hans".into(), "en".into()],
            people: "专职两人，志愿者组长四人。".into(),
            ..Default::default()
        },
    )
    .await?;
    Ok([rhine, jialing])
}
/// Both are chosen, each with what the allocation gives it.
async fn chosen(s: &Stage<'_>, call: CallId, [rhine, jialing]: [OfferId; 2]) -> Result<[basis::AwardId; 2]> {
    let h = &s.house;
    let officer = asks(h, OFFICER).await?;
    s.days(-203).await?;
    calls::open(h, &officer, call).await.context("opening the offers")?;
    panel(
        s,
        OFFICER,
        call,
        &[
            (rhine, [[9, 8, 8], [9, 9, 7], [8, 8, 8]]),
            (jialing, [[7, 8, 7], [8, 7, 7], [7, 8, 8]]),
        ],
    )
    .await?;
    s.days(-200).await?;
    allocated(s, OFFICER, call).await?;
    let award = async |input: AwardInput| calls::award_offer(h, &officer, call, &input).await;
    let first = award(AwardInput {
        offer: rhine.to_string(),
        reason_zh: "莱茵河一侧只有这一家，方法也最清楚。".into(),
        reason_en: "The only offer for the Rhine’s side, and the clearest method.".into(),
        ..Default::default()
    })
    .await
    .context("the first award")?;
    let second = award(AwardInput {
        offer: jialing.to_string(),
        amount: "24000.00".into(),
        amount_reason: "清洁日费用占大头，按天数而不按小时计更合实际。".into(),
        reason_zh: "嘉陵江一侧的六天由其承担，志愿者组织有经验。".into(),
        reason_en: "Carries the six days on the Jialing; used to organising volunteers.".into(),
    })
    .await
    .context("the second award")?;
    let decision = DecideInput {
        reason_zh: "两份应征按公布的分配方案各承担一部分。".into(),
        reason_en: "Both offers carry a part each, as the published plan allocates.".into(),
    };
    calls::decide(h, &officer, call, &decision)
        .await
        .context("deciding the call")?;
    Ok([first, second])
}
async fn agreed(s: &Stage<'_>, item: PlanItemId, [rhine, jialing]: [basis::AwardId; 2]) -> Result<Running> {
    let h = &s.house;
    let officer = asks(h, OFFICER).await?;
    s.days(-196).await?;
    let both = |zh: &[&str]| zh.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
    let for_rhine = undertakings::Terms {
        title_zh: "莱茵河一侧的清洁日与双语手册".into(),
        title_en: "Days on the Rhine, and the handbook".into(),
        responsible: account(RHINE).to_string(),
        starts_on: s.day(-190),
        ends_on: s.day(130),
        line_zh: both(&["清洁日", "双语手册"]),
        line_en: both(&["Days on the bank", "Handbook"]),
        line_amount: both(&["16000.00", "8000.00"]),
        milestone_zh: both(&["前两个清洁日", "手册初稿", "后两个清洁日", "手册印出"]),
        milestone_en: both(&[
            "The first two days",
            "A draft of the handbook",
            "The other two days",
            "The handbook is printed",
        ]),
        milestone_due: vec![s.day(-80), s.day(-10), s.day(20), s.day(110)],
        milestone_amount: both(&["8000.00", "4000.00", "8000.00", "4000.00"]),
        ..Default::default()
    };
    let for_jialing = undertakings::Terms {
        title_zh: "嘉陵江一侧的清洁日与志愿者".into(),
        title_en: "Days on the Jialing, and volunteers".into(),
        responsible: account(JIALING).to_string(),
        starts_on: s.day(-185),
        ends_on: s.day(135),
        line_zh: both(&["清洁日", "志愿者培训与保险"]),
        line_en: both(&["Days on the bank", "Training and insurance of volunteers"]),
        line_amount: both(&["18000.00", "6000.00"]),
        milestone_zh: both(&["前三个清洁日", "后三个清洁日"]),
        milestone_en: both(&["The first three days", "The other three days"]),
        milestone_due: vec![s.day(-5), s.day(90)],
        milestone_amount: both(&["9000.00", "9000.00"]),
        advance: "6000.00".into(),
        ..Default::default()
    };
    let rhine = undertakings::agree(h, &officer, rhine, &for_rhine)
        .await
        .context("the terms for the Rhine")?;
    let jialing = undertakings::agree(h, &officer, jialing, &for_jialing)
        .await
        .context("the terms for the Jialing")?;
    s.days(-184).await?;
    let (a, b) = (
        Work::of(s, OFFICER, RHINE, rhine).await?,
        Work::of(s, OFFICER, JIALING, jialing).await?,
    );
    a.start().await?;
    b.start().await?;
    s.days(-84).await?;
    let days = a
        .hand(
            0,
            "en",
            "Both days held; 143 people came, and 2.1 tonnes of rubbish went.",
        )
        .await?;
    s.days(-80).await?;
    a.accept(days, "").await?;
    a.pay(Some(0), "示例-041").await?;
    Ok(Running { item, rhine, jialing })
}

/// What has happened in the last days, and now waits for somebody.
pub(crate) async fn go_on(s: &Stage<'_>, r: Running) -> Result<()> {
    let h = &s.house;
    let rhine = Work::of(s, OFFICER, RHINE, r.rhine).await?;
    let jialing = Work::of(s, OFFICER, JIALING, r.jialing).await?;
    // Approved, to be paid.
    let draft = rhine
        .hand(
            1,
            "en",
            "The draft has 24 pages; the Chinese half was read by the Jialing association.",
        )
        .await?;
    rhine.accept(draft, "初稿可用。").await?;
    let earned = rhine.ask(Some(1)).await?;
    rhine.approve(&earned).await?;
    // Handed in, to be judged.
    rhine
        .hand(
            2,
            "en",
            "The third and fourth day were held on one weekend; 167 people came.",
        )
        .await?;
    // Paid, to be found on the bank's statement.
    let advance = jialing.ask(None).await?;
    jialing.approve(&advance).await?;
    jialing.record(&advance, "示例-087").await?;
    // Asked for, to be approved.
    let days = jialing
        .hand(0, "zh-Hans", "三个清洁日均已举行，共312人次，名册和照片随附于协会。")
        .await?;
    jialing.accept(days, "").await?;
    jialing.ask(Some(0)).await?;
    // A small part is handed to the partner city's own office, which is asked.
    let asked = AssignInput {
        plan_item: r.item.to_string(),
        organisation: body("duesseldorf").to_string(),
        title_zh: "在杜塞尔多夫市政厅展出两河日照片".into(),
        title_en: "To show the pictures of the two rivers in Düsseldorf’s town hall".into(),
        brief_zh: "展出两周，双语说明由两家承办方提供。".into(),
        brief_en: "For two weeks; the two parties write the words in both languages.".into(),
        reason_zh: "展厅属于该处，别处无法代办。".into(),
        reason_en: "The hall is theirs; nobody else could do it.".into(),
        answer_by: s.day(12),
        work_from: s.day(30),
        work_until: s.day(75),
        ..Default::default()
    };
    let officer = asks(h, OFFICER).await?;
    calls::assign(h, &officer, &asked)
        .await
        .context("asking Düsseldorf’s office")?;
    Ok(())
}
