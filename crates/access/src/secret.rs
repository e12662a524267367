//! Secrets in letters, cookies and API keys: 256 bits, of which the store keeps only a hash.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use basis::Chance;
use sha2::{Digest, Sha256};

/// A fresh secret, as it goes into an address, a cookie or a header.
pub fn fresh(chance: &dyn Chance) -> String {
    let mut bytes = [0u8; 32];
    chance.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}
/// What the store keeps. A plain hash is enough: 256 bits cannot be guessed, so nothing slow is needed.
pub fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}
