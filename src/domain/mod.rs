//! Types and rules, pure: no disk, clock, environment or git.

pub mod event;
pub mod id;
mod json;
pub mod oid;
pub mod path;
pub mod refusal;
pub mod snapshot;
pub mod status;
