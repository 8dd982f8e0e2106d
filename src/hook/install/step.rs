//! One change on disk.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::addition::Addition;
use crate::git::file::{edit, replace, replace_by_program};
use crate::git::{shared, unwritable};

/// A change on disk. Each is atomic, so that a crash falls between two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Makes a directory whose parent is there.
    MakeDirectory(PathBuf),
    /// Writes the record of what is ours.
    Record(PathBuf, Vec<u8>),
    /// Writes another file of ours.
    Write(PathBuf, Vec<u8>),
    /// Writes a copy of a program of ours.
    Place(PathBuf, PathBuf),
    /// Moves a hook aside, or back again over ours.
    Move {
        /// Where it is.
        from: PathBuf,
        /// Where it goes.
        to: PathBuf,
    },
    /// Adds lines at the end of a file.
    Append(PathBuf, Addition),
    /// Takes lines away again.
    Cut(PathBuf, Addition),
    /// Removes a file of ours.
    Remove(PathBuf),
    /// Removes the directory of what can be found out again.
    Forget(PathBuf),
    /// Removes a directory that we made, if nothing is left in it.
    RemoveDirectory(PathBuf),
}

impl Step {
    /// Does it.
    pub(super) fn execute(&self) -> Result<()> {
        match self {
            Self::MakeDirectory(path) => shared::create_dir(path).or_else(unless_there),
            Self::Record(path, bytes) | Self::Write(path, bytes) => {
                return replace(path, bytes);
            }
            Self::Place(path, program) => return replace_by_program(path, program),
            Self::Move { from, to } => fs::rename(from, to),
            Self::Append(path, addition) => {
                return edit(path, |bytes| [bytes, addition.text.as_bytes()].concat());
            }
            Self::Cut(path, addition) => return cut(path, addition),
            Self::Remove(path) => fs::remove_file(path),
            Self::Forget(path) => fs::remove_dir_all(path).or_else(unless_in_use),
            Self::RemoveDirectory(path) => fs::remove_dir(path).or_else(unless_in_use),
        }
        .map_err(|error| unwritable::told(self.path(), error))
        .with_context(|| format!("could not change `{}`", self.path().display()))
    }

    /// What it does to what a user may look for, in a sentence; nothing for our own bookkeeping.
    pub(super) fn describe(&self) -> Option<String> {
        match self {
            Self::Record(..)
            | Self::MakeDirectory(_)
            | Self::Forget(_)
            | Self::RemoveDirectory(_) => None,
            Self::Write(path, _) => Some(format!("wrote `{}`", path.display())),
            Self::Place(path, _) => Some(format!("placed the hook `{}`", path.display())),
            Self::Move { from, to } => {
                Some(format!("moved the hook `{}` to `{}`", from.display(), to.display()))
            }
            Self::Append(path, addition) => {
                let text = addition.text.trim();
                Some(format!(
                    "added `{}` to `{}`",
                    text.replace("\n\t", " ").replace('\n', " "),
                    path.display()
                ))
            }
            Self::Cut(path, _) => Some(format!("took our lines out of `{}`", path.display())),
            Self::Remove(path) => Some(format!("removed `{}`", path.display())),
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::MakeDirectory(path)
            | Self::Record(path, _)
            | Self::Write(path, _)
            | Self::Place(path, _)
            | Self::Move { from: path, .. }
            | Self::Append(path, _)
            | Self::Cut(path, _)
            | Self::Remove(path)
            | Self::Forget(path)
            | Self::RemoveDirectory(path) => path,
        }
    }
}

fn cut(path: &Path, addition: &Addition) -> Result<()> {
    let mut empty = false;
    edit(path, |bytes| {
        let kept = addition.taken_from(bytes);
        empty = kept.is_empty();
        kept
    })?;
    if empty && addition.created {
        fs::remove_file(path).with_context(|| format!("could not remove `{}`", path.display()))?;
    }
    Ok(())
}

fn unless_there(error: io::Error) -> io::Result<()> {
    if error.kind() == ErrorKind::AlreadyExists { Ok(()) } else { Err(error) }
}

fn unless_in_use(error: io::Error) -> io::Result<()> {
    let fine = matches!(error.kind(), ErrorKind::NotFound | ErrorKind::DirectoryNotEmpty);
    if fine { Ok(()) } else { Err(error) }
}
