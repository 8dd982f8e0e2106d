//! Taking what a person made of a conflict, judged as a merge is.

use anyhow::Result;

use super::land::joined;
use super::markers::are_left;
use super::resolutions::resolution;
use super::resolve::{check_untouched, is_open, message, unresolved};
use super::settle::settle;
use crate::domain::change::Change;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refusal::{MergeRefusal, Refusal};
use crate::flow::branch_judge::{BranchJudge, Counting, Share};
use crate::flow::guard::Judgement;
use crate::flow::host::Host;
use crate::flow::lanes::Site;
use crate::git::worktree::{Resolving, conclude, end_merge, index_tree, resolving};
use crate::git::{
    AutoMerge, CommitSpec, Durability, Kept, Repo, Signed, Worktree, Writer, automatic_merge, crash,
};
use crate::policy::Outcome;
use crate::store::merge_plan::{MergePlan, MergePlans, Stop};
use crate::store::{Mission, Store};

/// A conflict and the worktree for it.
pub(super) struct Taking<'t> {
    pub(super) repo: &'t Repo,
    pub(super) mission: &'t Mission,
    pub(super) stop: &'t Stop,
    pub(super) worktree: &'t Worktree,
}

impl Taking<'_> {
    /// Writes down what came of the conflict, and concludes it. Where it is not laid out, or no more,
    /// nothing is taken.
    ///
    /// # Errors
    /// [`MergeRefusal::Unresolved`], [`MergeRefusal::ResolutionOutOfScope`]; if git fails.
    pub(super) fn take(&self, host: &Host, (plans, plan): (&MergePlans, &MergePlan)) -> Result<()> {
        let repo = self.repo;
        let found = standing(repo, self.stop, self.worktree)?;
        let sides = sides(self.stop)?;
        let is_committed =
            found.merge_heads.is_empty() && repo.commit(found.head)?.parents == sides;
        if !is_committed && !is_open(self.stop, &found)? {
            return check_untouched(self.mission, (self.worktree, &found), plans);
        }
        let result = self.result(&found, is_committed)?;
        let merge = self.laid_out(sides)?;
        self.check((&merge, plan), (result, sides))?;
        let commit = match is_committed {
            true => found.head,
            false => self.commit(host, (result, sides))?,
        };
        plans.resolve(resolution(repo, (&merge, sides[0]), (result, commit))?)?;
        crash::point("continue-recorded");
        if !is_committed {
            conclude(self.worktree, commit)?;
        }
        Ok(())
    }

    /// The merge that was laid out, which others may have gone on from since.
    fn laid_out(&self, sides: [Oid; 2]) -> Result<AutoMerge> {
        let repo = self.repo;
        let writer = Writer::new(repo, Durability::Git);
        let Some(lane) = &self.stop.lane else { return joined(&writer, repo, sides) };
        let lanes = Store::new(repo).lanes(self.mission)?;
        let site = Site::of(repo, self.mission, lanes.as_ref(), &lane.parse()?)?;
        let [ours, theirs] = sides;
        let kept = Kept { tree: repo.tree_of_commit(ours)?, paths: &site.left_out, but: &[] };
        let merge = automatic_merge(repo, ours, &[theirs])?.keeping(&writer, &kept)?;
        settle(&writer, repo, merge, sides)
    }

    fn commit(&self, host: &Host, (tree, sides): (Oid, [Oid; 2])) -> Result<Oid> {
        let signed = Signed { who: &host.identity, at: host.now() };
        Writer::new(self.repo, Durability::of(self.repo)?).commit(&CommitSpec {
            tree,
            parents: sides.to_vec(),
            author: signed,
            committer: signed,
            message: &message(self.mission, self.stop),
        })
    }

    /// The tree that the person made, all of it staged or committed.
    fn result(&self, found: &Resolving, is_committed: bool) -> Result<Oid> {
        let named = |paths: &[RepoPath]| paths.iter().map(ToString::to_string).collect();
        let refused =
            |paths, what| Err(unresolved(self.mission, self.worktree, paths, what).into());
        if !found.unmerged.is_empty() {
            return refused(named(&found.unmerged), "not resolved yet");
        }
        if !found.unstaged.is_empty() {
            return refused(named(&found.unstaged), "changed, and not staged");
        }
        if is_committed && !found.staged.is_empty() {
            return refused(named(&found.staged), "staged, and not committed");
        }
        index_tree(self.worktree)
    }

    /// That the result has no conflict markers left, and nothing that is no part of the conflict but
    /// what a work package of the lanes owns.
    fn check(
        &self,
        (merge, plan): (&AutoMerge, &MergePlan),
        (result, sides): (Oid, [Oid; 2]),
    ) -> Result<()> {
        let repo = self.repo;
        let mut marked = Vec::new();
        for conflict in &merge.stages {
            let entry = repo.entry(result, &conflict.path)?;
            if are_left(repo, conflict, (entry, sides))? {
                marked.push(conflict.path.to_string());
            }
        }
        if !marked.is_empty() {
            let what = "conflict markers are left";
            return Err(unresolved(self.mission, self.worktree, marked, what).into());
        }
        let changes = repo.diff(Some(merge.tree), Some(result))?;
        let beside = |change: &Change| !merge.is_in_conflict(&change.path);
        let strange = self.foreign(plan, changes.into_iter().filter(beside).collect())?;
        if strange.is_empty() {
            return Ok(());
        }
        let paths = strange.iter().map(|change| change.path.to_string()).collect();
        let mission = self.mission.dir.clone();
        let worktree = self.worktree.path.display().to_string();
        Err(Refusal::from(MergeRefusal::ResolutionOutOfScope { mission, worktree, paths }).into())
    }

    /// Those of the changes that no lane of the merge may make.
    fn foreign(&self, plan: &MergePlan, changes: Vec<Change>) -> Result<Vec<Change>> {
        if changes.is_empty() {
            return Ok(changes);
        }
        let (repo, store) = (self.repo, Store::new(self.repo));
        let lanes = store.lanes(self.mission)?;
        let mut judges = Vec::new();
        for (id, _) in &plan.lanes {
            let site = Site::of(repo, self.mission, lanes.as_ref(), &id.parse()?)?;
            judges.push(BranchJudge::find(&store, repo, site.branch, Counting::EverClaimed)?);
        }
        let mut strange = Vec::new();
        for change in changes {
            let one = std::slice::from_ref(&change);
            let mut is_owned = false;
            for judge in &judges {
                let verdict = Judgement::of(judge, (one, Share::Part))?.verdict;
                is_owned |= verdict.outcome == Outcome::Allowed;
            }
            if !is_owned {
                strange.push(change);
            }
        }
        Ok(strange)
    }
}

/// How the worktree of a conflict stands. Where HEAD is at a commit that concludes it, git's merge is
/// ended: who made that commit was killed before it did so.
///
/// # Errors
/// If git fails.
pub(super) fn standing(repo: &Repo, stop: &Stop, worktree: &Worktree) -> Result<Resolving> {
    let mut found = resolving(worktree)?;
    let sides = sides(stop)?;
    let [_, theirs] = sides;
    if *found.merge_heads == [theirs] && repo.commit(found.head)?.parents == sides {
        end_merge(worktree)?;
        found.merge_heads.clear();
    }
    Ok(found)
}

fn sides(stop: &Stop) -> Result<[Oid; 2]> {
    Ok([stop.ours.parse()?, stop.theirs.parse()?])
}
