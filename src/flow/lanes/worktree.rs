//! The worktree of a lane.

use std::path::PathBuf;

use anyhow::Result;

use super::context;
use super::site::Site;
use crate::domain::id::{LaneId, WpId};
use crate::domain::path::RepoPath;
use crate::domain::refusal::{Refusal, Warning};
use crate::flow::following::catch_up_with_log;
use crate::flow::host::Host;
use crate::git::Repo;
use crate::git::worktree::{How, Place, make, present};
use crate::store::{Mission, Store};

/// A lane's worktree that is there.
#[derive(Debug, Clone)]
pub struct LaneWorktree {
    /// The lane.
    pub site: Site,
    /// Where it is, absolute.
    pub path: PathBuf,
    /// How it came to be.
    pub how: How,
    /// What is worth telling.
    pub warnings: Vec<Warning>,
}

/// Makes the worktree of a lane whose branch exists, or finishes it, puts its sparse checkout right,
/// lets it follow a sync that was killed, and records it where Spec Kitty looks, for `wp_id` or the
/// lane's first work package. Done again, it changes nothing.
///
/// # Errors
/// As [`make`] and [`Site::of`], and if the lane has no branch yet.
pub fn make_worktree(
    repo: &Repo,
    host: &Host,
    mission: &Mission,
    (id, wp_id): (&LaneId, Option<&WpId>),
) -> Result<LaneWorktree> {
    let lanes = Store::new(repo).lanes(mission)?;
    let site = Site::of(repo, mission, lanes.as_ref(), id)?;
    if repo.find(&site.name)?.is_none() {
        return Err(site.not_open().into());
    }
    let made = make(repo, &site.new_worktree()).map_err(|error| match error.downcast_ref() {
        Some(Refusal::DestinationMissing { .. }) => site.not_open().into(),
        Some(_) | None => error,
    })?;
    let mut warnings = made.warnings;
    if made.how == How::Present {
        warnings.extend(catch_up_with_log(repo, &site.name)?);
    }
    warnings.extend(kept(repo, &site)?);
    warnings.extend(context::record(repo, host, mission, (&site, wp_id)));
    let path = site.path.clone();
    Ok(LaneWorktree { site, path, how: made.how, warnings })
}

/// The status files that somebody changed in the lane, so that they stay there.
fn kept(repo: &Repo, site: &Site) -> Result<Vec<Warning>> {
    let Place::Worktree(found) = repo.place(&site.path)? else { return Ok(Vec::new()) };
    if found.under_way().is_some() {
        return Ok(Vec::new());
    }
    let told = |path: &RepoPath| Warning {
        code: "STATUS_FILE_KEPT",
        message: format!(
            "`{path}` was changed in the worktree, but only the coordination branch keeps it: take \
             out what you need, then `git -C '{}' checkout HEAD -- {path}` and `git kitty lane \
             repair {} --mission {}`",
            site.path.display(),
            site.lane.id,
            site.mission
        ),
    };
    Ok(present(&found, &site.left_out).into_iter().map(told).collect())
}
