use serde::{Deserialize, Serialize};

use crate::{Day, code};

code! {
    /// Who says so: we, the partner, or somebody else.
    pub enum Claimant { Us => "us", Them => "them", Third => "third" }
}
code! {
    pub enum Confidence { High => "high", Medium => "medium", Low => "low" }
}
code! {
    /// How exactly a date is known.
    pub enum Precision { Day => "day", Month => "month", Year => "year" }
}

/// A value with where it comes from (decision 9.2: conflicts are shown, never settled by overwriting).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact<T> {
    pub value: T,
    /// An address or a document, in words.
    pub source: String,
    pub claimant: Claimant,
    pub confidence: Confidence,
    pub as_of: Option<Day>,
}
