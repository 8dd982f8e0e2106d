//! What finalizing works on: the files as they will be, and contents that nobody has stored yet.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::domain::change::{Entry, Mode};
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::git::{Durability, Repo, Writer};

/// Files by their paths from the mission's directory.
pub(super) type Files = BTreeMap<RepoPath, Entry>;

/// The contents.
pub(super) struct Desk<'r> {
    pub(super) repo: &'r Repo,
    /// The mission's directory, from the top of the repository.
    pub(super) root: String,
    new: BTreeMap<Oid, Vec<u8>>,
    /// What people wrote, for versions that were made of it: messages count its lines.
    written: BTreeMap<Oid, Oid>,
}

impl<'r> Desk<'r> {
    pub(super) fn new(repo: &'r Repo, directory: &str) -> Self {
        Self {
            repo,
            root: format!("{}/{directory}", layout::MISSIONS),
            new: BTreeMap::new(),
            written: BTreeMap::new(),
        }
    }

    /// Takes a content, and tells its id.
    pub(super) fn add(&mut self, bytes: Vec<u8>) -> Result<Oid> {
        let oid = self.repo.id_of_blob(&bytes)?;
        self.new.insert(oid, bytes);
        Ok(oid)
    }

    /// As [`Desk::add`], for a version of `written`, which is there.
    pub(super) fn add_edited(&mut self, written: Oid, bytes: Vec<u8>) -> Result<Oid> {
        let oid = self.add(bytes)?;
        self.written.insert(oid, written);
        Ok(oid)
    }

    /// The content that people wrote and this one was made of: perhaps itself.
    pub(super) fn as_written(&self, oid: Oid) -> Result<Vec<u8>> {
        self.text(self.written.get(&oid).copied().unwrap_or(oid))
    }

    /// The content with this id: one that was added, else the repository's.
    pub(super) fn text(&self, oid: Oid) -> Result<Vec<u8>> {
        match self.new.get(&oid) {
            Some(bytes) => Ok(bytes.clone()),
            None => self.repo.blob(oid),
        }
    }

    /// Whether there is a content with this id.
    pub(super) fn has(&self, oid: Oid) -> bool {
        self.new.contains_key(&oid) || self.repo.has_object(oid)
    }

    /// Stores contents that the repository has not: bases must be there when they are needed.
    pub(super) fn store<'e>(&self, entries: impl IntoIterator<Item = &'e Entry>) -> Result<()> {
        let writer = Writer::new(self.repo, Durability::of(self.repo)?);
        for entry in entries.into_iter().filter(|entry| !self.repo.has_object(entry.oid)) {
            writer.blob(&self.text(entry.oid)?)?;
        }
        writer.sync()
    }

    /// A path from the mission's directory, from the top of the repository.
    pub(super) fn full(&self, path: &RepoPath) -> RepoPath {
        RepoPath::new([self.root.as_bytes(), b"/", path.as_bytes()].concat())
    }

    /// The same, as messages have it.
    pub(super) fn shown(&self, path: &RepoPath) -> String {
        self.full(path).to_string()
    }
}

/// Whether an entry is a file with text in it.
pub(super) const fn is_text(entry: &Entry) -> bool {
    matches!(entry.mode, Mode::File | Mode::Executable)
}

/// What a path in `tasks/`, and not deeper, is called there.
pub(super) fn task_name(path: &RepoPath) -> Option<&[u8]> {
    let name = path.as_bytes().strip_prefix(layout::TASKS.as_bytes())?.strip_prefix(b"/")?;
    (!name.contains(&b'/')).then_some(name)
}
