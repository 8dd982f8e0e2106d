//! How tools stand, one row for each that was told and each worktree.

use std::path::Path;

use anyhow::Result;
use serde::Serialize;

use super::place::{Place, places};
use super::record::Record;
use crate::domain::agent::Tool;
use crate::git::setup::{self, Repository};

/// How a tool stands in a worktree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// It asks before it edits.
    Installed,
    /// It does not.
    Missing,
    /// Its settings cannot be read.
    Damaged,
}

/// A tool in a worktree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgentRow {
    /// The tool.
    pub agent: Tool,
    /// The top of the worktree.
    pub worktree: String,
    /// How it stands.
    pub state: AgentState,
    /// The file with its settings.
    pub path: String,
}

impl AgentState {
    /// The word of it in JSON and for people.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Installed => "installed",
            Self::Missing => "missing",
            Self::Damaged => "damaged",
        }
    }
}

/// How the tools stand that were told in the repository around `start`. Changes nothing.
///
/// # Errors
/// If the repository or the record of what was done cannot be read.
pub fn rows(start: &Path) -> Result<Vec<AgentRow>> {
    let repository = setup::repository(start)?;
    let tools = Record::load(&repository.common)?.tools();
    rows_of(&repository, &tools, start)
}

/// How these tools stand.
pub(super) fn rows_of(
    repository: &Repository,
    tools: &[Tool],
    start: &Path,
) -> Result<Vec<AgentRow>> {
    let mut rows = Vec::new();
    for tool in tools {
        rows.extend(places(repository, *tool, start)?.iter().map(row));
    }
    Ok(rows)
}

fn row(place: &Place) -> AgentRow {
    let state = match place.is_told() {
        Ok(true) => AgentState::Installed,
        Ok(false) => AgentState::Missing,
        Err(_) => AgentState::Damaged,
    };
    let worktree = place.top.display().to_string();
    AgentRow { agent: place.tool, worktree, state, path: place.name() }
}
