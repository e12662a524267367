//! Pictures drawn on the server as SVG text: land and points without borders, and two plain charts.
//!
//! Land is drawn as parallels: one stroke wherever a parallel crosses land. Equal Earth keeps parallels straight, so
//! every stroke is a level line and no outline, hence no border of any country, ever exists.
//!
//! The pictures carry classes only and no style, for pages under a strict content security policy. The classes are
//! those of the look; what is needed beyond them is [`CSS`]. Every text is escaped. The same input gives the same
//! picture, byte by byte.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod chart;
mod frame;
mod labels;
mod land;
mod map;
mod svg;

pub use chart::{Bar, BarChart, CountChart, CountPoint, bar_chart, span_count_chart};
pub use frame::Region;
pub use land::{Fault, Land};
pub use map::{MapSpec, Place, PointKind, draw, draw_region};

/// Natural Earth's land at 1:110 million as TopoJSON (public domain; see `assets/LICENSE-land.txt`).
pub const LAND_110M: &str = include_str!("../assets/land-110m.json");

/// Rules for the classes that the look does not have: the inset, the region on a phone, the larger targets of links.
pub const CSS: &str = include_str!("../assets/map.css");
