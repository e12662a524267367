//! What happens by the clock: the nightly round, the morning's letters.

use std::time::Duration;

use access::House;
use basis::Fail;
use desk::Period;
use jiff::civil::Weekday;
use store::{Act, Via};
use tokio::sync::watch;

/// The hour of the home city's clock from which the morning's letters are written.
const MORNING: i8 = 7;

/// Looks at the clock every half minute until told to stop. Several nodes may do so: each thing is done once a day.
pub async fn run(house: House, public_url: String, mut stop: watch::Receiver<bool>) {
    let mut done = Done::default();
    while !*stop.borrow() {
        if let Err(e) = store::caught(look(&house, &public_url, &mut done)).await {
            tracing::error!(error = %e, "what is due by the clock could not be done; it will be tried again");
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(30)) => {}
            _ = stop.changed() => {}
        }
    }
}

/// What this process has seen done, so that it does not ask the store again all day. The store is the judge.
#[derive(Debug, Default)]
pub struct Done {
    night: Option<basis::Day>,
    morning: Option<basis::Day>,
}

/// Does what is due now.
///
/// # Errors
/// When the store does not answer; what was done before stays done.
pub async fn look(house: &House, public_url: &str, done: &mut Done) -> Result<(), Fail> {
    let now = house.now().to_zoned(house.zone.clone());
    let today = now.date();
    if done.night != Some(today) {
        if night(house, today).await? {
            let swept = store::sweep(&house.db).await?;
            let orphans = store::sweep_orphans(&house.db, &house.blobs, two_days_before(house.now())).await?;
            tracing::info!(%today, swept, orphans, "the nightly round has begun");
        }
        done.night = Some(today);
    }
    if done.morning != Some(today) && now.hour() >= MORNING {
        let mut made = desk::digest(house, public_url, Period::Day).await?;
        if today.weekday() == Weekday::Monday {
            made += desk::digest(house, public_url, Period::Week).await?;
        }
        tracing::info!(%today, made, "the morning's letters are written");
        done.morning = Some(today);
    }
    Ok(())
}
/// No hand-in lasts so long.
fn two_days_before(now: basis::Moment) -> basis::Moment {
    now.checked_sub(jiff::SignedDuration::from_hours(48)).unwrap_or(now)
}
/// Tells all rooms that a new day has begun; `false` when it was told before.
async fn night(house: &House, today: basis::Day) -> Result<bool, Fail> {
    let act = Act {
        once: Some(format!("night:{today}")),
        ..Act::house(Via::Job)
    };
    match house.db.begin(&act).await {
        Ok(tx) => {
            tx.emit("night", serde_json::json!({ "day": today })).await?;
            tx.done(()).await?;
            Ok(true)
        }
        Err(Fail::Repeated(_) | Fail::Changed) => Ok(false),
        Err(e) => Err(e),
    }
}
