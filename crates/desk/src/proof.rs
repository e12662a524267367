//! The proof that one entry is in the log, and what its reader may know of the entry itself.

use access::{House, Viewer};
use basis::{Fail, Locale};
use serde::Serialize;
use store::journal::{self, Line};

use crate::{history, history::Sight, subject};

/// A journal entry's proof (RFC 9162 section 2.1.3), as page and API give it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Proof {
    /// The entry's number, from 0.
    pub seq: u64,
    /// How many entries the log had when this proof was made.
    pub size: u64,
    /// SHA-256 of a zero byte and the entry's line, in hexadecimal digits.
    pub leaf: String,
    /// The hashes beside the way from the leaf to the root, lowest first.
    pub path: Vec<String>,
    /// The root over all `size` entries.
    pub root: String,
    /// When it happened, where the reader may know of the matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// What was done, by its stable code: "call.published".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The very bytes of the entry's line, for who may read the details: the leaf can be recomputed from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
}
/// A proof with the line it is about, cut to what the viewer may see.
pub struct Proved {
    pub proof: Proof,
    pub line: Option<Line>,
}

/// # Errors
/// [`Fail::NotFound`] for an entry that is not there.
pub async fn prove(house: &House, viewer: &Viewer, locale: Locale, seq: u64) -> Result<Proved, Fail> {
    house
        .gate
        .check(viewer, "journal.read", &access::Thing::new("journal", seq))?;
    let inclusion = journal::prove(&house.db, seq).await?.ok_or(Fail::NotFound)?;
    let line = journal::line(&house.db, seq).await?.ok_or(Fail::NotFound)?;
    let subject = subject::subject(house, viewer, locale, &line.object_kind, &line.object_id).await?;
    let sight = subject
        .and_then(|s| history::sight(house, viewer, &s))
        .filter(|s| *s == Sight::Full || subject::is_told(&line.action));
    let bytes = (sight == Some(Sight::Full)).then(|| String::from_utf8_lossy(&line.bytes()).into_owned());
    let proof = Proof {
        seq: inclusion.seq,
        size: inclusion.size,
        leaf: inclusion.leaf,
        path: inclusion.path,
        root: inclusion.root,
        at: sight.map(|_| line.at.to_string()),
        action: sight.map(|_| line.action.clone()),
        line: bytes,
    };
    Ok(Proved {
        proof,
        line: sight.map(|_| line),
    })
}
