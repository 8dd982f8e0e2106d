//! Whether and how the mission can land, before that is done.

use std::collections::BTreeSet;

use anyhow::Result;

use super::ground::Ground;
use super::land::joined;
use super::together::{Changed, Together, authors, changed, each};
use crate::domain::change::Change;
use crate::domain::layout;
use crate::domain::merging::Counts;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refusal::{MergeRefusal, Refusal};
use crate::git::{AutoMerge, Repo, Writer};
use crate::policy::config::MergeStrategy;

/// A landing that is planned.
pub(super) struct StageTwo {
    pub(super) strategy: MergeStrategy,
    /// The commit that the mission lands on.
    pub(super) onto: Oid,
    /// What both come from.
    pub(super) bases: Vec<Oid>,
    pub(super) counts: Counts,
    can_forward: bool,
    merge: AutoMerge,
}

impl StageTwo {
    /// Merges what the lanes come to into the target, in memory.
    ///
    /// # Errors
    /// If a commit cannot be read, or git fails.
    pub(super) fn plan(
        ground: &Ground<'_>,
        writer: &Writer<'_>,
        (onto, lanes): (Oid, &Together),
    ) -> Result<Self> {
        let repo = ground.repo;
        let can_forward = repo.is_ancestor(onto, lanes.tip)?;
        let default = if can_forward { MergeStrategy::FastForward } else { MergeStrategy::Merge };
        let bases = repo.merge_bases(onto, lanes.tip)?;
        Ok(Self {
            strategy: ground.strategy.unwrap_or(default),
            onto,
            counts: counts(repo, bases.first().copied(), [onto, lanes.tip])?,
            bases,
            can_forward,
            merge: joined(writer, repo, [onto, lanes.tip])?,
        })
    }

    /// The tree that lands, but for the mission's own files.
    pub(super) const fn tree(&self) -> Oid {
        self.merge.tree
    }

    /// What the strategy cannot do.
    ///
    /// # Errors
    /// If a tree cannot be read.
    pub(super) fn blockers(&self, ground: &Ground<'_>) -> Result<Option<Refusal>> {
        let (mission, target) = (ground.mission.dir.clone(), ground.target.branch.to_string());
        Ok(match self.strategy {
            MergeStrategy::FastForward if !self.can_forward => {
                Some(MergeRefusal::NotFastForward { mission, target }.into())
            }
            MergeStrategy::Squash if self.is_empty(ground)? => {
                Some(MergeRefusal::Empty { mission, target }.into())
            }
            MergeStrategy::FastForward
            | MergeStrategy::Merge
            | MergeStrategy::Squash
            | MergeStrategy::Rebase => None,
        })
    }

    /// Whether nothing but the mission's own directory would change.
    fn is_empty(&self, ground: &Ground<'_>) -> Result<bool> {
        let repo = ground.repo;
        let own = format!("{}/{}/", layout::MISSIONS, ground.mission.dir);
        let changes = repo.diff(Some(repo.tree_of_commit(self.onto)?), Some(self.merge.tree))?;
        Ok(changes.iter().all(|one| one.path.as_bytes().starts_with(own.as_bytes())))
    }

    /// The conflict with what the target has, if there is one.
    ///
    /// # Errors
    /// If a tree cannot be read.
    pub(super) fn conflict(
        &self,
        ground: &Ground<'_>,
        lanes: &Together,
    ) -> Result<Option<MergeRefusal>> {
        if self.merge.clean {
            return Ok(None);
        }
        let mut changes: Vec<Changed> = Vec::new();
        for step in &lanes.steps {
            let paths = changed(ground.repo, self.onto, step.tip)?;
            changes.push((step.lane_id.to_string(), paths));
        }
        let sides = |path: &RepoPath| {
            let mut theirs = authors(&changes, path);
            if theirs.is_empty() {
                theirs.push("coordination".to_owned());
            }
            [vec!["target".to_owned()], theirs]
        };
        let conflicts = each(&self.merge, (2, None), sides);
        let (mission, target) = (ground.mission.dir.clone(), ground.target.branch.to_string());
        Ok(Some(MergeRefusal::LandingConflict { mission, target, conflicts }))
    }
}

/// How many paths each side changed since the base, and how many both did.
///
/// # Errors
/// If a tree cannot be read.
pub(super) fn counts(repo: &Repo, base: Option<Oid>, sides: [Oid; 2]) -> Result<Counts> {
    let base = base.map(|base| repo.tree_of_commit(base)).transpose()?;
    let paths = |side: Oid| -> Result<BTreeSet<RepoPath>> {
        let changes: Vec<Change> = repo.diff(base, Some(repo.tree_of_commit(side)?))?;
        Ok(changes.into_iter().map(|change| change.path).collect())
    };
    let [target, mission] = sides;
    let (target, mission) = (paths(target)?, paths(mission)?);
    let both = target.intersection(&mission).count();
    Ok(Counts { target_paths: target.len(), mission_paths: mission.len(), both, resolved: 0 })
}
