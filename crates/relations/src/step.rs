//! A relation takes its next step: signed, filed, quiet, ended, carried on by another.

use access::{Asking, House};
use basis::{Check, Fail, Locale, Refusal, RelationId, Text};
use serde::{Deserialize, Serialize};
use store::{Entry, Tx};

use crate::{AgreementCard, Relation, RelationStatus, Step, export::kind_name, store as sql};

/// As handed in.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = RelationStep)]
pub struct Input {
    /// The next status.
    pub to: String,
    /// The day it happened; needed for signing and filing.
    pub on: String,
    /// Needed where a tie falls quiet, is suspended, ends, or wakes again.
    pub reason: String,
    /// The government that carries on, for "succeeded".
    pub successor: String,
    /// The version that was read: another officer's step in between is told, not overwritten.
    pub version: String,
}

impl Input {
    pub(crate) fn check(&self) -> Result<(Step, Option<i64>), Vec<Refusal>> {
        let mut c = Check::new();
        let to = c
            .one_of::<RelationStatus>("to", &self.to)
            .unwrap_or(RelationStatus::Lead);
        let on = c.day_opt("on", &self.on);
        let reason = c.prose_opt("reason", &self.reason, 1000);
        let successor = c.id_opt("successor", &self.successor);
        let version = crate::edit::version_of(&mut c, &self.version);
        c.done((
            Step {
                to,
                on,
                reason,
                successor,
            },
            version,
        ))
    }
}

/// Takes the step. Two officers at once: the second is told ([`Fail::Changed`]).
pub async fn step(house: &House, asking: &Asking, id: RelationId, input: &Input) -> Result<RelationId, Fail> {
    let (step, version) = input.check()?;
    let tx = asking.begin(house).await?;
    let relation = sql::relation(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "relation.step", &relation.thing())?;
    if version.is_some_and(|v| v != relation.version) {
        return Err(Fail::Changed);
    }
    let next = relation.step(&step, house.today())?;
    sql::save_relation(&tx, &next).await?;
    keep_outgrown(&tx, &relation, &next).await?;
    if let Some(heir) = step.successor.filter(|_| step.to == RelationStatus::Succeeded) {
        let heir = sql::government(&tx, heir).await?.filter(|g| !g.card.own);
        let heir = heir.ok_or_else(|| Refusal::at("successor", "refusal-not-in-list"))?;
        let mut partner = sql::government(&tx, relation.partner).await?.ok_or(Fail::NotFound)?;
        tx.journal(
            Entry::of("government.succeeded", partner.card.id)
                .before(partner.successor)
                .after(heir.card.id),
        );
        partner.successor = Some(heir.card.id);
        partner.version += 1;
        sql::save_government(&tx, &partner).await?;
    }
    let mut entry = Entry::of("relation.stepped", id).before(&relation).after(&next);
    entry.reason = step.reason;
    tx.journal(entry);
    tx.emit("relation.changed", serde_json::json!({ "relation": id }))
        .await?;
    tx.done(id).await
}

/// An upgrade keeps history: what was signed before the closer tie stays on record, as an agreement under it.
pub(crate) async fn keep_outgrown(tx: &Tx, before: &Relation, next: &Relation) -> Result<(), Fail> {
    let Some((kind, signed)) = before.outgrown(next) else {
        return Ok(());
    };
    let [zh, en] = [Locale::Zh, Locale::En].map(|l| kind_name(l, kind));
    let agreement = AgreementCard {
        id: tx.fresh(),
        relation: before.id,
        title: Text::both(zh, en),
        signed: Some(signed),
        occasion: None,
        source: before.source.clone(),
        made_at: tx.now(),
        illustrative: before.illustrative,
    };
    sql::insert_agreements(tx, std::slice::from_ref(&agreement)).await?;
    tx.journal(Entry::of("agreement.recorded", agreement.id).after(&agreement));
    Ok(())
}
