//! The coordination worktree: a view of a mission's coordination branch for people and other tools.
//! Nothing of ours needs it to write.

use std::path::PathBuf;

use anyhow::Result;

use super::following::catch_up_with_log;
use super::gate::absent;
use super::lanes::worktree_root;
use crate::domain::branch::BranchName;
use crate::domain::refusal::{Refusal, Warning, WorktreeRole};
use crate::git::worktree::{How, NewWorktree, Place, Removed, make, remove};
use crate::git::{Environment, Repo};
use crate::store::{Mission, Source};

/// Whether claims make it (`kitty.coordinationWorktree`).
const KEY: &str = "kitty.coordinationWorktree";

/// Where a mission's coordination worktree is or would be, absolute.
///
/// # Errors
/// As [`worktree_root`].
pub fn path(repo: &Repo, mission: &Mission) -> Result<PathBuf> {
    Ok(worktree_root(repo)?.join(format!("{}-coord", mission.dir)))
}

/// Makes it, or finishes it, or finds it there, and lets it follow a write that was killed.
///
/// # Errors
/// As [`make`]; [`Refusal::NoCoordinationBranch`] of an older mission,
/// [`Refusal::DestinationRemote`] if only the remote has the branch.
pub fn create(repo: &Repo, mission: &Mission) -> Result<(PathBuf, How, Vec<Warning>)> {
    let branch = branch(mission)?;
    if repo.find(&branch.ref_name()?)?.is_none() {
        return Err(absent(&|name| repo.find(name), branch)?.into());
    }
    let path = path(repo, mission)?;
    let role = WorktreeRole::Coordination;
    let mut made = make(repo, &NewWorktree { path: &path, branch, left_out: &[], role })?;
    if made.how == How::Present {
        made.warnings.extend(catch_up_with_log(repo, &branch.ref_name()?)?);
    }
    Ok((path, made.how, made.warnings))
}

/// Removes it, if it is there and nobody's work is in it.
///
/// # Errors
/// As [`remove`]; [`Refusal::NoCoordinationBranch`].
pub fn discard(repo: &Repo, mission: &Mission) -> Result<(PathBuf, Removed)> {
    let path = path(repo, mission)?;
    // One may stand in the worktree that goes.
    let repo = Repo::open(repo.common_dir(), Environment::default())?;
    let removed = remove(&repo, (&path, branch(mission)?), WorktreeRole::Coordination)?;
    Ok((path, removed))
}

/// Makes it where there is none, unless the settings say that none is wanted. One that somebody
/// deleted comes back with a warning; what stands in its way is a warning too, since it is needed
/// for nothing. Older missions have none.
///
/// # Errors
/// Unexpected ones only.
pub fn ensure_coordination_worktree(repo: &Repo, mission: &Mission) -> Result<Option<Warning>> {
    if !is_wanted(repo)? || mission.source == Source::Primary {
        return Ok(None);
    }
    match create(repo, mission) {
        Ok((path, How::Restored, _)) => Ok(Some(Warning {
            code: "COORDINATION_WORKTREE_MISSING",
            message: format!("the worktree `{}` had been deleted; it is back", path.display()),
        })),
        Ok((_, How::Present | How::Created | How::Completed, warnings)) => {
            Ok(warnings.into_iter().next())
        }
        Err(error) => {
            let refusal = error.downcast::<Refusal>()?;
            let message = format!("there is no coordination worktree: {refusal}");
            Ok(Some(Warning { code: refusal.code(), message }))
        }
    }
}

/// Whether the settings want one.
///
/// # Errors
/// [`Refusal::SettingInvalid`].
pub fn is_wanted(repo: &Repo) -> Result<bool, Refusal> {
    Ok(repo.config_boolean(KEY)?.unwrap_or(true))
}

fn branch(mission: &Mission) -> Result<&BranchName, Refusal> {
    match &mission.source {
        Source::Coordination { branch, .. } => Ok(branch),
        Source::Primary => Err(Refusal::NoCoordinationBranch { mission: mission.dir.clone() }),
    }
}

/// Whether it is there, as Git knows it.
///
/// # Errors
/// As [`Repo::place`].
pub fn is_present(repo: &Repo, mission: &Mission) -> Result<bool> {
    Ok(matches!(repo.place(&path(repo, mission)?)?, Place::Worktree(_)))
}
