//! Programmes' stories are told anew soon after something changed, so that readers find them ready.

use std::time::Duration;

use access::House;
use tokio::sync::watch;

/// So often it looks whether anything changed: a glance at the journal's length.
const EVERY: Duration = Duration::from_millis(400);
/// After a fault it waits longer: a store that is down is not asked twice a second.
const AFTER_FAULT: Duration = Duration::from_secs(30);

/// Follows the journal until told to stop. Several nodes may: who comes second finds nothing to do.
pub async fn run(house: House, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let wait = match store::caught(programmes::keep_up(&house)).await {
            Ok(_) => EVERY,
            Err(e) => {
                tracing::error!(error = %e, "stories could not be told ahead; the next reader of each does it");
                AFTER_FAULT
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stop.changed() => {}
        }
    }
}
