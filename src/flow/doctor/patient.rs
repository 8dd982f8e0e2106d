//! What checks look at: a repository with its missions and worktrees, read once.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::Treatment;
use crate::domain::id::LaneId;
use crate::domain::refname::RefName;
use crate::domain::refusal::Refusal;
use crate::domain::time::Instant;
use crate::flow::host::Host;
use crate::git::worktree::lost;
use crate::git::{Kind, MissionLock, Purpose, Repo, Worktree};
use crate::store::{Mission, Statuses, Store, Workspace};

/// A repository that is looked at.
pub(super) struct Patient<'p> {
    pub(super) repo: &'p Repo,
    pub(super) now: Instant,
    /// Who commits, if anything is to be mended and git knows somebody.
    pub(super) host: Option<&'p Host>,
    /// All missions by their directories.
    pub(super) missions: Vec<(String, Result<Mission, Refusal>)>,
    worktrees: Vec<Worktree>,
    /// The directory of the missions' worktrees.
    pub(super) directory: PathBuf,
}

impl<'p> Patient<'p> {
    pub(super) fn of(repo: &'p Repo, now: Instant, treatment: Treatment<'p>) -> Result<Self> {
        let host = match treatment {
            Treatment::None => None,
            Treatment::Fix(host) => host,
        };
        let directory = Workspace::directory(repo)?;
        let (missions, worktrees) = (Store::new(repo).all()?, repo.worktrees()?);
        Ok(Self { repo, now, host, missions, worktrees, directory })
    }

    pub(super) const fn store(&self) -> Store<'p> {
        Store::new(self.repo)
    }

    /// The missions that can be read.
    pub(super) fn healthy(&self) -> impl Iterator<Item = &Mission> {
        self.missions.iter().filter_map(|(_, mission)| mission.as_ref().ok())
    }

    /// The worktrees in the directory of the missions' worktrees.
    pub(super) fn of_missions(&self) -> impl Iterator<Item = &Worktree> {
        let directory = real(&self.directory);
        self.worktrees.iter().filter(move |worktree| {
            let parent = worktree.path.parent().map(real);
            worktree.kind == Kind::Linked && parent.as_ref() == Some(&directory)
        })
    }

    /// The worktree with the name of this path there, its directory present or not.
    pub(super) fn worktree_at(&self, path: &Path) -> Option<&Worktree> {
        self.of_missions().find(|worktree| worktree.path.file_name() == path.file_name())
    }

    /// What brings a worktree of `branch` back to `path`: `fix`, and before that what keeps the
    /// commit of a record that is still there.
    pub(super) fn way_back(&self, path: &Path, branch: &RefName, fix: String) -> Result<String> {
        let record = self.worktree_at(path).filter(|record| !record.path.is_dir());
        let lost = record.map(|record| lost(self.repo, record, branch)).transpose()?.flatten();
        Ok(lost.map_or_else(|| fix.clone(), |refusal| format!("{}: {fix}", refusal.hint())))
    }

    /// Whether the worktree with this Git directory has its directory.
    pub(super) fn has_living(&self, git_dir: &Path) -> bool {
        let git_dir = real(git_dir);
        self.worktrees.iter().any(|known| real(&known.git_dir) == git_dir && known.path.is_dir())
    }

    /// Whether a worktree is somewhere below a directory.
    pub(super) fn has_worktree_below(&self, directory: &Path) -> bool {
        let directory = real(directory);
        let paths = self.worktrees.iter().map(|worktree| real(&worktree.path));
        paths.into_iter().any(|path| path != directory && path.starts_with(&directory))
    }

    /// The lanes of a mission, and where they are worked on; none where `lanes.json` is damaged,
    /// which another check says.
    pub(super) fn workspaces(&self, mission: &Mission) -> Result<Vec<(LaneId, Workspace)>> {
        let lanes = readable(self.store().lanes(mission))?.flatten();
        let mut found = Vec::new();
        for lane in lanes.iter().flat_map(|lanes| &lanes.lanes) {
            let workspace = Workspace::of_lane(self.repo, mission, &lane.id)?;
            found.extend(workspace.map(|workspace| (lane.id.clone(), workspace)));
        }
        Ok(found)
    }

    /// The statuses of a mission; none where its log is damaged, which another check says.
    pub(super) fn statuses(&self, mission: &Mission) -> Result<Statuses> {
        Ok(readable(self.store().statuses(mission))?.unwrap_or_default())
    }
}

/// What was read; `None` if it is damaged.
pub(super) fn readable<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is::<Refusal>() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The lock of a mission, for who mends something of it.
pub(super) fn lock(repo: &Repo, mission: &Mission, now: Instant) -> Result<MissionLock> {
    let purpose = Purpose { actor: "doctor", command: "doctor --fix", since: now };
    MissionLock::acquire(repo, &mission.meta.mission_slug, &purpose)
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
