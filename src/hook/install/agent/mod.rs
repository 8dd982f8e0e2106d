//! Telling tools that edit files to ask us first, and taking that back without a trace.
//!
//! A tool's settings file is made or edited in each worktree, because tools look in the one that they
//! were started in. Where the file is under version control only the worktree that one stands in is
//! touched: git brings it to the others. A file that we made is kept out of `git status`. What was
//! done is written down in `kitty/agents.json` of the common directory before it is done.

mod add;
mod place;
mod record;
mod status;
mod take;

pub use add::{equip, tell};
pub use status::{AgentRow, AgentState, rows as agents};
pub use take::{untell, untell_all};

use crate::domain::refusal::Warning;

/// How tools stand, and what was done about it.
#[derive(Debug, Clone, Default)]
pub struct AgentReport {
    /// How they stand now.
    pub rows: Vec<AgentRow>,
    /// What this run changed, a sentence each.
    pub changed: Vec<String>,
    /// What is worth knowing.
    pub warnings: Vec<Warning>,
}
