//! The only crate that names the database library.
//!
//! [`Db`] runs on SQLite and on PostgreSQL with one SQL text; [`Tx`] is one use case's transaction, with its journal
//! entries, events and once-key. Portable SQL only: TEXT, BIGINT, BOOLEAN; `$n` places; sums cast to BIGINT.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod act;
mod blobs;
mod db;
mod dump;
mod fault;
mod jobs;
pub mod journal;
mod letters;
mod migrate;
mod personal;
pub mod testing;
mod val;
mod waiting;

pub use act::{Act, Actor, Via};
pub use blobs::{Blobs, BlobsConfig, Kept, Placed, Upload, UploadLimits, attachments_of, keep, sweep_orphans};
pub use db::{Db, DbConfig, Engine, Env, OrRepeat, OsChance, Query, Tx, count_queries, queries_so_far};
pub use dump::{
    AppliedStep, BlobRow, ColumnKind, ColumnShape, Refill, TableShape, applied_steps, blob_rows, dump_table, is_blank,
    shapes, unmake,
};
pub use fault::{OnUnique, StoreFault};
pub use jobs::{DeadJob, Event, Handler, HandlerFuture, Handlers, Worker, caught, dead_jobs, retry_job};
pub use journal::Entry;
pub use letters::{
    LETTER_HELD, Letter, LetterRow, LetterStatus, erase_letters_of, letters, release_letter, withhold_letter,
};
pub use migrate::{Migrations, Step};
pub use personal::of_person;
pub use val::{FromCol, FromRow, Json, Row, ToVal, Val, read_text};
pub use waiting::{Waiting, migrated, sweep, waiting};

/// The floor's own tables.
pub const MIGRATIONS: Migrations = migrations!("store", "0001_floor", "0002_once_asked", "0003_laid_down");
