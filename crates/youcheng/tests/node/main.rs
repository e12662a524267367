//! The whole node, running: one binary, so that it is linked once.
#![allow(clippy::unwrap_used)]

mod allocation;
mod backups;
mod by_the_clock;
mod command_line;
mod demonstration;
mod edge;
mod house;
mod kills;
mod letters;
mod links;
mod migrations;
mod pages;
mod personal;
mod queue;
mod rules;
mod s3;
