//! The files of a directory that people write planning files in.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io::{ErrorKind, Read};
use std::path::Path;

use anyhow::{Context, Result};

use crate::domain::change::Mode;
use crate::domain::layout;
use crate::domain::path::RepoPath;
use crate::git::file::{is_executable, open_regular};

/// How the name of a file ends that is being written ([`crate::git::file::replace_under_lock`]).
const TEMPORARY: &str = ".kitty.tmp";

/// What a directory holds, by paths from there.
#[derive(Debug, Default)]
pub struct Walk {
    /// The regular files, but for those that are never planning files: the log, its snapshot, the
    /// lanes, and all that is Git's own.
    pub files: BTreeMap<RepoPath, Found>,
    /// What else is there, and what it is: nothing is known of what would be at or below the path.
    pub others: BTreeMap<RepoPath, &'static str>,
}

/// A regular file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// [`Mode::File`] or [`Mode::Executable`].
    pub mode: Mode,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Reads all regular files below `top`. No link is followed, nothing but a regular file is opened.
/// Without the directory, or with a link or file in its place, there is nothing.
///
/// # Errors
/// If a directory or file cannot be read: what is not known must not count as deleted.
pub fn walk(top: &Path) -> Result<Walk> {
    let mut found = Walk::default();
    if !fs::symlink_metadata(top).is_ok_and(|metadata| metadata.is_dir()) {
        return Ok(found);
    }
    let mut pending = vec![(Vec::new(), top.to_owned())];
    while let Some((prefix, directory)) = pending.pop() {
        let unreadable = || format!("could not list `{}`", directory.display());
        for entry in fs::read_dir(&directory).with_context(unreadable)? {
            let entry = entry.with_context(unreadable)?;
            let name = entry.file_name().as_encoded_bytes().to_vec();
            let path = [prefix.as_slice(), &name].concat();
            if is_never_planned(&path, &name) {
                continue;
            }
            let metadata = entry.metadata().with_context(unreadable)?;
            if !metadata.is_dir() {
                found.add(RepoPath::new(path), &entry.path(), &metadata)?;
            } else if entry.path().join(".git").symlink_metadata().is_ok() {
                found.others.insert(RepoPath::new(path), no_file(&metadata));
            } else {
                pending.push(([&path, &b"/"[..]].concat(), entry.path()));
            }
        }
    }
    Ok(found)
}

impl Walk {
    fn add(&mut self, path: RepoPath, place: &Path, metadata: &Metadata) -> Result<()> {
        if metadata.is_file() {
            self.files.extend(read(place)?.map(|found| (path, found)));
        } else {
            self.others.insert(path, no_file(metadata));
        }
        Ok(())
    }

    /// Whether nothing is known of what would be at the path.
    #[must_use]
    pub fn hides(&self, path: &RepoPath) -> bool {
        let mut others = self.others.keys();
        others.any(|other| other == path || path.is_below(other.as_bytes()))
    }
}

/// A regular file, by its path on disk; `None` if nothing, or something else, is there.
///
/// # Errors
/// If it cannot be read.
pub fn read(place: &Path) -> Result<Option<Found>> {
    match fs::symlink_metadata(place) {
        Ok(metadata) if metadata.is_file() => {
            let mut bytes = Vec::new();
            open_regular(place)
                .and_then(|mut file| file.read_to_end(&mut bytes))
                .with_context(|| format!("could not read `{}`", place.display()))?;
            let mode = if is_executable(&metadata) { Mode::Executable } else { Mode::File };
            Ok(Some(Found { mode, bytes }))
        }
        Ok(_) => Ok(None),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error).with_context(|| format!("could not read `{}`", place.display())),
    }
}

/// What stands in the place of a planning file, if it is none: a directory counts only where it is
/// another repository's.
#[must_use]
pub fn no_file(metadata: &Metadata) -> &'static str {
    if metadata.is_symlink() {
        "a symbolic link"
    } else if metadata.is_dir() {
        "another repository"
    } else {
        "no regular file"
    }
}

/// Whether nothing of that name is ever a planning file: Git's own, status, lanes, and files that a
/// killed process was writing.
#[must_use]
pub fn is_never_planned(path: &[u8], name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b".git")
        || layout::is_status_file(name)
        || path == layout::LANES.as_bytes()
        || name.ends_with(TEMPORARY.as_bytes())
}
