//! The worktree in which people see a mission's coordination branch.

use anyhow::Result;

use super::case::{Case, left, mended};
use super::patient::{Patient, lock};
use crate::domain::finding::{Kind, Outcome};
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refname::RefName;
use crate::domain::refusal::quoted;
use crate::domain::time::Instant;
use crate::flow::coordination;
use crate::git::worktree::lost;
use crate::git::{Repo, Worktree, bring_up, catch_up, check};
use crate::store::{Mission, Source};

const MISSING: Kind = Kind::warning("COORDINATION_WORKTREE_MISSING");
const MISMATCH: Kind = Kind::error("COORDINATION_WORKTREE_BRANCH_MISMATCH")
    .left("who switched the branch may be working on it");
const DIRTY: Kind = Kind::warning("COORDINATION_WORKTREE_DIRTY").left("it is somebody's work");
const STALE: Kind = Kind::warning("COORDINATION_WORKTREE_STALE");

/// How many commits back a worktree is recognised.
const FAR: usize = 100;

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let mut cases = Vec::new();
    for mission in patient.healthy() {
        let Source::Coordination { branch, tip } = &mission.source else { continue };
        let path = coordination::path(patient.repo, mission)?;
        if let Some(worktree) = patient.worktree_at(&path) {
            let site = Site {
                repo: patient.repo,
                now: patient.now,
                mission: mission.clone(),
                worktree: worktree.clone(),
                branch: branch.ref_name()?,
                tip: *tip,
            };
            cases.extend(site.look()?);
        }
    }
    Ok(cases)
}

/// A coordination worktree that Git knows.
struct Site<'p> {
    repo: &'p Repo,
    now: Instant,
    mission: Mission,
    worktree: Worktree,
    branch: RefName,
    tip: Oid,
}

impl<'p> Site<'p> {
    fn look(self) -> Result<Option<Case<'p>>> {
        let path = self.worktree.path.display().to_string();
        if !self.worktree.path.is_dir() {
            let fix = format!("`git kitty mission worktree {}`", self.mission.dir);
            let lost = lost(self.repo, &self.worktree, &self.branch)?;
            let fix = lost.map_or_else(|| fix.clone(), |lost| format!("{}: {fix}", lost.hint()));
            let message = "Git has a record of it, and its directory is gone";
            let finding = MISSING.found(path, message, fix);
            return Ok(Some(Case::mended_by(finding, move || self.bring_back())));
        }
        if self.worktree.branch.as_ref() != Some(&self.branch) {
            let has = self.worktree.branch.as_ref();
            let has = has.map_or_else(|| "no branch".to_owned(), |name| format!("`{name}`"));
            let message = format!("it has {has} checked out, and not `{}`", self.branch);
            let fix = format!("`git -C {} switch {}`", quoted(&path), self.mission.branch());
            return Ok(Some(Case::left(MISMATCH.found(path, message, fix))));
        }
        let dirt = self.worktree.dirt()?;
        let Some(first) = dirt.first() else { return Ok(None) };
        if let Some((steps @ 1.., _)) = self.index_is_of()? {
            return Ok(Some(self.stale(steps)));
        }
        let message = match dirt.len() {
            1 => format!("`{first}` is not committed"),
            many => format!("`{first}` and {} more are not committed", many - 1),
        };
        let fix = self.way_out(&dirt);
        Ok(Some(Case::left(DIRTY.found(path, message, fix))))
    }

    /// What to do about what is not committed: not everything may be committed there.
    fn way_out(&self, dirt: &[RepoPath]) -> String {
        let there = quoted(&self.worktree.path.display().to_string());
        let mission = format!("{}/{}/", layout::MISSIONS, self.mission.dir);
        let is_status = |path: &&RepoPath| layout::is_status_file(path.file_name());
        let is_outside = |path: &&RepoPath| !path.as_bytes().starts_with(mission.as_bytes());
        if let Some(path) = dirt.iter().find(is_status) {
            let path = quoted(&path.to_string());
            return format!(
                "only git-kitty writes that file: `git -C {there} restore --source=HEAD --staged \
                 --worktree {path}`"
            );
        }
        if let Some(path) = dirt.iter().find(is_outside) {
            return format!(
                "the branch takes only what is below `{mission}`: move `{path}` elsewhere"
            );
        }
        format!("commit it there, or take it away: `git -C {there} status`")
    }

    /// Spec Kitty reads the statuses from its files.
    fn bring_back(&self) -> Result<Outcome> {
        match coordination::is_wanted(self.repo) {
            Err(refusal) => left(refusal.to_string()),
            Ok(false) => left("`kitty.coordinationWorktree` says that none is wanted"),
            Ok(true) => {
                coordination::create(self.repo, &self.mission)?;
                mended("made it anew")
            }
        }
    }

    fn stale(self, steps: usize) -> Case<'p> {
        let commits = if steps == 1 { "commit" } else { "commits" };
        let message = format!("it is {steps} {commits} behind `{}`", self.branch);
        let fix = "`git kitty doctor --fix`, which keeps what is changed in it";
        let finding = STALE.found(self.worktree.path.display().to_string(), message, fix);
        Case::mended_by(finding, move || self.mend())
    }

    /// The commit of the branch that the index is of, and how many commits ago it was the tip.
    fn index_is_of(&self) -> Result<Option<(usize, Oid)>> {
        let mut commit = self.tip;
        for steps in 0..FAR {
            if self.worktree.index_is_of(commit)? {
                return Ok(Some((steps, commit)));
            }
            match self.repo.commit(commit)?.parents.first() {
                Some(parent) => commit = *parent,
                None => break,
            }
        }
        Ok(None)
    }

    /// Brings it up under the lock of its mission, as a write would. Where people changed a file that
    /// differs, all stays as it is.
    fn mend(mut self) -> Result<Outcome> {
        let _lock = lock(self.repo, &self.mission, self.now)?;
        let Some(tip) = self.repo.find(&self.branch)? else { return left("its branch is gone") };
        self.tip = tip;
        if let Some(warning) = catch_up(self.repo, &self.worktree, tip)? {
            return left(warning.message);
        }
        if let Some((1.., old)) = self.index_is_of()? {
            let old = Some(self.repo.tree_of_commit(old)?);
            let new = Some(self.repo.tree_of_commit(tip)?);
            check(self.repo, &self.worktree, old, new)?;
            if let Some(warning) = bring_up(self.repo, &self.worktree, old, new)? {
                return left(warning.message);
            }
        }
        match self.index_is_of()? {
            Some((0, _)) => mended("brought it up to its branch"),
            Some((1.., _)) | None => left("what is changed in it is in the way"),
        }
    }
}
