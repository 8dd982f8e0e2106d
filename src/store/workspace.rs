//! Where a mission's lanes are worked on, and what stands there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::mission::{Mission, Store};
use crate::domain::board::Obstacle;
use crate::domain::id::LaneId;
use crate::domain::lanes::Lanes;
use crate::domain::layout;
use crate::domain::refname::RefName;
use crate::git::{Kind, Repo, Worktree};

/// Where a branch of a mission is worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// The branch.
    pub branch: RefName,
    /// The worktree, absolute.
    pub path: PathBuf,
}

impl Workspace {
    /// That of a lane; `None` for the planning lane, which has none of its own.
    ///
    /// # Errors
    /// If the primary checkout cannot be found out, or no ref can have the branch's name.
    pub fn of_lane(repo: &Repo, mission: &Mission, lane: &LaneId) -> Result<Option<Self>> {
        if lane.is_planning() {
            return Ok(None);
        }
        let branch = RefName::of_branch(format!("{}-{lane}", mission.branch()))?;
        let path = Self::directory(repo)?.join(format!("{}-{lane}", mission.dir));
        Ok(Some(Self { branch, path }))
    }

    /// The directory of all worktrees of missions, which need not be there.
    ///
    /// # Errors
    /// If the primary checkout cannot be found out.
    pub fn directory(repo: &Repo) -> Result<PathBuf> {
        let top = repo.primary_work_tree()?.unwrap_or_else(|| repo.common_dir().to_owned());
        Ok(top.join(layout::WORKTREES))
    }

    /// What keeps the branch from being worked on there: another worktree has it checked out, or the
    /// path is something else.
    fn obstacles(&self, worktrees: &[Worktree]) -> Vec<Obstacle> {
        let own = worktrees.iter().find(|known| same(&known.path, &self.path));
        let elsewhere = worktrees.iter().filter(|known| {
            known.kind != Kind::Bare
                && known.branch.as_ref() == Some(&self.branch)
                && !same(&known.path, &self.path)
        });
        let elsewhere = elsewhere.map(|known| {
            let (branch, path) = (&self.branch, known.path.display());
            ("BRANCH_CHECKED_OUT", format!("`{branch}` is checked out in `{path}`"))
        });
        elsewhere.chain(self.taken(own)).collect()
    }

    fn taken(&self, own: Option<&Worktree>) -> Option<Obstacle> {
        let path = self.path.display();
        let (code, what) = match own {
            Some(own) if own.branch.as_ref() == Some(&self.branch) => return None,
            Some(Worktree { branch: Some(other), .. }) => {
                ("LANE_WORKTREE_BRANCH_MISMATCH", format!("has `{other}` checked out"))
            }
            Some(Worktree { branch: None, .. }) => {
                ("LANE_WORKTREE_BRANCH_MISMATCH", "has no branch checked out".to_owned())
            }
            None if is_free(&self.path) => return None,
            None => ("WORKTREE_PATH_TAKEN", "is no worktree of this repository".to_owned()),
        };
        Some((code, format!("`{path}` {what}")))
    }
}

impl Store<'_> {
    /// All worktrees, listed once.
    pub(super) fn worktrees(&self) -> Result<&[Worktree]> {
        if self.worktrees.get().is_none() {
            let _ = self.worktrees.set(self.repo.worktrees()?);
        }
        Ok(self.worktrees.get().map(Vec::as_slice).unwrap_or_default())
    }

    /// What keeps lanes of a mission from being worked on.
    pub(super) fn obstacles(
        &self,
        mission: &Mission,
        lanes: Option<&Lanes>,
    ) -> Result<BTreeMap<LaneId, Vec<Obstacle>>> {
        let mut found = BTreeMap::new();
        for lane in lanes.iter().flat_map(|lanes| &lanes.lanes) {
            let Some(workspace) = Workspace::of_lane(self.repo, mission, &lane.id)? else {
                continue;
            };
            let obstacles = workspace.obstacles(self.worktrees()?);
            if !obstacles.is_empty() {
                found.insert(lane.id.clone(), obstacles);
            }
        }
        Ok(found)
    }
}

/// Whether a worktree can be made there: nothing, or an empty directory.
fn is_free(path: &Path) -> bool {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => {
            fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
        }
        Ok(_) => false,
        Err(_) => true,
    }
}

/// Whether two paths are one place, through symbolic links too.
fn same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    one == other
        || (one.file_name() == other.file_name()
            && real(one).is_some_and(|one| real(other) == Some(one)))
}
