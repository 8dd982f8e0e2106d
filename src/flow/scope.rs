//! What a branch without a mission may touch.
//!
//! The globs are values of `branch.<name>.kittyScope` in the repository's config: all worktrees
//! share them, `git branch -m` takes them along, and `git branch -d` removes them.

use anyhow::Result;

use crate::domain::branch::BranchName;
use crate::domain::glob::Pattern;
use crate::domain::refusal::Refusal;
use crate::git::{Head, Repo};
use crate::store::Store;

/// The globs of a branch, in the order in which they were added. Those of the user's or the system's
/// config do not count: they could only widen the scope.
#[must_use]
pub fn globs(repo: &Repo, branch: &BranchName) -> Vec<String> {
    repo.local_config_strings(key(branch))
}

/// Adds globs to the scope of a branch; those that it has already are left out. Returns all.
///
/// # Errors
/// [`Refusal::ScopeGlobInvalid`] before anything is written; [`Refusal::ScopeOnMissionBranch`] for
/// branches whose work packages say what they may touch; as [`Repo::change_config`].
pub fn add(repo: &Repo, branch: &BranchName, new: &[String]) -> Result<Vec<String>> {
    if Store::new(repo).by_branch(branch)?.is_some() {
        return Err(Refusal::ScopeOnMissionBranch { branch: branch.to_string() }.into());
    }
    for glob in new {
        check(glob)?;
    }
    let mut all = globs(repo, branch);
    for glob in new {
        if !all.contains(glob) {
            repo.change_config(&["--add", &key(branch), glob])?;
            all.push(glob.clone());
        }
    }
    Ok(all)
}

/// Removes the scope of a branch. Returns the globs that it had.
///
/// # Errors
/// As [`Repo::change_config`].
pub fn clear(repo: &Repo, branch: &BranchName) -> Result<Vec<String>> {
    let had = globs(repo, branch);
    if !had.is_empty() {
        repo.change_config(&["--unset-all", &key(branch)])?;
    }
    Ok(had)
}

/// The branch that one stands on.
///
/// # Errors
/// [`Refusal::NoBranch`] for a detached HEAD.
pub fn current_branch(repo: &Repo) -> Result<BranchName> {
    match repo.head()? {
        Head::Branch { name, .. } => BranchName::of_ref(&name),
        Head::Detached { .. } => None,
    }
    .ok_or_else(|| Refusal::NoBranch.into())
}

fn key(branch: &BranchName) -> String {
    format!("branch.{branch}.kittyScope")
}

/// A glob that could never match is a mistake: say so now, not at the first commit.
fn check(glob: &str) -> Result<(), Refusal> {
    let invalid =
        |what: &str| Refusal::ScopeGlobInvalid { glob: glob.to_owned(), what: what.to_owned() };
    if glob.trim().is_empty() {
        return Err(invalid("it is empty"));
    }
    if glob.starts_with('/') || glob.split('/').any(|part| part == "..") {
        return Err(invalid(
            "paths count from the top of the repository, without `/` in front or `..`",
        ));
    }
    Pattern::new(glob, false).check().map_err(|error| invalid(&error.what))
}
