//! The only code that names `gix` or starts a process.
//!
//! Reading goes through gix where gix is right and fast; reftable, quarantine, partial clones and
//! everything that changes a worktree go through the `git` that is on PATH.

pub mod chain;
pub mod file;
pub mod locate;
pub mod process;
pub(crate) mod setup;
