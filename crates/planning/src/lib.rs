//! Policy lines, yearly plan items, and the gap finder that says which cells of relation x field x district x year are
//! still empty, and why some should be filled first (R01, R02, R86-R90, R104-R109).
//!
//! A plan item is a programme: its id is the programme's id everywhere.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod api;
mod balance;
mod duties;
mod export;
mod find;
pub mod gaps;
mod import;
mod item;
mod learn;
mod line;
mod neighbours;
mod pages;
mod plan;
mod set_line;
mod step;
mod store;
mod table_in;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use ::store::{Db, Query, StoreFault};
use basis::{BodyId, Cursor, Day, Field, GovernmentId, Page, PlanItemId, PolicyLineId, RelationId, Text};
use serde::Serialize;

pub use api::api;
pub use balance::{Counted, Portfolio, Share, portfolio};
pub use duties::duties;
pub use export::{export_items, export_lines, status_name};
pub use find::{Ask, Cell, Found, FoundRow, Scope, View, find};
pub use import::import_items;
pub use item::{Item, Lead, News, PlanStatus, Standing};
pub use learn::handlers;
pub use line::PolicyLine;
pub use pages::{pages, report_table};
pub use plan::{PlanItemInput, amend, plan};
pub use set_line::{PolicyLineInput, add_line, amend_line};
pub use step::{StepInput, step};
pub use table_in::{TableFault, TableReport, open_table};

::pages::texts!("planning");

pub const MIGRATIONS: ::store::Migrations = ::store::migrations!("planning", "0001_planning");

pub const POLICIES: access::PolicyFile = access::PolicyFile {
    room: "planning",
    text: include_str!("../policies/planning.cedar"),
    actions: &[
        "policy-line.read",
        "policy-line.set",
        "plan-item.read",
        "plan-item.add",
        "plan-item.amend",
        "plan-item.move",
        "plan-item.import",
    ],
};

/// A plan item as other rooms and lists see it. The plan is public, so this needs no viewer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanItemCard {
    pub id: PlanItemId,
    pub relation: Option<RelationId>,
    pub district: Option<GovernmentId>,
    pub field: Field,
    pub year: i64,
    pub policy: PolicyLineId,
    pub policy_code: String,
    pub policy_title: Text,
    pub title: Text,
    pub aim: Text,
    pub supports: Text,
    pub guiding: BodyId,
    pub status: PlanStatus,
    /// Why it was carried over or dropped.
    pub reason: Option<Text>,
    pub carried_to: Option<i64>,
    pub led_by: Option<Lead>,
    pub due: Option<Day>,
    pub illustrative: bool,
    pub version: i64,
}

impl PlanItemCard {
    /// The last day of the work: as set, else the end of its year. Carried over, it belongs to its new year.
    pub fn ends_on(&self) -> Option<Day> {
        let year = self.carried_to.unwrap_or(self.year);
        match self.due {
            Some(d) if i64::from(d.year()) >= year => Some(d),
            _ => Day::new(i16::try_from(year).ok()?, 12, 31).ok(),
        }
    }
    /// Something is still to come, and its day has passed.
    pub fn is_late(&self, today: Day) -> bool {
        self.status.is_live() && self.ends_on().is_some_and(|d| d < today)
    }
}

/// Which items are wanted; nothing set means all. Newest year first.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub year: Option<i64>,
    pub policy: Option<PolicyLineId>,
    pub field: Option<Field>,
    pub status: Option<PlanStatus>,
    pub relation: Option<RelationId>,
    pub district: Option<GovernmentId>,
    pub guiding: Option<BodyId>,
    pub after: Option<Cursor>,
    /// 50 if not said.
    pub limit: Option<u32>,
}

/// One item.
pub async fn item(q: &impl Query, id: PlanItemId) -> Result<Option<PlanItemCard>, StoreFault> {
    Ok(store::cards(q, &[id]).await?.pop())
}
/// Several, by id.
pub async fn items(q: &impl Query, ids: &[PlanItemId]) -> Result<HashMap<PlanItemId, PlanItemCard>, StoreFault> {
    Ok(store::cards(q, ids).await?.into_iter().map(|c| (c.id, c)).collect())
}
pub async fn list(q: &impl Query, filter: &Filter) -> Result<Page<PlanItemCard>, StoreFault> {
    store::list(q, filter).await
}
/// The newest items that run, and the newest that are done: at most so many of each.
pub async fn going_and_done(q: &impl Query, most: u32) -> Result<(Vec<PlanItemCard>, Vec<PlanItemCard>), StoreFault> {
    store::going_and_done(q, most).await
}
/// All policy lines, by code.
pub async fn policy_lines(q: &impl Query) -> Result<Vec<PolicyLine>, StoreFault> {
    store::lines(q).await
}
/// Cells of relation x field that a link or a programme covers, in any year.
pub async fn covered_cells(q: &impl Query) -> Result<Vec<(RelationId, Field)>, StoreFault> {
    store::covered_cells(q).await
}
/// Years that have items, newest first.
pub async fn years(q: &impl Query) -> Result<Vec<i64>, StoreFault> {
    store::years(q).await
}
/// The portfolio of one year, counted in the store.
pub async fn portfolio_of(q: &impl Query, year: i64) -> Result<Portfolio, StoreFault> {
    Ok(portfolio(&store::counted(q, year).await?))
}
/// What `youcheng verify` checks of this room; empty is clean.
pub async fn verify(db: &Db) -> Result<Vec<String>, StoreFault> {
    store::loose_ends(db).await
}
