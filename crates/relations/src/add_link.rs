//! Two institutions work together under a relation (R36, R76): hospitals, libraries, schools, museums.

use access::{Asking, House};
use basis::{Check, Fail, Field, Lang, LinkId, Refusal, RelationId, Text};
use serde::{Deserialize, Serialize};
use store::{Entry, Tx};

use crate::{LinkCard, Relation, store as sql};

/// As handed in.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = NewLink)]
pub struct Input {
    /// The field of cooperation: education, health, culture, sport, economy, science, environment, emergency.
    pub field: String,
    pub own_zh: String,
    pub own_en: String,
    pub partner_zh: String,
    pub partner_en: String,
    pub what_zh: String,
    pub what_en: String,
    /// As the source says it: "2012", "2011-2013".
    pub since: String,
    pub source: String,
    /// Ids of registered organisations, where the institutions are.
    pub own_body: String,
    pub partner_body: String,
}
type Checked = (
    Field,
    Text,
    Text,
    Text,
    Option<String>,
    String,
    Option<basis::BodyId>,
    Option<basis::BodyId>,
);
impl Input {
    pub(crate) fn check(&self) -> Result<Checked, Vec<Refusal>> {
        let mut c = Check::new();
        let field = c.one_of::<Field>("field", &self.field).unwrap_or(Field::Culture);
        let own = c.bilingual("own_zh", &self.own_zh, "own_en", &self.own_en, 200, Lang::zh());
        let partner = c.bilingual(
            "partner_zh",
            &self.partner_zh,
            "partner_en",
            &self.partner_en,
            200,
            Lang::en(),
        );
        let what = c.bilingual("what_zh", &self.what_zh, "what_en", &self.what_en, 1000, Lang::zh());
        let since = c.line_opt("since", &self.since, 40);
        let source = c.line("source", &self.source, 500);
        let own_body = c.id_opt("own_body", &self.own_body);
        let partner_body = c.id_opt("partner_body", &self.partner_body);
        c.done((field, own, partner, what, since, source, own_body, partner_body))
    }
}

/// Records the pair and tells the plan, so that the gap it fills is seen as filled.
pub async fn add_link(house: &House, asking: &Asking, id: RelationId, input: &Input) -> Result<LinkId, Fail> {
    let (field, own_name, partner_name, what, since, source, own_body, partner_body) = input.check()?;
    let tx = asking.begin(house).await?;
    let relation = sql::relation(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(
        house,
        "relation.add-link",
        &access::Thing {
            field: Some(field),
            ..relation.thing()
        },
    )?;
    let link = LinkCard {
        id: tx.fresh(),
        relation: id,
        field,
        own_name,
        partner_name,
        what,
        since,
        source,
        own_body,
        partner_body,
        made_at: tx.now(),
        illustrative: asking.viewer.acting.as_ref().is_some_and(|m| m.illustrative),
    };
    let known = parties::bodies(
        &tx,
        &[link.own_body, link.partner_body]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>(),
    )
    .await?;
    for (field, body) in [("own_body", link.own_body), ("partner_body", link.partner_body)] {
        if body.is_some_and(|b| !known.contains_key(&b)) {
            return Err(Refusal::at(field, "refusal-not-in-list").into());
        }
    }
    sql::insert_links(&tx, std::slice::from_ref(&link)).await?;
    tell(&tx, &relation, &link).await?;
    tx.journal(Entry::of("link.recorded", link.id).after(&link));
    tx.done(link.id).await
}

/// What the plan hears of a link.
pub(crate) async fn tell(tx: &Tx, relation: &Relation, link: &LinkCard) -> Result<(), Fail> {
    let told = serde_json::json!({
        "link": link.id, "relation": link.relation, "field": link.field, "district": relation.district,
        "year": link.year(), "at": tx.now().as_microsecond(),
    });
    tx.emit("link.recorded", told).await
}
