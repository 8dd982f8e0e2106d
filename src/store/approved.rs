//! The trees with which the last commits of a worktree were let pass before they were made, in
//! `kitty-approved` of its Git directory: a line each, the tree and the branch, the latest last.
//!
//! Where a policy only warns, a commit with another tree came past the first door. A file that is
//! missing or cannot be read counts as none.

use std::path::PathBuf;

use anyhow::Result;

use crate::domain::branch::BranchName;
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::git::Repo;
use crate::git::file::replace_quickly;

/// How many are kept: a rebase may move its branch only after so many commits.
const KEPT: usize = 32;

/// Writes down that `branch` may get commits with these trees. Not durable: what a power cut takes
/// was not committed yet.
///
/// # Errors
/// If that cannot be written.
pub fn leave(repo: &Repo, branch: &BranchName, trees: &[Oid]) -> Result<()> {
    let new: Vec<String> = trees.iter().map(|tree| line(branch, *tree)).collect();
    let mut lines = read(repo);
    lines.retain(|known| !new.contains(known));
    lines.extend(new);
    let latest = lines.get(lines.len().saturating_sub(KEPT)..).unwrap_or_default();
    let text: String = latest.iter().map(|line| format!("{line}\n")).collect();
    replace_quickly(&path(repo), text.as_bytes())
}

/// Whether `branch` may get a commit with this tree, by the door of this worktree.
#[must_use]
pub fn has(repo: &Repo, branch: &BranchName, tree: Oid) -> bool {
    read(repo).contains(&line(branch, tree))
}

fn line(branch: &BranchName, tree: Oid) -> String {
    format!("{tree} {branch}")
}

fn read(repo: &Repo) -> Vec<String> {
    let text = std::fs::read_to_string(path(repo)).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn path(repo: &Repo) -> PathBuf {
    repo.git_dir().join(layout::APPROVED)
}
