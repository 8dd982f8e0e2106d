//! Lanes: which work packages share a branch and worktree, as `lanes.json` has it and as it follows
//! from their files and dependencies.
//!
//! Source of the format: `formats.md` section 1. `docs/design/lanes.md` tells how lanes come about.

mod compute;
mod file;
mod graph;
mod groups;
mod ids;
mod joins;
mod members;
mod write;

pub use compute::{Grouping, Moved, compute};
pub use file::{Lane, Lanes};
pub use joins::{Cause, Join};
pub use members::{Member, Progress};
pub use write::Header;
