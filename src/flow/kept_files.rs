//! Files of a mission in a checkout that its history has: they may go where what lands is to appear.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use anyhow::Result;

use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::git::{Repo, Versions, Worktree, check_but, check_hidden, clear, replaceable};

/// What the history of a mission's coordination branch has of the mission's files.
pub(super) struct Kept<'r> {
    repo: &'r Repo,
    directory: RepoPath,
    tip: Oid,
    versions: OnceCell<Versions>,
}

impl<'r> Kept<'r> {
    /// That of the mission in a directory, up to a commit. Read when it is asked for.
    pub(super) fn new(repo: &'r Repo, dir: &str, tip: Oid) -> Self {
        let directory = RepoPath::new(format!("{}/{dir}", layout::MISSIONS));
        Self { repo, directory, tip, versions: OnceCell::new() }
    }

    /// That nothing in a checkout is in the way of a move, but for files that may go.
    ///
    /// # Errors
    /// As [`check_but`].
    pub(super) fn check(&self, checkout: &Worktree, [old, new]: [Oid; 2]) -> Result<()> {
        check_hidden(self.repo, checkout, [old, new])?;
        let nothing = BTreeSet::new();
        let trees = [Some(old), Some(new)];
        if check_but(self.repo, checkout, trees, &nothing).is_ok() {
            return Ok(());
        }
        let may_go =
            replaceable(self.repo, checkout, [old, new], &|path, bytes| self.has(path, bytes))?;
        check_but(self.repo, checkout, trees, &may_go)
    }

    /// Takes the files away that may go.
    ///
    /// # Errors
    /// If git, a tree or a file cannot be read, or a file cannot be moved.
    pub(super) fn clear(&self, checkout: &Worktree, (old, new): (Oid, Oid)) -> Result<()> {
        let trees = [self.repo.tree_of_commit(old)?, self.repo.tree_of_commit(new)?];
        let has = |path: &RepoPath, bytes: &[u8]| self.has(path, bytes);
        for path in replaceable(self.repo, checkout, trees, &has)? {
            clear(self.repo, checkout, &path, &has)?;
        }
        Ok(())
    }

    /// Whether the mission's history has what a file at a path says: a version of it, or of a log each
    /// line.
    fn has(&self, path: &RepoPath, bytes: &[u8]) -> Result<bool> {
        let below = path.as_bytes().strip_prefix(self.directory.as_bytes());
        let Some(name) = below.and_then(|below| below.strip_prefix(b"/")) else {
            return Ok(false);
        };
        let blob = self.repo.id_of_blob(bytes)?;
        if self.versions()?.has(&RepoPath::new(name), blob) {
            return Ok(true);
        }
        Ok(name == layout::EVENT_LOG.as_bytes() && self.has_lines(path, bytes)?)
    }

    fn versions(&self) -> Result<&Versions> {
        if let Some(known) = self.versions.get() {
            return Ok(known);
        }
        let found = self.repo.versions_below(self.tip, &self.directory)?;
        Ok(self.versions.get_or_init(|| found))
    }

    fn has_lines(&self, path: &RepoPath, bytes: &[u8]) -> Result<bool> {
        let log = self.repo.blob_at(self.repo.tree_of_commit(self.tip)?, path)?.unwrap_or_default();
        let lines: BTreeSet<&[u8]> = log.split(|byte| *byte == b'\n').collect();
        Ok(bytes.split(|byte| *byte == b'\n').all(|line| lines.contains(line)))
    }
}
