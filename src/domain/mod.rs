//! Types and rules, pure: no disk, clock, environment or git.

pub mod git_version;
pub mod id;
pub mod oid;
pub mod path;
pub mod refusal;
