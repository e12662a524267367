//! The Window of Chongqing with Düsseldorf: the story that is real at its heart, told whole.
//!
//! Real, each with its source: first shelf of more than 50 titles, about 100 volumes, in 2012; Düsseldorf reported what
//! readers wanted; 200 items chosen from that in 2013; an eighth window in Minsk in December 2016. All else is filled in.

use anyhow::{Context, Result};
use basis::{PlanItemId, PolicyLineId};
use calls::{
    AwardInput, CallInput, CriterionInput, DecideInput, MarkInput, NeedInput, OfferInput, OfferLineInput, ScoreInput,
    SeatInput,
};
use planning::{PlanItemInput, PolicyLineInput};
use programmes::fact::FactInput;

use super::{
    Places, Stage,
    cast::{account, asks},
};

pub(crate) const CHINESETOWN: &str = "http://news.chinesetown.co.nz/2013/0910/709696.html";
pub(crate) const CRI: &str = "https://cq.cri.cn/2018-07-16/8fa97e0f-ed7a-3789-94d1-aeeeb42eeec2.html";

/// The lines that everything is planned under.
#[derive(Clone, Copy)]
pub(crate) struct Lines {
    pub culture: PolicyLineId,
    pub districts: PolicyLineId,
    pub life: PolicyLineId,
}
pub(crate) async fn policy_lines(s: &Stage<'_>) -> Result<Lines> {
    let lead = asks(&s.house, "office-lead").await?;
    let add = async |code: &str, zh: (&str, &str), en: (&str, &str)| {
        let input = PolicyLineInput {
            code: code.into(),
            title_zh: zh.0.into(),
            title_en: en.0.into(),
            text_zh: zh.1.into(),
            text_en: en.1.into(),
            source: "演示用政策条目，据论文第三部分改写 / demonstration line after part C of the paper".into(),
            starts: "2011-01-01".into(),
            ..Default::default()
        };
        planning::add_line(&s.house, &lead, &input).await
    };
    Ok(Lines {
        culture: add("P1", ("人文交流", "经济是一种形式，文化不可或缺：支持图书馆、博物馆、艺术团体与友城机构直接往来，由社会力量承办。"), ("Culture beside economy", "Economy is one form, culture is indispensable: libraries, museums and artists work with partner institutions directly, carried out by social forces.")).await?,
        districts: add("P2", ("向区县延伸", "优先支持尚无友城关系的区县，由社会力量引介友城、承办活动。"), ("Into the districts", "Districts without a relation come first; social forces bring partners and host activities there.")).await?,
        life: add("P3", ("惠及民生", "医疗、环境、应急等公共服务领域的合作，使两地市民真正受益。"), ("Benefit for residents", "Cooperation in public services such as health, environment and emergency, so that residents of both cities truly benefit.")).await?,
    })
}

pub(crate) fn need(
    zh: &str,
    en: &str,
    channel: &str,
    min: i64,
    max: i64,
    unit: (&str, &str),
    priority: i64,
) -> NeedInput {
    NeedInput {
        title_zh: zh.into(),
        title_en: en.into(),
        channel: channel.into(),
        min: min.to_string(),
        max: max.to_string(),
        unit_zh: unit.0.into(),
        unit_en: unit.1.into(),
        priority: priority.to_string(),
        ..Default::default()
    }
}
pub(crate) fn criterion(zh: &str, en: &str, weight: i64) -> CriterionInput {
    CriterionInput {
        title_zh: zh.into(),
        title_en: en.into(),
        weight: weight.to_string(),
    }
}

/// An organisation registers through its person and the office verifies it.
pub(crate) async fn organisation(
    s: &Stage<'_>,
    person: &str,
    input: parties::doing::register::Input,
    until: &str,
) -> Result<basis::BodyId> {
    let me = asks(&s.house, person).await?;
    let id = parties::doing::register(&s.house, &me, &input, None)
        .await
        .context("registering")?;
    verify(s, id, until).await?;
    Ok(id)
}
/// The office checks an organisation, for five years at most.
pub(crate) async fn verify(s: &Stage<'_>, id: basis::BodyId, until: &str) -> Result<()> {
    let lead = asks(&s.house, "office-lead").await?;
    let version = parties::organisation(&s.house.db, id).await?.map_or(0, |o| o.version);
    let decision = parties::doing::decide::Input {
        decision: "verify".into(),
        until: until.into(),
        version: version.to_string(),
        ..Default::default()
    };
    parties::doing::decide(&s.house, &lead, id, &decision)
        .await
        .context("verifying")?;
    Ok(())
}

/// One side's offer, written, and submitted.
pub(crate) async fn offer(
    s: &Stage<'_>,
    who: &str,
    call: basis::CallId,
    units: &[i64],
    mut input: OfferInput,
) -> Result<basis::OfferId> {
    let me = asks(&s.house, who).await?;
    let needs = calls::needs(&s.house.db, &[call]).await?;
    input.lines = needs
        .iter()
        .zip(units)
        .filter(|(_, u)| **u > 0)
        .map(|(n, u)| OfferLineInput {
            need: n.need.id.to_string(),
            units: u.to_string(),
        })
        .collect();
    if input.conflict.is_empty() {
        input.conflict = "none".into();
    }
    let id = calls::begin(&s.house, &me, call).await.context("beginning the offer")?;
    let begun = calls::own_view(&s.house, &me.viewer, id)
        .await
        .context("reading the offer")?;
    input.version = begun.offer.version.to_string();
    calls::save_draft(&s.house, &me, id, &input)
        .await
        .context("saving the offer")?;
    calls::submit(&s.house, &me, id)
        .await
        .with_context(|| format!("submitting the offer of {who}"))?;
    Ok(id)
}
/// The panel sits, declares and scores: points per offer, in the order of criteria.
pub(crate) async fn panel(
    s: &Stage<'_>,
    officer: &str,
    call: basis::CallId,
    scores: &[(basis::OfferId, [[i64; 3]; 3])],
) -> Result<()> {
    let members = ["panel-lead", "panel-member", "panel-member-2"];
    let guiding = asks(&s.house, officer).await?;
    for (i, m) in members.iter().enumerate() {
        let seat = SeatInput {
            account: account(m).to_string(),
            lead: if i == 0 { "1".into() } else { String::new() },
        };
        calls::seat(&s.house, &guiding, call, &seat)
            .await
            .with_context(|| format!("seating {m}"))?;
    }
    let detail = calls::details(&s.house.db, &[call]).await?;
    let criteria = detail.get(&call).map(|d| d.criteria.clone()).unwrap_or_default();
    for (i, m) in members.iter().enumerate() {
        let me = asks(&s.house, m).await?;
        calls::declare(&s.house, &me, call, &Default::default())
            .await
            .with_context(|| format!("{m} declares"))?;
        for (offer, points) in scores {
            let marks = criteria
                .iter()
                .zip(points[i])
                .map(|(c, p)| MarkInput {
                    criterion: c.key.clone(),
                    points: p.to_string(),
                    note: String::new(),
                })
                .collect();
            calls::score(&s.house, &me, *offer, &ScoreInput { marks })
                .await
                .with_context(|| format!("{m} scores"))?;
        }
        calls::hand_in(&s.house, &me, call)
            .await
            .with_context(|| format!("{m} hands in"))?;
    }
    Ok(())
}
pub(crate) async fn fact(s: &Stage<'_>, who: &str, item: PlanItemId, f: FactInput) -> Result<()> {
    let me = asks(&s.house, who).await?;
    let f = FactInput {
        confidence: if f.confidence.is_empty() {
            "high".into()
        } else {
            f.confidence
        },
        ..f
    };
    programmes::fact::record_fact(&s.house, &me, item, &f)
        .await
        .context("recording a fact")?;
    Ok(())
}

/// Returns the library and the association, for the younger stories.
pub(crate) async fn tell(s: &Stage<'_>, p: &Places, lines: Lines) -> Result<[basis::BodyId; 2]> {
    let both = bodies(s).await?;
    let item = planned(s, p, lines).await?;
    let call = called(s, item).await?;
    let offers = offered(s, call).await?;
    let award = chosen(s, call, offers).await?;
    carry_out(s, item, award).await?;
    Ok(both)
}

/// The library and the association register and are verified.
async fn bodies(s: &Stage<'_>) -> Result<[basis::BodyId; 2]> {
    let library_body = organisation(
        s,
        "library-delegate",
        parties::doing::register::Input {
            name_zh: "重庆图书馆".into(),
            name_en: "Chongqing Library".into(),
            legal_form: "public-institution".into(),
            country: "CN".into(),
            about_zh: "自2011年起在海外图书馆设立“重庆之窗”书架。".into(),
            about_en: "Has placed Window of Chongqing shelves in libraries abroad since 2011.".into(),
            fields: vec!["culture".into()],
            capabilities: "选书、编目、寄送\n双语读者活动".into(),
            purpose: "代表本馆应征与交付".into(),
            letter: "渝图函（示例）2011-12".into(),
            ..Default::default()
        },
        "2016-11-30",
    )
    .await
    .context("Chongqing Library")?;
    let community = organisation(
        s,
        "organisation-delegate",
        parties::doing::register::Input {
            name_zh: "嘉陵江青年环保协会".into(),
            name_en: "Jialing River Youth Environment Association".into(),
            legal_form: "association".into(),
            country: "CN".into(),
            about_zh: "虚构的社会组织：带中学生做河水监测，也办读书会。".into(),
            about_en: "An invented association: river monitoring with schools, and reading circles.".into(),
            fields: vec!["environment".into(), "culture".into(), "education".into()],
            capabilities: "水质监测\n志愿者组织\n中英双语活动".into(),
            purpose: "项目联系人".into(),
            letter: "嘉环协（示例）2011-03".into(),
            ..Default::default()
        },
        "2016-11-30",
    )
    .await
    .context("the association")?;
    Ok([library_body, community])
}

/// The gap becomes a plan item, with the aims it will be measured by.
async fn planned(s: &Stage<'_>, p: &Places, lines: Lines) -> Result<PlanItemId> {
    let h = &s.house;
    let officer = asks(h, "department-officer").await?;
    s.when("2012-01-09T02:00:00Z").await?;
    let item = planning::plan(h, &officer, &PlanItemInput {
        relation: p.duesseldorf.to_string(),
        field: "culture".into(),
        year: "2012".into(),
        policy: lines.culture.to_string(),
        title_zh: "重庆之窗·杜塞尔多夫".into(),
        title_en: "Window of Chongqing, Düsseldorf".into(),
        aim_zh: "两座图书馆，一个书架。先寄去第一批书，听读者说缺什么，再按他们说的选下一批。".into(),
        aim_en: "Two libraries, one shelf. The first books go out, readers say what they miss, and the next are chosen from what they said.".into(),
        supports_zh: "市文化部门的对外文化交流年度计划".into(),
        supports_en: "The culture department’s yearly plan of exchanges".into(),
        due: "2013-12-31".into(),
        ..Default::default()
    })
    .await
    .context("the plan item")?;
    let aims = [
        (
            "读者被询问并得到回应",
            "Readers are asked and heard",
            "收到的读者意见报告",
            "reports on what readers want",
            "至少1份",
            "at least 1",
        ),
        (
            "书架有人用",
            "The shelf is used",
            "每册每年外借次数",
            "loans per volume and year",
            "4.0次",
            "4.0",
        ),
        (
            "读者更了解重庆",
            "Readers know the city better",
            "前后两次问卷",
            "a survey before and after",
            "前后各一次",
            "before and after",
        ),
    ];
    for a in aims {
        let input = evaluation::AimInput {
            text_zh: a.0.into(),
            text_en: a.1.into(),
            measure_zh: a.2.into(),
            measure_en: a.3.into(),
            target_zh: a.4.into(),
            target_en: a.5.into(),
        };
        evaluation::set_aim(h, &officer, item, &input).await.context("an aim")?;
    }
    Ok(item)
}

async fn called(s: &Stage<'_>, item: PlanItemId) -> Result<basis::CallId> {
    let h = &s.house;
    let officer = asks(h, "department-officer").await?;
    s.when("2012-02-20T02:00:00Z").await?;
    let call = calls::draft(h, &officer, &CallInput {
        plan_item: item.to_string(),
        title_zh: "征集“重庆之窗”书架的承办方".into(),
        title_en: "Who builds the Window of Chongqing shelf for Düsseldorf".into(),
        brief_zh: "为杜塞尔多夫市图书馆选书、编目并寄送约100册图书，两年内每年至少报告一次读者意见，并按意见选下一批。".into(),
        brief_en: "Choose, catalogue and send about 100 volumes for Düsseldorf City Library, report at least once a year for two years on what readers ask for, and choose the next books from that.".into(),
        who_zh: "公共图书馆、高校图书馆、读书类社会组织。".into(),
        who_en: "Public and university libraries, reading associations.".into(),
        mode: "outsourcing".into(),
        opens_on: "2012-03-01".into(),
        opens_time: "09:00".into(),
        closes_on: "2012-03-30".into(),
        closes_time: "17:00".into(),
        currency: "CNY".into(),
        ceiling: "45000.00".into(),
        work_from: "2012-04-15".into(),
        work_until: "2013-12-31".into(),
        languages: vec!["zh-Hans".into(), "en".into()],
        needs: vec![
            need("选书与编目", "Choosing and cataloguing books", "service", 200, 320, ("册", "volumes"), 5),
            need("读者意见报告", "Reports on what readers want", "consultation", 2, 4, ("份", "reports"), 4),
            need("双语读者活动志愿者", "Volunteers for bilingual reading events", "volunteering", 40, 120, ("小时", "hours"), 2),
        ],
        criteria: vec![criterion("开放程度", "Open access", 40), criterion("读者反馈", "Reader feedback", 40), criterion("费用", "Cost", 20)],
        ..Default::default()
    })
    .await
    .context("drafting the call")?;
    calls::publish(h, &officer, call).await.context("publishing the call")?;
    Ok(call)
}

async fn offered(s: &Stage<'_>, call: basis::CallId) -> Result<[basis::OfferId; 2]> {
    s.when("2012-03-12T03:00:00Z").await?;
    let library = offer(s, "library-delegate", call, &[300, 2, 60], OfferInput {
        summary_zh: "从馆藏与新书中为杜塞尔多夫选书，随书附读者意见卡，每年汇总一次。".into(),
        summary_en: "Books chosen for Düsseldorf from stock and new titles, with a card for readers’ wishes, summed up every year.".into(),
        plan_zh: "第一批50余种约100册，2012年寄出；收到意见后选第二批200册，2013年寄出。".into(),
        plan_en: "First more than 50 titles, about 100 volumes, in 2012; after the readers’ report a second list of 200, in 2013.".into(),
        starts: "2012-04-15".into(),
        ends: "2013-12-31".into(),
        asked: "45000.00".into(),
        spend: "图书、编目、运费。".into(),
        languages: vec!["zh-Hans".into(), "en".into(), "de".into()],
        people: "采编部两人，参考咨询部一人。".into(),
        ..Default::default()
    })
    .await?;
    let association = offer(
        s,
        "organisation-delegate",
        call,
        &[120, 2, 100],
        OfferInput {
            summary_zh: "以青年读者书单为主，办线上读书会。".into(),
            summary_en: "A list by young readers, with reading circles online.".into(),
            plan_zh: "一次寄送120册，每年两次读书会。".into(),
            plan_en: "One delivery of 120 volumes, two reading circles a year.".into(),
            starts: "2012-05-01".into(),
            ends: "2013-10-31".into(),
            asked: "38000.00".into(),
            spend: "购书与运费。".into(),
            languages: vec!["zh-Hans".into(), "en".into()],
            people: "志愿者六人。".into(),
            ..Default::default()
        },
    )
    .await?;
    Ok([library, association])
}

/// The offers are opened, the panel scores, the better one is chosen.
async fn chosen(
    s: &Stage<'_>,
    call: basis::CallId,
    [library, association]: [basis::OfferId; 2],
) -> Result<basis::AwardId> {
    let h = &s.house;
    let officer = asks(h, "department-officer").await?;
    s.when("2012-03-30T10:00:00Z").await?;
    calls::open(h, &officer, call).await.context("opening the offers")?;
    s.when("2012-04-03T02:00:00Z").await?;
    panel(
        s,
        "department-officer",
        call,
        &[
            (library, [[9, 9, 8], [8, 9, 8], [9, 8, 8]]),
            (association, [[7, 7, 8], [6, 7, 8], [7, 7, 9]]),
        ],
    )
    .await?;
    s.when("2012-04-06T02:00:00Z").await?;
    // Which offer serves which need: the plan gives the library all it offered, and says what of the other would fit.
    allocated(s, "department-officer", call).await?;
    let award = calls::award_offer(
        h,
        &officer,
        call,
        &AwardInput {
            offer: library.to_string(),
            reason_zh: "得分最高，且是唯一提出先问读者、再按意见选书的应征。".into(),
            reason_en: "The highest score, and the only offer that asks readers and chooses from what they say.".into(),
            ..Default::default()
        },
    )
    .await
    .context("the award")?;
    calls::decide(
        h,
        &officer,
        call,
        &DecideInput {
            reason_zh: "另一份应征的读书会建议另行安排。".into(),
            reason_en: "The reading circles of the other offer will be arranged apart.".into(),
        },
    )
    .await
    .context("deciding the call")?;
    Ok(award)
}

/// The best allocation, proved and published.
pub(crate) async fn allocated(s: &Stage<'_>, officer: &str, call: basis::CallId) -> Result<()> {
    let officer = asks(&s.house, officer).await?;
    let plan = calls::solve(&s.house, &officer, call, &calls::SolveInput::default())
        .await
        .context("the allocation")?;
    calls::publish_plan(&s.house, &officer, plan)
        .await
        .context("publishing the allocation")?;
    Ok(())
}

/// What the shelf was agreed to be: its budget and its milestones.
fn terms() -> undertakings::Terms {
    undertakings::Terms {
        title_zh: "重庆之窗书架：选书、寄送与读者反馈".into(),
        title_en: "The Window of Chongqing shelf: choosing, sending, listening".into(),
        responsible: account("library-delegate").to_string(),
        starts_on: "2012-04-15".into(),
        ends_on: "2013-12-31".into(),
        line_zh: vec!["第一批图书".into(), "第二批图书".into(), "运费".into()],
        line_en: vec![
            "Books, first shelf".into(),
            "Books, second list".into(),
            "Freight".into(),
        ],
        line_amount: vec!["12000.00".into(), "24000.00".into(), "9000.00".into()],
        milestone_zh: vec![
            "第一批：50余种，约100册".into(),
            "杜塞尔多夫反馈读者需求".into(),
            "按反馈选出的200册".into(),
        ],
        milestone_en: vec![
            "First shelf: more than 50 titles, about 100 volumes".into(),
            "Düsseldorf reports back what readers want".into(),
            "200 items chosen from that report".into(),
        ],
        milestone_due: vec!["2012-10-31".into(), "2013-03-31".into(), "2013-11-30".into()],
        milestone_amount: vec!["15000.00".into(), "6000.00".into(), "24000.00".into()],
        ..Default::default()
    }
}

/// The work under way: who carries it out, who guides it.
pub(crate) struct Work<'a> {
    pub s: &'a Stage<'a>,
    pub officer: access::Asking,
    pub executor: access::Asking,
    pub id: basis::UndertakingId,
    pub milestones: Vec<undertakings::MilestoneCard>,
}
impl<'a> Work<'a> {
    /// What runs already, taken up again.
    pub async fn of(s: &'a Stage<'a>, officer: &str, executor: &str, id: basis::UndertakingId) -> Result<Work<'a>> {
        let mut work = Work {
            s,
            officer: asks(&s.house, officer).await?,
            executor: asks(&s.house, executor).await?,
            id,
            milestones: Vec::new(),
        };
        work.milestones = undertakings::milestones(&s.house.db, &[work.card().await?]).await?;
        Ok(work)
    }
    async fn card(&self) -> Result<undertakings::UndertakingCard> {
        undertakings::undertaking(&self.s.house.db, &self.officer.viewer, self.id)
            .await?
            .context("the undertaking")
    }
    /// The terms are taken on.
    pub async fn start(&self) -> Result<()> {
        undertakings::start(&self.s.house, &self.executor, self.id)
            .await
            .context("starting")?;
        Ok(())
    }
    pub async fn hand(&self, n: usize, lang: &str, text: &str) -> Result<basis::DeliverableId> {
        let input = undertakings::HandIn {
            text: text.into(),
            lang: lang.into(),
        };
        undertakings::hand_in(&self.s.house, &self.executor, self.milestones[n].id, &input, &[])
            .await
            .with_context(|| format!("handing in {n}"))
    }
    pub async fn accept(&self, d: basis::DeliverableId, note: &str) -> Result<()> {
        let note = undertakings::Note { note: note.into() };
        undertakings::accept(&self.s.house, &self.officer, d, &note)
            .await
            .context("accepting")?;
        Ok(())
    }
    /// Asks for the instalment of a milestone, or the advance.
    pub async fn ask(&self, milestone: Option<usize>) -> Result<undertakings::InstalmentCard> {
        let h = &self.s.house;
        let of = milestone.map(|n| self.milestones[n].id);
        let money = undertakings::money(&h.db, &[self.card().await?]).await?;
        let instalment = money[0]
            .instalments
            .iter()
            .find(|i| i.milestone == of)
            .context("the instalment")?
            .clone();
        let request = undertakings::Request {
            instalment: instalment.id.to_string(),
            ..Default::default()
        };
        undertakings::request(h, &self.executor, self.id, &request)
            .await
            .context("requesting")?;
        Ok(instalment)
    }
    pub async fn approve(&self, i: &undertakings::InstalmentCard) -> Result<()> {
        undertakings::approve(&self.s.house, &self.officer, i.id)
            .await
            .context("approving")?;
        Ok(())
    }
    pub async fn record(&self, i: &undertakings::InstalmentCard, voucher: &str) -> Result<()> {
        let payment = undertakings::Payment {
            reference: voucher.into(),
        };
        undertakings::pay(&self.s.house, &asks(&self.s.house, "finance").await?, i.id, &payment)
            .await
            .context("paying")?;
        Ok(())
    }
    pub async fn compare(&self, i: &undertakings::InstalmentCard, statement: &str) -> Result<()> {
        let seen = undertakings::Reconciliation {
            statement: statement.into(),
            amount: i.amount.decimal(),
        };
        undertakings::reconcile(&self.s.house, &asks(&self.s.house, "finance-2").await?, i.id, &seen)
            .await
            .context("comparing with the statement")?;
        Ok(())
    }
    /// Asked for, approved, paid and found on the bank's statement, each by another person.
    pub async fn pay(&self, milestone: Option<usize>, voucher: &str) -> Result<()> {
        let i = self.ask(milestone).await?;
        self.approve(&i).await?;
        self.record(&i, voucher).await?;
        self.compare(&i, &format!("对账单（示例）{voucher}")).await
    }
}

async fn carry_out(s: &Stage<'_>, item: PlanItemId, award: basis::AwardId) -> Result<()> {
    let h = &s.house;
    let officer = asks(h, "department-officer").await?;
    let u = undertakings::agree(h, &officer, award, &terms())
        .await
        .context("agreeing the terms")?;
    s.when("2012-04-16T02:00:00Z").await?;
    let work = Work::of(s, "department-officer", "library-delegate", u).await?;
    work.start().await?;
    s.when("2012-09-20T02:00:00Z").await?;
    let first = work
        .hand(0, "zh-Hans", "第一批图书50余种、约100册已寄出，书目随附。")
        .await?;
    s.when("2012-09-24T02:00:00Z").await?;
    undertakings::give_back(
        h,
        &officer,
        first,
        &undertakings::Reason {
            reason: "书目缺少英文题名，请补齐后再交。".into(),
        },
    )
    .await
    .context("returning")?;
    s.when("2012-10-08T02:00:00Z").await?;
    let second = work
        .hand(0, "zh-Hans", "第一批图书50余种、约100册，书目已补英文题名。")
        .await?;
    s.when("2012-10-12T02:00:00Z").await?;
    work.accept(second, "书目齐全。").await?;
    work.pay(Some(0), "示例-2012-118").await?;
    s.when("2013-03-18T02:00:00Z").await?;
    let report = work
        .hand(
            1,
            "zh-Hans",
            "杜塞尔多夫方反馈：希望增加汉语学习读物和介绍今日重庆的图书。",
        )
        .await?;
    s.when("2013-03-22T02:00:00Z").await?;
    work.accept(report, "").await?;
    work.pay(Some(1), "示例-2013-027").await?;
    s.when("2013-09-05T02:00:00Z").await?;
    let list = work.hand(2, "zh-Hans", "按反馈选出的200册已寄出。").await?;
    s.when("2013-09-09T02:00:00Z").await?;
    work.accept(list, "").await?;
    work.pay(Some(2), "示例-2013-096").await?;
    undertakings::publish_money(h, &officer, u)
        .await
        .context("publishing the sums")?;
    s.when("2013-11-20T02:00:00Z").await?;
    undertakings::settle(h, &officer, u).await.context("settling")?;
    facts(s, item, &work.milestones).await?;
    evaluate(s, item, u).await
}

async fn facts(s: &Stage<'_>, item: PlanItemId, ms: &[undertakings::MilestoneCard]) -> Result<()> {
    let told = |stage: &str, zh: &str, en: &str, source: &str| FactInput {
        stage: stage.into(),
        say_zh: zh.into(),
        say_en: en.into(),
        source: source.into(),
        ..Default::default()
    };
    let all = [
        told(
            "need",
            "重庆图书馆自2011年起在海外图书馆设立“重庆之窗”。",
            "Chongqing Library has placed book corners in libraries abroad since 2011.",
            CRI,
        ),
        FactInput {
            about: ms[0].id.to_string(),
            ..told(
                "milestones",
                "2012年向杜塞尔多夫市图书馆寄出50余种、约100册。",
                "In 2012 more than 50 titles, about 100 volumes, went to Düsseldorf City Library.",
                CHINESETOWN,
            )
        },
        FactInput {
            about: ms[1].id.to_string(),
            ..told(
                "milestones",
                "德方反馈了读者的需求。",
                "The German side reported back on what readers asked for.",
                CHINESETOWN,
            )
        },
        FactInput {
            about: ms[2].id.to_string(),
            ..told(
                "milestones",
                "2013年按反馈另选200册。",
                "In 2013 another 200 items were chosen from that report.",
                CHINESETOWN,
            )
        },
        FactInput {
            figure: "50+".into(),
            ..told(
                "deliverables",
                "种图书首批寄出，约100册，2012年",
                "titles sent first, about 100 volumes, 2012",
                CHINESETOWN,
            )
        },
        FactInput {
            figure: "200".into(),
            ..told(
                "deliverables",
                "册在读者说话之后寄出，2013年",
                "items sent after the readers had spoken, 2013",
                CHINESETOWN,
            )
        },
    ];
    for f in all {
        fact(s, "department-officer", item, f).await?;
    }
    Ok(())
}
async fn evaluate(s: &Stage<'_>, item: PlanItemId, u: basis::UndertakingId) -> Result<()> {
    let h = &s.house;
    s.when("2013-12-02T02:00:00Z").await?;
    let lead = asks(h, "office-lead").await?;
    let input = evaluation::AppointInput {
        evaluators: vec![account("evaluator").to_string()],
        others: Vec::new(),
        due_on: "2014-02-28".into(),
    };
    let e = evaluation::appoint(h, &lead, u, &input)
        .await
        .context("appointing the evaluator")?;
    let me = asks(h, "evaluator").await?;
    evaluation::declare_no_conflict(h, &me, e)
        .await
        .context("declaring no conflict")?;
    s.when("2014-01-15T02:00:00Z").await?;
    let aims = evaluation::aims(&h.db, &[item]).await?;
    let found = [
        (
            "met",
            "1份，有公开报道",
            "1, as the press reported",
            "报道记载德方反馈了读者需求，以及据此选书；此外是否还有报告，未见记载",
            "The press reports that Düsseldorf said what readers wanted, and the choice made from it; of any further report nothing is recorded",
            CHINESETOWN,
        ),
        ("in-part", "3.1次", "3.1", "", "", "杜塞尔多夫方借阅统计（示例）"),
        (
            "cannot-tell",
            "只有事后一次",
            "after only",
            "没有事前问卷，无法比较",
            "Without a survey before there is nothing to compare",
            "",
        ),
    ];
    for (a, f) in aims.iter().zip(found) {
        let input = evaluation::FindingInput {
            aim: a.id.to_string(),
            state: f.0.into(),
            found_zh: f.1.into(),
            found_en: f.2.into(),
            note_zh: f.3.into(),
            note_en: f.4.into(),
            source: f.5.into(),
            version: String::new(),
        };
        evaluation::find(h, &me, e, &input).await.context("a finding")?;
    }
    let summary = evaluation::SummaryInput {
        summary_zh: "第二批书是按读者的话选的，这一点有公开报道为证；借阅未达目标；缺少事前问卷，了解程度是否提高无从判断。建议下一个“窗口”先做问卷。".into(),
        summary_en: "The second list was chosen by feedback, and public reports bear that out; loans fell short of the aim; without a survey before, whether readers know the city better cannot be told. The next window should begin with one.".into(),
    };
    evaluation::submit(h, &me, e, &summary).await.context("the summary")?;
    s.when("2014-01-20T02:00:00Z").await?;
    evaluation::publish(h, &lead, e)
        .await
        .context("publishing the evaluation")?;
    let reply = asks(h, "library-delegate").await?;
    evaluation::reply(
        h,
        &reply,
        e,
        &evaluation::ReplyInput {
            text: "接受建议，自下一个窗口起先做读者问卷。".into(),
        },
    )
    .await
    .context("the reply")?;
    s.when("2018-07-20T02:00:00Z").await?;
    fact(
        s,
        "department-officer",
        item,
        FactInput {
            stage: "evaluation".into(),
            say_zh: "此后“窗口”继续设立，第八个于2016年12月在明斯克州开设，150册双语图书。".into(),
            say_en:
                "Windows went on being opened: the eighth in Minsk Oblast in December 2016, with 150 bilingual volumes."
                    .into(),
            source: CRI.into(),
            ..Default::default()
        },
    )
    .await
}
