//! Removing a worktree, and forgetting one that is gone.

use std::path::Path;

use anyhow::Result;

use super::list::Worktree;
use super::make::{FILE, HUSK, common, run};
use super::path_lock::PathLock;
use super::place::{Place, is_same};
use crate::domain::branch::BranchName;
use crate::domain::path::RepoPath;
use crate::domain::refusal::{Refusal, WorktreeRole};
use crate::git::bring_up::git;
use crate::git::repo::Repo;

/// What there was to remove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removed {
    /// The worktree, or the record of one.
    Removed,
    /// Nothing.
    Absent,
}

/// Removes the worktree of `branch` at `path`, or the record of one that is gone. Ignored files go
/// with it, as with `git worktree remove`.
///
/// # Errors
/// [`Refusal::WorktreeNotClean`] with the paths if it holds changes or untracked files,
/// [`Refusal::WorktreeLocked`], [`Refusal::WorktreeMismatch`], [`Refusal::WorktreePathTaken`],
/// [`Refusal::WorktreeNotMade`] with what git says.
pub fn remove(
    repo: &Repo,
    (path, branch): (&Path, &BranchName),
    role: WorktreeRole,
) -> Result<Removed> {
    let _lock = PathLock::wait(repo, path)?;
    let taken = |what: &str| Refusal::WorktreePathTaken {
        path: path.display().to_string(),
        what: what.to_owned(),
    };
    let (found, is_there) = match repo.place(path)? {
        Place::Absent => return Ok(Removed::Absent),
        Place::Worktree(found) => (found, true),
        Place::Gone(found) => (found, false),
        Place::Unrecorded => return Err(taken("the directory of a worktree without record").into()),
        Place::Husk => return Err(taken(HUSK).into()),
        Place::File => return Err(taken(FILE).into()),
    };
    refuse_other(&found, branch, role)?;
    if is_there {
        refuse_unclean(&found, role)?;
    }
    forget(repo, &found)?;
    Ok(Removed::Removed)
}

/// Whether [`remove`] would do it now.
///
/// # Errors
/// As [`remove`].
pub fn check_removable(
    repo: &Repo,
    (path, branch): (&Path, &BranchName),
    role: WorktreeRole,
) -> Result<()> {
    match repo.place(path)? {
        Place::Worktree(found) => {
            refuse_other(&found, branch, role)?;
            refuse_unclean(&found, role)
        }
        Place::Gone(found) => refuse_other(&found, branch, role),
        // What is no worktree of ours is told by who removes it.
        Place::Absent | Place::Unrecorded | Place::Husk | Place::File => Ok(()),
    }
}

/// That a branch that is to be deleted is checked out nowhere but at `path`, where its worktree goes.
///
/// # Errors
/// [`Refusal::BranchCheckedOut`].
pub fn check_only_at(repo: &Repo, (path, branch): (&Path, &BranchName)) -> Result<()> {
    let all = repo.checkouts_of(&branch.ref_name()?)?;
    let Some(other) = all.iter().find(|known| !is_same(&known.path, path)) else { return Ok(()) };
    let (branch, worktree) = (branch.to_string(), other.path.display().to_string());
    Err(Refusal::BranchCheckedOut { branch, worktree }.into())
}

fn refuse_other(found: &Worktree, branch: &BranchName, role: WorktreeRole) -> Result<()> {
    let worktree = found.path.display().to_string();
    if let Some(reason) = &found.locked {
        return Err(Refusal::WorktreeLocked { worktree, reason: reason.clone() }.into());
    }
    if found.branch != Some(branch.ref_name()?) {
        let (expected, found) =
            (branch.to_string(), found.branch.as_ref().map(ToString::to_string));
        return Err(Refusal::WorktreeMismatch { role, worktree, expected, found }.into());
    }
    Ok(())
}

fn refuse_unclean(found: &Worktree, role: WorktreeRole) -> Result<()> {
    let paths = unclean(found)?;
    if paths.is_empty() {
        return Ok(());
    }
    Err(Refusal::WorktreeNotClean {
        role,
        worktree: found.path.display().to_string(),
        paths: paths.iter().map(ToString::to_string).collect(),
    }
    .into())
}

/// The files that differ from HEAD or are untracked, and not ignored.
fn unclean(found: &Worktree) -> Result<Vec<RepoPath>> {
    let options = ["--porcelain", "-z", "--no-renames", "--untracked-files=all"];
    let listed =
        git(found).args(["status"]).args(options).args(["--ignore-submodules=none"]).run()?;
    let lines = listed.split(|byte| *byte == 0);
    Ok(lines.filter_map(|line| line.get(3..)).map(RepoPath::new).collect())
}

/// Removes a worktree through git, which looks again whether it is clean; of one that is gone its
/// record, and no other.
pub(super) fn forget(repo: &Repo, found: &Worktree) -> Result<()> {
    let _records = PathLock::of_records(repo)?;
    let words = ["worktree".as_ref(), "remove".as_ref(), found.path.as_os_str()];
    run(&found.path, || common(repo).args(words))
}
