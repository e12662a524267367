//! To enter a policy line and to amend it: quoted, with its source and how long it holds (R105, R106).

use access::{Asking, House, Thing};
use basis::{Check, Fail, PolicyLineId, Refusal};
use serde::{Deserialize, Serialize};
use store::{Entry, OnUnique};

use crate::line::PolicyLine;
use crate::plan::{Speaks, same_version};
use crate::store as sql;

/// What a person hands in for a policy line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct PolicyLineInput {
    pub code: String,
    pub title_zh: String,
    pub title_en: String,
    pub text_zh: String,
    pub text_en: String,
    pub source: String,
    pub starts: String,
    pub until: String,
    pub version: String,
}
impl PolicyLineInput {
    fn check(&self, id: PolicyLineId, asking: &Asking) -> Result<PolicyLine, Vec<Refusal>> {
        let mut c = Check::new();
        let code = c.line("code", &self.code, 40);
        let title = c.bilingual(
            "title_zh",
            &self.title_zh,
            "title_en",
            &self.title_en,
            120,
            asking.lang(),
        );
        let text = c.bilingual("text_zh", &self.text_zh, "text_en", &self.text_en, 4000, asking.lang());
        let source = c.line("source", &self.source, 400);
        let starts = c.day("starts", &self.starts);
        let until = c.day_opt("until", &self.until);
        if let (Some(s), Some(u)) = (starts, until) {
            c.ensure(s <= u, || {
                Refusal::at("until", "refusal-before-start").with("starts", s)
            });
        }
        let illustrative = asking.viewer.acting.as_ref().is_some_and(|m| m.illustrative);
        let line = PolicyLine {
            id,
            code,
            title,
            text,
            source,
            starts: starts.unwrap_or_default(),
            until,
            illustrative,
            version: 1,
        };
        c.done(line)
    }
}

/// Enters a new line.
///
/// # Errors
/// Refusals at their fields (a code already taken among them), or a denial.
pub async fn add_line(house: &House, asking: &Asking, input: &PolicyLineInput) -> Result<PolicyLineId, Fail> {
    let checked = input.check(PolicyLineId::named(""), asking)?;
    let tx = asking.begin(house).await?;
    let line = PolicyLine {
        id: tx.fresh(),
        ..checked
    };
    asking.check(house, "policy-line.set", &Thing::new("policy-line", line.id))?;
    sql::insert_line(&tx, &line)
        .await
        .on_unique("code", || Refusal::at("code", "refusal-policy-code-taken"))?;
    tx.journal(Entry::of("policy-line.added", line.id).after(&line));
    tx.done(line.id).await
}

/// Amends a line; items under it stay under it.
///
/// # Errors
/// As [`add_line`]; [`Fail::Changed`] when somebody was faster.
pub async fn amend_line(
    house: &House,
    asking: &Asking,
    id: PolicyLineId,
    input: &PolicyLineInput,
) -> Result<PolicyLineId, Fail> {
    let checked = input.check(id, asking)?;
    let tx = asking.begin(house).await?;
    asking.check(house, "policy-line.set", &Thing::new("policy-line", id))?;
    let old = sql::line(&tx, id).await?.ok_or(Fail::NotFound)?;
    same_version(&input.version, old.version)?;
    let next = PolicyLine {
        illustrative: old.illustrative,
        version: old.version,
        ..checked
    };
    sql::save_line(&tx, &next).await?;
    tx.journal(Entry::of("policy-line.amended", id).before(&old).after(&next));
    tx.done(id).await
}
