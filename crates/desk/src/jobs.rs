//! Jobs that were given up: why, and once more.

use access::{Asking, House, Thing, Viewer};
use basis::{Fail, JobId, Refusal};
use serde::Deserialize;
use store::{Act, DeadJob};

use crate::letters::Settled;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Input {
    /// Ids of jobs.
    pub job: Vec<String>,
}
pub fn bench() -> Thing {
    Thing::new("job", "dead")
}
/// # Errors
/// A denial for who may not see them.
pub async fn list(house: &House, viewer: &Viewer) -> Result<Vec<DeadJob>, Fail> {
    house.gate.check(viewer, "job.list", &bench())?;
    Ok(store::dead_jobs(&house.db).await?)
}
/// Puts the ticked jobs back.
///
/// # Errors
/// A refusal for a list without a job; a denial.
pub async fn retry(house: &House, asking: &Asking, input: &Input) -> Result<Settled, Fail> {
    asking.check(house, "job.retry", &bench())?;
    let mut settled = Settled::default();
    if input.job.is_empty() {
        return Err(Refusal::page("refusal-no-job").into());
    }
    for raw in &input.job {
        let id: JobId = raw.parse().map_err(|_| Refusal::page("refusal-job-unknown"))?;
        let act = Act {
            once: asking.once.as_ref().map(|o| format!("{o}:{id}")),
            ..asking.act()
        };
        match store::retry_job(&house.db, &act, id).await {
            Ok(true) | Err(Fail::Repeated(_)) => settled.done += 1,
            Ok(false) => settled.missed += 1,
            Err(other) => return Err(other),
        }
    }
    Ok(settled)
}
