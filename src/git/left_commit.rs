//! What a commit past the index has still to do to the index once its branch has moved, written down
//! before it moves, so that whoever takes the index next can do it should this process be killed.
//!
//! A file beside the index, `index.commit`, all parts of it ended by NUL: the branch, the commit, and
//! for each path that the commit changes the path, what the index had there, and what it is to have
//! (`mode SP id`, or nothing). It is there only while `index.lock` is.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::durability::Durability;
use super::enter::{Entered, enter};
use super::environment::Environment;
use super::file::{
    forget_under_lock, read_if_present, replace_quickly_under_lock, replace_under_lock,
};
use super::index::listing;
use super::index_lock::{IndexLock, beside};
use super::publish::{recover, wait_for_orphan};
use super::repo::Repo;
use crate::domain::change::{Entry, Mode};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refname::RefName;

const NAME: &str = "commit";

/// What is to be done to an index.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LeftCommit {
    /// The branch that moves, which the worktree has checked out.
    pub(super) branch: RefName,
    /// Where it moves to.
    pub(super) commit: Oid,
    /// The paths.
    pub(super) steps: Vec<Step>,
}

/// A path of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    /// The path.
    pub(super) path: RepoPath,
    /// What the index has.
    pub(super) was: Option<Entry>,
    /// What it is to have.
    pub(super) new: Option<Entry>,
}

/// Whether a commit beside this index was not finished.
pub(super) fn is_left(index: &Path) -> bool {
    beside(index, NAME).exists()
}

/// Writes it down.
///
/// # Errors
/// If that cannot be written.
pub(super) fn announce(lock: &IndexLock, left: &LeftCommit, durability: Durability) -> Result<()> {
    match durability {
        Durability::Full => replace_under_lock(&lock.beside(NAME), &left.text()),
        Durability::Git => replace_quickly_under_lock(&lock.beside(NAME), &left.text()),
    }
}

/// Removes what a process that was killed while it wrote it down left.
pub(super) fn forget_half(lock: &IndexLock) {
    forget_under_lock(&lock.beside(NAME));
}

/// It is done, or nothing came of it.
pub(super) fn end(lock: &IndexLock) {
    let _ = fs::remove_file(lock.beside(NAME));
}

/// Does to the index what a killed process had still to do, and whether there was anything. Paths that
/// somebody has touched since stay as they are, and all of them if the branch has not got the commit,
/// or another one is checked out.
///
/// # Errors
/// If the repository cannot be read, or the index not be written.
pub(super) fn finish(lock: &IndexLock, git_dir: &Path) -> Result<bool> {
    let Some(text) = read_if_present(&lock.beside(NAME))? else { return Ok(false) };
    let environment = Environment { git_dir: Some(git_dir.to_owned()), ..Environment::default() };
    let repo = Repo::open(git_dir, environment)?;
    // One that cannot be read was never announced.
    if let Some(left) = LeftCommit::parse(&text) {
        let entries = left.due(&repo, lock)?;
        if !entries.is_empty() {
            enter(lock, &|| repo.git(), &entries)?;
            lock.keep().context("could not replace the index")?;
        }
    }
    end(lock);
    Ok(true)
}

impl LeftCommit {
    /// What is to be entered now.
    fn due(&self, repo: &Repo, lock: &IndexLock) -> Result<Vec<Entered>> {
        recover(repo, Durability::of(repo)?)?;
        wait_for_orphan(repo, &self.branch)?;
        let head = repo.head()?;
        let (Some(tip), true) = (head.tip(), head.branch() == Some(&self.branch)) else {
            return Ok(Vec::new());
        };
        if !repo.has_object(self.commit) || !repo.is_ancestor(self.commit, tip)? {
            return Ok(Vec::new());
        }
        let (tree, mut due) = (repo.tree_of_commit(tip)?, Vec::new());
        let paths: Vec<RepoPath> = self.steps.iter().map(|step| step.path.clone()).collect();
        let git = repo.git().env("GIT_INDEX_FILE", lock.copy()).stdin_file(lock.file());
        let listed = listing(git, &paths)?;
        for step in &self.steps {
            let here = |one: &&super::index::Listed| one.path == step.path;
            let is_merging = listed.iter().any(|one| here(&one) && one.is_unmerged);
            let has = listed.iter().find(here).map(|one| one.entry);
            let tip_has = repo.entry(tree, &step.path)?.filter(|entry| entry.mode != Mode::Tree);
            if !is_merging && has == step.was && tip_has == step.new {
                due.push((step.path.clone(), step.new));
            }
        }
        Ok(due)
    }

    fn text(&self) -> Vec<u8> {
        let entry = |entry: Option<Entry>| {
            entry.map_or_else(String::new, |e| format!("{} {}", e.mode.octal(), e.oid))
        };
        let mut text =
            [self.branch.as_bytes(), b"\0", self.commit.to_string().as_bytes(), b"\0"].concat();
        for Step { path, was, new } in &self.steps {
            text.extend([path.as_bytes(), b"\0"].concat());
            text.extend(format!("{}\0{}\0", entry(*was), entry(*new)).as_bytes());
        }
        text
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let mut parts = text.strip_suffix(b"\0")?.split(|byte| *byte == 0);
        let branch = RefName::new(parts.next()?).ok()?;
        let commit = std::str::from_utf8(parts.next()?).ok()?.parse().ok()?;
        let mut steps = Vec::new();
        while let Some(path) = parts.next() {
            let (was, new) = (side(parts.next()?)?, side(parts.next()?)?);
            steps.push(Step { path: RepoPath::new(path), was, new });
        }
        Some(Self { branch, commit, steps })
    }
}

/// One side; `Some(None)` if it is absent, `None` if it cannot be read.
fn side(text: &[u8]) -> Option<Option<Entry>> {
    if text.is_empty() {
        return Some(None);
    }
    let (mode, oid) = std::str::from_utf8(text).ok()?.split_once(' ')?;
    let mode = Mode::from_bits(u32::from_str_radix(mode, 8).ok()?)?;
    Some(Some(Entry { mode, oid: oid.parse().ok()? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_round_trips_and_a_cut_one_is_none() {
        let oid: Oid = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391".parse().unwrap();
        let entry = |mode| Some(Entry { mode, oid });
        let step = |path: &[u8], was, new| Step { path: RepoPath::new(path), was, new };
        let left = LeftCommit {
            branch: "refs/heads/x".parse().unwrap(),
            commit: oid,
            steps: vec![
                step(b"a\nb\xff", None, entry(Mode::File)),
                step(b"c", entry(Mode::Symlink), None),
            ],
        };
        assert_eq!(LeftCommit::parse(&left.text()), Some(left));
        assert_eq!(LeftCommit::parse(b"refs/heads/x\0e69de29\0"), None);
        assert_eq!(LeftCommit::parse(b""), None);
    }
}
