use crate::code;

code! {
    /// A field of cooperation, each with its competent department (R62). Libraries, museums and arts are culture.
    pub enum Field {
        Education => "education",
        Health => "health",
        Culture => "culture",
        Sport => "sport",
        Economy => "economy",
        Science => "science",
        Environment => "environment",
        Emergency => "emergency",
    }
}
