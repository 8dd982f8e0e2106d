//! Setting a repository up in one step, without touching its work tree.

use std::path::Path;

use anyhow::Result;
use serde::Serialize;

use super::install::{Addition, HookRow, Purpose, set_up};
use super::wish::wished_doors;
use crate::domain::refusal::Warning;
use crate::git::setup;

/// A repository that is set up; `cli.md`, `init`.
#[derive(Debug, Clone, Serialize)]
pub struct InitReport {
    /// The top of its main worktree, or its directory if it is bare.
    pub repository: String,
    /// The version of the `git` on PATH.
    pub git_version: String,
    /// How its hooks stand.
    pub hooks: Vec<HookRow>,
    /// What this run changed, a sentence each; empty on a second run.
    pub changed: Vec<String>,
    /// What is worth knowing.
    #[serde(skip)]
    pub warnings: Vec<Warning>,
}

/// Sets up the repository around `start`: hooks, merge drivers, and the exclusion of `.worktrees/`.
///
/// # Errors
/// As [`super::install::install`]; [`crate::domain::refusal::Refusal::SettingInvalid`] for `kitty.doors`.
pub fn init(start: &Path) -> Result<InitReport> {
    let version = setup::supported_version(start)?;
    let repository = setup::repository(start)?;
    let exclusion = Addition::new("info/exclude", "/.worktrees/\n", Purpose::Setup);
    let report = set_up(start, &wished_doors(start)?, vec![exclusion])?;
    let top = repository.checkouts.first().unwrap_or(&repository.common);
    Ok(InitReport {
        repository: top.display().to_string(),
        git_version: version.to_string(),
        hooks: report.rows,
        changed: report.changed,
        warnings: report.warnings,
    })
}
