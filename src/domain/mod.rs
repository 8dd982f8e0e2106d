//! Types and rules, pure: no disk, clock, environment or git.

pub mod change;
pub mod id;
pub mod oid;
pub mod path;
pub mod refname;
pub mod refusal;
