//! A commit of some paths past the index: an index of its own, as HEAD has it, into which the files of
//! just these paths go, while the caller's own index is locked and stays what it is until the branch
//! has moved. What `git commit --only` does, but that what hooks make of the paths comes to the
//! caller's index too, and that a kill leaves nothing half done.

mod fill;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub use self::fill::Added;
use super::commit_hooks::{Author, HookSaid, hook_of, said};
use super::crash;
use super::durability::Durability;
use super::enter::{Entered, enter};
use super::index::{Listed, listing};
use super::index_lock::{IndexLock, beside};
use super::left_commit::{self, LeftCommit, Step};
use super::process::Git;
use super::put_off::PutOff;
use super::repo::Repo;
use super::staged::Staged;
use crate::domain::change::{Entry, Mode};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refname::RefName;

/// The two indexes of a worktree: the caller's, locked, and the one that is committed. Dropped, it
/// leaves the caller's as it was.
pub struct PrivateIndex<'r> {
    repo: &'r Repo,
    lock: IndexLock,
    paths: Vec<RepoPath>,
    listed: Vec<Listed>,
    /// The last to be dropped: hooks take long, and an interrupt must leave no lock.
    put_off: PutOff,
}

impl<'r> PrivateIndex<'r> {
    /// For these paths and all below them, taken literally; the empty one is the top. `None` if
    /// somebody else has the lock of the index.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn take(repo: &'r Repo, paths: &[RepoPath]) -> Result<Option<Self>> {
        let index = repo.index_file();
        let put_off = PutOff::begin().context("could not put interrupts off")?;
        if is_gits_own(repo, &index) {
            return Ok(None);
        }
        let lock = IndexLock::take_of(&index, repo.git_dir());
        let lock = lock.with_context(|| format!("could not lock `{}`", index.display()))?;
        let Some(lock) = lock else { return Ok(None) };
        let mut taken = Self { repo, lock, paths: paths.to_vec(), listed: Vec::new(), put_off };
        taken.listed = listing(taken.about(&taken.lock.copy()), paths)?;
        Ok(Some(taken))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.lock.private()
    }

    /// The paths that are in conflict.
    #[must_use]
    pub fn unmerged(&self) -> Vec<RepoPath> {
        let found = self.listed.iter().filter(|one| one.is_unmerged);
        let mut paths: Vec<RepoPath> = found.map(|one| one.path.clone()).collect();
        paths.dedup();
        paths
    }

    /// Whether a path lies at or below one of those that are committed, and a sparse checkout does not
    /// leave its file out.
    #[must_use]
    pub fn covers(&self, path: &RepoPath) -> bool {
        let is_at = |one: &RepoPath| {
            let one = one.as_bytes();
            one.is_empty() || path.as_bytes() == one || path.is_below(one)
        };
        let is_left_out = |one: &Listed| one.path == *path && one.is_left_out;
        self.paths.iter().any(is_at) && !self.listed.iter().any(is_left_out)
    }

    /// Whether the caller's index knows a repository of its own at this path.
    #[must_use]
    pub fn knows_submodule(&self, path: &RepoPath) -> bool {
        self.listed.iter().any(|one| one.path == *path && one.entry.mode == Mode::Gitlink)
    }

    /// What it would change in the tree of HEAD.
    ///
    /// # Errors
    /// As [`Repo::staged`].
    pub fn staged(&self, tree: Option<Oid>) -> Result<Staged> {
        self.seen()?.staged(tree)
    }

    /// The repository as one sees it with this index.
    ///
    /// # Errors
    /// As [`Repo::open`].
    pub fn seen(&self) -> Result<Repo> {
        let mut environment = self.repo.environment().clone();
        environment.index_file = Some(self.path());
        Repo::open(&self.repo.places.start, environment)
    }

    /// Stores its tree.
    ///
    /// # Errors
    /// If a path is in conflict, or it cannot be stored.
    pub fn tree(&self) -> Result<Oid> {
        Ok(self.own().args(["write-tree"]).line()?.parse()?)
    }

    /// Runs a hook as `git commit` does where no editor is used: at the top of the worktree, with this
    /// index, the environment of the caller, and the author of the commit.
    ///
    /// # Errors
    /// If git cannot be started.
    pub fn hook(&self, event: &str, author: &Author, arguments: &[&Path]) -> Result<HookSaid> {
        let git = author.told(hook_of(self.repo, event)).env("GIT_INDEX_FILE", self.path());
        let said = said(git.stdin_file(self.lock.file()).args(["--"]).args(arguments))?;
        Ok(HookSaid { passes: said.passes && !self.put_off.is_waiting(), ..said })
    }

    /// Writes down what is to be done to the caller's index when `branch` has got this commit: its
    /// entries at the paths become those of the commit's tree. Prepares it.
    ///
    /// # Errors
    /// If git fails, or that cannot be written. The index is as it was.
    pub fn announce(
        &self,
        (branch, commit, tree): (&RefName, Oid, Oid),
        changed: &[RepoPath],
        durability: Durability,
    ) -> Result<()> {
        let steps = self.steps(tree, changed)?;
        let entries: Vec<Entered> =
            steps.iter().map(|step| (step.path.clone(), step.new)).collect();
        enter(&self.lock, &|| self.repo.git(), &entries)?;
        let left = LeftCommit { branch: branch.clone(), commit, steps };
        left_commit::announce(&self.lock, &left, durability)
    }

    /// The branch has not moved: forgets it.
    pub fn withdraw(&self) {
        left_commit::end(&self.lock);
    }

    /// The branch has moved: what was prepared becomes the caller's index.
    ///
    /// # Errors
    /// If the index cannot be replaced: it is as it was, and whoever takes it next tries again.
    pub fn keep(&self) -> Result<()> {
        crash::point("commit-published");
        self.lock.keep().context("could not replace the index")?;
        crash::point("commit-entered");
        left_commit::end(&self.lock);
        Ok(())
    }

    /// The paths at which the caller's index is to become another: where it has not what was
    /// committed, also of what the commit did not change. What a sparse checkout leaves out stays: its
    /// file was not looked at.
    fn steps(&self, tree: Oid, changed: &[RepoPath]) -> Result<Vec<Step>> {
        let made = listing(self.own(), &self.paths)?;
        let (had, has) = (entries(&self.listed), entries(&made));
        let changed: HashSet<&RepoPath> = changed.iter().collect();
        let others = had.keys().chain(has.keys()).filter(|path| had.get(*path) != has.get(*path));
        let paths: BTreeSet<&RepoPath> = others.chain(&changed).copied().collect();
        let mut steps = Vec::new();
        for path in paths.into_iter().filter(|path| self.covers(path)) {
            let (was, new) = (had.get(path).copied(), self.entry(tree, path)?);
            // `git add -N` looks like an empty file.
            if was != new || changed.contains(path) {
                steps.push(Step { path: path.clone(), was, new });
            }
        }
        Ok(steps)
    }

    fn entry(&self, tree: Oid, path: &RepoPath) -> Result<Option<Entry>> {
        Ok(self.repo.entry(tree, path)?.filter(|entry| entry.mode != Mode::Tree))
    }

    /// A git that works on the private index.
    fn own(&self) -> Git {
        self.about(&self.path()).args(["-c", "core.splitIndex=false"])
    }

    fn about(&self, index: &Path) -> Git {
        self.repo.git().env("GIT_INDEX_FILE", index).stdin_file(self.lock.file())
    }
}

/// Finishes a commit past the index of this worktree that was killed when its branch had moved, and
/// removes the lock that it left.
///
/// # Errors
/// If the index cannot be locked or written.
pub fn finish_left_commit(repo: &Repo) -> Result<()> {
    let index = repo.index_file();
    let is_locked = IndexLock::is_abandoned(&beside(&index, "lock"));
    if is_locked || left_commit::is_left(&index) {
        IndexLock::take_of(&index, repo.git_dir())
            .with_context(|| format!("could not finish a commit at `{}`", index.display()))?;
    }
    Ok(())
}

fn entries(listed: &[Listed]) -> HashMap<&RepoPath, Entry> {
    let present = listed.iter().filter(|one| !one.is_left_out);
    present.map(|one| (&one.path, one.entry)).collect()
}

/// Whether this is an index that a git under way made for its own commit: then we are in one of its
/// hooks, and it holds the lock of the other one.
fn is_gits_own(repo: &Repo, index: &Path) -> bool {
    let usual = repo.git_dir().join("index");
    index != usual && beside(&usual, "lock").exists()
}
