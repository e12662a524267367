//! The guiding unit lays down the terms of what was awarded: who answers for it, until when, for how much (R65 to R69).

use ::store::{Entry, OnUnique, Tx};
use access::{Asking, House, Thing};
use basis::{
    AccountId, AwardId, BodyId, CallId, Check, Currency, Day, Fail, Field, GovernmentId, Lang, Money, PlanItemId,
    Refusal, RelationId, Text, UndertakingId,
};
use serde::{Deserialize, Serialize};

use crate::{
    BudgetLine, Instalment, Milestone, MilestoneStatus, Mode, Status, Undertaking, instalment::Stage, neighbours,
    sight, store, undertaking::share_of,
};

/// What the rooms before tell about an award.
#[derive(Clone, Debug)]
pub struct Commission {
    pub award: AwardId,
    pub call: CallId,
    pub plan_item: PlanItemId,
    pub relation: Option<RelationId>,
    pub partner: Option<GovernmentId>,
    pub field: Field,
    pub district: Option<GovernmentId>,
    pub body: Option<BodyId>,
    pub account: Option<AccountId>,
    pub mode: Mode,
    /// As the award says it.
    pub reason: Option<Text>,
    pub guiding: BodyId,
    pub title: Text,
    pub currency: Currency,
    /// What was awarded; the budget stays within it.
    pub amount: Option<Money>,
    /// The most the call allowed.
    pub ceiling: Option<Money>,
    /// As offered; the terms may differ.
    pub starts: Day,
    pub ends: Day,
    pub illustrative: bool,
    /// Who may act for the executing body, and for the guiding one.
    pub executing_members: Vec<AccountId>,
    pub guiding_members: Vec<AccountId>,
}
impl Commission {
    /// The most the budget may come to: what was awarded; where the offer named no sum, what the call allowed; and where
    /// that named none either, nothing, for nobody weighed a price. Only work that was assigned without a sum is free.
    pub fn most(&self) -> Option<Money> {
        let nothing = (self.mode == Mode::Outsourcing).then(|| Money::new(0, self.currency));
        self.amount.or(self.ceiling).or(nothing)
    }
    /// What the gate asks about.
    pub fn thing(&self) -> Thing {
        Thing {
            field: Some(self.field),
            district: self.district,
            relation: self.relation,
            partner: self.partner,
            guiding: Some(self.guiding),
            owner_body: self.body,
            owner: self.account,
            executing_bodies: self.body.into_iter().collect(),
            // Everybody who may act for the executing body: an officer does not agree terms with their own organisation.
            executing_people: self
                .account
                .into_iter()
                .chain(self.executing_members.iter().copied())
                .collect(),
            ..Thing::new("undertaking", self.award)
        }
    }
}

/// The form of the terms: lists are columns, as a form sends them; rows that are all empty do not count.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    pub title_zh: String,
    pub title_en: String,
    pub responsible: String,
    pub starts_on: String,
    pub ends_on: String,
    /// Why this party; what the award said if left empty.
    pub reason: String,
    pub line_zh: Vec<String>,
    pub line_en: Vec<String>,
    pub line_amount: Vec<String>,
    pub milestone_zh: Vec<String>,
    pub milestone_en: Vec<String>,
    pub milestone_due: Vec<String>,
    /// The instalment that the milestone earns; none if empty.
    pub milestone_amount: Vec<String>,
    /// Paid when work starts; none if empty.
    pub advance: String,
    /// The most of the budget that all advances may come to, in hundredths; the usual share if empty.
    pub advance_share: String,
}

/// Terms that hold together.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreed {
    pub title: Text,
    pub responsible: AccountId,
    pub starts: Day,
    pub ends: Day,
    pub reason: Text,
    pub lines: Vec<BudgetLine>,
    /// Title, due day, and what it earns.
    pub milestones: Vec<(Text, Day, Option<Money>)>,
    pub advance: Option<Money>,
    pub advance_share: i64,
    pub budget: i64,
}

/// Of 100 of the budget: what the terms allow as advances when they do not say, and the most they may say. Money should
/// follow what was accepted (R68); an advance only lets the work begin.
pub const ADVANCE_USUAL: i64 = 30;
pub const ADVANCE_MOST: i64 = 50;

/// More than this is a programme of its own.
const MOST_ROWS: usize = 40;

fn cell(column: &[String], row: usize) -> &str {
    column.get(row).map_or("", String::as_str)
}
fn filled(columns: &[&[String]]) -> Vec<usize> {
    let rows = columns.iter().map(|c| c.len()).max().unwrap_or(0).min(MOST_ROWS);
    (0..rows)
        .filter(|row| columns.iter().any(|c| !cell(c, *row).trim().is_empty()))
        .collect()
}
/// A row's words; the fault sits in that row.
fn words(check: &mut Check, (zh_field, zh): (&str, &str), (en_field, en): (&str, &str), source: &Lang) -> Text {
    let zh = check.line_opt(zh_field.to_owned(), zh, 200);
    let en = check.line_opt(en_field.to_owned(), en, 200);
    match (zh, en) {
        (Some(zh), Some(en)) if *source == Lang::en() => Text::new(Lang::en(), en).with(Lang::zh(), zh),
        (Some(zh), Some(en)) => Text::both(zh, en),
        (Some(zh), None) => Text::new(Lang::zh(), zh),
        (None, Some(en)) => Text::new(Lang::en(), en),
        (None, None) => {
            let field = if *source == Lang::en() { en_field } else { zh_field };
            check.refuse(Refusal::at(field.to_owned(), "refusal-one-language"));
            Text::new(source.clone(), "")
        }
    }
}
fn sum_opt(check: &mut Check, field: String, raw: &str, currency: Currency) -> Option<Money> {
    if raw.trim().is_empty() {
        return None;
    }
    Some(check.money(field, raw, currency)).filter(|m| m.minor > 0)
}
fn total<'a>(sums: impl Iterator<Item = &'a Money>, currency: Currency) -> Money {
    Money::new(sums.fold(0_i64, |n, m| n.saturating_add(m.minor)), currency)
}

/// The rules of terms, pure: every fault at its field, all at once.
pub fn check_terms(input: &Terms, from: &Commission, source: Lang) -> Result<Agreed, Vec<Refusal>> {
    let mut check = Check::new();
    check_parties(&mut check, from);
    let title = if input.title_zh.trim().is_empty() && input.title_en.trim().is_empty() {
        from.title.clone()
    } else {
        check.bilingual(
            "title_zh",
            &input.title_zh,
            "title_en",
            &input.title_en,
            200,
            source.clone(),
        )
    };
    let responsible = check_responsible(&mut check, &input.responsible, from);
    let reason = check_reason(&mut check, &input.reason, from, &source);
    let starts = check.day("starts_on", &input.starts_on);
    let ends = check.day("ends_on", &input.ends_on);
    if let (Some(s), Some(e)) = (starts, ends)
        && e < s
    {
        check.refuse(Refusal::at("ends_on", "refusal-ends-before-start").with("starts", s));
    }
    let lines = check_lines(&mut check, input, from.currency, &source);
    let budget = lines.iter().fold(0_i64, |n, l| n.saturating_add(l.amount));
    if let Some(most) = from.most()
        && (budget > most.minor || most.currency != from.currency)
    {
        check.refuse(Refusal::at("line_amount.0", "refusal-budget-over-award").with("most", most));
    }
    let milestones = check_milestones(&mut check, input, from.currency, &source, starts.zip(ends));
    let advance = sum_opt(&mut check, "advance".into(), &input.advance, from.currency);
    let share = check_share(&mut check, &input.advance_share);
    let advance_share = share.unwrap_or(ADVANCE_MOST);
    let most = Money::new(share_of(budget, advance_share), from.currency);
    if advance.is_some_and(|a| a.minor > most.minor) {
        check.refuse(
            Refusal::at("advance", "refusal-advance-over-share")
                .with("most", most)
                .with("share", advance_share),
        );
    }
    let instalments = total(
        milestones.iter().filter_map(|m| m.2.as_ref()).chain(advance.as_ref()),
        from.currency,
    );
    if instalments.minor > budget {
        check.refuse(
            Refusal::at("advance", "refusal-instalments-over-budget")
                .with("sum", instalments)
                .with("budget", Money::new(budget, from.currency)),
        );
    }
    let (Some(responsible), Some(starts), Some(ends)) = (responsible, starts, ends) else {
        return check.done(()).and(Err(vec![Refusal::page("refusal-required")]));
    };
    check.done(Agreed {
        title,
        responsible,
        starts,
        ends,
        reason,
        lines,
        milestones,
        advance,
        advance_share,
        budget,
    })
}
/// None when what was typed is refused.
fn check_share(check: &mut Check, raw: &str) -> Option<i64> {
    if raw.trim().is_empty() {
        return Some(ADVANCE_USUAL);
    }
    let mut own = Check::new();
    let typed = raw.trim().trim_end_matches(['%', '％']).trim_end();
    let share = own.number("advance_share", typed, 0..=ADVANCE_MOST);
    own.done(share)
        .map_err(|refusals| refusals.into_iter().for_each(|r| check.refuse(r)))
        .ok()
}
/// Both ways of handing on are published with their reason; an assignment has nothing else to stand on (R65).
fn check_reason(check: &mut Check, raw: &str, from: &Commission, source: &Lang) -> Text {
    match (check.prose_opt("reason", raw, 2000), &from.reason) {
        (Some(typed), _) => Text::new(source.clone(), typed),
        (None, Some(said)) => said.clone(),
        (None, None) => {
            let assigned = from.mode == Mode::Assignment;
            let code = if assigned {
                "refusal-assignment-reason"
            } else {
                "refusal-required"
            };
            check.refuse(Refusal::at("reason", code));
            Text::new(source.clone(), "")
        }
    }
}
/// Who guides does not execute (R64), not even in another of their roles.
fn check_parties(check: &mut Check, from: &Commission) {
    let guides = from.body == Some(from.guiding) || from.account.is_some_and(|a| from.guiding_members.contains(&a));
    if guides {
        check.refuse(Refusal::page("refusal-guiding-executes"));
    }
}
/// A named person of the executing party answers for the work (R69).
fn check_responsible(check: &mut Check, raw: &str, from: &Commission) -> Option<AccountId> {
    let person: AccountId = check.id("responsible", raw)?;
    let belongs = from.account == Some(person) || from.executing_members.contains(&person);
    if !belongs {
        check.refuse(Refusal::at("responsible", "refusal-responsible-elsewhere"));
    } else if from.guiding_members.contains(&person) {
        check.refuse(Refusal::at("responsible", "refusal-responsible-guides"));
    }
    Some(person)
}
fn check_lines(check: &mut Check, input: &Terms, currency: Currency, source: &Lang) -> Vec<BudgetLine> {
    let rows = filled(&[&input.line_zh, &input.line_en, &input.line_amount]);
    let line = |row: usize| {
        let (zh, en) = (format!("line_zh.{row}"), format!("line_en.{row}"));
        let title = words(
            check,
            (&zh, cell(&input.line_zh, row)),
            (&en, cell(&input.line_en, row)),
            source,
        );
        let amount = check.money(format!("line_amount.{row}"), cell(&input.line_amount, row), currency);
        BudgetLine {
            title,
            amount: amount.minor,
        }
    };
    rows.into_iter().map(line).collect()
}
fn check_milestones(
    check: &mut Check,
    input: &Terms,
    currency: Currency,
    source: &Lang,
    span: Option<(Day, Day)>,
) -> Vec<(Text, Day, Option<Money>)> {
    let rows = filled(&[
        &input.milestone_zh,
        &input.milestone_en,
        &input.milestone_due,
        &input.milestone_amount,
    ]);
    if rows.is_empty() {
        check.refuse(Refusal::at("milestone_zh.0", "refusal-no-milestone"));
    }
    let mut out = Vec::new();
    for row in rows {
        let (zh, en) = (format!("milestone_zh.{row}"), format!("milestone_en.{row}"));
        let title = words(
            check,
            (&zh, cell(&input.milestone_zh, row)),
            (&en, cell(&input.milestone_en, row)),
            source,
        );
        let due = check.day(format!("milestone_due.{row}"), cell(&input.milestone_due, row));
        if let (Some(due), Some((starts, ends))) = (due, span)
            && (due < starts || due > ends)
        {
            let refusal = Refusal::at(format!("milestone_due.{row}"), "refusal-due-outside");
            check.refuse(refusal.with("starts", starts).with("ends", ends));
        }
        let earns = sum_opt(
            check,
            format!("milestone_amount.{row}"),
            cell(&input.milestone_amount, row),
            currency,
        );
        out.extend(due.map(|due| (title, due, earns)));
    }
    out
}

/// The guiding side agrees the terms of an award.
pub async fn agree(house: &House, asking: &Asking, id: AwardId, input: &Terms) -> Result<UndertakingId, Fail> {
    let source = asking.viewer.person.as_ref().map_or_else(Lang::zh, |p| p.lang.clone());
    let tx = asking.begin(house).await?;
    let from = neighbours::commission(&tx, id, tx.now()).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "undertaking.agree", &from.thing())?;
    let terms = check_terms(input, &from, source)?;
    agree_on(house, asking, tx, &from, terms).await
}

#[derive(Serialize)]
struct Told {
    undertaking: UndertakingId,
    award: AwardId,
    plan_item: PlanItemId,
}

/// Writes the terms down. One award has one undertaking: the second of two officers is told.
pub async fn agree_on(
    house: &House,
    asking: &Asking,
    tx: Tx,
    from: &Commission,
    terms: Agreed,
) -> Result<UndertakingId, Fail> {
    asking.check(house, "undertaking.agree", &from.thing())?;
    let u = Undertaking {
        id: tx.fresh(),
        award: from.award,
        call: from.call,
        plan_item: from.plan_item,
        relation: from.relation,
        partner: from.partner,
        field: from.field,
        district: from.district,
        body: from.body,
        account: from.account,
        mode: from.mode,
        reason: terms.reason,
        guiding: from.guiding,
        title: terms.title,
        responsible: terms.responsible,
        status: Status::Agreed,
        currency: from.currency,
        budget: terms.budget,
        promised: 0,
        advance_share: terms.advance_share,
        starts: terms.starts,
        ends: terms.ends,
        agreed: sight::now_done(asking, &tx)?,
        started: None,
        ended: None,
        money_public: None,
        version: 1,
        illustrative: from.illustrative,
    };
    store::insert(&tx, &u)
        .await
        .on_unique("award", || Refusal::page("refusal-award-agreed"))?;
    store::insert_lines(&tx, u.id, &terms.lines, 0).await?;
    let mut planned: Vec<(Option<basis::MilestoneId>, Money)> = terms.advance.map(|m| (None, m)).into_iter().collect();
    let mut milestones = Vec::new();
    for ((title, due, earns), position) in terms.milestones.into_iter().zip(0..) {
        let id = tx.fresh();
        planned.extend(earns.map(|m| (Some(id), m)));
        let status = MilestoneStatus::Open;
        milestones.push(Milestone {
            id,
            undertaking: u.id,
            title,
            due,
            status,
            accepted_on: None,
            position,
        });
    }
    store::insert_milestones(&tx, &milestones).await?;
    for ((milestone, amount), position) in planned.into_iter().zip(0..) {
        if !store::promise_money(&tx, u.id, amount.minor).await? {
            return Err(Refusal::at("advance", "refusal-over-budget")
                .with("left", u.left())
                .into());
        }
        let id = tx.fresh();
        let undertaking = u.id;
        let i = Instalment {
            id,
            undertaking,
            milestone,
            amount,
            position,
            note: None,
            stage: Stage::Planned,
            version: 1,
        };
        store::insert_instalment(&tx, &i).await?;
    }
    tx.journal(Entry::of("undertaking.agreed", u.id).after(&u));
    tx.emit(
        "undertaking.agreed",
        Told {
            undertaking: u.id,
            award: u.award,
            plan_item: u.plan_item,
        },
    )
    .await?;
    tx.done(u.id).await
}
