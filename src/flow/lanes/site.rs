//! Where a lane is: the names of its branch, worktree and files, and which lane a checkout is.

use std::path::PathBuf;

use anyhow::Result;

use crate::domain::branch::BranchName;
use crate::domain::id::{LaneId, WpId};
use crate::domain::lanes::{Lane, Lanes};
use crate::domain::layout;
use crate::domain::path::RepoPath;
use crate::domain::refname::RefName;
use crate::domain::refusal::{Refusal, WorktreeRole};
use crate::git::Repo;
use crate::git::worktree::{NewWorktree, is_same};
use crate::store::{Mission, Source, Store, Workspace};

/// A lane with its names. The lane of planning artefacts has none.
#[derive(Debug, Clone)]
pub struct Site {
    /// The mission's directory.
    pub mission: String,
    /// The lane.
    pub lane: Lane,
    /// Its branch, whether that exists or not.
    pub branch: BranchName,
    /// The name of the branch's ref.
    pub name: RefName,
    /// Its worktree, absolute, whether that exists or not.
    pub path: PathBuf,
    /// The branch that it is cut from and kept in step with.
    pub base: String,
    /// The files that its worktree leaves out: those that the coordination branch keeps.
    pub left_out: Vec<RepoPath>,
}

impl Site {
    /// The place of a lane that has a branch and a worktree.
    ///
    /// # Errors
    /// [`Refusal::LaneNotFound`], [`Refusal::LaneOfPlanning`].
    pub fn of(repo: &Repo, mission: &Mission, lanes: Option<&Lanes>, id: &LaneId) -> Result<Self> {
        let unknown =
            || Refusal::LaneNotFound { lane: id.to_string(), mission: mission.dir.clone() };
        let lane = lanes.and_then(|lanes| lanes.lane(id)).ok_or_else(unknown)?;
        if id.is_planning() {
            let target = mission.meta.target_branch.clone();
            return Err(Refusal::LaneOfPlanning { target }.into());
        }
        let branch: BranchName = mission.lane_branch(id).parse()?;
        Ok(Self {
            mission: mission.dir.clone(),
            name: branch.ref_name()?,
            branch,
            path: worktree_root(repo)?.join(format!("{}-{id}", mission.dir)),
            base: base(repo, mission)?,
            left_out: left_out(mission),
            lane: lane.clone(),
        })
    }
}

impl Site {
    /// The place of the lane that has a work package; `None` for one without lane, or in that of
    /// planning artefacts.
    ///
    /// # Errors
    /// If a branch or the primary checkout cannot be found out.
    pub(in crate::flow) fn of_wp(
        repo: &Repo,
        mission: &Mission,
        lanes: Option<&Lanes>,
        wp_id: &WpId,
    ) -> Result<Option<Self>> {
        let lane = lanes.and_then(|lanes| lanes.lane_of(wp_id));
        let lane = lane.filter(|lane| !lane.id.is_planning());
        lane.map(|lane| Self::of(repo, mission, lanes, &lane.id)).transpose()
    }

    /// That it has no branch.
    pub(in crate::flow) fn not_open(&self) -> Refusal {
        Refusal::LaneNotOpen {
            mission: self.mission.clone(),
            lane: self.lane.id.to_string(),
            branch: self.branch.to_string(),
        }
    }

    /// Its worktree, to be made.
    pub(in crate::flow) fn new_worktree(&self) -> NewWorktree<'_> {
        NewWorktree {
            path: &self.path,
            branch: &self.branch,
            left_out: &self.left_out,
            role: WorktreeRole::Lane,
        }
    }
}

/// The directory of all worktrees that git-kitty makes: in the primary checkout, or in a bare
/// repository.
///
/// # Errors
/// As [`Repo::primary_work_tree`].
pub fn worktree_root(repo: &Repo) -> Result<PathBuf> {
    Workspace::directory(repo)
}

/// The coordination branch; of an older mission the branch that its lanes are merged into, or the
/// target until that exists.
fn base(repo: &Repo, mission: &Mission) -> Result<String> {
    let branch = mission.branch();
    match &mission.source {
        Source::Coordination { .. } => Ok(branch),
        Source::Primary if repo.find(&RefName::of_branch(&branch)?)?.is_some() => Ok(branch),
        Source::Primary => Ok(mission.meta.target_branch.clone()),
    }
}

fn left_out(mission: &Mission) -> Vec<RepoPath> {
    match &mission.source {
        Source::Coordination { .. } => layout::status_files(&mission.dir).to_vec(),
        Source::Primary => Vec::new(),
    }
}

/// The lane that was named; else the one whose branch is checked out here; else the only one there
/// is.
///
/// # Errors
/// [`Refusal::LaneRequired`] with the candidates.
pub fn lane_of_checkout(repo: &Repo, mission: &Mission, named: Option<&LaneId>) -> Result<LaneId> {
    if let Some(lane) = named {
        return Ok(lane.clone());
    }
    let store = Store::new(repo);
    let head = repo.head()?.branch().cloned();
    let name = head.map_or_else(|| repo.rebasing(), |name| Ok(Some(name)))?;
    if let Some(branch) = name.as_ref().and_then(BranchName::of_ref)
        && let Some((found, Some(lane))) = store.by_branch(&branch)?
        && found.dir == mission.dir
    {
        return Ok(lane);
    }
    let lanes = store.lanes(mission)?;
    if let Some(own) = lane_at(repo, mission, lanes.as_ref())? {
        return Ok(own);
    }
    let lanes = lanes.map(|lanes| lanes.lanes).unwrap_or_default();
    let mut ids = lanes.into_iter().map(|lane| lane.id).filter(|id| !id.is_planning());
    match (ids.next(), ids.next()) {
        (Some(only), None) => Ok(only),
        (first, second) => {
            let all = first.into_iter().chain(second).chain(ids);
            Err(Refusal::LaneRequired { candidates: all.map(|id| id.to_string()).collect() }.into())
        }
    }
}

/// The lane whose place this worktree is at, whatever is checked out in it.
fn lane_at(repo: &Repo, mission: &Mission, lanes: Option<&Lanes>) -> Result<Option<LaneId>> {
    let Some(here) = repo.work_tree() else { return Ok(None) };
    let ids = lanes.iter().flat_map(|lanes| &lanes.lanes).map(|lane| &lane.id);
    for id in ids.filter(|id| !id.is_planning()) {
        if is_same(&Site::of(repo, mission, lanes, id)?.path, here) {
            return Ok(Some(id.clone()));
        }
    }
    Ok(None)
}
