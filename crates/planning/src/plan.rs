//! To put an item into the plan (R105): a small project with an aim, under a policy line, beside what government leads.

use access::{Asking, House, Role};
use basis::{BodyId, Check, Day, Fail, Field, GovernmentId, Lang, PlanItemId, PolicyLineId, Refusal, RelationId, Text};
use serde::{Deserialize, Serialize};
use store::{Entry, Query, Tx};

use crate::item::{Item, Standing};
use crate::line::PolicyLine;
use crate::{neighbours, store as sql};

/// What a person hands in for a plan item: exactly the form's and the API's fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct PlanItemInput {
    /// The relation it is under; or a district, or both.
    pub relation: String,
    pub district: String,
    pub field: String,
    pub year: String,
    pub policy: String,
    pub title_zh: String,
    pub title_en: String,
    pub aim_zh: String,
    pub aim_en: String,
    /// What government-led work it helps (R108).
    pub supports_zh: String,
    pub supports_en: String,
    pub due: String,
    /// The version that was read; empty on a new item.
    pub version: String,
}

/// The input, understood. Whether relation, district and line exist, the store tells.
#[derive(Clone, Debug)]
pub struct Planned {
    pub relation: Option<RelationId>,
    pub district: Option<GovernmentId>,
    pub field: Field,
    pub year: i64,
    pub policy: PolicyLineId,
    pub title: Text,
    pub aim: Text,
    pub supports: Text,
    pub due: Option<Day>,
}

impl PlanItemInput {
    /// Every refusal at its field, all at once.
    pub fn check(&self, source: Lang) -> Result<Planned, Vec<Refusal>> {
        let mut c = Check::new();
        let relation = c.id_opt("relation", &self.relation);
        let district = c.id_opt("district", &self.district);
        c.ensure(
            !(self.relation.trim().is_empty() && self.district.trim().is_empty()),
            || Refusal::at("relation", "refusal-plan-place"),
        );
        let field = c.one_of::<Field>("field", &self.field);
        let year = c.number("year", &self.year, 2000..=2100);
        let policy = c.id("policy", &self.policy);
        let title = c.bilingual(
            "title_zh",
            &self.title_zh,
            "title_en",
            &self.title_en,
            120,
            source.clone(),
        );
        let aim = c.bilingual("aim_zh", &self.aim_zh, "aim_en", &self.aim_en, 1200, source.clone());
        let supports = c.bilingual(
            "supports_zh",
            &self.supports_zh,
            "supports_en",
            &self.supports_en,
            600,
            source,
        );
        let due = c.day_opt("due", &self.due);
        if let Some(d) = due {
            // R104: nothing open-ended; an item ends in its year, or early in the next when accounts close.
            c.ensure(i64::from(d.year()) >= year && i64::from(d.year()) <= year + 1, || {
                Refusal::at("due", "refusal-plan-due").with("year", year)
            });
        }
        match (field, policy) {
            (Some(field), Some(policy)) => c.done(Planned {
                relation,
                district,
                field,
                year,
                policy,
                title,
                aim,
                supports,
                due,
            }),
            _ => Err(c.done(()).err().unwrap_or_default()),
        }
    }
}

/// Puts a new item into the plan. Its id is the programme's id from now on.
///
/// # Errors
/// Refusals at their fields, a denial, or a fault.
pub async fn plan(house: &House, asking: &Asking, input: &PlanItemInput) -> Result<PlanItemId, Fail> {
    let checked = input.check(asking.lang())?;
    let tx = asking.begin(house).await?;
    let guiding = place(&tx, asking, &checked).await?;
    let item = Item {
        id: tx.fresh(),
        relation: checked.relation,
        district: checked.district,
        field: checked.field,
        year: checked.year,
        policy: checked.policy,
        title: checked.title,
        aim: checked.aim,
        supports: checked.supports,
        guiding,
        standing: Standing::Planned,
        led_by: None,
        made_by: asking.viewer.account(),
        made_at: tx.now(),
        due: checked.due,
        illustrative: asking.viewer.acting.as_ref().is_some_and(|m| m.illustrative),
        version: 1,
    };
    asking.check(house, "plan-item.add", &item.thing())?;
    sql::insert(&tx, std::slice::from_ref(&item)).await?;
    tx.journal(Entry::of("plan-item.added", item.id).after(&item));
    tx.done(item.id).await
}

/// Amends an item's words, place or line; where it stands is another matter ([`crate::step`]).
///
/// # Errors
/// As [`plan`]; [`Fail::Changed`] when somebody was faster.
pub async fn amend(house: &House, asking: &Asking, id: PlanItemId, input: &PlanItemInput) -> Result<PlanItemId, Fail> {
    let checked = input.check(asking.lang())?;
    let tx = asking.begin(house).await?;
    let old = sql::load(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "plan-item.amend", &old.thing())?;
    same_version(&input.version, old.version)?;
    if !old.standing.status().is_live() {
        return Err(Refusal::page("refusal-plan-ended").into());
    }
    let guiding = place(&tx, asking, &checked).await?;
    let next = Item {
        relation: checked.relation,
        district: checked.district,
        field: checked.field,
        year: checked.year,
        policy: checked.policy,
        title: checked.title,
        aim: checked.aim,
        supports: checked.supports,
        due: checked.due,
        // The unit that guides changes only with the field: it may have a call out already.
        guiding: if checked.field == old.field {
            old.guiding
        } else {
            guiding
        },
        ..old.clone()
    };
    // Moving an item into a field or district one may not plan in is planning there.
    asking.check(house, "plan-item.amend", &next.thing())?;
    sql::save(&tx, &next).await?;
    tx.journal(Entry::of("plan-item.amended", id).before(&old).after(&next));
    tx.done(id).await
}

/// Whether relation, district and line are there and fit, and which unit will guide it. A relation that the asking
/// person may not see is not there, so that nobody learns of one by planning under it.
async fn place(tx: &Tx, asking: &Asking, p: &Planned) -> Result<BodyId, Fail> {
    let mut c = Check::new();
    if let Some(r) = p.relation {
        let found = neighbours::relation_is_seen(tx, &asking.viewer, r).await?;
        c.ensure(found, || Refusal::at("relation", "refusal-not-in-list"));
    }
    if let Some(d) = p.district {
        let found = neighbours::district_exists(tx, d).await?;
        c.ensure(found, || Refusal::at("district", "refusal-not-in-list"));
    }
    let line = sql::line(tx, p.policy).await?;
    check_line(&mut c, line.as_ref(), p.year);
    let guiding = guiding(tx, asking, p).await?;
    c.ensure(guiding.is_some(), || Refusal::at("field", "refusal-no-department"));
    c.done(())?;
    guiding.ok_or(Fail::NotFound)
}

/// An item stands under a line that is there and holds in its year (R106).
pub(crate) fn check_line(c: &mut Check, line: Option<&PolicyLine>, year: i64) {
    match line {
        None => c.refuse(Refusal::at("policy", "refusal-not-in-list")),
        Some(l) if !l.holds_in(year) => c.refuse(
            Refusal::at("policy", "refusal-policy-not-in-force")
                .with("code", l.code.as_str())
                .with("year", year),
        ),
        Some(_) => {}
    }
}

/// A district's own unit guides what it plans there; else the competent department of the field (R62), else the
/// office that plans it.
async fn guiding(q: &impl Query, asking: &Asking, p: &Planned) -> Result<Option<BodyId>, Fail> {
    if let Some(m) = &asking.viewer.acting
        && m.role == Role::DistrictOfficer
        && m.district.is_some()
        && m.district == p.district
    {
        return Ok(Some(m.body));
    }
    let department = neighbours::department_of(q, p.field).await?;
    Ok(department.or_else(|| {
        asking
            .viewer
            .acting
            .as_ref()
            .filter(|m| m.role == Role::OfficeLead)
            .map(|m| m.body)
    }))
}

/// The form's or the API's version against the store's. An edit that does not say what it was made on could overwrite
/// what nobody saw, so it is refused.
pub(crate) fn same_version(given: &str, kept: i64) -> Result<(), Fail> {
    match given.trim() {
        "" => Err(Refusal::page("refusal-version-needed").into()),
        v if v == kept.to_string() => Ok(()),
        _ => Err(Fail::Changed),
    }
}

/// What asking persons write is in the language they use the house in.
pub(crate) trait Speaks {
    fn lang(&self) -> Lang;
}
impl Speaks for Asking {
    fn lang(&self) -> Lang {
        self.viewer.person.as_ref().map_or_else(Lang::zh, |p| {
            if p.lang.primary() == "zh" {
                Lang::zh()
            } else {
                p.lang.clone()
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn every_fault_of_an_item_is_told_at_once() {
        let faults = PlanItemInput {
            year: "26".into(),
            field: "cooking".into(),
            due: "2026-02-30".into(),
            ..Default::default()
        }
        .check(Lang::zh())
        .unwrap_err();
        let at: Vec<_> = faults
            .iter()
            .map(|r| (r.field.as_deref().unwrap_or(""), r.code))
            .collect();
        assert_eq!(
            at,
            [
                ("relation", "refusal-plan-place"),
                ("field", "refusal-not-in-list"),
                ("year", "refusal-out-of-range"),
                ("policy", "refusal-required"),
                ("title_zh", "refusal-one-language"),
                ("aim_zh", "refusal-one-language"),
                ("supports_zh", "refusal-one-language"),
                ("due", "refusal-not-a-date"),
            ]
        );
    }
}
