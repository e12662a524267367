//! Mandates: who may act for which body, what for, until when, by which letter.

use basis::{AccountId, Body, BodyId, Check, Code, Fail, Mandate, MandateId, Moment, Refusal, Text};
use serde::Deserialize;
use store::{Db, Entry, Query, Tx};

use crate::store::{Addressee, BodyCard, MandateRow};
use crate::{Asking, BodyKind, House, Mandated, Role, Thing, store as rows};

/// What an office lead or a delegate fills in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Grant {
    /// The mailbox of an account that is there and confirmed.
    pub email: String,
    pub role: String,
    pub purpose: String,
    /// Number or name of the letter it rests on.
    pub letter: String,
    /// The last day it holds, on the home city's calendar; a delegate must name one, an office lead may leave it open.
    pub until: String,
}
/// A mandate that the house itself gives: seeds, the command line's first office lead, a room that has just verified an
/// organisation.
#[derive(Clone, Debug)]
pub struct HouseGrant {
    pub account: AccountId,
    pub body: BodyId,
    pub role: Role,
    pub purpose: String,
    pub letter: String,
    pub until: Option<Moment>,
}

/// Roles people of a kind of body may hold.
pub fn roles_of(kind: BodyKind) -> &'static [Role] {
    match kind {
        BodyKind::Office => &[Role::OfficeLead],
        BodyKind::Department => &[Role::DepartmentOfficer],
        BodyKind::DistrictUnit => &[Role::DistrictOfficer],
        BodyKind::Panel => &[Role::PanelLead, Role::PanelMember],
        BodyKind::FinanceUnit => &[Role::Finance],
        BodyKind::AuditUnit => &[Role::Auditor],
        BodyKind::Organisation => &[Role::Delegate],
        BodyKind::PartnerOffice => &[Role::PartnerOfficer],
    }
}

fn thing(body: BodyId, role: Option<Role>, holder: Option<AccountId>) -> Thing {
    Thing {
        owner_body: Some(body),
        owner: holder,
        status: role.map(Code::code),
        ..Thing::new("mandate", body)
    }
}

/// Grants a mandate of a body.
///
/// # Errors
/// Refusals at `email` (nobody confirmed has it, or they hold this role already), `role`, `purpose`, `letter`, `until`;
/// a denial by the rules on mandates.
pub async fn grant_mandate(house: &House, asking: &Asking, body: BodyId, input: &Grant) -> Result<MandateId, Fail> {
    let tx = asking.begin(house).await?;
    let now = tx.now();
    let card = rows::bodies(&tx, &[body])
        .await?
        .remove(&body)
        .filter(|b| b.ended_at.is_none())
        .ok_or(Fail::NotFound)?;
    let mut check = Check::new();
    let role: Option<Role> = check.one_of("role", &input.role);
    // Who may not grant learns nothing about who has an account.
    asking.check(house, "mandate.grant", &thing(body, role, None))?;
    let email = check.email("email", &input.email);
    let purpose = check.line("purpose", &input.purpose, 300);
    let letter = check.line("letter", &input.letter, 200);
    let until = check.day_opt("until", &input.until);
    let until = until.and_then(|d| {
        d.tomorrow()
            .ok()?
            .to_zoned(house.zone.clone())
            .ok()
            .map(|z| z.timestamp())
    });
    if let Some(r) = role {
        check.ensure(roles_of(card.kind).contains(&r), || {
            Refusal::at("role", "refusal-role-not-of-body")
        });
        let open = input.until.trim().is_empty() && asking.viewer.role() != Role::OfficeLead;
        check.ensure(!open, || Refusal::at("until", "refusal-required"));
    }
    check.ensure(until.is_none_or(|u| u > now), || {
        Refusal::at("until", "refusal-day-past")
    });
    // Nobody gives for longer than they hold themselves: what rests on a check ends with it.
    let own = asking.viewer.acting.as_ref().and_then(|m| m.until);
    if let (Some(own), Some(given)) = (own.filter(|_| asking.viewer.role() != Role::OfficeLead), until) {
        let last = own.checked_sub(jiff::SignedDuration::from_secs(1)).unwrap_or(own);
        check.ensure(given <= own, || {
            Refusal::at("until", "refusal-until-own").with("last", last.to_zoned(house.zone.clone()).date())
        });
    }
    let holder = rows::account_by_email(&tx, &email)
        .await?
        .filter(|a| a.confirmed_at.is_some());
    if !email.is_empty() {
        check.ensure(holder.is_some(), || Refusal::at("email", "refusal-nobody-there"));
    }
    let (Some(holder), Some(role)) = (holder, role) else {
        return Err(check.done(()).err().unwrap_or_default().into());
    };
    check.done(())?;
    asking.check(house, "mandate.grant", &thing(body, Some(role), Some(holder.id)))?;
    let held = rows::mandates_in_force(&tx, holder.id, now).await?;
    if held.iter().any(|m| m.body == body && m.role == role) {
        return Err(Refusal::at("email", "refusal-holds-already").into());
    }
    let given = HouseGrant {
        account: holder.id,
        body,
        role,
        purpose,
        letter,
        until,
    };
    let id = grant_by_house(&tx, &given).await?;
    tx.done(id).await
}
/// Writes a mandate into an open transaction; the caller has asked its own gate, or is the house.
///
/// # Errors
/// A refusal at `role` that people of such a body do not hold; [`Fail::NotFound`] for a body that is not there.
pub async fn grant_by_house(tx: &Tx, g: &HouseGrant) -> Result<MandateId, Fail> {
    let id: MandateId = tx.fresh();
    let card = rows::bodies(tx, &[g.body])
        .await?
        .remove(&g.body)
        .ok_or(Fail::NotFound)?;
    if !roles_of(card.kind).contains(&g.role) {
        return Err(Refusal::at("role", "refusal-role-not-of-body").into());
    }
    let now = tx.now();
    let row = rows::NewMandate {
        id,
        account: g.account,
        body: g.body,
        role: g.role,
        purpose: &g.purpose,
        letter: &g.letter,
        starts: now,
        until: g.until,
        granted_by: tx.act().and_then(|a| a.actor.account),
        now,
    };
    rows::insert_mandate(tx, row).await?;
    let told = serde_json::json!({ "account": g.account, "body": g.body, "role": g.role, "purpose": g.purpose, "letter": g.letter, "until": g.until });
    tx.journal(Entry::of::<Mandate>("mandate.granted", id).after(told));
    Ok(id)
}
/// Ends a mandate now.
///
/// # Errors
/// [`Fail::NotFound`]; [`Fail::Changed`] if it was ended meanwhile; a denial by the rules on mandates.
pub async fn end_mandate(house: &House, asking: &Asking, id: MandateId) -> Result<(), Fail> {
    let tx = asking.begin(house).await?;
    let m = rows::mandate(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "mandate.end", &thing(m.body, Some(m.role), Some(m.account)))?;
    if rows::end_mandate(&tx, id, tx.now()).await? == 0 {
        return Err(Fail::Changed);
    }
    tx.journal(Entry::of::<Mandate>("mandate.ended", id));
    tx.done(()).await
}

/// Ends every mandate of a body: nobody vouches for it any more. The caller has asked its own gate.
///
/// # Errors
/// Faults of the store only.
pub async fn end_mandates_of_body(tx: &Tx, body: BodyId) -> Result<(), Fail> {
    for id in rows::end_mandates_of_body(tx, body, tx.now()).await? {
        tx.journal(Entry::of::<Mandate>("mandate.ended", id));
    }
    Ok(())
}
/// Nobody acts for a body for longer than somebody vouches for it: mandates that would outlast `until` end then. Those
/// that ended with the check `before`, and those of `renewed`, hold until then too. The caller has asked its own gate.
///
/// # Errors
/// Faults of the store only.
pub async fn hold_mandates_until(
    tx: &Tx,
    body: BodyId,
    until: Moment,
    before: Option<Moment>,
    renewed: Option<AccountId>,
) -> Result<(), Fail> {
    for m in rows::mandates_of_body(tx, body, tx.now()).await? {
        let outlasts = m.until.is_none_or(|u| u > until);
        let tied = (before.is_some() && m.until == before) || renewed == Some(m.account);
        if (outlasts || tied) && m.until != Some(until) {
            rows::set_mandate_end(tx, m.id, until).await?;
            tx.journal(
                Entry::of::<Mandate>("mandate.until-changed", m.id)
                    .before(m.until)
                    .after(until),
            );
        }
    }
    Ok(())
}

/// A mandate with its holder and its whole story.
#[derive(Clone, Debug)]
pub struct MandateCard {
    pub mandate: Mandated,
    pub account: AccountId,
    pub holder: String,
    pub starts: Moment,
    pub ended_at: Option<Moment>,
    pub granted_by: Option<String>,
}
impl MandateCard {
    pub fn in_force(&self, now: Moment) -> bool {
        self.starts <= now && self.mandate.until.is_none_or(|u| now < u) && self.ended_at.is_none()
    }
}
async fn cards(q: &impl Query, mandates: Vec<MandateRow>) -> Result<Vec<MandateCard>, Fail> {
    let mut people: Vec<AccountId> = mandates
        .iter()
        .flat_map(|m| [Some(m.account), m.granted_by])
        .flatten()
        .collect();
    people.sort();
    people.dedup();
    let names = rows::names_of(q, &people).await?;
    let card = |m: MandateRow| MandateCard {
        account: m.account,
        holder: names.get(&m.account).cloned().unwrap_or_default(),
        starts: m.starts,
        ended_at: m.ended_at,
        granted_by: m.granted_by.and_then(|g| names.get(&g).cloned()),
        mandate: m.into(),
    };
    Ok(mandates.into_iter().map(card).collect())
}
/// Mandates in force of a body, for its own people and the office.
///
/// # Errors
/// A denial by the rules on mandates.
pub async fn mandates_of_body(house: &House, asking: &Asking, body: BodyId) -> Result<Vec<MandateCard>, Fail> {
    asking.check(house, "mandate.list", &thing(body, None, None))?;
    let found = rows::mandates_of_body(&house.db, body, house.now()).await?;
    cards(&house.db, found).await
}
/// Every mandate I hold or held, newest first.
///
/// # Errors
/// A denial for who is not signed in.
pub async fn my_mandates(house: &House, asking: &Asking) -> Result<Vec<MandateCard>, Fail> {
    let me = crate::session::own(house, asking, "own.read")?;
    let found = rows::mandates_of(&house.db, me).await?;
    cards(&house.db, found).await
}

// --- bodies: what a room that keeps organisations, departments or panels asks of this floor ---------------------------

/// A body to be acted for from now on; the room that keeps it opens the transaction. Founding one that is there is
/// nothing: reference data is laid at every start.
///
/// # Errors
/// Faults of the store only.
pub async fn found_body(tx: &Tx, body: &BodyCard) -> Result<bool, Fail> {
    let fresh = rows::insert_body(tx, body, tx.now()).await? == 1;
    if fresh {
        let told = serde_json::json!({ "kind": body.kind, "name": body.name, "field": body.field, "home": body.home });
        tx.journal(Entry::of::<Body>("body.founded", body.id).after(told));
    }
    Ok(fresh)
}
/// # Errors
/// [`Fail::NotFound`] if it ended or never was.
pub async fn rename_body(tx: &Tx, id: BodyId, name: &Text) -> Result<(), Fail> {
    if rows::rename_body(tx, id, name).await? == 0 {
        return Err(Fail::NotFound);
    }
    tx.journal(Entry::of::<Body>("body.renamed", id).after(name));
    Ok(())
}
/// Nobody acts for it any more; what was done for it stays.
///
/// # Errors
/// [`Fail::Changed`] if it ended already.
pub async fn end_body(tx: &Tx, id: BodyId) -> Result<(), Fail> {
    if rows::end_body(tx, id, tx.now()).await? == 0 {
        return Err(Fail::Changed);
    }
    tx.journal(Entry::of::<Body>("body.ended", id));
    Ok(())
}
/// # Errors
/// Faults of the store only.
pub async fn bodies(q: &impl Query, ids: &[BodyId]) -> Result<std::collections::HashMap<BodyId, BodyCard>, Fail> {
    Ok(rows::bodies(q, ids).await?)
}
/// # Errors
/// Faults of the store only.
pub async fn bodies_of_kind(q: &impl Query, kind: BodyKind) -> Result<Vec<BodyCard>, Fail> {
    Ok(rows::bodies_of_kind(q, kind).await?)
}
/// Names of people, for journals, panels and signatures; somebody erased has an empty one.
///
/// # Errors
/// Faults of the store only.
pub async fn names_of(q: &impl Query, ids: &[AccountId]) -> Result<std::collections::HashMap<AccountId, String>, Fail> {
    Ok(rows::names_of(q, ids).await?)
}
/// Those of these people whom a letter of this kind may reach: confirmed, not erased, and they want it.
///
/// # Errors
/// Faults of the store only.
pub async fn addressees(q: &impl Query, ids: &[AccountId], kind: &str) -> Result<Vec<Addressee>, Fail> {
    let mut found = rows::addressees(q, ids).await?;
    found.retain(|a| !a.unwanted.0.iter().any(|u| u == kind));
    Ok(found)
}
/// All who act for a body now and want letters of this kind.
///
/// # Errors
/// Faults of the store only.
pub async fn addressees_of_body(db: &Db, body: BodyId, kind: &str) -> Result<Vec<Addressee>, Fail> {
    let mut found = rows::addressees_of_body(db, body, db.now()).await?;
    found.retain(|a| !a.unwanted.0.iter().any(|u| u == kind));
    Ok(found)
}
