//! The demonstration's stories.

use basis::{AccountId, FixedClock};

use crate::node::Parts;

/// Somebody whose place a visitor can take.
#[derive(Clone, Copy, Debug)]
pub struct Player {
    /// As printed: "office-lead", "partner-city-officer", …
    pub role: &'static str,
    pub account: AccountId,
    /// A token for the API is printed, too.
    pub token: bool,
}

/// Everyone who can be played, in the order in which they are printed.
pub fn players() -> Vec<Player> {
    Vec::new()
}

/// Tells the stories to an empty store, through the rooms' own use cases. The clock may be set to the day on which
/// something happened; it must not go backwards.
///
/// # Errors
/// When a step of a story is refused.
pub async fn seed(_parts: &Parts, _clock: &FixedClock) -> anyhow::Result<()> {
    Ok(())
}
