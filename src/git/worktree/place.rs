//! What stands at a path where a worktree may be.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::list::{Kind, Worktree};
use crate::domain::refusal::Refusal;
use crate::git::file::{path_of, read_if_present};
use crate::git::repo::{Repo, canonical};

/// What stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Nothing, or an empty directory.
    Absent,
    /// A worktree of this repository.
    Worktree(Worktree),
    /// Nothing, or an empty directory, and the record of a worktree that was there.
    Gone(Worktree),
    /// The directory of a worktree of this repository whose record is gone.
    Unrecorded,
    /// A directory with files that belongs to no worktree of this repository.
    Husk,
    /// Something that is no directory, there or in place of the directory it would be in; a symbolic
    /// link is none, wherever it leads.
    File,
}

impl Repo {
    /// What stands at `path`, which is absolute.
    ///
    /// # Errors
    /// As [`Repo::worktrees`]; if the directory cannot be read.
    pub fn place(&self, path: &Path) -> Result<Place> {
        // Through a link one would get out of the repository, by whoever committed that.
        let parent = path.parent().map(fs::symlink_metadata);
        if parent.is_some_and(|found| found.is_ok_and(|found| !found.is_dir())) {
            return Ok(Place::File);
        }
        let mut all = self.worktrees()?.into_iter();
        let record = all.find(|known| known.kind == Kind::Linked && is_same(&known.path, path));
        match fs::symlink_metadata(path) {
            Ok(found) if !found.is_dir() => Ok(Place::File),
            Ok(_) => self.directory(path, record),
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                Ok(record.map_or(Place::Absent, Place::Gone))
            }
            Err(error) => {
                Err(error).with_context(|| format!("could not read `{}`", path.display()))
            }
        }
    }

    fn directory(&self, path: &Path, record: Option<Worktree>) -> Result<Place> {
        if is_empty_but(path, None)? {
            return Ok(record.map_or(Place::Absent, Place::Gone));
        }
        let Some(link) = link(path)? else { return Ok(Place::Husk) };
        if let Some(record) = record.filter(|record| is_same(&record.git_dir, &link)) {
            return Ok(Place::Worktree(record));
        }
        let records = self.common_dir().join("worktrees");
        let is_ours = link.parent().is_some_and(|parent| is_same(parent, &records));
        Ok(if is_ours && !link.join("gitdir").exists() { Place::Unrecorded } else { Place::Husk })
    }
}

/// That the directory at `path` is the worktree of a record which has it elsewhere, where it is not:
/// whoever forgets that record takes index and HEAD of the worktree away. Also where the repository
/// was moved with its worktrees, so that neither finds the other.
///
/// # Errors
/// As [`Repo::place`].
pub fn moved(repo: &Repo, path: &Path) -> Result<Option<Refusal>> {
    let Some(link) = link(path)? else { return Ok(None) };
    let is_its = |known: &Worktree| {
        known.kind == Kind::Linked
            && (is_same(&known.git_dir, &link) || was(&known.git_dir, &link))
            && !is_same(&known.path, path)
            && known.path.join(".git").symlink_metadata().is_err()
    };
    let record = repo.worktrees()?.into_iter().find(is_its);
    Ok(record.map(|record| Refusal::WorktreeMoved {
        worktree: path.display().to_string(),
        recorded: record.path.display().to_string(),
    }))
}

/// Whether a link that leads nowhere led to this record before the repository was moved.
fn was(git_dir: &Path, link: &Path) -> bool {
    let name = |path: &Path| path.file_name().map(OsStr::to_owned);
    let is_record = link.parent().and_then(name).is_some_and(|parent| parent == "worktrees");
    is_record && name(link) == name(git_dir) && link.symlink_metadata().is_err()
}

/// The Git directory that the `.git` file of a worktree leads to; `None` if it has none.
fn link(path: &Path) -> Result<Option<PathBuf>> {
    let file = path.join(".git");
    if !fs::symlink_metadata(&file).is_ok_and(|found| found.is_file()) {
        return Ok(None);
    }
    let text = read_if_present(&file)?.unwrap_or_default();
    let target = text.strip_prefix(b"gitdir: ").map(<[u8]>::trim_ascii_end);
    Ok(target.map(|target| path.join(path_of(target.to_vec()))))
}

/// Whether a directory holds nothing but perhaps an entry of this name.
pub(super) fn is_empty_but(path: &Path, name: Option<&str>) -> Result<bool> {
    let unreadable = || format!("could not list `{}`", path.display());
    for entry in fs::read_dir(path).with_context(unreadable)? {
        let found = entry.with_context(unreadable)?.file_name();
        if Some(found.as_os_str()) != name.map(OsStr::new) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether two paths are one place, of which the last part need not exist.
#[must_use]
pub fn is_same(one: &Path, other: &Path) -> bool {
    let resolved = |path: &Path| match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => canonical(parent).join(name),
        (_, _) => path.to_owned(),
    };
    one == other || resolved(one) == resolved(other) || canonical(one) == canonical(other)
}
