//! To draft a call, and to amend the draft: needs, criteria, window, mode.

use access::{Asking, House};
use basis::{
    AccountId, CallId, Check, Currency, Day, Fail, Field, Lang, Moment, Money, NeedId, PlanItemId, Refusal, Text,
};
use jiff::{civil::Time, tz::TimeZone};
use serde::{Deserialize, Serialize};
use store::{Entry, Tx};

use crate::allocate::Weights;
use crate::call::{Call, CallStatus, Channel, Criterion, Mode, Need};
use crate::plans::WeightsInput;
use crate::{neighbours, store as sql};

/// One need, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct NeedInput {
    pub title_zh: String,
    pub title_en: String,
    pub channel: String,
    pub min: String,
    pub max: String,
    pub unit_zh: String,
    pub unit_en: String,
    pub priority: String,
    /// The field of work, if another than the call's.
    pub field: String,
}
/// One criterion, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct CriterionInput {
    pub title_zh: String,
    pub title_en: String,
    pub weight: String,
}
/// What a person hands in for a call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct CallInput {
    pub plan_item: String,
    pub title_zh: String,
    pub title_en: String,
    pub brief_zh: String,
    pub brief_en: String,
    /// Who may offer.
    pub who_zh: String,
    pub who_en: String,
    pub mode: String,
    /// The window, by the home city's clock. Empty: opens when published.
    pub opens_on: String,
    pub opens_time: String,
    pub closes_on: String,
    pub closes_time: String,
    pub currency: String,
    pub ceiling: String,
    pub work_from: String,
    pub work_until: String,
    /// BCP 47 tags of languages the work needs.
    pub languages: Vec<String>,
    pub needs: Vec<NeedInput>,
    pub criteria: Vec<CriterionInput>,
    /// How much each part of the scoring counts when needs are allocated; the usual weights if all are empty.
    pub weights: WeightsInput,
    pub version: String,
}

/// The input, understood.
#[derive(Clone, Debug)]
pub struct Drafted {
    pub plan_item: PlanItemId,
    pub title: Text,
    pub brief: Text,
    pub who: Text,
    pub mode: Mode,
    pub opens_at: Option<Moment>,
    pub closes_at: Moment,
    pub currency: Currency,
    pub ceiling: Option<i64>,
    pub work_from: Day,
    pub work_until: Day,
    pub languages: Vec<Lang>,
    pub needs: Vec<NeedDraft>,
    pub criteria: Vec<Criterion>,
    pub weights: Weights,
}
#[derive(Clone, Debug)]
pub struct NeedDraft {
    pub title: Text,
    pub channel: Channel,
    pub min: i64,
    pub max: i64,
    pub unit: Text,
    pub priority: i64,
    pub field: Option<Field>,
}
/// At most so many of each in one call; the allocation page was tried with as many needs.
const MOST_NEEDS: usize = 500;
const MOST_CRITERIA: usize = 12;

impl CallInput {
    /// Every refusal at its field, all at once. Times are read on the home city's clock.
    pub fn check(&self, zone: &TimeZone, source: Lang) -> Result<Drafted, Vec<Refusal>> {
        let mut c = Check::new();
        let plan_item = c.id("plan_item", &self.plan_item);
        let title = c.bilingual(
            "title_zh",
            &self.title_zh,
            "title_en",
            &self.title_en,
            120,
            source.clone(),
        );
        let brief = c.bilingual(
            "brief_zh",
            &self.brief_zh,
            "brief_en",
            &self.brief_en,
            4000,
            source.clone(),
        );
        let who = c.bilingual("who_zh", &self.who_zh, "who_en", &self.who_en, 1200, source.clone());
        let mode = c.one_of::<Mode>("mode", &self.mode);
        let opens_at = if self.opens_on.trim().is_empty() {
            None
        } else {
            moment(
                &mut c,
                ("opens_on", &self.opens_on),
                ("opens_time", &self.opens_time),
                zone,
            )
        };
        let closes_at = moment(
            &mut c,
            ("closes_on", &self.closes_on),
            ("closes_time", &self.closes_time),
            zone,
        );
        if let (Some(o), Some(e)) = (opens_at, closes_at) {
            c.ensure(o < e, || Refusal::at("closes_on", "refusal-call-closes-past"));
        }
        let currency = match self.currency.trim() {
            "" => Some(Currency::CNY),
            code => code.parse().ok(),
        };
        c.ensure(currency.is_some(), || Refusal::at("currency", "refusal-not-in-list"));
        let currency = currency.unwrap_or(Currency::CNY);
        let ceiling = (!self.ceiling.trim().is_empty())
            .then(|| c.money("ceiling", &self.ceiling, currency))
            .map(|m: Money| m.minor);
        let work_from = c.day("work_from", &self.work_from);
        let work_until = c.day("work_until", &self.work_until);
        if let (Some(f), Some(u)) = (work_from, work_until) {
            c.ensure(f <= u, || {
                Refusal::at("work_until", "refusal-before-start").with("starts", f)
            });
        }
        let languages: Vec<Lang> = self.languages.iter().filter_map(|l| l.trim().parse().ok()).collect();
        let needs = self.check_needs(&mut c, &source);
        let criteria = self.check_criteria(&mut c, &source, mode);
        let weights = self.weights.check(&mut c, "weight-").unwrap_or_default();
        match (plan_item, mode, closes_at, work_from, work_until) {
            (Some(plan_item), Some(mode), Some(closes_at), Some(work_from), Some(work_until)) => c.done(Drafted {
                plan_item,
                title,
                brief,
                who,
                mode,
                opens_at,
                closes_at,
                currency,
                ceiling,
                work_from,
                work_until,
                languages,
                needs,
                criteria,
                weights,
            }),
            _ => Err(c.done(()).err().unwrap_or_default()),
        }
    }
    fn check_needs(&self, c: &mut Check, source: &Lang) -> Vec<NeedDraft> {
        c.ensure(!self.needs.is_empty(), || Refusal::at("needs", "refusal-call-no-needs"));
        c.ensure(self.needs.len() <= MOST_NEEDS, || {
            Refusal::at("needs", "refusal-too-many").with("max", MOST_NEEDS)
        });
        let one = |(i, n): (usize, &NeedInput)| {
            let at = |name: &str| format!("need-{i}-{name}");
            let title = either(c, at("title_zh"), &n.title_zh, at("title_en"), &n.title_en, 120, source);
            let channel = c
                .one_of::<Channel>(at("channel"), &n.channel)
                .unwrap_or(Channel::Service);
            let min = c.number(at("min"), &n.min, 0..=1_000_000);
            let max = c.number(at("max"), &n.max, 1..=1_000_000);
            c.ensure(min <= max, || {
                Refusal::at(at("max"), "refusal-need-max-below-min").with("min", min)
            });
            let unit = either(c, at("unit_zh"), &n.unit_zh, at("unit_en"), &n.unit_en, 40, source);
            let priority = c.number(at("priority"), &n.priority, 1..=9);
            let field = (!n.field.trim().is_empty())
                .then(|| c.one_of::<Field>(at("field"), &n.field))
                .flatten();
            NeedDraft {
                title,
                channel,
                min,
                max,
                unit,
                priority,
                field,
            }
        };
        self.needs.iter().take(MOST_NEEDS).enumerate().map(one).collect()
    }
    fn check_criteria(&self, c: &mut Check, source: &Lang, mode: Option<Mode>) -> Vec<Criterion> {
        c.ensure(self.criteria.len() <= MOST_CRITERIA, || {
            Refusal::at("criteria", "refusal-too-many").with("max", MOST_CRITERIA)
        });
        let mut criteria = Vec::new();
        for (i, n) in self.criteria.iter().take(MOST_CRITERIA).enumerate() {
            let at = |name: &str| format!("criterion-{i}-{name}");
            let title = either(c, at("title_zh"), &n.title_zh, at("title_en"), &n.title_en, 120, source);
            let weight = c.number(at("weight"), &n.weight, 1..=100);
            criteria.push(Criterion {
                key: format!("c{}", i + 1),
                title,
                weight,
            });
        }
        let sum: i64 = criteria.iter().map(|x| x.weight).sum();
        if mode == Some(Mode::Outsourcing) || !criteria.is_empty() {
            c.ensure(sum == 100, || {
                Refusal::at("criteria", "refusal-weights-sum").with("sum", sum)
            });
        }
        criteria
    }
}

/// A short text in one of the two languages, for fields whose names are made here.
fn either(c: &mut Check, zh_at: String, zh: &str, en_at: String, en: &str, max: usize, source: &Lang) -> Text {
    let (z, e) = (c.line_opt(zh_at.clone(), zh, max), c.line_opt(en_at, en, max));
    match (z, e) {
        (Some(z), Some(e)) => Text::both(z, e),
        (Some(z), None) => Text::new(Lang::zh(), z),
        (None, Some(e)) => Text::new(Lang::en(), e),
        (None, None) => {
            if zh.trim().is_empty() && en.trim().is_empty() {
                c.refuse(Refusal::at(zh_at, "refusal-one-language"));
            }
            Text::new(source.clone(), "")
        }
    }
}

/// A day and a time of day on the home city's clock.
fn moment(
    c: &mut Check,
    (day_at, day): (&'static str, &str),
    (time_at, time): (&'static str, &str),
    zone: &TimeZone,
) -> Option<Moment> {
    let day = c.day(day_at, day);
    let time = clock(time);
    if time.is_none() {
        c.refuse(Refusal::at(time_at, "refusal-not-a-time"));
    }
    Some(day?.to_datetime(time?).to_zoned(zone.clone()).ok()?.timestamp())
}
/// "17:00", "9:30", "17：00", "1700".
fn clock(raw: &str) -> Option<Time> {
    let folded: String = raw.trim().replace('：', ":");
    let (h, m) = match folded.split_once(':') {
        Some((h, m)) if m.len() == 2 => (h.to_owned(), m.to_owned()),
        None if folded.len() == 4 && folded.is_ascii() => (folded[..2].to_owned(), folded[2..].to_owned()),
        _ => return None,
    };
    Time::new(h.parse().ok()?, m.parse().ok()?, 0, 0).ok()
}

/// Drafts a call under a plan item. The unit that guides the item guides the call.
///
/// # Errors
/// Refusals at their fields, a denial.
pub async fn draft(house: &House, asking: &Asking, input: &CallInput) -> Result<CallId, Fail> {
    let d = input.check(&house.zone, crate::lang_of(asking))?;
    let tx = asking.begin(house).await?;
    let item = neighbours::live_item(&tx, d.plan_item)
        .await?
        .ok_or_else(|| Refusal::at("plan_item", "refusal-call-no-item"))?;
    let call = Call {
        id: tx.fresh(),
        plan_item: item.id,
        relation: item.relation,
        field: item.field,
        district: item.district,
        title: d.title.clone(),
        brief: d.brief.clone(),
        who: d.who.clone(),
        status: CallStatus::Draft,
        mode: d.mode,
        opens_at: d.opens_at.unwrap_or(tx.now()),
        closes_at: d.closes_at,
        opened_at: None,
        opened_by: None,
        decided_at: None,
        currency: d.currency,
        ceiling: d.ceiling,
        work_from: d.work_from,
        work_until: d.work_until,
        languages: d.languages.clone(),
        criteria: d.criteria.clone(),
        weights: d.weights,
        guiding: item.guiding,
        made_by: maker(asking),
        made_at: tx.now(),
        published_at: None,
        reason: None,
        illustrative: asking.viewer.acting.as_ref().is_some_and(|m| m.illustrative),
        version: 1,
    };
    asking.check(house, "call.draft", &call.thing())?;
    sql::insert(&tx, &call).await?;
    let needs = write_needs(&tx, call.id, &d.needs).await?;
    tx.journal(Entry::of("call.drafted", call.id).after((&call, &needs)));
    tx.done(call.id).await
}
fn maker(asking: &Asking) -> Option<AccountId> {
    asking.viewer.account()
}

/// Amends a draft; what is published stays as it was published.
///
/// # Errors
/// As [`draft`]; [`Fail::Changed`] when somebody was faster.
pub async fn amend(house: &House, asking: &Asking, id: CallId, input: &CallInput) -> Result<CallId, Fail> {
    let d = input.check(&house.zone, crate::lang_of(asking))?;
    let tx = asking.begin(house).await?;
    let old = sql::load(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "call.draft", &old.thing())?;
    crate::same_version(&input.version, old.version)?;
    if old.status != CallStatus::Draft {
        return Err(Refusal::page("refusal-call-not-draft").into());
    }
    if d.plan_item != old.plan_item {
        return Err(Refusal::at("plan_item", "refusal-call-item-fixed").into());
    }
    let next = Call {
        title: d.title.clone(),
        brief: d.brief.clone(),
        who: d.who.clone(),
        mode: d.mode,
        opens_at: d.opens_at.unwrap_or(old.opens_at),
        closes_at: d.closes_at,
        currency: d.currency,
        ceiling: d.ceiling,
        work_from: d.work_from,
        work_until: d.work_until,
        languages: d.languages.clone(),
        criteria: d.criteria.clone(),
        weights: d.weights,
        ..old.clone()
    };
    sql::save(&tx, &next).await?;
    let needs = write_needs(&tx, id, &d.needs).await?;
    tx.journal(Entry::of("call.amended", id).before(&old).after((&next, &needs)));
    tx.done(id).await
}
async fn write_needs(tx: &Tx, call: CallId, drafts: &[NeedDraft]) -> Result<Vec<Need>, Fail> {
    let needs: Vec<Need> = drafts
        .iter()
        .map(|n| {
            let id: NeedId = tx.fresh();
            Need {
                id,
                title: n.title.clone(),
                channel: n.channel,
                min: n.min,
                max: n.max,
                unit: n.unit.clone(),
                priority: n.priority,
                field: n.field,
            }
        })
        .collect();
    sql::replace_needs(tx, call, &needs).await?;
    Ok(needs)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn times_are_the_home_citys() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let mut c = Check::new();
        let m = moment(&mut c, ("d", "2026-12-18"), ("t", "17：00"), &zone).unwrap();
        assert_eq!(m.to_string(), "2026-12-18T09:00:00Z");
        assert_eq!(moment(&mut c, ("d", "2026-12-18"), ("t", "25:00"), &zone), None);
        assert_eq!(c.done(()).unwrap_err()[0].code, "refusal-not-a-time");
    }
    #[test]
    fn every_fault_of_a_call_is_told_at_once() {
        let input = CallInput {
            mode: "outsourcing".into(),
            needs: vec![NeedInput {
                min: "3".into(),
                max: "2".into(),
                channel: "money".into(),
                ..Default::default()
            }],
            criteria: vec![CriterionInput {
                title_en: "Quality".into(),
                weight: "60".into(),
                ..Default::default()
            }],
            ..Default::default()
        };
        let faults = input.check(&TimeZone::UTC, Lang::en()).unwrap_err();
        let at: Vec<String> = faults
            .iter()
            .map(|r| r.field.as_deref().unwrap_or("").to_owned())
            .collect();
        for field in [
            "plan_item",
            "title_en",
            "closes_on",
            "closes_time",
            "work_from",
            "need-0-title_zh",
            "need-0-max",
            "need-0-unit_zh",
            "need-0-priority",
            "criteria",
        ] {
            assert!(at.iter().any(|f| f == field), "{field} in {at:?}");
        }
    }
}
