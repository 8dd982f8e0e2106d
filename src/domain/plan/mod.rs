//! The plan of a mission as people write it: what is wrong with it, and which version of a file holds.

mod check;
mod fault;
mod identity;
mod three_way;

pub use check::{Package, check};
pub use fault::{Fault, Kind, refuse};
pub use identity::changed_identity;
pub use three_way::{Step, decide};
