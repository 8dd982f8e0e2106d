//! Whether a change of a mission's log only adds to it.

use anyhow::Result;

use super::exemption::is_plain;
use super::hypothetical::is_unknown;
use crate::domain::change::Change;
use crate::domain::event::Log;
use crate::domain::event::integrity::{compare, mends};
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::git::Repo;

/// Whether the mission's log, if it is among the changes, still begins with what it held, or has it in
/// the order of the merge driver, as a rebase leaves it, and gives no id to two events; or whether it
/// lost no more than what damaged it. Of content that is not known that cannot be
/// said.
///
/// # Errors
/// If it could be read before and cannot any more: what only grows could not be mended.
pub(super) fn log_grew(repo: &Repo, mission_dir: &str, changes: &[Change]) -> Result<Option<bool>> {
    let path = layout::event_log(mission_dir);
    let change = changes.iter().find(|change| change.path == path);
    change.map(|change| log_grows(repo, change)).transpose()
}

/// Whether the changes leave any mission's log without lines that it had.
///
/// # Errors
/// As [`log_grew`].
pub(super) fn loses_log_lines(repo: &Repo, changes: &[Change]) -> Result<bool> {
    for change in changes.iter().filter(|change| is_log(&change.path)) {
        if !log_grows(repo, change)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `kitty-specs/MISSION/status.events.jsonl`, also where case does not count.
fn is_log(path: &RepoPath) -> bool {
    let path = path.as_bytes().to_ascii_lowercase();
    let parts: Vec<&[u8]> = path.split(|byte| *byte == b'/').collect();
    matches!(parts.as_slice(), [missions, _, log]
        if *missions == layout::MISSIONS.as_bytes() && *log == layout::EVENT_LOG.as_bytes())
}

fn log_grows(repo: &Repo, change: &Change) -> Result<bool> {
    let Some(new) = change.new.filter(is_plain).filter(|new| !is_unknown(*new)) else {
        return Ok(false);
    };
    grew(repo, &change.path.to_string(), change.old.map(|old| old.oid), new.oid)
}

/// Whether the log at `path`, which was the blob `old`, only grew to `new`, or was mended.
///
/// # Errors
/// If it could be read before and cannot any more.
fn grew(repo: &Repo, path: &str, old: Option<Oid>, new: Oid) -> Result<bool> {
    let old = old.map_or(Ok(Vec::new()), |old| repo.blob(old))?;
    let new = repo.blob(new)?;
    if !compare(&old, &new, false).is_empty() {
        return Ok(mends(&old, &new));
    }
    match Log::parse(path, &new) {
        Err(damage) if Log::parse(path, &old).is_ok() => Err(damage.into()),
        Err(_) | Ok(_) => Ok(true),
    }
}
