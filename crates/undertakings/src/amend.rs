//! Terms change only when both sides agree: one proposes with its reason, the other decides.

use ::store::{Entry, Tx};
use access::{Asking, House};
use basis::{Check, Currency, Fail, Refusal, Text, UndertakingId};
use serde::{Deserialize, Serialize};

use crate::{
    Amendment, AmendmentId, AmendmentStatus, BudgetLine, Change, Side, Undertaking, neighbours, sight, start::Promise,
    store,
};

#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct AmendmentInput {
    pub ends_on: String,
    pub milestone: String,
    pub due_on: String,
    pub budget: String,
    pub reason: String,
}
impl AmendmentInput {
    pub fn check(&self, currency: Currency) -> Result<(Change, String), Vec<Refusal>> {
        let mut check = Check::new();
        let ends = check.day_opt("ends_on", &self.ends_on);
        let milestone = check.id_opt("milestone", &self.milestone);
        let due_on = check.day_opt("due_on", &self.due_on);
        if milestone.is_some() != due_on.is_some() && check.is_clean() {
            let missing = if milestone.is_some() { "due_on" } else { "milestone" };
            check.refuse(Refusal::at(missing, "refusal-required"));
        }
        let budget = (!self.budget.trim().is_empty()).then(|| check.money("budget", &self.budget, currency).minor);
        let reason = check.prose("reason", &self.reason, 2000);
        check.done((
            Change {
                ends,
                due: milestone.zip(due_on),
                budget,
            },
            reason,
        ))
    }
}

/// For which side the asking person may speak now. Two sides are two parties: nobody of the executing one speaks for the
/// guiding one, nor the other way round, whoever they act for at the moment.
async fn may_amend(
    house: &House,
    asking: &Asking,
    tx: &Tx,
    action: &'static str,
    u: &Undertaking,
) -> Result<Side, Fail> {
    let thing = sight::thing_to_amend(tx, &asking.viewer, u).await?;
    asking.check(house, action, &thing)?;
    let side = sight::side_of(&asking.viewer, u);
    if side == Side::Executing {
        sight::must_not_guide(&asking.viewer, u)?;
    }
    Ok(side)
}

pub async fn propose_amendment(
    house: &House,
    asking: &Asking,
    id: UndertakingId,
    input: &AmendmentInput,
) -> Result<AmendmentId, Fail> {
    let tx = asking.begin(house).await?;
    let u = store::take(&tx, id).await?.ok_or(Fail::NotFound)?;
    let side = may_amend(house, asking, &tx, "amendment.propose", &u).await?;
    sight::on_version_read(asking, &u)?;
    u.must_run()?;
    let (change, reason) = input.check(u.currency)?;
    change.check(&u, &store::milestones(&tx, &[id]).await?)?;
    change.within(&u, neighbours::most_of(&tx, &u).await?)?;
    if store::amendments(&tx, &[id])
        .await?
        .iter()
        .any(|a| a.status == AmendmentStatus::Proposed)
    {
        return Err(Refusal::page("refusal-amendment-open").into());
    }
    let a = Amendment {
        id: tx.fresh(),
        undertaking: id,
        change,
        reason: reason.clone(),
        side,
        proposed: sight::now_done(asking, &tx)?,
        status: AmendmentStatus::Proposed,
        decided: None,
        decision_reason: None,
    };
    store::insert_amendment(&tx, &a).await?;
    tx.journal(
        Entry::of("undertaking.amendment-proposed", id)
            .after(&a)
            .because(reason),
    );
    tx.done(a.id).await
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Decision {
    /// "yes" agrees; anything else declines.
    pub agree: String,
    pub reason: String,
}

pub async fn decide_amendment(
    house: &House,
    asking: &Asking,
    id: AmendmentId,
    input: &Decision,
) -> Result<AmendmentId, Fail> {
    let agree = input.agree.trim() == "yes";
    let mut check = Check::new();
    let reason = if agree {
        check.prose_opt("reason", &input.reason, 2000)
    } else {
        Some(check.prose("reason", &input.reason, 2000))
    };
    let reason = check.done(reason)?;
    let tx = asking.begin(house).await?;
    let found = store::amendment(&tx, id).await?.ok_or(Fail::NotFound)?;
    let u = store::take(&tx, found.undertaking).await?.ok_or(Fail::NotFound)?;
    let a = store::amendment(&tx, id).await?.ok_or(Fail::NotFound)?;
    let side = may_amend(house, asking, &tx, "amendment.decide", &u).await?;
    sight::on_version_read(asking, &u)?;
    u.must_run()?;
    let decided = a.clone().decide(side, sight::now_done(asking, &tx)?, agree, reason)?;
    store::save_amendment(&tx, &decided).await?;
    if agree {
        apply(&tx, &u, &decided).await?;
    }
    let action = if agree {
        "undertaking.amended"
    } else {
        "undertaking.amendment-declined"
    };
    tx.journal(Entry::of(action, u.id).before(&a).after(&decided));
    tx.done(id).await
}
async fn apply(tx: &Tx, u: &Undertaking, a: &Amendment) -> Result<(), Fail> {
    let milestones = store::milestones(tx, &[u.id]).await?;
    // Much may have happened since it was proposed.
    a.change.check(u, &milestones)?;
    a.change.within(u, neighbours::most_of(tx, u).await?)?;
    if let Some(budget) = a.change.budget {
        if !store::change_budget(tx, u.id, budget).await? {
            let refusal = Refusal::at("budget", "refusal-budget-below-promised");
            return Err(refusal.with("promised", u.money(u.promised)).into());
        }
        let title = Text::both("变更协议", "Amendment");
        let from = store::lines(tx, &[u.id]).await?.len() as i64;
        store::insert_lines(
            tx,
            u.id,
            &[BudgetLine {
                title,
                amount: budget - u.budget,
            }],
            from,
        )
        .await?;
    }
    let moved = a
        .change
        .due
        .and_then(|(id, due)| milestones.into_iter().find(|m| m.id == id).map(|m| (m, due)));
    if let Some((mut m, due)) = moved {
        m.due = due;
        store::save_milestone(tx, &m, m.status).await?;
        let promise = Promise {
            body: u.body,
            account: u.account,
            kind: "milestone",
            object: m.id.to_string(),
            due,
        };
        tx.emit("promise.made", promise).await?;
    }
    if let Some(ends) = a.change.ends {
        tx.emit("promise.made", Promise::whole(u, ends)).await?;
    }
    let mut next = u.clone();
    next.ends = a.change.ends.unwrap_or(u.ends);
    store::save(tx, &next).await
}
