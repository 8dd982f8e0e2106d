//! Whether and how the mission can land, before that is done.

use std::collections::BTreeSet;

use anyhow::Result;

use super::ground::Ground;
use super::land::joined;
use super::together::{Changed, Stopped, Together, authors, changed, each};
use crate::domain::change::Change;
use crate::domain::layout;
use crate::domain::merging::{Counts, PathConflict, Resolved};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refusal::{MergeRefusal, Refusal};
use crate::git::{AutoMerge, CommitSpec, Repo, Signed, Writer};
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
        (onto, lanes): (Oid, &mut Together),
    ) -> Result<Self> {
        let repo = ground.repo;
        let mut bases = repo.merge_bases(onto, lanes.tip)?;
        let mut merge = match bases == [onto] {
            // Nothing to join, which git would say as well.
            true => AutoMerge::of_tree(repo.tree_of_commit(lanes.tip)?),
            false => joined(writer, repo, [onto, lanes.tip])?,
        };
        if !merge.clean && take_target(ground, writer, (onto, lanes))? {
            merge = joined(writer, repo, [onto, lanes.tip])?;
            bases = vec![onto];
        }
        let can_forward = bases == [onto];
        let default = if can_forward { MergeStrategy::FastForward } else { MergeStrategy::Merge };
        let mut counts = counts(repo, bases.first().copied(), [onto, lanes.tip])?;
        counts.resolved = lanes.resolved.iter().map(|one| one.paths.len()).sum();
        let strategy = ground.strategy.unwrap_or(default);
        Ok(Self { strategy, onto, bases, counts, can_forward, merge })
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
    ///
    /// # Errors
    /// If a tree cannot be read.
    pub(super) fn is_empty(&self, ground: &Ground<'_>) -> Result<bool> {
        let repo = ground.repo;
        let own = format!("{}/{}/", layout::MISSIONS, ground.mission.dir);
        let changes = repo.diff(Some(repo.tree_of_commit(self.onto)?), Some(self.merge.tree))?;
        Ok(changes.iter().all(|one| one.path.as_bytes().starts_with(own.as_bytes())))
    }
}

/// Merges the target into what the lanes come to, where a person has resolved that; else tells the
/// conflict. Whether the mission has the target now.
///
/// # Errors
/// If a commit cannot be read or written, or git fails.
fn take_target(
    ground: &Ground<'_>,
    writer: &Writer<'_>,
    (onto, lanes): (Oid, &mut Together),
) -> Result<bool> {
    let (repo, ours) = (ground.repo, lanes.tip);
    let merge = joined(writer, repo, [ours, onto])?;
    let merge = ground.resolutions.take((writer, repo), merge, [ours, onto])?;
    if !merge.clean {
        lanes.stopped = Some(stopped(ground, lanes, (onto, merge))?);
        return Ok(false);
    }
    let signed = Signed { who: &ground.host.identity, at: ground.host.now() };
    let target = &ground.target.branch;
    lanes.tip = writer.commit(&CommitSpec {
        tree: merge.tree,
        parents: vec![ours, onto],
        author: signed,
        committer: signed,
        message: &format!("Merge {target} into {}\n", ground.mission.branch()),
    })?;
    let paths = ground.resolutions.taken(onto).unwrap_or_default();
    lanes.resolved.push(Resolved { commit: lanes.tip.to_string(), paths });
    Ok(true)
}

/// The conflict with what the target has.
fn stopped(
    ground: &Ground<'_>,
    lanes: &Together,
    (onto, merge): (Oid, AutoMerge),
) -> Result<Stopped> {
    let mut changes: Vec<Changed> = Vec::new();
    for step in &lanes.steps {
        let paths = changed(ground.repo, onto, step.tip)?;
        changes.push((step.lane_id.to_string(), paths));
    }
    Ok(Stopped {
        lane: None,
        ours: lanes.tip,
        theirs: onto,
        conflicts: conflicts(&changes, &merge),
        merge,
        lanes: ground.lanes(),
    })
}

/// Whose work the target is in conflict with at each path.
pub(super) fn conflicts(lanes: &[Changed], merge: &AutoMerge) -> Vec<PathConflict> {
    let sides = |path: &RepoPath| [authors(lanes, path), vec!["target".to_owned()]];
    each(merge, (2, None), sides)
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
