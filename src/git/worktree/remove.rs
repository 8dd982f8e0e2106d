//! Removing a worktree, and forgetting one that is gone.

use std::path::Path;

use anyhow::Result;

use super::astray::astray;
use super::embedded::embedded;
use super::hidden::hidden;
use super::keeps::lost;
use super::left_behind::refuse_left_behind;
use super::list::{Kind, Worktree};
use super::make::{FILE, HUSK, common, run};
use super::path_lock::PathLock;
use super::place::{Place, is_same, moved};
use crate::domain::branch::BranchName;
use crate::domain::path::RepoPath;
use crate::domain::refusal::{Refusal, WorktreeRole};
use crate::git::bring_up::git;
use crate::git::repo::Repo;

/// What there was to remove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removed {
    /// The worktree, or the record of one.
    Removed {
        /// What git ignored and went with it, as `git worktree remove` has it: files, and
        /// directories (with a slash) that are ignored as a whole.
        ignored: Vec<RepoPath>,
    },
    /// Nothing.
    Absent,
}

/// Removes the worktree of `branch` at `path`, or the record of one that is gone.
///
/// # Errors
/// [`Refusal::WorktreeNotClean`] with the paths if it holds changes, also where git was told not to
/// look, or untracked files; [`Refusal::WorktreeBusy`], [`Refusal::WorktreeLocked`],
/// [`Refusal::CommitLeftBehind`], [`Refusal::HeadLost`], [`Refusal::RecordKept`],
/// [`Refusal::WorktreeMismatch`], [`Refusal::WorktreeMoved`], [`Refusal::WorktreePathTaken`], [`Refusal::WorktreeNotMade`] with what git says.
pub fn remove(
    repo: &Repo,
    (path, branch): (&Path, &BranchName),
    role: WorktreeRole,
) -> Result<Removed> {
    remove_under(&PathLock::wait(repo, path)?, repo, (path, branch), role)
}

/// As [`remove`], for who holds the lock of the worktree already.
///
/// # Errors
/// As [`remove`].
pub fn remove_under(
    _lock: &PathLock,
    repo: &Repo,
    (path, branch): (&Path, &BranchName),
    role: WorktreeRole,
) -> Result<Removed> {
    let taken = |what: &str| Refusal::WorktreePathTaken {
        path: path.display().to_string(),
        what: what.to_owned(),
    };
    let (found, is_there) = match repo.place(path)? {
        Place::Absent => return Ok(Removed::Absent),
        Place::Worktree(found) => (found, true),
        Place::Gone(found) => (found, false),
        Place::Unrecorded => return Err(taken("the directory of a worktree without record").into()),
        Place::Husk => {
            return Err(moved(repo, path)?.unwrap_or_else(|| taken(HUSK)).into());
        }
        Place::File => return Err(taken(FILE).into()),
    };
    let ignored = if is_there {
        refuse_other(repo, &found, branch, role)?;
        let ignored = refuse_unclean(&found, role)?;
        refuse_left_behind(repo, &found)?;
        ignored
    } else {
        refuse_kept(repo, &found, branch)?;
        Vec::new()
    };
    forget(repo, &found)?;
    Ok(Removed::Removed { ignored })
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
            refuse_other(repo, &found, branch, role)?;
            refuse_unclean(&found, role)?;
            refuse_left_behind(repo, &found)
        }
        Place::Gone(found) => refuse_kept(repo, &found, branch),
        // What is no worktree of ours is told by who removes it.
        Place::Absent | Place::Unrecorded | Place::Husk | Place::File => Ok(()),
    }
}

/// That a branch is checked out nowhere but at `path`, where its worktree belongs.
///
/// # Errors
/// [`Refusal::WorktreeMoved`], [`Refusal::BranchCheckedOut`]; of a worktree whose directory is gone [`Refusal::RecordKept`] or
/// [`Refusal::WorktreeLocked`].
pub fn check_only_at(repo: &Repo, (path, branch): (&Path, &BranchName)) -> Result<()> {
    let all = repo.checkouts_of(&branch.ref_name()?)?;
    let Some(other) = all.iter().find(|known| !is_same(&known.path, path)) else { return Ok(()) };
    if let Some(moved) = moved(repo, path)? {
        return Err(moved.into());
    }
    let (branch, worktree) = (branch.to_string(), other.path.display().to_string());
    if !other.path.is_dir() {
        refuse_locked(other)?;
        let own = other.keeps(repo)?.map(str::to_owned);
        let what = own.unwrap_or_else(|| format!("it has `{branch}` checked out"));
        return Err(Refusal::RecordKept { worktree, what }.into());
    }
    let place = is_movable(other, path).then(|| path.display().to_string());
    Err(Refusal::BranchCheckedOut { branch, worktree, place }.into())
}

/// Whether `git worktree move` can bring a worktree to `path`: it would put it into a directory that
/// is there already.
fn is_movable(worktree: &Worktree, path: &Path) -> bool {
    worktree.kind == Kind::Linked
        && worktree.locked.is_none()
        && worktree.path.is_dir()
        && path.symlink_metadata().is_err()
        && path.parent().is_some_and(Path::is_dir)
}

fn refuse_other(
    repo: &Repo,
    found: &Worktree,
    branch: &BranchName,
    role: WorktreeRole,
) -> Result<()> {
    refuse_locked(found)?;
    if found.branch != Some(branch.ref_name()?) {
        return Err(astray(repo, found, (branch, role)).into());
    }
    Ok(())
}

/// Refuses for a worktree that is locked.
///
/// # Errors
/// [`Refusal::WorktreeLocked`].
pub(super) fn refuse_locked(found: &Worktree) -> Result<()> {
    found.locked.as_ref().map_or(Ok(()), |reason| {
        let (worktree, reason) = (found.path.display().to_string(), reason.clone());
        Err(Refusal::WorktreeLocked { worktree, reason }.into())
    })
}

/// Refuses for what only the record of a worktree has that is gone.
fn refuse_kept(repo: &Repo, found: &Worktree, branch: &BranchName) -> Result<()> {
    refuse_locked(found)?;
    lost(repo, found, &branch.ref_name()?)?.map_or(Ok(()), |refusal| Err(refusal.into()))
}

/// Refuses to move or remove a branch's worktree in the midst of something.
///
/// # Errors
/// [`Refusal::WorktreeBusy`].
pub fn refuse_busy(found: &Worktree) -> Result<()> {
    found.under_way().map_or(Ok(()), |under_way| {
        let worktree = found.path.display().to_string();
        Err(Refusal::WorktreeBusy { worktree, under_way }.into())
    })
}

/// Refuses for work; else says what is ignored.
fn refuse_unclean(found: &Worktree, role: WorktreeRole) -> Result<Vec<RepoPath>> {
    refuse_busy(found)?;
    let (work, ignored) = kept(found)?;
    if work.is_empty() {
        return Ok(ignored);
    }
    Err(Refusal::WorktreeNotClean {
        role,
        worktree: found.path.display().to_string(),
        paths: work.iter().map(ToString::to_string).collect(),
    }
    .into())
}

/// What would be lost with a worktree, also where git was told not to look.
pub(super) fn work(found: &Worktree) -> Result<Vec<RepoPath>> {
    kept(found).map(|(work, _)| work)
}

/// What would be lost with a worktree, and what is ignored.
fn kept(found: &Worktree) -> Result<(Vec<RepoPath>, Vec<RepoPath>)> {
    let Listed { mut work, ignored } = listed(found)?;
    work.extend(hidden(found)?);
    work.extend(embedded(found, &ignored));
    Ok((work, ignored))
}

/// What is in a worktree beside what HEAD has.
struct Listed {
    /// What differs from HEAD or is untracked, and not ignored.
    work: Vec<RepoPath>,
    /// What is ignored.
    ignored: Vec<RepoPath>,
}

fn listed(found: &Worktree) -> Result<Listed> {
    let options = ["--porcelain", "-z", "--no-renames", "--untracked-files=all"];
    let more = ["--ignored=matching", "--ignore-submodules=none"];
    let text = git(found).args(["status"]).args(options).args(more).run()?;
    let mut listed = Listed { work: Vec::new(), ignored: Vec::new() };
    for line in text.split(|byte| *byte == 0) {
        let Some((kind, path)) = line.split_at_checked(3) else { continue };
        let group = if kind == b"!! " { &mut listed.ignored } else { &mut listed.work };
        group.push(RepoPath::new(path));
    }
    Ok(listed)
}

/// Removes a worktree through git, which looks again whether it is clean; of one that is gone its
/// record, and no other.
pub(super) fn forget(repo: &Repo, found: &Worktree) -> Result<()> {
    let _records = PathLock::of_records(repo)?;
    let words = ["worktree".as_ref(), "remove".as_ref(), found.path.as_os_str()];
    run(&found.path, || common(repo).args(words))
}
