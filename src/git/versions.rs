//! The files below a directory: of one tree, and of all commits that led to one.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use anyhow::Result;

use super::repo::Repo;
use crate::domain::change::{Entry, Mode};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;

/// What files below a directory were, in all commits of a history that have the directory.
#[derive(Debug, Default)]
pub struct Versions {
    /// The blobs that a path ever had.
    all: BTreeMap<RepoPath, BTreeSet<Oid>>,
    /// Those of the commits in which the directory first appears.
    first: BTreeMap<RepoPath, BTreeSet<Oid>>,
}

impl Versions {
    /// Whether the path, counted from the directory, ever was this blob.
    #[must_use]
    pub fn has(&self, path: &RepoPath, blob: Oid) -> bool {
        self.all.get(path).is_some_and(|blobs| blobs.contains(&blob))
    }

    /// The blobs that the path, counted from the directory, ever was.
    #[must_use]
    pub fn of(&self, path: &RepoPath) -> Vec<Oid> {
        self.all.get(path).into_iter().flatten().copied().collect()
    }

    /// Whether the path was this blob when the directory appeared.
    #[must_use]
    pub fn began_with(&self, path: &RepoPath, blob: Oid) -> bool {
        self.first.get(path).is_some_and(|blobs| blobs.contains(&blob))
    }
}

impl Repo {
    /// The files below `directory` in `tree`, by their paths from there: anything but directories.
    /// Empty if there is no such directory.
    ///
    /// # Errors
    /// If a tree is missing or damaged.
    pub fn files_below(
        &self,
        tree: Oid,
        directory: &RepoPath,
    ) -> Result<BTreeMap<RepoPath, Entry>> {
        match self.tree_at(tree, directory)? {
            Some(top) => self.files_of(top),
            None => Ok(BTreeMap::new()),
        }
    }

    /// The files in a tree and all below it: anything but directories.
    ///
    /// # Errors
    /// If a tree is missing or damaged.
    pub fn files_of(&self, tree: Oid) -> Result<BTreeMap<RepoPath, Entry>> {
        let mut found = BTreeMap::new();
        self.walk(tree, &mut HashSet::new(), |path, entry| _ = found.insert(path, entry))?;
        Ok(found)
    }

    /// What the files below `directory` were in `tip` and the commits before it, as far as they have
    /// the directory.
    ///
    /// # Errors
    /// If a commit or tree is missing or damaged.
    pub fn versions_below(&self, tip: Oid, directory: &RepoPath) -> Result<Versions> {
        let mut versions = Versions::default();
        let (mut commits, mut trees) = (HashSet::from([tip]), HashSet::new());
        let mut pending = vec![tip];
        while let Some(commit) = pending.pop() {
            let commit = self.commit(commit)?;
            let Some(top) = self.tree_at(commit.tree, directory)? else { continue };
            self.walk(top, &mut trees, |path, entry| {
                versions.all.entry(path).or_default().insert(entry.oid);
            })?;
            let mut begins = true;
            for parent in commit.parents {
                begins &= self.tree_at(self.tree_of_commit(parent)?, directory)?.is_none();
                pending.extend(commits.insert(parent).then_some(parent));
            }
            if begins {
                self.walk(top, &mut HashSet::new(), |path, entry| {
                    versions.first.entry(path).or_default().insert(entry.oid);
                })?;
            }
        }
        Ok(versions)
    }

    fn tree_at(&self, tree: Oid, directory: &RepoPath) -> Result<Option<Oid>> {
        let entry = self.entry(tree, directory)?;
        Ok(entry.filter(|entry| entry.mode == Mode::Tree).map(|entry| entry.oid))
    }

    /// Tells of each file below a tree; a tree that was `seen` at its place is left out.
    fn walk(
        &self,
        top: Oid,
        seen: &mut HashSet<(Vec<u8>, Oid)>,
        mut tell: impl FnMut(RepoPath, Entry),
    ) -> Result<()> {
        let mut pending = vec![(Vec::new(), top)];
        while let Some((prefix, tree)) = pending.pop() {
            if !seen.insert((prefix.clone(), tree)) {
                continue;
            }
            for found in self.entries(tree)? {
                let path = [prefix.as_slice(), &found.name].concat();
                match found.entry.mode {
                    Mode::Tree => pending.push(([&path, &b"/"[..]].concat(), found.entry.oid)),
                    Mode::File | Mode::Executable | Mode::Symlink | Mode::Gitlink => {
                        tell(RepoPath::new(path), found.entry);
                    }
                }
            }
        }
        Ok(())
    }
}
