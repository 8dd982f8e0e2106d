//! Use cases: what a command or a hook does, without how it is told.

pub mod adopt;
pub mod append;
mod base;
pub mod claim;
pub mod close;
pub mod coordination;
pub mod create;
pub mod driver;
pub mod explain;
pub mod finalize;
mod gate;
mod group;
pub mod guard;
pub mod host;
mod lane;
pub mod lanes;
pub mod log;
mod merged;
pub mod outbound;
mod policy;
pub mod scope;
mod standing;
pub mod status;
pub mod transaction;
pub mod why;
pub mod wp;
