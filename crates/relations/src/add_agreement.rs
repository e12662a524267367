//! An agreement under a relation goes into the register, with the occasion that produced it (R21).

use access::{Asking, House};
use basis::{AgreementId, Check, Fail, Lang, Refusal, RelationId, Text};
use serde::{Deserialize, Serialize};
use store::Entry;

use crate::{AgreementCard, SignedDate, store as sql};

/// As handed in.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = NewAgreement)]
pub struct Input {
    pub title_zh: String,
    pub title_en: String,
    /// "2024-05-22", "2024-05" or "2024".
    pub signed: String,
    /// The event at which it was signed.
    pub occasion: String,
    pub source: String,
}
type Checked = (Text, Option<SignedDate>, Option<String>, String);
impl Input {
    pub(crate) fn check(&self) -> Result<Checked, Vec<Refusal>> {
        let mut c = Check::new();
        let title = c.bilingual("title_zh", &self.title_zh, "title_en", &self.title_en, 300, Lang::zh());
        let signed = SignedDate::parse(&self.signed);
        c.ensure(self.signed.trim().is_empty() || signed.is_some(), || {
            Refusal::at("signed", "refusal-known-date")
        });
        let occasion = c.line_opt("occasion", &self.occasion, 300);
        let source = c.line("source", &self.source, 500);
        c.done((title, signed, occasion, source))
    }
}

pub async fn add_agreement(house: &House, asking: &Asking, id: RelationId, input: &Input) -> Result<AgreementId, Fail> {
    let (title, signed, occasion, source) = input.check()?;
    let tx = asking.begin(house).await?;
    let relation = sql::relation(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "relation.add-agreement", &relation.thing())?;
    let agreement = AgreementCard {
        id: tx.fresh(),
        relation: id,
        title,
        signed,
        occasion,
        source,
        made_at: tx.now(),
        illustrative: asking.viewer.acting.as_ref().is_some_and(|m| m.illustrative),
    };
    sql::insert_agreements(&tx, std::slice::from_ref(&agreement)).await?;
    tx.journal(Entry::of("agreement.recorded", agreement.id).after(&agreement));
    tx.done(agreement.id).await
}
