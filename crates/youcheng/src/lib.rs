//! The binary's parts: command line, configuration, wiring. No rules of its own.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod backup;
pub mod calendar;
pub mod commands;
pub mod config;
pub mod demo;
pub mod letters;
pub mod logs;
pub mod node;
mod private_file;
pub mod proof;
pub mod rooms;
pub mod server;
mod stories;
pub mod web;

pages::texts!("youcheng");
