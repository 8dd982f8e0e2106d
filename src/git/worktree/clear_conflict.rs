//! Removing a worktree in which a conflict was resolved.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::Result;

use super::conflict::{head, is_as_staged};
use super::list::Worktree;
use super::make::{common, run};
use super::path_lock::PathLock;
use super::remove::{forget, refuse_locked, work};
use super::submodules;
use crate::domain::refusal::Refusal;
use crate::git::file::{read_if_present, replace};
use crate::git::repo::Repo;

/// In a worktree's own directory once it is needed no more: what HEAD was at then.
const DONE: &str = "kitty-done";

/// Removes the worktree, which has nothing that is not committed; with submodules, if nothing is only
/// in them.
///
/// # Errors
/// As [`check_conflict_removable`]; [`Refusal::WorktreeNotMade`] if something is not committed.
pub fn remove_conflict(repo: &Repo, worktree: &Worktree) -> Result<()> {
    let _lock = PathLock::wait(repo, &worktree.path)?;
    check_conflict_removable(worktree)?;
    let modules = submodules::checked_out(worktree)?;
    let mut work = work(worktree)?;
    let seems = work.len();
    work.retain(|path| !is_as_staged(worktree, path));
    let is_plain = work.len() == seems && modules.is_empty() && !submodules::had_any(worktree);
    if is_plain {
        return forget(repo, worktree);
    }
    // Git has to be forced then, and looks no more.
    work.retain(|path| !modules.contains(path) && !submodules::is_left(worktree, path));
    if !work.is_empty() {
        let paths: Vec<String> = work.iter().map(|path| format!("`{path}`")).collect();
        let what = format!("it has work that is not committed: {}", paths.join(", "));
        let worktree = worktree.path.display().to_string();
        return Err(Refusal::WorktreeNotMade { worktree, what }.into());
    }
    remove_by_force(repo, &worktree.path)
}

/// That what is in the worktree besides its files can go.
///
/// # Errors
/// [`Refusal::WorktreeLocked`]; [`Refusal::WorktreeNotMade`] if a submodule has something that nothing
/// else has.
pub fn check_conflict_removable(worktree: &Worktree) -> Result<()> {
    refuse_locked(worktree)?;
    submodules::check(worktree)
}

pub(super) fn remove_by_force(repo: &Repo, path: &Path) -> Result<()> {
    let _records = PathLock::of_records(repo)?;
    let words = ["worktree", "remove", "--force"].map(OsStr::new);
    run(path, || common(repo).args(words).args([path.as_os_str()]))
}

/// Writes down that the worktree is needed no more, as it is.
///
/// # Errors
/// If git or the disk fails.
pub fn mark_done(worktree: &Worktree) -> Result<()> {
    replace(&worktree.git_dir.join(DONE), head(worktree)?.to_string().as_bytes())
}

/// Whether it was needed no more, and nobody has committed there since.
///
/// # Errors
/// If git or the disk fails.
pub fn is_done_with(worktree: &Worktree) -> Result<bool> {
    let done = read_if_present(&worktree.git_dir.join(DONE))?;
    Ok(done
        .is_some_and(|done| head(worktree).is_ok_and(|head| head.to_string().as_bytes() == done)))
}
