//! When the merge of two sides is surely what both changed, put together.
//!
//! Git compares both sides with where they began. A path that one side left alone is taken from the
//! other, unless git sees a rename: of a file, whose old path then is touched by both sides, or of a
//! whole directory, into which it would move what the other side added to the old one.

use std::collections::BTreeSet;
use std::ops::Bound;

use anyhow::Result;

use super::attributes::NAME;
use crate::domain::change::{Change, Mode};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::git::repo::Repo;
use crate::git::write::Writer;

/// Which places a side touched since it began, without regard to renames.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Footprint {
    /// Paths that differ.
    pub touched: BTreeSet<RepoPath>,
    /// Those of them that were not there.
    pub added: BTreeSet<RepoPath>,
    /// Directories that were there and are not any more.
    pub gone: BTreeSet<RepoPath>,
}

impl Footprint {
    /// What was touched between two commits.
    ///
    /// # Errors
    /// If a tree is missing or damaged.
    pub fn of(repo: &Repo, base: Oid, tip: Oid) -> Result<Self> {
        let (base, tip) = (repo.tree_of_commit(base)?, repo.tree_of_commit(tip)?);
        Self::of_changes(repo, tip, &repo.diff(Some(base), Some(tip))?)
    }

    /// The same of changes that led to the tree `tip`.
    pub(crate) fn of_changes(repo: &Repo, tip: Oid, changes: &[Change]) -> Result<Self> {
        let mut own = Self::default();
        own.absorb(repo, tip, changes)?;
        Ok(own)
    }

    /// Whether git makes a merge of the two sides, which began at the same commit, by taking what each
    /// of them changed, without a conflict.
    #[must_use]
    pub fn is_apart(&self, other: &Self) -> bool {
        let sets_attributes =
            |side: &Self| side.touched.iter().any(|path| path.file_name() == NAME);
        let meets = |path: &RepoPath| {
            other.touched.contains(path)
                || path.parents().any(|parent| other.touched.contains(&parent))
                || has_below(&other.touched, path)
        };
        let is_lost = |path: &RepoPath| path.parents().any(|parent| other.gone.contains(&parent));
        !sets_attributes(self)
            && !sets_attributes(other)
            && !self.touched.iter().any(meets)
            && !self.added.iter().any(is_lost)
            && !self.gone.iter().any(|directory| has_below(&other.added, directory))
    }

    /// Adds changes that led to the tree `tip`. A directory of which one side deleted some files and
    /// another the rest is gone as well.
    pub(in crate::git) fn absorb(
        &mut self,
        repo: &Repo,
        tip: Oid,
        changes: &[Change],
    ) -> Result<()> {
        for change in changes {
            self.touched.insert(change.path.clone());
            if change.old.is_none() {
                self.added.insert(change.path.clone());
            }
        }
        let deleted = changes.iter().filter(|change| change.new.is_none());
        let around = deleted.flat_map(|change| change.path.parents()).collect();
        self.gone.extend(absent(repo, tip, around)?);
        Ok(())
    }

    /// No less than what the same side, whose tree is `tip`, touched since another commit, where
    /// `between` are the changes from the one commit to the other.
    pub(in crate::git) fn since(&self, repo: &Repo, tip: Oid, between: &[Change]) -> Result<Self> {
        let mut own = self.clone();
        let paths = || between.iter().map(|change| &change.path);
        own.touched.extend(paths().cloned());
        own.added.extend(paths().cloned());
        own.gone.extend(absent(repo, tip, paths().flat_map(RepoPath::parents).collect())?);
        Ok(own)
    }
}

/// The tree of a merge into `ours`, a tree, of a side that changed this and is apart.
///
/// # Errors
/// If a tree cannot be read or written.
pub fn predict(writer: &Writer<'_>, ours: Oid, changes: &[Change]) -> Result<Oid> {
    // What is gone comes first: a file may stand now where a directory was.
    let edit = |change: &Change| (change.path.clone(), change.new);
    let gone = changes.iter().filter(|change| change.new.is_none());
    let there = changes.iter().filter(|change| change.new.is_some());
    let edits: Vec<_> = gone.chain(there).map(edit).collect();
    writer.tree_with(Some(ours), &edits)
}

/// Those of the directories that the tree has not.
fn absent(repo: &Repo, tree: Oid, directories: BTreeSet<RepoPath>) -> Result<BTreeSet<RepoPath>> {
    let mut absent = BTreeSet::new();
    for directory in directories {
        let is_lost = directory.parents().any(|parent| absent.contains(&parent));
        if is_lost || repo.entry(tree, &directory)?.is_none_or(|found| found.mode != Mode::Tree) {
            absent.insert(directory);
        }
    }
    Ok(absent)
}

fn has_below(paths: &BTreeSet<RepoPath>, directory: &RepoPath) -> bool {
    let first = RepoPath::new([directory.as_bytes(), b"/"].concat());
    let next = paths.range((Bound::Included(first), Bound::Unbounded)).next();
    next.is_some_and(|path| path.is_below(directory.as_bytes()))
}
