//! The demonstration's stories.

use crate::node::Parts;

/// Tells them to an empty store.
///
/// # Errors
/// When a step of a story is refused: the stories go through the rooms' own use cases.
pub async fn seed(_parts: &Parts) -> anyhow::Result<()> {
    Ok(())
}
