//! The staged change: what the index would commit, against a tree.

use anyhow::Result;

use super::diff::{Comparison, Side};
use super::index::{self, Built, Contents};
use super::raw;
use super::repo::Repo;
use crate::domain::change::Change;
use crate::domain::oid::Oid;

/// What is staged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staged {
    /// The paths that differ, sorted by their bytes. Both sides of a rename are there; an unmerged
    /// path has no new side; `git add -N` alone stages nothing.
    pub changes: Vec<Change>,
    /// How it was found out.
    pub way: Way,
}

/// A way to the staged change. All of them give the same answer; they differ in cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The index knows its tree: the entries were not read.
    KnownTree,
    /// The entries were read.
    Entries,
    /// `git diff-index` was asked, because of this.
    Git(&'static str),
}

impl Repo {
    /// What the index (see [`Repo::index_file`]) would change in `tree`; `None` is the empty tree,
    /// for a branch that is not born yet.
    ///
    /// # Errors
    /// If the index or a tree is damaged, or missing objects cannot be fetched.
    pub fn staged(&self, tree: Option<Oid>) -> Result<Staged> {
        let contents = match index::read(&self.index_file(), self.object_hash().size()) {
            Ok(contents) => contents,
            Err(index::Unread(reason)) => return self.staged_through_git(tree, reason),
        };
        let empty = Built::empty();
        let (built, new, way) = match &contents {
            Contents::Tree(oid) => (&empty, Side::Tree(*oid), Way::KnownTree),
            Contents::Built(built) => (built, Side::Built(Built::ROOT), Way::Entries),
        };
        let old = tree.map_or(Side::Absent, Side::Tree);
        match Comparison::new(self, built).run(old, new)? {
            Some(changes) => Ok(Staged { changes, way }),
            None => self.staged_through_git(tree, "a tree is not in the repository"),
        }
    }

    fn staged_through_git(&self, tree: Option<Oid>, reason: &'static str) -> Result<Staged> {
        let tree = tree.unwrap_or(self.empty_tree()).to_string();
        let git = self.git().env("GIT_INDEX_FILE", self.index_file());
        let git = git.args(["diff-index", "--cached"]).args(raw::OPTIONS).args([&tree, "--"]);
        Ok(Staged { changes: raw::parse(&git.run()?)?, way: Way::Git(reason) })
    }
}
