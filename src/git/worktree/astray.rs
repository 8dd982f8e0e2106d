//! Worktrees that have something else checked out than their own branch.

use super::list::Worktree;
use crate::domain::branch::BranchName;
use crate::domain::refusal::{Refusal, Return, WorktreeRole};
use crate::git::repo::Repo;

/// The refusal that a worktree has not `branch` checked out, with the way back to it.
#[must_use]
pub fn astray(
    repo: &Repo,
    found: &Worktree,
    (branch, role): (&BranchName, WorktreeRole),
) -> Refusal {
    Refusal::WorktreeMismatch {
        role,
        worktree: found.path.display().to_string(),
        expected: branch.to_string(),
        found: found.branch.as_ref().map(ToString::to_string),
        back: way_back(repo, found, branch),
    }
}

fn way_back(repo: &Repo, found: &Worktree, branch: &BranchName) -> Return {
    let is_there =
        || branch.ref_name().is_ok_and(|name| repo.find(&name).is_ok_and(|t| t.is_some()));
    match (found.under_way(), &found.branch) {
        (Some(under_way), _) => Return::End(under_way),
        (None, None) => Return::KeepAndSwitch,
        (None, Some(_)) if !is_there() => Return::Rename,
        (None, Some(_)) => Return::Switch,
    }
}
