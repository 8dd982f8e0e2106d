//! The worktree in which conflicts of a mission are resolved.

use std::path::PathBuf;

use anyhow::Result;

use crate::domain::refusal::{Refusal, Warning};
use crate::flow::host::Host;
use crate::flow::lanes::worktree_root;
use crate::git::worktree::{
    check_unlocked, find_conflict, is_done_with, mark_done, moved_from, remove_conflict,
};
use crate::git::{MissionLock, Repo, Worktree, crash};
use crate::store::Mission;
use crate::store::merge_plan::MergePlans;

/// Where conflicts of a mission are resolved.
pub(super) fn place(repo: &Repo, mission: &Mission) -> Result<PathBuf> {
    Ok(worktree_root(repo)?.join(format!("{}-merge", mission.dir)))
}

/// Where the worktree for conflicts is, or would be: somebody may have moved it.
///
/// # Errors
/// If git fails.
pub(super) fn found(repo: &Repo, mission: &Mission) -> Result<PathBuf> {
    let place = place(repo, mission)?;
    if place.symlink_metadata().is_ok() {
        return Ok(place);
    }
    Ok(moved_from(repo, &place)?.map_or(place, |moved| moved.path))
}

/// The worktree for conflicts, if there is one, in which git can work.
///
/// # Errors
/// [`Refusal::FileLocked`]; if git fails.
pub(super) fn present(repo: &Repo, mission: &Mission) -> Result<Option<Worktree>> {
    let found = find_conflict(repo, &place(repo, mission)?)?;
    found.iter().try_for_each(check_unlocked)?;
    Ok(found)
}

/// Where a conflict of the mission is being resolved, if one is.
///
/// # Errors
/// If what is written down of it cannot be read.
pub(in crate::flow) fn in_progress(repo: &Repo, mission: &Mission) -> Result<Option<PathBuf>> {
    let is_begun = MergePlans::of(repo, &mission.dir).plan()?.is_some();
    is_begun.then(|| found(repo, mission)).transpose()
}

/// Clears away what a merge leaves that is done. It is done all the same if that cannot be, which is
/// told: the next merge tries again.
pub(super) fn end(repo: &Repo, host: &Host, mission: &Mission) -> Option<Warning> {
    let error = clear(repo, host, mission).err()?;
    let hint = error.downcast_ref::<Refusal>().map(|refusal| format!(" ({})", refusal.hint()));
    let hint = hint.unwrap_or_default();
    let message =
        format!("the worktree for conflicts is needed no more, and stays: {error:#}{hint}");
    Some(Warning { code: "MERGE_WORKTREE_LEFT", message })
}

fn clear(repo: &Repo, host: &Host, mission: &Mission) -> Result<()> {
    let plans = MergePlans::of(repo, &mission.dir);
    if plans.plan()?.is_none() && found(repo, mission)?.symlink_metadata().is_err() {
        return Ok(());
    }
    let _lock = MissionLock::acquire(repo, &mission.meta.mission_slug, &host.purpose())?;
    if plans.plan()?.is_none() {
        return clear_left(repo, mission).map(drop);
    }
    let removed = match find_conflict(repo, &place(repo, mission)?)? {
        Some(worktree) => mark_done(&worktree).and_then(|()| remove_conflict(repo, &worktree)),
        None => Ok(()),
    };
    crash::point("merge-worktree-removed");
    plans.end()?;
    removed
}

/// Removes the worktree of a merge that was done, and that could not be removed then. One in which
/// somebody has committed since stays.
///
/// # Errors
/// As [`remove_conflict`].
pub(super) fn clear_left(repo: &Repo, mission: &Mission) -> Result<Option<PathBuf>> {
    let found = find_conflict(repo, &place(repo, mission)?)?;
    let Some(worktree) = found else { return Ok(None) };
    if !is_done_with(&worktree)? {
        return Ok(None);
    }
    remove_conflict(repo, &worktree)?;
    Ok(Some(worktree.path))
}

/// That there is no worktree for conflicts yet.
///
/// # Errors
/// As [`clear_left`]; [`Refusal::WorktreePathTaken`] if somebody works in one.
pub(super) fn make_room(repo: &Repo, mission: &Mission) -> Result<()> {
    clear_left(repo, mission)?;
    let Some(worktree) = find_conflict(repo, &place(repo, mission)?)? else { return Ok(()) };
    let path = worktree.path.display().to_string();
    let what = "a worktree that is not of this merge".to_owned();
    Err(Refusal::WorktreePathTaken { path, what }.into())
}
