//! The only code that names `gix` or starts a process.
//!
//! Reading goes through gix where gix is right and fast; reftable, quarantine, partial clones and
//! everything that changes a worktree go through the `git` that is on PATH.

mod bounded;
pub mod chain;
mod diff;
mod environment;
pub mod file;
mod holders;
mod index;
pub mod locate;
mod merge;
mod object;
mod pending;
pub mod process;
mod raw;
mod refs;
mod repo;
pub(crate) mod setup;
mod staged;
mod worktree;

pub use bounded::Ended;
pub use environment::Environment;
pub use holders::Holders;
pub use merge::{AutoMerge, automatic_merge};
pub use object::{Commit, TreeEntry};
pub use refs::Head;
pub use repo::{ObjectHash, RefBackend, Repo};
pub use staged::{Staged, Way};
pub use worktree::{Kind, Worktree};
