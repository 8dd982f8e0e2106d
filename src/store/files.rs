//! Files of a mission, from a tree or from a directory.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::domain::change::Mode;
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::refusal::{Document, Refusal};
use crate::git::Repo;
use crate::git::file::open_regular;

/// Where the files of a mission are read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// The mission's tree in a commit; `shown` is how a person names it, e.g. `branch:kitty-specs/x`.
    Tree {
        /// The tree of the mission's directory.
        tree: Oid,
        /// How to name it.
        shown: String,
    },
    /// The mission's directory in the primary checkout.
    Directory(PathBuf),
}

/// A file that was found, and how a person would find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its name for messages.
    pub shown: String,
}

impl Place {
    /// The mission directory `dir` in the tree of `commit`, if it is there.
    pub(super) fn in_commit(
        repo: &Repo,
        commit: Oid,
        dir: &str,
        name: &str,
    ) -> Result<Option<Self>> {
        let path = format!("{}/{dir}", layout::MISSIONS);
        let entry = repo.entry(repo.tree_of_commit(commit)?, &path.as_str().into())?;
        Ok(entry
            .filter(|entry| entry.mode == Mode::Tree)
            .map(|entry| Self::Tree { tree: entry.oid, shown: format!("{name}:{path}") }))
    }

    /// The mission directory `dir` in a checkout, if it is there.
    pub(super) fn in_checkout(checkout: &Path, dir: &str) -> Option<Self> {
        let path = checkout.join(layout::MISSIONS).join(dir);
        path.is_dir().then_some(Self::Directory(path))
    }

    /// A file of the mission by its name, e.g. `meta.json` or `tasks/WP01-x.md`.
    pub(super) fn read(&self, repo: &Repo, name: &str) -> Result<Option<Found>> {
        match self {
            Self::Tree { tree, shown } => Ok(repo
                .blob_at(*tree, &name.into())?
                .map(|bytes| Found { bytes, shown: format!("{shown}/{name}") })),
            Self::Directory(directory) => {
                let path = directory.join(name);
                let shown = path.display().to_string();
                match read_regular(&path) {
                    Ok(bytes) => Ok(Some(Found { bytes, shown })),
                    Err(error) if is_absent(&error) => Ok(None),
                    Err(error) => match document(name).filter(|_| is_of_the_file(&error)) {
                        Some(document) => {
                            Err(Refusal::damaged(document, &shown, None, error.to_string()).into())
                        }
                        None => Err(error).with_context(|| format!("could not read `{shown}`")),
                    },
                }
            }
        }
    }

    /// The names of the files in `tasks/`, sorted.
    pub(super) fn task_files(&self, repo: &Repo) -> Result<Vec<String>> {
        let mut names = match self {
            Self::Tree { tree, .. } => match repo.entry(*tree, &layout::TASKS.into())? {
                Some(entry) if entry.mode == Mode::Tree => names_in_tree(repo, entry.oid)?,
                Some(_) | None => Vec::new(),
            },
            Self::Directory(directory) => file_names(&directory.join(layout::TASKS))?,
        };
        names.retain(|name| layout::work_package_of(name).is_some());
        names.sort();
        Ok(names)
    }
}

/// The names of the entries of a tree; those that are no UTF-8 are no names of ours.
pub(super) fn names_in_tree(repo: &Repo, tree: Oid) -> Result<Vec<String>> {
    let names = repo.entries(tree)?.into_iter().map(|entry| String::from_utf8(entry.name));
    Ok(names.filter_map(Result::ok).collect())
}

/// The names of the entries of a directory; none if it is not there.
pub(super) fn file_names(directory: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if is_absent(&error) => return Ok(Vec::new()),
        Err(error) => {
            return Err(error).with_context(|| format!("could not list `{}`", directory.display()));
        }
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.with_context(|| format!("could not list `{}`", directory.display()))?;
        names.extend(entry.file_name().into_string());
    }
    Ok(names)
}

fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_regular(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What a file of a mission is, by its name.
fn document(name: &str) -> Option<Document> {
    match name {
        layout::META => Some(Document::Meta),
        layout::LANES => Some(Document::Lanes),
        layout::EVENT_LOG => Some(Document::EventLog),
        layout::SNAPSHOT => Some(Document::Snapshot),
        other => {
            let task = other.strip_prefix(layout::TASKS)?.strip_prefix('/')?;
            layout::work_package_of(task).map(|_| Document::WorkPackage)
        }
    }
}

/// Whether a file cannot be read for what it is: a directory, a pipe, or not ours to read.
fn is_of_the_file(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::PermissionDenied)
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
