//! Use cases: what a command or a hook does, without how it is told.

pub mod driver;
pub mod explain;
pub mod guard;

mod lane;
pub mod log;
pub mod outbound;
mod policy;
pub mod scope;
mod standing;
pub mod status;
pub mod why;
