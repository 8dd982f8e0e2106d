//! How the lanes of a mission stand in Git and on disk. Looking changes nothing.

use std::path::PathBuf;

use anyhow::Result;

use super::site::Site;
use crate::domain::id::{LaneId, WpId};
use crate::git::Repo;
use crate::git::worktree::{Place, is_begun, is_drifted};
use crate::store::{Mission, Store};

/// A lane, and what there is of it.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The lane.
    pub lane_id: LaneId,
    /// Its branch; of the lane of planning artefacts the target.
    pub branch: String,
    /// Where its worktree is, or would be.
    pub worktree: PathBuf,
    /// The branch that it is cut from.
    pub base: String,
    /// What there is.
    pub state: State,
    /// Its work packages.
    pub wp_ids: Vec<WpId>,
}

/// What there is of a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is the lane of planning artefacts: the primary checkout, on the target branch.
    Primary,
    /// It has no branch yet.
    NotOpen,
    /// Branch and worktree are as they should be.
    Open,
    /// It has a branch, and no worktree.
    NoWorktree,
    /// Its branch is checked out in another place than its own, e.g. since its worktree was moved.
    Elsewhere,
    /// Its worktree was begun, and not finished, or its record or branch is gone.
    Incomplete,
    /// Its worktree leaves other files out than it should.
    Drifted,
    /// Its worktree has another branch checked out.
    WrongBranch,
    /// Something else stands where its worktree belongs.
    PathTaken,
}

impl State {
    /// Its name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::NotOpen => "not_open",
            Self::Open => "open",
            Self::NoWorktree => "no_worktree",
            Self::Elsewhere => "elsewhere",
            Self::Incomplete => "incomplete",
            Self::Drifted => "drifted",
            Self::WrongBranch => "wrong_branch",
            Self::PathTaken => "path_taken",
        }
    }
}

/// The lanes of a mission, in the order of `lanes.json`.
///
/// # Errors
/// If `lanes.json`, the refs or a worktree cannot be read.
pub fn list(repo: &Repo, mission: &Mission) -> Result<Vec<Standing>> {
    let lanes = Store::new(repo).lanes(mission)?;
    let mut standings = Vec::new();
    for lane in lanes.iter().flat_map(|lanes| &lanes.lanes) {
        if lane.id.is_planning() {
            standings.push(planning(repo, mission, (lane.id.clone(), lane.wp_ids.clone()))?);
            continue;
        }
        let site = Site::of(repo, mission, lanes.as_ref(), &lane.id)?;
        let state = state(repo, &site)?;
        let other = (state == State::NoWorktree).then(|| elsewhere(repo, &site)).transpose()?;
        let (state, worktree) = match other.flatten() {
            Some(place) => (State::Elsewhere, place),
            None => (state, site.path),
        };
        standings.push(Standing {
            lane_id: lane.id.clone(),
            branch: site.branch.to_string(),
            worktree,
            base: site.base,
            state,
            wp_ids: lane.wp_ids.clone(),
        });
    }
    Ok(standings)
}

fn planning(
    repo: &Repo,
    mission: &Mission,
    (lane_id, wp_ids): (LaneId, Vec<WpId>),
) -> Result<Standing> {
    let target = mission.meta.target_branch.clone();
    let worktree = repo.primary_work_tree()?.unwrap_or_else(|| repo.common_dir().to_owned());
    let (branch, base, state) = (target.clone(), target, State::Primary);
    Ok(Standing { lane_id, branch, worktree, base, state, wp_ids })
}

/// Where the branch of a lane is checked out, if its own place has not got it.
fn elsewhere(repo: &Repo, site: &Site) -> Result<Option<PathBuf>> {
    let mut all = repo.checkouts_of(&site.name)?;
    all.retain(|found| found.path.is_dir());
    Ok(all.into_iter().next().map(|found| found.path))
}

fn state(repo: &Repo, site: &Site) -> Result<State> {
    let has_branch = repo.find(&site.name)?.is_some();
    Ok(match repo.place(&site.path)? {
        Place::Absent | Place::Gone(_) if !has_branch => State::NotOpen,
        Place::Absent | Place::Gone(_) => State::NoWorktree,
        Place::Unrecorded => State::Incomplete,
        Place::Husk | Place::File => State::PathTaken,
        Place::Worktree(found) if is_begun(&found) => State::Incomplete,
        Place::Worktree(found) if found.branch.as_ref() != Some(&site.name) => State::WrongBranch,
        Place::Worktree(_) if !has_branch => State::Incomplete,
        Place::Worktree(found) if is_drifted(&found, &site.left_out)? => State::Drifted,
        Place::Worktree(_) => State::Open,
    })
}
