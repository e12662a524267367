//! Names of districts and cities. They are kept by a later room, so the house hands this one a way to ask for them;
//! without it, pages leave places out.

use std::{collections::HashMap, future::Future, pin::Pin, sync::Arc};

use access::House;
use basis::{Fail, GovernmentId, Text};

/// Which places are asked for.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// These.
    These(Vec<GovernmentId>),
    /// Every district of the home city, to choose from.
    Districts,
}
/// What an answer is made of, in the order in which it is shown.
type Named = Vec<(GovernmentId, Text)>;
type Answer = Pin<Box<dyn Future<Output = Result<Named, Fail>> + Send>>;

/// The house lays this on the router as an extension.
#[derive(Clone)]
pub struct Places(Arc<dyn Fn(House, Wanted) -> Answer + Send + Sync>);
impl Places {
    pub fn new<F, A>(ask: F) -> Places
    where
        F: Fn(House, Wanted) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Named, Fail>> + Send + 'static,
    {
        Places(Arc::new(move |house, wanted| Box::pin(ask(house, wanted))))
    }
    pub(crate) async fn ask(places: Option<&Places>, house: &House, wanted: Wanted) -> Result<Named, Fail> {
        match (places, &wanted) {
            (None, _) => Ok(Vec::new()),
            (_, Wanted::These(ids)) if ids.is_empty() => Ok(Vec::new()),
            (Some(Places(ask)), _) => ask(house.clone(), wanted).await,
        }
    }
    pub(crate) async fn named(
        places: Option<&Places>,
        house: &House,
        ids: impl IntoIterator<Item = GovernmentId>,
    ) -> Result<HashMap<GovernmentId, Text>, Fail> {
        let mut ids: Vec<_> = ids.into_iter().collect();
        ids.sort();
        ids.dedup();
        Ok(Places::ask(places, house, Wanted::These(ids))
            .await?
            .into_iter()
            .collect())
    }
}
