//! What every use case is handed: the house it works in, and who asks.

use basis::{Fail, Moment};
use store::{Act, Blobs, Db, Tx};

use crate::{Gate, Thing, Viewer};

/// The parts of the node that use cases work with. Cheap to clone.
#[derive(Clone)]
pub struct House {
    pub db: Db,
    pub gate: Gate,
    pub blobs: Blobs,
    /// The home city's zone: days begin and deadlines fall by its clock.
    pub zone: jiff::tz::TimeZone,
}
impl House {
    pub fn now(&self) -> Moment {
        self.db.now()
    }
    /// Today on the home city's calendar.
    pub fn today(&self) -> basis::Day {
        self.now().to_zoned(self.zone.clone()).date()
    }
}

/// Who asks for a use case, and the key that makes asking twice the same as asking once.
#[derive(Clone, Debug)]
pub struct Asking {
    pub viewer: Viewer,
    pub once: Option<String>,
    /// What was asked under that key.
    pub asked: Option<String>,
    pub reason: Option<String>,
    /// The version of the thing that the asker read, where they named one: it is compared inside the transaction that
    /// changes the thing, or two who read the same could both pass.
    pub read: Option<i64>,
}
impl Asking {
    pub fn new(viewer: Viewer) -> Self {
        Asking {
            viewer,
            once: None,
            asked: None,
            reason: None,
            read: None,
        }
    }
    /// Refuses a step on another version than the asker read; who named none takes it as it is.
    ///
    /// # Errors
    /// [`Fail::Changed`].
    pub fn same_version(&self, now: i64) -> Result<(), Fail> {
        match self.read {
            Some(read) if read != now => Err(Fail::Changed),
            _ => Ok(()),
        }
    }
    #[must_use]
    pub fn once(mut self, key: impl Into<String>) -> Self {
        self.once = Some(key.into());
        self
    }
    pub fn act(&self) -> Act {
        Act {
            actor: self.viewer.actor(),
            once: self.once.clone(),
            asked: self.asked.clone(),
            reason: self.reason.clone(),
        }
    }
    /// Opens this request's transaction.
    pub async fn begin(&self, house: &House) -> Result<Tx, Fail> {
        house.db.begin(&self.act()).await
    }
    /// For what takes long or looks at versions before it begins: see [`store::Db::not_yet`].
    ///
    /// # Errors
    /// [`Fail::Repeated`] with the first answer, [`Fail::Changed`] where the key was used for something else.
    pub async fn not_yet(&self, house: &House) -> Result<(), Fail> {
        house.db.not_yet(&self.act()).await
    }
    /// Asks the gate.
    pub fn check(&self, house: &House, action: &'static str, thing: &Thing) -> Result<(), Fail> {
        house.gate.check(&self.viewer, action, thing)
    }
}
