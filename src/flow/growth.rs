//! Whether a change of a mission's log only adds to it.

use anyhow::Result;

use super::exemption::is_plain;
use super::hypothetical::is_unknown;
use crate::domain::change::Change;
use crate::domain::event::Log;
use crate::domain::event::integrity::{compare, has_grown};
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::git::Repo;

/// Whether the mission's log, if it is among the changes, still begins with what it held, or has it in
/// the order of the merge driver, as a rebase leaves it. Of content that is not known that cannot be
/// said.
///
/// # Errors
/// If it could be read before and cannot any more: what only grows could not be mended.
pub(super) fn log_grew(repo: &Repo, mission_dir: &str, changes: &[Change]) -> Result<Option<bool>> {
    let path = format!("{}/{mission_dir}/{}", layout::MISSIONS, layout::EVENT_LOG);
    let Some(change) = changes.iter().find(|change| change.path.as_bytes() == path.as_bytes())
    else {
        return Ok(None);
    };
    let Some(new) = change.new.filter(is_plain) else { return Ok(Some(false)) };
    if is_unknown(new) {
        return Ok(Some(false));
    }
    let old = change.old.map(|old| old.oid);
    grew(repo, &path, old, new.oid).map(Some)
}

/// Whether the log at `path`, which was the blob `old`, only grew to `new`.
///
/// # Errors
/// If it could be read before and cannot any more.
fn grew(repo: &Repo, path: &str, old: Option<Oid>, new: Oid) -> Result<bool> {
    let old = old.map_or(Ok(Vec::new()), |old| repo.blob(old))?;
    let new = repo.blob(new)?;
    if !has_grown(&old, &new) && !compare(&old, &new, false).is_empty() {
        return Ok(false);
    }
    match Log::parse(path, &new) {
        Err(damage) if Log::parse(path, &old).is_ok() => Err(damage.into()),
        Err(_) | Ok(_) => Ok(true),
    }
}
