//! The whole node, running: one binary, so that it is linked once.
#![allow(clippy::unwrap_used)]

mod backups;
mod command_line;
mod edge;
mod house;
mod letters;
mod pages;
