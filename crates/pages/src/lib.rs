//! Layout, components, forms with field errors, locale, assets: what every room's pages are made of.
//!
//! A handler takes [`Ctx`], calls one use case or query, and answers with `ctx.show(Page::new(…), &template)`.
//! It returns `Result<Response, Problem>`; whatever a use case refuses becomes a page (or problem details, under /api)
//! in the reader's language.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod api;
mod app;
mod assets;
mod cache;
pub mod cells;
pub mod countries;
mod ctx;
pub mod download;
pub mod fmt;
mod form;
mod frame;
mod guard;
mod json;
pub mod parts;
mod problem;
mod texts;

pub use api::{ApiCtx, ApiProblem, Listing, Versioned, etag, page_request};
pub use app::{App, Duty, Matter, Node};
pub use assets::{asset_router, asset_url};
pub use cache::{keepable, kept};
pub use ctx::{Ctx, Repeat};
pub use download::Ending;
pub use form::{Form, Posted, Upload, errors};
pub use frame::{HeadLink, Nav, Page};
pub use guard::{counted, cross_origin, locale_first, needs_locale, secure_headers};
pub use json::{ApiJson, JsonRefusal};
pub use parts::Markup;
pub use problem::{Problem, explain};
pub use texts::{Registry, Texts};

texts!("pages");
