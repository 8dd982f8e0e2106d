//! The event log `status.events.jsonl`: what its lines say, their order, and unions of logs.
//!
//! Four schemas share the file; [`Event`] tells them apart. Reading borrows from the log's bytes,
//! keeps every line as it stands, and names the first damaged one.
//! Source: `formats.md` section 1.

mod actor;
mod annotation;
pub mod integrity;
mod lane;
mod line;
mod log;
#[cfg(test)]
mod log_test;
mod order;
mod regression;
mod text;
mod union;
#[cfg(test)]
mod union_test;
pub mod write;

pub use actor::{Actor, Binding};
pub use annotation::{Annotation, Delta, ReviewOverride};
pub use lane::{Claim, LaneEvent, ReviewResult};
pub use line::{Envelope, Event, Foreign, Line, Place};
pub use log::Log;
pub use order::{WpStatus, annotations_in_order, lane_events_in_order, statuses};
pub use regression::{Regression, WayBack};
pub use text::Text;
pub use union::{Schema, merge};
pub use write::{append, line};
