use basis::{Fail, Refusal};

/// What went wrong between us and the store. Never shown to people as it is.
#[derive(Debug, thiserror::Error)]
pub enum StoreFault {
    #[error("unique: {0}")]
    Unique(String),
    #[error("foreign key: {0}")]
    Reference(String),
    /// A row says something our types hold to be impossible.
    #[error("column {column} holds {value:?}, which our types do not know")]
    Belief { column: String, value: String },
    /// PostgreSQL keeps the character NUL in no text, SQLite would: no store of ours takes it.
    #[error("a text holds the character NUL")]
    NotText,
    #[error(transparent)]
    Db(sea_orm::DbErr),
    #[error("{0}")]
    Other(String),
}
impl StoreFault {
    pub fn belief(column: &str, value: &str) -> Self {
        StoreFault::Belief {
            column: column.into(),
            value: value.chars().take(80).collect(),
        }
    }
}
impl From<sea_orm::DbErr> for StoreFault {
    fn from(e: sea_orm::DbErr) -> Self {
        match e.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(m)) => StoreFault::Unique(m),
            Some(sea_orm::SqlErr::ForeignKeyConstraintViolation(m)) => StoreFault::Reference(m),
            _ => StoreFault::Db(e),
        }
    }
}
impl From<StoreFault> for Fail {
    fn from(f: StoreFault) -> Self {
        match f {
            // Somebody sent it: theirs to mend, and no fault of the house.
            StoreFault::NotText => Refusal::page("refusal-not-text").into(),
            other => Fail::fault(other),
        }
    }
}

/// The store is the judge of races; the form shows its verdict at the field.
pub trait OnUnique<T> {
    /// Turns a violation of the unique constraint that names `column` into this refusal.
    fn on_unique(self, column: &str, refusal: impl FnOnce() -> Refusal) -> Result<T, Fail>;
}
impl<T> OnUnique<T> for Result<T, StoreFault> {
    fn on_unique(self, column: &str, refusal: impl FnOnce() -> Refusal) -> Result<T, Fail> {
        match self {
            Err(StoreFault::Unique(m)) if m.contains(column) => Err(refusal().into()),
            other => other.map_err(Fail::from),
        }
    }
}
