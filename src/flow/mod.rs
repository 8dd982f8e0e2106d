//! Use cases: what a command or a hook does, without how it is told.

pub mod append;
mod base;
pub mod create;
pub mod doctor;
pub mod driver;
pub mod explain;
mod gate;
mod group;
pub mod guard;
pub mod host;
mod lane;
pub mod log;
mod merged;
pub mod outbound;
mod policy;
pub mod ready;
pub mod scope;
mod standing;
pub mod status;
pub mod transaction;
pub mod why;
pub mod wp;
